//! Reads that are no entries of the log (sections 6.4 and 6.4.1).
//!
//! A leader answers a read from its state machine once three things are certain: it had the lead after the client asked, its
//! state machine has all that was committed by then, and it knows how far that is, since it has committed an entry of its
//! own term. A lease takes the place of the first: as long as no server that heard the leader votes for another one, nobody
//! else leads. That needs a bound on how differently clocks run.

use sim::{Context, NodeId, SimDuration};

use super::Node;
use super::message::{Ask, Message, Told};
use super::office::{Read, Reader};
use super::server::{Reading, Server};

/// How long a leader's lease is by its own clock, which may be slow by this share, if the clocks of voters with this patience
/// may be fast by it: rounded down, and the drift up.
fn lease(patience: SimDuration, drift: f64) -> i64 {
    const WHOLE: i64 = 1_000_000;
    let drift = libm::ceil(drift * WHOLE as f64) as i64;
    patience.as_nanos() as i64 * (WHOLE - drift) / (WHOLE + drift)
}

/// The leader.
impl Server {
    /// Somebody reads.
    fn read_wanted(&mut self, reader: Reader, context: &mut Context<'_, Node>) {
        let (commit, own_first) = (self.commit, self.rules.commits_before_reading);
        let since = context.monotonic();
        if let Some(office) = self.office_mut() {
            let index = if own_first {
                commit.max(office.first)
            } else {
                commit
            };
            office.keep(Read {
                reader,
                since,
                index,
            });
        }
        self.serve_reads(context);
        self.ask_for_confirmation(context);
    }

    /// Asks all whether it leads, for the reads that wait; one such round at a time.
    fn ask_for_confirmation(&mut self, context: &mut Context<'_, Node>) {
        let confirmed = self.confirmed_by_quorum(context);
        let now = context.monotonic();
        let Some(office) = self.office_mut() else {
            return;
        };
        let is_under_way = office.asked > confirmed;
        let is_needed = office
            .reads
            .back()
            .is_some_and(|read| read.since > confirmed);
        if is_needed && !is_under_way {
            office.asked = now;
            self.ask_all(context);
        }
    }

    /// The latest moment of which a quorum has confirmed that this server led then.
    fn confirmed_by_quorum(&self, context: &Context<'_, Node>) -> i64 {
        let Some(office) = self.office() else {
            return i64::MIN;
        };
        let now = context.monotonic();
        let confirmed = self.config().reached(|place| match place {
            me if me == self.me => now,
            other => office.peers[usize::from(other)].confirmed,
        });
        confirmed.unwrap_or(i64::MIN)
    }

    /// Whether the leader holds a lease: no other server can lead yet.
    fn has_lease(&self, context: &Context<'_, Node>) -> bool {
        let Some(office) = self.office().filter(|_| self.rules.leases > 0) else {
            return false;
        };
        if self.rules.bounds_lease {
            // Patience runs by the voters' clocks from when they heard the leader, and that was after it had sent. A server
            // that was told to stand does not wait for anybody's patience.
            let length = lease(self.rules.patience, self.rules.drift);
            let since = self.confirmed_by_quorum(context);
            !office.has_told && context.monotonic() < since.saturating_add(length)
        } else {
            let now = context.wall();
            let heard = self.config().reached(|place| match place {
                me if me == self.me => now,
                other => office.peers[usize::from(other)].heard_wall,
            });
            let length = self.rules.patience.as_nanos() as i64;
            heard.is_some_and(|heard| now < heard.saturating_add(length))
        }
    }

    /// Answers the reads of which all is certain.
    pub(super) fn serve_reads(&mut self, context: &mut Context<'_, Node>) {
        if self.office().is_none_or(|office| office.reads.is_empty()) {
            return;
        }
        let is_sure = !self.rules.confirms_reads || self.has_lease(context);
        let confirmed = self.confirmed_by_quorum(context);
        let applied = self.machine.applied;
        let is_due = |read: &Read| (is_sure || read.since <= confirmed) && read.index <= applied;
        while let Some(office) = self.office_mut()
            && let Some(read) = office.reads.front().copied().filter(is_due)
        {
            office.reads.pop_front();
            self.answer_read(read, context);
        }
        self.ask_for_confirmation(context);
    }

    fn answer_read(&self, read: Read, context: &mut Context<'_, Node>) {
        let index = read.index;
        match read.reader {
            Reader::Client(client, request) => {
                let value = self.machine.read(request.key);
                self.tell(client, request.operation, Told::Done(value), context);
            }
            Reader::Server {
                server, operation, ..
            } => context.send(server, Message::ReadAt { operation, index }),
        }
    }

    /// A server asks how far the log is committed.
    pub(super) fn index_asked(
        &mut self,
        server: NodeId,
        client: NodeId,
        operation: u32,
        context: &mut Context<'_, Node>,
    ) {
        let reader = Reader::Server {
            server,
            client,
            operation,
        };
        self.read_wanted(reader, context);
    }
}

/// Any server.
impl Server {
    /// A client wants to read.
    pub(super) fn read_asked(&mut self, client: NodeId, ask: Ask, context: &mut Context<'_, Node>) {
        let request = ask.request;
        let operation = request.operation;
        if self.leads() {
            return self.read_wanted(Reader::Client(client, request), context);
        }
        match self.leader() {
            Some(leader) if ask.is_for_anyone => {
                // A client reads one thing at a time: its earlier reads are over, and so is this one if it has read on.
                let is_over = self
                    .readings
                    .iter()
                    .any(|(later, reading)| reading.client == client && *later > operation);
                if is_over {
                    return;
                }
                self.readings.retain(|_, reading| reading.client != client);
                let reading = Reading {
                    client,
                    request,
                    index: None,
                };
                self.readings.insert(operation, reading);
                context.send(leader, Message::ReadIndex { client, operation });
            }
            leader => self.tell(client, operation, Told::Elsewhere(leader), context),
        }
    }

    /// The leader says up to where the log has to be applied before a read is answered.
    pub(super) fn may_read(&mut self, operation: u32, index: u32, context: &mut Context<'_, Node>) {
        if let Some(reading) = self.readings.get_mut(&operation) {
            reading.index = Some(index);
            self.answer_readings(context);
        }
    }

    /// Answers the reads for which its log is applied far enough.
    pub(super) fn answer_readings(&mut self, context: &mut Context<'_, Node>) {
        if self.readings.is_empty() {
            return;
        }
        let (applied, waits) = (self.machine.applied, self.rules.waits_for_apply);
        let is_due = |reading: &Reading| {
            let index = reading.index;
            index.is_some_and(|index| index <= applied || !waits)
        };
        let due: Vec<Reading> = self.readings.values().copied().filter(is_due).collect();
        self.readings.retain(|_, reading| !is_due(reading));
        for Reading {
            client, request, ..
        } in due
        {
            let value = self.machine.read(request.key);
            self.tell(client, request.operation, Told::Done(value), context);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// With a clock that is slow by as much as is allowed, a leader's lease is over when the fastest voter may vote.
    #[test]
    fn a_lease_ends_before_the_fastest_voter_can_vote() {
        for ppm in [0, 1, 400, 999, 1_001, 9_999, 25_500, 499_999] {
            for nanos in [20_000_001_i64, 300_000_000, 599_999_999_999] {
                let patience = SimDuration::from_nanos(nanos as u64);
                let length = lease(patience, ppm as f64 / 1e6);
                let (length, slow, fast) = (i128::from(length), 1_000_000 - ppm, 1_000_000 + ppm);
                assert!(
                    length * fast <= i128::from(nanos) * slow,
                    "{ppm} ppm of {nanos} ns"
                );
                assert!(
                    (length + 2) * (fast + 1) > i128::from(nanos) * (slow - 1),
                    "and not much earlier"
                );
            }
        }
    }
}
