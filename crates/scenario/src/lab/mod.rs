//! Labs: a scenario with a lesson. Each is a file in `labs/`, named after the lab.
//!
//! - `claim`: what a lab expects, in so many of so many seeds
//! - `story`: what it tells, and `moment`: when
//! - [`markdown`]: how its texts may be written
//! - `read`: from JSON to a lab

mod claim;
pub mod markdown;
mod moment;
pub(crate) mod read;
mod story;

use sim::sorting::sort_by;
use std::sync::OnceLock;

use serde_json::{Map, Value};

pub use claim::{Expectation, Expected};
pub use moment::{Moment, Pattern, event_word};
pub(crate) use story::seen_at;
pub use story::{PointsAt, Progress, Reached, Step};

use read::prose;

use crate::document::Scenario;
use crate::knob::Knob;
use crate::link::View;
use crate::scope::Scope;

/// A lab.
#[derive(Clone, Debug)]
pub struct Lab {
    /// Its name in links: the name of its file.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The chapter that it belongs to.
    pub chapter: String,
    /// Where it stands among the labs: the smaller, the earlier.
    pub order: u32,
    /// The question that it answers.
    pub question: String,
    /// What is to be seen, in a few sentences.
    pub summary: String,
    /// What it tells while it runs.
    pub story: Vec<Step>,
    /// What the reader may try.
    pub tries: Vec<Try>,
    /// What real systems do, and who says so.
    pub sources: Vec<Source>,
    /// Virtual seconds a real second, at first.
    pub speed: f64,
    /// The picture it is seen in at first.
    pub view: View,
    /// The curves that show what it is about.
    pub plots: Vec<Plot>,
    /// The names of the knobs that the page shows; a name without its node stands for every node's.
    pub sliders: Vec<String>,
    /// The defences that the page shows.
    pub switches: Vec<&'static str>,
    /// What runs.
    pub scenario: Scenario,
    /// What it claims.
    pub expectations: Vec<Expectation>,
    /// The document it was read from, without its scenario.
    pub(crate) source: Value,
}

/// Something to try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Try {
    /// What, in the safe subset of Markdown.
    pub text: String,
    /// The query of a link that sets it up, as in `loss=0.3&off=retry`. May be empty.
    pub link: String,
}

/// Who says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// What real systems do, in the safe subset of Markdown.
    pub text: String,
    /// The source, as it is cited.
    pub cites: String,
    /// Where it can be read. May be empty.
    pub url: String,
}

/// A curve over the time of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plot {
    /// How many messages are on their way.
    InFlight,
    /// How many messages wait in each node's inbox.
    Inboxes,
    /// How far each node's wall clock is ahead.
    Offsets,
    /// How long operations took.
    Latency,
    /// How many operations ended in each way.
    Outcomes,
}

/// The words for plots.
pub const PLOTS: [(&str, Plot); 5] = [
    ("in-flight", Plot::InFlight),
    ("inboxes", Plot::Inboxes),
    ("offsets", Plot::Offsets),
    ("latency", Plot::Latency),
    ("outcomes", Plot::Outcomes),
];

/// The faults of the network that every lab can be tried with.
const USUAL_OF_LINKS: [&str; 6] = [
    "latency",
    "jitter",
    "spike",
    "loss",
    "duplication",
    "corruption",
];
/// Those of nodes, where there are few enough for each to have its own.
const USUAL_OF_NODES: [&str; 3] = ["skew", "drift", "pauses"];
const MOST_NODES_BY_ONE: usize = 8;

/// All labs, in their order.
pub fn labs() -> &'static [Lab] {
    static LABS: OnceLock<Vec<Lab>> = OnceLock::new();
    LABS.get_or_init(|| {
        let mut labs: Vec<Lab> = carried()
            .iter()
            .filter_map(|value| Lab::from_value(value).ok())
            .collect();
        sort_by(&mut labs, |a, b| (a.order, &a.id).cmp(&(b.order, &b.id)));
        labs
    })
}

/// The labs that the crate carries, as they are written.
pub fn carried() -> Vec<Value> {
    let text = include_str!(concat!(env!("OUT_DIR"), "/labs.json"));
    serde_json::from_str(text).unwrap_or_default()
}

/// The lab of this name.
pub fn find(id: &str) -> Option<&'static Lab> {
    labs().iter().find(|lab| lab.id == id)
}

impl Lab {
    /// A lab without a lesson.
    pub fn of_scenario(scenario: Scenario) -> Lab {
        Lab {
            id: String::new(),
            title: String::new(),
            chapter: String::new(),
            order: u32::MAX,
            question: String::new(),
            summary: String::new(),
            story: Vec::new(),
            tries: Vec::new(),
            sources: Vec::new(),
            speed: 1.0,
            view: View::World,
            plots: Vec::new(),
            sliders: Vec::new(),
            switches: scenario
                .protocol
                .defences
                .iter()
                .map(|spec| spec.id)
                .collect(),
            scenario,
            expectations: Vec::new(),
            source: Value::Object(Map::new()),
        }
    }

    /// The document it was read from, without its scenario.
    pub(crate) fn source(&self) -> Value {
        self.source.clone()
    }

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
        // Some links' sliders are shown also while the links have nothing of their own.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_lab_that_is_carried_can_be_read() {
        let values = carried();
        assert!(!values.is_empty());
        for value in &values {
            let problems = Lab::from_value(value).err().unwrap_or_default();
            assert_eq!(problems, [], "{}", value["id"]);
        }
    }
}
