//! Which replicas readers and writers wait for, and what crashes leave behind.

use super::*;
use crate::trial::{Trial, ms};
use sim::network::LinkProfile;
use sim::random::Probability;
use sim::trace::{Fact, Function, Outcome};
use sim::{Action, DiskProfile, SimDuration, Target};

/// A writer, a reader, and three replicas with the numbers 2, 3 and 4, each a key's.
fn trial(replicas: usize) -> Trial {
    let roles = [vec!["client"; 2], vec!["replica"; replicas]].concat();
    Trial::new(&ENTRY, &roles)
}

/// The writer reaches the first replica alone.
fn writer_reaches_one(trial: Trial) -> Trial {
    let deaf = LinkProfile {
        loss: Probability::ALWAYS,
        ..LinkProfile::ideal(SimDuration::from_millis(100))
    };
    trial.link(0, 3, deaf).link(0, 4, deaf)
}

/// How many operations of a client ended so.
fn ended(trial: &Trial, client: u16, wanted: Outcome) -> usize {
    let is_one = |(_, node, fact): &(u64, u16, Fact)| {
        *node == client && matches!(fact, Fact::Returned { outcome, .. } if *outcome == wanted)
    };
    trial
        .facts(10_000)
        .iter()
        .filter(|fact| is_one(fact))
        .count()
}

/// How many times a client read something older than it had read before.
fn steps_back(trial: &Trial, client: u16) -> usize {
    let mut reads = Vec::new();
    let mut newest = 0;
    let mut steps = 0;
    for (_, node, fact) in trial.facts(20_000) {
        match fact {
            Fact::Invoked {
                operation,
                function: Function::Read,
                ..
            } if node == client => reads.push(operation),
            Fact::Returned {
                operation,
                outcome: Outcome::Ok,
                value,
            } if reads.contains(&operation) => {
                steps += usize::from(value < newest);
                newest = newest.max(value);
            }
            _ => {}
        }
    }
    steps
}

#[test]
fn a_writer_waits_for_w_replicas() {
    for (w, waits) in [(1.0, false), (2.0, true)] {
        let trial = writer_reaches_one(trial(3)).set("w", w);
        assert_eq!(ended(&trial, 0, Outcome::Unknown) > 0, waits, "{w}");
    }
    // The quorum is raised to two of three.
    let raised = writer_reaches_one(trial(3)).on("quorum-overlap");
    assert!(ended(&raised, 0, Outcome::Unknown) > 0);
}

#[test]
fn a_write_that_has_reached_one_replica_is_read_and_missed_until_readers_write_back() {
    // The two replicas that answer the reader first change from read to read.
    let jittery = |trial: Trial| {
        writer_reaches_one(trial)
            .on("quorum-overlap")
            .network(|link| link.latency.distribution = SPREAD)
    };
    assert!(steps_back(&jittery(trial(3)), 1) > 0);
    assert_eq!(steps_back(&jittery(trial(3)).on("read-repair"), 1), 0);
}

const SPREAD: sim::network::Distribution = sim::network::Distribution::Uniform {
    low: SimDuration::from_millis(10),
    high: SimDuration::from_millis(200),
};

#[test]
fn a_stand_in_is_asked_and_hands_over_when_the_replica_is_back() {
    let down = |trial: Trial| {
        [2, 3].into_iter().fold(trial, |trial, node| {
            let node = Target::Node(NodeId(node));
            let trial = trial.act(1, Action::Crash(node));
            trial.act(5000, Action::Restart(node))
        })
    };
    let strict = down(trial(5)).on("quorum-overlap");
    let sloppy = down(trial(5)).on("quorum-overlap").on("sloppy-quorum");
    let before = |trial: &Trial, until: u64| {
        let facts = trial.facts(until);
        let is_done = |(_, _, fact): &&(u64, u16, Fact)| {
            matches!(
                fact,
                Fact::Returned {
                    outcome: Outcome::Ok,
                    ..
                }
            )
        };
        facts.iter().filter(is_done).count()
    };
    assert_eq!(before(&strict, 4900), 0);
    assert!(before(&sloppy, 4900) > 0);
    // What was written while it was down, and before it is written to again.
    let older = |(at, node, fact): &(u64, u16, Fact)| match fact {
        Fact::Stored { operation, .. } => *at > 5000 && *node == 2 && *operation < 5000,
        _ => false,
    };
    assert!(sloppy.facts(10_000).iter().any(older));
}

#[test]
fn what_was_read_survives_the_crash_of_all_replicas_whatever_it_tears() {
    for seed in 0..60 {
        let disk = DiskProfile {
            sync: SimDuration::from_millis(400),
            torn: Probability::ALWAYS,
            ..DiskProfile::default()
        };
        let trial = (0..8).fold(trial(3), |trial, life| {
            let crash = 2000 * life + 700 + 37 * seed % 1500;
            [2, 3, 4].into_iter().fold(trial, |trial, node| {
                let node = Target::Node(NodeId(node));
                let crashed = trial.act(crash, Action::Crash(node));
                crashed.act(crash + 200, Action::Restart(node))
            })
        });
        let trial = trial.disks(disk).on("quorum-overlap").on("read-repair");
        let trial = trial.seed(seed).set("timeout", ms(5000));
        assert_eq!(steps_back(&trial, 1), 0, "seed {seed}");
    }
}
