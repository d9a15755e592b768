//! A protocol in the list of all.

use std::hint::black_box;

use super::entry::ProtocolEntry;

/// A protocol's name, and where its entry is. The page loads the entry with the protocol: until then its bytes are zero there.
pub(crate) struct Listed {
    pub(crate) id: &'static str,
    entry: &'static ProtocolEntry,
}

impl Listed {
    pub(crate) const fn new(id: &'static str, entry: &'static ProtocolEntry) -> Listed {
        Listed { id, entry }
    }

    /// Its entry; nothing while that is not there.
    pub(crate) fn entry(&self) -> Option<&'static ProtocolEntry> {
        // What the compiler knows of it holds once it is there.
        let entry = black_box(self.entry);
        entry.is_there.then_some(entry)
    }

    /// Where its entry lies in memory.
    pub(crate) fn address(&self) -> usize {
        std::ptr::from_ref(self.entry) as usize
    }
}
