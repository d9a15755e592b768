//! What a node does with its disk.
//!
//! | part | its subject |
//! | --- | --- |
//! | [`after_sync`] | what a node owes once its disk has caught up |
//! | [`group_commit`] | one sync for all that is owed |
//! | [`two_slots`] | records that are overwritten, and that a torn write never takes away |

pub mod after_sync;
pub mod group_commit;
pub mod two_slots;
