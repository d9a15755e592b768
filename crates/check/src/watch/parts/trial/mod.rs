//! Histories for the tests of checks, told event by event.
//!
//! A [`Trial`] feeds a check and compares what it says, as often as a test likes:
//!
//! ```text
//! trial(OneHolder::new(), "turn")
//!     .at(100, 1, acquired(1))
//!     .holds("1 turn, one holder at a time.")
//!     .at(250, 2, acquired(2))
//!     .violated("n2 took the lock at 0.25 s, …");
//! ```
//!
//! Nodes have the numbers of their names: 1 is *n1*. Where a fact has a key or a lock, it is 0 unless it is
//! put `under` another. `facts` has the words for what is put on record, `faults` those for what happens to nodes and links.

mod facts;
mod faults;

pub(in crate::watch) use facts::*;
pub(in crate::watch) use faults::*;

use sim::protocol::CopyOf;
use sim::sorted::Map;
use sim::trace::{Detail, Event, EventKind, Fact, Loss, Lost};
use sim::{EventId, NodeId, SimDuration, SimTime};

use crate::watch::verdict::{Check, State, Verdict, Words};

/// A check, and the history that it has been fed.
pub(in crate::watch) struct Trial {
    check: Box<dyn Check>,
    noun: &'static str,
    events: u32,
    /// The event of the latest sending.
    sent: EventId,
    is_over: bool,
    /// What nodes hold in truth, of those that can be asked.
    copies: Map<NodeId, Vec<CopyOf>>,
}

/// What happens at a node.
#[derive(Clone, Copy)]
pub(in crate::watch) struct Happening(Event, Option<u16>);

/// The trial of a check that has seen nothing yet; an operation is called by the noun.
pub(in crate::watch) fn trial(check: impl Check + 'static, noun: &'static str) -> Trial {
    Trial {
        check: Box::new(check),
        noun,
        events: 0,
        sent: EventId::NONE,
        is_over: true,
        copies: Map::new(),
    }
}

impl Trial {
    /// Something happens at this millisecond, at this node.
    pub fn at(self, ms: u64, node: u16, what: impl Into<Happening>) -> Trial {
        self.feed(ms, node, what.into(), EventId::NONE)
    }

    /// Things happen at this node, at their milliseconds.
    pub fn each(self, node: u16, what: impl IntoIterator<Item = (u64, Fact)>) -> Trial {
        let what = what.into_iter();
        what.fold(self, |trial, (ms, fact)| trial.at(ms, node, fact))
    }

    /// This node holds in truth what these operations wrote, all under key 0: a check sees it when the run ends.
    pub fn truly_holds(mut self, node: u16, operations: &[u32]) -> Trial {
        let held = operations.iter().map(|operation| CopyOf {
            key: 0,
            operation: *operation,
        });
        self.copies.insert(NodeId(node - 1), held.collect());
        self
    }

    /// A message from one node to another is sent and delivered at this millisecond.
    pub fn message(self, ms: u64, from: u16, to: u16) -> Trial {
        self.sends(ms, from, to).arrives(ms, from, to)
    }

    /// A message is sent at this millisecond.
    pub fn sends(mut self, ms: u64, from: u16, to: u16) -> Trial {
        self.sent = EventId(self.events);
        let sending = Happening::from(EventKind::Send).of_peer(to);
        self.feed(ms, from, sending, EventId::NONE)
    }

    /// The message that was sent last is delivered.
    pub fn arrives(self, ms: u64, from: u16, to: u16) -> Trial {
        let (delivery, sending) = (Happening::from(EventKind::Deliver), self.sent);
        self.feed(ms, to, delivery.of_peer(from), sending)
    }

    /// The message that was sent last is lost.
    pub fn loses(self, ms: u64, from: u16, to: u16, why: Loss) -> Trial {
        let (loss, sending) = (Happening::of(Lost { why, permille: 0 }), self.sent);
        self.feed(ms, to, loss.of_peer(from), sending)
    }

    /// The run goes on: what is open may be decided yet.
    pub fn goes_on(self) -> Trial {
        Trial {
            is_over: false,
            ..self
        }
    }

    /// The run is over, as it is if nothing is said.
    pub fn at_its_end(self) -> Trial {
        Trial {
            is_over: true,
            ..self
        }
    }

    /// Nothing more happens, and at this millisecond the run is over.
    pub fn ends(mut self, ms: u64) -> Trial {
        let latest = EventId(self.events.saturating_sub(1));
        let now = SimTime::from_millis(ms);
        self.check.pass(latest, now);
        self.check
            .look(latest, now, &|node| self.copies.get(&node).cloned());
        self.at_its_end()
    }

    /// The check says that all is well, in these words.
    #[track_caller]
    pub fn holds(self, sentence: &str) -> Trial {
        self.says(State::Holds, sentence)
    }

    /// The check says that nothing is decided, in these words.
    #[track_caller]
    pub fn undecided(self, sentence: &str) -> Trial {
        self.says(State::Undecided, sentence)
    }

    /// The check says what is wrong, in these words.
    #[track_caller]
    pub fn violated(self, sentence: &str) -> Trial {
        self.says(State::Violated, sentence)
    }

    /// What is wrong has been certain since this millisecond.
    #[track_caller]
    pub fn since(self, ms: u64) -> Trial {
        assert_eq!(self.verdict().at, Some(SimTime::from_millis(ms)));
        self
    }

    /// The latest event made it certain, and is among those that show it.
    #[track_caller]
    pub fn found_here(self) -> Trial {
        let event = EventId(self.events - 1);
        let finding = self.check.finding().expect("something was found");
        assert_eq!(finding.event, event);
        assert!(finding.events.contains(&event), "{:?}", finding.events);
        self
    }

    /// What the check says.
    pub fn verdict(&self) -> Verdict {
        let words = Words {
            node: &|node| node.to_string(),
            operation: self.noun,
        };
        self.check.verdict(&words, self.is_over)
    }

    #[track_caller]
    fn says(self, state: State, sentence: &str) -> Trial {
        let verdict = self.verdict();
        let said = (verdict.state, verdict.sentence.as_str());
        assert_eq!(said, (state, sentence));
        let finding = self.check.finding();
        assert_eq!(verdict.at, finding.map(|finding| finding.at));
        assert_eq!(finding.is_some(), state == State::Violated);
        self
    }

    /// The check is replaced by its clone first, as it is when a run goes back in time.
    fn feed(mut self, ms: u64, node: u16, what: Happening, cause: EventId) -> Trial {
        self.check = self.check.clone();
        let mut event = what.event(ms, node);
        event.cause = cause;
        self.check.observe(EventId(self.events), &event);
        self.events += 1;
        self
    }
}

impl Happening {
    /// What an event says.
    pub fn of(detail: impl Detail) -> Happening {
        Happening(Event::of(SimTime::ZERO, NodeId(0), detail), None)
    }

    /// It, at this millisecond and this node; the other end is the node itself unless another one was named.
    pub fn event(self, ms: u64, node: u16) -> Event {
        let Happening(mut event, peer) = self;
        event.time = SimTime::from_millis(ms);
        event.node = NodeId(node - 1);
        event.peer = NodeId(peer.unwrap_or(node) - 1);
        event
    }

    /// It, about a message whose other end is this node.
    pub fn of_peer(self, peer: u16) -> Happening {
        Happening(self.0, Some(peer))
    }
}

impl From<Fact> for Happening {
    fn from(fact: Fact) -> Happening {
        Happening::of(fact)
    }
}

impl From<EventKind> for Happening {
    fn from(kind: EventKind) -> Happening {
        Happening(Event::of_kind(SimTime::ZERO, NodeId(0), kind), None)
    }
}

/// A length of so many milliseconds.
pub(in crate::watch) const fn ms(ms: u64) -> SimDuration {
    SimDuration::from_millis(ms)
}
