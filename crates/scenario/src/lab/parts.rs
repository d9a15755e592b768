//! The fields that several parts of a lab have: texts, queries, names.

use super::markdown;
use crate::document::Fields;
use crate::model::Scenario;
use crate::terms::quantity::shortened;
use crate::terms::words::nearest;
use crate::variant::Variant;

/// A text in the safe subset of Markdown.
pub(super) fn prose(fields: &mut Fields<'_>, field: &'static str, most: usize) -> String {
    let text = fields.text(field, most, "");
    if let Some(what) = markdown::problem(&text) {
        fields.complain(field, what);
    }
    text
}

/// What a link says after the `?`, which must hold for the scenario.
pub(super) fn query(fields: &mut Fields<'_>, scenario: &Scenario) -> String {
    let link = fields.text("link", 2000, "");
    for problem in Variant::of(scenario.clone()).apply(&link) {
        let what = format!("is \"{}\": {problem}", shortened(&link));
        fields.complain("link", what.trim_end_matches('.'));
    }
    link
}

/// The place of a name in a list.
pub(super) fn place<'n>(
    fields: &mut Fields<'_>,
    field: &'static str,
    mut names: impl Iterator<Item = &'n str> + Clone,
) -> Option<usize> {
    let all = names.clone();
    let name = fields.text(field, 60, "");
    let found = names.position(|other| other == name);
    if found.is_none() && !name.is_empty() {
        let what = format!(
            "is \"{}\", which is not known{}",
            shortened(&name),
            nearest(&name, all)
        );
        fields.complain(field, what);
    }
    found
}
