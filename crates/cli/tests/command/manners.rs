//! Exit codes, colours, completions and help.

use super::*;

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
        (vec!["hunt", "double-charge", "--shard", "3/2"], 2),
        (vec!["merge"], 2),
        (vec!["shrink", "double-charge"], 1),
        (vec!["shrink", "double-charge", "--check", "nonsense"], 2),
        (
            vec!["shrink", "double-charge", "--on", "idempotency-key"],
            2,
        ),
        (vec!["test", "no-such-folder"], 2),
        (vec!["labs"], 0),
        (vec!["--help"], 0),
        (vec!["nonsense"], 2),
    ] {
        assert_eq!(slowfire(&arguments).code, code, "{arguments:?}");
    }
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
fn a_reader_who_leaves_changes_no_exit_code() {
    for (arguments, code) in [
        (&["run", "double-charge"][..], 1),
        (&["run", "double-charge", "--json"], 1),
        (&["run", "double-charge", "--trace", "-"], 1),
        (&["hunt", "double-charge", "--seeds", "0..50"], 1),
        (&["labs"], 0),
    ] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_slowfire"))
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the command was built");
        drop(child.stdout.take());
        let ended = child.wait().expect("it ends");
        assert_eq!(ended.code(), Some(code), "{arguments:?}");
    }
}

#[test]
fn a_folder_in_place_of_a_file_is_named() {
    let folder = std::env::temp_dir();
    let folder = folder.to_str().expect("a temporary path is text");
    for arguments in [
        &["run", folder][..],
        &["hunt", folder],
        &["validate", folder],
        &["show", folder],
        &["link", folder],
        &["check", folder, "--model", "register"],
        &["run", "double-charge", "--trace", folder],
        &["render", "double-charge", "-o", folder],
    ] {
        let done = slowfire(arguments);
        let said = format!("{}{}", done.out, done.err);
        assert_eq!(done.code, 2, "{arguments:?}: {said}");
        assert!(said.contains(folder), "{arguments:?}: {said}");
    }
}

#[test]
fn nothing_is_coloured_where_nobody_looks() {
    for arguments in [
        &["labs"][..],
        &["run", "double-charge"],
        &["hunt", "double-charge"],
        &["shrink", "double-charge"],
    ] {
        let done = slowfire(arguments);
        assert!(!done.out.contains('\u{1b}') && !done.err.contains('\u{1b}'));
    }
}

#[test]
fn a_title_that_asks_is_listed_without_a_full_stop() {
    let listed = slowfire(&["labs"]).out;
    assert!(
        listed.contains("  Did it fail? No answer came."),
        "{listed}"
    );
    assert!(listed.contains("  Charged twice. The receipt"), "{listed}");
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
        "merge",
        "shrink",
        "test",
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

#[test]
fn help_lists_the_deeds_and_its_links_run_without_a_warning() {
    for command in ["run", "hunt", "shrink", "render", "show"] {
        let help = slowfire(&[command, "--help"]).out;
        let links = help.split('\'').filter(|part| part.starts_with("#/"));
        for link in links {
            let shown = slowfire(&["show", link]);
            assert_eq!((shown.code, shown.err.as_str()), (0, ""), "{link}");
        }
        assert!(
            command == "show" || help.contains("strike.crash:bank=20s/2s"),
            "{help}"
        );
    }
}
