//! The outage storm: one fault more, in the middle of the window, on a Tuesday at ten.
//!
//! Where the scenario has a kind of fault that breeds a storm, it is one more of those, and each candidate declares, links
//! and deflects it as it does its others. Else it is an outage that lasts two hours whatever anybody does and brings a day's
//! tickets: customers who report the same thing. It plays nothing.

use crate::model::{Load, Model};
use crate::scenario::{Path, Scenario, Setting};
use crate::time::{Instant, Length};

/// An outage brings a day's tickets, but at least and at most so many.
const LEAST: f64 = 20.0;
const MOST: f64 = 400.0;
/// The local hour of the week in which it begins: Tuesday 10:00.
const HOUR: u8 = 34;
/// What it is called among the incidents.
const NAME: &str = "outage storm";
const LASTS: &str = "2h";

/// A fault that a stress adds.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Outage {
    /// One more of a kind that the scenario has, at this time.
    Own(String, String),
    /// A kind of its own.
    New(toml::Table),
}

/// The fault, and what happens in a few words. `None` where tickets have names of their own: those are somebody's worked
/// example, which a storm would spoil.
pub(super) fn outage(base: &Scenario, model: &Model, load: &Load) -> Option<(Outage, String)> {
    let at = format!("{}ms", begins(model)?.ms());
    if base.tickets.iter().any(|ticket| ticket.id.is_some()) {
        return None;
    }
    if let Some((kind, tickets)) = stormiest(model) {
        let about = format!("one more `{kind}` at Tue 10:00, {tickets:.0} tickets as a mean");
        return Some((Outage::Own(kind, at), about));
    }
    let busiest = (0..load.services.len()).max_by(|a, b| load.services[*a].total_cmp(&load.services[*b]))?;
    let service = &model.names.services[busiest];
    let severity = model.names.severities.get(1).or(model.names.severities.first())?;
    let tickets = (load.tickets() / 7.0).clamp(LEAST, MOST).round();
    let about = format!("{tickets} tickets {severity} of {service} in two hours from Tue 10:00");
    Some((Outage::New(fault(&at, service, severity, tickets as i64)), about))
}

/// The kind of fault that breeds most tickets, if they are a storm.
fn stormiest(model: &Model) -> Option<(String, f64)> {
    let kinds = model.names.incidents.iter().zip(&model.population.incidents);
    let tickets = kinds.map(|(name, kind)| (name.clone(), kind.tickets_by_service().iter().sum::<f64>()));
    let most = tickets.max_by(|(_, a), (_, b)| a.total_cmp(b));
    most.filter(|(name, tickets)| *tickets >= LEAST || name == NAME)
}

/// The first Tuesday ten o'clock from the middle of the window on, else the middle.
fn begins(model: &Model) -> Option<Instant> {
    let window = &model.window;
    let middle = window.from.ms() + (window.until - window.from).ms() / 2;
    let hours = crate::measure::hours_of_week(model);
    let first = usize::try_from(middle / 3_600_000).ok()?;
    let hour = (first..hours.len()).find(|hour| hours[*hour] == HOUR).unwrap_or(first);
    Some(Instant::START + Length::from_secs(3600 * hour as i64))
}

/// Tickets at any time of its two hours alike; the first of them at once.
fn fault(at: &str, service: &str, severity: &str, tickets: i64) -> toml::Table {
    let text = |text: &str| toml::Value::String(text.to_owned());
    let table = |key: &str, value: toml::Value| toml::Value::Table(toml::Table::from_iter([(key.to_owned(), value)]));
    let at_any_time = toml::Value::Array(vec![text("0s"), text(LASTS)]);
    let children = toml::Table::from_iter([
        ("count".to_owned(), table("fixed", toml::Value::Integer(tickets - 1))),
        ("delay".to_owned(), table("empirical", at_any_time)),
        ("mix".to_owned(), table(severity, toml::Value::Float(1.0))),
    ]);
    toml::Table::from_iter([
        ("at".to_owned(), toml::Value::Array(vec![text(at)])),
        ("service".to_owned(), text(service)),
        ("severity".to_owned(), text(severity)),
        ("children".to_owned(), toml::Value::Table(children)),
        ("lasts".to_owned(), table("deterministic", text(LASTS))),
        ("ends_with_parent".to_owned(), toml::Value::Boolean(false)),
    ])
}

impl Outage {
    /// What it sets over a candidate's scenario.
    pub fn settings(&self, scenario: &Scenario) -> Vec<Setting> {
        match self {
            Outage::New(fault) => vec![Setting {
                path: Path::from(["incidents", NAME]),
                value: toml::Value::Table(fault.clone()),
            }],
            Outage::Own(kind, at) => {
                let others = scenario.incidents.get(kind).map_or(&[][..], |kind| &kind.at);
                let times = others.iter().chain([at]).cloned().map(toml::Value::String);
                vec![Setting {
                    path: Path::from(["incidents", kind, "at"]),
                    value: toml::Value::Array(times.collect()),
                }]
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::compile;
    use crate::scenario::{BASE, Document, Problems, starter};

    fn of(text: String) -> (Document, Option<(Outage, String)>) {
        let document = Document::parse("desk.toml", text);
        let base = document.base().expect("read");
        let model = compile(base, &mut Problems::new()).expect("compiled");
        let found = outage(base, &model, &Load::of(&model));
        (document, found)
    }

    const FAULT: &str = r#"
[incidents.fault]
at = ["1h"]
service = "app"
severity = "Sev1"
children = { count.fixed = 40, mix = { Sev3 = 1.0 } }
[candidates.linking]
set.incidents.fault.linking.share = 0.9
[candidates.later]
set.incidents.fault.at = ["5h", "9h"]
"#;

    #[test]
    fn a_scenario_without_faults_gets_a_days_tickets_within_two_hours_of_a_tuesday_morning() {
        let (document, found) = of(starter("desk"));
        let (outage, about) = found.expect("there");
        assert!(about.contains("tickets Sev2 of app in two hours"), "{about}");
        let variant = document
            .variant(BASE, &outage.settings(document.base().expect("read")))
            .expect("the base");
        assert!(!variant.problems.any_error(), "{:?}", variant.problems);
        let model = compile(&variant.scenario.expect("read"), &mut Problems::new()).expect("compiled");
        let fault = &model.population.incidents[0];
        let begins = Instant::START + fault.at[0];
        assert_eq!(model.origin.local(begins).hour_of_week(), HOUR);
        assert!(begins > model.window.from && begins < model.window.until);
        let tickets: f64 = fault.tickets_by_service().iter().sum();
        let load = Load::of(&compile(document.base().expect("read"), &mut Problems::new()).expect("compiled"));
        assert_eq!(tickets, (load.tickets() / 7.0).round());
    }

    #[test]
    fn a_storm_of_its_own_breaks_once_more_and_each_candidate_handles_it_as_it_does_the_others() {
        let (document, found) = of(starter("desk") + FAULT);
        let (outage, about) = found.expect("there");
        assert!(
            about.starts_with("one more `fault`") && about.contains("41 tickets"),
            "{about}"
        );
        for (candidate, before) in [(BASE, 1), ("linking", 1), ("later", 2)] {
            let settings = outage.settings(document.scenario(candidate).expect("read"));
            let scenario = document
                .variant(candidate, &settings)
                .expect("there")
                .scenario
                .expect("read");
            let fault = &scenario.incidents["fault"];
            assert_eq!(fault.at.len(), before + 1, "{candidate}");
            assert_eq!(fault.linking.is_some(), candidate == "linking");
        }
    }

    #[test]
    fn few_tickets_are_no_storm_and_a_worked_example_is_left_alone() {
        let small = FAULT.replace("count.fixed = 40", "count.fixed = 5");
        let (_, found) = of(starter("desk") + &small);
        assert!(matches!(found, Some((Outage::New(_), _))));
        let example = "\n[[tickets]]\nid = \"one\"\nat = \"1h\"\nseverity = \"Sev1\"\n";
        assert!(of(starter("desk") + example).1.is_none());
    }
}
