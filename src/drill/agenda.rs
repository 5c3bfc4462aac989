//! A quarter's drills: which service, which kind of incident, at which time of day, on which day.
//!
//! The grid is service × archetype × time condition. A cell weighs what it costs: severe tickets of that service that arrive
//! at such hours in a quarter, times the simulated hours until an incident is over there, times the archetype's share of the
//! published outages. The next drill is the cell with the largest weight × (quarters since it was rehearsed + 1), and the same
//! factor for its service, its archetype, its severity and its hours, so that none of them is forgotten because it is light.
//! Who comes from nights is left out, and a team all of whose people do is passed over.

use super::DrillError;
use super::archetype::Archetype;
use super::bands::{Quantile, quantile};
use super::choose::{Incident, repair_tier, severity_of_rank};
use super::ical::{Event, calendar};
use super::make::{compiled, scenario};
use super::milestone::Milestone;
use super::moment::{When, is, moments};
use super::offset::words_or_never;
use super::paper::Paper;
use super::record::{Held, Record, quarter, severity};
use super::resting::Nights;
use super::shell::quoted;
use super::stage::Stage;
use crate::experiment::{Rehearsal, Watch};
use crate::model::{Flow, Model};
use crate::scenario::{BASE, Document, Scenario, fingerprint};
use crate::time::{Date, Instant, Length, local_hours};
use jiff::Timestamp;
use serde_json::json;

/// The key by which a folder is known as a plan.
pub const PLAN_MARK: &str = "drill_plan";
/// Quarters that count for what was never rehearsed.
const NEVER: i32 = 8;
/// Moments of a condition that are played, and replications at each.
const MOMENTS: usize = 4;
const REPLICATIONS: u32 = 25;
/// Severities that count as severe: the first two.
const SEVERE: usize = 2;
/// The time conditions.
pub const CONDITIONS: [When; 3] = [When::Office, When::Night, When::Weekend];
/// The columns of `plan.csv`.
pub const COLUMNS: [&str; 12] = [
    "date",
    "start_at",
    "service",
    "archetype",
    "when",
    "severity",
    "announced",
    "weight_incident_h",
    "hours_until_resolved",
    "team",
    "leave_out",
    "command",
];

/// What to plan.
#[derive(Debug)]
pub struct Wish<'a> {
    /// First day of the quarter.
    pub from: Date,
    /// Drills a month.
    pub per_month: u32,
    /// What has been rehearsed.
    pub record: &'a Record,
    /// Archetypes.
    pub archetypes: &'a [Archetype],
    /// The candidate whose policy is rehearsed.
    pub candidate: &'a str,
    /// Seed.
    pub seed: u64,
    /// Threads.
    pub threads: Option<usize>,
    /// The scenario's path, for the commands.
    pub file: &'a str,
}

/// A cell of the grid.
#[derive(Debug, Clone)]
struct Cell {
    service: usize,
    archetype: usize,
    when: When,
    weight: f64,
    hours: Quantile,
    team: usize,
}

/// A planned drill.
#[derive(Debug, Clone, PartialEq)]
pub struct Planned {
    /// The day.
    pub date: Date,
    /// When it begins, RFC 3339.
    pub start_at: String,
    /// The service.
    pub service: String,
    /// The archetype.
    pub archetype: String,
    /// The story's hours.
    pub when: When,
    /// The true severity.
    pub severity: String,
    /// Whether it is announced.
    pub announced: bool,
    /// Simulated incident-hours of its cell in a quarter.
    pub weight: f64,
    /// Median simulated hours until an incident is over there, with its interval.
    pub hours: Quantile,
    /// The team that repairs.
    pub team: String,
    /// People who rest after a night rotation, and do not take part.
    pub leave_out: Vec<String>,
    /// What makes its pack.
    pub command: String,
}

/// A quarter's plan.
#[derive(Debug, Clone)]
pub struct Plan {
    /// 16 hexadecimal digits of the scenario, the candidate and the quarter: a plan that is made again replaces the first one.
    pub id: String,
    /// `2026-Q3`.
    pub quarter: String,
    /// The drills, by day.
    pub drills: Vec<Planned>,
    /// What the plan could not do, and what it did not look at.
    pub remarks: Vec<String>,
}

/// Reads `2026-Q3`; the first day of that quarter.
pub fn read_quarter(text: &str) -> Result<Date, String> {
    let read = text.split_once(['-', ' ']).and_then(|(year, quarter)| {
        let quarter: i8 = quarter
            .trim_start_matches(['Q', 'q'])
            .parse()
            .ok()
            .filter(|quarter| (1..=4).contains(quarter))?;
        Date::new(year.parse().ok()?, quarter * 3 - 2, 1)
    });
    read.ok_or_else(|| format!("`{text}` is not a quarter: write it like 2026-Q3"))
}

/// Plans a quarter. The same document, wish and version give the same plan.
pub fn plan(document: &Document, wish: &Wish, watch: &dyn Watch) -> Result<Plan, DrillError> {
    let scenario = scenario(document, wish.candidate)?;
    let model = compiled(scenario)?;
    let cells = cells(scenario, &model, wish, watch)?;
    let mut planner = Planner {
        nights: Nights::of(scenario, &model.origin, wish.from)?,
        scenario,
        model: &model,
        wish,
        cells,
        held: wish.record.clone(),
        drills: Vec::new(),
        remarks: Vec::new(),
    };
    planner.run();
    planner.look_back();
    let quarter = format!("{}-Q{}", wish.from.year(), (wish.from.month() - 1) / 3 + 1);
    let made_from = format!("{:016x}/{}/{quarter}", document.hash(), wish.candidate);
    Ok(Plan {
        id: format!("{:016x}", fingerprint(made_from.as_bytes())),
        quarter,
        drills: planner.drills,
        remarks: planner.remarks,
    })
}

/// The grid with its weights.
fn cells(scenario: &Scenario, model: &Model, wish: &Wish, watch: &dyn Watch) -> Result<Vec<Cell>, DrillError> {
    let Some(typical) = wish.archetypes.first() else {
        return Err(DrillError::Wrong(
            "the library has no archetype: a plan needs at least one".into(),
        ));
    };
    let shares = published_shares(wish.archetypes);
    let mut cells = Vec::new();
    for service in 0..model.names.services.len() {
        for when in CONDITIONS {
            let severe = severe_tickets(scenario, model, service, when);
            let hours = hours_until_resolved(scenario, model, typical, service, when, wish, watch)?;
            let Some((mean, hours)) = hours else { continue };
            for (archetype, share) in shares.iter().enumerate() {
                let tier = repair_tier(model, &wish.archetypes[archetype], service);
                let team = model.team_of[tier][service].map_or(0, |team| team.index());
                cells.push(Cell {
                    service,
                    archetype,
                    when,
                    weight: severe * mean * share,
                    hours,
                    team,
                });
            }
        }
    }
    Ok(cells)
}

/// An archetype's share of the published outages: its cause's, split among the archetypes of that cause.
fn published_shares(archetypes: &[Archetype]) -> Vec<f64> {
    let part = |one: &Archetype| {
        let alike = archetypes
            .iter()
            .filter(|other| other.published.cause == one.published.cause)
            .count();
        f64::from(one.published.incidents) / alike.max(1) as f64
    };
    let total: f64 = archetypes.iter().map(part).sum();
    archetypes
        .iter()
        .map(|one| part(one) / total.max(f64::MIN_POSITIVE))
        .collect()
}

/// Tickets of the first two severities that arrive in 13 weeks at such hours.
fn severe_tickets(scenario: &Scenario, model: &Model, service: usize, when: When) -> f64 {
    let demand = &model.population.services[service];
    let severe = demand
        .severities
        .get(SEVERE - 1)
        .or(demand.severities.last())
        .copied()
        .unwrap_or(1.0);
    let Some(flow) = &demand.flow else { return 0.0 };
    let mut arrivals = 0.0;
    let (mut from, mut length) = (Instant::START, 0.0);
    for hour in local_hours(model.origin.zone(), &model.origin, model.window.until) {
        if from >= model.window.from {
            length += (hour.until - from).ms() as f64;
            if condition(scenario, model, from) == when {
                arrivals += arriving(flow, from, hour.until);
            }
        }
        from = hour.until;
    }
    let quarter = 13.0 * 7.0 * 86_400_000.0;
    severe * arrivals * quarter / f64::max(length, 1.0)
}

/// Expected arrivals of a flow between two instants.
fn arriving(flow: &Flow, from: Instant, until: Instant) -> f64 {
    let (from, until) = (from.ms() as f64, until.ms() as f64);
    let first = flow.segments.partition_point(|segment| segment.until_ms <= from);
    let mut begin = from;
    let mut sum = 0.0;
    for segment in &flow.segments[first..] {
        let end = segment.until_ms.min(until);
        sum += segment.rate * (end - begin).max(0.0);
        begin = end;
        if begin >= until {
            break;
        }
    }
    sum
}

/// The condition of an instant: every hour has one.
fn condition(scenario: &Scenario, model: &Model, at: Instant) -> When {
    [When::Night, When::Weekend]
        .into_iter()
        .find(|when| is(scenario, model, *when, at))
        .unwrap_or(When::Office)
}

/// Mean hours until an incident is over there (one that is not is counted as long as it was followed), and the median with
/// its interval. `None` if the scenario has no such hour.
fn hours_until_resolved(
    scenario: &Scenario,
    model: &Model,
    archetype: &Archetype,
    service: usize,
    when: When,
    wish: &Wish,
    watch: &dyn Watch,
) -> Result<Option<(f64, Quantile)>, DrillError> {
    let all = moments(scenario, model, when);
    let severities = model.names.severities.len();
    let incident = Incident {
        archetype: archetype.clone(),
        service,
        other: None,
        severity: severity_of_rank(archetype.true_severity, severities),
        reported: severity_of_rank(archetype.first_impression, severities),
        after: Length::ZERO,
    };
    let index = Milestone::ALL
        .iter()
        .position(|one| *one == Milestone::Resolved)
        .unwrap_or(0);
    let mut hours = Vec::new();
    for part in 0..MOMENTS.min(all.len()) {
        let at = all[(2 * part + 1) * all.len() / (2 * MOMENTS.min(all.len()))];
        let stage = Stage::set(scenario, &model.origin, at, std::slice::from_ref(&incident), &[])?;
        let seed = fingerprint(format!("plan {} {}", wish.seed, at.ms()).as_bytes());
        let rehearsal = Rehearsal {
            seed,
            replications: REPLICATIONS,
            threads: wish.threads,
        };
        for played in stage.play(rehearsal, watch)? {
            hours.extend(
                played
                    .reached
                    .iter()
                    .map(|row| row[index].unwrap_or(super::stage::FOLLOW.secs_f64()) / 3600.0),
            );
        }
    }
    if hours.is_empty() {
        return Ok(None);
    }
    hours.sort_by(f64::total_cmp);
    let mean = hours.iter().sum::<f64>() / hours.len() as f64;
    Ok(Some((mean, quantile(&hours, 0.5))))
}

/// Chooses drill after drill.
struct Planner<'a> {
    nights: Nights,
    scenario: &'a Scenario,
    model: &'a Model,
    wish: &'a Wish<'a>,
    cells: Vec<Cell>,
    /// The record and what has been planned since.
    held: Record,
    drills: Vec<Planned>,
    remarks: Vec<String>,
}

impl Planner<'_> {
    fn run(&mut self) {
        for month in 0..3 {
            for number in 0..self.wish.per_month {
                let days = self.days(month, number);
                let Some(first) = days.first().copied() else { continue };
                let Some((day, cell)) = self.rested(&days) else {
                    self.remarks.push(format!(
                        "{first}: no drill, since every team that repairs has one in that month already, or rests after its nights"
                    ));
                    continue;
                };
                self.add(day, &cell);
            }
        }
        if !self.nights.are_there() {
            self.remarks
                .push("The scenario has neither shifts nor on-call duty: nobody's nights were looked at.".into());
        }
    }

    /// Teams that repair in a drill of a day's month, held or planned.
    fn busy(&self, day: Date) -> Vec<usize> {
        let is_of_month = |held: &Held| {
            held.day()
                .is_ok_and(|held| (held.year(), held.month()) == (day.year(), day.month()))
        };
        let held = self.held.drills.iter().filter(|held| is_of_month(held));
        held.filter_map(|held| self.team_of(held)).collect()
    }

    /// The team that repaired in a drill; `None`: of another scenario or library.
    fn team_of(&self, held: &Held) -> Option<usize> {
        let names = &self.model.names.services;
        let is = |cell: &&Cell| {
            names[cell.service] == held.service && self.wish.archetypes[cell.archetype].id == held.archetype
        };
        self.cells.iter().find(is).map(|cell| cell.team)
    }

    /// The best cell, and of the days the one on which the fewest of its team rest. A team all of whose people rest on each of
    /// them is passed over.
    fn rested(&self, days: &[Date]) -> Option<(Date, Cell)> {
        let first = *days.first()?;
        let mut passed_over = self.busy(first);
        loop {
            let cell = self.best(first, &passed_over)?.clone();
            let resting = |day: &Date| self.nights.of_team(cell.team, *day);
            let day = *days.iter().min_by_key(|day| resting(day).0)?;
            let (resting, people) = resting(&day);
            if resting < people || people == 0 {
                return Some((day, cell));
            }
            passed_over.push(cell.team);
        }
    }

    /// Tuesdays, Wednesdays and Thursdays of a week that are no holiday, drills of a month evenly apart.
    fn days(&self, month: i8, number: u32) -> Vec<Date> {
        let Some(first) = Date::new(self.wish.from.year(), self.wish.from.month() + month, 1) else {
            return Vec::new();
        };
        let target = i64::from(28 * (2 * number + 1) / (2 * self.wish.per_month.max(1)));
        let holidays: Vec<Date> = self
            .scenario
            .calendars
            .values()
            .flat_map(|calendar| &calendar.holidays)
            .filter_map(|day| day.parse().ok())
            .collect();
        let taken = |day: &Date| self.drills.iter().any(|drill| drill.date == *day);
        let week = (0..7).map(|later| first.plus_days(target + later));
        week.filter(|day| {
            (1..=3).contains(&day.weekday().index())
                && !holidays.contains(day)
                && !taken(day)
                && day.month() == first.month()
        })
        .collect()
    }

    fn best(&self, day: Date, busy: &[usize]) -> Option<&Cell> {
        let night_due = self.since(day, |held| held.condition() == When::Night && held.announced) >= 4;
        let open_due = self.since(day, |held| held.condition() == When::Office && !held.announced) >= 4;
        let free: Vec<&Cell> = self.cells.iter().filter(|cell| !busy.contains(&cell.team)).collect();
        let mut among = free;
        if self.are_scarce(day) {
            among = only(among, |cell| self.owes(cell.service, day));
        }
        if night_due {
            among = only(among, |cell| cell.when == When::Night);
        } else if open_due {
            among = only(among, |cell| cell.when == When::Office);
        }
        // The first of equals: the order of the file and of the library.
        among
            .into_iter()
            .rev()
            .max_by(|a, b| self.worth(a, day).total_cmp(&self.worth(b, day)))
    }

    /// Whether the year's drills are only just enough for what services with Sev1 are owed.
    fn are_scarce(&self, day: Date) -> bool {
        let missing = |service: usize| {
            if self.has_first(service) {
                2_usize.saturating_sub(self.in_a_year(service, day))
            } else {
                0
            }
        };
        let owed: usize = (0..self.model.names.services.len()).map(missing).sum();
        let held = self.held.drills.iter().filter(|held| is_of_year(held, day)).count();
        owed > 0 && owed + held >= 12 * self.wish.per_month as usize
    }

    fn since(&self, day: Date, fits: impl Fn(&Held) -> bool) -> i32 {
        self.held.quarters_since(day, fits).unwrap_or(NEVER).clamp(0, NEVER)
    }

    fn worth(&self, cell: &Cell, day: Date) -> f64 {
        let service = &self.model.names.services[cell.service];
        let archetype = &self.wish.archetypes[cell.archetype].id;
        let of_service = self.since(day, |held| held.service == *service);
        let of_archetype = self.since(day, |held| held.archetype == *archetype);
        let of_hours = self.since(day, |held| held.condition() == cell.when);
        let same =
            |held: &Held| held.service == *service && held.archetype == *archetype && held.condition() == cell.when;
        let severity = severity(&self.wish.archetypes[cell.archetype], &self.model.names.severities);
        let of_severity = self.since(day, |held| held.severity == severity);
        let factors = [self.since(day, same), of_service, of_archetype, of_hours, of_severity];
        let fresh: f64 = factors.into_iter().map(|since| f64::from(since + 1)).product();
        // A service that has Sev1 is rehearsed twice a year: until it has been, it counts double.
        let owed = if self.owes(cell.service, day) { 2.0 } else { 1.0 };
        cell.weight.max(f64::MIN_POSITIVE) * fresh * owed
    }

    fn owes(&self, service: usize, day: Date) -> bool {
        self.has_first(service) && self.in_a_year(service, day) < 2
    }

    fn has_first(&self, service: usize) -> bool {
        let demand = &self.model.population.services[service];
        demand.severities.first().is_some_and(|share| *share > 0.0)
    }

    /// Drills of a service in the year up to a day.
    fn in_a_year(&self, service: usize, day: Date) -> usize {
        let name = &self.model.names.services[service];
        let theirs = self.held.drills.iter().filter(|held| held.service == *name);
        theirs.filter(|held| is_of_year(held, day)).count()
    }

    fn add(&mut self, day: Date, cell: &Cell) {
        let names = &self.model.names;
        let archetype = &self.wish.archetypes[cell.archetype];
        let unannounced_due = self.since(day, |held| held.condition() == When::Office && !held.announced) >= 4;
        let announced = !(cell.when == When::Office && unannounced_due);
        let time = if cell.when == When::Night { "22:00" } else { "10:00" };
        let zone = self.model.origin.zone();
        let start = self.model.origin.read_instant(&format!("{day}T{time}"), zone);
        let start_at = start.map_or(String::new(), |at| self.model.origin.iso(at));
        let service = names.services[cell.service].clone();
        let severity = severity(archetype, &names.severities);
        let number = self.drills.len() + 1;
        let candidate = match self.wish.candidate {
            BASE => String::new(),
            other => format!(" --candidate {}", quoted(other)),
        };
        let command = format!(
            "escalade drill {}{candidate} --archetype {} --service {} --when {} --date {day}T{time} --seed {} \
             --out out/drill-{day}",
            quoted(self.wish.file),
            archetype.id,
            quoted(&service),
            cell.when.word(),
            self.wish.seed + number as u64
        );
        self.held.drills.push(Held {
            date: day.to_string(),
            drill: format!("planned {number}"),
            service: service.clone(),
            archetype: archetype.id.clone(),
            when: cell.when,
            severity: severity.clone(),
            announced,
            score: None,
        });
        self.drills.push(Planned {
            date: day,
            start_at,
            service,
            archetype: archetype.id.clone(),
            when: cell.when,
            severity,
            announced,
            weight: cell.weight,
            hours: cell.hours,
            team: names.teams[cell.team].clone(),
            leave_out: self.nights.leave_out(cell.team, day),
            command,
        });
    }

    /// Says which services are still owed a drill at the end of the quarter.
    fn look_back(&mut self) {
        let end = self.wish.from.plus_days(91);
        let owed: Vec<&str> = (0..self.model.names.services.len())
            .filter(|service| self.owes(*service, end))
            .map(|service| self.model.names.services[service].as_str())
            .collect();
        if !owed.is_empty() {
            self.remarks.push(format!(
                "Still below two drills a year, though they have Sev1: {}.",
                owed.join(", ")
            ));
        }
    }
}

/// Those that fit, or all if none does.
fn only(among: Vec<&Cell>, fits: impl Fn(&Cell) -> bool) -> Vec<&Cell> {
    let fitting: Vec<&Cell> = among.iter().copied().filter(|cell| fits(cell)).collect();
    if fitting.is_empty() { among } else { fitting }
}

/// Whether a drill was held in the four quarters up to a day's.
fn is_of_year(held: &Held, day: Date) -> bool {
    held.day()
        .is_ok_and(|held| (0..4).contains(&(quarter(day) - quarter(held))))
}

impl Plan {
    /// The plan's files: for whoever prepares the drills, and the calendar for those who take part, without what it is about.
    pub fn files(&self) -> Result<Vec<(String, Vec<u8>)>, csv::Error> {
        let paper = self.paper();
        let mut files = vec![
            ("drills.ics".to_owned(), self.calendar().into_bytes()),
            ("plan.csv".to_owned(), self.csv()?),
            ("plan.html".to_owned(), paper.html().into_bytes()),
            ("plan.md".to_owned(), paper.markdown().into_bytes()),
        ];
        let names: Vec<&str> = files
            .iter()
            .map(|(name, _)| name.as_str())
            .chain(["manifest.json"])
            .collect();
        let manifest =
            json!({ "escalade": env!("CARGO_PKG_VERSION"), PLAN_MARK: 1, "quarter": self.quarter, "files": names });
        files.push(("manifest.json".to_owned(), format!("{manifest:#}\n").into_bytes()));
        Ok(files)
    }

    fn paper(&self) -> Paper {
        let mut paper = Paper::new(format!("Drills of {}", self.quarter), "For facilitators only");
        let rows = self.drills.iter().map(|drill| {
            vec![
                drill.date.to_string(),
                drill.service.clone(),
                drill.archetype.clone(),
                drill.when.label().to_owned(),
                drill.severity.clone(),
                if drill.announced {
                    "yes".to_owned()
                } else {
                    "no".to_owned()
                },
                drill.team.clone(),
                match drill.leave_out.is_empty() {
                    true => "nobody".to_owned(),
                    false => drill.leave_out.join(", "),
                },
                format!("{:.1}", drill.weight),
                words_or_never(drill.hours.value.map(|hours| hours * 3600.0)),
            ]
        });
        paper.table(
            &[
                "day",
                "service",
                "archetype",
                "story",
                "severity",
                "announced",
                "repairs",
                "rests after nights: leave out",
                "incident-hours a quarter",
                "median until resolved",
            ],
            rows.collect(),
        );
        paper.say(
            "Incident-hours: severe tickets of the service at such hours in a quarter, times simulated hours until an incident is \
             over there, times the archetype's share of published outages. It ranks cells; it is no forecast.",
        );
        paper.chapter("Packs");
        paper.list(self.drills.iter().map(|drill| format!("`{}`", drill.command)));
        if !self.remarks.is_empty() {
            paper.chapter("Remarks");
            paper.list(self.remarks.iter().cloned());
        }
        paper
    }

    fn csv(&self) -> Result<Vec<u8>, csv::Error> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(COLUMNS)?;
        for drill in &self.drills {
            writer.write_record([
                &drill.date.to_string(),
                &drill.start_at,
                &drill.service,
                &drill.archetype,
                drill.when.word(),
                &drill.severity,
                &drill.announced.to_string(),
                &drill.weight.to_string(),
                &drill.hours.value.map_or(String::new(), |hours| hours.to_string()),
                &drill.team,
                &drill.leave_out.join(" "),
                &drill.command,
            ])?;
        }
        writer
            .into_inner()
            .map_err(|error| csv::Error::from(error.into_error()))
    }

    /// The announced ones, numbered among themselves: a gap would announce another.
    fn calendar(&self) -> String {
        let announced = self.drills.iter().filter(|drill| drill.announced);
        let events: Vec<Event> = announced
            .enumerate()
            .filter_map(|(index, drill)| {
                let start: Timestamp = drill.start_at.parse().ok()?;
                Some(Event {
                    uid: format!("{}-{}@escalade", self.id, index + 1),
                    start,
                    end: start
                        .saturating_add(jiff::SignedDuration::from_mins(90))
                        .unwrap_or(start),
                    summary: format!("[DRILL] {} no. {}", self.quarter, index + 1),
                    description: "A drill of 90 minutes, and 30 for the hot wash.".to_owned(),
                })
            })
            .collect();
        let stamp = events.first().map_or(Timestamp::UNIX_EPOCH, |event| event.start);
        calendar(&events, stamp)
    }
}
