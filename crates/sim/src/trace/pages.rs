//! How events are kept: in pages, so that a trace that grows copies nothing, and takes no more memory than it fills.

use std::ops::Index;

use super::Event;

/// Events on a page: 3 MiB. A trace of one page takes only what it needs. Smaller pages would have WebAssembly ask for
/// memory, and its engine look for garbage, hundreds of times.
const PAGE: usize = 1 << PAGE_BITS;
const PAGE_BITS: u32 = 16;
/// Events that a first page has room for at first.
const LEAST_ROOM: usize = 1024;

/// Pages of events.
#[derive(Clone, Debug, Default)]
pub(super) struct Pages {
    full: Vec<Vec<Event>>,
    /// The page that is being filled. It is never full while there is another event.
    last: Vec<Event>,
    /// How many events are on full pages.
    before: usize,
}

impl Pages {
    /// How many events are held.
    #[inline]
    pub fn len(&self) -> usize {
        self.before + self.last.len()
    }

    /// Appends an event.
    #[inline]
    pub fn push(&mut self, event: Event) {
        if self.last.len() == self.last.capacity() {
            self.make_room();
        }
        self.last.push(event);
    }

    /// A first page grows as it is needed; one that follows will be filled.
    #[cold]
    #[inline(never)]
    fn make_room(&mut self) {
        let filled = self.last.len();
        if filled == PAGE {
            let page = std::mem::replace(&mut self.last, Vec::with_capacity(PAGE));
            self.full.push(page);
            self.before += PAGE;
        } else {
            self.last
                .reserve_exact(filled.max(LEAST_ROOM).min(PAGE - filled));
        }
    }

    /// Forgets all events from number `len` on; `len` is at most how many there are.
    pub fn truncate(&mut self, len: usize) {
        if len < self.before {
            let page = len >> PAGE_BITS;
            self.last = self.full.swap_remove(page);
            self.full.truncate(page);
            self.before = page << PAGE_BITS;
        }
        self.last.truncate(len - self.before);
    }

    /// All events, to read.
    #[inline]
    pub fn view(&self) -> Events<'_> {
        Events {
            full: &self.full,
            last: &self.last,
            first: 0,
            end: self.len(),
        }
    }

    /// Its size in memory once it has so many events, in bytes.
    pub fn bytes_of(events: usize) -> usize {
        let room = match events {
            0 => 0,
            1..PAGE => events.next_power_of_two().clamp(LEAST_ROOM, PAGE),
            _ => events.div_ceil(PAGE) * PAGE,
        };
        room * size_of::<Event>()
    }

    /// Its size in memory, in bytes.
    pub fn bytes(&self) -> usize {
        let full: usize = self.full.iter().map(Vec::capacity).sum();
        (full + self.last.capacity()) * size_of::<Event>()
    }
}

/// A stretch of a trace, read like a slice.
#[derive(Clone, Copy, Debug)]
pub struct Events<'a> {
    full: &'a [Vec<Event>],
    last: &'a [Event],
    first: usize,
    end: usize,
}

impl<'a> Events<'a> {
    /// How many events there are.
    #[inline]
    pub fn len(&self) -> usize {
        self.end - self.first
    }

    /// Whether there is none.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.first == self.end
    }

    /// The event at a place, if there is one.
    #[inline]
    pub fn get(&self, place: usize) -> Option<&'a Event> {
        (place < self.len()).then(|| at(self.full, self.last, self.first + place))
    }

    /// The last event.
    pub fn last(&self) -> Option<&'a Event> {
        self.get(self.len().checked_sub(1)?)
    }

    /// All events, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &'a Event> + ExactSizeIterator + use<'a> {
        let (full, last) = (self.full, self.last);
        (self.first..self.end).map(move |place| at(full, last, place))
    }

    /// All events but the first `count`.
    pub fn skip(&self, count: usize) -> Events<'a> {
        let first = self.end.min(self.first.saturating_add(count));
        Events { first, ..*self }
    }

    /// The first `count` events.
    pub fn take(&self, count: usize) -> Events<'a> {
        let end = self.end.min(self.first.saturating_add(count));
        Events { end, ..*self }
    }

    /// How many events at the beginning hold to `holds`, given that no event after the first that does not holds to it.
    pub fn partition_point(&self, holds: impl Fn(&Event) -> bool) -> usize {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low.midpoint(high);
            if holds(&self[middle]) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// A copy.
    pub fn to_vec(&self) -> Vec<Event> {
        self.iter().copied().collect()
    }
}

#[inline]
fn at<'a>(full: &'a [Vec<Event>], last: &'a [Event], place: usize) -> &'a Event {
    let page = full.get(place >> PAGE_BITS).map_or(last, Vec::as_slice);
    &page[place % PAGE]
}

impl Index<usize> for Events<'_> {
    type Output = Event;

    /// # Panics
    ///
    /// If there is no event at `place`.
    #[inline]
    fn index(&self, place: usize) -> &Event {
        assert!(place < self.len(), "event {place} of {}", self.len());
        at(self.full, self.last, self.first + place)
    }
}

impl PartialEq for Events<'_> {
    fn eq(&self, other: &Events<'_>) -> bool {
        self.iter().eq(other.iter())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::NodeId;
    use crate::time::SimTime;
    use crate::trace::Fact;

    fn event(number: usize) -> Event {
        let fact = Fact::Acquired {
            lock: number as i64,
            token: 0,
        };
        Event::of(SimTime::from_nanos(number as u64), NodeId(0), fact)
    }

    fn pages(count: usize) -> Pages {
        let mut pages = Pages::default();
        (0..count).for_each(|number| pages.push(event(number)));
        pages
    }

    /// That `pages` hold the first `count` events.
    fn check(pages: &Pages, count: usize) {
        let view = pages.view();
        let plain: Vec<Event> = (0..count).map(event).collect();
        assert_eq!((pages.len(), view.len()), (count, count));
        assert_eq!(view.to_vec(), plain);
        assert!(view.iter().rev().eq(plain.iter().rev()));
        assert_eq!(view.last(), plain.last());
        assert_eq!(view.get(count), None);
        for cut in [0, 1, PAGE - 1, PAGE, PAGE + 1, count] {
            let cut = cut.min(count);
            assert_eq!(view.take(cut).to_vec(), plain[..cut]);
            assert_eq!(view.skip(cut).to_vec(), plain[cut..]);
            assert_eq!(view.skip(cut).get(0), plain.get(cut));
            let earlier = |event: &Event| event.time < SimTime::from_nanos(cut as u64);
            assert_eq!(view.partition_point(earlier), cut);
        }
    }

    const COUNTS: [usize; 7] = [0, 1, PAGE - 1, PAGE, PAGE + 1, 2 * PAGE, 3 * PAGE + 7];

    #[test]
    fn pages_read_like_a_slice() {
        for count in COUNTS {
            check(&pages(count), count);
        }
    }

    #[test]
    fn pages_that_were_cut_short_grow_again() {
        for (count, left) in COUNTS.into_iter().flat_map(|a| COUNTS.map(|b| (a, b))) {
            let mut pages = pages(count);
            assert_eq!(pages.bytes(), Pages::bytes_of(count));
            pages.truncate(left);
            let left = left.min(count);
            check(&pages, left);
            (left..left + PAGE + 1).for_each(|number| pages.push(event(number)));
            check(&pages, left + PAGE + 1);
        }
    }

    #[test]
    #[should_panic(expected = "event 3 of 3")]
    fn an_event_beyond_a_stretch_is_not_there() {
        let pages = pages(9);
        let _ = pages.view().take(3)[3];
    }
}
