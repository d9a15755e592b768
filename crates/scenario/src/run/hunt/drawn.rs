//! Weather that is drawn anew for each seed of a hunt, on top of what its link does.

use serde_json::Value;

use crate::document::{Fields, Problem, Problems};
use crate::model::Scenario;
use crate::variant::Variant;
use crate::weather::{self, Withstood};

/// From which faults the weather of each seed is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawn {
    said: Value,
    from: Withstood,
}

/// The word for every kind of fault.
const ANY: &str = "any";

impl Drawn {
    /// From every kind of fault, as strong as claims usually withstand it; and disks may be lost, where there are some.
    pub fn any(scenario: &Scenario) -> Drawn {
        Drawn {
            said: Value::from(ANY),
            from: Withstood::any(scenario),
        }
    }

    /// From what a document says, as `withstands` of a lab does: kinds of faults with their strengths, `except`, `nodes` and
    /// `recovers`; or from `"any"`.
    ///
    /// # Errors
    ///
    /// All that is wrong with it.
    pub fn read(said: &Value, scenario: &Scenario) -> Result<Drawn, Vec<Problem>> {
        if said == ANY {
            return Ok(Drawn::any(scenario));
        }
        let problems = Problems::default();
        let from = weather::withstood(Fields::new("", said, &problems), scenario);
        let found = problems.into_vec();
        match found.is_empty() {
            true => Ok(Drawn {
                said: said.clone(),
                from,
            }),
            false => Err(found),
        }
    }

    /// What says so, which reads back as the same.
    pub fn said(&self) -> &Value {
        &self.said
    }

    /// A run with a seed, and with the weather that is drawn for it.
    pub fn variant(&self, of: &Variant, seed: u32) -> Variant {
        let mut variant = of.clone();
        variant.scenario.seed = seed;
        let query = weather::query(&self.from, &of.scenario, seed);
        let problems = variant.apply(&query);
        debug_assert_eq!(problems, []);
        variant
    }
}
