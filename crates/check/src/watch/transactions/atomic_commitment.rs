//! Atomic commitment: all participants do their part, or none does.

use sim::held::{Held, Measure};
use sim::sorted::{Map, Set};
use sim::sorting::sort;
use sim::trace::{Event, EventKind, Fact, Outcome};
use sim::{Copies, EventId, NodeId, SimTime};

use crate::watch::parts::found::Found;
use crate::watch::parts::phrase::{counted, seconds};
use crate::watch::verdict::{Check, Finding, Verdict, Words};

/// No participant carries out what another one has given up, and no client is told otherwise (AC1 in Bernstein, Hadzilacos and
/// Goodman, *Concurrency control and recovery in database systems*, 1987, section 7.3).
///
/// It is judged by the stores, and not by what nodes take for decided. A participant has carried out an operation if its store
/// holds it. It has given it up if it held a lock for it and holds neither that nor the operation any more: because it let go, or
/// because it restarted and has forgotten. As long as it holds the lock, both are open. When the run is over, what a store
/// holds is looked up there.
///
/// A participant that votes no, or never hears of the operation, puts nothing on record. So the check is told how many there
/// are: when one has carried the operation out, or a client is told that it is done, each of them has locked its part or done
/// it (AC3 there: to commit takes a yes of all).
///
/// What a store holds without a lock is no operation of several participants. Clients with such operations are to be left out.
#[derive(Clone, Debug)]
pub struct AtomicCommitment {
    /// How many participants an operation has.
    participants: usize,
    /// Where each operation stands, at each of its participants.
    parts: Map<(u32, NodeId), Part>,
    /// What clients were told.
    told: Map<u32, Told>,
    /// The nodes that have restarted at a moment, and may put on record what their disks hold until it is over.
    restarted: Vec<Who>,
    /// The operations that some participant has locked its part for.
    locked: Set<u32>,
    /// The operations that some store holds.
    done: Set<u32>,
    finding: Found<Fault>,
}

#[derive(Clone, Copy, Debug)]
struct Part {
    standing: Standing,
    at: SimTime,
    since: EventId,
    /// Whether its node has restarted, and has not put it on record again.
    is_missing: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    Locked,
    Done,
    GivenUp,
}

#[derive(Clone, Copy, Debug)]
struct Told {
    client: NodeId,
    outcome: Outcome,
    at: SimTime,
    event: EventId,
}

/// Who contradict each other: of those who have carried the operation out, have given it up, and were told of it. Who
/// contradicts nobody of them does so to those who have not promised their part.
#[derive(Clone, Copy, Debug)]
struct Fault {
    operation: u32,
    done: Option<Who>,
    given_up: Option<Who>,
    told: Option<Who>,
    /// How many have locked their part or done it, and how many participants there are.
    promised: (usize, usize),
}

/// A node, when it did what it did, and the event that shows it.
type Who = (NodeId, SimTime, EventId);

impl AtomicCommitment {
    /// A check of operations that have so many participants each.
    pub fn new(participants: u32) -> AtomicCommitment {
        AtomicCommitment {
            participants: participants as usize,
            parts: Map::new(),
            told: Map::new(),
            restarted: Vec::new(),
            locked: Set::new(),
            done: Set::new(),
            finding: Found::default(),
        }
    }

    fn locked(&mut self, operation: u32, id: EventId, event: &Event) {
        self.locked.insert(operation);
        let part = self.parts.get_mut(&(operation, event.node));
        match part {
            Some(part) if part.standing != Standing::GivenUp => part.is_missing = false,
            _ => self.stands(operation, Standing::Locked, (event.node, event.time, id)),
        }
    }

    fn stands(&mut self, operation: u32, standing: Standing, (node, at, since): Who) {
        if standing == Standing::Done {
            self.done.insert(operation);
        }
        let part = Part {
            standing,
            at,
            since,
            is_missing: false,
        };
        self.parts.insert((operation, node), part);
    }

    fn stored(&mut self, operation: u32, id: EventId, event: &Event) {
        let part = self.parts.get_mut(&(operation, event.node));
        match part {
            Some(part) if part.standing == Standing::Done => part.is_missing = false,
            _ => {
                self.stands(operation, Standing::Done, (event.node, event.time, id));
                self.judge(operation, id);
            }
        }
    }

    fn unlocked(&mut self, operation: u32, id: EventId, event: &Event) {
        let part = self.parts.get(&(operation, event.node));
        if part.is_some_and(|part| part.standing == Standing::Locked) {
            self.stands(operation, Standing::GivenUp, (event.node, event.time, id));
            self.judge(operation, id);
        }
    }

    fn restarts(&mut self, id: EventId, event: &Event) {
        let parts = self.parts.iter_mut();
        for (_, part) in parts.filter(|((_, node), _)| *node == event.node) {
            part.is_missing = part.standing != Standing::GivenUp;
        }
        self.restarted.push((event.node, event.time, id));
    }

    /// What a node has not put on record again when the moment of its restart is over is gone since that restart.
    fn pass_to(&mut self, latest: EventId, now: SimTime) {
        while let Some(place) = self.restarted.iter().position(|(_, at, _)| *at < now) {
            let restart = self.restarted.remove(place);
            let node = restart.0;
            let missing = self.parts.iter();
            let missing = missing.filter(|((_, at), part)| *at == node && part.is_missing);
            let missing: Vec<u32> = missing.map(|((operation, _), _)| *operation).collect();
            for operation in missing {
                self.stands(operation, Standing::GivenUp, restart);
                self.judge(operation, latest);
            }
        }
    }

    /// Every participant that is known to have stood somewhere.
    fn parts_of(&self, operation: u32) -> impl Iterator<Item = (NodeId, &Part)> {
        let every = (operation, NodeId(0))..=(operation, NodeId(u16::MAX));
        let parts = self.parts.range(every);
        parts.map(|((_, node), part)| (*node, part))
    }

    /// The first participant of an operation that stands so.
    fn who(&self, operation: u32, standing: Standing) -> Option<Who> {
        let mut parts = self.parts_of(operation);
        let found = parts.find(|(_, part)| part.standing == standing);
        found.map(|(node, part)| (node, part.at, part.since))
    }

    /// The events with which participants have locked their part or done it.
    fn promises(&self, operation: u32) -> Vec<EventId> {
        let parts = self.parts_of(operation);
        let kept = parts.filter(|(_, part)| part.standing != Standing::GivenUp);
        kept.map(|(_, part)| part.since).collect()
    }

    /// Whether something contradicts something, which is certain with this event.
    fn judge(&mut self, operation: u32, event: EventId) {
        let done = self.who(operation, Standing::Done);
        let given_up = self.who(operation, Standing::GivenUp);
        let promises = self.promises(operation);
        let lacks = given_up.is_none() && promises.len() < self.participants;
        let told = self.told.get(&operation).copied();
        let told = told.filter(|told| match told.outcome {
            Outcome::Ok => lacks || (done.is_none() && given_up.is_some()),
            Outcome::Fail => done.is_some() && given_up.is_none(),
            Outcome::Unknown => false,
        });
        let is_refused = told.is_some_and(|told| told.outcome == Outcome::Fail);
        let told = told.map(|told| (told.client, told.at, told.event));
        // What nobody has locked may be an operation of one store alone.
        let done = done.filter(|_| !lacks || is_refused || self.locked.contains(&operation));
        let lacks = lacks && !is_refused && (done.is_some() || told.is_some());
        let fault = Fault {
            operation,
            // Either of the two is enough to contradict those who have not promised.
            done: done.filter(|_| !lacks || told.is_none()),
            given_up,
            told,
            promised: (promises.len(), self.participants),
        };
        let shown = [fault.done, given_up, told];
        let shown = shown.iter().flatten();
        let Some((_, at, _)) = shown.clone().max_by_key(|who| who.2).copied() else {
            return;
        };
        let mut events: Vec<EventId> = shown.map(|who| who.2).collect();
        if events.len() < 2 && !lacks {
            return;
        }
        if lacks {
            events.extend(promises);
        }
        sort(&mut events);
        events.dedup();
        self.finding.since(Finding { at, event, events }, fault);
    }
}

impl Fault {
    fn sentence(&self, words: &Words<'_>) -> String {
        let what = format!("{} #{}", words.operation, self.operation);
        let told = self
            .told
            .map(|(client, at, _)| ((words.node)(client), seconds(at)));
        let done = self
            .done
            .map(|(node, at, _)| ((words.node)(node), seconds(at)));
        let given_up = self
            .given_up
            .map(|(node, at, _)| ((words.node)(node), seconds(at)));
        match (told, done, given_up) {
            (Some((client, at)), Some((node, done)), _) => format!(
                "{client} was told at {at} that {what} is refused, but {node} carried it out at {done}."
            ),
            (Some((client, at)), _, Some((node, gone))) => format!(
                "{client} was told at {at} that {what} is done, but {node} gave it up at {gone}."
            ),
            (_, Some((one, done)), Some((other, gone))) => {
                format!("{one} carried out {what} at {done}, but {other} gave it up at {gone}.")
            }
            (Some((client, at)), None, None) => {
                format!(
                    "{client} was told at {at} that {what} is done, {}.",
                    self.lack()
                )
            }
            (None, Some((node, done)), None) => {
                format!("{node} carried out {what} at {done}, {}.", self.lack())
            }
            (None, None, _) => String::new(),
        }
    }

    fn lack(&self) -> String {
        let (promised, all) = self.promised;
        let some = match promised {
            0 => "none".to_owned(),
            some => format!("only {some}"),
        };
        format!("but {some} of {all} participants had locked their part or done it by then")
    }
}

impl Check for AtomicCommitment {
    fn held(&self, by: Measure) -> usize {
        self.parts.held(by)
            + self.told.held(by)
            + self.restarted.held(by)
            + self.locked.held(by)
            + self.done.held(by)
    }

    fn hears(&self, kind: EventKind) -> bool {
        matches!(kind, EventKind::Fact | EventKind::Restart)
    }

    fn observe(&mut self, id: EventId, event: &Event) {
        self.pass_to(id, event.time);
        if event.kind == EventKind::Restart {
            return self.restarts(id, event);
        }
        match event.fact() {
            Some(Fact::Locked { operation, .. }) => self.locked(operation, id, event),
            Some(Fact::Unlocked { operation, .. }) => self.unlocked(operation, id, event),
            Some(Fact::Stored { operation, .. }) => self.stored(operation, id, event),
            Some(Fact::Returned {
                operation, outcome, ..
            }) => {
                let told = Told {
                    client: event.node,
                    outcome,
                    at: event.time,
                    event: id,
                };
                self.told.insert(operation, told);
                self.judge(operation, id);
            }
            _ => {}
        }
    }

    fn pass(&mut self, latest: EventId, now: SimTime) {
        self.pass_to(latest, now);
    }

    fn look(&mut self, latest: EventId, now: SimTime, copies: &Copies<'_>) {
        let nodes: Set<NodeId> = self.parts.keys().map(|(_, node)| *node).collect();
        for node in nodes {
            let Some(held) = copies(node) else { continue };
            let held: Set<u32> = held.iter().map(|copy| copy.operation).collect();
            let parts = self.parts.iter().filter(|((_, at), _)| *at == node);
            let wrong = parts.filter_map(|((operation, _), part)| {
                let said = part.standing == Standing::Done;
                match (said, held.contains(operation)) {
                    (false, true) => Some((*operation, Standing::Done)),
                    (true, false) => Some((*operation, Standing::GivenUp)),
                    _ => None,
                }
            });
            let wrong: Vec<(u32, Standing)> = wrong.collect();
            for (operation, standing) in wrong {
                self.stands(operation, standing, (node, now, latest));
                self.judge(operation, latest);
            }
        }
    }

    fn finding(&self) -> Option<&Finding> {
        self.finding.first()
    }

    fn verdict(&self, words: &Words<'_>, _is_over: bool) -> Verdict {
        let noun = words.operation;
        if let Some((finding, fault)) = self.finding.get() {
            return finding.verdict(fault.sentence(words));
        }
        let done = self.done.iter();
        let done = done.filter(|operation| self.locked.contains(operation));
        match done.count() {
            0 => Verdict::undecided(format!("No {noun} has been carried out yet.")),
            done => Verdict::holds(format!(
                "{} carried out, and nobody has given up a part of what another one has done.",
                counted(done, noun)
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::parts::trial::*;

    fn transfers() -> Trial {
        trial(AtomicCommitment::new(2), "transfer")
    }

    /// Two participants have locked their accounts for transfer 5.
    fn locked() -> Trial {
        transfers().at(100, 1, locks(5)).at(100, 2, locks(5))
    }

    #[test]
    fn all_do_their_part_or_none_does() {
        locked()
            .undecided("No transfer has been carried out yet.")
            .at(200, 1, stores(5))
            .at(201, 1, unlocks(5))
            .at(300, 2, stores(5))
            .at(301, 2, unlocks(5))
            .at(400, 3, ok(5))
            .at(500, 1, locks(6))
            .at(500, 2, locks(6))
            .at(600, 1, unlocks(6))
            .at(600, 2, unlocks(6))
            .at(700, 3, fails(6))
            .holds("1 transfer carried out, and nobody has given up a part of what another one has done.");
    }

    #[test]
    fn what_one_has_done_no_other_one_gives_up() {
        locked()
            .at(200, 1, stores(5))
            .at(300, 2, unlocks(5))
            .found_here()
            .violated("n1 carried out transfer #5 at 0.20 s, but n2 gave it up at 0.30 s.");
        locked()
            .at(200, 2, unlocks(5))
            .at(300, 1, stores(5))
            .found_here()
            .violated("n1 carried out transfer #5 at 0.30 s, but n2 gave it up at 0.20 s.");
    }

    #[test]
    fn a_participant_that_forgets_its_promise_has_given_up() {
        let restarted = || {
            locked()
                .at(200, 1, stores(5))
                .at(250, 2, CRASHES)
                .at(290, 2, RESTARTS)
        };
        restarted().at(290, 2, locks(5)).at(300, 3, ok(5)).holds(
            "1 transfer carried out, and nobody has given up a part of what another one has done.",
        );
        restarted()
            .at(300, 3, NOTHING)
            .violated("n1 carried out transfer #5 at 0.20 s, but n2 gave it up at 0.29 s.")
            .since(290);
    }

    #[test]
    fn what_one_does_every_participant_has_promised() {
        let refused = || transfers().at(100, 2, locks(5)).at(200, 2, stores(5));
        refused().found_here().violated(
            "n2 carried out transfer #5 at 0.20 s, but only 1 of 2 participants had locked their part or done it by then.",
        );
        refused()
            .at(210, 2, unlocks(5))
            .at(300, 3, ok(5))
            .violated("n2 carried out transfer #5 at 0.20 s, but only 1 of 2 participants had locked their part or done it by then.")
            .since(200);
        let three = trial(AtomicCommitment::new(3), "transfer");
        three.at(100, 1, locks(5)).at(100, 2, locks(5)).at(200, 2, stores(5)).violated(
            "n2 carried out transfer #5 at 0.20 s, but only 2 of 3 participants had locked their part or done it by then.",
        );
    }

    #[test]
    fn no_client_is_told_done_before_every_participant_has_promised() {
        transfers().at(300, 3, ok(5)).found_here().violated(
            "n3 was told at 0.30 s that transfer #5 is done, but none of 2 participants had locked their part or done it by then.",
        );
        transfers().at(100, 1, stores(5)).at(300, 3, ok(5)).found_here().violated(
            "n3 was told at 0.30 s that transfer #5 is done, but only 1 of 2 participants had locked their part or done it by then.",
        );
        locked()
            .at(300, 3, ok(5))
            .undecided("No transfer has been carried out yet.");
    }

    #[test]
    fn what_nobody_locks_is_an_operation_of_one_store_alone() {
        locked()
            .at(200, 1, stores(7))
            .undecided("No transfer has been carried out yet.")
            .at(300, 1, stores(5))
            .holds("1 transfer carried out, and nobody has given up a part of what another one has done.");
    }

    #[test]
    fn what_was_given_up_before_the_vote_can_be_promised_again() {
        locked()
            .at(150, 2, CRASHES)
            .at(160, 2, RESTARTS)
            .at(170, 2, locks(5))
            .at(200, 1, stores(5))
            .at(210, 2, stores(5))
            .holds("1 transfer carried out, and nobody has given up a part of what another one has done.");
    }

    #[test]
    fn clients_are_told_what_the_stores_hold() {
        locked()
            .at(200, 1, unlocks(5))
            .at(300, 3, ok(5))
            .found_here()
            .violated(
                "n3 was told at 0.30 s that transfer #5 is done, but n1 gave it up at 0.20 s.",
            );
        locked()
            .at(200, 3, fails(5))
            .at(300, 1, stores(5))
            .found_here()
            .violated(
                "n3 was told at 0.20 s that transfer #5 is refused, but n1 carried it out at 0.30 s.",
            );
    }

    #[test]
    fn a_store_that_does_not_hold_what_it_said_is_found_out_at_the_end() {
        locked()
            .at(200, 1, stores(5))
            .at(200, 2, stores(5))
            .truly_holds(1, &[5])
            .truly_holds(2, &[])
            .ends(900)
            .violated("n1 carried out transfer #5 at 0.20 s, but n2 gave it up at 0.90 s.");
    }
}
