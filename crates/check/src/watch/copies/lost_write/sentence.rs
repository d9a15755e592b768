//! What was lost, in a sentence.

use super::{Dropped, Fault, Gone, LostWrite, Protected, Write};
use crate::watch::parts::phrase::seconds;
use crate::watch::verdict::Words;

impl LostWrite {
    pub(super) fn sentence(&self, fault: &Fault, words: &Words<'_>) -> String {
        match fault {
            Fault::Dropped(dropped) => self.tell_dropped(dropped, words),
            Fault::Gone(gone) => self.tell_gone(gone, words),
        }
    }

    fn tell_gone(&self, gone: &Gone, words: &Words<'_>) -> String {
        let Gone { operation, at, .. } = *gone;
        let writer = (words.node)(self.writes[&operation].writer);
        format!(
            "No copy holds {writer}'s {} #{operation} at {}, although {writer} was told that it is stored.",
            words.operation,
            seconds(at),
        )
    }

    fn tell_dropped(&self, dropped: &Dropped, words: &Words<'_>) -> String {
        let (name, noun) = (words.node, words.operation);
        let writer = |operation| {
            let write: Option<&Write> = self.writes.get(&operation);
            write.map_or_else(String::new, |write| name(write.writer))
        };
        let Dropped { operation, by, .. } = *dropped;
        let (lost, kept) = (writer(operation), writer(by));
        let because = match self.protected {
            Protected::Followers => {
                format!("although {lost} already knew of #{by}")
            }
            Protected::Concurrent => {
                format!(
                    "although {lost} was told that #{operation} is stored, and knew nothing of #{by}"
                )
            }
            Protected::Acknowledged => {
                format!("although {lost} was told that #{operation} is stored")
            }
        };
        format!(
            "{} dropped {lost}'s {noun} #{operation} for {kept}'s #{by} at {}, {because}.",
            name(dropped.copy),
            seconds(dropped.at)
        )
    }
}
