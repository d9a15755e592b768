//! Every lab's claims, in drawn weather that they say they withstand, and the limits that they admit.
//!
//! `SLOWFIRE_DRAWS=100000 cargo test -p slowfire-scenario --test weather` draws more of it, and `SLOWFIRE_DRAWS_FROM=20000`
//! other weather: the seeds from 20,000 on.

#[path = "common/draws.rs"]
mod draws;
#[path = "common/judged.rs"]
mod judged;

use std::borrow::Cow;
use std::ops::Range;
use std::thread;

use check::watch::State;
use scenario::lab::{self, Lab};
use scenario::run::play::{Judged, Play};
use scenario::run::sweep::{Group, Spell, Tried, groups};
use scenario::weather::Fault;
use sim::SimTime;
use sim::trace::EventKind;

/// How much weather each group of claims is tried in.
fn draws() -> u32 {
    draws::many("SLOWFIRE_DRAWS", 200)
}

/// The seed of the first weather.
fn first() -> u32 {
    draws::many("SLOWFIRE_DRAWS_FROM", 0)
}

/// What the group's claims show in all of the weather.
fn tried(group: &Group, seeds: Range<u32>) -> Vec<Tried> {
    let spells = &group.spells(seeds);
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let part = |thread: usize| -> Vec<(Spell, Vec<Option<Judged>>)> {
        let spells = spells.iter().skip(thread).step_by(threads);
        spells.map(|spell| (*spell, group.judged(*spell))).collect()
    };
    let mut claims = group.claims();
    thread::scope(|scope| {
        let threads: Vec<_> = (0..threads)
            .map(|thread| scope.spawn(move || part(thread)))
            .collect();
        for part in threads {
            for (spell, judged) in part.join().expect("a run does not panic") {
                Group::take(&mut claims, spell, &judged);
            }
        }
    });
    claims
}

/// What became of a claim, in a line.
fn line(group: &Group, claim: &Tried) -> String {
    let broken = claim.broken.iter().min_by_key(|(spell, _)| spell.seed);
    let undecided = claim.undecided.iter().min_by_key(|spell| spell.seed);
    let unsure = undecided.map(|spell| (*spell, SimTime::ZERO));
    let example = broken.copied().or(unsure);
    let link = example.map(|(spell, at)| group.link(spell, at));
    format!(
        "{} {}: broken in {} of {}, undecided in {} {}",
        claim.of,
        claim.check,
        claim.broken.len(),
        claim.runs,
        claim.undecided.len(),
        link.unwrap_or_default()
    )
}

#[test]
fn every_claim_withstands_the_weather_that_it_says_it_withstands() {
    let mut wrong = Vec::new();
    let labs = lab::labs().iter();
    for group in labs.flat_map(|lab| groups(Cow::Borrowed(lab))) {
        for claim in tried(&group, first()..first() + draws()) {
            let line = line(&group, &claim);
            println!("{line}");
            if claim.state() != State::Holds {
                wrong.push(line);
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
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

/// What a claim leaves out of the usual weather without a limit that shows it.
fn unexplained(lab: &Lab) -> Vec<String> {
    let mut all = Vec::new();
    for claim in &lab.expectations {
        let Some(withstood) = &claim.withstands else {
            continue;
        };
        let shows = |is_shown: &dyn Fn(&Fault) -> bool| {
            let limits = lab.limits.iter().filter(|limit| limit.check == claim.check);
            limits.flat_map(|limit| &limit.beyond).any(is_shown)
        };
        let lacks = withstood.lacks(&lab.scenario);
        let lacking = lacks.filter(|fault| !shows(&|beyond| beyond == fault));
        let mut lacking: Vec<&str> = lacking.map(|fault| fault.entry().word).collect();
        if withstood.spares_nodes() && !shows(&|beyond| beyond.is_of_nodes()) {
            lacking.push("nodes");
        }
        let check = &lab.scenario.checks[claim.check].id;
        let query = claim.query();
        all.extend(
            lacking
                .iter()
                .map(|what| format!("{}?{query} {check}: {what}", lab.id)),
        );
    }
    all
}

#[test]
fn what_a_claim_does_not_withstand_is_shown_by_a_limit() {
    let all: Vec<String> = lab::labs().iter().flat_map(unexplained).collect();
    assert!(all.is_empty(), "no limit shows: {all:#?}");
}

#[test]
fn a_lab_that_promises_something_says_where_that_ends() {
    let claims = |lab: &&Lab| {
        lab.expectations
            .iter()
            .any(|claim| claim.withstands.is_some())
    };
    // What no check of the lab can judge is among the things to try.
    let is_shown = |lab: &&Lab| {
        let mut tries = lab.tries.iter();
        tries.any(|one| one.text.starts_with("*What it does not save you from*"))
    };
    let promising = lab::labs().iter().filter(claims);
    let boundless: Vec<&str> = promising
        .filter(|lab| lab.limits.is_empty() && !is_shown(lab))
        .map(|lab| lab.id.as_str())
        .collect();
    assert_eq!(boundless, [""; 0], "these labs have no limits");
}

/// A disk's faults are usual where something is kept on disk, and that is where a run writes to one.
#[test]
fn a_protocol_says_whether_it_keeps_anything_on_disk() {
    for lab in lab::labs() {
        let mut scenario = lab.scenario.clone();
        scenario.defences = scenario
            .protocol
            .defences
            .iter()
            .map(|spec| spec.id)
            .collect();
        let mut writes = false;
        Play::new(&scenario, &[]).to_end(None, |_, event| {
            writes |= event.kind == EventKind::Disk;
        });
        assert_eq!(writes, scenario.protocol.has_disks, "{}", lab.id);
    }
}
