//! How a protocol describes itself to scenarios, and how it is built from what a scenario chooses.
//!
//! | module | its subject |
//! | --- | --- |
//! | `entry` | what a scenario must know about a protocol: its roles, parameters, defences and words |
//! | `choices` | the listing of roles, parameters and defences, as tables and as a struct: `choices!` |
//! | `roles` | nodes that are an enum of roles, and what each role says for itself: `roles!` |
//! | `world` | a world of nodes that are built role by role |
//! | `listed` | a protocol in the list of all |
//! | `words` | words that follow a number |

pub(crate) mod choices;
pub(crate) mod entry;
pub(crate) mod listed;
pub(crate) mod roles;
pub(crate) mod words;
pub(crate) mod world;
