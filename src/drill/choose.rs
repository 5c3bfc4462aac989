//! Which incidents a drill rehearses: what was asked for, and the seeded draw among all that fits.

use super::DrillError;
use super::archetype::Archetype;
use super::goal::Goal;
use super::moment::{self, When};
use super::script::{APART_S, with_storm};
use crate::model::Model;
use crate::random::{Key, Purpose, Stream, open01};
use crate::scenario::Scenario;
use crate::time::{Instant, Length};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Ask {
    /// Archetypes to choose from.
    pub archetypes: Vec<Archetype>,
    /// Only incidents of this true severity, by name.
    pub severity: Option<String>,
    /// Only these services; empty: any.
    pub services: Vec<String>,
    /// What is to be rehearsed; empty: what the archetype is good for.
    pub goals: Vec<Goal>,
    /// The kind of moment.
    pub when: When,
    /// The very moment, instead.
    pub at: Option<Instant>,
    /// How many incidents at once.
    pub incidents: u32,
    /// From one incident's first symptom to the next one's.
    pub apart: Length,
    /// Seed of the draw.
    pub seed: u64,
}

/// One incident of a drill, in the scenario's own ids.
#[derive(Debug, Clone)]
pub struct Incident {
    /// Its kind.
    pub archetype: Archetype,
    /// The service that fails.
    pub service: usize,
    /// Another service, if there is one.
    pub other: Option<usize>,
    /// Its true severity.
    pub severity: usize,
    /// The severity that it is reported with.
    pub reported: usize,
    /// From the first symptom of the first incident to its own.
    pub after: Length,
}

/// What is rehearsed, and when.
#[derive(Debug, Clone)]
pub struct Choice {
    /// The incidents, in the order in which they begin.
    pub incidents: Vec<Incident>,
    /// The first symptom of the first.
    pub at: Instant,
    /// What is rehearsed.
    pub goals: Vec<Goal>,
}

/// Draws of one kind: equal chances, by the seed and the number of the draw.
struct Draws {
    stream: Stream,
    next: u32,
}

impl Draws {
    fn of<'t, T>(&mut self, among: &'t [T]) -> Option<&'t T> {
        let [word, _] = self.stream.block(self.next);
        self.next += 1;
        let index = (open01(word) * among.len() as f64) as usize;
        among.get(index.min(among.len().saturating_sub(1)))
    }
}

/// The severity of a rank among so many: rank 1 is the most severe, and the last stands for all ranks beyond.
pub(super) fn severity_of_rank(rank: u8, severities: usize) -> usize {
    usize::from(rank.saturating_sub(1)).min(severities.saturating_sub(1))
}

/// Index of the tier that is able to repair such an incident of a service: none below the one that the service needs.
pub(super) fn repair_tier(model: &Model, archetype: &Archetype, service: usize) -> usize {
    let tier = archetype.solved_at.tier(model.names.tiers.len());
    tier.max(model.population.services[service].needs_at_least.index())
}

/// Chooses incidents and their moment. The same ask gives the same choice.
///
/// Errors: a service or severity that the scenario does not have, no archetype of that severity or for those goals, no moment
/// of that kind, a moment outside of the run.
pub fn choose(scenario: &Scenario, model: &Model, ask: &Ask) -> Result<Choice, DrillError> {
    if ask.incidents > 1 && ask.apart.ms() < APART_S * 1000 {
        return Err(DrillError::Wrong(format!(
            "incidents that begin {} after each other cannot be told: write at least 2m",
            ask.apart
        )));
    }
    let fitting = fitting(model, ask)?;
    let services = services(model, ask)?;
    let mut draws = Draws {
        stream: Stream::new(Key::of_seed(ask.seed), Purpose::DRILL_CHOICE, 0, 0),
        next: 0,
    };
    let at = match ask.at {
        Some(at) => at,
        None => {
            let moments = moment::moments(scenario, model, ask.when);
            let none = || {
                DrillError::Wrong(format!(
                    "the scenario has no moment {}: {}",
                    ask.when.label(),
                    ask.when.missing()
                ))
            };
            *draws.of(&moments).ok_or_else(none)?
        }
    };
    let mut left = fitting;
    let mut incidents = Vec::new();
    for number in 0..ask.incidents.max(1) {
        let Some(archetype) = draws.of(&left).map(|archetype| (*archetype).clone()) else {
            return Err(DrillError::Wrong(format!(
                "there are only {number} archetypes that fit, and {} incidents were asked for",
                ask.incidents
            )));
        };
        left.retain(|other| other.id != archetype.id);
        let service = draws.of(&services).copied().unwrap_or(0);
        let others: Vec<usize> = (0..model.names.services.len())
            .filter(|other| *other != service)
            .collect();
        let severities = model.names.severities.len();
        incidents.push(Incident {
            service,
            other: draws.of(&others).copied(),
            severity: severity_of_rank(archetype.true_severity, severities),
            reported: severity_of_rank(archetype.first_impression, severities),
            after: Length::from_ms(ask.apart.ms() * i64::from(number)),
            archetype,
        });
    }
    let goals = match ask.goals.is_empty() {
        false => ask.goals.clone(),
        true => incidents[0].archetype.rehearses.clone(),
    };
    if goals.contains(&Goal::Storm) {
        with_storm(&mut incidents[0].archetype);
    }
    Ok(Choice { incidents, at, goals })
}

/// The archetypes that have the severity and, if there are any, those made for the goals.
fn fitting<'a>(model: &Model, ask: &'a Ask) -> Result<Vec<&'a Archetype>, DrillError> {
    let names = &model.names.severities;
    let severity = match &ask.severity {
        Some(name) => Some(
            names
                .iter()
                .position(|other| other == name)
                .ok_or_else(|| unknown("severity", name, names))?,
        ),
        None => None,
    };
    let of_severity: Vec<&Archetype> = ask
        .archetypes
        .iter()
        .filter(|one| severity.is_none_or(|severity| severity_of_rank(one.true_severity, names.len()) == severity))
        .collect();
    if of_severity.is_empty() {
        let name = ask.severity.as_deref().unwrap_or_default();
        return Err(DrillError::Wrong(format!(
            "no archetype of the library has the true severity {name}: ask for another, or add one with --library"
        )));
    }
    let made_for: Vec<&Archetype> = of_severity
        .iter()
        .copied()
        .filter(|one| ask.goals.iter().any(|goal| one.rehearses.contains(goal)))
        .collect();
    let enough = made_for.len() >= ask.incidents.max(1) as usize;
    Ok(if enough { made_for } else { of_severity })
}

fn services(model: &Model, ask: &Ask) -> Result<Vec<usize>, DrillError> {
    let names = &model.names.services;
    if ask.services.is_empty() {
        return Ok((0..names.len()).collect());
    }
    let index = |name: &String| {
        names
            .iter()
            .position(|other| other == name)
            .ok_or_else(|| unknown("service", name, names))
    };
    ask.services.iter().map(index).collect()
}

fn unknown(what: &str, name: &str, known: &[String]) -> DrillError {
    DrillError::Wrong(format!(
        "no {what} is called `{name}`; the scenario has {}",
        known.join(", ")
    ))
}

#[cfg(test)]
mod tests {
    use super::super::archetype::library;
    use super::*;
    use crate::model::compile;
    use crate::scenario::{Document, Problems, starter};

    fn ask() -> Ask {
        Ask {
            archetypes: library(),
            severity: None,
            services: Vec::new(),
            goals: Vec::new(),
            when: When::Any,
            at: None,
            incidents: 1,
            apart: Length::from_secs(900),
            seed: 1,
        }
    }

    fn chosen(ask: &Ask) -> Result<Choice, DrillError> {
        let document = Document::parse("desk.toml", starter("desk"));
        let scenario = document.base().expect("sound");
        let model = compile(scenario, &mut Problems::new()).expect("sound");
        choose(scenario, &model, ask)
    }

    #[test]
    fn the_same_ask_gives_the_same_choice_and_seeds_reach_every_archetype() {
        let mut seen = std::collections::BTreeSet::new();
        for seed in 0..200 {
            let ask = Ask { seed, ..ask() };
            let (one, two) = (chosen(&ask).expect("fits"), chosen(&ask).expect("fits"));
            assert_eq!(
                (one.at, &one.incidents[0].archetype),
                (two.at, &two.incidents[0].archetype)
            );
            seen.insert(one.incidents[0].archetype.id.clone());
        }
        assert_eq!(seen.len(), library().len());
    }

    #[test]
    fn what_was_asked_for_is_what_is_chosen() {
        for seed in 0..40 {
            let choice = chosen(&Ask {
                seed,
                severity: Some("Sev1".into()),
                services: vec!["network".into()],
                when: When::Night,
                incidents: 3,
                ..ask()
            })
            .expect("fits");
            assert_eq!(choice.incidents.len(), 3);
            let ids: std::collections::BTreeSet<_> = choice.incidents.iter().map(|one| &one.archetype.id).collect();
            assert_eq!(ids.len(), 3, "three different incidents");
            assert!(
                choice
                    .incidents
                    .iter()
                    .all(|one| one.severity == 0 && one.service == 1 && one.other == Some(0))
            );
            assert_eq!(choice.incidents[2].after, Length::from_secs(1800));
        }
    }

    #[test]
    fn what_cannot_be_chosen_is_said() {
        let says = |ask: Ask| chosen(&ask).expect_err("nothing fits").to_string();
        assert_eq!(
            says(Ask {
                services: vec!["mail".into()],
                ..ask()
            }),
            "no service is called `mail`; the scenario has app, network"
        );
        assert_eq!(
            says(Ask {
                severity: Some("Sev9".into()),
                ..ask()
            }),
            "no severity is called `Sev9`; the scenario has Sev1, Sev2, Sev3"
        );
        assert_eq!(
            says(Ask {
                severity: Some("Sev2".into()),
                incidents: 3,
                ..ask()
            }),
            "there are only 2 archetypes that fit, and 3 incidents were asked for"
        );
    }
}
