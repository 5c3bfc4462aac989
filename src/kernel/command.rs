//! Command of a major incident, and escalation to somebody with more authority.
//!
//! The commander and the scribe are occupied from the moment they take over until the incident is over. As long as nobody
//! has taken command, the ticket's owner commands too, and works more slowly.
//!
//! What the commander is to decide about the incident is part of commanding it: they decide one thing after another and stay in
//! command. What waits for them meanwhile is a task like any other, which a colleague may take.

use super::Run;
use super::agenda::{Kind, Stamp};
use super::asks::{About, Stage};
use super::observe::{Happening, Observe};
use super::rules::Occurrence;
use super::tasks::Assignee;
use super::tickets::{Phase, Slot, Task};
use crate::model::{AgentId, Holder, RoleId, ScheduleId};
use crate::random::Purpose;
use crate::time::{Instant, Length};

/// Which of the two a task of command is.
const COMMANDER: u32 = 0;
const SCRIBE: u32 = 1;
/// Escalations are numbered from here, apart from the two: those to each role by themselves, so that telling one draws nothing
/// of another's.
const ESCALATIONS: u32 = 16;
const ESCALATIONS_OF_A_ROLE: u32 = 1 << 14;

/// A decision that whoever commands is taking: what was asked, when they will have decided, and the validity of that.
#[derive(Debug, Clone, Copy)]
struct Deciding {
    ask: u32,
    done: Instant,
    stamp: Stamp,
}

/// What a ticket's case file knows of its command.
#[derive(Debug, Clone, Default)]
pub(super) struct Command {
    commander: Option<u32>,
    scribe: Option<u32>,
    /// Somebody has taken command.
    is_led: bool,
    deciding: Option<Deciding>,
    /// A scribe has taken notes.
    pub has_notes: bool,
    /// Roles that have been told, one entry each time.
    told: Vec<RoleId>,
}

impl Command {
    pub(super) fn clear(&mut self) {
        self.told.clear();
        (self.commander, self.scribe, self.is_led, self.has_notes) = (None, None, false, false);
        self.deciding = None;
    }

    /// A role is told: the number of this escalation.
    fn tell(&mut self, role: RoleId) -> u32 {
        let before = self.told.iter().filter(|told| **told == role).count() as u32;
        self.told.push(role);
        ESCALATIONS + role.index() as u32 * ESCALATIONS_OF_A_ROLE + before.min(ESCALATIONS_OF_A_ROLE - 1)
    }
}

impl<O: Observe> Run<'_, O> {
    /// Makes a ticket a major incident that is commanded. `false` if it is already, there is no such role, or what would be
    /// commanded is over: the ticket is mitigated, and that ends the command.
    pub(super) fn assign_commander(&mut self, slot: Slot) -> bool {
        let Some(role) = self.model.process.commander else {
            return false;
        };
        let ends = self.is_worked_around(slot) && self.model.process.role(role).until_mitigation;
        let is_over = !self.world.tickets[slot].is_open() || ends;
        if self.world.cases[slot].command.commander.is_some() || is_over {
            return false;
        }
        let about = self.about(slot);
        let commander = self.ask_role(role, Task::Command, about, COMMANDER, None, COMMANDER);
        let scribe = self.model.process.scribe;
        let scribe = scribe.map(|role| self.ask_role(role, Task::Command, about, SCRIBE, None, SCRIBE));
        let case = self.case(slot);
        case.command.commander = Some(commander);
        case.command.scribe = scribe;
        case.command.is_led = false;
        if !std::mem::replace(&mut case.major, true) {
            self.occurred(slot, Occurrence::Declared);
        }
        self.repace(slot);
        true
    }

    /// Somebody takes over.
    pub(super) fn command_begun(&mut self, task: Slot, agent: AgentId) {
        let (Some(slot), Some(id)) = (self.subject(task), self.ask_of(task).map(|ask| ask.id)) else {
            return;
        };
        if id == SCRIBE {
            self.case(slot).command.has_notes = true;
            return;
        }
        if std::mem::replace(&mut self.case(slot).command.is_led, true) {
            return;
        }
        self.seen.happened(
            self.now,
            &self.world.tickets[slot],
            &Happening::CommanderNamed { agent },
        );
        self.repace(slot);
        self.decide_next(slot);
    }

    /// Whoever commands goes: until somebody takes over again, the owner commands too.
    pub(super) fn command_put_down(&mut self, task: Slot) {
        let (Some(slot), Some(id)) = (self.subject(task), self.ask_of(task).map(|ask| ask.id)) else {
            return;
        };
        if id == COMMANDER && std::mem::take(&mut self.case(slot).command.is_led) {
            self.repace(slot);
            self.decides_alone(task, slot);
        }
    }

    /// Nobody is in command any more, since the incident is over for those who commanded it.
    pub(super) fn command_done(&mut self, task: Slot) {
        let asked = self.ask_done(task);
        if let (Some(slot), Some(COMMANDER)) = (self.subject(task), asked.map(|ask| ask.id)) {
            self.decides_alone(task, slot);
        }
    }

    /// Who commands a ticket's incident at this instant.
    fn in_command(&self, slot: Slot) -> Option<AgentId> {
        let command = &self.world.cases.get(slot)?.command;
        let ask = self
            .world
            .affairs
            .asks
            .get(command.commander.filter(|_| command.is_led)?)?;
        let Stage::Task(task) = ask.stage else { return None };
        let task = &self.world.tickets[task];
        task.owner.filter(|_| task.phase == Phase::InWork)
    }

    /// Who decides for a role because they command the incident: in the commander's own role whoever does, whoever is on call by
    /// now; in another one if they are on call for it.
    pub(super) fn commander_as(&self, role: RoleId, task: Task, about: &About) -> Option<AgentId> {
        let slot = self.still(about).filter(|_| task == Task::Decision)?;
        let agent = self.in_command(slot)?;
        let process = &self.model.process;
        let holds = |schedule: ScheduleId| self.model.on_call.of_schedule(schedule, self.now) == Some(agent);
        match process.role(role).holder {
            _ if process.commander == Some(role) => Some(agent),
            Holder::Schedule(schedule) => Some(agent).filter(|_| holds(schedule)),
            Holder::Team(_) => None,
        }
    }

    /// Whether a decision that reaches somebody is taken by whoever commands the incident, at once and beside that.
    pub(super) fn is_decided_in_command(&mut self, ask: u32, to: Assignee) -> bool {
        let row = self
            .world
            .affairs
            .asks
            .get(ask)
            .filter(|row| row.task == Task::Decision);
        let Some(slot) = row.and_then(|row| self.still(&row.about)) else {
            return false;
        };
        let Some(agent) = self.in_command(slot) else {
            return false;
        };
        let is_theirs = match to {
            Assignee::Team(team) => self.model.agents[agent.index()].team == team,
            Assignee::Person(person) | Assignee::First(person) | Assignee::Called(person) => person == agent,
        };
        let decides = is_theirs && self.world.cases[slot].command.deciding.is_none();
        if decides {
            self.decide_in_command(slot, ask);
        }
        decides
    }

    fn decide_in_command(&mut self, slot: Slot, ask: u32) {
        let now = self.now;
        let Some(row) = self.world.affairs.asks.get_mut(ask) else {
            return;
        };
        row.stage = Stage::InCommand;
        let done = now + row.work.unwrap_or(Length::ZERO);
        let stamp = self.world.agenda.schedule(done, Kind::DecisionMade, slot);
        self.case(slot).command.deciding = Some(Deciding { ask, done, stamp });
    }

    /// Somebody has decided: whoever commands the incident, or whoever has done nothing else.
    #[inline(never)]
    pub(super) fn decision_made(&mut self, slot: Slot, stamp: Stamp) {
        let deciding = &mut self.case(slot).command.deciding;
        match deciding.take_if(|deciding| deciding.stamp == stamp) {
            Some(deciding) => {
                self.has_decided(deciding.ask);
                self.decide_next(slot);
            }
            None => self.work_done(slot, stamp),
        }
    }

    /// What whoever commands was deciding need not be decided any more.
    pub(super) fn decides_no_longer(&mut self, about: &About) {
        if let Some(slot) = self.still(about) {
            self.case(slot).command.deciding = None;
            self.decide_next(slot);
        }
    }

    /// Whoever commands decides the next of what waits for them, or for their team.
    fn decide_next(&mut self, slot: Slot) {
        let Some(agent) = self.in_command(slot) else { return };
        if self.world.cases[slot].command.deciding.is_some() {
            return;
        }
        let team = self.model.agents[agent.index()].team;
        let waiting = |ask: u32| {
            let Stage::Task(task) = self.world.affairs.asks.get(ask)?.stage else {
                return None;
            };
            let row = &self.world.tickets[task];
            let waits = match row.phase {
                Phase::Queued => row.team == team,
                Phase::InLine => row.owner == Some(agent),
                _ => false,
            };
            waits.then_some((ask, task, Length::from_ms(row.work_left)))
        };
        let next = self.asked_at_gates(slot).find_map(waiting);
        let Some((ask, task, left)) = next else { return };
        self.withdraw_task(task);
        if let Some(row) = self.world.affairs.asks.get_mut(ask) {
            row.work = Some(left);
        }
        self.decide_in_command(slot, ask);
    }

    /// Whoever commanded does so no more, and completes the decision that they have begun.
    fn decides_alone(&mut self, task: Slot, slot: Slot) {
        let Some(deciding) = self.case(slot).command.deciding.take() else {
            return;
        };
        let now = self.now;
        let Some(agent) = self.world.tickets[task].owner else {
            return;
        };
        if let Some(row) = self.world.affairs.asks.get_mut(deciding.ask) {
            row.work = Some(deciding.done - now);
            self.ask_reaches(deciding.ask, Assignee::Called(agent));
        }
    }

    /// Whether somebody is occupied with a ticket's incident until that is over.
    pub(super) fn commands(&self, agent: AgentId, slot: Slot) -> bool {
        let task = self.world.people[agent.index()].ticket;
        task.is_some_and(|task| self.world.tickets[task].task == Task::Command && self.subject(task) == Some(slot))
    }

    /// The pace of a ticket's owner who commands too.
    pub(super) fn pace_of_command(&self, slot: Slot) -> f64 {
        let command = &self.world.cases[slot].command;
        match (
            command.commander.is_some() && !command.is_led,
            self.model.process.commander,
        ) {
            (true, Some(role)) => self.model.process.role(role).owner_penalty,
            _ => 1.0,
        }
    }

    /// The incident is over, with its workaround or for good: whoever commanded it and took notes is free.
    pub(super) fn end_command(&mut self, slot: Slot, by_workaround: bool) {
        let process = &self.model.process;
        let ends =
            |role: Option<RoleId>| role.is_some_and(|role| !by_workaround || process.role(role).until_mitigation);
        let (commander_ends, scribe_ends) = (ends(process.commander), ends(process.scribe));
        let command = &mut self.case(slot).command;
        let commander = command.commander.take_if(|_| commander_ends);
        let scribe = command.scribe.take_if(|_| scribe_ends);
        for ask in commander.into_iter().chain(scribe) {
            self.end_ask(ask);
        }
        if commander.is_some() {
            self.repace(slot);
        }
    }

    /// Tells a role of a ticket, which may be work for it: a hierarchical escalation.
    pub(super) fn escalate_to(&mut self, slot: Slot, role: RoleId) -> bool {
        let ticket = &self.world.tickets[slot];
        if matches!(ticket.phase, Phase::Resolved | Phase::Closed) {
            return false;
        }
        let about = self.about(slot);
        self.tell_role(role, &about);
        self.role_is_told(slot, role);
        let number = self.case(slot).command.tell(role);
        if let Some(law) = &self.model.process.role(role).work {
            let [u, _] = self.draw_about(Purpose::NOTICE, &about.ticket, number);
            let work = self.work_of(Some(law), u);
            self.ask_role(role, Task::Notice, about, number, Some(work), number);
        }
        true
    }

    /// Counts a hierarchical escalation.
    pub(super) fn tell_role(&mut self, role: RoleId, about: &About) {
        if let Some(slot) = self.still(about) {
            self.world.tickets[slot].hierarchical += 1;
        }
        self.seen
            .happened(self.now, &about.ticket, &Happening::EscalatedTo { role });
    }
}
