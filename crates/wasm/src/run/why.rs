//! Why a check is violated: the chain of events that explains it, lit in all pictures, and what would be if something were
//! otherwise.

use check::watch::State;
use scenario::run::play::Judged;
use scenario::run::{Chain, Trial, TrialKind, WhatIf};
use scene::narrate;
use serde::Serialize;
use sim::trace::{DiskChange, Event, EventKind, Limp, MessageChange, NetworkChange};
use sim::{EventId, NodeId};
use wasm_bindgen::prelude::*;

use super::Run;
use crate::state::VerdictState;
use crate::wire::to_js;

/// The chain of events that explains a violation.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct WhyChain {
    /// The check's words.
    label: String,
    /// What the check says.
    sentence: String,
    /// When the violation is seen.
    seen_ms: f64,
    links: Vec<WhyLink>,
    /// How many more events explain it, which are left out.
    left_out: usize,
}

/// An event that explains a violation.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
struct WhyLink {
    /// The event's number.
    id: u32,
    time_ms: f64,
    /// When what it ends began: a message that was lost, or arrives, was sent then.
    from_ms: Option<f64>,
    sentence: String,
    kind: WhyKind,
    node: String,
    /// The sender, of a message that arrives or is lost.
    peer: Option<String>,
}

/// What kind of link it is.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
enum WhyKind {
    /// A message is lost.
    Loss,
    /// Something befalls a node, a clock, a disk or the network.
    Fault,
    /// A message is sent, or arrives.
    Message,
    /// A node does something.
    Step,
}

/// What is changed in a trial.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
enum WhyChange {
    /// A fault of the chain does not happen.
    Fault,
    /// A setting behind the chain is as usual.
    Setting,
    /// A defence is on.
    Switch,
    /// Two faults do not happen, or two defences are on.
    Both,
}

/// What comes of the run with something changed.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct WhyTrial {
    /// Its place: links that one deed made share what comes of it.
    place: usize,
    change: WhyChange,
    /// The places of the two trials that it does both of; null unless it does.
    both: Option<Vec<usize>>,
    /// The event that is taken away; null for anything but a single fault.
    id: Option<u32>,
    /// What is other than it was, in words, where no event says it.
    says: Option<String>,
    /// How large a change that is; 0 is the smallest.
    size: u8,
    /// What the check says then of the whole run; null until that is known.
    state: Option<VerdictState>,
    /// When its violation is seen then; null if it is not violated.
    violated_ms: Option<f64>,
    /// Whether there is nothing to recover from then: what the check says is what it demands of the time after the fault.
    is_moot: bool,
    /// Another check that is violated then, and is not in the run as it is.
    breaks: Option<String>,
    /// What is flipped in the run with the change, as `twin=` of a link says it; null for two changes.
    twin: Option<String>,
}

/// The chain of a run as it was, and what is being found out about it.
#[wasm_bindgen]
pub struct Why {
    chain: Chain,
    what_if: WhatIf,
    /// The state of the run that the chain is of.
    edits: u64,
    /// The checks that are violated in the run as it is, by their places.
    violated: Vec<usize>,
}

#[wasm_bindgen]
impl Run {
    /// The chain that explains what a check has found; nothing unless it is violated now.
    pub fn why(&self, check: &str) -> Option<Why> {
        let chain = self.run.chain(check)?;
        let verdicts = self.run.verdicts().into_iter().enumerate();
        let violated = verdicts.filter(|(_, verdict)| verdict.state == State::Violated);
        Some(Why {
            what_if: self.run.what_if(&chain),
            edits: self.run.edit_count(),
            violated: violated.map(|(place, _)| place).collect(),
            chain,
        })
    }

    /// Lights events in all pictures, one of which is told; none lights nothing.
    pub fn light(&mut self, events: Vec<u32>, told: Option<u32>) {
        self.lit = events.into_iter().map(EventId).collect();
        self.told = told.map(EventId);
    }

    /// Takes away for good what a trial is without, by its place, as one step that can be undone. Returns whether it could be.
    pub fn take_away(&mut self, why: &Why, place: usize) -> bool {
        let trial = why.what_if.trials.get(place);
        let trial = trial.filter(|_| why.is_of(self));
        if let Some(trial) = trial {
            self.run.take_away(trial);
        }
        trial.is_some()
    }
}

#[wasm_bindgen]
impl Why {
    /// Whether the run is still the one that is explained.
    pub fn is_of(&self, run: &Run) -> bool {
        self.edits == run.run.edit_count()
    }

    /// The chain.
    #[wasm_bindgen(unchecked_return_type = "wire.WhyChain")]
    pub fn chain(&self, run: &Run) -> JsValue {
        let events = run.run.timeline().events();
        let link = |id: &EventId| Some(link(&run.run, *id, events.get(id.index())?));
        to_js(&WhyChain {
            label: run.run.scenario().checks[self.chain.check].label.clone(),
            sentence: self.chain.sentence.clone(),
            seen_ms: self.chain.seen_at.as_millis_f64(),
            links: self.chain.links.iter().filter_map(link).collect(),
            left_out: self.chain.left_out,
        })
    }

    /// Finds out what comes of the run with each of the changes, by about so many events. Returns whether all is known.
    pub fn go_on(&mut self, events: u32) -> bool {
        self.what_if.go_on(events)
    }

    /// What is known of that: one for each link that can be taken away, and one for any other change. Links that one deed made share
    /// what comes of it.
    #[wasm_bindgen(unchecked_return_type = "wire.WhyTrial[]")]
    pub fn trials(&self, run: &Run) -> JsValue {
        let mut shown = Vec::new();
        for (place, trial) in self.what_if.trials.iter().enumerate() {
            if trial.kind == TrialKind::Fault {
                let each = trial.events.iter();
                shown.extend(each.map(|event| self.shown(place, trial, Some(*event), run)));
            } else {
                shown.push(self.shown(place, trial, None, run));
            }
        }
        to_js(&shown)
    }
}

impl Why {
    fn shown(&self, place: usize, trial: &Trial, event: Option<EventId>, run: &Run) -> WhyTrial {
        let judged = trial.judged.as_deref().unwrap_or_default();
        let own = judged.get(self.chain.check);
        let seen = trial.seen.get(self.chain.check).copied().flatten();
        let others = judged.iter().enumerate().filter(|(place, judged)| {
            matches!(judged, Judged::Violated(_)) && !self.violated.contains(place)
        });
        let scenario = run.run.scenario();
        let (change, both) = match trial.kind {
            TrialKind::Fault => (WhyChange::Fault, None),
            TrialKind::Setting => (WhyChange::Setting, None),
            TrialKind::Switch => (WhyChange::Switch, None),
            TrialKind::Both(places) => (WhyChange::Both, Some(places.to_vec())),
        };
        WhyTrial {
            place,
            change,
            both,
            id: event.map(|event| event.0),
            says: trial.says.clone(),
            size: trial.size,
            state: own.map(VerdictState::from),
            violated_ms: own
                .and_then(Judged::violated_at)
                .map(|at| seen.unwrap_or(at).as_millis_f64()),
            is_moot: trial
                .moot
                .get(self.chain.check)
                .copied()
                .unwrap_or_default(),
            breaks: others
                .map(|(place, _)| scenario.checks[place].label.clone())
                .next(),
            twin: trial.twin(scenario),
        }
    }
}

/// Whether an event makes up for a fault, or ends one: that is no fault itself.
fn makes_up(event: &Event) -> bool {
    let is_fast = |limp: Limp| !limp.is_slow();
    let is_fast_disk =
        |change| matches!(change, DiskChange::Slowed { permille } if permille <= 1000);
    let is_whole = |change| {
        matches!(
            change,
            NetworkChange::Heal { .. }
                | NetworkChange::Unfilter { .. }
                | NetworkChange::Steady { .. }
        )
    };
    event.detail().is_some_and(is_fast)
        || event.detail().is_some_and(is_fast_disk)
        || event.detail().is_some_and(is_whole)
        || event.detail() == Some(MessageChange::DeliverNow)
}

fn link(run: &scenario::Run, id: EventId, event: &Event) -> WhyLink {
    let events = run.timeline().events();
    let name = |node: NodeId| run.scenario().name(node);
    let kind = match event.kind {
        EventKind::Lost => WhyKind::Loss,
        EventKind::Send | EventKind::Deliver | EventKind::Queued | EventKind::Duplicate => {
            WhyKind::Message
        }
        _ if makes_up(event) => WhyKind::Step,
        EventKind::Crash
        | EventKind::Pause
        | EventKind::Limp
        | EventKind::Clock
        | EventKind::Disk
        | EventKind::Network
        | EventKind::Held
        | EventKind::Meddled
        | EventKind::Setting => WhyKind::Fault,
        EventKind::Start
        | EventKind::Restart
        | EventKind::Resume
        | EventKind::TimerFired
        | EventKind::Operation
        | EventKind::Fact => WhyKind::Step,
    };
    let ends = matches!(event.kind, EventKind::Lost | EventKind::Deliver);
    let sending = event.cause.some().filter(|_| ends);
    WhyLink {
        id: id.0,
        time_ms: event.time.as_millis_f64(),
        from_ms: sending.map(|sending| events[sending.index()].time.as_millis_f64()),
        sentence: narrate::sentence(run, event),
        kind,
        node: name(event.node),
        peer: sending.map(|_| name(event.peer)),
    }
}

#[cfg(test)]
mod tests {
    use sim::SimTime;

    use super::*;

    /// A run at its end, and why its first violated check is violated, when all is known.
    fn explained(link: &str) -> (Run, Why) {
        let mut run = Run::new(link, None);
        run.run.seek(SimTime::NEVER);
        while !run.run.go_on() {}
        let mut verdicts = run.run.verdicts().into_iter();
        let violated = verdicts.find(|verdict| verdict.state == State::Violated);
        let check = violated.unwrap().check.id.clone();
        let mut why = run.why(&check).unwrap();
        while !why.go_on(1000) {}
        (run, why)
    }

    fn trials(run: &Run, why: &Why) -> Vec<WhyTrial> {
        let trials = why.what_if.trials.iter().enumerate();
        trials
            .map(|(place, trial)| why.shown(place, trial, trial.events.first().copied(), run))
            .collect()
    }

    #[test]
    fn without_the_stall_there_is_nothing_to_recover_from_and_all_is_as_before() {
        let (run, why) = explained("#/retry-storm");
        let trials = trials(&run, &why);
        let stall = trials.iter().find(|trial| {
            let twin = trial.twin.as_deref().unwrap_or_default();
            twin.starts_with("pause:server@")
        });
        let stall = stall.unwrap();
        assert!(matches!(stall.state, Some(VerdictState::Holds)) && stall.is_moot);
        assert_eq!(stall.violated_ms, None);
    }

    #[test]
    fn a_fault_of_the_plan_can_be_played_without_and_compared() {
        let (mut run, why) = explained("#/lease-and-pause");
        let trials = trials(&run, &why);
        let of_the_plan = |trial: &&WhyTrial| {
            let twin = trial.twin.as_deref().unwrap_or_default();
            twin.starts_with("pause:ann@")
        };
        let trial = trials.iter().find(of_the_plan).unwrap();
        let beside = run.flipped_link(trial.twin.as_ref().unwrap()).unwrap();
        assert!(run.take_away(&why, trial.place));
        assert!(beside.contains("without=pause:ann@"), "{beside}");
        assert!(run.run.link().contains("without=pause:ann@"));
    }

    #[test]
    fn a_node_at_its_normal_speed_again_is_no_fault() {
        let mut run = Run::new("#/retry-storm?do=limp:server*5@4s,limp:server*1@12s", None);
        run.run.seek(SimTime::NEVER);
        while !run.run.go_on() {}
        let events = run.run.timeline().events();
        let limps = events
            .iter()
            .zip(0..)
            .filter(|(event, _)| event.kind == EventKind::Limp);
        let kinds: Vec<bool> = limps
            .map(|(event, place)| link(&run.run, EventId(place), event).kind)
            .map(|kind| matches!(kind, WhyKind::Fault))
            .collect();
        assert_eq!(kinds, [true, false]);
    }
}
