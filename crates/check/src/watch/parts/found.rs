//! What a check first found to be wrong.

use sim::EventId;
use sim::trace::Event;

use crate::watch::verdict::Finding;

/// What was first found to be wrong, and what the sentence needs to tell it. Later findings are left out.
#[derive(Clone, Debug)]
pub(in crate::watch) struct Found<T>(Option<(Finding, T)>);

impl<T> Default for Found<T> {
    fn default() -> Found<T> {
        Found(None)
    }
}

impl<T> Found<T> {
    /// This event makes it certain, and these events show it.
    pub fn here(&mut self, id: EventId, event: &Event, events: &[EventId], what: T) {
        if self.0.is_none() {
            let finding = Finding {
                at: event.time,
                event: id,
                events: events.to_vec(),
            };
            self.0 = Some((finding, what));
        }
    }

    /// It has been certain since some moment.
    pub fn since(&mut self, finding: Finding, what: T) {
        self.0.get_or_insert((finding, what));
    }

    /// Whether anything was found.
    pub fn is_some(&self) -> bool {
        self.0.is_some()
    }

    /// Whether nothing was found.
    pub fn is_none(&self) -> bool {
        self.0.is_none()
    }

    /// What was found.
    pub fn get(&self) -> Option<(&Finding, &T)> {
        self.0.as_ref().map(|(finding, what)| (finding, what))
    }

    /// When and where it was found.
    pub fn first(&self) -> Option<&Finding> {
        self.get().map(|(finding, _)| finding)
    }
}
