//! The time that a verdict on linearizability takes, as one JSON object a line.
//!
//! The shapes are those on which Porcupine (Go) is measured: 102 histories of a `cas` register by
//! 5 clients that often time out, and texts appended to by 10 and 50 clients. The histories are
//! generated, so that the ratio to Porcupine's time on its own files is an orientation.

use check::budget::Budget;
use check::generate::{
    Dice, Workload, cas_register_calls, keyed, text_calls, valid, with_a_swapped_read,
};
use check::history::History;
use check::linear::{Linearizability, check};
use check::model::{KvAppend, Model, Register};
use std::time::Instant;

fn verdict(history: &History, model: &Model) -> &'static str {
    match check(history, model, Budget::default()) {
        Ok(Linearizability::Linearizable(_)) => "valid",
        Ok(Linearizability::Violated(_)) => "invalid",
        Ok(Linearizability::Unknown(_)) => "unknown",
        Err(_) => "bad input",
    }
}

/// The least of several times: what the machine can do when nothing else runs.
fn milliseconds(mut work: impl FnMut()) -> f64 {
    let mut best = f64::INFINITY;
    for _ in 0..5 {
        let start = Instant::now();
        work();
        best = best.min(start.elapsed().as_secs_f64() * 1e3);
    }
    best
}

fn row(name: &str, value: f64, baseline: Option<f64>) {
    let baseline = baseline.map_or_else(String::new, |baseline| {
        format!(r#","baseline":{baseline},"ratio":{:.4}"#, value / baseline)
    });
    println!(r#"{{"name":"{name}","value":{value:.3},"unit":"ms"{baseline}}}"#);
}

fn etcd_like(seed: u64, timeouts: u32) -> History {
    let mut dice = Dice::new(seed);
    let operations = 100 + dice.below(71);
    let workload = Workload {
        clients: 5,
        operations,
        timeouts,
        overlap: 5,
    };
    valid(
        &Register { cas: true },
        workload,
        &mut dice,
        cas_register_calls,
    )
}

/// Texts under ten keys, to which that many clients append and which they sometimes replace.
fn texts_of(seed: u64, clients: u32, operations: u32, puts: u32) -> History {
    const KEYS: u32 = 10;
    let workload = Workload {
        clients,
        operations: operations / KEYS,
        timeouts: 0,
        overlap: clients / 5,
    };
    let object = |key| {
        valid(
            &KvAppend,
            workload,
            &mut Dice::new(seed + key),
            text_calls(puts),
        )
    };
    keyed(&(0..u64::from(KEYS)).map(object).collect::<Vec<_>>())
}

fn registers() {
    let valid: Vec<History> = (0..102).map(|seed| etcd_like(seed, 200)).collect();
    let mut dice = Dice::new(1);
    let broken: Vec<History> = valid
        .iter()
        .map(|h| with_a_swapped_read(h, &mut dice))
        .collect();
    // Of Porcupine's 102 files, most are invalid; its time is for all of them.
    for (name, histories) in [("valid", &valid), ("near miss", &broken)] {
        let times: Vec<f64> = histories
            .iter()
            .map(|h| milliseconds(|| assert_ne!(verdict(h, &Model::CasRegister), "unknown")))
            .collect();
        let invalid = histories
            .iter()
            .filter(|h| verdict(h, &Model::CasRegister) == "invalid");
        let invalid = invalid.count();
        let slowest = times.iter().copied().fold(0.0, f64::max);
        let what = format!("linearizable: 102 cas-register histories, {name} ({invalid} invalid)");
        row(&what, times.iter().sum(), Some(348.0));
        row(&format!("{what}, slowest"), slowest, Some(135.0));
    }
}

fn growth() {
    for timeouts in [0, 100, 200, 400] {
        for operations in [100, 1_000, 10_000] {
            let workload = Workload {
                clients: 5,
                operations,
                timeouts,
                overlap: 5,
            };
            let spec = Register { cas: true };
            let history = valid(&spec, workload, &mut Dice::new(7), cas_register_calls);
            let time =
                milliseconds(|| assert_ne!(verdict(&history, &Model::CasRegister), "unknown"));
            let name = format!(
                "linearizable: cas-register, 5 clients, {operations} operations, {timeouts} of 1000 time out: {}",
                verdict(&history, &Model::CasRegister)
            );
            row(&name, time, None);
        }
    }
    for clients in [2, 5, 10, 20, 50] {
        let workload = Workload {
            clients,
            operations: 1_000,
            timeouts: 20,
            overlap: clients,
        };
        let spec = Register { cas: true };
        let history = valid(&spec, workload, &mut Dice::new(7), cas_register_calls);
        let time = milliseconds(|| assert_ne!(verdict(&history, &Model::CasRegister), "unknown"));
        let name = format!(
            "linearizable: cas-register, {clients} clients, 1000 operations: {}",
            verdict(&history, &Model::CasRegister)
        );
        row(&name, time, None);
    }
}

fn texts() {
    let porcupine = Some(108.0);
    for (clients, operations, puts, baseline) in [
        (10, 1_500, 200, None),
        (50, 1_500, 200, porcupine),
        (50, 20_000, 0, None),
    ] {
        let valid = texts_of(3, clients, operations, puts);
        let broken = with_a_swapped_read(&valid, &mut Dice::new(5));
        for (name, history) in [("valid", &valid), ("near miss", &broken)] {
            let time = milliseconds(|| assert_ne!(verdict(history, &Model::KvAppend), "unknown"));
            let name = format!(
                "linearizable: kv-append, {clients} clients, {operations} operations, {name}: {}",
                verdict(history, &Model::KvAppend)
            );
            row(&name, time, baseline);
        }
    }
}

fn main() {
    registers();
    texts();
    growth();
}
