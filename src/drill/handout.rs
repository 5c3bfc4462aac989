//! What participants hold: the brief, the role cards, the forms for updates and briefs, the calendar file.
//!
//! Nothing here may know the cause, the true severity, a later inject or an expected time. [`spoilers`] looks for words that
//! would give it away.

use super::exercise::{Drill, Kind, OnCallDuty};
use super::guide::clock;
use super::ical::{Event, calendar};
use super::offset::words;
use super::paper::{Block, Paper};
use super::role::Role;
use super::script::capital;
use jiff::{SignedDuration, Timestamp};

/// The participants' brief.
pub fn brief(drill: &Drill) -> Paper {
    let mut paper = Paper::new(
        format!("{}: brief for participants", drill.name()),
        "Exercise. Not a real incident",
    );
    paper.say(format!(
        "We rehearse how {} handles an incident: a {} of {}. It begins at {}; in the story it is {} ({}).",
        drill.source.name,
        drill.kind.word(),
        words(drill.length_s as f64),
        clock(&drill.start_at),
        clock(&drill.story_at),
        drill.zone
    ));
    paper.chapter("What we want to show");
    paper.list(drill.objectives.iter().map(|objective| objective.text.clone()));
    paper.chapter("Rules");
    let mut rules = vec![
        "Act by our own policy, with the names, tools and rights that you have in the story's hour.",
        "Say aloud what you do and why, and when you decide something, that you have decided it.",
        "What the facilitator says about the systems is true. What others say in the story may be wrong.",
        "If you would look something up, say what, and you get it if it is there.",
        "Stop at once, with the words \"stop, real\", if something real happens.",
        "Nobody is graded. What does not work is what we are here to find.",
    ];
    match drill.kind {
        Kind::Functional => rules.push("Use the real pager, tickets and chat. Everything of the exercise begins with [DRILL]; touch no production system."),
        _ => rules.push("No real system is touched. Time may jump; the facilitator says so."),
    }
    paper.list(rules);
    paper.chapter("Who is on duty in the story");
    match drill.duty.is_empty() {
        true => paper.say("Nobody is at work at that hour."),
        false => paper.list(on_duty(drill)),
    }
    if !drill.on_call.is_empty() {
        paper.section("On call");
        paper.list(drill.on_call.iter().map(on_call));
    }
    paper.chapter("Roles");
    let rows = Role::ALL.map(|role| {
        vec![
            role.label().to_owned(),
            role.does().to_owned(),
            role.does_not().to_owned(),
        ]
    });
    paper.table(&["role", "does", "does not"], rows.to_vec());
    paper.say("Observers watch and are silent. Evaluators write and do not help. The facilitator delivers what happens and keeps the time.");
    paper.chapter("Afterwards");
    paper.say("Right after the end we sit together for the hot wash, 30 minutes. A written report follows.");
    paper
}

fn on_duty(drill: &Drill) -> Vec<String> {
    let line = |duty: &super::exercise::Duty| {
        let shift = if duty.shift.is_empty() {
            String::new()
        } else {
            format!(", shift {}", duty.shift)
        };
        let until = if duty.until.is_empty() {
            String::new()
        } else {
            format!(", until {}", duty.until)
        };
        format!("{}{shift} ({}): {}{until}", duty.team, duty.tier, duty.people)
    };
    drill.duty.iter().map(line).collect()
}

fn on_call(duty: &OnCallDuty) -> String {
    format!("{}: {} ({})", duty.schedule, duty.person, duty.team)
}

/// One role's card.
pub fn card(drill: &Drill, role: Role) -> Paper {
    let mut paper = Paper::new(role.label(), format!("{}: role card", drill.name()));
    add_card(drill, role, &mut paper);
    paper
}

/// All cards, a sheet each.
pub fn cards(drill: &Drill) -> Paper {
    let mut paper = Paper::new(
        format!("{}: role cards", drill.name()),
        "Exercise. Cut apart and hand out",
    );
    for (index, role) in Role::ALL.into_iter().enumerate() {
        if index > 0 {
            paper.blocks.push(Block::Sheet);
        }
        paper.chapter(role.label());
        add_card(drill, role, &mut paper);
    }
    paper
}

fn add_card(drill: &Drill, role: Role, paper: &mut Paper) {
    paper.say(format!("{} {}", role.does(), role.does_not()));
    paper.section("First three things");
    paper.list(role.first_three());
    paper.section("You may");
    paper.say(role.powers());
    paper.section("You are measured by");
    paper.say(role.measured_by());
    paper.section("Who may fill it");
    paper.list(may_fill(drill, role));
    paper.section("Whom to ask");
    paper.list(contacts(role));
    paper.section("Templates");
    paper.list(templates(role));
    if role == Role::Scribe {
        paper.section("Timeline");
        paper.table(
            &["time", "seen, decided or done", "by whom"],
            vec![vec![String::new(); 3]; 12],
        );
    }
}

/// The forms that a role uses, as the pack calls them.
fn templates(role: Role) -> Vec<&'static str> {
    match role {
        Role::IncidentCommander => vec!["templates/status-update: confirm it before it goes out"],
        Role::OperationsLead => vec!["None: say aloud what you see, think and do, and the scribe writes it"],
        Role::CommunicationsLead => vec![
            "templates/status-update: one sheet an update, even if nothing is new",
            "templates/executive-brief: for whoever asks from above",
        ],
        Role::Scribe => vec!["The timeline below"],
        Role::Executive => vec!["templates/executive-brief: what you get, and what to ask for if it is missing"],
    }
}

/// Whoever holds the role by the scenario; else from the teams that are on duty in the story. Nobody is invented.
fn may_fill(drill: &Drill, role: Role) -> Vec<String> {
    let held = drill.holders.iter().filter(|held| held.role == role);
    let held: Vec<String> = held
        .map(|held| format!("{}: {}", capital(&held.name), held.who))
        .collect();
    if !held.is_empty() {
        return held;
    }
    let teams = |last: bool| {
        let tiers: Vec<&String> = drill.duty.iter().map(|duty| &duty.tier).collect();
        let wanted = if last { tiers.last() } else { tiers.first() };
        let duty = drill
            .duty
            .iter()
            .filter(|duty| wanted.is_some_and(|tier| duty.tier == **tier));
        let mut names: Vec<String> = duty.map(|duty| duty.team.clone()).collect();
        names.dedup();
        names
    };
    let nobody = "Nobody is on duty: whoever is reached first".to_owned();
    let anybody_of = |teams: Vec<String>| match teams.is_empty() {
        true => vec![nobody.clone()],
        false => teams
            .into_iter()
            .map(|team| format!("Somebody of {team} on duty"))
            .collect(),
    };
    match role {
        Role::OperationsLead => {
            let mut lines = on_duty(drill);
            lines.extend(drill.on_call.iter().map(|duty| format!("On call, {}", on_call(duty))));
            if lines.is_empty() { vec![nobody] } else { lines }
        }
        Role::IncidentCommander => anybody_of(teams(true)),
        Role::CommunicationsLead => anybody_of(teams(false)),
        Role::Scribe => vec!["Anybody who has no other role".to_owned()],
        Role::Executive => {
            vec!["Whoever answers for the service towards the business; no team of the scenario does".to_owned()]
        }
    }
}

fn contacts(role: Role) -> Vec<String> {
    let others = Role::ALL.into_iter().filter(|other| *other != role);
    others
        .map(|other| format!("{}: {}", other.label(), other.does()))
        .collect()
}

/// The status update, filled with what is known at the start.
pub fn status_update(drill: &Drill) -> Paper {
    let mut paper = Paper::new(
        format!("{}: status update", drill.name()),
        "Exercise. [DRILL] stays in the title",
    );
    let (service, severity) = first_known(drill);
    let next = match drill.cadence_s {
        Some(cadence) => format!("within {} of this one", words(cadence)),
        None => "the policy promises no cadence: name a time".to_owned(),
    };
    let rows = [
        ("Title", format!("[DRILL] {service}: ")),
        ("Severity", format!("{severity} as reported; now: ")),
        ("What customers notice", String::new()),
        ("Since", clock(&drill.story_at)),
        ("What is known", String::new()),
        ("What is being done", String::new()),
        ("What customers can do meanwhile", String::new()),
        ("Next update", next),
    ];
    paper.table(
        &["", ""],
        rows.map(|(name, value)| vec![name.to_owned(), value]).to_vec(),
    );
    paper.list([
        "Say what is known and what is not. No cause before it is sure, no estimate that nobody has.",
        "The words of customers, not those of the systems.",
        "Send it even if nothing is new.",
    ]);
    paper
}

/// The executive's brief.
pub fn executive_brief(drill: &Drill) -> Paper {
    let mut paper = Paper::new(format!("{}: executive brief", drill.name()), "Exercise");
    let (service, severity) = first_known(drill);
    let rows = [
        ("Service", service),
        ("Severity", format!("{severity} as reported; now: ")),
        ("Since", clock(&drill.story_at)),
        ("Who is hit, and how badly", String::new()),
        ("What it costs an hour (money, promises, trust)", String::new()),
        ("Who commands", String::new()),
        ("Decisions needed from you, until when", String::new()),
        ("Next brief", String::new()),
    ];
    paper.table(
        &["", ""],
        rows.map(|(name, value)| vec![name.to_owned(), value]).to_vec(),
    );
    paper
}

/// What the first symptom says: the service and the severity that it is reported with.
fn first_known(drill: &Drill) -> (String, String) {
    let story = drill.stories.first();
    let service = story.map(|story| story.service.clone()).unwrap_or_default();
    (service, story.map(|story| story.reported.clone()).unwrap_or_default())
}

/// The calendar file: the drill, the hot wash, the review a week later.
pub fn invitation(drill: &Drill) -> String {
    let start: Timestamp = drill.start_at.parse().unwrap_or(Timestamp::UNIX_EPOCH);
    let after = |seconds: i64| {
        start
            .saturating_add(SignedDuration::from_secs(seconds))
            .unwrap_or(start)
    };
    let end = drill.length_s;
    let parts = [
        (
            "",
            0,
            end,
            format!(
                "A {}. Bring your role card. Stop with the words: stop, real.",
                drill.kind.word()
            ),
        ),
        (
            ", hot wash",
            end,
            end + 1800,
            "What surprised us, what helped, what was luck, one thing each.".to_owned(),
        ),
        (
            ", review",
            end + 7 * 86_400,
            end + 7 * 86_400 + 3600,
            "The written report, and who does what until when.".to_owned(),
        ),
    ];
    let events: Vec<Event> = parts
        .into_iter()
        .enumerate()
        .map(|(index, (part, from, until, description))| Event {
            uid: format!("{}-{}@escalade", drill.id, index + 1),
            start: after(from),
            end: after(until),
            summary: format!("[DRILL] {}{part}", drill.name()),
            description,
        })
        .collect();
    calendar(&events, start)
}

/// Words in a text for participants that would give something away.
pub fn spoilers(drill: &Drill, text: &str) -> Vec<String> {
    let text = text.to_lowercase();
    let always = [
        "true_severity",
        "true severity",
        "red_herring",
        "red herring",
        "expected_",
        "archetype",
    ];
    let own = drill.stories.iter().flat_map(|story| {
        let names = [story.title.clone(), story.archetype.clone(), story.cause.clone()];
        names.into_iter().chain(story.spoilers.iter().cloned())
    });
    let mut found: Vec<String> = always
        .into_iter()
        .map(str::to_owned)
        .chain(own)
        .map(|word| word.to_lowercase())
        .collect();
    found.retain(|word| !word.is_empty() && contains_word(&text, word));
    found
}

/// As a word of its own, so that `power` is not found in `powers`.
fn contains_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

#[cfg(test)]
mod tests {
    use super::contains_word;

    #[test]
    fn a_word_is_found_as_a_word() {
        assert!(contains_word("the token, was", "token"));
        assert!(!contains_word("powers of", "power"));
        assert!(contains_word("red_herring", "red_herring"));
    }
}
