//! Which knobs the page shows for a lab.

use super::Lab;
use crate::knob::Knob;
use crate::model::Scenario;
use crate::terms::scope::Scope;

/// The faults of the network that every lab can be tried with.
const USUAL_OF_LINKS: [&str; 6] = [
    "latency",
    "jitter",
    "spike",
    "loss",
    "duplication",
    "corruption",
];
/// The faults of nodes that a lab can be tried with, where there are few enough nodes for each to have its own knob.
const USUAL_OF_NODES: [&str; 3] = ["skew", "drift", "pauses"];
const MOST_NODES_BY_ONE: usize = 8;

impl Lab {
    /// The knobs that the page shows, in order.
    pub fn knobs(&self, scenario: &Scenario) -> Vec<Knob> {
        let is_shown = |key: &str| {
            let family = key.split('.').next().unwrap_or(key);
            self.sliders
                .iter()
                .any(|slider| slider == key || slider == family)
        };
        let mut knobs: Vec<Knob> = Knob::all(scenario)
            .into_iter()
            .filter(|knob| is_shown(&knob.key(scenario)))
            .collect();
        // Sliders of some links are shown even while these links have nothing of their own.
        for slider in &self.sliders {
            if let Some(knob) = Knob::parse(slider, scenario).filter(|knob| !knobs.contains(knob)) {
                knobs.push(knob);
            }
        }
        knobs
    }

    /// The usual faults that the lab does not show among its knobs: a reader may want to know what they would do.
    pub fn further_knobs(&self, scenario: &Scenario) -> Vec<Knob> {
        let shown = self.knobs(scenario);
        let is_usual = |knob: &Knob| match knob {
            Knob::Link(setting, Scope::ALL) => USUAL_OF_LINKS.contains(&setting.key),
            Knob::Node(setting, _) => {
                scenario.nodes.len() <= MOST_NODES_BY_ONE && USUAL_OF_NODES.contains(&setting.key)
            }
            Knob::Link(..) | Knob::Parameter(_) => false,
        };
        Knob::all(scenario)
            .into_iter()
            .filter(|knob| is_usual(knob) && !shown.contains(knob))
            .collect()
    }
}
