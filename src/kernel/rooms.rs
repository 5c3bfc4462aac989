//! What the rooms of the policy language have still to provide.

use super::Run;
use super::observe::Observe;
use super::tickets::{Slot, Task};
use crate::model::{AgentId, GateId, Responders, RoleId, TeamId};

impl<O: Observe> Run<'_, O> {
    // process
    pub(super) fn open_gate(&mut self, _slot: Slot, _gate: GateId) -> bool {
        false
    }
    pub(super) fn assign_commander(&mut self, _slot: Slot) -> bool {
        false
    }
    pub(super) fn escalate_to(&mut self, _slot: Slot, _role: RoleId) -> bool {
        false
    }
    pub(super) fn brief(&mut self, _slot: Slot) -> bool {
        false
    }
    pub(super) fn update(&mut self, _slot: Slot) -> bool {
        false
    }
    // people
    pub(super) fn add_responders(&mut self, _slot: Slot, _count: u32, _from: Responders) -> bool {
        false
    }
    pub(super) fn involve(&mut self, _slot: Slot, _teams: &[TeamId], _all: bool) -> bool {
        false
    }
    pub(super) fn pace_of(&self, _slot: Slot, agent: AgentId) -> f64 {
        self.pace_when_tired(agent)
    }
    // all: what a task means, by its kind
    pub(super) fn task_begun(&mut self, _slot: Slot, _agent: AgentId) {}
    pub(super) fn task_done(&mut self, slot: Slot, agent: AgentId) {
        let (task, worked_ms) = (self.world.tickets[slot].task, self.world.tickets[slot].touch_ms);
        let Some(about) = self.subject(slot) else { return };
        match task {
            Task::Triage => self.has_been_read(about),
            Task::Closing => self.close_linked(about, agent),
            Task::Chaser => self.chaser_answered(about, worked_ms),
            _ => {}
        }
    }
}
