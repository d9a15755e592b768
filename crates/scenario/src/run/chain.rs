//! The chain of events that explains a violation, as a reader walks it: cut to what matters where it is long.

use check::watch::State;
use sim::sorting::{sort, sort_by_key};
use sim::{EventId, SimTime};

use super::Run;

/// A chain has so many links at most: nobody walks on for longer.
pub const MOST_LINKS: usize = 12;

/// What explains a violation, event by event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    /// The check that is violated, by its place in the scenario.
    pub check: usize,
    /// The events, in order.
    pub links: Vec<EventId>,
    /// How many more events explain it, which are left out.
    pub left_out: usize,
    /// When the violation is seen.
    pub seen_at: SimTime,
    /// What the check says, with what explains it.
    pub sentence: String,
}

impl Run {
    /// The chain that explains what a check found, by the check's id; nothing unless it is violated at the cursor.
    pub fn chain(&self, id: &str) -> Option<Chain> {
        let place = self
            .scenario()
            .checks
            .iter()
            .position(|check| check.id == id)?;
        let verdict = self.verdicts().into_iter().nth(place)?;
        if verdict.state != State::Violated {
            return None;
        }
        let check = self.watch().checks().nth(place)?;
        let evidence = check.finding().map(|finding| &*finding.events);
        let reason = check.case().and_then(|case| self.reasons.of(case));
        let key = reason.map(|reason| reason.why.key());
        let links = cut(
            &verdict.events,
            evidence.unwrap_or_default(),
            key.unwrap_or_default(),
        );
        Some(Chain {
            check: place,
            left_out: verdict.events.len() - links.len(),
            links,
            seen_at: verdict.seen_at.unwrap_or(self.now()),
            sentence: verdict.sentence,
        })
    }
}

/// Those of `events` that matter most, in order: the trouble and where the story ends, then the other evidence, then the messages
/// between, the latest first.
fn cut(events: &[EventId], evidence: &[EventId], key: &[EventId]) -> Vec<EventId> {
    let weight = |id: &EventId| match id {
        _ if key.contains(id) || evidence.last() == Some(id) => 0,
        _ if evidence.contains(id) => 1,
        _ => 2,
    };
    let mut links: Vec<EventId> = events.iter().rev().copied().collect();
    sort_by_key(&mut links, weight);
    links.truncate(MOST_LINKS);
    sort(&mut links);
    links
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_chain_keeps_its_end_and_its_trouble() {
        let events: Vec<EventId> = (0..40).map(EventId).collect();
        let evidence = [EventId(2), EventId(20), EventId(35)];
        let key = [EventId(5), EventId(6)];
        let links = cut(&events, &evidence, &key);
        assert_eq!(links.len(), MOST_LINKS);
        for kept in evidence.iter().chain(&key) {
            assert!(links.contains(kept), "{kept:?} is left out");
        }
        assert!(links.is_sorted());
        assert_eq!(cut(&events[..5], &evidence, &key), events[..5]);
    }
}
