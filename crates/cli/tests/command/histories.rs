//! Checking histories of other people.

use super::*;

const STALE: &str = "\
{:process 0 :type :invoke :f :write :value 1}
{:process 0 :type :ok :f :write :value 1}
{:process 0 :type :invoke :f :write :value 2}
{:process 0 :type :ok :f :write :value 2}
{:process 1 :type :invoke :f :read :value nil}
{:process 1 :type :ok :f :read :value 1}
";

/// The same with the value that was written last, so that no part of it alone refutes it.
fn fresh() -> String {
    STALE.replace(":f :read :value 1", ":f :read :value 2")
}

const REGISTER: [&str; 4] = ["check", "-", "--model", "register"];

#[test]
fn what_is_nested_too_deeply_is_refused_where_it_is() {
    for depth in [10_000, 200_000] {
        for (open, close) in [
            ("{:a ", "}"),
            ("[", "]"),
            ("#{", "}"),
            ("#:a{:b ", "}"),
            ("#a ", ""),
            ("^{:a 1} ", ""),
            ("{:a ", ""),
        ] {
            let value = format!("{}1{}", open.repeat(depth), close.repeat(depth));
            let entry = format!("{{:process 0, :type :invoke, :f :write, :value {value}}}\n");
            let done = slowfire_with(&["check", "-", "--model", "register"], &entry);
            assert_eq!(done.code, 2, "{open}: {}", done.err);
            assert!(done.err.contains("more than 200 levels"), "{}", done.err);
        }
        let json = format!("{}1{}", "{\"a\":".repeat(depth), "}".repeat(depth));
        for text in [
            json,
            format!("a = {}", "[".repeat(depth)),
            "a.".repeat(depth),
        ] {
            let done = slowfire_with(&["run", "-"], &text);
            assert_eq!(done.code, 2, "{}", done.err);
        }
    }
}

#[test]
fn a_history_is_valid_or_not_as_its_consistency_demands() {
    let stale = slowfire_with(&REGISTER, STALE);
    assert_eq!(stale.code, 1, "{}", stale.err);
    for said in [
        "✗ violated   -: not linearizable",
        "line 6: process 1 read -> 1",
        "then the register holds 2",
        "there is no place for: process 1 read -> 1",
    ] {
        assert!(stale.out.contains(said), "{}", stale.out);
    }
    let fresh = slowfire_with(
        &REGISTER,
        &STALE.replace(":read :value 1", ":read :value 2"),
    );
    assert_eq!(fresh.code, 0);
    assert!(
        fresh.out.contains("3 operations, linearizable"),
        "{}",
        fresh.out
    );
    for (consistency, code) in [
        ("linearizable", 1),
        ("sequential", 0),
        ("causal", 0),
        ("read-your-writes", 0),
        ("monotonic-reads", 0),
    ] {
        let arguments = [&REGISTER[..], &["--consistency", consistency]].concat();
        assert_eq!(slowfire_with(&arguments, STALE).code, code, "{consistency}");
    }
    let own = STALE.replace(":process 1", ":process 0");
    let arguments = [&REGISTER[..], &["--consistency", "read-your-writes"]].concat();
    assert_eq!(slowfire_with(&arguments, &own).code, 1);
}

#[test]
fn a_history_that_makes_no_sense_is_told_with_line_and_column() {
    let cut = STALE.replace(":f :read :value 1", ":f :reed :value 1");
    let wrong = slowfire_with(&REGISTER, &cut);
    assert_eq!((wrong.code, wrong.out.as_str()), (2, ""));
    assert!(wrong.err.contains("-, line 6, column 1"), "{}", wrong.err);
    let lines =
        "{\"process\":0,\"type\":\"invoke\",\"f\":\"read\",\"value\":null}\n{\"process\":0,";
    let torn = slowfire_with(&REGISTER, lines);
    assert_eq!(torn.code, 2);
    assert!(torn.err.contains("line 2, column"), "{}", torn.err);
    assert_eq!(slowfire(&["check", "/nowhere", "--model", "set"]).code, 2);
    let model = slowfire_with(&["check", "-", "--model", "heap"], STALE);
    assert_eq!(model.code, 2);
    assert!(model.err.contains("cas-register"), "{}", model.err);
}

#[test]
fn a_history_without_an_answer_is_told_why() {
    let poor = slowfire_with(&[&REGISTER[..], &["--steps", "0"]].concat(), &fresh());
    assert_eq!(poor.code, 3);
    assert!(
        poor.out
            .contains("the search for an order did not end within 0 steps"),
        "{}",
        poor.out
    );
}

#[test]
fn what_is_said_of_a_history_keeps_its_form() {
    let file = File::new("stale.edn", STALE);
    let told = |more: &[&str]| json(&[&["check", file.path(), "--json"], more].concat());
    let invalid = told(&["--model", "register"]);
    assert_eq!(keys(&invalid), ["answer", "conflict", "orders", "sentence"]);
    assert_eq!(invalid["answer"], "invalid");
    assert_eq!(
        keys(&invalid["conflict"][0]),
        ["line", "operation", "process"]
    );
    assert_eq!(invalid["conflict"][0]["line"], 6);
    assert_eq!(keys(&invalid["orders"][0]), ["order", "state", "unplaced"]);
    assert_eq!(invalid["orders"][0]["order"][1]["line"], 4);
    let valid = told(&["--model", "register", "--consistency", "sequential"]);
    assert_eq!(
        valid,
        serde_json::json!({ "answer": "valid", "operations": 3 })
    );
    let fresh = File::new("fresh.edn", &fresh());
    let unknown = json(&[
        "check",
        fresh.path(),
        "--json",
        "--model",
        "register",
        "--steps",
        "0",
    ]);
    assert_eq!(keys(&unknown), ["answer", "sentence"]);
    assert_eq!(unknown["answer"], "unknown");
    let bad = told(&["--model", "queue"]);
    assert_eq!(keys(&bad), ["answer", "column", "line", "sentence"]);
    assert_eq!(
        (&bad["answer"], &bad["line"]),
        (&Value::from("bad-input"), &Value::from(1))
    );
}

#[test]
fn a_history_of_other_people_is_read_and_what_was_taken_for_granted_is_told() {
    let columns = "0\t:invoke\t:read\tnil\n:nemesis\t:info\t:kill\tnil\n0\t:ok\t:read\t0\n";
    let from_zero = slowfire_with(&[&REGISTER[..], &["--initial", "0"]].concat(), columns);
    assert_eq!(from_zero.code, 0, "{}", from_zero.err);
    assert!(
        from_zero
            .err
            .contains("note: processes that are not clients are left out: :nemesis (1 entry)"),
        "{}",
        from_zero.err
    );
    let unsaid = slowfire_with(&[&REGISTER[..], &["--json"]].concat(), columns);
    let told: Value = serde_json::from_str(&unsaid.out).unwrap();
    assert_eq!((unsaid.code, unsaid.err.as_str()), (1, ""));
    let notes: Vec<&str> = told["notes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|note| note.as_str().unwrap())
        .collect();
    assert!(
        notes
            .iter()
            .any(|note| note.contains("say it with --initial")),
        "{notes:?}"
    );
    let wrong = slowfire_with(&[&REGISTER[..], &["--initial", "{0"]].concat(), columns);
    assert_eq!(wrong.code, 2);
    assert!(wrong.err.contains("not EDN"), "{}", wrong.err);
    let two = slowfire_with(&[&REGISTER[..], &["--initial", "0 1"]].concat(), columns);
    assert_eq!(two.code, 2);
    let more = "not EDN (more follows the value)";
    assert!(two.err.contains(more), "{}", two.err);
    let of_a_counter = [
        "check",
        "-",
        "--model",
        "counter",
        "--initial",
        "0",
        "--json",
    ];
    let wrong = slowfire_with(&of_a_counter, columns);
    let told: Value = serde_json::from_str(&wrong.out).unwrap();
    assert_eq!(
        (wrong.code, &told["answer"]),
        (2, &Value::from("bad-input"))
    );
    let sentence = told["sentence"].as_str().unwrap();
    assert!(sentence.starts_with("--initial: "), "{sentence}");
    assert_eq!(keys(&told), ["answer", "notes", "sentence"]);
    let named = STALE.replace(":process 1", ":process \"p1\"");
    let named = slowfire_with(&[&REGISTER[..], &["--json"]].concat(), &named);
    let told: Value = serde_json::from_str(&named.out).unwrap();
    assert_eq!(told["conflict"][0]["process"], "p1");
    assert_eq!(
        slowfire_with(&REGISTER, "").code,
        0,
        "an empty history is valid"
    );
}

#[test]
fn what_contradicts_each_other_is_headed_so() {
    let stale = slowfire_with(&REGISTER, STALE);
    assert!(
        stale
            .out
            .contains("the operations that contradict each other:"),
        "{}",
        stale.out
    );
    assert!(!stale.out.contains("what came before"), "{}", stale.out);
}

/// The page takes and refuses the same (`web/tests/files/open.spec.ts`).
#[test]
fn a_file_in_another_encoding_is_read_or_refused_and_never_changed() {
    let history = "{:process 0, :type :invoke, :f :write, :value \"é\"}\n\
                   {:process 0, :type :ok, :f :write, :value \"é\"}\n\
                   {:process 0, :type :invoke, :f :read, :value nil}\n\
                   {:process 0, :type :ok, :f :read, :value \"è\"}\n";
    let units: Vec<u16> = format!("\u{feff}{history}").encode_utf16().collect();
    let latin = history.chars().map(|letter| letter as u8).collect();
    let cases: [(&str, Vec<u8>, i32); 5] = [
        ("utf8", history.into(), 1),
        (
            "little",
            units.iter().flat_map(|unit| unit.to_le_bytes()).collect(),
            1,
        ),
        (
            "big",
            units.iter().flat_map(|unit| unit.to_be_bytes()).collect(),
            1,
        ),
        ("latin", latin, 2),
        ("gzip", vec![0x1f, 0x8b, 8, 0], 2),
    ];
    for (name, bytes, code) in cases {
        let name = format!("slowfire-encoding-{}-{name}.edn", std::process::id());
        let file = std::env::temp_dir().join(name);
        std::fs::write(&file, bytes).expect("it is a folder for this");
        let path = file.to_str().expect("it is text");
        let done = slowfire(&["check", path, "--model", "register"]);
        std::fs::remove_file(&file).expect("it was there");
        assert_eq!(done.code, code, "{path}: {}", done.err);
        assert_eq!(
            done.err
                .contains("line 1, column 48: what stands here is not UTF-8"),
            path.contains("latin"),
            "{path}: {}",
            done.err
        );
        assert_eq!(
            done.err.contains("zcat"),
            path.contains("gzip"),
            "{}",
            done.err
        );
    }
}
