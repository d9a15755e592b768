//! Collections and sorting in little code: they make the WebAssembly module smaller than the standard library's do.
//!
//! | file | its subject |
//! | --- | --- |
//! | [`sorted`] | maps and sets as sorted vectors |
//! | [`sorting`] | sorting |

pub mod sorted;
pub mod sorting;
