//! A world without its protocol's type: what a timeline drives and a view looks at.

use crate::action::Action;
use crate::collections::held::Measure;
use crate::collections::sorting::sort;
use crate::id::NodeId;
use crate::kernel::Kernel;
#[cfg(feature = "fingerprint")]
use crate::network::Flight;
use crate::protocol::{
    Claim, CopyOf, Description, Opinion, Protocol, Queue, RoundTrip, Vocabulary,
};
use crate::time::SimTime;
use crate::trace::Trace;
use crate::world::World;

/// A world of some protocol.
pub trait Machine: Send + Sync {
    /// Does what is due next; returns its time, or nothing if nothing is due.
    fn step(&mut self, trace: &mut Trace) -> Option<SimTime>;
    /// Does `action` at the present moment.
    fn apply(&mut self, action: &Action, trace: &mut Trace);
    /// Lets the time be `now`, before which nothing may be due. It never goes back.
    fn set_now(&mut self, now: SimTime);
    /// What does not depend on the protocol.
    fn kernel(&self) -> &Kernel;
    /// What `node` believes that it alone has.
    fn claim(&self, node: NodeId) -> Option<Claim>;
    /// What waits in a queue of `node`'s own, if it has one.
    fn queue(&self, node: NodeId) -> Option<Queue>;
    /// What `node` takes another node for, if it has made up its mind.
    fn opinion(&self, node: NodeId, other: NodeId) -> Option<Opinion>;
    /// The round trips by which a node knows other nodes' clocks.
    fn round_trips(&self, node: NodeId) -> Vec<RoundTrip>;
    /// What `node` holds of what clients wrote, if it keeps copies, in order.
    fn copies(&self, node: NodeId) -> Option<Vec<CopyOf>>;
    /// Whether `node` believes that it is the leader.
    fn leads(&self, node: NodeId) -> bool {
        self.claim(node).is_some_and(Claim::leads)
    }
    /// What `node` holds and believes; `name` is what nodes are called.
    fn describe(&self, node: NodeId, name: &dyn Fn(NodeId) -> String) -> Description;
    /// How many writes `node` has made that are not durable.
    fn unsynced_writes(&self, node: NodeId) -> usize;
    /// The words for what the protocol does.
    fn vocabulary(&self) -> &'static Vocabulary;
    /// Why the run has ended before its time, if a node's protocol could not go on.
    fn failure(&self) -> Option<&str>;
    /// Bytes of memory that it takes.
    fn held(&self, by: Measure) -> usize;
    /// Bytes that the messages on their way point to: the part of them that a few events can make large.
    fn in_flight(&self) -> usize;
    /// A number for the state that the run is in: see `world/fingerprint.rs` for when two states are the same.
    #[cfg(feature = "fingerprint")]
    fn fingerprint(&self) -> u64;
    /// A number for a message on its way: from whom to whom, and what it says.
    #[cfg(feature = "fingerprint")]
    fn content(&self, flight: &Flight) -> u64;
    /// A keyframe.
    fn boxed_clone(&self) -> Box<dyn Machine>;
}

impl<P: Protocol> Machine for World<P> {
    fn step(&mut self, trace: &mut Trace) -> Option<SimTime> {
        World::step(self, trace)
    }

    fn apply(&mut self, action: &Action, trace: &mut Trace) {
        World::apply(self, action, trace);
    }

    fn set_now(&mut self, now: SimTime) {
        World::set_now(self, now);
    }

    fn kernel(&self) -> &Kernel {
        World::kernel(self)
    }

    fn claim(&self, node: NodeId) -> Option<Claim> {
        self.nodes()[node.index()].claim()
    }

    fn queue(&self, node: NodeId) -> Option<Queue> {
        self.nodes()[node.index()].queue()
    }

    fn opinion(&self, node: NodeId, other: NodeId) -> Option<Opinion> {
        self.nodes()[node.index()].opinion_of(other)
    }

    fn round_trips(&self, node: NodeId) -> Vec<RoundTrip> {
        self.nodes()[node.index()].round_trips()
    }

    fn copies(&self, node: NodeId) -> Option<Vec<CopyOf>> {
        let mut held = self.nodes()[node.index()].copies()?;
        sort(&mut held);
        Some(held)
    }

    fn describe(&self, node: NodeId, name: &dyn Fn(NodeId) -> String) -> Description {
        World::describe(self, node, name)
    }

    fn unsynced_writes(&self, node: NodeId) -> usize {
        self.disk(node).unsynced_writes()
    }

    fn vocabulary(&self) -> &'static Vocabulary {
        World::vocabulary(self)
    }

    fn failure(&self) -> Option<&str> {
        let has_failed = self.kernel.has_failed();
        has_failed.then(|| self.nodes().iter().find_map(P::failure))?
    }

    fn held(&self, by: Measure) -> usize {
        size_of::<World<P>>() + World::held(self, by)
    }

    fn in_flight(&self) -> usize {
        self.cast.store.in_flight
    }

    #[cfg(feature = "fingerprint")]
    fn fingerprint(&self) -> u64 {
        World::fingerprint(self)
    }

    #[cfg(feature = "fingerprint")]
    fn content(&self, flight: &Flight) -> u64 {
        World::content(self, flight)
    }

    fn boxed_clone(&self) -> Box<dyn Machine> {
        Box::new(self.clone())
    }
}

impl Clone for Box<dyn Machine> {
    fn clone(&self) -> Box<dyn Machine> {
        self.boxed_clone()
    }
}
