//! Whether a run is within its budget of memory.

use super::observer::Observer;
use crate::collections::held::Measure;
use crate::trace::Trace;
use crate::world::Machine;

/// How many events lie between weighings at least.
const LEAST_EVENTS: u32 = 256;

/// Bytes of a run that are worth one more event between weighings: adding up what they are takes far less than that.
const BYTES_PER_EVENT: usize = 1024;

/// By how much messages on their way may grow before the run is weighed again, whatever the number of events.
const LEAST_GROWTH: usize = 1 << 20;

/// One part in so many of a run's memory is for what its reader does: what is done on the futures that were tried, and the
/// versions that can be brought back.
const ASIDE: usize = 8;

/// Weighs a run as it goes on. It is part of the run's state and counts by [`Measure::Grown`], so what becomes of a run
/// does not depend on how its reader got there.
#[derive(Clone, Copy, Debug)]
pub struct Gauge {
    budget: usize,
    /// After how many events the run is weighed next.
    next: u32,
    /// At how many bytes in flight it is weighed sooner.
    in_flight: usize,
    is_outgrown: bool,
}

impl Gauge {
    /// A gauge of a run that may take so many bytes.
    pub fn new(budget: usize) -> Gauge {
        Gauge {
            budget: budget - budget / ASIDE,
            next: LEAST_EVENTS,
            in_flight: LEAST_GROWTH,
            is_outgrown: false,
        }
    }

    /// Whether the run has outgrown its budget, and stops.
    pub fn is_outgrown(&self) -> bool {
        self.is_outgrown
    }

    /// Weighs the run if it is time to. If it has outgrown its budget, `observer` gives up what it holds, and if that does
    /// not help, the run is to stop. Returns whether it was weighed.
    #[inline]
    pub fn weigh(&mut self, machine: &dyn Machine, observer: &mut impl Observer) -> bool {
        let kernel = machine.kernel();
        let is_time = !kernel.is_sweeping()
            && (kernel.events() >= self.next || machine.in_flight() >= self.in_flight);
        if is_time {
            self.weigh_now(machine, observer);
        }
        is_time
    }

    #[cold]
    fn weigh_now(&mut self, machine: &dyn Machine, observer: &mut impl Observer) {
        let events = machine.kernel().events();
        let machine_held = machine.held(Measure::Grown);
        loop {
            let run = machine_held.saturating_add(observer.held(Measure::Grown));
            let worth = u32::try_from(run / BYTES_PER_EVENT).unwrap_or(u32::MAX);
            let next = events.saturating_add(worth.max(LEAST_EVENTS));
            // The trace grows by a page at a time until then, and what words and pictures gather from it takes half as much
            // again. What looks ahead goes through the run once more.
            let trace = Trace::bytes_of(next);
            let gathered = trace / 2;
            let all = (trace + gathered).saturating_add(run.saturating_mul(2));
            if all <= self.budget {
                self.next = next;
                self.in_flight = machine.in_flight() + LEAST_GROWTH.max(run / 4);
                return;
            }
            if !observer.give_up() {
                self.is_outgrown = true;
                return;
            }
        }
    }
}
