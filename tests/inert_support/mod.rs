//! Random organisations that use much of the language at once, and what is played of them.
//!
//! An organisation is a list of lines, `path = value`, each of which can be left out: what the language refuses is left out
//! one line or one table at a time, and so is, once a property has failed, whatever the failure does not need.

mod draw;
pub mod organisation;
pub mod shrink;

pub use draw::Draw;
pub use organisation::{Organisation, organisation};
