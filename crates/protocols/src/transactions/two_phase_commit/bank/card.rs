//! Payments by card: transactions at this bank alone, which need the account and no vote.

use sim::{Context, NodeId};

use super::super::Node;
use super::super::message::{Decision, Message, Record};
use super::{Bank, Owed, Standing, decided_at, stored};

impl Bank {
    pub(super) fn card(
        &mut self,
        from: NodeId,
        number: u32,
        life: i64,
        context: &mut Context<'_, Node>,
    ) {
        match self.known.get(&number) {
            // What an earlier life may have refused is not done now.
            None if life != context.boot() => {
                self.refuse(number);
                self.answer(from, number, Decision::Abort, context);
            }
            None => {
                self.waiting.insert(number, from);
                self.serve_next(context);
            }
            Some(Standing::Committed) => self.answer(from, number, Decision::Commit, context),
            Some(Standing::Aborted { .. }) => {
                self.answer(from, number, Decision::Abort, context);
            }
            // The answer comes with the sync.
            Some(_) => {}
        }
    }

    /// Serves the first payment that waits, if the account is free.
    ///
    /// It has the account locked for one sync. That is not put on record: it waits for nobody else, as a transfer does.
    pub(super) fn serve_next(&mut self, context: &mut Context<'_, Node>) {
        let first = self.waiting.iter().next();
        let Some((number, client)) = first.map(|(number, client)| (*number, *client)) else {
            return;
        };
        if self.locked.is_some() {
            return;
        }
        self.waiting.remove(&number);
        self.known.insert(number, Standing::Committing);
        self.locked = Some(number);
        let record = Record::Decided(Decision::Commit);
        self.disk.write(decided_at(number), record, context);
        self.force(Owed::Paid(client, number), context);
    }

    pub(super) fn paid(&mut self, client: NodeId, number: u32, context: &mut Context<'_, Node>) {
        self.known.insert(number, Standing::Committed);
        self.locked = None;
        context.record(stored(number));
        self.answer(client, number, Decision::Commit, context);
        self.serve_next(context);
    }

    fn answer(&self, to: NodeId, number: u32, decision: Decision, context: &mut Context<'_, Node>) {
        let life = context.boot();
        let answer = Message::Answer {
            number,
            decision,
            life,
        };
        context.send(to, answer);
    }
}
