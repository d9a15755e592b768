//! From text to a deed.

use sim::action::Meddling;
use sim::{MessageId, SimDuration, SimTime};

use super::guide::GUIDE;
use super::verbs::{CLOCK_DEEDS, MEDDLINGS, NO_SERVER, NODE_DEEDS, SLOW_DEEDS};
use crate::model::{Cut, Deed, Filtering, Flap, Knob, Scenario, SlowDeed, Strike, Timed, one};
use crate::setting;
use crate::terms::limits::{DRIFT, FACTOR, LONGEST_DEED, SKEW};
use crate::terms::quantity::{Range, Unit, permille, shortened};
use crate::terms::scope::{Names, NodeSet, Role, Who};
use crate::terms::words::{meaning, nearest, nearest_or_all};

/// How fast a clock is corrected if nothing is said: as fast as common operating systems allow.
const SLEW_RATE: f64 = 500.0;

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
            return Err(format!(
                "is \"{shown}\"; it may have at most {LONGEST_DEED} bytes"
            ));
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
        let argument = argument.ok_or_else(|| unknown(verb, scenario))?;
        if let Some(deed) = meaning(&NODE_DEEDS, verb) {
            return Ok(Deed::Node(deed, Who::parse(argument, names)?));
        }
        if let Some(deed) = meaning(&SLOW_DEEDS, verb) {
            return slow(deed, argument, names);
        }
        if let Some(meddling) = meaning(&MEDDLINGS, verb) {
            return Ok(Deed::Message(message(argument)?, meddling));
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
}

fn slow(deed: SlowDeed, argument: &str, names: &Names<'_>) -> Result<Deed, String> {
    let (who, factor) = argument
        .rsplit_once('*')
        .ok_or("a factor is missing, as in *5")?;
    let factor = FACTOR
        .parse(factor)
        .map_err(|what| format!("the factor {what}"))?;
    Ok(Deed::Slow(deed, Who::parse(who, names)?, permille(factor)))
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
    number.map(MessageId).ok_or_else(|| {
        format!(
            "\"{}\" is not a message; messages look like m45",
            shortened(text)
        )
    })
}

fn operation(name: &str, argument: &str, scenario: &Scenario) -> Result<Deed, String> {
    let operations = scenario.protocol.vocabulary.operations;
    let place = operations.iter().position(|word| word.name == name);
    let place = place.ok_or_else(|| {
        let near = nearest_or_all(name, operations.iter().map(|word| word.name));
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
    let clock = meaning(&CLOCK_DEEDS, clock);
    if let (Some(clock), Some(role)) = (clock, Role::parse(role)) {
        let rate = DRIFT
            .parse(argument)
            .map_err(|what| format!("{verb} {what}"))?;
        return Ok(Deed::Rate(clock, role, rate));
    }
    let knob = Knob::parse(verb, scenario).filter(|knob| knob.is_live());
    let knob = knob.ok_or_else(|| unknown(verb, scenario))?;
    let value = knob
        .range()
        .parse(argument)
        .map_err(|what| format!("{verb} {what}"))?;
    Ok(Deed::Turn(knob, value))
}

/// Why a verb is no deed.
fn unknown(verb: &str, scenario: &Scenario) -> String {
    if let Some(form) = GUIDE.iter().find_map(|(forms, _)| form_of(verb, forms)) {
        return format!("\"{verb}\" is not complete; it looks like {form}");
    }
    let first = scenario.nodes.first().map_or("a", |node| &node.name);
    let of_a_node = format!("{verb}.{first}");
    match (
        Knob::parse(verb, scenario),
        Knob::parse(&of_a_node, scenario),
    ) {
        (Some(knob), _) if knob.is_live() => {
            let value = middle(&knob);
            format!("\"{verb}\" needs a value, as in {verb}:{value}")
        }
        (Some(_), _) => format!(
            "\"{verb}\" does not change during a run; it is set for the whole run, as in {verb}=VALUE"
        ),
        (None, Some(knob)) => {
            let value = middle(&knob);
            format!("\"{verb}\" is set for one node at a time, as in {of_a_node}:{value}")
        }
        (None, None) => {
            let near = nearest(verb, words());
            format!("\"{}\" is not a known action{near}", shortened(verb))
        }
    }
}

/// The form of this verb among some that stand with spaces between, if it has more than the verb.
fn form_of<'f>(verb: &str, forms: &'f str) -> Option<&'f str> {
    let mut forms = forms.split_whitespace();
    forms.find(|form| form.split(':').next() == Some(verb) && form.len() > verb.len())
}

/// A value that a knob may have, as it is written.
fn middle(knob: &Knob) -> String {
    let Range { unit, min, max } = knob.range();
    unit.format(min + (max - min) / 2.0)
}

/// The words that begin a deed.
fn words() -> impl Iterator<Item = &'static str> {
    let words = [
        "heal", "filter", "unfilter", "step", "slew", "ntp", "delay", "cut", "isolate", "split",
        "mute", "halves", "bridge", "ring", "half", "strike", "calm", "flap", "unflap", "op",
    ];
    words
        .into_iter()
        .chain(NODE_DEEDS.iter().map(|(word, _)| *word))
        .chain(SLOW_DEEDS.iter().map(|(word, _)| *word))
        .chain(MEDDLINGS.iter().map(|(word, _)| *word))
        .chain(setting::keys())
}
