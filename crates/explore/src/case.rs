//! What is explored: a scenario without chance, whose messages all wait until a hand lets them arrive.

use check::watch::Watch;
use scenario::deed::{Cut, CutForm, Deed, Timed};
use scenario::document::scope::{Role, Who};
use scenario::document::{CheckSettings, Scenario};
use scenario::knob::Knob;
use scenario::link::Link;
use scenario::run::build;
use sim::network::CutMode;
use sim::{Intervention, Machine, SimTime};

use crate::checks;
use crate::chronicle::Memory;
use crate::refused::Refused;

/// A run without chance, before its first step.
#[derive(Clone)]
pub(crate) struct Case {
    /// It, before anything has happened.
    pub machine: Box<dyn Machine>,
    /// What watches it.
    pub watch: Watch,
    /// What its checks go by.
    pub memory: Memory,
    /// What is done to it in every order.
    pub script: Vec<Intervention>,
    /// Where the first step is taken.
    pub from: SimTime,
    /// When it ends, whatever happens.
    pub end: SimTime,
}

impl Case {
    /// A run that no scenario describes, and of what kinds its checks are.
    pub fn of_machine(machine: Box<dyn Machine>, watch: Watch, kinds: &[&str]) -> Case {
        Case {
            script: vec![Intervention {
                at: SimTime::ZERO,
                action: HOLDS.action(machine.kernel().nodes().into()),
            }],
            machine,
            watch,
            memory: Memory::of(kinds.iter().copied()),
            from: SimTime::ZERO,
            end: SimTime::LATEST,
        }
    }
}

/// A scenario as it is explored.
#[derive(Clone, Debug)]
pub(crate) struct Subject {
    /// The scenario without what chance does to messages and nodes.
    pub scenario: Scenario,
    /// What is done to its run in every order, as links say it.
    pub deeds: Vec<Timed>,
    /// Where the first step is taken: up to there the run is as it is.
    pub from: SimTime,
    /// The checks that are judged.
    pub judged: Vec<CheckSettings>,
}

/// The knobs that stand for chance: what it would do is done by steps, or not at all.
const CHANCE: [&str; 6] = [
    "loss",
    "bursts",
    "duplication",
    "corruption",
    "pauses",
    "torn",
];

impl Subject {
    /// The run of a link, and one of its checks or all that can be judged.
    pub fn of(link: &Link, check: Option<&str>) -> Result<Subject, Refused> {
        let mut scenario = link.variant.scenario.clone();
        let judged = checks::judged(&scenario, check)?;
        refuse_timed(&scenario)?;
        refuse_chance(&scenario, &link.variant.deeds)?;
        scenario
            .plan
            .retain(|timed| !strikes_at_random(&timed.deed));
        for knob in Knob::all(&link.variant.scenario) {
            if is_chance(&knob) && knob.value(&scenario) != 0.0 {
                // Where it cannot be set it is at rest already.
                let _ = knob.set(&mut scenario, 0.0);
            }
        }
        let end = SimTime::ZERO + scenario.duration;
        let from = link.variant.at.unwrap_or(SimTime::ZERO).min(end);
        let deeds = deeds(&scenario, &link.variant.deeds, from);
        Ok(Subject {
            from,
            scenario,
            deeds,
            judged,
        })
    }

    /// Its run, before its first step.
    pub fn case(&self) -> Case {
        let scenario = &self.scenario;
        Case {
            machine: build::machine(scenario),
            watch: scenario::checks::watch(&self.judged, scenario.nodes.len(), None),
            memory: Memory::of(self.judged.iter().map(|check| check.kind.id)),
            script: build::script(scenario, &self.deeds),
            from: self.from,
            end: SimTime::ZERO + scenario.duration,
        }
    }
}

fn is_chance(knob: &Knob) -> bool {
    match knob {
        Knob::Link(setting, _) => CHANCE.contains(&setting.key),
        Knob::Node(setting, _) => CHANCE.contains(&setting.key),
        Knob::Parameter(_) => false,
    }
}

/// Refuses a scenario in which the moments at which messages arrive are what it is about.
fn refuse_timed(scenario: &Scenario) -> Result<(), Refused> {
    let has_bandwidth = |knob: &Knob| match knob {
        Knob::Link(setting, _) if setting.key == "bandwidth" => knob.value(scenario).is_finite(),
        _ => false,
    };
    if Knob::all(scenario).iter().any(has_bandwidth) {
        return Err(Refused::Bandwidth);
    }
    let has_ntp = |node: &scenario::setting::NodeSettings| node.profile().ntp.is_some();
    match scenario.nodes.iter().any(has_ntp) {
        true => Err(Refused::Synchronised),
        false => Ok(()),
    }
}

/// What a lab has of these is left out, as its other faults that strike at random are.
fn strikes_at_random(deed: &Deed) -> bool {
    matches!(deed, Deed::Strike(_) | Deed::Flap(_))
}

/// Refuses deeds that mean something else in each order.
fn refuse_chance(scenario: &Scenario, own: &[Timed]) -> Result<(), Refused> {
    let differs = |timed: &&Timed| match timed.deed {
        Deed::Message(..) => true,
        Deed::Turn(knob, value) => is_chance(&knob) && value != 0.0,
        Deed::Filter(filter) => filter.share < 1.0,
        _ => false,
    };
    let own_strike = |timed: &&Timed| strikes_at_random(&timed.deed);
    let all = || scenario.plan.iter().chain(own);
    match all().find(differs).or_else(|| own.iter().find(own_strike)) {
        Some(timed) => Err(Refused::Chance {
            deed: timed.format(scenario),
        }),
        None => Ok(()),
    }
}

/// What is done in every order: faults that strike at random no longer do, and messages wait. A deed that heals all cuts would
/// let them go, so the cut that holds them comes again with it.
fn deeds(scenario: &Scenario, own: &[Timed], from: SimTime) -> Vec<Timed> {
    let at = |at, deed| Timed { at, deed };
    let mut deeds = own.to_vec();
    if !scenario.mishaps.is_empty() {
        deeds.push(at(SimTime::ZERO, Deed::Calm(None)));
    }
    if !scenario.flapping.is_empty() {
        deeds.push(at(SimTime::ZERO, Deed::Unflap(None)));
    }
    deeds.push(at(from, Deed::Cut(HOLDS)));
    let done = scenario.plan.iter().chain(own);
    let heals = done.filter(|timed| timed.deed == Deed::Heal(None) && timed.at > from);
    deeds.extend(heals.map(|timed| at(timed.at, Deed::Cut(HOLDS))));
    deeds.sort_by_key(|timed| timed.at);
    deeds
}

/// The cut at which all messages wait.
const HOLDS: Cut = Cut {
    form: CutForm::Isolate(Who::Role(Role::All)),
    mode: CutMode::Hold,
};
