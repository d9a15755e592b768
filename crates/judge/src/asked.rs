//! What is asked of a text.

use check::format::{Keyed, read_value};
use check::model::ModelName;
use check::quoted::Quoted;
use check::value::Value;
use check::verify::Consistency;
use serde::Deserialize;
use serde_json::json;

/// What is asked of a text, by the names that the command has for it. What is left out is found in the history, or is what
/// the command takes.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Asked {
    /// What the operations are operations on.
    pub model: Option<String>,
    /// What must hold.
    pub consistency: Option<String>,
    /// `pairs` if values are pairs of key and value, `plain` if they are not.
    pub keyed: Option<String>,
    /// What registers hold at the start, or the opening balances of a bank, as EDN or JSON.
    pub initial: Option<String>,
}

/// An [`Asked`], understood.
#[derive(Clone, Debug)]
pub struct Read {
    /// What the operations are operations on, if that was said.
    pub model: Option<ModelName>,
    /// What must hold.
    pub consistency: Consistency,
    /// Whether values are pairs of key and value.
    pub keyed: Keyed,
    /// What there is at the start, if that was said.
    pub initial: Option<Value>,
}

impl Asked {
    /// Reads the names.
    ///
    /// # Errors
    /// A sentence on the first that is wrong.
    pub fn read(&self) -> Result<Read, String> {
        let model = self.model.as_deref().map(str::parse).transpose();
        let consistency = self.consistency.as_deref().unwrap_or("linearizable");
        let initial = self.initial.as_deref().map(str::trim);
        let initial = initial.filter(|text| !text.is_empty()).map(read_value);
        Ok(Read {
            model: model.map_err(|unknown: check::model::UnknownModel| unknown.to_string())?,
            consistency: consistency
                .parse()
                .map_err(|unknown: check::verify::UnknownConsistency| unknown.to_string())?,
            keyed: match self.keyed.as_deref() {
                None => Keyed::Detect,
                Some("pairs") => Keyed::Pairs,
                Some("plain") => Keyed::Plain,
                Some(other) => {
                    return Err(format!(
                        "`{}` is neither `pairs` nor `plain`",
                        Quoted(other)
                    ));
                }
            },
            initial: initial
                .transpose()
                .map_err(|wrong| format!("--initial: {}", wrong.problem))?,
        })
    }
}

/// The names that may be asked for.
pub(crate) fn choices() -> serde_json::Value {
    let models = ModelName::ALL.iter().map(|(name, _)| *name);
    let consistencies = Consistency::ALL.iter().map(|(name, _)| *name);
    json!({
        "models": models.collect::<Vec<_>>(),
        "consistencies": consistencies.collect::<Vec<_>>(),
    })
}
