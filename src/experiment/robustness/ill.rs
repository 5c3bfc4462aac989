//! Two people ill: who of a team is away for the whole run.
//!
//! One after another, from the shift that has most people left (those who are always on duty are one too): of those who are
//! only counted, else somebody with a name, who is put on leave, so that nobody pages them and schedules find their cover.
//! Never a seat that the scenario calls by its number, and never the last one who is able to work on a service: then it
//! would be the gap in the skills that the table shows. It plays nothing.

use crate::model::{Load, Model, TeamLoad};
use crate::scenario::{Document, Leave, Path, Scenario, Service, Setting, Skills};
use crate::time::Instant;

/// How many.
const ILL: usize = 2;

/// A team of whom people are ill, and from when until when: whole days around the run.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Illness {
    pub team: String,
    from: String,
    to: String,
}

/// In the team with the highest load that has more than two people.
pub(super) fn illness(base: &Scenario, model: &Model, load: &Load) -> Option<Illness> {
    let teams = base.teams.keys().zip(&load.teams);
    let large = teams.filter(|(team, _)| on_duty(base, team) > ILL);
    let ratio = |load: &TeamLoad| load.ratio().unwrap_or(f64::INFINITY);
    let (team, _) = large.max_by(|(_, a), (_, b)| ratio(a).total_cmp(&ratio(b)))?;
    // A day more at each end: people may live in another zone than the run's.
    let day = |at: Instant, later: i64| model.origin.local(at).date.plus_days(later).to_string();
    let (from, to) = (day(Instant::START, -1), day(model.window.last, 1));
    Some(Illness {
        team: team.clone(),
        from,
        to,
    })
}

/// People of a team who work the same hours.
struct Crew {
    /// What a counted person is called, before the number.
    seats: String,
    /// Where their number is written.
    path: Path,
    shift: Option<String>,
}

/// The crews of a team that come on duty.
fn crews(scenario: &Scenario, team: &str) -> Vec<Crew> {
    let Some(written) = scenario.teams.get(team) else {
        return Vec::new();
    };
    let always = written.headcount.map(|_| Crew {
        seats: team.to_owned(),
        path: Path::from(["teams", team, "headcount"]),
        shift: None,
    });
    let shifts = written.shifts.keys().map(|shift| Crew {
        seats: format!("{team}/{shift}"),
        path: Path::from(["teams", team, "shifts", shift, "headcount"]),
        shift: Some(shift.clone()),
    });
    always.into_iter().chain(shifts).collect()
}

impl Crew {
    fn counted(&self, scenario: &Scenario, team: &str) -> u32 {
        let heads = scenario.teams.get(team).and_then(|team| match &self.shift {
            Some(shift) => team.shifts.get(shift).map(|shift| shift.headcount),
            None => team.headcount,
        });
        heads.unwrap_or(0)
    }

    fn named<'a>(&'a self, scenario: &'a Scenario, team: &'a str) -> impl Iterator<Item = &'a String> {
        let people = scenario.people.iter();
        let members = people.filter(move |(_, person)| person.team == team && person.shift == self.shift);
        members.map(|(name, _)| name)
    }

    fn size(&self, scenario: &Scenario, team: &str) -> usize {
        self.counted(scenario, team) as usize + self.named(scenario, team).count()
    }

    /// The scenario without one of them, and what is set for that.
    fn without_one(
        &self,
        scenario: &Scenario,
        illness: &Illness,
        is_named: &dyn Fn(&str) -> bool,
    ) -> Option<(Scenario, Setting)> {
        let team = illness.team.as_str();
        let counted = self.counted(scenario, team);
        if counted > 0 && !is_named(&format!("{}/{counted}", self.seats)) {
            let mut left = scenario.clone();
            let heads = left.teams.get_mut(team).and_then(|team| match &self.shift {
                Some(shift) => team.shifts.get_mut(shift).map(|shift| &mut shift.headcount),
                None => team.headcount.as_mut(),
            })?;
            *heads = counted - 1;
            let setting = Setting {
                path: self.path.clone(),
                value: toml::Value::Integer((counted - 1).into()),
            };
            return all_served(scenario, &left, team).then_some((left, setting));
        }
        self.named(scenario, team).find_map(|name| {
            let mut left = scenario.clone();
            let person = left.people.shift_remove(name)?;
            let setting = Setting {
                path: Path::from(["people", name, "leave"]),
                value: illness.leave(&person.leave),
            };
            all_served(scenario, &left, team).then_some((left, setting))
        })
    }
}

/// Whether somebody is left for every service that somebody of the team was able to work on.
fn all_served(before: &Scenario, after: &Scenario, team: &str) -> bool {
    let mut services = before.services.values();
    on_duty(after, team) > 0 && services.all(|service| serves(after, team, service) || !serves(before, team, service))
}

/// Whether somebody who comes on duty has all the skills that a service needs.
fn serves(scenario: &Scenario, team: &str, service: &Service) -> bool {
    let has_all = |skills: Option<&Skills>| skills.is_none_or(|skills| skills.for_all(&service.needs) > 0.0);
    let Some(written) = scenario.teams.get(team) else {
        return false;
    };
    crews(scenario, team).iter().any(|crew| {
        let shift = crew.shift.as_ref().and_then(|shift| written.shifts.get(shift));
        let of_crew = shift
            .and_then(|shift| shift.skills.as_ref())
            .or(written.skills.as_ref());
        let mut named = crew.named(scenario, team).filter_map(|name| scenario.people.get(name));
        (crew.counted(scenario, team) > 0 && has_all(of_crew))
            || named.any(|person| has_all(scenario.skills_of(person)))
    })
}

fn on_duty(scenario: &Scenario, team: &str) -> usize {
    let crews = crews(scenario, team);
    crews.iter().map(|crew| crew.size(scenario, team)).sum()
}

impl Illness {
    /// What it sets over a candidate's scenario; of one person, or of nobody, where two cannot be spared.
    pub fn settings(&self, document: &Document, candidate: &str, scenario: &Scenario) -> Vec<Setting> {
        let is_named = |seat: &str| document.mentions(candidate, seat);
        let mut left = scenario.clone();
        let mut settings: Vec<Setting> = Vec::new();
        for _ in 0..ILL {
            let mut crews = crews(&left, &self.team);
            crews.sort_by_key(|crew| std::cmp::Reverse(crew.size(&left, &self.team)));
            let one = crews.iter().find_map(|crew| crew.without_one(&left, self, &is_named));
            if let Some((without, setting)) = one {
                left = without;
                settings.retain(|earlier| earlier.path != setting.path);
                settings.push(setting);
            }
        }
        settings
    }

    /// What is planned, and the whole run.
    fn leave(&self, planned: &[Leave]) -> toml::Value {
        let days = |from: &str, to: &str| {
            let day = |text: &str| toml::Value::String(text.to_owned());
            let ends = [("from".to_owned(), day(from)), ("to".to_owned(), day(to))];
            toml::Value::Table(toml::Table::from_iter(ends))
        };
        let planned = planned.iter().map(|leave| days(&leave.from, &leave.to));
        toml::Value::Array(planned.chain([days(&self.from, &self.to)]).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::compile;
    use crate::scenario::{BASE, Problems};

    const HEAD: &str = r#"
[run]
start = "2026-03-02"
horizon = "2w"
[severities]
Sev1 = {}
[services.app]
arrivals.rate = "2/h"
needs = ["unix"]
[services.web]
arrivals.rate = "1/h"
[tiers.L1]
work.exponential = "30m"
"#;

    /// What is set for the illness, after a check that it can be played.
    fn set(body: &str) -> Vec<String> {
        let document = Document::parse("x.toml", format!("name = \"x\"\n{HEAD}{body}"));
        let base = document.base().expect("read");
        assert!(!document.problems().any_error(), "{:?}", document.problems());
        let model = compile(base, &mut Problems::new()).expect("compiled");
        let illness = illness(base, &model, &Load::of(&model)).expect("a large team");
        let settings = illness.settings(&document, BASE, base);
        let variant = document.variant(BASE, &settings).expect("the base");
        assert!(!variant.problems.any_error(), "{:?}", variant.problems);
        assert!(compile(&variant.scenario.expect("read"), &mut Problems::new()).is_some());
        settings.iter().map(ToString::to_string).collect()
    }

    const RUN: &str = "{ from = 2026-03-01, to = ";

    fn is_leave(setting: &str, name: &str) -> bool {
        setting.starts_with(&format!("people.{name}.leave = [{RUN}"))
    }

    #[test]
    fn counted_people_are_taken_where_most_are_left() {
        let shifts = r#"
[teams.desk]
tier = "L1"
shifts.early = { headcount = 3, hours = { "Mon-Sun" = "06:00-14:00" } }
shifts.late = { headcount = 4, hours = { "Mon-Sun" = "14:00-22:00" } }
"#;
        assert_eq!(
            set(shifts),
            [
                "teams.desk.shifts.late.headcount = 3",
                "teams.desk.shifts.early.headcount = 2"
            ]
        );
        assert_eq!(
            set("[teams.desk]\ntier = \"L1\"\nheadcount = 5\n"),
            ["teams.desk.headcount = 3"]
        );
    }

    #[test]
    fn people_with_names_are_on_leave() {
        let names = r#"
[teams.desk]
tier = "L1"
headcount = 1
[people]
ada = { team = "desk" }
ben = { team = "desk", leave = [{ from = "2026-03-05", to = "2026-03-06" }] }
cleo = { team = "desk" }
"#;
        let set = set(names);
        assert_eq!(set[0], "teams.desk.headcount = 0");
        assert!(is_leave(&set[1], "ada"), "{set:?}");
    }

    #[test]
    fn leave_that_is_planned_stays() {
        let names = r#"
[teams.desk]
tier = "L1"
shifts.day = { headcount = 0, hours = "24x7" }
[people]
ben = { team = "desk", shift = "day", leave = [{ from = "2026-03-05", to = "2026-03-06" }] }
ada = { team = "desk", shift = "day" }
cleo = { team = "desk", shift = "day" }
[schedules.primary]
members = ["ben", "ada"]
cover = "next"
"#;
        let set = set(names);
        assert!(
            set[0].starts_with("people.ben.leave = [{ from = 2026-03-05, to = 2026-03-06 }, { from = 2026-03-01"),
            "{set:?}"
        );
        assert!(is_leave(&set[1], "ada"), "{set:?}");
    }

    #[test]
    fn the_last_one_with_a_skill_stays_well() {
        let names = r#"
[teams.desk]
tier = "L1"
headcount = 0
skills = ["windows"]
[people]
ada = { team = "desk", skills = ["unix"] }
ben = { team = "desk" }
cleo = { team = "desk" }
"#;
        let found = set(names);
        assert!(is_leave(&found[0], "ben") && is_leave(&found[1], "cleo"), "{found:?}");
        let lanes = r#"
[teams.desk]
tier = "L1"
skills = ["windows"]
shifts.unix = { headcount = 1, hours = "24x7", skills = ["unix"] }
shifts.windows = { headcount = 2, hours = "24x7" }
"#;
        assert_eq!(set(lanes), ["teams.desk.shifts.windows.headcount = 0"]);
    }

    #[test]
    fn a_seat_that_is_called_by_its_number_is_not_empty() {
        let on_call = r#"
[teams.desk]
tier = "L1"
shifts.early = { headcount = 3, hours = { "Mon-Sun" = "06:00-14:00" } }
shifts.late = { headcount = 2, hours = { "Mon-Sun" = "14:00-22:00" } }
[schedules.primary]
members = ["desk/early/2", "desk/early/1"]
"#;
        assert_eq!(
            set(on_call),
            [
                "teams.desk.shifts.early.headcount = 2",
                "teams.desk.shifts.late.headcount = 1"
            ]
        );
    }
}
