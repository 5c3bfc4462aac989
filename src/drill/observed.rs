//! What a team did, as somebody wrote it down: `observed.csv`, read with every row's line.

use super::exercise::Drill;
use super::milestone::Milestone;
use super::offset::{offset, read_offset, unreadable, words};
use jiff::Timestamp;

/// A row of the file.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Its line in the file, from 1.
    pub line: u64,
    /// The band's key.
    pub key: String,
    /// Seconds of the story from the first symptom of the drill; `None`: not reached.
    pub at_s: Option<f64>,
    /// What was noted.
    pub note: String,
}

/// How far a drill was played that was stopped before its end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stopped {
    /// Seconds of the exercise.
    pub at_s: f64,
    /// The same instant in seconds of the story.
    pub story_s: f64,
    /// Seconds that the exercise would have taken.
    pub of_s: f64,
}

impl Stopped {
    /// In words.
    pub fn words(&self) -> String {
        format!("stopped at {} of {}", words(self.at_s), words(self.of_s))
    }
}

/// The whole file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Observed {
    /// Milestones, in the order of the file.
    pub rows: Vec<Row>,
    /// Notes that belong to no milestone, with their time.
    pub notes: Vec<(Option<f64>, String)>,
    /// Ratings that the evaluators gave, by objective.
    pub ratings: Vec<(usize, Rating)>,
    /// Where the drill was stopped; `None`: it was played to its end, or nobody logged how far.
    pub stopped: Option<Stopped>,
}

/// How well an objective was shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rating {
    /// Performed without challenges.
    P,
    /// Performed with some challenges.
    S,
    /// Performed with major challenges.
    M,
    /// Unable to be performed.
    U,
}

impl Rating {
    /// The letter.
    pub fn letter(self) -> char {
        match self {
            Rating::P => 'P',
            Rating::S => 'S',
            Rating::M => 'M',
            Rating::U => 'U',
        }
    }

    /// The letter's meaning.
    pub fn words(self) -> &'static str {
        match self {
            Rating::P => "performed without challenges",
            Rating::S => "performed with some challenges",
            Rating::M => "performed with major challenges",
            Rating::U => "unable to be performed",
        }
    }

    fn read(text: &str) -> Option<Rating> {
        [Rating::P, Rating::S, Rating::M, Rating::U]
            .into_iter()
            .find(|rating| text.eq_ignore_ascii_case(&rating.letter().to_string()))
    }
}

impl Observed {
    /// When a milestone was first reached.
    pub fn at(&self, key: &str) -> Option<f64> {
        let times = self.rows.iter().filter(|row| row.key == key).filter_map(|row| row.at_s);
        times.min_by(f64::total_cmp)
    }

    /// Whether there is nothing below the first line.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.notes.is_empty() && self.ratings.is_empty()
    }

    /// The last instant of the story that something was observed at.
    pub fn last_s(&self) -> Option<f64> {
        let times = self.rows.iter().filter_map(|row| row.at_s);
        times.max_by(f64::total_cmp)
    }

    /// Every time that was observed for a milestone.
    pub fn all(&self, key: &str) -> Vec<f64> {
        self.rows
            .iter()
            .filter(|row| row.key == key)
            .filter_map(|row| row.at_s)
            .collect()
    }

    /// Reads the file. `name` is what errors call it.
    ///
    /// Columns: `milestone, observed_at, number, role, note, rating`, of which the first two are needed. A time is an offset of
    /// the story, `+00:12:30`, or a time on the wall of the exercise with its offset; empty: not reached. A milestone
    /// `objective:2` with a rating is the evaluator's; a row without a milestone is a note.
    ///
    /// Errors name the line: an unknown milestone or rating, a time that cannot be read, an order that cannot be.
    pub fn read(drill: &Drill, name: &str, text: &str) -> Result<Observed, String> {
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let heads = reader.headers().map_err(|error| format!("{name}: {error}"))?.clone();
        let column = |wanted: &str| {
            heads
                .iter()
                .position(|head| head.trim_start_matches('\u{feff}').eq_ignore_ascii_case(wanted))
        };
        let needed = |wanted: &str| {
            column(wanted).ok_or_else(|| format!("{name}:1: the column `{wanted}` is missing: the first line is `milestone,observed_at,number,role,note,rating`"))
        };
        let (milestone, at) = (needed("milestone")?, needed("observed_at")?);
        let (note, rating) = (column("note"), column("rating"));
        let mut observed = Observed::default();
        for record in reader.records() {
            let record = record.map_err(|error| format!("{name}: {error}"))?;
            let line = record.position().map_or(0, csv::Position::line);
            let get = |column: Option<usize>| column.and_then(|column| record.get(column)).unwrap_or_default();
            let raw = Raw {
                milestone: get(Some(milestone)),
                at: get(Some(at)),
                note: get(note),
                rating: get(rating),
            };
            observed
                .add(drill, line, &raw)
                .map_err(|why| format!("{name}:{line}: {why}"))?;
        }
        observed
            .check_order(drill)
            .map_err(|(line, why)| format!("{name}:{line}: {why}"))?;
        Ok(observed)
    }

    fn add(&mut self, drill: &Drill, line: u64, raw: &Raw) -> Result<(), String> {
        let at_s = read_time(drill, raw.at)?;
        if let Some(number) = raw.milestone.strip_prefix("objective:") {
            let number = number
                .parse()
                .ok()
                .filter(|number| (1..=drill.objectives.len()).contains(number));
            let number = number.ok_or_else(|| {
                format!(
                    "`{}` is none of the {} objectives",
                    raw.milestone,
                    drill.objectives.len()
                )
            })?;
            let rating = Rating::read(raw.rating)
                .ok_or_else(|| format!("`{}` is not a rating: write P, S, M or U", raw.rating))?;
            self.ratings.push((number, rating));
            return Ok(());
        }
        if raw.milestone.is_empty() {
            if !raw.note.is_empty() {
                self.notes.push((at_s, raw.note.to_owned()));
            }
            return Ok(());
        }
        let Some((number, milestone)) = drill.read_key(raw.milestone) else {
            let words: Vec<&str> = drill.milestones().map(Milestone::word).collect();
            return Err(format!(
                "`{}` is not a milestone; there are {}",
                raw.milestone,
                words.join(", ")
            ));
        };
        let begins_s = drill.begins_s(number);
        if let Some(at) = at_s.filter(|at| at.round() < begins_s) {
            return Err(format!(
                "{} at {} lies before the first symptom of incident {number}, {}",
                raw.milestone,
                offset(at),
                offset(begins_s)
            ));
        }
        self.rows.push(Row {
            line,
            key: milestone.key(number),
            at_s,
            note: raw.note.to_owned(),
        });
        Ok(())
    }

    /// Nothing comes before it was noticed, and no answer before its question.
    fn check_order(&self, drill: &Drill) -> Result<(), (u64, String)> {
        let line = |key: &str| {
            self.rows
                .iter()
                .find(|row| row.key == key && row.at_s.is_some())
                .map_or(0, |row| row.line)
        };
        let refuse = |before: &str, after: &str, a: f64, b: f64| {
            Err((
                line(before),
                format!(
                    "{before} at {} cannot be after {after} at {} (line {})",
                    offset(a),
                    offset(b),
                    line(after)
                ),
            ))
        };
        for number in 1..=drill.stories.len() {
            for before in Milestone::ALL {
                for after in Milestone::ALL.into_iter().filter(|after| before.precedes(*after)) {
                    let (before, after) = (before.key(number), after.key(number));
                    if let (Some(a), Some(b)) = (self.at(&before), self.at(&after))
                        && a > b
                    {
                        return refuse(&before, &after, a, b);
                    }
                }
            }
        }
        Ok(())
    }
}

/// A row's cells.
struct Raw<'a> {
    milestone: &'a str,
    at: &'a str,
    note: &'a str,
    rating: &'a str,
}

/// Seconds of the story; a time on the wall is one of the exercise.
fn read_time(drill: &Drill, text: &str) -> Result<Option<f64>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    if let Some(seconds) = read_offset(text) {
        return Ok(Some(seconds));
    }
    let at: Timestamp = text.parse().map_err(|_| unreadable(text))?;
    let start: Timestamp = drill.start_at.parse().map_err(|_| unreadable(&drill.start_at))?;
    let seconds = at.duration_since(start).as_secs_f64();
    if seconds < 0.0 {
        return Err(format!(
            "`{text}` lies before the start of the exercise, {}",
            drill.start_at
        ));
    }
    Ok(Some(drill.story_second(seconds)))
}
