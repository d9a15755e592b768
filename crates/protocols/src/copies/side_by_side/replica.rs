//! A replica that answers at once, whichever other servers it reaches: it keeps all additions that it has heard of, and
//! their sum is its answer.
//!
//! An addition counts once it is on the replica's disk. Then the replica tells the others, once. The others get the additions
//! that they miss by *anti-entropy*:
//! now and then each replica tells the others what it has, and is sent what it lacks (Demers et al., *Epidemic algorithms
//! for replicated database maintenance*, PODC 1987). What it keeps is a grow-only set (*G-Set*): two are joined by their
//! union, so copies that have heard of the same additions are the same, in whatever order the additions came (Shapiro et
//! al., *Conflict-free replicated data types*, SSS 2011).

use sim::held::{Held, Measure};
use sim::sorted::{Map, Set};

use sim::protocol::{CopyOf, Description, Outlook};
use sim::trace::{Fact, Function};
use sim::{Context, NodeId, SimDuration, Stored};

use super::numbered::Numbered;
use super::{Gossip, Message, Node, Timer};
use crate::describe::roles::Role;
use crate::parts::caller::{Reply, Request};
use crate::parts::disk::group_commit::GroupCommit;
use crate::parts::replicated_log::{Entry, Record};

/// A replica.
#[derive(Clone, Debug, Hash)]
pub struct Replica {
    peers: Vec<NodeId>,
    /// How often it compares its additions with the others; never if there is none.
    compares_every: Option<SimDuration>,
    /// The additions that are durable here.
    additions: Map<u32, Request>,
    /// Which these are.
    has: Numbered,
    /// What they come to, under each key.
    sums: Map<i64, i64>,
    /// The additions that are on their way to the disk.
    saving: Set<u32>,
    after_sync: GroupCommit<Owed>,
    /// How many additions it got late, by comparing.
    caught_up: u32,
    /// Its words for the sum.
    words: fn(i64) -> String,
}

/// What is owed once additions are durable: they count.
#[derive(Clone, Debug, Hash)]
enum Owed {
    /// A client's addition: the client is answered, and the others are told.
    Own(NodeId, Request),
    /// A client's addition that was here before, or on its way to the disk.
    Again(NodeId, Request),
    /// Additions that another replica has told.
    Heard {
        additions: Vec<Request>,
        is_late: bool,
    },
}

impl Replica {
    /// A replica that has nothing.
    pub(super) fn new(
        peers: Vec<NodeId>,
        compares_every: Option<SimDuration>,
        words: fn(i64) -> String,
    ) -> Replica {
        Replica {
            peers,
            compares_every,
            additions: Map::new(),
            has: Numbered::default(),
            sums: Map::new(),
            saving: Set::new(),
            after_sync: GroupCommit::default(),
            caught_up: 0,
            words,
        }
    }

    fn compare_later(&self, context: &mut Context<'_, Node>) {
        if let Some(every) = self.compares_every {
            context.set_timer(every, Timer::Compare);
        }
    }

    /// Tells the others which additions it has.
    pub(super) fn compare(&mut self, context: &mut Context<'_, Node>) {
        for peer in &self.peers {
            context.send(*peer, Message::Gossip(Gossip::Has(self.has.clone())));
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
        if self.additions.contains_key(&request.operation) {
            return answer(client, request, context);
        }
        let owed = match self.save(&request, context) {
            true => Owed::Own(client, request),
            false => Owed::Again(client, request),
        };
        self.after_sync.owe(owed, context);
    }

    fn sum(&self, key: i64) -> i64 {
        self.sums.get(&key).copied().unwrap_or(0)
    }

    /// Writes an addition to disk. Whether it is new.
    fn save(&mut self, request: &Request, context: &mut Context<'_, Node>) -> bool {
        let operation = request.operation;
        if self.additions.contains_key(&operation) || !self.saving.insert(operation) {
            return false;
        }
        let entry = Entry {
            term: 0,
            content: Some(*request),
        };
        context.write(u64::from(operation), Record::Entry(entry));
        true
    }

    /// An addition is durable, and counts.
    fn keep(&mut self, request: Request, context: &mut Context<'_, Node>) {
        self.saving.remove(&request.operation);
        self.count(request);
        context.record(stored(&request));
    }

    fn count(&mut self, request: Request) {
        match self.additions.insert(request.operation, request) {
            None => self.has.insert(request.operation),
            Some(old) => self.add(old.key, old.value.wrapping_neg()),
        }
        self.add(request.key, request.value);
    }

    fn add(&mut self, key: i64, value: i64) {
        let sum = self.sums.entry(key).or_default();
        *sum = sum.wrapping_add(value);
    }

    fn settle(&mut self, owed: Owed, context: &mut Context<'_, Node>) {
        match owed {
            Owed::Own(client, request) => {
                self.keep(request, context);
                answer(client, request, context);
                for peer in &self.peers {
                    context.send(*peer, Message::Gossip(Gossip::Takes(vec![request])));
                }
            }
            Owed::Again(client, request) => answer(client, request, context),
            Owed::Heard { additions, is_late } => {
                self.caught_up += if is_late { additions.len() as u32 } else { 0 };
                for addition in additions {
                    self.keep(addition, context);
                }
            }
        }
    }

    /// Another replica tells an addition that it has taken, or all that it has.
    pub(super) fn hears(&mut self, from: NodeId, gossip: Gossip, context: &mut Context<'_, Node>) {
        match gossip {
            Gossip::Takes(additions) => self.take(additions, false, context),
            Gossip::Lacks(additions) => self.take(additions, true, context),
            Gossip::Has(has) => self.send_what_lacks(from, &has, context),
        }
    }

    /// Takes additions that another replica has told.
    fn take(&mut self, additions: Vec<Request>, is_late: bool, context: &mut Context<'_, Node>) {
        let additions = additions.into_iter();
        let additions: Vec<Request> = additions.filter(|one| self.save(one, context)).collect();
        if !additions.is_empty() {
            self.after_sync
                .owe(Owed::Heard { additions, is_late }, context);
        }
    }

    /// Sends a replica the additions that it lacks.
    fn send_what_lacks(&self, to: NodeId, has: &Numbered, context: &mut Context<'_, Node>) {
        let lacking = self.has.without(has);
        let lacks = lacking.filter_map(|operation| self.additions.get(&operation));
        let lacks: Vec<Request> = lacks.copied().collect();
        if !lacks.is_empty() {
            context.send(to, Message::Gossip(Gossip::Lacks(lacks)));
        }
    }
}

impl Role<Node> for Replica {
    fn start(&mut self, context: &mut Context<'_, Node>) {
        for (_, stored) in context.durable() {
            if let Stored::Whole(Record::Entry(entry)) = stored
                && let Some(request) = entry.content
            {
                self.count(request);
            }
        }
        for addition in self.additions.values() {
            context.record(stored(addition));
        }
        self.compare_later(context);
    }

    fn synced(&mut self, token: u64, context: &mut Context<'_, Node>) {
        for owed in self.after_sync.synced(token, context) {
            self.settle(owed, context);
        }
    }

    /// The additions that count here.
    fn copies(&self) -> Option<Vec<CopyOf>> {
        let additions = self.additions.values();
        Some(additions.map(Request::copy).collect())
    }

    fn held(&self, by: Measure) -> usize {
        self.peers.held(by)
            + self.additions.held(by)
            + self.has.held(by)
            + self.sums.held(by)
            + self.saving.held(by)
            + self.after_sync.held(by)
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
            badge: (self.words)(sum),
            state: vec![("sum".to_owned(), sum.to_string())],
            beliefs,
        }
    }
}

/// An addition is here.
fn stored(addition: &Request) -> Fact {
    Fact::Stored {
        operation: addition.operation,
        key: addition.key,
        version: 0,
    }
}

/// A client's addition is durable.
fn answer(client: NodeId, request: Request, context: &mut Context<'_, Node>) {
    context.send(client, Message::Tell(Reply::done(request, 0)));
}
