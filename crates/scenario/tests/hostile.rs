//! Links and documents come from strangers: whatever they are, they cost little and end in a sentence.

mod common;

use std::time::{Duration, Instant};

use peak_alloc::PeakAlloc;
use proptest::prelude::*;
use scenario::document::limits::MOST_BYTES;
use scenario::link::Link;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// All tests of this file together have never taken more memory than a single input may.
fn check_memory() {
    let peak = MEMORY.peak_usage_as_mb();
    assert!(peak < 64.0, "{peak} MiB");
}

/// Opens a link, writes it, and opens what was written: the same, without a problem.
fn opens(hash: &str) {
    let began = Instant::now();
    let (link, _) = Link::parse(hash);
    let took = began.elapsed();
    // A second is the promise for any input; a slow machine under load has room.
    assert!(took < Duration::from_secs(1), "{took:?} for {hash:.80}");
    let text = link.format();
    let (again, problems) = Link::parse(&text);
    assert_eq!(problems, [], "{text}");
    assert_eq!(again.format(), text);
    check_memory();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_bytes_open_a_run(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        opens(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn any_query_opens_a_run(query in "[a-z0-9.=&:@+*,%/|-]{0,300}") {
        opens(&format!("#/double-charge?{query}"));
    }

    #[test]
    fn any_words_of_links_open_a_run(words in prop::collection::vec(prop::sample::select(vec![
        "do=", "crash", ":", "bank", "alice", "@", "1s", ",", "-", "..", "*", "+", "cut", "hold-", "heal", "&",
        "filter", ".", "latency", "=", "300ms", "strike", "limp", "/", "flap", "op", "pay", "m45", "slew", "all",
    ]), 0..60)) {
        opens(&format!("#/double-charge?{}", words.concat()));
    }

    #[test]
    fn any_packed_bytes_open_a_run(bytes in "[A-Za-z0-9_=-]{0,300}") {
        opens(&format!("#1.{bytes}"));
    }

    #[test]
    fn a_document_with_anything_in_a_field_is_refused_or_runs(
        document in common::scenario(),
        field in prop::sample::select(vec![
            "seed", "duration", "events", "protocol", "parameters", "network", "links", "nodes", "mishaps", "flapping",
            "defences", "checks", "plan", "version",
        ]),
        value in prop_oneof![
            Just(serde_json::json!(null)),
            Just(serde_json::json!(-1e308)),
            Just(serde_json::json!("\u{0}")),
            Just(serde_json::json!([[[]], {}, "x", 1])),
            Just(serde_json::json!({ "x": { "y": [] } })),
            Just(serde_json::json!([{ "name": "all", "from": "?", "cut": "?", "kind": "?", "ntp": "x" }])),
        ],
    ) {
        let mut document = document;
        document[field] = value;
        if let Err(problems) = Link::from_value(&document) {
            prop_assert!(!problems.is_empty());
            for problem in problems {
                prop_assert!(problem.to_string().len() < 400, "{}", problem);
            }
        }
    }
}

/// A link of as many bytes as one may have, made of a part that is repeated.
fn filled(start: &str, part: &str) -> String {
    let count = (MOST_BYTES - start.len()) / part.len();
    format!("{start}{}", part.repeat(count))
}

#[test]
fn the_longest_links_are_read_within_a_second() {
    for (start, part) in [
        ("#/double-charge?", "x=1&"),
        ("#/double-charge?", "latncy.a-b=1s&"),
        ("#/double-charge?", "latency.alice-bank=1s&"),
        ("#/double-charge?do=", "crash:bank@1s,"),
        ("#/double-charge?do=", "crsh:bank@1s,"),
        ("#/double-charge?do=", "latency:1s@1s,"),
        ("#/double-charge?do=cut:", "-"),
        ("#/double-charge?do=cut:", "alice+"),
        ("#/double-charge?do=cut:alice", "-alice"),
        ("#/double-charge?off=", "retry,"),
        ("#/double-charge?off=", "x,"),
        ("#/double-charge?", "%"),
        ("#/", "%25"),
        ("#1.", "AAAA"),
    ] {
        opens(&filled(start, part));
    }
}

#[test]
fn the_largest_documents_are_read_within_a_second() {
    let nodes = "{\"name\":\"n\",\"role\":\"client\",\"count\":128}";
    let link = "{\"from\":\"n1\",\"to\":\"n2\",\"latency\":\"1s\"},";
    let wrong = "{\"form\":\"n1\",\"ot\":\"n2\",\"latncy\":\"1s\"},";
    let head = format!("{{\"protocol\":\"payments\",\"nodes\":[{nodes}],\"links\":[");
    for (start, part) in [
        (head.as_str(), link),
        (head.as_str(), wrong),
        ("{\"protocol\":\"payments\",\"plan\":[", "\"cut:n1-n2@1s\","),
        ("{\"protocol\":\"payments\",\"plan\":[", "\"\","),
        (
            "{\"protocol\":\"payments\",\"nodes\":[",
            "{\"name\":\"n\",\"count\":128},",
        ),
        ("{\"protocol\":\"payments\",\"mishaps\":[", "{},"),
        ("{\"protocol\":\"payments\",\"checks\":[", "{},"),
        ("", "["),
        ("{\"x\":", "{\"x\":"),
    ] {
        let text = filled(start, part);
        let text = text.trim_end_matches(',');
        let closed = format!("{text}]}}");
        let text = if closed.len() <= MOST_BYTES {
            &closed
        } else {
            text
        };
        let began = Instant::now();
        let problems = Link::from_json(text).expect_err("each of these is wrong somewhere");
        let took = began.elapsed();
        assert!(took < Duration::from_secs(1), "{took:?} for {text:.60}");
        assert!(problems.len() <= 50);
        check_memory();
    }
}

/// What is said of a document with this beside it.
fn said_of(field: &str, value: serde_json::Value) -> Vec<String> {
    let mut document = serde_json::json!({
        "protocol": "payments",
        "nodes": [{ "name": "alice", "role": "client" }, { "name": "bank", "role": "bank" }],
    });
    document[field] = value;
    let problems = Link::from_value(&document).err().unwrap_or_default();
    problems.iter().map(ToString::to_string).collect()
}

#[test]
fn what_is_wrong_with_a_text_is_said_once() {
    let long = "x".repeat(3000);
    let nodes = |name: serde_json::Value| {
        let named = |role| serde_json::json!({ "name": name, "role": role });
        serde_json::json!([named("client"), named("bank")])
    };
    let wrong = [
        ("nodes", nodes(long.clone().into())),
        ("nodes", nodes(7.into())),
        ("nodes", nodes("".into())),
        (
            "nodes",
            serde_json::json!([{ "role": "client" }, { "role": "bank" }]),
        ),
        (
            "nodes",
            serde_json::json!([{ "name": long, "role": "client", "count": 2 }, { "name": "a", "role": "bank" }]),
        ),
        (
            "links",
            serde_json::json!([{ "from": long, "latency": "1s" }]),
        ),
        ("links", serde_json::json!([{ "to": 7, "latency": "1s" }])),
    ];
    for (field, value) in wrong {
        let said = said_of(field, value);
        let places: std::collections::BTreeSet<_> =
            said.iter().map(|text| text.split(' ').next()).collect();
        assert_eq!(places.len(), said.len(), "{said:#?}");
        assert!(!said.is_empty());
    }
    assert_eq!(
        said_of("nodes", nodes(long.into()))[0],
        "nodes[0].name has 3000 characters; it may have 24."
    );
}
