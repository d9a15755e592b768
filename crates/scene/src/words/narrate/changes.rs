//! Why messages are lost, and what was changed in clocks, disks, nodes and the network.

use sim::SimDuration;
use sim::trace::{ClockChange, DiskChange, Event, Loss, MessageChange, NetworkChange, NodeSetting};

/// Why a message was lost, as the end of a sentence.
pub(super) fn why_lost(event: &Event) -> &'static str {
    let Some(loss) = Loss::from_code(event.code) else {
        return "the reason is unknown";
    };
    match loss {
        Loss::Link => "the network dropped it",
        Loss::Burst => "the network dropped it in a burst",
        Loss::Cut => "the link is cut",
        Loss::QueueFull => "the link's queue is full",
        Loss::Checksum => "its checksum does not match",
        Loss::ReceiverDown => "its receiver is down",
        Loss::InboxFull => "the inbox is full",
        Loss::ReceiverCrashed => "its receiver crashed before reading it",
        Loss::Filter => "a rule drops such messages",
        Loss::Hand => "it was dropped by hand",
    }
}

/// How fast a node is from now on.
pub(super) fn limp(node: &str, event: &Event) -> String {
    match event.args[0] {
        1000 => format!("{node} works at its usual speed again."),
        permille => {
            let factor = permille as f64 / 1000.0;
            format!("{node} takes {factor} times as long for everything.")
        }
    }
}

/// What happened to a clock.
pub(super) fn clock(node: &str, event: &Event) -> String {
    let amount = event.args[0];
    let length = SimDuration::from_nanos(amount.unsigned_abs());
    let direction = if amount < 0 { "back" } else { "forward" };
    let ppm = amount as f64 / 1000.0;
    match ClockChange::from_code(event.code) {
        None => String::new(),
        Some(ClockChange::Step) => {
            format!("The wall clock of {node} jumps {direction} by {length}.")
        }
        Some(ClockChange::Slew) => {
            format!("The wall clock of {node} is eased {direction} by {length}.")
        }
        Some(ClockChange::Rate) => format!("The wall clock of {node} runs {ppm} ppm off."),
        Some(ClockChange::MonotonicRate) => {
            format!("The monotonic clock of {node} runs {ppm} ppm off.")
        }
    }
}

/// What happened to the network.
pub(super) fn network(event: &Event) -> String {
    let Some(change) = NetworkChange::from_code(event.code) else {
        return String::new();
    };
    let words = match change {
        NetworkChange::Setting => "The network changes.",
        NetworkChange::Cut => "Links are cut.",
        NetworkChange::Heal => "The cut heals.",
        NetworkChange::Filter => "The network begins to drop some messages.",
        NetworkChange::Unfilter => "The network stops dropping them.",
        NetworkChange::Flapping => "A cut begins to come and go.",
        NetworkChange::Steady => "A cut no longer comes and goes.",
    };
    words.to_owned()
}

/// Which setting of a node was changed, and to what.
pub(super) fn setting(node: &str, event: &Event) -> String {
    let amount = event.args[0];
    let length = || SimDuration::from_nanos(amount.unsigned_abs());
    match NodeSetting::from_code(event.code) {
        None => String::new(),
        Some(NodeSetting::Service) => format!("{node} takes {} for each message.", length()),
        Some(NodeSetting::Inbox) => format!("The inbox of {node} has room for {amount}."),
        Some(NodeSetting::Disk) => format!("The disk of {node} changes."),
        Some(NodeSetting::Wobble) => {
            format!("The wall clock of {node} sways by {}.", length())
        }
        Some(NodeSetting::Uncertainty) => {
            format!(
                "{node} assumes that its wall clock is right within {}.",
                length()
            )
        }
        Some(NodeSetting::Ntp) if amount < 0 => {
            format!("{node} no longer synchronises its clock.")
        }
        Some(NodeSetting::Ntp) => format!("{node} synchronises its clock from now on."),
        Some(NodeSetting::Mishap) if event.args[1..] == [0, 0] => {
            format!("Faults no longer strike {node} at random.")
        }
        Some(NodeSetting::Mishap) => format!("Faults strike {node} at random from now on."),
    }
}

/// What happened to a disk.
pub(super) fn disk(node: &str, event: &Event) -> String {
    let count = event.args[0];
    match DiskChange::from_code(event.code) {
        None => String::new(),
        Some(DiskChange::Written) => {
            format!("{node} writes to its disk; it is not durable yet.")
        }
        Some(DiskChange::Synced) => format!("What {node} wrote is durable."),
        Some(DiskChange::Unsynced) => {
            format!("{node} loses {count} writes that were not durable.")
        }
        Some(DiskChange::Wiped) => format!("{node} loses everything on its disk."),
        Some(DiskChange::Slowed) => {
            let factor = count as f64 / 1e3;
            format!("The disk of {node} takes {factor} times as long.")
        }
        Some(DiskChange::Torn) => format!("The last write of {node} is torn."),
    }
}

/// What was done to a message by hand, as the end of a sentence.
pub(super) fn meddled(event: &Event) -> &'static str {
    match MessageChange::from_code(event.code) {
        None => "touched",
        Some(MessageChange::Drop) => "dropped",
        Some(MessageChange::Delay) => "delayed",
        Some(MessageChange::Duplicate) => "duplicated",
        Some(MessageChange::DeliverNow) => "delivered at once",
        Some(MessageChange::Corrupt) => "corrupted",
    }
}
