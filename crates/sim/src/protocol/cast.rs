//! The cast: a protocol's nodes, and its messages, timers and records in the kernel's slots.
//!
//! The protocol's types stop here. Everything else that a world does is compiled once: it asks the cast through
//! [`Nodes`].

use std::sync::Arc;

use crate::id::{EventId, NodeId};
use crate::network::Parcel;
use crate::node::{CrashDamage, Disk, DiskProfile, TimerId};
use crate::protocol::{Context, Gist, Protocol};
use crate::random::{Key, Stream};
use crate::time::{SimDuration, SimTime};
use crate::trace::Trace;
use crate::world::Kernel;

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
    /// Whether a node takes itself for the leader.
    fn leads(&self, node: NodeId) -> bool;
    /// Flips bits of a message; what it says then.
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

/// What a node needs to handle something, its own state aside.
pub(crate) struct Turn<'a> {
    pub kernel: &'a mut Kernel,
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

/// A protocol's nodes.
#[derive(Clone)]
pub(crate) struct Cast<P: Protocol> {
    pub nodes: Vec<P>,
    /// The nodes as they were built: what a restart begins from.
    blank: Arc<[P]>,
    pub store: Store<P>,
}

/// What the nodes have beside their own state.
#[derive(Clone, Debug)]
pub(crate) struct Store<P: Protocol> {
    /// The messages in the kernel's flights, by slot.
    payloads: Vec<Option<P::Message>>,
    /// What the kernel's timers carry, by slot.
    carried: Vec<Option<P::Timer>>,
    pub disks: Vec<Disk<P::Record>>,
    /// What each node draws from. A restart goes on where it was: no number is drawn twice.
    pub streams: Vec<Stream>,
}

impl<P: Protocol> Cast<P> {
    pub fn new(nodes: Vec<P>, disks: Vec<Disk<P::Record>>, streams: Vec<Stream>) -> Cast<P> {
        Cast {
            blank: nodes.clone().into(),
            nodes,
            store: Store {
                payloads: Vec::new(),
                carried: Vec::new(),
                disks,
                streams,
            },
        }
    }

    /// Bytes of memory that a copy takes, what messages and records point to aside.
    pub fn bytes(&self) -> usize {
        let nodes: usize = self.nodes.iter().map(P::memory).sum();
        let disks: usize = self.store.disks.iter().map(Disk::bytes).sum();
        nodes
            + self.store.payloads.len() * size_of::<Option<P::Message>>()
            + self.store.carried.len() * size_of::<Option<P::Timer>>()
            + disks
    }

    #[inline]
    fn turn<'a>(&'a mut self, node: NodeId, turn: Turn<'a>) -> (&'a mut P, Context<'a, P>) {
        let context = Context {
            kernel: turn.kernel,
            store: &mut self.store,
            trace: turn.trace,
            node,
            cause: turn.cause,
        };
        (&mut self.nodes[node.index()], context)
    }
}

impl<P: Protocol> Nodes for Cast<P> {
    fn start(&mut self, node: NodeId, turn: Turn<'_>) {
        let (node, mut context) = self.turn(node, turn);
        node.on_start(&mut context);
    }

    fn deliver(&mut self, slot: u32, from: NodeId, to: NodeId, turn: Turn<'_>) {
        let Some(message) = self.store.payloads[slot as usize].take() else {
            return;
        };
        let (node, mut context) = self.turn(to, turn);
        node.on_message(from, message, &mut context);
    }

    fn fire(&mut self, slot: u32, node: NodeId, turn: Turn<'_>) {
        let Some(carried) = self.store.carried[slot as usize].take() else {
            return;
        };
        let (node, mut context) = self.turn(node, turn);
        node.on_timer(carried, &mut context);
    }

    fn synced(&mut self, node: NodeId, token: u64, turn: Turn<'_>) {
        let (node, mut context) = self.turn(node, turn);
        node.on_synced(token, &mut context);
    }

    fn operate(&mut self, node: NodeId, operation: u8, argument: i64, turn: Turn<'_>) {
        let (node, mut context) = self.turn(node, turn);
        node.on_operation(operation, argument, &mut context);
    }

    fn renew(&mut self, node: NodeId) {
        self.nodes[node.index()] = self.blank[node.index()].clone();
    }

    fn leads(&self, node: NodeId) -> bool {
        self.nodes[node.index()].leads()
    }

    fn corrupt(&mut self, slot: u32, bits: u64) -> Option<Gist> {
        let message = self.store.payloads[slot as usize].as_mut()?;
        P::corrupt(message, bits);
        Some(P::gist(message))
    }

    fn clear_message(&mut self, slot: u32) {
        put(&mut self.store.payloads, slot, None);
    }

    fn copy_message(&mut self, from: u32, to: u32) {
        let payload = self.store.payloads[from as usize].clone();
        put(&mut self.store.payloads, to, payload);
    }

    fn clear_timer(&mut self, slot: u32) {
        self.store.carried[slot as usize] = None;
    }

    fn crash_disk(&mut self, node: NodeId, now: SimTime, key: Key) -> CrashDamage {
        self.store.disks[node.index()].crash(now, key)
    }

    fn disk(&mut self, node: NodeId, event: DiskEvent) {
        let disk = &mut self.store.disks[node.index()];
        match event {
            DiskEvent::Synced(last) => disk.end_sync(last),
            DiskEvent::Wipe => disk.wipe(),
            DiskEvent::Slow(permille) => disk.set_slow(permille),
            DiskEvent::Change(profile) => disk.set_profile(profile),
        }
    }
}

impl<P: Protocol> Store<P> {
    #[inline]
    pub fn send(&mut self, to: NodeId, message: P::Message, from: NodeId, turn: Turn<'_>) {
        let Turn {
            kernel,
            trace,
            cause,
        } = turn;
        if !kernel.has(to) {
            return;
        }
        let gist = P::gist(&message);
        let parcel = Parcel {
            now: kernel.now,
            from,
            to,
            kind: gist.kind,
            bytes: P::bytes(&message),
            ntp: false,
        };
        let payloads = &mut self.payloads;
        let mut message = Some(message);
        kernel.send(parcel, gist, cause, trace, |slot, is_last| {
            let payload = if is_last {
                message.take()
            } else {
                message.clone()
            };
            put(payloads, slot, payload);
        });
    }

    pub fn set_timer(
        &mut self,
        node: NodeId,
        after: SimDuration,
        timer: P::Timer,
        cause: EventId,
        kernel: &mut Kernel,
    ) -> TimerId {
        let kind = P::timer_kind(&timer);
        let (id, slot) = kernel.set_timer(node, after, kind, cause);
        put(&mut self.carried, slot, Some(timer));
        id
    }

    pub fn cancel_timer(&mut self, id: TimerId, kernel: &mut Kernel) {
        if let Some(slot) = kernel.timers.find(id) {
            kernel.timers.remove(slot);
            self.carried[slot as usize] = None;
        }
    }
}

/// Puts `value` in `slot`, which is at most one beyond the end.
#[inline]
fn put<T>(slots: &mut Vec<Option<T>>, slot: u32, value: Option<T>) {
    match slots.get_mut(slot as usize) {
        Some(place) => *place = value,
        None => slots.push(value),
    }
}
