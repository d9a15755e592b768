//! Nothing multiplies what the network copies: with three of ten messages copied, a run has a few times the events that it
//! has without, not hundreds of times.
//!
//! `SLOWFIRE_SEEDS=100 cargo test -p slowfire-scenario --test storms` runs more seeds.

#[path = "common/draws.rs"]
mod draws;

use scenario::lab;
use scenario::link::Link;
use scenario::run::play::Play;

/// So many times as many events, at the most: a copy of a request is answered, and the answer may be copied again.
const MOST: u32 = 4;

/// How many events the run of a link has.
fn events(link: &str) -> u32 {
    let (link, problems) = Link::parse(link);
    assert_eq!(problems, []);
    let variant = &link.variant;
    let play = Play::new(&variant.scenario, &variant.deeds);
    play.to_end(None, |_, _| {}).events
}

#[test]
fn copies_of_messages_are_not_multiplied() {
    let mut storms = Vec::new();
    for lab in lab::labs() {
        let defences = lab.scenario.protocol.defences.iter();
        let defences: Vec<&str> = defences.map(|defence| defence.id).collect();
        for seed in 0..draws::many("SLOWFIRE_SEEDS", 5) {
            let link = format!("#/{}?seed={seed}&on={}", lab.id, defences.join(","));
            let (usual, copied) = (events(&link), events(&format!("{link}&duplication=0.3")));
            if copied > MOST * usual {
                storms.push(format!("{link}: {copied} events, {usual} without copies"));
            }
        }
    }
    assert!(storms.is_empty(), "{storms:#?}");
}
