//! Words laid out in columns: a title, subjects on the left, sentences wrapped on the right.

use super::Section;
use crate::report::screen::reach;
pub(super) use crate::report::screen::{FIXED_SPACE, plain, width as columns, wrapped};

/// Columns of the widest subject that still shares a line with its sentence.
const SUBJECT_MOST: usize = 16;
/// Columns before a subject, and between it and its sentence.
const GAP: usize = 2;

/// A section of at most `width` columns.
pub(super) fn section(section: &Section, width: usize) -> Vec<String> {
    let subjects = section.facts.iter().map(|fact| columns(&plain(&fact.subject)));
    let most = subjects.filter(|columns| *columns <= SUBJECT_MOST).max().unwrap_or(0);
    let indent = GAP + most + GAP;
    let mut lines = vec![section.title.to_owned()];
    for fact in &section.facts {
        let subject = plain(&fact.subject);
        let mut text = wrapped(&fact.text, width - indent, 0).into_iter();
        let first = match columns(&subject) <= most {
            true => text.next().unwrap_or_default(),
            false => String::new(),
        };
        let pad = " ".repeat(most.saturating_sub(columns(&subject)));
        lines.push(format!("  {subject}{pad}  {first}").trim_end().to_owned());
        lines.extend(text.map(|line| format!("{}{line}", " ".repeat(indent))));
    }
    lines
}

/// A text cut to so many columns, the cut marked.
pub(super) fn cut(text: &str, most: usize) -> String {
    let text = plain(text);
    match columns(&text) <= most {
        true => text,
        false => format!("{}…", &text[..reach(&text, most.saturating_sub(1))]),
    }
}
