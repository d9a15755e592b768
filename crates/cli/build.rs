//! A number for all that decides what a run does: two commands with the same one run the same.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// What decides what a run does, from this folder on.
const SOURCES: [&str; 6] = [
    "../sim/src",
    "../protocols/src",
    "../check/src",
    "../scenario/src",
    "../scenario/labs",
    "../../Cargo.lock",
];

fn main() -> io::Result<()> {
    let mut files = Vec::new();
    for source in SOURCES {
        println!("cargo::rerun-if-changed={source}");
        gather(Path::new(source), &mut files)?;
    }
    let mut hash = FNV_BASIS;
    for file in files {
        // The same on every system, however a line ends there.
        let name = file.to_string_lossy().replace('\\', "/");
        let text = fs::read(&file)?;
        let text = text.iter().filter(|byte| **byte != b'\r');
        hash = name.as_bytes().iter().chain(text).fold(hash, fnv);
    }
    let version = env::var("CARGO_PKG_VERSION").expect("Cargo says it");
    println!("cargo::rustc-env=SLOWFIRE_VERSION={version}+{hash:016x}");
    Ok(())
}

/// The files of a folder and of those in it, by name, without those that only people read.
fn gather(path: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    if !path.is_dir() {
        let is_prose = path.extension().is_some_and(|ending| ending == "md");
        files.extend((!is_prose).then(|| path.to_owned()));
        return Ok(());
    }
    let entries = fs::read_dir(path)?.map(|entry| entry.map(|entry| entry.path()));
    let mut entries: Vec<PathBuf> = entries.collect::<Result<_, _>>()?;
    entries.sort();
    entries.iter().try_for_each(|entry| gather(entry, files))
}

const FNV_BASIS: u64 = 0xcbf2_9ce4_8422_2325;

fn fnv(hash: u64, byte: &u8) -> u64 {
    (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
}
