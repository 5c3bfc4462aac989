//! Targeted escalation across teams: several get a part of one ticket, at once and beside its owner. When enough of them
//! are done, it is mitigated.

use super::Run;
use super::observe::{Happening, Observe};
use super::tasks::{Assignee, NewTask};
use super::tickets::{Phase, Slot, Task};
use crate::model::TeamId;
use crate::random::{Purpose, open01};
use crate::time::Length;

/// First block of a tier's stream that no attempt of a ticket's own draws from.
const BLOCKS: u32 = 0xC0_0000;

/// What a case file knows of the teams that were involved.
#[derive(Debug, Clone, Default)]
pub(super) struct Involved {
    teams: Vec<TeamId>,
    tasks: Vec<u32>,
    /// All of them are needed.
    all: bool,
}

impl Involved {
    pub(super) fn clear(&mut self) {
        self.teams.clear();
        self.tasks.clear();
    }
}

impl<O: Observe> Run<'_, O> {
    /// Gives each team that has none yet a part of a ticket: to solve, if its tier is able, else to find out that it
    /// cannot. Whether any got one.
    #[inline(never)]
    pub(super) fn involve(&mut self, slot: Slot, teams: &[TeamId], all: bool) -> bool {
        let ticket = &self.world.tickets[slot];
        if ticket.is_task() || !ticket.is_open() {
            return false;
        }
        let mut any = false;
        for team in teams.iter().copied() {
            if self.case(slot).involved.teams.contains(&team) {
                continue;
            }
            any = true;
            self.case(slot).involved.all = all;
            let work = self.part_of(slot, team);
            self.seen
                .happened(self.now, &self.world.tickets[slot], &Happening::Involved { team });
            let task = self.open_task(NewTask {
                task: Task::Involved,
                about: slot,
                id: team.index() as u32,
                to: Assignee::Team(team),
                work: Some(work),
            });
            let involved = &mut self.case(slot).involved;
            involved.teams.push(team);
            involved.tasks.push(task as u32);
        }
        any
    }

    /// Work of a team's part: as if the ticket were its own.
    fn part_of(&self, slot: Slot, team: TeamId) -> Length {
        let ticket = &self.world.tickets[slot];
        let tier = self.model.teams[team.index()].tier;
        let (laws, number) = (&self.model.tiers[tier.index()], tier.index() as u8);
        let (sampler, purpose) = match tier >= ticket.able_from() {
            true => (&laws.work, Purpose::work(number)),
            false => (&laws.diagnosis, Purpose::diagnosis(number)),
        };
        let words = self.draws().words(purpose, ticket, BLOCKS + team.index() as u32);
        let factor = self.model.population.services[ticket.service.index()].work_factor;
        let sampler = &sampler[ticket.true_severity.index()];
        Length::from_ms(sampler.draw_ms_times(open01(words[0]), factor * self.ease(slot)))
    }

    /// A team's part is done: if that was the last one needed, the ticket is mitigated and the others stop.
    pub(super) fn part_done(&mut self, task: Slot) {
        let Some(slot) = self.subject(task) else { return };
        let able = self.world.tickets[task].tier >= self.world.tickets[slot].able_from();
        let involved = &mut self.case(slot).involved;
        involved.tasks.retain(|other| *other as usize != task);
        let enough = match involved.all {
            true => involved.tasks.is_empty(),
            false => able,
        };
        if enough {
            self.withdraw_parts(slot);
            if self.world.tickets[slot].is_open() && self.case(slot).workaround.is_none() {
                self.mitigate(slot);
                self.resolve_if_that_is_enough(slot);
            }
        }
    }

    /// The parts of a ticket that are not done yet are not needed any more.
    #[inline(never)]
    pub(super) fn withdraw_parts(&mut self, slot: Slot) {
        let mut tasks = std::mem::take(&mut self.case(slot).involved.tasks);
        for task in tasks.drain(..).map(|task| task as usize) {
            let ticket = &self.world.tickets[task];
            if ticket.task == Task::Involved && ticket.phase != Phase::Closed && self.subject(task) == Some(slot) {
                self.withdraw_task(task);
            }
        }
        self.case(slot).involved.tasks = tasks;
    }

    /// A ticket comes back: teams may get another part of it.
    pub(super) fn involve_anew(&mut self, slot: Slot) {
        self.case(slot).involved.clear();
    }
}
