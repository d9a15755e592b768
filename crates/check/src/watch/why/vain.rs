//! What was asked for in vain, and what nodes have not heard.

use sim::trace::{EventKind, Fact, Loss, Outcome};
use sim::{EventId, NodeId};

use super::handling::{handler, invoked, operation};
use super::heard::{Heard, Missing};
use super::story::Story;
use super::trouble::{Standstill, Trouble, loss_of};

/// Of so many nodes that a node has asked it is looked into what became of them, the first ones.
const MOST_ASKED: usize = 4;

impl Story<'_> {
    /// What was asked for and not done, or said and not heard.
    pub(super) fn in_vain(&self, found: &mut Vec<Trouble>) {
        match self.event(self.end).fact() {
            Some(Fact::Suspects { node }) => {
                if let Ok(node) = u16::try_from(node) {
                    self.silent(NodeId(node), found);
                }
            }
            Some(Fact::Locked { .. }) => self.unanswered(found),
            Some(Fact::Invoked { .. }) => {
                found.extend(self.lost_of(self.end));
                // What has not ended may wait for its own client.
                let latest = EventId(self.trace.len() as u32);
                found.extend(self.still(self.event(self.end).node, self.end, latest));
            }
            _ => found.extend(self.failed(self.end)),
        }
    }

    /// What was lost of the latest of several operations that did not go well, if that is what is told of them.
    pub(super) fn failed_among(&self) -> Option<Trouble> {
        let mut latest_first = std::iter::once(&self.end).chain(&self.others);
        latest_first.find_map(|&told| self.failed(told))
    }

    /// What was lost of an operation of which a client was told that it did not go well.
    fn failed(&self, told: EventId) -> Option<Trouble> {
        let fact = self.event(told).fact();
        let is_failure =
            matches!(fact, Some(Fact::Returned { outcome, .. }) if outcome != Outcome::Ok);
        self.lost_of(told).filter(|_| is_failure)
    }

    /// What was lost of the operation that a fact is about.
    fn lost_of(&self, fact: EventId) -> Option<Trouble> {
        let begin = invoked(self.trace, fact, operation(self.trace, fact)?)?;
        let lost = Heard::of(self.trace, begin).all_lost()?;
        Some(self.undelivered(lost))
    }

    /// What the node that answered had not heard, because of a cut: all that is known of an answer that is merely wrong.
    pub(super) fn unheard(&self) -> Option<Trouble> {
        let is_answer = |id: &EventId| {
            let fact = self.event(*id).fact();
            matches!(
                fact,
                Some(Fact::Returned {
                    outcome: Outcome::Ok,
                    ..
                })
            )
        };
        let mut evidence = self
            .others
            .iter()
            .filter(|id| self.event(**id).kind == EventKind::Fact);
        if !is_answer(&self.end) || !evidence.all(is_answer) {
            return None;
        }
        let answer = self.event(handler(self.trace, self.end));
        let mut back = (0..self.end.0).rev().map(EventId);
        let loss = back.find(|id| {
            let event = self.event(*id);
            event.node == answer.peer && loss_of(event) == Some(Loss::Cut)
        })?;
        Some(self.undelivered(Missing {
            sending: self.event(loss).cause,
            lost: Some((loss, Vec::new())),
        }))
    }

    /// What a node that is treated as dead had said, or what kept it from saying so.
    fn silent(&self, node: NodeId, found: &mut Vec<Trouble>) {
        let listener = self.event(self.end).node;
        let heard = Heard::from_to(self.trace, node, listener, self.end);
        found.extend(heard.overdue().map(|missing| self.undelivered(missing)));
        let since = heard.latest_heard().unwrap_or(EventId(0));
        let still = self.still(node, since, self.end);
        found.extend(still.map(|trouble| Trouble::WaitedStill(Box::new(trouble))));
    }

    /// What first kept a node that holds something from hearing that it may let go: something became of itself, of a node that it
    /// has asked since, or of what these two said to each other.
    fn unanswered(&self, found: &mut Vec<Trouble>) {
        let (holder, latest) = (self.event(self.end).node, EventId(self.trace.len() as u32));
        let mut troubles: Vec<Trouble> = self.first_still(holder).into_iter().collect();
        for asked in self.asked_by(holder).into_iter().take(MOST_ASKED) {
            troubles.extend(self.first_still(asked));
            for (from, to) in [(holder, asked), (asked, holder)] {
                let said = Heard::from_to(self.trace, from, to, latest);
                let missing = said.overdue().filter(|missing| missing.sending > self.end);
                troubles.extend(missing.map(|missing| self.undelivered(missing)));
            }
        }
        let begun = |trouble: &Trouble| match trouble {
            Trouble::Lost { loss, .. } => *loss,
            trouble => trouble.key()[0],
        };
        found.extend(troubles.into_iter().min_by_key(begun));
    }

    /// The first standstill of a node that is not over before the end.
    fn first_still(&self, node: NodeId) -> Option<Trouble> {
        let of_node = self.trace.iter().zip((0..).map(EventId));
        let mut begun = of_node
            .filter(|(event, _)| event.node == node)
            .filter_map(|(event, id)| Some((id, Standstill::begun_by(event)?)));
        begun.find_map(|(begin, standstill)| {
            let end = self.ending(node, begin, standstill);
            end.is_none_or(|end| end > self.end)
                .then_some(Trouble::Still {
                    standstill,
                    begin,
                    end,
                })
        })
    }

    /// The nodes to which a node has sent messages since the end came, in that order.
    fn asked_by(&self, node: NodeId) -> Vec<NodeId> {
        let mut asked = Vec::new();
        for event in self.trace.skip(self.end.index()).iter() {
            let is_asked = event.kind == EventKind::Send && event.node == node;
            if is_asked && !asked.contains(&event.peer) {
                asked.push(event.peer);
            }
        }
        asked
    }
}
