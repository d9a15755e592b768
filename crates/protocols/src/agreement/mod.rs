//! Agreement: several servers decide one order of commands, although some of them fail.
//!
//! | protocol | its subject |
//! | --- | --- |
//! | [`raft`] | Raft: a leader, its log, and every rule that keeps the copies of it alike |

pub mod raft;
