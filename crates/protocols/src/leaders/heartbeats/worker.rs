//! A worker: sends heartbeats, and does jobs.

use sim::protocol::{Description, Outlook};
use sim::{Context, NodeId, SimDuration};

use super::{Choices, Message, Node, Timer};
use crate::describe::roles::Role;

/// A worker. Like every node it is single-threaded: while it does a job, its heartbeat has to wait, unless heartbeats have a
/// thread of their own.
#[derive(Clone, Debug, Hash)]
pub struct Worker {
    balancer: NodeId,
    interval: SimDuration,
    /// The time before the first heartbeat, so that workers do not send heartbeats in step.
    offset: SimDuration,
    /// Whether heartbeats have a thread of their own.
    has_thread: bool,
    life: i64,
    beats: u32,
    done: u32,
}

impl Worker {
    pub(super) fn new(choices: &Choices, offset: SimDuration) -> Worker {
        Worker {
            balancer: choices.balancer,
            interval: choices.interval,
            offset,
            has_thread: choices.has_thread,
            life: 0,
            beats: 0,
            done: 0,
        }
    }

    pub(super) fn beat(&mut self, context: &mut Context<'_, Node>) {
        let (life, number) = (self.life, self.beats);
        self.beats += 1;
        context.send(self.balancer, Message::Heartbeat { life, number });
        self.beat_after(self.interval, context);
    }

    fn beat_after(&self, time: SimDuration, context: &mut Context<'_, Node>) {
        if self.has_thread {
            context.set_timer_aside(time, Timer::Beat);
        } else {
            context.set_timer(time, Timer::Beat);
        }
    }

    pub(super) fn job(&mut self, job: u32, context: &mut Context<'_, Node>) {
        self.done += 1;
        context.send(self.balancer, Message::Done { job });
    }
}

impl Role<Node> for Worker {
    fn start(&mut self, context: &mut Context<'_, Node>) {
        self.life = context.boot();
        self.beat_after(self.offset, context);
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
