//! Raft, run for a while.

use super::log::{Content, Entry};
use super::message::Result;
use super::*;
use crate::parts::log::Mark;
use crate::trial::Trial;
use sim::network::{Distribution, Filter, Latency, LinkProfile, LinkSelector};
use sim::random::Probability;
use sim::trace::{Fact, Outcome};
use sim::{Action, Target};

fn whole(servers: usize, clients: usize) -> Trial {
    let roles: Vec<&'static str> = std::iter::repeat_n("server", servers)
        .chain(std::iter::repeat_n("client", clients))
        .collect();
    ENTRY.defences.iter().fold(
        Trial::new(&ENTRY, &roles)
            .network(|link| *link = LinkProfile::ideal(SimDuration::from_millis(10))),
        |trial, defence| trial.on(defence.id),
    )
}

#[test]
fn operations_are_done() {
    let facts = whole(5, 2).facts(10_000);
    let done = facts.iter().filter(|(_, _, fact)| {
        matches!(
            fact,
            Fact::Returned {
                outcome: Outcome::Ok,
                ..
            }
        )
    });
    let leads = facts
        .iter()
        .filter(|(_, _, fact)| matches!(fact, Fact::Leads { .. }));
    let compacted = facts
        .iter()
        .filter(|(_, _, fact)| matches!(fact, Fact::Compacted { .. }));
    let (done, leads, compacted) = (done.count(), leads.count(), compacted.count());
    assert!(
        done > 150 && leads == 1 && compacted > 0,
        "{done} {leads} {compacted}"
    );
}

/// A server with all rules, whose log has entries of these terms.
fn with_log(terms: &[i64]) -> Server {
    let mut plan = Plan::new(&ENTRY, &["server", "server", "server", "client"]);
    plan.defences = ENTRY.defences.iter().map(|spec| spec.id).collect();
    let mut server = Server::new(Arc::new(Choices::of(&plan)), 0, Members::default());
    for term in terms {
        server.log.push(Entry {
            term: *term,
            content: Content::Nothing,
        });
    }
    server
}

/// How often a follower refuses before it takes entries, and the place of the first that it takes.
fn repair(leader: &Server, follower: &Server) -> (u32, u32) {
    let mut next = leader.log.last().index + 1;
    for refusals in 0.. {
        let index = next - 1;
        let term = leader
            .log
            .term_at(index)
            .expect("the leader has all before");
        match follower.difference(Mark { index, term }) {
            None => return (refusals, next),
            Some(Result::Differs { at, term, hint }) => next = leader.back_up(at, term, hint),
            Some(other) => panic!("{other:?}"),
        }
    }
    unreachable!("the logs have the same beginning")
}

/// The leader of term 8, and the followers (a) to (f) of the paper's figure 7. With the follower's term in its refusal, no
/// follower refuses more than twice.
#[test]
fn figure_7_each_follower_is_repaired_in_two_refusals_at_most() {
    let leader = with_log(&[1, 1, 1, 4, 4, 5, 5, 6, 6, 6]);
    let followers: [(&[i64], (u32, u32)); 6] = [
        (&[1, 1, 1, 4, 4, 5, 5, 6, 6], (1, 10)),
        (&[1, 1, 1, 4], (1, 5)),
        (&[1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6], (0, 11)),
        (&[1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7], (0, 11)),
        (&[1, 1, 1, 4, 4, 4, 4], (2, 6)),
        (&[1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3], (2, 4)),
    ];
    for (terms, expected) in followers {
        assert_eq!(repair(&leader, &with_log(terms)), expected, "{terms:?}");
    }
}

#[test]
fn a_log_stays_bounded_and_a_server_that_was_down_gets_a_snapshot() {
    let node = Target::Node(NodeId(2));
    let facts = whole(3, 2)
        .set("snapshot-every", 10.0)
        .act(2000, Action::Crash(node))
        .act(5000, Action::Restart(node))
        .facts(9000);
    let jumps = facts.iter().filter(|(at, by, fact)| {
        *by == 2 && *at > 5000 && matches!(fact, Fact::Compacted { index, .. } if *index > 40)
    });
    assert!(jumps.count() > 0);
    let applied = |server: u16| {
        let applied = facts.iter().filter_map(|(_, by, fact)| match fact {
            Fact::Applied { index, .. } if *by == server => Some(*index),
            _ => None,
        });
        applied.max().unwrap_or(0)
    };
    assert!(
        applied(2) + 10 > applied(0),
        "{} {}",
        applied(2),
        applied(0)
    );
}

#[test]
fn members_come_and_go_and_hand_over_the_lead() {
    let op = |node, operation, argument| Action::Operation {
        target: Target::Node(NodeId(node)),
        operation,
        argument,
    };
    let facts = whole(5, 2)
        .set("members", 3.0)
        .act(2000, op(0, 1, 4))
        .act(3000, op(0, 3, 345))
        .act(6000, op(2, 4, 4))
        .facts(9000);
    let mut leads = facts.iter().filter_map(|(at, by, fact)| match fact {
        Fact::Leads { .. } => Some((*at, *by)),
        _ => None,
    });
    let last = leads.next_back().expect("somebody leads");
    assert!(last.0 > 6000 && last.1 == 3, "{last:?}");
    let done = facts.iter().filter(|(at, _, fact)| {
        *at > 7000
            && matches!(
                fact,
                Fact::Returned {
                    outcome: Outcome::Ok,
                    ..
                }
            )
    });
    assert!(done.count() > 20);
}

/// Server 0 does this on an operator's behalf.
fn operator(operation: u8, argument: i64) -> Action {
    Action::Operation {
        target: Target::Node(NodeId(0)),
        operation,
        argument,
    }
}

const ADD: u8 = 1;
const REMOVE: u8 = 2;
const MEMBERS: u8 = 3;
const LEAD: u8 = 4;

/// While the acknowledgements of many entries are under way, whenever heartbeats are due.
#[test]
fn a_server_is_told_once_that_it_is_to_lead() {
    let hand_over = |at: u64| {
        let trial = whole(3, 6).seed(at).set("pause", 1.0);
        trial.act(at, operator(LEAD, 2))
    };
    let told = (1000..1208).map(|at| hand_over(at).sends_named(at + 500, "timeout-now"));
    let told: Vec<usize> = told.collect();
    // Where nobody leads yet, or that server does, nobody is told.
    let once = told.iter().filter(|times| **times == 1).count();
    assert!(
        once > 100 && told.iter().all(|times| *times <= 1),
        "{told:?}"
    );
}

/// The configurations that are logged, in order, each once.
fn configurations(trial: &Trial, until: u64) -> Vec<Members> {
    let mut found: Vec<Members> = Vec::new();
    for (_, _, fact) in trial.facts(until) {
        if let Fact::Logged { content, .. } = fact
            && content < 0
        {
            let number = -1 - content;
            let [voters, outgoing, learners] = [16, 8, 0]
                .map(|bits| Group::of((0..8).filter(|place| number >> bits >> place & 1 != 0)));
            let members = Members {
                voters,
                outgoing,
                learners,
            };
            if !found.contains(&members) {
                found.push(members);
            }
        }
    }
    found
}

#[test]
fn a_new_server_that_does_not_catch_up_is_given_up_and_others_can_be_added() {
    let trial = whole(5, 2)
        .set("members", 3.0)
        .act(1000, Action::Crash(Target::Node(NodeId(3))))
        .act(2000, operator(ADD, 4))
        .act(2100, operator(ADD, 5));
    let learns = |learner: u8| Members {
        learners: Group::of([learner]),
        ..Members::voting(Group::of([0, 1, 2]))
    };
    let [without, with] =
        [&[0, 1, 2][..], &[0, 1, 2, 4]].map(|all| Members::voting(Group::of(all.iter().copied())));
    let all = configurations(&trial, 8000);
    assert_eq!(all, [learns(3), without, learns(4), with]);
}

#[test]
fn a_server_that_only_learns_can_be_removed() {
    let trial = whole(4, 2)
        .set("members", 3.0)
        .act(1000, Action::Crash(Target::Node(NodeId(3))))
        .act(2000, operator(ADD, 4))
        // The next leader has the learner, and not the wish.
        .act(2500, operator(LEAD, 2))
        .act(3000, operator(LEAD, 3))
        .act(3500, operator(REMOVE, 4));
    let last = configurations(&trial, 5000).pop();
    assert_eq!(last, Some(Members::voting(Group::of([0, 1, 2]))));
}

#[test]
fn clients_find_the_leader_past_servers_that_were_removed() {
    let all = |end: u8| -> i64 {
        let digits: String = (end..=7).map(|place| place.to_string()).collect();
        digits.parse().expect("digits are a number")
    };
    for seed in 0..20 {
        let ok = whole(7, 4)
            .seed(seed)
            .set("pause", 10.0)
            .network(|link| {
                let [low, high] = [5, 15].map(SimDuration::from_millis);
                link.latency = Latency::of(Distribution::Uniform { low, high });
            })
            .act(500, operator(LEAD, 7))
            .act(3000, operator(MEMBERS, all(4)))
            .act(5000, operator(REMOVE, 7))
            .facts(20_000);
        let served = ok.iter().filter(|(at, _, fact)| {
            *at > 15_000
                && matches!(
                    fact,
                    Fact::Returned {
                        outcome: Outcome::Ok,
                        ..
                    }
                )
        });
        assert!(served.count() > 100, "seed {seed}");
    }
}

/// No message that tells a server to lead gets through.
fn lose_timeout_now() -> Action {
    let mut messages = Node::VOCABULARY.messages.iter();
    let kind = messages.position(|word| word.name == "timeout-now");
    let filter = Filter {
        links: LinkSelector::All,
        kind: Some(kind.expect("Raft has that message") as u8),
        share: Probability::new(1.0),
    };
    Action::AddFilter(0, filter)
}

/// Nobody writes, so that the next leader has all of the log when the lead is handed over: it is told at once.
#[test]
fn a_server_that_was_not_told_that_it_is_to_lead_is_told_again_after_a_heartbeat() {
    for at in 1000..1020 {
        let trial = whole(3, 1)
            .set("pause", 60_000.0)
            .act(at - 1, lose_timeout_now())
            .act(at, operator(LEAD, 2))
            .act(at + 5, Action::RemoveFilter(None));
        let told = [at + 5, at + 290].map(|until| trial.sends_named(until, "timeout-now"));
        assert_eq!(told, [1, 2], "handed over at {at} ms");
        let leads = |(ms, by, fact): (u64, u16, Fact)| {
            (ms > at && matches!(fact, Fact::Leads { .. })).then_some(by)
        };
        let leaders: Vec<u16> = trial
            .facts(at + 290)
            .into_iter()
            .filter_map(leads)
            .collect();
        assert_eq!(leaders, [1], "handed over at {at} ms");
    }
}

#[test]
fn each_rule_is_in_one_group() {
    let counts = ENTRY.groups.iter().map(|(_, count)| count);
    assert_eq!(counts.sum::<usize>(), ENTRY.defences.len());
}
