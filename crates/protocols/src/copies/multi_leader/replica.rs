//! A replica: accepts writes, passes them on, and sets its clock.

use sim::sorted::{Map, Set};

use sim::protocol::{Description, Outlook};
use sim::trace::Fact;
use sim::{Context, NodeId, SimDuration};

use super::copy::{Copy, Settling, Version};
use super::{Node, Outbox, Says, Timer, listed};
use crate::describe::roles::Role;
use crate::parts::clock_correction;
use crate::parts::logical_time::{HybridClock, HybridTime, VersionVector};
use crate::parts::spread;

/// The clock error above which a replica corrects its clock by a jump (the default of `ntpd`).
const STEP_THRESHOLD: SimDuration = SimDuration::from_millis(128);

/// A replica.
#[derive(Clone, Debug)]
pub struct Replica {
    others: Vec<NodeId>,
    settling: Settling,
    /// The time server that it asks, and the time between two questions.
    time: Option<(NodeId, SimDuration)>,
    /// How long it waits before it passes on again the writes that are not confirmed.
    patience: SimDuration,
    copies: Map<i64, Copy>,
    /// The writes that it has accepted from clients, in order.
    accepted: Vec<Version>,
    /// The operations of these writes.
    operations: Set<u32>,
    /// How many of these writes each other replica has confirmed.
    confirmed: Map<NodeId, u32>,
    /// For each replica, how many of the writes that it has accepted are known here without a gap.
    known: VersionVector,
    /// Writes that have arrived before earlier writes of the same replica.
    early: Map<(NodeId, u32), Version>,
    /// How many writes were older than the version that was there when they arrived.
    refused: u32,
    /// The reading of its clock when it asked for the time, until the answer arrives.
    asked: Option<i64>,
}

impl Replica {
    /// A replica that has no writes.
    pub fn new(
        others: Vec<NodeId>,
        settling: Settling,
        time: Option<(NodeId, SimDuration)>,
        patience: SimDuration,
    ) -> Replica {
        Replica {
            others,
            settling,
            time,
            patience,
            copies: Map::new(),
            accepted: Vec::new(),
            operations: Set::new(),
            confirmed: Map::new(),
            known: VersionVector::new(),
            early: Map::new(),
            refused: 0,
            asked: None,
        }
    }

    pub fn hear(
        &mut self,
        from: NodeId,
        says: Says,
        clock: &mut HybridClock,
        context: &mut Context<'_, Node>,
    ) -> Outbox {
        match says {
            Says::Read { ask, key } => vec![(from, self.read(ask, key))],
            Says::Write {
                operation,
                key,
                context: read,
            } => self.write(from, operation, key, read, clock, context),
            Says::Replicate { number, version } => self.copy(from, number, version, context),
            Says::Known { number } => {
                let confirmed = self.confirmed.entry(from).or_insert(0);
                *confirmed = number.max(*confirmed);
                Outbox::new()
            }
            Says::Time { asked, told } => {
                self.correct_clock(asked, told, context);
                Outbox::new()
            }
            _ => Outbox::new(),
        }
    }

    pub fn wake(&mut self, timer: Timer, context: &mut Context<'_, Node>) -> Outbox {
        match timer {
            Timer::PassOn => {
                context.set_timer(self.patience, Timer::PassOn);
                self.pass_on()
            }
            Timer::SetClock => self.ask_time(context),
            _ => Outbox::new(),
        }
    }

    fn read(&self, ask: u32, key: i64) -> Says {
        let copy = self.copies.get(&key);
        Says::Value {
            ask,
            key,
            versions: copy.map(Copy::operations).unwrap_or_default(),
            context: copy.map(Copy::context).unwrap_or_default(),
        }
    }

    fn write(
        &mut self,
        from: NodeId,
        operation: u32,
        key: i64,
        read: VersionVector,
        clock: &mut HybridClock,
        context: &mut Context<'_, Node>,
    ) -> Outbox {
        let answer = (from, Says::Written { operation });
        // The network may have duplicated the request.
        if !self.operations.insert(operation) {
            return vec![answer];
        }
        let stamp = self.stamp(operation, clock, context);
        let version = Version {
            operation,
            key,
            dot: self.known.tick(context.me().0),
            stamp,
            context: read,
        };
        self.accepted.push(version.clone());
        self.store(version.clone(), context);
        let number = self.accepted.len() as u32;
        let replicate = Says::Replicate { number, version };
        let copies = self.others.iter().map(|other| (*other, replicate.clone()));
        [answer].into_iter().chain(copies).collect()
    }

    /// Gives a write its timestamp.
    fn stamp(
        &self,
        operation: u32,
        clock: &mut HybridClock,
        context: &mut Context<'_, Node>,
    ) -> HybridTime {
        let stamp = match self.settling {
            Settling::HybridClock => clock.tick(context.wall()),
            Settling::WallClock | Settling::VersionVector => HybridTime {
                physical: context.wall(),
                logical: 0,
            },
        };
        context.record(Fact::Stamped {
            item: i64::from(operation),
            stamp: stamp.physical,
            tie: i64::from(stamp.logical),
        });
        stamp
    }

    /// Adds a version to the copy of its key.
    fn store(&mut self, version: Version, context: &mut Context<'_, Node>) {
        let (operation, key) = (version.operation, version.key);
        let stamp = version.stamp.physical;
        let copy = self.copies.entry(key).or_default();
        let settled = copy.take(version, self.settling);
        if settled.is_kept {
            context.record(Fact::Stored {
                operation,
                key,
                version: stamp,
            });
        }
        self.refused += u32::from(!settled.is_kept);
        for (operation, by) in settled.gone {
            context.record(Fact::Discarded { operation, by, key });
        }
    }

    /// Adds a write that another replica has accepted, in the order in which that replica accepted its writes.
    fn copy(
        &mut self,
        from: NodeId,
        number: u32,
        version: Version,
        context: &mut Context<'_, Node>,
    ) -> Outbox {
        if number > self.known.of(from.0) {
            self.early.insert((from, number), version);
        }
        while let Some(version) = self.early.remove(&(from, self.known.of(from.0) + 1)) {
            self.known.tick(from.0);
            self.store(version, context);
        }
        let number = self.known.of(from.0);
        vec![(from, Says::Known { number })]
    }

    /// Passes on the writes that others have not confirmed.
    fn pass_on(&self) -> Outbox {
        let unconfirmed = |other: &NodeId| {
            let rest = self.accepted.iter().zip(1..).skip(self.confirmed_by(other));
            let other = *other;
            rest.map(move |(version, number)| {
                let version = version.clone();
                (other, Says::Replicate { number, version })
            })
        };
        self.others.iter().flat_map(unconfirmed).collect()
    }

    /// How many of its writes another replica has confirmed.
    fn confirmed_by(&self, other: &NodeId) -> usize {
        self.confirmed.get(other).copied().unwrap_or(0) as usize
    }

    fn ask_time(&mut self, context: &mut Context<'_, Node>) -> Outbox {
        let Some((server, poll)) = self.time else {
            return Outbox::new();
        };
        context.set_timer(poll, Timer::SetClock);
        let asked = context.wall();
        self.asked = Some(asked);
        vec![(server, Says::WhatTime { asked })]
    }

    /// Corrects the clock as if the answer had taken half of the round trip (RFC 5905, section 8).
    fn correct_clock(&mut self, asked: i64, told: i64, context: &mut Context<'_, Node>) {
        if self.asked.take_if(|open| *open == asked).is_none() {
            return;
        }
        let offset = ((told - asked) + (told - context.wall())) / 2;
        clock_correction::correct(offset, STEP_THRESHOLD, context);
    }

    fn beliefs(&self, outlook: &Outlook<'_>) -> Vec<String> {
        let rule = match self.settling {
            Settling::WallClock => "Of two writes, the one with the larger timestamp is newer.",
            Settling::HybridClock => {
                "Of two writes, the one with the larger timestamp is newer. My timestamps are larger than all that I know about."
            }
            Settling::VersionVector => {
                "A write replaces the writes that its writer had read, and no others."
            }
        };
        let is_behind = |other: &&NodeId| self.confirmed_by(other) < self.accepted.len();
        let behind = self.others.iter().filter(is_behind);
        let now = format!("It is {:.2} s.", outlook.wall as f64 / 1e9);
        let behind = behind.map(|other| {
            let name = (outlook.name)(*other);
            format!("{name} may not have all writes that I have.")
        });
        [now, rule.to_owned()].into_iter().chain(behind).collect()
    }
}

impl Role<Node> for Replica {
    fn start(&mut self, context: &mut Context<'_, Node>) {
        context.set_timer(self.patience, Timer::PassOn);
        if let Some((_, poll)) = self.time {
            let first = spread::up_to(poll, context);
            context.set_timer(first, Timer::SetClock);
        }
    }

    fn role(&self) -> &'static str {
        "replica"
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        let copies = self.copies.iter();
        let copies: Vec<(i64, String)> = copies
            .map(|(key, copy)| (*key, listed(&copy.operations())))
            .collect();
        let badge: Vec<&str> = copies.iter().map(|(_, writes)| writes.as_str()).collect();
        let badge = badge.join(", ");
        let copies = copies.into_iter();
        let refused = ("came too late".to_owned(), self.refused.to_string());
        Description {
            badge,
            state: copies
                .map(|(key, writes)| (format!("key {key}"), writes))
                .chain([refused])
                .collect(),
            beliefs: self.beliefs(outlook),
        }
    }
}
