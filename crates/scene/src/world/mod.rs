//! The world at a moment: nodes with their clocks, links, and messages on their way.
//!
//! - `mod.rs`: what is drawn in which order; links, lights and captions
//! - `nodes.rs`: nodes, or the fog where they cannot be seen
//! - `clocks.rs`: what a node's clocks show
//! - `labels.rs`: which words have room
//! - `messages.rs`: messages on their way, and where they died

mod clocks;
mod labels;
mod messages;
mod nodes;

use scenario::Run;
use sim::network::CutMode;
use sim::protocol::MessageSort;
use sim::{Kernel, NodeId, SimDuration, SimTime};

use crate::caption::{Caption, captions};
use crate::layout::{Layout, Seat};
use crate::look::Look;
use crate::shape::{Align, Ink, Picture, Point, Style};
use labels::Labels;

pub use clocks::time_of_day;

/// With more nodes than this there is no room for words.
const MOST_WITH_WORDS: usize = 16;

/// Messages of the two directions keep to their right, so that they do not meet.
const LANE: f64 = 7.0;

/// What drawing a moment needs.
pub(crate) struct View<'a> {
    run: &'a Run,
    pub look: &'a Look,
    pub kernel: &'a Kernel,
    now: SimTime,
    pub layout: Layout,
    /// The size of ordinary text.
    size: f64,
    /// How long what has passed stays visible.
    life: SimDuration,
}

/// The picture of a run at its cursor: the true world.
pub fn draw(run: &Run, width: f64, height: f64) -> Picture {
    draw_as(run, &Look::default(), width, height)
}

/// The picture of a run at its cursor, as somebody looks at it.
pub fn draw_as(run: &Run, look: &Look, width: f64, height: f64) -> Picture {
    let view = View::new(run, look, width, height);
    let mut picture = Picture {
        width,
        height,
        shapes: Vec::new(),
    };
    // What has just happened to a node is drawn last and has room for its words before any message.
    let mut labels = Labels::default();
    let captions = view.captions(&mut labels, &picture);
    view.links(&mut picture);
    view.lights(&mut picture);
    view.nodes(&mut labels, &mut picture);
    match look.perspective {
        None => {
            view.messages(&mut labels, &mut picture);
            view.graves(&mut labels, &mut picture);
        }
        Some(node) => view.own_messages(node, &mut labels, &mut picture),
    }
    for caption in captions {
        view.caption(caption, &mut picture);
    }
    picture
}

/// The sort of the messages of a kind.
pub(crate) fn sort_of(run: &Run, kind: u8) -> MessageSort {
    let words = run.timeline().machine().vocabulary().messages;
    words
        .get(usize::from(kind))
        .map_or(MessageSort::Heartbeat, |word| word.sort)
}

/// What has passed stays for about a second of watching at the lab's own speed.
fn life(run: &Run) -> SimDuration {
    SimDuration::from_nanos_f64(run.lab().speed * 1.2e9)
}

impl<'a> View<'a> {
    pub fn new(run: &'a Run, look: &'a Look, width: f64, height: f64) -> View<'a> {
        let nodes = run.scenario().nodes.iter();
        let seats: Vec<Seat<'_>> = nodes
            .map(|node| Seat {
                role: node.role,
                position: node.position,
            })
            .collect();
        let size = (width.min(height * 1.4) / 46.0).clamp(10.5, 15.0);
        View {
            run,
            look,
            kernel: run.timeline().machine().kernel(),
            now: run.now(),
            layout: Layout::new(&seats, width, height, size),
            size,
            life: life(run),
        }
    }

    pub fn place(&self, node: NodeId) -> Point {
        self.layout.places[node.index()]
    }

    /// All nodes, in order.
    fn all_nodes(&self) -> impl Iterator<Item = NodeId> + use<> {
        (0..self.layout.places.len() as u16).map(NodeId)
    }

    fn has_words(&self) -> bool {
        self.layout.places.len() <= MOST_WITH_WORDS
    }

    /// Through a node's eyes, it alone is in the clear.
    fn is_clear(&self, node: NodeId) -> bool {
        self.look.perspective.is_none_or(|eyes| eyes == node)
    }

    /// A point on the way of a message, a share `progress` from the sender's edge to the receiver's.
    fn on_way(&self, from: NodeId, to: NodeId, progress: f64) -> Point {
        let (start, end) = (self.place(from), self.place(to));
        let direction = start.direction(end);
        let side = direction.right();
        let start = start.moved(direction, self.layout.radius).moved(side, LANE);
        let end = end.moved(direction, -self.layout.radius).moved(side, LANE);
        start.towards(end, progress)
    }

    /// The share of its visible life that something from `time` has behind it; at least 1 when it is over.
    fn age(&self, time: SimTime) -> f64 {
        self.now.since(time).as_nanos() as f64 / self.life.as_nanos().max(1) as f64
    }

    fn links(&self, picture: &mut Picture) {
        for (a, b) in self.link_ends() {
            self.link(a, b, picture);
        }
    }

    /// Pairs of nodes that have something to say to each other: clients do not talk among themselves, nor do workers,
    /// where there is a relay or a switch, all talk through it, and a bank has nothing to say to a timeline beside it.
    pub fn link_ends(&self) -> Vec<(NodeId, NodeId)> {
        let nodes = &self.run.scenario().nodes;
        let is_one_of = |node: NodeId, roles: &[&str]| roles.contains(&nodes[node.index()].role);
        let is_client = |node| is_one_of(node, &["client", "worker", "teller", "reader"]);
        let is_of_timeline = |node| is_one_of(node, &["timeline", "reader"]);
        let is_hub = |node| is_one_of(node, &["relay", "switch"]);
        let only_clients = self.all_nodes().all(is_client);
        let has_hub = self.all_nodes().any(is_hub);
        let pairs = self
            .all_nodes()
            .flat_map(|a| (a.0 + 1..nodes.len() as u16).map(move |b| (a, NodeId(b))));
        pairs
            .filter(|(a, b)| only_clients || !(is_client(*a) && is_client(*b)))
            .filter(|(a, b)| !has_hub || is_hub(*a) || is_hub(*b))
            .filter(|(a, b)| is_of_timeline(*a) == is_of_timeline(*b))
            .collect()
    }

    fn link(&self, a: NodeId, b: NodeId, picture: &mut Picture) {
        let ends = vec![self.place(a), self.place(b)];
        let line = Style::stroke(Ink::Line, 1.0);
        if self.look.perspective.is_some() {
            // What the network does is hidden from every node.
            picture.line(ends, line.faded(0.5));
            return;
        }
        let network = self.kernel.network();
        let cuts = [(a, b), (b, a)].map(|(from, to)| (from, to, network.cut(from, to)));
        let is_cut = cuts.iter().any(|(.., cut)| cut.is_some());
        picture.line(ends, if is_cut { line.dashed() } else { line });
        for (from, to, cut) in cuts {
            if let Some(mode) = cut {
                self.cut(from, to, mode, picture);
            }
        }
    }

    /// A bar across the lane that is cut; two bars where messages are held.
    fn cut(&self, from: NodeId, to: NodeId, mode: CutMode, picture: &mut Picture) {
        let direction = self.place(from).direction(self.place(to));
        let side = direction.right();
        let bars: &[f64] = match mode {
            CutMode::Hold => &[-3.0, 3.0],
            CutMode::Drop => &[0.0],
        };
        for shift in bars {
            let middle = self.on_way(from, to, 0.5).moved(direction, *shift);
            let ends = vec![middle.moved(side, -6.0), middle.moved(side, 8.0)];
            picture.line(ends, Style::stroke(Ink::Ink, 2.5));
        }
    }

    /// A halo around what a story speaks of.
    fn lights(&self, picture: &mut Picture) {
        let halo = Style::fill(Ink::Accent).faded(0.22);
        let node = self.look.light_node;
        if let Some(node) = node.filter(|node| node.index() < self.layout.places.len()) {
            picture.circle(self.place(node), self.layout.radius * 1.45, halo);
        }
        let message = self.look.light_message;
        if let Some(flight) = message.and_then(|id| self.kernel.flight(id)) {
            picture.circle(self.flight_place(flight), 18.0, halo);
        }
    }

    /// What has just happened to the nodes that are in the clear.
    fn captions(&self, labels: &mut Labels, picture: &Picture) -> Vec<Caption> {
        let mut captions = captions(self.run, self.life);
        captions.retain(|caption| self.is_clear(caption.node));
        if self.has_words() {
            for caption in &captions {
                let at = self.place_of_caption(caption.node);
                labels.keep(at, &caption.words, self.size, picture);
            }
        }
        captions
    }

    fn caption(&self, caption: Caption, picture: &mut Picture) {
        let alpha = 1.0 - libm::pow(caption.age, 4.0);
        let mut ink = Ink::Ink;
        if caption.is_violation {
            ink = Ink::Danger;
            let ring = Style::stroke(ink, 3.0).faded(alpha);
            picture.circle(self.place(caption.node), self.layout.radius + 5.0, ring);
        }
        if self.has_words() {
            let at = self.place_of_caption(caption.node);
            picture.text(at, caption.words, self.size, Align::Middle, ink, alpha);
        }
    }

    /// Above a node, and above its name where that stands there.
    fn place_of_caption(&self, node: NodeId) -> Point {
        let at = self.place(node);
        let lines = if self.size_of_name(node).is_some() {
            1.1
        } else {
            2.3
        };
        Point::new(at.x, at.y - self.layout.radius - self.size * lines)
    }
}
