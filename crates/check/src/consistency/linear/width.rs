//! Chooses how many words the bits of a configuration take, and speaks of operations, not bits.

use super::config::{Bits, Config};
use super::problem::Problem;
use super::search::{Goal, Search};
use crate::consistency::budget::{Meter, Unknown};
use crate::history::OpId;
use crate::machine::Machine;
use rustc_hash::FxHashMap;
use sim::sorting::sort;

/// A configuration outside of a search: a state, and the overlapping operations that took effect.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) state: u32,
    pub(crate) took_effect: Vec<OpId>,
}

/// What a search found.
#[derive(Debug)]
pub(crate) enum Found {
    /// The ways to pass the last return, and for the first of them, the order of operations.
    Through(Vec<Place>, Vec<OpId>),
    /// No way; the deepest layer that can be reached, and how far one gets in it.
    Stuck { layer: u32, ways: Vec<Way> },
}

/// A way into the deepest layer.
#[derive(Clone, Debug)]
pub(crate) struct Way {
    pub(crate) order: Vec<OpId>,
    pub(crate) state: String,
    pub(crate) unplaced: Vec<OpId>,
}

/// How many operations may overlap.
const WIDEST: u32 = 64 * 128;

/// Searches from `starts`.
pub(crate) fn search(
    problem: &Problem,
    machine: &mut Machine,
    starts: &[Place],
    goal: Goal,
    meter: &mut Meter<'_>,
) -> Result<Found, Unknown> {
    match problem.bits {
        0..=64 => search_in::<1>(problem, machine, starts, goal, meter),
        65..=128 => search_in::<2>(problem, machine, starts, goal, meter),
        129..=512 => search_in::<8>(problem, machine, starts, goal, meter),
        513..=WIDEST => search_in::<128>(problem, machine, starts, goal, meter),
        operations => Err(Unknown::Overlap {
            operations,
            limit: WIDEST,
        }),
    }
}

fn search_in<const W: usize>(
    problem: &Problem,
    machine: &mut Machine,
    starts: &[Place],
    goal: Goal,
    meter: &mut Meter<'_>,
) -> Result<Found, Unknown> {
    let bits = bits_at_start(problem, starts);
    let viewed = |start| {
        let config: Config<W> = enter(start, &bits);
        Config {
            state: machine.view(config.state),
            ..config
        }
    };
    let configs = starts.iter().map(viewed).collect();
    let mut search = Search::<W>::new(problem, machine);
    if search.run(configs, goal, meter)? {
        let reached = search.reached.clone();
        let places = reached
            .iter()
            .map(|&node| leave(problem, search.config(node)))
            .collect();
        let order = match goal {
            Goal::First => search.order(reached[0]),
            Goal::All => Vec::new(),
        };
        return Ok(Found::Through(places, order));
    }
    let deepest = search.deepest().to_vec();
    let layer = deepest.first().map_or(0, |&node| search.config(node).layer);
    let ways = deepest
        .into_iter()
        .map(|node| way(problem, &mut search, node))
        .collect();
    Ok(Found::Stuck { layer, ways })
}

fn way<const W: usize>(problem: &Problem, search: &mut Search<'_, W>, node: u32) -> Way {
    let config = search.config(node);
    let available = problem.available(config.layer).iter();
    let unplaced = available
        .map(|&known| &problem.known[known as usize])
        .filter(|known| !config.bits.has(known.slot))
        .map(|known| known.op)
        .collect();
    Way {
        order: search.order(node),
        state: search.describe(config.state),
        unplaced,
    }
}

/// The bits of the operations that overlap the start.
fn bits_at_start(problem: &Problem, starts: &[Place]) -> FxHashMap<OpId, u32> {
    if starts.iter().all(|start| start.took_effect.is_empty()) {
        return FxHashMap::default();
    }
    let known = problem
        .known
        .iter()
        .take_while(|known| known.first_layer == 0);
    let open = problem.groups.iter().flat_map(|group| {
        (group.first_bit..)
            .zip(&group.members)
            .map(|(bit, &(_, op))| (op, bit))
    });
    known
        .map(|known| (known.op, known.slot))
        .chain(open)
        .collect()
}

fn enter<const W: usize>(start: &Place, bits: &FxHashMap<OpId, u32>) -> Config<W> {
    let mut config = Config {
        layer: 0,
        state: start.state,
        bits: Bits::NONE,
    };
    for bit in start.took_effect.iter().filter_map(|op| bits.get(op)) {
        config.bits.set(*bit);
    }
    config
}

/// The configuration after the last layer in terms of operations.
fn leave<const W: usize>(problem: &Problem, config: Config<W>) -> Place {
    let known = problem
        .overlapping_end()
        .map(|known| (known.slot, known.op));
    let open = problem
        .groups
        .iter()
        .flat_map(|group| (group.first_bit..).zip(group.members.iter().map(|&(_, op)| op)));
    let mut took_effect: Vec<OpId> = known
        .chain(open)
        .filter(|&(bit, _)| config.bits.has(bit))
        .map(|(_, op)| op)
        .collect();
    sort(&mut took_effect);
    Place {
        state: config.state,
        took_effect,
    }
}
