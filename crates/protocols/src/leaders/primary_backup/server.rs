//! What a server knows, and how it votes.

use sim::protocol::{Description, Outlook};
use sim::sorted::Set;
use sim::trace::Fact;
use sim::{Context, NodeId, SimDuration, Stored};

use super::message::{Copy, Message, Record};
use super::office::{Office, Write};
use super::{Choices, Node};
use crate::describe::roles::Role;
use crate::parts::after_sync::AfterSync;
use crate::parts::caller::Request;
use crate::parts::election::{BALLOT, Election, Patience, Timer};

/// Where the register is on disk; the ballot is before it.
const COPY: u64 = BALLOT + 1;

/// How servers behave; all servers of a run share the rules.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rules {
    pub heartbeat: SimDuration,
    pub patience: SimDuration,
    pub needs_majority: bool,
}

impl Rules {
    pub(super) fn of(choices: &Choices) -> Rules {
        Rules {
            heartbeat: choices.heartbeat,
            patience: choices.patience,
            needs_majority: choices.needs_majority,
        }
    }
}

/// A server.
#[derive(Clone, Debug)]
pub struct Server {
    pub(super) rules: Rules,
    pub(super) election: Election<Office>,
    /// The other servers that it believes are dead. They are told nothing.
    dead: Set<NodeId>,
    pub(super) copy: Copy,
    after_sync: AfterSync<Owed>,
}

/// What waits for the disk.
#[derive(Clone, Copy, Debug)]
enum Owed {
    /// A message.
    Send(NodeId, Message),
    /// The candidate's own vote in this term, and the question to the others.
    AskForVotes(i64),
    /// The leader's own copy of this version, in this round.
    OwnCopy((i64, u32), u32),
}

impl Server {
    pub(super) fn new(rules: Rules, rank: u32, peers: Vec<NodeId>) -> Server {
        let patience = Patience {
            length: rules.patience,
            is_random: true,
        };
        Server {
            rules,
            election: Election::new(patience, rank, peers),
            dead: Set::new(),
            copy: Copy::default(),
            after_sync: AfterSync::default(),
        }
    }

    pub(super) fn message(
        &mut self,
        from: NodeId,
        message: Message,
        context: &mut Context<'_, Node>,
    ) {
        if self.election.is_damaged() {
            return;
        }
        if self.dead.remove(&from) {
            context.record(Fact::Trusts {
                node: i64::from(from.0),
            });
        }
        match message {
            Message::Write(request) => self.asked(from, request, context),
            Message::Forward(client, request) => self.take(Write { client, request }, context),
            Message::Stand { term, version } => self.stand_asked(from, term, version, context),
            Message::Vote { term } => self.voted(from, term, context),
            Message::Heartbeat { term } => {
                self.hears_leader(from, term, context);
            }
            Message::Replicate { term, copy, round } => {
                if self.hears_leader(from, term, context) {
                    self.keep(from, copy, round, context);
                }
            }
            Message::Ack {
                term,
                version,
                round,
            } => {
                if term == self.election.term() {
                    self.acked(from, version, round, context);
                }
            }
            Message::Stale { term } => self.election.see(term, context),
            Message::Done { .. } => {}
        }
    }

    pub(super) fn wake(&mut self, timer: Timer, context: &mut Context<'_, Node>) {
        match timer {
            Timer::NoLeader => self.no_leader(context),
            Timer::Beat { term } => self.beat(term, context),
        }
    }

    /// Tells all servers that it does not believe are dead.
    pub(super) fn tell_the_living(&self, message: Message, context: &mut Context<'_, Node>) {
        let peers = self.election.peers().iter();
        for peer in peers.filter(|peer| !self.dead.contains(*peer)) {
            context.send(*peer, message);
        }
    }

    /// A client asks: the leader takes the write, a follower passes it on.
    fn asked(&mut self, client: NodeId, request: Request, context: &mut Context<'_, Node>) {
        if self.leads() {
            self.take(Write { client, request }, context);
        } else if let Some(leader) = self.election.leader() {
            context.send(leader, Message::Forward(client, request));
        }
        // Otherwise it knows no leader: the client will retry.
    }

    fn beliefs(&self, outlook: &Outlook<'_>) -> Vec<String> {
        let mut beliefs = vec![self.election.belief(outlook)];
        if let Some(office) = self.election.office() {
            beliefs.extend(office.beliefs(outlook));
        }
        for node in &self.dead {
            let name = (outlook.name)(*node);
            beliefs.push(format!(
                "I believe that {name} is dead, so I send it nothing."
            ));
        }
        beliefs
    }
}

/// The copy.
impl Server {
    /// Keeps a leader's copy if it is newer, and acknowledges it once it is durable.
    fn keep(&mut self, leader: NodeId, copy: Copy, round: u32, context: &mut Context<'_, Node>) {
        if copy.version > self.copy.version {
            self.store(copy, context);
        }
        let ack = Message::Ack {
            term: self.election.term(),
            version: copy.version,
            round,
        };
        self.after_sync.owe(Owed::Send(leader, ack), context);
    }

    /// Makes `copy` the register's.
    pub(super) fn store(&mut self, copy: Copy, context: &mut Context<'_, Node>) {
        self.copy = copy;
        context.write(COPY, Record::Copy(copy));
        context.record(Fact::Stored {
            operation: copy.operation,
            key: 0,
            version: copy.version.0,
        });
    }

    pub(super) fn own_copy_when_durable(&mut self, round: u32, context: &mut Context<'_, Node>) {
        let owed = Owed::OwnCopy(self.copy.version, round);
        self.after_sync.owe(owed, context);
    }
}

/// The election.
impl Server {
    /// Hears from a server that leads. Whether it is the leader to follow.
    fn hears_leader(&mut self, from: NodeId, term: i64, context: &mut Context<'_, Node>) -> bool {
        if term < self.election.term() {
            let term = self.election.term();
            context.send(from, Message::Stale { term });
            return false;
        }
        self.election.see(term, context);
        self.election.follow(from, context);
        true
    }

    /// No leader for too long: the server stands for election itself.
    fn no_leader(&mut self, context: &mut Context<'_, Node>) {
        self.election.loses_patience();
        self.suspect_leader(context);
        let term = self.election.stand(context);
        self.after_sync.owe(Owed::AskForVotes(term), context);
        self.election.wait(context);
    }

    fn suspect_leader(&mut self, context: &mut Context<'_, Node>) {
        let suspect = self.election.suspect_leader(context);
        self.dead.extend(suspect);
    }

    /// Its own vote is durable: it asks the others for theirs.
    fn ask_for_votes(&mut self, term: i64, context: &mut Context<'_, Node>) {
        if self.election.stands_in(term) {
            let version = self.copy.version;
            self.tell_the_living(Message::Stand { term, version }, context);
            self.voted(context.me(), term, context);
        }
    }

    /// A server stands for election.
    fn stand_asked(
        &mut self,
        from: NodeId,
        term: i64,
        version: (i64, u32),
        context: &mut Context<'_, Node>,
    ) {
        if self.leads() || self.election.is_loyal(context.monotonic()) {
            return;
        }
        if term > self.election.term() {
            self.suspect_leader(context);
        }
        self.election.see(term, context);
        if version >= self.copy.version && self.election.grant(from, term, context) {
            let vote = Message::Vote { term };
            self.after_sync.owe(Owed::Send(from, vote), context);
            self.election.wait(context);
        }
    }

    fn voted(&mut self, from: NodeId, term: i64, context: &mut Context<'_, Node>) {
        if self.election.voted(from, term) {
            self.take_office(context);
        }
    }
}

impl Role<Node> for Server {
    fn start(&mut self, context: &mut Context<'_, Node>) {
        for (_, stored) in context.durable() {
            match stored {
                Stored::Whole(Record::Ballot(ballot)) => self.election.restore(*ballot),
                Stored::Whole(Record::Copy(copy)) => self.copy = *copy,
                Stored::Torn => self.election.withdraw(),
            }
        }
        if !self.election.is_damaged() {
            self.election.start(context);
        }
    }

    fn synced(&mut self, token: u64, context: &mut Context<'_, Node>) {
        match self.after_sync.due(token) {
            Some(Owed::Send(to, message)) => context.send(to, message),
            Some(Owed::AskForVotes(term)) => self.ask_for_votes(term, context),
            Some(Owed::OwnCopy(version, round)) => {
                self.acked(context.me(), version, round, context);
            }
            None => {}
        }
    }

    fn leads(&self) -> bool {
        self.election.leads()
    }

    fn memory(&self) -> usize {
        let office = self.election.office().map_or(0, Office::memory);
        office
            + self.election.memory()
            + self.dead.len() * size_of::<NodeId>()
            + self.after_sync.memory()
    }

    fn role(&self) -> &'static str {
        "server"
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        let register = match self.copy.operation {
            0 => "empty".to_owned(),
            operation => format!("#{operation}"),
        };
        Description {
            badge: self.election.badge(outlook),
            state: vec![
                ("register".to_owned(), register),
                ("term".to_owned(), self.election.term().to_string()),
            ],
            beliefs: self.beliefs(outlook),
        }
    }
}
