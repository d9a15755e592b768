//! An answer is shown after its question.

use sim::held::{Held, Measure, all_held};
use sim::sorted::{Map, Set};

use sim::trace::{Event, EventKind, Fact};
use sim::{EventId, NodeId, SimTime};

use crate::watch::parts::found::Found;
use crate::watch::parts::phrase::{counted, seconds};
use crate::watch::verdict::{Check, Finding, Verdict, Words};

/// Causal order as readers notice it: each reader is shown an answer after what it answers. A node that restarts begins with
/// an empty screen.
#[derive(Clone, Debug, Default)]
pub struct CausalOrder {
    /// What each reader has been shown.
    shown: Map<NodeId, Set<i64>>,
    /// Where and when each thing was shown first: to its author.
    first: Map<i64, (NodeId, EventId)>,
    answers: usize,
    early: usize,
    finding: Found<Fault>,
}

#[derive(Clone, Copy, Debug)]
struct Fault {
    reader: NodeId,
    at: SimTime,
    item: i64,
    author: Option<NodeId>,
    after: i64,
    asker: Option<NodeId>,
}

impl CausalOrder {
    /// A check that has seen nothing yet.
    pub fn new() -> CausalOrder {
        CausalOrder::default()
    }

    fn shown(&mut self, item: i64, after: i64, id: EventId, event: &Event) {
        let shown = self.shown.entry(event.node).or_default();
        let is_early = after >= 0 && !shown.contains(&after);
        shown.insert(item);
        self.first.entry(item).or_insert((event.node, id));
        self.answers += usize::from(after >= 0);
        if is_early {
            self.early += 1;
            self.found(item, after, id, event);
        }
    }

    fn found(&mut self, item: i64, after: i64, id: EventId, event: &Event) {
        let first = |item| self.first.get(&item);
        let known = [first(after), first(item)];
        let mut events: Vec<EventId> = known.into_iter().flatten().map(|(_, id)| *id).collect();
        events.push(id);
        let fault = Fault {
            reader: event.node,
            at: event.time,
            item,
            author: first(item).map(|(node, _)| *node),
            after,
            asker: first(after).map(|(node, _)| *node),
        };
        self.finding.here(id, event, &events, fault);
    }
}

impl Check for CausalOrder {
    fn held(&self, by: Measure) -> usize {
        self.shown.held(by) + all_held(self.shown.values(), by) + self.first.held(by)
    }

    fn observe(&mut self, id: EventId, event: &Event) {
        if event.kind == EventKind::Restart {
            self.shown.remove(&event.node);
        }
        if let Some(Fact::Shown { item, after }) = event.fact() {
            self.shown(item, after, id, event);
        }
    }

    fn finding(&self) -> Option<&Finding> {
        self.finding.first()
    }

    fn verdict(&self, words: &Words<'_>, _is_over: bool) -> Verdict {
        if let Some((finding, fault)) = self.finding.get() {
            let by = |node: Option<NodeId>| {
                node.map_or_else(String::new, |node| format!("{}'s ", (words.node)(node)))
            };
            let sentence = format!(
                "{} showed {}{} #{} at {}, before {}{} #{}, which it answers. So far {} of {} came early.",
                (words.node)(fault.reader),
                by(fault.author),
                words.operation,
                fault.item,
                seconds(fault.at),
                by(fault.asker),
                words.operation,
                fault.after,
                self.early,
                counted(self.answers, "answer"),
            );
            return finding.verdict(sentence);
        }
        match self.answers {
            0 => Verdict::undecided("No answer has been shown yet."),
            count => Verdict::holds(format!(
                "{} shown, each after its question.",
                counted(count, "answer")
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::parts::trial::*;

    fn posts() -> Trial {
        trial(CausalOrder::new(), "post")
    }

    #[test]
    fn an_answer_that_follows_its_question_everywhere_is_in_order() {
        posts()
            .at(0, 1, shows(1))
            .at(1000, 2, shows(1))
            .at(2000, 2, shows_after(2, 1))
            .at(3000, 1, shows_after(2, 1))
            .holds("2 answers shown, each after its question.");
    }

    #[test]
    fn an_answer_before_its_question_is_a_violation_for_that_reader() {
        posts()
            .at(0, 1, shows(1))
            .at(1000, 2, shows(1))
            .at(2000, 2, shows_after(2, 1))
            .at(3000, 3, shows_after(2, 1))
            .found_here()
            .at(4000, 3, shows(1))
            .violated("n3 showed n2's post #2 at 3.00 s, before n1's post #1, which it answers. So far 1 of 2 answers came early.");
    }

    #[test]
    fn posts_that_answer_nothing_may_come_in_any_order() {
        posts()
            .at(0, 1, shows(1))
            .at(1000, 2, shows(2))
            .at(2000, 3, shows(2))
            .at(3000, 3, shows(1))
            .undecided("No answer has been shown yet.");
    }
}
