//! Entries, their effects, and what a leader knows of its followers.

use sim::NodeId;
use sim::trace::Function;

use super::effects::Effects;
use super::journal::{Entry, Log};
use super::office::Office;
use crate::parts::caller::Request;
use crate::parts::log::Mark;

fn entry(operation: u32, function: Function, key: i64, value: i64) -> Entry {
    let request = Request {
        operation,
        function,
        key,
        value,
    };
    Entry {
        term: 1,
        content: Some(request),
    }
}

fn log(entries: &[Entry]) -> Log {
    let mut log = Log::default();
    for entry in entries {
        log.push(*entry);
    }
    log
}

#[test]
fn entries_take_effect_in_order_and_once() {
    let log = log(&[
        entry(1, Function::Add, 7, 5),
        entry(2, Function::Read, 7, 0),
        entry(3, Function::Add, 7, 5),
        entry(4, Function::Read, 7, 0),
    ]);
    let mut effects = Effects::default();
    effects.apply_up_to(2, &log);
    effects.apply_up_to(1, &log);
    assert_eq!((effects.result(1), effects.result(3)), (Some(5), None));
    effects.apply_up_to(4, &log);
    assert_eq!((effects.count(), effects.result(3)), (4, Some(10)));
}

#[test]
fn what_was_set_first_is_what_a_comparison_answers_from_then_on() {
    let log = log(&[
        entry(1, Function::CompareAndSet, 7, 1),
        entry(2, Function::CompareAndSet, 7, 2),
        entry(3, Function::CompareAndSet, 7, 1 << 32 | 5),
    ]);
    let mut effects = Effects::default();
    effects.apply_up_to(3, &log);
    let answers = [0, 1, 2].map(|place| effects.result(place));
    assert_eq!(answers, [Some(1), Some(1), Some(5)]);
}

#[test]
fn the_effects_of_dropped_entries_are_undone() {
    let entries = [
        entry(1, Function::Write, 7, 1),
        entry(2, Function::Write, 7, 2),
        entry(3, Function::Read, 7, 0),
    ];
    let mut effects = Effects::default();
    effects.apply_up_to(2, &log(&entries));
    effects.rewind_to(&log(&entries[..1]));
    assert_eq!(effects.count(), 1);
    effects.apply_up_to(2, &log(&[entries[0], entries[2]]));
    assert_eq!(effects.result(1), Some(1));
}

#[test]
fn a_leader_counts_what_its_followers_have_accepted_and_who_is_in_touch() {
    let peers = [1, 2, 3, 4].map(NodeId);
    let mut office = Office::new(&peers, Mark { index: 9, term: 1 }, 100);
    office.durable = 9;
    for (peer, matched, heard) in [(1, 8, 500), (2, 7, 500), (3, 9, 100)] {
        let follower = office.followers.get_mut(&NodeId(peer)).unwrap();
        (follower.matched, follower.heard) = (matched, heard);
    }
    let is_recent = |heard| heard > 400;
    assert_eq!(office.count_in_touch(is_recent), 3);
    assert_eq!(office.accepted_by(3), Some(8));
    assert_eq!(office.accepted_by(4), Some(7));
    assert_eq!(office.accepted_by(6), None);
}
