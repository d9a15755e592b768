//! Which damage each checksum finds.

use sim::random::Probability;
use sim::trace::{Fact, Function};

use super::ENTRY;
use crate::trial::Trial;

const ROLES: &[&str] = &["writer", "reader", "relay", "store"];

/// What readers were told, by whether anybody wrote it; and how often something was found damaged.
fn told(trial: &Trial) -> (usize, usize, usize) {
    let mut written = vec![0];
    let mut reads = Vec::new();
    let (mut right, mut wrong, mut damaged) = (0, 0, 0);
    for (_, _, fact) in trial.facts(60_000) {
        match fact {
            Fact::Invoked {
                function: Function::Write,
                value,
                ..
            } => written.push(value),
            Fact::Invoked { operation, .. } => reads.push(operation),
            Fact::Returned {
                operation, value, ..
            } if reads.contains(&operation) => match written.contains(&value) {
                true => right += 1,
                false => wrong += 1,
            },
            Fact::Damaged { .. } => damaged += 1,
            _ => {}
        }
    }
    (right, wrong, damaged)
}

fn on_bad_wires() -> Trial {
    Trial::new(&ENTRY, ROLES)
        .set("bad-memory", 0.0)
        .network(|link| {
            link.corruption.probability = Probability::new(0.2);
            link.corruption.detected = false;
        })
}

#[test]
fn what_wires_damage_is_found_by_either_checksum() {
    assert!(told(&on_bad_wires()).1 > 0);
    for defence in ["hop-checksum", "checksum"] {
        let (right, wrong, damaged) = told(&on_bad_wires().on(defence));
        assert!(right > 10 && damaged > 10, "{right} right, {damaged} found");
        assert_eq!(wrong, 0);
    }
}

#[test]
fn what_the_relay_damages_is_found_from_end_to_end_alone() {
    let trial = || Trial::new(&ENTRY, ROLES).set("bad-memory", 0.2);
    let (_, wrong, damaged) = told(&trial().on("hop-checksum"));
    assert!(wrong > 0);
    assert_eq!(damaged, 0);
    let (right, wrong, damaged) = told(&trial().on("checksum"));
    assert!(right > 10 && damaged > 0);
    assert_eq!(wrong, 0);
}
