//! Histories made to order: valid by construction, and broken on purpose.
//!
//! For tests and benchmarks. Each operation of a valid history takes effect at one moment between
//! its invocation and its return, so a valid history is linearizable; a timed-out one may take
//! effect at any later moment, or never.

use crate::history::{Call, Ended, Function, History, OpId, Process, Time};
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
    mut call: impl FnMut(&mut Dice, u32) -> Call,
) -> History {
    let mut run = Run {
        specification,
        state: specification.initial(),
        history: History::new(),
        late: Vec::new(),
        now: 0,
    };
    let clients = workload.clients.max(1);
    let mut seats: Vec<(Process, Client)> =
        (0..clients).map(|n| (Process(n), Client::Idle)).collect();
    let mut left = workload.operations;
    let mut next_process = clients;
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
            Client::Called(op, _) | Client::Applied(op, _)
                if dice.chance(workload.timeouts / 2) =>
            {
                run.give_up(op, dice);
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
    fn give_up(&mut self, op: OpId, dice: &mut Dice) {
        let ended = self.history.info(op, Time(self.now));
        debug_assert!(ended.is_ok(), "a called operation is open");
        if let Some(operation) = self.history.get(op)
            && dice.chance(500)
        {
            self.late.push(operation.call.clone());
        }
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

/// The calls of Jepsen's etcd test: reads, writes and `cas` of five values in equal parts.
pub fn cas_register_calls(dice: &mut Dice, _: u32) -> Call {
    let mut value = || Value::from(i64::from(dice.below(5)));
    let (a, b) = (value(), value());
    match dice.below(3) {
        0 => Call::new(Function::Read, Value::Nil),
        1 => Call::new(Function::Write, a),
        _ => Call::new(Function::Cas, Value::pair(a, b)),
    }
}

/// Appends of texts that name their client and count up, and reads, half of each.
pub fn append_calls() -> impl FnMut(&mut Dice, u32) -> Call {
    let mut count = 0;
    move |dice, client| {
        if dice.chance(500) {
            return Call::new(Function::Read, Value::Nil);
        }
        count += 1;
        Call::new(
            Function::Append,
            Value::Text(format!("x {client} {count} y")),
        )
    }
}

/// The history with the result of one operation replaced.
pub fn with_result(history: &History, op: OpId, result: &Value) -> History {
    rebuild(history, |operation| match &operation.ended {
        Ended::Ok { .. } if operation.id == op => Some(result.clone()),
        _ => None,
    })
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

fn rebuild(
    history: &History,
    mut replace: impl FnMut(&crate::history::Operation) -> Option<Value>,
) -> History {
    let mut copy = History::new();
    for (number, event) in (0..).zip(history.events()) {
        let (Some(operation), Some(at)) = (history.get(event.op()), history.time_of(number)) else {
            continue;
        };
        let copied = match (event, &operation.ended) {
            (crate::history::Event::Invoke(_), _) => copy
                .invoke(operation.process, operation.call.clone(), at)
                .map(|_| ()),
            (_, Ended::Ok { result, .. }) => {
                let result = replace(operation).unwrap_or_else(|| result.clone());
                copy.ok(operation.id, result, at)
            }
            (_, Ended::Fail { .. }) => copy.fail(operation.id, at),
            (_, Ended::Info { .. }) => copy.info(operation.id, at),
            (_, Ended::Open) => Ok(()),
        };
        debug_assert_eq!(copied, Ok(()), "a copy fits as the original did");
    }
    copy
}
