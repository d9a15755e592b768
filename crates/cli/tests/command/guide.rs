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
    let events: Vec<Value> = events.filter(Value::is_object).collect();
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

    let mut chain = Vec::new();
    let mut at = between(&page, "at = ", " ").parse().ok();
    while let Some(event) = at.and_then(|id: u64| events.get(id as usize)) {
        chain.push((
            event["kind"].as_str().unwrap_or_default(),
            event["code"].clone(),
        ));
        at = event["cause"].as_u64();
    }
    let kinds: Vec<&str> = chain.iter().map(|(kind, _)| *kind).collect();
    assert_eq!(chain[0], ("fact", 3.into()), "an Effect, by its code");
    assert_eq!(kinds[1..4], ["deliver", "send", "timer"]);
    assert_eq!(kinds.last(), Some(&"start"));

    // The breakpoint skips the requests before the one that leads to the effect.
    let request = |event: &&Value| event["kind"] == "deliver" && event["node"] == "bank";
    let effect = between(&page, "at = ", " ").parse().unwrap_or(0);
    let earlier = events[..effect].iter().filter(request).count() - 1;
    assert_eq!(between(&page, "ignore 1 ", "'"), earlier.to_string());
}
