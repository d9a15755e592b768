//! What a client can and cannot know about its calls.

use sim::network::LinkProfile;
use sim::random::Probability;
use sim::sorted::Set;
use sim::trace::{Fact, Outcome};
use sim::{Action, NodeId, SimDuration, Target};

use super::ENTRY;
use crate::trial::Trial;

/// A client, then a server, and one call, which begins at 250 ms.
fn trial() -> Trial {
    Trial::new(&ENTRY, &["client", "server"]).set("calls", 1.0)
}

/// When the call had its effect, how the client called it and when, and when it learnt better.
#[derive(Debug, Default, PartialEq)]
struct Ending {
    effect: Option<u64>,
    returned: Option<(u64, Outcome)>,
    learned: Option<u64>,
}

fn ending(trial: &Trial) -> Ending {
    let mut ending = Ending::default();
    for (ms, _, fact) in trial.facts(60_000) {
        match fact {
            Fact::Effect { .. } => ending.effect = Some(ms),
            Fact::Returned { outcome, .. } => ending.returned = Some((ms, outcome)),
            Fact::Learned { .. } => ending.learned = Some(ms),
            _ => {}
        }
    }
    ending
}

fn lossy() -> LinkProfile {
    LinkProfile {
        loss: Probability::ALWAYS,
        ..LinkProfile::ideal(SimDuration::from_millis(100))
    }
}

#[test]
fn lost_requests_and_lost_answers_end_alike_for_the_client() {
    let server = Target::Node(NodeId(1));
    let cases = [
        (trial().link(0, 1, lossy()), None),
        (trial().act(0, Action::Crash(server)), None),
        (trial().link(1, 0, lossy()), Some(350)),
    ];
    for (trial, effect) in cases {
        let silent = Ending {
            effect,
            ..Ending::default()
        };
        assert_eq!(ending(&trial), silent);
        let timed_out = Ending {
            effect,
            returned: Some((1250, Outcome::Fail)),
            learned: None,
        };
        assert_eq!(ending(&trial.on("timeout")), timed_out);
    }
}

#[test]
fn a_late_answer_tells_the_client_what_it_had_called_failed() {
    let slow = trial().on("timeout").slow_link(1, 0, 1500);
    let late = |outcome| Ending {
        effect: Some(350),
        returned: Some((1250, outcome)),
        learned: Some(1850),
    };
    assert_eq!(ending(&slow), late(Outcome::Fail));
    assert_eq!(ending(&slow.on("unknown-outcome")), late(Outcome::Unknown));
}

#[test]
fn a_restarted_client_gives_its_calls_new_numbers() {
    let client = Target::Node(NodeId(0));
    let facts = trial()
        .set("calls", 5.0)
        .act(1000, Action::Crash(client))
        .act(1500, Action::Restart(client))
        .facts(60_000);
    let numbers = facts.iter().filter_map(|(_, _, fact)| match fact {
        Fact::Invoked { operation, .. } => Some(*operation),
        _ => None,
    });
    let numbers: Vec<u32> = numbers.collect();
    assert!(numbers.len() > 5);
    assert_eq!(numbers.iter().collect::<Set<_>>().len(), numbers.len());
}
