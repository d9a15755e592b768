//! What a server knows, and who leads.

use sim::network::Distribution;
use sim::protocol::{Description, Outlook};
use sim::sorted::Set;
use sim::trace::Fact;
use sim::{Context, NodeId, SimDuration, Stored, TimerId};

use super::office::Office;
use super::{Copy, Message, Node, Record, Timer, Write};
use crate::describe::entry::Plan;
use crate::parts::quorum::Tally;
use crate::parts::term::Ballot;

/// Where the ballot is on disk.
const BALLOT: u64 = 0;
/// Where the register is on disk.
const COPY: u64 = 1;

/// How servers behave; all of a run do alike.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rules {
    pub heartbeat: SimDuration,
    pub patience: SimDuration,
    pub needs_majority: bool,
}

impl Rules {
    pub(super) fn of(plan: &Plan) -> Rules {
        Rules {
            heartbeat: plan.duration("heartbeat"),
            patience: plan.duration("patience"),
            needs_majority: plan.has("majority-acks"),
        }
    }
}

/// A server.
#[derive(Clone, Debug)]
pub struct Server {
    pub(super) rules: Rules,
    /// Its place among the servers: at the very first the lowest stands for election.
    rank: u32,
    /// The other servers.
    pub(super) peers: Vec<NodeId>,
    /// Those of them that it takes for dead. They are told nothing.
    pub(super) dead: Set<NodeId>,
    pub(super) ballot: Ballot,
    pub(super) copy: Copy,
    pub(super) part: Part,
    /// When it last heard a leader, or began, by its monotonic clock.
    last_heard: i64,
    timer: Option<TimerId>,
    /// What is to be done when what was written to disk is durable.
    owed: Vec<(u64, Owed)>,
    syncs: u64,
    /// Whether its disk is damaged: what it has promised it cannot know, so it takes no part.
    is_damaged: bool,
}

/// What part a server plays.
#[derive(Clone, Debug)]
pub(super) enum Part {
    /// It follows a leader, if it knows one.
    Follower { leader: Option<NodeId> },
    /// It stands for election.
    Candidate { votes: Tally },
    /// It leads.
    Leader(Box<Office>),
}

/// What waits for the disk.
#[derive(Clone, Copy, Debug)]
enum Owed {
    /// A message.
    Send(NodeId, Message),
    /// The candidate's own vote in this term, and the question to the others.
    AskForVotes(i64),
    /// A leader's own copy.
    OwnCopy(Copy, u32),
}

impl Server {
    pub(super) fn new(rules: Rules, rank: u32, peers: impl Iterator<Item = NodeId>) -> Server {
        Server {
            rules,
            rank,
            peers: peers.collect(),
            dead: Set::new(),
            ballot: Ballot::default(),
            copy: Copy::default(),
            part: Part::Follower { leader: None },
            last_heard: 0,
            timer: None,
            owed: Vec::new(),
            syncs: 0,
            is_damaged: false,
        }
    }

    pub(super) fn leads(&self) -> bool {
        matches!(self.part, Part::Leader(_))
    }

    /// How many servers there are, itself included.
    pub(super) fn members(&self) -> u16 {
        self.peers.len() as u16 + 1
    }

    pub(super) fn start(&mut self, context: &mut Context<'_, Node>) {
        for (_, stored) in context.durable() {
            match stored {
                Stored::Whole(Record::Ballot(ballot)) => self.ballot = *ballot,
                Stored::Whole(Record::Copy(copy)) => self.copy = *copy,
                Stored::Torn => self.is_damaged = true,
            }
        }
        if self.is_damaged {
            return;
        }
        self.last_heard = context.monotonic();
        if self.ballot.term == 0 {
            // Nobody has led yet: they stand one after the other, the lowest at once.
            let turn = self.rules.patience.scaled_permille(1000 * self.rank);
            self.wait_for_leader(turn, context);
        } else {
            self.wait_for_a_while(context);
        }
    }

    /// Waits for a leader, for its patience and up to as long again: so two seldom stand at once.
    fn wait_for_a_while(&mut self, context: &mut Context<'_, Node>) {
        let patience = self.rules.patience;
        let length = context.draw(Distribution::Uniform {
            low: patience,
            high: patience.scaled_permille(2000),
        });
        self.wait_for_leader(length, context);
    }

    fn wait_for_leader(&mut self, length: SimDuration, context: &mut Context<'_, Node>) {
        self.stop_waiting(context);
        self.timer = Some(context.set_timer(length, Timer::NoLeader));
    }

    fn stop_waiting(&mut self, context: &mut Context<'_, Node>) {
        if let Some(timer) = self.timer.take() {
            context.cancel_timer(timer);
        }
    }

    pub(super) fn message(
        &mut self,
        from: NodeId,
        message: Message,
        context: &mut Context<'_, Node>,
    ) {
        if self.is_damaged {
            return;
        }
        if self.dead.remove(&from) {
            context.record(Fact::Trusts {
                node: i64::from(from.0),
            });
        }
        match message {
            Message::Write {
                write,
                is_forwarded,
            } => self.write(write, is_forwarded, context),
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
            } => self.acked(from, term, version, round, context),
            Message::Stale { term } => self.see(term, context),
            Message::Done { .. } => {}
        }
    }

    /// Learns of a term: in a higher one it is nobody yet.
    fn see(&mut self, term: i64, context: &mut Context<'_, Node>) {
        let old = self.ballot.term;
        if !self.ballot.see(term) {
            return;
        }
        context.write(BALLOT, Record::Ballot(self.ballot));
        if self.leads() {
            context.record(Fact::StepsDown { term: old });
        }
        if !matches!(self.part, Part::Follower { .. }) {
            self.wait_for_a_while(context);
        }
        self.part = Part::Follower { leader: None };
    }

    /// Hears from someone who leads. Whether it is the leader to follow.
    fn hears_leader(&mut self, from: NodeId, term: i64, context: &mut Context<'_, Node>) -> bool {
        if term < self.ballot.term {
            let term = self.ballot.term;
            context.send(from, Message::Stale { term });
            return false;
        }
        self.see(term, context);
        self.part = Part::Follower { leader: Some(from) };
        self.last_heard = context.monotonic();
        self.wait_for_a_while(context);
        true
    }

    /// No leader for too long: this one stands for election itself.
    pub(super) fn no_leader(&mut self, context: &mut Context<'_, Node>) {
        self.timer = None;
        self.suspect_leader(context);
        let term = self.ballot.stand(context.me());
        context.write(BALLOT, Record::Ballot(self.ballot));
        self.part = Part::Candidate {
            votes: Tally::of_majority(self.members()),
        };
        self.when_durable(Owed::AskForVotes(term), context);
        self.wait_for_a_while(context);
    }

    fn suspect_leader(&mut self, context: &mut Context<'_, Node>) {
        if let Part::Follower {
            leader: Some(leader),
        } = self.part
        {
            self.dead.insert(leader);
            context.record(Fact::Suspects {
                node: i64::from(leader.0),
            });
        }
    }

    /// Somebody stands for election.
    fn stand_asked(
        &mut self,
        from: NodeId,
        term: i64,
        version: (i64, u32),
        context: &mut Context<'_, Node>,
    ) {
        let silence = context.monotonic() - self.last_heard;
        let hears_leader = silence < self.rules.patience.as_nanos() as i64;
        // Before the first term there was no leader to be heard.
        if self.leads() || self.ballot.term > 0 && hears_leader {
            return;
        }
        if term > self.ballot.term {
            self.suspect_leader(context);
        }
        self.see(term, context);
        if version >= self.copy.version && self.ballot.grant(term, from) {
            context.write(BALLOT, Record::Ballot(self.ballot));
            self.when_durable(Owed::Send(from, Message::Vote { term }), context);
            self.wait_for_a_while(context);
        }
    }

    fn voted(&mut self, from: NodeId, term: i64, context: &mut Context<'_, Node>) {
        let Part::Candidate { votes } = &mut self.part else {
            return;
        };
        if term == self.ballot.term && votes.add(from) {
            self.stop_waiting(context);
            self.take_office(context);
        }
    }

    fn keep(&mut self, leader: NodeId, copy: Copy, round: u32, context: &mut Context<'_, Node>) {
        if copy.version > self.copy.version {
            self.store(copy, context);
        }
        let (term, version) = (self.ballot.term, copy.version);
        let ack = Message::Ack {
            term,
            version,
            round,
        };
        self.when_durable(Owed::Send(leader, ack), context);
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
        self.when_durable(Owed::OwnCopy(self.copy, round), context);
    }

    fn when_durable(&mut self, owed: Owed, context: &mut Context<'_, Node>) {
        self.syncs += 1;
        self.owed.push((self.syncs, owed));
        context.sync(self.syncs);
    }

    pub(super) fn synced(&mut self, token: u64, context: &mut Context<'_, Node>) {
        let Some(place) = self.owed.iter().position(|(owed, _)| *owed == token) else {
            return;
        };
        match self.owed.remove(place).1 {
            Owed::Send(to, message) => context.send(to, message),
            Owed::AskForVotes(term) => self.ask_for_votes(term, context),
            Owed::OwnCopy(copy, round) => {
                let (me, term) = (context.me(), self.ballot.term);
                self.acked(me, term, copy.version, round, context);
            }
        }
    }

    fn ask_for_votes(&mut self, term: i64, context: &mut Context<'_, Node>) {
        if term != self.ballot.term || !matches!(self.part, Part::Candidate { .. }) {
            return;
        }
        let version = self.copy.version;
        self.tell_the_living(Message::Stand { term, version }, context);
        self.voted(context.me(), term, context);
    }

    /// Tells all servers that it does not take for dead.
    pub(super) fn tell_the_living(&self, message: Message, context: &mut Context<'_, Node>) {
        for peer in self.peers.iter().filter(|peer| !self.dead.contains(*peer)) {
            context.send(*peer, message);
        }
    }

    /// A write for the leader: done here, or passed on.
    fn write(&mut self, write: Write, is_forwarded: bool, context: &mut Context<'_, Node>) {
        match self.part {
            Part::Leader(_) => self.take(write, context),
            Part::Follower {
                leader: Some(leader),
            } if !is_forwarded => {
                let is_forwarded = true;
                let message = Message::Write {
                    write,
                    is_forwarded,
                };
                context.send(leader, message);
            }
            // Nobody is known to lead: the client will ask again.
            _ => {}
        }
    }

    pub(super) fn memory(&self) -> usize {
        let office = match &self.part {
            Part::Leader(office) => office.memory(),
            _ => 0,
        };
        size_of_val(self)
            + office
            + (self.peers.len() + self.dead.len()) * size_of::<NodeId>()
            + self.owed.capacity() * size_of::<(u64, Owed)>()
    }

    pub(super) fn describe(&self, outlook: &Outlook<'_>) -> Description {
        let term = self.ballot.term;
        let badge = match &self.part {
            _ if self.is_damaged => "damaged".to_owned(),
            Part::Leader(_) => format!("leads, term {term}"),
            Part::Candidate { .. } => format!("stands, term {term}"),
            Part::Follower {
                leader: Some(leader),
            } => format!("follows {}", (outlook.name)(*leader)),
            Part::Follower { leader: None } => "follows nobody".to_owned(),
        };
        let register = match self.copy.operation {
            0 => "empty".to_owned(),
            operation => format!("#{operation}"),
        };
        Description {
            badge,
            state: vec![
                ("register".to_owned(), register),
                ("term".to_owned(), term.to_string()),
            ],
            beliefs: self.beliefs(outlook),
        }
    }

    fn beliefs(&self, outlook: &Outlook<'_>) -> Vec<String> {
        if self.is_damaged {
            return vec![
                "My disk is damaged. What I have promised I cannot know: I keep out of it."
                    .to_owned(),
            ];
        }
        let term = self.ballot.term;
        let ago = |then: i64| (outlook.monotonic - then) as f64 / 1e9;
        let heard = ago(self.last_heard);
        let mut beliefs = match &self.part {
            Part::Leader(office) => office.beliefs(term, outlook),
            Part::Candidate { votes } => vec![format!(
                "Nobody leads. I have {} of {} votes that I need for term {term}.",
                votes.count(),
                votes.needed()
            )],
            Part::Follower {
                leader: Some(leader),
            } => vec![format!(
                "{} leads, in term {term}: last heard {heard:.1} s ago.",
                (outlook.name)(*leader)
            )],
            Part::Follower { leader: None } => {
                vec![format!("I have heard no leader for {heard:.1} s.")]
            }
        };
        for node in &self.dead {
            let name = (outlook.name)(*node);
            beliefs.push(format!("{name} is dead, I think. I do not talk to it."));
        }
        beliefs
    }
}
