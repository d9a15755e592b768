//! Checks that know when the weather is bad: what is only demanded in calm, and what is demanded after the last fault.

use sim::trace::{Event, EventKind, Limp};
use sim::{EventId, NodeId, SimTime};

use super::verdict::{Check, Finding, Verdict, Words};

/// A check of what is put on record from a moment on. It sees what befalls nodes and links at any time.
#[derive(Clone)]
pub struct Since {
    from: SimTime,
    check: Box<dyn Check>,
}

impl Since {
    /// The check, from this moment on.
    pub fn new(from: SimTime, check: Box<dyn Check>) -> Since {
        Since { from, check }
    }
}

impl Check for Since {
    fn observe(&mut self, id: EventId, event: &Event) {
        if event.kind != EventKind::Fact || event.time >= self.from {
            self.check.observe(id, event);
        }
    }

    fn finding(&self) -> Option<&Finding> {
        self.check.finding()
    }

    fn verdict(&self, words: &Words<'_>, is_over: bool) -> Verdict {
        self.check.verdict(words, is_over)
    }

    fn finds_a_case(&self) -> bool {
        self.check.finds_a_case()
    }
}

/// A check that takes all the time between two moments for one fault, whatever happens in it: lossy links are no fault
/// that a check can see, and still nothing has to recover while they last.
#[derive(Clone)]
pub struct Spell {
    /// When the fault begins and when it ends, as long as that is to come.
    turns: [Option<SimTime>; 2],
    check: Box<dyn Check>,
}

impl Spell {
    /// The check, with one fault from `begins` to `ends`.
    pub fn new(begins: SimTime, ends: SimTime, check: Box<dyn Check>) -> Spell {
        let turns = [Some(begins), Some(ends)];
        Spell { turns, check }
    }
}

/// How slow a node that does not exist becomes, in thousandths, when the fault begins and when it ends.
const LIMPS: [u32; 2] = [2000, 1000];

impl Check for Spell {
    fn observe(&mut self, id: EventId, event: &Event) {
        for (turn, permille) in self.turns.iter_mut().zip(LIMPS) {
            if turn.is_some_and(|at| at <= event.time) {
                *turn = None;
                let fault = Event::of(event.time, NodeId(u16::MAX), Limp { permille });
                self.check.observe(id, &fault);
            }
        }
        self.check.observe(id, event);
    }

    fn finding(&self) -> Option<&Finding> {
        self.check.finding()
    }

    fn verdict(&self, words: &Words<'_>, is_over: bool) -> Verdict {
        self.check.verdict(words, is_over)
    }

    fn finds_a_case(&self) -> bool {
        self.check.finds_a_case()
    }
}

#[cfg(test)]
mod tests {
    use sim::SimDuration;

    use super::*;
    use crate::watch::parts::trial::*;
    use crate::watch::{EndsWithin, RecoversWithin};

    #[test]
    fn what_was_put_on_record_before_is_not_judged() {
        let late = |from| {
            let ends = EndsWithin::new(SimDuration::from_millis(100));
            let check = Since::new(SimTime::from_millis(from), Box::new(ends));
            trial(check, "write")
                .at(100, 1, requests(1))
                .at(300, 1, ok(1))
        };
        late(100).violated("Write #1, begun by n1 at 0.10 s, has not ended 0.1 s later.");
        late(200).undecided("No write has begun yet.");
    }

    #[test]
    fn nothing_has_to_recover_before_the_fault_is_over() {
        let slow = |ends| {
            let recovers = RecoversWithin::new(SimDuration::from_millis(500));
            let (begins, ends) = (SimTime::from_millis(1000), SimTime::from_millis(ends));
            trial(Spell::new(begins, ends, Box::new(recovers)), "write")
                .at(1100, 1, PAUSES)
                .at(1200, 1, RESUMES)
                .at(1300, 1, requests(1))
                .at(2000, 1, ok(1))
                .at(3000, 1, NOTHING)
        };
        slow(1250).violated(
            "The last fault ended at 1.30 s; write #1, begun by n1 at 1.30 s, had not ended at 1.80 s.",
        );
        slow(2500).undecided("The last fault ended at 3.00 s.");
    }
}
