//! Which words have room: no two stand on each other.

use super::{Align, Picture, Point};

/// The room that is taken.
#[derive(Clone, Default)]
pub(crate) struct Labels {
    rooms: Vec<Room>,
    discs: Vec<Disc>,
}

/// A node or a mark.
#[derive(Clone)]
struct Disc {
    at: Point,
    radius: f64,
}

/// A rectangle.
#[derive(Clone, Copy)]
struct Room {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

impl Room {
    fn around(centre: Point, half_width: f64, half_height: f64) -> Room {
        Room {
            left: centre.x - half_width,
            right: centre.x + half_width,
            top: centre.y - half_height,
            bottom: centre.y + half_height,
        }
    }

    fn between(corner: Point, opposite: Point) -> Room {
        Room {
            left: corner.x.min(opposite.x),
            right: corner.x.max(opposite.x),
            top: corner.y.min(opposite.y),
            bottom: corner.y.max(opposite.y),
        }
    }

    fn of_words(at: Point, words: &str, size: f64, picture: &Picture) -> Room {
        let at = picture.inside(at, words, size, Align::Middle);
        Room::around(at, Picture::half_width(words, size), size * 0.55)
    }

    /// Whether the disc reaches into it.
    fn meets_disc(&self, disc: &Disc) -> bool {
        let nearest = Point::new(
            disc.at.x.clamp(self.left, self.right),
            disc.at.y.clamp(self.top, self.bottom),
        );
        nearest.distance(disc.at) < disc.radius
    }

    fn meets(&self, other: &Room) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }
}

impl Labels {
    /// Takes the room of words around `at`, whatever is there.
    pub fn keep(&mut self, at: Point, words: &str, size: f64, picture: &Picture) {
        self.rooms.push(Room::of_words(at, words, size, picture));
    }

    /// Takes the room of words around `at`, if it is free. Returns whether it was.
    pub fn take(&mut self, at: Point, words: &str, size: f64, picture: &Picture) -> bool {
        let room = Room::of_words(at, words, size, picture);
        let is_free = self.has_room(&room);
        if is_free {
            self.rooms.push(room);
        }
        is_free
    }

    /// The size, of these from the first, at which words have room around `at`. It takes that room.
    pub fn shrink(
        &mut self,
        at: Point,
        words: &str,
        sizes: &[f64],
        picture: &Picture,
    ) -> Option<f64> {
        let mut sizes = sizes.iter().copied();
        sizes.find(|size| self.take(at, words, *size, picture))
    }

    fn has_room(&self, room: &Room) -> bool {
        !self.rooms.iter().any(|taken| taken.meets(room))
            && !self.discs.iter().any(|disc| room.meets_disc(disc))
    }

    /// Takes the room of a node or a mark: words may touch its edge, and cross none.
    pub fn keep_disc(&mut self, at: Point, radius: f64) {
        self.discs.push(Disc { at, radius });
    }

    /// Takes the room of a block between two opposite corners.
    pub fn keep_box(&mut self, corner: Point, opposite: Point) {
        self.rooms.push(Room::between(corner, opposite));
    }

    /// Takes the room of a block between two opposite corners, if it is free. Returns whether it was.
    pub fn take_box(&mut self, corner: Point, opposite: Point) -> bool {
        let room = Room::between(corner, opposite);
        let is_free = self.has_room(&room);
        if is_free {
            self.rooms.push(room);
        }
        is_free
    }

    /// Where words have room near a mark: above it, below it, or beside it; nowhere if all of that is taken. Beside it they stand
    /// rather a little higher or lower: a line through the mark, such as its link, would strike them out.
    pub fn near(
        &mut self,
        mark: Point,
        words: &str,
        size: f64,
        picture: &Picture,
    ) -> Option<Point> {
        let aside = Picture::half_width(words, size) + 0.75 * size;
        let away = 1.15 * size;
        let off = 0.7 * size;
        let around = [
            (0.0, -away),
            (0.0, away),
            (aside, -off),
            (-aside, -off),
            (aside, off),
            (-aside, off),
            (aside, 0.0),
            (-aside, 0.0),
        ];
        for (x, y) in around {
            let at = Point::new(mark.x + x, mark.y + y);
            if self.take(at, words, size, picture) {
                return Some(at);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: f64 = 10.0;

    /// Where "abc" goes at the same mark again and again.
    fn places(labels: &mut Labels, mark: Point) -> Vec<(f64, f64)> {
        let picture = Picture::new(400.0, 400.0);
        let places = std::iter::from_fn(|| labels.near(mark, "abc", SIZE, &picture));
        places
            .map(|at| (libm::round(at.x), libm::round(at.y)))
            .collect()
    }

    #[test]
    fn words_find_room_around_their_mark_and_are_left_out_where_there_is_none() {
        let mark = Point::new(200.0, 200.0);
        let around = [
            (200.0, 189.0),
            (200.0, 212.0),
            (218.0, 200.0),
            (182.0, 200.0),
        ];
        assert_eq!(places(&mut Labels::default(), mark), around);
    }

    #[test]
    fn words_beside_a_mark_leave_its_link_visible() {
        let mark = Point::new(200.0, 200.0);
        let mut labels = Labels::default();
        for y in [185.0, 215.0] {
            labels.keep_box(Point::new(100.0, y - 10.0), Point::new(205.0, y + 10.0));
        }
        assert_eq!(places(&mut labels, mark)[0], (218.0, 193.0));
    }

    #[test]
    fn words_cross_the_edge_of_no_node() {
        let mut labels = Labels::default();
        labels.keep_disc(Point::new(238.0, 178.0), 30.0);
        let below = (200.0, 212.0);
        assert_eq!(places(&mut labels, Point::new(200.0, 200.0))[0], below);
    }

    #[test]
    fn nodes_and_what_stands_there_already_take_room() {
        let mark = Point::new(200.0, 200.0);
        let mut labels = Labels::default();
        labels.keep_disc(Point::new(200.0, 236.0), 30.0);
        assert_eq!(
            places(&mut labels, mark),
            [(200.0, 189.0), (218.0, 200.0), (182.0, 200.0)]
        );
        assert_eq!(places(&mut labels, mark), []);
    }
}
