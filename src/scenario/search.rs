//! Looking through a whole scenario for what may stand anywhere: samples, and names.
//!
//! It reads the tree as it was written and merged, and so needs no list of the places where a law or a name is allowed.

use super::document::Document;
use super::path::Path;
use super::tree::{Kind, Node};

/// The key of a law that is a sample.
const SAMPLE: &str = "empirical";

impl Document {
    /// Every `empirical` law of a candidate's (or `base`'s) scenario: the path of its list, and the values in it.
    ///
    /// ```
    /// use escalade::scenario::{BASE, Document};
    ///
    /// let document = Document::parse("x.toml", "[pending]\nshare = 0.1\nwait = { empirical = [\"1h\", \"3h\"] }\n");
    /// let samples = document.samples(BASE);
    /// assert_eq!(samples[0].0.to_string(), "pending.wait.empirical");
    /// assert_eq!(samples[0].1, ["1h", "3h"]);
    /// ```
    pub fn samples(&self, candidate: &str) -> Vec<(Path, Vec<String>)> {
        let mut found = Vec::new();
        if let Some(tree) = self.scenario_tree(candidate) {
            each(&tree, &mut Path::root(), &mut |path, node| {
                if let Kind::List(values) = &node.kind
                    && path.keys().next_back() == Some(SAMPLE)
                    && let Some(values) = values.iter().map(text).collect::<Option<Vec<_>>>()
                {
                    found.push((path.clone(), values));
                }
            });
        }
        found
    }

    /// Whether a value anywhere in a candidate's (or `base`'s) scenario is this text.
    pub fn mentions(&self, candidate: &str, wanted: &str) -> bool {
        let mut found = false;
        if let Some(tree) = self.scenario_tree(candidate) {
            each(&tree, &mut Path::root(), &mut |_, node| {
                found |= matches!(&node.kind, Kind::Text(text) if text == wanted);
            });
        }
        found
    }
}

fn text(node: &Node) -> Option<String> {
    match &node.kind {
        Kind::Text(text) => Some(text.clone()),
        _ => None,
    }
}

/// Every value, each before those in it.
fn each(node: &Node, path: &mut Path, see: &mut dyn FnMut(&Path, &Node)) {
    see(path, node);
    let mut inside = |key: &str, value: &Node| {
        path.push(key);
        each(value, path, see);
        path.pop();
    };
    match &node.kind {
        Kind::Table(table) => table.iter().for_each(|(key, entry)| inside(key, &entry.value)),
        Kind::List(list) => list
            .iter()
            .enumerate()
            .for_each(|(index, value)| inside(&index.to_string(), value)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::super::BASE;
    use super::*;

    const TEXT: &str = r#"
[incidents.fault]
lasts = { empirical = ["1h", "2h"] }
children = { count.fixed = 3, delay = { empirical = ["1m"] } }
[tiers.L1.work]
Sev1 = { empirical = ["5m", "7m"] }
other = { exponential = "5m" }
[schedules.primary]
members = ["desk/1", "ada"]
[candidates.slow]
set.incidents.fault.lasts = { empirical = ["9h", "9h", "9h"] }
"#;

    #[test]
    fn samples_are_found_wherever_a_law_may_stand_and_are_the_candidates_own() {
        let document = Document::parse("x.toml", TEXT);
        let paths = |candidate| -> Vec<(String, usize)> {
            let samples = document.samples(candidate).into_iter();
            samples.map(|(path, values)| (path.to_string(), values.len())).collect()
        };
        let lasts = |many| ("incidents.fault.lasts.empirical".to_owned(), many);
        let rest = [
            ("incidents.fault.children.delay.empirical".to_owned(), 1),
            ("tiers.L1.work.Sev1.empirical".to_owned(), 2),
        ];
        assert_eq!(paths(BASE), [&[lasts(2)], &rest[..]].concat());
        assert_eq!(paths("slow"), [&[lasts(3)], &rest[..]].concat());
        assert!(paths("nobody").is_empty());
    }

    #[test]
    fn a_text_is_found_whole() {
        let document = Document::parse("x.toml", TEXT);
        assert!(document.mentions(BASE, "desk/1") && !document.mentions(BASE, "desk"));
    }
}
