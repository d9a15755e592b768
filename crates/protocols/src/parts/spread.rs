//! Durations and numbers that are drawn, so that nodes do not act in step.

use sim::network::Distribution;
use sim::{Context, Protocol, SimDuration};

/// A duration from zero to `high`; all are equally likely.
pub fn up_to<P: Protocol>(high: SimDuration, context: &mut Context<'_, P>) -> SimDuration {
    let low = SimDuration::ZERO;
    context.draw(Distribution::Uniform { low, high })
}

/// A whole number below `count`; all are equally likely.
pub fn below<P: Protocol>(count: u32, context: &mut Context<'_, P>) -> u32 {
    up_to(SimDuration::from_nanos(count.into()), context).as_nanos() as u32
}

/// A duration from one half to three halves of `mean`; all are equally likely.
pub fn around<P: Protocol>(mean: SimDuration, context: &mut Context<'_, P>) -> SimDuration {
    mean.scaled_permille(500) + up_to(mean, context)
}
