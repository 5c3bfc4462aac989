//! Circles of transfers: rules that hand a ticket round after a while, back to where it was.
//!
//! Only rules on waiting (`in_queue`, `in_team`, `in_tier`, `with_owner`, `queue_age`) and on what teams promise each other
//! (`own`) are followed: each visit and each owner starts their clock anew, so such a circle ends only by its conditions
//! (`rounds`). A rule on another target fires once a clock; one that repeats goes on only as long as its conditions hold
//! whenever it is due.

use super::super::problem::{Place, Problems};
use super::super::{Action, Condition, Path, Rule, Scenario, TargetKind, Trigger};
use super::overlap::{asked, used_up};
use super::pairs::changes_severity;
use super::rounds::goes_on;
use super::rules::{admits, allowed_ms, is_enabled, passing};
use super::{as_text, milliseconds};
use crate::scenario::words::listed;

/// More than any scenario made by hand needs; a machine-made one must not make the check exponential.
const MOST_STEPS: usize = 20_000;
/// Short circles are looked for first: long ways may use up the steps.
const LONGEST_CIRCLES: [usize; 2] = [6, 24];

/// One rule that moves a ticket from one team to another.
pub(super) struct Transfer<'a> {
    pub name: &'a str,
    pub rule: &'a Rule,
    pub from: &'a str,
    to: &'a str,
    pub after_ms: i64,
    /// What the rule asks for.
    pub asked: Condition,
}

pub(super) fn check(scenario: &Scenario, problems: &mut Problems) {
    let transfers = transfers(scenario);
    let mut search = Search {
        scenario,
        transfers: &transfers,
        circles: Vec::new(),
        longest: 0,
        steps: 0,
    };
    for longest in LONGEST_CIRCLES {
        (search.longest, search.steps) = (longest, 0);
        for start in 0..transfers.len() {
            search.follow(&mut vec![start]);
        }
    }
    for circle in &search.circles {
        report(
            &circle.iter().map(|index| &transfers[*index]).collect::<Vec<_>>(),
            problems,
        );
    }
}

fn transfers(scenario: &Scenario) -> Vec<Transfer<'_>> {
    let mut found = Vec::new();
    for (name, rule) in scenario.rules.iter().filter(|(_, rule)| is_enabled(rule)) {
        let Some(to) = transfers_each_time(rule) else {
            continue;
        };
        let (goals, asked) = (teams_of(scenario, to), asked(rule));
        for (from, table) in &scenario.teams {
            let is_goal = goals.contains(&from.as_str());
            if is_goal || !admits(&asked.team, from) || !admits(&asked.tier, &table.tier) {
                continue;
            }
            let Some(after_ms) = waits_ms(scenario, rule, &asked, from) else {
                continue;
            };
            found.extend(goals.iter().map(|to| Transfer {
                name,
                rule,
                from,
                to,
                after_ms,
                asked: asked.clone(),
            }));
        }
    }
    found
}

/// The teams of a tier, or a team by itself.
pub(super) fn teams_of<'a>(scenario: &'a Scenario, to: &str) -> Vec<&'a str> {
    let teams = scenario.teams.iter();
    let there = teams.filter(|(team, table)| *team == to || table.tier == to);
    there.map(|(team, _)| team.as_str()).collect()
}

/// Where a rule hands tickets, if nothing but its conditions limits how often.
fn transfers_each_time(rule: &Rule) -> Option<&String> {
    if rule.max.is_some() || rule.fires_once() {
        return None;
    }
    rule.then.iter().rev().find_map(|action| match action {
        Action::Transfer(transfer) => Some(transfer.to()),
        _ => None,
    })
}

/// How long a ticket waits with a team until a rule is due that measures each visit: the least time, where it depends on the
/// ticket. `None` where it never is.
fn waits_ms(scenario: &Scenario, rule: &Rule, asked: &Condition, from: &str) -> Option<i64> {
    match &rule.when {
        Trigger::InQueue(clock) | Trigger::InTeam(clock) | Trigger::InTier(clock) | Trigger::WithOwner(clock) => {
            milliseconds(clock.after())
        }
        Trigger::QueueAge { team, at_least } => milliseconds(at_least).filter(|_| team == from),
        _ => {
            let severities = passing(&asked.severity, scenario.severities.keys()).into_iter();
            severities
                .flat_map(|severity| own_ms(scenario, rule, asked, severity, from))
                .min()
        }
    }
}

/// How long tickets of a severity wait with a team until a rule is due on what teams promise each other: as many times as there
/// are targets. One that is due as the ticket comes is not due again at that instant.
pub(super) fn own_ms(scenario: &Scenario, rule: &Rule, asked: &Condition, severity: &str, team: &str) -> Vec<i64> {
    let with_team = Condition {
        team: Some(vec![team.to_owned()]),
        tier: None,
        ..asked.clone()
    };
    let allowed = allowed_ms(scenario, &with_team, severity, TargetKind::Own).into_iter();
    let used_up = allowed.filter_map(|whole| used_up(&rule.when, whole));
    let of_own = used_up.filter(|(of, ms)| *of == TargetKind::Own && *ms > 0);
    of_own.map(|(_, ms)| ms).collect()
}

struct Search<'a> {
    scenario: &'a Scenario,
    transfers: &'a [Transfer<'a>],
    circles: Vec<Vec<usize>>,
    longest: usize,
    steps: usize,
}

impl Search<'_> {
    /// Goes on from the last transfer of `way` until it is back where `way` began.
    fn follow(&mut self, way: &mut Vec<usize>) {
        self.steps += 1;
        let (Some(&first), Some(&last)) = (way.first(), way.last()) else {
            return;
        };
        if self.transfers[last].to == self.transfers[first].from {
            return self.keep(way);
        }
        if way.len() == self.longest || self.steps > MOST_STEPS {
            return;
        }
        for next in 0..self.transfers.len() {
            let transfer = &self.transfers[next];
            let visited = way.iter().any(|step| self.transfers[*step].to == transfer.to);
            if transfer.from == self.transfers[last].to && !visited && self.same_tickets(way, next) {
                way.push(next);
                self.follow(way);
                way.pop();
            }
        }
    }

    fn same_tickets(&self, way: &[usize], next: usize) -> bool {
        let steps = || way.iter().chain([&next]).map(|step| &self.transfers[*step]);
        let conditions = || steps().map(|step| &step.asked);
        let changes = steps().any(|step| step.rule.then.iter().any(changes_severity));
        (changes || meet(conditions().map(|condition| &condition.severity)))
            && meet(conditions().map(|condition| &condition.service))
            && meet(conditions().map(|condition| &condition.customer_tier))
    }

    /// Keeps a circle that goes on for ever, unless one of the same rules is known.
    fn keep(&mut self, way: &[usize]) {
        let rules = |way: &[usize]| {
            let mut rules: Vec<&str> = way.iter().map(|step| self.transfers[*step].name).collect();
            rules.sort_unstable();
            rules
        };
        let new = rules(way);
        let circle: Vec<&Transfer> = way.iter().map(|step| &self.transfers[*step]).collect();
        if !self.circles.iter().any(|known| rules(known) == new) && goes_on(self.scenario, &circle) {
            self.circles.push(way.to_vec());
        }
    }
}

/// Is there a name that all of the lists hold, as far as they are written?
fn meet<'a>(lists: impl Iterator<Item = &'a Option<Vec<String>>>) -> bool {
    let written: Vec<&Vec<String>> = lists.flatten().collect();
    let in_all = |name: &String| written.iter().all(|list| list.contains(name));
    written.first().is_none_or(|first| first.iter().any(in_all))
}

fn report(circle: &[&Transfer], problems: &mut Problems) {
    let (Some(first), Some(last)) = (circle.first(), circle.last()) else {
        return;
    };
    let way: Vec<String> = circle
        .iter()
        .map(|transfer| format!("`{}`", transfer.from))
        .chain([format!("`{}`", last.to)])
        .collect();
    let way = way.join(" → ");
    let rules: Vec<&str> = circle.iter().map(|transfer| transfer.name).collect();
    let total: i64 = circle.iter().map(|transfer| transfer.after_ms).sum();
    let place = |rule: &str| Place::Key(Path::from(["rules", rule]));
    let problem = match total {
        0 => problems.error(
            "E314",
            place(last.name),
            format!("tickets go round without any time passing: {way}"),
        ),
        _ => problems.warning(
            "W404",
            place(last.name),
            format!("tickets may go round for ever, once in {}: {way}", as_text(total)),
        ),
    };
    let again = if circle.len() == 2 {
        "and back again here".to_owned()
    } else {
        format!("the last of {}", listed(&rules))
    };
    let end = "write `max = 1` in one of the rules, or a condition that ends it, such as \
               `if.reassignments = { at_most = 3 }`";
    let help = match circle.iter().any(|transfer| transfer.rule.when.is_on_target()) {
        true => end.to_owned(),
        false => format!("{end}, or another trigger: `consumed` fires once a clock"),
    };
    problem
        .label(again)
        .also(place(first.name), "handed on here")
        .help(help);
}
