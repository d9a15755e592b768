//! Whether a scenario is of a published algorithm as it was published. The page says the same with
//! `web/src/session/algorithm.ts`.

use super::Scenario;

impl Scenario {
    /// What is modified in the published algorithm that it runs, as in `modified Raft: without “Pre-vote”`; nothing if it
    /// is as published, or none.
    pub fn modified(&self) -> Option<String> {
        let name = self.protocol.algorithm?;
        let rules = self.protocol.defences;
        let mut off = rules.iter().filter(|rule| !self.defences.contains(rule.id));
        let first = off.next()?;
        Some(match off.count() {
            0 => format!("modified {name}: without “{}”", first.label),
            others => {
                let (off, all) = (others + 1, rules.len());
                format!("modified {name}: {off} of {all} rules are off")
            }
        })
    }
}
