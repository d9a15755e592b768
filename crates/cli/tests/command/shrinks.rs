//! A failing run made small.

use super::*;

#[test]
fn a_failing_run_is_made_small_and_fails_in_the_same_way() {
    let found = json(&["shrink", "double-charge", "--json"]);
    assert_eq!(
        keys(&found),
        [
            "at_ms", "check", "document", "faults", "left", "less", "link", "runs", "seconds"
        ]
    );
    assert_eq!(found["check"], "exactly-once");
    assert!(found["faults"]["from"].as_u64() > Some(1), "{found}");
    assert_eq!(found["faults"]["to"], 1);
    assert_eq!(
        found["faults"]["left"],
        serde_json::json!({"lost-messages": 1})
    );
    let run = json(&["run", found["link"].as_str().expect("a link"), "--json"]);
    assert_eq!(run["verdicts"][0]["verdict"], "violated");
    assert_eq!(run["verdicts"][0]["at_ms"], found["at_ms"]);
}

#[test]
fn the_smallest_run_is_written_as_a_document_of_either_kind() {
    let link = json(&["shrink", "double-charge", "--json"])["link"].clone();
    for name in ["smallest.toml", "smallest.json"] {
        let file = File::new(name, "");
        let done = slowfire(&["shrink", "double-charge", "--out", file.path()]);
        assert_eq!(done.code, 1, "{}", done.err);
        let written = slowfire(&["link", file.path()]);
        assert_eq!(
            Some(written.out.trim_end()),
            link.as_str(),
            "{}",
            written.err
        );
    }
    let on_stdout = slowfire(&["shrink", "double-charge", "-o", "-"]);
    let read = slowfire_with(&["link", "-"], &on_stdout.out);
    assert_eq!(Some(read.out.trim_end()), link.as_str());
}

#[test]
fn what_was_taken_away_is_told_and_so_is_what_is_left() {
    let done = slowfire(&["shrink", "forgotten-keys"]);
    for said in [
        "faults of",
        "lost messages 3 -> 1",
        "nodes 3 -> 2",
        "left  crash:bank@",
        "#1.",
    ] {
        let is_said = done
            .out
            .replace("  ", " ")
            .contains(&said.replace("  ", " "));
        assert!(is_said, "{said}: {}", done.out);
    }
}

#[test]
fn faults_after_the_failure_do_not_count_among_those_before() {
    let before = |until: &[&str]| {
        let found = json(&[&["shrink", "double-charge", "--json"], until].concat());
        found["faults"]["from"].clone()
    };
    let run = json(&["run", "double-charge", "--json"]);
    let at = run["verdicts"][0]["at_ms"]
        .as_f64()
        .expect("it is violated");
    let until = format!("{}ms", at.ceil());
    assert_eq!(before(&[]), before(&["--until", &until]));
}

#[test]
fn a_run_that_does_not_fail_cannot_be_made_small() {
    let said = |arguments: &[&str]| slowfire(&[&["shrink", "double-charge"], arguments].concat());
    let calm = said(&["--on", "idempotency-key"]);
    assert!(
        calm.err.contains("no check is violated in this run"),
        "{}",
        calm.err
    );
    let other = said(&["--check", "money-conserved"]);
    assert!(
        other.err.contains("\"money-conserved\" is not violated"),
        "{}",
        other.err
    );
    let wrong = said(&["--check", "money"]);
    assert!(
        wrong
            .err
            .contains("check is \"money\"; it must be one of exactly-once, money-conserved"),
        "{}",
        wrong.err
    );
    let short = said(&["--until", "1s"]);
    assert_eq!(short.code, 2, "{}", short.out);
}

#[test]
fn a_hunt_names_the_command_that_makes_its_first_failure_small() {
    let hunt = slowfire(&["hunt", "double-charge", "--seeds", "0..20"]);
    let line = hunt
        .out
        .lines()
        .find(|line| line.starts_with("slowfire shrink '"));
    let link = line
        .and_then(|line| line.split('\'').nth(1))
        .expect("it names it");
    let first = json(&["hunt", "double-charge", "--seeds", "0..20", "--json"])["first"].clone();
    assert_eq!(first["link"], link);
    let small = json(&["shrink", link, "--json"]);
    assert_eq!(small["check"], first["check"]);
}

#[cfg(target_os = "linux")]
#[test]
fn an_interrupt_ends_with_the_smallest_run_so_far() {
    let done = interrupted(&["shrink", "raft-rules", "--json"]);
    let found: Value = serde_json::from_str(&done.out).expect("it is JSON");
    assert_eq!((done.code, &found["interrupted"]), (1, &Value::from(true)));
    let run = json(&["run", found["link"].as_str().expect("a link"), "--json"]);
    let verdicts = run["verdicts"].as_array().expect("it is a list");
    let verdict = verdicts
        .iter()
        .find(|verdict| verdict["check"] == found["check"]);
    assert_eq!(verdict.expect("it is judged")["verdict"], "violated");
}
