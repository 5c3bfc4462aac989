//! Lists on the command line, separated by commas, of names that may hold a comma themselves.

use std::collections::BTreeSet;

use crate::scenario::{BASE, Document};

/// What was given, taken apart at its commas. A part that is known is taken whole, the longest first; what is not known is
/// taken apart at every comma, so that the error names the piece that is wrong.
pub(super) fn listed(given: &[String], is_known: impl Fn(&str) -> bool) -> Vec<String> {
    let mut names = Vec::new();
    for text in given {
        let pieces: Vec<&str> = text.split(',').collect();
        let mut from = 0;
        while from < pieces.len() {
            let longest = (from + 1..=pieces.len())
                .rev()
                .find(|until| is_known(&pieces[from..*until].join(",")));
            let until = longest.unwrap_or(from + 1);
            names.push(pieces[from..until].join(","));
            from = until;
        }
    }
    names
}

/// Candidates by name, the base too.
pub(super) fn candidates(given: &[String], document: &Document) -> Vec<String> {
    listed(given, |name| name == BASE || document.scenario(name).is_some())
}

/// Figures, `METRIC:SLICE`, of which a slice may be any name of the scenario.
pub(super) fn figures(given: &[String], document: &Document) -> Vec<String> {
    let mut slices = BTreeSet::new();
    for (_, scenario) in document.scenarios() {
        slices.extend(scenario.severities.keys().map(String::as_str));
        slices.extend(scenario.services.keys().map(String::as_str));
        slices.extend(scenario.customer_tiers.keys().map(String::as_str));
        slices.extend(scenario.tiers.keys().map(String::as_str));
        slices.extend(scenario.teams.keys().map(String::as_str));
    }
    listed(given, |text| {
        let slice = text.split_once(':').map(|(_, slice)| slice);
        let group = slice.map(|slice| slice.split_once('=').map_or(slice, |(_, group)| group));
        group.is_some_and(|group| slices.contains(group))
    })
}

#[cfg(test)]
mod tests {
    use super::listed;

    #[test]
    fn a_name_with_a_comma_is_one_name() {
        let known = ["a", "b", "a,b", "pay, EU"];
        let list = |text: &str| listed(&[text.to_owned()], |name| known.contains(&name));
        assert_eq!(list("a,b"), ["a,b"]);
        assert_eq!(list("b,a"), ["b", "a"]);
        assert_eq!(list("b,pay, EU,a"), ["b", "pay, EU", "a"]);
        assert_eq!(list("x,y"), ["x", "y"]);
        assert!(listed(&[], |_| true).is_empty());
    }
}
