//! What a restart does to a service's clock.

use sim::trace::Fact;
use sim::{Action, NodeId, Target};

use super::ENTRY;
use crate::trial::Trial;

/// The timestamps that the second of two services gives. That service is down from 3 s to 4 s.
fn stamps(defence: &'static str) -> Vec<(u64, i64)> {
    let second = Target::Node(NodeId(1));
    let facts = Trial::new(&ENTRY, &["service", "service", "collector"])
        .on(defence)
        .act(3000, Action::Crash(second))
        .act(4000, Action::Restart(second))
        .facts(8000);
    let stamped = facts.into_iter().filter_map(|(ms, node, fact)| match fact {
        Fact::Stamped { stamp, .. } if node == 1 => Some((ms, stamp)),
        _ => None,
    });
    stamped.collect()
}

#[test]
fn a_logical_clock_does_not_count_back_when_its_service_restarts() {
    for defence in ["lamport-clock", "vector-clock"] {
        let stamps = stamps(defence);
        assert!(stamps.is_sorted_by(|a, b| a.1 < b.1), "{stamps:?}");
        let before = stamps.iter().filter(|(ms, _)| *ms < 3000).count();
        assert!(before > 1 && stamps.len() > before + 1, "{stamps:?}");
    }
}
