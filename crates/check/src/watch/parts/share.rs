//! The share that is good of what begins during a fault.

use sim::trace::Event;
use sim::{EventId, SimTime};

use super::faults::{Phase, Phases};
use super::phrase::{plural, seconds};
use crate::watch::verdict::{Finding, Verdict};

/// Counts what begins before, during and since faults, and how much of it ends as it should. Demands that a share of what
/// begins during a fault does.
#[derive(Clone, Debug)]
pub(in crate::watch) struct ShareInFaults {
    /// From 0 to 1.
    demanded: f64,
    phases: Phases,
    counts: [Share; 3],
    /// Of what began during a fault and ended badly, the events at which the first and the last ended.
    bad: Option<(EventId, EventId)>,
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
            bad: None,
            finding: None,
        }
    }

    /// Takes in an event. Returns the phase after it.
    pub fn observe(&mut self, event: &Event) -> Phase {
        self.phases.observe(event)
    }

    /// Something that began in this phase has ended, well or not.
    pub fn ended(&mut self, phase: Phase, is_good: bool, id: EventId) {
        let counted = &mut self.counts[phase as usize];
        counted.all += 1;
        counted.good += u32::from(is_good);
        if phase == Phase::During && !is_good {
            let first = self.bad.map_or(id, |(first, _)| first);
            self.bad = Some((first, id));
        }
    }

    /// Judges once the fault is over and what began in it has ended: none of `open` began during a fault.
    pub fn judge(&mut self, mut open: impl Iterator<Item = Phase>, id: EventId, now: SimTime) {
        let Share { all, good } = self.counts[Phase::During as usize];
        let is_enough = f64::from(good) + 1e-9 >= self.demanded * f64::from(all);
        let is_settled = self.finding.is_some() || is_enough;
        if is_settled || self.phases.now() != Phase::Since || open.any(|it| it == Phase::During) {
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

    /// The first violation, if there is one.
    pub fn finding(&self) -> Option<&Finding> {
        self.finding.as_ref()
    }

    /// The counts of each phase so far, as in *Of reads 3 of 4 were answered; there has been no fault yet*; whatever `more`
    /// says stands behind them.
    pub fn verdict(&self, noun: &str, good: &str, more: &str) -> Verdict {
        let counts = format!("{}{more}", self.sentence(noun, good));
        match &self.finding {
            Some(finding) => {
                finding.verdict(format!("{counts} At {}: too few.", seconds(finding.at)))
            }
            None => {
                let was_tried = self.counts[Phase::During as usize].all > 0;
                let is_judged = self.phases.now() == Phase::Since && was_tried;
                Verdict::unviolated(is_judged, counts)
            }
        }
    }

    fn sentence(&self, noun: &str, good: &str) -> String {
        let [before, during, since] = self
            .counts
            .map(|counted| format!("{} of {}", counted.good, counted.all));
        let of = format!("Of {} {before} were {good}", plural(noun));
        match self.phases.now() {
            Phase::Before => format!("{of}; there has been no fault yet."),
            Phase::During => format!("{of} before the fault, and {during} during it."),
            Phase::Since => {
                format!("{of} before the fault, {during} during it, and {since} since.")
            }
        }
    }
}
