//! Words of a command that somebody copies into a shell.

/// A word as a shell reads it back: as it stands where that is safe, else between single quotes.
pub fn quoted(word: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte);
    match !word.is_empty() && word.bytes().all(is_plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', "'\\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_word_is_quoted_where_a_shell_would_read_it_otherwise() {
        for (word, expected) in [
            ("../a/desk.toml", "../a/desk.toml"),
            ("my desk.toml", "'my desk.toml'"),
            ("it's", "'it'\\''s'"),
            ("a,b", "'a,b'"),
            ("", "''"),
        ] {
            assert_eq!(quoted(word), expected);
        }
    }
}
