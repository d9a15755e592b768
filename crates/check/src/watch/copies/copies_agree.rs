//! Convergence: after the last write, all copies become the same.

use sim::held::{Held, Measure, all_held};
use sim::random::Key;
use sim::sorted::{Map, Set};

use sim::trace::{Event, EventKind, Fact};
use sim::{Copies, EventId, NodeId, SimDuration, SimTime};

use crate::watch::parts::faults::{Faults, Transition};
use crate::watch::parts::found::Found;
use crate::watch::parts::phrase::{counted, length, plural, seconds};
use crate::watch::verdict::{Check, Finding, Verdict, Words};

/// By how much messages that go on being lost prolong the time to agree, in times of that. What copies have to tell each
/// other they tell again and again, and some of it arrives.
const PROLONGED: u64 = 8;

/// All copies of a key hold the same writes once `settles` has passed without a new write, a fault or a repair. A message that
/// is lost prolongs that, but not for ever.
///
/// A node has a copy of a key from when it first stores something under it. A copy counts as long as its node runs, at its
/// usual speed, and no link is cut. A node that restarts holds what it then puts on record as stored, and nothing else. When the
/// run is over, what a copy holds is looked up there.
///
/// A copy that does not count is never blamed, but it is named. Nothing is decided while such a copy is known to differ, or while
/// fewer than two are left to compare.
#[derive(Clone, Debug)]
pub struct CopiesAgree {
    settles: SimDuration,
    /// What each copy holds, by key and node: the operations that wrote it.
    copies: Map<i64, Map<NodeId, Copy>>,
    /// The nodes that have copies.
    nodes: Set<NodeId>,
    /// The keys of which copies differ that count.
    differing: Set<i64>,
    /// The other keys of which copies that do not count leave something open.
    open: Map<i64, Open>,
    /// When something last happened that copies need time to follow.
    stirred: SimTime,
    /// When a message was last lost.
    lost: SimTime,
    faults: Faults,
    merging: Merging,
    finding: Found<Fault>,
}

/// How copies become the same after the last fault.
#[derive(Clone, Copy, Debug)]
enum Merging {
    /// No fault has ended that left them different.
    Nothing,
    /// A fault ended at this time, and the copies differ since.
    Since(SimTime),
    /// The copies were the same again this long after the fault.
    Took(SimDuration),
}

/// What is open where all copies of a key are the same that count.
#[derive(Clone, Copy, Debug)]
enum Open {
    /// The copy of this node differs, which does not count.
    Differs(NodeId),
    /// Fewer than two copies count.
    Few,
}

#[derive(Clone, Debug)]
struct Fault {
    key: i64,
    one: (NodeId, Set<u32>),
    other: (NodeId, Set<u32>),
    stirred: SimTime,
}

/// What a node holds under a key.
#[derive(Clone, Debug, Default)]
struct Copy {
    held: Set<u32>,
    /// A number that two copies have in common if they hold the same, and as good as never otherwise: comparing what they
    /// hold at each event would take as long as all that they hold.
    print: u128,
}

impl Copy {
    fn insert(&mut self, operation: u32) {
        if self.held.insert(operation) {
            self.print = self.print.wrapping_add(print_of(operation));
        }
    }

    fn remove(&mut self, operation: u32) {
        if self.held.remove(&operation) {
            self.print = self.print.wrapping_sub(print_of(operation));
        }
    }
}

/// A number in which each bit depends on each bit of the operation's.
fn print_of(operation: u32) -> u128 {
    let key = Key::root(u64::from(operation));
    u128::from(key.draw(0)) << 64 | u128::from(key.draw(1))
}

impl CopiesAgree {
    /// A check that gives copies this much time.
    pub fn new(settles: SimDuration) -> CopiesAgree {
        CopiesAgree {
            settles,
            copies: Map::new(),
            nodes: Set::new(),
            differing: Set::new(),
            open: Map::new(),
            stirred: SimTime::ZERO,
            lost: SimTime::ZERO,
            faults: Faults::default(),
            merging: Merging::Nothing,
            finding: Found::default(),
        }
    }

    fn fact(&mut self, event: &Event, fact: Fact) {
        match fact {
            Fact::Invoked { .. } | Fact::Returned { .. } => self.stirred = event.time,
            Fact::Stored { operation, key, .. } => {
                self.copy(key, event.node).insert(operation);
                self.compare(key);
            }
            Fact::Discarded { operation, key, .. } => {
                self.copy(key, event.node).remove(operation);
                self.compare(key);
            }
            _ => {}
        }
    }

    fn copy(&mut self, key: i64, node: NodeId) -> &mut Copy {
        self.nodes.insert(node);
        self.copies.entry(key).or_default().entry(node).or_default()
    }

    /// A node has lost its memory: its copies hold what it puts on record.
    fn restarted(&mut self, node: NodeId) {
        self.empty(node);
        self.compare_all();
    }

    fn empty(&mut self, node: NodeId) {
        let copies = self.copies.values_mut();
        for copy in copies.filter_map(|copies| copies.get_mut(&node)) {
            *copy = Copy::default();
        }
    }

    /// Finds out whether the copies of a key differ, and what those leave open that do not count.
    fn compare(&mut self, key: i64) {
        let copies = || self.copies.get(&key).into_iter().flat_map(Map::iter);
        let mut counting = copies().filter(|(node, _)| !self.faults.hinder(**node));
        let first = counting.next().map(|(_, copy)| copy.print);
        let second = counting.next().map(|(_, copy)| copy.print);
        let is_first = |print: u128| Some(print) == first;
        let differ = second.is_some_and(|print| !is_first(print))
            || counting.any(|(_, copy)| !is_first(copy.print));
        let mut others = copies().filter(|(_, copy)| first.is_some() && !is_first(copy.print));
        let open = match (others.next(), second) {
            _ if differ => None,
            (Some((node, _)), _) => Some(Open::Differs(*node)),
            (None, None) => copies()
                .any(|(node, _)| self.faults.hinder(*node))
                .then_some(Open::Few),
            (None, Some(_)) => None,
        };
        match differ {
            true => self.differing.insert(key),
            false => self.differing.remove(&key),
        };
        match open {
            Some(open) => self.open.insert(key, open),
            None => self.open.remove(&key),
        };
    }

    fn compare_all(&mut self) {
        let keys: Vec<i64> = self.copies.keys().copied().collect();
        keys.into_iter().for_each(|key| self.compare(key));
    }

    /// Two copies of a key that differ and count.
    fn difference(&self) -> Option<Fault> {
        let key = self.differing.first()?;
        let copies = self.copies.get(key)?.iter();
        let mut counting = copies.filter(|(node, _)| !self.faults.hinder(**node));
        let (node, one) = counting.next()?;
        let (other, others) = counting.find(|(_, other)| other.print != one.print)?;
        Some(Fault {
            key: *key,
            one: (*node, one.held.clone()),
            other: (*other, others.held.clone()),
            stirred: self.stirred,
        })
    }

    /// Takes the time from the end of a fault until the copies are the same again.
    fn merge(&mut self, event: &Event) {
        let transition = self.faults.observe(event);
        if Faults::can_hinder(event) {
            self.compare_all();
        }
        match (transition, self.merging) {
            (Transition::Ends, _) if !self.differing.is_empty() => {
                self.merging = Merging::Since(event.time);
            }
            (Transition::Begins | Transition::Ends, _) => self.merging = Merging::Nothing,
            (Transition::Same, Merging::Since(ended)) if event.fact().is_some() => {
                if self.differing.is_empty() {
                    self.merging = Merging::Took(event.time.since(ended));
                }
            }
            (Transition::Same, _) => {}
        }
    }

    /// Finds copies that still differ at `now`, if they had time to agree; that has been certain since `at`.
    fn judge(&mut self, latest: EventId, now: SimTime, at: SimTime) {
        if self.finding.is_none()
            && now > self.until()
            && !self.faults.any_cut()
            && let Some(fault) = self.difference()
        {
            let finding = Finding {
                at,
                event: latest,
                events: vec![latest],
            };
            self.finding.since(finding, fault);
        }
    }

    /// Until when copies have time to agree.
    fn until(&self) -> SimTime {
        let latest = self.stirred + self.settles.times(PROLONGED);
        self.stirred.max(self.lost.min(latest)) + self.settles
    }

    /// Why copies that are the same wherever they count decide nothing, if others leave something open.
    fn what_is_open(&self, words: &Words<'_>) -> Option<String> {
        let (key, open) = self.open.first_key_value()?;
        Some(match open {
            Open::Differs(node) => format!(
                "{}'s copy of key {key} differs from those that count.",
                (words.node)(*node)
            ),
            Open::Few => format!("Fewer than two copies of key {key} count."),
        })
    }

    /// Whose copies do not count, and why not, as a sentence to follow another.
    fn not_counted(&self, words: &Words<'_>) -> String {
        let hindered = self.nodes.iter().filter_map(|node| {
            let why = self.faults.hindrance(*node)?;
            Some(format!("{} ({why})", (words.node)(*node)))
        });
        let hindered: Vec<String> = hindered.collect();
        match hindered.is_empty() {
            true => String::new(),
            false => format!(" Not counted: {}.", hindered.join(", ")),
        }
    }

    fn is_disturbance(event: &Event) -> bool {
        use EventKind::{
            Crash, Held, Limp, Meddled, Network, Operation, Pause, Restart, Resume, Setting,
        };
        matches!(
            event.kind,
            Crash
                | Restart
                | Pause
                | Resume
                | Limp
                | Held
                | Meddled
                | Network
                | Operation
                | Setting
        )
    }
}

impl Check for CopiesAgree {
    fn held(&self, by: Measure) -> usize {
        let copies = self.copies.values().flat_map(Map::values);
        self.copies.held(by)
            + all_held(self.copies.values(), by)
            + all_held(copies.map(|copy| &copy.held), by)
            + self.nodes.held(by)
            + self.differing.held(by)
            + self.open.held(by)
            + self.faults.held(by)
    }

    fn observe(&mut self, id: EventId, event: &Event) {
        self.pass(id, event.time);
        if CopiesAgree::is_disturbance(event) {
            self.stirred = event.time;
        }
        if event.kind == EventKind::Lost {
            self.lost = event.time;
        }
        if event.kind == EventKind::Restart {
            self.restarted(event.node);
        }
        if let Some(fact) = event.fact() {
            self.fact(event, fact);
        }
        self.merge(event);
    }

    fn pass(&mut self, latest: EventId, now: SimTime) {
        self.judge(latest, now, self.until());
    }

    fn look(&mut self, latest: EventId, now: SimTime, copies: &Copies<'_>) {
        for node in self.nodes.clone() {
            let Some(held) = copies(node) else { continue };
            self.empty(node);
            for copy in held {
                self.copy(copy.key, node).insert(copy.operation);
            }
        }
        self.compare_all();
        self.judge(latest, now, now);
    }

    fn finding(&self) -> Option<&Finding> {
        self.finding.first()
    }

    fn verdict(&self, words: &Words<'_>, _is_over: bool) -> Verdict {
        if let Some((finding, fault)) = self.finding.get() {
            let (one, other) = (&fault.one, &fault.other);
            let [first, second] = [one.0, other.0].map(words.node);
            let extras = [
                extra(&first, &one.1, &other.1),
                extra(&second, &other.1, &one.1),
            ];
            let extras: Vec<String> = extras.into_iter().flatten().collect();
            return finding.verdict(format!(
                "{first} and {second} hold different {} under key {}: {}. Nothing has changed since {}.",
                plural(words.operation),
                fault.key,
                extras.join(", "),
                seconds(fault.stirred)
            ));
        }
        let keys = self.copies.len();
        if keys == 0 {
            return Verdict::undecided("Nothing is stored yet.");
        }
        if !self.differing.is_empty() {
            let sentence = "The copies differ, but still have time to agree.";
            return Verdict::undecided(sentence.to_owned());
        }
        let not_counted = self.not_counted(words);
        if let Some(sentence) = self.what_is_open(words) {
            return Verdict::undecided(format!("{sentence}{not_counted}"));
        }
        let merged = match self.merging {
            Merging::Took(time) => {
                let time = length(time.as_nanos() as i64);
                format!(" They became the same again {time} after the last fault.")
            }
            Merging::Nothing | Merging::Since(_) => String::new(),
        };
        let keys = counted(keys, "key");
        let sentence = format!("All copies of {keys} are the same.{merged}{not_counted}");
        Verdict::holds(sentence)
    }
}

/// What one node holds and the other lacks, if anything: the first few by number, and how many more.
fn extra(name: &str, held: &Set<u32>, lacked: &Set<u32>) -> Option<String> {
    const NAMED: usize = 2;
    let extra: Vec<u32> = held
        .iter()
        .copied()
        .filter(|it| !lacked.contains(it))
        .collect();
    let numbers = extra.iter().take(NAMED).map(|number| format!("#{number}"));
    let mut told: Vec<String> = numbers.collect();
    if extra.len() > NAMED {
        told.push(format!("{} more", extra.len() - NAMED));
    }
    (!told.is_empty()).then(|| format!("only {name} has {}", told.join(" and ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::parts::trial::*;

    /// Copies have 1 s to agree.
    fn copies() -> Trial {
        trial(CopiesAgree::new(ms(1000)), "write")
    }

    #[test]
    fn copies_that_become_the_same_hold() {
        copies()
            .undecided("Nothing is stored yet.")
            .at(1, 1, stores(1))
            .at(2, 2, stores(2))
            .at(3, 1, stores(2))
            .at(3, 1, drops(1, 2))
            .holds("All copies of 1 key are the same.");
    }

    #[test]
    fn copies_that_stay_different_are_a_violation_once_they_had_their_time() {
        copies()
            .at(1, 1, stores(1))
            .at(2, 2, stores(1))
            .at(3, 2, stores(2))
            .at(500, 3, ok(2))
            .undecided("The copies differ, but still have time to agree.")
            .at(1501, 3, writes(3))
            .violated("n1 and n2 hold different writes under key 0: only n2 has #2. Nothing has changed since 0.50 s.")
            .since(1500);
    }

    #[test]
    fn copies_that_differ_in_silence_are_a_violation_when_the_run_ends() {
        let silent = |end| {
            copies()
                .at(1, 1, stores(1))
                .at(2, 2, stores(2))
                .at(500, 3, ok(2))
                .ends(end)
        };
        silent(1500).undecided("The copies differ, but still have time to agree.");
        silent(1501)
            .violated(
                "n1 and n2 hold different writes under key 0: only n1 has #1, only n2 has #2. Nothing has changed since 0.50 s.",
            )
            .since(1500);
    }

    #[test]
    fn copies_that_say_the_same_and_hold_something_else_are_found_out_when_the_run_ends() {
        let said_the_same = |end, held: &[u32]| {
            copies()
                .at(1, 1, stores(1))
                .at(2, 2, stores(1))
                .at(500, 3, ok(1))
                .truly_holds(1, held)
                .truly_holds(2, &[1])
                .ends(end)
        };
        said_the_same(1501, &[1]).holds("All copies of 1 key are the same.");
        said_the_same(1500, &[]).undecided("The copies differ, but still have time to agree.");
        said_the_same(1501, &[])
            .violated(
                "n1 and n2 hold different writes under key 0: only n2 has #1. Nothing has changed since 0.50 s.",
            )
            .since(1501);
    }

    #[test]
    fn it_tells_how_long_copies_took_to_merge_after_a_fault() {
        copies()
            .at(1, 1, stores(1))
            .at(2, 2, stores(1))
            .at(100, 2, PAUSES)
            .at(110, 2, stores(2))
            .at(300, 2, RESUMES)
            .at(750, 1, stores(2))
            .holds(
                "All copies of 1 key are the same. They became the same again 450 ms after the last fault.",
            );
    }

    #[test]
    fn copies_that_a_fault_left_the_same_took_no_time_to_merge() {
        copies()
            .at(1, 1, stores(1))
            .at(2, 2, stores(1))
            .at(100, 2, PAUSES)
            .at(300, 2, RESUMES)
            .holds("All copies of 1 key are the same.");
    }

    /// Without an end to the losses the copies would never be judged.
    #[test]
    fn messages_that_go_on_being_lost_give_copies_more_time_and_not_for_ever() {
        let differ = copies()
            .at(1, 1, stores(1))
            .at(2, 2, stores(1))
            .at(500, 2, stores(2));
        let told = differ.at(500, 3, ok(2)).at(1400, 1, LOSES);
        let lossy = (2..=9).fold(told, |trial, second| {
            trial
                .at(1000 * second, 1, LOSES)
                .undecided("The copies differ, but still have time to agree.")
        });
        lossy
            .at(9501, 1, LOSES)
            .violated("n1 and n2 hold different writes under key 0: only n2 has #2. Nothing has changed since 0.50 s.")
            .since(9500);
    }

    #[test]
    fn each_key_has_its_own_copies() {
        copies()
            .at(1, 1, stores(1))
            .at(2, 2, under(5, stores(1)))
            .holds("All copies of 2 keys are the same.")
            .at(3, 3, under(5, stores(2)))
            .at(500, 3, ok(2))
            .at(1501, 3, writes(3))
            .violated(
                "n2 and n3 hold different writes under key 5: only n2 has #1, only n3 has #2. Nothing has changed since 0.50 s.",
            );
    }

    #[test]
    fn a_copy_on_a_node_that_does_not_run_is_not_blamed() {
        let fails = |fault: EventKind, repair: EventKind| {
            copies()
                .at(1, 1, stores(1))
                .at(2, 2, stores(1))
                .at(100, 2, fault)
                .at(200, 1, stores(2))
                .at(9000, 1, NOTHING)
                .undecided("n2's copy of key 0 differs from those that count. Not counted: n2 (paused).")
                .at(9500, 2, repair)
                .at(10_000, 1, NOTHING)
                .undecided("The copies differ, but still have time to agree.")
                .at(11_000, 1, NOTHING)
                .violated("n1 and n2 hold different writes under key 0: only n1 has #2. Nothing has changed since 9.50 s.")
        };
        fails(PAUSES, RESUMES);
    }

    #[test]
    fn a_copy_that_is_not_counted_is_told_and_two_must_be_left() {
        let stored = (1..=3).fold(copies(), |trial, node| trial.at(1, node, stores(1)));
        let one_down = stored
            .at(100, 2, CRASHES)
            .at(9000, 1, NOTHING)
            .holds("All copies of 1 key are the same. Not counted: n2 (down).");
        let two_down = one_down.at(9100, 3, PAUSES).undecided(
            "Fewer than two copies of key 0 count. Not counted: n2 (down), n3 (paused).",
        );
        two_down
            .at(9200, 3, RESUMES)
            .at(9300, 1, stores(2))
            .at(9400, 3, stores(2))
            .at(9500, 3, NOTHING)
            .undecided("n2's copy of key 0 differs from those that count. Not counted: n2 (down).");
    }

    #[test]
    fn copies_have_time_to_agree_once_the_last_cut_is_healed() {
        copies()
            .at(1, 1, stores(1))
            .at(2, 2, stores(1))
            .at(100, 1, cut(1))
            .at(200, 1, stores(2))
            .at(9000, 1, NOTHING)
            .undecided("The copies differ, but still have time to agree.")
            .at(9500, 1, heal(1))
            .at(10_000, 2, stores(2))
            .at(11_000, 1, NOTHING)
            .holds("All copies of 1 key are the same. They became the same again 500 ms after the last fault.");
    }

    #[test]
    fn a_restarted_node_holds_what_it_puts_on_record() {
        copies()
            .at(1, 1, stores(1))
            .at(2, 2, stores(1))
            .at(100, 2, CRASHES)
            .at(200, 2, RESTARTS)
            .at(9000, 1, NOTHING)
            .violated(
                "n1 and n2 hold different writes under key 0: only n1 has #1. Nothing has changed since 0.20 s.",
            );
    }
}
