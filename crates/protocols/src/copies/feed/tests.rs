//! What readers see with each order of delivery.

use sim::random::Probability;
use sim::sorted::Set;
use sim::trace::Fact;
use sim::{Action, NodeId, Target};

use super::ENTRY;
use crate::trial::Trial;

/// The posts that each of three members showed, in order. Messages from the first to the third take long.
fn screens(defence: Option<&'static str>) -> Vec<Vec<(i64, i64)>> {
    let mut trial = Trial::new(&ENTRY, &["member"; 3])
        .slow_link(0, 2, 1500)
        .set("answers", 1.0)
        .set("posts", 1.0);
    if let Some(defence) = defence {
        trial = trial.on(defence);
    }
    let facts = trial.facts(60_000);
    let screen = |member: u16| {
        let of_member = facts.iter().filter(move |(_, node, _)| *node == member);
        let shown = of_member.filter_map(|(_, _, fact)| match fact {
            Fact::Shown { item, after } => Some((*item, *after)),
            _ => None,
        });
        shown.collect()
    };
    (0..3).map(screen).collect()
}

/// How many posts a member showed before the post that they answer.
fn early(screen: &[(i64, i64)]) -> usize {
    let is_early = |(place, (_, after)): (usize, &(i64, i64))| {
        *after >= 0 && !screen[..place].iter().any(|(item, _)| item == after)
    };
    screen
        .iter()
        .enumerate()
        .filter(|shown| is_early(*shown))
        .count()
}

#[test]
fn answers_overtake_their_question_on_the_way_to_a_distant_reader() {
    assert!(early(&screens(None)[2]) > 0);
    assert!(early(&screens(Some("fifo-link"))[2]) > 0);
}

#[test]
fn causal_delivery_shows_each_question_first_and_in_the_end_everything() {
    let screens = screens(Some("causal-delivery"));
    assert!(screens.iter().all(|screen| early(screen) == 0));
    assert!(screens[0].len() > 3);
    assert!(
        screens
            .iter()
            .all(|screen| screen.len() == screens[0].len())
    );
}

#[test]
fn fifo_keeps_each_members_own_posts_in_order() {
    for screen in screens(Some("fifo-link")) {
        for author in 1..=3 {
            let own: Vec<i64> = screen
                .iter()
                .map(|(item, _)| *item)
                .filter(|item| (item - author) % 3 == 0)
                .collect();
            assert!(own.is_sorted(), "{own:?}");
        }
    }
}

#[test]
fn a_member_that_restarts_gets_what_it_missed() {
    let node = Target::Node(NodeId(2));
    let facts = Trial::new(&ENTRY, &["member"; 3])
        .on("causal-delivery")
        .set("posts", 4.0)
        .network(|link| link.loss = Probability::new(0.2))
        .act(6000, Action::Crash(node))
        .act(12_000, Action::Restart(node))
        .facts(120_000);
    let shown = |member: u16| -> Set<i64> {
        let of_member = facts.iter().filter(move |(_, node, _)| *node == member);
        let shown = of_member.filter_map(|(_, _, fact)| match fact {
            Fact::Shown { item, .. } => Some(*item),
            _ => None,
        });
        shown.collect()
    };
    assert!(shown(0).len() > 10);
    assert_eq!(shown(0), shown(1));
    assert_eq!(shown(0), shown(2));
}
