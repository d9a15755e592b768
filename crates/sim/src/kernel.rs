//! The kernel: everything of a run that does not depend on its protocol.
//!
//! Time, the queue of what is due, the network and the messages on it, timers, clocks and processes. The world (see
//! [`crate::World`]) adds the protocol's nodes, messages and records, in slots of the same numbers.

use crate::clock::{Interval, MonotonicClock, Rate, Uncertainty, WallClock, Wobble};
use crate::id::{EventId, MessageId, NodeId};
use crate::network::{CutMode, Fate, LinkProfile, Network, Parcel};
use crate::ntp::NtpProfile;
use crate::process::{Process, ProcessProfile, Status};
use crate::protocol::Gist;
use crate::queue::Queue;
use crate::random::{Key, Purpose};
use crate::time::{SimDuration, SimTime};
use crate::trace::{Digest, Event, EventKind, Loss, Trace};

/// Something that is due: an entry of the queue, or of an inbox. The number is a slot, a node, or a tick.
///
/// An entry can be out of date, because what it stands for was cancelled or moved to another time. Whatever a slot
/// holds knows when it is due, so an entry counts only if its time is that time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Due {
    /// A message arrives or ends.
    Arrive(u32),
    /// A timer fires.
    Timer(u32),
    /// A node has served what it was serving.
    Served(u32),
    /// A disk has synced.
    Synced(u32),
    /// Something that comes and goes by itself: a mishap, a flapping cut, a clock's synchronisation.
    Tick(u32),
}

impl Due {
    const SLOT_BITS: u32 = 29;
    const SLOT: u32 = (1 << Self::SLOT_BITS) - 1;

    #[inline]
    pub fn pack(self) -> u32 {
        let (tag, slot) = match self {
            Due::Arrive(slot) => (0, slot),
            Due::Timer(slot) => (1, slot),
            Due::Served(node) => (2, node),
            Due::Synced(slot) => (3, slot),
            Due::Tick(tick) => (4, tick),
        };
        debug_assert!(slot <= Self::SLOT);
        tag << Self::SLOT_BITS | slot
    }

    #[inline]
    pub fn unpack(bits: u32) -> Due {
        let slot = bits & Self::SLOT;
        match bits >> Self::SLOT_BITS {
            0 => Due::Arrive(slot),
            1 => Due::Timer(slot),
            2 => Due::Served(slot),
            3 => Due::Synced(slot),
            _ => Due::Tick(slot),
        }
    }
}

/// Where a copy of a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// On its way.
    Travelling,
    /// At a cut that holds it; so long does it travel once the cut heals.
    Held(SimDuration),
    /// In its receiver's inbox, or being served.
    Inbox,
    /// Nowhere: the slot is free.
    Gone,
}

/// A copy of a message that was sent and has not been handled.
#[derive(Clone, Copy, Debug)]
pub struct Flight {
    /// Its name.
    pub id: MessageId,
    /// Its sender.
    pub from: NodeId,
    /// Its receiver.
    pub to: NodeId,
    /// When it was sent.
    pub sent: SimTime,
    /// When it arrives, or would have arrived had it not been lost.
    pub due: SimTime,
    /// When something happens to it next: its arrival or its end.
    pub next: SimTime,
    /// Why it will end, if it will not arrive.
    pub ends: Option<Loss>,
    /// Where it is.
    pub place: Place,
    /// What it says.
    pub gist: Gist,
    /// How many bytes it takes.
    pub bytes: u32,
    /// The event of its sending.
    pub send_event: EventId,
    /// Whether the network made this copy.
    pub is_duplicate: bool,
    /// Whether its bits have flipped.
    pub is_corrupted: bool,
    /// Random bits to corrupt it with.
    pub(crate) corruption: u64,
    /// Whether it belongs to the synchronisation of clocks.
    pub is_ntp: bool,
}

impl Flight {
    /// How far it has come at `now`, in thousandths of its way.
    pub fn progress_permille(&self, now: SimTime) -> i64 {
        let (whole, gone) = (self.due.since(self.sent), now.since(self.sent));
        if whole.is_zero() {
            return 1000;
        }
        (gone.as_nanos() as u128 * 1000 / whole.as_nanos() as u128).min(1000) as i64
    }
}

/// A timer that is set.
#[derive(Clone, Copy, Debug)]
pub struct Timer {
    /// Whose it is.
    pub node: NodeId,
    /// When it fires, in true time.
    pub due: SimTime,
    /// Which timer of the vocabulary.
    pub kind: u8,
    /// The event in which it was set.
    pub set_event: EventId,
    pub(crate) is_set: bool,
    pub(crate) generation: u32,
}

/// The name of a timer, for cancelling it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimerId {
    slot: u32,
    generation: u32,
}

/// A sync that a disk is busy with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SyncRequest {
    pub node: NodeId,
    pub life: u32,
    pub token: u64,
    /// The last write it covers.
    pub last: u64,
    pub done: SimTime,
    pub asked_in: EventId,
}

/// The clocks of a node.
#[derive(Clone, Debug, Default)]
pub struct Clocks {
    /// The clock that claims to know the time of day.
    pub wall: WallClock,
    /// The clock that measures lengths.
    pub monotonic: MonotonicClock,
    /// How the interval clock bounds the wall clock's error.
    pub uncertainty: Uncertainty,
    /// What the monotonic clock showed when the wall clock was last synchronised.
    pub(crate) synced: i64,
}

impl Clocks {
    /// What the interval clock answers at the true time `now`.
    pub fn interval(&self, now: SimTime) -> Interval {
        let age = (self.monotonic.read(now) - self.synced).max(0) as u64;
        let bound = self.uncertainty.bound(SimDuration::from_nanos(age));
        let reading = self.wall.read(now);
        Interval {
            earliest: reading - bound,
            latest: reading + bound,
        }
    }
}

/// The settings of a node, its protocol aside.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct NodeProfile {
    /// How far its wall clock is ahead at the beginning, in nanoseconds.
    pub skew: i64,
    /// How fast its wall clock runs.
    pub drift: Rate,
    /// A periodic error of its wall clock.
    pub wobble: Option<Wobble>,
    /// How fast its monotonic clock runs.
    pub monotonic_rate: Rate,
    /// How its interval clock bounds its wall clock's error.
    pub uncertainty: Uncertainty,
    /// How its wall clock is synchronised.
    pub ntp: Option<NtpProfile>,
    /// How fast it works.
    pub process: ProcessProfile,
    /// Its disk.
    pub disk: crate::disk::DiskProfile,
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
    flights: Vec<Flight>,
    free_flights: Vec<u32>,
    timers: Vec<Timer>,
    free_timers: Vec<u32>,
    syncs: Vec<SyncRequest>,
    free_syncs: Vec<u32>,
    messages: u32,
    events: u32,
    digest: Digest,
}

impl Kernel {
    pub(crate) fn new(seed: u64, link: LinkProfile, nodes: &[NodeProfile]) -> Kernel {
        let key = Key::root(seed);
        let clocks = |node: &NodeProfile| Clocks {
            wall: WallClock::new(node.skew, node.drift, node.wobble),
            monotonic: MonotonicClock::new(node.monotonic_rate),
            uncertainty: node.uncertainty,
            synced: 0,
        };
        Kernel {
            key,
            now: SimTime::ZERO,
            queue: Queue::default(),
            network: Network::new(nodes.len() as u16, link, key),
            processes: nodes
                .iter()
                .map(|node| Process::new(node.process))
                .collect(),
            clocks: nodes.iter().map(clocks).collect(),
            flights: Vec::new(),
            free_flights: Vec::new(),
            timers: Vec::new(),
            free_timers: Vec::new(),
            syncs: Vec::new(),
            free_syncs: Vec::new(),
            messages: 0,
            events: 0,
            digest: Digest::default(),
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

    /// The digest of all events so far.
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// When the next event is due.
    pub fn next_due(&self) -> Option<SimTime> {
        self.queue.next_time()
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
        self.processes[node.index()].waiting_messages
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
        self.flights
            .iter()
            .filter(|flight| flight.place != Place::Gone)
    }

    /// The copy of a message with this name, if it has not ended.
    pub fn flight(&self, id: MessageId) -> Option<&Flight> {
        self.flights().find(|flight| flight.id == id)
    }

    /// Every timer that is set, in no particular order.
    pub fn timers(&self) -> impl Iterator<Item = &Timer> {
        self.timers.iter().filter(|timer| timer.is_set)
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

    /// An event at `node` that is about no message.
    pub(crate) fn local_event(
        &self,
        kind: EventKind,
        code: u8,
        node: NodeId,
        cause: EventId,
    ) -> Event {
        Event {
            time: self.now,
            args: [0; 3],
            cause,
            message: MessageId::default(),
            node,
            peer: node,
            kind,
            code,
        }
    }

    /// An event about a copy of a message, at its receiver.
    #[inline]
    pub(crate) fn flight_event(&self, kind: EventKind, code: u8, flight: &Flight) -> Event {
        Event {
            time: self.now,
            args: flight.gist.args,
            cause: flight.send_event,
            message: flight.id,
            node: flight.to,
            peer: flight.from,
            kind,
            code,
        }
    }

    /// Puts a message on the network; calls `keep` with the slot of each copy, the original last.
    #[inline]
    pub(crate) fn send(
        &mut self,
        parcel: Parcel,
        gist: Gist,
        cause: EventId,
        trace: &mut Trace,
        mut keep: impl FnMut(u32, bool),
    ) {
        let sent = Event {
            time: self.now,
            args: gist.args,
            cause,
            message: MessageId(self.messages),
            node: parcel.from,
            peer: parcel.to,
            kind: EventKind::Send,
            code: gist.kind,
        };
        let send_event = self.record(trace, sent);
        let journey = self.network.admit(&parcel);
        let original = self.new_flight(&parcel, gist, send_event);
        for copy in 1..journey.copies {
            let fate = self.network.fate(&journey, copy);
            let duplicate = Flight {
                is_duplicate: true,
                ..self.new_flight(&parcel, gist, send_event)
            };
            let slot = self.launch(duplicate, fate, trace);
            keep(slot, false);
        }
        let fate = self.network.fate(&journey, 0);
        let slot = self.launch(original, fate, trace);
        keep(slot, true);
    }

    #[inline]
    fn new_flight(&mut self, parcel: &Parcel, gist: Gist, send_event: EventId) -> Flight {
        let id = MessageId(self.messages);
        self.messages += 1;
        Flight {
            id,
            from: parcel.from,
            to: parcel.to,
            sent: parcel.now,
            due: parcel.now,
            next: parcel.now,
            ends: None,
            place: Place::Travelling,
            gist,
            bytes: parcel.bytes,
            send_event,
            is_duplicate: false,
            is_corrupted: false,
            corruption: 0,
            is_ntp: parcel.ntp,
        }
    }

    #[inline]
    fn launch(&mut self, mut flight: Flight, fate: Fate, trace: &mut Trace) -> u32 {
        if flight.is_duplicate {
            let event = Event {
                node: flight.from,
                peer: flight.to,
                ..self.flight_event(EventKind::Duplicate, flight.gist.kind, &flight)
            };
            self.record(trace, event);
        }
        match fate {
            Fate::Arrives { at, corruption } => {
                (flight.due, flight.next) = (at, at);
                flight.is_corrupted = corruption.is_some();
                flight.corruption = corruption.unwrap_or(0);
            }
            Fate::Ends { at, due, why } => {
                (flight.due, flight.next, flight.ends) = (due, at, Some(why));
            }
            Fate::Held { travel } => {
                flight.place = Place::Held(travel);
                flight.due = self.now + travel;
                let event = self.flight_event(EventKind::Held, flight.gist.kind, &flight);
                self.record(trace, event);
            }
        }
        let slot = self.keep_flight(flight);
        if flight.place == Place::Travelling {
            self.queue.push(flight.next, Due::Arrive(slot).pack());
        }
        slot
    }

    #[inline]
    fn keep_flight(&mut self, flight: Flight) -> u32 {
        if let Some(slot) = self.free_flights.pop() {
            self.flights[slot as usize] = flight;
            return slot;
        }
        self.flights.push(flight);
        self.flights.len() as u32 - 1
    }

    /// The copy in a slot.
    #[inline]
    pub(crate) fn at_slot(&self, slot: u32) -> &Flight {
        &self.flights[slot as usize]
    }

    #[inline]
    pub(crate) fn at_slot_mut(&mut self, slot: u32) -> &mut Flight {
        &mut self.flights[slot as usize]
    }

    /// The slots of all copies that match, in order.
    pub(crate) fn slots_where(&self, matches: impl Fn(&Flight) -> bool) -> Vec<u32> {
        let slots = 0..self.flights.len() as u32;
        slots
            .filter(|slot| self.at_slot(*slot).place != Place::Gone && matches(self.at_slot(*slot)))
            .collect()
    }

    /// Takes a copy off the network; its slot is free.
    #[inline]
    pub(crate) fn end_flight(&mut self, slot: u32) -> Flight {
        let flight = &mut self.flights[slot as usize];
        let ended = *flight;
        flight.place = Place::Gone;
        self.free_flights.push(slot);
        ended
    }

    /// Ends a copy that is lost, with an event.
    pub(crate) fn lose(&mut self, slot: u32, why: Loss, trace: &mut Trace) {
        let flight = self.end_flight(slot);
        let event = self.flight_event(EventKind::Lost, why as u8, &flight);
        let args = [flight.progress_permille(self.now), 0, 0];
        self.record(trace, Event { args, ..event });
    }

    /// Moves a travelling copy's next moment.
    pub(crate) fn reschedule(&mut self, slot: u32, next: SimTime) {
        self.flights[slot as usize].next = next;
        self.queue.push(next, Due::Arrive(slot).pack());
    }

    /// One more copy of the copy in `slot`, arriving at `due`; its slot.
    pub(crate) fn duplicate(&mut self, slot: u32, due: SimTime, trace: &mut Trace) -> u32 {
        let id = MessageId(self.messages);
        self.messages += 1;
        let original = *self.at_slot(slot);
        let copy = Flight {
            id,
            is_duplicate: true,
            ends: None,
            ..original
        };
        let fate = Fate::Arrives {
            at: due,
            corruption: copy.is_corrupted.then_some(copy.corruption),
        };
        self.launch(copy, fate, trace)
    }

    /// Applies the cuts in force to what is on its way.
    pub(crate) fn cut_off(&mut self, trace: &mut Trace) {
        for slot in
            self.slots_where(|flight| flight.place == Place::Travelling && flight.ends.is_none())
        {
            let flight = *self.at_slot(slot);
            match self.network.cut(flight.from, flight.to) {
                Some(CutMode::Drop) => {
                    self.at_slot_mut(slot).ends = Some(Loss::Cut);
                    self.reschedule(slot, self.now);
                }
                Some(CutMode::Hold) => {
                    let travel = flight.next.since(self.now);
                    let held = self.at_slot_mut(slot);
                    // No queue entry stands for a copy that is held.
                    (held.place, held.next) = (Place::Held(travel), SimTime::NEVER);
                    let event = self.flight_event(EventKind::Held, flight.gist.kind, &flight);
                    self.record(trace, event);
                }
                None => {}
            }
        }
    }

    /// Lets go what was held on links that are no longer cut, and loses what a dropping cut has taken over.
    pub(crate) fn let_go(&mut self) {
        let mut held = self.slots_where(|flight| matches!(flight.place, Place::Held(_)));
        held.sort_by_key(|slot| self.at_slot(*slot).id);
        for slot in held {
            let flight = *self.at_slot(slot);
            let Place::Held(travel) = flight.place else {
                continue;
            };
            match self.network.cut(flight.from, flight.to) {
                Some(CutMode::Hold) => {}
                Some(CutMode::Drop) => {
                    let held = self.at_slot_mut(slot);
                    (held.place, held.ends) = (Place::Travelling, Some(Loss::Cut));
                    self.reschedule(slot, self.now);
                }
                None => {
                    let at = self
                        .network
                        .release(flight.from, flight.to, self.now + travel);
                    let released = self.at_slot_mut(slot);
                    (released.place, released.due) = (Place::Travelling, at);
                    self.reschedule(slot, at);
                }
            }
        }
    }

    /// Sets a timer that fires when the node's monotonic clock has moved by `after`; its name and slot.
    pub(crate) fn set_timer(
        &mut self,
        node: NodeId,
        after: SimDuration,
        kind: u8,
        set_event: EventId,
    ) -> (TimerId, u32) {
        let due = self.now + self.clocks[node.index()].monotonic.true_length(after);
        let fresh = Timer {
            node,
            due,
            kind,
            set_event,
            is_set: true,
            generation: 0,
        };
        let slot = if let Some(slot) = self.free_timers.pop() {
            let timer = &mut self.timers[slot as usize];
            *timer = Timer {
                generation: timer.generation + 1,
                ..fresh
            };
            slot
        } else {
            self.timers.push(fresh);
            self.timers.len() as u32 - 1
        };
        self.queue.push(due, Due::Timer(slot).pack());
        (
            TimerId {
                slot,
                generation: self.timers[slot as usize].generation,
            },
            slot,
        )
    }

    /// Takes a timer out; nothing if it has fired or was cancelled. Its slot, if it was set.
    pub(crate) fn cancel_timer(&mut self, id: TimerId) -> Option<u32> {
        let timer = &mut self.timers[id.slot as usize];
        if !timer.is_set || timer.generation != id.generation {
            return None;
        }
        timer.is_set = false;
        self.free_timers.push(id.slot);
        Some(id.slot)
    }

    pub(crate) fn timer(&self, slot: u32) -> &Timer {
        &self.timers[slot as usize]
    }

    /// Takes out the timer in a slot, because it fires.
    pub(crate) fn end_timer(&mut self, slot: u32) -> Timer {
        let timer = &mut self.timers[slot as usize];
        let ended = *timer;
        timer.is_set = false;
        self.free_timers.push(slot);
        ended
    }

    /// The slots of the timers of `node`.
    pub(crate) fn timers_of(&self, node: NodeId) -> Vec<u32> {
        let slots = 0..self.timers.len() as u32;
        slots
            .filter(|slot| self.timer(*slot).is_set && self.timer(*slot).node == node)
            .collect()
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

    /// The stream that `node` draws from for itself.
    pub(crate) fn protocol_key(&self, node: NodeId) -> Key {
        self.key.purpose(Purpose::Protocol).with(node.0 as u64)
    }

    /// Bytes of memory that a keyframe of this kernel takes, roughly.
    pub(crate) fn bytes(&self) -> usize {
        let links = self.nodes() as usize * self.nodes() as usize * 48;
        self.queue.len() * 16
            + self.flights.len() * size_of::<Flight>()
            + self.timers.len() * size_of::<Timer>()
            + self.processes.len() * (size_of::<Process>() + size_of::<Clocks>())
            + links
    }
}
