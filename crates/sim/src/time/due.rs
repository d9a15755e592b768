//! What can be due, in the 32 bits that an entry of the queue has for it.

/// Something that is due: an entry of the queue, or of an inbox. The number is a slot, a node, or a tick.
///
/// An entry can be out of date, because what it stands for was cancelled or moved to another time. Whatever a slot
/// holds knows the sequence number of its entry, so an entry counts only if it has that number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Due {
    /// A message arrives or ends.
    Arrive(u32),
    /// A timer fires.
    Timer(u32),
    /// A node has served what it was serving.
    Served(u32),
    /// A disk has synced.
    Synced(u32),
    /// Something that comes and goes by itself: a mishap, a flapping cut, a clock's synchronisation.
    Tick(u32),
}

impl Due {
    const SLOT_BITS: u32 = 29;
    const SLOT: u32 = (1 << Self::SLOT_BITS) - 1;

    /// As one number: three bits for the kind, 29 for the slot or node.
    #[inline]
    pub fn pack(self) -> u32 {
        let (tag, slot) = match self {
            Due::Arrive(slot) => (0, slot),
            Due::Timer(slot) => (1, slot),
            Due::Served(node) => (2, node),
            Due::Synced(slot) => (3, slot),
            Due::Tick(tick) => (4, tick),
        };
        debug_assert!(slot <= Self::SLOT);
        tag << Self::SLOT_BITS | slot
    }

    /// The opposite of `pack`.
    #[inline]
    pub fn unpack(bits: u32) -> Due {
        let slot = bits & Self::SLOT;
        match bits >> Self::SLOT_BITS {
            0 => Due::Arrive(slot),
            1 => Due::Timer(slot),
            2 => Due::Served(slot),
            3 => Due::Synced(slot),
            _ => Due::Tick(slot),
        }
    }
}

/// Something for a node to handle, as it stands in the node's inbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Item {
    /// What it is.
    pub due: Due,
    /// The sequence number of the queue's entry that brought it.
    pub entry: u32,
}
