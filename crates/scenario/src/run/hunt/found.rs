//! What a part of a hunt has found, as one worker tells another: counts with the first runs that fail.

use check::watch::State;
use sim::SimTime;

use super::counts::{Counts, First};
use super::ranges::Ranges;
use crate::run::play::Judged;

/// How many failing runs are kept.
pub const MOST_FAILING: usize = 6;

/// What many runs come to, with the first of those that fail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// What they come to.
    pub counts: Counts,
    /// The failing runs with the lowest seeds, in the order of these.
    pub failing: Vec<First>,
}

impl Found {
    /// No run so far, of a scenario with so many checks.
    pub fn nothing(checks: usize) -> Found {
        Found {
            counts: Counts::nothing(checks),
            failing: Vec::new(),
        }
    }

    /// One more run: the worst that its checks say. Each seed counts once.
    ///
    /// # Errors
    ///
    /// The seed, when it was run before.
    pub fn take(&mut self, seed: u32, judged: &[Judged]) -> Result<State, u32> {
        let only = u64::from(seed)..u64::from(seed) + 1;
        self.counts.ran.add(only).map_err(|_| seed)?;
        let first = self.counts.take(seed, judged);
        self.keep(first);
        let is_undecided = judged.contains(&Judged::Undecided);
        Ok(match (first, is_undecided) {
            (Some(_), _) => State::Violated,
            (None, true) => State::Undecided,
            (None, false) => State::Holds,
        })
    }

    /// The runs of other seeds as well.
    ///
    /// # Errors
    ///
    /// The seeds that are in both; then nothing has changed.
    pub fn add(&mut self, other: &Found) -> Result<(), std::ops::Range<u64>> {
        self.counts.add(&other.counts)?;
        self.keep(other.failing.iter().copied());
        Ok(())
    }

    fn keep(&mut self, more: impl IntoIterator<Item = First>) {
        for first in more {
            let place = self
                .failing
                .partition_point(|known| known.seed < first.seed);
            self.failing.insert(place, first);
            self.failing.truncate(MOST_FAILING);
        }
    }

    /// As numbers, which [`Found::of_numbers`] reads: the runs and those that fail, a pair for each check, and then the length of the
    /// list of ranges, the ranges, and three numbers for each failing run. Each is whole, and exact in 53 bits.
    pub fn to_numbers(&self) -> Vec<f64> {
        let Counts {
            ran,
            runs,
            failed,
            violated,
            undecided,
            ..
        } = &self.counts;
        let checks = violated.iter().zip(undecided);
        let checks = checks.flat_map(|(violated, undecided)| [*violated, *undecided]);
        let ranges = ran.iter().flat_map(|seeds| [seeds.start, seeds.end]);
        let failing = self.failing.iter();
        let failing = failing.flat_map(|first| {
            let First { seed, check, at } = *first;
            [u64::from(seed), check as u64, at.as_nanos()]
        });
        let all = [*runs, *failed].into_iter().chain(checks);
        let all = all.chain([ran.iter().count() as u64]).chain(ranges);
        all.chain(failing).map(|number| number as f64).collect()
    }

    /// Reads what [`Found::to_numbers`] writes of a scenario with so many checks; nothing if it is something else.
    pub fn of_numbers(numbers: &[f64], checks: usize) -> Option<Found> {
        let mut numbers = numbers.iter().map(|number| *number as u64);
        let mut found = Found::nothing(checks);
        let counts = &mut found.counts;
        (counts.runs, counts.failed) = (numbers.next()?, numbers.next()?);
        for check in 0..checks {
            counts.violated[check] = numbers.next()?;
            counts.undecided[check] = numbers.next()?;
        }
        let mut ran = Ranges::default();
        for _ in 0..numbers.next()? {
            let (first, end) = (numbers.next()?, numbers.next()?);
            ran.add(first..end).ok()?;
        }
        counts.ran = ran;
        while let Some(seed) = numbers.next() {
            let check = numbers.next()? as usize;
            let at = SimTime::from_nanos(numbers.next()?);
            let seed = u32::try_from(seed).ok().filter(|_| check < checks)?;
            found.failing.push(First { seed, check, at });
        }
        found.counts.first = found.failing.first().copied();
        let is_whole = found.counts.contradiction().is_none();
        is_whole.then_some(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::Link;
    use crate::run::play::Play;

    fn hunted(seeds: std::ops::Range<u32>) -> Found {
        let (link, _) = Link::parse("#/double-charge?loss=0.05");
        let mut scenario = link.variant.scenario;
        let mut found = Found::nothing(scenario.checks.len());
        for seed in seeds {
            scenario.seed = seed;
            let judged = Play::new(&scenario, &link.variant.deeds).hunt(None);
            let state = found.take(seed, &judged).unwrap();
            let is_violated = judged.iter().any(|judged| judged.violated_at().is_some());
            assert_eq!(state == State::Violated, is_violated);
        }
        found
    }

    #[test]
    fn parts_add_up_to_the_whole_in_any_order_and_as_numbers() {
        let whole = hunted(0..60);
        assert!(whole.counts.failed > MOST_FAILING as u64 && whole.counts.failed < 60);
        let checks = whole.counts.violated.len();
        for order in [[0, 1, 2], [2, 0, 1], [1, 2, 0]] {
            let mut sum = Found::nothing(checks);
            for part in order {
                let part = hunted(part * 20..part * 20 + 20);
                let read = Found::of_numbers(&part.to_numbers(), checks);
                assert_eq!(read.as_ref(), Some(&part));
                assert_eq!(sum.add(&part), Ok(()));
            }
            assert_eq!(sum, whole);
            assert_eq!(sum.add(&hunted(5..6)), Err(5..6));
            assert_eq!(sum, whole);
        }
    }

    #[test]
    fn numbers_that_are_something_else_are_refused() {
        let numbers = hunted(0..20).to_numbers();
        let checks = hunted(0..1).counts.violated.len();
        assert!(Found::of_numbers(&numbers, checks).is_some());
        assert_eq!(Found::of_numbers(&[], checks), None);
        assert_eq!(
            Found::of_numbers(&numbers[..numbers.len() - 1], checks),
            None
        );
        assert_eq!(Found::of_numbers(&[1.0, 2.0], checks), None);
        let changed = |place: usize, number: f64| {
            let mut numbers = numbers.clone();
            numbers[place] = number;
            Found::of_numbers(&numbers, checks)
        };
        let failing = numbers.len() - 3;
        assert_eq!(changed(0, numbers[0]).as_ref(), Some(&hunted(0..20)));
        assert_eq!(changed(1, 21.0), None, "more fail than were run");
        assert_eq!(changed(failing + 1, checks as f64), None, "no such check");
        assert_eq!(changed(failing, f64::from(u32::MAX) + 1.0), None, "no seed");
    }
}
