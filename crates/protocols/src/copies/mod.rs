//! Data in several places, and how the copies come to agree.
//!
//! | module | its subject |
//! | --- | --- |
//! | [`feed`] | members of a group that post and answer each other; FIFO and causal order |
//! | [`multi_leader`] | replicas that all accept writes; last write wins, logical clocks and version vectors |
//! | [`notebook`] | a server that keeps notes; syncing and copying before the answer, or after |
//! | [`quorum_register`] | registers with N replicas, read from R and written to W of them; write-back, sloppy quorums |
//! | [`read_replicas`] | a forum that is read from followers which lag behind; version tokens, sticky sessions, dependencies |
//! | [`side_by_side`] | a bank that asks a majority and a timeline that answers alone, on the same network |

pub mod feed;
pub mod multi_leader;
pub mod notebook;
pub mod quorum_register;
pub mod read_replicas;
pub mod side_by_side;
