//! Linearizability of a history that is still being written.

use super::answer::Counterexample;
use super::object::{Failure, explain};
use super::problem::Problem;
use super::search::Goal;
use super::width::{Found, Place, search};
use crate::consistency::budget::{Budget, Meter, Unknown};
use crate::consistency::conclusion::Conclusion;
use crate::history::{Ended, Event, History, OpId, Operation};
use crate::machine::{Item, Lookahead, Machine, REFUSED};
use crate::model::{BadOperation, Model};
use crate::value::Value;
use sim::held::{Held, Measure, all_held};
use sim::sorted::{Map, Set};
use sim::sorting::sort;

/// A checker that reads a history entry by entry.
///
/// It says *violated* with the first entry after which no linearization is left. It can be cloned
/// at any time, and the clones go on independently.
///
/// For each object it keeps the configurations in which the object may be after the entries that
/// it is done with, and searches only the entries after them. It is done with an entry when
/// everything invoked before it has ended, so a call that stays pending keeps the entries after
/// its invocation from being done with; one that ended as *info* does not.
#[derive(Clone, Debug)]
pub struct Online {
    model: Model,
    budget: Budget,
    objects: Map<Option<Value>, Object>,
    /// The objects about which the last search came to no answer.
    undecided: Set<Option<Value>>,
    conclusion: Conclusion<Counterexample>,
    fed: u32,
    /// How many steps its searches may take, besides what each of them may.
    savings: u64,
}

/// How many steps all searches may take together, and how many more with each entry: a history that is hard to decide costs
/// no more for being long.
const SAVINGS: u64 = 5_000_000;
const STEPS_PER_ENTRY: u64 = 500;

/// How many returns are worth being done with.
const WORTHWHILE: usize = 16;

/// How many configurations may be kept between searches.
const MOST_PLACES: usize = 1024;

/// What an attempt to be done with some entries may cost; it is not needed for a verdict.
const SETTLING: Budget = Budget {
    steps: 20_000,
    bytes: 4 << 20,
};

#[derive(Clone, Debug)]
struct Object {
    machine: Machine,
    /// Where the object may be before `items`.
    frontier: Vec<Place>,
    /// The operations that the frontier does not account for, or only in part.
    items: Vec<Item>,
    pending: Vec<OpId>,
    /// Where the object is after one linearization of all that has returned, if one is known. What returns next mostly
    /// fits behind it, and nothing has to be searched.
    witness: Option<Place>,
    /// How many returns there must be before the next attempt to settle some for good.
    patience: usize,
    /// Why the last search came to no answer.
    unknown: Option<Unknown>,
}

impl Online {
    /// A checker at the start of a history; `budget` is for each search of one object; there is
    /// one search per entry. What all of them may cost together grows with the history.
    pub fn new(model: Model, budget: Budget) -> Self {
        Self {
            model,
            budget,
            objects: Map::new(),
            undecided: Set::new(),
            conclusion: Conclusion::Holds,
            fed: 0,
            savings: SAVINGS,
        }
    }

    /// Bytes that it takes on the heap, without those of values.
    pub fn held(&self, by: Measure) -> usize {
        let objects = self.objects.values().map(|object| object.held(by));
        self.objects.held(by) + objects.sum::<usize>()
    }

    /// Reads all entries of `history` that it has not read yet. A conclusion of *unknown* may yet become one of the
    /// others.
    ///
    /// # Errors
    /// If the model cannot make sense of an operation.
    pub fn feed(&mut self, history: &History) -> Result<&Conclusion<Counterexample>, BadOperation> {
        let entries = history
            .events()
            .get(self.fed as usize..)
            .unwrap_or_default();
        for &event in entries {
            self.entry(history, event)?;
        }
        Ok(&self.conclusion)
    }

    fn entry(&mut self, history: &History, event: Event) -> Result<(), BadOperation> {
        let number = self.fed;
        self.fed += 1;
        self.savings = SAVINGS.min(self.savings + STEPS_PER_ENTRY);
        let Some(operation) = history.get(event.op()) else {
            return Ok(());
        };
        if self.conclusion.is_violated() {
            return Ok(());
        }
        let key = operation
            .call
            .key
            .clone()
            .filter(|_| self.model.partitions_by_key());
        let model = &self.model;
        let object = self
            .objects
            .entry(key.clone())
            .or_insert_with(|| Object::new(model));
        match event {
            Event::Invoke(_) => object.invoke(operation)?,
            Event::Return(_) => {
                let steps = self.budget.steps.min(self.savings);
                let mut meter = Meter::new(Budget {
                    steps,
                    ..self.budget
                });
                let is_poor = steps < self.budget.steps;
                let failure = object.end(operation, number, is_poor, &mut meter)?;
                self.savings = self.savings.saturating_sub(meter.steps());
                if is_poor && object.unknown.is_some() {
                    object.unknown = Some(Unknown::Outgrown);
                }
                if object.unknown.is_some() {
                    self.undecided.insert(key.clone());
                } else {
                    self.undecided.remove(&key);
                }
                if let Some(failure) = failure {
                    self.conclusion = Conclusion::Violated(explain(history, key, failure));
                    return Ok(());
                }
            }
        }
        let first = self.undecided.first().and_then(|key| self.objects.get(key));
        let unknown = first.and_then(|object| object.unknown.clone());
        self.conclusion = unknown.map_or(Conclusion::Holds, Conclusion::Unknown);
        Ok(())
    }
}

impl Object {
    fn new(model: &Model) -> Self {
        let machine = Machine::new(model, Lookahead::None);
        let start = Place {
            state: machine.initial(),
            took_effect: Vec::new(),
        };
        Self {
            witness: (!machine.sees_ahead()).then(|| start.clone()),
            machine,
            frontier: vec![start],
            items: Vec::new(),
            pending: Vec::new(),
            patience: WORTHWHILE,
            unknown: None,
        }
    }

    fn held(&self, by: Measure) -> usize {
        let places = self.frontier.iter().map(|place| &place.took_effect);
        let known = self.witness.iter().map(|place| &place.took_effect);
        self.machine.held(by)
            + all_held(known, by)
            + self.frontier.held(by)
            + all_held(places, by)
            + self.items.held(by)
            + self.pending.held(by)
    }

    fn invoke(&mut self, operation: &Operation) -> Result<(), BadOperation> {
        let class = self.machine.class(operation, None)?;
        let (op, invoke) = (operation.id, operation.invoke_event);
        self.items.push(Item {
            op,
            invoke,
            by: None,
            class,
        });
        self.pending.push(op);
        Ok(())
    }

    /// Notes how an operation ended; the failure if no linearization is left. A checker that is poor does not search again
    /// where it has come to no answer.
    fn end(
        &mut self,
        operation: &Operation,
        number: u32,
        is_poor: bool,
        meter: &mut Meter<'_>,
    ) -> Result<Option<Failure>, BadOperation> {
        let op = operation.id;
        self.pending.retain(|&pending| pending != op);
        match &operation.ended {
            // It stays among the items, as it may take effect at any time.
            Ended::Open | Ended::Info { .. } => return Ok(None),
            Ended::Fail { .. } => {
                self.items.retain(|item| item.op != op);
                self.witness
                    .take_if(|place| place.took_effect.contains(&op));
            }
            Ended::Ok { result, .. } => {
                let class = self.machine.class(operation, Some(result))?;
                if let Some(item) = self.items.iter_mut().rfind(|item| item.op == op) {
                    (item.class, item.by) = (class, Some(number));
                }
                self.put_behind(op, class);
            }
        }
        if is_poor && self.unknown.is_some() {
            return Ok(None);
        }
        let failure = match self.witness {
            Some(_) => Ok(None),
            None => self.search(op, number, meter),
        };
        self.unknown = failure.as_ref().err().cloned();
        let Ok(failure) = failure else {
            return Ok(None);
        };
        if failure.is_none() && self.unsettled() >= self.patience {
            self.settle();
        }
        Ok(failure)
    }

    /// Puts an operation that returns now behind the known linearization: everything in it was invoked before. If it does not
    /// fit there, or took effect in it before its answer was known, no linearization is known.
    fn put_behind(&mut self, op: OpId, class: u32) {
        let Some(place) = &mut self.witness else {
            return;
        };
        place.state = match place.took_effect.contains(&op) {
            true => REFUSED,
            false => self.machine.step(place.state, class),
        };
        self.witness.take_if(|place| place.state == REFUSED);
    }

    /// Searches for a linearization of all that was read.
    fn search(
        &mut self,
        op: OpId,
        number: u32,
        meter: &mut Meter<'_>,
    ) -> Result<Option<Failure>, Unknown> {
        self.machine.look_ahead(Lookahead::All);
        let problem = Problem::new(&self.items, &mut self.machine, usize::MAX, meter)?;
        match search(
            &problem,
            &mut self.machine,
            &self.frontier,
            Goal::First,
            meter,
        )? {
            Found::Through(places, _) => {
                let is_exact = !self.machine.sees_ahead();
                self.witness = places.into_iter().next().filter(|_| is_exact);
                Ok(None)
            }
            Found::Stuck { ways, .. } => Ok(Some(Failure {
                event: number,
                op,
                ways,
            })),
        }
    }

    fn unsettled(&self) -> usize {
        self.items.iter().filter(|item| item.by.is_some()).count()
    }

    /// Moves the frontier up to the earliest pending call. If that is too much, it tries again
    /// when there are twice as many returns.
    fn settle(&mut self) {
        let pending = self
            .items
            .iter()
            .filter(|item| self.pending.contains(&item.op));
        let until = pending.map(|item| item.invoke).min().unwrap_or(u32::MAX);
        let done = |item: &&Item| item.by.is_some_and(|by| by < until);
        let returns = self.items.iter().filter(done).count();
        let frontier = if returns < WORTHWHILE {
            None
        } else {
            self.frontier_after(returns)
        };
        match frontier {
            Some(frontier) => {
                self.frontier = frontier;
                self.items.retain(|item| !done(&item));
                self.patience = WORTHWHILE.max(2 * self.unsettled());
            }
            None => self.patience = 2 * self.unsettled(),
        }
    }

    /// Every configuration after that many returns.
    ///
    /// Open operations of a register whose effect nothing has needed yet are left out of it, and
    /// are still among the items: they may as well take effect later.
    fn frontier_after(&mut self, returns: usize) -> Option<Vec<Place>> {
        let mut meter = Meter::new(SETTLING);
        self.machine.look_ahead(Lookahead::None);
        let problem = Problem::new(&self.items, &mut self.machine, returns, &meter).ok()?;
        let machine = &mut self.machine;
        match search(&problem, machine, &self.frontier, Goal::All, &mut meter).ok()? {
            Found::Through(mut places, _) if places.len() <= MOST_PLACES => {
                sort(&mut places);
                Some(places)
            }
            _ => None,
        }
    }
}
