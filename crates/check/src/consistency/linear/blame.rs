//! Which operations contradict each other.

use super::answer::Counterexample;
use super::object::{Placed, items, place_all};
use super::objects;
use crate::consistency::budget::{Meter, Unknown};
use crate::history::{History, OpId, Operation};
use crate::machine::{Item, Lookahead, Machine};
use crate::model::{BadOperation, Model};
use crate::value::Value;

/// Finds what contradicts the operation that fits nowhere, if the meter allows it.
pub(crate) fn blame(
    found: &mut Counterexample,
    history: &History,
    model: &Model,
    meter: &mut Meter<'_>,
) -> Result<(), BadOperation> {
    let mut objects = objects(history, model).into_iter();
    let Some((_, operations)) = objects.find(|(key, _)| *key == found.key) else {
        return Ok(());
    };
    let preferred = found.before.as_deref().unwrap_or_default();
    let (event, op) = (found.event, found.op);
    if let Some(blamed) = blamed(&operations, model, event, op, preferred, meter)? {
        (found.against, found.before) = (blamed, None);
    }
    Ok(())
}

/// A few operations that, with one that cannot be placed, contradict each other; `None` if that takes too many steps.
///
/// They do so whatever the others did: each of those may have taken effect at any time, or never. None of them can be spared,
/// as far as it does not take too long to tell. They are found as by QuickXplain (Junker, "Preferred explanations and
/// relaxations for over-constrained problems", AAAI 2004); of two ways to blame, it keeps to those in `preferred` and to what
/// is about the same values, and then to what began last.
fn blamed(
    operations: &[&Operation],
    model: &Model,
    event: u32,
    op: OpId,
    preferred: &[OpId],
    meter: &mut Meter<'_>,
) -> Result<Option<Vec<OpId>>, BadOperation> {
    let mut machine = Machine::new(model, Lookahead::All);
    let began = |op: &&Operation| op.invoke_event <= event && !op.failed();
    let left: Vec<&Operation> = operations.iter().copied().filter(began).collect();
    let Ok(exact) = items(&left, &mut machine, event, meter)? else {
        return Ok(None);
    };
    let mut relaxed = Vec::with_capacity(exact.len());
    for (&item, operation) in exact.iter().zip(&left) {
        let (class, invoke, by) = (machine.class(operation, None)?, 0, None);
        relaxed.push(Item {
            invoke,
            by,
            class,
            ..item
        });
    }
    let Some(first) = exact.iter().position(|item| item.op == op) else {
        return Ok(None);
    };
    let mut candidates: Vec<usize> = (0..exact.len()).rev().collect();
    candidates.retain(|&place| place != first);
    let is_likely = |place: usize| {
        preferred.contains(&exact[place].op) || are_related(left[place], left[first])
    };
    candidates.sort_by_cached_key(|&place| (exact[place].by.is_none(), !is_likely(place)));
    let mut blame = Blame {
        exact,
        relaxed,
        machine,
        proven: None,
        cuts: 0,
    };
    Ok(blame.of(first, &candidates, meter))
}

/// Whether two operations are about the same value, as a read and the write of what it returns are.
fn are_related(a: &Operation, b: &Operation) -> bool {
    let about = |op: &Operation| {
        let argument = Some(&op.call.argument);
        let of = [argument, op.result()].into_iter().flatten();
        let of = of.filter(|value| !matches!(value, Value::Nil | Value::Bool(_)));
        of.cloned().collect::<Vec<_>>()
    };
    let (a, b) = (about(a), about(b));
    a.iter().any(|value| b.contains(value))
}

/// What part of the steps that are left may be taken to tell of some operations whether they contradict each other.
const SHARE: u64 = 32;

/// How often that may be too little: of histories in which most is, more steps would not be enough either.
const MOST_CUTS: u32 = 8;

/// How many operations are blamed at most, where it would take too long to tell which can be spared.
const MOST: usize = 32;

struct Blame {
    /// The operations as they were.
    exact: Vec<Item>,
    /// The same, if nothing is known of them but what they would do.
    relaxed: Vec<Item>,
    machine: Machine,
    /// The fewest that were found to contradict each other.
    proven: Option<Vec<usize>>,
    /// How often it took too long to tell of some whether they do.
    cuts: u32,
}

impl Blame {
    /// What contradicts an operation; `None` if that takes too long to tell.
    fn of(
        &mut self,
        first: usize,
        candidates: &[usize],
        meter: &mut Meter<'_>,
    ) -> Option<Vec<OpId>> {
        let is_least = self.search(first, candidates, meter).is_ok() && self.cuts == 0;
        let found = self.proven.as_ref();
        let found = found.filter(|found| is_least || found.len() <= MOST)?;
        let op = |&place: &usize| self.exact[place].op;
        Some(found.iter().skip(1).map(op).collect())
    }

    /// The more of them are looked at, the longer it takes to tell, and most often a few of the likeliest are enough.
    fn search(
        &mut self,
        first: usize,
        candidates: &[usize],
        meter: &mut Meter<'_>,
    ) -> Result<(), Unknown> {
        let with = |some: &[usize]| [&[first], some].concat();
        let mut tried = 0;
        while !self.contradict(&with(&candidates[..tried]), meter)? {
            if tried == candidates.len() {
                return Ok(());
            }
            tried = (4 * tried).max(4).min(candidates.len());
        }
        let least = self.least(false, &mut vec![first], &candidates[..tried], meter)?;
        self.contradict(&with(&least), meter)?;
        Ok(())
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

    /// Whether it is certain that no order of these operations fits, whatever the others did.
    fn contradict(&mut self, places: &[usize], meter: &mut Meter<'_>) -> Result<bool, Unknown> {
        let mut items = self.relaxed.clone();
        for &place in places {
            items[place] = self.exact[place];
        }
        meter.take(items.len() as u64)?;
        let held = self.machine.bytes();
        let place = |meter: &mut Meter<'_>| {
            meter.beside(held, |meter| place_all(&items, &mut self.machine, meter))
        };
        match meter.with_share(SHARE, place) {
            Ok(Placed::Not(_)) => {
                let proven = self.proven.as_ref();
                if proven.is_none_or(|proven| proven.len() > places.len()) {
                    self.proven = Some(places.to_vec());
                }
                Ok(true)
            }
            Ok(Placed::All(_)) => Ok(false),
            Err(Unknown::Steps(_)) if self.cuts < MOST_CUTS => {
                self.cuts += 1;
                Ok(false)
            }
            Err(why) => Err(why),
        }
    }
}
