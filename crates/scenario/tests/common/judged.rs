//! What the checks of a run say.

#![allow(dead_code, reason = "each test uses what it needs")]

use scenario::link::Link;
use scenario::run::play::{Judged, Play};

/// What the checks say of the run that a link names, by their ids.
pub fn judged(link: &str) -> Vec<(String, Judged)> {
    let (link, problems) = Link::parse(link);
    assert_eq!(problems, []);
    let scenario = &link.variant.scenario;
    let ids = scenario.checks.iter().map(|check| check.id.clone());
    let judged = Play::new(scenario, &link.variant.deeds).hunt(None);
    ids.zip(judged).collect()
}

/// What some checks say of several runs.
pub struct Tally<'c> {
    checks: &'c [&'c str],
    runs: usize,
    broken: Vec<String>,
    /// By check.
    undecided: Vec<usize>,
}

impl<'c> Tally<'c> {
    /// What the checks say of the runs that these links name.
    pub fn of(checks: &'c [&'c str], links: impl Iterator<Item = String>) -> Tally<'c> {
        let mut tally = Tally {
            checks,
            runs: 0,
            broken: Vec::new(),
            undecided: vec![0; checks.len()],
        };
        for link in links {
            tally.take(&link);
        }
        tally
    }

    fn take(&mut self, link: &str) {
        self.runs += 1;
        let judged = judged(link);
        for (place, check) in self.checks.iter().enumerate() {
            let judged = judged.iter().find(|(id, _)| id == check);
            let (_, judged) = judged.unwrap_or_else(|| panic!("{link} has no check {check}"));
            match judged {
                Judged::Holds => {}
                Judged::Undecided => self.undecided[place] += 1,
                Judged::Violated(_) => self.broken.push(format!("{check}: {link}")),
            }
        }
    }

    /// With other runs.
    pub fn with(mut self, other: Tally<'c>) -> Tally<'c> {
        self.runs += other.runs;
        self.broken.extend(other.broken);
        for (own, more) in self.undecided.iter_mut().zip(other.undecided) {
            *own += more;
        }
        self
    }

    /// No run violates a check, and one in ten at most leaves it undecided.
    #[track_caller]
    pub fn holds(&self) {
        assert_eq!(self.broken, [""; 0], "in {} runs", self.runs);
        for (check, undecided) in self.checks.iter().zip(&self.undecided) {
            assert!(
                undecided * 10 <= self.runs,
                "{check} is undecided in {undecided} of {} runs",
                self.runs
            );
        }
    }
}

/// Which of these checks are violated, as sentences for the reader of a failed test.
pub fn broken(link: &str, checks: &[&str]) -> Vec<String> {
    let judged = judged(link);
    for check in checks {
        let is_judged = judged.iter().any(|(id, _)| id == check);
        assert!(is_judged, "{link} has no check {check}");
    }
    let broken = judged.into_iter().filter(|(id, judged)| {
        checks.contains(&id.as_str()) && matches!(judged, Judged::Violated(_))
    });
    broken.map(|(id, _)| format!("{id}: {link}")).collect()
}
