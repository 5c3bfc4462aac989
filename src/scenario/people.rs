//! Who works: tiers, teams, shifts, and what a change of hands costs, as written.

use super::law::{LawBySeverity, ShareBySeverity};
use super::person::{Proficiency, Skills};
use super::problem::Problems;
use super::routing::{Concurrency, Overflow, Routing, Training, WhenFull};
use super::run::Hours;
use super::targets::Target;
use super::{Named, Scenario, checks};
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

/// A support tier: a rung of the ladder.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tier {
    /// Work that this tier needs to solve a ticket that it is able to solve.
    pub work: LawBySeverity,
    /// Work that this tier spends on a ticket before it knows that it cannot solve it (default: as `work`).
    #[serde(default)]
    pub diagnosis: Option<LawBySeverity>,
    /// Share of the tickets of this tier that it cannot solve, by the tier that they then need next:
    /// `escalates.L2 = { Sev1 = 0.8, other = 0.1 }`. What is left over, this tier can solve. A property of the tickets:
    /// no policy changes it. The severity is the true one.
    #[serde(default)]
    #[schemars(extend("x-ref-keys" = "tiers"))]
    pub escalates: IndexMap<String, ShareBySeverity>,
    /// Targets `own` of the tier's teams, by severity, before those of severities, services and customer tiers:
    /// `own = { Sev1 = "1h" }`.
    #[serde(default)]
    #[schemars(extend("x-ref-keys" = "severities"))]
    pub own: Named<Target>,
}

/// A team: people with one queue, working one tier.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("x-either" = [["headcount"], ["shifts"]]))]
pub struct Team {
    /// The tier that the team works.
    #[schemars(extend("x-ref" = "tiers"))]
    pub tier: String,
    /// Targets `own` of the team, by severity, before those of its tier: `own = { Sev1 = "1h" }`.
    #[serde(default)]
    #[schemars(extend("x-ref-keys" = "severities"))]
    pub own: Named<Target>,
    /// Skills that its people have, those of its shifts and people aside who have their own (default: every skill), as a
    /// list or with a proficiency each. A ticket goes to the first team of a tier in which somebody has all the skills that
    /// its service needs; in a team whose people differ, to somebody who has them.
    #[serde(default)]
    pub skills: Option<Skills>,
    /// People who are always on duty. Either this or `shifts`.
    #[serde(default)]
    #[schemars(range(min = 0, max = 100_000))]
    pub headcount: Option<u32>,
    /// The fewest people that `escalade staff` may plan, beside `headcount` (default 0).
    #[serde(default)]
    #[schemars(range(min = 0, max = 100_000))]
    pub min_headcount: Option<u32>,
    /// The most people that `escalade staff` may plan, beside `headcount` (default: as many as could be of use).
    #[serde(default)]
    #[schemars(range(min = 0, max = 100_000))]
    pub max_headcount: Option<u32>,
    /// IANA time zone of the team, of its shifts that name none and of clocks with `zone = "owner"` (default: the run's).
    #[serde(default)]
    #[schemars(extend("x-format" = "zone"))]
    pub zone: Option<String>,
    /// Shifts by name, each with its own people.
    #[serde(default)]
    pub shifts: Named<Shift>,
    /// Order of the queue (default `severity`).
    #[serde(default)]
    pub discipline: Option<Discipline>,
    /// Discipline `ageing`: the head start of one step of severity (default `1h`).
    #[serde(default)]
    #[schemars(extend("x-format" = "duration"))]
    pub ageing_step: Option<String>,
    /// Preemption of less severe work by an arriving ticket (default none).
    #[serde(default)]
    pub preemption: Option<Preemption>,
    /// Services in the order in which its people prefer their tickets: whoever becomes free takes those of the first
    /// service before those of the second, whatever their severity; services that are not listed come last, together
    /// (default: none is preferred, the discipline decides alone).
    #[serde(default)]
    #[schemars(extend("x-ref" = "services"))]
    pub preference: Vec<String>,
    /// How its tickets find its people (default: whoever becomes free takes the head of the queue; of several who are
    /// free, the one who has been idle longest).
    #[serde(default)]
    pub routing: Option<Routing>,
    /// A team that helps when this one does not get to a ticket. Neither an escalation nor a reassignment.
    #[serde(default)]
    pub overflow: Option<Overflow>,
    /// Waiting places: most tickets that wait in the queue. A ticket that comes to the team and finds them all taken, and
    /// nobody free, goes where `when_full` says, begun elsewhere or not; one that comes back from the team's own people
    /// always finds room (default: no limit).
    #[serde(default)]
    #[schemars(range(min = 0, max = 1_000_000))]
    pub places: Option<u32>,
    /// What becomes of a ticket that finds all waiting places taken (default `turn-away`).
    #[serde(default)]
    pub when_full: Option<WhenFull>,
    /// Several conversations of a person at once (default: one ticket at a time).
    #[serde(default)]
    pub concurrency: Option<Concurrency>,
    /// How fast its people work: work times are divided by it (default 1).
    #[serde(default)]
    pub proficiency: Option<Proficiency>,
    /// How much its people differ: standard deviation of the natural logarithm of a factor on each one's proficiency, of
    /// mean 1, drawn once a replication (default 0: not at all).
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 1.5))]
    pub proficiency_spread: Option<f64>,
    /// All its people are new and learn (default: they have learnt).
    #[serde(default)]
    pub training: Option<Training>,
    /// What happens to work in progress when its owner's shift ends (default `finish`). What they were paged for they go on with
    /// on call rather than hold it, or leave it while no shift of the team is on.
    #[serde(default)]
    pub shift_end: Option<ShiftEnd>,
    /// Longest overtime of `finish`, after which the work is handed off (default `2h`). Whoever stays on writes what is due about
    /// their ticket, too.
    #[serde(default)]
    #[schemars(extend("x-format" = "duration"))]
    pub max_overtime: Option<String>,
    /// Paid time that is not available (default none).
    #[serde(default)]
    pub shrinkage: Option<Shrinkage>,
}

impl Team {
    /// Share of its paid time that is available: `(1 − absent)(1 − breaks)`.
    pub fn availability(&self) -> f64 {
        let shares = self
            .shrinkage
            .as_ref()
            .map(|shrinkage| [shrinkage.absent, shrinkage.breaks]);
        let shares = shares.into_iter().flatten().flatten();
        shares.map(|share| 1.0 - share).product()
    }

    /// The zone of a shift, or of the team: as far as one is written.
    pub fn zone_of<'a>(&'a self, shift: Option<&'a Shift>) -> Option<&'a str> {
        let own = shift.and_then(|shift| shift.zone.as_deref());
        own.or(self.zone.as_deref())
    }
}

/// A shift: people who share the same weekly hours.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Shift {
    /// People on this shift.
    #[schemars(range(min = 0, max = 100_000))]
    pub headcount: u32,
    /// The fewest people that `escalade staff` may plan for this shift (default 0).
    #[serde(default)]
    #[schemars(range(min = 0, max = 100_000))]
    pub min_headcount: Option<u32>,
    /// The most people that `escalade staff` may plan for this shift (default: as many as could be of use).
    #[serde(default)]
    #[schemars(range(min = 0, max = 100_000))]
    pub max_headcount: Option<u32>,
    /// Weekly hours of each of them: `{ "Mon-Fri" = "06:00-14:00" }`, or `"24x7"`.
    pub hours: Hours,
    /// IANA time zone of the hours (default: the team's).
    #[serde(default)]
    #[schemars(extend("x-format" = "zone"))]
    pub zone: Option<String>,
    /// Calendar whose holidays are days off (default: none, the shift works on holidays).
    #[serde(default)]
    #[schemars(extend("x-ref" = "calendars"))]
    pub holidays: Option<String>,
    /// How fast these people work (default: as their team).
    #[serde(default)]
    pub proficiency: Option<Proficiency>,
    /// Their skills (default: as their team).
    #[serde(default)]
    pub skills: Option<Skills>,
    /// They are new and learn (default: as their team).
    #[serde(default)]
    pub training: Option<Training>,
}

/// Order of a team's queue. A ticket that was handed back goes before the tickets of its own rank that nobody has begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Discipline {
    /// First come, first served: the order of entering this queue.
    Fifo,
    /// Most severe first (reported severity), then first come.
    Severity,
    /// Most severe first, then the customer tier in the order of the file, then first come.
    SeverityCustomer,
    /// The earliest deadline first: of the first response until it is given, then of the resolution; tickets without one last.
    Deadline,
    /// Longest wait first, where each step of severity counts like `ageing_step` more waiting. What has been begun has waited since
    /// it came to the team.
    Ageing,
}

/// Preemption: an arriving ticket may interrupt strictly less severe work. Reviews, articles, fixes of problems and records of
/// changes are less than any ticket; who helps with another ticket leaves it. Nobody is interrupted in a decision, an update or
/// another task that somebody waits for.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Preemption {
    /// Work added each time an interrupted ticket is resumed (default `5m`).
    #[serde(default)]
    #[schemars(extend("x-format" = "duration"))]
    pub switch_cost: Option<String>,
    /// Where an interrupted ticket waits (default `owner`).
    #[serde(default)]
    pub resume: Option<Resume>,
    /// Severities that may interrupt (default: all).
    #[serde(default)]
    #[schemars(extend("x-ref" = "severities"))]
    pub by: Option<Vec<String>>,
}

/// Where an interrupted ticket waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Resume {
    /// For its owner, who goes on with it.
    Owner,
    /// At the head of the team's queue, for whoever is free first.
    Team,
}

/// What happens to work in progress when its owner's shift ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ShiftEnd {
    /// It is completed on overtime; its owner takes no other ticket.
    Finish,
    /// It is handed to the next shift: back to the head of the team's queue, its progress kept as `[handoff]` says.
    HandOff,
    /// It is kept, untouched, until its owner's next shift.
    Hold,
}

/// Paid time that is not available.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Shrinkage {
    /// Probability that a person is absent for a whole day, with all of its shifts: leave, sickness, training (default 0).
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub absent: Option<f64>,
    /// Share of each shift spent in breaks and meetings (default 0).
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 0.9))]
    pub breaks: Option<f64>,
    /// Number of equal breaks that make up that share (default 2).
    #[serde(default)]
    #[schemars(range(min = 1, max = 24))]
    pub break_count: Option<u32>,
    /// How long running work may delay a break before it is suspended for it (default `30m`).
    #[serde(default)]
    #[schemars(extend("x-format" = "duration"))]
    pub break_slip: Option<String>,
}

/// Warm keeps the context, cold loses some of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum HandoffKind {
    /// The context is kept; both people may spend an overlap.
    Warm,
    /// Some of the work already done has to be done again.
    Cold,
}

/// What a change of hands costs.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Handoff {
    /// Kind of handoff at the end of a shift (default `warm`).
    #[serde(default)]
    pub shift_end: Option<HandoffKind>,
    /// Warm: time that giver and receiver both spend when a ticket changes hands at once (default `0s`). A giver whose shift is over
    /// by then stays for it on overtime; one who has gone home before explains nothing.
    #[serde(default)]
    #[schemars(extend("x-format" = "duration"))]
    pub overlap: Option<String>,
    /// Cold: share of the work already done that must be done again (default 0.3).
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 10.0))]
    pub context_loss: Option<f64>,
    /// Escalation: work that the tier below adds to write down what it found (default `0s`).
    #[serde(default)]
    #[schemars(extend("x-format" = "duration"))]
    pub escalation_notes: Option<String>,
    /// Escalation: share by which the next tier's work grows because context was lost (default 0; 0.15 where a rule hands the ticket
    /// over `cold`).
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 10.0))]
    pub escalation_loss: Option<f64>,
    /// Share of the tickets that a team gets from another and does not accept: it spends `reject_work`, then they go back
    /// to where they came from, are read there for as long, and are sent again. Nobody rejects a ticket twice (default 0).
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub rejected: Option<f64>,
    /// Work of seeing that a ticket is not for this team, and of reading why it came back (default `5m`).
    #[serde(default)]
    #[schemars(extend("x-format" = "duration"))]
    pub reject_work: Option<String>,
}

/// People who are counted: those of a team who are always on duty, or those of one of its shifts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeadCount<'a> {
    /// Index of the team.
    pub team: usize,
    /// Name of the team.
    pub team_name: &'a str,
    /// Name of the shift; `None`: always on duty.
    pub shift: Option<&'a str>,
    /// How many, those who are written out by name left out.
    pub heads: u32,
}

impl Scenario {
    /// All head counts, in the order of the file.
    pub fn head_counts(&self) -> Vec<HeadCount<'_>> {
        let mut counts = Vec::new();
        for (index, (name, team)) in self.teams.iter().enumerate() {
            let mut count = |shift, heads| {
                counts.push(HeadCount {
                    team: index,
                    team_name: name.as_str(),
                    shift,
                    heads,
                });
            };
            match team.headcount {
                Some(heads) => count(None, heads),
                None => team
                    .shifts
                    .iter()
                    .for_each(|(shift, written)| count(Some(shift.as_str()), written.headcount)),
            }
        }
        counts
    }

    /// The same organisation with other head counts, in the order of [`Scenario::head_counts`]: what the file would be with
    /// these numbers in it. Head counts that are not given stay.
    pub fn staffed(&self, heads: &[u32]) -> Scenario {
        let (mut staffed, mut heads) = (self.clone(), heads.iter().copied());
        for team in staffed.teams.values_mut() {
            match &mut team.headcount {
                Some(count) => *count = heads.next().unwrap_or(*count),
                None => team
                    .shifts
                    .values_mut()
                    .for_each(|shift| shift.headcount = heads.next().unwrap_or(shift.headcount)),
            }
        }
        staffed
    }

    /// What is wrong with it as far as it shows without its text: that of a scenario which was changed after it was read.
    pub fn contradictions(&self) -> Problems {
        let mut problems = Problems::new();
        checks::check(self, &mut problems);
        problems
    }
}
