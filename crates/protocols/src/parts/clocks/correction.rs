//! Correcting a wall clock, as `ntpd` does: a large error by a jump, a small one slowly.

use sim::clock::Rate;
use sim::{Context, Protocol, SimDuration};

/// How fast a small error is corrected.
const SLEW: Rate = Rate::ppm(500);

/// Adds `offset` nanoseconds to the wall clock: at once if they are more than `step_threshold`. Returns how many of them are
/// still to be added.
pub fn correct<P: Protocol>(
    offset: i64,
    step_threshold: SimDuration,
    context: &mut Context<'_, P>,
) -> i64 {
    if offset.unsigned_abs() > step_threshold.as_nanos() {
        // A jump leaves a slew under way, which the offset has accounted for already.
        context.slew_wall_clock(0, SLEW);
        context.step_wall_clock(offset);
        0
    } else {
        context.slew_wall_clock(offset, SLEW);
        offset
    }
}
