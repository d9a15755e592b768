//! What lies between client and server.
//!
//! | module | its subject |
//! | --- | --- |
//! | [`relay`] | records that pass a relay; checksums on each hop and from end to end |
//! | [`shared_port`] | a switch that many share; bounded and fair queues, deadlines |

pub mod relay;
pub mod shared_port;
