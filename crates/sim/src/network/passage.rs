//! The stages that one copy of a message passes: latency, spike, spread, loss, bursts, corruption, and their repair.

use super::journey::{Fate, Journey};
use super::{LinkProfile, Ordering};
use crate::random::{Purpose, below};
use crate::time::{SimDuration, SimTime};
use crate::trace::Loss;

/// How often a FIFO link sends a lost message again before it gives up.
const MOST_RETRANSMISSIONS: u64 = 12;

/// How long a copy travels: its latency, a spike, and how far an extra copy follows the original.
#[inline]
pub(super) fn travel(profile: &LinkProfile, journey: &Journey, k: u64, copy: u64) -> SimDuration {
    let latency = &profile.latency;
    let mut travel = latency.sample(journey.key.purpose(Purpose::Latency).draw(k));
    if !latency.spike.is_never()
        && latency
            .spike
            .hits(journey.key.purpose(Purpose::Spike).draw(k))
    {
        travel = travel + latency.spike_extra;
    }
    if copy > 0 {
        let spread = profile.duplication.spread.as_nanos();
        travel = travel
            + SimDuration::from_nanos(below(journey.key.purpose(Purpose::Spread).draw(k), spread));
    }
    travel
}

/// Whether the link loses a copy, independently or in a burst.
#[inline]
fn lost(profile: &LinkProfile, journey: &Journey, k: u64) -> Option<Loss> {
    if !profile.loss.is_never()
        && profile
            .loss
            .hits(journey.key.purpose(Purpose::Loss).draw(k))
    {
        return Some(Loss::Link);
    }
    let burst = profile.bursts.filter(|_| journey.bad)?;
    burst
        .loss_when_bad
        .hits(journey.key.purpose(Purpose::BurstLoss).draw(k))
        .then_some(Loss::Burst)
}

/// The random bits that corrupt a copy, if its bits flip.
#[inline]
fn corrupted(profile: &LinkProfile, journey: &Journey, k: u64) -> Option<u64> {
    let probability = profile.corruption.probability;
    if probability.is_never() {
        return None;
    }
    let key = journey.key.purpose(Purpose::Corruption);
    probability.hits(key.draw(k)).then(|| key.with(1).draw(k))
}

/// What a link does to one copy that nothing stopped before it.
pub(super) struct Passage {
    /// Why it does not arrive; nothing if it does.
    pub lost: Option<Loss>,
    /// The random bits that corrupt its content, if it is corrupted.
    pub corruption: Option<u64>,
    /// How much longer it takes because it was sent again.
    pub repair: SimDuration,
}

/// Takes one copy through loss, bursts and corruption, and through their repair on a FIFO link.
#[inline]
pub(super) fn passage(profile: &LinkProfile, journey: &Journey, k: u64) -> Passage {
    let corruption = corrupted(profile, journey, k);
    let detected = corruption.is_some() && profile.corruption.detected;
    let passage = Passage {
        lost: lost(profile, journey, k).or(detected.then_some(Loss::Checksum)),
        corruption: corruption.filter(|_| !detected),
        repair: SimDuration::ZERO,
    };
    match profile.ordering {
        Ordering::Fifo { retransmit } if passage.lost.is_some() => {
            repaired(passage, retransmit, profile, journey, k)
        }
        Ordering::Fifo { .. } | Ordering::Datagram => passage,
    }
}

/// Sends again what a FIFO link has lost. Each further attempt may be lost or corrupted like the first. Bursts count as
/// over by then.
#[cold]
fn repaired(
    passage: Passage,
    retransmit: SimDuration,
    profile: &LinkProfile,
    journey: &Journey,
    k: u64,
) -> Passage {
    let key = journey.key.purpose(Purpose::Retransmission).with(k);
    let checksum = profile.corruption.detected;
    let fails = |attempt: u64| {
        profile.loss.hits(key.draw(2 * attempt))
            || checksum
                && profile
                    .corruption
                    .probability
                    .hits(key.draw(2 * attempt + 1))
    };
    let failed = (0..MOST_RETRANSMISSIONS)
        .take_while(|attempt| fails(*attempt))
        .count() as u64;
    if failed == MOST_RETRANSMISSIONS {
        return passage;
    }
    Passage {
        lost: None,
        corruption: None,
        repair: retransmit.times(1 + failed),
    }
}

/// Where a lost copy dies is only for the eye: somewhere between a third and three quarters of its way, at a cut in the
/// middle, and at a full queue or a filter where it was sent.
#[cold]
pub(super) fn dies(journey: &Journey, due: SimTime, why: Loss, k: u64) -> Fate {
    let whole = due.since(journey.sent);
    let permille = match why {
        Loss::Cut => 500,
        Loss::QueueFull | Loss::Filter => 0,
        Loss::Link
        | Loss::Burst
        | Loss::Checksum
        | Loss::ReceiverDown
        | Loss::InboxFull
        | Loss::ReceiverCrashed
        | Loss::Hand => 330 + below(journey.key.purpose(Purpose::Grave).draw(k), 420) as u32,
    };
    Fate::Ends {
        at: journey.sent + whole.scaled_permille(permille),
        due,
        why,
    }
}
