//! Routing, overflow, waiting places, conversations at once: settings that contradict each other or do nothing.

use super::super::problem::{Place, Problems};
use super::super::{Assign, Path, Scenario, Team, WhenFull};
use super::milliseconds;
use super::person::needed;

pub(super) fn check(scenario: &Scenario, problems: &mut Problems) {
    for (name, team) in &scenario.teams {
        let path = Path::from(["teams", name]);
        overflow(scenario, name, team, problems);
        full(name, team, problems);
        round(scenario, name, problems);
        concurrency(name, team, problems);
        without_effect(team, &path, problems);
        if let Some(skills) = &team.skills {
            needed(scenario, skills, &path.key("skills"), problems);
        }
        for (shift_name, shift) in &team.shifts {
            if let Some(skills) = &shift.skills {
                needed(
                    scenario,
                    skills,
                    &path.key("shifts").key(shift_name).key("skills"),
                    problems,
                );
            }
        }
    }
    if scenario.handoff.reject_work.is_some() && scenario.handoff.rejected.is_none_or(|share| share == 0.0) {
        warn(
            &"handoff.reject_work".into(),
            "reject_work",
            "without `rejected`",
            problems,
        );
    }
}

fn overflow(scenario: &Scenario, name: &str, team: &Team, problems: &mut Problems) {
    let Some(overflow) = &team.overflow else { return };
    let place = ["teams", name, "overflow", "to"];
    if overflow.to == name {
        problems
            .error("E382", place, format!("team `{name}` overflows to itself"))
            .help("name the team that helps");
        return;
    }
    let Some(other) = scenario.teams.get(&overflow.to) else {
        return;
    };
    if other.tier != team.tier {
        let message = format!(
            "team `{name}` works {}, but overflows to `{}`, which works {}",
            team.tier, overflow.to, other.tier
        );
        problems
            .error("E382", place, message)
            .also(["teams", &overflow.to, "tier"], "another tier")
            .help("the work of another tier is an escalation: write a rule that transfers");
    }
}

fn full(name: &str, team: &Team, problems: &mut Problems) {
    if team.when_full == Some(WhenFull::Overflow) && team.overflow.is_none() {
        let message = format!("what finds no place in team `{name}` is to overflow, but no team helps");
        problems
            .error("E383", ["teams", name, "when_full"], message)
            .help("name the team: `overflow.to`");
    }
}

/// Where a team hands a ticket on without any time passing.
fn at_once(team: &Team) -> Option<&str> {
    let overflow = team.overflow.as_ref()?;
    let moves = overflow.r#move == Some(true) && overflow.after.as_deref().and_then(milliseconds) == Some(0);
    let full = team.places.is_some() && team.when_full == Some(WhenFull::Overflow);
    (moves || full).then_some(overflow.to.as_str())
}

/// Reports teams that hand a ticket round among them at one instant: each full, or moving at once what it does not get to.
fn round(scenario: &Scenario, name: &str, problems: &mut Problems) {
    let mut circle = vec![name];
    while let Some(to) = circle.last().and_then(|team| at_once(scenario.teams.get(*team)?)) {
        if to == name {
            circle.push(name);
            // Each circle is told once, of its first team in the file.
            let first = scenario.teams.keys().find(|team| circle.contains(&team.as_str()));
            if circle.len() > 2 && first.is_some_and(|first| first == name) {
                problems
                    .error(
                        "E385",
                        ["teams", name, "overflow", "to"],
                        format!("tickets go round: {}", circle.join(" → ")),
                    )
                    .help("let the last of them keep what it gets, or turn it away: leave out its `overflow`");
            }
            return;
        }
        if circle.contains(&to) {
            return;
        }
        circle.push(to);
    }
}

fn concurrency(name: &str, team: &Team, problems: &mut Problems) {
    if team.concurrency.is_some() && team.preemption.is_some() {
        let message = format!("people of team `{name}` have several conversations at once, and are interrupted");
        problems
            .error("E384", ["teams", name, "preemption"], message)
            .also(["teams", name, "concurrency"], "several at once")
            .help("what is urgent takes a person alone: `concurrency.exclusive`, or a team of its own");
    }
}

fn without_effect(team: &Team, path: &Path, problems: &mut Problems) {
    if team.when_full.is_some() && team.places.is_none() {
        warn(&path.key("when_full"), "when_full", "without `places`", problems);
    }
    if let Some(overflow) = &team.overflow {
        let only_full = overflow.after.is_none();
        if only_full && team.when_full != Some(WhenFull::Overflow) {
            let place = path.key("overflow");
            warn(
                &place,
                "overflow",
                "without `after`, or `when_full = \"overflow\"`",
                problems,
            );
        }
        if only_full && overflow.r#move.is_some() {
            warn(&path.key("overflow").key("move"), "move", "without `after`", problems);
        }
    }
    let Some(routing) = &team.routing else { return };
    let place = path.key("routing");
    if routing.sticky_wait.is_some() && routing.sticky != Some(true) {
        warn(
            &place.key("sticky_wait"),
            "sticky_wait",
            "unless `sticky` is `true`",
            problems,
        );
    }
    let pushes = routing.assign == Some(Assign::Push);
    for (key, written) in [
        ("holds", routing.holds.is_some()),
        ("return_after", routing.return_after.is_some()),
    ] {
        if written && !pushes {
            warn(&place.key(key), key, "unless `assign` is `push`", problems);
        }
    }
}

fn warn(path: &Path, key: &str, without: &str, problems: &mut Problems) {
    problems
        .warning(
            "W405",
            Place::Key(path.clone()),
            format!("`{key}` has no effect {without}"),
        )
        .help("leave it out, or change the other setting");
}
