//! The checkpoint of a sweep: the points that have been played, in a folder of small files.
//!
//! Every file is written beside its name and renamed when it is on the disk, so that an interrupt, or a loss of power, leaves
//! whole files only. `plan.txt` says which sweep it is of; a resumed sweep must be the same in every line of it. A point's
//! numbers are kept to the bit, and so a resumed sweep ends in the same bytes as one that was never interrupted. A file that
//! is damaged counts as not there: its points are played again.

use super::play::{Cell, Kept, Outcome};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

const PLAN: &str = "plan.txt";
const END: &str = "points";
const MAGIC: u64 = u64::from_le_bytes(*b"escswp01");

/// A folder of played points.
#[derive(Debug)]
pub(super) struct Checkpoint {
    folder: PathBuf,
    files: usize,
}

/// What became of opening a folder.
pub(super) enum Opened {
    /// With the points that are there already, by number.
    Ready(Checkpoint, Kept),
    /// It belongs to another sweep: the first line that differs, there and here.
    OfAnother { there: String, here: String },
}

impl Checkpoint {
    /// Opens a folder for a sweep of `plan`. Without `resume`, or where there is nothing to resume, it begins anew.
    pub fn open(folder: &Path, plan: &str, resume: bool) -> io::Result<Opened> {
        let written = fs::read_to_string(folder.join(PLAN)).ok();
        match written.filter(|_| resume) {
            Some(written) if written == plan => {
                let (points, files) = read_all(folder)?;
                let folder = folder.to_owned();
                Ok(Opened::Ready(Checkpoint { folder, files }, points))
            }
            Some(written) => {
                let (there, here) = difference(&written, plan);
                Ok(Opened::OfAnother { there, here })
            }
            None => {
                clear(folder)?;
                fs::create_dir_all(folder)?;
                write_whole(&folder.join(PLAN), plan.as_bytes())?;
                let folder = folder.to_owned();
                Ok(Opened::Ready(Checkpoint { folder, files: 0 }, Vec::new()))
            }
        }
    }

    /// Adds points.
    pub fn add(&mut self, points: &[(usize, Outcome)]) -> io::Result<()> {
        if points.is_empty() {
            return Ok(());
        }
        let file = self.folder.join(format!("{:06}.{END}", self.files));
        self.files += 1;
        write_whole(&file, &encode(points))
    }
}

/// Takes a checkpoint away: its own files, and the folder if nothing else is in it.
pub(super) fn clear(folder: &Path) -> io::Result<()> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Ok(());
    };
    for entry in entries {
        let path = entry?.path();
        let ours = path.extension().is_some_and(|end| end == END || end == "new");
        if ours || path.file_name().is_some_and(|name| name == PLAN) {
            fs::remove_file(path)?;
        }
    }
    match fs::remove_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => Ok(()),
        done => done,
    }
}

fn difference(there: &str, here: &str) -> (String, String) {
    let (mut there, mut here) = (there.lines(), here.lines());
    loop {
        match (there.next(), here.next()) {
            (Some(one), Some(other)) if one == other => {}
            (one, other) => {
                let said = |line: Option<&str>| line.unwrap_or("nothing more").to_owned();
                return (said(one), said(other));
            }
        }
    }
}

fn write_whole(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let new = file.with_extension("new");
    let mut out = File::create(&new)?;
    out.write_all(bytes)?;
    out.sync_all()?;
    fs::rename(new, file)
}

fn read_all(folder: &Path) -> io::Result<(Kept, usize)> {
    let (mut points, mut files) = (Vec::new(), 0);
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|end| end == END) {
            let number = path.file_stem().and_then(|stem| stem.to_str()?.parse::<usize>().ok());
            files = files.max(number.map_or(0, |number| number + 1));
            points.extend(decode(&fs::read(path)?).unwrap_or_default());
        }
    }
    points.sort_by_key(|(number, _)| *number);
    points.dedup_by_key(|(number, _)| *number);
    Ok((points, files))
}

/// FNV-1a over words, against damage.
fn sum(words: &[u64]) -> u64 {
    let step = |hash: u64, word: &u64| (hash ^ word).wrapping_mul(0x0100_0000_01b3).rotate_left(23);
    words.iter().fold(0xcbf2_9ce4_8422_2325, step)
}

fn encode(points: &[(usize, Outcome)]) -> Vec<u8> {
    let number = |value: Option<f64>| value.unwrap_or(f64::NAN).to_bits();
    let mut words = vec![MAGIC, points.len() as u64];
    for (point, outcome) in points {
        words.extend([
            *point as u64,
            outcome.tickets,
            outcome.cells.len() as u64,
            outcome.responses.len() as u64,
        ]);
        for cell in &outcome.cells {
            words.extend([number(cell.estimate), number(cell.low), number(cell.high), cell.n]);
        }
        for response in &outcome.responses {
            words.push(response.len() as u64);
            words.extend(response.iter().map(|value| value.to_bits()));
        }
    }
    words.push(sum(&words));
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

/// `None` for anything but the bytes of [`encode`].
fn decode(bytes: &[u8]) -> Option<Kept> {
    let (chunks, rest) = bytes.as_chunks::<8>();
    let words: Vec<u64> = chunks.iter().map(|chunk| u64::from_le_bytes(*chunk)).collect();
    let (check, words) = words.split_last()?;
    if !rest.is_empty() || *check != sum(words) {
        return None;
    }
    let mut words = words.iter().copied();
    if words.next()? != MAGIC {
        return None;
    }
    let count = words.next()?;
    (0..count).map(|_| decode_point(&mut words)).collect()
}

fn decode_point(words: &mut impl Iterator<Item = u64>) -> Option<(usize, Outcome)> {
    let [point, tickets, cells, responses] = [words.next()?, words.next()?, words.next()?, words.next()?];
    let mut number = || words.next().map(f64::from_bits);
    let cells = (0..cells)
        .map(|_| {
            let [estimate, low, high] =
                [number()?, number()?, number()?].map(|value| Some(value).filter(|v| !v.is_nan()));
            let n = number()?.to_bits();
            Some(Cell { estimate, low, high, n })
        })
        .collect::<Option<Vec<Cell>>>()?;
    let responses = (0..responses)
        .map(|_| {
            let length = words.next()?;
            (0..length).map(|_| words.next().map(f64::from_bits)).collect()
        })
        .collect::<Option<Vec<Vec<f64>>>>()?;
    let outcome = Outcome {
        cells,
        responses,
        tickets,
    };
    Some((point as usize, outcome))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(of: f64) -> Outcome {
        let cell = |estimate| Cell {
            estimate,
            low: Some(-0.0),
            high: None,
            n: u64::MAX,
        };
        Outcome {
            cells: vec![cell(Some(of)), cell(None)],
            responses: vec![vec![of, 1.0 / 3.0], vec![]],
            tickets: 7,
        }
    }

    #[test]
    fn what_was_kept_comes_back_to_the_bit() {
        let home = tempfile::tempdir().expect("a folder");
        let folder = home.path().join("sweep.partial");
        let Opened::Ready(mut checkpoint, points) = Checkpoint::open(&folder, "plan\n", true).expect("opened") else {
            panic!("there was nothing before");
        };
        assert!(points.is_empty());
        checkpoint
            .add(&[(3, outcome(0.1)), (1, outcome(5e-324))])
            .expect("written");
        checkpoint.add(&[(2, outcome(2.0))]).expect("written");
        let Opened::Ready(mut checkpoint, points) = Checkpoint::open(&folder, "plan\n", true).expect("opened") else {
            panic!("it is the same sweep");
        };
        assert_eq!(points, [(1, outcome(5e-324)), (2, outcome(2.0)), (3, outcome(0.1))]);
        checkpoint.add(&[(4, outcome(4.0))]).expect("no file is written over");
        let Opened::Ready(_, points) = Checkpoint::open(&folder, "plan\n", true).expect("opened") else {
            panic!("it is the same sweep");
        };
        assert_eq!(points.len(), 4);
        clear(&folder).expect("cleared");
        assert!(!folder.exists());
    }

    #[test]
    fn another_sweep_is_refused_and_without_resume_it_begins_anew() {
        let home = tempfile::tempdir().expect("a folder");
        let folder = home.path().join("p");
        Checkpoint::open(&folder, "seed 1\npoints 3\n", false).expect("opened");
        match Checkpoint::open(&folder, "seed 1\npoints 4\n", true).expect("opened") {
            Opened::OfAnother { there, here } => assert_eq!([there, here], ["points 3", "points 4"]),
            Opened::Ready(..) => panic!("another plan"),
        }
        assert!(matches!(
            Checkpoint::open(&folder, "seed 1\npoints 4\n", false),
            Ok(Opened::Ready(..))
        ));
    }

    #[test]
    fn a_damaged_file_counts_as_not_there() {
        let bytes = encode(&[(1, outcome(0.1))]);
        assert!(decode(&bytes).is_some());
        for at in [0, 9, bytes.len() / 2, bytes.len() - 1] {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1;
            assert!(decode(&damaged).is_none(), "byte {at}");
        }
        for length in [0, 7, 8, bytes.len() - 8, bytes.len() - 1] {
            assert!(decode(&bytes[..length]).is_none(), "{length} bytes");
        }
    }

    #[test]
    fn what_is_not_ours_stays() {
        let home = tempfile::tempdir().expect("a folder");
        fs::write(home.path().join("thesis.tex"), "").expect("written");
        fs::write(home.path().join(PLAN), "").expect("written");
        clear(home.path()).expect("cleared");
        assert!(home.path().join("thesis.tex").exists() && !home.path().join(PLAN).exists());
    }
}
