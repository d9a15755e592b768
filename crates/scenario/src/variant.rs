//! What a link's query says: a scenario with what the query changes, what is done to the run, and how it is seen.

use sim::sorted::Map;
use sim::sorting::sort_by_key;
use sim::{NodeId, SimTime};

use crate::challenge::Challenge;
use crate::deed::{Timed, amount};
use crate::document::Problem;
use crate::knob::Knob;
use crate::model::{LinkSettings, Scenario, missing, without};
use crate::score::Score;
use crate::setting;
use crate::terms::limits::{DURATION, MOST_DEEDS, REVISION, SEED};
use crate::terms::quantity::{Range, shortened};
use crate::terms::view::View;
use crate::terms::words::{defence, nearest, nearest_name};
use crate::twin::Twin;

pub use crate::terms::words::KEYS;

/// How many pairs a query may have.
const MOST_PAIRS: usize = 500;

/// How many problems are told.
const MOST_PROBLEMS: usize = 20;

/// A scenario as a link shows it.
#[derive(Clone, Debug)]
pub struct Variant {
    /// The scenario, with what the link changes.
    pub scenario: Scenario,
    /// What is done to the run, in order.
    pub deeds: Vec<Timed>,
    /// The moment it shows, if it names one; else the beginning.
    pub at: Option<SimTime>,
    /// The picture it is shown in; if nothing is said, its lab's.
    pub view: Option<View>,
    /// The node in whose perspective it is seen; without one, it is seen from outside.
    pub perspective: Option<NodeId>,
    /// What is flipped in the same run beside it, if that is shown.
    pub twin: Option<Twin>,
    /// That the reader is asked before anything is told, and how whoever made the link guessed.
    pub guess: Option<Score>,
    /// What the reader is challenged to do, and how many it took whoever made the link.
    pub challenge: Option<Challenge>,
}

/// The keys that say how a run is seen, or what its reader is to do: they promise nothing of what happens in the run.
const KEYS_OF_LOOKS: [&str; 6] = ["t", "view", "as", "twin", "guess", "challenge"];

impl Variant {
    /// A scenario as it is.
    pub fn of(scenario: Scenario) -> Variant {
        Variant {
            scenario,
            deeds: Vec::new(),
            at: None,
            view: None,
            perspective: None,
            twin: None,
            guess: None,
            challenge: None,
        }
    }

    /// Reads a query such as `seed=7&off=retry`. Wrong pairs are left out, and reported.
    pub fn apply(&mut self, query: &str) -> Vec<Problem> {
        let mut problems = Vec::new();
        let links = self.scenario.links.clone();
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        if pairs.clone().count() > MOST_PAIRS {
            problems.push(Problem {
                so: "; the rest was left out".to_owned(),
                ..Problem::new("the link", format!("says more than {MOST_PAIRS} things"))
            });
        }
        let mut said = Said::default();
        for pair in pairs.take(MOST_PAIRS) {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            let again = said.again(key, value).filter(|_| self.knows(key));
            problems.extend(again.map(|what| Problem {
                so: "; the last one counts".to_owned(),
                ..Problem::new(shortened(key), what)
            }));
            if let Err(what) = self.take(key, value) {
                problems.push(match self.knows(key) {
                    true => Problem::new(shortened(key), what),
                    false => unknown(key, &self.scenario),
                });
            }
        }
        sort_by_key(&mut self.deeds, |timed| timed.at);
        problems.truncate(MOST_PROBLEMS);
        problems.extend(self.leave_out_excess(links));
        problems
    }

    /// Leaves out what is done beyond what may be: deeds from the first one on that is too much, and the links' own
    /// settings where the plan would do too much to them. `links` are those of the scenario as it was.
    fn leave_out_excess(&mut self, links: Vec<LinkSettings>) -> Option<Problem> {
        let (at, what) = amount::excess(&self.scenario, &self.deeds)?;
        self.deeds.retain(|timed| timed.at < at);
        if amount::excess(&self.scenario, &self.deeds).is_some() {
            self.scenario.links = links;
        }
        Some(Problem {
            so: format!(", so what is done from {at} on was left out"),
            ..Problem::new("do", what)
        })
    }

    /// What a query challenges its reader to, if it does: the last challenge counts.
    pub(crate) fn challenge_in(query: &str) -> Option<Challenge> {
        let pairs = query.split('&').take(MOST_PAIRS);
        let said = pairs.filter_map(|pair| pair.strip_prefix("challenge="));
        said.filter_map(|text| Challenge::parse(text).ok()).last()
    }

    /// Whether a query says anything that the run depends on, beside how it is seen.
    pub(crate) fn is_changed_by(&self, query: &str) -> bool {
        let pairs = query.split('&').take(MOST_PAIRS);
        let mut keys = pairs.map(|pair| pair.split('=').next().unwrap_or(pair));
        keys.any(|key| !KEYS_OF_LOOKS.contains(&key) && self.knows(key))
    }

    /// Whether a key is known here.
    fn knows(&self, key: &str) -> bool {
        KEYS.contains(&key) || Knob::parse(key, &self.scenario).is_some()
    }

    /// Takes one pair of a query, or says what is wrong with its value.
    pub fn take(&mut self, key: &str, value: &str) -> Result<(), String> {
        match key {
            "rev" => self.scenario.revision = REVISION.parse(value)? as u32,
            "seed" => self.scenario.seed = SEED.parse(value)? as u32,
            "on" => self.switch(value, true)?,
            "off" => self.switch(value, false)?,
            "do" => self.do_all(value)?,
            "without" => self.leave_out(value)?,
            "t" => self.at = Some(self.moment(value)?),
            "view" => {
                let words = View::ALL.map(View::word).join(", ");
                let found = View::of_word(value).ok_or_else(|| {
                    format!("is \"{}\"; it must be one of {words}", shortened(value))
                })?;
                self.view = Some(found);
            }
            "as" => {
                let node = self.scenario.node(value);
                let near = || nearest(value, self.scenario.names().0.into_iter());
                self.perspective = Some(node.ok_or_else(|| {
                    format!("is \"{}\", which is not a node{}", shortened(value), near())
                })?);
            }
            "guess" => self.guess = Some(Score::parse(value)?),
            "challenge" => self.challenge = Some(Challenge::parse(value)?),
            "twin" => self.twin = Some(Twin::parse(value, &self.scenario)?),
            _ => self.turn(key, value)?,
        }
        Ok(())
    }

    /// A moment of the run: its end for one that is later.
    fn moment(&self, text: &str) -> Result<SimTime, String> {
        let nanos = Range::duration(0.0, DURATION.max).parse(text)?;
        let end = SimTime::ZERO + self.scenario.duration;
        Ok(SimTime::from_nanos(nanos as u64).min(end))
    }

    fn switch(&mut self, names: &str, is_on: bool) -> Result<(), String> {
        let mut unknown = Vec::new();
        for name in names.split(',').filter(|name| !name.is_empty()) {
            match defence(self.scenario.protocol, name) {
                Ok(id) if is_on => drop(self.scenario.defences.insert(id)),
                Ok(id) => drop(self.scenario.defences.remove(id)),
                Err(what) => unknown.push(format!("names {what}")),
            }
        }
        all_well(unknown, " and ")
    }

    fn do_all(&mut self, deeds: &str) -> Result<(), String> {
        let mut wrong = Vec::new();
        for text in deeds.split(',').filter(|text| !text.is_empty()) {
            if self.deeds.len() == MOST_DEEDS {
                return Err(format!("has more than {MOST_DEEDS} entries"));
            }
            match Timed::parse(text, &self.scenario) {
                Ok(timed) => self.deeds.push(timed),
                Err(what) => wrong.push(what),
            }
            // A hostile link could be wrong thousands of times.
            if wrong.len() == MOST_PROBLEMS {
                break;
            }
        }
        all_well(wrong, "; ")
    }

    /// Takes deeds out of what the lab does in any case.
    fn leave_out(&mut self, deeds: &str) -> Result<(), String> {
        let mut wrong = Vec::new();
        for text in deeds.split(',').filter(|text| !text.is_empty()) {
            match self.planned(text) {
                Ok(plan) => self.scenario.plan = plan,
                Err(what) => wrong.push(what),
            }
            if wrong.len() == MOST_PROBLEMS {
                break;
            }
        }
        all_well(wrong, "; ")
    }

    /// The plan without the deed that a text says.
    fn planned(&self, text: &str) -> Result<Vec<Timed>, String> {
        let Scenario { plan, .. } = &self.scenario;
        let timed = Timed::parse(text, &self.scenario)?;
        without(plan, &timed).ok_or_else(|| {
            let known = texts(plan, &self.scenario);
            let near = match &*known {
                [] => "; it has none".to_owned(),
                known => nearest(text, known.iter().map(String::as_str)),
            };
            let shown = shortened(text);
            format!("names \"{shown}\", which is not a fault of the lab's own{near}")
        })
    }

    fn turn(&mut self, key: &str, value: &str) -> Result<(), String> {
        let Some(knob) = Knob::parse(key, &self.scenario) else {
            return Err(unknown(key, &self.scenario).refused().told());
        };
        let value = knob.range().parse(value)?;
        knob.set(&mut self.scenario, value)
    }

    /// Writes the query that turns `base` into this: it reads back as the same.
    pub fn query(&self, base: &Scenario) -> String {
        let scenario = &self.scenario;
        let mut pairs = Vec::new();
        if scenario.seed != base.seed {
            pairs.push(format!("seed={}", scenario.seed));
        }
        for knob in Knob::all(scenario) {
            if knob.differs(scenario, base) {
                let value = knob.range().unit.format(knob.value(scenario));
                pairs.push(format!("{}={value}", knob.key(scenario)));
            }
        }
        for (key, more, less) in [
            ("on", &scenario.defences, &base.defences),
            ("off", &base.defences, &scenario.defences),
        ] {
            let names: Vec<&str> = more.difference(less).copied().collect();
            if !names.is_empty() {
                pairs.push(format!("{key}={}", names.join(",")));
            }
        }
        if !self.deeds.is_empty() {
            pairs.push(format!("do={}", texts(&self.deeds, scenario).join(",")));
        }
        let left_out = missing(&base.plan, &scenario.plan);
        if !left_out.is_empty() {
            pairs.push(format!("without={}", texts(&left_out, scenario).join(",")));
        }
        if let Some(at) = self.at.filter(|at| *at > SimTime::ZERO) {
            pairs.push(format!("t={at}"));
        }
        if let Some(view) = self.view {
            pairs.push(format!("view={}", view.word()));
        }
        if let Some(node) = self.perspective {
            pairs.push(format!("as={}", scenario.name(node)));
        }
        if let Some(twin) = &self.twin {
            pairs.push(format!("twin={}", twin.format(scenario)));
        }
        if let Some(score) = self.guess {
            pairs.push(format!("guess={}", score.format()));
        }
        if let Some(challenge) = self.challenge {
            pairs.push(format!("challenge={}", challenge.format()));
        }
        // What is written is what runs: today's revision. A lab as it is needs none.
        if self.scenario.protocol.revision() > 1 && !pairs.is_empty() {
            pairs.insert(0, format!("rev={}", self.scenario.protocol.revision()));
        }
        pairs.join("&")
    }
}

/// Deeds as links write them.
pub(crate) fn texts(deeds: &[Timed], scenario: &Scenario) -> Vec<String> {
    let deeds = deeds.iter();
    deeds.map(|timed| timed.format(scenario)).collect()
}

/// What a query has said so far.
#[derive(Default)]
struct Said<'q> {
    values: Map<&'q str, &'q str>,
    /// The defences that are switched, and by which key.
    switched: Map<&'q str, &'q str>,
}

impl<'q> Said<'q> {
    /// Why a pair contradicts an earlier one, if it may: the later one counts. Deeds, what is left out, and defences add up.
    fn again(&mut self, key: &'q str, value: &'q str) -> Option<String> {
        if key == "do" || key == "without" {
            return None;
        }
        if key != "on" && key != "off" {
            let is_another = self
                .values
                .insert(key, value)
                .is_some_and(|last| last != value);
            return is_another.then(|| "is said more than once".to_owned());
        }
        let mut names = value.split(',').filter(|name| !name.is_empty());
        let both =
            names.find(|name| self.switched.insert(*name, key).is_some_and(|by| by != key))?;
        Some(format!(
            "names \"{}\", which is switched the other way as well",
            shortened(both)
        ))
    }
}

fn all_well(wrong: Vec<String>, between: &str) -> Result<(), String> {
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(wrong.join(between))
    }
}

/// That a key stands for no knob of this scenario, and is left out.
fn unknown(key: &str, scenario: &Scenario) -> Problem {
    let needs_a_node = setting::keys().any(|known| known == key);
    let names = scenario.names();
    let node = names.0.first().filter(|_| needs_a_node);
    let (what, so, hint) = match node {
        Some(node) => (
            format!("is set for one node at a time, as in {key}.{node}"),
            ", and was left out",
            String::new(),
        ),
        None => (
            "is not known in this lab".to_owned(),
            " and was left out",
            nearest_key(key, scenario),
        ),
    };
    Problem {
        so: so.to_owned(),
        hint,
        is_unknown_key: true,
        ..Problem::new(shortened(key), what)
    }
}

/// `; did you mean "loss"?`, if a key is near.
fn nearest_key(key: &str, scenario: &Scenario) -> String {
    if let Some((family, place)) = key.split_once('.') {
        let settings = setting::keys();
        if settings.clone().any(|known| known == family) {
            let names = scenario.names();
            let near = nearest(place, names.0.iter().copied());
            return format!("; it has no \"{}\"{near}", shortened(place));
        }
        let near = nearest_name(family, settings);
        return near.map_or_else(String::new, |near| {
            format!("; did you mean \"{near}.{}\"?", shortened(place))
        });
    }
    let parameters = scenario.protocol.parameters.iter().map(|spec| spec.id);
    nearest(
        key,
        KEYS.into_iter().chain(setting::keys()).chain(parameters),
    )
}
