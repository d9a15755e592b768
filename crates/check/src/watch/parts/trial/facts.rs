//! What nodes put on record, in a word each.

use sim::trace::{Fact, Function, Outcome, Relation};

/// A client begins an operation.
pub(in crate::watch) fn begins(operation: u32, function: Function, key: i64, value: i64) -> Fact {
    Fact::Invoked {
        operation,
        function,
        key,
        value,
    }
}

/// A client begins to write the operation's number.
pub(in crate::watch) fn writes(operation: u32) -> Fact {
    begins(operation, Function::Write, 0, i64::from(operation))
}

/// A client begins to read.
pub(in crate::watch) fn reads(operation: u32) -> Fact {
    begins(operation, Function::Read, 0, 0)
}

/// A client begins to add an amount.
pub(in crate::watch) fn adds(operation: u32, amount: i64) -> Fact {
    begins(operation, Function::Add, 0, amount)
}

/// A client asks for something.
pub(in crate::watch) fn requests(operation: u32) -> Fact {
    begins(operation, Function::Request, 0, 0)
}

/// A client asks for a payment of 30.
pub(in crate::watch) fn pays(operation: u32) -> Fact {
    begins(operation, Function::Pay, 0, 30)
}

/// An operation ends.
pub(in crate::watch) fn ends(operation: u32, outcome: Outcome, value: i64) -> Fact {
    Fact::Returned {
        operation,
        outcome,
        value,
    }
}

/// A client is told that its operation is done.
pub(in crate::watch) fn ok(operation: u32) -> Fact {
    ends(operation, Outcome::Ok, 0)
}

/// A client is told a value.
pub(in crate::watch) fn told(operation: u32, value: i64) -> Fact {
    ends(operation, Outcome::Ok, value)
}

/// A client reports its operation as failed.
pub(in crate::watch) fn fails(operation: u32) -> Fact {
    ends(operation, Outcome::Fail, 0)
}

/// A client gives up, and leaves open what became of its operation.
pub(in crate::watch) fn gives_up(operation: u32) -> Fact {
    ends(operation, Outcome::Unknown, 0)
}

/// A client learns that its operation was done after it had given up.
pub(in crate::watch) fn learns(operation: u32) -> Fact {
    Fact::Learned {
        operation,
        outcome: Outcome::Ok,
    }
}

/// An operation is charged for, and the books show a total.
pub(in crate::watch) fn charges(operation: u32, amount: i64, total: i64) -> Fact {
    Fact::Effect {
        operation,
        amount,
        total,
    }
}

/// A copy stores a write.
pub(in crate::watch) fn stores(operation: u32) -> Fact {
    stores_as(operation, 0)
}

/// A copy stores a write under a version or a token.
pub(in crate::watch) fn stores_as(operation: u32, version: i64) -> Fact {
    Fact::Stored {
        operation,
        key: 0,
        version,
    }
}

/// A copy drops a write for another.
pub(in crate::watch) fn drops(operation: u32, by: u32) -> Fact {
    Fact::Discarded {
        operation,
        by,
        key: 0,
    }
}

/// A store locks what an operation is about.
pub(in crate::watch) fn locks(operation: u32) -> Fact {
    Fact::Locked { operation, key: 0 }
}

/// A store lets go of what it had locked for an operation.
pub(in crate::watch) fn unlocks(operation: u32) -> Fact {
    Fact::Unlocked { operation, key: 0 }
}

/// A node takes the lock, with a token.
pub(in crate::watch) fn acquires(token: i64) -> Fact {
    Fact::Acquired { lock: 0, token }
}

/// A node lets go of the lock.
pub(in crate::watch) fn releases(token: i64) -> Fact {
    Fact::Released { lock: 0, token }
}

/// A leader lets an operation take effect.
pub(in crate::watch) fn acts(operation: u32, term: i64) -> Fact {
    Fact::Acts { operation, term }
}

/// A node treats another as dead.
pub(in crate::watch) fn suspects(node: i64) -> Fact {
    Fact::Suspects { node: node - 1 }
}

/// A node treats another as running again.
pub(in crate::watch) fn trusts(node: i64) -> Fact {
    Fact::Trusts { node: node - 1 }
}

/// A clock shows so many milliseconds, and its node reckons how far it can be off; -1 if it does not.
pub(in crate::watch) fn clock_shows(reading: i64, bound: i64) -> Fact {
    Fact::ClockRead {
        reading: nanos(reading),
        bound,
    }
}

/// A node compares its clock with another's: so many milliseconds behind, after a round trip of so many.
pub(in crate::watch) fn compares(node: i64, offset: i64, delay: i64) -> Fact {
    Fact::Sampled {
        node: node - 1,
        offset: nanos(offset),
        delay: nanos(delay),
    }
}

/// A node begins to measure.
pub(in crate::watch) fn begins_to_measure(measure: i64) -> Fact {
    Fact::MeasureBegins { measure }
}

/// A node has measured so many milliseconds.
pub(in crate::watch) fn measures(measure: i64, length: i64) -> Fact {
    Fact::MeasureEnds {
        measure,
        length: nanos(length),
    }
}

/// A thing is given a timestamp of so many milliseconds.
pub(in crate::watch) fn stamps(item: i64, stamp: i64) -> Fact {
    Fact::Stamped {
        item,
        stamp: nanos(stamp),
        tie: 0,
    }
}

/// A reader is shown something that answers nothing.
pub(in crate::watch) fn shows(item: i64) -> Fact {
    shows_after(item, -1)
}

/// A reader is shown an answer.
pub(in crate::watch) fn shows_after(item: i64, after: i64) -> Fact {
    Fact::Shown { item, after }
}

/// A node says in which order two things happened.
pub(in crate::watch) fn judges(first: i64, second: i64, relation: Relation) -> Fact {
    Fact::Judged {
        first,
        second,
        relation,
    }
}

/// A node believes that it leads a term.
pub(in crate::watch) fn leads(term: i64) -> Fact {
    Fact::Leads { term }
}

/// A node leads a term no longer.
pub(in crate::watch) fn steps_down(term: i64) -> Fact {
    Fact::StepsDown { term }
}

/// A node votes in a term for another, or for itself.
pub(in crate::watch) fn votes(term: i64, node: i64) -> Fact {
    let candidate = node - 1;
    Fact::Voted { term, candidate }
}

/// A node's log has an entry of a term at a place.
pub(in crate::watch) fn logs(index: u32, term: i64, content: i64) -> Fact {
    Fact::Logged {
        index,
        term,
        content,
    }
}

/// A node drops its log from a place on.
pub(in crate::watch) fn truncates(index: u32) -> Fact {
    Fact::Truncated { index }
}

/// A node that knows a term applies an entry of a term.
pub(in crate::watch) fn applies(index: u32, known: u32, term: i64, content: i64) -> Fact {
    Fact::Applied {
        index,
        known,
        term,
        content,
    }
}

/// A node passes over the operation in the entry that it applies next.
pub(in crate::watch) fn passes_over(operation: u32) -> Fact {
    Fact::PassedOver { operation }
}

/// A node has a snapshot that ends with an entry of a term.
pub(in crate::watch) fn compacts(index: u32, term: i64) -> Fact {
    Fact::Compacted { index, term }
}

/// The same, but about another key or lock.
pub(in crate::watch) fn under(another: i64, mut fact: Fact) -> Fact {
    match &mut fact {
        Fact::Invoked { key, .. } | Fact::Stored { key, .. } | Fact::Discarded { key, .. } => {
            *key = another;
        }
        Fact::Acquired { lock, .. } | Fact::Released { lock, .. } => *lock = another,
        other => panic!("{other:?} names no key and no lock"),
    }
    fact
}

fn nanos(ms: i64) -> i64 {
    ms * 1_000_000
}
