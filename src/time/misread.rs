//! What is said of a text that could not be read as a time, a length, a zone or a calendar.
//!
//! It knows no file and no line: the reader of the scenario holds the place and draws the message there.

use std::fmt;

/// A text that could not be read: what is wrong with it, and what would be right.
///
/// Both are one short clause in lower case without a full stop, values in backticks, ready for a diagnostic's message and
/// its help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misread {
    /// What is wrong, such as ``"`25:00` is not a time of day"``.
    pub message: String,
    /// What would be right, such as ``"write hours and minutes, from 00:00 to 24:00"``.
    pub help: String,
}

impl Misread {
    pub(super) fn new(message: impl Into<String>, help: impl Into<String>) -> Misread {
        Misread {
            message: message.into(),
            help: help.into(),
        }
    }
}

impl fmt::Display for Misread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.message, self.help)
    }
}

impl std::error::Error for Misread {}
