//! What a client reports as failed did not happen.

use sim::held::{Held, Measure};
use sim::sorted::Map;
use sim::sorting::sort;

use sim::trace::{Event, Fact, Outcome};
use sim::{EventId, NodeId, SimTime};

use crate::watch::parts::found::Found;
use crate::watch::parts::phrase::{counted, seconds};
use crate::watch::verdict::{Check, Finding, Verdict, Words};

/// A client that reports a failure is right: the operation had no effect before, and has none after.
///
/// A false report is certain at the later of report and effect. An operation that its client leaves unknown is no report;
/// how many of those had an effect is counted too.
#[derive(Clone, Debug, Default)]
pub struct NoFalseFailure {
    operations: Map<u32, Operation>,
    /// The operation that a node's state machine passes over next.
    passed_over: Map<NodeId, u32>,
    done: Counts,
    failed: Counts,
    unknown: Counts,
    finding: Found<Fault>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Operation {
    effect: Option<(SimTime, EventId)>,
    returned: Option<(SimTime, EventId, NodeId, Outcome)>,
}

/// How many operations had this outcome for their client, and how many of these had an effect.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    all: usize,
    with_effect: usize,
}

#[derive(Clone, Copy, Debug)]
struct Fault {
    operation: u32,
    client: NodeId,
    reported: SimTime,
    effect: SimTime,
}

impl NoFalseFailure {
    /// A check that has seen nothing yet.
    pub fn new() -> NoFalseFailure {
        NoFalseFailure::default()
    }

    fn effect(&mut self, operation: u32, id: EventId, event: &Event) {
        let known = self.operations.entry(operation).or_default();
        if known.effect.is_some() {
            return;
        }
        known.effect = Some((event.time, id));
        let known = *known;
        if let Some((.., outcome)) = known.returned {
            self.counts_of(outcome).with_effect += 1;
        }
        self.judge(operation, known, id);
    }

    /// A replicated state machine takes an operation in: it has its effect, whichever copy is the first, unless it is passed
    /// over.
    fn taken_in(&mut self, operation: u32, id: EventId, event: &Event) {
        if self.passed_over.remove(&event.node) != Some(operation) {
            self.effect(operation, id, event);
        }
    }

    fn returned(&mut self, operation: u32, outcome: Outcome, id: EventId, event: &Event) {
        let known = self.operations.entry(operation).or_default();
        known.returned = Some((event.time, id, event.node, outcome));
        let known = *known;
        let tally = self.counts_of(outcome);
        tally.all += 1;
        tally.with_effect += usize::from(known.effect.is_some());
        self.judge(operation, known, id);
    }

    fn counts_of(&mut self, outcome: Outcome) -> &mut Counts {
        match outcome {
            Outcome::Ok => &mut self.done,
            Outcome::Fail => &mut self.failed,
            Outcome::Unknown => &mut self.unknown,
        }
    }

    fn judge(&mut self, operation: u32, known: Operation, here: EventId) {
        let (Some((effect, effect_event)), Some((reported, report, client, Outcome::Fail))) =
            (known.effect, known.returned)
        else {
            return;
        };
        let mut events = vec![effect_event, report];
        sort(&mut events);
        let finding = Finding {
            at: effect.max(reported),
            event: here,
            events,
        };
        let fault = Fault {
            operation,
            client,
            reported,
            effect,
        };
        self.finding.since(finding, fault);
    }

    fn accusation(&self, fault: &Fault, words: &Words<'_>) -> String {
        let (client, number) = ((words.node)(fault.client), fault.operation);
        let (reported, effect) = (seconds(fault.reported), seconds(fault.effect));
        let Counts { all, with_effect } = self.failed;
        let was = if fault.effect > fault.reported {
            "was"
        } else {
            "had been"
        };
        let first = format!(
            "{client} reported {} #{number} as failed at {reported}, but it {was} carried out at {effect}.",
            words.operation
        );
        match all {
            0 | 1 => first,
            _ => format!("{first} So far {with_effect} of {all} such reports were wrong."),
        }
    }
}

impl Check for NoFalseFailure {
    fn held(&self, by: Measure) -> usize {
        self.operations.held(by) + self.passed_over.held(by)
    }

    fn observe(&mut self, id: EventId, event: &Event) {
        match event.fact() {
            Some(Fact::Effect { operation, .. }) => self.effect(operation, id, event),
            Some(fact @ Fact::Applied { .. }) => {
                if let Some(operation) = fact.operation() {
                    self.taken_in(operation, id, event);
                }
            }
            Some(Fact::PassedOver { operation }) => {
                self.passed_over.insert(event.node, operation);
            }
            Some(Fact::Returned {
                operation, outcome, ..
            }) => self.returned(operation, outcome, id, event),
            _ => {}
        }
    }

    fn finding(&self) -> Option<&Finding> {
        self.finding.first()
    }

    fn verdict(&self, words: &Words<'_>, _is_over: bool) -> Verdict {
        if let Some((finding, fault)) = self.finding.get() {
            return finding.verdict(self.accusation(fault, words));
        }
        let (failed, unknown) = (self.failed, self.unknown);
        let ended = self.done.all + failed.all + unknown.all;
        let sentence = match (ended, failed.all, unknown.all) {
            (0, ..) => format!("No {} has ended yet.", words.operation),
            (_, 0, 0) => format!("{}, each answered.", counted(ended, words.operation)),
            (_, 0, all) => format!(
                "{} left unknown; {} of them had an effect so far.",
                counted(all, words.operation),
                unknown.with_effect
            ),
            (_, all, _) => format!(
                "{} reported as failed, and none had an effect.",
                counted(all, words.operation)
            ),
        };
        Verdict::unviolated(ended > 0, sentence)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::parts::trial::*;

    fn calls() -> Trial {
        trial(NoFalseFailure::new(), "call")
    }

    #[test]
    fn a_failure_without_an_effect_is_rightly_called_one() {
        calls()
            .at(10, 1, charges(1, 1, 1))
            .at(20, 1, ok(1))
            .at(1000, 1, fails(2))
            .holds("1 call reported as failed, and none had an effect.");
    }

    #[test]
    fn what_had_happened_is_wrongly_called_failed_at_the_report() {
        calls()
            .at(10, 1, charges(1, 1, 1))
            .at(1000, 1, fails(1))
            .violated(
                "n1 reported call #1 as failed at 1.00 s, but it had been carried out at 0.01 s.",
            )
            .found_here();
    }

    #[test]
    fn what_happens_later_proves_the_report_wrong_then() {
        calls()
            .at(900, 1, fails(4))
            .at(1000, 1, fails(5))
            .at(1500, 1, charges(5, 1, 1))
            .violated("n1 reported call #5 as failed at 1.00 s, but it was carried out at 1.50 s. So far 1 of 2 such reports were wrong.")
            .found_here();
    }

    #[test]
    fn what_a_state_machine_passes_over_has_no_effect_there() {
        let late = || {
            calls()
                .at(10, 1, writes(4))
                .at(20, 1, fails(4))
                .at(30, 1, writes(5))
                .at(40, 7, applies(1, 1, 1, 5))
        };
        let passed_over = || {
            late()
                .at(50, 7, passes_over(4))
                .at(50, 7, applies(2, 1, 1, 4))
        };
        passed_over().holds("1 call reported as failed, and none had an effect.");
        late()
            .at(50, 7, applies(2, 1, 1, 4))
            .violated("n1 reported call #4 as failed at 0.02 s, but it was carried out at 0.05 s.");
        passed_over()
            .at(60, 8, applies(2, 1, 1, 4))
            .violated("n1 reported call #4 as failed at 0.02 s, but it was carried out at 0.06 s.");
        passed_over()
            .at(60, 7, applies(3, 1, 1, 4))
            .violated("n1 reported call #4 as failed at 0.02 s, but it was carried out at 0.06 s.");
    }

    #[test]
    fn an_unknown_outcome_is_never_wrong() {
        calls()
            .at(10, 1, charges(1, 1, 1))
            .at(1000, 1, gives_up(1))
            .at(1100, 1, gives_up(2))
            .holds("2 calls left unknown; 1 of them had an effect so far.");
    }
}
