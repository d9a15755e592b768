//! A group's feed: members post, and answer each other's posts; each shows what reaches it.
//!
//! Every post is sent to every member until that member confirms it, so all get all of them, in any order. What order
//! a reader sees is another matter. Reliable broadcast shows a post as it comes. FIFO broadcast numbers each member's
//! posts and shows them in that order. Causal broadcast gives each post a vector clock, how many posts of each member
//! its author had been shown, and shows it when the reader has been shown as many: so never an answer before its
//! question (Birman, Schiper and Stephenson, *Lightweight causal and atomic group multicast*, ACM TOCS 9(3), 1991,
//! section 5; Cachin, Guerraoui and Rodrigues, *Reliable and secure distributed programming*, 2011, section 3.9).
//!
//! A member keeps its own posts on disk before it sends them. One that restarts asks the others for theirs.

use sim::sorted::{Map, Set};

use sim::network::Distribution;
use sim::protocol::{
    Description, Gist, MessageSort, MessageWord, OperationWord, Outlook, TimerWord, Vocabulary,
};
use sim::random::Probability;
use sim::trace::Fact;
use sim::{Context, Machine, NodeId, Protocol, Setup, SimDuration, Stored, World};

use crate::describe::entry::{
    DefenceSpec, ParameterSpec, Plan, ProtocolEntry, Quantity, RoleSpec, ms,
};

/// The feed, for scenarios.
pub const ENTRY: ProtocolEntry = ProtocolEntry {
    id: "feed",
    about: "Members of a group post, answer each other, and show what reaches them.",
    roles: &[RoleSpec {
        id: "member",
        fewest: 2,
        most: 8,
    }],
    parameters: &[
        ParameterSpec {
            id: "posts",
            label: "Posts",
            about: "How many posts each member begins by itself.",
            quantity: Quantity::Count,
            default: 10.0,
            min: 1.0,
            max: 200.0,
        },
        ParameterSpec {
            id: "pause",
            label: "Pause",
            about: "The mean time between two posts that a member begins by itself.",
            quantity: Quantity::Duration,
            default: ms(4000),
            min: ms(10),
            max: ms(60_000),
        },
        ParameterSpec {
            id: "answers",
            label: "Answers",
            about: "How likely a member is to answer a post that it is shown.",
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
            protects: "What a member adds to its own post is shown after that post.",
        },
        DefenceSpec {
            id: "causal-delivery",
            label: "Causal delivery",
            protects: "A post is shown after everything that its author had been shown.",
        },
    ],
    vocabulary: &<Member as Protocol>::VOCABULARY,
    build,
};

fn build(plan: &Plan, setup: &Setup) -> Box<dyn Machine> {
    let members = plan.roles.len();
    let member = |_| Member {
        order: if plan.has("causal-delivery") {
            Order::Causal
        } else if plan.has("fifo-link") {
            Order::Fifo
        } else {
            Order::Arrival
        },
        posts: plan.count("posts"),
        pause: plan.duration("pause"),
        answers: Probability::new(plan.share("answers")),
        think: plan.duration("think"),
        timeout: plan.duration("timeout"),
        begun: 0,
        own: Vec::new(),
        unconfirmed: Map::new(),
        shown: vec![0; members],
        screen: Vec::new(),
        seen: Set::new(),
        held: Vec::new(),
    };
    Box::new(World::new(setup, (0..members).map(member).collect()))
}

/// In which order a member shows posts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    Arrival,
    Fifo,
    Causal,
}

/// Something that a member has said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Post {
    author: NodeId,
    /// Its number among its author's posts, from 1.
    number: u32,
    /// The post that it answers or adds to.
    after: Option<PostId>,
    /// How many answers deep it is.
    depth: u8,
    /// How many posts of each member its author had been shown, this one included.
    stamp: Vec<u32>,
}

/// Which post: its author, and its number among that one's posts.
type PostId = (NodeId, u32);

/// Answers to answers are answered no more.
const DEEPEST: u8 = 2;

impl Post {
    fn id(&self) -> PostId {
        (self.author, self.number)
    }
}

/// What the members tell each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// I have said this.
    Said(Post),
    /// I have got what you said; 0 for [`Message::Back`].
    Got {
        /// Its number among its author's posts.
        number: u32,
    },
    /// I have restarted: what have you said?
    Back,
}

/// What a member waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timer {
    /// Time for the next post.
    Next,
    /// The answer to a post is thought out; so many answers deep will it be.
    Answer(PostId, u8),
    /// Not everybody has confirmed this post of its own in time.
    Unconfirmed(u32),
}

/// A member of the group.
#[derive(Clone, Debug)]
pub struct Member {
    order: Order,
    posts: u32,
    pause: SimDuration,
    answers: Probability,
    think: SimDuration,
    timeout: SimDuration,
    /// How many posts it has begun by itself.
    begun: u32,
    /// Its own posts, in order.
    own: Vec<Post>,
    /// Who has not confirmed which of its own posts.
    unconfirmed: Map<u32, Set<NodeId>>,
    /// How many posts of each member it has shown: its vector clock.
    shown: Vec<u32>,
    /// What it has shown, in that order.
    screen: Vec<PostId>,
    /// What it has got.
    seen: Set<PostId>,
    /// What it has got and does not show yet.
    held: Vec<Post>,
}

impl Protocol for Member {
    type Message = Message;
    type Timer = Timer;
    /// Its own post of the number that is its place; at place 0 the mark of an earlier life.
    type Record = Option<Post>;

    const VOCABULARY: Vocabulary = Vocabulary {
        messages: &[
            MessageWord {
                name: "post",
                label: "#{0}",
                says: "I say #{0}",
                sort: MessageSort::Request,
            },
            MessageWord {
                name: "answer",
                label: "#{0} answers #{1}",
                says: "I say #{0}, to #{1}",
                sort: MessageSort::Reply,
            },
            MessageWord {
                name: "got",
                label: "got it",
                says: "I have got your post number {0}",
                sort: MessageSort::Acknowledgement,
            },
            MessageWord {
                name: "back",
                label: "I am back",
                says: "I have restarted; what have you said?",
                sort: MessageSort::Heartbeat,
            },
        ],
        timers: &[
            TimerWord {
                says: "has something to say",
                is_timeout: false,
            },
            TimerWord {
                says: "has an answer",
                is_timeout: false,
            },
            TimerWord {
                says: "not everybody has confirmed",
                is_timeout: false,
            },
        ],
        operations: &[OperationWord {
            name: "post",
            does: "Post something at once",
        }],
    };

    fn on_start(&mut self, context: &mut Context<'_, Self>) {
        if context.read(0).is_some() {
            self.recover(context);
        } else {
            context.write(0, None);
            context.sync(0);
        }
        self.rest(context);
    }

    fn on_message(&mut self, from: NodeId, message: Message, context: &mut Context<'_, Self>) {
        match message {
            Message::Said(post) => {
                let number = post.number;
                context.send(from, Message::Got { number });
                self.receive(post, context);
            }
            Message::Got { number } => self.confirmed(from, number),
            Message::Back => {
                context.send(from, Message::Got { number: 0 });
                for number in 1..=self.own.len() as u32 {
                    self.publish(number, [from].into(), context);
                }
            }
        }
    }

    fn on_timer(&mut self, timer: Timer, context: &mut Context<'_, Self>) {
        match timer {
            Timer::Next if self.begun < self.posts => {
                self.begun += 1;
                self.compose(None, 0, context);
                self.rest(context);
            }
            Timer::Next => {}
            Timer::Answer(id, depth) => self.compose(Some(id), depth, context),
            Timer::Unconfirmed(number) => {
                let readers = self.unconfirmed.remove(&number).unwrap_or_default();
                self.publish(number, readers, context);
            }
        }
    }

    fn on_synced(&mut self, token: u64, context: &mut Context<'_, Self>) {
        if let Some(post) = self.own.get((token as usize).wrapping_sub(1)).cloned() {
            let number = post.number;
            self.receive(post, context);
            self.publish(number, context.others().collect(), context);
        }
    }

    fn on_operation(&mut self, _operation: u8, _argument: i64, context: &mut Context<'_, Self>) {
        self.compose(None, 0, context);
    }

    fn gist(message: &Message) -> Gist {
        let (kind, args) = match message {
            Message::Said(post) => {
                let members = post.stamp.len();
                let item = item(post.id(), members);
                match post.after {
                    None => (0, [item, -1, i64::from(post.number)]),
                    Some(after) => (
                        1,
                        [item, self::item(after, members), i64::from(post.number)],
                    ),
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
        Description {
            badge: self.titles(self.screen.iter().rev().take(4).rev()),
            state: vec![
                ("shown".to_owned(), self.screen.len().to_string()),
                ("held back".to_owned(), self.held.len().to_string()),
            ],
            beliefs: self.beliefs(outlook),
        }
    }
}

/// The number of a post in a run with so many members.
fn item((author, number): PostId, members: usize) -> i64 {
    (i64::from(number) - 1) * members as i64 + i64::from(author.0) + 1
}

impl Member {
    fn rest(&mut self, context: &mut Context<'_, Self>) {
        let pause = context.draw(Distribution::Exponential { mean: self.pause });
        context.set_timer(pause, Timer::Next);
    }

    /// A member that has restarted knows its own posts, and neither who got them nor what the others have said.
    fn recover(&mut self, context: &mut Context<'_, Self>) {
        let posts = context.durable().filter_map(|(_, stored)| match stored {
            Stored::Whole(Some(post)) => Some(post.clone()),
            _ => None,
        });
        self.own = posts.collect();
        for post in self.own.clone() {
            self.seen.insert(post.id());
            self.screen.push(post.id());
            self.count(&post);
        }
        for number in 0..=self.own.len() as u32 {
            self.publish(number, context.others().collect(), context);
        }
    }

    /// Puts a post on disk; it is sent and shown when it is durable.
    fn compose(&mut self, after: Option<PostId>, depth: u8, context: &mut Context<'_, Self>) {
        let author = context.me();
        let number = self.own.len() as u32 + 1;
        let mut stamp = self.shown.clone();
        stamp[author.index()] = number;
        let post = Post {
            author,
            number,
            after,
            depth,
            stamp,
        };
        self.own.push(post.clone());
        context.write(u64::from(number), Some(post));
        context.sync(u64::from(number));
    }

    /// Sends its own post of this number, or for 0 that it is back, to these readers until they confirm it.
    fn publish(&mut self, number: u32, readers: Set<NodeId>, context: &mut Context<'_, Self>) {
        if readers.is_empty() {
            return;
        }
        let post = self.own.get((number as usize).wrapping_sub(1));
        let message = post.cloned().map_or(Message::Back, Message::Said);
        for reader in &readers {
            context.send(*reader, message.clone());
        }
        let waits = !self.unconfirmed.contains_key(&number);
        self.unconfirmed.entry(number).or_default().extend(readers);
        if waits {
            context.set_timer(self.timeout, Timer::Unconfirmed(number));
        }
    }

    fn confirmed(&mut self, reader: NodeId, number: u32) {
        if let Some(readers) = self.unconfirmed.get_mut(&number) {
            readers.remove(&reader);
        }
    }

    fn receive(&mut self, post: Post, context: &mut Context<'_, Self>) {
        if !self.seen.insert(post.id()) {
            return;
        }
        match self.missing(&post) {
            None => {
                self.show(&post, context);
                self.release(context);
            }
            Some(awaits) => {
                context.record(Fact::HeldBack {
                    item: self.item(post.id()),
                    awaits: self.item(awaits),
                });
                self.held.push(post);
            }
        }
    }

    /// A post that belongs before this one and has not been shown.
    fn missing(&self, post: &Post) -> Option<PostId> {
        let author = post.author.index();
        let is_needed = |member: usize| match self.order {
            Order::Arrival => false,
            Order::Fifo => member == author,
            Order::Causal => true,
        };
        let needed = |member: usize| post.stamp[member] - u32::from(member == author);
        (0..self.shown.len())
            .find(|member| is_needed(*member) && self.shown[*member] < needed(*member))
            .map(|member| (NodeId(member as u16), self.shown[member] + 1))
    }

    fn show(&mut self, post: &Post, context: &mut Context<'_, Self>) {
        self.screen.push(post.id());
        self.count(post);
        let item = self.item(post.id());
        context.record(Fact::Shown {
            item,
            after: post.after.map_or(-1, |after| self.item(after)),
        });
        let is_answered = self.own.iter().any(|own| own.after == Some(post.id()));
        let answers = post.depth < DEEPEST && context.happens(self.answers, item as u64);
        if answers && !is_answered {
            context.set_timer(self.think, Timer::Answer(post.id(), post.depth + 1));
        }
    }

    fn count(&mut self, post: &Post) {
        self.shown[post.author.index()] += 1;
    }

    /// Shows all that is no longer held back by anything.
    fn release(&mut self, context: &mut Context<'_, Self>) {
        while let Some(place) = self
            .held
            .iter()
            .position(|post| self.missing(post).is_none())
        {
            let post = self.held.remove(place);
            self.show(&post, context);
        }
    }

    fn item(&self, id: PostId) -> i64 {
        item(id, self.shown.len())
    }

    fn titles<'a>(&self, posts: impl Iterator<Item = &'a PostId>) -> String {
        let titles: Vec<String> = posts.map(|id| format!("#{}", self.item(*id))).collect();
        titles.join(" ")
    }

    fn beliefs(&self, outlook: &Outlook<'_>) -> Vec<String> {
        let order = match self.order {
            Order::Arrival => "I show what comes as it comes: what came first was said first.",
            Order::Fifo => "I show each member's posts in the order in which they were said.",
            Order::Causal => {
                "I show a post when I have shown all that its author had seen when it was said."
            }
        };
        let held = self.held.iter().filter_map(|post| {
            let awaits = self.missing(post)?;
            Some(format!(
                "I have #{} by {} and do not show it: #{} by {} belongs before it, and has not come.",
                self.item(post.id()),
                (outlook.name)(post.author),
                self.item(awaits),
                (outlook.name)(awaits.0),
            ))
        });
        [order.to_owned()].into_iter().chain(held).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trial::Trial;
    use sim::{Action, Target};

    /// Three members; what the first says takes long to reach the third. Who showed what, in order.
    fn screens(defence: Option<&'static str>) -> Vec<Vec<(i64, i64)>> {
        let mut trial = Trial::new(&ENTRY, &["member"; 3])
            .slow_link(0, 2, 1500)
            .set("answers", 1.0)
            .set("posts", 1.0);
        if let Some(defence) = defence {
            trial = trial.on(defence);
        }
        let facts = trial.facts(60_000);
        let screen = |member: u16| {
            let of_member = facts.iter().filter(move |(_, node, _)| *node == member);
            let shown = of_member.filter_map(|(_, _, fact)| match fact {
                Fact::Shown { item, after } => Some((*item, *after)),
                _ => None,
            });
            shown.collect()
        };
        (0..3).map(screen).collect()
    }

    /// How many posts a member showed before what they answer.
    fn early(screen: &[(i64, i64)]) -> usize {
        let is_early = |(place, (_, after)): (usize, &(i64, i64))| {
            *after >= 0 && !screen[..place].iter().any(|(item, _)| item == after)
        };
        screen
            .iter()
            .enumerate()
            .filter(|shown| is_early(*shown))
            .count()
    }

    #[test]
    fn answers_overtake_their_question_on_the_way_to_a_distant_reader() {
        assert!(early(&screens(None)[2]) > 0);
        assert!(early(&screens(Some("fifo-link"))[2]) > 0);
    }

    #[test]
    fn causal_delivery_shows_each_question_first_and_in_the_end_everything() {
        let screens = screens(Some("causal-delivery"));
        assert!(screens.iter().all(|screen| early(screen) == 0));
        assert!(screens[0].len() > 3);
        assert!(
            screens
                .iter()
                .all(|screen| screen.len() == screens[0].len())
        );
    }

    #[test]
    fn fifo_keeps_each_members_own_posts_in_order() {
        for screen in screens(Some("fifo-link")) {
            for author in 1..=3 {
                let own: Vec<i64> = screen
                    .iter()
                    .map(|(item, _)| *item)
                    .filter(|item| (item - author) % 3 == 0)
                    .collect();
                assert!(own.is_sorted(), "{own:?}");
            }
        }
    }

    #[test]
    fn a_member_that_restarts_gets_what_it_missed() {
        let node = Target::Node(NodeId(2));
        let facts = Trial::new(&ENTRY, &["member"; 3])
            .on("causal-delivery")
            .set("posts", 4.0)
            .network(|link| link.loss = Probability::new(0.2))
            .act(6000, Action::Crash(node))
            .act(12_000, Action::Restart(node))
            .facts(120_000);
        let shown = |member: u16| -> Set<i64> {
            let of_member = facts.iter().filter(move |(_, node, _)| *node == member);
            let shown = of_member.filter_map(|(_, _, fact)| match fact {
                Fact::Shown { item, .. } => Some(*item),
                _ => None,
            });
            shown.collect()
        };
        assert!(shown(0).len() > 10);
        assert_eq!(shown(0), shown(1));
        assert_eq!(shown(0), shown(2));
    }
}
