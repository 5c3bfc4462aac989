//! What a ticket gets only because it is reported more severe than it is: pages and preemptions that its true severity would
//! not have called for.

use super::Run;
use super::clock::Clocks;
use super::observe::{Happening, Observe};
use super::tickets::Slot;
use crate::model::{Action, Preemption, RuleId, Trigger};

impl<O: Observe> Run<'_, O> {
    /// Notes whether the pages that a rule's action may send are needless.
    #[inline]
    pub(super) fn judge_pages(&mut self, slot: Slot, rule: RuleId, action: &Action) {
        if self.model.on_call.is_used() && action.tells() {
            let needless = self.is_needless(slot, rule, action);
            self.case(slot).paging.needless = needless;
        }
    }

    /// Whether a ticket is reported more severe than it is, and the rule would not have done this now were it not.
    #[inline(never)]
    fn is_needless(&self, slot: Slot, rule: RuleId, action: &Action) -> bool {
        let ticket = &self.world.tickets[slot];
        if !ticket.severity.is_above(ticket.truth) {
            return false;
        }
        let rule = &self.model.rules.rules[rule.index()];
        let least = match action {
            Action::Page(policy) => self.model.on_call.policy(*policy).severity,
            _ => None,
        };
        let is_meant = rule.conditions.severities[ticket.truth.index()]
            && least.is_none_or(|least| ticket.truth.is_at_least(least));
        if !is_meant || matches!(rule.trigger, Trigger::SeverityRaised(_)) {
            return true;
        }
        let truth = ticket.as_it_truly_is();
        let clocks = Clocks {
            ticket: &truth,
            ..self.clocks(slot)
        };
        rule.trigger.lasts() && self.rule_due(rule, clocks).is_none_or(|due| due > self.now)
    }

    /// A ticket interrupts another one.
    #[inline(never)]
    pub(super) fn judge_preemption(&mut self, slot: Slot, victim: Slot, preemption: &Preemption) {
        let (ticket, victim) = (&self.world.tickets[slot], &self.world.tickets[victim]);
        let truth = ticket.truth;
        let truly = preemption.by[truth.index()] && victim.withstands().is_some_and(|work| truth.is_above(work));
        if ticket.severity.is_above(truth) && !truly {
            self.happened(slot, Happening::PreemptsNeedlessly);
        }
    }
}
