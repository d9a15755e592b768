//! Nodes without their protocol's types: what a stage asks of them.

use crate::id::{EventId, NodeId};
use crate::kernel::Kernel;
use crate::node::{CrashDamage, DiskProfile};
use crate::random::Key;
use crate::time::SimTime;
use crate::trace::{Gist, Trace};

/// What is known of nodes without their protocol's types. Slots are the kernel's.
pub(crate) trait Nodes {
    /// A node begins to run, for the first time or again.
    fn start(&mut self, node: NodeId, turn: Turn<'_>);
    /// A node gets the message in `slot`, which the network has let go of.
    fn deliver(&mut self, slot: u32, from: NodeId, to: NodeId, turn: Turn<'_>);
    /// A node's timer in `slot` has fired.
    fn fire(&mut self, slot: u32, node: NodeId, turn: Turn<'_>);
    /// A node hears that its disk has synced.
    fn synced(&mut self, node: NodeId, token: u64, turn: Turn<'_>);
    /// An operator tells a node to do something.
    fn operate(&mut self, node: NodeId, operation: u8, argument: i64, turn: Turn<'_>);
    /// Makes a node as new.
    fn renew(&mut self, node: NodeId);
    /// Whether a node believes that it is the leader.
    fn leads(&self, node: NodeId) -> bool;
    /// Flips bits of a message. Returns what the message says after that.
    fn corrupt(&mut self, slot: u32, bits: u64) -> Option<Gist>;
    /// Makes `slot` one that holds no message of the protocol's.
    fn clear_message(&mut self, slot: u32);
    /// Copies a message.
    fn copy_message(&mut self, from: u32, to: u32);
    /// Forgets what a timer carries.
    fn clear_timer(&mut self, slot: u32);
    /// A node's disk loses what was not synced; a torn write is drawn from the key.
    fn crash_disk(&mut self, node: NodeId, now: SimTime, key: Key) -> CrashDamage;
    /// Something else befalls a node's disk.
    fn disk(&mut self, node: NodeId, event: DiskEvent);
}

/// What a node needs to handle something, besides its own state.
pub(crate) struct Turn<'a> {
    /// The state of the run that the protocol does not define.
    pub kernel: &'a mut Kernel,
    /// Where what happens is put on record.
    pub trace: &'a mut Trace,
    /// The event that is being handled.
    pub cause: EventId,
}

/// What befalls a disk.
#[derive(Clone, Copy, Debug)]
pub(crate) enum DiskEvent {
    /// Its writes up to this one are durable.
    Synced(u64),
    /// All that was on it is lost.
    Wipe,
    /// It works this slowly, in thousandths of its usual time.
    Slow(u32),
    /// It is of another kind.
    Change(DiskProfile),
}
