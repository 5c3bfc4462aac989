//! A scenario file: its text, its tree, the scenarios of the base and of every candidate, and all that is wrong with it.
//!
//! Reading has three stages, each complete before the next: syntax, shape (keys, types, ranges, formats, references) and
//! meaning (contradictions). A candidate's tree is the base's with its patch merged over it; it is checked as a whole, but
//! what it shares with the base is reported once, and what its patch got wrong is reported where the patch says it.
//! Nothing here needs a model: what only the compiled whole shows is the model's to report, through the same [`Problems`].

use super::path::Path;
use super::problem::{Place, Problem, Problems};
use super::schema::Schema;
use super::tree::{Entry, Kind, Node, Table};
use super::{BASE, Scenario, brackets, checks, shape};
use serde::Deserialize;
use std::io;
use std::ops::Range;
use toml::de::DeTable;

/// A scenario file, read.
#[derive(Debug, Clone)]
pub struct Document {
    name: String,
    text: String,
    tree: Node,
    base: Option<Scenario>,
    candidates: Vec<Patched>,
    /// Stresses over the base, kept for their places.
    stresses: Vec<Patched>,
    problems: Problems,
}

/// What a stress is called among the candidates: no table of the file can have this name twice, and none begins so.
fn stress_name(name: &str) -> String {
    format!("stress {name}")
}

/// The keys that no patch may set.
pub(super) const KEPT: [&str; 3] = ["candidates", "name", "stress"];

/// A candidate: the base with a patch over it.
#[derive(Debug, Clone)]
struct Patched {
    name: String,
    tree: Node,
    /// Does the patch change nothing, though nothing in it was refused?
    is_base: bool,
    scenario: Option<Scenario>,
    /// Where the patch stands in the text: its name first, then everything in it.
    spans: Vec<Range<usize>>,
}

/// FNV-1a of bytes, 64 bits: to tell two texts apart, not to resist anybody.
pub fn fingerprint(bytes: &[u8]) -> u64 {
    let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, step)
}

/// A value in which a candidate differs from the base.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Which value.
    pub path: Path,
    /// What the base says, on one line; `None`: nothing.
    pub before: Option<String>,
    /// What the candidate says; `None`: nothing.
    pub after: Option<String>,
}

impl Document {
    /// Reads and checks a file. Only a file that cannot be opened is an error here; what is wrong *in* it is in
    /// [`problems`](Document::problems).
    pub fn read(path: &std::path::Path) -> io::Result<Document> {
        let bytes = std::fs::read(path)?;
        Ok(Document::from_bytes(path.display().to_string(), bytes))
    }

    /// As [`parse`](Document::parse), of bytes that should be UTF-8.
    pub fn from_bytes(name: impl Into<String>, bytes: Vec<u8>) -> Document {
        match String::from_utf8(bytes) {
            Ok(text) => Document::parse(name, text),
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
                let mut document = Document::empty(name.into(), text);
                document
                    .problems
                    .error("E001", at..at + '\u{fffd}'.len_utf8(), "the file is not UTF-8 text")
                    .label("not UTF-8")
                    .help("save the file as UTF-8");
                document
            }
        }
    }

    /// Reads and checks a text; `name` is what problems call the file. Never fails: see [`problems`](Document::problems).
    pub fn parse(name: impl Into<String>, text: impl Into<String>) -> Document {
        let mut document = Document::empty(name.into(), text.into());
        let (tree, errors) = DeTable::parse_recoverable(&document.text);
        syntax_errors(&errors, &document.text, &mut document.problems);
        if errors.is_empty() {
            document.tree = Node::of_table(tree.get_ref(), 0..0);
            document.check();
        }
        document
    }

    fn empty(name: String, text: String) -> Document {
        Document {
            name,
            text,
            tree: Node {
                span: 0..0,
                kind: Kind::Table(Table::new()),
            },
            base: None,
            candidates: Vec::new(),
            stresses: Vec::new(),
            problems: Problems::new(),
        }
    }

    fn check(&mut self) {
        shape::check(&self.tree, &mut self.problems);
        if !self.problems.any_error() {
            self.base = self.read_base();
        }
        if let Some(base) = &self.base {
            checks::check(base, &mut self.problems);
        }
        self.candidates = self.checked("candidates", str::to_owned);
        self.stresses = self.checked("stress", stress_name);
        if let (Some(base), false) = (&self.base, self.problems.any_error()) {
            let patches = self.candidates.iter().chain(&self.stresses);
            let patched: Vec<&Scenario> = patches.filter_map(|patch| patch.scenario.as_ref()).collect();
            checks::unused(base, &patched, &mut self.problems);
        }
    }

    /// The patches of a table, each checked.
    fn checked(&mut self, table: &str, called: fn(&str) -> String) -> Vec<Patched> {
        let mut patches = self.patches(table, called);
        for patch in &mut patches {
            let problems = patch.check();
            self.problems.absorb(problems);
        }
        patches
    }

    fn read_base(&mut self) -> Option<Scenario> {
        match Scenario::deserialize(self.tree.plain()) {
            Ok(scenario) => Some(scenario),
            Err(error) => {
                let span = toml::from_str::<Scenario>(&self.text)
                    .err()
                    .and_then(|error| error.span());
                self.problems
                    .error("E115", span.unwrap_or(0..0), one_line(error.message()));
                None
            }
        }
    }

    /// The candidates (or stresses) whose patch is a table, each merged.
    fn patches(&mut self, table: &str, called: fn(&str) -> String) -> Vec<Patched> {
        let Some(candidates) = self.tree.get(table).and_then(Node::table) else {
            return Vec::new();
        };
        for name in candidates.keys() {
            for key in KEPT {
                let place = Path::from([table, name, "set", key]);
                if self.tree.nearest(&place).whole {
                    let message = format!("a patch cannot change `{key}`");
                    self.problems
                        .error("E209", Place::Key(place), message)
                        .help("a patch holds any other key of the scenario");
                }
            }
        }
        let base = self.unpatched();
        candidates
            .iter()
            .filter(|(name, _)| table != "candidates" || *name != BASE)
            .filter_map(|(name, entry)| Patched::of(&base, called(name), entry))
            .collect()
    }

    /// The base's tree without the lists of candidates and stresses.
    fn unpatched(&self) -> Node {
        let mut tree = self.tree.clone();
        if let Kind::Table(table) = &mut tree.kind {
            table.shift_remove("candidates");
            table.shift_remove("stress");
        }
        tree
    }

    /// The tree of the base or of a candidate, without the list of candidates.
    pub(super) fn scenario_tree(&self, candidate: &str) -> Option<Node> {
        match candidate {
            BASE => Some(self.unpatched()),
            name => self.patched(name).map(|candidate| candidate.tree.clone()),
        }
    }

    /// What the problems call the file.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The text as it was read.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The [`fingerprint`] of the text.
    pub fn hash(&self) -> u64 {
        fingerprint(self.text.as_bytes())
    }

    /// All that is wrong, the base's first.
    pub fn problems(&self) -> &Problems {
        &self.problems
    }

    /// The unpatched scenario; `None` if its shape is wrong.
    pub fn base(&self) -> Option<&Scenario> {
        self.base.as_ref()
    }

    /// The scenarios that can be read, by name: `base` first, then the candidates in the order of the file. The `candidates`
    /// of a candidate's own scenario are empty.
    pub fn scenarios(&self) -> impl Iterator<Item = (&str, &Scenario)> {
        let base = self.base.iter().map(|scenario| (BASE, scenario));
        base.chain(
            self.candidates
                .iter()
                .filter_map(|candidate| Some((candidate.name.as_str(), candidate.scenario.as_ref()?))),
        )
    }

    /// The scenario of a candidate, or of `base`.
    pub fn scenario(&self, candidate: &str) -> Option<&Scenario> {
        self.scenarios()
            .find(|(name, _)| *name == candidate)
            .map(|(_, scenario)| scenario)
    }

    /// The bytes of the value at `path`, in the base or in a candidate's merged scenario. `None` if nothing is written there.
    pub fn span_of(&self, candidate: Option<&str>, path: impl Into<Path>) -> Option<Range<usize>> {
        let path = path.into();
        let found = self.tree_of(candidate).nearest(&path);
        found.whole.then(|| found.value.span.clone())
    }

    /// The bytes that a problem points at: of its place, or of the last of its path's keys that is written.
    pub fn locate(&self, problem: &Problem) -> Range<usize> {
        self.place(&problem.place, problem.candidate.as_deref())
    }

    pub(super) fn place(&self, place: &Place, candidate: Option<&str>) -> Range<usize> {
        let tree = self.tree_of(candidate);
        match place {
            Place::Span(span) => span.clone(),
            Place::Value(path) => tree.nearest(path).value.span.clone(),
            Place::Key(path) => {
                let found = tree.nearest(path);
                if found.whole {
                    found.key.clone()
                } else {
                    found.value.span.clone()
                }
            }
        }
    }

    /// For a problem that only a candidate has, though the place where it shows is the base's: where that candidate is named.
    pub(super) fn cause(&self, problem: &Problem) -> Option<Range<usize>> {
        let candidate = self.patched(problem.candidate.as_deref()?)?;
        let place = self.locate(problem);
        let own = candidate.spans.contains(&place);
        candidate.spans.first().filter(|_| !own).cloned()
    }

    fn patched(&self, name: &str) -> Option<&Patched> {
        let mut all = self.candidates.iter().chain(&self.stresses);
        all.find(|candidate| candidate.name == name)
    }

    fn tree_of(&self, candidate: Option<&str>) -> &Node {
        candidate
            .and_then(|name| self.patched(name))
            .map_or(&self.tree, |candidate| &candidate.tree)
    }

    /// The values in which a candidate truly differs from the base, in the order of its scenario. None for `base`, and for
    /// a name that is no candidate's.
    pub fn differences(&self, candidate: &str) -> Vec<Difference> {
        let mut found = Vec::new();
        if let Some(candidate) = self.patched(candidate) {
            compare(
                Some(&self.unpatched()),
                Some(&candidate.tree),
                &mut Path::root(),
                &mut found,
            );
        }
        found
    }
}

impl Patched {
    fn of(base: &Node, name: String, entry: &Entry) -> Option<Patched> {
        let empty = Node {
            span: entry.value.span.clone(),
            kind: Kind::Table(Table::new()),
        };
        let written = entry.value.table()?;
        let mut patch = match written.get("set") {
            Some(set) => set.value.clone(),
            None => empty,
        };
        let mut spans = vec![entry.key.clone()];
        patch.spans(&mut spans);
        let Kind::Table(table) = &mut patch.kind else {
            return None;
        };
        // What is refused may have been the change.
        let is_refused = table.keys().any(|key| KEPT.contains(&key.as_str()))
            || (written.get("set").is_none() && written.keys().any(|key| key != "description"));
        table.retain(|key, _| !KEPT.contains(&key.as_str()));
        let tree = base.patched(&patch, Some(Schema::scenario()));
        Some(Patched {
            name,
            is_base: tree == *base && !is_refused,
            tree,
            scenario: None,
            spans,
        })
    }

    /// All that is wrong with the merged scenario, what the base shares with it too.
    fn check(&mut self) -> Problems {
        let mut problems = Problems::of(Some(&self.name));
        shape::check(&self.tree, &mut problems);
        if !problems.any_error() {
            self.scenario = self.read(&mut problems);
        }
        if let Some(scenario) = &self.scenario {
            checks::check(scenario, &mut problems);
        }
        if self.is_base {
            let place = Place::Span(self.spans[0].clone());
            let (message, help) = match self.name.strip_prefix(&stress_name("")) {
                Some(stress) => (
                    format!("stress `{stress}` changes nothing"),
                    "the scenario as it is, is one of the worlds already",
                ),
                None => (
                    format!("candidate `{}` changes nothing", self.name),
                    "the candidate `base` is the unpatched scenario already",
                ),
            };
            problems.warning("W407", place, message).help(help);
        }
        problems
    }

    fn read(&self, problems: &mut Problems) -> Option<Scenario> {
        match Scenario::deserialize(self.tree.plain()) {
            Ok(scenario) => Some(scenario),
            Err(error) => {
                problems.error("E115", self.spans[0].clone(), one_line(error.message()));
                None
            }
        }
    }
}

fn compare(before: Option<&Node>, after: Option<&Node>, path: &mut Path, found: &mut Vec<Difference>) {
    let table = |node: Option<&Node>| node.is_none_or(|node| node.table().is_some_and(|table| !table.is_empty()));
    if before == after {
        return;
    }
    if !table(before) || !table(after) {
        found.push(Difference {
            path: path.clone(),
            before: before.map(Node::to_string),
            after: after.map(Node::to_string),
        });
        return;
    }
    let keys = |node: Option<&Node>| {
        node.and_then(Node::table)
            .into_iter()
            .flat_map(Table::keys)
            .cloned()
            .collect::<Vec<_>>()
    };
    let mut all = keys(before);
    all.extend(
        keys(after)
            .into_iter()
            .filter(|key| before.is_none_or(|before| before.get(key).is_none())),
    );
    for key in all {
        let inner = |node: Option<&Node>| node.and_then(|node| node.get(&key)).cloned();
        path.push(&key);
        compare(inner(before).as_ref(), inner(after).as_ref(), path, found);
        path.pop();
    }
}

/// What the TOML reader says. Behind a bracket that nothing closes it takes all that follows for part of it: of that nothing
/// is said.
fn syntax_errors(errors: &[toml::de::Error], text: &str, problems: &mut Problems) {
    let start = |error: &toml::de::Error| error.span().map_or(0, |span| span.start);
    let is_unclosed = |error: &toml::de::Error| {
        ["unclosed array", "unclosed inline table"]
            .iter()
            .any(|unclosed| error.message().starts_with(unclosed))
    };
    let unclosed = match errors.iter().any(is_unclosed) {
        true => brackets::unclosed(text),
        false => Vec::new(),
    };
    let first = unclosed.first().copied().unwrap_or(text.len());
    // What is open within it by then was to be closed there, too.
    let noticed = errors.iter().map(start).filter(|at| *at > first).min();
    let before = |at: usize| noticed.is_none_or(|noticed| at < noticed);
    for at in unclosed.iter().copied().filter(|at| before(*at)) {
        let (what, closing) = match text.as_bytes().get(at) {
            Some(b'[') => ("array", "]"),
            _ => ("inline table", "}"),
        };
        let problem = problems.error("E002", at..at + 1, format!("unclosed {what}"));
        problem
            .label("nothing closes it")
            .help(format!("write `{closing}` where it ends"));
        if let Some(noticed) = noticed {
            problem.also(noticed..noticed, "taken for part of it");
        }
    }
    // What stands in a table that is opened twice is written twice itself.
    let mut opened_again = 0..0;
    for error in errors
        .iter()
        .filter(|error| unclosed.is_empty() || start(error) < first)
    {
        let at = start(error);
        let is_twice = error.message().starts_with("duplicate key");
        if is_twice && opened_again.contains(&at) {
            continue;
        }
        syntax_error(error, text, problems);
        if is_twice && is_head(line_of(text, at)) {
            let rest = text.get(at..).unwrap_or_default();
            let next = rest
                .match_indices('\n')
                .find(|(end, _)| is_head(line_of(text, at + end + 1)));
            opened_again = at + 1..next.map_or(text.len(), |(end, _)| at + end + 1);
        }
    }
}

/// Where the line begins in which a byte stands.
fn line_start(text: &str, at: usize) -> usize {
    let before = text.get(..at).and_then(|before| before.rfind('\n'));
    before.map_or(0, |end| end + 1)
}

/// The line of a text in which a byte stands.
fn line_of(text: &str, at: usize) -> &str {
    let rest = text.get(line_start(text, at)..).unwrap_or_default();
    rest.split('\n').next().unwrap_or_default()
}

/// Whether a line is the head of a table.
fn is_head(line: &str) -> bool {
    line.trim_start().starts_with('[')
}

/// Where a key or the head of a table that is written twice stands first, if it is written alike there: above the second, and a
/// key in the same table.
fn written_first(text: &str, second: &Range<usize>) -> Option<Range<usize>> {
    let key = text.get(second.clone())?;
    let line = line_of(text, second.start);
    let without_remark = |line: &str| line.split('#').next().unwrap_or_default().trim().to_owned();
    let is_it = |other: &str| match is_head(line) {
        true => without_remark(other) == without_remark(line),
        false => {
            let rest = other.trim_start().strip_prefix(key);
            rest.is_some_and(|rest| rest.trim_start().starts_with(['=', '.']))
        }
    };
    let mut at = line_start(text, second.start);
    while at > 0 {
        at = line_start(text, at - 1);
        let other = line_of(text, at);
        if is_it(other) {
            let indent = |line: &str| line.len() - line.trim_start().len();
            let within = (second.start - line_start(text, second.start)).checked_sub(indent(line))?;
            let place = at + indent(other) + within;
            return Some(place..place + key.len());
        }
        if is_head(other) && !is_head(line) {
            return None;
        }
    }
    None
}

/// What the TOML reader says, e.g. `invalid date, expected month between 01 and 12`, as message and label.
fn syntax_error(error: &toml::de::Error, text: &str, problems: &mut Problems) {
    let span = error.span().unwrap_or(0..0);
    let message = one_line(error.message());
    let (wrong, expected) = match message.split_once(", expected ") {
        Some((wrong, expected)) => (wrong, Some(format!("expected {expected}"))),
        None => (message.as_str(), None),
    };
    if wrong == "duplicate key" {
        let key = text.get(span.clone()).unwrap_or_default().to_owned();
        let first = written_first(text, &span);
        let problem = problems.error("E003", span, format!("`{}` is written twice", key.escape_debug()));
        problem
            .label("again here")
            .help("a key is written once in its table, and a table is opened once");
        if let Some(first) = first {
            problem.also(first, "first here");
        }
        return;
    }
    let help = wrong
        .starts_with("string values must be quoted")
        .then(|| "write it in quotes".to_owned());
    problems.error("E002", span, wrong).help_if(help).label = expected;
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::super::{Law, LawBySeverity, Trigger, render, starter};
    use super::*;

    fn with(candidate: &str) -> Document {
        let document = Document::parse("desk.toml", starter("desk") + "\n[candidates.x]\n" + candidate);
        assert_eq!(render(&document, document.problems(), false), "");
        document
    }

    fn changes(candidate: &str) -> Vec<String> {
        let differences = with(candidate).differences("x");
        let side = |text: &Option<String>| text.clone().unwrap_or("-".into());
        differences
            .iter()
            .map(|change| format!("{}: {} -> {}", change.path, side(&change.before), side(&change.after)))
            .collect()
    }

    #[test]
    fn a_patch_changes_what_it_names_and_nothing_else() {
        assert_eq!(
            changes("set.teams.desk.shifts.early.headcount = 9"),
            ["teams.desk.shifts.early.headcount: 4 -> 9"]
        );
        assert_eq!(
            changes("set.rules.hurry.then = [{ transfer = \"L2\" }]\nset.teams.experts.headcount = 3"),
            ["rules.hurry.then: [{ alert = shift lead }, { transfer = L2 }] -> [{ transfer = L2 }]"]
        );
        assert_eq!(
            changes("set.severities.Sev2.update = \"2h\""),
            ["severities.Sev2.update: - -> 2h"]
        );
    }

    #[test]
    fn what_excludes_another_replaces_it() {
        let document = with(
            "set.tiers.L1.work.exponential = \"9m\"\nset.rules.hurry.when.in_team = \"1h\"\nset.arrivals.rate = \"4/h\"\nset.teams.desk.headcount = 8",
        );
        let scenario = document.scenario("x").unwrap();
        assert_eq!(
            scenario.tiers["L1"].work,
            LawBySeverity::All(Law::Exponential("9m".into()))
        );
        assert!(matches!(scenario.rules["hurry"].when, Trigger::InTeam(_)));
        assert!(
            scenario
                .arrivals
                .as_ref()
                .is_some_and(|arrivals| arrivals.per_week.is_none() && arrivals.by_hour.is_none())
        );
        assert!(scenario.teams["desk"].shifts.is_empty());
    }

    #[test]
    fn a_law_of_the_same_kind_is_merged_and_one_by_severity_replaces_it() {
        let document = with("set.tiers.L1.work.lognormal.sigma = 1.5\nset.tiers.L2.work.Sev1.exponential = \"1h\"");
        let tiers = &document.scenario("x").unwrap().tiers;
        assert_eq!(
            tiers["L1"].work,
            LawBySeverity::All(Law::Lognormal {
                median: "12m".into(),
                sigma: 1.5
            })
        );
        let LawBySeverity::By(laws) = &tiers["L2"].work else {
            panic!("a law by severity")
        };
        assert_eq!(laws["Sev1"], Law::Exponential("1h".into()));
        assert_eq!(laws.len(), 2);
    }

    #[test]
    fn a_path_is_found_in_the_patch_that_changes_it() {
        let document = with("set.teams.experts.headcount = 77");
        let at = |candidate| {
            document
                .span_of(candidate, "teams.experts.headcount")
                .map(|span| &document.text()[span])
        };
        assert_eq!(at(None), Some("3"));
        assert_eq!(at(Some("x")), Some("77"));
        assert_eq!(document.span_of(None, "teams.experts.colour"), None);
    }

    #[test]
    fn the_hash_is_the_published_one() {
        assert_eq!(Document::parse("", "").hash(), 0xcbf2_9ce4_8422_2325);
        assert_eq!(Document::parse("", "a").hash(), 0xaf63_dc4c_8601_ec8c);
    }
}
