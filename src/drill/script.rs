//! The script: an incident's templates become the rows of a master scenario events list, with times.
//!
//! There are two clocks. The *story's* runs from the first symptom; what the simulation knows is on it. The *exercise's* runs
//! from its start: where the story waits for hours and people sit at a table, it leaps. An inject that follows a milestone
//! comes where the simulated organisation has reached it in the median; an expectation hangs on the last inject that comes
//! no later than its first decile, so that nobody is expected to act before the reason is there.

use super::additions::{ADDITIONS, Addition};
use super::archetype::{Archetype, InjectKind, Template, Where, length};
use super::bands::Band;
use super::choose::Incident;
use super::exercise::{Inject, Kind, Objective};
use super::goal::{FIRST_OBJECTIVE, Goal};
use super::milestone::Milestone;
use super::offset::words;
use super::play::split_key;
use super::role::Role;
use crate::scenario::fingerprint;
use crate::time::Length;

/// Shortest time between two injects to one role, in seconds, unless overload is rehearsed.
pub const APART_S: i64 = 120;
/// Most planned injects in 90 minutes; the last rows, resolution and end, included.
pub const MOST_IN_90_MIN: usize = 18;
/// Left at the end of the exercise for what the last inject starts.
const LEFT_S: i64 = 600;

/// The names that templates are filled with.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// By service index.
    pub services: Vec<String>,
    /// By severity index.
    pub severities: Vec<String>,
    /// The customers with the most demanding contract.
    pub customer: String,
    /// When the nearest shift ends, in words; empty if none does.
    pub shift_end: String,
    /// Whoever is second in line and not there; may be empty.
    pub second: String,
    /// The approver who is slow; may be empty.
    pub approver: String,
}

/// What a script is written from.
#[derive(Debug, Clone, Copy)]
pub struct Setting<'a> {
    /// The incidents.
    pub incidents: &'a [Incident],
    /// What is rehearsed.
    pub goals: &'a [Goal],
    /// What the simulation says.
    pub bands: &'a [Band],
    /// The kind of exercise.
    pub kind: Kind,
    /// Its planned length, in seconds.
    pub length_s: i64,
    /// Names.
    pub names: &'a Names,
    /// The drill's own name, for references.
    pub id: &'a str,
}

/// A row before it has its number.
#[derive(Debug, Clone)]
struct Draft {
    story_s: i64,
    /// When it would come without the simulation.
    told_s: i64,
    goal: Option<Goal>,
    optional: bool,
    /// The first symptom of its incident.
    first: bool,
    inject: Inject,
}

/// The objectives: the first of every drill, then one a goal.
pub fn objectives(goals: &[Goal], bands: &[Band]) -> Vec<Objective> {
    let modelled = |milestones: &[Milestone]| -> Vec<Milestone> {
        let known = |milestone: &&Milestone| bands.iter().any(|band| band.milestone == **milestone);
        milestones.iter().filter(known).copied().collect()
    };
    let (text, milestones) = FIRST_OBJECTIVE;
    let first = Objective {
        number: 1,
        text: text.to_owned(),
        goal: None,
        milestones: modelled(milestones),
    };
    let others = goals.iter().enumerate().map(|(index, goal)| Objective {
        number: index + 2,
        text: goal.objective().to_owned(),
        goal: Some(*goal),
        milestones: modelled(goal.milestones()),
    });
    std::iter::once(first).chain(others).collect()
}

/// Writes the script: rows by delivery, ties by number.
pub fn script(setting: &Setting) -> Vec<Inject> {
    let mut drafts = Vec::new();
    for (index, incident) in setting.incidents.iter().enumerate() {
        drafts.extend(of_incident(setting, index, incident));
    }
    drafts.extend(of_goals(setting));
    drop_optional(&mut drafts, most(setting.length_s));
    order(&mut drafts, setting.goals.contains(&Goal::Storm));
    close(&mut drafts, setting);
    let mut injects = deliver(drafts, setting);
    number(&mut injects, setting);
    expect(&mut injects, setting);
    add_contingencies(&mut injects, setting);
    injects
}

/// The shortest length of the exercise, from the planned one on and beyond it in whole minutes, in which the script of these
/// incidents comes to its end. They are as they were before anything was left out of them.
pub fn length_needed(setting: &Setting) -> i64 {
    let mut length_s = setting.length_s;
    loop {
        let trimmed = trimmed(setting.incidents, setting.goals, length_s);
        let longer = Setting {
            incidents: &trimmed,
            length_s,
            ..*setting
        };
        let ends_s = script(&longer).last().map_or(0, |end| end.offset_s);
        if ends_s <= length_s {
            return length_s;
        }
        length_s = (ends_s + 59) / 60 * 60;
    }
}

/// The incidents without the injects that there is no room for. It is decided before the simulation, so that the organisation
/// plays the tickets that players get.
pub fn trimmed(incidents: &[Incident], goals: &[Goal], length_s: i64) -> Vec<Incident> {
    let mut places = Vec::new();
    let mut rows = Vec::new();
    for (number, incident) in incidents.iter().enumerate() {
        for (index, template) in incident.archetype.injects.iter().enumerate() {
            places.push((number, index));
            rows.push((template.optional && index > 0, told_s(incident, template)));
        }
    }
    rows.extend(additions(goals).map(|row| (!goals.contains(&row.goal), row.minute * 60)));
    let gone = left_out(&rows, most(length_s));
    let mut gone: Vec<(usize, usize)> = gone.into_iter().filter_map(|row| places.get(row).copied()).collect();
    gone.sort_unstable();
    let mut trimmed = incidents.to_vec();
    for (number, index) in gone.into_iter().rev() {
        trimmed[number].archetype.injects.remove(index);
    }
    trimmed
}

/// Which rows there is no room for, beside the end: of those that may be left out, the latest. A row is whether it may be, and
/// when it comes.
fn left_out(rows: &[(bool, i64)], most: usize) -> Vec<usize> {
    let mut optional: Vec<usize> = (0..rows.len()).filter(|row| rows[*row].0).collect();
    optional.sort_by_key(|row| std::cmp::Reverse((rows[*row].1, *row)));
    optional.truncate((rows.len() + 1).saturating_sub(most));
    optional
}

fn most(length_s: i64) -> usize {
    (MOST_IN_90_MIN * length_s.max(0) as usize / 5400).clamp(12, 40)
}

fn of_incident(setting: &Setting, index: usize, incident: &Incident) -> Vec<Draft> {
    let start = incident.after.ms() / 1000;
    let mut known: Vec<(&str, i64)> = Vec::new();
    let mut drafts = Vec::new();
    for template in &incident.archetype.injects {
        let mut story_s = start + time_of(setting, index, template);
        if let Some((_, at)) = known.iter().find(|(fact, _)| Some(*fact) == template.needs.as_deref()) {
            story_s = story_s.max(at + APART_S);
        }
        known.extend(template.reveals.as_deref().map(|fact| (fact, story_s)));
        drafts.push(Draft {
            story_s,
            told_s: told_s(incident, template),
            goal: None,
            optional: template.optional && !drafts.is_empty(),
            first: drafts.is_empty(),
            inject: filled(setting, index, incident, template),
        });
    }
    drafts
}

/// Seconds from the drill's first symptom, by the archetype alone.
fn told_s(incident: &Incident, template: &Template) -> i64 {
    // The archetype was checked when it was read.
    let at = length(&template.at).unwrap_or(Length::ZERO);
    (incident.after + at).ms() / 1000
}

/// Seconds from the incident's first symptom: after its milestone's median if that is known and well within the exercise.
fn time_of(setting: &Setting, index: usize, template: &Template) -> i64 {
    let seconds = |text: &Option<String>, default: i64| {
        text.as_deref()
            .and_then(|text| length(text).ok())
            .map_or(default, |length| length.ms() / 1000)
    };
    let fixed = seconds(&Some(template.at.clone()), 0);
    let Some(after) = template.after else { return fixed };
    let band = setting
        .bands
        .iter()
        .find(|band| band.incident == index + 1 && band.milestone == after);
    let median = band.and_then(|band| band.p50.value);
    let follows = median.map(|median| whole_minutes(median) + seconds(&template.by, 300));
    match (follows, setting.kind) {
        (Some(time), Kind::Functional) if time > setting.length_s - 2 * LEFT_S => fixed,
        (Some(time), _) => time,
        (None, _) => fixed,
    }
}

/// Rounded up: what follows a milestone does not come before it.
fn whole_minutes(seconds: f64) -> i64 {
    (seconds / 60.0).ceil() as i64 * 60
}

fn filled(setting: &Setting, index: usize, incident: &Incident, template: &Template) -> Inject {
    let names = setting.names;
    let name = |service: Option<usize>| service.and_then(|at| names.services.get(at)).cloned();
    let service = name(Some(incident.service)).unwrap_or_default();
    let other = name(incident.other).unwrap_or_else(|| "another service".to_owned());
    let fill = |text: &str| {
        let text = text.replace("{service}", &service).replace("{other}", &other);
        text.replace("{customer}", &names.customer)
    };
    let (method, from, to) = usual_way(template.kind);
    let over = template.over.as_deref().and_then(|over| length(over).ok());
    Inject {
        number: String::new(),
        offset_s: 0,
        story_s: 0,
        kind: template.kind,
        method: method.to_owned(),
        from: fill(from),
        to,
        incident: index + 1,
        service: if template.service == Where::Other {
            other.clone()
        } else {
            service.clone()
        },
        signal: template.signal.clone().unwrap_or_default(),
        subject: fill(template.subject.as_deref().unwrap_or_default()),
        text: capital(&fill(&template.text)),
        tickets: match template.kind {
            InjectKind::Ticket => 1,
            InjectKind::Storm => template.count.unwrap_or(1),
            _ => 0,
        },
        over_s: over.map_or(0, |over| over.ms() / 1000),
        reference: String::new(),
        objectives: Vec::new(),
        expected_action: template
            .expect
            .as_deref()
            .map(fill)
            .unwrap_or_else(|| usual_action(template.kind).to_owned()),
        expects: Vec::new(),
        contingencies: Vec::new(),
        late: Vec::new(),
        truth: fill(template.truth.as_deref().unwrap_or_default()),
        jumps: false,
    }
}

/// How an inject of a kind is delivered, who it comes from and who gets it.
fn usual_way(kind: InjectKind) -> (&'static str, &'static str, Role) {
    match kind {
        InjectKind::Alert => ("alert", "monitoring", Role::OperationsLead),
        InjectKind::Ticket | InjectKind::Storm => ("ticket", "customers of {service}", Role::CommunicationsLead),
        InjectKind::Information | InjectKind::RedHerring => ("chat", "an engineer", Role::OperationsLead),
        InjectKind::Unavailability => ("chat", "the pager", Role::IncidentCommander),
        InjectKind::Decision => ("phone", "the owner of {service}", Role::IncidentCommander),
        InjectKind::Pressure => ("phone", "an executive", Role::CommunicationsLead),
        InjectKind::Escalation => ("phone", "{customer}", Role::Executive),
        InjectKind::SeverityShift => ("chat", "the support desk", Role::IncidentCommander),
        InjectKind::Handoff => ("in person", "the next shift", Role::IncidentCommander),
        InjectKind::Security => ("phone", "the security team", Role::IncidentCommander),
        InjectKind::Privacy => ("email", "legal and the press office", Role::Executive),
        InjectKind::Resolution => ("chat", "an engineer", Role::IncidentCommander),
        InjectKind::Contingency => ("chat", "the facilitator", Role::IncidentCommander),
        InjectKind::End => ("in person", "the facilitator", Role::IncidentCommander),
    }
}

fn usual_action(kind: InjectKind) -> &'static str {
    match kind {
        InjectKind::Alert => "Acknowledge it, say who has it, look at what customers notice",
        InjectKind::Ticket => "Answer, judge the severity, look for others of the same kind",
        InjectKind::Storm => "One incident; the tickets linked; one answer",
        InjectKind::Information => "Say what it means and what follows from it",
        InjectKind::RedHerring => "Note it, give it an owner or drop it, and go on",
        InjectKind::Unavailability => "Do not wait: the next person, by role",
        InjectKind::Decision => "Decide in time, or have the deputy decide",
        InjectKind::Pressure => "Say what is known and when the next update comes; no estimate that nobody has",
        InjectKind::Escalation => "One voice: refer to the commander's state, promise the next update",
        InjectKind::SeverityShift => "Judge the severity again",
        InjectKind::Handoff => "State, owner, what was tried, next step; the receiver says it back",
        InjectKind::Security | InjectKind::Privacy => "Need-to-know; the duty to notify has a clock",
        InjectKind::Resolution => "Declare the end; the last update; a date for the review",
        InjectKind::Contingency => "Do what was expected",
        InjectKind::End => "Stay for the hot wash",
    }
}

/// The rows of the goals, and those on communications, which any story has room for.
fn additions(goals: &[Goal]) -> impl Iterator<Item = &'static Addition> {
    ADDITIONS
        .iter()
        .filter(|row| goals.contains(&row.goal) || row.goal == Goal::Communications)
}

/// What the goals add.
fn of_goals(setting: &Setting) -> Vec<Draft> {
    let wanted = |goal: Goal| setting.goals.contains(&goal);
    let rows = additions(setting.goals);
    rows.map(|row| Draft {
        story_s: row.minute * 60,
        told_s: row.minute * 60,
        goal: Some(row.goal),
        optional: !wanted(row.goal),
        first: false,
        inject: added(setting, row),
    })
    .collect()
}

fn added(setting: &Setting, row: &Addition) -> Inject {
    let names = setting.names;
    let service = setting
        .incidents
        .first()
        .and_then(|one| names.services.get(one.service));
    let service = service.cloned().unwrap_or_default();
    let shift_end = match names.shift_end.is_empty() {
        true => "Half of the people here have to leave in ten minutes.".to_owned(),
        false => format!("The shift ends {}. Who goes, who stays?", names.shift_end),
    };
    let or = |name: &'static str, own: &'_ str| {
        if own.is_empty() {
            name.to_owned()
        } else {
            own.to_owned()
        }
    };
    let second = &or("the second in line", &names.second);
    let approver = &or("whoever has to approve", &names.approver);
    let fill = |text: &str| {
        let text = text
            .replace("{service}", &service)
            .replace("{customer}", &names.customer);
        let text = text.replace("{shift_end}", &shift_end).replace("{second}", second);
        text.replace("{approver}", approver)
    };
    let (method, from, _) = usual_way(row.kind);
    let is_ticket = row.kind == InjectKind::Ticket;
    Inject {
        number: String::new(),
        offset_s: 0,
        story_s: 0,
        kind: row.kind,
        method: method.to_owned(),
        from: fill(from),
        to: row.to,
        incident: 1,
        signal: String::new(),
        subject: if is_ticket {
            "Re: your answer".to_owned()
        } else {
            String::new()
        },
        text: capital(&fill(row.text)),
        tickets: u32::from(is_ticket),
        over_s: 0,
        reference: String::new(),
        objectives: Vec::new(),
        expected_action: row.action.to_owned(),
        expects: Vec::new(),
        contingencies: Vec::new(),
        late: Vec::new(),
        truth: String::new(),
        jumps: false,
        service,
    }
}

/// The first letter large.
pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

/// Leaves out what there is no room for. Of trimmed incidents that is only what goals add.
fn drop_optional(drafts: &mut Vec<Draft>, most: usize) {
    let rows: Vec<(bool, i64)> = drafts.iter().map(|draft| (draft.optional, draft.told_s)).collect();
    let mut gone = left_out(&rows, most);
    gone.sort_unstable();
    for index in gone.into_iter().rev() {
        drafts.remove(index);
    }
}

/// In the order of the story; resolutions last; injects to one role apart. First symptoms stay where the simulation has them:
/// what is too near to them gives way.
fn order(drafts: &mut [Draft], overload: bool) {
    // Each pass moves a row later by some seconds at least, and rows are few.
    loop {
        drafts.sort_by_key(|draft| (draft.inject.kind == InjectKind::Resolution, draft.story_s, !draft.first));
        let moved: Vec<(usize, i64)> = (0..drafts.len())
            .filter_map(|index| Some((index, later(drafts, index, overload)?)))
            .collect();
        match moved.first() {
            Some((index, story_s)) => drafts[*index].story_s = *story_s,
            None => return,
        }
    }
}

/// The time to which a row has to give way, if it has to.
fn later(drafts: &[Draft], index: usize, overload: bool) -> Option<i64> {
    let draft = &drafts[index];
    if draft.first {
        return None;
    }
    let same_role = |other: &&Draft| !overload && other.inject.to == draft.inject.to;
    let before = drafts[..index].iter().rev().find(same_role).map(|other| other.story_s);
    let symptom = drafts[index + 1..].iter().filter(|other| other.first).find(same_role);
    let symptom = symptom
        .map(|other| other.story_s)
        .filter(|at| draft.story_s > at - APART_S);
    let end = (draft.inject.kind == InjectKind::Resolution && index > 0).then(|| drafts[index - 1].story_s);
    let earliest = [before, symptom, end]
        .into_iter()
        .flatten()
        .map(|at| at + APART_S)
        .max()?;
    (draft.story_s < earliest).then_some(earliest)
}

/// Puts resolutions where the simulated organisation has ended the incident, and the end after them.
fn close(drafts: &mut Vec<Draft>, setting: &Setting) {
    let mut after = i64::MIN;
    for draft in drafts
        .iter_mut()
        .filter(|draft| draft.inject.kind == InjectKind::Resolution)
    {
        let incident = setting.incidents.get(draft.inject.incident - 1);
        let start = incident.map_or(0, |incident| incident.after.ms() / 1000);
        let median = [Milestone::Mitigated, Milestone::Resolved]
            .into_iter()
            .find_map(|milestone| {
                let band = setting
                    .bands
                    .iter()
                    .find(|band| band.incident == draft.inject.incident && band.milestone == milestone);
                band.and_then(|band| band.p50.value)
            });
        let ends = median
            .map(|median| start + whole_minutes(median))
            .filter(|_| setting.kind != Kind::Functional);
        draft.story_s = draft.story_s.max(ends.unwrap_or(i64::MIN)).max(after);
        after = draft.story_s + APART_S;
    }
    let Some(last) = drafts.iter().max_by_key(|draft| draft.story_s).cloned() else {
        return;
    };
    let (method, from, to) = usual_way(InjectKind::End);
    let mut end = last;
    end.story_s += 300;
    (end.goal, end.first) = (None, false);
    end.inject = Inject {
        kind: InjectKind::End,
        method: method.to_owned(),
        from: from.to_owned(),
        to,
        subject: String::new(),
        signal: String::new(),
        text: "The exercise is over. Nobody leaves: the hot wash begins now.".to_owned(),
        expected_action: usual_action(InjectKind::End).to_owned(),
        truth: String::new(),
        tickets: 0,
        ..end.inject
    };
    drafts.push(end);
}

/// Gives each row its second of the exercise: no gap longer than what fits into the planned length, unless time may not jump.
fn deliver(drafts: Vec<Draft>, setting: &Setting) -> Vec<Inject> {
    let gaps: Vec<i64> = drafts
        .windows(2)
        .map(|pair| pair[1].story_s - pair[0].story_s)
        .collect();
    let room = (setting.length_s - LEFT_S).max(0);
    let total = |cap: i64| gaps.iter().map(|gap| (*gap).min(cap)).sum::<i64>();
    let cap = match setting.kind {
        Kind::Functional => i64::MAX,
        _ => (2..=60)
            .rev()
            .map(|half| half * 60)
            .find(|cap| total(*cap) <= room)
            .unwrap_or(APART_S),
    };
    let mut offset = 0;
    let mut injects = Vec::with_capacity(drafts.len());
    for (index, draft) in drafts.into_iter().enumerate() {
        let gap = index.checked_sub(1).map_or(0, |before| gaps[before]);
        offset += gap.min(cap);
        let mut inject = draft.inject;
        inject.story_s = draft.story_s;
        inject.offset_s = offset;
        inject.jumps = gap > cap;
        inject.objectives = served(setting, inject.kind, draft.goal);
        injects.push(inject);
    }
    injects
}

/// The numbers of the objectives that an inject serves.
fn served(setting: &Setting, kind: InjectKind, goal: Option<Goal>) -> Vec<usize> {
    let serves = |wanted: Goal| match goal {
        Some(goal) => goal == wanted,
        None => match wanted {
            Goal::Paging => kind == InjectKind::Alert,
            Goal::ZoneHandoff => kind == InjectKind::Handoff,
            Goal::SecondaryAbsent => kind == InjectKind::Unavailability,
            Goal::DecisionGate => kind == InjectKind::Decision,
            Goal::MisjudgedSeverity => matches!(
                kind,
                InjectKind::SeverityShift | InjectKind::Security | InjectKind::Privacy
            ),
            Goal::Storm => matches!(kind, InjectKind::Storm | InjectKind::Ticket),
            Goal::Communications => matches!(kind, InjectKind::Pressure | InjectKind::Escalation | InjectKind::Ticket),
        },
    };
    let mut numbers: Vec<usize> = setting
        .goals
        .iter()
        .enumerate()
        .filter(|(_, wanted)| serves(**wanted))
        .map(|(index, _)| index + 2)
        .collect();
    if numbers.is_empty() || kind == InjectKind::Alert || kind == InjectKind::Ticket {
        numbers.insert(0, 1);
    }
    numbers
}

fn number(injects: &mut [Inject], setting: &Setting) {
    let references = references(setting.id, injects.len());
    for (index, (inject, reference)) in injects.iter_mut().zip(references).enumerate() {
        inject.number = (index + 1).to_string();
        inject.reference = reference;
    }
}

/// As many references, all different, whose digits say nothing of their order.
fn references(id: &str, many: usize) -> Vec<String> {
    let mut found: Vec<String> = Vec::with_capacity(many);
    for number in 1..=many {
        // Four digits are few: where two would be alike, the later one is made again.
        let mut made = (0..).map(|attempt| reference(id, number, attempt));
        let free = made.find(|one| !found.contains(one));
        found.extend(free);
    }
    found
}

fn reference(id: &str, number: usize, attempt: u32) -> String {
    // What comes last hardly moves the first digits of a fingerprint: the drill's own does.
    let hash = fingerprint(format!("{number}/{attempt}/{id}").as_bytes());
    format!("drill-{}-{:04x}", &id[..4.min(id.len())], hash >> 48)
}

/// The kinds of inject that ask for a milestone.
fn asks_for(milestone: Milestone) -> &'static [InjectKind] {
    use InjectKind::*;
    match milestone {
        Milestone::Detected | Milestone::Paged | Milestone::Acknowledged | Milestone::Engaged => &[Alert, Ticket],
        Milestone::Responded => &[Ticket, Alert],
        Milestone::Declared | Milestone::CommanderNamed | Milestone::SeverityCorrect => {
            &[SeverityShift, Security, Alert, Ticket]
        }
        Milestone::FirstUpdate => &[Pressure, Ticket, Alert],
        Milestone::Escalated2
        | Milestone::Escalated3
        | Milestone::Escalated4
        | Milestone::Escalated5
        | Milestone::Escalated6
        | Milestone::Escalated7
        | Milestone::Escalated8 => &[Information, Alert, Ticket],
        Milestone::GateRequested | Milestone::GateDecided => &[Decision],
        Milestone::Mitigated | Milestone::Resolved => &[Decision, Information, Alert, Ticket],
        Milestone::ChildrenClosed => &[Storm, Ticket],
        Milestone::ReviewScheduled => &[Resolution],
    }
}

/// Hangs every band on the last inject that asks for it and comes no later than its first decile; else on the first symptom.
fn expect(injects: &mut [Inject], setting: &Setting) {
    for band in setting.bands {
        let Some(earliest) = band.p10.value else { continue };
        let start = setting
            .incidents
            .get(band.incident - 1)
            .map_or(0, |one| one.after.ms() / 1000);
        let by = start as f64 + earliest;
        let of_incident = |inject: &&mut Inject| inject.incident == band.incident && inject.story_s as f64 <= by;
        let asks = asks_for(band.milestone);
        let mut fitting: Vec<&mut Inject> = injects.iter_mut().filter(of_incident).collect();
        let best = (0..fitting.len())
            .rev()
            .find(|index| asks.contains(&fitting[*index].kind));
        if let Some(inject) = fitting.get_mut(best.unwrap_or(0)) {
            inject.expects.push(band.key());
        }
    }
}

/// What the facilitator does if a milestone is late; none where waiting is the answer.
fn contingency(milestone: Milestone) -> Option<&'static str> {
    match milestone {
        Milestone::Acknowledged | Milestone::Engaged => {
            Some("Monitoring repeats the alert, and somebody asks in the chat: who has this?")
        }
        Milestone::Responded => Some("The customer writes again: has anybody read this?"),
        Milestone::Declared | Milestone::CommanderNamed => Some("Somebody asks: who is in charge here?"),
        Milestone::SeverityCorrect => {
            Some("Another department calls: for us this is as bad as it gets. What is it for you?")
        }
        Milestone::FirstUpdate => Some("A journalist calls the press office."),
        Milestone::GateDecided => Some("The time of the decision is over: the deputy calls and asks what is wanted."),
        _ => None,
    }
}

/// What the facilitator does about expectations that are late.
struct Reminder {
    /// Keys of their bands.
    late: Vec<String>,
    text: &'static str,
    /// When: their ninth decile.
    story_s: i64,
}

/// One for each expectation of an inject that is not to be waited for, by time. What would be said again in the same words
/// within two minutes is said once.
fn reminders(inject: &Inject, setting: &Setting) -> Vec<Reminder> {
    let reminder = |key: &String| {
        let band = setting.bands.iter().find(|band| band.key() == *key)?;
        let start = setting.incidents.get(band.incident - 1)?.after.secs_f64();
        Some(Reminder {
            late: vec![key.clone()],
            text: contingency(band.milestone)?,
            story_s: whole_minutes(start + band.p90.value?).max(inject.story_s + APART_S),
        })
    };
    let mut found: Vec<Reminder> = inject.expects.iter().filter_map(reminder).collect();
    found.sort_by_key(|one| (one.text, one.story_s));
    found.dedup_by(|next, one| {
        let again = next.text == one.text && next.story_s - one.story_s < APART_S;
        if again {
            one.late.append(&mut next.late);
            one.story_s = next.story_s;
        }
        again
    });
    found.sort_by_key(|one| one.story_s);
    found
}

/// Adds what is to be done if expectations are late: `2a`, `2b` after `2`, each at its ninth decile, unless the story leaps
/// over that or is over by then.
fn add_contingencies(injects: &mut Vec<Inject>, setting: &Setting) {
    let planned = injects.clone();
    // By time, ties by number.
    let mut rows: Vec<(i64, usize, Inject)> = Vec::new();
    for (index, mut inject) in injects.drain(..).enumerate() {
        for reminder in reminders(&inject, setting) {
            let Some(offset_s) = passes(&planned, reminder.story_s) else {
                continue;
            };
            let letter = letter(inject.contingencies.len());
            let row = Inject {
                number: format!("{}{letter}", inject.number),
                offset_s,
                reference: format!("{}-{letter}", inject.reference),
                ..of_reminder(&inject, reminder)
            };
            inject.contingencies.push(row.number.clone());
            rows.push((offset_s, index, row));
        }
        rows.push((inject.offset_s, index, inject));
    }
    rows.sort_by_key(|(offset_s, index, _)| (*offset_s, *index));
    injects.extend(rows.into_iter().map(|(.., row)| row));
}

/// `a`, `b`, …: there are fewer milestones than letters.
fn letter(index: usize) -> char {
    ('a'..='z').nth(index).unwrap_or('z')
}

/// The exercise's second at which the story's clock passes one of its own. `None`: it leaps over it, or ends before.
fn passes(planned: &[Inject], story_s: i64) -> Option<i64> {
    let next = planned.iter().position(|inject| inject.story_s > story_s)?;
    let before = &planned[next.checked_sub(1)?];
    let offset_s = before.offset_s + story_s - before.story_s;
    (!planned[next].jumps || offset_s < planned[next].offset_s).then_some(offset_s)
}

fn of_reminder(inject: &Inject, reminder: Reminder) -> Inject {
    let (method, from, _) = usual_way(InjectKind::Contingency);
    let milestones = reminder.late.iter().filter_map(|key| split_key(key).1);
    let late: Vec<&str> = milestones.map(Milestone::label).collect();
    let after = words((reminder.story_s - inject.story_s) as f64);
    Inject {
        story_s: reminder.story_s,
        kind: InjectKind::Contingency,
        method: method.to_owned(),
        from: from.to_owned(),
        subject: String::new(),
        signal: String::new(),
        text: reminder.text.to_owned(),
        tickets: 0,
        expected_action: format!(
            "What number {} asked for, {after} after it: {}",
            inject.number,
            late.join(", ")
        ),
        expects: Vec::new(),
        contingencies: Vec::new(),
        late: reminder.late,
        truth: String::new(),
        jumps: false,
        ..inject.clone()
    }
}

/// An archetype with a storm in it, for those who want to rehearse one and drew a story without.
pub fn with_storm(archetype: &mut Archetype) {
    let mut storms = archetype.injects.iter_mut();
    if let Some(own) = storms.find(|inject| inject.kind == InjectKind::Storm) {
        own.optional = false;
        return;
    }
    let before_the_end = archetype.injects.len().saturating_sub(1);
    archetype.injects.insert(
        before_the_end,
        Template {
            kind: InjectKind::Storm,
            at: "10m".into(),
            after: None,
            by: None,
            service: Where::Affected,
            signal: None,
            subject: Some("{service} does not work".into()),
            text: "We cannot work with {service}. What is going on?".into(),
            count: Some(20),
            over: Some("10m".into()),
            expect: None,
            truth: None,
            reveals: None,
            needs: None,
            optional: false,
        },
    );
}

#[cfg(test)]
mod tests {
    use super::super::archetype::library;
    use super::super::bands::{Promises, bands};
    use super::super::milestone::Reached;
    use super::*;

    fn ddos() -> Incident {
        let archetype = library().into_iter().find(|one| one.id == "ddos").expect("there");
        Incident {
            archetype,
            service: 0,
            other: None,
            severity: 0,
            reported: 0,
            after: Length::ZERO,
        }
    }

    /// The first symptom of an incident.
    fn symptom(setting: &Setting) -> Inject {
        filled(
            setting,
            0,
            &setting.incidents[0],
            &setting.incidents[0].archetype.injects[0],
        )
    }

    /// Bands of milestones that are reached at these seconds in every replication.
    fn always(times: &[(Milestone, f64)]) -> Vec<Band> {
        let mut row = Reached::default();
        for (milestone, at) in times {
            row[*milestone as usize] = Some(*at);
        }
        bands(1, &[row; 20], &Promises::default())
    }

    fn with_setting<T>(bands: &[Band], see: impl Fn(&Setting) -> T) -> T {
        see(&Setting {
            incidents: &[ddos()],
            goals: &[],
            bands,
            kind: Kind::Tabletop,
            length_s: 5400,
            names: &Names::default(),
            id: "0123456789abcdef",
        })
    }

    #[test]
    fn each_late_expectation_is_asked_for_in_its_own_words_at_its_own_time() {
        let times = [
            (Milestone::Detected, 0.0),
            (Milestone::Acknowledged, 700.0),
            (Milestone::Engaged, 750.0),
            (Milestone::Declared, 750.0),
            (Milestone::CommanderNamed, 1500.0),
            (Milestone::GateDecided, 2312.0),
        ];
        with_setting(&always(&times), |setting| {
            let mut first = symptom(setting);
            first.expects = setting.bands.iter().map(Band::key).collect();
            let found = reminders(&first, setting);
            let found: Vec<(Vec<&str>, i64)> = found
                .iter()
                .map(|one| (one.late.iter().map(String::as_str).collect(), one.story_s))
                .collect();
            assert_eq!(
                found,
                [
                    // The same words within two minutes are said once; nothing is said of what began.
                    (vec!["acknowledged", "engaged"], 780),
                    (vec!["declared"], 780),
                    (vec!["commander_named"], 1500),
                    (vec!["gate_decided"], 2340),
                ]
            );
        });
    }

    #[test]
    fn what_the_story_leaps_over_has_no_second_of_the_exercise() {
        with_setting(&[], |setting| {
            let at = |offset_s: i64, story_s: i64, jumps: bool| Inject {
                offset_s,
                story_s,
                jumps,
                ..symptom(setting)
            };
            let planned = [
                at(0, 0, false),
                at(600, 600, false),
                at(900, 7200, true),
                at(1000, 7300, false),
            ];
            for (story_s, offset_s) in [
                (300, Some(300)),
                // Until the leap the story's clock runs on at its own pace.
                (899, Some(899)),
                (900, None),
                (5000, None),
                (7250, Some(950)),
                (7300, None),
            ] {
                assert_eq!(passes(&planned, story_s), offset_s, "{story_s}");
            }
        });
    }

    #[test]
    fn references_are_of_one_form_and_say_nothing_of_the_order() {
        let mut firsts = std::collections::BTreeSet::new();
        for drill in 0..200 {
            let id = format!("{:016x}", fingerprint(format!("drill {drill}").as_bytes()));
            let found = references(&id, 18);
            let mut sorted = found.clone();
            sorted.sort_unstable();
            sorted.dedup();
            assert_eq!(sorted.len(), 18);
            assert!(
                found.iter().all(|one| one.len() == "drill-0123-4567".len()),
                "{found:?}"
            );
            firsts.insert(found.iter().position(|one| *one == sorted[0]));
        }
        assert!(
            firsts.len() >= 10,
            "the first symptom is always the same one in their order: {firsts:?}"
        );
    }

    #[test]
    fn what_there_is_no_room_for_is_left_out_of_what_is_simulated() {
        let whole = [ddos()];
        let goals = [
            Goal::Paging,
            Goal::DecisionGate,
            Goal::MisjudgedSeverity,
            Goal::Communications,
        ];
        let trimmed = trimmed(&whole, &goals, 5400);
        let kept = |incident: &Incident| incident.archetype.injects.len();
        // Eleven of its own, eight of the goals, and the end: two too many. The two that may be left out are optional.
        assert_eq!((kept(&whole[0]), kept(&trimmed[0])), (11, 9));
        assert!(trimmed[0].archetype.injects.iter().all(|template| !template.optional));
        with_setting(&[], |setting| {
            let script = script(&Setting {
                incidents: &trimmed,
                goals: &goals,
                ..*setting
            });
            assert_eq!(script.len(), MOST_IN_90_MIN);
        });
    }
}
