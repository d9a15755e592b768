//! Deeds that change nothing: they come after the end of the run, or find nothing to change.
//!
//! Only what is certain is told: where faults strike at random, or a role is chosen during the run, nobody knows beforehand
//! what a deed finds.

use sim::SimTime;
use sim::sorting::sort_by_key;

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
                let nodes: Vec<_> = set.nodes(self.nodes.len()).collect();
                let is_idle = |node: &&sim::NodeId| deed.is_idle(self.nodes[node.index()]);
                let first = nodes
                    .first()
                    .filter(|_| nodes.iter().all(|node| is_idle(&node)))?;
                let (name, state) = (scenario.name(*first), deed.vain(self.nodes[first.index()]));
                Some(format!("{name} {state} then"))
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
        let (link, problems) = Link::parse(&format!("#/double-charge?do={deeds}"));
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
