//! Routing: lanes by skills and preference, overflow, waiting places, conversations at once, proficiency.

use super::super::{
    Agent, Concurrency, Crew, Lanes, Overflow, Places, Routing, RoutingMode, Speedup, Swarming, TeamId, Training,
    defaults,
};
use super::{Compiler, listed};
use crate::random::{Law, Sampler};
use crate::scenario::{self, Skills};
use crate::time::{Instant, Length};

/// Most lanes of a queue: what a lane's number holds.
const LANES_MAX: usize = u16::MAX as usize - 1;

impl Compiler<'_> {
    pub(super) fn routing(&mut self, name: &str) -> Routing {
        let written = self.written;
        let Some(routing) = written.teams.get(name).and_then(|team| team.routing.as_ref()) else {
            return Routing::USUAL;
        };
        let path = format!("teams.{name}.routing");
        let sticky_wait = format!("{path}.sticky_wait");
        Routing {
            push: routing.assign == Some(scenario::Assign::Push),
            mode: match routing.mode.unwrap_or(scenario::RoutingMode::LongestIdle) {
                scenario::RoutingMode::LongestIdle => RoutingMode::LongestIdle,
                scenario::RoutingMode::LeastLoaded => RoutingMode::LeastLoaded,
                scenario::RoutingMode::RoundRobin => RoutingMode::RoundRobin,
                scenario::RoutingMode::BestSkill => RoutingMode::BestSkill,
            },
            follow_the_sun: routing.follow_the_sun.unwrap_or(false),
            sticky: routing
                .sticky
                .unwrap_or(false)
                .then(|| self.length_or(routing.sticky_wait.as_deref(), &sticky_wait, Length::ZERO)),
            holds: routing.holds.unwrap_or(u32::MAX),
            return_after: self.optional_length(routing.return_after.as_deref(), &format!("{path}.return_after")),
        }
    }

    pub(super) fn overflow(&mut self, name: &str) -> Option<Overflow> {
        let written = self.written;
        let overflow = written.teams.get(name)?.overflow.as_ref()?;
        Some(Overflow {
            to: TeamId::new(written.teams.get_index_of(&overflow.to)?),
            after: self.optional_length(overflow.after.as_deref(), &format!("teams.{name}.overflow.after")),
            moves: overflow.r#move.unwrap_or(false),
        })
    }

    pub(super) fn places(&self, team: &scenario::Team) -> Option<Places> {
        Some(Places {
            count: team.places? as usize,
            overflow: team.when_full == Some(scenario::WhenFull::Overflow),
        })
    }

    pub(super) fn concurrency(&self, team: &scenario::Team) -> Option<Concurrency> {
        let written = team.concurrency.as_ref()?;
        Some(Concurrency {
            most: written.most,
            slowdown: written.slowdown.unwrap_or(defaults::SLOWDOWN),
            exclusive: listed(Some(&written.exclusive), &self.names.severities),
        })
    }

    /// The lanes of a team's queue; `None` where all tickets are alike to all of its people.
    pub(super) fn lanes(&mut self, name: &str, agents: &[Agent], crews: &[Crew]) -> Option<Lanes> {
        let written = self.written;
        let team = written.teams.get(name)?;
        let skills: Vec<Option<&Skills>> = agents.iter().map(|agent| self.skills(name, agent, crews)).collect();
        let grades_of = |needs: &[String]| -> Vec<f64> {
            let grades = skills.iter();
            grades
                .map(|skills| skills.map_or(1.0, |skills| skills.for_all(needs)))
                .collect()
        };
        let liked = |service: &String| {
            let place = team.preference.iter().position(|preferred| preferred == service);
            place.unwrap_or(team.preference.len()) as u32 + 1
        };
        let (mut kinds, mut of_service): (Vec<(u32, Vec<f64>)>, Vec<u16>) = (Vec::new(), Vec::new());
        for (service, demand) in &written.services {
            let kind = (liked(service), grades_of(&demand.needs));
            let lane = kinds.iter().position(|known| *known == kind).unwrap_or_else(|| {
                kinds.push(kind);
                kinds.len() - 1
            });
            of_service.push(lane.min(LANES_MAX) as u16 + 1);
        }
        if kinds.len() == 1 && kinds[0].1.iter().all(|grade| *grade == 1.0) {
            return None;
        }
        if kinds.len() > LANES_MAX {
            self.problems.error(
                "E910",
                format!("teams.{name}").as_str(),
                "its services differ in too many ways",
            );
        }
        let by_agent = (0..agents.len()).map(|member| kinds.iter().map(|(_, grades)| grades[member]).collect());
        Some(Lanes::new(
            of_service,
            kinds.iter().map(|(liked, _)| *liked).collect(),
            by_agent,
        ))
    }

    /// The skills of one of a team's people.
    fn skills(&self, team: &str, agent: &Agent, crews: &[Crew]) -> Option<&Skills> {
        let written = self.written;
        if let Some((_, person)) = agent.person.and_then(|person| written.people.get_index(person.index())) {
            return written.skills_of(person);
        }
        let team = written.teams.get(team)?;
        let shift = shift_of(agent, crews).and_then(|shift| team.shifts.get(shift));
        shift.and_then(|shift| shift.skills.as_ref()).or(team.skills.as_ref())
    }

    /// Proficiency and training of one of a team's people: their own, else their shift's, else their team's.
    pub(super) fn learn(&mut self, team: &str, agent: &mut Agent, crews: &[Crew]) {
        let written = self.written;
        let person = agent.person.and_then(|person| written.people.get_index(person.index()));
        let Some(table) = written.teams.get(team) else { return };
        let shift = shift_of(agent, crews).and_then(|name| table.shifts.get_key_value(name));
        let own = person.and_then(|(_, person)| person.proficiency);
        let of_shift = shift.and_then(|(_, shift)| shift.proficiency);
        agent.proficiency = own.or(of_shift).or(table.proficiency).map_or(1.0, |written| written.0);
        let places = [
            person.map(|(name, person)| (format!("people.{name}"), &person.training)),
            shift.map(|(name, shift)| (format!("teams.{team}.shifts.{name}"), &shift.training)),
            Some((format!("teams.{team}"), &table.training)),
        ];
        let training = places
            .into_iter()
            .flatten()
            .find_map(|(path, training)| Some((path, training.as_ref()?)));
        agent.training = training.map(|(path, training)| self.training(training, &format!("{path}.training")));
    }

    fn training(&mut self, training: &scenario::Training, path: &str) -> Training {
        let tau = self.length_or(
            training.time_constant.as_deref(),
            &format!("{path}.time_constant"),
            defaults::LEARNING,
        );
        let zone = self.origin.zone().clone();
        let since = training
            .since
            .as_deref()
            .and_then(|text| self.local_instant(text, &zone, 0, &format!("{path}.since")));
        Training {
            start: training.start.unwrap_or(defaults::LEARNING_START),
            tau_ms: tau.ms().max(1) as f64,
            since: since.unwrap_or(Instant::START),
        }
    }

    /// The law of the factor by which the people of a team differ, in thousandths; its mean is 1.
    pub(super) fn spread(&self, team: &scenario::Team) -> Option<Sampler> {
        let sigma = team.proficiency_spread.filter(|sigma| *sigma > 0.0)?;
        let median = 1000.0 * crate::random::exp(-sigma * sigma / 2.0);
        Law::lognormal(median, sigma).ok().map(|law| Sampler::of(&law))
    }

    pub(super) fn swarming(&mut self) -> Swarming {
        let written = &self.written.swarming;
        let speed = match written.speed {
            None => defaults::SPEEDUP,
            Some(scenario::Speedup::Usl { contention, coherence }) => Speedup::Usl(contention, coherence),
            Some(scenario::Speedup::Amdahl { parallel }) => Speedup::Amdahl(parallel),
            Some(scenario::Speedup::Linear(_)) => Speedup::Linear,
        };
        Swarming {
            speed,
            join_work: self.length_or(written.join_work.as_deref(), "swarming.join_work", defaults::JOIN_WORK),
        }
    }
}

fn shift_of<'c>(agent: &Agent, crews: &'c [Crew]) -> Option<&'c String> {
    crews.get(agent.crew.index())?.name.as_ref()
}
