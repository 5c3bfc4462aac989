//! Values set from outside of the file: a sweep's points, stresses, redrawn inputs.
//!
//! A [`Variant`] is a scenario of the document, the base or a candidate, with values over it, merged and checked exactly as
//! a candidate's patch is. What the document's own scenario has wrong already is not said again. It knows neither why the
//! values are set nor what becomes of the scenario.

use super::document::{Document, KEPT};
use super::path::Path;
use super::problem::{Place, Problems};
use super::schema::Schema;
use super::tree::{Entry, Kind, Node, Table};
use super::words::{listed, meant};
use super::{BASE, Scenario, checks, shape};
use serde::Deserialize;

/// A value of the scenario, and what it is set to.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    /// Which value; an element of a list by its index from 0, and by the list's length a new one at its end.
    pub path: Path,
    /// What it becomes: tables are merged key by key, other values replaced, as in a candidate's patch.
    pub value: toml::Value,
}

impl Setting {
    /// The value on one line, for people: texts without quotes, lists and tables as in TOML.
    pub fn value_text(&self) -> String {
        Node::of_value(&self.value).to_string()
    }
}

/// `teams.L1.headcount = 9`.
impl std::fmt::Display for Setting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} = {}", self.path, self.value_text())
    }
}

/// A scenario with values set.
#[derive(Debug, Clone)]
pub struct Variant {
    /// The scenario; `None` if its shape is wrong.
    pub scenario: Option<Scenario>,
    /// What the values got wrong, by paths of the merged scenario.
    pub problems: Problems,
}

impl Document {
    /// The scenario of `candidate` (or `base`) with `settings` over it, one after another. `None` if there is no such
    /// candidate.
    pub fn variant(&self, candidate: &str, settings: &[Setting]) -> Option<Variant> {
        let mut tree = self.scenario_tree(candidate)?;
        let (mut problems, mut unknown) = (Problems::new(), Vec::new());
        for setting in settings {
            if setting.path.keys().next().is_none_or(|key| KEPT.contains(&key)) {
                let message = format!("`{}` cannot be set", setting.path);
                problems
                    .error("E209", Place::key(&setting.path), message)
                    .help("any other key of the scenario can");
            } else {
                unknown.extend(unknown_name(&tree, &setting.path));
                let keys: Vec<&str> = setting.path.keys().collect();
                let patch = patch(Some(&tree), &keys, Node::of_value(&setting.value));
                tree = tree.patched(&patch, Some(Schema::scenario()));
            }
        }
        shape::check(&tree, &mut problems);
        let scenario = match problems.any_error() {
            true => None,
            false => read(&tree, &mut problems),
        };
        if let Some(scenario) = &scenario {
            checks::check(scenario, &mut problems);
        }
        let mut problems = problems.without(self.problems(), (candidate != BASE).then_some(candidate));
        for (path, help) in unknown {
            problems.help_below(&path, &help);
        }
        Some(Variant { scenario, problems })
    }
}

fn read(tree: &Node, problems: &mut Problems) -> Option<Scenario> {
    Scenario::deserialize(tree.plain())
        .map_err(|error| problems.error("E115", 0..0, error.message()).label.take())
        .ok()
}

/// A value is set of something by a name that the scenario does not have: most likely it is misspelt. The path of what is
/// named, and what there is.
fn unknown_name(tree: &Node, path: &Path) -> Option<(Path, String)> {
    let (Some(kind), Some(name), true) = (path.keys().next(), path.keys().nth(1), path.keys().len() > 2) else {
        return None;
    };
    let of = |node: &Node, key: &str| match &node.kind {
        Kind::Table(table) => table.get(key).map(|entry| entry.value.clone()),
        _ => None,
    };
    let Kind::Table(named) = of(tree, kind)?.kind else {
        return None;
    };
    let names = || named.keys().map(String::as_str);
    if named.contains_key(name) {
        return None;
    }
    let known = || format!("there are {}", listed(&names().collect::<Vec<_>>()));
    let help = meant(name, names()).unwrap_or_else(known);
    let path = Path::root().key(kind).key(name);
    Some((path.clone(), format!("the scenario has no `{path}`; {help}")))
}

/// The patch that sets the value at `keys`: tables around it, and lists whole, with the one element changed.
fn patch(over: Option<&Node>, keys: &[&str], value: Node) -> Node {
    let Some((key, rest)) = keys.split_first() else {
        return value;
    };
    let kind = match (over.map(|node| &node.kind), key.parse::<usize>()) {
        (Some(Kind::List(list)), Ok(index)) if index == list.len() => {
            let mut list = list.clone();
            list.push(patch(None, rest, value));
            Kind::List(list)
        }
        (Some(Kind::List(list)), Ok(index)) if index < list.len() => {
            let mut list = list.clone();
            let element = patch(Some(&list[index]), rest, value);
            list[index] = list[index].patched(&element, None);
            Kind::List(list)
        }
        (over, _) => {
            let inner = match over {
                Some(Kind::Table(table)) => table.get(*key).map(|entry| &entry.value),
                _ => None,
            };
            let value = patch(inner, rest, value);
            Kind::Table(Table::from([((*key).to_owned(), Entry { key: 0..0, value })]))
        }
    };
    Node { span: 0..0, kind }
}

#[cfg(test)]
mod tests {
    use super::super::starter;
    use super::*;

    fn desk() -> Document {
        Document::parse("desk.toml", starter("desk"))
    }

    fn set(path: &str, value: impl Into<toml::Value>) -> Setting {
        Setting {
            path: path.into(),
            value: value.into(),
        }
    }

    fn messages(variant: &Variant) -> Vec<String> {
        let problems = variant.problems.iter();
        problems
            .map(|problem| format!("{} {}", problem.code, problem.message))
            .collect()
    }

    #[test]
    fn a_value_is_set_and_nothing_else_changes() {
        let desk = desk();
        let variant = desk
            .variant(BASE, &[set("teams.experts.headcount", 9)])
            .expect("the base");
        assert!(variant.problems.is_empty(), "{:?}", messages(&variant));
        let mut scenario = variant.scenario.expect("read");
        assert_eq!(scenario.teams["experts"].headcount, Some(9));
        let base = desk.base().expect("read");
        scenario.teams["experts"].headcount = base.teams["experts"].headcount;
        scenario.candidates = base.candidates.clone();
        assert_eq!(scenario, *base);
    }

    #[test]
    fn a_misspelt_name_is_answered_with_the_one_that_was_meant() {
        for (path, says) in [
            (
                "teams.dsek.headcount",
                "the scenario has no `teams.dsek`; did you mean `desk`?",
            ),
            (
                "teams.nope.headcount",
                "the scenario has no `teams.nope`; there are `desk` and `experts`",
            ),
        ] {
            let variant = desk().variant(BASE, &[set(path, 2)]).expect("the base");
            let helps: Vec<_> = variant.problems.iter().filter_map(|one| one.help.clone()).collect();
            assert_eq!(helps, [says], "{:?}", messages(&variant));
        }
    }

    #[test]
    fn an_element_of_a_list_is_set_by_its_index() {
        let text = starter("desk") + "\n[[tickets]]\nat = \"1h\"\nseverity = \"Sev1\"\n";
        let document = Document::parse("desk.toml", text);
        let variant = document.variant(BASE, &[set("tickets.0.at", "2h")]).expect("the base");
        assert_eq!(messages(&variant), [""; 0]);
        let scenario = variant.scenario.expect("read");
        assert_eq!((scenario.tickets.len(), scenario.tickets[0].at.as_str()), (1, "2h"));
        assert_eq!(scenario.tickets[0].severity.as_deref(), Some("Sev1"));
        let ticket: toml::Table = toml::from_str("at = \"3h\"\nseverity = \"Sev2\"").expect("TOML");
        let longer = document.variant(BASE, &[set("tickets.1", ticket)]).expect("the base");
        let tickets = longer.scenario.expect("read").tickets;
        assert_eq!(
            tickets.iter().map(|ticket| ticket.at.as_str()).collect::<Vec<_>>(),
            ["1h", "3h"]
        );
    }

    #[test]
    fn a_candidate_is_the_ground_if_it_is_named() {
        let desk = desk();
        let variant = desk.variant("one-more-expert", &[set("teams.desk.shifts.night.headcount", 2)]);
        let scenario = variant.expect("a candidate").scenario.expect("read");
        assert_eq!(scenario.teams["experts"].headcount, Some(4));
        assert_eq!(scenario.teams["desk"].shifts["night"].headcount, 2);
        assert!(desk.variant("nobody", &[]).is_none());
    }

    #[test]
    fn what_is_wrong_is_found_as_in_a_candidate_and_what_the_base_has_wrong_is_not_repeated() {
        let desk = desk();
        let wrong =
            |path: &str, value: toml::Value| messages(&desk.variant(BASE, &[set(path, value)]).expect("the base"));
        assert_eq!(
            wrong("teams.experts.headcount", (-1).into()),
            ["E104 -1 is out of range"]
        );
        assert!(wrong("teams.expert.headcount", 4.into())[0].starts_with("E102"));
        assert!(wrong("candidates.sooner", 4.into())[0].starts_with("E209"));
        assert!(wrong("", 4.into())[0].starts_with("E209"));
    }
}
