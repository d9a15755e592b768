//! A log that a leader writes and its followers copy, in the same order.
//!
//! With elections by majority and with fencing it is Raft's (Ongaro and Ousterhout, *In search of an understandable
//! consensus algorithm*, USENIX ATC 2014): terms, votes for candidates whose logs are no older, entries that are accepted
//! only behind the entries that precede them in the leader's log, and an effect only when a majority has an entry of the
//! leader's own term. Before it stands, a server asks whether a majority would vote for it, so that a server that comes
//! back from behind a cut unseats nobody (*pre-vote*; Ongaro, *Consensus: bridging theory and practice*, 2014, section
//! 9.6). Each of the two can be left out:
//!
//! - Without *election*, a follower that hears no leader takes over by itself, the first in line first, as in a failover by
//!   heartbeat between two machines.
//! - Without *fencing*, a leader lets an entry take effect as soon as it has the entry, and copies it afterwards: a deposed
//!   leader learns too late that it was deposed. That is asynchronous replication.
//!
//! A leader lets entries take effect only on acknowledgements of what it sent less than its followers' patience ago, and
//! a server that heard a leader within its patience votes for nobody. So a deposed leader acts no longer. These are the
//! leases of Gray and Cheriton (SOSP 1989), valid as long as monotonic clocks run alike.
//!
//! Reads are entries too, so they see the state at their place in the log. A protocol lends its messages, timers and disk
//! ([`Hosts`]).
//!
//! | module | its subject |
//! | --- | --- |
//! | `message` | what servers tell each other |
//! | `log` | the entries, in memory and on disk |
//! | `effects` | what the entries that took effect have done |
//! | `office` | what a leader knows of its followers |
//! | `candidacy` | how a server comes to lead |
//! | `replication` | how entries reach the followers, and when they take effect |
//! | `requests` | what becomes of a client's request |
//!
//! Terms, votes and patience are the subject of [`election`](super::election).

mod candidacy;
mod effects;
mod log;
mod message;
mod office;
mod replication;
mod requests;
#[cfg(test)]
mod tests;

use sim::protocol::{Description, Outlook};
use sim::sorted::Set;
use sim::{Context, NodeId, Protocol, SimDuration, Stored};

use super::after_sync::AfterSync;
use super::caller::Reply;
pub use super::election::Timer;
use super::election::{BALLOT, Election, Patience};
use crate::describe::roles::Role;
use effects::Effects;
use log::Log;
pub use log::{Entry, Record};
pub use message::{Append, Appended, Message, Servers};
use office::{Follower, Office};

/// How servers behave; all servers of a cluster share the rules.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// How often a leader says that it leads.
    pub heartbeat: SimDuration,
    /// How long a follower hears no leader before it acts; up to twice that.
    pub patience: SimDuration,
    /// Whether a leader is elected by a majority.
    pub is_elected: bool,
    /// Whether an entry takes effect only when a majority has accepted it in the leader's term.
    pub is_fenced: bool,
}

/// A protocol that has such servers.
pub trait Hosts:
    Protocol<Message: From<Message> + From<Reply>, Timer: From<Timer>, Record = Record>
{
}

impl<P> Hosts for P where
    P: Protocol<Message: From<Message> + From<Reply>, Timer: From<Timer>, Record = Record>
{
}

/// A server.
#[derive(Clone, Debug)]
pub struct Server {
    rules: Rules,
    election: Election<Office>,
    log: Log,
    /// What the entries have done that took effect, as far as the server knows.
    effects: Effects,
    after_sync: AfterSync<Owed>,
    /// Operations that it has refused, and never takes.
    refused: Set<u32>,
}

/// What waits for the disk.
#[derive(Clone, Debug)]
enum Owed {
    /// A message.
    Send(NodeId, Message),
    /// The candidate's own vote in this term, and the question to the others.
    AskForVotes(i64),
    /// The leader's own acceptance of the first `length` entries.
    OwnEntries { term: i64, length: u32 },
}

impl Server {
    /// The server that is in line at `rank`.
    pub fn new(rules: Rules, rank: u32, peers: Vec<NodeId>) -> Server {
        let patience = Patience {
            length: rules.patience,
            is_random: rules.is_elected,
        };
        Server {
            rules,
            election: Election::new(patience, rank, peers),
            log: Log::default(),
            effects: Effects::default(),
            after_sync: AfterSync::default(),
            refused: Set::new(),
        }
    }

    /// Another server says something.
    pub fn message<P: Hosts>(
        &mut self,
        from: NodeId,
        message: Message,
        context: &mut Context<'_, P>,
    ) {
        if self.election.is_damaged() {
            return;
        }
        match message {
            Message::Forward(client, request) => self.forwarded(client, request, context),
            Message::Append(append) => self.append_asked(from, &append, context),
            Message::Appended(appended) => self.appended(from, appended, context),
            Message::Stand { term, last } => self.stand_asked(from, term, last, context),
            Message::Vote { term } => self.voted(from, term, context),
            Message::Sound { last } => self.sounded(from, last, context),
            Message::Would { term } => self.would(from, term, context),
        }
    }

    /// A timer of its own.
    pub fn wake<P: Hosts>(&mut self, timer: Timer, context: &mut Context<'_, P>) {
        match timer {
            Timer::NoLeader => self.no_leader(context),
            Timer::Beat { term } if self.election.leads() && term == self.election.term() => {
                context.set_timer(self.rules.heartbeat, timer.into());
                self.send_entries(context);
            }
            Timer::Beat { .. } => {}
        }
    }

    fn beliefs(&self, outlook: &Outlook<'_>) -> Vec<String> {
        let mut beliefs = vec![self.election.belief(outlook)];
        let Some(office) = self.election.office() else {
            return beliefs;
        };
        if !self.is_in_touch(outlook.monotonic) {
            beliefs.push("A majority does not answer me, so I refuse requests.".to_owned());
        }
        if !office.waiting.is_empty() {
            beliefs.push(format!(
                "{} operations wait until a majority has accepted them.",
                office.waiting.len()
            ));
        }
        beliefs
    }
}

impl<P: Hosts> Role<P> for Server {
    /// Begins to run, with what its disk has.
    fn start(&mut self, context: &mut Context<'_, P>) {
        match context.read(BALLOT) {
            Some(Stored::Whole(Record::Ballot(ballot))) => self.election.restore(*ballot),
            Some(_) => self.election.withdraw(),
            None => {}
        }
        self.log.load(context);
        if !self.election.is_damaged() {
            self.election.start(context);
        }
    }

    /// What was written before a sync is durable.
    fn synced(&mut self, token: u64, context: &mut Context<'_, P>) {
        match self.after_sync.due(token) {
            Some(Owed::Send(to, message)) => context.send(to, message.into()),
            Some(Owed::AskForVotes(term)) => self.ask_for_votes(term, context),
            Some(Owed::OwnEntries { term, length }) if term == self.election.term() => {
                self.own_entries_are_durable(length, context);
            }
            Some(Owed::OwnEntries { .. }) | None => {}
        }
    }

    /// Whether it believes that it is the leader.
    fn leads(&self) -> bool {
        self.election.leads()
    }

    /// Bytes of memory that it takes besides its own size.
    fn memory(&self) -> usize {
        let followers = self.election.peers().len() * size_of::<(NodeId, Follower)>();
        self.log.memory()
            + self.effects.memory()
            + self.election.memory()
            + followers
            + self.after_sync.memory()
            + self.refused.len() * size_of::<u32>()
    }

    fn role(&self) -> &'static str {
        "server"
    }

    /// What it holds and believes.
    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        Description {
            badge: self.election.badge(outlook),
            state: vec![
                ("term".to_owned(), self.election.term().to_string()),
                ("entries".to_owned(), self.log.length().to_string()),
                ("in effect".to_owned(), self.effects.count().to_string()),
            ],
            beliefs: self.beliefs(outlook),
        }
    }
}
