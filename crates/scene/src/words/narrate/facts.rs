//! What nodes put on record.

use scenario::Run;
use sim::NodeId;
use sim::trace::{Fact, Outcome, Relation};

use crate::words::vocabulary;

/// What a fact says that `node` put on record.
pub(super) fn told(run: &Run, node: &str, fact: Fact) -> String {
    format!("{node}{}", said(run, fact))
}

/// The sentence after its subject, a node.
fn said(run: &Run, fact: Fact) -> String {
    let noun = vocabulary::noun(run);
    let name = |node: i64| run.scenario().name(NodeId(node as u16));
    match fact {
        Fact::Invoked { operation, .. } => format!(" begins {noun} #{operation}."),
        Fact::Returned {
            operation, outcome, ..
        } => match outcome {
            Outcome::Ok => format!(": {noun} #{operation} is done."),
            Outcome::Fail => format!(": {noun} #{operation} has failed."),
            Outcome::Unknown => {
                format!(" gives up on {noun} #{operation}, and does not know whether it happened.")
            }
        },
        Fact::Retried { operation, attempt } => {
            format!(" tries {noun} #{operation} again, attempt {attempt}.")
        }
        Fact::Effect {
            operation,
            amount: 1,
            ..
        } => format!(" carries out {noun} #{operation}."),
        Fact::Effect {
            operation, amount, ..
        } => format!(" carries out {noun} #{operation}: {amount}."),
        Fact::Stored {
            operation,
            key,
            version,
        } => format!(" stores {noun} #{operation} under key {key}, version {version}."),
        Fact::Leads { term } => format!(" believes it is the leader of term {term}."),
        Fact::StepsDown { term } => {
            format!(" no longer believes it is the leader of term {term}.")
        }
        Fact::Suspects { node } => format!(" treats {} as dead.", name(node)),
        Fact::Trusts { node } => format!(" treats {} as alive again.", name(node)),
        Fact::Acquired { lock, token } => format!(" holds lock {lock}, with token {token}."),
        Fact::Released { lock, token } => format!(" releases lock {lock}, token {token}."),
        Fact::Shown { item, after: -1 } => format!(" shows #{item}."),
        Fact::Shown { item, after } => format!(" shows #{item}, which answers #{after}."),
        Fact::MeasureBegins { measure } => format!(" begins measurement {measure}."),
        Fact::MeasureEnds { measure, length } => {
            let length = millis(length);
            format!(" ends measurement {measure}: {length} by its clock.")
        }
        Fact::Learned { operation, outcome } => {
            let became = match outcome {
                Outcome::Ok => "was carried out",
                Outcome::Fail => "was not carried out",
                Outcome::Unknown => "may have been carried out",
            };
            format!(" learns, too late to matter, that {noun} #{operation} {became}.")
        }
        Fact::Refused {
            operation, version, ..
        } => format!(" refuses {noun} #{operation}: number {version} is older than what it has."),
        Fact::Damaged { operation } => {
            format!(" finds that {noun} #{operation} is damaged, and discards it.")
        }
        Fact::HeldBack { item, awaits: -1 } => {
            format!(" holds #{item} back: something before it is missing.")
        }
        Fact::HeldBack { item, awaits } => {
            format!(" holds #{item} back until it has #{awaits}.")
        }
        Fact::Shed { operation } => format!(" throws {noun} #{operation} away."),
        Fact::Acts { operation, term } => {
            format!(" lets {noun} #{operation} take effect, as the leader of term {term}.")
        }
        Fact::HoldsOff { length } => format!(" sends no requests for {:.1} s.", seconds(length)),
        Fact::Stamped { item, stamp, .. } => format!(" stamps #{item} with {}.", reading(stamp)),
        Fact::Discarded { operation, by, .. } => {
            format!(" drops {noun} #{operation} in favour of #{by}.")
        }
        Fact::Judged {
            first,
            second,
            relation,
        } => match relation {
            Relation::Before => format!(" says that #{first} came before #{second}."),
            Relation::Concurrent => {
                format!(" says that neither of #{first} and #{second} knew of the other.")
            }
        },
        Fact::Sampled {
            node,
            offset,
            delay,
        } => {
            let side = if offset < 0 { "behind" } else { "ahead" };
            let (node, off, delay) = (name(node), millis(offset.saturating_abs()), millis(delay));
            format!(
                " estimates that the clock of {node} is {off} {side}, from a round trip of {delay}."
            )
        }
        Fact::ClockRead { reading, bound } => {
            let reading = seconds(reading);
            let within = match bound {
                -1 => String::new(),
                bound => format!(", give or take {}", millis(bound)),
            };
            format!(" reads {reading:.3} s from its wall clock{within}.")
        }
    }
}

/// A timestamp in words: a count if it is small, else the nanoseconds of a clock.
fn reading(stamp: i64) -> String {
    if stamp.abs() < 1_000_000 {
        stamp.to_string()
    } else {
        format!("{:.3} s", seconds(stamp))
    }
}

fn millis(nanos: i64) -> String {
    format!("{:.1} ms", nanos as f64 / 1e6)
}

fn seconds(nanos: i64) -> f64 {
    nanos as f64 / 1e9
}
