//! Pictures that stay as they are: each is a committed SVG file, to look at and to compare.
//!
//! Where a picture or its words are meant to change, `SLOWFIRE_BLESS=1 cargo test -p slowfire-scene --test pictures`
//! writes the files anew: look at them before they are committed.

use std::fs;
use std::path::Path;

use scenario::Run;
use scenario::view::View;
use scene::look::Look;
use scene::shapes::{Palette, svg};
use sim::{EventId, MessageId, NodeId, SimTime};

/// Compares a picture with its file.
fn check(name: &str, view: View, link: &str, look: Look) {
    let (run, problems) = Run::open(link);
    assert_eq!(problems, [], "{name}");
    let picture = scene::draw(view, &run, look, 640.0, 360.0);
    let svg = svg::write(&picture, &Palette::light());
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/pictures/{name}.svg"));
    if std::env::var_os("SLOWFIRE_BLESS").is_some() {
        fs::write(file, svg).expect("the picture can be written");
        return;
    }
    let committed = fs::read_to_string(file).unwrap_or_default();
    assert!(
        svg == committed,
        "crates/scene/tests/pictures/{name}.svg is no longer what it was; if that is meant, `SLOWFIRE_BLESS=1 cargo test \
         -p slowfire-scene --test pictures` writes it anew"
    );
}

fn window(from_ms: u64, to_ms: u64) -> Look {
    Look {
        from: SimTime::from_millis(from_ms),
        to: SimTime::from_millis(to_ms),
        ..Look::default()
    }
}

fn seen_by(node: u16, look: Look) -> Look {
    Look {
        perspective: Some(NodeId(node)),
        ..look
    }
}

#[test]
fn the_world() {
    let lit = Look {
        light_node: Some(NodeId(2)),
        light_message: Some(MessageId(16)),
        ..Look::default()
    };
    let link = "#/double-charge?t=3.3s";
    check("world", View::World, link, lit);
    check("world-of-alice", View::World, link, seen_by(0, lit));
    let clocks = "#/which-came-first?t=400ms";
    check("world-with-clocks", View::World, clocks, Look::default());
}

#[test]
fn space_and_time() {
    let link = "#/double-charge?t=5s&do=pause:bank@2s,crash:bob@3s,restart:bob@4s";
    let look = window(0, 6000);
    let selected = Look {
        selected_event: Some(EventId(9)),
        ..look
    };
    check("spacetime", View::SpaceTime, link, selected);
    check(
        "spacetime-of-the-bank",
        View::SpaceTime,
        link,
        seen_by(2, look),
    );
    let bent = Look { bent: true, ..look };
    check("spacetime-bent", View::SpaceTime, link, bent);
}

#[test]
fn the_history() {
    let (link, look) = ("#/double-charge?t=10s", window(2000, 10_500));
    check("history", View::History, link, look);
    check("history-of-alice", View::History, link, seen_by(0, look));
}
