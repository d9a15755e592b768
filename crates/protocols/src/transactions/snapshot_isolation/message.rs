//! What the nodes tell each other, wait for and keep on disk.

/// What a row says of a doctor.
pub(super) const ON_CALL: i64 = 1;
/// The same of one who is not on call.
pub(super) const OFF_CALL: i64 = 0;

/// The row of the shift, which is about no doctor: a change that *materialises* its conflict writes it, too.
pub(super) const SHIFT: i64 = -1;

/// How a transaction ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ending {
    /// It is committed.
    Committed,
    /// It is aborted: another transaction has changed the same row since its snapshot, and was first to commit.
    Conflict,
    /// It is aborted: it is a pivot, or would make one of a transaction that is committed already.
    Pivot,
    /// It is aborted: it waited for a lock whose holder waited for it.
    Deadlock,
    /// It is aborted: its client was silent for too long, or has begun another one.
    RolledBack,
    /// It is aborted: this life of the database knows nothing of it.
    Forgotten,
}

/// A version of a row, as a transaction reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Row {
    /// Which row: the number of the doctor's node.
    pub row: i64,
    /// What it says.
    pub value: i64,
    /// The transaction that wrote it; 0 for what was there at first.
    pub writer: u32,
}

impl Row {
    /// Whether its doctor is on call.
    pub fn is_on_call(&self) -> bool {
        self.value == ON_CALL
    }
}

/// What the nodes tell each other. A transaction has the number of the operation that it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Message {
    /// A client begins a transaction, and asks who is on call.
    Begin {
        /// The transaction.
        number: u32,
        /// The life of the database in which the client begins it, as far as the client knows.
        life: i64,
    },
    /// What the transaction reads.
    Rows {
        /// The transaction.
        number: u32,
        /// All rows.
        rows: Box<[Row]>,
    },
    /// A client asks the database to commit, with a change of its own row or without one.
    Commit {
        /// The transaction.
        number: u32,
        /// What the row is to say.
        change: Option<i64>,
    },
    /// How a transaction has ended.
    Ended {
        /// The transaction.
        number: u32,
        /// How it ended.
        ending: Ending,
        /// The life in which the database says so.
        life: i64,
    },
}

/// What a node waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Timer {
    /// Time for the next transaction.
    Next,
    /// No answer has come in time.
    NoAnswer,
    /// A doctor has looked at the list for long enough.
    Thought {
        /// In this transaction.
        number: u32,
    },
    /// A client may have been silent for too long.
    Idle {
        /// In this transaction.
        number: u32,
    },
}

/// A transaction that is committed, as the database's log has it. Its place is its stamp.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Record {
    /// The transaction.
    pub number: u32,
    /// The number of its client's node.
    pub client: u16,
    /// What it wrote.
    pub change: Change,
}

/// What a transaction writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Change {
    /// The row of its client.
    pub row: i64,
    /// What the row says now.
    pub value: i64,
    /// Whether it wrote the row of the shift, too.
    pub is_materialised: bool,
}

impl Change {
    /// The rows that it writes, each with what it says then. That of the shift says who wrote it last.
    pub(super) fn writes(&self) -> impl Iterator<Item = (i64, i64)> + use<> {
        let shift = self.is_materialised.then_some((SHIFT, self.row));
        std::iter::once((self.row, self.value)).chain(shift)
    }
}
