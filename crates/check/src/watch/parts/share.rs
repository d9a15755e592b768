//! The share that is good of what begins during a fault.

use sim::trace::Event;
use sim::{EventId, SimTime};

use super::faults::{Phase, Phases};
use super::phrase::plural;
use crate::watch::verdict::{Finding, Verdict};

/// Counts what begins before, during and since faults, and how much of it ends as it should. Demands that a share of what
/// begins during a fault does.
#[derive(Clone, Debug)]
pub(in crate::watch) struct ShareInFaults {
    /// From 0 to 1.
    demanded: f64,
    /// How many must have begun during a fault before too few of them can be good.
    least: u32,
    phases: Phases,
    tally: Tally,
    /// What began during a fault, as it was when the tally was marked.
    marked: (Share, Option<(EventId, EventId)>),
    /// The first violation, and what was counted then.
    finding: Option<(Finding, Phase, Tally)>,
}

/// What is counted up to a moment.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    counts: [Share; 3],
    /// How many that began during a fault have not ended.
    open: u32,
    /// Of what began during a fault and ended badly, the events at which the first and the last ended.
    bad: Option<(EventId, EventId)>,
    /// Whether the run has ended, and with it a fault that is in force.
    has_ended: bool,
}

/// How many have ended, and how many of them well.
#[derive(Clone, Copy, Debug, Default)]
struct Share {
    all: u32,
    good: u32,
}

impl ShareInFaults {
    /// Nothing counted yet; `demanded` is the share that must end well, from 0 to 1, of at least so many.
    pub fn new(demanded: f64, least: u32) -> ShareInFaults {
        ShareInFaults {
            demanded,
            least,
            phases: Phases::default(),
            tally: Tally::default(),
            marked: Default::default(),
            finding: None,
        }
    }

    /// Takes in an event. Returns the phase after it.
    pub fn observe(&mut self, event: &Event) -> Phase {
        self.phases.observe(event)
    }

    /// Something begins in this phase.
    pub fn begins(&mut self, phase: Phase) {
        self.tally.open += u32::from(phase == Phase::During);
    }

    /// Something that began in this phase does not count any more.
    pub fn is_left_out(&mut self, phase: Phase) {
        self.tally.open -= u32::from(phase == Phase::During);
    }

    /// Something that began in this phase has ended, well or not.
    pub fn ended(&mut self, phase: Phase, is_good: bool, id: EventId) {
        self.is_left_out(phase);
        let counted = &mut self.tally.counts[phase as usize];
        counted.all += 1;
        counted.good += u32::from(is_good);
        if phase == Phase::During && !is_good {
            let first = self.tally.bad.map_or(id, |(first, _)| first);
            self.tally.bad = Some((first, id));
        }
    }

    /// What ends from now on may turn out not to count.
    pub fn mark(&mut self) {
        self.marked = (self.tally.during(), self.tally.bad);
    }

    /// What began during a fault and has ended since the mark does not count. Whether there was any.
    pub fn revert(&mut self) -> bool {
        let (during, bad) = self.marked;
        let was_any = during.all < self.tally.during().all;
        self.tally.counts[Phase::During as usize] = during;
        self.tally.bad = bad;
        was_any
    }

    fn is_over(&self) -> bool {
        match self.phases.now() {
            Phase::Before => false,
            Phase::During => self.tally.has_ended,
            Phase::Since => true,
        }
    }

    /// The run has ended, and its latest event was this.
    pub fn end(&mut self, latest: EventId, now: SimTime) {
        self.tally.has_ended = true;
        self.judge(latest, now);
    }

    /// Judges once the fault is over: too few end well even if all do that are open.
    pub fn judge(&mut self, id: EventId, now: SimTime) {
        if self.finding.is_some() || !self.is_over() || !self.is_missed() {
            return;
        }
        let (first, last) = self.tally.bad.unwrap_or((id, id));
        let mut events = vec![first, last];
        events.dedup();
        let finding = Finding {
            at: now,
            event: id,
            events,
        };
        self.finding = Some((finding, self.phases.now(), self.tally));
    }

    /// Whether there are enough to judge by, and too few are good.
    fn is_missed(&self) -> bool {
        self.tally.begun() >= self.least && !self.is_enough_with(self.tally.open)
    }

    /// Whether enough of what began during a fault ends well if so many do of those that are open.
    fn is_enough_with(&self, well: u32) -> bool {
        let good = self.tally.during().good + well;
        f64::from(good) + 1e-9 >= self.demanded * f64::from(self.tally.begun())
    }

    /// The first violation, if there is one.
    pub fn finding(&self) -> Option<&Finding> {
        self.finding.as_ref().map(|(finding, ..)| finding)
    }

    /// Whether the run has ended, and nothing that began during a fault counts.
    pub fn ended_without_any(&self) -> bool {
        self.tally.has_ended && self.tally.during().all == 0
    }

    /// The counts of each phase so far, as in *3 of 4 reads were answered. There has been no fault yet.*; whatever `more`
    /// says stands behind them. Once too few were good, they stay what they were then.
    pub fn verdict(&self, noun: &str, good: &str, more: &str) -> Verdict {
        match &self.finding {
            Some((finding, phase, tally)) => {
                finding.verdict(format!("{}{more}", tally.sentence(*phase, noun, good)))
            }
            None => {
                let counts = self.tally.sentence(self.phases.now(), noun, good);
                let was_tried = self.tally.during().all > 0;
                let is_over = self.is_over();
                let is_enough = self.is_enough_with(0);
                let is_few = is_over && !is_enough && self.tally.begun() < self.least;
                let few = if is_few {
                    " Those are too few to judge by."
                } else {
                    ""
                };
                Verdict::unviolated(
                    is_over && was_tried && is_enough,
                    format!("{counts}{few}{more}"),
                )
            }
        }
    }
}

impl Tally {
    /// What began during a fault.
    fn during(&self) -> Share {
        self.counts[Phase::During as usize]
    }

    /// How many began during a fault.
    fn begun(&self) -> u32 {
        self.during().all + self.open
    }

    fn sentence(&self, phase: Phase, noun: &str, good: &str) -> String {
        let [before, during, since] = self
            .counts
            .map(|counted| format!("{} of {}", counted.good, counted.all));
        let nouns = plural(noun);
        let open = match self.open {
            0 => String::new(),
            1 => ", 1 is open".to_owned(),
            open => format!(", {open} are open"),
        };
        match phase {
            Phase::Before => {
                format!("{before} {nouns} were {good}. There has been no fault yet.")
            }
            Phase::During => {
                let lasts = if self.has_ended { "" } else { " so far" };
                format!(
                    "During the fault, {during} {nouns} were {good}{lasts}{open}; before it, {before}."
                )
            }
            Phase::Since => format!(
                "During the fault, {during} {nouns} were {good}{open}; before it, {before}; since then, {since}."
            ),
        }
    }
}
