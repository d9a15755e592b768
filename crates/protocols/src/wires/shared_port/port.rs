//! A switch's way out: one packet at a time, and a queue before it.

use std::collections::VecDeque;

use sim::NodeId;
use sim::held::{Held, Measure, all_held};
use sim::sorted::Map;

use super::Packet;

/// The queue before a port.
///
/// It is one queue for all (first come, first served), or one for each sender, served in turn: fair queueing (Nagle, *On
/// packet switches with infinite storage*, RFC 970, 1985; Demers, Keshav and Shenker, *Analysis and simulation of a fair
/// queueing algorithm*, SIGCOMM 1989). It takes whatever comes, or holds a bound: then the newest packet of the longest
/// queue is dropped.
#[derive(Clone, Debug, Hash)]
pub(super) struct Port {
    is_fair: bool,
    room: Option<usize>,
    /// The queue of each sender; of nobody in particular if there is one for all.
    queues: Map<Option<NodeId>, VecDeque<Packet>>,
    /// Whose turn it was last.
    last: Option<NodeId>,
    waiting: usize,
}

impl Port {
    /// An empty queue; `room` is how many packets it holds, and without one it holds all.
    pub fn new(is_fair: bool, room: Option<usize>) -> Port {
        Port {
            is_fair,
            room,
            queues: Map::new(),
            last: None,
            waiting: 0,
        }
    }

    /// How many packets wait.
    pub fn waiting(&self) -> usize {
        self.waiting
    }

    /// How many may wait; without a bound, any number.
    pub fn room(&self) -> Option<u32> {
        self.room.map(|room| room as u32)
    }

    /// How many packets wait in the queue of each sender; nothing if there is one queue for all.
    pub fn queues(&self) -> Vec<(NodeId, u32)> {
        let own = self.queues.iter();
        own.filter_map(|(sender, queue)| Some(((*sender)?, queue.len() as u32)))
            .collect()
    }

    /// How many of them are whose.
    pub fn waiting_by_sender(&self) -> Map<NodeId, usize> {
        let mut counts = Map::new();
        for packet in self.queues.values().flatten() {
            *counts.entry(packet.sender()).or_default() += 1;
        }
        counts
    }

    /// Takes in a packet; what has to be dropped for it, if anything.
    pub fn push(&mut self, packet: Packet) -> Option<Packet> {
        let queue = self.is_fair.then(|| packet.sender());
        self.queues.entry(queue).or_default().push_back(packet);
        self.waiting += 1;
        if self.room.is_none_or(|room| self.waiting <= room) {
            return None;
        }
        let mut longest: Option<&mut VecDeque<Packet>> = None;
        for queue in self.queues.values_mut() {
            if longest.as_ref().is_none_or(|most| queue.len() > most.len()) {
                longest = Some(queue);
            }
        }
        self.waiting -= 1;
        longest.and_then(VecDeque::pop_back)
    }

    /// Takes out the packet whose turn it is.
    pub fn pop(&mut self) -> Option<Packet> {
        let has_some = |(_, queue): &(&Option<NodeId>, &VecDeque<Packet>)| !queue.is_empty();
        let senders = || {
            self.queues
                .iter()
                .filter(has_some)
                .map(|(sender, _)| *sender)
        };
        let next = senders().find(|sender| *sender > self.last);
        let next = next.or_else(|| senders().next())?;
        self.last = next;
        self.waiting -= 1;
        self.queues.get_mut(&next)?.pop_front()
    }

    /// Bytes of memory that the queues take.
    pub fn held(&self, by: Measure) -> usize {
        self.queues.held(by) + all_held(self.queues.values(), by)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(sender: u16, number: u32) -> Packet {
        Packet::Frame {
            sender: NodeId(sender),
            number,
        }
    }

    /// A packet's sender and number.
    type Shown = (u16, u32);

    /// What comes out of a port that these went into, and what it drops.
    fn order(mut port: Port, packets: &[Shown]) -> (Vec<Shown>, Vec<Shown>) {
        let shown = |packet: Packet| match packet {
            Packet::Frame { sender, number } => (sender.0, number),
            Packet::Request(request) => (request.client.0, request.operation),
        };
        let packets = packets
            .iter()
            .map(|(sender, number)| packet(*sender, *number));
        let dropped: Vec<_> = packets.filter_map(|packet| port.push(packet)).collect();
        let sent = std::iter::from_fn(|| port.pop()).collect::<Vec<_>>();
        assert_eq!(port.waiting(), 0);
        (
            sent.into_iter().map(shown).collect(),
            dropped.into_iter().map(shown).collect(),
        )
    }

    #[test]
    fn one_queue_for_all_is_first_come_first_served() {
        let packets = [(3, 1), (3, 2), (1, 1), (3, 3), (1, 2)];
        assert_eq!(
            order(Port::new(false, None), &packets),
            (packets.to_vec(), vec![])
        );
    }

    #[test]
    fn fair_queues_are_served_in_turn() {
        let packets = [(3, 1), (3, 2), (3, 3), (1, 1), (2, 1), (1, 2)];
        let mut waiting = Port::new(true, None);
        for (sender, number) in packets {
            waiting.push(packet(sender, number));
        }
        let queues = [(1, 2), (2, 1), (3, 3)].map(|(sender, count)| (NodeId(sender), count));
        assert_eq!(waiting.queues(), queues);
        let (sent, _) = order(Port::new(true, None), &packets);
        assert_eq!(sent, [(1, 1), (2, 1), (3, 1), (1, 2), (3, 2), (3, 3)]);
    }

    #[test]
    fn a_full_queue_drops_what_comes_last() {
        let packets = [(3, 1), (3, 2), (1, 1), (3, 3)];
        let (sent, dropped) = order(Port::new(false, Some(2)), &packets);
        assert_eq!(sent, [(3, 1), (3, 2)]);
        assert_eq!(dropped, [(1, 1), (3, 3)]);
    }

    #[test]
    fn full_fair_queues_drop_from_whoever_has_most() {
        let packets = [(3, 1), (3, 2), (1, 1), (3, 3)];
        let (sent, dropped) = order(Port::new(true, Some(2)), &packets);
        assert_eq!(sent, [(1, 1), (3, 1)]);
        assert_eq!(dropped, [(3, 2), (3, 3)]);
    }
}
