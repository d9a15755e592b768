//! What can be found to be behind a violation, in words.

use sim::clock::Rate;
use sim::protocol::{Vocabulary, fill};
use sim::trace::{ClockChange, DiskChange, Event, EventKind, Events, Limp, Loss, Lost};
use sim::{EventId, NodeId};

use crate::watch::parts::phrase::{length, seconds};

/// How a sentence calls nodes and messages.
pub struct Names<'a> {
    /// The name of a node.
    pub node: &'a dyn Fn(NodeId) -> String,
    /// The protocol's words.
    pub vocabulary: &'a Vocabulary,
}

/// What was behind a violation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// A message did not say what was sent.
    Altered { sending: EventId, delivery: EventId },
    /// What happened first was given the larger timestamp.
    Stamps { winner: EventId, loser: EventId },
    /// The clock that measured a length was changed, or ran at a changed rate.
    Clock { change: EventId },
    /// A node on the path stood still in the meantime.
    WaitedStill(Box<Trouble>),
    /// A node crashed after it had done something.
    Forgot {
        crash: EventId,
        restart: Option<EventId>,
    },
    /// A message was lost.
    Lost {
        sending: EventId,
        loss: EventId,
        /// Other messages that would have told the same.
        others: Vec<EventId>,
        /// The cut or the crash that it met.
        behind: Option<EventId>,
    },
    /// A message was long on its way.
    Late {
        sending: EventId,
        delivery: Option<EventId>,
    },
    /// A node was paused, slow or down.
    Still {
        standstill: Standstill,
        begin: EventId,
        end: Option<EventId>,
    },
    /// A message between two nodes that acted in the same part was lost.
    OutOfTouch(Box<Trouble>),
}

/// Why a node did nothing, or next to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standstill {
    Paused,
    Down,
    Slow,
}

impl Standstill {
    /// The standstill that begins with an event.
    pub fn begun_by(event: &Event) -> Option<Standstill> {
        match event.kind {
            EventKind::Pause => Some(Standstill::Paused),
            EventKind::Crash => Some(Standstill::Down),
            _ => event
                .detail()
                .filter(|limp: &Limp| limp.is_slow())
                .map(|_| Standstill::Slow),
        }
    }

    /// Whether it ends with an event of the same node.
    pub fn is_ended_by(self, event: &Event) -> bool {
        match self {
            Standstill::Paused => event.kind == EventKind::Resume,
            Standstill::Down => event.kind == EventKind::Restart,
            Standstill::Slow => event.detail().is_some_and(|limp: Limp| !limp.is_slow()),
        }
    }
}

impl Trouble {
    /// How strong the trouble is: the smaller the rank, the stronger.
    pub fn rank(&self) -> u8 {
        match self {
            Trouble::Altered { .. } | Trouble::Stamps { .. } | Trouble::Clock { .. } => 0,
            Trouble::WaitedStill(_) => 1,
            Trouble::Forgot { .. } => 2,
            Trouble::Lost { .. } => 3,
            Trouble::Late {
                delivery: Some(_), ..
            } => 4,
            Trouble::Late { delivery: None, .. } => 5,
            Trouble::Still { .. } => 6,
            Trouble::OutOfTouch(_) => 7,
        }
    }

    /// Its events.
    pub fn events(&self) -> Vec<EventId> {
        let mut events = self.key();
        if let Trouble::Lost { others, .. } = self.innermost() {
            events.extend(others.iter().copied());
        }
        events
    }

    /// The events that it cannot be told without.
    pub fn key(&self) -> Vec<EventId> {
        let (first, rest) = match self.innermost() {
            Trouble::Altered { sending, delivery } => (*sending, [Some(*delivery), None]),
            Trouble::Stamps { winner, loser } => (*winner, [Some(*loser), None]),
            Trouble::Clock { change } => (*change, [None, None]),
            Trouble::Forgot { crash, restart } => (*crash, [*restart, None]),
            Trouble::Lost {
                sending,
                loss,
                behind,
                ..
            } => (*sending, [Some(*loss), *behind]),
            Trouble::Late { sending, delivery } => (*sending, [*delivery, None]),
            Trouble::Still { begin, end, .. } => (*begin, [*end, None]),
            Trouble::WaitedStill(_) | Trouble::OutOfTouch(_) => return Vec::new(),
        };
        [first]
            .into_iter()
            .chain(rest.into_iter().flatten())
            .collect()
    }

    /// The trouble in whose place this one stands.
    fn innermost(&self) -> &Trouble {
        match self {
            Trouble::WaitedStill(trouble) | Trouble::OutOfTouch(trouble) => trouble.innermost(),
            _ => self,
        }
    }

    /// The trouble in one sentence.
    pub fn sentence(&self, trace: Events<'_>, names: &Names<'_>) -> String {
        let tale = Tale { trace, names };
        match self {
            Trouble::Altered { sending, delivery } => format!(
                "{} was corrupted on its way, before it arrived at {}.",
                tale.message(*sending),
                tale.at(*delivery)
            ),
            Trouble::Stamps { winner, loser } => format!(
                "The timestamp from {} at {} is smaller than the one from {} at {}: their clocks disagree.",
                tale.node(*loser),
                tale.at(*loser),
                tale.node(*winner),
                tale.at(*winner)
            ),
            Trouble::Clock { change } => tale.clock(*change),
            Trouble::WaitedStill(trouble) | Trouble::OutOfTouch(trouble) => {
                trouble.sentence(trace, names)
            }
            Trouble::Forgot { crash, restart } => format!(
                "{} crashed at {}, and {}.",
                tale.node(*crash),
                tale.at(*crash),
                match lost_its_disk(trace, *crash, *restart) {
                    true => "lost all that was on its disk",
                    false => "forgot what was only in its memory",
                }
            ),
            Trouble::Lost {
                sending,
                loss,
                others,
                behind,
            } => tale.lost(*sending, *loss, others.len(), *behind),
            Trouble::Late { sending, delivery } => {
                let (message, sent) = (tale.message(*sending), tale.at(*sending));
                match delivery {
                    Some(delivery) => format!(
                        "{message} was on its way from {sent} to {}.",
                        tale.at(*delivery)
                    ),
                    None => format!("{message}, sent at {sent}, was still on its way."),
                }
            }
            Trouble::Still {
                standstill,
                begin,
                end,
            } => tale.still(*standstill, *begin, *end),
        }
    }
}

/// How far a clock's pace is off, as in *4 % too slow*.
pub fn off_pace(rate: Rate) -> String {
    let way = if rate.0 < 0 { "slow" } else { "fast" };
    let millionths = rate.0.unsigned_abs() / 1000;
    match millionths {
        0..1000 => format!("{millionths} ppm too {way}"),
        _ => format!("{} % too {way}", millionths as f64 / 10_000.0),
    }
}

/// Why a copy of a message ended, if `event` says so.
pub(super) fn loss_of(event: &Event) -> Option<Loss> {
    event.detail().map(|lost: Lost| lost.why)
}

/// Whether a node's disk was wiped between a crash and its restart.
pub(super) fn lost_its_disk(trace: Events<'_>, crash: EventId, restart: Option<EventId>) -> bool {
    let node = trace[crash.index()].node;
    let end = restart.map_or(trace.len(), EventId::index);
    let mut meanwhile = (crash.index()..end).map(|place| &trace[place]);
    meanwhile.any(|event| event.node == node && event.detail() == Some(DiskChange::Wiped))
}

struct Tale<'a> {
    trace: Events<'a>,
    names: &'a Names<'a>,
}

impl Tale<'_> {
    fn event(&self, id: EventId) -> &Event {
        &self.trace[id.index()]
    }

    fn at(&self, id: EventId) -> String {
        seconds(self.event(id).time)
    }

    fn node(&self, id: EventId) -> String {
        (self.names.node)(self.event(id).node)
    }

    /// A message by its sending, as in *“receipt #6” from bank to bob*.
    fn message(&self, sending: EventId) -> String {
        let sent = self.event(sending);
        format!(
            "{} from {} to {}",
            self.label(sent),
            (self.names.node)(sent.node),
            (self.names.node)(sent.peer)
        )
    }

    fn label(&self, sent: &Event) -> String {
        let words = self.names.vocabulary.messages;
        let told = sent.gist().and_then(|gist| {
            let word = words.get(usize::from(gist.kind))?;
            let label = fill(word.label, gist.args);
            Some(if label.is_empty() {
                format!("The {}", word.name)
            } else {
                format!("“{label}”")
            })
        });
        told.unwrap_or_else(|| "A message".to_owned())
    }

    fn lost(
        &self,
        sending: EventId,
        loss: EventId,
        others: usize,
        behind: Option<EventId>,
    ) -> String {
        let sent = self.event(sending);
        let (from, to) = ((self.names.node)(sent.node), (self.names.node)(sent.peer));
        let at = self.at(loss);
        let since = behind.map_or_else(|| at.clone(), |id| self.at(id));
        let how = match loss_of(self.event(loss)) {
            Some(Loss::Cut) => format!("the link was cut at {since}"),
            Some(Loss::QueueFull) => format!("the link's queue was full at {at}"),
            Some(Loss::Checksum) => format!("it was corrupted, and thrown away at {at}"),
            Some(Loss::ReceiverDown) => format!("{to} crashed at {since}, and was still down"),
            Some(Loss::InboxFull) => format!("{to}'s inbox was full at {at}"),
            Some(Loss::ReceiverCrashed) => format!("{to} crashed before it was handled, at {at}"),
            Some(Loss::Filter) => format!("a filter dropped it at {at}"),
            Some(Loss::Hand) => format!("it was dropped by hand at {at}"),
            Some(Loss::Link | Loss::Burst) | None => format!("it was lost at {at}"),
        };
        let more = match others {
            0 => String::new(),
            1 => " 1 other message was lost, too.".to_owned(),
            _ => format!(" {others} other messages were lost, too."),
        };
        format!(
            "{} from {from} did not reach {to}: {how}.{more}",
            self.label(sent)
        )
    }

    /// How a clock was changed, as in *ann's wall clock was set back by 559 ms at 2.23 s*.
    fn clock(&self, change: EventId) -> String {
        let (node, at) = (self.node(change), self.at(change));
        let by_how_much = |by: i64| length(by.saturating_abs());
        match self.event(change).detail() {
            Some(ClockChange::Step { by }) => {
                let way = if by < 0 { "back" } else { "forward" };
                let by = by_how_much(by);
                format!("{node}'s wall clock was set {way} by {by} at {at}.")
            }
            Some(ClockChange::Slew { by, .. }) => {
                let pace = if by < 0 { "slower" } else { "faster" };
                let by = by_how_much(by);
                format!("{node}'s wall clock ran {pace} from {at} on, to make up for {by}.")
            }
            Some(ClockChange::Rate { rate }) => {
                format!("{node}'s wall clock ran {} from {at} on.", off_pace(rate))
            }
            Some(ClockChange::MonotonicRate { rate }) => {
                format!(
                    "{node}'s monotonic clock ran {} from {at} on.",
                    off_pace(rate)
                )
            }
            None => format!("{node}'s clock was changed at {at}."),
        }
    }

    fn still(&self, standstill: Standstill, begin: EventId, end: Option<EventId>) -> String {
        let what = match standstill {
            Standstill::Paused => "was paused",
            Standstill::Down => "was down",
            Standstill::Slow => "was slow",
        };
        let node = self.node(begin);
        let from = self.at(begin);
        match end {
            Some(end) => format!("{node} {what} from {from} to {}.", self.at(end)),
            None => format!("{node} {what} since {from}."),
        }
    }
}
