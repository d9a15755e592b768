//! The kernel: everything of a run that does not depend on its protocol.
//!
//! Time, the queue of what is due, the network and the messages on it, timers, clocks and processes. The world (see
//! [`crate::World`]) adds the protocol's nodes, messages and records, in slots of the same numbers. What happens to
//! messages on their way is in `transit`.
//!
//! | file | its subject |
//! | --- | --- |
//! | `mod` | [`Kernel`]: the state, and what events, timers, syncs and clocks need |
//! | `transit` | messages on their way: sent, copied, let go, lost, changed by hand |
//! | `sweep` | what a cut that comes or heals does to all of them, some at a time |
//! | `ntp` | the exchanges by which wall clocks are synchronised |
//! | `ticks` | what comes and goes by itself, each in a slot |

mod ntp;
mod sweep;
mod ticks;
mod transit;

pub(crate) use ticks::{Tick, Ticking};

use crate::collections::held::{Held, Measure};
use crate::id::{EventId, MessageId, NodeId};
use crate::network::{Flight, Flights, LinkProfile, Network, Sweep};
use crate::node::clock::Rate;
use crate::node::{Clocks, NodeProfile, Process, Status, Timer, TimerId, Timers};
use crate::random::{Key, Purpose, Stream};
use crate::time::{Due, Entry, Queue, SimDuration, SimTime};
use crate::trace::{ClockChange, Detail, Digest, Event, Fact, Trace};

/// How many events, messages and entries of the queue a run can have. Their names are 32 bits wide; what is left over
/// is more than the step under way can use.
const MOST_NAMES: u32 = u32::MAX - (1 << 28);

/// A sync that a disk is busy with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SyncRequest {
    /// The node whose disk it is.
    pub node: NodeId,
    /// The life of the node in which it was asked for; a crash ends it.
    pub life: u32,
    /// What the node knows it by.
    pub token: u64,
    /// The last write it covers.
    pub last: u64,
    /// When the disk will have done it.
    pub done: SimTime,
    /// The event in which it was asked for: the cause of its end.
    pub asked_in: EventId,
    /// What is true once it has ended.
    pub fact: Option<Fact>,
}

/// The state of a run that its protocol does not define.
#[derive(Clone, Debug)]
pub struct Kernel {
    pub(crate) key: Key,
    pub(crate) now: SimTime,
    pub(crate) queue: Queue,
    pub(crate) network: Network,
    pub(crate) processes: Vec<Process>,
    pub(crate) clocks: Vec<Clocks>,
    pub(crate) flights: Flights,
    pub(crate) timers: Timers,
    pub(crate) ticks: Vec<Ticking>,
    /// When the latest action was done, and how many were done at that moment before it.
    pub(crate) acted: (SimTime, u64),
    /// What a cut has still to do at this moment.
    sweep: Option<Sweep>,
    /// How many messages were met by cuts.
    swept: u64,
    syncs: Vec<SyncRequest>,
    free_syncs: Vec<u32>,
    messages: u32,
    events: u32,
    digest: Digest,
    /// Whether a node's protocol cannot go on, so that the run has ended.
    has_failed: bool,
}

impl Kernel {
    pub(crate) fn new(seed: u64, link: LinkProfile, nodes: &[NodeProfile]) -> Kernel {
        let key = Key::root(seed);
        Kernel {
            key,
            now: SimTime::ZERO,
            queue: Queue::default(),
            network: Network::new(nodes.len() as u16, link, key),
            processes: nodes
                .iter()
                .map(|node| Process::new(node.process))
                .collect(),
            clocks: nodes.iter().map(Clocks::new).collect(),
            flights: Flights::default(),
            timers: Timers::default(),
            ticks: Vec::new(),
            acted: (SimTime::NEVER, 0),
            sweep: None,
            swept: 0,
            syncs: Vec::new(),
            free_syncs: Vec::new(),
            messages: 0,
            events: 0,
            digest: Digest::default(),
            has_failed: false,
        }
    }

    /// The true time.
    pub fn now(&self) -> SimTime {
        self.now
    }

    /// How many events have happened: the number of the next one.
    pub fn events(&self) -> u32 {
        self.events
    }

    /// Whether so many events have happened, and whatever else belongs to the latest of them.
    #[inline]
    pub fn has_had(&self, most: u32) -> bool {
        self.events >= most && !self.is_sweeping()
    }

    /// The digest of all events so far.
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// When the next event is due. Nothing is due any more in a run that has used up its names.
    pub fn next_due(&self) -> Option<SimTime> {
        if self.is_exhausted() {
            return None;
        }
        if self.is_sweeping() {
            return Some(self.now);
        }
        self.queue.next_time()
    }

    /// Whether the run cannot go on: it has used up the names for events, messages or what is due, or its protocol has
    /// failed.
    #[inline]
    pub fn is_exhausted(&self) -> bool {
        self.has_failed
            || self
                .events
                .max(self.messages)
                .max(self.queue.next_sequence())
                >= MOST_NAMES
    }

    /// Whether a node's protocol cannot go on ([`Context::fail`](crate::Context::fail)), so that the run has ended.
    pub fn has_failed(&self) -> bool {
        self.has_failed
    }

    pub(crate) fn fail(&mut self) {
        self.has_failed = true;
    }

    /// How many nodes there are.
    pub fn nodes(&self) -> u16 {
        self.processes.len() as u16
    }

    /// What `node` is doing.
    pub fn status(&self, node: NodeId) -> Status {
        self.processes[node.index()].status
    }

    /// How slow `node` is, in thousandths of its usual time.
    pub fn limp_permille(&self, node: NodeId) -> u32 {
        self.processes[node.index()].limp_permille
    }

    /// How many messages wait in the inbox of `node`, the one being served included.
    pub fn inbox(&self, node: NodeId) -> u32 {
        self.processes[node.index()].messages()
    }

    /// How many messages may wait in the inbox of `node`.
    pub fn inbox_room(&self, node: NodeId) -> u32 {
        self.processes[node.index()].profile.inbox
    }

    /// How long `node` serves a message, as slow as it is.
    pub fn service(&self, node: NodeId) -> SimDuration {
        self.processes[node.index()].service()
    }

    /// The clocks of `node`.
    pub fn clocks(&self, node: NodeId) -> &Clocks {
        &self.clocks[node.index()]
    }

    /// The network.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// Every copy of a message that was sent and has not ended, in no particular order.
    pub fn flights(&self) -> impl Iterator<Item = &Flight> {
        self.flights.iter()
    }

    /// The copy of a message with this name, if it has not ended.
    pub fn flight(&self, id: MessageId) -> Option<&Flight> {
        self.flights().find(|flight| flight.id == id)
    }

    /// Every timer that is set, in no particular order.
    pub fn timers(&self) -> impl Iterator<Item = &Timer> {
        self.timers.iter()
    }

    /// Takes out what is due first, and lets the time be its time.
    #[inline]
    pub(crate) fn next(&mut self) -> Option<Entry> {
        if self.is_exhausted() {
            return None;
        }
        let (flights, timers) = (&self.flights, &self.timers);
        let counts = |entry: Entry| match Due::unpack(entry.what) {
            Due::Arrive(slot) => flights.get(slot).entry == entry.sequence,
            Due::Timer(slot) => timers.get(slot).entry == entry.sequence,
            Due::Served(_) | Due::Synced(_) | Due::Tick(_) => true,
        };
        let entry = self.queue.pop(counts)?;
        self.now = entry.at;
        Some(entry)
    }

    /// Puts an event on record.
    #[inline]
    pub(crate) fn record(&mut self, trace: &mut Trace, event: Event) -> EventId {
        let id = self.events;
        self.events += 1;
        if trace.is_on() {
            self.digest.absorb(&event);
            trace.record(id, event);
        }
        EventId(id)
    }

    /// The name of one more copy of a message.
    #[inline]
    pub(crate) fn next_message(&mut self) -> MessageId {
        let id = MessageId(self.messages);
        self.messages += 1;
        id
    }

    /// Sets a timer that fires when the node's monotonic clock has moved by `after`; its name and slot.
    pub(crate) fn set_timer(
        &mut self,
        node: NodeId,
        after: SimDuration,
        kind: u8,
        set_event: EventId,
    ) -> (TimerId, u32) {
        let clock = &self.clocks[node.index()].monotonic;
        let local = i64::try_from(after.as_nanos()).unwrap_or(i64::MAX);
        let timer = Timer {
            due: self.now + clock.true_length(after),
            fires_at: clock.read(self.now).saturating_add(local),
            ..Timer::new(node, kind, set_event)
        };
        let (id, slot) = self.timers.insert(timer);
        self.timers.get_mut(slot).entry = self.queue.push(timer.due, Due::Timer(slot).pack());
        (id, slot)
    }

    /// Changes the rate of a monotonic clock; the timers that wait for it fire when it says so.
    pub(crate) fn set_monotonic_rate(&mut self, node: NodeId, rate: Rate) {
        let now = self.now;
        let clock = &mut self.clocks[node.index()].monotonic;
        clock.set_rate(rate, now);
        for slot in self.timers.of(node) {
            let timer = self.timers.get_mut(slot);
            // One that is due already waits in its node's inbox, or for the end of a pause.
            if timer.due <= now {
                continue;
            }
            let left = timer.fires_at.saturating_sub(clock.read(now)).max(0);
            timer.due = now + clock.true_length(SimDuration::from_nanos(left as u64));
            timer.entry = self.queue.push(timer.due, Due::Timer(slot).pack());
        }
    }

    pub(crate) fn begin_sync(&mut self, request: SyncRequest) {
        let slot = if let Some(slot) = self.free_syncs.pop() {
            self.syncs[slot as usize] = request;
            slot
        } else {
            self.syncs.push(request);
            self.syncs.len() as u32 - 1
        };
        self.queue.push(request.done, Due::Synced(slot).pack());
    }

    pub(crate) fn sync(&self, slot: u32) -> SyncRequest {
        self.syncs[slot as usize]
    }

    pub(crate) fn end_sync(&mut self, slot: u32) {
        self.free_syncs.push(slot);
    }

    /// The syncs that disks are busy with, or of whose end a node has still to hear, in no particular order.
    #[cfg(feature = "fingerprint")]
    pub(crate) fn syncs(&self) -> impl Iterator<Item = &SyncRequest> {
        let slots = (0..).zip(&self.syncs);
        let asked = slots.filter(|(slot, _)| !self.free_syncs.contains(slot));
        asked.map(|(_, request)| request)
    }

    pub(crate) fn step_clock(
        &mut self,
        node: NodeId,
        nanos: i64,
        cause: EventId,
        trace: &mut Trace,
    ) {
        let now = self.now;
        self.clocks[node.index()].wall.step(nanos, now);
        self.record_detail(node, ClockChange::Step { by: nanos }, cause, trace);
    }

    pub(crate) fn slew_clock(
        &mut self,
        node: NodeId,
        nanos: i64,
        rate: Rate,
        cause: EventId,
        trace: &mut Trace,
    ) {
        let now = self.now;
        let clocks = &mut self.clocks[node.index()];
        clocks.wall.slew(nanos, rate, now);
        clocks.unslewed_when_right = 0;
        let change = ClockChange::Slew { by: nanos, rate };
        self.record_detail(node, change, cause, trace);
    }

    /// Corrects a wall clock by the `nanos` that a synchronisation has found, by a jump or at a rate.
    pub(crate) fn correct_clock(
        &mut self,
        node: NodeId,
        nanos: i64,
        slew: Option<Rate>,
        cause: EventId,
        trace: &mut Trace,
    ) {
        match slew {
            Some(rate) => self.slew_clock(node, nanos, rate, cause, trace),
            None => self.step_clock(node, nanos, cause, trace),
        }
        let now = self.now;
        let clocks = &mut self.clocks[node.index()];
        clocks.synced = clocks.monotonic.read(now);
        if slew.is_none() {
            clocks.unslewed_when_right = clocks.wall.unslewed(now);
        }
    }

    /// Puts on record what happened at a node, about no message; its number.
    pub(crate) fn record_detail(
        &mut self,
        node: NodeId,
        detail: impl Detail,
        cause: EventId,
        trace: &mut Trace,
    ) -> EventId {
        let event = Event::of(self.now, node, detail);
        self.record(trace, Event { cause, ..event })
    }

    /// The stream that `node` draws from for itself.
    pub(crate) fn protocol_key(&self, node: NodeId) -> Key {
        self.key.purpose(Purpose::Protocol).with(node.0 as u64)
    }

    /// The streams that the nodes draw from for themselves.
    pub(crate) fn streams(&self) -> Vec<Stream> {
        let nodes = (0..self.nodes()).map(NodeId);
        nodes.map(|node| self.protocol_key(node).stream()).collect()
    }

    /// Bytes that it takes on the heap.
    pub fn held(&self, by: Measure) -> usize {
        let inboxes: usize = self.processes.iter().map(|process| process.held(by)).sum();
        self.queue.held(by)
            + self.flights.held(by)
            + self.timers.held(by)
            + self.network.held(by)
            + inboxes
            + self.processes.held(by)
            + self.clocks.held(by)
            + self.syncs.held(by)
            + self.free_syncs.held(by)
            + self.ticks.held(by)
            + self.sweep.as_ref().map_or(0, |sweep| sweep.held(by))
    }
}
