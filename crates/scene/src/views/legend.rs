//! The legend: of each symbol that a picture shows, a sample and what it means. Each view draws the samples of its own
//! marks, with the functions that draw the picture.

use scenario::Run;
use sim::protocol::{MessageSort, plural};

use super::{history, logs, spacetime, world};
use crate::shapes::{Picture, Symbol, Symbols};

/// How wide and how high a sample is, in CSS pixels.
const SAMPLE: (f64, f64) = (44.0, 28.0);

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
        Symbol::Message(sort) | Symbol::Arrow(sort) => return of_sort(run, sort),
        Symbol::Sent => {
            "On a stem, leaving: this node has just sent it, and cannot know where it is by now"
        }
        Symbol::Got => "On a stem, arriving: this node has just got it",
        Symbol::Copy => "Hollow: a copy that the network made",
        Symbol::Damaged => "Bits of the message have flipped",
        Symbol::Lost => "A message was lost here",
        Symbol::Paused => "Hatched: the node is paused, and does not notice",
        Symbol::Crashed => "Dashed: the node has crashed, and its memory is gone",
        Symbol::Unseen => "This node cannot be seen in the chosen perspective",
        Symbol::Leader => "The node believes it leads",
        Symbol::Unsaved => "The node has written what its disk has not saved yet",
        Symbol::Patience => {
            "A thick arc: the node waits for something; when the arc is full, its patience ends"
        }
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
        Symbol::Halo => "A halo: what the story tells of, or what you selected",
        Symbol::RoundTrip => {
            "A round trip: the way there, then the way back. The tick is at half, which the node assumes"
        }
        Symbol::ArrowCopy => "Dashed: a copy that the network made",
        Symbol::ArrowLost => "A message was lost here",
        Symbol::Inbox => "Along a row: a message waits in the inbox",
        Symbol::PausedRow => "A dashed row: the node is paused, and does not notice",
        Symbol::Crash => "The node crashes; its row ends until it restarts",
        Symbol::Timeout => "The node waited for something that did not come in time",
        Symbol::Deed => "The node does something, or takes or gives up a role",
        Symbol::Violation => "Red ring: here a violation became certain",
        Symbol::Lit => "Lit: the selected event, its causes, and what it caused",
        Symbol::Bar => "An operation, from its call to its answer",
        Symbol::OpenBar => "No right end: no answer yet",
        Symbol::GivenUpBar => "Dashed: the client gave up; it may still take effect",
        Symbol::FailedBar => "Pale: the operation failed",
        Symbol::AccusedBar => "Red: an operation that a violated check is about",
        Symbol::Effect => "The operation takes effect",
        Symbol::ViolationLine => "Red line: here a violation became certain",
        Symbol::AppliedEntry => {
            "An entry that its server has applied; number and pattern: its term"
        }
        Symbol::PendingEntry => {
            "Dashed: an entry that its server has not applied; after a restart it applies its log anew"
        }
        Symbol::UnsavedEntry => {
            "Hollow: an entry that is not on its server's disk: a crash takes it away"
        }
        Symbol::AccusedEntry => "Red: an entry that a violated check names",
        Symbol::MembersEntry => {
            "Digits in braces: the members from this entry on, by their numbers. {12→34}: both sets count. {12+3}: the third has no vote yet"
        }
        Symbol::Snapshot => "A snapshot stands for all entries up to this index",
    };
    words.to_owned()
}

/// What a sort of messages is, with the labels of those of it that have been sent, as the picture shows them.
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
    let gathered = run.gathered();
    let of_sort = messages.iter().enumerate();
    let of_sort = of_sort.filter(|(kind, word)| word.sort == sort && gathered.was_sent(*kind));
    let mut labels: Vec<String> = Vec::new();
    for label in of_sort.map(|(_, word)| without_numbers(word.label)) {
        if !label.is_empty() && !labels.contains(&label) && labels.len() < MOST_EXAMPLES {
            labels.push(label);
        }
    }
    if labels.is_empty() {
        what.to_owned()
    } else {
        format!("{what}: {}", labels.join(", "))
    }
}

/// A label with dots where its numbers are, as in *copy #…*.
fn without_numbers(label: &str) -> String {
    let mut parts = label.split('{');
    let mut words = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (hole, after) = part.split_once('}').unwrap_or((part, ""));
        words += "…";
        if let Some((_, noun)) = hole.split_once(' ') {
            words += " ";
            words += &plural(noun);
        }
        words += after;
    }
    words
}

fn sample(symbol: Symbol) -> Picture {
    let (width, height) = SAMPLE;
    let mut picture = Picture::new(width, height);
    match symbol {
        Symbol::Arrow(_)
        | Symbol::ArrowCopy
        | Symbol::ArrowLost
        | Symbol::Inbox
        | Symbol::PausedRow
        | Symbol::Crash
        | Symbol::Timeout
        | Symbol::Deed
        | Symbol::Violation
        | Symbol::Lit => spacetime::sample(symbol, &mut picture),
        Symbol::Bar
        | Symbol::OpenBar
        | Symbol::GivenUpBar
        | Symbol::FailedBar
        | Symbol::AccusedBar
        | Symbol::Effect
        | Symbol::ViolationLine => history::sample(symbol, &mut picture),
        Symbol::AppliedEntry
        | Symbol::PendingEntry
        | Symbol::UnsavedEntry
        | Symbol::AccusedEntry
        | Symbol::MembersEntry
        | Symbol::Snapshot => logs::sample(symbol, &mut picture),
        _ => world::sample(symbol, &mut picture),
    }
    picture
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
    fn legend(view: View, link: &str) -> Vec<String> {
        let (run, problems) = Run::open(link);
        assert_eq!(problems, []);
        let picture = crate::draw(view, &run, Look::default(), 750.0, 480.0);
        let entries = entries(&run, picture.symbols).into_iter();
        entries.map(|entry| entry.words).collect()
    }

    #[test]
    fn a_legend_tells_what_is_on_stage_and_nothing_else() {
        assert_eq!(legend(View::World, "#/lease-and-pause?t=0s"), [""; 0]);
        assert_eq!(
            legend(View::World, "#/lease-and-pause?t=4.2s"),
            [
                "Red words: a belief that is out of date",
                "Hatched: the node is paused, and does not notice"
            ]
        );
    }

    #[test]
    fn a_label_stands_for_all_like_it() {
        for (label, words) in [
            ("ok", "ok"),
            ("write #{0}, token {1}", "write #…, token …"),
            ("{1 entry}", "… entries"),
        ] {
            assert_eq!(without_numbers(label), words);
        }
    }

    #[test]
    fn the_views_over_time_have_legends_of_their_own() {
        let link = "#/double-charge?t=5s";
        let spacetime = legend(View::SpaceTime, link);
        for words in [
            "Red ring: here a violation became certain",
            "Request: pay #…",
            "A message was lost here",
        ] {
            assert!(spacetime.iter().any(|line| line == words), "{spacetime:?}");
        }
        let history = legend(View::History, link);
        for words in [
            "Red: an operation that a violated check is about",
            "An operation, from its call to its answer",
            "The operation takes effect",
        ] {
            assert!(history.iter().any(|line| line == words), "{history:?}");
        }
    }
}
