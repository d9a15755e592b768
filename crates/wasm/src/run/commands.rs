//! What can be done to a run.
//!
//! Whatever takes a run elsewhere sets out for it, and replays no more than a stride at once, so that no call holds up the
//! page: [`Run::go_on`] gets there. What is done *now* is done at the moment that the run is bound for. The next command
//! takes the place of the last one's way.

use sim::SimTime;
use wasm_bindgen::prelude::*;

use super::{Run, refusal};
use crate::input;

#[wasm_bindgen]
impl Run {
    /// Goes on by a stride to where the run is bound for. Returns whether it is there, and all that pictures and words tell
    /// of its past was gathered.
    pub fn go_on(&mut self) -> bool {
        let is_there = self.run.go_on();
        self.read_on() && is_there
    }

    /// Goes all the way to where the run is bound for, however long that takes: for scripts. A page goes on.
    pub fn arrive(&mut self) {
        while !self.go_on() {}
    }

    /// Stays at the moment at the cursor, wherever the run was bound for.
    pub fn stay(&mut self) {
        self.run.stay();
    }

    /// Goes on by `ms`; to the end at most. Nothing for what is not positive.
    pub fn advance(&mut self, ms: f64) {
        self.run.advance(input::duration(ms));
    }

    /// Finds out what the whole run ahead will bring, so many events at a time: as it is, and then with each switch
    /// flipped. Returns whether all is known. The run stays where it is.
    pub fn look_ahead(&mut self, events: u32) -> bool {
        self.run.look_ahead(events)
    }

    /// Goes on to the next moment at which something happens. Returns whether there was one.
    pub fn step(&mut self) -> bool {
        self.run.step()
    }

    /// Goes back to the moment before the latest one at which something happened. Returns whether there was one.
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
    pub fn set(&mut self, control: &str, value: f64) -> Result<(), js_sys::Error> {
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
    ) -> Result<(), js_sys::Error> {
        let turns = input::read_turns(json, &self.run).map_err(refusal)?;
        let turns = turns.iter().map(|(key, value)| (key.as_str(), *value));
        self.run.turn_all(turns).map_err(refusal)
    }

    /// Ends a drag of a slider: the next turn of it is another step.
    pub fn end_drag(&mut self) {
        self.run.end_drag();
    }

    /// Switches a defence, and replays the run up to now.
    ///
    /// # Errors
    ///
    /// When there is no such defence.
    pub fn defend(&mut self, id: &str, is_on: bool) -> Result<(), js_sys::Error> {
        self.run.defend(id, is_on).map_err(refusal)
    }

    /// Does something now, in the words of links without the time: `crash:bank`.
    ///
    /// # Errors
    ///
    /// When that is nothing that can be done.
    pub fn act(&mut self, deed: &str) -> Result<(), js_sys::Error> {
        self.run.act_text(deed).map_err(refusal)
    }

    /// Takes a change back, by its place among [`Run::changes`]. Nothing for a place that none has.
    pub fn take_back(&mut self, place: usize) {
        self.run.take_back(place);
    }

    /// Moves what is done, by its place among [`Run::changes`], to another moment; a turn that is moved to the beginning
    /// holds for the whole run.
    pub fn move_to(&mut self, place: usize, ms: f64) {
        self.run.move_to(place, input::moment(ms));
    }

    /// Takes all changes back as one step, but for the seed and the defences.
    pub fn take_all_back(&mut self) {
        self.run.take_all_back();
    }

    /// Takes back the latest step. Returns whether there was one.
    pub fn undo(&mut self) -> bool {
        self.run.undo()
    }

    /// Takes again the step that was taken back last. Returns whether there was one.
    pub fn redo(&mut self) -> bool {
        self.run.redo()
    }

    /// Goes over to another future, at the same time.
    pub fn switch_future(&mut self, place: usize) {
        self.run.switch_future(place);
    }
}
