//! Every order of what can happen in a run, within bounds: a second engine over the same protocols and the same checks.
//!
//! A hunt draws a thousand runs; this looks at all. It says that no order within the bounds violates a check, or gives the
//! shortest one that does, as a link that opens as any other run.
//!
//! ```
//! use explore::{Bounds, Ended, Explore};
//! use scenario::link::Link;
//!
//! let (link, _) = Link::parse("#/double-charge");
//! let mut search = Explore::of(&link, None, Bounds::default())?;
//! while search.step() {}
//! let Ended::Violation(found) = search.ended()? else { panic!("a payment can be charged twice") };
//! assert_eq!(found.check, "exactly-once");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What an order is
//!
//! A run stands still at a moment until a *step* is taken:
//!
//! - one of the messages on their way arrives, at once; on a link that keeps order, the first one;
//! - one is lost, or one more copy of it is on its way (not on a link that keeps order, which repairs that);
//! - a node crashes, or one that has crashed starts again;
//! - or time goes on to the next moment at which something is due by itself: a timer, the end of a service or of a sync, a deed of
//!   the scenario's plan. All that is due at that moment happens, in the order that it has in a run.
//!
//! Losses, copies and crashes are bounded in number, and all steps together by the depth. Chance is left out: what the network
//! would draw is at zero, and faults that strike at random do not. What a node draws for itself is as the seed says, and so are its
//! clocks.
//!
//! The search begins at the moment that the link names (`t=`), or at the beginning. Up to there the run goes on with the
//! network's own latencies, but without what chance would do, so that what matters late in a run can be explored without all that comes before.
//!
//! # How time goes
//!
//! A message may take any time, none at all included, since no network promises a bound; what arrives late and what is lost
//! are one to whoever waits. Timers do not wait: they fire when the clock of their node says so, and nobody can stop that. So
//! messages arrive at the moments at which something else happens, and what is tried is which of them arrive before which
//! timer, and in which order. Moments between two timers are not tried: a node that compares its clock with a bound may
//! behave there as in neither. A violation that is found is one all the same; *no violation* is said of these moments.
//!
//! Each such order is a run. A cut that holds all messages (`hold-isolate:all@0ns`) stands for the network, and each step is a
//! deed of a link: `now:m3`, `drop:m3`, `dup:m3`, `crash:bank`, `restart:bank`. That is also how the search itself takes a step, so
//! the run of the link has the same events. It is played once more before it is told ([`Unfaithful`] if it disagrees).
//!
//! # When two states are the same
//!
//! A state is what can still make a difference, as a number of 64 bits; two states with one number count as the same, and are
//! looked at once. It consists of
//!
//! - the run: see `sim::world::fingerprint`. Messages and timers are known by what they say and not by their names, which follow
//!   from the order. The moment belongs to it, because nodes keep readings of their clocks and the plan has its times; whatever
//!   is due is told by how long it still takes;
//! - what checks remember. A check is a function of the events that it was shown, so the past belongs to the state: for each
//!   node the facts that it has put on record, its crashes and restarts. Of how the facts of different nodes lie in time, as
//!   much as the checks that are judged go by (`chronicle::Memory`, with a reason for each kind): nothing for *at most once*, the
//!   order for *linearizable*, everything for a kind of which nothing is said there;
//! - how many faults there were, and how much of the plan is done.
//!
//! Only checks about safety are judged: by what they find while a run goes on, and where nothing is due or on its way any more, by
//! what they find at the end of a run. While messages are on their way, a run has not failed to do what they would have done.
//!
//! # What is left out
//!
//! Of steps that lead to the same state in any order, one order is tried: `commute` says which, by whose method, and why no state
//! is lost. Depth first takes all.
//!
//! | module | its subject |
//! | --- | --- |
//! | `explore` | the orders of a link's run, and what is told of them |
//! | `search` | the search: one state after the other, and what is kept of each |
//! | `bounds` | how far it goes |
//! | `case` | what is explored: a scenario without chance, in which messages wait |
//! | `checks` | which checks an order can be judged by |
//! | `state` | a run between two steps |
//! | `choice` | a step, and how many faults there were |
//! | `commute` | steps that lead to the same state in either order |
//! | `chronicle` | what checks remember |
//! | `found` | an order that violates a check, as a link |
//! | `refused` | why a run cannot be explored |

#![forbid(unsafe_code)]

mod bounds;
mod case;
mod checks;
mod choice;
mod chronicle;
mod commute;
mod explore;
mod found;
mod refused;
mod search;
mod state;

pub use bounds::{Bounds, Order};
pub use explore::{Ended, Explore};
pub use found::{Found, Unfaithful};
pub use refused::Refused;
pub use search::{Progress, Search};
