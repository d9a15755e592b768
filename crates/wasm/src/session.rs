//! One run that a page shows.

use scenario::Run;
use scenario::document::Problem;
use scenario::knob::Knob;
use scene::shape::Palette;
use sim::{SimDuration, SimTime};
use wasm_bindgen::prelude::*;
use web_sys::CanvasRenderingContext2d;

use crate::canvas::{self, read_palette};
use crate::view;

/// A run with a cursor, and what its link had wrong.
#[wasm_bindgen]
pub struct Session {
    run: Run,
    problems: Vec<Problem>,
    palette: Palette,
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

    /// What the page's text shows at this moment.
    pub fn state(&self) -> JsValue {
        view::to_js(&view::state(&self.run))
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
        let knob = Knob::parse(control, self.run.scenario());
        let scale = knob.map_or(1.0, |knob| knob.slider().scale);
        self.run
            .turn(control, value * scale)
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

    /// Paints the picture of this moment, `width` by `height` CSS pixels, over whatever is there.
    pub fn paint(&self, context: &CanvasRenderingContext2d, width: f64, height: f64) {
        let picture = scene::world::draw(&self.run, width, height);
        canvas::paint(&picture, &self.palette, context);
    }
}
