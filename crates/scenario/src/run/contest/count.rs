//! Which changes of a run are faults: of which kind of weather, how strong, and how many.

use sim::SimTime;
use sim::action::Meddling;

use super::super::Change;
use crate::deed::{ClockDeed, Cut, Deed, NodeDeed, SlowDeed, Timed};
use crate::knob::Knob;
use crate::lab::Contract;
use crate::model::Scenario;
use crate::terms::scope::{NodeSet, Role, Who};
use crate::weather::Fault;

/// A fault that somebody does to a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Struck {
    /// Its kind.
    pub fault: Fault,
    /// How strong it is, in the unit of its kind.
    pub strength: f64,
    /// The nodes that it strikes, if it strikes nodes and names them.
    pub nodes: Option<NodeSet>,
    /// How many faults that is: one for each node that it strikes.
    pub times: u32,
}

impl Struck {
    /// Whether every claim of a contract says that it withstands this.
    pub fn is_withstood(&self, contract: &Contract<'_>) -> bool {
        contract.claims.iter().all(|(_, withstood)| {
            let is_weaker = |most: f64| self.strength <= most;
            let may_strike = self
                .nodes
                .is_none_or(|nodes| nodes.is_within(withstood.nodes));
            withstood.strength(self.fault).is_some_and(is_weaker) && may_strike
        })
    }
}

/// What a change of a run counts as.
#[derive(Clone, Debug, PartialEq)]
pub enum Counts {
    /// A fault.
    Strike(Struck),
    /// Nothing: it ends a fault, or makes the weather calmer.
    Nothing,
    /// It changes the system and not its weather, or strikes nobody knows how often.
    Uncounted,
}

/// What a change counts as, in a run with these `deeds` of the lab whose scenario is `base`.
pub fn counts(
    change: &Change<'_>,
    scenario: &Scenario,
    base: &Scenario,
    deeds: &[Timed],
) -> Counts {
    match change {
        Change::Setting(knob) => turned(*knob, knob.value(scenario), scenario, base),
        Change::Done(timed) => done(timed, scenario, base, deeds),
        Change::LeftOut(timed) => left_out(&timed.deed),
        Change::Planned(_) => Counts::Nothing,
    }
}

/// Without the end of a fault of the lab's own it would last for nobody knows how long.
fn left_out(deed: &Deed) -> Counts {
    match deed {
        Deed::Node(NodeDeed::Restart | NodeDeed::Resume, _)
        | Deed::Heal(_)
        | Deed::Unfilter(_)
        | Deed::Calm(_)
        | Deed::Unflap(_)
        | Deed::Turn(..)
        | Deed::Operation(..) => Counts::Uncounted,
        _ => Counts::Nothing,
    }
}

fn done(timed: &Timed, scenario: &Scenario, base: &Scenario, deeds: &[Timed]) -> Counts {
    use Counts::{Nothing, Uncounted};
    let struck = |fault, strength: f64, who| on_nodes(fault, strength, who, scenario);
    match timed.deed {
        Deed::Turn(knob, value) => turned(knob, value, scenario, base),
        Deed::Node(deed, who) => node(deed, who, timed.at, scenario, deeds),
        Deed::Slow(part, who, permille) => match (part, f64::from(permille) / 1000.0) {
            (_, factor) if factor <= 1.0 => Nothing,
            (SlowDeed::Node, factor) => struck(Fault::Limp, factor, who),
            (SlowDeed::Disk, factor) => struck(Fault::SlowDisk, factor, who),
        },
        Deed::Step(who, by) | Deed::Slew(who, by, _) => {
            struck(Fault::Step, by.unsigned_abs() as f64, who)
        }
        Deed::Rate(ClockDeed::Wall, role, ppm) => struck(Fault::Drift, ppm.abs(), Who::Role(role)),
        Deed::Rate(ClockDeed::Monotonic, role, ppm) => {
            struck(Fault::Monotonic, ppm.abs(), Who::Role(role))
        }
        Deed::Cut(cut) => {
            let lasts = until(timed.at, scenario, deeds, |deed| heals(deed, &cut));
            on_links(Fault::Cut, lasts)
        }
        Deed::Filter(filter) => on_links(Fault::Loss, filter.share),
        Deed::Message(_, meddling) => meddled(meddling),
        Deed::Heal(_) | Deed::Unfilter(_) | Deed::Calm(_) | Deed::Unflap(_) => Nothing,
        Deed::Ntp(..) | Deed::Strike(_) | Deed::Flap(_) | Deed::Operation(..) => Uncounted,
    }
}

/// A crash and a pause last until their end is done, or until the run ends.
fn node(deed: NodeDeed, who: Who, at: SimTime, scenario: &Scenario, deeds: &[Timed]) -> Counts {
    let lasts = |end: NodeDeed| {
        until(
            at,
            scenario,
            deeds,
            |other| matches!(other, Deed::Node(done, whom) if *done == end && covers(*whom, who, end)),
        )
    };
    match deed {
        NodeDeed::Restart | NodeDeed::Resume => Counts::Nothing,
        NodeDeed::Crash => on_nodes(Fault::Crash, lasts(NodeDeed::Restart), who, scenario),
        NodeDeed::Pause => on_nodes(Fault::Pause, lasts(NodeDeed::Resume), who, scenario),
        NodeDeed::Wipe => {
            let is_wipe = |timed: &&Timed| matches!(timed.deed, Deed::Node(NodeDeed::Wipe, _));
            let wiped = deeds.iter().filter(is_wipe).count();
            on_nodes(Fault::Wipe, wiped as f64, who, scenario)
        }
    }
}

fn meddled(meddling: Meddling) -> Counts {
    match meddling {
        Meddling::Drop => on_links(Fault::Loss, 0.0),
        Meddling::Delay(by) => on_links(Fault::Delay, by.as_nanos() as f64),
        Meddling::Duplicate => on_links(Fault::Duplication, 0.0),
        Meddling::DeliverNow => on_links(Fault::Delay, 0.0),
        Meddling::Corrupt => on_links(Fault::Corruption, 0.0),
    }
}

/// A knob of the weather that stands higher than the lab has it.
fn turned(knob: Knob, value: f64, scenario: &Scenario, base: &Scenario) -> Counts {
    let own = knob.value(base);
    let (key, nodes) = match knob {
        Knob::Link(setting, _) => (setting.key, None),
        Knob::Node(setting, node) => (setting.key, Some(Who::Nodes(NodeSet::of(node)))),
        Knob::Parameter(_) => return Counts::Uncounted,
    };
    let (fault, strength, before) = match key {
        "loss" => (Fault::Loss, value, own),
        "duplication" => (Fault::Duplication, value, own),
        "corruption" => (Fault::Corruption, value, own),
        "latency" | "jitter" => (Fault::Delay, value - own, 0.0),
        "skew" => (Fault::Skew, value.abs(), own.abs()),
        "drift" => (Fault::Drift, value.abs(), own.abs()),
        "monotonic" => (Fault::Monotonic, value.abs(), own.abs()),
        "torn" => (Fault::Torn, value, own),
        _ => return Counts::Uncounted,
    };
    if strength <= before {
        return Counts::Nothing;
    }
    match nodes {
        Some(who) => on_nodes(fault, strength, who, scenario),
        None => on_links(fault, strength),
    }
}

fn on_links(fault: Fault, strength: f64) -> Counts {
    Counts::Strike(Struck {
        fault,
        strength,
        nodes: None,
        times: 1,
    })
}

fn on_nodes(fault: Fault, strength: f64, who: Who, scenario: &Scenario) -> Counts {
    let all = scenario.nodes.len();
    let (nodes, times) = match who {
        Who::Nodes(nodes) => (nodes, nodes.nodes(all).count()),
        Who::Role(role) => (NodeSet::ALL, how_many(role, all)),
    };
    Counts::Strike(Struck {
        fault,
        strength,
        nodes: Some(nodes),
        times: times as u32,
    })
}

fn how_many(role: Role, all: usize) -> usize {
    match role {
        Role::All => all,
        Role::Majority => all / 2 + 1,
        Role::Minority => all.saturating_sub(1) / 2,
        Role::Random | Role::Leader => 1,
    }
}

/// For how long something lasts that the first later deed of a kind ends, in nanoseconds.
fn until(from: SimTime, scenario: &Scenario, deeds: &[Timed], ends: impl Fn(&Deed) -> bool) -> f64 {
    let later = deeds.iter().filter(|timed| timed.at >= from);
    let end = later
        .filter(|timed| ends(&timed.deed))
        .map(|timed| timed.at);
    let end = end.min().unwrap_or(SimTime::ZERO + scenario.duration);
    end.since(from).as_nanos() as f64
}

fn heals(deed: &Deed, cut: &Cut) -> bool {
    matches!(deed, Deed::Heal(healed) if healed.is_none_or(|healed| healed == *cut))
}

/// Whether what ends a fault of some nodes is done to these. A leader that has crashed leads no more, and chance draws anew; but who
/// is paused still believes what it believed.
fn covers(done: Who, struck: Who, end: NodeDeed) -> bool {
    match (done, struck) {
        (Who::Role(Role::All), _) => true,
        (Who::Nodes(done), Who::Nodes(struck)) => struck.is_within(done),
        (Who::Role(Role::Leader), Who::Role(Role::Leader)) => end == NodeDeed::Resume,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::Run;

    /// What the changes that a link makes count as.
    fn counted(query: &str) -> Vec<Counts> {
        let (run, problems) = Run::open(&format!("#/raft?{query}&t=1s"));
        assert_eq!(problems, [], "{query}");
        let (scenario, base) = (run.scenario(), &run.lab().scenario);
        let changes = run.changes();
        let one = |change: &Change<'_>| counts(change, scenario, base, run.deeds());
        changes.iter().map(one).collect()
    }

    fn check(query: &str, fault: Fault, strength: f64, times: u32) {
        let all = counted(query);
        let struck = all.iter().filter_map(|counts| match counts {
            Counts::Strike(struck) => Some((struck.fault, struck.strength, struck.times)),
            _ => None,
        });
        let struck: Vec<_> = struck.collect();
        assert_eq!(struck, [(fault, strength, times)], "{query}");
        assert!(!all.contains(&Counts::Uncounted), "{query}");
    }

    #[test]
    fn what_begins_and_ends_is_one_fault_as_strong_as_it_is_long() {
        check("do=crash:n1@2s,restart:n1@4s", Fault::Crash, 2e9, 1);
        check("do=crash:n1+n2@2s,restart:all@5s", Fault::Crash, 3e9, 2);
        check("do=pause:leader@2s,resume:leader@3s", Fault::Pause, 1e9, 1);
        // By then another one leads, and the one that has crashed stays so.
        check(
            "do=crash:leader@2s,restart:leader@3s",
            Fault::Crash,
            14e9,
            1,
        );
        check("do=cut:n1-n2@2s,heal:n1-n2@6s", Fault::Cut, 4e9, 1);
        check("do=halves@2s,heal@3s", Fault::Cut, 1e9, 1);
        check("do=limp:n1*5@2s,limp:n1*1@3s", Fault::Limp, 5.0, 1);
        check("do=wipe:n1@2s", Fault::Wipe, 1.0, 1);
        check("do=step:n1-300ms@2s", Fault::Step, 3e8, 1);
        check("do=loss:0.4@2s,loss:0@3s", Fault::Loss, 0.4, 1);
        check("loss=0.2", Fault::Loss, 0.2, 1);
        check("skew.n1=-2s", Fault::Skew, 2e9, 1);
    }

    #[test]
    fn what_is_never_ended_lasts_as_long_as_the_run() {
        let [Counts::Strike(struck)] = &counted("do=crash:n1@2s")[..] else {
            panic!("it is a fault")
        };
        let (run, _) = Run::open("#/raft");
        let end = run.scenario().duration.as_nanos() as f64;
        assert_eq!(struck.strength, end - 2e9);
    }

    #[test]
    fn what_changes_the_system_is_no_fault() {
        for query in [
            "do=strike.crash:n1=20s/2s@1s",
            "do=flap:halves=2s/5s@1s",
            "do=ntp:n1=none@1s",
            "bandwidth=1kB/s",
        ] {
            assert_eq!(counted(query), [Counts::Uncounted], "{query}");
        }
    }

    #[test]
    fn a_fault_is_withstood_up_to_its_strength() {
        let lab = crate::lab::find("double-charge").expect("it is a lab");
        let contract = Contract::of(lab).expect("it claims something");
        let loss = |strength| Struck {
            fault: Fault::Loss,
            strength,
            nodes: None,
            times: 1,
        };
        assert!(loss(0.3).is_withstood(&contract));
        assert!(!loss(0.31).is_withstood(&contract));
        let wipe = Struck {
            fault: Fault::Wipe,
            ..loss(1.0)
        };
        assert!(!wipe.is_withstood(&contract));
    }
}
