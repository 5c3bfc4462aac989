//! Warnings: whether somebody able was told of a ticket before its deadlines, and what became of its clocks after that.
//!
//! Nothing of it changes the world. It is kept by row of the ticket table, and only where rules tell anybody of tickets.

use super::Run;
use super::observe::{Happening, Observe};
use super::severity::CLOCKS;
use super::tickets::Slot;
use crate::model::{AgentId, Holder, PageTarget, RoleId, RuleId, TeamId};
use crate::time::Instant;

/// The share of a target from which on it was a close call.
const CLOSE: f64 = 0.9;

/// What is known of a ticket's warnings.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Told {
    /// When somebody able was first told of it.
    able: Option<Instant>,
    /// Warnings in the window that one of its clocks set off, in the order of `CLOCKS`.
    warnings: [u16; 3],
}

impl<O: Observe> Run<'_, O> {
    /// Nobody has been told of a new ticket.
    #[inline]
    pub(super) fn open_told(&mut self, slot: Slot) {
        if self.model.uses.warns {
            *self.told(slot) = Told::default();
        }
    }

    fn told(&mut self, slot: Slot) -> &mut Told {
        if self.world.told.len() <= slot {
            self.world.told.resize_with(slot + 1, Told::default);
        }
        &mut self.world.told[slot]
    }

    /// A rule fires: a warning, if the clock that set it off has not breached and it tells somebody.
    #[inline]
    pub(super) fn count_warning(&mut self, slot: Slot, rule: RuleId) {
        if self.model.uses.warns && self.model.window.contains(self.now) {
            self.count_warning_of(slot, rule);
        }
    }

    #[inline(never)]
    fn count_warning_of(&mut self, slot: Slot, rule: RuleId) {
        let rule = &self.model.rules.rules[rule.index()];
        let Some(kind) = rule.warns_of() else { return };
        if let Some(place) = CLOCKS.iter().position(|known| *known == kind) {
            let warnings = &mut self.told(slot).warnings[place];
            *warnings = warnings.saturating_add(1);
        }
    }

    /// Somebody is told whom the file does not name: taken to be able.
    pub(super) fn somebody_is_told(&mut self, slot: Slot) {
        let now = self.now;
        if self.model.uses.warns {
            self.told(slot).able.get_or_insert(now);
        }
    }

    /// A person is told.
    pub(super) fn person_is_told(&mut self, slot: Slot, agent: AgentId) {
        self.team_is_told(slot, self.model.agents[agent.index()].team);
    }

    /// Whoever holds a role is told.
    pub(super) fn role_is_told(&mut self, slot: Slot, role: RoleId) {
        match self.model.process.role(role).holder {
            Holder::Team(team) => self.team_is_told(slot, team),
            Holder::Schedule(schedule) => {
                let target = PageTarget::Schedule(schedule);
                if let Some(agent) = self.model.on_call.resolve(target, self.now) {
                    self.person_is_told(slot, agent);
                }
            }
        }
    }

    /// Somebody of a team is told.
    pub(super) fn team_is_told(&mut self, slot: Slot, team: TeamId) {
        let able_from = self.world.tickets[slot].able_from();
        if self.model.teams[team.index()].tier >= able_from && self.can_help(slot, team) {
            self.somebody_is_told(slot);
        }
    }

    /// A ticket is closed, or the run is over: tells of its clocks that breached or nearly did, and of those that somebody was
    /// warned of.
    #[inline]
    pub(super) fn tell_of_clocks(&mut self, slot: Slot) {
        if self.model.uses.warns {
            self.tell_of_each_clock(slot);
        }
    }

    #[inline(never)]
    fn tell_of_each_clock(&mut self, slot: Slot) {
        let told = *self.told(slot);
        for (kind, warnings) in CLOCKS.into_iter().zip(told.warnings) {
            let ended = self.clocks(slot).ended(kind, self.now, CLOSE, told.able);
            let Some((close, foreseen)) = ended else { continue };
            if close || warnings > 0 {
                let ended = Happening::ClockEnded {
                    kind,
                    close,
                    foreseen,
                    warnings,
                };
                self.happened(slot, ended);
            }
        }
    }

    /// At the end of the run, those of every ticket that is not closed.
    pub(super) fn tell_of_open_clocks(&mut self) {
        if self.model.uses.warns {
            self.open_tickets()
                .into_iter()
                .for_each(|slot| self.tell_of_each_clock(slot));
        }
    }
}
