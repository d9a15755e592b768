//! What differs between a run and the one beside it: a defence, or something that is done.

use crate::deed::Timed;
use crate::model::{Scenario, restored, without};
use crate::terms::words::defence;

/// What is flipped in the run beside a run.
#[derive(Clone, Debug, PartialEq)]
pub enum Twin {
    /// A defence is on where it is off, and off where it is on.
    Defence(&'static str),
    /// Something is not done where it is done, and done where it is not.
    Deed(Timed),
}

impl Twin {
    /// Reads `idempotency-key` or `crash:bank@2.4s`, or says what is wrong with it.
    ///
    /// # Errors
    ///
    /// When it is neither a defence of the scenario's protocol nor a deed.
    pub fn parse(text: &str, scenario: &Scenario) -> Result<Twin, String> {
        if text.contains('@') {
            return Timed::parse(text, scenario).map(Twin::Deed);
        }
        let id = defence(scenario.protocol, text).map_err(|what| format!("names {what}"))?;
        Ok(Twin::Defence(id))
    }

    /// Writes it so that [`Twin::parse`] reads it back.
    pub fn format(&self, scenario: &Scenario) -> String {
        match self {
            Twin::Defence(id) => (*id).to_owned(),
            Twin::Deed(timed) => timed.format(scenario),
        }
    }

    /// Whether a run has it: the defence is on, or the deed is done.
    pub fn is_in(&self, scenario: &Scenario, deeds: &[Timed]) -> bool {
        match self {
            Twin::Defence(id) => scenario.defences.contains(id),
            Twin::Deed(timed) => scenario.plan.iter().chain(deeds).any(|done| done == timed),
        }
    }

    /// Flips it in what a run is built from. `lab` is what its lab has, which may have been left out.
    pub fn flip(&self, scenario: &mut Scenario, deeds: &mut Vec<Timed>, lab: &Scenario) {
        match self {
            Twin::Defence(id) => {
                if !scenario.defences.remove(id) {
                    scenario.defences.insert(id);
                }
            }
            Twin::Deed(timed) => {
                if let Some(left) = without(deeds, timed) {
                    *deeds = left;
                } else if let Some(left) = without(&scenario.plan, timed) {
                    scenario.plan = left;
                } else if let Some(whole) = restored(&lab.plan, &scenario.plan, timed) {
                    scenario.plan = whole;
                } else {
                    let after = deeds.partition_point(|done| done.at <= timed.at);
                    deeds.insert(after, timed.clone());
                }
            }
        }
    }
}
