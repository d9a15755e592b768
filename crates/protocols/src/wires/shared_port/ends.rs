//! What is at the switch beside clients: a server that answers, and streams that only send.

use sim::protocol::Description;
use sim::trace::Fact;
use sim::{Context, NodeId, SimDuration};

use crate::describe::words::counted;

use super::{Message, Node, Packet, Request, Timer};

/// A server. What it is asked it answers at once; what waits, waits before it.
#[derive(Clone, Debug)]
pub struct Server {
    pub(super) switch: NodeId,
    /// Whether it throws away what nobody waits for any more.
    pub(super) keeps_deadlines: bool,
    pub(super) answered: u32,
    pub(super) expired: u32,
    pub(super) frames: u32,
}

impl Server {
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
        // The deadline was read off another clock than this one.
        if self.keeps_deadlines && context.wall() > until {
            self.expired += 1;
            return context.record(Fact::Shed { operation });
        }
        self.answered += 1;
        context.send(self.switch, Message::Answer { operation, client });
    }

    pub(super) fn describe(&self) -> Description {
        let belief = if self.keeps_deadlines {
            "What is past its deadline nobody waits for, if clocks are right."
        } else {
            "Whoever asks waits for an answer, I suppose."
        };
        Description {
            badge: counted(self.answered, "answer"),
            state: vec![
                ("answers".to_owned(), self.answered.to_string()),
                ("thrown away".to_owned(), self.expired.to_string()),
                ("frames".to_owned(), self.frames.to_string()),
            ],
            beliefs: vec![belief.to_owned()],
        }
    }
}

/// A stream of frames at a steady rate, as video over UDP: it waits for nobody and slows down for nobody.
#[derive(Clone, Debug)]
pub struct Stream {
    pub(super) switch: NodeId,
    /// Frames a second.
    pub(super) rate: u32,
    pub(super) sent: u32,
}

impl Stream {
    pub(super) fn start(&mut self, context: &mut Context<'_, Node>) {
        self.wait(context);
    }

    fn wait(&self, context: &mut Context<'_, Node>) {
        if self.rate > 0 {
            let every = SimDuration::from_nanos(1_000_000_000 / u64::from(self.rate));
            let rate = self.rate;
            context.set_timer(every, Timer::Frame { rate });
        }
    }

    /// The next frame, unless the rate has been changed since.
    pub(super) fn frame(&mut self, rate: u32, context: &mut Context<'_, Node>) {
        if rate != self.rate {
            return;
        }
        let (sender, number) = (context.me(), self.sent);
        self.sent += 1;
        context.send(self.switch, Message::Frame { sender, number });
        self.wait(context);
    }

    /// From here on so many frames a second.
    pub(super) fn change(&mut self, rate: u32, context: &mut Context<'_, Node>) {
        if rate != self.rate {
            self.rate = rate;
            self.wait(context);
        }
    }

    pub(super) fn describe(&self) -> Description {
        Description {
            badge: format!("{} a second", self.rate),
            state: vec![("sent".to_owned(), self.sent.to_string())],
            beliefs: vec!["I send. Who else uses this network, I do not know.".to_owned()],
        }
    }
}
