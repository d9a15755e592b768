//! What can be found to be behind a violation, in words.

use sim::clock::Rate;
use sim::protocol::{Vocabulary, fill};
use sim::trace::{ClockChange, DiskChange, Event, EventKind, Events, Fact, Limp, Loss, Lost};
use sim::{EventId, NodeId};

use super::handling::{handler, said};
use crate::watch::clocks::ahead;
use crate::watch::parts::phrase::{counted, length, off_by, seconds};

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
    /// A node passed on something else than it had got.
    PassedOn { delivery: EventId, sending: EventId },
    /// What happened first was given the larger timestamp.
    Stamps { winner: EventId, loser: EventId },
    /// What happened second was given the smaller timestamp, by another clock.
    Inverted { first: EventId, second: EventId },
    /// The clock that measured a length was changed, or ran at a changed rate.
    Clock { change: EventId },
    /// A clock was set by an exchange with a server that told a wrong time, or whose messages took unlike times.
    Set {
        /// The change of the clock.
        set: EventId,
        /// What the node learned from the exchange.
        sample: EventId,
        /// Where the server's answer arrived.
        delivery: EventId,
        /// What it had learned from other servers.
        others: Vec<EventId>,
        /// By how much the server's clock was ahead, if that is why.
        server_off: Option<i64>,
    },
    /// A node on the path stood still in the meantime.
    WaitedStill(Box<Trouble>),
    /// A node crashed after it had done something.
    Forgot {
        crash: EventId,
        restart: Option<EventId>,
        /// Where something was lost that was on its disk, or on its way there.
        disk: Option<EventId>,
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
    /// A message waited in a queue for most of the time that its operation took.
    Queued {
        /// Where its operation began.
        begun: EventId,
        arrival: EventId,
        leaving: Option<EventId>,
        ahead: Ahead,
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

/// The messages that were dealt with before another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ahead {
    pub count: u32,
    /// How many of them ask again for what others of them ask for.
    pub repeats: u32,
    /// The node from which more than half of them came.
    pub most: Option<(NodeId, u32)>,
    /// What that node was told to do last.
    pub told: Option<EventId>,
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
            Trouble::Altered { .. }
            | Trouble::PassedOn { .. }
            | Trouble::Stamps { .. }
            | Trouble::Inverted { .. }
            | Trouble::Clock { .. }
            | Trouble::Set { .. } => 0,
            Trouble::WaitedStill(_) => 1,
            Trouble::Forgot { .. } => 2,
            Trouble::Lost { .. } => 3,
            Trouble::Queued { .. } => 4,
            Trouble::Late {
                delivery: Some(_), ..
            } => 5,
            Trouble::Late { delivery: None, .. } => 6,
            Trouble::Still { .. } => 7,
            Trouble::OutOfTouch(_) => 8,
        }
    }

    /// Its events.
    pub fn events(&self) -> Vec<EventId> {
        let mut events = self.key();
        match self.innermost() {
            Trouble::Lost { others, .. } | Trouble::Set { others, .. } => {
                events.extend(others.iter().copied());
            }
            Trouble::Queued { begun, ahead, .. } => {
                events.extend([*begun].into_iter().chain(ahead.told));
            }
            _ => {}
        }
        events
    }

    /// The events that it cannot be told without.
    pub fn key(&self) -> Vec<EventId> {
        let (first, rest) = match self.innermost() {
            Trouble::Altered { sending, delivery } | Trouble::PassedOn { sending, delivery } => {
                (*sending, [Some(*delivery), None])
            }
            Trouble::Set {
                set,
                sample,
                delivery,
                ..
            } => (*set, [Some(*sample), Some(*delivery)]),
            Trouble::Queued {
                arrival, leaving, ..
            } => (*arrival, [*leaving, None]),
            Trouble::Stamps { winner, loser } => (*winner, [Some(*loser), None]),
            Trouble::Inverted { first, second } => (*first, [Some(*second), None]),
            Trouble::Clock { change } => (*change, [None, None]),
            Trouble::Forgot {
                crash,
                restart,
                disk,
            } => (*crash, [*restart, *disk]),
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
            Trouble::PassedOn { delivery, sending } => format!(
                "{} got {} from {} at {}, and passed on {}.",
                tale.node(*delivery),
                tale.said(*delivery),
                (names.node)(tale.event(*delivery).peer),
                tale.at(*delivery),
                tale.said(*sending)
            ),
            Trouble::Set {
                set,
                delivery,
                server_off,
                ..
            } => tale.set(*set, *delivery, *server_off),
            Trouble::Queued {
                arrival,
                leaving,
                ahead,
                ..
            } => tale.queued(*arrival, *leaving, ahead),
            Trouble::Stamps { winner, loser } => format!(
                "The timestamp from {} at {} is smaller than the one from {} at {}: their clocks disagree.",
                tale.node(*loser),
                tale.at(*loser),
                tale.node(*winner),
                tale.at(*winner)
            ),
            Trouble::Inverted { first, second } => format!(
                "The timestamp from {} was {} of the true time, the one from {} {}.",
                tale.node(*first),
                tale.off(*first),
                tale.node(*second),
                tale.off(*second)
            ),
            Trouble::Clock { change } => tale.clock(*change),
            Trouble::WaitedStill(trouble) | Trouble::OutOfTouch(trouble) => {
                trouble.sentence(trace, names)
            }
            Trouble::Forgot { crash, disk, .. } => tale.forgot(*crash, *disk),
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

/// Where a node lost its disk, or what it had written there for something that it did, before it ran again after a crash.
pub(super) fn lost_on_disk(
    trace: Events<'_>,
    done: EventId,
    crash: EventId,
    restart: Option<EventId>,
) -> Option<EventId> {
    let node = trace[crash.index()].node;
    let end = restart.map_or(trace.len() as u32, |restart| restart.0);
    let is_on_its_way = is_unsynced(trace, done, crash);
    let lost = |id: &EventId| {
        let event = &trace[id.index()];
        let is_lost = |change| match change {
            DiskChange::Wiped => true,
            DiskChange::Unsynced { .. } => *id > crash && is_on_its_way,
            _ => false,
        };
        event.node == node && event.detail().is_some_and(is_lost)
    };
    (done.0..end).map(EventId).rev().find(lost)
}

/// Whether what a node wrote to its disk for something that it did was not durable by a later event.
fn is_unsynced(trace: Events<'_>, done: EventId, by: EventId) -> bool {
    let node = trace[done.index()].node;
    let change = |id: &EventId| {
        let event = &trace[id.index()];
        event.detail::<DiskChange>().filter(|_| event.node == node)
    };
    let handled = match trace[done.index()].kind {
        EventKind::Send => trace[done.index()].cause,
        _ => handler(trace, done),
    };
    let mut later = (0..by.0).map(EventId).skip(handled.index());
    let is_written = |id: &EventId| {
        let is_write = matches!(change(id), Some(DiskChange::Written { .. }));
        is_write && trace[id.index()].cause == handled
    };
    later.any(|id| is_written(&id)) && !later.any(|id| change(&id) == Some(DiskChange::Synced))
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

    /// What the message says that an event is about.
    fn said(&self, id: EventId) -> String {
        self.label(self.event(id))
    }

    fn label(&self, event: &Event) -> String {
        let words = self.names.vocabulary.messages;
        let told = said(self.trace, event).and_then(|gist| {
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

    /// How far a timestamp is off the true time, as in *120 ms ahead*.
    fn off(&self, stamped: EventId) -> String {
        let event = self.event(stamped);
        match event.fact() {
            Some(Fact::Stamped { stamp, .. }) => off_by(ahead(stamp, event.time)),
            _ => "unknown".to_owned(),
        }
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

    /// What went in a crash, as in *n1 crashed at 5.20 s, and lost 3 writes that were not on its disk yet.*
    fn forgot(&self, crash: EventId, disk: Option<EventId>) -> String {
        let (node, at) = (self.node(crash), self.at(crash));
        let change = disk.and_then(|disk| self.event(disk).detail());
        match (change, disk) {
            (Some(DiskChange::Unsynced { records }), _) => {
                let were = if records == 1 { "was" } else { "were" };
                let writes = counted(records as usize, "write");
                format!(
                    "{node} crashed at {at}, and lost {writes} that {were} not on its disk yet."
                )
            }
            (Some(_), Some(disk)) if disk < crash => format!(
                "{node} lost all that was on its disk at {}, while it was running, and crashed at {at}.",
                self.at(disk)
            ),
            (Some(_), _) => format!("{node} crashed at {at}, and lost all that was on its disk."),
            (None, _) => format!("{node} crashed at {at}, and forgot what was only in its memory."),
        }
    }

    /// Where a message waited, as in *“request #26” from ben waited at switch from 4.51 s to 4.91 s, behind 16 others.*
    fn queued(&self, arrival: EventId, leaving: Option<EventId>, others: &Ahead) -> String {
        let (message, node, from) = (self.said(arrival), self.node(arrival), self.at(arrival));
        let sender = (self.names.node)(self.event(arrival).peer);
        let until = match leaving {
            Some(leaving) => format!("from {from} to {}", self.at(leaving)),
            None => format!("since {from}"),
        };
        let most = others
            .most
            .filter(|(_, count)| *count > 1)
            .map(|(node, count)| format!(", {count} of them from {}", (self.names.node)(node)));
        let is_notable = others.repeats * 3 >= others.count;
        let repeats = is_notable.then(|| format!(", {} of them repeats", others.repeats));
        let which = most.or(repeats).unwrap_or_default();
        let behind = counted(others.count as usize, "other message");
        format!("{message} from {sender} waited at {node} {until}, behind {behind}{which}.")
    }

    /// By what a clock was set, as in *client set its clock at 5.00 s. It had asked s4, whose clock was 900 ms ahead.*
    fn set(&self, set: EventId, delivery: EventId, server_off: Option<i64>) -> String {
        let (node, at) = (self.node(set), self.at(set));
        let server = (self.names.node)(self.event(delivery).peer);
        let begin = format!("{node} set its clock at {at}. It had asked {server}");
        if let Some(off) = server_off {
            return format!("{begin}, whose clock was {}.", off_by(off));
        }
        let answer = self.event(delivery).cause;
        let heard = answer.some().and_then(|id| self.event(id).cause.some());
        let asked = heard.and_then(|id| self.event(id).cause.some());
        let took = |from: EventId, to: EventId| {
            let took = self.event(to).time.since(self.event(from).time);
            length(took.as_nanos() as i64)
        };
        match (asked, heard) {
            (Some(asked), Some(heard)) => format!(
                "{begin}: the question took {}, the answer {}, and {node} assumed that both had taken the same time.",
                took(asked, heard),
                took(answer, delivery)
            ),
            _ => format!("{begin}."),
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
