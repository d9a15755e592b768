//! Deeds that change nothing: they come after the end of the run, or find nothing to change.
//!
//! Only what is certain is told: where faults strike at random, or a role is chosen during the run, nobody knows beforehand
//! what a deed finds.

use sim::protocol::{Argument, OperationWord};
use sim::sorting::sort_by_key;
use sim::{NodeId, SimTime};

use super::{Deed, NodeDeed, Timed};
use crate::model::{Knob, Scenario};
use crate::terms::scope::Who;

/// What is known of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Status {
    Runs,
    Paused,
    Crashed,
    Unknown,
}

/// What is known of a run at some moment.
struct Known {
    nodes: Vec<Status>,
    /// Whether faults strike at random.
    strikes: bool,
    cuts: bool,
    flaps: bool,
    filters: bool,
}

/// A sentence's end for each deed that changes nothing in the run: *do has "resume:bank@2s", but bank is not paused*.
pub fn idle(scenario: &Scenario, deeds: &[Timed]) -> Vec<String> {
    let end = SimTime::ZERO + scenario.duration;
    let mut known = Known::at_the_beginning(scenario);
    let planned = scenario.plan.iter().map(|timed| (timed, false));
    let done = deeds.iter().map(|timed| (timed, true));
    let mut all: Vec<(&Timed, bool)> = planned.chain(done).collect();
    sort_by_key(&mut all, |(timed, _)| timed.at);
    let mut told = Vec::new();
    for (timed, is_asked) in all {
        let why = match timed.at > end {
            true => Some(format!("the run ends at {end}")),
            false => known.nothing_for(&timed.deed, scenario),
        };
        if timed.at <= end {
            known.after(&timed.deed, scenario);
        }
        if let (Some(why), true) = (why, is_asked) {
            told.push(format!("do has \"{}\", but {why}", timed.format(scenario)));
        }
    }
    told
}

impl Known {
    fn at_the_beginning(scenario: &Scenario) -> Known {
        let pauses = scenario.nodes.iter().any(|node| node.pauses > 0.0);
        Known {
            nodes: vec![Status::Runs; scenario.nodes.len()],
            strikes: pauses || !scenario.mishaps.is_empty(),
            cuts: false,
            flaps: !scenario.flapping.is_empty(),
            filters: false,
        }
    }

    /// Why a deed finds nothing to change, if that is certain.
    fn nothing_for(&self, deed: &Deed, scenario: &Scenario) -> Option<String> {
        let nothing = |what: &str| Some(format!("there is {what}"));
        match *deed {
            Deed::Node(deed, Who::Nodes(set)) if !self.strikes => {
                let nodes: Vec<NodeId> = set.nodes(self.nodes.len()).collect();
                let is_idle = |node: &&NodeId| deed.is_idle(self.nodes[node.index()]);
                let first = nodes
                    .first()
                    .filter(|_| nodes.iter().all(|node| is_idle(&node)))?;
                let (name, state) = (scenario.name(*first), deed.vain(self.nodes[first.index()]));
                Some(format!("{name} {state} then"))
            }
            Deed::Operation(who, operation, argument) => {
                let word = scenario
                    .protocol
                    .vocabulary
                    .operations
                    .get(usize::from(operation))?;
                self.nobody_for(word, who, scenario)
                    .or_else(|| is_no_argument(word, argument, scenario))
            }
            Deed::Heal(_) if !self.cuts && !self.flaps && !self.strikes => {
                nothing("no cut to heal")
            }
            Deed::Unflap(_) if !self.flaps => nothing("no cut that comes and goes"),
            Deed::Unfilter(_) if !self.filters => nothing("no filter"),
            Deed::Calm(_) if !self.strikes => nothing("no fault that strikes at random"),
            _ => None,
        }
    }

    /// Why none of these nodes does an operation, if that is certain.
    fn nobody_for(&self, word: &OperationWord, who: Who, scenario: &Scenario) -> Option<String> {
        let Who::Nodes(set) = who else {
            return None;
        };
        let knows = |node: &NodeId| word.roles.contains(&scenario.role(*node).id);
        let is_down = |node: &NodeId| !self.strikes && self.nodes[node.index()] == Status::Crashed;
        let nodes: Vec<NodeId> = set.nodes(self.nodes.len()).collect();
        let first = *nodes.first()?;
        if !nodes.iter().any(knows) {
            let (name, role) = (scenario.name(first), scenario.role(first).id);
            return Some(format!("{name}, a {role}, does not know \"{}\"", word.name));
        }
        let mut knowing = nodes.into_iter().filter(knows);
        let down = knowing.clone().next()?;
        let why = format!("{} has crashed then", scenario.name(down));
        knowing.all(|node| is_down(&node)).then_some(why)
    }

    fn after(&mut self, deed: &Deed, scenario: &Scenario) {
        match *deed {
            Deed::Node(deed, Who::Nodes(set)) => {
                for node in set.nodes(self.nodes.len()) {
                    let status = &mut self.nodes[node.index()];
                    *status = deed.leaves(*status);
                }
            }
            Deed::Node(_, _) => self.nodes = vec![Status::Unknown; scenario.nodes.len()],
            Deed::Cut(_) => self.cuts = true,
            Deed::Flap(_) => self.flaps = true,
            Deed::Filter(_) => self.filters = true,
            Deed::Strike(_) => self.strikes = true,
            Deed::Turn(Knob::Node(setting, _), value) => {
                self.strikes |= setting.key == "pauses" && value > 0.0;
            }
            _ => {}
        }
    }
}

/// Why an operation finds nothing to do with its argument, if that is so.
fn is_no_argument(word: &OperationWord, argument: i64, scenario: &Scenario) -> Option<String> {
    let nodes = scenario.knowing(word);
    let is_node = |number: i64| (1..=nodes.len() as i64).contains(&number);
    let (name, last) = (word.name, nodes.len());
    match word.takes {
        Argument::Node if !is_node(argument) => Some(format!(
            "{name} takes the number of one node, from 1 ({}) to {last} ({})",
            nodes.first()?,
            nodes.last()?
        )),
        Argument::Nodes => {
            let digits = argument.to_string();
            let mut digits = digits.chars();
            let are_nodes =
                digits.all(|digit| digit.to_digit(10).is_some_and(|n| is_node(n.into())));
            let why = format!("{name} takes a digit for each node, from 1 to {last}");
            (!are_nodes).then_some(why)
        }
        _ => None,
    }
}

impl NodeDeed {
    /// Whether it changes nothing in a node that is so.
    fn is_idle(self, status: Status) -> bool {
        match self {
            NodeDeed::Crash => status == Status::Crashed,
            NodeDeed::Restart => matches!(status, Status::Runs | Status::Paused),
            NodeDeed::Pause => matches!(status, Status::Paused | Status::Crashed),
            NodeDeed::Resume => matches!(status, Status::Runs | Status::Crashed),
            NodeDeed::Wipe => false,
        }
    }

    /// What a node is for which it changes nothing, in words.
    fn vain(self, status: Status) -> &'static str {
        match (self, status) {
            (NodeDeed::Restart, _) => "has not crashed",
            (NodeDeed::Resume, _) => "is not paused",
            (_, Status::Paused) => "is paused already",
            _ => "has crashed already",
        }
    }

    /// What it makes of a node.
    fn leaves(self, status: Status) -> Status {
        match self {
            NodeDeed::Crash => Status::Crashed,
            NodeDeed::Restart if status == Status::Crashed => Status::Runs,
            NodeDeed::Pause if status == Status::Runs => Status::Paused,
            NodeDeed::Resume if status == Status::Paused => Status::Runs,
            _ => status,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::Link;

    fn check(deeds: &str, told: &[&str]) {
        check_in("double-charge", deeds, told);
    }

    fn check_in(lab: &str, deeds: &str, told: &[&str]) {
        let (link, problems) = Link::parse(&format!("#/{lab}?do={deeds}"));
        assert_eq!(problems, []);
        let variant = &link.variant;
        assert_eq!(idle(&variant.scenario, &variant.deeds), told, "{deeds}");
    }

    #[test]
    fn a_deed_that_changes_nothing_is_told() {
        let (link, _) = Link::parse("#/double-charge");
        let end = SimTime::ZERO + link.variant.scenario.duration;
        let late = format!("do has \"crash:bank@100s\", but the run ends at {end}");
        check("crash:bank@100s", &[&late]);
        check(
            "resume:bank@2s",
            &["do has \"resume:bank@2s\", but bank is not paused then"],
        );
        check(
            "crash:bank@1s,crash:bank@2s,pause:bank@3s",
            &[
                "do has \"crash:bank@2s\", but bank has crashed already then",
                "do has \"pause:bank@3s\", but bank has crashed already then",
            ],
        );
        check(
            "restart:bank@1s",
            &["do has \"restart:bank@1s\", but bank has not crashed then"],
        );
        check(
            "heal@1s",
            &["do has \"heal@1s\", but there is no cut to heal"],
        );
        check(
            "unfilter@1s",
            &["do has \"unfilter@1s\", but there is no filter"],
        );
        check(
            "calm@1s",
            &["do has \"calm@1s\", but there is no fault that strikes at random"],
        );
    }

    #[test]
    fn an_operation_that_changes_nothing_is_told() {
        let check = |deed: &str, why: &str| {
            let told = format!("do has \"{deed}\", but {why}");
            check_in("raft-members", deed, &[&told]);
        };
        check("op.lead:ann=1@1s", "ann, a client, does not know \"lead\"");
        check("op.next:n4@1s", "n4, a server, does not know \"next\"");
        let one = "lead takes the number of one node, from 1 (n1) to 5 (n5)";
        check("op.lead:n3=9@1s", one);
        check("op.lead:n3@1s", one);
        check(
            "op.members:n3=30@1s",
            "members takes a digit for each node, from 1 to 5",
        );
        check_in(
            "raft-members",
            "crash:n1@1s,op.lead:n1=2@2s",
            &["do has \"op.lead:n1=2@2s\", but n1 has crashed then"],
        );
        for deed in [
            "op.lead:n3=4@1s",
            "op.members:n3=345@1s",
            "op.next:ann@1s",
            "op.lead:all=2@1s",
            "op.lead:leader=2@1s",
        ] {
            check_in("raft-members", deed, &[]);
        }
    }

    #[test]
    fn a_deed_that_may_change_something_is_not_told() {
        for deeds in [
            "crash:bank@1s,restart:bank@2s,crash:bank@3s",
            "pause:bank@1s,resume:bank@2s",
            "pause:bank@1s,crash:bank+alice@2s,restart:bank@3s",
            "pause:random@1s,resume:bank@2s",
            "strike.crash:bank=1s/1s@1s,restart:bank@9s,calm@10s",
            "pauses.bank:9@1s,resume:bank@9s",
            "halves@1s,heal@2s",
            "flap:halves=1s/1s@1s,unflap@2s,heal@3s",
            "filter:pay@1s,unfilter@2s",
            "wipe:bank@1s",
        ] {
            check(deeds, &[]);
        }
    }
}
