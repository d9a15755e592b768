//! Any bytes open a run, and the link that is written for it opens the same one. `tests/hostile.rs` does the same with
//! fewer bytes and on stable Rust.

#![no_main]

use libfuzzer_sys::fuzz_target;
use scenario::link::Link;

fuzz_target!(|bytes: &[u8]| {
    let hash = String::from_utf8_lossy(bytes);
    let (link, _) = Link::parse(&hash);
    let written = link.format();
    let (again, problems) = Link::parse(&written);
    assert!(problems.is_empty(), "{written}: {problems:?}");
    assert_eq!(again.format(), written);
});
