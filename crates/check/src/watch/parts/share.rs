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
    phases: Phases,
    counts: [Share; 3],
    /// How many that began during a fault have not ended.
    open: u32,
    /// Of what began during a fault and ended badly, the events at which the first and the last ended.
    bad: Option<(EventId, EventId)>,
    /// Whether the run has ended, and with it a fault that is in force.
    has_ended: bool,
    finding: Option<Finding>,
}

/// How many have ended, and how many of them well.
#[derive(Clone, Copy, Debug, Default)]
struct Share {
    all: u32,
    good: u32,
}

impl ShareInFaults {
    /// Nothing counted yet; `demanded` is the share that must end well, from 0 to 1.
    pub fn new(demanded: f64) -> ShareInFaults {
        ShareInFaults {
            demanded,
            phases: Phases::default(),
            counts: [Share::default(); 3],
            open: 0,
            bad: None,
            has_ended: false,
            finding: None,
        }
    }

    /// Takes in an event. Returns the phase after it.
    pub fn observe(&mut self, event: &Event) -> Phase {
        self.phases.observe(event)
    }

    /// Something begins in this phase.
    pub fn begins(&mut self, phase: Phase) {
        self.open += u32::from(phase == Phase::During);
    }

    /// Something that began in this phase does not count any more.
    pub fn is_left_out(&mut self, phase: Phase) {
        self.open -= u32::from(phase == Phase::During);
    }

    /// Something that began in this phase has ended, well or not.
    pub fn ended(&mut self, phase: Phase, is_good: bool, id: EventId) {
        self.is_left_out(phase);
        let counted = &mut self.counts[phase as usize];
        counted.all += 1;
        counted.good += u32::from(is_good);
        if phase == Phase::During && !is_good {
            let first = self.bad.map_or(id, |(first, _)| first);
            self.bad = Some((first, id));
        }
    }

    fn is_over(&self) -> bool {
        match self.phases.now() {
            Phase::Before => false,
            Phase::During => self.has_ended,
            Phase::Since => true,
        }
    }

    /// The run has ended, and its latest event was this.
    pub fn end(&mut self, latest: EventId, now: SimTime) {
        self.has_ended = true;
        self.judge(latest, now);
    }

    /// Judges once the fault is over: too few end well even if all do that are open.
    pub fn judge(&mut self, id: EventId, now: SimTime) {
        if self.finding.is_some() || !self.is_over() || self.is_enough_with(self.open) {
            return;
        }
        let (first, last) = self.bad.unwrap_or((id, id));
        let mut events = vec![first, last];
        events.dedup();
        self.finding = Some(Finding {
            at: now,
            event: id,
            events,
        });
    }

    /// Whether enough of what began during a fault ends well if so many do of those that are open.
    fn is_enough_with(&self, well: u32) -> bool {
        let Share { all, good } = self.counts[Phase::During as usize];
        f64::from(good + well) + 1e-9 >= self.demanded * f64::from(all + self.open)
    }

    /// The first violation, if there is one.
    pub fn finding(&self) -> Option<&Finding> {
        self.finding.as_ref()
    }

    /// Whether the run has ended, and nothing that began during a fault counts.
    pub fn ended_without_any(&self) -> bool {
        self.has_ended && self.counts[Phase::During as usize].all == 0
    }

    /// The counts of each phase so far, as in *3 of 4 reads were answered. There has been no fault yet.*; whatever `more`
    /// says stands behind them.
    pub fn verdict(&self, noun: &str, good: &str, more: &str) -> Verdict {
        let counts = format!("{}{more}", self.sentence(noun, good));
        match &self.finding {
            Some(finding) => finding.verdict(counts),
            None => {
                let was_tried = self.counts[Phase::During as usize].all > 0;
                let is_judged = self.is_over() && was_tried && self.is_enough_with(0);
                Verdict::unviolated(is_judged, counts)
            }
        }
    }

    fn sentence(&self, noun: &str, good: &str) -> String {
        let [before, during, since] = self
            .counts
            .map(|counted| format!("{} of {}", counted.good, counted.all));
        let nouns = plural(noun);
        let open = match self.open {
            0 => String::new(),
            1 => ", 1 is open".to_owned(),
            open => format!(", {open} are open"),
        };
        match self.phases.now() {
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
