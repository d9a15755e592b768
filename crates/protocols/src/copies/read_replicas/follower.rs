//! A follower, which has a copy of both shards and answers readers.

use sim::held::Measure;
use sim::protocol::{CopyOf, Description, Outlook};
use sim::{Context, NodeId};

use super::leader::badge;
use super::log::Log;
use super::message::{Message, Post, Shard};
use super::{Choices, Node};
use crate::describe::roles::Role;
use crate::parts::disk::group_commit::GroupCommit;

/// A follower. It shows the posts that its disk has, in the order of their logs.
#[derive(Clone, Debug, Hash)]
pub struct Follower {
    leaders: [NodeId; 2],
    logs: [Log; 2],
    /// How much of each log readers see.
    shown: [u32; 2],
    /// Whether a post is held back until what its author had seen is shown.
    keeps_prefix: bool,
    /// What its leaders are told, once it is durable.
    commit: GroupCommit<(Shard, u32)>,
}

impl Follower {
    pub(super) fn new(choices: &Choices) -> Follower {
        Follower {
            leaders: choices.leaders(),
            logs: Shard::ALL.map(Log::new),
            shown: [0; 2],
            keeps_prefix: choices.keeps_prefix,
            commit: GroupCommit::default(),
        }
    }

    pub(super) fn message(
        &mut self,
        from: NodeId,
        message: Message,
        context: &mut Context<'_, Node>,
    ) {
        match message {
            Message::Read {
                operation,
                shard,
                at_least,
            } => {
                let answer = self.answer(operation, shard, at_least);
                context.send(from, answer);
            }
            Message::Posts {
                shard,
                first,
                posts,
            } => self.posts(shard, first, &posts, context),
            _ => {}
        }
    }

    fn answer(&self, operation: u32, shard: Shard, at_least: u32) -> Message {
        let position = self.shown[shard.place()];
        if position < at_least {
            return Message::Behind {
                operation,
                shard,
                position,
            };
        }
        Message::Value {
            operation,
            shard,
            post: self.post(shard),
            position,
        }
    }

    /// The latest post of a shard that readers see; 0 if there is none.
    fn post(&self, shard: Shard) -> u32 {
        self.logs[shard.place()].at(self.shown[shard.place()])
    }

    /// Takes what follows its log, and leaves what it has.
    fn posts(&mut self, shard: Shard, first: u32, posts: &[Post], context: &mut Context<'_, Node>) {
        let leader = self.leaders[shard.place()];
        let log = &mut self.logs[shard.place()];
        let Some(known) = (log.len() + 1).checked_sub(first) else {
            let after = log.len();
            return context.send(leader, Message::Lacks { shard, after });
        };
        for post in posts.iter().skip(known as usize) {
            log.append(*post, context);
        }
        if log.durable() == log.len() {
            let position = log.durable();
            context.send(leader, Message::Has { shard, position });
        } else {
            let position = log.len();
            self.commit.owe((shard, position), context);
        }
    }

    /// Shows what is durable, as far as it may.
    fn show(&mut self) {
        while Shard::ALL
            .map(|shard| self.show_next(shard))
            .contains(&true)
        {}
    }

    /// Shows the next post of a shard, if there is one that may be shown.
    fn show_next(&mut self, shard: Shard) -> bool {
        let next = self.shown[shard.place()] + 1;
        let may = self
            .next_of(shard)
            .is_some_and(|post| !self.waits(shard, post));
        if may {
            self.shown[shard.place()] = next;
        }
        may
    }

    /// The first durable post of a shard that readers do not see.
    fn next_of(&self, shard: Shard) -> Option<&Post> {
        let (log, next) = (&self.logs[shard.place()], self.shown[shard.place()] + 1);
        log.get(next).filter(|_| next <= log.durable())
    }

    fn waits(&self, shard: Shard, post: &Post) -> bool {
        self.keeps_prefix && post.seen > self.shown[shard.other().place()]
    }
}

impl Role<Node> for Follower {
    /// Begins with the logs that the disk has.
    fn start(&mut self, context: &mut Context<'_, Node>) {
        for log in &mut self.logs {
            log.start(context);
        }
        self.show();
    }

    fn synced(&mut self, token: u64, context: &mut Context<'_, Node>) {
        for (shard, position) in self.commit.synced(token, context) {
            self.logs[shard.place()].synced(position, context);
            let leader = self.leaders[shard.place()];
            context.send(leader, Message::Has { shard, position });
        }
        self.show();
    }

    fn copies(&self) -> Option<Vec<CopyOf>> {
        Some(self.logs.iter().flat_map(Log::copies).collect())
    }

    fn held(&self, by: Measure) -> usize {
        let logs = self.logs.iter().map(|log| log.held(by));
        logs.sum::<usize>() + self.commit.held(by)
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        let badges = Shard::ALL.map(|shard| badge(shard, self.post(shard)));
        let state = Shard::ALL.map(|shard| {
            let name = (outlook.name)(self.leaders[shard.place()]);
            let (log, shown) = (&self.logs[shard.place()], self.shown[shard.place()]);
            (
                format!("from {name}"),
                format!("{shown} of {} shown", log.durable()),
            )
        });
        let held_back = Shard::ALL.into_iter().filter_map(|shard| {
            let post = self.next_of(shard)?;
            let (noun, other) = (shard.noun(), shard.other().noun());
            let number = post.operation;
            Some(format!(
                "I hold {noun} #{number} back: its author had seen a {other} that I do not have yet."
            ))
        });
        let own = "This is what I was sent. There may be more that I was not told about.";
        Description {
            badge: badges.join(", "),
            state: state.to_vec(),
            beliefs: [own.to_owned()].into_iter().chain(held_back).collect(),
        }
    }
}
