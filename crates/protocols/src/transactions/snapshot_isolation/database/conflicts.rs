//! *Serializable snapshot isolation* (Cahill, Röhm and Fekete, *Serializable isolation for snapshot databases*, SIGMOD
//! 2008): what is read stays marked, and a transaction is aborted that could be the middle of a dangerous structure.
//!
//! Of two transactions at the same time, one may read a row before the other one changes it: a *conflict* out of the
//! reader, into the writer. In each execution under snapshot isolation that no serial order explains, some transaction, the
//! *pivot*, has a conflict in and one out. So two flags for each transaction are enough. Some that are aborted would have
//! been right.

use sim::held::{Held, Measure};
use sim::sorted::{Map, Set};

/// What is known of the transactions that are under way, and of those that were at the same time as one of these.
#[derive(Clone, Debug, Default, Hash)]
pub(super) struct Conflicts {
    marks: Map<u32, Mark>,
    /// Who has read which row: the *SIREAD* locks, which exclude nobody.
    reads: Set<(i64, u32)>,
    /// How often a transaction has begun or ended.
    now: u64,
}

#[derive(Clone, Copy, Debug, Hash)]
struct Mark {
    began: u64,
    /// When its writes became visible, or it ended without any.
    ended: Option<u64>,
    /// Whether it commits, come what may.
    is_decided: bool,
    /// Whether another one has read what it changes.
    has_in: bool,
    /// Whether it has read what another one changes.
    has_out: bool,
}

/// A transaction has to be aborted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Dangerous;

impl Conflicts {
    /// A transaction begins.
    pub(super) fn begin(&mut self, number: u32) {
        self.now += 1;
        let mark = Mark {
            began: self.now,
            ended: None,
            is_decided: false,
            has_in: false,
            has_out: false,
        };
        self.marks.insert(number, mark);
    }

    /// A transaction reads a row, of which its snapshot misses the versions that these others wrote.
    pub(super) fn read(
        &mut self,
        number: u32,
        row: i64,
        missed: impl Iterator<Item = u32>,
    ) -> Result<(), Dangerous> {
        self.reads.insert((row, number));
        missed
            .into_iter()
            .try_for_each(|writer| self.conflict(number, writer, number))
    }

    /// A transaction changes a row.
    pub(super) fn write(&mut self, number: u32, row: i64) -> Result<(), Dangerous> {
        let began = self.marks.get(&number).map_or(0, |mark| mark.began);
        let readers = self.reads.range((row, 0)..=(row, u32::MAX));
        let is_at_the_same_time = |reader: &u32| {
            let mark = self.marks.get(reader);
            mark.is_some_and(|mark| mark.ended.is_none_or(|ended| ended > began))
        };
        let readers = readers.map(|(_, reader)| *reader);
        let readers = readers.filter(|reader| *reader != number);
        let readers: Vec<u32> = readers.filter(is_at_the_same_time).collect();
        readers
            .into_iter()
            .try_for_each(|reader| self.conflict(reader, number, number))
    }

    /// The reader misses what the writer changes. One of them acts now; the other one may be decided, and a pivot.
    fn conflict(&mut self, reader: u32, writer: u32, acts: u32) -> Result<(), Dangerous> {
        if let Some(mark) = self.marks.get_mut(&reader) {
            mark.has_out = true;
        }
        if let Some(mark) = self.marks.get_mut(&writer) {
            mark.has_in = true;
        }
        let other = if acts == reader { writer } else { reader };
        let is_lost = |mark: &Mark| mark.is_decided && mark.has_in && mark.has_out;
        if self.marks.get(&other).is_some_and(is_lost) {
            return Err(Dangerous);
        }
        Ok(())
    }

    /// Whether a transaction may commit; if so, it does, come what may.
    pub(super) fn decide(&mut self, number: u32) -> Result<(), Dangerous> {
        match self.marks.get_mut(&number) {
            Some(mark) if mark.has_in && mark.has_out => Err(Dangerous),
            Some(mark) => {
                mark.is_decided = true;
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// A transaction has ended. Of one that was aborted nothing is left.
    pub(super) fn end(&mut self, number: u32, is_committed: bool) {
        self.now += 1;
        match self.marks.get_mut(&number) {
            Some(mark) if is_committed => mark.ended = Some(self.now),
            _ => {
                self.marks.remove(&number);
            }
        }
        self.clean();
    }

    /// Forgets what ended before all that are under way began.
    fn clean(&mut self) {
        let under_way = self.marks.values().filter(|mark| mark.ended.is_none());
        let oldest = under_way.map(|mark| mark.began).min().unwrap_or(u64::MAX);
        self.marks
            .retain(|_, mark| mark.ended.is_none_or(|ended| ended > oldest));
        let marks = &self.marks;
        self.reads.retain(|(_, reader)| marks.contains_key(reader));
    }

    /// The transactions that have read a row.
    pub(super) fn readers(&self, row: i64) -> impl Iterator<Item = u32> + '_ {
        let readers = self.reads.range((row, 0)..=(row, u32::MAX));
        readers.map(|(_, reader)| *reader)
    }

    pub(super) fn held(&self, by: Measure) -> usize {
        self.marks.held(by) + self.reads.held(by)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nobody() -> impl Iterator<Item = u32> {
        std::iter::empty()
    }

    /// Two that have read both rows.
    fn two() -> Conflicts {
        let mut conflicts = Conflicts::default();
        for number in [1, 2] {
            conflicts.begin(number);
            for row in [1, 2] {
                assert_eq!(conflicts.read(number, row, nobody()), Ok(()));
            }
        }
        conflicts
    }

    #[test]
    fn the_second_of_two_that_miss_each_other_is_aborted() {
        let mut conflicts = two();
        assert_eq!(conflicts.write(1, 1), Ok(()));
        assert_eq!(conflicts.decide(1), Ok(()));
        conflicts.end(1, true);
        assert_eq!(conflicts.write(2, 2), Err(Dangerous));
    }

    #[test]
    fn what_was_aborted_marks_nothing_as_read() {
        let mut conflicts = two();
        conflicts.end(1, false);
        assert_eq!(conflicts.readers(1).collect::<Vec<_>>(), [2]);
        assert_eq!(conflicts.write(2, 2), Ok(()));
        assert_eq!(conflicts.decide(2), Ok(()));
        conflicts.end(2, true);
        assert_eq!(conflicts.readers(1).count(), 0);
    }

    #[test]
    fn one_that_began_after_the_other_one_had_ended_has_no_conflict_with_it() {
        let mut conflicts = two();
        conflicts.write(1, 1).expect("it is the first");
        conflicts.decide(1).expect("it is no pivot");
        conflicts.end(1, true);
        conflicts.begin(3);
        assert_eq!(conflicts.read(3, 2, nobody()), Ok(()));
        assert_eq!(conflicts.write(3, 1), Ok(()));
        // The second one has read what the third one changes, and is no pivot, since nobody has read what it changes.
        assert_eq!(conflicts.decide(3), Ok(()));
        assert_eq!(conflicts.decide(2), Ok(()));
    }
}
