//! Late copies, sequence numbers and restarts.

use sim::action::Meddling;
use sim::random::Probability;
use sim::trace::Fact;
use sim::{Action, MessageId, NodeId, SimDuration, Target};

use super::ENTRY;
use crate::trial::{Trial, held_across_a_crash};

/// A client, then a hub. The first copy of the first setting, sent at 250 ms, is held up until 4 s.
fn trial() -> Trial {
    let delay = Meddling::Delay(SimDuration::from_millis(3650));
    Trial::new(&ENTRY, &["client", "hub"]).act(300, Action::Message(MessageId(0), delay))
}

/// The settings that the hub kept, in order, and those that it ignored.
fn kept(trial: &Trial) -> (Vec<u32>, Vec<u32>) {
    let (mut kept, mut refused) = (Vec::new(), Vec::new());
    for (_, _, fact) in trial.facts(60_000) {
        match fact {
            Fact::Stored { operation, .. } => kept.push(operation),
            Fact::Refused { operation, .. } => refused.push(operation),
            _ => {}
        }
    }
    (kept, refused)
}

#[test]
fn a_copy_that_was_held_up_undoes_newer_settings() {
    let (kept, refused) = kept(&trial());
    assert!(!kept.is_sorted(), "{kept:?}");
    assert_eq!(refused, []);
}

#[test]
fn a_sequence_number_tells_the_hub_that_the_copy_is_old() {
    let (kept, refused) = kept(&trial().on("sequence-number"));
    assert_eq!(kept, (1..=20).collect::<Vec<u32>>());
    assert_eq!(refused, [1]);
}

#[test]
fn the_hub_knows_the_numbers_after_a_restart() {
    let hub = Target::Node(NodeId(1));
    let trial = trial()
        .on("sequence-number")
        .act(3000, Action::Crash(hub))
        .act(3010, Action::Restart(hub));
    assert_eq!(kept(&trial).1, [1]);
}

#[test]
fn a_client_that_restarts_is_obeyed() {
    let client = Target::Node(NodeId(0));
    let trial = Trial::new(&ENTRY, &["client", "hub"])
        .on("sequence-number")
        .network(|link| link.loss = Probability::new(0.1))
        .act(5000, Action::Crash(client))
        .act(5500, Action::Restart(client));
    let (kept, refused) = kept(&trial);
    assert!(kept.len() > 20 && kept.is_sorted(), "{kept:?}");
    assert_eq!(refused, []);
}

#[test]
fn a_restarted_hub_puts_its_settings_on_record_again() {
    let [before, after] = held_across_a_crash(trial(), 1, 3000);
    assert_eq!(before.len(), 1);
    assert_eq!(before, after);
}
