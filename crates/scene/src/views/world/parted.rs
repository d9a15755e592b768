//! Partitions: which nodes the cuts have separated from which, and the line between them.
//!
//! Where a straight line can be drawn between two sides, the one that keeps the largest distance from all nodes is. Else
//! every place of the picture belongs to the nearest node, and so to that node's side: the line between the sides is what
//! this tiling (Voronoi, 1908) has between nodes of the one and nodes of the other, for every arrangement of nodes.

use sim::NodeId;
use sim::sorted::Map;

use super::{Moment, glyphs};
use crate::shapes::{Align, Ink, Labels, Picture, Point, Style};

/// So many cut links are a partition, and not a cut.
const FEWEST_CUTS: usize = 2;

/// A straight line is looked for in so many directions.
const DIRECTIONS: u32 = 36;

/// So many nodes of a side are named.
const MOST_NAMES: usize = 4;

/// Of so many nodes of a role and more it is told how many are where.
const FEWEST_COUNTED: usize = 3;

/// With more nodes than this nobody sees sides.
const MOST_NODES: usize = 40;

/// Which side each node is on, and which side each place of the picture is on.
pub(super) struct Parted {
    /// The number of a side per node.
    sides: Vec<usize>,
    regions: Regions,
}

/// A place belongs to the side of the nearest of these centres.
#[derive(Default)]
struct Regions {
    centres: Vec<Point>,
    /// The number of a side per centre.
    sides: Vec<usize>,
}

impl Regions {
    /// Two halves if a straight line runs between the sides; else a region around each node.
    fn new(places: &[Point], sides: &[usize], radius: f64) -> Regions {
        let (sides, centres) = match mirrored(places, sides, radius) {
            Some(halves) => halves.into_iter().unzip(),
            None => (sides.to_vec(), places.to_vec()),
        };
        Regions { centres, sides }
    }

    fn side_of(&self, place: Point) -> Option<usize> {
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
    fn largest(&self) -> usize {
        let size = |side: usize| self.sides.iter().filter(|other| **other == side).count();
        let mut sides = self.sides.clone();
        sides.dedup();
        let larger = |best: usize, side: usize| if size(side) > size(best) { side } else { best };
        sides.into_iter().reduce(larger).unwrap_or(0)
    }

    fn members(&self, side: usize) -> impl Iterator<Item = NodeId> {
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

/// The part of the picture that is nearest to one node: its corners, each with the node on the far side of the edge that
/// begins there, if a node is.
type Cell = Vec<(Point, Option<usize>)>;

fn cell(places: &[Point], node: usize, picture: &Picture) -> Cell {
    let (width, height) = (picture.width, picture.height);
    let corners = [(0.0, 0.0), (width, 0.0), (width, height), (0.0, height)];
    let whole = corners.map(|(x, y)| (Point::new(x, y), None)).to_vec();
    let others = (0..places.len()).filter(|other| *other != node);
    others.fold(whole, |cell, other| nearer(&cell, places, node, other))
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

/// What of a cell is nearer to `node` than to `other` (Sutherland and Hodgman, 1974).
fn nearer(cell: &Cell, places: &[Point], node: usize, other: usize) -> Cell {
    let (near, far) = (places[node], places[other]);
    let middle = near.towards(far, 0.5);
    // Negative where it is nearer to the node.
    let beyond =
        |at: Point| (at.x - middle.x) * (far.x - near.x) + (at.y - middle.y) * (far.y - near.y);
    let mut kept = Vec::with_capacity(cell.len() + 1);
    for (place, (from, edge)) in cell.iter().enumerate() {
        let to = cell[(place + 1) % cell.len()].0;
        let (before, after) = (beyond(*from), beyond(to));
        if before <= 0.0 {
            kept.push((*from, *edge));
        }
        if (before <= 0.0) != (after <= 0.0) {
            let crossing = from.towards(to, before / (before - after));
            let edge = if before <= 0.0 { Some(other) } else { *edge };
            kept.push((crossing, edge));
        }
    }
    kept
}

impl Moment<'_> {
    /// The sides that cuts have made, where those can be seen.
    pub(super) fn find_parted(&self) -> Option<Parted> {
        let network = self.kernel.network();
        let is_severed = |a, b| network.cut(a, b).is_some() && network.cut(b, a).is_some();
        let nodes = self.layout.places.len();
        let is_seen = self.look.is_from_outside() && nodes <= MOST_NODES;
        let parted = is_seen.then(|| Parted::new(nodes, &self.link_ends(), is_severed));
        let mut parted = parted.flatten()?;
        parted.regions = Regions::new(&self.layout.places, &parted.sides, self.layout.radius);
        Some(parted)
    }

    /// The sides as regions, all but the largest shaded, and the line between them.
    pub(super) fn regions(&self, picture: &mut Picture) {
        let Some(parted) = &self.parted else { return };
        let Regions { centres, sides } = &parted.regions;
        let cells: Vec<Cell> = (0..centres.len())
            .map(|node| cell(centres, node, picture))
            .collect();
        shade(&cells, sides, parted.largest(), picture);
        for (node, cell) in cells.iter().enumerate() {
            for (place, (from, other)) in cell.iter().enumerate() {
                let to = cell[(place + 1) % cell.len()].0;
                // Each piece of the line lies between two cells.
                let is_border =
                    other.is_some_and(|other| other > node && sides[other] != sides[node]);
                if is_border {
                    glyphs::parting(picture, *from, to, self.unit);
                }
            }
        }
    }

    /// A caption for each side: how many of the servers it has.
    pub(super) fn side_captions(&self, labels: &mut Labels, picture: &mut Picture) {
        let Some(parted) = &self.parted else { return };
        let mut sides = parted.sides.clone();
        sim::sorting::sort(&mut sides);
        sides.dedup();
        let size = self.size * 0.92;
        for side in sides {
            let words = self.side_words(parted, side);
            let spots = self.side_spots(parted, side, picture);
            let free = spots
                .into_iter()
                .find(|spot| labels.take(*spot, &words, size, picture));
            if let Some(at) = free {
                picture.text(at, words, size, Align::Middle, Ink::Ink, 1.0);
            }
        }
    }

    /// Places for a caption in the region of a side, the best first: above and below all, near its nodes.
    fn side_spots(&self, parted: &Parted, side: usize, picture: &Picture) -> Vec<Point> {
        let places = &self.layout.places;
        let members: Vec<Point> = parted
            .members(side)
            .map(|node| places[node.index()])
            .collect();
        let count = members.len().max(1) as f64;
        let middle = members.iter().map(|at| at.x).sum::<f64>() / count;
        let margin = self.size * 0.8;
        let columns: Vec<f64> = std::iter::once(middle)
            .chain(members.iter().map(|at| at.x))
            .collect();
        let edges = [margin, picture.height - margin];
        let at_edges = edges
            .into_iter()
            .flat_map(|y| columns.iter().map(move |x| Point::new(*x, y)));
        let beside = members.iter().flat_map(|at| {
            let down = self.layout.radius + self.size * 3.2;
            [-down, down].map(|shift| Point::new(at.x, at.y + shift))
        });
        let is_own = |spot: &Point| parted.regions.side_of(*spot) == Some(side);
        at_edges.chain(beside).filter(is_own).collect()
    }

    /// The names of the nodes of a side; where those are many, *2 of 3 servers*: how much it has of the roles that several
    /// nodes share, so that one sees who has a majority.
    fn side_words(&self, parted: &Parted, side: usize) -> String {
        let scenario = self.run.scenario();
        let size = |side: &usize| parted.members(*side).count();
        if parted.sides.iter().map(size).max() <= Some(MOST_NAMES) {
            return self.side_names(parted, side);
        }
        let role = |node: NodeId| scenario.role(node).id;
        let mut roles: Vec<&str> = self.all_nodes().map(role).collect();
        sim::sorting::sort(&mut roles);
        roles.dedup();
        let share = |id: &str| {
            let all = self.all_nodes().filter(|node| role(*node) == id).count();
            let here = parted.members(side).filter(|node| role(*node) == id);
            let here = here.count();
            let is_told = all >= FEWEST_COUNTED && here > 0;
            is_told.then(|| format!("{here} of {all} {}", plural(id)))
        };
        let shares: Vec<String> = roles.into_iter().filter_map(share).collect();
        if shares.is_empty() {
            self.side_names(parted, side)
        } else {
            shares.join(", ")
        }
    }

    /// The names of the nodes of a side; of many, the first.
    fn side_names(&self, parted: &Parted, side: usize) -> String {
        let name = |node| self.run.scenario().name(node);
        let names: Vec<String> = parted.members(side).map(name).collect();
        let (shown, more) = (
            names.len().min(MOST_NAMES),
            names.len().saturating_sub(MOST_NAMES),
        );
        let shown = names[..shown].join(", ");
        if more == 0 {
            format!("together: {shown}")
        } else {
            format!("together: {shown} and {more} more")
        }
    }
}

/// Shades the cells of every side but one.
fn shade(cells: &[Cell], sides: &[usize], but: usize, picture: &mut Picture) {
    let mut shaded: Map<usize, Vec<&Cell>> = Map::new();
    for (cell, side) in cells.iter().zip(sides) {
        if *side != but && cell.len() > 2 {
            shaded.entry(*side).or_default().push(cell);
        }
    }
    for cells in shaded.values() {
        picture.area(together(cells), Style::fill(Ink::Line).faded(0.35));
    }
}

/// Several cells as one area: a path that walks around each, and goes from one to the next and back on the same way, so
/// that no seam shows between them.
fn together(cells: &[&Cell]) -> Vec<Point> {
    let mut points = Vec::new();
    for cell in cells {
        points.extend(cell.iter().map(|(at, _)| *at));
        points.push(cell[0].0);
    }
    points.extend(cells.iter().rev().map(|cell| cell[0].0));
    points
}

/// The plural of a role.
fn plural(role: &str) -> String {
    match role.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None => format!("{role}s"),
    }
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

    #[test]
    fn every_place_belongs_to_the_nearest_node() {
        let picture = Picture::new(100.0, 60.0);
        let places = [
            Point::new(20.0, 30.0),
            Point::new(80.0, 30.0),
            Point::new(50.0, 10.0),
        ];
        let area = |cell: &Cell| {
            let corner = |place: usize| cell[place % cell.len()].0;
            let twice = (0..cell.len()).map(|place| {
                let (a, b) = (corner(place), corner(place + 1));
                a.x * b.y - b.x * a.y
            });
            twice.sum::<f64>() / 2.0
        };
        let cells = [0, 1, 2].map(|node| cell(&places, node, &picture));
        let areas: f64 = cells.iter().map(area).sum();
        assert!((areas - 6000.0).abs() < 1e-6, "{areas}");
        for (node, cell) in cells.iter().enumerate() {
            for (corner, _) in cell {
                let own = corner.distance(places[node]);
                assert!(
                    places
                        .iter()
                        .all(|place| own <= place.distance(*corner) + 1e-9)
                );
            }
        }
    }
}
