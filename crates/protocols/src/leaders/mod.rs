//! Who is alive, who leads, and what happens when several believe they do.
//!
//! | module | its subject |
//! | --- | --- |
//! | [`failover`] | a primary and its backups, which take over when it is silent; election by majority, fencing by term |
//! | [`heartbeats`] | a balancer and its workers, and how long a silence must be to mean a crash |
//! | [`primary_backup`] | a register with a primary, its backups, and elections |

pub mod failover;
pub mod heartbeats;
pub mod primary_backup;
