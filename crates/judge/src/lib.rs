//! The checkers for histories that come from elsewhere, as a module of their own: the page loads it when somebody opens a
//! history, and runs it beside the page, so that a search holds up nobody.
//!
//! | module | its subject |
//! | --- | --- |
//! | [`asked`] | what is asked of a text |
//! | [`judged`] | the answer, as the page shows it |
//! | `likely` | which model a history is likely of |
//! | `picture` | which operations are drawn, and where |

pub mod asked;
pub mod judged;
mod likely;
mod picture;

use wasm_bindgen::prelude::*;

/// Judges a history: its text, and an [`asked::Asked`] as JSON. The answer is a [`judged::Judged`] as JSON.
///
/// # Errors
///
/// When the second text is no question.
#[wasm_bindgen]
pub fn judge(text: String, asked: &str) -> Result<String, JsError> {
    let asked: asked::Asked = serde_json::from_str(asked)?;
    Ok(serde_json::to_string(&judged::judged(text, &asked))?)
}

/// What may be chosen: `{"models", "consistencies"}`, names as the command knows them.
#[wasm_bindgen]
pub fn choices() -> String {
    asked::choices().to_string()
}
