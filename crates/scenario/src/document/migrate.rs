//! Documents of earlier versions are brought up to the present one, one version at a time.
//!
//! To change the document's form: add the step from the present version to the end of [`STEPS`], which makes the next
//! version the present one. What was written before is never rewritten, and stays among the golden documents.

use std::borrow::Cow;

use serde_json::Value;

use super::problem::Problem;

/// Turns a scenario of one version into one of the next.
type Step = fn(&mut Value);

/// The first step leads from version 1 to version 2, and so on.
const STEPS: &[Step] = &[];

/// The present version.
pub(crate) const VERSION: u64 = STEPS.len() as u64 + 1;

/// The document with its scenario in the present version. If it is not a document, the reader complains.
pub(crate) fn migrated(document: &Value) -> Result<Cow<'_, Value>, Problem> {
    migrated_by(STEPS, document)
}

fn migrated_by<'d>(steps: &[Step], document: &'d Value) -> Result<Cow<'d, Value>, Problem> {
    let place = if document.get("scenario").is_some() {
        "/scenario"
    } else {
        ""
    };
    let scenario = document.pointer(place);
    // A document that does not tell its version has the first one.
    let version = scenario.and_then(|scenario| scenario.get("version"));
    let version = version.map_or(Some(1), Value::as_u64).unwrap_or(0);
    let present = steps.len() as u64 + 1;
    if version > present {
        let field = if place.is_empty() {
            "version"
        } else {
            "scenario.version"
        };
        let what =
            format!("is {version}, of a later Slowfire; this one reads versions up to {present}");
        return Err(Problem::new(field, what));
    }
    if version == 0 || version == present {
        return Ok(Cow::Borrowed(document));
    }
    let mut document = document.clone();
    if let Some(scenario) = document.pointer_mut(place) {
        for step in &steps[version as usize - 1..] {
            step(scenario);
        }
        scenario["version"] = present.into();
    }
    Ok(Cow::Owned(document))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// Two made-up changes of the document's form: a field is renamed, then doubled.
    const MADE_UP: &[Step] = &[
        |scenario| scenario["new"] = scenario["old"].take(),
        |scenario| scenario["new"] = json!(scenario["new"].as_u64().unwrap_or(0) * 2),
    ];

    fn new_field(document: Value) -> Value {
        let document = migrated_by(MADE_UP, &document).unwrap();
        let scenario = document.get("scenario").unwrap_or(&document);
        assert_eq!(scenario["version"], 3);
        scenario["new"].clone()
    }

    #[test]
    fn each_step_is_taken_once_and_in_order() {
        assert_eq!(new_field(json!({ "old": 2 })), 4);
        assert_eq!(new_field(json!({ "version": 1, "old": 2 })), 4);
        assert_eq!(new_field(json!({ "version": 2, "new": 2 })), 4);
        assert_eq!(new_field(json!({ "version": 3, "new": 2 })), 2);
        assert_eq!(
            new_field(json!({ "scenario": { "version": 2, "new": 2 } })),
            4
        );
    }

    #[test]
    fn a_later_version_is_refused_with_a_sentence() {
        let problem = migrated(&json!({ "scenario": { "version": VERSION + 6 } })).unwrap_err();
        let said = "scenario.version is 7, of a later Slowfire; this one reads versions up to 1.";
        assert_eq!(problem.to_string(), said);
    }
}
