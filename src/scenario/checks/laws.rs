//! Laws of durations: parameters that no sampler could use, and tables by severity with holes.

use super::super::problem::Problems;
use super::super::{Acknowledgement, Law, LawBySeverity, Path, Scenario};
use super::{LONGEST_RUN_YEARS, YEAR_MS, adds_to_one, milliseconds};
use crate::scenario::words::listed;

pub(super) fn check(scenario: &Scenario, problems: &mut Problems) {
    for (name, tier) in &scenario.tiers {
        let path = Path::from(["tiers", name]);
        by_severity(scenario, &tier.work, path.key("work"), problems);
        if let Some(diagnosis) = &tier.diagnosis {
            by_severity(scenario, diagnosis, path.key("diagnosis"), problems);
        }
    }
    let on_call = &scenario.on_call.acknowledges;
    let habits = [
        ("free", &on_call.free),
        ("busy", &on_call.busy),
        ("awake", &on_call.awake),
        ("asleep", &on_call.asleep),
        ("paged", &on_call.paged),
    ];
    for (key, habit) in habits {
        answering(habit.as_ref(), Path::from(["on_call", "acknowledges", key]), problems);
    }
    for (name, schedule) in &scenario.schedules {
        let path = Path::from(["schedules", name, "acknowledges"]);
        answering(schedule.acknowledges.as_ref(), path, problems);
    }
    if let Some(pending) = &scenario.pending {
        law(&pending.wait, &Path::from("pending.wait"), problems);
    }
    if let Some(waits) = &scenario.vendor_waits {
        law(&waits.wait, &Path::from("vendor_waits.wait"), problems);
    }
    if let Some(delay) = scenario
        .reopening
        .as_ref()
        .and_then(|reopening| reopening.delay.as_ref())
    {
        law(delay, &Path::from("reopening.delay"), problems);
    }
    of_the_process(scenario, problems);
    of_customers(scenario, problems);
    of_incidents(scenario, problems);
}

/// Laws of what customers do, and of triage by people.
fn of_customers(scenario: &Scenario, problems: &mut Problems) {
    if let Some(patience) = &scenario.patience {
        by_severity(scenario, &patience.wait, Path::from("patience.wait"), problems);
    }
    for (name, service) in &scenario.services {
        if let Some(patience) = &service.patience {
            let path = Path::from(["services", name, "patience", "wait"]);
            by_severity(scenario, &patience.wait, path, problems);
        }
    }
    if let Some(chasers) = &scenario.chasers {
        by_severity(scenario, &chasers.every, Path::from("chasers.every"), problems);
        takes_time(&chasers.every, &Path::from("chasers.every"), problems);
        law(&chasers.work, &Path::from("chasers.work"), problems);
    }
    let reminders = scenario.pending.as_ref().and_then(|pending| pending.reminders.as_ref());
    if let Some(answer) = reminders.and_then(|reminders| reminders.answer.as_ref()) {
        law(answer, &Path::from("pending.reminders.answer"), problems);
    }
    if let Some(manual) = scenario.triage.as_ref().and_then(|triage| triage.manual.as_ref()) {
        law(&manual.work, &Path::from("triage.manual.work"), problems);
    }
}

/// Laws of faults and their children.
fn of_incidents(scenario: &Scenario, problems: &mut Problems) {
    for (name, incident) in &scenario.incidents {
        let path = Path::from(["incidents", name]);
        let (children, declared, linking) = (&incident.children, &incident.declared, &incident.linking);
        let laws = [
            (incident.lasts.as_ref(), path.key("lasts")),
            (
                children.as_ref().and_then(|children| children.delay.as_ref()),
                path.key("children").key("delay"),
            ),
            (
                declared.as_ref().and_then(|declared| declared.monitoring.as_ref()),
                path.key("declared").key("monitoring"),
            ),
            (
                linking.as_ref().and_then(|linking| linking.delay.as_ref()),
                path.key("linking").key("delay"),
            ),
        ];
        for (written, path) in laws {
            if let Some(written) = written {
                law(written, &path, problems);
            }
        }
        if let Some(close_work) = linking.as_ref().and_then(|linking| linking.close_work.as_ref()) {
            by_severity(scenario, close_work, path.key("linking").key("close_work"), problems);
        }
    }
}

/// Laws of roles, gates, changes, messages, reviews, problems and articles.
fn of_the_process(scenario: &Scenario, problems: &mut Problems) {
    let mut each = |path: Path, one: &Option<Law>| {
        if let Some(one) = one {
            law(one, &path, problems);
        }
    };
    for (name, role) in &scenario.roles {
        let path = Path::from(["roles", name]);
        each(path.key("reaction"), &role.reaction);
        each(path.key("work"), &role.work);
    }
    for (name, gate) in &scenario.gates {
        let path = Path::from(["gates", name]);
        each(path.key("decision_work"), &gate.decision_work);
        each(path.key("deputy_work"), &gate.deputy_work);
        each(path.key("rework"), &gate.rework);
    }
    for (name, change) in &scenario.changes {
        let path = Path::from(["changes", name]);
        each(path.key("release"), &change.release);
        each(path.key("record"), &change.record);
    }
    for (name, problem) in scenario
        .kinds
        .iter()
        .filter_map(|(name, kind)| Some((name, kind.problem.as_ref()?)))
    {
        each(Path::from(["kinds", name, "problem", "fix"]), &problem.fix);
    }
    if let Some(communications) = &scenario.communications {
        each(Path::from("communications.brief_work"), &communications.brief_work);
        law(
            &communications.update_work,
            &Path::from("communications.update_work"),
            problems,
        );
    }
    let knowledge = scenario.knowledge.as_ref();
    if let Some(articles) = knowledge.and_then(|knowledge| knowledge.articles.as_ref()) {
        law(&articles.work, &Path::from("knowledge.articles.work"), problems);
        if let Some(renewal) = &articles.renew_work {
            law(renewal, &Path::from("knowledge.articles.renew_work"), problems);
        }
    }
    if let Some(reviews) = &scenario.reviews {
        by_severity(scenario, &reviews.work, Path::from("reviews.work"), problems);
    }
}

fn answering(habit: Option<&Acknowledgement>, path: Path, problems: &mut Problems) {
    if let Some(delay) = habit.and_then(|habit| habit.delay.as_ref()) {
        law(delay, &path.key("delay"), problems);
    }
}

fn by_severity(scenario: &Scenario, laws: &LawBySeverity, path: Path, problems: &mut Problems) {
    let laws = match laws {
        LawBySeverity::All(one) => return law(one, &path, problems),
        LawBySeverity::By(laws) => laws,
    };
    for (severity, one) in laws {
        law(one, &path.key(severity), problems);
    }
    let missing: Vec<&str> = scenario
        .severities
        .keys()
        .filter(|name| !laws.contains_key(*name))
        .map(String::as_str)
        .collect();
    if !missing.is_empty() && !laws.contains_key("other") {
        let message = format!("`{path}` has no law for {}", listed(&missing));
        problems
            .error("E320", path, message)
            .help("write `other = ...` for the severities that are not named");
    }
}

/// Reports a law by which no time ever passes, where some must.
fn takes_time(laws: &LawBySeverity, path: &Path, problems: &mut Problems) {
    let laws: Vec<(Path, &Law)> = match laws {
        LawBySeverity::All(one) => vec![(path.clone(), one)],
        LawBySeverity::By(laws) => laws.iter().map(|(name, law)| (path.key(name), law)).collect(),
    };
    for (path, law) in laws {
        let (key, never) = match law {
            Law::Deterministic(text) => ("deterministic", milliseconds(text) == Some(0)),
            Law::Empirical(values) => {
                let none = |text: &String| milliseconds(text) == Some(0);
                ("empirical", !values.is_empty() && values.iter().all(none))
            }
            _ => continue,
        };
        if never {
            problems
                .error(
                    "E316",
                    path.key(key),
                    "customers would ask again without any time passing",
                )
                .help("write how long they wait from one time to the next, such as \"4h\"");
        }
    }
}

fn law(law: &Law, path: &Path, problems: &mut Problems) {
    beyond_any_run(law, path, problems);
    match law {
        Law::Lognormal { median, .. } => scale(median, path.key("lognormal").key("median"), problems),
        Law::Gamma { mean, .. } => scale(mean, path.key("gamma").key("mean"), problems),
        Law::Weibull { scale: text, .. } => scale(text, path.key("weibull").key("scale"), problems),
        Law::Erlang { mean, .. } => scale(mean, path.key("erlang").key("mean"), problems),
        Law::Exponential(mean) => scale(mean, path.key("exponential"), problems),
        Law::Hyperexponential(phases) => {
            let path = path.key("hyperexponential");
            match phases.is_empty() {
                true => drop(problems.error("E318", path, "a hyperexponential law needs at least one branch")),
                false => adds_to_one(
                    &mut phases.iter().map(|phase| phase.share),
                    "the shares of the branches",
                    &[],
                    path.clone(),
                    problems,
                ),
            }
        }
        Law::Empirical(values) if values.len() < 2 => {
            let message = "an empirical law needs at least two values";
            let help = "add values, or write `deterministic` for one that is always the same";
            problems.error("E318", path.key("empirical"), message).help(help);
        }
        Law::Deterministic(_) | Law::Empirical(_) => {}
    }
}

/// Warns of a mean that is longer than the longest run. No time that is written can be, so only a wide law has one.
fn beyond_any_run(law: &Law, path: &Path, problems: &mut Problems) {
    let (text, factor, path, help) = match law {
        Law::Lognormal { median, sigma } => (
            median,
            libm::exp(sigma * sigma / 2.0),
            path.key("lognormal").key("sigma"),
            "the mean is `median` × e^(sigma² / 2): write a smaller sigma, 0.3 to 2 as a rule",
        ),
        Law::Weibull { scale, shape } => (
            scale,
            libm::tgamma(1.0 + 1.0 / shape),
            path.key("weibull").key("shape"),
            "the mean is `scale` × Γ(1 + 1 / shape): write a larger shape, 0.5 to 3 as a rule",
        ),
        _ => return,
    };
    let mean = milliseconds(text).map_or(0.0, |ms| ms as f64 * factor);
    if mean > (LONGEST_RUN_YEARS * YEAR_MS) as f64 {
        problems
            .warning("W441", path, "the mean of the law is longer than 4000 years")
            .help(help);
    }
}

fn scale(text: &str, path: Path, problems: &mut Problems) {
    if milliseconds(text) == Some(0) {
        problems
            .error("E316", path, "a law of no length at all")
            .help("write `{ deterministic = \"0s\" }` if no time passes");
    }
}
