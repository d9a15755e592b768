//! The operation of the event that is told, and its moment.
//!
//! The page loads it when something is told: see `crates/xtask/src/split/doors.rs`.

use sim::EventId;
use sim::trace::Events;

use super::accused::operation as operation_of;
use super::glyphs::{self, Bounds};
use crate::shapes::{Ink, Picture, Point, Style};
use crate::views::scene::Scene;
use crate::views::time_axis::TimeAxis;

/// So many causes back an operation is looked for.
const MOST_CAUSES: usize = 32;

/// The operation that the event is about that is told: its own, or that of the latest cause that has one.
#[inline(never)]
pub(super) fn operation(scene: &Scene<'_>) -> Option<u32> {
    let (id, _) = scene.light.event(scene.run)?;
    let events = scene.run.timeline().events();
    let mut at = Some(id);
    for _ in 0..MOST_CAUSES {
        let id = at?;
        let found = operation_of(events, id).or_else(|| asked_in(events, id));
        if found.is_some() {
            return found;
        }
        at = events[id.index()].cause.some();
    }
    None
}

/// The operation that was asked for in the handling of an event.
fn asked_in(events: Events<'_>, id: EventId) -> Option<u32> {
    let turn = events.skip(id.index() + 1).iter();
    let mut turn = turn.take_while(|event| event.cause == id);
    turn.find_map(|event| event.fact()?.operation())
}

/// Marks the bar of the operation.
#[inline(never)]
pub(super) fn bar(picture: &mut Picture, bounds: Bounds) {
    glyphs::told(picture, bounds);
}

/// A line where the event happened.
#[inline(never)]
pub(super) fn moment(axis: &TimeAxis, scene: &Scene<'_>, picture: &mut Picture) {
    let Some((_, event)) = scene.light.event(scene.run) else {
        return;
    };
    let x = axis.x(event.time.as_nanos() as i64);
    if x >= axis.left && x <= axis.right() {
        let (top, bottom) = axis.rows();
        let [top, bottom] = [top - 6.0, bottom].map(|y| Point::new(x, y));
        picture.segment(top, bottom, Style::stroke(Ink::Accent, 2.0));
    }
}
