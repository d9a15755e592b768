//! The marks of the history, each drawn here alone, and a sample of each for the legend.

use sim::trace::Outcome;

use crate::shapes::{Ink, Picture, Point, Style, Symbol};

/// The box of a bar.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    pub left: f64,
    pub right: f64,
    pub middle: f64,
    pub half: f64,
}

impl Bounds {
    fn corners(self) -> [Point; 4] {
        let Bounds {
            left,
            right,
            middle,
            half,
        } = self;
        let corners = [(left, -half), (right, -half), (right, half), (left, half)];
        corners.map(|(x, down)| Point::new(x, middle + down))
    }
}

/// A bar. What has not ended has no right end; what was given up is dashed.
pub(super) fn bar(
    picture: &mut Picture,
    bounds: Bounds,
    outcome: Option<Outcome>,
    is_accused: bool,
) {
    if is_accused {
        picture.shows(Symbol::AccusedBar);
    }
    let line = Style::stroke(ink(is_accused), if is_accused { 2.5 } else { 1.2 });
    let corners = bounds.corners();
    let [top_left, top_right, bottom_right, bottom_left] = corners;
    let open = vec![top_right, top_left, bottom_left, bottom_right];
    match outcome {
        Some(Outcome::Fail) => {
            picture.shows(Symbol::FailedBar);
            picture.area(corners.to_vec(), line.faded(0.45));
        }
        Some(Outcome::Ok) => {
            picture.shows(Symbol::Bar);
            picture.area(corners.to_vec(), line.filled(Ink::Surface));
        }
        None => {
            picture.shows(Symbol::OpenBar);
            picture.area(corners.to_vec(), Style::fill(Ink::Surface));
            picture.line(open, line);
        }
        Some(Outcome::Unknown) => {
            picture.shows(Symbol::GivenUpBar);
            picture.area(corners.to_vec(), Style::fill(Ink::Surface));
            picture.line(open, line.dashed());
        }
    }
}

/// Around the bar of the operation that is told.
pub(super) fn told(picture: &mut Picture, bounds: Bounds) {
    let around = Bounds {
        left: bounds.left - 4.0,
        right: bounds.right + 4.0,
        half: bounds.half + 4.0,
        ..bounds
    };
    let style = Style::stroke(Ink::Accent, 3.0);
    picture.area(around.corners().to_vec(), style);
}

fn ink(is_accused: bool) -> Ink {
    if is_accused { Ink::Danger } else { Ink::Ink }
}

/// Until `now`, what was given up with this bar may still take effect.
pub(super) fn reach(picture: &mut Picture, bounds: Bounds, is_accused: bool, now: f64) {
    let end = Point::new(bounds.right, bounds.middle);
    if now > end.x {
        let style = Style::stroke(ink(is_accused), 1.0).dashed().faded(0.5);
        picture.segment(end, Point::new(now, end.y), style);
    }
}

/// The moment at which an operation took effect.
pub(super) fn effect(picture: &mut Picture, at: Point) {
    picture.shows(Symbol::Effect);
    picture.circle(at, 3.5, Style::fill(Ink::Accent));
}

/// The moment at which a violation became certain.
pub(super) fn violation(picture: &mut Picture, top: Point, bottom: Point) {
    picture.shows(Symbol::ViolationLine);
    picture.segment(top, bottom, Style::stroke(Ink::Danger, 1.5));
}

/// Draws a sample of a mark in the middle of a picture.
pub(in crate::views) fn sample(symbol: Symbol, picture: &mut Picture) {
    let (width, height) = (picture.width, picture.height);
    let middle = Point::new(width / 2.0, height / 2.0);
    if symbol == Symbol::ViolationLine {
        let [top, bottom] = [3.0, height - 3.0].map(|y| Point::new(middle.x, y));
        return violation(picture, top, bottom);
    }
    let bounds = Bounds {
        left: 6.0,
        right: width - 8.0,
        middle: middle.y,
        half: 6.0,
    };
    let outcome = match symbol {
        Symbol::OpenBar => None,
        Symbol::GivenUpBar => Some(Outcome::Unknown),
        Symbol::FailedBar => Some(Outcome::Fail),
        _ => Some(Outcome::Ok),
    };
    bar(picture, bounds, outcome, symbol == Symbol::AccusedBar);
    if symbol == Symbol::GivenUpBar {
        reach(picture, bounds, false, width);
    }
    if symbol == Symbol::Effect {
        effect(picture, middle);
    }
}
