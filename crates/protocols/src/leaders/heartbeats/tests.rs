//! How soon a crash is found, and which workers are suspected by mistake.

use sim::network::{Distribution, Latency};
use sim::trace::Fact;
use sim::{Action, NodeId, ProcessProfile, SimDuration, Target};

use super::ENTRY;
use crate::trial::{Trial, ms};

/// A balancer and three workers, and nothing to do.
fn trial() -> Trial {
    let roles = ["balancer", "worker", "worker", "worker"];
    Trial::new(&ENTRY, &roles).set("job-every", ms(60_000))
}

/// When the balancer declared a worker dead, in milliseconds, and which worker.
fn suspicions(trial: &Trial, until: u64) -> Vec<(u64, i64)> {
    let facts = trial.facts(until).into_iter();
    let suspicions = facts.filter_map(|(at, _, fact)| match fact {
        Fact::Suspects { node } => Some((at, node)),
        _ => None,
    });
    suspicions.collect()
}

#[test]
fn on_a_calm_network_no_worker_is_suspected() {
    assert_eq!(suspicions(&trial(), 60_000), []);
    assert_eq!(suspicions(&trial().on("adaptive-timeout"), 60_000), []);
}

#[test]
fn a_fixed_timeout_finds_a_crash_when_it_expires() {
    // n2's last heartbeat before the crash was sent at 9.667 s, and arrived 100 ms later.
    let crash = Action::Crash(Target::Node(NodeId(2)));
    let trial = trial().act(10_000, crash);
    assert_eq!(suspicions(&trial, 20_000), [(10_566, 2)]);
}

#[test]
fn an_adaptive_timeout_is_shorter_on_a_calm_network_and_longer_on_a_restless_one() {
    let crash = Action::Crash(Target::Node(NodeId(2)));
    let adaptive = trial().on("adaptive-timeout").act(10_000, crash);
    let found = suspicions(&adaptive, 20_000);
    assert!(matches!(found[..], [(10_300..10_566, 2)]), "{found:?}");
    let restless = |trial: Trial| {
        trial.network(|link| {
            link.latency = Latency::of(Distribution::Uniform {
                low: SimDuration::ZERO,
                high: SimDuration::from_millis(700),
            });
        })
    };
    assert_ne!(suspicions(&restless(trial()), 30_000), []);
    let adaptive = restless(trial().on("adaptive-timeout"));
    assert_eq!(suspicions(&adaptive, 30_000), []);
}

#[test]
fn an_outage_is_not_taken_for_a_usual_silence() {
    let node = Target::Node(NodeId(2));
    let crash = |trial: Trial| {
        trial
            .on("adaptive-timeout")
            .act(40_000, Action::Crash(node))
    };
    let found = suspicions(&crash(trial()), 50_000);
    let paused = trial()
        .act(10_000, Action::Pause(node))
        .act(20_000, Action::Resume(node));
    let after_outage = suspicions(&crash(paused), 50_000);
    let [(alone, 2)] = found[..] else {
        panic!("{found:?}")
    };
    let [(_, 2), (after, 2)] = after_outage[..] else {
        panic!("{after_outage:?}")
    };
    assert!(after < alone + 600, "{after} {alone}");
}

#[test]
fn a_worker_that_comes_back_is_trusted_again() {
    let node = Target::Node(NodeId(2));
    let trial = trial()
        .act(10_000, Action::Crash(node))
        .act(15_000, Action::Restart(node));
    let facts = trial.facts(20_000);
    let trusted = facts
        .iter()
        .filter(|(_, _, fact)| *fact == Fact::Trusts { node: 2 });
    assert_eq!(trusted.count(), 1, "{facts:?}");
}

#[test]
fn a_balancer_that_was_paused_declares_no_living_worker_dead() {
    let balancer = Target::Node(NodeId(0));
    for pause in [1000, 4000, 6000, 12_000] {
        let paused = trial()
            .on("adaptive-timeout")
            .act(10_000, Action::Pause(balancer))
            .act(10_000 + pause, Action::Resume(balancer));
        assert_eq!(suspicions(&paused, 40_000), [], "{pause} ms");
    }
}

/// Worker n2 gets a job every 300 ms, and each takes it 400 ms.
fn busy() -> Trial {
    let busy = ProcessProfile {
        service: SimDuration::from_millis(400),
        ..ProcessProfile::default()
    };
    trial().set("job-every", ms(100)).process(2, busy)
}

#[test]
fn the_heartbeat_of_a_busy_worker_waits_behind_its_jobs_unless_it_has_a_thread_of_its_own() {
    let found = suspicions(&busy(), 20_000);
    assert!(found.iter().any(|(_, worker)| *worker == 2), "{found:?}");
    assert_eq!(suspicions(&busy().on("heartbeat-thread"), 20_000), []);
}

#[test]
fn a_busy_worker_that_was_paused_is_heard_at_once() {
    let node = Target::Node(NodeId(2));
    let paused = |trial: Trial| {
        trial
            .act(10_000, Action::Pause(node))
            .act(14_000, Action::Resume(node))
    };
    let trusted = |trial: Trial| {
        let facts = paused(trial).facts(30_000).into_iter();
        let trusted = facts.filter_map(|(at, _, fact)| match fact {
            Fact::Trusts { node: 2 } if at > 14_000 => Some(at),
            _ => None,
        });
        trusted.min()
    };
    assert_eq!(trusted(busy().on("heartbeat-thread")), Some(14_100));
    assert!(trusted(busy()) > Some(14_300));
}

#[test]
fn of_two_outages_in_a_row_neither_is_taken_for_a_usual_silence() {
    let node = Target::Node(NodeId(2));
    // Between them it is heard once or twice.
    let found = suspicions(
        &trial()
            .on("adaptive-timeout")
            .act(10_000, Action::Pause(node))
            .act(20_000, Action::Resume(node))
            .act(20_200, Action::Pause(node))
            .act(30_200, Action::Resume(node))
            .act(40_000, Action::Crash(node)),
        50_000,
    );
    let last = found.last();
    assert!(matches!(last, Some((40_000..41_000, 2))), "{found:?}");
}
