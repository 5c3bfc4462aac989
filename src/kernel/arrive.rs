//! A ticket comes into the world.

use super::Run;
use super::arrivals::{Arrival, Newcomer};
use super::learning::Fated;
use super::observe::Observe;
use super::severity::CLOCKS;
use super::tickets::{BLANK, Family, Slot, Ticket};
use crate::model::{CalendarId, CustomerTierId, ServiceId, SeverityId, TargetKind, TeamId};

impl<O: Observe> Run<'_, O> {
    /// The next arrival: routed, put into its first queue, rules on creation applied.
    #[inline(never)]
    pub(super) fn arrive(&mut self) {
        let mut newcomer = match self.world.arrivals.take(self.model, self.key, self.replication) {
            Arrival::Ticket(newcomer) => newcomer,
            nobody => return self.nobody_came(nobody),
        };
        // Some tickets never come, and some faults with their first.
        let fated = match O::PLAIN || self.model.process.kinds.is_empty() {
            true => None,
            false => match self.fate_of(&mut newcomer) {
                None => return,
                fated => fated,
            },
        };
        self.world.created += 1;
        let (reported, service, customer) = (newcomer.reported, newcomer.service, newcomer.customer);
        let team = self.entry_of(newcomer.scripted, reported, service, customer);
        let (now, model) = (self.now, self.model);
        let measured = model.window.contains(now);
        self.world.open += 1;
        self.world.unsettled += usize::from(measured);
        let number = self.world.created;
        let slot = self.world.tickets.open();
        let ticket = &mut self.world.tickets[slot];
        *ticket = Ticket {
            created: now,
            entity: newcomer.entity,
            number,
            scripted: newcomer.scripted,
            true_severity: newcomer.true_severity,
            truth: newcomer.true_severity,
            response_truth: newcomer.true_severity,
            mitigate_truth: newcomer.true_severity,
            first_severity: newcomer.reported,
            severity: newcomer.reported,
            response_severity: newcomer.reported,
            mitigate_severity: newcomer.reported,
            service: newcomer.service,
            customer: newcomer.customer,
            path: newcomer.path,
            first_tier: newcomer.first_tier,
            first_work: newcomer.first_work,
            tier: model.teams[team.index()].tier,
            team,
            response_team: team,
            mitigate_team: team,
            last_message: now,
            tier_since: now,
            team_since: now,
            owner_since: now,
            clock_from: [now; 3],
            open_since: now,
            triaged: !model.population.triage.corrects(),
            measured,
            family: newcomer.family,
            ..BLANK
        };
        self.seen.created(now, ticket);
        self.world.desks[team.index()].held += 1;
        if let Some(pauses) = self.world.pauses.get_mut(slot) {
            pauses.clear();
        }
        match O::PLAIN {
            true => self.come_to_team(slot),
            false => self.come_with_features(slot, newcomer.read_first, fated),
        }
        self.watch_breaches(slot);
    }

    /// A new ticket with all that it may bring along comes to its first reader or team.
    #[inline(never)]
    fn come_with_features(&mut self, slot: Slot, read_first: bool, fated: Option<Fated>) {
        self.clear_spent(slot);
        self.open_case(slot);
        self.open_told(slot);
        if let Some(fated) = fated {
            self.note_fate(slot, fated);
        }
        for kind in CLOCKS {
            self.settle_zone(slot, kind);
        }
        self.set_timer(slot);
        match read_first {
            true => self.have_it_read(slot),
            false => {
                self.clock_begins(slot, TargetKind::Own);
                self.come_to_team(slot);
            }
        }
        if self.model.population.leaves {
            self.begin_waiting(slot);
        }
        if !self.model.rules.on_created.is_empty() {
            self.apply_creation_rules(slot);
        }
        self.created_with_features(slot);
    }

    /// What a new ticket means for faults and drift.
    #[inline(never)]
    fn created_with_features(&mut self, slot: Slot) {
        if self.world.tickets[slot].family != Family::Alone {
            self.join_fault(slot);
        }
        if self.model.population.worsens {
            self.plan_drift(slot);
        }
    }

    /// The ticket that somebody would open now; it has no number.
    pub(super) fn would_be(&self, newcomer: &Newcomer) -> Ticket {
        let (reported, service, customer) = (newcomer.reported, newcomer.service, newcomer.customer);
        let team = self.entry_of(newcomer.scripted, reported, service, customer);
        Ticket {
            created: self.now,
            entity: newcomer.entity,
            scripted: newcomer.scripted,
            true_severity: newcomer.true_severity,
            first_severity: reported,
            severity: reported,
            service,
            customer,
            tier: self.model.teams[team.index()].tier,
            team,
            measured: self.model.window.contains(self.now),
            family: newcomer.family,
            ..BLANK
        }
    }

    /// Where a ticket would enter now.
    pub(super) fn entry(&self, slot: Slot) -> TeamId {
        let ticket = &self.world.tickets[slot];
        self.entry_of(ticket.scripted, ticket.severity, ticket.service, ticket.customer)
    }

    /// Where a new ticket enters: as written, else by the first route that matches, else at its service's tier.
    #[inline(always)]
    fn entry_of(
        &self,
        scripted: Option<u32>,
        severity: SeverityId,
        service: ServiceId,
        customer: CustomerTierId,
    ) -> TeamId {
        let model = self.model;
        let written = scripted.and_then(|index| model.population.scripted[index as usize].team);
        if let Some(team) = written {
            return team;
        }
        let is_open = |calendar: CalendarId| model.calendars[calendar.index()].is_open(self.now);
        model.entry(severity, service, customer, is_open)
    }
}
