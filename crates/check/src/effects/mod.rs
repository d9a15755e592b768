//! What must be true of effects, whatever the clients saw of them.
//!
//! Each check is a small state machine over facts of its own kind. A fact comes with its moment
//! (true time, and a number that names it, such as its event in a run's trace), and a breach names
//! the facts that contradict each other. All checks can be cloned at any time, and say *violated*
//! with the first fact that makes it certain.

mod deliveries;
mod elements;
mod exclusion;
mod money;
mod queue_order;
mod updates;

pub use deliveries::{Deliveries, Delivery, Times};
pub use elements::{Elements, Wrong};
pub use exclusion::{Exclusion, Holding};
pub use money::{Money, Payment};
pub use queue_order::{Handing, QueueOrder, Scope};
pub use updates::{Update, Updates};

use crate::history::Time;
use crate::verdict::Verdict;

/// When a fact came to be, and what names it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    /// The true time.
    pub at: Time,
    /// A number that names the fact, such as its event in a trace.
    pub event: u64,
}

/// What was wrong, and the facts that contradict each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breach {
    /// When it was certain.
    pub at: Time,
    /// The facts, by their names, in the order in which they are spoken of.
    pub events: Vec<u64>,
    /// The reason in one sentence.
    pub because: String,
}

/// A check of effects.
pub trait Effects: Clone {
    /// What it is told.
    type Fact;

    /// Learns a fact. After a breach, facts change nothing.
    fn feed(&mut self, moment: Moment, fact: &Self::Fact) -> &Verdict<Breach>;

    /// Learns that no more facts come.
    fn finish(&mut self, moment: Moment) -> &Verdict<Breach> {
        let _ = moment;
        self.verdict()
    }

    /// What the facts so far amount to.
    fn verdict(&self) -> &Verdict<Breach>;
}

/// A breach found at `moment` that contradicts earlier facts.
fn breach(moment: Moment, earlier: &[Moment], because: String) -> Verdict<Breach> {
    let events = std::iter::once(moment)
        .chain(earlier.iter().copied())
        .map(|m| m.event)
        .collect();
    Verdict::Violated(Breach {
        at: moment.at,
        events,
        because,
    })
}

#[cfg(test)]
mod testing {
    use super::*;

    /// Feeds facts, numbered from 0, to the end; the facts of a breach.
    ///
    /// A clone from before the breach must come to the same.
    pub(super) fn facts<E: Effects>(mut check: E, facts: &[E::Fact]) -> Option<Vec<u64>> {
        let moment = |event| Moment {
            at: Time(event * 1_000_000_000),
            event,
        };
        let mut keyframe = check.clone();
        for (number, fact) in (0..).zip(facts) {
            if !check.verdict().is_violated() {
                keyframe = check.clone();
            }
            check.feed(moment(number), fact);
            keyframe.feed(moment(number), fact);
            assert_eq!(keyframe.verdict(), check.verdict());
        }
        let breach = check.finish(moment(facts.len() as u64)).violation()?;
        assert!(!breach.because.is_empty());
        Some(breach.events.clone())
    }
}
