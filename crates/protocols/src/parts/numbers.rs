//! The numbers that clients give to their operations.

use sim::{Context, Protocol};

use crate::parts::incarnation;

/// The numbers of one client among several: `place + 1`, `place + 1 + count`, and so on. No two clients give the same
/// number.
#[derive(Clone, Copy, Debug)]
pub struct Numbers {
    first: u32,
    stride: u32,
    given: u32,
}

impl Numbers {
    /// The numbers of the client at `place` (from 0) of `count`.
    pub fn new(place: u32, count: u32) -> Numbers {
        Numbers {
            first: place + 1,
            stride: count,
            given: 0,
        }
    }

    /// Skips the numbers that earlier lives of the node may have given.
    pub fn begin_life<P: Protocol>(&mut self, context: &Context<'_, P>) {
        self.given = incarnation::first_number(context);
    }

    /// The next number.
    pub fn give(&mut self) -> u32 {
        let number = self.first + self.given * self.stride;
        self.given += 1;
        number
    }

    /// The share of a pause, in thousandths, that this client waits first, so that clients do not start in step.
    pub fn start_share(&self) -> u32 {
        1000 * self.first / (self.stride + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clients_give_different_numbers_and_start_at_different_times() {
        let mut clients = [0, 1, 2].map(|place| Numbers::new(place, 3));
        let rounds = [0, 1].map(|_| clients.each_mut().map(Numbers::give));
        assert_eq!(rounds, [[1, 2, 3], [4, 5, 6]]);
        assert_eq!(clients.map(|client| client.start_share()), [250, 500, 750]);
    }
}
