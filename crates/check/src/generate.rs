//! Histories made to order: valid by construction, and broken on purpose.
//!
//! For tests and benchmarks. Each operation of a valid history takes effect at one moment between
//! its invocation and its return, so a valid history is linearizable; a timed-out one may take
//! effect at any later moment, or never.

use crate::history::{Call, Ended, Event, Function, History, OpId, Process, Time};
use crate::model::Specification;
use crate::value::Value;

/// A small stream of pseudo-random numbers (SplitMix64), the same everywhere.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// The stream of a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `bound`; 0 if there is none.
    pub fn below(&mut self, bound: u32) -> u32 {
        // The high half of a 32 x 32 bit product fits 32 bits.
        ((u64::from(bound) * (self.next() >> 32)) >> 32) as u32
    }

    /// Whether a chance of `of_1000` in a thousand comes true.
    pub fn chance(&mut self, of_1000: u32) -> bool {
        self.below(1000) < of_1000
    }

    /// One of several; `None` of none.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.below(u32::try_from(from.len()).unwrap_or(u32::MAX)) as usize)
    }
}

/// How many clients call how often, and how often they give up.
#[derive(Clone, Copy, Debug)]
pub struct Workload {
    /// Clients at any one time.
    pub clients: u32,
    /// Calls in all.
    pub operations: u32,
    /// How many of 1000 calls time out.
    pub timeouts: u32,
    /// How many clients are inside a call at most, of those there are.
    pub overlap: u32,
}

enum Client {
    Idle,
    Called(OpId, Call),
    Applied(OpId, Value),
}

/// Lets clients use an object and writes down what they were told.
///
/// `call` draws what the client with this number calls next. A client that gives up comes back
/// under a new process number, as Jepsen's clients do.
pub fn valid<S: Specification>(
    specification: &S,
    workload: Workload,
    dice: &mut Dice,
    call: impl FnMut(&mut Dice, u32) -> Call,
) -> History {
    valid_after(specification, &[], workload, dice, call)
}

/// The same, where before everything else `open` calls were made and given up, by clients that never come back. About
/// half of them take effect at some later moment, as far as there is one.
pub fn valid_after<S: Specification>(
    specification: &S,
    open: &[Call],
    workload: Workload,
    dice: &mut Dice,
    mut call: impl FnMut(&mut Dice, u32) -> Call,
) -> History {
    let mut run = Run {
        specification,
        state: specification.initial(),
        history: History::new(),
        late: Vec::new(),
        now: 0,
    };
    let mut next_process = workload.clients.max(1);
    for call in open {
        let client = run.invoke(Process(next_process), call.clone());
        run.give_up(client, dice);
        next_process += 1;
    }
    let clients = workload.clients.max(1);
    let mut seats: Vec<(Process, Client)> =
        (0..clients).map(|n| (Process(n), Client::Idle)).collect();
    let mut left = workload.operations;
    loop {
        run.now += 1_000 + u64::from(dice.below(1_000_000));
        let busy = seats
            .iter()
            .filter(|(_, client)| !matches!(client, Client::Idle))
            .count();
        if busy == 0 && left == 0 {
            return run.history;
        }
        let seat = dice.below(clients) as usize;
        let (process, client) = &mut seats[seat];
        *client = match std::mem::replace(client, Client::Idle) {
            Client::Idle if left > 0 && busy < workload.overlap.max(1) as usize => {
                left -= 1;
                run.invoke(*process, call(dice, seat as u32))
            }
            Client::Idle => Client::Idle,
            given_up @ (Client::Called(..) | Client::Applied(..))
                if dice.chance(workload.timeouts / 2) =>
            {
                run.give_up(given_up, dice);
                *process = Process(next_process);
                next_process += 1;
                Client::Idle
            }
            Client::Called(op, call) => run.apply(op, call),
            Client::Applied(op, answer) => run.answer(op, answer),
        };
        if dice.chance(100) {
            run.apply_late(dice);
        }
    }
}

struct Run<'a, S: Specification> {
    specification: &'a S,
    state: S::State,
    history: History,
    /// Calls that were given up and may yet take effect.
    late: Vec<Call>,
    now: u64,
}

impl<S: Specification> Run<'_, S> {
    fn invoke(&mut self, process: Process, call: Call) -> Client {
        match self.history.invoke(process, call.clone(), Time(self.now)) {
            Ok(op) => Client::Called(op, call),
            Err(_) => Client::Idle,
        }
    }

    fn apply(&mut self, op: OpId, call: Call) -> Client {
        let answer = self.specification.answer(&self.state, &call);
        let after = answer
            .as_ref()
            .and_then(|a| self.specification.step(&self.state, &call, Some(a)));
        match (answer, after) {
            (Some(answer), Some(after)) => {
                self.state = after;
                Client::Applied(op, answer)
            }
            // Not allowed now, so the client is told that nothing happened.
            _ => {
                let ended = self.history.fail(op, Time(self.now));
                debug_assert!(ended.is_ok(), "a called operation is open");
                Client::Idle
            }
        }
    }

    fn answer(&mut self, op: OpId, answer: Value) -> Client {
        let ended = self.history.ok(op, answer, Time(self.now));
        debug_assert!(ended.is_ok(), "an applied operation is open");
        Client::Idle
    }

    /// The client leaves; if its call has not taken effect, it may do so later.
    fn give_up(&mut self, client: Client, dice: &mut Dice) {
        let op = match client {
            Client::Idle => return,
            Client::Applied(op, _) => op,
            Client::Called(op, call) => {
                if dice.chance(500) {
                    self.late.push(call);
                }
                op
            }
        };
        let ended = self.history.info(op, Time(self.now));
        debug_assert!(ended.is_ok(), "a called operation is open");
    }

    fn apply_late(&mut self, dice: &mut Dice) {
        let Ok(count) = u32::try_from(self.late.len()) else {
            return;
        };
        if count == 0 {
            return;
        }
        let call = self.late.swap_remove(dice.below(count) as usize);
        if let Some(after) = self.specification.step(&self.state, &call, None) {
            self.state = after;
        }
    }
}

/// The calls of Jepsen's etcd test: reads, writes and `cas` of five values, in equal parts.
pub fn cas_register_calls(dice: &mut Dice, _: u32) -> Call {
    let mut value = || Value::from(i64::from(dice.below(5)));
    let (a, b) = (value(), value());
    match dice.below(3) {
        0 => Call::new(Function::Read, Value::Nil),
        1 => Call::new(Function::Write, a),
        _ => Call::new(Function::Cas, Value::pair(a, b)),
    }
}

/// Texts that name their client and count up: half of the calls read, and of the rest, `puts` of
/// 1000 replace the content and the others append to it.
pub fn text_calls(puts: u32) -> impl FnMut(&mut Dice, u32) -> Call {
    let mut count = 0;
    move |dice, client| {
        if dice.chance(500) {
            return Call::new(Function::Read, Value::Nil);
        }
        count += 1;
        let function = if dice.chance(puts) {
            Function::Write
        } else {
            Function::Append
        };
        Call::new(function, Value::text(format!("x {client} {count} y")))
    }
}

/// Histories of one object each, as one history of several: the operations of the `i`-th get the
/// key `i`, their processes numbers of their own, and their entries are merged by time.
pub fn keyed(histories: &[History]) -> History {
    let mut entries = Vec::new();
    let mut first_process = 0;
    for (key, history) in (0..).zip(histories) {
        let last = history.operations().iter().map(|op| op.process.0).max();
        for (number, event) in (0..).zip(history.events()) {
            entries.push((history.time_of(number), key, number, *event, first_process));
        }
        first_process += last.map_or(0, |last| last + 1);
    }
    entries.sort_unstable_by_key(|&(at, key, number, ..)| (at, key, number));
    let mut merged = History::new();
    for (at, key, _, event, first_process) in entries {
        let from = histories
            .get(key as usize)
            .and_then(|history| history.get(event.op()));
        if let (Some(operation), Some(at)) = (from, at) {
            let process = Process(first_process + operation.process.0);
            let call = Call {
                key: Some(Value::Int(key)),
                ..operation.call.clone()
            };
            copy(&mut merged, event, process, call, &operation.ended, at);
        }
    }
    merged
}

fn copy(to: &mut History, event: Event, process: Process, call: Call, ended: &Ended, at: Time) {
    let copied = match (event, to.open(process), ended) {
        (Event::Invoke(_), ..) => to.invoke(process, call, at).map(|_| ()),
        (_, Some(op), Ended::Ok { result, .. }) => to.ok(op, result.clone(), at),
        (_, Some(op), Ended::Fail { .. }) => to.fail(op, at),
        (_, Some(op), Ended::Info { .. }) => to.info(op, at),
        (_, None, _) | (_, _, Ended::Open) => Ok(()),
    };
    debug_assert_eq!(copied, Ok(()), "a copy fits as the original did");
}

/// The history with the result of one operation replaced, if that ended ok.
pub fn with_result(history: &History, op: OpId, result: &Value) -> History {
    let mut changed = History::new();
    for (number, &event) in (0..).zip(history.events()) {
        let (Some(operation), Some(at)) = (history.get(event.op()), history.time_of(number)) else {
            continue;
        };
        let mut ended = operation.ended.clone();
        if let (Ended::Ok { result: told, .. }, true) = (&mut ended, operation.id == op) {
            told.clone_from(result);
        }
        copy(
            &mut changed,
            event,
            operation.process,
            operation.call.clone(),
            &ended,
            at,
        );
    }
    changed
}

/// Gives a random read that ended ok the result of another one: a near miss, and perhaps valid.
pub fn with_a_swapped_read(history: &History, dice: &mut Dice) -> History {
    let reads: Vec<OpId> = history
        .operations()
        .iter()
        .filter(|op| op.call.function == Function::Read && op.result().is_some())
        .map(|op| op.id)
        .collect();
    let other = dice
        .pick(&reads)
        .and_then(|&op| history.get(op))
        .and_then(|op| op.result());
    match (dice.pick(&reads), other) {
        (Some(&read), Some(result)) => with_result(history, read, result),
        _ => history.clone(),
    }
}
