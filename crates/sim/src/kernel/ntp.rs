//! The exchanges by which wall clocks are synchronised, over the same network as all else.

use crate::id::{EventId, NodeId};
use crate::kernel::Kernel;
use crate::network::{Flight, Parcel};
use crate::node::NtpProfile;
use crate::trace::{Gist, NTP_KIND, Trace};

/// Bytes of an NTP packet without extensions, with its UDP and IP headers.
const PACKET_BYTES: u32 = 76;

/// Marks an answer in a gist's `args[2]`; its `args[0]` and `args[1]` are the client's reading when it asked and the
/// server's when it answered. A server answers at once, so that its two readings are one.
const ANSWER: i64 = 1;

impl Kernel {
    /// Sends a question.
    pub(crate) fn ntp_ask(
        &mut self,
        node: NodeId,
        server: NodeId,
        trace: &mut Trace,
        keep: &mut dyn FnMut(u32, bool),
    ) {
        let clocks = &mut self.clocks[node.index()];
        let asked = clocks.wall.read(self.now);
        clocks.ntp.ask(asked);
        self.ntp_send(node, server, [asked, 0, 0], EventId::NONE, trace, keep);
    }

    /// Handles what has arrived: a server answers, a client corrects its clock.
    pub(crate) fn ntp_arrived(
        &mut self,
        flight: &Flight,
        cause: EventId,
        trace: &mut Trace,
        keep: &mut dyn FnMut(u32, bool),
    ) {
        let clocks = &mut self.clocks[flight.to.index()];
        let reading = clocks.wall.read(self.now);
        let [asked, answered, kind] = flight.gist.args;
        if kind != ANSWER {
            let answer = [asked, reading, ANSWER];
            self.ntp_send(flight.to, flight.from, answer, cause, trace, keep);
        } else if let Some((offset, profile)) = clocks.ntp.take_answer(asked, answered, reading) {
            self.ntp_correct(flight.to, offset, profile, cause, trace);
        }
    }

    fn ntp_correct(
        &mut self,
        node: NodeId,
        offset: i64,
        profile: NtpProfile,
        cause: EventId,
        trace: &mut Trace,
    ) {
        let is_small = offset.unsigned_abs() <= profile.step_threshold.as_nanos();
        let slew = is_small.then_some(profile.slew);
        self.correct_clock(node, offset, slew, cause, trace);
    }

    fn ntp_send(
        &mut self,
        from: NodeId,
        to: NodeId,
        args: [i64; 3],
        cause: EventId,
        trace: &mut Trace,
        keep: &mut dyn FnMut(u32, bool),
    ) {
        let parcel = Parcel {
            now: self.now,
            from,
            to,
            kind: NTP_KIND,
            bytes: PACKET_BYTES,
            ntp: true,
        };
        self.send(
            parcel,
            Gist {
                kind: NTP_KIND,
                args,
            },
            cause,
            trace,
            keep,
        );
    }
}
