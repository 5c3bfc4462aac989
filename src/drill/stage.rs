//! The stage: a scenario with the incident in it, from some days before, and how the organisation plays it.
//!
//! An incident is a few scripted tickets: one that the repair hangs on, and those of the customers who notice. The run is
//! cut to the days around it, so that thousands of replications take seconds; queues fill in the days before. The repair's
//! length is drawn anew in every replication, keyed by seed, replication and incident, and so is whether its fix is a change
//! that must be approved and whether a workaround is found on the way, by the organisation's own shares.

use super::DrillError;
use super::archetype::{InjectKind, length};
use super::choose::{Incident, repair_tier};
use super::goal::Goal;
use super::met::{Met, met};
use super::milestone::{Case, Reached, Spent, reached, spent};
use super::moved::{moved, wall};
use super::rehearsed::{Absent, Slow, gated_change, second_in_line, slow_down, take_away};
use crate::experiment::{Rehearsal, Watch, rehearse};
use crate::model::{ChangeId, Model, ServiceId, SeverityId, compile};
use crate::random::{Key, Law, Purpose, Sampler, Stream, open01};
use crate::scenario::{self, Problems, Scenario, ScriptedTicket};
use crate::time::{Instant, Length, Origin};

/// Simulated before the incident: a week, so that every hour of it has left its backlog.
pub const SETTLE: Length = Length::from_secs(7 * 86_400);
/// Followed after the last ticket of the incident; what is not reached by then counts as not reached.
pub const FOLLOW: Length = Length::from_secs(3 * 86_400);

/// A scenario with incidents in it, compiled.
#[derive(Debug)]
pub struct Stage {
    /// The organisation around the incident.
    pub model: Model,
    /// What each incident's milestones are read from.
    pub cases: Vec<Case>,
    /// Who is on call at the first symptom by the rota as written, and their team: one row a schedule.
    pub on_call: Vec<(Option<String>, String)>,
    /// Who is not there, if that is rehearsed.
    pub absent: Vec<Absent>,
    /// Approvers who are slow, if that is rehearsed.
    pub slow: Vec<Slow>,
    repairs: Vec<Repair>,
}

/// The work of one incident's repair.
#[derive(Debug)]
struct Repair {
    /// Its place among the model's scripted tickets.
    scripted: usize,
    tier: usize,
    law: Sampler,
    service: ServiceId,
    severity: SeverityId,
    /// The kind of change that its fix is, if that is not left to chance.
    change: Option<ChangeId>,
}

/// What one incident came to: a row a replication.
#[derive(Debug, Clone, Default)]
pub struct Played {
    /// Milestones.
    pub reached: Vec<Reached>,
    /// Where the time went.
    pub spent: Vec<Spent>,
    /// What the milestones hung on.
    pub met: Vec<Met>,
}

impl Stage {
    /// Sets the stage. `at` is the first symptom, as an instant of `origin`, which is the start of the scenario as written;
    /// `goals` are what is rehearsed, as far as it changes who is there and who is slow.
    pub fn set(
        scenario: &Scenario,
        origin: &Origin,
        at: Instant,
        incidents: &[Incident],
        goals: &[Goal],
    ) -> Result<Stage, DrillError> {
        let impossible = |why: String| DrillError::Wrong(format!("the moment cannot be simulated: {why}"));
        let early = wall(&origin.local(Instant::from_ms(at.ms() - SETTLE.ms())));
        // A start that clocks show twice is the first of the two; the warm-up makes up for the difference.
        let (mut staged, start) = moved(scenario, origin, &early).map_err(|misread| impossible(misread.to_string()))?;
        let warm_up = start
            .instant(origin.timestamp(at))
            .ok_or_else(|| DrillError::Wrong("the moment lies outside of what can be simulated".into()))?;
        let warm_up = warm_up - Instant::START;
        let mut tickets = Tickets {
            scenario,
            warm_up,
            all: Vec::new(),
            last: Length::ZERO,
        };
        let mut cases: Vec<Case> = incidents
            .iter()
            .enumerate()
            .map(|(number, one)| tickets.of(number, one))
            .collect();
        staged.run.warm_up = Some(warm_up.to_string());
        staged.run.horizon = (tickets.last + Length::from_secs(60)).to_string();
        staged.run.drain = Some(FOLLOW.to_string());
        staged.tickets = tickets.all;
        if let Some(kind) = kind_of_incident(scenario) {
            staged
                .incidents
                .extend((1..=incidents.len()).map(|number| (fault(number), kind.clone())));
        }
        let gate = goals.contains(&Goal::DecisionGate);
        let changes: Vec<Option<usize>> = incidents
            .iter()
            .map(|incident| gated_change(scenario, incident).filter(|_| gate))
            .collect();
        let slow = match gate {
            true => slow_down(&mut staged, changes.first().copied().flatten()),
            false => Vec::new(),
        };
        // Whoever rehearses a slow decision is measured by that one.
        if let Some(first) = cases.first_mut() {
            first.gates = slow.iter().map(|slow| slow.gate.clone()).collect();
        }
        let mut model = compiled(&staged).map_err(impossible)?;
        let on_call = on_call(&model);
        let mut absent = Vec::new();
        if goals.contains(&Goal::SecondaryAbsent) {
            let service = incidents.first().map_or(0, |incident| incident.service);
            let (at, second) = (model.window.from, second_in_line(&model, service, model.window.from));
            take_away(&mut model, &second, at);
            absent.extend(second.into_iter().map(|(_, absent)| absent));
        }
        let repairs = cases
            .iter()
            .zip(incidents)
            .zip(changes)
            .map(|((case, incident), change)| repair(&model, case, incident, change));
        let repairs = repairs.collect::<Result<_, _>>()?;
        Ok(Stage {
            model,
            cases,
            on_call,
            absent,
            slow,
            repairs,
        })
    }

    /// The instant of the first symptom.
    pub fn at(&self) -> Instant {
        self.model.window.from
    }

    /// Plays it: by incident, a row a replication.
    pub fn play(&self, rehearsal: Rehearsal, watch: &dyn Watch) -> Result<Vec<Played>, DrillError> {
        let key = Key::of_seed(rehearsal.seed);
        let prepare = |model: &mut Model, replication: u32| {
            for (number, repair) in self.repairs.iter().enumerate() {
                let stream = Stream::new(key, Purpose::DRILL_REPAIR, replication, number as u64);
                let [length, _] = stream.block(0).map(open01);
                let [change, workaround] = stream.block(1).map(open01);
                let work = Length::from_ms(repair.law.draw_ms(length));
                let is = (repair.service, repair.severity);
                let change = repair.change.or_else(|| {
                    let drawn = model.process.change_of.pick(is.0, is.1, change);
                    drawn.map(ChangeId::new)
                });
                let plan = model.process.workaround.as_ref();
                let found = plan.filter(|plan| workaround < plan.share[is.1.index()]);
                let after = found.map(|plan| Length::from_ms((work.ms() as f64 * plan.after).round() as i64));
                let lead = &mut model.population.scripted[repair.scripted];
                lead.work[repair.tier] = Some(work);
                (lead.change, lead.workaround_after) = (change, after);
            }
        };
        let see = |trace: &crate::measure::Trace| -> Vec<(Reached, Spent, Met)> {
            self.cases
                .iter()
                .map(|case| (reached(trace, case), spent(trace, case), met(trace, case)))
                .collect()
        };
        let rows = rehearse(&self.model, rehearsal, prepare, see, watch)?;
        let mut played = vec![Played::default(); self.cases.len()];
        for row in rows {
            for (incident, (reached, spent, met)) in played.iter_mut().zip(row) {
                incident.reached.push(reached);
                incident.spent.push(spent);
                incident.met.push(met);
            }
        }
        Ok(played)
    }
}

fn compiled(staged: &Scenario) -> Result<Model, String> {
    let mut problems = Problems::new();
    let model = compile(staged, &mut problems);
    let first = || problems.iter().next().map(|problem| problem.message.clone());
    model.ok_or_else(|| first().unwrap_or_default())
}

fn on_call(model: &Model) -> Vec<(Option<String>, String)> {
    let person = |schedule: &crate::model::Schedule| match schedule.on_call(model.window.from) {
        Some(agent) => {
            let team = model.agents[agent.index()].team.index();
            (Some(model.agent_name(agent)), model.names.teams[team].clone())
        }
        None => (None, String::new()),
    };
    model.on_call.schedules.iter().map(person).collect()
}

/// How the organisation declares, links and announces incidents: as its first kind does, with the drill's own tickets.
/// `None` if it knows no incidents, so that each ticket is worked on its own.
fn kind_of_incident(scenario: &Scenario) -> Option<scenario::Incident> {
    let own = scenario.incidents.values().next()?;
    Some(scenario::Incident {
        arrivals: None,
        at: Vec::new(),
        service: None,
        severity: None,
        children: None,
        lasts: None,
        ..own.clone()
    })
}

/// What the kind of the drill's `number`th incident is called.
fn fault(number: usize) -> String {
    format!("drill {number}")
}

fn repair(model: &Model, case: &Case, incident: &Incident, change: Option<usize>) -> Result<Repair, DrillError> {
    let text = &incident.archetype.repair;
    let median = length(&text.median).map_err(DrillError::Wrong)?;
    let law = Law::lognormal(median.ms() as f64, text.sigma).map_err(|wrong| DrillError::Wrong(wrong.to_string()))?;
    let scripted = model
        .population
        .scripted
        .iter()
        .position(|ticket| ticket.id.as_ref() == Some(&case.lead));
    Ok(Repair {
        scripted: scripted.ok_or_else(|| DrillError::Wrong("the incident has no ticket".into()))?,
        tier: repair_tier(model, &incident.archetype, incident.service),
        law: Sampler::of(&law),
        service: ServiceId::new(incident.service),
        severity: SeverityId::new(incident.severity),
        change: change.map(ChangeId::new),
    })
}

/// Longer than any stage is followed.
const NEVER: &str = "52w";

/// Where a ticket stands in its incident.
struct Place {
    /// The incident's index.
    number: usize,
    at: Length,
    leads: bool,
}

/// The scripted tickets, while they are written.
struct Tickets<'a> {
    scenario: &'a Scenario,
    warm_up: Length,
    all: Vec<ScriptedTicket>,
    last: Length,
}

impl Tickets<'_> {
    fn of(&mut self, number: usize, incident: &Incident) -> Case {
        let mut names = Vec::new();
        for inject in &incident.archetype.injects {
            // The archetype was checked when it was read.
            let at = incident.after + length(&inject.at).unwrap_or(Length::ZERO);
            let over = inject
                .over
                .as_deref()
                .and_then(|over| length(over).ok())
                .unwrap_or(Length::ZERO);
            let count = match inject.kind {
                InjectKind::Ticket => 1,
                InjectKind::Storm => inject.count.unwrap_or(1),
                // Later alerts of the same incident are joined to the first: they are no new tickets.
                InjectKind::Alert if names.is_empty() => 1,
                _ => 0,
            };
            for index in 0..count {
                let later = Length::from_ms(over.ms() * i64::from(index) / i64::from(count));
                let name = format!("drill {}.{}", number + 1, names.len() + 1);
                let place = Place {
                    number,
                    at: at + later,
                    leads: names.is_empty(),
                };
                self.add(name.clone(), place, incident);
                names.push(name);
            }
        }
        let lead = names.remove(0);
        Case {
            from: Instant::START + self.warm_up + incident.after,
            lead,
            children: names,
            severity: self
                .scenario
                .severities
                .keys()
                .nth(incident.severity)
                .cloned()
                .unwrap_or_default(),
            gates: Vec::new(),
        }
    }

    fn add(&mut self, id: String, place: Place, incident: &Incident) {
        let Place {
            number,
            at: after,
            leads,
        } = place;
        let scenario = self.scenario;
        let severity = |index: usize| scenario.severities.keys().nth(index).cloned();
        let tier = match leads {
            true => incident.archetype.solved_at.tier(scenario.tiers.len()),
            false => 0,
        };
        let service = scenario.services.get_index(incident.service);
        let needed = service.and_then(|(_, service)| scenario.tiers.get_index_of(service.needs_at_least.as_ref()?));
        let tier = tier.max(needed.unwrap_or(0));
        self.last = self.last.max(after);
        self.all.push(ScriptedTicket {
            id: Some(id),
            at: (self.warm_up + after).to_string(),
            service: service.map(|(name, _)| name.clone()),
            severity: severity(if leads { incident.severity } else { incident.reported }),
            reported: severity(incident.reported),
            customer_tier: scenario.customer_tiers.keys().next().cloned(),
            able_from: scenario.tiers.keys().nth(tier).cloned(),
            // Monitoring does not lose patience, and an archetype says itself how it worsens.
            leaves_after: leads.then(|| NEVER.to_owned()),
            worsens_after: Some(Vec::new()),
            incident: (!scenario.incidents.is_empty()).then(|| fault(number + 1)),
            ..ScriptedTicket::default()
        });
    }
}
