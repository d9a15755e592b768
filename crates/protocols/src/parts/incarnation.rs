//! Telling a node's lives apart.

use sim::{Context, Protocol};

/// The first number that a node's present life may use: 0 in its first life, and in a later life a number that no
/// earlier life has reached, unless it used more than one number per millisecond.
///
/// It follows from the boot identifier, so nothing has to be on disk for it, as with the generation number by which
/// gossiping nodes tell a peer's restarts apart.
pub(crate) fn first_number<P: Protocol>(context: &Context<'_, P>) -> u32 {
    (context.boot() / 1_000_000) as u32
}
