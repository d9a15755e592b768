//! A run with what is expected of it: a document, or a link, with a list `expect`. A team keeps its protocol's bad schedules
//! so, and `slowfire test` runs them.

use std::path::Path;

use check::watch::State;
use scenario::document::words::nearest;
use scenario::document::{Fields, Problem, Problems};
use scenario::link::Link;
use scenario::quantity::Range;
use serde_json::{Value, json};
use sim::SimTime;

use crate::report::word;

/// A run with what is expected of it.
pub struct Regression {
    /// The run.
    pub link: Link,
    /// What is expected, one entry per check.
    pub expected: Vec<Expected>,
}

/// What is expected of a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    /// The check, by its place.
    pub check: usize,
    /// What it says at the end of the run.
    pub state: State,
    /// From which moment on it is violated, if that matters.
    pub at: Option<SimTime>,
}

/// The field of what is expected.
const EXPECT: &str = "expect";

/// The field of a run that is named by its link.
const LINK: &str = "link";

/// How many entries a list may have.
const MOST: usize = 100;

/// The run of a document that may say what is expected of it; nothing for any other document.
pub fn run_of(value: &Value) -> Option<Result<Link, Vec<Problem>>> {
    value.get(EXPECT)?;
    let mut rest = value.clone();
    rest.as_object_mut()?.remove(EXPECT);
    let link = match (rest.get(LINK), rest.as_object()?.len()) {
        (Some(link), 1) => named(link),
        _ => Link::from_value(&rest),
    };
    Some(link)
}

fn named(link: &Value) -> Result<Link, Vec<Problem>> {
    let text = link.as_str().unwrap_or_default();
    let (link, problems) = Link::read(text).map_err(|unread| unread.problems)?;
    match problems.is_empty() {
        true => Ok(link),
        false => Err(problems.into_iter().map(Problem::refused).collect()),
    }
}

impl Regression {
    /// Reads a document in which something is expected.
    pub fn read(value: &Value) -> Result<Regression, Vec<Problem>> {
        let missing = || {
            let what = "is missing: a list with entries such as \
                        { check = \"exactly-once\", verdict = \"violated\", at = \"2.4s\" }";
            vec![Problem::new(EXPECT, what)]
        };
        let link = run_of(value).ok_or_else(missing)??;
        let problems = Problems::default();
        let mut fields = Fields::new("", value, &problems);
        let entries = fields.objects(EXPECT, MOST).into_iter();
        let expected = entries.filter_map(|entry| expected(entry, &link)).collect();
        let problems = problems.into_vec();
        if !problems.is_empty() {
            return Err(problems);
        }
        let regression = Regression { link, expected };
        match regression.expected.is_empty() {
            true => Err(missing()),
            false => Ok(regression),
        }
    }
}

fn expected(mut fields: Fields<'_>, link: &Link) -> Option<Expected> {
    let scenario = &link.variant.scenario;
    let id = fields.text("check", 60, "");
    let check = scenario.checks.iter().position(|check| check.id == id);
    if check.is_none() {
        let near = nearest(&id, scenario.checks.iter().map(|check| check.id.as_str()));
        fields.complain(
            "check",
            format!("is \"{id}\", which the run does not have{near}"),
        );
    }
    let words = [State::Violated, State::Holds].map(|state| (word(state), state));
    let state = fields.choice("verdict", &words, State::Violated);
    let end = scenario.duration.as_nanos() as f64;
    let at = fields.optional_quantity("at", Range::duration(0.0, end));
    if at.is_some() && state == State::Holds {
        fields.complain("at", "is a moment, and what holds has none");
    }
    fields.finish();
    Some(Expected {
        check: check?,
        state,
        at: at.map(|nanos| SimTime::from_nanos(nanos as u64)),
    })
}

/// The document that says of a run that it violates a check at a moment.
pub fn of_violation(mut run: Value, check: &str, at: SimTime) -> Value {
    let expected = json!({"check": check, "verdict": "violated", "at": at.to_string()});
    run[EXPECT] = json!([expected]);
    run
}

/// A run that is named by its link.
pub fn by_link(link: &str) -> Value {
    json!({ LINK: link })
}

/// Whether a file may be a regression, by its name.
pub fn is_named_so(file: &Path) -> bool {
    let ending = file.extension().and_then(|ending| ending.to_str());
    matches!(ending, Some("toml" | "json"))
}
