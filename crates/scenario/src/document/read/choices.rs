//! The protocol's parameters and defences, and the checks.

use sim::sorted::Map;

use protocols::{ParameterSpec, ProtocolEntry};

use super::faults;
use crate::checks::{CHECKS, CheckSettings};
use crate::document::Fields;
use crate::terms::limits::{MOST_CHECKS, parameter_range};
use crate::terms::quantity::shortened;
use crate::terms::scope::Names;
use crate::terms::words::defence;

/// The protocol's parameters, each of them.
pub(super) fn parameters(
    fields: &mut Fields<'_>,
    protocol: Option<&'static ProtocolEntry>,
) -> Map<&'static str, f64> {
    let specs = protocol.map_or(&[][..], |protocol| protocol.parameters);
    let Some(mut entries) = fields.object("parameters") else {
        return defaults(specs);
    };
    let values = read_all(&mut entries, specs);
    // Without a protocol nobody knows its parameters.
    if protocol.is_some() {
        entries.finish();
    }
    values
}

fn defaults(specs: &'static [ParameterSpec]) -> Map<&'static str, f64> {
    specs.iter().map(|spec| (spec.id, spec.default)).collect()
}

fn read_all(fields: &mut Fields<'_>, specs: &'static [ParameterSpec]) -> Map<&'static str, f64> {
    let mut values = defaults(specs);
    for spec in specs {
        if let Some(value) = fields.optional_quantity(spec.id, parameter_range(spec)) {
            values.insert(spec.id, value);
        }
    }
    values
}

/// Reads names of a protocol's defences. Without a protocol nobody knows them.
pub(crate) fn defences(
    fields: &mut Fields<'_>,
    field: &'static str,
    protocol: Option<&'static ProtocolEntry>,
) -> Vec<&'static str> {
    let names = fields.texts(field, 32, 40);
    let Some(protocol) = protocol else {
        return Vec::new();
    };
    let mut known = Vec::new();
    for (place, name) in names.iter().enumerate() {
        match defence(protocol, name) {
            Ok(id) => known.push(id),
            Err(what) => fields.complain(&format!("{field}[{place}]"), format!("is {what}")),
        }
    }
    known
}

/// What is judged.
pub(super) fn checks(fields: &mut Fields<'_>, names: &Names<'_>) -> Vec<CheckSettings> {
    let entries = fields.objects("checks", MOST_CHECKS).into_iter();
    let checks: Vec<CheckSettings> = entries.filter_map(|entry| check(entry, names)).collect();
    for (place, check) in checks.iter().enumerate() {
        if checks[..place].iter().any(|other| other.id == check.id) {
            let what = format!("is \"{}\", as another check's", shortened(&check.id));
            fields.complain(&format!("checks[{place}].id"), what);
        }
    }
    checks
}

fn check(mut fields: Fields<'_>, names: &Names<'_>) -> Option<CheckSettings> {
    let kinds: Vec<&'static str> = CHECKS.iter().map(|entry| entry.id).collect();
    let kind = fields.named("kind", &kinds).map(|place| &CHECKS[place]);
    let id = fields.text("id", 40, kind.map_or("", |kind| kind.id));
    let label = fields.text("label", 120, kind.map_or("", |kind| kind.about));
    let noun = fields.text("noun", 24, "operation");
    let among = faults::node_set(&mut fields, "among", names);
    let Some(kind) = kind else {
        if fields.value("kind").is_none() {
            fields.complain("kind", "is missing");
        }
        return None;
    };
    let settings = CheckSettings {
        id,
        label,
        noun,
        among,
        parameters: read_all(&mut fields, kind.parameters),
        kind,
    };
    fields.finish();
    Some(settings)
}
