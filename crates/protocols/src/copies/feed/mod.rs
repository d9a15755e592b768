//! A feed: the members of a group write posts and answer each other, and each member shows the posts that reach it.
//!
//! Each post is sent to every member until that member confirms it, so all members receive all posts, in any order. The
//! question is in which order a reader sees them. *Reliable broadcast* shows a post as soon as it arrives. *FIFO
//! broadcast* numbers the posts of each member and shows them in that order. *Causal broadcast* gives each post a vector
//! clock, which says how many posts of each member its author had been shown. A reader is shown the post once it has
//! been shown as many, so it never sees an answer before the question (Birman, Schiper and Stephenson, *Lightweight
//! causal and atomic group multicast*, ACM TOCS 9(3), 1991, section 5; Cachin, Guerraoui and Rodrigues, *Reliable and
//! secure distributed programming*, 2011, section 3.9).
//!
//! A member has each post on disk, its own and those of others, before it shows, sends or confirms the post. A member
//! that restarts shows its posts again and asks the others for theirs.
//!
//! | module | its subject |
//! | --- | --- |
//! | `post` | a post, and how posts are numbered |
//! | `screen` | which posts a member shows, and in which order |
//! | `member` | writes posts, sends them until they are confirmed, and answers |

mod member;
mod post;
mod screen;
#[cfg(test)]
mod tests;

use sim::held::Measure;
use sim::protocol::{Description, Outlook};
use sim::{Context, Machine, NodeId, Protocol, Setup, SimDuration};

use crate::describe::choices::{choices, defence, many, milliseconds, operations, share};
use crate::describe::entry::{Plan, ProtocolEntry};
use crate::describe::world::world;
use member::{Habits, Member};
use post::{Post, PostId};
use screen::{Delivery, Screen};

/// The feed, for scenarios.
pub static ENTRY: ProtocolEntry = Choices::entry(
    "feed",
    "The members of a group write posts, answer each other, and show the posts that reach them.",
    &Member::VOCABULARY,
    build,
)
.with_disks()
.mended(&[
    "A restarted member showed its own posts before the posts that they answer, and began its count of posts anew.",
]);

choices! {
    /// What a scenario chooses for the feed.
    struct Choices {
        roles {
            members: Vec<NodeId> = many("member", 2..=8),
        }
        parameters {
            posts: u32 = operations("posts", "Posts", 10, 1..=200,
                "How many posts each member starts by itself."),
            pause: SimDuration = milliseconds("pause", "Pause", 4000, 10..=60_000,
                "The mean time between two posts that a member starts by itself."),
            answers: f64 = share("answers", "Answers", 0.4, 0.0..=1.0,
                "How likely a member is to answer a post that it sees."),
            think: SimDuration = milliseconds("think", "Thinking time", 300, 0..=60_000,
                "How long a member thinks before it answers."),
            timeout: SimDuration = milliseconds("timeout", "Timeout", 2000, 10..=60_000,
                "How long a member waits for a confirmation before it sends a post again."),
        }
        defences {
            is_fifo: bool = defence("fifo-link", "Each member's posts in order",
                "The posts of a member are shown in the order in which they were written."),
            is_causal: bool = defence("causal-delivery", "Causal delivery",
                "A post is shown after every post that its author had seen."),
        }
    }
}

fn build(plan: &Plan, setup: &Setup) -> Box<dyn Machine> {
    let choices = Choices::of(plan);
    let (habits, delivery) = (Habits::of(&choices), Delivery::of(&choices));
    let members = choices.members.len();
    let member = |node: &NodeId| (*node, Member::new(habits, Screen::new(delivery, members)));
    world(setup, choices.members.iter().map(member))
}

/// What the members send to each other.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Message {
    /// I have written this post.
    Said(Post),
    /// I have received your post, or [`Message::Back`].
    Got {
        /// The number of the post among its author's posts; 0 for [`Message::Back`].
        number: u32,
    },
    /// I have restarted. Which posts have you written?
    Back,
}

/// What a member waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Timer {
    /// Time for the next post.
    Next,
    /// The member has thought of an answer to this post. The answer will be this many answers deep.
    Answer(PostId, u8),
    /// Some members have not confirmed the member's post of this number in time.
    Unconfirmed(u32),
}

impl Protocol for Member {
    type Message = Message;
    type Timer = Timer;
    /// A post, at a place of its own.
    type Record = Post;

    fn held(&self, by: Measure) -> usize {
        Member::held(self, by)
    }

    fn held_by_message(message: &Message) -> usize {
        match message {
            Message::Said(post) => size_of_val(&*post.stamp),
            Message::Got { .. } | Message::Back => 0,
        }
    }

    fn held_by_record(post: &Post) -> usize {
        size_of_val(&*post.stamp)
    }

    sim::vocabulary! {
        messages {
            Message::Said(post @ Post { after: None, .. }) => Request "post" [post.item(), -1, post.id.number] {
                label: "post #{0}",
                says: "here is my post #{0}",
            }
            Message::Said(post) => Reply "answer" [post.item(), post.answered_item(), post.id.number] {
                label: "post #{0} answers #{1}",
                says: "here is my post #{0}, which answers #{1}",
            }
            Message::Got { number } => Acknowledgement "got" [number] {
                label: "got it",
                says: "I have received your post",
            }
            Message::Back => Heartbeat "back" [] {
                label: "I am back",
                says: "I have restarted: which posts have you written?",
            }
        }
        timers {
            Timer::Next => "time for the next post",
            Timer::Answer(..) => "has thought of an answer",
            Timer::Unconfirmed(_) => "some members have not confirmed",
        }
        operations {
            "post": "Write a post now" by ["member"] => Member::post_now,
        }
    }

    fn on_start(&mut self, context: &mut Context<'_, Self>) {
        self.start(context);
    }

    fn on_message(&mut self, from: NodeId, message: Message, context: &mut Context<'_, Self>) {
        match message {
            Message::Said(post) => self.hear(post, context),
            Message::Got { number } => self.confirmed(from, number),
            Message::Back => self.welcome(from, context),
        }
    }

    fn on_timer(&mut self, timer: Timer, context: &mut Context<'_, Self>) {
        match timer {
            Timer::Next => self.next(context),
            Timer::Answer(id, depth) => self.compose(Some(id), depth, context),
            Timer::Unconfirmed(number) => self.publish_again(number, context),
        }
    }

    fn on_synced(&mut self, token: u64, context: &mut Context<'_, Self>) {
        self.synced(token, context);
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        self.description(outlook)
    }
}
