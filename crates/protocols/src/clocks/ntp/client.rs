//! A client: asks, filters, selects, sets its clock.

use sim::clock::Rate;
use sim::protocol::{Description, Outlook};
use sim::sorted::Map;
use sim::trace::Fact;
use sim::{Context, NodeId, SimDuration};

use crate::parts::incarnation::first_number;

use super::sample::{Sample, Samples};
use super::select::{Candidate, combined, truechimers};
use super::{Message, Node, Timer};

/// How many questions a client begins with, in quick succession (ntpd's `iburst`).
const BURST: u32 = 8;
/// How fast a small offset is corrected.
const SLEW: Rate = Rate::ppm(500);

/// How a client goes about it.
#[derive(Clone, Copy, Debug)]
pub struct Habits {
    /// How often it asks.
    pub poll: SimDuration,
    /// How far the first questions lie apart.
    pub burst: SimDuration,
    /// A larger offset is corrected by a jump.
    pub step_threshold: SimDuration,
    /// Whether the sample with the smallest delay counts, and not the latest.
    pub filters: bool,
    /// Whether servers that do not fit in do not count.
    pub selects: bool,
}

/// A client.
#[derive(Clone, Debug)]
pub struct Client {
    habits: Habits,
    servers: Vec<NodeId>,
    samples: Map<NodeId, Samples>,
    /// Where its numbers begin, so that no answer to an earlier life passes for one to this.
    generation: u32,
    asks: u32,
    /// When the open question to each server was asked, by the monotonic clock.
    asked: Map<NodeId, (u32, i64)>,
    /// Servers that did not fit in.
    rejected: Vec<NodeId>,
    /// The latest correction and how far it can be wrong.
    corrected: Option<(i64, i64)>,
}

impl Client {
    /// A client of these servers.
    pub fn new(servers: Vec<NodeId>, habits: Habits) -> Client {
        Client {
            habits,
            servers,
            samples: Map::new(),
            generation: 0,
            asks: 0,
            asked: Map::new(),
            rejected: Vec::new(),
            corrected: None,
        }
    }

    pub fn start(&mut self, context: &mut Context<'_, Node>) {
        self.generation = first_number(context);
        context.set_timer(self.habits.burst, Timer::Ask);
    }

    pub fn ask(&mut self, context: &mut Context<'_, Node>) {
        self.asks += 1;
        let (ask, now) = (self.generation + self.asks, context.monotonic());
        for server in &self.servers {
            // Whatever was not answered by now is not waited for any longer.
            self.asked.insert(*server, (ask, now));
            context.send(*server, Message::Ask { ask });
        }
        if self.asks < BURST {
            context.set_timer(self.habits.burst, Timer::Ask);
        } else {
            context.set_timer(self.habits.poll.scaled_permille(500), Timer::Set);
            context.set_timer(self.habits.poll, Timer::Ask);
        }
    }

    pub fn told(&mut self, server: NodeId, ask: u32, told: i64, context: &mut Context<'_, Node>) {
        let Some((open, asked)) = self.asked.get(&server).copied() else {
            return;
        };
        if open != ask {
            return;
        }
        self.asked.remove(&server);
        let now = context.monotonic();
        let wall = context.wall();
        let sample = Sample::of(asked, told, now);
        self.samples.entry(server).or_default().push(sample);
        context.record(Fact::ClockRead {
            reading: wall,
            bound: -1,
        });
        context.record(Fact::Sampled {
            node: i64::from(server.0),
            offset: sample.offset + now - wall,
            delay: sample.delay,
        });
    }

    /// The sample of each server that counts.
    fn chosen(&self) -> Vec<(NodeId, Sample)> {
        let choose = |samples: &Samples| {
            if self.habits.filters {
                samples.quickest()
            } else {
                samples.latest()
            }
        };
        let chosen = self.samples.iter();
        chosen
            .filter_map(|(server, samples)| Some((*server, choose(samples)?)))
            .collect()
    }

    pub fn set_clock(&mut self, context: &mut Context<'_, Node>) {
        let (now, wall) = (context.monotonic(), context.wall());
        let chosen = self.chosen();
        let candidates: Vec<Candidate> = chosen
            .iter()
            .map(|(_, sample)| Candidate {
                offset: sample.offset + now - wall,
                bound: sample.bound(now),
            })
            .collect();
        let kept = if self.habits.selects {
            truechimers(&candidates)
        } else {
            (0..candidates.len()).collect()
        };
        let is_rejected = |place: &usize| !kept.contains(place);
        let places = (0..chosen.len()).filter(is_rejected);
        self.rejected = places.map(|place| chosen[place].0).collect();
        let kept: Vec<Candidate> = kept.iter().map(|place| candidates[*place]).collect();
        let bound = kept.iter().map(|one| one.bound).max();
        if let (Some(offset), Some(bound)) = (combined(&kept), bound) {
            self.correct(offset, bound, context);
        }
    }

    fn correct(&mut self, offset: i64, bound: i64, context: &mut Context<'_, Node>) {
        self.corrected = Some((offset, bound));
        if offset.unsigned_abs() > self.habits.step_threshold.as_nanos() {
            context.step_wall_clock(offset);
        } else {
            context.slew_wall_clock(offset, SLEW);
        }
        context.record(Fact::ClockRead {
            reading: context.wall(),
            bound,
        });
    }

    pub fn describe(&self, outlook: &Outlook<'_>) -> Description {
        let ahead = outlook.monotonic - outlook.wall;
        let chosen = self.chosen();
        let state = chosen.iter().map(|(server, sample)| {
            let offset = (sample.offset + ahead) as f64 / 1e6;
            let delay = sample.delay as f64 / 1e6;
            let verdict = if self.rejected.contains(server) {
                ", not believed"
            } else {
                ""
            };
            (
                (outlook.name)(*server),
                format!("{offset:+.0} ms, round trip {delay:.0} ms{verdict}"),
            )
        });
        let belief = match self.corrected {
            None => "I have not set my clock yet.".to_owned(),
            Some((_, bound)) => format!(
                "My clock is right to within {:.0} ms, if I believed the right servers.",
                bound as f64 / 1e6
            ),
        };
        Description {
            badge: match self.corrected {
                Some((offset, _)) => format!("corrected by {:+.0} ms", offset as f64 / 1e6),
                None => "not set yet".to_owned(),
            },
            state: state.collect(),
            beliefs: vec![belief],
        }
    }
}
