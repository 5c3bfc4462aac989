//! Stresses as settings over a candidate: the standard ones, made from what its scenario says, and those that are written.
//!
//! A standard stress is relative, so it is made anew for each candidate: twenty per cent more of *its* arrivals, two people
//! fewer on *its* shifts. The team and the outage are the base's, so that all candidates suffer the same. It plays nothing.

use super::ill::{Illness, illness};
use super::outage::{Outage, outage};
use crate::model::{Load, Model};
use crate::scenario::{Arrivals, BASE, Document, Path, Scenario, Setting};

/// How much more comes, and how much longer it takes.
const MORE: f64 = 1.2;

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
    /// A fault more.
    Outage(Outage),
    Ill(Illness),
    Written(Vec<Setting>),
}

/// All stresses of a scenario whose base is compiled: none at all first, then the standard ones that apply, then its own.
pub(super) fn all(base: &Scenario, model: &Model) -> Vec<Stress> {
    let load = Load::of(model);
    let mut stresses = vec![
        stress("none", "the scenario as it is".to_owned(), Kind::None),
        stress(
            "arrivals +20 %",
            "a fifth more tickets and faults, everywhere".to_owned(),
            Kind::Arrivals,
        ),
        stress(
            "work +20 %",
            "every ticket takes a fifth more work".to_owned(),
            Kind::Work,
        ),
    ];
    let outage = outage(base, model, &load);
    stresses.extend(outage.map(|(outage, about)| stress("outage storm", about, Kind::Outage(outage))));
    stresses.extend(illness(base, model, &load).map(|illness| {
        let about = format!("two people of {} are away for the whole run", illness.team);
        stress("two people ill", about, Kind::Ill(illness))
    }));
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

impl Stress {
    /// What it sets over a candidate (or `base`).
    pub fn settings(&self, document: &Document, candidate: &str) -> Vec<Setting> {
        let Some(scenario) = document.scenario(candidate) else {
            return Vec::new();
        };
        match &self.kind {
            Kind::None => Vec::new(),
            Kind::Arrivals => scaled_arrivals(scenario, &mut |_| MORE),
            Kind::Work => scaled_work(scenario, &mut |_| MORE),
            Kind::Outage(outage) => outage.settings(scenario),
            Kind::Ill(illness) => illness.settings(document, candidate, scenario),
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

/// Every rate of arrivals times a factor, which `factor` says for `arrivals`, or the path of a service's or fault's.
pub(super) fn scaled_arrivals(scenario: &Scenario, factor: &mut dyn FnMut(&str) -> f64) -> Vec<Setting> {
    let mut settings = Vec::new();
    if let Some(arrivals) = &scenario.arrivals {
        let by = factor("arrivals");
        settings.extend(scaled(arrivals, Path::from(["arrivals"]), by));
    }
    let services = scenario.services.iter();
    let services = services.map(|(name, service)| ("services", name, &service.arrivals));
    let faults = scenario.incidents.iter();
    let faults = faults.map(|(name, fault)| ("incidents", name, &fault.arrivals));
    for (kind, name, arrivals) in services.chain(faults) {
        if let Some(arrivals) = arrivals {
            let path = Path::from([kind, name, "arrivals"]);
            let by = factor(&path.to_string());
            settings.extend(scaled(arrivals, path, by));
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
        let settings = stress.settings(document, BASE);
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
                "outage storm",
                "two people ill",
                "quiet"
            ]
        );
        for stress in &stresses {
            let settings = stress.settings(&document, BASE);
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
        assert_eq!(ill, ["teams.desk.shifts.early.headcount = 2"]);
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
