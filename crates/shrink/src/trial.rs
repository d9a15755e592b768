//! One run of a case.

use scenario::run::play::{Play, Violation};
use sim::sorted::Map;
use sim::trace::Event;
use sim::{Action, Intervention, MessageId, SimTime};

use crate::case::{Built, Case};
use crate::numbering::{Numbering, Place};
use crate::thing::{Meddled, Thing};

/// How the messages are found to which something is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Naming {
    /// By their places: which one from whom to whom.
    Places,
    /// By the names that a link says, in the run as it is then.
    Names,
}

/// What a run has shown.
pub(crate) struct Trial {
    /// How the check was violated, if it was.
    pub violation: Option<Violation>,
    /// For each thing that is done to a message, whether the message was there, and how it is called in this run.
    found: Vec<Option<Meddled>>,
}

impl Trial {
    /// Runs a case until a check is violated, or to the end.
    pub fn of(case: &Case, check: usize, naming: Naming, memory: usize) -> Trial {
        let built = case.build();
        let mut hand = Hand::of(&built, naming);
        let deeds = hand.deeds(&built);
        let play = Play::new(&built.scenario, &deeds).within(memory);
        let mut numbering = Numbering::default();
        let violation = play.until_violated(check, |id, event, asked| {
            if let Some(place) = numbering.observe(id, event) {
                hand.take(place, event, asked);
            }
        });
        Trial {
            violation,
            found: hand.found,
        }
    }

    /// The case of this run: each message by the name that it has here, and nothing about messages that are not there.
    pub fn told(&self, case: &Case) -> Case {
        let mut found = self.found.iter();
        let things = case.things.iter().filter_map(|thing| match thing {
            Thing::Meddled(_) => found.next().copied().flatten().map(Thing::Meddled),
            thing => Some(thing.clone()),
        });
        Case {
            things: things.collect(),
            calm: case.calm.clone(),
        }
    }
}

/// What takes hold of messages.
struct Hand<'c> {
    naming: Naming,
    meddled: Vec<&'c Meddled>,
    /// Which of these are about a place, or a name.
    by_place: Map<Place, Vec<usize>>,
    by_name: Map<MessageId, Vec<usize>>,
    found: Vec<Option<Meddled>>,
}

impl<'c> Hand<'c> {
    fn of(built: &Built<'c>, naming: Naming) -> Hand<'c> {
        let (mut by_place, mut by_name) = (Map::new(), Map::new());
        for (at, one) in built.meddled.iter().enumerate() {
            match naming {
                Naming::Places => by_place.entry(one.place).or_insert_with(Vec::new).push(at),
                Naming::Names => by_name.entry(one.id).or_insert_with(Vec::new).push(at),
            }
        }
        Hand {
            naming,
            found: vec![None; built.meddled.len()],
            meddled: built.meddled.clone(),
            by_place,
            by_name,
        }
    }

    /// What is done in any case: what is done to messages by their names too.
    fn deeds(&self, built: &Built<'_>) -> Vec<scenario::deed::Timed> {
        let mut deeds = built.deeds.clone();
        if self.naming == Naming::Names {
            deeds.extend(self.meddled.iter().map(|one| one.timed()));
        }
        deeds
    }

    /// A message of this place is on its way from this event on.
    fn take(&mut self, place: Place, event: &Event, asked: &mut Vec<Intervention>) {
        let about = match self.naming {
            Naming::Places => self.by_place.get(&place),
            Naming::Names => self.by_name.get(&event.message),
        };
        for at in about.into_iter().flatten() {
            let one = self.meddled[*at];
            let (after, moment) = match self.naming {
                Naming::Places => (one.after, event.time + one.after),
                Naming::Names if one.at < event.time => continue,
                Naming::Names => (one.at.since(event.time), one.at),
            };
            if self.naming == Naming::Places {
                asked.push(meddling(event.message, one, moment));
            }
            self.found[*at] = Some(Meddled {
                place,
                after,
                id: event.message,
                at: moment,
                ..*one
            });
        }
    }
}

fn meddling(message: MessageId, one: &Meddled, at: SimTime) -> Intervention {
    Intervention {
        at,
        action: Action::Message(message, one.meddling),
    }
}
