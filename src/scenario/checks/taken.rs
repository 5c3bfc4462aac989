//! Which tickets a rule takes: what its conditions say together, without what its exception takes out.

use super::super::{Condition, Rule, Scenario};
use super::firing::flags_of;
use super::overlap::{asked, covers};
use super::rules::{admits, is_enabled, passing};

/// A list of names in a condition.
type List = fn(&mut Condition) -> &mut Option<Vec<String>>;

/// What is certain of the tickets on which a rule fires, as a condition that all of them meet: what it asks for, without the
/// names whose tickets are all excepted, and of the services only those whose tickets get the flags that it asks for.
pub(super) fn taken(scenario: &Scenario, rule: &Rule) -> Condition {
    let mut taken = without_excepted(scenario, rule);
    for flag in &taken.flags.clone().unwrap_or_default() {
        let rules = scenario.rules.values().filter(|rule| is_enabled(rule));
        let setting = rules.filter(|rule| flags_of(rule).any(|other| other == flag));
        let set: Vec<Condition> = setting.map(|rule| without_excepted(scenario, rule)).collect();
        let is_flagged = |service: &&str| set.iter().any(|tickets| admits(&tickets.service, service));
        let services = passing(&taken.service, scenario.services.keys());
        if !set.is_empty() && !services.iter().all(is_flagged) {
            let flagged = services.into_iter().filter(is_flagged);
            taken.service = Some(flagged.map(str::to_owned).collect());
        }
    }
    taken
}

fn without_excepted(scenario: &Scenario, rule: &Rule) -> Condition {
    let mut taken = asked(rule);
    let Some(except) = &rule.unless else { return taken };
    let lists: [(List, Vec<&String>); 5] = [
        (|of| &mut of.severity, scenario.severities.keys().collect()),
        (|of| &mut of.service, scenario.services.keys().collect()),
        (|of| &mut of.customer_tier, scenario.customer_tiers.keys().collect()),
        (|of| &mut of.tier, scenario.tiers.keys().collect()),
        (|of| &mut of.team, scenario.teams.keys().collect()),
    ];
    for (list, all) in lists {
        let wanted = list(&mut taken).clone();
        let is_excepted = |name: &&str| {
            let mut narrow = taken.clone();
            *list(&mut narrow) = Some(vec![(*name).to_owned()]);
            covers(except, &narrow)
        };
        let names = passing(&wanted, all.into_iter());
        let (excepted, left): (Vec<&str>, Vec<&str>) = names.into_iter().partition(is_excepted);
        if !excepted.is_empty() {
            *list(&mut taken) = Some(left.into_iter().map(str::to_owned).collect());
        }
    }
    taken
}
