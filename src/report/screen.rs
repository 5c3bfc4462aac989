//! Text on a terminal: what it takes there is columns, not characters. Letters of Chinese, Japanese and Korean take two.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::scenario::is_unseen;

/// The least that is asked of a terminal.
pub const WIDTH: usize = 80;

/// A space at which no line is broken: between a number and its unit.
pub const FIXED_SPACE: char = '\u{a0}';

/// Columns that a text takes.
pub fn width(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// A text with so much space behind it that it takes so many columns.
pub fn left(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(width(text))))
}

/// A text with so much space before it.
pub fn right(text: &str, columns: usize) -> String {
    format!("{}{text}", " ".repeat(columns.saturating_sub(width(text))))
}

/// Where the last letter ends that fits into so many columns; the first one is taken even if it does not.
pub(super) fn reach(text: &str, columns: usize) -> usize {
    let mut used = 0;
    for (at, letter) in text.char_indices() {
        used += letter.width().unwrap_or(0);
        if used > columns && at > 0 {
            return at;
        }
    }
    text.len()
}

/// Without line ends, characters that are not seen, and fixed spaces.
pub fn plain(text: &str) -> String {
    plain_but_for_fixed(text).replace(FIXED_SPACE, " ")
}

fn plain_but_for_fixed(text: &str) -> String {
    let space = |letter: char| {
        if is_unseen(letter) || (letter.is_whitespace() && letter != FIXED_SPACE) {
            ' '
        } else {
            letter
        }
    };
    text.chars().map(space).collect()
}

/// Words in lines of at most `most` columns, those after the first set in by `indent`. A word that is longer than a line
/// is cut.
pub fn wrapped(text: &str, most: usize, indent: usize) -> Vec<String> {
    let (mut lines, mut line, mut used) = (Vec::new(), String::new(), 0);
    let text = plain_but_for_fixed(text);
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        for piece in pieces(word, most.saturating_sub(indent).max(1)) {
            let fresh = line.trim().is_empty();
            if !fresh && used + 1 + width(piece) > most {
                lines.push(std::mem::replace(&mut line, " ".repeat(indent)));
                used = indent;
            } else if !fresh {
                line.push(' ');
                used += 1;
            }
            used += width(piece);
            line.push_str(piece);
        }
    }
    lines.push(line);
    lines.into_iter().map(|line| line.replace(FIXED_SPACE, " ")).collect()
}

/// A word in pieces of at most so many columns.
pub fn pieces(word: &str, most: usize) -> Vec<&str> {
    let (mut pieces, mut rest) = (Vec::new(), word);
    while width(rest) > most {
        let (piece, after) = rest.split_at(reach(rest, most));
        pieces.push(piece);
        rest = after;
    }
    pieces.push(rest);
    pieces
}

/// Lines as they stand where they fit; those that are too long are wrapped under their own beginning, a little set in.
pub fn fitted(text: &str) -> String {
    let fit = |line: &str| -> String {
        let whole = plain(line);
        let begin = whole.len() - whole.trim_start().len();
        match width(&whole) <= WIDTH || begin > WIDTH / 2 {
            true => whole + "\n",
            false => {
                let lines = wrapped(line, WIDTH - begin, 2);
                lines
                    .iter()
                    .map(|one| format!("{}{one}\n", " ".repeat(begin)))
                    .collect()
            }
        }
    };
    let lines: String = text.lines().map(fit).collect();
    match text.ends_with('\n') {
        true => lines,
        false => lines.trim_end_matches('\n').to_owned(),
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
        assert_eq!(wrapped("a\nb\u{1b}c\u{202e}d", 10, 0), ["a b c d"]);
    }

    #[test]
    fn wide_letters_take_two_columns() {
        assert_eq!((width("決済"), width("ä"), width("e\u{301}")), (4, 1, 1));
        assert_eq!(
            (left("決済", 6), right("決済", 6)),
            ("決済  ".to_owned(), "  決済".to_owned())
        );
        assert_eq!(wrapped("決済決済", 5, 0), ["決済", "決済"]);
        assert_eq!(reach("決", 1), "決".len());
    }

    #[test]
    fn a_line_that_is_too_long_goes_on_under_its_beginning() {
        let long = format!("short\n  {}\n", "word ".repeat(20).trim_end());
        let fitted = fitted(&long);
        let lines: Vec<&str> = fitted.lines().collect();
        assert_eq!((lines.len(), lines[0]), (3, "short"));
        assert!(lines[1].starts_with("  word word") && lines[2].starts_with("    word"));
        assert!(lines.iter().all(|line| width(line) <= WIDTH) && fitted.ends_with('\n'));
        assert_eq!(super::fitted("no end"), "no end");
        let fixed = format!("1\u{a0} {}", "word ".repeat(20));
        assert!(super::fitted(&fixed).starts_with("1  word"));
    }
}
