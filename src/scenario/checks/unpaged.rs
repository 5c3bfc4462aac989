//! Rules that wait for an acknowledgement of tickets for which nobody is ever asked to take over.

use super::super::problem::Problems;
use super::super::{Action, Condition, Notify, Path, Rule, Scenario, Trigger};
use super::overlap::overlap;
use super::rank;
use super::rules::{is_enabled, passing};
use super::sources::{Fact, keeps_severity};
use crate::scenario::words::listed;

pub(super) fn check(scenario: &Scenario, problems: &mut Problems) {
    // Where nobody is paged at all, that is said already.
    if !Fact::Paged.has_source(scenario) {
        return;
    }
    let enabled = || scenario.rules.iter().filter(|(_, rule)| is_enabled(rule));
    let paged: Vec<(&str, Vec<Condition>)> = enabled()
        .map(|(name, rule)| (name.as_str(), pages_for(scenario, rule)))
        .filter(|(_, tickets)| !tickets.is_empty())
        .collect();
    for (name, rule) in enabled() {
        let (Trigger::Unacknowledged(_), waits) = (&rule.when, lasting(scenario, &rule.if_)) else {
            continue;
        };
        let is_paged = |tickets: &Vec<Condition>| tickets.iter().any(|tickets| overlap(scenario, tickets, &waits));
        if paged.iter().any(|(_, tickets)| is_paged(tickets)) {
            continue;
        }
        let by: Vec<&str> = paged.iter().map(|(name, _)| *name).collect();
        let help = match by.as_slice() {
            [] => "an action `page` or `notify` asks somebody to take the ticket over".to_owned(),
            [one] => format!("rule `{one}` pages for others: change its conditions, or these"),
            many => format!(
                "rules {} page for others: change their conditions, or these",
                listed(many)
            ),
        };
        let message = format!("rule `{name}` can never fire: nobody is ever paged to take its tickets over");
        problems
            .error("E312", Path::from(["rules", name, "when", "unacknowledged"]), message)
            .help(help);
    }
}

/// The tickets for which a rule asks somebody to take over: one set of conditions for each action that does.
fn pages_for(scenario: &Scenario, rule: &Rule) -> Vec<Condition> {
    let pages = rule.then.iter().filter_map(|action| match action {
        Action::Page(policy) => Some(scenario.escalation_policies.get(policy)?.severity.as_deref()),
        Action::Notify(Notify::Schedules(_)) => Some(None),
        Action::Notify(Notify::Detailed(detail)) if detail.inform != Some(true) => Some(None),
        _ => None,
    });
    pages
        .map(|least| {
            let mut tickets = lasting(scenario, &rule.if_);
            if let Some(least) = least.filter(|_| keeps_severity(scenario)) {
                let last = rank(&scenario.severities, least);
                let severities = passing(&tickets.severity, scenario.severities.keys());
                let severe = severities
                    .into_iter()
                    .filter(|name| rank(&scenario.severities, name) <= last);
                tickets.severity = Some(severe.map(str::to_owned).collect());
            }
            tickets
        })
        .collect()
}

/// Conditions on what a ticket keeps from the page until its acknowledgement.
fn lasting(scenario: &Scenario, condition: &Condition) -> Condition {
    Condition {
        severity: condition.severity.clone().filter(|_| keeps_severity(scenario)),
        service: condition.service.clone(),
        customer_tier: condition.customer_tier.clone(),
        ..Condition::default()
    }
}
