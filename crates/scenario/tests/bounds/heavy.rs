//! Heavy documents.

use std::sync::LazyLock;

use scenario::checks::{CHECKS, CheckSettings};
use scenario::document::Scenario;
use scenario::lab::labs;
use scenario::run::build;
use scenario::run::play::Play;
use scenario::variant::Variant;
use sim::SimDuration;
use sim::held::Measure;
use sim::trace::Trace;
use sim::{Gauge, Machine, Observer, SimTime};

use crate::links::turnable;

/// How many events a run is tried with.
const TRIED: u32 = 4_000;

/// What makes a document heavy.
#[derive(Clone, Copy, Debug)]
pub enum Weight {
    /// How much the nodes, the network and the checks hold.
    Memory,
    /// How much is put on record for checks.
    Facts,
}

/// For each protocol and each weight the heaviest of its labs' documents, with all kinds of checks.
pub static HEAVIEST: LazyLock<Vec<(String, Scenario)>> = LazyLock::new(|| {
    let weights = [Weight::Memory, Weight::Facts];
    let each = protocols::names().flat_map(|id| weights.map(|weight| (id, weight)));
    let heaviest = each.filter_map(|(id, weight)| {
        let of_protocol = labs().iter().filter(|lab| lab.scenario.protocol.id == id);
        let made = of_protocol.map(|lab| heaviest(&lab.scenario, weight));
        let (_, scenario) = made.max_by_key(|(found, _)| *found)?;
        Some((format!("{id}, {weight:?}"), scenario))
    });
    heaviest.collect()
});

/// A check of each kind.
pub fn one_of_each() -> Vec<CheckSettings> {
    let some = &labs()[0].scenario.checks[0];
    let of_kind = |kind| CheckSettings {
        kind,
        parameters: Default::default(),
        ..some.clone()
    };
    CHECKS.iter().map(of_kind).collect()
}

/// Turns each knob to either end of its range, and leaves it where the run is heaviest.
fn heaviest(scenario: &Scenario, weight: Weight) -> (usize, Scenario) {
    let mut best = Scenario {
        checks: one_of_each(),
        duration: SimDuration::from_millis(3_600_000),
        events: TRIED,
        ..scenario.clone()
    };
    let mut most = weigh(&best, weight);
    for (keys, range) in turnable(scenario) {
        for end in [range.min, range.max.min(1e15)] {
            let value = range.unit.format(end);
            let mut variant = Variant::of(best.clone());
            if keys.iter().any(|key| variant.take(key, &value).is_err()) {
                continue;
            }
            let found = weigh(&variant.scenario, weight);
            if found > most {
                (most, best) = (found, variant.scenario);
            }
        }
    }
    (most, best)
}

fn weigh(scenario: &Scenario, weight: Weight) -> usize {
    match weight {
        Weight::Memory => {
            let mut timeline = build::timeline(scenario, &[]);
            timeline.go_to_event(TRIED);
            let by = Measure::Grown;
            timeline.machine().held(by) + Observer::held(timeline.observer(), by)
        }
        Weight::Facts => {
            let mut facts = 0;
            Play::new(scenario, &[]).to_end(None, |_, event| {
                facts += usize::from(event.fact().is_some());
            });
            facts
        }
    }
}

/// The first events of a run, and what goes on in it after them.
pub fn trace(scenario: &Scenario, events: u32) -> (Box<dyn Machine>, Trace) {
    let mut all = Vec::new();
    let machine = course(scenario, events, usize::MAX, &mut (), |_, latest| {
        all.extend(latest.events().iter().copied());
    });
    (machine, all.into_iter().collect())
}

/// The first events of a run that may take so many bytes, shown to what watches it as in every run, up to its end. After each
/// turn `each` is given its events. Returns what goes on in the run.
pub fn course(
    scenario: &Scenario,
    events: u32,
    memory: usize,
    watch: &mut impl Observer,
    mut each: impl FnMut(&dyn Machine, &Trace),
) -> Box<dyn Machine> {
    let script = build::script(scenario, &[]);
    let mut machine = build::machine(scenario);
    let (mut trace, mut gauge) = (Trace::latest_step(), Gauge::new(memory));
    let (end, mut applied) = (SimTime::ZERO + scenario.duration, 0);
    while machine.kernel().events() < events
        && !gauge.is_outgrown()
        && sim::turn(&mut *machine, watch, &script, &mut applied, end, &mut trace)
    {
        each(&*machine, &trace);
        gauge.weigh(&*machine, watch);
    }
    sim::conclude(&*machine, watch, machine.kernel().now());
    machine
}
