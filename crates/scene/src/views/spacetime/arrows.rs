//! The messages in sight, gathered from the trace.

use scenario::Run;
use sim::sorted::Map;
use sim::trace::{Event, EventKind, Lost};
use sim::{EventId, MessageId, NodeId, SimDuration, SimTime};

use super::MOST_EVENTS;
use crate::look::Look;

/// A message that ends so long after the window is still drawn leaving it.
const BEYOND: SimDuration = SimDuration::from_millis(3000);

/// So many events are read at most: what leaves a window as full as that is a smear.
const MOST_READ: usize = 4 * MOST_EVENTS;

/// One end of a message.
#[derive(Clone, Copy)]
pub(super) struct End {
    /// The node, which is the row.
    pub node: NodeId,
    /// The moment.
    pub time: SimTime,
}

/// A message as the diagram shows it.
pub(super) struct Arrow {
    /// The event of its sending, or of its duplication.
    pub event: EventId,
    /// Where and when it was sent.
    pub sent: End,
    /// The node that it is addressed to.
    pub receiver: NodeId,
    /// Where and when it arrived or died; nothing while it is on its way.
    pub arrived: Option<End>,
    /// When its receiver handled it, if it has.
    pub handled: Option<SimTime>,
    /// Whether the network made it.
    pub is_duplicate: bool,
    /// Whether the network lost it.
    pub is_lost: bool,
    /// The event of its loss.
    pub lost_with: Option<EventId>,
    /// Whether it is still on its way.
    pub is_under_way: bool,
    /// How far a lost one came, or how far one that is on its way has come, from 0 to 1.
    pub came: f64,
}

impl End {
    fn of(event: &Event) -> End {
        End {
            node: event.node,
            time: event.time,
        }
    }
}

impl Arrow {
    fn new(id: EventId, event: &Event) -> Arrow {
        let is_duplicate = event.kind == EventKind::Duplicate;
        Arrow {
            event: if is_duplicate { event.cause } else { id },
            sent: End::of(event),
            receiver: event.peer,
            arrived: None,
            handled: None,
            is_duplicate,
            is_lost: false,
            lost_with: None,
            is_under_way: false,
            came: 1.0,
        }
    }

    fn end(&mut self, id: EventId, event: &Event) {
        match event.kind {
            EventKind::Lost if self.arrived.is_none() => {
                self.is_lost = true;
                self.lost_with = Some(id);
                self.came = event.detail().map_or(1.0, Lost::share);
            }
            EventKind::Deliver => self.handled = Some(event.time),
            _ => {}
        }
        self.arrived.get_or_insert(End::of(event));
    }
}

/// Every message that is at least partly in sight, and was sent with the event of number `earliest` or later.
pub(super) fn arrows(run: &Run, look: &Look, earliest: usize) -> Vec<Arrow> {
    let events = run.timeline().events();
    let slack = look.from - BEYOND;
    let first = events.partition_point(|event| event.time < slack);
    let first = first.max(earliest);
    let until = look.to + BEYOND;
    let seen = events
        .skip(first)
        .iter()
        .take(MOST_READ)
        .take_while(|event| event.time <= until);
    let mut arrows: Map<MessageId, Arrow> = Map::new();
    for (event, id) in seen.zip(first as u32..) {
        match event.kind {
            EventKind::Send | EventKind::Duplicate => {
                arrows.insert(event.message, Arrow::new(EventId(id), event));
            }
            EventKind::Queued | EventKind::Deliver | EventKind::Lost => {
                if let Some(arrow) = arrows.get_mut(&event.message) {
                    arrow.end(EventId(id), event);
                }
            }
            _ => {}
        }
    }
    find_under_way(run, &mut arrows);
    let is_in_sight = |arrow: &Arrow| {
        let end = arrow.arrived.map_or(run.now(), |end| end.time);
        arrow.sent.time <= look.to && end >= look.from
    };
    arrows.into_values().filter(is_in_sight).collect()
}

/// Notes how far those have come that are still on their way. There may be hundreds of thousands on the network: it is gone
/// through once.
fn find_under_way(run: &Run, arrows: &mut Map<MessageId, Arrow>) {
    let Some(first) = arrows.keys().next().copied() else {
        return;
    };
    let flights = run.timeline().machine().kernel().flights();
    for flight in flights.filter(|flight| flight.id >= first) {
        if let Some(arrow) = arrows.get_mut(&flight.id)
            && arrow.arrived.is_none()
        {
            arrow.is_under_way = true;
            arrow.came = flight.progress_permille(run.now()) as f64 / 1000.0;
        }
    }
}
