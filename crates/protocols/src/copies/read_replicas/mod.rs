//! A forum that is read from followers, which lag behind: what a session may miss, and what gives it back.
//!
//! The forum has two shards, the questions and the answers. Each has a leader, which takes posts into a log and confirms
//! them when its own disk has them. Followers get both logs *asynchronously*, and answer readers from what they have. So a
//! reader meets three things that no single copy would show: its own post is missing, time runs backwards from one read to
//! the next, and an answer stands there before its question. (Kleppmann, *Designing Data-Intensive Applications*, 2017,
//! chapter 5, on replication lag.)
//!
//! Terry, Demers, Petersen, Spreitzer, Theimer and Welch (*Session guarantees for weakly consistent replicated data*, PDIS
//! 1994) name what a session can be promised, and how: it remembers what it wrote and read, and a server answers only if it
//! has that.
//!
//! - *Version token*: the confirmation of a post says at which position of the log it is, and the author's later reads
//!   carry that position. A follower that has not reached it says so; then another one is asked, and at last the leader.
//!   That is read your writes. A session that restarts has lost its token, and asks the leader first.
//! - *Sticky session*: a session reads from one follower, whose logs only grow. That is monotonic reads. While the follower is
//!   down the session waits: in another place time could run backwards.
//! - *Consistent prefix*: a post says how much of the other shard its author had seen, and a follower holds it back until
//!   it shows that much itself (as the dependencies of Lloyd, Freedman, Kaminsky and Andersen, *Don't settle for eventual:
//!   scalable causal consistency for wide-area storage with COPS*, SOSP 2011). So each follower shows a causally consistent
//!   state; a session that moves between two followers still sees two of them.
//!
//! There is no failover: while a leader is down, nobody posts to its shard.
//!
//! | module | its subject |
//! | --- | --- |
//! | `message` | what the nodes tell each other and wait for |
//! | `log` | the log of one shard on a node's disk |
//! | `leader` | takes posts, and sends its log to the followers |
//! | `follower` | has a copy of both shards, and answers readers |
//! | `client` | asks, answers, or only reads |

mod client;
mod follower;
mod leader;
mod log;
mod message;
#[cfg(test)]
mod tests;

use sim::{Context, Machine, NodeId, Protocol, Setup, SimDuration};

use crate::describe::choices::{choices, defence, many, milliseconds, one};
use crate::describe::entry::{Plan, ProtocolEntry};
use crate::describe::roles::roles;
use crate::describe::world::world;
use client::{Client, Habit};
use follower::Follower;
use leader::Leader;
pub use message::{Message, Post, Shard, Timer};

/// The forum, for scenarios.
pub static ENTRY: ProtocolEntry = Choices::entry(
    "read-replicas",
    "Clients post to the leaders of two shards, and read from followers that lag behind.",
    &Node::VOCABULARY,
    build,
)
.with_disks();

choices! {
    /// What a scenario chooses for the forum.
    struct Choices {
        roles {
            questions: NodeId = one("questions"),
            answers: NodeId = one("answers"),
            followers: Vec<NodeId> = many("follower", 1..=6),
            askers: Vec<NodeId> = many("asker", 1..=3).speaks_to(&["questions", "follower"]),
            answerers: Vec<NodeId> = many("answerer", 1..=3).speaks_to(&["questions", "answers", "follower"]),
            readers: Vec<NodeId> = many("reader", 0..=4).speaks_to(&["follower"]),
        }
        parameters {
            pause: SimDuration = milliseconds("pause", "Pause", 1500, 1..=60_000,
                "How long it takes, on average, until somebody who has asked asks again."),
            reload: SimDuration = milliseconds("reload", "Reload", 300, 1..=60_000,
                "How long a client waits, on average, before it looks again, or looks at what it posted."),
            timeout: SimDuration = milliseconds("timeout", "Timeout", 400, 1..=60_000,
                "How long a client waits for an answer before it asks again."),
            resend: SimDuration = milliseconds("resend", "Resend", 3000, 10..=600_000,
                "How long a leader waits for a follower before it sends its posts again."),
        }
        defences {
            has_token: bool = defence("read-your-writes", "Version token",
                "An author's reads say which post they must have reached. A follower that has not reached it is passed over."),
            is_sticky: bool = defence("sticky-session", "Sticky session",
                "Each client reads from one follower, always the same."),
            keeps_prefix: bool = defence("consistent-prefix", "Consistent prefix",
                "A follower holds a post back until it has what the post's author had seen."),
        }
    }
}

impl Choices {
    /// The leaders, by the place of their shards.
    fn leaders(&self) -> [NodeId; 2] {
        [self.questions, self.answers]
    }

    /// All clients, with what they do, in the order of their numbers.
    fn clients(&self) -> Vec<(NodeId, Habit)> {
        let all = [
            (&self.askers, Habit::Asks),
            (&self.answerers, Habit::Answers),
            (&self.readers, Habit::Reads),
        ];
        let each = all.into_iter();
        each.flat_map(|(nodes, habit)| nodes.iter().map(move |node| (*node, habit)))
            .collect()
    }
}

fn build(plan: &Plan, setup: &Setup) -> Box<dyn Machine> {
    let choices = Choices::of(plan);
    let leaders = Shard::ALL.map(|shard| {
        let node = choices.leaders()[shard.place()];
        (node, Node::Leader(Box::new(Leader::new(shard, &choices))))
    });
    let followers = choices.followers.iter();
    let followers = followers.map(|node| {
        let follower = Follower::new(&choices);
        (*node, Node::Follower(Box::new(follower)))
    });
    let clients = choices.clients();
    let count = clients.len();
    let clients = (0..).zip(clients).map(|(place, (node, habit))| {
        let client = Client::new(habit, &choices, place, count);
        (node, Node::Client(Box::new(client)))
    });
    world(setup, leaders.into_iter().chain(followers).chain(clients))
}

/// A node of the forum.
#[derive(Clone, Debug, Hash)]
pub enum Node {
    /// The leader of a shard.
    Leader(Box<Leader>),
    /// A follower, which has both shards.
    Follower(Box<Follower>),
    /// A client.
    Client(Box<Client>),
}

impl Protocol for Node {
    type Message = Message;
    type Timer = Timer;
    type Record = Post;

    fn held_by_message(message: &Message) -> usize {
        match message {
            Message::Posts { posts, .. } => size_of_val(&**posts),
            _ => 0,
        }
    }

    sim::vocabulary! {
        messages {
            Message::Write { operation, shard: Shard::Questions, .. } => Request "question" [operation] {
                label: "question #{0}",
                says: "please post question #{0}",
            }
            Message::Write { operation, shard: Shard::Answers, seen } => Request "answer" [operation, seen] {
                label: "answer #{0}",
                says: "please post answer #{0}; I had seen {1 question}",
            }
            Message::Written { operation, position, .. } => Acknowledgement "posted" [operation, position] {
                label: "posted #{0}",
                says: "#{0} is posted, at position {1} of my log",
            }
            Message::Read { operation, shard: Shard::Questions, at_least: 0 } => Request "question?" [operation] {
                label: "question?",
                says: "what is the latest question? (read #{0})",
            }
            Message::Read { operation, shard: Shard::Answers, at_least: 0 } => Request "answer?" [operation] {
                label: "answer?",
                says: "what is the latest answer? (read #{0})",
            }
            Message::Read { operation, at_least, .. } => Request "with-token" [operation, at_least] {
                label: "mine, at {1}?",
                says: "what is the latest post, from position {1} on? (read #{0})",
            }
            Message::Value { post: 0, operation, .. } => Reply "nothing" [operation] {
                label: "nothing yet",
                says: "there is nothing yet (for read #{0})",
            }
            Message::Value { operation, shard: Shard::Questions, post, .. } => Reply "latest-question" [post, operation] {
                label: "question #{0}",
                says: "the latest question is #{0} (for read #{1})",
            }
            Message::Value { operation, shard: Shard::Answers, post, .. } => Reply "latest-answer" [post, operation] {
                label: "answer #{0}",
                says: "the latest answer is #{0} (for read #{1})",
            }
            Message::Behind { operation, position, .. } => Refusal "behind" [operation, position] {
                label: "not there yet",
                says: "I am at position {1} only (for read #{0})",
            }
            Message::Posts { posts, .. } if posts.is_empty() => Request "how-far" [] {
                label: "how far are you?",
                says: "how far is your copy of my log?",
            }
            Message::Posts { shard: Shard::Questions, posts, .. } => Replication "questions" [last(posts), posts.len()] {
                label: "copy #{0}",
                says: "keep a copy of {1 question}, up to #{0}",
            }
            Message::Posts { posts, .. } => Replication "answers" [last(posts), posts.len()] {
                label: "copy #{0}",
                says: "keep a copy of {1 answer}, up to #{0}",
            }
            Message::Has { position, .. } => Acknowledgement "has" [position] {
                label: "has {0}",
                says: "I have your log up to position {0}",
            }
            Message::Lacks { after, .. } => Request "lacks" [after] {
                label: "what follows {0}?",
                says: "I have your log up to position {0} only: send what follows",
            }
        }
        timers {
            Timer::Next => "time for the next operation",
            Timer::NoAnswer => timeout "no answer in time",
            Timer::Resend => "time to send again what was not confirmed",
        }
        operations {
            "next": "Post or read at once" by ["asker", "answerer", "reader"] => Node::Client => Client::begin,
        }
    }

    roles! { Node::Leader, Node::Follower, Node::Client }

    fn on_message(&mut self, from: NodeId, message: Message, context: &mut Context<'_, Self>) {
        match self {
            Node::Leader(leader) => leader.message(from, message, context),
            Node::Follower(follower) => follower.message(from, message, context),
            Node::Client(client) => client.message(message, context),
        }
    }

    fn on_timer(&mut self, timer: Timer, context: &mut Context<'_, Self>) {
        match (self, timer) {
            (Node::Leader(leader), Timer::Resend) => leader.resend(context),
            (Node::Client(client), Timer::Next) => client.begin(context),
            (Node::Client(client), Timer::NoAnswer) => client.no_answer(context),
            _ => {}
        }
    }
}

/// The operation that wrote the last of some posts; 0 if there is none.
fn last(posts: &[Post]) -> u32 {
    posts.last().map_or(0, |post| post.operation)
}
