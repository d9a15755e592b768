//! Collections and sorting in little code: they make the WebAssembly module smaller than the standard library's do.
//!
//! | file | its subject |
//! | --- | --- |
//! | [`held`] | what collections hold on the heap |
//! | [`sorted`] | maps and sets as sorted vectors |
//! | [`sorting`] | sorting |

pub mod held;
pub mod sorted;
pub mod sorting;
