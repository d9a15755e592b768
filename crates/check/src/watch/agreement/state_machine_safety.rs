//! All apply the same, in the same order.

use sim::held::Measure;
use sim::trace::{Event, EventKind, Fact};
use sim::{EventId, NodeId, SimTime};

use super::logs::{Entry, Places};
use crate::watch::parts::found::Found;
use crate::watch::parts::phrase::{counted, seconds};
use crate::watch::verdict::{Check, Finding, Verdict, Words};

/// State machine safety: where a node has applied an entry, no node applies another.
#[derive(Clone, Debug, Default)]
pub struct StateMachineSafety {
    /// What was first applied at each place.
    applied: Places<Applied>,
    compared: usize,
    finding: Found<Fault>,
}

#[derive(Clone, Copy, Debug)]
struct Applied {
    entry: Entry,
    node: NodeId,
    at: SimTime,
    event: EventId,
}

#[derive(Clone, Copy, Debug)]
struct Fault {
    index: u32,
    first: Applied,
    other: Applied,
}

impl StateMachineSafety {
    /// A check that has seen nothing yet.
    pub fn new() -> StateMachineSafety {
        StateMachineSafety::default()
    }

    fn applies(&mut self, index: u32, entry: Entry, id: EventId, event: &Event) {
        let other = Applied {
            entry,
            node: event.node,
            at: event.time,
            event: id,
        };
        let Some(first) = self.applied.get(index).copied() else {
            return self.applied.set(index, other);
        };
        self.compared += 1;
        if first.entry != entry {
            let fault = Fault {
                index,
                first,
                other,
            };
            self.finding.here(id, event, &[first.event, id], fault);
        }
    }
}

impl Check for StateMachineSafety {
    fn held(&self, by: Measure) -> usize {
        self.applied.held(by)
    }

    fn hears(&self, kind: EventKind) -> bool {
        kind == EventKind::Fact
    }

    fn observe(&mut self, id: EventId, event: &Event) {
        if let Some(Fact::Applied {
            index,
            term,
            content,
            ..
        }) = event.fact()
        {
            self.applies(index, Entry { term, content }, id, event);
        }
    }

    fn finding(&self) -> Option<&Finding> {
        self.finding.first()
    }

    fn verdict(&self, words: &Words<'_>, _is_over: bool) -> Verdict {
        let Some((finding, fault)) = self.finding.get() else {
            let compared = counted(self.compared, "applied entry");
            let text = match self.compared {
                0 => "No two servers have applied an entry at the same index yet.".to_owned(),
                _ => format!("Compared {compared} with the first at the same index: all match."),
            };
            return Verdict::unviolated(self.compared > 0, text);
        };
        let (name, Fault { first, other, .. }) = (words.node, *fault);
        let terms = if first.entry.content == other.entry.content {
            let (own, known) = (other.entry.term, first.entry.term);
            format!(" Their terms are {own} and {known}.")
        } else {
            String::new()
        };
        finding.verdict(format!(
            "{} applied {} at index {}, at {}, but {} had applied {} there at {}.{terms}",
            name(other.node),
            other.entry.words(words),
            fault.index,
            seconds(other.at),
            name(first.node),
            first.entry.words(words),
            seconds(first.at)
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::parts::trial::*;

    fn applied() -> Trial {
        trial(StateMachineSafety::new(), "write")
            .at(10, 1, applies(1, 1, 1, 0))
            .at(20, 1, applies(2, 1, 1, 7))
    }

    #[test]
    fn all_may_apply_the_same_even_again() {
        applied()
            .undecided("No two servers have applied an entry at the same index yet.")
            .at(30, 2, applies(1, 1, 1, 0))
            .at(40, 1, CRASHES)
            .at(50, 1, RESTARTS)
            .at(60, 1, applies(1, 2, 1, 0))
            .holds("Compared 2 applied entries with the first at the same index: all match.");
    }

    #[test]
    fn another_entry_in_a_place_is_found() {
        applied()
            .at(30, 2, applies(2, 2, 2, 9))
            .violated("n2 applied write #9 at index 2, at 0.03 s, but n1 had applied write #7 there at 0.02 s.")
            .found_here();
        applied()
            .at(30, 2, applies(1, 2, 2, 0))
            .violated("n2 applied an empty entry at index 1, at 0.03 s, but n1 had applied an empty entry there at 0.01 s. Their terms are 2 and 1.");
    }
}
