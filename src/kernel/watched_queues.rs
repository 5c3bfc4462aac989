//! Rules on the length and the age of a queue: due at the event that makes them true, and then not before it has ceased to be.

use super::Run;
use super::agenda::Kind;
use super::observe::Observe;
use super::tickets::{Slot, Ticket};
use crate::model::{RuleId, Trigger};

impl<O: Observe> Run<'_, O> {
    /// A ticket entered a queue: rules on the queue's length and age.
    #[inline]
    pub(super) fn queue_grew(&mut self, slot: Slot) {
        if !self.model.rules.queues.is_empty() {
            self.watch_queue(slot);
        }
    }

    #[inline(never)]
    fn watch_queue(&mut self, slot: Slot) {
        let model = self.model;
        let in_queue = self.world.tickets[slot].team;
        for &rule in &model.rules.queues {
            match model.rules.rules[rule.index()].trigger {
                Trigger::QueueLength(team, length, _) if team == in_queue => {
                    let waiting = self.world.desks[team.index()].queue.tickets(&self.world.tickets);
                    let risen = &mut self.world.risen[rule.index()];
                    if waiting >= length as usize && !std::mem::replace(risen, true) {
                        self.make_due(slot, rule, self.now, false);
                        self.set_timer(slot);
                    }
                }
                Trigger::QueueAge(team, age) if team == in_queue => {
                    // What comes from somebody's line has waited before, longer perhaps than what is watched already.
                    let since = self.world.tickets[slot].queue_since;
                    if !std::mem::replace(&mut self.world.risen[rule.index()], true) || since < self.now {
                        let at = (since + age).max(self.now);
                        self.world.agenda.schedule(at, Kind::QueueAge, rule.index());
                    }
                }
                _ => {}
            }
        }
    }

    /// A ticket left a queue: rules on its length may be armed anew, rules on its age look for the next oldest.
    #[inline(never)]
    pub(super) fn queue_shrank(&mut self, slot: Slot) {
        let model = self.model;
        let left = self.world.tickets[slot].team;
        for &rule in &model.rules.queues {
            match model.rules.rules[rule.index()].trigger {
                Trigger::QueueLength(team, _, below) if team == left => {
                    let waiting = self.world.desks[team.index()].queue.tickets(&self.world.tickets);
                    self.world.risen[rule.index()] &= waiting >= below as usize;
                }
                Trigger::QueueAge(..) if self.world.too_old[rule.index()] == Some(slot) => {
                    self.watch_oldest(rule.index(), Some(slot));
                }
                _ => {}
            }
        }
    }

    /// The oldest ticket of a queue may be as old as a rule watches for.
    #[inline(never)]
    pub(super) fn queue_age(&mut self, rule: usize) {
        self.watch_oldest(rule, None);
    }

    /// Looks for the oldest ticket of the queue that a rule watches, but for one that is leaving it. Too old: the rule is due
    /// on it if none was before, and nothing is done until it leaves. Not yet: when it will be. Nobody waits: when somebody
    /// does.
    fn watch_oldest(&mut self, rule: usize, leaving: Option<Slot>) {
        let Trigger::QueueAge(team, age) = self.model.rules.rules[rule].trigger else {
            return;
        };
        let waits = |(slot, ticket): &(Slot, &Ticket)| {
            ticket.is_queued() && ticket.team == team && !ticket.is_task() && leaving != Some(*slot)
        };
        let waiting = self.world.tickets.each_open().filter(waits);
        let oldest = waiting.map(|(slot, ticket)| (ticket.queue_since, slot)).min();
        let was_too_old = self.world.too_old[rule].take().is_some();
        match oldest {
            None => self.world.risen[rule] = false,
            Some((since, _)) if since + age > self.now => {
                self.world.agenda.schedule(since + age, Kind::QueueAge, rule);
            }
            Some((_, slot)) => {
                self.world.too_old[rule] = Some(slot);
                if !was_too_old {
                    self.make_due(slot, RuleId::new(rule), self.now, false);
                    self.set_timer(slot);
                }
            }
        }
    }
}
