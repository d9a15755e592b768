//! What is done to sets of nodes and links is as much as these have: a short document could ask for millions of things.

use scenario::document::Scenario;
use scenario::lab::labs;
use scenario::link::Link;
use scenario::run::{Means, Run};
use serde_json::{Value, json};
use sim::SimTime;

use crate::cost::timed;
use crate::hostile::LONGEST;
use crate::{alone, taken};

/// A balancer and as many workers as there may be, most of them with names of one letter.
fn document() -> Value {
    let node = |name: String, role: &str| json!({"name": name, "role": role});
    let workers = letters()
        .into_iter()
        .chain((0..65).map(|number| format!("w{number}")));
    let workers = workers.map(|name| node(name, "worker"));
    let nodes = std::iter::once(node("lb".to_owned(), "balancer")).chain(workers);
    json!({
        "version": 1,
        "protocol": "heartbeats",
        "nodes": nodes.collect::<Vec<_>>(),
        "duration": "60s",
        "checks": [{"id": "alarm", "kind": "no-false-alarm", "label": "no false alarm", "noun": "worker"}],
    })
}

fn letters() -> Vec<String> {
    let letters = ('a'..='z').chain('A'..='Z').chain('0'..='9');
    letters.map(String::from).collect()
}

/// The document with these deeds planned, or what is wrong with it.
fn planned(deeds: impl IntoIterator<Item = String>) -> Result<Scenario, String> {
    let mut document = document();
    document["plan"] = deeds.into_iter().collect();
    Scenario::from_value(&document).map_err(|problems| problems[0].to_string())
}

/// The link of the document with these deeds on top, or what is wrong with it.
fn done(deeds: impl IntoIterator<Item = String>) -> String {
    let mut document = json!({"scenario": document()});
    document["do"] = deeds.into_iter().collect();
    Link::from_value(&document).map_or_else(
        |problems| problems[0].to_string(),
        |link| link.format_packed(),
    )
}

/// A setting of half of all links is turned, at so many moments.
fn turns(count: usize) -> impl Iterator<Item = String> {
    let names = letters().join("+");
    (0..count).map(move |ms| format!("latency.{names}..*:{ms}ms@{ms}ms"))
}

#[test]
fn a_document_may_not_do_millions_of_things_to_links() {
    let _alone = alone();
    let said = planned(turns(410)).unwrap_err();
    let expected = "plan does 3228340 things to nodes and links, each counted; it may do 20000.";
    assert_eq!(said, expected);
    assert!(done(turns(410)).starts_with("do does 3228340 things"));
    assert!(planned(turns(2)).is_ok());
    // What all links have is set again for those that have something of their own.
    let again = turns(1).chain((1..3).map(|ms| format!("latency:1s@{ms}ms")));
    assert!(
        planned(again)
            .unwrap_err()
            .starts_with("plan does 23624 things")
    );
}

#[test]
fn a_message_passes_no_more_than_some_hundred_filters() {
    let _alone = alone();
    let names = letters();
    let filter = |count: usize| {
        format!(
            "filter.{}..{}:any*0.5",
            names[..count].join("+"),
            names[count..].join("+")
        )
    };
    let said = planned([format!("{}@1ms", filter(31))]).unwrap_err();
    let expected = "plan has 961 filters in force at once, one for each link; it may have 512.";
    assert_eq!(said, expected);
    // A filter that is gone is passed no more.
    let ways = (0..8).flat_map(|ms| [format!("{}@{ms}ms", filter(10)), format!("unfilter@{ms}ms")]);
    assert!(planned(ways).is_err(), "520 at once");
    let ways = (0..16).flat_map(|ms| [format!("{}@{ms}ms", filter(9)), format!("unfilter@{ms}ms")]);
    assert!(planned(ways).is_ok());
}

#[test]
fn a_link_that_does_too_much_does_what_may_be_done_before() {
    let _alone = alone();
    let most = labs().iter().max_by_key(|lab| lab.scenario.nodes.len());
    let lab = most.expect("there are labs");
    let names: Vec<&str> = lab.scenario.nodes.iter().map(|node| &*node.name).collect();
    let (all, each) = (names.join("+"), names.len() * (names.len() - 1));
    let deeds = (0..499).map(|ms| format!("latency.{all}-{all}:{ms}ms@{ms}ms"));
    let text = format!("#/{}?do={}", lab.id, deeds.collect::<Vec<_>>().join(","));
    let (link, problems) = Link::parse(&text);
    let done = 20_000 / each;
    assert!(done < 499, "the lab has too few nodes: {}", names.len());
    let said = problems[0].to_string();
    let expected = format!("it may do 20000, so what is done from {done}ms on was left out.");
    assert!(said.ends_with(&expected), "{said}");
    assert_eq!(link.variant.deeds.len(), done);
}

#[test]
fn what_is_done_by_hand_is_as_bounded() {
    let _alone = alone();
    let mut run = Run::of_link(Link::parse(&done([])).0);
    let names = letters();
    let filter = |count: usize| {
        format!(
            "filter.{}..{}:any",
            names[..count].join("+"),
            names[count..].join("+")
        )
    };
    run.seek(SimTime::from_millis(10));
    run.act_text(&filter(9)).unwrap();
    run.act_text("unfilter").unwrap();
    run.act_text(&filter(1)).unwrap();
    let said = run.act_text(&filter(10)).unwrap_err().to_string();
    assert!(
        said.starts_with("The run has 581 filters in force"),
        "{said}"
    );
    // Taking back what took the first one away would leave too many.
    let (changes, steps) = (run.changes().len(), run.steps());
    run.take_back(1);
    assert_eq!((run.changes().len(), run.steps()), (changes, steps));
}

#[test]
fn as_much_as_may_be_done_holds_nobody_up_and_is_counted() {
    let _alone = alone();
    let names = letters();
    let single = (0..400).map(|at| {
        let (from, to) = (&names[at % 62], &names[(at / 62 + 1 + at % 62) % 62]);
        format!("latency.{from}..{to}:1s@1ms")
    });
    let link = done(turns(2).chain(single));
    let memory = 64 << 20;
    let means = Means {
        stride: 256,
        memory,
    };
    let before = taken();
    let mut longest = Vec::new();
    let mut call = |name: &str, took: std::time::Duration| {
        if took > LONGEST {
            longest.push(format!("{name}: {took:?}"));
        }
    };
    let (link, problems) = Link::parse(&link);
    assert_eq!(problems, []);
    let mut run = None;
    call("open", timed(|| run = Some(Run::of_link_with(link, means))));
    let mut run = run.expect("it is open");
    for ms in (0..40).rev() {
        call("settings", timed(|| drop(run.settings())));
        call("seek", timed(|| run.seek(SimTime::from_millis(100 + ms))));
        while !run.go_on() {}
        call("act", timed(|| run.act_text("cut:a-b").unwrap()));
        while !run.go_on() {}
        let (counted, took) = (run.bytes(), taken() - before);
        assert!(took < memory + memory / 5, "{} MiB", took >> 20);
        assert!(
            counted.abs_diff(took) < memory / 5,
            "{counted} counted, {took} taken"
        );
    }
    assert_eq!(longest, Vec::<String>::new());
}
