//! Words laid out in columns: a title, subjects on the left, sentences wrapped on the right.

use super::Section;

/// A space at which no line is broken: between a number and its unit.
pub(super) const FIXED_SPACE: char = '\u{a0}';
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

/// Words in lines of at most `width` columns, those after the first set in by `indent`. A word that is longer than a line
/// is cut.
pub(super) fn wrapped(text: &str, width: usize, indent: usize) -> Vec<String> {
    let (mut lines, mut line, mut used) = (Vec::new(), String::new(), 0);
    let text = plain_but_for_fixed(text);
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        for piece in pieces(word, width.saturating_sub(indent).max(1)) {
            let fresh = line.trim().is_empty();
            if !fresh && used + 1 + columns(&piece) > width {
                lines.push(std::mem::replace(&mut line, " ".repeat(indent)));
                used = indent;
            } else if !fresh {
                line.push(' ');
                used += 1;
            }
            used += columns(&piece);
            line.push_str(&piece);
        }
    }
    lines.push(line);
    lines.into_iter().map(|line| line.replace(FIXED_SPACE, " ")).collect()
}

fn pieces(word: &str, width: usize) -> Vec<String> {
    let letters: Vec<char> = word.chars().collect();
    letters.chunks(width).map(|piece| piece.iter().collect()).collect()
}

/// Without line ends, control characters and fixed spaces.
pub(super) fn plain(text: &str) -> String {
    plain_but_for_fixed(text).replace(FIXED_SPACE, " ")
}

fn plain_but_for_fixed(text: &str) -> String {
    let space = |letter: char| {
        if letter.is_control() || (letter.is_whitespace() && letter != FIXED_SPACE) {
            ' '
        } else {
            letter
        }
    };
    text.chars().map(space).collect()
}

/// Columns that a text takes.
pub(super) fn columns(text: &str) -> usize {
    text.chars().count()
}

/// A text cut to so many columns, the cut marked.
pub(super) fn cut(text: &str, most: usize) -> String {
    let text = plain(text);
    match columns(&text) <= most {
        true => text,
        false => text.chars().take(most.saturating_sub(1)).chain(['…']).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_stays_with_its_unit() {
        assert_eq!(
            wrapped("wait for 10\u{a0}min at most", 11, 0),
            ["wait for", "10 min at", "most"]
        );
        assert_eq!(wrapped("unbelievable", 5, 0), ["unbel", "ievab", "le"]);
        assert_eq!(wrapped("a\nb\u{1b}c", 10, 0), ["a b c"]);
    }
}
