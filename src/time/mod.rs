//! Time in the simulated world: instants, lengths, calendars, zones, and the way people write them.
//!
//! Inside a run, time is whole milliseconds since the scenario's start and nothing else: no zones, no dates, no `f64`.
//! This layer is where wall clocks end. It reads what people write (`"1h 30m"`, `"8bh"`, `"Mon-Fri"`, `"09:00-17:00"`,
//! `Europe/Berlin`), and compiles it, over the horizon, into tables of milliseconds that the kernel asks in a few
//! nanoseconds. Zone rules come from the database bundled with `jiff`, never from the machine's, so the same scenario
//! means the same instants everywhere.
//!
//! It is not a scheduler and knows no tickets, people or targets: who is at work is a shift, what is measured is a
//! clock, and both only borrow a [`Calendar`] from here.
//!
//! Three types keep apart what adding up would confuse: an [`Instant`] is a point, a [`Length`] is elapsed time between
//! two points, and [`Worked`] is time inside a calendar, which only a calendar can lay out on the line of instants. A
//! local day has 23 to 25 hours and sometimes 23.5: nothing here or elsewhere may assume 24, except a written `"1d"`,
//! which *means* 24 hours.

pub mod calendar;
pub mod civil;
pub mod clock;
pub mod duration;
pub mod instant;
pub mod misread;
pub mod origin;
pub mod profile;
pub mod rota;
pub mod weekly;
pub mod zone;

pub use calendar::{Calendar, openings};
pub use civil::{Date, TimeOfDay, Weekday};
pub use clock::Share;
pub use duration::Written;
pub use instant::{Instant, Length, Worked};
pub use misread::Misread;
pub use origin::{Local, Origin};
pub use profile::{LocalHour, LocalHours, local_hours};
pub use rota::{HandoffTime, Rota, RotaLayer, RotaOverride, RotaPlan, StandIn};
pub use weekly::{Days, OpenHours, WeeklyHours};
pub use zone::{Zone, tzdb_version};
