//! Which side each node and each place is on.

use sim::NodeId;

use crate::shapes::Point;

/// So many cut links are a partition, and not a cut.
const FEWEST_CUTS: usize = 2;

/// A straight line is looked for in so many directions.
const DIRECTIONS: u32 = 36;

/// With more nodes than this nobody sees sides.
pub const MOST_NODES: usize = 40;

/// Which side each node is on, and which side each place of the picture is on.
pub struct Parted {
    /// The number of a side per node.
    pub sides: Vec<usize>,
    /// Which side each place of the picture is on.
    pub regions: Regions,
}

/// A place belongs to the side of the nearest of these centres.
#[derive(Default)]
pub struct Regions {
    /// The centres; a place belongs to the nearest.
    pub centres: Vec<Point>,
    /// The number of a side per centre.
    pub sides: Vec<usize>,
}

impl Regions {
    /// Two halves if a straight line runs between the sides; else a region around each node.
    pub fn new(places: &[Point], sides: &[usize], radius: f64) -> Regions {
        let (sides, centres) = match mirrored(places, sides, radius) {
            Some(halves) => halves.into_iter().unzip(),
            None => (sides.to_vec(), places.to_vec()),
        };
        Regions { centres, sides }
    }

    /// The side of a place, as the number of a side; nothing if there are no centres.
    pub fn side_of(&self, place: Point) -> Option<usize> {
        let distance = |centre: usize| self.centres[centre].distance(place);
        let centres = 0..self.centres.len();
        let nearest = centres.min_by(|a, b| distance(*a).total_cmp(&distance(*b)))?;
        Some(self.sides[nearest])
    }
}

impl Parted {
    /// The sides into which cuts have separated the nodes; nothing if all can reach each other, or if one cut has done
    /// it. `links` are the pairs that exchange messages, `is_severed` tells whether nothing passes between two nodes.
    pub fn new(
        nodes: usize,
        links: &[(NodeId, NodeId)],
        is_severed: impl Fn(NodeId, NodeId) -> bool,
    ) -> Option<Parted> {
        let cuts = links.iter().filter(|(a, b)| is_severed(*a, *b)).count();
        if nodes > MOST_NODES || cuts < FEWEST_CUTS {
            return None;
        }
        let whole = joined(nodes, links.iter().copied());
        let pairs = (0..nodes as u16).flat_map(|a| (0..a).map(move |b| (NodeId(b), NodeId(a))));
        // Nodes that never speak are on one side if nothing was cut between them, and nothing else joins them.
        let together = pairs.filter(|(a, b)| {
            let can_speak = links.contains(&(*a, *b)) || whole[a.index()] != whole[b.index()];
            can_speak && !is_severed(*a, *b)
        });
        let sides = joined(nodes, together);
        let is_parted = links
            .iter()
            .any(|(a, b)| sides[a.index()] != sides[b.index()]);
        let regions = Regions::default();
        is_parted.then_some(Parted { sides, regions })
    }

    /// Whether two nodes are on different sides.
    pub fn parts(&self, a: NodeId, b: NodeId) -> bool {
        self.sides[a.index()] != self.sides[b.index()]
    }

    /// The side with the most nodes, of several the first.
    pub fn largest(&self) -> usize {
        let size = |side: usize| self.sides.iter().filter(|other| **other == side).count();
        let mut sides = self.sides.clone();
        sides.dedup();
        let larger = |best: usize, side: usize| if size(side) > size(best) { side } else { best };
        sides.into_iter().reduce(larger).unwrap_or(0)
    }

    /// The nodes of a side, in order.
    pub fn members(&self, side: usize) -> impl Iterator<Item = NodeId> {
        let nodes = self.sides.iter().enumerate();
        nodes
            .filter(move |(_, other)| **other == side)
            .map(|(node, _)| NodeId(node as u16))
    }
}

/// For each node the first of those that pairs join it to.
fn joined(nodes: usize, pairs: impl Iterator<Item = (NodeId, NodeId)>) -> Vec<usize> {
    let mut groups: Vec<usize> = (0..nodes).collect();
    for (a, b) in pairs {
        let (a, b) = (groups[a.index()], groups[b.index()]);
        let (first, other) = (a.min(b), a.max(b));
        for group in &mut groups {
            if *group == other {
                *group = first;
            }
        }
    }
    groups
}

/// Two points that are each other's mirror images in the widest straight gap between two sides: what is nearer to one of
/// them is of its side. Nothing if there are not two sides, or if no straight line runs between them.
fn mirrored(places: &[Point], sides: &[usize], radius: f64) -> Option<[(usize, Point); 2]> {
    let first = *sides.first()?;
    let second = *sides.iter().find(|side| **side != first)?;
    if sides.iter().any(|side| *side != first && *side != second) {
        return None;
    }
    let gap = |turn: u32| {
        let angle = std::f64::consts::TAU * f64::from(turn) / f64::from(DIRECTIONS);
        let across = Point::new(libm::cos(angle), libm::sin(angle));
        let along = |at: &Point| at.x * across.x + at.y * across.y;
        let of_side = |side: usize| {
            let nodes = places.iter().zip(sides);
            nodes
                .filter(move |(_, other)| **other == side)
                .map(|(at, _)| at)
        };
        let end = of_side(first).map(along).fold(f64::NEG_INFINITY, f64::max);
        let begin = of_side(second).map(along).fold(f64::INFINITY, f64::min);
        (begin - end, (begin + end) / 2.0, across)
    };
    let gaps = (0..DIRECTIONS).map(gap);
    let (width, middle, across) = gaps.max_by(|a, b| a.0.total_cmp(&b.0))?;
    let at = |shift: f64| Point::new(across.x * (middle + shift), across.y * (middle + shift));
    (width > 2.5 * radius).then(|| [(first, at(-1.0)), (second, at(1.0))])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The sides of four nodes that all exchange messages, where these pairs are cut.
    fn sides(cuts: &[(u16, u16)]) -> Option<Vec<usize>> {
        let nodes = 4;
        let links: Vec<_> = (0..nodes)
            .flat_map(|b| (0..b).map(move |a| (NodeId(a), NodeId(b))))
            .collect();
        let is_severed = |a: NodeId, b: NodeId| cuts.contains(&(a.0, b.0));
        Parted::new(usize::from(nodes), &links, is_severed).map(|parted| parted.sides)
    }

    #[test]
    fn cuts_that_leave_no_way_around_part_the_nodes() {
        assert_eq!(sides(&[]), None);
        assert_eq!(sides(&[(0, 1)]), None);
        assert_eq!(sides(&[(0, 1), (0, 2)]), None);
        assert_eq!(sides(&[(0, 1), (0, 2), (0, 3)]), Some(vec![0, 1, 1, 1]));
        let halves = [(0, 2), (0, 3), (1, 2), (1, 3)];
        assert_eq!(sides(&halves), Some(vec![0, 0, 2, 2]));
    }
}
