//! Correcting a wall clock, as `ntpd` does: a large error by a jump, a small one slowly.

use sim::clock::Rate;
use sim::{Context, Protocol, SimDuration};

/// How fast a small error is corrected.
const SLEW: Rate = Rate::ppm(500);

/// Adds `offset` nanoseconds to the wall clock: at once if they are more than `step_threshold`.
pub fn correct<P: Protocol>(
    offset: i64,
    step_threshold: SimDuration,
    context: &mut Context<'_, P>,
) {
    if offset.unsigned_abs() > step_threshold.as_nanos() {
        context.step_wall_clock(offset);
    } else {
        context.slew_wall_clock(offset, SLEW);
    }
}
