//! Payments through a bank: at-least-once requests, and idempotency keys that make their effect happen once.
//!
//! A client asks the bank to charge it and waits for a receipt. If none comes in time, the request may be lost, the
//! receipt may be lost, or both may just be late: the client cannot tell. If it does not ask again, a payment may never
//! happen. If it does, a payment may happen twice, unless the bank recognises the second request by its key (Helland,
//! *Idempotence is not a medical condition*, ACM Queue 10(4), 2012; the `Idempotency-Key` header of HTTP payment
//! services works the same way).
//!
//! The bank's books are on disk: a charge counts, and its receipt leaves, when it is durable. The keys are another
//! matter. A bank that keeps them only in memory treats every payment from before its last restart as a new one. Keys
//! that are synced together with their charges are as durable as the books.
//!
//! | module | its subject |
//! | --- | --- |
//! | `client` | pays, and asks again if no receipt comes |
//! | `bank` | charges, and keeps the books |

mod bank;
mod client;
#[cfg(test)]
mod tests;

use sim::{Context, Machine, NodeId, Protocol, Setup, SimDuration};

use crate::describe::choices::{choices, count, defence, many, milliseconds, one, operations};
use crate::describe::entry::{Plan, ProtocolEntry};
use crate::describe::roles::roles;
use crate::describe::world::world;
use bank::{Bank, Record};
use client::Client;

/// Payments, for scenarios.
pub static ENTRY: ProtocolEntry = Choices::entry(
    "payments",
    "Clients pay through a bank, one payment after the other, each waiting for its receipt.",
    &Node::VOCABULARY,
    build,
)
.with_disks().mended(&["A charge was on record when the bank heard of it, so one that came before a crash or a pause could be missing."]);

choices! {
    /// What a scenario chooses for payments.
    struct Choices {
        roles {
            clients: Vec<NodeId> = many("client", 1..=12).speaks_to(&["bank"]),
            bank: NodeId = one("bank"),
        }
        parameters {
            payments: u32 = operations("payments", "Payments", 10, 1..=1000,
                "How many payments each client makes."),
            amount: u32 = count("amount", "Amount", 30, 1..=1_000_000,
                "How much a payment moves."),
            pause: SimDuration = milliseconds("pause", "Pause", 400, 0..=60_000,
                "How long a client rests between two payments."),
            timeout: SimDuration = milliseconds("timeout", "Timeout", 400, 1..=60_000,
                "How long a client waits for a receipt."),
        }
        defences {
            retries: bool = defence("retry", "Retry after a timeout",
                "A payment whose request was lost is requested again."),
            knows_keys: bool = defence("idempotency-key", "Idempotency key",
                "A payment that is requested twice is charged once."),
            keeps_keys: bool = defence("key-survives-restart", "Keys on disk",
                "A bank that has crashed still knows the keys of what it charged before."),
        }
    }
}

fn build(plan: &Plan, setup: &Setup) -> Box<dyn Machine> {
    let choices = Choices::of(plan);
    let clients = choices.clients.iter().enumerate();
    let clients = clients.map(|(place, node)| (*node, Node::Client(Client::new(&choices, place))));
    let bank = (choices.bank, Node::Bank(Bank::new(&choices)));
    world(setup, clients.chain([bank]))
}

/// A node of the payment service.
#[derive(Clone, Debug, Hash)]
pub enum Node {
    /// Someone who pays.
    Client(Client),
    /// The bank.
    Bank(Bank),
}

/// What the nodes tell each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Message {
    /// Please charge me. The payment's number serves as its idempotency key.
    Pay {
        /// The payment's number, unique in the run.
        payment: u32,
        /// How much.
        amount: i64,
        /// Which attempt this is, from 1.
        attempt: u32,
    },
    /// You were charged.
    Receipt {
        /// The payment's number.
        payment: u32,
        /// The number of the charge in the bank's books.
        charge: u32,
    },
}

/// What a client waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Timer {
    /// Time for the next payment.
    Next,
    /// The receipt has not come in time.
    NoReceipt,
}

impl Protocol for Node {
    type Message = Message;
    type Timer = Timer;
    type Record = Record;

    sim::vocabulary! {
        messages {
            Message::Pay { payment, amount, attempt } => Request "pay" [payment, amount, attempt] {
                label: "pay #{0}",
                says: "charge me {1} for payment #{0} (attempt {2})",
            }
            Message::Receipt { payment, charge } => Reply "receipt" [payment, charge] {
                label: "receipt #{0}",
                says: "payment #{0} is charged (charge {1})",
            }
        }
        timers {
            Timer::Next => "time for the next payment",
            Timer::NoReceipt => timeout "no receipt in time",
        }
        operations {
            "pay": "Begin the next payment at once" by ["client"] => Node::Client => Client::begin,
        }
    }

    roles! { Node::Client, Node::Bank }

    fn on_message(&mut self, from: NodeId, message: Message, context: &mut Context<'_, Self>) {
        match (self, message) {
            (
                Node::Bank(bank),
                Message::Pay {
                    payment, amount, ..
                },
            ) => bank.pay(from, payment, amount, context),
            (Node::Client(client), Message::Receipt { payment, .. }) => {
                client.receipt(payment, context)
            }
            _ => {}
        }
    }

    fn on_timer(&mut self, timer: Timer, context: &mut Context<'_, Self>) {
        if let Node::Client(client) = self {
            match timer {
                Timer::Next => client.begin(context),
                Timer::NoReceipt => client.no_receipt(context),
            }
        }
    }
}
