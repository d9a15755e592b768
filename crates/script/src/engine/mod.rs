//! The JavaScript engine: QuickJS, in a realm without a host, and within limits that are counts.
//!
//! | file | its subject |
//! | --- | --- |
//! | `mod` | one call for each event; when its outcome counts |
//! | `call` | what a role is to do in an event |
//! | `realm` | a realm, with one script in it |
//! | `host` | what `ctx` can do |
//! | `allocator` | memory within bounds |
//! | `prelude.js` | what is there when a script begins |
//!
//! A realm is kept between events, one per script and thread: what an event leaves behind there, no other event can see. But
//! the engine counts steps from where the last event ended, and holds memory that was not collected yet. So a realm that was
//! used before never decides that a script goes too far. An event that comes within one tick of the bound of steps, or that
//! reaches one of memory, is handled once more in a fresh realm, and what comes of it there counts.

mod allocator;
mod call;
mod host;
mod realm;

use std::cell::RefCell;

use crate::data::Data;
use crate::flaw::Flaw;
use crate::program::Program;
use crate::turn::Turn;
use realm::{Realm, Stop};

pub(crate) use call::{Call, Given};

/// How many realms a thread keeps, each with another script.
const KEPT: usize = 4;

thread_local! {
    /// The realms of this thread, the one that was used last at the end.
    static REALMS: RefCell<Vec<(u64, Realm)>> = const { RefCell::new(Vec::new()) };
}

/// Handles an event. What the node asks for then, and its state.
///
/// # Errors
///
/// If the script throws, or goes beyond one of its limits.
pub(crate) fn handle(
    program: &Program,
    call: &Call<'_>,
    turn: impl Fn() -> Turn,
) -> Result<(Turn, Vec<u8>), Flaw> {
    let kept = take(program.number);
    if let Some(mut realm) = kept {
        let (outcome, stop) = realm.call(call, turn());
        if stop == Stop::None {
            if outcome.is_ok() {
                keep(program.number, realm);
            }
            return outcome;
        }
    }
    let mut realm = Realm::of(&program.function)?;
    let (outcome, _) = realm.call(call, turn());
    if outcome.is_ok() {
        keep(program.number, realm);
    }
    outcome
}

fn take(number: u64) -> Option<Realm> {
    REALMS.with_borrow_mut(|realms| {
        let place = realms.iter().position(|(of, _)| *of == number)?;
        Some(realms.remove(place).1)
    })
}

fn keep(number: u64, realm: Realm) {
    REALMS.with_borrow_mut(|realms| {
        realms.push((number, realm));
        if realms.len() > KEPT {
            realms.remove(0);
        }
    });
}

/// What a script declares, once it is certain that it is a valid module.
///
/// # Errors
///
/// If it is not, or if its body throws.
pub(crate) fn declared(source: &str, function: &str) -> Result<Data, Flaw> {
    realm::check(source)?;
    Realm::of(function)?.declared()
}
