//! The browser's API of Slowfire.
//!
//! A [`Session`] is one run that a page shows. The page sends commands and gets back what to show: text and numbers
//! through serde, the picture painted on its canvas. Times are virtual milliseconds. Nothing here decides anything
//! about the simulation.
//!
//! - `session`: the commands
//! - `view`: what the page's text shows
//! - `canvas`: paints a scene's shapes

mod canvas;
mod session;
mod view;

pub use session::Session;

use wasm_bindgen::prelude::*;

/// Shows a panic's message in the console; the page tells the reader.
#[wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
}

/// All labs: a list of `{id, title, chapter, question}`.
#[wasm_bindgen]
pub fn labs() -> JsValue {
    view::to_js(&view::labs())
}

/// A seed that nobody has drawn before: a whole number below 2^32.
///
/// # Errors
///
/// When the browser has no source of random numbers.
#[wasm_bindgen]
pub fn fresh_seed() -> Result<u32, JsError> {
    getrandom::u32()
        .map_err(|error| JsError::new(&format!("This browser gives no random numbers: {error}.")))
}
