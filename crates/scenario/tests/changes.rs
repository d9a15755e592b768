//! The list of what was done to a run, after whatever was done.

mod common;

use proptest::prelude::*;
use scenario::Run;
use scenario::knob::Knob;
use scenario::link::Link;
use sim::{SimDuration, SimTime};

/// What a reader may do with a run.
#[derive(Clone, Debug)]
enum Act {
    Do(String),
    Turn(String, String),
    Drop,
    Watch(u32),
    Seek(u32),
    Move(usize, u32),
    TakeBack(usize),
    Undo,
}

/// No run is watched further, in milliseconds.
const END: u32 = 4000;

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        3 => common::deed().prop_map(Act::Do),
        3 => common::knob().prop_map(|(key, value)| Act::Turn(key, value)),
        1 => Just(Act::Drop),
        1 => (0..END / 8).prop_map(Act::Watch),
        1 => (0..END).prop_map(Act::Seek),
        1 => (any::<usize>(), prop_oneof![Just(0), 0..END]).prop_map(|(place, ms)| Act::Move(place, ms)),
        1 => any::<usize>().prop_map(Act::TakeBack),
        1 => Just(Act::Undo),
    ]
}

/// One of the changes, if there is any.
fn one_of(run: &Run, place: usize) -> usize {
    place % run.changes().len().max(1)
}

fn at(ms: u32) -> SimTime {
    SimTime::from_millis(u64::from(ms))
}

fn perform(run: &mut Run, act: Act) {
    match act {
        Act::Do(deed) => {
            let (deed, _) = deed.rsplit_once('@').expect("a deed has a time");
            run.act_text(deed).expect("it can be done");
        }
        Act::Turn(key, value) => {
            let knob = Knob::parse(&key, run.scenario()).expect("it is a knob");
            let value = knob.range().parse(&value).expect("it is in range");
            run.turn(&key, value).expect("it can be turned");
        }
        Act::Drop => run.end_drag(),
        Act::Watch(ms) => {
            let left = at(END).since(run.now());
            run.advance(SimDuration::from_millis(u64::from(ms)).min(left));
        }
        Act::Seek(ms) => run.seek(at(ms)),
        Act::Move(place, ms) => run.move_to(one_of(run, place), at(ms)),
        Act::TakeBack(place) => run.take_back(one_of(run, place)),
        Act::Undo => drop(run.undo()),
    }
}

fn listed(run: &Run) -> Vec<(String, Option<SimTime>)> {
    let changes = run.changes();
    let listed = changes.iter().map(|change| (change.says(run), change.at()));
    listed.collect()
}

/// What a run is: its link, and what has happened in it.
fn whole(run: &Run) -> (String, String) {
    (run.link(), run.timeline().digest().to_string())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn what_is_taken_back_leaves_no_trace(
        document in common::scenario(),
        acts in prop::collection::vec(act(), 0..12),
        picks in prop::collection::vec(any::<usize>(), 40),
    ) {
        let link = Link::from_value(&document).unwrap_or_else(|problems| panic!("{problems:?}"));
        let mut run = Run::of_link(link.clone());
        acts.into_iter().for_each(|act| perform(&mut run, act));
        let mut own = Run::of_link(link);
        own.seek(run.now());
        let done = listed(&run);
        let (by_link, problems) = Run::open(&run.link());
        prop_assert_eq!(problems, []);
        prop_assert_eq!(whole(&by_link), whole(&run));
        run.take_all_back();
        prop_assert_eq!(whole(&run), whole(&own));
        prop_assert!(listed(&run).is_empty());
        if !done.is_empty() {
            prop_assert!(run.undo());
        }
        prop_assert_eq!(listed(&run), done);
        for pick in picks {
            // After the changes comes what the lab does by itself, which is not taken out here.
            if run.changes().is_empty() {
                break;
            }
            let place = one_of(&run, pick);
            run.take_back(place);
        }
        prop_assert!(listed(&run).is_empty());
        prop_assert_eq!(whole(&run), whole(&own));
    }
}
