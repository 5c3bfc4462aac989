//! Which tickets two rules have in common: triggers that come at the same instant, conditions that one ticket can meet.

use super::super::{Bounds, Change, Clock, Condition, Count, Rule, Scenario, TargetKind, Trigger};
use super::milliseconds;
use super::moment::bounds;
use super::rules::{allowed_ms, passing};
use super::taken::taken;
use super::targets::clock;
use crate::scenario::words::listed;

/// Whether two triggers come at the same instants.
pub(super) fn same(a: &Trigger, b: &Trigger) -> bool {
    let of_targets = crossing(a).zip(crossing(b));
    let of_clocks = clock(a).zip(clock(b));
    a == b
        || of_targets.is_some_and(|(a, b)| a == b)
        || of_clocks.is_some_and(|((a, of_a), (b, of_b))| a == b && on(of_a) == on(of_b))
}

/// A share of a target.
fn crossing(trigger: &Trigger) -> Option<(TargetKind, f64)> {
    match trigger {
        Trigger::Consumed { of, share } => Some((*of, *share)),
        Trigger::Breached(of) => Some((*of, 1.0)),
        _ => None,
    }
}

/// The kind of target that a trigger waits for, and how much of one of so many milliseconds is used up when it comes.
pub(super) fn used_up(trigger: &Trigger, whole: i64) -> Option<(TargetKind, i64)> {
    match trigger {
        Trigger::Consumed { of, share } => Some((*of, (whole as f64 * share).ceil() as i64)),
        Trigger::Breached(of) => Some((*of, whole)),
        Trigger::Left { of, time } => Some((*of, (whole - milliseconds(time)?).max(0))),
        _ => None,
    }
}

/// Whether two triggers on one kind of target come at the same instants to all tickets that two rules have in common, in
/// whichever words.
pub(super) fn come_together(scenario: &Scenario, first: &Rule, second: &Rule) -> bool {
    let (of_first, of_second) = (taken(scenario, first), taken(scenario, second));
    let both = Condition {
        severity: in_both(&of_first.severity, &of_second.severity),
        service: in_both(&of_first.service, &of_second.service),
        customer_tier: in_both(&of_first.customer_tier, &of_second.customer_tier),
        tier: in_both(&of_first.tier, &of_second.tier),
        team: in_both(&of_first.team, &of_second.team),
        ..Condition::default()
    };
    let (Some((of, _)), Some((of_other, _))) = (used_up(&first.when, 0), used_up(&second.when, 0)) else {
        return false;
    };
    let severities = passing(&both.severity, scenario.severities.keys()).into_iter();
    let mut allowed = severities
        .flat_map(|severity| allowed_ms(scenario, &both, severity, of))
        .peekable();
    let is_alike = |whole: i64| used_up(&first.when, whole) == used_up(&second.when, whole);
    of == of_other && allowed.peek().is_some() && allowed.all(is_alike)
}

/// A time, and all that it runs on.
fn on(clock: &Clock) -> (Option<i64>, bool, Option<&str>, bool, bool) {
    let (after, detail) = (clock.after(), clock.detail());
    let calendar = detail.and_then(|detail| detail.calendar.as_deref());
    let with_target = detail.and_then(|detail| detail.with_target);
    let count_pending = detail.and_then(|detail| detail.count_pending);
    let business = after.contains('b');
    let named = calendar.filter(|name| *name != "24x7" || business);
    (
        milliseconds(after),
        business,
        named,
        with_target == Some(true),
        count_pending == Some(true),
    )
}

/// Whether a trigger comes whenever another does.
pub(super) fn comes_with(wide: &Trigger, narrow: &Trigger) -> bool {
    let admits = |wide: &Change, narrow: &Change| {
        (wide.from.is_none() || wide.from == narrow.from) && (wide.to.is_none() || wide.to == narrow.to)
    };
    same(wide, narrow)
        || match (wide, narrow) {
            (Trigger::SeverityRaised(wide), Trigger::SeverityRaised(narrow))
            | (Trigger::SeverityLowered(wide), Trigger::SeverityLowered(narrow)) => admits(wide, narrow),
            _ => false,
        }
}

/// What is certain of the tickets on which a rule fires: what its `if` and its `while` ask for together. Of two calendars, two
/// weeks of hours and two shares only the first counts.
pub(super) fn asked(rule: &Rule) -> Condition {
    let first = &rule.if_;
    let Some(more) = &rule.while_ else {
        return first.clone();
    };
    let of_hours = if first.hours.is_some() { first } else { more };
    Condition {
        severity: in_both(&first.severity, &more.severity),
        service: in_both(&first.service, &more.service),
        customer_tier: in_both(&first.customer_tier, &more.customer_tier),
        tier: in_both(&first.tier, &more.tier),
        team: in_both(&first.team, &more.team),
        open: first.open.clone().or_else(|| more.open.clone()),
        hours: of_hours.hours.clone(),
        zone: of_hours.zone.clone(),
        owned: first.owned.or(more.owned),
        answered: first.answered.or(more.answered),
        pending: first.pending.or(more.pending),
        major: first.major.or(more.major),
        gated: first.gated.or(more.gated),
        workaround: first.workaround.or(more.workaround),
        flags: in_either(&first.flags, &more.flags),
        no_flags: in_either(&first.no_flags, &more.no_flags),
        reassignments: within_both(&first.reassignments, &more.reassignments),
        reopenings: within_both(&first.reopenings, &more.reopenings),
        linked: within_both(&first.linked, &more.linked),
        pages: within_both(&first.pages, &more.pages),
        chasers: within_both(&first.chasers, &more.chasers),
        consumed: first.consumed.clone().or_else(|| more.consumed.clone()),
        breached: in_either(&first.breached, &more.breached),
        not_breached: in_either(&first.not_breached, &more.not_breached),
    }
}

fn in_both(a: &Option<Vec<String>>, b: &Option<Vec<String>>) -> Option<Vec<String>> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.iter().filter(|name| b.contains(name)).cloned().collect()),
        (a, b) => a.clone().or_else(|| b.clone()),
    }
}

fn in_either<T: Clone>(a: &Option<Vec<T>>, b: &Option<Vec<T>>) -> Option<Vec<T>> {
    match (a, b) {
        (Some(a), Some(b)) => Some([a.as_slice(), b.as_slice()].concat()),
        (a, b) => a.clone().or_else(|| b.clone()),
    }
}

fn within_both(a: &Option<Count>, b: &Option<Count>) -> Option<Count> {
    let (Some(a), Some(b)) = (a, b) else {
        return a.clone().or_else(|| b.clone());
    };
    let ((least_a, most_a), (least_b, most_b)) = (bounds(a), bounds(b));
    Some(Count::Between(Bounds {
        at_least: Some(least_a.max(least_b)),
        at_most: [most_a, most_b].into_iter().flatten().min(),
    }))
}

/// Whether every ticket that meets `narrow` meets `wide`, as far as it shows in what is written.
pub(super) fn covers(wide: &Condition, narrow: &Condition) -> bool {
    let lists = |pair: (&Option<Vec<String>>, &Option<Vec<String>>)| match pair {
        (None, _) => true,
        (Some(wide), Some(narrow)) => narrow.iter().all(|name| wide.contains(name)),
        (Some(_), None) => false,
    };
    let truths = |pair: (Option<bool>, Option<bool>)| pair.0.is_none() || pair.0 == pair.1;
    // What is asked for in addition makes it narrower.
    fn asks_for<T: PartialEq>(wide: &Option<Vec<T>>, narrow: &Option<Vec<T>>) -> bool {
        wide.iter()
            .flatten()
            .all(|one| narrow.iter().flatten().any(|other| other == one))
    }
    let counts = |pair: (&Option<Count>, &Option<Count>)| match pair {
        (None, _) => true,
        (Some(wide), narrow) => {
            let (least, most) = narrow.as_ref().map_or((0, None), bounds);
            let (wide_least, wide_most) = bounds(wide);
            least >= wide_least && wide_most.is_none_or(|wide| most.is_some_and(|most| most <= wide))
        }
    };
    let hours = wide.hours.is_none() || (wide.hours == narrow.hours && wide.zone == narrow.zone);
    let open = wide.open.is_none() || wide.open == narrow.open;
    let used = match (&wide.consumed, &narrow.consumed) {
        (None, _) => true,
        (Some(wide), Some(narrow)) => {
            wide.of == narrow.of
                && narrow.at_least.unwrap_or(0.0) >= wide.at_least.unwrap_or(0.0)
                && wide
                    .below
                    .is_none_or(|wide| narrow.below.is_some_and(|narrow| narrow <= wide))
        }
        (Some(_), None) => false,
    };
    [
        (&wide.severity, &narrow.severity),
        (&wide.service, &narrow.service),
        (&wide.customer_tier, &narrow.customer_tier),
        (&wide.tier, &narrow.tier),
        (&wide.team, &narrow.team),
    ]
    .into_iter()
    .all(lists)
        && truth_pairs(wide, narrow).into_iter().all(truths)
        && count_pairs(wide, narrow).into_iter().all(counts)
        && asks_for(&wide.flags, &narrow.flags)
        && asks_for(&wide.no_flags, &narrow.no_flags)
        && asks_for(&wide.breached, &narrow.breached)
        && asks_for(&wide.not_breached, &narrow.not_breached)
        && hours
        && open
        && used
}

fn truth_pairs(a: &Condition, b: &Condition) -> [(Option<bool>, Option<bool>); 6] {
    [
        (a.owned, b.owned),
        (a.answered, b.answered),
        (a.pending, b.pending),
        (a.major, b.major),
        (a.gated, b.gated),
        (a.workaround, b.workaround),
    ]
}

fn count_pairs<'c>(a: &'c Condition, b: &'c Condition) -> [(&'c Option<Count>, &'c Option<Count>); 5] {
    [
        (&a.reassignments, &b.reassignments),
        (&a.reopenings, &b.reopenings),
        (&a.linked, &b.linked),
        (&a.pages, &b.pages),
        (&a.chasers, &b.chasers),
    ]
}

/// Whether one ticket can meet both conditions at one instant, as far as it shows in what is written.
pub(super) fn overlap(scenario: &Scenario, a: &Condition, b: &Condition) -> bool {
    let meet = |a: &Option<Vec<String>>, b: &Option<Vec<String>>| match (a, b) {
        (Some(a), Some(b)) => a.iter().any(|name| b.contains(name)),
        _ => true,
    };
    let agree = |(a, b): (Option<bool>, Option<bool>)| a.is_none() || b.is_none() || a == b;
    let counts = |(a, b): (&Option<Count>, &Option<Count>)| match (a, b) {
        (Some(a), Some(b)) => {
            let ((least_a, most_a), (least_b, most_b)) = (bounds(a), bounds(b));
            most_a.is_none_or(|most| least_b <= most) && most_b.is_none_or(|most| least_a <= most)
        }
        _ => true,
    };
    let used = match (&a.consumed, &b.consumed) {
        (Some(a), Some(b)) if a.of == b.of => {
            let least = a.at_least.unwrap_or(0.0).max(b.at_least.unwrap_or(0.0));
            [a.below, b.below].into_iter().flatten().all(|below| least < below)
        }
        _ => true,
    };
    let breached = |a: &Condition, b: &Condition| excludes(&a.breached, &b.not_breached);
    let flags = |a: &Condition, b: &Condition| excludes(&a.flags, &b.no_flags);
    meet(&a.severity, &b.severity)
        && meet(&a.service, &b.service)
        && meet(&a.customer_tier, &b.customer_tier)
        && meet(&a.tier, &b.tier)
        && meet(&a.team, &b.team)
        && truth_pairs(a, b).into_iter().all(agree)
        && count_pairs(a, b).into_iter().all(counts)
        && used
        && !breached(a, b)
        && !breached(b, a)
        && !flags(a, b)
        && !flags(b, a)
        && !are_elsewhere(scenario, a, b)
        && !are_elsewhere(scenario, b, a)
        && !super::hours::are_apart(scenario, a, b)
}

/// Whether none of the teams that one asks for works a tier that the other does.
fn are_elsewhere(scenario: &Scenario, of_teams: &Condition, of_tiers: &Condition) -> bool {
    let (Some(teams), Some(tiers)) = (&of_teams.team, &of_tiers.tier) else {
        return false;
    };
    let fits = |team: &String| scenario.teams.get(team).is_none_or(|team| tiers.contains(&team.tier));
    !teams.iter().any(fits)
}

fn excludes<T: PartialEq>(set: &Option<Vec<T>>, unset: &Option<Vec<T>>) -> bool {
    set.iter()
        .flatten()
        .any(|one| unset.iter().flatten().any(|other| other == one))
}

/// The tickets that two conditions have in common, for a message: ``tickets of `Sev1`, service `app` ``.
pub(super) fn in_common(a: &Condition, b: &Condition) -> String {
    let both = |a: &Option<Vec<String>>, b: &Option<Vec<String>>| {
        let names = a.as_ref().or(b.as_ref())?;
        let names = names.iter().filter(|name| b.as_ref().is_none_or(|b| b.contains(name)));
        let names: Vec<&str> = names.map(String::as_str).collect();
        (!names.is_empty()).then(|| listed(&names))
    };
    let parts = [
        ("severity", both(&a.severity, &b.severity)),
        ("service", both(&a.service, &b.service)),
        ("customer tier", both(&a.customer_tier, &b.customer_tier)),
        ("tier", both(&a.tier, &b.tier)),
        ("team", both(&a.team, &b.team)),
    ];
    let parts = parts
        .into_iter()
        .filter_map(|(what, names)| Some(format!("{what} {}", names?)));
    let parts: Vec<String> = parts.collect();
    match parts.is_empty() {
        true => "every ticket".to_owned(),
        false => format!("tickets of {}", parts.join(", ")),
    }
}
