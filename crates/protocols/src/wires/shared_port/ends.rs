//! What is at the switch beside clients: a server that answers, and streams that only send.

use sim::protocol::{Description, Outlook};
use sim::trace::Fact;
use sim::{Context, NodeId, SimDuration, TimerId};

use super::{Choices, Message, Node, Packet, Request, Timer};
use crate::describe::roles::Role;
use crate::describe::words::counted;

/// A server. It answers every request at once: whatever waits, waits before it.
#[derive(Clone, Debug, Hash)]
pub struct Server {
    switch: NodeId,
    /// Whether it throws away a request that nobody waits for any more.
    keeps_deadlines: bool,
    answered: u32,
    expired: u32,
    frames: u32,
}

impl Server {
    pub(super) fn new(choices: &Choices) -> Server {
        Server {
            switch: choices.switch,
            keeps_deadlines: choices.has_deadlines,
            answered: 0,
            expired: 0,
            frames: 0,
        }
    }

    pub(super) fn packet(&mut self, packet: Packet, context: &mut Context<'_, Node>) {
        match packet {
            Packet::Request(request) => self.request(request, context),
            Packet::Frame { .. } => self.frames += 1,
        }
    }

    fn request(&mut self, request: Request, context: &mut Context<'_, Node>) {
        let Request {
            operation,
            client,
            until,
        } = request;
        // The deadline was read off the client's clock, which can differ from this one.
        if self.keeps_deadlines && context.wall() > until {
            self.expired += 1;
            return context.record(Fact::Shed { operation });
        }
        self.answered += 1;
        context.send(self.switch, Message::Answer { operation, client });
    }
}

impl Role<Node> for Server {
    fn describe(&self, _: &Outlook<'_>) -> Description {
        let belief = if self.keeps_deadlines {
            "If clocks are right, nobody waits for a request that is past its deadline."
        } else {
            "I assume that every client is still waiting for its answer."
        };
        Description {
            badge: counted(self.answered as usize, "answer"),
            state: vec![
                ("answers".to_owned(), self.answered.to_string()),
                ("thrown away".to_owned(), self.expired.to_string()),
                ("frames".to_owned(), self.frames.to_string()),
            ],
            beliefs: vec![belief.to_owned()],
        }
    }
}

/// A stream of frames at a steady rate, as video over UDP: it never waits and never slows down.
#[derive(Clone, Debug, Hash)]
pub struct Stream {
    switch: NodeId,
    /// Frames per second.
    rate: u32,
    /// What ends the wait for the next frame; none while it sends nothing.
    next: Option<TimerId>,
    sent: u32,
}

impl Stream {
    pub(super) fn new(choices: &Choices) -> Stream {
        Stream {
            switch: choices.switch,
            rate: choices.frames,
            next: None,
            sent: 0,
        }
    }

    fn wait(&mut self, context: &mut Context<'_, Node>) {
        self.next = (self.rate > 0).then(|| {
            let every = SimDuration::from_nanos(1_000_000_000 / u64::from(self.rate));
            context.set_timer(every, Timer::Frame)
        });
    }

    /// Time for the next frame.
    pub(super) fn frame(&mut self, context: &mut Context<'_, Node>) {
        let (sender, number) = (context.me(), self.sent);
        self.sent += 1;
        context.send(
            self.switch,
            Message::Packet(Packet::Frame { sender, number }),
        );
        self.wait(context);
    }

    /// Sends so many frames per second from here on.
    pub(super) fn change(&mut self, rate: u32, context: &mut Context<'_, Node>) {
        if rate == self.rate {
            return;
        }
        self.rate = rate;
        if let Some(next) = self.next.take() {
            context.cancel_timer(next);
        }
        self.wait(context);
    }
}

impl Role<Node> for Stream {
    fn start(&mut self, context: &mut Context<'_, Node>) {
        self.wait(context);
    }

    fn describe(&self, _: &Outlook<'_>) -> Description {
        Description {
            badge: format!("{} per second", self.rate),
            state: vec![("sent".to_owned(), self.sent.to_string())],
            beliefs: vec!["I send. I do not know who else uses this network.".to_owned()],
        }
    }
}
