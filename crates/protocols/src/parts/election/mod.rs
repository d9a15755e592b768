//! Who leads: a server's part in elections, from a follower whose patience ends to a leader that steps down.
//!
//! Terms are numbers that only grow. A server that hears no leader for longer than its patience stands for election in
//! the next term, and leads if a majority votes for it. What a vote depends on, and what a leader does, is the host's: it
//! keeps what it knows as a leader, of type `L`, here. The host lends its [`Timer`]s ([`Hosts`]), and saves the ballot
//! ([`Election::unsaved`]) before anybody hears of it.
//!
//! | module | its subject |
//! | --- | --- |
//! | `ballot` | the term and the vote in it |
//! | `part` | follower, candidate or leader, and how each describes itself |

mod ballot;
mod part;

use sim::held::{Held, Measure};
use sim::network::Distribution;
use sim::protocol::{Claim, Opinion, Outlook};
use sim::trace::Fact;
use sim::{Context, NodeId, Protocol, SimDuration, TimerId};

use super::quorum::Votes;
use crate::describe::words::seconds;
pub use ballot::Ballot;
use part::Part;

/// What a server waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Timer {
    /// No leader has been heard for too long.
    NoLeader,
    /// Time for the next heartbeat.
    Beat {
        /// Of the leader of this term.
        term: i64,
    },
}

/// A protocol with elections.
pub trait Hosts: Protocol<Timer: From<Timer>> {}

impl<P: Protocol<Timer: From<Timer>>> Hosts for P {}

/// How long a follower waits for a leader.
#[derive(Clone, Copy, Debug, Hash)]
pub struct Patience {
    /// The wait; the shortest one if the wait is random.
    pub length: SimDuration,
    /// Whether the wait is random, up to twice as long, so that two servers seldom stand at the same time. Otherwise a
    /// server's place in line decides how long it waits.
    pub is_random: bool,
}

/// A server's part in elections.
#[derive(Clone, Debug, Hash)]
pub struct Election<L> {
    patience: Patience,
    /// The server's place in line.
    rank: u32,
    /// The other servers.
    peers: Vec<NodeId>,
    ballot: Ballot,
    /// Whether the ballot has changed since the host last saved it.
    is_unsaved: bool,
    part: Part<L>,
    /// When it last heard a leader, or started, by its monotonic clock. A server that restarts has forgotten when it heard
    /// the leader; it is loyal for its patience, as if it had just heard the leader.
    last_heard: i64,
    timer: Option<TimerId>,
}

/// What is true of a server at any moment.
impl<L> Election<L> {
    /// The server that is in line at `rank`; it follows nobody yet.
    pub fn new(patience: Patience, rank: u32, peers: Vec<NodeId>) -> Election<L> {
        Election {
            patience,
            rank,
            peers,
            ballot: Ballot::default(),
            is_unsaved: false,
            part: Part::Follower { leader: None },
            last_heard: 0,
            timer: None,
        }
    }

    /// The highest term that it knows of; 0 before the first.
    pub fn term(&self) -> i64 {
        self.ballot.term
    }

    /// The other servers.
    pub fn peers(&self) -> &[NodeId] {
        &self.peers
    }

    /// How many servers there are, itself included.
    pub fn members(&self) -> u16 {
        self.peers.len() as u16 + 1
    }

    /// Whether it believes that it is the leader.
    pub fn leads(&self) -> bool {
        self.office().is_some()
    }

    /// The leadership, if it believes that it is the leader.
    pub fn claim(&self) -> Option<Claim> {
        self.leads().then(|| Claim::to_lead(self.term()))
    }

    /// What it takes another server for: the leader, if it follows it.
    pub fn opinion_of(&self, other: NodeId) -> Option<Opinion> {
        (self.leader() == Some(other)).then_some(Opinion::Leader)
    }

    /// What it knows as a leader.
    pub fn office(&self) -> Option<&L> {
        match &self.part {
            Part::Leader(office) => Some(office),
            _ => None,
        }
    }

    /// What it knows as a leader, to be changed.
    pub fn office_mut(&mut self) -> Option<&mut L> {
        match &mut self.part {
            Part::Leader(office) => Some(office),
            _ => None,
        }
    }

    /// The leader that it follows.
    pub fn leader(&self) -> Option<NodeId> {
        match self.part {
            Part::Follower { leader } => leader,
            _ => None,
        }
    }

    /// Whether it is a candidate in this term, the latest that it knows of.
    pub fn stands_in(&self, term: i64) -> bool {
        term == self.ballot.term && matches!(self.part, Part::Candidate { .. })
    }

    /// Whether a moment lies less than its patience before `now`.
    pub fn is_recent(&self, moment: i64, now: i64) -> bool {
        now - moment < self.patience.length.as_nanos() as i64
    }

    /// Whether it has heard a leader recently, and so votes for nobody. Before the first term there was none to hear.
    pub fn is_loyal(&self, now: i64) -> bool {
        self.ballot.term > 0 && self.is_recent(self.last_heard, now)
    }

    /// Bytes of memory that it takes besides its own size and what it knows as a leader.
    pub fn held(&self, by: Measure) -> usize {
        self.peers.held(by)
    }

    /// The one thing that a picture shows next to it.
    pub fn badge(&self, outlook: &Outlook<'_>) -> String {
        self.part.badge(self.ballot.term, outlook)
    }

    /// What it believes about who leads.
    pub fn belief(&self, outlook: &Outlook<'_>) -> String {
        let heard = seconds(outlook.monotonic - self.last_heard);
        self.part.belief(self.ballot.term, &heard, outlook)
    }
}

/// What happens to a server.
impl<L> Election<L> {
    /// The server has found this ballot on its disk.
    pub fn restore(&mut self, ballot: Ballot) {
        self.ballot = ballot;
    }

    /// The ballot, if it has changed since it was last asked for. The host makes it durable before it sends an answer, a
    /// vote or a request for votes.
    pub fn unsaved(&mut self) -> Option<Ballot> {
        std::mem::take(&mut self.is_unsaved).then_some(self.ballot)
    }

    /// Begins to wait for a leader. If nobody has led yet, the servers stand one after the other, the first in line at
    /// once.
    pub fn start<P: Hosts>(&mut self, context: &mut Context<'_, P>) {
        self.last_heard = context.monotonic();
        if self.ballot.term == 0 {
            let turn = self.patience.length.scaled_permille(1000 * self.rank);
            self.wait_for(turn, context);
        } else {
            self.wait(context);
        }
    }

    /// Waits for a leader for its patience, from the start.
    pub fn wait<P: Hosts>(&mut self, context: &mut Context<'_, P>) {
        let patience = self.patience.length;
        let length = if self.patience.is_random {
            context.draw(Distribution::Uniform {
                low: patience,
                high: patience.scaled_permille(2000),
            })
        } else {
            patience.scaled_permille(500 + 500 * self.rank)
        };
        self.wait_for(length, context);
    }

    fn wait_for<P: Hosts>(&mut self, length: SimDuration, context: &mut Context<'_, P>) {
        self.stop_waiting(context);
        self.timer = Some(context.set_timer(length, Timer::NoLeader.into()));
    }

    fn stop_waiting<P: Hosts>(&mut self, context: &mut Context<'_, P>) {
        if let Some(timer) = self.timer.take() {
            context.cancel_timer(timer);
        }
    }

    /// Its patience has ended: its timer has fired.
    pub fn loses_patience(&mut self) {
        self.timer = None;
    }

    /// Suspects the leader that it follows, if it follows one.
    pub fn suspect_leader<P: Hosts>(&self, context: &mut Context<'_, P>) -> Option<NodeId> {
        let leader = self.leader()?;
        context.record(Fact::Suspects {
            node: i64::from(leader.0),
        });
        Some(leader)
    }

    /// Learns of a term. If it is a higher one, the server leads no longer, stands no longer, and follows nobody.
    pub fn see<P: Hosts>(&mut self, term: i64, context: &mut Context<'_, P>) {
        let old = self.ballot.term;
        if !self.raise(term) {
            return;
        }
        self.step_down(old, context);
        if !matches!(self.part, Part::Follower { .. }) {
            self.wait(context);
        }
        self.part = Part::Follower { leader: None };
    }

    /// Learns of a term and stays what it is. Whether it is a higher one.
    fn raise(&mut self, term: i64) -> bool {
        let is_higher = self.ballot.see(term);
        self.is_unsaved |= is_higher;
        is_higher
    }

    /// Puts on record that it leads in `term` no longer, if it leads.
    fn step_down<P: Hosts>(&self, term: i64, context: &mut Context<'_, P>) {
        if self.leads() {
            context.record(Fact::StepsDown { term });
        }
    }

    /// Hears from the leader of its term, and follows it.
    pub fn follow<P: Hosts>(&mut self, leader: NodeId, context: &mut Context<'_, P>) {
        self.step_down(self.ballot.term, context);
        self.part = Part::Follower {
            leader: Some(leader),
        };
        self.last_heard = context.monotonic();
        self.wait(context);
    }

    /// Asks for promises to vote for it before it stands (*pre-vote*), and waits for them.
    pub fn ask_for_promises<P: Hosts>(&mut self, context: &mut Context<'_, P>) {
        self.part = Part::PreCandidate {
            promises: Votes::of_majority(self.members()),
        };
        self.wait(context);
    }

    /// A server promises its vote in a term later than `term`. Whether it is the promise that makes a majority.
    pub fn promised(&mut self, from: NodeId, term: i64) -> bool {
        let Part::PreCandidate { promises } = &mut self.part else {
            return false;
        };
        let is_enough = promises.add(from);
        self.raise(term);
        is_enough
    }

    /// Begins the next term, with a vote for itself; the term.
    pub fn begin_term<P: Hosts>(&mut self, context: &Context<'_, P>) -> i64 {
        self.is_unsaved = true;
        self.ballot.stand(context.me())
    }

    /// Stands for election in the next term; the term.
    pub fn stand<P: Hosts>(&mut self, context: &Context<'_, P>) -> i64 {
        let term = self.begin_term(context);
        self.part = Part::Candidate {
            votes: Votes::of_majority(self.members()),
        };
        term
    }

    /// Votes for `candidate` in `term` if that vote is free. Whether it has.
    pub fn grant(&mut self, candidate: NodeId, term: i64) -> bool {
        let before = self.ballot;
        let is_granted = self.ballot.grant(term, candidate);
        self.is_unsaved |= self.ballot != before;
        is_granted
    }

    /// A server has voted for it in `term`. Whether it is the vote that makes a majority.
    pub fn voted(&mut self, from: NodeId, term: i64) -> bool {
        match &mut self.part {
            Part::Candidate { votes } => term == self.ballot.term && votes.add(from),
            _ => false,
        }
    }

    /// Leads, in its term, with what it needs to know as a leader.
    pub fn lead<P: Hosts>(&mut self, office: L, context: &mut Context<'_, P>) {
        self.stop_waiting(context);
        let term = self.ballot.term;
        context.record(Fact::Leads { term });
        self.part = Part::Leader(Box::new(office));
    }
}
