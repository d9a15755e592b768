//! How long the wait is.

use sim::trace::Fact;

use super::ENTRY;
use crate::trial::{Trial, ms};

/// The number of milliseconds between a transaction's timestamp and the report to its client. A message takes 100 ms.
fn told_after(trial: Trial) -> u64 {
    let facts = trial.facts(3000);
    let time = |wanted: fn(&Fact) -> bool| facts.iter().find(|(_, _, fact)| wanted(fact));
    let stamped = time(|fact| matches!(fact, Fact::Stamped { .. }));
    let returned = time(|fact| matches!(fact, Fact::Returned { .. }));
    returned.unwrap().0 - stamped.unwrap().0
}

#[test]
fn the_wait_is_twice_the_assumed_error() {
    let trial = || Trial::new(&ENTRY, &["client", "shard"]).set("assumed-error", ms(80));
    assert_eq!(told_after(trial()), 100);
    assert_eq!(told_after(trial().on("commit-wait")), 260);
}
