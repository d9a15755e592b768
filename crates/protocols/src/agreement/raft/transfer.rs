//! Handing over the lead (section 3.10).

use sim::Context;

use super::Node;
use super::message::Message;
use super::server::Server;

impl Server {
    /// An operator wants another server to lead. Until it does, or too much time has passed, this one takes no commands.
    pub(super) fn hand_over(&mut self, to: u8, context: &mut Context<'_, Node>) {
        let is_voter = self.config().voters.has(to);
        let (me, now) = (self.me, context.monotonic());
        if let Some(office) = self.office_mut().filter(|_| is_voter && to != me) {
            office.transfer = Some((to, now));
            self.go_on_with_transfer(context);
        }
    }

    /// Tells the server that is to lead to stand, once it has all of the log.
    pub(super) fn go_on_with_transfer(&mut self, context: &mut Context<'_, Node>) {
        let (last, term) = (self.log.last().index, self.ballot.term);
        let Some(office) = self.office_mut() else {
            return;
        };
        if let Some((to, _)) = office.transfer
            && office.peer(to).log.matched == last
        {
            office.has_told = true;
            context.send(self.node(to), Message::TimeoutNow { term });
        }
    }

    /// Gives up a transfer that takes longer than an election.
    pub(super) fn abort_late_transfer(&mut self, context: &Context<'_, Node>) {
        let transfer = self.office().and_then(|office| office.transfer);
        if transfer.is_some_and(|(_, since)| !self.is_recent(since, context))
            && let Some(office) = self.office_mut()
        {
            office.transfer = None;
        }
    }
}
