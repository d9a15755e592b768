//! A log that a leader writes and its followers copy, in the same order.
//!
//! With elections by majority and with fencing it is Raft's (Ongaro and Ousterhout, *In search of an understandable
//! consensus algorithm*, USENIX ATC 2014): terms, votes for candidates whose logs are no older, entries that are accepted
//! only behind the ones that the leader has before them, and an effect only when a majority has an entry of the leader's
//! own term. Before it stands, a server asks whether a majority would vote for it, so that one that comes back from behind a
//! cut unseats nobody (*pre-vote*; Ongaro, *Consensus: bridging theory and practice*, 2014, section 9.6). Each of the two
//! can be left out:
//!
//! - Without *election*, a follower that hears no leader takes over by itself, the first in line first, as in a failover by
//!   heartbeat between two machines.
//! - Without *fencing*, a leader lets an entry take effect as soon as it has it, and copies it behind: whoever was deposed
//!   learns it too late. That is asynchronous replication.
//!
//! As a leader lets entries take effect only on acknowledgements of what it sent less than its followers' patience ago,
//! and whoever heard a leader within its patience votes for nobody, who was succeeded acts no longer: the leases of Gray
//! and Cheriton (SOSP 1989), as long as monotonic clocks run alike.
//!
//! Reads are entries too, so they see what was there when they took their place. A protocol lends its messages, timers
//! and disk ([`Hosts`]).

use std::cmp::Reverse;

use sim::network::Distribution;
use sim::protocol::{Description, MessageSort, MessageWord, Outlook, TimerWord};
use sim::sorted::{Map, Set};
use sim::sorting::sort_by_key;
use sim::trace::{Fact, Function};
use sim::{Context, NodeId, Protocol, SimDuration, Stored, TimerId};

use super::caller::{Reply, Request};
use super::quorum::{Tally, majority};
use super::term::Ballot;
use crate::describe::words::{timer, word};

/// Where the ballot is on disk; the log is behind it.
const BALLOT: u64 = 0;
const LOG: u64 = 1;

/// How servers behave; all of a cluster do alike.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// How often a leader says that it leads.
    pub heartbeat: SimDuration,
    /// How long a follower hears no leader before it does something about it; up to twice that.
    pub patience: SimDuration,
    /// Whether a leader is elected by a majority.
    pub is_elected: bool,
    /// Whether an entry takes effect only when a majority has accepted it in the leader's term.
    pub is_fenced: bool,
}

/// An entry of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The term of the leader that took it.
    pub term: i64,
    /// What is to be done; nothing for the entry with which a term begins.
    pub request: Option<Request>,
}

/// What is kept on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Record {
    /// The term, and the vote in it.
    Ballot(Ballot),
    /// An entry.
    Entry(Entry),
    /// Here the log ends, whatever lies behind.
    End,
}

/// What servers tell each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// A client asked me for this; I do not lead.
    Forward(NodeId, Request),
    /// I lead, and these are entries of my log.
    Append {
        /// In this term.
        term: i64,
        /// How many entries come before them.
        behind: u32,
        /// The term of the last of those; 0 if there is none.
        previous: i64,
        /// The entries.
        entries: Vec<Entry>,
        /// How many entries have taken effect.
        committed: u32,
        /// When it was sent, by the leader's monotonic clock.
        sent: i64,
    },
    /// Up to here my log is yours.
    Appended {
        /// In this term.
        term: i64,
        /// So many entries are alike; or none beyond these can be.
        length: u32,
        /// Whether they are alike.
        is_alike: bool,
        /// When what is answered was sent.
        sent: i64,
    },
    /// Please vote for me.
    Stand {
        /// In this term.
        term: i64,
        /// The term of the last entry of the candidate's log, and its length: the larger is the newer.
        last: (i64, u32),
    },
    /// You have my vote.
    Vote {
        /// In this term.
        term: i64,
    },
    /// Would you vote for me?
    Sound {
        /// The term of the last entry of my log, and its length.
        last: (i64, u32),
    },
    /// I would, in a later term.
    Would {
        /// Than this, the highest that I know of.
        term: i64,
    },
}

/// What a server waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timer {
    /// No leader has been heard for too long.
    NoLeader,
    /// Time for the next heartbeat.
    Beat {
        /// Of the leader of this term.
        term: i64,
    },
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
    /// Its place in line.
    rank: u32,
    /// The other servers.
    peers: Vec<NodeId>,
    ballot: Ballot,
    log: Vec<Entry>,
    /// How many entries have taken effect, as far as it knows.
    committed: usize,
    /// What the entries that took effect answer, and what is under each key by them.
    results: Vec<i64>,
    values: Map<i64, i64>,
    part: Part,
    /// When it last heard a leader, or began, by its monotonic clock.
    last_heard: i64,
    timer: Option<TimerId>,
    /// What is to be done when what was written to disk is durable.
    owed: Map<u64, Owed>,
    syncs: u64,
    /// Operations that it has refused, and never takes.
    refused: Set<u32>,
    /// Whether its disk is damaged: what it has promised it cannot know, so it takes no part.
    is_damaged: bool,
}

#[derive(Clone, Debug)]
enum Part {
    Follower {
        leader: Option<NodeId>,
    },
    /// Finds out whether a majority would vote for it.
    Sounding {
        would: Tally,
    },
    Candidate {
        votes: Tally,
    },
    Leader(Box<Office>),
}

/// What a leader has to know.
#[derive(Clone, Debug, Default)]
struct Office {
    followers: Map<NodeId, Follower>,
    /// How many of its own entries are durable.
    durable: u32,
    /// Who waits for which operation.
    waiting: Map<u32, NodeId>,
}

/// What a leader knows of a follower.
#[derive(Clone, Copy, Debug)]
struct Follower {
    /// How many entries it has for certain.
    alike: u32,
    /// How many it was sent.
    sent: u32,
    /// When what it answered last was sent.
    heard: i64,
    /// When it was last sent again what it has not.
    rewound: i64,
}

#[derive(Clone, Debug)]
enum Owed {
    Send(NodeId, Message),
    AskForVotes(i64),
    OwnEntries { term: i64, length: u32 },
}

impl Server {
    /// The server that is in line at `rank`.
    pub fn new(rules: Rules, rank: u32, peers: Vec<NodeId>) -> Server {
        Server {
            rules,
            rank,
            peers,
            ballot: Ballot::default(),
            log: Vec::new(),
            committed: 0,
            results: Vec::new(),
            values: Map::new(),
            part: Part::Follower { leader: None },
            last_heard: 0,
            timer: None,
            owed: Map::new(),
            syncs: 0,
            refused: Set::new(),
            is_damaged: false,
        }
    }

    /// Whether it takes itself for the leader.
    pub fn leads(&self) -> bool {
        matches!(self.part, Part::Leader(_))
    }

    fn members(&self) -> u16 {
        self.peers.len() as u16 + 1
    }

    fn length(&self) -> u32 {
        self.log.len() as u32
    }

    /// How new its log is.
    fn last(&self) -> (i64, u32) {
        let term = self.log.last().map_or(0, |entry| entry.term);
        (term, self.length())
    }

    /// Begins to run, with what its disk has.
    pub fn start<P: Hosts>(&mut self, context: &mut Context<'_, P>) {
        match context.read(BALLOT) {
            Some(Stored::Whole(Record::Ballot(ballot))) => self.ballot = *ballot,
            Some(_) => self.is_damaged = true,
            None => {}
        }
        for place in LOG.. {
            let Some(Stored::Whole(Record::Entry(entry))) = context.read(place) else {
                break;
            };
            self.log.push(*entry);
        }
        if self.is_damaged {
            return;
        }
        self.last_heard = context.monotonic();
        if self.ballot.term == 0 {
            // Nobody has led yet: they stand one after the other, the first in line at once.
            let turn = self.rules.patience.scaled_permille(1000 * self.rank);
            self.wait_for_leader(turn, context);
        } else {
            self.wait_for_a_while(context);
        }
    }

    /// Waits for a leader. Who is elected waits by chance, so that two seldom stand at once; else by its place in line.
    fn wait_for_a_while<P: Hosts>(&mut self, context: &mut Context<'_, P>) {
        let patience = self.rules.patience;
        let length = if self.rules.is_elected {
            context.draw(Distribution::Uniform {
                low: patience,
                high: patience.scaled_permille(2000),
            })
        } else {
            patience.scaled_permille(500 + 500 * self.rank)
        };
        self.wait_for_leader(length, context);
    }

    fn wait_for_leader<P: Hosts>(&mut self, length: SimDuration, context: &mut Context<'_, P>) {
        self.stop_waiting(context);
        self.timer = Some(context.set_timer(length, Timer::NoLeader.into()));
    }

    fn stop_waiting<P: Hosts>(&mut self, context: &mut Context<'_, P>) {
        if let Some(timer) = self.timer.take() {
            context.cancel_timer(timer);
        }
    }

    /// Another server says something.
    pub fn message<P: Hosts>(
        &mut self,
        from: NodeId,
        message: Message,
        context: &mut Context<'_, P>,
    ) {
        if self.is_damaged {
            return;
        }
        match message {
            Message::Forward(client, request) => {
                if self.leads() {
                    self.take(client, request, context);
                }
            }
            Message::Append {
                term,
                behind,
                previous,
                entries,
                committed,
                sent,
            } => {
                let is_leader = self.hears_leader(from, term, context);
                let is_alike = is_leader && self.is_alike(behind, previous);
                let length = if is_alike {
                    self.copy(behind as usize, &entries, context);
                    let alike = behind + entries.len() as u32;
                    self.take_effect_up_to(committed.min(alike) as usize, context);
                    alike
                } else {
                    behind.min(self.length() + 1).saturating_sub(1)
                };
                let answer = Message::Appended {
                    term: self.ballot.term,
                    length,
                    is_alike,
                    sent,
                };
                self.when_durable(Owed::Send(from, answer), context);
            }
            Message::Appended {
                term,
                length,
                is_alike,
                sent,
            } => {
                self.see(term, context);
                if term == self.ballot.term {
                    self.appended(from, length, is_alike, sent, context);
                }
            }
            Message::Stand { term, last } => self.stand_asked(from, term, last, context),
            Message::Vote { term } => self.voted(from, term, context),
            Message::Sound { last } => {
                if self.is_free(context.monotonic()) && last >= self.last() {
                    let term = self.ballot.term;
                    context.send(from, Message::Would { term }.into());
                }
            }
            Message::Would { term } => self.would(from, term, context),
        }
    }

    /// A timer of its own.
    pub fn wake<P: Hosts>(&mut self, timer: Timer, context: &mut Context<'_, P>) {
        match timer {
            Timer::NoLeader => self.no_leader(context),
            Timer::Beat { term } if self.leads() && term == self.ballot.term => {
                context.set_timer(self.rules.heartbeat, timer.into());
                self.send_entries(context);
            }
            Timer::Beat { .. } => {}
        }
    }

    /// A client asks.
    pub fn asked<P: Hosts>(
        &mut self,
        client: NodeId,
        request: Request,
        context: &mut Context<'_, P>,
    ) {
        match self.part {
            _ if self.is_damaged => {}
            Part::Leader(_) if self.is_in_touch(context.monotonic()) => {
                self.take(client, request, context);
            }
            Part::Follower {
                leader: Some(leader),
            } => context.send(leader, Message::Forward(client, request).into()),
            _ => self.refuse(client, request, context),
        }
    }

    /// It is not taken, now or later: its client may count on that.
    fn refuse<P: Hosts>(&mut self, client: NodeId, request: Request, context: &mut Context<'_, P>) {
        if self.position(request.operation).is_some() {
            return;
        }
        self.refused.insert(request.operation);
        let reply = Reply {
            to: request,
            value: 0,
            is_done: false,
        };
        context.send(client, reply.into());
    }

    /// Whether a majority has answered what a leader sent within its patience; without fencing it does not ask.
    fn is_in_touch(&self, now: i64) -> bool {
        let Part::Leader(office) = &self.part else {
            return false;
        };
        let lately = now - self.rules.patience.as_nanos() as i64;
        let in_touch = office.followers.values();
        let in_touch = in_touch.filter(|follower| follower.heard > lately).count();
        !self.rules.is_fenced || in_touch + 1 >= usize::from(majority(self.members()))
    }

    /// Learns of a term: in a higher one it is nobody yet.
    fn see<P: Hosts>(&mut self, term: i64, context: &mut Context<'_, P>) {
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
    fn hears_leader<P: Hosts>(
        &mut self,
        from: NodeId,
        term: i64,
        context: &mut Context<'_, P>,
    ) -> bool {
        self.see(term, context);
        // Without elections two can lead one term; then the one that is earlier in line gives way to none.
        if term < self.ballot.term || self.leads() && context.me() < from {
            return false;
        }
        if self.leads() {
            context.record(Fact::StepsDown { term });
        }
        self.part = Part::Follower { leader: Some(from) };
        self.last_heard = context.monotonic();
        self.wait_for_a_while(context);
        true
    }

    /// No leader for too long: it stands for election, or takes over.
    fn no_leader<P: Hosts>(&mut self, context: &mut Context<'_, P>) {
        self.timer = None;
        if let Part::Follower {
            leader: Some(leader),
        } = self.part
        {
            context.record(Fact::Suspects {
                node: i64::from(leader.0),
            });
        }
        if !self.rules.is_elected {
            self.ballot.stand(context.me());
            context.write(BALLOT, Record::Ballot(self.ballot));
            return self.take_office(context);
        }
        self.part = Part::Sounding {
            would: Tally::of_majority(self.members()),
        };
        self.wait_for_a_while(context);
        let last = self.last();
        for peer in &self.peers {
            context.send(*peer, Message::Sound { last }.into());
        }
        self.would(context.me(), self.ballot.term, context);
    }

    /// Somebody would vote for it, in a term later than that. With a majority of those, it stands.
    fn would<P: Hosts>(&mut self, from: NodeId, term: i64, context: &mut Context<'_, P>) {
        let Part::Sounding { would } = &mut self.part else {
            return;
        };
        let is_enough = would.add(from);
        if self.ballot.see(term) {
            context.write(BALLOT, Record::Ballot(self.ballot));
        }
        if !is_enough {
            return;
        }
        let term = self.ballot.stand(context.me());
        context.write(BALLOT, Record::Ballot(self.ballot));
        self.part = Part::Candidate {
            votes: Tally::of_majority(self.members()),
        };
        self.when_durable(Owed::AskForVotes(term), context);
        self.wait_for_a_while(context);
    }

    /// Whether it has no leader that it heard lately, and is none. Before the first term there was none to be heard.
    fn is_free(&self, now: i64) -> bool {
        if self.leads() {
            return !self.is_in_touch(now);
        }
        let patience = self.rules.patience.as_nanos() as i64;
        self.ballot.term == 0 || now - self.last_heard >= patience
    }

    /// Somebody stands for election. Who has heard its leader lately does not hear of it.
    fn stand_asked<P: Hosts>(
        &mut self,
        from: NodeId,
        term: i64,
        last: (i64, u32),
        context: &mut Context<'_, P>,
    ) {
        if !self.is_free(context.monotonic()) {
            return;
        }
        self.see(term, context);
        if last >= self.last() && self.ballot.grant(term, from) {
            context.write(BALLOT, Record::Ballot(self.ballot));
            self.when_durable(Owed::Send(from, Message::Vote { term }), context);
            self.wait_for_a_while(context);
        }
    }

    fn voted<P: Hosts>(&mut self, from: NodeId, term: i64, context: &mut Context<'_, P>) {
        let Part::Candidate { votes } = &mut self.part else {
            return;
        };
        if term == self.ballot.term && votes.add(from) {
            self.take_office(context);
        }
    }

    /// It leads. What it found takes effect with its first own entry, at the latest.
    fn take_office<P: Hosts>(&mut self, context: &mut Context<'_, P>) {
        self.stop_waiting(context);
        let (term, length, now) = (self.ballot.term, self.length(), context.monotonic());
        context.record(Fact::Leads { term });
        let follower = Follower {
            alike: 0,
            sent: length,
            heard: now,
            rewound: now,
        };
        let followers = self.peers.iter().map(|peer| (*peer, follower));
        self.part = Part::Leader(Box::new(Office {
            followers: followers.collect(),
            ..Office::default()
        }));
        self.append(None, context);
        context.set_timer(self.rules.heartbeat, Timer::Beat { term }.into());
    }

    fn position(&self, operation: u32) -> Option<usize> {
        let is_it = |entry: &Entry| entry.request.is_some_and(|own| own.operation == operation);
        self.log.iter().rposition(is_it)
    }

    /// A leader takes a request. One that it has taken before is answered as it was.
    fn take<P: Hosts>(&mut self, client: NodeId, request: Request, context: &mut Context<'_, P>) {
        if self.refused.contains(&request.operation) {
            return;
        }
        let position = self.position(request.operation);
        let result = position.and_then(|position| self.results.get(position));
        if let Some(value) = result {
            return context.send(client, Reply::done(request, *value).into());
        }
        if let Part::Leader(office) = &mut self.part {
            office.waiting.insert(request.operation, client);
        }
        if position.is_none() {
            self.append(Some(request), context);
        }
    }

    /// A leader appends an entry, and sends it to its followers.
    fn append<P: Hosts>(&mut self, request: Option<Request>, context: &mut Context<'_, P>) {
        let term = self.ballot.term;
        self.write(Entry { term, request }, context);
        let length = self.length();
        self.when_durable(Owed::OwnEntries { term, length }, context);
        self.send_entries(context);
        if !self.rules.is_fenced {
            self.take_effect_up_to(self.log.len(), context);
        }
    }

    fn write<P: Hosts>(&mut self, entry: Entry, context: &mut Context<'_, P>) {
        let place = LOG + self.log.len() as u64;
        // The end comes first: whenever it crashes, nothing old shows behind the entry.
        context.write(place + 1, Record::End);
        context.write(place, Record::Entry(entry));
        self.log.push(entry);
        if let Some(request) = entry.request.filter(|one| one.function != Function::Read) {
            context.record(Fact::Stored {
                operation: request.operation,
                key: request.key,
                version: entry.term,
            });
        }
    }

    /// Sends each follower what it has not been sent, if only that its leader leads.
    fn send_entries<P: Hosts>(&mut self, context: &mut Context<'_, P>) {
        for place in 0..self.peers.len() {
            self.send_entries_to(self.peers[place], context);
        }
    }

    fn send_entries_to<P: Hosts>(&mut self, peer: NodeId, context: &mut Context<'_, P>) {
        let length = self.length();
        let Part::Leader(office) = &mut self.part else {
            return;
        };
        let Some(follower) = office.followers.get_mut(&peer) else {
            return;
        };
        let behind = follower.sent.min(length);
        follower.sent = length;
        let append = Message::Append {
            term: self.ballot.term,
            behind,
            previous: previous(&self.log, behind),
            entries: self.log[behind as usize..].to_vec(),
            committed: self.committed as u32,
            sent: context.monotonic(),
        };
        context.send(peer, append.into());
    }

    /// Whether its log has so many entries, and the last of them is of that term.
    fn is_alike(&self, behind: u32, term: i64) -> bool {
        behind <= self.length() && previous(&self.log, behind) == term
    }

    /// Copies a leader's entries: from the first that differs on, its own are gone.
    fn copy<P: Hosts>(&mut self, behind: usize, entries: &[Entry], context: &mut Context<'_, P>) {
        for (place, entry) in (behind..).zip(entries) {
            match self.log.get(place) {
                Some(own) if own.term == entry.term => continue,
                Some(_) => self.drop_from(place, entry, context),
                None => {}
            }
            self.write(*entry, context);
        }
    }

    fn drop_from<P: Hosts>(&mut self, place: usize, by: &Entry, context: &mut Context<'_, P>) {
        context.write(LOG + place as u64, Record::End);
        let gone = self.log.split_off(place);
        for request in gone.iter().filter_map(|entry| entry.request) {
            if request.function != Function::Read {
                context.record(Fact::Discarded {
                    operation: request.operation,
                    by: by.request.map_or(0, |by| by.operation),
                    key: request.key,
                });
            }
        }
        if self.committed > place {
            // Only without fencing: what had taken effect has not, after all.
            let effects = place.min(self.committed);
            self.committed = 0;
            self.results.clear();
            self.values.clear();
            self.apply_up_to(effects);
        }
    }

    /// A follower has answered.
    fn appended<P: Hosts>(
        &mut self,
        from: NodeId,
        length: u32,
        is_alike: bool,
        sent: i64,
        context: &mut Context<'_, P>,
    ) {
        let (own, now) = (self.length(), context.monotonic());
        let Part::Leader(office) = &mut self.part else {
            return;
        };
        let Some(follower) = office.followers.get_mut(&from) else {
            return;
        };
        follower.heard = follower.heard.max(sent);
        if is_alike {
            follower.alike = follower.alike.max(length.min(own));
            self.commit(context);
        } else if sent >= follower.rewound {
            // Somewhere further back they are alike. What was sent in the meantime is refused for the same reason.
            follower.alike = follower.alike.min(length);
            follower.sent = length;
            follower.rewound = now;
            self.send_entries_to(from, context);
        }
    }

    /// What a majority has takes effect, if it is of this term, or comes before something that is.
    fn commit<P: Hosts>(&mut self, context: &mut Context<'_, P>) {
        let lately = context.monotonic() - self.rules.patience.as_nanos() as i64;
        let Part::Leader(office) = &self.part else {
            return;
        };
        // Old news says nothing: who sent it may have voted for another since.
        let followers = office.followers.values();
        let counted = followers.filter(|follower| follower.heard > lately);
        let mut lengths: Vec<u32> = counted.map(|follower| follower.alike).collect();
        lengths.push(office.durable);
        sort_by_key(&mut lengths, |&length| Reverse(length));
        let needed = usize::from(majority(self.members()));
        let Some(length) = lengths.get(needed - 1).copied() else {
            return;
        };
        if previous(&self.log, length) == self.ballot.term {
            self.take_effect_up_to(length as usize, context);
        }
    }

    /// Lets entries take effect; a leader answers who waits for them.
    fn take_effect_up_to<P: Hosts>(&mut self, length: usize, context: &mut Context<'_, P>) {
        let first = self.committed;
        self.apply_up_to(length);
        let term = self.ballot.term;
        let Part::Leader(office) = &mut self.part else {
            return;
        };
        for place in first..self.committed {
            let Some(request) = self.log[place].request else {
                continue;
            };
            if let Some(client) = office.waiting.remove(&request.operation) {
                let operation = request.operation;
                context.record(Fact::Acts { operation, term });
                context.send(client, Reply::done(request, self.results[place]).into());
            }
        }
    }

    fn apply_up_to(&mut self, length: usize) {
        while self.committed < length {
            let result = match self.log[self.committed].request {
                None => 0,
                Some(request) => self.apply(request),
            };
            self.results.push(result);
            self.committed += 1;
        }
    }

    fn apply(&mut self, request: Request) -> i64 {
        let value = self.values.entry(request.key).or_insert(0);
        match request.function {
            Function::Read => return *value,
            Function::Add => *value = value.wrapping_add(request.value),
            _ => *value = request.value,
        }
        0
    }

    fn when_durable<P: Hosts>(&mut self, owed: Owed, context: &mut Context<'_, P>) {
        self.syncs += 1;
        self.owed.insert(self.syncs, owed);
        context.sync(self.syncs);
    }

    /// What was written before a sync is durable.
    pub fn synced<P: Hosts>(&mut self, token: u64, context: &mut Context<'_, P>) {
        match self.owed.remove(&token) {
            Some(Owed::Send(to, message)) => context.send(to, message.into()),
            Some(Owed::AskForVotes(term)) => self.ask_for_votes(term, context),
            Some(Owed::OwnEntries { term, length }) if term == self.ballot.term => {
                if let Part::Leader(office) = &mut self.part {
                    office.durable = office.durable.max(length);
                    self.commit(context);
                }
            }
            Some(Owed::OwnEntries { .. }) | None => {}
        }
    }

    fn ask_for_votes<P: Hosts>(&mut self, term: i64, context: &mut Context<'_, P>) {
        if term != self.ballot.term || !matches!(self.part, Part::Candidate { .. }) {
            return;
        }
        let last = self.last();
        for peer in &self.peers {
            context.send(*peer, Message::Stand { term, last }.into());
        }
        self.voted(context.me(), term, context);
    }

    /// Bytes of memory that it takes beside its own size.
    pub fn memory(&self) -> usize {
        self.log.capacity() * size_of::<Entry>()
            + self.results.capacity() * size_of::<i64>()
            + self.values.len() * size_of::<(i64, i64)>()
            + self.peers.len() * (size_of::<NodeId>() + size_of::<Follower>())
            + self.owed.len() * size_of::<(u64, Owed)>()
            + self.refused.len() * size_of::<u32>()
    }

    /// What it holds and believes.
    pub fn describe(&self, outlook: &Outlook<'_>) -> Description {
        let term = self.ballot.term;
        let badge = match &self.part {
            _ if self.is_damaged => "damaged".to_owned(),
            Part::Leader(_) => format!("leads, term {term}"),
            Part::Sounding { .. } => "seeks a majority".to_owned(),
            Part::Candidate { .. } => format!("stands, term {term}"),
            Part::Follower {
                leader: Some(leader),
            } => format!("follows {}", (outlook.name)(*leader)),
            Part::Follower { leader: None } => "follows nobody".to_owned(),
        };
        Description {
            badge,
            state: vec![
                ("term".to_owned(), term.to_string()),
                ("entries".to_owned(), self.log.len().to_string()),
                ("in effect".to_owned(), self.committed.to_string()),
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
        let (term, now) = (self.ballot.term, outlook.monotonic);
        let heard = (now - self.last_heard) as f64 / 1e9;
        let mut beliefs = vec![match &self.part {
            Part::Leader(_) => format!("I lead, in term {term}."),
            Part::Sounding { would } => format!(
                "Nobody leads, I think: last heard {heard:.1} s ago. Of {} that I need, {} would vote for me.",
                would.needed(),
                would.count()
            ),
            Part::Candidate { votes } => format!(
                "Nobody leads. I have {} of {} votes that I need for term {term}.",
                votes.count(),
                votes.needed()
            ),
            Part::Follower {
                leader: Some(leader),
            } => format!(
                "{} leads, in term {term}: last heard {heard:.1} s ago.",
                (outlook.name)(*leader)
            ),
            Part::Follower { leader: None } => format!("I have heard no leader for {heard:.1} s."),
        }];
        if self.leads() && !self.is_in_touch(now) {
            beliefs.push("A majority does not answer me: I refuse whoever asks.".to_owned());
        }
        if let Part::Leader(office) = &self.part
            && !office.waiting.is_empty()
        {
            beliefs.push(format!(
                "{} operations wait for a majority to accept them.",
                office.waiting.len()
            ));
        }
        beliefs
    }
}

/// The term of the last of the first `length` entries; 0 if there is none.
fn previous(log: &[Entry], length: u32) -> i64 {
    let place = (length as usize).checked_sub(1);
    place
        .and_then(|place| log.get(place))
        .map_or(0, |entry| entry.term)
}

/// Which of [`MESSAGES`] a message is, and its numbers.
pub fn gist(message: &Message) -> (u8, [i64; 3]) {
    match message {
        Message::Forward(_, request) => (0, [i64::from(request.operation), 0, 0]),
        Message::Append { term, entries, .. } => {
            let operation = entries.iter().rev().find_map(|entry| entry.request);
            match operation {
                Some(last) => (1, [i64::from(last.operation), *term, entries.len() as i64]),
                None => (2, [*term, 0, 0]),
            }
        }
        Message::Appended {
            term,
            length,
            is_alike: true,
            ..
        } => (3, [i64::from(*length), *term, 0]),
        Message::Appended { term, .. } => (4, [*term, 0, 0]),
        Message::Stand { term, .. } => (5, [*term, 0, 0]),
        Message::Vote { term } => (6, [*term, 0, 0]),
        Message::Sound { .. } => (7, [0; 3]),
        Message::Would { term } => (8, [*term, 0, 0]),
    }
}

/// The words for what servers tell each other.
pub const MESSAGES: [MessageWord; 9] = [
    word(
        "forward",
        "#{0}",
        "a client asks for #{0}",
        MessageSort::Request,
    ),
    word(
        "append",
        "copy #{0}",
        "keep {2} entries, the last of them #{0}, says the leader of term {1}",
        MessageSort::Replication,
    ),
    word("heartbeat", "", "I lead term {0}", MessageSort::Heartbeat),
    word(
        "appended",
        "ack",
        "I have your {0} entries, in term {1}",
        MessageSort::Acknowledgement,
    ),
    word(
        "not-alike",
        "no: term {0}",
        "I cannot accept that: my term is {0}, and our logs may differ",
        MessageSort::Refusal,
    ),
    word(
        "stand",
        "vote for me, term {0}",
        "vote for me in term {0}",
        MessageSort::Request,
    ),
    word(
        "vote",
        "my vote",
        "you have my vote in term {0}",
        MessageSort::Acknowledgement,
    ),
    word(
        "sound",
        "vote for me?",
        "would you vote for me?",
        MessageSort::Request,
    ),
    word(
        "would",
        "I would",
        "I would vote for you in a term after {0}",
        MessageSort::Acknowledgement,
    ),
];

/// Which of [`TIMERS`] a timer is.
pub fn timer_kind(timer: Timer) -> u8 {
    match timer {
        Timer::NoLeader => 0,
        Timer::Beat { .. } => 1,
    }
}

/// The words for what servers wait for.
pub const TIMERS: [TimerWord; 2] = [
    timer("no leader heard", true),
    timer("time for a heartbeat", false),
];
