//! Where nodes stand: where the scenario puts them; else clients on one side and the rest in a ring on the other; many
//! clients around the one node that they talk to; all in one ring if there are no clients.

use crate::shapes::Point;

/// Where each node stands, how large it is drawn, and what is written at it.
pub(super) struct Layout {
    /// The centre of each node, by its number.
    pub places: Vec<Point>,
    /// The radius of each node.
    pub radius: f64,
    /// Which words have room.
    pub words: Words,
}

/// What is known of a node before it has a place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seat<'a> {
    /// Its name for readers.
    pub name: &'a str,
    /// The id of its role.
    pub role: &'a str,
    /// Where the scenario puts it: from the left and from the top, as shares of the room that nodes have.
    pub position: Option<(f64, f64)>,
}

/// The words that stand at nodes, by how much room there is; each has all that the one before it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Words {
    /// Only those that tell of a violation.
    Alarms,
    /// Names in their nodes.
    Inside,
    /// Names, whether a node is down, and what just happened to it.
    Names,
    /// What the node says of its state.
    States,
    /// What its clocks show.
    Clocks,
}

/// A picture's size, and that of its letters.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sheet {
    /// From the left edge to the right, in units of the picture.
    pub width: f64,
    /// From the top edge to the bottom.
    pub height: f64,
    /// The size of ordinary text.
    pub size: f64,
    /// How many lines the clocks of a node take at the most. Clocks are drawn as dials too.
    pub clock_lines: usize,
}

/// The room that a node takes with its words, from its centre.
struct Room {
    aside: f64,
    above: f64,
    below: f64,
}

/// With more nodes than this there is no room for words.
const MOST_WITH_WORDS: usize = 16;

/// With more clients than this, a column of them is too crowded.
const MOST_IN_COLUMN: usize = 5;

/// A name in letters smaller than this is not read.
const SMALLEST_NAME: f64 = 8.0;

impl Seat<'_> {
    fn is_client(&self) -> bool {
        self.role == "client"
    }
}

impl Words {
    /// The most first.
    const ALL: [Words; 4] = [Words::Clocks, Words::States, Words::Names, Words::Inside];

    /// A node with these words becomes no smaller than this for their sake, in heights of their letters.
    fn smallest_radius(self) -> f64 {
        match self {
            Words::Clocks => 1.6,
            Words::States | Words::Inside => 1.4,
            _ => 1.0,
        }
    }

    /// How many lines stand below a node whose clocks take `clock_lines` of them, and how wide the widest usually is, in
    /// heights of their letters.
    fn below(self, clock_lines: usize) -> (f64, f64) {
        let errors = clock_lines.min(1) as f64;
        match self {
            Words::Clocks => (1.0 + errors + clock_lines as f64, 9.5),
            Words::States => (1.0 + errors, 9.0),
            _ => (0.0, 7.0),
        }
    }
}

impl Layout {
    /// Places these nodes on a sheet with as many words as have room. Where the words of two nodes would stand on each
    /// other, nodes are smaller.
    pub fn new(seats: &[Seat<'_>], sheet: Sheet) -> Layout {
        let natural = radius(seats.len(), sheet.width.min(sheet.height));
        let crowd = Words::Alarms;
        if seats.len() > MOST_WITH_WORDS {
            return Layout::of_radius(seats, sheet, natural, crowd);
        }
        let levels = Words::ALL
            .into_iter()
            .filter(|words| *words != Words::Clocks || sheet.clock_lines > 0);
        let fitting = levels
            .into_iter()
            .find_map(|words| Layout::with_words(seats, sheet, natural, words));
        fitting.unwrap_or_else(|| Layout::of_radius(seats, sheet, natural, crowd))
    }

    /// With these words at nodes that are as large as can be; nothing if they have no room.
    fn with_words(seats: &[Seat<'_>], sheet: Sheet, natural: f64, words: Words) -> Option<Layout> {
        let smallest = words.smallest_radius() * sheet.size;
        let mut radius = natural.max(smallest);
        loop {
            let layout = Layout::of_radius(seats, sheet, radius, words);
            if layout.has_room(seats, sheet) {
                return Some(layout);
            }
            if radius <= smallest {
                return None;
            }
            radius = (radius * 0.95).max(smallest);
        }
    }

    fn has_room(&self, seats: &[Seat<'_>], sheet: Sheet) -> bool {
        let room = Room::new(seats, sheet, self.radius, self.words);
        let (across, down) = (2.0 * room.aside, room.above + room.below);
        let is_inside = |place: &Point| {
            place.y >= room.above - 0.5
                && place.y + room.below <= sheet.height + 0.5
                && place.x >= self.radius
                && place.x + self.radius <= sheet.width
        };
        self.places.iter().enumerate().all(|(i, place)| {
            let is_apart = |other: &Point| {
                libm::fabs(place.x - other.x) >= across || libm::fabs(place.y - other.y) >= down
            };
            is_inside(place) && self.places[..i].iter().all(is_apart)
        })
    }

    fn of_radius(seats: &[Seat<'_>], sheet: Sheet, radius: f64, words: Words) -> Layout {
        let room = Room::new(seats, sheet, radius, words);
        let is_high = sheet.height > sheet.width * 1.1;
        let place = |(x, y): (f64, f64)| {
            // On a high picture everything that was laid out lying down stands up.
            let (x, y) = if is_high { (y, x) } else { (x, y) };
            Point::new(
                within(x, room.aside, room.aside, sheet.width, radius),
                within(y, room.above, room.below, sheet.height, radius),
            )
        };
        Layout {
            places: spots(seats).into_iter().map(place).collect(),
            radius,
            words,
        }
    }
}

impl Room {
    fn new(seats: &[Seat<'_>], sheet: Sheet, radius: f64, words: Words) -> Room {
        let size = sheet.size;
        if words <= Words::Inside {
            let around = radius * 1.2;
            return Room {
                aside: around,
                above: around,
                below: around,
            };
        }
        let is_inside = |seat: &Seat<'_>| size_of_name(seat.name, radius, size).is_some();
        let above = if seats.iter().all(is_inside) {
            2.1
        } else {
            3.3
        };
        let (lines, width) = words.below(sheet.clock_lines);
        let dials = if sheet.clock_lines > 0 { 1.9 } else { 0.3 };
        Room {
            aside: (radius + dials * size).max(width * size / 2.0),
            above: radius + above * size,
            below: radius + (0.4 + 1.25 * lines) * size,
        }
    }
}

/// How large a node's name is that stands in it; nothing if it finds no room there, and stands above.
pub(super) fn size_of_name(name: &str, radius: f64, size: f64) -> Option<f64> {
    let fitting = radius * 1.7 / (name.chars().count().max(1) as f64 * 0.56);
    Some(fitting.min(size * 1.15)).filter(|size| *size >= SMALLEST_NAME)
}

/// Where nodes stand in a square whose sides are 1.
fn spots(seats: &[Seat<'_>]) -> Vec<(f64, f64)> {
    let clients = seats.iter().filter(|seat| seat.is_client()).count();
    let others = seats.len() - clients;
    let (mut of_clients, mut of_others) = arrangement(clients, others);
    let spot = |seat: &Seat<'_>| {
        let next = if seat.is_client() {
            of_clients.next()
        } else {
            of_others.next()
        };
        seat.position.or(next).unwrap_or((0.5, 0.5))
    };
    seats.iter().map(spot).collect()
}

type Spots = Box<dyn Iterator<Item = (f64, f64)>>;

/// The spots of so many clients, and of so many other nodes.
fn arrangement(clients: usize, others: usize) -> (Spots, Spots) {
    if clients == 0 || others == 0 {
        return (ring(clients, 0.5, 0.5), ring(others, 0.5, 0.5));
    }
    if others == 1 && clients > MOST_IN_COLUMN {
        return (ring(clients, 0.5, 0.5), ring(1, 0.5, 0.5));
    }
    let of_others = match others {
        1 | 2 => column(others, 1.0),
        _ => ring(others, 0.68, 0.32),
    };
    (column(clients, 0.0), of_others)
}

fn column(count: usize, x: f64) -> Spots {
    /// The room above the first and below the last, in distances between two.
    const ENDS: f64 = 0.18;
    let y = move |place: usize| (place as f64 + ENDS) / (count as f64 - 1.0 + 2.0 * ENDS);
    Box::new((0..count).map(move |place| (x, y(place))))
}

/// An ellipse as high as the square. The first stands at the top, and they go on clockwise; one alone is its centre.
fn ring(count: usize, centre: f64, reach: f64) -> Spots {
    let reach = if count == 1 { (0.0, 0.0) } else { (reach, 0.5) };
    Box::new((0..count).map(move |place| {
        let turn = 2.0 * std::f64::consts::PI * (place as f64 / count as f64 - 0.25);
        (
            centre + reach.0 * libm::cos(turn),
            0.5 + reach.1 * libm::sin(turn),
        )
    }))
}

/// A share of the length that is left between margins. They are narrower where there is little room.
fn within(share: f64, before: f64, after: f64, length: f64, radius: f64) -> f64 {
    let narrow = (length / 2.0 / (before + after).max(1.0)).min(1.0);
    let (before, after) = ((before * narrow).max(radius), (after * narrow).max(radius));
    before + share * (length - before - after).max(0.0)
}

fn radius(nodes: usize, room: f64) -> f64 {
    let crowd = if nodes <= 6 {
        11.0
    } else {
        7.0 + nodes as f64 * 0.9
    };
    (room / crowd).clamp(6.0, 110.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shapes::text_size;

    /// How high letters are.
    const SIZE: f64 = 14.0;

    fn seat(role: &str) -> Seat<'_> {
        Seat {
            name: "server",
            role,
            position: None,
        }
    }

    fn lay_out(seats: &[Seat<'_>], width: f64, height: f64, size: f64) -> Layout {
        let sheet = Sheet {
            width,
            height,
            size,
            clock_lines: 0,
        };
        Layout::new(seats, sheet)
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
                let laid = lay_out(&seats, width, height, SIZE);
                for place in &laid.places {
                    let r = laid.radius;
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
                    assert!(are_apart(&laid), "{seats:?} in {width} x {height}");
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
                let laid = lay_out(&seats, width, height, SIZE);
                assert!(are_apart(&laid), "{clients} in {width} x {height}");
                let server = laid.places[clients];
                assert!(server.distance(Point::new(width / 2.0, height / 2.0)) < SIZE);
            }
        }
    }

    #[test]
    fn a_crowd_has_as_many_words_as_have_room_and_is_drawn_smaller_for_them() {
        let mut seats = vec![seat("client"); 8];
        seats.push(seat("server"));
        for (width, height, words) in [
            (960.0, 540.0, Words::States),
            (390.0, 300.0, Words::States),
            (350.0, 240.0, Words::Names),
            (330.0, 200.0, Words::Inside),
            (320.0, 90.0, Words::Alarms),
        ] {
            let laid = lay_out(&seats, width, height, text_size(width, height));
            assert_eq!(laid.words, words, "in {width} x {height}");
        }
        let radius = |clock_lines: usize| {
            let (width, height) = (960.0, 540.0);
            let sheet = Sheet {
                width,
                height,
                size: text_size(width, height),
                clock_lines,
            };
            Layout::new(&seats, sheet).radius
        };
        assert!(radius(2) < radius(0));
    }

    #[test]
    fn a_node_stands_where_its_scenario_puts_it() {
        let mut seats = [seat("server"); 3];
        for (seat, x) in seats.iter_mut().zip([0.0, 0.5, 1.0]) {
            seat.position = Some((x, 0.5));
        }
        let wide = lay_out(&seats, 900.0, 480.0, SIZE);
        assert!(are_apart(&wide));
        assert_eq!(wide.places[1].x, 450.0);
        assert!(wide.places.iter().all(|place| place.y == wide.places[1].y));
        let high = lay_out(&seats, 480.0, 900.0, SIZE);
        assert!(high.places.iter().all(|place| place.x == 240.0));
        assert!(are_apart(&high));
    }
}
