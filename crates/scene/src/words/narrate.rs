//! An event as a plain sentence.

use scenario::Run;
use sim::trace::{
    ClockChange, DiskChange, Event, EventKind, Fact, Loss, MessageChange, NetworkChange,
    NodeSetting, Outcome, Relation,
};
use sim::{NodeId, SimDuration};

use super::vocabulary;

/// What happened in `event`, as a sentence. Empty for what is not worth one.
pub fn sentence(run: &Run, event: &Event) -> String {
    let name = |node: NodeId| run.scenario().name(node);
    let (node, peer) = (name(event.node), name(event.peer));
    match event.kind {
        EventKind::Start => format!("{node} starts."),
        EventKind::Send => format!(
            "{node} to {peer}: {}",
            ended(&vocabulary::says(run, vocabulary::message_of(run, event)))
        ),
        EventKind::Deliver => format!("{node} gets {} from {peer}.", quoted(run, event)),
        EventKind::Lost => format!(
            "{} from {peer} to {node} is lost: {}.",
            quoted(run, event),
            why_lost(event)
        ),
        EventKind::Duplicate => format!(
            "The network copies {} from {node} to {peer}.",
            quoted(run, event)
        ),
        EventKind::Queued => format!(
            "{} from {peer} waits in the inbox of {node}.",
            quoted(run, event)
        ),
        EventKind::TimerFired => format!(
            "{node}: {}.",
            vocabulary::timer(run, event).map_or("a timer fires", |timer| timer.says)
        ),
        EventKind::Crash => format!("{node} crashes and loses its memory."),
        EventKind::Restart => format!("{node} restarts with what is on its disk."),
        EventKind::Pause => format!("{node} is paused, and does not know it."),
        EventKind::Resume => format!("{node} goes on as if nothing had happened."),
        EventKind::Limp if event.args[0] == 1000 => {
            format!("{node} works at its usual speed again.")
        }
        EventKind::Limp => format!(
            "{node} takes {} times as long for everything.",
            event.args[0] as f64 / 1000.0
        ),
        EventKind::Clock => clock(&node, event),
        EventKind::Network => network(event),
        EventKind::Disk => disk(&node, event),
        EventKind::Fact => event
            .fact()
            .map_or_else(String::new, |fact| told(run, &node, fact)),
        EventKind::Operation => {
            let operations = run.timeline().machine().vocabulary().operations;
            let does = operations
                .get(usize::from(event.code))
                .map_or("something", |operation| operation.does);
            format!("{node} is told: {}.", lowered(does))
        }
        EventKind::Held => format!(
            "{} from {peer} to {node} waits at the cut.",
            quoted(run, event)
        ),
        EventKind::Meddled => format!(
            "By hand, {} to {node} is {}.",
            quoted(run, event),
            meddled(event)
        ),
        EventKind::Setting => setting(&node, event),
    }
}

/// A message by its label, or by what it says where it has none.
fn quoted(run: &Run, event: &Event) -> String {
    let message = vocabulary::message_of(run, event);
    let label = vocabulary::label(run, message);
    if !label.is_empty() {
        return format!("“{label}”");
    }
    let says = vocabulary::says(run, message);
    if says.is_empty() {
        return "a message".to_owned();
    }
    format!("“{says}”")
}

/// The words with a full stop, unless they end like a sentence already.
fn ended(words: &str) -> String {
    if words.ends_with(['?', '!']) {
        words.to_owned()
    } else {
        format!("{words}.")
    }
}

fn why_lost(event: &Event) -> &'static str {
    const WHYS: [(Loss, &str); 10] = [
        (Loss::Link, "the network dropped it"),
        (Loss::Burst, "the network dropped it in a burst"),
        (Loss::Cut, "the link is cut"),
        (Loss::QueueFull, "the link's queue is full"),
        (Loss::Checksum, "its checksum does not match"),
        (Loss::ReceiverDown, "nobody is there to hear it"),
        (Loss::InboxFull, "the inbox is full"),
        (
            Loss::ReceiverCrashed,
            "its receiver crashed before reading it",
        ),
        (Loss::Filter, "a rule drops such messages"),
        (Loss::Hand, "it was dropped by hand"),
    ];
    WHYS.iter()
        .find(|(why, _)| *why as u8 == event.code)
        .map_or("nobody knows why", |(_, words)| words)
}

fn clock(node: &str, event: &Event) -> String {
    let amount = event.args[0];
    let length = SimDuration::from_nanos(amount.unsigned_abs());
    let direction = if amount < 0 { "back" } else { "forward" };
    match event.code {
        code if code == ClockChange::Step as u8 => {
            format!("The wall clock of {node} jumps {direction} by {length}.")
        }
        code if code == ClockChange::Slew as u8 => {
            format!("The wall clock of {node} is eased {direction} by {length}.")
        }
        code if code == ClockChange::Rate as u8 => {
            format!(
                "The wall clock of {node} runs {} ppm off.",
                amount as f64 / 1000.0
            )
        }
        _ => format!(
            "The monotonic clock of {node} runs {} ppm off.",
            amount as f64 / 1000.0
        ),
    }
}

fn network(event: &Event) -> String {
    const CHANGES: [(NetworkChange, &str); 7] = [
        (NetworkChange::Setting, "The network changes."),
        (NetworkChange::Cut, "Links are cut."),
        (NetworkChange::Heal, "The cut heals."),
        (
            NetworkChange::Filter,
            "The network begins to drop some messages.",
        ),
        (NetworkChange::Unfilter, "The network stops dropping them."),
        (NetworkChange::Flapping, "A cut begins to come and go."),
        (NetworkChange::Steady, "A cut no longer comes and goes."),
    ];
    let found = CHANGES
        .iter()
        .find(|(change, _)| *change as u8 == event.code);
    found.map_or_else(String::new, |(_, words)| (*words).to_owned())
}

fn setting(node: &str, event: &Event) -> String {
    let length = || SimDuration::from_nanos(event.args[0].unsigned_abs());
    match event.code {
        code if code == NodeSetting::Service as u8 => {
            format!("{node} takes {} for each message.", length())
        }
        code if code == NodeSetting::Inbox as u8 => {
            format!("The inbox of {node} has room for {}.", event.args[0])
        }
        code if code == NodeSetting::Disk as u8 => format!("The disk of {node} changes."),
        code if code == NodeSetting::Wobble as u8 => {
            format!("The wall clock of {node} sways by {}.", length())
        }
        code if code == NodeSetting::Uncertainty as u8 => {
            format!(
                "{node} takes its wall clock to be right within {}.",
                length()
            )
        }
        code if code == NodeSetting::Ntp as u8 && event.args[0] < 0 => {
            format!("{node} no longer synchronises its clock.")
        }
        code if code == NodeSetting::Ntp as u8 => {
            format!("{node} synchronises its clock from now on.")
        }
        _ if event.args[1..] == [0, 0] => format!("Faults no longer strike {node} at random."),
        _ => format!("Faults strike {node} at random from now on."),
    }
}

fn disk(node: &str, event: &Event) -> String {
    let count = event.args[0];
    match event.code {
        code if code == DiskChange::Written as u8 => {
            format!("{node} writes to its disk; it is not durable yet.")
        }
        code if code == DiskChange::Synced as u8 => format!("What {node} wrote is durable."),
        code if code == DiskChange::Unsynced as u8 => {
            format!("{node} loses {count} writes that were not durable.")
        }
        code if code == DiskChange::Wiped as u8 => format!("{node} loses everything on its disk."),
        code if code == DiskChange::Slowed as u8 => format!(
            "The disk of {node} takes {} times as long.",
            count as f64 / 1e3
        ),
        _ => format!("The last write of {node} is torn."),
    }
}

fn told(run: &Run, node: &str, fact: Fact) -> String {
    let noun = vocabulary::noun(run);
    let name = |node: i64| run.scenario().name(NodeId(node as u16));
    match fact {
        Fact::Invoked { operation, .. } => format!("{node} begins {noun} #{operation}."),
        Fact::Returned {
            operation,
            outcome: Outcome::Ok,
            ..
        } => format!("{node}: {noun} #{operation} is done."),
        Fact::Returned {
            operation,
            outcome: Outcome::Fail,
            ..
        } => {
            format!("{node}: {noun} #{operation} has failed.")
        }
        Fact::Returned {
            operation,
            outcome: Outcome::Unknown,
            ..
        } => {
            format!(
                "{node} gives up on {noun} #{operation}, and does not know whether it happened."
            )
        }
        Fact::Retried { operation, attempt } => {
            format!("{node} tries {noun} #{operation} again, attempt {attempt}.")
        }
        Fact::Effect {
            operation,
            amount: 1,
            ..
        } => format!("{node} carries out {noun} #{operation}."),
        Fact::Effect {
            operation, amount, ..
        } => format!("{node} carries out {noun} #{operation}: {amount}."),
        Fact::Stored {
            operation,
            key,
            version,
        } => {
            format!("{node} stores {noun} #{operation} under key {key}, version {version}.")
        }
        Fact::Leads { term } => format!("{node} takes itself for the leader of term {term}."),
        Fact::StepsDown { term } => {
            format!("{node} no longer takes itself for the leader of term {term}.")
        }
        Fact::Suspects { node: other } => format!("{node} takes {} for dead.", name(other)),
        Fact::Trusts { node: other } => format!("{node} takes {} for alive again.", name(other)),
        Fact::Acquired { lock, token } => format!("{node} holds lock {lock}, with token {token}."),
        Fact::Released { lock, token } => format!("{node} lets go of lock {lock}, token {token}."),
        Fact::Shown { item, after: -1 } => format!("{node} shows #{item}."),
        Fact::Shown { item, after } => format!("{node} shows #{item}, which answers #{after}."),
        Fact::MeasureBegins { measure } => format!("{node} begins measurement {measure}."),
        Fact::MeasureEnds { measure, length } => {
            format!(
                "{node} ends measurement {measure}: {:.1} ms by its clock.",
                length as f64 / 1e6
            )
        }
        Fact::Learned { operation, outcome } => format!(
            "{node} learns, too late to matter, that {noun} #{operation} {}.",
            match outcome {
                Outcome::Ok => "was carried out",
                Outcome::Fail => "was not carried out",
                Outcome::Unknown => "may have been carried out",
            }
        ),
        Fact::Refused {
            operation, version, ..
        } => {
            format!(
                "{node} refuses {noun} #{operation}: number {version} is older than what it has."
            )
        }
        Fact::Damaged { operation } => {
            format!("{node} finds {noun} #{operation} damaged, and throws it away.")
        }
        Fact::HeldBack { item, awaits: -1 } => {
            format!("{node} holds #{item} back: something before it is missing.")
        }
        Fact::HeldBack { item, awaits } => {
            format!("{node} holds #{item} back until it has #{awaits}.")
        }
        Fact::Shed { operation } => format!("{node} throws {noun} #{operation} away."),
        Fact::Acts { operation, term } => {
            format!("{node} lets {noun} #{operation} take effect, as the leader of term {term}.")
        }
        Fact::HoldsOff { length } => {
            format!(
                "{node} asks nobody for anything for {:.1} s.",
                length as f64 / 1e9
            )
        }
        Fact::Stamped { item, stamp, .. } => {
            format!("{node} stamps #{item} with {}.", stamp_words(stamp))
        }
        Fact::Discarded { operation, by, .. } => {
            format!("{node} drops {noun} #{operation} in favour of #{by}.")
        }
        Fact::Judged {
            first,
            second,
            relation: Relation::Before,
        } => format!("{node} says that #{first} came before #{second}."),
        Fact::Judged {
            first,
            second,
            relation: Relation::Concurrent,
        } => format!("{node} says that neither of #{first} and #{second} knew of the other."),
        Fact::Sampled {
            node: other,
            offset,
            delay,
        } => format!(
            "{node} finds the clock of {} {} by {} after a round trip of {}.",
            name(other),
            if offset < 0 { "behind" } else { "ahead" },
            millis(offset.saturating_abs()),
            millis(delay)
        ),
        Fact::ClockRead { reading, bound: -1 } => {
            format!(
                "{node} reads {:.3} s off its wall clock.",
                reading as f64 / 1e9
            )
        }
        Fact::ClockRead { reading, bound } => format!(
            "{node} reads {:.3} s off its wall clock, give or take {}.",
            reading as f64 / 1e9,
            millis(bound)
        ),
    }
}

/// A timestamp in words: a count if it is small, else the nanoseconds of a clock.
fn stamp_words(stamp: i64) -> String {
    if stamp.abs() < 1_000_000 {
        stamp.to_string()
    } else {
        format!("{:.3} s", stamp as f64 / 1e9)
    }
}

fn millis(nanos: i64) -> String {
    format!("{:.1} ms", nanos as f64 / 1e6)
}

fn meddled(event: &Event) -> &'static str {
    const CHANGES: [(MessageChange, &str); 5] = [
        (MessageChange::Drop, "dropped"),
        (MessageChange::Delay, "delayed"),
        (MessageChange::Duplicate, "duplicated"),
        (MessageChange::DeliverNow, "delivered at once"),
        (MessageChange::Corrupt, "corrupted"),
    ];
    CHANGES
        .iter()
        .find(|(change, _)| *change as u8 == event.code)
        .map_or("touched", |(_, words)| words)
}

fn lowered(text: &str) -> String {
    let mut text = text.to_owned();
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_lowercase();
    }
    text
}
