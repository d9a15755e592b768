//! The browser's API of Slowfire.
//!
//! A [`Session`] is one run that a page shows. The page sends commands and gets back what to show: text and numbers
//! through serde, the picture painted on its canvas. Times are virtual milliseconds. Nothing here decides anything
//! about the simulation.
//!
//! - `session`: the commands
//! - `view`: what the page's text shows
//! - `cards`: all that can be said and done about one thing
//! - `learn`: the story, marks, curves and futures
//! - `canvas`: paints a scene's shapes

mod canvas;
mod cards;
mod learn;
mod session;
mod view;

pub use session::Session;

use std::cell::RefCell;

use wasm_bindgen::prelude::*;

thread_local! {
    static LAST_PANIC: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Keeps a panic's message for the page, and shows it in the console.
#[wasm_bindgen(start)]
pub fn start() {
    std::panic::set_hook(Box::new(|info| {
        LAST_PANIC.set(info.to_string());
        console_error_panic_hook::hook(info);
    }));
}

/// The message of the last panic; empty if there was none.
#[wasm_bindgen]
pub fn last_panic() -> String {
    LAST_PANIC.with_borrow(String::clone)
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
