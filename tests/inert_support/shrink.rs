//! Cases of a row of inert changes, and how a failing one is cut down.

use super::organisation::{TRIGGERS, of_errors, trigger};
use super::{Draw, Organisation, organisation};
use escalade::scenario::Document;
use proptest::strategy::{NewTree, Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use std::fmt;

/// How a row writes its patch; `None` where the change would be one.
#[derive(Clone, Copy)]
pub enum Patch {
    Plain(fn(&Organisation, &mut Draw) -> Option<String>),
    /// About a rule with this trigger, or with any.
    Rule(Option<u32>, fn(&Organisation, &mut Draw, &str) -> Option<String>),
}

/// A change that should change nothing.
#[derive(Clone, Copy)]
pub struct Row {
    pub name: &'static str,
    /// What the base may not say, as for [`Organisation::without`].
    pub without: &'static [&'static str],
    pub patch: Patch,
    /// Activities and people of the event log that are the change's own, by how they begin.
    pub told: &'static [&'static str],
    /// Metrics that are the change's own, by what their names contain.
    pub measured: &'static [&'static str],
}

impl Row {
    /// The row with rules of one trigger only.
    pub fn at(self, trigger: u32) -> Row {
        let patch = match self.patch {
            Patch::Rule(_, patch) => Patch::Rule(Some(trigger), patch),
            plain @ Patch::Plain(_) => plain,
        };
        Row { patch, ..self }
    }
}

impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// An organisation and the patch of a row.
#[derive(Clone)]
pub struct Case {
    pub row: Row,
    pub text: String,
}

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n{}", self.row.name, self.text)
    }
}

/// Organisations to which a row applies.
#[derive(Debug, Clone, Copy)]
pub struct Cases {
    pub row: Row,
}

/// How many organisations are drawn for one to which a row applies.
const TRIES: u64 = 400;

impl Strategy for Cases {
    type Tree = Lines;
    type Value = Case;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        let seed = proptest::num::u64::ANY.new_tree(runner)?.current();
        for number in 0..TRIES {
            let seed = seed.wrapping_add(number);
            let mut drawn = organisation(&mut Draw::new(seed));
            drawn.without(self.row.without);
            let Some(lines) = drawn.repaired().map(|repaired| repaired.lines) else {
                continue;
            };
            let tree = Lines {
                row: self.row,
                seed,
                chunk: (lines.len() / 2).max(1),
                lines,
                at: 0,
                taken: Vec::new(),
                is_smaller: false,
            };
            if of_errors(&Document::parse("random.toml", tree.current().text))
                .next()
                .is_none()
                && tree.patch().is_some()
            {
                return Ok(tree);
            }
        }
        Err(format!("{}: no organisation in {TRIES} to which it applies", self.row.name).into())
    }
}

/// A case that gives up line after line: large pieces first, then smaller ones, until no single line can go.
#[derive(Debug)]
pub struct Lines {
    row: Row,
    seed: u64,
    lines: Vec<String>,
    chunk: usize,
    at: usize,
    /// What is left out at `at`, on trial.
    taken: Vec<String>,
    /// Whether this pass has left anything out for good.
    is_smaller: bool,
}

impl Lines {
    /// The patch for the lines that are left: what it spells out, for one, depends on them.
    fn patch(&self) -> Option<String> {
        let left = Organisation {
            lines: self.lines.clone(),
        };
        let mut draw = Draw::new(!self.seed);
        match self.row.patch {
            Patch::Plain(patch) => patch(&left, &mut draw),
            Patch::Rule(wanted, patch) => {
                let (teams, severities) = (left.names("teams"), left.names("severities"));
                if teams.is_empty() || severities.is_empty() {
                    return None;
                }
                let number = wanted.unwrap_or_else(|| draw.between(0, TRIGGERS - 1));
                let when = trigger(&mut draw, number, &teams, &severities);
                patch(&left, &mut draw, &when)
            }
        }
    }

    fn take(&mut self) -> bool {
        if self.at >= self.lines.len() {
            if self.chunk == 1 && !self.is_smaller {
                return false;
            }
            (self.at, self.is_smaller) = (0, false);
            self.chunk = (self.chunk / 2).max(1);
        }
        let until = (self.at + self.chunk).min(self.lines.len());
        self.taken = self.lines.drain(self.at..until).collect();
        !self.taken.is_empty()
    }
}

impl ValueTree for Lines {
    type Value = Case;

    fn current(&self) -> Case {
        let left = Organisation {
            lines: self.lines.clone(),
        };
        // Without a patch there is no candidate, and nothing to fail.
        let text = match self.patch() {
            Some(patch) => left.with_candidate(&patch),
            None => left.text(),
        };
        Case { row: self.row, text }
    }

    fn simplify(&mut self) -> bool {
        self.is_smaller |= !self.taken.is_empty();
        self.taken.clear();
        self.take()
    }

    fn complicate(&mut self) -> bool {
        let back = std::mem::take(&mut self.taken);
        let many = back.len();
        self.lines.splice(self.at..self.at, back);
        self.at += many.max(1);
        self.take()
    }
}
