//! From JSON to a scenario, with everything that is wrong with it at once.
//!
//! | module | its subject |
//! | --- | --- |
//! | `nodes` | nodes and links |
//! | `faults` | what strikes by itself |
//! | `script` | a protocol that a document brings along |
//! | `choices` | the protocol's parameters and defences, and the checks |

mod choices;
mod faults;
mod nodes;
mod script;

pub(crate) use choices::defences;

use protocols::ProtocolEntry;
use serde_json::Value;
use sim::sorted::Set;
use sim::sorting::sort_by_key;
use sim::{SimDuration, SimTime};

use super::fields::Fields;
use super::migrate::{VERSION, migrated};
use super::problem::{Problem, Problems};
#[cfg(feature = "schema")]
use super::sketch::Sketch;
use crate::deed::amount;
use crate::model::Scenario;
use crate::model::Timed;
use crate::setting::Network;
use crate::terms::limits::{
    DURATION, EVENTS, LONGEST_DEED, MOST_BYTES, MOST_DEEDS, REVISION, SECOND, SEED,
};
use crate::terms::quantity::Range;
use crate::terms::words::nearest_name;

/// The present version; others have been migrated to it.
const PRESENT: Range = Range::count(VERSION as f64, VERSION as f64);

/// A JSON text as a value, if it is short enough and valid.
pub(crate) fn json(text: &str) -> Result<Value, Problem> {
    if text.len() > MOST_BYTES {
        let what = format!("has {} bytes; it may have {MOST_BYTES}", text.len());
        return Err(Problem::new("the document", what));
    }
    serde_json::from_str(text)
        .map_err(|error| Problem::new("the document", format!("is not JSON: {error}")))
}

impl Scenario {
    /// Reads a scenario from JSON text.
    pub fn from_json(text: &str) -> Result<Scenario, Vec<Problem>> {
        let value = json(text).map_err(|problem| vec![problem])?;
        Scenario::from_value(&value)
    }

    /// Reads a scenario from a JSON value.
    pub fn from_value(value: &Value) -> Result<Scenario, Vec<Problem>> {
        let value = migrated(value).map_err(|problem| vec![problem])?;
        let problems = Problems::default();
        let scenario = scenario(Fields::new("", &value, &problems));
        let problems = problems.into_vec();
        match scenario {
            Some(scenario) if problems.is_empty() => Ok(scenario),
            _ => Err(problems),
        }
    }
}

/// Reads a scenario; nothing if its protocol is unknown.
pub(crate) fn scenario(mut fields: Fields<'_>) -> Option<Scenario> {
    fields.quantity("version", PRESENT, PRESENT.max);
    let protocol = protocol(&mut fields);
    let revision = fields.quantity("revision", REVISION, 1.0) as u32;
    let nodes = nodes::all(&mut fields, protocol);
    let names = super::scope::Names(nodes.iter().map(|node| node.name.as_str()).collect());
    let links = nodes::links(&mut fields, &names);
    let mishaps = faults::mishaps(&mut fields, &names);
    let flapping = faults::flapping(&mut fields, &names);
    let parameters = choices::parameters(&mut fields, protocol);
    let defences = defences(&mut fields, "defences", protocol);
    let defences: Set<&'static str> = defences.into_iter().collect();
    let network = fields
        .object("network")
        .map_or_else(Network::default, nodes::network);
    let seed = fields.quantity("seed", SEED, 1.0) as u32;
    let duration = fields.duration("duration", DURATION, 60.0 * SECOND);
    let events = fields.quantity("events", EVENTS, 1e6) as u32;
    let checks = choices::checks(&mut fields, &names);
    let plan = fields.texts("plan", MOST_DEEDS, LONGEST_DEED);
    let mut scenario = protocol.map(|protocol| Scenario {
        seed,
        duration,
        events,
        protocol,
        revision,
        parameters,
        nodes,
        network,
        links,
        mishaps,
        flapping,
        defences,
        checks,
        plan: Vec::new(),
    });
    if let Some(scenario) = &mut scenario {
        scenario.plan = deeds(&fields, "plan", &plan, scenario);
    }
    fields.finish();
    scenario
}

/// Reads what is done to a run, in order of time.
pub(crate) fn deeds(
    fields: &Fields<'_>,
    field: &str,
    texts: &[String],
    scenario: &Scenario,
) -> Vec<Timed> {
    let mut deeds = Vec::new();
    for (place, text) in texts.iter().enumerate() {
        match Timed::parse(text, scenario) {
            Ok(timed) if timed.at <= SimTime::ZERO + scenario.duration => deeds.push(timed),
            Ok(_) => fields.complain(
                &format!("{field}[{place}]"),
                format!("is \"{text}\", after the end of the run"),
            ),
            Err(what) => fields.complain(&format!("{field}[{place}]"), what),
        }
    }
    sort_by_key(&mut deeds, |timed| timed.at);
    if let Some((_, what)) = amount::excess(scenario, &deeds) {
        fields.complain(field, what);
    }
    deeds
}

/// What a scenario looks like.
#[cfg(feature = "schema")]
pub(crate) fn sketch() -> Sketch {
    let (sketch, problems) = (Sketch::default(), Problems::default());
    scenario(Fields::sketched(&sketch, &problems));
    sketch
}

fn protocol(fields: &mut Fields<'_>) -> Option<&'static ProtocolEntry> {
    if fields.value("protocol").is_some_and(Value::is_object) {
        return script::protocol(fields.object("protocol")?);
    }
    let names: Vec<&'static str> = protocols::names().collect();
    fields.named("protocol", &names);
    let Some(value) = fields.value("protocol") else {
        fields.complain("protocol", "is missing");
        return None;
    };
    let found = protocols::find(meant_protocol(value)?);
    if found.is_none() {
        fields.complain("protocol", "is not loaded");
    }
    found
}

/// The protocol that a value names. A misspelt name is a problem; with the one that is probably meant, the rest can be judged all
/// the same.
fn meant_protocol(value: &Value) -> Option<&'static str> {
    nearest_name(value.as_str()?, protocols::names())
}

/// The protocol that a document is about, as far as it says.
pub(crate) fn protocol_of(document: &Value) -> Option<&'static str> {
    let document = migrated(document).ok()?;
    let scenario = document.get("scenario").unwrap_or(&document);
    meant_protocol(scenario.get("protocol")?)
}

impl Fields<'_> {
    /// A length of time.
    pub(crate) fn duration(
        &mut self,
        field: &'static str,
        range: Range,
        default: f64,
    ) -> SimDuration {
        SimDuration::from_nanos_f64(self.quantity(field, range, default))
    }
}
