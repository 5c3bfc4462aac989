//! Approvers who are off duty for longer than a ticket may take.

use super::super::problem::Problems;
use super::super::{Action, Condition, Gate, Hours, OnTimeout, Parallel, ParallelWord, Path, Scenario, Shift, Team};
use super::overlap::asked;
use super::rules::is_enabled;
use super::targets::{elapsed_ms, tables};
use super::{as_text, milliseconds};
use crate::time::{Days, OpenHours};

/// A gate that only waits must not find its approvers, nor then the deputy, away for longer than a ticket may take.
pub(super) fn check(scenario: &Scenario, name: &str, gate: &Gate, problems: &mut Problems) {
    let timeout = gate.timeout.as_deref().and_then(milliseconds);
    let after = timeout.and(gate.on_timeout).unwrap_or(OnTimeout::Wait);
    let by_the_clock = gate.calendar.is_none() && gate.timeout.as_ref().is_none_or(|text| !text.contains('b'));
    let waits = after == OnTimeout::Wait || after == OnTimeout::Deputy && by_the_clock;
    let tables = tables(scenario).into_iter();
    let targets = tables.flat_map(|(_, table)| table.values().filter_map(|targets| targets.resolve.as_ref()));
    let tightest = targets.filter_map(elapsed_ms).min();
    let (true, None, Some(tightest)) = (waits, &gate.meeting, tightest) else {
        return;
    };
    // Where no deputy is named, or one of the approvers is, that is to be mended first.
    let deputy = gate.deputy.as_ref().filter(|role| !gate.approvers.contains(role));
    if after == OnTimeout::Deputy && deputy.is_none() {
        return;
    }
    let team_of = |role: &String| {
        let team = scenario.roles.get(role)?.team.as_ref()?;
        Some((team, scenario.teams.get(team)?))
    };
    let on_duty_of = |role: &String| team_of(role).map_or_else(always, |(_, table)| on_duty(table));
    let present: Vec<Vec<bool>> = gate.approvers.iter().map(on_duty_of).collect();
    let needed = match gate.parallel {
        None | Some(Parallel::Word(ParallelWord::All)) => gate.approvers.len(),
        Some(Parallel::Word(ParallelWord::Any)) => 1,
        Some(Parallel::Count(count)) => count as usize,
    };
    let enough = |minute: usize| present.iter().filter(|present| present[minute]).count() >= needed;
    let decided = until_next(&(0..MINUTES_A_WEEK).map(enough).collect::<Vec<_>>());
    let deputy = gate.deputy.as_ref().filter(|_| after == OnTimeout::Deputy);
    let deputy = deputy.zip(timeout).map(|(role, timeout)| Deputy {
        after: (timeout / 60_000) as usize,
        decided: until_next(&on_duty_of(role)),
    });
    let opened = opened(scenario, name, gate);
    let waits = (0..MINUTES_A_WEEK).filter(|minute| opened[*minute]);
    let waits = waits.map(|minute| match &deputy {
        Some(deputy) if decided[minute] > deputy.after => {
            deputy.after + deputy.decided[(minute + deputy.after) % MINUTES_A_WEEK]
        }
        _ => decided[minute],
    });
    let longest = waits.max().unwrap_or(0) as i64 * 60_000;
    let first = present.iter().position(|present| present.contains(&false));
    let Some((index, (team, _))) = first.and_then(|index| Some((index, team_of(&gate.approvers[index])?))) else {
        return;
    };
    if longest > tightest {
        let role = &gate.approvers[index];
        let away = as_text(longest);
        let message = match (gate.approvers.len(), &deputy) {
            (_, Some(_)) => {
                format!("gate `{name}` may wait {away} for its deputy: neither they nor its approvers are on duty")
            }
            (1, None) => format!("`{role}` decides at gate `{name}`, and team `{team}` is away for {away} at a time"),
            (asked, None) => {
                format!("gate `{name}` needs {needed} of {asked} roles, and fewer are on duty for {away} at a time")
            }
        };
        problems
            .warning("W471", Path::from(["gates", name, "approvers"]).index(index), message)
            .label(format!("a ticket may take {} as a whole", as_text(tightest)))
            .also(Path::from(["teams", team, "shifts"]), "on duty only then")
            .help(match &deputy {
                Some(_) => "put somebody on duty, or name another deputy",
                None => "write a `timeout` with `on_timeout`, or put somebody on duty",
            });
    }
}

/// Who is asked after so many minutes, and for each minute of the week how long they then take to come.
struct Deputy {
    after: usize,
    decided: Vec<usize>,
}

/// The minutes of a week in which a gate may be opened: of the hours that all rules ask for which open it, where nobody whom it
/// concerns is in another zone.
fn opened(scenario: &Scenario, name: &str, gate: &Gate) -> Vec<bool> {
    let by_change = scenario
        .changes
        .values()
        .any(|change| change.gate.as_deref() == Some(name));
    let by_problem = scenario.kinds.values().filter_map(|kind| kind.problem.as_ref());
    let by_problem = by_problem
        .into_iter()
        .any(|problem| problem.gate.as_deref() == Some(name));
    let roles = gate.approvers.iter().chain(&gate.deputy);
    let teams = roles.filter_map(|role| scenario.teams.get(scenario.roles.get(role)?.team.as_ref()?));
    let mut zones = teams.flat_map(|team| team.shifts.values().map(|shift: &Shift| team.zone_of(Some(shift))));
    let run = scenario.run.zone.as_deref();
    let is_elsewhere = zones.any(|zone| zone.is_some() && zone != run);
    let opens = |action: &Action| matches!(action, Action::OpenGate(gate) if gate == name);
    let rules = scenario
        .rules
        .values()
        .filter(|rule| is_enabled(rule) && rule.then.iter().any(opens));
    let asked: Vec<Condition> = rules.map(asked).collect();
    let hours = |asked: &Condition| {
        asked
            .hours
            .clone()
            .filter(|_| asked.zone.is_none() || asked.zone.as_deref() == run)
    };
    let hours: Option<Vec<Hours>> = asked.iter().map(hours).collect();
    let Some(hours) = hours.filter(|hours| !by_change && !by_problem && !is_elsewhere && !hours.is_empty()) else {
        return always();
    };
    let mut opened = vec![false; MINUTES_A_WEEK];
    for hours in &hours {
        if !mark(hours, &mut opened) {
            return always();
        }
    }
    opened
}

const MINUTES_A_WEEK: usize = 7 * 24 * 60;

fn always() -> Vec<bool> {
    vec![true; MINUTES_A_WEEK]
}

/// The minutes of a week in which a shift of a team is on duty, holidays and clock changes left out.
fn on_duty(team: &Team) -> Vec<bool> {
    if team.headcount.is_some() || team.shifts.is_empty() {
        return always();
    }
    let mut staffed = vec![false; MINUTES_A_WEEK];
    match team.shifts.values().all(|shift| mark(&shift.hours, &mut staffed)) {
        true => staffed,
        false => always(),
    }
}

/// Marks the minutes of opening hours; not if they are always, or cannot be read.
fn mark(hours: &Hours, marked: &mut [bool]) -> bool {
    let Hours::Weekly(text) = hours else { return false };
    for (days, times) in &text.0 {
        let (Ok(days), Ok(times)) = (days.parse::<Days>(), OpenHours::read_day(times)) else {
            return false;
        };
        for (day, hours) in days.iter().flat_map(|day| times.iter().map(move |hours| (day, hours))) {
            let from = day as usize * 1440 + usize::from(hours.open().minutes());
            (from..from + usize::from(hours.minutes())).for_each(|minute| marked[minute % MINUTES_A_WEEK] = true);
        }
    }
    true
}

/// For each minute of the week, how many pass until the next that is covered, a week at most.
fn until_next(covered: &[bool]) -> Vec<usize> {
    let mut waits = vec![MINUTES_A_WEEK; MINUTES_A_WEEK];
    let mut wait = MINUTES_A_WEEK;
    for minute in (0..2 * MINUTES_A_WEEK).rev() {
        let minute = minute % MINUTES_A_WEEK;
        wait = match covered[minute] {
            true => 0,
            false => (wait + 1).min(MINUTES_A_WEEK),
        };
        waits[minute] = wait;
    }
    waits
}
