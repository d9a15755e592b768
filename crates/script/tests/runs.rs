//! A run of a script is like any other: it has one digest, whichever way it is gone through; its document reads back; its
//! settings and switches are those of links.

use scenario::Run;
use scenario::document::Scenario;
use scenario::link::Link;
use scenario::run::play::Play;
use sim::SimTime;

const EXAMPLES: [&str; 5] = ["payments", "lease", "quorum-register", "feed", "election"];

fn source(name: &str) -> String {
    let file = format!("{}/examples/{name}.js", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(file).expect("the example is there")
}

fn link(name: &str) -> Link {
    let document = script::document_of(&source(name)).expect("the example is right");
    let value = serde_json::from_str(&document).expect("it is JSON");
    Link::from_value(&value).expect("the example is right")
}

fn digest(link: &Link) -> String {
    let outcome = Play::new(&link.variant.scenario, &link.variant.deeds).to_end(None, |_, _| {});
    assert_eq!(outcome.stopped(), None);
    outcome.digest.to_string()
}

#[test]
fn a_run_has_one_digest_forward_and_back() {
    for name in EXAMPLES {
        let link = link(name);
        let expected = digest(&link);
        assert_eq!(digest(&link), expected, "{name}");
        let mut run = Run::of_link(link);
        for millis in [20_000, 3_000, 11_000, 0, 7_777] {
            run.seek(SimTime::from_millis(millis));
        }
        run.seek(SimTime::NEVER);
        assert_eq!(run.timeline().digest().to_string(), expected, "{name}");
    }
}

/// Another thread has another engine, with another past.
#[test]
fn a_run_has_one_digest_on_every_thread() {
    let link = link("payments");
    let expected = digest(&link);
    let threads = (0..4).map(|_| {
        let link = link.clone();
        std::thread::spawn(move || digest(&link))
    });
    for thread in threads.collect::<Vec<_>>() {
        assert_eq!(thread.join().unwrap(), expected);
    }
}

#[test]
fn a_document_with_a_script_reads_back_and_packs_into_a_link() {
    for name in EXAMPLES {
        let link = link(name);
        let value = link.variant.scenario.to_value();
        assert_eq!(value["protocol"]["script"], source(name));
        let again = Scenario::from_value(&value).unwrap();
        assert_eq!(again.to_value(), value);
        let (read, problems) = Link::parse(&link.format());
        assert_eq!(problems, []);
        assert_eq!(digest(&read), digest(&link), "{name}");
    }
}

#[test]
fn parameters_and_defences_are_settings_of_links() {
    let mut link = link("payments");
    link.variant.take("timeout", "250ms").unwrap();
    link.variant.take("on", "idempotency-key").unwrap();
    link.variant
        .take("do", "crash:bank@4s,restart:bank@5s")
        .unwrap();
    let scenario = &link.variant.scenario;
    assert_eq!(scenario.parameters.get("timeout"), Some(&250e6));
    assert!(scenario.defences.contains("idempotency-key"));
    assert!(link.variant.take("timeout", "2h").is_err());
    assert!(link.variant.take("on", "idempotency").is_err());
    assert_ne!(digest(&link), digest(&self::link("payments")));
}

#[test]
fn what_is_wrong_with_a_script_is_said_of_its_field_with_its_line() {
    let document = serde_json::json!({
        "protocol": { "script": "export function start(ctx) {\n  const 1;\n}" },
        "nodes": [{ "name": "a" }],
    });
    let problems = Scenario::from_value(&document).unwrap_err();
    let said: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert!(
        said[0].starts_with("protocol.script is wrong at line 2, column "),
        "{said:?}"
    );
    for (protocol, what) in [
        (serde_json::json!({}), "protocol.script is missing"),
        (serde_json::json!({ "script": 3 }), "protocol.script is 3"),
        (
            serde_json::json!({ "script": "export function start() {}", "name": "x" }),
            "protocol.name is not a field",
        ),
    ] {
        let document = serde_json::json!({ "protocol": protocol });
        let problems = Scenario::from_value(&document).unwrap_err();
        let said: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert!(said.iter().any(|said| said.contains(what)), "{said:?}");
    }
}

#[test]
fn the_first_script_of_the_documentation_runs() {
    let text = include_str!("../../../web/docs/write-your-own.md");
    let (_, rest) = text.split_once("```js\n").unwrap();
    let (source, _) = rest.split_once("```").unwrap();
    let document = script::document_of(source).unwrap();
    let scenario = Scenario::from_json(&document).unwrap();
    let outcome = Play::new(&scenario, &[]).to_end(None, |_, _| {});
    assert_eq!(outcome.stopped(), None);
    assert!(outcome.events > 4);
}
