//! The same datagrams in turmoil 0.7.2: five hosts, uniform 1 to 10 ms, a hundred in flight each.

use std::cell::Cell;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::rc::Rc;
use std::time::Duration;

use turmoil::net::UdpSocket;

const HOSTS: usize = 5;
const IN_FLIGHT: usize = 100;
const PORT: u16 = 9;
const PING: [u8; 8] = [0; 8];

/// Delivers this many datagrams.
pub fn deliver(messages: u32) -> turmoil::Result {
    let mut sim = turmoil::Builder::new()
        .simulation_duration(Duration::MAX)
        .min_message_latency(Duration::from_millis(1))
        .max_message_latency(Duration::from_millis(10))
        .udp_capacity(1 << 20)
        .rng_seed(1)
        .build();
    let delivered = Rc::new(Cell::new(0));
    for me in 0..HOSTS {
        sim.client(name(me), host(me, messages, Rc::clone(&delivered)));
    }
    while delivered.get() < messages {
        sim.step()?;
    }
    Ok(())
}

fn name(host: usize) -> String {
    format!("host-{host}")
}

/// Answers each datagram by pinging the next host.
async fn host(me: usize, messages: u32, delivered: Rc<Cell<u32>>) -> turmoil::Result {
    let socket = UdpSocket::bind((IpAddr::V4(Ipv4Addr::UNSPECIFIED), PORT)).await?;
    let others = (0..HOSTS).filter(|other| *other != me);
    let others: Vec<SocketAddr> = others
        .map(|other| SocketAddr::new(turmoil::lookup(name(other)), PORT))
        .collect();
    let mut turns = others.iter().cycle();
    // All sockets are bound before the first datagram arrives.
    tokio::time::sleep(Duration::from_millis(1)).await;
    for other in turns.by_ref().take(IN_FLIGHT) {
        socket.send_to(&PING, *other).await?;
    }
    let mut buffer = PING;
    while delivered.get() < messages {
        socket.recv_from(&mut buffer).await?;
        delivered.set(delivered.get() + 1);
        if let Some(other) = turns.next() {
            socket.send_to(&PING, *other).await?;
        }
    }
    Ok(())
}
