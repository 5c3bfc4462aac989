//! The kernel: one replication of one candidate as an event loop over integer time.
//!
//! [`replicate`] plays a model once. The world is rooms with invariants of their own: the [`Agenda`] (what is to happen),
//! [`Tickets`], [`Desk`]s (teams with queue and people), arrivals. What happens at an event is a file: `arrive`, `work`,
//! `handover`, `duty`, `rules`, `severity`. It reads no names, files, clocks or threads and draws no number but keyed ones. What every
//! ticket needs is allocated once: a world is used again for the next replication.
//!
//! Simultaneous events run by the rank of their kind ([`agenda::Kind`]): shifts, the outside world, work done, breaches,
//! rules, arrivals; then, once nothing is left at this instant, dispatch; then marks.

mod actions;
pub mod agenda;
mod answers;
mod arrivals;
mod arrive;
mod asks;
mod assign;
mod backlog;
mod bits;
mod cases;
mod clock;
mod command;
mod conditions;
mod customers;
mod desk;
mod dispatch;
mod draws;
mod drift;
mod duty;
mod explanations;
mod gates;
mod grouping;
mod handover;
mod incident;
mod involve;
mod lanes;
mod learning;
mod messages;
mod mitigation;
mod needless;
mod observe;
mod occasions;
mod overflow;
mod overtime;
mod owners;
mod pace;
mod paging;
mod reading;
mod refusal;
mod rules;
mod severity;
mod silences;
mod storms;
mod summons;
mod swarm;
mod talks;
mod tasks;
mod tickets;
mod vendors;
mod warnings;
mod watched_queues;
mod weariness;
mod work;

pub use agenda::Agenda;
pub use backlog::Backlog;
pub use desk::{Desk, Ledger, Person, State};
pub use observe::{
    Decision, Happening, Interruption, Limit, Observe, Outcome, Running, Scene, Summons, TrueOutcome, Verdict,
};
pub use tickets::{Family, Leaving, Phase, Slot, Task, Ticket, Tickets};

use crate::model::{Model, RuleId, TargetKind, Team, TeamId};
use crate::random::Key;
use crate::time::Instant;
use agenda::{Event, Kind, Stamp};
use arrivals::Arrivals;
use asks::Affairs;
use cases::Case;
use clock::{Clocks, ClocksOfAll, Pauses};
use explanations::Explanations;
use observe::Plainly;
use rules::{Chain, Stale};
use warnings::Told;
use weariness::Weariness;

const HOUR_MS: i64 = 3_600_000;

/// The mutable world of one replication. It is cleared, not rebuilt, for the next one.
#[derive(Debug, Default)]
pub struct World {
    agenda: Agenda,
    arrivals: Arrivals,
    tickets: Tickets,
    /// By slot; filled only once somebody pauses.
    pauses: Vec<Pauses>,
    /// By slot; filled only where features need it.
    cases: Vec<Case>,
    /// By slot: whom rules have told of it; filled only where they tell anybody.
    told: Vec<Told>,
    /// Requests at gates, reviews and fixes under way.
    affairs: Affairs,
    /// When each ticket's customer leaves, by slot; filled only where customers leave.
    leaving: Vec<Stamp>,
    /// Spent rules by slot, `RuleSet::words` words each.
    spent: Vec<u64>,
    /// By rule: one on a queue has risen above what it watches for, or watches its oldest ticket.
    risen: Vec<bool>,
    /// By rule: the oldest ticket of a queue, if it is too old.
    too_old: Vec<Option<Slot>>,
    /// The rules that have fired at this instant on the ticket in question.
    chain: Chain,
    /// A rule is doing what it says.
    firing: bool,
    /// Tickets whose next rule is to be found anew.
    stale: Vec<Stale>,
    /// By slot: no rule is due on the ticket before this, though its timer may come sooner; `None`: none is.
    plans: Vec<Option<Instant>>,
    /// The ticket whose timer has come, and the rule whose turn it is.
    turn: Option<(Slot, RuleId)>,
    /// Room for the rules that a ticket has missed.
    missed: Vec<RuleId>,
    /// Whether it is the turn of dispatch, after everything else of the instant.
    dispatching: bool,
    /// The last instant of which the breaches are over: rules, arrivals or dispatch have had their turn.
    after_breaches: Option<Instant>,
    desks: Vec<Desk>,
    people: Vec<Person>,
    /// By agent, where anybody can be paged.
    weariness: Vec<Weariness>,
    /// Desks to look at in the next dispatch.
    dirty: Vec<TeamId>,
    /// Who explains what at this instant.
    explanations: Explanations,
    /// Room to think for the dispatch of particular desks.
    scratch: assign::Scratch,
    /// Next shift of each crew.
    next_shift: Vec<usize>,
    /// Tickets created so far.
    created: u32,
    /// Open tickets.
    open: usize,
    /// Measured tickets that are not closed.
    unsettled: usize,
}

impl World {
    /// An empty world.
    pub fn new() -> World {
        World::default()
    }

    fn begin(&mut self, model: &Model, key: Key, replication: u32) {
        self.agenda.begin(model.window.last);
        self.arrivals.begin(model, key, replication);
        self.tickets.clear();
        self.pauses.iter_mut().for_each(Pauses::clear);
        if !model.uses.cases {
            // Those of another model are nobody's here.
            self.cases.clear();
        }
        self.leaving.clear();
        self.spent.clear();
        self.risen.clear();
        self.risen.resize(model.rules.rules.len(), false);
        self.too_old.clear();
        self.too_old.resize(model.rules.rules.len(), None);
        self.chain = Chain::NONE;
        self.firing = false;
        self.stale.clear();
        self.plans.clear();
        self.turn = None;
        self.dispatching = false;
        self.after_breaches = None;
        self.affairs.begin(model);
        self.explanations.clear();
        if self.desks.len() == model.teams.len()
            && self
                .desks
                .iter()
                .enumerate()
                .all(|(team, desk)| desk.is_like(model, team))
        {
            self.desks.iter_mut().for_each(Desk::clear);
        } else {
            self.desks = (0..model.teams.len()).map(|team| Desk::new(model, team)).collect();
        }
        desk::reset_people(&mut self.people, model.agents.len());
        pace::draw_proficiency(model, key, replication, &mut self.people);
        self.weariness.clear();
        if model.on_call.is_used() {
            self.weariness.resize(model.agents.len(), Weariness::default());
        }
        self.dirty.clear();
        self.next_shift.clear();
        self.next_shift.resize(model.crews.len(), 0);
        self.created = 0;
        self.open = 0;
        self.unsettled = 0;
    }

    /// Tickets created in the last replication, measured or not.
    pub fn created(&self) -> u32 {
        self.created
    }

    /// Checks the conservation laws; for tests. Says what is wrong.
    pub fn audit(&self, model: &Model) -> Result<(), String> {
        let mut waiting = vec![0usize; self.desks.len()];
        let mut lines = vec![0usize; self.desks.len()];
        let mut open = 0;
        for (slot, ticket) in self.tickets.each_open() {
            open += usize::from(ticket.phase != Phase::Resolved && !ticket.is_task());
            match ticket.phase {
                Phase::Queued => waiting[ticket.team.index()] += 1,
                Phase::InLine => {
                    let called =
                        |owner: crate::model::AgentId| self.people[owner.index()].calls.contains(&(slot as u32));
                    lines[ticket.team.index()] += usize::from(!ticket.owner.is_some_and(called));
                }
                Phase::InWork => {
                    let owner = ticket.owner.map(|owner| &self.people[owner.index()]);
                    if owner.is_none_or(|person| !person.works_on(slot)) {
                        return Err(format!("ticket {} is in work, but nobody works on it", ticket.number));
                    }
                }
                Phase::Pending | Phase::Aside | Phase::Gated | Phase::Resolved | Phase::Closed => {}
            }
        }
        if open != self.open {
            return Err(format!("{} tickets are open, {open} in the table", self.open));
        }
        for (team, desk) in self.desks.iter().enumerate() {
            let people = &self.people[model.teams[team].agents.clone()];
            let count = |state: State| people.iter().filter(|person| person.state == state).count();
            let ledger = &desk.ledger;
            if desk.queue.len() != waiting[team] || desk.lines as usize != lines[team] {
                return Err(format!(
                    "team {team}: queue or lines do not hold the tickets that say so"
                ));
            }
            let seen = [State::Busy, State::Idle, State::Overtime, State::Called].map(count);
            if [ledger.busy, ledger.idle, ledger.overtime, ledger.called].map(|heads| heads as usize) != seen {
                return Err(format!("team {team}: head counts differ from its people"));
            }
            if people
                .iter()
                .any(|person| person.ticket.is_some() != person.is_at_work())
            {
                return Err(format!(
                    "team {team}: somebody works without a ticket, or holds one without working"
                ));
            }
        }
        Ok(())
    }
}

/// One replication under way: the model, the world, and who watches.
struct Run<'a, O> {
    model: &'a Model,
    world: &'a mut World,
    seen: &'a mut O,
    key: Key,
    replication: u32,
    now: Instant,
    next_mark: i64,
}

/// Plays one replication of a model.
///
/// `seed` and `replication` key every random stream: the same pair gives the same tickets under every model that does not
/// change the demand. Ends when every ticket of the measured window is closed, at the latest at the end of the drain.
pub fn replicate<O: Observe>(model: &Model, seed: u64, replication: u32, world: &mut World, seen: &mut O) {
    match is_plain(model) {
        true => play(model, seed, replication, world, &mut Plainly(seen)),
        false => play(model, seed, replication, world, seen),
    }
}

/// Whether tickets only come, wait, are worked on, ask, climb the ladder and come back, and people only come and go.
fn is_plain(model: &Model) -> bool {
    model.rules.is_empty()
        && !model.targets.any(TargetKind::Update)
        && !model.population.triage.corrects()
        && !model.population.leaves
        && !model.uses.cases
        && !model.uses.paces
        && !model.teams.iter().any(Team::is_particular)
}

fn play<O: Observe>(model: &Model, seed: u64, replication: u32, world: &mut World, seen: &mut O) {
    let key = Key::of_seed(seed);
    world.begin(model, key, replication);
    let mut run = Run {
        model,
        world,
        seen,
        key,
        replication,
        now: Instant::START,
        next_mark: HOUR_MS,
    };
    run.set_next_mark(0);
    run.open_desks();
    run.play();
    run.finish();
}

impl<O: Observe> Run<'_, O> {
    fn play(&mut self) {
        let last = self.model.window.last.ms();
        loop {
            self.set_timers();
            let arrival = self.world.arrivals.next_at();
            let event = self.world.agenda.next_at().map_or(i64::MAX, Instant::ms);
            let at = event.min(arrival);
            if at > self.now.ms() {
                if !self.world.dirty.is_empty() {
                    self.dispatch();
                    continue;
                }
                if at > last || self.is_settled(at) {
                    break;
                }
                self.pass_marks(at);
                self.now = Instant::from_ms(at);
            }
            if event <= arrival {
                self.next_event();
            } else {
                self.breaches_are_over();
                self.arrive();
            }
        }
    }

    #[inline]
    fn next_event(&mut self) {
        let Some(event) = self.world.agenda.take() else { return };
        match (event.is(Kind::WorkDone), O::PLAIN) {
            (true, _) => self.work_done(event.whom(), event.stamp()),
            (false, true) => self.other_plain_event(event),
            (false, false) => self.other_event(event),
        }
    }

    /// What happens where no feature is used, beside work done.
    #[inline(never)]
    fn other_plain_event(&mut self, event: Event) {
        let whom = event.whom();
        match event.kind() {
            Kind::Answer => self.answer(whom, event.stamp()),
            Kind::Reopen => self.reopen(whom),
            Kind::Breach => self.breach(whom, event.stamp()),
            Kind::ShiftStart => self.shift_start(whom),
            Kind::ShiftEnd => self.shift_end(whom),
            Kind::OvertimeEnd => self.overtime_end(whom, event.stamp()),
            Kind::BreakStart => self.break_start(whom),
            Kind::BreakForced => self.break_forced(whom, event.stamp()),
            Kind::BreakEnd => self.break_end(whom, event.stamp()),
            kind => debug_assert!(false, "{kind:?} belongs to a feature that nobody uses"),
        }
    }

    #[inline(never)]
    fn other_event(&mut self, event: Event) {
        let whom = event.whom();
        if event.is_after_breaches() {
            self.breaches_are_over();
        }
        match event.kind() {
            Kind::WorkDone => self.work_done(whom, event.stamp()),
            Kind::DecisionMade => self.decision_made(whom, event.stamp()),
            Kind::Timer => self.timer(whom, event.number()),
            Kind::QueueAge => self.queue_age(whom),
            Kind::Answer => self.answer(whom, event.stamp()),
            Kind::Overflow => self.overflow_due(whom),
            Kind::GivenBack => self.given_back(whom, event.stamp()),
            Kind::Joined => self.joined(whom, event.stamp()),
            Kind::Reopen => self.reopen(whom),
            Kind::Leaving => self.leave(whom, event.stamp()),
            Kind::Drift => self.drift(whom, event.stamp()),
            Kind::Chaser => self.chaser(whom, event.stamp()),
            Kind::Reminder => self.reminder(whom, event.stamp()),
            Kind::Unanswered => self.unanswered(whom, event.stamp()),
            Kind::Declared => self.monitoring_sees(whom),
            Kind::Link => self.recognised(whom, event.stamp()),
            Kind::Correction => self.correction(whom, event.stamp()),
            Kind::Breach => self.breach(whom, event.stamp()),
            Kind::ShiftStart => self.shift_start(whom),
            Kind::ShiftEnd => self.shift_end(whom),
            Kind::OvertimeEnd => self.overtime_end(whom, event.stamp()),
            Kind::BreakStart => self.break_start(whom),
            Kind::BreakForced => self.break_forced(whom, event.stamp()),
            Kind::BreakEnd => self.break_end(whom, event.stamp()),
            Kind::BoardMeets => self.board_meets(whom, event.stamp()),
            Kind::GateTimeout => self.gate_timeout(whom, event.stamp()),
            Kind::RoleReached => self.role_reached(whom, event.stamp()),
            Kind::UpdateDue => self.update_due(whom, event.stamp()),
            Kind::Workaround => self.workaround_found(whom, event.stamp()),
            Kind::BriefOwed => self.brief_owed(whom, event.stamp()),
            Kind::ReviewDue => self.review_due(whom, event.stamp()),
            Kind::Acknowledgement => self.acknowledgement(whom, event.stamp()),
            Kind::RoleAcknowledges => self.role_acknowledges(whom, event.stamp()),
            Kind::PageDue => self.page_due(whom, event.stamp()),
            Kind::GroupDue => self.group_due(whom, event.stamp()),
            Kind::AckTimeout => self.ack_timeout(whom, event.stamp()),
            Kind::AtDesk => self.at_desk(whom),
            Kind::RestEnd => self.rest_end(whom),
        }
    }

    /// What comes from now on comes after the breaches of this instant.
    #[inline]
    fn breaches_are_over(&mut self) {
        if !O::PLAIN {
            self.world.after_breaches = Some(self.now);
        }
    }

    /// Whether what happens now comes too late for a deadline at this instant. Where no feature is used, dispatch alone begins
    /// anything.
    #[inline]
    fn is_after_breaches(&self) -> bool {
        O::PLAIN || self.world.after_breaches == Some(self.now)
    }

    /// Whether nothing else is on the agenda at this instant, so that dispatch may happen at once: the outcome is the same,
    /// without a detour through queue and idle list.
    #[inline]
    fn is_last_of_the_instant(&mut self) -> bool {
        self.set_timers();
        let event = self.world.agenda.next_at();
        event.is_none_or(|at| at > self.now)
            && self.world.arrivals.next_at() > self.now.ms()
            && self.world.dirty.is_empty()
    }

    /// Whether nothing measured is left open and nothing more will be by `at`.
    #[inline]
    fn is_settled(&self, at: i64) -> bool {
        self.world.unsettled == 0 && at >= self.model.window.until.ms()
    }

    /// Calls the marks that lie before `at`: each sees its instant after everything that happened at it.
    #[inline]
    fn pass_marks(&mut self, at: i64) {
        while self.next_mark < at {
            self.mark(self.next_mark);
        }
    }

    #[inline(never)]
    fn mark(&mut self, at: i64) {
        let now = Instant::from_ms(at);
        self.world.desks.iter_mut().for_each(|desk| desk.ledger.tick(now));
        let world = &*self.world;
        self.seen.mark(
            now,
            &Scene {
                desks: &world.desks,
                tickets: &world.tickets,
                open: world.open,
                clocks: ClocksOfAll {
                    model: self.model,
                    pauses: &world.pauses,
                    cases: &world.cases,
                    now,
                },
            },
        );
        self.set_next_mark(at);
    }

    /// Marks are at every hour and at both ends of the measured window.
    fn set_next_mark(&mut self, after: i64) {
        let window = &self.model.window;
        let mut next = (after / HOUR_MS + 1) * HOUR_MS;
        for edge in [window.from.ms(), window.until.ms()] {
            if edge > after && edge < next {
                next = edge;
            }
        }
        self.next_mark = next;
    }

    /// After the last event: the marks up to the end of the window, and what is still open.
    fn finish(&mut self) {
        let (until, last) = (self.model.window.until, self.model.window.last);
        while self.next_mark <= until.max(self.now).ms() {
            self.mark(self.next_mark);
        }
        let end = if self.world.unsettled == 0 {
            until.max(self.now)
        } else {
            last
        };
        self.now = end;
        self.book_running_work();
        self.end_silences();
        if !O::PLAIN {
            self.tell_of_open_writing();
            self.end_clocks_of_the_run();
            self.tell_of_open_clocks();
        }
        let world = &*self.world;
        for (slot, ticket) in world.tickets.each_open().filter(|(_, ticket)| !ticket.is_task()) {
            let clocks = Clocks {
                case: world.cases.get(slot),
                ..Clocks::of(self.model, ticket, world.pauses.get(slot), end)
            };
            let outcome = clocks.outcome(end, true);
            self.seen.cut_off(end, ticket, &outcome);
        }
    }

    /// What is in work as the run ends has been worked on until then.
    fn book_running_work(&mut self) {
        for slot in self.open_tickets() {
            let ticket = &mut self.world.tickets[slot];
            if ticket.phase == Phase::InWork {
                ticket.end_stint(self.now);
            }
        }
    }

    /// Rows of the tickets that are not closed, for what looks at all of them once as the run ends.
    fn open_tickets(&self) -> Vec<Slot> {
        let open = self.world.tickets.each_open().filter(|(_, ticket)| !ticket.is_task());
        open.map(|(slot, _)| slot).collect()
    }

    /// A ticket is closed, for good: its row is free.
    #[inline]
    fn close(&mut self, slot: Slot) {
        if !O::PLAIN {
            self.tell_of_clocks(slot);
        }
        let world = &mut *self.world;
        if O::SEES_OUTCOMES {
            let ticket = &world.tickets[slot];
            let clocks = Clocks {
                case: if O::PLAIN { None } else { world.cases.get(slot) },
                ..Clocks::of(self.model, ticket, world.pauses.get(slot), self.now)
            };
            let outcome = clocks.outcome(self.now, O::SEES_BREACHES);
            self.seen.closed(self.now, ticket, &outcome);
        }
        world.tickets.close(slot);
    }

    #[inline]
    fn clocks(&self, slot: Slot) -> Clocks<'_> {
        Clocks {
            case: self.world.cases.get(slot),
            ..Clocks::of(
                self.model,
                &self.world.tickets[slot],
                self.world.pauses.get(slot),
                self.now,
            )
        }
    }

    /// Tells observers of something rare.
    #[inline]
    fn happened(&mut self, slot: Slot, what: Happening) {
        self.seen.happened(self.now, &self.world.tickets[slot], &what);
    }

    fn pauses(&mut self, slot: Slot) -> &mut Pauses {
        if self.world.pauses.len() <= slot {
            self.world.pauses.resize_with(slot + 1, Pauses::default);
        }
        &mut self.world.pauses[slot]
    }

    /// Remembers to look at a desk in the next dispatch.
    #[inline]
    fn touch(&mut self, team: TeamId) {
        self.world.desks[team.index()].touch(team, &mut self.world.dirty);
    }

    /// A breach event, scheduled only for observers that see breaches.
    #[inline(never)]
    fn breach(&mut self, slot: Slot, stamp: Stamp) {
        for (index, kind) in severity::CLOCKS.into_iter().enumerate() {
            if self.world.tickets[slot].breach[index] == stamp {
                self.record_breach(slot, index, kind);
            }
        }
        if !O::PLAIN {
            self.other_clock_breaches(slot, stamp);
        }
    }
}
