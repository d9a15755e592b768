//! Which operations contradict each other.

use super::object::{Placed, items, place_all};
use crate::consistency::budget::{Meter, Unknown};
use crate::history::{OpId, Operation};
use crate::machine::{Item, Lookahead, Machine};
use crate::model::{BadOperation, Model};

/// A few operations that, with one that cannot be placed, contradict each other; `None` if that takes too many steps.
///
/// They do so whatever the others did: each of those may have taken effect at any time, or never. None of them can be spared.
/// They are found as by QuickXplain (Junker, "Preferred explanations and relaxations for over-constrained problems", AAAI
/// 2004); of two ways to blame, it keeps to those in `preferred`, and to what began last.
pub(super) fn blamed(
    operations: &[&Operation],
    model: &Model,
    event: u32,
    op: OpId,
    preferred: &[OpId],
    meter: &mut Meter<'_>,
) -> Result<Option<Vec<OpId>>, BadOperation> {
    let mut machine = Machine::new(model, Lookahead::All);
    let left = operations.iter().copied().filter(|op| !op.failed());
    let left: Vec<&Operation> = left.collect();
    let Ok(exact) = items(&left, &mut machine, event, meter)? else {
        return Ok(None);
    };
    let mut relaxed = Vec::with_capacity(exact.len());
    let mut rest = left.iter();
    for &item in &exact {
        let operation = rest.find(|operation| operation.id == item.op);
        let class = operation.map_or(Ok(item.class), |operation| machine.class(operation, None))?;
        let (invoke, by) = (0, None);
        relaxed.push(Item {
            invoke,
            by,
            class,
            ..item
        });
    }
    let mut candidates: Vec<usize> = (0..exact.len()).rev().collect();
    let liking = |&place: &usize| {
        (
            exact[place].by.is_none(),
            !preferred.contains(&exact[place].op),
        )
    };
    candidates.sort_by_key(liking);
    candidates.retain(|&place| exact[place].op != op);
    let Some(first) = exact.iter().position(|item| item.op == op) else {
        return Ok(None);
    };
    let mut blame = Blame {
        exact,
        relaxed,
        machine,
    };
    Ok(blame.of(first, &candidates, meter).ok().flatten())
}

struct Blame {
    /// The operations as they were.
    exact: Vec<Item>,
    /// The same, if nothing is known of them but what they would do.
    relaxed: Vec<Item>,
    machine: Machine,
}

impl Blame {
    /// What contradicts an operation; `None` if even all of `candidates` do not.
    fn of(
        &mut self,
        first: usize,
        candidates: &[usize],
        meter: &mut Meter<'_>,
    ) -> Result<Option<Vec<OpId>>, Unknown> {
        if self.contradict(&[first], meter)? {
            return Ok(Some(Vec::new()));
        }
        let least = self.least(false, &mut vec![first], candidates, meter)?;
        let all: Vec<usize> = least.iter().copied().chain([first]).collect();
        let found = least.iter().map(|&place| self.exact[place].op).collect();
        Ok(self.contradict(&all, meter)?.then_some(found))
    }

    /// The fewest of `candidates` that contradict each other and `kept`, of which some were `added` last.
    fn least(
        &mut self,
        added: bool,
        kept: &mut Vec<usize>,
        candidates: &[usize],
        meter: &mut Meter<'_>,
    ) -> Result<Vec<usize>, Unknown> {
        if added && self.contradict(kept, meter)? {
            return Ok(Vec::new());
        }
        if let [_] | [] = candidates {
            return Ok(candidates.to_vec());
        }
        let (first, rest) = candidates.split_at(candidates.len() / 2);
        let before = kept.len();
        kept.extend_from_slice(first);
        let mut least = self.least(true, kept, rest, meter)?;
        kept.truncate(before);
        kept.extend_from_slice(&least);
        let of_first = self.least(!least.is_empty(), kept, first, meter)?;
        kept.truncate(before);
        least.extend(of_first);
        Ok(least)
    }

    /// Whether no order of these operations fits, whatever the others did.
    fn contradict(&mut self, places: &[usize], meter: &mut Meter<'_>) -> Result<bool, Unknown> {
        let mut items = self.relaxed.clone();
        for &place in places {
            items[place] = self.exact[place];
        }
        meter.take(items.len() as u64)?;
        let held = self.machine.bytes();
        let placed = meter.beside(held, |meter| place_all(&items, &mut self.machine, meter))?;
        Ok(matches!(placed, Placed::Not(_)))
    }
}
