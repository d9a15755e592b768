//! A worker: sends heartbeats, and does jobs.

use sim::protocol::{Description, Outlook};
use sim::{Context, NodeId, SimDuration};

use super::{Message, Node, Timer};
use crate::describe::roles::Role;

/// A worker. Like every node it is single-threaded: while it does a job, its heartbeat has to wait.
#[derive(Clone, Debug)]
pub struct Worker {
    balancer: NodeId,
    interval: SimDuration,
    /// The time before the first heartbeat, so that workers do not send heartbeats in step.
    offset: SimDuration,
    life: i64,
    beats: u32,
    done: u32,
}

impl Worker {
    pub(super) fn new(balancer: NodeId, interval: SimDuration, offset: SimDuration) -> Worker {
        Worker {
            balancer,
            interval,
            offset,
            life: 0,
            beats: 0,
            done: 0,
        }
    }

    pub(super) fn beat(&mut self, context: &mut Context<'_, Node>) {
        let (life, number) = (self.life, self.beats);
        self.beats += 1;
        context.send(self.balancer, Message::Heartbeat { life, number });
        context.set_timer(self.interval, Timer::Beat);
    }

    pub(super) fn job(&mut self, job: u32, context: &mut Context<'_, Node>) {
        self.done += 1;
        context.send(self.balancer, Message::Done { job });
    }
}

impl Role<Node> for Worker {
    fn start(&mut self, context: &mut Context<'_, Node>) {
        self.life = context.boot();
        context.set_timer(self.offset, Timer::Beat);
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        let balancer = (outlook.name)(self.balancer);
        Description {
            badge: format!("{} done", self.done),
            state: vec![
                ("jobs done".to_owned(), self.done.to_string()),
                ("heartbeats".to_owned(), self.beats.to_string()),
            ],
            beliefs: vec![format!(
                "I have told {balancer} {} times that I am alive. I cannot know whether it has heard me.",
                self.beats
            )],
        }
    }
}
