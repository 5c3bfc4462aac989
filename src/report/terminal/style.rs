//! Colour, or none. Never the only carrier of a meaning: a mark says the same.
//!
//! Whether there is to be colour is for the caller to say: nothing here looks at terminals or at the environment.

/// Whether to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Text alone.
    Plain,
    /// With the escape sequences of ANSI terminals.
    Colour,
}

/// What a colour stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ink {
    /// Clearly better than the base.
    Better,
    /// Clearly worse than the base.
    Worse,
    /// Clearly different, and neither good nor bad.
    Neutral,
    /// Headings.
    Bold,
    /// What is there for completeness.
    Dim,
}

impl Ink {
    fn code(self) -> &'static str {
        match self {
            Ink::Better => "32",
            Ink::Worse => "31",
            Ink::Neutral => "36",
            Ink::Bold => "1",
            Ink::Dim => "2",
        }
    }
}

impl Style {
    pub(super) fn paint(self, ink: Ink, text: &str) -> String {
        match self {
            Style::Plain => text.to_owned(),
            Style::Colour => format!("\u{1b}[{}m{text}\u{1b}[0m", ink.code()),
        }
    }

    /// As `paint`, without painting the space at the line's end.
    pub(super) fn paint_line(self, ink: Ink, line: String) -> String {
        self.paint(ink, line.trim_end())
    }
}
