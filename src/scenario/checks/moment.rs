//! What is certain of a ticket at the moment at which a rule is due, and conditions that ask for something else.
//!
//! Only what cannot be otherwise counts as certain: a rule that is called impossible cannot be run at all. What an earlier
//! rule of the same moment may have changed (pages, gates, teams, flags, severities) is therefore left out.

use super::super::problem::Problems;
use super::super::{Action, Change, Condition, Count, Hours, Path, Rule, Scenario, TargetKind, Trigger};
use super::firing::{ever_set, lasts};
use super::idle::fires_only_at_once;
use super::overlap::{asked, covers};
use super::pairs::{changes_severity, severity_after};
use super::rank;
use super::rules::{admits, is_enabled};
use super::sources::{Fact, keeps_severity};
use super::targets::key;
use crate::scenario::words::listed;

/// What is certain at a moment.
#[derive(Debug, Default)]
struct Moment<'a> {
    /// Conditions that are either so or not.
    truths: Vec<(&'static str, bool)>,
    /// One of these is the severity.
    severities: Option<Vec<&'a str>>,
    /// The ticket is in this team's queue.
    team: Option<&'a str>,
    /// So many, at least.
    least: Option<(&'static str, u32)>,
    /// There have been none of these.
    none: &'static [&'static str],
    /// At least this share of a target is used up, and its clock runs; if a breach may be kept, of the target that the ticket
    /// had before.
    used: Option<(TargetKind, f64)>,
    /// The target may be another by now: a breach is kept though there is more time.
    may_be_kept: bool,
    /// Nothing of any target is.
    fresh: bool,
}

pub(super) fn check(scenario: &Scenario, problems: &mut Problems) {
    for (name, rule) in scenario.rules.iter().filter(|(_, rule)| is_enabled(rule)) {
        let moment = moment(scenario, name, &rule.when);
        let path = Path::from(["rules", name]);
        let when = path.key("when").key(key_of(&rule.when));
        let mut say = |never: String, part: &str, key: &'static str, help: &str| {
            problems
                .error("E312", path.key(part).key(key), never)
                .also(when.clone(), "waited for here")
                .help(help);
        };
        let never = format!("rule `{name}` can never fire");
        // A rule that holds waits until its conditions come true, if ever.
        if rule.hold != Some(true) {
            for (key, fact) in moment.against(scenario, &rule.if_) {
                let help = match moment.passes(key, &rule.if_) {
                    true => "leave the condition out; with `hold = true` the rule waits until it holds",
                    false => "leave the condition out, or change it",
                };
                say(format!("{never}: {fact}"), "if", key, help);
            }
        }
        for (key, fact) in rule.while_.iter().flat_map(|written| moment.against(scenario, written)) {
            say(format!("{never}: {fact}"), "while", key, "leave the condition out");
        }
        // An exception is looked at whenever the rule would fire.
        let always = match fires_only_at_once(rule) {
            true => moment,
            false => moment.later(&rule.when),
        };
        // What it excepts of what the rule asks for itself is said elsewhere.
        let asked = [Some(&rule.if_), rule.while_.as_ref()];
        let is_said = |except: &Condition| asked.into_iter().flatten().any(|asked| covers(except, asked));
        let except = rule.unless.as_ref().filter(|except| !is_said(except));
        if let Some((key, fact)) = except.and_then(|except| always.implies(scenario, except)) {
            let help = "an exception that always holds leaves nothing: change it, or the trigger";
            say(format!("{never}: {fact}"), "unless", key, help);
        }
    }
    for (name, route) in &scenario.routes {
        for (key, fact) in Moment::of_a_new_ticket(scenario).against(scenario, &route.if_) {
            let path = Path::from(["routes", name, "if"]).key(key);
            problems
                .error("E312", path, format!("route `{name}` never matches: {fact}"))
                .help("leave the condition out; routes say where new tickets enter");
        }
    }
}

/// What is certain when a rule of this name is due.
fn moment<'a>(scenario: &'a Scenario, name: &str, trigger: &'a Trigger) -> Moment<'a> {
    let truths = |truths: &[(&'static str, bool)]| Moment {
        truths: truths.to_vec(),
        ..Moment::default()
    };
    let least = |key, least: u32| Moment {
        least: Some((key, least)),
        ..Moment::default()
    };
    match trigger {
        Trigger::Consumed { of, share } => Moment {
            may_be_kept: trigger.breach().is_some() && !keeps_severity(scenario),
            ..running(*of, *share)
        },
        Trigger::Breached(of) => Moment {
            may_be_kept: !keeps_severity(scenario),
            ..running(*of, 1.0)
        },
        Trigger::Left { of, .. } => running(*of, 0.0),
        Trigger::Pending(_) => truths(&[("pending", true)]),
        Trigger::InQueue(_) => truths(&[("pending", false)]),
        Trigger::WithOwner(_) => truths(&[("owned", true)]),
        Trigger::Unacknowledged(_) => least("pages", 1),
        Trigger::Reassignments(count) => least("reassignments", u32::from(*count)),
        Trigger::Reopenings(count) => least("reopenings", u32::from(*count)),
        Trigger::Reopened(_) => Moment {
            truths: vec![("pending", false)],
            ..least("reopenings", 1)
        },
        Trigger::Chasers(count) => least("chasers", u32::from(*count)),
        Trigger::Linked(count) => least("linked", *count),
        Trigger::SeverityRaised(change) => changed(scenario, name, change, true),
        Trigger::SeverityLowered(change) => changed(scenario, name, change, false),
        Trigger::QueueLength { team, .. } | Trigger::QueueAge { team, .. } => queued(scenario, name, team),
        Trigger::Created(_) => Moment::of_a_new_ticket(scenario),
        Trigger::Declared(_) => truths(&[("major", true)]),
        Trigger::Mitigated(_) => truths(&[("workaround", true)]),
        Trigger::InTeam(_) | Trigger::InTier(_) | Trigger::NoUpdate(_) | Trigger::Resolved(_) => Moment::default(),
    }
}

/// A clock runs, and so much of its target is used up.
fn running(of: TargetKind, used: f64) -> Moment<'static> {
    let (truths, least) = match of {
        TargetKind::FirstResponse => (vec![("answered", false)], None),
        TargetKind::Update => (Vec::new(), None),
        TargetKind::Mitigate => (vec![("workaround", false)], None),
        TargetKind::NextResponse => (vec![("answered", true)], None),
        TargetKind::Resolve | TargetKind::Own => (Vec::new(), None),
        TargetKind::Acknowledge => (Vec::new(), Some(("pages", 1))),
    };
    Moment {
        truths,
        least,
        used: Some((of, used)),
        ..Moment::default()
    }
}

/// A ticket waits in a team's queue, unless another rule of the moment has handed it on.
fn queued<'a>(scenario: &Scenario, name: &str, team: &'a str) -> Moment<'a> {
    let mut handing_on = others(scenario, name, |action| matches!(action, Action::Transfer(_)));
    Moment {
        truths: vec![("pending", false)],
        team: handing_on.next().is_none().then_some(team),
        ..Moment::default()
    }
}

/// A severity has been raised or lowered, from one and to another as far as they are written.
fn changed<'a>(scenario: &'a Scenario, name: &str, change: &Change, raised: bool) -> Moment<'a> {
    let place = |name: &Option<String>| name.as_ref().and_then(|name| rank(&scenario.severities, name));
    let last = scenario.severities.len().saturating_sub(1);
    let (from, to) = (place(&change.from), place(&change.to));
    let fits = |index: &usize| match (to, raised) {
        (Some(to), _) => *index == to,
        (None, true) => *index < from.unwrap_or(last),
        (None, false) => *index > from.unwrap_or(0),
    };
    let severities = scenario.severities.keys().enumerate();
    let severities = severities
        .filter(|(index, _)| fits(index))
        .map(|(_, name)| name.as_str());
    Moment {
        severities: Some(changed_again(scenario, name, severities.collect())),
        ..Moment::default()
    }
}

/// What a severity that has just become one of these may be when a rule of this name has its turn: all that other rules may
/// have made of it at the same instant. If only one thing ever changes severities, that was the change.
fn changed_again<'a>(scenario: &'a Scenario, name: &str, mut severities: Vec<&'a str>) -> Vec<&'a str> {
    let changing: Vec<&Rule> = others(scenario, name, changes_severity).collect();
    let corrected = scenario
        .triage
        .as_ref()
        .is_some_and(|triage| triage.override_.is_some());
    if changing.len() + usize::from(corrected) < 2 {
        return severities;
    }
    let asked: Vec<Condition> = changing.iter().map(|rule| asked(rule)).collect();
    let mut next = 0;
    while let Some(severity) = severities.get(next).copied() {
        for (rule, asked) in changing.iter().zip(&asked) {
            let after = severity_after(scenario, severity, &rule.then);
            if admits(&asked.severity, severity) && !severities.contains(&after) {
                severities.push(after);
            }
        }
        next += 1;
    }
    severities
}

/// Rules beside the one of this name that have such an action.
fn others<'a>(scenario: &'a Scenario, name: &str, is: fn(&Action) -> bool) -> impl Iterator<Item = &'a Rule> {
    let others = scenario.rules.iter().filter(move |(other, _)| *other != name);
    let others = others.map(|(_, rule)| rule).filter(|rule| is_enabled(rule));
    others.filter(move |rule| rule.then.iter().any(is))
}

/// The key of a trigger.
pub(super) fn key_of(trigger: &Trigger) -> &'static str {
    match trigger {
        Trigger::Consumed { .. } => "consumed",
        Trigger::Left { .. } => "left",
        Trigger::Breached(_) => "breached",
        Trigger::Unacknowledged(_) => "unacknowledged",
        Trigger::NoUpdate(_) => "no_update",
        Trigger::Pending(_) => "pending",
        Trigger::Reassignments(_) => "reassignments",
        Trigger::Reopenings(_) => "reopenings",
        Trigger::Chasers(_) => "chasers",
        Trigger::Linked(_) => "linked",
        Trigger::SeverityRaised(_) => "severity_raised",
        Trigger::SeverityLowered(_) => "severity_lowered",
        Trigger::QueueLength { .. } => "queue_length",
        Trigger::QueueAge { .. } => "queue_age",
        Trigger::InQueue(_) => "in_queue",
        Trigger::InTeam(_) => "in_team",
        Trigger::InTier(_) => "in_tier",
        Trigger::WithOwner(_) => "with_owner",
        Trigger::Created(_) => "created",
        Trigger::Declared(_) => "declared",
        Trigger::Mitigated(_) => "mitigated",
        Trigger::Resolved(_) => "resolved",
        Trigger::Reopened(_) => "reopened",
    }
}

impl Moment<'_> {
    fn of_a_new_ticket(scenario: &Scenario) -> Moment<'static> {
        let mut rules = scenario.rules.values().filter(|rule| is_enabled(rule));
        let hands_on = |action: &Action| matches!(action, Action::Transfer(_));
        let may_be_handed_on = rules.any(|rule| rule.then.iter().any(hands_on));
        Moment {
            truths: vec![("pending", false), ("answered", false), ("workaround", false)],
            none: match may_be_handed_on {
                true => &["reopenings", "linked", "chasers"],
                false => &["reopenings", "linked", "chasers", "reassignments"],
            },
            fresh: true,
            ..Moment::default()
        }
    }

    /// What can be counted on later as well: all that goes with a clock, which must still run then; of what has happened, what
    /// never ends.
    fn later(mut self, trigger: &Trigger) -> Self {
        if !lasts(trigger) {
            self.truths
                .retain(|truth| matches!(truth, ("major" | "workaround", true)));
            self.severities = None;
            self.none = &[];
            self.fresh = false;
        }
        self
    }

    /// Conditions that do not hold at this moment, each with the fact that is against it.
    fn against(&self, scenario: &Scenario, condition: &Condition) -> Vec<(&'static str, String)> {
        let mut found = Vec::new();
        for (key, certain) in &self.truths {
            if truth(condition, key).is_some_and(|wanted| wanted != *certain) {
                found.push((*key, in_words(key, *certain)));
            }
        }
        if let (Some(certain), Some(wanted)) = (&self.severities, &condition.severity)
            && !wanted.is_empty()
            && !certain.is_empty()
            && !wanted.iter().any(|name| certain.contains(&name.as_str()))
        {
            found.push(("severity", is_then(certain)));
        }
        if let Some(team) = self.team {
            let tier = scenario.teams.get(team).map(|team| team.tier.as_str());
            let lacks = |wanted: &Option<Vec<String>>, name: &str| {
                let wanted = wanted.as_ref().filter(|wanted| !wanted.is_empty());
                wanted.is_some_and(|wanted| !wanted.iter().any(|one| one == name))
            };
            if lacks(&condition.team, team) {
                found.push(("team", format!("the ticket is with `{team}` then")));
            } else if let Some(tier) = tier.filter(|tier| lacks(&condition.tier, tier)) {
                found.push((
                    "tier",
                    format!("the ticket is with `{team}` then, which works `{tier}`"),
                ));
            }
        }
        found.extend(self.counts_against(condition));
        found.extend(self.clocks_against(condition));
        found
    }

    /// Whether what is against a condition may change later.
    fn passes(&self, key: &str, condition: &Condition) -> bool {
        match key {
            "workaround" | "major" => truth(condition, key) == Some(true),
            "not_breached" => false,
            "consumed" => self.fresh,
            key => self.least.is_none_or(|(counted, _)| counted != key),
        }
    }

    fn counts_against(&self, condition: &Condition) -> Vec<(&'static str, String)> {
        let mut found = Vec::new();
        if let Some((key, least)) = self.least
            && count(condition, key).is_some_and(|(_, most)| most.is_some_and(|most| most < least))
        {
            found.push((key, format!("there have been {least} {} by then, or more", plural(key))));
        }
        for key in self.none {
            if count(condition, key).is_some_and(|(least, _)| least > 0) {
                found.push((*key, format!("there have been no {} yet", plural(key))));
            }
        }
        found
    }

    fn clocks_against(&self, condition: &Condition) -> Vec<(&'static str, String)> {
        let mut found = Vec::new();
        if self.fresh {
            if condition.breached.as_ref().is_some_and(|kinds| !kinds.is_empty()) {
                found.push(("breached", "nothing of a new ticket is overdue yet".to_owned()));
            }
            if condition.consumed.as_ref().and_then(|used| used.at_least) > Some(0.0) {
                let fact = "nothing of a new ticket's targets is used up yet".to_owned();
                found.push(("consumed", fact));
            }
        }
        let Some((of, share)) = self.used else { return found };
        let name = key(of);
        if let Some(below) = condition
            .consumed
            .as_ref()
            .filter(|used| used.of == of)
            .and_then(|used| used.below)
            && below <= share
            && !self.may_be_kept
        {
            found.push((
                "consumed",
                format!("{} % of `{name}` is used up by then, or more", share * 100.0),
            ));
        }
        if share >= 1.0 && condition.not_breached.iter().flatten().any(|kind| *kind == of) {
            found.push(("not_breached", format!("`{name}` has been breached by then")));
        }
        found
    }

    /// Whether all of a condition is certain: the first of its keys, and the fact.
    fn implies(&self, scenario: &Scenario, condition: &Condition) -> Option<(&'static str, String)> {
        let mut rest = condition.clone();
        let mut first = None;
        for (key, certain) in &self.truths {
            if truth(&rest, key) == Some(*certain) {
                forget(&mut rest, key);
                first = first.or_else(|| Some((*key, in_words(key, *certain))));
            }
        }
        if let (Some(certain), Some(wanted)) = (&self.severities, &rest.severity)
            && certain.iter().all(|name| wanted.iter().any(|wanted| wanted == name))
        {
            rest.severity = None;
            first = first.or_else(|| Some(("severity", is_then(certain))));
        }
        for key in self.none {
            if count(&rest, key).is_some_and(|(least, _)| least == 0) {
                forget(&mut rest, key);
                first = first.or_else(|| Some((*key, format!("there have been no {} yet", plural(key)))));
            }
        }
        if self.fresh && rest.not_breached.take().is_some() {
            first = first.or_else(|| Some(("not_breached", "nothing of a new ticket is overdue yet".to_owned())));
        }
        let of_all = forget_what_is_always(scenario, &mut rest);
        first = first.or(of_all);
        (rest == Condition::default()).then_some(first).flatten()
    }
}

/// Takes what is so of every ticket of a scenario at any time out of a condition: the first of its keys, and the fact.
fn forget_what_is_always(scenario: &Scenario, rest: &mut Condition) -> Option<(&'static str, String)> {
    let mut first: Option<(&'static str, String)> = None;
    let mut note = |key, fact: String| first = first.take().or(Some((key, fact)));
    if names_all(&rest.severity, scenario.severities.keys()) {
        rest.severity = None;
        note("severity", "every severity is among them".to_owned());
    }
    if names_all(&rest.service, scenario.services.keys()) {
        rest.service = None;
        note("service", "every service is among them".to_owned());
    }
    if names_all(&rest.tier, scenario.tiers.keys()) {
        rest.tier = None;
        note("tier", "every tier is among them".to_owned());
    }
    if names_all(&rest.team, scenario.teams.keys()) {
        rest.team = None;
        note("team", "every team is among them".to_owned());
    }
    let always = |hours: &Hours| hours.read().is_ok_and(|weekly| weekly.is_always());
    if rest.hours.as_ref().is_some_and(always) {
        (rest.hours, rest.zone) = (None, None);
        note("hours", "these are all hours of the week".to_owned());
    }
    let set = ever_set(scenario);
    let is_never_set = |flags: &Vec<String>| flags.iter().all(|flag| !set.contains(&flag.as_str()));
    if let Some(flags) = rest.no_flags.take_if(|flags| is_never_set(flags)) {
        let flags: Vec<&str> = flags.iter().map(String::as_str).collect();
        note("no_flags", format!("no rule sets the flag {}", listed(&flags)));
    }
    for (fact, key) in NEVER_WITHOUT_SOURCE {
        let is_so = truth(rest, key) == Some(false) || count(rest, key).is_some_and(|(least, _)| least == 0);
        if is_so && !fact.has_source(scenario) {
            forget(rest, key);
            note(key, fact.words().0.to_owned());
        }
    }
    first
}

/// Whether a condition names all of a table.
fn names_all<'k>(wanted: &Option<Vec<String>>, mut all: impl Iterator<Item = &'k String>) -> bool {
    let wanted = wanted.as_ref();
    wanted.is_some_and(|wanted| all.all(|name| wanted.contains(name)))
}

/// What is not so of any ticket, and has not happened to any, unless the scenario has a source of it.
const NEVER_WITHOUT_SOURCE: [(Fact, &str); 9] = [
    (Fact::Asked, "pending"),
    (Fact::Major, "major"),
    (Fact::Gated, "gated"),
    (Fact::Mitigated, "workaround"),
    (Fact::Reassigned, "reassignments"),
    (Fact::Reopened, "reopenings"),
    (Fact::Linked, "linked"),
    (Fact::Paged, "pages"),
    (Fact::Chased, "chasers"),
];

fn is_then(severities: &[&str]) -> String {
    match severities {
        [one] => format!("the ticket is `{one}` then"),
        many => format!("the ticket is one of {} then", listed(many)),
    }
}

fn truth(condition: &Condition, key: &str) -> Option<bool> {
    match key {
        "pending" => condition.pending,
        "owned" => condition.owned,
        "answered" => condition.answered,
        "workaround" => condition.workaround,
        "major" => condition.major,
        "gated" => condition.gated,
        _ => None,
    }
}

fn forget(condition: &mut Condition, key: &str) {
    match key {
        "pending" => condition.pending = None,
        "owned" => condition.owned = None,
        "answered" => condition.answered = None,
        "workaround" => condition.workaround = None,
        "major" => condition.major = None,
        "gated" => condition.gated = None,
        "reassignments" => condition.reassignments = None,
        "reopenings" => condition.reopenings = None,
        "linked" => condition.linked = None,
        "pages" => condition.pages = None,
        "chasers" => condition.chasers = None,
        _ => {}
    }
}

fn in_words(key: &str, certain: bool) -> String {
    let words = match (key, certain) {
        ("pending", true) => "the ticket waits for its customer then",
        ("pending", false) => "the ticket does not wait for its customer then",
        ("owned", _) => "somebody owns the ticket then",
        ("answered", _) => "the ticket has not been answered then",
        ("workaround", true) => "there is a workaround then",
        ("workaround", false) => "there is no workaround then",
        _ => "the ticket is a major incident then",
    };
    words.to_owned()
}

fn plural(key: &str) -> &str {
    match key {
        "linked" => "linked tickets",
        "reassignments" => "changes of team",
        key => key,
    }
}

/// Bounds of a count.
fn count(condition: &Condition, key: &str) -> Option<(u32, Option<u32>)> {
    let count = match key {
        "reassignments" => &condition.reassignments,
        "reopenings" => &condition.reopenings,
        "linked" => &condition.linked,
        "pages" => &condition.pages,
        "chasers" => &condition.chasers,
        _ => return None,
    };
    count.as_ref().map(bounds)
}

/// At least so many, and at most so many.
pub(super) fn bounds(count: &Count) -> (u32, Option<u32>) {
    match count {
        Count::AtLeast(least) => (*least, None),
        Count::Between(bounds) => (bounds.at_least.unwrap_or(0), bounds.at_most),
    }
}
