//! Whether a circle of transfers goes on for ever: what is so of a ticket that has gone round many times.
//!
//! Its changes of team are beyond every bound then, the flags of the circle are set, and its time is used up. What comes and
//! goes, such as owners, gates, waits for the customer and hours, ends no circle.

use super::super::{Action, Condition, Count, Scenario, TargetKind, Trigger, Used};
use super::firing::flags_of;
use super::milliseconds;
use super::moment::bounds;
use super::overlap::{covers, overlap};
use super::pairs::{changes_severity, severity_after};
use super::rules::has_target;
use super::transfers::{Transfer, own_ms};

/// Whether any ticket that has gone round many times goes round once more.
pub(super) fn goes_on(scenario: &Scenario, circle: &[&Transfer]) -> bool {
    begins_anew(scenario, circle)
        && !is_too_soon(circle)
        && scenario
            .severities
            .keys()
            .any(|severity| keeps_a_severity_going(scenario, circle, severity))
}

/// Whether each visit that the rules measure begins anew: from team to team within a tier, that to the tier goes on.
fn begins_anew(scenario: &Scenario, circle: &[&Transfer]) -> bool {
    let by_tier = circle.iter().any(|step| matches!(step.rule.when, Trigger::InTier(_)));
    let mut tiers = circle.iter().map(|step| tier(scenario, step.from));
    let first = tiers.next();
    !by_tier || tiers.any(|tier| Some(tier) != first)
}

/// Whether a rule is due again within its `cooldown`, so that it loses a visit.
fn is_too_soon(circle: &[&Transfer]) -> bool {
    let total: i64 = circle.iter().map(|step| step.after_ms).sum();
    let cooldowns = circle.iter().filter_map(|step| step.rule.cooldown.as_deref());
    cooldowns.filter_map(milliseconds).any(|cooldown| cooldown > total)
}

/// Whether tickets of a severity go round until their severity has taken every value that it will.
fn keeps_a_severity_going(scenario: &Scenario, circle: &[&Transfer], severity: &str) -> bool {
    let mut now = severity;
    for _ in 0..=scenario.severities.len() {
        for step in circle {
            if !lets_pass(scenario, circle, step, now) {
                return false;
            }
            now = severity_after(scenario, now, &step.rule.then);
        }
    }
    true
}

fn lets_pass(scenario: &Scenario, circle: &[&Transfer], step: &Transfer, severity: &str) -> bool {
    let on_target = step.rule.when.is_on_target();
    if on_target && own_ms(scenario, step.rule, &step.asked, severity, step.from).is_empty() {
        return false;
    }
    let after_many = after_many(scenario, circle, step, severity);
    let is_excepted = step
        .rule
        .unless
        .as_ref()
        .is_some_and(|except| covers(except, &after_many));
    overlap(scenario, &step.asked, &after_many) && !is_excepted
}

/// What is certain after many rounds of a ticket for which a step is due, as conditions that it meets.
fn after_many(scenario: &Scenario, circle: &[&Transfer], step: &Transfer, severity: &str) -> Condition {
    let is_so = |truth: fn(&Condition) -> Option<bool>| {
        let somewhere = circle.iter().any(|step| truth(&step.asked) == Some(true));
        somewhere.then_some(true).or(truth(&step.asked))
    };
    let least = |count: fn(&Condition) -> &Option<Count>| {
        let asked = circle.iter().filter_map(|step| count(&step.asked).as_ref());
        asked.map(|count| bounds(count).0).max().map(Count::AtLeast)
    };
    let acts = |is: fn(&Action) -> bool| circle.iter().flat_map(|step| &step.rule.then).any(is);
    let pages = acts(|action| matches!(action, Action::Page(_) | Action::Notify(_)));
    let commands = acts(|action| matches!(action, Action::AssignCommander(_)));
    let without_end = Some(Count::AtLeast(u32::MAX));
    let is_used_up = is_used_up(scenario, circle, step, severity);
    Condition {
        severity: Some(vec![severity.to_owned()]),
        team: Some(vec![step.from.to_owned()]),
        tier: Some(vec![tier(scenario, step.from).to_owned()]),
        answered: is_so(|asked| asked.answered),
        workaround: is_so(|asked| asked.workaround),
        major: commands.then_some(true).or(is_so(|asked| asked.major)),
        flags: Some(flags(circle)),
        reassignments: without_end.clone(),
        pages: without_end.filter(|_| pages).or(least(|asked| &asked.pages)),
        reopenings: least(|asked| &asked.reopenings),
        linked: least(|asked| &asked.linked),
        chasers: least(|asked| &asked.chasers),
        consumed: is_used_up.then_some(USED_UP).or(step.asked.consumed.clone()),
        breached: is_used_up.then(|| vec![TargetKind::Resolve]),
        ..step.asked.clone()
    }
}

/// More than any share that a condition asks for.
const USED_UP: Used = Used {
    of: TargetKind::Resolve,
    at_least: Some(f64::INFINITY),
    below: None,
};

/// Flags are never taken away: what the circle sets, or asks for, is set.
fn flags(circle: &[&Transfer]) -> Vec<String> {
    let set = circle.iter().flat_map(|step| flags_of(step.rule)).map(str::to_owned);
    let asked = circle
        .iter()
        .flat_map(|step| step.asked.flags.iter().flatten().cloned());
    set.chain(asked).collect()
}

/// Whether the time for the resolution, which no change of hands stops, has passed: rounds without time use up none, and changes
/// of severity may give some back.
fn is_used_up(scenario: &Scenario, circle: &[&Transfer], step: &Transfer, severity: &str) -> bool {
    let takes_time = circle.iter().any(|step| step.after_ms > 0);
    let changes = circle.iter().any(|step| step.rule.then.iter().any(changes_severity));
    takes_time && !changes && has_target(scenario, &step.asked, severity, TargetKind::Resolve)
}

fn tier<'a>(scenario: &'a Scenario, team: &str) -> &'a str {
    scenario.teams.get(team).map_or("", |team| &team.tier)
}
