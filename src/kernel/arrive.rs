//! A ticket comes into the world.

use super::agenda::Stamp;
use super::backlog::Place;
use super::observe::Observe;
use super::tickets::{NOWHERE, Phase, Ticket};
use super::{Run, arrivals::Newcomer};
use crate::model::{RouteTo, TIERS_MAX, TeamId};
use crate::time::Instant;

impl<O: Observe> Run<'_, O> {
    /// The next arrival: routed, put into its first queue, rules on creation applied.
    #[inline]
    pub(super) fn arrive(&mut self) {
        let newcomer = self.world.arrivals.take(self.model, self.key, self.replication);
        self.world.created += 1;
        let team = self.entry(&newcomer);
        let ticket = self.ticket(&newcomer, team);
        self.world.open += 1;
        self.world.unsettled += usize::from(ticket.measured);
        let slot = self.world.tickets.open(ticket);
        if let Some(pauses) = self.world.pauses.get_mut(slot) {
            pauses.clear();
        }
        self.world.desks[team.index()].held += 1;
        self.seen.created(self.now, &self.world.tickets[slot]);
        self.clear_spent(slot);
        self.enqueue(slot, Place::Tail);
        if !self.model.rules.on_created.is_empty() {
            self.apply_creation_rules(slot);
        }
        self.watch_breaches(slot);
    }

    /// Where a new ticket enters: as written, else by the first route that matches, else at its service's tier.
    #[inline]
    fn entry(&self, newcomer: &Newcomer) -> TeamId {
        let model = self.model;
        let written = newcomer
            .scripted
            .and_then(|index| model.population.scripted[index as usize].team);
        if let Some(team) = written {
            return team;
        }
        let by_tier = |tier| model.team(tier, newcomer.service);
        let start = model.starts_at[newcomer.service.index()];
        let usual = by_tier(start);
        if model.routes.is_empty() {
            return usual.unwrap_or(TeamId::new(0));
        }
        let (severity, service, customer) = (newcomer.reported, newcomer.service, newcomer.customer);
        let route = model.routes.iter().find(|route| {
            let conditions = &route.conditions;
            conditions.severities[severity.index()]
                && conditions.services[service.index()]
                && conditions.customers[customer.index()]
                && conditions
                    .open
                    .is_none_or(|calendar| model.calendars[calendar.index()].is_open(self.now))
        });
        let routed = route.and_then(|route| match route.to {
            RouteTo::Tier(tier) => by_tier(tier),
            RouteTo::Team(team) => Some(team),
        });
        routed.or(usual).unwrap_or(TeamId::new(0))
    }

    #[inline]
    fn ticket(&self, newcomer: &Newcomer, team: TeamId) -> Ticket {
        let now = self.now;
        Ticket {
            created: now,
            entity: newcomer.entity,
            number: self.world.created,
            scripted: newcomer.scripted,
            true_severity: newcomer.true_severity,
            first_severity: newcomer.reported,
            severity: newcomer.reported,
            response_severity: newcomer.reported,
            service: newcomer.service,
            customer: newcomer.customer,
            path: newcomer.path,
            phase: Phase::Queued,
            tier: self.model.teams[team.index()].tier,
            team,
            owner: None,
            first_response: None,
            resolved: None,
            last_message: now,
            tier_since: now,
            team_since: now,
            queue_since: now,
            owner_since: now,
            stint_since: now,
            clock_from: [now; 2],
            breached: [false; 2],
            triaged: !self.model.population.triage.corrects(),
            work_left: 0,
            work_done: 0,
            work_after: 0,
            asks: false,
            begun: false,
            interrupted: false,
            released: None,
            escalated_here: false,
            cycle: 0,
            episodes: 0,
            entries: [0; TIERS_MAX],
            touch_ms: 0,
            pending_ms: 0,
            open_since: now,
            escalations: 0,
            needless: 0,
            reassignments: 0,
            handoffs: 0,
            preemptions: 0,
            updates_due: 0,
            updates_missed: 0,
            corrected: false,
            fired: 0,
            measured: self.model.window.contains(now),
            next: NOWHERE,
            previous: NOWHERE,
            queue_stamp: 0,
            timer: Stamp::NONE,
            timer_at: Instant::LAST,
            breach: [Stamp::NONE; 2],
        }
    }
}
