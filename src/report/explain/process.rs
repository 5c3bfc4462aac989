//! How work is decided upon and told of, and what is learnt from it.

use super::words::{about as roughly, length, listed, percent};
use super::{About, Section};
use crate::model::{Action, Articles, CalendarId, ChangeKind, Gate, Holder, Limit, OnTimeout, RoleId, TicketKind};
use crate::scenario::ShareBySeverity;

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
        if let Some(reaction) = &role.reaction {
            text.push_str(&format!("; reached after {} on average", roughly(reaction.mean())));
        }
        let until = match role.until_mitigation && process.workaround.is_some() {
            true => "there is a workaround",
            false => "it is resolved",
        };
        if process.commander.is_some_and(|id| id.index() == index) {
            text.push_str(&format!(
                "; commands incidents until {until}, and does nothing else meanwhile; while nobody has taken command, a ticket's owner works at {} of the pace",
                percent(role.owner_penalty)
            ));
        }
        if process.scribe.is_some_and(|id| id.index() == index) {
            text.push_str(&format!("; takes notes until {until}, and does nothing else meanwhile"));
        }
        if let Some(work) = &role.work {
            text.push_str(&format!(
                "; {} of work on what is escalated to it",
                roughly(work.mean())
            ));
        }
        if !is_asked(about, index) {
            text.push_str("; nothing asks it for anything");
        }
        section.say(&role.name, text);
    }
    for gate in &process.gates {
        section.say(format!("gate {}", gate.name), decides(about, gate));
    }
    for (index, change) in process.changes.iter().enumerate() {
        section.say(format!("change {}", change.name), goes_live(about, index, change));
    }
    section.say_if("updates", messages(about));
    section.say_if("workarounds", workarounds(about));
    section
}

/// Whether anything asks a role: a duty, a gate, the messages, a rule.
fn is_asked(about: &About, index: usize) -> bool {
    let process = &about.model.process;
    let is = |id: &RoleId| id.index() == index;
    let by_gate = |gate: &Gate| {
        let deputy = match &gate.on_timeout {
            OnTimeout::Deputy(deputy) => is(deputy),
            OnTimeout::Approve | OnTimeout::Decline | OnTimeout::Wait => false,
        };
        gate.approvers.iter().any(is) || gate.escalate_to.iter().any(is) || deputy
    };
    let by_rule = |action: &Action| matches!(action, Action::EscalateTo(role) if is(role));
    process.commander.iter().chain(&process.scribe).any(is)
        || process.gates.iter().any(by_gate)
        || process.communications.iter().any(|written| written.by.iter().any(is))
        || about
            .model
            .rules
            .rules
            .iter()
            .flat_map(|rule| &rule.actions)
            .any(by_rule)
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
    let written = about.written.gates.get(&gate.name);
    let meeting = written.and_then(|written| written.meeting.as_ref());
    let mut text = match (meeting, needed == names.len()) {
        (Some(meeting), _) => {
            let before = meeting.cutoff.as_deref().map(super::words::as_written);
            let before = before.map(|cutoff| format!(", if requested {cutoff} before"));
            format!(
                "decided by {} when calendar {} opens{}",
                listed(&names, "and"),
                meeting.calendar,
                before.unwrap_or_default()
            )
        }
        (None, true) => format!("decided by {}", listed(&names, "and")),
        (None, false) => format!("decided by {needed} of {}", listed(&names, "and")),
    };
    if let Some(work) = &gate.decision_work {
        text.push_str(&format!(", {} of work on average", roughly(work.mean())));
    }
    if gate.p_decline > 0.0 || gate.on_timeout == OnTimeout::Decline {
        text.push_str(&declined(about, gate));
    }
    if let Some(timeout) = &gate.timeout {
        let then = match gate.on_timeout {
            OnTimeout::Deputy(deputy) => {
                let work = gate.deputy_work.as_ref().map(|work| roughly(work.mean()));
                let work = work.map(|work| format!(" ({work} of work)"));
                format!("{} is asked instead{}", role(about, deputy), work.unwrap_or_default())
            }
            OnTimeout::Approve => "it counts as approved".to_owned(),
            OnTimeout::Decline => "it counts as declined".to_owned(),
            OnTimeout::Wait => "it goes on waiting".to_owned(),
        };
        text.push_str(&format!("; after {} {then}", within(about, timeout)));
    }
    text + match gate.blocks_work {
        true => "; the work on the ticket waits for it",
        false => "; work goes on, the release waits for it",
    }
}

/// What follows a refusal.
fn declined(about: &About, gate: &Gate) -> String {
    let rework = gate
        .rework
        .as_ref()
        .map(|work| format!(" after {} of rework", roughly(work.mean())));
    let above = match gate.escalate_to {
        Some(above) => format!("then {} lets it pass", role(about, above)),
        None => "then it goes on without".to_owned(),
    };
    format!(
        "; {} are declined and asked again{}, {} requests at most, {above}",
        percent(gate.p_decline),
        rework.unwrap_or_default(),
        gate.max_rounds
    )
}

/// Which tickets a row of changes or kinds takes: `50 % (Sev1) or 20 % (Sev2) of the tickets of payments`.
fn which(about: &About, share: &ShareBySeverity, services: Option<&Vec<String>>) -> String {
    let names = &about.model.names.severities;
    let of = |severity: &String| match share {
        ShareBySeverity::All(share) => *share,
        ShareBySeverity::By(shares) => shares.get(severity).or(shares.get("other")).copied().unwrap_or(0.0),
    };
    let with = names.iter().filter(|severity| of(severity) > 0.0);
    let (who, shares): (Vec<String>, Vec<String>) = with.map(|name| (name.clone(), percent(of(name)))).unzip();
    let shares = match (who.len() == names.len(), shares.first()) {
        (false, Some(first)) if shares.iter().all(|share| share == first) => format!("{first} ({})", who.join(", ")),
        (_, Some(_)) => super::words::each_with(&who, &shares),
        (_, None) => "none".to_owned(),
    };
    match services {
        Some(services) => format!("{shares} of the tickets of {}", listed(services, "and")),
        None => format!("{shares} of the tickets"),
    }
}

fn goes_live(about: &About, index: usize, change: &ChangeKind) -> String {
    let written = about.written.changes.get_index(index).map(|(_, written)| written);
    let which = written.map(|written| which(about, &written.share, written.service.as_ref()));
    let mut text = which.map(|which| format!("the fix of {which}: ")).unwrap_or_default();
    text.push_str(&match change.gate {
        Some(gate) => format!(
            "once made, it waits for the gate {}",
            about.model.process.gate(gate).name
        ),
        None => "approved in advance".to_owned(),
    });
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
    let brief = match written.brief_work.mean() == written.update_work.mean() {
        true => String::new(),
        false => format!(" ({} for an executive brief)", roughly(written.brief_work.mean())),
    };
    Some(format!(
        "written by {by}, {} of work on average{brief}, begun {} before they are due; misses are counted {counts}",
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
        "found for {shares} of the tickets, after {} of the work{then}",
        percent(written.after)
    ))
}

/// Reviews, kinds of ticket, articles and practice; empty where there are none.
pub(super) fn learning(about: &About) -> Section {
    let mut section = Section::new("What is learnt");
    let process = &about.model.process;
    section.say_if("reviews", reviews(about));
    for (index, kind) in process.kinds.iter().enumerate() {
        let written = about.written.kinds.get_index(index).map(|(_, written)| written);
        let which = written.map(|written| which(about, &written.share, written.service.as_ref()));
        let text = format!("{}{}", which.unwrap_or_default(), behind(about, kind));
        section.say(format!("kind {}", kind.name), text);
    }
    if let Some(articles) = &process.articles {
        section.say("articles", written_down(articles));
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

fn written_down(articles: &Articles) -> String {
    let live = match articles.review_delay.ms() {
        0 => String::new(),
        ms => format!(", live {} later", length(ms)),
    };
    let mut parts = vec![
        format!(
            "written after {} of the solved tickets of a kind without one ({} of work){live}",
            percent(articles.p_write),
            roughly(articles.work.mean())
        ),
        format!(
            "found for {} of the later tickets, which saves {} of the work",
            percent(articles.p_find),
            percent(articles.saves)
        ),
    ];
    if articles.p_shift > 0.0 {
        parts.push(format!(
            "lets one tier below solve {} of them",
            percent(articles.p_shift)
        ));
    }
    if articles.p_deflect > 0.0 {
        parts.push(format!(
            "{} of the later customers help themselves",
            percent(articles.p_deflect)
        ));
    }
    if let Some(half) = articles.half_life {
        parts.push(format!("half of that is lost in {}", length(half.ms())));
    }
    if let Some((after, work)) = &articles.renewal {
        let (after, work) = (length(after.ms()), roughly(work.mean()));
        parts.push(format!(
            "one older than {after} is reviewed with the next solved ticket ({work} of work)"
        ));
    }
    parts.join("; ")
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
    let by = match reviews.team {
        Some(team) => format!("of team {}", about.model.names.teams[team.index()]),
        None => "of the team that resolved the ticket".to_owned(),
    };
    let of = (0..severities.len()).filter(|severity| reviews.of[*severity]);
    let (who, means): (Vec<String>, Vec<String>) = of
        .map(|severity| (severities[severity].clone(), roughly(reviews.work[severity].mean())))
        .unzip();
    let saves = match about.model.process.scribe {
        Some(_) => format!(
            ", {} less where a scribe has taken notes",
            percent(reviews.scribe_saves)
        ),
        None => String::new(),
    };
    let roots = match about.model.process.kinds.iter().any(|kind| kind.problem.is_some()) {
        true => format!(
            "; {} of them find the problem behind the ticket, if there is one",
            percent(reviews.p_root)
        ),
        false => String::new(),
    };
    Some(format!(
        "{} of its resolution, by {} {by}; {} of work in all on average{saves}{roots}",
        listed(&each, "and"),
        super::words::people(reviews.people as usize),
        super::words::each_with(&who, &means),
    ))
}

fn behind(about: &About, kind: &TicketKind) -> String {
    let Some(problem) = &kind.problem else {
        return match kind.article {
            true => ", with an article from the start".to_owned(),
            false => String::new(),
        };
    };
    let work = problem
        .fix
        .as_ref()
        .map(|fix| format!(" ({} of work)", roughly(fix.mean())));
    let team = problem
        .team
        .map(|team| format!(", made by {},", about.model.names.teams[team.index()]));
    let gate = match problem.gate {
        Some(gate) => format!(", once the gate {} has passed it", about.model.process.gate(gate).name),
        None => String::new(),
    };
    let works = match problem.p_effective < 1.0 {
        true => format!(" if it works ({})", percent(problem.p_effective)),
        false => String::new(),
    };
    format!(
        ", bred by one problem; its fix{}{} prevents {} of the later ones{works}{gate}",
        work.unwrap_or_default(),
        team.unwrap_or_default(),
        percent(problem.effect)
    )
}
