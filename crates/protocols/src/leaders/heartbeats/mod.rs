//! Heartbeats, and the question of how long a silence means death.
//!
//! Workers tell a balancer at regular intervals that they are alive. The balancer hands jobs to the workers that it
//! considers alive, and moves the jobs of a worker that it considers dead. The reason for a silence may be a crash, a
//! slow network, or a busy worker. A fixed timeout that is long enough for the slowest case finds every crash late. A
//! fixed timeout for the usual case declares live workers dead: their load falls on the others, which become slower and
//! are declared dead in turn.
//!
//! The adaptive timeout is the phi accrual failure detector: the recent silences of a worker decide how long its next
//! silence may be (Hayashibara et al., SRDS 2004). In the terms of Chandra and Toueg, *Unreliable failure detectors for
//! reliable distributed systems*, JACM 43(2), 1996, it is an eventually perfect detector.
//!
//! | module | its subject |
//! | --- | --- |
//! | `balancer` | hands out jobs, and decides which workers are dead |
//! | `known` | what the balancer knows about a worker |
//! | `worker` | sends heartbeats, and does jobs |

mod balancer;
mod known;
#[cfg(test)]
mod tests;
mod worker;

use sim::protocol::{Description, Gist, MessageSort, MessageWord, Outlook, TimerWord, Vocabulary};
use sim::{Context, Machine, NodeId, Protocol, Setup, World};

use crate::describe::entry::{
    DefenceSpec, ParameterSpec, Plan, ProtocolEntry, Quantity, RoleSpec, ms,
};
use balancer::Balancer;
use worker::Worker;

/// Heartbeats, for scenarios.
pub const ENTRY: ProtocolEntry = ProtocolEntry {
    id: "heartbeats",
    about: "A balancer hands jobs to workers whose heartbeats it hears, and moves the jobs of workers that it considers dead.",
    roles: &[
        RoleSpec {
            id: "balancer",
            fewest: 1,
            most: 1,
        },
        RoleSpec {
            id: "worker",
            fewest: 2,
            most: 127,
        },
    ],
    parameters: &[
        ParameterSpec {
            id: "interval",
            label: "Heartbeat every",
            about: "The time between two heartbeats of a worker.",
            quantity: Quantity::Duration,
            default: ms(500),
            min: ms(10),
            max: ms(60_000),
        },
        ParameterSpec {
            id: "timeout",
            label: "Fixed timeout",
            about: "How long a worker may be silent, if the timeout is fixed.",
            quantity: Quantity::Duration,
            default: ms(800),
            min: ms(10),
            max: ms(600_000),
        },
        ParameterSpec {
            id: "phi",
            label: "Phi",
            about: "The phi at which a worker is considered dead, if the timeout adapts. At 8, one silence in 10^8 is misjudged, as long as silences stay as they were.",
            quantity: Quantity::Count,
            default: 8.0,
            min: 1.0,
            max: 15.0,
        },
        ParameterSpec {
            id: "job-every",
            label: "A job every",
            about: "The time between two jobs that the balancer hands out.",
            quantity: Quantity::Duration,
            default: ms(65),
            min: ms(1),
            max: ms(60_000),
        },
    ],
    defences: &[DefenceSpec {
        id: "adaptive-timeout",
        label: "Adaptive timeout",
        protects: "How long a worker may be silent depends on how long its silences usually are.",
    }],
    vocabulary: &<Node as Protocol>::VOCABULARY,
    build,
};

fn build(plan: &Plan, setup: &Setup) -> Box<dyn Machine> {
    let balancer = plan.nodes("balancer")[0];
    let workers = plan.nodes("worker");
    let interval = plan.duration("interval");
    let node = |node: NodeId| match workers.iter().position(|worker| *worker == node) {
        Some(place) => {
            let offset = interval.scaled_permille((1000 * place / workers.len()) as u32);
            Node::Worker(Worker::new(balancer, interval, offset))
        }
        None => Node::Balancer(Box::new(Balancer::new(plan, &workers))),
    };
    let nodes = (0..plan.roles.len() as u16).map(NodeId).map(node);
    Box::new(World::new(setup, nodes.collect()))
}

/// A node.
#[derive(Clone, Debug)]
pub enum Node {
    /// The balancer, which listens for heartbeats.
    Balancer(Box<Balancer>),
    /// A worker, which sends heartbeats.
    Worker(Worker),
}

/// What the nodes send to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Message {
    /// I am alive.
    Heartbeat {
        /// When the worker started, by its monotonic clock: a different number after each restart.
        life: i64,
        /// The number of the heartbeat in this life.
        number: u32,
    },
    /// Do this job.
    Job {
        /// The number of the job.
        job: u32,
    },
    /// This job is done.
    Done {
        /// The number of the job.
        job: u32,
    },
}

/// What a node waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timer {
    /// Time for the next heartbeat.
    Beat,
    /// A worker has been silent for too long.
    Silence {
        /// The worker.
        worker: NodeId,
    },
    /// Time to hand out a job.
    Job,
}

impl Protocol for Node {
    type Message = Message;
    type Timer = Timer;
    type Record = ();

    const VOCABULARY: Vocabulary = Vocabulary {
        messages: &[
            MessageWord {
                name: "heartbeat",
                label: "",
                says: "I am alive (heartbeat {0})",
                sort: MessageSort::Heartbeat,
            },
            MessageWord {
                name: "job",
                label: "job {0}",
                says: "please do job {0}",
                sort: MessageSort::Request,
            },
            MessageWord {
                name: "done",
                label: "done {0}",
                says: "job {0} is done",
                sort: MessageSort::Reply,
            },
        ],
        timers: &[
            TimerWord {
                says: "time for a heartbeat",
                is_timeout: false,
            },
            TimerWord {
                says: "a worker has been silent for too long",
                is_timeout: true,
            },
            TimerWord {
                says: "time to hand out a job",
                is_timeout: false,
            },
        ],
        operations: &[],
    };

    fn on_start(&mut self, context: &mut Context<'_, Self>) {
        match self {
            Node::Balancer(balancer) => balancer.start(context),
            Node::Worker(worker) => worker.start(context),
        }
    }

    fn on_message(&mut self, from: NodeId, message: Message, context: &mut Context<'_, Self>) {
        match (self, message) {
            (Node::Balancer(balancer), Message::Heartbeat { life, number }) => {
                balancer.heartbeat(from, life, number, context);
            }
            (Node::Balancer(balancer), Message::Done { job }) => balancer.done(from, job),
            (Node::Worker(worker), Message::Job { job }) => worker.job(job, context),
            _ => {}
        }
    }

    fn on_timer(&mut self, timer: Timer, context: &mut Context<'_, Self>) {
        match (self, timer) {
            (Node::Balancer(balancer), Timer::Silence { worker }) => {
                balancer.silence(worker, context);
            }
            (Node::Balancer(balancer), Timer::Job) => balancer.next_job(context),
            (Node::Worker(worker), Timer::Beat) => worker.beat(context),
            _ => {}
        }
    }

    fn gist(message: &Message) -> Gist {
        let (kind, number) = match *message {
            Message::Heartbeat { number, .. } => (0, number),
            Message::Job { job } => (1, job),
            Message::Done { job } => (2, job),
        };
        Gist {
            kind,
            args: [i64::from(number), 0, 0],
        }
    }

    fn timer_kind(timer: &Timer) -> u8 {
        match timer {
            Timer::Beat => 0,
            Timer::Silence { .. } => 1,
            Timer::Job => 2,
        }
    }

    fn memory(&self) -> usize {
        size_of_val(self)
            + match self {
                Node::Balancer(balancer) => balancer.memory(),
                Node::Worker(_) => 0,
            }
    }

    fn role(&self) -> &'static str {
        match self {
            Node::Balancer(_) => "balancer",
            Node::Worker(_) => "worker",
        }
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        match self {
            Node::Balancer(balancer) => balancer.describe(outlook),
            Node::Worker(worker) => worker.describe(outlook),
        }
    }
}
