//! How work is decided upon and told of, and what is learnt from it.

use super::words::{about as roughly, capital, length, listed, percent};
use super::{About, Section};
use crate::model::{CalendarId, ChangeKind, Gate, Holder, Limit, OnTimeout, RoleId, TicketKind};

/// Roles, gates, changes, messages and workarounds; empty where there are none.
pub(super) fn decisions(about: &About) -> Section {
    let mut section = Section::new("Decisions and communication");
    let process = &about.model.process;
    for (index, role) in process.roles.iter().enumerate() {
        let mut text = match role.holder {
            Holder::Team(team) => format!("held by team {}", about.model.names.teams[team.index()]),
            Holder::Schedule(schedule) => format!(
                "held by whoever is on call of {}, who is paged, every {} until somebody acknowledges",
                about.model.names.schedules[schedule.index()],
                length(role.page_again.ms())
            ),
        };
        if process.commander.is_some_and(|id| id.index() == index) {
            text.push_str(&format!(
                "; commands; until then the owner works at {} of the pace",
                percent(role.owner_penalty)
            ));
        }
        if process.scribe.is_some_and(|id| id.index() == index) {
            text.push_str("; takes notes");
        }
        if let Some(reaction) = &role.reaction {
            text.push_str(&format!("; reached after {} on average", roughly(reaction.mean())));
        }
        section.say(&role.name, capital(&text));
    }
    for gate in &process.gates {
        section.say(&gate.name, capital(&decides(about, gate)));
    }
    for change in &process.changes {
        section.say(&change.name, capital(&goes_live(about, change)));
    }
    section.say_if("updates", messages(about));
    section.say_if("workarounds", workarounds(about));
    section
}

fn role(about: &About, role: RoleId) -> String {
    about.model.process.role(role).name.clone()
}

fn within(about: &About, limit: &Limit) -> String {
    let time = length(limit.within.ms());
    match limit.calendar == CalendarId::ALWAYS {
        true => time,
        false => format!(
            "{time} on calendar {}",
            about.model.names.calendars[limit.calendar.index()]
        ),
    }
}

fn decides(about: &About, gate: &Gate) -> String {
    let names: Vec<String> = gate.approvers.iter().map(|id| role(about, *id)).collect();
    let needed = gate.needed as usize;
    let mut text = match (&gate.meetings, needed == names.len()) {
        (Some(_), _) => format!("{} at the next meeting", listed(&names, "and")),
        (None, true) => format!("decided by {}", listed(&names, "and")),
        (None, false) => format!("decided by {needed} of {}", listed(&names, "and")),
    };
    if let Some(work) = &gate.decision_work {
        text.push_str(&format!(", {} of work on average", roughly(work.mean())));
    }
    if gate.p_decline > 0.0 {
        let rounds = gate.max_rounds;
        text.push_str(&format!(
            "; {} are declined, at most {rounds} requests",
            percent(gate.p_decline)
        ));
    }
    if let Some(timeout) = &gate.timeout {
        let then = match gate.on_timeout {
            OnTimeout::Deputy(deputy) => format!("{} is asked", role(about, deputy)),
            OnTimeout::Approve => "it counts as approved".to_owned(),
            OnTimeout::Decline => "it counts as declined".to_owned(),
            OnTimeout::Wait => "it goes on waiting".to_owned(),
        };
        text.push_str(&format!("; after {} {then}", within(about, timeout)));
    }
    text + match gate.blocks_work {
        true => "; work waits for it",
        false => "; the release waits for it",
    }
}

fn goes_live(about: &About, change: &ChangeKind) -> String {
    let mut text = match change.gate {
        Some(gate) => format!("a finished fix waits for {}", about.model.process.gate(gate).name),
        None => "approved in advance".to_owned(),
    };
    for (what, work) in [("release", &change.release), ("record", &change.record)] {
        if let Some(work) = work {
            text.push_str(&format!("; {} to {what} it on average", roughly(work.mean())));
        }
    }
    text
}

fn messages(about: &About) -> Option<String> {
    let written = about.model.process.communications.as_ref()?;
    let by = written.by.map_or("the ticket's owner".to_owned(), |id| role(about, id));
    let counts = match written.misses_once {
        true => "one a silence",
        false => "one at every multiple of the cadence",
    };
    Some(format!(
        "Written by {by}, {} of work on average, begun {} before they are due; misses are counted {counts}",
        roughly(written.update_work.mean()),
        roughly(written.lead_time.ms() as f64)
    ))
}

fn workarounds(about: &About) -> Option<String> {
    let written = about.model.process.workaround.as_ref()?;
    let shares: Vec<String> = written.share.iter().map(|share| percent(*share)).collect();
    let shares = super::words::each_with(&about.model.names.severities, &shares);
    let then = match written.resolves {
        true => "; the ticket is then resolved, and the rest is work of its own",
        false => "",
    };
    Some(format!(
        "{shares} of the tickets, after {} of the work{then}",
        percent(written.after)
    ))
}

/// Reviews, kinds of ticket, articles and practice; empty where there are none.
pub(super) fn learning(about: &About) -> Section {
    let mut section = Section::new("What is learnt");
    let process = &about.model.process;
    section.say_if("reviews", reviews(about));
    for kind in &process.kinds {
        section.say(&kind.name, capital(&behind(about, kind)));
    }
    if let Some(articles) = &process.articles {
        let ages = articles.half_life.map_or(String::new(), |half| {
            format!("; half of that is lost every {}", length(half.ms()))
        });
        let renewed = articles.renewal.as_ref().map_or(String::new(), |(after, work)| {
            let (after, work) = (length(after.ms()), roughly(work.mean()));
            format!("; one older than {after} is reviewed with the next solved ticket ({work} of work)")
        });
        section.say(
            "articles",
            format!(
                "Written after {} of the solved tickets of a kind without one ({} of work); found by {}, saving {} of the work; {} of later customers help themselves{ages}{renewed}",
                percent(articles.p_write),
                roughly(articles.work.mean()),
                percent(articles.p_find),
                percent(articles.saves),
                percent(articles.p_deflect)
            ),
        );
    }
    if let Some(learning) = process.learning {
        let factor = percent(learning.factor(2));
        section.say(
            "practice",
            format!(
                "each doubling of the solved tickets of a kind leaves {factor} of the work, at least {}",
                percent(learning.floor)
            ),
        );
    }
    section
}

fn reviews(about: &About) -> Option<String> {
    let reviews = about.model.process.reviews.as_ref()?;
    let severities = &about.model.names.severities;
    let reviewed = (0..severities.len()).filter(|severity| reviews.of[*severity]);
    let each: Vec<String> = reviewed
        .map(|severity| {
            format!(
                "{} within {}",
                severities[severity],
                within(about, &reviews.due[severity])
            )
        })
        .collect();
    Some(format!(
        "{}, by {} people; the root cause is found in {}",
        listed(&each, "and"),
        reviews.people,
        percent(reviews.p_root)
    ))
}

fn behind(about: &About, kind: &TicketKind) -> String {
    let Some(problem) = &kind.problem else {
        return "a kind of ticket".to_owned();
    };
    let gate = match problem.gate {
        Some(gate) => format!(", once {} has passed it", about.model.process.gate(gate).name),
        None => String::new(),
    };
    format!(
        "bred by a problem; its fix prevents {} of them{gate}",
        percent(problem.effect * problem.p_effective)
    )
}
