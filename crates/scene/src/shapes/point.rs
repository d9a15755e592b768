//! Places and directions in a picture.

/// A place in a picture.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
}

impl Point {
    /// The point at `x` and `y`.
    pub const fn new(x: f64, y: f64) -> Point {
        Point { x, y }
    }

    /// The point a share `share` of the way from here to `other`.
    pub fn towards(self, other: Point, share: f64) -> Point {
        Point::new(
            self.x + (other.x - self.x) * share,
            self.y + (other.y - self.y) * share,
        )
    }

    /// How far it is to `other`.
    pub fn distance(self, other: Point) -> f64 {
        libm::hypot(other.x - self.x, other.y - self.y)
    }

    /// The direction from here to `other`, of length 1; to the right if they are one.
    pub fn direction(self, other: Point) -> Point {
        let length = self.distance(other);
        if length == 0.0 {
            return Point::new(1.0, 0.0);
        }
        Point::new((other.x - self.x) / length, (other.y - self.y) / length)
    }

    /// This point moved by `length` in a direction.
    pub fn moved(self, direction: Point, length: f64) -> Point {
        Point::new(self.x + direction.x * length, self.y + direction.y * length)
    }

    /// The direction a quarter turn clockwise from this one.
    pub fn right(self) -> Point {
        Point::new(-self.y, self.x)
    }
}
