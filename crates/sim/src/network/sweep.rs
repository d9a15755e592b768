//! Messages that a cut meets some at a time.

use crate::collections::held::{Held, Measure};
use crate::time::SimTime;

/// Messages that a cut is still to meet.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sweep {
    /// Their slots, the next one last.
    pub slots: Vec<u32>,
    /// Whether what is held is looked at once these are met.
    pub lets_go: bool,
    /// The tick that comes again once all are met, and when.
    pub then: Option<(u32, SimTime)>,
}

impl Held for Sweep {
    fn held(&self, by: Measure) -> usize {
        self.slots.held(by)
    }
}
