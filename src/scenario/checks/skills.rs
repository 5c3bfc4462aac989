//! Hours in which a team is on duty and nobody there has a skill that tickets in its queue need.
//!
//! Shifts, changes of the clocks, holidays and leave count; who is absent by chance does not. That nobody of a team has the
//! skill at all is another mistake, found elsewhere.

use super::super::problem::{Place, Problems};
use super::super::{Action, Condition, Path, Scenario, Service, Shift, Skills, Team};
use super::dates::Simulated;
use super::hours::laid_out;
use super::oncall::{YEAR_MS, hours_a_year, in_words};
use super::overlap::covers;
use super::rules::{admits, is_enabled};
use super::taken::taken;
use crate::scenario::words::listed;
use crate::time::{Instant, Origin};

/// `[from, until)`.
type Stretch = (Instant, Instant);

/// The whole time that is looked at: a change of the clocks may open a gap.
const YEAR: Stretch = (Instant::START, Instant::from_ms(YEAR_MS));

/// People of a team who are on duty together and have the same skills.
struct Crew<'a> {
    place: Path,
    name: &'a str,
    skills: Option<&'a Skills>,
    on_duty: Vec<Stretch>,
}

impl Crew<'_> {
    fn is_able(&self, needs: &[String]) -> bool {
        self.skills.is_none_or(|skills| skills.for_all(needs) > 0.0)
    }

    fn lacks(&self, skill: &str) -> bool {
        self.skills.is_some_and(|skills| skills.grade(skill) == 0.0)
    }

    fn is_on_duty(&self, at: Instant) -> bool {
        self.on_duty.iter().any(|(from, until)| *from <= at && at < *until)
    }
}

pub(super) fn check(scenario: &Scenario, problems: &mut Problems) {
    let Some(run) = Simulated::of(scenario) else { return };
    for (name, team) in &scenario.teams {
        let mut found: Vec<Gaps> = Vec::new();
        let with_needs = scenario
            .services
            .iter()
            .filter(|(_, service)| !service.needs.is_empty());
        for (service, table) in with_needs.filter(|(_, table)| scenario.is_able(name, table)) {
            let gaps = gets(scenario, name, (service, table)).then(|| gaps(scenario, &run, (name, team), table));
            let Some(gaps) = gaps.flatten() else { continue };
            match found.iter_mut().find(|known| known.is_as(&gaps)) {
                Some(known) => known.services.push(service),
                None => found.push(Gaps {
                    services: vec![service],
                    ..gaps
                }),
            }
        }
        found.iter().for_each(|gaps| say(name, gaps, &run, problems));
    }
}

/// Hours in which a team is on duty and nobody there has what tickets of some services need.
struct Gaps<'a> {
    services: Vec<&'a str>,
    /// What is missing.
    missing: String,
    hours: Vec<Stretch>,
    /// One who is on duty in the first of them.
    place: Path,
    /// Who of the team has it.
    able: Vec<&'a str>,
}

impl Gaps<'_> {
    fn is_as(&self, other: &Gaps) -> bool {
        self.missing == other.missing && self.hours == other.hours
    }
}

fn say(team: &str, gaps: &Gaps, run: &Simulated, problems: &mut Problems) {
    let message = format!(
        "nobody of team `{team}` on duty has {} for {} a year, and tickets of {} need it",
        gaps.missing,
        hours_a_year(&gaps.hours, YEAR.1),
        listed(&gaps.services)
    );
    let help = match gaps.able.as_slice() {
        [] => "whoever has it is on call only: write it into the `skills` of somebody on duty".to_owned(),
        able => format!(
            "of the team {} {} it: write it into the `skills` of somebody who is on duty then, or change the hours",
            listed(able),
            if able.len() == 1 { "has" } else { "have" }
        ),
    };
    let played = gaps.hours.partition_point(|(from, _)| *from < run.end);
    let played = &gaps.hours[..played];
    let problem = problems.warning("W432", Place::Key(gaps.place.clone()), message);
    problem
        .label(format!("without it: {}", in_words(played, &run.origin, YEAR.1)))
        .help(help);
    if let Some(service) = gaps.services.first() {
        problem.also(Path::from(["services", service, "needs"]), "needed here");
    }
}

/// The hours of a team in which it is on duty without anybody who can work on tickets of a service.
fn gaps<'a>(
    scenario: &'a Scenario,
    run: &Simulated,
    (name, team): (&'a str, &'a Team),
    service: &Service,
) -> Option<Gaps<'a>> {
    let needs = &service.needs;
    let crews = crews(scenario, run, (name, team));
    if crews.iter().all(|crew| crew.is_able(needs)) {
        return None;
    }
    let helps = team.overflow.as_ref();
    let helps = helps.and_then(|overflow| scenario.teams.get_key_value(&overflow.to));
    let helpers = helps.map(|(name, team)| self::crews(scenario, run, (name.as_str(), team)));
    let able = crews.iter().chain(helpers.iter().flatten());
    let able = able.filter(|crew| crew.is_able(needs));
    let hours = without(
        &together(crews.iter().flat_map(|crew| &crew.on_duty)),
        &together(able.flat_map(|crew| &crew.on_duty)),
    );
    let (from, _) = *hours.first().filter(|(from, _)| *from < run.end)?;
    let there: Vec<&Crew> = crews.iter().filter(|crew| crew.is_on_duty(from)).collect();
    let all: Vec<&str> = needs.iter().map(String::as_str).collect();
    let lacking = all.iter().filter(|skill| there.iter().all(|crew| crew.lacks(skill)));
    let lacking: Vec<&str> = lacking.copied().collect();
    Some(Gaps {
        services: Vec::new(),
        missing: match lacking.as_slice() {
            [] => format!("all of {}", listed(&all)),
            lacking => listed(lacking),
        },
        place: there.first()?.place.clone(),
        able: crews
            .iter()
            .filter(|crew| crew.is_able(needs))
            .map(|crew| crew.name)
            .collect(),
        hours,
    })
}

/// Whether tickets of a service come to a team's queue: as new ones, by escalation, a route or a rule.
pub(super) fn gets(scenario: &Scenario, team: &str, (name, service): (&String, &Service)) -> bool {
    let asked = |condition: &Condition| admits(&condition.service, name);
    let of_service = Condition {
        service: Some(vec![name.clone()]),
        ..Condition::default()
    };
    let routes = scenario.routes.values().filter(|route| asked(&route.if_));
    let rules = scenario.rules.values();
    let rules = rules.filter(|rule| is_enabled(rule) && asked(&taken(scenario, rule)));
    let transfers = rules.flat_map(|rule| &rule.then).filter_map(|action| match action {
        Action::Transfer(transfer) => Some(transfer.to()),
        _ => None,
    });
    let mut reached: Vec<&String> = routes.clone().map(|route| &route.to).chain(transfers).collect();
    let mut routes = routes;
    if !routes.any(|route| covers(&route.if_, &of_service)) {
        let enters = service.starts_at.as_ref().or(service.needs_at_least.as_ref());
        reached.extend(enters.or(scenario.tiers.keys().next()));
    }
    let mut tiers: Vec<&str> = Vec::new();
    while let Some(to) = reached.pop() {
        if to == team {
            return true;
        }
        // A team hands on to the tiers that its own escalates to.
        let tier = match scenario.teams.get(to) {
            Some(other) if !scenario.tiers.contains_key(to) => &other.tier,
            _ => {
                if scenario.team_for(to, service) == Some(team) {
                    return true;
                }
                to
            }
        };
        if !tiers.contains(&tier.as_str()) {
            tiers.push(tier);
            let written = scenario.tiers.get(tier);
            reached.extend(written.into_iter().flat_map(|tier| tier.escalates.keys()));
        }
    }
    false
}

/// The people of a team who are ever on duty, by what they have in common.
fn crews<'a>(scenario: &'a Scenario, run: &Simulated, (name, team): (&'a str, &'a Team)) -> Vec<Crew<'a>> {
    let of_team = team.skills.as_ref();
    let path = Path::from(["teams", name]);
    let mut crews = Vec::new();
    if team.headcount.is_some_and(|heads| heads > 0) {
        crews.push(Crew {
            place: path.key("headcount"),
            name,
            skills: of_team,
            on_duty: vec![YEAR],
        });
    }
    for (shift, written) in team.shifts.iter().filter(|(_, shift)| shift.headcount > 0) {
        crews.push(Crew {
            place: path.key("shifts").key(shift),
            name: shift,
            skills: written.skills.as_ref().or(of_team),
            on_duty: hours(scenario, &run.origin, team, written),
        });
    }
    for (person, written) in scenario.people.iter().filter(|(_, person)| person.team == name) {
        let shift = written.shift.as_ref().and_then(|shift| team.shifts.get(shift));
        let on_duty = match shift {
            Some(shift) => hours(scenario, &run.origin, team, shift),
            None if team.headcount.is_some() => vec![YEAR],
            // On call only.
            None => continue,
        };
        crews.push(Crew {
            place: Path::from(["people", person]),
            name: person,
            skills: scenario.skills_of(written),
            on_duty: present(on_duty, &together(&run.leave(scenario, person))),
        });
    }
    crews
}

/// When a shift is on duty within a year.
fn hours(scenario: &Scenario, origin: &Origin, team: &Team, shift: &Shift) -> Vec<Stretch> {
    let calendar = shift.holidays.as_ref().and_then(|name| scenario.calendars.get(name));
    let holidays = calendar.map_or(&[][..], |calendar| &calendar.holidays);
    if shift.hours.read().is_ok_and(|weekly| weekly.is_always()) && holidays.is_empty() {
        return vec![YEAR];
    }
    let Some(calendar) = laid_out(&shift.hours, team.zone_of(Some(shift)), holidays, origin, YEAR.1) else {
        return vec![YEAR];
    };
    let stretches = calendar.intervals();
    let within = stretches.map(|(from, until)| (from.max(YEAR.0), until.min(YEAR.1)));
    within.filter(|(from, until)| from < until).collect()
}

/// Without leave: a shift that begins in it is left out whole; who is always on duty is away just then.
fn present(on_duty: Vec<Stretch>, away: &[Stretch]) -> Vec<Stretch> {
    if on_duty == [YEAR] {
        return without(&on_duty, away);
    }
    let begins = |at: Instant| away.iter().any(|(from, until)| *from <= at && at < *until);
    on_duty.into_iter().filter(|(from, _)| !begins(*from)).collect()
}

/// Stretches in order, those that overlap or touch as one.
fn together<'s>(stretches: impl IntoIterator<Item = &'s Stretch>) -> Vec<Stretch> {
    let mut sorted: Vec<Stretch> = stretches.into_iter().copied().collect();
    sorted.sort_unstable();
    let mut joined: Vec<Stretch> = Vec::with_capacity(sorted.len());
    for (from, until) in sorted {
        match joined.last_mut().filter(|last| from <= last.1) {
            Some(last) => last.1 = last.1.max(until),
            None => joined.push((from, until)),
        }
    }
    joined
}

/// What of `stretches` is in none of `others`; both in order, without overlap.
fn without(stretches: &[Stretch], others: &[Stretch]) -> Vec<Stretch> {
    let mut left = Vec::new();
    let mut next = 0;
    for (from, until) in stretches {
        let mut from = *from;
        while others.get(next).is_some_and(|other| other.1 <= from) {
            next += 1;
        }
        let mut other = next;
        while let Some((begins, ends)) = others.get(other).filter(|other| other.0 < *until) {
            if from < *begins {
                left.push((from, *begins));
            }
            from = from.max(*ends);
            other += 1;
        }
        if from < *until {
            left.push((from, *until));
        }
    }
    left
}
