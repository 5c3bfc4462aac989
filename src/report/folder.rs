//! The output folder, written whole or not at all.
//!
//! A run first asks whether it may write there ([`OutputFolder::check`], before any simulating), later fills a folder
//! *beside* the target ([`OutputFolder::begin`]) and renames it when all of it is on the disk
//! ([`NewFolder::put_in_place`]). An earlier output of ours is replaced, and is gone only once the new one stands; a
//! folder with anything else in it is never touched. It knows nothing of what is written.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::{FILES, manifest};

/// Files that earlier versions wrote, or that later commands add to the folder of a run.
const ALSO_OURS: &[&str] = &["report.html"];

/// Why a folder cannot be written to.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FolderError {
    /// The target exists and is a file.
    #[error("{} is a file, not a folder: name another with --out", .0.display())]
    NotAFolder(PathBuf),
    /// The target holds files and is no earlier output.
    #[error("{} exists and is not an output of escalade (it has no {file}): name another folder with --out, or empty this one", .0.display(), file = manifest::FILE)]
    Foreign(PathBuf),
    /// The target is an earlier output, to which somebody added a file.
    #[error("{} holds `{}`, which escalade did not write and would have to delete: move it away, or name another folder with --out", .folder.display(), .file.display())]
    Added {
        /// The target.
        folder: PathBuf,
        /// The file that is not ours.
        file: PathBuf,
    },
    /// The target is an output of another command.
    #[error("{} is the output of another escalade command: name another folder with --out", .0.display())]
    OtherOutput(PathBuf),
    /// Nothing can be written there.
    #[error("cannot write to {}: {source}; name another folder with --out", .folder.display())]
    Unwritable {
        /// The folder that refused.
        folder: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

/// A place where an output folder may be written.
#[derive(Debug)]
pub struct OutputFolder {
    target: PathBuf,
    mark: Option<&'static str>,
}

/// A folder being filled, beside its place. Dropped, it is gone.
#[derive(Debug)]
pub struct NewFolder {
    folder: TempDir,
    target: PathBuf,
    mark: Option<&'static str>,
}

impl OutputFolder {
    /// Asks whether `target` may be written: it does not exist, is empty, or is an earlier output of ours, and the disk lets
    /// us. Leaves nothing behind.
    pub fn check(target: impl Into<PathBuf>) -> Result<OutputFolder, FolderError> {
        OutputFolder::check_marked(target, None)
    }

    /// As [`check`](OutputFolder::check), for a folder that is no run's: `mark` is a key of its manifest that no other
    /// command's has.
    pub fn check_marked(target: impl Into<PathBuf>, mark: Option<&'static str>) -> Result<OutputFolder, FolderError> {
        let target = target.into();
        may_be_replaced(&target, mark)?;
        let parent = existing_parent(&target);
        // The only sure way to know is to try. It is removed at once.
        let trial = beside(parent).and_then(TempDir::close);
        trial.map_err(|source| unwritable(parent, source))?;
        Ok(OutputFolder { target, mark })
    }

    /// The folder that will be there.
    pub fn path(&self) -> &Path {
        &self.target
    }

    /// Starts a new folder beside the target, on the same file system.
    pub fn begin(self) -> Result<NewFolder, FolderError> {
        let parent = parent(&self.target);
        let folder = fs::create_dir_all(parent).and_then(|()| beside(parent));
        let folder = folder.map_err(|source| unwritable(parent, source))?;
        Ok(NewFolder {
            folder,
            target: self.target,
            mark: self.mark,
        })
    }
}

impl NewFolder {
    /// Where to write the files.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Renames the filled folder to its place. The files in it must be on the disk already.
    pub fn put_in_place(self) -> Result<(), FolderError> {
        may_be_replaced(&self.target, self.mark)?;
        let parent = parent(&self.target).to_owned();
        let target = self.target.clone();
        self.swap().map_err(|source| unwritable(&target, source))?;
        sync(&parent);
        Ok(())
    }

    fn swap(self) -> io::Result<()> {
        sync(self.folder.path());
        let parent = parent(&self.target);
        let attic = beside(parent)?;
        let old = attic.path().join("old");
        let had_one = match fs::rename(&self.target, &old) {
            Ok(()) => true,
            Err(error) if error.kind() == io::ErrorKind::NotFound => false,
            Err(error) => return Err(error),
        };
        if let Err(error) = fs::rename(self.folder.path(), &self.target) {
            if had_one && fs::rename(&old, &self.target).is_err() {
                let kept = attic.keep(); // better an odd name than a lost result
                return Err(io::Error::other(format!(
                    "{error}; what was there is now in {}",
                    kept.join("old").display()
                )));
            }
            return Err(error);
        }
        let _renamed = self.folder.keep();
        Ok(())
    }
}

/// A folder that exists stays only if it is not ours to replace.
fn may_be_replaced(target: &Path, mark: Option<&str>) -> Result<(), FolderError> {
    let mut entries = Vec::new();
    match list(target, Path::new(""), &mut entries) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(_) if target.is_file() => return Err(FolderError::NotAFolder(target.to_owned())),
        Err(error) => return Err(unwritable(target, error)),
    }
    if entries.is_empty() {
        return Ok(());
    }
    let Some(written) = manifest::read(&target.join(manifest::FILE)) else {
        return Err(FolderError::Foreign(target.to_owned()));
    };
    if written.mark.as_deref() != mark {
        return Err(FolderError::OtherOutput(target.to_owned()));
    }
    match entries.into_iter().find(|name| !written_by_us(name, &written.files)) {
        None => Ok(()),
        Some(file) => Err(FolderError::Added {
            folder: target.to_owned(),
            file,
        }),
    }
}

/// Every file below a folder, by its path from there; an empty folder below it counts as one.
fn list(folder: &Path, from: &Path, entries: &mut Vec<PathBuf>) -> io::Result<()> {
    let before = entries.len();
    for entry in fs::read_dir(folder.join(from))? {
        let entry = entry?;
        let path = from.join(entry.file_name());
        match entry.file_type()?.is_dir() {
            true => list(folder, &path, entries)?,
            false => entries.push(path),
        }
    }
    if entries.len() == before && !from.as_os_str().is_empty() {
        entries.push(from.to_owned());
    }
    Ok(())
}

fn written_by_us(name: &Path, written: &[String]) -> bool {
    let ours = FILES.iter().map(|(file, _)| *file).chain(ALSO_OURS.iter().copied());
    ours.chain(written.iter().map(String::as_str))
        .any(|file| name == Path::new(file))
}

fn parent(target: &Path) -> &Path {
    match target.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// The nearest folder above the target that exists: the rest will be created in it.
fn existing_parent(target: &Path) -> &Path {
    let mut nearest = parent(target);
    while !nearest.exists() {
        nearest = parent(nearest);
    }
    nearest
}

fn beside(parent: &Path) -> io::Result<TempDir> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".escalade-");
    #[cfg(unix)]
    {
        // As any folder that the user makes; tempfile's own default keeps everybody else out.
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o777));
    }
    builder.tempdir_in(parent)
}

/// Makes the names in a folder last. Not every system can; the files themselves are on the disk in any case.
fn sync(folder: &Path) {
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
}

fn unwritable(folder: &Path, source: io::Error) -> FolderError {
    FolderError::Unwritable {
        folder: folder.to_owned(),
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn home() -> TempDir {
        tempfile::tempdir().expect("a folder")
    }

    #[test]
    fn asking_leaves_nothing_behind() {
        let home = home();
        OutputFolder::check(home.path().join("a/b/c")).expect("free");
        assert_eq!(fs::read_dir(home.path()).expect("a folder").count(), 0);
    }

    #[test]
    fn a_folder_of_somebody_else_is_refused() {
        let home = home();
        fs::write(home.path().join("thesis.tex"), "").expect("written");
        let error = OutputFolder::check(home.path()).expect_err("not ours");
        assert!(matches!(error, FolderError::Foreign(_)), "{error}");
        fs::write(home.path().join(manifest::FILE), r#"{"name": "a web page"}"#).expect("written");
        assert!(matches!(OutputFolder::check(home.path()), Err(FolderError::Foreign(_))));
    }

    #[test]
    fn an_output_to_which_somebody_added_a_file_is_refused() {
        let home = home();
        fs::write(home.path().join(manifest::FILE), r#"{"escalade": "0.1.0"}"#).expect("written");
        OutputFolder::check(home.path()).expect("ours");
        fs::write(home.path().join("notes.md"), "").expect("written");
        let error = OutputFolder::check(home.path()).expect_err("not ours alone");
        assert!(error.to_string().contains("notes.md"), "{error}");
    }

    #[test]
    fn an_empty_folder_may_be_used_and_a_file_may_not() {
        let home = home();
        OutputFolder::check(home.path()).expect("empty");
        let file = home.path().join("file");
        fs::write(&file, "").expect("written");
        assert!(matches!(OutputFolder::check(&file), Err(FolderError::NotAFolder(_))));
        assert!(OutputFolder::check(file.join("below")).is_err());
    }

    #[test]
    fn a_folder_that_was_not_finished_never_appears() {
        let home = home();
        let target = home.path().join("run");
        let new = OutputFolder::check(&target).expect("free").begin().expect("begun");
        fs::write(new.path().join("summary.csv"), "half").expect("written");
        drop(new);
        assert_eq!(fs::read_dir(home.path()).expect("a folder").count(), 0);
    }

    #[test]
    #[cfg(unix)]
    fn others_may_read_an_output_as_any_other_folder() {
        use std::os::unix::fs::PermissionsExt;
        let home = home();
        let plain = home.path().join("plain");
        fs::create_dir(&plain).expect("created");
        let target = home.path().join("run");
        OutputFolder::check(&target)
            .expect("free")
            .begin()
            .expect("begun")
            .put_in_place()
            .expect("placed");
        let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode();
        assert_eq!(mode(&target), mode(&plain));
    }
}
