//! One run that a page shows: what the page can do to it, and ask of it.

use std::fmt::Display;

use scenario::document::Problem;
use scenario::view::View;
use scene::chronicle::Chronicle;
use scene::look::Look;
use scene::shapes::{Palette, Point};
use scene::{Pick, Scene};
use serde::Serialize;
use sim::SimTime;
use wasm_bindgen::prelude::*;
use web_sys::CanvasRenderingContext2d;

use crate::wire::to_js;
use crate::{about, canvas, cards, input, learn, state};

/// A run with a cursor, how the page looks at it, and what its link had wrong.
#[wasm_bindgen]
pub struct Run {
    run: scenario::Run,
    problems: Vec<Problem>,
    palette: Palette,
    look: Look,
    chronicle: Chronicle,
}

#[wasm_bindgen]
impl Run {
    /// Opens `link`, the part of an address from the `#` on; the default lab for an empty one. Never fails: what
    /// cannot be used is listed by [`Run::problems`], and the rest runs.
    #[wasm_bindgen(constructor)]
    pub fn new(link: &str) -> Run {
        let (run, problems) = scenario::Run::open(link);
        Run {
            run,
            problems,
            palette: Palette::light(),
            look: Look::default(),
            chronicle: Chronicle::default(),
        }
    }

    /// What was wrong with the link, in one sentence each.
    pub fn problems(&self) -> Vec<String> {
        self.problems.iter().map(Problem::to_string).collect()
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

    /// When the run ends.
    pub fn end_ms(&self) -> f64 {
        self.run.timeline().end().as_millis_f64()
    }

    /// Goes on by `ms`; to the end at most. Nothing for what is not positive.
    pub fn advance(&mut self, ms: f64) {
        self.run.advance(input::duration(ms));
    }

    /// Goes on to the next event. Returns whether there was one.
    pub fn step(&mut self) -> bool {
        self.run.step()
    }

    /// Goes back to before the latest event. Returns whether there was one.
    pub fn step_back(&mut self) -> bool {
        self.run.step_back()
    }

    /// Goes on to the next interesting moment. Returns whether there was one.
    pub fn next_interesting(&mut self) -> bool {
        self.run.next_interesting()
    }

    /// Goes back to the latest interesting moment. Returns whether there was one.
    pub fn previous_interesting(&mut self) -> bool {
        self.run.previous_interesting()
    }

    /// Goes to a moment; to the end at most.
    pub fn seek(&mut self, ms: f64) {
        self.run.seek(input::moment(ms));
    }

    /// Goes back to the beginning.
    pub fn restart(&mut self) {
        self.run.seek(SimTime::ZERO);
    }

    /// Begins anew with another seed.
    pub fn reseed(&mut self, seed: u32) {
        self.run.reseed(seed);
    }

    /// Turns a control, to a value in its unit.
    ///
    /// # Errors
    ///
    /// When there is no such control, or the value is out of its range.
    pub fn set(&mut self, control: &str, value: f64) -> Result<(), JsError> {
        self.run
            .turn(control, input::in_base_unit(control, value, &self.run))
            .map_err(refusal)
    }

    /// Turns several controls as one step.
    ///
    /// # Errors
    ///
    /// When the text is no JSON object of numbers, there is no such control, or a value is out of its range. Nothing is turned then.
    pub fn set_many(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Json<wire.Turns>")] json: &str,
    ) -> Result<(), JsError> {
        let turns = input::read_turns(json, &self.run).map_err(refusal)?;
        let turns = turns.iter().map(|(key, value)| (key.as_str(), *value));
        self.run.turn_all(turns).map_err(refusal)
    }

    /// Switches a defence, and replays the run up to now.
    ///
    /// # Errors
    ///
    /// When there is no such defence.
    pub fn defend(&mut self, id: &str, is_on: bool) -> Result<(), JsError> {
        self.run.defend(id, is_on).map_err(refusal)
    }

    /// The link that opens this run at this moment.
    pub fn link(&self) -> String {
        self.run.link()
    }

    /// The digest of all events up to now: 16 hexadecimal digits.
    pub fn digest(&self) -> String {
        self.run.timeline().digest().to_string()
    }

    /// Takes over the page's colours.
    ///
    /// # Errors
    ///
    /// When a colour is missing.
    pub fn set_palette(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Json<wire.Palette>")] json: &str,
    ) -> Result<(), JsError> {
        self.palette = input::read_palette(json).map_err(refusal)?;
        Ok(())
    }

    /// Paints a view, `width` by `height` CSS pixels, over whatever is there.
    ///
    /// # Errors
    ///
    /// When there is no such view.
    pub fn paint(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "wire.View")] view: &str,
        context: &CanvasRenderingContext2d,
        width: f64,
        height: f64,
    ) -> Result<(), JsError> {
        let picture = self.scene(width, height).draw(view_of(view)?);
        canvas::paint(&picture, &self.palette, context);
        Ok(())
    }

    /// The view that the link or the lab asks for; undefined if neither does.
    #[wasm_bindgen(unchecked_return_type = "wire.View | undefined")]
    pub fn view(&self) -> Option<String> {
        self.run.view().map(|view| view.word().to_owned())
    }

    /// The node in whose perspective the link shows the run; undefined if from outside.
    pub fn perspective(&self) -> Option<String> {
        self.run
            .perspective()
            .map(|node| self.run.scenario().name(node))
    }

    /// Says in the link which view is shown; nothing if no view is, or several are.
    pub fn show_view(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "wire.View | undefined")] view: Option<String>,
    ) {
        let view = view.and_then(|word| View::of_word(&word));
        self.run.look(view);
    }

    /// The clients' operations in the window that [`Run::look`] set.
    #[wasm_bindgen(unchecked_return_type = "wire.Operation[]")]
    pub fn operations(&self) -> JsValue {
        to_js(&learn::operations(&self.run, &self.seen()))
    }

    /// Sets what all pictures show. What the look does not name stays as it is.
    ///
    /// # Errors
    ///
    /// When it is no look.
    pub fn look(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Json<Partial<wire.Look>>")] json: &str,
    ) -> Result<(), JsError> {
        let mut look = self.seen();
        input::read_look(json, &self.run, &mut look).map_err(refusal)?;
        self.run.set_perspective(look.perspective);
        self.look = look;
        Ok(())
    }

    /// What is at a place of a view, or null.
    ///
    /// # Errors
    ///
    /// When there is no such view.
    #[wasm_bindgen(unchecked_return_type = "wire.Picked | null")]
    pub fn pick(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "wire.View")] view: &str,
        x: f64,
        y: f64,
        width: f64,
        height: f64,
    ) -> Result<JsValue, JsError> {
        let view = view_of(view)?;
        let found = self.scene(width, height).pick(view, Point::new(x, y));
        let name = |node| self.run.scenario().name(node);
        let picked = found.map(|found| match found {
            Pick::Node(node) => Picked::Node { id: name(node) },
            Pick::Message(message) => Picked::Message { id: message.0 },
            Pick::Link(from, to) => Picked::Link {
                from: name(from),
                to: name(to),
            },
            Pick::Event(event) => Picked::Event { id: event.0 },
        });
        Ok(to_js(&picked))
    }

    /// The links that a line across the picture of the world crosses.
    #[wasm_bindgen(unchecked_return_type = "wire.LinkEnds[]")]
    pub fn links_crossed(
        &mut self,
        x1: f64,
        y1: f64,
        x2: f64,
        y2: f64,
        width: f64,
        height: f64,
    ) -> JsValue {
        let (start, end) = (Point::new(x1, y1), Point::new(x2, y2));
        let crossed = self.scene(width, height).links_crossed(start, end);
        let name = |node| self.run.scenario().name(node);
        let ends = crossed.into_iter().map(|(from, to)| LinkEnds {
            from: name(from),
            to: name(to),
        });
        to_js(&ends.collect::<Vec<_>>())
    }

    /// Does something now, in the words of links without the time: `crash:bank`.
    ///
    /// # Errors
    ///
    /// When that is nothing that can be done.
    pub fn act(&mut self, deed: &str) -> Result<(), JsError> {
        self.run.act_text(deed).map_err(refusal)
    }

    /// Takes back the latest step. Returns whether there was one.
    pub fn undo(&mut self) -> bool {
        self.run.undo()
    }

    /// Takes again the step that was taken back last. Returns whether there was one.
    pub fn redo(&mut self) -> bool {
        self.run.redo()
    }

    /// How many steps can be taken back, and taken again.
    #[wasm_bindgen(unchecked_return_type = "wire.Steps")]
    pub fn steps(&self) -> JsValue {
        let (undo, redo) = self.run.steps();
        to_js(&Steps { undo, redo })
    }

    /// Breaks, so that what a page does about that can be tried.
    ///
    /// # Panics
    ///
    /// Always, with this message.
    pub fn panic(&mut self, message: &str) {
        panic!("{message}");
    }

    /// Ends a drag of a slider: the next turn of it is another step.
    pub fn end_drag(&mut self) {
        self.run.end_drag();
    }

    /// The futures that were tried, the first of all first.
    #[wasm_bindgen(unchecked_return_type = "wire.Future[]")]
    pub fn futures(&self) -> JsValue {
        to_js(&learn::futures(&self.run))
    }

    /// Goes over to another future, at the same time.
    pub fn switch_future(&mut self, place: usize) {
        self.run.switch_future(place);
    }

    /// When the next event is due; the end if none is.
    pub fn next_activity_ms(&self) -> f64 {
        let due = self.run.timeline().machine().kernel().next_due();
        due.map_or(self.end_ms(), |due| due.as_millis_f64().min(self.end_ms()))
    }

    /// The moments worth a mark on the time bar, of all that was ever simulated on this future.
    #[wasm_bindgen(unchecked_return_type = "wire.Mark[]")]
    pub fn marks(&mut self) -> JsValue {
        self.chronicle.renew(&self.run);
        to_js(&learn::marks(&self.run, &self.chronicle))
    }

    /// All about a node, or null.
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

    /// The lab's story, what to try, and its sources.
    #[wasm_bindgen(unchecked_return_type = "wire.Lesson")]
    pub fn lesson(&self) -> JsValue {
        to_js(&learn::lesson(&self.run))
    }

    /// The curves that the lab shows.
    #[wasm_bindgen(unchecked_return_type = "wire.Series[]")]
    pub fn series(&mut self) -> JsValue {
        self.chronicle.renew(&self.run);
        to_js(&learn::series(&self.run, &self.chronicle))
    }

    fn scene(&mut self, width: f64, height: f64) -> Scene<'_> {
        let look = self.seen();
        Scene::new(&self.run, &mut self.chronicle, look, width, height)
    }

    fn seen(&self) -> Look {
        Look {
            perspective: self.run.perspective(),
            ..self.look
        }
    }
}

/// The view of this word in links.
fn view_of(word: &str) -> Result<View, JsError> {
    View::of_word(word).ok_or_else(|| refusal(format!("There is no view \"{word}\".")))
}

/// What is at a place of a view.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "lowercase")]
pub(crate) enum Picked {
    Node { id: String },
    Message { id: u32 },
    Link { from: String, to: String },
    Event { id: u32 },
}

/// The two ends of a directed link.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct LinkEnds {
    from: String,
    to: String,
}

/// How many steps can be taken back, and taken again.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct Steps {
    undo: usize,
    redo: usize,
}

/// What the reader is told instead of what was asked for.
fn refusal(problem: impl Display) -> JsError {
    JsError::new(&problem.to_string())
}
