//! A run that goes a stride at a time gets to where a run goes that takes each way at once, whatever is done on the way.

use proptest::prelude::*;
use scenario::link::Link;
use scenario::run::Means;
use scenario::{Run, lab};
use sim::{NodeId, SimTime};

/// Something that a reader does, and how many strides the run goes on after it.
type Act = (u8, u32, u8);

fn act(run: &mut Run, (kind, number, _): Act) {
    match kind % 11 {
        0 => run.seek(SimTime::from_millis(u64::from(number % 70_000))),
        1 => {
            let nodes = run.scenario().nodes.len() as u32;
            let node = run.scenario().name(NodeId((number % nodes) as u16));
            let deed = ["crash", "restart", "pause", "resume"][number as usize / 7 % 4];
            run.act_text(&format!("{deed}:{node}"))
                .expect("it can be done");
        }
        2 => run
            .turn("loss", f64::from(number % 5) / 10.0)
            .expect("it can be turned"),
        3 => {
            let switches = run.lab().switches.clone();
            let id = switches[number as usize % switches.len()];
            let is_on = run.scenario().defences.contains(id);
            run.defend(id, !is_on).expect("it can be done");
        }
        4 => drop(run.undo()),
        5 => drop(run.redo()),
        6 => run.reseed(number % 100),
        7 => drop(run.step()),
        8 => drop(run.step_back()),
        9 => drop(run.next_interesting()),
        _ => drop(run.previous_interesting()),
    }
}

/// Whether it leads on from where the run is, not from where it is bound for.
fn is_step((kind, ..): Act) -> bool {
    kind % 11 > 6
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn strides_lead_to_the_same_run(
        lab in 0..lab::labs().len(),
        stride in 1u32..400,
        acts in prop::collection::vec(any::<Act>(), 1..12),
    ) {
        let link = format!("#/{}?t=4s", lab::labs()[lab].id);
        let open = || Link::parse(&link).0;
        let mut at_once = Run::of_link(open());
        let mut strides = Run::of_link_with(open(), Means { stride, ..Means::default() });
        for one in acts {
            if is_step(one) {
                while !strides.go_on() {}
            }
            act(&mut at_once, one);
            act(&mut strides, one);
            if is_step(one) {
                while !strides.go_on() {}
            }
            prop_assert_eq!(at_once.aim(), strides.aim());
            // On the way there nobody knows yet what happens within a millisecond.
            if !strides.is_on_its_way() {
                prop_assert_eq!(at_once.link(), strides.link());
            }
            for _ in 0..one.2 % 8 {
                strides.go_on();
            }
        }
        while !strides.go_on() {}
        same(&at_once, &strides)?;
        // Only at the end is the same known of both stories: the way there may have been left for another.
        let end = at_once.timeline().end();
        at_once.seek(end);
        strides.seek(end);
        while !strides.go_on() {}
        same(&at_once, &strides)?;
        let coming = |run: &Run| run.story().map(|(_, coming)| coming).collect::<Vec<_>>();
        prop_assert_eq!(coming(&at_once), coming(&strides));
    }
}

#[test]
fn where_a_step_leads_can_be_named_by_a_link() {
    for lab in lab::labs() {
        let (mut run, _) = Run::open(&format!("#/{}?t=1s", lab.id));
        for kind in [7, 7, 9, 7, 9, 9, 8, 10, 7, 8, 8, 10] {
            act(&mut run, (kind, 0, 0));
            let (again, problems) = Run::open(&run.link());
            assert_eq!(problems, []);
            let digests = [&run, &again].map(|run| run.timeline().digest());
            assert_eq!(digests[0], digests[1], "{}", run.link());
        }
    }
}

#[test]
fn a_step_back_undoes_a_step() {
    for lab in lab::labs() {
        let (mut run, _) = Run::open(&format!("#/{}?t=1s", lab.id));
        let mut moments = Vec::new();
        for _ in 0..20 {
            run.step();
            moments.push(run.now());
        }
        while let Some(moment) = moments.pop() {
            assert_eq!(run.now(), moment, "{}", lab.id);
            run.step_back();
        }
    }
}

fn same(at_once: &Run, strides: &Run) -> Result<(), TestCaseError> {
    prop_assert_eq!(at_once.now(), strides.now());
    prop_assert_eq!(at_once.timeline().digest(), strides.timeline().digest());
    let verdicts = |run: &Run| format!("{:?}", run.verdicts());
    prop_assert_eq!(verdicts(at_once), verdicts(strides));
    Ok(())
}
