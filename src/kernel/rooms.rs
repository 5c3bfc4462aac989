//! What the rooms of the policy language have still to provide.

use super::Run;
use super::observe::Observe;
use super::tickets::{Slot, Task};
use crate::model::{AgentId, PolicyId, Responders, ScheduleId, TeamId};

impl<O: Observe> Run<'_, O> {
    // oncall
    pub(super) fn start_ladder(&mut self, _slot: Slot, _policy: PolicyId) -> bool {
        false
    }
    pub(super) fn notify(&mut self, _slot: Slot, _schedules: &[ScheduleId], _inform: bool) -> bool {
        false
    }
    pub(super) fn to_secondary(&mut self, _slot: Slot) -> bool {
        false
    }
    // people
    pub(super) fn add_responders(&mut self, _slot: Slot, _count: u32, _from: Responders) -> bool {
        false
    }
    pub(super) fn involve(&mut self, _slot: Slot, _teams: &[TeamId], _all: bool) -> bool {
        false
    }
    pub(super) fn pace_of(&self, slot: Slot, _agent: AgentId) -> f64 {
        let command = if self.model.uses.process {
            self.pace_of_command(slot)
        } else {
            1.0
        };
        command
    }
    // all: what a task means, by its kind
    pub(super) fn task_begun(&mut self, slot: Slot, agent: AgentId) {
        if self.world.tickets[slot].task == Task::Command {
            self.command_begun(slot, agent);
        }
    }
    pub(super) fn task_done(&mut self, slot: Slot, agent: AgentId) {
        let (task, worked_ms) = (self.world.tickets[slot].task, self.world.tickets[slot].touch_ms);
        match task {
            Task::Decision => self.decision_done(slot),
            Task::Rework => self.rework_done(slot),
            Task::Update => self.update_sent(slot),
            Task::Brief => self.brief_sent(slot),
            Task::Review => self.review_part_done(slot, agent),
            Task::Article => self.article_written(slot),
            Task::Fix => self.fix_made(slot),
            Task::Notice | Task::Command => drop(self.ask_done(slot)),
            Task::Triage | Task::Closing | Task::Chaser => {
                let Some(about) = self.subject(slot) else { return };
                match task {
                    Task::Triage => self.has_been_read(about),
                    Task::Closing => self.close_linked(about, agent),
                    _ => self.chaser_answered(about, worked_ms),
                }
            }
            Task::Record | Task::Ticket | Task::Involved => {}
        }
    }
}
