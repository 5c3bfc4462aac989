//! Swarms: people who join the owner of a ticket and work on it together.
//!
//! Each who joins has a task that ends with the owner's stint of work: queued at their team before its tickets, so that
//! whoever is free takes it. They are briefed, then they count. Who of them is able makes the swarm able: what is left is
//! then the work of solving at their tier, less what has been done.

use super::Run;
use super::agenda::{Kind, Stamp};
use super::desk::State;
use super::observe::{Happening, Observe};
use super::tasks::{Assignee, NewTask};
use super::tickets::{Phase, Slot, Task};
use crate::model::{AgentId, Responders, TeamId};

/// What a case file knows of a swarm.
#[derive(Debug, Clone, Default)]
pub(super) struct Swarm {
    /// Whom rules have asked for since it was opened, while somebody works on the ticket.
    wanted: Vec<(TeamId, u32)>,
    /// Who has come from on call to help, likewise.
    people: Vec<AgentId>,
    /// Their tasks.
    tasks: Vec<u32>,
    /// People beside the owner who have been briefed.
    counted: usize,
    /// Those of them who are able to solve it.
    able: usize,
    /// One has joined in this attempt: what is left of it is the work of solving.
    solves: bool,
    /// Of a task: who does it has been briefed.
    briefed: bool,
}

impl Swarm {
    pub(super) fn clear(&mut self) {
        self.wanted.clear();
        self.people.clear();
        self.tasks.clear();
        (self.counted, self.able, self.solves, self.briefed) = (0, 0, false, false);
    }

    /// A new attempt begins.
    pub(super) fn begins_anew(&mut self) {
        self.solves = false;
    }

    /// The ticket is resolved: nobody is wanted any more.
    pub(super) fn wants_nobody(&mut self) {
        self.wanted.clear();
        self.people.clear();
    }

    /// Whether somebody who is able works on the ticket, and has done so until what they began is done.
    pub(super) fn has_solved(&self) -> bool {
        self.solves && self.able > 0
    }

    /// Whether somebody who is able has joined in this attempt.
    pub(super) fn solves(&self) -> bool {
        self.solves
    }

    /// Somebody who has acknowledged that they are to help.
    pub(super) fn wants(&mut self, agent: AgentId) {
        if !self.people.contains(&agent) {
            self.people.push(agent);
        }
    }
}

impl<O: Observe> Run<'_, O> {
    /// So many people of a team are to join whoever works on a ticket, now and whenever the work goes on; or whoever is on
    /// call of a schedule, who is paged for it.
    #[inline(never)]
    pub(super) fn add_responders(&mut self, slot: Slot, count: u32, from: Responders) -> bool {
        let ticket = &self.world.tickets[slot];
        if ticket.is_task() || !ticket.is_open() {
            return false;
        }
        let works = ticket.phase == Phase::InWork && !self.is_only_looked_at(slot);
        let (team, count) = match from {
            Responders::Schedule(schedule) => return self.page_for_help(slot, schedule),
            Responders::Team(team, None) => (team, count),
            Responders::Team(team, Some(schedule)) => {
                let too_few = self.free_in(team) < count as usize;
                (team, count - u32::from(too_few && self.page_for_help(slot, schedule)))
            }
        };
        if count > 0 {
            self.case(slot).swarm.wanted.push((team, count));
            if works {
                self.ask_to_join(slot, team, count);
            }
        }
        true
    }

    /// Whether somebody works on a ticket with its owner, or will whenever the work goes on.
    pub(super) fn has_joined(&self, slot: Slot, agent: AgentId) -> bool {
        let swarm = &self.world.cases[slot].swarm;
        let works = |task: &u32| {
            let row = &self.world.tickets[*task as usize];
            let is_theirs = row.task == Task::Responder && row.owner == Some(agent);
            is_theirs && row.phase == Phase::InWork && self.subject(*task as usize) == Some(slot)
        };
        swarm.people.contains(&agent) || swarm.tasks.iter().any(works)
    }

    /// People of a team who are on duty and have nothing to do.
    fn free_in(&self, team: TeamId) -> usize {
        let people = &self.world.people[self.model.teams[team.index()].agents.clone()];
        people.iter().filter(|person| person.state == State::Idle).count()
    }

    /// Work on a ticket begins or goes on: those whom it wants are asked to join.
    #[inline(never)]
    pub(super) fn convene(&mut self, slot: Slot) {
        if self.is_only_looked_at(slot) {
            return;
        }
        for place in 0..self.case(slot).swarm.wanted.len() {
            let (team, count) = self.case(slot).swarm.wanted[place];
            self.ask_to_join(slot, team, count);
        }
        for place in 0..self.case(slot).swarm.people.len() {
            let agent = self.case(slot).swarm.people[place];
            self.ask_person_to_join(slot, agent);
        }
    }

    fn ask_to_join(&mut self, slot: Slot, team: TeamId, count: u32) {
        for _ in 0..count {
            self.open_responder(slot, Assignee::Team(team));
        }
    }

    /// Somebody who was paged is to join, unless it is them who work on the ticket.
    pub(super) fn ask_person_to_join(&mut self, slot: Slot, agent: AgentId) {
        if self.world.tickets[slot].owner != Some(agent) && !self.is_only_looked_at(slot) {
            self.open_responder(slot, Assignee::Called(agent));
        }
    }

    fn open_responder(&mut self, slot: Slot, to: Assignee) {
        let task = self.open_task(NewTask {
            task: Task::Responder,
            about: slot,
            id: 0,
            to,
            work: None,
        });
        self.case(slot).swarm.tasks.push(task as u32);
    }

    /// Somebody joins: after the briefing they count.
    pub(super) fn joins(&mut self, task: Slot, agent: AgentId) {
        if let Some(slot) = self.subject(task) {
            self.seen.happened(
                self.now,
                &self.world.tickets[slot],
                &Happening::ResponderJoined { agent },
            );
        }
        let briefing = self.model.swarming.join_work;
        if briefing.ms() == 0 {
            return self.briefed(task);
        }
        let stamp = self.world.agenda.schedule(self.now + briefing, Kind::Joined, task);
        self.world.tickets[task].work = stamp;
    }

    #[inline(never)]
    pub(super) fn joined(&mut self, task: Slot, stamp: Stamp) {
        let ticket = &mut self.world.tickets[task];
        if ticket.task == Task::Responder && ticket.work == stamp {
            ticket.work = Stamp::NONE;
            self.briefed(task);
        }
    }

    fn briefed(&mut self, task: Slot) {
        let Some(slot) = self.subject(task) else { return };
        self.case(task).swarm.briefed = true;
        let ticket = &self.world.tickets[slot];
        let tier = self.world.tickets[task].tier;
        let is_able = tier >= ticket.able_from();
        let enables = is_able && !ticket.solvable_here() && ticket.phase == Phase::InWork;
        let swarm = &mut self.case(slot).swarm;
        swarm.counted += 1;
        swarm.able += usize::from(is_able);
        self.repace(slot);
        if enables && !std::mem::replace(&mut self.case(slot).swarm.solves, true) {
            self.begin_solving(slot, tier);
            self.repace(slot);
        }
    }

    /// Somebody's part in a swarm ends: they are done with it, or put it down.
    pub(super) fn leaves(&mut self, task: Slot) {
        let spent = std::mem::take(&mut self.world.tickets[task].touch_ms);
        let was_briefed = std::mem::take(&mut self.case(task).swarm.briefed);
        let Some(slot) = self.subject(task) else { return };
        self.world.tickets[slot].touch_ms += spent;
        if was_briefed {
            let is_able = self.world.tickets[task].tier >= self.world.tickets[slot].able_from();
            let swarm = &mut self.case(slot).swarm;
            swarm.counted = swarm.counted.saturating_sub(1);
            swarm.able = swarm.able.saturating_sub(usize::from(is_able));
            self.repace(slot);
        }
    }

    /// Work on a ticket stops: everybody who joined is free.
    #[inline(never)]
    pub(super) fn dissolve(&mut self, slot: Slot) {
        let mut tasks = std::mem::take(&mut self.case(slot).swarm.tasks);
        for task in tasks.drain(..).map(|task| task as usize) {
            if self.world.tickets[task].task == Task::Responder && self.subject(task) == Some(slot) {
                self.withdraw_task(task);
            }
        }
        self.case(slot).swarm.tasks = tasks;
    }

    /// Speed of those who work on a ticket, as a multiple of one person's.
    pub(super) fn speed_together(&self, slot: Slot) -> f64 {
        match self.world.cases.get(slot) {
            Some(case) if case.swarm.counted > 0 => self.model.swarming.speed.of(1 + case.swarm.counted),
            _ => 1.0,
        }
    }
}
