//! Some of the weather that a claim withstands, drawn from a seed: knobs and deeds, as the query of a link has them.

use std::fmt::Display;

use sim::random::Key;
use sim::{NodeId, SimDuration, SimTime};

use super::claim::{LONGEST, Withstood};
use super::dice::Dice;
use super::fault::Fault;
use crate::knob::Knob;
use crate::model::{Scenario, Timed};
use crate::terms::quantity::Unit;
use crate::terms::scope::{NodeSet, Scope};

/// What keeps these draws apart from those of the run with the same seed: "weather" in ASCII.
const WEATHER: u64 = 0x77_6561_7468_6572;

/// What keeps the weather near the lab's own faults apart from the other weather of the same seed: "near" in ASCII.
const NEAR: u64 = 0x6e65_6172;

/// How many faults a run has near the lab's own at most.
const MOST_NEAR: u64 = 2;

/// How near to one of the lab's own faults they begin, as a share of the time until the weather clears.
const NEARNESS: f64 = 0.1;

/// How many faults a run has at most.
const MOST: u64 = 5;

/// The share of the time until the weather clears in which there is none, so that a run shows what is usual. Every second run
/// may have weather from the beginning.
const FAIR: f64 = 0.2;
const EARLY: u64 = 2;

/// How long a disk needs that a scenario lets sync in no time: a slow one is slower than this, and a crash can tear only what
/// takes time to write.
const SYNC: f64 = 20e6;

/// The share of a run after which a crash counts as late.
const LATE: f64 = 0.75;

/// The weather of one seed in so many is as strong as it may be: each fault on all links, as strong and as long as is
/// withstood.
const FULL: u32 = 4;

/// How long a fault lasts at least.
const SHORTEST: f64 = 50e6;

/// When there is weather so early in a run that nothing shows yet what is usual without.
pub fn is_early(begins: SimTime, withstood: &Withstood, scenario: &Scenario) -> bool {
    let fair = FAIR * clears(withstood, scenario).as_nanos() as f64;
    begins < SimTime::ZERO + SimDuration::from_nanos_f64(fair)
}

/// When all faults of a run are over: early enough that the run shows for some time whether all is well again.
pub fn clears(withstood: &Withstood, scenario: &Scenario) -> SimDuration {
    let rest = scenario.duration.as_nanos() as f64 - withstood.recovers.as_nanos() as f64;
    SimDuration::from_nanos_f64(0.7 * rest.max(0.0))
}

/// The query of a link with faults that a claim withstands: one to five, each of any kind, at any moment, of any strength
/// and length, over before the weather clears; of the greatest for one seed in four. The same seed draws the same weather.
pub fn query(withstood: &Withstood, scenario: &Scenario, seed: u32) -> String {
    let mut weather = Weather::new(withstood, scenario, seed);
    if !weather.dice.once_in(EARLY) {
        weather.begins = FAIR * clears(withstood, scenario).as_nanos() as f64;
    }
    let faults: Vec<(Fault, f64)> = withstood.faults().collect();
    if !faults.is_empty() {
        for _ in 0..1 + weather.dice.below(MOST) {
            let (fault, strength) = *weather.dice.one_of(&faults);
            weather.add(fault, strength);
        }
    }
    weather.into_query()
}

/// The query of a link with one crash at any moment of the run, for a claim that withstands crashes: what is safe is so at
/// the end too. Half of the crashes come late, and the node may be down when the run ends.
pub fn crash(withstood: &Withstood, scenario: &Scenario, seed: u32) -> String {
    let mut weather = Weather::new(withstood, scenario, seed);
    let end = scenario.duration.as_nanos() as f64;
    let earliest = if weather.dice.once_in(2) { LATE } else { 0.0 };
    let from = weather.dice.between(earliest * end, end);
    let down = weather.dice.between(SHORTEST, weather.down());
    let node = weather.node();
    weather.at(from, format!("crash:{node}"));
    if from + down < end {
        weather.at(from + down, format!("restart:{node}"));
    }
    weather.into_query()
}

/// The query of a link with a fault or two that a claim withstands, which begin near what the lab itself does to the run: what
/// is withstood alone may not be withstood on top of that. Each second one strikes a node that the lab's own faults strike,
/// and each second run has faults that are as strong and as long as they may be. Nothing if the lab does nothing.
pub fn near(withstood: &Withstood, scenario: &Scenario, own: &[Timed], seed: u32) -> String {
    let faults: Vec<(Fault, f64)> = withstood.faults().collect();
    if faults.is_empty() || own.is_empty() {
        return String::new();
    }
    let mut weather = Weather::new(withstood, scenario, seed);
    weather.dice = Dice::new(Key::root(u64::from(seed)).with(NEAR));
    weather.is_full = weather.dice.once_in(2);
    for _ in 0..1 + weather.dice.below(MOST_NEAR) {
        let own = weather.dice.one_of(own);
        weather.near = Some(own.at.as_nanos() as f64);
        weather.struck = own.deed.nodes().filter(|_| weather.dice.once_in(2));
        let (fault, strength) = *weather.dice.one_of(&faults);
        weather.add(fault, strength);
    }
    weather.into_query()
}

/// The weather that has been drawn so far.
struct Weather<'a> {
    dice: Dice,
    withstood: &'a Withstood,
    scenario: &'a Scenario,
    /// Whether each fault is as strong and as long as is withstood.
    is_full: bool,
    /// When the first fault may begin, in nanoseconds.
    begins: f64,
    /// The moment near which faults begin, in nanoseconds, if not at any.
    near: Option<f64>,
    /// The nodes that are struck, if not any that may be.
    struck: Option<NodeSet>,
    knobs: Vec<(String, String)>,
    deeds: Vec<String>,
    /// How strong the faults are in all that add up: how long the delays are, and how far the clocks are stepped.
    delayed: f64,
    stepped: f64,
}

impl<'a> Weather<'a> {
    /// No weather yet.
    fn new(withstood: &'a Withstood, scenario: &'a Scenario, seed: u32) -> Weather<'a> {
        Weather {
            dice: Dice::new(Key::root(u64::from(seed)).with(WEATHER)),
            withstood,
            scenario,
            is_full: seed % FULL == FULL - 1,
            begins: 0.0,
            near: None,
            struck: None,
            knobs: Vec::new(),
            deeds: Vec::new(),
            delayed: 0.0,
            stepped: 0.0,
        }
    }

    fn add(&mut self, fault: Fault, strength: f64) {
        match fault {
            Fault::Loss => self.turn("loss", strength),
            Fault::Duplication => self.turn("duplication", strength),
            Fault::Corruption => self.turn("corruption", strength),
            Fault::Delay => self.delay(strength),
            Fault::Cut => self.cut(strength),
            Fault::Crash => {
                let node = self.node();
                self.crash(&node, strength);
            }
            Fault::Pause => self.during(strength, |weather, from, to| {
                let node = weather.node();
                weather.at(from, format!("pause:{node}"));
                weather.at(to, format!("resume:{node}"));
            }),
            Fault::Limp => self.slow("limp", strength),
            Fault::SlowDisk => self.slow_disk(strength),
            Fault::Torn => {
                let node = self.node();
                let share = self.up_to(0.0, strength);
                self.set(format!("torn.{node}"), share, Unit::Share);
                let key = format!("disk-sync.{node}");
                if self.value(&key) == Some(0.0) {
                    self.set(key, SYNC, Unit::Duration);
                }
                let down = self.down();
                self.crash(&node, down);
            }
            Fault::Wipe => self.wipe(strength),
            Fault::Skew => self.clock("skew", strength, Unit::Duration),
            Fault::Drift => self.clock("drift", strength, Unit::Ppm),
            Fault::Monotonic => self.clock("monotonic", strength, Unit::Ppm),
            Fault::Step => self.step(strength),
        }
    }

    /// A time that lasts at most so long and is over when the weather clears, for a fault in it.
    fn during(&mut self, most: f64, fault: impl FnOnce(&mut Self, f64, f64)) {
        let clears = clears(self.withstood, self.scenario).as_nanos() as f64;
        let lasts = self.up_to(SHORTEST.min(most), most);
        // What lasts as long as it may begins in time for that.
        let room = if self.is_full { lasts } else { SHORTEST };
        let latest = clears - room;
        let from = match self.near {
            None => self.dice.between(self.begins, latest),
            Some(near) => {
                let off = NEARNESS * clears;
                let from = self.dice.between(near - off, near + off);
                from.min(latest).max(0.0)
            }
        };
        let to = from + lasts;
        fault(self, from, to.min(clears));
    }

    /// How strong a fault is, or how long.
    fn up_to(&mut self, least: f64, most: f64) -> f64 {
        let drawn = self.dice.between(least, most);
        if self.is_full { most } else { drawn }
    }

    fn at(&mut self, nanos: f64, deed: impl Display) {
        let millis = (nanos / 1e6).round();
        self.deeds.push(format!("{deed}@{millis}ms"));
    }

    fn set(&mut self, key: String, value: f64, unit: Unit) {
        self.knobs.retain(|(other, _)| *other != key);
        self.knobs.push((key, unit.format(rounded(value, unit))));
    }

    /// A node that may be struck.
    fn node(&mut self) -> String {
        let count = self.scenario.nodes.len();
        let all: Vec<NodeId> = self.withstood.nodes.nodes(count).collect();
        let is_struck = |node: &NodeId| self.struck.is_none_or(|struck| struck.contains(*node));
        let struck: Vec<NodeId> = all.iter().copied().filter(is_struck).collect();
        let nodes = if struck.is_empty() { &all } else { &struck };
        let node = *self.dice.one_of(nodes);
        self.scenario.name(node)
    }

    /// Some links, as the end of a knob's name: all, those between two nodes, or those of one node.
    fn links(&mut self) -> String {
        let (a, b) = self.two();
        match self.dice.below(5) {
            _ if self.is_full => String::new(),
            0 | 1 => String::new(),
            2 => format!(".{a}-{b}"),
            3 => format!(".{a}..{b}"),
            _ => format!(".{a}..*"),
        }
    }

    /// Two nodes; any two, since links are between all.
    fn two(&mut self) -> (String, String) {
        let count = self.scenario.nodes.len() as u64;
        let a = self.dice.below(count);
        let b = (a + 1 + self.dice.below(count.saturating_sub(1).max(1))) % count;
        let name = |node: u64| self.scenario.name(NodeId(node as u16));
        (name(a), name(b))
    }

    /// A share of links is turned up, for a while.
    fn turn(&mut self, key: &str, strength: f64) {
        self.during(LONGEST, |weather, from, to| {
            let key = format!("{key}{}", weather.links());
            let value = weather.up_to(0.0, strength);
            weather.turned(&key, |_| value, from, to);
        });
    }

    /// A knob is turned to a value that depends on what it was, and back.
    fn turned(&mut self, key: &str, value: impl Fn(f64) -> f64, from: f64, to: f64) {
        let Some(knob) = Knob::parse(key, self.scenario) else {
            return;
        };
        let unit = knob.range().unit;
        for (key, usual) in self.usual(key, knob) {
            let value = unit.format(rounded(value(usual), unit));
            self.at(from, format!("{key}:{value}"));
            self.at(to, format!("{key}:{}", unit.format(usual)));
        }
    }

    /// What a knob stands at, and after it each of its links that stands elsewhere.
    fn usual(&self, key: &str, knob: Knob) -> Vec<(String, f64)> {
        let whole = knob.value(self.scenario);
        let mut all = vec![(key.to_owned(), whole)];
        // A link keeps a setting of its own when that setting is changed for all links.
        if let Knob::Link(setting, scope) = knob
            && scope != Scope::ALL
        {
            let links = self.scenario.links();
            let pairs = scope.pairs(self.scenario.nodes.len());
            let pairs = pairs.map(|(a, b)| (a, b, (setting.get)(&links.of(a, b))));
            all.extend(pairs.filter(|(.., own)| *own != whole).map(|(a, b, own)| {
                let (a, b) = (self.scenario.name(a), self.scenario.name(b));
                (format!("{}.{a}..{b}", setting.key), own)
            }));
        }
        all
    }

    /// All messages of some links are later, or some of them much later. A message that meets several delays meets their sum,
    /// so all of them together are as long as one may be.
    fn delay(&mut self, strength: f64) {
        self.during(LONGEST, |weather, from, to| {
            let links = weather.links();
            let by = weather.up_to(0.0, strength - weather.delayed);
            weather.delayed += by;
            if weather.dice.once_in(2) {
                weather.turned(&format!("latency{links}"), |usual| usual + by, from, to);
            } else {
                let share = weather.up_to(0.05, 0.5);
                weather.turned(&format!("spike-extra{links}"), |_| by, from, to);
                weather.turned(&format!("spike{links}"), |_| share, from, to);
            }
        });
    }

    fn cut(&mut self, longest: f64) {
        self.during(longest, |weather, from, to| {
            let (a, b) = weather.two();
            let hold = if weather.dice.once_in(4) { "hold-" } else { "" };
            let cut = match weather.dice.below(6) {
                0 => format!("cut:{a}-{b}"),
                1 => format!("cut:{a}..{b}"),
                2 => format!("isolate:{a}"),
                3 => format!("mute:{a}"),
                4 => format!("split:{a}+{b}"),
                _ => "halves".to_owned(),
            };
            weather.at(from, format!("{hold}{cut}"));
            weather.at(to, format!("heal:{hold}{cut}"));
        });
    }

    /// How long a node may be down at most.
    fn down(&self) -> f64 {
        let crash = self.withstood.strength(Fault::Crash);
        crash.unwrap_or(LONGEST)
    }

    fn crash(&mut self, node: &str, longest: f64) {
        self.during(longest, |weather, from, to| {
            weather.at(from, format!("crash:{node}"));
            weather.at(to, format!("restart:{node}"));
        });
    }

    fn wipe(&mut self, most: f64) {
        let lost = self
            .deeds
            .iter()
            .filter(|deed| deed.starts_with("wipe:"))
            .count();
        if lost as f64 >= most {
            return;
        }
        let down = self.down();
        self.during(down, |weather, from, to| {
            let node = weather.node();
            weather.at(from, format!("crash:{node}"));
            weather.at(from, format!("wipe:{node}"));
            weather.at(to, format!("restart:{node}"));
        });
    }

    fn slow(&mut self, verb: &str, factor: f64) {
        self.during(LONGEST, |weather, from, to| {
            let node = weather.node();
            let factor = rounded(weather.up_to(1.0, factor), Unit::Number);
            weather.at(from, format!("{verb}:{node}*{factor}"));
            weather.at(to, format!("{verb}:{node}*1"));
        });
    }

    fn slow_disk(&mut self, factor: f64) {
        self.during(LONGEST, |weather, from, to| {
            let key = format!("disk-sync.{}", weather.node());
            let factor = weather.up_to(1.0, factor);
            weather.turned(&key, |usual| factor * usual.max(SYNC), from, to);
        });
    }

    /// What a knob stands at.
    fn value(&self, key: &str) -> Option<f64> {
        Some(Knob::parse(key, self.scenario)?.value(self.scenario))
    }

    fn clock(&mut self, key: &str, strength: f64, unit: Unit) {
        let node = self.node();
        let drawn = self.dice.between(-strength, strength);
        let value = if self.is_full {
            strength.copysign(drawn)
        } else {
            drawn
        };
        self.set(format!("{key}.{node}"), value, unit);
    }

    /// A clock jumps. All jumps together are as far as one may be, whichever clocks they are of.
    fn step(&mut self, strength: f64) {
        self.during(LONGEST, |weather, from, _| {
            let node = weather.node();
            let sign = if weather.dice.once_in(2) { '-' } else { '+' };
            let by = weather.up_to(1e6, strength - weather.stepped);
            let by = rounded(by, Unit::Duration);
            weather.stepped += by;
            weather.at(
                from,
                format!("step:{node}{sign}{}", Unit::Duration.format(by)),
            );
        });
    }

    fn into_query(self) -> String {
        let knobs = self
            .knobs
            .into_iter()
            .map(|(key, value)| format!("{key}={value}"));
        let mut pairs: Vec<String> = knobs.collect();
        if !self.deeds.is_empty() {
            pairs.push(format!("do={}", self.deeds.join(",")));
        }
        pairs.join("&")
    }
}

/// A value that reads well: whole milliseconds and parts per million, shares and factors to a hundredth.
fn rounded(value: f64, unit: Unit) -> f64 {
    let grain = match unit {
        Unit::Duration => 1e6,
        Unit::Share | Unit::Number => 0.01,
        _ => 1.0,
    };
    unit.dusted((value / grain).round() * grain)
}

#[cfg(test)]
mod tests {
    use sim::Action;
    use sim::trace::Trace;

    use super::*;
    use crate::knob::Settings;
    use crate::lab;
    use crate::run::build;
    use crate::variant::Variant;

    /// All weather there is, in its usual strength or at one that is said here.
    fn everything() -> Withstood {
        let mut labs = lab::carried().into_iter();
        let mut lab = labs
            .find(|lab| lab["id"] == "double-charge")
            .expect("it is a lab");
        lab["expectations"] = serde_json::json!([{ "check": "exactly-once", "withstands": {
            "limp": 10, "slow-disk": 20, "torn": 1, "wipe": 1, "drift": "500ppm", "monotonic": "500ppm", "step": "2s",
        } }]);
        let lab = lab::Lab::from_value(&lab).expect("it can be read");
        lab.expectations[0]
            .withstands
            .clone()
            .expect("it is claimed")
    }

    #[test]
    fn whatever_is_drawn_is_a_link_that_can_be_read() {
        for lab in lab::labs() {
            for seed in 0..200 {
                let query = query(&everything(), &lab.scenario, seed);
                let problems = Variant::of(lab.scenario.clone()).apply(&query);
                assert_eq!(problems, [], "{}?{query}", lab.id);
            }
        }
    }

    #[test]
    fn every_kind_of_fault_is_drawn() {
        let scenario = &lab::labs()[0].scenario;
        let drawn: Vec<String> = (0..500)
            .map(|seed| query(&everything(), scenario, seed))
            .collect();
        for sign in [
            "loss",
            "duplication",
            "latency",
            "spike",
            "cut:",
            "halves",
            "hold-",
            "crash:",
            "restart:",
            "pause:",
            "limp:",
            "disk-sync.",
            "torn.",
            "wipe:",
            "skew.",
            "drift.",
            "monotonic.",
            "step:",
        ] {
            let with = drawn.iter().filter(|query| query.contains(sign)).count();
            assert!(with > 10, "{sign} in {with} of 500");
        }
    }

    #[test]
    fn what_is_drawn_is_over_when_the_weather_clears() {
        let (withstood, scenario) = (everything(), &lab::labs()[0].scenario);
        let clears = clears(&withstood, scenario);
        for seed in 0..200 {
            let mut variant = Variant::of(scenario.clone());
            variant.apply(&query(&withstood, scenario, seed));
            let last = variant.deeds.last().map_or(0, |timed| timed.at.as_nanos());
            assert!(last <= clears.as_nanos() + 1_000_000, "seed {seed}");
        }
    }

    /// The lengths in the deeds of a query that begin with a word.
    fn lengths(query: &str, word: &str) -> Vec<f64> {
        let deeds = query.split("do=").nth(1).unwrap_or_default().split(',');
        let of_word = deeds.filter(|deed| deed.starts_with(word));
        let lengths = of_word.map(|deed| {
            let (deed, _) = deed.split_once('@').expect("it has a moment");
            let (_, length) = deed.rsplit_once([':', '+', '-']).expect("it has a length");
            Unit::Duration.parse(length).expect("it is a length")
        });
        lengths.collect()
    }

    #[test]
    fn delays_and_jumps_add_up_to_no_more_than_is_withstood() {
        let (withstood, scenario) = (everything(), &lab::labs()[0].scenario);
        for (fault, word) in [(Fault::Delay, "spike-extra"), (Fault::Step, "step:")] {
            let most = withstood.strength(fault).expect("it is withstood");
            let usual = Knob::parse(word, scenario).map(|knob| knob.value(scenario));
            let mut several = 0;
            for seed in 0..2000 {
                let query = query(&withstood, scenario, seed);
                let mut all = lengths(&query, word);
                all.retain(|length| Some(*length) != usual);
                several += u32::from(all.len() > 1);
                assert!(all.iter().sum::<f64>() <= most + 5e6, "{query}");
            }
            assert!(several > 3, "{word} more than once in {several} of 2000");
        }
    }

    /// What is claimed is tried: weather that is always milder would let a claim stand that says too much.
    #[test]
    fn the_weather_of_one_seed_in_four_is_as_strong_as_is_withstood() {
        let (withstood, scenario) = (everything(), &lab::labs()[0].scenario);
        let (mut full, mut milder) = (0, 0);
        for seed in 0..400 {
            let query = query(&withstood, scenario, seed);
            for part in query.split(['=', ',', '&']) {
                let Some(strength) = part.strip_prefix("loss:") else {
                    continue;
                };
                let strength = strength.split('@').next().unwrap_or_default();
                let is_full = Unit::Share.parse(strength) == withstood.strength(Fault::Loss);
                full += u32::from(is_full && seed % FULL == FULL - 1);
                milder += u32::from(!is_full && seed % FULL != FULL - 1);
            }
        }
        assert!(full > 5 && milder > full, "{full} and {milder}");
    }

    #[test]
    fn links_are_after_the_weather_what_they_were_before() {
        let mut turned = 0;
        for lab in lab::labs() {
            let scenario = &lab.scenario;
            let fresh = build::machine(scenario);
            let links: Vec<_> = Scope::ALL.pairs(scenario.nodes.len()).collect();
            for seed in 0..25 {
                let query = query(&everything(), scenario, seed);
                let mut variant = Variant::of(scenario.clone());
                variant.apply(&query);
                let (mut settings, mut machine) =
                    (Settings::of(scenario), build::machine(scenario));
                for timed in &variant.deeds {
                    for action in timed.deed.actions(&mut settings) {
                        machine.apply(&action, &mut Trace::off());
                        turned += u32::from(matches!(action, Action::Link(..)));
                    }
                }
                for &(from, to) in &links {
                    assert_eq!(
                        machine.kernel().network().profile(from, to),
                        fresh.kernel().network().profile(from, to),
                        "{}?{query}",
                        lab.id
                    );
                }
            }
        }
        assert!(turned > 500, "{turned}");
    }

    #[test]
    fn the_same_seed_draws_the_same_weather_and_another_one_other_weather() {
        let scenario = &lab::labs()[0].scenario;
        let drawn = |seed| query(&Withstood::usual(scenario), scenario, seed);
        assert_eq!(drawn(7), drawn(7));
        assert_ne!(drawn(7), drawn(8));
    }
}
