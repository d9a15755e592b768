//! Links that nobody chose: a lab or a crowd, any of its controls anywhere, any faults, seen at its end in any view.

use protocols::ProtocolEntry;
use scenario::checks::CHECKS;
use scenario::document::Scenario;
use scenario::lab::labs;
use scenario::link::Link;
use scenario::quantity::{Range, Unit};
use scenario::view::View;

use crate::links::{MOST_CHECKS, crowd, storm, turnable};

/// How many things are done to a run, at most, and how late: most labs' runs are shorter.
const MOST_DEEDS: u64 = 24;
const LATEST_MS: u64 = 60_000;

/// So many links, the same ones each time.
pub fn drawn(count: usize) -> Vec<String> {
    (0..).filter_map(draw).take(count).collect()
}

/// The link of this number, if it is short enough to be one.
fn draw(number: u64) -> Option<String> {
    let dice = &mut Dice(number);
    let mut link = base(dice)?;
    let scenario = &link.variant.scenario.clone();
    let mut pairs = settings(scenario, dice);
    pairs.extend(switches(scenario.protocol, dice));
    pairs.extend((0..dice.below(MOST_DEEDS)).map(|_| ("do".to_owned(), deed(scenario, dice))));
    match dice.below(8) {
        0 => link.variant.scenario.events = 1,
        1 => link.variant.scenario.duration = sim::SimDuration::from_millis(1),
        _ => {}
    }
    pairs.push(("seed".to_owned(), dice.below(1000).to_string()));
    pairs.push(("view".to_owned(), dice.one(&View::ALL).word().to_owned()));
    pairs.push(("t".to_owned(), "1h".to_owned()));
    for (key, value) in pairs {
        // What does not suit this lab is left out.
        let _ = link.variant.take(&key, &value);
    }
    let text = link.format();
    Link::parse(&text).1.is_empty().then_some(text)
}

/// A lab as it is, a storm of it, or a crowd in a storm.
fn base(dice: &mut Dice) -> Option<Link> {
    let lab = dice.one(labs());
    let mut link = Link::parse(&format!("#/{}", lab.id)).0;
    match dice.below(4) {
        0 => link.variant.scenario = storm(&lab.scenario),
        1 => {
            let kinds: Vec<_> = CHECKS.chunks(MOST_CHECKS).collect();
            let text = crowd(
                &storm(&lab.scenario),
                kinds[dice.below(kinds.len() as u64) as usize],
            )?;
            link = Link::parse(&text).0;
        }
        _ => {}
    }
    Some(link)
}

/// Few or most of the controls, each at an end or anywhere.
fn settings(scenario: &Scenario, dice: &mut Dice) -> Vec<(String, String)> {
    let share = *dice.one(&[10, 50, 90]);
    let mut all = Vec::new();
    for (keys, range) in turnable(scenario) {
        if dice.below(100) < share {
            let value = value(range, dice);
            all.extend(keys.into_iter().map(|key| (key, value.clone())));
        }
    }
    all
}

/// An end of the range, or a value in between: small ones as often as large ones.
fn value(range: Range, dice: &mut Dice) -> String {
    let [least, most] = [range.min, range.max.min(1e15)];
    let share = dice.below(1001) as f64 / 1000.0;
    let drawn = match dice.below(4) {
        0 => least,
        1 => most,
        2 => least + (most - least) * share,
        _ => least + libm::pow(most - least, share).min(most - least),
    };
    let drawn = match range.unit {
        Unit::Share | Unit::Number | Unit::Ppm => drawn,
        _ => drawn.round(),
    };
    range.unit.format(drawn)
}

/// Each defence is on, off, or as the lab has it.
fn switches(protocol: &ProtocolEntry, dice: &mut Dice) -> Vec<(String, String)> {
    let ids = protocol.defences.iter().map(|spec| spec.id.to_owned());
    let switched = ids.filter_map(|id| match dice.below(3) {
        0 => Some(("on".to_owned(), id)),
        1 => Some(("off".to_owned(), id)),
        _ => None,
    });
    switched.collect()
}

/// Something that is done to a run.
fn deed(scenario: &Scenario, dice: &mut Dice) -> String {
    let who = who(scenario, dice);
    let (one, other) = (node(scenario, dice), node(scenario, dice));
    let words = scenario.protocol.vocabulary;
    let [length, rest] = [dice.below(5_000) + 1, dice.below(5_000) + 1];
    let message = words.messages.get(dice.below(8) as usize);
    let message = message.map_or("any", |word| word.name);
    let verb = *dice.one(&["crash", "restart", "pause", "resume", "wipe"]);
    let (some, others) = (several(scenario, dice), several(scenario, dice));
    let between = *dice.one(&["-", ".."]);
    let what = match dice.below(20) {
        0..3 => format!("{verb}:{who}"),
        3 => format!("limp:{who}*{}", length),
        4 => format!("step:{who}+{length}ms"),
        5 => format!("drift.all:{}ppm", dice.below(100_000)),
        6 => "halves".to_owned(),
        7 => format!("hold-isolate:{one}"),
        8 => "heal".to_owned(),
        9 => format!("filter:{message}*0.5"),
        10 => format!("strike.crash:{who}={length}ms/{rest}ms"),
        11 => format!("strike.limp*9:all={length}ms/{rest}ms"),
        12 => format!("flap:{one}-{other}={length}ms/{rest}ms"),
        13 => "calm".to_owned(),
        14 => format!("latency.{some}{between}{others}:{length}ms"),
        15 => format!("loss.{some}{between}{others}:0.{}", dice.below(10)),
        16 => format!("filter.{some}{between}{others}:{message}*0.5"),
        17 => format!("cut:{some}{between}{others}"),
        _ => operation(scenario, dice).unwrap_or_else(|| "unfilter".to_owned()),
    };
    format!("{what}@{}ms", dice.below(LATEST_MS))
}

fn operation(scenario: &Scenario, dice: &mut Dice) -> Option<String> {
    let operations = scenario.protocol.vocabulary.operations;
    let word = operations.get(dice.below(operations.len() as u64 + 1) as usize)?;
    Some(format!(
        "op.{}:{}={}",
        word.name,
        who(scenario, dice),
        dice.below(10)
    ))
}

fn node<'s>(scenario: &'s Scenario, dice: &mut Dice) -> &'s str {
    &dice.one(&scenario.nodes).name
}

/// One node, all of them, or some.
fn several(scenario: &Scenario, dice: &mut Dice) -> String {
    match dice.below(3) {
        0 => node(scenario, dice).to_owned(),
        1 => "*".to_owned(),
        _ => {
            let all = scenario.nodes.iter();
            let some = all.filter(|_| dice.below(2) == 0).take(64);
            let some: Vec<&str> = some.map(|node| &*node.name).collect();
            if some.is_empty() {
                node(scenario, dice).to_owned()
            } else {
                some.join("+")
            }
        }
    }
}

fn who<'s>(scenario: &'s Scenario, dice: &mut Dice) -> &'s str {
    let roles = ["all", "random", "leader", "majority", "minority"];
    match dice.below(10) {
        place @ 0..5 => roles[place as usize],
        _ => node(scenario, dice),
    }
}

/// Chance that is the same each time: SplitMix64 (Steele, Lea and Flood, *Fast splittable pseudorandom number generators*,
/// 2014).
struct Dice(u64);

impl Dice {
    /// A number below this one; 0 if that is 0.
    fn below(&mut self, count: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^= bits >> 31;
        bits % count.max(1)
    }

    fn one<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len() as u64) as usize]
    }
}
