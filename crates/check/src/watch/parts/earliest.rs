//! Which of many is the first that ended early enough.

use sim::EventId;
use sim::held::{Held, Measure, all_held};

/// The events with which the members of a growing list ended, and which of them is the first, in the order of the list, that
/// ended before some event. Each question takes as many steps as the list's length has bits.
#[derive(Clone, Debug, Default)]
pub(in crate::watch) struct Earliest {
    /// The ends of the members, and above them the earlier of each two; `EventId::NONE`, the last of all, where there is none.
    levels: Vec<Vec<EventId>>,
}

impl Earliest {
    /// One more, which has not ended.
    pub fn push(&mut self) {
        let mut length = self.len() + 1;
        for level in 0.. {
            if level == self.levels.len() {
                let earliest = self.levels.last().map(|below| below[0]);
                self.levels.push(earliest.into_iter().collect());
            }
            self.levels[level].resize(length, EventId::NONE);
            if length == 1 {
                return;
            }
            length = length.div_ceil(2);
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.levels.first().map_or(0, Vec::len)
    }

    /// The one at this place has ended.
    pub fn end(&mut self, place: usize, with: EventId) {
        let mut at = place;
        for level in &mut self.levels {
            level[at] = level[at].min(with);
            at /= 2;
        }
    }

    /// The first from this place on that ended before this event.
    pub fn first_before(&self, from: usize, event: EventId) -> Option<usize> {
        let (mut level, mut at) = (0, from);
        // Up, past those that all ended later.
        while *self.levels.get(level)?.get(at)? >= event {
            at += 1;
            while at % 2 == 0 && level + 1 < self.levels.len() {
                (level, at) = (level + 1, at / 2);
            }
        }
        // Down, to the first below.
        for below in self.levels[..level].iter().rev() {
            at *= 2;
            at += usize::from(below[at] >= event);
        }
        Some(at)
    }

    /// The places of all that ended before this event, in their order.
    pub fn all_before(&self, event: EventId) -> impl Iterator<Item = usize> {
        let next = move |from| self.first_before(from, event);
        std::iter::successors(next(0), move |place| next(place + 1))
    }
}

impl Held for Earliest {
    fn held(&self, by: Measure) -> usize {
        self.levels.held(by) + all_held(&self.levels, by)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_finds_what_looking_through_all_would_find() {
        let mut earliest = Earliest::default();
        let mut ends = Vec::new();
        for length in 1..70_u32 {
            earliest.push();
            ends.push(EventId::NONE);
            // In an order that is neither theirs nor the other way round.
            for ended in [length * 7 % length, length / 2] {
                let (place, with) = (ended as usize, EventId(ended * 37 % 101));
                earliest.end(place, with);
                ends[place] = with;
            }
            for event in (0..103).map(EventId) {
                for from in 0..=ends.len() {
                    let mut places = from..ends.len();
                    let first = places.find(|place| ends[*place] < event);
                    assert_eq!(earliest.first_before(from, event), first);
                }
                let all = (0..ends.len()).filter(|place| ends[*place] < event);
                assert!(earliest.all_before(event).eq(all));
            }
            assert_eq!(earliest.len(), ends.len());
        }
    }
}
