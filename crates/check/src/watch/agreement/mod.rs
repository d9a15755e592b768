//! Servers that agree on one log: the properties that Raft promises (figure 3.2 of Ongaro, *Consensus: bridging theory and
//! practice*, Stanford, 2014), judged by votes, logs and what is applied.
//!
//! | module | its subject |
//! | --- | --- |
//! | `election_safety` | one leader per term |
//! | `leader_append_only` | leaders drop nothing |
//! | `log_matching` | logs that share an entry share all before it |
//! | `leader_completeness` | leaders have what was applied before they led |
//! | `state_machine_safety` | all apply the same, in the same order |
//! | `steady_leader` | a leader that serves stays in office while nothing fails |
//! | `logs` | what each node's log holds |
//! | `members` | by which members each node goes |
//! | `sides` | who voted for which of two leaders |
//! | `traffic` | messages between servers that fail to arrive in time |

mod election_safety;
mod leader_append_only;
mod leader_completeness;
mod log_matching;
mod logs;
mod members;
mod sides;
mod state_machine_safety;
mod steady_leader;
mod traffic;

pub use election_safety::ElectionSafety;
pub use leader_append_only::LeaderAppendOnly;
pub use leader_completeness::LeaderCompleteness;
pub use log_matching::LogMatching;
pub use state_machine_safety::StateMachineSafety;
pub use steady_leader::SteadyLeader;
