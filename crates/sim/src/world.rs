//! The world: a protocol's nodes on the kernel, advanced one event at a time.
//!
//! - `world.rs`: building, stepping, what arrives and who handles it
//! - `intervene.rs`: what is done from outside, by people, scenarios and chance

use std::sync::Arc;

use crate::action::{Flapping, Mishap};
use crate::context::Context;
use crate::disk::Disk;
use crate::id::{EventId, NodeId};
use crate::kernel::{Due, Flight, Kernel, NodeProfile, Place, TimerId};
use crate::network::{LinkProfile, Parcel};
use crate::ntp::NtpProfile;
use crate::process::{Serving, Status};
use crate::protocol::{Description, Outlook, Protocol, Vocabulary};
use crate::random::Stream;
use crate::time::{SimDuration, SimTime};
use crate::trace::{DiskChange, EventKind, Loss, Trace};

/// Everything that a run starts from, its protocol aside.
#[derive(Clone, Debug)]
pub struct Setup {
    /// The seed of all that is random.
    pub seed: u64,
    /// The settings of every link.
    pub link: LinkProfile,
    /// Links with settings of their own.
    pub links: Vec<(NodeId, NodeId, LinkProfile)>,
    /// The settings of each node; as many as there are nodes.
    pub nodes: Vec<NodeProfile>,
    /// Faults that strike at random.
    pub mishaps: Vec<Mishap>,
    /// Cuts that come and go.
    pub flapping: Vec<Flapping>,
}

/// What happens by itself, by its own clock.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Tick {
    Start(NodeId),
    Mishap(Mishap),
    Flapping(Flapping),
    Ntp(NodeId, NtpProfile),
}

/// What a world has beside its nodes.
#[derive(Clone, Debug)]
pub(crate) struct Store<P: Protocol> {
    pub kernel: Kernel,
    /// The messages in the kernel's flights, by slot.
    payloads: Vec<Option<P::Message>>,
    /// What the kernel's timers carry, by slot.
    carried: Vec<Option<P::Timer>>,
    pub disks: Vec<Disk<P::Record>>,
    pub streams: Vec<Stream>,
}

/// A run at a moment: cloning it is taking a keyframe.
#[derive(Clone)]
pub struct World<P: Protocol> {
    pub(crate) nodes: Vec<P>,
    /// The nodes as they were built: what a restart begins from.
    pub(crate) blank: Arc<[P]>,
    pub(crate) store: Store<P>,
    pub(crate) ticks: Arc<[Tick]>,
    /// How often each tick has come.
    pub(crate) ticked: Vec<u32>,
    /// How many actions were applied: the number of the next one's random draw.
    pub(crate) actions: u64,
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
        let streams = (0..kernel.nodes())
            .map(|node| kernel.protocol_key(NodeId(node)).stream())
            .collect();
        let ticks = ticks(setup);
        let mut world = World {
            blank: nodes.clone().into(),
            nodes,
            store: Store {
                kernel,
                payloads: Vec::new(),
                carried: Vec::new(),
                disks: setup
                    .nodes
                    .iter()
                    .map(|node| Disk::new(node.disk))
                    .collect(),
                streams,
            },
            ticked: vec![0; ticks.len()],
            ticks: ticks.into(),
            actions: 0,
        };
        for tick in 0..world.ticks.len() as u32 {
            let first = world.first_tick(tick);
            world.store.kernel.queue.push(first, Due::Tick(tick).pack());
        }
        world
    }

    /// What does not depend on the protocol.
    pub fn kernel(&self) -> &Kernel {
        &self.store.kernel
    }

    /// The nodes, in order.
    pub fn nodes(&self) -> &[P] {
        &self.nodes
    }

    /// The disk of `node`.
    pub fn disk(&self, node: NodeId) -> &Disk<P::Record> {
        &self.store.disks[node.index()]
    }

    /// Does what is due next; returns its time, or nothing if nothing is due.
    #[inline]
    pub fn step(&mut self, trace: &mut Trace) -> Option<SimTime> {
        let (time, due) = self.store.kernel.queue.pop()?;
        trace.begin_step(self.store.kernel.events());
        self.store.kernel.now = time;
        match Due::unpack(due) {
            Due::Arrive(slot) => self.message_due(slot, trace),
            Due::Timer(slot) => {
                let timer = self.store.kernel.timer(slot);
                if timer.is_set && timer.due == time {
                    self.offer(timer.node, Due::Timer(slot), trace);
                }
            }
            Due::Served(node) => self.served(NodeId(node as u16), trace),
            Due::Synced(slot) => self.synced(slot, trace),
            Due::Tick(tick) => self.tick(tick, trace),
        }
        Some(time)
    }

    /// Does everything that is due up to and including `until`; the time is `until` then.
    pub fn run_until(&mut self, until: SimTime, trace: &mut Trace) {
        while self
            .store
            .kernel
            .next_due()
            .is_some_and(|next| next <= until)
        {
            self.step(trace);
        }
        self.store.kernel.now = until;
    }

    #[inline]
    fn message_due(&mut self, slot: u32, trace: &mut Trace) {
        let kernel = &mut self.store.kernel;
        let flight = kernel.at_slot(slot);
        if flight.place != Place::Travelling || flight.next != kernel.now {
            return;
        }
        if let Some(why) = flight.ends {
            self.store.lose(slot, why, trace);
            return;
        }
        if flight.is_ntp {
            self.ntp_arrived(slot, trace);
            return;
        }
        let to = flight.to;
        self.offer(to, Due::Arrive(slot), trace);
    }

    /// Gives a node something to handle: at once if it is idle, else through its inbox.
    #[inline]
    pub(crate) fn offer(&mut self, node: NodeId, item: Due, trace: &mut Trace) {
        let process = &self.store.kernel.processes[node.index()];
        if process.is_idle() && process.service(item).is_zero() {
            self.handle(node, item, trace);
        } else {
            self.enqueue(node, item, trace);
        }
    }

    fn enqueue(&mut self, node: NodeId, item: Due, trace: &mut Trace) {
        let kernel = &mut self.store.kernel;
        let process = &mut kernel.processes[node.index()];
        if let Due::Arrive(slot) = item {
            let refused = match process.status {
                Status::Crashed => Some(Loss::ReceiverDown),
                _ if process.waiting_messages > process.profile.inbox => Some(Loss::InboxFull),
                _ => None,
            };
            if let Some(why) = refused {
                self.store.lose(slot, why, trace);
                return;
            }
            process.waiting_messages += 1;
            let waits = !process.is_idle();
            kernel.at_slot_mut(slot).place = Place::Inbox;
            if waits {
                let event = kernel.flight_event(EventKind::Queued, 0, kernel.at_slot(slot));
                kernel.record(trace, event);
            }
        } else if process.status == Status::Crashed {
            return;
        }
        self.store.kernel.processes[node.index()]
            .inbox
            .push_back(item);
        self.serve(node, trace);
    }

    /// Lets a node take from its inbox as long as that takes no time.
    pub(crate) fn serve(&mut self, node: NodeId, trace: &mut Trace) {
        loop {
            let kernel = &mut self.store.kernel;
            let process = &mut kernel.processes[node.index()];
            if process.status != Status::Running || process.serving.is_some() {
                return;
            }
            let Some(item) = process.inbox.pop_front() else {
                return;
            };
            let service = process.service(item);
            if !service.is_zero() {
                let done = kernel.now + service;
                process.serving = Some(Serving { item, done });
                kernel.queue.push(done, Due::Served(node.0 as u32).pack());
                return;
            }
            self.handle_waited(node, item, trace);
        }
    }

    fn served(&mut self, node: NodeId, trace: &mut Trace) {
        let kernel = &mut self.store.kernel;
        let process = &mut kernel.processes[node.index()];
        let is_done = |serving: &mut Serving| serving.done == kernel.now;
        if process.status != Status::Running {
            return;
        }
        if let Some(serving) = process.serving.take_if(is_done) {
            self.handle_waited(node, serving.item, trace);
            self.serve(node, trace);
        }
    }

    /// Handles something that has waited, unless it was cancelled meanwhile.
    fn handle_waited(&mut self, node: NodeId, item: Due, trace: &mut Trace) {
        let kernel = &mut self.store.kernel;
        match item {
            Due::Arrive(_) => kernel.processes[node.index()].waiting_messages -= 1,
            Due::Timer(slot) => {
                let timer = kernel.timer(slot);
                if !timer.is_set || timer.node != node || timer.due > kernel.now {
                    return;
                }
            }
            _ => {}
        }
        self.handle(node, item, trace);
    }

    #[inline]
    fn handle(&mut self, node: NodeId, item: Due, trace: &mut Trace) {
        match item {
            Due::Arrive(slot) => self.deliver(slot, trace),
            Due::Timer(slot) => self.fire(slot, trace),
            Due::Synced(slot) => self.handle_synced(slot, trace),
            Due::Served(_) | Due::Tick(_) => unreachable!("{node} is never given {item:?}"),
        }
    }

    #[inline]
    fn deliver(&mut self, slot: u32, trace: &mut Trace) {
        let (flight, message) = self.store.take(slot);
        let kernel = &mut self.store.kernel;
        let event = kernel.flight_event(EventKind::Deliver, flight.gist.kind, &flight);
        let cause = kernel.record(trace, event);
        let Some(mut message) = message else { return };
        if flight.is_corrupted {
            P::corrupt(&mut message, flight.corruption);
        }
        let mut context = Context {
            store: &mut self.store,
            trace,
            node: flight.to,
            cause,
        };
        self.nodes[flight.to.index()].on_message(flight.from, message, &mut context);
    }

    fn fire(&mut self, slot: u32, trace: &mut Trace) {
        let kernel = &mut self.store.kernel;
        let timer = kernel.end_timer(slot);
        let event = kernel.local_event(
            EventKind::TimerFired,
            timer.kind,
            timer.node,
            timer.set_event,
        );
        let cause = kernel.record(trace, event);
        let carried = self.store.carried[slot as usize].take();
        let Some(carried) = carried else { return };
        let mut context = Context {
            store: &mut self.store,
            trace,
            node: timer.node,
            cause,
        };
        self.nodes[timer.node.index()].on_timer(carried, &mut context);
    }

    fn synced(&mut self, slot: u32, trace: &mut Trace) {
        let kernel = &mut self.store.kernel;
        let request = kernel.sync(slot);
        if kernel.processes[request.node.index()].life != request.life {
            kernel.end_sync(slot);
            return;
        }
        self.store.disks[request.node.index()].end_sync(request.last);
        self.offer(request.node, Due::Synced(slot), trace);
    }

    fn handle_synced(&mut self, slot: u32, trace: &mut Trace) {
        let kernel = &mut self.store.kernel;
        let request = kernel.sync(slot);
        kernel.end_sync(slot);
        let event = kernel.local_event(
            EventKind::Disk,
            DiskChange::Synced as u8,
            request.node,
            request.asked_in,
        );
        let cause = kernel.record(trace, event);
        let mut context = Context {
            store: &mut self.store,
            trace,
            node: request.node,
            cause,
        };
        self.nodes[request.node.index()].on_synced(request.token, &mut context);
    }

    pub(crate) fn start(
        &mut self,
        node: NodeId,
        kind: EventKind,
        cause: EventId,
        trace: &mut Trace,
    ) {
        let event = self.store.kernel.local_event(kind, 0, node, cause);
        let cause = self.store.kernel.record(trace, event);
        let mut context = Context {
            store: &mut self.store,
            trace,
            node,
            cause,
        };
        self.nodes[node.index()].on_start(&mut context);
    }

    fn ntp_arrived(&mut self, slot: u32, trace: &mut Trace) {
        let (flight, _) = self.store.take(slot);
        let Store {
            kernel, payloads, ..
        } = &mut self.store;
        if kernel.status(flight.to) != Status::Running {
            let event = kernel.flight_event(EventKind::Lost, Loss::ReceiverDown as u8, &flight);
            kernel.record(trace, event);
            return;
        }
        let event = kernel.flight_event(EventKind::Deliver, flight.gist.kind, &flight);
        let cause = kernel.record(trace, event);
        let profile = self.ticks.iter().find_map(|tick| match tick {
            Tick::Ntp(node, profile) if *node == flight.to => Some(*profile),
            _ => None,
        });
        kernel.ntp_arrived(&flight, profile, cause, trace, |slot, _| {
            put(payloads, slot, None)
        });
    }

    /// What `node` is, in a word.
    pub fn role(&self, node: NodeId) -> &'static str {
        self.nodes[node.index()].role()
    }

    /// What `node` holds and believes, in words; `name` is what nodes are called.
    pub fn describe(&self, node: NodeId, name: &dyn Fn(NodeId) -> String) -> Description {
        let kernel = self.kernel();
        let clocks = kernel.clocks(node);
        let outlook = Outlook {
            monotonic: clocks.monotonic.read(kernel.now),
            wall: clocks.wall.read(kernel.now),
            name,
        };
        self.nodes[node.index()].describe(&outlook)
    }

    /// The words for what the protocol does.
    pub fn vocabulary(&self) -> &'static Vocabulary {
        &P::VOCABULARY
    }
}

impl<P: Protocol> Store<P> {
    #[inline]
    pub fn send(
        &mut self,
        from: NodeId,
        to: NodeId,
        message: P::Message,
        cause: EventId,
        trace: &mut Trace,
    ) {
        let gist = P::gist(&message);
        let now = self.kernel.now;
        let parcel = Parcel {
            now,
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
        let (id, slot) = self
            .kernel
            .set_timer(node, after, P::timer_kind(&timer), cause);
        put(&mut self.carried, slot, Some(timer));
        id
    }

    pub fn cancel_timer(&mut self, id: TimerId) {
        if let Some(slot) = self.kernel.cancel_timer(id) {
            self.carried[slot as usize] = None;
        }
    }

    /// Cancels all timers of a node.
    pub fn forget_timers(&mut self, node: NodeId) {
        for slot in self.kernel.timers_of(node) {
            self.kernel.end_timer(slot);
            self.carried[slot as usize] = None;
        }
    }

    /// Takes a copy off the network, with what it says.
    #[inline]
    fn take(&mut self, slot: u32) -> (Flight, Option<P::Message>) {
        (
            self.kernel.end_flight(slot),
            self.payloads[slot as usize].take(),
        )
    }

    /// Ends a copy that is lost.
    pub fn lose(&mut self, slot: u32, why: Loss, trace: &mut Trace) {
        self.payloads[slot as usize] = None;
        self.kernel.lose(slot, why, trace);
    }

    /// Makes one more copy of the copy in `slot`, arriving at `due`.
    pub fn duplicate(&mut self, slot: u32, due: SimTime, trace: &mut Trace) {
        let payload = self.payloads[slot as usize].clone();
        let copy = self.kernel.duplicate(slot, due, trace);
        put(&mut self.payloads, copy, payload);
    }

    pub fn keep_ntp(&mut self, node: NodeId, server: NodeId, trace: &mut Trace) {
        let Store {
            kernel, payloads, ..
        } = self;
        kernel.ntp_ask(node, server, trace, |slot, _| put(payloads, slot, None));
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

fn ticks(setup: &Setup) -> Vec<Tick> {
    let nodes = || (0..setup.nodes.len() as u16).map(NodeId).zip(&setup.nodes);
    let starts = nodes().map(|(node, _)| Tick::Start(node));
    let synced = nodes().filter_map(|(node, profile)| profile.ntp.map(|ntp| Tick::Ntp(node, ntp)));
    let mishaps = setup.mishaps.iter().map(|mishap| Tick::Mishap(*mishap));
    let flapping = setup
        .flapping
        .iter()
        .map(|flapping| Tick::Flapping(flapping.clone()));
    starts
        .chain(synced)
        .chain(mishaps)
        .chain(flapping)
        .collect()
}
