//! A store that forgets without a word: what it puts on record says that all is well, and what it holds says the rest.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeSet;

use check::watch::{Check, CopiesAgree, LostWrite, Protected, State, Watch, Words};
use sim::network::LinkProfile;
use sim::protocol::CopyOf;
use sim::trace::{Fact, Function, Outcome, Trace};
use sim::{
    Action, Context, Intervention, NodeId, Protocol, Setup, SimDuration, SimTime, Stored, Target,
    World,
};

/// What a store does with its writes.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Keeps {
    /// It keeps them on disk.
    OnDisk,
    /// It keeps them in memory alone.
    InMemory,
    /// It puts each one in the place of the one before, and says nothing of it.
    TheLatest,
}

/// A client that makes a write each 10 ms, and stores that it sends them to.
#[derive(Clone, Hash)]
enum Node {
    Client { next: u32 },
    Store { keeps: Keeps, held: BTreeSet<u32> },
}

#[derive(Clone, Hash)]
enum Message {
    Write(u32),
    Written(u32),
}

const CLIENT: NodeId = NodeId(0);
const STORES: [NodeId; 2] = [NodeId(1), NodeId(2)];
const WRITES: u32 = 5;

impl Node {
    /// It has a write, and tells.
    fn keep(&mut self, operation: u32, context: &mut Context<'_, Self>) {
        let Node::Store { keeps, held } = self else {
            return;
        };
        if *keeps == Keeps::TheLatest {
            held.clear();
        }
        held.insert(operation);
        context.record(stored(operation));
    }
}

fn stored(operation: u32) -> Fact {
    Fact::Stored {
        operation,
        key: 0,
        version: 0,
    }
}

impl Protocol for Node {
    type Message = Message;
    type Timer = ();
    type Record = u32;

    sim::vocabulary! {
        messages {
            Message::Write(operation) => Request "write" [operation] { label: "{0}", says: "write {0}" }
            Message::Written(operation) => Reply "written" [operation] { label: "{0}", says: "{0} is written" }
        }
        timers {
            () => "time to write",
        }
    }

    fn on_start(&mut self, context: &mut Context<'_, Self>) {
        if let Node::Client { .. } = self {
            context.set_timer(SimDuration::from_millis(10), ());
        }
        let found = context.durable().filter_map(|(_, stored)| match stored {
            Stored::Whole(operation) => Some(*operation),
            Stored::Torn => None,
        });
        for operation in found.collect::<Vec<u32>>() {
            self.keep(operation, context);
        }
    }

    fn on_timer(&mut self, (): (), context: &mut Context<'_, Self>) {
        let Node::Client { next } = self else { return };
        *next += 1;
        context.record(Fact::Invoked {
            operation: *next,
            function: Function::Write,
            key: 0,
            value: 0,
        });
        for store in STORES {
            context.send(store, Message::Write(*next));
        }
        if *next < WRITES {
            context.set_timer(SimDuration::from_millis(10), ());
        }
    }

    fn on_message(&mut self, from: NodeId, message: Message, context: &mut Context<'_, Self>) {
        match (&mut *self, message) {
            (Node::Store { keeps, .. }, Message::Write(operation)) => {
                if *keeps == Keeps::OnDisk {
                    context.write(operation.into(), operation);
                    return context.sync(operation.into());
                }
                self.keep(operation, context);
                context.send(from, Message::Written(operation));
            }
            (Node::Client { .. }, Message::Written(operation)) if from == STORES[0] => {
                context.record(Fact::Returned {
                    operation,
                    outcome: Outcome::Ok,
                    value: 0,
                });
            }
            _ => {}
        }
    }

    fn on_synced(&mut self, token: u64, context: &mut Context<'_, Self>) {
        let operation = token as u32;
        self.keep(operation, context);
        context.send(CLIENT, Message::Written(operation));
    }

    fn copies(&self) -> Option<Vec<CopyOf>> {
        let Node::Store { held, .. } = self else {
            return None;
        };
        let held = held.iter().map(|operation| CopyOf {
            key: 0,
            operation: *operation,
        });
        Some(held.collect())
    }
}

/// What a check says by what nodes put on record, and what it says once it has seen what they hold: two stores that keep
/// writes like this, to which something is done 100 ms after the beginning.
fn said(
    check: impl Check + 'static,
    keeps: [Keeps; 2],
    done: &[fn(Target) -> Action],
) -> [State; 2] {
    let stores = keeps.map(|keeps| Node::Store {
        keeps,
        held: BTreeSet::new(),
    });
    let nodes = [Node::Client { next: 0 }]
        .into_iter()
        .chain(stores)
        .collect();
    let setup = Setup::new(1, LinkProfile::ideal(SimDuration::from_millis(1)), 3);
    let mut world = World::new(&setup, nodes);
    let at = SimTime::from_millis(100);
    let done = done
        .iter()
        .flat_map(|act| STORES.map(|store| act(Target::Node(store))));
    let script: Vec<Intervention> = done.map(|action| Intervention { at, action }).collect();
    let (mut watch, mut trace) = (Watch::new(vec![Box::new(check)]), Trace::full());
    let (mut applied, end) = (0, SimTime::from_millis(1000));
    while sim::turn(
        &mut world,
        &mut watch,
        &script,
        &mut applied,
        end,
        &mut trace,
    ) {}
    let state = |watch: &Watch, is_over| {
        let words = Words {
            node: &|node| node.to_string(),
            operation: "write",
        };
        watch
            .checks()
            .next()
            .unwrap()
            .verdict(&words, is_over)
            .state
    };
    let by_record = state(&watch, false);
    sim::conclude(&world, &mut watch, end);
    [by_record, state(&watch, true)]
}

const PROTECTED: [Protected; 2] = [Protected::Acknowledged, Protected::Concurrent];

#[test]
fn a_store_that_overwrites_without_a_word_is_found_out_by_what_it_holds_alone() {
    for protected in PROTECTED {
        let said = |keeps| said(LostWrite::new(protected), [keeps; 2], &[]);
        assert_eq!(said(Keeps::TheLatest), [State::Holds, State::Violated]);
        assert_eq!(said(Keeps::OnDisk), [State::Holds, State::Holds]);
        assert_eq!(said(Keeps::InMemory), [State::Holds, State::Holds]);
    }
    let settles = SimDuration::from_millis(100);
    let agree = |keeps| said(CopiesAgree::new(settles), keeps, &[]);
    let differ = agree([Keeps::OnDisk, Keeps::TheLatest]);
    assert_eq!(differ, [State::Holds, State::Violated]);
    assert_eq!(agree([Keeps::OnDisk; 2]), [State::Holds, State::Holds]);
}

#[test]
fn a_node_that_has_crashed_holds_what_it_would_have_after_a_restart() {
    for protected in PROTECTED {
        let crashed = |keeps| said(LostWrite::new(protected), [keeps; 2], &[Action::Crash]);
        assert_eq!(crashed(Keeps::InMemory), [State::Holds, State::Violated]);
        assert_eq!(crashed(Keeps::OnDisk), [State::Holds, State::Holds]);
    }
}

#[test]
fn a_lost_disk_takes_writes_from_a_node_that_does_not_run_and_from_no_other() {
    let lost = |done: &[fn(Target) -> Action]| {
        said(
            LostWrite::new(Protected::Acknowledged),
            [Keeps::OnDisk; 2],
            done,
        )
    };
    assert_eq!(lost(&[Action::WipeDisk]), [State::Holds, State::Holds]);
    let crashed = lost(&[Action::Crash, Action::WipeDisk]);
    assert_eq!(crashed, [State::Holds, State::Violated]);
}
