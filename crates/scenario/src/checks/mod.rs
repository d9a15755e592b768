//! The checks of a scenario.
//!
//! | module | its subject |
//! | --- | --- |
//! | `kinds` | every kind of check that a scenario can name, one row each |
//! | `parameters` | their parameters |

mod kinds;
mod parameters;

pub use kinds::CHECKS;

pub use check::watch::noun_at;

use check::watch::{self, Among, Check, Since, Through, Watch};
use protocols::ParameterSpec;
use sim::sorted::Map;
use sim::{SimDuration, SimTime};

use crate::terms::scope::NodeSet;

/// A kind of check as scenarios see it.
#[derive(Debug)]
pub struct CheckEntry {
    /// Its name in a scenario.
    pub id: &'static str,
    /// What it demands, in one sentence.
    pub about: &'static str,
    /// What kind of promise that is.
    pub promise: Promise,
    /// What can be set, beside its name, label and noun.
    pub parameters: &'static [ParameterSpec],
    /// Builds the check.
    pub build: fn(&CheckSettings) -> Box<dyn Check>,
}

/// What kind of promise a check is about (Lamport, *Proving the correctness of multiprocess programs*, IEEE TSE, 1977).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Promise {
    /// Nothing bad happens, at any moment and in any weather.
    Safety,
    /// After the last fault, all is as before within a bound. The check measures it from the faults that it sees.
    Recovery,
    /// In calm, all is well, and so it is in a fault that the claim itself is about, which strikes in calm. Other faults may
    /// break it while they last, and for a bounded time after.
    Liveness,
    /// What has begun comes to its end within a bound, even if it began in bad weather: then the bound begins with the calm.
    Progress,
}

impl Promise {
    /// Its word for scripts.
    pub fn word(self) -> &'static str {
        match self {
            Promise::Safety => "safety",
            Promise::Recovery => "recovery",
            Promise::Liveness => "liveness",
            Promise::Progress => "progress",
        }
    }
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
    /// The number with which a read says that there is nothing, if the check is about such reads.
    pub fn nil(&self) -> Option<i64> {
        let spec = self.kind.parameters.iter();
        let spec = spec.copied().find(|spec| spec.id == parameters::NIL.id);
        spec.map(|spec| self.integer(&spec))
    }

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

    /// Whether it demands that all is as before after a fault.
    pub fn recovers(&self) -> bool {
        self.kind.promise == Promise::Recovery
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

/// When the weather of a run is bad.
#[derive(Clone, Copy, Debug)]
pub struct Spell {
    /// When the first fault begins.
    pub begins: SimTime,
    /// When the last fault is over.
    pub ends: SimTime,
    /// When everything must be well again.
    pub calm_from: SimTime,
}

/// A watch with these checks, for a run of this many nodes. Each demands of bad weather what its kind of promise does; if
/// nothing is said of the weather, each judges the whole run.
pub fn watch(checks: &[CheckSettings], nodes: usize, spell: Option<Spell>) -> Watch {
    let build = |settings: &CheckSettings| -> Box<dyn Check> {
        let mut check = built(settings, nodes);
        match (spell, settings.kind.promise) {
            (Some(spell), Promise::Liveness) => {
                Box::new(Through::new(Since(spell.calm_from), check))
            }
            (Some(spell), Promise::Progress) => {
                check.excuse_until(spell.calm_from);
                check
            }
            (Some(spell), Promise::Recovery) => through_fault(check, spell.begins, spell.ends),
            (None, _) | (_, Promise::Safety) => check,
        }
    };
    Watch::new(checks.iter().map(build).collect())
}

/// A watch with these checks, and after them once more each about recovery: for these a fault lasts from `begins` to `ends`,
/// whatever happens then.
pub fn watch_as_if_struck(
    checks: &[CheckSettings],
    nodes: usize,
    (begins, ends): (SimTime, SimTime),
) -> Watch {
    let recover = checks.iter().filter(|settings| settings.recovers());
    let struck = recover.map(|settings| through_fault(built(settings, nodes), begins, ends));
    let plain = checks.iter().map(|settings| built(settings, nodes));
    Watch::new(plain.chain(struck).collect())
}

/// A check that judges the whole run.
fn built(settings: &CheckSettings, nodes: usize) -> Box<dyn Check> {
    let check = (settings.kind.build)(settings);
    match settings.among {
        NodeSet::ALL => check,
        some => Box::new(Through::new(Among::new(some.nodes(nodes)), check)),
    }
}

fn through_fault(check: Box<dyn Check>, begins: SimTime, ends: SimTime) -> Box<dyn Check> {
    Box::new(Through::new(watch::Spell::new(begins, ends), check))
}
