//! What happened, in words.
//!
//! | module | its subject |
//! | --- | --- |
//! | [`narrate`] | an event as a plain sentence |
//! | `caption` | what just happened at a node, in a few words beside it |
//! | `facts` | what facts say, in a sentence and in a few words |
//! | `members` | who the members are, by an entry of a log |
//! | `vocabulary` | the protocol's own words for messages and timers |

pub(crate) mod caption;
mod facts;
pub(crate) mod members;
pub mod narrate;
pub(crate) mod vocabulary;
