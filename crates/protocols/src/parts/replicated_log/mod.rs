//! A log that a leader writes and its followers copy, in the same order.
//!
//! With elections by majority and with fencing it is Raft's (Ongaro and Ousterhout, *In search of an understandable
//! consensus algorithm*, USENIX ATC 2014), without changes of membership and without snapshots: terms, votes for
//! candidates whose logs are no older, entries that are accepted only behind the entries that precede them in the leader's
//! log, and an effect only when a majority has an entry of the leader's own term (section 5.4.2). No clock decides what is
//! safe. From Ongaro, *Consensus: bridging theory and practice*, 2014, come three rules that keep a leader in office or
//! its clients from waiting in vain: a server that heard a leader within its patience votes for nobody (section 4.2.3);
//! before it stands, a server asks whether a majority would vote for it (*pre-vote*, section 9.6); and a leader that no
//! majority has answered within its patience serves nobody (section 6.2, where it also steps down).
//!
//! A deposed leader can still learn that a majority had an entry before its successor was elected, and answer its client
//! late. That is right: the successor was elected with that entry in its log.
//!
//! Each of the two can be left out:
//!
//! - Without *election*, a follower that hears no leader takes over by itself, the first in line first, as in a failover by
//!   heartbeat between two machines. Then a term can have two leaders, and equal terms do not make logs alike.
//! - Without *fencing*, a leader lets an entry take effect as soon as it has the entry, and copies it afterwards: a deposed
//!   leader learns too late that it was deposed. That is asynchronous replication.
//!
//! Reads are entries too, so they see the state at their place in the log. No entry is ever dropped for its age, so the log
//! itself remembers each operation that was taken, and a copy of a request has no second effect (the sessions of section
//! 6.3 of the dissertation do the same with less memory). A server that cannot serve a request says so, and that is no
//! promise: another copy of the request can be taken later.
//!
//! The log on disk is a journal: a crash can tear only its last entry, which was not acknowledged. The ballot has
//! [two places](super::disk::two_slots). A server whose disk is wiped has forgotten its vote and its log, and Raft does not
//! survive that. A protocol lends its messages, timers and disk ([`Hosts`]).
//!
//! | module | its subject |
//! | --- | --- |
//! | `message` | what servers tell each other |
//! | `journal` | the entries, in memory and on disk |
//! | `effects` | what the entries that took effect have done |
//! | `office` | what a leader knows of its followers |
//! | `candidacy` | how a server comes to lead |
//! | `replication` | how entries reach the followers, and when they take effect |
//! | `requests` | what becomes of a client's request |
//!
//! Terms, votes and patience are the subject of [`election`](super::election).

mod candidacy;
mod effects;
mod journal;
mod message;
mod office;
mod replication;
mod requests;
#[cfg(test)]
mod tests;

use sim::held::{Held, Measure};
use sim::protocol::{Claim, CopyOf, Description, Opinion, Outlook};
use sim::{Context, NodeId, Protocol, SimDuration};

use super::caller::Reply;
use super::disk::two_slots::TwoSlots;
pub use super::election::Timer;
use super::election::{Ballot, Election, Patience};
use crate::describe::roles::Role;
use crate::describe::words::counted;
use effects::Effects;
use journal::{BALLOT, Journal};
pub use journal::{Carries, Entry, Record};
pub use message::{Append, Appended, Message, Servers};
use office::Office;

/// How servers behave; all servers of a cluster share the rules.
#[derive(Clone, Copy, Debug, Hash)]
pub struct Rules {
    /// How often a leader says that it leads.
    pub heartbeat: SimDuration,
    /// How long a follower hears no leader before it acts; up to twice that.
    pub patience: SimDuration,
    /// Whether a leader is elected by a majority.
    pub is_elected: bool,
    /// Whether an entry takes effect only when a majority has accepted it in the leader's term.
    pub is_fenced: bool,
    /// What a server shows of its state; if nothing, it shows whom it follows.
    pub shows: Option<Shown>,
}

/// What a server shows of its state.
#[derive(Clone, Copy, Debug, Hash)]
pub struct Shown {
    /// The key whose value it shows.
    pub key: i64,
    /// The value in words.
    pub words: fn(i64) -> String,
}

/// A protocol that has such servers.
pub trait Hosts:
    Protocol<Message: From<Message> + From<Reply>, Timer: From<Timer>, Record: Carries>
{
}

impl<P> Hosts for P where
    P: Protocol<Message: From<Message> + From<Reply>, Timer: From<Timer>, Record: Carries>
{
}

/// A server.
#[derive(Clone, Debug, Hash)]
pub struct Server {
    rules: Rules,
    election: Election<Office>,
    log: Journal,
    /// What the entries have done that took effect, as far as the server knows.
    effects: Effects,
    /// The ballot on disk, and what waits for the disk.
    disk: TwoSlots<Ballot, Owed>,
    /// The answers to what its own node has asked for.
    own_replies: Vec<Reply>,
}

/// What waits for the disk.
#[derive(Clone, Debug, Hash)]
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
            log: Journal::default(),
            effects: Effects::default(),
            disk: TwoSlots::default(),
            own_replies: Vec::new(),
        }
    }

    /// The answers that have come up to now to what its own node has asked for.
    pub fn own_replies(&mut self) -> Vec<Reply> {
        std::mem::take(&mut self.own_replies)
    }

    /// Answers a client; that can be its own node.
    fn reply<P: Hosts>(&mut self, client: NodeId, reply: Reply, context: &mut Context<'_, P>) {
        if client == context.me() {
            self.own_replies.push(reply);
        } else {
            context.send(client, reply.into());
        }
    }

    /// Owes something once all that the server knows is durable.
    fn owe<P: Hosts>(&mut self, owed: Owed, context: &mut Context<'_, P>) {
        if let Some(ballot) = self.election.unsaved() {
            self.disk.save(BALLOT, ballot);
        }
        self.disk.owe(owed, context);
    }

    /// Another server says something.
    pub fn message<P: Hosts>(
        &mut self,
        from: NodeId,
        message: Message,
        context: &mut Context<'_, P>,
    ) {
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
                "{} not accepted by a majority yet, so not done.",
                counted(office.waiting.len(), "operation")
            ));
        }
        beliefs
    }
}

impl<P: Hosts> Role<P> for Server {
    /// Begins to run, with what its disk has.
    fn start(&mut self, context: &mut Context<'_, P>) {
        if let Some(ballot) = self.disk.start(context).get(&BALLOT) {
            self.election.restore(*ballot);
        }
        journal::load(&mut self.log, context);
        self.election.start(context);
    }

    /// What was written before a sync is durable.
    fn synced(&mut self, token: u64, context: &mut Context<'_, P>) {
        for owed in self.disk.synced(token, context) {
            match owed {
                Owed::Send(to, message) => context.send(to, message.into()),
                Owed::AskForVotes(term) => self.ask_for_votes(term, context),
                Owed::OwnEntries { term, length } if term == self.election.term() => {
                    self.own_entries_are_durable(length, context);
                }
                Owed::OwnEntries { .. } => {}
            }
        }
    }

    /// What it believes that it alone has.
    fn claim(&self) -> Option<Claim> {
        self.election.claim()
    }

    /// What it takes another node for.
    fn opinion_of(&self, other: NodeId) -> Option<Opinion> {
        self.election.opinion_of(other)
    }

    /// The changes in its log.
    fn copies(&self) -> Option<Vec<CopyOf>> {
        let changes = self.log.entries().filter_map(journal::change);
        Some(changes.map(|request| request.copy()).collect())
    }

    /// Bytes of memory that it takes besides its own size.
    fn held(&self, by: Measure) -> usize {
        let office = self.election.office().map_or(0, |office| office.held(by));
        self.log.held(by)
            + self.effects.held(by)
            + self.election.held(by)
            + office
            + self.disk.held(by)
            + self.own_replies.held(by)
    }

    /// What it holds and believes.
    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        let shown = self.rules.shows;
        let shown = shown.map(|shown| (shown.words)(self.effects.value(shown.key)));
        Description {
            badge: shown.unwrap_or_else(|| self.election.badge(outlook)),
            state: vec![
                ("term".to_owned(), self.election.term().to_string()),
                ("entries".to_owned(), self.log.length().to_string()),
                ("in effect".to_owned(), self.effects.count().to_string()),
            ],
            beliefs: self.beliefs(outlook),
        }
    }
}
