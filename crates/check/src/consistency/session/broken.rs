//! Why a session may not read what it read.

use super::{Floor, Guarantee, Sessions};
use crate::consistency::conclusion::Violation;
use crate::consistency::versions::{Version, place};
use crate::history::{History, OpId, Operation};

impl Sessions {
    pub(super) fn violation(
        &self,
        history: &History,
        read: &Operation,
        version: Version,
        floor: Floor,
    ) -> Violation {
        let written = match version {
            Version::Written(op) => Some(op),
            Version::Initial | Version::Unwritten => None,
        };
        let found = written.map_or_else(
            || self.versions.initial().to_string(),
            |op| argument(history, op).unwrap_or_default(),
        );
        let because = format!(
            "{} read {found} from {} at {}, {}; {found} is the older of the two{}",
            read.client(),
            place(read),
            ended_at(history, read.id),
            self.reason(history, floor),
            written.map_or("", |written| seen_by(history, written, floor.version))
        );
        let mut operations = vec![read.id, floor.version];
        operations.extend(Some(floor.learnt).filter(|&op| op != floor.version));
        operations.extend(written);
        Violation::at_end_of(read, operations, because)
    }

    /// Why a session may count on a floor.
    fn reason(&self, history: &History, floor: Floor) -> String {
        let expected = argument(history, floor.version).unwrap_or_default();
        let learnt = history.get(floor.learnt).and_then(|op| op.result());
        let learnt = learnt.map(ToString::to_string).unwrap_or_default();
        let learnt_at = ended_at(history, floor.learnt);
        match self.guarantee {
            Guarantee::ReadYourWrites => format!(
                "after its own write of {expected} had been acknowledged at {}",
                ended_at(history, floor.version)
            ),
            Guarantee::MonotonicReads => format!("after it had read {expected} at {learnt_at}"),
            Guarantee::MonotonicWrites => format!(
                "after it had read {learnt} at {learnt_at}, whose writer had written {expected} before"
            ),
            Guarantee::WritesFollowReads => format!(
                "after it had read {learnt} at {learnt_at}, whose writer had read {expected} before"
            ),
        }
    }
}

/// How it is known that one version is older than another.
fn seen_by(history: &History, older: OpId, newer: OpId) -> &'static str {
    match (history.get(older), history.get(newer)) {
        (Some(older), Some(newer)) if older.process == newer.process => {
            ", as their writer wrote it first"
        }
        _ => ", as other sessions wrote or read them in that order",
    }
}

/// What an operation was called with.
fn argument(history: &History, op: OpId) -> Option<String> {
    history.get(op).map(|op| op.call.argument.to_string())
}

/// When an operation ended.
fn ended_at(history: &History, op: OpId) -> String {
    let ended = history.get(op).and_then(|op| op.ended.at());
    history.moment(ended.unwrap_or_default())
}
