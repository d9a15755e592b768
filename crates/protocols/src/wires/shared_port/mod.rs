//! A switch that many share: queues, and who waits in them.
//!
//! Clients ask a server, and a stream sends to it too; all of it leaves the switch through one port, one packet at a
//! time. While less comes than the port can send, nobody waits long. A little more, and the queue grows, and with it
//! everybody's latency, long before anything is lost (Gettys and Nichols, *Bufferbloat: dark buffers in the internet*,
//! ACM Queue 9(11), 2011). Once the wait is longer than clients are patient, the port and the server are as busy as ever
//! with requests that nobody waits for.
//!
//! Three mechanisms: a bound on the queue, which drops what does not fit (RFC 7567); deadlines that travel with
//! requests, so that the server does not work for nobody (as in gRPC); and a queue for each sender, served in turn, so
//! that who sends too much waits behind itself (RFC 970, RFC 8290).
//!
//! - `port.rs`: the queue before the port
//! - `client.rs`: who asks
//! - `ends.rs`: who answers, and who streams

mod client;
mod ends;
mod port;

use sim::protocol::{
    Description, Gist, MessageSort, MessageWord, OperationWord, Outlook, TimerWord, Vocabulary,
};
use sim::trace::Fact;
use sim::{Context, Machine, NodeId, Protocol, Setup, SimDuration, World};

use crate::describe::entry::{
    DefenceSpec, ParameterSpec, Plan, ProtocolEntry, Quantity, RoleSpec, ms,
};
use client::Client;
use ends::{Server, Stream};
use port::Port;

/// A shared port, for scenarios.
pub const ENTRY: ProtocolEntry = ProtocolEntry {
    id: "shared-port",
    about: "Clients and streams reach a server through one port of a switch, which sends one packet at a time.",
    roles: &[
        RoleSpec {
            id: "client",
            fewest: 1,
            most: 10,
        },
        RoleSpec {
            id: "stream",
            fewest: 0,
            most: 4,
        },
        RoleSpec {
            id: "switch",
            fewest: 1,
            most: 1,
        },
        RoleSpec {
            id: "server",
            fewest: 1,
            most: 1,
        },
    ],
    parameters: PARAMETERS,
    defences: &[
        DefenceSpec {
            id: "bounded-queue",
            label: "Bounded queue",
            protects: "What would wait too long is dropped at once, so what is answered is answered soon.",
        },
        DefenceSpec {
            id: "deadline",
            label: "Deadlines",
            protects: "A request says until when it is waited for; past that, the server throws it away.",
        },
        DefenceSpec {
            id: "fair-queue",
            label: "Fair queueing",
            protects: "Each sender has a queue of its own, served in turn: who sends too much waits behind itself.",
        },
    ],
    vocabulary: &<Node as Protocol>::VOCABULARY,
    build,
};

const PARAMETERS: &[ParameterSpec] = &[
    ParameterSpec {
        id: "ask-every",
        label: "A request every",
        about: "How often each client asks.",
        quantity: Quantity::Duration,
        default: ms(500),
        min: ms(5),
        max: ms(60_000),
    },
    ParameterSpec {
        id: "patience",
        label: "Patience",
        about: "How long a client waits for an answer.",
        quantity: Quantity::Duration,
        default: ms(1000),
        min: ms(10),
        max: ms(60_000),
    },
    ParameterSpec {
        id: "frames",
        label: "Frames a second",
        about: "How many packets each stream sends in a second.",
        quantity: Quantity::Count,
        default: 20.0,
        min: 0.0,
        max: 1000.0,
    },
    ParameterSpec {
        id: "packet-time",
        label: "Packet's time",
        about: "How long the port takes to send a packet.",
        quantity: Quantity::Duration,
        default: ms(25),
        min: ms(1),
        max: ms(10_000),
    },
    ParameterSpec {
        id: "room",
        label: "Room in the queue",
        about: "How many packets may wait, if the queue is bounded.",
        quantity: Quantity::Count,
        default: 8.0,
        min: 1.0,
        max: 10_000.0,
    },
];

fn build(plan: &Plan, setup: &Setup) -> Box<dyn Machine> {
    let (switch, server) = (plan.nodes("switch")[0], plan.nodes("server")[0]);
    let (clients, streams) = (plan.nodes("client"), plan.nodes("stream"));
    let seats = (0..plan.roles.len() as u16).map(NodeId);
    let nodes = seats.map(|node| {
        if let Some(place) = clients.iter().position(|client| *client == node) {
            let (place, stride) = (place as u32, clients.len() as u32);
            Node::Client(Client::new(plan, switch, place, stride))
        } else if streams.contains(&node) {
            Node::Stream(Stream {
                switch,
                rate: plan.count("frames"),
                sent: 0,
            })
        } else if node == switch {
            let room = plan.count("room") as usize;
            let room = plan.has("bounded-queue").then_some(room);
            Node::Switch(Box::new(Switch {
                server,
                port: Port::new(plan.has("fair-queue"), room),
                packet_time: plan.duration("packet-time"),
                in_port: None,
                sent: 0,
                dropped: 0,
            }))
        } else {
            Node::Server(Server {
                switch,
                keeps_deadlines: plan.has("deadline"),
                answered: 0,
                expired: 0,
                frames: 0,
            })
        }
    });
    Box::new(World::new(setup, nodes.collect()))
}

/// A node at the switch, or the switch.
#[derive(Clone, Debug)]
pub enum Node {
    /// One that asks.
    Client(Client),
    /// One that only sends.
    Stream(Stream),
    /// The one in the middle.
    Switch(Box<Switch>),
    /// One that answers.
    Server(Server),
}

/// A request on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request {
    /// The request's number.
    pub operation: u32,
    /// Who asks.
    pub client: NodeId,
    /// Until when the client waits, by its wall clock.
    pub until: i64,
}

/// What waits for the port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packet {
    /// A request.
    Request(Request),
    /// A frame of a stream.
    Frame {
        /// Whose stream.
        sender: NodeId,
        /// Which frame.
        number: u32,
    },
}

/// What the nodes tell each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Message {
    /// A client asks.
    Request(Request),
    /// The server answers.
    Answer {
        /// The request's number.
        operation: u32,
        /// Who asked.
        client: NodeId,
    },
    /// A part of a stream.
    Frame {
        /// Whose stream.
        sender: NodeId,
        /// Which frame.
        number: u32,
    },
}

/// What a node waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timer {
    /// Time for the next request.
    Next,
    /// Nobody waits for this request any more.
    GiveUp {
        /// The request's number.
        operation: u32,
    },
    /// Time for the next frame.
    Frame {
        /// At which rate it was due.
        rate: u32,
    },
    /// The port has sent its packet.
    Sent,
}

/// A switch: what it gets for the server waits for the port; everything else passes.
#[derive(Clone, Debug)]
pub struct Switch {
    server: NodeId,
    port: Port,
    packet_time: SimDuration,
    /// The packet that is being sent.
    in_port: Option<Packet>,
    sent: u32,
    dropped: u32,
}

impl Packet {
    /// Where it came into the switch.
    fn sender(&self) -> NodeId {
        match self {
            Packet::Request(request) => request.client,
            Packet::Frame { sender, .. } => *sender,
        }
    }
}

impl Switch {
    fn message(&mut self, message: Message, context: &mut Context<'_, Node>) {
        match message {
            Message::Request(request) => self.queue(Packet::Request(request), context),
            Message::Frame { sender, number } => {
                self.queue(Packet::Frame { sender, number }, context);
            }
            Message::Answer { client, .. } => context.send(client, message),
        }
    }

    fn queue(&mut self, packet: Packet, context: &mut Context<'_, Node>) {
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

    fn sent(&mut self, context: &mut Context<'_, Node>) {
        if let Some(packet) = self.in_port.take() {
            self.sent += 1;
            let message = match packet {
                Packet::Request(request) => Message::Request(request),
                Packet::Frame { sender, number } => Message::Frame { sender, number },
            };
            context.send(self.server, message);
        }
        self.send_next(context);
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
                _ => format!("queue of {waiting}: {wait:.1} s"),
            },
            state,
            beliefs: vec!["A packet is a packet. I do not know who waits for what.".to_owned()],
        }
    }
}

impl Protocol for Node {
    type Message = Message;
    type Timer = Timer;
    type Record = ();

    const VOCABULARY: Vocabulary = Vocabulary {
        messages: &[
            MessageWord {
                name: "request",
                label: "ask #{0}",
                says: "request #{0}, please",
                sort: MessageSort::Request,
            },
            MessageWord {
                name: "answer",
                label: "answer #{0}",
                says: "here is the answer to #{0}",
                sort: MessageSort::Reply,
            },
            MessageWord {
                name: "frame",
                label: "",
                says: "frame {0} of the video",
                sort: MessageSort::Replication,
            },
        ],
        timers: &[
            TimerWord {
                says: "time for the next request",
                is_timeout: false,
            },
            TimerWord {
                says: "no answer in time",
                is_timeout: true,
            },
            TimerWord {
                says: "time for the next frame",
                is_timeout: false,
            },
            TimerWord {
                says: "a packet is sent",
                is_timeout: false,
            },
        ],
        operations: &[OperationWord {
            name: "stream",
            does: "Send so many frames a second",
        }],
    };

    fn on_start(&mut self, context: &mut Context<'_, Self>) {
        match self {
            Node::Client(client) => client.start(context),
            Node::Stream(stream) => stream.start(context),
            Node::Switch(_) | Node::Server(_) => {}
        }
    }

    fn on_message(&mut self, _from: NodeId, message: Message, context: &mut Context<'_, Self>) {
        match (self, message) {
            (Node::Switch(switch), message) => switch.message(message, context),
            (Node::Server(server), Message::Request(request)) => {
                server.packet(Packet::Request(request), context);
            }
            (Node::Server(server), Message::Frame { sender, number }) => {
                server.packet(Packet::Frame { sender, number }, context);
            }
            (Node::Client(client), Message::Answer { operation, .. }) => {
                client.answer(operation, context);
            }
            _ => {}
        }
    }

    fn on_timer(&mut self, timer: Timer, context: &mut Context<'_, Self>) {
        match (self, timer) {
            (Node::Client(client), Timer::Next) => client.next(context),
            (Node::Client(client), Timer::GiveUp { operation }) => {
                client.give_up(operation, context);
            }
            (Node::Stream(stream), Timer::Frame { rate }) => stream.frame(rate, context),
            (Node::Switch(switch), Timer::Sent) => switch.sent(context),
            _ => {}
        }
    }

    fn on_operation(&mut self, _operation: u8, argument: i64, context: &mut Context<'_, Self>) {
        if let Node::Stream(stream) = self {
            stream.change(argument.clamp(0, 1000) as u32, context);
        }
    }

    fn gist(message: &Message) -> Gist {
        let (kind, number) = match *message {
            Message::Request(request) => (0, request.operation),
            Message::Answer { operation, .. } => (1, operation),
            Message::Frame { number, .. } => (2, number),
        };
        Gist {
            kind,
            args: [i64::from(number), 0, 0],
        }
    }

    fn timer_kind(timer: &Timer) -> u8 {
        match timer {
            Timer::Next => 0,
            Timer::GiveUp { .. } => 1,
            Timer::Frame { .. } => 2,
            Timer::Sent => 3,
        }
    }

    fn memory(&self) -> usize {
        size_of_val(self)
            + match self {
                Node::Client(client) => client.memory(),
                Node::Switch(switch) => size_of::<Switch>() + switch.port.memory(),
                Node::Stream(_) | Node::Server(_) => 0,
            }
    }

    fn role(&self) -> &'static str {
        match self {
            Node::Client(_) => "client",
            Node::Stream(_) => "stream",
            Node::Switch(_) => "switch",
            Node::Server(_) => "server",
        }
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        match self {
            Node::Client(client) => client.describe(outlook),
            Node::Stream(stream) => stream.describe(),
            Node::Switch(switch) => switch.describe(outlook),
            Node::Server(server) => server.describe(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trial::Trial;
    use sim::trace::Outcome;
    use sim::{Action, Target};

    /// Two clients, a stream, the switch and the server; from 2 s on the stream is more than the port can send.
    fn trial() -> Trial {
        let roles = ["client", "client", "stream", "switch", "server"];
        let more = Action::Operation {
            target: Target::Node(NodeId(2)),
            operation: 0,
            argument: 60,
        };
        Trial::new(&ENTRY, &roles).act(2000, more)
    }

    /// How many of the facts at or after `from` are such.
    fn count(facts: &[(u64, u16, Fact)], from: u64, is: impl Fn(&Fact) -> bool) -> usize {
        let late = facts.iter().filter(|(at, ..)| *at >= from);
        late.filter(|(_, _, fact)| is(fact)).count()
    }

    fn ended(outcome: Outcome) -> impl Fn(&Fact) -> bool {
        move |fact| matches!(fact, Fact::Returned { outcome: ended, .. } if *ended == outcome)
    }

    fn too_late(fact: &Fact) -> bool {
        matches!(fact, Fact::Learned { .. })
    }

    #[test]
    fn a_port_with_room_to_spare_makes_nobody_wait() {
        let facts = trial().facts(2000);
        assert_eq!(count(&facts, 0, ended(Outcome::Unknown)), 0);
        assert!(count(&facts, 0, ended(Outcome::Ok)) >= 5);
    }

    #[test]
    fn a_queue_without_a_bound_loses_nothing_and_answers_too_late() {
        let facts = trial().facts(20_000);
        assert_eq!(
            count(&facts, 0, |fact| matches!(fact, Fact::Shed { .. })),
            0
        );
        assert_eq!(count(&facts, 8000, ended(Outcome::Ok)), 0);
        assert!(count(&facts, 8000, too_late) > 10);
    }

    #[test]
    fn a_bounded_queue_answers_in_time_what_it_does_not_drop() {
        let facts = trial().on("bounded-queue").facts(20_000);
        assert_eq!(count(&facts, 0, too_late), 0);
        let (ok, dropped) = (ended(Outcome::Ok), |fact: &Fact| {
            matches!(fact, Fact::Shed { .. })
        });
        let (ok, dropped) = (count(&facts, 4000, ok), count(&facts, 4000, dropped));
        assert!(ok > 20 && dropped > 10, "{ok} {dropped}");
    }

    #[test]
    fn a_server_with_deadlines_answers_nobody_who_has_gone() {
        let facts = trial().on("deadline").facts(20_000);
        assert!(count(&facts, 0, too_late) < 3);
        assert_eq!(
            count(&facts, 8000, ended(Outcome::Ok)),
            0,
            "nor anybody else"
        );
    }

    #[test]
    fn in_fair_queues_who_sends_too_much_waits_behind_itself() {
        for trial in [trial(), trial().on("bounded-queue")] {
            let facts = trial.on("fair-queue").facts(20_000);
            assert_eq!(count(&facts, 0, ended(Outcome::Unknown)), 0);
            assert!(count(&facts, 0, ended(Outcome::Ok)) > 70);
        }
    }
}
