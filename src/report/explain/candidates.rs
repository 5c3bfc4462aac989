//! The candidates as differences from the base: what they change, and whose load it changes.

use serde_json::{Value, json};

use super::costs::money;
use super::layout::{FIXED_SPACE, plain, wrapped};
use super::load;
use super::words::fine_percent;
use crate::model::costs::scheduled_a_month;
use crate::model::{Beside, Load, Model, RuleId, TeamId, TeamLoad};
use crate::scenario::{BASE, Difference, Document};

/// Loads that differ by less look the same.
const SAME: f64 = 0.0005;

/// A candidate: its changes and its load.
#[derive(Debug)]
pub(super) struct Explained {
    name: String,
    description: Option<String>,
    changes: Vec<Difference>,
    teams: Vec<String>,
    rules: Vec<String>,
    load: Load,
    /// Pay of the hours of all shifts a month, in words and as a number; where money is counted.
    pay: Option<(String, f64)>,
}

/// All candidates, the base first.
pub(super) fn explained(document: &Document, models: &[(&str, Model)]) -> Vec<Explained> {
    let described = |name: &str| document.base()?.candidates.get(name)?.description.clone();
    let one = |(name, model): &(&str, Model)| Explained {
        name: (*name).to_owned(),
        description: described(name),
        changes: document.differences(name),
        teams: model.names.teams.clone(),
        rules: model.names.rules.clone(),
        load: Load::of(model),
        pay: model
            .costs
            .as_ref()
            .zip(scheduled_a_month(model))
            .map(|(costs, pay)| (money(pay, costs), pay)),
    };
    models.iter().map(one).collect()
}

impl Explained {
    /// Teams with their loads.
    pub(super) fn teams(&self) -> Vec<(&str, &TeamLoad)> {
        self.teams.iter().map(String::as_str).zip(&self.load.teams).collect()
    }

    /// Names of the rules whose effect on the load is not counted.
    pub(super) fn uncounted(&self) -> Vec<&str> {
        let name = |rule: &RuleId| self.rules.get(rule.index()).map(String::as_str);
        self.load.uncounted.iter().filter_map(name).collect()
    }

    /// Work beside the tickets' own that is not counted.
    pub(super) fn beside(&self) -> &[Beside] {
        &self.load.beside
    }

    /// Names of the teams part of whose work others take over, or that turn some of it away.
    pub(super) fn elsewhere(&self) -> Vec<&str> {
        let teams = self.teams();
        let name = |team: &TeamId| teams.get(team.index()).map(|(name, _)| *name);
        self.load.elsewhere.iter().filter_map(name).collect()
    }
}

/// Each candidate: path: before → after, and loads that change.
pub(super) fn text(candidates: &[Explained], width: usize) -> Vec<String> {
    let mut lines = vec![
        "Candidates, by what they change".to_owned(),
        format!("  {BASE}: the scenario as written"),
    ];
    let Some((base, others)) = candidates.split_first() else {
        return lines;
    };
    for candidate in others {
        let description = candidate.description.as_ref();
        let description = description.map(|text| format!(": {}", text.trim())).unwrap_or_default();
        lines.extend(set_in(&format!("{}{description}", candidate.name), 2, width));
        for change in &candidate.changes {
            lines.extend(set_in(&in_words(change), 4, width));
        }
        for change in load_changes(base, candidate)
            .into_iter()
            .chain(pay_change(base, candidate))
        {
            lines.extend(set_in(&change, 4, width));
        }
    }
    lines
}

fn set_in(text: &str, by: usize, width: usize) -> Vec<String> {
    let lines = wrapped(text, width - by, 2).into_iter();
    lines.map(|line| format!("{}{line}", " ".repeat(by))).collect()
}

fn in_words(change: &Difference) -> String {
    let path = &change.path;
    match (&change.before, &change.after) {
        (Some(before), Some(after)) => format!("{path}: {before} → {after}"),
        (None, Some(after)) => format!("{path}: {after} (new)"),
        (Some(before), None) => format!("{path}: {before} → nothing"),
        (None, None) => path.to_string(),
    }
}

/// The teams whose load is another than the base's.
fn load_changes(base: &Explained, candidate: &Explained) -> Vec<String> {
    let before = base.teams();
    let mut said = Vec::new();
    for (name, team) in candidate.teams() {
        let now = share(team);
        match before.iter().find(|(known, _)| *known == name) {
            None => said.push(format!("load of {name}: {now} (new)")),
            Some((_, old)) if differs(old, team) => said.push(format!("load of {name}: {} → {now}", share(old))),
            Some(_) => {}
        }
    }
    said
}

/// What the schedule costs a month, if it costs something else than the base's.
fn pay_change(base: &Explained, candidate: &Explained) -> Option<String> {
    let (words, _) = candidate.pay.as_ref()?;
    match &base.pay {
        None => Some(format!("the schedule costs {words} a month")),
        Some((before, _)) if before != words => Some(format!("the schedule costs {before} → {words} a month")),
        Some(_) => None,
    }
}

fn differs(before: &TeamLoad, after: &TeamLoad) -> bool {
    match (before.ratio(), after.ratio()) {
        (Some(before), Some(after)) => (before - after).abs() >= SAME,
        (before, after) => before.is_some() != after.is_some(),
    }
}

fn share(team: &TeamLoad) -> String {
    let share = team.ratio().map_or("nobody on duty".to_owned(), fine_percent);
    let overload = match team.is_overloaded() {
        true => format!("{FIXED_SPACE}(overload)"),
        false => String::new(),
    };
    share + &overload
}

/// A candidate as data: its changes and the load of its teams.
pub(super) fn json(candidate: &Explained) -> Value {
    let change = |change: &Difference| json!({ "path": change.path.to_string(), "before": change.before, "after": change.after });
    let teams = candidate.teams().into_iter();
    json!({
        "name": candidate.name,
        "description": candidate.description,
        "changes": candidate.changes.iter().map(change).collect::<Value>(),
        "load": teams.map(|(name, team)| load::json(name, team)).collect::<Value>(),
        "scheduled_cost_per_month": candidate.pay.as_ref().map(|(_, pay)| pay),
        "rules_not_counted": candidate.uncounted(),
        "words": candidate.changes.iter().map(|change| plain(&in_words(change))).collect::<Value>(),
    })
}
