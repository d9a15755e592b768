//! What differs between a run and the one beside it: a defence, a setting, or something that is done.

use crate::deed::Timed;
use crate::knob::Knob;
use crate::model::{Scenario, restored, without};
use crate::terms::quantity::shortened;
use crate::terms::words::defence;

/// What is flipped in the run beside a run.
#[derive(Clone, Debug, PartialEq)]
pub enum Twin {
    /// A defence is on where it is off, and off where it is on.
    Defence(&'static str),
    /// A knob stands there for the whole run; where it stands there already, as its lab has it.
    Setting(Knob, f64),
    /// Something is not done where it is done, and done where it is not.
    Deed(Timed),
}

impl Twin {
    /// Reads `idempotency-key`, `loss:0.1` or `crash:bank@2.4s`, or says what is wrong with it.
    ///
    /// # Errors
    ///
    /// When it is neither a defence of the scenario's protocol nor a knob with a value, nor a deed.
    pub fn parse(text: &str, scenario: &Scenario) -> Result<Twin, String> {
        if text.contains('@') {
            return Timed::parse(text, scenario).map(Twin::Deed);
        }
        if let Some((key, value)) = text.split_once(':') {
            let knob = Knob::parse(key, scenario);
            let knob = knob.ok_or_else(|| {
                format!(
                    "names \"{}\", which is not a knob of this lab",
                    shortened(key)
                )
            })?;
            let value = knob.range().parse(value);
            let value = value.map_err(|what| format!("is of {key}, which {what}"))?;
            return Ok(Twin::Setting(knob, value));
        }
        let id = defence(scenario.protocol, text).map_err(|what| format!("names {what}"))?;
        Ok(Twin::Defence(id))
    }

    /// Writes it so that [`Twin::parse`] reads it back.
    pub fn format(&self, scenario: &Scenario) -> String {
        match self {
            Twin::Defence(id) => (*id).to_owned(),
            Twin::Setting(knob, value) => {
                let value = knob.range().unit.format(*value);
                format!("{}:{value}", knob.key(scenario))
            }
            Twin::Deed(timed) => timed.format(scenario),
        }
    }

    /// Whether a run has it: the defence is on, the knob stands there, or the deed is done.
    pub fn is_in(&self, scenario: &Scenario, deeds: &[Timed]) -> bool {
        match self {
            Twin::Defence(id) => scenario.defences.contains(id),
            Twin::Setting(knob, value) => knob.value(scenario) == *value,
            Twin::Deed(timed) => scenario.plan.iter().chain(deeds).any(|done| done == timed),
        }
    }

    /// Flips it in what a run is built from. `lab` is what its lab has, which may have been left out. A knob that cannot be set so
    /// stays as it is.
    pub fn flip(&self, scenario: &mut Scenario, deeds: &mut Vec<Timed>, lab: &Scenario) {
        match self {
            Twin::Defence(id) => {
                if !scenario.defences.remove(id) {
                    scenario.defences.insert(id);
                }
            }
            Twin::Setting(knob, _) if self.is_in(scenario, deeds) => knob.set_as_in(scenario, lab),
            Twin::Setting(knob, value) => drop(knob.set(scenario, *value)),
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
