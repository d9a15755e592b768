//! From a failing run to the smallest that still fails in the same way, one run per step.

use scenario::link::Link;
use serde::Serialize;
use shrink::{Less, Progress, Shrink};
use wasm_bindgen::prelude::*;

use crate::run::refusal;
use crate::wire::to_js;

/// A search that goes on.
#[wasm_bindgen]
pub struct Shrinking(Shrink);

/// How far a search has come.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct ShrinkProgress {
    runs: u32,
    /// How many deeds, faults and settings are left that may be taken away.
    things: usize,
    nodes: usize,
    /// What is being tried.
    trying: &'static str,
}

/// The smallest run that was found.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct SmallestRun {
    /// The link that opens it, at the violation.
    link: String,
    /// The check that it violates.
    label: String,
    at_ms: f64,
    /// How many runs the search has taken.
    runs: u32,
    /// How many faults befell the run that was given, until it failed.
    faults_before: u32,
    /// How many faults befall this one.
    faults: u32,
    less: Vec<LessOf>,
    /// What is still done to it, and which settings of the weather are not calm, as links write them.
    left: Vec<String>,
}

/// Something of which there is less than before.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct LessOf {
    what: String,
    from: String,
    to: String,
}

#[wasm_bindgen]
impl Shrinking {
    /// A search that begins with the run of a link: for the check of this name, or else the one that is violated first.
    ///
    /// # Errors
    ///
    /// When there is no such check, or it is not violated.
    #[wasm_bindgen(constructor)]
    pub fn new(link: &str, check: Option<String>) -> Result<Shrinking, js_sys::Error> {
        let (link, _) = Link::parse(link);
        let search = Shrink::of(&link, check.as_deref());
        search.map(Shrinking).map_err(refusal)
    }

    /// Runs once more. Returns whether there was anything left to try.
    pub fn step(&mut self) -> bool {
        self.0.step()
    }

    /// How far it has come.
    #[wasm_bindgen(unchecked_return_type = "wire.ShrinkProgress")]
    pub fn progress(&self) -> JsValue {
        let Progress {
            runs,
            things,
            nodes,
            stage,
        } = self.0.progress();
        to_js(&ShrinkProgress {
            runs,
            things,
            nodes,
            trying: stage.words(),
        })
    }

    /// The smallest run so far.
    #[wasm_bindgen(unchecked_return_type = "wire.SmallestRun")]
    pub fn best(&self) -> JsValue {
        to_js(&smallest(&self.0))
    }
}

fn smallest(search: &Shrink) -> SmallestRun {
    let best = search.best();
    let less = |Less { what, from, to }| LessOf { what, from, to };
    SmallestRun {
        link: best.link.format(),
        label: best.label,
        at_ms: best.at.as_millis_f64(),
        runs: best.runs,
        faults_before: best.faults_before.all(),
        faults: best.faults.all(),
        less: best.less.into_iter().map(less).collect(),
        left: best.left,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_run_says_what_was_taken_away() {
        let (link, _) = Link::parse("#/double-charge");
        let mut search = Shrink::of(&link, None).unwrap();
        while search.step() {}
        let smallest = smallest(&search);
        assert!(smallest.faults < smallest.faults_before);
        assert!(!smallest.less.is_empty());
        assert!(smallest.less.iter().all(|less| less.from != less.to));
        assert!(smallest.link.starts_with('#'));
    }
}
