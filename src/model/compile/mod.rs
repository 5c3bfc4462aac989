//! From what was written to what is meant: names become ids, defaults are filled, laws become samplers.
//!
//! Reports all that is wrong and goes on; the document's own checks (shape, names, sums) come before, so what is found
//! here is what only the whole shows. Draws nothing, reads no file and no clock.

mod calendars;
mod costs;
mod customers;
mod demand;
mod incidents;
mod laws;
mod oncall;
mod people;
mod person;
mod policy;
mod process;
mod promises;
mod routing;
mod triage;

use super::{
    Action, Agent, AgentId, CalendarId, Handoff, Model, Names, OnCall, Population, Process, RuleSet, SeverityId,
    TIERS_MAX, TargetTable, Team, TeamId, TierId, Uses, Window, defaults,
};
use crate::random::Sampler;
use crate::scenario::{Problems, Scenario};
use crate::time::{Calendar, Instant, Length, Origin};
use indexmap::IndexMap;

/// Compiles a scenario. `None` if something is wrong; `problems` then says what.
pub fn compile(scenario: &Scenario, problems: &mut Problems) -> Option<Model> {
    let model = Compiler::new(scenario, problems)?.model();
    if problems.any_error() { None } else { model }
}

/// What every part of the compilation looks things up in.
struct Compiler<'a> {
    written: &'a Scenario,
    problems: &'a mut Problems,
    names: Names,
    origin: Origin,
    window: Window,
    /// Calendar 0 is `24x7`.
    calendars: Vec<Calendar>,
    business: Option<CalendarId>,
    /// Calendars that are read in another zone, with its name, and as what.
    zoned: Vec<(CalendarId, String, CalendarId)>,
    /// Calendars of clocks that go by their owners' zones.
    of_owners: Vec<CalendarId>,
    /// Everybody by what the file calls them.
    seats: IndexMap<String, AgentId>,
    /// Made so far, by variance.
    day_factors: Vec<(f64, Sampler)>,
}

const ALWAYS: &str = "24x7";

impl<'a> Compiler<'a> {
    fn new(written: &'a Scenario, problems: &'a mut Problems) -> Option<Compiler<'a>> {
        let names = names(written);
        check_sizes(written, &names, problems);
        let zone = calendars::zone(
            written.run.zone.as_deref().unwrap_or(defaults::ZONE),
            "run.zone",
            problems,
        )?;
        let origin = match Origin::read(&written.run.start, &zone) {
            Ok(origin) => origin,
            Err(misread) => {
                problems.error("E901", "run.start", misread.message).help(misread.help);
                return None;
            }
        };
        let mut compiler = Compiler {
            written,
            problems,
            names,
            origin,
            window: Window {
                from: Instant::START,
                until: Instant::START,
                last: Instant::START,
            },
            calendars: vec![Calendar::always()],
            business: None,
            zoned: Vec::new(),
            of_owners: Vec::new(),
            seats: IndexMap::new(),
            day_factors: Vec::new(),
        };
        compiler.measure_window()?;
        compiler.compile_calendars();
        Some(compiler)
    }

    fn model(mut self) -> Option<Model> {
        let mut targets = self.targets();
        let tiers = self.tiers();
        let (teams, crews, agents) = self.teams();
        let people = self.persons(&agents);
        self.seats = self.seats(&crews, &agents);
        targets.owners = self.owners_zones(&crews, &agents, &people);
        let on_call = self.on_call(oncall::Staff {
            crews: &crews,
            agents: &agents,
            people: &people,
        });
        let team_of = self.team_of();
        let starts_at = self.starts_at();
        let population = self.population();
        self.check_reach(&population, &team_of, &starts_at);
        let routes = self.routes();
        let rules = RuleSet::of(self.rules(), &targets);
        let process = self.process();
        let costs = self.costs(&crews, &agents, &on_call);
        let handoff = self.handoff();
        let uses = self.uses(
            (&targets, &rules),
            &population,
            &process,
            &on_call,
            (&teams, &agents),
            &handoff,
        );
        let swarming = self.swarming();
        let first_reply = self.length_or(self.written.first_reply.as_deref(), "first_reply", Length::ZERO);
        let days = self.written.run.fcr_days.unwrap_or(defaults::FCR_DAYS);
        let first_contact = Length::from_secs(i64::from(days) * 24 * 3600);
        let useful_lead = self.written.useful_lead.is_some();
        let useful_lead =
            useful_lead.then(|| self.length_or(self.written.useful_lead.as_deref(), "useful_lead", Length::ZERO));
        Some(Model {
            names: self.names,
            uses,
            origin: self.origin,
            window: self.window,
            calendars: self.calendars,
            population,
            tiers,
            teams,
            crews,
            agents,
            people,
            on_call,
            team_of,
            routes,
            starts_at,
            targets,
            rules,
            process,
            handoff,
            swarming,
            first_reply,
            first_contact,
            useful_lead,
            costs,
        })
    }

    /// Which of the rarer features the scenario uses.
    fn uses(
        &self,
        (targets, rules): (&TargetTable, &RuleSet),
        population: &Population,
        process: &Process,
        on_call: &OnCall,
        (teams, agents): (&[Team], &[Agent]),
        handoff: &Handoff,
    ) -> Uses {
        let acts = |is: fn(&Action) -> bool| rules.rules.iter().flat_map(|rule| &rule.actions).any(is);
        // Whoever acknowledges a page brings a ticket to their team, too.
        let returns = handoff.rejected > 0.0
            || on_call.is_used()
            || acts(|act| matches!(act, Action::TransferToTier(..) | Action::TransferToTeam(..)));
        let swarms = acts(|act| matches!(act, Action::AddResponders(..)));
        let involves = acts(|act| matches!(act, Action::Involve(..)));
        let grades = acts(|act| act.changes_severity()) && !rules.on_resolved.is_empty();
        let waits = teams
            .iter()
            .any(|team| team.routing.push || team.routing.sticky.is_some());
        let differ = |agent: &Agent| agent.proficiency != 1.0 || agent.training.is_some();
        let by_rules =
            rules.remember || !self.names.flags.is_empty() || returns || swarms || involves || grades || waits;
        Uses {
            cases: by_rules
                || targets.keeps_cases()
                || population.keeps_cases()
                || process.is_used()
                || on_call.is_used(),
            paces: swarms
                || process.commander.is_some()
                || (on_call.is_used() && on_call.fatigue > 0.0)
                || agents.iter().any(differ)
                || teams.iter().any(Team::has_paces),
            process: process.is_used(),
            returns,
            swarms,
            involves,
            warns: acts(Action::tells),
        }
    }

    /// Every tier that a service's tickets can come to needs a team with the skills.
    fn check_reach(&mut self, population: &Population, team_of: &[Vec<Option<TeamId>>], starts_at: &[TierId]) {
        for (index, (name, service)) in self.written.services.iter().enumerate() {
            let mut reached = vec![false; self.names.tiers.len()];
            reached[starts_at[index].index()] = true;
            reached[population.services[index].needs_at_least.index()] = true;
            for tier in 0..reached.len() {
                if reached[tier] {
                    for severity in (0..self.names.severities.len()).map(SeverityId::new) {
                        let next = population.ladder.above(TierId::new(tier), severity);
                        next.iter().for_each(|(_, to)| reached[to.index()] = true);
                    }
                }
            }
            for (tier, _) in reached
                .iter()
                .enumerate()
                .filter(|(tier, reached)| **reached && team_of[*tier][index].is_none())
            {
                let tier = &self.names.tiers[tier];
                let what = if service.needs.is_empty() {
                    String::new()
                } else {
                    format!(" with {:?}", service.needs)
                };
                self.problems
                    .error(
                        "E909",
                        format!("services.{name}").as_str(),
                        format!("tickets of `{name}` come to {tier}, where no team{what} works"),
                    )
                    .help(format!(
                        "add a team with `tier = \"{tier}\"`, or the skills to one that is there"
                    ));
            }
        }
    }
}

fn names(written: &Scenario) -> Names {
    let keys = |mut names: Vec<String>| {
        if names.is_empty() {
            names.push(String::new());
        }
        names
    };
    Names {
        scenario: written.name.clone(),
        severities: written.severities.keys().cloned().collect(),
        services: written.services.keys().cloned().collect(),
        customer_tiers: keys(written.customer_tiers.keys().cloned().collect()),
        tiers: written.tiers.keys().cloned().collect(),
        teams: written.teams.keys().cloned().collect(),
        people: written.people.keys().cloned().collect(),
        schedules: written.schedules.keys().cloned().collect(),
        policies: written.escalation_policies.keys().cloned().collect(),
        rules: written.rules.keys().cloned().collect(),
        calendars: std::iter::once(ALWAYS.to_string())
            .chain(written.calendars.keys().cloned())
            .collect(),
        flags: Vec::new(),
        incidents: written.incidents.keys().cloned().collect(),
        sources: triage::names_of(written, |of| &of.source),
        keywords: triage::names_of(written, |of| &of.keyword),
    }
}

/// Tables that a scenario may do without.
const MAY_BE_EMPTY: [&str; 10] = [
    "rules",
    "people",
    "schedules",
    "escalation_policies",
    "incidents",
    "gates",
    "roles",
    "changes",
    "kinds",
    "calendars",
];

fn check_sizes(written: &Scenario, names: &Names, problems: &mut Problems) {
    let limits = [
        ("severities", names.severities.len(), 64),
        ("services", names.services.len(), 10_000),
        ("customer_tiers", names.customer_tiers.len(), 64),
        ("tiers", names.tiers.len(), TIERS_MAX),
        ("teams", names.teams.len(), 10_000),
        ("people", names.people.len(), 100_000),
        ("schedules", names.schedules.len(), 10_000),
        ("escalation_policies", names.policies.len(), 10_000),
        ("rules", names.rules.len(), 10_000),
        ("incidents", names.incidents.len(), 10_000),
        ("gates", written.gates.len(), 255),
        ("roles", written.roles.len(), 10_000),
        ("changes", written.changes.len(), 10_000),
        ("kinds", written.kinds.len(), 10_000),
        ("calendars", written.calendars.len(), 10_000),
    ];
    for (table, count, most) in limits.into_iter().filter(|(_, count, most)| count > most) {
        problems.error("E910", table, format!("{count} {table}, at most {most} are possible"));
    }
    for (table, _, _) in limits
        .into_iter()
        .filter(|(_, count, _)| *count == 0)
        .filter(|(table, _, _)| !MAY_BE_EMPTY.contains(table))
    {
        problems.error("E911", table, format!("the scenario has no {table}"));
    }
}

/// Which of `names` are in the list; all of them without a list.
fn listed(list: Option<&[String]>, names: &[String]) -> Vec<bool> {
    names
        .iter()
        .map(|name| list.is_none_or(|list| list.contains(name)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::compile;
    use crate::scenario::{Document, Problems, starter};
    use std::fmt::Write;

    #[test]
    fn a_table_of_too_many_rows_is_told() {
        let mut text = starter("desk");
        text += "[roles.lead]\nteam = \"desk\"\n";
        for gate in 0..256 {
            let written = write!(
                text,
                "[gates.g{gate}]\napprovers = [\"lead\"]\ndecision_work = {{ deterministic = \"1m\" }}\n"
            );
            assert!(written.is_ok());
        }
        let document = Document::parse("gates.toml", text.as_str());
        let mut problems = Problems::new();
        let scenario = document.base();
        assert!(scenario.is_some_and(|scenario| compile(scenario, &mut problems).is_none()));
        let told: Vec<_> = problems
            .iter()
            .map(|problem| (problem.code, problem.message.as_str()))
            .collect();
        assert_eq!(told, [("E910", "256 gates, at most 255 are possible")]);
    }
}
