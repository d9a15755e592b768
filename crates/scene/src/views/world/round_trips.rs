//! By which round trips a node knows other nodes' clocks. A node sees how long a round trip took and takes half of it for
//! each way. From outside both ways can be seen, and by how much the halves are wrong: by half their difference.

use crate::LOOKED_BACK;
use scenario::Run;
use sim::protocol::RoundTrip;
use sim::trace::{Event, EventKind, Fact};
use sim::{EventId, NodeId, SimDuration};

use super::Moment;
use super::glyphs;
use super::layout::Words;
use crate::shapes::{Align, Ink, Labels, Picture, Point};

/// How wide the longest bar is, and how far apart rows are, in heights of letters.
const WIDEST: f64 = 11.0;
const ROW: f64 = 1.35;

/// How wide the words on the right are, in heights of letters.
const WORDS: f64 = 12.0;

/// A round trip with both of its ways.
struct Ways {
    round_trip: RoundTrip,
    there: SimDuration,
    back: SimDuration,
}

impl Ways {
    /// How long both ways took, in milliseconds: as seen from outside, or as the node takes them, by its own clock.
    fn lengths(&self, is_outside: bool) -> [f64; 2] {
        if is_outside {
            [self.there, self.back].map(SimDuration::as_millis_f64)
        } else {
            [self.round_trip.delay as f64 / 2e6; 2]
        }
    }

    /// What stands beside the bar.
    fn words(&self, is_outside: bool) -> String {
        let [there, back] = self.lengths(is_outside);
        if !is_outside {
            return format!("{:.0} ms", there + back);
        }
        let off = libm::fabs(there - back) / 2.0;
        let rejected = if self.round_trip.is_rejected {
            ", rejected"
        } else {
            ""
        };
        format!("{there:.0} + {back:.0} ms: wrong by {off:.0}{rejected}")
    }
}

impl Moment<'_> {
    /// The round trips of each node that knows others by them, in a block near the node where there is room.
    pub(super) fn round_trips(&self, labels: &mut Labels, picture: &mut Picture) {
        if self.layout.words < Words::Clocks {
            return;
        }
        for node in self.all_nodes().filter(|node| self.look.sees(*node)) {
            let round_trips = self.run.timeline().machine().round_trips(node).into_iter();
            let ways = round_trips.filter_map(|one| ways_of(self.run, node, one));
            let ways: Vec<Ways> = ways.collect();
            if !ways.is_empty() {
                self.round_trip_rows(node, &ways, labels, picture);
            }
        }
    }

    fn round_trip_rows(
        &self,
        node: NodeId,
        ways: &[Ways],
        labels: &mut Labels,
        picture: &mut Picture,
    ) {
        let size = self.size * 0.95;
        let name = |ways: &Ways| self.run.scenario().name(ways.round_trip.with);
        let names = ways
            .iter()
            .map(|ways| Picture::half_width(&name(ways), size));
        let names = 2.0 * names.fold(0.0, f64::max) + 0.6 * size;
        let width = names + (WIDEST + WORDS) * size;
        let height = (ways.len() as f64 + 1.0) * ROW * size;
        let Some(corner) = self.free_block(node, (width, height), labels, picture) else {
            return;
        };
        let row = |place: usize| corner.y + (place as f64 + 0.5) * ROW * size;
        let title = Point::new(corner.x, row(0));
        let words = "How it reads the servers' clocks: way there + back";
        picture.text(title, words, size, Align::Start, Ink::Muted, 1.0);
        let is_outside = self.look.is_from_outside();
        let lengths = |ways: &Ways| ways.lengths(is_outside);
        let total = |ways: &Ways| lengths(ways).iter().sum();
        let longest = ways.iter().map(total).fold(1.0, f64::max);
        let scale = WIDEST * size / longest;
        for (place, ways) in ways.iter().enumerate() {
            let y = row(place + 1);
            let at = |along: f64| Point::new(corner.x + along, y);
            picture.text(at(0.0), name(ways), size, Align::Start, Ink::Ink, 1.0);
            let lengths = lengths(ways).map(|length| length * scale);
            glyphs::round_trip(picture, at(names), lengths, 0.5 * size);
            let words = ways.words(is_outside);
            let right = at(names + (WIDEST + 0.5) * size);
            picture.text(right, words, size, Align::Start, Ink::Ink, 1.0);
        }
    }

    /// The upper left corner of a free block near a node: below its words, or above it.
    pub(super) fn free_block(
        &self,
        node: NodeId,
        (width, height): (f64, f64),
        labels: &mut Labels,
        picture: &Picture,
    ) -> Option<Point> {
        const MARGIN: f64 = 4.0;
        let (at, around) = (self.place(node), self.layout.radius);
        let left = (at.x - width / 2.0).min(picture.width - width - MARGIN);
        let left = left.max(MARGIN);
        let below = picture.height - height - MARGIN;
        let above = MARGIN;
        let tops = [below, above].map(|top| Point::new(left, top));
        let is_near = |corner: &Point| {
            let (top, bottom) = (corner.y, corner.y + height);
            (bottom < at.y - around || top > at.y + around) && corner.x >= MARGIN
        };
        let mut free = tops.into_iter().filter(is_near);
        free.find(|corner| {
            let opposite = Point::new(corner.x + width, corner.y + height);
            labels.take_box(*corner, opposite)
        })
    }
}

/// The round trips by which a node knows other nodes' clocks, seen from outside: the other node, and how long both ways took.
/// A small picture has no room for them.
pub fn round_trips(run: &Run, node: NodeId) -> Vec<(String, String)> {
    let round_trips = run.timeline().machine().round_trips(node).into_iter();
    let ways = round_trips.filter_map(|one| ways_of(run, node, one));
    let told = ways.map(|ways| (run.scenario().name(ways.round_trip.with), ways.words(true)));
    told.collect()
}

/// Both ways of a round trip, read off the trace: when its question and its answer left and arrived.
fn ways_of(run: &Run, node: NodeId, round_trip: RoundTrip) -> Option<Ways> {
    let events = run.timeline().events();
    let is_it = |event: &&Event| {
        let fact = if event.node == node {
            event.fact()
        } else {
            None
        };
        matches!(fact, Some(Fact::Sampled { node: with, delay, .. })
            if with == i64::from(round_trip.with.0) && delay == round_trip.delay)
    };
    let sampled = events.iter().rev().take(LOOKED_BACK).find(is_it)?;
    let get = |id: EventId| events.get(id.some()?.index());
    let cause =
        |event: &Event, kind: EventKind| get(event.cause).filter(|event| event.kind == kind);
    let answered = cause(sampled, EventKind::Deliver)?;
    let told = cause(answered, EventKind::Send)?;
    let heard = cause(told, EventKind::Deliver)?;
    let asked = cause(heard, EventKind::Send)?;
    Some(Ways {
        round_trip,
        there: heard.time.since(asked.time),
        back: answered.time.since(told.time),
    })
}

#[cfg(test)]
mod tests {
    use scenario::Run;
    use scenario::view::View;

    use crate::look::Look;
    use crate::shapes::Shape;
    use crate::views::draw;

    fn run(query: &str) -> Run {
        let (run, problems) = Run::open(&format!("#/ntp-over-a-bad-network?t=3.5s{query}"));
        assert_eq!(problems, []);
        run
    }

    fn words(run: &Run, look: Look) -> Vec<String> {
        let shapes = draw(View::World, run, look, 750.0, 360.0).shapes;
        let words = shapes.into_iter().filter_map(|shape| match shape {
            Shape::Text(text) => Some(text.words),
            _ => None,
        });
        words.collect()
    }

    #[test]
    fn both_ways_of_the_round_trips_that_count_are_seen_from_outside_alone() {
        let is_both = |words: &&String| words.contains(" + ") && words.contains("wrong by");
        let run = run("");
        assert_eq!(
            words(&run, Look::default()).iter().filter(is_both).count(),
            4
        );
        let own = Look {
            perspective: Some(sim::NodeId(0)),
            ..Look::default()
        };
        let own = words(&run, own);
        assert_eq!(own.iter().filter(is_both).count(), 0);
        assert!(
            own.iter().any(|words| words.starts_with("How it reads")),
            "{own:?}"
        );
    }

    #[test]
    fn in_its_perspective_a_node_sees_how_long_a_round_trip_took_by_its_own_clock() {
        let node = sim::NodeId(0);
        let run = run("&monotonic.client=100000ppm");
        let own = Look {
            perspective: Some(node),
            ..Look::default()
        };
        let own = words(&run, own);
        let round_trips = run.timeline().machine().round_trips(node);
        assert!(round_trips.len() > 2);
        for round_trip in round_trips {
            let took = format!("{:.0} ms", round_trip.delay as f64 / 1e6);
            assert!(own.contains(&took), "{took}: {own:?}");
        }
    }
}
