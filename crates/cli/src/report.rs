//! What is common to all output: colours on a terminal alone, exit codes, JSON.

use std::fmt::Display;
use std::io::{self, Write};
use std::process::ExitCode;

use anstyle::{AnsiColor, Style};
use anyhow::Context;
use check::watch::State;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use scenario::document::Problem;
use scenario::run::ExplainedVerdict;
use serde_json::Value;

/// How a command has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// All checks hold, or nothing was checked.
    Well,
    /// A check is violated.
    Violated,
    /// The input is wrong.
    BadInput,
    /// No check is violated, and one is undecided.
    Undecided,
}

impl From<Ending> for ExitCode {
    fn from(ending: Ending) -> ExitCode {
        ExitCode::from(match ending {
            Ending::Well => 0,
            Ending::Violated => 1,
            Ending::BadInput => 2,
            Ending::Undecided => 3,
        })
    }
}

impl Ending {
    /// The worst of what the checks say.
    pub fn of(verdicts: &[ExplainedVerdict<'_>]) -> Ending {
        let any = |state| verdicts.iter().any(|verdict| verdict.state == state);
        if any(State::Violated) {
            Ending::Violated
        } else if any(State::Undecided) {
            Ending::Undecided
        } else {
            Ending::Well
        }
    }
}

/// The word for a state, in JSON.
pub fn word(state: State) -> &'static str {
    match state {
        State::Holds => "holds",
        State::Violated => "violated",
        State::Undecided => "undecided",
    }
}

/// A sign for a state: its shape tells the state, and a colour repeats it.
pub fn sign(state: State) -> String {
    match state {
        State::Holds => painted("✓ holds    ", AnsiColor::Green),
        State::Violated => painted("✗ violated ", AnsiColor::Red),
        State::Undecided => painted("? undecided", AnsiColor::Yellow),
    }
}

/// A sign for a history of which the answer is not known.
pub fn unknown() -> String {
    painted("? unknown  ", AnsiColor::Yellow)
}

fn painted(text: &str, colour: AnsiColor) -> String {
    let style = Style::new().bold().fg_color(Some(colour.into()));
    format!("{style}{text}{style:#}")
}

/// Text that is less important than the text around it.
pub fn faint(text: &str) -> String {
    let style = Style::new().dimmed();
    format!("{style}{text}{style:#}")
}

/// A heading.
pub fn bold(text: &str) -> String {
    let style = Style::new().bold();
    format!("{style}{text}{style:#}")
}

/// Writes text to stdout: without colours if stdout is not a terminal.
pub fn say(text: &str) -> anyhow::Result<()> {
    let mut out = anstream::stdout().lock();
    let said = writeln!(out, "{text}").and_then(|()| out.flush());
    unless_left(said).context("cannot write to stdout")
}

/// A reader who has read enough and leaves is no fault, and changes nothing about how the command ends.
pub fn unless_left(written: io::Result<()>) -> io::Result<()> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

/// Writes JSON to stdout, readable for people as well as machines.
pub fn say_json(value: &Value) -> anyhow::Result<()> {
    say(&format!("{value:#}"))
}

/// A line on stderr for how far a search has come, if that is a terminal.
pub fn progress() -> ProgressBar {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    match ProgressStyle::with_template("{spinner} {msg}") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

/// So many of something: *1 seed*, *2 seeds*.
pub fn counted(count: u64, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {what}{plural}")
}

/// A number as JSON: without a point where it is whole.
pub fn number(number: f64) -> Value {
    // Whole numbers up to 2^53 are exact in both forms.
    if number.fract() == 0.0 && number.abs() < 9e15 {
        Value::from(number as i64)
    } else {
        Value::from(number)
    }
}

/// Writes what went wrong to stderr.
pub fn complain(error: &anyhow::Error) {
    let error_word = painted("error:", AnsiColor::Red);
    anstream::eprintln!("{error_word} {error:#}");
}

/// Writes to stderr what is no error, and yet worth knowing: what was left out, what may differ.
pub fn warn(sentence: impl Display) {
    let word = painted("warning:", AnsiColor::Yellow);
    anstream::eprintln!("{word} {sentence}");
}

/// Writes to stderr what a reader of the answer should know.
pub fn note(sentence: &str) {
    let word = painted("note:", AnsiColor::Cyan);
    anstream::eprintln!("{word} {sentence}");
}

/// Everything that is wrong with an input, one line each.
pub fn problems(of: &str, problems: &[Problem]) -> anyhow::Error {
    let lines: Vec<String> = problems
        .iter()
        .map(|problem| format!("  {problem}"))
        .collect();
    anyhow::anyhow!("{of} cannot be used:\n{}", lines.join("\n"))
}
