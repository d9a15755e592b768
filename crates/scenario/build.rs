//! Labs are written in TOML; the crate carries them as JSON, so that a run in the browser needs one parser only.

use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    let folder = Path::new("labs");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the folder of labs can be read")
        .map(|entry| entry.expect("its entries can be read").path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "toml")
        })
        .collect();
    // The order of a folder's entries differs from machine to machine.
    files.sort();
    let labs: Vec<serde_json::Value> = files.iter().map(|path| read(path)).collect();
    let out =
        PathBuf::from(env::var_os("OUT_DIR").expect("cargo names a folder for what is built"));
    let text = serde_json::to_string(&labs).expect("what was TOML can be written as JSON");
    fs::write(out.join("labs.json"), text).expect("the labs can be written");
}

fn read(path: &Path) -> serde_json::Value {
    let text = fs::read_to_string(path).expect("a lab can be read");
    let mut lab: serde_json::Value =
        toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let id = path
        .file_stem()
        .and_then(|stem| stem.to_str())
        .expect("a lab's file has a name");
    lab["id"] = id.into();
    lab
}
