//! What labs ask before they tell: every lab has something to ask, of any run of its own, and what is true is true of that run.

use std::collections::BTreeMap;

use scenario::Run;
use scenario::lab::{Asks, labs};
use scenario::run::{FATES, Guessing, Question};
use sim::protocol::MessageSort;
use sim::trace::{Event, EventKind};
use sim::{EventId, SimTime};

fn known(run: &Run) -> Guessing {
    let mut guessing = run.guessing();
    while !guessing.go_on(1000) {}
    guessing
}

fn seeds() -> u32 {
    let asked = std::env::var("SLOWFIRE_SEEDS").ok();
    asked.and_then(|seeds| seeds.parse().ok()).unwrap_or(12)
}

#[test]
fn every_lab_has_something_to_ask_and_nobody_knows_the_answer_from_the_lab() {
    let mut wrong = Vec::new();
    for lab in labs() {
        let (mut run, _) = Run::open(&format!("#/{}", lab.id));
        if known(&run).questions().is_empty() {
            wrong.push(format!("{} asks nothing as it is", lab.id));
        }
        let mut answers: BTreeMap<String, BTreeMap<usize, u32>> = BTreeMap::new();
        let mut silent = 0;
        for seed in 0..seeds() {
            run.deal(seed);
            let guessing = known(&run);
            silent += u32::from(guessing.questions().is_empty());
            for question in guessing.questions() {
                let asked = format!("{:?}", question.guess.asks);
                let right = question.truth().right;
                *answers.entry(asked).or_default().entry(right).or_default() += 1;
            }
        }
        println!("{}: {answers:?}, {silent} without", lab.id);
        if silent * 2 > seeds() {
            wrong.push(format!("{}: {silent} runs ask nothing", lab.id));
        }
        for (asked, answers) in answers {
            if answers.len() == 1 {
                wrong.push(format!("{}: {asked} always has the same answer", lab.id));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

/// Who always answers the same is right in about half of the runs: in all labs together, and in none far more often.
#[test]
fn whoever_knows_nothing_is_right_half_of_the_time() {
    let (mut all, mut one_sided, mut who) = ([0, 0], Vec::new(), 0);
    for lab in labs() {
        let (mut run, _) = Run::open(&format!("#/{}", lab.id));
        let mut ends: BTreeMap<usize, [u32; 2]> = BTreeMap::new();
        let mut asks_who = false;
        for seed in 0..3 * seeds() {
            run.deal(seed);
            for question in known(&run).questions() {
                let right = question.truth().right;
                match question.guess.asks {
                    Asks::Holds(check, _) => ends.entry(check).or_default()[right] += 1,
                    Asks::Wrong(_) => asks_who = true,
                    Asks::Silence(..) => {}
                }
            }
        }
        println!("{}: {ends:?}, {asks_who}", lab.id);
        who += usize::from(asks_who);
        for (check, [holds, breaks]) in ends {
            all = [all[0] + holds, all[1] + breaks];
            if holds.max(breaks) * 4 > (holds + breaks) * 3 {
                one_sided.push(format!("{} {check}: {holds} to {breaks}", lab.id));
            }
        }
    }
    println!("{all:?}, {who} labs ask which node is wrong");
    assert_eq!(one_sided, Vec::<String>::new());
    assert!(all[0].abs_diff(all[1]) * 10 < all[0] + all[1], "{all:?}");
    assert!(who * 3 >= labs().len(), "{who}");
}

#[test]
fn no_answer_tells_that_of_another_question() {
    for lab in labs() {
        for seed in 0..seeds() {
            let (mut run, _) = Run::open(&format!("#/{}", lab.id));
            run.deal(seed);
            let guessing = known(&run);
            let asked = guessing.questions().iter();
            let mut checks: Vec<usize> = asked
                .filter_map(|question| match question.guess.asks {
                    Asks::Wrong(check) | Asks::Holds(check, _) => Some(check),
                    Asks::Silence(..) => None,
                })
                .collect();
            let all = checks.len();
            checks.sort_unstable();
            checks.dedup();
            assert_eq!(checks.len(), all, "{} with seed {seed}", lab.id);
        }
    }
}

#[test]
fn what_has_become_of_an_answer_is_what_the_trace_says() {
    let mut kinds = [0; FATES.len()];
    for lab in labs() {
        for seed in 0..seeds() {
            let (mut run, _) = Run::open(&format!("#/{}", lab.id));
            run.deal(seed);
            for question in known(&run).questions() {
                let Asks::Silence(_, after) = question.guess.asks else {
                    continue;
                };
                let truth = question.truth();
                run.seek(question.at);
                let events = run.timeline().events();
                let sent = events[truth.events[0].index()];
                let shown = events[truth.events.last().unwrap().index()];
                let (own, peer) = (question.guess.node, question.peer.unwrap());
                assert_eq!(
                    (sent.kind, sent.node, sent.peer),
                    (EventKind::Send, own, peer)
                );
                assert_eq!(sent.time + after, question.at);
                assert!(
                    shown.time <= question.at,
                    "nothing is told that is yet to come"
                );
                let after_it = truth.events[0].index() + 1;
                let heard = events.iter().skip(after_it).any(|event| {
                    event.kind == EventKind::Deliver
                        && (event.node, event.peer) == (own, peer)
                        && event.time <= question.at
                });
                assert!(!heard, "{}: it has heard of {peer}", lab.id);
                kinds[truth.right] += 1;
                let life = events.iter().rfind(|event| {
                    event.node == peer
                        && matches!(event.kind, EventKind::Crash | EventKind::Restart)
                });
                let is_down = life.is_some_and(|event| event.kind == EventKind::Crash);
                let is_right = match FATES[truth.right] {
                    "lost" => shown.kind == EventKind::Lost,
                    "dead" => life == Some(&shown),
                    "slow" => shown.node == peer && is_of_itself(&mut run, truth.events[0], &shown),
                    "late" => shown.kind == EventKind::Send,
                    other => panic!("{other}"),
                };
                assert_eq!(
                    is_down,
                    FATES[truth.right] == "dead",
                    "{}: {shown:?}",
                    lab.id
                );
                assert!(expects_an_answer(&mut run, &sent), "{}: {sent:?}", lab.id);
                assert!(is_right, "{}: {shown:?}", lab.id);
            }
        }
    }
    assert!(kinds.iter().all(|count| *count > 0), "{kinds:?}");
}

/// Whether it is a node itself that is slow: it stands still, limps or has a queue; or it answers a message in the end, and has
/// waited for no other node.
fn is_of_itself(run: &mut Run, sent: EventId, shown: &Event) -> bool {
    use EventKind::{Deliver, Limp, Pause, Queued, Send};
    if matches!(shown.kind, Pause | Limp | Queued) {
        return true;
    }
    run.seek(SimTime::NEVER);
    let events = run.timeline().events();
    let (own, peer) = (shown.peer, shown.node);
    let mut answers = events
        .iter()
        .filter(|event| (event.kind, event.node, event.peer) == (Send, peer, own));
    let is_alone = |answer: &Event| {
        let mut at = answer.cause;
        while events.get(at.index()).is_some_and(|it| it.node == peer) {
            at = events[at.index()].cause;
        }
        at == sent
    };
    shown.kind == Deliver && shown.cause == sent && answers.any(is_alone)
}

/// Whether messages of this kind are answered in this run.
fn expects_an_answer(run: &mut Run, sent: &Event) -> bool {
    run.seek(SimTime::NEVER);
    let events = run.timeline().events();
    let words = run.scenario().protocol.vocabulary.messages;
    let is_answer = |event: &Event| {
        let sort = words[usize::from(event.code)].sort;
        use MessageSort::{Acknowledgement, Refusal, Reply};
        matches!(sort, Reply | Refusal | Acknowledgement)
    };
    let kind = |event: &Event| event.gist().map(|gist| gist.kind);
    let answers = events.iter().filter(|event| {
        event.kind == EventKind::Send && event.peer == sent.node && is_answer(event)
    });
    let mut asked = answers.map(|answer| {
        let mut causes = std::iter::successors(events.get(answer.cause.index()), |event| {
            events.get(event.cause.index())
        });
        causes.find(|event| event.node == sent.node)
    });
    asked.any(|asked| asked.is_some_and(|asked| kind(asked) == kind(sent))) && !is_answer(sent)
}

#[test]
fn whether_a_check_holds_is_what_the_run_comes_to() {
    for lab in labs() {
        let (mut run, _) = Run::open(&format!("#/{}", lab.id));
        let guessing = known(&run);
        for question in guessing.questions() {
            let Asks::Holds(check, _) = question.guess.asks else {
                continue;
            };
            run.seek(question.at);
            let is_violated = |run: &Run| run.verdicts()[check].violated_at.is_some();
            assert!(!is_violated(&run), "{}: it shows already", lab.id);
            run.seek(SimTime::NEVER);
            let breaks = question.truth().right == 1;
            assert_eq!(is_violated(&run), breaks, "{}", lab.id);
        }
    }
}

#[test]
fn a_run_whose_link_says_what_happens_asks_nothing() {
    let (mut run, _) = Run::open("#/double-charge?do=crash:bank@2s");
    assert!(known(&run).questions().is_empty());
    run.deal(7);
    assert_eq!((run.deeds().len(), run.scenario().seed), (0, 7));
    assert!(!known(&run).questions().is_empty());
}

#[test]
fn silence_is_asked_about_however_much_a_node_sends() {
    let (mut run, _) = Run::open("#/timeout-tuning?job-every=3ms");
    let guessing = known(&run);
    let asks = |question: &Question| matches!(question.guess.asks, Asks::Silence(..));
    let question = guessing.questions().iter().find(|one| asks(one));
    let question = question.expect("n2 is dead for ten seconds");
    run.seek(SimTime::NEVER);
    let sent = run
        .timeline()
        .events()
        .iter()
        .filter(|event| event.kind == EventKind::Send && event.node == question.guess.node);
    assert!(sent.count() > 5000, "a run like any other");
}
