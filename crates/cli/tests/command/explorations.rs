//! Every order of what can happen.

use super::*;

#[test]
fn an_order_that_violates_a_check_is_told_as_a_run_that_does_the_same() {
    let arguments = ["explore", "double-charge", "--json"];
    assert_eq!(slowfire(&arguments).code, 1);
    let found = json(&arguments);
    assert_eq!(found["result"], "violated");
    let violation = &found["violation"];
    assert_eq!(violation["check"], "exactly-once");
    let link = violation["link"].as_str().expect("a link");
    let run = json(&["run", link, "--json"]);
    assert_eq!(run["verdicts"][0]["verdict"], "violated");
    assert_eq!(run["verdicts"][0]["at_ms"], violation["at_ms"]);
    let file = File::new("order.json", "");
    let done = slowfire(&["explore", "double-charge", "--test", file.path()]);
    assert_eq!(done.code, 1, "{}", done.err);
    let tested = slowfire(&["test", file.path()]);
    assert_eq!(tested.code, 0, "{}", tested.out);
}

#[test]
fn what_a_search_did_not_find_is_told_with_its_bounds() {
    let keys = "idempotency-key,key-survives-restart";
    let none = slowfire(&["explore", "double-charge", "--on", keys, "--depth", "6"]);
    assert_eq!(none.code, 0, "{}", none.err);
    assert!(none.out.contains("no violation in all"), "{}", none.out);
    assert!(none.out.contains("without a fault"));
    let ended = slowfire(&[
        "explore",
        "double-charge",
        "--on",
        keys,
        "--depth",
        "6",
        "--states",
        "10",
    ]);
    assert_eq!(ended.code, 3, "{}", ended.err);
    assert!(ended.out.contains("ended the search"), "{}", ended.out);
}

#[test]
fn a_run_that_cannot_be_explored_is_refused_with_the_reason() {
    let refused = |arguments: &[&str], reason: &str| {
        let done = slowfire(arguments);
        assert_eq!(done.code, 2, "{}", done.out);
        assert!(done.err.contains(reason), "{}", done.err);
    };
    refused(
        &["explore", "double-charge", "--check", "once"],
        "it must be one of exactly-once, money-conserved",
    );
    refused(
        &["explore", "in-doubt", "--check", "locks"],
        "about progress",
    );
    refused(&["explore", "retry-storm"], "no check is about safety");
    refused(&["explore", "double-charge", "--depth", "0"], "--depth");
}
