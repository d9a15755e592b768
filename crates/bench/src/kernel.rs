//! The kernel's speed at delivering datagrams, and how it grows.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::hint::black_box;
use std::time::Duration;

use anyhow::{Result, anyhow};
use sim::random::{Key, below};
use sim::trace::{Event, Trace};
use swarm::pingpong;

use crate::measure::{Effort, Measure, medians, millions_per_sec};
use crate::{turmoil_udp, wasm};

const HOSTS: u16 = 5;
const IN_FLIGHT: u32 = 100;
const TURMOIL: &str = "turmoil 0.7.2";

/// All figures of the kernel.
pub fn measure(effort: Effort) -> Result<Vec<Measure>> {
    let mut measures = speed(effort)?;
    measures.extend(growth(
        effort,
        "kernel.inflight",
        [10, 100, 1000, 10_000, 100_000]
            .map(|total| (total, HOSTS, (total / u32::from(HOSTS)).max(1))),
    ));
    measures.extend(growth(
        effort,
        "kernel.nodes",
        [2, 10, 100, 1000]
            .map(|nodes: u16| (u32::from(nodes), nodes, (1000 / u32::from(nodes)).max(1))),
    ));
    measures.push(Measure::new(
        "kernel.event.bytes",
        size_of::<Event>() as f64,
        "bytes",
    ));
    Ok(measures)
}

fn speed(effort: Effort) -> Result<Vec<Measure>> {
    let messages = effort.messages();
    let mut failed = None;
    let [turmoil, traced, untraced, ceiling] = medians(
        effort.rounds(),
        [
            &mut || failed = turmoil_udp::deliver(messages).err(),
            &mut || deliver(HOSTS, IN_FLIGHT, messages, &mut Trace::full()),
            &mut || deliver(HOSTS, IN_FLIGHT, messages, &mut Trace::off()),
            &mut || heap_and_slab(messages),
        ],
    );
    if let Some(error) = failed {
        return Err(anyhow!("turmoil failed: {error}"));
    }
    let rate = |took: Duration| millions_per_sec(messages, took);
    let [turmoil, traced, untraced, ceiling] = [turmoil, traced, untraced, ceiling].map(rate);
    let unit = "M messages/s";
    let mut measures = vec![
        Measure::new("kernel.pingpong.turmoil", turmoil, unit),
        Measure::new("kernel.pingpong.traced", traced, unit).against(TURMOIL, turmoil),
        Measure::new("kernel.pingpong.untraced", untraced, unit).against(TURMOIL, turmoil),
        Measure::new("kernel.pingpong.ceiling", ceiling, unit)
            .against("kernel.pingpong.untraced", untraced),
    ];
    if let Some([wasm_traced, wasm_untraced]) = wasm::deliver(messages, effort.rounds())? {
        measures.push(
            Measure::new("kernel.pingpong.wasm", rate(wasm_traced), unit)
                .against("kernel.pingpong.traced", traced),
        );
        measures.push(
            Measure::new("kernel.pingpong.wasm.untraced", rate(wasm_untraced), unit)
                .against("kernel.pingpong.untraced", untraced),
        );
    }
    Ok(measures)
}

/// What a message costs by the size of the run, beside what it would cost if it grew from the smallest with the
/// logarithm: (size, hosts, datagrams in flight per host).
fn growth<const N: usize>(effort: Effort, name: &str, sizes: [(u32, u16, u32); N]) -> Vec<Measure> {
    let messages = effort.messages();
    let mut runs = sizes.map(|(_, hosts, in_flight)| {
        move || deliver(hosts, in_flight, messages, &mut Trace::off())
    });
    let subjects = runs.each_mut().map(|run| run as &mut dyn FnMut());
    let costs = medians(effort.rounds().min(5), subjects)
        .map(|took| took.as_nanos() as f64 / f64::from(messages));
    let smallest = sizes[0].0;
    let baseline = format!("{name}.{smallest}, grown by the logarithm");
    sizes
        .iter()
        .zip(costs)
        .map(|((size, ..), cost)| {
            let growth = libm::log(f64::from(*size)) / libm::log(f64::from(smallest));
            Measure::new(format!("{name}.{size}"), cost, "ns/message")
                .against(&baseline, costs[0] * growth)
        })
        .collect()
}

fn deliver(hosts: u16, in_flight: u32, messages: u32, trace: &mut Trace) {
    let mut world = pingpong::world(hosts, in_flight, 1);
    // Each host starts in a step of its own.
    for _ in 0..messages + u32::from(hosts) {
        world.step(trace);
    }
    black_box((&world, trace));
}

/// The least that any simulator does: a heap of what is due, a slab of what it stands for, and a random latency.
fn heap_and_slab(messages: u32) {
    #[derive(Clone, Copy)]
    struct Datagram {
        from: u16,
        to: u16,
        number: u32,
    }
    let hosts = HOSTS;
    let key = Key::root(1);
    let latency = |k| 1_000_000 + below(key.draw(k), 9_000_000);
    let next = |host: u16| if host + 1 < hosts { host + 1 } else { 0 };
    let mut slab = Vec::new();
    let mut heap = BinaryHeap::new();
    let mut sequence = 0u64;
    for from in 0..hosts {
        for _ in 0..IN_FLIGHT {
            let (to, number) = (next(from), 0);
            heap.push(Reverse((latency(sequence), sequence, slab.len() as u32)));
            slab.push(Datagram { from, to, number });
            sequence += 1;
        }
    }
    for _ in 0..messages {
        let Some(Reverse((now, _, slot))) = heap.pop() else {
            break;
        };
        let datagram = &mut slab[slot as usize];
        *datagram = Datagram {
            from: datagram.to,
            to: next(datagram.from),
            number: datagram.number + 1,
        };
        heap.push(Reverse((now + latency(sequence), sequence, slot)));
        sequence += 1;
    }
    black_box((heap, slab));
}
