//! Where a lab's promises end: what it does not save its readers from, with a run that shows it.

use check::watch::State;

use super::parts::{place, prose, query};
use super::story::{Step, step};
use crate::document::Fields;
use crate::model::Scenario;
use crate::terms::words::word;
use crate::variant::Variant;
use crate::weather::{Fault, excepted};

/// Something that a lab's defences do not withstand.
#[derive(Clone, Debug, PartialEq)]
pub struct Limit {
    /// What, in the safe subset of Markdown.
    pub text: String,
    /// The query of a link that shows it.
    pub link: String,
    /// The kinds of faults that go too far.
    pub beyond: Vec<Fault>,
    /// The check that shows it, by its place in the scenario.
    pub check: usize,
    /// What the check says at the end: that it is violated, or undecided.
    pub verdict: State,
    /// The story that is told instead of the lab's, as of a thing to try. May be empty.
    pub story: Vec<Step>,
}

const VERDICTS: [(&str, State); 2] = [
    ("violated", State::Violated),
    ("undecided", State::Undecided),
];

impl Limit {
    /// The word for what the check says.
    pub fn word(&self) -> &'static str {
        word(&VERDICTS, self.verdict)
    }

    /// The scenario that shows it, given the lab's.
    pub fn variant(&self, scenario: &Scenario) -> Variant {
        let mut variant = Variant::of(scenario.clone());
        variant.apply(&self.link);
        variant
    }
}

/// Reads a limit; nothing if it names no check.
pub(super) fn limit(mut fields: Fields<'_>, scenario: &Scenario) -> Option<Limit> {
    let checks = scenario.checks.iter().map(|check| check.id.as_str());
    let check = place(&mut fields, "check", checks);
    let text = prose(&mut fields, "text", 500);
    let link = query(&mut fields, scenario);
    let beyond = excepted(&mut fields, "beyond");
    let verdict = fields.choice("verdict", &VERDICTS, State::Violated);
    let steps = fields.objects("story", 12).into_iter();
    let story = steps.map(|entry| step(entry, scenario)).collect();
    if check.is_none() {
        fields.complain("check", "must name a check of the scenario");
    }
    if text.is_empty() {
        fields.complain("text", "is missing");
    }
    fields.finish();
    check.map(|check| Limit {
        text,
        link,
        beyond,
        check,
        verdict,
        story,
    })
}
