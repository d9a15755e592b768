//! Partitions: which nodes the cuts have separated from which, and the line between them.
//!
//! Where a straight line can be drawn between two sides, the one that keeps the largest distance from all nodes is. Else
//! every place of the picture belongs to the nearest node, and so to that node's side: the line between the sides is what
//! this tiling (Voronoi, 1908) has between nodes of the one and nodes of the other, for every arrangement of nodes.
//!
//! `sides` finds the sides, this file draws them.

pub(super) mod sides;

use sim::NodeId;
use sim::sorted::Map;

use self::sides::{MOST_NODES, Parted, Regions};
use super::glyphs;
use super::moment::Moment;
use crate::shapes::{Align, Ink, Labels, Picture, Point, Style};

/// So many nodes of a side are named.
const MOST_NAMES: usize = 4;

/// Of so many nodes of a role and more it is told how many are where.
const FEWEST_COUNTED: usize = 3;

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

    /// The names of the nodes of a side; where those are many, *server: 2 of 3*: how much it has of the roles that several
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
            is_told.then(|| format!("{id}: {here} of {all}"))
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

#[cfg(test)]
mod tests {
    use super::*;

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
