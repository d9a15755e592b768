//! What clocks are good for: order, deadlines, leases.
//!
//! | module | its subject |
//! | --- | --- |
//! | [`commit_wait`] | transactions with timestamps on several shards; interval clocks and commit wait |
//! | [`event_log`] | a log of several services; wall clocks, Lamport clocks and vector clocks |
//! | [`lease`] | a lock that a service lends for a time, alone or guarding a file; drift margins and fencing tokens |
//! | [`ntp`] | setting a clock over a network; the clock filter and the selection of servers |
//! | [`stopwatch`] | requests that are timed, and given up, by the wall clock or the monotonic clock |

pub mod commit_wait;
pub mod event_log;
pub mod lease;
pub mod ntp;
pub mod stopwatch;
