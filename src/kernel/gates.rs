//! Decision gates: requests, decisions, timeouts, meetings, and what waits for them.
//!
//! A request is one asking of all approvers. It ends with a decision; a declined one may be followed by the next, after some
//! rework, up to the gate's limit. Meanwhile a ticket whose work is blocked is in nobody's hands (`Phase::Gated`); its clocks
//! run. Whoever commands the incident decides without putting that down: see `command`.

use super::Run;
use super::agenda::{Kind, Stamp};
use super::asks::About;
use super::backlog::Place;
use super::observe::{Decision, Happening, Interruption, Observe};
use super::tasks::{Assignee, NewTask};
use super::tickets::{Phase, Slot, Task};
use crate::model::{AgentId, Gate, GateId, Limit, OnTimeout, RoleId};
use crate::random::{Purpose, Sampler};
use crate::time::{Instant, Length};

/// Draws of a request are keyed by gate, number of the request and approver; these stand for what is no approver.
const DEPUTY: u32 = 63;
const REWORK: u32 = 62;
const ABOVE: u32 = 61;
const BOARD: u32 = 60;
/// Requests about fixes, which follow the ticket, are numbered from here.
const OF_FIXES: u32 = 128;

/// A request for a decision.
#[derive(Debug)]
pub(super) struct Request {
    gate: GateId,
    about: About,
    /// The fix that it is about, if it is not the ticket itself.
    fix: Option<u32>,
    made: Instant,
    /// Number of this request at this gate for this ticket, from 0: keys its draws.
    number: u32,
    /// Requests of this opening of the gate.
    rounds: u32,
    /// What was asked of whom: place among the approvers.
    asks: Vec<(u32, u32)>,
    approved: u32,
    deputy: bool,
    timeout: Stamp,
    meeting: Stamp,
    /// Rework after a decline.
    rework: Option<Slot>,
}

/// What a ticket's case file knows of its gates.
#[derive(Debug, Clone, Default)]
pub(super) struct Gates {
    /// Open gates: rows of the requests.
    pub open: Vec<u32>,
    /// Requests made so far, by gate.
    made: Vec<(GateId, u32)>,
    /// Open gates that block the work.
    pub blocking: u8,
}

impl Gates {
    pub fn clear(&mut self) {
        self.open.clear();
        self.made.clear();
        self.blocking = 0;
    }
}

impl<O: Observe> Run<'_, O> {
    fn gate(&self, request: u32) -> Option<&'_ Gate> {
        let request = self.world.affairs.requests.get(request)?;
        Some(self.model.process.gate(request.gate))
    }

    /// Opens a gate on a ticket. `false` if it is open already, or the ticket is not.
    pub(super) fn open_gate(&mut self, slot: Slot, gate: GateId) -> bool {
        let ticket = &self.world.tickets[slot];
        if !ticket.is_open() || ticket.is_task() || self.is_gate_open(slot, gate) {
            return false;
        }
        let blocks = self.model.process.gate(gate).blocks_work;
        let about = self.about(slot);
        let request = self.new_request(gate, about, None);
        let case = self.case(slot);
        case.gates.open.push(request);
        case.gates.blocking += u8::from(blocks);
        case.gated = case.gates.open.len() as u8;
        if blocks {
            self.hold_up(slot);
        }
        self.make_request(request);
        true
    }

    fn is_gate_open(&self, slot: Slot, gate: GateId) -> bool {
        let of = |request: &u32| self.world.affairs.requests.get(*request).map(|request| request.gate);
        let open = &self.world.cases[slot].gates.open;
        open.iter().any(|request| of(request) == Some(gate))
    }

    /// Opens a gate for a fix that follows a ticket.
    pub(super) fn open_gate_for_fix(&mut self, gate: GateId, about: About, fix: u32) {
        let request = self.new_request(gate, about, Some(fix));
        self.make_request(request);
    }

    /// Open gates that do not hold up the work on a ticket hold up a fix that follows it. Which.
    pub(super) fn hand_gates_to_fix(&mut self, slot: Slot, fix: u32) -> Vec<GateId> {
        let open = std::mem::take(&mut self.case(slot).gates.open);
        let (blocking, others): (Vec<u32>, Vec<u32>) = open
            .into_iter()
            .partition(|id| self.gate(*id).is_some_and(|gate| gate.blocks_work));
        let case = self.case(slot);
        case.gated = blocking.len() as u8;
        case.gates.open = blocking;
        let mut handed = Vec::with_capacity(others.len());
        for id in others {
            if let Some(row) = self.world.affairs.requests.get_mut(id) {
                row.fix = Some(fix);
                handed.push(row.gate);
            }
        }
        handed
    }

    fn new_request(&mut self, gate: GateId, about: About, fix: Option<u32>) -> u32 {
        let made = self.now;
        self.world.affairs.requests.add(Request {
            gate,
            about,
            fix,
            made,
            number: if fix.is_some() { OF_FIXES } else { 0 },
            rounds: 0,
            asks: Vec::new(),
            approved: 0,
            deputy: false,
            timeout: Stamp::NONE,
            meeting: Stamp::NONE,
            rework: None,
        })
    }

    /// Takes a ticket out of everybody's hands until its gate is passed.
    fn hold_up(&mut self, slot: Slot) {
        match self.world.tickets[slot].phase {
            Phase::Queued => self.unqueue(slot, false),
            Phase::InLine => self.leave_line(slot),
            Phase::InWork => self.take_from_owner(slot, Interruption::Gated),
            Phase::Pending | Phase::Aside | Phase::Gated | Phase::Resolved | Phase::Closed => return,
        }
        self.world.tickets[slot].phase = Phase::Gated;
        self.waits(slot);
    }

    /// The next request of an opened gate: everybody is asked at once, or it goes on the board's agenda.
    fn make_request(&mut self, id: u32) {
        let now = self.now;
        let Some((gate, about, fix)) = self
            .world
            .affairs
            .requests
            .get(id)
            .map(|row| (row.gate, row.about, row.fix))
        else {
            return;
        };
        let number = match fix {
            None => self.count_request(about.slot, gate),
            Some(_) => self
                .world
                .affairs
                .requests
                .get(id)
                .map_or(0, |row| row.number + u32::from(row.rounds > 0)),
        };
        let plan = self.model.process.gate(gate);
        let meeting = plan.meetings.as_ref().and_then(|meetings| meetings.next(now));
        let meeting = meeting.map_or(Stamp::NONE, |at| {
            self.world.agenda.schedule(at, Kind::BoardMeets, id as usize)
        });
        let timeout = self.limit(id, plan.timeout.as_ref());
        if let Some(row) = self.world.affairs.requests.get_mut(id) {
            row.made = now;
            row.number = number;
            row.rounds += 1;
            row.approved = 0;
            row.deputy = false;
            row.asks.clear();
            row.timeout = timeout;
            row.meeting = meeting;
        }
        self.seen
            .happened(now, &about.ticket, &Happening::GateRequested { gate });
        if plan.meetings.is_none() {
            for (place, role) in plan.approvers.iter().enumerate() {
                self.ask_to_decide(id, *role, place as u32, plan.decision_work.as_ref());
            }
        }
    }

    fn count_request(&mut self, slot: Slot, gate: GateId) -> u32 {
        let made = &mut self.case(slot).gates.made;
        match made.iter_mut().find(|(known, _)| *known == gate) {
            Some((_, count)) => {
                *count += 1;
                *count
            }
            None => {
                made.push((gate, 0));
                0
            }
        }
    }

    fn limit(&mut self, id: u32, limit: Option<&Limit>) -> Stamp {
        let Some(limit) = limit else { return Stamp::NONE };
        let calendar = &self.model.calendars[limit.calendar.index()];
        match calendar.after(self.now, limit.within) {
            Some(at) => self.world.agenda.schedule(at, Kind::GateTimeout, id as usize),
            None => Stamp::NONE,
        }
    }

    fn ask_to_decide(&mut self, id: u32, role: RoleId, place: u32, law: Option<&Sampler>) {
        let Some((about, block)) = self
            .world
            .affairs
            .requests
            .get(id)
            .map(|row| (row.about, row.block(place)))
        else {
            return;
        };
        let [u, _] = self.draw_about(Purpose::GATE, &about.ticket, block);
        let work = self.work_of(law, u);
        let ask = self.ask_role(role, Task::Decision, about, id, Some(work), block);
        if let Some(row) = self.world.affairs.requests.get_mut(id) {
            row.asks.push((ask, place));
        }
    }

    /// An approver, or the deputy, has decided, and does nothing else meanwhile.
    pub(super) fn decision_done(&mut self, task: Slot) {
        self.has_decided(self.errand(task).id);
    }

    /// An approver, or the deputy, has decided.
    pub(super) fn has_decided(&mut self, ask: u32) {
        let Some(id) = self.world.affairs.asks.take(ask).map(|row| row.id) else {
            return;
        };
        let Some(row) = self.world.affairs.requests.get_mut(id) else {
            return;
        };
        let Some(at) = row.asks.iter().position(|(asked, _)| *asked == ask) else {
            return;
        };
        let (_, place) = row.asks.remove(at);
        if place == ABOVE {
            return self.pass(id);
        }
        let (ticket, block, deputy) = (row.about.ticket, row.block(place), row.deputy);
        let [_, v] = self.draw_about(Purpose::GATE, &ticket, block);
        let Some((needed, p_decline)) = self.gate(id).map(|gate| (gate.needed, gate.p_decline)) else {
            return;
        };
        let declines = v < p_decline;
        let Some(row) = self.world.affairs.requests.get_mut(id) else {
            return;
        };
        row.approved += u32::from(!declines);
        let needed = if deputy { 1 } else { needed };
        if row.approved >= needed {
            self.decide(id, Decision::Approved);
        } else if row.approved + (row.asks.len() as u32) < needed {
            self.decide(id, Decision::Declined);
        }
    }

    /// The board decides.
    #[inline(never)]
    pub(super) fn board_meets(&mut self, id: usize, stamp: Stamp) {
        let id = id as u32;
        let row = self.world.affairs.requests.get(id).filter(|row| row.meeting == stamp);
        let Some((ticket, block)) = row.map(|row| (row.about.ticket, row.block(BOARD))) else {
            return;
        };
        let [_, v] = self.draw_about(Purpose::GATE, &ticket, block);
        let declines = self.gate(id).is_some_and(|gate| v < gate.p_decline);
        self.decide(
            id,
            if declines {
                Decision::Declined
            } else {
                Decision::Approved
            },
        );
    }

    /// A request has waited as long as it may.
    #[inline(never)]
    pub(super) fn gate_timeout(&mut self, id: usize, stamp: Stamp) {
        let id = id as u32;
        let Some(row) = self
            .world
            .affairs
            .requests
            .get_mut(id)
            .filter(|row| row.timeout == stamp)
        else {
            return;
        };
        row.timeout = Stamp::NONE;
        let (gate, ticket, deputy, waited) = (row.gate, row.about.ticket, row.deputy, self.now - row.made);
        self.seen
            .happened(self.now, &ticket, &Happening::GateTimeout { gate, waited, deputy });
        let plan = self.model.process.gate(gate);
        match plan.on_timeout {
            _ if deputy => {}
            OnTimeout::Wait => {}
            OnTimeout::Approve => self.decide(id, Decision::AutoApproved),
            OnTimeout::Decline => self.decide(id, Decision::Declined),
            OnTimeout::Deputy(role) => {
                self.withdraw_asks(id);
                let timeout = self.limit(id, plan.deputy_timeout.as_ref());
                if let Some(row) = self.world.affairs.requests.get_mut(id) {
                    row.deputy = true;
                    row.approved = 0;
                    row.timeout = timeout;
                    row.meeting = Stamp::NONE;
                }
                self.ask_to_decide(id, role, DEPUTY, plan.deputy_work.as_ref());
            }
        }
    }

    /// What has been asked at a ticket's open gates and is not decided yet.
    pub(super) fn asked_at_gates(&self, slot: Slot) -> impl Iterator<Item = u32> {
        let open = self.world.cases[slot].gates.open.iter();
        let requests = open.filter_map(|id| self.world.affairs.requests.get(*id));
        requests.flat_map(|request| request.asks.iter().map(|(ask, _)| *ask))
    }

    fn withdraw_asks(&mut self, id: u32) {
        let Some(row) = self.world.affairs.requests.get_mut(id) else {
            return;
        };
        for (ask, _) in std::mem::take(&mut row.asks) {
            self.withdraw_ask(ask);
        }
    }

    /// A request is decided.
    fn decide(&mut self, id: u32, decision: Decision) {
        self.withdraw_asks(id);
        let Some(row) = self.world.affairs.requests.get_mut(id) else {
            return;
        };
        row.timeout = Stamp::NONE;
        row.meeting = Stamp::NONE;
        let (gate, waited, rounds, ticket) = (row.gate, self.now - row.made, row.rounds, row.about.ticket);
        let what = Happening::GateDecided { gate, decision, waited };
        self.seen.happened(self.now, &ticket, &what);
        let plan = self.model.process.gate(gate);
        match decision {
            Decision::Approved | Decision::AutoApproved => self.pass(id),
            Decision::Declined if rounds < plan.max_rounds => self.rework(id, plan.rework.as_ref()),
            Decision::Declined => self.ask_above(id, plan.escalate_to),
        }
    }

    /// After a decline: somebody works it over, then it is requested again.
    fn rework(&mut self, id: u32, law: Option<&Sampler>) {
        let Some((about, fix, block)) = self
            .world
            .affairs
            .requests
            .get(id)
            .map(|row| (row.about, row.fix, row.block(REWORK)))
        else {
            return;
        };
        let [u, _] = self.draw_about(Purpose::GATE, &about.ticket, block);
        let work = self.work_of(law, u);
        if work == Length::ZERO {
            return self.make_request(id);
        }
        let to = match fix.and_then(|fix| self.world.affairs.fixes.get(fix)) {
            Some(fix) => Assignee::Team(fix.team),
            None => self.owner_or_team(about.slot),
        };
        let new = NewTask {
            task: Task::Rework,
            about: about.slot,
            id,
            to,
            work: Some(work),
        };
        let slot = self.open_task_about(new, about.ticket);
        if let Some(row) = self.world.affairs.requests.get_mut(id) {
            row.rework = Some(slot);
        }
    }

    pub(super) fn rework_done(&mut self, task: Slot) {
        let id = self.errand(task).id;
        if let Some(row) = self.world.affairs.requests.get_mut(id) {
            row.rework = None;
            self.make_request(id);
        }
    }

    /// The last request was declined: somebody with more authority lets it pass, or it passes without.
    fn ask_above(&mut self, id: u32, role: Option<RoleId>) {
        let row = self.world.affairs.requests.get(id);
        let (Some(role), Some((about, block))) = (role, row.map(|row| (row.about, row.block(ABOVE)))) else {
            return self.pass(id);
        };
        self.tell_role(role, &about);
        let [u, _] = self.draw_about(Purpose::GATE, &about.ticket, block);
        let work = self.work_of(self.model.process.role(role).work.as_ref(), u);
        let ask = self.ask_role(role, Task::Decision, about, id, Some(work), block);
        if let Some(row) = self.world.affairs.requests.get_mut(id) {
            row.asks.push((ask, ABOVE));
        }
    }

    /// A gate is passed, or given up: what waited for it goes on.
    fn pass(&mut self, id: u32) {
        let Some(row) = self.world.affairs.requests.take(id) else {
            return;
        };
        if let Some(fix) = row.fix {
            return self.fix_has_passed(fix);
        }
        let Some(slot) = self.still(&row.about) else { return };
        let blocks = self.model.process.gate(row.gate).blocks_work;
        let case = self.case(slot);
        case.gates.open.retain(|open| *open != id);
        case.gates.blocking -= u8::from(blocks);
        case.gated = case.gates.open.len() as u8;
        self.go_on_after_gate(slot);
    }

    /// A ticket whose gate was passed goes on, if nothing else holds it up.
    fn go_on_after_gate(&mut self, slot: Slot) {
        if self.world.tickets[slot].phase != Phase::Gated {
            return;
        }
        let case = &self.world.cases[slot];
        let (blocking, open, is_solved) = (case.gates.blocking, case.gates.open.len(), case.fix.is_solved);
        if is_solved && open == 0 {
            self.release_fix(slot);
        } else if !is_solved && blocking == 0 {
            self.back_to_owner_or_team(slot, Place::Head);
            self.set_timer(slot);
        }
    }

    /// A ticket that could be worked on again: unless a gate holds it up.
    pub(super) fn is_blocked(&self, slot: Slot) -> bool {
        self.world.cases.get(slot).is_some_and(|case| case.gates.blocking > 0)
    }

    /// How many of somebody's tickets gates hold up.
    pub(super) fn held_up_of(&self, agent: AgentId) -> usize {
        let requests = self.world.affairs.requests.each();
        let is_theirs = |(place, row): &(u32, &Request)| {
            let slot = self.still(&row.about);
            slot.is_some_and(|slot| {
                let (ticket, gates) = (&self.world.tickets[slot], &self.world.cases[slot].gates);
                // A ticket counts once, however many gates it waits for.
                ticket.phase == Phase::Gated && ticket.owner == Some(agent) && gates.open.first() == Some(place)
            })
        };
        requests.filter(is_theirs).count()
    }

    /// A ticket is resolved: nobody need decide on it any more.
    pub(super) fn close_gates(&mut self, slot: Slot) {
        for id in std::mem::take(&mut self.case(slot).gates.open) {
            self.withdraw_asks(id);
            if let Some(row) = self.world.affairs.requests.take(id)
                && let Some(task) = row.rework
            {
                self.withdraw_task(task);
            }
        }
        let case = self.case(slot);
        case.gates.blocking = 0;
        case.gated = 0;
    }

    /// Who does something about a ticket beside it: its owner, if they are on duty in its team or have it because of a page,
    /// else whoever of the team is free first.
    pub(super) fn owner_or_team(&self, slot: Slot) -> Assignee {
        let ticket = &self.world.tickets[slot];
        let here = |owner: &AgentId| self.model.agents[owner.index()].team == ticket.team;
        match ticket.owner.filter(here) {
            Some(owner) if self.world.people[owner.index()].on_duty() => Assignee::First(owner),
            Some(owner) if self.was_paged(slot, owner) => Assignee::Called(owner),
            Some(_) | None => Assignee::Team(ticket.team),
        }
    }
}

impl Request {
    /// Key of its draws for an approver.
    fn block(&self, place: u32) -> u32 {
        (self.gate.index() as u32 & 0x3FF) << 14 | (self.number & 0xFF) << 6 | place & 0x3F
    }
}
