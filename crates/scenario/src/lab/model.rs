//! A lab.

use serde_json::{Map, Value};
use sim::SimDuration;

use super::{Expectation, Flip, Guess, Limit, ShownClock, Step};
use crate::model::Scenario;
use crate::terms::view::View;

/// A lab.
#[derive(Clone, Debug)]
pub struct Lab {
    /// Its name in links: the name of its file.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The chapter that it belongs to.
    pub chapter: String,
    /// Its place among the labs: the smaller, the earlier.
    pub order: u32,
    /// What it is also looked for by: words that its own texts do not use.
    pub topics: Vec<String>,
    /// The question that it answers.
    pub question: String,
    /// What is to be seen, in a few sentences.
    pub summary: String,
    /// What it tells while it runs.
    pub story: Vec<Step>,
    /// What it says once defences were flipped.
    pub flips: Vec<Flip>,
    /// What it asks before it tells.
    pub guesses: Vec<Guess>,
    /// Until when it is of interest: the page plays and draws that much at first.
    pub shown: SimDuration,
    /// What the reader may try.
    pub tries: Vec<Try>,
    /// What real systems do, and who says so.
    pub sources: Vec<Source>,
    /// Virtual seconds per real second, at first.
    pub speed: f64,
    /// The picture it is shown in at first.
    pub view: View,
    /// The curves that show what it is about.
    pub plots: Vec<Plot>,
    /// The curve that decides what happened: it is shown beside the picture, unasked.
    pub decides: Option<Plot>,
    /// The clocks that it is about.
    pub clocks: Vec<ShownClock>,
    /// The names of the knobs that the page shows; a name without its node stands for every node's.
    pub sliders: Vec<String>,
    /// The defences that the page shows.
    pub switches: Vec<&'static str>,
    /// What runs.
    pub scenario: Scenario,
    /// What it claims.
    pub expectations: Vec<Expectation>,
    /// Where its promises end.
    pub limits: Vec<Limit>,
    /// The document it was read from, without its scenario.
    pub(crate) source: Value,
}

/// Something to try.
#[derive(Clone, Debug, PartialEq)]
pub struct Try {
    /// What, in the safe subset of Markdown.
    pub text: String,
    /// The query of a link that sets it up, as in `loss=0.3&off=retry`. May be empty.
    pub link: String,
    /// The story of what it sets up, told instead of the lab's. May be empty.
    pub story: Vec<Step>,
}

/// A source: what real systems do, and who says so.
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
    /// For how long each node has believed what is not so.
    Wrong,
}

/// The words for plots.
pub const PLOTS: [(&str, Plot); 6] = [
    ("in-flight", Plot::InFlight),
    ("inboxes", Plot::Inboxes),
    ("offsets", Plot::Offsets),
    ("latency", Plot::Latency),
    ("outcomes", Plot::Outcomes),
    ("wrong", Plot::Wrong),
];

impl Lab {
    /// The runs that it sets up for its readers, things to try and limits: the query of a link, and the story of that run.
    pub fn set_up(&self) -> impl Iterator<Item = (&str, &Vec<Step>)> {
        let tries = self.tries.iter().map(|one| (&*one.link, &one.story));
        let limits = self.limits.iter().map(|one| (&*one.link, &one.story));
        tries.chain(limits)
    }

    /// A lab without a lesson.
    pub fn of_scenario(scenario: Scenario) -> Lab {
        Lab {
            id: String::new(),
            title: String::new(),
            chapter: String::new(),
            order: u32::MAX,
            topics: Vec::new(),
            question: String::new(),
            summary: String::new(),
            story: Vec::new(),
            flips: Vec::new(),
            guesses: Vec::new(),
            shown: scenario.duration,
            tries: Vec::new(),
            sources: Vec::new(),
            speed: 1.0,
            view: View::World,
            plots: Vec::new(),
            decides: None,
            clocks: Vec::new(),
            sliders: Vec::new(),
            switches: scenario
                .protocol
                .defences
                .iter()
                .map(|spec| spec.id)
                .collect(),
            scenario,
            expectations: Vec::new(),
            limits: Vec::new(),
            source: Value::Object(Map::new()),
        }
    }

    /// The document it was read from, without its scenario.
    pub(crate) fn source(&self) -> Value {
        self.source.clone()
    }
}
