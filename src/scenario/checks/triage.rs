//! Triage: attributes whose shares add up, rules that ask for what tickets have, and rules that can match.

use super::super::problem::{Place, Problems};
use super::super::{Attributes, Levels, Named, Path, Scenario, ShareBySeverity, Triage, TriageCondition};
use super::{SLACK, adds_to_one};
use crate::scenario::words::{listed, meant};

pub(super) fn check(scenario: &Scenario, problems: &mut Problems) {
    for (path, written) in attributes(scenario) {
        shares(scenario, written, &path, problems);
    }
    let Some(triage) = &scenario.triage else { return };
    for (name, rule) in &triage.rules {
        conditions(
            scenario,
            &rule.if_,
            Path::from(["triage", "rules", name, "if"]),
            problems,
        );
    }
    if let Some(manual) = &triage.manual {
        conditions(scenario, &manual.if_, Path::from(["triage", "manual", "if"]), problems);
    }
    matrix(scenario, triage, problems);
    by_source(scenario, triage, problems);
    shadowed(triage, problems);
}

/// All attributes that are written, and where.
fn attributes(scenario: &Scenario) -> Vec<(Path, &Attributes)> {
    let of_all = scenario
        .attributes
        .iter()
        .map(|written| (Path::from("attributes"), written));
    let of_services = scenario.services.iter().filter_map(|(name, service)| {
        let written = service.attributes.as_ref()?;
        Some((Path::from(["services", name, "attributes"]), written))
    });
    of_all.chain(of_services).collect()
}

fn shares(scenario: &Scenario, written: &Attributes, path: &Path, problems: &mut Problems) {
    for (key, values) in [("source", &written.source), ("keyword", &written.keyword)] {
        let values: Vec<&ShareBySeverity> = values.values().collect();
        each_severity_adds_to_one(scenario, &values, path.key(key), problems);
    }
    for (key, levels) in [("impact", &written.impact), ("urgency", &written.urgency)] {
        if let Some(Levels { high, medium, low }) = levels {
            let values: Vec<&ShareBySeverity> = [high, medium, low].into_iter().flatten().collect();
            each_severity_adds_to_one(scenario, &values, path.key(key), problems);
        }
    }
}

/// Reports the first severity for which the shares of an attribute's values do not add to 1.
fn each_severity_adds_to_one(scenario: &Scenario, values: &[&ShareBySeverity], path: Path, problems: &mut Problems) {
    if values.is_empty() {
        return;
    }
    for severity in scenario.severities.keys() {
        let sum: f64 = values.iter().map(|shares| share_of(shares, severity)).sum();
        if (sum - 1.0).abs() > SLACK {
            let what = format!("the shares of `{path}` for {severity}");
            return adds_to_one(&mut std::iter::once(sum), &what, &[], path, problems);
        }
    }
}

fn share_of(shares: &ShareBySeverity, severity: &str) -> f64 {
    match shares {
        ShareBySeverity::All(share) => *share,
        ShareBySeverity::By(by) => by.get(severity).or_else(|| by.get("other")).copied().unwrap_or(0.0),
    }
}

/// The names of an attribute's values, in all places where it is written.
fn names<'a>(scenario: &'a Scenario, of: impl Fn(&'a Attributes) -> &'a Named<ShareBySeverity>) -> Vec<&'a str> {
    let all = attributes(scenario).into_iter();
    all.flat_map(|(_, written)| of(written).keys().map(String::as_str))
        .collect()
}

fn conditions(scenario: &Scenario, written: &TriageCondition, path: Path, problems: &mut Problems) {
    let (sources, keywords) = (names(scenario, |of| &of.source), names(scenario, |of| &of.keyword));
    for (key, list, known) in [
        ("source", &written.source, sources),
        ("keyword", &written.keyword, keywords),
    ] {
        for (index, name) in list.iter().flatten().enumerate() {
            if !known.contains(&name.as_str()) {
                no_ticket_has(name, key, &known, path.key(key).index(index), problems);
            }
        }
    }
    let any = |of: fn(&Attributes) -> bool| attributes(scenario).iter().any(|(_, written)| of(written));
    let levels = [
        ("impact", written.impact.is_some(), any(|of| of.impact.is_some())),
        ("urgency", written.urgency.is_some(), any(|of| of.urgency.is_some())),
    ];
    for (key, _, _) in levels.into_iter().filter(|(_, asked, there)| *asked && !*there) {
        let message = format!("no ticket has a reported {key}");
        problems.error("E252", path.key(key), message).help(format!(
            "say how it is spread: `[attributes.{key}]` with `high`, `medium` and `low`"
        ));
    }
}

fn no_ticket_has(name: &str, key: &str, known: &[&str], place: Path, problems: &mut Problems) {
    let help = match known.is_empty() {
        true => format!("say how tickets are spread over them: `[attributes.{key}]`"),
        false => {
            meant(name, known.iter().copied()).unwrap_or_else(|| format!("`attributes.{key}` has {}", listed(known)))
        }
    };
    let what = if key == "source" { "source" } else { "class of words" };
    problems
        .error("E252", place, format!("no ticket has the {what} `{name}`"))
        .help(help);
}

fn matrix(scenario: &Scenario, triage: &Triage, problems: &mut Problems) {
    let complete = |of: &Attributes| of.impact.is_some() && of.urgency.is_some();
    if triage.matrix.is_some() && !attributes(scenario).iter().any(|(_, written)| complete(written)) {
        let place = Place::key(["triage", "matrix"]);
        problems
            .error(
                "E252",
                place,
                "the matrix reads impact and urgency, and no ticket has both",
            )
            .help("say how they are spread: `[attributes.impact]` and `[attributes.urgency]`");
    }
    if let (Some(_), Some(_)) = (&triage.matrix, &triage.otherwise) {
        let place = Place::key(["triage", "otherwise"]);
        problems
            .warning(
                "W405",
                place,
                "`otherwise` has no effect beside `matrix`, which takes every ticket that no rule matches",
            )
            .help("keep one of them");
    }
}

fn by_source(scenario: &Scenario, triage: &Triage, problems: &mut Problems) {
    let known = names(scenario, |of| &of.source);
    for (source, rows) in &triage.confusion_by_source {
        let path = Path::from(["triage", "confusion_by_source", source]);
        if !known.contains(&source.as_str()) {
            no_ticket_has(source, "source", &known, path, problems);
            continue;
        }
        for (severity, row) in rows {
            let what = format!("the probabilities of what is reported for `{severity}`");
            adds_to_one(&mut row.values().copied(), &what, &[], path.key(severity), problems);
        }
    }
}

/// A rule without conditions takes every ticket: what is behind it never matches.
fn shadowed(triage: &Triage, problems: &mut Problems) {
    let takes_all = |(_, rule): &(&String, &super::super::TriageRule)| rule.if_ == TriageCondition::default();
    let mut rules = triage.rules.iter();
    let Some((first, _)) = rules.by_ref().find(takes_all) else {
        return;
    };
    if let Some((name, _)) = rules.next() {
        let place = Place::key(["triage", "rules", name]);
        problems
            .warning("W451", place, format!("the rule `{name}` never matches"))
            .also(Place::key(["triage", "rules", first]), "this one takes every ticket")
            .help("put it before, or give the other one an `if`");
    }
}
