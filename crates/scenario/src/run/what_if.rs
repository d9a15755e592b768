//! What if a fault had not happened? For each link of a chain that is a fault or a loss, the run is played once more without it.
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
use super::edit::{may_be_done, with};
use super::forecast::{Ahead, Forecast};
use super::play::Judged;
use crate::deed::{Deed, NodeDeed, SlowDeed, Timed};
use crate::model::{ClockDeed, Scenario};
use crate::setting::rate;
use crate::terms::scope::{NodeSet, Who};
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
    /// The deed that is not done, or the one that makes good what happened.
    twin: Twin,
}

/// What is taken away: events of the same deed go together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Taken {
    /// A deed on top of the plan, by its place.
    Deed(usize),
    /// A deed of the plan, by its place.
    Planned(usize),
    /// What one event did, which is made good.
    Only(EventId),
}

/// A run without one of its faults.
pub struct Trial {
    /// The events that are the fault: all that one deed did.
    pub events: Vec<EventId>,
    /// What each check says of the whole run, in their order; nothing until that is known.
    pub judged: Option<Vec<Judged>>,
    /// When the violation of each check is seen, if it is: see [`super::ExplainedVerdict::seen_at`].
    pub seen: Vec<Option<SimTime>>,
    /// How large a change it is to take the fault away: 0 is the smallest.
    pub size: u8,
    mended: Mended,
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
        for &event in &chain.links {
            let Some(mended) = self.without(event) else {
                continue;
            };
            let same = trials
                .iter_mut()
                .find(|trial| trial.mended.taken == mended.taken);
            match same {
                Some(trial) => trial.events.push(event),
                None => trials.push(Trial {
                    events: vec![event],
                    judged: None,
                    seen: Vec::new(),
                    size: size(&self.timeline().known_events()[event.index()]),
                    mended,
                }),
            }
        }
        WhatIf {
            trials,
            going: None,
            memory: self.timeline().memory(),
        }
    }

    /// Takes a fault away for good, as one step that can be undone. Returns whether it could be.
    pub fn take_away(&mut self, event: EventId) -> bool {
        let known = event.index() < self.timeline().known_events().len();
        let mended = known.then(|| self.without(event)).flatten();
        let Some(mended) = mended else {
            return false;
        };
        let at = self.aim();
        self.replace(mended.scenario, mended.deeds, at);
        true
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
        let (mut scenario, mut deeds) = (self.scenario().clone(), self.deeds.clone());
        let taken = self.deed_of(event)?;
        let deed = match taken {
            Taken::Deed(place) => deeds.remove(place),
            Taken::Planned(place) => scenario.plan.remove(place),
            Taken::Only(_) => return None,
        };
        Some(Mended {
            scenario,
            deeds,
            taken,
            twin: Twin::Deed(deed),
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
            twin: Twin::Deed(Timed { at, deed }),
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

/// How large a change it is to take a fault away: one message, one node for a while, its clock, its disk, its memory, the network.
fn size(fault: &Event) -> u8 {
    match fault.kind {
        EventKind::Lost | EventKind::Meddled => 0,
        EventKind::Limp => 1,
        EventKind::Pause => 2,
        EventKind::Clock => 3,
        EventKind::Disk => 4,
        EventKind::Crash => 5,
        _ => 6,
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
        let ahead = self.going.get_or_insert_with(|| trial.mended.begin(memory));
        if !ahead.go_on(events, &[], (&[], None)) {
            return false;
        }
        trial.judged = Some(Judged::all(&ahead.scenario, &ahead.course, ahead.end));
        trial.seen.clone_from(&ahead.seen);
        self.going = None;
        is_last
    }
}

impl Trial {
    /// What is flipped in the run without the fault, as `twin=` of a link says it.
    pub fn twin(&self) -> String {
        self.mended.twin.format(&self.mended.scenario)
    }
}

impl Mended {
    /// The run at its beginning.
    fn begin(&self, memory: usize) -> Box<Ahead> {
        let as_is = Forecast {
            flipped: None,
            on: self.scenario.defences.clone(),
            judged: None,
            seen: Vec::new(),
            counted: None,
        };
        let scenario = self.scenario.clone();
        Box::new(Ahead::new(scenario, &self.deeds, &as_is, &[], memory))
    }
}
