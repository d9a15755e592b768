//! Pays, and asks again if no receipt comes.

use sim::protocol::{Description, Outlook};
use sim::trace::{Fact, Function, Outcome};
use sim::{Context, NodeId, SimDuration};

use super::{Choices, Message, Node, Timer};
use crate::describe::roles::Role;
use crate::describe::words::counted;
use crate::parts::numbers::Numbers;
use crate::parts::open::Open;

/// A client that makes one payment after the other.
#[derive(Clone, Debug, Hash)]
pub struct Client {
    bank: NodeId,
    retries: bool,
    payments: u32,
    amount: i64,
    pause: SimDuration,
    timeout: SimDuration,
    numbers: Numbers,
    paid: u32,
    given_up: u32,
    /// The payment that has no receipt yet.
    open: Option<Open<()>>,
}

impl Client {
    /// The client at `place` among the clients.
    pub(super) fn new(choices: &Choices, place: usize) -> Client {
        Client {
            bank: choices.bank,
            retries: choices.retries,
            payments: choices.payments,
            amount: i64::from(choices.amount),
            pause: choices.pause,
            timeout: choices.timeout,
            numbers: Numbers::new(place, choices.clients.len()),
            paid: 0,
            given_up: 0,
            open: None,
        }
    }

    /// Begins the next payment, if none is under way and not all are made.
    pub(super) fn begin(&mut self, context: &mut Context<'_, Node>) {
        if self.open.is_some() || self.has_begun_all() {
            return;
        }
        let payment = self.numbers.next_number();
        context.record(Fact::Invoked {
            operation: payment,
            function: Function::Pay,
            key: i64::from(context.me().0),
            value: self.amount,
        });
        self.ask(Open::new(payment, (), context), context);
    }

    fn has_begun_all(&self) -> bool {
        self.numbers.given() == self.payments
    }

    fn ask(&mut self, mut open: Open<()>, context: &mut Context<'_, Node>) {
        let (payment, amount, attempt) = (open.operation, self.amount, open.attempt);
        let pay = Message::Pay {
            payment,
            amount,
            attempt,
        };
        context.send(self.bank, pay);
        open.wait(self.timeout, Timer::NoReceipt, context);
        self.open = Some(open);
    }

    pub(super) fn receipt(&mut self, payment: u32, context: &mut Context<'_, Node>) {
        // A receipt for a payment that is settled or given up tells the client nothing it can act on.
        let Some(open) = self.open.take_if(|open| open.operation == payment) else {
            return;
        };
        self.paid += 1;
        open.answered(self.amount, context);
        context.set_timer(self.pause, Timer::Next);
    }

    pub(super) fn no_receipt(&mut self, context: &mut Context<'_, Node>) {
        let Some(mut open) = self.open.take() else {
            return;
        };
        if self.retries {
            open.retry(context);
            self.ask(open, context);
        } else {
            self.given_up += 1;
            open.given_up(Outcome::Unknown, context);
            context.set_timer(self.pause, Timer::Next);
        }
    }

    fn belief(&self, bank: &str, now: i64) -> String {
        match self.open {
            Some(open) => format!(
                "I asked {bank} {} for payment #{} and have waited {}. Whether it was charged, I cannot know.",
                open.times(),
                open.operation,
                open.waited(now)
            ),
            None if self.has_begun_all() => "I have made all my payments.".to_owned(),
            None => format!("I wait for nothing from {bank}."),
        }
    }
}

impl Role<Node> for Client {
    fn start(&mut self, context: &mut Context<'_, Node>) {
        self.numbers.start(context);
        context.set_timer(self.numbers.within(self.pause), Timer::Next);
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        let receipts = format!("{} of {}", self.paid, self.payments);
        let mut state = vec![("receipts".to_owned(), receipts)];
        if self.given_up > 0 {
            state.push(("given up".to_owned(), self.given_up.to_string()));
        }
        Description {
            badge: counted(self.paid as usize, "receipt"),
            state,
            beliefs: vec![self.belief(&(outlook.name)(self.bank), outlook.monotonic)],
        }
    }
}
