//! What if a fault had not happened? For each link of a chain that is a fault or a loss, the run is played once more without it.
//!
//! Every trial is a run of its own, from the beginning to the end, and is played a piece at a time. What is taken away is one
//! fault, and nothing else: random streams are keyed, so the weather elsewhere stays as it was.

use sim::action::Meddling;
use sim::trace::{Event, EventKind, Limp, Loss, Lost, NetworkChange};
use sim::{EventId, SimDuration, SimTime};

use super::Run;
use super::chain::Chain;
use super::edit::{may_be_done, with};
use super::forecast::{Ahead, Forecast};
use super::play::Judged;
use crate::deed::{Deed, NodeDeed, SlowDeed, Timed};
use crate::model::Scenario;
use crate::terms::scope::{NodeSet, Who};

/// Links name moments by whole milliseconds where they can.
const GRAIN: u64 = 1_000_000;

/// What a run is built from, without one of its faults.
#[derive(Clone, Debug)]
struct Mended {
    scenario: Scenario,
    deeds: Vec<Timed>,
}

/// A run without one of its faults.
pub struct Trial {
    /// The event that is the fault.
    pub event: EventId,
    /// What each check says of the whole run, in their order; nothing until that is known.
    pub judged: Option<Vec<Judged>>,
    /// How large a change it is to take the fault away: the smaller, the smaller.
    pub size: u8,
    mended: Mended,
}

/// All that can be taken away from a chain, and what comes of it.
pub struct WhatIf {
    /// One for each link that is a fault, in the order of the chain.
    pub trials: Vec<Trial>,
    going: Option<Box<Ahead>>,
    memory: usize,
}

impl Run {
    /// What can be taken away from a chain.
    pub fn what_if(&self, chain: &Chain) -> WhatIf {
        let trial = |&event: &EventId| {
            Some(Trial {
                event,
                judged: None,
                size: size(&self.timeline().known_events()[event.index()]),
                mended: self.without(event)?,
            })
        };
        WhatIf {
            trials: chain.links.iter().filter_map(trial).collect(),
            going: None,
            memory: self.timeline().memory(),
        }
    }

    /// Takes a fault away for good, as one step that can be undone. Returns whether it could be.
    pub fn take_away(&mut self, event: EventId) -> bool {
        let known = event.index() < self.timeline().known_events().len();
        let Some(Mended { scenario, deeds }) = known.then(|| self.without(event)).flatten() else {
            return false;
        };
        let at = self.aim();
        self.replace(scenario, deeds, at);
        true
    }

    /// What the run is built from without the fault of an event; nothing if that is no fault, or cannot be taken away alone.
    fn without(&self, id: EventId) -> Option<Mended> {
        let event = &self.timeline().known_events()[id.index()];
        let mended = self
            .not_done(event)
            .or_else(|| self.made_good(event))
            .filter(|mended| may_be_done(&mended.scenario, &mended.deeds).is_ok())?;
        Some(mended)
    }

    /// Without the deed that the event is of, if there is one.
    fn not_done(&self, event: &Event) -> Option<Mended> {
        let (mut scenario, mut deeds) = (self.scenario().clone(), self.deeds.clone());
        let is_it = |timed: &Timed| timed.at == event.time && is_of(&timed.deed, event);
        if let Some(place) = deeds.iter().rposition(is_it) {
            deeds.remove(place);
        } else {
            let place = scenario.plan.iter().rposition(is_it)?;
            scenario.plan.remove(place);
        }
        Some(Mended { scenario, deeds })
    }

    /// With a deed that makes good at once what the event did.
    fn made_good(&self, event: &Event) -> Option<Mended> {
        let who = Who::Nodes(NodeSet::of(event.node));
        let limp: Option<Limp> = event.detail();
        let (at, deed) = match event.kind {
            EventKind::Pause => (event.time, Deed::Node(NodeDeed::Resume, who)),
            EventKind::Limp if limp.is_some_and(|limp| limp.is_slow()) => {
                (event.time, Deed::Slow(SlowDeed::Node, who, 1000))
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

/// Whether an event is what a deed does.
fn is_of(deed: &Deed, event: &Event) -> bool {
    match deed {
        Deed::Node(NodeDeed::Crash, _) => event.kind == EventKind::Crash,
        Deed::Node(NodeDeed::Pause, _) => event.kind == EventKind::Pause,
        Deed::Node(NodeDeed::Wipe, _) | Deed::Slow(SlowDeed::Disk, ..) => {
            event.kind == EventKind::Disk
        }
        Deed::Slow(SlowDeed::Node, ..) => event.kind == EventKind::Limp,
        Deed::Step(..) | Deed::Slew(..) | Deed::Rate(..) => event.kind == EventKind::Clock,
        Deed::Cut(_) => matches!(event.detail(), Some(NetworkChange::Cut { .. })),
        Deed::Message(message, meddling) => {
            // What delivers a message is no fault.
            *meddling != Meddling::DeliverNow
                && *message == event.message
                && matches!(event.kind, EventKind::Meddled | EventKind::Lost)
        }
        _ => false,
    }
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
        self.going = None;
        is_last
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
