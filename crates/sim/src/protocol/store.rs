//! What nodes have beside their own state: their messages, timers and records in the kernel's slots.

use crate::collections::held::{Held, Measure};
use crate::id::{EventId, NodeId};
use crate::kernel::Kernel;
use crate::network::Parcel;
use crate::node::{Disk, TimerId};
use crate::protocol::{Protocol, Turn};
use crate::random::Stream;
use crate::time::SimDuration;

/// What the nodes have beside their own state.
#[derive(Clone, Debug)]
pub(crate) struct Store<P: Protocol> {
    /// The messages in the kernel's flights, by slot.
    payloads: Vec<Option<P::Message>>,
    /// Bytes that they take on the heap. It is kept up with each of them, because a few events can send many large ones.
    pub in_flight: usize,
    /// What the kernel's timers carry, by slot.
    carried: Vec<Option<P::Timer>>,
    /// The disk of each node, by its number.
    pub disks: Vec<Disk<P::Record>>,
    /// What each node draws from. A restart goes on where it was: no number is drawn twice.
    pub streams: Vec<Stream>,
}

impl<P: Protocol> Store<P> {
    /// A store without messages and timers.
    pub fn new(disks: Vec<Disk<P::Record>>, streams: Vec<Stream>) -> Store<P> {
        Store {
            payloads: Vec::new(),
            in_flight: 0,
            carried: Vec::new(),
            disks,
            streams,
        }
    }

    /// Bytes that it takes on the heap.
    pub fn held(&self, by: Measure) -> usize {
        let disks = self.disks.iter();
        let records = disks.map(|disk| disk.held(by, P::held_by_record));
        self.payloads.held(by)
            + self.in_flight
            + self.carried.held(by)
            + self.disks.held(by)
            + records.sum::<usize>()
            + self.streams.held(by)
    }

    /// Takes the message out of a slot; nothing if the slot holds none.
    #[inline]
    pub fn take_message(&mut self, slot: u32) -> Option<P::Message> {
        let message = self.payloads[slot as usize].take();
        self.in_flight -= held_by::<P>(&message);
        message
    }

    /// The message in a slot, to change it.
    pub fn message_mut(&mut self, slot: u32) -> Option<&mut P::Message> {
        self.payloads[slot as usize].as_mut()
    }

    /// The message in a slot.
    #[cfg(feature = "fingerprint")]
    pub fn message(&self, slot: u32) -> Option<&P::Message> {
        self.payloads.get(slot as usize)?.as_ref()
    }

    /// What the timer in a slot carries.
    #[cfg(feature = "fingerprint")]
    pub fn carried(&self, slot: u32) -> Option<&P::Timer> {
        self.carried.get(slot as usize)?.as_ref()
    }

    /// Makes `slot`, which is at most one beyond the end, hold a message or none.
    pub fn put_message(&mut self, slot: u32, message: Option<P::Message>) {
        self.in_flight += held_by::<P>(&message);
        let before = put(&mut self.payloads, slot, message);
        self.in_flight -= held_by::<P>(&before);
    }

    /// Copies the message in `from` to `to`, which is at most one beyond the end.
    pub fn copy_message(&mut self, from: u32, to: u32) {
        let copy = self.payloads[from as usize].clone();
        self.put_message(to, copy);
    }

    /// Takes what the timer in a slot carries; nothing if the slot holds none.
    pub fn take_timer(&mut self, slot: u32) -> Option<P::Timer> {
        self.carried[slot as usize].take()
    }

    /// Hands a message to the network. A receiver that does not exist gets nothing, and that is no event.
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
        let mut message = Some(message);
        kernel.send(parcel, gist, cause, trace, |slot, is_last| {
            let payload = if is_last {
                message.take()
            } else {
                message.clone()
            };
            self.put_message(slot, payload);
        });
    }

    /// Sets a timer of a node, which fires when its monotonic clock has gone on by `after`.
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

    /// Cancels a timer. One that has fired or was cancelled already is left alone.
    pub fn cancel_timer(&mut self, id: TimerId, kernel: &mut Kernel) {
        if let Some(slot) = kernel.timers.find(id) {
            kernel.timers.remove(slot);
            self.carried[slot as usize] = None;
        }
    }
}

fn held_by<P: Protocol>(message: &Option<P::Message>) -> usize {
    message.as_ref().map_or(0, P::held_by_message)
}

/// Puts `value` in `slot`, which is at most one beyond the end. What was there.
#[inline]
fn put<T>(slots: &mut Vec<Option<T>>, slot: u32, value: Option<T>) -> Option<T> {
    match slots.get_mut(slot as usize) {
        Some(place) => std::mem::replace(place, value),
        None => {
            slots.push(value);
            None
        }
    }
}
