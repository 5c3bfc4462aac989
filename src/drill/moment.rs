//! When an incident strikes: the instants of a scenario that are night, weekend, holiday, office hours or a change of shift.
//!
//! Instants are those of the measured window, by the clocks of the run's zone. Which of them is taken is drawn elsewhere.

use crate::model::Model;
use crate::scenario::Scenario;
use crate::time::{Date, Instant, Length, local_hours};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A kind of moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum When {
    /// Any hour.
    Any,
    /// Monday to Friday, 09:00 to 17:00, no holiday.
    Office,
    /// 23:00 to 07:00.
    Night,
    /// Saturday and Sunday.
    Weekend,
    /// A quarter of an hour before a shift ends.
    ShiftChange,
    /// A day that one of the calendars has as a holiday.
    Holiday,
}

impl When {
    /// All but [`When::Any`].
    pub const KINDS: [When; 5] = [
        When::Office,
        When::Night,
        When::Weekend,
        When::ShiftChange,
        When::Holiday,
    ];

    /// As it is written.
    pub fn word(self) -> &'static str {
        match self {
            When::Any => "any",
            When::Office => "office",
            When::Night => "night",
            When::Weekend => "weekend",
            When::ShiftChange => "shift-change",
            When::Holiday => "holiday",
        }
    }

    /// What people call it.
    pub fn label(self) -> &'static str {
        match self {
            When::Any => "any hour",
            When::Office => "office hours",
            When::Night => "at night",
            When::Weekend => "at the weekend",
            When::ShiftChange => "at a change of shift",
            When::Holiday => "on a holiday",
        }
    }

    /// Why a scenario may have no such moment, and what would give it one.
    pub(super) fn missing(self) -> &'static str {
        match self {
            When::ShiftChange => {
                "no shift ends in its measured window: give a team `shifts`, or ask for another moment"
            }
            When::Holiday => {
                "no calendar has a holiday in its measured window: write `holidays`, or ask for another moment"
            }
            _ => "its measured window has no such hour: lengthen `run.horizon`, or ask for another moment",
        }
    }
}

/// How long before the end of a shift it is still rehearsed as its end.
const BEFORE_SHIFT_END: Length = Length::from_secs(15 * 60);
/// Minutes after the full hour: incidents do not wait for it, and reports that are run on it are not to be rehearsed.
const PAST_THE_HOUR: Length = Length::from_secs(20 * 60);

/// The moments of that kind, ascending.
pub fn moments(scenario: &Scenario, model: &Model, when: When) -> Vec<Instant> {
    match when {
        When::ShiftChange => shift_changes(model),
        _ => hours(scenario, model, when),
    }
}

/// Whether an instant is a moment of that kind. A change of shift is one within the quarter of an hour before.
pub fn is(scenario: &Scenario, model: &Model, when: When, at: Instant) -> bool {
    let local = model.origin.local(at);
    let weekend = local.weekday.index() >= 5;
    match when {
        When::Any => true,
        When::Night => !(7..23).contains(&local.hour),
        When::Weekend => weekend,
        When::Holiday => holidays(scenario).contains(&local.date),
        When::Office => (9..17).contains(&local.hour) && !weekend && !holidays(scenario).contains(&local.date),
        When::ShiftChange => model
            .crews
            .iter()
            .flat_map(|crew| &crew.shifts)
            .any(|(_, end)| *end > at && *end - at <= BEFORE_SHIFT_END),
    }
}

fn hours(scenario: &Scenario, model: &Model, when: When) -> Vec<Instant> {
    let holidays = holidays(scenario);
    let fits = |weekday: usize, hour: u8, date: &Date| match when {
        When::Any | When::ShiftChange => true,
        When::Night => !(7..23).contains(&hour),
        When::Weekend => weekday >= 5,
        When::Holiday => holidays.contains(date),
        When::Office => (9..17).contains(&hour) && weekday < 5 && !holidays.contains(date),
    };
    let mut from = Instant::START;
    let mut found = Vec::new();
    for hour in local_hours(model.origin.zone(), &model.origin, model.window.until) {
        let at = from + PAST_THE_HOUR;
        let (weekday, of_day) = (usize::from(hour.hour_of_week / 24), hour.hour_of_week % 24);
        if at >= model.window.from && at < hour.until && fits(weekday, of_day, &hour.date) {
            found.push(at);
        }
        from = hour.until;
    }
    found
}

fn shift_changes(model: &Model) -> Vec<Instant> {
    let ends = model.crews.iter().flat_map(|crew| &crew.shifts).map(|(_, end)| *end);
    let before: BTreeSet<i64> = ends
        .map(|end| end.ms() - BEFORE_SHIFT_END.ms())
        .filter(|at| (model.window.from.ms()..model.window.until.ms()).contains(at))
        .collect();
    before.into_iter().map(Instant::from_ms).collect()
}

fn holidays(scenario: &Scenario) -> BTreeSet<Date> {
    let days = scenario.calendars.values().flat_map(|calendar| &calendar.holidays);
    days.filter_map(|day| day.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::compile;
    use crate::scenario::{Document, Problems, starter};

    #[test]
    fn every_moment_is_of_its_kind_and_in_the_measured_window() {
        let document = Document::parse("desk.toml", starter("desk"));
        let scenario = document.base().expect("sound");
        let model = compile(scenario, &mut Problems::new()).expect("sound");
        for when in When::KINDS {
            let found = moments(scenario, &model, when);
            assert!(!found.is_empty(), "{when:?}");
            assert!(found.is_sorted());
            for at in found {
                assert!(is(scenario, &model, when, at), "{when:?} {}", model.origin.iso(at));
                assert!(model.window.contains(at));
            }
        }
        let good_friday = moments(scenario, &model, When::Holiday);
        assert_eq!(model.origin.iso(good_friday[0]), "2026-04-03T00:20:00+02:00");
    }
}
