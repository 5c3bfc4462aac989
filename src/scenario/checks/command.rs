//! Incidents that wait for whoever is occupied with them: whoever is in command decides about the incident, and whoever takes its
//! notes does not even that. They do nothing else until it is over, and cannot write, help or take over what it waits for.

use super::super::problem::{Place, Problems};
use super::super::{Action, Duty, Gate, Notify, Parallel, ParallelWord, Path, Role, Rule, Scenario, Trigger, Until};
use super::holders::{Shared, shared};
use super::overlap::{covers, overlap};
use super::rules::is_enabled;

/// Below this share of the time the same person is as good as never asked twice.
const SELDOM: f64 = 0.01;

/// Who is occupied with an incident as long as it lasts.
struct Occupied<'a> {
    scenario: &'a Scenario,
    name: &'a str,
    role: &'a Role,
    words: &'static Words,
    /// Rules that assign a commander, and with them a scribe.
    assigned: Vec<(&'a String, &'a Rule)>,
}

/// What is said of the duty.
struct Words {
    /// What the one person does, or may do.
    does: [&'static str; 2],
    /// The state they are in.
    state: &'static str,
    /// Where it says who it is.
    who: &'static str,
    /// There is nobody who does not.
    other: &'static str,
    let_write: &'static str,
}

const COMMANDS: Words = Words {
    does: ["commands it", "may command it"],
    state: "in command",
    who: "who commands",
    other: "who does not command it",
    let_write: "let somebody write who does not command",
};
const TAKES_NOTES: Words = Words {
    does: ["takes its notes", "may take its notes"],
    state: "taking its notes",
    who: "who takes the notes",
    other: "who does not take its notes",
    let_write: "let somebody write who does not take the notes",
};

pub(super) fn check(scenario: &Scenario, problems: &mut Problems) {
    let assigns = |rule: &Rule| {
        rule.then
            .iter()
            .any(|action| matches!(action, Action::AssignCommander(_)))
    };
    let rules = || scenario.rules.iter().filter(|(_, rule)| is_enabled(rule));
    let assigned: Vec<_> = rules().filter(|(_, rule)| assigns(rule)).collect();
    let occupied = |duty: Duty, words: &'static Words| {
        let (name, role) = scenario.roles.iter().find(|(_, role)| role.duty == Some(duty))?;
        Some(Occupied {
            scenario,
            name,
            role,
            words,
            assigned: assigned.clone(),
        })
    };
    let Some(commander) = occupied(Duty::Commander, &COMMANDS) else {
        return;
    };
    if assigned.is_empty() || problems.any_error() {
        return;
    }
    commander.writes(problems);
    for (rule, written) in rules().filter(|(_, rule)| commander.meets(rule)) {
        commander.asks(rule, written, problems);
    }
    if let Some(scribe) = occupied(Duty::Scribe, &TAKES_NOTES) {
        scribe.does_all_else(&commander, rules(), problems);
    }
}

impl Occupied<'_> {
    /// What whoever takes the notes does not do meanwhile, of what is not said of the commander already.
    fn does_all_else<'r>(
        &self,
        commander: &Occupied,
        rules: impl Iterator<Item = (&'r String, &'r Rule)>,
        problems: &mut Problems,
    ) {
        if let Some(busy) = self.shared(commander.name) {
            self.commands_too(commander, &busy, problems);
        }
        let writes = self.scenario.communications.as_ref();
        let writes = writes.and_then(|written| written.by.as_ref());
        let share = |by: &Occupied| writes.and_then(|role| by.shared(role)).map(|busy| busy.share);
        if share(self) > share(commander) {
            self.writes(problems);
        }
        for (name, rule) in rules.filter(|(_, rule)| self.meets(rule)) {
            for (index, action) in rule.then.iter().enumerate() {
                let path = Path::from(["rules", name, "then"]).index(index);
                match action {
                    Action::AddResponders { from, .. } if !commander.is_all_of(from) => {
                        self.helps(name, from, path.key("add_responders").key("from"), problems);
                    }
                    Action::OpenGate(gate) if self.comes_after(rule) => {
                        self.decides(gate, path.key("open_gate"), problems);
                    }
                    _ => {}
                }
            }
        }
    }

    /// Who takes the notes does not command.
    fn commands_too(&self, commander: &Occupied, busy: &Shared, problems: &mut Problems) {
        let are = match busy.share >= 1.0 {
            true => "are",
            false => "may be",
        };
        let person = busy.person.as_ref().map(|person| format!(", `{person}`"));
        let message = format!(
            "`{}` and `{}` of an incident {are} the same person{}: whoever takes its notes does not command it",
            commander.name,
            self.name,
            person.unwrap_or_default()
        );
        let help = "let somebody command who does not take the notes";
        self.say(commander.holder(), message, busy, help, problems);
    }

    /// Whether a rule meets tickets that may be commanded.
    fn meets(&self, rule: &Rule) -> bool {
        let ends = self.role.until != Some(Until::Resolution);
        let is_over = ends && (matches!(rule.when, Trigger::Mitigated(_)) || rule.if_.workaround == Some(true));
        let mut assigned = self.assigned.iter();
        !is_over
            && rule.if_.major != Some(false)
            && assigned.any(|(_, other)| overlap(self.scenario, &other.if_, &rule.if_))
    }

    /// Whether a rule is due before anybody can be occupied: a new ticket is nobody's to command yet.
    fn comes_before(&self, rule: &Rule) -> bool {
        matches!(rule.when, Trigger::Created(_)) && !self.is_led_then(rule)
    }

    /// Whether a rule is due only later than whoever is occupied was asked.
    fn comes_after(&self, rule: &Rule) -> bool {
        let at_once = matches!(rule.when, Trigger::Created(_) | Trigger::Declared(_));
        let is_declared = rule.if_.major == Some(true);
        let mut assigned = self.assigned.iter().map(|(_, other)| *other);
        !at_once
            && assigned.all(|other| !std::ptr::eq(other, rule))
            && self.assigned.iter().any(|(_, other)| {
                let comes_first = match (&other.when, &rule.when) {
                    (Trigger::Created(_), _) => true,
                    (Trigger::Declared(_), _) => is_declared,
                    (Trigger::Consumed { of, share }, Trigger::Consumed { of: on, share: later }) if of == on => {
                        share < later
                    }
                    _ => is_declared && self.scenario.incidents.is_empty(),
                };
                comes_first && other.unless.is_none() && other.while_.is_none() && covers(&other.if_, &rule.if_)
            })
    }

    /// Whether a rule is due only on tickets that have been given a commander.
    fn is_led_then(&self, rule: &Rule) -> bool {
        let declared = matches!(rule.when, Trigger::Declared(_)) || rule.if_.major == Some(true);
        let mut assigned = self.assigned.iter();
        assigned.any(|(_, other)| {
            let at_once = std::ptr::eq(*other, rule);
            let as_declared = matches!(other.when, Trigger::Declared(_)) && declared && covers(&other.if_, &rule.if_);
            at_once || as_declared
        })
    }

    fn shared(&self, role: &str) -> Option<Shared> {
        let written = self.scenario.roles.get(role)?;
        match role == self.name {
            true => shared(self.scenario, self.role, self.role),
            false => shared(self.scenario, written, self.role),
        }
        .filter(|shared| shared.share >= SELDOM)
    }

    /// Who writes the updates of an incident must not be in command of it.
    fn writes(&self, problems: &mut Problems) {
        let by = self
            .scenario
            .communications
            .as_ref()
            .and_then(|written| written.by.as_ref());
        let Some((role, busy)) = by.and_then(|role| Some((role, self.shared(role)?))) else {
            return;
        };
        let message = format!(
            "`{role}` writes the updates of an incident, and {} and writes none until it is over",
            self.who(&busy, role)
        );
        let place = Place::Value(Path::from("communications.by"));
        self.say(place, message, &busy, self.words.let_write, problems);
    }

    fn say(&self, place: Place, message: String, busy: &Shared, help: &str, problems: &mut Problems) {
        problems
            .warning("W472", place, message)
            .label(format!("{} {}", self.words.state, how_often(busy)))
            .also(self.holder(), self.words.who)
            .help(help);
    }

    /// Whether all of a team or a schedule are occupied.
    fn is_all_of(&self, from: &str) -> bool {
        let role = match self.scenario.teams.contains_key(from) {
            true => held(Some(from.to_owned()), None),
            false => held(None, Some(from.to_owned())),
        };
        shared(self.scenario, &role, self.role).is_some_and(|busy| busy.share >= 1.0)
    }

    /// Whoever is occupied does not help.
    fn helps(&self, name: &str, from: &str, place: Path, problems: &mut Problems) {
        if self.is_all_of(from) {
            let message = format!(
                "rule `{name}` asks `{from}` to help with an incident, and there is nobody {}",
                self.words.other
            );
            problems
                .warning("W472", place, message)
                .label(format!("{} until it is over", self.words.state))
                .also(self.holder(), self.words.who)
                .help("ask other people to help");
        }
    }

    /// A gate waits for all whom it needs: whoever is occupied does not decide.
    fn decides(&self, gate: &str, place: Path, problems: &mut Problems) {
        let Some(written) = self.scenario.gates.get(gate).filter(|gate| gate.meeting.is_none()) else {
            return;
        };
        let busy = written
            .approvers
            .iter()
            .filter_map(|role| Some((role, self.shared(role)?)));
        let busy: Vec<(&String, Shared)> = busy.filter(|(_, busy)| busy.share >= 1.0).collect();
        let free = written.approvers.len() - busy.len();
        let Some((role, busy)) = busy.first().filter(|_| free < needed(written)) else {
            return;
        };
        let message = format!(
            "gate `{gate}` waits for `{role}`, and {} and decides nothing until it is over",
            self.who(busy, role)
        );
        self.say(
            Place::Value(place),
            message,
            busy,
            "let somebody decide who does not take the notes",
            problems,
        );
    }

    /// Pages that ask whoever commands an incident to own it, or to help with it.
    fn asks(&self, name: &str, rule: &Rule, problems: &mut Problems) {
        for (index, action) in rule.then.iter().enumerate() {
            let path = Path::from(["rules", name, "then"]).index(index);
            match action {
                Action::AddResponders { from, .. } => {
                    self.helps(name, from, path.key("add_responders").key("from"), problems);
                }
                Action::Notify(Notify::Schedules(schedules)) => {
                    for (index, schedule) in schedules.iter().enumerate() {
                        self.takes_over(name, rule, schedule, path.key("notify").index(index), problems);
                    }
                }
                Action::Notify(Notify::Detailed(detail)) if detail.inform != Some(true) => {
                    for (index, schedule) in detail.schedules.iter().enumerate() {
                        let path = path.key("notify").key("schedules").index(index);
                        self.takes_over(name, rule, schedule, path, problems);
                    }
                }
                Action::Page(policy) => {
                    let Some(written) = self.scenario.escalation_policies.get(policy) else {
                        continue;
                    };
                    let place = Path::from(["escalation_policies", policy]);
                    for (level, written) in written.levels.iter().enumerate() {
                        for (index, target) in written.targets.iter().enumerate() {
                            let place = place.key("levels").index(level).key("targets").index(index);
                            self.takes_over(name, rule, target, place, problems);
                        }
                    }
                    if let Some(target) = &written.last_resort {
                        self.takes_over(name, rule, target, place.key("last_resort"), problems);
                    }
                }
                _ => {}
            }
        }
    }

    /// Whoever acknowledges owns the ticket: if they command it, nobody works on it.
    fn takes_over(&self, name: &str, rule: &Rule, schedule: &str, place: Path, problems: &mut Problems) {
        if self.comes_before(rule) || !self.scenario.schedules.contains_key(schedule) {
            return;
        }
        let busy = shared(self.scenario, &held(None, Some(schedule.to_owned())), self.role);
        let Some(busy) = busy.filter(|busy| busy.share >= SELDOM) else {
            return;
        };
        let message = format!(
            "rule `{name}` asks `{schedule}` to take over an incident, and {} and cannot work on it",
            self.who(&busy, schedule)
        );
        let help = "only tell them, `inform = true`, or page people who do not command";
        self.say(Place::Value(place), message, &busy, help, problems);
    }

    /// Who is occupied meanwhile.
    fn who(&self, busy: &Shared, role: &str) -> String {
        let [does, may_do] = self.words.does;
        match (&busy.person, busy.share >= 1.0) {
            (Some(person), true) => format!("`{person}` alone is `{role}`, {does},"),
            (Some(person), false) => format!("`{person}` alone is `{role}`, {may_do},"),
            (None, true) => format!("whoever is `{role}` {does},"),
            (None, false) => format!("whoever is `{role}` {may_do},"),
        }
    }

    /// Where it says who is occupied.
    fn holder(&self) -> Place {
        let key = if self.role.schedule.is_some() {
            "schedule"
        } else {
            "team"
        };
        Place::Value(Path::from(["roles", self.name, key]))
    }
}

/// How many must decide at a gate.
fn needed(gate: &Gate) -> usize {
    match gate.parallel {
        Some(Parallel::Word(ParallelWord::Any)) => 1,
        Some(Parallel::Count(count)) => count as usize,
        Some(Parallel::Word(ParallelWord::All)) | None => gate.approvers.len(),
    }
}

/// A role of a team or a schedule, to be compared.
fn held(team: Option<String>, schedule: Option<String>) -> Role {
    Role {
        duty: None,
        team,
        schedule,
        page_again: None,
        reaction: None,
        work: None,
        owner_penalty: None,
        until: None,
    }
}

fn how_often(busy: &Shared) -> String {
    match busy.share >= 0.995 {
        true => "at the same time".to_owned(),
        false => format!("at the same time, {:.0} % of the hours", busy.share * 100.0),
    }
}
