//! The balancer: hands out jobs, and decides by heartbeats which workers are dead.

use sim::held::{Held, Measure};
use sim::protocol::{Description, Opinion, Outlook};
use sim::trace::Fact;
use sim::{Context, NodeId, SimDuration};

use super::known::{Heard, Known, Rule};
use super::phi::Silences;
use super::{Choices, Message, Node, Timer};
use crate::describe::roles::Role;

/// The least deviation of silences that is assumed, as a share of the interval, in thousandths.
const LEAST_DEVIATION: u32 = 100;

/// A balancer: it hands each job to the next worker that it considers alive.
#[derive(Clone, Debug, Hash)]
pub struct Balancer {
    rule: Rule,
    job_every: SimDuration,
    workers: Vec<Known>,
    /// The place of the worker that got the latest job.
    last: usize,
    jobs: u32,
    done: u32,
    /// Jobs that were handed to another worker because the first one was considered dead.
    moved: u32,
    /// Jobs that no worker was alive for.
    turned_away: u32,
    suspicions: u32,
    /// Suspicions of workers that were heard again in the same life.
    mistakes: u32,
}

impl Balancer {
    pub(super) fn new(choices: &Choices) -> Balancer {
        let interval = choices.interval;
        let least_deviation = interval.scaled_permille(LEAST_DEVIATION);
        let none = Silences::none(interval, least_deviation, choices.window as usize);
        let known = |node: &NodeId| Known::new(*node, &none);
        let rule = if choices.adapts {
            Rule::Adaptive(f64::from(choices.phi))
        } else {
            Rule::Fixed(choices.timeout)
        };
        Balancer {
            rule,
            job_every: choices.job_every,
            workers: choices.workers.iter().map(known).collect(),
            last: 0,
            jobs: 0,
            done: 0,
            moved: 0,
            turned_away: 0,
            suspicions: 0,
            mistakes: 0,
        }
    }

    fn known(&mut self, worker: NodeId) -> Option<&mut Known> {
        self.workers.iter_mut().find(|known| known.node == worker)
    }

    pub(super) fn heartbeat(
        &mut self,
        from: NodeId,
        life: i64,
        number: u32,
        context: &mut Context<'_, Node>,
    ) {
        let rule = self.rule;
        let Some(known) = self.known(from) else {
            return;
        };
        let was_suspected = known.is_suspected;
        let Some(heard) = known.hear(life, number, rule, context.monotonic()) else {
            return;
        };
        if was_suspected {
            context.record(Fact::Trusts {
                node: i64::from(from.0),
            });
        }
        known.listen(rule, context);
        self.mistakes += u32::from(was_suspected && heard == Heard::SameLife);
    }

    /// A worker was silent for too long. Other workers get its jobs.
    pub(super) fn silence(&mut self, worker: NodeId, context: &mut Context<'_, Node>) {
        let Some(known) = self.known(worker) else {
            return;
        };
        let jobs = known.suspect();
        self.suspicions += 1;
        context.record(Fact::Suspects {
            node: i64::from(worker.0),
        });
        for job in jobs {
            self.moved += u32::from(self.hand_out(job, context));
        }
    }

    pub(super) fn next_job(&mut self, context: &mut Context<'_, Node>) {
        context.set_timer(self.job_every, Timer::Job);
        self.jobs += 1;
        self.hand_out(self.jobs, context);
    }

    /// Hands a job to the next worker that it considers alive. Whether there is one.
    fn hand_out(&mut self, job: u32, context: &mut Context<'_, Node>) -> bool {
        let count = self.workers.len();
        let turns = (1..=count).map(|turn| (self.last + turn) % count);
        let mut living = turns.filter(|place| !self.workers[*place].is_suspected);
        let Some(place) = living.next() else {
            self.turned_away += 1;
            return false;
        };
        self.last = place;
        let known = &mut self.workers[place];
        known.jobs.insert(job);
        context.send(known.node, Message::Job { job });
        true
    }

    pub(super) fn done(&mut self, from: NodeId, job: u32) {
        // A job that was moved counts only when the worker that has it now reports it.
        if self
            .known(from)
            .is_some_and(|known| known.jobs.remove(&job))
        {
            self.done += 1;
        }
    }

    fn badge(&self, outlook: &Outlook<'_>) -> String {
        let dead = self.workers.iter().filter(|known| known.is_suspected);
        let names: Vec<String> = dead.map(|known| (outlook.name)(known.node)).collect();
        if names.is_empty() {
            "all alive".to_owned()
        } else {
            format!("dead: {}", names.join(", "))
        }
    }
}

impl Role<Node> for Balancer {
    fn start(&mut self, context: &mut Context<'_, Node>) {
        for known in &mut self.workers {
            known.begin(self.rule, context);
        }
        context.set_timer(self.job_every, Timer::Job);
    }

    fn held(&self, by: Measure) -> usize {
        let known = self.workers.iter().map(|known| known.held(by));
        self.workers.held(by) + known.sum::<usize>()
    }

    fn opinion_of(&self, other: NodeId) -> Option<Opinion> {
        let known = self.workers.iter().find(|known| known.node == other)?;
        Some(if known.is_suspected {
            Opinion::Dead
        } else {
            Opinion::Alive
        })
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        let state = [
            ("jobs", self.jobs),
            ("done", self.done),
            ("moved", self.moved),
            ("turned away", self.turned_away),
            ("declared dead", self.suspicions),
            ("declared dead by mistake", self.mistakes),
        ];
        let beliefs = self.workers.iter();
        Description {
            badge: self.badge(outlook),
            state: state
                .map(|(name, count)| (name.to_owned(), count.to_string()))
                .into(),
            beliefs: beliefs
                .map(|known| known.belief(self.rule, outlook))
                .collect(),
        }
    }
}
