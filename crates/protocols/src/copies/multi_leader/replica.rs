//! A replica: takes writes, passes them on, sets its clock.

use sim::sorted::{Map, Set};

use sim::clock::Rate;
use sim::network::Distribution;
use sim::protocol::{Description, Outlook};
use sim::trace::Fact;
use sim::{Context, NodeId, SimDuration};

use super::copy::{Copy, Settling, Version};
use super::{Node, Outbox, Says, Timer};
use crate::parts::hybrid_clock::{HybridClock, HybridTime};
use crate::parts::version_vector::VersionVector;

/// A larger error is corrected by a jump, as ntpd does.
const STEP_THRESHOLD: i64 = 128_000_000;
/// How fast a smaller one is corrected.
const SLEW: Rate = Rate::ppm(500);

/// A replica.
#[derive(Clone, Debug)]
pub struct Replica {
    others: Vec<NodeId>,
    settling: Settling,
    /// Whom it asks for the time, and how often.
    time: Option<(NodeId, SimDuration)>,
    /// How long it waits before it passes on again what is not confirmed.
    patience: SimDuration,
    copies: Map<i64, Copy>,
    /// The writes that were taken here, in order.
    taken: Vec<Version>,
    operations: Set<u32>,
    /// How many of them each other replica has confirmed.
    confirmed: Map<NodeId, u32>,
    /// How many of the writes taken at each other replica are known here, without a gap.
    known: VersionVector,
    /// Writes that came before others that were taken earlier.
    early: Map<(NodeId, u32), Version>,
    /// How many writes came and were older than what was there.
    refused: u32,
    /// When the clock was asked for last: that reading, until the answer has come.
    asked: Option<i64>,
}

impl Replica {
    /// A replica that has nothing.
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
            taken: Vec::new(),
            operations: Set::new(),
            confirmed: Map::new(),
            known: VersionVector::new(),
            early: Map::new(),
            refused: 0,
            asked: None,
        }
    }

    pub fn start(&mut self, context: &mut Context<'_, Node>) {
        context.set_timer(self.patience, Timer::PassOn);
        if let Some((_, poll)) = self.time {
            let low = SimDuration::ZERO;
            let first = context.draw(Distribution::Uniform { low, high: poll });
            context.set_timer(first, Timer::SetClock);
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
        let mut outbox = vec![(from, Says::Written { operation })];
        // A request that was copied on its way is not taken twice.
        if self.operations.insert(operation) {
            let stamp = self.stamp(clock, context);
            context.record(Fact::Stamped {
                item: i64::from(operation),
                stamp: stamp.physical,
                tie: i64::from(stamp.logical),
            });
            let version = Version {
                operation,
                key,
                dot: self.known.tick(context.me().0),
                stamp,
                context: read,
            };
            self.taken.push(version.clone());
            self.take(version.clone(), context);
            let number = self.taken.len() as u32;
            let copies = self.others.iter().map(|other| {
                let version = version.clone();
                (*other, Says::Replicate { number, version })
            });
            outbox.extend(copies);
        }
        outbox
    }

    fn stamp(&self, clock: &mut HybridClock, context: &Context<'_, Node>) -> HybridTime {
        match self.settling {
            Settling::HybridClock => clock.tick(context.wall()),
            Settling::WallClock | Settling::VersionVector => HybridTime {
                physical: context.wall(),
                logical: 0,
            },
        }
    }

    /// Takes a version into the copy of its key.
    fn take(&mut self, version: Version, context: &mut Context<'_, Node>) {
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

    /// Takes what another replica has taken, in the order in which that one did.
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
            self.take(version, context);
        }
        let number = self.known.of(from.0);
        vec![(from, Says::Known { number })]
    }

    /// Passes on what others have not confirmed.
    fn pass_on(&self) -> Outbox {
        let unconfirmed = |other: &NodeId| {
            let confirmed = self.confirmed.get(other).copied().unwrap_or(0);
            let rest = self.taken.iter().zip(1..).skip(confirmed as usize);
            let other = *other;
            rest.map(move |(version, number)| {
                let version = version.clone();
                (other, Says::Replicate { number, version })
            })
        };
        self.others.iter().flat_map(unconfirmed).collect()
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
        if offset.abs() > STEP_THRESHOLD {
            context.step_wall_clock(offset);
        } else {
            context.slew_wall_clock(offset, SLEW);
        }
    }

    pub fn describe(&self, outlook: &Outlook<'_>) -> Description {
        let listed = |copy: &Copy| {
            let numbers: Vec<String> = copy.operations().iter().map(|n| format!("#{n}")).collect();
            numbers.join(" and ")
        };
        let copies: Vec<String> = self.copies.values().map(listed).collect();
        let keys = self
            .copies
            .iter()
            .map(|(key, copy)| (format!("key {key}"), listed(copy)));
        let mut state: Vec<(String, String)> = keys.collect();
        state.push(("came too late".to_owned(), self.refused.to_string()));
        let rule = match self.settling {
            Settling::WallClock => "Of two writes the one with the larger time is the newer one.",
            Settling::HybridClock => {
                "Of two writes the one with the larger time is the newer one; mine are later than all I have heard of."
            }
            Settling::VersionVector => {
                "A write replaces what its writer had read, and nothing else."
            }
        };
        let mut beliefs = vec![
            format!("It is {:.2} s.", outlook.wall as f64 / 1e9),
            rule.to_owned(),
        ];
        let behind = self.others.iter().filter(|other| {
            self.confirmed.get(other).copied().unwrap_or(0) < self.taken.len() as u32
        });
        for other in behind {
            beliefs.push(format!(
                "{} may not have all that I have.",
                (outlook.name)(*other)
            ));
        }
        Description {
            badge: copies.join(", "),
            state,
            beliefs,
        }
    }
}
