//! What no screen has room for is left out of a picture, and the picture says so.

use scenario::Run;
use scenario::view::View;
use scene::look::Look;
use scene::shapes::{Picture, Shape};
use sim::SimTime;

/// Five nodes that tell a balancer every few milliseconds that they are alive, over links of ten seconds.
const FLOOD: &str = "#/timeout-tuning?latency=10s&interval=10ms&job-every=2ms&t=10s";

fn drawn(view: View, from: u64) -> (Run, Picture) {
    let (run, problems) = Run::open(FLOOD);
    assert_eq!(problems, []);
    let look = Look {
        from: SimTime::from_millis(from),
        to: SimTime::from_millis(10_000),
        ..Look::default()
    };
    let picture = scene::draw(view, &run, look, 640.0, 360.0);
    (run, picture)
}

fn says(picture: &Picture, words: &str) -> bool {
    let mut shapes = picture.shapes.iter();
    shapes.any(|shape| matches!(shape, Shape::Text(text) if text.words.contains(words)))
}

#[test]
fn of_many_messages_in_flight_some_are_drawn() {
    let (run, picture) = drawn(View::World, 0);
    let in_flight = run.timeline().machine().kernel().flights().count();
    assert!(in_flight > 5_000, "{in_flight}");
    assert!(says(&picture, "One message in 16 is drawn."));
    assert!(picture.shapes.len() < 1_000, "{}", picture.shapes.len());
}

#[test]
fn of_many_messages_that_were_lost_the_latest_are_drawn() {
    let left_out = "Of the messages that were lost only the latest are drawn.";
    for (loss, is_said) in [("0.9", true), ("0.001", false)] {
        let link = format!("#/timeout-tuning?loss={loss}&interval=10ms&job-every=1ms&t=5s");
        let (run, problems) = Run::open(&link);
        assert_eq!(problems, []);
        let picture = scene::draw(View::World, &run, Look::default(), 640.0, 360.0);
        assert_eq!(says(&picture, left_out), is_said, "with a loss of {loss}");
    }
}

/// How long all dashed lines of a picture are together, in pixels: what a browser paints slowly.
fn dashed(picture: &Picture) -> f64 {
    let paths = picture.shapes.iter().filter_map(|shape| match shape {
        Shape::Path(path) if path.style.dashed => Some(&path.points),
        _ => None,
    });
    let lengths = paths.flat_map(|points| points.windows(2).map(|ends| ends[0].distance(ends[1])));
    lengths.sum()
}

#[test]
fn of_many_operations_that_were_given_up_one_in_a_lane_reaches_now() {
    let (run, problems) = Run::open("#/bank-or-social?timeout=1ms&pause=1ms&operations=1000&t=10s");
    assert_eq!(problems, []);
    let look = Look {
        to: SimTime::from_millis(10_000),
        ..Look::default()
    };
    let picture = scene::draw(View::History, &run, look, 640.0, 360.0);
    assert!(picture.shapes.len() > 1_000, "{}", picture.shapes.len());
    assert!(dashed(&picture) < 40_000.0, "{}", dashed(&picture));
}

#[test]
fn of_many_events_in_the_window_the_latest_are_drawn() {
    let (run, picture) = drawn(View::SpaceTime, 0);
    let events = run.timeline().events().len();
    assert!(events > 8_000, "{events}");
    let left_out = format!("Not drawn: {} events before these", events - 1_500);
    assert!(says(&picture, &left_out));
    assert!(picture.shapes.len() < 4_500, "{}", picture.shapes.len());
    let (_, near) = drawn(View::SpaceTime, 9_900);
    assert!(!says(&near, "Not drawn"));
}

#[test]
fn of_many_operations_the_latest_are_listed() {
    let (run, problems) = Run::open("#/double-charge?t=20s");
    assert_eq!(problems, []);
    let look = Look {
        to: SimTime::from_millis(20_000),
        ..Look::default()
    };
    let (all, none) = scene::history::lines(&run, &look, usize::MAX);
    let (latest, more) = scene::history::lines(&run, &look, 3);
    assert_eq!((none, more), (0, all.len() - 3));
    assert_eq!(latest, all[all.len() - 3..]);
}
