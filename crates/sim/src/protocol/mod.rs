//! What a protocol is: a state machine that sees its messages, its timers, its own clocks and its own disk.
//!
//! | file | its subject |
//! | --- | --- |
//! | `mod` | [`Protocol`], and the words that it has for what it does |
//! | `context` | [`Context`], what a node can do while it handles something |
//! | `nodes` | nodes without their protocol's types |
//! | `cast` | all nodes of a protocol |
//! | [`mod@vocabulary`] | the listing from which a protocol's words come |
//! | `store` | their messages, timers and records, in the kernel's slots |
//! | `words` | how texts count, and how numbers are filled into them |

mod cast;
mod context;
mod nodes;
mod store;
pub mod vocabulary;
mod words;

pub use crate::trace::gist::{Gist, NTP_KIND};
pub use context::Context;
pub use words::{counted, fill, length, off_by, plural, seconds, time_of_day};

pub(crate) use cast::Cast;
pub(crate) use nodes::{DiskEvent, Nodes, Turn};
pub(crate) use store::Store;

use std::hash::Hash;

use crate::collections::held::Measure;
use crate::id::NodeId;
use crate::time::SimDuration;

/// A node of a protocol. All nodes of a run are of one type; a protocol with several roles is an enum of them.
///
/// The methods are called one at a time. They cannot see the true time, other nodes, or the network's settings.
///
/// Nodes, messages, timers and records that differ in anything that may change what happens have different hashes: a
/// search through all orders looks at states that are alike once. What is the same in all states of a run, such as a
/// setting, may be left out.
pub trait Protocol: Clone + Hash + Send + Sync + 'static {
    /// What nodes send to each other.
    type Message: Clone + Hash + Send + Sync;
    /// What a timer carries back.
    type Timer: Clone + Hash + Send + Sync;
    /// What is kept on disk.
    type Record: Clone + Hash + Send + Sync;

    /// The words for what this protocol sends, waits for and can be told. [`vocabulary!`](crate::vocabulary!) makes it, and
    /// `gist`, `timer_kind` and `on_operation` with it, from one listing.
    const VOCABULARY: Vocabulary;

    /// The node begins to run. Called again after each restart, on a node as it was built; its disk is what it was.
    fn on_start(&mut self, context: &mut Context<'_, Self>);

    /// A message is handled.
    fn on_message(&mut self, from: NodeId, message: Self::Message, context: &mut Context<'_, Self>);

    /// A timer fires.
    fn on_timer(&mut self, timer: Self::Timer, context: &mut Context<'_, Self>);

    /// All that was written before [`Context::sync`] was called with `token` is durable.
    fn on_synced(&mut self, token: u64, context: &mut Context<'_, Self>) {
        let _ = (token, context);
    }

    /// An operator tells the node to do operation number `operation` of the vocabulary.
    fn on_operation(&mut self, operation: u8, argument: i64, context: &mut Context<'_, Self>) {
        let _ = (operation, argument, context);
    }

    /// What a message says, for the trace.
    fn gist(message: &Self::Message) -> Gist;

    /// Which timer of the vocabulary this is.
    fn timer_kind(timer: &Self::Timer) -> u8;

    /// How many bytes a message takes on the wire.
    fn bytes(message: &Self::Message) -> u32 {
        let _ = message;
        200
    }

    /// Flips bits of a message as `random` says. A message that has nothing corruptible is left alone.
    fn corrupt(message: &mut Self::Message, random: u64) {
        let _ = (message, random);
    }

    /// What this node believes that it alone has, if it believes so.
    fn claim(&self) -> Option<Claim> {
        None
    }

    /// What waits in a queue of this node's own, if it has one. What waits in its inbox is the kernel's to say.
    fn queue(&self) -> Option<Queue> {
        None
    }

    /// What this node takes another node for, if it has made up its mind.
    fn opinion_of(&self, other: NodeId) -> Option<Opinion> {
        let _ = other;
        None
    }

    /// The round trips by which this node knows other nodes' clocks, those that count.
    fn round_trips(&self) -> Vec<RoundTrip> {
        Vec::new()
    }

    /// What this node holds of what clients wrote: every write that it would answer a read from, as it is now. It looks at
    /// that state itself, and at nothing that it keeps about it. A node that has crashed is asked as it is after a restart.
    ///
    /// Nothing, if the node keeps no writes apart, so that a write that is gone tells nothing: a register holds the newest one
    /// under each key alone.
    fn copies(&self) -> Option<Vec<CopyOf>> {
        None
    }

    /// Bytes that this node takes on the heap: they count against the run's budget of memory.
    fn held(&self, by: Measure) -> usize {
        let _ = by;
        0
    }

    /// Bytes that a message takes on the heap, when it has just been made.
    fn held_by_message(message: &Self::Message) -> usize {
        let _ = message;
        0
    }

    /// Bytes that a record takes on the heap, when it has just been made.
    fn held_by_record(record: &Self::Record) -> usize {
        let _ = record;
        0
    }

    /// Why this node's protocol cannot go on, in words that follow a colon. It is asked after [`Context::fail`].
    fn failure(&self) -> Option<&str> {
        None
    }

    /// The words of this node's protocol. They differ from [`VOCABULARY`](Protocol::VOCABULARY) where a type of nodes runs
    /// several protocols; all nodes of a run have the same.
    fn words(&self) -> &'static Vocabulary {
        &Self::VOCABULARY
    }

    /// What this node holds and believes, in words.
    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        let _ = outlook;
        Description::default()
    }
}

/// What a node believes that it alone has. Of several claims to one thing, the one with the highest number is the latest,
/// and all others are out of date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// What it is that only one node has.
    pub to: Claimed,
    /// The number that it got with it: a leader's term, a lock's token.
    pub number: i64,
}

impl Claim {
    /// The claim to lead in this term.
    pub fn to_lead(term: i64) -> Claim {
        Claim {
            to: Claimed::Leadership,
            number: term,
        }
    }

    /// Whether it is a claim to lead.
    pub fn leads(self) -> bool {
        self.to == Claimed::Leadership
    }
}

/// What only one node has at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claimed {
    /// It leads the others.
    Leadership,
    /// It holds the lock.
    Lock,
}

/// What a node takes another node for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opinion {
    /// It is dead: it was silent for too long.
    Dead,
    /// It is alive: it was heard in time.
    Alive,
    /// It is the leader that this node follows.
    Leader,
}

/// What a node holds under a key: what an operation wrote. There may be several under one key, side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CopyOf {
    /// The key.
    pub key: i64,
    /// The number of the operation.
    pub operation: u32,
}

/// A queue at a node, or several that are served in turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queue {
    /// How many things wait in it, or in all of them.
    pub waiting: u32,
    /// How many wait in the queue of each sender, if each has its own.
    pub of_senders: Vec<(NodeId, u32)>,
    /// How many may wait in it; without a bound, any number.
    pub room: Option<u32>,
    /// How long one of them takes, if each takes as long.
    pub each: SimDuration,
}

/// A round trip by which a node knows another node's clock, as the fact [`Sampled`](crate::trace::Fact::Sampled) tells of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoundTrip {
    /// The other node.
    pub with: NodeId,
    /// How long it took, in nanoseconds of the node's monotonic clock.
    pub delay: i64,
    /// Whether the node does not believe the other one.
    pub is_rejected: bool,
}

/// The words for what a protocol does.
#[derive(Clone, Copy, Debug)]
pub struct Vocabulary {
    /// The kinds of messages.
    pub messages: &'static [MessageWord],
    /// The kinds of timers.
    pub timers: &'static [TimerWord],
    /// What an operator can tell a node to do.
    pub operations: &'static [OperationWord],
}

/// The words for a kind of message. `{0}` to `{2}` in a text stand for the gist's numbers.
#[derive(Clone, Copy, Debug)]
pub struct MessageWord {
    /// Its name, as in *pay*.
    pub name: &'static str,
    /// A label for the picture, as in *pay #{0}*.
    pub label: &'static str,
    /// What it says, as the end of *alice tells bank: ...*.
    pub says: &'static str,
    /// What sort of message it is; messages of a sort are drawn alike.
    pub sort: MessageSort,
}

/// What a message is for; decides its shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MessageSort {
    /// It asks for something.
    Request,
    /// It answers.
    Reply,
    /// It refuses.
    Refusal,
    /// It copies data to another node.
    Replication,
    /// It confirms a copy, or votes.
    Acknowledgement,
    /// It says that its sender is alive.
    Heartbeat,
}

/// The words for a kind of timer.
#[derive(Clone, Copy, Debug)]
pub struct TimerWord {
    /// What happens when it fires, as the end of *alice: ...*.
    pub says: &'static str,
    /// Whether its firing means that something did not come in time.
    pub is_timeout: bool,
}

/// The words for an operation.
#[derive(Clone, Copy, Debug)]
pub struct OperationWord {
    /// Its name in a link, as in *write*.
    pub name: &'static str,
    /// What it does.
    pub does: &'static str,
    /// The roles that know it.
    pub roles: &'static [&'static str],
    /// What its argument is.
    pub takes: Argument,
}

/// What the argument of an operation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Argument {
    /// There is none.
    Nothing,
    /// A number, 0 or more.
    Number,
    /// A node of the role that knows the operation, by its number among them, from 1.
    Node,
    /// Some of these nodes: each decimal digit is the number of one.
    Nodes,
}

/// What a node reads from its own clocks, and the names of the other nodes.
pub struct Outlook<'a> {
    /// Its monotonic clock, in nanoseconds since it last started.
    pub monotonic: i64,
    /// Its wall clock, in nanoseconds since the run's epoch.
    pub wall: i64,
    /// The name of a node.
    pub name: &'a dyn Fn(NodeId) -> String,
}

/// What a node holds and believes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Description {
    /// The one thing to show beside the node, as in *paid 3 of 10*. May be empty.
    pub badge: String,
    /// Its state: what it is called, and its value. Of one with a *role* and a *term* the picture shows these also where it has
    /// no room for more than a few letters, and where it has more, its *vote*, and how far it has *committed* and *applied*.
    pub state: Vec<(String, String)>,
    /// What it believes, in sentences.
    pub beliefs: Vec<String>,
}

impl Description {
    /// What a part of its state is.
    pub fn value(&self, name: &str) -> Option<&str> {
        let found = self.state.iter().find(|(of, _)| of == name);
        found.map(|(_, value)| value.as_str())
    }
}
