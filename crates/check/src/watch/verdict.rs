//! What a check says of a run.

use sim::held::{Held, Measure};
use sim::sorting::sort;
use sim::trace::{Event, EventKind};
use sim::{Copies, EventId, NodeId, Observer, SimTime};

use crate::consistency::budget::Unknown;

/// Whether what a check demands is the case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// The demand is met in everything that is decided.
    Holds,
    /// The demand is certainly not met.
    Violated,
    /// Nothing is decided yet.
    Undecided,
}

/// What a check says at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Whether the demand is met.
    pub state: State,
    /// Since when the violation is certain.
    pub at: Option<SimTime>,
    /// The events that show the violation, in order.
    pub events: Vec<EventId>,
    /// One plain sentence.
    pub sentence: String,
}

/// What was found to be wrong, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Since when it is certain.
    pub at: SimTime,
    /// The event at which it became certain.
    pub event: EventId,
    /// The events that show it, in order.
    pub events: Vec<EventId>,
}

impl Verdict {
    /// What a check says before it has judged anything.
    pub fn undecided(sentence: impl Into<String>) -> Verdict {
        Verdict::unviolated(false, sentence.into())
    }

    /// What a check says that has judged something and found nothing wrong.
    pub fn holds(sentence: String) -> Verdict {
        Verdict::unviolated(true, sentence)
    }

    /// What a check says that has found nothing wrong; if that is decided, it holds.
    pub fn unviolated(is_decided: bool, sentence: String) -> Verdict {
        Verdict {
            state: if is_decided {
                State::Holds
            } else {
                State::Undecided
            },
            at: None,
            events: Vec::new(),
            sentence,
        }
    }
}

impl Finding {
    /// The event that is to blame, in a trace whose events have these times. Where a time limit was missed, that is the last
    /// one of those that show it: what came next only made time pass.
    pub fn accused(
        &self,
        is_case: bool,
        time: impl Fn(EventId) -> Option<SimTime>,
    ) -> Option<EventId> {
        if is_case && time(self.event) == Some(self.at) {
            Some(self.event)
        } else {
            self.events.last().copied()
        }
    }

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

/// What the operation at a place is called among those under its key, where a noun lists several in their order, as in
/// *block then photo*: the last one holds for all that follow.
pub fn noun_at(noun: &str, place: usize) -> &str {
    let nouns = noun.split(" then ");
    nouns.take(place + 1).last().unwrap_or(noun)
}

/// A check that is fed event by event.
pub trait Check: BoxedClone + Send + Sync {
    /// Takes in the next event.
    fn observe(&mut self, id: EventId, event: &Event);
    /// Whether it takes in events of a kind: most events are messages, and most checks are about something else. It
    /// always says the same.
    fn hears(&self, _kind: EventKind) -> bool {
        true
    }
    /// Takes in that time has passed up to `now`, and that nothing has happened since the event `latest`. A check that
    /// judges by time finds here what has become too late.
    fn pass(&mut self, _latest: EventId, _now: SimTime) {}
    /// Takes in what nodes hold when the run is over, at `now`, after its last event `latest`. A check that goes by what nodes
    /// put on record as stored finds here what they hold in truth.
    fn look(&mut self, _latest: EventId, _now: SimTime, _copies: &Copies<'_>) {}
    /// Whether taking in an event may take a search, which costs far more than the event.
    fn searches(&self) -> bool {
        false
    }
    /// How many steps its searches have taken up to now.
    fn work(&self) -> u64 {
        0
    }
    /// Each of its searches may take so many times fewer steps: several checks share the time of an event.
    fn share(&mut self, _among: u64) {}
    /// Bytes that it takes on the heap: they count against the run's budget of memory.
    fn held(&self, by: Measure) -> usize;
    /// What was first found to be wrong. It is asked all the time: what shows it may be looked for only in [`case`](Self::case).
    fn finding(&self) -> Option<&Finding>;
    /// Whether it cannot judge this run: whatever comes, it finds nothing more.
    fn gave_up(&self) -> bool {
        false
    }
    /// What it says now. `is_over` tells that the run has ended, so that nothing open will be decided any more.
    fn verdict(&self, words: &Words<'_>, is_over: bool) -> Verdict;
    /// Whether what it finds is one case, with causes of its own, and not a count of many.
    fn finds_a_case(&self) -> bool {
        true
    }
    /// Excuses what lasts too long before a moment, if the check is about lengths: what began before it is judged as if it
    /// had begun then.
    fn excuse_until(&mut self, _moment: SimTime) {}
    /// What was first found to be wrong, with all that shows it: what its causes are looked for in. Of a count of many it is the
    /// last one that is explained.
    fn case(&self) -> Option<&Finding> {
        self.finding()
    }
}

/// A copy of a check in the same state. Every check that can be cloned has it.
pub trait BoxedClone {
    /// A copy in the same state.
    fn boxed_clone(&self) -> Box<dyn Check>;
}

impl<C: Check + Clone + 'static> BoxedClone for C {
    fn boxed_clone(&self) -> Box<dyn Check> {
        Box::new(self.clone())
    }
}

impl Clone for Box<dyn Check> {
    fn clone(&self) -> Box<dyn Check> {
        (**self).boxed_clone()
    }
}

/// All checks of a run.
#[derive(Clone, Default)]
pub struct Watch {
    checks: Vec<Watched>,
}

/// A check, and the kinds of events that it takes in, one bit for each.
#[derive(Clone)]
struct Watched {
    hears: u32,
    searches: bool,
    check: Box<dyn Check>,
}

/// How many checks may search at an event, each with the whole budget of a search. More of them share what these have.
const SEARCHES: u64 = 2;

impl Watched {
    fn new(check: Box<dyn Check>) -> Watched {
        let heard = EventKind::ALL.iter().filter(|kind| check.hears(**kind));
        Watched {
            hears: heard.fold(0, |bits, kind| bits | 1 << *kind as u32),
            searches: check.searches(),
            check,
        }
    }
}

impl Watch {
    /// A watch with these checks.
    pub fn new(checks: Vec<Box<dyn Check>>) -> Watch {
        let mut checks: Vec<Watched> = checks.into_iter().map(Watched::new).collect();
        let searching = checks.iter().filter(|watched| watched.searches).count() as u64;
        let searching_checks = checks.iter_mut().filter(|watched| watched.searches);
        searching_checks.for_each(|watched| watched.check.share(searching.div_ceil(SEARCHES)));
        Watch { checks }
    }

    /// The checks, in their order. Each one gives its finding, its case and its verdict.
    pub fn checks(&self) -> impl ExactSizeIterator<Item = &dyn Check> {
        self.checks.iter().map(|watched| &*watched.check)
    }
}

impl Observer for Watch {
    fn observe(&mut self, id: EventId, event: &Event) {
        let kind = 1 << event.kind as u32;
        for watched in &mut self.checks {
            if watched.hears & kind != 0 {
                watched.check.observe(id, event);
            }
        }
    }

    fn end(&mut self, latest: EventId, end: SimTime, copies: &Copies<'_>) {
        for watched in &mut self.checks {
            watched.check.pass(latest, end);
            watched.check.look(latest, end, copies);
        }
    }

    fn work(&self) -> u64 {
        let searching = self.checks.iter().filter(|watched| watched.searches);
        searching.map(|watched| watched.check.work()).sum()
    }

    fn violations(&self) -> Vec<EventId> {
        let findings = self.checks().filter_map(|check| check.finding());
        let mut events: Vec<EventId> = findings.map(|finding| finding.event).collect();
        sort(&mut events);
        events
    }

    fn held(&self, by: Measure) -> usize {
        let checks = self
            .checks()
            .map(|check| size_of_val(check) + check.held(by));
        self.checks.held(by) + checks.sum::<usize>()
    }

    /// What has been found stays: of the other checks the largest gives up.
    fn give_up(&mut self) -> bool {
        let open = self.checks.iter_mut();
        let open = open.filter(|watched| watched.check.finding().is_none());
        match open.max_by_key(|watched| watched.check.held(Measure::Grown)) {
            Some(largest) if largest.check.held(Measure::Grown) > 0 => {
                *largest = Watched::new(Box::new(GaveUp));
                true
            }
            _ => false,
        }
    }
}

/// A check whose history outgrew the run's budget of memory.
#[derive(Clone, Copy)]
struct GaveUp;

impl Check for GaveUp {
    fn observe(&mut self, _: EventId, _: &Event) {}

    fn held(&self, _: Measure) -> usize {
        0
    }

    fn finding(&self) -> Option<&Finding> {
        None
    }

    fn verdict(&self, _: &Words<'_>, _: bool) -> Verdict {
        Verdict::undecided(format!("Not decided: {}.", Unknown::Outgrown))
    }
}
