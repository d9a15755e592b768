//! Payments through a bank: at-least-once requests, and idempotency keys that make their effect happen once.
//!
//! A client asks the bank to charge it and waits for a receipt. If none comes in time, the request may be lost, the
//! receipt may be lost, or both may just be late: the client cannot tell. If it does not ask again, a payment may never
//! happen; if it does, a payment may happen twice, unless the bank recognises the second request by its key (Helland,
//! *Idempotence is not a medical condition*, ACM Queue 10(4), 2012; the `Idempotency-Key` header of HTTP payment
//! services works the same way).
//!
//! The bank's books are on disk: a charge counts, and its receipt leaves, when it is durable. The keys are another
//! matter. A bank that remembers them in memory alone takes every payment of before its last restart for a new one;
//! kept in the same sync as the charge that they stand for, they are as durable as the books.

use sim::sorted::Map;

use sim::protocol::{Description, Outlook};
use sim::trace::{Fact, Function, Outcome};
use sim::{Context, Machine, NodeId, Protocol, Setup, SimDuration, Stored, TimerId};

use crate::describe::choices::{choices, count, defence, many, milliseconds, one};
use crate::describe::entry::{Plan, ProtocolEntry};
use crate::describe::words::counted;
use crate::describe::world::world;
use crate::parts::incarnation::first_number;

/// Payments, for scenarios.
pub const ENTRY: ProtocolEntry = ProtocolEntry {
    id: "payments",
    about: "Clients pay through a bank, one payment after the other, each waiting for its receipt.",
    roles: Choices::ROLES,
    parameters: Choices::PARAMETERS,
    defences: Choices::DEFENCES,
    vocabulary: &Node::VOCABULARY,
    build,
};

choices! {
    /// What a scenario chooses for payments.
    struct Choices {
        roles {
            clients: Vec<NodeId> = many("client", 1..=12),
            bank: NodeId = one("bank"),
        }
        parameters {
            payments: u32 = count("payments", "Payments", 10, 1..=1000,
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
                "A payment whose request was lost is asked for again."),
            knows_keys: bool = defence("idempotency-key", "Idempotency key",
                "A payment that is asked for twice is charged once."),
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
    /// How many of its numbers earlier lives may have used.
    generation: u32,
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
    /// Whether it looks for a request's key among those of its charges.
    knows_keys: bool,
    /// Whether it puts keys on disk.
    keeps_keys: bool,
    /// How many charges it has put into its books; a charge's number is its place.
    charges: u32,
    /// What the durable ones come to.
    total: i64,
    /// The charge of each key.
    receipts: Map<u32, u32>,
    /// The charges that are not durable yet.
    pending: Map<u32, Pending>,
}

/// A charge that is not durable yet, and who wants its receipt.
#[derive(Clone, Debug)]
struct Pending {
    charge: Charge,
    waiting: Vec<NodeId>,
}

/// An entry in the bank's books.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Charge {
    payment: u32,
    amount: i64,
}

/// What is on the bank's disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Record {
    /// A charge, at the place of its number.
    Charge(Charge),
    /// The number of the charge that a key stands for, at the key's place.
    Key(u32),
}

/// The place of a key on the disk: beyond those of all charges.
fn place_of(key: u32) -> u64 {
    1 << 32 | u64::from(key)
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
                says: "payment #{0} is charged, in charge {1}",
            }
        }
        timers {
            Timer::Next => "time for the next payment",
            Timer::NoReceipt => timeout "no receipt in time",
        }
        operations {
            "pay": "Begin the next payment at once" => Node::begin,
        }
    }

    fn on_start(&mut self, context: &mut Context<'_, Self>) {
        match self {
            Node::Client(client) => client.start(context),
            Node::Bank(bank) => bank.start(context),
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

    fn on_synced(&mut self, token: u64, context: &mut Context<'_, Self>) {
        if let Node::Bank(bank) = self {
            bank.committed(token as u32, context);
        }
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

impl Node {
    fn begin(&mut self, _argument: i64, context: &mut Context<'_, Node>) {
        if let Node::Client(client) = self {
            client.begin(context);
        }
    }
}

impl Client {
    /// The client at `place` among the clients.
    fn new(choices: &Choices, place: usize) -> Client {
        Client {
            bank: choices.bank,
            retries: choices.retries,
            payments: choices.payments,
            amount: i64::from(choices.amount),
            pause: choices.pause,
            timeout: choices.timeout,
            first: place as u32 + 1,
            stride: choices.clients.len() as u32,
            generation: 0,
            begun: 0,
            paid: 0,
            given_up: 0,
            open: None,
        }
    }

    fn start(&mut self, context: &mut Context<'_, Node>) {
        self.generation = first_number(context);
        // Clients do not begin in step: each waits its share of the pause.
        let share = self
            .pause
            .scaled_permille(1000 * self.first / (self.stride + 1));
        context.set_timer(share, Timer::Next);
    }

    fn begin(&mut self, context: &mut Context<'_, Node>) {
        if self.open.is_some() || self.begun == self.payments {
            return;
        }
        let payment = self.first + (self.generation + self.begun) * self.stride;
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
            badge: counted(self.paid, "receipt"),
            state,
            beliefs: vec![belief],
        }
    }
}

impl Bank {
    fn new(choices: &Choices) -> Bank {
        Bank {
            knows_keys: choices.knows_keys,
            keeps_keys: choices.keeps_keys,
            charges: 0,
            total: 0,
            receipts: Map::new(),
            pending: Map::new(),
        }
    }

    /// Reads its books, and the keys if they are kept.
    fn start(&mut self, context: &mut Context<'_, Node>) {
        for (place, stored) in context.durable() {
            match stored {
                Stored::Whole(Record::Charge(charge)) => {
                    self.charges = place as u32;
                    self.total += charge.amount;
                }
                Stored::Whole(Record::Key(charge)) => {
                    self.receipts.insert(place as u32, *charge);
                }
                Stored::Torn => {}
            }
        }
    }

    fn pay(&mut self, from: NodeId, payment: u32, amount: i64, context: &mut Context<'_, Node>) {
        let known = self.receipts.get(&payment).filter(|_| self.knows_keys);
        let Some(charge) = known.copied() else {
            return self.charge(from, Charge { payment, amount }, context);
        };
        match self.pending.get_mut(&charge) {
            Some(pending) => pending.waiting.push(from),
            None => context.send(from, Message::Receipt { payment, charge }),
        }
    }

    /// Puts a charge into the books, and its key beside it.
    fn charge(&mut self, from: NodeId, charge: Charge, context: &mut Context<'_, Node>) {
        self.charges += 1;
        let number = self.charges;
        context.write(u64::from(number), Record::Charge(charge));
        self.receipts.insert(charge.payment, number);
        if self.keeps_keys {
            context.write(place_of(charge.payment), Record::Key(number));
        }
        let waiting = vec![from];
        self.pending.insert(number, Pending { charge, waiting });
        context.sync(u64::from(number));
    }

    /// A charge is durable: it is made, and its receipt may leave.
    fn committed(&mut self, charge: u32, context: &mut Context<'_, Node>) {
        let Some(pending) = self.pending.remove(&charge) else {
            return;
        };
        let Charge { payment, amount } = pending.charge;
        self.total += amount;
        context.record(Fact::Effect {
            operation: payment,
            amount,
            total: self.total,
        });
        for client in pending.waiting {
            context.send(client, Message::Receipt { payment, charge });
        }
    }

    fn describe(&self) -> Description {
        let mut state = vec![
            ("charges".to_owned(), self.charges.to_string()),
            ("taken in".to_owned(), self.total.to_string()),
        ];
        if self.knows_keys {
            state.push(("keys known".to_owned(), self.receipts.len().to_string()));
        }
        let belief = match (self.knows_keys, self.keeps_keys) {
            (true, true) => "A key that I have seen stands for a payment that I have charged.",
            (true, false) => {
                "A key that I have seen since I was started stands for a payment that I have charged. Any other is new."
            }
            (false, _) => "Every request that reaches me is a new payment.",
        };
        Description {
            badge: counted(self.charges, "charge"),
            state,
            beliefs: vec![belief.to_owned()],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trial::Trial;
    use sim::network::LinkProfile;
    use sim::random::Probability;
    use sim::{Action, Target};

    const CLIENT: NodeId = NodeId(0);
    const BANK: NodeId = NodeId(1);

    /// A client, then a bank, and one payment, which is asked for at 200 ms and charged at 300 ms; receipts are lost
    /// until 900 ms, and the bank restarts at 600 ms, so that it does not see the second request as the second.
    fn trial() -> Trial {
        let mute = LinkProfile {
            loss: Probability::ALWAYS,
            ..LinkProfile::ideal(SimDuration::from_millis(100))
        };
        let heal = sim::network::LinkChange::Loss(Probability::NEVER);
        let back = sim::network::LinkSelector::Pair(BANK, CLIENT);
        Trial::new(&ENTRY, &["client", "bank"])
            .on("retry")
            .set("payments", 1.0)
            .link(BANK.0, CLIENT.0, mute)
            .act(590, Action::Crash(Target::Node(BANK)))
            .act(600, Action::Restart(Target::Node(BANK)))
            .act(900, Action::Link(back, heal))
    }

    /// The totals after each charge, and whether there was a receipt.
    fn books(trial: &Trial) -> (Vec<i64>, bool) {
        let facts = trial.facts(20_000);
        let totals = facts.iter().filter_map(|(_, _, fact)| match fact {
            Fact::Effect { total, .. } => Some(*total),
            _ => None,
        });
        let is_receipt = |fact: &Fact| matches!(fact, Fact::Returned { .. });
        let has_receipt = facts.iter().any(|(_, _, fact)| is_receipt(fact));
        (totals.collect(), has_receipt)
    }

    #[test]
    fn a_bank_that_keeps_keys_in_memory_charges_again_after_a_restart() {
        assert_eq!(books(&trial().on("idempotency-key")), (vec![30, 60], true));
    }

    #[test]
    fn a_bank_that_keeps_keys_on_disk_knows_them_after_a_restart() {
        let trial = trial().on("idempotency-key").on("key-survives-restart");
        assert_eq!(books(&trial), (vec![30], true));
    }

    #[test]
    fn keys_on_disk_are_of_no_use_to_a_bank_that_does_not_look() {
        let trial = trial().on("key-survives-restart");
        assert_eq!(books(&trial), (vec![30, 60, 90], true));
    }

    #[test]
    fn a_client_that_restarts_does_not_pay_under_old_numbers() {
        let client = Target::Node(CLIENT);
        let trial = Trial::new(&ENTRY, &["client", "bank"])
            .on("idempotency-key")
            .set("payments", 3.0)
            .act(1300, Action::Crash(client))
            .act(2000, Action::Restart(client));
        assert_eq!(books(&trial).0.len(), 2 + 3);
    }
}
