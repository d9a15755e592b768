//! What the network may do to messages, and what it may not, in drawn configurations.

mod common;

use std::collections::BTreeMap;

use common::{bytes, config, share};
use proptest::prelude::*;
use sim::action::Meddling;
use sim::network::{CutMode, CutShape, LinkChange, LinkProfile, Ordering};
use sim::random::Probability;
use sim::trace::{Event, EventKind, Loss, MessageChange, Trace};
use sim::{Action, Intervention, MessageId, NodeId, NodeProfile, Place, SimDuration};
use swarm::tour::Tour;
use swarm::{Case, Little};

fn fifo(ms: u64) -> Ordering {
    Ordering::Fifo {
        retransmit: SimDuration::from_millis(ms),
    }
}

/// Whatever is done to a case with FIFO links, its links stay FIFO.
fn make_fifo(case: &mut Case) {
    case.setup.link.ordering = fifo(30);
    for (_, _, link) in &mut case.setup.links {
        link.ordering = fifo(70);
    }
    case.script.retain(|intervention| {
        !matches!(
            intervention.action,
            Action::Link(_, LinkChange::Ordering(_))
        )
    });
}

/// The messages of the protocol that were handled on each link, in order.
fn delivered(events: &[Event]) -> BTreeMap<(NodeId, NodeId), Vec<MessageId>> {
    let mut links: BTreeMap<_, Vec<_>> = BTreeMap::new();
    let of_protocol =
        |event: &&Event| event.kind == EventKind::Deliver && event.code != sim::protocol::NTP_KIND;
    for event in events.iter().filter(of_protocol) {
        links
            .entry((event.peer, event.node))
            .or_default()
            .push(event.message);
    }
    links
}

/// What became of each message of the protocol, by its link and its number there: when it was sent, and the times and
/// kinds of all that happened to its copies.
type Fates = BTreeMap<(NodeId, NodeId, usize), Vec<(u64, EventKind, u8)>>;

fn fates(events: &[Event]) -> Fates {
    let mut sent: BTreeMap<(NodeId, NodeId), usize> = BTreeMap::new();
    let mut numbers = BTreeMap::new();
    let mut fates = Fates::new();
    for (id, event) in (0u32..).zip(events) {
        let link = match event.kind {
            EventKind::Send => {
                let number = sent.entry((event.node, event.peer)).or_default();
                *number += 1;
                numbers.insert(id, (event.node, event.peer, *number));
                numbers[&id]
            }
            EventKind::Deliver | EventKind::Lost | EventKind::Duplicate => numbers[&event.cause.0],
            _ => continue,
        };
        let code = if event.kind == EventKind::Lost {
            event.code
        } else {
            0
        };
        fates
            .entry(link)
            .or_default()
            .push((event.time.as_nanos(), event.kind, code));
    }
    fates
}

/// An open loop on the case's links and nothing else: no fault but the weather.
fn weather_only(case: &mut Case) {
    case.protocol = Little::Chatter;
    case.script.clear();
    case.setup.mishaps.clear();
    case.setup.flapping.clear();
    for node in &mut case.setup.nodes {
        *node = NodeProfile::default();
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn fifo_links_never_reorder_whatever_is_done(bytes in bytes()) {
        let mut case = Case::draw(&bytes);
        make_fifo(&mut case);
        // Message ids rise in the order of sending, also those of copies made by hand.
        for (link, order) in delivered(&case.trace()) {
            prop_assert!(order.is_sorted(), "{link:?}: {order:?}");
        }
    }

    #[test]
    fn fifo_links_never_reorder_what_hands_take_hold_of(
        bytes in bytes(),
        holds in prop::collection::vec((any::<u8>(), any::<u8>(), 0..4u8), 1..12),
    ) {
        let mut case = Case::draw(&bytes);
        case.protocol = Little::PingPong(4);
        make_fifo(&mut case);
        let mut timeline = case.timeline();
        for (at, which, how) in holds {
            timeline.seek(share(case.end, at));
            let flights = timeline.machine().kernel().flights();
            let mut ids: Vec<_> = flights.map(|flight| flight.id).collect();
            ids.sort_unstable();
            let Some(id) = ids.get(usize::from(which) % ids.len().max(1)) else { continue };
            let meddling = [
                Meddling::Delay(SimDuration::from_millis(80)),
                Meddling::DeliverNow,
                Meddling::Drop,
                Meddling::Corrupt,
            ][usize::from(how)];
            timeline.intervene(Action::Message(*id, meddling));
        }
        timeline.seek(case.end);
        for (link, order) in delivered(&timeline.events().to_vec()) {
            prop_assert!(order.is_sorted(), "{link:?}: {order:?}");
        }
    }

    #[test]
    fn nothing_arrives_across_a_cut_unless_a_hand_carries_it(bytes in bytes()) {
        let tour = Tour::of(&bytes, false);
        let mut timeline = tour.timeline;
        timeline.seek(sim::SimTime::ZERO);
        let mut carried = Vec::new();
        loop {
            let kernel = timeline.machine().kernel();
            let travelling: Vec<_> = kernel
                .flights()
                .filter(|flight| flight.place == Place::Travelling)
                .map(|flight| flight.id)
                .collect();
            let cut = |event: &Event| kernel.network().cut(event.peer, event.node);
            let before = timeline.events().len();
            let mut crossed = Vec::new();
            let mut ahead = tour.case.timeline_with(timeline.script().to_vec());
            // The cuts before the step are those that what arrives in it has met.
            ahead.go_to_event(before as u32);
            if !ahead.step() {
                break;
            }
            for event in ahead.events().skip(before).iter() {
                if event.detail() == Some(MessageChange::DeliverNow) {
                    carried.push(event.peer);
                }
                let arrives = matches!(event.kind, EventKind::Deliver | EventKind::Queued);
                if arrives && travelling.contains(&event.message) && cut(event).is_some() {
                    crossed.push(*event);
                }
            }
            for event in crossed {
                prop_assert!(carried.contains(&event.peer), "{event:?}");
            }
            timeline.step();
            if timeline.events().len() > 300 {
                break;
            }
        }
    }

    #[test]
    fn every_copy_ends_once_or_is_still_on_its_way(bytes in bytes()) {
        let case = Case::draw(&bytes);
        let mut timeline = case.timeline();
        timeline.seek(case.end);
        let mut open = BTreeMap::new();
        for event in timeline.events().iter() {
            match event.kind {
                EventKind::Send | EventKind::Duplicate => {
                    prop_assert_eq!(open.insert(event.message, event.time), None);
                }
                EventKind::Deliver | EventKind::Lost => {
                    prop_assert!(open.remove(&event.message).is_some(), "{event:?}");
                }
                _ => {}
            }
        }
        let mut left: Vec<_> = timeline.machine().kernel().flights().map(|flight| flight.id).collect();
        left.sort_unstable();
        prop_assert_eq!(left, open.into_keys().collect::<Vec<_>>());
    }

    #[test]
    fn a_knob_turned_on_one_link_leaves_the_fates_on_the_others_alone(bytes in bytes(), other in bytes()) {
        let mut case = Case::draw(&bytes);
        weather_only(&mut case);
        let mut turned = case.clone();
        let (from, to) = (NodeId(0), NodeId(1));
        turned.setup.links.push((from, to, Case::draw(&other).setup.link));
        let elsewhere = |case: &Case| {
            let mut fates = fates(&case.trace());
            fates.retain(|(a, b, _), _| (*a, *b) != (from, to));
            fates
        };
        // Both may stop at the bound of events, at different moments.
        let (plain, turned) = (elsewhere(&case), elsewhere(&turned));
        let shared: Vec<_> = plain.keys().filter(|key| turned.contains_key(key)).collect();
        prop_assert!(shared.len() * 2 >= plain.len().min(turned.len()));
        for key in shared {
            let ends = plain[key].len().min(turned[key].len());
            prop_assert_eq!(&plain[key][..ends], &turned[key][..ends]);
        }
    }

    #[test]
    fn a_cut_changes_no_fate_but_of_what_it_stops(bytes in bytes(), from: u8, until: u8) {
        let mut case = Case::draw(&bytes);
        weather_only(&mut case);
        // What was cut does not take bandwidth, nor hold up what follows on a FIFO link.
        let links = case.setup.links.iter_mut().map(|(_, _, link)| link);
        for link in links.chain([&mut case.setup.link]) {
            (link.bandwidth, link.ordering) = (None, Ordering::Datagram);
        }
        let plain = fates(&case.trace());
        let mut cut = case.clone();
        let (from, until) = (from.min(until), from.max(until));
        cut.script = vec![
            Intervention {
                at: share(case.end, from),
                action: Action::Cut { name: 1, shape: CutShape::Halves, mode: CutMode::Drop },
            },
            Intervention { at: share(case.end, until), action: Action::Heal(Some(1)) },
        ];
        let is_cut = |fate: &(u64, EventKind, u8)| {
            fate.1 == EventKind::Lost && fate.2 == Loss::Cut as u8
        };
        for (key, fates) in fates(&cut.trace()) {
            // One of them may stop sooner at the bound of events.
            let Some(expected) = plain.get(&key) else { continue };
            if !fates.iter().any(is_cut) {
                let ends = fates.len().min(expected.len());
                prop_assert_eq!(&fates[..ends], &expected[..ends]);
            }
        }
    }

    #[test]
    fn clock_synchronisation_does_not_change_the_protocols_weather(bytes in bytes()) {
        let mut case = Case::draw(&bytes);
        weather_only(&mut case);
        let links = case.setup.links.iter_mut().map(|(_, _, link)| link);
        for link in links.chain([&mut case.setup.link]) {
            (link.bandwidth, link.ordering) = (None, Ordering::Datagram);
        }
        let mut synchronised = case.clone();
        synchronised.setup.nodes[1].ntp = Some(sim::NtpProfile {
            server: NodeId(0),
            poll: SimDuration::from_millis(70),
            step_threshold: SimDuration::from_millis(1),
            slew: sim::clock::Rate::ppm(500),
        });
        let of_protocol = |case: &Case| {
            let mut events = case.trace();
            let sent: Vec<_> = events.clone();
            events.retain(|event| {
                let sending = event.cause.some().map_or(event, |cause| &sent[cause.index()]);
                let sending = if event.kind == EventKind::Send { event } else { sending };
                event.is_about_a_message() && sending.code != sim::protocol::NTP_KIND
            });
            let told = events.iter().map(|event| (event.time, event.kind, event.node, event.peer, event.numbers()));
            told.collect::<Vec<_>>()
        };
        let (plain, synchronised) = (of_protocol(&case), of_protocol(&synchronised));
        let ends = plain.len().min(synchronised.len());
        prop_assert_eq!(&plain[..ends], &synchronised[..ends]);
    }
}

/// The first number that a message says.
fn number(event: &Event) -> i64 {
    event.gist().map_or(-1, |gist| gist.args[0])
}

/// The times at which node 1 hears from node 0, with `script` done to an ideal link of 10 ms.
fn heard(ordering: Ordering, script: &[(u64, Action)]) -> Vec<(u64, i64)> {
    let mut case = Case::draw(&[]);
    weather_only(&mut case);
    case.setup.link = LinkProfile {
        ordering,
        ..LinkProfile::ideal(SimDuration::from_millis(10))
    };
    case.script = script
        .iter()
        .map(|(ms, action)| Intervention {
            at: sim::SimTime::from_millis(*ms),
            action: action.clone(),
        })
        .collect();
    let delivered = |event: &&Event| event.kind == EventKind::Deliver && event.node == NodeId(1);
    let trace = case.trace();
    let delivered = trace.iter().filter(delivered).take(4);
    delivered
        .map(|event| (event.time.as_nanos() / 1_000_000, number(event)))
        .collect()
}

fn hold() -> Action {
    Action::Cut {
        name: 1,
        shape: CutShape::Halves,
        mode: CutMode::Hold,
    }
}

fn drop_all() -> Action {
    Action::Cut {
        name: 2,
        shape: CutShape::Halves,
        mode: CutMode::Drop,
    }
}

#[test]
fn cuts_hold_drop_and_let_go() {
    let datagram = Ordering::Datagram;
    let undisturbed = vec![(60, 1), (110, 2), (160, 3), (210, 4)];
    assert_eq!(heard(datagram, &[]), undisturbed);
    // Held at 55 with 5 ms to go; let go at 120. The second one waits at its sending.
    let held = [(55, hold()), (120, Action::Heal(Some(1)))];
    let after_holding = vec![(125, 1), (130, 2), (160, 3), (210, 4)];
    assert_eq!(heard(datagram, &held), after_holding);
    assert_eq!(heard(fifo(1), &held), after_holding);
    // Another cut drops what the first one holds.
    let dropped = [(55, hold()), (70, drop_all()), (120, Action::Heal(None))];
    assert_eq!(
        heard(datagram, &dropped),
        [(160, 3), (210, 4), (260, 5), (310, 6)]
    );
    // A cut of the same name takes the place of the first, and frees what that one held.
    let replaced = [
        (55, hold()),
        (
            80,
            Action::Cut {
                name: 1,
                shape: CutShape::Links(vec![]),
                mode: CutMode::Hold,
            },
        ),
    ];
    assert_eq!(heard(datagram, &replaced)[..2], [(85, 1), (110, 2)]);
}

#[test]
fn a_hand_on_a_message_moves_what_order_demands() {
    // Nodes speak at 50 and 100 ms; message 0 goes from node 0 to node 1, message 1 back.
    let delay = |message, ms| {
        let length = SimDuration::from_millis(ms);
        Action::Message(MessageId(message), Meddling::Delay(length))
    };
    let delayed = [(55, delay(0, 100))];
    assert_eq!(
        heard(Ordering::Datagram, &delayed)[..2],
        [(110, 2), (160, 1)]
    );
    assert_eq!(
        heard(fifo(1), &delayed)[..3],
        [(160, 1), (160, 2), (160, 3)]
    );
    let now = |message| Action::Message(MessageId(message), Meddling::DeliverNow);
    let both = [(55, delay(0, 100)), (105, now(2))];
    assert_eq!(heard(Ordering::Datagram, &both)[..2], [(105, 2), (160, 1)]);
    assert_eq!(heard(fifo(1), &both)[..2], [(105, 1), (105, 2)]);
    let across = [(55, hold()), (70, now(0))];
    assert_eq!(heard(Ordering::Datagram, &across)[..1], [(70, 1)]);
    let copied = [(55, Action::Message(MessageId(0), Meddling::Duplicate))];
    assert_eq!(heard(Ordering::Datagram, &copied)[..2], [(60, 1), (61, 1)]);
}

#[test]
fn a_copy_made_by_hand_does_not_cross_a_cut() {
    let copy = (55, Action::Message(MessageId(0), Meddling::Duplicate));
    // The original is dying of the cut; so does its copy.
    let cut_then_copied = [(45, drop_all()), copy.clone()];
    assert_eq!(heard(Ordering::Datagram, &cut_then_copied), []);
    let held_then_copied = [(45, hold()), copy, (100, Action::Heal(None))];
    assert_eq!(
        heard(Ordering::Datagram, &held_then_copied)[..2],
        [(110, 1), (110, 2)]
    );
}

#[test]
fn messages_on_their_way_are_bounded_however_they_multiply() {
    let mut case = Case::draw(&[]);
    case.protocol = Little::PingPong(4);
    case.setup.link.duplication = sim::network::Duplication {
        probability: Probability::ALWAYS,
        copies: 255,
        spread: SimDuration::ZERO,
    };
    let mut machine = case.machine();
    let mut trace = Trace::latest_step();
    for _ in 0..3000 {
        machine.step(&mut trace);
    }
    assert_eq!(machine.kernel().flights().count(), 1 << 18);
    let refused =
        |event: &Event| event.kind == EventKind::Lost && event.code == Loss::QueueFull as u8;
    assert!(trace.events().iter().any(refused));
}

#[test]
fn a_flapping_cut_comes_and_goes_on_its_schedule() {
    let ms = SimDuration::from_millis;
    let flapping = |mode| sim::action::Flapping {
        shape: CutShape::Halves,
        mode,
        first: sim::SimTime::from_millis(120),
        cut: ms(60),
        healed: ms(140),
    };
    let begin = |mode| [(0, Action::AddFlapping(1, flapping(mode)))];
    // Messages are sent each 50 ms and take 10: cut from 120 to 180, from 320 to 380, and so on.
    let datagram = Ordering::Datagram;
    let dropped = [(60, 1), (110, 2), (210, 4), (260, 5)];
    assert_eq!(heard(datagram, &begin(CutMode::Drop)), dropped);
    let held = [(60, 1), (110, 2), (190, 3), (210, 4)];
    assert_eq!(heard(datagram, &begin(CutMode::Hold)), held);
    let ended = [
        begin(CutMode::Hold)[0].clone(),
        (155, Action::RemoveFlapping(Some(1))),
    ];
    assert_eq!(heard(datagram, &ended)[2..], [(165, 3), (210, 4)]);
}
