//! What a check says of a run.

use sim::sorting::sort;
use sim::trace::Event;
use sim::{EventId, NodeId, Observer, SimTime};

/// Whether what a check demands is so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It is so for everything that is decided.
    Holds,
    /// It is not so, for certain.
    Violated,
    /// Nothing is decided yet.
    Undecided,
}

impl State {
    /// Nothing is wrong so far; whether that says something is `is_decided`.
    pub fn decided(is_decided: bool) -> State {
        if is_decided {
            State::Holds
        } else {
            State::Undecided
        }
    }
}

/// What a check says at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Whether it is so.
    pub state: State,
    /// When it was first found violated.
    pub at: Option<SimTime>,
    /// The events that show the violation, in order.
    pub events: Vec<EventId>,
    /// One plain sentence.
    pub sentence: String,
}

/// What was found to be wrong, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The moment from which on it is certain.
    pub at: SimTime,
    /// The event at which it became certain.
    pub event: EventId,
    /// The events that show it, in order.
    pub events: Vec<EventId>,
}

impl Verdict {
    /// What a check says that has found nothing wrong.
    pub fn unviolated(state: State, sentence: String) -> Verdict {
        Verdict {
            state,
            at: None,
            events: Vec::new(),
            sentence,
        }
    }
}

impl Finding {
    /// What a check says that has found this.
    pub fn verdict(&self, sentence: String) -> Verdict {
        Verdict {
            state: State::Violated,
            at: Some(self.at),
            events: self.events.clone(),
            sentence,
        }
    }
}

/// How a sentence calls things.
pub struct Words<'a> {
    /// The name of a node.
    pub node: &'a dyn Fn(NodeId) -> String,
    /// What an operation is called, as in *payment*.
    pub operation: &'a str,
}

/// A check that is fed event by event.
pub trait Check: Send + Sync {
    /// Takes in the next event.
    fn observe(&mut self, id: EventId, event: &Event);
    /// What was first found to be wrong.
    fn finding(&self) -> Option<&Finding>;
    /// What it says now. `is_over` tells that the run has ended, so that nothing open will be decided any more.
    fn verdict(&self, words: &Words<'_>, is_over: bool) -> Verdict;
    /// Whether what it finds is one case, with causes of its own, and not a count of many.
    fn finds_a_case(&self) -> bool {
        true
    }
    /// A copy in the same state.
    fn boxed_clone(&self) -> Box<dyn Check>;
}

/// All checks of a run.
#[derive(Default)]
pub struct Watch {
    checks: Vec<Box<dyn Check>>,
}

impl Watch {
    /// A watch with these checks.
    pub fn new(checks: Vec<Box<dyn Check>>) -> Watch {
        Watch { checks }
    }

    /// What the check at a place in their order says now; nothing if there is none.
    pub fn verdict(&self, place: usize, words: &Words<'_>, is_over: bool) -> Option<Verdict> {
        let check = self.checks.get(place)?;
        Some(check.verdict(words, is_over))
    }

    /// What each check first found to be wrong, in order.
    pub fn findings(&self) -> impl Iterator<Item = Option<&Finding>> {
        self.checks.iter().map(|check| check.finding())
    }

    /// What each check first found to be wrong, in order, if that is a case whose causes can be looked for.
    pub fn cases(&self) -> impl Iterator<Item = Option<&Finding>> {
        let checks = self.checks.iter();
        checks.map(|check| check.finding().filter(|_| check.finds_a_case()))
    }
}

impl Observer for Watch {
    fn observe(&mut self, id: EventId, event: &Event) {
        for check in &mut self.checks {
            check.observe(id, event);
        }
    }

    fn violations(&self) -> Vec<EventId> {
        let mut events: Vec<EventId> = self
            .findings()
            .flatten()
            .map(|finding| finding.event)
            .collect();
        sort(&mut events);
        events
    }
}

impl Clone for Watch {
    fn clone(&self) -> Watch {
        let checks = self.checks.iter();
        Watch {
            checks: checks.map(|check| check.boxed_clone()).collect(),
        }
    }
}
