//! The times of entries, which are advice: the order of the entries is that of the text.

use super::scan::Places;
use crate::history::Time;
use crate::value::Value;

/// What is counted where times tell nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Counted {
    /// The lines on which entries begin, each on its own.
    Lines,
    /// The entries, because several begin on one line.
    Entries,
}

impl Counted {
    /// What it is called in sentences.
    pub fn name(self) -> &'static str {
        match self {
            Self::Lines => "line",
            Self::Entries => "entry",
        }
    }
}

/// Gives each entry a time that is not before the last one, and notes the times that are odd.
#[derive(Default)]
pub(super) struct Clock {
    counted: Option<Counted>,
    entries: u64,
    last: Time,
    /// What the last entry itself said.
    said: Option<i128>,
    first_odd: Option<usize>,
    backwards: usize,
    equal: usize,
    negative: usize,
    unreadable: usize,
}

impl Clock {
    /// The clock of a text whose entries have times, or whose times tell nothing, so that something is counted.
    pub fn of(counted: Option<Counted>) -> Self {
        Self {
            counted,
            ..Self::default()
        }
    }

    /// The time of the next entry, which is at the byte `at`, on this line: what it says, or the time of the entry before it
    /// if that is later or it says none; or what is counted instead.
    pub fn now(&mut self, said: Option<&Value>, at: usize, line: u32) -> Time {
        self.entries += 1;
        let now = self.said(said, at);
        match self.counted {
            None => now,
            Some(Counted::Lines) => Time(line.into()),
            Some(Counted::Entries) => Time(self.entries),
        }
    }

    fn said(&mut self, said: Option<&Value>, at: usize) -> Time {
        let Some(said) = said else {
            return self.last;
        };
        let Some(now) = said.as_whole() else {
            self.unreadable += 1;
            self.first_odd.get_or_insert(at);
            return self.last;
        };
        let odd = [
            (now < 0, &mut self.negative),
            (
                self.said.is_some_and(|last| now < last),
                &mut self.backwards,
            ),
            (self.said == Some(now), &mut self.equal),
        ];
        for (is_odd, count) in odd {
            if is_odd {
                *count += 1;
                self.first_odd.get_or_insert(at);
            }
        }
        self.said = Some(now);
        let now = u64::try_from(now.max(0)).unwrap_or(u64::MAX);
        self.last = self.last.max(Time(now));
        self.last
    }

    /// A sentence on times that cannot be what they say, with the line of the first, if there are any.
    pub fn note(&self, text: &str) -> Option<String> {
        let line = Places::new(text).of(self.first_odd?).line;
        let counts = [
            (self.backwards, "before the time of the entry before"),
            (
                self.equal,
                match self.backwards {
                    0 => "equal to the time of the entry before",
                    _ => "equal to it",
                },
            ),
            (self.negative, "negative"),
            (self.unreadable, "no whole number of nanoseconds"),
        ];
        let told = counts.iter().filter(|(count, _)| *count > 0);
        let told: Vec<String> = told
            .map(|(count, what)| format!("{count} {} {what}", is_or_are(*count)))
            .collect();
        let told = told.join(", ");
        Some(format!(
            "the order of the text counts, not its times, of which {told} (the first is on line {line})"
        ))
    }
}

fn is_or_are(count: usize) -> &'static str {
    if count == 1 { "is" } else { "are" }
}
