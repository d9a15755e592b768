//! The browser's API of Slowfire.
