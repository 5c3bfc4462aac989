//! Money as the simulation reads it: what scheduled hours cost, what overtime does, and what a breach does.
//!
//! Amounts are whole thousandths of the currency's unit, so that sums do not depend on their order. What a metric makes of
//! them is the business of `measure`.

use super::ids::{CustomerTierId, SeverityId, TeamId};
use super::{Model, TargetKind, Window};
use crate::time::Length;

/// Thousandths in a unit of the currency.
pub const THOUSAND: f64 = 1000.0;
const HOUR_MS: f64 = 3_600_000.0;
/// A month, as every figure "a month" means it: a twelfth of 365.25 days.
pub const MONTH_DAYS: f64 = 30.4375;
const MONTH_MS: f64 = MONTH_DAYS * 24.0 * HOUR_MS;

/// Costs of a scenario.
#[derive(Debug, Clone, PartialEq)]
pub struct Costs {
    /// Name of the currency's unit.
    pub currency: String,
    /// Pay of one person of each crew for all scheduled hours in the measured window, premiums included, in thousandths.
    pub pay_per_head: Vec<f64>,
    /// Pay of an hour of overtime by team, in units.
    pub overtime_hour: Vec<f64>,
    /// Pay of a team's people for the hours that they are on call in the measured window, by team, in thousandths.
    pub on_call_pay: Vec<i64>,
    /// Pay of a page to somebody off duty, in thousandths.
    pub page_pay: i64,
    /// By severity and kind of target.
    pub penalties: Vec<[Penalty; TargetKind::COUNT]>,
    /// Factor on penalties, by customer tier.
    pub customer_factor: Vec<f64>,
}

/// What a breached clock costs, in units of the currency.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Penalty {
    /// At the breach.
    pub fixed: f64,
    /// For each hour by which the clock stopped too late.
    pub per_hour_late: f64,
    /// The most for one clock; `None` without a limit.
    pub most: Option<f64>,
}

impl Penalty {
    /// Whether it costs anything.
    pub fn is_something(&self) -> bool {
        self.fixed > 0.0 || self.per_hour_late > 0.0
    }
}

impl Costs {
    /// Whether being on call is paid.
    pub fn pays_on_call(&self) -> bool {
        self.page_pay > 0 || self.on_call_pay.iter().any(|pay| *pay > 0)
    }

    /// Pay of overtime of a team, and of work that its people are called to off duty, in thousandths.
    pub fn overtime(&self, team: TeamId, overtime_ms: i64) -> i64 {
        thousandths(self.overtime_hour[team.index()] * overtime_ms as f64 / HOUR_MS)
    }

    /// What one breached clock costs, in thousandths, if it stopped so late.
    pub fn penalty(&self, kind: TargetKind, severity: SeverityId, customer: CustomerTierId, late: Length) -> i64 {
        let penalty = &self.penalties[severity.index()][kind as usize];
        let amount = penalty.fixed + penalty.per_hour_late * late.ms() as f64 / HOUR_MS;
        let amount = penalty.most.map_or(amount, |most| amount.min(most));
        thousandths(amount * self.customer_factor[customer.index()])
    }
}

/// Units in whole thousandths; what is too much to count is the most that can be.
pub(super) fn thousandths(units: f64) -> i64 {
    (units * THOUSAND).round() as i64
}

/// Months in a measured window.
pub fn months(window: &Window) -> f64 {
    (window.until - window.from).ms() as f64 / MONTH_MS
}

/// Pay of one person of a crew for the hours of its shifts, in units a month.
pub fn head_a_month(model: &Model, crew: usize) -> Option<f64> {
    Some(model.costs.as_ref()?.pay_per_head[crew] / THOUSAND / months(&model.window))
}

/// Pay of everybody for the hours that they are on call, in units a month; `None` where nothing is counted in money.
pub fn on_call_a_month(model: &Model) -> Option<f64> {
    let pay: i64 = model.costs.as_ref()?.on_call_pay.iter().sum();
    Some(pay as f64 / THOUSAND / months(&model.window))
}

/// Pay of everybody for the hours of all shifts, in units a month; `None` where nothing is counted in money.
pub fn scheduled_a_month(model: &Model) -> Option<f64> {
    let crews = model.crews.iter().enumerate();
    crews
        .map(|(index, crew)| Some(head_a_month(model, index)? * crew.agents.len() as f64))
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_penalty_grows_by_the_hour_up_to_its_most_and_then_takes_the_customers_factor() {
        let growing = Penalty {
            fixed: 100.0,
            per_hour_late: 20.0,
            most: Some(150.0),
        };
        let none = Penalty::default();
        let costs = Costs {
            currency: "EUR".to_owned(),
            pay_per_head: Vec::new(),
            overtime_hour: vec![45.0],
            on_call_pay: vec![0],
            page_pay: 0,
            penalties: vec![[growing, none, none, none, none, none, none]],
            customer_factor: vec![1.0, 0.5],
        };
        let of = |customer, minutes: i64| {
            let late = Length::from_ms(minutes * 60_000);
            costs.penalty(
                TargetKind::FirstResponse,
                SeverityId::new(0),
                CustomerTierId::new(customer),
                late,
            )
        };
        assert_eq!(
            [of(0, 0), of(0, 90), of(0, 600), of(1, 600)],
            [100_000, 130_000, 150_000, 75_000]
        );
        assert_eq!(costs.overtime(TeamId::new(0), 40 * 60_000), 30_000);
    }
}
