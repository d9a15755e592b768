//! Charges and keys across crashes of the bank and of clients.

use sim::network::LinkProfile;
use sim::random::Probability;
use sim::trace::Fact;
use sim::{Action, NodeId, SimDuration, Target};

use super::ENTRY;
use crate::trial::Trial;

const CLIENT: NodeId = NodeId(0);
const BANK: NodeId = NodeId(1);

/// A client, then a bank, and one payment, which is asked for at 200 ms and charged at 300 ms; receipts are lost
/// until 900 ms, and the bank restarts at 600 ms, so that it does not see the second request as the second.
fn trial() -> Trial {
    let mute = LinkProfile {
        loss: Probability::ALWAYS,
        ..LinkProfile::ideal(SimDuration::from_millis(100))
    };
    let heal = sim::network::LinkChange::Loss(Probability::NEVER);
    let back = sim::network::LinkSelector::Pair(BANK, CLIENT);
    Trial::new(&ENTRY, &["client", "bank"])
        .on("retry")
        .set("payments", 1.0)
        .link(BANK.0, CLIENT.0, mute)
        .act(590, Action::Crash(Target::Node(BANK)))
        .act(600, Action::Restart(Target::Node(BANK)))
        .act(900, Action::Link(back, heal))
}

/// The totals after each charge, and whether there was a receipt.
fn books(trial: &Trial) -> (Vec<i64>, bool) {
    let facts = trial.facts(20_000);
    let totals = facts.iter().filter_map(|(_, _, fact)| match fact {
        Fact::Effect { total, .. } => Some(*total),
        _ => None,
    });
    let is_receipt = |fact: &Fact| matches!(fact, Fact::Returned { .. });
    let has_receipt = facts.iter().any(|(_, _, fact)| is_receipt(fact));
    (totals.collect(), has_receipt)
}

#[test]
fn a_bank_that_keeps_keys_in_memory_charges_again_after_a_restart() {
    assert_eq!(books(&trial().on("idempotency-key")), (vec![30, 60], true));
}

#[test]
fn a_bank_that_keeps_keys_on_disk_knows_them_after_a_restart() {
    let trial = trial().on("idempotency-key").on("key-survives-restart");
    assert_eq!(books(&trial), (vec![30], true));
}

#[test]
fn keys_on_disk_are_of_no_use_to_a_bank_that_does_not_look() {
    let trial = trial().on("key-survives-restart");
    assert_eq!(books(&trial), (vec![30, 60, 90], true));
}

#[test]
fn a_client_that_restarts_does_not_pay_under_old_numbers() {
    let client = Target::Node(CLIENT);
    let trial = Trial::new(&ENTRY, &["client", "bank"])
        .on("idempotency-key")
        .set("payments", 3.0)
        .act(1300, Action::Crash(client))
        .act(2000, Action::Restart(client));
    assert_eq!(books(&trial).0.len(), 2 + 3);
}

/// The books of a bank that is paused at `paused` and crashes 400 ms later; its disk takes 200 ms for a sync.
fn books_of_a_crash(paused: u64) -> Vec<i64> {
    let bank = Target::Node(BANK);
    let disk = sim::DiskProfile {
        sync: SimDuration::from_millis(200),
        ..sim::DiskProfile::default()
    };
    let trial = Trial::new(&ENTRY, &["client", "bank"])
        .on("retry")
        .on("idempotency-key")
        .on("key-survives-restart")
        .disks(disk)
        .act(paused, Action::Pause(bank))
        .act(paused + 400, Action::Crash(bank))
        .act(paused + 500, Action::Restart(bank));
    books(&trial).0
}

#[test]
fn a_charge_is_on_record_once_and_only_if_it_is_durable_whenever_the_bank_crashes() {
    for paused in (200..2200).step_by(20) {
        let totals = books_of_a_crash(paused);
        let all: Vec<i64> = (1..=totals.len() as i64)
            .map(|charge| 30 * charge)
            .collect();
        assert_eq!(totals, all, "paused at {paused} ms");
        assert!(totals.len() > 5);
    }
}
