//! What can be changed in a run so that its chain may break: each fault of the chain that can be taken away alone, each setting behind
//! it that is not as usual, and each defence that is off.

use sim::action::Meddling;
use sim::trace::{Event, EventKind, Limp, Loss, Lost};
use sim::{EventId, SimDuration, SimTime};

use super::fault::{
    SIZE_OF_CLOCK, SIZE_OF_NETWORK, SIZE_OF_SWITCH, ends, is_of, is_of_a_role, size,
};
use super::trial::{Kind, Trial};
use crate::deed::{Deed, NodeDeed, SlowDeed, Timed};
use crate::knob::Knob;
use crate::model::Scenario;
use crate::run::Run;
use crate::run::chain::Chain;
use crate::run::changes::Change;
use crate::run::edit::may_be_done;
use crate::terms::scope::{NodeSet, Scope, Who};
use crate::twin::Twin;

/// Links name moments by whole milliseconds where they can.
const GRAIN: u64 = 1_000_000;

/// So many settings are tried at most, and so many defences.
const MOST_SETTINGS: usize = 4;
const MOST_SWITCHES: usize = 8;

impl Run {
    /// Every single change that is to be tried, the faults first, in the order of the chain.
    pub(super) fn single_changes(&self, chain: &Chain) -> Vec<Trial> {
        let mut trials = self.faults(chain);
        trials.extend(self.other_settings(chain));
        trials.extend(self.other_switches());
        trials
    }

    /// What events of the same deed did goes together.
    fn faults(&self, chain: &Chain) -> Vec<Trial> {
        let mut trials: Vec<Trial> = Vec::new();
        for &id in &chain.links {
            let Some(twin) = self.without(id) else {
                continue;
            };
            let event = &self.timeline().known_events()[id.index()];
            let end = self.end_of(id);
            match trials
                .iter_mut()
                .find(|trial| trial.flips == [twin.clone()])
            {
                Some(trial) => {
                    trial.events.push(id);
                    trial.lasted = trial.lasted.map(|(begin, before)| (begin, end.max(before)));
                }
                None => trials.push(Trial {
                    events: vec![id],
                    lasted: Some((event.time, end)),
                    ..Trial::of(Kind::Fault, vec![twin], size(event))
                }),
            }
        }
        trials
    }

    /// When the fault that begins with an event is over; the end of the run if it never is.
    fn end_of(&self, id: EventId) -> SimTime {
        let known = self.timeline().known_events();
        let begin = &known[id.index()];
        let lasts = matches!(
            begin.kind,
            EventKind::Pause | EventKind::Crash | EventKind::Limp | EventKind::Network
        );
        if !lasts {
            return begin.time;
        }
        let later = known.skip(id.index() + 1);
        let end = later.iter().find(|event| ends(event, begin));
        let end_of_run = SimTime::ZERO + self.scenario().duration;
        end.map_or(end_of_run, |end| end.time)
    }

    /// The run with each setting as usual that is behind a chain.
    fn other_settings(&self, chain: &Chain) -> Vec<Trial> {
        let scenario = self.scenario();
        let known = self.timeline().known_events();
        let links: Vec<&Event> = chain.links.iter().map(|id| &known[id.index()]).collect();
        let unusual = Knob::all(scenario).into_iter().filter_map(|knob| {
            let usual = usual(knob, scenario)?;
            (knob.value(scenario) != usual && is_behind(knob, &links)).then_some((knob, usual))
        });
        let set = unusual.filter_map(|(knob, usual)| {
            let size = match knob {
                Knob::Node(..) => SIZE_OF_CLOCK,
                _ => SIZE_OF_NETWORK,
            };
            self.as_usual(
                Twin::Setting(knob, usual),
                set_otherwise(knob, usual, scenario),
                size,
            )
        });
        set.chain(self.not_turned(&links))
            .take(MOST_SETTINGS)
            .collect()
    }

    /// A setting that is as usual, if the run can be so.
    fn as_usual(&self, twin: Twin, says: String, size: u8) -> Option<Trial> {
        let trial = Trial {
            says: Some(says),
            ..Trial::of(Kind::Setting, vec![twin], size)
        };
        self.can_be(&trial.flips).then_some(trial)
    }

    /// Whether the run could be with something flipped.
    fn can_be(&self, flips: &[Twin]) -> bool {
        let (scenario, deeds) = self.flipped(flips);
        may_be_done(&scenario, &deeds).is_ok()
    }

    /// The run without each turn of links' settings that the chain's messages met.
    fn not_turned(&self, links: &[&Event]) -> impl Iterator<Item = Trial> {
        let met = self.all_done().filter(|timed| {
            let Deed::Turn(knob @ Knob::Link(..), value) = timed.deed else {
                return false;
            };
            let later = links.iter().copied().filter(|event| event.time >= timed.at);
            let later: Vec<&Event> = later.collect();
            let is_unusual = usual(knob, self.scenario()).is_some_and(|usual| value != usual);
            is_unusual && is_behind(knob, &later)
        });
        met.filter_map(|timed| {
            let says = format!("not “{}”", Change::Done(timed).says(self));
            self.as_usual(Twin::Deed(timed.clone()), says, SIZE_OF_NETWORK)
        })
    }

    /// All that is done to the run, and then all that its lab does by itself.
    fn all_done(&self) -> impl Iterator<Item = &Timed> {
        self.deeds.iter().chain(&self.scenario().plan)
    }

    /// The run with each defence on that its lab lets its readers switch.
    fn other_switches(&self) -> Vec<Trial> {
        let scenario = self.scenario();
        let shown = scenario
            .defences()
            .filter(|known| !known.is_on && self.lab().switches.contains(&known.spec.id));
        let trial = |known: crate::model::Defence| Trial {
            says: Some(known.spec.label.to_owned()),
            ..Trial::of(
                Kind::Switch,
                vec![Twin::Defence(known.spec.id)],
                SIZE_OF_SWITCH,
            )
        };
        shown.take(MOST_SWITCHES).map(trial).collect()
    }

    /// What takes away the fault of an event; nothing if that is no fault, or cannot be taken away alone.
    fn without(&self, id: EventId) -> Option<Twin> {
        let event = &self.timeline().known_events()[id.index()];
        let twin = self.deed_of(event).or_else(|| self.made_good(event))?;
        self.can_be(std::slice::from_ref(&twin)).then_some(twin)
    }

    /// The deed that an event is of: one that names its node before one that is done to a role; nothing if it may be of several
    /// roles' deeds.
    fn deed_of(&self, event: &Event) -> Option<Twin> {
        let its = self.all_done();
        let its: Vec<&Timed> = its
            .filter(|timed| timed.at == event.time && is_of(&timed.deed, event))
            .collect();
        let named = its.iter().find(|timed| !is_of_a_role(&timed.deed));
        let deed = match (named, &*its) {
            (Some(timed), _) | (None, [timed]) => *timed,
            _ => return None,
        };
        Some(Twin::Deed(deed.clone()))
    }

    /// A deed that makes good at once what the event did.
    fn made_good(&self, event: &Event) -> Option<Twin> {
        let who = Who::Nodes(NodeSet::of(event.node));
        let limp: Option<Limp> = event.detail();
        let (at, deed) = match event.kind {
            EventKind::Pause => (event.time, Deed::Node(NodeDeed::Resume, who)),
            EventKind::Limp if limp.is_some_and(|limp| limp.is_slow()) => {
                (event.time, Deed::Slow(SlowDeed::Node, who, SlowDeed::USUAL))
            }
            EventKind::Lost => {
                let arrives = Deed::Message(event.message, Meddling::DeliverNow);
                (self.alive_until(event)?, arrives)
            }
            _ => return None,
        };
        let twin = Twin::Deed(Timed { at, deed });
        (!twin.is_in(self.scenario(), &self.deeds)).then_some(twin)
    }

    /// The last moment at which a lost message was on its way and could have arrived; nothing if its receiver could not have
    /// taken it.
    fn alive_until(&self, lost: &Event) -> Option<SimTime> {
        let why = lost.detail::<Lost>()?.why;
        let could_arrive = matches!(
            why,
            Loss::Link | Loss::Burst | Loss::Cut | Loss::Filter | Loss::Hand
        );
        let sent = self.timeline().known_events()[lost.cause.some()?.index()].time;
        let last = lost.time - SimDuration::from_nanos(1);
        if !could_arrive || last < sent || lost.time == SimTime::ZERO {
            return None;
        }
        let whole = SimTime::from_nanos(last.as_nanos() / GRAIN * GRAIN);
        Some(if whole >= sent { whole } else { last })
    }
}

/// Where a knob of the weather stands as a rule: a clock is right, and a link is as all links are. Nothing for what is no weather of
/// a node or a link: what all of the network does, each event of a chain shows for itself.
fn usual(knob: Knob, scenario: &Scenario) -> Option<f64> {
    match knob {
        Knob::Node(setting, _) => {
            matches!(setting.key, "skew" | "drift" | "monotonic" | "wobble").then_some(0.0)
        }
        Knob::Link(_, Scope::ALL) => None,
        Knob::Link(setting, _) => Some((setting.get)(&scenario.network)),
        Knob::Parameter(_) => None,
    }
}

/// Whether a chain of these events may owe something to a knob: to a clock of its nodes, or to a link that a message of it took.
fn is_behind(knob: Knob, links: &[&Event]) -> bool {
    match knob {
        Knob::Node(_, node) => links.iter().any(|event| event.node == node),
        Knob::Link(_, scope) => links.iter().any(|event| match event.kind {
            EventKind::Send => scope.contains(event.node, event.peer),
            EventKind::Deliver | EventKind::Lost => scope.contains(event.peer, event.node),
            _ => false,
        }),
        Knob::Parameter(_) => false,
    }
}

/// `Skew, bank: 0 ms, not 350 ms`.
fn set_otherwise(knob: Knob, usual: f64, scenario: &Scenario) -> String {
    let unit = knob.range().unit;
    let [usual, is] = [usual, knob.value(scenario)].map(|value| unit.display(value));
    format!("{}: {usual}, not {is}", knob.label(scenario))
}
