//! What clients are told of registers, lists, counters and locks is consistent.

use sim::sorted::Map;
use sim::sorting::sort;

use sim::trace::{Event, Fact, Function, Outcome};
use sim::{EventId, NodeId, SimTime};

use crate::consistency::budget::{Budget, Unknown};
use crate::consistency::causal::{Causal, Level};
use crate::consistency::conclusion::{Conclusion, Violation};
use crate::consistency::linear::Online;
use crate::consistency::session::{Guarantee, Sessions};
use crate::history::{self, Call, History, OpId, Operation, Process, Time};
use crate::model::Model;
use crate::value::Value;
use crate::watch::parts::found::Found;
use crate::watch::parts::phrase::seconds;
use crate::watch::verdict::{Check, Finding, State, Verdict, Words};

/// The clients' history, kept from the facts on record, and judged as it goes.
///
/// A client is the node that puts the fact on record. One that calls again before its last call
/// has ended is taken for several clients, since a session does one thing after another.
#[derive(Clone, Debug)]
pub struct Consistent {
    demand: Demand,
    nil: i64,
    history: History,
    /// The event of each of the history's entries.
    events: Vec<EventId>,
    /// The node that asked for each of the history's operations.
    clients: Vec<NodeId>,
    /// What each open operation of the run is in the history.
    open: Map<u32, OpId>,
    ended: u32,
    finding: Found<Violation>,
    unknown: Option<Unknown>,
}

#[derive(Clone, Debug)]
enum Demand {
    Linearizable(Box<Online>),
    Session(Box<Sessions>),
    Causal(Box<Causal>),
}

impl Consistent {
    /// Every object behaves like one copy of the model. `nil` is the value with which a read says
    /// that there is nothing.
    pub fn linearizable(model: Model, nil: i64) -> Consistent {
        let online = Online::new(model, Budget::INTERACTIVE);
        Consistent::new(Demand::Linearizable(Box::new(online)), nil)
    }

    /// Each client can count on `guarantee`.
    pub fn session(guarantee: Guarantee, nil: i64) -> Consistent {
        Consistent::new(Demand::Session(Box::new(Sessions::new(guarantee))), nil)
    }

    /// Causes come before effects.
    pub fn causal(level: Level, nil: i64) -> Consistent {
        Consistent::new(Demand::Causal(Box::new(Causal::new(level))), nil)
    }

    fn new(demand: Demand, nil: i64) -> Consistent {
        Consistent {
            demand,
            nil,
            history: History::new(),
            events: Vec::new(),
            clients: Vec::new(),
            open: Map::new(),
            ended: 0,
            finding: Found::default(),
            unknown: None,
        }
    }

    /// The clients' history so far.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// The events of an operation: its invocation, and its return if there was one.
    pub fn events_of(&self, op: OpId) -> impl Iterator<Item = EventId> {
        let operation = self.history.get(op);
        let entries = operation
            .into_iter()
            .flat_map(|op| [Some(op.invoke_event), op.ended.event()]);
        entries
            .flatten()
            .filter_map(|entry| self.events.get(entry as usize).copied())
    }

    fn value(&self, value: i64) -> Value {
        if value == self.nil {
            Value::Nil
        } else {
            Value::Int(value)
        }
    }

    fn call(&self, function: Function, key: i64, value: i64) -> Option<Call> {
        let (function, argument) = match function {
            Function::Read => (history::Function::Read, Value::Nil),
            Function::Write => (history::Function::Write, self.value(value)),
            Function::Append => (history::Function::Append, Value::Int(value)),
            Function::Add => (history::Function::Add, Value::Int(value)),
            Function::Acquire => (history::Function::Acquire, Value::Nil),
            Function::Release => (history::Function::Release, Value::Nil),
            Function::Pay | Function::Request => return None,
        };
        Some(Call::on(key, function, argument))
    }

    /// Appends to the history; whether the fact is part of it.
    fn record(&mut self, event: &Event, fact: Fact) -> bool {
        let at = Time(event.time.as_nanos());
        match fact {
            Fact::Invoked {
                operation,
                function,
                key,
                value,
            } => {
                let Some(call) = self.call(function, key, value) else {
                    return false;
                };
                let client = Process(u32::from(event.node.0));
                let process = match self.history.open(client) {
                    None => client,
                    // Beyond all numbers of nodes.
                    Some(_) => Process((1 << 16) + self.history.operations().len() as u32),
                };
                match self.history.invoke(process, call, at) {
                    Ok(op) => {
                        self.clients.push(event.node);
                        self.open.insert(operation, op).is_none()
                    }
                    Err(_) => false,
                }
            }
            Fact::Returned {
                operation,
                outcome,
                value,
            } => {
                let Some(op) = self.open.remove(&operation) else {
                    return false;
                };
                self.ended += 1;
                let result = match self.history.get(op).map(|op| op.call.function) {
                    Some(history::Function::Read) => self.value(value),
                    _ => Value::Nil,
                };
                let ended = match outcome {
                    Outcome::Ok => self.history.ok(op, result, at),
                    Outcome::Fail => self.history.fail(op, at),
                    Outcome::Unknown => self.history.info(op, at),
                };
                ended.is_ok()
            }
            _ => false,
        }
    }

    fn judge(&mut self) -> Conclusion {
        match &mut self.demand {
            Demand::Session(sessions) => sessions.feed(&self.history).clone(),
            Demand::Causal(causal) => causal.feed(&self.history).clone(),
            Demand::Linearizable(online) => match online.feed(&self.history) {
                Ok(conclusion) => conclusion.clone().map(|found| found.violation()),
                Err(bad) => Conclusion::Unknown(Unknown::Premise(bad.to_string())),
            },
        }
    }

    fn find(&mut self, id: EventId, time: SimTime, violation: Violation) {
        let mut events: Vec<EventId> = violation
            .operations
            .iter()
            .flat_map(|&op| self.events_of(op))
            .filter(|&event| event <= id)
            .collect();
        sort(&mut events);
        events.dedup();
        let finding = Finding {
            at: time,
            event: id,
            events,
        };
        self.finding.since(finding, violation);
    }

    /// The violation in names and numbers, where it is about what a client read.
    fn sentence(&self, violation: &Violation, words: &Words<'_>) -> String {
        let read = violation.operations.first();
        let read = read
            .and_then(|op| self.history.get(*op))
            .filter(|op| op.call.function == history::Function::Read && op.result().is_some());
        let told = read.and_then(|read| {
            self.miscount(read, words)
                .or_else(|| self.contradiction(read, violation, words))
                .or_else(|| self.riddle(read, violation, words))
        });
        told.unwrap_or_else(|| format!("{}.", violation.because))
    }

    /// Who read what, and when.
    fn told(&self, read: &Operation, words: &Words<'_>) -> Option<String> {
        let seen = match read.result()? {
            Value::Nil => "nothing".to_owned(),
            seen => seen.to_string(),
        };
        let reader = (words.node)(self.client(read.id)?);
        Some(format!("{reader} read {seen} at {}", ended_at(read)))
    }

    /// What was read, and how much had been added before, where that is more.
    fn miscount(&self, read: &Operation, words: &Words<'_>) -> Option<String> {
        let Value::Int(seen) = *read.result()? else {
            return None;
        };
        let mut added = 0_i64;
        for other in self.history.operations() {
            match other.call.argument {
                _ if other.call.function != history::Function::Add => {}
                _ if other.call.key != read.call.key || other.failed() => {}
                Value::Int(amount) if other.precedes(read) => added = added.checked_add(amount)?,
                // It may have been taken away before it was read.
                Value::Int(..0) => return None,
                _ => {}
            }
        }
        let told = self.told(read, words)?;
        (added > seen).then(|| {
            format!("{told}, although {added} had been added and acknowledged before it asked.")
        })
    }

    /// What was read, and what had been acknowledged before, where it is that simple.
    fn contradiction(
        &self,
        read: &Operation,
        violation: &Violation,
        words: &Words<'_>,
    ) -> Option<String> {
        let others = violation.operations.iter().skip(1);
        let others = others.filter_map(|op| self.history.get(*op));
        let mut known = others.filter(|other| other.precedes(read) && !other.failed());
        let known = known.find(|other| other.call.function != history::Function::Read)?;
        let writer = self.client(known.id)?;
        let whose = if self.client(read.id) == Some(writer) {
            "its own".to_owned()
        } else {
            format!("{}'s", (words.node)(writer))
        };
        Some(format!(
            "{}, after {whose} {} of {} had been acknowledged at {}.",
            self.told(read, words)?,
            known.call.function,
            known.call.argument,
            ended_at(known)
        ))
    }

    /// What was read, and why the checker finds no place for it.
    fn riddle(&self, read: &Operation, violation: &Violation, words: &Words<'_>) -> Option<String> {
        let why = violation.because.strip_prefix(&format!("{read}: "))?;
        Some(format!("{}: {why}.", self.told(read, words)?))
    }

    fn client(&self, op: OpId) -> Option<NodeId> {
        self.clients.get(op.index()).copied()
    }
}

impl Check for Consistent {
    fn observe(&mut self, id: EventId, event: &Event) {
        if self.finding.is_some() {
            return;
        }
        let Some(fact) = event.fact() else { return };
        if !self.record(event, fact) {
            return;
        }
        self.events.push(id);
        self.unknown = None;
        match self.judge() {
            Conclusion::Holds => {}
            Conclusion::Unknown(why) => self.unknown = Some(why),
            Conclusion::Violated(violation) => self.find(id, event.time, violation),
        }
    }

    fn finding(&self) -> Option<&Finding> {
        self.finding.first()
    }

    fn verdict(&self, words: &Words<'_>, _: bool) -> Verdict {
        let without = |state, sentence| Verdict {
            state,
            at: None,
            events: Vec::new(),
            sentence,
        };
        let noun = words.operation;
        match (self.finding.get(), &self.unknown) {
            (Some((finding, violation)), _) => finding.verdict(self.sentence(violation, words)),
            (None, Some(why)) => without(State::Undecided, format!("Not decided: {why}.")),
            (None, None) if self.ended == 0 => {
                without(State::Undecided, format!("No {noun} has ended yet."))
            }
            (None, None) => without(
                State::Holds,
                format!("{} {noun}s, and their answers agree.", self.ended),
            ),
        }
    }
}

/// When an operation ended, in words.
fn ended_at(operation: &Operation) -> String {
    let at = operation.ended.at().unwrap_or_default();
    seconds(SimTime::from_nanos(at.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: Words<'_> = Words {
        node: &|node| format!("n{}", node.0),
        operation: "call",
    };

    struct Trace {
        check: Consistent,
        next: u32,
    }

    impl Trace {
        fn fact(&mut self, node: u16, fact: Fact) -> EventId {
            let id = EventId(self.next);
            self.next += 1;
            let time = SimTime::from_nanos(u64::from(self.next) * 1_000_000);
            self.check
                .observe(id, &Event::of_fact(time, NodeId(node), fact));
            id
        }

        fn invoked(&mut self, node: u16, operation: u32, function: Function, value: i64) {
            let fact = Fact::Invoked {
                operation,
                function,
                key: 7,
                value,
            };
            self.fact(node, fact);
        }

        fn returned(&mut self, node: u16, operation: u32, outcome: Outcome, value: i64) -> EventId {
            let fact = Fact::Returned {
                operation,
                outcome,
                value,
            };
            self.fact(node, fact)
        }

        fn call(&mut self, node: u16, function: Function, value: i64) -> EventId {
            let operation = self.next;
            self.invoked(node, operation, function, value);
            self.returned(node, operation, Outcome::Ok, value)
        }
    }

    fn trace(check: Consistent) -> Trace {
        Trace { check, next: 0 }
    }

    #[test]
    fn a_stale_read_is_found_when_it_returns() {
        let demands = [
            Consistent::linearizable(Model::Register, 0),
            Consistent::session(Guarantee::ReadYourWrites, 0),
        ];
        for check in demands {
            let mut trace = trace(check);
            trace.call(1, Function::Read, 0);
            trace.call(1, Function::Write, 5);
            assert_eq!(trace.check.verdict(&WORDS, false).state, State::Holds);
            let keyframe = trace.check.clone();
            let id = trace.call(1, Function::Read, 0);
            let found = trace
                .check
                .finding()
                .expect("nothing was read after 5 was written");
            assert_eq!(found.event, id);
            assert!(found.events.contains(&id));
            assert!(keyframe.finding().is_none());
            let told = trace.check.verdict(&WORDS, false);
            assert_eq!(told.state, State::Violated);
            assert_eq!(
                told.sentence,
                "n1 read nothing at 0.01 s, after its own write of 5 had been acknowledged at 0.00 s."
            );
        }
    }

    #[test]
    fn a_number_that_is_wrong_is_told_with_what_had_been_added() {
        let mut trace = trace(Consistent::linearizable(Model::Counter, -1));
        for amount in [4, 3] {
            trace.call(1, Function::Add, amount);
        }
        trace.call(2, Function::Read, 4);
        assert_eq!(
            trace.check.verdict(&WORDS, false).sentence,
            "n2 read 4 at 0.01 s, although 7 had been added and acknowledged before it asked."
        );
    }

    #[test]
    fn a_number_that_contradicts_another_read_is_told_with_its_readers_name() {
        let mut trace = trace(Consistent::linearizable(Model::Counter, -1));
        trace.invoked(1, 90, Function::Add, 5);
        trace.call(2, Function::Read, 5);
        trace.call(3, Function::Read, 0);
        let told = trace.check.verdict(&WORDS, false).sentence;
        let begins = "n3 read 0 at 0.01 s: no order of the operations before it allows that";
        assert!(told.starts_with(begins), "{told}");
    }

    #[test]
    fn an_effect_of_unknown_outcome_may_show_or_not() {
        for value in [0, 5] {
            let mut trace = trace(Consistent::linearizable(Model::Register, 0));
            trace.invoked(1, 1, Function::Write, 5);
            trace.returned(1, 1, Outcome::Unknown, 0);
            trace.call(2, Function::Read, value);
            assert_eq!(trace.check.verdict(&WORDS, true).state, State::Holds);
        }
        let mut trace = trace(Consistent::linearizable(Model::Register, 0));
        trace.invoked(1, 1, Function::Write, 5);
        trace.returned(1, 1, Outcome::Fail, 0);
        trace.call(2, Function::Read, 5);
        assert_eq!(trace.check.verdict(&WORDS, true).state, State::Violated);
    }

    #[test]
    fn a_client_may_call_twice_at_once() {
        let mut trace = trace(Consistent::linearizable(Model::Register, 0));
        trace.invoked(1, 1, Function::Write, 5);
        trace.invoked(1, 2, Function::Write, 6);
        trace.returned(1, 2, Outcome::Ok, 0);
        trace.returned(1, 1, Outcome::Ok, 0);
        trace.call(2, Function::Read, 6);
        assert_eq!(trace.check.verdict(&WORDS, false).state, State::Holds);
        assert_eq!(trace.check.history().operations().len(), 3);
    }

    #[test]
    fn a_model_that_does_not_fit_decides_nothing() {
        let mut trace = trace(Consistent::linearizable(Model::Mutex, 0));
        trace.call(1, Function::Write, 5);
        let told = trace.check.verdict(&WORDS, true);
        assert_eq!(told.state, State::Undecided);
        assert!(told.sentence.contains("`write`"), "{}", told.sentence);
    }

    #[test]
    fn causes_come_before_effects() {
        let mut trace = trace(Consistent::causal(Level::Causal, 0));
        trace.call(1, Function::Write, 5);
        trace.call(2, Function::Read, 5);
        trace.call(2, Function::Write, 6);
        trace.call(3, Function::Read, 6);
        assert!(trace.check.finding().is_none());
        trace.call(3, Function::Read, 5);
        assert!(trace.check.finding().is_some());
    }
}
