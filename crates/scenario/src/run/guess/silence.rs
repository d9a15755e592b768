//! What has become of an answer that does not come. It is gathered as the run is played, each event once, so that it takes no longer
//! the more a node sends.

use std::collections::BTreeSet;

use sim::protocol::{MessageSort, MessageWord};
use sim::trace::{Event, EventKind, Events, Limp, Loss, Lost};
use sim::{EventId, NodeId, SimTime};

/// How many causes lead from a request to its answer at most.
const MOST_CAUSES: usize = 64;

/// What may have become of an answer that does not come, in the order in which it is offered.
pub const FATES: [&str; 4] = ["lost", "dead", "slow", "late"];
const LOST: usize = 0;
const DEAD: usize = 1;
const SLOW: usize = 2;
const LATE: usize = 3;

/// What has become of a message, and the event that shows it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fate {
    /// Its place among [`FATES`].
    pub kind: usize,
    pub event: EventId,
}

/// A message that the node sent, or one that was sent to it.
struct Sending {
    id: EventId,
    time: SimTime,
    to: NodeId,
    /// What its sender says with it.
    kind: u8,
    /// The first event of each kind that it caused.
    taken: Option<EventId>,
    lost: Option<EventId>,
    queued: Option<EventId>,
    copied: Option<EventId>,
    /// The first message that answers it.
    answer: Option<Answer>,
}

/// A message that answers another one.
#[derive(Clone, Copy)]
struct Answer {
    id: EventId,
    /// Whether its sender waited for no other node before it: for a timer or its disk at most.
    is_own: bool,
}

/// What befell another node, in order.
#[derive(Clone, Default)]
struct Peer {
    /// Where the asked node heard of it.
    heard: Vec<EventId>,
    /// Crashes and restarts.
    lives: Vec<EventId>,
    /// What makes it slow, or ends that.
    paces: Vec<EventId>,
    /// The requests of the asked node that it has taken and not answered.
    open: Vec<EventId>,
    /// The answers that it sent to the asked node, if nobody can tell to what.
    loose: Vec<EventId>,
}

/// All messages between one node and the others, and what befell these.
pub(super) struct Silences {
    own: NodeId,
    words: &'static [MessageWord],
    /// How many events are gathered.
    gathered: usize,
    sendings: Vec<Sending>,
    peers: Vec<Peer>,
    /// Where the node itself stopped.
    stops: Vec<EventId>,
    /// The kinds of its messages that were answered in this run: whoever sends another one waits for nothing.
    answered: BTreeSet<u8>,
}

impl Silences {
    /// Nothing so far, of so many nodes.
    pub fn nothing(own: NodeId, nodes: usize, words: &'static [MessageWord]) -> Silences {
        Silences {
            own,
            words,
            gathered: 0,
            sendings: Vec::new(),
            peers: vec![Peer::default(); nodes],
            stops: Vec::new(),
            answered: BTreeSet::new(),
        }
    }

    /// Reads what has happened since the last call.
    pub fn gather(&mut self, events: Events<'_>) {
        for place in self.gathered..events.len() {
            self.take(EventId(place as u32), events);
        }
        self.gathered = events.len();
    }

    fn take(&mut self, id: EventId, events: Events<'_>) {
        let event = &events[id.index()];
        let (node, peer) = (event.node, event.peer);
        match event.kind {
            EventKind::Send if node != peer && (node == self.own || peer == self.own) => {
                self.send(id, event, events);
            }
            EventKind::Deliver if node == self.own && peer != node => {
                self.peers[peer.index()].heard.push(id);
            }
            EventKind::Crash | EventKind::Pause if node == self.own => self.stops.push(id),
            _ => {}
        }
        let befallen = &mut self.peers[node.index()];
        if matches!(event.kind, EventKind::Crash | EventKind::Restart) {
            befallen.lives.push(id);
        }
        if PACES.contains(&event.kind) {
            befallen.paces.push(id);
        }
        self.end(id, event);
    }

    fn send(&mut self, id: EventId, event: &Event, events: Events<'_>) {
        self.sendings.push(Sending {
            id,
            time: event.time,
            to: event.peer,
            kind: event.code,
            taken: None,
            lost: None,
            queued: None,
            copied: None,
            answer: None,
        });
        if event.node == self.own || !self.is_answer(event.code) {
            return;
        }
        let peer = &mut self.peers[event.node.index()];
        let asked = asked_by(event, events);
        // Events of an earlier request may lead to the answer to a later one.
        let Some((asked, is_own)) = asked.filter(|(id, _)| peer.open.last() == Some(id)) else {
            peer.loose.push(id);
            return;
        };
        peer.open.pop();
        if let Some(place) = self.place(asked) {
            let sending = &mut self.sendings[place];
            sending.answer = Some(Answer { id, is_own });
            self.answered.insert(sending.kind);
        }
    }

    /// One more thing that a message caused.
    fn end(&mut self, id: EventId, event: &Event) {
        let Some(place) = event.cause.some().and_then(|cause| self.place(cause)) else {
            return;
        };
        let (to, kind) = (self.sendings[place].to, self.sendings[place].kind);
        let is_open = event.kind == EventKind::Deliver && to != self.own && !self.is_answer(kind);
        let sending = &mut self.sendings[place];
        if is_open && sending.taken.is_none() {
            self.peers[to.index()].open.push(sending.id);
        }
        let end = match event.kind {
            EventKind::Deliver => &mut sending.taken,
            EventKind::Lost => &mut sending.lost,
            EventKind::Queued => &mut sending.queued,
            EventKind::Duplicate => &mut sending.copied,
            _ => return,
        };
        end.get_or_insert(id);
    }

    fn place(&self, sending: EventId) -> Option<usize> {
        let place = self.sendings.binary_search_by_key(&sending, |one| one.id);
        place.ok()
    }

    fn is_answer(&self, kind: u8) -> bool {
        let word = self.words.get(usize::from(kind));
        word.is_some_and(|word| {
            matches!(
                word.sort,
                MessageSort::Reply | MessageSort::Refusal | MessageSort::Acknowledgement
            )
        })
    }

    /// The messages that have had no answer at a moment, so long after they were sent, and what has become of each: those whose kind
    /// was answered in this run, and of which one answer alone is right.
    pub fn unanswered<'s>(
        &'s self,
        events: Events<'s>,
        peer: Option<NodeId>,
        moment: impl Fn(SimTime) -> Option<SimTime> + 's,
    ) -> impl Iterator<Item = (EventId, Fate)> + 's {
        let sent = self.sendings.iter();
        let sent = sent.filter(move |sent| {
            sent.to != self.own
                && peer.is_none_or(|peer| peer == sent.to)
                && self.answered.contains(&sent.kind)
                && !self.is_answer(sent.kind)
        });
        sent.filter_map(move |sent| {
            let at = moment(sent.time)?;
            let fate = self
                .is_silent(sent, at, events)
                .then(|| self.fate(sent, at, events));
            Some((sent.id, fate??))
        })
    }

    /// Whether the sender runs, and hears nothing from the receiver, from a sending until a moment.
    fn is_silent(&self, sent: &Sending, until: SimTime, events: Events<'_>) -> bool {
        let is_free = |ids: &[EventId]| {
            let first = ids.partition_point(|id| *id < sent.id);
            ids.get(first)
                .is_none_or(|id| events[id.index()].time > until)
        };
        is_free(&self.stops) && is_free(&self.peers[sent.to.index()].heard)
    }

    /// What has become, at a moment, of a message or of its answer; nothing if none of the offers is true of it, or more than one.
    ///
    /// A receiver that has taken the message and says nothing is slow if it stands still or limps, or if it answers later on its
    /// own. Otherwise it waits for other nodes, or never answers by design.
    fn fate(&self, sent: &Sending, at: SimTime, events: Events<'_>) -> Option<Fate> {
        let time = |id: EventId| events[id.index()].time;
        let by_then = |id: Option<EventId>| id.filter(|id| time(*id) <= at);
        let last = |ids: &[EventId]| {
            let count = ids.partition_point(|id| time(*id) <= at);
            ids[..count].last().copied()
        };
        let peer = &self.peers[sent.to.index()];
        let life = last(&peer.lives);
        let down = life.filter(|id| events[id.index()].kind == EventKind::Crash);
        let fate = |kind: usize, event: EventId| Fate { kind, event };
        // Where the receiver is dead now, whatever else is true is one answer of two.
        let if_up = |fate: Fate| down.is_none().then_some(fate);
        let lost_or_late = |sent: &Sending| match (by_then(sent.lost), by_then(sent.copied)) {
            (Some(lost), None) => if_up(fate(LOST, lost)),
            (Some(_), Some(_)) => None,
            (None, _) => if_up(fate(LATE, sent.id)),
        };
        let pace = slowed(last(&peer.paces), events);
        if let Some(taken) = by_then(sent.taken) {
            let after = peer.loose.partition_point(|id| *id < taken);
            if by_then(peer.loose.get(after).copied()).is_some() {
                return None;
            }
            let answer = sent.answer;
            if let Some(answer) = by_then(answer.map(|answer| answer.id)) {
                return lost_or_late(&self.sendings[self.place(answer)?]);
            }
            let is_own = answer.is_some_and(|answer| answer.is_own);
            return match (down, life.filter(|life| *life > taken)) {
                (Some(crash), _) => Some(fate(DEAD, crash)),
                // It runs again, and knows nothing of it.
                (None, Some(_)) => None,
                (None, None) => pace
                    .or(is_own.then_some(taken))
                    .map(|event| fate(SLOW, event)),
            };
        }
        let lost = by_then(sent.lost);
        let why = lost.and_then(|lost| events[lost.index()].detail::<Lost>());
        let is_of_death =
            why.is_none_or(|lost| matches!(lost.why, Loss::ReceiverDown | Loss::ReceiverCrashed));
        match (down, by_then(sent.queued)) {
            (Some(crash), _) if is_of_death => Some(fate(DEAD, crash)),
            (None, Some(queued)) if lost.is_none() => Some(fate(SLOW, pace.unwrap_or(queued))),
            _ => lost_or_late(sent),
        }
    }
}

/// The message without whose sending an answer's node would not have sent it, where that can be told, and whether all that lies
/// between is that node's own.
fn asked_by(answer: &Event, events: Events<'_>) -> Option<(EventId, bool)> {
    let mut at = answer.cause.some();
    let mut is_own = true;
    for _ in 0..MOST_CAUSES {
        let event = &events[at?.index()];
        // What it answered earlier led to what it was asked now, and is no part of it.
        if event.node == answer.peer {
            let is_asked = event.kind == EventKind::Send && event.peer == answer.node;
            return is_asked.then_some((at?, is_own));
        }
        is_own &= event.node == answer.node;
        at = event.cause.some();
    }
    None
}

/// What makes a node slow, or ends that.
const PACES: [EventKind; 4] = [
    EventKind::Pause,
    EventKind::Resume,
    EventKind::Limp,
    EventKind::Restart,
];

/// What has made a node slow, if the latest of what befell its pace did.
fn slowed(latest: Option<EventId>, events: Events<'_>) -> Option<EventId> {
    latest.filter(|id| {
        let event = &events[id.index()];
        let limp: Option<Limp> = event.detail();
        event.kind == EventKind::Pause || limp.is_some_and(|limp| limp.is_slow())
    })
}
