//! A state of a run: what led to it is forgotten, but for what its checks remember.

use check::watch::Watch;
use sim::network::Ordering;
use sim::trace::Trace;
use sim::{EventId, Flight, Machine, NodeId, Observer, Place, SimDuration, SimTime, Status};

use crate::bounds::Bounds;
use crate::case::Case;
use crate::choice::{Choice, Spent};
use crate::chronicle::{Witness, mix};
use crate::commute::Touch;

/// How many turns may come at one moment before a state is taken for one in which time stands still.
const MOST_TURNS: u32 = 1_000_000;

/// A run between two steps.
#[derive(Clone)]
pub(crate) struct State {
    machine: Box<dyn Machine>,
    witness: Witness,
    /// How much of the script is done.
    applied: usize,
    spent: Spent,
}

impl State {
    /// The beginning: what is on its way waits.
    pub fn first(case: &Case, trace: &mut Trace) -> State {
        let nodes = case.machine.kernel().nodes().into();
        let mut state = State {
            machine: case.machine.clone(),
            witness: Witness::new(case.watch.clone(), nodes, case.memory),
            applied: 0,
            spent: Spent::default(),
        };
        state.go_on(case.from, case, trace);
        state
    }

    /// The moment.
    pub fn now(&self) -> SimTime {
        self.machine.kernel().now()
    }

    /// A number for all that may still make a difference.
    pub fn fingerprint(&self) -> u64 {
        let spent = [self.spent.losses, self.spent.duplicates, self.spent.crashes];
        let spent = spent.into_iter().fold(self.applied as u64, |all, count| {
            all << 8 | u64::from(count)
        });
        // Whatever the order in which they left.
        let travelling = self.machine.kernel().flights();
        let brought = travelling.fold(0u64, |all, flight| all.wrapping_add(self.content(flight)));
        [self.witness.fingerprint(), brought, spent]
            .into_iter()
            .fold(self.machine.fingerprint(), mix)
    }

    /// A number for what a message says, and for what it brings along of which checks know.
    fn content(&self, flight: &Flight) -> u64 {
        mix(
            self.machine.content(flight),
            self.witness.brought(flight.send_event),
        )
    }

    /// The check that is violated, by its place among those that are judged. Where nothing more happens by itself, as at the end
    /// of a run: some checks then look at what nodes truly hold.
    pub fn violated(&self, case: &Case) -> Option<usize> {
        let found = violated(&self.witness.watch);
        let travelling = self.machine.kernel().flights().next();
        if found.is_some() || travelling.is_some() || self.next(case).is_some() {
            return found;
        }
        let mut watch = self.witness.watch.clone();
        sim::conclude(&*self.machine, &mut watch, case.end);
        violated(&watch)
    }

    /// Whether a check cannot judge it.
    pub fn is_undecided(&self) -> bool {
        self.witness.watch.checks().any(|check| check.gave_up())
    }

    /// Takes a step.
    pub fn take(&mut self, choice: Choice, case: &Case, bounds: &Bounds, trace: &mut Trace) {
        self.spent = self.spent.after(choice, bounds).unwrap_or(self.spent);
        match choice.action() {
            Some(action) => {
                let first = self.machine.kernel().events();
                self.machine.apply(&action, trace);
                for (id, event) in trace.since(EventId(first)) {
                    self.witness.observe(id, event);
                }
                self.go_on(self.now(), case, trace);
            }
            None => {
                if let Some(next) = self.next(case) {
                    self.go_on(next, case, trace);
                }
            }
        }
    }

    /// When something happens next by itself, or by the script, before the run's end.
    fn next(&self, case: &Case) -> Option<SimTime> {
        let planned = case.script.get(self.applied).map(|next| next.at);
        let due = [self.due(), planned];
        let next = due.into_iter().flatten().min()?;
        (next <= case.end).then_some(next)
    }

    /// When something happens next by itself. What was cancelled leaves its moment in the queue, and nothing happens then.
    fn due(&self) -> Option<SimTime> {
        let kernel = self.machine.kernel();
        let next = kernel.next_due()?;
        let fires = kernel.timers().any(|timer| timer.due == next);
        if fires || kernel.flights().any(|flight| flight.next == next) {
            return Some(next);
        }
        let mut ahead = self.machine.clone();
        loop {
            let next = ahead.kernel().next_due()?;
            ahead.step(&mut Trace::off());
            if ahead.kernel().events() > kernel.events() {
                return Some(next);
            }
        }
    }

    /// Lets time go on to a share of what is left until something happens next by itself, and no further than `most`.
    pub fn let_pass(&mut self, share: u64, most: SimDuration, case: &Case) {
        let now = self.now();
        let next = self.next(case).unwrap_or(case.end);
        let left = next.since(now).as_nanos() / share.max(1);
        self.machine
            .set_now(now + SimDuration::from_nanos(left).min(most));
    }

    /// Does all that is due up to a moment.
    fn go_on(&mut self, until: SimTime, case: &Case, trace: &mut Trace) {
        let State {
            machine,
            witness,
            applied,
            ..
        } = self;
        for _ in 0..MOST_TURNS {
            if !sim::turn(&mut **machine, witness, &case.script, applied, until, trace) {
                break;
            }
        }
    }

    /// What can happen next, each step once.
    pub fn choices(&self, case: &Case, bounds: &Bounds) -> Vec<Choice> {
        let mut choices = Vec::new();
        let messages = self.messages();
        choices.extend(messages.iter().map(|flight| Choice::Deliver(flight.id)));
        if self.next(case).is_some() {
            choices.push(Choice::Wait);
        }
        let nodes = (0..self.machine.kernel().nodes()).map(NodeId);
        choices.extend(nodes.map(|node| match self.machine.kernel().status(node) {
            Status::Crashed => Choice::Restart(node),
            Status::Running | Status::Paused => Choice::Crash(node),
        }));
        // A link that keeps order loses nothing, and repeats nothing.
        let loose = || messages.iter().filter(|flight| !self.is_fifo(flight));
        choices.extend(loose().map(|flight| Choice::Lose(flight.id)));
        choices.extend(loose().map(|flight| Choice::Duplicate(flight.id)));
        choices.retain(|choice| self.spent.after(*choice, bounds).is_some());
        choices
    }

    /// The messages that may arrive next, the oldest first, and of those that are alike one.
    fn messages(&self) -> Vec<&Flight> {
        let travelling = |flight: &&Flight| flight.place != Place::Inbox && !flight.is_ntp;
        let mut messages: Vec<&Flight> =
            self.machine.kernel().flights().filter(travelling).collect();
        messages.sort_by_key(|flight| flight.id);
        let mut seen = Vec::new();
        messages.retain(|flight| {
            let is_next = match self.is_fifo(flight) {
                true => !seen.contains(&link(flight)),
                false => true,
            };
            let key = match self.is_fifo(flight) {
                true => link(flight),
                false => self.content(flight),
            };
            let is_new = !seen.contains(&key);
            seen.push(key);
            is_next && is_new
        });
        messages
    }

    /// The steps of these that are not left out, because they could have been taken before the last one, which led here from
    /// `before`.
    pub fn kept(
        &self,
        choices: Vec<Choice>,
        before: &State,
        last: Choice,
        case: &Case,
    ) -> Vec<Choice> {
        let has_told = self.witness.facts() != before.witness.facts();
        if case.memory.is_of_order() && has_told {
            return choices;
        }
        let last = before.touch(last);
        let is_kept = |choice: &Choice| {
            !before.could(*choice) || !self.touch(*choice).is_left_out_after(&last)
        };
        choices.into_iter().filter(is_kept).collect()
    }

    /// Whether a step that can be taken after one more could have been taken here, if the two commute.
    fn could(&self, choice: Choice) -> bool {
        match choice {
            Choice::Deliver(id) | Choice::Lose(id) | Choice::Duplicate(id) => {
                self.machine.kernel().flight(id).is_some()
            }
            Choice::Wait | Choice::Crash(_) | Choice::Restart(_) => true,
        }
    }

    /// What a step is done to.
    fn touch(&self, choice: Choice) -> Touch {
        let of_message = |kind: u64, id, is_done_to_node: bool| {
            let flight = self.machine.kernel().flight(id);
            let content = flight.map_or(0, |flight| self.content(flight));
            Touch {
                key: mix(kind, content),
                node: flight.map(|flight| flight.to).filter(|_| is_done_to_node),
                message: Some(content),
                is_time: false,
            }
        };
        let of_node = |kind: u64, node: NodeId| Touch {
            key: mix(kind, node.0.into()),
            node: Some(node),
            message: None,
            is_time: false,
        };
        match choice {
            Choice::Deliver(id) => of_message(0, id, true),
            Choice::Lose(id) => of_message(1, id, false),
            Choice::Duplicate(id) => of_message(2, id, false),
            Choice::Crash(node) => of_node(3, node),
            Choice::Restart(node) => of_node(4, node),
            Choice::Wait => Touch {
                key: 0,
                node: None,
                message: None,
                is_time: true,
            },
        }
    }

    fn is_fifo(&self, flight: &Flight) -> bool {
        let profile = self
            .machine
            .kernel()
            .network()
            .profile(flight.from, flight.to);
        profile.ordering != Ordering::Datagram
    }
}

fn violated(watch: &Watch) -> Option<usize> {
    let mut checks = watch.checks();
    checks.position(|check| check.finding().is_some())
}

/// A number for the link that a message is on, which is no message's content.
fn link(flight: &Flight) -> u64 {
    u64::from(flight.from.0) << 16 | u64::from(flight.to.0)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use scenario::link::Link;

    use crate::case::Subject;

    use super::*;

    /// What follows from a state: the number of each state that is one step away, in order.
    fn follows(state: &State, case: &Case, bounds: &Bounds, trace: &mut Trace) -> Vec<u64> {
        let after = |choice| {
            let mut after = state.clone();
            after.take(choice, case, bounds, trace);
            after.fingerprint()
        };
        let mut all: Vec<u64> = state.choices(case, bounds).into_iter().map(after).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// From states that count as the same, the same follows; looked at are so many states of this link's run.
    fn check(link: &str, bounds: &Bounds, states: usize) {
        let (link, problems) = Link::parse(link);
        assert_eq!(problems, []);
        let case = Subject::of(&link, None).unwrap().case();
        let mut trace = Trace::latest_step();
        let first = State::first(&case, &mut trace);
        let mut known = HashMap::from([(first.fingerprint(), None)]);
        let (mut open, mut met_again) = (vec![first], 0);
        while let Some(state) = open.pop().filter(|_| known.len() < states) {
            for choice in state.choices(&case, bounds) {
                let mut after = state.clone();
                after.take(choice, &case, bounds, &mut trace);
                let number = after.fingerprint();
                match known.get_mut(&number) {
                    None => {
                        let next = follows(&after, &case, bounds, &mut trace);
                        known.insert(number, Some(next));
                        open.insert(0, after);
                    }
                    Some(next) => {
                        met_again += 1;
                        let here = follows(&after, &case, bounds, &mut trace);
                        let before = next.get_or_insert_with(|| here.clone());
                        assert_eq!(*before, here, "after {choice:?}, at {}", after.now());
                    }
                }
            }
        }
        assert!(met_again > states / 10, "{met_again} of {states}");
    }

    const FAULTS: Bounds = Bounds {
        losses: 1,
        duplicates: 1,
        crashes: 1,
        depth: 0,
        states: 0,
        bytes: 0,
        reduces: true,
        order: crate::Order::Breadth,
    };

    #[test]
    fn from_states_that_count_as_the_same_the_same_follows() {
        for link in [
            "#/double-charge",
            "#/double-charge?on=idempotency-key,key-survives-restart",
            "#/in-doubt",
            "#/raft",
            "#/raft-members",
            "#/split-brain",
            "#/stale-read",
            "#/last-write-wins",
            "#/doctors-on-call",
            "#/lease-and-pause",
            "#/reordered-feed",
            "#/flipped-bits",
            "#/one-way-cut",
            "#/forgotten-write",
        ] {
            check(link, &FAULTS, 400);
        }
    }
}
