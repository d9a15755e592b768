//! Which dropped writes count as lost, and which do not.

use super::*;
use crate::watch::parts::trial::*;
use crate::watch::verdict::State;

/// n1 makes write 1, and n2 makes write 2; each holds its own.
fn made(protected: Protected, n2_knows_the_first: bool) -> Trial {
    let made = trial(LostWrite::new(protected), "write")
        .at(1, 1, writes(1))
        .at(1, 2, writes(2))
        .at(2, 1, stamps(1, 0));
    let told = if n2_knows_the_first {
        made.message(3, 1, 2)
    } else {
        made
    };
    told.at(4, 2, stamps(2, 0))
        .at(4, 1, stores(1))
        .at(4, 2, stores(2))
}

#[test]
fn a_write_that_loses_to_one_it_followed_is_a_violation_even_unacknowledged() {
    made(Protected::Followers, true)
        .at(1000, 2, drops(2, 1))
        .violated("n2 dropped n2's write #2 for n1's #1 at 1.00 s, although n2 already knew of #1.")
        .found_here();
}

#[test]
fn dropping_the_older_or_a_concurrent_write_is_no_such_violation() {
    for (n2_knows_the_first, dropped) in [(true, drops(1, 2)), (false, drops(2, 1))] {
        made(Protected::Followers, n2_knows_the_first)
            .at(1000, 2, dropped)
            .at(2000, 1, ok(1))
            .holds("1 write acknowledged, none lost to a write that it followed.");
    }
}

#[test]
fn a_concurrent_write_that_was_acknowledged_may_not_be_dropped_whichever_comes_first() {
    let told_of = |at: &str| {
        format!(
            "n2 dropped n1's write #1 for n2's #2 at {at} s, although n1 was told that #1 is stored, and knew nothing of #2."
        )
    };
    made(Protected::Concurrent, false)
        .at(1000, 2, drops(1, 2))
        .at(2000, 1, ok(1))
        .violated(&told_of("1.00"))
        .found_here();
    made(Protected::Concurrent, false)
        .at(1000, 1, ok(1))
        .at(2000, 2, drops(1, 2))
        .violated(&told_of("2.00"))
        .found_here();
}

#[test]
fn a_write_that_was_replaced_by_one_that_followed_it_is_not_lost() {
    let replaced = |protected| {
        made(protected, true)
            .at(1000, 1, ok(1))
            .at(2000, 2, drops(1, 2))
    };
    replaced(Protected::Concurrent).holds("1 write acknowledged, none lost to a concurrent one.");
    replaced(Protected::Acknowledged).violated(
        "n2 dropped n1's write #1 for n2's #2 at 2.00 s, although n1 was told that #1 is stored.",
    );
}

#[test]
fn what_nobody_was_told_of_may_be_dropped() {
    for protected in [Protected::Concurrent, Protected::Acknowledged] {
        made(protected, false)
            .at(1000, 2, drops(1, 2))
            .undecided("No write has been acknowledged yet.");
    }
}

#[test]
fn a_write_that_all_copies_have_forgotten_is_lost_whatever_they_say() {
    for protected in [Protected::Concurrent, Protected::Acknowledged] {
        made(protected, false)
            .at(1000, 1, ok(1))
            .at(2000, 1, CRASHES)
            .at(3000, 1, RESTARTS)
            .at(3001, 2, NOTHING)
            .violated(
                "No copy holds n1's write #1 at 3.00 s, although n1 was told that it is stored.",
            )
            .since(3000)
            .found_here();
    }
}

/// Nobody says that the first was dropped. What is on the disk says it.
#[test]
fn a_copy_that_overwrites_a_write_without_a_word_is_found_out_when_it_restarts() {
    for protected in [Protected::Concurrent, Protected::Acknowledged] {
        made(protected, false)
            .at(1000, 1, ok(1))
            .at(2000, 1, stores(2))
            .at(3000, 1, RESTARTS)
            .at(3000, 1, stores(2))
            .at(3001, 2, NOTHING)
            .violated(
                "No copy holds n1's write #1 at 3.00 s, although n1 was told that it is stored.",
            );
    }
}

/// It neither says so nor restarts. What it holds says it.
#[test]
fn a_running_copy_that_overwrites_a_write_without_a_word_is_found_out_when_the_run_ends() {
    for protected in [Protected::Concurrent, Protected::Acknowledged] {
        let overwrites = |held: &[u32]| {
            made(protected, false)
                .at(1000, 1, ok(1))
                .at(2000, 1, stores(2))
                .truly_holds(1, held)
                .ends(3000)
                .verdict()
        };
        assert_eq!(overwrites(&[1, 2]).state, State::Holds);
        let found = overwrites(&[2]);
        assert_eq!(
            found.sentence,
            "No copy holds n1's write #1 at 3.00 s, although n1 was told that it is stored."
        );
        assert_eq!(found.at, Some(SimTime::from_millis(3000)));
    }
}

#[test]
fn a_write_that_another_copy_holds_or_that_was_followed_is_not_missed_where_it_is_overwritten() {
    made(Protected::Acknowledged, false)
        .at(900, 2, stores(1))
        .at(1000, 1, ok(1))
        .truly_holds(1, &[2])
        .truly_holds(2, &[1, 2])
        .ends(3000)
        .holds("1 write acknowledged, none lost.");
    made(Protected::Concurrent, true)
        .at(1000, 1, ok(1))
        .truly_holds(1, &[])
        .truly_holds(2, &[2])
        .ends(3000)
        .holds("1 write acknowledged, none lost to a concurrent one.");
}

#[test]
fn what_followers_replace_is_not_looked_for() {
    made(Protected::Followers, false)
        .at(1000, 1, ok(1))
        .truly_holds(1, &[])
        .truly_holds(2, &[])
        .ends(3000)
        .holds("1 write acknowledged, none lost to a write that it followed.");
}

#[test]
fn a_write_that_a_last_restart_took_is_lost_when_the_run_ends() {
    let restarted = |end| {
        made(Protected::Acknowledged, false)
            .at(1000, 1, ok(1))
            .at(2000, 1, CRASHES)
            .at(3000, 1, RESTARTS)
            .ends(end)
    };
    restarted(3000).holds("1 write acknowledged, none lost.");
    restarted(3001)
        .violated("No copy holds n1's write #1 at 3.00 s, although n1 was told that it is stored.")
        .since(3000);
}

#[test]
fn a_write_that_a_restarted_node_finds_or_another_node_holds_is_not_lost() {
    let told = || made(Protected::Acknowledged, false).at(1000, 1, ok(1));
    told()
        .at(2000, 1, CRASHES)
        .at(3000, 1, RESTARTS)
        .at(3000, 1, stores(1))
        .at(3001, 2, NOTHING)
        .holds("1 write acknowledged, none lost.");
    told()
        .at(1500, 2, stores(1))
        .at(3000, 1, RESTARTS)
        .at(3001, 2, NOTHING)
        .holds("1 write acknowledged, none lost.");
}

#[test]
fn a_write_that_a_restart_took_away_is_not_missed_beside_one_that_followed_it() {
    made(Protected::Concurrent, true)
        .at(1000, 1, ok(1))
        .at(3000, 1, RESTARTS)
        .at(3001, 2, NOTHING)
        .holds("1 write acknowledged, none lost to a concurrent one.");
}

#[test]
fn a_write_that_no_copy_ever_held_was_acknowledged_in_vain() {
    made(Protected::Acknowledged, false)
        .at(100, 3, writes(3))
        .at(200, 3, ok(3))
        .violated("No copy holds n3's write #3 at 0.20 s, although n3 was told that it is stored.");
}

#[test]
fn a_number_that_is_given_again_names_another_write() {
    made(Protected::Acknowledged, false)
        .at(100, 1, ok(1))
        .at(200, 1, writes(1))
        .at(300, 1, ok(1))
        .violated("No copy holds n1's write #1 at 0.30 s, although n1 was told that it is stored.");
}

#[test]
fn a_restarted_maker_knows_what_its_disk_has() {
    let restarted = |finds: bool| {
        let asked = trial(LostWrite::new(Protected::Followers), "write")
            .at(1, 1, writes(1))
            .at(2, 1, stamps(1, 0))
            .message(3, 1, 2)
            .at(4, 2, stores(1))
            .at(5, 2, CRASHES)
            .at(6, 2, RESTARTS);
        let found = match finds {
            true => asked.at(6, 2, stores(1)),
            false => asked,
        };
        found
            .at(7, 3, writes(2))
            .at(8, 2, stamps(2, 0))
            .at(9, 2, drops(2, 1))
            .verdict()
            .state
    };
    assert_eq!(restarted(true), State::Violated);
    assert_eq!(restarted(false), State::Undecided);
}

#[test]
fn a_write_whose_first_timestamp_a_crash_took_is_made_when_it_gets_another() {
    made(Protected::Followers, true)
        .at(5, 1, CRASHES)
        .at(6, 1, RESTARTS)
        .message(7, 2, 1)
        .at(8, 1, stamps(1, 0))
        .at(9, 1, drops(2, 1))
        .undecided("No write has been acknowledged yet.");
}
