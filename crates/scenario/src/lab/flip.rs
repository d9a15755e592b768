//! What a lab says once a defence was flipped: one sentence, for what the run then does.

use sim::sorted::Set;

use super::parts::{place, prose};
use crate::document::Fields;
use crate::document::read::defences;
use crate::model::Scenario;

/// Why some defences help, or do not.
#[derive(Clone, Debug, PartialEq)]
pub struct Flip {
    /// The defences that are on; all others are off. A lab need not name those that it has no switch for: they are as in
    /// its scenario.
    pub on: Set<&'static str>,
    /// The check that it is about, by its place in the scenario; all of them if none is named.
    pub check: Option<usize>,
    /// What is said of a run in which the check holds. May be empty.
    pub helps: String,
    /// What is said of a run in which it is violated. May be empty.
    pub fails: String,
}

/// How long a sentence may be: it has two lines on the page.
const LONGEST: usize = 120;

/// Reads what is said of some defences, in a lab with these switches.
pub(super) fn flip(mut fields: Fields<'_>, scenario: &Scenario, switches: &[&'static str]) -> Flip {
    let checks = scenario.checks.iter().map(|check| check.id.as_str());
    let fixed = scenario.defences.iter().copied();
    let fixed = fixed.filter(|id| !switches.contains(id));
    let named = defences(&mut fields, "on", Some(scenario.protocol));
    let flip = Flip {
        on: named.into_iter().chain(fixed).collect(),
        check: place(&mut fields, "check", checks),
        helps: prose(&mut fields, "helps", LONGEST),
        fails: prose(&mut fields, "fails", LONGEST),
    };
    if flip.helps.is_empty() && flip.fails.is_empty() {
        fields.complain("helps", "is missing, and so is `fails`");
    }
    fields.finish();
    flip
}
