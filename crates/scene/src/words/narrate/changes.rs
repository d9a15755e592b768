//! Why messages are lost, and what was changed in clocks, disks, nodes and the network.

use scenario::Run;
use scenario::quantity::Unit;
use scenario::run::CutOff;
use sim::clock::Rate;
use sim::protocol::{counted, length};
use sim::trace::{
    ClockChange, DiskChange, Event, Limp, Loss, Lost, MessageChange, NetworkChange, NodeSetting,
};
use sim::{NodeId, SimDuration};

use crate::words::vocabulary::listed;

/// Why a message was lost, as the end of a sentence.
pub(super) fn why_lost(event: &Event) -> &'static str {
    let Some(lost) = event.detail::<Lost>() else {
        return "the reason is unknown";
    };
    match lost.why {
        Loss::Link => "the network dropped it",
        Loss::Burst => "the network dropped it in a burst",
        Loss::Cut => "the link is cut",
        Loss::QueueFull => "the link's queue is full",
        Loss::Checksum => "its checksum does not match",
        Loss::ReceiverDown => "its receiver is down",
        Loss::InboxFull => "the inbox is full",
        Loss::ReceiverCrashed => "its receiver crashed before reading it",
        Loss::Filter => "a filter drops messages of this kind",
        Loss::Hand => "it was dropped by hand",
    }
}

/// How fast a node is from now on.
pub(super) fn limp(node: &str, event: &Event) -> String {
    match event.detail() {
        None => String::new(),
        Some(Limp { permille: 1000 }) => format!("{node} works at its normal speed again."),
        Some(Limp { permille }) => {
            let factor = f64::from(permille) / 1000.0;
            format!("{node} is {factor} times as slow.")
        }
    }
}

/// What happened to a clock.
pub(super) fn clock(node: &str, event: &Event) -> String {
    match event.detail() {
        None => String::new(),
        Some(ClockChange::Step { by }) => {
            format!("The wall clock of {node} jumps {}.", correction(by))
        }
        Some(ClockChange::Slew { by, .. }) => {
            format!(
                "The wall clock of {node} is slowly corrected {}.",
                correction(by)
            )
        }
        Some(ClockChange::Rate { rate }) => {
            format!("The wall clock of {node} runs {} ppm off.", ppm(rate))
        }
        Some(ClockChange::MonotonicRate { rate }) => {
            format!("The monotonic clock of {node} runs {} ppm off.", ppm(rate))
        }
    }
}

/// In which direction and by how much, as the end of a sentence.
fn correction(nanos: i64) -> String {
    let direction = if nanos < 0 { "back" } else { "forward" };
    format!("{direction} by {}", length(nanos.saturating_abs()))
}

/// A length for a reader, with a space before its unit.
fn spaced(length: SimDuration) -> String {
    Unit::Duration.display(length.as_nanos() as f64)
}

fn ppm(rate: Rate) -> f64 {
    rate.0 as f64 / 1000.0
}

/// What happened to the network.
pub(super) fn network(run: &Run, event: &Event) -> String {
    let Some(change) = event.detail() else {
        return String::new();
    };
    let words = match change {
        NetworkChange::Setting { .. } => "The network changes.",
        NetworkChange::Cut { name } => return cut(run, name),
        NetworkChange::Heal { .. } => "The cut heals.",
        NetworkChange::Filter { .. } => "A filter begins to drop messages of some kinds.",
        NetworkChange::Unfilter { name: None } => "All filters are taken away.",
        NetworkChange::Unfilter { .. } => "A filter is taken away: what it dropped passes again.",
        NetworkChange::Flapping { .. } => "A cut begins to come and go.",
        NetworkChange::Steady { .. } => "A cut no longer comes and goes.",
    };
    words.to_owned()
}

/// Whom a cut keeps apart.
fn cut(run: &Run, name: i64) -> String {
    let Some(CutOff {
        from,
        to,
        is_both_ways,
    }) = run.cut_off(name)
    else {
        return "Links are cut.".to_owned();
    };
    let named = |nodes: &[NodeId]| {
        let names: Vec<String> = nodes
            .iter()
            .map(|node| run.scenario().name(*node))
            .collect();
        listed(&names.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let others = match &*to {
        [] => "all others".to_owned(),
        to => named(to),
    };
    let (from_named, are) = (named(&from), if from.len() == 1 { "is" } else { "are" });
    match (is_both_ways, &*from, &*to) {
        (true, [one], [other]) => {
            let [one, other] = [one, other].map(|node| run.scenario().name(*node));
            format!("The link between {one} and {other} is cut.")
        }
        (true, ..) => format!("{from_named} {are} cut off from {others}."),
        (false, ..) => format!(
            "What {from_named} {} to {others} is lost: a cut in one direction.",
            if from.len() == 1 { "sends" } else { "send" }
        ),
    }
}

/// Which setting of a node was changed, and to what.
pub(super) fn setting(node: &str, event: &Event) -> String {
    let Some(setting) = event.detail() else {
        return String::new();
    };
    match setting {
        NodeSetting::Service { length } => {
            format!("{node} takes {} for each message.", spaced(length))
        }
        NodeSetting::Inbox { room } => format!("The inbox of {node} has room for {room}."),
        NodeSetting::Disk { .. } => format!("The disk of {node} changes."),
        NodeSetting::Wobble { amplitude, .. } => {
            format!(
                "The wall clock of {node} wanders by up to {}.",
                spaced(amplitude)
            )
        }
        NodeSetting::Uncertainty { base, .. } => {
            format!(
                "{node} assumes that its wall clock is right within {}.",
                spaced(base)
            )
        }
        NodeSetting::Ntp { server: None, .. } => {
            format!("{node} no longer synchronises its clock.")
        }
        NodeSetting::Ntp { .. } => format!("{node} synchronises its clock from now on."),
        NodeSetting::Mishap {
            between: SimDuration::ZERO,
            length: SimDuration::ZERO,
            ..
        } => format!("Faults no longer strike {node} at random."),
        NodeSetting::Mishap { .. } => format!("Faults strike {node} at random from now on."),
    }
}

/// What happened to a disk.
pub(super) fn disk(node: &str, event: &Event) -> String {
    let Some(change) = event.detail() else {
        return String::new();
    };
    match change {
        DiskChange::Written { .. } => {
            format!("{node} writes to its disk, but the write is not durable yet.")
        }
        DiskChange::Synced => format!("What {node} wrote is durable."),
        DiskChange::Unsynced { records } => {
            let writes = counted(records as usize, "write");
            format!(
                "{node} loses {writes} to its disk that {} not durable.",
                if records == 1 { "was" } else { "were" }
            )
        }
        DiskChange::Wiped => format!("{node} loses everything on its disk."),
        DiskChange::Slowed { permille } => {
            let factor = f64::from(permille) / 1e3;
            format!("The disk of {node} takes {factor} times as long.")
        }
        DiskChange::Torn { .. } => format!("The last write of {node} is on its disk only in part."),
    }
}

/// What was done to a message by hand, as the end of a sentence.
pub(super) fn meddled(event: &Event) -> &'static str {
    match event.detail() {
        None => "touched",
        Some(MessageChange::Drop) => "dropped",
        Some(MessageChange::Delay { .. }) => "delayed",
        Some(MessageChange::Duplicate) => "duplicated",
        Some(MessageChange::DeliverNow) => "delivered at once",
        Some(MessageChange::Corrupt) => "corrupted",
    }
}
