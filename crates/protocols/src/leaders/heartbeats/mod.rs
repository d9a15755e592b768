//! Heartbeats, and the question of how long a silence means death.
//!
//! Workers tell a balancer at regular intervals that they are alive. The balancer hands jobs to the workers that it
//! considers alive, and moves the jobs of a worker that it considers dead. The reason for a silence may be a crash, a
//! slow network, or a busy worker. A fixed timeout that is long enough for the slowest case finds every crash late. A
//! fixed timeout for the usual case declares live workers dead: their load falls on the others, which become slower and
//! are declared dead in turn.
//!
//! Workers are single-threaded: the heartbeat of a busy one waits behind its jobs. Real systems send heartbeats on a thread
//! of their own; Akka keeps its cluster's work off the application's threads. Here that is a defence.
//!
//! The adaptive timeout is the phi accrual failure detector: the recent silences of a worker decide how long its next
//! silence may be (Hayashibara et al., SRDS 2004). The detector treats silences as normally distributed. Lost heartbeats
//! and heartbeats that wait behind jobs are not, and then false alarms are far more frequent than phi says. What it has
//! learned in bad weather it forgets with the silences that it remembers: the window decides how soon. Outages it leaves out.
//! What it knew before one holds until it has learned enough since; after two in a row it begins anew. Until it has learned
//! enough, it is patient: for 3.3 s, with a heartbeat every half second and a phi of 8. A silence that is longer than that
//! looks like an outage, however often it comes, so a worker whose silences become that long is suspected at each of them.
//!
//! In the terms of Chandra and Toueg, *Unreliable failure detectors for reliable distributed systems*, JACM 43(2), 1996,
//! both rules are complete: a worker that crashes for good is suspected in the end. An *eventually perfect* detector would
//! also stop suspecting workers that live. Without any bound on delays nobody can build one. If bounds hold from some time
//! on, though nobody knows them, timeouts that grow after each mistake outgrow them in the end. A fixed timeout does not
//! grow, so it must be longer than every silence to come; the adaptive timeout follows the latest silences, and promises
//! nothing of later ones.
//!
//! | module | its subject |
//! | --- | --- |
//! | `balancer` | hands out jobs, and decides which workers are dead |
//! | `known` | what the balancer knows about a worker |
//! | `phi` | how suspicious a silence is |
//! | `worker` | sends heartbeats, and does jobs |

mod balancer;
mod known;
mod phi;
#[cfg(test)]
mod tests;
mod worker;

use sim::{Context, Machine, NodeId, Protocol, Setup, SimDuration};

use crate::describe::choices::{choices, count, defence, many, milliseconds, one};
use crate::describe::entry::{Plan, ProtocolEntry};
use crate::describe::roles::roles;
use crate::describe::world::world;
use balancer::Balancer;
use worker::Worker;

/// Heartbeats, for scenarios.
pub static ENTRY: ProtocolEntry = Choices::entry(
    "heartbeats",
    "A balancer hands jobs to workers whose heartbeats it hears, and moves the jobs of workers that it considers dead.",
    &Node::VOCABULARY,
    build,
)
.recording_trust()
.mended(&[
    "After an outage, an adaptive timeout found the next crash late.",
    "A bad network was remembered for too long, and heartbeats always waited behind jobs.",
    "A long silence among the first few counted as usual, and so did the second of two outages.",
    "For ten heartbeats after an outage, the next crash was found late.",
]);

choices! {
    /// What a scenario chooses for heartbeats.
    struct Choices {
        roles {
            balancer: NodeId = one("balancer"),
            workers: Vec<NodeId> = many("worker", 2..=127).speaks_to(&["balancer"]),
        }
        parameters {
            interval: SimDuration = milliseconds("interval", "Heartbeat every", 500, 10..=60_000,
                "The time between two heartbeats of a worker."),
            timeout: SimDuration = milliseconds("timeout", "Fixed timeout", 800, 10..=600_000,
                "How long a worker may be silent, if the timeout is fixed."),
            phi: u32 = count("phi", "Phi", 8, 1..=15,
                "The phi at which a worker is considered dead, if the timeout adapts. At 8, one silence in 10^8 is \
                 misjudged if silences are normally distributed; lost heartbeats and busy workers make it more."),
            window: u32 = count("window", "Silences remembered", 100, 10..=1000,
                "How many of a worker's latest silences decide how long the next one may be, if the timeout adapts. With \
                 fewer, it forgets a bad network sooner, and knows less well how much silences vary."),
            job_every: SimDuration = milliseconds("job-every", "A job every", 65, 1..=60_000,
                "The time between two jobs that the balancer hands out."),
        }
        defences {
            adapts: bool = defence("adaptive-timeout", "Adaptive timeout",
                "How long a worker may be silent depends on how long it is normally silent."),
            has_thread: bool = defence("heartbeat-thread", "Heartbeats on a thread of their own",
                "A worker that is busy with jobs sends its heartbeats on time."),
        }
    }
}

fn build(plan: &Plan, setup: &Setup) -> Box<dyn Machine> {
    let choices = Choices::of(plan);
    let count = choices.workers.len() as u32;
    let workers = (0..).zip(&choices.workers).map(|(place, node)| {
        let offset = choices.interval.scaled_permille(1000 * place / count);
        let worker = Worker::new(&choices, offset);
        (*node, Node::Worker(worker))
    });
    let balancer = Node::Balancer(Box::new(Balancer::new(&choices)));
    world(setup, workers.chain([(choices.balancer, balancer)]))
}

/// A node.
#[derive(Clone, Debug, Hash)]
pub enum Node {
    /// The balancer, which listens for heartbeats.
    Balancer(Box<Balancer>),
    /// A worker, which sends heartbeats.
    Worker(Worker),
}

/// What the nodes send to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Message {
    /// I am alive.
    Heartbeat {
        /// The life of the worker that says so: a larger number after each restart.
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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

    sim::vocabulary! {
        messages {
            Message::Heartbeat { number, .. } => Heartbeat "heartbeat" [number] {
                label: "",
                says: "I am alive (heartbeat {0})",
            }
            Message::Job { job } => Request "job" [job] {
                label: "job #{0}",
                says: "please do job #{0}",
            }
            Message::Done { job } => Reply "done" [job] {
                label: "done #{0}",
                says: "job #{0} is done",
            }
        }
        timers {
            Timer::Beat => "time for a heartbeat",
            Timer::Silence { .. } => timeout "a worker has been silent for too long",
            Timer::Job => "time to hand out a job",
        }
    }

    roles! { Node::Balancer, Node::Worker }

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
}
