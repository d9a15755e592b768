//! Links, documents, and what is said of wrong ones.

use super::*;

#[test]
fn a_misspelt_protocol_hides_nothing_else() {
    let document = r#"
        [scenario]
        protocol = "paymnts"
        plan = ["crash:nobody@2s"]
        nodes = [{ name = "a", role = "client" }, { name = "b", role = "bank" }]

        [[story]]
        at = "2.4"
        text = "Here."
    "#;
    let file = File::new("misspelt.toml", document);
    let done = slowfire(&["validate", file.path()]);
    assert_eq!(done.code, 2);
    let said = format!("{}{}", done.out, done.err);
    for wrong in ["did you mean \"payments\"?", "nobody", "story[0].at"] {
        assert!(said.contains(wrong), "{wrong}: {said}");
    }
}

#[test]
fn an_unknown_key_of_a_link_is_left_out_and_told() {
    let with = slowfire(&["run", "#/double-charge?losss=0.1", "--digest"]);
    let without = slowfire(&["run", "#/double-charge", "--digest"]);
    assert_eq!(with.out, without.out);
    assert!(with.err.contains("did you mean \"loss\"?"), "{}", with.err);
    assert_eq!(without.err, "");
}

#[test]
fn a_link_of_a_newer_revision_runs_and_says_so() {
    let newer = slowfire(&["run", "#/double-charge?rev=999&seed=7", "--digest"]);
    let present = slowfire(&["run", "double-charge", "--seed", "7", "--digest"]);
    assert_eq!(newer.out, present.out);
    assert_eq!(newer.code, present.code);
    assert!(newer.err.contains("newer Slowfire"), "{}", newer.err);
    assert_eq!(present.err, "");
}

#[test]
fn what_is_wrong_is_said_on_stderr_with_what_was_meant() {
    let done = slowfire(&["run", "double-chrage"]);
    assert_eq!(done.out, "");
    assert!(
        done.err.contains("did you mean \"double-charge\"?"),
        "{}",
        done.err
    );
    let done = slowfire(&[
        "run",
        "double-charge",
        "--off",
        "retries",
        "--set",
        "loss=3",
    ]);
    for said in [
        "did you mean \"retry\"?",
        "loss is 3; it must be from 0 to 1",
    ] {
        assert!(done.err.contains(said), "{}", done.err);
    }
}

#[test]
fn options_say_the_same_as_a_link() {
    let digest = |arguments: &[&str]| slowfire(&[arguments, &["--digest"]].concat()).out;
    let by_link = digest(&[
        "run",
        "#/double-charge?seed=9&loss=0.3&off=retry&do=crash:bank@2s",
    ]);
    let by_options = digest(&[
        "run",
        "double-charge",
        "--seed",
        "9",
        "--set",
        "loss=0.3",
        "--off",
        "retry",
        "--set",
        "do=crash:bank@2s",
    ]);
    let by_address = digest(&[
        "run",
        "https://example.org/play/#/double-charge?seed=9&loss=0.3&off=retry&do=crash:bank@2s",
    ]);
    assert_eq!(by_link.trim().len(), 16);
    assert_eq!(by_link, by_options);
    assert_eq!(by_link, by_address);
}

#[test]
fn a_document_becomes_a_link_and_a_document_again() {
    let file = File::new("small.toml", SMALL);
    let link = slowfire(&["link", file.path()]).out;
    assert!(link.starts_with("#1."), "{link}");
    let shown = slowfire(&["show", link.trim()]).out;
    let again = slowfire_with(&["link", "-"], &shown).out;
    assert_eq!(again, link);
    let toml = slowfire(&["show", link.trim(), "--toml"]).out;
    let digest = |input: &str| slowfire_with(&["run", "-", "--digest"], input).out;
    assert_eq!(digest(&toml), digest(SMALL));
    assert_eq!(digest(&link), digest(SMALL));
}

#[test]
fn every_lab_is_shown_as_a_document_that_is_the_same_run() {
    for lab in json(&["labs", "--json"]).as_array().expect("a list") {
        let id = lab["id"].as_str().expect("a text");
        for form in [&["show", id][..], &["show", id, "--toml"]] {
            let shown = slowfire(form).out;
            let digest = slowfire_with(&["run", "-", "--digest", "--until", "5s"], &shown);
            let expected = slowfire(&["run", id, "--digest", "--until", "5s"]);
            assert_eq!(digest.out, expected.out, "{form:?}: {}", digest.err);
        }
    }
}

#[test]
fn a_number_is_a_number_in_either_form() {
    let json = slowfire(&["show", "double-charge"]).out;
    assert!(json.contains("\"share\": 0.99"), "{json}");
    let toml = slowfire(&["show", "double-charge", "--toml"]).out;
    assert!(toml.contains("share = 0.99"), "{toml}");
}

#[test]
fn all_that_is_wrong_with_a_file_is_said_with_its_place() {
    let well = File::new("well.toml", SMALL);
    assert_eq!(slowfire(&["validate", well.path()]).code, 0);
    let wrong = File::new(
        "wrong.toml",
        &SMALL
            .replace("\"5s\"", "\"5h\"")
            .replace("name = \"b\"", "naem = \"b\""),
    );
    let done = slowfire(&["validate", wrong.path(), well.path()]);
    assert_eq!(done.code, 2);
    for said in [
        "duration is 18000s; it must be from 1ms to 3600s.",
        "nodes[1].naem is not a field; did you mean \"name\"?",
        "well.toml: nothing is wrong",
    ] {
        assert!(done.out.contains(said), "{}", done.out);
    }
    let told = json(&["validate", wrong.path(), "--json"]);
    assert_eq!(keys(&told[0]), ["file", "problems"]);
    assert_eq!(keys(&told[0]["problems"][0]), ["path", "what"]);
}

#[test]
fn a_setting_of_nodes_names_its_form_with_a_node() {
    let torn = slowfire(&["run", "double-charge", "--set", "torn=0.5"]);
    assert_eq!(torn.code, 2);
    assert!(
        torn.err
            .contains("torn is set for one node at a time, as in torn.alice"),
        "{}",
        torn.err
    );
    assert!(!torn.err.contains("left out"), "{}", torn.err);
    let lost = slowfire(&["run", "double-charge", "--set", "lateny=1s"]);
    assert!(!lost.err.contains("left out"), "{}", lost.err);
    assert_ne!(
        slowfire(&["run", "double-charge", "--set", "torn.alice=0.5"]).code,
        2
    );
}

#[test]
fn a_link_may_be_escaped() {
    let digest = |link: &str| {
        let done = slowfire(&["run", link, "--digest"]);
        assert_ne!(done.code, 2, "{link}: {}", done.err);
        done.out
    };
    let plain = digest("#/double-charge?seed=7&loss=0.3");
    for escaped in [
        "#%2Fdouble-charge%3Fseed%3D7%26loss%3D0.3",
        "#%2fdouble-charge?seed=7&loss=0.3",
        "https://example.org/slowfire/#%2Fdouble-charge%3Fseed=7%26loss=0.3",
        "/double-charge%3Fseed=7&loss=0.3",
        "double-charge%3Fseed=7&loss=0.3",
        "#/double-charge?seed=7&amp;loss=0.3",
        "https://example.org/slowfire/#/double-charge?seed=7&amp;loss=0.3",
        "%23/double-charge?seed=7&loss=0.3",
        "#%23/double-charge?seed=7&loss=0.3",
        "https://example.org/slowfire/%23/double-charge?seed=7&loss=0.3",
        "<https://example.org/slowfire/#/double-charge?seed=7&loss=0.3>",
        "<#/double-charge?seed=7&loss=0.3>",
        "(https://example.org/slowfire/#/double-charge?seed=7&loss=0.3).",
        "[double-charge?seed=7&loss=0.3]",
        "#%252Fdouble-charge%253Fseed%253D7%2526loss%253D0.3",
        "https%253A%252F%252Fexample.org%252F%2523%252Fdouble-charge%253Fseed%253D7%2526loss%253D0.3",
        "https%3A%2F%2Fexample.org%2F%23%2Fdouble-charge%3Fseed%3D7%26loss%3D0.3",
    ] {
        assert_eq!(digest(escaped), plain, "{escaped}");
    }
}

#[test]
fn what_a_link_says_twice_is_refused() {
    for link in [
        "#/double-charge?rev=2&seed=7&seed=8",
        "#/double-charge?rev=2&on=idempotency-key&off=idempotency-key",
    ] {
        let done = slowfire(&["run", link]);
        assert_eq!(done.code, 2, "{link}");
        let is_told =
            ["more than once", "the other way as well"].map(|told| done.err.contains(told));
        assert!(is_told.contains(&true), "{}", done.err);
        assert!(!done.err.contains("the last one counts"), "{}", done.err);
    }
}

#[test]
fn a_document_of_another_revision_is_told_as_a_document() {
    let plain = slowfire(&["show", "double-charge"]).out;
    let of = |revision: &str| {
        let mut value: Value = serde_json::from_str(&plain).expect("it is JSON");
        let scenario = value["scenario"].as_object_mut().expect("it has one");
        match revision.parse::<u32>() {
            Ok(revision) => scenario.insert("revision".to_owned(), revision.into()),
            Err(_) => scenario.remove("revision"),
        };
        File::new(&format!("revision-{revision}.json"), &value.to_string())
    };
    for (revision, told) in [
        ("1", "This document says no revision, or the first."),
        ("none", "This document says no revision, or the first."),
        ("99", "revision 99 of the protocol"),
    ] {
        let file = of(revision);
        for command in ["validate", "show"] {
            let done = slowfire(&[command, file.path()]);
            assert_eq!(done.code, 0, "{command} {revision}");
            assert!(
                done.err.contains(told),
                "{command} {revision}: {}",
                done.err
            );
        }
        let found = json(&["validate", file.path(), "--json"]);
        let notes = found[0]["notes"].as_array().expect("it is a list");
        assert!(notes[0].as_str().is_some_and(|note| note.contains(told)));
    }
    assert_eq!(slowfire(&["validate", of("2").path()]).err, "");
}

#[test]
fn a_file_that_is_no_document_is_told_for_what_it_is() {
    let trace = std::env::temp_dir().join(format!("slowfire-{}-trace.jsonl", std::process::id()));
    let path = trace.to_str().expect("a path");
    slowfire(&["run", "double-charge", "--seed", "9", "--trace", path]);
    let text = std::fs::read_to_string(&trace).expect("it was written");
    std::fs::remove_file(&trace).expect("it was there");
    assert!(text.len() > 1 << 16, "the case is a file that is too long");
    let entry = r#"{"process":0,"type":"invoke","f":"read","value":null}"#;
    let edn = "{:process 0, :type :invoke, :f :read, :value nil}\n";
    let again = "is the trace of a run: its first line has the link that runs it again";
    for (name, text, told) in [
        ("trace.jsonl", text.as_str(), again),
        (
            "short.jsonl",
            text.lines().next().unwrap_or_default(),
            again,
        ),
        ("history.json", entry, "slowfire check FILE"),
        ("history.edn", &edn.repeat(9), "slowfire check FILE"),
        ("long.edn", &edn.repeat(9000), "slowfire check FILE"),
        (
            "long.toml",
            &"# nothing\n".repeat(9000),
            "has more than 65536 bytes",
        ),
    ] {
        let file = File::new(name, text);
        let done = slowfire(&["run", file.path()]);
        assert_eq!(done.code, 2, "{name}");
        assert!(done.err.contains(told), "{name}: {}", done.err);
        assert!(!done.err.contains("65537"), "{name}: {}", done.err);
    }
}

#[test]
fn a_misspelt_setting_of_one_node_is_told_with_the_node() {
    let done = slowfire(&["run", "double-charge", "--set", "tron.bank=1"]);
    assert_eq!(done.code, 2);
    let meant = "did you mean \"torn.bank\"?";
    assert!(done.err.contains(meant), "{}", done.err);
}

#[test]
fn what_was_mended_is_told_in_a_line_each() {
    let done = slowfire(&["run", "#/timeout-tuning?seed=7"]);
    let lines: Vec<&str> = done.err.lines().collect();
    assert!(lines[0].starts_with("warning: This link says no revision, or the first."));
    assert!(
        lines.len() > 2 && lines[1..].iter().all(|line| line.len() < 100),
        "{lines:?}"
    );
}

#[test]
fn deeds_that_change_nothing_are_told() {
    for (deed, told) in [
        ("crash:bank@100s", "but the run ends at"),
        ("resume:bank@2s", "but bank is not paused then"),
    ] {
        let set = format!("do={deed}");
        let done = slowfire(&["run", "double-charge", "--set", &set]);
        assert_ne!(done.code, 2, "{deed}");
        assert!(done.err.contains(told), "{}", done.err);
    }
    let torn = slowfire(&["run", "double-charge", "--set", "do=torn:bank@4s"]);
    assert!(torn.err.contains("as in torn.alice:0.5"), "{}", torn.err);
}

#[test]
fn a_page_of_a_lab_and_a_link_that_markdown_escaped_are_taken() {
    for page in [
        "embed/double-charge.html",
        "https://your.host/slowfire/embed/double-charge.html",
        "https://your.host/slowfire/lab/double-charge/",
        "lab/double-charge",
    ] {
        let done = slowfire(&["show", page]);
        assert_eq!(done.code, 0, "{page}: {}", done.err);
        assert!(done.out.contains("double-charge"), "{page}");
        assert_eq!(done.err, "", "{page}");
    }
    let asked = slowfire(&["show", "https://your.host/lab/double-charge/?seed=9"]);
    assert_eq!(asked.code, 0, "{}", asked.err);
    assert!(
        asked.err.contains("\"?seed=9\" is left out"),
        "{}",
        asked.err
    );
    let plain = slowfire(&["show", "#/double-charge?seed=7&loss=0.1"]);
    let escaped = slowfire(&["show", r"#/double-charge?seed=7\&loss=0.1"]);
    assert_eq!(escaped.code, plain.code, "{}", escaped.err);
    assert_eq!(escaped.out, plain.out);
}
