//! A world without its protocol's type: what a timeline drives and a view looks at.

use crate::action::Action;
use crate::id::NodeId;
use crate::protocol::{Description, Protocol, Vocabulary};
use crate::time::SimTime;
use crate::trace::{Event, Trace};
use crate::world::{Kernel, World};

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
    /// What `node` is, in a word.
    fn role(&self, node: NodeId) -> &'static str;
    /// Whether `node` takes itself for the leader.
    fn leads(&self, node: NodeId) -> bool;
    /// What `node` holds and believes; `name` is what nodes are called.
    fn describe(&self, node: NodeId, name: &dyn Fn(NodeId) -> String) -> Description;
    /// How many writes `node` has made that are not durable.
    fn unsynced_writes(&self, node: NodeId) -> usize;
    /// The words for what the protocol does.
    fn vocabulary(&self) -> &'static Vocabulary;
    /// Bytes of memory that a keyframe takes, roughly.
    fn bytes(&self) -> usize {
        self.kernel().bytes()
    }
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

    fn role(&self, node: NodeId) -> &'static str {
        World::role(self, node)
    }

    fn leads(&self, node: NodeId) -> bool {
        self.nodes()[node.index()].leads()
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

    fn bytes(&self) -> usize {
        World::bytes(self)
    }

    fn boxed_clone(&self) -> Box<dyn Machine> {
        Box::new(self.clone())
    }
}

/// Something that watches a run event by event, such as a check. It is part of a keyframe.
pub trait Observer: Send + Sync {
    /// Takes in the next event of the trace.
    fn observe(&mut self, id: crate::EventId, event: &Event);
    /// The events at which something was found to be wrong, in order.
    fn violations(&self) -> Vec<crate::EventId>;
    /// Bytes of memory that a copy takes, roughly: it counts against the keyframes' budget.
    fn bytes(&self) -> usize {
        0
    }
    /// A copy in the same state.
    fn boxed_clone(&self) -> Box<dyn Observer>;
    /// The observer itself, so that its owner can ask it more.
    fn as_any(&self) -> &dyn std::any::Any;
}
