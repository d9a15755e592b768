//! What the nodes tell each other and wait for, and what is kept on disk.

use sim::NodeId;

/// A shard of the forum: each has a leader and a log of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shard {
    /// The questions.
    Questions,
    /// The answers.
    Answers,
}

impl Shard {
    /// Both of them, by place.
    pub const ALL: [Shard; 2] = [Shard::Questions, Shard::Answers];

    /// Its place in [`Shard::ALL`].
    pub fn place(self) -> usize {
        self as usize
    }

    /// Its name in histories.
    pub fn key(self) -> i64 {
        self as i64
    }

    /// The one that this is not.
    pub fn other(self) -> Shard {
        match self {
            Shard::Questions => Shard::Answers,
            Shard::Answers => Shard::Questions,
        }
    }

    /// What one of its posts is called.
    pub fn noun(self) -> &'static str {
        match self {
            Shard::Questions => "question",
            Shard::Answers => "answer",
        }
    }
}

/// A post, as it stands in the log of its shard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Post {
    /// The operation that wrote it.
    pub operation: u32,
    /// Who asked for that.
    pub author: NodeId,
    /// What its author had seen of the other shard: the log up to this position.
    pub seen: u32,
}

/// What the nodes tell each other. Positions in a log count from 1; 0 is before the first post.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Message {
    /// Please post this.
    Write {
        /// The operation that asks.
        operation: u32,
        /// In which shard.
        shard: Shard,
        /// What the author has seen of the other shard.
        seen: u32,
    },
    /// It is in the log, and on disk.
    Written {
        /// The operation that asked.
        operation: u32,
        /// In which shard.
        shard: Shard,
        /// At which position.
        position: u32,
    },
    /// What is the latest post?
    Read {
        /// The operation that asks.
        operation: u32,
        /// In which shard.
        shard: Shard,
        /// The position that whoever answers must have reached.
        at_least: u32,
    },
    /// This is.
    Value {
        /// The operation that asked.
        operation: u32,
        /// In which shard.
        shard: Shard,
        /// The operation that wrote the post; 0 if there is none.
        post: u32,
        /// Its position.
        position: u32,
    },
    /// I have not reached that position yet.
    Behind {
        /// The operation that asked.
        operation: u32,
        /// In which shard.
        shard: Shard,
        /// How far the sender is.
        position: u32,
    },
    /// A stretch of a log, for a follower.
    Posts {
        /// Of which shard.
        shard: Shard,
        /// The position of the first of them.
        first: u32,
        /// The posts, in order; none if the leader only asks how far the follower is.
        posts: Vec<Post>,
    },
    /// The log is on my disk up to here.
    Has {
        /// Of which shard.
        shard: Shard,
        /// Up to which position.
        position: u32,
    },
    /// What came does not follow what I have: send what comes after this.
    Lacks {
        /// Of which shard.
        shard: Shard,
        /// The last position that is there.
        after: u32,
    },
}

/// What a node waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Timer {
    /// Time for a client's next operation.
    Next,
    /// No answer has come in time.
    NoAnswer,
    /// Time to send again what a follower has not confirmed.
    Resend,
}
