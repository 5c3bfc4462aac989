//! What is said of wrong scenarios: one file a code in `tests/diagnostics`, its first line says what is wrong with it.
//!
//! The snapshots are read as prose. A file is named by the code that it shows (`E101.toml`, `E101-list.toml`).

use escalade::scenario::{CODES, Document, Problems, render, starter, to_json};
use proptest::prelude::*;
use std::path::{Path, PathBuf};

fn wrong_files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diagnostics");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files
}

fn stem(file: &Path) -> &str {
    file.file_stem().unwrap().to_str().unwrap()
}

fn read(file: &Path) -> Document {
    Document::from_bytes(format!("{}.toml", stem(file)), std::fs::read(file).unwrap())
}

fn codes(problems: &Problems) -> Vec<&str> {
    problems.iter().map(|problem| problem.code).collect()
}

#[test]
fn every_wrong_file_is_answered_as_its_snapshot_says() {
    for file in wrong_files() {
        let document = read(&file);
        insta::assert_snapshot!(stem(&file), render(&document, document.problems(), false));
    }
}

#[test]
fn every_code_has_a_wrong_file_that_shows_it() {
    let files = wrong_files();
    // A mistake of ours, if ever, and what only the model sees: the check of a file cannot show them.
    for code in CODES
        .iter()
        .map(|row| row.code)
        .filter(|code| *code != "E115" && !code.starts_with("E9"))
    {
        let shown = files
            .iter()
            .filter(|file| stem(file).starts_with(code))
            .collect::<Vec<_>>();
        assert!(!shown.is_empty(), "no file shows {code}");
        for file in shown {
            assert!(
                codes(read(file).problems()).contains(&code),
                "{} does not show {code}",
                file.display()
            );
        }
    }
}

#[test]
fn the_table_of_codes_is_in_order_and_each_is_there_once() {
    let in_stages: Vec<&str> = CODES.iter().map(|row| row.code).collect();
    let mut sorted = in_stages.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(in_stages, sorted);
}

#[test]
fn mistakes_of_different_kinds_are_all_reported_in_one_pass() {
    let wrong = starter("desk")
        .replace("horizon = \"4w\"", "horizon = \"4 moons\"")
        .replace("replications = 20", "replications = 0")
        .replace("discipline = \"severity\"", "disciplin = \"severity\"")
        .replace("tier = \"L2\"", "tier = \"L4\"")
        .replace("headcount = 3\n", "headcount = \"3\"\n")
        .replace("{ exponential = \"10m\" }", "{ exponental = \"10m\" }")
        .replace("of = \"resolve\"", "of = \"resolved\"")
        .replace("share = 0.5\n", "share = 500\n");
    let document = Document::parse("desk.toml", wrong);
    let mut found = codes(document.problems());
    found.sort_unstable();
    assert_eq!(found, ["E101", "E103", "E104", "E104", "E105", "E106", "E107", "E204"]);
}

#[test]
fn the_scenarios_that_are_shipped_pass_the_check() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    for file in std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .map(|entry| entry.unwrap().path())
    {
        if file.extension().is_some_and(|extension| extension == "toml") {
            let document = read(&file);
            assert_eq!(render(&document, document.problems(), false), "");
        }
    }
}

#[test]
fn a_problem_is_the_same_as_data() {
    let document = read(wrong_files().iter().find(|file| stem(file) == "E204").unwrap());
    let json = to_json(&document, document.problems());
    insta::assert_snapshot!("json", serde_json::to_string_pretty(&json).unwrap());
}

#[test]
fn control_characters_of_the_file_do_not_reach_the_terminal() {
    let document = Document::parse(
        "desk\u{1b}[2J.toml",
        starter("desk").replace("\"L2\"\n", "\"\\u001b[31mL2\"\n"),
    );
    let drawn = render(&document, document.problems(), false);
    assert!(drawn.contains("E204"), "{drawn}");
    assert!(!drawn.contains('\u{1b}'), "{drawn:?}");
}

/// All that may be done with a document, whatever its text.
fn use_up(bytes: Vec<u8>) {
    let document = Document::from_bytes("fuzzed.toml", bytes);
    let plain = render(&document, document.problems(), false);
    assert_eq!(plain.is_empty(), document.problems().is_empty());
    render(&document, document.problems(), true);
    to_json(&document, document.problems());
    for (name, _) in document.scenarios() {
        document.differences(name);
    }
    assert!(document.base().is_some() || document.problems().any_error());
    assert!(!codes(document.problems()).contains(&"E115"), "{plain}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_reader_never_panics_on_changed_bytes(edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let mut bytes = starter("desk").into_bytes();
        for (at, byte) in edits {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        use_up(bytes);
    }

    #[test]
    fn a_reader_never_panics_on_words_in_wrong_places(swaps in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 1..8)) {
        let text = starter("desk");
        let mut words: Vec<&str> = text.split_inclusive([' ', '\n']).collect();
        for (a, b) in swaps {
            let (a, b) = (a.index(words.len()), b.index(words.len()));
            words.swap(a, b);
        }
        use_up(words.concat().into_bytes());
    }

    #[test]
    fn a_reader_never_panics_on_a_file_with_holes(holes in prop::collection::vec((any::<prop::sample::Index>(), 1..8_usize), 1..4)) {
        let text = starter("desk");
        let mut lines: Vec<&str> = text.lines().collect();
        for (at, length) in holes {
            let at = at.index(lines.len());
            lines.drain(at..(at + length).min(lines.len()));
            if lines.is_empty() {
                break;
            }
        }
        use_up(lines.join("\n").into_bytes());
    }
}

/// Two services whose tickets need different skills, a team for each, and a ladder that is longer than the most severe tickets
/// may wait.
const TWO_SKILLS: &str = r#"
name = "desk"
run = { start = "2026-03-02", horizon = "4w" }
severities.Sev1 = { resolve = "2h", acknowledge = "10m" }
severities.Sev2 = { resolve = "4h", acknowledge = "30m" }
severities.Sev3 = {}
services.shop = { arrivals.rate = "1/h", mix = { Sev1 = 0.1, Sev2 = 0.4, Sev3 = 0.5 }, needs = ["database"] }
services.web = { arrivals.rate = "1/h", mix = { Sev2 = 1.0 }, needs = ["network"] }
tiers.L1 = { work.deterministic = "10m", escalates.L2 = 0.1 }
tiers.L2.work.deterministic = "20m"
teams.desk = { tier = "L1", headcount = 2 }
teams.data = { tier = "L2", headcount = 1, skills = ["database"] }
teams.network = { tier = "L2", headcount = 1, skills = ["network"] }
people.nia.team = "network"
people.ada.team = "data"
schedules.of-network.members = ["nia"]
schedules.of-data.members = ["ada"]
escalation_policies.ladder.levels = [{ targets = ["of-data"], timeout = "15m" }]
"#;

/// The codes of what is said of these parts beside the two skills.
fn said(parts: &str) -> Vec<String> {
    let document = Document::parse("desk.toml", format!("{TWO_SKILLS}\n{parts}"));
    let problems = document.problems();
    problems.iter().map(|problem| problem.code.to_owned()).collect()
}

#[test]
fn what_a_rule_excepts_is_none_of_its_tickets() {
    let nothing = Vec::<String>::new();
    let handed = |more: &str| {
        format!("rules.hand-on = {{ when = {{ in_tier = \"1h\" }}, then = [{{ transfer = \"network\" }}]{more} }}")
    };
    assert_eq!(said(&handed("")), ["E311"]);
    assert_eq!(said(&handed(", if = { service = [\"web\"] }")), nothing);
    assert_eq!(said(&handed(", while = { service = [\"web\"] }")), nothing);
    assert_eq!(said(&handed(", unless = { service = [\"shop\"] }")), nothing);
    let only_severe = ", unless = { service = [\"shop\"], severity = [\"Sev1\"] }";
    assert_eq!(said(&handed(only_severe)), ["E311"]);
    let flagged =
        "rules.flagged = { when = { created = true }, if = { service = [\"web\"] }, then = [{ flag = \"net\" }] }";
    let flagged = format!("{flagged}\n{}", handed(", if = { flags = [\"net\"] }"));
    assert_eq!(said(&flagged), nothing);

    let told = |more: &str| {
        format!("rules.tell = {{ when = {{ in_tier = \"1h\" }}, then = [{{ notify = [\"of-network\"] }}]{more} }}")
    };
    assert_eq!(said(&told("")), ["W465"]);
    assert_eq!(said(&told(", unless = { service = [\"shop\"] }")), nothing);

    let paged = |more: &str| {
        format!(
            "rules.page = {{ when = {{ created = true }}, if = {{ service = [\"shop\"] }}, \
             then = [{{ page = \"ladder\" }}]{more} }}"
        )
    };
    assert_eq!(said(&paged("")), ["W464"]);
    assert_eq!(said(&paged(", unless = { severity = [\"Sev1\"] }")), nothing);
    assert_eq!(said(&paged(", while = { severity = [\"Sev2\", \"Sev3\"] }")), nothing);
    assert_eq!(said(&paged(", enabled = false")), nothing);

    let warned = |more: &str| {
        format!(
            "rules.warn = {{ when = {{ left = {{ of = \"resolve\", time = \"3h\" }} }}, then = [{{ alert = \"x\" }}]{more} }}"
        )
    };
    assert_eq!(said(&warned("")), ["W406"]);
    assert_eq!(said(&warned(", unless = { severity = [\"Sev1\"] }")), nothing);
    assert_eq!(said(&warned(", while = { severity = [\"Sev3\"] }")), ["E312"]);
    assert_eq!(
        said(&warned(", unless = { severity = [\"Sev1\", \"Sev2\"] }")),
        ["E312"]
    );
}

#[test]
fn what_is_left_of_what_teams_promise_each_other_goes_by_their_own_targets() {
    let rule = r#"rules.warn = { when = { left = { of = "own", time = "2h" } }, then = [{ alert = "x" }] }"#;
    let of_everybody = r#"customer_tiers.all = { share = 1.0, targets = { Sev2 = { own = "1h" } } }"#;
    let nothing = Vec::<String>::new();
    let promised = |own: &str| format!("{rule}\n{own}");
    assert_eq!(said(&promised("tiers.L2.own.Sev2 = \"8h\"")), nothing);
    assert_eq!(said(&promised("tiers.L2.own.Sev2 = \"1h\"")), ["W406"]);
    assert_eq!(said(&format!("{rule}\n{of_everybody}")), ["W406"]);
    let longer_in_one_tier = format!("{rule}\n{of_everybody}\ntiers.L2.own.Sev2 = \"8h\"");
    assert_eq!(said(&longer_in_one_tier), nothing);
}
