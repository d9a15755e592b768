//! A sample of each mark that the world has, drawn with the functions that draw the world.

use sim::network::CutMode;
use sim::protocol::MessageSort;
use sim::{SimDuration, Status};

use super::clocks::Dial;
use super::glyphs::{self, Mark};
use super::waiting::Stack;
use crate::shapes::{Ink, Picture, Point, Style, Symbol};

/// The radius of a message and of a node in a sample.
const MARK: f64 = 6.0;
const NODE: f64 = 11.0;

/// Draws a sample of a mark in the middle of a picture.
pub(in crate::views) fn sample(symbol: Symbol, picture: &mut Picture) {
    let height = picture.height;
    let middle = Point::new(picture.width / 2.0, height / 2.0);
    match symbol {
        Symbol::Message(_) | Symbol::Copy | Symbol::Damaged | Symbol::Lost => {
            of_message(symbol, middle, picture);
        }
        Symbol::Sent | Symbol::Got => of_own(symbol, middle, picture),
        Symbol::Cut | Symbol::OneWayCut | Symbol::HoldingCut => {
            of_cut(symbol, middle, picture);
        }
        Symbol::Partition => {
            let ends = [1.0, height - 1.0].map(|y| Point::new(middle.x, y));
            glyphs::parting(picture, ends[0], ends[1], 1.0);
        }
        Symbol::Waiting | Symbol::Room => {
            let room = (symbol == Symbol::Room).then_some(4);
            let corner = Point::new(middle.x - 8.0, height - 4.0);
            Stack::new(3, room, SimDuration::ZERO).sample(corner, picture);
        }
        Symbol::WallClock | Symbol::TrueTime | Symbol::MonotonicClock => {
            of_clock(symbol, middle, picture);
        }
        Symbol::RoundTrip => {
            let left = Point::new(3.0, middle.y);
            glyphs::round_trip(picture, left, [8.0, 30.0], 6.0);
        }
        Symbol::WrongBelief => {
            glyphs::wrong_belief(picture, middle, "I lead".to_owned(), 12.0);
        }
        _ => of_node(symbol, middle, picture),
    }
}

fn of_message(symbol: Symbol, at: Point, picture: &mut Picture) {
    let mark = Mark {
        at,
        forward: Point::new(1.0, 0.0),
        sort: match symbol {
            Symbol::Message(sort) => sort,
            _ => MessageSort::Request,
        },
        is_copy: symbol == Symbol::Copy,
        is_accused: false,
        alpha: 1.0,
    };
    if symbol == Symbol::Lost {
        return glyphs::grave(picture, at, 1.0, 1.0);
    }
    glyphs::message(picture, &mark, MARK, 1.0);
    if symbol == Symbol::Damaged {
        glyphs::flaw(picture, &mark, MARK, 1.0);
    }
}

/// A message on its stem, at the left of what it was sent to or got from.
fn of_own(symbol: Symbol, middle: Point, picture: &mut Picture) {
    let mark = Mark {
        at: middle,
        forward: Point::new(1.0, 0.0),
        sort: MessageSort::Request,
        is_copy: false,
        is_accused: false,
        alpha: 1.0,
    };
    let rim = match symbol {
        Symbol::Sent => 2.0,
        _ => picture.width - 2.0,
    };
    glyphs::stem(picture, Point::new(rim, middle.y), &mark, 1.0, symbol);
    glyphs::message(picture, &mark, MARK, 1.0);
}

fn of_cut(symbol: Symbol, middle: Point, picture: &mut Picture) {
    let forward = Point::new(1.0, 0.0);
    let foot = middle.moved(forward, -glyphs::GAP);
    let ends = [2.0, picture.width - 2.0].map(|x| Point::new(x, middle.y));
    picture.segment(ends[0], ends[1], Style::stroke(Ink::Line, 1.0));
    let mode = match symbol {
        Symbol::HoldingCut => CutMode::Hold,
        _ => CutMode::Drop,
    };
    let is_severed = symbol != Symbol::OneWayCut;
    glyphs::cut(picture, foot, forward, 1.0, mode, is_severed);
}

fn of_clock(symbol: Symbol, centre: Point, picture: &mut Picture) {
    let dial = Dial {
        centre,
        radius: NODE,
        round: 12,
    };
    match symbol {
        Symbol::MonotonicClock => dial.slice(4, picture),
        Symbol::TrueTime => dial.hand(2, Some(1), picture),
        _ => dial.hand(2, None, picture),
    }
}

fn of_node(symbol: Symbol, at: Point, picture: &mut Picture) {
    let status = match symbol {
        Symbol::Paused => Status::Paused,
        Symbol::Crashed => Status::Crashed,
        _ => Status::Running,
    };
    if symbol == Symbol::Unseen {
        return glyphs::unseen(picture, at, NODE);
    }
    if symbol == Symbol::Halo {
        glyphs::halo(picture, at, NODE + 2.0);
    }
    let radius = if symbol == Symbol::Halo {
        NODE - 4.0
    } else {
        NODE
    };
    glyphs::node(picture, at, radius, 0.7, status);
    match symbol {
        Symbol::Leader => glyphs::leader(picture, at, NODE, 0.7, Ink::Accent),
        Symbol::Unsaved => glyphs::unsaved(picture, at, NODE, 0.6),
        Symbol::Patience => glyphs::patience(picture, at, NODE, 0.7, 0.6),
        Symbol::Accused => glyphs::accused(picture, at, NODE - 4.0, 0.7),
        _ => {}
    }
}
