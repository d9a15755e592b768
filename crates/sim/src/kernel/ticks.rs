//! What comes and goes by itself, each in a slot.

use std::sync::Arc;

use crate::action::{Flapping, Mishap};
use crate::id::NodeId;
use crate::random::Key;

/// Something that comes by itself.
#[derive(Clone, Debug)]
pub(crate) enum Tick {
    /// A node begins.
    Start(NodeId),
    /// A node asks for the time.
    Ntp(NodeId),
    /// A fault strikes, or what it did is repaired.
    Mishap(u32, Mishap),
    /// A cut comes, or heals.
    Flapping(u32, Arc<Flapping>),
}

/// A tick in its slot.
#[derive(Clone, Debug)]
pub(crate) struct Ticking {
    /// `None` if the slot is free.
    pub tick: Option<Tick>,
    /// How often it has come.
    pub times: u32,
    /// Whether something is broken that it has to repair.
    pub struck: bool,
    /// The root of its random draws.
    pub key: Key,
    /// The sequence number of the queue's entry for it.
    pub entry: u32,
}
