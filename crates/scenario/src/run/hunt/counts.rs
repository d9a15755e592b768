//! What many runs come to, and how two such counts become one.

use check::watch::State;
use sim::SimTime;

use super::drawn::Drawn;
use super::ranges::Ranges;
use super::share::Share;
use crate::link::Link;
use crate::run::play::Judged;

/// What the runs of some seeds come to, check by check in the order of the scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counts {
    /// The seeds that all were run.
    pub ran: Ranges,
    /// How many runs there were.
    pub runs: u64,
    /// How many runs violated any check.
    pub failed: u64,
    /// How many runs violated each check.
    pub violated: Vec<u64>,
    /// How many runs left each check undecided.
    pub undecided: Vec<u64>,
    /// The first seed that violates a check.
    pub first: Option<First>,
}

/// A seed that violates a check, which check, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct First {
    /// The seed.
    pub seed: u32,
    /// The check that is violated first, by its place among the scenario's.
    pub check: usize,
    /// When.
    pub at: SimTime,
}

impl Counts {
    /// No run so far, of a scenario with so many checks.
    pub fn nothing(checks: usize) -> Counts {
        Counts {
            ran: Ranges::default(),
            runs: 0,
            failed: 0,
            violated: vec![0; checks],
            undecided: vec![0; checks],
            first: None,
        }
    }

    /// One more run, and how it fails, if it does. Whoever has run all of a range says so in `ran`.
    pub fn take(&mut self, seed: u32, judged: &[Judged]) -> Option<First> {
        self.runs += 1;
        for (check, judged) in judged.iter().enumerate() {
            self.violated[check] += u64::from(judged.violated_at().is_some());
            self.undecided[check] += u64::from(*judged == Judged::Undecided);
        }
        let checks = judged.iter().enumerate();
        let violated = checks.filter_map(|(check, judged)| Some((judged.violated_at()?, check)));
        let earliest = violated.min();
        let first = earliest.map(|(at, check)| First { seed, check, at });
        self.failed += u64::from(first.is_some());
        self.found(first);
        first
    }

    fn found(&mut self, first: Option<First>) {
        let both = self.first.into_iter().chain(first);
        self.first = both.min_by_key(|first| first.seed);
    }

    /// The runs of other seeds as well.
    ///
    /// # Errors
    ///
    /// The seeds that are in both; then nothing has changed.
    pub fn add(&mut self, other: &Counts) -> Result<(), std::ops::Range<u64>> {
        self.ran.add_all(&other.ran)?;
        self.runs += other.runs;
        self.failed += other.failed;
        for (mine, more) in [
            (&mut self.violated, &other.violated),
            (&mut self.undecided, &other.undecided),
        ] {
            for (mine, more) in mine.iter_mut().zip(more) {
                *mine += more;
            }
        }
        self.found(other.first);
        Ok(())
    }

    /// Whether all of these seeds are in a range.
    pub fn is_within(&self, seeds: &std::ops::Range<u64>) -> bool {
        let mut ran = self.ran.iter();
        ran.all(|ran| seeds.start <= ran.start && ran.end <= seeds.end)
    }

    /// Why no runs can come to this, if none can.
    pub fn contradiction(&self) -> Option<&'static str> {
        let mut both = self.violated.iter().zip(&self.undecided);
        let is_too_many = |(violated, undecided): (&u64, &u64)| {
            violated
                .checked_add(*undecided)
                .is_none_or(|some| some > self.runs)
        };
        if both.any(is_too_many) {
            return Some("a check is violated or undecided in more runs than there are");
        }
        let most = self.violated.iter().copied().max().unwrap_or(0);
        let all = self
            .violated
            .iter()
            .fold(0, |sum: u64, runs| sum.saturating_add(*runs));
        if !(most..=all.min(self.runs)).contains(&self.failed) {
            return Some("failed is no number of runs in which these checks are violated");
        }
        let Some(first) = &self.first else {
            let is_violated = self.violated.iter().any(|runs| *runs > 0);
            return is_violated.then_some("a check is violated, and first is null");
        };
        let seed = u64::from(first.seed);
        if !self.ran.iter().any(|seeds| seeds.contains(&seed)) {
            return Some("first has a seed that is not in ran");
        }
        let is_counted = self.violated[first.check] > 0;
        (!is_counted).then_some("first has a check that is violated in no run")
    }

    /// What all runs say of a check together, and of how many that is so.
    pub fn state(&self, check: usize) -> (State, u64) {
        match (self.violated[check], self.undecided[check]) {
            (0, 0) => (State::Holds, self.runs),
            (0, count) => (State::Undecided, count),
            (count, _) => (State::Violated, count),
        }
    }

    /// The share of the runs that violate any check.
    pub fn share(&self) -> Share {
        Share::of(self.failed, self.runs)
    }

    /// Whether a run left a check undecided.
    pub fn is_undecided(&self) -> bool {
        self.undecided.iter().any(|runs| *runs > 0)
    }
}

impl First {
    /// The link of this run, at the violation.
    pub fn link(&self, link: &Link, weather: Option<&Drawn>) -> String {
        let mut link = link.clone();
        match weather {
            Some(weather) => link.variant = weather.variant(&link.variant, self.seed),
            None => link.variant.scenario.seed = self.seed,
        }
        link.variant.at = Some(self.at);
        link.format()
    }
}
