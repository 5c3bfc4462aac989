//! People: tiers, teams, crews and shifts.

use super::super::{
    Agent, Breaks, Crew, CrewId, Discipline, Handoff, Preemption, ShiftEnd, Team, TeamId, Tier, TierId, defaults,
};
use super::calendars::zone;
use super::{Compiler, listed};
use crate::scenario;
use crate::time::{Calendar, Instant, Length};

impl Compiler<'_> {
    pub(super) fn tiers(&mut self) -> Vec<Tier> {
        let written = self.written;
        let mut tiers = Vec::with_capacity(written.tiers.len());
        for (name, tier) in &written.tiers {
            let work = self.laws(&tier.work, &format!("tiers.{name}.work"));
            let diagnosis = match &tier.diagnosis {
                Some(laws) => self.laws(laws, &format!("tiers.{name}.diagnosis")),
                None => work.clone(),
            };
            tiers.push(Tier { work, diagnosis });
        }
        tiers
    }

    pub(super) fn teams(&mut self) -> (Vec<Team>, Vec<Crew>, Vec<Agent>) {
        let (written, mut teams, mut crews, mut agents) = (self.written, Vec::new(), Vec::new(), Vec::new());
        for (index, (name, team)) in written.teams.iter().enumerate() {
            let first = agents.len();
            for crew in self.crews(TeamId::new(index), name, team) {
                let from = agents.len();
                let id = CrewId::new(crews.len());
                let count = crew.agents.len();
                agents.extend((1..=count as u32).map(|number| Agent {
                    team: TeamId::new(index),
                    crew: id,
                    number,
                }));
                crews.push(Crew {
                    agents: from..from + count,
                    ..crew
                });
            }
            teams.push(self.team(name, team, first..agents.len()));
        }
        (teams, crews, agents)
    }

    pub(super) fn team(&mut self, name: &str, team: &scenario::Team, agents: std::ops::Range<usize>) -> Team {
        let path = format!("teams.{name}");
        let discipline = match team.discipline.unwrap_or(scenario::Discipline::Severity) {
            scenario::Discipline::Fifo => Discipline::Fifo,
            scenario::Discipline::Severity => Discipline::Severity,
            scenario::Discipline::SeverityCustomer => Discipline::SeverityCustomer,
            scenario::Discipline::Deadline => Discipline::Deadline,
            scenario::Discipline::Ageing => {
                let path = format!("{path}.ageing_step");
                Discipline::Ageing(self.length_or(team.ageing_step.as_deref(), &path, defaults::AGEING_STEP))
            }
        };
        let preemption = team.preemption.as_ref().map(|preemption| {
            let path = format!("{path}.preemption.switch_cost");
            let switch_cost = self.length_or(preemption.switch_cost.as_deref(), &path, defaults::SWITCH_COST);
            let by = listed(preemption.by.as_deref(), &self.names.severities);
            Preemption {
                switch_cost,
                by,
                back_to_team: preemption.resume == Some(scenario::Resume::Team),
            }
        });
        let shift_end = match team.shift_end.unwrap_or(scenario::ShiftEnd::Finish) {
            scenario::ShiftEnd::Finish => {
                let path = format!("{path}.max_overtime");
                ShiftEnd::Finish(self.length_or(team.max_overtime.as_deref(), &path, defaults::OVERTIME_MAX))
            }
            scenario::ShiftEnd::HandOff => ShiftEnd::HandOff,
            scenario::ShiftEnd::Hold => ShiftEnd::Hold,
        };
        let tier = TierId::new(self.written.tiers.get_index_of(&team.tier).unwrap_or(0));
        Team {
            tier,
            discipline,
            preemption,
            shift_end,
            agents,
        }
    }

    /// Crews of a team; their agents are still numbered from 0.
    pub(super) fn crews(&mut self, id: TeamId, name: &str, team: &scenario::Team) -> Vec<Crew> {
        let path = format!("teams.{name}");
        let shrinkage = team.shrinkage.as_ref();
        let absent = shrinkage.and_then(|shrinkage| shrinkage.absent).unwrap_or(0.0);
        let breaks = shrinkage
            .filter(|shrinkage| shrinkage.breaks.is_some_and(|share| share > 0.0))
            .map(|shrinkage| {
                let path = format!("{path}.shrinkage.break_slip");
                Breaks {
                    share: shrinkage.breaks.unwrap_or(0.0),
                    count: shrinkage.break_count.unwrap_or(defaults::BREAKS),
                    slip: self.length_or(shrinkage.break_slip.as_deref(), &path, defaults::BREAK_SLIP),
                }
            });
        let crew = |name: Option<&String>, place: usize, count: u32| Crew {
            name: name.cloned(),
            team: id,
            entity: (id.index() as u64) << 48 | (place as u64) << 32,
            shifts: Vec::new(),
            always: true,
            absent,
            breaks,
            agents: 0..count as usize,
        };
        if let Some(headcount) = team.headcount {
            return vec![crew(None, 0, headcount)];
        }
        let mut crews = Vec::with_capacity(team.shifts.len());
        for (place, (shift_name, shift)) in team.shifts.iter().enumerate() {
            let path = format!("{path}.shifts.{shift_name}");
            let intervals = self.shift_intervals(shift, &path);
            let always = intervals.is_none();
            let shifts = intervals.unwrap_or_default();
            crews.push(Crew {
                shifts,
                always,
                ..crew(Some(shift_name), place, shift.headcount)
            });
        }
        crews
    }

    /// When a shift's people are on duty; `None`: always.
    pub(super) fn shift_intervals(&mut self, shift: &scenario::Shift, path: &str) -> Option<Vec<(Instant, Instant)>> {
        let weekly = self.weekly(&shift.hours, path)?;
        let written = self.written;
        let holidays = match shift
            .holidays
            .as_deref()
            .and_then(|name| Some((name, written.calendars.get(name)?)))
        {
            Some((name, calendar)) => self.holidays(&calendar.holidays, &format!("calendars.{name}")),
            None => Vec::new(),
        };
        if weekly.is_always() && holidays.is_empty() {
            return None;
        }
        let zone = match shift.zone.as_deref() {
            Some(text) => zone(text, &format!("{path}.zone"), self.problems)?,
            None => self.origin.zone().clone(),
        };
        let calendar = Calendar::compile(&zone, &weekly, &holidays, &self.origin, self.table_end());
        Some(calendar.intervals().collect())
    }

    pub(super) fn team_of(&self) -> Vec<Vec<Option<TeamId>>> {
        let written = self.written;
        let able = |team: &scenario::Team, service: &scenario::Service| match &team.skills {
            None => true,
            Some(skills) => service.needs.iter().all(|need| skills.contains(need)),
        };
        let first = |tier: &String, service: &scenario::Service| {
            let mut teams = written.teams.values();
            teams
                .position(|team| team.tier == *tier && able(team, service))
                .map(TeamId::new)
        };
        let tiers = written.tiers.keys();
        tiers
            .map(|tier| written.services.values().map(|service| first(tier, service)).collect())
            .collect()
    }

    pub(super) fn starts_at(&self) -> Vec<TierId> {
        let tier = |name: &Option<String>| name.as_ref().and_then(|name| self.written.tiers.get_index_of(name));
        let services = self.written.services.values();
        services
            .map(|service| TierId::new(tier(&service.starts_at).or(tier(&service.needs_at_least)).unwrap_or(0)))
            .collect()
    }

    pub(super) fn handoff(&mut self) -> Handoff {
        let written = &self.written.handoff;
        let cold = written.shift_end == Some(scenario::HandoffKind::Cold);
        Handoff {
            context_loss: written.context_loss.unwrap_or(defaults::CONTEXT_LOSS),
            overlap: self.length_or(written.overlap.as_deref(), "handoff.overlap", Length::ZERO),
            cold,
            escalation_notes: self.length_or(
                written.escalation_notes.as_deref(),
                "handoff.escalation_notes",
                Length::ZERO,
            ),
            escalation_loss: written.escalation_loss.unwrap_or(0.0),
        }
    }
}
