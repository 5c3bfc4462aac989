//! Where in a scenario something is: the keys that lead to it, from the outside in.
//!
//! A path knows no text and no line: a document resolves it, in the base scenario or in a candidate's.

use std::fmt;

/// The keys that lead to a value, e.g. `teams.frontline.shifts.early.hours`. Elements of lists are named by their index
/// from 0: `tickets.3.at`.
///
/// Written as text, a key that holds a dot is quoted: `services."mail.eu".mix`. A path made of names that people chose is
/// better made from the keys themselves: `Path::from(["services", name, "mix"])`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Path(Vec<String>);

impl Path {
    /// The scenario itself.
    pub fn root() -> Path {
        Path::default()
    }

    /// The path of what `key` names inside of this.
    pub fn key(&self, key: impl Into<String>) -> Path {
        let mut longer = self.clone();
        longer.push(key);
        longer
    }

    /// The path of the element `index`, from 0, of this list.
    pub fn index(&self, index: usize) -> Path {
        self.key(index.to_string())
    }

    /// The keys, from the outside in.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &str> + DoubleEndedIterator {
        self.0.iter().map(String::as_str)
    }

    pub(super) fn push(&mut self, key: impl Into<String>) {
        self.0.push(key.into());
    }

    pub(super) fn pop(&mut self) {
        self.0.pop();
    }
}

/// As in TOML: keys with other characters than letters, digits, `_` and `-` are quoted.
impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, key) in self.keys().enumerate() {
            let dot = if position == 0 { "" } else { "." };
            match is_bare(key) {
                true => write!(f, "{dot}{key}")?,
                false => write!(f, "{dot}\"{}\"", key.escape_debug())?,
            }
        }
        Ok(())
    }
}

pub(super) fn is_bare(key: &str) -> bool {
    !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
}

/// Splits at the dots that no quotes enclose.
impl From<&str> for Path {
    fn from(text: &str) -> Path {
        let mut keys = vec![String::new()];
        let mut quoted = false;
        for c in text.chars() {
            match (c, keys.last_mut()) {
                ('"', _) => quoted = !quoted,
                ('.', _) if !quoted => keys.push(String::new()),
                (_, Some(key)) => key.push(c),
                (_, None) => {}
            }
        }
        match text.is_empty() {
            true => Path::root(),
            false => Path(keys),
        }
    }
}

impl From<String> for Path {
    fn from(text: String) -> Path {
        Path::from(text.as_str())
    }
}

impl From<&String> for Path {
    fn from(text: &String) -> Path {
        Path::from(text.as_str())
    }
}

impl From<&Path> for Path {
    fn from(path: &Path) -> Path {
        path.clone()
    }
}

/// Each text is one key, whatever it holds.
impl<const N: usize> From<[&str; N]> for Path {
    fn from(keys: [&str; N]) -> Path {
        Path(keys.into_iter().map(str::to_owned).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_read_as_it_is_written() {
        for path in ["", "teams.L1.tier", "services.\"mail.eu\".mix", "tickets.3.at"] {
            assert_eq!(Path::from(path).to_string(), path);
        }
        assert_eq!(
            Path::from(["services", "mail.eu", "mix"]),
            Path::from("services.\"mail.eu\".mix")
        );
    }
}
