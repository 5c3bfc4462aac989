//! What the rooms of the policy language have still to provide.

use super::Run;
use super::observe::Observe;
use super::tickets::{Slot, Task};
use crate::model::AgentId;

impl<O: Observe> Run<'_, O> {
    // all: what a task means, by its kind
    pub(super) fn task_begun(&mut self, slot: Slot, agent: AgentId) {
        match self.world.tickets[slot].task {
            Task::Command => self.command_begun(slot, agent),
            Task::Responder => self.joins(slot, agent),
            _ => {}
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
            Task::Involved => self.part_done(slot),
            Task::Triage | Task::Closing | Task::Chaser => {
                let Some(about) = self.subject(slot) else { return };
                match task {
                    Task::Triage => self.has_been_read(about),
                    Task::Closing => self.close_linked(about, agent),
                    _ => self.chaser_answered(about, worked_ms),
                }
            }
            Task::Record | Task::Ticket | Task::Responder => {}
        }
    }
}
