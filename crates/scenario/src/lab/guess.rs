//! What a lab asks before it tells. The right answer is no part of it: it is what is true of the run.

use sim::{NodeId, SimDuration};

use super::parts::{place, prose};
use crate::document::Fields;
use crate::model::Scenario;
use crate::terms::limits::DURATION;
use crate::terms::quantity::Range;

/// A question about a run, and who is asked: only what that node knows is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Guess {
    /// In whose perspective it is asked.
    pub node: NodeId,
    /// What is asked.
    pub asks: Asks,
    /// What is said before the question, in the safe subset of Markdown. May be empty.
    pub text: String,
}

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Asks {
    /// What has become of an answer that has not come for so long: from this node, or from any.
    Silence(Option<NodeId>, SimDuration),
    /// Which node a check accuses, by its place in the scenario: when it is violated.
    Wrong(usize),
    /// Whether a check holds to the end, after so long.
    Holds(usize, SimDuration),
}

/// What is asked, before the rest of the question is read.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Silence,
    Wrong,
    Holds,
}

const KINDS: [(&str, Kind); 3] = [
    ("silence", Kind::Silence),
    ("wrong", Kind::Wrong),
    ("holds", Kind::Holds),
];

/// How long a text may be.
const LONGEST: usize = 300;

/// Reads a question; nothing if it names no node, or no check where it needs one.
pub(super) fn guess(mut fields: Fields<'_>, scenario: &Scenario) -> Option<Guess> {
    let nodes = || scenario.nodes.iter().map(|node| node.name.as_str());
    let checks = scenario.checks.iter().map(|check| check.id.as_str());
    let kind = fields.choice("asks", &KINDS, Kind::Holds);
    let node = place(&mut fields, "node", nodes());
    let peer = place(&mut fields, "peer", nodes());
    let check = place(&mut fields, "check", checks);
    let after = fields.duration("after", Range::duration(0.0, DURATION.max), 1e9);
    let text = prose(&mut fields, "text", LONGEST);
    let id = |place: usize| NodeId(place as u16);
    let asks = match kind {
        Kind::Silence => Some(Asks::Silence(peer.map(id), after)),
        Kind::Wrong => check.map(Asks::Wrong),
        Kind::Holds => check.map(|check| Asks::Holds(check, after)),
    };
    if node.is_none() {
        fields.complain("node", "must name a node of the scenario");
    }
    if asks.is_none() {
        fields.complain("check", "must name a check of the scenario");
    }
    if kind == Kind::Holds && after >= scenario.duration {
        fields.complain("after", "must be before the end of the run");
    }
    fields.finish();
    let (node, asks) = (id(node?), asks?);
    Some(Guess { node, asks, text })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::lab::{self, Lab};

    /// The problems of a lab that asks, after so long, whether its check holds.
    fn problems(after: &str) -> Vec<String> {
        let mut labs = lab::carried().into_iter();
        let lab = labs.find(|lab| lab["id"] == "double-charge");
        let mut lab = lab.expect("it is a lab");
        lab["guess"] = json!([
            {"asks": "holds", "node": "alice", "check": "exactly-once", "after": after},
        ]);
        let problems = Lab::from_value(&lab).err().unwrap_or_default();
        problems.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn whether_a_check_will_hold_is_asked_before_the_run_is_over() {
        assert_eq!(problems("1s"), [""; 0]);
        let [problem] = &problems("1h")[..] else {
            panic!("{:?}", problems("1h"))
        };
        assert!(problem.contains("before the end of the run"), "{problem}");
    }
}
