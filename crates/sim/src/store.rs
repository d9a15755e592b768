//! What a world has beside its nodes: the kernel, and the protocol's messages, timers and records in its slots.

use crate::action::Meddling;
use crate::disk::Disk;
use crate::flight::Flight;
use crate::id::{EventId, NodeId};
use crate::kernel::Kernel;
use crate::network::Parcel;
use crate::protocol::Protocol;
use crate::random::Stream;
use crate::time::SimDuration;
use crate::timer::TimerId;
use crate::trace::{Loss, Trace};

/// What a world has beside its nodes.
#[derive(Clone, Debug)]
pub(crate) struct Store<P: Protocol> {
    pub kernel: Kernel,
    /// The messages in the kernel's flights, by slot.
    payloads: Vec<Option<P::Message>>,
    /// What the kernel's timers carry, by slot.
    carried: Vec<Option<P::Timer>>,
    pub disks: Vec<Disk<P::Record>>,
    /// What each node draws from. A restart goes on where it was: no number is drawn twice.
    pub streams: Vec<Stream>,
}

impl<P: Protocol> Store<P> {
    pub fn new(kernel: Kernel, disks: Vec<Disk<P::Record>>) -> Store<P> {
        let streams = (0..kernel.nodes())
            .map(|node| kernel.protocol_key(NodeId(node)).stream())
            .collect();
        Store {
            kernel,
            payloads: Vec::new(),
            carried: Vec::new(),
            disks,
            streams,
        }
    }

    #[inline]
    pub fn send(
        &mut self,
        from: NodeId,
        to: NodeId,
        message: P::Message,
        cause: EventId,
        trace: &mut Trace,
    ) {
        if !self.kernel.has(to) {
            return;
        }
        let gist = P::gist(&message);
        let parcel = Parcel {
            now: self.kernel.now,
            from,
            to,
            kind: gist.kind,
            bytes: P::bytes(&message),
            ntp: false,
        };
        let payloads = &mut self.payloads;
        let mut message = Some(message);
        self.kernel
            .send(parcel, gist, cause, trace, |slot, is_last| {
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
    ) -> TimerId {
        let kind = P::timer_kind(&timer);
        let (id, slot) = self.kernel.set_timer(node, after, kind, cause);
        put(&mut self.carried, slot, Some(timer));
        id
    }

    pub fn cancel_timer(&mut self, id: TimerId) {
        if let Some(slot) = self.kernel.timers.find(id) {
            self.end_timer(slot);
        }
    }

    /// Cancels all timers of a node.
    pub fn forget_timers(&mut self, node: NodeId) {
        for slot in self.kernel.timers.of(node) {
            self.end_timer(slot);
        }
    }

    /// Takes out a timer; what it carries.
    pub fn end_timer(&mut self, slot: u32) -> Option<P::Timer> {
        self.kernel.timers.remove(slot);
        self.carried[slot as usize].take()
    }

    /// Takes a copy off the network; what it says.
    #[inline]
    pub fn take_payload(&mut self, slot: u32) -> Option<P::Message> {
        self.kernel.flights.free(slot);
        self.payloads[slot as usize].take()
    }

    pub fn payload_mut(&mut self, slot: u32) -> Option<&mut P::Message> {
        self.payloads[slot as usize].as_mut()
    }

    /// Ends a copy that is lost.
    pub fn lose(&mut self, slot: u32, why: Loss, trace: &mut Trace) {
        self.payloads[slot as usize] = None;
        self.kernel.lose(slot, why, trace);
    }

    /// Takes hold of the copy in `slot`; `random` are bits to corrupt it with.
    pub fn meddle(&mut self, slot: u32, meddling: Meddling, random: u64, trace: &mut Trace) {
        self.kernel.meddle(slot, meddling, random, trace);
        if meddling == Meddling::Duplicate
            && let Some(copy) = self.kernel.duplicate(slot, trace)
        {
            let payload = self.payloads[slot as usize].clone();
            put(&mut self.payloads, copy, payload);
        }
    }

    pub fn ntp_ask(&mut self, node: NodeId, server: NodeId, trace: &mut Trace) {
        let payloads = &mut self.payloads;
        self.kernel.ntp_ask(node, server, trace, |slot, _| {
            put(payloads, slot, None);
        });
    }

    pub fn ntp_arrived(&mut self, flight: &Flight, cause: EventId, trace: &mut Trace) {
        let payloads = &mut self.payloads;
        self.kernel.ntp_arrived(flight, cause, trace, |slot, _| {
            put(payloads, slot, None);
        });
    }

    /// Bytes of memory that a copy takes, what messages and records point to aside.
    pub fn bytes(&self) -> usize {
        let disks: usize = self.disks.iter().map(Disk::bytes).sum();
        self.kernel.bytes()
            + self.payloads.len() * size_of::<Option<P::Message>>()
            + self.carried.len() * size_of::<Option<P::Timer>>()
            + disks
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
