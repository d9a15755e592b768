//! How a server comes to lead (chapter 3.4, sections 4.2.3 and 9.6).

use sim::network::Distribution;
use sim::trace::Fact;
use sim::{Context, NodeId};

use super::Node;
use super::log::Content;
use super::members::Group;
use super::message::{Message, Stand, Timer, Vote};
use super::office::Office;
use super::server::{Part, Server};
use super::storage::Owed;

/// Waiting for a leader.
impl Server {
    /// Waits for a leader, from the start: between its patience and twice that, so that two servers seldom stand at once.
    pub(super) fn wait(&mut self, context: &mut Context<'_, Node>) {
        self.stop_waiting(context);
        let low = self.rules.patience;
        let length = if self.rules.randomises_timeouts {
            let high = low.scaled_permille(2000);
            context.draw(Distribution::Uniform { low, high })
        } else {
            low
        };
        self.timer = Some(context.set_timer(length, Timer::Election));
    }

    fn stop_waiting(&mut self, context: &mut Context<'_, Node>) {
        if let Some(timer) = self.timer.take() {
            context.cancel_timer(timer);
        }
    }

    /// Hears from the leader of its term, and follows it.
    pub(super) fn follow(&mut self, leader: u8, context: &mut Context<'_, Node>) {
        self.part = Part::Follower {
            leader: Some(leader),
        };
        self.last_heard = context.monotonic();
        self.wait(context);
    }

    /// Whether a moment lies less than its patience before now, by its monotonic clock.
    pub(super) fn is_recent(&self, moment: i64, context: &Context<'_, Node>) -> bool {
        context.monotonic() - moment < self.rules.patience.as_nanos() as i64
    }

    /// Whether a leader is there, as far as it knows: it has heard one recently, or leads and has heard a majority. A server
    /// that restarts has forgotten when it heard the leader, and may just have heard it.
    fn is_loyal(&self, context: &Context<'_, Node>) -> bool {
        if self.leads() {
            self.is_in_touch(context)
        } else {
            self.ballot.term > 0 && self.is_recent(self.last_heard, context)
        }
    }

    /// Whether it may stand: its vote counts, or did in the last configuration that it knows to be committed.
    fn may_stand(&self) -> bool {
        let committed = self.members.at(self.commit);
        self.config().deciding().has(self.me)
            || self.members.latest().0 > self.commit && committed.deciding().has(self.me)
    }
}

/// The candidate.
impl Server {
    /// No leader for too long.
    pub(super) fn no_leader(&mut self, context: &mut Context<'_, Node>) {
        self.timer = None;
        if !self.may_stand() {
            // Nor does it send clients on to a leader that may be gone.
            self.part = Part::Follower { leader: None };
            self.wait(context);
        } else if self.rules.asks_before_standing {
            self.part = Part::PreCandidate { yes: Group::NONE };
            self.wait(context);
            self.request_votes(self.ballot.term + 1, true, false, context);
            self.granted(self.me, context);
        } else {
            self.stand(false, context);
        }
    }

    /// The leader tells it to stand at once.
    pub(super) fn told_to_stand(&mut self, term: i64, context: &mut Context<'_, Node>) {
        if term == self.ballot.term && !self.leads() && self.may_stand() {
            self.stand(true, context);
        }
    }

    fn stand(&mut self, is_told: bool, context: &mut Context<'_, Node>) {
        let term = self.ballot.stand(context.me());
        self.save_ballot();
        context.record(Fact::Voted {
            term,
            candidate: i64::from(context.me().0),
        });
        self.part = Part::Candidate { yes: Group::NONE };
        self.wait(context);
        self.owe_vote(Owed::AskForVotes { term, is_told }, context);
    }

    /// Its own vote is durable: it asks the others for theirs.
    pub(super) fn ask_for_votes(
        &mut self,
        term: i64,
        is_told: bool,
        context: &mut Context<'_, Node>,
    ) {
        if term == self.ballot.term && matches!(self.part, Part::Candidate { .. }) {
            self.request_votes(term, false, is_told, context);
            self.granted(self.me, context);
        }
    }

    fn request_votes(
        &self,
        term: i64,
        is_trial: bool,
        is_told: bool,
        context: &mut Context<'_, Node>,
    ) {
        let stand = Stand {
            term,
            last: self.log.last(),
            is_trial,
            is_told,
        };
        for voter in self.config().deciding().without(self.me).places() {
            context.send(self.node(voter), Message::Stand(stand));
        }
    }

    /// A server has voted, or not.
    pub(super) fn voted(&mut self, from: u8, vote: Vote, context: &mut Context<'_, Node>) {
        if !vote.is_granted {
            return self.see(vote.term, context);
        }
        let (asks, term) = match self.part {
            Part::PreCandidate { .. } => (true, vote.term - 1),
            _ => (false, vote.term),
        };
        if vote.is_trial == asks && !self.is_stale(term) {
            self.granted(from, context);
        }
    }

    /// Counts a vote, or a promise of one. With a quorum of them the server stands, or leads.
    fn granted(&mut self, from: u8, context: &mut Context<'_, Node>) {
        let config = self.config();
        match &mut self.part {
            Part::PreCandidate { yes } => {
                *yes = yes.with(from);
                if config.has_quorum(*yes) {
                    self.stand(false, context);
                }
            }
            Part::Candidate { yes } => {
                *yes = yes.with(from);
                if config.has_quorum(*yes) {
                    self.take_office(context);
                }
            }
            Part::Follower { .. } | Part::Leader(_) => {}
        }
    }

    /// The server leads. What it found in its log is committed with the first entry of its own term, at the latest.
    fn take_office(&mut self, context: &mut Context<'_, Node>) {
        self.stop_waiting(context);
        let term = self.ballot.term;
        context.record(Fact::Leads { term });
        let (now, wall) = (context.monotonic(), context.wall());
        let office = Office::new(self.rules.servers.len(), self.log.last(), now, wall);
        self.part = Part::Leader(Box::new(office));
        context.set_timer(self.rules.heartbeat, Timer::Beat { term });
        self.append(Content::Nothing, context);
    }
}

/// The voter.
impl Server {
    /// A server stands for election, or asks whether it would be elected.
    pub(super) fn vote_asked(&mut self, from: u8, stand: Stand, context: &mut Context<'_, Node>) {
        if self.keeps_leader(stand) && self.is_loyal(context) {
            // It does not even learn of the term.
            return;
        }
        let candidate = self.node(from);
        let is_granted = if stand.is_trial {
            stand.term > self.ballot.term && self.is_new_enough(stand)
        } else {
            self.see(stand.term, context);
            self.is_new_enough(stand) && self.grant(candidate, stand.term, context)
        };
        let vote = Vote {
            term: if is_granted {
                stand.term
            } else {
                self.ballot.term
            },
            is_trial: stand.is_trial,
            is_granted,
        };
        self.owe_vote(Owed::Send(candidate, Message::Vote(vote)), context);
    }

    /// Whether it votes for nobody else while a leader is there. That is a part of pre-votes (section 9.6); a leader that steps
    /// down without its majority can ask it of all votes (section 4.2.3); and leases rest on it (section 6.4.1). A leader that
    /// hands over the lead does not want to be kept.
    fn keeps_leader(&self, stand: Stand) -> bool {
        let of_all = self.rules.checks_quorum || self.rules.leases > 0;
        !stand.is_told && (stand.is_trial || of_all)
    }

    /// Whether a candidate's log is no older than its own (section 3.6.1).
    fn is_new_enough(&self, stand: Stand) -> bool {
        !self.rules.compares_logs || stand.last.is_as_new_as(self.log.last())
    }

    /// Gives the vote of a term to a candidate if it is free, or confirms that it gave it before.
    fn grant(&mut self, candidate: NodeId, term: i64, context: &mut Context<'_, Node>) -> bool {
        let before = self.ballot;
        if self.leads() || !self.ballot.grant(term, candidate) {
            return false;
        }
        if self.ballot != before {
            self.save_ballot();
            context.record(Fact::Voted {
                term,
                candidate: i64::from(candidate.0),
            });
        }
        self.wait(context);
        true
    }
}
