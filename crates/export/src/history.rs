//! What clients asked for and were told, as Jepsen's EDN: one entry per line.
//!
//! A process is a client's number among the nodes, and a comment names it. A client that calls again before its last call has
//! ended, or that crashed over it, calls as another process, because a process does one thing after another. Functions are
//! those that `slowfire check` reads; payments and requests, which have no model there, are `:pay` and `:request`.

use std::fmt::Write;

use check::format::EdnEntry;
use check::history::Function as Known;
use check::history::facts::Reading;
use check::value::Value;
use scenario::checks::CheckSettings;
use scenario::document::Scenario;
use sim::NodeId;
use sim::trace::{Event, Fact, Function, Outcome};

/// Processes beyond the first of a node have numbers beyond those of all nodes.
const FURTHER: u32 = 1 << 16;

pub(crate) struct History {
    reading: Reading,
    names: Vec<String>,
    processes: Vec<Process>,
    /// The calls that have not ended: few, since a client waits for most.
    open: Vec<Call>,
    entries: usize,
    /// A kind of call that no model knows.
    unread: Option<&'static str>,
}

struct Process {
    node: NodeId,
    number: u32,
    /// Whether it has an open call.
    is_open: bool,
}

struct Call {
    /// Its number in the run.
    operation: u32,
    process: u32,
    /// What is called, if a model knows it.
    known: Option<Known>,
    /// Its name.
    function: &'static str,
    key: Option<Value>,
    argument: Value,
}

impl History {
    pub(crate) fn of(scenario: &Scenario) -> History {
        History {
            reading: Reading {
                nil: scenario.checks.iter().find_map(CheckSettings::nil),
            },
            names: scenario
                .nodes
                .iter()
                .map(|node| node.name.clone())
                .collect(),
            processes: Vec::new(),
            open: Vec::new(),
            entries: 0,
            unread: None,
        }
    }

    pub(crate) fn begin(link: &str, out: &mut String) {
        let _ = writeln!(out, "; Slowfire, the history of {link}");
    }

    pub(crate) fn event(&mut self, event: &Event, out: &mut String) {
        let time = event.time.as_nanos();
        match event.fact() {
            Some(Fact::Invoked {
                operation,
                function,
                key,
                value,
            }) => {
                let process = self.take_process(event.node, out);
                let call = self.call(operation, process, function, key, value);
                let is_unread = call.known.is_none();
                self.unread = self.unread.or(is_unread.then_some(call.function));
                self.write(time, "invoke", &call, &call.argument, out);
                self.open.push(call);
            }
            Some(Fact::Returned {
                operation,
                outcome,
                value,
            }) => {
                let mut open = self.open.iter();
                let Some(place) = open.position(|call| call.operation == operation) else {
                    return;
                };
                let call = self.open.swap_remove(place);
                if outcome != Outcome::Unknown {
                    self.free_process(call.process);
                }
                let (kind, result) = match outcome {
                    Outcome::Ok => ("ok", self.result(&call, value)),
                    Outcome::Fail => ("fail", None),
                    Outcome::Unknown => ("info", None),
                };
                let value = result.as_ref().unwrap_or(&call.argument);
                self.write(time, kind, &call, value, out);
            }
            _ => {}
        }
    }

    /// Says so where the checkers can make nothing of it.
    pub(crate) fn end(&self, out: &mut String) {
        if self.entries == 0 {
            out.push_str("; no client of this run called anything, so there is nothing to judge\n");
        } else if let Some(kind) = self.unread {
            let _ = writeln!(
                out,
                "; the checkers have no model for :{kind}, so they cannot judge this history"
            );
        }
    }

    fn call(&self, operation: u32, process: u32, does: Function, key: i64, value: i64) -> Call {
        let read = self.reading.call(does, key, value);
        let known = read.as_ref().map(|call| call.function);
        let (function, key, argument) = match (read, does) {
            (Some(call), _) => (call.function.name(), call.key, call.argument),
            (None, Function::Pay) => ("pay", None, Value::Int(value)),
            (None, _) => ("request", None, Value::Int(value)),
        };
        Call {
            operation,
            process,
            known,
            function,
            key,
            argument,
        }
    }

    /// What an answered call returned, if that says more than what it was called with.
    fn result(&self, call: &Call, value: i64) -> Option<Value> {
        let function = call.known?;
        let result = self.reading.result(function, value);
        (function == Known::Read || result != Value::Nil).then_some(result)
    }

    /// A process of the node that has no open call.
    fn take_process(&mut self, node: NodeId, out: &mut String) -> u32 {
        let mut own = self
            .processes
            .iter_mut()
            .filter(|process| process.node == node);
        if let Some(free) = own.find(|process| !process.is_open) {
            free.is_open = true;
            return free.number;
        }
        let has_others = self.processes.iter().any(|process| process.node == node);
        let number = if has_others {
            FURTHER + self.processes.len() as u32
        } else {
            u32::from(node.0)
        };
        self.processes.push(Process {
            node,
            number,
            is_open: true,
        });
        let name = self.names.get(node.index()).map_or("", String::as_str);
        let _ = writeln!(out, "; process {number} is {name}");
        number
    }

    /// After an unknown outcome a process calls no more, because its last call may still take effect: so it is in Jepsen.
    fn free_process(&mut self, number: u32) {
        let mut processes = self.processes.iter_mut();
        if let Some(own) = processes.find(|process| process.number == number) {
            own.is_open = false;
        }
    }

    fn write(&mut self, time: u64, kind: &str, call: &Call, value: &Value, out: &mut String) {
        let entry = EdnEntry {
            index: self.entries,
            time,
            process: &Value::Int(call.process.into()),
            kind,
            function: call.function,
            key: call.key.as_ref(),
            value,
        };
        let _ = writeln!(out, "{entry}");
        self.entries += 1;
    }
}

#[cfg(test)]
mod tests {
    use crate::{Form, Writing};
    use check::consistency::budget::Budget;
    use check::format::Keyed;
    use check::model::ModelName;
    use check::verify::{Consistency, Question, verify};
    use scenario::Run;
    use sim::SimTime;

    fn history(link: &str) -> String {
        let (mut run, problems) = Run::open(link);
        assert_eq!(problems, []);
        run.seek(SimTime::NEVER);
        Writing::new(Form::History, &run).to_end(&run)
    }

    fn answer(history: &str, model: ModelName) -> &'static str {
        let question = Question {
            model,
            consistency: Consistency::Linearizable,
            keyed: Keyed::Detect,
            initial: None,
            budget: Budget::default(),
        };
        verify(history, question).word()
    }

    /// What a lab's own check says of a run, the checkers say of its history as a file.
    #[test]
    fn a_history_is_judged_in_a_file_as_in_its_run() {
        let mut judged = 0;
        for lab in scenario::lab::labs() {
            let kinds = lab.scenario.checks.iter().map(|check| check.kind.id);
            let model = kinds.fold(None, |found, id| match id {
                "linearizable" => Some(("linearizable", ModelName::Register)),
                "linearizable-cas" => Some(("linearizable-cas", ModelName::CasRegister)),
                _ => found,
            });
            let Some((id, model)) = model else { continue };
            let (mut run, _) = Run::open(&format!("#/{}", lab.id));
            run.seek(SimTime::NEVER);
            let verdicts = run.verdicts();
            let own = verdicts.iter().find(|said| said.check.kind.id == id);
            let is_violated = own.is_some_and(|said| said.violated_at.is_some());
            let text = Writing::new(Form::History, &run).to_end(&run);
            let expected = if is_violated { "invalid" } else { "valid" };
            assert_eq!(answer(&text, model), expected, "{}", lab.id);
            judged += 1;
        }
        assert!(judged > 2, "{judged} labs");
    }

    #[test]
    fn payments_are_there_by_their_own_name() {
        let text = history("#/double-charge");
        assert!(text.contains(":type :invoke, :f :pay, :value "), "{text}");
        assert!(text.contains("; process 0 is "), "{text}");
    }

    #[test]
    fn a_history_that_nobody_can_judge_says_so() {
        for (lab, says) in [
            (
                "ntp-over-a-bad-network",
                "\n; no client of this run called anything",
            ),
            ("double-charge", "\n; the checkers have no model for :pay"),
        ] {
            let text = history(&format!("#/{lab}"));
            assert!(text.contains(says), "{lab}: {text}");
        }
        let judged = history("#/stale-read");
        assert!(!judged.contains("\n; no ") && !judged.contains("\n; the checkers"));
    }
}
