//! Handing over the lead (section 3.10).

use sim::Context;

use super::Node;
use super::message::Message;
use super::office::Transfer;
use super::server::Server;

impl Server {
    /// An operator wants another server to lead. Until it does, or too much time has passed, this one takes no commands.
    pub(super) fn hand_over(&mut self, to: u8, context: &mut Context<'_, Node>) {
        let is_voter = self.config().voters.has(to);
        let (me, now) = (self.me, context.monotonic());
        if let Some(office) = self.office_mut().filter(|_| is_voter && to != me) {
            office.transfer = Some(Transfer {
                to,
                since: now,
                told: None,
            });
            self.go_on_with_transfer(context);
        }
    }

    /// Tells the server that is to lead to stand, once it has all of the log. Its acknowledgements may come in numbers: it is
    /// told once, and again at the first heartbeat that is a whole one later, since the word may be lost.
    pub(super) fn go_on_with_transfer(&mut self, context: &mut Context<'_, Node>) {
        let (last, term, now) = (self.log.last().index, self.ballot.term, context.monotonic());
        let Some(office) = self.office_mut() else {
            return;
        };
        if let Some(transfer) = &mut office.transfer
            && transfer.told.is_none()
            && office.peers[usize::from(transfer.to)].log.matched == last
        {
            transfer.told = Some(now);
            office.has_told = true;
            let to = transfer.to;
            context.send(self.node(to), Message::TimeoutNow { term });
        }
    }

    /// At a heartbeat: gives up a transfer that takes longer than an election, and may tell of any other again.
    pub(super) fn renew_transfer(&mut self, context: &Context<'_, Node>) {
        let transfer = self.office().and_then(|office| office.transfer);
        let mut recent = transfer.filter(|transfer| self.is_recent(transfer.since, context));
        let latest = context.monotonic() - self.rules.heartbeat.as_nanos() as i64;
        if let Some(transfer) = &mut recent {
            transfer.told = transfer.told.filter(|told| *told > latest);
        }
        if let Some(office) = self.office_mut() {
            office.transfer = recent;
        }
    }
}
