//! What a node owes once its disk has caught up: an answer is safe to give only after the sync that covers it.

use sim::held::{Held, Measure};
use sim::sorted::Map;
use sim::{Context, Protocol};

/// What is owed after each sync that is under way.
#[derive(Clone, Debug, Hash)]
pub struct AfterSync<T> {
    owed: Map<u64, T>,
    /// How many syncs have begun; the number of the latest one is its token.
    begun: u64,
}

impl<T> Default for AfterSync<T> {
    fn default() -> AfterSync<T> {
        AfterSync {
            owed: Map::new(),
            begun: 0,
        }
    }
}

impl<T> AfterSync<T> {
    /// Begins a sync. `owed` is due when everything written so far is durable.
    pub fn owe<P: Protocol>(&mut self, owed: T, context: &mut Context<'_, P>) {
        self.owed.insert(self.begun + 1, owed);
        self.sync(context);
    }

    /// Begins a sync that nobody waits for.
    pub fn sync<P: Protocol>(&mut self, context: &mut Context<'_, P>) {
        self.begun += 1;
        context.sync(self.begun);
    }

    /// The sync with this token has ended: what is due, if anybody waited for it.
    pub fn due(&mut self, token: u64) -> Option<T> {
        self.owed.remove(&token)
    }

    /// Bytes of memory that it takes besides its own size.
    pub fn held(&self, by: Measure) -> usize {
        self.owed.held(by)
    }
}
