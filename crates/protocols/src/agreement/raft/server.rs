//! A server: its state, its terms, and what it does with what it hears.

use std::sync::Arc;

use sim::held::{Held, Measure};
use sim::protocol::{Claim, Description, Opinion, Outlook};
use sim::sorted::Map;
use sim::trace::Fact;
use sim::{Context, NodeId, TimerId};

use super::log::{Content, Entry, Log};
use super::machine::Machine;
use super::members::{Configurations, Group, Members};
use super::message::{Answer, Appended, Message, Result, Sent, Shared, Timer, Told};
use super::office::{Office, Reader};
use super::snapshots::Incoming;
use super::storage::{Owed, Storage};
use super::{Choices, Node};
use crate::describe::roles::Role;
use crate::parts::caller::Request;
use crate::parts::election::Ballot;

/// A server.
#[derive(Clone, Debug, Hash)]
pub struct Server {
    pub(super) rules: Arc<Choices>,
    /// Its place among the servers.
    pub(super) me: u8,
    pub(super) ballot: Ballot,
    pub(super) part: Part,
    pub(super) log: Log,
    pub(super) members: Configurations,
    /// The configuration with which it was installed.
    pub(super) first_members: Members,
    pub(super) machine: Machine,
    /// Up to where it knows the log to be committed.
    pub(super) commit: u32,
    /// The snapshot with which its log begins.
    pub(super) snapshot: Option<Shared>,
    /// Whether a snapshot of its own is on its way to the disk.
    pub(super) is_saving: bool,
    /// The part of a leader's snapshot that has arrived.
    pub(super) incoming: Option<Incoming>,
    /// The reads that it answers without leading, and up to where the log has to be applied first.
    pub(super) readings: Map<u32, Reading>,
    pub(super) storage: Storage,
    /// When it last heard a leader, or started, by its monotonic clock.
    pub(super) last_heard: i64,
    pub(super) timer: Option<TimerId>,
}

/// What part a server plays.
#[derive(Clone, Debug, Hash)]
pub(super) enum Part {
    /// It follows a leader, if it knows one.
    Follower { leader: Option<u8> },
    /// It asks whether it would be elected.
    PreCandidate { yes: Group },
    /// It stands for election.
    Candidate { yes: Group },
    /// It leads, and this is what it has to know for that.
    Leader(Box<Office>),
}

/// A read that a follower answers.
#[derive(Clone, Copy, Debug, Hash)]
pub(super) struct Reading {
    pub client: NodeId,
    pub request: Request,
    /// Up to where the log has to be applied, once the leader has said so.
    pub index: Option<u32>,
}

/// The other servers, and what it is.
impl Server {
    /// The server at a place, which begins with this configuration.
    pub(super) fn new(rules: Arc<Choices>, me: u8, first: Members) -> Server {
        Server {
            rules,
            me,
            ballot: Ballot::default(),
            part: Part::Follower { leader: None },
            log: Log::default(),
            members: Configurations::new(first),
            first_members: first,
            machine: Machine::default(),
            commit: 0,
            snapshot: None,
            is_saving: false,
            incoming: None,
            readings: Map::new(),
            storage: Storage::default(),
            last_heard: 0,
            timer: None,
        }
    }

    pub(super) fn node(&self, place: u8) -> NodeId {
        self.rules.servers[usize::from(place)]
    }

    pub(super) fn place(&self, node: NodeId) -> Option<u8> {
        let place = self.rules.servers.iter().position(|own| *own == node);
        place.map(|place| place as u8)
    }

    pub(super) fn leads(&self) -> bool {
        matches!(self.part, Part::Leader(_))
    }

    pub(super) fn office(&self) -> Option<&Office> {
        match &self.part {
            Part::Leader(office) => Some(office),
            _ => None,
        }
    }

    pub(super) fn office_mut(&mut self) -> Option<&mut Office> {
        match &mut self.part {
            Part::Leader(office) => Some(office),
            _ => None,
        }
    }

    /// The leader that it follows.
    pub(super) fn leader(&self) -> Option<NodeId> {
        match self.part {
            Part::Follower { leader } => leader.map(|place| self.node(place)),
            _ => None,
        }
    }

    /// The configuration that it goes by: the latest in its log, committed or not (section 4.1). One that counts only once
    /// its index is committed is kept apart from the log, and stays when the log loses its entry (see `truncate`).
    pub(super) fn config(&self) -> Members {
        if self.rules.configures_on_append {
            self.members.latest().1
        } else {
            self.members.at(self.commit)
        }
    }

    /// Whether what it is told of a term is out of date.
    pub(super) fn is_stale(&self, term: i64) -> bool {
        self.rules.ignores_stale_terms && term < self.ballot.term
    }
}

/// Terms.
impl Server {
    /// Learns of a term. If it is a higher one, the server leads no longer, stands no longer, and follows nobody.
    pub(super) fn see(&mut self, term: i64, context: &mut Context<'_, Node>) {
        let goes_on = self.leads() && !self.rules.steps_down;
        if term <= self.ballot.term || goes_on {
            return;
        }
        self.step_down(context);
        self.ballot.see(term);
        self.save_ballot();
    }

    /// Follows nobody; if it leads, it leads no longer, and those who wait for it hear of that.
    pub(super) fn step_down(&mut self, context: &mut Context<'_, Node>) {
        let nobody = Part::Follower { leader: None };
        let before = std::mem::replace(&mut self.part, nobody);
        let Part::Leader(office) = before else { return };
        let term = self.ballot.term;
        context.record(Fact::StepsDown { term });
        for (client, waiting) in office.waiting.iter() {
            self.tell(*client, waiting.operation, Told::Lost, context);
        }
        for read in &office.reads {
            if let Reader::Client(client, request) = read.reader {
                self.tell(client, request.operation, Told::Elsewhere(None), context);
            }
        }
        self.wait(context);
    }

    /// Has the ballot saved with what becomes durable next.
    pub(super) fn save_ballot(&mut self) {
        if self.rules.persists_vote {
            self.storage.save_ballot(self.ballot);
        }
    }

    /// Owes something that depends on the ballot.
    pub(super) fn owe_vote(&mut self, owed: Owed, context: &mut Context<'_, Node>) {
        if self.rules.persists_vote && self.storage.is_behind() {
            self.owe(owed, context);
        } else {
            self.due(owed, context);
        }
    }

    /// Owes something once all that has been written so far is durable.
    pub(super) fn owe(&mut self, owed: Owed, context: &mut Context<'_, Node>) {
        self.storage.owe(owed, self.log.last().index, context);
    }

    /// Answers a leader: that entries are stored, once they are durable.
    pub(super) fn answer_leader(
        &mut self,
        to: u8,
        result: Result,
        sent: Sent,
        context: &mut Context<'_, Node>,
    ) {
        let term = self.ballot.term;
        let answer = Message::Appended(Appended {
            term,
            result,
            to: sent,
        });
        let owed = Owed::Send(self.node(to), answer);
        match result {
            Result::Stored(index) if self.storage.has(index) => self.due(owed, context),
            _ => self.owe_entries(owed, context),
        }
    }

    /// Owes something that depends on the log.
    pub(super) fn owe_entries(&mut self, owed: Owed, context: &mut Context<'_, Node>) {
        if !self.storage.is_behind() {
            self.due(owed, context);
        } else if self.rules.persists_log {
            self.owe(owed, context);
        } else {
            self.owe(Owed::Nothing, context);
            self.due(owed, context);
        }
    }

    fn due(&mut self, owed: Owed, context: &mut Context<'_, Node>) {
        match owed {
            Owed::Nothing => {}
            Owed::Send(to, message) => context.send(to, message),
            Owed::AskForVotes { term, is_told } => self.ask_for_votes(term, is_told, context),
            Owed::OwnEntries { term, index } => self.own_entries_are_durable(term, index, context),
            Owed::Compact(snapshot) => {
                self.is_saving = false;
                self.compact(snapshot, context);
            }
            Owed::Save(snapshot) => {
                self.is_saving = false;
                self.storage.save_snapshot(snapshot);
                self.owe(Owed::Nothing, context);
            }
        }
    }

    pub(super) fn tell(
        &self,
        client: NodeId,
        operation: u32,
        told: Told,
        context: &mut Context<'_, Node>,
    ) {
        context.send(client, Message::Tell(Answer { operation, told }));
    }
}

/// The log.
impl Server {
    /// Adds an entry to the log, in memory and on disk.
    pub(super) fn push(&mut self, entry: Entry, context: &mut Context<'_, Node>) -> u32 {
        let index = self.take_in(entry, context);
        self.storage.write_entry(index, entry, context);
        index
    }

    fn take_in(&mut self, entry: Entry, context: &mut Context<'_, Node>) -> u32 {
        let index = self.log.push(entry);
        if let Content::Members(members) = entry.content {
            self.members.push(index, members);
        }
        context.record(Fact::Logged {
            index,
            term: entry.term,
            content: entry.content.number(),
        });
        index
    }

    /// Drops the entries from a place on.
    pub(super) fn truncate(&mut self, index: u32, context: &mut Context<'_, Node>) {
        if index > self.log.last().index {
            return;
        }
        self.log.truncate(index);
        if self.rules.configures_on_append {
            self.members.truncate(index);
        }
        self.storage.cut(index, context);
        context.record(Fact::Truncated { index });
    }
}

impl Server {
    /// Another node says something.
    pub(super) fn message(
        &mut self,
        from: NodeId,
        message: Message,
        context: &mut Context<'_, Node>,
    ) {
        if let Message::Ask(ask) = message {
            return self.asked(from, ask, context);
        }
        let Some(place) = self.place(from) else {
            return;
        };
        match message {
            Message::Stand(stand) => self.vote_asked(place, stand, context),
            Message::Vote(vote) => self.voted(place, vote, context),
            Message::Append(append) => self.append_asked(place, &append, context),
            Message::Appended(answer) => self.appended(place, answer, context),
            Message::Chunk(chunk) => self.chunk_came(place, chunk, context),
            Message::Received(received) => self.received(place, received, context),
            Message::TimeoutNow { term } => self.told_to_stand(term, context),
            Message::ReadIndex { client, operation } => {
                self.index_asked(from, client, operation, context);
            }
            Message::ReadAt { operation, index } => self.may_read(operation, index, context),
            Message::Wish(wish) => self.wish(wish, context),
            Message::Ask(_) | Message::Tell(_) => {}
        }
    }

    /// One of its timers has fired.
    pub(super) fn wake(&mut self, timer: Timer, context: &mut Context<'_, Node>) {
        match timer {
            Timer::Election => self.no_leader(context),
            Timer::Beat { term } if self.leads() && term == self.ballot.term => self.beat(context),
            _ => {}
        }
    }
}

impl Role<Node> for Server {
    fn start(&mut self, context: &mut Context<'_, Node>) {
        let found = self.storage.start(context);
        if let Some(ballot) = found.ballot {
            self.ballot = ballot;
        }
        if let Some(snapshot) = found.snapshot {
            self.begin_with(snapshot, context);
        }
        for entry in found.entries {
            self.take_in(entry, context);
        }
        self.last_heard = context.monotonic();
        self.wait(context);
    }

    fn synced(&mut self, token: u64, context: &mut Context<'_, Node>) {
        for owed in self.storage.synced(token, context) {
            self.due(owed, context);
        }
    }

    fn claim(&self) -> Option<Claim> {
        self.leads().then(|| Claim::to_lead(self.ballot.term))
    }

    fn opinion_of(&self, other: NodeId) -> Option<Opinion> {
        (self.leader() == Some(other)).then_some(Opinion::Leader)
    }

    fn held(&self, by: Measure) -> usize {
        self.log.held(by)
            + self.members.held(by)
            + self.machine.held(by)
            + self.storage.held(by)
            + self.readings.held(by)
            + self.office().map_or(0, |office| office.held(by))
            + self.incoming.as_ref().map_or(0, |one| one.held(by))
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        let vote = self.ballot.vote.map(|node| (outlook.name)(node));
        let last = self.log.last();
        let state = [
            ("role", self.role().to_owned()),
            ("term", self.ballot.term.to_string()),
            ("vote", vote.unwrap_or_else(|| "none".to_owned())),
            (
                "log",
                format!("{} to {}", self.log.base().index, last.index),
            ),
            ("committed", self.commit.to_string()),
            ("applied", self.machine.applied.to_string()),
        ];
        Description {
            badge: self.badge(outlook),
            state: state.map(|(name, value)| (name.to_owned(), value)).into(),
            beliefs: self.beliefs(outlook),
        }
    }
}
