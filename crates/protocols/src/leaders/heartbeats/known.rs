//! What the balancer knows about a worker, and how long it waits for the next heartbeat.

use std::hash::{Hash, Hasher};

use sim::held::{Held, Measure};
use sim::protocol::Outlook;
use sim::sorted::Set;
use sim::{Context, NodeId, SimDuration, TimerId};

use super::phi::Silences;
use super::{Node, Timer};
use crate::describe::words::seconds;

/// How long a worker may be silent.
#[derive(Clone, Copy, Debug)]
pub enum Rule {
    /// This long, whichever worker it is.
    Fixed(SimDuration),
    /// Until phi reaches this value.
    Adaptive(f64),
}

/// A setting, which is the same in all states of a run.
impl Hash for Rule {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

/// What the balancer knows about a worker.
#[derive(Clone, Debug, Hash)]
pub struct Known {
    /// The worker.
    pub node: NodeId,
    /// Whether the worker is considered dead.
    pub is_suspected: bool,
    /// The jobs that the worker has been handed and has not done.
    pub jobs: Set<u32>,
    /// No silences: where learning begins.
    none: Silences,
    silences: Silences,
    /// The silences since the latest outage, while they are too few.
    since_outage: Option<Silences>,
    /// The life and the number of the latest heartbeat.
    heard: Option<(i64, u32)>,
    /// When the worker was last heard, or when listening began.
    last_heard: i64,
    timer: Option<TimerId>,
}

/// What a heartbeat says about the life of its worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Heard {
    /// The worker has not restarted since it was last heard.
    SameLife,
    /// The worker has started since it was last heard.
    NextLife,
}

impl Known {
    /// A worker that has not been heard yet.
    pub fn new(node: NodeId, none: &Silences) -> Known {
        Known {
            node,
            is_suspected: false,
            jobs: Set::new(),
            none: none.clone(),
            silences: none.clone(),
            since_outage: None,
            heard: None,
            last_heard: 0,
            timer: None,
        }
    }

    /// Begins to listen for heartbeats.
    pub fn begin(&mut self, rule: Rule, context: &mut Context<'_, Node>) {
        self.last_heard = context.monotonic();
        self.listen(rule, context);
    }

    /// Learns from a heartbeat, which shows that the worker is alive.
    ///
    /// None if a later heartbeat has arrived before it, or if the network has duplicated it.
    pub fn hear(&mut self, life: i64, number: u32, rule: Rule, now: i64) -> Option<Heard> {
        if self.heard.is_some_and(|latest| latest >= (life, number)) {
            return None;
        }
        let is_same_life = self.heard.is_some_and(|(latest, _)| latest == life);
        let silence = now - self.last_heard;
        let was_too_long = silence >= self.patience(rule).as_nanos() as i64;
        let was_suspected = std::mem::take(&mut self.is_suspected);
        if was_suspected || was_too_long || !is_same_life {
            self.was_away();
        } else {
            self.learn(silence);
        }
        self.heard = Some((life, number));
        self.last_heard = now;
        Some(if is_same_life {
            Heard::SameLife
        } else {
            Heard::NextLife
        })
    }

    /// A silence that was too long, or in which the worker restarted, is taken for an outage. Outages say nothing about how
    /// long silences usually are: Akka does not learn them either. What was learnt before one holds until there are enough
    /// silences since, so that another crash soon after is found in time. A worker that is away again before that is learnt
    /// anew, with the first patience: then the outages may be no outages, and silences have become longer.
    fn was_away(&mut self) {
        if self.heard.is_none() {
            return;
        }
        if self.since_outage.is_some() {
            self.silences = self.none.clone();
        }
        self.since_outage = Some(self.none.clone());
    }

    fn learn(&mut self, silence: i64) {
        self.silences.add(silence);
        let Some(since) = &mut self.since_outage else {
            return;
        };
        since.add(silence);
        if !since.say_little() {
            self.silences = since.clone();
            self.since_outage = None;
        }
    }

    /// Waits for the next heartbeat, for as long as the rule allows.
    pub fn listen(&mut self, rule: Rule, context: &mut Context<'_, Node>) {
        if let Some(timer) = self.timer.take() {
            context.cancel_timer(timer);
        }
        let worker = self.node;
        let timer = context.set_timer(self.patience(rule), Timer::Silence { worker });
        self.timer = Some(timer);
    }

    /// The silence was too long. Returns the jobs that others must do.
    pub fn suspect(&mut self) -> Set<u32> {
        self.timer = None;
        self.is_suspected = true;
        std::mem::take(&mut self.jobs)
    }

    fn patience(&self, rule: Rule) -> SimDuration {
        match rule {
            Rule::Fixed(timeout) => timeout,
            Rule::Adaptive(threshold) => self.silences.timeout(threshold),
        }
    }

    /// Bytes of memory that it takes.
    pub fn held(&self, by: Measure) -> usize {
        let since = self.since_outage.as_ref();
        let since = since.map_or(0, |silences| silences.held(by));
        self.none.held(by) + self.silences.held(by) + since + self.jobs.held(by)
    }

    /// What the balancer believes about the worker.
    pub fn belief(&self, rule: Rule, outlook: &Outlook<'_>) -> String {
        let name = (outlook.name)(self.node);
        let silence = outlook.monotonic - self.last_heard;
        // Answers to jobs tell nothing of when the next heartbeat is due.
        let heard = format!(
            "its last heartbeat came {} ago{}",
            seconds(silence),
            self.phi(rule, silence)
        );
        if self.is_suspected {
            return format!("I think {name} is dead: {heard}.");
        }
        let patience = seconds(self.patience(rule).as_nanos() as i64);
        format!("{name} is alive: {heard}. It may be silent for {patience}.")
    }

    /// Phi of a silence in words, if the rule depends on it.
    fn phi(&self, rule: Rule, silence: i64) -> String {
        match rule {
            Rule::Fixed(_) => String::new(),
            Rule::Adaptive(_) => {
                let phi = libm::fabs(self.silences.phi(silence).min(99.0));
                format!(", phi {phi:.1}")
            }
        }
    }
}
