//! The world: a protocol's nodes on the kernel, advanced one event at a time.
//!
//! - `world.rs`: building and stepping
//! - `store.rs`: what it has beside its nodes
//! - `handle.rs`: what arrives, and who handles it
//! - `tick.rs`: what comes and goes by itself
//! - `intervene.rs`: what is done from outside
//! - `fault.rs`: what befalls nodes, by whatever way

use std::sync::Arc;

use crate::action::{Flapping, Mishap};
use crate::disk::Disk;
use crate::due::Due;
use crate::id::NodeId;
use crate::kernel::Kernel;
use crate::network::LinkProfile;
use crate::node::NodeProfile;
use crate::protocol::{Description, Outlook, Protocol, Vocabulary};
use crate::queue::Entry;
use crate::store::Store;
use crate::tick::Ticking;
use crate::time::SimTime;
use crate::trace::Trace;

/// Everything that a run starts from, its protocol aside.
#[derive(Clone, Debug)]
pub struct Setup {
    /// The seed of all that is random.
    pub seed: u64,
    /// The settings of every link.
    pub link: LinkProfile,
    /// Links with settings of their own. Links and nodes that do not exist are passed over, here and below.
    pub links: Vec<(NodeId, NodeId, LinkProfile)>,
    /// The settings of each node; as many as there are nodes.
    pub nodes: Vec<NodeProfile>,
    /// Faults that strike at random.
    pub mishaps: Vec<Mishap>,
    /// Cuts that come and go.
    pub flapping: Vec<Flapping>,
}

/// A run at a moment: cloning it is taking a keyframe.
#[derive(Clone)]
pub struct World<P: Protocol> {
    pub(crate) nodes: Vec<P>,
    /// The nodes as they were built: what a restart begins from.
    pub(crate) blank: Arc<[P]>,
    pub(crate) store: Store<P>,
    pub(crate) ticks: Vec<Ticking>,
    /// When the latest action was done, and how many were done at that moment before it.
    pub(crate) acted: (SimTime, u64),
}

impl<P: Protocol> World<P> {
    /// A world at time 0 in which nothing has happened. `nodes` must be as many as the setup's.
    pub fn new(setup: &Setup, nodes: Vec<P>) -> World<P> {
        assert_eq!(
            setup.nodes.len(),
            nodes.len(),
            "a setup describes every node"
        );
        let mut kernel = Kernel::new(setup.seed, setup.link, &setup.nodes);
        for (from, to, profile) in &setup.links {
            kernel.network.set_profile(*from, *to, *profile);
        }
        let disks = setup
            .nodes
            .iter()
            .map(|node| Disk::new(node.disk))
            .collect();
        let mut world = World {
            blank: nodes.clone().into(),
            nodes,
            store: Store::new(kernel, disks),
            ticks: Vec::new(),
            acted: (SimTime::NEVER, 0),
        };
        world.begin_ticking(setup);
        world
    }

    /// What does not depend on the protocol.
    pub fn kernel(&self) -> &Kernel {
        &self.store.kernel
    }

    /// The nodes, in order.
    pub fn nodes(&self) -> &[P] {
        &self.nodes
    }

    /// The disk of `node`.
    pub fn disk(&self, node: NodeId) -> &Disk<P::Record> {
        &self.store.disks[node.index()]
    }

    /// Does what is due next; returns its time, or nothing if nothing is due.
    #[inline]
    pub fn step(&mut self, trace: &mut Trace) -> Option<SimTime> {
        let Entry { at, sequence, what } = self.store.kernel.next()?;
        trace.begin_step(self.store.kernel.events());
        match Due::unpack(what) {
            Due::Arrive(slot) => self.message_due(slot, sequence, trace),
            Due::Timer(slot) => self.timer_due(slot, sequence, trace),
            Due::Served(node) => self.served(NodeId(node as u16), sequence, trace),
            Due::Synced(slot) => self.synced(slot, sequence, trace),
            Due::Tick(slot) => self.tick(slot, sequence, trace),
        }
        Some(at)
    }

    /// Does everything that is due up to and including `until`; the time is `until` then, or where it was if that lies
    /// behind. It has no bound but that: where messages take no time, a moment may never end. A timeline has one.
    pub fn run_until(&mut self, until: SimTime, trace: &mut Trace) {
        while self
            .store
            .kernel
            .next_due()
            .is_some_and(|next| next <= until)
        {
            self.step(trace);
        }
        self.set_now(until);
    }

    /// Lets the time be `now`, before which nothing may be due. It never goes back, nor beyond what a run can reach.
    pub(crate) fn set_now(&mut self, now: SimTime) {
        let kernel = &mut self.store.kernel;
        kernel.now = now.min(SimTime::LATEST).max(kernel.now);
    }

    /// Bytes of memory that a copy takes, roughly.
    pub fn bytes(&self) -> usize {
        let nodes: usize = self.nodes.iter().map(P::memory).sum();
        nodes + self.store.bytes() + self.ticks.len() * size_of::<Ticking>()
    }

    /// What `node` is, in a word.
    pub fn role(&self, node: NodeId) -> &'static str {
        self.nodes[node.index()].role()
    }

    /// What `node` holds and believes, in words; `name` is what nodes are called.
    pub fn describe(&self, node: NodeId, name: &dyn Fn(NodeId) -> String) -> Description {
        let kernel = self.kernel();
        let clocks = kernel.clocks(node);
        let outlook = Outlook {
            monotonic: clocks.monotonic.read(kernel.now),
            wall: clocks.wall.read(kernel.now),
            name,
        };
        self.nodes[node.index()].describe(&outlook)
    }

    /// The words for what the protocol does.
    pub fn vocabulary(&self) -> &'static Vocabulary {
        &P::VOCABULARY
    }
}
