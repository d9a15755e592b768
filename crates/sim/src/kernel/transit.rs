//! Messages on their way: sent, copied, let go, lost, and taken hold of by hand.

use crate::action::Meddling;
use crate::id::{EventId, MessageId, NodeId};
use crate::kernel::Kernel;
use crate::network::{CutMode, Fate, Flight, Parcel, Place, Route};
use crate::time::{Due, SimDuration, SimTime};
use crate::trace::{Detail, Event, EventKind, Gist, Loss, Lost, MessageChange, Trace};

impl Kernel {
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

    /// Puts on record what happened to a copy of a message, at its receiver.
    fn record_of_flight(&mut self, flight: &Flight, detail: impl Detail, trace: &mut Trace) {
        let event = self.flight_event(EventKind::Lost, 0, flight);
        self.record(trace, event.saying(detail));
    }

    /// Puts a message on the network; calls `keep` with the slot of each copy, and whether it is the last.
    #[inline]
    pub(crate) fn send(
        &mut self,
        parcel: Parcel,
        gist: Gist,
        cause: EventId,
        trace: &mut Trace,
        mut keep: impl FnMut(u32, bool),
    ) {
        let id = self.next_message();
        let sent = Event {
            time: self.now,
            args: gist.args,
            cause,
            message: id,
            node: parcel.from,
            peer: parcel.to,
            kind: EventKind::Send,
            code: gist.kind,
        };
        let send_event = self.record(trace, sent);
        match self.network.route(&parcel) {
            Route::Calm(at) if !self.flights.is_full() => {
                let slot = self.flights.next_slot();
                let entry = self.queue.push(at, Due::Arrive(slot).pack());
                let flight = Flight::new(id, &parcel, gist, send_event, at);
                self.flights.insert(Flight { entry, ..flight });
                keep(slot, true);
            }
            route => {
                let flight = Flight::new(id, &parcel, gist, send_event, SimTime::NEVER);
                self.launch_all(flight, route, trace, &mut keep);
            }
        }
    }

    /// Puts all copies of a message on their way.
    #[inline(never)]
    fn launch_all(
        &mut self,
        original: Flight,
        route: Route,
        trace: &mut Trace,
        keep: &mut impl FnMut(u32, bool),
    ) {
        let arrives = |at| Fate::Arrives {
            at,
            corruption: None,
        };
        let fate = match route {
            Route::Calm(at) => arrives(at),
            Route::Stages(journey) => {
                for copy in 1..journey.copies {
                    let fate = self.network.fate(&journey, copy);
                    if let Some(slot) = self.launch_copy(original, fate, trace) {
                        keep(slot, false);
                    }
                }
                self.network.fate(&journey, 0)
            }
        };
        if let Some(slot) = self.launch(original, fate, trace) {
            keep(slot, true);
        }
    }

    /// Puts one more copy of a message on its way; its slot.
    #[cold]
    fn launch_copy(&mut self, original: Flight, fate: Fate, trace: &mut Trace) -> Option<u32> {
        let copy = Flight {
            id: self.next_message(),
            is_duplicate: true,
            ..original
        };
        let event = Event {
            node: copy.from,
            peer: copy.to,
            ..self.flight_event(EventKind::Duplicate, copy.gist.kind, &copy)
        };
        self.record(trace, event);
        self.launch(copy, fate, trace)
    }

    /// Puts a copy on its way; its slot, or nothing if it ends at once because too many are on their way.
    fn launch(&mut self, mut flight: Flight, fate: Fate, trace: &mut Trace) -> Option<u32> {
        if self.flights.is_full() {
            let lost = Lost {
                why: Loss::QueueFull,
                permille: 0,
            };
            self.record_of_flight(&flight, lost, trace);
            return None;
        }
        match fate {
            Fate::Arrives { at, corruption } => {
                (flight.due, flight.next) = (at, at);
                flight.corrupt(corruption);
            }
            Fate::Ends { at, due, why } => {
                (flight.due, flight.next, flight.ends) = (due, at, Some(why));
            }
            Fate::Held {
                travel,
                ends,
                corruption,
            } => {
                flight.ends = ends;
                flight.corrupt(corruption);
                return Some(self.launch_held(flight, travel, trace));
            }
        }
        let slot = self.flights.insert(flight);
        self.flights.get_mut(slot).entry = self.queue.push(flight.next, Due::Arrive(slot).pack());
        Some(slot)
    }

    #[cold]
    fn launch_held(&mut self, mut flight: Flight, travel: SimDuration, trace: &mut Trace) -> u32 {
        (flight.place, flight.next) = (Place::Held(travel), SimTime::NEVER);
        flight.due = self.now + travel;
        let event = self.flight_event(EventKind::Held, flight.gist.kind, &flight);
        self.record(trace, event);
        self.flights.insert(flight)
    }

    /// Ends a copy that is lost, with an event.
    pub(crate) fn lose(&mut self, slot: u32, why: Loss, trace: &mut Trace) {
        let flight = self.flights.remove(slot);
        let permille = flight.progress_permille(self.now);
        self.record_of_flight(&flight, Lost { why, permille }, trace);
    }

    /// Lets something happen to a copy next at `next`: its arrival, or its end for the reason it has.
    fn reschedule(&mut self, slot: u32, next: SimTime) {
        let flight = self.flights.get_mut(slot);
        (flight.place, flight.next) = (Place::Travelling, next);
        flight.entry = self.queue.push(next, Due::Arrive(slot).pack());
    }

    /// Lets a copy end at once.
    pub(super) fn cut_short(&mut self, slot: u32, why: Loss) {
        self.flights.get_mut(slot).ends = Some(why);
        self.reschedule(slot, self.now);
    }

    /// Releases a copy that was held.
    pub(super) fn release(&mut self, slot: u32, flight: &Flight) {
        let travel = flight.still_travels(self.now);
        if flight.ends.is_some() {
            // Where it dies is only for the eye.
            self.flights.get_mut(slot).due = self.now + travel;
            self.reschedule(slot, self.now + travel.scaled_permille(500));
            return;
        }
        let at = self
            .network
            .in_order(flight.from, flight.to, self.now + travel);
        self.flights.get_mut(slot).due = at;
        self.reschedule(slot, at);
    }

    /// Changes the copy in `slot` by hand; `random` are bits to corrupt it with. Duplicates are made by the world.
    pub(crate) fn meddle(&mut self, slot: u32, meddling: Meddling, random: u64, trace: &mut Trace) {
        let flight = *self.flights.get(slot);
        let change = match meddling {
            Meddling::Drop => MessageChange::Drop,
            Meddling::Delay(by) => MessageChange::Delay { by },
            Meddling::Duplicate => MessageChange::Duplicate,
            Meddling::DeliverNow => MessageChange::DeliverNow,
            Meddling::Corrupt => MessageChange::Corrupt,
        };
        self.record_of_flight(&flight, change, trace);
        match meddling {
            Meddling::Drop => self.cut_short(slot, Loss::Hand),
            Meddling::Delay(length) => self.delay(slot, &flight, length),
            Meddling::DeliverNow => self.deliver_now(slot, &flight),
            Meddling::Corrupt => self.flights.get_mut(slot).corrupt(Some(random)),
            Meddling::Duplicate => {}
        }
    }

    fn delay(&mut self, slot: u32, flight: &Flight, length: SimDuration) {
        let delayed = self.flights.get_mut(slot);
        delayed.due += length;
        if let Place::Held(travel) = &mut delayed.place {
            *travel = *travel + length;
            return;
        }
        let next = flight.next + length;
        self.reschedule(slot, next);
        if flight.ends.is_some() || !self.network.is_fifo(flight.from, flight.to) {
            return;
        }
        // Head-of-line blocking: what follows may not overtake, and comes after it where the times are equal.
        let follows = |other: &Flight| {
            other.id > flight.id && other.is_in_line_with(flight) && other.next <= next
        };
        for slot in self.flights.slots_where(follows) {
            self.flights.get_mut(slot).due = next;
            self.reschedule(slot, next);
        }
        self.network.in_order(flight.from, flight.to, next);
    }

    fn deliver_now(&mut self, slot: u32, flight: &Flight) {
        if self.network.is_fifo(flight.from, flight.to) {
            let precedes = |other: &Flight| {
                other.id < flight.id
                    && (other.is_in_line_with(flight) || other.is_held_with(flight))
            };
            for slot in self.flights.slots_where(precedes) {
                self.arrive_now(slot);
            }
        }
        self.arrive_now(slot);
    }

    fn arrive_now(&mut self, slot: u32) {
        let now = self.now;
        let flight = self.flights.get_mut(slot);
        (flight.due, flight.ends) = (now, None);
        self.reschedule(slot, now);
    }

    /// One more copy of the copy in `slot`, some way behind it, so that the two can be told apart; its slot.
    pub(crate) fn duplicate(&mut self, slot: u32, trace: &mut Trace) -> Option<u32> {
        let original = *self.flights.get(slot);
        let (from, to) = (original.from, original.to);
        let rest = original.still_travels(self.now);
        let travel = rest + rest.scaled_permille(250);
        let corruption = original.is_corrupted.then_some(original.corruption);
        let fate = match self.network.cut(from, to) {
            Some(CutMode::Drop) => Fate::Ends {
                at: self.now,
                due: self.now + travel,
                why: Loss::Cut,
            },
            Some(CutMode::Hold) => Fate::Held {
                travel,
                ends: None,
                corruption,
            },
            None => Fate::Arrives {
                at: self.network.in_order(from, to, self.now + travel),
                corruption,
            },
        };
        let copy = Flight {
            ends: None,
            place: Place::Travelling,
            is_corrupted: false,
            ..original
        };
        self.launch_copy(copy, fate, trace)
    }

    /// The slot of the copy with this name, if it is still on its way.
    pub(crate) fn slot_on_its_way(&self, id: MessageId) -> Option<u32> {
        let is_it = |flight: &Flight| flight.id == id && flight.place != Place::Inbox;
        self.flights.slots_where(is_it).first().copied()
    }

    /// Whether `node` exists.
    #[inline]
    pub(crate) fn has(&self, node: NodeId) -> bool {
        node.index() < self.processes.len()
    }
}

impl Flight {
    #[inline]
    fn new(
        id: MessageId,
        parcel: &Parcel,
        gist: Gist,
        send_event: EventId,
        arrives: SimTime,
    ) -> Flight {
        Flight {
            id,
            from: parcel.from,
            to: parcel.to,
            sent: parcel.now,
            due: arrives,
            next: arrives,
            ends: None,
            place: Place::Travelling,
            gist,
            bytes: parcel.bytes,
            send_event,
            is_duplicate: false,
            is_corrupted: false,
            corruption: 0,
            is_ntp: parcel.ntp,
            entry: 0,
        }
    }

    #[inline]
    fn corrupt(&mut self, bits: Option<u64>) {
        self.is_corrupted = bits.is_some();
        self.corruption = bits.unwrap_or(0);
    }

    /// How long it still travels: from the cut that holds it, or from where it is.
    fn still_travels(&self, now: SimTime) -> SimDuration {
        match self.place {
            Place::Held(travel) => travel,
            Place::Travelling | Place::Inbox | Place::Gone => self.due.since(now),
        }
    }

    /// Whether it is to arrive on the same link as `other`.
    fn is_in_line_with(&self, other: &Flight) -> bool {
        self.place == Place::Travelling
            && self.ends.is_none()
            && (self.from, self.to) == (other.from, other.to)
    }

    fn is_held_with(&self, other: &Flight) -> bool {
        matches!(self.place, Place::Held(_)) && (self.from, self.to) == (other.from, other.to)
    }
}
