//! A client: asks servers, chooses among their samples and sets its clock.

use sim::protocol::{Description, Outlook};
use sim::sorted::Map;
use sim::trace::Fact;
use sim::{Context, NodeId, SimDuration};

use crate::describe::roles::Role;
use crate::parts::clock_correction;
use crate::parts::numbers::first_number;

use super::sample::{Sample, Samples};
use super::select::{Candidate, combined, truechimers};
use super::{Choices, Message, Node, Timer};

/// How many questions a client asks in quick succession when it starts (`iburst` of `ntpd`).
const BURST: u32 = 8;

/// How a client behaves.
#[derive(Clone, Copy, Debug)]
struct Habits {
    /// How often it asks.
    poll: SimDuration,
    /// The time between the first questions.
    burst: SimDuration,
    /// A larger offset is corrected by a jump.
    step_threshold: SimDuration,
    /// Whether the sample with the smallest delay counts, instead of the latest.
    filters: bool,
    /// Whether servers that do not agree with a majority are rejected.
    selects: bool,
}

/// A client.
#[derive(Clone, Debug)]
pub struct Client {
    habits: Habits,
    servers: Vec<NodeId>,
    samples: Map<NodeId, Samples>,
    /// Where its numbers begin, so that no answer to an earlier life is mistaken for an answer to this one.
    generation: u32,
    asks: u32,
    /// The number of the open question to each server, and the monotonic clock when it was asked.
    asked: Map<NodeId, (u32, i64)>,
    /// The servers that were rejected.
    rejected: Vec<NodeId>,
    /// The latest correction, and how wrong it can be.
    corrected: Option<(i64, i64)>,
}

impl Client {
    /// A client that has no samples yet.
    pub(super) fn new(choices: &Choices) -> Client {
        Client {
            habits: Habits {
                poll: choices.poll,
                burst: choices.burst,
                step_threshold: choices.step_threshold,
                filters: choices.filters,
                selects: choices.selects,
            },
            servers: choices.servers.clone(),
            samples: Map::new(),
            generation: 0,
            asks: 0,
            asked: Map::new(),
            rejected: Vec::new(),
            corrected: None,
        }
    }

    pub fn ask(&mut self, context: &mut Context<'_, Node>) {
        self.asks += 1;
        let (ask, now) = (self.generation + self.asks, context.monotonic());
        for server in &self.servers {
            // An earlier question that has no answer yet is given up.
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
        let asked = self.asked.get(&server).copied();
        let Some((_, asked)) = asked.filter(|(open, _)| *open == ask) else {
            return;
        };
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

    /// For each server, the sample that counts.
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
        let (servers, candidates): (Vec<NodeId>, Vec<Candidate>) = self
            .chosen()
            .into_iter()
            .map(|(server, sample)| (server, sample.candidate(now, wall)))
            .unzip();
        let kept = if self.habits.selects {
            truechimers(&candidates)
        } else {
            (0..candidates.len()).collect()
        };
        let is_rejected = |place: &usize| !kept.contains(place);
        let rejected = (0..servers.len()).filter(is_rejected);
        self.rejected = rejected.map(|place| servers[place]).collect();
        let kept: Vec<Candidate> = kept.iter().map(|place| candidates[*place]).collect();
        let bound = kept.iter().map(|one| one.bound).max();
        if let (Some(offset), Some(bound)) = (combined(&kept), bound) {
            self.correct(offset, bound, context);
        }
    }

    fn correct(&mut self, offset: i64, bound: i64, context: &mut Context<'_, Node>) {
        self.corrected = Some((offset, bound));
        clock_correction::correct(offset, self.habits.step_threshold, context);
        context.record(Fact::ClockRead {
            reading: context.wall(),
            bound,
        });
    }

    /// What the sample of each server says.
    fn state(&self, outlook: &Outlook<'_>) -> Vec<(String, String)> {
        let ahead = outlook.monotonic - outlook.wall;
        let line = |(server, sample): (NodeId, Sample)| {
            let rejected = self.rejected.contains(&server);
            let verdict = if rejected { ", rejected" } else { "" };
            let offset = in_millis(sample.offset + ahead);
            let delay = in_millis(sample.delay);
            let said = format!("{offset:+.0} ms, round trip {delay:.0} ms{verdict}");
            ((outlook.name)(server), said)
        };
        self.chosen().into_iter().map(line).collect()
    }
}

impl Role<Node> for Client {
    fn start(&mut self, context: &mut Context<'_, Node>) {
        self.generation = first_number(context);
        context.set_timer(self.habits.burst, Timer::Ask);
    }

    fn role(&self) -> &'static str {
        "client"
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        let badge = match self.corrected {
            None => "not set yet".to_owned(),
            Some((offset, _)) => format!("corrected by {:+.0} ms", in_millis(offset)),
        };
        let belief = match self.corrected {
            None => "I have not set my clock yet.".to_owned(),
            Some((_, bound)) => format!(
                "My clock is within {:.0} ms of the true time, if I trusted the right servers.",
                in_millis(bound)
            ),
        };
        Description {
            badge,
            state: self.state(outlook),
            beliefs: vec![belief],
        }
    }
}

fn in_millis(nanos: i64) -> f64 {
    nanos as f64 / 1e6
}
