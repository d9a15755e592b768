//! What a client believes, in words.

use sim::protocol::{Description, Outlook};

use super::{Client, Stage, Tenure};
use crate::describe::words::seconds;

impl Client {
    /// What it holds and believes, in words.
    pub(super) fn description(&self, outlook: &Outlook<'_>) -> Description {
        let mut state = Vec::new();
        if self.habits.file.is_some() {
            state.push(("writes acknowledged".to_owned(), self.written.to_string()));
        }
        if let Some(tenure) = self.tenure() {
            state.push(("token".to_owned(), tenure.token.to_string()));
            state.push(("lease left".to_owned(), left(tenure, outlook)));
        }
        Description {
            badge: self.badge(),
            state,
            beliefs: vec![self.belief(outlook)],
        }
    }

    fn badge(&self) -> String {
        match &self.stage {
            Stage::Resting => "rests".to_owned(),
            Stage::Waiting => "wants the lock".to_owned(),
            Stage::Opening(tenure) => format!("opens, token {}", tenure.token),
            Stage::Holding(tenure) | Stage::Writing(tenure, _) => {
                format!("holds, token {}", tenure.token)
            }
        }
    }

    fn belief(&self, outlook: &Outlook<'_>) -> String {
        match &self.stage {
            Stage::Resting => "I do not need the lock now.".to_owned(),
            Stage::Waiting => "Another client may hold the lock: I ask until I get it.".to_owned(),
            Stage::Opening(_) => "I hold the lock. I wait for the file.".to_owned(),
            Stage::Holding(tenure) | Stage::Writing(tenure, _) => {
                self.belief_of_holder(tenure, outlook)
            }
        }
    }

    fn belief_of_holder(&self, tenure: &Tenure, outlook: &Outlook<'_>) -> String {
        let checks = self.habits.file.is_none_or(|file| file.checks_lease);
        if !checks {
            format!(
                "I hold the lock, with token {}: {} has not told me otherwise.",
                tenure.token,
                (outlook.name)(self.habits.service)
            )
        } else if tenure.is_valid(outlook.monotonic) {
            let left = left(tenure, outlook);
            format!("I hold the lock for another {left} by my clock.")
        } else {
            "By my clock, which I have just read, my lease is over.".to_owned()
        }
    }
}

/// How much of the lease is left.
fn left(tenure: &Tenure, outlook: &Outlook<'_>) -> String {
    seconds(tenure.left(outlook.monotonic).as_nanos() as i64)
}
