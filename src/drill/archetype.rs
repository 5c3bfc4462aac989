//! Incident archetypes: how an incident of one kind shows, what it is, and what it asks of people.
//!
//! An archetype knows no organisation: it speaks of `{service}`, `{other}` and `{customer}`, severities are ranks (1 the most
//! severe), and who repairs is the lowest, the middle or the highest tier. The library is the TOML files of
//! `scenarios/incidents`, built into the program; a folder of one's own is read the same way. Durations say which published
//! facts they were calibrated from.

use super::goal::Goal;
use super::milestone::Milestone;
use crate::time::{Length, Written};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The archetypes that come with the program: file name without its ending, and text.
const LIBRARY: &[(&str, &str)] = &[
    ("bad-deploy", include_str!("../../scenarios/incidents/bad-deploy.toml")),
    (
        "database-failover",
        include_str!("../../scenarios/incidents/database-failover.toml"),
    ),
    (
        "datacentre-power",
        include_str!("../../scenarios/incidents/datacentre-power.toml"),
    ),
    ("ddos", include_str!("../../scenarios/incidents/ddos.toml")),
    (
        "expired-certificate",
        include_str!("../../scenarios/incidents/expired-certificate.toml"),
    ),
    (
        "identity-provider",
        include_str!("../../scenarios/incidents/identity-provider.toml"),
    ),
    (
        "noisy-neighbour",
        include_str!("../../scenarios/incidents/noisy-neighbour.toml"),
    ),
    (
        "payment-provider",
        include_str!("../../scenarios/incidents/payment-provider.toml"),
    ),
    (
        "security-breach",
        include_str!("../../scenarios/incidents/security-breach.toml"),
    ),
    (
        "silent-corruption",
        include_str!("../../scenarios/incidents/silent-corruption.toml"),
    ),
];

/// One kind of incident.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Archetype {
    /// The file's name without its ending; not written in the file.
    #[serde(skip)]
    pub id: String,
    /// What facilitators call it. Never shown to participants.
    pub title: String,
    /// Rank of the severity that the first symptoms suggest: 1 the most severe.
    pub first_impression: u8,
    /// Rank of the severity that it has.
    pub true_severity: u8,
    /// What has happened. Never shown to participants.
    pub cause: String,
    /// Words that would give the cause away; they must not occur in what participants are handed.
    pub spoilers: Vec<String>,
    /// Who is able to repair it.
    pub solved_at: SolvedAt,
    /// What it is good to rehearse with.
    pub rehearses: Vec<Goal>,
    /// How long the repair takes, from the first work of somebody who is able.
    pub repair: Repair,
    /// Where the spread of the repair comes from.
    pub published: Published,
    /// What is delivered, in the order of the story.
    pub injects: Vec<Template>,
}

/// Which support tier is able to repair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SolvedAt {
    /// The tier that takes the first ticket.
    Lowest,
    /// The one in the middle, the upper of two.
    Middle,
    /// The last.
    Highest,
}

impl SolvedAt {
    /// The tier's index, of so many.
    pub fn tier(self, tiers: usize) -> usize {
        match self {
            SolvedAt::Lowest => 0,
            SolvedAt::Middle => tiers / 2,
            SolvedAt::Highest => tiers.saturating_sub(1),
        }
    }
}

/// A log-normal law of the repair.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Repair {
    /// What practice calls typical, from and to.
    pub typical: [String; 2],
    /// The median.
    pub median: String,
    /// Standard deviation of the natural logarithm.
    pub sigma: f64,
}

/// Facts of published outages of one cause: counts and quantiles, nothing of a single case.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Published {
    /// The cause as the collection calls it.
    pub cause: String,
    /// Outages with a known duration.
    pub incidents: u32,
    /// A quarter of them was shorter.
    pub lower_quartile: String,
    /// Half of them was shorter.
    pub median: String,
}

/// What an inject is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InjectKind {
    /// Monitoring speaks.
    Alert,
    /// A customer writes.
    Ticket,
    /// Many customers write the same.
    Storm,
    /// A fact that helps.
    Information,
    /// A fact that leads astray.
    RedHerring,
    /// Somebody is not there.
    Unavailability,
    /// A question that needs a decision.
    Decision,
    /// Somebody wants to know, now.
    Pressure,
    /// A customer goes over everybody's head.
    Escalation,
    /// It is worse than it looked.
    SeverityShift,
    /// The shift ends.
    Handoff,
    /// Somebody hostile may be at work.
    Security,
    /// Personal data may be concerned.
    Privacy,
    /// It is over.
    Resolution,
    /// In case an expected action does not come.
    Contingency,
    /// The end of the exercise.
    End,
}

impl InjectKind {
    /// As it is called in files.
    pub fn word(self) -> &'static str {
        match self {
            InjectKind::Alert => "alert",
            InjectKind::Ticket => "ticket",
            InjectKind::Storm => "storm",
            InjectKind::Information => "information",
            InjectKind::RedHerring => "red_herring",
            InjectKind::Unavailability => "unavailability",
            InjectKind::Decision => "decision",
            InjectKind::Pressure => "pressure",
            InjectKind::Escalation => "escalation",
            InjectKind::SeverityShift => "severity_shift",
            InjectKind::Handoff => "handoff",
            InjectKind::Security => "security",
            InjectKind::Privacy => "privacy",
            InjectKind::Resolution => "resolution",
            InjectKind::Contingency => "contingency",
            InjectKind::End => "end",
        }
    }
}

impl fmt::Display for InjectKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// Which service an inject speaks of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Where {
    /// The one that has failed.
    #[default]
    Affected,
    /// Another one.
    Other,
}

/// An inject before it is filled with an organisation's names and times.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// What it is.
    #[serde(rename = "type")]
    pub kind: InjectKind,
    /// When, from the first symptom: also the time to use where `after` cannot be.
    pub at: String,
    /// After the milestone that the simulated organisation reaches in the median.
    #[serde(default)]
    pub after: Option<Milestone>,
    /// How long after it.
    #[serde(default)]
    pub by: Option<String>,
    /// The service that it speaks of.
    #[serde(default)]
    pub service: Where,
    /// Alerts: what is measured.
    #[serde(default)]
    pub signal: Option<String>,
    /// Alerts and tickets: one line.
    #[serde(default)]
    pub subject: Option<String>,
    /// What is said.
    pub text: String,
    /// Storms: how many tickets.
    #[serde(default)]
    pub count: Option<u32>,
    /// Storms: within how long.
    #[serde(default)]
    pub over: Option<String>,
    /// What good players do.
    #[serde(default)]
    pub expect: Option<String>,
    /// Red herrings: what is true.
    #[serde(default)]
    pub truth: Option<String>,
    /// The fact that players know from here on.
    #[serde(default)]
    pub reveals: Option<String>,
    /// The fact that they must know already.
    #[serde(default)]
    pub needs: Option<String>,
    /// Left out first when there is no room.
    #[serde(default)]
    pub optional: bool,
}

/// What is wrong with an archetype.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}{}: {message}", .place.map(|(line, column)| format!(":{line}:{column}")).unwrap_or_default())]
pub struct ArchetypeError {
    /// The file.
    pub file: String,
    /// Line and column, from 1, if the mistake has a place.
    pub place: Option<(usize, usize)>,
    /// What is wrong and what would be right.
    pub message: String,
}

/// The archetypes that come with the program.
///
/// # Panics
/// Never: a test reads each of them.
pub fn library() -> Vec<Archetype> {
    let read = |(id, text): &(&str, &str)| {
        Archetype::read(id, &format!("scenarios/incidents/{id}.toml"), text).expect("a test reads the library")
    };
    LIBRARY.iter().map(read).collect()
}

/// Reads a text such as `1h 30m`.
pub(super) fn length(text: &str) -> Result<Length, String> {
    match text.parse::<Written>() {
        Ok(written) => written
            .elapsed()
            .ok_or_else(|| format!("`{text}` is business time: write it like `15m`")),
        Err(misread) => Err(misread.to_string()),
    }
}

impl Archetype {
    /// Reads an archetype: `id` is what it is called, `file` what errors call the file.
    ///
    /// Errors: what is no TOML, an unknown or missing key, a length that cannot be read, a rank outside of 1 to 4, a spread
    /// outside of 0.05 to 3, an inject that needs what no earlier one reveals, a missing resolution.
    pub fn read(id: &str, file: &str, text: &str) -> Result<Archetype, ArchetypeError> {
        let wrong = |message: String| ArchetypeError {
            file: file.to_owned(),
            place: None,
            message,
        };
        let mut archetype: Archetype = toml::from_str(text).map_err(|error| ArchetypeError {
            place: error.span().map(|span| place(text, span.start)),
            ..wrong(error.message().to_owned())
        })?;
        archetype.id = id.to_owned();
        archetype.check().map_err(wrong)?;
        Ok(archetype)
    }

    fn check(&self) -> Result<(), String> {
        for (what, rank) in [
            ("first_impression", self.first_impression),
            ("true_severity", self.true_severity),
        ] {
            if !(1..=4).contains(&rank) {
                return Err(format!(
                    "`{what}` is {rank}: write a rank from 1, the most severe, to 4"
                ));
            }
        }
        if !(0.05..=3.0).contains(&self.repair.sigma) {
            return Err(format!(
                "`repair.sigma` is {}: write a number from 0.05 to 3",
                self.repair.sigma
            ));
        }
        let [low, high] = &self.repair.typical;
        let times = [
            low,
            high,
            &self.repair.median,
            &self.published.lower_quartile,
            &self.published.median,
        ];
        for text in times {
            if length(text)? == Length::ZERO {
                return Err(format!("`{text}` is no time at all: repairs take longer"));
            }
        }
        self.check_injects()
    }

    fn check_injects(&self) -> Result<(), String> {
        let mut known: Vec<&str> = Vec::new();
        for (index, inject) in self.injects.iter().enumerate() {
            let which = format!("inject {} ({})", index + 1, inject.kind);
            let times = [Some(&inject.at), inject.by.as_ref(), inject.over.as_ref()];
            for text in times.into_iter().flatten() {
                length(text).map_err(|wrong| format!("{which}: {wrong}"))?;
            }
            if let Some(needed) = inject.needs.as_deref().filter(|needed| !known.contains(needed)) {
                return Err(format!("{which} needs `{needed}`, which no earlier inject reveals"));
            }
            if inject.kind == InjectKind::Storm && !(1..=200).contains(&inject.count.unwrap_or(0)) {
                return Err(format!("{which} needs a `count` from 1 to 200"));
            }
            let simulated = matches!(inject.kind, InjectKind::Alert | InjectKind::Ticket | InjectKind::Storm);
            if simulated && inject.after.is_some() {
                return Err(format!(
                    "{which} comes at a time of its own: it is simulated, so it has no `after`"
                ));
            }
            known.extend(inject.reveals.as_deref());
        }
        let first = self.injects.first().map(|inject| inject.kind);
        if !matches!(first, Some(InjectKind::Alert | InjectKind::Ticket)) {
            return Err("the first inject is the first symptom: an `alert` or a `ticket`".into());
        }
        match self.injects.last().map(|inject| inject.kind) {
            Some(InjectKind::Resolution) => Ok(()),
            _ => Err("the last inject must be a `resolution`".into()),
        }
    }
}

/// Line and column of a byte, from 1.
fn place(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
    (line, column)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{ln, normal_quantile};

    #[test]
    fn every_archetype_of_the_library_reads() {
        for (id, text) in LIBRARY {
            if let Err(error) = Archetype::read(id, id, text) {
                panic!("{error}");
            }
        }
        assert_eq!(library().len(), LIBRARY.len());
    }

    #[test]
    fn the_library_holds_every_file_of_its_folder() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/incidents");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .expect("the folder")
            .map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8"))
            .collect();
        files.sort();
        let ours: Vec<String> = LIBRARY.iter().map(|(id, _)| format!("{id}.toml")).collect();
        assert_eq!(files, ours);
    }

    /// Median: the geometric middle of the typical range. Spread: that range is the middle half, or, if that is wider, the
    /// published lower quartile is the ninth decile.
    #[test]
    fn the_law_of_each_repair_follows_from_its_facts() {
        let minutes = |text: &str| length(text).expect("checked").ms() as f64 / 60_000.0;
        for archetype in library() {
            let repair = &archetype.repair;
            let [low, high] = [0, 1].map(|end: usize| minutes(&repair.typical[end]));
            let median = minutes(&repair.median);
            assert!((median - (low * high).sqrt()).abs() <= 0.5, "{}", archetype.id);
            let by_range = ln(high / low) / 2.0 / normal_quantile(0.75);
            let by_published = ln(minutes(&archetype.published.lower_quartile) / median) / normal_quantile(0.9);
            assert!(
                (repair.sigma - by_range.max(by_published)).abs() <= 0.006,
                "{}",
                archetype.id
            );
        }
    }

    #[test]
    fn a_wrong_archetype_is_answered_with_its_place() {
        let (id, text) = LIBRARY[0];
        let read = |text: &str| Archetype::read(id, "x.toml", text).expect_err("wrong").to_string();
        let misspelt = text.replacen("solved_at", "solvedat", 1);
        assert!(
            read(&misspelt).starts_with("x.toml:6:1: unknown field `solvedat`"),
            "{}",
            read(&misspelt)
        );
        assert_eq!(
            read(&text.replacen("true_severity = 2", "true_severity = 7", 1)),
            "x.toml: `true_severity` is 7: write a rank from 1, the most severe, to 4"
        );
        assert_eq!(
            read(&text.replacen("needs = \"change\"", "needs = \"colour\"", 1)),
            "x.toml: inject 8 (decision) needs `colour`, which no earlier inject reveals"
        );
        assert!(read(&text.replacen("at = \"3m\"", "at = \"3x\"", 1)).contains("`x` is not a unit"));
    }
}
