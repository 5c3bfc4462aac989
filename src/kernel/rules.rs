//! Escalation rules at work: one pending timer a ticket, the earliest of its rules.
//!
//! A rule that has fired (or whose conditions did not hold when its time came) is spent until what it measures begins
//! anew: the visit, the owner, the clock. Rules due at one instant run in the order in which they fell due, then of the
//! file; each tests its conditions just before its own actions.

use super::Run;
use super::agenda::{Kind, Stamp};
use super::clock::Clocks;
use super::observe::Observe;
use super::tickets::{Phase, Slot};
use crate::model::{Action, Conditions, Measured, Rule, RuleId, SeverityId, Trigger};
use crate::time::{Instant, Worked};

/// Most rules that fire on one ticket at one instant; a longer chain is cut.
const CHAIN_MAX: usize = 16;

impl<O: Observe> Run<'_, O> {
    /// Makes room for a new ticket's spent rules.
    #[inline]
    pub(super) fn clear_spent(&mut self, slot: Slot) {
        let words = self.model.rules.words();
        if words == 0 {
            return;
        }
        let (from, until) = (slot * words, (slot + 1) * words);
        if self.world.spent.len() < until {
            self.world.spent.resize(until, 0);
        }
        self.world.spent[from..until].fill(0);
    }

    /// Arms anew the rules that measure what begins now.
    #[inline(never)]
    pub(super) fn rearm(&mut self, slot: Slot, measured: Measured) {
        self.unspend(slot, |model| &model.rules.rearm[measured as usize]);
    }

    /// Arms anew what measures the owner, if the owner is new.
    #[inline(never)]
    pub(super) fn rearm_owner(&mut self, slot: Slot) {
        if self.world.tickets[slot].owner_since == self.now {
            self.rearm(slot, Measured::WithOwner);
        }
        self.set_timer(slot);
    }

    pub(super) fn unspend(&mut self, slot: Slot, mask: impl Fn(&crate::model::Model) -> &Vec<u64>) {
        let words = self.model.rules.words();
        let spent = &mut self.world.spent[slot * words..(slot + 1) * words];
        for (word, mask) in spent.iter_mut().zip(mask(self.model)) {
            *word &= !mask;
        }
    }

    fn is_spent(&self, slot: Slot, rule: RuleId) -> bool {
        let word = slot * self.model.rules.words() + rule.index() / 64;
        self.world.spent[word] >> (rule.index() % 64) & 1 == 1
    }

    fn spend(&mut self, slot: Slot, rule: RuleId) {
        let word = slot * self.model.rules.words() + rule.index() / 64;
        self.world.spent[word] |= 1 << (rule.index() % 64);
    }

    /// Puts the ticket's next rule on the agenda, in place of what was there.
    #[inline]
    pub(super) fn set_timer(&mut self, slot: Slot) {
        if !self.model.rules.timed.is_empty() {
            self.set_timer_of_rules(slot);
        }
    }

    #[inline(never)]
    fn set_timer_of_rules(&mut self, slot: Slot) {
        let next = self.next_rule(slot).map(|(at, _)| at.max(self.now));
        let ticket = &mut self.world.tickets[slot];
        match next {
            None => {
                ticket.timer = Stamp::NONE;
                ticket.timer_at = Instant::LAST;
            }
            Some(at) if at == ticket.timer_at && ticket.timer != Stamp::NONE => {}
            Some(at) => {
                ticket.timer_at = at;
                ticket.timer = self.world.agenda.schedule(at, Kind::Timer, slot);
            }
        }
    }

    /// The rule that falls due first, and when.
    fn next_rule(&self, slot: Slot) -> Option<(Instant, RuleId)> {
        let rules = &self.model.rules;
        let clocks = self.clocks(slot);
        let due = |id: &RuleId| {
            let rule = &rules.rules[id.index()];
            if self.is_spent(slot, *id) || never_holds(&rule.conditions, clocks) {
                return None;
            }
            Some((self.rule_due(rule, clocks)?, *id))
        };
        rules.timed.iter().filter_map(due).min()
    }

    fn rule_due(&self, rule: &Rule, clocks: Clocks) -> Option<Instant> {
        let ticket = clocks.ticket;
        match rule.trigger {
            Trigger::Created => None,
            Trigger::Consumed(kind, share) => clocks.runs(kind).then(|| clocks.share_reached(kind, share))?,
            Trigger::Left(kind, left) => {
                let target = clocks.target(kind).filter(|_| clocks.runs(kind))?;
                let used = Worked::from_ms((target.within.ms() - left.ms()).max(0));
                clocks.reached(kind, target, used)
            }
            Trigger::Elapsed(measured, amount, calendar) => {
                let since = match measured {
                    Measured::InQueue => (ticket.phase == Phase::Queued).then_some(ticket.queue_since),
                    Measured::InTeam => Some(ticket.team_since),
                    Measured::InTier => Some(ticket.tier_since),
                    Measured::WithOwner => ticket.owner.map(|_| ticket.owner_since),
                };
                let open = !matches!(ticket.phase, Phase::Resolved | Phase::Closed);
                clocks.elapsed(calendar, since.filter(|_| open)?, amount)
            }
        }
    }

    /// The ticket's timer: every rule that is due by now.
    #[inline(never)]
    pub(super) fn timer(&mut self, slot: Slot, stamp: Stamp) {
        if self.world.tickets[slot].timer != stamp {
            return;
        }
        self.world.tickets[slot].timer = Stamp::NONE;
        for _ in 0..CHAIN_MAX {
            match self.next_rule(slot) {
                Some((at, rule)) if at <= self.now => {
                    self.spend(slot, rule);
                    self.fire(slot, rule);
                }
                _ => break,
            }
        }
        self.set_timer(slot);
    }

    /// Rules on creation, in the order of the file.
    #[inline(never)]
    pub(super) fn apply_creation_rules(&mut self, slot: Slot) {
        let model = self.model;
        for rule in &model.rules.on_created {
            self.fire(slot, *rule);
        }
    }

    fn fire(&mut self, slot: Slot, id: RuleId) {
        let model = self.model;
        let rule = &model.rules.rules[id.index()];
        if !self.holds(&rule.conditions, slot) {
            return;
        }
        let ticket = &mut self.world.tickets[slot];
        if let Some(bit) = 1u64.checked_shl(id.index() as u32) {
            ticket.fired |= bit;
        }
        self.seen.fired(self.now, ticket, id);
        for action in &rule.actions {
            self.act(slot, id, *action);
        }
    }

    fn holds(&self, conditions: &Conditions, slot: Slot) -> bool {
        let ticket = &self.world.tickets[slot];
        conditions.severities[ticket.severity.index()]
            && conditions.services[ticket.service.index()]
            && conditions.customers[ticket.customer.index()]
            && conditions.teams[ticket.team.index()]
            && conditions
                .open
                .is_none_or(|calendar| self.model.calendars[calendar.index()].is_open(self.now))
    }

    fn act(&mut self, slot: Slot, rule: RuleId, action: Action) {
        let service = self.world.tickets[slot].service;
        match action {
            Action::Alert => {}
            Action::TransferToTier(tier) => {
                if self.world.tickets[slot].tier != tier
                    && let Some(team) = self.model.team(tier, service)
                {
                    self.transfer(slot, team, rule);
                }
            }
            Action::TransferToTeam(team) => self.transfer(slot, team, rule),
            Action::RaiseBy(steps) => {
                let severity = self.world.tickets[slot].severity.index();
                self.set_severity(slot, SeverityId::new(severity.saturating_sub(steps as usize)));
            }
            Action::RaiseTo(severity) => {
                if severity.is_above(self.world.tickets[slot].severity) {
                    self.set_severity(slot, severity);
                }
            }
            Action::LowerBy(steps) => {
                let last = self.model.names.severities.len() - 1;
                let severity = self.world.tickets[slot].severity.index() + steps as usize;
                self.set_severity(slot, SeverityId::new(severity.min(last)));
            }
            Action::LowerTo(severity) => {
                if self.world.tickets[slot].severity.is_above(severity) {
                    self.set_severity(slot, severity);
                }
            }
        }
    }
}

/// Whether a rule cannot hold for this ticket whatever happens to it: its service and customer never change.
fn never_holds(conditions: &Conditions, clocks: Clocks) -> bool {
    let ticket = clocks.ticket;
    !conditions.services[ticket.service.index()] || !conditions.customers[ticket.customer.index()]
}
