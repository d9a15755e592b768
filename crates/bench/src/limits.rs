//! What the command takes to answer about ten thousand operations: time of the processor, and memory at its peak.
//!
//! The histories are those of [`swarm::long`], valid and broken. Each is asked every consistency that fits its model,
//! by the command itself, so that reading the text counts. `SLOWFIRE_COMMAND` names the command, and `SLOWFIRE_BEFORE`
//! an earlier version of it, which is asked the same in the same run. A question that the earlier version refuses, because it
//! does not know the model, is put to neither, and that is said.

use std::collections::BTreeMap;
use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use swarm::long::{Fault, ModelName, Recipe};
use wait4::Wait4;

use crate::measure::{Effort, Measure};

/// The longest that an answer may take.
const SECONDS: f64 = 5.0;
/// The most that it may hold.
const MEGABYTES: f64 = 200.0;
/// Balances at the start of a bank's history.
const OPENING: &str = "{0 20, 1 20, 2 20, 3 20, 4 20}";

/// How the command ends where a history is inconsistent.
const VIOLATED: i32 = 1;
/// How it ends where there is no answer.
const UNDECIDED: i32 = 3;
/// How it ends where it does not take the question.
const REFUSED: i32 = 2;

const OF_ANY: &[&str] = &["linearizable", "sequential", "convergent"];
const OF_A_REGISTER: &[&str] = &[
    "causal",
    "causal-convergent",
    "read-your-writes",
    "monotonic-reads",
    "monotonic-writes",
    "writes-follow-reads",
];

/// What one answer took.
#[derive(Clone, Copy, Debug)]
struct Cost {
    seconds: f64,
    megabytes: f64,
    is_unknown: bool,
}

/// The worst and the median of every consistency, beside what is allowed and beside an earlier version.
pub fn measure(effort: Effort) -> Result<Vec<Measure>> {
    let Some(command) = env::var_os("SLOWFIRE_COMMAND") else {
        eprintln!("without the command: SLOWFIRE_COMMAND does not name it");
        return Ok(Vec::new());
    };
    let before = env::var_os("SLOWFIRE_BEFORE").map(PathBuf::from);
    let command = PathBuf::from(command);
    let mut costs: BTreeMap<(&str, &str), Vec<Cost>> = BTreeMap::new();
    let mut refused: BTreeMap<String, u32> = BTreeMap::new();
    let file = env::temp_dir().join(format!("slowfire-bench-{}.edn", std::process::id()));
    for recipe in recipes(effort) {
        std::fs::write(&file, recipe.text()).context("writing a history")?;
        for consistency in consistencies(recipe.model) {
            if let Some(before) = &before {
                let Some(cost) = ask(before, &file, recipe, consistency)? else {
                    *refused.entry(recipe.model.to_string()).or_default() += 1;
                    continue;
                };
                costs
                    .entry((consistency, ".before"))
                    .or_default()
                    .push(cost);
            }
            let cost = ask(&command, &file, recipe, consistency)?;
            let cost = cost.with_context(|| format!("{recipe:?}, {consistency}: refused"))?;
            costs.entry((consistency, "")).or_default().push(cost);
        }
    }
    std::fs::remove_file(&file).context("removing a history")?;
    for (model, questions) in refused {
        eprintln!(
            "left out: {questions} questions about a {model}, which the earlier version refuses"
        );
    }
    Ok(costs
        .into_iter()
        .flat_map(|((consistency, version), costs)| told(consistency, version, &costs))
        .collect())
}

/// Every model, on one object and on ten, by few and by many clients, of which up to 30 % never learn what happened.
fn recipes(effort: Effort) -> Vec<Recipe> {
    let faults = [
        None,
        Some((Fault::Ghost, 50)),
        Some((Fault::Stale, 3)),
        Some((Fault::Stale, 97)),
        Some((Fault::Early, 50)),
    ];
    let mut recipes = Vec::new();
    for (number, &(_, model)) in (0_u64..).zip(ModelName::ALL) {
        for (seed, fault) in (0_u64..).zip(faults) {
            // The weather is dealt out in turn, so that every fault and every model meets all of it.
            for (turn, unknown) in (0_u64..).zip([0, 10, 50, 300]) {
                let deal = number + seed + turn;
                recipes.push(Recipe {
                    model,
                    keyed: deal % 2 == 1,
                    distinct: deal / 2 % 2 == 0,
                    clients: [5, 20, 50][(deal % 3) as usize],
                    operations: 10_000,
                    unknown,
                    fault,
                    seed,
                });
            }
        }
    }
    match effort {
        Effort::Full => recipes,
        Effort::Quick => recipes.into_iter().step_by(17).collect(),
    }
}

fn consistencies(model: ModelName) -> impl Iterator<Item = &'static str> {
    let own: &[&str] = match model {
        ModelName::Register => OF_A_REGISTER,
        ModelName::Set => &["lost-writes", "resurrected-deletes"],
        ModelName::Bank => &["money-conserved"],
        ModelName::Queue => &["queue-order"],
        _ => &[],
    };
    OF_ANY.iter().chain(own).copied()
}

/// What an answer takes; nothing if the question is refused.
fn ask(command: &Path, file: &Path, recipe: Recipe, consistency: &str) -> Result<Option<Cost>> {
    let model = recipe.model.to_string();
    let keyed = if recipe.keyed { "pairs" } else { "plain" };
    let mut asked = Command::new(command);
    asked.arg("check").arg(file);
    asked.args([
        "--model",
        &model,
        "--consistency",
        consistency,
        "--keyed",
        keyed,
    ]);
    if recipe.model == ModelName::Bank {
        asked.args(["--initial", OPENING]);
    }
    asked.stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = asked.spawn().context("starting the command")?;
    let used = child.wait4().context("waiting for the command")?;
    let code = used.status.code();
    if code == Some(REFUSED) {
        return Ok(None);
    }
    let is_unknown = code == Some(UNDECIDED);
    ensure!(
        is_unknown || matches!(code, Some(0 | VIOLATED)),
        "{recipe:?}, {consistency}: no answer but {code:?}"
    );
    Ok(Some(Cost {
        seconds: (used.rusage.utime + used.rusage.stime).as_secs_f64(),
        megabytes: used.rusage.maxrss as f64 / 1e6,
        is_unknown,
    }))
}

fn told(consistency: &str, version: &str, costs: &[Cost]) -> Vec<Measure> {
    let name = |figure: &str| format!("check.limits.{consistency}{version}.{figure}");
    let unknown = costs.iter().filter(|cost| cost.is_unknown).count();
    let [median_s, worst_s] = median_and_worst(costs.iter().map(|cost| cost.seconds));
    let [median_mb, worst_mb] = median_and_worst(costs.iter().map(|cost| cost.megabytes));
    let seconds = |figure, value| {
        Measure::new(name(figure), value, "s of processor").against("what is allowed", SECONDS)
    };
    let megabytes = |figure, value| {
        Measure::new(name(figure), value, "MB at the peak").against("what is allowed", MEGABYTES)
    };
    vec![
        seconds("time.median", median_s),
        seconds("time.worst", worst_s),
        megabytes("memory.median", median_mb),
        megabytes("memory.worst", worst_mb),
        Measure::new(
            name("unknown"),
            unknown as f64 / costs.len() as f64,
            "of all answers",
        ),
    ]
}

fn median_and_worst(values: impl Iterator<Item = f64>) -> [f64; 2] {
    let mut values: Vec<f64> = values.collect();
    values.sort_unstable_by(f64::total_cmp);
    let at = |place: usize| values.get(place).copied().unwrap_or_default();
    [at(values.len() / 2), at(values.len().saturating_sub(1))]
}
