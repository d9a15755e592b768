//! Whole documents as links: `1.`, then base64url of the deflated JSON.
//!
//! A document that inflates beyond the limit is refused while it inflates.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::{TINFLStatus, decompress_to_vec_with_limit};

use crate::terms::limits::MOST_BYTES;

/// The start of a packed document: it says how the document is packed.
pub(super) const MARK: &str = "1.";

/// How long a packed document may be: a quarter more than base64 makes of the longest that is stored as it is.
const LONGEST: usize = MOST_BYTES / 3 * 5;

/// The effort to make a document small, from 0 to 10.
const EFFORT: u8 = 9;

/// Packs a document's text.
pub(super) fn pack(text: &str) -> String {
    with_effort(text, EFFORT)
}

/// Packs a document's text with more or less effort; with none it is stored as it is.
pub(super) fn with_effort(text: &str, effort: u8) -> String {
    let deflated = compress_to_vec(text.as_bytes(), effort);
    format!("{MARK}{}", URL_SAFE_NO_PAD.encode(deflated))
}

/// Unpacks what stands after the mark, or says what is wrong with it.
pub(super) fn unpack(packed: &str) -> Result<String, String> {
    // A link that was copied may end with padding or a line break.
    let packed = packed.trim_end_matches(['=', '\n', '\r', ' ']);
    if packed.len() > LONGEST {
        return Err(too_long());
    }
    let deflated = URL_SAFE_NO_PAD
        .decode(packed)
        .map_err(|_| "is damaged: it is not base64url".to_owned())?;
    let inflated = decompress_to_vec_with_limit(&deflated, MOST_BYTES);
    let bytes = inflated.map_err(|error| match error.status {
        TINFLStatus::HasMoreOutput => too_long(),
        _ => "is damaged: it cannot be inflated, perhaps because its end is missing".to_owned(),
    })?;
    String::from_utf8(bytes).map_err(|_| "is damaged: it does not hold text".to_owned())
}

fn too_long() -> String {
    format!("holds a document of more than {MOST_BYTES} bytes")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_unpacked_as_it_was_packed() {
        for text in ["", "{}", "{\"a\":\"å🦀\"}", &"x".repeat(MOST_BYTES)] {
            let packed = pack(text);
            assert_eq!(unpack(&packed[MARK.len()..]).as_deref(), Ok(text));
        }
    }

    #[test]
    fn what_would_inflate_too_far_is_refused() {
        let packed = pack(&"x".repeat(50 << 20));
        assert!(packed.len() < 100_000);
        for packed in [&packed[MARK.len()..], &"A".repeat(10 << 20)] {
            assert_eq!(unpack(packed), Err(too_long()));
        }
    }

    #[test]
    fn what_is_damaged_is_told() {
        let packed = pack("{\"protocol\":\"payments\"}");
        let whole = &packed[MARK.len()..];
        for damaged in [&whole[..whole.len() / 2], "!", "AAAA"] {
            assert!(
                unpack(damaged).unwrap_err().starts_with("is damaged"),
                "{damaged}"
            );
        }
    }
}
