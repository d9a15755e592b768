//! Two-phase commit: a participant that doubts before it is asked votes no.

use std::convert::Infallible;

use sim::{Context, NodeId, Protocol};

use super::plain::{Model, Sent};

/// What they say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Message {
    Prepare,
    Doubt,
    Yes,
    No,
    Commit,
    Abort,
}

/// The coordinator, or a participant.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Node {
    /// Who has voted yes, a bit for each: the coordinator's.
    yes: u16,
    /// What was voted: a participant's.
    vote: Option<bool>,
    outcome: Option<bool>,
}

const COORDINATOR: u16 = 0;

impl Node {
    /// What a node sends once it has handled a message, and to whom.
    fn handle(&mut self, from: u16, message: Message, nodes: u16) -> Vec<(u16, Message)> {
        match message {
            Message::Prepare | Message::Doubt if self.vote.is_none() => {
                let vote = message == Message::Prepare;
                self.vote = Some(vote);
                vec![(COORDINATOR, if vote { Message::Yes } else { Message::No })]
            }
            Message::Yes if self.outcome.is_none() => {
                self.yes |= 1 << from;
                match self.yes.count_ones() as u16 == nodes - 1 {
                    true => self.decide(true, nodes),
                    false => Vec::new(),
                }
            }
            Message::No if self.outcome.is_none() => self.decide(false, nodes),
            Message::Commit | Message::Abort => {
                self.outcome = Some(message == Message::Commit);
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    fn decide(&mut self, outcome: bool, nodes: u16) -> Vec<(u16, Message)> {
        self.outcome = Some(outcome);
        let told = if outcome {
            Message::Commit
        } else {
            Message::Abort
        };
        (1..nodes).map(|to| (to, told)).collect()
    }
}

/// What the coordinator sends first.
fn asked(nodes: u16) -> impl Iterator<Item = (u16, Message)> {
    (1..nodes).flat_map(|to| [(to, Message::Prepare), (to, Message::Doubt)])
}

impl Protocol for Node {
    type Message = Message;
    type Timer = Infallible;
    type Record = ();

    sim::vocabulary! {
        messages {
            Message::Prepare => Request "prepare" [] { label: "prepare", says: "prepare" }
            Message::Doubt => Request "doubt" [] { label: "doubt", says: "doubt" }
            Message::Yes => Reply "yes" [] { label: "yes", says: "yes" }
            Message::No => Refusal "no" [] { label: "no", says: "no" }
            Message::Commit => Request "commit" [] { label: "commit", says: "commit" }
            Message::Abort => Request "abort" [] { label: "abort", says: "abort" }
        }
        timers {}
    }

    fn on_start(&mut self, context: &mut Context<'_, Self>) {
        if context.me().0 == COORDINATOR {
            asked(context.nodes()).for_each(|(to, message)| context.send(NodeId(to), message));
        }
    }

    fn on_message(&mut self, from: NodeId, message: Message, context: &mut Context<'_, Self>) {
        let sends = self.handle(from.0, message, context.nodes());
        for (to, message) in sends {
            context.send(NodeId(to), message);
        }
    }

    fn on_timer(&mut self, timer: Infallible, _: &mut Context<'_, Self>) {
        match timer {}
    }
}

/// So many nodes, the coordinator included.
pub struct Commit(pub u16);

impl Model for Commit {
    type State = Vec<Node>;
    type Message = Message;

    fn first(&self) -> (Vec<Node>, Vec<Sent<Message>>) {
        let sent = asked(self.0).map(|(to, message)| (to, COORDINATOR, message));
        (vec![Node::default(); self.0.into()], sent.collect())
    }

    fn handle(
        &self,
        nodes: &mut Vec<Node>,
        (me, from, message): Sent<Message>,
    ) -> Vec<Sent<Message>> {
        let sends = nodes[usize::from(me)].handle(from, message, self.0);
        sends
            .into_iter()
            .map(|(to, message)| (to, me, message))
            .collect()
    }
}

/// They, before they have done anything.
pub fn nodes(count: u16) -> Vec<Node> {
    vec![Node::default(); count.into()]
}
