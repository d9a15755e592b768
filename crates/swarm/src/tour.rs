//! A case whose viewer seeks, steps, forks, changes the script and changes messages by hand.

use sim::trace::Digest;
use sim::{Action, Place, SimDuration, SimTime, Timeline};

use crate::Case;
use crate::draw::Draw;

/// How many things a viewer does on a tour at most.
const MOST_TURNS: usize = 40;

/// A case after a tour.
pub struct Tour {
    /// What was watched.
    pub case: Case,
    /// Its timeline, with everything that was done.
    pub timeline: Timeline,
}

impl Tour {
    /// Watches the case that these bytes draw, in the way that they draw.
    pub fn of(bytes: &[u8], is_wild: bool) -> Tour {
        let mut draw = Draw::new(bytes, is_wild);
        let case = draw.case();
        let mut timeline = case.timeline();
        for _ in 0..MOST_TURNS {
            if draw.choices.is_empty() {
                break;
            }
            go_on(&mut timeline, &mut draw, case.end);
        }
        Tour { case, timeline }
    }

    /// The digest at the cursor's time of a fresh run with the same script.
    pub fn digest_afresh(&self) -> Digest {
        let mut fresh = self.case.timeline_with(self.timeline.script().to_vec());
        fresh.seek(self.timeline.now());
        fresh.digest()
    }
}

fn go_on(timeline: &mut Timeline, draw: &mut Draw<'_>, end: SimTime) {
    match draw.choices.below(12) {
        0 => {
            timeline.step();
        }
        1 => {
            timeline.step_back();
        }
        2 | 3 => {
            let share = draw.choices.below(256);
            timeline.seek(SimTime::from_nanos(end.as_nanos() / 256 * share));
        }
        4 => {
            timeline.next_interesting();
        }
        5 => {
            timeline.previous_interesting();
        }
        6 | 7 => timeline.intervene(draw.action()),
        8 => take_hold(timeline, draw),
        9 => {
            let branch = draw.choices.below(4) as usize;
            timeline.switch(branch);
        }
        10 => change_script(timeline, draw),
        _ => {
            let rate = draw.choices.below(256) as f64 / 64.0 - 2.0;
            timeline.play(SimDuration::from_millis(100), rate);
        }
    }
}

/// Changes one of the messages that are on their way by hand.
fn take_hold(timeline: &mut Timeline, draw: &mut Draw<'_>) {
    let (place, meddling) = (draw.choices.byte(), draw.meddling());
    let flights = timeline.machine().kernel().flights();
    let mut on_their_way: Vec<_> = flights
        .filter(|flight| flight.place != Place::Inbox)
        .map(|flight| flight.id)
        .collect();
    on_their_way.sort_unstable();
    if !on_their_way.is_empty() {
        let message = on_their_way[usize::from(place) % on_their_way.len()];
        timeline.intervene(Action::Message(message, meddling));
    }
}

/// Takes something out of the script, or puts something in.
fn change_script(timeline: &mut Timeline, draw: &mut Draw<'_>) {
    let mut script = timeline.script().to_vec();
    if draw.choices.chance(128) && !script.is_empty() {
        let place = draw.choices.below(256) as usize % script.len();
        script.remove(place);
    } else {
        script.push(draw.intervention());
    }
    timeline.set_script(script);
}
