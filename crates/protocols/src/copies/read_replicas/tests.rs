//! What a session misses on followers that lag behind, and what each defence gives back.

use super::*;
use crate::trial::{Trial, ms};
use sim::network::LinkProfile;
use sim::random::Probability;
use sim::sorted::{Map, Set};
use sim::trace::{Fact, Function, Outcome};
use sim::{Action, DiskProfile, Target};

const QUESTIONS: u16 = 0;
const WEST: u16 = 2;
const ANN: u16 = 4;
const BEN: u16 = 5;
const CAT: u16 = 6;
const UNTIL: u64 = 60_000;

/// Two leaders, two followers, one who asks, one who answers, and one who reads. Questions come late in the west.
fn trial() -> Trial {
    let roles = [
        "questions",
        "answers",
        "follower",
        "follower",
        "asker",
        "answerer",
        "reader",
    ];
    let near = LinkProfile::ideal(SimDuration::from_millis(20));
    let trial = Trial::new(&ENTRY, &roles).network(|link| *link = near);
    trial
        .set("pause", ms(3000))
        .slow_link(QUESTIONS, WEST, 2400)
}

/// An operation that was answered.
struct Done {
    client: u16,
    function: Function,
    key: i64,
    /// The post that was written, or read.
    post: i64,
}

fn done(trial: &Trial) -> Vec<Done> {
    let mut begun = Map::new();
    let mut done = Vec::new();
    for (_, client, fact) in trial.facts(UNTIL) {
        match fact {
            Fact::Invoked {
                operation,
                function,
                key,
                ..
            } => {
                begun.insert(operation, (function, key));
            }
            Fact::Returned {
                operation,
                outcome: Outcome::Ok,
                value,
            } => {
                let (function, key) = begun[&operation];
                let is_write = function == Function::Write;
                let post = if is_write { operation.into() } else { value };
                done.push(Done {
                    client,
                    function,
                    key,
                    post,
                });
            }
            _ => {}
        }
    }
    done
}

/// How often a client read something older than a post of its own, or than what it had read: of the two, and of all.
fn missed(trial: &Trial, client: u16) -> (usize, usize, usize) {
    let (mut written, mut read) = ([0; 2], [0; 2]);
    let (mut own, mut back, mut all) = (0, 0, 0);
    for Done {
        function,
        key,
        post,
        ..
    } in done(trial).iter().filter(|done| done.client == client)
    {
        let key = *key as usize;
        if *function == Function::Write {
            written[key] = *post;
            continue;
        }
        all += 1;
        own += usize::from(*post < written[key]);
        back += usize::from(*post < read[key]);
        read[key] = read[key].max(*post);
    }
    (own, back, all)
}

/// How often the reader saw an answer, and then no question that its author had seen.
fn orphans(trial: &Trial) -> usize {
    let (mut seen, mut needs, mut needed, mut orphans) = (0, Map::new(), 0, 0);
    for Done {
        client,
        function,
        key,
        post,
    } in done(trial)
    {
        match (client, function, key) {
            (BEN, Function::Read, 0) => seen = seen.max(post),
            (BEN, Function::Write, _) => {
                needs.insert(post, seen);
            }
            (CAT, Function::Read, 1) => needed = needs.get(&post).copied().unwrap_or(0).max(needed),
            (CAT, Function::Read, _) => orphans += usize::from(post < needed),
            _ => {}
        }
    }
    orphans
}

fn crash(trial: Trial, node: u16, at: u64, length: u64) -> Trial {
    let node = Target::Node(NodeId(node));
    let trial = trial.act(at, Action::Crash(node));
    trial.act(at + length, Action::Restart(node))
}

#[test]
fn followers_that_lag_behind_break_all_three_promises() {
    let (own, _, all) = missed(&trial(), ANN);
    assert!(own > 3 && all > 10, "{own} of {all}");
    let (_, back, all) = missed(&trial(), CAT);
    assert!(back > 3 && all > 100, "{back} of {all}");
    assert!(orphans(&trial()) > 3);
}

#[test]
fn a_token_lets_authors_read_what_they_wrote_and_nobody_else() {
    let trial = trial().on("read-your-writes");
    for author in [ANN, BEN] {
        let (own, _, all) = missed(&trial, author);
        assert_eq!(own, 0);
        assert!(all > 10, "{all}");
    }
    assert!(missed(&trial, CAT).1 > 3);
    assert!(trial.sends_named(UNTIL, "behind") > 3);
}

#[test]
fn a_session_that_has_forgotten_its_token_asks_the_leader() {
    for seed in 0..40 {
        let trial = trial().seed(seed).on("read-your-writes");
        let trial = crash(trial, ANN, 5000 + 137 * seed, 10);
        assert_eq!(missed(&trial, ANN).0, 0, "seed {seed}");
    }
}

#[test]
fn a_session_that_stays_reads_forwards_and_may_miss_what_it_wrote() {
    let trial = trial().on("sticky-session");
    for client in [ANN, BEN, CAT] {
        assert_eq!(missed(&trial, client).1, 0);
    }
    // The one who asks reads in the west.
    assert!(missed(&trial, ANN).0 > 3);
    assert!(orphans(&trial) > 3);
}

#[test]
fn a_post_waits_for_what_its_author_had_seen() {
    let on = |defences: &[&'static str]| defences.iter().fold(trial(), |trial, id| trial.on(id));
    // One follower shows the question before the answer; the other one may show neither.
    assert!(orphans(&on(&["consistent-prefix"])) > 0);
    let both = on(&["consistent-prefix", "sticky-session"]);
    assert_eq!(orphans(&both), 0);
    assert!(missed(&both, CAT).2 > 100);
}

#[test]
fn nothing_is_posted_twice_and_nothing_lost_on_the_way_to_followers() {
    for seed in 0..20 {
        let trial = trial().seed(seed).network(|link| {
            link.loss = Probability::new(0.2);
            link.duplication.probability = Probability::new(0.2);
        });
        let trial = crash(trial, QUESTIONS, 9000, 400).set("resend", ms(500));
        let trial = crash(trial, WEST, 15_000, 2000);
        let mut positions = Map::new();
        let (mut early, mut in_the_west) = (Set::new(), Set::new());
        for (at, node, fact) in trial.facts(UNTIL) {
            if let Fact::Stored {
                operation, version, ..
            } = fact
            {
                assert_eq!(*positions.entry(operation).or_insert(version), version);
                if at < UNTIL - 10_000 {
                    early.insert(operation);
                }
                if node == WEST {
                    in_the_west.insert(operation);
                }
            }
        }
        assert!(early.len() > 15, "seed {seed}: {}", early.len());
        let lost = early.iter().filter(|post| !in_the_west.contains(post));
        assert_eq!(lost.collect::<Vec<_>>(), Vec::<&u32>::new(), "seed {seed}");
    }
}

#[test]
fn what_was_read_survives_the_crash_of_a_follower_whatever_it_tears() {
    for seed in 0..30 {
        let disk = DiskProfile {
            sync: SimDuration::from_millis(300),
            torn: Probability::ALWAYS,
            ..DiskProfile::default()
        };
        let trial = trial().seed(seed).disks(disk).on("sticky-session");
        let trial = (1..8).fold(trial, |trial, life| {
            crash(trial, WEST, 4000 * life + 37 * seed % 1500, 200)
        });
        for client in [ANN, CAT] {
            assert_eq!(missed(&trial, client).1, 0, "seed {seed}");
        }
    }
}
