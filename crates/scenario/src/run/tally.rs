//! What a run reports in numbers, whatever its protocol.

use check::history::Time;
use check::tally::{Attempt, Availability, Interval, Latency, Quantile, Work};
use sim::sorted::Map;

use sim::SimTime;
use sim::trace::{Event, EventKind, Events, Fact, Outcome};

/// What was counted so far.
#[derive(Clone, Debug)]
pub struct Tally {
    sent: u32,
    delivered: u32,
    lost: u32,
    duplicated: u32,
    crashes: u32,
    asked: u32,
    served: u32,
    refused: u32,
    given_up: u32,
    retries: u32,
    effects: u32,
    /// When each operation that is under way was asked for.
    open: Map<u32, SimTime>,
    /// How long the served operations took.
    latency: Latency,
    /// How many operations were served, second by second.
    availability: Availability,
    /// How often each operation was asked for, and took effect.
    work: Work,
    /// What became of each operation that had an effect or ended without an answer.
    fates: Map<u32, Fate>,
    /// How many operations were reported as failed, or given up, and had an effect all the same.
    refused_and_done: u32,
    given_up_and_done: u32,
}

/// What is known about an operation whose client was not told that it was served.
#[derive(Clone, Copy, Debug, Default)]
struct Fate {
    is_done: bool,
    ended: Option<Outcome>,
}

/// Nanoseconds.
const SECOND: u64 = 1_000_000_000;

/// A number with its name. Names are part of the command line's contract.
pub type TallyEntry = (&'static str, f64);

impl Default for Tally {
    fn default() -> Tally {
        Tally {
            sent: 0,
            delivered: 0,
            lost: 0,
            duplicated: 0,
            crashes: 0,
            asked: 0,
            served: 0,
            refused: 0,
            given_up: 0,
            retries: 0,
            effects: 0,
            open: Map::new(),
            latency: Latency::default(),
            availability: Availability::new(SECOND),
            work: Work::default(),
            fates: Map::new(),
            refused_and_done: 0,
            given_up_and_done: 0,
        }
    }
}

impl Tally {
    /// What these events come to.
    pub fn of(events: Events<'_>) -> Tally {
        let mut tally = Tally::default();
        events.iter().for_each(|event| tally.observe(event));
        tally
    }

    /// Counts one more event.
    pub fn observe(&mut self, event: &Event) {
        match event.kind {
            EventKind::Send => self.sent += 1,
            EventKind::Deliver => self.delivered += 1,
            EventKind::Lost => self.lost += 1,
            EventKind::Duplicate => self.duplicated += 1,
            EventKind::Crash => self.crashes += 1,
            EventKind::Fact => {
                if let Some(fact) = event.fact() {
                    self.fact(event.time, fact);
                }
            }
            _ => {}
        }
    }

    fn fact(&mut self, now: SimTime, fact: Fact) {
        match fact {
            Fact::Invoked { operation, .. } => {
                self.asked += 1;
                self.open.insert(operation, now);
                self.availability.asked(Time(now.as_nanos()));
                self.work.feed(Attempt::Sent(u64::from(operation)));
            }
            Fact::Returned {
                operation, outcome, ..
            } => self.returned(now, operation, outcome),
            Fact::Retried { operation, .. } => {
                self.retries += 1;
                self.work.feed(Attempt::Sent(u64::from(operation)));
            }
            Fact::Effect { operation, .. } => {
                self.effects += 1;
                self.work.feed(Attempt::Done(u64::from(operation)));
                self.seal(operation, |fate| fate.is_done = true);
            }
            _ => {}
        }
    }

    fn returned(&mut self, now: SimTime, operation: u32, outcome: Outcome) {
        let began = self.open.remove(&operation);
        match outcome {
            Outcome::Ok => self.served += 1,
            Outcome::Fail => self.refused += 1,
            Outcome::Unknown => self.given_up += 1,
        }
        if let Some(began) = began {
            self.answered(began, now, outcome);
        }
        self.seal(operation, |fate| fate.ended = Some(outcome));
    }

    fn answered(&mut self, began: SimTime, now: SimTime, outcome: Outcome) {
        let at = Time(began.as_nanos());
        match outcome {
            Outcome::Ok => {
                self.availability.served(at);
                self.latency.record(now.since(began).as_nanos());
            }
            Outcome::Fail => self.availability.refused(at),
            Outcome::Unknown => {}
        }
    }

    /// Availability by time: the operations that began in each second of the run, up to the last that did.
    pub fn by_second(&self) -> &[Interval] {
        self.availability.intervals()
    }

    /// Counts an operation once it has both ended without an answer and had an effect, in whatever order.
    fn seal(&mut self, operation: u32, change: impl FnOnce(&mut Fate)) {
        let fate = self.fates.entry(operation).or_default();
        let was_known = fate.is_done && fate.ended.is_some();
        change(fate);
        if was_known || !fate.is_done {
            return;
        }
        match fate.ended {
            Some(Outcome::Fail) => self.refused_and_done += 1,
            Some(Outcome::Unknown) => self.given_up_and_done += 1,
            Some(Outcome::Ok) | None => {}
        }
    }

    /// All numbers, in order. Lengths of time are in milliseconds; numbers about operations are left out where there were none.
    pub fn list(&self) -> Vec<TallyEntry> {
        let mut list: Vec<TallyEntry> = [
            ("messages_sent", self.sent),
            ("messages_delivered", self.delivered),
            ("messages_lost", self.lost),
            ("messages_duplicated", self.duplicated),
            ("crashes", self.crashes),
            ("operations", self.asked),
            ("operations_served", self.served),
            ("operations_refused", self.refused),
            ("operations_given_up", self.given_up),
            ("operations_open", self.open.len() as u32),
            ("retries", self.retries),
            ("effects", self.effects),
            ("operations_refused_and_done", self.refused_and_done),
            ("operations_given_up_and_done", self.given_up_and_done),
        ]
        .map(|(name, count)| (name, f64::from(count)))
        .to_vec();
        if self.asked > 0 {
            let share = f64::from(self.served) / f64::from(self.asked);
            list.push(("availability", share));
        }
        list.extend(self.work.wasted().map(|share| ("wasted_work", share)));
        for (name, quantile) in [
            ("latency_p50_ms", Quantile::P50),
            ("latency_p99_ms", Quantile::P99),
            ("latency_max_ms", Quantile::Max),
        ] {
            let took = self.latency.quantile(quantile);
            list.extend(took.map(|nanos| (name, nanos as f64 / 1e6)));
        }
        list
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sim::NodeId;
    use sim::trace::Function;

    fn number(tally: &Tally, name: &str) -> Option<f64> {
        let list = tally.list();
        list.iter().find(|(other, _)| *other == name).map(|f| f.1)
    }

    #[test]
    fn operations_are_counted_by_how_they_ended() {
        let mut tally = Tally::default();
        for operation in 0..4 {
            let fact = |ms, fact| Event::of(SimTime::from_millis(ms), NodeId(0), fact);
            tally.observe(&fact(
                0,
                Fact::Invoked {
                    operation,
                    function: Function::Read,
                    key: 0,
                    value: 0,
                },
            ));
            let outcome = match operation {
                0 | 1 => Outcome::Ok,
                2 => Outcome::Unknown,
                _ => continue,
            };
            tally.observe(&fact(
                u64::from(operation) * 10 + 10,
                Fact::Returned {
                    operation,
                    outcome,
                    value: 0,
                },
            ));
        }
        for (name, value) in [
            ("operations", 4.0),
            ("operations_served", 2.0),
            ("operations_given_up", 1.0),
            ("operations_open", 1.0),
            ("availability", 0.5),
            ("latency_p50_ms", 10.0),
            ("latency_max_ms", 20.0),
        ] {
            let found = number(&tally, name).unwrap();
            // Latencies have three digits.
            assert!((found - value).abs() <= value / 1000.0, "{name}: {found}");
        }
        let [second] = tally.by_second() else {
            panic!("all began in the first second")
        };
        assert_eq!(
            (second.asked, second.served, second.unanswered()),
            (4, 2, 2)
        );
    }

    #[test]
    fn what_was_called_failed_and_happened_is_counted_whichever_came_first() {
        let mut tally = Tally::default();
        let effect = |operation| Fact::Effect {
            operation,
            amount: 1,
            total: 1,
        };
        let ended = |operation, outcome| Fact::Returned {
            operation,
            outcome,
            value: 0,
        };
        for fact in [
            effect(1),
            ended(1, Outcome::Fail),
            ended(2, Outcome::Fail),
            effect(2),
            effect(2),
            ended(3, Outcome::Fail),
            effect(4),
            ended(4, Outcome::Unknown),
            effect(5),
            ended(5, Outcome::Ok),
        ] {
            tally.observe(&Event::of(SimTime::ZERO, NodeId(0), fact));
        }
        let count = |name| number(&tally, name);
        assert_eq!(count("operations_refused_and_done"), Some(2.0));
        assert_eq!(count("operations_given_up_and_done"), Some(1.0));
        assert_eq!(count("effects"), Some(5.0));
        assert_eq!(
            count("wasted_work"),
            Some(0.2),
            "one of five was done again"
        );
    }

    #[test]
    fn what_never_happened_has_no_number() {
        let tally = Tally::default();
        assert_eq!(number(&tally, "availability"), None);
        assert_eq!(number(&tally, "latency_p99_ms"), None);
        assert_eq!(number(&tally, "messages_sent"), Some(0.0));
    }
}
