//! Single-decree Paxos (Leslie Lamport, *Paxos made simple*, 2001): proposers with a ballot each, and two acceptors.

use std::convert::Infallible;

use sim::trace::Fact;
use sim::{Context, NodeId, Protocol};

use super::plain::{Model, Sent};

/// Both of them are the majority.
const ACCEPTORS: u16 = 2;
const MAJORITY: u32 = 2;

type Accepted = Option<(u16, u16)>;

/// What they say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Message {
    Prepare(u16),
    Promise(u16, Accepted),
    Accept(u16, u16),
    Accepted(u16),
}

/// An acceptor, or a proposer behind them, whose ballot and first value is its number.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Node {
    /// Whether an acceptor accepts what it has promised not to: then it is not Paxos.
    forgets: bool,
    promised: u16,
    accepted: Accepted,
    /// Who has promised, and who has accepted, a bit for each: a proposer's.
    promises: u16,
    acceptances: u16,
    value: Accepted,
    chosen: Option<u16>,
}

impl Node {
    fn handle(&mut self, me: u16, from: u16, message: Message) -> Vec<(u16, Message)> {
        match message {
            Message::Prepare(ballot) if ballot > self.promised => {
                self.promised = ballot;
                vec![(from, Message::Promise(ballot, self.accepted))]
            }
            Message::Accept(ballot, value) if ballot >= self.promised || self.forgets => {
                self.promised = ballot.max(self.promised);
                self.accepted = Some((ballot, value));
                vec![(from, Message::Accepted(ballot))]
            }
            Message::Promise(ballot, accepted) if ballot == me => self.promise(me, from, accepted),
            Message::Accepted(ballot) if ballot == me && self.chosen.is_none() => {
                self.acceptances |= 1 << from;
                if self.acceptances.count_ones() == MAJORITY {
                    self.chosen = self.value.map(|(_, value)| value);
                }
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    fn promise(&mut self, me: u16, from: u16, accepted: Accepted) -> Vec<(u16, Message)> {
        if self.promises.count_ones() >= MAJORITY {
            return Vec::new();
        }
        self.promises |= 1 << from;
        self.value = self.value.max(accepted);
        if self.promises.count_ones() < MAJORITY {
            return Vec::new();
        }
        let value = self.value.map_or(me, |(_, value)| value);
        self.value = Some((me, value));
        let accept = Message::Accept(me, value);
        (0..ACCEPTORS).map(|to| (to, accept)).collect()
    }
}

impl Protocol for Node {
    type Message = Message;
    type Timer = Infallible;
    type Record = ();

    sim::vocabulary! {
        messages {
            Message::Prepare(..) => Request "prepare" [] { label: "prepare", says: "prepare" }
            Message::Promise(..) => Reply "promise" [] { label: "promise", says: "promise" }
            Message::Accept(..) => Request "accept" [] { label: "accept", says: "accept" }
            Message::Accepted(..) => Reply "accepted" [] { label: "accepted", says: "accepted" }
        }
        timers {}
    }

    fn on_start(&mut self, context: &mut Context<'_, Self>) {
        let me = context.me().0;
        for acceptor in (0..ACCEPTORS).filter(|_| me >= ACCEPTORS) {
            context.send(NodeId(acceptor), Message::Prepare(me));
        }
    }

    fn on_message(&mut self, from: NodeId, message: Message, context: &mut Context<'_, Self>) {
        let was_chosen = self.chosen;
        for (to, message) in self.handle(context.me().0, from.0, message) {
            context.send(NodeId(to), message);
        }
        if let Some(value) = self.chosen.filter(|_| was_chosen.is_none()) {
            context.record(Fact::Applied {
                index: 1,
                known: 1,
                term: 1,
                content: value.into(),
            });
        }
    }

    fn on_timer(&mut self, timer: Infallible, _: &mut Context<'_, Self>) {
        match timer {}
    }
}

/// So many proposers.
pub struct Paxos(pub u16);

impl Model for Paxos {
    type State = Vec<Node>;
    type Message = Message;

    fn first(&self) -> (Vec<Node>, Vec<Sent<Message>>) {
        let proposers = ACCEPTORS..ACCEPTORS + self.0;
        let sent =
            proposers.flat_map(|me| (0..ACCEPTORS).map(move |to| (to, me, Message::Prepare(me))));
        (nodes(self.0, false), sent.collect())
    }

    fn handle(
        &self,
        nodes: &mut Vec<Node>,
        (me, from, message): Sent<Message>,
    ) -> Vec<Sent<Message>> {
        let sends = nodes[usize::from(me)].handle(me, from, message);
        sends
            .into_iter()
            .map(|(to, message)| (to, me, message))
            .collect()
    }
}

/// The acceptors, and so many proposers.
pub fn nodes(proposers: u16, forgets: bool) -> Vec<Node> {
    let node = Node {
        forgets,
        ..Node::default()
    };
    vec![node; (ACCEPTORS + proposers).into()]
}
