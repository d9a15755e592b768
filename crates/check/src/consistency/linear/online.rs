//! Linearizability of a history that is still being written.

use super::answer::Counterexample;
use super::object::{Failure, explain};
use super::problem::Problem;
use super::search::Goal;
use super::tell_as_of_all;
use super::width::{Found, Place, search};
use crate::consistency::budget::{Budget, Meter, Unknown};
use crate::consistency::conclusion::Conclusion;
use crate::history::{Ended, Event, History, OpId, Operation};
use crate::machine::{Item, Lookahead, Machine, REFUSED};
use crate::model::{BadOperation, Model};
use crate::value::Value;
use rustc_hash::FxHashSet;
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
    /// How many steps it has taken.
    work: u64,
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
    /// The latest operation that returned, and at which entry.
    latest: Option<(OpId, u32)>,
    /// How many returns lay between the last two searches without an answer, and how many more are waited for.
    pause: usize,
    waits_for: usize,
    /// How many steps attempts to settle have taken, unless they were counted.
    settling: u64,
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
            work: 0,
        }
    }

    /// How many steps its searches have taken. It counts configurations, so it is the same on every machine.
    pub fn work(&self) -> u64 {
        self.work
    }

    /// Each search may take so many times fewer steps than its budget: several checkers share an entry's time.
    pub fn share(&mut self, among: u64) {
        self.budget.steps /= among.max(1);
    }

    /// Searches once more for what the last searches came to no answer about: nothing more will be read.
    ///
    /// # Errors
    /// If the model cannot make sense of an operation.
    pub fn conclude(
        &mut self,
        history: &History,
    ) -> Result<&Conclusion<Counterexample>, BadOperation> {
        let undecided: Vec<_> = self.undecided.iter().cloned().collect();
        for key in undecided {
            if self.conclusion.is_violated() {
                break;
            }
            let latest = self.objects.get(&key).and_then(|object| object.latest);
            if let Some((op, number)) = latest {
                self.search(history, key, |object, meter| {
                    object.decide(op, number, meter)
                })?;
            }
        }
        Ok(&self.conclusion)
    }

    /// What is wrong, told as it is of a whole history, and with what contradicts it, as far as one more search may tell.
    /// `history` is what was read up to there.
    pub(crate) fn told(&self, history: &History) -> Option<Counterexample> {
        let found = self.conclusion.violation()?;
        let mut meter = Meter::new(self.budget);
        tell_as_of_all(found, history, &self.model, &mut meter).ok()
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
            Event::Invoke(_) => {
                object.invoke(operation)?;
                self.sum_up();
                Ok(())
            }
            Event::Return(_) => {
                let is_poor = self.savings < self.budget.steps;
                self.search(history, key, |object, meter| {
                    object.end(operation, number, is_poor, meter)
                })
            }
        }
    }

    /// Lets an object search within the budget, and takes in what comes of it.
    fn search(
        &mut self,
        history: &History,
        key: Option<Value>,
        find: impl FnOnce(&mut Object, &mut Meter<'_>) -> Result<Option<Failure>, BadOperation>,
    ) -> Result<(), BadOperation> {
        let Some(object) = self.objects.get_mut(&key) else {
            return Ok(());
        };
        let steps = self.budget.steps.min(self.savings);
        let mut meter = Meter::new(Budget {
            steps,
            ..self.budget
        });
        let failure = find(object, &mut meter)?;
        self.savings = self.savings.saturating_sub(meter.steps());
        self.work += meter.steps() + std::mem::take(&mut object.settling);
        if steps < self.budget.steps && object.unknown.is_some() {
            object.unknown = Some(Unknown::Steps(SAVINGS));
        }
        if object.unknown.is_some() {
            self.undecided.insert(key.clone());
        } else {
            self.undecided.remove(&key);
        }
        match failure {
            Some(failure) => {
                self.conclusion = Conclusion::Violated(explain(history, key, failure));
            }
            None => self.sum_up(),
        }
        Ok(())
    }

    fn sum_up(&mut self) {
        let first = self.undecided.first().and_then(|key| self.objects.get(key));
        let unknown = first.and_then(|object| object.unknown.clone());
        self.conclusion = unknown.map_or(Conclusion::Holds, Conclusion::Unknown);
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
            latest: None,
            pause: 0,
            waits_for: 0,
            settling: 0,
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

    /// Notes how an operation ended; the failure if no linearization is left. Where it has come to no answer, it searches
    /// again when there are twice as many returns as before the last time, and not if the checker is poor.
    fn end(
        &mut self,
        operation: &Operation,
        number: u32,
        is_poor: bool,
        meter: &mut Meter<'_>,
    ) -> Result<Option<Failure>, BadOperation> {
        let op = operation.id;
        self.latest = Some((op, number));
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
        if self.unknown.is_some() {
            self.waits_for = self.waits_for.saturating_sub(1);
            if is_poor || self.waits_for > 0 {
                return Ok(None);
            }
        }
        self.decide(op, number, meter)
    }

    /// Whether a linearization of all that was read is left, after the latest operation that returned; the failure if not.
    fn decide(
        &mut self,
        op: OpId,
        number: u32,
        meter: &mut Meter<'_>,
    ) -> Result<Option<Failure>, BadOperation> {
        let failure = match self.witness {
            Some(_) => Ok(None),
            None => self.search(op, number, meter),
        };
        self.unknown = failure.as_ref().err().cloned();
        let Ok(failure) = failure else {
            self.pause = WORTHWHILE.max(2 * self.pause);
            self.waits_for = self.pause;
            return Ok(None);
        };
        self.pause = 0;
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
        let problem = Problem::of_all(&self.items, &mut self.machine, meter)?;
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
            Found::Stuck { layer, ways } => {
                // If it failed, it is another one that fits nowhere without it.
                let has_failed = !self.items.iter().any(|item| item.op == op);
                let stuck = problem.returns_at(layer).filter(|_| has_failed);
                Ok(Some(Failure {
                    event: number,
                    op: stuck.map_or(op, |known| known.op),
                    ways,
                }))
            }
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
                self.account_for_used();
                self.patience = WORTHWHILE.max(2 * self.unsettled());
            }
            None => self.patience = 2 * self.unsettled(),
        }
    }

    /// Lets go of the open operations that took effect in every place: they are done with, too.
    fn account_for_used(&mut self) {
        let Some((first, others)) = self.frontier.split_first() else {
            return;
        };
        let open = self.items.iter().filter(|item| item.by.is_none());
        let used = |place: &Place, op: OpId| place.took_effect.binary_search(&op).is_ok();
        let everywhere = open
            .map(|item| item.op)
            .filter(|&op| used(first, op) && others.iter().all(|place| used(place, op)));
        let everywhere: FxHashSet<OpId> = everywhere.collect();
        if everywhere.is_empty() {
            return;
        }
        self.items.retain(|item| !everywhere.contains(&item.op));
        for place in &mut self.frontier {
            place.took_effect.retain(|op| !everywhere.contains(op));
        }
    }

    /// Every configuration after that many returns.
    ///
    /// Open operations whose effect nothing has needed yet are left out of it, and are still among the items: they may as
    /// well take effect later. Those that took effect in some places are kept, as they must not do so again.
    fn frontier_after(&mut self, returns: usize) -> Option<Vec<Place>> {
        let mut meter = Meter::new(SETTLING);
        self.machine.look_ahead(Lookahead::None);
        let used = self.frontier.iter().flat_map(|place| &place.took_effect);
        let used = used.copied().collect();
        let machine = &mut self.machine;
        let problem = Problem::new(&self.items, machine, returns, &used, &meter).ok()?;
        let found = search(&problem, machine, &self.frontier, Goal::All, &mut meter);
        self.settling += meter.steps();
        match found.ok()? {
            Found::Through(mut places, _) if places.len() <= MOST_PLACES => {
                sort(&mut places);
                Some(places)
            }
            _ => None,
        }
    }
}
