//! Roles, gates, changes, communication and learning: what nobody could decide, what is never used, shares above one.

use super::super::problem::{Place, Problems};
use super::super::{
    Action, Duty, Gate, OnTimeout, Parallel, Path, Role, Rule, Scenario, ShareBySeverity, Target, TimeBySeverity, Until,
};
use super::{SLACK, away, holders, milliseconds};
use crate::scenario::words::listed;

pub(super) fn check(scenario: &Scenario, problems: &mut Problems) {
    for (name, role) in &scenario.roles {
        held(name, role, problems);
    }
    held_once(scenario, problems);
    for (name, gate) in &scenario.gates {
        decides(scenario, name, gate, problems);
        waits_for_itself(name, gate, problems);
        asked_twice(scenario, name, gate, problems);
        without_effect(name, gate, problems);
        away::check(scenario, name, gate, problems);
    }
    for (name, rule) in scenario.rules.iter().filter(|(_, rule)| rule.enabled != Some(false)) {
        needs_somebody(scenario, name, rule, problems);
        asks_whom_it_tells(scenario, name, rule, problems);
    }
    shares_of_changes(scenario, problems);
    shares_of_kinds(scenario, problems);
    reviews(scenario, problems);
    never_used(scenario, problems);
}

fn idle(place: Path, message: String, help: &str, problems: &mut Problems) {
    problems.warning("W405", Place::Key(place), message).help(help);
}

fn held(name: &str, role: &Role, problems: &mut Problems) {
    let path = Path::from(["roles", name]);
    match (&role.team, &role.schedule) {
        (None, None) => {
            problems
                .error("E371", path, format!("nobody holds the role `{name}`"))
                .help("write the `team` whose people hold it, or the `schedule` of those on call");
        }
        (Some(_), Some(_)) => {
            problems
                .error(
                    "E371",
                    Place::Key(path.key("schedule")),
                    format!("the role `{name}` is held by a team and by a schedule"),
                )
                .label("by a schedule")
                .also(Place::Key(path.key("team")), "by a team")
                .help("keep one of them");
        }
        _ => {}
    }
    let path = Path::from(["roles", name]);
    if let Some(again) = &role.page_again {
        if role.schedule.is_none() {
            let message = "`page_again` has no effect unless a `schedule` holds the role".to_owned();
            idle(path.key("page_again"), message, "leave it out", problems);
        } else if milliseconds(again) == Some(0) {
            problems
                .error(
                    "E316",
                    path.key("page_again"),
                    "no time at all: pages would be sent without end at one instant",
                )
                .help("write a time, such as \"5m\"");
        }
    }
    let commands = role.duty == Some(Duty::Commander);
    if role.owner_penalty.is_some() && !commands {
        let message = "`owner_penalty` has no effect unless `duty` is `commander`".to_owned();
        idle(path.key("owner_penalty"), message, "leave it out", problems);
    }
    if role.until.is_some() && !commands && role.duty != Some(Duty::Scribe) {
        let message = "`until` has no effect unless `duty` is `commander` or `scribe`".to_owned();
        idle(path.key("until"), message, "leave it out", problems);
    }
}

fn held_once(scenario: &Scenario, problems: &mut Problems) {
    for (duty, word) in [(Duty::Commander, "commander"), (Duty::Scribe, "scribe")] {
        let with = |(_, role): &(&String, &Role)| role.duty == Some(duty);
        let mut roles = scenario.roles.iter().filter(with).map(|(name, _)| name);
        if let (Some(first), Some(second)) = (roles.next(), roles.next()) {
            problems
                .error(
                    "E372",
                    Path::from(["roles", second, "duty"]),
                    format!("`{first}` and `{second}` are both the {word}"),
                )
                .label("again here")
                .also(Path::from(["roles", first, "duty"]), "first here")
                .help("leave the duty of one of them out");
        }
    }
}

fn decides(scenario: &Scenario, name: &str, gate: &Gate, problems: &mut Problems) {
    let path = Path::from(["gates", name]);
    let mut error = |place: Place, message: String, help: &str| {
        problems.error("E373", place, message).help(help);
    };
    if gate.approvers.is_empty() {
        let message = format!("nobody decides at gate `{name}`");
        error(
            path.key("approvers").into(),
            message,
            "name at least one of the `[roles]`",
        );
    }
    if let Some(Parallel::Count(count)) = gate.parallel {
        let asked = gate.approvers.len();
        if count as usize > asked && asked > 0 {
            let message = format!("gate `{name}` needs {count} approvals, and asks only {asked}");
            error(path.key("parallel").into(), message, "ask more roles, or need fewer");
        }
    }
    match (&gate.decision_work, &gate.meeting) {
        (None, None) => error(
            path.clone().into(),
            format!("gate `{name}` does not say how its decisions are made"),
            "write `decision_work`, or the `meeting` that decides",
        ),
        (Some(_), Some(_)) => error(
            Place::Key(path.key("decision_work")),
            format!("gate `{name}` decides in somebody's queue and at a meeting"),
            "keep one of `decision_work` and `meeting`",
        ),
        _ => {}
    }
    if let Some(meeting) = &gate.meeting
        && meeting.calendar == "24x7"
    {
        let message = "the calendar `24x7` never opens: it holds no meetings".to_owned();
        let help = "define a calendar whose hours are the meetings, such as `hours = { Wed = \"14:00-15:00\" }`";
        error(path.key("meeting").key("calendar").into(), message, help);
    }
    if gate.on_timeout == Some(OnTimeout::Deputy) && gate.deputy.is_none() {
        let mut roles = scenario.roles.keys().filter(|role| !gate.approvers.contains(role));
        let help = match roles.next() {
            Some(role) => format!("name the role that is asked then, such as `deputy = \"{role}\"`"),
            None => "define a role that is asked then, and name it: `deputy = \"...\"`".to_owned(),
        };
        problems
            .error("E374", path.key("on_timeout"), format!("gate `{name}` has no deputy"))
            .help(help);
    }
}

/// Actions that need somebody whom the scenario does not have.
fn needs_somebody(scenario: &Scenario, name: &str, rule: &Rule, problems: &mut Problems) {
    let commands = scenario.roles.values().any(|role| role.duty == Some(Duty::Commander));
    for (index, action) in rule.then.iter().enumerate() {
        let (key, message, help) = match action {
            Action::AssignCommander(_) if !commands => (
                "assign_commander",
                "no role commands incidents",
                "give one of the `[roles]` the duty: `duty = \"commander\"`",
            ),
            Action::Update(_) if scenario.communications.is_none() => (
                "update",
                "nobody writes updates: there are no `[communications]`",
                "write `[communications]` with its `update_work`",
            ),
            Action::Brief(_) if scenario.communications.is_none() => (
                "brief",
                "nobody writes briefs: there are no `[communications]`",
                "write `[communications]` with its `brief_work`",
            ),
            _ => continue,
        };
        let place = Path::from(["rules", name, "then"]).index(index).key(key);
        problems.error("E377", Place::Key(place), message).help(help);
    }
}

/// A rule that escalates to somebody and opens the gate at which only they decide: they wait for themselves.
fn asks_whom_it_tells(scenario: &Scenario, name: &str, rule: &Rule, problems: &mut Problems) {
    let path = Path::from(["rules", name, "then"]);
    for (index, action) in rule.then.iter().enumerate() {
        let Action::OpenGate(gate) = action else { continue };
        let approvers = scenario.gates.get(gate).map_or(&[][..], |gate| &gate.approvers);
        let told = rule.then.iter().position(|action| {
            matches!(action, Action::EscalateTo(role) if !approvers.is_empty() && approvers.iter().all(|one| one == role))
        });
        if let Some(told) = told {
            let message = format!("rule `{name}` escalates to whoever alone decides at gate `{gate}`");
            problems
                .error("E375", path.index(index).key("open_gate"), message)
                .also(path.index(told).key("escalate_to"), "the same role")
                .help("let another role decide, or leave the escalation out: the gate asks them already");
        }
    }
}

/// Whoever is to help when the gate is stuck must be somebody else.
fn waits_for_itself(name: &str, gate: &Gate, problems: &mut Problems) {
    let path = Path::from(["gates", name]);
    for (key, role) in [("deputy", &gate.deputy), ("escalate_to", &gate.escalate_to)] {
        let Some(role) = role else { continue };
        let only = gate.approvers.iter().all(|approver| approver == role);
        if only && !gate.approvers.is_empty() {
            let message = format!("gate `{name}` waits for `{role}`, and then asks `{role}` for help");
            problems
                .error("E375", path.key(key), message)
                .also(path.key("approvers"), "the only one who decides")
                .help("name another role");
        }
    }
}

/// A role that decides twice at one gate, and in which nobody else could decide the second time.
fn asked_twice(scenario: &Scenario, name: &str, gate: &Gate, problems: &mut Problems) {
    // Two people of one team may well have to agree.
    let is_one = |role: &String| {
        scenario.roles.get(role).is_some_and(|role| match &role.team {
            Some(team) => holders::of_team(scenario, team).is_some_and(|people| people.len() == 1),
            None => role.schedule.is_some(),
        })
    };
    let path = Path::from(["gates", name, "approvers"]);
    for (index, role) in gate.approvers.iter().enumerate() {
        let first = gate.approvers.iter().position(|other| other == role).unwrap_or(index);
        if first < index && (gate.meeting.is_some() || is_one(role)) {
            problems
                .warning(
                    "W438",
                    path.index(index),
                    format!("`{role}` is to decide at gate `{name}` twice"),
                )
                .label("again here")
                .also(path.index(first), "first here")
                .help("name another role, or leave one of the two out");
        }
    }
}

fn without_effect(name: &str, gate: &Gate, problems: &mut Problems) {
    let path = Path::from(["gates", name]);
    let declines = gate.p_decline.is_some_and(|share| share > 0.0) || gate.on_timeout == Some(OnTimeout::Decline);
    let asks_deputy = gate.on_timeout == Some(OnTimeout::Deputy);
    let limited = gate.timeout.is_some();
    let settings = [
        ("on_timeout", gate.on_timeout.is_some() && !limited, "without `timeout`"),
        ("calendar", gate.calendar.is_some() && !limited, "without `timeout`"),
        (
            "deputy",
            gate.deputy.is_some() && !asks_deputy,
            "unless `on_timeout` is `deputy`",
        ),
        (
            "deputy_work",
            gate.deputy_work.is_some() && !asks_deputy,
            "unless `on_timeout` is `deputy`",
        ),
        (
            "deputy_timeout",
            gate.deputy_timeout.is_some() && !asks_deputy,
            "unless `on_timeout` is `deputy`",
        ),
        (
            "rework",
            gate.rework.is_some() && !declines,
            "where nothing is declined",
        ),
        (
            "max_rounds",
            gate.max_rounds.is_some() && !declines,
            "where nothing is declined",
        ),
        (
            "escalate_to",
            gate.escalate_to.is_some() && !declines,
            "where nothing is declined",
        ),
        (
            "parallel",
            gate.parallel.is_some() && gate.meeting.is_some(),
            "at a meeting: the board decides as one",
        ),
    ];
    for (key, stray, without) in settings {
        if stray {
            let message = format!("`{key}` has no effect {without}");
            idle(
                path.key(key),
                message,
                "leave it out, or change the other setting",
                problems,
            );
        }
    }
}

fn share(shares: &ShareBySeverity, severity: &str) -> f64 {
    match shares {
        ShareBySeverity::All(share) => *share,
        ShareBySeverity::By(shares) => shares.get(severity).or(shares.get("other")).copied().unwrap_or(0.0),
    }
}

fn shares_of_changes(scenario: &Scenario, problems: &mut Problems) {
    let rows = scenario
        .changes
        .iter()
        .map(|(name, row)| (name, &row.share, &row.service));
    at_most_all(scenario, "changes", &rows.collect::<Vec<_>>(), problems);
}

fn shares_of_kinds(scenario: &Scenario, problems: &mut Problems) {
    let rows = scenario
        .kinds
        .iter()
        .map(|(name, row)| (name, &row.share, &row.service));
    at_most_all(scenario, "kinds", &rows.collect::<Vec<_>>(), problems);
}

type Row<'a> = (&'a String, &'a ShareBySeverity, &'a Option<Vec<String>>);

/// A ticket falls to one row at most: the shares of each service and severity add to at most 1.
fn at_most_all(scenario: &Scenario, table: &str, rows: &[Row], problems: &mut Problems) {
    for service in scenario.services.keys() {
        let of = |row: &&Row| row.2.as_ref().is_none_or(|services| services.contains(service));
        let sum = |severity: &String| rows.iter().filter(of).map(|row| share(row.1, severity)).sum::<f64>();
        let over: Vec<&str> = scenario
            .severities
            .keys()
            .filter(|severity| sum(severity) > 1.0 + SLACK)
            .map(String::as_str)
            .collect();
        let last = rows.iter().rfind(of);
        if let (false, Some((name, _, _))) = (over.is_empty(), last) {
            let message = format!(
                "the shares of `{table}` add to more than all of the {} tickets of `{service}`",
                listed(&over)
            );
            problems
                .error("E376", Path::from([table, name, "share"]), message)
                .help("a ticket falls to one of them at most: the shares of a severity add to at most 1");
            return;
        }
    }
}

fn reviews(scenario: &Scenario, problems: &mut Problems) {
    let Some(reviews) = &scenario.reviews else { return };
    if reviews.severity.is_empty() {
        let message = "no ticket is reviewed: the list of severities is empty".to_owned();
        idle(
            Path::from("reviews.severity"),
            message,
            "name the severities, or leave `[reviews]` out",
            problems,
        );
    }
    if let TimeBySeverity::By(times) = &reviews.due
        && !times.contains_key("other")
    {
        let missing: Vec<&str> = reviews
            .severity
            .iter()
            .filter(|severity| !times.contains_key(*severity))
            .map(String::as_str)
            .collect();
        if !missing.is_empty() {
            let message = format!("`reviews.due` has no time for {}", listed(&missing));
            problems
                .error("E320", Path::from("reviews.due"), message)
                .help("write `other = ...` for the severities that are not named");
        }
    }
}

/// Tables that nothing in the scenario makes use of.
fn never_used(scenario: &Scenario, problems: &mut Problems) {
    let updates = super::targets::tables(scenario)
        .iter()
        .any(|(_, table)| table.values().any(|targets| targets.update.is_some()));
    if scenario.communications.is_some() && !updates && scenario.rules.is_empty() {
        let message = "`[communications]` has no effect: no target `update` makes an update due".to_owned();
        idle(
            Path::from("communications"),
            message,
            "write a target `update` under `[severities]`",
            problems,
        );
    }
    begun_too_early(scenario, problems);
    if scenario.knowledge.is_some() && scenario.kinds.is_empty() {
        let message = "`[knowledge]` has no effect without `[kinds]` of tickets to know about".to_owned();
        idle(
            Path::from("knowledge"),
            message,
            "write at least one: `[kinds.NAME]` with its `share`",
            problems,
        );
    }
    let articles = scenario
        .knowledge
        .as_ref()
        .and_then(|knowledge| knowledge.articles.as_ref());
    if let Some(articles) = articles {
        if articles.renew_after.is_some() && articles.half_life.is_none() {
            idle(
                Path::from("knowledge.articles.renew_after"),
                "articles that never age need no review".to_owned(),
                "write the `half_life` of what they are good for",
                problems,
            );
        }
        if articles.renew_work.is_some() && articles.renew_after.is_none() {
            idle(
                Path::from("knowledge.articles.renew_work"),
                "nothing says when an article is reviewed".to_owned(),
                "write `renew_after`, the age from which one is",
                problems,
            );
        }
    }
    if scenario.reviews.is_none() {
        for (name, _) in scenario.kinds.iter().filter(|(_, kind)| kind.problem.is_some()) {
            let message = format!("the problem of `{name}` is never found: there are no `[reviews]`");
            let path = Path::from(["kinds", name, "problem"]);
            idle(path, message, "write `[reviews]`, or leave the problem out", problems);
        }
    }
    for (path, table) in super::targets::tables(scenario) {
        for (severity, targets) in table {
            until_of_others(&path.key(severity), targets, problems);
        }
    }
}

/// Updates whose work would begin before half of their cadence is over.
fn begun_too_early(scenario: &Scenario, problems: &mut Problems) {
    let lead = scenario
        .communications
        .as_ref()
        .and_then(|written| written.lead_time.as_deref());
    let Some(lead) = lead.and_then(milliseconds) else {
        return;
    };
    for (path, table) in super::targets::tables(scenario) {
        for (severity, targets) in table {
            let cadence = targets.update.as_ref().and_then(super::targets::elapsed_ms);
            if cadence.is_some_and(|cadence| cadence < 2 * lead) {
                let message =
                    format!("updates for `{severity}` are begun when half of their cadence is over, not sooner");
                problems
                    .warning("W405", Path::from("communications.lead_time"), message)
                    .also(path.key(severity).key("update"), "this cadence")
                    .help("write a lead time of at most half of the cadence");
                return;
            }
        }
    }
}

fn until_of_others(path: &Path, targets: &super::super::Targets, problems: &mut Problems) {
    for (kind, target) in targets
        .each()
        .filter(|(kind, _)| *kind != super::super::TargetKind::Update)
    {
        if let Target::Detailed(detail) = target
            && detail.until == Some(Until::Mitigation)
        {
            let message = "`until` has no effect on a target that is not `update`".to_owned();
            idle(
                path.key(super::targets::key(kind)).key("until"),
                message,
                "leave it out",
                problems,
            );
        }
    }
}
