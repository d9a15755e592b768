//! Clients that ask a server, and what they make of silence.
//!
//! | module | its subject |
//! | --- | --- |
//! | [`calls`] | clients that call a server, and what they make of silence |
//! | [`payments`] | clients that pay through a bank; retries and idempotency keys |
//! | [`retries`] | calls to a server that retries overwhelm, and what keeps them in bounds |
//! | [`thermostat`] | a register that is written at least once; sequence numbers |

pub mod calls;
pub mod payments;
pub mod retries;
pub mod thermostat;
