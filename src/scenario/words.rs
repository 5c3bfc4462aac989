//! Names in sentences: lists of them, and the one that a misspelt name was meant to be.

/// The name that comes nearest to a misspelt one.
///
/// Names that differ by a number only (`Sev2` and `Sev7`) are no misspellings of each other.
pub(super) fn nearest<'n>(word: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let word = word.to_lowercase();
    let without_number = |name: &str| name.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned();
    let stem = without_number(&word);
    let numbered = |name: &str| stem != word && without_number(name) == stem;
    let likeness = |name: &str| {
        if numbered(&name.to_lowercase()) {
            0.0
        } else {
            strsim::jaro_winkler(&word, &name.to_lowercase())
        }
    };
    let best = names
        .map(|name| (likeness(name), name))
        .max_by(|a, b| a.0.total_cmp(&b.0))?;
    (best.0 > 0.8).then_some(best.1)
}

/// The help that names it.
pub(super) fn meant<'n>(word: &str, names: impl Iterator<Item = &'n str>) -> Option<String> {
    nearest(word, names).map(|name| format!("did you mean `{name}`?"))
}

/// `a`, `b` and `c`.
pub(super) fn listed(names: &[&str]) -> String {
    joined(names, "and")
}

pub(super) fn one_of(names: &[&str]) -> String {
    joined(names, "or")
}

fn joined(names: &[&str], last: &str) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((end, start)) if !start.is_empty() => format!("{} {last} {end}", start.join(", ")),
        Some((only, _)) => only.clone(),
        None => String::new(),
    }
}

/// Digits as people read them: `3,600,000`.
pub(crate) fn in_thousands(digits: &str) -> String {
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
