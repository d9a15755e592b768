//! What a node knows at a moment: its own events and beliefs, and nothing else.
//!
//! A node sees what it does and what it handles. It does not see that a message was lost, delayed or copied, that it
//! was paused or is slow, that a clock was tampered with, or what the network is. A crash takes its memory: afterwards
//! it knows what has happened since its restart, and what is on its disk.

use crate::id::{EventId, NodeId};
use crate::node::Status;
use crate::node::clock::Interval;
use crate::protocol::Description;
use crate::trace::{DiskChange, Event, EventKind, Events};
use crate::world::Machine;

/// The view of one node at one moment.
#[derive(Clone, Debug)]
pub struct Perspective {
    /// Whose view it is.
    pub node: NodeId,
    /// What its wall clock shows, in nanoseconds since the run's epoch.
    pub wall: i64,
    /// What its monotonic clock shows, in nanoseconds.
    pub monotonic: i64,
    /// What its interval clock answers.
    pub interval: Interval,
    /// What it holds and believes. Nothing for a crashed node.
    pub description: Option<Description>,
    /// What it remembers of what happened, in order.
    pub events: Vec<EventId>,
}

impl Perspective {
    /// What `node` knows at the present moment of `machine`, whose trace up to now is `events`. `name` is what it calls
    /// the others.
    pub fn of(
        machine: &dyn Machine,
        events: Events<'_>,
        node: NodeId,
        name: &dyn Fn(NodeId) -> String,
    ) -> Perspective {
        let kernel = machine.kernel();
        let clocks = kernel.clocks(node);
        let is_up = kernel.status(node) != Status::Crashed;
        Perspective {
            node,
            wall: clocks.wall.read(kernel.now()),
            monotonic: clocks.monotonic.read(kernel.now()),
            interval: clocks.interval(kernel.now()),
            description: is_up.then(|| machine.describe(node, name)),
            events: remembered(events, node),
        }
    }
}

/// The events that `node` remembers at the end of `events`, in order.
pub fn remembered(events: Events<'_>, node: NodeId) -> Vec<EventId> {
    let crashed = |event: &Event| event.node == node && event.kind == EventKind::Crash;
    let since = events
        .iter()
        .rposition(crashed)
        .map_or(0, |crash| crash + 1);
    let known = |(_, event): &(u32, &Event)| knows(node, event);
    (since as u32..)
        .zip(events.skip(since).iter())
        .filter(known)
        .map(|(id, _)| EventId(id))
        .collect()
}

/// Whether `node` knows of an event when it happens.
pub fn knows(node: NodeId, event: &Event) -> bool {
    event.node == node
        && match event.kind {
            EventKind::Start
            | EventKind::Restart
            | EventKind::Send
            | EventKind::Deliver
            | EventKind::TimerFired
            | EventKind::Fact
            | EventKind::Operation => true,
            // Its own corrections, not what befalls its clock.
            EventKind::Clock => event.cause != EventId::NONE,
            EventKind::Disk => {
                event.code == DiskChange::Written.code() || event.code == DiskChange::Synced.code()
            }
            EventKind::Lost
            | EventKind::Duplicate
            | EventKind::Queued
            | EventKind::Crash
            | EventKind::Pause
            | EventKind::Resume
            | EventKind::Limp
            | EventKind::Network
            | EventKind::Held
            | EventKind::Meddled
            | EventKind::Setting => false,
        }
}
