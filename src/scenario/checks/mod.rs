//! What a scenario means, as far as it shows without a model: sums, contradictions, rules that cannot fire.
//!
//! Everything here reads a scenario whose shape is right: texts can be parsed and names exist. A text that cannot be
//! parsed all the same is passed over, never a panic. A check that has a suggestion gives it.

mod able;
mod away;
mod command;
mod consequences;
mod costs;
mod dates;
mod demand;
mod entry;
mod firing;
mod holders;
mod hours;
mod idle;
mod incidents;
mod laws;
mod moment;
mod never;
mod nobody;
mod oncall;
mod overlap;
mod pairs;
mod people;
mod person;
mod process;
mod rounds;
mod routing;
mod rules;
mod shares;
mod skills;
mod sources;
mod taken;
mod targets;
mod transfers;
mod triage;
mod unpaged;
mod unused;

use super::problem::Problems;
use super::{Hours, Named, Path, Scenario, WeeklyHoursText};
use crate::time::{Length, Written};

pub(super) use unused::check as unused;

/// Checks a scenario whose shape is right.
pub(super) fn check(scenario: &Scenario, problems: &mut Problems) {
    not_empty(scenario, problems);
    run(scenario, problems);
    calendars(scenario, problems);
    demand::check(scenario, problems);
    incidents::check(scenario, problems);
    triage::check(scenario, problems);
    laws::check(scenario, problems);
    people::check(scenario, problems);
    nobody::check(scenario, problems);
    dates::check(scenario, problems);
    process::check(scenario, problems);
    person::check(scenario, problems);
    routing::check(scenario, problems);
    targets::check(scenario, problems);
    rules::check(scenario, problems);
    firing::check(scenario, problems);
    pairs::check(scenario, problems);
    consequences::check(scenario, problems);
    moment::check(scenario, problems);
    entry::check(scenario, problems);
    hours::check(scenario, problems);
    sources::check(scenario, problems);
    unpaged::check(scenario, problems);
    never::check(scenario, problems);
    idle::check(scenario, problems);
    shares::check(scenario, problems);
    able::check(scenario, problems);
    skills::check(scenario, problems);
    transfers::check(scenario, problems);
    oncall::check(scenario, problems);
    costs::check(scenario, problems);
    command::check(scenario, problems);
}

/// A thousand-year plan has to be meant; beyond this, milliseconds no longer fit the events of the kernel.
const LONGEST_RUN_YEARS: i64 = 4_000;
const YEAR_MS: i64 = 31_557_600_000;
/// How far from 1 a sum of shares may be: what rounding leaves of a handful of decimals.
const SLACK: f64 = 1e-6;

fn not_empty(scenario: &Scenario, problems: &mut Problems) {
    let tables = [
        ("severities", "severity", scenario.severities.is_empty()),
        ("services", "service", scenario.services.is_empty()),
        ("tiers", "tier", scenario.tiers.is_empty()),
        ("teams", "team", scenario.teams.is_empty()),
    ];
    for (table, noun, empty) in tables {
        if empty {
            problems
                .error("E319", table, format!("there is no {noun}"))
                .help(format!("add at least one: `[{table}.NAME]`"));
        }
    }
}

fn run(scenario: &Scenario, problems: &mut Problems) {
    let run = &scenario.run;
    let horizon = milliseconds(&run.horizon).unwrap_or(1);
    if horizon == 0 {
        problems
            .error("E316", "run.horizon", "the measured window has no length")
            .help("write how long to measure, such as \"12w\"");
    }
    let written = |text: &Option<String>| text.as_deref().and_then(milliseconds).unwrap_or(0);
    let whole = horizon
        .saturating_add(written(&run.warm_up))
        .saturating_add(written(&run.drain));
    if whole > LONGEST_RUN_YEARS * YEAR_MS {
        let message = format!("the run takes {} years", whole / YEAR_MS);
        problems
            .error("E317", "run.horizon", message)
            .label("with warm-up and drain")
            .help("a run takes at most 4000 years; repeat it instead: `replications`");
    }
}

fn calendars(scenario: &Scenario, problems: &mut Problems) {
    for (name, calendar) in &scenario.calendars {
        if never_opens(&calendar.hours) {
            let message = format!("calendar `{name}` never opens");
            problems
                .error("E110", ["calendars", name, "hours"], message)
                .help(r#"write days and hours: `{ "Mon-Fri" = "09:00-17:00" }`"#);
        }
    }
    for (team, shift_name, shift) in shifts(scenario) {
        if never_opens(&shift.hours) {
            let message = format!("shift `{shift_name}` of team `{team}` is never on duty");
            problems
                .error("E110", ["teams", team, "shifts", shift_name, "hours"], message)
                .help(r#"write days and hours: `{ "Mon-Fri" = "06:00-14:00" }`"#);
        }
    }
}

fn never_opens(hours: &Hours) -> bool {
    matches!(hours, Hours::Weekly(WeeklyHoursText(days)) if days.is_empty())
}

fn shifts(scenario: &Scenario) -> impl Iterator<Item = (&String, &String, &super::Shift)> {
    scenario
        .teams
        .iter()
        .flat_map(|(team, table)| table.shifts.iter().map(move |(name, shift)| (team, name, shift)))
}

/// A written length in milliseconds, of elapsed or of calendar time. `None` if it cannot be read.
fn milliseconds(text: &str) -> Option<i64> {
    text.parse::<Written>().ok().map(|written| written.on_calendar().ms())
}

fn as_text(ms: i64) -> String {
    Length::from_ms(ms).to_string()
}

/// Where `name` stands in a table, from 0.
fn rank<T>(table: &Named<T>, name: &str) -> Option<usize> {
    table.get_index_of(name)
}

/// Reports shares that do not add to 1. `absent` are names that could have a share and have none.
fn adds_to_one(
    shares: &mut dyn Iterator<Item = f64>,
    what: &str,
    absent: &[&str],
    place: Path,
    problems: &mut Problems,
) {
    let sum: f64 = shares.sum();
    if (sum - 1.0).abs() <= SLACK {
        return;
    }
    let sum = (sum * 1e6).round() / 1e6;
    let rest = ((1.0 - sum) * 1e6).round() / 1e6;
    let help = match absent {
        [only] if rest > 0.0 => format!("`{only}` has no share: {rest} would be left for it"),
        _ if rest > 0.0 => format!("{rest} is missing"),
        _ => format!("{} is too much", -rest),
    };
    problems
        .error("E301", place, format!("{what} add to {sum}, not to 1"))
        .help(help);
}
