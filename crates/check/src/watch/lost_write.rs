//! Writes that vanish from a copy for another's sake.

use sim::causality::{Causality, Moment};
use sim::sorted::Map;

use sim::trace::{Event, Fact, Function, Outcome};
use sim::{EventId, NodeId, SimTime};

use super::phrase::{counted, seconds};
use super::verdict::{Check, Finding, State, Verdict, Words};

/// No write is dropped that should not be; which ones are protected, its setting says.
///
/// A write is made when it is given its timestamp; one follows another if whoever made it could know of the other.
#[derive(Clone, Debug)]
pub struct LostWrite {
    protected: Protected,
    causality: Causality,
    writes: Map<u32, Write>,
    /// Writes that were dropped before they were acknowledged.
    dropped: Map<u32, Dropped>,
    acknowledged: usize,
    finding: Option<(Finding, Dropped)>,
}

/// Which writes may not be dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protected {
    /// One that followed the write it is dropped for.
    Followers,
    /// One that was acknowledged, dropped for a write of which neither knew.
    Concurrent,
    /// One that was acknowledged.
    Acknowledged,
}

#[derive(Clone, Debug, Default)]
struct Write {
    writer: NodeId,
    made: Option<(Moment, EventId)>,
    acknowledged: Option<EventId>,
}

#[derive(Clone, Copy, Debug)]
struct Dropped {
    operation: u32,
    by: u32,
    copy: NodeId,
    at: SimTime,
    event: EventId,
}

impl LostWrite {
    /// A check that has seen nothing yet.
    pub fn new(protected: Protected) -> LostWrite {
        LostWrite {
            protected,
            causality: Causality::default(),
            writes: Map::new(),
            dropped: Map::new(),
            acknowledged: 0,
            finding: None,
        }
    }

    fn fact(&mut self, id: EventId, event: &Event, fact: Fact) {
        match fact {
            Fact::Invoked {
                operation,
                function: Function::Write,
                ..
            } => self.writes.entry(operation).or_default().writer = event.node,
            Fact::Stamped { item, .. } => {
                let moment = self.causality.moment(event.node);
                let write = u32::try_from(item)
                    .ok()
                    .and_then(|item| self.writes.get_mut(&item));
                if let Some(write) = write {
                    write.made.get_or_insert((moment, id));
                }
            }
            Fact::Returned {
                operation,
                outcome: Outcome::Ok,
                ..
            } => self.acknowledged(operation, id, event),
            Fact::Discarded { operation, by, .. } => self.discarded(Dropped {
                operation,
                by,
                copy: event.node,
                at: event.time,
                event: id,
            }),
            _ => {}
        }
    }

    fn acknowledged(&mut self, operation: u32, id: EventId, event: &Event) {
        let Some(write) = self.writes.get_mut(&operation) else {
            return;
        };
        write.acknowledged = Some(id);
        self.acknowledged += 1;
        if let Some(dropped) = self.dropped.remove(&operation) {
            self.find(event.time, id, vec![dropped.event, id], dropped);
        }
    }

    fn discarded(&mut self, dropped: Dropped) {
        if !self.is_wrong(&dropped) {
            return;
        }
        let write = &self.writes[&dropped.operation];
        if self.protected == Protected::Followers {
            let made = write.made.as_ref().map(|(_, event)| *event);
            let events = made.into_iter().chain([dropped.event]).collect();
            self.find(dropped.at, dropped.event, events, dropped);
        } else if let Some(acknowledged) = write.acknowledged {
            let events = vec![acknowledged, dropped.event];
            self.find(dropped.at, dropped.event, events, dropped);
        } else {
            self.dropped.entry(dropped.operation).or_insert(dropped);
        }
    }

    /// Whether what was dropped should not be, acknowledgements aside.
    fn is_wrong(&self, dropped: &Dropped) -> bool {
        let (Some(lost), Some(kept)) = (
            self.writes.get(&dropped.operation),
            self.writes.get(&dropped.by),
        ) else {
            return false;
        };
        if self.protected == Protected::Acknowledged {
            return true;
        }
        let (Some((lost, _)), Some((kept, _))) = (&lost.made, &kept.made) else {
            return false;
        };
        match self.protected {
            Protected::Followers => kept.is_before(lost),
            _ => !kept.is_before(lost) && !lost.is_before(kept),
        }
    }

    fn find(&mut self, at: SimTime, event: EventId, events: Vec<EventId>, dropped: Dropped) {
        let finding = Finding { at, event, events };
        self.finding.get_or_insert((finding, dropped));
    }

    fn sentence(&self, dropped: &Dropped, words: &Words<'_>) -> String {
        let (name, noun) = (words.node, words.operation);
        let writer = |operation| {
            let write: Option<&Write> = self.writes.get(&operation);
            write.map_or_else(String::new, |write| name(write.writer))
        };
        let Dropped { operation, by, .. } = *dropped;
        let (lost, kept) = (writer(operation), writer(by));
        let because = match self.protected {
            Protected::Followers => {
                format!("though #{operation} was made after #{by} was known there")
            }
            Protected::Concurrent => {
                format!(
                    "though neither knew of the other, and {lost} was told that #{operation} is stored"
                )
            }
            Protected::Acknowledged => {
                format!("though {lost} was told that #{operation} is stored")
            }
        };
        format!(
            "{} dropped {noun} #{operation} of {lost} for #{by} of {kept} at {}, {because}.",
            name(dropped.copy),
            seconds(dropped.at)
        )
    }
}

impl Check for LostWrite {
    fn observe(&mut self, id: EventId, event: &Event) {
        if self.protected != Protected::Acknowledged {
            self.causality.observe(id, event);
        }
        if let Some(fact) = event.fact() {
            self.fact(id, event, fact);
        }
    }

    fn finding(&self) -> Option<&Finding> {
        self.finding.as_ref().map(|(finding, _)| finding)
    }

    fn verdict(&self, words: &Words<'_>, _is_over: bool) -> Verdict {
        if let Some((finding, dropped)) = &self.finding {
            return finding.verdict(self.sentence(dropped, words));
        }
        let none = match self.protected {
            Protected::Followers => "none lost to one that it followed",
            Protected::Concurrent => "none lost to one of which neither knew",
            Protected::Acknowledged => "none lost",
        };
        match self.acknowledged {
            0 => Verdict::unviolated(
                State::Undecided,
                format!("No {} has been acknowledged yet.", words.operation),
            ),
            count => Verdict::unviolated(
                State::Holds,
                format!("{} acknowledged, {none}.", counted(count, words.operation)),
            ),
        }
    }

    fn boxed_clone(&self) -> Box<dyn Check> {
        Box::new(self.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sim::trace::EventKind;

    fn invoked(operation: u32) -> Fact {
        Fact::Invoked {
            operation,
            function: Function::Write,
            key: 0,
            value: 0,
        }
    }

    fn made(operation: u32) -> Fact {
        let item = i64::from(operation);
        Fact::Stamped {
            item,
            stamp: 0,
            tie: 0,
        }
    }

    fn returned(operation: u32) -> Fact {
        Fact::Returned {
            operation,
            outcome: Outcome::Ok,
            value: 0,
        }
    }

    fn dropped(operation: u32, by: u32) -> Fact {
        Fact::Discarded {
            operation,
            by,
            key: 0,
        }
    }

    /// Node 0 makes write 1; node 1 makes write 2, after a message from node 0 if `is_told`. What follows comes then.
    fn check(
        protected: Protected,
        is_told: bool,
        then: &[(u16, Fact)],
        state: State,
        sentence: &str,
    ) {
        let fact = |ms, node, fact| Event::of_fact(SimTime::from_millis(ms), NodeId(node), fact);
        let message = |kind, node, cause| Event {
            kind,
            cause,
            ..fact(3, node, made(0))
        };
        let mut events = vec![
            fact(1, 0, invoked(1)),
            fact(1, 1, invoked(2)),
            fact(2, 0, made(1)),
        ];
        if is_told {
            events.push(message(EventKind::Send, 0, EventId::NONE));
            events.push(message(EventKind::Deliver, 1, EventId(3)));
        }
        events.push(fact(4, 1, made(2)));
        let then = then
            .iter()
            .zip(1..)
            .map(|((node, told), ms)| fact(1000 * ms, *node, *told));
        events.extend(then);
        let mut check = LostWrite::new(protected);
        for (place, event) in events.iter().enumerate() {
            check.observe(EventId(place as u32), event);
        }
        let words = Words {
            node: &|node| node.to_string(),
            operation: "write",
        };
        let verdict = check.verdict(&words, true);
        assert_eq!(
            (verdict.state, verdict.sentence.as_str()),
            (state, sentence)
        );
    }

    #[test]
    fn a_write_that_loses_to_one_it_followed_is_a_violation_even_unacknowledged() {
        check(
            Protected::Followers,
            true,
            &[(1, dropped(2, 1))],
            State::Violated,
            "n2 dropped write #2 of n2 for #1 of n1 at 1.00 s, though #2 was made after #1 was known there.",
        );
    }

    #[test]
    fn dropping_the_older_or_a_concurrent_write_is_no_such_violation() {
        let sentence = "1 write acknowledged, none lost to one that it followed.";
        for (is_told, fact) in [(true, dropped(1, 2)), (false, dropped(2, 1))] {
            let then = [(1, fact), (0, returned(1))];
            check(Protected::Followers, is_told, &then, State::Holds, sentence);
        }
    }

    #[test]
    fn a_concurrent_write_that_was_acknowledged_may_not_be_dropped_whichever_comes_first() {
        let sentence = "n2 dropped write #1 of n1 for #2 of n2 at 1.00 s, though neither knew of the other, and n1 was told that #1 is stored.";
        let then = [(1, dropped(1, 2)), (0, returned(1))];
        check(
            Protected::Concurrent,
            false,
            &then,
            State::Violated,
            sentence,
        );
        let sentence = sentence.replace("1.00", "2.00");
        let then = [(0, returned(1)), (1, dropped(1, 2))];
        check(
            Protected::Concurrent,
            false,
            &then,
            State::Violated,
            &sentence,
        );
    }

    #[test]
    fn a_write_that_was_replaced_by_one_that_followed_it_is_not_lost() {
        let then = [(0, returned(1)), (1, dropped(1, 2))];
        check(
            Protected::Concurrent,
            true,
            &then,
            State::Holds,
            "1 write acknowledged, none lost to one of which neither knew.",
        );
        check(
            Protected::Acknowledged,
            true,
            &then,
            State::Violated,
            "n2 dropped write #1 of n1 for #2 of n2 at 2.00 s, though n1 was told that #1 is stored.",
        );
    }

    #[test]
    fn what_nobody_was_told_of_may_be_dropped() {
        for protected in [Protected::Concurrent, Protected::Acknowledged] {
            check(
                protected,
                false,
                &[(1, dropped(1, 2))],
                State::Undecided,
                "No write has been acknowledged yet.",
            );
        }
    }
}
