//! What is counted in money: pay of scheduled hours and of overtime by team, penalties by ticket.
//!
//! Penalties are charged once for each clock that breached within the measured window, whoever's ticket it was; amounts are
//! whole thousandths of the currency's unit.

use super::Measure;
use crate::kernel::{Outcome, Ticket, Verdict};
use crate::model::{AgentId, Costs, Model, SeverityId, TargetKind, TeamId};
use crate::time::Length;

/// Pay of a team's people for their scheduled hours in the window, in thousandths.
pub(super) fn pay(model: &Model, team: usize) -> i64 {
    let Some(costs) = &model.costs else { return 0 };
    let crews = model.crews.iter().zip(&costs.pay_per_head);
    let of_team = crews.filter(|(crew, _)| crew.team.index() == team);
    of_team
        .map(|(crew, pay)| (pay * crew.agents.len() as f64).round() as i64)
        .sum()
}

impl<'a> Measure<'a> {
    /// Charges a ticket that is closed, or cut off at the end of the run.
    #[inline(never)]
    pub(super) fn charge(&mut self, ticket: &Ticket, outcome: &Outcome) {
        let Some(bill) = self.bill(ticket) else { return };
        let clocks = [
            (
                TargetKind::FirstResponse,
                ticket.response_severity,
                &outcome.first_response,
            ),
            (TargetKind::Mitigate, ticket.mitigate_severity, &outcome.mitigate),
            (TargetKind::Resolve, ticket.severity, &outcome.resolve),
        ];
        for (kind, severity, verdict) in clocks {
            // A breach costs what its target's severity does, whatever the ticket is called afterwards.
            let breached = ticket.breach_kept(kind).unwrap_or(severity);
            self.add_penalty(ticket, severity, bill.clock(kind, breached, verdict));
        }
        if ticket.resolved.is_some_and(|at| self.model.window.contains(at)) {
            self.flow(ticket).resolved += 1;
        }
    }

    /// Charges updates of a ticket that were missed, by its severity in that silence.
    pub(super) fn charge_updates(&mut self, ticket: &Ticket, missed: u32) {
        let Some(bill) = self.bill(ticket).filter(|_| ticket.measured) else {
            return;
        };
        let one = bill
            .costs
            .penalty(TargetKind::Update, ticket.severity, ticket.customer, Length::ZERO);
        self.add_penalty(ticket, ticket.severity, one * i64::from(missed));
    }

    /// Charges a cycle that ended with a resolution before the last one.
    pub(super) fn charge_cycle(&mut self, ticket: &Ticket, verdict: &Verdict) {
        let Some(bill) = self.bill(ticket) else { return };
        let breached = ticket.breach_kept(TargetKind::Resolve).unwrap_or(ticket.severity);
        let amount = bill.clock(TargetKind::Resolve, breached, &Some(*verdict));
        self.add_penalty(ticket, ticket.severity, amount);
    }

    /// What clocks of a ticket cost, if anything costs anything.
    fn bill<'t>(&self, ticket: &'t Ticket) -> Option<Bill<'t>>
    where
        'a: 't,
    {
        let model: &'a Model = self.model;
        let costs = model.costs.as_ref()?;
        Some(Bill { model, costs, ticket })
    }

    /// Charges a clock that not every ticket has, or that it has more than once, as it is decided.
    #[inline(never)]
    pub(super) fn charge_occasion(&mut self, ticket: &Ticket, kind: TargetKind, verdict: &Verdict, under: SeverityId) {
        let Some(bill) = self.bill(ticket) else { return };
        let amount = bill.clock(kind, under, &Some(*verdict));
        self.add_penalty(ticket, ticket.severity, amount);
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
}

impl Bill<'_> {
    /// What one clock costs: nothing unless it breached within the window.
    fn clock(&self, kind: TargetKind, severity: SeverityId, verdict: &Option<Verdict>) -> i64 {
        let Some(Verdict {
            breached: Some(true),
            late,
            missed: Some(missed),
            ..
        }) = *verdict
        else {
            return 0;
        };
        if !self.model.window.contains(missed) {
            return 0;
        }
        let late = Length::from_ms(late.ms());
        self.costs.penalty(kind, severity, self.ticket.customer, late)
    }
}
