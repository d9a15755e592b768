//! Charges what it is asked to charge, and keeps the books.

use sim::held::{Held, Measure, all_held};
use sim::protocol::{Description, Outlook};
use sim::sorted::Map;
use sim::trace::Fact;
use sim::{Context, NodeId, Stored};

use super::{Choices, Message, Node};
use crate::describe::roles::Role;
use crate::describe::words::counted;

/// A bank that charges what it is asked to charge.
#[derive(Clone, Debug, Hash)]
pub struct Bank {
    /// Whether it looks for a request's key among those of its charges.
    knows_keys: bool,
    /// Whether it puts keys on disk.
    keeps_keys: bool,
    /// How many charges it has put into its books; a charge's number is its place.
    charges: u32,
    /// The sum of all charges.
    total: i64,
    /// The charge of each key.
    receipts: Map<u32, u32>,
    /// The charges that are not durable yet.
    pending: Map<u32, Pending>,
}

/// A charge that is not durable yet, and the clients that wait for its receipt.
#[derive(Clone, Debug, Hash)]
struct Pending {
    payment: u32,
    waiting: Vec<NodeId>,
}

/// An entry in the bank's books.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Charge {
    payment: u32,
    amount: i64,
}

/// What is on the bank's disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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

impl Bank {
    pub(super) fn new(choices: &Choices) -> Bank {
        Bank {
            knows_keys: choices.knows_keys,
            keeps_keys: choices.keeps_keys,
            charges: 0,
            total: 0,
            receipts: Map::new(),
            pending: Map::new(),
        }
    }

    pub(super) fn pay(
        &mut self,
        from: NodeId,
        payment: u32,
        amount: i64,
        context: &mut Context<'_, Node>,
    ) {
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
        self.total += charge.amount;
        self.pending.insert(
            number,
            Pending {
                payment: charge.payment,
                waiting,
            },
        );
        context.sync_for(
            u64::from(number),
            Fact::Effect {
                operation: charge.payment,
                amount: charge.amount,
                total: self.total,
            },
        );
    }

    fn belief(&self) -> &'static str {
        match (self.knows_keys, self.keeps_keys) {
            (true, true) => "A key that I have seen belongs to a payment that I have charged.",
            (true, false) => {
                "A key that I have seen since my last start belongs to a payment that I have charged. Any other key is new."
            }
            (false, _) => "Every request that reaches me is a new payment.",
        }
    }
}

impl Role<Node> for Bank {
    fn held(&self, by: Measure) -> usize {
        let waiting = self.pending.values().map(|pending| &pending.waiting);
        self.receipts.held(by) + self.pending.held(by) + all_held(waiting, by)
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

    /// A charge is durable: its receipt may leave.
    fn synced(&mut self, token: u64, context: &mut Context<'_, Node>) {
        let charge = token as u32;
        let Some(pending) = self.pending.remove(&charge) else {
            return;
        };
        let payment = pending.payment;
        for client in pending.waiting {
            context.send(client, Message::Receipt { payment, charge });
        }
    }

    fn describe(&self, _: &Outlook<'_>) -> Description {
        let mut state = vec![
            ("charges".to_owned(), self.charges.to_string()),
            ("received".to_owned(), self.total.to_string()),
        ];
        if self.knows_keys {
            state.push(("keys known".to_owned(), self.receipts.len().to_string()));
        }
        Description {
            badge: counted(self.charges as usize, "charge"),
            state,
            beliefs: vec![self.belief().to_owned()],
        }
    }
}
