//! Changes that change nothing: what can never happen, what repeats a default, what nobody asks for.
//!
//! Streams of random numbers are keyed by ticket and purpose, so that a candidate differs from the base by what it decides
//! and by nothing else. Each row below is a change that decides nothing; played on random organisations that use much of the
//! language at once, it leaves every ticket, every event of a ticket and every metric as they were.
//! `PROPTEST_CASES=4000 cargo test --release --test properties_inert` looks longer; a failure prints the least scenario that
//! still fails. Cases that were found so are kept in `identities`.

mod inert_support;
mod properties_support;

use escalade::experiment::tables::{EventRow, ReplicationRow, Results, TicketRow};
use escalade::experiment::{RunOptions, run};
use escalade::scenario::Document;
use inert_support::organisation::{TRIGGERS, any_trigger, firing, list, of_errors};
use inert_support::shrink::{Case, Cases, Patch, Row};
use inert_support::{Draw, Organisation};
use properties_support::{Verdict, cases, try_cases};
use proptest::test_runner::TestCaseError;
use std::collections::BTreeMap;

/// Longer than any run here, in two lengths.
const NEVER: &str = "\"900d\"";

/// A row that says no more than its patch.
const fn row(name: &'static str, patch: fn(&Organisation, &mut Draw) -> Option<String>) -> Row {
    Row {
        name,
        without: &[],
        patch: Patch::Plain(patch),
        told: &[],
        measured: &[],
    }
}

/// A row about a rule, whatever its trigger is.
const fn at_any(name: &'static str, patch: fn(&Organisation, &mut Draw, &str) -> Option<String>) -> Row {
    Row {
        name,
        without: &[],
        patch: Patch::Rule(None, patch),
        told: &[],
        measured: &[],
    }
}

/// Lets the base say nothing of what the patch says.
const fn without(paths: &'static [&'static str], row: Row) -> Row {
    Row { without: paths, ..row }
}

/// What is the change's own in the event log, and in what is measured.
const fn owns(told: &'static [&'static str], measured: &'static [&'static str], row: Row) -> Row {
    Row { told, measured, ..row }
}

/// Lines for what is not written yet below a path.
fn written_out(of: &Organisation, at: &str, lines: &[(&str, &str)]) -> String {
    let missing = lines.iter().filter(|(key, _)| {
        let path = format!("{at}.{key}");
        !of.has(&path) && !above(of, &path)
    });
    missing.map(|(key, value)| format!("{at}.{key} = {value}\n")).collect()
}

/// Whether a line writes a whole table in which the path lies.
fn above(of: &Organisation, path: &str) -> bool {
    let mut path = path;
    while let Some((parent, _)) = path.rsplit_once('.') {
        if of.value(parent).is_some() {
            return true;
        }
        path = parent;
    }
    false
}

/// The same for every name of a table; `None` if nothing is left to write out.
fn of_each(of: &Organisation, table: &str, lines: &[(&str, &str)]) -> Option<String> {
    let names = of.names(table);
    let text: String = names
        .iter()
        .map(|name| written_out(of, &format!("{table}.{name}"), lines))
        .collect();
    (!text.is_empty()).then_some(text)
}

/// A team, of those that the test likes.
fn team(of: &Organisation, draw: &mut Draw, likes: impl Fn(&str) -> bool) -> Option<String> {
    let names = of.names("teams");
    let liked: Vec<String> = names
        .into_iter()
        .filter(|team| likes(&format!("teams.{team}")))
        .collect();
    (!liked.is_empty()).then(|| draw.pick(&liked))
}

/// Another team of the same tier.
fn mate(of: &Organisation, draw: &mut Draw, team: &str) -> Option<String> {
    let tier = |team: &str| of.value(&format!("teams.{team}.tier")).map(str::to_owned);
    let names = of.names("teams").into_iter();
    let mates: Vec<String> = names
        .filter(|other| other != team && tier(other) == tier(team))
        .collect();
    (!mates.is_empty()).then(|| draw.pick(&mates))
}

/// One of the names in a table.
fn any(of: &Organisation, draw: &mut Draw, table: &str) -> Option<String> {
    let names = of.names(table);
    (!names.is_empty()).then(|| draw.pick(&names))
}

fn last(of: &Organisation, table: &str) -> Option<String> {
    of.names(table).pop()
}

/// Targets that nobody acts on: no rule asks for them.
fn promise(of: &Organisation, kind: &str, within: &str) -> Option<String> {
    let severities = of.names("severities");
    let wanting = severities
        .iter()
        .filter(|severity| !of.has(&format!("severities.{severity}.{kind}")));
    let text: String = wanting
        .map(|severity| format!("severities.{severity}.{kind} = \"{within}\"\n"))
        .collect();
    (!text.is_empty() && !of.rules_say(&format!("\"{kind}\""))).then_some(text)
}

#[rustfmt::skip] // a table
const DEMAND: &[Row] = &[
    row("nothing but a description", |_, _| Some(String::new())),
    without(&["patience", "services.*.patience"], row("customers of whom none is impatient", |_, _| {
        Some("patience = { wait = { exponential = \"5m\" }, share = 0.0 }".into())
    })),
    without(&["patience", "services.*.patience"], row("patience beyond the run", |_, _| {
        Some(format!("patience.wait = {{ deterministic = {NEVER} }}"))
    })),
    without(&["chasers"], row("chasers beyond the run", |_, _| {
        Some(format!("chasers = {{ after = {NEVER}, every = {{ exponential = \"1h\" }}, work = {{ deterministic = \"3m\" }} }}"))
    })),
    without(&["chasers"], row("chasers that take longer than the run", |_, _| {
        Some(format!("chasers = {{ every = {{ deterministic = {NEVER} }}, work = {{ deterministic = \"3m\" }} }}"))
    })),
    without(&["pending"], row("questions that nobody asks", |_, _| {
        Some("pending = { share = 0.0, wait = { exponential = \"1h\" } }".into())
    })),
    row("questions, written out", |of, _| {
        of.has("pending.share").then_some(())?;
        let text = written_out(of, "pending", &[("after", "0.5"), ("again", "0.0"), ("never", "0.0"), ("close_after", NEVER)]);
        (!text.is_empty()).then_some(text)
    }),
    row("reminders beyond the run", |of, _| {
        (of.has("pending.share") && !of.has("pending.reminders")).then_some(())?;
        Some(format!("pending.reminders = {{ after = [{NEVER}], share = 0.9 }}"))
    }),
    without(&["vendor_waits"], row("vendors whom nobody asks", |_, _| {
        Some("vendor_waits = { share = 0.0, wait = { exponential = \"1h\" } }".into())
    })),
    row("vendor waits, written out", |of, _| {
        of.has("vendor_waits").then_some(())?;
        let text = written_out(of, "vendor_waits", &[("after", "0.5"), ("again", "0.0")]);
        (!text.is_empty()).then_some(text)
    }),
    without(&["reopening"], row("nobody comes back", |_, _| {
        Some("reopening = { share = 0.0, delay = { deterministic = \"1h\" } }".into())
    })),
    row("reopening, written out", |of, _| {
        of.has("reopening").then_some(())?;
        let text = written_out(of, "reopening", &[("at_most", "1000"), ("work_factor", "1.0")]);
        (!text.is_empty()).then_some(text)
    }),
    without(&["drift"], row("nothing worsens", |_, _| Some("drift = { per_hour = 0.0, at_reopening = 0.0 }".into()))),
    row("a service without tickets", |of, _| {
        let worst = of.names("severities").first()?.clone();
        let tickets = if of.has("arrivals") { "share = 0.0" } else { "arrivals.rate = \"0/h\"" };
        Some(format!("services.zz.{tickets}\nservices.zz.mix = {{ {worst} = 1.0 }}"))
    }),
    row("a customer tier without customers", |of, _| {
        of.has("customer_tiers").then_some("customer_tiers.zz.share = 0.0".into())
    }),
    row("a severity that nobody has", |of, _| {
        // The steps below the last one, and rows that are to be complete, would have it.
        let asks = of.rules_say("lower = ") || of.rules_say("set_priority") || of.has("triage.matrix") || of.has("triage.override.wrong");
        (!asks && of.names("severities").len() > 1).then_some(())?;
        let confusion = if of.has("triage.confusion") { "triage.confusion.zz = { zz = 1.0 }" } else { "" };
        Some(format!("severities.zz.resolve = \"50d\"\n{confusion}"))
    }),
    row("reviews of a severity that nobody has", |of, _| {
        let asks = of.rules_say("lower = ") || of.rules_say("set_priority") || of.has("triage.matrix") || of.has("triage.override.wrong");
        (!asks && !of.has("reviews") && of.names("severities").len() > 1).then_some(())?;
        let confusion = if of.has("triage.confusion") { "triage.confusion.zz = { zz = 1.0 }" } else { "" };
        Some(format!(
            "severities.zz.resolve = \"50d\"\n{confusion}\n\
             reviews.severity = [\"zz\"]\nreviews.due = \"1d\"\nreviews.work = {{ deterministic = \"1h\" }}"
        ))
    }),
    row("services, written out", |of, draw| {
        let service = any(of, draw, "services")?;
        let at = format!("services.{service}");
        let acks = of.value(&format!("{at}.kind")) == Some("\"alert\"");
        let text = written_out(of, &at, &[
            ("work_factor", "1.0"), ("kind", "\"request\""), ("needs", "[]"), ("arrivals.day_variance", "0.0"),
            ("ack_counts", if acks { "true" } else { "false" }),
        ]);
        let text = if of.has("arrivals") { text.replace(&format!("{at}.arrivals.day_variance = 0.0\n"), "") } else { text };
        (!text.is_empty()).then_some(text)
    }),
    row("attributes that nobody reads", |of, _| {
        (!of.has("triage.rules") && !of.has("triage.matrix") && !of.has("triage.manual") && !of.has("attributes")).then_some(())?;
        Some("attributes.source = { a = 0.4, b = 0.6 }\nattributes.keyword = { x = 1.0 }\nattributes.impact = { high = 0.3, low = 0.7 }".into())
    }),
    without(&["triage.confusion"], row("nobody is ever wrong", |of, _| {
        let severities = of.names("severities");
        Some(severities.iter().map(|severity| format!("triage.confusion.{severity} = {{ {severity} = 1.0 }}\n")).collect())
    })),
    without(&["triage.override"], row("nobody corrects anything", |_, _| {
        Some("triage.override = { over = 0.0, under = 0.0, work = \"5m\" }".into())
    })),
    row("faults that never come", |of, draw| {
        let service = any(of, draw, "services")?;
        Some(format!(
            "incidents.zz.arrivals.rate = \"0/week\"\nincidents.zz.service = \"{service}\"\n\
             incidents.zz.children.count = {{ fixed = 5 }}\nincidents.zz.linking.share = 0.5\nincidents.zz.declared.tickets = 2"
        ))
    }),
    row("faults, written out", |of, _| {
        of.has("incidents.fault").then_some(())?;
        let mut text = written_out(of, "incidents.fault", &[
            ("dedup", "false"), ("declared.tickets", "1"), ("ends_with_parent", "true"), ("status_page", "{ deflect = 0.0 }"),
        ]);
        if of.has("incidents.fault.declared") {
            text = text.replace("incidents.fault.declared.tickets = 1\n", "");
        }
        if of.has("incidents.fault.linking") {
            text += &written_out(of, "incidents.fault.linking", &[
                ("after_work", "1.0"), ("clocks", "\"own\""), ("delay", "{ deterministic = \"0s\" }"),
            ]);
        }
        Some(text)
    }),
    without(&["kinds", "knowledge"], row("kinds that teach nothing", |_, _| Some("kinds.zz.share = 0.5".into()))),
    without(&["knowledge"], row("articles that nobody writes", |of, _| {
        of.has("kinds").then_some(
            "knowledge.articles = { p_write = 0.0, work = { deterministic = \"20m\" }, p_deflect = 0.5, p_shift = 0.5 }".into(),
        )
    })),
    without(&["knowledge"], row("practice that teaches nothing", |of, _| {
        of.has("kinds").then_some("knowledge.learning.rate = 1.0".into())
    })),
    row("articles, written out", |of, _| {
        of.has("knowledge.articles").then_some(())?;
        let text = written_out(of, "knowledge.articles", &[
            ("live", "[]"), ("p_find", "0.7"), ("saves", "0.3"), ("p_shift", "0.0"), ("p_deflect", "0.0"), ("review_delay", "\"0s\""),
        ]);
        (!text.is_empty()).then_some(text)
    }),
    row("the same customers for a service", |of, draw| {
        let shares: Option<Vec<String>> = of.names("customer_tiers").iter()
            .map(|customer| Some(format!("{customer} = {}", of.value(&format!("customer_tiers.{customer}.share"))?)))
            .collect();
        let shares = shares.filter(|shares| !shares.is_empty())?.join(", ");
        Some(format!("services.{}.customer_mix = {{ {shares} }}", any(of, draw, "services")?))
    }),
    row("reviews, written out", |of, _| {
        of.has("reviews").then_some(())?;
        let text = written_out(of, "reviews", &[("people", "4"), ("p_root", "0.5"), ("scribe_saves", "0.3")]);
        (!text.is_empty()).then_some(text)
    }),
];

#[rustfmt::skip] // a table
const PROMISES: &[Row] = &[
    row("a holiday outside of the run", |_, _| Some("calendars.office.holidays = [\"2026-03-30\", \"2031-01-01\"]".into())),
    row("a calendar that nobody uses", |_, _| {
        Some("calendars.zz.zone = \"Asia/Tokyo\"\ncalendars.zz.hours = { Mon-Fri = \"10:00-11:00\" }".into())
    }),
    row("a run, written out", |of, _| {
        let text = written_out(of, "run", &[("fcr_days", "7"), ("shrinkage", "\"simulated\"")]);
        (!text.is_empty()).then_some(text)
    }),
    row("money", |of, draw| {
        let team = any(of, draw, "teams")?;
        let severity = any(of, draw, "severities")?;
        Some(format!("costs.currency = \"EUR\"\ncosts.rates.{team} = 20\ncosts.penalties.{severity}.resolve = 50"))
    }),
    row("no time until the first words", |of, _| (!of.has("first_reply")).then_some("first_reply = \"0s\"".into())),
    row("targets, written out", |of, _| {
        let mut text = String::new();
        for severity in of.names("severities") {
            for (kind, pauses) in [
                ("first_response", "false"), ("update", "false"), ("mitigate", "[\"customer\"]"), ("resolve", "[\"customer\"]"),
                ("next_response", "false"), ("own", "[\"customer\"]"),
            ] {
                let at = format!("severities.{severity}.{kind}");
                if !of.has(&format!("{at}.within")) {
                    continue;
                }
                text += &written_out(of, &at, &[("pauses", pauses), ("on_severity_change", "\"retroactive\""), ("on_lower", "\"keep\"")]);
                match kind {
                    "resolve" => text += &written_out(of, &at, &[("on_reopen", "\"resume\"")]),
                    "update" => text += &written_out(of, &at, &[("until", "\"resolution\"")]),
                    _ => {}
                }
            }
        }
        (!text.is_empty()).then_some(text)
    }),
    row("a service's targets as those of its severity", |of, draw| {
        let (service, severity) = (any(of, draw, "services")?, any(of, draw, "severities")?);
        // What customers pay for, and what teams promise each other, stands beside it.
        (!of.has("customer_tiers")).then_some(())?;
        let targets = of.lines.iter().filter_map(|line| line.strip_prefix(&format!("severities.{severity}.")));
        let targets = targets.filter(|target| {
            let kind = target.split(['.', ' ']).next().unwrap_or_default();
            kind != "own" && !of.has(&format!("services.{service}.targets.{severity}.{kind}"))
        });
        let text: String = targets.map(|target| format!("services.{service}.targets.{severity}.{target}\n")).collect();
        (!text.is_empty()).then_some(text)
    }),
    owns(&["breach:own"], &["own", "at_risk", "voided"], row("a promise between teams that nobody acts on", |of, draw| {
        let team = any(of, draw, "teams")?;
        let severities = of.names("severities");
        (!of.rules_say("\"own\"") && !of.has(&format!("teams.{team}.own"))).then_some(())?;
        Some(severities.iter().map(|severity| format!("teams.{team}.own.{severity} = \"37m\"\n")).collect())
    })),
    owns(&["breach:acknowledge"], &["acknowledge", "voided", "at_risk"], row("a promise to acknowledge that nobody acts on", |of, _| {
        promise(of, "acknowledge", "4m")
    })),
    owns(&["breach:next_response"], &["next_response", "voided", "at_risk"], row("a promise to answer that nobody acts on", |of, _| {
        promise(of, "next_response", "44m")
    })),
];

/// What is shared out among all people, of whom there are more.
const IDLE: &[&str] = &[
    "occupancy",
    "utilisation",
    "load_ratio",
    "per_agent",
    "per_person",
    "staffed",
];

#[rustfmt::skip] // a table
const PEOPLE: &[Row] = &[
    row("a team of nobody", |of, draw| {
        Some(format!("teams.zz.tier = \"{}\"\nteams.zz.headcount = 0", any(of, draw, "tiers")?))
    }),
    owns(&["zz"], IDLE, row("a team that gets nothing", |of, draw| {
        Some(format!(
            "teams.zz.tier = \"{}\"\nteams.zz.headcount = 2\nteams.zz.shrinkage = {{ absent = 0.1, breaks = 0.2 }}\n\
             teams.zz.proficiency_spread = 0.3",
            any(of, draw, "tiers")?
        ))
    })),
    row("a tier that nothing comes to", |_, _| {
        Some("tiers.zz.work = { deterministic = \"5m\" }\nteams.zz.tier = \"zz\"\nteams.zz.headcount = 0".into())
    }),
    row("nothing that the tier above the next one must solve", |of, _| {
        let tiers = of.names("tiers");
        (tiers.len() == 3).then(|| format!("tiers.{}.escalates.{} = 0.0", tiers[0], tiers[2]))
    }),
    row("zones, written out", |of, _| {
        let zone = of.value("run.zone").unwrap_or("\"UTC\"");
        Some(format!("calendars.office.zone = {zone}\n{}", of_each(of, "teams", &[("zone", zone)])?))
    }),
    row("a shift of nobody", |of, draw| {
        let team = team(of, draw, |team| of.has(&format!("{team}.shifts")))?;
        Some(format!("teams.{team}.shifts.zz.headcount = 0\nteams.{team}.shifts.zz.hours = {{ Mon-Sun = \"10:00-20:00\" }}"))
    }),
    row("teams, written out", |of, _| of_each(of, "teams", &[
        ("discipline", "\"severity\""), ("shift_end", "\"finish\""), ("proficiency", "1.0"), ("proficiency_spread", "0.0"),
        ("routing.assign", "\"pull\""), ("routing.mode", "\"longest-idle\""), ("routing.follow_the_sun", "false"),
        ("routing.sticky", "false"), ("shrinkage.absent", "0.0"), ("shrinkage.breaks", "0.0"),
    ])),
    row("more places than tickets", |of, draw| {
        let team = team(of, draw, |team| !of.has(&format!("{team}.places")))?;
        Some(format!("teams.{team}.places = 1000000"))
    }),
    row("more places than tickets, and somewhere else to go", |of, draw| {
        let team = team(of, draw, |team| of.has(&format!("{team}.overflow")) && !of.has(&format!("{team}.places")))?;
        Some(format!("teams.{team}.places = 1000000\nteams.{team}.when_full = \"overflow\""))
    }),
    without(&["teams.*.overflow", "teams.*.when_full"], row("an overflow beyond the run", |of, draw| {
        let team = team(of, draw, |_| true)?;
        Some(format!("teams.{team}.overflow.to = \"{}\"\nteams.{team}.overflow.after = {NEVER}", mate(of, draw, &team)?))
    })),
    without(&["teams.*.overflow", "teams.*.when_full"], row("an overflow beyond the run that moves", |of, draw| {
        let team = team(of, draw, |_| true)?;
        let to = mate(of, draw, &team)?;
        Some(format!("teams.{team}.overflow.to = \"{to}\"\nteams.{team}.overflow.after = {NEVER}\nteams.{team}.overflow.move = true"))
    })),
    without(&["teams.*.overflow", "teams.*.when_full"], row("an overflow that never comes", |of, draw| {
        let team = team(of, draw, |_| true)?;
        Some(format!("teams.{team}.overflow.to = \"{}\"", mate(of, draw, &team)?))
    })),
    without(&["teams.*.max_overtime"], row("more overtime than the run has", |of, draw| {
        // Against the default of two hours it is only inert where nobody works longer: work ends sooner than that.
        let team = team(of, draw, |team| {
            of.value(&format!("{team}.shift_end")).is_some_and(|end| end != "\"finish\"")
        })?;
        Some(format!("teams.{team}.max_overtime = {NEVER}"))
    })),
    row("conversations that all take a person alone", |of, draw| {
        let team = team(of, draw, |team| !of.has(&format!("{team}.concurrency")) && !of.has(&format!("{team}.preemption")))?;
        (!of.says(".primary = ")).then_some(())?;
        Some(format!("teams.{team}.concurrency = {{ most = {}, exclusive = {} }}", draw.between(2, 5), list(&of.names("severities"))))
    }),
    row("a training that is over", |of, draw| {
        let team = team(of, draw, |team| !of.says("training") || !of.has(&format!("{team}.shifts")))?;
        Some(format!("teams.{team}.training = {{ start = 0.5, time_constant = \"1h\", since = \"2020-01-01\" }}"))
    }),
    row("people who had nothing to learn", |of, draw| {
        let team = team(of, draw, |team| !of.says("training") || !of.has(&format!("{team}.shifts")))?;
        Some(format!("teams.{team}.training.start = 1.0"))
    }),
    row("a preemption that never comes", |of, draw| {
        // Who was interrupted in one team and goes on in another pays what that one asks.
        // Any ticket interrupts what can wait.
        let waits = ["reviews", "knowledge", "kinds", "changes", "workaround.resolve_on"];
        let waits = waits.iter().any(|table| of.has(table));
        (!of.says(".preemption.") && !waits).then_some(())?;
        let team = team(of, draw, |team| !of.has(&format!("{team}.concurrency")))?;
        Some(format!("teams.{team}.preemption = {{ by = [\"{}\"], switch_cost = \"7m\" }}", last(of, "severities")?))
    }),
    row("preemption, written out", |of, draw| {
        let team = team(of, draw, |team| of.has(&format!("{team}.preemption")))?;
        let by = list(&of.names("severities"));
        let text = written_out(of, &format!("teams.{team}.preemption"), &[("switch_cost", "\"5m\""), ("resume", "\"owner\""), ("by", &by)]);
        (!text.is_empty()).then_some(text)
    }),
    row("skills that everybody has", |of, draw| {
        let team = team(of, draw, |_| true)?;
        (!of.says(".skills = ")).then_some(())?;
        let needed: Vec<String> = of.names("services").into_iter().filter(|service| of.has(&format!("services.{service}.needs"))).collect();
        Some(format!("teams.{team}.skills = {}", list(&needed)))
    }),
    row("a preference for all that there is", |of, draw| {
        let services = of.names("services");
        let team = team(of, draw, |team| !of.has(&format!("{team}.preference")))?;
        (services.len() == 1).then(|| format!("teams.{team}.preference = {}", list(&services)))
    }),
    row("by severity and customer, without customers", |of, draw| {
        let by_severity = |team: &str| of.value(&format!("{team}.discipline")).is_none_or(|discipline| discipline == "\"severity\"");
        let team = team(of, draw, by_severity)?;
        (of.names("customer_tiers").len() < 2).then(|| format!("teams.{team}.discipline = \"severity-customer\""))
    }),
    without(&["reopening"], row("whoever solved what never comes back", |of, draw| {
        let team = team(of, draw, |team| !of.has(&format!("{team}.routing.sticky")))?;
        Some(format!("teams.{team}.routing.sticky = true\nteams.{team}.routing.sticky_wait = \"30m\""))
    })),
    row("work given back beyond the run", |of, draw| {
        let pushed = |team: &str| of.has(&format!("{team}.routing.assign")) && !of.has(&format!("{team}.routing.return_after"));
        let team = team(of, draw, pushed)?;
        Some(format!("teams.{team}.routing.return_after = {NEVER}"))
    }),
    row("more in hand than there is", |of, draw| {
        let pushed = |team: &str| of.has(&format!("{team}.routing.assign")) && !of.has(&format!("{team}.routing.holds"));
        let team = team(of, draw, pushed)?;
        Some(format!("teams.{team}.routing.holds = 10000"))
    }),
    row("plans of head counts", |of, draw| {
        let team = team(of, draw, |team| of.has(&format!("{team}.headcount")))?;
        Some(format!("teams.{team}.min_headcount = 0\nteams.{team}.max_headcount = 500"))
    }),
    row("handoffs, written out", |of, _| {
        let text = written_out(of, "handoff", &[
            ("shift_end", "\"warm\""), ("overlap", "\"0s\""), ("context_loss", "0.3"), ("escalation_notes", "\"0s\""),
            ("rejected", "0.0"), ("reject_work", "\"5m\""),
        ]);
        (!text.is_empty()).then_some(text)
    }),
    without(&["swarming"], row("swarms, written out", |_, _| {
        Some("swarming = { speed = { usl = { contention = 0.3, coherence = 0.02 } }, join_work = \"3m\" }".into())
    })),
    without(&["swarming"], row("swarms that nobody calls", |of, _| {
        (!of.rules_say("add_responders")).then_some("swarming = { speed = { linear = true }, join_work = \"0s\" }".into())
    })),
    // Whoever has leave has duty that begins.
    owns(&["shift_"], &[], row("leave outside of the run", |of, draw| {
        let person = any(of, draw, "people")?;
        (!of.has(&format!("people.{person}.leave"))).then_some(())?;
        Some(format!("people.{person}.leave = [{{ from = \"2031-01-01\", to = \"2031-01-02\" }}]"))
    })),
    owns(&["zz"], IDLE, row("somebody in a team that gets nothing", |of, draw| {
        Some(format!(
            "teams.zz.tier = \"{}\"\nteams.zz.headcount = 0\npeople.zz.team = \"zz\"",
            any(of, draw, "tiers")?
        ))
    })),
];

/// What is counted by the people who can be paged at all, of whom there are more.
const ON_CALL: &[&str] = &[
    "per_person",
    "nights_woken",
    "wakeups",
    "rest_violations",
    "on_call_cost",
];

/// What a gate that is asked about every ticket adds to.
const GATED: &[&str] = &[
    "rule_",
    "gate_",
    "auto_approved",
    "occupancy",
    "utilisation",
    "load_ratio",
    "per_agent",
    "per_person",
    "staffed",
];

/// What telling one person more adds to.
const TELLING: &[&str] = &[
    "rule_",
    "alert",
    "page",
    "night",
    "wake",
    "rest_violations",
    "ack",
    "hierarchical",
    "interrupts",
    "occupancy",
    "utilisation",
    "load_ratio",
    "per_agent",
    "per_person",
    "staffed",
    "on_call",
];

#[rustfmt::skip] // a table
const PROCESS: &[Row] = &[
    row("a role that nobody asks", |of, draw| {
        Some(format!("roles.zz.team = \"{}\"\nroles.zz.reaction = {{ deterministic = \"1m\" }}", any(of, draw, "teams")?))
    }),
    row("a commander whom nobody names", |of, draw| {
        (!of.says("\"commander\"") && !of.rules_say("assign_commander") && !of.has("incidents")).then_some(())?;
        Some(format!("roles.zz = {{ duty = \"commander\", team = \"{}\", owner_penalty = 0.3 }}", any(of, draw, "teams")?))
    }),
    row("roles, written out", |of, _| of_each(of, "roles", &[
        ("duty", "\"authority\""), ("reaction", "{ deterministic = \"0s\" }"),
    ])),
    row("a gate that nobody opens", |of, draw| {
        Some(format!(
            "roles.zz.team = \"{}\"\ngates.zz = {{ approvers = [\"zz\"], decision_work = {{ deterministic = \"5m\" }} }}",
            any(of, draw, "teams")?
        ))
    }),
    row("gates, written out", |of, _| of_each(of, "gates", &[
        ("parallel", "\"all\""), ("p_decline", "0.0"), ("max_rounds", "3"), ("blocks", "\"work\""), ("timeout", NEVER),
        ("on_timeout", "\"wait\""),
    ])),
    without(&["changes"], row("changes that nothing is", |_, _| {
        Some("changes.zz = { share = 0.0, release = { deterministic = \"5m\" }, record = { deterministic = \"5m\" } }".into())
    })),
    without(&["changes"], row("changes that cost nothing", |_, _| Some("changes.zz.share = 0.6".into()))),
    without(&["workaround"], row("workarounds that nobody finds", |_, _| Some("workaround.share = 0.0".into()))),
    row("workarounds, written out", |of, _| {
        of.has("workaround").then_some(())?;
        let text = written_out(of, "workaround", &[("after", "0.5"), ("resolve_on", "\"fix\"")]);
        (!text.is_empty()).then_some(text)
    }),
    without(&["communications"], row("messages that nobody writes", |of, _| {
        (!of.says(".update") && !of.rules_say("brief = ") && !of.rules_say("update = ")).then_some(())?;
        Some("communications.update_work = { deterministic = \"9m\" }".into())
    })),
    row("messages, written out", |of, _| {
        of.has("communications").then_some(())?;
        let work = of.value("communications.update_work")?;
        let text = written_out(of, "communications", &[("misses", "\"each\""), ("brief_work", work)]);
        (!text.is_empty()).then_some(text)
    }),
    row("a route to where everything goes", |of, _| {
        (!of.says(".starts_at = ") && !of.says(".needs_at_least = ")).then_some(())?;
        Some(format!("routes.zz.to = \"{}\"", of.names("tiers").first()?))
    }),
    owns(&[], ON_CALL, row("a schedule that nobody pages", |of, _| {
        of.has("people").then(|| format!("schedules.zz = {{ members = {}, turn = \"24h\" }}", list(&of.names("people"))))
    })),
    owns(&[], ON_CALL, row("an escalation policy that nobody uses", |of, _| {
        of.has("people").then(|| format!(
            "schedules.zz.members = {}\nescalation_policies.zz.levels = [{{ targets = [\"zz\"], timeout = \"5m\" }}]",
            list(&of.names("people"))
        ))
    })),
    row("a layer that repeats its rotation", |of, draw| {
        let schedule = any(of, draw, "schedules")?;
        let members = of.value(&format!("schedules.{schedule}.members"))?;
        (!members.contains(',') && !of.has(&format!("schedules.{schedule}.restriction"))).then_some(())?;
        Some(format!("schedules.{schedule}.layers.zz = {{ members = {members}, turn = \"12h\" }}"))
    }),
    owns(&["rule:zz", "gate_", "zz"], GATED, row("a gate that holds nothing up", |of, _| {
        Some(format!(
            "teams.zz.tier = \"{}\"\nteams.zz.headcount = 60\nroles.zz.team = \"zz\"\n\
             gates.zz = {{ approvers = [\"zz\"], decision_work = {{ deterministic = \"0s\" }}, blocks = \"release\" }}\n\
             rules.zz = {{ when = {{ created = true }}, then = [{{ open_gate = \"zz\" }}] }}",
            last(of, "tiers")?
        ))
    })),
    owns(&["rule:zz", "zz"], TELLING, row("telling somebody who does nothing else", |of, draw| {
        // A ticket's pages are numbered together, and an answer is drawn by its number: nobody else may be paged.
        let counts = of.says(".schedule = ") || of.rules_say("page = ") || of.rules_say("notify = ") || of.rules_say("unacknowledged");
        (!counts).then_some(())?;
        let when = any_trigger(draw, &of.names("teams"), &of.names("severities"));
        Some(format!(
            "teams.zz.tier = \"{}\"\nteams.zz.headcount = 0\npeople.zz.team = \"zz\"\nschedules.zz.members = [\"zz\"]\n\
             rules.zz = {{ when = {when}, then = [{{ notify = {{ schedules = [\"zz\"], inform = true }} }}] }}",
            last(of, "tiers")?
        ))
    })),
    row("schedules, written out", |of, _| {
        let person = of.names("people").first()?.clone();
        let overrides = format!("[{{ person = \"{person}\", from = \"2031-01-01\", to = \"2031-01-02\" }}]");
        of_each(of, "schedules", &[("cover", "\"none\""), ("overrides", &overrides)])
    }),
    // Whoever had acknowledged is paged by name: all who could are people by name.
    owns(&[], &["per_person", "rest_violations"], row("escalation policies, written out", |of, _| {
        let least = format!("\"{}\"", last(of, "severities")?);
        of_each(of, "escalation_policies", &[
            ("late_ack", "\"counts\""), ("ack_timeout", NEVER), ("severity", &least),
            ("snooze", "{ share = 0.0, lasts = \"10m\" }"),
        ])
    })),
    row("habits on call, written out", |of, _| {
        let mut text = written_out(of, "on_call", &[
            ("night", "\"23:00-07:00\""), ("get_to_desk", "\"0s\""), ("get_to_desk_at_night", "\"5m\""), ("fatigue", "0.05"),
            ("rest", "\"11h\""),
        ]);
        for (state, median, sigma, never) in [
            ("free", "1m", "0.6", "0.01"), ("busy", "3m", "0.7", "0.03"), ("awake", "3m", "0.8", "0.05"),
            ("asleep", "6m", "0.8", "0.1"), ("paged", "4m", "0.7", "0.05"),
        ] {
            text += &format!("on_call.acknowledges.{state} = {{ delay = {{ lognormal = {{ median = \"{median}\", sigma = {sigma} }} }}, never = {never} }}\n");
        }
        Some(text)
    }),
    owns(&["rule:zz", "zz", "escalated_to"], &["rule_", "hierarchical_per_ticket", "alert"], row("telling a role that has no work with it", |of, draw| {
        (!of.rules_say("escalate_to") && !of.says(".escalate_to = ")).then_some(())?;
        let (teams, severities) = (of.names("teams"), of.names("severities"));
        let when = any_trigger(draw, &teams, &severities);
        Some(format!("roles.zz.team = \"{}\"\nrules.zz = {{ when = {when}, then = [{{ escalate_to = \"zz\" }}] }}", draw.pick(&teams)))
    })),
];

/// A rule that does this, and what more is written of it.
fn rule(of: &Organisation, draw: &mut Draw, when: &str, more: &str, then: &str) -> Option<String> {
    let (teams, severities) = (of.names("teams"), of.names("severities"));
    (!teams.is_empty() && !severities.is_empty()).then_some(())?;
    let mut text = format!("rules.zz.when = {when}\nrules.zz.then = [{then}]\n{more}\n");
    for line in firing(draw, &teams, &severities) {
        // What must never hold all at once may not ask for more.
        let part = if line.starts_with("unless") {
            "unless"
        } else {
            line.split(" = ").next().unwrap_or(&line)
        };
        if !more.contains(&format!("rules.zz.{part}")) {
            text += &format!("rules.zz.{line}\n");
        }
    }
    Some(text)
}

/// Something that would change a ticket.
fn deed(of: &Organisation, draw: &mut Draw) -> Option<String> {
    let team = any(of, draw, "teams")?;
    let deeds = [
        "{ raise = 1 }".to_owned(),
        format!("{{ transfer = \"{team}\" }}"),
        "{ set_priority = 3 }".to_owned(),
        "{ close = \"gone\" }".to_owned(),
        format!("{{ add_responders = {{ count = 2, from = \"{team}\" }} }}"),
        format!("{{ involve = {{ teams = [\"{team}\"] }} }}"),
    ];
    Some(draw.pick(&deeds))
}

/// A flag that something sets, as the language wants it, though nothing ever comes to it.
const NEVER_SET: &str =
    "rules.zz.if.flags = [\"zz\"]\nrules.zz0 = { when = { reassignments = 60000 }, then = [{ flag = \"zz\" }] }";

const TOLD: &[&str] = &["rule:zz"];
const MEASURED: &[&str] = &["rule_"];

#[rustfmt::skip] // a table
const RULES: &[Row] = &[
    owns(TOLD, MEASURED, at_any("a flag that nobody asks for", |of, draw, when| rule(of, draw, when, "", "{ flag = \"zz\" }"))),
    at_any("a flag that is never set", |of, draw, when| {
        let deed = deed(of, draw)?;
        rule(of, draw, when, NEVER_SET, &deed)
    }),
    owns(TOLD, MEASURED, at_any("two flags in a group", |of, draw, when| {
        let (teams, severities) = (of.names("teams"), of.names("severities"));
        let other = any_trigger(draw, &teams, &severities);
        let group = "rules.zz.group = \"zz\"\nrules.zz.on_jump = \"highest\"";
        let first = rule(of, draw, when, group, "{ flag = \"zz\" }")?;
        Some(format!("{first}rules.zz2 = {{ when = {other}, then = [{{ flag = \"zz2\" }}], group = \"zz\", on_jump = \"highest\" }}"))
    })),
    owns(TOLD, &["rule_", "alert"], at_any("an alert", |of, draw, when| rule(of, draw, when, "", "{ alert = \"zz\" }"))),
    at_any("more changes of team than anybody counts", |of, draw, when| {
        let deed = deed(of, draw)?;
        rule(of, draw, when, "rules.zz.if.reassignments = 60000", &deed)
    }),
    at_any("more contacts than anybody counts", |of, draw, when| {
        let deed = deed(of, draw)?;
        rule(of, draw, when, "rules.zz.if.chasers = 60000", &deed)
    }),
    at_any("unless anything is", |of, draw, when| {
        let deed = deed(of, draw)?;
        rule(of, draw, when, "rules.zz.unless.reassignments = { at_most = 60000 }", &deed)
    }),
    at_any("while nothing is", |of, draw, when| {
        let deed = deed(of, draw)?;
        rule(of, draw, when, "rules.zz.while.flags = [\"zz\"]\nrules.zz0 = { when = { reassignments = 60000 }, then = [{ flag = \"zz\" }] }", &deed)
    }),
    row("the sixty thousandth change of team", |of, draw| {
        Some(format!("rules.zz = {{ when = {{ reassignments = 60000 }}, then = [{}] }}", deed(of, draw)?))
    }),
    row("a queue longer than there are tickets", |of, draw| {
        let team = any(of, draw, "teams")?;
        Some(format!("rules.zz = {{ when = {{ queue_length = {{ team = \"{team}\", at_least = 900000 }} }}, then = [{}] }}", deed(of, draw)?))
    }),
    row("a queue older than the run", |of, draw| {
        let team = any(of, draw, "teams")?;
        Some(format!("rules.zz = {{ when = {{ queue_age = {{ team = \"{team}\", at_least = {NEVER} }} }}, then = [{}] }}", deed(of, draw)?))
    }),
    row("a wait longer than the run", |of, draw| {
        let clock = draw.pick(&["in_queue", "in_team", "in_tier", "with_owner", "no_update"]);
        Some(format!("rules.zz = {{ when = {{ {clock} = {NEVER} }}, then = [{}] }}", deed(of, draw)?))
    }),
    at_any("a rule that is switched off", |of, draw, when| {
        let deed = deed(of, draw)?;
        rule(of, draw, when, "rules.zz.enabled = false", &deed)
    }),
    owns(TOLD, MEASURED, at_any("raising what is raised", |of, draw, when| {
        let worst = of.names("severities").first()?.clone();
        let more = format!("rules.zz.if.severity = [\"{worst}\"]");
        rule(of, draw, when, &more, "{ raise = 1 }")
    })),
    owns(TOLD, MEASURED, at_any("handing to where it is", |of, draw, when| {
        let team = any(of, draw, "teams")?;
        let more = format!("rules.zz.if.team = [\"{team}\"]");
        rule(of, draw, when, &more, &format!("{{ transfer = \"{team}\" }}"))
    })),
    owns(TOLD, MEASURED, at_any("closing what waits for nobody", |of, draw, when| {
        rule(of, draw, when, "rules.zz.if.pending = false", "{ close = \"zz\" }")
    })),
    owns(TOLD, MEASURED, at_any("a secondary whom nobody has", |of, draw, when| {
        (!of.says(".secondary = ")).then(|| rule(of, draw, when, "", "{ to_secondary = true }"))?
    })),
    owns(TOLD, MEASURED, at_any("putting forward by nothing", |of, draw, when| rule(of, draw, when, "", "{ set_priority = 0 }"))),
    row("rules, written out", |of, _| of_each(of, "rules", &[("enabled", "true"), ("stop", "false")])),
    row("a flag by another name", |of, _| {
        let flagged = of.lines.iter().filter(|line| line.starts_with("rules.") && line.contains("\"f1\""));
        let text: String = flagged.map(|line| line.replace("\"f1\"", "\"another\"") + "\n").collect();
        (!text.is_empty()).then_some(text)
    }),
    row("an alert to somebody else", |of, _| {
        let alerts = of.lines.iter().filter(|line| line.starts_with("rules.") && line.contains("\"lead\""));
        let text: String = alerts.map(|line| line.replace("\"lead\"", "\"another\"") + "\n").collect();
        (!text.is_empty()).then_some(text)
    }),
    row("the same times in milliseconds", |of, _| {
        let text: String = of.lines.iter().filter_map(|line| {
            let (path, value) = line.split_once(" = ")?;
            let minutes: u64 = value.strip_prefix('"')?.strip_suffix("m\"")?.parse().ok()?;
            (!path.starts_with("run.")).then(|| format!("{path} = \"{}ms\"\n", minutes * 60_000))
        }).collect();
        (!text.is_empty()).then_some(text)
    }),
    row("once more than a rule's own limit", |of, draw| {
        let rule = any(of, draw, "rules")?;
        (!of.has(&format!("rules.{rule}.max"))).then(|| format!("rules.{rule}.max = 1000000"))
    }),
];

fn failed(case: &Case, why: impl std::fmt::Display) -> TestCaseError {
    TestCaseError::fail(format!("{why}\n{case:?}"))
}

/// All of one candidate: its tickets, what happened to each ticket and person in its order, what was measured.
#[derive(Debug)]
struct Played {
    tickets: Vec<TicketRow>,
    stories: BTreeMap<String, Vec<EventRow>>,
    measured: BTreeMap<(u32, &'static str, &'static str, String), ReplicationRow>,
}

impl Played {
    fn of(results: &Results, candidate: usize, row: &Row) -> Played {
        let is_own = |event: &EventRow| {
            let mut own = row.told.iter();
            own.any(|begins| event.activity.starts_with(begins) || event.resource.starts_with(begins))
        };
        let tickets = results.tickets.iter().filter(|ticket| ticket.candidate == candidate);
        let mut stories: BTreeMap<String, Vec<EventRow>> = BTreeMap::new();
        for event in &results.events {
            if event.candidate == candidate && !is_own(event) {
                // A person's shifts are a story of their own.
                let of = if event.ticket.is_empty() {
                    &event.resource
                } else {
                    &event.ticket
                };
                stories.entry(of.clone()).or_default().push(EventRow {
                    candidate: 0,
                    ..event.clone()
                });
            }
        }
        let measured = results.replication_rows.iter().filter(|measured| {
            let is_own = row.measured.iter().any(|part| measured.metric.contains(part));
            measured.candidate == candidate && !is_own
        });
        Played {
            tickets: tickets
                .map(|ticket| TicketRow {
                    candidate: 0,
                    ..ticket.clone()
                })
                .collect(),
            stories,
            measured: measured
                .map(|row| {
                    let key = (row.replication, row.metric, row.by, row.group.to_string());
                    (key, ReplicationRow { candidate: 0, ..row })
                })
                .collect(),
        }
    }
}

fn changes_nothing(case: &Case) -> Verdict {
    let document = Document::parse("random.toml", case.text.as_str());
    if of_errors(&document).next().is_some() {
        // Cut down to something that is no scenario.
        return Ok(());
    }
    let options = RunOptions {
        replications: Some(1),
        threads: Some(1),
        tickets: true,
        events: true,
        trace_replications: 1,
        ..RunOptions::default()
    };
    let results = run(&document, &options, &()).map_err(|error| failed(case, error))?;
    if results.candidates.len() < 2 {
        return Ok(());
    }
    let (base, other) = (Played::of(&results, 0, &case.row), Played::of(&results, 1, &case.row));
    let same = |is_same: bool, what: &dyn Fn() -> String| if is_same { Ok(()) } else { Err(failed(case, what())) };
    for (name, story) in &base.stories {
        let told = other.stories.get(name).map_or(&[][..], Vec::as_slice);
        let pair = story.iter().zip(told).find(|(one, other)| one != other);
        same(story == told, &|| {
            format!("of {name}: {pair:?}, {} events and {}", story.len(), told.len())
        })?;
    }
    for (name, story) in &other.stories {
        same(base.stories.contains_key(name), &|| {
            format!("only the candidate tells of {name}: {story:?}")
        })?;
    }
    let pair = base
        .tickets
        .iter()
        .zip(&other.tickets)
        .find(|(one, other)| one != other);
    same(base.tickets == other.tickets, &|| {
        format!("{pair:?}, {} tickets and {}", base.tickets.len(), other.tickets.len())
    })?;
    for (key, row) in &base.measured {
        let found = other.measured.get(key);
        same(found == Some(row), &|| format!("{row:?}, and {found:?}"))?;
    }
    Ok(())
}

/// What fails of a row on so many cases.
fn failures(row: Row, cases: u32) -> Option<String> {
    try_cases(cases, 4000, Cases { row }, |case| changes_nothing(&case)).err()
}

fn nothing_of(failures: impl Iterator<Item = String>) {
    let failures: Vec<String> = failures.collect();
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

/// Every row of a table, on an eighth of the cases that are asked for each, but on two at least.
fn change_nothing(rows: &[Row]) {
    nothing_of(rows.iter().filter_map(|row| failures(*row, (cases() / 8).max(2))));
}

#[test]
fn what_nobody_is_or_does_changes_nothing() {
    change_nothing(DEMAND);
}

#[test]
fn promises_that_nobody_acts_on_change_nothing() {
    change_nothing(PROMISES);
}

#[test]
fn people_and_limits_that_are_never_reached_change_nothing() {
    change_nothing(PEOPLE);
}

#[test]
fn steps_that_nobody_takes_change_nothing() {
    change_nothing(PROCESS);
}

#[test]
fn rules_that_do_nothing_change_nothing() {
    change_nothing(RULES);
}

#[test]
fn no_trigger_changes_anything_by_itself() {
    let only_flags = &RULES[0];
    let never = &RULES[1];
    nothing_of((0..TRIGGERS).flat_map(|trigger| {
        [only_flags, never]
            .into_iter()
            .filter_map(move |row| failures(row.at(trigger), (cases() / 16).max(1)))
    }));
}
