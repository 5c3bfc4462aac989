//! Stresses as settings over a candidate: the standard ones, made from what its scenario says, and those that are written.
//!
//! A standard stress is relative, so it is made anew for each candidate: twenty per cent more of *its* arrivals, two people
//! fewer on *its* shifts. The team and the storm are the base's, so that all candidates suffer the same. It plays nothing.

use crate::model::{Load, Model};
use crate::scenario::{Arrivals, BASE, Named, Path, Scenario, Setting, Shift};
use crate::time::{Instant, Length};

/// How much more comes, and how much longer it takes.
const MORE: f64 = 1.2;
/// Who is ill.
const ILL: u32 = 2;
/// A storm's tickets come within this time.
const STORM: Length = Length::from_secs(2 * 3600);
/// A storm brings a day's tickets, but at least and at most so many.
const STORM_LEAST: f64 = 20.0;
const STORM_MOST: f64 = 400.0;
/// The local hour of the week in which a storm breaks: Tuesday 10:00.
const STORM_HOUR: u8 = 34;

/// A world in which the candidates are compared.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Stress {
    pub name: String,
    pub about: String,
    pub kind: Kind,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    /// As it is.
    None,
    Arrivals,
    Work,
    /// Tickets that come on top, in the order in which they come.
    Storm(Vec<toml::Table>),
    /// People of this team.
    Ill(String),
    Written(Vec<Setting>),
}

/// All stresses of a scenario whose base is compiled: none at all first, then the standard ones that apply, then its own.
pub(super) fn all(base: &Scenario, model: &Model) -> Vec<Stress> {
    let load = Load::of(model);
    let mut stresses = vec![
        stress("none", "the scenario as it is".to_owned(), Kind::None),
        stress(
            "arrivals +20 %",
            "a fifth more tickets, everywhere".to_owned(),
            Kind::Arrivals,
        ),
        stress(
            "work +20 %",
            "every ticket takes a fifth more work".to_owned(),
            Kind::Work,
        ),
    ];
    stresses.extend(storm(base, model, &load));
    stresses.extend(ill(base, &load));
    stresses.extend(base.stress.iter().map(|(name, written)| {
        let settings = written.set.iter().map(|(key, value)| Setting {
            path: Path::from([key.as_str()]),
            value: value.clone(),
        });
        let about = written.description.clone().unwrap_or_default();
        stress(name, about, Kind::Written(settings.collect()))
    }));
    stresses
}

fn stress(name: &str, about: String, kind: Kind) -> Stress {
    Stress {
        name: name.to_owned(),
        about,
        kind,
    }
}

/// A day's tickets of the busiest service within two hours, of the second most severe severity: customers who report one
/// outage. In the middle of the window, on a Tuesday at ten.
fn storm(base: &Scenario, model: &Model, load: &Load) -> Option<Stress> {
    let busiest = (0..load.services.len()).max_by(|a, b| load.services[*a].total_cmp(&load.services[*b]))?;
    let service = &model.names.services[busiest];
    let severity = model.names.severities.get(1).or(model.names.severities.first())?;
    let at = storm_start(model)?;
    let count = (load.tickets() / 7.0).clamp(STORM_LEAST, STORM_MOST).round() as i64;
    let ticket = |number: i64| {
        let created = at + Length::from_ms(STORM.ms() * number / count);
        toml::Table::from_iter([
            ("at".to_owned(), toml::Value::String(format!("{}ms", created.ms()))),
            ("service".to_owned(), toml::Value::String(service.clone())),
            ("severity".to_owned(), toml::Value::String(severity.clone())),
        ])
    };
    let tickets: Vec<toml::Table> = (0..count).map(ticket).collect();
    let before = base.tickets.iter().any(|ticket| ticket.id.is_some());
    let about = format!("{count} tickets {severity} of {service} within two hours of one day");
    // Tickets with names of their own are somebody's worked example, which a storm would spoil.
    (!before).then(|| stress("storm day", about, Kind::Storm(tickets)))
}

/// The first Tuesday ten o'clock from the middle of the window on, else the middle.
fn storm_start(model: &Model) -> Option<Instant> {
    let window = &model.window;
    let middle = window.from.ms() + (window.until - window.from).ms() / 2;
    let hours = crate::measure::hours_of_week(model);
    let first = usize::try_from(middle / 3_600_000).ok()?;
    let hour = (first..hours.len())
        .find(|hour| hours[*hour] == STORM_HOUR)
        .unwrap_or(first);
    Some(Instant::from_ms(hour as i64 * 3_600_000))
}

/// Two people fewer in the team with the highest load that has more than two.
fn ill(base: &Scenario, load: &Load) -> Option<Stress> {
    let enough = |heads: u32| heads > ILL;
    let teams = base.teams.iter().zip(&load.teams);
    let candidates = teams.filter(|((_, team), _)| enough(heads(team.headcount, &team.shifts)));
    let ratio = |load: &crate::model::TeamLoad| load.ratio().unwrap_or(f64::INFINITY);
    let ((name, _), _) = candidates.max_by(|(_, a), (_, b)| ratio(a).total_cmp(&ratio(b)))?;
    let about = format!("two people of {name} are away for the whole run");
    Some(stress("two people ill", about, Kind::Ill(name.clone())))
}

fn heads(headcount: Option<u32>, shifts: &Named<Shift>) -> u32 {
    headcount.unwrap_or_else(|| shifts.values().map(|shift| shift.headcount).sum())
}

impl Stress {
    /// What it sets over a candidate's scenario.
    pub fn settings(&self, scenario: &Scenario) -> Vec<Setting> {
        match &self.kind {
            Kind::None => Vec::new(),
            Kind::Arrivals => scaled_arrivals(scenario, &mut |_| MORE),
            Kind::Work => scaled_work(scenario, &mut |_| MORE),
            Kind::Storm(tickets) => with_tickets(scenario, tickets),
            Kind::Ill(team) => without_people(scenario, team),
            Kind::Written(settings) => settings.clone(),
        }
    }

    /// What it is called with a candidate, in messages.
    pub fn with(&self, candidate: &str) -> String {
        match candidate {
            BASE => format!("stress `{}`", self.name),
            _ => format!("stress `{}` with candidate `{candidate}`", self.name),
        }
    }
}

/// Every rate of arrivals times a factor, which `factor` says for `arrivals` or a service's name.
pub(super) fn scaled_arrivals(scenario: &Scenario, factor: &mut dyn FnMut(&str) -> f64) -> Vec<Setting> {
    let mut settings = Vec::new();
    if let Some(arrivals) = &scenario.arrivals {
        let by = factor("arrivals");
        settings.extend(scaled(arrivals, Path::from(["arrivals"]), by));
    }
    for (name, service) in &scenario.services {
        if let Some(arrivals) = &service.arrivals {
            let by = factor(name);
            settings.extend(scaled(arrivals, Path::from(["services", name, "arrivals"]), by));
        }
    }
    settings
}

fn scaled(arrivals: &Arrivals, path: Path, by: f64) -> Vec<Setting> {
    let mut settings = Vec::new();
    let mut set = |key: &str, value: toml::Value| {
        settings.push(Setting {
            path: path.key(key),
            value,
        });
    };
    if let Some(rate) = &arrivals.rate
        && let Some((number, unit)) = rate.split_once('/')
        && let Ok(number) = number.trim().parse::<f64>()
    {
        set("rate", toml::Value::String(format!("{}/{}", number * by, unit.trim())));
    }
    if let Some(per_week) = arrivals.per_week {
        set("per_week", toml::Value::Float(per_week * by));
    }
    if let Some(hours) = &arrivals.per_hour_of_week {
        let hours = hours.iter().map(|hour| toml::Value::Float(hour * by)).collect();
        set("per_hour_of_week", toml::Value::Array(hours));
    }
    settings
}

/// Every service's `work_factor` times a factor.
pub(super) fn scaled_work(scenario: &Scenario, factor: &mut dyn FnMut(&str) -> f64) -> Vec<Setting> {
    let set = |(name, service): (&String, &crate::scenario::Service)| Setting {
        path: Path::from(["services", name, "work_factor"]),
        value: toml::Value::Float(service.work_factor.unwrap_or(1.0) * factor(name)),
    };
    scenario.services.iter().map(set).collect()
}

fn with_tickets(scenario: &Scenario, tickets: &[toml::Table]) -> Vec<Setting> {
    let written = scenario.tickets.len();
    if written == 0 {
        let list = tickets.iter().cloned().map(toml::Value::Table).collect();
        return vec![Setting {
            path: Path::from(["tickets"]),
            value: toml::Value::Array(list),
        }];
    }
    let add = |(number, ticket): (usize, &toml::Table)| Setting {
        path: Path::from(["tickets"]).index(written + number),
        value: toml::Value::Table(ticket.clone()),
    };
    tickets.iter().enumerate().map(add).collect()
}

/// One person after another from the shift that has most left, the first of equals.
fn without_people(scenario: &Scenario, team: &str) -> Vec<Setting> {
    let Some(written) = scenario.teams.get(team) else {
        return Vec::new();
    };
    let set = |path: Path, heads: u32| Setting {
        path,
        value: toml::Value::Integer(heads.into()),
    };
    if let Some(heads) = written.headcount {
        return vec![set(Path::from(["teams", team, "headcount"]), heads.saturating_sub(ILL))];
    }
    let mut left: Vec<u32> = written.shifts.values().map(|shift| shift.headcount).collect();
    for _ in 0..ILL {
        let largest = (0..left.len()).rev().max_by_key(|shift| left[*shift]);
        if let Some(shift) = largest {
            left[shift] = left[shift].saturating_sub(1);
        }
    }
    let shifts = written.shifts.keys().zip(left);
    shifts
        .map(|(shift, heads)| set(Path::from(["teams", team, "shifts", shift, "headcount"]), heads))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::compile;
    use crate::scenario::{Document, Problems, starter};

    fn stresses(text: String) -> (Document, Vec<Stress>) {
        let document = Document::parse("desk.toml", text);
        let base = document.base().expect("read");
        let model = compile(base, &mut Problems::new()).expect("compiled");
        let stresses = all(base, &model);
        (document, stresses)
    }

    fn set(document: &Document, stresses: &[Stress], name: &str) -> Vec<String> {
        let stress = stresses.iter().find(|stress| stress.name == name).expect("there");
        let settings = stress.settings(document.base().expect("read"));
        settings.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn every_stress_can_be_played() {
        let own = "\n[stress.quiet]\nset.teams.experts.headcount = 9\n";
        let (document, stresses) = stresses(starter("desk") + own);
        let names: Vec<&str> = stresses.iter().map(|stress| stress.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "none",
                "arrivals +20 %",
                "work +20 %",
                "storm day",
                "two people ill",
                "quiet"
            ]
        );
        for stress in &stresses {
            let settings = stress.settings(document.base().expect("read"));
            let variant = document.variant(BASE, &settings).expect("the base");
            assert!(!variant.problems.any_error(), "{}: {:?}", stress.name, variant.problems);
            assert_eq!(
                variant.scenario.as_ref() == document.variant(BASE, &[]).expect("the base").scenario.as_ref(),
                stress.name == "none"
            );
        }
    }

    #[test]
    fn people_are_ill_where_most_are_left() {
        let (document, stresses) = stresses(starter("desk"));
        let ill = set(&document, &stresses, "two people ill");
        assert_eq!(
            ill,
            [
                "teams.desk.shifts.early.headcount = 2",
                "teams.desk.shifts.late.headcount = 3",
                "teams.desk.shifts.night.headcount = 1"
            ]
        );
    }

    #[test]
    fn a_storm_is_a_days_tickets_within_two_hours_on_a_tuesday_morning() {
        let (document, stresses) = stresses(starter("desk"));
        let storm = stresses
            .iter()
            .find(|stress| stress.name == "storm day")
            .expect("there");
        let variant = document
            .variant(BASE, &storm.settings(document.base().expect("read")))
            .expect("the base");
        let tickets = variant.scenario.expect("read").tickets;
        let at =
            |ticket: &crate::scenario::ScriptedTicket| ticket.at.trim_end_matches("ms").parse::<i64>().expect("ms");
        let (first, last) = (at(&tickets[0]), at(&tickets[tickets.len() - 1]));
        assert!(
            tickets.len() >= 20 && last - first < STORM.ms(),
            "{} in {}",
            tickets.len(),
            last - first
        );
    }

    #[test]
    fn rates_of_every_form_are_scaled() {
        let arrivals = |rate: Option<&str>, per_week| Arrivals {
            rate: rate.map(str::to_owned),
            per_hour_of_week: Some(vec![1.0; 168]),
            per_week,
            by_weekday: None,
            by_hour: None,
            by_hour_weekend: None,
            by_month: None,
            zone: None,
            holidays: None,
            holiday_factor: None,
            day_variance: None,
        };
        let found = scaled(&arrivals(Some("60/h"), Some(100.0)), Path::from(["a"]), 1.5);
        let values: Vec<String> = found
            .iter()
            .map(|setting| setting.to_string()[..8].to_owned())
            .collect();
        assert_eq!(values, ["a.rate =", "a.per_we", "a.per_ho"]);
        assert_eq!(
            (found[0].value_text(), found[1].value_text()),
            ("90/h".to_owned(), "150".to_owned())
        );
    }
}
