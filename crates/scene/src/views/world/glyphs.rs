//! The marks of the picture, each drawn here alone, and each telling the picture which symbol it is: so that the legend,
//! which draws its samples with the same functions, shows what is on stage and nothing else.
//!
//! `unit` is what lines and marks are measured by.

use sim::Status;
use sim::network::CutMode;
use sim::protocol::MessageSort;

use crate::shapes::{Align, Ink, Picture, Point, Style, Symbol};

/// Half of the gap in a link that is cut both ways, in units.
pub(super) const GAP: f64 = 12.0;

/// How a message is drawn.
pub(super) struct Mark {
    /// Its centre.
    pub at: Point,
    /// The direction in which it travels.
    pub forward: Point,
    /// What sort of message it is, which gives the mark its shape.
    pub sort: MessageSort,
    /// Whether the network made it.
    pub is_copy: bool,
    /// Whether a violated check accuses it.
    pub is_accused: bool,
    /// How opaque it is, from 0 to 1.
    pub alpha: f64,
}

/// The outline of a node; hatched as a pane in winter if it is paused, dashed if it has crashed.
pub(super) fn node(picture: &mut Picture, at: Point, radius: f64, unit: f64, status: Status) {
    let width = 1.5 * unit.max(0.8);
    match status {
        Status::Running => {
            let style = Style::stroke(Ink::Ink, width).filled(Ink::Surface);
            picture.circle(at, radius, style);
        }
        Status::Paused => {
            let style = Style::stroke(Ink::Muted, width).filled(Ink::Ground);
            picture.circle(at, radius, style);
            frost(picture, at, radius, unit);
            picture.shows(Symbol::Paused);
        }
        Status::Crashed => {
            let style = Style::stroke(Ink::Muted, width).filled(Ink::Ground);
            picture.circle(at, radius, style.dashed());
            picture.shows(Symbol::Crashed);
        }
    }
}

/// Slanted hatching.
fn frost(picture: &mut Picture, centre: Point, radius: f64, unit: f64) {
    const SLANT: f64 = std::f64::consts::FRAC_1_SQRT_2;
    for step in -3..=3 {
        let shift = f64::from(step) * radius / 4.0;
        let reach = libm::sqrt((radius * radius - shift * shift).max(0.0)) * 0.96;
        let middle = centre.moved(Point::new(SLANT, SLANT), shift);
        let along = Point::new(SLANT, -SLANT);
        let (from, to) = (middle.moved(along, -reach), middle.moved(along, reach));
        picture.segment(from, to, Style::stroke(Ink::Line, 2.0 * unit).faded(0.6));
    }
}

/// A node that cannot be seen.
pub(super) fn unseen(picture: &mut Picture, at: Point, radius: f64) {
    picture.circle(at, radius, Style::stroke(Ink::Muted, 1.2).dashed());
    picture.shows(Symbol::Unseen);
}

/// Fog over all of a picture, thinner towards the node of this radius that looks out of it.
pub(super) fn fog(picture: &mut Picture, at: Point, radius: f64) {
    let (width, height) = (picture.width, picture.height);
    let corners = [(0.0, 0.0), (width, 0.0), (width, height), (0.0, height)];
    let corners = corners.map(|(x, y)| Point::new(x, y));
    picture.area(corners.to_vec(), Style::fill(Ink::Line).faded(0.3));
    for (reach, alpha) in [(3.4, 0.35), (2.9, 0.5), (2.4, 1.0)] {
        picture.circle(at, reach * radius, Style::fill(Ink::Ground).faded(alpha));
    }
}

/// The ring in a node that believes it leads.
pub(super) fn leader(picture: &mut Picture, at: Point, radius: f64, unit: f64, ink: Ink) {
    picture.circle(at, radius - 4.0 * unit, Style::stroke(ink, 2.5 * unit));
    picture.shows(Symbol::Leader);
}

/// The ring in a node with writes that are not durable.
pub(super) fn unsaved(picture: &mut Picture, at: Point, radius: f64, unit: f64) {
    let ring = Style::stroke(Ink::Muted, 1.2 * unit.max(0.8)).dashed();
    picture.circle(at, radius - 8.0 * unit, ring);
    picture.shows(Symbol::Unsaved);
}

/// The arc on the outline of a node that waits: the share of its patience that is gone, clockwise from the top.
pub(super) fn patience(picture: &mut Picture, at: Point, radius: f64, unit: f64, gone: f64) {
    let steps = (gone * 48.0) as u32 + 1;
    let corner = |step: u32| {
        let turn = 2.0 * std::f64::consts::PI * gone * f64::from(step) / f64::from(steps);
        Point::new(
            at.x + radius * libm::sin(turn),
            at.y - radius * libm::cos(turn),
        )
    };
    let style = Style::stroke(Ink::Ink, 3.5 * unit.max(0.8));
    picture.line((0..=steps).map(corner).collect(), style);
    picture.shows(Symbol::Patience);
}

/// The halo around what the story tells of, or what is selected.
pub(super) fn halo(picture: &mut Picture, at: Point, radius: f64) {
    picture.circle(at, radius, Style::fill(Ink::Accent).faded(0.22));
    picture.shows(Symbol::Halo);
}

/// The ring around the node at which the event happens that is told.
pub(super) fn told(picture: &mut Picture, at: Point, radius: f64, unit: f64) {
    halo(picture, at, radius * 1.45);
    picture.circle(
        at,
        radius * 1.45,
        Style::stroke(Ink::Accent, 3.0 * unit.max(0.8)),
    );
}

/// The way of the message that is told.
pub(super) fn told_way(picture: &mut Picture, start: Point, end: Point, unit: f64) {
    picture.segment(start, end, Style::stroke(Ink::Accent, 2.5 * unit.max(0.8)));
}

/// The ring around a node that a violated check accuses.
pub(super) fn accused(picture: &mut Picture, at: Point, radius: f64, unit: f64) {
    let ring = Style::stroke(Ink::Danger, 3.0 * unit);
    picture.circle(at, radius + 4.0 * unit, ring);
    picture.shows(Symbol::Accused);
}

/// A message: its shape says its sort.
pub(super) fn message(picture: &mut Picture, mark: &Mark, radius: f64, unit: f64) {
    let ink = if mark.is_accused {
        picture.shows(Symbol::Accused);
        Ink::Danger
    } else {
        Ink::Kind(mark.sort as u8)
    };
    picture.shows(Symbol::Message(mark.sort));
    let style = if mark.is_copy {
        picture.shows(Symbol::Copy);
        Style::stroke(ink, 2.0 * unit.max(1.0)).filled(Ink::Ground)
    } else {
        Style::stroke(Ink::Ground, 1.0).filled(ink)
    };
    let style = style.faded(mark.alpha);
    let (at, forward) = (mark.at, mark.forward);
    let (corners, reach, first) = match mark.sort {
        MessageSort::Request => return picture.circle(at, radius, style),
        MessageSort::Heartbeat => return picture.circle(at, radius * 0.6, style),
        MessageSort::Reply => (4, 1.25, forward),
        MessageSort::Refusal => (6, 1.2, forward),
        MessageSort::Replication => (4, 1.3, turned(forward)),
        MessageSort::Acknowledgement => (3, 1.25, forward),
    };
    picture.area(polygon(at, radius * reach, corners, first), style);
}

/// What ties a message to the node that has just sent it, or just got it: `symbol` says which.
pub(super) fn stem(picture: &mut Picture, rim: Point, mark: &Mark, unit: f64, symbol: Symbol) {
    let style = Style::stroke(Ink::Muted, 2.0 * unit.max(0.8));
    picture.segment(rim, mark.at, style.faded(mark.alpha));
    picture.shows(symbol);
}

/// A jag through a message whose bits have flipped.
pub(super) fn flaw(picture: &mut Picture, mark: &Mark, radius: f64, unit: f64) {
    let reach = 1.5 * radius;
    let corner = |x: f64, y: f64| Point::new(mark.at.x + x * reach, mark.at.y + y * unit);
    let jag = [(-1.0, 0.0), (-0.3, -4.0), (0.3, 4.0), (1.0, 0.0)];
    let points = jag.map(|(x, y)| corner(x, y)).to_vec();
    picture.line(
        points,
        Style::stroke(Ink::Ink, 1.6 * unit).faded(mark.alpha),
    );
    picture.shows(Symbol::Damaged);
}

/// A cross where a message died.
pub(super) fn grave(picture: &mut Picture, at: Point, unit: f64, alpha: f64) {
    let style = Style::stroke(Ink::Ink, 2.0 * unit).faded(alpha);
    picture.cross(at, 5.5 * unit, style);
    picture.shows(Symbol::Lost);
}

/// A bar just beyond where messages die or are held, two bars where they are held: across the link if it is severed, else
/// across the lane that is cut. `foot` is the middle of the link, `forward` the direction that is cut.
pub(super) fn cut(
    picture: &mut Picture,
    foot: Point,
    forward: Point,
    unit: f64,
    mode: CutMode,
    is_severed: bool,
) {
    picture.shows(if is_severed {
        Symbol::Cut
    } else {
        Symbol::OneWayCut
    });
    let bars: &[f64] = match mode {
        CutMode::Hold => {
            picture.shows(Symbol::HoldingCut);
            &[GAP, GAP + 5.0]
        }
        CutMode::Drop => &[GAP],
    };
    let side = forward.right();
    for shift in bars {
        let foot = foot.moved(forward, shift * unit);
        let (left, right) = if is_severed { (-8.0, 8.0) } else { (0.0, 16.0) };
        let [from, to] = [left, right].map(|reach| foot.moved(side, reach * unit));
        picture.segment(from, to, Style::stroke(Ink::Ink, 2.5 * unit));
    }
}

/// A piece of the line between nodes that cannot reach each other.
pub(super) fn parting(picture: &mut Picture, from: Point, to: Point, unit: f64) {
    picture.segment(from, to, Style::stroke(Ink::Ink, 2.5 * unit));
    picture.shows(Symbol::Partition);
}

/// The two ways of a round trip, as bars of these lengths one after the other, with a tick at half of both.
pub(super) fn round_trip(picture: &mut Picture, left: Point, ways: [f64; 2], height: f64) {
    let [there, back] = ways;
    let bar = |from: f64, to: f64| {
        let corners = [(from, -0.5), (to, -0.5), (to, 0.5), (from, 0.5)];
        corners
            .map(|(along, down)| Point::new(left.x + along, left.y + down * height))
            .to_vec()
    };
    let there_ink = Ink::Kind(MessageSort::Request as u8);
    let back_ink = Ink::Kind(MessageSort::Reply as u8);
    picture.area(bar(0.0, there), Style::fill(there_ink));
    picture.area(bar(there, there + back), Style::fill(back_ink));
    let half = left.x + (there + back) / 2.0;
    let [top, bottom] = [-0.9, 0.9].map(|down| Point::new(half, left.y + down * height));
    picture.segment(top, bottom, Style::stroke(Ink::Ink, 2.0));
    picture.shows(Symbol::RoundTrip);
}

/// A belief that is out of date.
pub(super) fn wrong_belief(picture: &mut Picture, at: Point, words: String, size: f64) {
    picture.text(at, words, size, Align::Middle, Ink::Danger, 1.0);
    picture.shows(Symbol::WrongBelief);
}

/// A regular polygon with a corner in this direction.
fn polygon(centre: Point, radius: f64, corners: u32, direction: Point) -> Vec<Point> {
    let first = libm::atan2(direction.y, direction.x);
    let corner = |place: u32| {
        let turn = first + 2.0 * std::f64::consts::PI * f64::from(place) / f64::from(corners);
        centre.moved(Point::new(libm::cos(turn), libm::sin(turn)), radius)
    };
    (0..corners).map(corner).collect()
}

/// A direction turned by an eighth.
fn turned(direction: Point) -> Point {
    let half = std::f64::consts::FRAC_1_SQRT_2;
    let (x, y) = (direction.x, direction.y);
    Point::new((x - y) * half, (x + y) * half)
}
