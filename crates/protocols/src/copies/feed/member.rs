//! A member: writes posts, sends them until everyone confirms them, and answers the posts of others.

use sim::network::Distribution;
use sim::protocol::{Description, Outlook};
use sim::random::Probability;
use sim::sorted::{Map, Set};
use sim::trace::Fact;
use sim::{Context, NodeId, SimDuration, Stored};

use super::post::{Post, PostId};
use super::screen::{Order, Screen};
use super::{Choices, Message, Timer};

/// A post this many answers deep gets no answer.
const DEEPEST: u8 = 2;

/// The number that stands for [`Message::Back`] where posts are numbered, and the place of the mark of an earlier life
/// on disk.
const BACK: u32 = 0;

/// How a member behaves.
#[derive(Clone, Copy, Debug)]
pub struct Habits {
    /// How many posts it starts by itself.
    pub posts: u32,
    /// The mean time between these posts.
    pub pause: SimDuration,
    /// How likely it is to answer a post.
    pub answers: Probability,
    /// How long it thinks before it answers.
    pub think: SimDuration,
    /// How long it waits for a confirmation before it sends a post again.
    pub timeout: SimDuration,
}

impl Habits {
    pub(super) fn of(choices: &Choices) -> Habits {
        Habits {
            posts: choices.posts,
            pause: choices.pause,
            answers: Probability::new(choices.answers),
            think: choices.think,
            timeout: choices.timeout,
        }
    }
}

/// A member of the group.
#[derive(Clone, Debug)]
pub struct Member {
    habits: Habits,
    /// How many posts it has started by itself.
    begun: u32,
    /// Its own posts, in order.
    own: Vec<Post>,
    /// Which members have not confirmed each of its own posts.
    unconfirmed: Map<u32, Set<NodeId>>,
    screen: Screen,
}

impl Member {
    /// A member that has said and seen nothing.
    pub fn new(habits: Habits, screen: Screen) -> Member {
        Member {
            habits,
            begun: 0,
            own: Vec::new(),
            unconfirmed: Map::new(),
            screen,
        }
    }

    pub(super) fn start(&mut self, context: &mut Context<'_, Self>) {
        if context.read(BACK.into()).is_some() {
            self.recover(context);
        } else {
            context.write(BACK.into(), None);
            context.sync(BACK.into());
        }
        self.rest(context);
    }

    fn rest(&mut self, context: &mut Context<'_, Self>) {
        let mean = self.habits.pause;
        let pause = context.draw(Distribution::Exponential { mean });
        context.set_timer(pause, Timer::Next);
    }

    /// Reads its own posts from disk. A restarted member does not know who has confirmed them, nor what others said.
    fn recover(&mut self, context: &mut Context<'_, Self>) {
        let posts = context.durable().filter_map(|(_, stored)| match stored {
            Stored::Whole(Some(post)) => Some(post.clone()),
            _ => None,
        });
        self.own = posts.collect();
        for post in &self.own {
            self.screen.learn(post.id);
            self.screen.show(post.id);
        }
        for number in BACK..=self.own.len() as u32 {
            self.publish(number, context.others().collect(), context);
        }
    }

    pub(super) fn next(&mut self, context: &mut Context<'_, Self>) {
        if self.begun < self.habits.posts {
            self.begun += 1;
            self.compose(None, 0, context);
            self.rest(context);
        }
    }

    pub(super) fn post_now(&mut self, _argument: i64, context: &mut Context<'_, Self>) {
        self.compose(None, 0, context);
    }

    /// Writes a post to disk. The post is sent and shown when it is durable.
    pub(super) fn compose(
        &mut self,
        after: Option<PostId>,
        depth: u8,
        context: &mut Context<'_, Self>,
    ) {
        let author = context.me();
        let number = self.own.len() as u32 + 1;
        let mut stamp = self.screen.counts().to_vec();
        stamp[author.index()] = number;
        let post = Post {
            id: PostId { author, number },
            after,
            depth,
            stamp,
        };
        self.own.push(post.clone());
        context.write(u64::from(number), Some(post));
        context.sync(u64::from(number));
    }

    pub(super) fn synced(&mut self, number: u32, context: &mut Context<'_, Self>) {
        if let Some(post) = self.own_post(number).cloned() {
            self.receive(post, context);
            self.publish(number, context.others().collect(), context);
        }
    }

    /// Its own post of this number.
    fn own_post(&self, number: u32) -> Option<&Post> {
        self.own.get((number as usize).wrapping_sub(1))
    }

    /// Sends these readers its own post of this number, or [`Message::Back`], until they confirm it.
    fn publish(&mut self, number: u32, readers: Set<NodeId>, context: &mut Context<'_, Self>) {
        if readers.is_empty() {
            return;
        }
        let post = self.own_post(number).cloned();
        let message = post.map_or(Message::Back, Message::Said);
        for reader in &readers {
            context.send(*reader, message.clone());
        }
        let waits = !self.unconfirmed.contains_key(&number);
        self.unconfirmed.entry(number).or_default().extend(readers);
        if waits {
            context.set_timer(self.habits.timeout, Timer::Unconfirmed(number));
        }
    }

    pub(super) fn publish_again(&mut self, number: u32, context: &mut Context<'_, Self>) {
        let readers = self.unconfirmed.remove(&number).unwrap_or_default();
        self.publish(number, readers, context);
    }

    pub(super) fn confirmed(&mut self, reader: NodeId, number: u32) {
        if let Some(readers) = self.unconfirmed.get_mut(&number) {
            readers.remove(&reader);
        }
    }

    /// A member has restarted and asks for all posts.
    pub(super) fn welcome(&mut self, member: NodeId, context: &mut Context<'_, Self>) {
        context.send(member, Message::Got { number: BACK });
        for number in 1..=self.own.len() as u32 {
            self.publish(number, [member].into(), context);
        }
    }

    pub(super) fn hear(&mut self, from: NodeId, post: Post, context: &mut Context<'_, Self>) {
        let number = post.id.number;
        context.send(from, Message::Got { number });
        self.receive(post, context);
    }

    fn receive(&mut self, post: Post, context: &mut Context<'_, Self>) {
        if !self.screen.learn(post.id) {
            return;
        }
        if let Some(awaits) = self.screen.missing(&post) {
            context.record(Fact::HeldBack {
                item: post.item(),
                awaits: self.item(awaits),
            });
        }
        self.screen.hold(post);
        while let Some(post) = self.screen.show_next() {
            self.show(&post, context);
        }
    }

    /// The reader is shown a post, and may answer it.
    fn show(&self, post: &Post, context: &mut Context<'_, Self>) {
        let item = post.item();
        context.record(Fact::Shown {
            item,
            after: post.answered_item(),
        });
        let is_answered = self.own.iter().any(|own| own.after == Some(post.id));
        let answers = post.depth < DEEPEST && context.happens(self.habits.answers, item as u64);
        if answers && !is_answered {
            context.set_timer(self.habits.think, Timer::Answer(post.id, post.depth + 1));
        }
    }

    fn item(&self, id: PostId) -> i64 {
        id.item(self.screen.counts().len())
    }

    pub(super) fn description(&self, outlook: &Outlook<'_>) -> Description {
        let shown = self.screen.shown();
        let held = self.screen.held();
        let state = [("shown", shown.len()), ("held back", held.len())];
        let latest = &shown[shown.len().saturating_sub(4)..];
        let titles: Vec<String> = latest
            .iter()
            .map(|id| format!("#{}", self.item(*id)))
            .collect();
        Description {
            badge: titles.join(" "),
            state: state
                .map(|(name, count)| (name.to_owned(), count.to_string()))
                .into(),
            beliefs: self.beliefs(outlook),
        }
    }

    fn beliefs(&self, outlook: &Outlook<'_>) -> Vec<String> {
        let order = match self.screen.order() {
            Order::Arrival => "I show posts in the order in which they arrive.",
            Order::Fifo => "I show each member's posts in the order in which they were written.",
            Order::Causal => "I show a post after all posts that its author had seen.",
        };
        let held = self.screen.held().filter_map(|(post, awaits)| {
            let awaits = awaits?;
            Some(format!(
                "I hold back #{} by {}: #{} by {} belongs before it and has not arrived.",
                post.item(),
                (outlook.name)(post.id.author),
                self.item(awaits),
                (outlook.name)(awaits.author),
            ))
        });
        [order.to_owned()].into_iter().chain(held).collect()
    }
}
