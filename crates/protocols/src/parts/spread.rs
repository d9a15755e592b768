//! Durations that are drawn, so that nodes do not act in step.

use sim::network::Distribution;
use sim::{Context, Protocol, SimDuration};

/// A duration from zero to `high`; all are equally likely.
pub fn up_to<P: Protocol>(high: SimDuration, context: &mut Context<'_, P>) -> SimDuration {
    let low = SimDuration::ZERO;
    context.draw(Distribution::Uniform { low, high })
}

/// A duration from one half to three halves of `mean`; all are equally likely.
pub fn around<P: Protocol>(mean: SimDuration, context: &mut Context<'_, P>) -> SimDuration {
    mean.scaled_permille(500) + up_to(mean, context)
}
