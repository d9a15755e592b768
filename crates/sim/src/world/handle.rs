//! What nodes handle: messages, timers, syncs and their start, at once or through their inboxes.

use crate::id::NodeId;
use crate::network::Place;
use crate::node::{Serving, Status};
use crate::protocol::DiskEvent;
use crate::time::{Due, Item, SimDuration};
use crate::trace::{DiskChange, Event, EventKind, Loss, OperatorCommand, Trace};
use crate::world::Stage;

impl Stage<'_> {
    #[inline]
    pub(crate) fn message_due(&mut self, slot: u32, entry: u32, trace: &mut Trace) {
        let flight = self.kernel.flights.get(slot);
        if flight.entry != entry || flight.place != Place::Travelling {
            return;
        }
        if let Some(why) = flight.ends {
            self.lose(slot, why, trace);
            return;
        }
        let (to, is_ntp) = (flight.to, flight.is_ntp);
        if is_ntp && self.kernel.status(to) == Status::Running {
            self.deliver_ntp(slot, trace);
            return;
        }
        let due = Due::Arrive(slot);
        self.offer(to, Item { due, entry }, trace);
    }

    pub(crate) fn timer_due(&mut self, slot: u32, entry: u32, trace: &mut Trace) {
        let timer = *self.kernel.timers.get(slot);
        if !timer.is_set || timer.entry != entry {
            return;
        }
        if !timer.is_aside {
            let due = Due::Timer(slot);
            self.offer(timer.node, Item { due, entry }, trace);
        } else if self.kernel.status(timer.node) == Status::Running {
            self.fire(slot, trace);
        }
    }

    /// Lets the threads of a node that goes on do what became due while it was paused. One may cancel another.
    pub(crate) fn fire_aside(&mut self, node: NodeId, trace: &mut Trace) {
        let now = self.kernel.now;
        for timer in self.kernel.timers.due_aside(node, now) {
            if let Some(slot) = self.kernel.timers.find(timer) {
                self.fire(slot, trace);
            }
        }
    }

    /// Gives a node something to handle: at once if it is idle, else through its inbox.
    #[inline]
    pub(crate) fn offer(&mut self, node: NodeId, item: Item, trace: &mut Trace) {
        let is_idle = self.kernel.processes[node.index()].is_idle();
        if is_idle && self.service(node, item).is_zero() {
            self.handle(node, item, trace);
        } else {
            self.enqueue(node, item, trace);
        }
    }

    /// How long `node` serves `item`.
    #[inline]
    fn service(&self, node: NodeId, item: Item) -> SimDuration {
        match item.due {
            Due::Arrive(slot) if !self.kernel.flights.get(slot).is_ntp => {
                self.kernel.processes[node.index()].service()
            }
            Due::Arrive(_) | Due::Timer(_) | Due::Served(_) | Due::Synced(_) | Due::Tick(_) => {
                SimDuration::ZERO
            }
        }
    }

    fn enqueue(&mut self, node: NodeId, item: Item, trace: &mut Trace) {
        let kernel = &mut *self.kernel;
        let process = &mut kernel.processes[node.index()];
        if let Due::Arrive(slot) = item.due {
            let refused = match process.status {
                Status::Crashed => Some(Loss::ReceiverDown),
                Status::Running | Status::Paused if process.is_full() => Some(Loss::InboxFull),
                Status::Running | Status::Paused => None,
            };
            if let Some(why) = refused {
                self.lose(slot, why, trace);
                return;
            }
            process.waiting_messages += 1;
            let waits = !process.is_idle();
            kernel.flights.get_mut(slot).place = Place::Inbox;
            if waits {
                let event = kernel.flight_event(EventKind::Queued, 0, kernel.flights.get(slot));
                kernel.record(trace, event);
            }
        } else if process.status == Status::Crashed {
            return;
        }
        self.kernel.processes[node.index()].inbox.push_back(item);
        self.serve(node);
    }

    /// Lets a node take the next thing from its inbox, if it can. It is handled when its service ends, at once perhaps,
    /// but in a step of its own.
    pub(crate) fn serve(&mut self, node: NodeId) {
        let process = &mut self.kernel.processes[node.index()];
        if process.status != Status::Running || process.serving.is_some() {
            return;
        }
        let Some(item) = process.inbox.pop_front() else {
            return;
        };
        let is_message = matches!(item.due, Due::Arrive(_));
        process.waiting_messages -= u32::from(is_message);
        let service = self.service(node, item);
        let kernel = &mut *self.kernel;
        let done = kernel.now + service;
        let entry = kernel.queue.push(done, Due::Served(node.0.into()).pack());
        kernel.processes[node.index()].serving = Some(Serving {
            item,
            done,
            entry,
            is_message,
        });
    }

    pub(crate) fn served(&mut self, node: NodeId, entry: u32, trace: &mut Trace) {
        let process = &mut self.kernel.processes[node.index()];
        if process.status != Status::Running {
            return;
        }
        let is_it = |serving: &mut Serving| serving.entry == entry;
        if let Some(serving) = process.serving.take_if(is_it) {
            self.handle_waited(node, serving.item, trace);
            self.serve(node);
        }
    }

    /// Handles something that has waited, unless it was cancelled meanwhile.
    fn handle_waited(&mut self, node: NodeId, item: Item, trace: &mut Trace) {
        if let Due::Timer(slot) = item.due {
            let timer = self.kernel.timers.get(slot);
            if !timer.is_set || timer.entry != item.entry {
                return;
            }
        }
        self.handle(node, item, trace);
    }

    #[inline]
    fn handle(&mut self, node: NodeId, item: Item, trace: &mut Trace) {
        match item.due {
            Due::Arrive(slot) => self.deliver(slot, trace),
            Due::Timer(slot) => self.fire(slot, trace),
            Due::Synced(slot) => self.handle_synced(slot, trace),
            Due::Tick(_) => self.start(node, EventKind::Start, trace),
            Due::Served(_) => unreachable!("{node} is never given {item:?}"),
        }
    }

    #[inline]
    fn deliver(&mut self, slot: u32, trace: &mut Trace) {
        let flight = self.kernel.flights.get(slot);
        if flight.is_ntp {
            self.deliver_ntp(slot, trace);
            return;
        }
        let (from, to) = (flight.from, flight.to);
        if flight.is_corrupted {
            self.corrupt(slot);
        }
        let kernel = &mut *self.kernel;
        let flight = kernel.flights.get(slot);
        let event = kernel.flight_event(EventKind::Deliver, flight.gist.kind, flight);
        let cause = kernel.record(trace, event);
        kernel.flights.free(slot);
        let (nodes, turn) = self.turn(cause, trace);
        nodes.deliver(slot, from, to, turn);
    }

    /// Flips bits of a message that is delivered; the trace says what its receiver reads.
    #[cold]
    fn corrupt(&mut self, slot: u32) {
        let bits = self.kernel.flights.get(slot).corruption;
        if let Some(gist) = self.nodes.corrupt(slot, bits) {
            self.kernel.flights.get_mut(slot).gist = gist;
        }
    }

    fn deliver_ntp(&mut self, slot: u32, trace: &mut Trace) {
        let flight = self.kernel.flights.remove(slot);
        let kernel = &mut *self.kernel;
        let event = kernel.flight_event(EventKind::Deliver, flight.gist.kind, &flight);
        let cause = kernel.record(trace, event);
        let nodes = &mut *self.nodes;
        kernel.ntp_arrived(&flight, cause, trace, &mut |slot, _| {
            nodes.clear_message(slot)
        });
    }

    fn fire(&mut self, slot: u32, trace: &mut Trace) {
        let kernel = &mut *self.kernel;
        let timer = *kernel.timers.get(slot);
        let event = Event {
            code: timer.kind,
            cause: timer.set_event,
            ..Event::of_kind(kernel.now, timer.node, EventKind::TimerFired)
        };
        let cause = kernel.record(trace, event);
        kernel.timers.remove(slot);
        let (nodes, turn) = self.turn(cause, trace);
        nodes.fire(slot, timer.node, turn);
    }

    /// The disk has synced, whether or not its node can hear of it. What an earlier life of the node asked for is void.
    pub(crate) fn synced(&mut self, slot: u32, entry: u32, trace: &mut Trace) {
        let kernel = &mut *self.kernel;
        let request = kernel.sync(slot);
        if kernel.processes[request.node.index()].life != request.life {
            kernel.end_sync(slot);
            return;
        }
        let event = DiskEvent::Synced(request.last);
        self.nodes.disk(request.node, event);
        if let Some(fact) = request.fact {
            self.kernel
                .record_detail(request.node, fact, request.asked_in, trace);
        }
        let due = Due::Synced(slot);
        self.offer(request.node, Item { due, entry }, trace);
    }

    fn handle_synced(&mut self, slot: u32, trace: &mut Trace) {
        let kernel = &mut *self.kernel;
        let request = kernel.sync(slot);
        kernel.end_sync(slot);
        let (node, asked_in) = (request.node, request.asked_in);
        let cause = kernel.record_detail(node, DiskChange::Synced, asked_in, trace);
        let (nodes, turn) = self.turn(cause, trace);
        nodes.synced(node, request.token, turn);
    }

    /// Lets a node begin to run, for the first time or again.
    pub(crate) fn start(&mut self, node: NodeId, kind: EventKind, trace: &mut Trace) {
        let cause = self.record_kind(node, kind, trace);
        let (nodes, turn) = self.turn(cause, trace);
        nodes.start(node, turn);
    }

    /// An operator tells a node to do something; one that does not run cannot be told.
    pub(crate) fn operate(
        &mut self,
        node: NodeId,
        operation: u8,
        argument: i64,
        trace: &mut Trace,
    ) {
        if self.kernel.status(node) != Status::Running {
            return;
        }
        let command = OperatorCommand {
            operation,
            argument,
        };
        let cause = self.record_detail(node, command, trace);
        let (nodes, turn) = self.turn(cause, trace);
        nodes.operate(node, operation, argument, turn);
    }
}
