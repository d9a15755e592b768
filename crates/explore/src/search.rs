//! The search: one state after the other, and what is kept of all that were seen.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use check::watch::Watch;
use sim::Machine;
use sim::trace::Trace;

use crate::bounds::{Bounds, Order};
use crate::case::Case;
use crate::choice::{Choice, Packed};
use crate::state::State;

/// A search through all orders of what can happen in a run, within bounds. It knows no documents or links: see
/// [`Explore`](crate::Explore).
pub struct Search {
    case: Case,
    bounds: Bounds,
    trace: Trace,
    seen: Seen,
    /// What led to each state, in the order in which states were found.
    rows: Vec<Row>,
    /// The states on the way to the one that was looked at last, the first one first.
    way: Vec<(u32, State)>,
    /// The state that is looked at next, breadth first.
    next: u32,
    /// Where the states begin that are one step further away than the one that is looked at.
    level_ends: u32,
    depth: u16,
    /// What is still to be looked at, depth first: on each level the steps that were not taken yet.
    open: Vec<Vec<Choice>>,
    steps: u64,
    /// Whether the bound of depth has left anything out.
    is_cut: bool,
    /// Whether a check could not judge some state.
    is_undecided: bool,
    violated: Option<u32>,
    is_over: bool,
}

/// The last step to a state, and the state before it.
#[derive(Clone, Copy, Debug)]
struct Row {
    before: u32,
    choice: Packed,
}

/// How far a search has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// How many states were found.
    pub states: u32,
    /// How many steps were taken.
    pub steps: u64,
    /// How many steps the longest order has so far.
    pub depth: u16,
    /// Bytes that are kept of all states.
    pub bytes: usize,
}

impl Search {
    /// A search through the orders of a run that no scenario describes, and whose checks are of these kinds, as scenarios call
    /// them.
    pub fn of_machine(
        machine: Box<dyn Machine>,
        watch: Watch,
        kinds: &[&str],
        bounds: Bounds,
    ) -> Search {
        Search::of(Case::of_machine(machine, watch, kinds), bounds)
    }

    pub(crate) fn of(case: Case, bounds: Bounds) -> Search {
        let mut trace = Trace::latest_step();
        let first = State::first(&case, &mut trace);
        let mut seen = Seen::default();
        seen.add(first.fingerprint(), 0);
        let open = vec![first.choices(&case, &bounds)];
        let first_undecided = first.is_undecided();
        let is_violated = first.violated(&case).is_some();
        let row = Row {
            before: u32::MAX,
            choice: Packed::pack(Choice::Wait),
        };
        Search {
            violated: is_violated.then_some(0),
            is_over: is_violated,
            way: vec![(0, first)],
            rows: vec![row],
            next: 0,
            level_ends: 1,
            depth: 0,
            steps: 0,
            is_cut: false,
            is_undecided: first_undecided,
            case,
            bounds,
            trace,
            seen,
            open,
        }
    }

    /// Looks at one state more. Whether there was one.
    pub fn step(&mut self) -> bool {
        if self.is_over {
            return false;
        }
        match self.bounds.order {
            Order::Breadth => self.broaden(),
            Order::Depth => self.deepen(),
        }
        !self.is_over
    }

    /// Takes all steps of the next state.
    fn broaden(&mut self) {
        if self.next == self.rows.len() as u32 {
            self.is_over = true;
            return;
        }
        if self.next == self.level_ends {
            (self.level_ends, self.depth) = (self.rows.len() as u32, self.depth + 1);
        }
        self.go_to(self.next);
        let here = self.way.len() - 1;
        let choices = self.way[here].1.choices(&self.case, &self.bounds);
        if self.depth == self.bounds.depth {
            self.is_cut |= !choices.is_empty();
            self.is_over = self.is_cut;
            self.next += 1;
            return;
        }
        for choice in self.kept(here, choices) {
            let state = self.after(here, choice);
            if self.take_in(&state, self.next, choice) && self.is_over {
                return;
            }
        }
        self.next += 1;
    }

    /// The steps that no other order of the same steps makes needless.
    fn kept(&self, here: usize, choices: Vec<Choice>) -> Vec<Choice> {
        let (row, state) = &self.way[here];
        match here.checked_sub(1).map(|before| &self.way[before].1) {
            Some(before) if self.bounds.reduces => {
                let last = self.rows[*row as usize].choice.unpack();
                state.kept(choices, before, last, &self.case)
            }
            _ => choices,
        }
    }

    /// Takes one step from the latest state that has any left.
    fn deepen(&mut self) {
        let Some(choice) = self.open.last_mut().map(Vec::pop) else {
            self.is_over = true;
            return;
        };
        let Some(choice) = choice else {
            self.open.pop();
            self.way.pop();
            return;
        };
        let here = self.way.len() - 1;
        let state = self.after(here, choice);
        let before = self.way[here].0;
        self.depth = self.depth.max(self.way.len() as u16);
        if !self.take_in(&state, before, choice) || self.is_over {
            return;
        }
        let mut choices = state.choices(&self.case, &self.bounds);
        if self.way.len() == usize::from(self.bounds.depth) {
            self.is_cut |= !choices.is_empty();
            return;
        }
        choices.reverse();
        self.open.push(choices);
        self.way.push((self.rows.len() as u32 - 1, state));
    }

    /// The state after a step from one on the way.
    fn after(&mut self, here: usize, choice: Choice) -> State {
        let mut state = self.way[here].1.clone();
        state.take(choice, &self.case, &self.bounds, &mut self.trace);
        self.steps += 1;
        state
    }

    /// Keeps a state if it was not seen before; returns whether that is so.
    fn take_in(&mut self, state: &State, before: u32, choice: Choice) -> bool {
        let depth = match self.bounds.order {
            // The first way is the shortest.
            Order::Breadth => 0,
            Order::Depth => self.way.len() as u16,
        };
        if !self.seen.add(state.fingerprint(), depth) {
            return false;
        }
        let row = self.rows.len() as u32;
        self.rows.push(Row {
            before,
            choice: Packed::pack(choice),
        });
        if state.violated(&self.case).is_some() {
            self.violated = Some(row);
        }
        self.is_undecided |= state.is_undecided();
        self.is_over = self.violated.is_some() || self.has_no_room();
        true
    }

    /// Whether a bound of the search is reached.
    fn has_no_room(&self) -> bool {
        self.seen.len() >= self.bounds.states || self.bytes() >= self.bounds.bytes
    }

    /// Bytes that are kept of all states.
    fn bytes(&self) -> usize {
        self.seen.bytes() + self.rows.capacity() * size_of::<Row>()
    }

    /// Makes the way lead to a state. States that are looked at one after the other share most of it.
    fn go_to(&mut self, row: u32) {
        let path = self.path(row);
        let known = self.way.iter().zip(&path);
        let shared = known.take_while(|((known, _), row)| known == *row).count();
        self.way.truncate(shared);
        for row in &path[shared..] {
            let here = self.way.len() - 1;
            let choice = self.rows[*row as usize].choice.unpack();
            let state = self.after(here, choice);
            self.way.push((*row, state));
        }
    }

    /// The states on the way to one, the first one first.
    fn path(&self, row: u32) -> Vec<u32> {
        let before = |row: &u32| {
            let before = self.rows[*row as usize].before;
            (before != u32::MAX).then_some(before)
        };
        let mut path: Vec<u32> = std::iter::successors(Some(row), before).collect();
        path.reverse();
        path
    }

    /// How far it has come.
    pub fn progress(&self) -> Progress {
        Progress {
            states: self.seen.len(),
            steps: self.steps,
            depth: self.depth,
            bytes: self.bytes(),
        }
    }

    /// The steps to a violation, if one was found.
    pub(crate) fn violation(&self) -> Option<Vec<Choice>> {
        let path = self.path(self.violated?);
        let steps = path[1..].iter();
        Some(
            steps
                .map(|row| self.rows[*row as usize].choice.unpack())
                .collect(),
        )
    }

    /// Whether an order violates a check.
    pub fn is_violated(&self) -> bool {
        self.violated.is_some()
    }

    /// Whether all states within the bounds were looked at.
    pub fn is_complete(&self) -> bool {
        self.is_over && !self.is_violated() && !self.has_no_room()
    }

    /// Whether some orders are longer than the bound of depth.
    pub fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// Whether a check could not judge some state.
    pub fn is_undecided(&self) -> bool {
        self.is_undecided
    }
}

/// The states that were seen, each as its number, with the fewest steps that led to it.
#[derive(Default)]
struct Seen {
    states: HashMap<u64, u16, BuildHasherDefault<Itself>>,
}

impl Seen {
    /// Adds a state; whether it is new, or nearer than before.
    fn add(&mut self, state: u64, depth: u16) -> bool {
        match self.states.get_mut(&state) {
            Some(known) if *known <= depth => false,
            Some(known) => {
                *known = depth;
                true
            }
            None => {
                self.states.insert(state, depth);
                true
            }
        }
    }

    fn len(&self) -> u32 {
        self.states.len() as u32
    }

    /// An entry and a byte of the table's own, for each place.
    fn bytes(&self) -> usize {
        self.states.capacity() * 8 / 7 * (size_of::<(u64, u16)>() + 1)
    }
}

/// A number that is a hash already.
#[derive(Default)]
struct Itself(u64);

impl Hasher for Itself {
    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }

    fn write(&mut self, _: &[u8]) {
        unreachable!("states are numbers of 64 bits");
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
