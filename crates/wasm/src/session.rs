//! One run that a page shows.

use scenario::Run;
use scenario::document::Problem;
use scenario::knob::Knob;
use scenario::view::View;
use scene::chronicle::Chronicle;
use scene::look::Look;
use scene::shapes::{Palette, Point};
use scene::{Pick, Scene};
use serde::Serialize;
use sim::{EventId, MessageId, SimDuration, SimTime};
use wasm_bindgen::prelude::*;
use web_sys::CanvasRenderingContext2d;

use crate::canvas::{self, read_palette};
use crate::{cards, learn, view};

/// A run with a cursor, and what its link had wrong.
#[wasm_bindgen]
pub struct Session {
    run: Run,
    problems: Vec<Problem>,
    palette: Palette,
    look: Look,
    chronicle: Chronicle,
}

const NANOS_PER_MS: f64 = 1e6;

#[wasm_bindgen]
impl Session {
    /// Opens `link`, the part of an address from the `#` on; the default lab for an empty one. Never fails: what
    /// cannot be used is listed by [`Session::problems`], and the rest runs.
    #[wasm_bindgen(constructor)]
    pub fn new(link: &str) -> Session {
        let (run, problems) = Run::open(link);
        Session {
            run,
            problems,
            palette: Palette::light(),
            look: Look::default(),
            chronicle: Chronicle::default(),
        }
    }

    /// What was wrong with the link, a sentence each.
    pub fn problems(&self) -> Vec<String> {
        self.problems.iter().map(Problem::to_string).collect()
    }

    /// What stays the same as long as the run is the same.
    pub fn about(&self) -> JsValue {
        view::to_js(&view::about(&self.run))
    }

    /// What the page's text shows at this moment; of the messages in flight at most so many, the first ones sent.
    pub fn state(&self, most_messages: usize) -> JsValue {
        view::to_js(&view::state(&self.run, most_messages))
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
        self.run
            .advance(SimDuration::from_nanos_f64(ms * NANOS_PER_MS));
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
        self.run
            .seek(SimTime::ZERO + SimDuration::from_nanos_f64(ms * NANOS_PER_MS));
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
            .turn(control, value * scale(control, &self.run))
            .map_err(|problem| JsError::new(&problem.to_string()))
    }

    /// Turns several controls as one step: a JSON object with a value in its unit for each.
    ///
    /// # Errors
    ///
    /// When it is no such object, there is no such control, or a value is out of its range. Nothing is turned then.
    pub fn set_many(&mut self, json: &str) -> Result<(), JsError> {
        let turns = read_turns(json, &self.run).map_err(|what| JsError::new(&what))?;
        let turns = turns.iter().map(|(key, value)| (key.as_str(), *value));
        self.run
            .turn_all(turns)
            .map_err(|problem| JsError::new(&problem.to_string()))
    }

    /// Switches a defence, and replays the run up to now.
    ///
    /// # Errors
    ///
    /// When there is no such defence.
    pub fn defend(&mut self, id: &str, is_on: bool) -> Result<(), JsError> {
        self.run
            .defend(id, is_on)
            .map_err(|problem| JsError::new(&problem.to_string()))
    }

    /// The link that opens this run at this moment.
    pub fn link(&self) -> String {
        self.run.link()
    }

    /// The digest of all events up to now: 16 hexadecimal digits.
    pub fn digest(&self) -> String {
        self.run.timeline().digest().to_string()
    }

    /// Takes over the page's colours: a JSON object with a colour for each ink, and `font`.
    ///
    /// # Errors
    ///
    /// When it is no such object.
    pub fn set_palette(&mut self, json: &str) -> Result<(), JsError> {
        self.palette = read_palette(json).map_err(|what| JsError::new(&what))?;
        Ok(())
    }

    /// Paints a view, named in the words of links, `width` by `height` CSS pixels, over whatever is there.
    ///
    /// # Errors
    ///
    /// When there is no such view.
    pub fn paint(
        &mut self,
        view: &str,
        context: &CanvasRenderingContext2d,
        width: f64,
        height: f64,
    ) -> Result<(), JsError> {
        let picture = self.scene(width, height).draw(view_of(view)?);
        canvas::paint(&picture, &self.palette, context);
        Ok(())
    }

    /// The view that the link or the lab asks for, in the words of links; undefined if neither does.
    pub fn view(&self) -> Option<String> {
        self.run.view().map(|view| view.word().to_owned())
    }

    /// Through whose eyes the link has the run looked at; undefined if from outside.
    pub fn eyes(&self) -> Option<String> {
        self.run.eyes().map(|node| self.run.scenario().name(node))
    }

    /// Says in the link which view is shown, in the words of links; nothing if there is no such view.
    pub fn show_view(&mut self, word: &str) {
        self.run.look(View::of_word(word));
    }

    /// The clients' operations up to now: a list of `{client, says, state, is_accused, begun_ms,
    /// ended_ms}`.
    pub fn history(&self) -> JsValue {
        view::to_js(&learn::history(&self.run, &self.seen()))
    }

    /// Sets what all pictures show: a JSON object with any of `perspective`, `light_node` (names of nodes or null),
    /// `light_message`, `selected_event` (numbers or null), `bent` (a boolean), `from_ms` and `to_ms`. What it does not
    /// name stays as it is.
    ///
    /// # Errors
    ///
    /// When it is no such object.
    pub fn look(&mut self, json: &str) -> Result<(), JsError> {
        let mut look = self.seen();
        read_look(json, &self.run, &mut look).map_err(|what| JsError::new(&what))?;
        self.run.look_through(look.perspective);
        self.look = look;
        Ok(())
    }

    /// What is at a place of a view, named in the words of links: `{kind, id}` or `{kind, from, to}`, or null.
    ///
    /// # Errors
    ///
    /// When there is no such view.
    pub fn pick(
        &mut self,
        view: &str,
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
        Ok(view::to_js(&picked))
    }

    /// The links that a line across the picture of the world crosses: a list of `{from, to}`.
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
        let ends = crossed.into_iter().map(|(from, to)| Ends {
            from: name(from),
            to: name(to),
        });
        view::to_js(&ends.collect::<Vec<_>>())
    }

    /// Does something now, in the words of links without the time: `crash:bank`.
    ///
    /// # Errors
    ///
    /// When that is nothing that can be done.
    pub fn act(&mut self, deed: &str) -> Result<(), JsError> {
        self.run
            .act_text(deed)
            .map_err(|problem| JsError::new(&problem.to_string()))
    }

    /// Takes back the latest step. Returns whether there was one.
    pub fn undo(&mut self) -> bool {
        self.run.undo()
    }

    /// Takes again the step that was taken back last. Returns whether there was one.
    pub fn redo(&mut self) -> bool {
        self.run.redo()
    }

    /// How many steps can be taken back and again: `{undo, redo}`.
    pub fn steps(&self) -> JsValue {
        let (undo, redo) = self.run.steps();
        view::to_js(&Steps { undo, redo })
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

    /// The futures that were tried: a list of `{name, forked_at_ms, frontier_ms, is_current}`.
    pub fn futures(&self) -> JsValue {
        view::to_js(&learn::futures(&self.run))
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

    /// The moments worth a mark on the time bar: a list of `{time_ms, kind, sentence}`.
    pub fn marks(&mut self) -> JsValue {
        self.chronicle.renew(&self.run);
        view::to_js(&learn::marks(&self.run, &self.chronicle))
    }

    /// All about a node, or null.
    pub fn node_card(&self, id: &str) -> JsValue {
        view::to_js(&cards::node(&self.run, id))
    }

    /// All about a message on its way, or null.
    pub fn message_card(&self, id: u32) -> JsValue {
        view::to_js(&cards::message(&self.run, id))
    }

    /// All about a directed link, or null.
    pub fn link_card(&self, from: &str, to: &str) -> JsValue {
        view::to_js(&cards::link(&self.run, from, to))
    }

    /// All about an event, or null.
    pub fn event_card(&self, id: u32) -> JsValue {
        view::to_js(&cards::event(&self.run, id))
    }

    /// The lab's story, what to try, and its sources.
    pub fn story(&self) -> JsValue {
        view::to_js(&learn::story(&self.run))
    }

    /// The curves that the lab shows: a list of `{id, label, unit, group, times_s, values}`.
    pub fn series(&mut self) -> JsValue {
        self.chronicle.renew(&self.run);
        view::to_js(&learn::curves(&self.run, &self.chronicle))
    }

    fn scene(&mut self, width: f64, height: f64) -> Scene<'_> {
        let look = self.seen();
        Scene::new(&self.run, &mut self.chronicle, look, width, height)
    }

    fn seen(&self) -> Look {
        Look {
            perspective: self.run.eyes(),
            ..self.look
        }
    }
}

/// The view of this word in links.
fn view_of(word: &str) -> Result<View, JsError> {
    View::of_word(word).ok_or_else(|| JsError::new(&format!("There is no view \"{word}\".")))
}

/// Something picked, as the page gets it.
#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Picked {
    Node { id: String },
    Message { id: u32 },
    Link { from: String, to: String },
    Event { id: u32 },
}

#[derive(Serialize)]
struct Ends {
    from: String,
    to: String,
}

#[derive(Serialize)]
struct Steps {
    undo: usize,
    redo: usize,
}

/// How many base units one of a control's units is.
fn scale(control: &str, run: &Run) -> f64 {
    let knob = Knob::parse(control, run.scenario());
    knob.map_or(1.0, |knob| knob.slider().scale)
}

fn read_turns(json: &str, run: &Run) -> Result<Vec<(String, f64)>, String> {
    let value: serde_json::Value =
        serde_json::from_str(json).map_err(|error| format!("The values are no JSON: {error}."))?;
    let turn = |(key, value): (&String, &serde_json::Value)| match value.as_f64() {
        Some(value) => Ok((key.clone(), value * scale(key, run))),
        None => Err(format!("\"{key}\" has no number as its value.")),
    };
    match value.as_object() {
        Some(values) => values.iter().map(turn).collect(),
        None => Err("The values are no JSON object.".to_owned()),
    }
}

fn read_look(json: &str, run: &Run, look: &mut Look) -> Result<(), String> {
    let value: serde_json::Value =
        serde_json::from_str(json).map_err(|error| format!("The look is no JSON: {error}."))?;
    let node = |value: &serde_json::Value| match value.as_str() {
        None => Ok(None),
        Some(name) => match run.scenario().node(name) {
            Some(node) => Ok(Some(node)),
            None => Err(format!("There is no node \"{name}\".")),
        },
    };
    let number = |value: &serde_json::Value| value.as_u64().and_then(|n| u32::try_from(n).ok());
    let time = |value: &serde_json::Value| {
        let ms = value.as_f64().unwrap_or(0.0);
        SimTime::ZERO + SimDuration::from_nanos_f64(ms * NANOS_PER_MS)
    };
    for (key, value) in value.as_object().into_iter().flatten() {
        match key.as_str() {
            "perspective" => look.perspective = node(value)?,
            "light_node" => look.light_node = node(value)?,
            "light_message" => look.light_message = number(value).map(MessageId),
            "selected_event" => look.selected_event = number(value).map(EventId),
            "bent" => look.bent = value.as_bool().unwrap_or(false),
            "from_ms" => look.from = time(value),
            "to_ms" => look.to = time(value),
            other => return Err(format!("\"{other}\" is no part of a look.")),
        }
    }
    if look.to <= look.from {
        return Err("A look must end later than it begins.".to_owned());
    }
    Ok(())
}
