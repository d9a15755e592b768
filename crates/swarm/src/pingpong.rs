//! Datagrams that never end: every host keeps a number of them in flight and answers each by pinging the next host.

use std::convert::Infallible;

use sim::network::{Distribution, Latency, LinkProfile};
use sim::{Context, NodeId, Protocol, Setup, SimDuration, World};

/// A host that pings all others in turn.
#[derive(Clone, Debug, Hash)]
pub struct Host {
    next: u16,
    in_flight: u32,
}

/// A datagram: which ping of its sender it is.
#[derive(Clone, Copy, Debug, Hash)]
pub struct Ping(u32);

/// `hosts` hosts, at least two, with `in_flight` datagrams each, on links of 1 to 10 ms.
pub fn world(hosts: u16, in_flight: u32, seed: u64) -> World<Host> {
    let ms = SimDuration::from_millis;
    let latency = Latency::of(Distribution::Uniform {
        low: ms(1),
        high: ms(10),
    });
    let link = LinkProfile {
        latency,
        ..LinkProfile::ideal(ms(1))
    };
    let setup = Setup::new(seed, link, hosts.into());
    World::new(&setup, vec![Host::new(in_flight); hosts.into()])
}

impl Host {
    /// A host that keeps this many datagrams in flight.
    pub fn new(in_flight: u32) -> Host {
        Host { next: 0, in_flight }
    }

    #[inline]
    fn ping(&mut self, number: u32, context: &mut Context<'_, Host>) {
        let me = context.me().0;
        self.next = if self.next + 1 < context.nodes() {
            self.next + 1
        } else {
            0
        };
        if self.next == me {
            self.next = if me + 1 < context.nodes() { me + 1 } else { 0 };
        }
        context.send(NodeId(self.next), Ping(number));
    }
}

impl Protocol for Host {
    type Message = Ping;
    type Timer = Infallible;
    type Record = ();

    sim::vocabulary! {
        messages {
            Ping(number) => Request "ping" [number] { label: "{0}", says: "ping {0}" }
        }
        timers {}
    }

    fn on_start(&mut self, context: &mut Context<'_, Self>) {
        self.next = context.me().0;
        for number in 0..self.in_flight {
            self.ping(number, context);
        }
    }

    #[inline]
    fn on_message(&mut self, _: NodeId, ping: Ping, context: &mut Context<'_, Self>) {
        self.ping(ping.0.wrapping_add(1), context);
    }

    fn on_timer(&mut self, timer: Infallible, _: &mut Context<'_, Self>) {
        match timer {}
    }
}
