//! Runs, traces, pictures and the list of labs.

use scenario::view::View;

use super::*;

/// A claim that changes more than switches is listed with the others, with a link that makes its run.
#[test]
fn no_claim_of_a_lab_is_left_out() {
    let labs = json(&["labs", "--json"]);
    let listed = |id: &str| {
        let lab = labs.as_array().expect("it is a list").iter();
        let mut lab = lab.filter(|lab| lab["id"] == id);
        let lab = lab.next().expect("it is a lab");
        lab["expectations"].as_array().expect("a list").clone()
    };
    for lab in scenario::lab::labs() {
        let expectations = listed(&lab.id);
        assert_eq!(expectations.len(), lab.expectations.len(), "{}", lab.id);
        for (claim, expectation) in expectations.iter().zip(&lab.expectations) {
            let link = claim["link"].as_str();
            assert_eq!(link.is_some(), !expectation.link.is_empty(), "{claim}");
        }
    }
    let survives = |claim: &&Value| {
        let on = claim["on"].as_array().expect("a list");
        on.iter().any(|id| id == "key-survives-restart") && claim["link"].is_string()
    };
    let claims = listed("forgotten-keys");
    let claim = claims
        .iter()
        .find(survives)
        .expect("it is the lab's answer");
    let run = json(&["run", claim["link"].as_str().expect("a link"), "--json"]);
    let mut verdicts = run["verdicts"].as_array().expect("a list").iter();
    let of_claim = verdicts.find(|verdict| verdict["check"] == claim["check"]);
    assert_eq!(of_claim.expect("it is judged")["verdict"], claim["verdict"]);
}

#[test]
fn a_run_of_a_modified_algorithm_says_so_in_text_in_json_and_in_its_picture() {
    let two = "modified Raft: 2 of 28 rules are off";
    let one = "modified Raft: without “Check of the previous entry”";
    let whole = "#/raft?on=previous-entry-check";
    for (link, said) in [
        ("#/raft?off=up-to-date-vote", Some(two)),
        ("raft", Some(one)),
        (whole, None),
        ("double-charge", None),
    ] {
        let text = slowfire(&["run", link]).out;
        let picture = slowfire(&["render", link, "-o", "-"]).out;
        let run = json(&["run", link, "--json"]);
        assert_eq!(run["modified"].as_str(), said, "{link}");
        match said {
            Some(said) => assert!(text.contains(said) && picture.contains(said), "{link}"),
            None => assert!(!(text + &picture).contains("modified"), "{link}"),
        }
    }
}

#[test]
fn labs_are_listed_with_what_they_claim() {
    let labs = json(&["labs", "--json"]);
    let labs = labs.as_array().expect("it is a list");
    let lab = labs.iter().find(|lab| lab["id"] == "double-charge");
    let lab = lab.expect("the default lab is listed");
    assert_eq!(
        keys(lab),
        [
            "chapter",
            "defences",
            "expectations",
            "flips",
            "id",
            "limits",
            "outcomes",
            "question",
            "shown",
            "story",
            "title"
        ]
    );
    assert_eq!(keys(&lab["defences"][0]), ["id", "protects"]);
    let limit = ["beyond", "check", "link", "text", "verdict"];
    assert_eq!(keys(&lab["limits"][0]), limit);
    for lab in labs {
        assert!(
            lab["limits"].as_array().is_some_and(|all| !all.is_empty()),
            "{}",
            lab["id"]
        );
        for claim in lab["expectations"].as_array().expect("it is a list") {
            let verdict = claim["verdict"].as_str().expect("it is a word");
            let mut fields = vec!["check", "off", "on", "share", "verdict"];
            if claim.get("link").is_some() {
                fields.insert(1, "link");
            }
            if verdict == "holds" {
                fields.push("withstands");
                let withstands = keys(&claim["withstands"]);
                assert_eq!(
                    withstands,
                    ["faults", "nodes", "promise", "recovers", "sentence"]
                );
            }
            assert_eq!(keys(claim), fields);
            assert!(["holds", "violated", "rare"].contains(&verdict));
            assert!(
                claim["share"]
                    .as_f64()
                    .is_some_and(|share| (0.0..=1.0).contains(&share))
            );
        }
    }
}

#[test]
fn a_run_counts_operations_by_the_second_if_asked_to() {
    let run = json(&["run", "double-charge", "--json", "--by-second"]);
    let seconds = run["by_second"].as_array().expect("a list");
    let sum = |name: &str| -> u64 { seconds.iter().filter_map(|of| of[name].as_u64()).sum() };
    for (name, figure) in [("asked", "operations"), ("served", "operations_served")] {
        assert!(sum(name) > 0);
        assert_eq!(Some(sum(name)), run["figures"][figure].as_u64(), "{name}");
    }
    assert!(seconds.len() > 1);
}

#[test]
fn a_run_reports_verdicts_and_figures() {
    let run = json(&["run", "double-charge", "--json"]);
    assert_eq!(
        keys(&run),
        [
            "digest", "end", "events", "figures", "link", "seed", "verdicts"
        ]
    );
    assert_eq!(run["digest"].as_str().map(str::len), Some(16));
    assert_eq!(run["end"], 60_000);
    assert_eq!(run["link"], "#/double-charge");
    let verdict = &run["verdicts"][0];
    assert_eq!(keys(verdict), ["at_ms", "check", "sentence", "verdict"]);
    assert_eq!(verdict["verdict"], "violated");
    assert!(verdict["at_ms"].as_f64().is_some_and(|ms| ms > 0.0));
    assert!(
        run["figures"]["messages_sent"]
            .as_u64()
            .is_some_and(|sent| sent > 0)
    );
}

#[test]
fn a_trace_has_a_line_an_event() {
    let file = File::new("trace.jsonl", "");
    let run = json(&["run", "double-charge", "--trace", file.path(), "--json"]);
    let lines: Vec<Value> = file
        .read()
        .lines()
        .map(|line| serde_json::from_str(line).expect("each line is JSON"))
        .collect();
    let (head, lines) = lines.split_first().expect("it has a head");
    assert_eq!(
        *head,
        serde_json::json!({"slowfire": "trace", "link": "#/double-charge"})
    );
    assert_eq!(run["events"], lines.len());
    assert_eq!(
        keys(&lines[0]),
        [
            "args", "cause", "code", "id", "kind", "message", "node", "peer", "time_ns"
        ]
    );
    let sent = lines.iter().find(|line| line["kind"] == "send");
    let sent = sent.expect("something is sent");
    assert!(sent["peer"].is_string() && sent["message"].is_number());
    let on_stdout = slowfire(&["run", "double-charge", "--trace", "-"]);
    assert_eq!(on_stdout.out, file.read());
}

#[test]
fn a_run_is_written_in_the_notations_of_other_tools() {
    let export = |form| slowfire(&["export", "stale-read", "--form", form, "--until", "4s"]);
    for (form, begins) in [
        ("trace", "{\"slowfire\":\"trace\",\"link\":\"#/stale-read?"),
        ("shiviz", "# Slowfire, a log for ShiViz of #/stale-read?"),
        ("mermaid", "%% Slowfire, #/stale-read?"),
        ("history", "; Slowfire, the history of #/stale-read?"),
    ] {
        let done = export(form);
        assert_eq!(done.code, 0, "{}", done.err);
        assert!(done.out.starts_with(begins), "{}", done.out);
        let file = File::new(&format!("{form}.txt"), "");
        let arguments = [
            "export",
            "stale-read",
            "--form",
            form,
            "--until",
            "4s",
            "-o",
        ];
        slowfire(&[&arguments[..], &[file.path()]].concat());
        assert_eq!(file.read(), done.out);
    }
    assert_eq!(slowfire(&["export", "raft", "--form", "heap"]).code, 2);
}

/// A run that keeps its past writes the trace that a run without one does.
#[test]
fn both_ways_to_a_trace_have_the_same_events() {
    let events = |done: Done| done.out.split_once('\n').expect("a head").1.to_owned();
    let traced = events(slowfire(&["run", "raft", "--until", "3s", "--trace", "-"]));
    let exported = ["export", "raft", "--until", "3s", "--form", "trace"];
    assert_eq!(events(slowfire(&exported)), traced);
}

#[test]
fn a_history_that_is_exported_is_judged_as_its_run() {
    let history = slowfire(&["export", "raft", "--form", "history"]).out;
    let judged = slowfire_with(&["check", "-", "--model", "cas-register"], &history);
    assert_eq!(judged.code, 0, "{}{}", judged.out, judged.err);
}

#[test]
fn a_moment_is_drawn() {
    for view in View::ALL.map(View::word) {
        let done = slowfire(&["render", "raft", "--at", "3.2s", "--view", view]);
        assert_eq!(done.code, 0, "{}", done.err);
        assert!(done.out.contains("<metadata>#/raft?"), "{view}");
        assert!(done.out.starts_with("<svg") && done.out.trim_end().ends_with("</svg>"));
        let names = [">ann</text>", ">n1</text>"];
        assert!(names.iter().any(|name| done.out.contains(name)), "{view}");
    }
    let file = File::new("moment.svg", "");
    slowfire(&["render", "double-charge", "--at", "3.2s", "-o", file.path()]);
    assert!(file.read().starts_with("<svg"));
}

#[test]
fn the_catalogue_shows_every_lab_as_it_fails() {
    let folder = File::new("catalogue/index.html", "");
    let parent = folder.0.parent().expect("it is in a folder");
    let done = slowfire(&["catalogue", parent.to_str().expect("it is text")]);
    assert_eq!(done.code, 0, "{}", done.err);
    let page = folder.read();
    let labs = json(&["labs", "--json"]);
    for lab in labs.as_array().expect("it is a list") {
        let id = lab["id"].as_str().expect("a lab has a name");
        let image = format!("<img src=\"{id}.svg\" alt=\"");
        let (_, from) = page.split_once(&image).expect("it shows the lab");
        assert!(!from.starts_with('"'), "{id} does not say what fails");
        let picture = File(parent.join(format!("{id}.svg"))).read();
        let shapes = ["<circle", "<path"].map(|shape| picture.matches(shape).count());
        assert!(shapes.iter().sum::<usize>() >= 2, "{id} is empty");
    }
    let _ = std::fs::remove_dir_all(parent);
}
