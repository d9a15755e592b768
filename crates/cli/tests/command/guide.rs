//! The run that CONTRIBUTING debugs, as somebody who follows the page meets it.

use super::*;

/// The part of CONTRIBUTING that says how a run is debugged.
fn page() -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../CONTRIBUTING.md");
    let text = std::fs::read_to_string(path).expect("the page is there");
    let (_, page) = text
        .split_once("## How to debug a run")
        .expect("it has the part");
    page.split("\n## ").next().unwrap_or_default().to_owned()
}

/// What stands between two texts on the page.
fn between<'p>(page: &'p str, before: &str, after: &str) -> &'p str {
    let rest = page.split_once(before).map(|(_, rest)| rest);
    let found = rest.and_then(|rest| rest.split_once(after));
    found
        .unwrap_or_else(|| panic!("the page has no {before}…{after}"))
        .0
}

#[test]
fn the_run_that_contributing_debugs_is_as_it_says() {
    let page = page();
    let link = between(&page, "run '", "' --trace");
    assert!(page.contains(&format!("sends\n`{link}`")), "{link}");
    let run = slowfire(&["run", link, "--json"]);
    assert_eq!(run.err, "", "the link opens without a warning");
    let run: Value = serde_json::from_str(&run.out).expect("it is JSON");
    let verdict = &run["verdicts"][0];
    let sentence = verdict["sentence"].as_str().expect("it is a sentence");
    assert!(sentence.contains(between(&page, "(*", "*)")), "{sentence}");

    let trace = slowfire(&["run", link, "--digest", "--trace", "-"]).out;
    let events = trace
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok());
    let is_event = |line: &Value| line.get("id").is_some();
    let events: Vec<Value> = events.filter(is_event).collect();
    let moment: u64 = between(&page, "\"time_ns\":", "'")
        .parse()
        .expect("a number");
    let of_moment = |event: &&Value| event["time_ns"] == moment;
    let violated = verdict["at_ms"]
        .as_f64()
        .map(|ms| (ms * 1e6).round() as u64);
    assert_eq!(violated, Some(moment));
    assert_eq!(events.iter().filter(of_moment).count(), 5);
    assert!(page.contains("finds five events"));

    let first = between(&page, "at = ", " ").parse().ok();
    let cause = |id: &u64| events[*id as usize]["cause"].as_u64();
    let chain: Vec<u64> = std::iter::successors(first, cause).collect();
    let kind = |id: &u64| events[*id as usize]["kind"].as_str().unwrap_or_default();
    let kinds: Vec<&str> = chain.iter().map(kind).collect();
    let effect = &events[chain[0] as usize];
    assert_eq!(effect["code"], 3, "an Effect, by its code");
    assert_eq!(kinds[..4], ["fact", "deliver", "send", "timer"]);
    assert_eq!(kinds.last(), Some(&"start"));

    the_breakpoint_stops_at(&events, &chain, &page);
}

/// Demands that the breakpoint's function is where the page says, and that it skips the requests before the one that led
/// to the effect.
fn the_breakpoint_stops_at(events: &[Value], chain: &[u64], page: &str) {
    let function = between(page, "'break ", "'");
    let [krate, folders @ .., file, of, name]: &[&str] =
        &function.split("::").collect::<Vec<_>>()[..]
    else {
        panic!("{function} is the path of a method");
    };
    let crates = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let path = format!("{crates}/{krate}/src/{}/{file}.rs", folders.join("/"));
    let source = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let (_, block) = source
        .split_once(&format!("\nimpl {of} {{\n"))
        .unwrap_or_else(|| panic!("{path} has no `impl {of}`"));
    let (block, _) = block.split_once("\n}\n").expect("the block ends");
    assert!(
        block.contains(&format!(" fn {name}(")),
        "{path}: `impl {of}` has no `fn {name}`, at which CONTRIBUTING breaks"
    );

    let handled = &events[chain[1] as usize];
    let is_same = |event: &&Value| {
        ["kind", "node", "code"]
            .iter()
            .all(|key| event[key] == handled[key])
    };
    let earlier = events[..chain[1] as usize].iter().filter(is_same).count();
    assert_eq!(between(page, "ignore 1 ", "'"), earlier.to_string());
}
