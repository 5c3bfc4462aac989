//! What the tests of drills share: a small reader of JSON Schema, and a real terminal.

pub mod schema;
#[cfg(unix)]
pub mod terminal;
