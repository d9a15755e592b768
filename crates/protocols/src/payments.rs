//! Payments through a bank: at-least-once requests, and idempotency keys that make their effect happen once.
//!
//! A client asks the bank to charge it and waits for a receipt. If none comes in time, the request may be lost, the
//! receipt may be lost, or both may just be late: the client cannot tell. If it does not ask again, a payment may never
//! happen; if it does, a payment may happen twice, unless the bank recognises the second request by its key (Helland,
//! *Idempotence is not a medical condition*, ACM Queue 10(4), 2012; the `Idempotency-Key` header of HTTP payment
//! services works the same way).

use std::collections::BTreeMap;

use sim::protocol::{
    Description, Gist, MessageSort, MessageWord, OperationWord, Outlook, TimerWord, Vocabulary,
};
use sim::trace::{Fact, Function, Outcome};
use sim::{Context, Machine, NodeId, Protocol, Setup, SimDuration, TimerId, World};

use crate::entry::{DefenceSpec, ParameterSpec, Plan, ProtocolEntry, Quantity, RoleSpec, ms};

/// Payments, for scenarios.
pub const ENTRY: ProtocolEntry = ProtocolEntry {
    id: "payments",
    about: "Clients pay through a bank, one payment after the other, each waiting for its receipt.",
    roles: &[
        RoleSpec {
            id: "client",
            fewest: 1,
            most: 12,
        },
        RoleSpec {
            id: "bank",
            fewest: 1,
            most: 1,
        },
    ],
    parameters: &[
        ParameterSpec {
            id: "payments",
            label: "Payments",
            about: "How many payments each client makes.",
            quantity: Quantity::Count,
            default: 10.0,
            min: 1.0,
            max: 1000.0,
        },
        ParameterSpec {
            id: "amount",
            label: "Amount",
            about: "How much a payment moves.",
            quantity: Quantity::Count,
            default: 30.0,
            min: 1.0,
            max: 1_000_000.0,
        },
        ParameterSpec {
            id: "pause",
            label: "Pause",
            about: "How long a client rests between two payments.",
            quantity: Quantity::Duration,
            default: ms(400),
            min: 0.0,
            max: ms(60_000),
        },
        ParameterSpec {
            id: "timeout",
            label: "Timeout",
            about: "How long a client waits for a receipt.",
            quantity: Quantity::Duration,
            default: ms(400),
            min: ms(1),
            max: ms(60_000),
        },
    ],
    defences: &[
        DefenceSpec {
            id: "retry",
            label: "Retry after a timeout",
            protects: "A payment whose request was lost is asked for again.",
        },
        DefenceSpec {
            id: "idempotency-key",
            label: "Idempotency key",
            protects: "A payment that is asked for twice is charged once.",
        },
    ],
    vocabulary: &<Node as Protocol>::VOCABULARY,
    build,
};

fn build(plan: &Plan, setup: &Setup) -> Box<dyn Machine> {
    let bank = plan.nodes("bank")[0];
    let clients = plan.nodes("client");
    let seats = (0..plan.roles.len() as u16).map(NodeId);
    let nodes = seats.map(
        |node| match clients.iter().position(|client| *client == node) {
            Some(place) => Node::Client(Client {
                bank,
                retries: plan.has("retry"),
                payments: plan.count("payments"),
                amount: i64::from(plan.count("amount")),
                pause: plan.duration("pause"),
                timeout: plan.duration("timeout"),
                first: place as u32 + 1,
                stride: clients.len() as u32,
                begun: 0,
                paid: 0,
                given_up: 0,
                open: None,
            }),
            None => Node::Bank(Bank {
                knows_keys: plan.has("idempotency-key"),
                charges: 0,
                total: 0,
                receipts: BTreeMap::new(),
            }),
        },
    );
    Box::new(World::new(setup, nodes.collect()))
}

/// A node of the payment service.
#[derive(Clone, Debug)]
pub enum Node {
    /// Someone who pays.
    Client(Client),
    /// The bank.
    Bank(Bank),
}

/// What the nodes tell each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timer {
    /// Time for the next payment.
    Next,
    /// The receipt has not come in time.
    NoReceipt,
}

/// A client that makes one payment after the other.
#[derive(Clone, Debug)]
pub struct Client {
    bank: NodeId,
    retries: bool,
    payments: u32,
    amount: i64,
    pause: SimDuration,
    timeout: SimDuration,
    /// The number of its first payment, and how far its numbers lie apart.
    first: u32,
    stride: u32,
    begun: u32,
    paid: u32,
    given_up: u32,
    open: Option<Open>,
}

/// A payment without a receipt yet.
#[derive(Clone, Copy, Debug)]
struct Open {
    payment: u32,
    attempt: u32,
    /// When it was first asked for, by the client's monotonic clock.
    since: i64,
    timer: TimerId,
}

/// A bank that charges what it is asked to charge.
#[derive(Clone, Debug)]
pub struct Bank {
    knows_keys: bool,
    charges: u32,
    total: i64,
    /// The receipt that each key was given.
    receipts: BTreeMap<u32, u32>,
}

impl Protocol for Node {
    type Message = Message;
    type Timer = Timer;
    type Record = ();

    const VOCABULARY: Vocabulary = Vocabulary {
        messages: &[
            MessageWord {
                name: "pay",
                label: "pay #{0}",
                says: "charge me {1} for payment #{0} (attempt {2})",
                sort: MessageSort::Request,
            },
            MessageWord {
                name: "receipt",
                label: "receipt #{0}",
                says: "payment #{0} is charged, in charge {1}",
                sort: MessageSort::Reply,
            },
        ],
        timers: &[
            TimerWord {
                says: "time for the next payment",
                is_timeout: false,
            },
            TimerWord {
                says: "no receipt in time",
                is_timeout: true,
            },
        ],
        operations: &[OperationWord {
            name: "pay",
            does: "Begin the next payment at once",
        }],
    };

    fn on_start(&mut self, context: &mut Context<'_, Self>) {
        if let Node::Client(client) = self {
            // Clients do not begin in step: each waits its share of the pause.
            let share = client
                .pause
                .scaled_permille(1000 * client.first / (client.stride + 1));
            context.set_timer(share, Timer::Next);
        }
    }

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

    fn on_operation(&mut self, _operation: u8, _argument: i64, context: &mut Context<'_, Self>) {
        if let Node::Client(client) = self {
            client.begin(context);
        }
    }

    fn gist(message: &Message) -> Gist {
        match *message {
            Message::Pay {
                payment,
                amount,
                attempt,
            } => Gist {
                kind: 0,
                args: [i64::from(payment), amount, i64::from(attempt)],
            },
            Message::Receipt { payment, charge } => Gist {
                kind: 1,
                args: [i64::from(payment), i64::from(charge), 0],
            },
        }
    }

    fn timer_kind(timer: &Timer) -> u8 {
        *timer as u8
    }

    fn role(&self) -> &'static str {
        match self {
            Node::Client(_) => "client",
            Node::Bank(_) => "bank",
        }
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        match self {
            Node::Client(client) => client.describe(outlook),
            Node::Bank(bank) => bank.describe(),
        }
    }
}

impl Client {
    fn begin(&mut self, context: &mut Context<'_, Node>) {
        if self.open.is_some() || self.begun == self.payments {
            return;
        }
        let payment = self.first + self.begun * self.stride;
        self.begun += 1;
        context.record(Fact::Invoked {
            operation: payment,
            function: Function::Pay,
            key: i64::from(context.me().0),
            value: self.amount,
        });
        self.ask(payment, 1, context.monotonic(), context);
    }

    fn ask(&mut self, payment: u32, attempt: u32, since: i64, context: &mut Context<'_, Node>) {
        context.send(
            self.bank,
            Message::Pay {
                payment,
                amount: self.amount,
                attempt,
            },
        );
        let timer = context.set_timer(self.timeout, Timer::NoReceipt);
        self.open = Some(Open {
            payment,
            attempt,
            since,
            timer,
        });
    }

    fn receipt(&mut self, payment: u32, context: &mut Context<'_, Node>) {
        // A receipt for a payment that is settled or given up tells the client nothing it can act on.
        let Some(open) = self.open.take_if(|open| open.payment == payment) else {
            return;
        };
        context.cancel_timer(open.timer);
        self.paid += 1;
        context.record(Fact::Returned {
            operation: payment,
            outcome: Outcome::Ok,
            value: self.amount,
        });
        context.set_timer(self.pause, Timer::Next);
    }

    fn no_receipt(&mut self, context: &mut Context<'_, Node>) {
        let Some(open) = self.open else { return };
        if self.retries {
            context.record(Fact::Retried {
                operation: open.payment,
                attempt: i64::from(open.attempt) + 1,
            });
            self.ask(open.payment, open.attempt + 1, open.since, context);
        } else {
            self.open = None;
            self.given_up += 1;
            context.record(Fact::Returned {
                operation: open.payment,
                outcome: Outcome::Unknown,
                value: 0,
            });
            context.set_timer(self.pause, Timer::Next);
        }
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        let bank = (outlook.name)(self.bank);
        let belief = match self.open {
            Some(open) => {
                let waited = (outlook.monotonic - open.since) as f64 / 1e9;
                let asked = if open.attempt == 1 {
                    "once".to_owned()
                } else {
                    format!("{} times", open.attempt)
                };
                format!(
                    "I asked {bank} {asked} for payment #{} and have waited {waited:.1} s. Whether it was charged, I cannot know.",
                    open.payment
                )
            }
            None if self.begun == self.payments => "All my payments are behind me.".to_owned(),
            None => format!("{bank} owes me no answer."),
        };
        let mut state = vec![(
            "receipts".to_owned(),
            format!("{} of {}", self.paid, self.payments),
        )];
        if self.given_up > 0 {
            state.push(("given up".to_owned(), self.given_up.to_string()));
        }
        Description {
            badge: format!("{} receipts", self.paid),
            state,
            beliefs: vec![belief],
        }
    }
}

impl Bank {
    fn pay(&mut self, from: NodeId, payment: u32, amount: i64, context: &mut Context<'_, Node>) {
        let known = self
            .receipts
            .get(&payment)
            .copied()
            .filter(|_| self.knows_keys);
        let charge = known.unwrap_or_else(|| self.charge(payment, amount, context));
        context.send(from, Message::Receipt { payment, charge });
    }

    fn charge(&mut self, payment: u32, amount: i64, context: &mut Context<'_, Node>) -> u32 {
        self.charges += 1;
        self.total += amount;
        if self.knows_keys {
            self.receipts.insert(payment, self.charges);
        }
        context.record(Fact::Effect {
            operation: payment,
            amount,
            total: self.total,
        });
        self.charges
    }

    fn describe(&self) -> Description {
        let mut state = vec![
            ("charges".to_owned(), self.charges.to_string()),
            ("taken in".to_owned(), self.total.to_string()),
        ];
        if self.knows_keys {
            state.push(("keys known".to_owned(), self.receipts.len().to_string()));
        }
        let belief = if self.knows_keys {
            "A key that I have seen stands for a payment that I have charged."
        } else {
            "Every request that reaches me is a new payment."
        };
        Description {
            badge: format!("{} charges", self.charges),
            state,
            beliefs: vec![belief.to_owned()],
        }
    }
}
