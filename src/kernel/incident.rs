//! Incidents: tickets of one fault become one.
//!
//! The fault's first ticket is the parent. From the declaration on, children are recognised, each after a delay of its own:
//! a linked ticket is put aside, its clocks run, and it is solved with its parent. One that nobody recognises is worked like
//! any other, in vain while the fault is there. What a fault breeds is `storms`.

use super::Run;
use super::agenda::{Kind, Stamp};
use super::arrivals::Arrival;
use super::backlog::Place;
use super::messages::UpdatesEnd;
use super::observe::{Happening, Interruption, Observe};
use super::rules::Occurrence;
use super::storms::Fault;
use super::tasks::{Assignee, NewTask};
use super::tickets::{Family, Phase, Slot, Task, Ticket};
use crate::model::{AgentId, KindId, Linking};
use crate::random::{Purpose, Stream, open01};
use crate::time::Length;

/// What a case file knows of a ticket of a fault.
#[derive(Debug, Clone, Copy)]
pub(super) struct OfFault {
    /// Validity of its being recognised.
    link: Stamp,
    /// Handling already counted as done in vain, ms.
    in_vain_ms: i64,
}

impl OfFault {
    pub(super) const NEW: OfFault = OfFault {
        link: Stamp::NONE,
        in_vain_ms: 0,
    };
}

impl<O: Observe> Run<'_, O> {
    fn fault(&mut self, fault: u32) -> &mut Fault {
        &mut self.world.arrivals.storms.faults[fault as usize]
    }

    /// The same to look at.
    fn known_fault(&self, fault: u32) -> &Fault {
        &self.world.arrivals.storms.faults[fault as usize]
    }

    /// Somebody would have come because of a fault, and did not.
    #[inline(never)]
    pub(super) fn nobody_came(&mut self, why: Arrival) {
        let (newcomer, what) = match why {
            Arrival::Spared(newcomer) => (newcomer, Happening::Spared),
            Arrival::Joined(newcomer) => (newcomer, Happening::Joined),
            Arrival::Ticket(_) | Arrival::Nobody => return,
        };
        let (Family::Parent(number) | Family::Child(number)) = newcomer.family else {
            return;
        };
        if let Some(parent) = self.fault(number).parent {
            let parent = &self.world.tickets[parent];
            // What it would have been, under the name of the ticket that it is one with.
            let ticket = Ticket {
                number: parent.number,
                scripted: parent.scripted,
                ..self.would_be(&newcomer)
            };
            self.seen.happened(self.now, &ticket, &what);
        }
    }

    /// A new ticket is one of a fault's: its parent if it has no open one, else a child that may be recognised.
    #[inline(never)]
    pub(super) fn join_fault(&mut self, slot: Slot) {
        let (Family::Parent(number) | Family::Child(number)) = self.world.tickets[slot].family else {
            return;
        };
        let now = self.now;
        let fault = self.fault(number);
        if !fault.is_there(now) {
            return;
        }
        fault.tickets += 1;
        let (tickets, kind, is_seen) = (fault.tickets, fault.kind, fault.is_seen);
        if fault.parent.is_none() {
            fault.parent = Some(slot);
            self.world.tickets[slot].family = Family::Parent(number);
            self.watch_for_it(number, tickets);
        } else {
            self.plan_link(slot, number);
        }
        let declared = &self.model.population.incidents[kind.index()].declared;
        if is_seen || declared.tickets.is_some_and(|least| tickets >= least) {
            self.declare(number);
        }
    }

    /// With a fault's first ticket: monitoring will see it after its time.
    fn watch_for_it(&mut self, number: u32, tickets: u32) {
        let fault = self.known_fault(number);
        let (began, entity, kind) = (fault.began, fault.entity, fault.kind.index());
        if let Some(law) = &self.model.population.incidents[kind].declared.monitoring
            && tickets == 1
        {
            let word = Stream::new(self.key, Purpose::FAULT, self.replication, entity).block(2)[0];
            let at = (began + Length::from_ms(law.draw_ms(open01(word)))).max(self.now);
            self.world.agenda.schedule(at, Kind::Declared, number as usize);
        }
    }

    /// Monitoring says that there is an incident.
    #[inline(never)]
    pub(super) fn monitoring_sees(&mut self, number: usize) {
        let now = self.now;
        let fault = self.fault(number as u32);
        fault.is_seen = true;
        if fault.is_there(now) {
            self.declare(number as u32);
        }
    }

    /// An agent begins a ticket for the first time, and may see whose it is.
    #[inline(never)]
    pub(super) fn touched(&mut self, slot: Slot) {
        let (Family::Parent(number) | Family::Child(number)) = self.world.tickets[slot].family else {
            return;
        };
        let (now, kind) = (self.now, self.fault(number).kind.index());
        let touch = self.model.population.incidents[kind].declared.touch;
        if touch > 0.0 && self.fault(number).is_there(now) && self.draw(Purpose::LINK, slot, 1)[1] < touch {
            self.declare(number);
        }
    }

    /// The organisation knows of an incident from now on.
    fn declare(&mut self, number: u32) {
        let now = self.now;
        let fault = self.fault(number);
        let Some(parent) = fault.parent.filter(|_| fault.declared.is_none()) else {
            return;
        };
        fault.declared = Some(now);
        let after = now - fault.began;
        let recognisable = std::mem::take(&mut fault.recognisable);
        self.case(parent).major = true;
        self.happened(parent, Happening::Declared { after });
        for slot in recognisable {
            self.plan_link(slot as usize, number);
        }
        self.occurred(parent, Occurrence::Declared);
    }

    /// Whether a ticket stands for an incident that the organisation knows of: it is more than one customer's.
    pub(super) fn stands_for_incident(&self, slot: Slot) -> bool {
        match self.world.tickets[slot].family {
            Family::Parent(number) => self.known_fault(number).declared.is_some(),
            Family::Child(_) | Family::Alone => false,
        }
    }

    /// What the tickets of a fault are about: what its first one is.
    pub(super) fn fault_is_about(&mut self, number: u32, kind: Option<KindId>) {
        self.fault(number).about = kind;
    }

    /// See [`Run::fault_is_about`].
    pub(super) fn kind_of_fault(&self, number: u32) -> Option<KindId> {
        self.known_fault(number).about
    }

    /// The cause of a fault is mended before it begins: nothing comes of it.
    pub(super) fn never_begins(&mut self, number: u32) {
        let now = self.now;
        self.fault(number).ends(now);
    }

    fn linking(&self, number: u32) -> Option<&Linking> {
        let kind = self.known_fault(number).kind;
        self.model.population.incidents[kind.index()].linking.as_ref()
    }

    /// When a ticket will be recognised, if it is one that will: from now on, or once the incident is declared.
    fn plan_link(&mut self, slot: Slot, number: u32) {
        let Some(delay) = self.link_delay(slot, number) else {
            return;
        };
        let now = self.now;
        if self.fault(number).declared.is_none() {
            self.fault(number).recognisable.push(slot as u32);
            return;
        }
        let stamp = self.world.agenda.schedule(now + delay, Kind::Link, slot);
        self.case(slot).of_fault.link = stamp;
    }

    /// How long it takes to recognise a ticket; `None` if nobody ever does.
    fn link_delay(&self, slot: Slot, number: u32) -> Option<Length> {
        let scripted = self.world.tickets[slot].scripted;
        let written = scripted.and_then(|index| self.model.population.scripted[index as usize].linked_after);
        if written.is_some() {
            return written;
        }
        let linking = self.linking(number)?;
        let [whether, when] = self.draw(Purpose::LINK, slot, 0);
        let delay = linking.delay.as_ref().map_or(0, |law| law.draw_ms(when));
        (whether < linking.share).then(|| Length::from_ms(delay))
    }

    /// A child is recognised, unless its fault's parent is solved or it is itself.
    #[inline(never)]
    pub(super) fn recognised(&mut self, slot: Slot, stamp: Stamp) {
        let Family::Child(number) = self.world.tickets[slot].family else {
            return;
        };
        let stale = self.case(slot).of_fault.link != stamp || !self.world.tickets[slot].is_open();
        if stale || self.fault(number).parent.is_none() {
            return;
        }
        match self.world.tickets[slot].phase {
            Phase::Queued => self.unqueue(slot, false),
            Phase::InLine => self.leave_line(slot),
            Phase::InWork => self.take_from_owner(slot, Interruption::Taken),
            Phase::Pending => self.stop_asking(slot),
            Phase::Aside => self.stop_reading(slot),
            Phase::Gated | Phase::Resolved | Phase::Closed => {}
        }
        if self.model.uses.process {
            self.close_gates(slot);
        }
        self.link(slot);
    }

    /// The work on a ticket is done. If its fault is still there it was in vain, and the agent may see why: then it is linked
    /// instead of solved.
    #[inline(never)]
    pub(super) fn worked_in_vain(&mut self, slot: Slot) -> bool {
        let Family::Child(number) = self.world.tickets[slot].family else {
            return false;
        };
        if !self.is_in_vain(slot) {
            return false;
        }
        self.count_in_vain(slot);
        let Some(after_work) = self.linking(number).map(|linking| linking.after_work) else {
            return false;
        };
        let sees = self.draw(Purpose::LINK, slot, 1)[0] < after_work;
        if sees {
            self.link(slot);
        }
        sees
    }

    /// Whether work on a ticket is in vain: its fault is still there, and another ticket is worked on for that.
    pub(super) fn is_in_vain(&self, slot: Slot) -> bool {
        let Family::Child(number) = self.world.tickets[slot].family else {
            return false;
        };
        let fault = self.known_fault(number);
        fault.is_there(self.now) && fault.parent.is_some()
    }

    /// Handling of a ticket so far was for nothing.
    fn count_in_vain(&mut self, slot: Slot) {
        let touch_ms = self.world.tickets[slot].touch_ms;
        let case = &mut self.case(slot).of_fault;
        let more = touch_ms - std::mem::replace(&mut case.in_vain_ms, touch_ms);
        if more > 0 {
            self.happened(slot, Happening::InVain { ms: more });
        }
    }

    /// A ticket was still being explained when it was linked.
    pub(super) fn explained_in_vain(&mut self, slot: Slot, ms: i64) {
        self.case(slot).of_fault.in_vain_ms += ms;
        self.happened(slot, Happening::InVain { ms });
    }

    /// Puts a ticket that is in nobody's hands aside, to be solved with its parent.
    fn link(&mut self, slot: Slot) {
        let Family::Child(number) = self.world.tickets[slot].family else {
            return;
        };
        let Some(parent) = self.fault(number).parent else {
            return;
        };
        let (now, voids) = (
            self.now,
            self.linking(number).is_some_and(|linking| linking.parent_clock),
        );
        self.count_in_vain(slot);
        self.cancel_pages(slot);
        if self.model.uses.involves {
            self.withdraw_parts(slot);
            self.involve_anew(slot);
        }
        if self.model.uses.process {
            self.end_command(slot, false);
            let fix = &mut self.case(slot).fix;
            *fix = fix.put_aside();
        }
        self.forget_as_linked(slot);
        if voids && self.has_updates() {
            self.end_updates(slot, UpdatesEnd::Nothing);
        }
        self.case(slot).of_fault.link = Stamp::NONE;
        let ticket = &mut self.world.tickets[slot];
        ticket.phase = Phase::Aside;
        ticket.linked = true;
        ticket.owner = None;
        ticket.work = Stamp::NONE;
        if voids {
            ticket.voided = Some(now);
            ticket.breach = [Stamp::NONE; 3];
            self.call_clocks_off(slot);
        }
        let fault = self.fault(number);
        // Whoever has worked on it in vain may know it before the incident is declared.
        fault.recognisable.retain(|other| *other as usize != slot);
        fault.waiting.push(slot as u32);
        fault.linked += 1;
        let linked = fault.linked;
        self.case(parent).linked = linked;
        let to = self.world.tickets[parent].number;
        self.happened(slot, Happening::Linked { to });
        if self.case(parent).workaround.is_some() {
            self.mitigate_with_parent(slot);
        }
        self.set_timer(slot);
        if !voids {
            self.plan_update(slot);
            self.watch_breaches(slot);
        }
        self.waits(slot);
        self.occurred(parent, Occurrence::Linked(linked));
    }

    /// A workaround for the parent is in place: nobody else is hurt.
    #[inline(never)]
    pub(super) fn fault_mitigated(&mut self, slot: Slot) {
        let Family::Parent(number) = self.world.tickets[slot].family else {
            return;
        };
        if self.fault(number).parent == Some(slot) {
            for place in 0..self.fault(number).waiting.len() {
                let child = self.fault(number).waiting[place] as usize;
                self.mitigate_with_parent(child);
            }
        }
        self.restored(number, slot);
    }

    fn restored(&mut self, number: u32, parent: Slot) {
        let now = self.now;
        let kind = self.fault(number).kind.index();
        let fault = self.fault(number);
        let was_there = fault.is_there(now);
        let after = now - fault.began;
        if was_there && self.model.population.incidents[kind].ends_with_parent {
            self.fault(number).ends(now);
            self.happened(parent, Happening::Restored { after });
        }
    }

    /// A ticket of a fault is solved. With the parent, the fault is gone and what is linked to it is solved too.
    #[inline(never)]
    pub(super) fn solved_of_fault(&mut self, slot: Slot, agent: AgentId) {
        self.leave_fault(slot);
        let Family::Parent(number) = self.world.tickets[slot].family else {
            return;
        };
        if self.fault(number).parent != Some(slot) {
            return;
        }
        self.restored(number, slot);
        self.fault(number).parent = None;
        let team = self.world.tickets[slot].team;
        for child in std::mem::take(&mut self.fault(number).waiting) {
            let child = child as usize;
            match self.closing_work(child, number) {
                None => self.close_linked(child, agent),
                Some(work) => {
                    self.open_task(NewTask {
                        task: Task::Closing,
                        about: child,
                        id: 0,
                        to: Assignee::Team(team),
                        work: Some(work),
                    });
                }
            }
        }
    }

    fn closing_work(&self, child: Slot, number: u32) -> Option<Length> {
        let laws = self.linking(number)?.close_work.as_ref()?;
        let law = &laws[self.world.tickets[child].true_severity.index()];
        Some(Length::from_ms(law.draw_ms(self.draw(Purpose::LINK, child, 3)[0])))
    }

    /// Solves a ticket that is linked to one that has been solved.
    pub(super) fn close_linked(&mut self, slot: Slot, agent: AgentId) {
        let now = self.now;
        let ticket = &mut self.world.tickets[slot];
        if !ticket.linked {
            return;
        }
        if ticket.first_response.is_none() {
            ticket.first_response = Some(now);
            ticket.last_message = now;
            self.seen.responded(now, ticket);
        }
        self.resolve(slot, agent);
        self.world.tickets[slot].linked = false;
    }

    /// A ticket of a fault is closed: nobody looks for it any more.
    #[inline(never)]
    pub(super) fn leave_fault(&mut self, slot: Slot) {
        let (Family::Parent(number) | Family::Child(number)) = self.world.tickets[slot].family else {
            return;
        };
        self.case(slot).of_fault.link = Stamp::NONE;
        let fault = self.fault(number);
        fault.waiting.retain(|other| *other as usize != slot);
        fault.recognisable.retain(|other| *other as usize != slot);
    }

    /// A parent is closed without having been solved: what is linked to it is tickets of their own again, and the first of
    /// them is the parent. With nothing linked it is the oldest open ticket of the fault, wherever that is.
    #[inline(never)]
    pub(super) fn parent_is_gone(&mut self, slot: Slot) {
        let Family::Parent(number) = self.world.tickets[slot].family else {
            return;
        };
        if self.fault(number).parent != Some(slot) {
            return;
        }
        let waiting = std::mem::take(&mut self.fault(number).waiting);
        let first = waiting.first().map(|first| *first as usize);
        self.fault(number).parent = None;
        if let Some(next) = first.or_else(|| self.oldest_of(number, slot)) {
            self.becomes_parent(next, number);
        }
        for child in waiting {
            let ticket = &mut self.world.tickets[child as usize];
            ticket.linked = false;
            // The question that was open is closed; what was worked on in vain is to be worked on.
            ticket.work_left += std::mem::take(&mut ticket.work_after);
            ticket.begun &= ticket.work_left > 0;
            ticket.asks = false;
            let child = child as usize;
            self.set_timer(child);
            if self.is_blocked(child) {
                self.world.tickets[child].phase = Phase::Gated;
                self.waits(child);
            } else {
                self.back_to_owner_or_team(child, Place::Tail);
            }
            self.spend_what_has_passed(child);
        }
    }

    /// A parent comes back: if its fault is still there and has no other by then, it is its parent again.
    #[inline(never)]
    pub(super) fn parent_is_back(&mut self, slot: Slot) {
        let Family::Parent(number) = self.world.tickets[slot].family else {
            return;
        };
        let now = self.now;
        let fault = self.fault(number);
        if fault.is_there(now) && fault.parent.is_none() {
            fault.parent = Some(slot);
        }
    }

    /// The oldest open ticket of a fault but for one.
    fn oldest_of(&self, number: u32, but: Slot) -> Option<Slot> {
        let is_of_it =
            |ticket: &Ticket| matches!(ticket.family, Family::Parent(of) | Family::Child(of) if of == number);
        let open = self.world.tickets.each_open();
        let open = open.filter(|(slot, ticket)| *slot != but && ticket.is_open() && is_of_it(ticket));
        open.min_by_key(|(_, ticket)| ticket.number).map(|(slot, _)| slot)
    }

    /// An open ticket is what its fault is known by from now on.
    fn becomes_parent(&mut self, slot: Slot, number: u32) {
        self.world.tickets[slot].family = Family::Parent(number);
        self.case(slot).of_fault.link = Stamp::NONE;
        let fault = self.fault(number);
        fault.parent = Some(slot);
        fault.recognisable.retain(|other| *other as usize != slot);
        if fault.declared.is_some() {
            self.case(slot).major = true;
        }
        self.set_timer(slot);
    }
}
