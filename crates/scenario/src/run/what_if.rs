//! What if a fault had not happened? For each link of a chain that is a fault or a loss, the run is played once more without it; and
//! so it is for settings behind the chain: clocks of its nodes, and links of its messages, that are not as usual.
//!
//! Every trial is a run of its own, from the beginning to the end, and is played a piece at a time. What is taken away is one
//! fault, and nothing else: random streams are keyed, so the weather elsewhere stays as it was.

use sim::action::Meddling;
use sim::trace::{
    ClockChange, DiskChange, Event, EventKind, Limp, Loss, Lost, MessageChange, NetworkChange,
};
use sim::{EventId, SimDuration, SimTime};

use super::Run;
use super::chain::Chain;
use super::changes::Change;
use super::edit::{may_be_done, with};
use super::forecast::{Ahead, Forecast};
use super::play::Judged;
use crate::checks;
use crate::deed::{Deed, NodeDeed, SlowDeed, Timed};
use crate::knob::Knob;
use crate::model::{ClockDeed, Scenario};
use crate::setting::{NodePart, rate};
use crate::terms::scope::{NodeSet, Scope, Who};
use crate::twin::Twin;

/// Links name moments by whole milliseconds where they can.
const GRAIN: u64 = 1_000_000;

/// As fast as usual, in thousandths of the usual time.
const USUAL: u32 = 1000;

/// What a run is built from, without one of its faults.
#[derive(Clone, Debug)]
struct Mended {
    scenario: Scenario,
    deeds: Vec<Timed>,
    taken: Taken,
    /// The deed that is not done, or the one that makes good what happened; nothing for a setting.
    twin: Option<Twin>,
}

/// What is taken away: events of the same deed go together.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Taken {
    /// A deed on top of the plan, by its place.
    Deed(usize),
    /// A deed of the plan, by its place.
    Planned(usize),
    /// What one event did, which is made good.
    Only(EventId),
    /// A setting that holds for the whole run: it is as usual instead.
    Setting(Knob, f64),
}

/// A fault that was taken away: from when to when it lasted.
type Lasted = (SimTime, SimTime);

/// So many settings are tried at most.
const MOST_SETTINGS: usize = 4;

/// A run without one of its faults.
pub struct Trial {
    /// The events that are the fault: all that one deed did. None for a setting.
    pub events: Vec<EventId>,
    /// What is other than it was, in words, where no event says it.
    pub says: Option<String>,
    /// What each check says of the whole run, in their order; nothing until that is known.
    pub judged: Option<Vec<Judged>>,
    /// Which of them would have nothing to judge, as there is no fault to recover from: what they say is what they demand of the time
    /// after the fault that is taken away.
    pub moot: Vec<bool>,
    /// When the violation of each check is seen, if it is: see [`super::ExplainedVerdict::seen_at`].
    pub seen: Vec<Option<SimTime>>,
    /// How large a change it is to take the fault away: 0 is the smallest.
    pub size: u8,
    mended: Mended,
    lasted: Option<Lasted>,
}

/// All that can be taken away from a chain, and what comes of it.
pub struct WhatIf {
    /// One for each fault among the links, in the order of the chain.
    pub trials: Vec<Trial>,
    going: Option<Box<Ahead>>,
    memory: usize,
}

impl Run {
    /// What can be taken away from a chain.
    pub fn what_if(&self, chain: &Chain) -> WhatIf {
        let mut trials: Vec<Trial> = Vec::new();
        for &id in &chain.links {
            let Some(mended) = self.without(id) else {
                continue;
            };
            let same = trials
                .iter_mut()
                .find(|trial| trial.mended.taken == mended.taken);
            match same {
                Some(trial) => {
                    trial.events.push(id);
                    let end = self.end_of(id);
                    trial.lasted = trial.lasted.map(|(begin, before)| (begin, end.max(before)));
                }
                None => {
                    let event = &self.timeline().known_events()[id.index()];
                    let lasted = Some((event.time, self.end_of(id)));
                    trials.push(Trial {
                        events: vec![id],
                        lasted,
                        ..Trial::of(mended, size(event))
                    });
                }
            }
        }
        trials.extend(self.other_settings(chain));
        WhatIf {
            trials,
            going: None,
            memory: self.timeline().memory(),
        }
    }

    /// Takes away for good what a trial is without, as one step that can be undone.
    pub fn take_away(&mut self, trial: &Trial) {
        let Mended {
            scenario, deeds, ..
        } = trial.mended.clone();
        let at = self.aim();
        self.replace(scenario, deeds, at);
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
            let mut mended = scenario.clone();
            knob.set(&mut mended, usual).ok()?;
            let mended = Mended {
                scenario: mended,
                deeds: self.deeds.clone(),
                taken: Taken::Setting(knob, usual),
                twin: None,
            };
            let is_one_node = matches!(knob, Knob::Node(..));
            let size = if is_one_node {
                SIZE_OF_CLOCK
            } else {
                SIZE_OF_NETWORK
            };
            Some(Trial {
                says: Some(set_otherwise(knob, usual, scenario)),
                ..Trial::of(mended, size)
            })
        });
        let mut set: Vec<Trial> = set.take(MOST_SETTINGS).collect();
        let left = MOST_SETTINGS - set.len();
        set.extend(self.not_turned(&links).into_iter().take(left));
        set
    }

    /// The run without each turn of links' settings that the chain's messages met.
    fn not_turned(&self, links: &[&Event]) -> Vec<Trial> {
        let done = self.deeds.iter().enumerate();
        let planned = self.scenario().plan.iter().enumerate();
        let done = done.map(|(place, timed)| (Taken::Deed(place), timed));
        let planned = planned.map(|(place, timed)| (Taken::Planned(place), timed));
        let met = done.chain(planned).filter(|(_, timed)| {
            let Deed::Turn(knob @ Knob::Link(..), value) = timed.deed else {
                return false;
            };
            let later = links.iter().copied().filter(|event| event.time >= timed.at);
            let later: Vec<&Event> = later.collect();
            let is_unusual = usual(knob, self.scenario()).is_some_and(|usual| value != usual);
            is_unusual && is_behind(knob, &later)
        });
        let trial = |(taken, timed): (Taken, &Timed)| {
            let says = Change::Done(timed).says(self);
            Some(Trial {
                says: Some(format!("not “{says}”")),
                ..Trial::of(self.left_out(taken)?, SIZE_OF_NETWORK)
            })
        };
        met.filter_map(trial).collect()
    }

    /// What the run is built from without the fault of an event; nothing if that is no fault, or cannot be taken away alone.
    fn without(&self, id: EventId) -> Option<Mended> {
        let event = &self.timeline().known_events()[id.index()];
        let mended = self
            .not_done(event)
            .or_else(|| self.made_good(id, event))
            .filter(|mended| may_be_done(&mended.scenario, &mended.deeds).is_ok())?;
        Some(mended)
    }

    /// Without the deed that the event is of, if there is one.
    fn not_done(&self, event: &Event) -> Option<Mended> {
        self.left_out(self.deed_of(event)?)
    }

    fn left_out(&self, taken: Taken) -> Option<Mended> {
        let (mut scenario, mut deeds) = (self.scenario().clone(), self.deeds.clone());
        let deed = match taken {
            Taken::Deed(place) => deeds.remove(place),
            Taken::Planned(place) => scenario.plan.remove(place),
            Taken::Only(_) | Taken::Setting(..) => return None,
        };
        Some(Mended {
            scenario,
            deeds,
            taken,
            twin: Some(Twin::Deed(deed)),
        })
    }

    /// The deed that an event is of: one that names its node before one that is done to a role; nothing if it may be of several
    /// roles' deeds.
    fn deed_of(&self, event: &Event) -> Option<Taken> {
        let done = self.deeds.iter().enumerate();
        let planned = self.scenario().plan.iter().enumerate();
        let done = done.map(|(place, timed)| (Taken::Deed(place), timed));
        let planned = planned.map(|(place, timed)| (Taken::Planned(place), timed));
        let its: Vec<(Taken, &Deed)> = done
            .chain(planned)
            .filter(|(_, timed)| timed.at == event.time && is_of(&timed.deed, event))
            .map(|(taken, timed)| (taken, &timed.deed))
            .collect();
        let named = its.iter().find(|(_, deed)| !is_of_a_role(deed));
        match (named, &*its) {
            (Some((taken, _)), _) | (None, [(taken, _)]) => Some(*taken),
            _ => None,
        }
    }

    /// With a deed that makes good at once what the event did.
    fn made_good(&self, id: EventId, event: &Event) -> Option<Mended> {
        let who = Who::Nodes(NodeSet::of(event.node));
        let limp: Option<Limp> = event.detail();
        let (at, deed) = match event.kind {
            EventKind::Pause => (event.time, Deed::Node(NodeDeed::Resume, who)),
            EventKind::Limp if limp.is_some_and(|limp| limp.is_slow()) => {
                (event.time, Deed::Slow(SlowDeed::Node, who, USUAL))
            }
            EventKind::Lost => {
                let arrives = Deed::Message(event.message, Meddling::DeliverNow);
                (self.alive_until(event)?, arrives)
            }
            _ => return None,
        };
        Some(Mended {
            scenario: self.scenario().clone(),
            deeds: with(&self.deeds, at, deed),
            taken: Taken::Only(id),
            twin: Some(Twin::Deed(Timed { at, deed })),
        })
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

/// Whether an event is a fault that a deed is. What makes up for a fault is none.
fn is_of(deed: &Deed, event: &Event) -> bool {
    let befalls = |who: &Who| who.may_be(event.node);
    match deed {
        Deed::Node(NodeDeed::Crash, who) => event.kind == EventKind::Crash && befalls(who),
        Deed::Node(NodeDeed::Pause, who) => event.kind == EventKind::Pause && befalls(who),
        Deed::Node(NodeDeed::Wipe, who) => {
            befalls(who) && event.detail() == Some(DiskChange::Wiped)
        }
        Deed::Slow(SlowDeed::Disk, who, permille) => {
            let permille = *permille;
            let slowed = DiskChange::Slowed { permille };
            permille > USUAL && befalls(who) && event.detail() == Some(slowed)
        }
        Deed::Slow(SlowDeed::Node, who, permille) => {
            let limp: Option<Limp> = event.detail();
            befalls(who) && limp.is_some_and(|limp| limp.is_slow() && limp.permille == *permille)
        }
        Deed::Step(who, by) => {
            let step = ClockChange::Step { by: *by };
            befalls(who) && event.cause == EventId::NONE && event.detail() == Some(step)
        }
        Deed::Slew(who, by, ppm) => {
            let (by, rate) = (*by, rate(*ppm));
            let slew = ClockChange::Slew { by, rate };
            befalls(who) && event.cause == EventId::NONE && event.detail() == Some(slew)
        }
        Deed::Rate(clock, role, ppm) => {
            let rate = rate(*ppm);
            let change = match clock {
                ClockDeed::Wall => ClockChange::Rate { rate },
                ClockDeed::Monotonic => ClockChange::MonotonicRate { rate },
            };
            *ppm != 0.0 && befalls(&Who::Role(*role)) && event.detail() == Some(change)
        }
        // A clock that is set otherwise jumps, or goes at another rate.
        Deed::Turn(Knob::Node(setting, node), _) => {
            let is_its = matches!(
                (setting.part, event.detail()),
                (NodePart::Skew, Some(ClockChange::Step { .. }))
                    | (NodePart::Drift, Some(ClockChange::Rate { .. }))
                    | (NodePart::Monotonic, Some(ClockChange::MonotonicRate { .. }))
            );
            is_its && event.node == *node && event.cause == EventId::NONE
        }
        Deed::Cut(cut) => {
            let name = i64::from(cut.name());
            event.detail() == Some(NetworkChange::Cut { name })
        }
        Deed::Message(message, meddling) => {
            *message == event.message && is_meddled(*meddling, event)
        }
        _ => false,
    }
}

/// Whether an event is what a hand does to a message. What delivers it is no fault.
fn is_meddled(meddling: Meddling, event: &Event) -> bool {
    let change = match meddling {
        Meddling::Drop => MessageChange::Drop,
        Meddling::Delay(by) => MessageChange::Delay { by },
        Meddling::Duplicate => MessageChange::Duplicate,
        Meddling::Corrupt => MessageChange::Corrupt,
        Meddling::DeliverNow => return false,
    };
    let is_lost = event
        .detail()
        .is_some_and(|lost: Lost| lost.why == Loss::Hand);
    event.detail() == Some(change) || is_lost && meddling == Meddling::Drop
}

/// Whether a deed is done to nodes that it does not name.
fn is_of_a_role(deed: &Deed) -> bool {
    matches!(
        deed,
        Deed::Node(_, Who::Role(_))
            | Deed::Slow(_, Who::Role(_), _)
            | Deed::Step(Who::Role(_), _)
            | Deed::Slew(Who::Role(_), ..)
            | Deed::Rate(..)
    )
}

/// Whether an event ends the fault that began with another one.
fn ends(event: &Event, begin: &Event) -> bool {
    let is_of_node = event.node == begin.node;
    let goes_as_usual = || {
        let limp: Option<Limp> = event.detail();
        limp.is_some_and(|limp| !limp.is_slow())
    };
    match begin.kind {
        EventKind::Pause => {
            is_of_node && matches!(event.kind, EventKind::Resume | EventKind::Restart)
        }
        EventKind::Crash => is_of_node && event.kind == EventKind::Restart,
        EventKind::Limp => is_of_node && goes_as_usual(),
        EventKind::Network => match begin.detail() {
            Some(NetworkChange::Cut { name }) => matches!(
                event.detail(),
                Some(NetworkChange::Heal { name: healed }) if healed.is_none_or(|healed| healed == name)
            ),
            _ => false,
        },
        _ => false,
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

/// How large a change a clock is, and the network.
const SIZE_OF_CLOCK: u8 = 3;
const SIZE_OF_NETWORK: u8 = 6;

/// How large a change it is to take a fault away: one message, one node for a while, its clock, its disk, its memory, the network.
fn size(fault: &Event) -> u8 {
    match fault.kind {
        EventKind::Lost | EventKind::Meddled => 0,
        EventKind::Limp => 1,
        EventKind::Pause => 2,
        EventKind::Clock => SIZE_OF_CLOCK,
        EventKind::Disk => 4,
        EventKind::Crash => 5,
        _ => SIZE_OF_NETWORK,
    }
}

impl WhatIf {
    /// Plays on by about so many events. Returns whether all is known.
    pub fn go_on(&mut self, events: u32) -> bool {
        let mut unknown = self
            .trials
            .iter_mut()
            .filter(|trial| trial.judged.is_none());
        let Some(trial) = unknown.next() else {
            return true;
        };
        let is_last = unknown.next().is_none();
        let memory = self.memory;
        let ahead = self
            .going
            .get_or_insert_with(|| trial.mended.begin(trial.lasted, memory));
        if !ahead.go_on(events, &[], (&[], None)) {
            return false;
        }
        let judged = Judged::all(&ahead.scenario, &ahead.course, ahead.end);
        trial.seen.clone_from(&ahead.seen);
        trial.take(judged, ahead);
        self.going = None;
        is_last
    }
}

impl Trial {
    fn of(mended: Mended, size: u8) -> Trial {
        Trial {
            events: Vec::new(),
            says: None,
            judged: None,
            moot: Vec::new(),
            seen: Vec::new(),
            size,
            mended,
            lasted: None,
        }
    }

    /// What is flipped in the run without the fault, as `twin=` of a link says it; nothing for a setting.
    pub fn twin(&self) -> Option<String> {
        let twin = self.mended.twin.as_ref()?;
        Some(twin.format(&self.mended.scenario))
    }

    /// Takes in what each check says. Without the fault, one about recovery may have nothing to judge; then what counts is whether all
    /// is as well when it demands that after the fault.
    fn take(&mut self, mut judged: Vec<Judged>, ahead: &Ahead) {
        self.moot = vec![false; judged.len()];
        let (course, checks) = (&ahead.course, &ahead.scenario.checks);
        let struck = course.watch.checks().skip(checks.len());
        let recover = (0..checks.len()).filter(|place| checks[*place].recovers());
        let is_whole = course.stopped_at().is_none();
        for (place, check) in recover.zip(struck).filter(|_| is_whole) {
            if judged[place] == Judged::Undecided {
                judged[place] = Judged::of(check, &checks[place], &ahead.scenario, ahead.end);
                self.moot[place] = true;
            }
        }
        self.judged = Some(judged);
    }
}

impl Mended {
    /// The run at its beginning.
    fn begin(&self, lasted: Option<Lasted>, memory: usize) -> Box<Ahead> {
        let as_is = Forecast {
            flipped: None,
            on: self.scenario.defences.clone(),
            judged: None,
            seen: Vec::new(),
            counted: None,
        };
        let scenario = self.scenario.clone();
        let mut ahead = Box::new(Ahead::new(scenario, &self.deeds, &as_is, &[], memory));
        if let Some(lasted) = lasted {
            let Scenario { checks, nodes, .. } = &self.scenario;
            ahead.course.watch = checks::watch_as_if_struck(checks, nodes.len(), lasted);
        }
        ahead
    }
}
