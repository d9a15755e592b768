//! What a reader is asked before it is told. The right answer stays here until the question is answered: the page cannot show what it
//! does not know.

use scenario::document::Defence;
use scenario::lab::Asks;
use scenario::run::{ENDS, FATES, Guessing, Question};
use scene::narrate;
use serde::Serialize;
use sim::NodeId;
use wasm_bindgen::prelude::*;

use super::Run;
use crate::wire::to_js;

/// A question about a run at a moment.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct GuessQuestion<'a> {
    /// What this question about this run is known by, whenever it is asked.
    mark: String,
    at_ms: f64,
    /// The node that is asked.
    node: String,
    asks: GuessKind,
    /// Who does not answer.
    peer: Option<String>,
    /// For how long it has not, in milliseconds.
    silent_ms: Option<f64>,
    /// What the check that is asked about demands.
    check: Option<&'a str>,
    /// The number of the event where the message was sent that has no answer: the node knows of it.
    about: Option<u32>,
    /// The defences that can matter and are on, by their labels: those that the lab lets its readers switch, and those that are not
    /// as the lab has them.
    on: Vec<&'static str>,
    /// Those of them that are off.
    off: Vec<&'static str>,
    /// What the lab says before it asks.
    markdown: &'a str,
    /// What can be answered: words of the page, or names of nodes.
    options: Vec<String>,
}

/// The message that a question is about.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct GuessSubject {
    /// When it was sent.
    time_ms: f64,
    sentence: String,
}

/// What is asked.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
enum GuessKind {
    /// What has become of an answer that does not come.
    Silence,
    /// Which node a check accuses.
    Wrong,
    /// Whether a check holds to the end.
    Holds,
}

/// What is true.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct GuessTruth {
    /// The right answer, by its place.
    right: usize,
    /// The events that show it, to be lit.
    events: Vec<u32>,
    /// What the run says of it.
    sentences: Vec<String>,
    /// When it is seen, if that is later than the question.
    seen_ms: Option<f64>,
}

/// What can be asked of a run.
#[wasm_bindgen]
pub struct Guess {
    guessing: Guessing,
    edits: u64,
}

#[wasm_bindgen]
impl Run {
    /// What its reader can be asked.
    pub fn guesses(&self) -> Guess {
        Guess {
            guessing: self.run.guessing(),
            edits: self.run.edit_count(),
        }
    }

    /// Deals the lab's own run with another seed, and with defences that nobody chose.
    pub fn deal(&mut self, seed: u32) {
        self.run.deal(seed);
    }
}

#[wasm_bindgen]
impl Guess {
    /// Whether the run is still the one that is asked about.
    pub fn is_of(&self, run: &Run) -> bool {
        self.edits == run.run.edit_count()
    }

    /// Looks for what can be asked, by about so many events. Returns whether that is known.
    pub fn go_on(&mut self, events: u32) -> bool {
        self.guessing.go_on(events)
    }

    /// How many questions there are.
    pub fn count(&self) -> usize {
        self.guessing.questions().len()
    }

    /// A question, by its place; null if there is none.
    #[wasm_bindgen(unchecked_return_type = "wire.GuessQuestion | null")]
    pub fn question(&self, place: usize, run: &Run) -> JsValue {
        let question = self.guessing.questions().get(place);
        to_js(&question.map(|question| asked(question, run)))
    }

    /// The message that a question is about, in a sentence with its time in milliseconds; null if it is about none, or the run has not
    /// come to it yet.
    #[wasm_bindgen(unchecked_return_type = "wire.GuessSubject | null")]
    pub fn subject(&self, place: usize, run: &Run) -> JsValue {
        let question = self.guessing.questions().get(place);
        let event = || {
            let id = question?.about?;
            run.run.timeline().events().get(id.index())
        };
        to_js(&event().map(|event| GuessSubject {
            time_ms: event.time.as_millis_f64(),
            sentence: narrate::sentence(&run.run, event),
        }))
    }

    /// What is true of that: the run is at the question's moment.
    #[wasm_bindgen(unchecked_return_type = "wire.GuessTruth | null")]
    pub fn truth(&self, place: usize, run: &Run) -> JsValue {
        let question = self.guessing.questions().get(place);
        to_js(&question.map(|question| told(question, run)))
    }
}

fn asked<'a>(question: &'a Question, run: &'a Run) -> GuessQuestion<'a> {
    let scenario = run.run.scenario();
    let name = |node: &NodeId| scenario.name(*node);
    let (mut silent_ms, mut check) = (None, None);
    let words =
        |words: &[&str]| -> Vec<String> { words.iter().map(|word| (*word).to_owned()).collect() };
    let (asks, options) = match question.guess.asks {
        Asks::Silence(_, after) => {
            silent_ms = Some(after.as_millis_f64());
            (GuessKind::Silence, words(&FATES))
        }
        Asks::Wrong(place) => {
            check = Some(place);
            let names = question.suspects.iter().map(name).collect();
            (GuessKind::Wrong, names)
        }
        Asks::Holds(place, _) => {
            check = Some(place);
            (GuessKind::Holds, words(&ENDS))
        }
    };
    let lab = run.run.lab();
    let known = scenario.defences().filter(|known| {
        let id = known.spec.id;
        lab.switches.contains(&id) || lab.scenario.defences.contains(id) != known.is_on
    });
    let (on, off): (Vec<_>, Vec<_>) = known.partition(|known| known.is_on);
    let labels = |known: Vec<Defence>| known.iter().map(|known| known.spec.label).collect();
    GuessQuestion {
        mark: format!("{:08x}", question.mark(&run.run)),
        at_ms: question.at.as_millis_f64(),
        node: name(&question.guess.node),
        asks,
        peer: question.peer.as_ref().map(name),
        silent_ms,
        check: check.map(|place| scenario.checks[place].label.as_str()),
        about: question.about.map(|id| id.0),
        on: labels(on),
        off: labels(off),
        markdown: &question.guess.text,
        options,
    }
}

fn told(question: &Question, run: &Run) -> GuessTruth {
    let events = run.run.timeline().events();
    let truth = question.truth();
    let sentence = |place: usize| Some(narrate::sentence(&run.run, events.get(place)?));
    let sentences = match &truth.sentence {
        Some(sentence) => vec![sentence.clone()],
        None => {
            let shown = truth.events.iter().filter_map(|id| sentence(id.index()));
            shown.collect()
        }
    };
    GuessTruth {
        right: truth.right,
        events: truth.events.iter().map(|id| id.0).collect(),
        sentences,
        seen_ms: truth.seen_at.map(|at| at.as_millis_f64()),
    }
}
