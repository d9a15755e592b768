//! What facts say: of each, all its words in one place.
//!
//! | module | its subject |
//! | --- | --- |
//! | `mod` | which words belong to which fact |
//! | `told` | what they are made of |
//! | `clients` | operations, as their clients see them |
//! | `servers` | what becomes of operations where they are carried out |
//! | `roles` | who leads, who holds a lock, and who is thought to be dead |
//! | `logs` | votes, and what replicated logs hold |
//! | `order` | in which order things are shown, stamped and judged |
//! | `transactions` | promises, locks, decisions, and versions of rows |
//! | `clocks` | measured times, and what clocks show |

mod clients;
mod clocks;
mod logs;
mod order;
mod roles;
mod servers;
mod told;
mod transactions;

use scenario::Run;
use sim::NodeId;
use sim::trace::{Fact, Function};

use crate::words::members::Members;
use crate::words::vocabulary;

pub(crate) use told::Told;

/// The words of a fact that `node` put on record.
pub(crate) fn told(run: &Run, node: NodeId, fact: Fact) -> Told {
    let named = |operation| vocabulary::name(run, operation);
    let item_named = |item: i64| u32::try_from(item).map_or_else(|_| format!("#{item}"), named);
    let is_read = |item: i64| {
        let number = u32::try_from(item).ok();
        number.and_then(|number| vocabulary::function(run, number)) == Some(Function::Read)
    };
    let name = |node: i64| run.scenario().name(NodeId(node as u16));
    let entry = |content| entry_named(run, content);
    let about = |row: i64| match row {
        0.. => format!("{}'s row", name(row)),
        _ => "the row of all".to_owned(),
    };
    let written_by = |writer: u32| (writer != 0).then(|| named(writer));
    match fact {
        Fact::Invoked { operation, .. } => clients::invoked(&named(operation)),
        Fact::Returned {
            operation, outcome, ..
        } => clients::returned(&named(operation), operation, outcome),
        Fact::Retried { operation, attempt } => {
            clients::retried(&named(operation), operation, attempt)
        }
        Fact::Learned { operation, outcome } => {
            clients::learned(&named(operation), operation, outcome)
        }
        Fact::HoldsOff { length } => clients::holds_off(length),
        Fact::Effect {
            operation, amount, ..
        } => servers::effect(&named(operation), operation, amount),
        Fact::Stored {
            operation,
            key,
            version,
        } => servers::stored(&named(operation), operation, key, version),
        Fact::Refused {
            operation, version, ..
        } => servers::refused(&named(operation), operation, version),
        Fact::Damaged { operation } => servers::damaged(&named(operation), operation),
        Fact::Shed { operation } if vocabulary::caller(run, operation) == Some(node) => {
            clients::throws_away(&named(operation), operation)
        }
        Fact::Shed { operation } => servers::shed(&named(operation), operation),
        Fact::Discarded { operation, by, .. } => {
            let whose = vocabulary::owned_name(run, operation);
            servers::discarded(&named(operation), &whose, by)
        }
        Fact::Acts { operation, term } => roles::acts(&named(operation), operation, term),
        Fact::Leads { term } => roles::leads(term),
        Fact::StepsDown { term } => roles::steps_down(term),
        Fact::Acquired { token, .. } => roles::acquired(token),
        Fact::Released { token, .. } => roles::released(token),
        Fact::Suspects { node } => roles::suspects(&name(node)),
        Fact::Trusts { node } => roles::trusts(&name(node)),
        Fact::Shown { item, after } if is_read(after) => {
            order::found(&item_named(item), &item_named(after))
        }
        Fact::Shown { item, after } => order::shown(&item_named(item), after),
        Fact::HeldBack { item, awaits } => order::held_back(&item_named(item), awaits),
        Fact::Stamped { item, stamp, .. } => order::stamped(&item_named(item), stamp),
        Fact::Judged {
            first,
            second,
            relation,
        } => order::judged([&item_named(first), &item_named(second)], second, relation),
        Fact::Voted { term, candidate } => logs::voted(term, &name(candidate)),
        Fact::Logged {
            index,
            term,
            content,
        } => logs::logged(index, term, &entry(content)),
        Fact::Truncated { index } => logs::truncated(index),
        Fact::Applied { index, content, .. } => logs::applied(index, &entry(content)),
        Fact::Compacted { index, .. } => logs::compacted(index),
        Fact::Locked { operation, .. } => transactions::locked(&named(operation), operation),
        Fact::Unlocked { operation, .. } => transactions::unlocked(&named(operation), operation),
        Fact::Prepared { operation } => transactions::prepared(&named(operation), operation),
        Fact::Decided { operation, outcome } => {
            transactions::decided(&named(operation), operation, outcome)
        }
        Fact::ReadVersion {
            writer, row, value, ..
        } => transactions::read_version(&about(row), written_by(writer).as_deref(), value),
        Fact::Installed {
            operation,
            row,
            value,
        } => transactions::installed(&about(row), written_by(operation).as_deref(), value),
        Fact::Awaits { operation, holder } => {
            transactions::awaits(&named(operation), &named(holder), [operation, holder])
        }
        Fact::PassedOver { operation } => logs::passed_over(&item_named(i64::from(operation))),
        Fact::MeasureBegins { measure } => clocks::measure_begins(measure),
        Fact::MeasureEnds { measure, length } => clocks::measure_ends(measure, length),
        Fact::Sampled {
            node,
            offset,
            delay,
        } => clocks::sampled(&name(node), offset, delay),
        Fact::ClockRead { reading, bound } => clocks::clock_read(reading, bound),
    }
}

/// What an entry of a log holds, by the number of its content.
fn entry_named(run: &Run, content: i64) -> String {
    match u32::try_from(content) {
        Ok(0) => "the empty entry of a new leader".to_owned(),
        Ok(operation) => vocabulary::name(run, operation),
        Err(_) => Members::of(content).map_or_else(
            || "an entry of no known kind".to_owned(),
            |members| members.named(run),
        ),
    }
}
