//! What is counted in money: what an hour costs, what a month of the schedule costs, and what a breach costs.

use super::promises::{kind_name, weekly};
use super::words::{grouped, listed};
use super::{About, Section};
use crate::model::costs::{Costs, Penalty, on_call_a_month, scheduled_a_month};
use crate::model::{TargetKind, defaults};
use crate::scenario;

/// Rates, premiums, penalties; no facts where nothing is counted in money.
pub(super) fn costs(about: &About) -> Section {
    let mut section = Section::new("Costs");
    let (Some(written), Some(costs)) = (&about.written.costs, &about.model.costs) else {
        return section;
    };
    for team in about.written.teams.keys() {
        section.say_if(team, written.rates.get(team).map(|rate| hourly(rate, costs)));
    }
    section.say("overtime", overtime(written));
    section.say_if("premiums", premiums(written));
    section.say_if("on call", on_call(about, written, costs));
    if let Some(pay) = scheduled_a_month(about.model) {
        let month = crate::model::costs::MONTH_DAYS;
        let text = format!(
            "{} for the hours of all shifts, a month of {month} days",
            money(pay, costs)
        );
        section.say("schedule", text);
    }
    for (severity, rows) in about.model.names.severities.iter().zip(&costs.penalties) {
        section.say_if(format!("breach of {severity}"), penalties(rows, costs));
    }
    section.say_if("customers", customers(about, costs));
    section
}

/// `1,234 EUR`, with cents where they matter.
pub(super) fn money(amount: f64, costs: &Costs) -> String {
    format!("{}\u{a0}{}", plain(amount), costs.currency)
}

fn plain(amount: f64) -> String {
    let whole = libm::floor(amount);
    let cents = libm::round((amount - whole) * 100.0);
    match amount >= 1000.0 || cents == 0.0 || cents == 100.0 {
        true => grouped(libm::round(amount)),
        false => format!("{}.{cents:02}", grouped(whole)),
    }
}

fn hourly(rate: &scenario::TeamRate, costs: &Costs) -> String {
    let mut text = format!("{} an hour", money(rate.hour(), costs));
    if let scenario::TeamRate::ByShift(rates) = rate {
        let shifts = rates
            .shifts
            .iter()
            .map(|(name, rate)| format!("{} on {name}", money(rate.0, costs)));
        let shifts: Vec<String> = shifts.collect();
        if !shifts.is_empty() {
            text.push_str(&format!(", {}", listed(&shifts, "and")));
        }
    }
    text
}

fn overtime(written: &scenario::Costs) -> String {
    let factor = written.overtime_factor.unwrap_or(defaults::OVERTIME_FACTOR);
    format!("{factor} times the team's rate")
}

fn premiums(written: &scenario::Costs) -> Option<String> {
    let night = written.night.as_ref();
    let night = night.map(|night| format!("{} times the rate at night ({})", night.factor, weekly(&night.hours)));
    let holiday = written.holiday.as_ref();
    let holiday = holiday.map(|day| format!("{} times on the holidays of {}", day.factor, day.calendar));
    let parts: Vec<String> = night.into_iter().chain(holiday).collect();
    (!parts.is_empty()).then(|| listed(&parts, "and"))
}

fn on_call(about: &About, written: &scenario::Costs, costs: &Costs) -> Option<String> {
    let pay = written.on_call.as_ref()?;
    let hour = pay.hour.filter(|hour| *hour > 0.0);
    let hour = hour.map(|hour| format!("{} an hour", money(hour, costs)));
    let others = pay
        .schedules
        .iter()
        .map(|(name, hour)| format!("{} an hour for {name}", money(hour.0, costs)));
    let page = pay.page.filter(|page| *page > 0.0);
    let page = page.map(|page| format!("{} a page to somebody off duty", money(page, costs)));
    let parts: Vec<String> = hour.into_iter().chain(others).chain(page).collect();
    let month = on_call_a_month(about.model).filter(|month| *month > 0.0);
    let month = month.map_or(String::new(), |month| {
        format!("; {} a month for the hours", money(month, costs))
    });
    (!parts.is_empty()).then(|| listed(&parts, "and") + &month)
}

fn penalties(rows: &[Penalty; TargetKind::COUNT], costs: &Costs) -> Option<String> {
    let kinds = TargetKind::ALL
        .into_iter()
        .zip(rows)
        .filter(|(_, row)| row.is_something());
    let parts: Vec<String> = kinds
        .map(|(kind, row)| format!("{} {}", kind_name(kind), penalty(row, costs)))
        .collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}

fn penalty(penalty: &Penalty, costs: &Costs) -> String {
    let fixed = (penalty.fixed > 0.0).then(|| money(penalty.fixed, costs));
    let growing =
        (penalty.per_hour_late > 0.0).then(|| format!("{} an hour late", money(penalty.per_hour_late, costs)));
    let parts: Vec<String> = fixed.into_iter().chain(growing).collect();
    let most = penalty.most.map(|most| format!(", at most {}", money(most, costs)));
    format!("{}{}", listed(&parts, "and"), most.unwrap_or_default())
}

fn customers(about: &About, costs: &Costs) -> Option<String> {
    let tiers = about.model.names.customer_tiers.iter().zip(&costs.customer_factor);
    let factors = tiers.filter(|(_, factor)| **factor != 1.0);
    let parts: Vec<String> = factors
        .map(|(tier, factor)| format!("{factor} times for {tier}"))
        .collect();
    (!parts.is_empty()).then(|| format!("penalties count {}", listed(&parts, "and")))
}
