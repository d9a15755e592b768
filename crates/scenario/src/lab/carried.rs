//! The labs that the crate carries, each as a text of its own.
//!
//! The page loads a lab's text when it opens the lab: until then the bytes are zero there, and the lab is not found. Natively
//! all are there.

use std::hint::black_box;
use std::sync::OnceLock;

use serde_json::Value;

use super::Lab;

/// A lab that is carried.
pub(super) struct Carried {
    pub(super) id: &'static str,
    text: &'static [u8],
    lab: OnceLock<Lab>,
}

// `texts`: each lab as JSON; `CARRIED`: all of them, in the order of their names.
include!(concat!(env!("OUT_DIR"), "/labs.rs"));

impl Carried {
    const fn new(id: &'static str, text: &'static [u8]) -> Carried {
        let lab = OnceLock::new();
        Carried { id, text, lab }
    }

    /// Its text as JSON; nothing while that is not there.
    pub(super) fn value(&self) -> Option<Value> {
        // What the compiler knows of the bytes holds once they are there.
        serde_json::from_slice(black_box(self.text)).ok()
    }

    /// The lab; nothing while its text is not there.
    pub(super) fn lab(&'static self) -> Option<&'static Lab> {
        if let Some(lab) = self.lab.get() {
            return Some(lab);
        }
        let mut lab = Lab::from_value(&self.value()?).ok()?;
        // A carried lab is as old as the protocol beside it.
        lab.scenario.revision = lab.scenario.protocol.revision();
        Some(self.lab.get_or_init(|| lab))
    }

    /// Where its text lies in memory.
    pub(super) fn address(&self) -> usize {
        self.text.as_ptr() as usize
    }
}
