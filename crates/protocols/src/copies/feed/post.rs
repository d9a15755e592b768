//! A post, and how posts are named and numbered.

use sim::NodeId;
use sim::held::{Held, Measure, all_held};
use sim::sorted::Set;

/// Which post this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PostId {
    /// The member that wrote the post.
    pub author: NodeId,
    /// The number of the post among its author's posts, from 1.
    pub number: u32,
}

impl PostId {
    /// The number of the post among all posts of a group of this size.
    pub fn item(self, members: usize) -> i64 {
        (i64::from(self.number) - 1) * members as i64 + i64::from(self.author.0) + 1
    }
}

/// Something that a member has said.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Post {
    /// Its author and number.
    pub id: PostId,
    /// The post that it answers.
    pub after: Option<PostId>,
    /// How many answers deep it is.
    pub depth: u8,
    /// How many posts of each member its author had been shown, including this post.
    pub stamp: Vec<u32>,
}

impl Post {
    /// The number of the post in the run.
    pub fn item(&self) -> i64 {
        self.id.item(self.stamp.len())
    }

    /// The number in the run of the post that it answers; -1 if it answers none.
    pub fn answered_item(&self) -> i64 {
        self.after.map_or(-1, |after| after.item(self.stamp.len()))
    }
}

/// A set of posts. Those of one author mostly come in order, so each author's numbers are kept by themselves.
#[derive(Clone, Debug, Default, Hash)]
pub struct Posts {
    numbers: Vec<Set<u32>>,
}

impl Posts {
    /// Whether a post is in it.
    pub fn contains(&self, id: PostId) -> bool {
        let numbers = self.numbers.get(id.author.index());
        numbers.is_some_and(|numbers| numbers.contains(&id.number))
    }

    /// Adds a post. False if it was there before.
    pub fn insert(&mut self, id: PostId) -> bool {
        let author = id.author.index();
        if self.numbers.len() <= author {
            self.numbers.resize_with(author + 1, Set::new);
        }
        self.numbers[author].insert(id.number)
    }

    /// Bytes that it takes on the heap.
    pub fn held(&self, by: Measure) -> usize {
        self.numbers.held(by) + all_held(&self.numbers, by)
    }
}
