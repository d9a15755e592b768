//! What the kernel has to do for a deed.

use sim::Action;

use super::{ClockDeed, Deed, NodeDeed, SlowDeed};
use crate::knob::Settings;
use crate::setting::rate;

impl Deed {
    /// What the kernel has to do for it, in order. `settings` are the settings in force, and follow the deed.
    pub fn actions(&self, settings: &mut Settings) -> Vec<Action> {
        let count = settings.nodes();
        match *self {
            Deed::Turn(knob, value) => settings.turn(knob, value),
            Deed::Node(deed, who) => {
                let act = match deed {
                    NodeDeed::Crash => Action::Crash,
                    NodeDeed::Restart => Action::Restart,
                    NodeDeed::Pause => Action::Pause,
                    NodeDeed::Resume => Action::Resume,
                    NodeDeed::Wipe => Action::WipeDisk,
                };
                who.targets(count).into_iter().map(act).collect()
            }
            Deed::Slow(deed, who, permille) => {
                let act = |target| match deed {
                    SlowDeed::Node => Action::Limp(target, permille),
                    SlowDeed::Disk => Action::SlowDisk(target, permille),
                };
                who.targets(count).into_iter().map(act).collect()
            }
            Deed::Step(who, nanos) => {
                settings.stepped(who, nanos);
                let act = |target| Action::StepClock(target, nanos);
                who.targets(count).into_iter().map(act).collect()
            }
            Deed::Slew(who, nanos, ppm) => {
                let act = |target| Action::SlewClock(target, nanos, rate(ppm));
                who.targets(count).into_iter().map(act).collect()
            }
            Deed::Rate(clock, role, ppm) => vec![match clock {
                ClockDeed::Wall => Action::Drift(role.target(), rate(ppm)),
                ClockDeed::Monotonic => Action::MonotonicRate(role.target(), rate(ppm)),
            }],
            Deed::Ntp(nodes, server) => settings.synchronise(nodes, server),
            Deed::Cut(cut) => vec![cut.action(count)],
            Deed::Heal(cut) => vec![Action::Heal(cut.map(|cut| cut.name()))],
            Deed::Filter(filter) => {
                let filters = filter.filters(count).into_iter();
                filters
                    .map(|(name, filter)| Action::AddFilter(name, filter))
                    .collect()
            }
            Deed::Unfilter(None) => vec![Action::RemoveFilter(None)],
            Deed::Unfilter(Some(filter)) => {
                let filters = filter.filters(count).into_iter();
                filters
                    .map(|(name, _)| Action::RemoveFilter(Some(name)))
                    .collect()
            }
            Deed::Strike(strike) => {
                let mishaps = strike.mishaps(count).into_iter();
                mishaps
                    .map(|(name, mishap)| Action::AddMishap(name, mishap))
                    .collect()
            }
            Deed::Calm(None) => {
                settings.calm();
                vec![Action::RemoveMishap(None)]
            }
            Deed::Calm(Some(strike)) => {
                let mishaps = strike.mishaps(count).into_iter();
                mishaps
                    .map(|(name, _)| Action::RemoveMishap(Some(name)))
                    .collect()
            }
            Deed::Flap(flap) => vec![Action::AddFlapping(flap.cut.name(), flap.flapping(count))],
            Deed::Unflap(cut) => vec![Action::RemoveFlapping(cut.map(|cut| cut.name()))],
            Deed::Message(message, meddling) => vec![Action::Message(message, meddling)],
            Deed::Operation(who, operation, argument) => {
                let act = |target| Action::Operation {
                    target,
                    operation,
                    argument,
                };
                who.targets(count).into_iter().map(act).collect()
            }
        }
    }
}
