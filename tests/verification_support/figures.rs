//! What a figure of the cases means: from its metric and slice to the sums of a [`Tally`] that estimate it.
//!
//! Every figure is a ratio of sums over replications (of a time average the denominator is the window, of a count it is 1),
//! a root of one, or a quantile. A slice is read as the few words it consists of; one that is not understood is an error,
//! so that no figure is silently taken for another.

use super::cases::{Case, Expected, Horizon};
use super::language::{alert_name, weekly_rates};
use super::tally::{HOUR_MS, Late, Layout, Lives, Pages, Tally, Times, Visits};
use escalade::model::{Model, TargetKind};

type Pair = Box<dyn Fn(&Tally) -> (f64, f64) + Send + Sync>;

/// How a figure is estimated.
pub enum Statistic {
    /// A ratio of sums: one pair a replication.
    Ratio(Pair),
    /// The square root of one.
    RootOfRatio(Pair),
    /// A quantile of the waits or stays at a station.
    Quantile { station: usize, of_stays: bool, q: f64 },
}

fn ratio(pair: impl Fn(&Tally) -> (f64, f64) + Send + Sync + 'static) -> Statistic {
    Statistic::Ratio(Box::new(pair))
}

const WEEK_H: usize = 168;
const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

fn ms(hours: f64) -> i64 {
    (hours * HOUR_MS).round() as i64
}

/// What has to be counted for the figures of a case.
pub fn layout(expected: &[&Expected], model: &Model) -> Layout {
    let thresholds = |metrics: &[&str]| {
        let wanted = expected
            .iter()
            .filter(|figure| metrics.contains(&figure.metric.as_str()));
        let mut thresholds: Vec<i64> = wanted.filter_map(|figure| figure.t_h).map(ms).collect();
        thresholds.sort_unstable();
        thresholds.dedup();
        thresholds
    };
    let any = |start: &[&str]| {
        let matches = |figure: &&Expected| start.iter().any(|start| figure.metric.starts_with(start));
        expected.iter().copied().any(|figure| matches(&figure))
    };
    let mut instants: Vec<i64> = expected.iter().filter_map(|figure| figure.at_h).map(ms).collect();
    instants.sort_unstable();
    instants.dedup();
    let level_shares = |figure: &&&Expected| figure.slice.starts_with("time with between");
    Layout {
        stations: model.names.teams.clone(),
        severities: model.names.severities.clone(),
        waits_over: thresholds(&[
            "wait_exceeds_share",
            "share",
            "served_within_t_share",
            "served_after_t_share",
            "wait_exceeds_any_share",
            "breach_rate_first_response",
        ]),
        stays_over: thresholds(&["sojourn_exceeds_share"]),
        lives_over: thresholds(&["resolution_exceeds_share"]),
        acknowledged_over: first_timeout(model).into_iter().chain(thresholds(&["share"])).collect(),
        late: expected.iter().filter_map(|figure| late(figure)).collect(),
        instants,
        rules: model.names.rules.clone(),
        alerts: model.names.rules.iter().map(|rule| watched(rule)).collect(),
        samples: any(&["wait_quantile", "sojourn_quantile"]),
        levels: any(&["in_system_variance", "in_system_is"]) || expected.iter().filter(level_shares).count() > 0,
        hourly: any(&["arrivals_mean", "completed_mean", "count_"]),
    }
}

/// The timeout of the first level, if there is a ladder.
fn first_timeout(model: &Model) -> Option<i64> {
    let level = model.on_call.policies.first()?.levels.first()?;
    Some(level.timeout.ms())
}

fn late(figure: &Expected) -> Option<Late> {
    (figure.metric == "late_start_share").then_some(())?;
    Some(Late {
        from: ms(figure.from_h?),
        to: ms(figure.to_h?),
        over: ms(figure.t_h?),
    })
}

/// The kind of target that an alert rule watches.
fn watched(rule: &str) -> Option<TargetKind> {
    let kind = rule.strip_prefix("alert:")?.split(':').next()?;
    TargetKind::ALL.into_iter().find(|known| known.name() == kind)
}

/// Which tickets a figure is about; `None` takes all.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Slice {
    station: Option<usize>,
    truth: Option<usize>,
    reported: Option<usize>,
    escalated: Option<bool>,
}

impl Slice {
    /// Reads a slice such as `L1`, `Sev2 at L1`, `reported Sev1`, `escalated tickets` or `both tiers`.
    fn read(text: &str, layout: &Layout) -> Result<Slice, String> {
        let mut slice = Slice {
            station: layout.stations.iter().position(|name| mentions(text, name)),
            ..Slice::default()
        };
        if layout.severities.len() > 1 {
            let severity = layout.severities.iter().position(|name| mentions(text, name));
            match severity.map(|index| mentions(text, &format!("reported {}", layout.severities[index]))) {
                Some(true) => slice.reported = severity,
                Some(false) => slice.truth = severity,
                None => {}
            }
        }
        if text == "escalated tickets" {
            slice.escalated = Some(true);
        }
        let all = ["all", "both tiers", "all tiers", "accepted tickets"].contains(&text);
        match slice == Slice::default() && !all {
            true => Err(format!("no part of the model is called `{text}`")),
            false => Ok(slice),
        }
    }

    fn takes(self, station: usize, truth: usize, reported: usize) -> bool {
        self.station.is_none_or(|only| only == station)
            && self.truth.is_none_or(|only| only == truth)
            && self.reported.is_none_or(|only| only == reported)
    }

    fn cells(self, tally: &Tally) -> Vec<usize> {
        let severities = 0..tally.layout.severities.len();
        let mut cells = Vec::new();
        for station in 0..tally.layout.stations.len() {
            for truth in severities.clone() {
                let taken = severities
                    .clone()
                    .filter(|reported| self.takes(station, truth, *reported));
                cells.extend(taken.map(|reported| tally.cell(station, truth, reported)));
            }
        }
        cells
    }

    fn sum(self, tally: &Tally, of: impl Fn(&Visits) -> i64) -> f64 {
        self.cells(tally)
            .into_iter()
            .map(|cell| of(&tally.visits[cell]))
            .sum::<i64>() as f64
    }

    fn times(self, tally: &Tally, of: impl Fn(&Visits) -> &Times) -> Times {
        let mut times = Times::default();
        for cell in self.cells(tally) {
            times.merge(of(&tally.visits[cell]));
        }
        times
    }

    /// Waits of all visits: until the work began, or until a rule took the ticket away.
    fn waits(self, tally: &Tally) -> Times {
        let mut times = self.times(tally, |visits| &visits.begun);
        times.merge(&self.times(tally, |visits| &visits.taken_away));
        times
    }

    fn lives(self, tally: &Tally) -> Lives {
        let mut sum = Lives::default();
        for cell in self.cells(tally) {
            for escalated in [false, true] {
                if self.escalated.is_none_or(|only| only == escalated) {
                    sum.merge(&tally.lives[2 * cell + usize::from(escalated)]);
                }
            }
        }
        sum
    }
}

/// Whether a text names something, as whole words.
fn mentions(text: &str, name: &str) -> bool {
    let inside = |character: Option<char>| character.is_some_and(char::is_alphanumeric);
    text.match_indices(name).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + name.len()..].chars().next();
        !inside(before) && !inside(after)
    })
}

fn mean_h(times: &Times) -> (f64, f64) {
    (times.sum_ms as f64 / HOUR_MS, times.count as f64)
}

fn over(times: &Times, threshold: usize) -> (f64, f64) {
    let hits = times.over.get(threshold).copied().unwrap_or(0);
    (hits as f64, times.count as f64)
}

/// Where a threshold stands in the layout.
fn threshold(figure: &Expected, thresholds: &[i64]) -> Result<usize, String> {
    let wanted = figure.t_h.map(ms);
    thresholds
        .iter()
        .position(|known| Some(*known) == wanted)
        .ok_or_else(|| format!("{} has no `t_h`", figure.metric))
}

/// How a figure of a case is estimated.
pub fn statistic(figure: &Expected, case: &Case, layout: &Layout) -> Result<Statistic, String> {
    let rooms = [
        of_pages,
        of_visits,
        of_leaving,
        of_faults,
        of_time,
        of_lives,
        of_instants,
        of_counts,
    ];
    for room in rooms {
        if let Some(statistic) = room(figure, case, layout)? {
            return Ok(statistic);
        }
    }
    Err(format!("no metric is called `{}`", figure.metric))
}

/// Metrics of pages, which say in words what they are.
fn of_pages(figure: &Expected, _case: &Case, layout: &Layout) -> Result<Option<Statistic>, String> {
    let slice = figure.slice.as_str();
    let of_tickets =
        |hits: fn(&Pages) -> u64| ratio(move |tally| (hits(&tally.pages) as f64, tally.pages.tickets as f64));
    let acknowledged = |row: usize, later: bool| {
        ratio(move |tally| {
            let (over, all) = over(&tally.pages.acknowledged, row);
            (if later { over } else { all - over }, all)
        })
    };
    Ok(Some(
        if let Some(level) = number_after(slice, "acknowledged by a page of level ") {
            ratio(move |tally| {
                let hits = tally.pages.by_level.get(level - 1).copied().unwrap_or(0);
                (hits as f64, tally.pages.tickets as f64)
            })
        } else if slice.starts_with("tickets that reach the last resort") {
            of_tickets(|pages| pages.exhausted)
        } else if slice.starts_with("pages sent") {
            of_tickets(|pages| pages.sent)
        } else if slice.starts_with("first page to acknowledgement, tickets acknowledged before") {
            ratio(|tally| mean_h(&tally.pages.before_the_last_resort))
        } else if slice.starts_with("first page to acknowledgement") {
            ratio(|tally| mean_h(&tally.pages.acknowledged))
        } else if slice.starts_with("tickets not acknowledged") {
            acknowledged(threshold(figure, &layout.acknowledged_over)?, true)
        } else if slice.starts_with("tickets acknowledged within the first level's first timeout") {
            acknowledged(0, false)
        } else {
            return Ok(None);
        },
    ))
}

/// Metrics of visits to a station: waits and stays.
fn of_visits(figure: &Expected, case: &Case, layout: &Layout) -> Result<Option<Statistic>, String> {
    let slice = || Slice::read(&figure.slice, layout);
    let begun = |slice: Slice, tally: &Tally| slice.times(tally, |visits| &visits.begun);
    let stays = |slice: Slice, tally: &Tally| slice.times(tally, |visits| &visits.stays);
    Ok(Some(match figure.metric.as_str() {
        "wait_mean_h" => of_times(slice()?, Slice::waits, mean_h),
        "wait_mean_if_waiting_h" => of_times(slice()?, Slice::waits, |waits| {
            (waits.sum_ms as f64 / HOUR_MS, waits.above_zero as f64)
        }),
        "wait_mean_served_h" => of_times(slice()?, begun, mean_h),
        "wait_sd_h" => {
            let (slice, centre) = (slice()?, exact(case, "wait_mean_h", &figure.slice)?);
            Statistic::RootOfRatio(Box::new(move |tally| squares_h2(&slice.waits(tally), centre)))
        }
        "p_wait" => of_times(slice()?, Slice::waits, |waits| {
            (waits.above_zero as f64, waits.count as f64)
        }),
        "wait_exceeds_share" => {
            let row = threshold(figure, &layout.waits_over)?;
            of_times(slice()?, Slice::waits, move |waits| over(waits, row))
        }
        "sojourn_mean_h" => of_times(slice()?, stays, mean_h),
        "sojourn_exceeds_share" => {
            let row = threshold(figure, &layout.stays_over)?;
            of_times(slice()?, stays, move |stays| over(stays, row))
        }
        "wait_quantile_h" | "sojourn_quantile_h" => Statistic::Quantile {
            station: slice()?.station.ok_or("a quantile is of one station")?,
            of_stays: figure.metric == "sojourn_quantile_h",
            q: figure.q.ok_or("a quantile without its `q`")?,
        },
        "visits_mean" => {
            let slice = slice()?;
            ratio(move |tally| (begun(slice, tally).count as f64, tally.created as f64))
        }
        _ => return Ok(None),
    }))
}

/// Metrics of workloads whose customers leave. Where a figure is of one head count, it is of all tickets.
fn of_leaving(figure: &Expected, case: &Case, layout: &Layout) -> Result<Option<Statistic>, String> {
    let slice = match figure.slice.starts_with("with ") && figure.slice.ends_with(" agents") {
        true => Ok(Slice::default()),
        false => Slice::read(&figure.slice, layout),
    };
    let served = |slice: Slice, tally: &Tally| slice.times(tally, |visits| &visits.begun);
    let left = |slice: Slice, tally: &Tally| slice.times(tally, |visits| &visits.taken_away);
    let row = || threshold(figure, &layout.waits_over);
    Ok(Some(match figure.metric.as_str() {
        "abandon_rate" => ratio(|tally| (tally.abandoned as f64, tally.created as f64)),
        "wait_mean_all_h" => of_times(slice?, Slice::waits, mean_h),
        "wait_mean_abandoned_h" => of_times(slice?, left, mean_h),
        "served_within_t_share" | "served_after_t_share" => {
            let (slice, row) = (slice?, row()?);
            let within = figure.metric == "served_within_t_share";
            ratio(move |tally| {
                let (after, all) = over(&served(slice, tally), row);
                (
                    if within { all - after } else { after },
                    slice.waits(tally).count as f64,
                )
            })
        }
        "wait_exceeds_any_share" => {
            let row = row()?;
            of_times(slice?, Slice::waits, move |waits| over(waits, row))
        }
        // The kernel's own verdicts for the target that the scenario has, the waits for the others.
        "breach_rate_first_response" if figure.t_h == least_threshold(case, &figure.metric) => {
            ratio(|tally| (tally.responses.0 as f64, tally.responses.1 as f64))
        }
        "breach_rate_first_response" => {
            let (slice, row) = (slice?, row()?);
            ratio(move |tally| {
                let (late, all) = over(&slice.waits(tally), row);
                let (left_late, all_left) = over(&left(slice, tally), row);
                (late, all - (all_left - left_late))
            })
        }
        _ => return Ok(None),
    }))
}

/// The least `t_h` of a metric's figures.
fn least_threshold(case: &Case, metric: &str) -> Option<f64> {
    let figures = case.expected.iter().filter(|figure| figure.metric == metric);
    figures.filter_map(|figure| figure.t_h).reduce(f64::min)
}

/// Metrics of faults: counts of tickets created between two hours, and of incidents without a child.
fn of_faults(figure: &Expected, case: &Case, _layout: &Layout) -> Result<Option<Statistic>, String> {
    let slice = figure.slice.as_str();
    if slice == "incidents without any child" {
        return Ok(Some(ratio(|tally| {
            let childless = tally.broods.iter().filter(|children| **children == 0).count();
            (childless as f64, tally.broods.len() as f64)
        })));
    }
    let of: for<'a> fn(&'a Tally<'_>) -> &'a Vec<u32> = match slice.split(' ').next() {
        Some("tickets") => |tally| &tally.created_by_hour,
        Some("parents") => |tally| &tally.parents_by_hour,
        Some("children") => |tally| &tally.children_by_hour,
        _ => return Ok(None),
    };
    let Some((from, to)) = number_after(slice, "created in [").zip(number_after(slice, " h, ")) else {
        return Ok(None);
    };
    let count = move |tally: &Tally| total(&of(tally)[from..to]);
    Ok(Some(match figure.metric.as_str() {
        "count_mean" => ratio(move |tally| (count(tally), 1.0)),
        "count_variance" => {
            let centre = exact(case, "count_mean", slice)?;
            ratio(move |tally| ((count(tally) - centre).powi(2), 1.0))
        }
        _ => return Ok(None),
    }))
}

/// A ratio of the times that a slice has.
fn of_times(
    slice: Slice,
    times: impl Fn(Slice, &Tally) -> Times + Send + Sync + 'static,
    pair: impl Fn(&Times) -> (f64, f64) + Send + Sync + 'static,
) -> Statistic {
    ratio(move |tally| pair(&times(slice, tally)))
}

/// Metrics of the time in the window.
fn of_time(figure: &Expected, case: &Case, layout: &Layout) -> Result<Option<Statistic>, String> {
    let slice = || Slice::read(&figure.slice, layout);
    let station = || {
        slice()?
            .station
            .ok_or_else(|| format!("{} is of one station", figure.metric))
    };
    let integral =
        |slice: Slice, of: fn(&Visits) -> i64| ratio(move |tally| (slice.sum(tally, of) / HOUR_MS, tally.window_h()));
    Ok(Some(match figure.metric.as_str() {
        "queue_length_mean" => integral(slice()?, |visits| visits.queue_ms),
        "in_system_mean" => integral(slice()?, |visits| visits.present_ms),
        "in_system_variance" => {
            let centre = exact(case, "in_system_mean", &figure.slice)?;
            ratio(move |tally| share_of_time(tally, |level| (level as f64 - centre).powi(2)))
        }
        "in_system_is_zero_share" => ratio(|tally| share_of_time(tally, |level| one_if(level == 0))),
        "occupancy_share" => {
            let station = station()?;
            ratio(move |tally| occupancy(tally, station))
        }
        "flow_per_h" => {
            let station = station()?;
            ratio(move |tally| (tally.entries[station] as f64, tally.window_h()))
        }
        "blocked_share" => blocked(&figure.slice, slice().ok().and_then(|slice| slice.station)),
        "overtime_h_mean" => ratio(|tally| (tally.overtime_ms as f64 / HOUR_MS, 1.0)),
        _ => return Ok(None),
    }))
}

/// Tickets that found a group full, of those that came to it; without a group, those that found all of them full.
fn blocked(slice: &str, station: Option<usize>) -> Statistic {
    let hands_on = slice.contains("these overflow");
    ratio(move |tally| match station {
        Some(station) => {
            let blocked = if hands_on {
                &tally.overflowed
            } else {
                &tally.turned_away
            };
            (blocked[station] as f64, tally.entries[station] as f64)
        }
        None => (tally.turned_away.iter().sum::<u64>() as f64, tally.created as f64),
    })
}

/// `billing tickets worked by pool 2`: of a severity or of all, those that a station began.
fn worked_by(slice: &str, layout: &Layout) -> Result<Statistic, String> {
    let slice = Slice::read(slice, layout)?;
    let all = Slice { station: None, ..slice };
    let begun = |slice: Slice, tally: &Tally| slice.times(tally, |visits| &visits.begun).count as f64;
    Ok(ratio(move |tally| {
        let of = match all.truth {
            Some(_) => begun(all, tally),
            None => tally.created as f64,
        };
        (begun(slice, tally), of)
    }))
}

/// Metrics of whole tickets.
fn of_lives(figure: &Expected, case: &Case, layout: &Layout) -> Result<Option<Statistic>, String> {
    let slice = || Slice::read(&figure.slice, layout);
    Ok(Some(match figure.metric.as_str() {
        "escalations_per_ticket" => {
            let slice = slice()?;
            ratio(move |tally| {
                let lives = slice.lives(tally);
                (lives.escalations as f64, lives.times.count as f64)
            })
        }
        "escalation_rate" => {
            let slice = slice()?;
            let escalated = Slice {
                escalated: Some(true),
                ..slice
            };
            ratio(move |tally| {
                let escalated = escalated.lives(tally).times.count;
                (escalated as f64, slice.lives(tally).times.count as f64)
            })
        }
        "resolution_mean_h" => of_times(slice()?, |slice, tally| slice.lives(tally).times, mean_h),
        "resolution_exceeds_share" => {
            let row = threshold(figure, &layout.lives_over)?;
            of_times(
                slice()?,
                |slice, tally| slice.lives(tally).times,
                move |lives| over(lives, row),
            )
        }
        "mean_h" if figure.slice.starts_with("lateness of breached tickets") => {
            ratio(|tally| mean_h(&tally.late_resolutions))
        }
        "count_mean" | "count_variance" if figure.slice == "reopenings per ticket" => {
            reopenings(&figure.metric, case, figure)?
        }
        "share" => share(figure, layout)?,
        _ => return Ok(None),
    }))
}

/// Metrics of terminating runs, at instants and by time of creation.
fn of_instants(figure: &Expected, _case: &Case, layout: &Layout) -> Result<Option<Statistic>, String> {
    Ok(Some(match figure.metric.as_str() {
        "late_start_share" => {
            let wanted = late(figure).ok_or("a late start without its times")?;
            let row = layout
                .late
                .iter()
                .position(|row| *row == wanted)
                .ok_or("not laid out")?;
            ratio(move |tally| (tally.late[row].0 as f64, tally.late[row].1 as f64))
        }
        "in_system_at_mean" | "queue_at_mean" | "empty_at_share" => {
            let wanted = figure.at_h.map(ms);
            let row = layout.instants.iter().position(|at| Some(*at) == wanted);
            at_instant(&figure.metric, row.ok_or("no `at_h`")?)
        }
        "arrivals_mean" | "completed_mean" => {
            let (from, to) = figure.from_h.zip(figure.to_h).ok_or("no interval")?;
            let hours = from as usize..to as usize;
            let completed = figure.metric == "completed_mean";
            ratio(move |tally| {
                let counts = if completed {
                    &tally.resolved_by_hour
                } else {
                    &tally.created_by_hour
                };
                (total(&counts[hours.clone()]), 1.0)
            })
        }
        _ => return Ok(None),
    }))
}

/// Another exact figure of the same case.
fn exact(case: &Case, metric: &str, slice: &str) -> Result<f64, String> {
    let mut figures = case.expected.iter();
    figures
        .find(|figure| figure.metric == metric && figure.slice == slice)
        .map(Expected::number)
        .ok_or_else(|| format!("{metric} of {slice} is not among the figures"))
}

/// Sum of the squared distances from `centre`, hours².
fn squares_h2(times: &Times, centre: f64) -> (f64, f64) {
    let (sum, count) = (times.sum_ms as f64 / HOUR_MS, times.count as f64);
    let squares = times.squares_ms2 / (HOUR_MS * HOUR_MS);
    (squares - 2.0 * centre * sum + count * centre * centre, count)
}

fn share_of_time(tally: &Tally, of_level: impl Fn(usize) -> f64) -> (f64, f64) {
    let levels = tally.levels_ms.iter().enumerate();
    let weighted: f64 = levels.map(|(level, ms)| of_level(level) * *ms as f64).sum();
    (weighted / HOUR_MS, tally.window_h())
}

fn occupancy(tally: &Tally, station: usize) -> (f64, f64) {
    let [from, until] = &tally.ledgers;
    let before = from.get(station).copied().unwrap_or_default();
    let busy = (until[station].busy_ms - before.busy_ms) as f64;
    let idle = (until[station].idle_ms - before.idle_ms) as f64;
    (busy / HOUR_MS, (busy + idle) / HOUR_MS)
}

fn total(counts: &[u32]) -> f64 {
    counts.iter().copied().map(f64::from).sum()
}

/// Counts at an instant; where the kernel has a mark, it must have seen the same.
fn at_instant(metric: &str, row: usize) -> Statistic {
    let metric = metric.to_owned();
    ratio(move |tally| {
        let (waiting, open) = tally.at_instants[row];
        if let Some(marked) = tally.at_marks[row] {
            assert_eq!(
                marked,
                (waiting, open),
                "(waiting, open) at a mark, against the tickets' own times"
            );
        }
        let value = match metric.as_str() {
            "in_system_at_mean" => open as f64,
            "queue_at_mean" => waiting as f64,
            _ => one_if(open == 0),
        };
        (value, 1.0)
    })
}

fn reopenings(metric: &str, case: &Case, figure: &Expected) -> Result<Statistic, String> {
    if metric == "count_mean" {
        return Ok(ratio(|tally| {
            let lives = Slice::default().lives(tally);
            (lives.reopenings as f64, lives.times.count as f64)
        }));
    }
    let centre = exact(case, "count_mean", &figure.slice)?;
    Ok(ratio(move |tally| {
        let lives = Slice::default().lives(tally);
        let (sum, count) = (lives.reopenings as f64, lives.times.count as f64);
        let squares = lives.reopenings_squared as f64 - 2.0 * centre * sum + count * centre * centre;
        (squares, count)
    }))
}

/// A count of created tickets, which a replication has once or several times.
#[derive(Debug, Clone, Copy)]
enum Count {
    Horizon,
    /// An hour of the week, summed over the weeks.
    HourOfWeek(usize),
    /// An hour of the week, in each week.
    HourOfEachWeek(usize),
    /// Each day of this weekday.
    Day(usize),
}

impl Count {
    fn read(slice: &str) -> Result<Count, String> {
        let weekday = WEEKDAYS.iter().position(|day| slice.contains(day));
        if slice == "no ticket at all" {
            return Ok(Count::Horizon);
        }
        if let Some(hour) = number_after(slice, "hour of week ") {
            return Ok(Count::HourOfWeek(hour));
        }
        if slice.contains("whole horizon") {
            return Ok(Count::Horizon);
        }
        let named_hour = slice
            .split(' ')
            .find_map(|word| word.split_once('-')?.0.parse::<usize>().ok());
        match (weekday, named_hour) {
            (Some(day), Some(hour)) => Ok(Count::HourOfEachWeek(24 * day + hour)),
            (Some(day), None) => Ok(Count::Day(day)),
            (None, _) => Err(format!("no count is called `{slice}`")),
        }
    }

    /// The counts of one replication.
    fn of(self, hours: &[u32]) -> Vec<f64> {
        let weeks = || hours.chunks(WEEK_H);
        match self {
            Count::Horizon => vec![total(hours)],
            Count::HourOfWeek(hour) => vec![weeks().map(|week| f64::from(week[hour])).sum()],
            Count::HourOfEachWeek(hour) => weeks().map(|week| f64::from(week[hour])).collect(),
            Count::Day(day) => weeks().map(|week| total(&week[24 * day..24 * (day + 1)])).collect(),
        }
    }

    /// Its exact mean, by the rates.
    fn mean(self, case: &Case) -> Result<f64, String> {
        let Horizon::Terminating { from_h, to_h } = case.horizon else {
            return Err("counts are of a horizon".into());
        };
        let week = weekly_rates(&case.workload().classes[0].arrivals);
        let weeks = (to_h - from_h) / WEEK_H as f64;
        Ok(match self {
            Count::Horizon => weeks * week.iter().sum::<f64>(),
            Count::HourOfWeek(hour) => weeks * week[hour],
            Count::HourOfEachWeek(hour) => week[hour],
            Count::Day(day) => week[24 * day..24 * (day + 1)].iter().sum(),
        })
    }
}

fn number_after(text: &str, words: &str) -> Option<usize> {
    let rest = &text[text.find(words)? + words.len()..];
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

/// Metrics of counts of created tickets.
fn of_counts(figure: &Expected, case: &Case, _layout: &Layout) -> Result<Option<Statistic>, String> {
    let slice = figure.slice.as_str();
    Ok(Some(match figure.metric.as_str() {
        "count_mean" => each(Count::read(slice)?, |n| n),
        "count_variance" => {
            let count = Count::read(slice)?;
            let centre = count.mean(case)?;
            each(count, move |n| (n - centre).powi(2))
        }
        "count_probability" => {
            let most = match number_after(slice, "at most ") {
                Some(most) => most as f64,
                None if slice.starts_with("no ticket") => 0.0,
                None => return Err(format!("no event is called `{slice}`")),
            };
            each(Count::read(slice)?, move |n| one_if(n <= most))
        }
        "count_covariance" => covariance(slice, case)?,
        _ => return Ok(None),
    }))
}

/// The mean of something of each count.
fn each(count: Count, of: impl Fn(f64) -> f64 + Send + Sync + 'static) -> Statistic {
    ratio(move |tally| {
        let counts = count.of(&tally.created_by_hour);
        (counts.iter().map(|n| of(*n)).sum(), counts.len() as f64)
    })
}

/// `hours of week 10 and 11 of the same week`.
fn covariance(slice: &str, case: &Case) -> Result<Statistic, String> {
    let (first, second) = number_after(slice, "hours of week ")
        .zip(number_after(slice, " and "))
        .ok_or_else(|| format!("no pair of counts is called `{slice}`"))?;
    let [first, second] = [first, second].map(Count::HourOfEachWeek);
    let (of_first, of_second) = (first.mean(case)?, second.mean(case)?);
    Ok(ratio(move |tally| {
        let [first, second] = [first, second].map(|count| count.of(&tally.created_by_hour));
        let products = first.iter().zip(&second).map(|(a, b)| (a - of_first) * (b - of_second));
        (products.sum(), first.len() as f64)
    }))
}

/// Shares that say in words what they are.
fn share(figure: &Expected, layout: &Layout) -> Result<Statistic, String> {
    let slice = figure.slice.as_str();
    if slice.starts_with("begun within t_h") {
        let row = threshold(figure, &layout.waits_over)?;
        return Ok(of_times(Slice::default(), Slice::waits, move |waits| {
            let (over, all) = over(waits, row);
            (all - over, all)
        }));
    }
    if slice.starts_with("time with between ") {
        let least = number_after(slice, "between ").ok_or("no least level")?;
        let most = number_after(slice, " and ").ok_or("no most level")?;
        let within = move |level| one_if((least..=most).contains(&level));
        return Ok(ratio(move |tally| share_of_time(tally, within)));
    }
    if slice.contains("alert") {
        return alerted(slice, layout);
    }
    if slice.contains("worked by") {
        return worked_by(slice, layout);
    }
    let found = share_of_lives(slice).or_else(|| share_of_triage(slice, layout));
    found.ok_or_else(|| format!("no share is called `{slice}`"))
}

fn one_if(so: bool) -> f64 {
    f64::from(u8::from(so))
}

/// Shares of the tickets to which something happened.
fn share_of_lives(slice: &str) -> Option<Statistic> {
    let hits: fn(&Lives) -> u64 = match slice {
        "tickets reopened at least twice" => |lives| lives.reopened_twice,
        _ if slice.starts_with("reopen_rate") => |lives| lives.reopened_once,
        _ if slice.starts_with("override_rate") => |lives| lives.corrected,
        _ => return None,
    };
    Some(ratio(move |tally| {
        let lives = Slice::default().lives(tally);
        (hits(&lives) as f64, lives.times.count as f64)
    }))
}

/// Shares of the triage's matrix, at creation or after the first touch.
fn share_of_triage(slice: &str, layout: &Layout) -> Option<Statistic> {
    let all = TriageSlice {
        later: slice.ends_with("after first touch"),
        ..TriageSlice::default()
    };
    let position = |name: &str| layout.severities.iter().position(|known| known == name);
    let named = |prefix: &str| position(slice.strip_prefix(prefix)?.split([' ', ':']).next()?);
    let any = |starts: [&str; 2]| starts.iter().any(|start| slice.starts_with(start));
    let (top, of) = if any(["severity_accuracy_share", "severity right"]) {
        (all.with(Order::Right), all)
    } else if any(["over_triage_share", "over-triaged"]) {
        (all.with(Order::Over), all)
    } else if any(["under_triage_share", "under-triaged"]) {
        (all.with(Order::Under), all)
    } else if slice == "sev1_recall_share" {
        (all.cell(Some(0), Some(0)), all.cell(Some(0), None))
    } else if let Some(severity) = named("precision of ") {
        (all.cell(Some(severity), Some(severity)), all.cell(None, Some(severity)))
    } else if let Some(severity) = named("tickets reported ").or(named("tickets of severity ")) {
        (all.cell(None, Some(severity)), all)
    } else if let (Some(severity), true) = (named("reported "), slice.contains("that are not")) {
        let reported = all.cell(None, Some(severity));
        (reported.with(Order::Wrong), reported)
    } else if let (Some(truth), Some((_, reported))) = (named("true "), slice.split_once("among reported ")) {
        let reported = Some(position(reported)?);
        (all.cell(Some(truth), reported), all.cell(None, reported))
    } else {
        return None;
    };
    Some(ratio(move |tally| (top.count(tally) as f64, of.count(tally) as f64)))
}

/// How the reported severity stands to the true one.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Order {
    Right,
    Wrong,
    Over,
    Under,
}

/// Tickets by true and reported severity, at creation or `later`: after the first touch.
#[derive(Debug, Clone, Copy, Default)]
struct TriageSlice {
    truth: Option<usize>,
    reported: Option<usize>,
    order: Option<Order>,
    later: bool,
}

impl TriageSlice {
    fn with(self, order: Order) -> TriageSlice {
        TriageSlice {
            order: Some(order),
            ..self
        }
    }

    fn cell(self, truth: Option<usize>, reported: Option<usize>) -> TriageSlice {
        TriageSlice {
            truth,
            reported,
            ..self
        }
    }

    fn takes(self, truth: usize, reported: usize) -> bool {
        let ordered = match self.order {
            None => true,
            Some(Order::Right) => reported == truth,
            Some(Order::Wrong) => reported != truth,
            Some(Order::Over) => reported < truth,
            Some(Order::Under) => reported > truth,
        };
        ordered && self.truth.is_none_or(|only| only == truth) && self.reported.is_none_or(|only| only == reported)
    }

    fn count(self, tally: &Tally) -> u64 {
        let severities = tally.layout.severities.len();
        let pairs = (0..severities * severities).map(|pair| (pair / severities, pair % severities));
        let taken = pairs.filter(|(truth, reported)| self.takes(*truth, *reported));
        taken
            .map(|(truth, reported)| match self.later {
                true => tally.in_the_end[truth * severities + reported],
                false => {
                    let slice = Slice {
                        truth: Some(truth),
                        reported: Some(reported),
                        ..Slice::default()
                    };
                    slice.lives(tally).times.count
                }
            })
            .sum()
    }
}

/// `tickets with the 0.5 alert`, `tickets with a 0.5 alert that go on to breach`: by the rule that alerts at that share.
fn alerted(slice: &str, layout: &Layout) -> Result<Statistic, String> {
    let share = slice.split(' ').find_map(|word| word.parse::<f64>().ok());
    let share = share.ok_or_else(|| format!("no alert is called `{slice}`"))?;
    let rule = layout
        .rules
        .iter()
        .position(|rule| watched(rule).is_some_and(|kind| *rule == alert_name(kind.name(), share)));
    let rule = rule.ok_or_else(|| format!("no rule alerts at {share}"))?;
    Ok(match slice.contains("breach") {
        true => ratio(move |tally| {
            let alerted = tally.alerted[rule];
            (alerted.breached as f64, alerted.count as f64)
        }),
        false => ratio(move |tally| (tally.alerted[rule].count as f64, tally.created as f64)),
    })
}
