//! The rules of the house that the compiler does not hold: who may use whom, and what no file may do.
//!
//! Read as text, line by line: comments do not count. The unit tests at the end of a file do count for the layers (a
//! test that reaches across is a wall in the wrong place), but may print.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Every layer, and what it may use besides itself. The map in ARCHITECTURE.md says why.
const LAYERS: &[(&str, &[&str])] = &[
    ("time", &[]),
    ("random", &[]),
    ("stats", &[]),
    ("scenario", &["time"]),
    ("model", &["time", "random", "scenario"]),
    ("kernel", &["time", "random", "model"]),
    ("measure", &["time", "stats", "model", "kernel"]),
    (
        "experiment",
        &["time", "random", "stats", "scenario", "model", "kernel", "measure"],
    ),
    (
        "drill",
        &["time", "random", "stats", "scenario", "model", "measure", "experiment"],
    ),
    (
        "report",
        &["time", "random", "stats", "scenario", "model", "measure", "experiment"],
    ),
    (
        "cli",
        &[
            "time",
            "random",
            "stats",
            "scenario",
            "model",
            "kernel",
            "measure",
            "experiment",
            "drill",
            "report",
        ],
    ),
];

/// Layers that a simulated number passes through.
const SIMULATION: &[&str] = &["time", "random", "stats", "model", "kernel", "measure"];

/// A source file: its path from the crate's root, its layer (none for lib.rs and main.rs) and its text.
struct Source {
    path: String,
    layer: Option<String>,
    text: String,
}

impl Source {
    /// Lines of code with their numbers, comments left out.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.text.lines().enumerate().map(|(index, line)| (index + 1, line));
        lines.filter(|(_, line)| !line.trim_start().starts_with("//"))
    }

    /// The same, up to the unit tests; none of a file that is for tests alone.
    fn code_without_tests(&self) -> impl Iterator<Item = (usize, &str)> {
        let only_for_tests = ["src/report/samples.rs", "src/stats/coverage.rs"].contains(&self.path.as_str());
        let tests = |(_, line): &(usize, &str)| *line != "mod tests {" && *line != "pub(crate) mod tests {";
        self.code().take_while(tests).filter(move |_| !only_for_tests)
    }

    fn is_in(&self, layers: &[&str]) -> bool {
        self.layer.as_deref().is_some_and(|layer| layers.contains(&layer))
    }
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    walk(&root.join("src"), &mut files);
    files.sort();
    let read = |file: &PathBuf| {
        let relative = file.strip_prefix(root).expect("found below the root");
        let parts: Vec<_> = relative
            .iter()
            .map(|part| part.to_string_lossy().into_owned())
            .collect();
        Source {
            path: parts.join("/"),
            layer: (parts.len() > 2).then(|| parts[1].clone()),
            text: fs::read_to_string(file).expect("sources are UTF-8"),
        }
    };
    let sources: Vec<Source> = files.iter().map(read).collect();
    assert!(sources.len() > 50, "the sources were not found");
    sources
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry of it").path();
        if path.is_dir() {
            walk(&path, files);
        } else if path.extension().is_some_and(|end| end == "rs") {
            files.push(path);
        }
    }
}

/// Names after `crate::` in a line.
fn used(line: &str) -> impl Iterator<Item = &str> {
    line.match_indices("crate::").map(|(at, what)| {
        let rest = &line[at + what.len()..];
        let end = rest
            .find(|c: char| !c.is_alphanumeric() && c != '_')
            .unwrap_or(rest.len());
        &rest[..end]
    })
}

/// Fails with every place if there is one.
fn none(wrong: Vec<String>) {
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Every line of `sources` that holds one of `words`, unit tests left out.
fn holding(sources: &[&Source], words: &[&str], why: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    for source in sources {
        for (number, line) in source.code_without_tests() {
            for word in words.iter().filter(|word| line.contains(**word)) {
                wrong.push(format!("{}:{number}: `{word}`: {why}", source.path));
            }
        }
    }
    wrong
}

#[test]
fn a_layer_uses_only_what_the_table_allows() {
    let mut wrong = Vec::new();
    for source in sources() {
        let Some(layer) = &source.layer else { continue };
        let Some((_, allowed)) = LAYERS.iter().find(|(name, _)| name == layer) else {
            wrong.push(format!(
                "{}: the layer {layer} is not in the table of tests/layers.rs",
                source.path
            ));
            continue;
        };
        for (number, line) in source.code() {
            for name in used(line) {
                if name.is_empty() {
                    wrong.push(format!("{}:{number}: write one `use crate::…` a layer", source.path));
                } else if name != layer && !allowed.contains(&name) {
                    wrong.push(format!("{}:{number}: {layer} must not use {name}", source.path));
                }
            }
        }
    }
    none(wrong);
}

#[test]
fn nobody_climbs_to_another_layer_by_super() {
    let mut wrong = Vec::new();
    for source in sources() {
        for (number, line) in source.code() {
            for (layer, _) in LAYERS.iter().filter(|(layer, _)| !source.is_in(&[layer])) {
                // `super::clock` is a neighbour; a neighbour called like a layer would confuse readers too.
                if line.contains(&format!("super::{layer}::")) {
                    wrong.push(format!("{}:{number}: write `crate::{layer}`", source.path));
                }
            }
        }
    }
    none(wrong);
}

#[test]
fn the_table_of_layers_has_no_cycle_and_no_layer_too_many() {
    let mut above = BTreeSet::new();
    for (layer, allowed) in LAYERS {
        for other in *allowed {
            assert!(above.contains(other), "{layer} uses {other}, which stands below it");
        }
        above.insert(*layer);
    }
    let folders: BTreeSet<String> = sources().into_iter().filter_map(|source| source.layer).collect();
    assert_eq!(folders, above.into_iter().map(str::to_owned).collect());
}

#[test]
fn no_room_is_called_after_nothing() {
    let refused = [
        "util", "utils", "common", "misc", "helper", "helpers", "types", "shared",
    ];
    let mut wrong = Vec::new();
    for source in sources() {
        let parts = source.path.trim_end_matches(".rs").split('/');
        wrong.extend(parts.filter(|part| refused.contains(part)).map(|_| source.path.clone()));
    }
    none(wrong);
}

#[test]
fn only_the_command_line_prints_or_exits() {
    let sources = sources();
    let library: Vec<_> = sources
        .iter()
        .filter(|source| source.layer.is_some() && !source.is_in(&["cli"]))
        .collect();
    let words = [
        "print!(",
        "println!(",
        "dbg!(",
        "stdout()",
        "stderr()",
        "process::exit",
        "panic::set_hook",
    ];
    none(holding(&library, &words, "only src/cli prints or exits"));
}

#[test]
fn the_simulation_reads_no_file_clock_thread_or_environment() {
    let sources = sources();
    let simulation: Vec<_> = sources.iter().filter(|source| source.is_in(SIMULATION)).collect();
    let words = [
        "std::fs",
        "std::io",
        "std::env",
        "std::thread",
        "std::time",
        "rayon",
        "::now()",
        "rand::rng",
        "thread_rng",
    ];
    none(holding(&simulation, &words, "same text, seed and version, same bytes"));
}

#[test]
fn no_result_hangs_on_the_order_of_a_hash_map() {
    let sources = sources();
    let all: Vec<_> = sources.iter().collect();
    none(holding(
        &all,
        &["HashMap", "HashSet"],
        "use BTreeMap, IndexMap or a table by id",
    ));
}

#[test]
fn the_kernel_holds_no_trait_objects_and_no_names() {
    let sources = sources();
    let kernel: Vec<_> = sources.iter().filter(|source| source.is_in(&["kernel"])).collect();
    none(holding(
        &kernel,
        &["dyn ", "Box<", "Rc<", "RefCell", "&str", ": String"],
        "dense ids and plain data only",
    ));
}
