//! What waits at a node: a stack of cells beside it, one per message. A queue that has a bound stands in a frame with room
//! for so many; one without is open at the top.

use sim::protocol::Queue;
use sim::{NodeId, SimDuration, Status};

use super::moment::Moment;
use crate::shapes::{Align, Ink, Labels, Picture, Point, Style, Symbol};

/// The side of a cell, in units, and how many stand in a row, where there is no bound.
const ENDLESS: (f64, u32) = (4.5, 4);

/// The same where there is room for a few.
const BOUNDED: (f64, u32) = (8.0, 2);

/// A stack is no higher than this, in cells: the rest is told by dots above it, and in words.
const MOST_ROWS: u32 = 34;

/// How much wider than a letter's height the stack of a sender is, with its name: stacks stand side by side.
const APART: f64 = 1.4;

/// Beyond so many the room of a queue is not drawn: it is as good as endless.
const LARGEST_FRAME: u32 = 24;

/// As many as can be counted at a glance.
const AT_A_GLANCE: u32 = 6;

/// What waits at a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stack {
    /// How many messages wait, without the one that is served.
    pub waiting: u32,
    /// How many may wait, if a reader can see the bound.
    pub room: Option<u32>,
    /// How long one of them takes.
    pub each: SimDuration,
}

/// The box of a stack.
#[derive(Clone, Copy, Debug)]
struct Bounds {
    left: f64,
    bottom: f64,
    cell: f64,
}

impl Stack {
    /// A stack. A `room` for more than 24 is not drawn, and counts as none.
    pub fn new(waiting: u32, room: Option<u32>, each: SimDuration) -> Stack {
        Stack {
            waiting,
            room: room.filter(|room| *room <= LARGEST_FRAME),
            each,
        }
    }

    /// The side of a cell, in units, and how many stand in a row.
    fn measure(self) -> (f64, u32) {
        if self.room.is_some() {
            BOUNDED
        } else {
            ENDLESS
        }
    }

    fn columns(self) -> u32 {
        self.measure().1
    }

    /// How many rows are filled, and how many cells stand in a row above these.
    fn filled(self) -> (u32, u32) {
        let (rows, rest) = (self.waiting / self.columns(), self.waiting % self.columns());
        if rows >= MOST_ROWS {
            (MOST_ROWS, 0)
        } else {
            (rows, rest)
        }
    }

    /// How many rows its sides reach up.
    fn rows(self) -> u32 {
        let (rows, rest) = self.filled();
        match self.room {
            Some(room) => room.div_ceil(self.columns()),
            None if self.goes_on() => MOST_ROWS + 4,
            None => (rows + u32::from(rest > 0) + 1).max(3),
        }
    }

    /// What it says of itself: more than can be counted, and how long that takes; or how much room there is.
    fn words(self) -> Option<String> {
        let Stack {
            waiting,
            room,
            each,
        } = self;
        if let Some(room) = room {
            return (waiting > 0).then(|| format!("{waiting} of {room}"));
        }
        let seconds = each.as_millis_f64() * f64::from(waiting) / 1000.0;
        if waiting <= AT_A_GLANCE {
            None
        } else if seconds < 0.05 {
            Some(waiting.to_string())
        } else {
            Some(format!("{waiting} wait, {seconds:.1} s"))
        }
    }

    /// Draws it upwards from a corner.
    fn draw(self, bounds: Bounds, picture: &mut Picture) {
        let Bounds { left, bottom, cell } = bounds;
        let columns = f64::from(self.columns());
        let (rows, rest) = self.filled();
        let corner = |across: f64, up: f64| Point::new(left + across * cell, bottom - up * cell);
        let block = |from: f64, to: f64, across: f64| {
            [(0.0, from), (0.0, to), (across, to), (across, from)]
                .map(|(x, y)| corner(x, y))
                .to_vec()
        };
        let full = f64::from(rows);
        picture.area(
            block(0.0, f64::from(self.rows()), columns),
            Style::fill(Ink::Ground).faded(0.85),
        );
        let fill = Style::fill(Ink::Muted);
        if rows > 0 {
            picture.area(block(0.0, full, columns), fill);
        }
        if rest > 0 {
            picture.area(block(full, full + 1.0, f64::from(rest)), fill);
        }
        let top = full + f64::from(u32::from(rest > 0));
        let seam = Style::stroke(Ink::Ground, cell / 5.0);
        for column in 1..self.columns() {
            let across = f64::from(column);
            picture.segment(corner(across, 0.0), corner(across, top), seam);
        }
        // One line that goes to and fro costs less than one per row; where it turns, it lies below the frame.
        let turns = (1..=rows).flat_map(|row| {
            let ends = if row % 2 == 0 {
                [0.0, columns]
            } else {
                [columns, 0.0]
            };
            ends.map(|across| corner(across, f64::from(row)))
        });
        if rows > 0 {
            picture.line(turns.collect(), seam);
        }
        if self.goes_on() {
            for dot in [1.0, 2.0, 3.0] {
                let at = corner(columns / 2.0, full + 0.4 + dot);
                picture.circle(at, cell / 3.0, fill);
            }
        }
        self.frame(corner, picture);
        picture.shows(Symbol::Waiting);
    }

    /// Whether more wait than are drawn.
    fn goes_on(self) -> bool {
        self.waiting > MOST_ROWS * self.columns()
    }

    /// Its sides, and a lid if it has a bound.
    fn frame(self, corner: impl Fn(f64, f64) -> Point, picture: &mut Picture) {
        let (across, up) = (f64::from(self.columns()), f64::from(self.rows()));
        let sides = [(0.0, up), (0.0, 0.0), (across, 0.0), (across, up)];
        let sides = sides.map(|(x, y)| corner(x, y)).to_vec();
        let style = Style::stroke(Ink::Ink, 1.0);
        if self.room.is_some() {
            picture.area(sides, style);
            picture.shows(Symbol::Room);
        } else {
            picture.line(sides, style);
        }
    }

    /// Draws it as large as it is in a legend, its lower left corner at `corner`.
    pub fn sample(self, corner: Point, picture: &mut Picture) {
        let bounds = Bounds {
            left: corner.x,
            bottom: corner.y,
            cell: self.measure().0,
        };
        self.draw(bounds, picture);
    }
}

impl Moment<'_> {
    /// What waits at a node, if that is worth a stack: a queue of its own always, an inbox with more than one message.
    pub(super) fn stack(&self, node: NodeId) -> Option<Stack> {
        if let Some(queue) = self.queue(node) {
            return Some(Stack::new(queue.waiting, queue.room, queue.each));
        }
        let waiting = self.kernel.inbox(node);
        let (room, each) = (self.kernel.inbox_room(node), self.kernel.service(node));
        (waiting > 1).then(|| Stack::new(waiting, Some(room), each))
    }

    /// The stacks beside a node: of each sender that has a queue of its own, else of all.
    pub(super) fn waiting(&self, node: NodeId, labels: &mut Labels, picture: &mut Picture) {
        let queue = self.queue(node);
        let own = queue.filter(|queue| queue.of_senders.len() > 1);
        if let Some(queue) = own {
            return self.waiting_by_sender(node, &queue, labels, picture);
        }
        if let Some(stack) = self.stack(node) {
            self.one_stack(node, stack, labels, picture);
        }
    }

    /// A node's own queue. A node that is down has none: it is gone with the node's memory.
    fn queue(&self, node: NodeId) -> Option<Queue> {
        let is_up = self.kernel.status(node) != Status::Crashed;
        is_up
            .then(|| self.run.timeline().machine().queue(node))
            .flatten()
    }

    /// A stack per sender, with its name below. A room that all of them share is told by none.
    fn waiting_by_sender(
        &self,
        node: NodeId,
        queue: &Queue,
        labels: &mut Labels,
        picture: &mut Picture,
    ) {
        let (at, size) = (self.place(node), self.size * 0.8);
        let bottom = at.y + self.layout.radius * 0.75;
        let mut left = at.x + self.layout.radius + 7.0 * self.unit;
        for (sender, waiting) in &queue.of_senders {
            let stack = Stack::new(*waiting, None, queue.each);
            let cell = stack.measure().0 * self.unit;
            let name = self.run.scenario().name(*sender);
            let stacked = f64::from(stack.columns()) * cell;
            let width = stacked.max(2.0 * Picture::half_width(&name, size));
            let middle = left + width / 2.0;
            let bounds = Bounds {
                left: middle - stacked / 2.0,
                bottom,
                cell,
            };
            stack.draw(bounds, picture);
            let top = bottom - f64::from(stack.rows()) * cell;
            labels.keep_box(Point::new(left, top), Point::new(left + width, bottom));
            for (words, y) in [
                (Some(name), bottom + 0.7 * size),
                (
                    (*waiting > AT_A_GLANCE).then(|| waiting.to_string()),
                    top - 0.7 * size,
                ),
            ] {
                let place = Point::new(middle, y);
                if let Some(words) = words.filter(|words| labels.take(place, words, size, picture))
                {
                    picture.text(place, words, size, Align::Middle, Ink::Ink, 1.0);
                }
            }
            left += width + APART * size;
        }
    }

    /// The stack beside a node: on its right, or on its left where the picture ends.
    fn one_stack(&self, node: NodeId, stack: Stack, labels: &mut Labels, picture: &mut Picture) {
        let (at, radius, cell) = (
            self.place(node),
            self.layout.radius,
            stack.measure().0 * self.unit,
        );
        let width = f64::from(stack.columns()) * cell;
        let aside = radius + 7.0 * self.unit;
        let is_right = at.x + aside + width + 2.0 <= picture.width;
        let left = at.x + if is_right { aside } else { -aside - width };
        // A dial may stand at the lower corner.
        let lowest = radius * if self.has_dials(node) { -0.1 } else { 0.75 };
        let bounds = Bounds {
            left,
            bottom: at.y + lowest,
            cell,
        };
        let top = bounds.bottom - f64::from(stack.rows()) * cell;
        stack.draw(bounds, picture);
        let middle = left + width / 2.0;
        labels.keep_box(
            Point::new(left, top),
            Point::new(left + width, bounds.bottom),
        );
        if let Some(words) = stack.words() {
            let size = self.size * 0.92;
            let aside = width / 2.0 + Picture::half_width(&words, size) + 3.0 * self.unit;
            let above = Point::new(middle, top - 0.7 * size);
            let beside =
                [aside, -aside].map(|x| Point::new(middle + x, bounds.bottom - 0.5 * size));
            let mut spots = std::iter::once(above).chain(beside);
            if let Some(at) = spots.find(|at| labels.take(*at, &words, size, picture)) {
                picture.text(at, words, size, Align::Middle, Ink::Ink, 1.0);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use scenario::Run;
    use scenario::view::View;

    use super::*;
    use crate::look::Look;
    use crate::shapes::Shape;
    use crate::views::draw;

    fn stack(waiting: u32, room: Option<u32>) -> Stack {
        Stack::new(waiting, room, SimDuration::from_millis(31))
    }

    #[test]
    fn each_message_is_a_cell_and_what_cannot_be_counted_is_said() {
        for (waiting, room, filled, words) in [
            (2, None, (0, 2), None),
            (134, None, (33, 2), Some("134 wait, 4.2 s")),
            (134, Some(10_000), (33, 2), Some("134 wait, 4.2 s")),
            (900, None, (MOST_ROWS, 0), Some("900 wait, 27.9 s")),
            (0, Some(8), (0, 0), None),
            (7, Some(8), (3, 1), Some("7 of 8")),
        ] {
            let stack = stack(waiting, room);
            assert_eq!(stack.filled(), filled, "{stack:?}");
            assert_eq!(stack.words().as_deref(), words, "{stack:?}");
        }
    }

    #[test]
    fn a_queue_that_is_higher_than_its_stack_says_that_it_goes_on() {
        let most = MOST_ROWS * ENDLESS.1;
        assert!(!stack(most, None).goes_on());
        assert!(stack(most + 1, None).goes_on());
        assert!(stack(most + 1, None).rows() > stack(most, None).rows());
    }

    #[test]
    fn each_sender_has_a_stack_where_it_has_a_queue() {
        let names = |link: &str| {
            let (run, problems) = Run::open(link);
            assert_eq!(problems, []);
            let shapes = draw(View::World, &run, Look::default(), 750.0, 480.0).shapes;
            let video = shapes
                .into_iter()
                .filter(|shape| matches!(shape, Shape::Text(text) if text.words == "video"));
            video.count()
        };
        assert_eq!(names("#/congested-switch?t=6s"), 1);
        assert_eq!(names("#/congested-switch?on=fair-queue&t=6s"), 2);
    }

    #[test]
    fn a_node_that_is_down_has_no_queue() {
        let waits = |link: &str| {
            let (run, problems) = Run::open(link);
            assert_eq!(problems, []);
            let shapes = draw(View::World, &run, Look::default(), 750.0, 480.0).shapes;
            let mut texts = shapes.into_iter();
            texts.any(|shape| matches!(shape, Shape::Text(text) if text.words.contains(" wait")))
        };
        assert!(waits("#/congested-switch?t=6s"));
        assert!(!waits("#/congested-switch?do=crash:switch@5.9s&t=6s"));
    }

    #[test]
    fn a_queue_with_a_bound_is_as_high_as_its_room() {
        assert_eq!(stack(1, Some(8)).rows(), 4);
        assert_eq!(stack(8, Some(8)).rows(), 4);
        assert!(stack(134, None).rows() > stack(100, None).rows());
    }
}
