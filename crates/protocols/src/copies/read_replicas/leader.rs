//! A shard's leader, which takes posts and sends its log to the followers.

use sim::held::{Held, Measure};
use sim::protocol::{CopyOf, Description, Outlook};
use sim::sorted::Map;
use sim::{Context, NodeId, SimDuration};

use super::log::Log;
use super::message::{Message, Post, Shard, Timer};
use super::{Choices, Node};
use crate::describe::roles::Role;
use crate::describe::words::counted;
use crate::parts::disk::group_commit::GroupCommit;

/// How many posts a message takes along at most.
const BATCH: usize = 64;

/// The leader of a shard. It confirms a post when its own disk has it, whatever the followers have.
#[derive(Clone, Debug, Hash)]
pub struct Leader {
    shard: Shard,
    log: Log,
    /// What is owed to authors, once it is durable.
    commit: GroupCommit<Owed>,
    /// How far each follower is.
    followers: Vec<(NodeId, Progress)>,
    /// Each author's latest post, and its position. A retry finds it here.
    latest: Map<NodeId, (u32, u32)>,
    resend: SimDuration,
}

/// What a leader knows of a follower.
#[derive(Clone, Copy, Debug, Default, Hash)]
struct Progress {
    /// What it has confirmed; nothing before it was heard in this life.
    has: Option<u32>,
    /// What was sent to it.
    sent: u32,
    /// What should have been confirmed by the next time that it resends.
    due: u32,
}

#[derive(Clone, Copy, Debug, Hash)]
struct Owed {
    author: NodeId,
    operation: u32,
    position: u32,
}

impl Leader {
    pub(super) fn new(shard: Shard, choices: &Choices) -> Leader {
        let followers = choices.followers.iter();
        Leader {
            shard,
            log: Log::new(shard),
            commit: GroupCommit::default(),
            followers: followers.map(|node| (*node, Progress::default())).collect(),
            latest: Map::new(),
            resend: choices.resend,
        }
    }

    pub(super) fn message(
        &mut self,
        from: NodeId,
        message: Message,
        context: &mut Context<'_, Node>,
    ) {
        match message {
            Message::Write {
                operation, seen, ..
            } => self.write(from, operation, seen, context),
            Message::Read { operation, .. } => {
                let position = self.log.durable();
                let post = self.log.at(position);
                let shard = self.shard;
                let value = Message::Value {
                    operation,
                    shard,
                    post,
                    position,
                };
                context.send(from, value);
            }
            Message::Has { position, .. } => self.has(from, position),
            Message::Lacks { after, .. } => {
                self.has(from, after);
                self.send(from, after, context);
            }
            _ => {}
        }
    }

    /// An author wants to post. A retry is no second post, and a copy of an old request is nothing.
    fn write(
        &mut self,
        author: NodeId,
        operation: u32,
        seen: u32,
        context: &mut Context<'_, Node>,
    ) {
        let known = self.latest.get(&author).copied().unwrap_or_default();
        if operation < known.0 {
            return;
        }
        let mut position = known.1;
        if operation > known.0 {
            let post = Post {
                operation,
                author,
                seen,
            };
            position = self.log.append(post, context);
            self.latest.insert(author, (operation, position));
        }
        let owed = Owed {
            author,
            operation,
            position,
        };
        if position <= self.log.durable() {
            self.confirm(owed, context);
        } else {
            self.commit.owe(owed, context);
        }
    }

    fn confirm(&self, owed: Owed, context: &mut Context<'_, Node>) {
        let written = Message::Written {
            operation: owed.operation,
            shard: self.shard,
            position: owed.position,
        };
        context.send(owed.author, written);
    }

    fn has(&mut self, follower: NodeId, position: u32) {
        if let Some(progress) = self.progress(follower) {
            progress.has = progress.has.max(Some(position));
            progress.sent = progress.sent.max(position);
        }
    }

    fn progress(&mut self, follower: NodeId) -> Option<&mut Progress> {
        let mut all = self.followers.iter_mut();
        all.find_map(|(node, progress)| (*node == follower).then_some(progress))
    }

    /// Sends a follower what comes after a position.
    fn send(&mut self, follower: NodeId, after: u32, context: &mut Context<'_, Node>) {
        let posts = self.log.behind(after, BATCH).to_vec();
        let sent = after + posts.len() as u32;
        if let Some(progress) = self.progress(follower) {
            progress.sent = sent;
        }
        let message = Message::Posts {
            shard: self.shard,
            first: after + 1,
            posts,
        };
        context.send(follower, message);
    }

    /// Sends each follower what was not sent to it yet.
    fn send_new(&mut self, context: &mut Context<'_, Node>) {
        let durable = self.log.durable();
        for (follower, progress) in self.followers.clone() {
            if progress.sent < durable {
                self.send(follower, progress.sent, context);
            }
        }
    }

    /// Sends again what was not confirmed since the last time. A follower that it has not heard in this life it asks how far
    /// that is.
    pub(super) fn resend(&mut self, context: &mut Context<'_, Node>) {
        let durable = self.log.durable();
        for (follower, progress) in self.followers.clone() {
            match progress.has {
                None if progress.due > 0 => self.send(follower, durable, context),
                Some(has) if has < progress.due => self.send(follower, has, context),
                _ => {}
            }
        }
        for (_, progress) in &mut self.followers {
            progress.due = durable;
        }
        context.set_timer(self.resend, Timer::Resend);
    }
}

impl Role<Node> for Leader {
    /// Begins with the log that the disk has.
    fn start(&mut self, context: &mut Context<'_, Node>) {
        self.log.start(context);
        for (position, post) in self.log.all() {
            self.latest.insert(post.author, (post.operation, position));
        }
        let durable = self.log.durable();
        for (_, progress) in &mut self.followers {
            (progress.sent, progress.due) = (durable, durable);
        }
        self.resend(context);
    }

    fn synced(&mut self, token: u64, context: &mut Context<'_, Node>) {
        for owed in self.commit.synced(token, context) {
            self.log.synced(owed.position, context);
            self.confirm(owed, context);
        }
        self.send_new(context);
    }

    fn copies(&self) -> Option<Vec<CopyOf>> {
        Some(self.log.copies().collect())
    }

    fn held(&self, by: Measure) -> usize {
        self.log.held(by) + self.commit.held(by) + self.followers.held(by) + self.latest.held(by)
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        let (noun, durable) = (self.shard.noun(), self.log.durable());
        let has = |progress: &Progress| progress.has.unwrap_or(0);
        let followers = self.followers.iter();
        let state = followers.map(|(node, progress)| {
            let name = format!("{} has", (outlook.name)(*node));
            (name, format!("{} of {durable}", has(progress)))
        });
        let slowest = self.followers.iter().min_by_key(|(_, at)| has(at));
        let behind = slowest.filter(|(_, progress)| has(progress) < durable);
        let mut beliefs = vec![match durable {
            0 => format!("Nobody has posted a {noun} yet."),
            _ => format!("{noun} #{} is the latest.", self.log.at(durable)).replacen(
                noun,
                &capital(noun),
                1,
            ),
        }];
        beliefs.extend(behind.map(|(node, progress)| {
            format!(
                "As far as I know, {} lacks {} of mine.",
                (outlook.name)(*node),
                counted((durable - has(progress)) as usize, noun)
            )
        }));
        Description {
            badge: badge(self.shard, self.log.at(durable)),
            state: state.collect(),
            beliefs,
        }
    }
}

/// The latest post of a shard, in short.
pub(super) fn badge(shard: Shard, post: u32) -> String {
    match post {
        0 => format!("no {}", shard.noun()),
        _ => format!("{} #{post}", shard.noun()),
    }
}

fn capital(noun: &str) -> String {
    let (first, rest) = noun.split_at(1);
    first.to_uppercase() + rest
}
