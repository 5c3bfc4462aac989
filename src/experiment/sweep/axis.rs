//! The axes of a sweep: which values of the scenario move, together or each by itself, and through which levels.
//!
//! Written `PATH=VALUES`. VALUES is a list (`0.5,0.6,0.75`; `"4h","8h"`; any TOML value) or a range with both ends in it
//! (`6..12`, `10m..30m`, `0.5..0.9 by 0.1`). Several paths of one axis move together: `PATH1+PATH2=VALUES` are set to the same
//! value, `PATH1=VALUES;PATH2=VALUES` go through their own, level by level. It knows no scenario: whether a path exists and
//! takes the value is found when the point is checked.

use crate::scenario::{Path, Setting};
use std::fmt;

/// Levels of a grid on a range without steps.
const GRID_LEVELS: usize = 5;
/// More levels on one axis are a mistake.
const LEVELS_MAX: usize = 100_000;

/// One axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// What it is called in tables: what stands before a `:`, or its first path.
    pub name: String,
    written: String,
    moved: Vec<Moved>,
}

#[derive(Debug, Clone, PartialEq)]
struct Moved {
    paths: Vec<Path>,
    values: Values,
}

#[derive(Debug, Clone, PartialEq)]
enum Values {
    List(Vec<toml::Value>),
    /// A value for each of a number of steps.
    Steps {
        low: f64,
        by: f64,
        count: usize,
        unit: String,
        whole: bool,
    },
    /// Any value between.
    Span {
        low: f64,
        high: f64,
        unit: String,
    },
}

/// Where a point lies on an axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Level {
    /// One of the levels.
    Index(usize),
    /// From 0 to 1, on an axis without levels.
    Share(f64),
}

/// Why an axis cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// What is wrong, in one sentence.
    pub message: String,
    /// What would be right.
    pub help: String,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.message, self.help)
    }
}

impl std::error::Error for Unreadable {}

const HOW: &str = "write `PATH=LOW..HIGH` or `PATH=VALUE,VALUE`, such as `teams.L1.headcount=6..12`";

fn unreadable(message: impl Into<String>, help: impl Into<String>) -> Unreadable {
    Unreadable {
        message: message.into(),
        help: help.into(),
    }
}

impl Axis {
    /// Reads an axis as it is written on the command line.
    pub fn read(text: &str) -> Result<Axis, Unreadable> {
        let wrong = |why: Unreadable| unreadable(format!("`{text}` is no axis: {}", why.message), why.help);
        let (name, rest) = match split(text, ':').as_slice() {
            [name, rest @ ..] if !rest.is_empty() && !name.contains('=') => {
                (Some(name.trim()), &text[name.len() + 1..])
            }
            _ => (None, text),
        };
        let moved: Result<Vec<Moved>, Unreadable> = split(rest, ';').into_iter().map(Moved::read).collect();
        let moved = moved.map_err(wrong)?;
        let name = name.map_or_else(|| moved[0].paths[0].to_string(), str::to_owned);
        let axis = Axis {
            name,
            written: text.trim().to_owned(),
            moved,
        };
        axis.check().map_err(wrong)?;
        Ok(axis)
    }

    fn check(&self) -> Result<(), Unreadable> {
        let counts: Vec<usize> = self.moved.iter().filter_map(|moved| moved.values.count()).collect();
        if let Some(other) = counts.iter().find(|count| **count != counts[0]) {
            return Err(unreadable(
                format!(
                    "values that move together have as many levels; found {} and {other}",
                    counts[0]
                ),
                "give all of them the same number, or write two axes",
            ));
        }
        match counts.first() {
            Some(0) => Err(unreadable("it has no value", HOW)),
            Some(count) if *count > LEVELS_MAX => Err(unreadable(
                format!("{count} levels are too many"),
                format!("write at most {LEVELS_MAX}, or longer steps with `by`"),
            )),
            _ => Ok(()),
        }
    }

    /// As it was written.
    pub fn written(&self) -> &str {
        &self.written
    }

    /// Every path that it sets.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.moved.iter().flat_map(|moved| &moved.paths)
    }

    /// How many levels it has; `None`: any value of a range.
    pub fn levels(&self) -> Option<usize> {
        self.moved.iter().find_map(|moved| moved.values.count())
    }

    /// As many as a grid takes.
    pub(super) fn grid_levels(&self) -> usize {
        self.levels().unwrap_or(GRID_LEVELS)
    }

    /// The level of a grid.
    pub(super) fn grid_level(&self, index: usize) -> Level {
        match self.levels() {
            Some(_) => Level::Index(index),
            None => Level::Share(index as f64 / (GRID_LEVELS - 1) as f64),
        }
    }

    /// The level at a coordinate from 0 to 1: `⌊u · levels⌋`.
    pub(super) fn level_at(&self, u: f64) -> Level {
        match self.levels() {
            Some(count) => Level::Index(((u * count as f64) as usize).min(count - 1)),
            None => Level::Share(u),
        }
    }

    /// What is set at a level.
    pub(super) fn settings(&self, level: Level) -> Vec<Setting> {
        let count = self.levels();
        let of_moved = |moved: &Moved| {
            let value = moved.values.at(level, count);
            let paths = moved.paths.clone().into_iter();
            paths
                .map(move |path| Setting {
                    path,
                    value: value.clone(),
                })
                .collect::<Vec<_>>()
        };
        self.moved.iter().flat_map(of_moved).collect()
    }

    /// The value at a level, as text: of the first path.
    pub(super) fn label(&self, level: Level) -> String {
        self.settings(level)
            .first()
            .map(Setting::value_text)
            .unwrap_or_default()
    }

    /// Where a level lies, in numbers: of the first of its values that are all numbers (of one unit); `None` for an axis of
    /// kinds.
    pub(super) fn place(&self, level: Level) -> Option<f64> {
        let count = self.levels();
        let numbers = self.moved.iter().find(|moved| moved.values.are_numbers())?;
        number(&numbers.values.at(level, count)).map(|(number, _)| number)
    }
}

impl Moved {
    fn read(text: &str) -> Result<Moved, Unreadable> {
        let parts = split(text, '=');
        let [paths, _, ..] = parts.as_slice() else {
            return Err(unreadable("it has no `=`", HOW));
        };
        let values = &text[paths.len() + 1..];
        let paths: Vec<&str> = split(paths, '+').into_iter().map(str::trim).collect();
        if paths.iter().any(|path| path.is_empty()) {
            return Err(unreadable("a path is missing", HOW));
        }
        Ok(Moved {
            paths: paths.into_iter().map(Path::from).collect(),
            values: Values::read(values.trim())?,
        })
    }
}

impl Values {
    fn read(text: &str) -> Result<Values, Unreadable> {
        if text.is_empty() {
            return Err(unreadable("it has no value", HOW));
        }
        if let Some((low, rest)) = text
            .split_once("..")
            .filter(|_| !text.contains(['"', '\'', '[', '{', ',']))
        {
            let (high, by) = match rest.split_once(" by ") {
                Some((high, by)) => (high, Some(by.trim())),
                None => (rest, None),
            };
            return Values::range(low.trim(), high.trim(), by);
        }
        let values: Vec<toml::Value> = split(text, ',')
            .into_iter()
            .map(|value| value_of(value.trim()))
            .collect();
        match values.iter().any(|value| value.as_str() == Some("")) {
            true => Err(unreadable("a value is missing", HOW)),
            false => Ok(Values::List(values)),
        }
    }

    fn range(low: &str, high: &str, by: Option<&str>) -> Result<Values, Unreadable> {
        let ((from, unit), (until, other)) = (end_of_range(low)?, end_of_range(high)?);
        if unit != other {
            let help = "write both ends in the same unit, such as `30m..120m`";
            return Err(unreadable(format!("`{low}` and `{high}` are not of one unit"), help));
        }
        if from >= until {
            return Err(unreadable(
                format!("`{low}..{high}` does not rise"),
                "write the smaller end first",
            ));
        }
        let is_whole = |text: &str| !text.contains(['.', 'e', 'E']);
        let counted = unit.is_empty() && is_whole(low) && is_whole(high);
        let step = match by.map(|by| (by, number_of(by))) {
            None if counted => 1.0,
            None => {
                return Ok(Values::Span {
                    low: from,
                    high: until,
                    unit: unit.to_owned(),
                });
            }
            Some((by, Some((step, of)))) if step > 0.0 && (of.is_empty() || of == unit) => {
                let steps = (until - from) / step;
                if (steps - steps.round()).abs() > 1e-6 {
                    let message = format!("`{low}..{high}` is no whole number of steps of {by}");
                    return Err(unreadable(message, "choose ends that the steps meet"));
                }
                step
            }
            Some((by, _)) => {
                return Err(unreadable(
                    format!("`{by}` is no step"),
                    "write a number above 0 after `by`, in the unit of the ends",
                ));
            }
        };
        Ok(Values::Steps {
            low: from,
            by: step,
            count: ((until - from) / step).round() as usize + 1,
            unit: unit.to_owned(),
            whole: counted && by.is_none_or(is_whole),
        })
    }

    fn count(&self) -> Option<usize> {
        match self {
            Values::List(values) => Some(values.len()),
            Values::Steps { count, .. } => Some(*count),
            Values::Span { .. } => None,
        }
    }

    fn are_numbers(&self) -> bool {
        let Values::List(values) = self else { return true };
        let units: Option<Vec<String>> = values.iter().map(|value| number(value).map(|(_, unit)| unit)).collect();
        units.is_some_and(|units| units.windows(2).all(|pair| pair[0] == pair[1]))
    }

    /// The value at a level; a span beside values with levels goes through it evenly.
    fn at(&self, level: Level, levels: Option<usize>) -> toml::Value {
        match (self, level) {
            (Values::List(values), Level::Index(index)) => values[index.min(values.len() - 1)].clone(),
            (Values::List(values), Level::Share(share)) => values[(share * (values.len() - 1) as f64) as usize].clone(),
            (
                Values::Steps {
                    low, by, unit, whole, ..
                },
                Level::Index(index),
            ) => written(low + by * index as f64, unit, *whole),
            (
                Values::Steps {
                    low,
                    by,
                    count,
                    unit,
                    whole,
                },
                Level::Share(share),
            ) => written(low + by * (share * (count - 1) as f64).round(), unit, *whole),
            (Values::Span { low, high, unit }, level) => {
                let share = match (level, levels) {
                    (Level::Share(share), _) => share,
                    (Level::Index(index), Some(levels)) if levels > 1 => index as f64 / (levels - 1) as f64,
                    (Level::Index(_), _) => 0.0,
                };
                written(low + (high - low) * share, unit, false)
            }
        }
    }
}

/// A number as a value: six digits are enough for a plan, and read well.
fn written(number: f64, unit: &str, whole: bool) -> toml::Value {
    let rounded: f64 = format!("{number:.5e}").parse().unwrap_or(number);
    match (unit.is_empty(), whole) {
        (true, true) => toml::Value::Integer(number.round() as i64),
        (true, false) => toml::Value::Float(rounded),
        (false, _) => toml::Value::String(format!("{rounded}{unit}")),
    }
}

/// A number, or a text that is a number with a unit, as `30m` and `60/h`.
pub(super) fn number(value: &toml::Value) -> Option<(f64, String)> {
    match value {
        toml::Value::Integer(whole) => Some((*whole as f64, String::new())),
        toml::Value::Float(real) if real.is_finite() => Some((*real, String::new())),
        toml::Value::String(text) => number_of(text).map(|(number, unit)| (number, unit.to_owned())),
        _ => None,
    }
}

fn end_of_range(text: &str) -> Result<(f64, &str), Unreadable> {
    number_of(text).ok_or_else(|| {
        let help = "a range has two numbers, such as `6..12` or `10m..30m`";
        unreadable(format!("`{text}` is not a number"), help)
    })
}

fn number_of(text: &str) -> Option<(f64, &str)> {
    let end = text
        .char_indices()
        .find(|(index, c)| !(c.is_ascii_digit() || *c == '.' || (*index == 0 && *c == '-')))
        .map_or(text.len(), |(index, _)| index);
    let (digits, unit) = text.split_at(end);
    let unit = unit.trim();
    let one_unit = unit.chars().all(|c| c.is_alphabetic() || c == '/' || c == '%');
    let number = digits.parse::<f64>().ok().filter(|number| number.is_finite())?;
    one_unit.then_some((number, unit))
}

/// A value as in the scenario file; what is no TOML is a text without its quotes.
fn value_of(text: &str) -> toml::Value {
    let read = toml::from_str::<toml::Table>(&format!("value = {text}"));
    let value = read
        .ok()
        .filter(|table| table.len() == 1)
        .and_then(|mut table| table.remove("value"));
    value.unwrap_or_else(|| toml::Value::String(text.to_owned()))
}

/// Splits where no quotes or brackets enclose the separator.
fn split(text: &str, separator: char) -> Vec<&str> {
    let (mut parts, mut start, mut depth, mut quote) = (Vec::new(), 0, 0_i32, None);
    for (index, c) in text.char_indices() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '[' | '{') => depth += 1,
            (None, ']' | '}') => depth -= 1,
            (None, c) if c == separator && depth == 0 => {
                parts.push(&text[start..index]);
                start = index + c.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn levels(text: &str) -> Vec<String> {
        let axis = Axis::read(text).unwrap_or_else(|error| panic!("{error}"));
        let level = |index| {
            let settings = axis.settings(axis.grid_level(index));
            settings.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
        };
        (0..axis.grid_levels()).map(level).collect()
    }

    #[test]
    fn a_range_of_whole_numbers_goes_by_one_with_both_ends() {
        assert_eq!(
            levels("teams.L1.headcount=6..8"),
            [
                "teams.L1.headcount = 6",
                "teams.L1.headcount = 7",
                "teams.L1.headcount = 8"
            ]
        );
        assert_eq!(levels("a=0..10 by 5"), ["a = 0", "a = 5", "a = 10"]);
    }

    #[test]
    fn a_range_of_other_numbers_has_any_value_and_five_in_a_grid() {
        assert_eq!(
            levels("a=0.5..0.9"),
            ["a = 0.5", "a = 0.6", "a = 0.7", "a = 0.8", "a = 0.9"]
        );
        assert_eq!(levels("a=0.5..0.6 by 0.05"), ["a = 0.5", "a = 0.55", "a = 0.6"]);
        assert_eq!(levels("a=10m..30m by 10m"), ["a = 10m", "a = 20m", "a = 30m"]);
        assert_eq!(levels("a=60/h..90/h by 15"), ["a = 60/h", "a = 75/h", "a = 90/h"]);
        let axis = Axis::read("a=10m..30m").expect("read");
        assert_eq!(axis.levels(), None);
        assert_eq!(axis.place(axis.level_at(0.25)), Some(15.0));
    }

    #[test]
    fn a_list_holds_any_values() {
        assert_eq!(levels("a=0.5, 0.75"), ["a = 0.5", "a = 0.75"]);
        assert_eq!(levels("a=4h,8h"), ["a = 4h", "a = 8h"]);
        assert_eq!(levels("a=fifo,severity"), ["a = fifo", "a = severity"]);
        assert_eq!(
            levels("a=[\"Sev1\"],[\"Sev1\", \"Sev2\"]"),
            ["a = [Sev1]", "a = [Sev1, Sev2]"]
        );
        assert_eq!(
            levels("w={ exponential = \"5m\" },{ lognormal = { median = \"5m\", sigma = 1.0 } }"),
            [
                "w = { exponential = 5m }",
                "w = { lognormal = { median = 5m, sigma = 1 } }"
            ]
        );
        let kinds = Axis::read("a=fifo,severity").expect("read");
        assert_eq!(kinds.place(Level::Index(1)), None);
        let hours = Axis::read("a=4h,8h").expect("read");
        assert_eq!(hours.place(Level::Index(1)), Some(8.0));
        assert_eq!(
            Axis::read("a=30m,4h").expect("read").place(Level::Index(1)),
            None,
            "two units are no number line"
        );
    }

    #[test]
    fn several_paths_move_together() {
        assert_eq!(levels("a.x+b.y=1,2"), ["a.x = 1; b.y = 1", "a.x = 2; b.y = 2"]);
        assert_eq!(
            levels("a=1,2,3;b=6,5,4"),
            ["a = 1; b = 6", "a = 2; b = 5", "a = 3; b = 4"]
        );
        assert_eq!(
            levels("a=1..3;b=10m..20m"),
            ["a = 1; b = 10m", "a = 2; b = 15m", "a = 3; b = 20m"]
        );
        let named = Axis::read("heads: a+b=1..3").expect("read");
        assert_eq!((named.name.as_str(), named.paths().count()), ("heads", 2));
        assert_eq!(
            Axis::read("services.\"a=b;c\".work_factor=1,2").expect("read").name,
            "services.\"a=b;c\".work_factor"
        );
    }

    #[test]
    fn a_coordinate_falls_on_a_level() {
        let axis = Axis::read("a=6..8").expect("read");
        for (u, level) in [(0.0, 0), (0.33, 0), (0.34, 1), (0.99, 2), (1.0, 2)] {
            assert_eq!(axis.level_at(u), Level::Index(level), "{u}");
        }
    }

    #[test]
    fn a_mistake_says_what_would_be_right() {
        for (text, part) in [
            ("teams.L1.headcount", "no `=`"),
            ("teams.L1.headcount=", "no value"),
            ("=6..12", "a path is missing"),
            ("a=12..6", "does not rise"),
            ("a=6..x", "`x` is not a number"),
            ("a=30m..2h", "not of one unit"),
            ("a=6..12 by 0", "no step"),
            ("a=6..12 by 5", "no whole number of steps"),
            ("a=1,2;b=1,2,3", "as many levels"),
            ("a=1,,2", "a value is missing"),
            ("a=0..1000000", "too many"),
        ] {
            let error = Axis::read(text).expect_err(text).to_string();
            assert!(error.contains(part), "{text}: {error}");
        }
    }
}
