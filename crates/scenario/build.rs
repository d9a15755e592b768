//! Labs are written in TOML; the crate carries them as JSON, each in a file of its own, so that a run
//! in the browser needs one parser, and one lab.

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
    let out =
        PathBuf::from(env::var_os("OUT_DIR").expect("cargo names a folder for what is built"));
    let (mut texts, mut rows) = (String::new(), String::new());
    for path in &files {
        let id = path
            .file_stem()
            .and_then(|stem| stem.to_str())
            .expect("a lab's file has a name");
        let text = read(path, id);
        fs::write(out.join(format!("{id}.json")), &text).expect("a lab can be written");
        let (name, bytes) = (id.to_uppercase().replace('-', "_"), text.len());
        let file = format!("include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{id}.json\"))");
        texts += &format!("    pub(super) static {name}: [u8; {bytes}] = *{file};\n");
        rows += &format!("    Carried::new(\"{id}\", &texts::{name}),\n");
    }
    let count = files.len();
    let code = format!(
        "mod texts {{\n{texts}}}\n\npub(super) static CARRIED: [Carried; {count}] = [\n{rows}];\n"
    );
    fs::write(out.join("labs.rs"), code).expect("the list of labs can be written");
}

/// A lab as JSON.
fn read(path: &Path, id: &str) -> String {
    let text = fs::read_to_string(path).expect("a lab can be read");
    let mut lab: serde_json::Value =
        toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    lab["id"] = id.into();
    serde_json::to_string(&lab).expect("what was TOML can be written as JSON")
}
