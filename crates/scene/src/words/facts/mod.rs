//! What facts say: of each, all its words in one place.
//!
//! | module | its subject |
//! | --- | --- |
//! | `mod` | which words belong to which fact |
//! | `told` | what they are made of |
//! | `clients` | operations, as their clients see them |
//! | `servers` | what becomes of operations where they are carried out |
//! | `roles` | who leads, who holds a lock, and who is thought to be dead |
//! | `order` | in which order things are shown, stamped and judged |
//! | `clocks` | measured times, and what clocks show |

mod clients;
mod clocks;
mod order;
mod roles;
mod servers;
mod told;

use scenario::Run;
use sim::NodeId;
use sim::trace::Fact;

use crate::words::vocabulary;

pub(crate) use told::Told;

/// The words of a fact.
pub(crate) fn told(run: &Run, fact: Fact) -> Told {
    let noun = vocabulary::noun(run);
    let name = |node: i64| run.scenario().name(NodeId(node as u16));
    match fact {
        Fact::Invoked { operation, .. } => clients::invoked(noun, operation),
        Fact::Returned {
            operation, outcome, ..
        } => clients::returned(noun, operation, outcome),
        Fact::Retried { operation, attempt } => clients::retried(noun, operation, attempt),
        Fact::Learned { operation, outcome } => clients::learned(noun, operation, outcome),
        Fact::HoldsOff { length } => clients::holds_off(length),
        Fact::Effect {
            operation, amount, ..
        } => servers::effect(noun, operation, amount),
        Fact::Stored {
            operation,
            key,
            version,
        } => servers::stored(noun, operation, key, version),
        Fact::Refused {
            operation, version, ..
        } => servers::refused(noun, operation, version),
        Fact::Damaged { operation } => servers::damaged(noun, operation),
        Fact::Shed { operation } => servers::shed(noun, operation),
        Fact::Discarded { operation, by, .. } => servers::discarded(noun, operation, by),
        Fact::Acts { operation, term } => roles::acts(noun, operation, term),
        Fact::Leads { term } => roles::leads(term),
        Fact::StepsDown { term } => roles::steps_down(term),
        Fact::Acquired { lock, token } => roles::acquired(lock, token),
        Fact::Released { lock, token } => roles::released(lock, token),
        Fact::Suspects { node } => roles::suspects(&name(node)),
        Fact::Trusts { node } => roles::trusts(&name(node)),
        Fact::Shown { item, after } => order::shown(item, after),
        Fact::HeldBack { item, awaits } => order::held_back(item, awaits),
        Fact::Stamped { item, stamp, .. } => order::stamped(item, stamp),
        Fact::Judged {
            first,
            second,
            relation,
        } => order::judged(first, second, relation),
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
