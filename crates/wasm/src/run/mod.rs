//! The object that the page holds: one run.
//!
//! | module | its subject |
//! | --- | --- |
//! | `commands` | what can be done to it |
//! | `answers` | what can be asked of it |
//! | `pictures` | how it is seen: views, perspective, colours, and what is at a place |
//! | `files` | the run as files |
//! | `why` | why a check is violated |
//! | `twin` | two runs beside each other |
//! | `contest` | a challenge, and how far it is met |
//! | `guess` | what a reader is asked before it is told |

mod answers;
mod commands;
mod contest;
mod files;
mod guess;
mod pictures;
mod twin;
mod why;

use std::fmt::Display;

use scenario::document::Problem;
use scenario::link::Link;
use scenario::run::Means;
use scenario::run::build::MEMORY;
use scene::chronicle::Chronicle;
use scene::look::Look;
use scene::shapes::Palette;
use sim::EventId;
use wasm_bindgen::prelude::*;

#[cfg(test)]
pub(crate) use answers::Steps;
#[cfg(test)]
pub(crate) use contest::{ChallengeClaim, Contest};
#[cfg(test)]
pub(crate) use guess::{GuessQuestion, GuessSubject, GuessTruth};
#[cfg(test)]
pub(crate) use pictures::{LegendEntry, LogColumns, Picked};
#[cfg(test)]
pub(crate) use twin::{TwinAbout, TwinFigures};
#[cfg(test)]
pub(crate) use why::{WhyChain, WhyTrial};

/// How many turns of a run a call takes at most: well under a millisecond for most runs.
const STRIDE: u32 = 256;

/// How many events a call gathers for the pictures at most.
const GATHERED: usize = 1 << 14;

/// A run with a cursor, how the page looks at it, and what is to be said of its link.
#[wasm_bindgen]
pub struct Run {
    run: scenario::Run,
    problems: Vec<Problem>,
    revision_note: Vec<String>,
    names_moment: bool,
    palette: Palette,
    look: Look,
    chronicle: Chronicle,
    /// The events that are lit in all pictures.
    lit: Vec<EventId>,
    /// The one of them that is told.
    told: Option<EventId>,
    /// Whether messages that are not lit are calm.
    calms: bool,
}

#[wasm_bindgen]
impl Run {
    /// Opens `link`, the part of an address from the `#` on; the default lab for an empty one. Never fails: what
    /// cannot be used is told by [`Run::problems`], and the rest runs. The run may still be on its way to the moment
    /// that the link shows: see [`Run::go_on`]. All of it may take `memory_mib` MiB of memory, 256 if nothing is said.
    #[wasm_bindgen(constructor)]
    pub fn new(link: &str, memory_mib: Option<u32>) -> Run {
        let means = Means {
            stride: STRIDE,
            memory: memory_mib.map_or(MEMORY, |mib| (mib as usize).saturating_mul(1 << 20)),
        };
        let (link, problems) = Link::parse(link);
        Run {
            problems,
            revision_note: link.revision_note(),
            names_moment: link.variant.at.is_some(),
            run: scenario::Run::of_link_with(link, means),
            palette: Palette::light(),
            look: Look::default(),
            chronicle: Chronicle::default(),
            lit: Vec::new(),
            told: None,
            calms: false,
        }
    }

    /// Gathers what the pictures tell of the run's past. Returns whether that is all.
    fn read_on(&mut self) -> bool {
        let is_all = self.chronicle.renew(&self.run, GATHERED);
        self.run.count_in(self.chronicle.bytes());
        is_all
    }

    /// Takes up what `link` says, if it is of the same lab, as one step that can be undone; else changes nothing. Returns
    /// whether it did. What is said of the link is then said of this one.
    pub fn take_up(&mut self, link: &str) -> bool {
        let (link, problems) = Link::parse(link);
        let (revision_note, names_moment) = (link.revision_note(), link.variant.at.is_some());
        if !self.run.take_up(link) {
            return false;
        }
        self.problems = problems;
        self.revision_note = revision_note;
        self.names_moment = names_moment;
        true
    }
}

/// What the reader is told instead of what was asked for. By its name the page knows it from an error that somebody threw in
/// the middle of a call, after which nobody can trust the run.
pub(crate) fn refusal(problem: impl Display) -> js_sys::Error {
    let refusal = js_sys::Error::new(&problem.to_string());
    refusal.set_name("Refusal");
    refusal
}
