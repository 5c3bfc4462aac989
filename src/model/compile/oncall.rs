//! On-call duty: schedules laid out over the run, ladders with their people looked up, habits with their defaults.

use super::super::oncall::{
    Answering, EscalationPolicy, GroupBy, Level, OnCall, Owners, PageGroup, PageTarget, Schedule, Snooze,
};
use super::super::{Agent, AgentId, Crew, Person, ScheduleId, SeverityId, defaults};
use super::Compiler;
use super::calendars::zone;
use crate::random::Sampler;
use crate::scenario::{self, LateAck, PageMode, ServiceKind, rotas};
use crate::time::{Calendar, Days, Instant, Length, OpenHours, WeeklyHours, Zone};
use indexmap::IndexMap;

/// Everybody, for looking people up.
#[derive(Clone, Copy)]
pub(super) struct Staff<'a> {
    pub crews: &'a [Crew],
    pub agents: &'a [Agent],
    pub people: &'a [Person],
}

impl Compiler<'_> {
    pub(super) fn on_call(&mut self, staff: Staff) -> OnCall {
        let schedules = self.schedules(staff);
        let policies = self.policies();
        let (nights, nights_of) = self.nights(staff);
        let written = &self.written.on_call;
        let owners = self.owners();
        let mut leave = vec![Vec::new(); staff.agents.len()];
        for person in staff.people {
            leave[person.agent.index()].clone_from(&person.leave);
        }
        OnCall {
            schedules,
            policies,
            leave,
            silent: Vec::new(),
            nights,
            nights_of,
            fatigue: written.fatigue.unwrap_or(defaults::FATIGUE),
            rest_after: written.rest_after,
            rest: self.length_or(written.rest.as_deref(), "on_call.rest", defaults::REST),
            get_to_desk: self.length_or(written.get_to_desk.as_deref(), "on_call.get_to_desk", Length::ZERO),
            get_to_desk_at_night: self.length_or(
                written.get_to_desk_at_night.as_deref(),
                "on_call.get_to_desk_at_night",
                defaults::GET_TO_DESK_AT_NIGHT,
            ),
            answering: self.answering_by_engagement(),
            takes_over: owners.iter().flatten().any(|owners| owners.secondary.is_some()),
            owners,
            ack_counts: self.ack_counts(),
        }
    }

    fn schedules(&mut self, staff: Staff) -> Vec<Schedule> {
        let (written, end) = (self.written, self.table_end());
        let number = |name: &str| self.person(name).map(|agent| agent.index() as u32);
        let away = |agent: u32| {
            let person = staff.agents[agent as usize].person;
            person.map_or_else(Vec::new, |person| staff.people[person.index()].leave.clone())
        };
        let rotas = rotas(written, &self.origin, end, &number, &away);
        let mut schedules = Vec::with_capacity(rotas.len());
        for ((name, schedule), rota) in written.schedules.iter().zip(rotas) {
            let path = format!("schedules.{name}.acknowledges");
            let answering = schedule.acknowledges.as_ref().map(|habit| self.answering(habit, &path));
            schedules.push(Schedule { rota, answering });
        }
        schedules
    }

    fn policies(&mut self) -> Vec<EscalationPolicy> {
        let written = self.written;
        let mut policies = Vec::with_capacity(written.escalation_policies.len());
        for (name, policy) in &written.escalation_policies {
            let path = format!("escalation_policies.{name}");
            let mut levels = Vec::with_capacity(policy.levels.len());
            for (index, level) in policy.levels.iter().enumerate() {
                levels.extend(self.level(level, &format!("{path}.levels.{index}")));
            }
            let length = |this: &mut Self, text: &Option<String>, key: &str| {
                text.as_deref()
                    .and_then(|text| this.length(text, &format!("{path}.{key}")))
            };
            policies.push(EscalationPolicy {
                levels,
                repeats: policy.repeats.unwrap_or(0),
                last_resort: policy.last_resort.as_deref().and_then(|name| self.page_target(name)),
                last_resort_every: length(self, &policy.last_resort_every, "last_resort_every"),
                late_counts: policy.late_ack != Some(LateAck::Void),
                ack_timeout: length(self, &policy.ack_timeout, "ack_timeout"),
                severity: policy
                    .severity
                    .as_ref()
                    .and_then(|name| written.severities.get_index_of(name))
                    .map(SeverityId::new),
                group: policy.group.as_ref().map(|group| self.page_group(group, &path)),
                snooze: policy.snooze.as_ref().and_then(|snooze| self.snooze(snooze, &path)),
            });
        }
        policies
    }

    fn snooze(&mut self, snooze: &scenario::Snooze, path: &str) -> Option<Snooze> {
        Some(Snooze {
            share: snooze.share,
            lasts: self.length(&snooze.lasts, &format!("{path}.snooze.lasts"))?,
            at_most: snooze.at_most.unwrap_or(u16::MAX),
        })
    }

    fn page_group(&mut self, group: &scenario::PageGroup, path: &str) -> PageGroup {
        let mut length = |text: &Option<String>, key: &str| {
            text.as_deref()
                .and_then(|text| self.length(text, &format!("{path}.group.{key}")))
        };
        PageGroup {
            by: match group.by {
                scenario::GroupBy::Service => GroupBy::Service,
                scenario::GroupBy::Incident => GroupBy::Incident,
                scenario::GroupBy::Policy => GroupBy::Policy,
            },
            wait: length(&group.wait, "wait").unwrap_or(Length::ZERO),
            within: length(&group.within, "within"),
            interval: length(&group.interval, "interval"),
            repeat: length(&group.repeat, "repeat"),
        }
    }

    fn level(&mut self, level: &scenario::PageLevel, path: &str) -> Option<Level> {
        let targets = level.targets.iter().filter_map(|name| self.page_target(name)).collect();
        let gap = match level.mode {
            Some(PageMode::Sequential) => {
                self.length_or(level.gap.as_deref(), &format!("{path}.gap"), defaults::SEQUENTIAL_GAP)
            }
            Some(PageMode::Simultaneous) | None => Length::ZERO,
        };
        Some(Level {
            targets,
            gap,
            timeout: self.length(&level.timeout, &format!("{path}.timeout"))?,
        })
    }

    /// A schedule or a person by name; a schedule wins where both have it.
    pub(super) fn page_target(&self, name: &str) -> Option<PageTarget> {
        let schedule = self.written.schedules.get_index_of(name);
        let schedule = schedule.map(|index| PageTarget::Schedule(ScheduleId::new(index)));
        schedule.or_else(|| self.person(name).map(PageTarget::Person))
    }

    /// A person by name or number.
    fn person(&self, name: &str) -> Option<AgentId> {
        self.seats.get(name).copied()
    }

    /// Everybody by what the file and traces call them: see [`Model::agent_name`](super::super::Model::agent_name).
    pub(super) fn seats(&self, crews: &[Crew], agents: &[Agent]) -> IndexMap<String, AgentId> {
        let by_number = agents.iter().enumerate();
        by_number
            .map(|(index, agent)| (self.seat_name(agent, crews), AgentId::new(index)))
            .collect()
    }

    /// The answers of a scripted ticket's pages.
    pub(super) fn answers(
        &mut self,
        ticket: &scenario::ScriptedTicket,
        path: &str,
    ) -> Option<Vec<(PageTarget, Vec<Option<Length>>)>> {
        let written = ticket.acknowledges.as_ref()?;
        let mut answers = Vec::with_capacity(written.len());
        for (name, tries) in written {
            let path = format!("{path}.acknowledges.{name}");
            let mut read = |text: &String| match text.trim() == scenario::NEVER {
                true => None,
                false => self.length(text, &path),
            };
            let tries = tries.0.iter().map(&mut read).collect();
            answers.extend(self.page_target(name).map(|target| (target, tries)));
        }
        Some(answers)
    }

    fn answering(&mut self, habit: &scenario::Acknowledgement, path: &str) -> Answering {
        let delay = habit.delay.as_ref();
        Answering {
            delay: delay.and_then(|law| self.law(law, &format!("{path}.delay"))),
            never: habit.never,
        }
    }

    /// How people answer by what they are doing; a hole only where a law is wrong.
    fn answering_by_engagement(&mut self) -> Vec<(Sampler, f64)> {
        let by = &self.written.on_call.acknowledges;
        let habits = [
            ("free", &by.free),
            ("busy", &by.busy),
            ("awake", &by.awake),
            ("asleep", &by.asleep),
            ("paged", &by.paged),
        ];
        let mut answering = Vec::with_capacity(habits.len());
        for ((key, habit), (median, sigma, never)) in habits.into_iter().zip(defaults::ANSWERS) {
            let path = format!("on_call.acknowledges.{key}.delay");
            let usual = scenario::Law::Lognormal {
                median: median.to_string(),
                sigma,
            };
            let written = habit.as_ref().and_then(|habit| habit.delay.as_ref());
            let delay = self.law(written.unwrap_or(&usual), &path);
            let never = habit.as_ref().and_then(|habit| habit.never).unwrap_or(never);
            answering.extend(delay.map(|delay| (delay, never)));
        }
        answering
    }

    fn owners(&self) -> Vec<Option<Owners>> {
        let owners = |service: &scenario::Service| {
            Some(Owners {
                primary: self.person(service.primary.as_deref()?)?,
                secondary: service.secondary.as_deref().and_then(|name| self.person(name)),
                overload: service
                    .overload
                    .unwrap_or_else(|| self.capacity(service.primary.as_deref())),
            })
        };
        self.written.services.values().map(owners).collect()
    }

    /// How many tickets somebody works on at once.
    fn capacity(&self, person: Option<&str>) -> u32 {
        let team = person.and_then(|name| match self.written.people.get(name) {
            Some(person) => Some(person.team.as_str()),
            None => name.split('/').next(),
        });
        let team = team.and_then(|team| self.written.teams.get(team));
        let concurrency = team.and_then(|team| team.concurrency.as_ref());
        concurrency.map_or(1, |concurrency| concurrency.most)
    }

    fn ack_counts(&self) -> Vec<bool> {
        let counts = |service: &scenario::Service| {
            let alert = service.kind == Some(ServiceKind::Alert);
            service.ack_counts.unwrap_or(alert)
        };
        self.written.services.values().map(counts).collect()
    }

    /// Nights by zone, and whose are which.
    fn nights(&mut self, staff: Staff) -> (Vec<Vec<(Instant, Instant)>>, Vec<u16>) {
        let mut zones: Vec<Zone> = Vec::new();
        let mut of = Vec::with_capacity(staff.agents.len());
        for agent in staff.agents {
            let zone = match agent.person {
                Some(person) => staff.people[person.index()].zone.clone(),
                None => self.zone_of_crew(&staff.crews[agent.crew.index()]),
            };
            let known = zones.iter().position(|known| *known == zone);
            of.push(known.unwrap_or_else(|| {
                zones.push(zone);
                zones.len() - 1
            }) as u16);
        }
        let hours = self.night_hours();
        let end = self.table_end();
        let nights = |zone: &Zone| {
            Calendar::compile(zone, &hours, &[], &self.origin, end)
                .intervals()
                .collect()
        };
        (zones.iter().map(nights).collect(), of)
    }

    pub(super) fn zone_of_crew(&mut self, crew: &Crew) -> Zone {
        let team = self.written.teams.get_index(crew.team.index()).map(|(_, team)| team);
        let shift = crew.name.as_ref().and_then(|name| team?.shifts.get(name));
        let own = team.and_then(|team| team.zone_of(shift));
        own.and_then(|text| zone(text, "teams", self.problems))
            .unwrap_or_else(|| self.origin.zone().clone())
    }

    fn night_hours(&mut self) -> WeeklyHours {
        let text = self.written.on_call.night.as_deref().unwrap_or(defaults::NIGHT);
        match OpenHours::read_day(text) {
            Ok(hours) => WeeklyHours::closed().open(Days::ALL, &hours),
            Err(misread) => {
                self.misread("on_call.night", misread);
                WeeklyHours::always()
            }
        }
    }
}
