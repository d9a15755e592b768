//! How far a search goes.

/// What may go wrong in each order, and how long a search goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// How many messages may be lost.
    pub losses: u8,
    /// How many messages may arrive twice.
    pub duplicates: u8,
    /// How many times a node may crash. One that has crashed may restart at any later step.
    pub crashes: u8,
    /// How many steps an order may have.
    pub depth: u16,
    /// How many states may be looked at.
    pub states: u32,
    /// How many bytes may be kept of them.
    pub bytes: usize,
    /// Whether, breadth first, one order is tried of steps that lead to the same state in any. Without it the same states are
    /// found, by more steps.
    pub reduces: bool,
    /// Which states come first.
    pub order: Order,
}

/// In which order states are looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// Those that fewer steps lead to: the first violation has the fewest.
    #[default]
    Breadth,
    /// Those that the last step leads to: less work for a violation that is far away.
    Depth,
}

impl Default for Bounds {
    fn default() -> Bounds {
        Bounds {
            losses: 0,
            duplicates: 0,
            crashes: 0,
            depth: 20,
            states: 1_000_000,
            bytes: 256 << 20,
            reduces: true,
            order: Order::Breadth,
        }
    }
}
