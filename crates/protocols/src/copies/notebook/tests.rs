//! Which notes survive which crashes and lost disks.

use super::*;
use crate::trial::{Trial, ms};
use sim::network::CutMode;
use sim::sorted::Set;
use sim::trace::{Fact, Function};
use sim::{Action, Target};

/// A server with two copies and a client, none of which flushes before the end.
fn trial() -> Trial {
    Trial::new(&ENTRY, &["server", "copy", "copy", "client"]).set("flush", ms(60_000))
}

fn power_cut(trial: Trial, nodes: &[u16]) -> Trial {
    nodes.iter().fold(trial, |trial, node| {
        let node = Target::Node(NodeId(*node));
        let crashed = trial.act(5000, Action::Crash(node));
        crashed.act(5500, Action::Restart(node))
    })
}

/// How many reads found their note after the power cut at 5 s, and how many did not.
fn reads(trial: &Trial) -> (usize, usize) {
    let mut keys: Vec<(u32, i64)> = Vec::new();
    let (mut found, mut missed) = (0, 0);
    for (at, _, fact) in trial.facts(30_000) {
        match fact {
            Fact::Invoked {
                operation,
                function: Function::Read,
                key,
                ..
            } if at > 5000 => keys.push((operation, key)),
            Fact::Returned {
                operation, value, ..
            } => {
                let read = keys.iter().find(|(reading, _)| *reading == operation);
                found += usize::from(read.is_some_and(|(_, key)| *key == value));
                missed += usize::from(read.is_some_and(|(_, key)| *key != value));
            }
            _ => {}
        }
    }
    (found, missed)
}

#[test]
fn a_note_reported_as_saved_before_the_sync_is_forgotten() {
    let (found, missed) = reads(&power_cut(trial(), &[0]));
    assert!(found > 0 && missed > 0, "{found} {missed}");
    let (found, missed) = reads(&power_cut(trial().on("sync-before-ack"), &[0]));
    assert!(found > 0 && missed == 0, "{found} {missed}");
}

#[test]
fn copies_in_memory_survive_the_crash_of_one_and_not_of_all() {
    for (crashed, is_lost) in [(&[0][..], false), (&[0, 1, 2], true)] {
        let (found, missed) = reads(&power_cut(trial().on("replicate-before-ack"), crashed));
        assert!(found > 0, "{crashed:?}");
        assert_eq!(missed > 0, is_lost, "{crashed:?}: {missed}");
    }
    let both = trial().on("replicate-before-ack").on("sync-before-ack");
    let (found, missed) = reads(&power_cut(both, &[0, 1, 2]));
    assert!(found > 0 && missed == 0, "{found} {missed}");
}

#[test]
fn with_a_copy_on_disk_the_loss_of_a_disk_does_no_harm() {
    let without_disk = |trial: Trial| {
        let server = Target::Node(NodeId(0));
        power_cut(trial, &[0]).act(5400, Action::WipeDisk(server))
    };
    let synced = trial().on("sync-before-ack");
    assert!(reads(&without_disk(synced)).1 > 0);
    let both = trial().on("sync-before-ack").on("replicate-before-ack");
    let (found, missed) = reads(&without_disk(both));
    assert!(found > 0 && missed == 0, "{found} {missed}");
}

#[test]
fn a_server_that_may_have_forgotten_serves_nobody_before_enough_others_have_told() {
    let other = Target::Node(NodeId(1));
    let both = trial().on("replicate-before-ack").on("sync-before-ack");
    let trial = power_cut(both, &[0])
        .act(4900, Action::Crash(other))
        .act(15_000, Action::Restart(other));
    let answered: Set<u64> = trial
        .facts(30_000)
        .iter()
        .filter(|(_, _, fact)| matches!(fact, Fact::Returned { .. }))
        .map(|(at, _, _)| *at)
        .collect();
    assert!(answered.iter().any(|at| *at > 15_000));
    // What was answered before the crash may arrive a little after it.
    assert!(!answered.iter().any(|at| (5200..15_000).contains(at)));
}

/// The server's last copy is cut off, so that it has none of the latest notes. The other one crashes and comes back at
/// `back`, and after it the server crashes.
fn one_after_the_other(trial: Trial, back: u64, wipes: bool) -> Trial {
    let [server, other] = [0, 1].map(|node| Target::Node(NodeId(node)));
    let cut = Action::Isolate {
        name: 0,
        target: Target::Node(NodeId(2)),
        mode: CutMode::Drop,
    };
    let mut trial = trial
        .act(7000, cut)
        .act(8000, Action::Crash(other))
        .act(back, Action::Restart(other))
        .act(8400, Action::Crash(server))
        .act(8600, Action::Restart(server))
        .act(9500, Action::Heal(None));
    if wipes {
        trial = trial
            .act(8010, Action::WipeDisk(other))
            .act(8410, Action::WipeDisk(server));
    }
    trial
}

#[test]
fn servers_that_forget_one_after_the_other_lose_no_note() {
    let in_memory = || trial().on("replicate-before-ack");
    let on_disk = || in_memory().on("sync-before-ack");
    for (trial, wipes) in [(in_memory(), false), (on_disk(), true)] {
        // The server has told the copy all notes before it forgets them.
        let (found, missed) = reads(&one_after_the_other(trial, 8050, wipes));
        assert!(found > 20 && missed == 0, "{found} {missed}");
    }
}

#[test]
fn a_server_waits_while_a_copy_has_forgotten_that_it_needs() {
    let trial = one_after_the_other(trial().on("replicate-before-ack"), 8350, false);
    let facts = trial.facts(30_000);
    let returned = |from: u64, to: u64| {
        let facts = facts.iter().filter(|(at, ..)| (from..to).contains(at));
        let returned = |fact: &Fact| matches!(fact, Fact::Returned { .. });
        facts.filter(|(.., fact)| returned(fact)).count()
    };
    assert!(returned(0, 7000) > 10);
    // What was answered before the crash may arrive a little after it.
    assert_eq!(returned(8700, 30_000), 0);
}

#[test]
fn a_copy_that_crashes_before_it_has_begun_keeps_nobody_waiting() {
    let both = trial().on("replicate-before-ack").on("sync-before-ack");
    let copy = Target::Node(NodeId(1));
    let facts = both
        .act(0, Action::Crash(copy))
        .act(2000, Action::Restart(copy))
        .facts(10_000);
    let returned = facts
        .iter()
        .filter(|(at, _, fact)| *at > 3000 && matches!(fact, Fact::Returned { .. }));
    assert!(returned.count() > 10);
}
