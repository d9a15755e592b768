//! Little protocols and drawn configurations, for the kernel's tests, measurements and fuzzing.
//!
//! | module | its subject |
//! | --- | --- |
//! | [`pingpong`] | datagrams that are always answered: the load that speed is measured by |

pub mod pingpong;
