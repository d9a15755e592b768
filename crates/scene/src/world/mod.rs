//! The world at a moment: nodes with their clocks, links, and messages on their way.
//!
//! - `mod.rs`: what is drawn in which order; links, lights and captions
//! - `nodes.rs`: nodes, or the fog where they cannot be seen
//! - `clocks.rs`: what a node's clocks show
//! - `messages.rs`: messages on their way, and where they died

mod clocks;
mod messages;
mod nodes;

use scenario::Run;
use sim::network::CutMode;
use sim::protocol::MessageSort;
use sim::sorting::sort_by_key;
use sim::{Kernel, NodeId, SimDuration, SimTime};

use crate::caption::{Caption, captions};
use crate::labels::Labels;
use crate::layout::{Layout, Seat, Sheet, Words, size_of_name, text_size};
use crate::look::Look;
use crate::shape::{Align, Ink, Picture, Point, Style};

pub use clocks::time_of_day;

/// Messages of the two directions keep to their right, so that they do not meet: by so much, in units.
const LANE: f64 = 7.0;

/// Half of the gap in a link that is cut both ways, in units.
const GAP: f64 = 12.0;

/// What drawing a moment needs.
pub(crate) struct View<'a> {
    run: &'a Run,
    pub look: &'a Look,
    pub kernel: &'a Kernel,
    now: SimTime,
    pub layout: Layout,
    /// The size of ordinary text.
    size: f64,
    /// What lines and marks are measured by: a pixel on a laptop, less on a phone, more on a wall.
    unit: f64,
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
                name: &node.name,
                role: node.role,
                position: node.position,
            })
            .collect();
        let size = text_size(width, height);
        let sheet = Sheet {
            width,
            height,
            size,
            has_dials: clocks::are_the_lesson(run),
        };
        View {
            run,
            look,
            kernel: run.timeline().machine().kernel(),
            now: run.now(),
            layout: Layout::new(&seats, sheet),
            size,
            unit: size / 16.0,
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
        self.layout.words >= Words::Names
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
        let (radius, lane) = (self.layout.radius, LANE * self.unit);
        let start = start.moved(direction, radius).moved(side, lane);
        let end = end.moved(direction, -radius).moved(side, lane);
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
        let has_timeline = self.all_nodes().any(|node| is_one_of(node, &["timeline"]));
        let is_of_timeline = |node| has_timeline && is_one_of(node, &["timeline", "reader"]);
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
        let (start, end) = (self.place(a), self.place(b));
        let line = Style::stroke(Ink::Line, self.unit.max(1.0));
        if self.look.perspective.is_some() {
            // What the network does is hidden from every node.
            picture.line(vec![start, end], line.faded(0.5));
            return;
        }
        let network = self.kernel.network();
        let cuts = [(a, b), (b, a)].map(|(from, to)| (from, to, network.cut(from, to)));
        let is_severed = cuts.iter().all(|(.., cut)| cut.is_some());
        if is_severed {
            let (middle, direction) = (start.towards(end, 0.5), start.direction(end));
            let gap = GAP * self.unit;
            picture.line(vec![start, middle.moved(direction, -gap)], line);
            picture.line(vec![middle.moved(direction, gap), end], line);
        } else {
            picture.line(vec![start, end], line);
        }
        for (from, to, cut) in cuts {
            if let Some(mode) = cut {
                self.cut(from, to, mode, is_severed, picture);
            }
        }
    }

    /// A bar just beyond where messages die or are held, two bars where they are held: across the link if it is severed,
    /// else across the lane that is cut.
    fn cut(
        &self,
        from: NodeId,
        to: NodeId,
        mode: CutMode,
        is_severed: bool,
        picture: &mut Picture,
    ) {
        let direction = self.place(from).direction(self.place(to));
        let side = direction.right();
        let bars: &[f64] = match mode {
            CutMode::Hold => &[GAP, GAP + 5.0],
            CutMode::Drop => &[GAP],
        };
        for shift in bars {
            let foot = self.place(from).towards(self.place(to), 0.5);
            let foot = foot.moved(direction, shift * self.unit);
            let (left, right) = if is_severed { (-8.0, 8.0) } else { (0.0, 16.0) };
            let ends = [left, right].map(|reach| foot.moved(side, reach * self.unit));
            picture.line(ends.to_vec(), Style::stroke(Ink::Ink, 2.5 * self.unit));
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
            picture.circle(self.flight_place(flight), 18.0 * self.unit, halo);
        }
    }

    /// What has just happened to the nodes that are in the clear, violations first, as far as there is room for it.
    fn captions(&self, labels: &mut Labels, picture: &Picture) -> Vec<Caption> {
        let mut captions = captions(self.run, self.life);
        captions.retain(|caption| self.is_clear(caption.node));
        sort_by_key(&mut captions, |caption| !caption.is_violation);
        captions.retain(|caption| {
            let at = self.place_of_caption(caption.node);
            let has_room = labels.fits(at, &caption.words, self.size, picture);
            let is_shown = caption.is_violation || (self.has_words() && has_room);
            if is_shown {
                labels.keep(at, &caption.words, self.size, picture);
            }
            is_shown
        });
        captions
    }

    fn caption(&self, caption: Caption, picture: &mut Picture) {
        let alpha = 1.0 - libm::pow(caption.age, 4.0);
        let at = self.place_of_caption(caption.node);
        let (words, size) = (caption.words, self.size);
        if caption.is_violation {
            let ring = Style::stroke(Ink::Danger, 3.0 * self.unit).faded(alpha);
            let radius = self.layout.radius + 4.0 * self.unit;
            picture.circle(self.place(caption.node), radius, ring);
            picture.text(at, words, size, Align::Middle, Ink::Danger, alpha);
        } else {
            picture.text(at, words, size, Align::Middle, Ink::Ink, alpha);
        }
    }

    /// Above a node, and above its name where that stands there.
    fn place_of_caption(&self, node: NodeId) -> Point {
        let at = self.place(node);
        let lines = if self.has_words() && self.size_of_name(node).is_none() {
            2.4
        } else {
            1.15
        };
        Point::new(at.x, at.y - self.layout.radius - self.size * lines)
    }

    /// How large a node's name is that stands in it; nothing if it finds no room there, and stands above.
    fn size_of_name(&self, node: NodeId) -> Option<f64> {
        let name = self.run.scenario().name(node);
        size_of_name(&name, self.layout.radius, self.size)
    }
}
