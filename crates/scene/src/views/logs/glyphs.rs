//! The marks of the logs, each drawn here alone, and a sample of each for the legend.

use crate::shapes::{Align, Ink, Picture, Point, Style, Symbol};

/// The box of an entry, or of a snapshot.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    pub left: f64,
    pub right: f64,
    pub middle: f64,
    pub half: f64,
}

impl Bounds {
    fn at(self, across: f64, down: f64) -> Point {
        let x = self.left + (self.right - self.left) * across;
        Point::new(x, self.middle + self.half * down)
    }

    fn corners(self) -> Vec<Point> {
        let corners = [(0.0, -1.0), (1.0, -1.0), (1.0, 1.0), (0.0, 1.0)];
        corners.map(|(across, down)| self.at(across, down)).to_vec()
    }

    pub fn contains(self, place: Point) -> bool {
        let is_across = (self.left..=self.right).contains(&place.x);
        is_across && (place.y - self.middle).abs() <= self.half
    }
}

/// How an entry stands.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Standing {
    /// Whether the server has applied it.
    pub is_applied: bool,
    /// Whether it is in the server's memory alone.
    pub is_unsaved: bool,
    /// Whether a violated check names it.
    pub is_accused: bool,
    /// Whether it is selected.
    pub is_lit: bool,
    /// Whether it sets who the members are.
    pub sets_members: bool,
    /// Whether the server has crashed.
    pub is_down: bool,
}

/// An entry: its term as number and pattern, and what it holds, if there is room.
pub(super) fn entry(
    picture: &mut Picture,
    bounds: Bounds,
    term: i64,
    content: Option<&str>,
    standing: Standing,
    size: f64,
) {
    let alpha = if standing.is_down { 0.45 } else { 1.0 };
    let ink = Ink::Kind(term.rem_euclid(6) as u8);
    picture.area(bounds.corners(), Style::fill(Ink::Surface));
    if !standing.is_unsaved {
        picture.area(bounds.corners(), Style::fill(ink).faded(0.18 * alpha));
        let line = Style::stroke(ink, 1.0).faded(0.6 * alpha);
        for (from, to) in pattern(term) {
            picture.segment(bounds.at(from.0, from.1), bounds.at(to.0, to.1), line);
        }
    }
    let around = outline(picture, standing).faded(alpha);
    picture.area(bounds.corners(), around);
    let above = if content.is_some() { 0.36 } else { 0.0 };
    let at = bounds.at(0.5, -above);
    let number = term.to_string();
    picture.text(at, number, size, Align::Middle, Ink::Ink, alpha);
    if let Some(content) = content {
        if standing.sets_members {
            picture.shows(Symbol::MembersEntry);
        }
        let at = bounds.at(0.5, 0.52);
        let size = fitting(content, size * 0.72, bounds);
        picture.text(at, content, size, Align::Middle, Ink::Muted, alpha);
    }
}

/// The size of letters, `size` at most, in which a word is no wider than its box.
fn fitting(content: &str, size: f64, bounds: Bounds) -> f64 {
    const MARGIN: f64 = 2.0;
    let wide = 2.0 * Picture::half_width(content, size);
    size * ((bounds.right - bounds.left - MARGIN) / wide).min(1.0)
}

fn outline(picture: &mut Picture, standing: Standing) -> Style {
    let (ink, width) = if standing.is_accused {
        picture.shows(Symbol::AccusedEntry);
        (Ink::Danger, 2.5)
    } else if standing.is_lit {
        (Ink::Accent, 2.5)
    } else {
        (Ink::Ink, 1.2)
    };
    let line = Style::stroke(ink, width);
    if standing.is_unsaved {
        picture.shows(Symbol::UnsavedEntry);
        line.dashed().faded(0.6)
    } else if standing.is_applied {
        picture.shows(Symbol::AppliedEntry);
        line
    } else {
        picture.shows(Symbol::PendingEntry);
        line.dashed()
    }
}

/// A line across the box of an entry: from where to where, by the shares of its width and of half its height.
type Stroke = ((f64, f64), (f64, f64));

/// The lines of a term's pattern: terms that follow each other have different ones, without a colour.
fn pattern(term: i64) -> &'static [Stroke] {
    match term.rem_euclid(4) {
        1 => &[],
        2 => &[
            ((0.0, 0.0), (0.5, -1.0)),
            ((0.0, 1.0), (1.0, -1.0)),
            ((0.5, 1.0), (1.0, 0.0)),
        ],
        3 => &[((0.2, -1.0), (0.2, 1.0)), ((0.8, -1.0), (0.8, 1.0))],
        _ => &[
            ((0.0, 0.0), (0.5, 1.0)),
            ((0.0, -1.0), (1.0, 1.0)),
            ((0.5, -1.0), (1.0, 0.0)),
        ],
    }
}

/// What stands for the entries up to an index.
pub(super) fn snapshot(
    picture: &mut Picture,
    bounds: Bounds,
    words: &str,
    size: f64,
    is_down: bool,
) {
    picture.shows(Symbol::Snapshot);
    let alpha = if is_down { 0.45 } else { 1.0 };
    let line = Style::stroke(Ink::Muted, 1.2).filled(Ink::Line);
    picture.area(bounds.corners(), line.faded(alpha));
    let at = bounds.at(0.5, 0.0);
    picture.text(at, words, size, Align::Middle, Ink::Ink, alpha);
}

/// Draws a sample of a mark in the middle of a picture.
#[inline(never)]
pub(in crate::views) fn sample(symbol: Symbol, picture: &mut Picture) {
    let (width, height) = (picture.width, picture.height);
    let bounds = Bounds {
        left: width / 2.0 - 14.0,
        right: width / 2.0 + 14.0,
        middle: height / 2.0,
        half: 10.0,
    };
    if symbol == Symbol::Snapshot {
        return snapshot(picture, bounds, "…9", 11.0, false);
    }
    let standing = Standing {
        is_applied: symbol != Symbol::PendingEntry,
        is_unsaved: symbol == Symbol::UnsavedEntry,
        is_accused: symbol == Symbol::AccusedEntry,
        sets_members: symbol == Symbol::MembersEntry,
        ..Standing::default()
    };
    let content = standing.sets_members.then_some("{12}");
    entry(picture, bounds, 2, content, standing, 12.0);
}
