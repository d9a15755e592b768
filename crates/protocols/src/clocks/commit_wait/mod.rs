//! Transactions with timestamps, and a wait that makes the timestamps true.
//!
//! Each shard gives its transactions timestamps by its own clock, so that a reader can ask for a snapshot of all shards
//! *as of* a time. This is only right if a transaction that begins after another one has ended gets the larger
//! timestamp, even on another shard. Clocks differ, so a shard takes the latest time that it can be by its interval
//! clock, and reports the commit to nobody before that time has certainly passed: *commit wait* (Corbett et al.,
//! *Spanner: Google's globally-distributed database*, OSDI 2012, sections 3 and 4.1.2). The wait takes about twice the
//! uncertainty of the clock.
//!
//! The wait is only as good as the interval. An interval that is assumed too narrow, because the clocks were good when
//! they were measured, brings the fault back. An honest one follows from what the shard can know: it asks time servers, and
//! allows for half the round trip, for the drift since, and for a minority of servers that are wrong.
//!
//! A commit is durable before it is reported. A shard that restarts waits for its timestamps again.
//!
//! Authors and readers give the transactions a meaning. Before each photo its author blocks the readers from it, on one
//! shard; once that is confirmed, she posts it on another. The shard tells every reader about the photo, with its
//! timestamp, and the reader takes a *snapshot read* at that timestamp (section 4.2 of the same paper): both shards answer with
//! what was committed by then. A shard answers only when no later commit of its own can get a timestamp up to that one.
//!
//! | module | its subject |
//! | --- | --- |
//! | `client` | makes one transaction after another: any, or a block and then a photo |
//! | `message` | what the nodes send to each other and wait for |
//! | `reader` | reads what there is of a photo, as of the photo's timestamp |
//! | `reckoning` | knows what time it can be |
//! | `shard` | gives timestamps, waits, and reports commits |
//! | `snapshots` | the reads that a shard has not answered yet |

mod client;
mod message;
mod reader;
mod reckoning;
mod shard;
mod snapshots;
#[cfg(test)]
mod tests;

use sim::protocol::{Description, Outlook, time_of_day};
use sim::{Context, Machine, NodeId, Protocol, Setup, SimDuration};

use crate::describe::choices::{choices, defence, many, milliseconds, operations, share};
use crate::describe::entry::{Plan, ProtocolEntry};
use crate::describe::roles::{Role, roles};
use crate::describe::world::world;
use client::{Client, Work};
pub use message::{Message, Timer};
use reader::Reader;
use reckoning::Reckoning;
use shard::Shard;

/// Transactions with timestamps, for scenarios.
pub static ENTRY: ProtocolEntry = Choices::entry(
    "commit-wait",
    "Clients make transactions on shards. Each shard gives timestamps by its own clock.",
    &Node::VOCABULARY,
    build,
)
.with_disks()
.mended(&[
    "The honest bound was a fixed number, and a crash of a shard lost commits that clients had been told of.",
    "Time servers that were silent counted as wrong ones, slow answers were given up, and a timestamp on disk could be missing from the record after a crash.",
    "Nobody blocked, posted or read anything in the lab: its clients made transactions that meant nothing.",
]);

choices! {
    /// What a scenario chooses for transactions.
    struct Choices {
        roles {
            clients: Vec<NodeId> = many("client", 0..=12).speaks_to(&["shard"]),
            shards: Vec<NodeId> = many("shard", 1..=9).speaks_to(&["client", "time-server", "author", "reader"]),
            time_servers: Vec<NodeId> = many("time-server", 0..=5).speaks_to(&["shard"]),
            authors: Vec<NodeId> = many("author", 0..=6).speaks_to(&["shard"]),
            readers: Vec<NodeId> = many("reader", 0..=6).speaks_to(&["shard"]),
        }
        parameters {
            transactions: u32 = operations("transactions", "Transactions", 40, 1..=1000,
                "How many transactions each client makes."),
            rest: SimDuration = milliseconds("rest", "Rest", 300, 1..=60_000,
                "How long a client rests after a transaction, on average."),
            timeout: SimDuration = milliseconds("timeout", "Timeout", 2000, 1..=600_000,
                "How long a client waits for an answer before it asks again."),
            assumed_error: SimDuration = milliseconds("assumed-error", "Assumed error", 10, 0..=60_000,
                "The clock error that shards assume when they have no honest bound."),
            poll: SimDuration = milliseconds("poll", "Poll", 500, 10..=60_000,
                "How often a shard asks the time servers for the time."),
            max_drift: f64 = share("max-drift", "Assumed drift", 0.0002, 0.0..=0.5,
                "The most by which clocks are assumed to drift apart."),
            server_error: SimDuration = milliseconds("server-error", "Server error", 1, 0..=60_000,
                "The most by which the clock of a right time server is assumed to be wrong."),
        }
        defences {
            waits: bool = defence("commit-wait", "Commit wait",
                "A shard reports no commit before its timestamp has certainly passed."),
            has_bound: bool = defence("honest-bound", "Honest bound",
                "Shards ask time servers how wrong their clocks can be. Without it, they trust a bound that somebody has set."),
        }
    }
}

fn build(plan: &Plan, setup: &Setup) -> Box<dyn Machine> {
    let choices = Choices::of(plan);
    let writers = |nodes: &[NodeId], first: usize, work: Work| -> Vec<(NodeId, Node)> {
        let nodes = nodes.iter().zip(first..);
        let client = |place| Node::Client(Client::new(&choices, place, work));
        nodes.map(|(node, place)| (*node, client(place))).collect()
    };
    let (clients, authors) = (choices.clients.len(), choices.authors.len());
    let shard = Shard::new(&choices, Reckoning::of(&choices));
    let shard = Node::Shard(Box::new(shard));
    let shards = choices.shards.iter().map(|node| (*node, shard.clone()));
    let time_servers = choices.time_servers.iter();
    let time_servers = time_servers.map(|node| (*node, Node::TimeServer(TimeServer)));
    let readers = choices.readers.iter().zip(clients + authors..);
    let reader = |place| Node::Reader(Reader::new(&choices, place));
    let readers = readers.map(|(node, place)| (*node, reader(place)));
    let nodes = writers(&choices.clients, 0, Work::Anything).into_iter();
    let nodes = nodes.chain(writers(&choices.authors, clients, Work::Photos));
    world(
        setup,
        nodes.chain(readers).chain(shards).chain(time_servers),
    )
}

impl Choices {
    /// How many nodes number operations of their own.
    fn callers(&self) -> usize {
        self.clients.len() + self.authors.len() + self.readers.len()
    }
}

/// A node.
#[derive(Clone, Debug, Hash)]
pub enum Node {
    /// A client or an author, which makes transactions.
    Client(Client),
    /// A shard, which commits transactions.
    Shard(Box<Shard>),
    /// A time server, which tells the time to shards that ask.
    TimeServer(TimeServer),
    /// A reader, which reads snapshots.
    Reader(Reader),
}

/// What an author commits: the block comes first, then the photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// No reader may see the photo.
    Block,
    /// The photo.
    Photo,
}

/// A block or a photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Item {
    /// What it is.
    pub kind: Kind,
    /// Which photo it is about: the number of the transaction that blocks readers from it.
    pub photo: u32,
}

impl Item {
    /// Where it is kept. A photo and its block are on different shards, if there are several.
    fn shard(self, shards: &[NodeId]) -> NodeId {
        let further = match self.kind {
            Kind::Block => 0,
            Kind::Photo => 1,
        };
        shards[(self.photo.saturating_sub(1) as usize + further) % shards.len()]
    }

    /// The message that asks a shard to commit it.
    fn message(self, operation: u32) -> Message {
        let photo = self.photo;
        match self.kind {
            Kind::Block => Message::Block { operation, photo },
            Kind::Photo => Message::Post { operation, photo },
        }
    }
}

/// A time server, which tells the time to every shard that asks.
#[derive(Clone, Debug, Hash)]
pub struct TimeServer;

impl Role<Node> for TimeServer {
    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        let shown = shown(outlook.wall);
        Description {
            badge: String::new(),
            state: Vec::new(),
            beliefs: vec![format!(
                "My clock shows {shown}. I cannot know whether it is right."
            )],
        }
    }
}

impl Protocol for Node {
    type Message = Message;
    type Timer = Timer;
    type Record = shard::Record;

    sim::vocabulary! {
        messages {
            Message::Commit { operation } => Request "commit" [operation] {
                label: "commit #{0}",
                says: "commit transaction #{0}",
            }
            Message::Committed { operation, stamp } => Reply "committed" [operation, stamp / 1_000_000] {
                label: "done #{0} at {1t}",
                says: "transaction #{0} is committed, with the timestamp {1t}",
            }
            Message::AskTime { ask } => Request "ask-time" [ask] {
                label: "time?",
                says: "what time is it?",
            }
            Message::TellTime { ask, told } => Reply "tell-time" [ask, told / 1_000_000] {
                label: "{1t}",
                says: "it is {1t}",
            }
            Message::Block { operation, photo } => Request "block" [operation, photo] {
                label: "block him #{0}",
                says: "block him: transaction #{0}",
            }
            Message::Post { operation, photo } => Request "post" [operation, photo] {
                label: "photo #{0}",
                says: "post a photo: transaction #{0}",
            }
            Message::NewPhoto { operation, photo, stamp } => Replication "new-photo" [operation, photo, stamp / 1_000_000] {
                label: "new: photo #{0}",
                says: "there is a new photo, #{0}, with the timestamp {2t}",
            }
            Message::Read { read, item: Item { kind: Kind::Block, photo }, at } => Request "was-blocked" [read, photo, at / 1_000_000] {
                label: "blocked at {2t}?",
                says: "read #{0}: was I blocked at {2t}?",
            }
            Message::Read { read, item: Item { kind: Kind::Photo, photo }, at } => Request "was-posted" [read, photo, at / 1_000_000] {
                label: "photo at {2t}?",
                says: "read #{0}: which photo was there at {2t}?",
            }
            Message::Found { read, kind: Kind::Block, operation: Some(operation) } => Reply "blocked" [read, operation] {
                label: "blocked by #{1}",
                says: "read #{0}: you were blocked by #{1}",
            }
            Message::Found { read, kind: Kind::Block, operation: None } => Reply "not-blocked" [read] {
                label: "not blocked",
                says: "read #{0}: you were not blocked",
            }
            Message::Found { read, kind: Kind::Photo, operation: Some(operation) } => Reply "photo" [read, operation] {
                label: "photo #{1}",
                says: "read #{0}: here is photo #{1}",
            }
            Message::Found { read, kind: Kind::Photo, operation: None } => Reply "no-photo" [read] {
                label: "no photo",
                says: "read #{0}: there was no photo",
            }
        }
        timers {
            Timer::Next => "time for the next transaction",
            Timer::NoAnswer => timeout "no answer in time",
            Timer::Passed => "has the timestamp passed?",
            Timer::AskTime => "time to ask for the time",
            Timer::Safe => "has the time of the snapshot passed?",
        }
    }

    roles! { Node::Client, Node::Shard, Node::TimeServer, Node::Reader }

    fn on_message(&mut self, from: NodeId, message: Message, context: &mut Context<'_, Self>) {
        match (self, message) {
            (Node::Shard(shard), Message::Commit { operation }) => {
                shard.commit(from, operation, None, context);
            }
            (Node::Shard(shard), Message::Block { operation, photo }) => {
                let kind = Kind::Block;
                shard.commit(from, operation, Some(Item { kind, photo }), context);
            }
            (Node::Shard(shard), Message::Post { operation, photo }) => {
                let kind = Kind::Photo;
                shard.commit(from, operation, Some(Item { kind, photo }), context);
            }
            (Node::Shard(shard), Message::Read { read, item, at }) => {
                shard.read(from, read, item, at, context);
            }
            (Node::Reader(reader), Message::NewPhoto { photo, stamp, .. }) => {
                reader.new_photo(photo, stamp, context);
            }
            (
                Node::Reader(reader),
                Message::Found {
                    read,
                    kind,
                    operation,
                },
            ) => reader.found(read, kind, operation, context),
            (Node::Client(client), Message::Committed { operation, stamp }) => {
                client.committed(operation, stamp, context);
            }
            (Node::TimeServer(_), Message::AskTime { ask }) => {
                let told = context.wall();
                context.send(from, Message::TellTime { ask, told });
            }
            (Node::Shard(shard), Message::TellTime { ask, told }) => {
                shard.told_time(from, ask, told, context);
            }
            _ => {}
        }
    }

    fn on_timer(&mut self, timer: Timer, context: &mut Context<'_, Self>) {
        match (self, timer) {
            (Node::Client(client), Timer::Next) => client.begin(context),
            (Node::Client(client), Timer::NoAnswer) => client.no_answer(context),
            (Node::Shard(shard), Timer::Passed) => shard.report(context),
            (Node::Shard(shard), Timer::AskTime) => shard.ask_time(context),
            (Node::Shard(shard), Timer::Safe) => shard.answer_reads(context),
            (Node::Reader(reader), Timer::NoAnswer) => reader.no_answer(context),
            _ => {}
        }
    }
}

/// A reading of a clock, or a timestamp, as clocks show it.
fn shown(stamp: i64) -> String {
    time_of_day(stamp, 3)
}
