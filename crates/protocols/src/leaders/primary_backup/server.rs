//! What a server knows, and how it votes.

use sim::held::{Held, Measure};
use sim::protocol::{Claim, Description, Opinion, Outlook};
use sim::sorted::Set;
use sim::trace::Fact;
use sim::{Context, NodeId, SimDuration};

use super::message::{Copy, Message, Record};
use super::office::{Office, Write};
use super::{Choices, Node};
use crate::describe::roles::Role;
use crate::parts::caller::Request;
use crate::parts::disk::two_slots::TwoSlots;
use crate::parts::election::{Election, Patience, Timer};

/// The names of the ballot and of the register on disk.
const BALLOT: u64 = 0;
const COPY: u64 = 1;

/// How servers behave; all servers of a run share the rules.
#[derive(Clone, Copy, Debug, Hash)]
pub(super) struct Rules {
    /// How often a primary tells the others that it is there.
    pub heartbeat: SimDuration,
    /// How long a backup waits for that before it stands for election.
    pub patience: SimDuration,
    /// Whether a write takes effect only once a majority has it.
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
#[derive(Clone, Debug, Hash)]
pub struct Server {
    pub(super) rules: Rules,
    pub(super) election: Election<Office>,
    /// The other servers that it believes are dead. They are told nothing.
    dead: Set<NodeId>,
    pub(super) copy: Copy,
    disk: TwoSlots<Record, Owed>,
}

/// What waits for the disk.
#[derive(Clone, Debug, Hash)]
pub(super) enum Owed {
    /// A message.
    Send(NodeId, Message),
    /// The candidate's own vote in this term, and the question to the others.
    AskForVotes(i64),
    /// The leader's own copy of this version.
    OwnCopy((i64, u32)),
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
            disk: TwoSlots::default(),
        }
    }

    /// Owes something once all that the server knows is durable.
    pub(super) fn owe(&mut self, owed: Owed, context: &mut Context<'_, Node>) {
        if let Some(ballot) = self.election.unsaved() {
            self.disk.save(BALLOT, Record::Ballot(ballot));
        }
        self.disk.owe(owed, context);
    }

    pub(super) fn message(
        &mut self,
        from: NodeId,
        message: Message,
        context: &mut Context<'_, Node>,
    ) {
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
            Message::Replicate { term, copy } => {
                if self.hears_leader(from, term, context) {
                    self.keep(from, copy, context);
                }
            }
            Message::Ack { term, version } => {
                if term == self.election.term() {
                    self.acked(from, version, context);
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
    pub(super) fn tell_the_living(&self, message: &Message, context: &mut Context<'_, Node>) {
        let peers = self.election.peers().iter();
        for peer in peers.filter(|peer| !self.dead.contains(*peer)) {
            context.send(*peer, message.clone());
        }
    }

    /// A client asks: the leader takes the write, a follower passes it on.
    fn asked(&mut self, client: NodeId, request: Request, context: &mut Context<'_, Node>) {
        if self.election.leads() {
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
    fn keep(&mut self, leader: NodeId, copy: Copy, context: &mut Context<'_, Node>) {
        let (term, version) = (self.election.term(), copy.version);
        if version > self.copy.version {
            self.store(copy, context);
        }
        let ack = Message::Ack { term, version };
        self.owe(Owed::Send(leader, ack), context);
    }

    /// Makes `copy` the register's.
    pub(super) fn store(&mut self, copy: Copy, context: &mut Context<'_, Node>) {
        context.record(stored(&copy));
        self.disk.save(COPY, Record::Copy(copy.clone()));
        self.copy = copy;
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
        self.owe(Owed::AskForVotes(term), context);
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
            self.tell_the_living(&Message::Stand { term, version }, context);
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
        if self.election.leads() || self.election.is_loyal(context.monotonic()) {
            return;
        }
        if term > self.election.term() {
            self.suspect_leader(context);
        }
        self.election.see(term, context);
        if version >= self.copy.version && self.election.grant(from, term) {
            let vote = Message::Vote { term };
            self.owe(Owed::Send(from, vote), context);
            self.election.wait(context);
        }
    }

    fn voted(&mut self, from: NodeId, term: i64, context: &mut Context<'_, Node>) {
        if self.election.voted(from, term) {
            self.take_office(context);
        }
    }
}

/// The register holds this copy.
fn stored(copy: &Copy) -> Fact {
    Fact::Stored {
        operation: copy.operation,
        key: 0,
        version: copy.version.0,
    }
}

impl Role<Node> for Server {
    fn start(&mut self, context: &mut Context<'_, Node>) {
        for record in self.disk.start(context).into_values() {
            match record {
                Record::Ballot(ballot) => self.election.restore(ballot),
                Record::Copy(copy) => {
                    context.record(stored(&copy));
                    self.copy = copy;
                }
            }
        }
        self.election.start(context);
    }

    fn synced(&mut self, token: u64, context: &mut Context<'_, Node>) {
        for owed in self.disk.synced(token, context) {
            match owed {
                Owed::Send(to, message) => context.send(to, message),
                Owed::AskForVotes(term) => self.ask_for_votes(term, context),
                Owed::OwnCopy(version) => self.acked(context.me(), version, context),
            }
        }
    }

    fn claim(&self) -> Option<Claim> {
        self.election.claim()
    }

    fn opinion_of(&self, other: NodeId) -> Option<Opinion> {
        let is_dead = self.dead.contains(&other);
        is_dead
            .then_some(Opinion::Dead)
            .or_else(|| self.election.opinion_of(other))
    }

    fn held(&self, by: Measure) -> usize {
        let office = self.election.office().map_or(0, |office| office.held(by));
        office
            + self.election.held(by)
            + self.dead.held(by)
            + self.copy.sessions.held(by)
            + self.disk.held(by)
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
