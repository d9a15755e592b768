//! Every lab's claims, in drawn weather that they say they withstand, and the limits that they admit.
//!
//! `SLOWFIRE_DRAWS=100000 cargo test -p slowfire-scenario --test weather` draws more of it, and `SLOWFIRE_DRAWS_FROM=20000`
//! other weather: the seeds from 20,000 on.

#[path = "common/draws.rs"]
mod draws;
#[path = "common/judged.rs"]
mod judged;

use std::borrow::Cow;
use std::fmt::Write;
use std::ops::Range;
use std::thread;

use scenario::lab::{self, Lab};
use scenario::run::play::{Judged, Play};
use scenario::run::sweep::{Group, Shown, groups};
use sim::SimTime;

/// How much weather each group of claims is tried in.
fn draws() -> u32 {
    draws::many("SLOWFIRE_DRAWS", 200)
}

/// The seed of the first weather.
fn first() -> u32 {
    draws::many("SLOWFIRE_DRAWS_FROM", 0)
}

/// A claim's name, and in how much of the drawn weather it was broken and undecided.
struct Tried {
    claim: String,
    broken: u32,
    undecided: u32,
    /// The first run that broke it, or left it undecided.
    link: Option<String>,
}

impl Tried {
    /// Whether the claim stands: nothing broke it, and nearly every run put it to the test. Of a few draws, one may not.
    fn stands(&self, draws: u32) -> bool {
        self.broken == 0 && self.undecided * 20 <= draws.max(20)
    }
}

/// What the group's claims show in all of the weather.
fn tried(group: &Group, seeds: Range<u32>) -> Vec<Tried> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let part = |thread: usize| -> Vec<(u32, Shown)> {
        let seeds = seeds.clone().skip(thread).step_by(threads);
        seeds.map(|seed| (seed, group.shown(seed))).collect()
    };
    let mut shown: Vec<(u32, Shown)> = thread::scope(|scope| {
        let others: Vec<_> = (0..threads)
            .map(|thread| scope.spawn(move || part(thread)))
            .collect();
        let parts = others.into_iter();
        parts
            .flat_map(|part| part.join().expect("a run does not panic"))
            .collect()
    });
    shown.sort_unstable_by_key(|(seed, _)| *seed);
    let names = group.checks().enumerate();
    let one = |(place, check): (usize, &str)| {
        let broken = shown.iter().flat_map(|(seed, shown)| {
            let of_check = shown
                .broken
                .iter()
                .filter(move |(check, _)| *check == place);
            of_check.map(|(_, at)| (*seed, *at))
        });
        let broken: Vec<(u32, SimTime)> = broken.collect();
        let undecided = shown
            .iter()
            .filter(|(_, shown)| shown.undecided.contains(&place));
        let undecided: Vec<u32> = undecided.map(|(seed, _)| *seed).collect();
        let unsure = undecided.first().map(|seed| (*seed, SimTime::ZERO));
        let example = broken.first().copied().or(unsure);
        Tried {
            claim: format!("{} {check}", group.name()),
            link: example.map(|(seed, at)| group.link(seed, at)),
            broken: broken.len() as u32,
            undecided: undecided.len() as u32,
        }
    };
    names.map(one).collect()
}

/// Tries each group in so much of its weather, tells what became of the claims, and what is wrong with them.
fn wrong(groups: impl Iterator<Item = Group>, draws: u32) -> String {
    let seeds = first()..first() + draws;
    let mut wrong = String::new();
    for tried in groups.flat_map(|group| tried(&group, seeds.clone())) {
        let (claim, broken, undecided) = (&tried.claim, tried.broken, tried.undecided);
        let link = tried.link.as_deref().unwrap_or_default();
        let line =
            format!("{claim}: broken in {broken} of {draws}, undecided in {undecided} {link}");
        println!("{line}");
        if !tried.stands(draws) {
            writeln!(wrong, "{line}").expect("a text can be written to");
        }
    }
    wrong
}

fn all_groups() -> impl Iterator<Item = Group> {
    let labs = lab::labs().iter();
    labs.flat_map(|lab| groups(Cow::Borrowed(lab)))
}

#[test]
fn every_claim_withstands_the_weather_that_it_says_it_withstands() {
    let wrong = wrong(all_groups(), draws());
    assert!(wrong.is_empty(), "{wrong}");
}

/// Also in the last seconds, when nothing is left to recover in.
#[test]
fn what_is_safe_is_so_if_a_node_crashes_at_any_moment() {
    let wrong = wrong(all_groups().filter_map(Group::in_a_crash), draws() / 4);
    assert!(wrong.is_empty(), "{wrong}");
}

/// A stall in the middle of the run, as long as a claim says, with each defence that the lab says is enough.
#[test]
fn a_retry_storm_ends_in_time_after_the_longest_stall() {
    let enough = [
        "retry-budget",
        "circuit-breaker",
        "backoff,jitter,bulkhead",
        "backoff,jitter,bulkhead,retry-budget,circuit-breaker",
    ];
    for on in enough {
        for seed in 0..100 {
            for to in [15, 17] {
                let link = format!(
                    "#/retry-storm?rev=2&seed={seed}&on={on}&do=pause:server@12s,resume:server@{to}s"
                );
                assert_eq!(judged::broken(&link, &["goodput"]), [""; 0]);
            }
        }
    }
}

#[test]
fn every_limit_is_shown_by_its_run() {
    for lab in lab::labs() {
        for limit in &lab.limits {
            let variant = limit.variant(&lab.scenario);
            let judged = Play::new(&variant.scenario, &variant.deeds).hunt(None);
            let shows = match &judged[limit.check] {
                Judged::Holds => "holds",
                Judged::Undecided => "undecided",
                Judged::Violated(_) => "violated",
            };
            assert_eq!(
                shows,
                limit.word(),
                "{}?{}: {}",
                lab.id,
                limit.link,
                limit.text
            );
        }
    }
}

/// The claims that leave out a usual kind of fault without a limit that shows it, by check.
fn unexplained(lab: &Lab) -> Vec<String> {
    let mut all = Vec::new();
    for claim in &lab.expectations {
        for fault in claim
            .withstands
            .iter()
            .flat_map(|withstood| withstood.lacks())
        {
            let mut limits = lab.limits.iter();
            if !limits.any(|limit| limit.check == claim.check && limit.beyond.contains(&fault)) {
                let check = &lab.scenario.checks[claim.check].id;
                all.push(format!(
                    "{}?{} {check}: {}",
                    lab.id,
                    claim.query(),
                    fault.entry().word
                ));
            }
        }
    }
    all
}

#[test]
fn what_a_claim_does_not_withstand_is_shown_by_a_limit() {
    let all: Vec<String> = lab::labs().iter().flat_map(unexplained).collect();
    assert!(all.is_empty(), "no limit shows: {all:#?}");
}
