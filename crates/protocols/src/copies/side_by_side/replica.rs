//! A replica that answers at once, whichever other servers it reaches: it keeps all additions that it has heard of, and
//! their sum is its answer.
//!
//! It tells the others each addition that it takes, once. The others get the additions that they miss by *anti-entropy*:
//! now and then each replica tells the others what it has, and is sent what it lacks (Demers et al., *Epidemic algorithms
//! for replicated database maintenance*, PODC 1987). What it keeps is a grow-only set (*G-Set*): two are joined by their
//! union, so copies that have heard of the same additions are the same, in whatever order the additions came (Shapiro et
//! al., *Conflict-free replicated data types*, SSS 2011).

use sim::sorted::Map;

use sim::protocol::{Description, Outlook};
use sim::trace::{Fact, Function};
use sim::{Context, NodeId, SimDuration, Stored};

use super::{Gossip, Message, Node, Timer};
use crate::describe::roles::Role;
use crate::parts::after_sync::AfterSync;
use crate::parts::caller::{Reply, Request};
use crate::parts::replicated_log::{Entry, Record};

/// A replica.
#[derive(Clone, Debug)]
pub struct Replica {
    peers: Vec<NodeId>,
    /// How often it compares its additions with the others; never if there is none.
    compares_every: Option<SimDuration>,
    additions: Map<u32, Request>,
    /// The client that is answered when its addition is durable.
    after_sync: AfterSync<(NodeId, Request)>,
    /// How many additions it got late, by comparing.
    caught_up: u32,
}

impl Replica {
    /// A replica that has nothing.
    pub(super) fn new(peers: Vec<NodeId>, compares_every: Option<SimDuration>) -> Replica {
        Replica {
            peers,
            compares_every,
            additions: Map::new(),
            after_sync: AfterSync::default(),
            caught_up: 0,
        }
    }

    fn compare_later(&self, context: &mut Context<'_, Node>) {
        if let Some(every) = self.compares_every {
            context.set_timer(every, Timer::Compare);
        }
    }

    /// Tells the others which additions it has.
    pub(super) fn compare(&mut self, context: &mut Context<'_, Node>) {
        let has: Vec<u32> = self.additions.keys().copied().collect();
        for peer in &self.peers {
            context.send(*peer, Message::Gossip(Gossip::Has(has.clone())));
        }
        self.compare_later(context);
    }

    pub(super) fn asked(
        &mut self,
        client: NodeId,
        request: Request,
        context: &mut Context<'_, Node>,
    ) {
        if request.function == Function::Read {
            let value = self.sum(request.key);
            return context.send(client, Message::Tell(Reply::done(request, value)));
        }
        if self.keep(request, context) {
            for peer in &self.peers {
                context.send(*peer, Message::Gossip(Gossip::Takes(vec![request])));
            }
        }
        self.after_sync.owe((client, request), context);
    }

    fn sum(&self, key: i64) -> i64 {
        let additions = self.additions.values().filter(|one| one.key == key);
        additions.fold(0, |sum, one| sum.wrapping_add(one.value))
    }

    /// Keeps an addition. Whether it is new.
    fn keep(&mut self, request: Request, context: &mut Context<'_, Node>) -> bool {
        if self.additions.insert(request.operation, request).is_some() {
            return false;
        }
        let entry = Entry {
            term: 0,
            request: Some(request),
        };
        context.write(u64::from(request.operation), Record::Entry(entry));
        context.record(Fact::Stored {
            operation: request.operation,
            key: request.key,
            version: 0,
        });
        true
    }

    /// Another replica tells an addition that it has taken, or all that it has.
    pub(super) fn hears(&mut self, from: NodeId, gossip: Gossip, context: &mut Context<'_, Node>) {
        match gossip {
            Gossip::Takes(additions) => {
                for addition in additions {
                    self.keep(addition, context);
                }
                self.after_sync.sync(context);
            }
            Gossip::Lacks(additions) => {
                for addition in additions {
                    self.caught_up += u32::from(self.keep(addition, context));
                }
                self.after_sync.sync(context);
            }
            Gossip::Has(has) => self.send_what_lacks(from, &has, context),
        }
    }

    /// Sends a replica the additions that it lacks.
    fn send_what_lacks(&self, to: NodeId, has: &[u32], context: &mut Context<'_, Node>) {
        let is_lacking = |one: &&Request| has.binary_search(&one.operation).is_err();
        let additions = self.additions.values();
        let lacks: Vec<Request> = additions.filter(is_lacking).copied().collect();
        if !lacks.is_empty() {
            context.send(to, Message::Gossip(Gossip::Lacks(lacks)));
        }
    }
}

impl Role<Node> for Replica {
    fn start(&mut self, context: &mut Context<'_, Node>) {
        for (_, stored) in context.durable() {
            if let Stored::Whole(Record::Entry(entry)) = stored
                && let Some(request) = entry.request
            {
                self.additions.insert(request.operation, request);
            }
        }
        self.compare_later(context);
    }

    fn synced(&mut self, token: u64, context: &mut Context<'_, Node>) {
        if let Some((client, request)) = self.after_sync.due(token) {
            context.send(client, Message::Tell(Reply::done(request, 0)));
        }
    }

    fn memory(&self) -> usize {
        self.peers.len() * size_of::<NodeId>()
            + self.additions.len() * size_of::<(u32, Request)>()
            + self.after_sync.memory()
    }

    fn role(&self) -> &'static str {
        "server"
    }

    fn describe(&self, _: &Outlook<'_>) -> Description {
        let sum = self
            .additions
            .values()
            .fold(0_i64, |sum, one| sum.wrapping_add(one.value));
        let mut beliefs = vec![format!(
            "The sum of all additions that I have heard of is {sum}. I answer at once, and cannot know what other servers have \
             that I lack."
        )];
        if self.caught_up > 0 {
            beliefs.push(format!(
                "I heard of {} additions late, when we compared.",
                self.caught_up
            ));
        }
        Description {
            badge: format!("{sum} in all"),
            state: vec![("sum".to_owned(), sum.to_string())],
            beliefs,
        }
    }
}
