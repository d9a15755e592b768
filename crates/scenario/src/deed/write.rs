//! From a deed to text.

use sim::SimDuration;
use sim::action::Meddling;

use super::verbs::{CLOCK_DEEDS, MEDDLINGS, NO_SERVER, NODE_DEEDS, SLOW_DEEDS};
use crate::model::{Cut, Deed, Scenario, Timed};
use crate::terms::quantity::{Unit, factor};
use crate::terms::scope::NodeSet;
use crate::terms::words::word;

impl Timed {
    /// Writes the deed so that [`Timed::parse`] reads it back.
    pub fn format(&self, scenario: &Scenario) -> String {
        format!("{}@{}", self.deed.format(scenario), self.at)
    }
}

impl Deed {
    /// Writes the deed so that [`Deed::parse`] reads it back.
    pub fn format(&self, scenario: &Scenario) -> String {
        let names = &scenario.names();
        let signed = |nanos: i64| {
            let sign = if nanos < 0 { '-' } else { '+' };
            format!("{sign}{}", SimDuration::from_nanos(nanos.unsigned_abs()))
        };
        let of_cut = |verb: &str, cut: &Option<Cut>| match cut {
            Some(cut) => format!("{verb}:{}", cut.format_short(names)),
            None => verb.to_owned(),
        };
        match self {
            Deed::Turn(knob, value) => {
                let value = knob.range().unit.format(*value);
                format!("{}:{value}", knob.key(scenario))
            }
            Deed::Node(deed, who) => {
                format!("{}:{}", word(&NODE_DEEDS, *deed), who.format(names))
            }
            Deed::Slow(deed, who, permille) => {
                let factor = factor(*permille);
                format!(
                    "{}:{}*{factor}",
                    word(&SLOW_DEEDS, *deed),
                    who.format(names)
                )
            }
            Deed::Step(who, nanos) => format!("step:{}{}", who.format(names), signed(*nanos)),
            Deed::Slew(who, nanos, rate) => {
                let rate = Unit::Ppm.format(*rate);
                format!("slew:{}{}*{rate}", who.format(names), signed(*nanos))
            }
            Deed::Rate(clock, role, rate) => {
                let (clock, rate) = (word(&CLOCK_DEEDS, *clock), Unit::Ppm.format(*rate));
                format!("{clock}.{}:{rate}", role.word())
            }
            Deed::Ntp(nodes, server) => {
                let server = server.map(|server| NodeSet::of(server).format(names));
                let server = server.as_deref().unwrap_or(NO_SERVER);
                format!("ntp:{}={server}", nodes.format(names))
            }
            Deed::Cut(cut) => cut.format(names),
            Deed::Heal(cut) => of_cut("heal", cut),
            Deed::Strike(strike) => format!("strike{}", strike.format(names)),
            Deed::Calm(strike) => {
                let which = strike.map(|strike| strike.format_name(names));
                format!("calm{}", which.unwrap_or_default())
            }
            Deed::Flap(flap) => format!("flap:{}", flap.format(names)),
            Deed::Unflap(cut) => of_cut("unflap", cut),
            Deed::Filter(filter) => format!("filter{}", filter.format(scenario)),
            Deed::Unfilter(filter) => {
                let which = filter.map(|filter| filter.format(scenario));
                format!("unfilter{}", which.unwrap_or_default())
            }
            Deed::Message(message, Meddling::Delay(length)) => format!("delay:{message}+{length}"),
            Deed::Message(message, meddling) => {
                format!("{}:{message}", word(&MEDDLINGS, *meddling))
            }
            Deed::Operation(who, operation, argument) => {
                let word = scenario.protocol.vocabulary.operations;
                let name = word
                    .get(usize::from(*operation))
                    .map_or("", |word| word.name);
                let who = who.format(names);
                match argument {
                    0 => format!("op.{name}:{who}"),
                    argument => format!("op.{name}:{who}={argument}"),
                }
            }
        }
    }
}
