//! Where nodes stand: where the scenario puts them; else clients on one side and the rest in a ring on the other; many
//! clients around the one node that they talk to; all in one ring if there are no clients.

use crate::shape::Point;

/// Where each node stands, and how large it is drawn.
pub(crate) struct Layout {
    pub places: Vec<Point>,
    pub radius: f64,
}

/// What is known of a node before it has a place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seat<'a> {
    pub role: &'a str,
    /// Where the scenario puts it: from the left and from the top, as shares of the room that nodes have.
    pub position: Option<(f64, f64)>,
}

impl Seat<'_> {
    fn is_client(&self) -> bool {
        self.role == "client"
    }
}

/// Room that texts need around a node, in radii.
const MARGIN: f64 = 2.6;

/// Nodes become no smaller than this for the sake of words.
const SMALLEST: f64 = 20.0;

/// With more clients than this, a column of them is too crowded.
const MOST_IN_COLUMN: usize = 5;

/// How far the words above and below a node reach beyond it, in heights of their letters.
const LINES: f64 = 4.3;

/// How wide they are.
const LINE_WIDTH: f64 = 8.5;

impl Layout {
    /// Places these nodes in a picture of this size. Where the words of two nodes, whose letters are `size` high, would
    /// stand on each other, nodes are smaller.
    pub fn new(seats: &[Seat<'_>], width: f64, height: f64, size: f64) -> Layout {
        let mut radius = radius(seats.len(), width.min(height));
        loop {
            let layout = Layout::of_radius(seats, width, height, radius);
            if radius <= SMALLEST || layout.has_room_for_words(size) {
                return layout;
            }
            radius = (radius * 0.95).max(SMALLEST);
        }
    }

    fn has_room_for_words(&self, size: f64) -> bool {
        let pairs = self.places.iter().enumerate();
        pairs.into_iter().all(|(i, place)| {
            self.places[..i].iter().all(|other| {
                libm::fabs(place.x - other.x) >= size * LINE_WIDTH
                    || libm::fabs(place.y - other.y) >= 2.0 * self.radius + size * LINES
            })
        })
    }

    fn of_radius(seats: &[Seat<'_>], width: f64, height: f64, radius: f64) -> Layout {
        // On a high picture everything is laid out lying down, and then x and y change places.
        let is_high = height > width * 1.1;
        let (long, short) = if is_high {
            (height, width)
        } else {
            (width, height)
        };
        let mut places = vec![Point::default(); seats.len()];
        let clients = seats.iter().filter(|seat| seat.is_client()).count();
        let others = seats.len() - clients;
        let middle = Point::new(long / 2.0, short / 2.0);
        if clients == 0 || others == 0 {
            ring(places.iter_mut(), middle, long, short, radius);
        } else {
            let is_star = others == 1 && clients > MOST_IN_COLUMN;
            let (in_column, in_ring) = split(&mut places, seats);
            if is_star {
                ring(in_column.into_iter(), middle, long, short, radius);
                ring(in_ring.into_iter(), middle, long, short, radius);
            } else {
                let margin = radius * MARGIN;
                column(in_column, margin, short);
                let width = if others == 1 {
                    margin * 2.0
                } else {
                    long * 0.62
                };
                let centre = Point::new(long - width / 2.0, short / 2.0);
                ring(in_ring.into_iter(), centre, width, short, radius);
            }
        }
        for (place, seat) in places.iter_mut().zip(seats) {
            if let Some((x, y)) = seat.position {
                *place = Point::new(within(x, long, radius), within(y, short, radius));
            }
        }
        if is_high {
            for place in &mut places {
                *place = Point::new(place.y, place.x);
            }
        }
        Layout { places, radius }
    }
}

/// The places of clients, and of all others.
fn split<'a>(
    places: &'a mut [Point],
    seats: &[Seat<'_>],
) -> (Vec<&'a mut Point>, Vec<&'a mut Point>) {
    let (clients, others): (Vec<_>, Vec<_>) = places
        .iter_mut()
        .zip(seats)
        .partition(|(_, seat)| seat.is_client());
    let place = |(place, _)| place;
    (
        clients.into_iter().map(place).collect(),
        others.into_iter().map(place).collect(),
    )
}

/// A share of the length that is left between margins. They are narrower where there is little room.
fn within(share: f64, length: f64, radius: f64) -> f64 {
    let margin = (radius * MARGIN).min(length / 4.0).max(radius);
    margin + share * (length - 2.0 * margin).max(0.0)
}

fn radius(nodes: usize, room: f64) -> f64 {
    let crowd = if nodes <= 6 {
        11.0
    } else {
        7.0 + nodes as f64 * 0.9
    };
    (room / crowd).clamp(6.0, 46.0)
}

fn column(spots: Vec<&mut Point>, x: f64, height: f64) {
    let count = spots.len() as f64;
    for (place, spot) in spots.into_iter().enumerate() {
        *spot = Point::new(x, height * (place as f64 + 0.5) / count);
    }
}

fn ring<'a>(
    spots: impl Iterator<Item = &'a mut Point>,
    centre: Point,
    width: f64,
    height: f64,
    radius: f64,
) {
    let spots: Vec<&mut Point> = spots.collect();
    let count = spots.len() as f64;
    if spots.len() == 1 {
        spots.into_iter().for_each(|spot| *spot = centre);
        return;
    }
    let margin = radius * MARGIN;
    let (across, down) = (
        (width / 2.0 - margin).max(0.0),
        (height / 2.0 - margin).max(0.0),
    );
    for (place, spot) in spots.into_iter().enumerate() {
        // The first stands at the top, and they go on clockwise.
        let turn = 2.0 * std::f64::consts::PI * (place as f64 / count - 0.25);
        *spot = Point::new(
            centre.x + across * libm::cos(turn),
            centre.y + down * libm::sin(turn),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How high letters are.
    const SIZE: f64 = 14.0;

    fn seat(role: &str) -> Seat<'_> {
        Seat {
            role,
            position: None,
        }
    }

    /// Whether no two nodes touch.
    fn are_apart(layout: &Layout) -> bool {
        let pairs = layout.places.iter().enumerate();
        pairs.into_iter().all(|(i, place)| {
            let before = &layout.places[..i];
            before
                .iter()
                .all(|other| other.distance(*place) > 2.0 * layout.radius)
        })
    }

    #[test]
    fn nodes_stay_inside_and_apart_in_every_size() {
        let mut seats = vec![seat("client"), seat("client"), seat("bank")];
        for extra in 0..30 {
            for (width, height) in [(900.0, 480.0), (360.0, 420.0), (320.0, 150.0)] {
                let layout = Layout::new(&seats, width, height, SIZE);
                for place in &layout.places {
                    let r = layout.radius;
                    assert!(
                        place.x >= r && place.x <= width - r,
                        "{extra}: {place:?} in {width} x {height}"
                    );
                    assert!(
                        place.y >= r && place.y <= height - r,
                        "{extra}: {place:?} in {width} x {height}"
                    );
                }
                if seats.len() <= 6 && width > 330.0 {
                    assert!(are_apart(&layout), "{seats:?} in {width} x {height}");
                }
            }
            seats.push(seat("server"));
        }
    }

    #[test]
    fn many_clients_of_one_server_stand_around_it() {
        for clients in MOST_IN_COLUMN + 1..=10 {
            let mut seats = vec![seat("client"); clients];
            seats.push(seat("server"));
            for (width, height) in [(900.0, 480.0), (480.0, 900.0)] {
                let layout = Layout::new(&seats, width, height, SIZE);
                assert!(are_apart(&layout), "{clients} in {width} x {height}");
                let server = layout.places[clients];
                assert_eq!(server, Point::new(width / 2.0, height / 2.0));
            }
        }
    }

    #[test]
    fn a_crowd_is_drawn_smaller_so_that_words_have_room() {
        for crowd in [4, 8] {
            let mut seats = vec![seat("client"); crowd];
            seats.push(seat("server"));
            let (large, small) = (
                Layout::new(&seats, 960.0, 540.0, 0.0),
                Layout::new(&seats, 960.0, 540.0, SIZE),
            );
            assert!(!large.has_room_for_words(SIZE), "{crowd}");
            assert!(small.has_room_for_words(SIZE), "{crowd}");
            assert!(small.radius < large.radius, "{crowd}");
        }
    }

    #[test]
    fn a_node_stands_where_its_scenario_puts_it() {
        let mut seats = [seat("server"); 3];
        for (seat, x) in seats.iter_mut().zip([0.0, 0.5, 1.0]) {
            seat.position = Some((x, 0.5));
        }
        let wide = Layout::new(&seats, 900.0, 480.0, SIZE);
        assert!(are_apart(&wide));
        assert_eq!(wide.places[1], Point::new(450.0, 240.0));
        assert!(wide.places.iter().all(|place| place.y == 240.0));
        let high = Layout::new(&seats, 480.0, 900.0, SIZE);
        assert!(high.places.iter().all(|place| place.x == 240.0));
        assert!(are_apart(&high));
    }
}
