//! People by name: their shift, their leave, their skills.

use super::super::problem::{Place, Problems};
use super::super::words::meant;
use super::super::{Leave, Path, Person, Scenario, Skills, date_alone};
use crate::scenario::words::listed;
use crate::time::{Instant, Origin, Zone};

pub(super) fn check(scenario: &Scenario, problems: &mut Problems) {
    for (name, person) in &scenario.people {
        shift(scenario, name, person, problems);
        for (index, leave) in person.leave.iter().enumerate() {
            away(name, index, leave, problems);
        }
        if let Some(skills) = &person.skills {
            needed(scenario, skills, &Path::from(["people", name, "skills"]), problems);
        }
    }
}

fn shift(scenario: &Scenario, name: &str, person: &Person, problems: &mut Problems) {
    let (Some(shift), Some(team)) = (&person.shift, scenario.teams.get(&person.team)) else {
        return;
    };
    if team.shifts.contains_key(shift) {
        return;
    }
    let known: Vec<&str> = team.shifts.keys().map(String::as_str).collect();
    let help = match known.as_slice() {
        [] => "leave `shift` out: the team has none".to_owned(),
        known => {
            meant(shift, known.iter().copied()).unwrap_or_else(|| format!("shifts of the team: {}", listed(known)))
        }
    };
    let message = format!("team `{}` has no shift `{shift}`", person.team);
    problems
        .error("E231", ["people", name, "shift"], message)
        .label("not a shift of the team")
        .help(help);
}

/// Reports leave that is over before it begins. Without a look at the zone: only the order matters.
fn away(name: &str, index: usize, leave: &Leave, problems: &mut Problems) {
    let Ok(origin) = Origin::read("2000-01-01", &Zone::utc()) else {
        return;
    };
    let read = |text: &str, days: i64| match date_alone(text) {
        Some(date) => origin
            .read_instant(&date.plus_days(days).to_string(), &Zone::utc())
            .ok(),
        None => origin.read_instant(text, &Zone::utc()).ok(),
    };
    let (from, to): (Option<Instant>, Option<Instant>) = (read(&leave.from, 0), read(&leave.to, 1));
    if from.zip(to).is_some_and(|(from, to)| to <= from) {
        let path = Path::from(["people", name, "leave"]).key(index.to_string());
        let before = match from == to {
            true => "as",
            false => "before",
        };
        let begins = match date_alone(&leave.from) {
            Some(_) => "its first day",
            None => "its beginning",
        };
        let help = match date_alone(&leave.to) {
            Some(_) => "`to` is the last day of the leave",
            None => "`to` is the instant from which they are back",
        };
        let message = format!("the leave of `{name}` ends {before} it begins");
        problems
            .error("E341", path.key("to"), message)
            .also(Place::Value(path.key("from")), begins)
            .help(help);
    }
}

/// Warns of skills that no service asks for.
pub(super) fn needed(scenario: &Scenario, skills: &Skills, path: &Path, problems: &mut Problems) {
    let mut known: Vec<&str> = Vec::new();
    for need in scenario.services.values().flat_map(|service| &service.needs) {
        if !known.contains(&need.as_str()) {
            known.push(need);
        }
    }
    for skill in skills.names().filter(|skill| !known.contains(skill)) {
        let help = meant(skill, known.iter().copied())
            .unwrap_or_else(|| "write it into the `needs` of a service, or leave it out".to_owned());
        let message = format!("no service needs the skill `{skill}`");
        problems.warning("W431", path, message).help(help);
    }
}
