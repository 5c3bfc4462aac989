//! How a team's tickets find its people, in words: who is asked, who helps, how many wait, how fast people are.

use super::About;
use super::words::{each_with, length, listed, percent};
use crate::model::{Agent, Concurrency, Overflow, Places, Routing, RoutingMode, Speedup, Team, Training};
use crate::scenario::{self, Skills};

/// Skills of people: `skills database and network`, with the proficiency where it is not the standard.
pub(super) fn skills(skills: &Skills) -> String {
    let names: Vec<String> = skills
        .names()
        .map(|skill| match skills.grade(skill) {
            1.0 => skill.to_owned(),
            grade => format!("{skill} ({grade})"),
        })
        .collect();
    match names.is_empty() {
        true => "no special skills".to_owned(),
        false => format!("skills {}", listed(&names, "and")),
    }
}

/// What is particular about a team; `None` if nothing is.
pub(super) fn particulars(about: &About, written: &scenario::Team, team: &Team) -> Option<String> {
    let mut parts = Vec::new();
    parts.extend(routing(&team.routing));
    if !written.preference.is_empty() {
        parts.push(format!(
            "tickets of {} go before others",
            listed(&written.preference, "before")
        ));
    }
    parts.extend(team.overflow.as_ref().and_then(|overflow| helped(about, overflow)));
    parts.extend(team.places.map(|places| waiting(about, places, team.overflow)));
    parts.extend(
        team.concurrency
            .as_ref()
            .map(|concurrency| conversations(about, concurrency)),
    );
    parts.extend(pace(about, written, team));
    (!parts.is_empty()).then(|| parts.join("; "))
}

fn routing(routing: &Routing) -> Option<String> {
    let mode = match routing.mode {
        RoutingMode::LongestIdle => "whoever has been idle longest",
        RoutingMode::LeastLoaded => "whoever has the fewest open tickets",
        RoutingMode::RoundRobin => "the next in turn",
        RoutingMode::BestSkill => "the most proficient",
    };
    let sun = match routing.follow_the_sun {
        true => ", of those in the zone whose day ends first",
        false => "",
    };
    let mut parts = Vec::new();
    if routing.push {
        let mut text = format!("a ticket is assigned as it comes, to {mode}{sun}, and waits for them");
        if routing.holds != u32::MAX {
            text.push_str(&format!(", who holds {} at most", routing.holds));
        }
        if let Some(after) = routing.return_after {
            text.push_str(&format!(", for {} at most", length(after.ms())));
        }
        parts.push(text);
    } else if routing.mode != RoutingMode::LongestIdle || routing.follow_the_sun {
        parts.push(format!("of several who are free, {mode}{sun} gets a ticket"));
    }
    if let Some(wait) = routing.sticky {
        let wait = match wait.ms() {
            0 => "if they are free".to_owned(),
            ms => format!("if they can begin within {}", length(ms)),
        };
        parts.push(format!("what comes back goes to whoever solved it, {wait}"));
    }
    (!parts.is_empty()).then(|| parts.join("; "))
}

fn helped(about: &About, overflow: &Overflow) -> Option<String> {
    let to = &about.model.names.teams[overflow.to.index()];
    let after = match overflow.after?.ms() {
        0 => "that finds nobody free".to_owned(),
        ms => format!("that waits {}", length(ms)),
    };
    Some(match overflow.moves {
        true => format!("a ticket {after} moves to {to}"),
        false => format!("a ticket {after} is offered to {to} as well"),
    })
}

fn waiting(about: &About, places: Places, overflow: Option<Overflow>) -> String {
    let full = match overflow.filter(|_| places.overflow) {
        Some(overflow) => format!("goes to {}", about.model.names.teams[overflow.to.index()]),
        None => "is turned away".to_owned(),
    };
    match places.count {
        0 => format!("a ticket that finds nobody free {full}"),
        count => format!("{count} can wait, the next {full}"),
    }
}

fn conversations(about: &About, concurrency: &Concurrency) -> String {
    let mut text = format!(
        "up to {} conversations at once, which do the work of {:.2} people",
        concurrency.most,
        concurrency.most as f64 * concurrency.pace(concurrency.most as usize)
    );
    let names = about.model.names.severities.iter().zip(&concurrency.exclusive);
    let alone: Vec<&String> = names.filter(|(_, alone)| **alone).map(|(name, _)| name).collect();
    if !alone.is_empty() {
        text.push_str(&format!("; {} alone", listed(&alone, "and")));
    }
    text
}

/// How fast its people work, where that is not the standard.
fn pace(about: &About, written: &scenario::Team, team: &Team) -> Option<String> {
    let people = &about.model.agents[team.agents.clone()];
    let mut parts = Vec::new();
    let paces: Vec<f64> = people.iter().map(|agent| agent.proficiency).collect();
    let least = paces.iter().copied().fold(f64::INFINITY, f64::min);
    let most = paces.iter().copied().fold(0.0, f64::max);
    if least != 1.0 || most != 1.0 {
        parts.push(match least == most {
            true => format!("proficiency {least}"),
            false => format!("proficiency from {least} to {most}"),
        });
    }
    if let Some(sigma) = written.proficiency_spread.filter(|sigma| *sigma > 0.0) {
        parts.push(format!(
            "proficiency differs between people by a factor of mean 1 and σ {sigma}"
        ));
    }
    parts.extend(learning(people));
    (!parts.is_empty() && !people.is_empty()).then(|| parts.join(", "))
}

fn learning(people: &[Agent]) -> Option<String> {
    let new: Vec<&Training> = people.iter().filter_map(|agent| agent.training.as_ref()).collect();
    let first = new.first()?;
    let who = match new.len() == people.len() {
        true => "all are new".to_owned(),
        false => format!("{} of {} are new", new.len(), people.len()),
    };
    Some(match new.iter().all(|training| training == first) {
        true => format!(
            "{who}: they begin at {} of their proficiency and make up 63 % of the rest in {}",
            percent(first.start),
            length(first.tau_ms as i64)
        ),
        false => format!("{who} and learn"),
    })
}

/// The speed of people who work on one ticket together.
pub(super) fn together(about: &About) -> Option<String> {
    let swarming = about.model.swarming;
    let speeds: Vec<String> = [2, 3, 5].map(|n| format!("{:.2}", swarming.speed.of(n))).to_vec();
    let law = match swarming.speed {
        Speedup::Usl(..) => "by the universal scalability law",
        Speedup::Amdahl(_) => "by Amdahl's law",
        Speedup::Linear => "without any loss",
    };
    let people = ["two", "three", "five"].map(str::to_owned);
    about.swarms().then(|| {
        format!(
            "people work on one ticket together {law} ({}); each who joins is briefed for {}",
            each_with(&people, &speeds),
            length(swarming.join_work.ms())
        )
    })
}
