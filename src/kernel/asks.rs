//! What is asked of a role: it reaches whoever holds the role after their reaction, is a task then, and can be taken back
//! at any time.
//!
//! And [`Affairs`], the tables of everything that is under way beside the tickets: requests at gates, reviews, fixes,
//! groups of tickets that share a page.

use super::Run;
use super::agenda::{Kind, Stamp};
use super::gates::Request;
use super::grouping::Group;
use super::learning::{Fix, KindState, Review};
use super::observe::Observe;
use super::summons::Asked;
use super::tasks::{Assignee, NewTask};
use super::tickets::{Phase, Slot, Task, Ticket};
use crate::model::{Holder, Model, RoleId};
use crate::random::{Purpose, Sampler, Stream, open01};
use crate::time::Length;

/// A table whose rows are reused.
#[derive(Debug)]
pub(super) struct Pool<T> {
    rows: Vec<Option<T>>,
    free: Vec<u32>,
}

impl<T> Default for Pool<T> {
    fn default() -> Pool<T> {
        Pool {
            rows: Vec::new(),
            free: Vec::new(),
        }
    }
}

impl<T> Pool<T> {
    pub fn clear(&mut self) {
        self.rows.clear();
        self.free.clear();
    }

    pub fn add(&mut self, row: T) -> u32 {
        match self.free.pop() {
            Some(place) => {
                self.rows[place as usize] = Some(row);
                place
            }
            None => {
                self.rows.push(Some(row));
                (self.rows.len() - 1) as u32
            }
        }
    }

    pub fn get(&self, place: u32) -> Option<&T> {
        self.rows.get(place as usize)?.as_ref()
    }

    pub fn get_mut(&mut self, place: u32) -> Option<&mut T> {
        self.rows.get_mut(place as usize)?.as_mut()
    }

    /// Its rows, with their places.
    pub fn each(&self) -> impl Iterator<Item = (u32, &T)> {
        let rows = self.rows.iter().enumerate();
        rows.filter_map(|(place, row)| Some((place as u32, row.as_ref()?)))
    }

    pub fn take(&mut self, place: u32) -> Option<T> {
        let row = self.rows.get_mut(place as usize)?.take();
        if row.is_some() {
            self.free.push(place);
        }
        row
    }
}

/// What is under way beside the tickets.
#[derive(Debug, Default)]
pub(super) struct Affairs {
    pub asks: Pool<Ask>,
    pub requests: Pool<Request>,
    pub reviews: Pool<Review>,
    pub fixes: Pool<Fix>,
    /// Tickets that share a page.
    pub groups: Pool<Group>,
    pub kinds: Vec<KindState>,
}

impl Affairs {
    pub fn begin(&mut self, model: &Model) {
        self.asks.clear();
        self.requests.clear();
        self.reviews.clear();
        self.fixes.clear();
        self.groups.clear();
        self.kinds.clear();
        self.kinds.extend(model.process.kinds.iter().map(KindState::of));
    }
}

/// The ticket that something is about: its row, as long as it is its row, and what it was.
#[derive(Debug, Clone, Copy)]
pub(super) struct About {
    pub slot: Slot,
    pub ticket: Ticket,
}

impl About {
    /// Whether both are about one ticket.
    pub fn is_of(&self, other: &About) -> bool {
        (self.slot, self.ticket.number) == (other.slot, other.ticket.number)
    }
}

/// One thing that is asked of a role.
#[derive(Debug, Clone)]
pub(super) struct Ask {
    pub role: RoleId,
    pub task: Task,
    pub about: About,
    /// The row of the table that it belongs to.
    pub id: u32,
    /// What keys its draws.
    pub block: u32,
    /// `None`: until it is taken back.
    pub work: Option<Length>,
    pub stage: Stage,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Stage {
    /// On its way.
    Reacting(Stamp),
    /// Whoever is on call is paged for it.
    Paged(Asked),
    /// With whoever holds the role.
    Task(Slot),
    /// With whoever commands the incident, who decides it beside that.
    InCommand,
}

impl<O: Observe> Run<'_, O> {
    /// The ticket of a row, to be remembered.
    pub(super) fn about(&self, slot: Slot) -> About {
        About {
            slot,
            ticket: self.world.tickets[slot],
        }
    }

    /// The row of a remembered ticket, if it is still there.
    pub(super) fn still(&self, about: &About) -> Option<Slot> {
        let ticket = &self.world.tickets[about.slot];
        let same = ticket.number == about.ticket.number && !ticket.is_task() && ticket.phase != Phase::Closed;
        same.then_some(about.slot)
    }

    /// One block of a ticket's stream, whether or not the ticket is still there.
    pub(super) fn draw_about(&self, purpose: Purpose, ticket: &Ticket, block: u32) -> [f64; 2] {
        self.draw_of(purpose, ticket.entity, block)
    }

    /// The same by the number of the streams.
    pub(super) fn draw_of(&self, purpose: Purpose, entity: u64, block: u32) -> [f64; 2] {
        Stream::new(self.key, purpose, self.replication, entity)
            .block(block & 0xFF_FFFF)
            .map(open01)
    }

    /// Asks a role. `block` keys the draw of its reaction.
    pub(super) fn ask_role(
        &mut self,
        role: RoleId,
        task: Task,
        about: About,
        id: u32,
        work: Option<Length>,
        block: u32,
    ) -> u32 {
        let reaction = self.model.process.role(role).reaction.as_ref();
        let after = reaction.map_or(0, |reaction| {
            reaction.draw_ms(self.draw_about(Purpose::REACTION, &about.ticket, block)[0])
        });
        let ask = self.world.affairs.asks.add(Ask {
            role,
            task,
            about,
            id,
            block,
            work,
            stage: Stage::Reacting(Stamp::NONE),
        });
        if after == 0 {
            self.reach(ask);
        } else {
            let at = self.now + Length::from_ms(after);
            let stamp = self.world.agenda.schedule(at, Kind::RoleReached, ask as usize);
            if let Some(ask) = self.world.affairs.asks.get_mut(ask) {
                ask.stage = Stage::Reacting(stamp);
            }
        }
        ask
    }

    /// What was asked reaches the people who hold the role, or whoever is on call is to be paged for it again.
    #[inline(never)]
    pub(super) fn role_reached(&mut self, ask: usize, stamp: Stamp) {
        let due = self
            .world
            .affairs
            .asks
            .get(ask as u32)
            .is_some_and(|row| match &row.stage {
                Stage::Reacting(valid) => *valid == stamp,
                Stage::Paged(asked) => asked.is_again(stamp),
                Stage::Task(_) | Stage::InCommand => false,
            });
        if due {
            self.reach(ask as u32);
        }
    }

    fn reach(&mut self, ask: u32) {
        let Some(role) = self.world.affairs.asks.get(ask).map(|row| row.role) else {
            return;
        };
        match self.model.process.role(role).holder {
            Holder::Team(team) => self.ask_reaches(ask, Assignee::Team(team)),
            Holder::Schedule(schedule) => self.page_role(ask, schedule),
        }
    }

    /// What was asked is with somebody: as a task, unless they decide it in command.
    pub(super) fn ask_reaches(&mut self, ask: u32, to: Assignee) {
        if self.is_decided_in_command(ask, to) {
            return;
        }
        let Some(row) = self.world.affairs.asks.get(ask) else {
            return;
        };
        let new = NewTask {
            task: row.task,
            about: row.about.slot,
            id: ask,
            to,
            work: row.work,
        };
        let slot = self.open_task_about(new, row.about.ticket);
        if let Some(row) = self.world.affairs.asks.get_mut(ask) {
            row.stage = Stage::Task(slot);
        }
    }

    /// Takes back what was asked, wherever it is.
    pub(super) fn withdraw_ask(&mut self, ask: u32) {
        let Some(row) = self.world.affairs.asks.take(ask) else {
            return;
        };
        match row.stage {
            Stage::Task(slot) => self.withdraw_task(slot),
            Stage::InCommand => self.decides_no_longer(&row.about),
            Stage::Reacting(_) | Stage::Paged(_) => {}
        }
    }

    /// Ends what has no end of its own: whoever does it is free.
    pub(super) fn end_ask(&mut self, ask: u32) {
        let Some(row) = self.world.affairs.asks.get(ask) else {
            return;
        };
        match row.stage {
            Stage::Task(slot) if self.world.tickets[slot].phase == Phase::InWork => self.finish_task(slot),
            _ => self.withdraw_ask(ask),
        }
    }

    /// A task that was asked of a role is done: what it was asked for.
    pub(super) fn ask_done(&mut self, task: Slot) -> Option<Ask> {
        let ask = self.errand(task).id;
        self.world.affairs.asks.take(ask)
    }

    /// What was asked with a task.
    pub(super) fn ask_of(&self, task: Slot) -> Option<&Ask> {
        self.world.affairs.asks.get(self.errand(task).id)
    }

    /// A drawn length of work.
    pub(super) fn work_of(&self, law: Option<&Sampler>, u: f64) -> Length {
        Length::from_ms(law.map_or(0, |law| law.draw_ms(u)))
    }
}
