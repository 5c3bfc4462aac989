//! The command line as scripts see it: exit codes, what goes to standard output and what to standard error, and the output
//! folder read back. What the numbers are worth is for other tests.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use polars::prelude::{DataFrame, ParquetReader, SerReader};
use serde_json::Value;
use tempfile::TempDir;

/// A folder of its own for each test, in which the program runs.
struct Desk {
    home: TempDir,
}

impl Desk {
    fn new() -> Desk {
        Desk {
            home: tempfile::tempdir().expect("a folder"),
        }
    }

    /// With the starter scenario `desk.toml` in it.
    fn with_scenario() -> Desk {
        let desk = Desk::new();
        desk.run("init desk").says(0);
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_escalade"));
        command
            .current_dir(self.home.path())
            .args(arguments.split_whitespace())
            .stdin(Stdio::null());
        for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"] {
            command.env_remove(variable);
        }
        command
    }

    fn run(&self, arguments: &str) -> Said {
        self.run_with(arguments, &[])
    }

    fn run_with(&self, arguments: &str, environment: &[(&str, &str)]) -> Said {
        let output = self
            .command(arguments)
            .envs(environment.iter().copied())
            .output()
            .expect("the program can be started");
        Said::of(arguments, output)
    }

    /// Everything in the folder, by relative path.
    fn files(&self) -> Vec<String> {
        let mut files = Vec::new();
        list(self.home.path(), "", &mut files);
        files.sort();
        files
    }
}

fn list(folder: &Path, before: &str, files: &mut Vec<String>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let entry = entry.expect("an entry");
        let name = format!("{before}{}", entry.file_name().display());
        match entry.path().is_dir() {
            true => list(&entry.path(), &format!("{name}/"), files),
            false => files.push(name),
        }
    }
}

/// What the program said.
struct Said {
    arguments: String,
    code: Option<i32>,
    out: String,
    err: String,
}

impl Said {
    fn of(arguments: &str, output: Output) -> Said {
        Said {
            arguments: arguments.to_owned(),
            code: output.status.code(),
            out: String::from_utf8(output.stdout).expect("UTF-8"),
            err: String::from_utf8(output.stderr).expect("UTF-8"),
        }
    }

    fn says(self, code: i32) -> Said {
        assert_eq!(
            self.code,
            Some(code),
            "escalade {}\n{}\n{}",
            self.arguments,
            self.out,
            self.err
        );
        assert!(!self.err.contains("panicked"), "{}", self.err);
        self
    }
}

/// A text without its line ends, to look for words in.
fn unwrapped(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The parts of `manifest.json` that must not differ between equal runs.
fn manifest(path: &Path) -> Value {
    let text = fs::read_to_string(path).expect("a manifest");
    let mut manifest: Value = serde_json::from_str(&text).expect("JSON");
    manifest
        .as_object_mut()
        .expect("an object")
        .remove("timings")
        .expect("timings");
    manifest
}

fn parquet(path: &Path) -> DataFrame {
    ParquetReader::new(File::open(path).expect("there"))
        .finish()
        .expect("Parquet")
}

/// The bytes of a folder's files; of the manifest, without its timings.
fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path());
    let content = |path: &PathBuf| match path.ends_with("manifest.json") {
        true => manifest(path).to_string().into_bytes(),
        false => fs::read(path).expect("a file"),
    };
    entries
        .map(|path| (path.file_name().expect("a name").display().to_string(), content(&path)))
        .collect()
}

#[test]
fn help_names_the_jobs_and_shows_examples() {
    let desk = Desk::new();
    let help = desk.run("--help").says(0).out;
    let commands = [
        "run",
        "sweep",
        "robustness",
        "staff",
        "check",
        "init",
        "drill",
        "schema",
    ];
    for word in commands.into_iter().chain(["Examples:"]) {
        assert!(help.contains(word), "{word}\n{help}");
    }
    for subcommand in commands {
        assert!(
            desk.run(&format!("{subcommand} --help"))
                .says(0)
                .out
                .contains("Example"),
            "{subcommand}"
        );
    }
    assert!(desk.run("--version").says(0).out.starts_with("escalade "));
}

#[test]
fn a_wrong_command_line_is_2_and_says_nothing_on_standard_output() {
    let desk = Desk::with_scenario();
    for arguments in [
        "",
        "walk",
        "run",
        "run desk.toml --replication 3",
        "run desk.toml --replications 0",
        "run desk.toml --replications few",
        "run desk.toml --threads 0",
        "run desk.toml --format xml",
        "run desk.toml --no-files --out elsewhere",
        "run desk.toml --precision 5",
        "run desk.toml --precision 0pp",
        "run desk.toml --precision some",
        "run desk.toml --precision 30s",
        "run desk.toml --precision 1pp --replications 9",
        "run desk.toml --precision 1pp --headline breach_rate",
        "run desk.toml --precision 1pp --headline breach_rate_resolve:Sev9",
        "run desk.toml --precision 1pp --precision-of differences --candidates base",
        "run desk.toml --precision 1pp --max-time soon",
        "run desk.toml --max-replications 9",
        "run desk.toml --select",
        "run desk.toml --select breach_rate",
        "run desk.toml --select first_response_p90_s",
        "run desk.toml --select backlog",
        "run desk.toml --select breach_rate_resolve --pcs 0.4",
        "run desk.toml --select breach_rate_resolve --pcs 1",
        "run desk.toml --select breach_rate_resolve --indifference 30s",
        "run desk.toml --select breach_rate_resolve --indifference 1pp,1%",
        "run desk.toml --select breach_rate_resolve --precision 1pp",
        "run desk.toml --select breach_rate_resolve --replications 9",
        "run desk.toml --select breach_rate_resolve --candidates base",
        "run desk.toml --indifference 30s",
        "check",
        "init",
    ] {
        let said = desk.run(arguments).says(2);
        assert!(said.out.is_empty() && !said.err.is_empty(), "{arguments}");
    }
    assert_eq!(desk.files(), ["desk.toml"]);
}

#[test]
fn a_negative_number_is_answered_with_what_may_be_written() {
    let desk = Desk::with_scenario();
    for (arguments, says) in [
        ("run desk.toml --seed -1", "write a whole number from 0 to"),
        ("run desk.toml --replications -5", "-5 is not in 1..=1000000"),
        (
            "run desk.toml --precision -1pp",
            "is not an amount: write percentage points (0.2pp)",
        ),
        (
            "run desk.toml --indifference -5%",
            "is not an amount: write percentage points (0.2pp)",
        ),
        (
            "staff desk.toml --target x --budget -5",
            "an amount that is not negative",
        ),
        ("drill desk.toml --length -90m", "a length of time has no sign"),
        ("drill desk.toml --seed -1", "write a whole number from 0 to"),
    ] {
        let said = desk.run(arguments).says(2);
        assert!(said.err.contains(says), "{arguments}: {}", said.err);
        assert!(!said.err.contains("unexpected argument"), "{}", said.err);
    }
}

#[test]
fn a_file_that_is_not_there_is_2_and_says_what_to_do() {
    let desk = Desk::new();
    for subcommand in ["run", "check"] {
        let said = desk.run(&format!("{subcommand} nowhere.toml")).says(2);
        assert!(
            said.err.contains("nowhere.toml") && said.err.contains("escalade init"),
            "{}",
            said.err
        );
    }
    desk.run("check .").says(2);
}

#[test]
fn a_scenario_begun_with_init_passes_the_check() {
    let desk = Desk::new();
    let said = desk.run("init desk").says(0);
    assert!(
        said.out.is_empty() && said.err.contains("escalade check desk.toml"),
        "{}",
        said.err
    );
    let said = desk.run("check desk.toml").says(0);
    assert!(said.out.starts_with("desk: nothing is wrong"), "{}", said.out);
    assert!(
        said.out.contains("sooner") && said.err.is_empty(),
        "{}\n{}",
        said.out,
        said.err
    );
}

#[test]
fn init_never_overwrites() {
    let desk = Desk::with_scenario();
    fs::write(desk.path("desk.toml"), "precious").expect("written");
    for arguments in ["init desk", "init desk.toml"] {
        assert!(desk.run(arguments).says(2).err.contains("not overwritten"));
    }
    assert_eq!(fs::read_to_string(desk.path("desk.toml")).expect("there"), "precious");
    assert!(desk.run("init no/such/folder/desk").says(2).err.contains("folder"));
}

#[test]
fn a_wrong_scenario_is_2_with_every_mistake_and_its_place() {
    let desk = Desk::with_scenario();
    let text = fs::read_to_string(desk.path("desk.toml")).expect("there");
    let wrong =
        text.replacen("tier = \"L1\"", "tier = \"L9\"", 1)
            .replacen("horizon = \"4w\"", "horizon = \"soon\"", 1);
    fs::write(desk.path("wrong.toml"), wrong).expect("written");
    for subcommand in ["check", "run"] {
        let said = desk.run(&format!("{subcommand} wrong.toml")).says(2);
        assert!(said.out.is_empty());
        assert!(
            said.err.contains("L9") && said.err.contains("soon") && said.err.contains("wrong.toml:"),
            "{}",
            said.err
        );
    }
    let said = desk.run("check wrong.toml --format json").says(2);
    let json: Value = serde_json::from_str(&said.out).expect("JSON");
    assert!(
        json["errors"].as_u64() >= Some(2) && json["problems"][0]["line"].is_u64(),
        "{json}"
    );
    assert_eq!(desk.files(), ["desk.toml", "wrong.toml"]);
}

#[test]
fn the_schema_is_a_json_schema() {
    let schema: Value = serde_json::from_str(&Desk::new().run("schema").says(0).out).expect("JSON");
    assert!(schema["$schema"].is_string() && schema["properties"]["severities"].is_object());
}

#[test]
fn a_run_writes_the_whole_folder_and_shows_the_comparison() {
    let desk = Desk::with_scenario();
    let said = desk.run("run desk.toml --replications 3 --seed 7").says(0);
    for word in [
        "Breach rate",
        "base",
        "sooner",
        "one-more-expert",
        "±",
        "3 replications",
        "out/desk",
    ] {
        assert!(said.out.contains(word), "{word}\n{}", said.out);
    }
    assert!(said.out.lines().all(|line| line.chars().count() <= 80), "{}", said.out);
    let always = [
        "comparison.csv",
        "manifest.json",
        "replications.parquet",
        "summary.csv",
        "summary.parquet",
        "timeline.parquet",
    ];
    assert!(contents(&desk.path("out/desk")).keys().eq(always));

    let manifest = manifest(&desk.path("out/desk/manifest.json"));
    assert_eq!(
        (manifest["seed"].as_u64(), manifest["replications"].as_u64()),
        (Some(7), Some(3))
    );
    assert_eq!(manifest["scenario"]["file"], "desk.toml");
    assert_eq!(
        manifest["scenario"]["text"].as_str(),
        fs::read_to_string(desk.path("desk.toml")).ok().as_deref()
    );
    assert_eq!(manifest["candidates"][0]["name"], "base");
    assert!(manifest["candidates"].as_array().is_some_and(|all| {
        all.iter()
            .any(|one| one["changes"][0]["path"] == "teams.experts.headcount")
    }));
}

#[test]
fn the_same_summary_is_in_csv_parquet_and_on_standard_output() {
    let desk = Desk::with_scenario();
    let printed = desk.run("run desk.toml --replications 3 --format csv").says(0).out;
    let written = fs::read_to_string(desk.path("out/desk/summary.csv")).expect("there");
    assert!(printed == written);
    let header = written.lines().next().expect("a header");
    assert_eq!(header, "candidate,metric,by,group,estimate,low,high,n,replications");
    let frame = parquet(&desk.path("out/desk/summary.parquet"));
    assert_eq!(frame.height(), written.lines().count() - 1);
    assert!(
        frame
            .get_column_names()
            .into_iter()
            .map(|name| name.as_str())
            .eq(header.split(','))
    );
    assert!(parquet(&desk.path("out/desk/replications.parquet")).height() > 0);
    assert!(parquet(&desk.path("out/desk/timeline.parquet")).height() > 0);

    let json = desk
        .run("run desk.toml --replications 3 --format json --no-files")
        .says(0)
        .out;
    let json: Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["summary"].as_array().map(Vec::len), Some(frame.height()));
    let comparison = fs::read_to_string(desk.path("out/desk/comparison.csv")).expect("there");
    assert_eq!(
        json["comparison"].as_array().map(Vec::len),
        Some(comparison.lines().count() - 1)
    );
}

#[test]
fn a_precision_is_reached_and_written_down() {
    let desk = Desk::with_scenario();
    let said = desk.run("run desk.toml --precision 1pp").says(0);
    assert!(
        unwrapped(&said.out).contains("Precision ±1 pp: reached by all 12 differences from base"),
        "{}",
        said.out
    );
    let written = manifest(&desk.path("out/desk/manifest.json"));
    let precision = &written["precision"];
    assert_eq!(
        (&precision["end"], &precision["within"]),
        (&"met".into(), &"1 pp".into())
    );
    assert_eq!(precision["replications"], written["replications"]);
    assert_eq!(precision["figures"].as_array().map(Vec::len), Some(12));
    let summary = fs::read(desk.path("out/desk/summary.csv")).expect("there");

    let again = format!("run desk.toml --replications {}", written["replications"]);
    desk.run(&again).says(0);
    assert!(summary == fs::read(desk.path("out/desk/summary.csv")).expect("there"));
    assert!(
        manifest(&desk.path("out/desk/manifest.json"))
            .get("precision")
            .is_none()
    );
}

#[test]
fn a_precision_that_is_not_reached_says_what_it_would_take() {
    let desk = Desk::with_scenario();
    let said = desk
        .run("run desk.toml --precision 0.01pp --precision-of levels --max-replications 40 --no-files")
        .says(0);
    for word in [
        "NOT reached by",
        "within the 40 replications allowed",
        "Widest: ",
        "likely to take",
        "At this run's pace",
    ] {
        assert!(unwrapped(&said.out).contains(word), "{word}\n{}", said.out);
    }
    assert!(said.out.lines().all(|line| line.chars().count() <= 80), "{}", said.out);
    let json = desk
        .run("run desk.toml --precision 0.01pp --no-files --format json")
        .says(0);
    let document: Value = serde_json::from_str(&json.out).expect("JSON");
    assert_eq!(document["precision"]["reached"], false);
    assert!(
        document["precision"]["replications_needed"]["likely"].as_u64() > Some(2_000),
        "{}",
        json.out
    );
    assert!(json.err.contains("--max-replications"), "{}", json.err);
    let said = desk
        .run("run desk.toml --precision 0.01pp --no-files --max-time 1ms")
        .says(0);
    assert!(
        unwrapped(&said.out).contains("within the time allowed (8 replications)"),
        "{}",
        said.out
    );
}

#[test]
fn a_selection_names_the_best_its_promise_and_its_price() {
    let desk = Desk::with_scenario();
    let said = desk
        .run("run desk.toml --select time_to_resolve_mean_s --indifference 20s")
        .says(0);
    for word in [
        "Best by the lowest time_to_resolve_mean_s: one-more-expert",
        "probability of 95 %",
        "dropped, beaten by",
        "were played",
    ] {
        assert!(unwrapped(&said.out).contains(word), "{word}\n{}", said.out);
    }
    assert!(said.out.lines().all(|line| line.chars().count() <= 80), "{}", said.out);
    let selection = &manifest(&desk.path("out/desk/manifest.json"))["selection"];
    assert_eq!(
        (&selection["winner"], &selection["promise"]),
        (&"one-more-expert".into(), &0.95.into())
    );
    assert_eq!(selection["candidates"].as_array().map(Vec::len), Some(3));
}

#[test]
fn traces_are_written_when_asked_for() {
    let desk = Desk::with_scenario();
    desk.run("run desk.toml --replications 2 --tickets --events --trace-replications 2 --out traced")
        .says(0);
    assert!(parquet(&desk.path("traced/tickets.parquet")).height() > 0);
    assert!(parquet(&desk.path("traced/events.parquet")).height() > 0);
    let events = fs::read_to_string(desk.path("traced/events.csv")).expect("there");
    assert!(
        events.starts_with("case,activity,timestamp,resource,candidate,replication,"),
        "{}",
        &events[..100]
    );
    assert!(
        events
            .lines()
            .nth(1)
            .is_some_and(|line| line.starts_with("base/0/") && line.contains("2026-"))
    );
}

#[test]
fn any_number_of_threads_writes_the_same_bytes() {
    let desk = Desk::with_scenario();
    for threads in ["1", "2", "8"] {
        desk.run(&format!(
            "run desk.toml --replications 5 --tickets --events --threads {threads} --out with-{threads}"
        ))
        .says(0);
    }
    let one = contents(&desk.path("with-1"));
    for threads in ["2", "8"] {
        let other = contents(&desk.path(&format!("with-{threads}")));
        assert!(one.keys().eq(other.keys()));
        for (file, bytes) in &one {
            assert!(bytes == &other[file], "{file} with {threads} threads");
        }
    }
}

#[test]
fn a_manifest_says_what_was_asked_for_and_nothing_else() {
    let desk = Desk::with_scenario();
    desk.run("run desk.toml --replications 2 --indifference 5pp,20% --candidates sooner,base --threads 2 --quiet")
        .says(0);
    let options = |path: &str| manifest(&desk.path(path))["options"].to_string();
    assert_eq!(
        options("out/desk/manifest.json"),
        r#"{"replications":2,"indifference":["5pp","20%"],"candidates":["sooner","base"]}"#
    );
    desk.run(
        "sweep desk.toml --vary arrivals.per_week=500,600 --replications 2 --metrics backlog --pareto staffed,backlog",
    )
    .says(0);
    assert_eq!(
        options("out/desk-sweep/manifest.json"),
        r#"{"vary":["arrivals.per_week=500,600"],"replications":2,"metrics":["backlog"],"pareto":["staffed","backlog"]}"#
    );
}

#[test]
fn an_earlier_output_is_replaced() {
    let desk = Desk::with_scenario();
    desk.run("run desk.toml --replications 2 --events").says(0);
    desk.run("run desk.toml --replications 3").says(0);
    assert_eq!(manifest(&desk.path("out/desk/manifest.json"))["replications"], 3);
    assert!(!desk.path("out/desk/events.csv").exists());
}

#[test]
fn a_folder_of_somebody_else_is_left_alone() {
    let desk = Desk::with_scenario();
    fs::create_dir(desk.path("thesis")).expect("created");
    fs::write(desk.path("thesis/chapter.tex"), "years of work").expect("written");
    // So many replications that the test would not end if the folder were looked at afterwards only.
    let said = desk.run("run desk.toml --replications 1000000 --out thesis").says(2);
    assert!(
        said.err.contains("thesis") && said.err.contains("--out"),
        "{}",
        said.err
    );
    assert_eq!(desk.files(), ["desk.toml", "thesis/chapter.tex"]);
}

#[test]
fn a_place_that_cannot_be_written_is_noticed_before_the_run() {
    let desk = Desk::with_scenario();
    let said = desk
        .run("run desk.toml --replications 1000000 --out desk.toml/below")
        .says(2);
    assert!(said.err.contains("--out"), "{}", said.err);
    let said = desk.run("run desk.toml --replications 1000000 --out desk.toml").says(2);
    assert!(said.err.contains("is a file"), "{}", said.err);
    if cfg!(target_os = "linux") {
        for command in [
            "run desk.toml --replications 1000000",
            "sweep desk.toml --vary arrivals.per_week=500,600",
            "robustness desk.toml",
            "drill desk.toml",
            "drill plan desk.toml --quarter 2026-Q2",
        ] {
            let said = desk.run(&format!("{command} --out /proc/escalade/out")).says(2);
            assert!(said.err.contains("name another folder with --out"), "{}", said.err);
        }
        desk.run("init desk.toml/below").says(2);
    }
}

#[test]
fn a_candidate_that_does_not_exist_is_2_and_the_nearest_is_named() {
    let desk = Desk::with_scenario();
    let said = desk.run("run desk.toml --candidates soner").says(2);
    assert!(
        said.err.contains("did you mean `sooner`?") && said.err.contains("one-more-expert"),
        "{}",
        said.err
    );
    let said = desk.run("run desk.toml --replications 2 --candidates sooner").says(0);
    assert!(
        said.out.contains("sooner") && !said.out.contains("one-more-expert"),
        "{}",
        said.out
    );
}

#[test]
fn a_name_with_a_comma_is_one_name() {
    let desk = Desk::with_scenario();
    let text = fs::read_to_string(desk.path("desk.toml")).expect("there");
    let text = text
        .replace("[candidates.sooner]", "[candidates.\"sooner, cheaper\"]")
        .replace("[services.app]", "[services.\"app, web\"]");
    fs::write(desk.path("desk.toml"), text).expect("written");
    for command in ["run", "robustness"] {
        let said = desk
            .command(&format!(
                "{command} desk.toml --no-files --replications 2 --format json --quiet"
            ))
            .args(["--candidates", "base,sooner, cheaper"])
            .output()
            .expect("the program can be started");
        let said = Said::of(command, said).says(0);
        assert!(said.out.contains("\"sooner, cheaper\""), "{}", said.out);
        assert!(!said.out.contains("one-more-expert"), "{}", said.out);
    }
    let said = desk
        .command("run desk.toml --no-files --precision 90pp --format json")
        .args(["--headline", "attainment_resolve:app, web,breach_rate_resolve:Sev1"])
        .output()
        .expect("the program can be started");
    Said::of("run", said).says(0);
}

#[test]
fn without_files_nothing_is_written_and_quiet_is_silent() {
    let desk = Desk::with_scenario();
    desk.run("run desk.toml --replications 2 --no-files").says(0);
    assert_eq!(desk.files(), ["desk.toml"]);
    for format in ["table", "json", "csv"] {
        let said = desk
            .run(&format!("run desk.toml --replications 2 --quiet --format {format}"))
            .says(0);
        assert!(said.err.is_empty() && !said.out.is_empty(), "{}", said.err);
    }
}

#[test]
fn there_is_no_colour_in_a_pipe_nor_where_it_is_not_wanted() {
    let desk = Desk::with_scenario();
    let coloured = |environment: &[(&str, &str)]| {
        let said = desk
            .run_with("run desk.toml --replications 2 --no-files", environment)
            .says(0);
        said.out.contains('\u{1b}') || said.err.contains('\u{1b}')
    };
    assert!(!coloured(&[]));
    assert!(!coloured(&[("NO_COLOR", "1")]));
    assert!(coloured(&[("CLICOLOR_FORCE", "1")]));
}

/// `escalade staff desk.toml` with these targets and options.
fn staff(desk: &Desk, targets: &[&str], more: &str) -> Said {
    let mut command = desk.command("staff desk.toml");
    for target in targets {
        command.args(["--target", target]);
    }
    let output = command.args(more.split_whitespace()).output();
    Said::of(
        &format!("staff {targets:?} {more}"),
        output.expect("the program can be started"),
    )
}

#[test]
fn a_staffing_plan_is_printed_in_three_forms_and_written_as_a_folder() {
    let desk = Desk::with_scenario();
    let targets = [
        "Sev1 first response within target >= 95%",
        "queue_wait_p90_s(team=desk) <= 30m",
    ];
    let said = staff(&desk, &targets, "--out plan").says(0);
    for words in [
        "Meets all targets (95 % sure)",
        "desk/night",
        "Where it stands",
        "One person less",
        "What more would cost",
    ] {
        assert!(said.out.contains(words), "{words}\n{}", said.out);
    }
    assert!(said.out.lines().all(|line| line.chars().count() <= 80), "{}", said.out);
    // Each place is named once in what one person less breaks.
    let (_, less) = said.out.split_once("One person less").expect("said above");
    let (less, _) = less.split_once("\n\n").expect("more follows");
    let places = ["desk/early", "desk/late", "desk/night", "experts"];
    let named = places.map(|place| less.matches(place).count());
    assert!(less.contains("one less at ") && named.contains(&1), "{less}");
    assert!(named.iter().all(|times| *times <= 1), "{less}");
    assert!(said.err.contains("plan/candidate.toml"), "{}", said.err);
    let files = [
        "candidate.toml",
        "manifest.json",
        "plan.csv",
        "staffing.json",
        "targets.csv",
    ];
    let files: Vec<String> = files.iter().map(|file| format!("plan/{file}")).collect();
    assert_eq!(desk.files(), [&["desk.toml".to_owned()][..], &files].concat());
    let json: Value = serde_json::from_str(&staff(&desk, &targets, "--format json --quiet").says(0).out).expect("JSON");
    assert_eq!(json["met"], true);
    let written = fs::read_to_string(desk.path("plan/staffing.json")).expect("a file");
    assert_eq!(json, serde_json::from_str::<Value>(&written).expect("JSON"));
    let csv = staff(&desk, &targets, "--format csv").says(0).out;
    assert_eq!(csv, fs::read_to_string(desk.path("plan/plan.csv")).expect("a file"));
    let text = fs::read_to_string(desk.path("desk.toml")).expect("a file");
    let patch = fs::read_to_string(desk.path("plan/candidate.toml")).expect("a file");
    fs::write(desk.path("both.toml"), format!("{text}\n{patch}")).expect("written");
    desk.run("check both.toml").says(0);
    // The folder is ours, and may be written again.
    staff(&desk, &targets, "--out plan --quiet").says(0);
}

#[test]
fn staffing_that_cannot_be_had_is_1_and_what_cannot_be_read_is_2() {
    let desk = Desk::with_scenario();
    let out = staff(&desk, &["Sev1 resolve within target >= 99.99%"], "").says(1);
    assert!(out.out.contains("out of reach"), "{}", out.out);
    assert!(out.err.contains("no plan meets all targets"), "{}", out.err);
    let unread = staff(&desk, &["Sev7 resolve within target >= 90%"], "--out plan").says(2);
    assert!(
        unread.err.contains("did you mean `Sev1`") && unread.out.is_empty(),
        "{}",
        unread.err
    );
    desk.run("staff desk.toml").says(2);
    staff(&desk, &["resolve within target >= 90%"], "--confidence 20%").says(2);
    staff(&desk, &["resolve within target >= 90%"], "--budget -5").says(2);
    staff(&desk, &["resolve within target >= 90%"], "--candidate nobody").says(2);
    assert_eq!(desk.files(), ["desk.toml"]);
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let desk = Desk::with_scenario();
    for arguments in [
        "run desk.toml --replications 2 --format json",
        "run desk.toml --replications 2",
        "run desk.toml --replications 2 --format csv",
        "sweep desk.toml --vary arrivals.per_week=500,600 --replications 2 --format csv",
        "schema",
        "check desk.toml",
        "--help",
    ] {
        let mut child = start(desk.command(arguments));
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("it ends");
        Said::of(arguments, output).says(0);
    }
}

fn start(mut command: Command) -> Child {
    command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program can be started")
}

#[test]
#[cfg(unix)]
fn an_interrupt_stops_cleanly_and_leaves_nothing() {
    let desk = Desk::with_scenario();
    for signal in ["INT", "TERM"] {
        let child = start(desk.command("run desk.toml --replications 1000000"));
        let kill = format!("sleep 1; kill -{signal} {}", child.id());
        let sent = Command::new("sh").args(["-c", &kill]).status().expect("a shell");
        assert!(sent.success());
        let said = Said::of("run", child.wait_with_output().expect("it ends")).says(130);
        assert!(
            said.out.is_empty() && said.err.contains("nothing has been written"),
            "{}",
            said.err
        );
        assert_eq!(desk.files(), ["desk.toml"]);
        assert!(!desk.path("out").exists());
    }
}
