//! Logs that share an entry share all before it.

use sim::held::{Held, Measure};
use sim::sorted::Map;
use sim::trace::{Event, EventKind, Fact};
use sim::{EventId, NodeId};

use super::logs::{Entry, Logs, Places};
use crate::watch::parts::found::Found;
use crate::watch::parts::phrase::{counted, seconds};
use crate::watch::verdict::{Check, Finding, Verdict, Words};

/// Log matching: if two logs have an entry of one term at one place, they are the same up to there.
///
/// By induction it is enough that such entries hold the same and follow an entry of the same term. So each entry is compared
/// with the first of its place and term alone.
#[derive(Clone, Debug, Default)]
pub struct LogMatching {
    logs: Logs,
    /// The first entry of each place, and by place and term the first entries of other terms.
    first: Places<Seen>,
    others: Map<(u32, i64), Seen>,
    compared: usize,
    finding: Found<Fault>,
}

/// An entry as a node first had it.
#[derive(Clone, Copy, Debug)]
struct Seen {
    entry: Entry,
    /// The term of the entry before it.
    previous: i64,
    node: NodeId,
    event: EventId,
}

#[derive(Clone, Copy, Debug)]
struct Fault {
    index: u32,
    entry: Entry,
    node: NodeId,
    wrong: Wrong,
}

#[derive(Clone, Copy, Debug)]
enum Wrong {
    /// Nothing is before it.
    Hole,
    /// It holds something else than the same entry of this node.
    Content(Seen),
    /// It follows an entry of this term, and that of the node one of another.
    Past(i64, Seen),
}

impl LogMatching {
    /// A check that has seen nothing yet.
    pub fn new() -> LogMatching {
        LogMatching::default()
    }

    fn logged(&mut self, index: u32, entry: Entry, id: EventId, event: &Event) {
        let log = self.logs.of(event.node);
        let previous = match log {
            Some(log) => log.term_at(index.saturating_sub(1)),
            None => (index == 1).then_some(0),
        };
        let fault = |wrong| Fault {
            index,
            entry,
            node: event.node,
            wrong,
        };
        let Some(previous) = previous else {
            return self.finding.here(id, event, &[id], fault(Wrong::Hole));
        };
        let Some(seen) = self.seen(index, entry.term) else {
            let seen = Seen {
                entry,
                previous,
                node: event.node,
                event: id,
            };
            return self.remember(index, seen);
        };
        self.compared += 1;
        let wrong = if seen.entry != entry {
            Wrong::Content(seen)
        } else if seen.previous != previous {
            Wrong::Past(previous, seen)
        } else {
            return;
        };
        self.finding
            .here(id, event, &[seen.event, id], fault(wrong));
    }

    fn seen(&self, index: u32, term: i64) -> Option<Seen> {
        let first = self.first.get(index).copied();
        first
            .filter(|seen| seen.entry.term == term)
            .or_else(|| self.others.get(&(index, term)).copied())
    }

    fn remember(&mut self, index: u32, seen: Seen) {
        if self.first.get(index).is_none() {
            self.first.set(index, seen);
        } else {
            let forgotten = self.first.forgotten();
            self.others.retain(|(place, _), _| *place > forgotten);
            self.others.insert((index, seen.entry.term), seen);
        }
    }
}

impl Check for LogMatching {
    fn held(&self, by: Measure) -> usize {
        self.logs.held(by) + self.first.held(by) + self.others.held(by)
    }

    fn hears(&self, kind: EventKind) -> bool {
        matches!(kind, EventKind::Fact | EventKind::Restart)
    }

    fn observe(&mut self, id: EventId, event: &Event) {
        if let Some(Fact::Logged {
            index,
            term,
            content,
        }) = event.fact()
        {
            self.logged(index, Entry { term, content }, id, event);
        }
        self.logs.observe(event);
    }

    fn finding(&self) -> Option<&Finding> {
        self.finding.first()
    }

    fn verdict(&self, words: &Words<'_>, _is_over: bool) -> Verdict {
        let Some((finding, fault)) = self.finding.get() else {
            let compared = counted(self.compared, "stored entry");
            let text = match self.compared {
                0 => "No two logs have had an entry of the same index and term yet.".to_owned(),
                _ => format!(
                    "Compared {compared} with the first of the same index and term: all match, and so do the entries before."
                ),
            };
            return Verdict::unviolated(self.compared > 0, text);
        };
        let name = words.node;
        let own = format!(
            "{} has {} at index {} of its log, from term {}, since {}",
            name(fault.node),
            fault.entry.words(words),
            fault.index,
            fault.entry.term,
            seconds(finding.at)
        );
        finding.verdict(match fault.wrong {
            Wrong::Hole => format!("{own}, and no entry before it."),
            Wrong::Content(seen) => {
                format!(
                    "{own}; {} has {} from the same term there.",
                    name(seen.node),
                    seen.entry.words(words)
                )
            }
            Wrong::Past(previous, seen) => format!(
                "{own} behind an entry of term {previous}; {} has it behind one of term {}.",
                name(seen.node),
                seen.previous
            ),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::parts::trial::*;

    /// n1 has entries 1 and 2 of term 1, and entry 3 of term 2.
    fn copies() -> Trial {
        trial(LogMatching::new(), "write")
            .at(10, 1, logs(1, 1, 0))
            .at(20, 1, logs(2, 1, 7))
            .at(30, 1, logs(3, 2, 9))
    }

    #[test]
    fn the_same_log_may_be_anywhere() {
        copies()
            .undecided("No two logs have had an entry of the same index and term yet.")
            .at(40, 2, logs(1, 1, 0))
            .at(50, 2, logs(2, 1, 7))
            .at(60, 2, logs(3, 3, 11))
            .at(70, 2, truncates(3))
            .at(80, 2, logs(3, 2, 9))
            .holds("Compared 3 stored entries with the first of the same index and term: all match, and so do the entries before.");
    }

    #[test]
    fn another_content_is_found() {
        copies()
            .at(40, 2, logs(1, 1, 5))
            .violated("n2 has write #5 at index 1 of its log, from term 1, since 0.04 s; n1 has an empty entry from the same term there.")
            .found_here();
    }

    #[test]
    fn another_past_is_found() {
        copies()
            .at(40, 2, logs(1, 1, 0))
            .at(50, 2, logs(2, 2, 8))
            .at(60, 2, logs(3, 2, 9))
            .violated("n2 has write #9 at index 3 of its log, from term 2, since 0.06 s behind an entry of term 2; n1 has it behind one of term 1.")
            .found_here();
    }

    #[test]
    fn a_hole_is_found() {
        copies()
            .at(40, 2, logs(3, 2, 9))
            .violated("n2 has write #9 at index 3 of its log, from term 2, since 0.04 s, and no entry before it.")
            .found_here();
    }

    #[test]
    fn a_snapshot_without_its_term_is_found_by_what_follows_it() {
        for (term, is_right) in [(1, true), (0, false)] {
            let snapshot = copies()
                .at(40, 2, compacts(2, term))
                .at(50, 2, logs(3, 2, 9));
            if is_right {
                snapshot.holds("Compared 1 stored entry with the first of the same index and term: all match, and so do the entries before.");
            } else {
                snapshot.found_here();
            }
        }
    }

    #[test]
    fn a_node_that_restarts_has_what_it_puts_on_record() {
        copies()
            .at(40, 1, CRASHES)
            .at(50, 1, RESTARTS)
            .at(50, 1, compacts(1, 1))
            .at(50, 1, logs(2, 1, 7))
            .at(60, 1, logs(3, 3, 12))
            .holds("Compared 1 stored entry with the first of the same index and term: all match, and so do the entries before.")
            .at(70, 1, CRASHES)
            .at(80, 1, RESTARTS)
            .at(80, 1, logs(3, 3, 12))
            .found_here();
    }
}
