//! People written out by name: which crew they join, where they live, when they are on leave.

use super::super::{Agent, AgentId, Crew, CrewId, Person, PersonId, TeamId};
use super::Compiler;
use super::calendars::zone;
use crate::scenario;
use crate::time::{Instant, Length, Zone};

impl Compiler<'_> {
    /// Crews of a team with its people: `crews` and `agents` grow. Counted people of a crew come before those who have
    /// names, and these in the order of the file. Who is always on duty but for their leave, or is on call only, is a crew of
    /// one.
    pub(super) fn seat(&mut self, id: TeamId, name: &str, crews: &mut Vec<Crew>, agents: &mut Vec<Agent>) {
        let written = self.written;
        let Some(team) = written.teams.get(name) else { return };
        let members = |shift: Option<&String>| {
            let people = written.people.iter().enumerate();
            people
                .filter(|(_, (_, person))| person.team == name && person.shift.as_ref() == shift)
                .map(|(index, _)| PersonId::new(index))
                .collect::<Vec<_>>()
        };
        for crew in self.crews(id, name, team) {
            let members = members(crew.name.as_ref());
            match crew.always {
                true => self.seat_around_leave(crew, &members, crews, agents),
                false => sit(crew, &members, crews, agents),
            }
        }
        if team.headcount.is_none() {
            for person in members(None) {
                sit(on_call_only(id), &[person], crews, agents);
            }
        }
    }

    /// Seats people who are always on duty: whoever is on leave meanwhile has hours of their own, and keeps their place.
    fn seat_around_leave(&mut self, crew: Crew, members: &[PersonId], crews: &mut Vec<Crew>, agents: &mut Vec<Agent>) {
        let like_it = |counted: usize| Crew {
            agents: 0..counted,
            ..crew.clone()
        };
        let mut counted = crew.agents.len();
        let mut together = Vec::new();
        for &person in members {
            let Some(shifts) = self.present(person) else {
                together.push(person);
                continue;
            };
            if counted + together.len() > 0 {
                sit(like_it(counted), &std::mem::take(&mut together), crews, agents);
                counted = 0;
            }
            let alone = Crew {
                shifts,
                always: false,
                absent: 0.0,
                breaks: None,
                ..like_it(0)
            };
            sit(alone, &[person], crews, agents);
        }
        if counted + together.len() > 0 || members.is_empty() {
            sit(like_it(counted), &together, crews, agents);
        }
    }

    /// When somebody who is always on duty is there, if they are on leave in the time of the run.
    fn present(&mut self, person: PersonId) -> Option<Vec<(Instant, Instant)>> {
        let (mut leave, until) = (self.leave_of(person), self.table_end());
        leave.retain(|(away, back)| *away < until && *back > Instant::START);
        let mut from = Instant::START;
        let mut present = Vec::with_capacity(leave.len() + 1);
        for (away, back) in &leave {
            if *away > from {
                present.push((from, *away));
            }
            from = from.max(*back);
        }
        present.push((from, until.max(from + Length::from_ms(1))));
        (!leave.is_empty()).then_some(present)
    }

    /// The people by name, once everybody is seated.
    pub(super) fn persons(&mut self, agents: &[Agent]) -> Vec<Person> {
        let written = self.written;
        let mut persons = Vec::with_capacity(written.people.len());
        for index in 0..written.people.len() {
            let id = PersonId::new(index);
            let seat = agents.iter().position(|agent| agent.person == Some(id));
            persons.push(Person {
                agent: AgentId::new(seat.unwrap_or(0)),
                zone: self.zone_of(id),
                leave: self.leave_of(id),
            });
        }
        persons
    }

    fn zone_of(&mut self, id: PersonId) -> Zone {
        let written = self.written;
        let usual = self.origin.zone().clone();
        let Some((name, person)) = written.people.get_index(id.index()) else {
            return usual;
        };
        let team = written.teams.get(&person.team);
        let shift = person.shift.as_ref().and_then(|shift| team?.shifts.get(shift));
        let own = person.zone.as_deref().or_else(|| team?.zone_of(shift));
        own.and_then(|text| zone(text, &format!("people.{name}.zone"), self.problems))
            .unwrap_or(usual)
    }

    /// Leave of a person as intervals that are ordered and do not touch.
    fn leave_of(&mut self, id: PersonId) -> Vec<(Instant, Instant)> {
        let (written, zone) = (self.written, self.zone_of(id));
        let Some((name, person)) = written.people.get_index(id.index()) else {
            return Vec::new();
        };
        let mut away = Vec::with_capacity(person.leave.len());
        for (index, leave) in person.leave.iter().enumerate() {
            let path = format!("people.{name}.leave.{index}");
            let from = self.local_instant(&leave.from, &zone, 0, &format!("{path}.from"));
            let to = self.local_instant(&leave.to, &zone, 1, &format!("{path}.to"));
            away.extend(from.zip(to).filter(|(from, to)| from < to));
        }
        merged(away)
    }

    /// A local time of a zone; a date alone is the midnight at which it begins, `days` later.
    pub(super) fn local_instant(&mut self, text: &str, zone: &Zone, days: i64, path: &str) -> Option<Instant> {
        let read = match scenario::date_alone(text) {
            Some(date) => self.origin.read_instant(&date.plus_days(days).to_string(), zone),
            None => self.origin.read_instant(text, zone),
        };
        match read {
            Ok(instant) => Some(instant),
            Err(misread) => {
                self.misread(path, misread);
                None
            }
        }
    }
}

/// Adds a crew, whose range says how many are counted, and its people.
fn sit(crew: Crew, named: &[PersonId], crews: &mut Vec<Crew>, agents: &mut Vec<Agent>) {
    let (first, counted) = (agents.len(), crew.agents.len());
    let id = CrewId::new(crews.len());
    let counted_then_named = (0..counted).map(|_| None).chain(named.iter().copied().map(Some));
    agents.extend(counted_then_named.enumerate().map(|(index, person)| Agent {
        team: crew.team,
        crew: id,
        number: index as u32 + 1,
        key: 0,
        person,
        proficiency: 1.0,
        training: None,
    }));
    crews.push(Crew {
        agents: first..agents.len(),
        ..crew
    });
}

/// The crew of somebody who is never on duty.
fn on_call_only(team: TeamId) -> Crew {
    Crew {
        name: None,
        team,
        zone: 0,
        shifts: Vec::new(),
        days: Vec::new(),
        always: false,
        paid_always: false,
        absent: 0.0,
        breaks: None,
        agents: 0..0,
    }
}

/// The same intervals, ordered, those that overlap or touch joined.
fn merged(mut intervals: Vec<(Instant, Instant)>) -> Vec<(Instant, Instant)> {
    intervals.sort_unstable();
    let mut joined: Vec<(Instant, Instant)> = Vec::with_capacity(intervals.len());
    for (from, to) in intervals {
        match joined.last_mut() {
            Some((_, end)) if from <= *end => *end = (*end).max(to),
            _ => joined.push((from, to)),
        }
    }
    joined
}
