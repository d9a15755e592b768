//! What strikes by itself.

use sim::SimTime;
use sim::action::MishapKind;

use crate::deed::faults;
use crate::document::Fields;
use crate::model::Cut;
use crate::model::{FlappingSettings, MishapSettings};
use crate::terms::limits::{BETWEEN, DURATION, FACTOR, MOST_MISHAPS, SECOND};
use crate::terms::quantity::{Range, permille, shortened};
use crate::terms::scope::{Names, NodeSet};

/// The faults that strike at random.
pub(super) fn mishaps(fields: &mut Fields<'_>, names: &Names<'_>) -> Vec<MishapSettings> {
    let entries = fields.objects("mishaps", MOST_MISHAPS).into_iter();
    let mishaps: Vec<MishapSettings> = entries.map(|entry| mishap(entry, names)).collect();
    let struck = |mishap: &MishapSettings| mishap.nodes.nodes(names.0.len()).count();
    let all: usize = mishaps.iter().map(struck).sum();
    if all > MOST_MISHAPS {
        fields.complain(
            "mishaps",
            format!("strike {all} nodes; they may strike {MOST_MISHAPS}"),
        );
    }
    mishaps
}

fn mishap(mut fields: Fields<'_>, names: &Names<'_>) -> MishapSettings {
    let factor = fields.quantity("factor", FACTOR, 10.0);
    let kinds = faults(permille(factor));
    let nodes = node_set(&mut fields, "node", names);
    let mishap = MishapSettings {
        nodes,
        kind: fields.choice("kind", &kinds, MishapKind::Crash),
        every: fields.duration("every", BETWEEN, 20.0 * SECOND),
        lasts: fields.duration("lasts", DURATION, 2.0 * SECOND),
    };
    fields.finish();
    mishap
}

/// The cuts that come and go.
pub(super) fn flapping(fields: &mut Fields<'_>, names: &Names<'_>) -> Vec<FlappingSettings> {
    let entries = fields.objects("flapping", 16).into_iter();
    entries.filter_map(|entry| one(entry, names)).collect()
}

fn one(mut fields: Fields<'_>, names: &Names<'_>) -> Option<FlappingSettings> {
    let text = fields.text("cut", 200, "halves");
    let cut = match Cut::parse(&text, names) {
        Ok(cut) if cut.is_by_role() => Err("a role has no nodes before the run".to_owned()),
        other => other,
    };
    let cut = cut.map_err(|what| {
        fields.complain("cut", format!("is \"{}\": {what}", shortened(&text)));
    });
    let first = fields.duration("first", Range::duration(0.0, DURATION.max), 5.0 * SECOND);
    let stays = fields.duration("stays", DURATION, 2.0 * SECOND);
    let gone = fields.duration("gone", DURATION, 5.0 * SECOND);
    fields.finish();
    Some(FlappingSettings {
        cut: cut.ok()?,
        first: SimTime::ZERO + first,
        stays,
        gone,
    })
}

/// Reads which nodes something is about: all if nothing is said.
pub(super) fn node_set(fields: &mut Fields<'_>, field: &'static str, names: &Names<'_>) -> NodeSet {
    let text = fields.text(field, 2000, "*");
    NodeSet::parse(&text, names).unwrap_or_else(|what| {
        fields.complain(field, format!("is \"{}\": {what}", shortened(&text)));
        NodeSet::default()
    })
}
