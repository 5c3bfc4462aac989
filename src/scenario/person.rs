//! A person by name, as written: one more head of a team, with a shift, a zone, leave and skills of their own.
//!
//! Most people of a team are alike and are counted (`headcount`); those who are not, or whom a schedule of on-call duty
//! names, are written out here.

use super::routing::Training;
use super::{Scenario, Service, Shift};
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

/// A person by name: one more head of a team, beside those that are counted.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// The team that they belong to.
    #[schemars(extend("x-ref" = "teams"))]
    pub team: String,
    /// The shift of the team that they work. Without one: always on duty in a team with a `headcount` (of 0, if all its
    /// people have names), in any other team on call only: never on duty, paged by its schedules.
    #[serde(default)]
    pub shift: Option<String>,
    /// IANA time zone that they live in: of their leave and of their nights (default: their shift's, else the run's).
    #[serde(default)]
    #[schemars(extend("x-format" = "zone"))]
    pub zone: Option<String>,
    /// Leave, as planned: they are away from every shift that begins in it, and nobody pages them meanwhile.
    #[serde(default)]
    pub leave: Vec<Leave>,
    /// How fast they work: work times are divided by it (default: their shift's, else their team's).
    #[serde(default)]
    pub proficiency: Option<Proficiency>,
    /// Their skills, as a list or with a proficiency each (default: their shift's, else their team's).
    #[serde(default)]
    pub skills: Option<Skills>,
    /// They are new and learn (default: as their shift, else their team).
    #[serde(default)]
    pub training: Option<Training>,
}

/// Time away: `{ from = "2026-07-20", to = "2026-08-02" }`, both days included.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Leave {
    /// First day, or the instant from which they are away: `"2026-07-20"` or `"2026-07-20T12:00"`.
    #[schemars(extend("x-format" = "start"))]
    pub from: String,
    /// Last day, which is away too; or, written with a time, the instant from which they are back.
    #[schemars(extend("x-format" = "start"))]
    pub to: String,
}

/// How fast somebody works, 1 being the standard that the work laws describe: work times are divided by it.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(transparent)]
pub struct Proficiency(#[schemars(range(min = 0.05, max = 20.0))] pub f64);

/// Skills: `["database", "network"]`, or each with a proficiency: `{ database = 1.2, network = 0.7 }`. Work on a ticket
/// is divided by the proficiency in the skill that its service needs, the least one if it needs several.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Skills {
    /// Skills at the standard proficiency.
    Listed(Vec<String>),
    /// Skills with a proficiency each; 0 is the same as not having it.
    Graded(IndexMap<String, Grade>),
}

/// Proficiency in a skill: 1 is the standard, 0 is none.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(transparent)]
pub struct Grade(#[schemars(range(min = 0.0, max = 20.0))] pub f64);

impl Skills {
    /// Proficiency in a skill, 0 without it.
    pub fn grade(&self, skill: &str) -> f64 {
        match self {
            Skills::Listed(skills) => f64::from(u8::from(skills.iter().any(|known| known == skill))),
            Skills::Graded(skills) => skills.get(skill).map_or(0.0, |grade| grade.0),
        }
    }

    /// Proficiency where all of `needs` are needed: the least of them, 1 if nothing is needed.
    pub fn for_all(&self, needs: &[String]) -> f64 {
        let grades = needs.iter().map(|need| self.grade(need));
        grades.reduce(f64::min).unwrap_or(1.0)
    }

    /// The skills that are there, in the order written.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let (listed, graded) = match self {
            Skills::Listed(skills) => (Some(skills), None),
            Skills::Graded(skills) => (None, Some(skills)),
        };
        let listed = listed.into_iter().flatten().map(String::as_str);
        let graded = graded.into_iter().flatten().filter(|(_, grade)| grade.0 > 0.0);
        listed.chain(graded.map(|(skill, _)| skill.as_str()))
    }
}

impl Scenario {
    /// Whether somebody of a team has all the skills that a service needs.
    pub fn is_able(&self, team: &str, service: &Service) -> bool {
        let Some(written) = self.teams.get(team) else {
            return false;
        };
        let has_all = |skills: Option<&Skills>| skills.is_none_or(|skills| skills.for_all(&service.needs) > 0.0);
        let of_team = written.skills.as_ref();
        let of_shift = |shift: &Shift| has_all(shift.skills.as_ref().or(of_team));
        let mut people = self.people.values().filter(|person| person.team == team).peekable();
        // A team or shift of nobody is judged by the skills that it would have.
        let nobody = people.peek().is_none();
        let counted = |heads: u32| heads > 0 || nobody;
        (written.headcount.is_some_and(counted) && has_all(of_team))
            || written
                .shifts
                .values()
                .any(|shift| counted(shift.headcount) && of_shift(shift))
            || people.any(|person| has_all(self.skills_of(person)))
    }

    /// The team of a tier to which a service's tickets go: the first in which somebody has the skills.
    pub fn team_for(&self, tier: &str, service: &Service) -> Option<&str> {
        let mut of_tier = self.teams.iter().filter(|(_, table)| table.tier == tier);
        let found = of_tier.find(|(name, _)| self.is_able(name, service));
        found.map(|(name, _)| name.as_str())
    }

    /// The skills of a person: their own, else their shift's, else their team's. `None`: every skill.
    pub fn skills_of<'a>(&'a self, person: &'a Person) -> Option<&'a Skills> {
        let team = self.teams.get(&person.team);
        let shift = person.shift.as_ref().and_then(|shift| team?.shifts.get(shift));
        let of_shift = shift.and_then(|shift| shift.skills.as_ref());
        person.skills.as_ref().or(of_shift).or(team?.skills.as_ref())
    }
}
