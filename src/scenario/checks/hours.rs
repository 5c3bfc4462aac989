//! Hours that a rule asks for and in which it is never due: conditions that are never open together, and clocks that stand
//! still meanwhile.

use super::super::problem::{Place, Problems};
use super::super::{CalendarHours, Condition, Hours, Path, Rule, Scenario, Target, TargetKind, Trigger};
use super::milliseconds;
use super::moment::key_of;
use super::rules::{has_target, is_enabled, passing};
use super::sources::keeps_severity;
use super::targets::{clock, of_kind, own_tables, tables};
use crate::time::{Calendar, Date, Instant, Origin, Written, Zone};

/// A year and a day: a calendar that is not open within it never is.
const LOOKED_AT_MS: i64 = 366 * 24 * 3_600_000;

/// Stretches of open time, in order.
type Open = Vec<(Instant, Instant)>;

/// Reads calendars into the stretches of a year.
struct Reader<'a> {
    scenario: &'a Scenario,
    origin: Origin,
}

pub(super) fn check(scenario: &Scenario, problems: &mut Problems) {
    let zone = scenario.run.zone.as_deref().and_then(|text| text.parse().ok());
    let Ok(origin) = Origin::read(&scenario.run.start, &zone.unwrap_or_else(Zone::utc)) else {
        return;
    };
    let reader = Reader { scenario, origin };
    for (name, rule) in scenario.rules.iter().filter(|(_, rule)| is_enabled(rule)) {
        let path = Path::from(["rules", name]);
        for (part, condition) in [
            Some(("if", &rule.if_)),
            rule.while_.as_ref().map(|with| ("while", with)),
        ]
        .into_iter()
        .flatten()
        {
            let never = format!("rule `{name}` can never fire");
            reader.conditions(&never, condition, &path.key(part), problems);
            if part == "while" || rule.hold != Some(true) {
                reader.stands_still(&never, rule, condition, (&path, part), problems);
            }
        }
    }
    for (name, route) in &scenario.routes {
        let never = format!("route `{name}` never matches");
        reader.conditions(&never, &route.if_, &Path::from(["routes", name, "if"]), problems);
    }
}

/// When hours of the week are open, but for those of the holidays, until an instant; `None` if they cannot be read.
pub(super) fn laid_out(
    hours: &Hours,
    zone: Option<&str>,
    holidays: &[String],
    origin: &Origin,
    until: Instant,
) -> Option<Calendar> {
    let zone = match zone {
        Some(text) => text.parse().ok()?,
        None => origin.zone().clone(),
    };
    let holidays: Vec<Date> = holidays.iter().filter_map(|date| date.parse().ok()).collect();
    Some(Calendar::compile(&zone, &hours.read().ok()?, &holidays, origin, until))
}

impl Reader<'_> {
    /// When hours are open within a year; `None` if they are always.
    fn opens(&self, hours: &Hours, zone: Option<&str>, holidays: &[String]) -> Option<Open> {
        if hours.read().is_ok_and(|weekly| weekly.is_always()) {
            return None;
        }
        let until = Instant::from_ms(LOOKED_AT_MS);
        Some(
            laid_out(hours, zone, holidays, &self.origin, until)?
                .intervals()
                .collect(),
        )
    }

    /// A calendar by name; `None` if it is open at every hour of the week.
    fn calendar(&self, name: &str) -> Option<Open> {
        let CalendarHours { zone, hours, holidays } = self.scenario.calendars.get(name)?;
        self.opens(hours, zone.as_deref(), holidays)
    }

    /// The hours of a condition, likewise.
    fn hours(&self, condition: &Condition) -> Option<Open> {
        self.opens(condition.hours.as_ref()?, condition.zone.as_deref(), &[])
    }

    /// Reports a calendar and hours that are never open together.
    fn conditions(&self, never: &str, condition: &Condition, path: &Path, problems: &mut Problems) {
        let open = condition
            .open
            .as_ref()
            .and_then(|name| Some((name, self.calendar(name)?)));
        let Some(((name, open), hours)) = open.zip(self.hours(condition)) else {
            return;
        };
        if !meet(&open, &hours, false) {
            problems
                .error(
                    "E312",
                    path.key("hours"),
                    format!("{never}: `{name}` is closed in all of these hours"),
                )
                .also(path.key("open"), "asked for here")
                .help("leave one of the two out");
        }
    }

    /// Reports hours in which the clock of the trigger stands still, so that it never comes in them.
    fn stands_still(
        &self,
        never: &str,
        rule: &Rule,
        condition: &Condition,
        (path, part): (&Path, &str),
        problems: &mut Problems,
    ) {
        let Some((name, runs)) = self.runs_on(rule).and_then(|name| Some((name, self.calendar(name)?))) else {
            return;
        };
        let asked = [
            ("hours", self.hours(condition)),
            ("open", condition.open.as_ref().and_then(|name| self.calendar(name))),
        ];
        for (key, open) in asked {
            if open.is_some_and(|open| !meet(&runs, &open, true)) {
                let message =
                    format!("{never}: its time is counted on `{name}`, which is closed in all of these hours");
                problems
                    .error("E312", path.key(part).key(key), message)
                    .also(
                        Place::Value(path.key("when").key(key_of(&rule.when))),
                        "runs on that calendar",
                    )
                    .help("write other hours, or another calendar; with `hold = true` the rule waits for its hours");
            }
        }
    }

    /// The calendar on which the time of a rule's trigger runs, if it is one and nothing makes it leap.
    fn runs_on<'s>(&'s self, rule: &'s Rule) -> Option<&'s str> {
        let scenario = self.scenario;
        if let Some((_, clock)) = clock(&rule.when) {
            let (after, detail) = (clock.after(), clock.detail());
            if detail.is_some_and(|detail| detail.with_target == Some(true)) {
                return None;
            }
            let calendar = detail.and_then(|detail| detail.calendar.as_deref());
            // No time at all is over at any hour.
            return self
                .business(after, calendar)
                .filter(|_| milliseconds(after) != Some(0));
        }
        let (Trigger::Consumed { of, .. } | Trigger::Left { of, .. } | Trigger::Breached(of)) = &rule.when else {
            return None;
        };
        // Another severity has another target, of which more may be used up at any hour.
        if !keeps_severity(scenario) {
            return None;
        }
        let severities = passing(&rule.if_.severity, scenario.severities.keys());
        let with: Vec<&str> = severities
            .into_iter()
            .filter(|severity| has_target(scenario, &rule.if_, severity, *of))
            .collect();
        let (tables, own) = (tables(scenario), own_tables(scenario));
        let targets = tables
            .iter()
            .flat_map(|(_, table)| with.iter().filter_map(|severity| of_kind(table.get(*severity)?, *of)));
        let own = own.iter().filter(|_| *of == TargetKind::Own);
        let own = own.flat_map(|(_, table)| with.iter().filter_map(|severity| table.get(*severity)));
        let mut calendars = targets.chain(own).map(|target| match target {
            Target::Plain(text) => self.business(text, None),
            // Read in another zone, the hours of the calendar are others.
            Target::Detailed(detail) if detail.zone.is_some() => None,
            Target::Detailed(detail) => self.business(&detail.within, detail.calendar.as_deref()),
        });
        let first = calendars.next()??;
        calendars.all(|calendar| calendar == Some(first)).then_some(first)
    }

    /// The calendar of a written time; `None` round the clock.
    fn business<'s>(&'s self, text: &str, named: Option<&'s str>) -> Option<&'s str> {
        let run = &self.scenario.run;
        let only = || match self.scenario.calendars.len() {
            1 => self.scenario.calendars.keys().next().map(String::as_str),
            _ => None,
        };
        named.or_else(|| match text.parse().ok()? {
            Written::Business(_) => run.business_calendar.as_deref().or_else(only),
            _ => None,
        })
    }
}

/// The shortest time by the clock in which so much time of a calendar passes: of a named one, or of that of business time.
pub(super) fn shortest_ms(scenario: &Scenario, text: &str, named: Option<&str>, open_ms: i64) -> Option<i64> {
    let zone = scenario.run.zone.as_deref().and_then(|text| text.parse().ok());
    let origin = Origin::read(&scenario.run.start, &zone.unwrap_or_else(Zone::utc)).ok()?;
    let reader = Reader { scenario, origin };
    let open = reader.calendar(reader.business(text, named)?)?;
    let mut shortest: Option<i64> = None;
    let (mut last, mut passed) = (0, 0);
    // From each opening to the end of the stretch in which the time is over.
    for (opens, closes) in &open {
        while passed < open_ms {
            let Some((from, until)) = open.get(last) else {
                return shortest;
            };
            passed += (*until - *from).ms();
            last += 1;
        }
        let (_, until) = open.get(last.checked_sub(1)?)?;
        let whole = (*until - *opens).ms() - (passed - open_ms);
        shortest = Some(shortest.map_or(whole, |known| known.min(whole)));
        passed -= (*closes - *opens).ms();
    }
    shortest
}

/// Whether two lists of stretches have an instant in common. `ends`: the end of a stretch of the first counts as well.
fn meet(first: &Open, second: &Open, ends: bool) -> bool {
    let (mut one, mut other) = (0, 0);
    while let (Some((from, until)), Some((opens, closes))) = (first.get(one), second.get(other)) {
        let ended = if ends { until < opens } else { until <= opens };
        if ended {
            one += 1;
        } else if closes <= from {
            other += 1;
        } else {
            return true;
        }
    }
    false
}

/// Whether the hours of two conditions are never open together.
pub(super) fn are_apart(scenario: &Scenario, a: &Condition, b: &Condition) -> bool {
    let timed = |condition: &Condition| condition.hours.is_some() || condition.open.is_some();
    if !timed(a) || !timed(b) {
        return false;
    }
    let zone = scenario.run.zone.as_deref().and_then(|text| text.parse().ok());
    let Ok(origin) = Origin::read(&scenario.run.start, &zone.unwrap_or_else(Zone::utc)) else {
        return false;
    };
    let reader = Reader { scenario, origin };
    let of = |condition: &Condition| {
        let open = condition.open.as_ref().and_then(|name| reader.calendar(name));
        [open, reader.hours(condition)]
            .into_iter()
            .flatten()
            .collect::<Vec<Open>>()
    };
    let (of_a, of_b) = (of(a), of(b));
    of_a.iter().any(|a| of_b.iter().any(|b| !meet(a, b, false)))
}
