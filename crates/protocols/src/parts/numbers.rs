//! The numbers that clients give their operations, unique in the run.

use sim::{Context, Protocol, SimDuration};

/// The numbers of one client among several: `place + 1`, `place + 1 + clients`, and so on. No number is given twice if
/// [`start`](Numbers::start) is called in each life; without it a restarted client gives its numbers again.
#[derive(Clone, Copy, Debug, Hash)]
pub struct Numbers {
    /// Its first number, and how far its numbers lie apart.
    first: u32,
    stride: u32,
    /// How many of its numbers earlier lives may have given.
    earlier: u32,
    /// How many this life has given.
    given: u32,
}

impl Numbers {
    /// The numbers of the client at `place` among `clients`.
    pub fn new(place: usize, clients: usize) -> Numbers {
        Numbers {
            first: place as u32 + 1,
            stride: clients as u32,
            earlier: 0,
            given: 0,
        }
    }

    /// Begins a life of the client. It gives none of the numbers that earlier lives have given.
    pub fn start<P: Protocol>(&mut self, context: &Context<'_, P>) {
        self.earlier = first_number(context);
    }

    /// Gives the next number.
    pub fn next_number(&mut self) -> u32 {
        let number = self.first + self.place() * self.stride;
        self.given += 1;
        number
    }

    /// The place of the next number among the client's own, from 0.
    pub fn place(&self) -> u32 {
        self.earlier + self.given
    }

    /// How many numbers this life has given.
    pub fn given(&self) -> u32 {
        self.given
    }

    /// How many clients there are.
    pub fn clients(&self) -> u32 {
        self.stride
    }

    /// The client's first number: its place among the clients, from 1.
    pub fn first(&self) -> u32 {
        self.first
    }

    /// The client's share of `span`, so that clients do not begin in step: of two, the first waits a third of it, and the
    /// second two thirds.
    pub fn within(&self, span: SimDuration) -> SimDuration {
        span.scaled_permille(1000 * self.first / (self.stride + 1))
    }

    /// The client's share of `span`, of which the last waits all: of two, the first waits half of it.
    pub fn up_to(&self, span: SimDuration) -> SimDuration {
        span.scaled_permille(1000 * self.first / self.stride)
    }
}

/// The first number that a node's present life may use: 0 in its first life, and in a later life a number that no
/// earlier life has reached, unless it used more than one number per millisecond.
///
/// It follows from the boot identifier, so nothing has to be on disk for it, as with the generation number by which
/// gossiping nodes tell a peer's restarts apart.
pub(crate) fn first_number<P: Protocol>(context: &Context<'_, P>) -> u32 {
    (context.boot() / 1_000_000) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clients_share_the_numbers_and_the_time_before_the_first() {
        let mut second = Numbers::new(1, 3);
        assert_eq!([second.next_number(), second.next_number()], [2, 5]);
        assert_eq!((second.place(), second.given()), (2, 2));
        let span = SimDuration::from_millis(1200);
        assert_eq!(second.within(span), SimDuration::from_millis(600));
        assert_eq!(second.up_to(span), SimDuration::from_nanos(799_200_000));
    }
}
