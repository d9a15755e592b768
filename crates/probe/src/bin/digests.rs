//! Prints the digests of the runs that are drawn from the seeds below a number, one per line.

use std::process::ExitCode;

fn main() -> ExitCode {
    let count = std::env::args().nth(1).and_then(|count| count.parse().ok());
    let Some(count) = count else {
        eprintln!("usage: digests COUNT");
        return ExitCode::FAILURE;
    };
    for seed in 0..count {
        println!("{:016x}", probe::digest(seed));
    }
    ExitCode::SUCCESS
}
