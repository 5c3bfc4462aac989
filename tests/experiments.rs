//! `escalade sweep` and `escalade robustness` as scripts see them: what they write, that threads and interrupts change
//! nothing, and what they refuse.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use polars::prelude::{DataFrame, ParquetReader, SerReader};
use serde_json::Value;
use tempfile::TempDir;

/// A folder with the starter scenario `desk.toml` in it.
struct Desk {
    home: TempDir,
}

/// Two axes: people, and a share.
const AXES: [&str; 4] = [
    "--vary",
    "teams.experts.headcount=2..4",
    "--vary",
    "rules.hurry.when.consumed.share=0.5,0.75",
];

impl Desk {
    fn new() -> Desk {
        let desk = Desk {
            home: tempfile::tempdir().expect("a folder"),
        };
        desk.run(&["init", "desk"]).says(0);
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_escalade"));
        command
            .current_dir(self.home.path())
            .args(arguments)
            .stdin(Stdio::null());
        command.env("NO_COLOR", "1");
        command
    }

    fn run(&self, arguments: &[&str]) -> Said {
        Said::of(self.command(arguments).output().expect("the program can be started"))
    }

    /// `escalade sweep desk.toml` with the two axes, and more.
    fn sweep(&self, more: &str) -> Said {
        self.run(&arguments(more))
    }

    fn names(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.path(folder)).expect("a folder");
        let mut names: Vec<String> = entries
            .map(|entry| entry.expect("an entry").file_name().display().to_string())
            .collect();
        names.sort();
        names
    }

    fn csv(&self, file: &str) -> Vec<BTreeMap<String, String>> {
        let mut reader = csv::Reader::from_path(self.path(file)).expect("there");
        reader.deserialize().map(|row| row.expect("a row")).collect()
    }
}

fn arguments(more: &str) -> Vec<&str> {
    ["sweep", "desk.toml"]
        .into_iter()
        .chain(AXES)
        .chain(more.split_whitespace())
        .collect()
}

struct Said {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Said {
    fn of(output: Output) -> Said {
        Said {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).expect("UTF-8"),
            err: String::from_utf8(output.stderr).expect("UTF-8"),
        }
    }

    #[track_caller]
    fn says(self, code: i32) -> Said {
        assert_eq!(self.code, Some(code), "{}\n{}", self.out, self.err);
        assert!(!self.err.contains("panicked"), "{}", self.err);
        self
    }
}

/// The bytes of a folder's files; of the manifest, without its timings.
fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let content = |path: &PathBuf| {
        let bytes = fs::read(path).expect("a file");
        if !path.ends_with("manifest.json") {
            return bytes;
        }
        let mut manifest: Value = serde_json::from_slice(&bytes).expect("JSON");
        manifest
            .as_object_mut()
            .expect("an object")
            .remove("timings")
            .expect("timings");
        manifest.to_string().into_bytes()
    };
    let entries = fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path());
    entries
        .map(|path| (path.file_name().expect("a name").display().to_string(), content(&path)))
        .collect()
}

#[track_caller]
fn same(one: &Path, other: &Path) {
    let (one, other) = (contents(one), contents(other));
    assert!(one.keys().eq(other.keys()));
    for (file, bytes) in &one {
        assert!(*bytes == other[file], "{file}");
    }
}

fn parquet(path: &Path) -> DataFrame {
    ParquetReader::new(File::open(path).expect("there"))
        .finish()
        .expect("Parquet")
}

const FILES: [&str; 8] = [
    "effects.csv",
    "manifest.json",
    "pareto.csv",
    "points.csv",
    "points.parquet",
    "response.csv",
    "sweep.csv",
    "sweep.parquet",
];

#[test]
fn a_sweep_writes_the_whole_folder_and_shows_what_moves_what() {
    let desk = Desk::new();
    let said = desk.sweep("--replications 4").says(0);
    for word in [
        "6 points (grid)",
        "What moves",
        "teams.experts.headcount: 2 → 4",
        "Front of staffed",
        "out/desk-sweep",
    ] {
        assert!(said.out.contains(word), "{word}\n{}", said.out);
    }
    assert!(said.out.lines().all(|line| line.chars().count() <= 80), "{}", said.out);
    assert_eq!(desk.names("out/desk-sweep"), FILES);
    assert_eq!(desk.names("out"), ["desk-sweep"], "no checkpoint is left");
    let manifest: Value =
        serde_json::from_slice(&fs::read(desk.path("out/desk-sweep/manifest.json")).expect("there")).expect("JSON");
    assert_eq!(manifest["sweep"]["points"], 6);
    assert_eq!(manifest["sweep"]["axes"][0]["paths"][0], "teams.experts.headcount");
    assert_eq!((&manifest["replications"], &manifest["seed"]), (&4.into(), &1.into()));
}

#[test]
fn a_point_has_the_numbers_that_a_candidate_of_the_same_values_has() {
    let desk = Desk::new();
    desk.sweep("--replications 4").says(0);
    desk.run(&[
        "run",
        "desk.toml",
        "--replications",
        "4",
        "--candidates",
        "base,one-more-expert",
    ])
    .says(0);
    let points = desk.csv("out/desk-sweep/points.csv");
    let has = |point: &str, path: &str, value: &str| {
        points
            .iter()
            .any(|row| row["point"] == point && row["path"] == path && row["value"] == value)
    };
    let point = (0..6).map(|point| point.to_string()).find(|point| {
        has(point, "teams.experts.headcount", "4") && has(point, "rules.hurry.when.consumed.share", "0.75")
    });
    let point = point.expect("the candidate is one of the points");
    let summary = desk.csv("out/desk/summary.csv");
    let sweep = desk.csv("out/desk-sweep/sweep.csv");
    let of_point: Vec<_> = sweep.iter().filter(|row| row["point"] == point).collect();
    assert!(of_point.len() > 100);
    for row in of_point {
        let same = |other: &&BTreeMap<String, String>| {
            other["candidate"] == "one-more-expert"
                && ["metric", "by", "group"].iter().all(|key| other[*key] == row[*key])
        };
        let other = summary.iter().find(same).expect("the candidate has the row");
        for column in ["estimate", "low", "high", "n", "replications"] {
            assert_eq!(row[column], other[column], "{column} of {row:?}");
        }
    }
}

#[test]
fn csv_and_parquet_hold_the_same() {
    let desk = Desk::new();
    let printed = desk.sweep("--replications 2 --format csv").says(0).out;
    let written = fs::read_to_string(desk.path("out/desk-sweep/sweep.csv")).expect("there");
    assert!(printed == written);
    for table in ["points", "sweep"] {
        let rows = desk.csv(&format!("out/desk-sweep/{table}.csv"));
        let frame = parquet(&desk.path(&format!("out/desk-sweep/{table}.parquet")));
        assert_eq!(frame.height(), rows.len());
        let column = if table == "points" { "number" } else { "estimate" };
        let numbers = frame
            .column(column)
            .and_then(|column| column.f64().cloned())
            .expect("numbers");
        assert!(
            numbers
                .iter()
                .eq(rows.iter().map(|row| row[column].parse::<f64>().ok()))
        );
    }
    let json: Value = serde_json::from_str(&desk.sweep("--replications 2 --format json").says(0).out).expect("JSON");
    for (key, file) in [
        ("estimates", "sweep"),
        ("effects", "effects"),
        ("response", "response"),
        ("pareto", "pareto"),
    ] {
        let rows = desk.csv(&format!("out/desk-sweep/{file}.csv"));
        assert_eq!(json[key].as_array().map(Vec::len), Some(rows.len()), "{key}");
    }
}

#[test]
fn any_number_of_threads_writes_the_same_bytes() {
    let desk = Desk::new();
    for threads in ["1", "2", "8"] {
        desk.sweep(&format!(
            "--design lhs --points 7 --replications 3 --threads {threads} --out with-{threads}"
        ))
        .says(0);
    }
    same(&desk.path("with-1"), &desk.path("with-2"));
    same(&desk.path("with-1"), &desk.path("with-8"));
}

fn start(mut command: Command) -> Child {
    command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program can be started")
}

#[cfg(unix)]
#[test]
fn an_interrupted_sweep_goes_on_and_ends_in_the_same_bytes() {
    let desk = Desk::new();
    let more = "--vary services.requests.work_factor=1..1.2 --design sobol --points 256 --replications 8 --threads 2";
    let text = fs::read_to_string(desk.path("desk.toml")).expect("there");
    let service = text
        .lines()
        .find_map(|line| line.strip_prefix("[services.")?.split(['.', ']']).next());
    let more = more.replace("requests", service.expect("the starter has a service"));
    let child = start(desk.command(&arguments(&more)));
    // Interrupted once the first points are kept, and long before the last.
    let kept = || desk.path("out/desk-sweep.partial/000000.points").exists();
    for _ in 0..600 {
        if kept() {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(kept(), "a checkpoint");
    let sent = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .expect("kill");
    assert!(sent.success());
    let said = Said::of(child.wait_with_output().expect("it ends")).says(130);
    assert!(said.out.is_empty() && said.err.contains("--resume"), "{}", said.err);
    assert_eq!(desk.names("out"), ["desk-sweep.partial"], "no half of a result");
    let other = format!("{more} --seed 2 --resume");
    let refused = desk.sweep(&other).says(2);
    assert!(refused.err.contains("`seed 1` there, `seed 2` here"), "{}", refused.err);
    desk.sweep(&format!("{more} --resume")).says(0);
    assert_eq!(desk.names("out"), ["desk-sweep"]);
    desk.sweep(&format!("{more} --out whole")).says(0);
    same(&desk.path("out/desk-sweep"), &desk.path("whole"));
}

#[test]
fn without_a_checkpoint_resume_begins_at_the_beginning() {
    let desk = Desk::new();
    desk.sweep("--replications 2 --resume").says(0);
    assert_eq!(desk.names("out/desk-sweep"), FILES);
}

#[test]
fn a_wrong_sweep_is_2_and_nothing_is_written() {
    let desk = Desk::new();
    let cases: &[(&[&str], &str)] = &[
        (&["sweep", "desk.toml"], "--vary"),
        (&["sweep", "desk.toml", "--vary", "teams.experts.headcount"], "no `=`"),
        (
            &["sweep", "desk.toml", "--vary", "teams.experts.headcount=5..2"],
            "does not rise",
        ),
        (
            &["sweep", "desk.toml", "--vary", "teams.expert.headcount=2..3"],
            "did you mean `experts`?",
        ),
        (
            &["sweep", "desk.toml", "--vary", "teams.experts.headcount=-1..3"],
            "teams.experts.headcount = -1: -1 is out of range",
        ),
        (&["sweep", "desk.toml", "--vary", "name=a,b"], "`name` cannot be set"),
        (
            &["sweep", "desk.toml", "--vary", "run.horizon=1w,never"],
            "run.horizon = never",
        ),
        (
            &[
                "sweep",
                "desk.toml",
                "--vary",
                "teams.experts.headcount=2,3",
                "--vary",
                "x: teams.experts.headcount=4",
            ],
            "varied twice",
        ),
        (
            &[
                "sweep",
                "desk.toml",
                "--vary",
                "teams.experts.headcount=2,3",
                "--points",
                "7",
            ],
            "2 points, not 7",
        ),
        (
            &[
                "sweep",
                "desk.toml",
                "--vary",
                "teams.experts.headcount=2..9",
                "--design",
                "sobol",
                "--points",
                "7",
            ],
            "4 or 8",
        ),
        (
            &[
                "sweep",
                "desk.toml",
                "--vary",
                "teams.experts.headcount=2..9",
                "--design",
                "sobol",
                "--points",
                "0",
            ],
            "power of two",
        ),
        (
            &[
                "sweep",
                "desk.toml",
                "--vary",
                "teams.experts.headcount=2..9",
                "--design",
                "lhs",
                "--points",
                "0",
            ],
            "points",
        ),
        (
            &[
                "sweep",
                "desk.toml",
                "--vary",
                "teams.experts.headcount=2,3",
                "--metrics",
                "breach_rate",
            ],
            "no metric is called",
        ),
        (
            &[
                "sweep",
                "desk.toml",
                "--vary",
                "teams.experts.headcount=2,3",
                "--pareto",
                "staffed",
            ],
            "two metrics",
        ),
        (
            &[
                "sweep",
                "desk.toml",
                "--vary",
                "teams.experts.headcount=2,3",
                "--candidate",
                "soner",
            ],
            "did you mean `sooner`?",
        ),
        (
            &[
                "sweep",
                "desk.toml",
                "--vary",
                "teams.experts.headcount=2,3",
                "--no-files",
                "--resume",
            ],
            "--resume",
        ),
        (
            &["sweep", "nowhere.toml", "--vary", "teams.experts.headcount=2,3"],
            "nowhere.toml",
        ),
    ];
    for (arguments, part) in cases {
        let said = desk.run(arguments).says(2);
        assert!(
            said.out.is_empty() && said.err.contains(part),
            "{arguments:?}\n{}",
            said.err
        );
    }
    assert_eq!(desk.names("."), ["desk.toml"]);
}

#[test]
fn a_folder_of_somebody_else_is_left_alone() {
    let desk = Desk::new();
    fs::create_dir(desk.path("thesis")).expect("created");
    fs::write(desk.path("thesis/chapter.tex"), "years of work").expect("written");
    desk.sweep("--replications 1000000 --out thesis").says(2);
    assert_eq!(desk.names("thesis"), ["chapter.tex"]);
    assert_eq!(desk.names("."), ["desk.toml", "thesis"]);
}

#[test]
fn what_is_odd_about_a_point_is_said_and_it_is_played() {
    let desk = Desk::new();
    let axis = "teams.experts.headcount=0,3";
    let said = desk
        .run(&[
            "sweep",
            "desk.toml",
            "--vary",
            axis,
            "--replications",
            "2",
            "--no-files",
        ])
        .says(0);
    assert!(said.err.contains("teams.experts.headcount = 0"), "{}", said.err);
    assert_eq!(desk.names("."), ["desk.toml"]);
}

#[test]
fn more_people_breach_less_and_the_effect_says_so() {
    let desk = Desk::new();
    let axis = "teams.experts.headcount=1..4";
    desk.run(&[
        "sweep",
        "desk.toml",
        "--vary",
        axis,
        "--metrics",
        "breach_rate_resolve,staffed",
    ])
    .says(0);
    let effects = desk.csv("out/desk-sweep/effects.csv");
    let main = |metric: &str| {
        let row = effects
            .iter()
            .find(|row| row["metric"] == metric && row["by"] == "all" && row["effect"] == "main");
        let row = row.expect("the effect is there");
        ["low", "high", "from", "to"].map(|column| row[column].clone())
    };
    let [_, high, from, to] = main("breach_rate_resolve");
    assert_eq!([from.as_str(), to.as_str()], ["1", "4"]);
    assert!(high.parse::<f64>().expect("a number") < 0.0, "{high}");
    let [low, high, ..] = main("staffed").map(|text| text.parse::<f64>().unwrap_or(f64::NAN));
    assert!(
        (low - 3.0).abs() < 1e-9 && (high - 3.0).abs() < 1e-9,
        "three people more: {low} {high}"
    );
    let front = desk.csv("out/desk-sweep/pareto.csv");
    assert_eq!(front.len(), 4);
    assert!(front.iter().any(|row| row["on_front"] == "true"));
    let slices: Vec<&String> = effects.iter().map(|row| &row["by"]).collect();
    assert!(
        slices.iter().any(|by| *by == "severity"),
        "named metrics are analysed in all their slices"
    );
}

const WORLDS: [&str; 7] = [
    "none",
    "arrivals +20 %",
    "work +20 %",
    "outage storm",
    "two people ill",
    "one expert",
    "inputs redrawn",
];

/// With a world of its own and inputs that are estimates.
fn uncertain() -> Desk {
    let desk = Desk::new();
    let text = fs::read_to_string(desk.path("desk.toml")).expect("there");
    let more = "\n[uncertainty]\narrivals = 0.1\n\n[stress.\"one expert\"]\nset.teams.experts.headcount = 1\n";
    fs::write(desk.path("desk.toml"), text + more).expect("written");
    desk
}

#[test]
fn every_candidate_is_compared_in_every_world_and_the_verdict_is_in_words() {
    let desk = uncertain();
    let said = desk.run(&["robustness", "desk.toml", "--replications", "8"]).says(0);
    for word in ["Worlds", "one-more-expert against base", "holds", "out/desk-robustness"] {
        assert!(said.out.contains(word), "{word}\n{}", said.out);
    }
    assert!(said.out.lines().all(|line| line.chars().count() <= 80), "{}", said.out);
    assert_eq!(desk.names("out/desk-robustness"), ["manifest.json", "robustness.csv"]);
    let rows = desk.csv("out/desk-robustness/robustness.csv");
    let of = |stress: &str, candidate: &str| {
        let row = rows.iter().find(|row| {
            row["stress"] == stress
                && row["candidate"] == candidate
                && row["metric"] == "time_to_resolve_p90_s"
                && row["by"] == "all"
        });
        row.unwrap_or_else(|| panic!("{stress} of {candidate}")).clone()
    };
    for world in WORLDS {
        let row = of(world, "one-more-expert");
        let [difference, low, high] =
            ["difference", "low", "high"].map(|key| row[key].parse::<f64>().expect("a number"));
        assert!(low <= difference && difference <= high, "{row:?}");
        let drawn = world == "inputs redrawn";
        assert_eq!(!row["input_share"].is_empty() && row["draws"] == "40", drawn, "{row:?}");
    }
    assert_eq!(of("none", "one-more-expert")["plain_verdict"], "as it is");
    // Both have one expert then: no difference at all.
    let row = of("one expert", "one-more-expert");
    assert_eq!(
        (row["verdict"].as_str(), row["difference"].as_str()),
        ("identical", "0")
    );
}

#[test]
fn the_scenario_as_it_is_is_the_run_and_threads_change_nothing() {
    let desk = uncertain();
    for threads in ["1", "3"] {
        let out = format!("with-{threads}");
        desk.run(&[
            "robustness",
            "desk.toml",
            "--replications",
            "3",
            "--threads",
            threads,
            "--out",
            &out,
        ])
        .says(0);
    }
    same(&desk.path("with-1"), &desk.path("with-3"));
    desk.run(&["run", "desk.toml", "--replications", "3"]).says(0);
    let comparison = desk.csv("out/desk/comparison.csv");
    let plain = desk.csv("with-1/robustness.csv");
    let plain: Vec<_> = plain.iter().filter(|row| row["stress"] == "none").collect();
    assert!(plain.len() > 6);
    for row in plain {
        let same = |other: &&BTreeMap<String, String>| {
            ["candidate", "metric", "by", "group"]
                .iter()
                .all(|key| other[*key] == row[*key])
        };
        let other = comparison.iter().find(same).expect("the run has it too");
        for column in ["difference", "low", "high", "p_adjusted", "verdict", "n"] {
            assert_eq!(row[column], other[column], "{column}");
        }
    }
}

#[test]
fn a_wrong_robustness_is_2_and_nothing_is_written() {
    let desk = Desk::new();
    let write = |more: &str| {
        let text = fs::read_to_string(desk.path("desk.toml")).expect("there");
        fs::write(desk.path("wrong.toml"), text + more).expect("written");
    };
    for (more, part) in [
        (
            "\n[stress.x]\nset.teams.expert.headcount = 1\n",
            "did you mean `experts`?",
        ),
        ("\n[stress.x]\nset.name = \"other\"\n", "a patch cannot change `name`"),
        ("\n[stress.x]\nsets = 1\n", "sets"),
        ("\n[uncertainty]\narrivals = 20\n", "20 is out of range"),
    ] {
        write(more);
        for subcommand in ["robustness", "check"] {
            let said = desk.run(&[subcommand, "wrong.toml"]).says(2);
            assert!(said.out.is_empty() && said.err.contains(part), "{more}\n{}", said.err);
            assert!(said.err.contains("wrong.toml:"), "with its place: {}", said.err);
        }
    }
    let said = desk.run(&["robustness", "desk.toml", "--candidates", "base"]).says(2);
    assert!(said.err.contains("nothing to compare"), "{}", said.err);
    // A world that breaks one candidate only: found when the two meet.
    write(
        "\n[candidates.alone]\nset.tiers.L1.work = { empirical = [\"1m\", \"2m\"] }\n[stress.x]\nset.tiers.L1.work.lognormal.sigma = 1.0\n",
    );
    let said = desk.run(&["robustness", "wrong.toml"]).says(2);
    assert!(
        said.err.contains("stress `x` with candidate `alone`") && said.err.contains("median"),
        "{}",
        said.err
    );
    assert_eq!(desk.names("."), ["desk.toml", "wrong.toml"]);
}
