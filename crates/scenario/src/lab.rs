//! Labs: a scenario with a lesson. Each is a file in `labs/`, named after the lab.

use std::sync::OnceLock;

use serde_json::Value;

use crate::document::fields::Problems;
use crate::document::{Fields, Problem, Scenario};
use crate::knob::Knob;
use crate::quantity::Range;

/// A lab.
#[derive(Clone, Debug)]
pub struct Lab {
    /// Its name in links: the name of its file.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The chapter that it belongs to.
    pub chapter: String,
    /// The question that it answers.
    pub question: String,
    /// What is to be seen, in a few sentences.
    pub summary: String,
    /// Virtual seconds a real second, at first.
    pub speed: f64,
    /// The names of the knobs that the page shows; a name without its node stands for every node's.
    pub sliders: Vec<String>,
    /// What runs.
    pub scenario: Scenario,
    /// What it claims.
    pub expectations: Vec<Expectation>,
}

/// A claim: what a check says in how many seeds, with which defences.
#[derive(Clone, Debug, PartialEq)]
pub struct Expectation {
    /// The defences that are on; all others are off.
    pub on: Vec<String>,
    /// The check's name.
    pub check: String,
    /// What it says.
    pub verdict: Expected,
}

/// What a check is expected to say.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Expected {
    /// It is never violated.
    Holds,
    /// It is violated in at least this share of all seeds.
    Violated(f64),
    /// It is violated in at most this share of all seeds.
    Rare(f64),
}

/// All labs, in the order of their names.
pub fn labs() -> &'static [Lab] {
    static LABS: OnceLock<Vec<Lab>> = OnceLock::new();
    LABS.get_or_init(|| {
        let text = include_str!(concat!(env!("OUT_DIR"), "/labs.json"));
        let values: Vec<Value> = serde_json::from_str(text).unwrap_or_default();
        values
            .iter()
            .filter_map(|value| Lab::from_value(value).ok())
            .collect()
    })
}

/// The lab of this name.
pub fn find(id: &str) -> Option<&'static Lab> {
    labs().iter().find(|lab| lab.id == id)
}

impl Lab {
    /// Reads a lab from a JSON value.
    pub fn from_value(value: &Value) -> Result<Lab, Vec<Problem>> {
        let problems = Problems::default();
        let lab = read(Fields::new("", value, &problems));
        let mut problems = problems.into_vec();
        match lab {
            Ok(lab) if problems.is_empty() => Ok(lab),
            Ok(_) => Err(problems),
            Err(more) => {
                problems.extend(more);
                Err(problems)
            }
        }
    }

    /// The knobs that the page shows, in order.
    pub fn knobs(&self, scenario: &Scenario) -> Vec<Knob> {
        let is_shown = |key: &str| {
            let family = key.split('.').next().unwrap_or(key);
            self.sliders
                .iter()
                .any(|slider| slider == key || slider == family)
        };
        Knob::all(scenario)
            .into_iter()
            .filter(|knob| is_shown(&knob.key(scenario)))
            .collect()
    }
}

fn read(mut fields: Fields<'_>) -> Result<Lab, Vec<Problem>> {
    let scenario = match fields.value("scenario") {
        Some(value) => Scenario::from_value(value),
        None => Err(vec![Problem::new("scenario", "is missing")]),
    };
    let expectations = fields.list("expectations", 32);
    let expectations = expectations
        .into_iter()
        .map(|(path, value)| expectation(Fields::new(path, value, fields.problems())));
    let expectations = expectations.collect();
    let lab = |scenario| Lab {
        id: fields.text("id", 40, ""),
        title: fields.text("title", 80, ""),
        chapter: fields.text("chapter", 40, ""),
        question: fields.text("question", 200, ""),
        summary: fields.text("summary", 1000, ""),
        speed: fields.quantity("speed", Range::number(0.001, 1000.0), 1.0),
        sliders: fields.texts("sliders", 32, 60),
        scenario,
        expectations,
    };
    let lab = scenario.map(lab);
    fields.finish();
    lab
}

fn expectation(mut fields: Fields<'_>) -> Expectation {
    let on = fields.texts("on", 32, 40);
    let check = fields.text("check", 40, "");
    let share = fields.quantity("share", Range::SHARE, 0.5);
    let verdicts = [
        ("holds", Expected::Holds),
        ("violated", Expected::Violated(share)),
        ("rare", Expected::Rare(share)),
    ];
    let verdict = fields.choice("verdict", &verdicts, Expected::Holds);
    fields.finish();
    Expectation { on, check, verdict }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_lab_that_is_carried_can_be_read() {
        let text = include_str!(concat!(env!("OUT_DIR"), "/labs.json"));
        let values: Vec<Value> = serde_json::from_str(text).unwrap();
        assert!(!values.is_empty());
        for value in &values {
            let problems = Lab::from_value(value).err().unwrap_or_default();
            assert_eq!(problems, [], "{}", value["id"]);
        }
    }
}
