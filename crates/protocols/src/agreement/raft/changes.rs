//! Changes of the members (chapter 4).
//!
//! One server joins or leaves at a time, and any two majorities before and after share a server; or any set of members takes
//! the place of any other by way of a joint configuration, in which both must agree. What was first published of the former
//! lacked a rule: a leader must have committed an entry of its own term before it changes anything (Ongaro, *Bug in
//! single-server membership changes*, raft-dev, 10 July 2015).
//!
//! A server that joins has copies of the log first, as a *learner*, and votes once it has caught up (section 4.2.1).

use sim::Context;

use super::Node;
use super::log::Content;
use super::members::{Group, Members};
use super::message::{Message, Wish};
use super::server::Server;

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
        if let Some(office) = self.office_mut().filter(|_| is_last) {
            office.wishes.pop_front();
        }
        if let Some(next) = next {
            self.append(Content::Members(next), context);
            self.send_all(context);
        }
    }

    fn step_to(&self, wish: Wish, latest: Members, context: &Context<'_, Node>) -> Step {
        let voters = match wish {
            Wish::Add(place) => latest.voters.with(place),
            Wish::Remove(place) => latest.voters.without(place),
            Wish::Members(all) => all,
            Wish::Lead(_) => return Step::Drop,
        };
        if voters == latest.voters || voters.is_empty() {
            return Step::Drop;
        }
        if self.rules.learners_catch_up {
            let new = voters.except(latest.voters);
            let learners = latest.learners.and(new);
            if learners != latest.learners {
                return Step::First(Members { learners, ..latest });
            }
            if !new.places().all(|place| self.has_caught_up(place, context)) {
                return Step::Wait;
            }
        }
        let is_joint = self.rules.changes_jointly && matches!(wish, Wish::Members(_));
        Step::Last(Members {
            voters,
            outgoing: if is_joint { latest.voters } else { Group::NONE },
            learners: latest.learners.except(voters),
        })
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
