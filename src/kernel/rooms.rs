//! What the rooms of the policy language have still to provide.

use super::Run;
use super::observe::Observe;
use super::tickets::{Slot, Task};
use crate::model::{AgentId, GateId, PolicyId, RoleId, ScheduleId};

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
    // demand
    pub(super) fn close_pending(&mut self, _slot: Slot) -> bool {
        false
    }
    // all: what a task means, by its kind
    pub(super) fn task_begun(&mut self, slot: Slot, agent: AgentId) {
        if self.world.tickets[slot].task == Task::Responder {
            self.joins(slot, agent);
        }
    }
    pub(super) fn task_done(&mut self, slot: Slot, _agent: AgentId) {
        if self.world.tickets[slot].task == Task::Involved {
            self.part_done(slot);
        }
    }
}
