//! Who works: what each tier can solve, and the teams with their people and habits.

use super::plan::zone_of;
use super::promises::weekly;
use super::routing;
use super::words::{about as roughly, counted, each_with, length, listed, people, percent};
use super::{About, Section};
use crate::model::{Breaks, Crew, Discipline, ShiftEnd, Team};
use crate::random::Sampler;
use crate::scenario::{self, ShrinkageMode};

/// What each tier can solve of the tickets that come, and how long it takes.
pub(super) fn ladder(about: &About) -> Section {
    let mut section = Section::new("Tiers: who is able to solve what");
    for (tier, name) in about.model.names.tiers.iter().enumerate() {
        let text = format!("{}; {}", solves(about, tier), work(about, tier));
        section.say(name, text);
    }
    section
}

fn solves(about: &About, tier: usize) -> String {
    let (load, names) = (about.load, &about.model.names);
    let of_all = load.of_tier(tier) / load.tickets().max(f64::MIN_POSITIVE);
    let by_severity: Vec<(usize, f64)> = (0..names.severities.len())
        .filter(|severity| load.of_severity(*severity) > 0.0)
        .map(|severity| (severity, load.solved_from[severity][tier] / load.of_severity(severity)))
        .collect();
    let what = match tier {
        0 => "can solve",
        _ => "can solve another",
    };
    let differs = by_severity.iter().any(|(_, share)| (share - of_all).abs() > 0.0005);
    let detail = match differs {
        true => {
            let parts = by_severity
                .iter()
                .map(|(severity, share)| format!("{} {}", names.severities[*severity], percent(*share)));
            format!(" ({})", parts.collect::<Vec<_>>().join(", "))
        }
        false => String::new(),
    };
    format!("{what} {} of the tickets{detail}", percent(of_all))
}

/// Mean work, solving and finding out.
fn work(about: &About, tier: usize) -> String {
    let model = about.model;
    let rows = &model.tiers[tier];
    let passes_on = model.population.ladder.passes_on(crate::model::TierId::new(tier))
        || model
            .population
            .services
            .iter()
            .any(|service| service.needs_at_least.index() > tier);
    let solving = means(about, &rows.work);
    let diagnosis = means(about, &rows.diagnosis);
    match passes_on {
        true if solving == diagnosis => {
            format!("works {solving} on a ticket on average, whether it can solve it or not")
        }
        true => format!("a solution takes {solving} on average, finding out that it cannot, {diagnosis}"),
        false => format!("a solution takes {solving} on average"),
    }
}

/// One mean, or one by severity.
fn means(about: &About, laws: &[Sampler]) -> String {
    let means: Vec<String> = laws.iter().map(|law| roughly(law.mean())).collect();
    each_with(&about.model.names.severities, &means)
}

/// The teams: who works when, in which order, and what happens at the end of a shift.
pub(super) fn teams(about: &About) -> Section {
    let mut section = Section::new("Teams");
    for (index, (name, written)) in about.written.teams.iter().enumerate() {
        let team = &about.model.teams[index];
        let crews: Vec<&Crew> = about
            .model
            .crews
            .iter()
            .filter(|crew| crew.team.index() == index)
            .collect();
        section.say(
            name,
            format!("{}; {}", who(about, written, team), habits(about, team, &crews)),
        );
        for (shift, detail) in &written.shifts {
            section.say("", on_shift(about, written, shift, detail));
        }
        for (person, detail) in about.written.people.iter().filter(|(_, person)| person.team == *name) {
            section.say("", named(person, detail));
        }
        section.say_if("", routing::particulars(about, written, team));
        section.say_if("", shrinkage(&crews).or_else(|| thinned(about, written)));
    }
    section
}

fn who(about: &About, written: &scenario::Team, team: &Team) -> String {
    let tier = &about.model.names.tiers[team.tier.index()];
    let heads = people(team.agents.len());
    let mut text = match written.headcount {
        Some(_) => format!("works {tier}; {heads} round the clock"),
        None if written.shifts.is_empty() => format!("works {tier}; {heads} on call only"),
        None => format!("works {tier}; {heads} in {}", counted(written.shifts.len(), "shift")),
    };
    if let Some(skills) = &written.skills {
        text.push_str(&format!(", {}", routing::skills(skills)));
    }
    text
}

fn on_shift(about: &About, team: &scenario::Team, name: &str, shift: &scenario::Shift) -> String {
    let mut text = format!("{name}: {} {}", people(shift.headcount as usize), weekly(&shift.hours));
    let zone = zone_of(about, team.zone_of(Some(shift)));
    if zone.name() != about.model.origin.zone().name() {
        text.push_str(&format!(", {}", zone.name()));
    }
    if let Some(skills) = &shift.skills {
        text.push_str(&format!(", {}", routing::skills(skills)));
    }
    if let Some(calendar) = &shift.holidays {
        text.push_str(&format!(", off on the holidays of {calendar}"));
    }
    text
}

/// A person by name: where they belong, and what they can.
fn named(name: &str, person: &scenario::Person) -> String {
    let mut parts = Vec::new();
    parts.extend(person.shift.as_ref().map(|shift| format!("on shift {shift}")));
    parts.extend(person.zone.as_ref().map(|zone| format!("lives in {zone}")));
    parts.extend(
        person
            .proficiency
            .map(|proficiency| format!("proficiency {}", proficiency.0)),
    );
    parts.extend(person.skills.as_ref().map(routing::skills));
    let leave = person
        .leave
        .iter()
        .map(|leave| format!("{} to {}", leave.from, leave.to));
    let leave: Vec<String> = leave.collect();
    if !leave.is_empty() {
        parts.push(format!("on leave {}", listed(&leave, "and")));
    }
    match parts.is_empty() {
        true => name.to_owned(),
        false => format!("{name}: {}", parts.join(", ")),
    }
}

fn habits(about: &About, team: &Team, crews: &[&Crew]) -> String {
    let mut parts = vec![order(team.discipline)];
    if let Some(preemption) = &team.preemption {
        let names = about.model.names.severities.iter().zip(&preemption.by);
        let by: Vec<&String> = names.filter(|(_, may)| **may).map(|(name, _)| name).collect();
        let who = match by.len() == preemption.by.len() {
            true => "a ticket".to_owned(),
            false => listed(&by, "or"),
        };
        parts.push(format!(
            "{who} may interrupt less severe work ({} to find back into it)",
            length(preemption.switch_cost.ms())
        ));
    }
    if crews.iter().any(|crew| !crew.always) {
        parts.push(match team.shift_end {
            ShiftEnd::Finish(limit) => format!(
                "work in progress at a shift's end is finished in up to {} of overtime",
                length(limit.ms())
            ),
            ShiftEnd::HandOff => "work in progress at a shift's end is handed to the next".to_owned(),
            ShiftEnd::Hold => "work in progress at a shift's end waits for its owner's next shift".to_owned(),
        });
    }
    parts.join("; ")
}

fn order(discipline: Discipline) -> String {
    match discipline {
        Discipline::Fifo => "first come, first served".to_owned(),
        Discipline::Severity => "most severe first".to_owned(),
        Discipline::SeverityCustomer => "most severe first, then by customer tier".to_owned(),
        Discipline::Deadline => "nearest deadline first".to_owned(),
        Discipline::Ageing(step) => format!(
            "longest wait first, a step of severity counting as {} of waiting",
            length(step.ms())
        ),
    }
}

/// Shrinkage that is divided out.
fn thinned(about: &About, team: &scenario::Team) -> Option<String> {
    let thin = about.written.run.shrinkage == Some(ShrinkageMode::Thin) && team.headcount.is_none();
    let share = team.availability();
    let fraction = (thin && share > 0.0 && share < 1.0).then_some(share)?;
    Some(format!(
        "shrinkage divided out: everybody is {} of a person",
        percent(fraction)
    ))
}

/// Absence and breaks; people who are always on duty have none.
fn shrinkage(crews: &[&Crew]) -> Option<String> {
    let crew = crews.first()?;
    let mut parts = Vec::new();
    if crew.absent > 0.0 {
        parts.push(format!("absent from {} of the shifts", percent(crew.absent)));
    }
    if let Some(Breaks { share, count, .. }) = crew.breaks {
        let breaks = counted(count as usize, "break");
        parts.push(format!("{} of each shift in {breaks}", percent(share)));
    }
    let without = crews.iter().all(|crew| crew.always);
    match parts.is_empty() {
        true => None,
        false if without => Some("its shrinkage does not count: it belongs to shifts".to_owned()),
        false => Some(listed(&parts, "and")),
    }
}
