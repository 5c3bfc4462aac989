//! Characters that nobody sees and that change what is seen.

/// Whether a character controls a terminal, turns the direction of writing, or takes no place. What joins letters and pictures
/// or parts them takes none either, and is let through: scripts need it.
pub fn is_unseen(letter: char) -> bool {
    letter.is_control()
        || matches!(
            letter,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{feff}'
        )
        || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::is_unseen;

    #[test]
    fn letters_are_seen_and_what_plays_tricks_is_not() {
        for letter in ['a', 'ß', '決', 'े', '\u{301}', '\u{200c}', '\u{200d}', ' ', '\u{a0}'] {
            assert!(!is_unseen(letter), "{}", letter.escape_unicode());
        }
        for letter in ['\n', '\u{1b}', '\u{9b}', '\u{200b}', '\u{202e}', '\u{2066}', '\u{feff}'] {
            assert!(is_unseen(letter), "{}", letter.escape_unicode());
        }
    }
}
