//! How a shard knows what time it can be.

use sim::clock::Interval;
use sim::held::{Held, Measure};
use sim::{Context, NodeId, SimDuration};

use super::{Choices, Message, Node, Timer};
use crate::describe::words::length;
use crate::parts::clocks::time_samples::{Allowance, Candidate, Exchanges, agreed};

/// How many questions to a time server can be open.
const OPEN: u32 = 8;

/// What a shard takes for the earliest and the latest time that it can be.
#[derive(Clone, Debug, Hash)]
pub enum Reckoning {
    /// Its wall clock, with an error that it assumes.
    Assumed(SimDuration),
    /// Its interval clock, which is as honest as the node's settings: there is no server to ask.
    Settings,
    /// What its servers say.
    Servers(Servers),
}

/// Time servers, and what a shard knows from them: what TrueTime's daemon does with its time masters (Corbett et al.,
/// section 3). The interval follows from half the round trips and the drift since, and holds as long as fewer than half of
/// the servers are wrong. It stands on the monotonic clock, so that nobody who sets the wall clock can spoil it.
#[derive(Clone, Debug, Hash)]
pub struct Servers {
    servers: Vec<NodeId>,
    poll: SimDuration,
    allowance: Allowance,
    exchanges: Exchanges,
}

impl Reckoning {
    /// Bytes that it takes on the heap.
    pub fn held(&self, by: Measure) -> usize {
        match self {
            Reckoning::Servers(servers) => servers.servers.held(by) + servers.exchanges.held(by),
            Reckoning::Assumed(_) | Reckoning::Settings => 0,
        }
    }

    pub(super) fn of(choices: &Choices) -> Reckoning {
        if !choices.has_bound {
            Reckoning::Assumed(choices.assumed_error)
        } else if choices.time_servers.is_empty() {
            Reckoning::Settings
        } else {
            Reckoning::Servers(Servers {
                servers: choices.time_servers.clone(),
                poll: choices.poll,
                allowance: Allowance {
                    drift: choices.max_drift,
                    server: choices.server_error,
                },
                exchanges: Exchanges::with_open(OPEN),
            })
        }
    }

    /// Begins to ask the servers, if time is reckoned by them.
    pub fn start(&mut self, context: &mut Context<'_, Node>) {
        if let Reckoning::Servers(servers) = self {
            servers.exchanges.start(context);
            servers.ask(context);
        }
    }

    /// Time to ask the servers.
    pub fn ask(&mut self, context: &mut Context<'_, Node>) {
        if let Reckoning::Servers(servers) = self {
            servers.ask(context);
        }
    }

    /// A server has answered.
    pub fn told(&mut self, server: NodeId, ask: u32, told: i64, context: &Context<'_, Node>) {
        if let Reckoning::Servers(servers) = self {
            servers.exchanges.told(server, ask, told, context);
        }
    }

    /// The earliest and the latest time that it can be; none as long as the shard does not know.
    pub fn interval(&self, context: &Context<'_, Node>) -> Option<Interval> {
        match self {
            Reckoning::Assumed(error) => {
                let (wall, error) = (context.wall(), error.as_nanos() as i64);
                Some(Interval {
                    earliest: wall - error,
                    latest: wall + error,
                })
            }
            Reckoning::Settings => Some(context.interval()),
            Reckoning::Servers(servers) => servers.interval(context.monotonic()),
        }
    }

    /// What the shard believes about its clock, while its monotonic clock shows `monotonic`.
    pub fn belief(&self, monotonic: i64) -> String {
        match self {
            Reckoning::Assumed(error) => {
                let error = length(*error);
                format!("My clock is within {error} of the true time: it was when it was measured.")
            }
            Reckoning::Settings => "My clock is within its bound of the true time.".to_owned(),
            Reckoning::Servers(servers) => match servers.interval(monotonic) {
                None => "I do not know what time it is: too few time servers have answered.".into(),
                Some(Interval { earliest, latest }) => format!(
                    "I know the true time to within {:.0} ms, if most time servers are right.",
                    (latest - earliest) as f64 / 2e6
                ),
            },
        }
    }
}

impl Servers {
    fn ask(&mut self, context: &mut Context<'_, Node>) {
        let question = |ask| Message::AskTime { ask };
        self.exchanges.ask(&self.servers, question, context);
        context.set_timer(self.poll, Timer::AskTime);
    }

    fn interval(&self, now: i64) -> Option<Interval> {
        let surest = self
            .exchanges
            .chosen(|samples| samples.surest(now, &self.allowance));
        let candidates: Vec<Candidate> = surest
            .iter()
            .map(|(_, sample)| sample.candidate(now, now, &self.allowance))
            .collect();
        let (low, high) = agreed(&candidates, self.servers.len())?;
        Some(Interval {
            earliest: now + low,
            latest: now + high,
        })
    }
}
