//! Searching seeds for a violation.

use super::*;

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
        let link = claim["link"].as_str();
        let of = link.unwrap_or(lab);
        let mut arguments = vec!["hunt", of, "--seeds", "0..100", "--json"];
        if link.is_none() && !off.is_empty() {
            arguments.extend(["--off", &off]);
        }
        if link.is_none() && !on.is_empty() {
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
    assert_eq!(
        keys(&hunt),
        [
            "failed",
            "first",
            "interval",
            "intervals",
            "runs",
            "seconds",
            "violated"
        ]
    );
    assert_eq!(hunt["runs"], 20);
    let failed = hunt["failed"].as_f64().expect("a number");
    for (check, violated) in hunt["violated"].as_object().expect("by check") {
        let bound = |place: usize| hunt["intervals"][check][place].as_f64().expect("a number");
        let share = violated.as_f64().expect("a number") / 20.0;
        assert!(bound(0) <= share && share <= bound(1), "{hunt}");
        assert!(violated.as_f64() <= Some(failed));
    }
    assert!(hunt["interval"][0].as_f64() < hunt["interval"][1].as_f64());
    let first = &hunt["first"];
    assert_eq!(keys(first), ["at_ms", "check", "link", "seed"]);
    let link = first["link"].as_str().expect("a link");
    let run = json(&["run", link, "--json"]);
    assert_eq!(run["verdicts"][0]["at_ms"], first["at_ms"]);
    assert_eq!(run["seed"], first["seed"]);
}

/// A lab whose claim says that it withstands crashes of the bank, which forgets its keys.
fn bold_lab() -> File {
    let text = include_str!("../../../scenario/labs/double-charge.toml");
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
    assert_eq!(
        keys(&claims[0]),
        ["broken", "check", "of", "runs", "undecided"]
    );
    let of_keys = |claim: &&Value| {
        claim["of"]
            .as_str()
            .is_some_and(|of| json(&["show", of])["scenario"]["defences"][0] == "idempotency-key")
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
    for changed in [
        &["double-charge", "--set", "loss=0.3"][..],
        &["double-charge", "--on", "idempotency-key"],
        &["double-charge", "--until", "5s"],
        &["#/double-charge?loss=0.5"],
    ] {
        let hunt = [&["hunt", "--weather", "claimed"][..], changed].concat();
        let changed = slowfire(&hunt);
        assert_eq!(changed.code, 2, "{hunt:?}");
        assert!(
            changed.err.contains("takes a lab as it is"),
            "{}",
            changed.err
        );
    }
}

/// Up to one run in twenty may be undecided, as in the sweep of the tests: one of one is too many.
#[test]
fn a_claim_that_few_runs_leave_undecided_holds_and_the_first_few_are_shown() {
    let claimed = ["hunt", "did-it-fail", "--weather", "claimed", "--seeds"];
    let hunt = [&claimed[..], &["0..400"]].concat();
    let (done, found) = (slowfire(&hunt), json(&[&hunt[..], &["--json"]].concat()));
    let claims = found["claims"].as_array().expect("it is a list").iter();
    let undecided = |claim: &&Value| claim["undecided"].as_u64().is_some_and(|count| count > 3);
    let claim = claims.clone().find(undecided).expect("some are undecided");
    let [runs, open] = ["runs", "undecided"].map(|key| claim[key].as_u64().expect("a number"));
    assert!(open * 20 <= runs, "{claim}");
    assert_eq!(
        claim["undecided_runs"].as_array().map(Vec::len),
        Some(open as usize)
    );
    let run = &claim["undecided_runs"][0];
    let seed = run["seed"].as_u64().expect("a number");
    let one = slowfire(&[&claimed[..], &[&format!("{seed}..={seed}")]].concat());
    assert_eq!(one.code, 3, "{}", one.out);
    let link = run["link"].as_str().expect("a link");
    assert!(
        one.out.contains("undecided") && one.out.contains(link),
        "{}",
        one.out
    );
    assert_eq!(done.code, 0, "{}", done.out);
    let line = format!("holds      {} of {runs}, {open} undecided", runs - open);
    assert!(done.out.contains(&line), "{}", done.out);
    let more = format!("and {} more", open - 3);
    assert!(done.out.contains(&more), "{}", done.out);
    let of = claim["of"].as_str().expect("a link");
    assert!(of.starts_with("#/did-it-fail?"), "{of}");
    let kept: Vec<&str> = claims.filter_map(|claim| claim["of"].as_str()).collect();
    assert!(
        kept.iter().all(|of| slowfire(&["run", of]).err.is_empty()),
        "{kept:?}"
    );
}

#[test]
fn a_hunt_of_one_seed_shows_the_weather_that_was_drawn() {
    let done = slowfire(&[
        "hunt",
        "double-charge",
        "--weather",
        "claimed",
        "--seeds",
        "3..4",
    ]);
    assert_eq!(done.code, 0);
    assert!(
        done.out.contains("#/double-charge?rev=2&seed=3"),
        "{}",
        done.out
    );
    assert!(done.out.contains(", 1 seed in "), "{}", done.out);
}

/// What is not safe need not hold in the weather, so its link alone would seem to break what holds.
#[test]
fn a_run_that_holds_says_from_when_on_it_is_judged() {
    let hunt = [
        "hunt",
        "timeout-tuning",
        "--weather",
        "claimed",
        "--seeds",
        "3..4",
    ];
    let told = slowfire(&hunt).out;
    assert!(told.contains("  judged from "), "{told}");
    let found = json(&[&hunt[..], &["--json"]].concat());
    let claim = &found["claims"][0];
    assert!(
        claim["judged_from_ms"]
            .as_f64()
            .is_some_and(|from| from > 1000.0),
        "{claim}"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn an_interrupted_hunt_that_found_nothing_is_undecided() {
    for hunt in [
        &["hunt", "double-charge", "--on", "idempotency-key"][..],
        &["hunt", "double-charge", "--weather", "claimed"],
    ] {
        let done = interrupted(&[hunt, &["--seeds", "0..4000000000"]].concat());
        assert!(done.out.contains("Interrupted"), "{}", done.out);
        assert_eq!(done.code, 3, "{}", done.out);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn an_interrupt_is_heard_after_the_run_that_is_under_way() {
    // A run of these takes so long that a block of them would take minutes.
    let link = "#/stale-read?latency=0s&jitter=0s&loss=0&r=2&w=2&pause=1ms";
    let seeds = ["--seeds", "0..1000", "--jobs", "1", "--json"];
    let done = interrupted(&[&["hunt", link][..], &seeds].concat());
    let found: Value = serde_json::from_str(&done.out).expect("it is JSON");
    assert_eq!(found["interrupted"], true);
    assert!(
        found["runs"].as_u64().is_some_and(|runs| runs <= 1),
        "{found}"
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

const HUNT: [&str; 5] = [
    "hunt",
    "double-charge",
    "--seeds",
    "0..301",
    "--on=idempotency-key",
];

/// A file in the folder of a test's files, which is not there yet.
fn no_file(name: &str) -> File {
    let file = File::new(name, "");
    std::fs::remove_file(&file.0).expect("it was there");
    file
}

/// The reports of a hunt's shards, each in a file.
fn shards(of: &[&str], count: usize, name: &str) -> Vec<File> {
    let one = |place: usize| {
        let file = no_file(&format!("{name}-{place}.json"));
        let shard = format!("{place}/{count}");
        let done = slowfire(&[of, &["--shard", &shard, "-o", file.path()]].concat());
        assert_eq!((done.code, done.out.as_str()), (0, ""), "{}", done.err);
        file
    };
    (1..=count).map(one).collect()
}

#[test]
fn shards_add_up_to_what_one_machine_would_have_written() {
    for (name, hunt) in [("firm", &HUNT[..]), ("weak", &HUNT[..4])] {
        let whole = no_file(&format!("{name}-whole.json"));
        let one = slowfire(&[hunt, &["-o", whole.path()]].concat());
        let mut parts = shards(hunt, 3, name);
        parts.reverse();
        let sum = no_file(&format!("{name}-sum.json"));
        let files: Vec<&str> = parts.iter().map(File::path).collect();
        let merged = slowfire(&[&["merge", "-o", sum.path()], &files[..]].concat());
        assert_eq!(merged.code, one.code, "{}", merged.err);
        assert_eq!(sum.read(), whole.read());
        let as_json = slowfire(&[&["merge", "--json"], &files[..]].concat());
        assert_eq!(as_json.out, whole.read());
        let shard = slowfire(&[hunt, &["--shard", "1/1"]].concat());
        assert_eq!((shard.code, shard.out), (0, whole.read()));
        let last = |text: &str| text.lines().skip(1).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(last(&merged.out), last(&one.out));
    }
}

#[test]
fn a_report_that_is_there_twice_counts_once_and_one_that_is_missing_is_told() {
    let parts = shards(&HUNT, 3, "retried");
    let [a, b, c] = [&parts[0], &parts[1], &parts[2]].map(File::path);
    let all = slowfire(&["merge", "--json", a, b, c]);
    let retried = slowfire(&["merge", "--json", a, b, c, b]);
    assert_eq!((retried.code, &retried.out), (all.code, &all.out));
    assert!(retried.err.contains("they count once"), "{}", retried.err);
    let missing = slowfire(&["merge", a, c]);
    assert_eq!(missing.code, 3);
    assert!(
        missing.err.contains("the seeds 100..200 are in no report"),
        "{}",
        missing.err
    );
}

#[test]
fn reports_that_do_not_add_up_are_refused_with_what_is_wrong() {
    let parts = shards(&HUNT, 2, "wrong");
    let others = shards(&[&HUNT[..4], &["--off=retry"]].concat(), 2, "other");
    let halves = shards(&HUNT, 3, "third");
    let [a, b] = [&parts[0], &parts[1]].map(File::path);
    let text = parts[0].read();
    let changed = |from: &str, to: &str, name: &str| {
        assert!(text.contains(from), "{text}");
        File::new(name, &text.replace(from, to))
    };
    let counts = changed("\"violated\": {", "\"violate\": {", "counts.json");
    let seeds = changed("\"ran\": [", "\"ran\": [[7,4],", "seeds.json");
    let sources = changed("+", "+0", "sources.json");
    let version = changed("\"slowfire\": \"", "\"slowfire\": \"9", "version.json");
    let many = changed("\"exactly-once\": 0", "\"exactly-once\": 900", "many.json");
    let violated = changed(
        "\"first\": null",
        "\"first\": { \"seed\": 3, \"check\": \"exactly-once\", \"at\": \"1s\" }",
        "violated.json",
    );
    let outside = changed(
        "\"first\": null",
        "\"first\": { \"seed\": 290, \"check\": \"exactly-once\", \"at\": \"1s\" }",
        "outside.json",
    );
    for (files, said) in [
        (vec![a, others[1].path()], "link is"),
        (
            vec![a, b, halves[1].path()],
            "has the seeds 100..200, as others do",
        ),
        (
            vec![counts.path(), b],
            "violated: exactly-once must be a whole number",
        ),
        (vec![seeds.path(), b], "ran: must be two whole numbers"),
        (vec![version.path(), b], "and may run other runs"),
        (vec![sources.path(), b], "and may run other runs"),
        (vec![many.path(), b], "in more runs than there are"),
        (
            vec![violated.path(), b],
            "first has a check that is violated in no run",
        ),
        (
            vec![outside.path(), b],
            "first has a seed that is not in ran",
        ),
        (
            vec!["Cargo.toml"],
            "Cargo.toml is no report that can be added up",
        ),
        (vec!["no-such-file.json"], "cannot open no-such-file.json"),
    ] {
        let done = slowfire(&[&["merge"], &files[..]].concat());
        assert_eq!(done.code, 2, "{files:?}");
        assert!(done.err.contains(said), "{}", done.err);
    }
}

#[test]
fn a_hunt_goes_on_where_it_was_stopped_even_within_a_line() {
    let log = no_file("resumed.log");
    let hunt = |more: &[&str]| slowfire(&[&HUNT[..], &["--shard", "1/1"], more].concat());
    let whole = hunt(&["--jobs", "1", "--resume", log.path()]).out;
    assert_eq!(whole, hunt(&[]).out);
    let written = log.read();
    assert!(written.lines().count() > 5, "{written}");
    let resumed = json(&[&HUNT[..], &["--resume", log.path(), "--json"]].concat());
    assert_eq!(resumed["resumed"], resumed["runs"]);
    let told = slowfire(&[&HUNT[..], &["--resume", log.path()]].concat()).out;
    assert!(
        told.contains("0 of them now") && told.contains(" 0 per second"),
        "{told}"
    );
    // Stopped anywhere: after a line, within one, within the first.
    for kept in [
        0,
        9,
        written.len() / 3,
        written.len() / 2,
        written.len() - 1,
        written.len(),
    ] {
        std::fs::write(&log.0, &written[..kept]).expect("it can be written");
        assert_eq!(
            hunt(&["--jobs", "2", "--resume", log.path()]).out,
            whole,
            "{kept}"
        );
        let done = log.read().lines().count();
        assert_eq!(hunt(&["--resume", log.path()]).out, whole);
        assert_eq!(log.read().lines().count(), done, "nothing is run again");
    }
}

#[test]
fn what_was_done_of_another_hunt_is_refused() {
    let log = no_file("another.log");
    let hunt = |more: &[&str]| {
        slowfire(&[&["hunt", "double-charge", "--resume", log.path()], more].concat())
    };
    assert_eq!(hunt(&["--seeds", "0..50"]).code, 1);
    for (more, said) in [
        (
            &["--seeds", "0..60"][..],
            "seeds is [0,50], and here [0,60]",
        ),
        (&["--seeds", "0..50", "--off=retry"], "link is"),
        (&["--seeds", "0..50", "--until", "5s"], "until is null"),
        (
            &["--seeds", "0..50", "--shard", "2/2"],
            "is of another shard",
        ),
    ] {
        let done = hunt(more);
        assert_eq!(done.code, 2, "{more:?}");
        assert!(done.err.contains(said), "{}", done.err);
    }
    let broken = log.read().replacen("\"ran\"", "\"run\"", 1);
    std::fs::write(&log.0, broken).expect("it can be written");
    let done = hunt(&["--seeds", "0..50"]);
    assert!(
        done.err.contains("line 2: ran must be a list"),
        "{}",
        done.err
    );
}

#[test]
fn a_file_that_is_no_hunt_s_stays_as_it_is() {
    for text in ["precious, and without a line end", "precious\n", "{"] {
        let file = File::new("precious.txt", text);
        let done = slowfire(&[&HUNT[..], &["--resume", file.path()]].concat());
        let is_begun = text == "{";
        assert_eq!(done.code == 2, !is_begun, "{text}: {}", done.err);
        assert_eq!(file.read() == text, !is_begun, "{text}");
    }
}

#[test]
fn two_hunts_do_not_write_to_one_file() {
    let log = no_file("taken.log");
    let taken = std::fs::File::create(&log.0).expect("it can be written");
    taken.lock().expect("nobody else has it");
    let hunt = || slowfire(&[&HUNT[..], &["--resume", log.path()]].concat());
    let done = hunt();
    assert_eq!(done.code, 2);
    assert!(done.err.contains("is in use"), "{}", done.err);
    drop(taken);
    assert_eq!(hunt().code, 0);
}

#[test]
fn a_report_on_stdout_is_all_of_stdout() {
    let file = no_file("on-stdout.json");
    let hunt = slowfire(&[&HUNT[..], &["-o", file.path()]].concat());
    let on_stdout = slowfire(&[&HUNT[..], &["-o", "-"]].concat());
    assert_eq!((on_stdout.code, on_stdout.out), (hunt.code, file.read()));
    let shard = slowfire(&[&HUNT[..], &["--shard", "1/1", "-o", "-"]].concat());
    assert_eq!((shard.code, shard.out), (0, file.read()));
    let merged = slowfire(&["merge", file.path(), "-o", "-"]);
    assert_eq!((merged.code, merged.out), (hunt.code, file.read()));
}

#[test]
fn a_line_of_what_was_done_does_not_repeat_the_link() {
    let log = no_file("short.log");
    let done = slowfire(&[&HUNT[..4], &["--resume", log.path()]].concat());
    assert_eq!(done.code, 1, "{}", done.err);
    assert_eq!(log.read().matches("#/double-charge").count(), 1);
}

/// A hunt in drawn weather.
fn drawn(more: &[&str]) -> Value {
    let hunt = [
        &["hunt", "double-charge", "--on=idempotency-key", "--json"][..],
        more,
    ];
    json(&hunt.concat())
}

#[test]
fn any_weather_breaks_what_holds_and_each_run_is_a_link() {
    let seeds = ["--seeds", "0..300"];
    assert_eq!(drawn(&seeds)["failed"], 0);
    let found = drawn(&[&seeds[..], &["--weather", "any"]].concat());
    assert!(found["failed"].as_u64() > Some(0), "{found}");
    let first = &found["first"];
    let link = first["link"].as_str().expect("a link");
    let run = json(&["run", link, "--json"]);
    let of_check = |verdict: &&Value| verdict["check"] == first["check"];
    let verdicts = run["verdicts"].as_array().expect("it is a list");
    let verdict = verdicts.iter().find(of_check).expect("it is judged");
    assert_eq!(
        (&verdict["verdict"], &verdict["at_ms"]),
        (&Value::from("violated"), &first["at_ms"])
    );
}

#[test]
fn a_file_names_the_weather() {
    let weather = |text: &str, name: &str| File::new(name, text);
    let kinds = "except = [\"crash\", \"pause\", \"limp\", \"cut\", \"delay\"]";
    let calm = weather(kinds, "calm.toml");
    let crashes = weather("crash = \"2s\"", "crashes.toml");
    let seeds = ["--seeds", "0..300"];
    let hunt = |file: &File| drawn(&[&seeds[..], &["--weather", file.path()]].concat());
    assert_eq!(hunt(&calm)["failed"], 0, "the key holds without crashes");
    assert!(hunt(&crashes)["failed"].as_u64() > Some(0));
    let wrong = weather("los = 0.3", "wrong-weather.toml");
    let done = slowfire(&["hunt", "double-charge", "--weather", wrong.path()]);
    assert_eq!(done.code, 2);
    assert!(done.err.contains("did you mean \"loss\"?"), "{}", done.err);
}

#[test]
fn shards_in_drawn_weather_add_up_and_are_of_that_weather() {
    let hunt = [&HUNT[..], &["--weather", "any"]].concat();
    let whole = slowfire(&[&hunt[..], &["--shard", "1/1"]].concat()).out;
    let parts = shards(&hunt, 2, "stormy");
    let [a, b] = [&parts[0], &parts[1]].map(File::path);
    assert_eq!(slowfire(&["merge", "--json", a, b]).out, whole);
    let calm = shards(&HUNT, 2, "no-storm");
    let done = slowfire(&["merge", a, calm[1].path()]);
    assert_eq!(done.code, 2);
    assert!(done.err.contains("weather is null"), "{}", done.err);
    let claimed = slowfire(&[
        "hunt",
        "double-charge",
        "--weather",
        "claimed",
        "--shard",
        "1/2",
    ]);
    assert_eq!(claimed.code, 2);
    assert!(claimed.err.contains("has no --shard"), "{}", claimed.err);
}
