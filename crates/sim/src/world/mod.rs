//! The world: a protocol's nodes on the kernel, advanced one event at a time.
//!
//! | file | its subject |
//! | --- | --- |
//! | `mod` | [`World`] |
//! | `setup` | [`Setup`], what a run starts from |
//! | `stage` | the kernel with some protocol's nodes on it; one step of a run |
//! | `handle` | what arrives at a node, and when the node handles it |
//! | `tick` | what comes by itself: starts, random faults, flapping cuts, the synchronisation of clocks |
//! | `intervene` | what is done from outside: to the network, to messages, and to each of the nodes that it hits |
//! | `fault` | what befalls a node, by whatever way |
//! | `machine` | a world without its protocol's type |
//! | `fingerprint` | which states of a run are the same |

mod fault;
#[cfg(feature = "fingerprint")]
mod fingerprint;
mod handle;
mod intervene;
mod machine;
mod setup;
mod stage;
mod tick;

pub use machine::Machine;
pub use setup::Setup;

pub(crate) use stage::Stage;

use crate::action::Action;
use crate::collections::held::Measure;
use crate::id::NodeId;
use crate::kernel::Kernel;
use crate::node::Disk;
use crate::protocol::{Cast, Description, Outlook, Protocol, Vocabulary};
use crate::time::SimTime;
use crate::trace::Trace;

/// A run at a moment: cloning it is taking a keyframe.
#[derive(Clone)]
pub struct World<P: Protocol> {
    kernel: Kernel,
    cast: Cast<P>,
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
        let disks = setup.nodes.iter().map(|node| Disk::new(node.disk));
        let streams = kernel.streams();
        let cast = Cast::new(nodes, disks.collect(), streams);
        let mut world = World { kernel, cast };
        world.stage().begin_ticking(setup);
        world
    }

    #[inline]
    fn stage(&mut self) -> Stage<'_> {
        Stage {
            kernel: &mut self.kernel,
            nodes: &mut self.cast,
        }
    }

    /// What does not depend on the protocol.
    pub fn kernel(&self) -> &Kernel {
        &self.kernel
    }

    /// The nodes, in order.
    pub fn nodes(&self) -> &[P] {
        &self.cast.nodes
    }

    /// The disk of `node`.
    pub fn disk(&self, node: NodeId) -> &Disk<P::Record> {
        &self.cast.store.disks[node.index()]
    }

    /// Does what is due next; returns its time, or nothing if nothing is due.
    #[inline]
    pub fn step(&mut self, trace: &mut Trace) -> Option<SimTime> {
        self.stage().step(trace)
    }

    /// Does `action` at the present moment. Nothing in a run that is exhausted.
    pub fn apply(&mut self, action: &Action, trace: &mut Trace) {
        self.stage().apply(action, trace);
    }

    /// Does everything that is due up to and including `until`; the time is `until` then, or where it was if that lies
    /// behind. It has no bound but that: where messages take no time, a moment may never end. A timeline has one.
    pub fn run_until(&mut self, until: SimTime, trace: &mut Trace) {
        while self.kernel.next_due().is_some_and(|next| next <= until) {
            self.step(trace);
        }
        self.set_now(until);
    }

    /// Lets the time be `now`, before which nothing may be due. It never goes back, nor beyond what a run can reach.
    pub(crate) fn set_now(&mut self, now: SimTime) {
        let kernel = &mut self.kernel;
        kernel.now = now.min(SimTime::LATEST).max(kernel.now);
    }

    /// Bytes that it takes on the heap.
    pub fn held(&self, by: Measure) -> usize {
        self.kernel.held(by) + self.cast.held(by)
    }

    /// What `node` holds and believes, in words; `name` is what nodes are called.
    pub fn describe(&self, node: NodeId, name: &dyn Fn(NodeId) -> String) -> Description {
        let kernel = self.kernel();
        let clocks = kernel.clocks(node);
        let outlook = Outlook {
            monotonic: clocks.monotonic(kernel.now),
            wall: clocks.wall.read(kernel.now),
            name,
        };
        self.cast.nodes[node.index()].describe(&outlook)
    }

    /// The words for what the protocol does.
    pub fn vocabulary(&self) -> &'static Vocabulary {
        self.nodes().first().map_or(&P::VOCABULARY, P::words)
    }
}
