//! Telling a node's lives apart.

use sim::{Context, Protocol};

/// The first number that a node's present life may give to anything: 0 in its first life, and later one that no earlier
/// life has come to, unless it gave more than a number a millisecond.
///
/// It is the moment of the start by the monotonic clock, in milliseconds, which a restart does not set back: as with
/// the generation number by which gossiping nodes tell a peer's restarts apart, nothing need be kept on disk for it.
pub(crate) fn first_number<P: Protocol>(context: &Context<'_, P>) -> u32 {
    (context.monotonic() / 1_000_000) as u32
}
