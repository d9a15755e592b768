//! What a run takes of its memory, in one place.

use sim::held::Measure;

use super::watched::Run;

impl Run {
    /// Bytes of memory that it takes: with its past, with the run that is played ahead, with what was gathered from it, with
    /// the versions that can be brought back, and with what [`Run::count_in`] says.
    pub fn bytes(&self) -> usize {
        self.timeline.bytes() + self.bytes_aside()
    }

    /// Bytes that are taken beside its past. All that is counted is either here or in the timeline.
    fn bytes_aside(&self) -> usize {
        let by = Measure::Taken;
        let ahead = self.outlook.going.as_ref();
        ahead.map_or(0, |ahead| ahead.course.bytes())
            + self.gathering.held(by)
            + self.reasons.held(by)
            + self.edits.bytes()
            + self.counted_in
    }

    /// So many bytes are taken for it elsewhere: by what pictures know of it. They are part of its memory.
    pub fn count_in(&mut self, bytes: usize) {
        self.counted_in = bytes;
        self.make_room();
    }

    /// Sees to it that all of it stays within its memory: keyframes thin out first, then what is played ahead keeps no
    /// events, and then it is given up.
    pub(super) fn make_room(&mut self) {
        self.timeline.set_aside(self.bytes_aside());
        if !self.timeline.has_room()
            && let Some(ahead) = &mut self.outlook.going
        {
            ahead.forget();
            self.timeline.set_aside(self.bytes_aside());
            if !self.timeline.has_room() {
                self.outlook.give_up(self.scenario.checks.len());
                self.timeline.set_aside(self.bytes_aside());
            }
        }
    }
}
