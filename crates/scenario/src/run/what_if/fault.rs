//! Which deed a fault is of, when it is over, and how large a change it is to take it away.

use sim::EventId;
use sim::action::Meddling;
use sim::trace::{
    ClockChange, DiskChange, Event, EventKind, Limp, Loss, Lost, MessageChange, NetworkChange,
};

use crate::deed::{Deed, NodeDeed, SlowDeed};
use crate::knob::Knob;
use crate::model::ClockDeed;
use crate::setting::{NodePart, rate};
use crate::terms::scope::Who;

/// Whether an event is a fault that a deed is. What makes up for a fault is none.
pub(super) fn is_of(deed: &Deed, event: &Event) -> bool {
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
            permille > SlowDeed::USUAL && befalls(who) && event.detail() == Some(slowed)
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
pub(super) fn is_of_a_role(deed: &Deed) -> bool {
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
pub(super) fn ends(event: &Event, begin: &Event) -> bool {
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

/// How large a change a clock is, the network, and a defence.
pub(super) const SIZE_OF_CLOCK: u8 = 3;
pub(super) const SIZE_OF_NETWORK: u8 = 6;
/// A defence that is on costs something as long as the run lasts.
pub(super) const SIZE_OF_SWITCH: u8 = 7;

/// How large a change it is to take a fault away: one message, one node for a while, its clock, its disk, its memory, the network.
pub(super) fn size(fault: &Event) -> u8 {
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
