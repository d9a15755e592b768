//! The browser's API of Slowfire.
//!
//! A [`Run`] is one run that a page shows. The page sends commands and gets back what to show: text and numbers through
//! serde, the picture painted on its canvas. Times are virtual milliseconds. Nothing here decides anything about the
//! simulation.
//!
//! | file | its subject |
//! | --- | --- |
//! | `run` | the object that the page holds: what can be done to it and asked of it, and how it is seen |
//! | `input` | what the page says as JSON text, and how it is checked |
//! | `about` | the answer to what stays the same: labs, controls, defences, nodes |
//! | `state` | the answer to what changes: numbers, verdicts, nodes, messages, the log |
//! | `hunt` | many runs of one link, each with another seed |
//! | `shrinking` | from a failing run to the smallest that still fails |
//! | `ahead` | the answer to what the whole run will bring, also with a switch flipped |
//! | `cards` | all that can be said and done about one thing |
//! | `learn` | the lesson, marks, operations, curves and futures |
//! | `canvas` | paints a scene's shapes |
//! | `wire` | how values become JavaScript's |
//! | `typescript` | their types as TypeScript has them |
//!
//! The types in `about`, `state`, `ahead`, `cards`, `learn`, `input`, `hunt`, `shrinking` and `run` that cross to the page are declared for it in
//! `web/src/core/wire.ts`, which a test in `typescript` writes. A field that is added here is there after
//! `SLOWFIRE_BLESS=1 cargo test -p slowfire-wasm`.

mod about;
mod ahead;
mod canvas;
mod cards;
mod hunt;
mod input;
mod learn;
mod run;
mod shrinking;
mod state;
#[cfg(test)]
mod typescript;
mod wire;

pub use hunt::{Hunt, hunt_add, hunt_found, hunt_link, hunt_link_at, hunt_link_with};
pub use run::Run;
pub use shrinking::Shrinking;

use std::cell::RefCell;

use scenario::lab;
use scenario::link::Link;
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

/// All labs, chapter by chapter. All of the module must be there: the build writes them down for the page.
#[wasm_bindgen(unchecked_return_type = "wire.LabEntry[]")]
pub fn labs() -> JsValue {
    wire::to_js(&about::labs())
}

/// The doors of those parts of the module that must be there before [`Run::new`] opens `link`: where the texts of labs lie in
/// memory; once these are there, where the entries of their protocols lie; and then which slots of the table the functions have that
/// build its protocol and its checks.
#[wasm_bindgen]
pub fn doors(link: &str) -> Vec<u32> {
    let labs = Link::labs_named(link);
    let mut doors: Vec<usize> = labs.iter().filter_map(|id| lab::address(id)).collect();
    let named = Link::protocols_named(link);
    doors.extend(named.iter().filter_map(|id| protocols::address(id)));
    if named.iter().all(|id| protocols::find(id).is_some())
        && labs.iter().all(|id| lab::find(id).is_some())
    {
        doors.extend(builders(link));
    }
    numbers(doors)
}

/// The doors that must be there before [`unread`] can tell of `link`.
#[wasm_bindgen]
pub fn doors_told(link: &str) -> Vec<u32> {
    let told = Link::protocol_told(link).and_then(protocols::address);
    numbers(told.into_iter().collect())
}

/// What builds the run of a link, and what draws its logs, if it has some; and the text of the lab whose name a document of
/// somebody's own has.
fn builders(link: &str) -> Vec<usize> {
    let (link, _) = Link::parse(link);
    let scenario = &link.variant.scenario;
    let protocol = scenario.protocol.build as usize;
    let checks = scenario
        .checks
        .iter()
        .map(|check| check.kind.build as usize);
    let namesake = lab::address(&link.lab.id);
    let logs = scenario.protocol.algorithm.map(|_| scene::logs::address());
    let all = checks.chain([protocol]);
    all.chain(namesake).chain(logs).collect()
}

/// Why `link` names no run that is there, in sentences; none if it names one, whatever of that is loaded.
#[wasm_bindgen]
pub fn unread(link: &str) -> Vec<String> {
    let problems = Link::unread(link).map(|unread| unread.problems);
    problems.iter().flatten().map(ToString::to_string).collect()
}

/// The link that is probably meant by one that names no run, if one is near.
#[wasm_bindgen]
pub fn meant(link: &str) -> Option<String> {
    Link::unread(link).and_then(|unread| unread.near)
}

/// Addresses of memory and slots of the table are numbers of 32 bits in a browser.
fn numbers(doors: Vec<usize>) -> Vec<u32> {
    doors.into_iter().map(|door| door as u32).collect()
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
