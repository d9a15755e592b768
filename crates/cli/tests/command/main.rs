//! The command as a user, or a script, meets it: its contracts, its exit codes, its sentences.
//!
//! - `explorations`: every order of what can happen
//! - `guide`: the run that CONTRIBUTING debugs
//! - `histories`: checking histories of other people
//! - `hunts`: searching seeds for a violation
//! - `links`: links, documents, and what is said of wrong ones
//! - `manners`: exit codes, colours, completions and help
//! - `regressions`: suites of runs that must do what they did
//! - `runs`: runs, traces, pictures and the list of labs
//! - `shrinks`: a failing run made small

mod explorations;
mod guide;
mod histories;
mod hunts;
mod links;
mod manners;
mod regressions;
mod runs;
mod shrinks;

use std::io::Write;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

/// What the command did.
struct Done {
    code: i32,
    out: String,
    err: String,
}

impl Done {
    /// Waits for the command's end.
    fn by(child: Child) -> Done {
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
    Done::by(child)
}

fn slowfire(arguments: &[&str]) -> Done {
    slowfire_with(arguments, "")
}

/// Interrupts the command once it listens for that, which the kernel tells.
#[cfg(target_os = "linux")]
fn interrupted(arguments: &[&str]) -> Done {
    const CAUGHT: &str = "SigCgt:";
    let child = Command::new(env!("CARGO_BIN_EXE_slowfire"))
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command was built");
    let listens = || {
        let status = std::fs::read_to_string(format!("/proc/{}/status", child.id()));
        let status = status.expect("it runs");
        let caught = status.lines().find_map(|line| line.strip_prefix(CAUGHT));
        let caught = caught.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
        // The bit of signal 2, the interrupt.
        caught.is_some_and(|mask| mask & 0b10 != 0)
    };
    while !listens() {
        std::thread::yield_now();
    }
    let sent = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(sent.expect("there is `kill`").success());
    Done::by(child)
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
