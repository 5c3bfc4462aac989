//! A drill being played: what has been delivered and seen so far, and what comes next.
//!
//! The state is a log of entries and nothing else, so that a run that was interrupted goes on from its log. Times are seconds
//! of the exercise; the story's time follows from the script. There is no clock here and no terminal: whoever plays says what
//! time it is.

use super::exercise::{Drill, Inject};
use super::milestone::Milestone;
use super::observed::Stopped;
use super::offset::{offset, words};
use serde::{Deserialize, Serialize};

/// One thing that happened in the exercise.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Seconds of the exercise.
    pub t: f64,
    /// The time on the wall, RFC 3339.
    pub wall: String,
    /// What.
    #[serde(flatten)]
    pub what: What,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum What {
    /// The exercise, or a part of it after an interruption, began.
    Started {
        /// The drill's id: a log belongs to one pack.
        drill: String,
    },
    /// An inject was delivered.
    Delivered {
        /// Its number.
        number: String,
        /// What became of the post to the webhook, if there is one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        posted: Option<String>,
    },
    /// A milestone was seen.
    Seen {
        /// The band's key: the milestone, with the incident's number where it is not the first.
        milestone: String,
    },
    /// The last milestone was a slip of the finger.
    Undone {
        /// Its key.
        milestone: String,
    },
    /// Somebody noted something.
    Note {
        /// The words.
        text: String,
    },
    /// It was stopped before its end.
    Stopped,
    /// It is over.
    Ended,
}

/// A key of the keyboard and what it records.
pub const KEYS: [(char, Milestone); Milestone::ALL.len()] = [
    ('d', Milestone::Detected),
    ('g', Milestone::Paged),
    ('a', Milestone::Acknowledged),
    ('w', Milestone::Engaged),
    ('r', Milestone::Responded),
    ('e', Milestone::Declared),
    ('c', Milestone::CommanderNamed),
    ('v', Milestone::SeverityCorrect),
    ('t', Milestone::FirstUpdate),
    ('2', Milestone::Escalated2),
    ('3', Milestone::Escalated3),
    ('4', Milestone::Escalated4),
    ('5', Milestone::Escalated5),
    ('6', Milestone::Escalated6),
    ('7', Milestone::Escalated7),
    ('8', Milestone::Escalated8),
    ('k', Milestone::GateRequested),
    ('y', Milestone::GateDecided),
    ('m', Milestone::Mitigated),
    ('x', Milestone::Resolved),
    ('j', Milestone::ChildrenClosed),
    ('b', Milestone::ReviewScheduled),
];

/// The column names of `observed.csv`.
pub const OBSERVED: [&str; 6] = ["milestone", "observed_at", "number", "role", "note", "rating"];

/// A drill and its log so far.
#[derive(Debug, Clone)]
pub struct Session<'a> {
    drill: &'a Drill,
    entries: Vec<Entry>,
}

impl<'a> Session<'a> {
    /// From a log, empty for a new run. Errors: the log is of another drill.
    pub fn new(drill: &'a Drill, entries: Vec<Entry>) -> Result<Session<'a>, String> {
        for entry in &entries {
            if let What::Started { drill: other } = &entry.what
                && *other != drill.id
            {
                return Err(format!(
                    "the log is of the drill {other}, and the pack holds {}",
                    drill.id
                ));
            }
        }
        Ok(Session { drill, entries })
    }

    /// Reads a log: one entry a line. A last line that was cut off by an interruption is left out.
    pub fn read(drill: &'a Drill, log: &str) -> Result<Session<'a>, String> {
        let lines: Vec<&str> = log.lines().filter(|line| !line.trim().is_empty()).collect();
        let mut entries = Vec::new();
        for (index, line) in lines.iter().enumerate() {
            match serde_json::from_str(line) {
                Ok(entry) => entries.push(entry),
                Err(_) if index + 1 == lines.len() && !log.ends_with('\n') => {}
                Err(error) => return Err(format!("line {} of the log cannot be read: {error}", index + 1)),
            }
        }
        Session::new(drill, entries)
    }

    /// Adds an entry; returns its line for the log.
    pub fn add(&mut self, t: f64, wall: String, what: What) -> String {
        let entry = Entry {
            t: (t * 1000.0).round() / 1000.0,
            wall,
            what,
        };
        let line = serde_json::to_string(&entry).unwrap_or_default();
        self.entries.push(entry);
        line + "\n"
    }

    /// The exercise's second at which the log ends.
    pub fn position(&self) -> f64 {
        self.entries.iter().map(|entry| entry.t).fold(0.0, f64::max)
    }

    /// Whether nothing has happened yet.
    pub fn is_new(&self) -> bool {
        self.entries.is_empty()
    }

    /// Whether the last inject has been delivered and the run was closed.
    pub fn is_over(&self) -> bool {
        self.entries.iter().any(|entry| entry.what == What::Ended)
    }

    /// Where it was stopped; `None`: it is over, or every planned inject has been delivered.
    pub fn stopped(&self) -> Option<Stopped> {
        let at_s = self.position();
        (!self.is_over() && !self.all_delivered()).then(|| Stopped {
            at_s,
            story_s: self.drill.story_second(at_s),
            of_s: self.drill.ends_s() as f64,
        })
    }

    /// Whether an inject has been delivered.
    pub fn is_delivered(&self, number: &str) -> bool {
        let delivered = |entry: &Entry| matches!(&entry.what, What::Delivered { number: other, .. } if other == number);
        self.entries.iter().any(delivered)
    }

    /// The injects that have been delivered, with their second of the exercise.
    pub fn delivered(&self) -> Vec<(String, f64)> {
        let delivered = self.entries.iter().filter_map(|entry| match &entry.what {
            What::Delivered { number, .. } => Some((number.clone(), entry.t)),
            _ => None,
        });
        delivered.collect()
    }

    /// Whether every planned inject has been delivered.
    pub fn all_delivered(&self) -> bool {
        let planned = self.drill.injects.iter().filter(|inject| inject.is_planned());
        planned.into_iter().all(|inject| self.is_delivered(&inject.number))
    }

    /// Injects that are due and not delivered, in their order. A contingency is due only if what it is for has not come.
    pub fn due(&self, t: f64) -> Vec<&'a Inject> {
        let drill: &'a Drill = self.drill;
        let due = drill
            .injects
            .iter()
            .filter(|inject| inject.offset_s as f64 <= t && !self.is_delivered(&inject.number));
        due.filter(|inject| inject.is_planned() || self.is_needed(inject))
            .collect()
    }

    fn is_needed(&self, contingency: &Inject) -> bool {
        contingency.late.iter().any(|key| !self.has_come(key))
    }

    /// Whether a milestone was seen, or one that it cannot come after.
    fn has_come(&self, key: &str) -> bool {
        self.seen(key).is_some() || self.seen_after(key).is_some()
    }

    /// A milestone of the same incident that was seen and that this one cannot come after, with its time.
    fn seen_after(&self, key: &str) -> Option<(String, f64)> {
        let (prefix, milestone) = split_key(key);
        let milestone = milestone?;
        let later = Milestone::ALL.into_iter().filter(|later| milestone.precedes(*later));
        let mut keys = later.map(|later| format!("{prefix}{later}"));
        keys.find_map(|later| self.seen(&later).map(|at| (later, at)))
    }

    /// The next planned inject that has not been delivered.
    pub fn next(&self) -> Option<&'a Inject> {
        let drill: &'a Drill = self.drill;
        drill
            .injects
            .iter()
            .find(|inject| inject.is_planned() && !self.is_delivered(&inject.number))
    }

    /// When a milestone was seen, in seconds of the exercise.
    pub fn seen(&self, key: &str) -> Option<f64> {
        let mut at = None;
        for entry in &self.entries {
            match &entry.what {
                What::Seen { milestone } if milestone == key => at = at.or(Some(entry.t)),
                What::Undone { milestone } if milestone == key => at = None,
                _ => {}
            }
        }
        at
    }

    /// The milestone that was seen last and not undone.
    pub fn last_seen(&self) -> Option<String> {
        self.observed().into_iter().next_back().map(|(key, _)| key)
    }

    /// What can be recorded at a second of the exercise, or why it cannot.
    pub fn may_see(&self, key: &str, t: f64) -> Result<(), String> {
        if let Some(at) = self.seen(key) {
            return Err(format!(
                "{key} has been recorded already, at {}; u takes it back",
                offset(at)
            ));
        }
        if let Some((later, at)) = self.seen_after(key) {
            return Err(format!(
                "{key} cannot come after {later}, which was recorded at {}; u takes that back",
                offset(at)
            ));
        }
        match self.drill.read_key(key) {
            Some((number, _)) if self.drill.story_second(t).round() < self.drill.begins_s(number) => {
                Err(format!("incident {number} has not begun; i changes the incident"))
            }
            _ => Ok(()),
        }
    }

    /// Milestones that were seen, by the time, with their seconds of the exercise.
    pub fn observed(&self) -> Vec<(String, f64)> {
        let mut found: Vec<(String, f64)> = Vec::new();
        for entry in &self.entries {
            if let What::Seen { milestone } = &entry.what
                && self.seen(milestone).is_some()
                && !found.iter().any(|(key, _)| key == milestone)
            {
                found.push((milestone.clone(), self.seen(milestone).unwrap_or(entry.t)));
            }
        }
        found.sort_by(|a, b| a.1.total_cmp(&b.1));
        found
    }

    /// The observations as CSV, times as offsets of the story; notes are rows without a milestone.
    pub fn observed_csv(&self) -> Result<Vec<u8>, csv::Error> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(OBSERVED)?;
        let story = |t: f64| offset(self.drill.story_second(t));
        for (key, t) in self.observed() {
            let number = self.drill.injects.iter().find(|inject| inject.expects.contains(&key));
            let number = number.map(|inject| inject.number.clone()).unwrap_or_default();
            writer.write_record([key, story(t), number, String::new(), String::new(), String::new()])?;
        }
        for entry in &self.entries {
            if let What::Note { text } = &entry.what {
                writer.write_record(["", &story(entry.t), "", "", text, ""])?;
            }
        }
        writer
            .into_inner()
            .map_err(|error| csv::Error::from(error.into_error()))
    }

    /// One line on where the exercise is.
    pub fn status(&self, t: f64) -> String {
        let next = match self.next() {
            Some(inject) => format!(
                "next {} in {}",
                inject.number,
                words((inject.offset_s as f64 - t).max(0.0))
            ),
            None => "all delivered, q ends".to_owned(),
        };
        let story = super::msel::story_clock(self.drill, self.drill.story_second(t));
        format!("{}  story {}  {next}", offset(t), story.get(11..19).unwrap_or_default())
    }
}

/// `2:resolved` as (`2:`, resolved).
pub fn split_key(key: &str) -> (&str, Option<Milestone>) {
    match key.split_once(':') {
        Some((number, word)) => (&key[..=number.len()], Milestone::named(word)),
        None => ("", Milestone::named(key)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_milestone_has_a_key_of_its_own_and_commands_keep_theirs() {
        let commands = "npsuqhi?";
        let mut keys: Vec<char> = KEYS.iter().map(|(key, _)| *key).collect();
        assert!(keys.iter().all(|key| !commands.contains(*key)));
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), Milestone::ALL.len());
        assert!(
            Milestone::ALL
                .iter()
                .all(|milestone| KEYS.iter().any(|(_, other)| other == milestone))
        );
    }
}
