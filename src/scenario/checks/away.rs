//! Approvers who are off duty for longer than a ticket may take.

use super::super::problem::Problems;
use super::super::{Gate, Hours, OnTimeout, Parallel, ParallelWord, Path, Scenario, Team};
use super::as_text;
use crate::time::{Days, OpenHours};

/// A gate that only waits must not find its approvers away for longer than a ticket may take.
pub(super) fn check(scenario: &Scenario, name: &str, gate: &Gate, problems: &mut Problems) {
    let waits = gate.timeout.is_none() || matches!(gate.on_timeout, None | Some(OnTimeout::Wait));
    let targets = scenario
        .severities
        .values()
        .filter_map(|targets| targets.resolve.as_ref());
    let tightest = targets.filter_map(super::targets::elapsed_ms).min();
    let (true, None, Some(tightest)) = (waits, &gate.meeting, tightest) else {
        return;
    };
    let team_of = |role: &String| {
        let team = scenario.roles.get(role)?.team.as_ref()?;
        Some((team, scenario.teams.get(team)?))
    };
    let present: Vec<Vec<bool>> = gate
        .approvers
        .iter()
        .map(|role| team_of(role).map_or_else(always, |(_, table)| on_duty(table)))
        .collect();
    let needed = match gate.parallel {
        None | Some(Parallel::Word(ParallelWord::All)) => gate.approvers.len(),
        Some(Parallel::Word(ParallelWord::Any)) => 1,
        Some(Parallel::Count(count)) => count as usize,
    };
    let enough = |minute: usize| present.iter().filter(|present| present[minute]).count() >= needed;
    let gap = longest_gap_ms(&(0..MINUTES_A_WEEK).map(enough).collect::<Vec<_>>());
    let first = present.iter().position(|present| longest_gap_ms(present) > 0);
    let Some((index, (team, _))) = first.and_then(|index| Some((index, team_of(&gate.approvers[index])?))) else {
        return;
    };
    if gap > tightest {
        let role = &gate.approvers[index];
        let message = match gate.approvers.len() {
            1 => format!(
                "`{role}` decides at gate `{name}`, and team `{team}` is away for {} at a time",
                as_text(gap)
            ),
            asked => format!(
                "gate `{name}` needs {needed} of {asked} roles, and fewer are on duty for {} at a time",
                as_text(gap)
            ),
        };
        problems
            .warning("W471", Path::from(["gates", name, "approvers"]).index(index), message)
            .label(format!("a ticket may take {} as a whole", as_text(tightest)))
            .also(Path::from(["teams", team, "shifts"]), "on duty only then")
            .help("write a `timeout` with `on_timeout`, or put somebody on duty");
    }
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
    for shift in team.shifts.values() {
        let Hours::Weekly(text) = &shift.hours else {
            return always();
        };
        for (days, times) in &text.0 {
            let (Ok(days), Ok(times)) = (days.parse::<Days>(), OpenHours::read_day(times)) else {
                return always();
            };
            for (day, hours) in days.iter().flat_map(|day| times.iter().map(move |hours| (day, hours))) {
                let from = day as usize * 1440 + usize::from(hours.open().minutes());
                (from..from + usize::from(hours.minutes())).for_each(|minute| staffed[minute % MINUTES_A_WEEK] = true);
            }
        }
    }
    staffed
}

/// The longest stretch of a week that is not covered; one over the week's end is one.
fn longest_gap_ms(covered: &[bool]) -> i64 {
    let (mut longest, mut gap) = (0, 0);
    for minute in 0..2 * MINUTES_A_WEEK {
        gap = match covered[minute % MINUTES_A_WEEK] {
            true => 0,
            false => gap + 1,
        };
        longest = longest.max(gap);
    }
    longest.min(MINUTES_A_WEEK) as i64 * 60_000
}
