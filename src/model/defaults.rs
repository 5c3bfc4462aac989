//! What is meant where nothing is written, each with its reason.

use super::Speedup;
use crate::time::Length;

/// Replications: enough for an interval that is worth printing, few enough for a first look.
pub const REPLICATIONS: u32 = 20;
/// Seed.
pub const SEED: u64 = 1;
/// The run's time zone.
pub const ZONE: &str = "UTC";
/// Drain, in longest targets: most tickets that miss their target are settled by then.
pub const DRAIN_TARGETS: f64 = 1.5;
/// Shortest drain.
pub const DRAIN_MIN: Length = Length::from_secs(7 * 24 * 3600);
/// Work added when interrupted work is resumed: the usual estimate of finding one's way back.
pub const SWITCH_COST: Length = Length::from_secs(5 * 60);
/// Days within which a ticket that comes back was not resolved at first contact.
pub const FCR_DAYS: u32 = 7;
/// Longest overtime before the work is handed off.
pub const OVERTIME_MAX: Length = Length::from_secs(2 * 3600);
/// Factor on the rate of an hour of overtime.
pub const OVERTIME_FACTOR: f64 = 1.5;
/// Head start of one step of severity under `ageing`.
pub const AGEING_STEP: Length = Length::from_secs(3600);
/// How long running work may delay a break.
pub const BREAK_SLIP: Length = Length::from_secs(30 * 60);
/// Breaks a shift.
pub const BREAKS: u32 = 2;
/// Share of work that a cold handoff repeats.
pub const CONTEXT_LOSS: f64 = 0.3;
/// Share by which the next tier's work grows after a cold escalation.
pub const ESCALATION_LOSS: f64 = 0.15;
/// Share of the remaining work done before the customer is asked.
pub const ASKED_AFTER: f64 = 0.5;
/// Rate at which a ticket's owner works while commanding it, too.
pub const OWNER_PENALTY: f64 = 0.75;
/// Requests of one opening of a gate: who is declined three times needs somebody with more authority.
pub const GATE_ROUNDS: u32 = 3;
/// Share of the work of solving after which a workaround is in place.
pub const WORKAROUND_AFTER: f64 = 0.5;
/// Least time before a deadline at which it is of use to know of it: a quarter of an hour, or one such part of the target.
pub const USEFUL_LEAD: Length = Length::from_secs(15 * 60);
/// See [`USEFUL_LEAD`].
pub const USEFUL_PART: i64 = 10;
/// People in a review: the least of the usual four to eight.
pub const REVIEWERS: u32 = 4;
/// Probability that a review finds the root cause.
pub const ROOT_FOUND: f64 = 0.5;
/// Share of a review's work that a scribe's notes save.
pub const SCRIBE_SAVES: f64 = 0.3;
/// Share of a problem's tickets that its fix prevents.
pub const FIX_EFFECT: f64 = 0.7;
/// Probability that a ticket finds its kind's article: the middle of the usual 0.6 to 0.8.
pub const ARTICLE_FOUND: f64 = 0.7;
/// Share of the work that an article saves: the middle of the usual 0.2 to 0.4.
pub const ARTICLE_SAVES: f64 = 0.3;
/// Least share of the work that practice leaves.
pub const LEARNING_FLOOR: f64 = 0.5;
/// Slowdown of each conversation by each other one: three at once get 1.76 persons' work done.
pub const SLOWDOWN: f64 = 0.35;
/// Proficiency on the first day.
pub const LEARNING_START: f64 = 0.5;
/// Time constant of learning: six to ten weeks are usual.
pub const LEARNING: Length = Length::from_secs(8 * 7 * 24 * 3600);
/// Speed of people together: three do the work of 1.74, more than six hinder each other.
pub const SPEEDUP: Speedup = Speedup::Usl(0.3, 0.02);
/// Briefing of somebody who joins.
pub const JOIN_WORK: Length = Length::from_secs(3 * 60);
/// Work of seeing that a ticket belongs elsewhere: three to ten minutes are usual.
pub const REJECT_WORK: Length = Length::from_secs(5 * 60);
/// From one page to the next of a sequential level.
pub const SEQUENTIAL_GAP: Length = Length::from_secs(2 * 60);
/// From a page that asks a role for something to the next one.
pub const PAGE_AGAIN: Length = Length::from_secs(15 * 60);
/// When people sleep.
pub const NIGHT: &str = "23:00-07:00";
/// From the acknowledgement to the work, out of one's sleep.
pub const GET_TO_DESK_AT_NIGHT: Length = Length::from_secs(5 * 60);
/// Growth of work and acknowledgements for each page that woke somebody.
pub const FATIGUE: f64 = 0.05;
/// Rest between the last page of a night and the next shift: the working-time law of the European Union.
pub const REST: Length = Length::from_secs(11 * 3600);
/// How pages are answered, free, busy, awake, asleep, at work on another page: median, sigma of the log-normal law, share
/// never answered. Typical values, no measurement.
pub const ANSWERS: [(Length, f64, f64); 5] = [
    (Length::from_secs(60), 0.6, 0.01),
    (Length::from_secs(180), 0.7, 0.03),
    (Length::from_secs(180), 0.8, 0.05),
    (Length::from_secs(360), 0.8, 0.10),
    (Length::from_secs(240), 0.7, 0.05),
];
