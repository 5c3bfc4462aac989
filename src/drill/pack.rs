//! The pack: every file of a drill, in memory; and a pack read back.
//!
//! Three folders: what facilitators and evaluators hold, what participants are handed, and what is delivered to tools. Which
//! file belongs to whom is decided here and nowhere else; a file for participants that holds a telling word is refused.

use super::DrillError;
use super::exercise::{Drill, FORMAT};
use super::make::Made;
use super::milestone::Milestone;
use super::offset::offset;
use super::payload::{Organisation, deliveries, exports};
use super::role::Role;
use super::{guide, handout, msel};
use crate::scenario::Document;
use serde::Deserialize;
use serde_json::json;
use std::path::Path;

/// The key by which a folder is known as a pack.
pub const MARK: &str = "drill_pack";
/// The drill as data.
pub const DRILL: &str = "facilitator/drill.json";
/// What the simulated organisation did, a row a replication.
pub const SIMULATED: &str = "facilitator/simulated.csv";
/// The scenario that it was made from.
pub const SCENARIO: &str = "facilitator/scenario.toml";

/// Files by their path in the pack, in the order in which they are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pack {
    /// Path and bytes.
    pub files: Vec<(String, Vec<u8>)>,
}

/// Makes the files of a drill. `staged`: exports by delivery, each with its own rows only.
///
/// Errors: [`DrillError::Wrong`] if a file for participants would give something away; the archetype's author has to change
/// a word.
pub fn pack(made: &Made, document: &Document, staged: bool) -> Result<Pack, DrillError> {
    let drill = &made.drill;
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    let mut add = |path: &str, text: String| files.push((path.to_owned(), text.into_bytes()));
    for (name, paper) in [
        ("facilitator/guide", guide::guide(drill)),
        ("facilitator/evaluation", guide::evaluation(drill)),
        ("facilitator/after-action-form", guide::after_action_form(drill)),
        ("participants/brief", handout::brief(drill)),
        ("participants/templates/status-update", handout::status_update(drill)),
        (
            "participants/templates/executive-brief",
            handout::executive_brief(drill),
        ),
    ] {
        add(&format!("{name}.md"), paper.markdown());
        add(&format!("{name}.html"), paper.html());
    }
    add("participants/cards/cards.html", handout::cards(drill).html());
    for role in Role::ALL {
        add(
            &format!("participants/cards/{role}.md"),
            handout::card(drill, role).markdown(),
        );
    }
    add("participants/drill.ics", handout::invitation(drill));
    add(SCENARIO, document.text().to_owned());
    add(DRILL, drill_json(drill)?);
    let unwritable = |error: csv::Error| DrillError::Wrong(format!("a table cannot be written: {error}"));
    files.push(("facilitator/msel.csv".into(), msel::csv(drill).map_err(unwritable)?));
    files.push(("facilitator/timeline.csv".into(), timeline(drill).map_err(unwritable)?));
    files.push((SIMULATED.into(), simulated(made).map_err(unwritable)?));
    files.extend(export_files(made, document, staged).map_err(unwritable)?);
    check_spoilers(drill, &files)?;
    files.sort();
    let manifest = manifest(drill, &files);
    files.push(("manifest.json".into(), manifest.into_bytes()));
    Ok(Pack { files })
}

fn drill_json(drill: &Drill) -> Result<String, DrillError> {
    let text = serde_json::to_string_pretty(drill);
    text.map(|text| text + "\n")
        .map_err(|error| DrillError::Wrong(format!("the drill cannot be written: {error}")))
}

fn manifest(drill: &Drill, files: &[(String, Vec<u8>)]) -> String {
    let names: Vec<&str> = files
        .iter()
        .map(|(path, _)| path.as_str())
        .chain(["manifest.json"])
        .collect();
    let manifest = json!({
        "escalade": env!("CARGO_PKG_VERSION"),
        MARK: FORMAT,
        "drill": drill.id,
        "source": drill.source,
        "files": names,
    });
    format!("{manifest:#}\n")
}

/// Bands as a table: `incident, milestone, target_s, p10_s, …`.
fn timeline(drill: &Drill) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record([
        "incident",
        "milestone",
        "target_s",
        "p10_s",
        "p10_low_s",
        "p10_high_s",
        "p50_s",
        "p50_low_s",
        "p50_high_s",
        "p90_s",
        "p90_low_s",
        "p90_high_s",
        "never_share",
        "never_low",
        "never_high",
        "n",
    ])?;
    for band in &drill.bands {
        let mut row = vec![
            band.incident.to_string(),
            band.milestone.word().to_owned(),
            number(band.target_s),
        ];
        for quantile in [band.p10, band.p50, band.p90, band.never] {
            row.extend([quantile.value, quantile.low, quantile.high].map(number));
        }
        row.push(band.n.to_string());
        writer.write_record(row)?;
    }
    for milestone in &drill.not_modelled {
        let mut row = vec![String::new(); 16];
        (row[0], row[1], row[15]) = ("1".into(), milestone.word().to_owned(), "0".into());
        writer.write_record(row)?;
    }
    writer
        .into_inner()
        .map_err(|error| csv::Error::from(error.into_error()))
}

fn number(value: Option<f64>) -> String {
    value.map_or(String::new(), |value| value.to_string())
}

/// Every replication's milestones, in seconds from the incident's first symptom; empty: not reached.
fn simulated(made: &Made) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let heads = made.drill.bands.iter().map(super::bands::Band::key);
    writer.write_record(std::iter::once("replication".to_owned()).chain(heads))?;
    for replication in 0..made.drill.source.replications as usize {
        let mut row = vec![replication.to_string()];
        for band in &made.drill.bands {
            let index = Milestone::ALL
                .iter()
                .position(|one| *one == band.milestone)
                .unwrap_or(0);
            let reached = made
                .played
                .get(band.incident - 1)
                .and_then(|played| played.reached.get(replication));
            row.push(number(reached.and_then(|row| row[index])));
        }
        writer.write_record(row)?;
    }
    writer
        .into_inner()
        .map_err(|error| csv::Error::from(error.into_error()))
}

/// What exports need to know of an organisation.
pub fn organisation(document: &Document, candidate: &str) -> Organisation {
    let Some(scenario) = document.scenario(candidate) else {
        return Organisation::default();
    };
    Organisation {
        severities: scenario.severities.keys().cloned().collect(),
    }
}

fn export_files(made: &Made, document: &Document, staged: bool) -> Result<Vec<(String, Vec<u8>)>, csv::Error> {
    let drill = &made.drill;
    let all = deliveries(drill, &organisation(document, &drill.source.candidate));
    let mut files = Vec::new();
    if !staged {
        let whole = exports(&all, drill)?;
        files.extend(
            whole
                .into_iter()
                .map(|(name, bytes)| (format!("exports/{name}"), bytes)),
        );
        return Ok(files);
    }
    for chunk in all.chunk_by(|one, next| one.offset_s == next.offset_s) {
        let folder = offset(chunk[0].offset_s as f64)
            .trim_start_matches('+')
            .replace(':', "-");
        // What is delivered now does not know when it will be over.
        let now: Vec<_> = chunk
            .iter()
            .cloned()
            .map(|one| super::payload::Delivery {
                resolved_at: None,
                ..one
            })
            .collect();
        let part = exports(&now, drill)?;
        files.extend(
            part.into_iter()
                .map(|(name, bytes)| (format!("exports/{folder}/{name}"), bytes)),
        );
    }
    Ok(files)
}

/// Refuses a file for participants, or an export, that holds a telling word.
fn check_spoilers(drill: &Drill, files: &[(String, Vec<u8>)]) -> Result<(), DrillError> {
    for (path, bytes) in files.iter().filter(|(path, _)| !path.starts_with("facilitator/")) {
        let words = handout::spoilers(drill, &String::from_utf8_lossy(bytes));
        if let Some(word) = words.first() {
            return Err(DrillError::Wrong(format!(
                "{path} would say `{word}`, which gives the incident away: change the archetype's words, or its `spoilers`"
            )));
        }
    }
    Ok(())
}

/// A pack, read back.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The drill.
    pub drill: Drill,
    /// By band, in the order of the drill's: the replications' times, not reached as `None`.
    pub simulated: Vec<Vec<Option<f64>>>,
    /// The scenario's text.
    pub scenario: String,
}

impl Opened {
    /// Opens a pack from the texts of its files; `read` is asked for each by its path in the pack.
    ///
    /// Errors: a file is missing or no pack's, or it was written by another version.
    pub fn open(folder: &Path, read: impl Fn(&str) -> std::io::Result<String>) -> Result<Opened, DrillError> {
        let text = |path: &str| {
            read(path).map_err(|error| {
                let folder = folder.display();
                DrillError::Wrong(format!("{folder} is not a pack that can be opened: cannot read {path}: {error}; `escalade drill SCENARIO` makes one"))
            })
        };
        let wrong = |path: &str, why: String| DrillError::Wrong(format!("{}/{path}: {why}", folder.display()));
        let drill = read_drill(&text(DRILL)?).map_err(|why| wrong(DRILL, why))?;
        let simulated = read_simulated(&drill, &text(SIMULATED)?).map_err(|why| wrong(SIMULATED, why))?;
        Ok(Opened {
            simulated,
            scenario: text(SCENARIO)?,
            drill,
        })
    }

    /// The inject of that number.
    pub fn inject(&self, number: &str) -> Option<&super::exercise::Inject> {
        self.drill.injects.iter().find(|inject| inject.number == number)
    }
}

/// The form is looked at first: a pack of another one need not have what this one has.
fn read_drill(text: &str) -> Result<Drill, String> {
    #[derive(Deserialize)]
    struct Form {
        format: u32,
    }
    let Form { format } = serde_json::from_str(text).map_err(|error| error.to_string())?;
    match format {
        FORMAT => serde_json::from_str(text).map_err(|error| error.to_string()),
        other => Err(format!(
            "the pack has the form {other}, and this version reads {FORMAT}: make it again"
        )),
    }
}

fn read_simulated(drill: &Drill, text: &str) -> Result<Vec<Vec<Option<f64>>>, String> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let heads = reader.headers().map_err(|error| error.to_string())?.clone();
    let column = |key: String| {
        let found = heads.iter().position(|head| head == key);
        found.ok_or_else(|| format!("the column `{key}` is missing"))
    };
    let columns = drill
        .bands
        .iter()
        .map(|band| column(band.key()))
        .collect::<Result<Vec<_>, _>>()?;
    let mut simulated = vec![Vec::new(); columns.len()];
    for row in reader.records() {
        let row = row.map_err(|error| error.to_string())?;
        for (values, column) in simulated.iter_mut().zip(&columns) {
            let text = row.get(*column).unwrap_or_default();
            let value = match text {
                "" => None,
                text => Some(
                    text.parse()
                        .map_err(|_| format!("`{text}` is not a number of seconds"))?,
                ),
            };
            values.push(value);
        }
    }
    Ok(simulated)
}
