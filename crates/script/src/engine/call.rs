//! What a role is to do in an event.

use crate::program::Handler;

/// What a role does in an event.
#[derive(Debug)]
pub(crate) struct Call<'c> {
    pub role: &'c str,
    pub handler: Handler,
    /// The state before it.
    pub state: &'c [u8],
    /// What the handler is given after `ctx`.
    pub given: [Given<'c>; 2],
}

/// What a handler is given.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Given<'c> {
    Nothing,
    Number(i64),
    Text(&'c str),
    Bytes(&'c [u8]),
}
