//! The marks of the diagram, each drawn here alone, and a sample of each for the legend.

use sim::protocol::MessageSort;

use crate::shapes::{Ink, Picture, Point, Style, Symbol};

/// How far a cross reaches from its centre.
const CROSS: f64 = 4.0;

/// How an arrow ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tip {
    /// It goes on.
    Open,
    /// Its message has arrived.
    Head,
    /// Its message was lost.
    Cross,
}

/// How an arrow is drawn.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shaft {
    pub sort: MessageSort,
    /// Whether the network made the message.
    pub is_copy: bool,
    pub tip: Tip,
    pub width: f64,
    pub alpha: f64,
}

impl Shaft {
    fn ink(self) -> Ink {
        Ink::Kind(self.sort as u8)
    }
}

/// The way of a message; dashed for a copy.
pub(super) fn arrow(picture: &mut Picture, start: Point, end: Point, shaft: Shaft) {
    picture.shows(Symbol::Arrow(shaft.sort));
    let line = Style::stroke(shaft.ink(), shaft.width).faded(shaft.alpha);
    let line = if shaft.is_copy {
        picture.shows(Symbol::ArrowCopy);
        line.dashed()
    } else {
        line
    };
    picture.segment(start, end, line);
    match shaft.tip {
        Tip::Open => {}
        Tip::Head => {
            let style = Style::fill(shaft.ink()).faded(shaft.alpha);
            head(start, end, style, picture);
        }
        Tip::Cross => {
            picture.shows(Symbol::ArrowLost);
            let style = Style::stroke(Ink::Ink, 1.6).faded(shaft.alpha);
            picture.cross(end, CROSS, style);
        }
    }
}

fn head(start: Point, end: Point, style: Style, picture: &mut Picture) {
    let back = start.direction(end);
    let side = back.right();
    let foot = end.moved(back, -8.0);
    let corners = vec![end, foot.moved(side, 3.2), foot.moved(side, -3.2)];
    picture.area(corners, style);
}

/// A bar along a row for as long as a message waits in the inbox.
pub(super) fn inbox(picture: &mut Picture, start: Point, end: Point, shaft: Shaft) {
    picture.shows(Symbol::Inbox);
    let style = Style::stroke(shaft.ink(), 4.0).faded(0.45 * shaft.alpha);
    picture.segment(start, end, style);
}

/// The row of a node that runs.
pub(super) fn row(picture: &mut Picture, start: Point, end: Point) {
    picture.segment(start, end, Style::stroke(Ink::Ink, 1.2));
}

/// The row of a node that is paused.
pub(super) fn paused_row(picture: &mut Picture, start: Point, end: Point) {
    picture.shows(Symbol::PausedRow);
    picture.segment(start, end, Style::stroke(Ink::Muted, 2.5).dashed());
}

/// A node stops waiting.
pub(super) fn timeout(picture: &mut Picture, at: Point) {
    picture.shows(Symbol::Timeout);
    picture.circle(at, 4.5, Style::stroke(Ink::Ink, 1.3).filled(Ink::Ground));
}

/// A node crashes.
pub(super) fn crash(picture: &mut Picture, at: Point) {
    picture.shows(Symbol::Crash);
    picture.cross(at, CROSS, Style::stroke(Ink::Ink, 2.2));
}

/// A node does something.
pub(super) fn deed(picture: &mut Picture, at: Point) {
    picture.shows(Symbol::Deed);
    picture.circle(at, 3.2, Style::fill(Ink::Ink));
}

/// The event in which a violation became certain.
pub(super) fn violation(picture: &mut Picture, at: Point) {
    picture.shows(Symbol::Violation);
    picture.circle(at, 8.0, Style::stroke(Ink::Danger, 2.5));
}

/// An event that is lit.
pub(super) fn lit(picture: &mut Picture, at: Point) {
    picture.shows(Symbol::Lit);
    picture.circle(at, 5.5, Style::stroke(Ink::Accent, 2.0));
}

/// The event that is told.
pub(super) fn told(picture: &mut Picture, at: Point) {
    picture.shows(Symbol::Lit);
    picture.circle(at, 10.0, Style::fill(Ink::Accent).faded(0.22));
    picture.circle(at, 10.0, Style::stroke(Ink::Accent, 3.0));
}

/// Draws a sample of a mark in the middle of a picture.
pub(in crate::views) fn sample(symbol: Symbol, picture: &mut Picture) {
    let (width, height) = (picture.width, picture.height);
    let middle = Point::new(width / 2.0, height / 2.0);
    let [left, right] = [4.0, width - 4.0].map(|x| Point::new(x, middle.y));
    let shaft = Shaft {
        sort: match symbol {
            Symbol::Arrow(sort) => sort,
            _ => MessageSort::Request,
        },
        is_copy: symbol == Symbol::ArrowCopy,
        tip: match symbol {
            Symbol::ArrowLost => Tip::Cross,
            _ => Tip::Head,
        },
        width: 1.3,
        alpha: 1.0,
    };
    match symbol {
        Symbol::Arrow(_) | Symbol::ArrowCopy | Symbol::ArrowLost => {
            let [from, to] = [(left.x, 6.0), (right.x, height - 6.0)];
            return arrow(
                picture,
                Point::new(from.0, from.1),
                Point::new(to.0, to.1),
                shaft,
            );
        }
        Symbol::PausedRow => return paused_row(picture, left, right),
        Symbol::Crash => row(picture, left, middle),
        _ => row(picture, left, right),
    }
    match symbol {
        Symbol::Inbox => inbox(picture, middle, right, shaft),
        Symbol::Crash => crash(picture, middle),
        Symbol::Timeout => timeout(picture, middle),
        Symbol::Violation => violation(picture, middle),
        Symbol::Lit => lit(picture, middle),
        _ => deed(picture, middle),
    }
}
