//! What is seen of a bank.

use sim::protocol::{Description, Outlook};

use super::{Bank, Standing};
use crate::describe::words::seconds;

impl Bank {
    pub(super) fn description(&self, outlook: &Outlook<'_>) -> Description {
        let standings = self.known.values();
        let done = standings.filter(|standing| **standing == Standing::Committed);
        Description {
            badge: self.badge(),
            state: vec![
                ("done".to_owned(), done.count().to_string()),
                ("waiting".to_owned(), self.waiting.len().to_string()),
                ("refused".to_owned(), self.refused.to_string()),
            ],
            beliefs: vec![self.belief(outlook)],
        }
    }

    /// Where the transaction stands that has the account locked.
    fn holder(&self) -> Option<(u32, Standing)> {
        let number = self.locked?;
        Some((number, *self.known.get(&number)?))
    }

    fn badge(&self) -> String {
        match self.holder() {
            Some((number, Standing::InDoubt { .. })) => format!("#{number} in doubt, locked"),
            Some((number, _)) => format!("locked for #{number}"),
            None => "unlocked".to_owned(),
        }
    }

    fn belief(&self, outlook: &Outlook<'_>) -> String {
        match self.holder() {
            Some((number, Standing::InDoubt { since })) => format!(
                "I have promised to do my part of #{number} if I am told to, and have waited {} for the decision. Until I \
                 know it, I may neither do it nor drop it, and the account stays locked.",
                seconds(outlook.monotonic - since)
            ),
            Some((number, Standing::Preparing)) => {
                format!("I have locked the account for #{number}, and have not voted yet.")
            }
            Some((number, _)) => format!("I am writing that #{number} is done."),
            None => "I wait for no decision, and the account is free.".to_owned(),
        }
    }
}
