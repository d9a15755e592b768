//! The legend: of each symbol that a picture shows, a sample and what it means. The samples are drawn with the functions
//! that draw the picture.

use scenario::Run;
use sim::network::CutMode;
use sim::protocol::MessageSort;
use sim::{SimDuration, Status};

use super::clocks::Dial;
use super::glyphs::{self, Mark};
use super::waiting::Stack;
use crate::shapes::{Ink, Picture, Point, Style, Symbol, Symbols};

/// How wide and how high a sample is, in CSS pixels.
const SAMPLE: (f64, f64) = (44.0, 28.0);

/// The radius of a message and of a node in a sample.
const MARK: f64 = 6.0;
const NODE: f64 = 11.0;

/// So many kinds of messages are named as examples.
const MOST_EXAMPLES: usize = 3;

/// A line of a legend.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// How it looks.
    pub sample: Picture,
    /// What it means.
    pub words: String,
}

/// The lines for these symbols, in the order of a legend.
pub fn entries(run: &Run, symbols: Symbols) -> Vec<Entry> {
    let entry = |symbol: Symbol| Entry {
        sample: sample(symbol),
        words: words(run, symbol),
    };
    symbols.iter().map(entry).collect()
}

fn words(run: &Run, symbol: Symbol) -> String {
    let words = match symbol {
        Symbol::Message(sort) => return of_sort(run, sort),
        Symbol::Copy => "Hollow: a copy that the network made",
        Symbol::Damaged => "Bits of the message have flipped",
        Symbol::Lost => "A message was lost here",
        Symbol::Paused => "Hatched: the node is paused, and does not notice",
        Symbol::Crashed => "Dashed: the node has crashed, and its memory is gone",
        Symbol::Unseen => "This node cannot be seen in the chosen perspective",
        Symbol::Leader => "The node believes it leads",
        Symbol::Unsaved => "The node has written what its disk has not saved yet",
        Symbol::Waiting => {
            "Messages that wait, one per cell; then how many, and how long they take"
        }
        Symbol::Room => "A closed frame: no more than this may wait",
        Symbol::WallClock => "What the wall clock shows",
        Symbol::TrueTime => "The true time; the sector is the clock's error",
        Symbol::MonotonicClock => "What the monotonic clock has counted",
        Symbol::Cut => "A link that is cut both ways",
        Symbol::OneWayCut => "A link that is cut one way",
        Symbol::HoldingCut => "Two bars: messages wait here until the cut heals",
        Symbol::Partition => "The network is split: nothing crosses this line",
        Symbol::Accused => "Red: what a violated check names",
        Symbol::WrongBelief => "Red words: a belief that is out of date",
    };
    words.to_owned()
}

/// What a sort of messages is, with what the protocol calls those that are of it.
fn of_sort(run: &Run, sort: MessageSort) -> String {
    let what = match sort {
        MessageSort::Request => "Request",
        MessageSort::Reply => "Reply",
        MessageSort::Refusal => "Refusal",
        MessageSort::Replication => "Copy of data",
        MessageSort::Acknowledgement => "Acknowledgement",
        MessageSort::Heartbeat => "Sign of life",
    };
    let messages = run.timeline().machine().vocabulary().messages;
    let of_sort = messages.iter().filter(|word| word.sort == sort);
    let names = of_sort.map(|word| word.name.replace('-', " "));
    let names: Vec<String> = names.take(MOST_EXAMPLES).collect();
    if names.is_empty() {
        what.to_owned()
    } else {
        format!("{what}: {}", names.join(", "))
    }
}

fn sample(symbol: Symbol) -> Picture {
    let (width, height) = SAMPLE;
    let mut picture = Picture::new(width, height);
    let middle = Point::new(width / 2.0, height / 2.0);
    match symbol {
        Symbol::Message(_) | Symbol::Copy | Symbol::Damaged | Symbol::Lost => {
            of_message(symbol, middle, &mut picture);
        }
        Symbol::Cut | Symbol::OneWayCut | Symbol::HoldingCut => {
            of_cut(symbol, middle, &mut picture);
        }
        Symbol::Partition => {
            let ends = [1.0, height - 1.0].map(|y| Point::new(middle.x, y));
            glyphs::parting(&mut picture, ends[0], ends[1], 1.0);
        }
        Symbol::Waiting | Symbol::Room => {
            let room = (symbol == Symbol::Room).then_some(4);
            let corner = Point::new(middle.x - 8.0, height - 4.0);
            Stack::new(3, room, SimDuration::ZERO).sample(corner, &mut picture);
        }
        Symbol::WallClock | Symbol::TrueTime | Symbol::MonotonicClock => {
            of_clock(symbol, middle, &mut picture);
        }
        Symbol::WrongBelief => {
            glyphs::wrong_belief(&mut picture, middle, "I lead".to_owned(), 12.0);
        }
        _ => of_node(symbol, middle, &mut picture),
    }
    picture
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
        return glyphs::fog(picture, at, NODE);
    }
    glyphs::node(picture, at, NODE, 0.7, status);
    match symbol {
        Symbol::Leader => glyphs::leader(picture, at, NODE, 0.7, Ink::Accent),
        Symbol::Unsaved => glyphs::unsaved(picture, at, NODE, 0.6),
        Symbol::Accused => glyphs::accused(picture, at, NODE - 4.0, 0.7),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use scenario::view::View;

    use super::*;
    use crate::look::Look;

    #[test]
    fn each_sample_shows_what_it_is_a_sample_of() {
        for symbol in Symbol::ALL {
            assert!(sample(symbol).symbols.contains(symbol), "{symbol:?}");
        }
    }

    /// The legend of a moment.
    fn legend(link: &str) -> Vec<String> {
        let (run, problems) = Run::open(link);
        assert_eq!(problems, []);
        let picture = crate::draw(View::World, &run, Look::default(), 750.0, 480.0);
        let entries = entries(&run, picture.symbols).into_iter();
        entries.map(|entry| entry.words).collect()
    }

    #[test]
    fn a_legend_tells_what_is_on_stage_and_nothing_else() {
        assert_eq!(legend("#/lease-and-pause?t=0s"), [""; 0]);
        assert_eq!(
            legend("#/lease-and-pause?t=4.2s"),
            [
                "Red words: a belief that is out of date",
                "Hatched: the node is paused, and does not notice"
            ]
        );
    }
}
