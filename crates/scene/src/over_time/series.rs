//! Curves over the time of a run, from its trace.

use std::cell::LazyCell;
use std::ops::Deref;

use sim::sorted::{Map, Passing};

use scenario::Run;
use scenario::lab::Plot;
use sim::trace::{EventKind, Fact, Outcome};
use sim::{MessageId, NodeId, SimDuration, SimTime};

use super::chronicle::Chronicle;
use super::wrong::Minds;

/// A curve.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Curves of a group share a plot.
    pub group: &'static str,
    /// What the curves of the group mean, in a sentence; empty where its name says it.
    pub meaning: &'static str,
    /// What it is.
    pub label: String,
    /// What its values are in.
    pub unit: &'static str,
    /// For how much of the time so far it was so, from 0 to 1, where that is what the curve is about.
    pub share: Option<f64>,
    /// Its place among all that the plot may have, whichever of them it has at the moment.
    pub place: usize,
    /// Its points: seconds, and the value if there is one.
    pub points: Vec<(f64, Option<f64>)>,
}

/// Operations are counted a window of this length.
const WINDOW: SimDuration = SimDuration::from_millis(1000);

/// A window's value holds for all of it: a slope to the next one's middle would begin before whatever made the difference.
const NEARLY_ALL: f64 = 0.999;

/// How many events are read for windows: of a longer run the curves show its latest part.
const MOST_READ: usize = 400_000;

/// How many points a sampled curve has at the most.
const MOST_POINTS: u64 = 400;

/// The curves that the run's lab shows, up to the cursor. They are about all nodes, or compare what one believes with the truth:
/// in a node's perspective there are none.
pub fn series(run: &Run, chronicle: &Chronicle) -> Vec<Series> {
    if run.perspective().is_some() {
        return Vec::new();
    }
    let windows = LazyCell::new(|| windows(run));
    let plots = run.lab().plots.iter();
    plots
        .flat_map(|plot| of_plot(run, chronicle, &windows, *plot))
        .collect()
}

/// What the curves of a plot mean, in a sentence, where their name alone does not say it.
pub fn meaning(plot: Plot) -> &'static str {
    match plot {
        Plot::Wrong => {
            "A node is wrong while it believes that it leads or holds the lock although another node got that later, and while it \
             takes a running node for dead. A lease that ran out counts from when another node holds it."
        }
        Plot::InFlight | Plot::Inboxes | Plot::Offsets | Plot::Latency | Plot::Outcomes => "",
    }
}

/// What the curves of a plot are called.
pub fn group(plot: Plot) -> &'static str {
    match plot {
        Plot::InFlight => "Messages on their way",
        Plot::Inboxes => "Waiting in inboxes",
        Plot::Offsets => "How far clocks are ahead",
        Plot::Latency => "How long operations take",
        Plot::Outcomes => "How operations end",
        Plot::Wrong => "How long each node was wrong",
    }
}

fn of_plot(
    run: &Run,
    chronicle: &Chronicle,
    windows: &impl Deref<Target = Map<u64, Window>>,
    plot: Plot,
) -> Vec<Series> {
    match plot {
        Plot::InFlight => vec![in_flight(run)],
        Plot::Inboxes => inboxes(run),
        Plot::Offsets => offsets(run, chronicle),
        Plot::Latency => latency(windows),
        Plot::Outcomes => outcomes(windows),
        Plot::Wrong => wrong(run),
    }
}

fn seconds(time: SimTime) -> f64 {
    time.as_millis_f64() / 1000.0
}

/// The moments at which a curve is sampled.
fn samples(run: &Run) -> impl Iterator<Item = SimTime> + use<> {
    let now = run.now().as_nanos();
    let step = (now / MOST_POINTS).max(20_000_000);
    (0..=now / step).map(move |place| SimTime::from_nanos(place * step))
}

/// Counts up and down at events, sampled.
fn counted(run: &Run, change: impl Fn(&sim::trace::Event) -> i64) -> Vec<(f64, Option<f64>)> {
    let mut events = run.timeline().events().iter().peekable();
    let mut count = 0;
    let mut points = Vec::new();
    for time in samples(run) {
        while let Some(event) = events.next_if(|event| event.time <= time) {
            count += change(event);
        }
        points.push((seconds(time), Some(count as f64)));
    }
    points
}

fn in_flight(run: &Run) -> Series {
    let points = counted(run, |event| match event.kind {
        EventKind::Send | EventKind::Duplicate => 1,
        EventKind::Deliver | EventKind::Lost => -1,
        _ => 0,
    });
    Series {
        group: group(Plot::InFlight),
        meaning: meaning(Plot::InFlight),
        label: "messages".to_owned(),
        unit: "messages",
        share: None,
        place: 0,
        points,
    }
}

fn inboxes(run: &Run) -> Vec<Series> {
    let nodes = (0..run.scenario().nodes.len() as u16).map(NodeId);
    let mut points = vec![Vec::new(); nodes.len()];
    let mut waiting = vec![0.0; nodes.len()];
    // Where each queued message waits: it may be handled, or lost with its node.
    let mut queued: Passing<MessageId, NodeId> = Passing::default();
    let mut events = run.timeline().events().iter().peekable();
    for time in samples(run) {
        while let Some(event) = events.next_if(|event| event.time <= time) {
            match event.kind {
                EventKind::Queued if queued.get_mut(&event.message).is_none() => {
                    queued.insert(event.message, event.node);
                    waiting[event.node.index()] += 1.0;
                }
                EventKind::Deliver | EventKind::Lost => {
                    if let Some(node) = queued.remove(&event.message) {
                        waiting[node.index()] -= 1.0;
                    }
                }
                _ => {}
            }
        }
        for (points, waiting) in points.iter_mut().zip(&waiting) {
            points.push((seconds(time), Some(*waiting)));
        }
    }
    let series = nodes.zip(points).map(|(node, points)| Series {
        group: group(Plot::Inboxes),
        meaning: meaning(Plot::Inboxes),
        label: run.scenario().name(node),
        unit: "messages",
        share: None,
        place: node.index(),
        points,
    });
    series
        .filter(|series| series.points.iter().any(|(_, count)| *count > Some(0.0)))
        .collect()
}

/// For each node that has believed what may be wrong: for how long it was.
fn wrong(run: &Run) -> Vec<Series> {
    let mut minds = Minds::of(run);
    let mut points = vec![Vec::new(); run.scenario().nodes.len()];
    let mut events = run.timeline().events().iter().peekable();
    for time in samples(run) {
        while let Some(event) = events.next_if(|event| event.time <= time) {
            minds.take(event);
        }
        for (node, points) in (0..).map(NodeId).zip(&mut points) {
            points.push((seconds(time), Some(minds.wrong_for(node, time))));
        }
    }
    for event in events {
        minds.take(event);
    }
    let now = run.now();
    let series = minds.believers().map(|node| Series {
        group: group(Plot::Wrong),
        meaning: meaning(Plot::Wrong),
        label: run.scenario().name(node),
        unit: "s",
        share: Some(minds.wrong_for(node, now) / seconds(now).max(f64::MIN_POSITIVE)),
        place: node.index(),
        points: std::mem::take(&mut points[node.index()]),
    });
    series.collect()
}

fn offsets(run: &Run, chronicle: &Chronicle) -> Vec<Series> {
    let nodes = (0..run.scenario().nodes.len() as u16).map(NodeId);
    let error = |node, time: SimTime| (chronicle.wall(node, time) - time.as_nanos() as i64) as f64;
    let points = |node| {
        samples(run)
            .map(|time| (seconds(time), Some(error(node, time) / 1e6)))
            .collect()
    };
    nodes
        .map(|node| Series {
            group: group(Plot::Offsets),
            meaning: meaning(Plot::Offsets),
            label: run.scenario().name(node),
            unit: "ms",
            share: None,
            place: node.index(),
            points: points(node),
        })
        .collect()
}

/// What happened in each window: how long each answered operation took, and how operations ended.
#[derive(Default)]
struct Window {
    lengths_ms: Vec<f64>,
    ok: u32,
    failed: u32,
    unknown: u32,
    retries: u32,
}

/// The windows that are over: what has happened so far in the one that is not would look like a fall. So would one in which
/// the first operations begin: nothing could end in it from its beginning on.
fn windows(run: &Run) -> Map<u64, Window> {
    let mut windows: Map<u64, Window> = Map::new();
    let place = |time: SimTime| time.as_nanos() / WINDOW.as_nanos();
    let over = place(run.now());
    let (events, gathered) = (run.timeline().events(), run.gathered());
    let unread = events.len().saturating_sub(MOST_READ);
    let begun = |operation| Some(events[gathered.numbered(operation)?.call.index()].time);
    // Of the window that is read in part nothing is told.
    let first = unread
        .checked_sub(1)
        .map_or(0, |last| place(events[last].time) + 1);
    for window in first..over {
        windows.insert(window, Window::default());
    }
    let read = events.skip(events.partition_point(|event| place(event.time) < first));
    for event in read.iter() {
        let Some(fact) = event.fact() else { continue };
        let Some(window) = windows.get_mut(&place(event.time)) else {
            break;
        };
        match fact {
            Fact::Retried { .. } => window.retries += 1,
            Fact::Returned {
                operation, outcome, ..
            } => {
                match outcome {
                    Outcome::Ok => window.ok += 1,
                    Outcome::Fail => window.failed += 1,
                    Outcome::Unknown => window.unknown += 1,
                }
                if outcome == Outcome::Ok
                    && let Some(since) = begun(operation)
                {
                    window
                        .lengths_ms
                        .push(event.time.since(since).as_millis_f64());
                }
            }
            _ => {}
        }
    }
    windows
}

fn of_windows(
    windows: &Map<u64, Window>,
    value: impl Fn(&Window) -> Option<f64>,
) -> Vec<(f64, Option<f64>)> {
    let ended = |window: &Window| window.ok + window.failed + window.unknown > 0;
    let first = windows.iter().find(|(_, window)| ended(window));
    let first = first.map_or(u64::MAX, |(place, _)| *place);
    let level = |(place, window): (&u64, &Window)| {
        let value = if *place > first { value(window) } else { None };
        let begins = *place as f64;
        [(begins, value), (begins + NEARLY_ALL, value)]
    };
    windows.iter().flat_map(level).collect()
}

fn latency(windows: &Map<u64, Window>) -> Vec<Series> {
    let quantile = |share: f64| {
        of_windows(windows, |window| {
            let mut lengths = window.lengths_ms.clone();
            let place = libm::ceil(share * lengths.len() as f64) as usize;
            let place = place.max(1) - 1;
            (place < lengths.len())
                .then(|| *lengths.select_nth_unstable_by(place, f64::total_cmp).1)
        })
    };
    [(0, 0.5, "median"), (1, 0.99, "99th percentile")]
        .map(|(place, share, label)| Series {
            group: group(Plot::Latency),
            meaning: meaning(Plot::Latency),
            label: label.to_owned(),
            unit: "ms",
            share: None,
            place,
            points: quantile(share),
        })
        .into()
}

fn outcomes(windows: &Map<u64, Window>) -> Vec<Series> {
    type Count = fn(&Window) -> u32;
    let counts: [(&str, Count); 4] = [
        ("answered", |window| window.ok),
        ("refused", |window| window.failed),
        ("given up", |window| window.unknown),
        ("retries", |window| window.retries),
    ];
    let series = counts
        .iter()
        .enumerate()
        .map(|(place, (label, count))| Series {
            group: group(Plot::Outcomes),
            meaning: meaning(Plot::Outcomes),
            label: (*label).to_owned(),
            unit: "per second",
            share: None,
            place,
            points: of_windows(windows, |window| Some(f64::from(count(window)))),
        });
    let is_flat = |series: &Series| {
        series
            .points
            .iter()
            .all(|(_, value)| value.is_none_or(|value| value == 0.0))
    };
    series
        .filter(|series| series.label == "answered" || !is_flat(series))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run() -> (Run, Chronicle) {
        let (run, _) = Run::open("#/double-charge?t=20s");
        let chronicle = Chronicle::of(&run);
        (run, chronicle)
    }

    #[test]
    fn every_operation_that_ended_is_in_one_window() {
        let (run, _) = run();
        let facts = run
            .timeline()
            .events()
            .iter()
            .filter_map(|event| event.fact());
        let ended = facts
            .filter(|fact| matches!(fact, Fact::Returned { .. }))
            .count();
        let counted: u32 = windows(&run)
            .values()
            .map(|w| w.ok + w.failed + w.unknown)
            .sum();
        assert_eq!(counted as usize, ended);
        assert!(ended > 10);
    }

    #[test]
    fn the_last_second_is_drawn_once_it_is_over() {
        for (link, seconds) in [("0.9s", 0), ("1s", 1), ("6.1s", 6), ("6.9s", 6)] {
            let (run, _) = Run::open(&format!("#/double-charge?t={link}"));
            for series in outcomes(&windows(&run))
                .iter()
                .chain(&latency(&windows(&run)))
            {
                assert_eq!(
                    series.points.len(),
                    2 * seconds,
                    "{} at {link}",
                    series.label
                );
            }
        }
    }

    #[test]
    fn a_curve_keeps_its_place_whichever_others_there_are_and_begins_with_a_whole_second() {
        for (seconds, labels) in [(2, vec![0]), (20, vec![0, 3])] {
            let (run, _) = Run::open(&format!("#/double-charge?t={seconds}s"));
            let series = outcomes(&windows(&run));
            let places: Vec<usize> = series.iter().map(|one| one.place).collect();
            assert_eq!(places, labels, "at {seconds} s");
            assert_eq!(series[0].points[0].1, None);
            assert!(series[0].points[2].1.is_some());
            assert_eq!(series[0].points[2].1, series[0].points[3].1);
        }
    }

    #[test]
    fn what_is_on_its_way_at_the_end_is_what_the_kernel_says() {
        let (run, _) = run();
        let last = in_flight(&run).points.last().and_then(|(_, count)| *count);
        let flying = run.timeline().machine().kernel().flights().count();
        assert_eq!(last, Some(flying as f64));
    }

    #[test]
    fn offsets_are_those_of_the_clocks() {
        let (run, chronicle) = run();
        let series = offsets(&run, &chronicle);
        let last: Vec<_> = series
            .iter()
            .map(|s| s.points.last().and_then(|p| p.1))
            .collect();
        assert_eq!(last, [Some(-800.0), Some(1200.0), Some(0.0)]);
    }

    #[test]
    fn a_node_is_wrong_for_as_long_as_it_believes_what_another_has_got_since() {
        // Ann is paused as she holds the lock, and goes on after Ben has got it.
        let at = |seconds: f64| {
            let (run, _) = Run::open(&format!("#/lease-and-pause?t={seconds}s"));
            wrong(&run)
        };
        let last = |series: &Series| series.points.last().and_then(|(_, value)| *value);
        let early = at(1.0);
        assert!(early.iter().all(|series| last(series) == Some(0.0)));
        let late = at(6.0);
        let ann = late.iter().find(|series| series.label == "ann").map(last);
        assert!(ann.flatten() > Some(0.5), "{ann:?}");
        let ben = late.iter().find(|series| series.label == "ben").map(last);
        assert_eq!(ben.flatten(), Some(0.0));
    }

    #[test]
    fn each_node_is_told_with_the_share_of_the_time_for_which_it_was_wrong() {
        for link in ["#/lease-and-pause?t=6s", "#/timeout-tuning?t=20s"] {
            let (run, _) = Run::open(link);
            let curves = wrong(&run);
            assert!(
                curves.iter().any(|series| series.share > Some(0.0)),
                "{link}"
            );
            for Series {
                label,
                share,
                points,
                ..
            } in curves
            {
                let last = points.last().and_then(|(_, value)| *value);
                let (share, last) = (share.unwrap_or(-1.0), last.unwrap_or(-1.0));
                let of_points = last / seconds(run.now());
                assert!(
                    (share - of_points).abs() < 0.01,
                    "{link}: {label} {share} {of_points}"
                );
            }
        }
    }

    #[test]
    fn whoever_suspects_a_living_node_is_wrong_until_it_trusts_it_again() {
        let (run, _) = Run::open("#/timeout-tuning?t=20s");
        let facts = run
            .timeline()
            .events()
            .iter()
            .filter_map(|event| event.fact());
        let suspects = facts
            .filter(|fact| matches!(fact, Fact::Suspects { .. }))
            .count();
        assert!(suspects > 0);
        let curves = wrong(&run);
        let falls = |series: &Series| series.points.windows(2).any(|two| two[1].1 < two[0].1);
        assert!(!curves.is_empty() && !curves.iter().any(falls));
        let rises = |series: &Series| series.points.last().and_then(|(_, last)| *last) > Some(0.0);
        assert!(curves.iter().any(rises));
    }

    /// Else what was believed at a moment would hang on how far the run has been watched.
    #[test]
    fn whoever_puts_it_on_record_that_it_trusts_another_one_is_of_a_protocol_that_says_so() {
        for lab in scenario::lab::labs() {
            let (mut run, _) = Run::open(&format!("#/{}", lab.id));
            run.seek(SimTime::ZERO + lab.shown);
            let events = run.timeline().events();
            let mut facts = events.iter().filter_map(|event| event.fact());
            let trusts = facts.any(|fact| matches!(fact, Fact::Trusts { .. }));
            assert!(!trusts || lab.scenario.protocol.records_trust, "{}", lab.id);
        }
    }

    /// No server of the replicated log says that it trusts another one again.
    #[test]
    fn whoever_is_heard_again_is_suspected_no_longer() {
        let (run, _) = Run::open("#/split-brain?t=20s");
        let mut suspicions = 0;
        let events = run.timeline().events();
        let mut minds = Minds::of(&run);
        for event in events.iter() {
            minds.take(event);
            let is_heard = event.kind == EventKind::Deliver;
            suspicions += usize::from(matches!(event.fact(), Some(Fact::Suspects { .. })));
            assert!(!is_heard || !minds.suspects(event.node, event.peer));
        }
        assert!(suspicions > 0);
    }

    #[test]
    fn no_node_sees_a_curve_about_all_of_them() {
        for link in [
            "#/double-charge?t=5s",
            "#/lease-and-pause?t=5s",
            "#/raft?t=5s",
        ] {
            let (mut run, _) = Run::open(link);
            let chronicle = Chronicle::of(&run);
            assert!(!series(&run, &chronicle).is_empty(), "{link}");
            run.set_perspective(Some(NodeId(0)));
            assert_eq!(series(&run, &chronicle), [], "{link}");
        }
    }

    #[test]
    fn a_plot_of_who_is_wrong_says_what_that_means() {
        let (run, _) = Run::open("#/lease-and-pause?t=6s");
        let all = series(&run, &Chronicle::of(&run));
        let of_wrong = all.iter().filter(|one| one.group == group(Plot::Wrong));
        let meanings: Vec<&str> = of_wrong.map(|one| one.meaning).collect();
        assert!(!meanings.is_empty());
        assert!(
            meanings
                .iter()
                .all(|words| words.contains("A lease that ran out"))
        );
    }
}
