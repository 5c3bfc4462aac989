//! Command of a major incident, and escalation to somebody with more authority.
//!
//! The commander and the scribe are occupied from the moment they take over until the incident is over. As long as nobody
//! has taken command, the ticket's owner commands too, and works more slowly.

use super::Run;
use super::asks::About;
use super::observe::{Happening, Observe};
use super::rules::Occurrence;
use super::tickets::{Phase, Slot, Task};
use crate::model::{AgentId, RoleId};
use crate::random::Purpose;

/// Which of the two a task of command is.
const COMMANDER: u32 = 0;
const SCRIBE: u32 = 1;
/// Escalations are numbered from here, apart from the two: those to each role by themselves, so that telling one draws nothing
/// of another's.
const ESCALATIONS: u32 = 16;
const ESCALATIONS_OF_A_ROLE: u32 = 1 << 14;

/// What a ticket's case file knows of its command.
#[derive(Debug, Clone, Default)]
pub(super) struct Command {
    commander: Option<u32>,
    scribe: Option<u32>,
    /// Somebody has taken command.
    is_led: bool,
    /// A scribe has taken notes.
    pub has_notes: bool,
    /// Roles that have been told, one entry each time.
    told: Vec<RoleId>,
}

impl Command {
    pub(super) fn clear(&mut self) {
        self.told.clear();
        (self.commander, self.scribe, self.is_led, self.has_notes) = (None, None, false, false);
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
        let ticket = &self.world.tickets[slot];
        let is_mitigated = ticket.mitigated.is_some_and(|at| at >= ticket.open_since);
        let is_over = !ticket.is_open() || (is_mitigated && self.model.process.role(role).until_mitigation);
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
    }

    /// Whoever commands goes: until somebody takes over again, the owner commands too.
    pub(super) fn command_put_down(&mut self, task: Slot) {
        let (Some(slot), Some(id)) = (self.subject(task), self.ask_of(task).map(|ask| ask.id)) else {
            return;
        };
        if id == COMMANDER && std::mem::take(&mut self.case(slot).command.is_led) {
            self.repace(slot);
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
