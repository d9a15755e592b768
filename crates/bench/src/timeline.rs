//! How long going anywhere in a long run takes, and how much memory that costs.

use std::time::{Duration, Instant};

use anyhow::Result;
use sim::random::{Key, below};
use sim::{Bounds, SimTime, Timeline};
use swarm::pingpong;

use crate::measure::{Effort, Measure, quantile};

/// A frame of an animation, which a seek must not outlast.
const FRAME_MS: f64 = 16.0;
/// What trace and keyframes may take together.
const MOST_MIB: f64 = 128.0;

/// All figures of the timeline.
pub fn measure(effort: Effort) -> Result<Vec<Measure>> {
    let (minutes, seeks) = match effort {
        Effort::Full => (10, 1000),
        Effort::Quick => (1, 20),
    };
    let mut timeline = long_run(SimTime::from_millis(minutes * 60_000));
    timeline.seek(SimTime::LATEST);
    let end = timeline.end();
    let key = Key::root(7);
    let lengths: Vec<Duration> = (0..seeks)
        .map(|k| {
            let to = SimTime::from_nanos(below(key.draw(k), end.as_nanos()));
            let start = Instant::now();
            timeline.seek(to);
            start.elapsed()
        })
        .collect();
    let millis = |share| quantile(lengths.clone(), share).as_secs_f64() * 1e3;
    let mib = timeline.bytes() as f64 / f64::from(1 << 20);
    let events = timeline.known_events().len() as f64;
    Ok(vec![
        Measure::new("timeline.events", events, "events"),
        Measure::new("timeline.seek.median", millis(0.5), "ms"),
        Measure::new("timeline.seek.p99", millis(0.99), "ms").against("a frame of 16 ms", FRAME_MS),
        Measure::new("timeline.memory", mib, "MiB").against("a budget of 128 MiB", MOST_MIB),
    ])
}

/// Five hosts with one datagram in flight each: about 1,800 events per simulated second.
fn long_run(end: SimTime) -> Timeline {
    let bounds = Bounds {
        end,
        events: u32::MAX,
        memory: usize::MAX,
        keyframe_bytes: 32 << 20,
        keyframe_events: Bounds::KEYFRAME_EVENTS,
    };
    let machine = Box::new(pingpong::world(5, 1, 1));
    Timeline::new(machine, (), Vec::new(), bounds)
}
