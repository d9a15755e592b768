//! Settings and interventions drawn from choices.
//!
//! Every knob is off unless a byte says otherwise. In a wild case numbers are of any size, the largest and the smallest
//! above all; in a tame one they are such that a run shows what the knob does.
//!
//! | file | its subject |
//! | --- | --- |
//! | `mod` | a case, and the numbers that all else is drawn from |
//! | `settings` | what a run starts from |
//! | `deeds` | what is done to it |

mod deeds;
mod settings;

use sim::clock::Rate;
use sim::random::Probability;
use sim::{Intervention, NodeId, SimDuration, SimTime};

use crate::{Case, Choices, Little};

impl Case {
    /// A case with sane settings.
    pub fn draw(bytes: &[u8]) -> Case {
        Draw::new(bytes, false).case()
    }
}

pub(crate) struct Draw<'a> {
    /// What every decision is read from.
    pub choices: Choices<'a>,
    is_wild: bool,
    nodes: u16,
    end: SimTime,
}

impl<'a> Draw<'a> {
    /// A drawing from bytes. One that is wild may draw settings beyond what makes sense.
    pub fn new(bytes: &'a [u8], is_wild: bool) -> Draw<'a> {
        Draw {
            choices: Choices::new(bytes),
            is_wild,
            nodes: 0,
            end: SimTime::ZERO,
        }
    }

    /// A protocol, a setup for it, and up to 11 interventions, in the order of time.
    pub fn case(&mut self) -> Case {
        let protocol = self.choices.pick(&[
            Little::Chatter,
            Little::Ring,
            Little::Gossip,
            Little::PingPong(2),
        ]);
        self.nodes = 2 + self.choices.below(5) as u16;
        self.end = SimTime::from_millis(1000 + self.choices.below(5) * 1000);
        let setup = self.setup();
        let count = self.choices.below(12);
        let mut script: Vec<_> = (0..count).map(|_| self.intervention()).collect();
        script.sort_by_key(|intervention: &Intervention| intervention.at);
        Case {
            protocol,
            setup,
            script,
            end: self.end,
        }
    }

    /// Mostly none, at most 3.
    fn few(&mut self) -> u64 {
        self.choices.below(8).saturating_sub(4)
    }

    fn is_on(&mut self) -> bool {
        self.choices.chance(96)
    }

    /// A setting that is there or not.
    fn option<T>(&mut self, draw: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.is_on().then(|| draw(self))
    }

    /// A number of any size, the extremes above all.
    fn any(&mut self) -> u64 {
        match self.choices.below(6) {
            0 => 0,
            1 => 1,
            2 => u64::MAX,
            3 => i64::MAX as u64,
            4 => i64::MIN as u64,
            _ => self.choices.bits(),
        }
    }

    /// Up to `most_ms`, and never zero.
    fn length(&mut self, most_ms: u64) -> SimDuration {
        if self.is_wild && self.is_on() {
            return SimDuration::from_nanos(self.any());
        }
        let micros = 1 + self.choices.below(256) * most_ms * 1000 / 256;
        SimDuration::from_micros(micros)
    }

    /// From minus to plus `most_ms`, in nanoseconds.
    fn shift(&mut self, most_ms: u64) -> i64 {
        if self.is_wild && self.is_on() {
            return self.any() as i64;
        }
        let length = self.length(most_ms).as_nanos() as i64;
        if self.choices.chance(128) {
            length.wrapping_neg()
        } else {
            length
        }
    }

    fn rate(&mut self) -> Rate {
        if self.is_wild && self.is_on() {
            return Rate(self.any() as i64);
        }
        Rate::ppm(self.choices.below(256) as i64 * 8 - 1024)
    }

    fn permille(&mut self) -> u32 {
        if self.is_wild && self.is_on() {
            return self.any() as u32;
        }
        1000 * (1 + self.choices.below(10) as u32)
    }

    fn probability(&mut self, most: f64) -> Probability {
        let share = (1 + self.choices.below(256)) as f64 / 256.0;
        Probability::new(share * if self.is_wild { 1.0 } else { most })
    }

    fn node(&mut self) -> NodeId {
        if self.is_wild && self.choices.chance(16) {
            return NodeId(self.any() as u16);
        }
        NodeId(self.choices.below(self.nodes.into()) as u16)
    }

    fn some_nodes(&mut self) -> Vec<NodeId> {
        let count = self.choices.below(3) + 1;
        (0..count).map(|_| self.node()).collect()
    }
}
