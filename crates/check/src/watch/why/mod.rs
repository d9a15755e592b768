//! Why a violation came about: the events that explain it, and the trouble behind them.
//!
//! A check names the events that contradict each other, its *evidence*. The last of these events is the *end* of the
//! story: what should not have happened. It came about on a path of causes. The other events were not on that path, so
//! something kept the two apart. This is looked for in the trace, strongest first:
//!
//! 1. a message on the path said something else when it arrived or was passed on, the two were given timestamps in the wrong
//!    order, a clock was changed between the readings that measure a length, or was set by a wrong time;
//! 2. the path waited at a node that was paused or slowed meanwhile, across what it should have known;
//! 3. a node forgot, in a crash, what it did before;
//! 4. a message that follows from the one and would have told a node on the path was lost,
//! 5. or late: on its way for all that time, or still;
//! 6. where the one happened, a node was paused, slow or down when the other did;
//! 7. two nodes that acted in the same part had not heard from each other.
//!
//! Where none of these is found, an operation that took long, or was never answered, may have waited in a queue; and a node
//! that gave a wrong answer may not have heard of much, because of a cut.
//!
//! A message that takes no longer than others do shows what happened between, and is not blamed in words; nor is a crash told
//! that the check has named itself.
//!
//! What is found is one cause that the trace shows, not every cause that there is. No trace tells what a protocol should
//! have done about it.
//!
//! | module | its subject |
//! | --- | --- |
//! | `story` | what should not have happened, and what stood in the way |
//! | `path` | how an event came about |
//! | `heard` | what follows from an event, and which nodes it had reached when |
//! | `beside` | facts without which the evidence cannot be understood |
//! | `vain` | what was asked for in vain, and what nodes have not heard |
//! | `queue` | what kept a slow operation waiting |
//! | `clock` | what was done to the clock that measured a length |
//! | `setting` | what a clock was last set by |
//! | `handling` | what an event belongs to |
//! | `trouble` | what can be found, in words |

mod beside;
mod clock;
mod handling;
mod heard;
mod path;
mod queue;
mod setting;
mod story;
mod trouble;
mod vain;

use sim::EventId;
use sim::held::{Held, Measure};
use sim::sorting::sort;
use sim::trace::Events;

use story::Story;
use trouble::Trouble;
pub use trouble::{Names, off_pace};

/// Why a violation came about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Why {
    /// The events that explain it: the evidence, the messages between, and the trouble; in order.
    pub events: Vec<EventId>,
    /// Those of them that are the trouble itself, in order.
    key: Vec<EventId>,
    /// The trouble, where it is to be told.
    trouble: Option<Trouble>,
}

impl Why {
    /// The events that are the trouble itself: without them the others explain nothing.
    pub fn key(&self) -> &[EventId] {
        &self.key
    }

    /// Adds events that explain it, too.
    pub fn add(&mut self, events: impl IntoIterator<Item = EventId>) {
        self.events.extend(events);
        sort(&mut self.events);
        self.events.dedup();
    }

    /// The trouble in one plain sentence, if any was found. `trace` is the one that was explained, or a longer one.
    pub fn sentence(&self, trace: Events<'_>, names: &Names<'_>) -> Option<String> {
        let trouble = self.trouble.as_ref()?;
        Some(trouble.sentence(trace, names))
    }
}

impl Held for Why {
    fn held(&self, by: Measure) -> usize {
        self.events.held(by) + self.key.held(by)
    }
}

/// How many events are read to explain a violation, each piece of evidence apart.
const MOST_READ: usize = 1 << 20;

/// How many events [`explain`] reads, at least and about.
pub fn cost(evidence: &[EventId], certain: EventId) -> usize {
    certain
        .index()
        .saturating_mul(evidence.len().max(1))
        .min(MOST_READ)
}

/// Whether [`explain`] reads the trace, or only shows the evidence because reading would hold up a page for too long.
pub fn is_read(evidence: &[EventId], certain: EventId) -> bool {
    let known = certain.index().saturating_add(1);
    known.saturating_mul(evidence.len()) <= MOST_READ
}

/// Explains a violation by its evidence and the trace up to where it was certain, which is all that is looked at.
///
/// It reads the trace a few times for each piece of evidence. Where that would take longer than a page may be held up, the
/// evidence alone explains it: see `MOST_READ`.
pub fn explain(trace: Events<'_>, evidence: &[EventId], certain: EventId) -> Why {
    let trace = trace.take(certain.index().saturating_add(1));
    let known = trace.len();
    let mut events: Vec<EventId> = evidence.to_vec();
    events.retain(|id| id.index() < known);
    sort(&mut events);
    events.dedup();
    let story = is_read(&events, certain)
        .then(|| Story::of(trace, &events))
        .flatten();
    let Some(story) = story else {
        return Why {
            events,
            key: Vec::new(),
            trouble: None,
        };
    };
    let trouble = story.trouble();
    let mut key = Vec::new();
    events.push(story.end);
    events.extend(&story.beside);
    if let Some((trouble, _)) = &trouble {
        key = trouble.key();
        sort(&mut key);
        events.extend(story.path.messages(trace, &story.others));
        events.extend(trouble.events());
    }
    sort(&mut events);
    events.dedup();
    let told = trouble.filter(|(_, is_told)| *is_told);
    Why {
        events,
        key,
        trouble: told.map(|(trouble, _)| trouble),
    }
}
