//! What the kernel has to do for a deed.

use sim::{Action, Target};

use crate::knob::Settings;
use crate::model::{ClockDeed, Deed, NodeDeed, SlowDeed};
use crate::setting::rate;
use crate::terms::scope::Who;

impl Deed {
    /// What the kernel has to do for it, in order. `settings` are the settings in force, and follow the deed.
    pub fn actions(&self, settings: &mut Settings) -> Vec<Action> {
        let count = settings.nodes();
        let each = |who: Who, act: &dyn Fn(Target) -> Action| -> Vec<Action> {
            who.targets(count).into_iter().map(act).collect()
        };
        match *self {
            Deed::Turn(knob, value) => settings.turn(knob, value),
            Deed::Node(deed, who) => each(who, &deed.action()),
            Deed::Slow(deed, who, permille) => each(who, &|target| deed.action(target, permille)),
            Deed::Step(who, nanos) => {
                settings.stepped(who, nanos);
                each(who, &|target| Action::StepClock(target, nanos))
            }
            Deed::Slew(who, nanos, ppm) => {
                each(who, &|target| Action::SlewClock(target, nanos, rate(ppm)))
            }
            Deed::Rate(clock, role, ppm) => vec![clock.action(role.target(), ppm)],
            Deed::Ntp(nodes, server) => settings.synchronise(nodes, server),
            Deed::Cut(cut) => vec![cut.action(count)],
            Deed::Heal(cut) => vec![Action::Heal(cut.map(|cut| cut.name()))],
            Deed::Filter(filter) => added(filter.filters(count), Action::AddFilter),
            Deed::Unfilter(None) => vec![Action::RemoveFilter(None)],
            Deed::Unfilter(Some(filter)) => removed(filter.filters(count), Action::RemoveFilter),
            Deed::Strike(strike) => added(strike.mishaps(count), Action::AddMishap),
            Deed::Calm(None) => {
                settings.calm();
                vec![Action::RemoveMishap(None)]
            }
            Deed::Calm(Some(strike)) => removed(strike.mishaps(count), Action::RemoveMishap),
            Deed::Flap(flap) => vec![Action::AddFlapping(flap.cut.name(), flap.flapping(count))],
            Deed::Unflap(cut) => vec![Action::RemoveFlapping(cut.map(|cut| cut.name()))],
            Deed::Message(message, meddling) => vec![Action::Message(message, meddling)],
            Deed::Operation(who, operation, argument) => each(who, &|target| Action::Operation {
                target,
                operation,
                argument,
            }),
        }
    }
}

impl NodeDeed {
    fn action(self) -> fn(Target) -> Action {
        match self {
            NodeDeed::Crash => Action::Crash,
            NodeDeed::Restart => Action::Restart,
            NodeDeed::Pause => Action::Pause,
            NodeDeed::Resume => Action::Resume,
            NodeDeed::Wipe => Action::WipeDisk,
        }
    }
}

impl SlowDeed {
    fn action(self, target: Target, permille: u32) -> Action {
        match self {
            SlowDeed::Node => Action::Limp(target, permille),
            SlowDeed::Disk => Action::SlowDisk(target, permille),
        }
    }
}

impl ClockDeed {
    fn action(self, target: Target, ppm: f64) -> Action {
        match self {
            ClockDeed::Wall => Action::Drift(target, rate(ppm)),
            ClockDeed::Monotonic => Action::MonotonicRate(target, rate(ppm)),
        }
    }
}

/// Adds what the kernel keeps by name.
fn added<T>(named: Vec<(u32, T)>, add: fn(u32, T) -> Action) -> Vec<Action> {
    let named = named.into_iter();
    named.map(|(name, what)| add(name, what)).collect()
}

/// Removes what the kernel keeps by name.
fn removed<T>(named: Vec<(u32, T)>, remove: fn(Option<u32>) -> Action) -> Vec<Action> {
    let names = named.into_iter().map(|(name, _)| name);
    names.map(|name| remove(Some(name))).collect()
}
