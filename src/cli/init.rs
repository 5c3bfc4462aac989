//! `escalade init NAME`: a commented scenario to start from.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use super::exit::Failure;
use super::output;
use crate::drill::shell::quoted;
use crate::scenario::starter;

const EXAMPLES: &str = "\
Examples:
  escalade init desk                 writes desk.toml
  escalade init scenarios/on-call    writes scenarios/on-call.toml";

/// Write NAME.toml, a commented scenario to start from
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// What the scenario is called; may begin with a folder. An existing file is never overwritten
    name: PathBuf,
}

/// Writes the starter scenario.
pub(super) fn init(arguments: &Arguments) -> Result<(), Failure> {
    let path = file(&arguments.name);
    let name = path
        .file_stem()
        .map(|stem| stem.to_string_lossy().into_owned())
        .unwrap_or_default();
    if name.is_empty() || arguments.name.file_name().is_none() {
        return Err(Failure::Wrong(format!(
            "`{}` is not a name: write `escalade init desk`",
            arguments.name.display()
        )));
    }
    write_new(&path, &starter(&name)).map_err(|error| failure(&path, &error))?;
    output::note(&format!(
        "wrote {}; next: `escalade check {1}`, then `escalade run {1}`",
        path.display(),
        quoted(&path.display().to_string())
    ));
    Ok(())
}

/// With `.toml` at its end.
fn file(name: &Path) -> PathBuf {
    match name.extension() {
        Some(extension) if extension == "toml" => name.to_owned(),
        _ => {
            let mut file = name.as_os_str().to_owned();
            file.push(".toml");
            file.into()
        }
    }
}

fn write_new(path: &Path, text: &str) -> io::Result<()> {
    File::create_new(path)?.write_all(text.as_bytes())
}

fn failure(path: &Path, error: &io::Error) -> Failure {
    let path = path.display();
    match error.kind() {
        io::ErrorKind::AlreadyExists => Failure::Wrong(format!(
            "{path} exists and is not overwritten: choose another name, or move it away"
        )),
        io::ErrorKind::NotFound => Failure::Wrong(format!(
            "cannot write {path}: its folder does not exist: create it first"
        )),
        io::ErrorKind::PermissionDenied | io::ErrorKind::NotADirectory | io::ErrorKind::ReadOnlyFilesystem => {
            Failure::Wrong(format!("cannot write {path}: {error}: name another place"))
        }
        _ => Failure::Failed(format!("cannot write {path}: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::file;
    use std::path::Path;

    #[test]
    fn a_name_becomes_a_toml_file_and_keeps_its_dots() {
        for (name, path) in [
            ("desk", "desk.toml"),
            ("desk.toml", "desk.toml"),
            ("a/desk.v2", "a/desk.v2.toml"),
        ] {
            assert_eq!(file(Path::new(name)), Path::new(path));
        }
    }
}
