//! What is done to a run, as plans and links write it: `crash:bank@2.4s`, `latency:120ms@3.2s`.
//!
//! | written | what happens |
//! | --- | --- |
//! | `crash:a`, `restart:a`, `pause:a`, `resume:a`, `wipe:a` | to nodes: one, several (`a+b`), or a role (`all`, `random`, `leader`, `majority`, `minority`) |
//! | `limp:a*5`, `slowdisk:a*10` | a node, or its disk, is slower by a factor; 1 is healthy |
//! | `step:a+300ms`, `slew:a-300ms*500ppm` | a wall clock jumps, or is corrected at a rate |
//! | `drift.leader:200ppm`, `monotonic.all:-50ppm` | the clocks of a role run at another rate |
//! | `ntp:a=b`, `ntp:a=none` | a wall clock is synchronised with another node's from now on, or with none |
//! | `cut:a-b`, `cut:a..b`, `split:a+b`, `isolate:a`, `mute:a`, `halves`, `bridge:a`, `ring`, `half` | a [`Cut`]; with `hold-` before it, messages wait |
//! | `heal`, `heal:halves`, `heal:a-b` | all cuts heal, or one |
//! | `filter:pay`, `filter.a..b:pay*0.5`, `filter:any`, `unfilter`, `unfilter:pay` | messages of a kind are dropped |
//! | `strike.crash:a=20s/2s`, `strike.limp*5:all=20s/2s`, `calm`, `calm.crash:a` | from now on a fault strikes at random: so long between two, so long one lasts |
//! | `flap:halves=2s/5s`, `flap:a-b=2s/5s`, `unflap`, `unflap:halves` | from now on a cut comes and goes: so long it stays, so long it is gone |
//! | `drop:m45`, `delay:m45+200ms`, `dup:m45`, `now:m45`, `corrupt:m45` | to a message on its way |
//! | `op.pay:alice`, `op.write:a=5` | one of the protocol's own operations, with its argument |
//! | `loss:0.3`, `latency.a-b:300ms`, `skew.a:2s` | a knob is turned |
//!
//! - `cut`: cuts
//! - `filter`: filters
//! - `chance`: what comes and goes by itself
//! - `act`: what the kernel has to do for each

mod act;
mod chance;
mod cut;
mod filter;
pub(crate) mod name;

pub use chance::{Flap, Strike};
pub use cut::{Cut, CutForm};
pub use filter::Filtering;

use cut::one;

use sim::action::Meddling;
use sim::{MessageId, NodeId, SimDuration, SimTime};

use crate::document::Scenario;
use crate::document::fields::nearest;
use crate::document::limits::{DRIFT, FACTOR, LONGEST_DEED, SKEW};
use crate::knob::Knob;
use crate::quantity::{Range, Unit, shortened};
use crate::scope::{Names, NodeSet, Role, Who};
use crate::setting;

/// Something done to a run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Deed {
    /// A knob is turned to a value in its base unit.
    Turn(Knob, f64),
    /// Something happens to nodes.
    Node(NodeDeed, Who),
    /// Nodes become slower or faster: so many thousandths of the usual time.
    Slow(SlowDeed, Who, u32),
    /// Wall clocks jump by so many nanoseconds.
    Step(Who, i64),
    /// Wall clocks are corrected by so many nanoseconds, at a rate in ppm.
    Slew(Who, i64, f64),
    /// The clocks of a role run at another rate, in ppm.
    Rate(ClockDeed, Role, f64),
    /// Wall clocks are synchronised with a node's from now on, or with none.
    Ntp(NodeSet, Option<NodeId>),
    /// Links are cut.
    Cut(Cut),
    /// A cut heals, or all do.
    Heal(Option<Cut>),
    /// Messages of a kind are dropped.
    Filter(Filtering),
    /// A filter is taken away, or all are.
    Unfilter(Option<Filtering>),
    /// A fault strikes at random from now on.
    Strike(Strike),
    /// A fault no longer strikes, or none does.
    Calm(Option<Strike>),
    /// A cut comes and goes from now on.
    Flap(Flap),
    /// A cut no longer comes and goes, or none does.
    Unflap(Option<Cut>),
    /// A message on its way is taken hold of.
    Message(MessageId, Meddling),
    /// Nodes do an operation of their protocol, by its place in the vocabulary.
    Operation(Who, u8, i64),
}

/// What can happen to a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeDeed {
    /// It crashes.
    Crash,
    /// It restarts.
    Restart,
    /// It pauses.
    Pause,
    /// It resumes.
    Resume,
    /// Its disk is lost.
    Wipe,
}

/// What of a node can be slow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlowDeed {
    /// All of it.
    Node,
    /// Its disk.
    Disk,
}

/// Which clock runs at another rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockDeed {
    /// The wall clock.
    Wall,
    /// The monotonic clock.
    Monotonic,
}

/// A deed with its moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Timed {
    /// When it is done.
    pub at: SimTime,
    /// What is done.
    pub deed: Deed,
}

const NODE_DEEDS: [(&str, NodeDeed); 5] = [
    ("crash", NodeDeed::Crash),
    ("restart", NodeDeed::Restart),
    ("pause", NodeDeed::Pause),
    ("resume", NodeDeed::Resume),
    ("wipe", NodeDeed::Wipe),
];

const SLOW_DEEDS: [(&str, SlowDeed); 2] = [("limp", SlowDeed::Node), ("slowdisk", SlowDeed::Disk)];

const CLOCK_DEEDS: [(&str, ClockDeed); 2] = [
    ("drift", ClockDeed::Wall),
    ("monotonic", ClockDeed::Monotonic),
];

const MEDDLINGS: [(&str, Meddling); 4] = [
    ("drop", Meddling::Drop),
    ("dup", Meddling::Duplicate),
    ("now", Meddling::DeliverNow),
    ("corrupt", Meddling::Corrupt),
];

/// How fast a clock is corrected if nothing is said: as fast as the kernels of common systems allow.
const SLEW_RATE: f64 = 500.0;

/// The word for no time server.
const NO_SERVER: &str = "none";

/// How far a message may be delayed.
const DELAY: Range = Range::duration(0.0, 3600e9);

impl Timed {
    /// Reads a deed for `scenario`, or says what is wrong with it.
    pub fn parse(text: &str, scenario: &Scenario) -> Result<Timed, String> {
        let shown = shortened(text);
        let form = || {
            let node = scenario.nodes.first().map_or("a", |node| &node.name);
            format!("is \"{shown}\"; it must look like crash:{node}@2.4s")
        };
        if text.len() > LONGEST_DEED {
            return Err(format!("is \"{shown}\"; it may have {LONGEST_DEED} bytes"));
        }
        let (what, at) = text.rsplit_once('@').ok_or_else(form)?;
        let nanos = Unit::Duration
            .parse(at)
            .filter(|nanos| *nanos >= 0.0)
            .ok_or_else(form)?;
        let at = SimTime::from_nanos(nanos as u64);
        let deed = Deed::parse(what, scenario).map_err(|what| format!("is \"{shown}\": {what}"))?;
        Ok(Timed { at, deed })
    }

    /// Writes the deed such that [`Timed::parse`] reads it back.
    pub fn format(&self, scenario: &Scenario) -> String {
        format!("{}@{}", self.deed.format(scenario), self.at)
    }
}

impl Deed {
    /// Reads a deed without its moment, or says what is wrong with it.
    pub fn parse(text: &str, scenario: &Scenario) -> Result<Deed, String> {
        let names = &scenario.names();
        let (verb, argument) = match text.split_once(':') {
            Some((verb, argument)) => (verb, Some(argument)),
            None => (text, None),
        };
        if Cut::is_verb(verb) {
            return Cut::parse(text, names).map(Deed::Cut);
        }
        match (verb, argument) {
            ("heal", None) => return Ok(Deed::Heal(None)),
            ("unfilter", None) => return Ok(Deed::Unfilter(None)),
            ("calm", None) => return Ok(Deed::Calm(None)),
            ("unflap", None) => return Ok(Deed::Unflap(None)),
            _ => {}
        }
        let argument = argument.ok_or_else(|| unknown(verb))?;
        if let Some((_, deed)) = NODE_DEEDS.iter().find(|(name, _)| *name == verb) {
            return Ok(Deed::Node(*deed, Who::parse(argument, names)?));
        }
        if let Some((_, deed)) = SLOW_DEEDS.iter().find(|(name, _)| *name == verb) {
            return slow(*deed, argument, names);
        }
        if let Some((_, meddling)) = MEDDLINGS.iter().find(|(name, _)| *name == verb) {
            return Ok(Deed::Message(message(argument)?, *meddling));
        }
        let (head, tail) = verb.split_once('.').unwrap_or((verb, ""));
        match head {
            "step" => step(argument, names),
            "slew" => slew(argument, names),
            "delay" => delay(argument),
            "ntp" => ntp(argument, names),
            "heal" => Cut::parse_short(argument, names).map(|cut| Deed::Heal(Some(cut))),
            "strike" => Strike::parse(tail, argument, names).map(Deed::Strike),
            "calm" => Strike::parse_name(tail, argument, names).map(|calm| Deed::Calm(Some(calm))),
            "flap" => Flap::parse(argument, names).map(Deed::Flap),
            "unflap" => Cut::parse_short(argument, names).map(|cut| Deed::Unflap(Some(cut))),
            "filter" => Filtering::parse(tail, argument, scenario).map(Deed::Filter),
            "unfilter" => Filtering::parse(tail, argument, scenario)
                .map(|filter| Deed::Unfilter(Some(filter))),
            "op" => operation(tail, argument, scenario),
            _ => turn(verb, argument, scenario),
        }
    }

    /// Writes the deed such that [`Deed::parse`] reads it back.
    pub fn format(&self, scenario: &Scenario) -> String {
        let names = &scenario.names();
        let signed = |nanos: i64| {
            let sign = if nanos < 0 { '-' } else { '+' };
            format!("{sign}{}", SimDuration::from_nanos(nanos.unsigned_abs()))
        };
        match self {
            Deed::Turn(knob, value) => {
                let value = knob.range().unit.format(*value);
                format!("{}:{value}", knob.key(scenario))
            }
            Deed::Node(deed, who) => {
                format!("{}:{}", word(&NODE_DEEDS, deed), who.format(names))
            }
            Deed::Slow(deed, who, permille) => {
                let factor = f64::from(*permille) / 1000.0;
                format!("{}:{}*{factor}", word(&SLOW_DEEDS, deed), who.format(names))
            }
            Deed::Step(who, nanos) => format!("step:{}{}", who.format(names), signed(*nanos)),
            Deed::Slew(who, nanos, rate) => {
                let rate = Unit::Ppm.format(*rate);
                format!("slew:{}{}*{rate}", who.format(names), signed(*nanos))
            }
            Deed::Rate(clock, role, rate) => {
                let (clock, rate) = (word(&CLOCK_DEEDS, clock), Unit::Ppm.format(*rate));
                format!("{clock}.{}:{rate}", role.word())
            }
            Deed::Ntp(nodes, server) => {
                let server = server.map(|server| NodeSet::of(server).format(names));
                let server = server.as_deref().unwrap_or(NO_SERVER);
                format!("ntp:{}={server}", nodes.format(names))
            }
            Deed::Cut(cut) => cut.format(names),
            Deed::Heal(None) => "heal".to_owned(),
            Deed::Heal(Some(cut)) => format!("heal:{}", cut.format_short(names)),
            Deed::Strike(strike) => format!("strike{}", strike.format(names)),
            Deed::Calm(None) => "calm".to_owned(),
            Deed::Calm(Some(strike)) => format!("calm{}", strike.format_name(names)),
            Deed::Flap(flap) => format!("flap:{}", flap.format(names)),
            Deed::Unflap(None) => "unflap".to_owned(),
            Deed::Unflap(Some(cut)) => format!("unflap:{}", cut.format_short(names)),
            Deed::Filter(filter) => format!("filter{}", filter.format(scenario)),
            Deed::Unfilter(None) => "unfilter".to_owned(),
            Deed::Unfilter(Some(filter)) => format!("unfilter{}", filter.format(scenario)),
            Deed::Message(message, Meddling::Delay(length)) => format!("delay:{message}+{length}"),
            Deed::Message(message, meddling) => {
                format!("{}:{message}", word(&MEDDLINGS, meddling))
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

fn slow(deed: SlowDeed, argument: &str, names: &Names<'_>) -> Result<Deed, String> {
    let (who, factor) = argument
        .rsplit_once('*')
        .ok_or("a factor is missing, as in *5")?;
    let factor = FACTOR
        .parse(factor)
        .map_err(|what| format!("the factor {what}"))?;
    let permille = libm::round(factor * 1000.0) as u32;
    Ok(Deed::Slow(deed, Who::parse(who, names)?, permille))
}

/// Reads `who+300ms` or `who-300ms`.
fn offset(text: &str, names: &Names<'_>) -> Result<(Who, i64), String> {
    let place = text
        .rfind(['+', '-'])
        .ok_or("an offset is missing, as in +300ms")?;
    let nanos = SKEW
        .parse(&text[place..])
        .map_err(|what| format!("the offset {what}"))?;
    Ok((Who::parse(&text[..place], names)?, nanos as i64))
}

fn step(argument: &str, names: &Names<'_>) -> Result<Deed, String> {
    let (who, nanos) = offset(argument, names)?;
    Ok(Deed::Step(who, nanos))
}

fn slew(argument: &str, names: &Names<'_>) -> Result<Deed, String> {
    let (clock, rate) = match argument.rsplit_once('*') {
        Some((clock, rate)) => (clock, Range::ppm(0.001, DRIFT.max).parse(rate)),
        None => (argument, Ok(SLEW_RATE)),
    };
    let (who, nanos) = offset(clock, names)?;
    let rate = rate.map_err(|what| format!("the rate {what}"))?;
    Ok(Deed::Slew(who, nanos, rate))
}

fn ntp(argument: &str, names: &Names<'_>) -> Result<Deed, String> {
    let (nodes, server) = argument
        .split_once('=')
        .ok_or("a server is missing, as in =a, or =none")?;
    let nodes = NodeSet::parse(nodes, names)?;
    if server == NO_SERVER {
        return Ok(Deed::Ntp(nodes, None));
    }
    let found = one(server, names)?;
    if nodes.contains(found) {
        return Err(format!("\"{server}\" cannot be its own server"));
    }
    Ok(Deed::Ntp(nodes, Some(found)))
}

fn delay(argument: &str) -> Result<Deed, String> {
    let (id, length) = argument
        .split_once('+')
        .ok_or("a length is missing, as in +200ms")?;
    let nanos = DELAY
        .parse(length)
        .map_err(|what| format!("the delay {what}"))?;
    let length = SimDuration::from_nanos_f64(nanos);
    Ok(Deed::Message(message(id)?, Meddling::Delay(length)))
}

fn message(text: &str) -> Result<MessageId, String> {
    let number = text
        .strip_prefix('m')
        .and_then(|digits| digits.parse().ok());
    number
        .map(MessageId)
        .ok_or_else(|| format!("\"{}\" is no message; they look like m45", shortened(text)))
}

fn operation(name: &str, argument: &str, scenario: &Scenario) -> Result<Deed, String> {
    let operations = scenario.protocol.vocabulary.operations;
    let place = operations.iter().position(|word| word.name == name);
    let place = place.ok_or_else(|| {
        let near = nearest(name, operations.iter().map(|word| word.name));
        format!("there is no operation \"{}\"{near}", shortened(name))
    })?;
    let (who, argument) = match argument.split_once('=') {
        Some((who, number)) => (
            who,
            number.parse().map_err(|_| {
                let number = shortened(number);
                format!("the argument is \"{number}\"; it must be a whole number")
            })?,
        ),
        None => (argument, 0),
    };
    let who = Who::parse(who, &scenario.names())?;
    Ok(Deed::Operation(who, place as u8, argument))
}

fn turn(verb: &str, argument: &str, scenario: &Scenario) -> Result<Deed, String> {
    let (clock, role) = verb.split_once('.').unwrap_or((verb, ""));
    let clock = CLOCK_DEEDS.iter().find(|(name, _)| *name == clock);
    if let (Some((_, clock)), Some(role)) = (clock, Role::parse(role)) {
        let rate = DRIFT
            .parse(argument)
            .map_err(|what| format!("{verb} {what}"))?;
        return Ok(Deed::Rate(*clock, role, rate));
    }
    let knob = Knob::parse(verb, scenario).filter(|knob| knob.is_live());
    let knob = knob.ok_or_else(|| unknown(verb))?;
    let value = knob
        .range()
        .parse(argument)
        .map_err(|what| format!("{verb} {what}"))?;
    Ok(Deed::Turn(knob, value))
}

fn unknown(verb: &str) -> String {
    let words = [
        "heal", "filter", "unfilter", "step", "slew", "ntp", "delay", "cut", "isolate", "split",
        "mute", "halves", "bridge", "ring", "half", "strike", "calm", "flap", "unflap", "op",
    ];
    let known = words
        .into_iter()
        .chain(NODE_DEEDS.iter().map(|(word, _)| *word))
        .chain(SLOW_DEEDS.iter().map(|(word, _)| *word))
        .chain(MEDDLINGS.iter().map(|(word, _)| *word))
        .chain(setting::keys());
    let near = nearest(verb, known);
    format!("\"{}\" is nothing that can be done{near}", shortened(verb))
}

fn word<T: PartialEq>(table: &[(&'static str, T)], deed: &T) -> &'static str {
    table
        .iter()
        .find(|(_, other)| other == deed)
        .map_or("", |(word, _)| word)
}

#[cfg(test)]
mod tests;
