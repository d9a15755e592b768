//! The switch, whose port everything goes through.

use sim::held::Measure;
use sim::protocol::{Description, Outlook, Queue};
use sim::trace::Fact;
use sim::{Context, NodeId, SimDuration};

use super::port::Port;
use super::{Choices, Message, Node, Packet, Request, Timer};
use crate::describe::roles::Role;

/// A switch: what it gets for the server waits for the port; everything else passes.
#[derive(Clone, Debug, Hash)]
pub struct Switch {
    server: NodeId,
    port: Port,
    packet_time: SimDuration,
    /// The packet that is being sent.
    in_port: Option<Packet>,
    sent: u32,
    dropped: u32,
}

impl Switch {
    pub(super) fn new(choices: &Choices) -> Switch {
        let room = choices.is_bounded.then_some(choices.room as usize);
        Switch {
            server: choices.server,
            port: Port::new(choices.is_fair, room),
            packet_time: choices.packet_time,
            in_port: None,
            sent: 0,
            dropped: 0,
        }
    }

    pub(super) fn queue(&mut self, packet: Packet, context: &mut Context<'_, Node>) {
        if let Some(dropped) = self.port.push(packet) {
            self.dropped += 1;
            if let Packet::Request(Request { operation, .. }) = dropped {
                context.record(Fact::Shed { operation });
            }
        }
        if self.in_port.is_none() {
            self.send_next(context);
        }
    }

    fn send_next(&mut self, context: &mut Context<'_, Node>) {
        self.in_port = self.port.pop();
        if self.in_port.is_some() {
            context.set_timer(self.packet_time, Timer::Sent);
        }
    }

    pub(super) fn sent(&mut self, context: &mut Context<'_, Node>) {
        if let Some(packet) = self.in_port.take() {
            self.sent += 1;
            context.send(self.server, Message::Packet(packet));
        }
        self.send_next(context);
    }
}

impl Role<Node> for Switch {
    /// Bytes of memory that it takes.
    fn held(&self, by: Measure) -> usize {
        self.port.held(by)
    }

    fn queue(&self) -> Option<Queue> {
        Some(Queue {
            waiting: self.port.waiting() as u32,
            of_senders: self.port.queues(),
            room: self.port.room(),
            each: self.packet_time,
        })
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        let waiting = self.port.waiting();
        let wait = self.packet_time.as_millis_f64() * waiting as f64 / 1000.0;
        let mut state = vec![
            ("waiting".to_owned(), waiting.to_string()),
            ("sent".to_owned(), self.sent.to_string()),
            ("dropped".to_owned(), self.dropped.to_string()),
        ];
        for (node, count) in &self.port.waiting_by_sender() {
            state.push((format!("of {}", (outlook.name)(*node)), count.to_string()));
        }
        Description {
            badge: match waiting {
                0 => "no queue".to_owned(),
                _ => format!("{waiting} wait: {wait:.1} s"),
            },
            state,
            beliefs: vec!["A packet is a packet. I do not know who waits for what.".to_owned()],
        }
    }
}
