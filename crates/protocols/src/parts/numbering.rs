//! The numbers of a client's operations: no two clients share one, and neither do two lives of one client.

use sim::{Context, Protocol};

use super::incarnation;

/// The numbers of one client among several: `place + 1`, `place + 1 + stride`, and so on.
#[derive(Clone, Copy, Debug)]
pub struct Numbering {
    place: u32,
    stride: u32,
    /// How many operations it has numbered, or more after a restart.
    begun: u32,
}

impl Numbering {
    /// The numbers of the client at `place` among `count`.
    pub fn new(place: u32, count: u32) -> Numbering {
        Numbering {
            place,
            stride: count,
            begun: 0,
        }
    }

    /// The client starts or restarts: numbers of an earlier life are not used again.
    pub fn start<P: Protocol>(&mut self, context: &Context<'_, P>) {
        self.begun = incarnation::first_number(context);
    }

    /// The number of the next operation.
    pub fn new_number(&mut self) -> u32 {
        let number = self.place + 1 + self.begun * self.stride;
        self.begun += 1;
        number
    }

    /// How many operations it has numbered, or more after a restart.
    pub fn begun(&self) -> u32 {
        self.begun
    }

    /// The client's place, from 0.
    pub fn place(&self) -> u32 {
        self.place
    }

    /// How many clients there are.
    pub fn count(&self) -> u32 {
        self.stride
    }
    /// The share of a pause, in thousandths, that the client waits first, so that clients do not start in step.
    pub fn start_share(&self) -> u32 {
        1000 * (self.place + 1) / (self.stride + 1)
    }
}
