//! What the checks of a run say.

#![allow(dead_code, reason = "each test uses what it needs")]

use scenario::link::Link;
use scenario::run::play::{Judged, Play};

/// What the checks say of the run that a link names, by their ids.
pub fn judged(link: &str) -> Vec<(String, Judged)> {
    let (link, problems) = Link::parse(link);
    assert_eq!(problems, []);
    let scenario = &link.variant.scenario;
    let ids = scenario.checks.iter().map(|check| check.id.clone());
    let judged = Play::new(scenario, &link.variant.deeds).hunt(None);
    ids.zip(judged).collect()
}

/// Which of these checks are violated, as sentences for the reader of a failed test.
pub fn broken(link: &str, checks: &[&str]) -> Vec<String> {
    let judged = judged(link);
    for check in checks {
        let is_judged = judged.iter().any(|(id, _)| id == check);
        assert!(is_judged, "{link} has no check {check}");
    }
    let broken = judged.into_iter().filter(|(id, judged)| {
        checks.contains(&id.as_str()) && matches!(judged, Judged::Violated(_))
    });
    broken.map(|(id, _)| format!("{id}: {link}")).collect()
}
