//! The log of one shard on a node's disk.

use sim::held::{Held, Measure};
use sim::protocol::CopyOf;
use sim::trace::Fact;
use sim::{Context, Stored};

use super::Node;
use super::message::{Post, Shard};

/// A shard's log. Positions count from 1.
///
/// Each post has a place of its own on disk, so a torn write takes none that was there before.
#[derive(Clone, Debug, Hash)]
pub(super) struct Log {
    shard: Shard,
    /// All posts, in order; those that are on their way to the disk, too.
    posts: Vec<Post>,
    /// How many of them are on disk.
    durable: u32,
}

impl Log {
    pub(super) fn new(shard: Shard) -> Log {
        Log {
            shard,
            posts: Vec::new(),
            durable: 0,
        }
    }

    /// Begins a life with what the disk has, up to the first gap. Nobody was told of what lies behind one: a sync covers all
    /// that was written before it.
    pub(super) fn start(&mut self, context: &mut Context<'_, Node>) {
        let mut places: Vec<(u64, Post)> = Vec::new();
        for (place, stored) in context.durable() {
            if let Stored::Whole(post) = stored
                && place >> 32 == self.shard.place() as u64
            {
                places.push((place & u64::from(u32::MAX), *post));
            }
        }
        sim::sorting::sort_by_key(&mut places, |(position, _)| *position);
        let whole = (1..).zip(places).take_while(|(next, (at, _))| next == at);
        self.posts = whole.map(|(_, (_, post))| post).collect();
        self.synced(self.len(), context);
    }

    /// How long it is, with what is on its way to the disk.
    pub(super) fn len(&self) -> u32 {
        self.posts.len() as u32
    }

    /// How much of it is on disk.
    pub(super) fn durable(&self) -> u32 {
        self.durable
    }

    /// Writes a post behind all others, and says at which position. It is durable only after a sync.
    pub(super) fn append(&mut self, post: Post, context: &mut Context<'_, Node>) -> u32 {
        self.posts.push(post);
        let position = self.len();
        let shard = self.shard.place() as u64;
        context.write(shard << 32 | u64::from(position), post);
        position
    }

    /// It is on disk up to a position.
    pub(super) fn synced(&mut self, position: u32, context: &mut Context<'_, Node>) {
        for next in self.durable + 1..=position {
            context.record(Fact::Stored {
                operation: self.at(next),
                key: self.shard.key(),
                version: i64::from(next),
            });
        }
        self.durable = self.durable.max(position);
    }

    /// The post at a position.
    pub(super) fn get(&self, position: u32) -> Option<&Post> {
        self.posts.get(position.checked_sub(1)? as usize)
    }

    /// The operation that wrote the post at a position; 0 if there is none.
    pub(super) fn at(&self, position: u32) -> u32 {
        self.get(position).map_or(0, |post| post.operation)
    }

    /// The durable posts behind a position, at most so many.
    pub(super) fn behind(&self, position: u32, most: usize) -> &[Post] {
        let durable = self.posts.get(..self.durable as usize);
        let rest = durable.and_then(|posts| posts.get(position as usize..));
        let rest = rest.unwrap_or_default();
        &rest[..rest.len().min(most)]
    }

    /// All durable posts, in order, with their positions.
    pub(super) fn all(&self) -> impl Iterator<Item = (u32, &Post)> {
        (1..=self.durable).zip(&self.posts)
    }

    pub(super) fn copies(&self) -> impl Iterator<Item = CopyOf> {
        self.all().map(|(_, post)| CopyOf {
            key: self.shard.key(),
            operation: post.operation,
        })
    }

    pub(super) fn held(&self, by: Measure) -> usize {
        self.posts.held(by)
    }
}
