//! What documents, plans and links are written in.
//!
//! | module | its subject |
//! | --- | --- |
//! | [`quantity`] | numbers with units |
//! | [`scope`] | which nodes and which links something is about |
//! | [`words`] | what words stand for, and which one is probably meant |
//! | [`view`] | the kinds of pictures of a run, and their words |
//! | [`limits`] | what fields may be |
//! | `name` | the names under which the kernel keeps things |

pub mod limits;
pub(crate) mod name;
pub mod quantity;
pub mod scope;
pub mod view;
pub mod words;
