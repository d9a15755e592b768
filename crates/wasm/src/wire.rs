//! How values cross to the page, and where their TypeScript types come from.
//!
//! What is [`Serialize`] in this crate crosses as plain JavaScript objects. The tests in `typescript` write their declarations to
//! `web/src/core/wire.ts`; the methods of the exported objects name them as `wire.About` and so on.

use serde::{Serialize, Serializer};
use sim::sorted::Map;
use wasm_bindgen::prelude::*;

/// Stands at the top of the declarations that wasm-bindgen writes.
#[wasm_bindgen(typescript_custom_section)]
const _: &str = "\
import type * as wire from '../wire.ts';

/** The JSON text of a value of type T. Only types know of what: the text itself has no such field. */
export type Json<T> = string & { readonly [of]: T };
declare const of: unique symbol;
";

/// A value as JavaScript has it; maps become plain objects.
pub(crate) fn to_js(value: &impl Serialize) -> JsValue {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    value
        .serialize(&serializer)
        .expect("what crosses are structs, maps and lists, which all can be written")
}

/// Writes a map as an object with one field per entry.
pub(crate) fn as_object<S: Serializer, K: Serialize, V: Serialize>(
    map: &Map<K, V>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(map.iter())
}
