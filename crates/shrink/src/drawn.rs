//! What chance did to a run, written down as things: a loss that was drawn becomes a message that is dropped, and the knob that
//! drew it can be calm. Chance does not draw anew for other kinds of faults, because no two kinds share a stream of random numbers.

use scenario::deed::{Cut, CutForm, Deed, NodeDeed, SlowDeed, Timed};
use scenario::document::Scenario;
use scenario::document::scope::{NodeSet, Who};
use scenario::run::build;
use sim::action::{Meddling, MishapKind};
use sim::network::CutMode;
use sim::sorted::{Map, Set};
use sim::trace::{Event, EventKind, Limp, Loss, Lost, NetworkChange};
use sim::{Action, Intervention, MessageId, NodeId, SimDuration, SimTime};

use crate::case::Case;
use crate::family::Family;
use crate::numbering::Place;
use crate::thing::{Meddled, Thing};

/// A message, as it was sent, and what became of it.
struct Sent {
    id: MessageId,
    place: Place,
    at: SimTime,
    /// What it says, in numbers.
    said: [i64; 3],
    /// When it first came to its receiver.
    came: Option<SimTime>,
    why: Option<Loss>,
    is_damaged: bool,
    /// By how much a spike makes messages of its link late, if it may meet one.
    spike: Option<SimDuration>,
}

/// What chance did to a run.
pub(crate) struct Drawn {
    scenario: Scenario,
    sent: Vec<Sent>,
    /// Messages that somebody took hold of: what became of them is no chance.
    by_hand: Set<MessageId>,
    /// What befell nodes and links.
    struck: Vec<Timed>,
    /// When something is done to the run, and to which nodes: that is no chance.
    scripted: Set<SimTime>,
    /// What strikes under each name, and which cuts come and go.
    isolated: Map<u32, NodeId>,
    flaps: Map<u32, Cut>,
}

/// Names of cuts in events: from here on those that come and go, and those of faults that strike.
const FLAPPING: i64 = 1 << 32;
const MISHAP: i64 = 1 << 33;

impl Drawn {
    /// Nothing so far, of a run with these deeds on top of its plan.
    pub fn of(scenario: &Scenario, deeds: &[Timed]) -> Drawn {
        let script = build::script(scenario, deeds);
        let done = scenario.plan.iter().chain(deeds);
        let flaps = done.clone().filter_map(|timed| match &timed.deed {
            Deed::Flap(flap) => Some((flap.cut.name(), flap.cut)),
            _ => None,
        });
        let planned = (0..).zip(&scenario.flapping);
        let planned = planned.map(|(name, flapping)| (name, flapping.cut));
        Drawn {
            isolated: isolated(scenario, &script),
            flaps: flaps.chain(planned).collect(),
            scripted: done.map(|timed| timed.at).collect(),
            scenario: scenario.clone(),
            sent: Vec::new(),
            by_hand: Set::new(),
            struck: Vec::new(),
        }
    }

    /// Takes in the next event, with the place of a message that is sent or copied in it.
    pub fn observe(&mut self, event: &Event, place: Option<Place>) {
        if let Some(place) = place {
            self.sent(event, place);
        }
        match event.kind {
            EventKind::Deliver | EventKind::Queued | EventKind::Lost => self.ended(event),
            EventKind::Meddled => drop(self.by_hand.insert(event.message)),
            EventKind::Crash | EventKind::Restart | EventKind::Pause | EventKind::Resume => {
                self.befallen(event)
            }
            EventKind::Limp | EventKind::Network => self.befallen(event),
            _ => {}
        }
    }

    fn sent(&mut self, event: &Event, place: Place) {
        let network = self.scenario.link_settings(place.from, place.to);
        let spike = (network.spike > 0.0).then_some(network.spike_extra);
        self.sent.push(Sent {
            id: event.message,
            place,
            at: event.time,
            said: event.numbers(),
            came: None,
            why: None,
            is_damaged: false,
            spike: spike.map(SimDuration::from_nanos_f64),
        });
    }

    fn ended(&mut self, event: &Event) {
        let found = self
            .sent
            .binary_search_by_key(&event.message, |sent| sent.id);
        let Ok(found) = found else {
            return;
        };
        let sent = &mut self.sent[found];
        let why = event.detail::<Lost>().map(|lost| lost.why);
        let is_lost = matches!(why, Some(Loss::Link | Loss::Burst | Loss::Checksum));
        if is_lost {
            sent.why = why;
        } else if sent.came.is_none() {
            sent.came = Some(event.time);
        }
        sent.is_damaged |= event.kind == EventKind::Deliver && event.numbers() != sent.said;
    }

    /// Something befell a node, at a moment at which nothing is done, or links: what comes by itself has names of its own there.
    fn befallen(&mut self, event: &Event) {
        if event.kind != EventKind::Network && self.scripted.contains(&event.time) {
            return;
        }
        let who = Who::Nodes(NodeSet::of(event.node));
        let deed = match event.kind {
            EventKind::Crash => Some(Deed::Node(NodeDeed::Crash, who)),
            EventKind::Restart => Some(Deed::Node(NodeDeed::Restart, who)),
            EventKind::Pause => Some(Deed::Node(NodeDeed::Pause, who)),
            EventKind::Resume => Some(Deed::Node(NodeDeed::Resume, who)),
            EventKind::Limp => event
                .detail::<Limp>()
                .map(|limp| Deed::Slow(SlowDeed::Node, who, limp.permille)),
            _ => self.cut_or_healed(event),
        };
        let at = event.time;
        self.struck.extend(deed.map(|deed| Timed { at, deed }));
    }

    fn cut_or_healed(&self, event: &Event) -> Option<Deed> {
        match event.detail::<NetworkChange>()? {
            NetworkChange::Cut { name } => self.cut(name).map(Deed::Cut),
            NetworkChange::Heal { name } => self.cut(name?).map(|cut| Deed::Heal(Some(cut))),
            _ => None,
        }
    }

    /// The cut that comes by itself and has this name in events.
    fn cut(&self, name: i64) -> Option<Cut> {
        let of = |from: i64| u32::try_from(name - from).ok();
        let isolated = of(MISHAP).and_then(|name| self.isolated.get(&name));
        let isolate = |node: &NodeId| Cut {
            form: CutForm::Isolate(Who::Nodes(NodeSet::of(*node))),
            mode: CutMode::Drop,
        };
        let flap = of(FLAPPING).and_then(|name| self.flaps.get(&name));
        isolated.map(isolate).or_else(|| flap.copied())
    }

    /// A case in which what chance drew of these families is done on purpose, up to a moment; nothing if no chance draws
    /// them.
    pub fn made_explicit(&self, case: &Case, families: &[Family], until: SimTime) -> Option<Case> {
        let by_chance = |thing: &Thing| families.iter().any(|family| family.is_drawn_by(thing));
        let mut explicit = case.clone();
        explicit.things.retain(|thing| !by_chance(thing));
        if explicit.things.len() == case.things.len() {
            return None;
        }
        let of = |family| families.contains(&family);
        let struck = self.struck.iter();
        let struck = struck.filter(|timed| timed.at <= until && of(family_of(timed)));
        explicit.things.extend(struck.map(|timed| Thing::Done {
            timed: timed.clone(),
            is_planned: false,
        }));
        let messages = self.sent.iter();
        let messages = messages.filter(|sent| sent.at <= until && !self.by_hand.contains(&sent.id));
        for sent in messages {
            let done = self.done_to(sent, families).into_iter();
            explicit
                .things
                .extend(done.map(|meddling| sent.meddled(meddling)));
        }
        Some(explicit)
    }

    /// What chance did to a message, as a hand would do it. An original is copied before it is lost; a copy that is lost
    /// need not be made.
    fn done_to(&self, sent: &Sent, families: &[Family]) -> Vec<Meddling> {
        let of = |family| families.contains(&family);
        let is_copy = sent.place.copy > 0;
        let mut done = Vec::new();
        if is_copy {
            let later = self.lag(sent).filter(|_| of(Family::Duplicates));
            return later.map(Meddling::Delay).into_iter().collect();
        }
        if of(Family::Duplicates) {
            done.extend(self.copies(sent).map(|_| Meddling::Duplicate));
        }
        if of(Family::Damage) && sent.is_damaged {
            done.push(Meddling::Corrupt);
        }
        if let (true, Some(later)) = (of(Family::Spikes), sent.spiked()) {
            done.push(Meddling::Delay(later));
        }
        let loses = match sent.why {
            Some(Loss::Checksum) => of(Family::Damage),
            Some(_) => of(Family::Losses),
            None => false,
        };
        if loses {
            done.push(Meddling::Drop);
        }
        done
    }

    /// The copies of a message that came.
    fn copies<'d>(&'d self, of: &'d Sent) -> impl Iterator<Item = &'d Sent> {
        let at = self.sent.binary_search_by_key(&of.id, |sent| sent.id);
        let after = self.sent.iter().skip(at.map_or(usize::MAX, |at| at + 1));
        let copies = after.take_while(|sent| {
            sent.place.copy > 0
                && Place {
                    copy: 0,
                    ..sent.place
                } == of.place
                && sent.at == of.at
        });
        copies.filter(|copy| copy.came.is_some())
    }

    /// How much later than a copy made by hand a copy came: that is a quarter of its original's way behind it.
    fn lag(&self, copy: &Sent) -> Option<SimDuration> {
        let original = Place {
            copy: 0,
            ..copy.place
        };
        // It stands just before its copies.
        let at = self.sent.binary_search_by_key(&copy.id, |sent| sent.id);
        let before = self.sent[..at.ok()?].iter().rev();
        let original = before
            .take_while(|sent| sent.at == copy.at)
            .find(|sent| sent.place == original)?;
        let way = original.came?.since(original.at);
        let by_hand = original.came? + way.scaled_permille(250);
        let later = copy.came?.since(by_hand);
        (!later.is_zero()).then_some(later)
    }
}

impl Sent {
    fn meddled(&self, meddling: Meddling) -> Thing {
        Thing::Meddled(Meddled {
            place: self.place,
            after: SimDuration::ZERO,
            meddling,
            id: self.id,
            at: self.at,
        })
    }

    /// By how much a spike made it late, if one did: as far as that can be told from how long it took.
    fn spiked(&self) -> Option<SimDuration> {
        let took = self.came?.since(self.at);
        self.spike.filter(|extra| took >= *extra)
    }
}

fn family_of(timed: &Timed) -> Family {
    match &timed.deed {
        Deed::Cut(cut) | Deed::Heal(Some(cut)) if !is_of_a_node(cut) => Family::Flaps,
        _ => Family::Strikes,
    }
}

fn is_of_a_node(cut: &Cut) -> bool {
    matches!(cut.form, CutForm::Isolate(_))
}

/// The node that is cut off by each fault of that kind, by the fault's name.
fn isolated(scenario: &Scenario, script: &[Intervention]) -> Map<u32, NodeId> {
    let nodes = scenario.nodes.len();
    let planned = scenario.mishaps.iter().flat_map(|mishap| {
        let strikes = mishap.nodes.nodes(nodes);
        strikes.map(|node| (node, mishap.kind))
    });
    let planned = (0..)
        .zip(planned)
        .map(|(name, (node, kind))| (name, node, kind));
    let added = script.iter().filter_map(|done| match &done.action {
        Action::AddMishap(name, mishap) => Some((*name, mishap.node, mishap.kind)),
        _ => None,
    });
    let all = planned.chain(added);
    let isolating = all.filter(|(_, _, kind)| *kind == MishapKind::Isolate);
    isolating.map(|(name, node, _)| (name, node)).collect()
}
