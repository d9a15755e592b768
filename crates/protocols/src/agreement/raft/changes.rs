//! Changes of the members (chapter 4).
//!
//! One server joins or leaves at a time, and any two majorities before and after share a server; or any set of members takes
//! the place of any other by way of a joint configuration, in which both must agree. What was first published of the former
//! lacked a rule: a leader must have committed an entry of its own term before it changes anything (Ongaro, *Bug in
//! single-server membership changes*, raft-dev, 10 July 2015).
//!
//! A server that joins has copies of the log first, as a *learner*, and votes once it has caught up. One that does not is given
//! up, so that others can be added (section 4.2.1).

use sim::Context;

use super::Node;
use super::log::Content;
use super::members::{Group, Members};
use super::message::{Message, Wish};
use super::server::Server;

/// How many times its patience a leader waits until a new server has caught up.
const ROUNDS: i64 = 10;

/// What a leader can do about a wish now.
enum Step {
    /// Go over to this configuration, and be done with the wish.
    Last(Members),
    /// Go over to this one first.
    First(Members),
    /// Wait.
    Wait,
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
            Step::Wait => (None, false),
            Step::Drop => (None, true),
        };
        let now = context.monotonic();
        if let Some(office) = self.office_mut() {
            if is_last {
                office.wishes.pop_front();
                office.waits_since = None;
            } else if next.is_none() {
                office.waits_since.get_or_insert(now);
            }
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
                return match self.has_waited(context) {
                    true => Step::Last(Members {
                        learners: latest.learners.except(new),
                        ..latest
                    }),
                    false => Step::Wait,
                };
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

    /// Whether the leader has waited long enough for new servers.
    fn has_waited(&self, context: &Context<'_, Node>) -> bool {
        let since = self.office().and_then(|office| office.waits_since);
        let most = ROUNDS * self.rules.patience.as_nanos() as i64;
        since.is_some_and(|since| context.monotonic() - since > most)
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
