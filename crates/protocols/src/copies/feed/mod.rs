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
//! A member keeps its own posts on disk before it sends them. A member that restarts asks the others for theirs.
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

use sim::protocol::{
    Description, Gist, MessageSort, MessageWord, OperationWord, Outlook, TimerWord, Vocabulary,
};
use sim::random::Probability;
use sim::{Context, Machine, NodeId, Protocol, Setup, World};

use crate::describe::entry::{
    DefenceSpec, ParameterSpec, Plan, ProtocolEntry, Quantity, RoleSpec, ms,
};
use member::{Habits, Member};
use post::{Post, PostId};
use screen::{Order, Screen};

/// The feed, for scenarios.
pub const ENTRY: ProtocolEntry = ProtocolEntry {
    id: "feed",
    about: "The members of a group write posts, answer each other, and show the posts that reach them.",
    roles: &[RoleSpec {
        id: "member",
        fewest: 2,
        most: 8,
    }],
    parameters: &[
        ParameterSpec {
            id: "posts",
            label: "Posts",
            about: "How many posts each member starts by itself.",
            quantity: Quantity::Count,
            default: 10.0,
            min: 1.0,
            max: 200.0,
        },
        ParameterSpec {
            id: "pause",
            label: "Pause",
            about: "The mean time between two posts that a member starts by itself.",
            quantity: Quantity::Duration,
            default: ms(4000),
            min: ms(10),
            max: ms(60_000),
        },
        ParameterSpec {
            id: "answers",
            label: "Answers",
            about: "How likely a member is to answer a post that it sees.",
            quantity: Quantity::Share,
            default: 0.4,
            min: 0.0,
            max: 1.0,
        },
        ParameterSpec {
            id: "think",
            label: "Thinking time",
            about: "How long a member thinks before it answers.",
            quantity: Quantity::Duration,
            default: ms(300),
            min: 0.0,
            max: ms(60_000),
        },
        ParameterSpec {
            id: "timeout",
            label: "Timeout",
            about: "How long a member waits for a confirmation before it sends a post again.",
            quantity: Quantity::Duration,
            default: ms(2000),
            min: ms(10),
            max: ms(60_000),
        },
    ],
    defences: &[
        DefenceSpec {
            id: "fifo-link",
            label: "Each member's posts in order",
            protects: "The posts of a member are shown in the order in which they were written.",
        },
        DefenceSpec {
            id: "causal-delivery",
            label: "Causal delivery",
            protects: "A post is shown after every post that its author had seen.",
        },
    ],
    vocabulary: &<Member as Protocol>::VOCABULARY,
    build,
};

fn build(plan: &Plan, setup: &Setup) -> Box<dyn Machine> {
    let members = plan.roles.len();
    let habits = Habits {
        posts: plan.count("posts"),
        pause: plan.duration("pause"),
        answers: Probability::new(plan.share("answers")),
        think: plan.duration("think"),
        timeout: plan.duration("timeout"),
    };
    let order = if plan.has("causal-delivery") {
        Order::Causal
    } else if plan.has("fifo-link") {
        Order::Fifo
    } else {
        Order::Arrival
    };
    let member = |_| Member::new(habits, Screen::new(order, members));
    Box::new(World::new(setup, (0..members).map(member).collect()))
}

/// What the members send to each other.
#[derive(Clone, Debug, PartialEq, Eq)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    /// The member's own posts, each at the place of its number. At place 0 is the mark of an earlier life.
    type Record = Option<Post>;

    const VOCABULARY: Vocabulary = Vocabulary {
        messages: &[
            MessageWord {
                name: "post",
                label: "#{0}",
                says: "here is my post #{0}",
                sort: MessageSort::Request,
            },
            MessageWord {
                name: "answer",
                label: "#{0} answers #{1}",
                says: "here is my post #{0}, which answers #{1}",
                sort: MessageSort::Reply,
            },
            MessageWord {
                name: "got",
                label: "got it",
                says: "I have received your post number {0}",
                sort: MessageSort::Acknowledgement,
            },
            MessageWord {
                name: "back",
                label: "I am back",
                says: "I have restarted: which posts have you written?",
                sort: MessageSort::Heartbeat,
            },
        ],
        timers: &[
            TimerWord {
                says: "time for the next post",
                is_timeout: false,
            },
            TimerWord {
                says: "has thought of an answer",
                is_timeout: false,
            },
            TimerWord {
                says: "some members have not confirmed",
                is_timeout: false,
            },
        ],
        operations: &[OperationWord {
            name: "post",
            does: "Write a post now",
        }],
    };

    fn on_start(&mut self, context: &mut Context<'_, Self>) {
        self.start(context);
    }

    fn on_message(&mut self, from: NodeId, message: Message, context: &mut Context<'_, Self>) {
        match message {
            Message::Said(post) => self.hear(from, post, context),
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
        self.synced(token as u32, context);
    }

    fn on_operation(&mut self, _operation: u8, _argument: i64, context: &mut Context<'_, Self>) {
        self.compose(None, 0, context);
    }

    fn gist(message: &Message) -> Gist {
        let (kind, args) = match message {
            Message::Said(post) => {
                let (item, number) = (post.item(), i64::from(post.id.number));
                match post.answered_item() {
                    None => (0, [item, -1, number]),
                    Some(answered) => (1, [item, answered, number]),
                }
            }
            Message::Got { number } => (2, [i64::from(*number), 0, 0]),
            Message::Back => (3, [0; 3]),
        };
        Gist { kind, args }
    }

    fn timer_kind(timer: &Timer) -> u8 {
        match timer {
            Timer::Next => 0,
            Timer::Answer(..) => 1,
            Timer::Unconfirmed(_) => 2,
        }
    }

    fn role(&self) -> &'static str {
        "member"
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        self.description(outlook)
    }
}
