//! What is wrong with a scenario: problems as data, and the table of their codes.
//!
//! A problem knows the path of the value that it is about, or a place in the text, and what to say. It does not know how
//! it will be shown: drawing is `render`, at the edge. Whoever checks collects all it finds and goes on; nobody stops at
//! the first mistake.
//!
//! The *message* says what is wrong, the *label* what the marked text is, the *help* what would be right: lower case, no
//! full stop, values in backticks, numbers with unit and range.

use super::path::Path;
use std::ops::Range;

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// The scenario cannot be run.
    Error,
    /// It can be run, but most likely does not mean what its author meant.
    Warning,
    /// Worth knowing.
    Note,
}

impl Level {
    /// `error`, `warning` or `note`.
    pub fn word(self) -> &'static str {
        match self {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Note => "note",
        }
    }
}

/// What a problem points at. A path that does not exist stands for the last of its keys that does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// The value at a path.
    Value(Path),
    /// The key of the value at a path.
    Key(Path),
    /// Bytes of the text.
    Span(Range<usize>),
}

impl Place {
    /// The key at `path`.
    pub fn key(path: impl Into<Path>) -> Place {
        Place::Key(path.into())
    }
}

impl From<Range<usize>> for Place {
    fn from(span: Range<usize>) -> Place {
        Place::Span(span)
    }
}

impl From<Path> for Place {
    fn from(path: Path) -> Place {
        Place::Value(path)
    }
}

impl From<&Path> for Place {
    fn from(path: &Path) -> Place {
        Place::Value(path.clone())
    }
}

impl From<&str> for Place {
    fn from(path: &str) -> Place {
        Place::Value(path.into())
    }
}

impl From<String> for Place {
    fn from(path: String) -> Place {
        Place::Value(path.into())
    }
}

impl<const N: usize> From<[&str; N]> for Place {
    fn from(keys: [&str; N]) -> Place {
        Place::Value(keys.into())
    }
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Its code in [`CODES`].
    pub code: &'static str,
    /// How bad it is.
    pub level: Level,
    /// What it is about.
    pub place: Place,
    /// The candidate in whose scenario the paths are to be read; `None`: the base.
    pub candidate: Option<String>,
    /// What is wrong.
    pub message: String,
    /// What the text at `place` is.
    pub label: Option<String>,
    /// What would be right.
    pub help: Option<String>,
    /// A second place of a contradiction, and what it is.
    pub second: Option<(Place, String)>,
}

impl Problem {
    /// Says what the text at the place is.
    pub fn label(&mut self, label: impl Into<String>) -> &mut Problem {
        self.label = Some(label.into());
        self
    }

    /// Says what would be right.
    pub fn help(&mut self, help: impl Into<String>) -> &mut Problem {
        self.help = Some(help.into());
        self
    }

    /// As `help`, if there is any.
    pub fn help_if(&mut self, help: Option<String>) -> &mut Problem {
        self.help = help.or(self.help.take());
        self
    }

    /// Shows a second place, and what it is.
    pub fn also(&mut self, place: impl Into<Place>, label: impl Into<String>) -> &mut Problem {
        self.second = Some((place.into(), label.into()));
        self
    }

    /// The path that it is about; `None` if it is about bytes of the text.
    pub fn path(&self) -> Option<&Path> {
        match &self.place {
            Place::Value(path) | Place::Key(path) => Some(path),
            Place::Span(_) => None,
        }
    }

    /// Is `other` the same finding, though perhaps of another candidate?
    fn repeats(&self, other: &Problem) -> bool {
        self.code == other.code && self.place == other.place && self.message == other.message
    }
}

/// Collects problems, of the base scenario or of one candidate.
///
/// ```
/// # use escalade::scenario::Problems;
/// let mut problems = Problems::new();
/// problems.error("E204", "teams.frontline.tier", "no tier is called `L4`").label("not a tier").help("did you mean `L3`?");
/// assert!(problems.any_error());
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problems {
    list: Vec<Problem>,
    candidate: Option<String>,
}

impl Problems {
    /// For the base scenario.
    pub fn new() -> Problems {
        Problems::default()
    }

    /// For the scenario of the candidate of this name, whose paths are those of the merged scenario; `None` or `base`: of
    /// the base.
    pub fn of(candidate: Option<&str>) -> Problems {
        Problems {
            list: Vec::new(),
            candidate: candidate.filter(|name| *name != super::BASE).map(str::to_owned),
        }
    }

    /// Adds an error. What it returns takes label, help and a second place.
    pub fn error(&mut self, code: &'static str, place: impl Into<Place>, message: impl Into<String>) -> &mut Problem {
        self.add(Level::Error, code, place.into(), message.into())
    }

    /// Adds a warning, likewise.
    pub fn warning(&mut self, code: &'static str, place: impl Into<Place>, message: impl Into<String>) -> &mut Problem {
        self.add(Level::Warning, code, place.into(), message.into())
    }

    /// Adds a note, likewise.
    pub fn note(&mut self, code: &'static str, place: impl Into<Place>, message: impl Into<String>) -> &mut Problem {
        self.add(Level::Note, code, place.into(), message.into())
    }

    fn add(&mut self, level: Level, code: &'static str, place: Place, message: String) -> &mut Problem {
        debug_assert!(explain(code).is_some(), "{code} is not in the table of codes");
        let index = self.list.len();
        self.list.push(Problem {
            code,
            level,
            place,
            candidate: self.candidate.clone(),
            message,
            label: None,
            help: None,
            second: None,
        });
        &mut self.list[index]
    }

    /// Takes over what was found elsewhere. What a candidate shares with the base is not repeated.
    pub fn absorb(&mut self, found: Problems) {
        for problem in found.list {
            let of_base = |known: &&Problem| known.candidate.is_none() || known.candidate == problem.candidate;
            if !self.list.iter().filter(of_base).any(|known| known.repeats(&problem)) {
                self.list.push(problem);
            }
        }
    }

    /// Without what `known` says already of the base or of `candidate`.
    pub(super) fn without(mut self, known: &Problems, candidate: Option<&str>) -> Problems {
        let of_it = |problem: &&Problem| problem.candidate.is_none() || problem.candidate.as_deref() == candidate;
        let is_new = |found: &Problem| !known.list.iter().filter(of_it).any(|known| known.repeats(found));
        self.list.retain(is_new);
        self
    }

    /// Gives another help to what lacks a key below a path.
    pub(super) fn help_below(&mut self, path: &Path, help: &str) {
        let is_below = |problem: &Problem| {
            let found = problem.path();
            found.is_some_and(|found| {
                found.keys().len() >= path.keys().len() && path.keys().eq(found.keys().take(path.keys().len()))
            })
        };
        let lacking = self.list.iter_mut().filter(|problem| problem.code == "E102");
        lacking
            .filter(|problem| is_below(problem))
            .for_each(|problem| problem.help = Some(help.to_owned()));
    }

    /// In the order in which they were found.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Problem> {
        self.list.iter()
    }

    /// Is there nothing, not even a note?
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// How many there are of a level.
    pub fn count(&self, level: Level) -> usize {
        self.list.iter().filter(|problem| problem.level == level).count()
    }

    /// Is there an error, so that the scenario cannot be run?
    pub fn any_error(&self) -> bool {
        self.list.iter().any(|problem| problem.level == Level::Error)
    }
}

/// A row of the table of codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code {
    /// `E` and a number, for good: a code never changes its meaning.
    pub code: &'static str,
    /// What it is, in a few words.
    pub title: &'static str,
    /// Why it is wrong and what to do, in a sentence or two.
    pub explanation: &'static str,
}

/// The row of a code.
pub fn explain(code: &str) -> Option<&'static Code> {
    CODES.iter().find(|row| row.code == code)
}

/// All codes: E0.. the text, E1.. the shape, E2.. names, E3.. contradictions, E9.. what only the model sees, W4.. what is
/// legal and most likely not meant.
#[rustfmt::skip] // a table: one row a line
pub const CODES: &[Code] = &[
    row("E001", "not a text", "The file is not UTF-8 text. Save it as UTF-8."),
    row("E002", "syntax error", "The file is not TOML. Nothing else is checked until the text can be read."),
    row("E003", "key written twice", "Each key can be written once in its table, and each table can be opened once."),
    row("E101", "wrong type", "The value is of another type than the key needs, such as a text where a number belongs."),
    row("E102", "missing key", "A table lacks a key that has no default."),
    row("E103", "unknown key", "A key that the format does not have would be ignored silently; most often it is misspelt."),
    row("E104", "out of range", "A number lies outside of what the key allows."),
    row("E105", "not one of the words", "The key takes one of a few words."),
    row("E106", "exactly one is needed", "A law, a trigger or an action is a table with exactly one key: its kind."),
    row("E107", "not a length of time", "Lengths of time are numbers with units: `15m`, `1h 30m`, `2w`; of business time `8bh`, `2bd`."),
    row("E108", "not a time zone", "Time zones are written by their name in the IANA database: `Europe/Berlin`, `UTC`."),
    row("E109", "not a date", "Dates are written `2026-03-02`, a start also with its time, `2026-03-02T08:00`."),
    row("E110", "not opening hours", "Opening hours are `24x7` or a table of days: `{ \"Mon-Fri\" = \"09:00-17:00\" }`."),
    row("E111", "not a rate", "Rates are a number and a unit of time: `60/h`, `45/day`, `2/week`."),
    row("E112", "wrong number of values", "A list has a fixed number of values (7 weekdays, 24 hours, 12 months, 168 hours of the week), or more than it may have: an escalation policy has at most 60 levels, a level 255 targets, a gate 60 approvers."),
    row("E113", "business time has no length here", "`bh` and `bd` are time of a calendar. Only targets and the clocks of triggers run on one."),
    row("E114", "not a name", "Names of severities, teams and so on are texts of at least one character, without control characters and others that are not seen."),
    row("E115", "cannot be read", "The file passed the check of its shape and yet could not be read. This is a mistake of escalade: please report it."),
    row("E116", "not a time of handoff", "Turns begin at a time of day, on a weekday if one is named: `Mon 09:00` or `09:00`."),
    row("E201", "no such severity", "The name is none of the `[severities]`."),
    row("E202", "no such team", "The name is none of the `[teams]`."),
    row("E203", "no such service", "The name is none of the `[services]`."),
    row("E204", "no such tier", "The name is none of the `[tiers]`."),
    row("E205", "no such customer tier", "The name is none of the `[customer_tiers]`."),
    row("E206", "no such calendar", "The name is none of the `[calendars]`, nor `24x7`, which always exists."),
    row("E207", "no such tier, team or schedule", "The name is none of the tables that are meant: `[tiers]` and `[teams]`, or `[teams]` and `[schedules]`."),
    row("E208", "reserved name", "`base` is the unpatched scenario, `24x7` the calendar that is always open, `other` the severities that are not named."),
    row("E209", "not for a candidate to change", "A patch cannot change the scenario's name, its candidates or its stresses."),
    row("E210", "tier or team?", "A name that a route or a transfer uses is that of a tier and of a team, and they do not mean the same people."),
    row("E231", "no such shift", "The name is none of the shifts of the person's team."),
    row("E251", "no such kind of incident", "The name is none of the `[incidents]`."),
    row("E252", "an attribute that no ticket has", "Triage reads a source, a class of words, an impact or an urgency that is not among the `attributes`."),
    row("E261", "no such schedule", "The name is none of the `[schedules]`."),
    row("E262", "no such escalation policy", "The name is none of the `[escalation_policies]`."),
    row("E263", "nobody of that name", "Who is paged or owns tickets is one of the `[people]`, a person by number (`team/1`, `team/shift/2`), or a schedule where one may be paged."),
    row("E271", "no such role", "The name is none of the `[roles]`."),
    row("E272", "no such gate", "The name is none of the `[gates]`."),
    row("E273", "no such kind of change", "The name is none of the `[changes]`."),
    row("E274", "no such kind of ticket", "The name is none of the `[kinds]`."),
    row("E301", "shares do not add to 1", "The shares of one whole must add to 1, within a millionth."),
    row("E302", "where a service's tickets come from", "Each service has either a `share` of the organisation's `[arrivals]` or `arrivals` of its own."),
    row("E303", "which form of arrivals", "Arrivals are written in exactly one form: `rate`, `per_hour_of_week`, or `per_week` with its profile."),
    row("E304", "a factor on no holidays", "`holiday_factor` scales the holidays of the calendar that `holidays` names, and none is named."),
    row("E305", "headcount or shifts", "A team has either a `headcount` that is always on duty, or `shifts`; without both, people by name."),
    row("E306", "a tier without a team", "Nobody works the tier: its tickets would wait for ever."),
    row("E307", "escalation that does not rise", "`escalates` says which higher tier a ticket needs next; the tiers are written lowest first."),
    row("E308", "more than all tickets escalate", "The shares of one severity that a tier cannot solve add to more than 1."),
    row("E309", "no mix of severities", "With more than one severity, each service says how its tickets are spread over them."),
    row("E310", "business hours of which calendar?", "`bh` and `bd` need a calendar: the target's own, `run.business_calendar`, or the only calendar."),
    row("E311", "a skill that a tier lacks", "Tickets come to a tier or team in which nobody has the skills that their service needs."),
    row("E312", "a rule that can never fire", "Its trigger watches what none of its tickets has, or its conditions exclude each other."),
    row("E313", "rules that undo each other", "Two rules that are due at the same instant do to the same tickets what the other undoes: one raises and one lowers, or each hands them to another place."),
    row("E314", "a circle of transfers without time", "Rules hand a ticket round in a circle without any time passing: the run would never end."),
    row("E315", "a rule that does nothing", "`then` is empty, or one of its actions names nobody."),
    row("E316", "no time at all", "A length of zero where time must pass: a horizon, a target, the scale of a law."),
    row("E317", "a run without end", "The whole run, warm-up, horizon and drain, may take at most 4,000 years."),
    row("E318", "too few values", "An empirical law needs at least two values, a hyperexponential law at least one branch."),
    row("E319", "an empty table", "A scenario has at least one severity, service, tier and team."),
    row("E320", "a severity without a value", "A table by severity names every severity, or says `other` for those that it does not name."),
    row("E321", "weights of zero", "All weights of a profile are 0, so that its tickets would have no hour in which to arrive."),
    row("E322", "a ticket without a severity", "A scripted ticket says its severity, unless its service has a mix or there is only one."),
    row("E323", "a rate for a shift that is not there", "`costs.rates` names a shift that its team does not have."),
    row("E324", "head counts the wrong way round", "The least head count of a shift or team is above its most."),
    row("E325", "a zone that a team does not know", "Own targets of teams and tiers are the same for all customers and services: they go by the owner's zone or the calendar's."),
    row("E341", "leave that ends before it begins", "`to` is the last day of the leave, or the instant from which the person is back."),
    row("E351", "how many children?", "The children of a fault are written in exactly one form: `count`, `per_hour` or `after`."),
    row("E352", "a fault without an end", "Children that come by the hour need an end: the incident says how long it `lasts`."),
    row("E353", "a fault that never ends", "A fault that does not end with its parent says how long it `lasts`."),
    row("E361", "a schedule of nobody", "A schedule, or a layer of one, has no members."),
    row("E362", "a turn that is no whole minutes", "Turns change by the wall clock: a turn is a whole number of minutes, at least one."),
    row("E363", "a level that pages nobody", "An escalation policy has levels, and each of them somebody to page."),
    row("E364", "a stand-in of nobody", "`cover = \"secondary\"` names the other schedule whose person stands in."),
    row("E365", "a time that ends before it begins", "An override holds from an instant until a later one."),
    row("E366", "an owner from another team", "The primary and the secondary owner of a service are people of one team."),
    row("E371", "a role that nobody holds", "A role is held by a `team` or by a `schedule`, and by one of them only."),
    row("E372", "a duty held twice", "A ticket has one commander and one scribe: each duty belongs to one role."),
    row("E373", "a gate that cannot decide", "A gate needs approvers, as many as must approve, and the work of their decision or a meeting."),
    row("E374", "no deputy", "`on_timeout = \"deputy\"` needs a `deputy` to ask."),
    row("E375", "a gate that waits for itself", "Who is to decide, or to help when a gate is stuck, is the one who waits for it: nobody would decide."),
    row("E376", "more than all tickets", "The shares of one severity that are changes, or of a kind, add to more than 1."),
    row("E377", "an action that nobody can do", "The action needs a role or a table that the scenario does not have."),
    row("E382", "overflow to another tier", "A team helps out with the work of its own tier; that of another is an escalation."),
    row("E383", "full, and nowhere to go", "`when_full = \"overflow\"` needs a team that helps."),
    row("E384", "interrupted in several conversations", "A team has several conversations at once, or preemption, but not both."),
    row("E385", "overflow that goes round", "Teams hand a ticket round among them without any time passing: the run would never end."),
    row("E901", "start", "The model cannot read the start. The check of the file should have said so before."),
    row("E902", "a run without end", "The whole run, with its drain, passes the last instant that the model counts in."),
    row("E903", "opening hours", "The model cannot read opening hours. The check of the file should have said so before."),
    row("E904", "a text", "The model cannot read a time or a zone. The check of the file should have said so before."),
    row("E905", "business time", "Business time stands where elapsed time is needed."),
    row("E906", "business time without a calendar", "Business time needs a calendar to be open in."),
    row("E907", "a law that cannot be sampled", "The parameters of a law lie outside of what can be drawn from."),
    row("E908", "a severity without a law", "A table of laws by severity has a hole."),
    row("E909", "a tier that nobody works", "Tickets of a service come to a tier without a team that has the skills for them."),
    row("E910", "too many", "A table has more rows than the model can number."),
    row("E911", "too few", "A table has no rows."),
    row("W401", "targets out of order", "A more severe ticket is promised a longer time than a less severe one."),
    row("W402", "updates that come too late", "An update cadence as long as the resolve target is never due before the ticket is."),
    row("W403", "a transfer to where the ticket is", "The rule asks for tickets of the very tier or team to which it hands them, or there is no other: nothing happens."),
    row("W404", "a circle of transfers", "Rules hand a ticket round in a circle for as long as nobody solves it."),
    row("W405", "a setting without effect", "The setting matters only beside another that is not written."),
    row("W406", "a rule that fires at once", "The target is no longer than what must be left of it: the rule fires as the clock starts."),
    row("W407", "a candidate that changes nothing", "Its patch is empty, or says what the scenario says already."),
    row("W408", "a team of nobody", "No shift of the team has people, and its headcount is 0."),
    row("W409", "a ticket after the horizon", "A scripted ticket is created when the measured window is over: it counts for nothing."),
    row("W410", "a ladder skipped", "Tickets enter above the lowest tier that could solve them."),
    row("W411", "people without a rate", "The scenario counts in money, but nothing says what an hour of this team costs."),
    row("W412", "a penalty that nobody pays", "No ticket of the severity has a target of this kind."),
    row("W413", "an action that finds nothing to do", "Whenever the rule fires, what the action is for is not so: nothing waits to be closed, the policy does not page for these tickets, the ticket has been resolved, or no queue is by severity."),
    row("W414", "a share that looks like per cent", "A share of 1 is the whole target, 0.5 is half of it: 50 is fifty times as long as the target."),
    row("W415", "a rule that repeats within a minute", "`every` is less than a minute, and nothing limits how often: a ticket for which the trigger goes on to hold sets it off all the time."),
    row("W416", "a change that is taken back at once", "A change of severity sets off, at the same instant, a rule that undoes it."),
    row("W417", "a rule that never has its turn", "It may fire, and in this scenario never does: no ticket is ever of its severity, its customers or with its teams, or it waits for what does not come."),
    row("W431", "a skill that nothing needs", "No service needs the skill: most often it is misspelt."),
    row("W432", "hours without a skill", "At times a team is on duty and nobody there has a skill that tickets in its queue need, changes of the clocks, holidays and leave included: they wait, however many people are free."),
    row("W433", "a team in which nobody works", "Something is asked of a team without people: it waits for ever."),
    row("W434", "outside of the simulated time", "A holiday, leave or override of a time that the run does not play, from its start to the end of the drain: it changes nothing."),
    row("W435", "a board that never meets", "The calendar of a gate's meetings does not open in the simulated time: whoever waits for its decision waits until the run ends."),
    row("W436", "a team that nothing comes to", "Other teams of its tier take all tickets before it, and nothing else names it: its people never work."),
    row("W437", "never used", "Nothing opens the gate, or nothing is asked of the role, in the scenario, its candidates and stresses: most often a rule is missing."),
    row("W438", "the same one twice", "Two places are meant for two people, and the same one stands in both."),
    row("W439", "named like another tier", "A team has the name of a tier that it does not work: whoever reads the name takes one for the other."),
    row("W440", "again without an end", "What comes back or is put off every time comes back for ever: a share of 1 needs `at_most`."),
    row("W441", "a mean beyond any run", "The mean of a law is longer than the longest run. That of a log-normal or Weibull law lies far above its median if the law is very wide."),
    row("W442", "no tickets", "No ticket can ever arrive: all rates are 0, and none is written out."),
    row("W451", "a triage rule that never matches", "A rule before it takes every ticket that it asks for."),
    row("W461", "hours that nobody covers", "At times the schedules of a level, or a schedule by itself, have nobody on call, changes of the clocks and leave included."),
    row("W463", "targets that are never paged", "A sequential level ends before its last target's turn comes."),
    row("W464", "a ladder that is longer than its target", "The levels of an escalation policy take longer in all than a severity that it pages for allows until the acknowledgement."),
    row("W465", "paged, and not able", "Who is paged to take a ticket over, or owns it, lacks the skills for it, and so does their team: they acknowledge, and the ticket stays where it is."),
    row("W466", "help without the skill", "People are to help with tickets for which none of them has the skills."),
    row("W467", "a group that closes before its page", "Tickets that share a page are taken in no longer than the group waits with it: a second group begins before the first is paged for."),
    row("W471", "approvers away longer than the target", "Between two shifts of its approvers a gate decides nothing, for longer than a ticket may take as a whole."),
    row("W472", "an incident that waits for who is occupied with it", "Whoever commands an incident decides about it, whoever takes its notes does not, and neither does anything else until it is over: it waits for them to write, to help, to command or to decide."),
];

const fn row(code: &'static str, title: &'static str, explanation: &'static str) -> Code {
    Code {
        code,
        title,
        explanation,
    }
}
