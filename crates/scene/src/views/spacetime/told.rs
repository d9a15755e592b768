//! The events that are lit because they are told, and the one that is told now.
//!
//! The page loads it when something is told: see `crates/xtask/src/split/doors.rs`.

use sim::EventId;
use sim::trace::{EventKind, Events};

use super::glyphs;
use crate::shapes::{Picture, Point};
use crate::views::Light;

/// The events that are lit, and the sendings of the messages that they are about.
#[inline(never)]
pub(super) fn lit(light: &Light<'_>, events: Events<'_>) -> Vec<EventId> {
    let mut lit = Vec::new();
    for &id in light.events {
        let Some(event) = events.get(id.index()) else {
            continue;
        };
        lit.push(id);
        if matches!(event.kind, EventKind::Deliver | EventKind::Lost) {
            lit.extend(event.cause.some());
        }
    }
    lit
}

/// Marks the place of the event that is told.
#[inline(never)]
pub(super) fn mark(picture: &mut Picture, at: Point) {
    glyphs::told(picture, at);
}
