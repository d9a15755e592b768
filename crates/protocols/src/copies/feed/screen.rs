//! What a member shows to its reader, and in which order.

use sim::NodeId;
use sim::held::{Held, Measure, all_held};

use super::Choices;
use super::post::{Post, PostId, Posts};

/// In which order a member shows posts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Delivery {
    /// In the order in which posts arrive.
    Arrival,
    /// The posts of each member in the order in which they were written.
    Fifo,
    /// Each post after every post that its author had been shown.
    Causal,
}

impl Delivery {
    pub(super) fn of(choices: &Choices) -> Delivery {
        if choices.is_causal {
            Delivery::Causal
        } else if choices.is_fifo {
            Delivery::Fifo
        } else {
            Delivery::Arrival
        }
    }
}

/// The posts that have reached a member.
#[derive(Clone, Debug, Hash)]
pub struct Screen {
    delivery: Delivery,
    /// How many posts of each member are shown. This is the member's vector clock.
    counts: Vec<u32>,
    /// The posts that are shown, in that order.
    shown: Vec<PostId>,
    /// Every post that has arrived.
    known: Posts,
    /// The posts that have arrived and are not shown yet.
    held: Vec<Post>,
}

impl Screen {
    /// Bytes that it takes on the heap.
    pub fn held_bytes(&self, by: Measure) -> usize {
        let stamps = self.held.iter().map(|post| &post.stamp);
        self.counts.held(by)
            + self.shown.held(by)
            + self.known.held(by)
            + self.held.held(by)
            + all_held(stamps, by)
    }

    /// An empty screen in a group of this size.
    pub fn new(delivery: Delivery, members: usize) -> Screen {
        Screen {
            delivery,
            counts: vec![0; members],
            shown: Vec::new(),
            known: Posts::default(),
            held: Vec::new(),
        }
    }

    /// In which order posts are shown.
    pub fn delivery(&self) -> Delivery {
        self.delivery
    }

    /// How many posts of each member are shown.
    pub fn counts(&self) -> &[u32] {
        &self.counts
    }

    /// The posts that are shown, in that order.
    pub fn shown(&self) -> &[PostId] {
        &self.shown
    }

    /// The posts that are held back, each with a post that it waits for.
    pub fn held(&self) -> impl ExactSizeIterator<Item = (&Post, Option<PostId>)> {
        self.held.iter().map(|post| (post, self.missing(post)))
    }

    /// Whether a post has arrived.
    pub fn knows(&self, id: PostId) -> bool {
        self.known.contains(id)
    }

    /// Marks a post as arrived. False if it has arrived before.
    pub fn learn(&mut self, id: PostId) -> bool {
        self.known.insert(id)
    }

    /// Keeps a post until [`Screen::show_next`] shows it.
    pub fn hold(&mut self, post: Post) {
        self.held.push(post);
    }

    /// Shows the first post that waits for nothing.
    pub fn show_next(&mut self) -> Option<Post> {
        let is_next = |post: &Post| self.missing(post).is_none();
        let place = self.held.iter().position(is_next)?;
        let post = self.held.remove(place);
        self.show(post.id);
        Some(post)
    }

    fn show(&mut self, id: PostId) {
        self.shown.push(id);
        self.counts[id.author.index()] += 1;
    }

    /// A post that must be shown before this one and is not shown yet.
    pub fn missing(&self, post: &Post) -> Option<PostId> {
        let author = post.id.author.index();
        let is_needed = |member: usize| match self.delivery {
            Delivery::Arrival => false,
            Delivery::Fifo => member == author,
            Delivery::Causal => true,
        };
        let needed = |member: usize| post.stamp[member] - u32::from(member == author);
        (0..self.counts.len())
            .find(|member| is_needed(*member) && self.counts[*member] < needed(*member))
            .map(|member| PostId {
                author: NodeId(member as u16),
                number: self.counts[member] + 1,
            })
    }
}
