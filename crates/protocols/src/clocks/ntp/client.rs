//! A client: asks servers, chooses among their samples and sets its clock.

use sim::held::{Held, Measure};
use sim::protocol::{Description, Outlook, RoundTrip, length, off_by};
use sim::trace::Fact;
use sim::{Context, NodeId, SimDuration};

use crate::describe::roles::Role;
use crate::parts::clocks::correction;
use crate::parts::clocks::time_samples::{
    Allowance, Candidate, Exchanges, Sample, Samples, agreed, combined, truechimers,
};

use super::{Choices, Message, Node, Timer};

/// How many questions a client asks in quick succession when it starts (`iburst` of `ntpd`).
const BURST: u32 = 8;

/// How many questions to a server can be open: an answer to any but the latest is dropped (RFC 5905, section 8).
const OPEN: u32 = 1;

/// How a client behaves.
#[derive(Clone, Copy, Debug, Hash)]
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
    /// What it allows for when it says how wrong its clock can be.
    allowance: Allowance,
}

/// A client.
#[derive(Clone, Debug, Hash)]
pub struct Client {
    habits: Habits,
    servers: Vec<NodeId>,
    exchanges: Exchanges,
    /// How often it has asked in this life.
    asks: u32,
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
                allowance: Allowance {
                    drift: choices.max_drift,
                    server: choices.server_error,
                },
            },
            servers: choices.servers.clone(),
            exchanges: Exchanges::with_open(OPEN),
            asks: 0,
            rejected: Vec::new(),
            corrected: None,
        }
    }

    /// Asks all servers, and sets the timer for the next question of the burst or for setting the clock.
    pub fn ask(&mut self, context: &mut Context<'_, Node>) {
        self.asks += 1;
        let question = |ask| Message::Ask { ask };
        self.exchanges.ask(&self.servers, question, context);
        if self.asks < BURST {
            context.set_timer(self.habits.burst, Timer::Ask);
        } else {
            context.set_timer(self.habits.poll.scaled_permille(500), Timer::Set);
            context.set_timer(self.habits.poll, Timer::Ask);
        }
    }

    /// A server answers the question `ask`: its clock showed `told` nanoseconds.
    pub fn told(&mut self, server: NodeId, ask: u32, told: i64, context: &mut Context<'_, Node>) {
        let Some(sample) = self.exchanges.told(server, ask, told, context) else {
            return;
        };
        let (now, wall) = (context.monotonic(), context.wall());
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
        self.exchanges.chosen(choose)
    }

    /// Corrects the wall clock by what the exchanges of the burst have shown.
    pub fn set_clock(&mut self, context: &mut Context<'_, Node>) {
        let (now, wall) = (context.monotonic(), context.wall());
        let allowance = self.habits.allowance;
        let (servers, candidates): (Vec<NodeId>, Vec<Candidate>) = self
            .chosen()
            .into_iter()
            .map(|(server, sample)| (server, sample.candidate(now, wall, &allowance)))
            .unzip();
        let asked = self.servers.len();
        let kept = if self.habits.selects {
            truechimers(&candidates, asked)
        } else {
            (0..candidates.len()).collect()
        };
        let is_rejected = |place: &usize| !kept.contains(place);
        let rejected = (0..servers.len()).filter(is_rejected);
        self.rejected = rejected.map(|place| servers[place]).collect();
        let kept: Vec<Candidate> = kept.iter().map(|place| candidates[*place]).collect();
        let Some(offset) = combined(&kept) else {
            return;
        };
        let bound = if self.habits.selects {
            agreed(&candidates, asked).map(|(low, high)| (high - offset).max(offset - low))
        } else {
            kept.iter().map(|one| one.bound).max()
        };
        if let Some(bound) = bound {
            self.correct(offset, bound, context);
        }
    }

    /// Corrects the clock by `offset`, which can be wrong by `bound`. A slow correction leaves the clock wrong at first.
    fn correct(&mut self, offset: i64, bound: i64, context: &mut Context<'_, Node>) {
        let threshold = self.habits.step_threshold;
        let to_slew = correction::correct(offset, threshold, context);
        let bound = bound + to_slew.abs();
        self.corrected = Some((offset, bound));
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
            let offset = off_by(sample.offset + ahead);
            let delay = length(sample.delay);
            let said = format!("{offset} of mine, round trip {delay}{verdict}");
            ((outlook.name)(server), said)
        };
        self.chosen().into_iter().map(line).collect()
    }
}

impl Role<Node> for Client {
    fn held(&self, by: Measure) -> usize {
        self.servers.held(by) + self.exchanges.held(by) + self.rejected.held(by)
    }

    fn start(&mut self, context: &mut Context<'_, Node>) {
        self.exchanges.start(context);
        context.set_timer(self.habits.burst, Timer::Ask);
    }

    fn round_trips(&self) -> Vec<RoundTrip> {
        let round_trip = |(server, sample): (NodeId, Sample)| RoundTrip {
            with: server,
            delay: sample.delay,
            is_rejected: self.rejected.contains(&server),
        };
        self.chosen().into_iter().map(round_trip).collect()
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        let badge = match self.corrected {
            None => "not set yet".to_owned(),
            Some((0, _)) => "set: it was right".to_owned(),
            Some((offset, _)) => {
                let way = if offset < 0 { "back" } else { "forward" };
                format!("set {way} by {}", length(offset.saturating_abs()))
            }
        };
        let belief = match self.corrected {
            None => "I have not set my clock yet.".to_owned(),
            Some((_, bound)) => format!(
                "When I last set it, my clock was within {} of the true time, if most servers are right.",
                length(bound)
            ),
        };
        Description {
            badge,
            state: self.state(outlook),
            beliefs: vec![belief],
        }
    }
}
