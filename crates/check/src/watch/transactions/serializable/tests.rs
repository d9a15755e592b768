//! Which histories have an order, and what is said of those that have none.

use sim::trace::Fact;

use super::*;
use crate::watch::parts::trial::*;

/// The node that has the store.
const STORE: u16 = 9;

fn reads(operation: u32, row: i64, writer: u32) -> Fact {
    Fact::ReadVersion {
        operation,
        writer,
        row,
        value: i64::from(writer),
    }
}

fn installs(operation: u32, row: i64) -> Fact {
    Fact::Installed {
        operation,
        row,
        value: i64::from(operation),
    }
}

/// Client n1 has begun transaction 1, and n2 transaction 2.
fn two() -> Trial {
    trial(Serializable::new(), "transaction")
        .at(10, 1, requests(1))
        .at(20, 2, requests(2))
}

#[test]
fn transactions_one_after_the_other_have_an_order() {
    two()
        .undecided("No transaction has read anything yet.")
        .at(100, 1, reads(1, 0, 0))
        .at(110, STORE, installs(1, 0))
        .at(120, 2, reads(2, 0, 1))
        .at(130, STORE, installs(2, 0))
        .at(140, 1, ok(1))
        .at(140, 2, ok(2))
        .holds("2 transactions committed, and one order explains all that they read.");
}

#[test]
fn two_that_each_change_what_the_other_one_has_read_are_write_skew() {
    two()
        .at(100, 1, reads(1, 1, 0))
        .at(110, 2, reads(2, 0, 0))
        .at(120, STORE, installs(1, 0))
        .at(130, STORE, installs(2, 1))
        .found_here()
        .violated(
            "n1's transaction #1 read n2's row before n2's transaction #2 changed it; n2's transaction #2 read n1's row \
             before n1's transaction #1 changed it: G2, write skew.",
        );
}

#[test]
fn two_that_read_the_same_version_and_replace_it_are_a_lost_update() {
    two()
        .at(100, 1, reads(1, 5, 0))
        .at(110, 2, reads(2, 5, 0))
        .at(120, STORE, installs(1, 5))
        .at(130, STORE, installs(2, 5))
        .found_here()
        .violated(
            "n1's transaction #1 wrote n6's row before n2's transaction #2 did; n2's transaction #2 read n6's row before \
             n1's transaction #1 changed it: G-single, a lost update.",
        );
}

#[test]
fn a_lost_update_is_one_however_many_wrote_in_between() {
    two()
        .at(30, 3, requests(3))
        .at(100, 1, reads(1, 5, 0))
        .at(120, STORE, installs(2, 5))
        .at(130, STORE, installs(3, 5))
        .at(140, STORE, installs(1, 5))
        .found_here()
        .violated(
            "n3's transaction #3 wrote n6's row before n1's transaction #1 did; n1's transaction #1 read n6's row before \
             n2's transaction #2 changed it; n2's transaction #2 wrote n6's row before n3's transaction #3 did: G-single, a \
             lost update.",
        );
}

#[test]
fn of_several_circles_the_one_of_one_row_is_told() {
    two()
        .at(100, 2, reads(2, 5, 0))
        .at(110, 2, reads(2, 6, 0))
        .at(120, STORE, installs(1, 5))
        .at(120, STORE, installs(1, 6))
        .at(130, STORE, installs(2, 5))
        .found_here()
        .violated(
            "n1's transaction #1 wrote n6's row before n2's transaction #2 did; n2's transaction #2 read n6's row before \
             n1's transaction #1 changed it: G-single, a lost update.",
        );
}

#[test]
fn one_that_reads_a_row_before_and_after_a_change_is_a_non_repeatable_read() {
    two()
        .at(100, 1, reads(1, 5, 0))
        .at(110, STORE, installs(2, 5))
        .at(120, 1, reads(1, 5, 2))
        .at(130, 1, ok(1))
        .found_here()
        .violated(
            "n1's transaction #1 read n6's row before n2's transaction #2 changed it; n1's transaction #1 read n6's row as \
             n2's transaction #2 wrote it: G-single, a non-repeatable read.",
        );
}

#[test]
fn one_that_misses_another_one_and_writes_over_it_elsewhere_has_no_name_of_its_own() {
    two()
        .at(100, 1, reads(1, 0, 0))
        .at(110, STORE, installs(2, 0))
        .at(110, STORE, installs(2, 1))
        .at(120, STORE, installs(1, 1))
        .found_here()
        .violated(
            "n2's transaction #2 wrote n2's row before n1's transaction #1 did; n1's transaction #1 read n1's row before \
             n2's transaction #2 changed it: G-single, a circle with one anti-dependency.",
        );
}

#[test]
fn one_that_sees_half_of_another_one_is_read_skew() {
    two()
        .at(100, 2, reads(2, 0, 0))
        .at(120, STORE, installs(1, 0))
        .at(120, STORE, installs(1, 1))
        .at(130, 2, reads(2, 1, 1))
        .at(140, 2, ok(2))
        .found_here()
        .violated(
            "n2's transaction #2 read n1's row before n1's transaction #1 changed it; n2's transaction #2 read n2's row as \
             n1's transaction #1 wrote it: G-single, read skew.",
        );
}

#[test]
fn writes_in_turns_are_g0_and_reads_of_each_other_g1c() {
    two()
        .at(100, STORE, installs(1, 0))
        .at(110, STORE, installs(2, 0))
        .at(120, STORE, installs(2, -1))
        .at(130, STORE, installs(1, -1))
        .violated(
            "n2's transaction #2 wrote the row of all before n1's transaction #1 did; n1's transaction #1 wrote n1's row \
             before n2's transaction #2 did: G0, dirty writes.",
        );
    two()
        .at(100, 1, reads(1, 1, 2))
        .at(110, 2, reads(2, 0, 1))
        .at(120, STORE, installs(1, 0))
        .at(130, STORE, installs(2, 1))
        .violated(
            "n1's transaction #1 read n2's row as n2's transaction #2 wrote it; n2's transaction #2 read n1's row as n1's \
             transaction #1 wrote it: G1c, circular information flow.",
        );
}

#[test]
fn what_has_failed_nobody_may_have_read() {
    let read = || {
        two()
            .at(100, 2, reads(2, 0, 1))
            .at(110, STORE, installs(2, 1))
    };
    let sentence = "n2's transaction #2 read in n1's row what n1's transaction #1 wrote, which has failed: G1a, an aborted read.";
    read().at(120, 1, fails(1)).found_here().violated(sentence);
    two()
        .at(100, 2, reads(2, 0, 1))
        .at(105, 1, fails(1))
        .at(110, STORE, installs(2, 1))
        .found_here()
        .violated(sentence);
    read()
        .at(120, 1, gives_up(1))
        .holds("1 transaction committed, and one order explains all that they read.");
}

#[test]
fn what_its_writer_replaced_itself_nobody_may_have_read() {
    let early = Fact::ReadVersion {
        operation: 2,
        writer: 1,
        row: 0,
        value: 77,
    };
    two()
        .at(100, 2, early)
        .at(110, STORE, installs(1, 0))
        .at(120, 2, ok(2))
        .found_here()
        .violated(
            "n2's transaction #2 read in n1's row what n1's transaction #1 itself replaced before it committed: G1b, an \
             intermediate read.",
        );
}

#[test]
fn one_that_is_not_committed_has_read_nothing_that_counts() {
    let skew = |last: Fact| {
        two()
            .at(100, 1, reads(1, 1, 0))
            .at(110, 2, reads(2, 1, 0))
            .at(120, 2, reads(2, 0, 1))
            .at(130, STORE, installs(1, 0))
            .at(140, STORE, installs(3, 1))
            .at(150, 2, last)
    };
    let holds = "2 transactions committed, and one order explains all that they read.";
    skew(fails(2)).holds(holds);
    skew(gives_up(2)).holds(holds);
}

#[test]
fn what_a_store_puts_on_record_again_is_no_other_version() {
    two()
        .at(100, 1, reads(1, 0, 0))
        .at(110, STORE, installs(1, 0))
        .at(115, STORE, RESTARTS)
        .at(115, STORE, installs(1, 0))
        .at(120, 2, reads(2, 0, 1))
        .at(130, STORE, installs(2, 0))
        .holds("2 transactions committed, and one order explains all that they read.");
}

/// What a transaction of a drawn history does.
#[derive(Clone, Debug, Default)]
struct Drawn {
    /// By row, whose version it read; 0 for the first one.
    reads: Vec<(i64, u32)>,
    writes: Vec<i64>,
}

/// Numbers that look random.
struct Dice(u64);

impl Dice {
    fn below(&mut self, count: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % count
    }
}

/// A history of a few transactions, and the order in which the store has their versions.
fn drawn(dice: &mut Dice) -> (Vec<Drawn>, Vec<(i64, u32)>) {
    let count = 2 + dice.below(4) as u32;
    let mut transactions = vec![Drawn::default(); count as usize];
    let mut versions = Vec::new();
    for number in 1..=count {
        for row in 0..3 {
            if dice.below(3) == 0 {
                transactions[number as usize - 1].writes.push(row);
                versions.insert(
                    dice.below(versions.len() as u64 + 1) as usize,
                    (row, number),
                );
            }
        }
    }
    for number in 1..=count {
        for row in 0..3 {
            let writers = versions
                .iter()
                .filter(|(of, by)| *of == row && *by != number);
            let mut writers: Vec<u32> = writers.map(|(_, by)| *by).collect();
            writers.push(0);
            if dice.below(2) == 0 {
                let writer = writers[dice.below(writers.len() as u64) as usize];
                transactions[number as usize - 1].reads.push((row, writer));
            }
        }
    }
    (transactions, versions)
}

/// Whether some order explains a history: each is tried.
fn has_order(transactions: &[Drawn], versions: &[(i64, u32)]) -> bool {
    fn goes_on(
        transactions: &[Drawn],
        versions: &[(i64, u32)],
        done: &mut Vec<u32>,
        rows: &[u32; 3],
    ) -> bool {
        if done.len() == transactions.len() {
            return true;
        }
        (1..=transactions.len() as u32).any(|number| {
            let own = &transactions[number as usize - 1];
            let is_next = |row: &i64| {
                let mut of_row = versions.iter().filter(|(of, _)| of == row);
                let before = of_row.by_ref().take_while(|(_, by)| *by != number);
                before.last().map_or(0, |(_, by)| *by) == rows[*row as usize]
            };
            let fits = !done.contains(&number)
                && own.reads.iter().all(|(row, by)| rows[*row as usize] == *by)
                && own.writes.iter().all(is_next);
            if !fits {
                return false;
            }
            let mut after = *rows;
            own.writes
                .iter()
                .for_each(|row| after[*row as usize] = number);
            done.push(number);
            let goes = goes_on(transactions, versions, done, &after);
            done.pop();
            goes
        })
    }
    goes_on(transactions, versions, &mut Vec::new(), &[0; 3])
}

/// Some put their reads on record before the store has their versions, and some when they end.
fn is_violated(transactions: &[Drawn], versions: &[(i64, u32)], dice: &mut Dice) -> bool {
    let mut trial = trial(Serializable::new(), "transaction");
    let read = |trial: Trial, number: u32| {
        let own = &transactions[number as usize - 1].reads;
        let own = own.iter();
        own.fold(trial, |trial, (row, writer)| {
            trial.at(1, 1, reads(number, *row, *writer))
        })
    };
    let all = 1..=transactions.len() as u32;
    let (early, late): (Vec<u32>, Vec<u32>) = all.partition(|_| dice.below(3) > 0);
    for number in early {
        trial = read(trial, number);
    }
    for (row, number) in versions {
        trial = trial.at(2, STORE, installs(*number, *row));
    }
    for number in late {
        trial = read(trial, number);
    }
    for number in 1..=transactions.len() as u32 {
        trial = trial.at(3, 1, ok(number));
    }
    trial.verdict().at.is_some()
}

#[test]
fn a_circle_is_found_if_and_only_if_no_order_explains_the_history() {
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    let mut found = [0, 0];
    for _ in 0..4000 {
        let (transactions, versions) = drawn(&mut dice);
        let has_order = has_order(&transactions, &versions);
        let violated = is_violated(&transactions, &versions, &mut dice);
        assert_ne!(violated, has_order, "{transactions:?} {versions:?}");
        found[usize::from(violated)] += 1;
    }
    assert!(found.iter().all(|count| *count > 400), "{found:?}");
}
