//! The checks of a scenario.
//!
//! | module | its subject |
//! | --- | --- |
//! | `kinds` | every kind of check that a scenario can name, one row each |
//! | `parameters` | their parameters |

mod kinds;
mod parameters;

pub use kinds::CHECKS;

use check::watch::{Among, Check, Watch};
use protocols::ParameterSpec;
use sim::SimDuration;
use sim::sorted::Map;

use crate::document::scope::NodeSet;

/// A kind of check as scenarios see it.
#[derive(Debug)]
pub struct CheckEntry {
    /// Its name in a scenario.
    pub id: &'static str,
    /// What it demands, in one sentence.
    pub about: &'static str,
    /// What can be set, beside its name, label and noun.
    pub parameters: &'static [ParameterSpec],
    /// Builds the check.
    pub build: fn(&CheckSettings) -> Box<dyn Check>,
}

/// A check of a scenario.
#[derive(Clone, Debug)]
pub struct CheckSettings {
    /// Its name.
    pub id: String,
    /// What it demands, as in *every payment is charged exactly once*.
    pub label: String,
    /// What an operation is called, as in *payment*.
    pub noun: String,
    /// What it judges.
    pub kind: &'static CheckEntry,
    /// The nodes whose facts it judges.
    pub among: NodeSet,
    /// The value of each of its kind's parameters.
    pub parameters: Map<&'static str, f64>,
}

impl CheckSettings {
    fn value(&self, spec: &ParameterSpec) -> f64 {
        let set = self.parameters.get(spec.id).copied();
        set.unwrap_or(spec.default)
    }

    fn duration(&self, spec: &ParameterSpec) -> SimDuration {
        SimDuration::from_nanos_f64(self.value(spec))
    }

    fn share(&self, spec: &ParameterSpec) -> f64 {
        self.value(spec)
    }

    /// A share in parts per million.
    fn ppm(&self, spec: &ParameterSpec) -> u32 {
        libm::round(self.value(spec) * 1e6) as u32
    }

    fn count(&self, spec: &ParameterSpec) -> u32 {
        self.value(spec) as u32
    }

    fn integer(&self, spec: &ParameterSpec) -> i64 {
        self.value(spec) as i64
    }
}

/// A watch with these checks, for a run of so many nodes.
pub fn watch(checks: &[CheckSettings], nodes: usize) -> Watch {
    let build = |settings: &CheckSettings| {
        let check = (settings.kind.build)(settings);
        if settings.among == NodeSet::ALL {
            return check;
        }
        Box::new(Among::new(settings.among.nodes(nodes), check))
    };
    Watch::new(checks.iter().map(build).collect())
}
