//! Changes of the members (chapter 4).
//!
//! One server joins or leaves at a time, and any two majorities before and after share a server; or any set of members takes
//! the place of any other by way of a joint configuration, in which both must agree. What was first published of the former
//! lacked a rule: a leader must have committed an entry of its own term before it changes anything (Ongaro, *Bug in
//! single-server membership changes*, raft-dev, 10 July 2015).
//!
//! A server that joins has copies of the log first, as a *learner*, and votes once it has caught up. It copies in rounds: in each
//! what was in the log as the round began. One that is too slow for that, or silent, is given up, so that others can be added
//! (section 4.2.1).

use sim::Context;

use super::Node;
use super::log::Content;
use super::members::{Group, Members};
use super::message::{Message, Wish};
use super::office::CatchUp;
use super::server::Server;

/// In how many rounds a new server has to catch up.
const ROUNDS: u32 = 10;

/// How many times its patience a leader waits for anything new from a server that catches up.
const SILENCE: i64 = 10;

/// What a leader can do about a wish now.
enum Step {
    /// Go over to this configuration, and be done with the wish.
    Last(Members),
    /// Go over to this one first.
    First(Members),
    /// Wait for these servers.
    Wait(Group),
    /// Nothing: it is so already, or cannot be.
    Drop,
}

impl Server {
    /// An operator wants something of the leader.
    pub(super) fn wish(&mut self, wish: Wish, context: &mut Context<'_, Node>) {
        if let Some(leader) = self.leader() {
            return context.send(leader, Message::Wish(wish));
        }
        match wish {
            Wish::Lead(place) => self.hand_over(place, context),
            _ => {
                if let Some(office) = self.office_mut() {
                    office.wishes.push_back(wish);
                }
                self.go_on_with_changes(context);
            }
        }
    }

    /// The leader does what it can about its members.
    pub(super) fn go_on_with_changes(&mut self, context: &mut Context<'_, Node>) {
        if !self.leads() {
            return;
        }
        let (index, latest) = self.members.latest();
        if index <= self.commit {
            if latest.is_joint() {
                let voters = Members::voting(latest.voters);
                self.append(Content::Members(voters), context);
                return;
            }
            if !latest.voters.has(self.me) {
                return self.step_down(context);
            }
        }
        self.grant_wish(context);
    }

    fn grant_wish(&mut self, context: &mut Context<'_, Node>) {
        let Some(office) = self.office() else { return };
        let Some(wish) = office.wishes.front().copied() else {
            return;
        };
        let (index, latest) = self.members.latest();
        let is_pending = index > self.commit || latest.is_joint();
        let is_new = self.commit < office.first;
        if self.rules.changes_one_at_a_time && is_pending
            || self.rules.commits_before_changing && is_new
        {
            return;
        }
        let (next, is_last) = match self.step_to(wish, latest, context) {
            Step::Last(next) => (Some(next), true),
            Step::First(next) => (Some(next), false),
            Step::Wait(new) if self.gives_up(new, context.monotonic()) => {
                let learners = latest.learners.except(new);
                (Some(Members { learners, ..latest }), true)
            }
            Step::Wait(_) => (None, false),
            Step::Drop => (None, true),
        };
        if let Some(office) = self.office_mut().filter(|_| is_last) {
            office.wishes.pop_front();
            office.catch_up = None;
        }
        if let Some(next) = next {
            self.append(Content::Members(next), context);
            self.send_all(context);
        }
    }

    fn step_to(&self, wish: Wish, latest: Members, context: &Context<'_, Node>) -> Step {
        let (voters, learners) = match wish {
            Wish::Add(place) => (latest.voters.with(place), latest.learners),
            Wish::Remove(place) => (latest.voters.without(place), latest.learners.without(place)),
            Wish::Members(all) => (all, Group::NONE),
            Wish::Lead(_) => return Step::Drop,
        };
        let is_so = (voters, learners) == (latest.voters, latest.learners);
        if is_so || voters.is_empty() {
            return Step::Drop;
        }
        if self.rules.learners_catch_up {
            let new = voters.except(latest.voters);
            let learning = latest.learners.and(new);
            if learning != latest.learners {
                return Step::First(Members {
                    learners: learning,
                    ..latest
                });
            }
            if !new.places().all(|place| self.has_caught_up(place, context)) {
                return Step::Wait(new);
            }
        }
        let is_joint = self.rules.changes_jointly
            && matches!(wish, Wish::Members(_))
            && voters != latest.voters;
        Step::Last(Members {
            voters,
            outgoing: if is_joint { latest.voters } else { Group::NONE },
            learners: learners.except(voters),
        })
    }

    /// The leader looks how far new servers are. Whether they are too slow, or silent.
    fn gives_up(&mut self, new: Group, now: i64) -> bool {
        let last = self.log.last().index;
        let silence = SILENCE * self.rules.patience.as_nanos() as i64;
        let Some(office) = self.office_mut() else {
            return false;
        };
        let peers = || new.places().map(|place| &office.peers[usize::from(place)]);
        let all = peers().map(|peer| peer.log.matched).min().unwrap_or(0);
        let known = peers()
            .map(|peer| peer.log.matched + peer.sending.as_ref().map_or(0, |(_, have)| *have))
            .sum();
        let catch_up = office.catch_up.get_or_insert(CatchUp {
            round: 1,
            goal: last,
            known,
            since: now,
        });
        if catch_up.known != known {
            (catch_up.known, catch_up.since) = (known, now);
        }
        if all >= catch_up.goal {
            (catch_up.round, catch_up.goal) = (catch_up.round + 1, last);
        }
        catch_up.round > ROUNDS || now - catch_up.since > silence
    }

    /// Whether a learner has nearly all of the log, and is there.
    fn has_caught_up(&self, place: u8, context: &Context<'_, Node>) -> bool {
        let Some(office) = self.office() else {
            return false;
        };
        let peer = &office.peers[usize::from(place)];
        peer.log.matched + self.rules.batch >= self.log.last().index
            && peer.log.matched >= office.first.min(self.commit)
            && self.is_recent(peer.log.heard, context)
    }
}
