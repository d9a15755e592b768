//! The kernel of Slowfire.
