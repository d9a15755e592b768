//! Heartbeats, and the question of how long a silence means death.
//!
//! Workers tell a balancer at regular intervals that they are alive; the balancer hands its jobs to those it takes for
//! alive, and moves the jobs of one it takes for dead. A silence may be a crash, a slow network, or a worker that is
//! busy. A fixed timeout must be set for the worst of them, and is then slow for all; set for the usual, it declares the
//! living dead, and their load falls on the others, who become slower and are declared dead in turn.
//!
//! The adaptive timeout is the phi accrual failure detector: for each worker, how long its silences have been lately
//! decides how long one may be (Hayashibara et al., SRDS 2004). What detectors promise is named after Chandra and Toueg,
//! *Unreliable failure detectors for reliable distributed systems*, JACM 43(2), 1996: here an eventually perfect one.
//!
//! - `balancer.rs`: who listens and hands out
//! - `worker.rs`: who beats and works

mod balancer;
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
    about: "A balancer hands jobs to workers whose heartbeats it hears, and moves the jobs of those it takes for dead.",
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
            about: "How often a worker says that it is alive.",
            quantity: Quantity::Duration,
            default: ms(500),
            min: ms(10),
            max: ms(60_000),
        },
        ParameterSpec {
            id: "timeout",
            label: "Fixed timeout",
            about: "How long a silence may be, if the timeout is fixed.",
            quantity: Quantity::Duration,
            default: ms(800),
            min: ms(10),
            max: ms(600_000),
        },
        ParameterSpec {
            id: "phi",
            label: "Phi",
            about: "At which phi a worker is taken for dead, if the timeout adapts: at 8, one silence in 10^8 is misjudged, if silences stay as they were.",
            quantity: Quantity::Count,
            default: 8.0,
            min: 1.0,
            max: 15.0,
        },
        ParameterSpec {
            id: "job-every",
            label: "A job every",
            about: "How often the balancer has a job to hand out.",
            quantity: Quantity::Duration,
            default: ms(65),
            min: ms(1),
            max: ms(60_000),
        },
    ],
    defences: &[DefenceSpec {
        id: "adaptive-timeout",
        label: "Adaptive timeout",
        protects: "How long a worker may be silent follows from how long it usually is.",
    }],
    vocabulary: &<Node as Protocol>::VOCABULARY,
    build,
};

fn build(plan: &Plan, setup: &Setup) -> Box<dyn Machine> {
    let balancer = plan.nodes("balancer")[0];
    let workers = plan.nodes("worker");
    let seats = (0..plan.roles.len() as u16).map(NodeId);
    let nodes = seats.map(|node| {
        if node == balancer {
            Node::Balancer(Box::new(Balancer::new(plan, &workers)))
        } else {
            let place = workers.iter().position(|worker| *worker == node);
            let (place, count) = (place.unwrap_or_default() as u32, workers.len() as u32);
            let interval = plan.duration("interval");
            Node::Worker(Worker::new(balancer, interval, 1000 * place / count))
        }
    });
    Box::new(World::new(setup, nodes.collect()))
}

/// A balancer, or one of its workers.
#[derive(Clone, Debug)]
pub enum Node {
    /// The one that listens.
    Balancer(Box<Balancer>),
    /// One that is listened for.
    Worker(Worker),
}

/// What the nodes tell each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Message {
    /// I am alive.
    Heartbeat {
        /// When the worker began, by its monotonic clock: another number after each restart.
        life: i64,
        /// Which heartbeat of this life.
        number: u32,
    },
    /// Please do this.
    Job {
        /// The job's number.
        job: u32,
    },
    /// It is done.
    Done {
        /// The job's number.
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
        /// Which worker.
        worker: NodeId,
    },
    /// There is a job to hand out.
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
                says: "a job is to be handed out",
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trial::Trial;
    use sim::trace::Fact;
    use sim::{Action, SimDuration, Target};

    /// A balancer and three workers, and nothing to do.
    fn trial() -> Trial {
        let roles = ["balancer", "worker", "worker", "worker"];
        Trial::new(&ENTRY, &roles).set("job-every", ms(60_000))
    }

    /// When the balancer took a worker for dead, in milliseconds.
    fn suspicions(trial: &Trial, until: u64) -> Vec<(u64, i64)> {
        let facts = trial.facts(until).into_iter();
        let suspicions = facts.filter_map(|(at, _, fact)| match fact {
            Fact::Suspects { node } => Some((at, node)),
            _ => None,
        });
        suspicions.collect()
    }

    #[test]
    fn on_a_calm_network_nobody_is_suspected() {
        assert_eq!(suspicions(&trial(), 60_000), []);
        assert_eq!(suspicions(&trial().on("adaptive-timeout"), 60_000), []);
    }

    #[test]
    fn a_fixed_timeout_finds_a_crash_after_its_time() {
        // n2's last heartbeat before the crash was sent at 9.667 s, and arrived 100 ms later.
        let crash = Action::Crash(Target::Node(NodeId(2)));
        let trial = trial().act(10_000, crash);
        assert_eq!(suspicions(&trial, 20_000), [(10_566, 2)]);
    }

    #[test]
    fn an_adaptive_timeout_gives_the_calm_less_time_and_the_restless_more() {
        let crash = Action::Crash(Target::Node(NodeId(2)));
        let adaptive = trial().on("adaptive-timeout").act(10_000, crash);
        let found = suspicions(&adaptive, 20_000);
        assert!(matches!(found[..], [(10_300..10_566, 2)]), "{found:?}");
        let restless = |trial: Trial| {
            trial.network(|link| {
                link.latency = sim::network::Latency::of(sim::network::Distribution::Uniform {
                    low: SimDuration::ZERO,
                    high: SimDuration::from_millis(700),
                });
            })
        };
        assert_ne!(suspicions(&restless(trial()), 30_000), []);
        let adaptive = restless(trial().on("adaptive-timeout"));
        assert_eq!(suspicions(&adaptive, 30_000), []);
    }

    #[test]
    fn a_worker_that_comes_back_is_trusted_again() {
        let node = Target::Node(NodeId(2));
        let trial = trial()
            .act(10_000, Action::Crash(node))
            .act(15_000, Action::Restart(node));
        let facts = trial.facts(20_000);
        let trusted = facts
            .iter()
            .filter(|(_, _, fact)| *fact == Fact::Trusts { node: 2 });
        assert_eq!(trusted.count(), 1, "{facts:?}");
    }
}
