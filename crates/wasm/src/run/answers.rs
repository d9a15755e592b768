//! What can be asked of a run.

use scenario::document::Problem;
use scenario::run::Coming;
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::Run;
use crate::wire::to_js;
use crate::{about, ahead, cards, input, learn, state};

/// How many steps can be taken back, and taken again.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct Steps {
    undo: usize,
    redo: usize,
}

#[wasm_bindgen]
impl Run {
    /// What was wrong with the link, in one sentence each.
    pub fn problems(&self) -> Vec<String> {
        self.problems.iter().map(Problem::to_string).collect()
    }

    /// Why the run may differ from what the link's author saw, and what was mended since, in one sentence each; nothing
    /// unless the link is of another revision of its protocol.
    pub fn revision_note(&self) -> Vec<String> {
        self.revision_note.clone()
    }

    /// Whether its link names the moment that it shows, were it the beginning.
    pub fn names_moment(&self) -> bool {
        self.names_moment
    }

    /// What stays the same as long as the run is the same.
    #[wasm_bindgen(unchecked_return_type = "wire.About")]
    pub fn about(&self) -> JsValue {
        to_js(&about::about(&self.run))
    }

    /// What the page's text shows at this moment; at most so many of the messages in flight, the first ones sent.
    #[wasm_bindgen(unchecked_return_type = "wire.State")]
    pub fn state(&self, most_messages: usize) -> JsValue {
        to_js(&state::state(&self.run, most_messages))
    }

    /// The moment at the cursor.
    pub fn time_ms(&self) -> f64 {
        self.run.now().as_millis_f64()
    }

    /// The moment that the run is bound for; the one at the cursor once it is there.
    pub fn aim_ms(&self) -> f64 {
        self.run.aim().as_millis_f64()
    }

    /// Whether the run is not yet where it is bound for.
    pub fn is_on_its_way(&self) -> bool {
        self.run.is_on_its_way()
    }

    /// Bytes of memory that the run takes: with its past, what its checks remember, what is played ahead, and what its
    /// pictures know.
    pub fn bytes(&self) -> f64 {
        self.run.bytes() as f64
    }

    /// When the run ends.
    pub fn end_ms(&self) -> f64 {
        self.run.timeline().end().as_millis_f64()
    }

    /// When the first violation is seen; nothing while none has been.
    pub fn violation_ms(&self) -> Option<f64> {
        self.run.violation_seen_at().map(|at| at.as_millis_f64())
    }

    /// When the next event is due; the end if none is.
    pub fn next_activity_ms(&self) -> f64 {
        let due = self.run.timeline().machine().kernel().next_due();
        due.map_or(self.end_ms(), |due| due.as_millis_f64().min(self.end_ms()))
    }

    /// The link that opens this run at this moment.
    pub fn link(&self) -> String {
        self.run.link()
    }

    /// The link that opens this run as its lab opens: at the start.
    pub fn link_from_start(&self) -> String {
        self.run.link_from_start()
    }

    /// The digest of all events up to now: 16 hexadecimal digits.
    pub fn digest(&self) -> String {
        self.run.timeline().digest().to_string()
    }

    /// How many steps can be taken back, and taken again.
    #[wasm_bindgen(unchecked_return_type = "wire.Steps")]
    pub fn steps(&self) -> JsValue {
        let (undo, redo) = self.run.steps();
        to_js(&Steps { undo, redo })
    }

    /// The futures that were tried, the first of all first.
    #[wasm_bindgen(unchecked_return_type = "wire.Future[]")]
    pub fn futures(&self) -> JsValue {
        to_js(&learn::futures(&self.run))
    }

    /// What is not as the lab has it, apart from seed and defences.
    #[wasm_bindgen(unchecked_return_type = "wire.Change[]")]
    pub fn changes(&self) -> JsValue {
        to_js(&learn::changes(&self.run))
    }

    /// The lab's story, as far as its moments have come.
    #[wasm_bindgen(unchecked_return_type = "wire.StoryStep[]")]
    pub fn story(&self) -> JsValue {
        to_js(&learn::story(&self.run))
    }

    /// Whether the moment of a step of the story is known, by its place; also if it is still to come, or never does. The
    /// moments of all steps are, once [`Run::look_ahead`] has seen the run as it is.
    pub fn is_step_known(&self, place: usize) -> bool {
        self.run.moment_of_step(place) != Coming::Open
    }

    /// The moment of a step of the story, by its place; nothing while it is not known, or if it never comes and
    /// nothing is told instead.
    pub fn step_ms(&self, place: usize) -> Option<f64> {
        match self.run.moment_of_step(place) {
            Coming::Known(reached) => Some(reached.at.as_millis_f64()),
            Coming::Never => Some(self.run.instead_at(place)?.as_millis_f64()),
            Coming::Open => None,
        }
    }

    /// What is known of the whole run ahead, as it is and with each switch flipped: what [`Run::look_ahead`] has found.
    #[wasm_bindgen(unchecked_return_type = "wire.Outlook")]
    pub fn outlook(&self) -> JsValue {
        to_js(&ahead::outlook(&self.run))
    }

    /// What to try in the lab, what it promises and where that ends, and its sources.
    #[wasm_bindgen(unchecked_return_type = "wire.Lesson")]
    pub fn lesson(&self) -> JsValue {
        to_js(&learn::lesson(&self.run))
    }

    /// The moments worth a mark on a time bar that ends at `to_ms`, of all that was ever simulated on this future. Of
    /// the marks of a kind that share one of its `cells`, the first.
    #[wasm_bindgen(unchecked_return_type = "wire.Mark[]")]
    pub fn marks(&mut self, to_ms: f64, cells: usize) -> JsValue {
        self.read_on();
        let to = input::moment(to_ms);
        to_js(&learn::marks(&self.run, &self.chronicle, to, cells))
    }

    /// The curves that the lab shows.
    #[wasm_bindgen(unchecked_return_type = "wire.Series[]")]
    pub fn series(&mut self) -> JsValue {
        self.read_on();
        to_js(&learn::series(&self.run, &self.chronicle))
    }

    /// The clients' operations in the window that [`Run::look`] set; of many the latest ones.
    #[wasm_bindgen(unchecked_return_type = "wire.Operations")]
    pub fn operations(&self, most: usize) -> JsValue {
        to_js(&learn::operations(&self.run, &self.seen(), most))
    }

    /// All rules of the published algorithm that it follows or modifies, in groups; none if it follows none.
    #[wasm_bindgen(unchecked_return_type = "wire.RuleGroup[]")]
    pub fn rules(&self) -> JsValue {
        to_js(&about::rules(&self.run))
    }

    /// What the log of each server in sight holds, in words.
    #[wasm_bindgen(unchecked_return_type = "string[]")]
    pub fn logs(&self) -> JsValue {
        to_js(&scene::logs::lines(&self.run, &self.seen()))
    }

    /// What the node in whose perspective the run is seen knows of another one, or null.
    #[wasm_bindgen(unchecked_return_type = "wire.UnseenCard | null")]
    pub fn unseen_card(&self, id: &str) -> JsValue {
        to_js(&cards::unseen(&self.run, id))
    }

    /// All about a node in sight, or null.
    #[wasm_bindgen(unchecked_return_type = "wire.NodeCard | null")]
    pub fn node_card(&self, id: &str) -> JsValue {
        to_js(&cards::node(&self.run, id))
    }

    /// All about a message on its way, or null.
    #[wasm_bindgen(unchecked_return_type = "wire.MessageCard | null")]
    pub fn message_card(&self, id: u32) -> JsValue {
        to_js(&cards::message(&self.run, id))
    }

    /// All about a directed link, or null.
    #[wasm_bindgen(unchecked_return_type = "wire.LinkCard | null")]
    pub fn link_card(&self, from: &str, to: &str) -> JsValue {
        to_js(&cards::link(&self.run, from, to))
    }

    /// All about an event, or null.
    #[wasm_bindgen(unchecked_return_type = "wire.EventCard | null")]
    pub fn event_card(&self, id: u32) -> JsValue {
        to_js(&cards::event(&self.run, id))
    }
}
