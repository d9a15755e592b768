//! Convergence: once nobody writes any more, all copies become the same.

use sim::sorted::{Map, Set};

use sim::trace::{Event, EventKind, Fact};
use sim::{EventId, NodeId, SimDuration, SimTime};

use crate::watch::parts::faults::{Faults, Turn};
use crate::watch::parts::found::Found;
use crate::watch::parts::phrase::{counted, length, seconds};
use crate::watch::verdict::{Check, Finding, State, Verdict, Words};

/// All copies of a key hold the same writes once `settles` has gone by without a new write, a fault or a repair.
///
/// A node has a copy of a key from when it first stores something under it.
#[derive(Clone, Debug)]
pub struct CopiesAgree {
    settles: SimDuration,
    /// What each copy holds, by key and node: the operations that wrote it.
    copies: Map<i64, Map<NodeId, Set<u32>>>,
    /// When something last happened that copies need time to follow.
    stirred: SimTime,
    faults: Faults,
    merging: Merging,
    finding: Found<Fault>,
}

/// How copies become the same after the last fault.
#[derive(Clone, Copy, Debug)]
enum Merging {
    /// No fault has ended that left them different.
    Nothing,
    /// A fault ended then, and they differ since.
    Since(SimTime),
    /// They were the same again so long after it.
    Took(SimDuration),
}

#[derive(Clone, Debug)]
struct Fault {
    key: i64,
    one: (NodeId, Set<u32>),
    other: (NodeId, Set<u32>),
    stirred: SimTime,
}

impl CopiesAgree {
    /// A check that gives copies so much time.
    pub fn new(settles: SimDuration) -> CopiesAgree {
        CopiesAgree {
            settles,
            copies: Map::new(),
            stirred: SimTime::ZERO,
            faults: Faults::default(),
            merging: Merging::Nothing,
            finding: Found::default(),
        }
    }

    fn fact(&mut self, event: &Event, fact: Fact) {
        match fact {
            Fact::Invoked { .. } | Fact::Returned { .. } => self.stirred = event.time,
            Fact::Stored { operation, key, .. } => {
                self.copy(key, event.node).insert(operation);
            }
            Fact::Discarded { operation, key, .. } => {
                self.copy(key, event.node).remove(&operation);
            }
            _ => {}
        }
    }

    fn copy(&mut self, key: i64, node: NodeId) -> &mut Set<u32> {
        self.copies.entry(key).or_default().entry(node).or_default()
    }

    /// Two copies of a key that differ.
    fn difference(&self) -> Option<Fault> {
        self.copies.iter().find_map(|(key, copies)| {
            let mut copies = copies.iter();
            let (node, held) = copies.next()?;
            let (other, others) = copies.find(|(_, others)| *others != held)?;
            Some(Fault {
                key: *key,
                one: (*node, held.clone()),
                other: (*other, others.clone()),
                stirred: self.stirred,
            })
        })
    }

    /// Takes the time from the end of a fault until the copies are the same again.
    fn merge(&mut self, event: &Event) {
        match (self.faults.observe(event), self.merging) {
            (Turn::Ends, _) if self.difference().is_some() => {
                self.merging = Merging::Since(event.time);
            }
            (Turn::Begins | Turn::Ends, _) => self.merging = Merging::Nothing,
            (Turn::Same, Merging::Since(ended)) if event.fact().is_some() => {
                if self.difference().is_none() {
                    self.merging = Merging::Took(event.time.since(ended));
                }
            }
            (Turn::Same, _) => {}
        }
    }

    fn is_disturbance(event: &Event) -> bool {
        use EventKind::{
            Crash, Held, Limp, Lost, Meddled, Network, Operation, Pause, Restart, Resume, Setting,
        };
        matches!(
            event.kind,
            Crash
                | Restart
                | Pause
                | Resume
                | Limp
                | Lost
                | Held
                | Meddled
                | Network
                | Operation
                | Setting
        )
    }
}

impl Check for CopiesAgree {
    fn observe(&mut self, id: EventId, event: &Event) {
        let until = self.stirred + self.settles;
        if !self.finding.is_some()
            && event.time > until
            && let Some(fault) = self.difference()
        {
            let finding = Finding {
                at: until,
                event: id,
                events: vec![id],
            };
            self.finding.since(finding, fault);
        }
        if CopiesAgree::is_disturbance(event) {
            self.stirred = event.time;
        }
        if let Some(fact) = event.fact() {
            self.fact(event, fact);
        }
        self.merge(event);
    }

    fn finding(&self) -> Option<&Finding> {
        self.finding.first()
    }

    fn verdict(&self, words: &Words<'_>, _is_over: bool) -> Verdict {
        if let Some((finding, fault)) = self.finding.get() {
            let held = |(node, held): &(NodeId, Set<u32>)| {
                format!("{} holds {}", (words.node)(*node), listed(held))
            };
            return finding.verdict(format!(
                "Nothing has happened since {}, but of key {} {} and {}.",
                seconds(fault.stirred),
                fault.key,
                held(&fault.one),
                held(&fault.other)
            ));
        }
        let keys = self.copies.len();
        if keys == 0 {
            return Verdict::unviolated(State::Undecided, "Nothing is stored yet.".to_owned());
        }
        if self.difference().is_some() {
            let sentence = "The copies differ, and have time to agree yet.";
            return Verdict::unviolated(State::Undecided, sentence.to_owned());
        }
        let merged = match self.merging {
            Merging::Took(time) => {
                let time = length(time.as_nanos() as i64);
                format!(" They were so again {time} after the last fault.")
            }
            Merging::Nothing | Merging::Since(_) => String::new(),
        };
        let keys = counted(keys, "key");
        let sentence = format!("All copies of {keys} are the same.{merged}");
        Verdict::unviolated(State::Holds, sentence)
    }
}

fn listed(operations: &Set<u32>) -> String {
    if operations.is_empty() {
        return "nothing".to_owned();
    }
    let numbers: Vec<String> = operations
        .iter()
        .map(|number| format!("#{number}"))
        .collect();
    numbers.join(" and ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use sim::trace::{Function, Outcome};

    fn stored(operation: u32) -> Fact {
        Fact::Stored {
            operation,
            key: 0,
            version: 0,
        }
    }

    const DROPPED: Fact = Fact::Discarded {
        operation: 1,
        by: 2,
        key: 0,
    };

    const INVOKED: Fact = Fact::Invoked {
        operation: 3,
        function: Function::Write,
        key: 0,
        value: 0,
    };

    /// Feeds facts with their milliseconds and nodes, and compares state and sentence at the end.
    fn check(facts: &[(u64, u16, Fact)], state: State, sentence: &str) {
        let at = |(ms, node, fact): &(u64, u16, Fact)| {
            Event::of_fact(SimTime::from_millis(*ms), NodeId(*node), *fact)
        };
        check_events(facts.iter().map(at), state, sentence);
    }

    fn check_events(events: impl Iterator<Item = Event>, state: State, sentence: &str) {
        let mut check = CopiesAgree::new(SimDuration::from_millis(1000));
        for (place, event) in (0..).zip(events) {
            check.observe(EventId(place), &event);
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
    fn copies_that_become_the_same_hold() {
        check(&[], State::Undecided, "Nothing is stored yet.");
        let facts = [
            (1, 0, stored(1)),
            (2, 1, stored(2)),
            (3, 0, stored(2)),
            (3, 0, DROPPED),
        ];
        check(&facts, State::Holds, "All copies of 1 key are the same.");
    }

    #[test]
    fn copies_that_stay_different_are_a_violation_once_they_had_their_time() {
        let returned = Fact::Returned {
            operation: 2,
            outcome: Outcome::Ok,
            value: 0,
        };
        let sentence =
            "Nothing has happened since 0.50 s, but of key 0 n1 holds #1 and n2 holds #1 and #2.";
        let facts = [
            (1, 0, stored(1)),
            (2, 1, stored(1)),
            (3, 1, stored(2)),
            (500, 2, returned),
            (1501, 2, INVOKED),
        ];
        check(&facts, State::Violated, sentence);
        let differ = "The copies differ, and have time to agree yet.";
        check(&facts[..4], State::Undecided, differ);
    }

    #[test]
    fn it_tells_how_long_copies_took_to_merge_after_a_fault() {
        let at = |ms, fact| Event::of_fact(SimTime::from_millis(ms), NodeId(1), fact);
        let fault = |ms, kind| Event {
            kind,
            ..at(ms, INVOKED)
        };
        let events = [
            Event {
                node: NodeId(0),
                ..at(1, stored(1))
            },
            at(2, stored(1)),
            fault(100, EventKind::Pause),
            at(110, stored(2)),
            fault(300, EventKind::Resume),
            Event {
                node: NodeId(0),
                ..at(750, stored(2))
            },
        ];
        let merged =
            "All copies of 1 key are the same. They were so again 450 ms after the last fault.";
        check_events(events.into_iter(), State::Holds, merged);
        let never_differed = events
            .into_iter()
            .filter(|event| event.time != SimTime::from_millis(110));
        check_events(
            never_differed.filter(|event| event.time < SimTime::from_millis(700)),
            State::Holds,
            "All copies of 1 key are the same.",
        );
    }
}
