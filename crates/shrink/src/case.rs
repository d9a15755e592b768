//! A run as a calm scenario and the things that disturb it.

use scenario::deed::{Deed, Timed};
use scenario::document::Scenario;
use scenario::document::scope::Scope;
use scenario::knob::Knob;
use scenario::variant::Variant;
use sim::{SimDuration, SimTime};

use crate::family::Family;
use crate::numbering::Place;
use crate::thing::{Meddled, Thing, at_rest, split};

/// A run as a calm scenario and the things that disturb it.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    /// The scenario without the things.
    pub calm: Scenario,
    /// What disturbs it.
    pub things: Vec<Thing>,
}

/// A case as it is run: what is done to messages stands apart.
pub(crate) struct Built<'c> {
    pub scenario: Scenario,
    pub deeds: Vec<Timed>,
    pub meddled: Vec<&'c Meddled>,
}

impl Case {
    /// The run of a variant of a lab's scenario. It has the same events.
    pub fn of(variant: &Variant, lab: &Scenario) -> Case {
        let mut calm = variant.scenario.clone();
        let mut things = Vec::new();
        for knob in Knob::all(&variant.scenario) {
            let value = knob.value(&variant.scenario);
            let is_of_some_links = matches!(knob, Knob::Link(_, scope) if scope != Scope::ALL);
            let at_rest = at_rest(&knob, lab);
            let is_disturbed =
                is_of_some_links || value != at_rest && knob.set(&mut calm, at_rest).is_ok();
            if is_disturbed {
                things.push(Thing::Turned(knob, value));
            }
        }
        calm.links.clear();
        things.extend(calm.mishaps.drain(..).map(Thing::Mishap));
        things.extend(calm.flapping.drain(..).map(Thing::Flapping));
        let nodes = calm.nodes.len();
        let planned = std::mem::take(&mut calm.plan);
        for (deeds, is_planned) in [(&planned, true), (&variant.deeds, false)] {
            for timed in deeds.iter().flat_map(|timed| split(timed, nodes)) {
                things.push(done(timed, is_planned));
            }
        }
        Case { calm, things }
    }

    /// The same without some of its things.
    pub fn keeping(&self, kept: &[bool]) -> Case {
        let things = self.things.iter().zip(kept);
        let kept = things.filter(|(_, is_kept)| **is_kept);
        Case {
            calm: self.calm.clone(),
            things: kept.map(|(thing, _)| thing.clone()).collect(),
        }
    }

    /// What is run.
    pub fn build(&self) -> Built<'_> {
        let mut scenario = self.calm.clone();
        let (mut deeds, mut meddled) = (Vec::new(), Vec::new());
        for thing in &self.things {
            match thing {
                Thing::Done { timed, is_planned } => match is_planned {
                    true => scenario.plan.push(timed.clone()),
                    false => deeds.push(timed.clone()),
                },
                Thing::Meddled(one) => meddled.push(one),
                // It stood there before.
                Thing::Turned(knob, value) => drop(knob.set(&mut scenario, *value)),
                Thing::Mishap(mishap) => scenario.mishaps.push(*mishap),
                Thing::Flapping(flapping) => scenario.flapping.push(*flapping),
            }
        }
        Built {
            scenario,
            deeds,
            meddled,
        }
    }

    /// The variant that runs the same, with messages by the names that they have in the run that is known.
    pub fn variant(&self) -> Variant {
        let built = self.build();
        let mut variant = Variant::of(built.scenario);
        variant.deeds = built.deeds;
        variant
            .deeds
            .extend(built.meddled.iter().map(|one| one.timed()));
        variant.deeds.sort_by_key(|timed| timed.at);
        variant
    }

    /// Whether chance draws faults in it that could be done on purpose.
    pub fn is_by_chance(&self) -> bool {
        let is_drawn = |thing| Family::ALL.iter().any(|family| family.is_drawn_by(thing));
        self.things.iter().any(is_drawn)
    }

    /// How many deeds it has on top of the plan.
    pub fn deeds(&self) -> usize {
        let deeds = self.things.iter().filter(|thing| match thing {
            Thing::Done { is_planned, .. } => !is_planned,
            Thing::Meddled(_) => true,
            _ => false,
        });
        deeds.count()
    }
}

/// A deed as a thing. Of a message that is named nothing is known before a run has sent it.
fn done(timed: Timed, is_planned: bool) -> Thing {
    match timed.deed {
        Deed::Message(id, meddling) => Thing::Meddled(Meddled {
            place: Place::UNKNOWN,
            after: SimDuration::ZERO,
            meddling,
            id,
            at: timed.at,
        }),
        _ => Thing::Done { timed, is_planned },
    }
}

/// The whole milliseconds that hold a moment.
pub(crate) fn whole_millis(at: SimTime) -> SimDuration {
    const MILLI: u64 = 1_000_000;
    SimDuration::from_nanos(at.as_nanos().max(1).next_multiple_of(MILLI))
}
