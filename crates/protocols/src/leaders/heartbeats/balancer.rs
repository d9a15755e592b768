//! Who listens and hands out.

use sim::sorted::Set;

use sim::protocol::{Description, Outlook};
use sim::trace::Fact;
use sim::{Context, NodeId, SimDuration, TimerId};

use super::{Message, Node, Timer};
use crate::describe::entry::Plan;
use crate::parts::phi::Silences;

/// The deviation of silences is never taken for less than this share of the interval, in thousandths.
const LEAST_DEVIATION: u32 = 100;

/// A balancer: it hands each job to the next worker that it takes for alive.
#[derive(Clone, Debug)]
pub struct Balancer {
    rule: Rule,
    job_every: SimDuration,
    workers: Vec<Known>,
    /// Whose turn it was, by place.
    last: usize,
    jobs: u32,
    done: u32,
    /// Jobs that were handed to another worker because the first was taken for dead.
    moved: u32,
    /// Jobs that there was no worker for.
    turned_away: u32,
    suspicions: u32,
    /// Suspicions of workers that were heard again, in the same life.
    mistakes: u32,
}

/// How long a worker may be silent.
#[derive(Clone, Copy, Debug)]
enum Rule {
    /// So long, whoever it is.
    Fixed(SimDuration),
    /// Until phi reaches this.
    Adaptive(f64),
}

/// What is known of a worker.
#[derive(Clone, Debug)]
struct Known {
    node: NodeId,
    /// What would be known after hearing nothing.
    expected: Silences,
    silences: Silences,
    /// Its life and the number of its latest heartbeat.
    heard: Option<(i64, u32)>,
    /// When it was last heard, or listening began.
    last_heard: i64,
    timer: Option<TimerId>,
    is_suspected: bool,
    /// What it has been handed and has not done.
    jobs: Set<u32>,
}

impl Balancer {
    pub(super) fn new(plan: &Plan, workers: &[NodeId]) -> Balancer {
        let interval = plan.duration("interval");
        let expected = Silences::expected(interval, interval.scaled_permille(LEAST_DEVIATION));
        let known = |node: &NodeId| Known {
            node: *node,
            expected: expected.clone(),
            silences: expected.clone(),
            heard: None,
            last_heard: 0,
            timer: None,
            is_suspected: false,
            jobs: Set::new(),
        };
        let rule = if plan.has("adaptive-timeout") {
            Rule::Adaptive(f64::from(plan.count("phi")))
        } else {
            Rule::Fixed(plan.duration("timeout"))
        };
        Balancer {
            rule,
            job_every: plan.duration("job-every"),
            workers: workers.iter().map(known).collect(),
            last: 0,
            jobs: 0,
            done: 0,
            moved: 0,
            turned_away: 0,
            suspicions: 0,
            mistakes: 0,
        }
    }

    pub(super) fn start(&mut self, context: &mut Context<'_, Node>) {
        for known in &mut self.workers {
            known.last_heard = context.monotonic();
            known.listen(self.rule, context);
        }
        context.set_timer(self.job_every, Timer::Job);
    }

    pub(super) fn heartbeat(
        &mut self,
        from: NodeId,
        life: i64,
        number: u32,
        context: &mut Context<'_, Node>,
    ) {
        let Some(known) = self.workers.iter_mut().find(|known| known.node == from) else {
            return;
        };
        // One that was overtaken, or copied, tells nothing.
        if known.heard.is_some_and(|latest| latest >= (life, number)) {
            return;
        }
        let is_same_life = known.heard.is_some_and(|(latest, _)| latest == life);
        let now = context.monotonic();
        if is_same_life {
            known.silences.add(now - known.last_heard);
        } else {
            known.silences = known.expected.clone();
        }
        known.heard = Some((life, number));
        known.last_heard = now;
        if known.is_suspected {
            known.is_suspected = false;
            self.mistakes += u32::from(is_same_life);
            context.record(Fact::Trusts {
                node: i64::from(from.0),
            });
        }
        known.listen(self.rule, context);
    }

    /// A silence was too long: the worker's jobs go to others.
    pub(super) fn silence(&mut self, worker: NodeId, context: &mut Context<'_, Node>) {
        let Some(known) = self.workers.iter_mut().find(|known| known.node == worker) else {
            return;
        };
        known.timer = None;
        known.is_suspected = true;
        let jobs = std::mem::take(&mut known.jobs);
        self.suspicions += 1;
        context.record(Fact::Suspects {
            node: i64::from(worker.0),
        });
        for job in jobs {
            self.moved += 1;
            self.hand_out(job, context);
        }
    }

    pub(super) fn next_job(&mut self, context: &mut Context<'_, Node>) {
        context.set_timer(self.job_every, Timer::Job);
        self.jobs += 1;
        self.hand_out(self.jobs, context);
    }

    fn hand_out(&mut self, job: u32, context: &mut Context<'_, Node>) {
        let count = self.workers.len();
        let turns = (1..=count).map(|turn| (self.last + turn) % count);
        let mut living = turns.filter(|place| !self.workers[*place].is_suspected);
        let Some(place) = living.next() else {
            self.turned_away += 1;
            return;
        };
        self.last = place;
        let known = &mut self.workers[place];
        known.jobs.insert(job);
        context.send(known.node, Message::Job { job });
    }

    pub(super) fn done(&mut self, from: NodeId, job: u32) {
        let known = self.workers.iter_mut().find(|known| known.node == from);
        // A job that was moved is done by whoever has it.
        if known.is_some_and(|known| known.jobs.remove(&job)) {
            self.done += 1;
        }
    }

    pub(super) fn memory(&self) -> usize {
        let known = |known: &Known| {
            size_of::<Known>() + 2 * Silences::MEMORY + known.jobs.len() * 2 * size_of::<u32>()
        };
        size_of_val(self) + self.workers.iter().map(known).sum::<usize>()
    }

    pub(super) fn describe(&self, outlook: &Outlook<'_>) -> Description {
        let count = |number: u32| number.to_string();
        Description {
            badge: self.badge(outlook),
            state: vec![
                ("jobs".to_owned(), count(self.jobs)),
                ("done".to_owned(), count(self.done)),
                ("moved".to_owned(), count(self.moved)),
                ("turned away".to_owned(), count(self.turned_away)),
                ("declared dead".to_owned(), count(self.suspicions)),
                ("of them heard again".to_owned(), count(self.mistakes)),
            ],
            beliefs: self
                .workers
                .iter()
                .map(|known| known.belief(self.rule, outlook))
                .collect(),
        }
    }
}

impl Balancer {
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

impl Known {
    /// Waits for the next heartbeat, as long as it may take.
    fn listen(&mut self, rule: Rule, context: &mut Context<'_, Node>) {
        if let Some(timer) = self.timer.take() {
            context.cancel_timer(timer);
        }
        let worker = self.node;
        let timer = context.set_timer(self.patience(rule), Timer::Silence { worker });
        self.timer = Some(timer);
    }

    fn patience(&self, rule: Rule) -> SimDuration {
        match rule {
            Rule::Fixed(timeout) => timeout,
            Rule::Adaptive(threshold) => self.silences.timeout(threshold),
        }
    }

    fn belief(&self, rule: Rule, outlook: &Outlook<'_>) -> String {
        let name = (outlook.name)(self.node);
        let silence = outlook.monotonic - self.last_heard;
        let (heard, patience) = (
            silence as f64 / 1e9,
            self.patience(rule).as_millis_f64() / 1e3,
        );
        let phi = match rule {
            Rule::Fixed(_) => String::new(),
            Rule::Adaptive(_) => format!(
                ", phi {:.1}",
                libm::fabs(self.silences.phi(silence).min(99.0))
            ),
        };
        if self.is_suspected {
            format!("{name} is dead, I think: last heard {heard:.1} s ago{phi}.")
        } else {
            format!("{name} is alive: last heard {heard:.1} s ago{phi}; {patience:.1} s may pass.")
        }
    }
}
