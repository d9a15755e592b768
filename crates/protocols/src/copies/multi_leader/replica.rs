//! A replica: accepts writes, passes them on, and sets its clock.

use sim::held::{Held, Measure, all_held};
use sim::sorted::Map;

use sim::protocol::{CopyOf, Description, Outlook, time_of_day};
use sim::trace::Fact;
use sim::{Context, NodeId, SimDuration};

use super::copy::{Copy, Settling, Version};
use super::log::Log;
use super::lost::Lost;
use super::{Message, Node, Outbox, Says, Timer, Wants, listed, send_all};
use crate::describe::roles::Role;
use crate::parts::clocks::correction;
use crate::parts::clocks::logical_time::{HybridClock, HybridTime, VersionVector};
use crate::parts::disk::group_commit::GroupCommit;
use crate::parts::numbers::first_number;
use crate::parts::spread;

/// The clock error above which a replica corrects its clock by a jump (the default of `ntpd`).
const STEP_THRESHOLD: SimDuration = SimDuration::from_millis(128);

/// How many writes one message carries at most.
const BATCH: usize = 32;

/// A replica.
#[derive(Clone, Debug, Hash)]
pub struct Replica {
    others: Vec<NodeId>,
    settling: Settling,
    /// The time server that it asks, and the time between two questions.
    time: Option<(NodeId, SimDuration)>,
    /// The time between two comparisons with another replica.
    patience: SimDuration,
    clock: HybridClock,
    /// What is under each key; all of it is durable.
    copies: Map<i64, Copy>,
    log: Log,
    after_sync: GroupCommit<Owed>,
    /// The operations that it has taken from clients, and whether they are durable.
    operations: Map<u32, bool>,
    /// Which writes each other replica has said that it knows.
    told: Map<NodeId, VersionVector>,
    /// How many comparisons it has begun.
    compared: usize,
    /// Set while it may have lost writes that it accepted: how many of these the others know.
    lost: Option<Lost>,
    /// How many writes were older than the version that was there when they arrived.
    refused: u32,
    /// The reading of its clock when it asked for the time, until the answer arrives.
    asked: Option<i64>,
}

/// What is owed after a sync.
#[derive(Clone, Debug, Hash)]
enum Owed {
    /// A client's write: it takes effect, the client is told, and the others are sent it.
    Write(NodeId, Version),
    /// Another replica's writes: they take effect, and that replica is told, and asked for what it has more of.
    Copies {
        from: NodeId,
        versions: Vec<Version>,
        wants: Wants,
    },
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
            clock: HybridClock::default(),
            copies: Map::new(),
            log: Log::default(),
            after_sync: GroupCommit::default(),
            operations: Map::new(),
            told: Map::new(),
            compared: 0,
            lost: None,
            refused: 0,
            asked: None,
        }
    }

    /// Asks the others for what it has missed.
    fn catch_up(&mut self, context: &mut Context<'_, Node>) {
        let me = context.me();
        if self.log.may_lack_writes_of(me) && !self.others.is_empty() {
            self.lost = Some(Lost::new(&self.others));
            self.log.replaced_by(disk_of_this_life(context), context);
        }
        let questions: Outbox = self
            .others
            .iter()
            .map(|other| self.ask(*other, context))
            .collect();
        send_all(self.clock, questions, context);
    }

    /// Tells another replica what this one knows, and asks for what it lacks.
    fn ask(&self, other: NodeId, context: &Context<'_, Node>) -> (NodeId, Says) {
        let known = self.log.known().clone();
        let wants = match self.lost {
            Some(_) => Wants::Answer {
                nonce: context.boot(),
            },
            None => Wants::Missing,
        };
        (other, Says::Known { known, wants })
    }

    /// A message of a client, of another replica or of a time server.
    pub fn hear(&mut self, from: NodeId, message: Message, context: &mut Context<'_, Node>) {
        self.clock.hear(message.clock);
        let outbox = self.answer(from, message.says, context);
        send_all(self.clock, outbox, context);
    }

    fn answer(&mut self, from: NodeId, says: Says, context: &mut Context<'_, Node>) -> Outbox {
        match says {
            Says::Read { ask, key } => vec![(from, self.read(ask, key))],
            Says::Write {
                operation,
                key,
                context: read,
            } => self.write(from, operation, key, read, context),
            Says::Replicate { version } => self.take(from, vec![version], Wants::Nothing, context),
            Says::Lacks {
                known,
                versions,
                nonce,
            } => {
                let is_answer = nonce == Some(context.boot());
                self.told_what_lacks(from, is_answer, known, versions, context)
            }
            Says::Known { known, wants } => self.compare_with(from, known, wants),
            Says::Time { asked, told } => {
                self.correct_clock(asked, told, context);
                Outbox::new()
            }
            Says::Value { .. } | Says::Written { .. } | Says::WhatTime { .. } => Outbox::new(),
        }
    }

    /// One of its timers fires.
    pub fn wake(&mut self, timer: Timer, context: &mut Context<'_, Node>) {
        let outbox = match timer {
            Timer::Compare => self.compare(context),
            Timer::SetClock => self.ask_time(context),
            Timer::Begin | Timer::Write | Timer::NoAnswer => Outbox::new(),
        };
        send_all(self.clock, outbox, context);
    }

    fn settle(&mut self, owed: Owed, context: &mut Context<'_, Node>) -> Outbox {
        match owed {
            Owed::Write(client, version) => {
                let operation = version.operation;
                self.operations.insert(operation, true);
                self.keep(version.clone(), context);
                let others = self.others.iter().map(|other| {
                    let version = version.clone();
                    (*other, Says::Replicate { version })
                });
                let answer = (client, Says::Written { operation });
                [answer].into_iter().chain(others).collect()
            }
            Owed::Copies {
                from,
                versions,
                wants,
            } => {
                for version in versions {
                    self.keep(version, context);
                }
                let known = self.log.known().clone();
                vec![(from, Says::Known { known, wants })]
            }
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
        context: &mut Context<'_, Node>,
    ) -> Outbox {
        match self.operations.get(&operation) {
            // The network has duplicated the request.
            Some(true) => return vec![(from, Says::Written { operation })],
            Some(false) => return Outbox::new(),
            None if self.lost.is_some() => return Outbox::new(),
            None => {}
        }
        self.operations.insert(operation, false);
        let version = Version {
            operation,
            key,
            dot: self.log.next_dot(context.me()),
            stamp: self.stamp(operation, context),
            context: read,
        };
        for version in self.log.take(version, context) {
            self.after_sync.owe(Owed::Write(from, version), context);
        }
        Outbox::new()
    }

    /// Gives a write its timestamp.
    fn stamp(&mut self, operation: u32, context: &mut Context<'_, Node>) -> HybridTime {
        let stamp = match self.settling {
            Settling::HybridClock => self.clock.tick(context.wall()),
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

    /// Adds a durable version to the copy of its key.
    fn keep(&mut self, version: Version, context: &mut Context<'_, Node>) {
        if self.log.has(version.dot) {
            return;
        }
        self.log.keep(version.clone());
        let (operation, key) = (version.operation, version.key);
        let fact = stored(&version, key);
        let copy = self.copies.entry(key).or_default();
        let settled = copy.take(version, self.settling);
        if settled.is_kept {
            context.record(fact);
        }
        self.refused += u32::from(!settled.is_kept);
        for (operation, by) in settled.gone {
            context.record(Fact::Discarded { operation, by, key });
        }
        self.operations.insert(operation, true);
        self.is_it_whole(context);
    }

    /// Takes writes that another replica knows, and confirms them once they are durable.
    fn take(
        &mut self,
        from: NodeId,
        versions: Vec<Version>,
        wants: Wants,
        context: &mut Context<'_, Node>,
    ) -> Outbox {
        let versions = versions.into_iter();
        let taken = versions.map(|version| self.log.take(version, context));
        let versions = taken.collect::<Vec<_>>().concat();
        let owed = Owed::Copies {
            from,
            versions,
            wants,
        };
        if self.log.is_durable() {
            return self.settle(owed, context);
        }
        self.after_sync.owe(owed, context);
        Outbox::new()
    }

    /// Another replica sends writes that are missing here. It has more if their number is the largest possible.
    fn told_what_lacks(
        &mut self,
        from: NodeId,
        is_answer: bool,
        known: VersionVector,
        versions: Vec<Version>,
        context: &mut Context<'_, Node>,
    ) -> Outbox {
        if let Some(lost) = self.lost.as_mut().filter(|_| is_answer) {
            lost.hear(from, &known);
        }
        self.told.insert(from, known);
        self.is_it_whole(context);
        let wants = match versions.len() {
            BATCH => Wants::Missing,
            _ => Wants::Nothing,
        };
        self.take(from, versions, wants, context)
    }

    /// Whether a replica that may have lost writes has got back all that the others knew.
    fn is_it_whole(&mut self, context: &mut Context<'_, Node>) {
        let known = self.log.known();
        if self.lost.take_if(|lost| lost.is_over(known)).is_some() {
            self.log.mark_whole(context);
        }
    }

    /// *Anti-entropy*: compares with one other replica after another, and with all that it has to hear from.
    fn compare(&mut self, context: &mut Context<'_, Node>) -> Outbox {
        context.set_timer(self.patience, Timer::Compare);
        if let Some(lost) = &self.lost {
            let asked = self.others.iter().filter(|other| lost.asks(**other));
            return asked.map(|other| self.ask(*other, context)).collect();
        }
        self.compared += 1;
        let other = self.others.get(self.compared % self.others.len().max(1));
        other
            .map(|other| self.ask(*other, context))
            .into_iter()
            .collect()
    }

    /// Another replica tells what it knows, and is sent what it lacks, as it wants.
    fn compare_with(&mut self, from: NodeId, known: VersionVector, wants: Wants) -> Outbox {
        let versions = self.log.missing(&known, BATCH);
        let (is_answered, nonce) = match wants {
            Wants::Nothing => (false, None),
            Wants::Missing => (!versions.is_empty(), None),
            Wants::Answer { nonce } => (true, Some(nonce)),
        };
        self.told.insert(from, known);
        let known = self.log.known().clone();
        let lacks = Says::Lacks {
            known,
            versions,
            nonce,
        };
        let answer = is_answered.then_some((from, lacks));
        answer.into_iter().collect()
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
        correction::correct(offset, STEP_THRESHOLD, context);
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
        let nothing = VersionVector::new();
        let is_behind = |other: &&NodeId| {
            let known = self.told.get(other).unwrap_or(&nothing);
            self.log.is_ahead_of(known)
        };
        let behind = self.others.iter().filter(is_behind);
        let now = format!("It is {}.", time_of_day(outlook.wall, 2));
        let behind = behind.map(|other| {
            let name = (outlook.name)(*other);
            format!("{name} may not have all edits that I have.")
        });
        let lost = self.lost.as_ref().map(|_| {
            "My disk may have lost writes that I accepted. I accept no new write until all replicas have told me theirs."
                .to_owned()
        });
        let beliefs = [now, rule.to_owned()].into_iter();
        beliefs.chain(lost).chain(behind).collect()
    }
}

impl Role<Node> for Replica {
    /// Begins with what its disk has. In a later life it asks the others what it has missed.
    fn start(&mut self, context: &mut Context<'_, Node>) {
        for version in self.log.load(context) {
            self.clock.hear(version.stamp);
            self.operations.insert(version.operation, true);
            let copy = self.copies.entry(version.key).or_default();
            copy.take(version, self.settling);
        }
        for (key, copy) in &self.copies {
            for version in copy.versions() {
                context.record(stored(version, *key));
            }
        }
        context.set_timer(self.patience, Timer::Compare);
        if let Some((_, poll)) = self.time {
            let first = spread::up_to(poll, context);
            context.set_timer(first, Timer::SetClock);
        }
        if context.boot() > 0 {
            self.catch_up(context);
        }
    }

    /// What was written before a sync is durable.
    fn synced(&mut self, token: u64, context: &mut Context<'_, Node>) {
        for owed in self.after_sync.synced(token, context) {
            let outbox = self.settle(owed, context);
            send_all(self.clock, outbox, context);
        }
    }

    /// The versions that it answers reads with.
    fn copies(&self) -> Option<Vec<CopyOf>> {
        let copies = self.copies.iter();
        let held = copies.flat_map(|(key, copy)| {
            let operations = copy.operations().into_iter();
            operations.map(|operation| CopyOf {
                key: *key,
                operation,
            })
        });
        Some(held.collect())
    }

    /// Bytes of memory that it takes besides its own size.
    fn held(&self, by: Measure) -> usize {
        let lost = self.lost.as_ref().map_or(0, |lost| lost.held(by));
        self.others.held(by)
            + self.copies.held(by)
            + all_held(self.copies.values(), by)
            + self.log.held(by)
            + self.after_sync.held(by)
            + self.operations.held(by)
            + self.told.held(by)
            + all_held(self.told.values(), by)
            + lost
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        let copies = self.copies.iter();
        let copies: Vec<(i64, String)> = copies
            .map(|(key, copy)| (*key, listed(&copy.operations())))
            .collect();
        let badge: Vec<&str> = copies.iter().map(|(_, writes)| writes.as_str()).collect();
        let badge = match badge.len() {
            0 => "no edit".to_owned(),
            _ => format!("has {}", badge.join(", ")),
        };
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

/// The number of a disk that replaced another one before this life began: it is drawn from the boot identifier.
fn disk_of_this_life(context: &Context<'_, Node>) -> u16 {
    (first_number(context) % u32::from(u16::MAX)) as u16 + 1
}

/// A copy holds this version.
fn stored(version: &Version, key: i64) -> Fact {
    Fact::Stored {
        operation: version.operation,
        key,
        version: version.stamp.physical,
    }
}
