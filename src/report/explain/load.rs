//! Offered load against capacity: a table with bars, hours of the day as marks, and what follows from them.

use serde_json::{Value, json};

use super::candidates::Explained;
use super::layout::{columns, cut, wrapped};
use super::words::{amount, counted, fine_percent, grouped, hour_of_week, listed, percent};
use crate::model::{Beside, HourLoad, TeamLoad};
use crate::report::screen::left;

/// From this load on waits are long and unsteady: domain.md section 8 has 85 % as the upper end of what teams sustain.
const TIGHT: f64 = 0.85;
/// Columns of the bar that is 100 %.
const BAR: usize = 16;
/// Columns of the widest name.
const NAME_MOST: usize = 14;
/// Eighths of a bar's cell, filled from the left.
const LYING: [char; 9] = [' ', '▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'];
/// Eighths of full load, filled from below.
const STANDING: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
/// Of ratios at one hour, what counts as the same.
const SAME: f64 = 0.005;

/// The base's load.
pub(super) fn text(base: &Explained, zone: &str, width: usize) -> Vec<String> {
    let teams = base.teams();
    let name_width = teams.iter().map(|(name, _)| columns(name).min(NAME_MOST)).max();
    let name_width = name_width.unwrap_or(0).max("team".len());
    let mut lines = vec!["Offered load against capacity, in hours of work a week".to_owned()];
    lines.push(format!(
        "  {:name_width$}  {:>10}  {:>10}  {:>6}",
        "team", "offered", "capacity", "load"
    ));
    lines.extend(
        teams
            .iter()
            .map(|(name, team)| row(&cut(name, NAME_MOST), team, name_width)),
    );
    lines.extend(hours(&teams, zone, name_width, width));
    lines.push(String::new());
    for sentence in remarks(&teams, &base.uncounted(), &base.elsewhere(), base.beside()) {
        lines.extend(indented(&sentence, width));
    }
    lines
}

fn indented(text: &str, width: usize) -> impl Iterator<Item = String> {
    let lines = wrapped(text, width - 2, 0).into_iter();
    lines.map(|line| format!("  {line}"))
}

fn row(name: &str, team: &TeamLoad, name_width: usize) -> String {
    let load = team.ratio().map_or("-".to_owned(), percent);
    let flag = match team.ratio() {
        _ if team.is_overloaded() => "  OVERLOAD",
        Some(ratio) if ratio > TIGHT => "  tight",
        _ => "",
    };
    let load = super::layout::plain(&load);
    format!(
        "  {}  {:>8} h  {:>8} h  {load:>6}  |{}|{flag}",
        left(name, name_width),
        grouped(team.offered_h),
        grouped(team.capacity_h),
        bar(team.ratio().unwrap_or(0.0))
    )
}

/// A lying bar; what is beyond its end is not drawn.
fn bar(ratio: f64) -> String {
    let eighths = (ratio.clamp(0.0, 1.0) * (BAR * 8) as f64).round() as usize;
    (0..BAR)
        .map(|cell| LYING[eighths.saturating_sub(cell * 8).min(8)])
        .collect()
}

/// Loads by hour of the day, working days and weekends apart, of the teams whose load is not the same at every hour.
fn hours(teams: &[(&str, &TeamLoad)], zone: &str, name_width: usize, width: usize) -> Vec<String> {
    let varying: Vec<_> = teams.iter().filter(|(_, team)| varies(team)).collect();
    if varying.is_empty() {
        return vec!["  The load is the same at every hour of the week.".to_owned()];
    }
    let scale = "0     6     12    18    ";
    let mut lines = vec![
        String::new(),
        format!("Load by hour of the day, {zone}"),
        format!(
            "  {:name_width$}  {:<24}   {:<24}",
            "", "Monday to Friday", "Saturday, Sunday"
        )
        .trim_end()
        .to_owned(),
        format!("  {:name_width$}  {scale}   {scale}", "").trim_end().to_owned(),
    ];
    for (name, team) in varying {
        let (week, weekend) = (marks(team, 0..5), marks(team, 5..7));
        lines.push(
            format!("  {}  {week}   {weekend}", left(&cut(name, NAME_MOST), name_width))
                .trim_end()
                .to_owned(),
        );
    }
    let legend = "▁ to █ is a load up to 100 %, ! above that, x work while nobody is on duty";
    lines.extend(indented(legend, width));
    lines
}

/// Whether the ratio differs from hour to hour.
fn varies(team: &TeamLoad) -> bool {
    let mark = |hour: &HourLoad| match hour.ratio() {
        Some(ratio) => ratio,
        None if hour.offered > 0.0 => -1.0,
        None => -2.0,
    };
    let first = team.hours.first().map_or(0.0, mark);
    team.hours.iter().any(|hour| (mark(hour) - first).abs() > SAME)
}

/// A mark an hour of the day, over some days of the week.
fn marks(team: &TeamLoad, days: std::ops::Range<usize>) -> String {
    let of_hour = |hour: usize| {
        let of_day = days.clone().map(|day| team.hours[day * 24 + hour]);
        of_day.fold(HourLoad::default(), |sum, load| HourLoad {
            offered: sum.offered + load.offered,
            on_duty: sum.on_duty + load.on_duty,
        })
    };
    (0..24).map(|hour| mark(of_hour(hour))).collect()
}

fn mark(hour: HourLoad) -> char {
    match hour.ratio() {
        None if hour.offered > 0.0 => 'x',
        None => ' ',
        Some(ratio) if ratio > 1.0 + SAME => '!',
        Some(ratio) => STANDING[((ratio * 8.0).ceil() as usize).clamp(1, 8) - 1],
    }
}

/// What follows from the numbers.
fn remarks(teams: &[(&str, &TeamLoad)], uncounted: &[&str], elsewhere: &[&str], beside: &[Beside]) -> Vec<String> {
    let mut said: Vec<String> = teams.iter().filter_map(|(name, team)| of_team(name, team)).collect();
    let tight = |team: &TeamLoad| team.is_overloaded() || team.ratio().is_some_and(|ratio| ratio > TIGHT);
    if !teams.iter().any(|(_, team)| tight(team)) {
        said.push("No team is brought more than 85 % of what its people have time for.".to_owned());
    }
    if !uncounted.is_empty() {
        let (rules, they_move) = match uncounted.len() {
            1 => ("Rule", "it moves"),
            _ => ("Rules", "they move"),
        };
        said.push(format!(
            "{rules} not counted here: {}. What {they_move} between teams depends on how full their queues are.",
            listed(uncounted, "and")
        ));
    }
    if !beside.is_empty() {
        let works: Vec<&str> = beside.iter().map(|work| in_words(*work)).collect();
        said.push(format!(
            "Work that is not counted here: {}. How much of it there is depends on how long tickets are open.",
            listed(&works, "and")
        ));
    }
    if !elsewhere.is_empty() {
        said.push(format!(
            "What {} cannot get to goes to another team or is turned away, but is counted here where it came first.",
            listed(elsewhere, "or")
        ));
    }
    said.push("Work is counted in the hour in which its ticket is created.".to_owned());
    said
}

fn in_words(work: Beside) -> &'static str {
    match work {
        Beside::Messages => "updates and briefs",
        Beside::Chasers => "answers to customers who ask again",
        Beside::Command => "the command of incidents",
        Beside::Roles => "what rules ask roles for",
        Beside::Lessons => "articles and fixes of problems",
    }
}

/// One line a team that there is something to say of.
fn of_team(name: &str, team: &TeamLoad) -> Option<String> {
    let mut said = Vec::new();
    if team.is_overloaded() {
        said.push(overload(team));
    } else if let Some(ratio) = team.ratio().filter(|ratio| *ratio > TIGHT) {
        let load = fine_percent(ratio);
        said.push(format!(
            "loaded to {load}, above 85 %: waits are long, and grow fast with a little more work"
        ));
    }
    let above = team.hours_above_one().count();
    if let Some((hour, most)) = team.busiest_hour().filter(|_| above > 0 && varies(team)) {
        said.push(format!(
            "more work than it can do in {} of the week, most at {} with {}",
            counted(above, "hour"),
            hour_of_week(hour),
            percent(most)
        ));
    }
    let unstaffed = team.unstaffed_share();
    if unstaffed >= 0.005 && team.capacity_h > 0.0 {
        said.push(format!(
            "{} of the work comes while nobody is on duty, and waits",
            percent(unstaffed)
        ));
    }
    (!said.is_empty()).then(|| format!("{name}: {}.", said.join("; ")))
}

/// An overload said plainly, with what it grows by.
fn overload(team: &TeamLoad) -> String {
    let Some(ratio) = team.ratio() else {
        return "OVERLOAD, work comes to it and nobody is ever on duty".to_owned();
    };
    let (hours, tickets) = (team.growth_h() / 7.0, team.growth_tickets_a_day());
    match hours > 0.01 {
        true => format!(
            "OVERLOAD, {} of what its people have time for; its backlog grows by {} h of work ({} tickets) a day",
            percent(ratio),
            amount(hours),
            amount(tickets)
        ),
        false => "OVERLOAD, all that its people have time for, so that no backlog is ever made good".to_owned(),
    }
}

/// A team's load as numbers.
pub(super) fn json(name: &str, team: &TeamLoad) -> Value {
    let hours = team.hours.iter().map(|hour| json!([hour.offered, hour.on_duty]));
    json!({
        "team": name,
        "attempts_per_week": team.visits,
        "offered_h_per_week": team.offered_h,
        "capacity_h_per_week": team.capacity_h,
        "load_share": team.ratio(),
        "overloaded": team.is_overloaded(),
        "backlog_growth_h_per_day": team.growth_h() / 7.0,
        "backlog_growth_tickets_per_day": team.growth_tickets_a_day(),
        "busiest_hour_of_week": team.busiest_hour().map(|(hour, _)| hour),
        "busiest_hour_load_share": team.busiest_hour().map(|(_, ratio)| ratio),
        "hours_of_week_above_one": team.hours_above_one().collect::<Value>(),
        "unstaffed_share": team.unstaffed_share(),
        "offered_and_on_duty_by_hour_of_week": hours.collect::<Value>(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_full_at_100_percent_and_a_mark_too() {
        assert_eq!(bar(0.5), "████████        ");
        assert_eq!(bar(7.0), "████████████████");
        assert_eq!(bar(1.0 / 128.0), "▏               ");
        let at = |offered| mark(HourLoad { offered, on_duty: 1.0 });
        assert_eq!([at(0.0), at(0.1), at(0.5), at(1.0), at(1.2)], ['▁', '▁', '▄', '█', '!']);
        assert_eq!(
            mark(HourLoad {
                offered: 1.0,
                on_duty: 0.0
            }),
            'x'
        );
    }
}
