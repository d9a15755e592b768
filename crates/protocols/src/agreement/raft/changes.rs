//! Changes of the members (chapter 4).
//!
//! One server joins or leaves at a time, and any two majorities before and after share a server; or any set of members takes
//! the place of any other by way of a joint configuration, in which both must agree. What was first published of the former
//! lacked a rule: a leader must have committed an entry of its own term before it changes anything (Ongaro, *Bug in
//! single-server membership changes*, raft-dev, 10 July 2015).
//!
//! A server that joins has copies of the log first, as a *learner*, and votes once it has caught up. It copies in rounds: in each
//! what was in the log as the round began. Once a round is shorter than an election timeout it lets the server in; after too many
//! that were longer, or when nothing new reaches the server, it is given up, so that others can be added (section 4.2.1).

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
    /// Wait for new servers.
    Wait,
    /// Do without these servers, and be done with the wish.
    Without(Group),
    /// Nothing: it is so already, or cannot be.
    Drop,
}

/// How new servers get on with copying the log.
enum Copying {
    /// They have caught up.
    Done,
    /// They do get on, so far as the leader can tell.
    Goes,
    /// They are too slow, or silent.
    Fails,
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
            Step::Without(new) => {
                let learners = latest.learners.except(new);
                (Some(Members { learners, ..latest }), true)
            }
            Step::Wait => (None, false),
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

    fn step_to(&mut self, wish: Wish, latest: Members, context: &Context<'_, Node>) -> Step {
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
            match self.copying(new, context) {
                Copying::Done => {}
                Copying::Goes => return Step::Wait,
                Copying::Fails => return Step::Without(new),
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

    /// The leader looks how far these new servers are.
    fn copying(&mut self, new: Group, context: &Context<'_, Node>) -> Copying {
        let now = context.monotonic();
        let patience = self.rules.patience.as_nanos() as i64;
        let goal = self.log.last().index;
        let Some(office) = self.office_mut() else {
            return Copying::Goes;
        };
        let round_ends = office.catch_up.map_or(goal, |catch_up| catch_up.goal);
        let peers = || new.places().map(|place| &office.peers[usize::from(place)]);
        let all = peers().map(|peer| peer.log.matched).min().unwrap_or(goal);
        // What one copies beyond the round does not bring the others to its end.
        let entries = peers().map(|peer| peer.log.matched.min(round_ends)).sum();
        let pieces = peers()
            .filter_map(|peer| Some(peer.sending.as_ref()?.1))
            .sum();
        let are_there = peers().all(|peer| now - peer.log.heard < patience);
        let catch_up = office.catch_up.get_or_insert(CatchUp {
            round: 1,
            began: now,
            goal,
            most: (0, 0),
            since: now,
        });
        if (entries, pieces) > catch_up.most {
            (catch_up.most, catch_up.since) = ((entries, pieces), now);
        }
        // While a server that has all is silent, no round ends: only how long it is silent counts.
        if all >= catch_up.goal && are_there {
            if now - catch_up.began <= patience {
                return Copying::Done;
            }
            let round = catch_up.round + 1;
            *catch_up = CatchUp {
                round,
                began: now,
                goal,
                ..*catch_up
            };
        }
        let is_silent = now - catch_up.since > SILENCE * patience;
        if catch_up.round > ROUNDS || is_silent {
            Copying::Fails
        } else {
            Copying::Goes
        }
    }
}
