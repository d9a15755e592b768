//! Maps and sets as sorted vectors.
//!
//! They are cloned with every keyframe, mostly filled in the order of their keys, and seldom large: for that a sorted
//! vector is faster than a tree, and each new pair of types costs the WebAssembly module a tenth of what a
//! `BTreeMap` costs. Iteration is in the order of the keys. Inserting in the middle moves what lies behind.
//!
//! The methods are those of `std::collections::BTreeMap` and `BTreeSet`, as far as they are needed.
//!
//! | file | its subject |
//! | --- | --- |
//! | `map` | [`Map`] |
//! | `set` | [`Set`] |
//! | `passing` | [`Passing`], a map of what comes and goes |

mod map;
mod passing;
mod set;
#[cfg(test)]
mod tests;

pub use map::{Entry, Map};
pub use passing::Passing;
pub use set::Set;
