//! What rules do, one arm an action. Each says whether anything came of it: an action that finds nothing to do is counted.

use super::Run;
use super::observe::Observe;
use super::tickets::{Phase, Slot};
use crate::model::{Action, Hands, Responders, RuleId, SeverityId, TeamId};

impl<O: Observe> Run<'_, O> {
    /// Does what a rule says; whether there was anything to do.
    pub(super) fn act(&mut self, slot: Slot, rule: RuleId, action: &Action) -> bool {
        let ticket = &self.world.tickets[slot];
        if ticket.phase == Phase::Closed || (ticket.linked && is_about_work(action)) {
            return false;
        }
        self.judge_pages(slot, rule, action);
        match action {
            Action::Alert => {
                self.somebody_is_told(slot);
                true
            }
            Action::Notify(schedules, inform) => self.notify(slot, schedules, *inform),
            Action::Page(policy) => self.start_ladder(slot, *policy),
            Action::TransferToTier(tier, hands) => {
                let ticket = &self.world.tickets[slot];
                let changes = ticket.tier != *tier || self.is_being_read(slot);
                let team = self.model.team(*tier, ticket.service).filter(|_| changes);
                team.is_some_and(|team| self.hand_over(slot, team, *hands, rule))
            }
            Action::TransferToTeam(team, hands) => self.hand_over(slot, *team, *hands, rule),
            Action::ToSecondary => self.hand_to_secondary(slot),
            Action::RaiseBy(steps) => {
                let severity = self.world.tickets[slot].severity.index();
                self.change_severity(slot, SeverityId::new(severity.saturating_sub(*steps as usize)))
            }
            Action::RaiseTo(severity) => {
                severity.is_above(self.world.tickets[slot].severity) && self.change_severity(slot, *severity)
            }
            Action::LowerBy(steps) => {
                let last = self.model.names.severities.len() - 1;
                let severity = self.world.tickets[slot].severity.index() + *steps as usize;
                self.change_severity(slot, SeverityId::new(severity.min(last)))
            }
            Action::LowerTo(severity) => {
                self.world.tickets[slot].severity.is_above(*severity) && self.change_severity(slot, *severity)
            }
            Action::AddResponders(count, from) => {
                if let Responders::Team(team, _) = from {
                    self.team_is_told(slot, *team);
                }
                self.add_responders(slot, *count, *from)
            }
            Action::EscalateTo(role) => self.escalate_to(slot, *role),
            Action::AssignCommander => self.assign_commander(slot),
            Action::OpenGate(gate) => self.open_gate(slot, *gate),
            Action::Brief => self.brief(slot),
            Action::Update => self.update(slot),
            Action::Involve(teams, all) => self.involve(slot, teams, *all),
            Action::SetPriority(steps) => self.set_priority(slot, *steps),
            Action::Flag(flag) => self.set_flag(slot, *flag),
            Action::Close => self.close_pending(slot),
        }
    }

    fn change_severity(&mut self, slot: Slot, severity: SeverityId) -> bool {
        let changes = self.world.tickets[slot].severity != severity;
        self.set_severity(slot, severity);
        changes
    }

    /// A rule gives a ticket to a team; one that is still to be read goes there when it has been.
    pub(super) fn hand_over(&mut self, slot: Slot, team: TeamId, hands: Hands, rule: RuleId) -> bool {
        if self.is_being_read(slot) {
            self.case(slot).sent = Some((team, hands, rule));
            return true;
        }
        let giver = self.giver_of(slot);
        if !self.transfer(slot, team, rule) {
            return false;
        }
        if self.world.tickets[slot].begun {
            self.changes_hands(slot, giver);
        }
        let ticket = &mut self.world.tickets[slot];
        if hands != Hands::Usual && (ticket.begun || ticket.escalated_here) {
            ticket.cold = Some(hands == Hands::Cold);
        }
        true
    }

    /// Puts a ticket forward or back in queues by severity.
    fn set_priority(&mut self, slot: Slot, steps: i8) -> bool {
        let before = self.world.tickets[slot].boost;
        let boost = before.saturating_add(steps);
        if boost == before {
            // Its place is what it was: it does not come anew.
            return false;
        }
        let queued = self.leave_place(slot);
        self.world.tickets[slot].boost = boost;
        self.retake_place(slot, queued);
        true
    }

    fn set_flag(&mut self, slot: Slot, flag: u8) -> bool {
        let flags = &mut self.case(slot).flags;
        let is_new = *flags >> flag & 1 == 0;
        *flags |= 1 << flag;
        is_new
    }

    /// Before what a ticket's place in its queue depends on changes. Whether it is in a queue.
    pub(super) fn leave_place(&mut self, slot: Slot) -> bool {
        let queued = self.world.tickets[slot].phase == Phase::Queued;
        if queued {
            let rank = self.rank(slot);
            let team = self.world.tickets[slot].team;
            self.world.desks[team.index()]
                .queue
                .leave(&mut self.world.tickets, slot, rank);
        }
        queued
    }

    /// Afterwards: where it would stand had it entered like this.
    pub(super) fn retake_place(&mut self, slot: Slot, queued: bool) {
        if queued {
            let rank = self.rank(slot);
            let team = self.world.tickets[slot].team;
            let desk = &mut self.world.desks[team.index()];
            desk.queue.reenter(&mut self.world.tickets, slot, rank);
            desk.entered(slot, self.now);
            self.world.tickets[slot].placed_anew = self.now;
            self.touch(team);
        }
    }
}

/// Whether an action is about the work on a ticket: of a linked one that is its parent's.
fn is_about_work(action: &Action) -> bool {
    matches!(
        action,
        Action::AddResponders(..) | Action::AssignCommander | Action::Involve(..) | Action::SetPriority(_)
    )
}
