//! Suites of runs that must do what they did.

use super::*;

/// A folder of files that are gone when the test ends.
fn suite(name: &str, files: &[(&str, &str)]) -> (Vec<File>, String) {
    let inside = |(file, text): &(&str, &str)| File::new(&format!("{name}/{file}"), text);
    let files: Vec<File> = files.iter().map(inside).collect();
    let folder = std::env::temp_dir().join(format!("slowfire-{}/{name}", std::process::id()));
    (
        files,
        folder
            .to_str()
            .expect("a temporary path is text")
            .to_owned(),
    )
}

const AS_EXPECTED: &str = r##"
link = "#/double-charge?rev=2&seed=3"
expect = [
    { check = "exactly-once", verdict = "violated" },
    { check = "money-conserved", verdict = "holds" },
]
"##;

#[test]
fn what_hunts_and_shrinks_write_passes_as_it_is() {
    let (files, folder) = suite(
        "written",
        &[("by-hand.toml", AS_EXPECTED), ("notes.txt", "no test")],
    );
    let beside = |name: &str| files[0].0.with_file_name(name);
    let [hunted, small] = ["hunted.json", "small.toml"].map(|name| File(beside(name)));
    let first = slowfire(&[
        "hunt",
        "double-charge",
        "--seeds",
        "3..9",
        "--test",
        hunted.path(),
    ]);
    assert_eq!(first.code, 1, "{}", first.err);
    let shrunk = slowfire(&["shrink", "double-charge", "--test", small.path()]);
    assert_eq!(shrunk.code, 1, "{}", shrunk.err);
    let done = slowfire(&["test", &folder]);
    assert_eq!((done.code, done.err.as_str()), (0, ""), "{}", done.out);
    assert!(
        done.out.contains("4 as expected, 0 not  in 3 files"),
        "{}",
        done.out
    );
    // Every other command takes such a file as its run.
    for file in [&hunted, &small] {
        assert_eq!(slowfire(&["run", file.path()]).code, 1);
        assert_eq!(slowfire(&["validate", file.path()]).code, 0);
    }
}

#[test]
fn what_is_not_as_expected_fails_with_the_link_of_its_run() {
    let late = r##"{ "link": "#/double-charge?rev=2&seed=3", "expect": [{ "check": "exactly-once", "verdict": "violated", "at": "59s" }] }"##;
    let holds = AS_EXPECTED.replace("verdict = \"violated\"", "verdict = \"holds\"");
    let (files, folder) = suite("failing", &[("a<b>.json", late), ("holds.toml", &holds)]);
    let junit = File(files[0].0.with_file_name("junit.xml"));
    let done = slowfire(&["test", &folder, "--junit", junit.path()]);
    assert_eq!(done.code, 1, "{}", done.out);
    assert!(
        done.out.contains("1 as expected, 2 not  in 2 files"),
        "{}",
        done.out
    );
    assert!(
        done.out
            .contains("expected violated at 59s, and it is violated at "),
        "{}",
        done.out
    );
    let written = junit.read();
    for said in [
        "tests=\"3\" failures=\"2\" errors=\"0\"",
        "a&lt;b&gt;.json\" name=\"exactly-once violated at 59s\">",
        "#/double-charge?rev=2&amp;seed=3</failure>",
        "name=\"money-conserved holds\"/>",
    ] {
        assert!(written.contains(said), "{said}: {written}");
    }
}

#[test]
fn a_file_that_cannot_be_used_says_which_field_is_wrong_and_the_others_are_run() {
    let with = |entry: &str| format!("link = \"#/double-charge\"\nexpect = [{entry}]");
    for (name, text, said) in [
        ("none", SMALL.to_owned(), "expect is missing"),
        ("empty", with(""), "expect is missing"),
        (
            "check",
            with("{ check = \"exactly-onc\" }"),
            "did you mean \"exactly-once\"?",
        ),
        (
            "verdict",
            with("{ check = \"exactly-once\", verdict = \"maybe\" }"),
            "verdict is \"maybe\"",
        ),
        (
            "late",
            with("{ check = \"exactly-once\", at = \"61s\" }"),
            "from 0s to 60s",
        ),
        (
            "never",
            with("{ check = \"exactly-once\", verdict = \"holds\", at = \"1s\" }"),
            "what holds has none",
        ),
        (
            "field",
            with("{ check = \"exactly-once\", until = \"1s\" }"),
            "until",
        ),
        (
            "link",
            "link = \"#/double-chrage\"\nexpect = []".to_owned(),
            "did you mean \"double-charge\"?",
        ),
        ("toml", "expect = [".to_owned(), "is not TOML"),
    ] {
        let (_files, folder) = suite(name, &[("good.toml", AS_EXPECTED), ("wrong.toml", &text)]);
        let done = slowfire(&["test", &folder]);
        assert_eq!(done.code, 2, "{name}: {}", done.out);
        assert!(done.out.contains(said), "{name}: {}", done.out);
        assert!(
            done.out
                .contains("2 as expected, 0 not, 1 file cannot be used"),
            "{}",
            done.out
        );
    }
    let (_files, folder) = suite("no-file", &[("notes.txt", "")]);
    let done = slowfire(&["test", &folder]);
    assert_eq!(done.code, 2);
    assert!(
        done.err.contains("there is no .toml or .json file in"),
        "{}",
        done.err
    );
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_back_is_not_followed_again() {
    let (files, folder) = suite("linked", &[("one.toml", AS_EXPECTED)]);
    let link = files[0].0.with_file_name("back");
    std::os::unix::fs::symlink(&folder, &link).expect("a link can be made");
    let _link = File(link);
    let done = slowfire(&["test", &folder]);
    assert_eq!(done.code, 0, "{}", done.err);
    let said = "2 as expected, 0 not  in 1 file\n";
    assert!(done.out.contains(said), "{}", done.out);
}

/// Where a run may not differ from what was meant, nothing is left out of it.
#[test]
fn a_file_whose_link_is_mistyped_is_refused_and_nothing_is_left_out() {
    let text = AS_EXPECTED.replace("seed=3", "seed=3&lateny=1s");
    let (_files, folder) = suite("mistyped", &[("mistyped.toml", &text)]);
    let done = slowfire(&["test", &folder]);
    assert_eq!(done.code, 2, "{}{}", done.out, done.err);
    let told = done.out + &done.err;
    let said = "lateny is not known in this lab; did you mean \"latency\"?";
    assert!(told.contains(said), "{told}");
    assert!(!told.contains("left out"), "{told}");
}
