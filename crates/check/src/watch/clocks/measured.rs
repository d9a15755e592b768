//! The lengths of time that nodes measure are the true ones.

use sim::held::{Held, Measure};
use sim::sorted::Map;
use sim::trace::{Event, EventKind, Fact};
use sim::{EventId, NodeId, SimDuration, SimTime};

use crate::watch::parts::found::Found;
use crate::watch::parts::phrase::{counted, length, seconds};
use crate::watch::verdict::{Check, Finding, Verdict, Words};

/// Each measured length is within the clock's drift of the true one.
#[derive(Clone, Debug)]
pub struct Measured {
    /// By how much at most a good clock runs too fast or too slow, in parts per million.
    drift: u32,
    /// How much a measurement may be off besides.
    slack: SimDuration,
    open: Map<(NodeId, i64), (SimTime, EventId)>,
    ended: usize,
    finding: Found<Fault>,
}

#[derive(Clone, Copy, Debug)]
struct Fault {
    node: NodeId,
    began: SimTime,
    measured: i64,
}

impl Measured {
    /// A check that allows for a drift in parts per million, and for `slack` besides.
    pub fn new(drift: u32, slack: SimDuration) -> Measured {
        Measured {
            drift,
            slack,
            open: Map::new(),
            ended: 0,
            finding: Found::default(),
        }
    }

    /// Whether `measured` may stand for a true length of `gone` nanoseconds.
    fn is_right(&self, measured: i64, gone: i64) -> bool {
        let drift = i128::from(gone) * i128::from(self.drift) / 1_000_000;
        let allowed = drift + i128::from(self.slack.as_nanos());
        (i128::from(measured) - i128::from(gone)).abs() <= allowed
    }

    fn ends(&mut self, measure: i64, measured: i64, id: EventId, event: &Event) {
        let Some((began, begin)) = self.open.remove(&(event.node, measure)) else {
            return;
        };
        self.ended += 1;
        let gone = event.time.since(began).as_nanos() as i64;
        if !self.is_right(measured, gone) {
            let fault = Fault {
                node: event.node,
                began,
                measured,
            };
            self.finding.here(id, event, &[begin, id], fault);
        }
    }
}

impl Check for Measured {
    fn held(&self, by: Measure) -> usize {
        self.open.held(by)
    }

    fn observe(&mut self, id: EventId, event: &Event) {
        if event.kind == EventKind::Crash {
            self.open.retain(|(node, _), _| *node != event.node);
        }
        match event.fact() {
            Some(Fact::MeasureBegins { measure }) => {
                self.open.insert((event.node, measure), (event.time, id));
            }
            Some(Fact::MeasureEnds { measure, length }) => self.ends(measure, length, id, event),
            _ => {}
        }
    }

    fn finding(&self) -> Option<&Finding> {
        self.finding.first()
    }

    fn verdict(&self, words: &Words<'_>, _is_over: bool) -> Verdict {
        if let Some((finding, fault)) = self.finding.get() {
            let gone = finding.at.since(fault.began).as_nanos() as i64;
            return finding.verdict(format!(
                "{} measured {} from {} to {}, but {} had passed.",
                (words.node)(fault.node),
                length(fault.measured),
                seconds(fault.began),
                seconds(finding.at),
                length(gone)
            ));
        }
        match self.ended {
            0 => Verdict::undecided("Nothing has been measured yet."),
            ended => Verdict::holds(format!(
                "{}, each close to the true length.",
                counted(ended, "measurement")
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::parts::trial::*;

    /// n1 begins to measure at 1 s and ends after `gone` ms with `measured` ms; drift 200 ppm, slack 1 ms.
    fn measured(gone: u64, measured: i64) -> Trial {
        trial(Measured::new(200, ms(1)), "request")
            .undecided("Nothing has been measured yet.")
            .at(1000, 1, begins_to_measure(1))
            .undecided("Nothing has been measured yet.")
            .at(1000 + gone, 1, measures(1, measured))
    }

    #[test]
    fn a_measurement_within_the_drift_holds() {
        let sentence = "1 measurement, each close to the true length.";
        measured(90, 91).holds(sentence);
        // 200 ppm of 100 s are 20 ms.
        measured(100_000, 100_021).holds(sentence);
    }

    #[test]
    fn a_measurement_that_is_off_is_a_violation_whichever_way() {
        measured(90, -210)
            .violated("n1 measured \u{2212}210 ms from 1.00 s to 1.09 s, but 90 ms had passed.")
            .found_here();
        measured(100_000, 100_022)
            .violated("n1 measured 100.02 s from 1.00 s to 101.00 s, but 100.00 s had passed.");
    }
}
