//! What a cut that comes or heals does to the messages on their way: one after the other, so many in a step.
//!
//! A hundred thousand of them at once would hold up a page. Nothing else happens until all are met, so the steps do what one
//! would, in the same order.

use crate::kernel::Kernel;
use crate::network::{CutMode, Flight, Place, Sweep};
use crate::time::{Due, SimTime};
use crate::trace::{EventKind, Loss, Trace};

/// How many messages are met in a step.
const IN_A_STEP: usize = 256;

/// In the time in which a message is met, so many are looked at.
const LOOKED_AT_FOR_ONE_MET: u64 = 64;

impl Kernel {
    /// Whether messages are still to be met by a cut that has come or healed. Nothing else happens until they are.
    #[inline]
    pub fn is_sweeping(&self) -> bool {
        self.sweep.is_some()
    }

    /// How much cuts have done so far: messages that they met, and as many as they could have met while they looked for them.
    #[inline]
    pub(crate) fn swept(&self) -> u64 {
        self.swept
    }

    /// Applies the cuts in force to what is on its way, and then to what is held: a cut that replaces one of its name may
    /// free links.
    pub(crate) fn cut_off(&mut self, trace: &mut Trace) {
        debug_assert!(
            !self.is_sweeping(),
            "a sweep is finished before the next one begins"
        );
        let crosses = |flight: &Flight| flight.place == Place::Travelling && flight.ends.is_none();
        self.sweep = Some(Sweep {
            lets_go: true,
            ..self.sweep_of(crosses)
        });
        self.sweep_on(trace);
    }

    /// Releases what was held on links that are no longer cut, and loses what a dropping cut holds instead.
    pub(crate) fn let_go(&mut self, trace: &mut Trace) {
        debug_assert!(
            !self.is_sweeping(),
            "a sweep is finished before the next one begins"
        );
        self.sweep = Some(self.sweep_of_held());
        self.sweep_on(trace);
    }

    /// Goes on until every message is met.
    pub(crate) fn finish_sweep(&mut self, trace: &mut Trace) {
        while self.is_sweeping() {
            self.sweep_on(trace);
        }
    }

    /// Lets a tick come again at `next`, after all that the cut does which it brought or healed.
    pub(crate) fn tick_again(&mut self, slot: u32, next: SimTime) {
        match &mut self.sweep {
            Some(sweep) => sweep.then = Some((slot, next)),
            None => self.ticks[slot as usize].entry = self.queue.push(next, Due::Tick(slot).pack()),
        }
    }

    /// Meets some more messages.
    #[cold]
    pub(crate) fn sweep_on(&mut self, trace: &mut Trace) {
        let mut left = IN_A_STEP;
        while let Some(mut sweep) = self.sweep.take() {
            let rest = sweep.slots.len().saturating_sub(left);
            let met = sweep.slots.len() - rest;
            for slot in sweep.slots.drain(rest..).rev() {
                self.meet(slot, trace);
            }
            self.swept += met as u64;
            left -= met;
            if rest > 0 {
                self.sweep = Some(sweep);
                return;
            }
            self.sweep = self.after(sweep);
        }
    }

    /// What comes after a sweep that has met all its messages.
    fn after(&mut self, Sweep { lets_go, then, .. }: Sweep) -> Option<Sweep> {
        if lets_go {
            return Some(Sweep {
                then,
                ..self.sweep_of_held()
            });
        }
        if let Some((slot, next)) = then {
            self.tick_again(slot, next);
        }
        None
    }

    fn sweep_of_held(&mut self) -> Sweep {
        self.sweep_of(|flight| matches!(flight.place, Place::Held(_)))
    }

    /// Messages that match, in the order in which they were put on the network. To look at all takes time, too.
    fn sweep_of(&mut self, matches: impl Fn(&Flight) -> bool) -> Sweep {
        self.swept += self.flights.slots() as u64 / LOOKED_AT_FOR_ONE_MET;
        let mut slots = self.flights.slots_where(matches);
        slots.reverse();
        Sweep {
            slots,
            ..Sweep::default()
        }
    }

    /// A message meets the cuts as they are.
    fn meet(&mut self, slot: u32, trace: &mut Trace) {
        let flight = *self.flights.get(slot);
        let is_held = matches!(flight.place, Place::Held(_));
        match self.network.cut(flight.from, flight.to) {
            Some(CutMode::Drop) => self.cut_short(slot, Loss::Cut),
            Some(CutMode::Hold) if !is_held => self.hold(slot, &flight, trace),
            None if is_held => self.release(slot, &flight),
            Some(CutMode::Hold) | None => {}
        }
    }

    /// A cut holds a copy that was on its way.
    fn hold(&mut self, slot: u32, flight: &Flight, trace: &mut Trace) {
        let held = self.flights.get_mut(slot);
        held.place = Place::Held(flight.next.since(self.now));
        held.next = SimTime::NEVER;
        let event = self.flight_event(EventKind::Held, flight.gist.kind, flight);
        self.record(trace, event);
    }
}
