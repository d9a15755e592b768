//! A switch that many share: queues, and who waits in them.
//!
//! Clients ask a server, and a stream sends to it, too. All of it leaves the switch through one port, one packet at a
//! time. While less arrives than the port can send, nobody waits long. A little more, and the queue grows, and with it
//! everybody's latency, long before anything is lost (Gettys and Nichols, *Bufferbloat: dark buffers in the internet*,
//! ACM Queue 9(11), 2011). Once the wait is longer than clients are patient, the port and the server are as busy as ever
//! with requests that nobody waits for.
//!
//! Three mechanisms help: a bound on the queue, which drops what does not fit (RFC 7567 says when real queues should
//! drop); deadlines that travel with requests, so that the server does not work for clients that have given up (as in
//! gRPC); and a queue for each sender, served in turn, so that a sender that sends too much waits behind itself (RFC 970,
//! RFC 8290).
//!
//! | module | its subject |
//! | --- | --- |
//! | `switch` | the switch, whose port everything goes through |
//! | `port` | the queue before the port |
//! | `client` | asks, and gives up after a while |
//! | `ends` | a server that answers, and streams |

mod client;
mod ends;
mod port;
mod switch;
#[cfg(test)]
mod tests;

use sim::{Context, Machine, NodeId, Protocol, Setup, SimDuration};

use crate::describe::choices::{choices, count, defence, many, milliseconds, one};
use crate::describe::entry::{Plan, ProtocolEntry};
use crate::describe::roles::roles;
use crate::describe::world::world;
use client::Client;
use ends::{Server, Stream};
use switch::Switch;

/// A shared port, for scenarios.
pub static ENTRY: ProtocolEntry = Choices::entry(
    "shared-port",
    "Clients and streams reach a server through one port of a switch, which sends one packet at a time.",
    &Node::VOCABULARY,
    build,
)
.mended(&[
    "A stream whose rate was changed and changed back before its next frame sent every frame twice from then on.",
]);

choices! {
    /// What a scenario chooses for a shared port.
    struct Choices {
        roles {
            clients: Vec<NodeId> = many("client", 1..=10).speaks_to(&["switch"]),
            streams: Vec<NodeId> = many("stream", 0..=4).speaks_to(&["switch"]),
            switch: NodeId = one("switch"),
            server: NodeId = one("server").speaks_to(&["switch"]),
        }
        parameters {
            ask_every: SimDuration = milliseconds("ask-every", "A request every", 500, 5..=60_000,
                "How often each client asks."),
            patience: SimDuration = milliseconds("patience", "Patience", 1000, 10..=60_000,
                "How long a client waits for an answer."),
            frames: u32 = count("frames", "Frames per second", 20, 0..=1000,
                "How many packets each stream sends per second."),
            packet_time: SimDuration = milliseconds("packet-time", "Packet's time", 25, 1..=10_000,
                "How long the port takes to send a packet."),
            room: u32 = count("room", "Room in the queue", 8, 1..=10_000,
                "How many packets may wait, if the queue is bounded."),
        }
        defences {
            is_bounded: bool = defence("bounded-queue", "Bounded queue",
                "Only a few packets may wait. When the queue is full, a packet is dropped: the newest one, or with fair queueing the newest one of whoever has most waiting."),
            has_deadlines: bool = defence("deadline", "Deadlines",
                "A request says until when its client waits; after that, the server throws it away."),
            is_fair: bool = defence("fair-queue", "Fair queueing",
                "Each sender has its own queue, and each queue its turn: a sender that sends too much waits behind itself."),
        }
    }
}

fn build(plan: &Plan, setup: &Setup) -> Box<dyn Machine> {
    let choices = Choices::of(plan);
    let clients = choices.clients.iter().enumerate();
    let clients = clients.map(|(place, node)| (*node, Node::Client(Client::new(&choices, place))));
    let streams = choices.streams.iter();
    let streams = streams.map(|node| (*node, Node::Stream(Stream::new(&choices))));
    let switch = Node::Switch(Box::new(Switch::new(&choices)));
    let server = Node::Server(Server::new(&choices));
    let ends = [(choices.switch, switch), (choices.server, server)];
    world(setup, clients.chain(streams).chain(ends))
}

/// A node at the switch, or the switch.
#[derive(Clone, Debug, Hash)]
pub enum Node {
    /// It asks.
    Client(Client),
    /// It only sends.
    Stream(Stream),
    /// It is in the middle.
    Switch(Box<Switch>),
    /// It answers.
    Server(Server),
}

/// A request on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Request {
    /// The request's number.
    pub operation: u32,
    /// The client that asks.
    pub client: NodeId,
    /// Until when the client waits, by its wall clock.
    pub until: i64,
}

/// What goes through the port.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Packet {
    /// A request.
    Request(Request),
    /// A frame of a stream.
    Frame {
        /// The stream that sends it.
        sender: NodeId,
        /// Which frame.
        number: u32,
    },
}

/// What the nodes tell each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Message {
    /// Something for the server.
    Packet(Packet),
    /// The server answers.
    Answer {
        /// The request's number.
        operation: u32,
        /// The client that asked.
        client: NodeId,
    },
}

/// What a node waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Timer {
    /// Time for the next request.
    Next,
    /// Nobody waits for this request any more.
    GiveUp {
        /// The request's number.
        operation: u32,
    },
    /// Time for the next frame.
    Frame,
    /// The port has sent its packet.
    Sent,
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

impl Protocol for Node {
    type Message = Message;
    type Timer = Timer;
    type Record = ();

    sim::vocabulary! {
        messages {
            Message::Packet(Packet::Request(request)) => Request "request" [request.operation] {
                label: "request #{0}",
                says: "please answer request #{0}",
            }
            Message::Answer { operation, .. } => Reply "answer" [operation] {
                label: "answer #{0}",
                says: "here is the answer to request #{0}",
            }
            Message::Packet(Packet::Frame { number, .. }) => Replication "frame" [number] {
                label: "",
                says: "frame {0} of the video",
            }
        }
        timers {
            Timer::Next => "time for the next request",
            Timer::GiveUp { .. } => timeout "no answer in time",
            Timer::Frame => "time for the next frame",
            Timer::Sent => "a packet is sent",
        }
        operations {
            "stream": "Send so many frames per second" by ["stream"] takes Number => Node::stream,
        }
    }

    roles! { Node::Client, Node::Stream, Node::Switch, Node::Server }

    fn on_message(&mut self, _from: NodeId, message: Message, context: &mut Context<'_, Self>) {
        match (self, message) {
            (Node::Switch(switch), Message::Packet(packet)) => switch.queue(packet, context),
            (Node::Switch(_), Message::Answer { client, .. }) => context.send(client, message),
            (Node::Server(server), Message::Packet(packet)) => server.packet(packet, context),
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
            (Node::Stream(stream), Timer::Frame) => stream.frame(context),
            (Node::Switch(switch), Timer::Sent) => switch.sent(context),
            _ => {}
        }
    }
}

impl Node {
    fn stream(&mut self, frames: i64, context: &mut Context<'_, Node>) {
        if let Node::Stream(stream) = self {
            stream.change(frames.clamp(0, 1000) as u32, context);
        }
    }
}
