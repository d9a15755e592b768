//! Any bytes are a document or are refused with sentences, and a document's link opens it again.

#![no_main]

use libfuzzer_sys::fuzz_target;
use scenario::link::Link;

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    match Link::from_json(&text) {
        Err(problems) => assert!(!problems.is_empty()),
        Ok(link) => {
            let (again, problems) = Link::parse(&link.format_packed());
            assert!(problems.is_empty(), "{problems:?}");
            assert_eq!(again.to_value(), link.to_value());
        }
    }
});
