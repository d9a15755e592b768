//! A member: writes posts, sends them until everyone confirms them, and answers the posts of others.
//!
//! A post is on the member's disk before it is shown, sent or confirmed. So a member that restarts shows what it had
//! shown, and the counts that it stamps its posts with never go back.

use sim::held::{Held, Measure, all_held};
use sim::network::Distribution;
use sim::protocol::{Description, Outlook};
use sim::random::Probability;
use sim::sorted::{Map, Set};
use sim::trace::Fact;
use sim::{Context, NodeId, SimDuration, Stored};

use super::post::{Post, PostId, Posts};
use super::screen::{Delivery, Screen};
use super::{Choices, Message, Timer};
use crate::parts::disk::group_commit::GroupCommit;

/// A post this many answers deep gets no answer.
const DEEPEST: u8 = 2;

/// The number that stands for [`Message::Back`] where posts are numbered.
const BACK: u32 = 0;

/// How a member behaves.
#[derive(Clone, Copy, Debug, Hash)]
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
#[derive(Clone, Debug, Hash)]
pub struct Member {
    habits: Habits,
    /// Its own posts, in order.
    own: Vec<Post>,
    /// How many of them answer nothing.
    started: u32,
    /// The posts that they answer.
    answered: Posts,
    /// How many of its own posts are durable.
    durable: u32,
    /// The posts that are on their way to the disk.
    saving: Set<PostId>,
    after_sync: GroupCommit<Owed>,
    /// Which members have not confirmed each of its own posts.
    unconfirmed: Map<u32, Set<NodeId>>,
    screen: Screen,
}

/// What is owed once a post is durable: it is shown when its turn comes, and its author is told that it has arrived.
#[derive(Clone, Debug, Hash)]
enum Owed {
    /// A post of its own, which is sent then.
    Own(Post),
    /// A post of another member.
    Heard(Post),
    /// A copy of a post that was on its way to the disk already.
    Again(PostId),
}

/// Where on disk a post lies.
fn place(id: PostId) -> u64 {
    u64::from(id.author.0) << 32 | u64::from(id.number)
}

impl Member {
    /// Bytes that it takes on the heap.
    pub(super) fn held(&self, by: Measure) -> usize {
        let stamps = self.own.iter().map(|post| &post.stamp);
        self.own.held(by)
            + all_held(stamps, by)
            + self.answered.held(by)
            + self.saving.held(by)
            + self.after_sync.held(by)
            + self.unconfirmed.held(by)
            + all_held(self.unconfirmed.values(), by)
            + self.screen.held_bytes(by)
    }

    /// A member that has said and seen nothing.
    pub fn new(habits: Habits, screen: Screen) -> Member {
        Member {
            habits,
            own: Vec::new(),
            started: 0,
            answered: Posts::default(),
            durable: 0,
            saving: Set::new(),
            after_sync: GroupCommit::default(),
            unconfirmed: Map::new(),
            screen,
        }
    }

    pub(super) fn start(&mut self, context: &mut Context<'_, Self>) {
        if context.boot() > 0 {
            self.recover(context);
        }
        self.rest(context);
    }

    fn rest(&mut self, context: &mut Context<'_, Self>) {
        let mean = self.habits.pause;
        let pause = context.draw(Distribution::Exponential { mean });
        context.set_timer(pause, Timer::Next);
    }

    /// Reads all posts from disk, and shows them again. A restarted member does not know who has confirmed its own.
    fn recover(&mut self, context: &mut Context<'_, Self>) {
        let posts = context.durable().filter_map(|(_, stored)| match stored {
            Stored::Whole(post) => Some(post.clone()),
            Stored::Torn => None,
        });
        let posts: Vec<Post> = posts.collect();
        let me = context.me();
        for post in posts.iter().filter(|post| post.id.author == me) {
            self.keep(post.clone());
        }
        self.durable = self.own.len() as u32;
        for post in posts {
            self.receive(post, context);
        }
        for number in BACK..=self.durable {
            self.publish(number, context.others().collect(), context);
        }
    }

    /// Starts a post, if it has not started as many as it should, in this life and in earlier ones.
    pub(super) fn next(&mut self, context: &mut Context<'_, Self>) {
        if self.started < self.habits.posts {
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
        self.keep(post.clone());
        self.save(&post, Owed::Own(post.clone()), context);
    }

    /// Adds a post to its own.
    fn keep(&mut self, post: Post) {
        match post.after {
            Some(answered) => drop(self.answered.insert(answered)),
            None => self.started += 1,
        }
        self.own.push(post);
    }

    fn save(&mut self, post: &Post, owed: Owed, context: &mut Context<'_, Self>) {
        self.saving.insert(post.id);
        context.write(place(post.id), post.clone());
        self.after_sync.owe(owed, context);
    }

    pub(super) fn synced(&mut self, token: u64, context: &mut Context<'_, Self>) {
        for owed in self.after_sync.synced(token, context) {
            match owed {
                Owed::Own(post) => {
                    let number = post.id.number;
                    self.durable = self.durable.max(number);
                    self.arrived(post, context);
                    self.publish(number, context.others().collect(), context);
                }
                Owed::Heard(post) => {
                    confirm(post.id, context);
                    self.arrived(post, context);
                }
                Owed::Again(id) => confirm(id, context),
            }
        }
    }

    /// A post is durable.
    fn arrived(&mut self, post: Post, context: &mut Context<'_, Self>) {
        self.saving.remove(&post.id);
        self.receive(post, context);
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
        for number in 1..=self.durable {
            self.publish(number, [member].into(), context);
        }
    }

    /// Another member has sent a post. It is confirmed once it is durable.
    pub(super) fn hear(&mut self, post: Post, context: &mut Context<'_, Self>) {
        if self.screen.knows(post.id) {
            confirm(post.id, context);
        } else if self.saving.contains(&post.id) {
            self.after_sync.owe(Owed::Again(post.id), context);
        } else {
            self.save(&post, Owed::Heard(post.clone()), context);
        }
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
        let is_answered = self.answered.contains(post.id);
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
        let badge = match titles.len() {
            0 => "no posts".to_owned(),
            1 => format!("post {}", titles[0]),
            _ => format!("posts {}", titles.join(" ")),
        };
        Description {
            badge,
            state: state
                .map(|(name, count)| (name.to_owned(), count.to_string()))
                .into(),
            beliefs: self.beliefs(outlook),
        }
    }

    fn beliefs(&self, outlook: &Outlook<'_>) -> Vec<String> {
        let told = match self.screen.delivery() {
            Delivery::Arrival => "I show posts in the order in which they arrive.",
            Delivery::Fifo => "I show each member's posts in the order in which they were written.",
            Delivery::Causal => "I show a post after all posts that its author had seen.",
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
        [told.to_owned()].into_iter().chain(held).collect()
    }
}

/// Tells the author of a post that it has arrived.
fn confirm(id: PostId, context: &mut Context<'_, Member>) {
    let number = id.number;
    context.send(id.author, Message::Got { number });
}
