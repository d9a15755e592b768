//! Every requested effect happens, and happens once; or one of the two.

use std::collections::VecDeque;

use sim::held::{Held, Measure};
use sim::sorted::Map;

use sim::trace::{Event, EventKind, Fact, Function, Outcome};
use sim::{EventId, NodeId, SimDuration, SimTime};

use crate::watch::parts::found::Found;
use crate::watch::parts::phrase::{capitalised, counted, seconds};
use crate::watch::verdict::{Check, Finding, Verdict, Words};

/// How often each payment may have its effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Times {
    /// The effect must happen, and must not happen twice.
    ExactlyOnce,
    /// The effect must happen, and may happen twice.
    AtLeastOnce,
    /// The effect may be missing, but must not happen twice.
    AtMostOnce,
}

/// Each payment has its effect as often as it may.
///
/// An operation whose client crashes need not have an effect, since nobody was told of it; twice it may not have one.
/// *Twice* is certain at the second effect. *Never* is certain when the client has ended the operation and `grace` has
/// passed without an effect: a request that was only late has arrived by then. When the run ends, an operation that is open
/// has had its effect, or is younger than `grace` and owed none yet, or else leaves the verdict open.
#[derive(Clone, Debug)]
pub struct EffectTimes {
    times: Times,
    grace: SimDuration,
    operations: Map<u32, Operation>,
    /// The operations under way, each with its client.
    open: Map<u32, NodeId>,
    /// How many operations ended with a crash of their client, who was told nothing.
    dropped: u32,
    /// Operations that ended without an effect, and when their grace ends.
    missing: VecDeque<(SimTime, u32)>,
    /// How many operations have ended, and had their effect if they must.
    settled: u32,
    now: SimTime,
    finding: Found<Fault>,
}

#[derive(Clone, Copy, Debug)]
struct Operation {
    invoked: (SimTime, EventId),
    effect: Option<(SimTime, EventId)>,
    returned: Option<(SimTime, EventId, Outcome)>,
}

#[derive(Clone, Copy, Debug)]
enum Fault {
    Twice {
        operation: u32,
        first: SimTime,
        second: SimTime,
    },
    Never {
        operation: u32,
        invoked: SimTime,
        ended: SimTime,
        outcome: Outcome,
    },
}

impl EffectTimes {
    /// A check that waits `grace` for an effect after the client has ended the operation.
    pub fn new(times: Times, grace: SimDuration) -> EffectTimes {
        EffectTimes {
            times,
            grace,
            operations: Map::new(),
            open: Map::new(),
            dropped: 0,
            missing: VecDeque::new(),
            settled: 0,
            now: SimTime::ZERO,
            finding: Found::default(),
        }
    }

    fn fact(&mut self, id: EventId, event: &Event, fact: Fact) {
        let here = (event.time, id);
        match fact {
            Fact::Invoked {
                operation,
                function: Function::Pay,
                ..
            } => {
                self.open.insert(operation, event.node);
                self.operations.insert(
                    operation,
                    Operation {
                        invoked: here,
                        effect: None,
                        returned: None,
                    },
                );
            }
            Fact::Effect { operation, .. } => self.effect(operation, here),
            Fact::Returned {
                operation, outcome, ..
            } => self.returned(operation, outcome, here),
            _ => {}
        }
    }

    fn effect(&mut self, operation: u32, here: (SimTime, EventId)) {
        let Some(known) = self.operations.get_mut(&operation) else {
            return;
        };
        if let Some(first) = known.effect {
            if self.times == Times::AtLeastOnce {
                return;
            }
            let events = vec![known.invoked.1, first.1, here.1];
            self.find(
                here,
                events,
                Fault::Twice {
                    operation,
                    first: first.0,
                    second: here.0,
                },
            );
            return;
        }
        known.effect = Some(here);
        if known.returned.is_some() && self.times != Times::AtMostOnce {
            self.settled += 1;
        }
    }

    fn returned(&mut self, operation: u32, outcome: Outcome, here: (SimTime, EventId)) {
        let Some(known) = self.operations.get_mut(&operation) else {
            return;
        };
        self.open.remove(&operation);
        known.returned = Some((here.0, here.1, outcome));
        if known.effect.is_some() || self.times == Times::AtMostOnce {
            self.settled += 1;
        } else {
            self.missing.push_back((here.0 + self.grace, operation));
        }
    }

    /// Operations whose grace has ended without an effect will have none.
    fn expire(&mut self, here: (SimTime, EventId)) {
        while let Some((until, operation)) = self
            .missing
            .front()
            .copied()
            .filter(|(until, _)| *until < here.0)
        {
            self.missing.pop_front();
            let known = self.operations[&operation];
            if let (None, Some((ended, event, outcome))) = (known.effect, known.returned) {
                let fault = Fault::Never {
                    operation,
                    invoked: known.invoked.0,
                    ended,
                    outcome,
                };
                self.find((until, here.1), vec![known.invoked.1, event], fault);
            }
        }
    }

    fn find(&mut self, (at, event): (SimTime, EventId), events: Vec<EventId>, fault: Fault) {
        self.finding.since(Finding { at, event, events }, fault);
    }

    /// A client that crashes ends its operations: nobody is told anything, so their effect may be missing.
    fn crashed(&mut self, client: NodeId) {
        let before = self.open.len();
        self.open.retain(|_, of| *of != client);
        self.dropped += (before - self.open.len()) as u32;
    }

    fn has_effect(&self, operation: u32) -> bool {
        self.operations[&operation].effect.is_some()
    }

    /// How many operations have ended and may still have their effect.
    fn late(&self) -> usize {
        let missing = self.missing.iter();
        let late = missing.filter(|(_, operation)| !self.has_effect(*operation));
        late.count()
    }

    /// Whether an operation that is open has gone without its effect for longer than a request may be late.
    fn any_is_overdue(&self) -> bool {
        let is_overdue = |operation: &u32| {
            let (invoked, _) = self.operations[operation].invoked;
            !self.has_effect(*operation) && invoked + self.grace <= self.now
        };
        self.times != Times::AtMostOnce && self.open.keys().any(is_overdue)
    }
}

impl Check for EffectTimes {
    fn held(&self, by: Measure) -> usize {
        self.operations.held(by) + self.open.held(by) + self.missing.held(by)
    }

    fn observe(&mut self, id: EventId, event: &Event) {
        self.pass(id, event.time);
        if event.kind == EventKind::Crash {
            self.crashed(event.node);
        }
        if let Some(fact) = event.fact() {
            self.fact(id, event, fact);
        }
    }

    fn pass(&mut self, latest: EventId, now: SimTime) {
        self.now = now;
        self.expire((now, latest));
    }

    fn finding(&self) -> Option<&Finding> {
        self.finding.first()
    }

    fn verdict(&self, words: &Words<'_>, is_over: bool) -> Verdict {
        let Some((finding, fault)) = self.finding.get() else {
            return self.unviolated(words, is_over);
        };
        let sentence = match fault {
            Fault::Twice {
                operation,
                first,
                second,
            } => format!(
                "{} #{operation} was charged twice: at {} and again at {}.",
                capitalised(words.operation),
                seconds(*first),
                seconds(*second)
            ),
            Fault::Never {
                operation,
                invoked,
                ended,
                outcome,
            } => format!(
                "{} #{operation}, requested at {}, was never charged: its client {} at {}.",
                capitalised(words.operation),
                seconds(*invoked),
                match outcome {
                    Outcome::Ok => "was told that it had been",
                    Outcome::Fail | Outcome::Unknown => "gave up",
                },
                seconds(*ended)
            ),
        };
        finding.verdict(sentence)
    }
}

impl EffectTimes {
    fn unviolated(&self, words: &Words<'_>, is_over: bool) -> Verdict {
        let (settled, late) = (self.settled, self.late());
        let open = self.open.len() + late;
        let noun = words.operation;
        let is_decided = settled > 0 && !(is_over && (late > 0 || self.any_is_overdue()));
        let each = match self.times {
            Times::ExactlyOnce => "each charged once",
            Times::AtLeastOnce => "each charged",
            Times::AtMostOnce => "none charged twice",
        };
        let each = match self.dropped {
            0 => each.to_owned(),
            1 => format!("{each}; the client of one more crashed"),
            count => format!("{each}; the clients of {count} more crashed"),
        };
        let settled_ones = counted(settled as usize, noun);
        let sentence = match (settled, open) {
            (0, 0) if self.dropped > 0 => {
                format!("No {noun} has ended but by a crash of its client.")
            }
            (0, 0) => format!("No {noun} has been requested yet."),
            (0, _) => format!("The first {noun} is on its way."),
            (_, 0) => format!("{settled_ones}, {each}."),
            (_, 1) => format!("{settled_ones}, {each}; one is open."),
            _ => format!("{settled_ones}, {each}; {open} are open."),
        };
        Verdict::unviolated(is_decided, sentence)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::parts::trial::*;

    fn payments(times: Times) -> Trial {
        trial(EffectTimes::new(times, ms(1000)), "payment")
    }

    fn once() -> Trial {
        payments(Times::ExactlyOnce)
    }

    #[test]
    fn one_effect_each_holds() {
        once()
            .at(1, 1, pays(1))
            .at(2, 1, charges(1, 30, 30))
            .at(3, 1, ok(1))
            .holds("1 payment, each charged once.");
    }

    #[test]
    fn a_second_effect_is_a_violation_at_once_even_after_the_answer() {
        once()
            .goes_on()
            .at(1, 1, pays(7))
            .at(20, 1, charges(7, 30, 30))
            .at(30, 1, ok(7))
            .at(2500, 1, charges(7, 30, 60))
            .violated("Payment #7 was charged twice: at 0.02 s and again at 2.50 s.")
            .found_here();
    }

    #[test]
    fn giving_up_is_a_violation_once_the_grace_is_over() {
        once()
            .goes_on()
            .at(1, 1, pays(1))
            .at(500, 1, gives_up(1))
            .at(1500, 1, pays(2))
            .undecided("The first payment is on its way.")
            .at(1501, 1, pays(3))
            .violated(
                "Payment #1, requested at 0.01 s, was never charged: its client gave up at 0.50 s.",
            )
            .since(1500);
    }

    #[test]
    fn a_payment_without_effect_is_a_violation_when_the_run_ends_in_silence() {
        let silent = |end| once().at(1, 1, pays(1)).at(500, 1, ok(1)).ends(end);
        silent(1500).undecided("The first payment is on its way.");
        silent(1501)
            .violated("Payment #1, requested at 0.01 s, was never charged: its client was told that it had been at 0.50 s.")
            .since(1500);
    }

    #[test]
    fn a_client_that_crashes_was_told_nothing_and_is_owed_no_effect() {
        let crashed = || {
            once()
                .at(1, 1, pays(1))
                .at(2, 1, charges(1, 30, 30))
                .at(3, 1, ok(1))
                .at(4, 1, pays(2))
                .at(5, 1, CRASHES)
        };
        crashed().holds("1 payment, each charged once; the client of one more crashed.");
        crashed()
            .at(900, 2, charges(2, 30, 60))
            .holds("1 payment, each charged once; the client of one more crashed.");
        crashed()
            .at(900, 2, charges(2, 30, 60))
            .at(1000, 2, charges(2, 30, 90))
            .violated("Payment #2 was charged twice: at 0.90 s and again at 1.00 s.");
    }

    #[test]
    fn a_number_that_comes_again_in_the_same_instant_is_counted_once() {
        once()
            .at(1, 1, pays(1))
            .at(1, 1, CRASHES)
            .undecided("No payment has ended but by a crash of its client.")
            .at(1, 1, pays(1))
            .at(2, 1, charges(1, 30, 30))
            .at(3, 1, ok(1))
            .holds("1 payment, each charged once; the client of one more crashed.");
    }

    #[test]
    fn a_late_effect_within_the_grace_is_no_violation() {
        once()
            .goes_on()
            .at(1, 1, pays(1))
            .at(500, 1, gives_up(1))
            .at(900, 1, charges(1, 30, 30))
            .at(9000, 1, pays(2))
            .holds("1 payment, each charged once; one is open.");
    }

    #[test]
    fn what_is_open_at_the_end_is_judged_by_what_has_become_of_it() {
        let open = || {
            once()
                .at(1, 1, pays(1))
                .at(2, 1, charges(1, 30, 30))
                .at(3, 1, ok(1))
                .at(9000, 1, pays(2))
        };
        let one_is_open = "1 payment, each charged once; one is open.";
        open().ends(9999).holds(one_is_open);
        open().ends(10_000).undecided(one_is_open);
        let charged = || open().at(9010, 1, charges(2, 30, 60));
        charged().ends(10_000).holds(one_is_open);
        let late = open().at(9100, 1, gives_up(2));
        late.ends(9500).undecided(one_is_open);
    }

    #[test]
    fn twice_is_too_often_unless_once_is_the_least() {
        let twice = |times| {
            payments(times)
                .at(1, 1, pays(1))
                .at(2, 1, charges(1, 30, 30))
                .at(10, 1, charges(1, 30, 60))
                .at(20, 1, ok(1))
        };
        twice(Times::AtMostOnce)
            .violated("Payment #1 was charged twice: at 0.01 s and again at 0.01 s.");
        twice(Times::AtLeastOnce).holds("1 payment, each charged.");
    }

    #[test]
    fn never_is_too_seldom_unless_once_is_the_most() {
        let never = |times| {
            payments(times)
                .at(1, 1, pays(1))
                .at(500, 1, ok(1))
                .at(1501, 1, ok(2))
        };
        let told = "Payment #1, requested at 0.01 s, was never charged: its client was told that it had been at 0.50 s.";
        never(Times::ExactlyOnce).violated(told);
        never(Times::AtLeastOnce).violated(told);
        never(Times::AtMostOnce).holds("1 payment, none charged twice.");
    }
}
