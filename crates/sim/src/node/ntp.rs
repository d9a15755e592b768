//! Clock synchronisation over the same network: a node asks a server for the time and corrects its wall clock.
//!
//! One exchange gives four readings: asked (client), received and answered (server), got (client). The offset is
//! `((received - asked) + (answered - got)) / 2`, wrong by half the difference between the two ways
//! (Mills, *Network Time Protocol version 4*, RFC 5905, section 8). A large offset is stepped, a small one slewed.

use crate::id::{EventId, NodeId};
use crate::network::{Flight, Parcel};
use crate::node::clock::Rate;
use crate::protocol::{Gist, NTP_KIND};
use crate::time::SimDuration;
use crate::trace::Trace;
use crate::world::Kernel;

/// How a node's wall clock is synchronised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NtpProfile {
    /// Whom it asks.
    pub server: NodeId,
    /// How often: at most once a millisecond.
    pub poll: SimDuration,
    /// A larger offset is corrected by a jump.
    pub step_threshold: SimDuration,
    /// How fast a smaller one is corrected.
    pub slew: Rate,
}

/// What a node remembers from exchange to exchange.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct NtpState {
    pub profile: Option<NtpProfile>,
    /// The reading at which it asked last, until the answer has come. Any other answer is late or a duplicate and is
    /// thrown away (RFC 5905, section 8: the origin timestamp must match).
    open: Option<i64>,
}

impl NtpState {
    pub fn new(profile: Option<NtpProfile>) -> NtpState {
        NtpState {
            profile,
            open: None,
        }
    }
}

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
        clocks.ntp.open = Some(asked);
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
        } else if let Some(profile) = clocks.ntp.profile
            && clocks.ntp.open == Some(asked)
        {
            clocks.ntp.open = None;
            self.ntp_correct(
                flight.to,
                offset(asked, answered, reading),
                profile,
                cause,
                trace,
            );
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
        if offset.unsigned_abs() > profile.step_threshold.as_nanos() {
            self.step_clock(node, offset, cause, trace);
        } else {
            self.slew_clock(node, offset, profile.slew, cause, trace);
        }
        self.mark_synced(node);
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

/// How far the server's clock is ahead: `((answered - asked) + (answered - got)) / 2`, at the ends of its range
/// saturated.
fn offset(asked: i64, answered: i64, got: i64) -> i64 {
    let twice = 2 * i128::from(answered) - i128::from(asked) - i128::from(got);
    (twice / 2).clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64
}
