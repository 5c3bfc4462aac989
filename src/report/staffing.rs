//! A staffing plan out: as CSV, as JSON, as a candidate to paste into the scenario, and as a folder of these.

use std::fs::File;
use std::io::{self, BufWriter, Write};

use serde_json::{Map, Value, json};

use super::csv::in_io;
use super::manifest::{self, Timings};
use super::{OutputFolder, ReportError, sha256};
use crate::experiment::staffing::{Appraisal, Higher, OneLess, Plan, Shown, Staffing, Standing, Unit};
use crate::time::tzdb_version;

/// The files of a staffing folder.
pub(super) const FILES: &[&str] = &[
    "plan.csv",
    "targets.csv",
    "staffing.json",
    "candidate.toml",
    manifest::FILE,
];

/// Where a plan comes from.
#[derive(Debug, Clone)]
pub struct StaffingProvenance<'a> {
    /// The scenario's file name, without its folder.
    pub scenario_file: &'a str,
    /// The scenario's text.
    pub scenario_text: &'a str,
    /// What was asked for on the command line, as it is called there.
    pub options: Map<String, Value>,
    /// What may differ between two equal searches.
    pub timings: Timings,
}

/// Writes the whole folder, or nothing.
pub fn write_folder(
    folder: OutputFolder,
    staffing: &Staffing,
    provenance: &StaffingProvenance<'_>,
) -> Result<(), ReportError> {
    let new = folder.begin()?;
    for file in FILES {
        let write = || -> io::Result<()> {
            let mut out = BufWriter::new(File::create(new.path().join(file))?);
            match *file {
                "plan.csv" => write_plan(&mut out, staffing)?,
                "targets.csv" => write_targets(&mut out, staffing)?,
                "staffing.json" => write_json(&mut out, &document(staffing))?,
                "candidate.toml" => out.write_all(candidate(staffing).as_bytes())?,
                _ => write_json(&mut out, &manifest_of(staffing, provenance))?,
            }
            out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
        };
        write().map_err(|source| ReportError::File {
            file: (*file).to_owned(),
            source,
        })?;
    }
    Ok(new.put_in_place()?)
}

/// Pretty, with a line's end.
pub fn write_json(mut out: impl Write, value: &Value) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut out, value)?;
    out.write_all(b"\n")
}

fn manifest_of(staffing: &Staffing, provenance: &StaffingProvenance<'_>) -> Value {
    json!({
        manifest::OURS: env!("CARGO_PKG_VERSION"),
        "zone_database": tzdb_version(),
        "scenario": {
            "file": provenance.scenario_file,
            "sha256": sha256::hex(provenance.scenario_text.as_bytes()),
            "text": provenance.scenario_text,
        },
        "staffing": {
            "candidate": staffing.candidate,
            "targets": staffing.targets.iter().map(|target| target.text.clone()).collect::<Vec<_>>(),
            "confidence": staffing.confidence,
            "budget": staffing.budget.as_ref().map(|budget| budget.amount),
        },
        "options": provenance.options,
        "seed": staffing.seed,
        "files": FILES,
        "timings": manifest::timings(&provenance.timings),
    })
}

/// `plan.csv`: a line a team and shift. Without a plan, the column `plan` is empty.
pub fn write_plan(out: impl Write, staffing: &Staffing) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record([
        "team",
        "shift",
        "current",
        "plan",
        "min",
        "max",
        "cost_per_head_month",
        "cost_month",
        "unit",
    ])
    .map_err(in_io)?;
    let unit = staffing.currency.as_deref().unwrap_or("scheduled hours");
    for (place, one) in staffing.units.iter().enumerate() {
        let heads = staffing.plan.as_ref().map(|plan| plan.heads[place]);
        csv.write_record([
            one.team_name.as_str(),
            one.shift.as_deref().unwrap_or_default(),
            &one.current.to_string(),
            &heads.map(|heads| heads.to_string()).unwrap_or_default(),
            &one.min.to_string(),
            &one.max.to_string(),
            &one.head_cost.to_string(),
            &heads
                .map(|heads| (one.head_cost * f64::from(heads)).to_string())
                .unwrap_or_default(),
            unit,
        ])
        .map_err(in_io)?;
    }
    csv.flush()
}

/// `targets.csv`: a line a target and plan (`current`, `plan`, `runner-up N`).
fn write_targets(out: impl Write, staffing: &Staffing) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record([
        "plan",
        "status",
        "target",
        "asked",
        "estimate",
        "low",
        "high",
        "slack",
        "n",
        "replications",
    ])
    .map_err(in_io)?;
    let current = std::iter::once(("current".to_owned(), &staffing.current));
    let plan = staffing.plan.iter().map(|plan| ("plan".to_owned(), plan));
    let others = staffing.runners_up.iter().enumerate();
    let others = others.map(|(place, other)| (format!("runner-up {}", place + 1), other));
    for (name, appraisal) in current.chain(plan).chain(others) {
        for (target, standing) in staffing.targets.iter().zip(&appraisal.standings) {
            let number = |number: Option<f64>| number.map(|number| number.to_string()).unwrap_or_default();
            csv.write_record([
                name.as_str(),
                appraisal.status.words(),
                &target.text,
                &target.level.to_string(),
                &standing.estimate.to_string(),
                &number(standing.low),
                &number(standing.high),
                &standing.slack.to_string(),
                &standing.n.to_string(),
                &standing.replications.to_string(),
            ])
            .map_err(in_io)?;
        }
    }
    csv.flush()
}

/// The plan as one JSON document.
pub fn document(staffing: &Staffing) -> Value {
    let names: Vec<String> = staffing.units.iter().map(Unit::name).collect();
    let targets = staffing.targets.iter().map(|target| {
        json!({
            "target": target.text,
            "bound": target.bound.sign(),
            "level": target.level,
            "figure": target.figure,
            "unit": match target.shown { Shown::Share => "share", Shown::Seconds => "s", Shown::Number => "number" },
        })
    });
    json!({
        "escalade": env!("CARGO_PKG_VERSION"),
        "scenario": staffing.scenario,
        "candidate": staffing.candidate,
        "met": staffing.is_met(),
        "confidence": staffing.confidence,
        "cost_unit": staffing.currency.as_deref().unwrap_or("scheduled hours"),
        "targets": targets.collect::<Value>(),
        "units": staffing.units.iter().map(unit).collect::<Value>(),
        "people_by_name": staffing.named.iter().map(|named| json!({
            "team": named.team_name,
            "people": named.people,
            "cost_month": named.cost,
        })).collect::<Value>(),
        "current": appraisal(&staffing.current, &names),
        "plan": staffing.plan.as_ref().map(|plan| appraisal(plan, &names)),
        "runners_up": staffing.runners_up.iter().map(|other| appraisal(other, &names)).collect::<Value>(),
        "one_less": staffing.one_less.iter().map(|one| one_less(one, staffing, &names)).collect::<Value>(),
        "higher": staffing.higher.iter().map(|one| higher(one, staffing, &names)).collect::<Value>(),
        "out_of_reach": staffing.out_of_reach.iter().map(|one| json!({
            "target": staffing.targets[one.target].text,
            "standing": standing(&one.standing),
            "why": one.why,
        })).collect::<Value>(),
        "budget": staffing.budget.as_ref().map(|budget| json!({
            "amount": budget.amount,
            "buys": budget.buys.as_ref().map(|buys| appraisal(buys, &names)),
        })),
        "seed": staffing.seed,
        "plans_played": staffing.plans,
        "replications_played": staffing.replications,
        "warnings": staffing.warnings,
        "candidate_toml": staffing.plan.as_ref().map(|_| candidate(staffing)),
    })
}

fn unit(unit: &Unit) -> Value {
    json!({
        "team": unit.team_name,
        "shift": unit.shift,
        "skills": unit.skills,
        "current": unit.current,
        "min": unit.min,
        "max": unit.max,
        "cost_per_head_month": unit.head_cost,
    })
}

fn heads(plan: &Plan, names: &[String]) -> Value {
    let pairs = names.iter().cloned().zip(plan.iter().map(|heads| Value::from(*heads)));
    Value::Object(pairs.collect())
}

fn appraisal(appraisal: &Appraisal, names: &[String]) -> Value {
    json!({
        "heads": heads(&appraisal.heads, names),
        "status": appraisal.status.words(),
        "scheduled_cost_month": appraisal.cost,
        "cost_month": appraisal.whole_cost.map(|(estimate, low, high)| json!({
            "estimate": estimate,
            "low": low,
            "high": high,
        })),
        "standings": appraisal.standings.iter().map(standing).collect::<Value>(),
    })
}

fn standing(standing: &Standing) -> Value {
    json!({
        "estimate": standing.estimate,
        "low": standing.low,
        "high": standing.high,
        "slack": standing.slack,
        "n": standing.n,
        "replications": standing.replications,
    })
}

fn one_less(one: &OneLess, staffing: &Staffing, names: &[String]) -> Value {
    json!({
        "unit": names[one.unit],
        "saved_month": one.saved,
        "overloaded": one.overloaded,
        "breaks": one.breaks.map(|target| staffing.targets[target].text.clone()),
        "standings": one.standings.iter().map(standing).collect::<Value>(),
    })
}

fn higher(one: &Higher, staffing: &Staffing, names: &[String]) -> Value {
    json!({
        "target": staffing.targets[one.target].text,
        "level": one.level,
        "heads": one.plan.as_ref().map(|(plan, _)| heads(plan, names)),
        "more_month": one.plan.as_ref().map(|(_, more)| more),
    })
}

/// The plan as a candidate of the scenario, to be pasted at the end of its file; a comment where there is no plan.
pub fn candidate(staffing: &Staffing) -> String {
    let Some(plan) = &staffing.plan else {
        return "# No plan meets all targets.\n".to_owned();
    };
    let targets: Vec<&str> = staffing.targets.iter().map(|target| target.text.as_str()).collect();
    let mut text = format!(
        "[candidates.staffed]\ndescription = {}\n",
        quoted(&format!("Least cost for: {}", targets.join("; ")))
    );
    for (unit, heads) in staffing.units.iter().zip(&plan.heads) {
        let shift = unit.shift.as_ref().map(|shift| format!(".shifts.{}", key(shift)));
        text.push_str(&format!(
            "set.teams.{}{}.headcount = {heads}\n",
            key(&unit.team_name),
            shift.unwrap_or_default()
        ));
    }
    text
}

/// A key of TOML: bare where it may be.
fn key(name: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    match !name.is_empty() && name.chars().all(bare) {
        true => name.to_owned(),
        false => quoted(name),
    }
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.replace(char::is_control, " ")).to_string()
}
