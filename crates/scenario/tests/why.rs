//! Verdicts name the trouble behind a violation: of each sort one run, so that what is told is what happened there.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use check::watch::State;
use scenario::Run;
use scenario::link::Link;
use scenario::run::ExplainedVerdict;
use sim::trace::{Event, EventKind};
use sim::{EventId, SimTime};

fn run(link: Link) -> Run {
    let mut run = Run::of_link(link);
    run.seek(SimTime::NEVER);
    run
}

fn violated<'r>(run: &'r Run, check: &str) -> ExplainedVerdict<'r> {
    let mut verdicts = run.verdicts().into_iter();
    let verdict = verdicts.find(|verdict| verdict.check.id == check).unwrap();
    assert_eq!(verdict.state, State::Violated, "{}", verdict.sentence);
    verdict
}

/// The one of the events that explain `check` which has this kind: its trouble.
#[track_caller]
fn trouble(link: &str, check: &str, kind: EventKind, told: &str) -> (Event, Vec<Event>) {
    let (link, problems) = Link::parse(link);
    assert_eq!(problems, []);
    let run = run(link);
    let verdict = violated(&run, check);
    assert!(verdict.sentence.ends_with(told), "{}", verdict.sentence);
    let events = run.timeline().events();
    let mut explained = verdict.events.iter().map(|id| events[id.index()]);
    let found = explained.find(|event| event.kind == kind);
    (
        found.expect("the trouble is among the events"),
        events.to_vec(),
    )
}

#[test]
fn a_second_charge_is_explained_by_the_receipt_that_was_lost() {
    let told = "“receipt #6” from bank did not reach bob: it was lost at 2.89 s.";
    let (lost, events) = trouble("#/double-charge", "exactly-once", EventKind::Lost, told);
    let sending = events[lost.cause.index()];
    let said = sending.gist().map(|gist| (gist.kind, gist.args[0]));
    assert_eq!(said, Some((1, 6)), "it is the receipt of payment 6");
}

#[test]
fn a_second_charge_is_explained_by_the_cut_that_the_receipt_met() {
    let link = "#/double-charge?loss=0&do=cut:bank..alice@1.1s,heal@2.5s";
    let (cut, _) = trouble(
        link,
        "exactly-once",
        EventKind::Network,
        "“receipt #3” from bank did not reach alice: the link was cut at 1.10 s.",
    );
    assert_eq!(cut.time, SimTime::from_millis(1100));
}

#[test]
fn a_second_charge_after_a_crash_is_explained_by_the_crash() {
    let told = "bank crashed at 3.47 s, and forgot what was only in its memory.";
    trouble("#/forgotten-keys", "exactly-once", EventKind::Crash, told);
}

#[test]
fn a_second_charge_after_a_lost_disk_is_explained_by_the_disk() {
    let link = "#/double-charge?rev=2&seed=1&on=idempotency-key,key-survives-restart&do=crash:bank@4s,wipe:bank@4s,restart:bank@4.2s";
    let told = "bank crashed at 4.00 s, and lost all that was on its disk.";
    trouble(link, "exactly-once", EventKind::Crash, told);
}

#[test]
fn an_edit_that_loses_to_an_older_one_is_explained_by_the_clocks() {
    let told = "The timestamp from n2 at 2.02 s is smaller than the one from n1 at 1.69 s: their clocks disagree.";
    trouble("#/last-write-wins", "followers-kept", EventKind::Fact, told);
}

/// What is shown of a verdict and what is told: a message that took no longer than others is to blame for nothing.
#[test]
fn a_message_that_was_merely_on_its_way_is_shown_and_not_blamed() {
    for (link, check) in [
        ("#/last-write-wins", "concurrent-kept"),
        ("#/raft-rules", "clients"),
    ] {
        let (delivery, _) = trouble(link, check, EventKind::Deliver, ".");
        assert!(delivery.cause.some().is_some());
        let (link, _) = Link::parse(link);
        let run = run(link);
        let told = violated(&run, check).sentence;
        assert!(!told.contains("on its way"), "{told}");
    }
}

/// With the rule on, the vote was on the disk; and the sentence names the disk once.
#[test]
fn a_vote_that_went_with_its_disk_is_not_said_to_be_forgotten() {
    let link = "#/raft-votes?rev=8&on=persist-vote&do=wipe:n2@3.02s";
    let told = "n1 and n3 both lead term 1: n2 voted for both, because it crashed at 3.00 s and lost its disk, with its vote, at 3.02 s.";
    trouble(link, "one-leader", EventKind::Crash, told);
    // Another node that stood still as the disk was lost has nothing to do with it.
    for other in [
        "pause:n3@3.01s,resume:n3@3.05s",
        "limp:n3*2@3.01s,limp:n3*1@3.04s",
    ] {
        trouble(
            &format!("{link},{other}"),
            "one-leader",
            EventKind::Crash,
            told,
        );
    }
}

/// In the limit of Raft's rules, by whichever check sees it.
#[test]
fn what_went_with_a_disk_is_explained_by_the_disk_whichever_node_shows_it() {
    let link = "#/raft-rules?rev=8&on=sessions&loss=0&do=crash:n1+n2+n3+n4+n5@5s,wipe:n1+n2+n3@5.1s,restart:n1+n2+n3@5.2s";
    let told = "n1 crashed at 5.00 s, and lost all that was on its disk.";
    for check in ["logs", "applied"] {
        trouble(link, check, EventKind::Crash, told);
    }
}

/// The scenes of Raft's rules in which one term has two leaders, and nobody voted for both.
#[test]
fn two_leaders_of_one_term_are_told_with_who_voted_for_whom() {
    let lab = scenario::lab::find("raft-rules").expect("it is a lab");
    for (title, told) in [
        (
            "Old answers count.",
            "n3 and n1 both lead term 7: n2 and n3 voted for n3, and n1 for n1; n1 may also have counted the vote that n2 gave it in term ",
        ),
        (
            "Two servers at once.",
            "n4 and n1 both lead term 3: n3, n4 and n5 voted for n4, and n1 and n2 for n1, because the two had logged different members.",
        ),
        (
            "All at once.",
            "n4 and n2 both lead term 3: n3, n4 and n5 voted for n4, and n1 and n2 for n2, because the two had logged different members.",
        ),
        (
            "Members count once they are committed.",
            "n4 and n2 both lead term 2: n3, n4 and n5 voted for n4, and n1 and n2 for n2, although both had logged the same members.",
        ),
        (
            "The bug of 2015.",
            "n3 and n1 both lead term 3: n2 and n3 voted for n3, and n1, n4 and n5 for n1, because the two had logged different members.",
        ),
        (
            "A change that was undone still counts.",
            "n4 and n1 both lead term 6: n3, n4 and n5 voted for n4, and n1 and n2 for n1, although both had logged the same members.",
        ),
        ("A snapshot without members.", ""),
    ] {
        let mut tries = lab.tries.iter();
        let one = tries.find(|one| one.text.starts_with(&format!("**{title}**")));
        let link = format!("#/raft-rules?rev=8&{}", one.expect("it is tried").link);
        let (link, problems) = Link::parse(&link);
        assert_eq!(problems, []);
        let said = violated(&run(link), "one-leader").sentence;
        assert!(said.starts_with(told), "{said}");
    }
}

#[test]
fn a_crash_that_the_check_has_named_is_not_told_again() {
    let link = "#/raft-rules?seed=1&on=sessions&off=persist-vote&members=3&loss=0&do=cut:n1-n3@0s,cut:n2-n3@0s,op.lead:n2=1@1.5s,heal:n2-n3@2s,crash:n2@4s,cut:n1-n2@4s,restart:n2@4.05s,heal@6s";
    let told = "n1 and n2 both lead term 1: n2 voted for both, because it forgot its vote in the crash at 4.00 s.";
    trouble(link, "one-leader", EventKind::Crash, told);
}

/// The first red sentence of the lab of Raft's rules.
#[test]
fn a_replacement_that_fits_nowhere_is_told_in_names_and_numbers() {
    let (link, _) = Link::parse("#/raft-rules");
    let run = run(link);
    let told = violated(&run, "clients").sentence;
    assert_eq!(
        told,
        "ben asked to replace #17 by #20 under key 1, and was told at 2.58 s that it was not #17 any more: no order of the operations so far fits that answer. As far as the other answers tell, it was still #17: ben's write #17 was done at 2.26 s."
    );
}

#[test]
fn a_wrong_length_is_explained_by_what_was_done_to_the_clock() {
    let told = "ann's wall clock was set back by 559 ms at 2.23 s.";
    trouble("#/two-clocks", "measured", EventKind::Clock, told);
    // What was done to the other clock meanwhile did not make this one drift.
    let (link, _) = Link::parse("#/two-clocks?on=monotonic-clock&monotonic.ann=3000ppm");
    let told = violated(&run(link), "measured").sentence;
    assert!(!told.contains("clock was set"), "{told}");
}

#[test]
fn a_lease_that_overlaps_is_explained_by_the_clocks_that_count_it() {
    let (link, _) = Link::parse("#/drifting-lease");
    let told = violated(&run(link), "one-holder").sentence;
    let clocks = "ann's clock is 4 % too slow, and lock's clock is 3 % too fast.";
    assert!(told.ends_with(clocks), "{told}");
}

#[test]
fn a_write_after_the_lease_is_explained_by_the_pause() {
    for check in ["stale-write", "acknowledged-kept"] {
        let told = "ann was paused from 1.40 s to 4.60 s.";
        let (pause, _) = trouble("#/lease-and-pause", check, EventKind::Pause, told);
        assert_eq!(pause.time, SimTime::from_millis(1400));
    }
}

#[test]
fn a_ghost_is_explained_by_the_message_that_came_late() {
    let told = "“set 26\u{b0} (#2)” from bob to hub was on its way from 0.34 s to 2.47 s.";
    trouble("#/late-write", "no-ghost", EventKind::Deliver, told);
}

#[test]
fn an_answer_before_its_question_is_explained_by_the_question_that_is_late() {
    let told = "“post #1” from alice to carol, sent at 2.32 s, was still on its way.";
    trouble("#/reordered-feed", "causal-order", EventKind::Send, told);
}

#[test]
fn a_false_alarm_is_explained_by_the_heartbeat_that_is_late() {
    let told = "The heartbeat from n5 to lb, sent at 3.40 s, was still on its way.";
    trouble("#/timeout-tuning", "accuracy", EventKind::Send, told);
}

#[test]
fn a_stale_read_is_explained_by_the_copy_that_its_replica_never_got() {
    for (check, told) in [
        (
            "linearizable",
            "cat's read #18 got #7 at 2.05 s, but ann's write #13 was done at 1.77 s. \
             “write #13” from ann did not reach n1: it was lost at 1.69 s.",
        ),
        (
            "own-writes",
            "ann's read #64 got #43 at 9.34 s, but its own write #61 was done at 9.08 s. \
             “write #61” from ann did not reach n3: the link was cut at 6.00 s.",
        ),
    ] {
        trouble("#/stale-read", check, EventKind::Lost, told);
    }
}

/// The relay's readers with a check of consistency; its gateway is sound, and its links flip bits.
const FLIPPED: &str = r#"{
    "seed": SEED, "duration": "60s", "protocol": "relay",
    "parameters": { "pause": "500ms", "timeout": "1200ms", "bad-memory": 0 },
    "network": { "latency": "150ms", "jitter": "30ms", "corruption": 0.06, "checksum": "off" },
    "nodes": [
        { "name": "alice", "role": "writer" }, { "name": "bob", "role": "reader" },
        { "name": "gateway", "role": "relay" }, { "name": "archive", "role": "store" }
    ],
    "checks": [{ "kind": "linearizable" }]
}"#;

#[test]
fn a_read_that_no_order_allows_is_explained_by_the_message_that_was_altered() {
    let mut explained = 0;
    for seed in 0..20 {
        let link = Link::from_json(&FLIPPED.replace("SEED", &seed.to_string())).unwrap();
        let run = run(link);
        let verdict = violated(&run, "linearizable");
        let events = run.timeline().events();
        let altered = |id: &EventId| {
            let event = events[id.index()];
            event.kind == EventKind::Deliver && event.gist() != events[event.cause.index()].gist()
        };
        assert!(verdict.sentence.contains(" read "), "{}", verdict.sentence);
        if verdict.sentence.contains("was corrupted on its way") {
            assert!(verdict.events.iter().any(altered), "{}", verdict.sentence);
            explained += 1;
        }
    }
    assert!(explained >= 15, "{explained} of 20 are explained");
}

#[test]
fn a_lock_that_is_held_too_long_is_explained_by_what_became_of_the_coordinator() {
    let told = |link, kind, told| trouble(link, "locks", kind, told);
    told("#/in-doubt", EventKind::Crash, "c1 was down since 3.82 s.");
    let paused = "#/in-doubt?do=pause:c1@1.55s";
    told(paused, EventKind::Pause, "c1 was paused since 1.55 s.");
    let cut = "#/in-doubt?do=cut:c1..north@1.55s";
    told(cut, EventKind::Network, "the link was cut at 1.55 s.");
}

#[test]
fn what_explains_a_violation_does_not_change_with_the_moment_from_which_one_looks() {
    let (link, _) = Link::parse("#/double-charge");
    let mut run = run(link);
    let said = |run: &Run| format!("{:?}", violated(run, "exactly-once"));
    let at_the_end = said(&run);
    let at = violated(&run, "exactly-once").violated_at;
    run.seek(at.unwrap());
    assert_eq!(said(&run), at_the_end);
    run.step_back();
    let before = run.verdicts().into_iter().next().unwrap();
    assert_ne!(before.state, State::Violated, "{}", before.sentence);
    run.seek(SimTime::NEVER);
    assert_eq!(said(&run), at_the_end);
}

/// What a lab's Show me must tell, beside what clients were told: the cause.
#[test]
fn the_cause_is_told_also_where_no_message_is_lost() {
    for (link, check, kind, told) in [
        (
            "#/congested-switch",
            "tail",
            EventKind::Operation,
            "“request #26” from ben waited at switch from 4.51 s to 4.91 s, behind 16 other messages, 15 of them from video.",
        ),
        (
            "#/congested-switch",
            "answered",
            EventKind::Operation,
            "“request #36” from cleo waited at switch from 6.08 s to 6.94 s, behind 34 other messages, 30 of them from video.",
        ),
        (
            "#/commit-wait",
            "snapshot-order",
            EventKind::Fact,
            "The timestamp from s1 was 120 ms ahead of the true time, the one from s2 130 ms behind.",
        ),
        (
            "#/ntp-over-a-bad-network",
            "clock-error",
            EventKind::Clock,
            "client set its clock at 5.00 s. It had asked s4, whose clock was 900 ms ahead.",
        ),
        (
            "#/forgotten-write",
            "survive",
            EventKind::Disk,
            "n1 crashed at 5.20 s, and lost 3 writes that were not on its disk yet.",
        ),
        (
            "#/flipped-bits",
            "reads-written",
            EventKind::Send,
            "gateway got “7100” from archive at 5.27 s, and passed on “465305600”.",
        ),
        (
            "#/bank-or-social",
            "bank-cut-off",
            EventKind::Network,
            "“asked for #58” from b3 did not reach b1: the link was cut at 4.00 s.",
        ),
    ] {
        trouble(link, check, kind, told);
    }
}
