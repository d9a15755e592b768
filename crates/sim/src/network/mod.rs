//! The network: what happens to a message between its sending and its arrival.
//!
//! A message passes an ordered list of stages, each with one job and its own random stream (see `stages`). The k-th
//! message on a link always draws the same numbers, so a knob that is turned changes what it names and nothing else.
//!
//! | file | its subject |
//! | --- | --- |
//! | `mod` | all links with their settings, cuts and filters |
//! | `profile` | the settings of a directed link |
//! | `latency` | distributions |
//! | `cut` | partitions |
//! | `journey` | a message between the stages, and what becomes of each copy |
//! | `stages` | the list of stages, and those that decide for a message as a whole |
//! | `passage` | the stages that decide for each copy |
//! | `flight` | messages on their way, each copy in a slot |
//! | `sweep` | those that a cut is still to meet |

mod cut;
mod flight;
mod journey;
mod latency;
mod passage;
mod profile;
mod stages;
mod sweep;

pub use cut::{CutMode, CutShape};
pub use flight::{Flight, Place};
pub use latency::{Distribution, Latency, normal_quantile};
pub use profile::{Bandwidth, Bursts, Corruption, Duplication, LinkProfile, Ordering};

pub(crate) use cut::random_subset;
pub(crate) use flight::Flights;
pub(crate) use journey::Fate;
pub(crate) use stages::{Parcel, Route};
pub(crate) use sweep::Sweep;

use std::sync::Arc;

use crate::collections::held::{Held, Measure};
use crate::id::NodeId;
use crate::random::{Key, Probability};
use crate::time::SimTime;
use cut::LinkSet;

/// Directed links, by their ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkSelector {
    /// Every link.
    All,
    /// Every link that starts at this node.
    From(NodeId),
    /// Every link that ends at this node.
    To(NodeId),
    /// The one link from the first node to the second.
    Pair(NodeId, NodeId),
}

/// One setting of a link.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum LinkChange {
    /// The latency.
    Latency(Latency),
    /// Independent loss.
    Loss(Probability),
    /// Bursty loss.
    Bursts(Option<Bursts>),
    /// Duplicates.
    Duplication(Duplication),
    /// Corruption.
    Corruption(Corruption),
    /// Whether messages may overtake each other.
    Ordering(Ordering),
    /// The bottleneck.
    Bandwidth(Option<Bandwidth>),
}

/// A rule that drops messages of a kind. Of several rules the first that fits decides.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Filter {
    /// Which links it watches.
    pub links: LinkSelector,
    /// Which kind of message, or every kind.
    pub kind: Option<u8>,
    /// The share of these that it drops.
    pub share: Probability,
}

/// The name of a cut: a given one, or that of the fault that cuts by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CutName {
    Given(u32),
    Flapping(u32),
    Mishap(u32),
}

impl CutName {
    /// The name as an event tells it.
    pub(crate) fn as_arg(self) -> i64 {
        match self {
            CutName::Given(name) => i64::from(name),
            CutName::Flapping(name) => 1 << 32 | i64::from(name),
            CutName::Mishap(name) => 1 << 33 | i64::from(name),
        }
    }
}

/// A cut that is in force.
#[derive(Clone, Debug)]
struct Cut {
    name: CutName,
    mode: CutMode,
    /// Shared among keyframes.
    links: Arc<LinkSet>,
}

/// The row's beginning for a sender that has sent nothing.
const NO_ROW: u32 = u32::MAX;

/// The settings of links, and what the hot path needs to know of them.
#[derive(Clone, Copy, Debug)]
struct Profile {
    settings: LinkProfile,
    /// Whether latency is all that its links do.
    is_calm: bool,
}

impl Profile {
    fn new(settings: LinkProfile) -> Profile {
        Profile {
            settings,
            is_calm: settings.is_calm(),
        }
    }
}

/// What a link remembers from message to message.
#[derive(Clone, Copy, Debug)]
struct LinkState {
    /// The root of this link's random streams.
    key: Key,
    /// How many messages it has been given: the k of the next one.
    messages: u32,
    /// The same for clock synchronisation, which must not shift the protocol's weather.
    ntp_messages: u32,
    /// Which of the network's profiles it has.
    profile: u32,
    /// Whether it is in a burst.
    bad: bool,
    /// When its bottleneck has passed all that it was given.
    busy_until: SimTime,
    /// When the last message of a FIFO link arrives.
    last_arrival: SimTime,
}

/// All links among the nodes of a run.
#[derive(Clone, Debug)]
pub struct Network {
    key: Key,
    nodes: u16,
    /// The profile of links without one of their own, then those of their own.
    profiles: Vec<Profile>,
    /// One row per sender, made when it is first needed.
    links: Vec<LinkState>,
    /// Where each sender's row begins, or [`NO_ROW`].
    rows: Vec<u32>,
    cuts: Vec<Cut>,
    /// The links that any cut takes, by what becomes of messages.
    dropped: Option<Arc<LinkSet>>,
    held: Option<Arc<LinkSet>>,
    filters: Vec<(u32, Filter)>,
}

impl Network {
    pub(crate) fn new(nodes: u16, profile: LinkProfile, key: Key) -> Network {
        Network {
            key,
            nodes,
            profiles: vec![Profile::new(profile)],
            links: Vec::new(),
            rows: vec![NO_ROW; nodes as usize],
            cuts: Vec::new(),
            dropped: None,
            held: None,
            filters: Vec::new(),
        }
    }

    /// The settings of the link from `from` to `to`.
    pub fn profile(&self, from: NodeId, to: NodeId) -> &LinkProfile {
        let own = match self.rows[from.index()] {
            NO_ROW => 0,
            row => self.links[row as usize + to.index()].profile,
        };
        &self.profiles[own as usize].settings
    }

    /// What a cut does to messages from `from` to `to`; dropping is stronger than holding.
    pub fn cut(&self, from: NodeId, to: NodeId) -> Option<CutMode> {
        let among = |links: &Option<Arc<LinkSet>>| {
            links.as_ref().is_some_and(|links| links.contains(from, to))
        };
        if among(&self.dropped) {
            Some(CutMode::Drop)
        } else if among(&self.held) {
            Some(CutMode::Hold)
        } else {
            None
        }
    }

    pub(crate) fn change(&mut self, links: LinkSelector, change: LinkChange) {
        if links == LinkSelector::All {
            for profile in &mut self.profiles {
                profile.apply(change);
            }
            return;
        }
        for (from, to) in links.pairs(self.nodes) {
            let profile = self.own_profile(from, to);
            self.profiles[profile as usize].apply(change);
        }
    }

    /// Gives a link settings of its own. Nothing happens for a link that does not exist.
    pub(crate) fn set_profile(&mut self, from: NodeId, to: NodeId, profile: LinkProfile) {
        if from.0.max(to.0) >= self.nodes {
            return;
        }
        let own = self.own_profile(from, to);
        self.profiles[own as usize] = Profile::new(profile);
    }

    /// Cuts links. A cut of the same name is replaced.
    pub(crate) fn add_cut(&mut self, name: CutName, mode: CutMode, shape: &CutShape, key: Key) {
        self.cuts.retain(|cut| cut.name != name);
        self.cuts.push(Cut {
            name,
            mode,
            links: shape.resolve(self.nodes, key).into(),
        });
        self.sum_up_cuts();
    }

    /// Heals the cut of this name, or all of them.
    pub(crate) fn heal(&mut self, name: Option<CutName>) {
        self.cuts
            .retain(|cut| name.is_some_and(|name| cut.name != name));
        self.sum_up_cuts();
    }

    /// Adds a filter, or replaces the one of the same name.
    pub(crate) fn add_filter(&mut self, name: u32, filter: Filter) {
        self.filters.retain(|(other, _)| *other != name);
        self.filters.push((name, filter));
    }

    /// Removes the filter of this name, or all of them.
    pub(crate) fn remove_filter(&mut self, name: Option<u32>) {
        self.filters
            .retain(|(other, _)| name.is_some_and(|name| *other != name));
    }

    /// Whether messages keep their order on a link.
    pub(crate) fn is_fifo(&self, from: NodeId, to: NodeId) -> bool {
        self.profile(from, to).ordering != Ordering::Datagram
    }

    /// When a message that was to arrive at `due` may arrive: on a FIFO link not before what was sent before it.
    pub(crate) fn in_order(&mut self, from: NodeId, to: NodeId, due: SimTime) -> SimTime {
        if !self.is_fifo(from, to) {
            return due;
        }
        let link = self.link(from, to);
        link.last_arrival = link.last_arrival.max(due);
        link.last_arrival
    }

    /// Bytes that it takes on the heap, without the links of cuts, which keyframes share.
    pub(crate) fn held(&self, by: Measure) -> usize {
        self.links.held(by)
            + self.profiles.held(by)
            + self.rows.held(by)
            + self.cuts.held(by)
            + self.filters.held(by)
    }

    fn sum_up_cuts(&mut self) {
        let sum = |mode| {
            let mut all = LinkSet::empty(self.nodes as usize);
            let mut some = false;
            for cut in self.cuts.iter().filter(|cut| cut.mode == mode) {
                all.add_all(&cut.links);
                some = true;
            }
            some.then(|| Arc::new(all))
        };
        (self.dropped, self.held) = (sum(CutMode::Drop), sum(CutMode::Hold));
    }

    fn own_profile(&mut self, from: NodeId, to: NodeId) -> u32 {
        let fresh = self.profiles.len() as u32;
        let link = self.link(from, to);
        if link.profile == 0 {
            link.profile = fresh;
            self.profiles.push(self.profiles[0]);
            return fresh;
        }
        link.profile
    }

    #[inline]
    fn link(&mut self, from: NodeId, to: NodeId) -> &mut LinkState {
        let place = self.place(from, to);
        &mut self.links[place]
    }

    /// Where a link stands in `links`.
    #[inline]
    fn place(&mut self, from: NodeId, to: NodeId) -> usize {
        let row = match self.rows[from.index()] {
            NO_ROW => self.add_row(from),
            row => row,
        };
        row as usize + to.index()
    }

    #[cold]
    fn add_row(&mut self, from: NodeId) -> u32 {
        let row = self.links.len() as u32;
        let key = self.key.with(from.0 as u64);
        let link = |to| LinkState {
            key: key.with(to as u64),
            messages: 0,
            ntp_messages: 0,
            profile: 0,
            bad: false,
            busy_until: SimTime::ZERO,
            last_arrival: SimTime::ZERO,
        };
        self.links.extend((0..self.nodes).map(link));
        self.rows[from.index()] = row;
        row
    }
}

impl Profile {
    fn apply(&mut self, change: LinkChange) {
        self.settings.apply(change);
        self.is_calm = self.settings.is_calm();
    }
}

impl LinkProfile {
    /// Whether latency is all that it does.
    fn is_calm(&self) -> bool {
        self.loss.is_never()
            && self.bursts.is_none()
            && self.duplication.probability.is_never()
            && self.corruption.probability.is_never()
            && self.latency.spike.is_never()
            && self.ordering == Ordering::Datagram
            && self.bandwidth.is_none()
    }

    fn apply(&mut self, change: LinkChange) {
        match change {
            LinkChange::Latency(latency) => self.latency = latency,
            LinkChange::Loss(loss) => self.loss = loss,
            LinkChange::Bursts(bursts) => self.bursts = bursts,
            LinkChange::Duplication(duplication) => self.duplication = duplication,
            LinkChange::Corruption(corruption) => self.corruption = corruption,
            LinkChange::Ordering(ordering) => self.ordering = ordering,
            LinkChange::Bandwidth(bandwidth) => self.bandwidth = bandwidth,
        }
    }
}

impl LinkSelector {
    /// Whether it selects the link from `from` to `to`.
    pub fn selects(self, from: NodeId, to: NodeId) -> bool {
        match self {
            LinkSelector::All => true,
            LinkSelector::From(node) => node == from,
            LinkSelector::To(node) => node == to,
            LinkSelector::Pair(first, second) => (first, second) == (from, to),
        }
    }

    fn pairs(self, nodes: u16) -> Vec<(NodeId, NodeId)> {
        let all = (0..nodes).flat_map(|from| (0..nodes).map(move |to| (NodeId(from), NodeId(to))));
        all.filter(|(from, to)| from != to && self.selects(*from, *to))
            .collect()
    }
}
