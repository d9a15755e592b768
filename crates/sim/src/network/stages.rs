//! The stages that a message passes, in this order. Each has one job and draws from a stream of its own.
//!
//! | stage | decides for | job |
//! | --- | --- | --- |
//! | filter | the message | a rule drops messages of its kind |
//! | cut | the message | a partition drops it, or holds it until it heals |
//! | bottleneck | the message | it waits for bandwidth, or does not fit the queue |
//! | duplication | the message | how many copies travel |
//! | loss | each copy | the link loses it |
//! | bursts | each copy | a link in its bad state loses it |
//! | corruption | each copy | bits flip; a checksum may notice |
//! | latency | each copy | how long it travels |
//! | spike | each copy | a rare extra delay |
//! | spread | each extra copy | how far it follows the original |
//! | order | each copy | on a FIFO link: behind what was sent before, losses repaired |
//!
//! The stages that decide for the message are here; those that decide for each copy are in `passage`, except order.
//!
//! To add a stage: a setting in `profile.rs`, a function here or in `passage.rs`, a line in the list, a [`Purpose`] of
//! its own, and a look at what counts as calm.

use super::journey::{Fate, Journey};
use super::passage::{dies, passage, travel};
use super::{CutMode, Filter, LinkProfile, LinkState, Network, Ordering};
use crate::id::NodeId;
use crate::random::Purpose;
use crate::time::SimTime;
use crate::trace::Loss;

/// A message handed to the network.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parcel {
    /// When it is handed over.
    pub now: SimTime,
    /// Its sender.
    pub from: NodeId,
    /// Its receiver.
    pub to: NodeId,
    /// Its kind, as the vocabulary numbers it.
    pub kind: u8,
    /// Its size, in bytes.
    pub bytes: u32,
    /// Whether it is clock synchronisation rather than the protocol's.
    pub ntp: bool,
}

/// What the network does with a message.
pub(crate) enum Route {
    /// It arrives, on a link where latency is all that happens.
    Calm(SimTime),
    /// It passes the stages.
    Stages(Journey),
}

impl Network {
    /// Takes a message on. What is calm takes a short cut through the stages, to the same end.
    #[inline]
    pub(crate) fn route(&mut self, parcel: &Parcel) -> Route {
        let place = self.place(parcel.from, parcel.to);
        let link = &mut self.links[place];
        let profile = &self.profiles[link.profile as usize];
        let is_calm = profile.is_calm
            && self.cuts.is_empty()
            && self.filters.is_empty()
            && !parcel.ntp
            && parcel.from != parcel.to;
        if !is_calm {
            return Route::Stages(self.admit(parcel, place));
        }
        link.bad = false;
        let k = u64::from(link.messages) << 8;
        link.messages += 1;
        let bits = link.key.purpose(Purpose::Latency).draw(k);
        Route::Calm(parcel.now + profile.settings.latency.sample(bits))
    }

    /// Takes a message through the stages that decide for it as a whole.
    #[inline(never)]
    fn admit(&mut self, parcel: &Parcel, place: usize) -> Journey {
        let filtered = !self.filters.is_empty() && self.filter_drops(parcel);
        let cut = if self.cuts.is_empty() {
            None
        } else {
            self.cut(parcel.from, parcel.to)
        };
        let link = &mut self.links[place];
        let profile = &self.profiles[link.profile as usize].settings;
        let mut journey = link.begin(parcel, place);
        link.turn(profile, &mut journey, parcel);
        if filtered {
            journey.lost = Some(Loss::Filter);
        } else if cut == Some(CutMode::Drop) {
            journey.lost = Some(Loss::Cut);
        } else {
            journey.held = cut == Some(CutMode::Hold);
            link.queue_up(profile, parcel, &mut journey);
        }
        if journey.lost.is_none() && parcel.from != parcel.to {
            journey.copies = copies(profile, &journey);
        }
        journey
    }

    /// Takes one copy (0 is the original) through the stages that decide for each.
    pub(crate) fn fate(&mut self, journey: &Journey, copy: u64) -> Fate {
        let link = &mut self.links[journey.place];
        let profile = &self.profiles[link.profile as usize].settings;
        // A node's messages to itself never leave it.
        if journey.from == journey.to {
            return Fate::Arrives {
                at: journey.sent,
                corruption: None,
            };
        }
        let k = journey.k << 8 | copy;
        let travel = travel(profile, journey, k, copy);
        let due = journey.departs + travel;
        if let Some(why) = journey.lost {
            return dies(journey, due, why, k);
        }
        let passage = passage(profile, journey, k);
        if journey.held {
            return Fate::Held {
                travel: travel + passage.repair,
                ends: passage.lost,
                corruption: passage.corruption,
            };
        }
        match passage.lost {
            // A checksum is read by the receiver.
            Some(why @ Loss::Checksum) => Fate::Ends { at: due, due, why },
            Some(why) => dies(journey, due, why, k),
            None => Fate::Arrives {
                at: link.in_order(profile, due + passage.repair),
                corruption: passage.corruption,
            },
        }
    }

    /// Whether a filter that fits the message drops it. The first that fits decides.
    fn filter_drops(&mut self, parcel: &Parcel) -> bool {
        if parcel.ntp {
            return false;
        }
        let fits = |filter: &Filter| {
            filter.links.selects(parcel.from, parcel.to)
                && filter.kind.is_none_or(|kind| kind == parcel.kind)
        };
        let Some(share) = self
            .filters
            .iter()
            .find(|(_, filter)| fits(filter))
            .map(|(_, filter)| filter.share)
        else {
            return false;
        };
        let link = self.link(parcel.from, parcel.to);
        share.hits(link.key.purpose(Purpose::Filter).draw(link.messages as u64))
    }
}

impl LinkState {
    /// Gives the message its number on the link.
    #[inline]
    fn begin(&mut self, parcel: &Parcel, place: usize) -> Journey {
        let (counter, key) = if parcel.ntp {
            (&mut self.ntp_messages, self.key.purpose(Purpose::Ntp))
        } else {
            (&mut self.messages, self.key)
        };
        let k = *counter as u64;
        *counter += 1;
        Journey {
            copies: 1,
            place,
            from: parcel.from,
            to: parcel.to,
            key,
            k,
            sent: parcel.now,
            departs: parcel.now,
            lost: None,
            held: false,
            bad: self.bad,
        }
    }

    /// A bursty link may turn bad, or good again, before each message of the protocol.
    #[inline]
    fn turn(&mut self, profile: &LinkProfile, journey: &mut Journey, parcel: &Parcel) {
        let Some(bursts) = profile.bursts else {
            self.bad = false;
            journey.bad = false;
            return;
        };
        let turns = if self.bad {
            bursts.to_good
        } else {
            bursts.to_bad
        };
        if !parcel.ntp {
            self.bad ^= turns.hits(journey.key.purpose(Purpose::BurstState).draw(journey.k));
        }
        journey.bad = self.bad;
    }

    /// When a message that was to arrive at `due` may arrive, so that it overtakes nothing on a FIFO link.
    #[inline]
    fn in_order(&mut self, profile: &LinkProfile, due: SimTime) -> SimTime {
        if profile.ordering == Ordering::Datagram {
            return due;
        }
        self.last_arrival = self.last_arrival.max(due);
        self.last_arrival
    }

    /// Waits behind what the bottleneck still has to pass, or does not fit.
    #[inline]
    fn queue_up(&mut self, profile: &LinkProfile, parcel: &Parcel, journey: &mut Journey) {
        let Some(bandwidth) = profile.bandwidth else {
            return;
        };
        let backlog = bandwidth.passed_in(self.busy_until.since(parcel.now));
        if backlog.saturating_add(parcel.bytes as u64) > bandwidth.queue_bytes {
            journey.lost = Some(Loss::QueueFull);
            return;
        }
        self.busy_until =
            self.busy_until.max(parcel.now) + bandwidth.transmission(parcel.bytes as u64);
        journey.departs = self.busy_until;
    }
}

/// How many copies travel. A FIFO transport numbers its segments and so discards duplicates.
#[inline]
fn copies(profile: &LinkProfile, journey: &Journey) -> u64 {
    let duplication = profile.duplication;
    if duplication.probability.is_never() || profile.ordering != Ordering::Datagram {
        return 1;
    }
    let bits = journey.key.purpose(Purpose::Duplication).draw(journey.k);
    if duplication.probability.hits(bits) {
        1 + duplication.copies as u64
    } else {
        1
    }
}
