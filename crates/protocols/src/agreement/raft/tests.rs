//! Raft, run for a while.

use super::*;
use crate::trial::Trial;
use sim::trace::{Fact, Outcome};

fn whole(servers: usize, clients: usize) -> Trial {
    let roles: Vec<&'static str> = std::iter::repeat_n("server", servers)
        .chain(std::iter::repeat_n("client", clients))
        .collect();
    ENTRY.defences.iter().fold(
        Trial::new(&ENTRY, &roles)
            .network(|link| *link = sim::network::LinkProfile::ideal(SimDuration::from_millis(10))),
        |trial, defence| trial.on(defence.id),
    )
}

#[test]
fn operations_are_done() {
    let facts = whole(5, 2).facts(10_000);
    let done = facts.iter().filter(|(_, _, fact)| {
        matches!(
            fact,
            Fact::Returned {
                outcome: Outcome::Ok,
                ..
            }
        )
    });
    let leads = facts
        .iter()
        .filter(|(_, _, fact)| matches!(fact, Fact::Leads { .. }));
    let compacted = facts
        .iter()
        .filter(|(_, _, fact)| matches!(fact, Fact::Compacted { .. }));
    let (done, leads, compacted) = (done.count(), leads.count(), compacted.count());
    assert!(
        done > 150 && leads == 1 && compacted > 0,
        "{done} {leads} {compacted}"
    );
}
