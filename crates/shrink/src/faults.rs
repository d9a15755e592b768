//! How many faults befall a run, by kind: drawn by chance and done by hand alike.

use scenario::document::Scenario;
use sim::sorted::Map;
use sim::trace::{
    ClockChange, DiskChange, Event, EventKind, Limp, Loss, Lost, MessageChange, NetworkChange,
};
use sim::{MessageId, SimDuration, SimTime};

use crate::numbering::Place;

/// A kind of fault that is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A message is lost on its way.
    Lost,
    /// A message arrives once more.
    Duplicated,
    /// Bits of a message flip.
    Damaged,
    /// A message comes much later: by a spike, or by hand.
    Late,
    /// Links are cut, or a filter drops messages.
    Cut,
    /// A node crashes.
    Crashed,
    /// A node pauses.
    Paused,
    /// A node or its disk becomes slow.
    Slow,
    /// A disk is lost, or a write half done.
    Disk,
    /// A clock is wrong from the beginning, jumps, or changes its rate.
    Clock,
    /// A setting changes during the run.
    Setting,
}

impl Kind {
    /// Every kind with its word for readers, and for several.
    pub const ALL: [(Kind, &'static str, &'static str); 11] = [
        (Kind::Lost, "lost message", "lost messages"),
        (Kind::Duplicated, "duplicate", "duplicates"),
        (Kind::Damaged, "damaged message", "damaged messages"),
        (Kind::Late, "late message", "late messages"),
        (Kind::Cut, "cut", "cuts"),
        (Kind::Crashed, "crash", "crashes"),
        (Kind::Paused, "pause", "pauses"),
        (Kind::Slow, "slow node", "slow nodes"),
        (Kind::Disk, "disk fault", "disk faults"),
        (Kind::Clock, "clock error", "clock errors"),
        (Kind::Setting, "changed setting", "changed settings"),
    ];
}

/// How many faults of each kind befall a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults(Map<Kind, u32>);

impl Faults {
    /// How many there are of a kind.
    pub fn of(&self, kind: Kind) -> u32 {
        self.0.get(&kind).copied().unwrap_or(0)
    }

    /// How many there are in all.
    pub fn all(&self) -> u32 {
        self.0.values().sum()
    }

    fn add(&mut self, kind: Kind) {
        *self.0.entry(kind).or_default() += 1;
    }

    /// The clocks that are wrong when the run begins.
    fn wrong_clocks(scenario: &Scenario) -> Faults {
        let mut faults = Faults::default();
        for node in &scenario.nodes {
            for value in [node.skew, node.drift, node.wobble, node.monotonic] {
                if value != 0.0 {
                    faults.add(Kind::Clock);
                }
            }
        }
        faults
    }
}

/// Counts the faults of a run until some moment, event by event. What happens to a message counts from its sending, because what
/// became of it may show only later.
pub(crate) struct Counting<'s> {
    scenario: &'s Scenario,
    faults: Faults,
    until: SimTime,
    /// The latest message that was sent or copied until then.
    latest: Option<MessageId>,
    /// For each message on a link with spikes, when it was sent, and how late a spike makes it.
    spiky: Map<u32, (SimTime, SimDuration)>,
    /// What each message said when it was sent, where bits may flip.
    said: Map<u32, [i64; 3]>,
    /// Whether bits may flip on any link.
    is_damaging: bool,
}

impl<'s> Counting<'s> {
    pub fn of(scenario: &'s Scenario, until: SimTime) -> Counting<'s> {
        Counting {
            faults: Faults::wrong_clocks(scenario),
            is_damaging: damages(scenario),
            scenario,
            until,
            latest: None,
            spiky: Map::new(),
            said: Map::new(),
        }
    }

    pub fn faults(self) -> Faults {
        self.faults
    }

    pub fn observe(&mut self, event: &Event, place: Option<Place>) {
        if let Some(place) = place {
            self.sent(event, place);
        }
        let counts = self.counts(event);
        if let Some(kind) = self.kind(event).filter(|_| counts) {
            self.faults.add(kind);
        }
    }

    fn counts(&self, event: &Event) -> bool {
        match event.kind {
            EventKind::Lost | EventKind::Deliver | EventKind::Queued => {
                Some(event.message) <= self.latest
            }
            _ => event.time <= self.until,
        }
    }

    fn sent(&mut self, event: &Event, place: Place) {
        if event.time <= self.until {
            self.latest = Some(event.message);
        }
        let network = self.scenario.link_settings(place.from, place.to);
        if network.spike > 0.0 {
            let extra = SimDuration::from_nanos_f64(network.spike_extra);
            self.spiky.insert(event.message.0, (event.time, extra));
        }
        if self.is_damaging {
            self.said.insert(event.message.0, event.numbers());
        }
    }

    fn kind(&mut self, event: &Event) -> Option<Kind> {
        match event.kind {
            EventKind::Lost => match event.detail::<Lost>()?.why {
                Loss::Link | Loss::Burst | Loss::Checksum | Loss::Hand => Some(Kind::Lost),
                _ => None,
            },
            EventKind::Duplicate => Some(Kind::Duplicated),
            EventKind::Deliver | EventKind::Queued => self.arrived(event),
            EventKind::Meddled => match event.detail::<MessageChange>()? {
                MessageChange::Delay { .. } => Some(Kind::Late),
                MessageChange::Corrupt => Some(Kind::Damaged),
                _ => None,
            },
            EventKind::Crash => Some(Kind::Crashed),
            EventKind::Pause => Some(Kind::Paused),
            EventKind::Limp => event.detail::<Limp>()?.is_slow().then_some(Kind::Slow),
            EventKind::Network => match event.detail::<NetworkChange>()? {
                NetworkChange::Cut { .. } | NetworkChange::Filter { .. } => Some(Kind::Cut),
                NetworkChange::Setting { .. } => Some(Kind::Setting),
                _ => None,
            },
            EventKind::Disk => match event.detail::<DiskChange>()? {
                DiskChange::Wiped | DiskChange::Torn { .. } => Some(Kind::Disk),
                DiskChange::Slowed { permille } => (permille > 1000).then_some(Kind::Slow),
                _ => None,
            },
            EventKind::Clock => {
                let is_a_fault = event.cause.some().is_none();
                event.detail::<ClockChange>().filter(|_| is_a_fault)?;
                Some(Kind::Clock)
            }
            EventKind::Setting => Some(Kind::Setting),
            _ => None,
        }
    }

    /// A message has come: late by a spike, or with flipped bits.
    fn arrived(&mut self, event: &Event) -> Option<Kind> {
        let spiky = self.spiky.remove(&event.message.0);
        let is_late = spiky.is_some_and(|(sent, extra)| event.time.since(sent) >= extra);
        let said = match event.kind {
            EventKind::Deliver => self.said.remove(&event.message.0),
            _ => None,
        };
        let is_damaged = said.is_some_and(|said| said != event.numbers());
        match (is_late, is_damaged) {
            (true, _) => Some(Kind::Late),
            (_, true) => Some(Kind::Damaged),
            _ => None,
        }
    }
}

/// Whether bits may flip on a link without anybody noticing.
pub(crate) fn damages(scenario: &Scenario) -> bool {
    let own = scenario.links.iter().flat_map(|own| own.settings());
    let mut own = own.map(|(setting, value)| (setting.key, value));
    scenario.network.corruption > 0.0 || own.any(|(key, value)| key == "corruption" && value > 0.0)
}
