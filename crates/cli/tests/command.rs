//! The command as a user, or a script, meets it: its contracts, its exit codes, its sentences.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// What the command did.
struct Done {
    code: i32,
    out: String,
    err: String,
}

fn slowfire_with(arguments: &[&str], input: &str) -> Done {
    let mut child = Command::new(env!("CARGO_BIN_EXE_slowfire"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command was built");
    // A command that does not read its input may end before it was written.
    let _ = child
        .stdin
        .take()
        .map(|mut stdin| stdin.write_all(input.as_bytes()));
    let Output {
        status,
        stdout,
        stderr,
    } = child.wait_with_output().expect("it ends");
    Done {
        code: status.code().expect("it ends by itself"),
        out: String::from_utf8(stdout).expect("it writes text"),
        err: String::from_utf8(stderr).expect("it writes text"),
    }
}

fn slowfire(arguments: &[&str]) -> Done {
    slowfire_with(arguments, "")
}

fn json(arguments: &[&str]) -> Value {
    let done = slowfire(arguments);
    serde_json::from_str(&done.out).unwrap_or_else(|error| panic!("{error}: {}", done.out))
}

fn keys(value: &Value) -> Vec<&str> {
    let object = value.as_object().expect("it is an object");
    object.keys().map(String::as_str).collect()
}

/// A file that is gone when the test ends.
struct File(PathBuf);

impl File {
    fn new(name: &str, text: &str) -> File {
        let folder = std::env::temp_dir().join(format!("slowfire-{}", std::process::id()));
        let path = folder.join(name);
        let parent = path.parent().expect("it is in a folder");
        std::fs::create_dir_all(parent).expect("there is room for temporary files");
        std::fs::write(&path, text).expect("a temporary file can be written");
        File(path)
    }

    fn path(&self) -> &str {
        self.0.to_str().expect("a temporary path is text")
    }

    fn read(&self) -> String {
        std::fs::read_to_string(&self.0).expect("what was written can be read")
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

const SMALL: &str = r#"
duration = "5s"
protocol = "payments"
nodes = [{ name = "a", role = "client" }, { name = "b", role = "bank" }]
checks = [{ kind = "exactly-once" }]
"#;

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
            "id",
            "limits",
            "question",
            "title"
        ]
    );
    assert_eq!(keys(&lab["defences"][0]), ["id", "protects"]);
    let limit = ["beyond", "check", "link", "text", "verdict"];
    assert_eq!(keys(&lab["limits"][0]), limit);
    for lab in labs {
        for claim in lab["expectations"].as_array().expect("it is a list") {
            let verdict = claim["verdict"].as_str().expect("it is a word");
            let mut fields = vec!["check", "off", "on", "share", "verdict"];
            if verdict == "holds" {
                fields.push("withstands");
                let withstands = keys(&claim["withstands"]);
                assert_eq!(withstands, ["faults", "nodes", "recovers", "sentence"]);
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
fn a_claim_is_what_a_hunt_with_its_switches_finds() {
    let labs = json(&["labs", "--json"]);
    for claim in labs[0]["expectations"].as_array().expect("it is a list") {
        let list = |field: &str| {
            let ids = claim[field].as_array().expect("it is a list").iter();
            ids.filter_map(Value::as_str).collect::<Vec<_>>().join(",")
        };
        let (lab, off, on) = (
            labs[0]["id"].as_str().expect("a name"),
            list("off"),
            list("on"),
        );
        let mut arguments = vec!["hunt", lab, "--seeds", "0..100", "--json"];
        if !off.is_empty() {
            arguments.extend(["--off", &off]);
        }
        if !on.is_empty() {
            arguments.extend(["--on", &on]);
        }
        let found = json(&arguments);
        let check = claim["check"].as_str().expect("a name");
        let count = found["violated"][check].as_f64().expect("a number");
        let share = claim["share"].as_f64().expect("a number");
        match claim["verdict"].as_str() {
            Some("violated") => assert!(count >= 100.0 * share - 10.0, "{claim}: {count}"),
            _ => assert!(count <= 100.0 * share + 10.0, "{claim}: {count}"),
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
fn a_hunt_reports_counts_and_the_first() {
    let hunt = json(&[
        "hunt",
        "double-charge",
        "--seeds",
        "5..25",
        "--jobs",
        "2",
        "--json",
    ]);
    assert_eq!(keys(&hunt), ["first", "runs", "seconds", "violated"]);
    assert_eq!(hunt["runs"], 20);
    let first = &hunt["first"];
    assert_eq!(keys(first), ["at_ms", "check", "link", "seed"]);
    let link = first["link"].as_str().expect("a link");
    let run = json(&["run", link, "--json"]);
    assert_eq!(run["verdicts"][0]["at_ms"], first["at_ms"]);
    assert_eq!(run["seed"], first["seed"]);
}

/// A lab whose claim says that it withstands crashes of the bank, which forgets its keys.
fn bold_lab() -> File {
    let text = include_str!("../../scenario/labs/double-charge.toml");
    let bold = text.replace(
        "withstands = { except = [\"crash\"] }",
        "withstands = { nodes = \"bank\" }",
    );
    assert_ne!(bold, text);
    File::new("bold.toml", &bold)
}

#[test]
fn a_hunt_in_claimed_weather_gives_the_link_of_each_run_that_breaks_a_claim() {
    let file = bold_lab();
    let path = file.0.to_str().expect("a path");
    let hunt = [
        "hunt",
        path,
        "--weather",
        "claimed",
        "--seeds",
        "0..150",
        "--json",
    ];
    let (done, found) = (slowfire(&hunt), json(&hunt));
    assert_eq!(done.code, 1);
    assert_eq!(keys(&found), ["claims", "runs", "seconds"]);
    let claims = found["claims"].as_array().expect("it is a list");
    assert_eq!(keys(&claims[0]), ["broken", "check", "of", "undecided"]);
    let of_keys = |claim: &&Value| {
        claim["of"]
            .as_str()
            .is_some_and(|of| of.ends_with("?on=idempotency-key"))
    };
    let claim = claims.iter().find(of_keys).expect("it is claimed");
    let broken = claim["broken"].as_array().expect("it is a list");
    assert!(!broken.is_empty(), "{found}");
    for run in broken {
        let shown = json(&["run", run["link"].as_str().expect("a link"), "--json"]);
        let verdicts = shown["verdicts"].as_array().expect("it is a list");
        let verdict = verdicts
            .iter()
            .find(|verdict| verdict["check"] == claim["check"]);
        let verdict = verdict.expect("it is judged");
        assert_eq!(
            (&verdict["verdict"], &verdict["at_ms"]),
            (&Value::from("violated"), &run["at_ms"])
        );
    }
}

#[test]
fn a_hunt_in_claimed_weather_takes_a_lab_as_it_is() {
    let changed = slowfire(&[
        "hunt",
        "double-charge",
        "--weather",
        "claimed",
        "--set",
        "loss=0.3",
    ]);
    assert_eq!(changed.code, 2);
    assert!(
        changed.err.contains("takes a lab as it is"),
        "{}",
        changed.err
    );
}

#[test]
fn a_hunt_finds_the_same_whatever_its_jobs() {
    let violated = |jobs: &str| {
        let hunt = json(&[
            "hunt",
            "double-charge",
            "--seeds",
            "0..300",
            "--jobs",
            jobs,
            "--json",
        ]);
        (hunt["violated"].clone(), hunt["first"].clone())
    };
    assert_eq!(violated("1"), violated("3"));
}

#[test]
fn a_hunt_for_the_first_stops_there() {
    let hunt = json(&[
        "hunt",
        "double-charge",
        "--seeds",
        "0..1000000",
        "--first",
        "--json",
    ]);
    assert!(hunt["runs"].as_u64().is_some_and(|runs| runs < 10_000));
    assert!(hunt["first"].is_object());
}

#[test]
fn exit_codes_tell_how_it_ended() {
    for (arguments, code) in [
        (vec!["run", "double-charge"], 1),
        (vec!["run", "double-charge", "--on", "idempotency-key"], 0),
        (vec!["run", "double-charge", "--until", "1ms"], 3),
        (vec!["run", "double-chrage"], 2),
        (vec!["run", "double-charge", "--on", "nonsense"], 2),
        (vec!["run", "double-charge", "--set", "loss=3"], 2),
        (vec!["run", "double-charge", "--until", "2min"], 2),
        (vec!["run", "#/double-charge?loss=3"], 2),
        (vec!["run", "#/double-charge?losss=0.1"], 1),
        (vec!["run"], 2),
        (vec!["hunt", "double-charge", "--seeds", "0..50"], 1),
        (
            vec!["hunt", "double-charge", "--until", "0s", "--seeds", "0..5"],
            3,
        ),
        (vec!["hunt", "double-charge", "--seeds", "9..3"], 2),
        (vec!["labs"], 0),
        (vec!["--help"], 0),
        (vec!["nonsense"], 2),
    ] {
        assert_eq!(slowfire(&arguments).code, code, "{arguments:?}");
    }
}

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
fn a_reader_may_leave_before_the_end() {
    for arguments in [
        &["completions", "bash"][..],
        &["labs"],
        &["run", "double-charge"],
    ] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_slowfire"))
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the command was built");
        drop(child.stdout.take());
        let said = child.wait_with_output().expect("it ends").stderr;
        assert_eq!(String::from_utf8_lossy(&said), "", "{arguments:?}");
    }
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
fn a_trace_has_a_line_an_event() {
    let file = File::new("trace.jsonl", "");
    let run = json(&["run", "double-charge", "--trace", file.path(), "--json"]);
    let lines: Vec<Value> = file
        .read()
        .lines()
        .map(|line| serde_json::from_str(line).expect("each line is JSON"))
        .collect();
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
fn a_moment_is_drawn() {
    for view in ["world", "spacetime", "history"] {
        let done = slowfire(&["render", "double-charge", "--at", "3.2s", "--view", view]);
        assert_eq!(done.code, 0, "{}", done.err);
        assert!(done.out.starts_with("<svg") && done.out.trim_end().ends_with("</svg>"));
        assert!(done.out.contains("alice"));
    }
    let file = File::new("moment.svg", "");
    slowfire(&["render", "double-charge", "--at", "3.2s", "-o", file.path()]);
    assert!(file.read().starts_with("<svg"));
}

#[test]
fn nothing_is_coloured_where_nobody_looks() {
    for arguments in [
        &["labs"][..],
        &["run", "double-charge"],
        &["hunt", "double-charge"],
    ] {
        let done = slowfire(arguments);
        assert!(!done.out.contains('\u{1b}') && !done.err.contains('\u{1b}'));
    }
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
        assert!(picture.matches("<circle").count() >= 2, "{id} is empty");
    }
    let _ = std::fs::remove_dir_all(parent);
}

#[test]
fn every_shell_gets_its_completions() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        assert!(
            slowfire(&["completions", shell]).out.contains("slowfire"),
            "{shell}"
        );
    }
}

#[test]
fn help_has_examples_for_every_command_that_takes_an_input() {
    for command in [
        "labs",
        "run",
        "hunt",
        "check",
        "validate",
        "link",
        "show",
        "render",
        "catalogue",
        "completions",
    ] {
        assert!(
            slowfire(&[command, "--help"]).out.contains("Example"),
            "{command}"
        );
    }
}

const STALE: &str = "\
{:process 0 :type :invoke :f :write :value 1}
{:process 0 :type :ok :f :write :value 1}
{:process 0 :type :invoke :f :write :value 2}
{:process 0 :type :ok :f :write :value 2}
{:process 1 :type :invoke :f :read :value nil}
{:process 1 :type :ok :f :read :value 1}
";

const REGISTER: [&str; 4] = ["check", "-", "--model", "register"];

#[test]
fn a_history_is_valid_or_not_as_its_consistency_demands() {
    let stale = slowfire_with(&REGISTER, STALE);
    assert_eq!(stale.code, 1, "{}", stale.err);
    for said in [
        "✗ violated  -: not linearizable",
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
    let poor = slowfire_with(&[&REGISTER[..], &["--steps", "0"]].concat(), STALE);
    assert_eq!(poor.code, 3);
    assert!(
        poor.out.contains("the budget of 0 steps ran out"),
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
    let unknown = told(&["--model", "register", "--steps", "0"]);
    assert_eq!(keys(&unknown), ["answer", "sentence"]);
    assert_eq!(unknown["answer"], "unknown");
    let bad = told(&["--model", "queue"]);
    assert_eq!(keys(&bad), ["answer", "column", "line", "sentence"]);
    assert_eq!(
        (&bad["answer"], &bad["line"]),
        (&Value::from("bad-input"), &Value::from(2))
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
            .contains("note: what is no client is left out: :nemesis (1 entries)"),
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
fn a_setting_of_nodes_names_its_form_with_a_node() {
    let torn = slowfire(&["run", "double-charge", "--set", "torn=0.5"]);
    assert_eq!(torn.code, 2);
    assert!(
        torn.err
            .contains("torn is set for one node at a time, as in torn.alice"),
        "{}",
        torn.err
    );
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
    ] {
        assert_eq!(digest(escaped), plain, "{escaped}");
    }
}
