//! People: tiers, teams, crews and shifts.

use super::super::{
    Agent, Breaks, Crew, Discipline, Handoff, Lanes, Preemption, ShiftEnd, Team, TeamId, Tier, TierId, defaults,
};
use super::calendars::zone;
use super::{Compiler, listed};
use crate::scenario;
use crate::time::{Calendar, Date, Instant, Length, Zone, openings};

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
            let median_work = work.iter().map(|work| work.draw(0.5)).collect();
            tiers.push(Tier {
                work,
                median_work,
                diagnosis,
            });
        }
        tiers
    }

    pub(super) fn teams(&mut self) -> (Vec<Team>, Vec<Crew>, Vec<Agent>) {
        let (written, mut teams, mut crews, mut agents) = (self.written, Vec::new(), Vec::new(), Vec::new());
        for (index, (name, team)) in written.teams.iter().enumerate() {
            let first = agents.len();
            self.seat(TeamId::new(index), name, &mut crews, &mut agents);
            for agent in &mut agents[first..] {
                agent.key = key_of(&self.seat_name(agent, &crews));
                self.learn(name, agent, &crews);
                agent.proficiency *= self.thinned(team).unwrap_or(1.0);
            }
            let lanes = self.lanes(name, &agents[first..], &crews);
            teams.push(self.team(name, team, first..agents.len(), lanes));
        }
        for index in 0..teams.len() {
            if let Some(overflow) = teams[index].overflow {
                teams[overflow.to.index()].helps.push(TeamId::new(index));
            }
        }
        (teams, crews, agents)
    }

    /// The fraction of a person that everybody of a team is, where shrinkage is divided out; it belongs to shifts.
    fn thinned(&self, team: &scenario::Team) -> Option<f64> {
        let thin = self.written.run.shrinkage == Some(scenario::ShrinkageMode::Thin);
        let share = team.availability();
        let counts = team.headcount.is_none() && share > 0.0 && share < 1.0;
        (thin && counts).then_some(share)
    }

    /// What the file calls somebody: by name, else by team, shift and number.
    pub(super) fn seat_name(&self, agent: &Agent, crews: &[Crew]) -> String {
        if let Some(person) = agent.person {
            return self.names.people[person.index()].clone();
        }
        let team = &self.names.teams[agent.team.index()];
        match &crews[agent.crew.index()].name {
            Some(shift) => format!("{team}/{shift}/{}", agent.number),
            None => format!("{team}/{}", agent.number),
        }
    }

    fn team(
        &mut self,
        name: &str,
        team: &scenario::Team,
        agents: std::ops::Range<usize>,
        lanes: Option<Lanes>,
    ) -> Team {
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
            routing: self.routing(name),
            lanes,
            overflow: self.overflow(name),
            helps: Vec::new(),
            places: self.places(team),
            concurrency: self.concurrency(team),
            spread: self.spread(team),
            agents,
        }
    }

    /// Crews of a team; their range of agents only says how many are counted.
    pub(super) fn crews(&mut self, id: TeamId, name: &str, team: &scenario::Team) -> Vec<Crew> {
        let path = format!("teams.{name}");
        let shrinkage = team.shrinkage.as_ref().filter(|_| self.thinned(team).is_none());
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
        let crew = |name: Option<&String>, count: u32| Crew {
            name: name.cloned(),
            team: id,
            zone: 0,
            shifts: Vec::new(),
            days: Vec::new(),
            always: true,
            paid_always: true,
            absent,
            breaks,
            agents: 0..count as usize,
        };
        if let Some(headcount) = team.headcount {
            return vec![crew(None, headcount)];
        }
        let mut crews = Vec::with_capacity(team.shifts.len());
        let mut zones: Vec<Zone> = Vec::new();
        for (shift_name, shift) in &team.shifts {
            let path = format!("{path}.shifts.{shift_name}");
            let by_day = absent > 0.0 || breaks.is_some();
            let intervals = self.shift_intervals(team, shift, &path, by_day);
            let always = intervals.is_none();
            let shifts = intervals.unwrap_or_default();
            let zone = self.shift_zone(team, shift);
            let known = zones.iter().position(|known| *known == zone);
            let number = known.unwrap_or(zones.len());
            if known.is_none() {
                zones.push(zone.clone());
            }
            crews.push(Crew {
                zone: number,
                days: self.numbers_of_days(&shifts, &zone),
                shifts,
                always,
                paid_always: always,
                ..crew(Some(shift_name), shift.headcount)
            });
        }
        crews
    }

    /// When a shift's people are on duty; `None`: always. `by_day`: what opens anew on another day is a shift of its own, though
    /// nobody need go home between the two.
    fn shift_intervals(
        &mut self,
        team: &scenario::Team,
        shift: &scenario::Shift,
        path: &str,
        by_day: bool,
    ) -> Option<Vec<(Instant, Instant)>> {
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
        let zone = match team.zone_of(Some(shift)) {
            Some(text) => zone(text, &format!("{path}.zone"), self.problems)?,
            None => self.origin.zone().clone(),
        };
        let end = self.table_end();
        let calendar = Calendar::compile(&zone, &weekly, &holidays, &self.origin, end);
        if !by_day {
            return Some(calendar.intervals().collect());
        }
        let date_of = |at: Instant| self.origin.local_in(&zone, at).date;
        let mut opens = openings(&zone, &weekly, &holidays, &self.origin, end);
        opens.sort_unstable();
        let days = calendar
            .intervals()
            .flat_map(|stretch| days_of(stretch, &opens, &date_of));
        Some(days.collect())
    }

    fn shift_zone(&self, team: &scenario::Team, shift: &scenario::Shift) -> Zone {
        let zone = team.zone_of(Some(shift)).and_then(|text| text.parse().ok());
        zone.unwrap_or_else(|| self.origin.zone().clone())
    }

    /// The numbers of the local days on which shifts begin.
    fn numbers_of_days(&self, shifts: &[(Instant, Instant)], zone: &Zone) -> Vec<u32> {
        let date_of = |at: Instant| self.origin.local_in(zone, at).date;
        // The table of shifts begins a week before the run.
        let mut date = date_of(Instant::START).plus_days(-10);
        let mut number = 0;
        let numbers = shifts.iter().map(|(from, _)| {
            while date < date_of(*from) {
                date = date.plus_days(1);
                number += 1;
            }
            number
        });
        numbers.collect()
    }

    pub(super) fn team_of(&self) -> Vec<Vec<Option<TeamId>>> {
        let written = self.written;
        let first = |tier: &String, service: &scenario::Service| {
            let mut teams = written.teams.iter();
            teams
                .position(|(name, team)| team.tier == *tier && written.is_able(name, service))
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
            cold_escalation_loss: written.escalation_loss.unwrap_or(defaults::ESCALATION_LOSS),
            rejected: written.rejected.unwrap_or(0.0),
            reject_work: self.length_or(
                written.reject_work.as_deref(),
                "handoff.reject_work",
                defaults::REJECT_WORK,
            ),
        }
    }
}

/// The parts of a stretch on duty that open on days of their own.
fn days_of(
    (from, until): (Instant, Instant),
    opens: &[(Instant, Instant)],
    date_of: &impl Fn(Instant) -> Date,
) -> Vec<(Instant, Instant)> {
    let mut parts = vec![(from, until)];
    for (open, _) in opens.iter().filter(|(open, _)| from < *open && *open < until) {
        let last = parts.len() - 1;
        if date_of(parts[last].0) != date_of(*open) {
            parts[last].1 = *open;
            parts.push((*open, until));
        }
    }
    parts
}

/// FNV-1a: the same name has the same key on every machine.
fn key_of(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
