//! What is counted in money: pay of scheduled hours and of overtime by team, penalties by ticket.
//!
//! Penalties are charged once for each clock that breached within the measured window, whoever's ticket it was; amounts are
//! whole thousandths of the currency's unit.

use super::Measure;
use crate::kernel::{Outcome, Ticket, Verdict};
use crate::model::{AgentId, Costs, Model, SeverityId, TargetKind, TeamId};
use crate::time::{Instant, Length, Worked};

/// Pay of a team's people for their scheduled hours in the window, in thousandths.
pub(super) fn pay(model: &Model, team: usize) -> i64 {
    let Some(costs) = &model.costs else { return 0 };
    let crews = model.crews.iter().zip(&costs.pay_per_head);
    let of_team = crews.filter(|(crew, _)| crew.team.index() == team);
    of_team
        .map(|(crew, pay)| (pay * crew.agents.len() as f64).round() as i64)
        .sum()
}

impl Measure<'_> {
    /// Charges a ticket that is closed, or cut off at the end of the run.
    #[inline(never)]
    pub(super) fn charge(&mut self, now: Instant, ticket: &Ticket, outcome: &Outcome) {
        let model = self.model;
        let Some(costs) = &model.costs else { return };
        let bill = Bill {
            model,
            costs,
            ticket,
            now,
        };
        let (response, resolve) = (ticket.response_severity, ticket.severity);
        let clocks = [
            (
                TargetKind::FirstResponse,
                response,
                &outcome.first_response,
                ticket.first_response,
            ),
            (
                TargetKind::Mitigate,
                ticket.mitigate_severity,
                &outcome.mitigate,
                ticket.mitigated.or(ticket.resolved),
            ),
            (TargetKind::Resolve, resolve, &outcome.resolve, ticket.resolved),
        ];
        for (kind, severity, verdict, stopped) in clocks {
            // A breach costs what its target's severity does, whatever the ticket is called afterwards.
            let breached = ticket.breach_kept(kind).unwrap_or(severity);
            self.add_penalty(ticket, severity, bill.clock(kind, breached, verdict, stopped));
        }
        if ticket.measured && ticket.updates_missed > 0 {
            let one = costs.penalty(TargetKind::Update, resolve, ticket.customer, Length::ZERO);
            self.add_penalty(ticket, resolve, one * i64::from(ticket.updates_missed));
        }
        if ticket.resolved.is_some_and(|at| model.window.contains(at)) {
            self.flow(ticket).resolved += 1;
        }
    }

    /// Charges a cycle that ended with a resolution before the last one.
    pub(super) fn charge_cycle(&mut self, now: Instant, ticket: &Ticket, verdict: &Verdict) {
        let model = self.model;
        let Some(costs) = &model.costs else { return };
        let bill = Bill {
            model,
            costs,
            ticket,
            now,
        };
        let amount = bill.clock(TargetKind::Resolve, ticket.severity, &Some(*verdict), ticket.resolved);
        self.add_penalty(ticket, ticket.severity, amount);
    }

    /// Charges a clock that not every ticket has, or that it has more than once, as it is decided.
    #[inline(never)]
    pub(super) fn charge_occasion(&mut self, ticket: &Ticket, kind: TargetKind, verdict: &Verdict, over: Worked) {
        let model = self.model;
        let Some(costs) = &model.costs else { return };
        let breached = verdict.breached == Some(true);
        if breached && verdict.due.is_some_and(|due| model.window.contains(due)) {
            let late = Length::from_ms(over.ms());
            let amount = costs.penalty(kind, ticket.severity, ticket.customer, late);
            self.add_penalty(ticket, ticket.severity, amount);
        }
    }

    /// Pays somebody off duty for a page in the window.
    #[inline(never)]
    pub(super) fn pay_page(&mut self, agent: AgentId) {
        let Some(costs) = &self.model.costs else { return };
        let team = self.model.agents[agent.index()].team.index();
        self.flows[team * self.layout.severities].on_call_pay += costs.page_pay;
    }

    fn add_penalty(&mut self, ticket: &Ticket, severity: SeverityId, amount: i64) {
        if amount > 0 {
            let place = self.place(severity.index(), ticket.team, ticket);
            self.cells[place].penalty += amount;
            self.flow(ticket).penalty += amount;
        }
    }

    /// Pay of the window, once its overtime is known.
    pub(super) fn take_pay(&mut self) {
        let Some(costs) = &self.model.costs else { return };
        for team in 0..self.layout.teams {
            let flow = &mut self.flows[team * self.layout.severities];
            flow.pay = self.layout.pay[team];
            flow.on_call_pay += costs.on_call_pay[team];
            flow.overtime_pay = costs.overtime(TeamId::new(team), flow.overtime_ms + flow.called_ms);
        }
    }
}

/// A ticket to be charged.
struct Bill<'a> {
    model: &'a Model,
    costs: &'a Costs,
    ticket: &'a Ticket,
    now: Instant,
}

impl Bill<'_> {
    /// What one clock costs: nothing unless it breached within the window.
    fn clock(
        &self,
        kind: TargetKind,
        severity: SeverityId,
        verdict: &Option<Verdict>,
        stopped: Option<Instant>,
    ) -> i64 {
        let Some(Verdict {
            breached: Some(true),
            late,
            due: Some(due),
            ..
        }) = *verdict
        else {
            return 0;
        };
        if !self.model.window.contains(due) {
            return 0;
        }
        let late = match stopped {
            Some(_) => Length::from_ms(late.ms()),
            None => self.still_late(kind, severity, due),
        };
        self.costs.penalty(kind, severity, self.ticket.customer, late)
    }

    /// By how much a clock that has not stopped is late now, on its calendar.
    fn still_late(&self, kind: TargetKind, severity: SeverityId, due: Instant) -> Length {
        let target = self
            .model
            .targets
            .get(kind, severity, self.ticket.service, self.ticket.customer);
        let calendar = target.map(|target| &self.model.calendars[target.calendar.index()]);
        let late = calendar.map_or(0, |calendar| calendar.worked_between(due.min(self.now), self.now).ms());
        Length::from_ms(late)
    }
}
