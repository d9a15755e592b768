//! The cast: all nodes of a protocol.
//!
//! The protocol's types stop here. Everything else that a world does is compiled once: it asks the cast through
//! [`Nodes`].

use std::sync::Arc;

use crate::collections::held::{Held, Measure};
use crate::id::NodeId;
use crate::node::{CrashDamage, Disk};
use crate::protocol::{Claim, Context, DiskEvent, Nodes, Protocol, Store, Turn};
use crate::random::{Key, Stream};
use crate::time::SimTime;
use crate::trace::Gist;

/// A protocol's nodes.
#[derive(Clone)]
pub(crate) struct Cast<P: Protocol> {
    /// Each node as it is now, by its number.
    pub nodes: Vec<P>,
    /// The nodes as they were built: what a restart begins from.
    blank: Arc<[P]>,
    /// What messages, timers and disks carry.
    pub store: Store<P>,
}

impl<P: Protocol> Cast<P> {
    /// The nodes as they were built, with their disks and what each draws from.
    pub fn new(nodes: Vec<P>, disks: Vec<Disk<P::Record>>, streams: Vec<Stream>) -> Cast<P> {
        Cast {
            blank: nodes.clone().into(),
            nodes,
            store: Store::new(disks, streams),
        }
    }

    /// Bytes that it takes on the heap, without the nodes as they were built, which keyframes share.
    pub fn held(&self, by: Measure) -> usize {
        let nodes: usize = self.nodes.iter().map(|node| node.held(by)).sum();
        self.nodes.held(by) + nodes + self.store.held(by)
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
        let Some(message) = self.store.take_message(slot) else {
            return;
        };
        let (node, mut context) = self.turn(to, turn);
        node.on_message(from, message, &mut context);
    }

    fn fire(&mut self, slot: u32, node: NodeId, turn: Turn<'_>) {
        let Some(carried) = self.store.take_timer(slot) else {
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
        self.nodes[node.index()].claim().is_some_and(Claim::leads)
    }

    fn corrupt(&mut self, slot: u32, bits: u64) -> Option<Gist> {
        let message = self.store.message_mut(slot)?;
        P::corrupt(message, bits);
        Some(P::gist(message))
    }

    fn clear_message(&mut self, slot: u32) {
        self.store.put_message(slot, None);
    }

    fn copy_message(&mut self, from: u32, to: u32) {
        self.store.copy_message(from, to);
    }

    fn clear_timer(&mut self, slot: u32) {
        self.store.take_timer(slot);
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
