//! Warnings: whether somebody able was told of a ticket before its deadlines, and what became of its clocks after that.
//!
//! Nothing of it changes the world. It is kept by row of the ticket table, and only where rules tell anybody of tickets.

use super::Run;
use super::observe::{Happening, Observe};
use super::severity::CLOCKS;
use super::tickets::Slot;
use crate::model::{AgentId, Holder, PageTarget, RoleId, RuleId, TargetKind, TeamId};
use crate::time::Instant;

/// The share of a target from which on it was a close call.
const CLOSE: f64 = 0.9;

/// What is known of a ticket's warnings.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Told {
    /// When somebody able was first told of it.
    able: Option<Instant>,
    /// The same since it came back last, where each return is a due item of its own.
    able_in_cycle: Option<Instant>,
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

    /// The clock that a rule which is about to fire warns of, by its place in `CLOCKS`: it has set the rule off and has not
    /// breached.
    #[inline]
    pub(super) fn warned_of(&self, slot: Slot, rule: RuleId) -> Option<usize> {
        match self.model.uses.warns && self.model.window.contains(self.now) {
            true => self.clock_warned_of(slot, rule),
            false => None,
        }
    }

    #[inline(never)]
    fn clock_warned_of(&self, slot: Slot, rule: RuleId) -> Option<usize> {
        let kind = self.model.rules.rules[rule.index()].warns_of()?;
        let place = CLOCKS.iter().position(|known| *known == kind)?;
        (!self.clocks(slot).is_late(kind)).then_some(place)
    }

    /// A rule has told somebody of a ticket because of that clock: a warning.
    pub(super) fn count_warning(&mut self, slot: Slot, place: usize) {
        let warnings = &mut self.told(slot).warnings[place];
        *warnings = warnings.saturating_add(1);
    }

    /// Somebody is told whom the file does not name: taken to be able.
    pub(super) fn somebody_is_told(&mut self, slot: Slot) {
        let now = self.now;
        if self.model.uses.warns {
            let told = self.told(slot);
            told.able.get_or_insert(now);
            told.able_in_cycle.get_or_insert(now);
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
        for kind in CLOCKS {
            self.tell_of_clock(slot, kind);
        }
    }

    fn tell_of_clock(&mut self, slot: Slot, kind: TargetKind) {
        let told = *self.told(slot);
        let (able, warnings) = match kind {
            TargetKind::FirstResponse => (told.able, told.warnings[0]),
            TargetKind::Mitigate => (told.able, told.warnings[2]),
            _ => (told.able_in_cycle, told.warnings[1]),
        };
        let clocks = self.clocks(slot);
        // Most clocks stop long before: neither calendar nor pauses need to be asked about them.
        if warnings == 0 && !clocks.may_have_used_up(kind, CLOSE) {
            return;
        }
        let ended = clocks.ended(kind, self.now, CLOSE, able);
        let Some((close, foreseen)) = ended else { return };
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

    /// A cycle is decided by itself: so are the warnings of it, and whoever was told in it does not foresee the next.
    pub(super) fn tell_of_cycle(&mut self, slot: Slot) {
        if self.model.uses.warns {
            self.tell_of_clock(slot, TargetKind::Resolve);
            let told = self.told(slot);
            told.warnings[1] = 0;
            told.able_in_cycle = None;
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
