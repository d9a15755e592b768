//! A run that goes a stride at a time gets to where a run goes that takes each way at once, whatever is done on the way.

use proptest::prelude::*;
use scenario::link::Link;
use scenario::{Run, lab};
use sim::{NodeId, SimTime};

/// Something that a reader does, and how many strides the run goes on after it.
type Act = (u8, u32, u8);

fn act(run: &mut Run, (kind, number, _): Act) {
    match kind % 7 {
        0 => run.seek(SimTime::from_millis(u64::from(number % 20_000))),
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
        _ => run.reseed(number % 100),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn strides_lead_to_the_same_run(
        lab in 0..lab::labs().len(),
        stride in 1u32..400,
        acts in prop::collection::vec(any::<Act>(), 1..12),
    ) {
        let link = format!("#/{}?t=4s", lab::labs()[lab].id);
        let open = || Link::parse(&link).0;
        let mut at_once = Run::of_link(open());
        let mut strides = Run::of_link_in_strides(open(), stride);
        for one in acts {
            act(&mut at_once, one);
            act(&mut strides, one);
            prop_assert_eq!(at_once.link(), strides.link());
            for _ in 0..one.2 % 8 {
                strides.go_on();
            }
        }
        while !strides.go_on() {}
        prop_assert_eq!(at_once.now(), strides.now());
        prop_assert_eq!(at_once.timeline().digest(), strides.timeline().digest());
        prop_assert_eq!(
            format!("{:?}", at_once.verdicts()),
            format!("{:?}", strides.verdicts())
        );
        prop_assert!(at_once.story().map(|(_, coming)| coming).eq(strides.story().map(|(_, coming)| coming)));
    }
}
