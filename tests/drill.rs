//! Drills: what a pack promises, for every shipped scenario and archetype; that exports are what their receivers read; that
//! nothing is given away; and the player, in a real terminal, through a whole drill.

mod drill_support;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use drill_support::schema;
use escalade::drill::archetype::{Archetype, InjectKind, library};
use escalade::drill::choose::Ask;
use escalade::drill::exercise::{Drill, Inject, Kind};
use escalade::drill::goal::Goal;
use escalade::drill::make::{Made, Wish, make};
use escalade::drill::milestone::Milestone;
use escalade::drill::moment::When;
use escalade::drill::msel;
use escalade::drill::offset::offset;
use escalade::drill::pack::{Pack, pack};
use escalade::drill::play::{Session, What};
use escalade::drill::script::{APART_S, MOST_IN_90_MIN};
use escalade::scenario::{BASE, Document, starter};
use escalade::time::Length;
use proptest::prelude::*;
use serde_json::Value;

/// Every scenario of the repository, by its file's name.
fn all_shipped() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let files = fs::read_dir(folder)
        .expect("the scenarios")
        .map(|entry| entry.expect("an entry").path());
    let scenarios = files.filter(|path| path.extension().is_some_and(|end| end == "toml"));
    let mut names: Vec<String> = scenarios
        .map(|path| path.file_stem().expect("a name").display().to_string())
        .collect();
    names.sort();
    assert!(names.len() >= 4, "{names:?}");
    names
}

fn shipped(name: &str) -> Document {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("scenarios")
        .join(format!("{name}.toml"));
    Document::read(&path).expect("a shipped scenario")
}

fn desk() -> Document {
    Document::parse("desk.toml", starter("desk"))
}

fn wish(file: &str) -> Wish {
    Wish {
        ask: Ask {
            archetypes: library(),
            severity: None,
            services: Vec::new(),
            goals: Vec::new(),
            when: When::Any,
            at: None,
            incidents: 1,
            apart: Length::from_secs(900),
            seed: 1,
        },
        at: None,
        hardest: false,
        candidate: BASE.to_owned(),
        kind: Kind::Tabletop,
        length: Length::from_secs(5400),
        date: None,
        replications: 60,
        threads: Some(2),
        file: file.to_owned(),
        options: serde_json::Map::new(),
    }
}

fn only(id: &str) -> Vec<Archetype> {
    library().into_iter().filter(|one| one.id == id).collect()
}

fn made(document: &Document, wish: &Wish) -> (Made, Pack) {
    let made = make(document, wish, &()).expect("a drill");
    let pack = pack(&made, document, false).expect("a pack");
    (made, pack)
}

fn text<'p>(pack: &'p Pack, path: &str) -> &'p str {
    let file = pack.files.iter().find(|(name, _)| name == path);
    std::str::from_utf8(&file.unwrap_or_else(|| panic!("{path} is missing")).1).expect("UTF-8")
}

/// What must hold of every drill.
fn check_drill(drill: &Drill) {
    let overload = drill.objectives.iter().any(|one| one.goal == Some(Goal::Storm));
    let planned: Vec<&Inject> = drill.injects.iter().filter(|inject| inject.is_planned()).collect();
    let what = format!("{} {:?}", drill.stories[0].archetype, drill.kind);
    assert!(
        drill.injects.is_sorted_by_key(|inject| inject.offset_s),
        "{what}: not in the order of delivery"
    );
    assert!(
        planned.is_sorted_by_key(|inject| inject.story_s),
        "{what}: the story runs backwards"
    );
    let numbers: Vec<usize> = planned
        .iter()
        .map(|inject| inject.number.parse().expect("a number"))
        .collect();
    assert_eq!(numbers, (1..=planned.len()).collect::<Vec<_>>(), "{what}");
    assert_eq!(
        (planned[0].offset_s, planned[0].story_s),
        (0, 0),
        "{what}: the first symptom is the start"
    );
    let kinds: Vec<InjectKind> = planned.iter().map(|inject| inject.kind).collect();
    assert_eq!(
        kinds[kinds.len() - 2..],
        [InjectKind::Resolution, InjectKind::End],
        "{what}"
    );
    if !overload {
        for (index, inject) in planned.iter().enumerate() {
            let before = planned[..index].iter().rev().find(|other| other.to == inject.to);
            if let Some(before) = before {
                assert!(
                    inject.offset_s - before.offset_s >= APART_S,
                    "{what}: {} and {} to one role",
                    before.number,
                    inject.number
                );
            }
        }
    }
    for objective in &drill.objectives {
        let serve = planned
            .iter()
            .filter(|inject| inject.objectives.contains(&objective.number))
            .count();
        assert!(serve >= 2, "{what}: objective {} has {serve} injects", objective.number);
    }
    check_expectations(drill, &what);
    assert!(
        drill.ends_s() <= drill.length_s,
        "{what}: ends at {} s, and {} are planned",
        drill.ends_s(),
        drill.length_s
    );
    let planned: Vec<&str> = planned.iter().map(|inject| inject.reference.as_str()).collect();
    assert!(
        !planned.is_sorted() && planned.iter().all(|one| one.len() == planned[0].len()),
        "{what}: references give the order away: {planned:?}"
    );
    let mut references: Vec<&str> = drill.injects.iter().map(|inject| inject.reference.as_str()).collect();
    references.sort_unstable();
    references.dedup();
    assert_eq!(
        references.len(),
        drill.injects.len(),
        "{what}: references are not unique"
    );
}

/// Every band hangs on one inject that comes no later than its first decile; contingencies come after what they repeat, when
/// the story's clock is at the ninth decile of what they are for, or later.
fn check_expectations(drill: &Drill, what: &str) {
    for band in &drill.bands {
        let waiting: Vec<&Inject> = drill
            .injects
            .iter()
            .filter(|inject| inject.expects.contains(&band.key()))
            .collect();
        let start = drill.stories[band.incident - 1].after_s;
        match band.p10.value {
            None => assert!(
                waiting.is_empty(),
                "{what}: {} is expected and rarely happens",
                band.key()
            ),
            Some(earliest) => {
                assert_eq!(waiting.len(), 1, "{what}: {}", band.key());
                let inject = waiting[0];
                assert!(
                    inject.story_s as f64 <= start + earliest,
                    "{what}: {} is expected before {}",
                    band.key(),
                    inject.number
                );
            }
        }
        let deciles = [band.p10.value, band.p50.value, band.p90.value].map(|value| value.unwrap_or(f64::INFINITY));
        assert!(deciles.is_sorted(), "{what}: {deciles:?}");
    }
    for inject in &drill.injects {
        for number in &inject.contingencies {
            let row = drill.injects.iter().find(|other| other.number == *number);
            check_contingency(drill, inject, row.expect("its row"), what);
        }
    }
}

fn check_contingency(drill: &Drill, inject: &Inject, row: &Inject, what: &str) {
    let number = &row.number;
    assert!(
        row.story_s >= inject.story_s + APART_S && row.kind == InjectKind::Contingency,
        "{what}: {number}"
    );
    let told = drill.story_second(row.offset_s as f64);
    assert!(
        (told - row.story_s as f64).abs() < 1e-6,
        "{what}: {number} comes at {told} of the story"
    );
    assert!(!row.late.is_empty(), "{what}: {number} is for nothing");
    for key in &row.late {
        assert!(inject.expects.contains(key), "{what}: {number} is for {key}");
        let band = drill.band(key).expect("a band");
        let late = drill.stories[band.incident - 1].after_s + band.p90.value.expect("mostly reached");
        assert!(
            row.story_s as f64 >= late,
            "{what}: {number} comes before {late}, {key}"
        );
    }
}

/// What must hold of what each replication did.
fn check_played(made: &Made) {
    let index = |milestone: Milestone| Milestone::ALL.iter().position(|one| *one == milestone).expect("there");
    for row in made.played.iter().flat_map(|played| &played.reached) {
        assert_eq!(row[index(Milestone::Detected)], Some(0.0));
        for (before, after) in Milestone::ORDER {
            if let (Some(a), Some(b)) = (row[index(*before)], row[index(*after)]) {
                assert!(a <= b, "{before} at {a} after {after} at {b}");
            }
        }
    }
}

/// Words that give something away, looked for independently of the program's own check.
fn check_secrets(drill: &Drill, pack: &Pack) {
    for (path, bytes) in pack.files.iter().filter(|(path, _)| !path.starts_with("facilitator/")) {
        let page = String::from_utf8_lossy(bytes).to_lowercase();
        for story in &drill.stories {
            let sentences = story
                .cause
                .split('.')
                .map(str::trim)
                .filter(|sentence| !sentence.is_empty());
            let secrets = sentences
                .chain([story.title.as_str(), story.archetype.as_str()])
                .chain(story.spoilers.iter().map(String::as_str));
            for secret in secrets {
                let secret = secret.to_lowercase();
                let found = page.match_indices(&secret).any(|(at, _)| {
                    let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
                    !letter(page[..at].chars().next_back()) && !letter(page[at + secret.len()..].chars().next())
                });
                assert!(!found, "{path} says `{secret}`");
            }
        }
        for word in [
            "true_severity",
            "red_herring",
            "red herring",
            "expected_",
            "p90",
            "ninth decile",
        ] {
            assert!(!page.contains(word), "{path} says `{word}`");
        }
        let handed_out = path.starts_with("participants/");
        for inject in drill.injects.iter().filter(|_| handed_out) {
            assert!(
                !page.contains(&inject.text.to_lowercase()),
                "{path} holds number {}",
                inject.number
            );
        }
    }
}

fn check_exports(pack: &Pack) {
    let schemas = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/drill/schemas");
    let schema = |name: &str| -> Value {
        serde_json::from_str(&fs::read_to_string(schemas.join(name)).expect("a schema")).expect("JSON")
    };
    for (file, name, many) in [
        ("alerts-pagerduty.json", "pagerduty-events-v2.json", true),
        ("alerts-alertmanager.json", "alertmanager-webhook-v4.json", true),
        ("alerts-opsgenie.json", "opsgenie-alert.json", true),
        ("tickets-zendesk.json", "zendesk-import.json", false),
    ] {
        let value: Value = serde_json::from_str(text(pack, &format!("exports/{file}"))).expect("JSON");
        let schema = schema(name);
        let wrong: Vec<String> = match many {
            true => value
                .as_array()
                .expect("a list")
                .iter()
                .flat_map(|one| schema::wrong(&schema, one, file))
                .collect(),
            false => schema::wrong(&schema, &value, file),
        };
        assert!(wrong.is_empty(), "{wrong:?}");
    }
    check_joined(pack);
    for (file, heads) in [
        (
            "tickets-servicenow.csv",
            "number,short_description,description,caller_id,contact_type,impact,urgency,category,subcategory,business_service,\
             cmdb_ci,assignment_group,parent_incident,opened_at,correlation_id",
        ),
        (
            "tickets-jira.csv",
            "Summary,Issue Type,Priority,Description,Reporter,Date Created,Component,Labels,Labels,External issue ID,\
             Link \"Relates\"",
        ),
    ] {
        let table = text(pack, &format!("exports/{file}"));
        let mut reader = csv::Reader::from_reader(table.as_bytes());
        assert_eq!(
            reader.headers().expect("heads").iter().collect::<Vec<_>>().join(","),
            heads
        );
        let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().expect("rows of one length");
        assert!(!rows.is_empty());
    }
}

/// Alerts that one receiver joins, the other joins too.
fn check_joined(pack: &Pack) {
    let alerts = |file: &str| -> Vec<Value> {
        let value: Value = serde_json::from_str(text(pack, file)).expect("JSON");
        value.as_array().expect("a list").clone()
    };
    let pages = alerts("exports/alerts-pagerduty.json");
    let triggers = pages.iter().filter(|event| event["event_action"] == "trigger");
    let keys: Vec<&Value> = triggers.map(|event| &event["dedup_key"]).collect();
    let others = alerts("exports/alerts-opsgenie.json");
    let aliases: Vec<&Value> = others.iter().map(|alert| &alert["alias"]).collect();
    assert_eq!(keys, aliases);
}

fn check_calendar(drill: &Drill, text: &str) {
    let calendars: Vec<_> = ical::IcalParser::new(text.as_bytes())
        .collect::<Result<_, _>>()
        .expect("a calendar");
    let events = &calendars[0].events;
    assert_eq!(events.len(), 3);
    for event in events {
        let get = |name: &str| {
            event
                .properties
                .iter()
                .find(|one| one.name == name)
                .and_then(|one| one.value.clone())
        };
        assert!(get("SUMMARY").expect("a summary").starts_with("[DRILL]"));
        assert!(get("UID").expect("an id").starts_with(&drill.id));
        let [start, end] = ["DTSTART", "DTEND"].map(|name| get(name).expect("a time"));
        assert!(start < end && start.ends_with('Z'), "{start} {end}");
        assert_eq!(event.alarms.len(), 1);
    }
}

fn check_events_list(drill: &Drill, table: &str) {
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    assert_eq!(
        reader.headers().expect("heads").iter().collect::<Vec<_>>(),
        msel::COLUMNS
    );
    let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().expect("rows");
    assert_eq!(rows.len(), drill.injects.len());
    for (row, inject) in rows.iter().zip(&drill.injects) {
        assert_eq!(
            (&row[0], &row[1]),
            (inject.number.as_str(), offset(inject.offset_s as f64).as_str())
        );
        let wall: jiff::Timestamp = row[2].parse().expect("RFC 3339");
        let start: jiff::Timestamp = drill.start_at.parse().expect("RFC 3339");
        assert_eq!(wall.duration_since(start).as_secs(), inject.offset_s);
        assert!(row[13].is_empty() && row[14].is_empty() && row[15].is_empty());
    }
}

fn check_all(made: &Made, pack: &Pack) {
    check_drill(&made.drill);
    check_played(made);
    check_secrets(&made.drill, pack);
    check_exports(pack);
    check_calendar(&made.drill, text(pack, "participants/drill.ics"));
    check_events_list(&made.drill, text(pack, "facilitator/msel.csv"));
}

#[test]
fn every_shipped_scenario_makes_a_whole_pack() {
    for name in all_shipped() {
        let (made, pack) = made(&shipped(&name), &wish(&name));
        check_all(&made, &pack);
        let planned = made.drill.injects.iter().filter(|inject| inject.is_planned()).count();
        assert!(
            (10..=MOST_IN_90_MIN).contains(&planned),
            "{name}: {planned} injects in 90 minutes"
        );
        for role in [
            "incident-commander",
            "operations-lead",
            "communications-lead",
            "scribe",
            "executive",
        ] {
            assert!(text(&pack, &format!("participants/cards/{role}.md")).contains("Who may fill it"));
        }
        let guide = text(&pack, "facilitator/guide.md");
        for milestone in &made.drill.not_modelled {
            assert!(
                guide.contains(milestone.label()),
                "{name}: the guide does not say that {milestone} is not modelled"
            );
        }
    }
}

fn band(made: &Made, milestone: Milestone) -> escalade::drill::bands::Band {
    let found = made.drill.bands.iter().find(|band| band.milestone == milestone);
    found.unwrap_or_else(|| panic!("{milestone} is not modelled")).clone()
}

fn median(made: &Made, milestone: Milestone) -> f64 {
    band(made, milestone).p50.value.expect("mostly reached")
}

/// Pages climb the rota as it stands at that moment, and the level's limit is the target.
#[test]
fn the_rota_of_the_moment_is_paged_and_the_level_s_time_is_the_target() {
    let document = shipped("on-call");
    let mut wish = wish("on-call.toml");
    (wish.replications, wish.ask.archetypes) = (200, only("bad-deploy"));
    for (at, primary, secondary) in [
        ("2026-03-12T02:20", "cleo", "finn"),
        ("2026-04-02T02:20", "finn", "cleo"),
        // Cleo is on leave: the next in turn stands in.
        ("2026-05-13T02:20", "finn", "dan"),
    ] {
        wish.at = Some(at.to_owned());
        let made = make(&document, &wish, &()).expect("a drill");
        let people: Vec<&str> = made.drill.on_call.iter().map(|duty| duty.person.as_str()).collect();
        assert_eq!(people, [primary, secondary], "{at}");
        assert_eq!(made.drill.met.doing.as_deref(), Some("asleep"));
        let acknowledged = band(&made, Milestone::Acknowledged);
        assert_eq!(median(&made, Milestone::Paged), 0.0);
        assert_eq!(acknowledged.target_s, Some(300.0));
        assert_eq!(acknowledged.target_words(), "5 min after paged");
        // Somebody asleep acknowledges in 6 min in the median, if at all: about two in five within five.
        let misses = acknowledged.misses.expect("a target");
        assert!(misses.low < Some(0.66) && misses.high > Some(0.62), "{misses:?}");
    }
}

#[test]
fn who_is_second_in_line_is_missing_in_the_simulation_too() {
    let document = shipped("on-call");
    let mut wish = wish("on-call.toml");
    (wish.replications, wish.ask.archetypes) = (400, only("bad-deploy"));
    wish.at = Some("2026-03-12T02:20".to_owned());
    wish.ask.goals = vec![Goal::Paging];
    let there = make(&document, &wish, &()).expect("a drill");
    wish.ask.goals = vec![Goal::SecondaryAbsent];
    let (missing, pack) = made(&document, &wish);
    check_all(&missing, &pack);
    assert!(there.drill.absent.is_empty());
    let absent: Vec<(&str, &str)> = missing
        .drill
        .absent
        .iter()
        .map(|one| (&*one.person, &*one.place))
        .collect();
    assert_eq!(absent, [("finn", "second of the policy payments")]);
    // Players see the rota as it is written.
    assert!(text(&pack, "participants/brief.md").contains("secondary: finn"));
    assert!(
        text(&pack, "facilitator/guide.md")
            .contains("finn, second of the policy payments, is away, answers no page, and nobody stands in")
    );
    assert!(
        missing
            .drill
            .injects
            .iter()
            .any(|inject| inject.text.starts_with("Finn is on leave"))
    );
    // After the primary's five minutes the page goes nowhere for ten: whoever would have been late is later still.
    let late = |made: &Made| band(made, Milestone::Acknowledged).p90.value.unwrap_or(f64::INFINITY);
    assert!(
        late(&missing) > late(&there) + 60.0,
        "{} {}",
        late(&missing),
        late(&there)
    );
}

#[test]
fn a_slow_approver_is_slow_in_the_simulation_too_and_the_gate_is_met() {
    let document = shipped("change-gates");
    let mut wish = wish("change-gates.toml");
    (wish.replications, wish.ask.archetypes) = (200, only("ddos"));
    wish.at = Some("2026-04-07T10:20".to_owned());
    wish.ask.goals = vec![Goal::Paging];
    let usual = make(&document, &wish, &()).expect("a drill");
    wish.ask.goals = vec![Goal::DecisionGate];
    let (slow, pack) = made(&document, &wish);
    check_all(&slow, &pack);
    // Emergency changes are 60 % of Sev1: whether this one is, is drawn, unless the gate is what is rehearsed.
    let asked = |made: &Made| 1.0 - band(made, Milestone::GateRequested).never.value.expect("a share");
    assert!((0.5..0.7).contains(&asked(&usual)), "{}", asked(&usual));
    assert!(asked(&slow) > 0.95, "{}", asked(&slow));
    let roles: Vec<&str> = slow.drill.slow.iter().map(|one| one.role.as_str()).collect();
    assert_eq!(roles, ["change-manager", "service-owner"]);
    let decided = band(&slow, Milestone::GateDecided);
    assert_eq!(decided.limit.map(|limit| limit.within_s), Some(2700.0));
    // Nobody answers within the gate's time; then the deputy takes ten minutes to be reached and five to decide.
    let index = |milestone: Milestone| milestone as usize;
    for row in &slow.played[0].reached {
        if let (Some(asked), Some(decided)) = (row[index(Milestone::GateRequested)], row[index(Milestone::GateDecided)])
        {
            assert!(decided - asked >= 2700.0 + 900.0 - 1e-6, "{asked} {decided}");
        }
    }
    assert_eq!(slow.drill.met.gate.as_deref(), Some("emergency"));
}

/// The playbook asks the director about a failover first; the approver who is slow is that of the change, and so is the time.
#[test]
fn the_gate_that_is_slow_is_the_gate_that_is_measured() {
    let document = shipped("playbook");
    let mut wish = wish("playbook.toml");
    (wish.replications, wish.ask.archetypes) = (100, only("datacentre-power"));
    wish.ask.services = vec!["platform".into()];
    wish.at = Some("2026-05-07T10:20".to_owned());
    wish.ask.goals = vec![Goal::DecisionGate];
    let (made, pack) = made(&document, &wish);
    check_all(&made, &pack);
    assert_eq!(made.drill.slow[0].gate, "release");
    assert_eq!(made.drill.met.gate.as_deref(), Some("release"));
    let limit = band(&made, Milestone::GateDecided).limit;
    assert!(
        limit.is_some_and(|limit| (limit.within_s - 1800.0).abs() < 0.01),
        "{limit:?}"
    );
    // The release manager answers after an hour; after half of it the deputy is asked.
    let mut decisions = 0;
    for row in &made.played[0].reached {
        let times = [Milestone::GateRequested, Milestone::GateDecided].map(|milestone| row[milestone as usize]);
        if let [Some(asked), Some(decided)] = times {
            assert!(decided - asked >= 1800.0 - 1e-6, "{asked} {decided}");
            decisions += 1;
        }
    }
    assert!(decisions > 50, "{decisions}");
}

/// What the playbook has, a drill of it has: pages, commander, gates, updates and reviews, with their targets.
#[test]
fn the_playbook_s_own_events_are_the_milestones() {
    let document = shipped("playbook");
    let mut wish = wish("playbook.toml");
    (wish.replications, wish.ask.archetypes) = (120, only("datacentre-power"));
    wish.ask.services = vec!["platform".into()];
    wish.at = Some("2026-05-07T02:20".to_owned());
    let (made, pack) = made(&document, &wish);
    check_all(&made, &pack);
    for milestone in [
        Milestone::Paged,
        Milestone::Acknowledged,
        Milestone::Declared,
        Milestone::CommanderNamed,
        Milestone::FirstUpdate,
        Milestone::Mitigated,
        Milestone::ReviewScheduled,
    ] {
        assert!(band(&made, milestone).never.value < Some(1.0), "{milestone}");
    }
    assert_eq!(band(&made, Milestone::Acknowledged).target_words(), "5 min after paged");
    // Platinum customers are promised half of the time, but for mitigation, which is everybody's.
    assert_eq!(band(&made, Milestone::Resolved).target_s, Some(14_400.0));
    assert_eq!(band(&made, Milestone::Mitigated).target_s, Some(7200.0));
    let card = text(&pack, "participants/cards/incident-commander.md");
    assert!(card.contains("Commander: emil, on call (duty-manager)"), "{card}");
    let card = text(&pack, "participants/cards/executive.md");
    assert!(
        card.contains("Director: hana") && card.contains("nobody of engineering is on duty at that hour"),
        "{card}"
    );
}

/// An organisation that declares and links incidents does so with the drill's.
#[test]
fn an_incident_is_declared_and_linked_as_the_organisation_does_it() {
    let linking = "[incidents.outage]\nat = [\"2d\"]\ndeclared = { tickets = 3 }\nlinking = { share = 0.8, delay = { deterministic = \"4m\" } }\n";
    let text = starter("desk").replace("[candidates.sooner]", &format!("{linking}\n[candidates.sooner]"));
    let mut wish = wish("desk.toml");
    wish.ask.archetypes = only("ddos");
    let (knows, _) = made(&Document::parse("desk.toml", text), &wish);
    let (does_not, _) = made(&desk(), &wish);
    let median = |made: &Made, milestone: Milestone| {
        let band = made.drill.bands.iter().find(|band| band.milestone == milestone);
        band.and_then(|band| band.p50.value)
    };
    assert!(does_not.drill.not_modelled.contains(&Milestone::Declared));
    // The third ticket of the fault comes with the storm's first, ten minutes after the symptom.
    assert_eq!(median(&knows, Milestone::Declared), Some(600.0));
    let closed = [&knows, &does_not].map(|made| median(made, Milestone::ChildrenClosed));
    assert!(closed[0] < closed[1], "nobody works the children: {closed:?}");
}

#[test]
fn every_archetype_makes_a_whole_pack_in_every_kind_of_exercise() {
    let document = desk();
    for archetype in library() {
        for kind in [Kind::Walkthrough, Kind::Tabletop, Kind::Functional] {
            let mut wish = wish("desk.toml");
            (wish.ask.archetypes, wish.kind) = (vec![archetype.clone()], kind);
            let (made, pack) = made(&document, &wish);
            check_all(&made, &pack);
            if kind == Kind::Functional {
                assert!(
                    made.drill.injects.iter().all(|inject| !inject.jumps),
                    "{}: time jumps",
                    archetype.id
                );
            }
        }
    }
}

#[test]
fn every_goal_has_two_injects_of_its_own() {
    for goal in Goal::ALL {
        let mut wish = wish("desk.toml");
        wish.ask.goals = vec![goal];
        let (made, pack) = made(&desk(), &wish);
        check_all(&made, &pack);
        assert_eq!(made.drill.objectives[1].goal, Some(goal));
    }
}

/// What is left out of the script is left out of the simulation, too.
#[test]
fn the_organisation_plays_the_tickets_that_players_get() {
    let linking = "[incidents.outage]\nat = [\"2d\"]\ndeclared = { tickets = 4 }\nlinking = { share = 0.8, delay = { deterministic = \"4m\" } }\n";
    let text = starter("desk").replace("[candidates.sooner]", &format!("{linking}\n[candidates.sooner]"));
    let document = Document::parse("desk.toml", text);
    let mut wish = wish("desk.toml");
    wish.ask.archetypes = only("database-failover");
    let has_storm = |made: &Made| made.drill.injects.iter().any(|inject| inject.kind == InjectKind::Storm);
    let declares = |made: &Made| !made.drill.not_modelled.contains(&Milestone::Declared);
    let roomy = make(&document, &wish, &()).expect("a drill");
    assert!(has_storm(&roomy) && declares(&roomy));
    // With so much of the goals' own, the storm has to go; three tickets are no incident there.
    wish.ask.goals = vec![
        Goal::Paging,
        Goal::Communications,
        Goal::DecisionGate,
        Goal::MisjudgedSeverity,
    ];
    let (full, pack) = made(&document, &wish);
    check_all(&full, &pack);
    assert!(!has_storm(&full) && !declares(&full));
    // Whoever wants to rehearse a storm gets it.
    wish.ask.goals.push(Goal::Storm);
    let (stormy, _) = made(&document, &wish);
    assert!(has_storm(&stormy) && declares(&stormy));
}

#[test]
fn a_change_of_shift_is_of_the_hours_in_which_it_is() {
    let document = desk();
    let mut wish = wish("desk.toml");
    (wish.ask.when, wish.replications) = (When::ShiftChange, 24);
    let mut nights = 0;
    for seed in 0..12 {
        wish.ask.seed = seed;
        let drill = make(&document, &wish, &()).expect("a drill").drill;
        let hour: u8 = drill.story_at[11..13].parse().expect("an hour");
        let is_night = !(7..23).contains(&hour);
        assert_eq!(drill.when == When::Night, is_night, "{}", drill.story_at);
        assert!(
            drill.when != When::Office || (9..17).contains(&hour),
            "{}",
            drill.story_at
        );
        nights += u32::from(is_night);
    }
    assert!(nights > 0, "no shift of the desk ends at night");
}

#[test]
fn whatever_a_drill_is_made_from_is_in_its_id() {
    let document = desk();
    let mut wish = wish("desk.toml");
    (wish.ask.archetypes, wish.ask.incidents, wish.replications) = (library(), 2, 24);
    let id = |wish: &Wish| make(&document, wish, &()).expect("a drill").drill.id;
    let first = id(&wish);
    assert_eq!(first, id(&wish));
    wish.ask.apart = Length::from_secs(1500);
    let later = id(&wish);
    assert_ne!(first, later);
    for archetype in &mut wish.ask.archetypes {
        archetype.cause.push_str(" It was nobody's fault.");
    }
    assert_ne!(later, id(&wish));
}

#[test]
fn the_same_wish_makes_the_same_bytes_on_any_number_of_threads() {
    let document = shipped("saas-helpdesk");
    let files = |threads: usize| {
        let mut wish = wish("saas-helpdesk.toml");
        (wish.threads, wish.ask.incidents) = (Some(threads), 2);
        made(&document, &wish).1
    };
    let one = files(1);
    assert!(one == files(3));
    let other = {
        let mut wish = wish("saas-helpdesk.toml");
        wish.ask.seed = 2;
        made(&document, &wish).1
    };
    assert!(one != other, "another seed is another drill");
}

#[test]
fn a_staged_export_holds_its_own_delivery_and_nothing_of_the_end() {
    let document = desk();
    let mut wish = wish("desk.toml");
    wish.ask.archetypes = only("ddos");
    let made = make(&document, &wish, &()).expect("a drill");
    let staged = pack(&made, &document, true).expect("a pack");
    let mut seen = 0;
    for (path, bytes) in staged.files.iter().filter(|(path, _)| path.starts_with("exports/")) {
        let folder = path.split('/').nth(1).expect("a folder").replace('-', ":");
        if path.ends_with("alerts-alertmanager.json") {
            let value: Value = serde_json::from_slice(bytes).expect("JSON");
            for alert in value.as_array().expect("a list") {
                assert_eq!(alert["status"], "firing", "{path}");
                let start: jiff::Timestamp = made.drill.start_at.parse().expect("a time");
                let at: jiff::Timestamp = alert["alerts"][0]["startsAt"]
                    .as_str()
                    .expect("text")
                    .parse()
                    .expect("a time");
                assert_eq!(
                    offset(at.duration_since(start).as_secs_f64()).trim_start_matches('+'),
                    folder
                );
                seen += 1;
            }
        }
    }
    assert_eq!(seen, 2);
}

#[test]
fn a_word_that_gives_it_away_is_refused() {
    let mut wish = wish("desk.toml");
    wish.ask.archetypes = only("bad-deploy");
    wish.ask.archetypes[0].spoilers.push("error page".into());
    let document = desk();
    let made = make(&document, &wish, &()).expect("a drill");
    let error = pack(&made, &document, false)
        .expect_err("it would be given away")
        .to_string();
    assert!(
        error.contains("would say `error page`, which gives the incident away"),
        "{error}"
    );
}

#[test]
fn the_incident_happens_when_it_was_asked_for_also_in_the_hour_that_exists_twice() {
    let text = starter("desk")
        .replace("2026-03-02\"              # a Monday", "2026-10-19\"")
        .replace("holidays = [\"2026-04-03\", \"2026-04-06\"]", "holidays = []");
    let document = Document::parse("desk.toml", text);
    let mut wish = wish("desk.toml");
    wish.at = Some("2026-10-25T02:30".into());
    let (twice, _) = made(&document, &wish);
    assert_eq!(twice.drill.story_at, "2026-10-25T02:30:00+02:00");
    assert!(twice.remarks[0].contains("show 2026-10-25T02:30 twice; the first of the two is taken"));
    // The week before it contains the change of the clocks.
    wish.at = Some("2026-10-30T02:20".into());
    let (made, _) = made(&document, &wish);
    assert_eq!(made.drill.story_at, "2026-10-30T02:20:00+01:00");
    assert_eq!(
        made.drill
            .duty
            .iter()
            .find(|duty| duty.team == "desk")
            .map(|duty| duty.shift.as_str()),
        Some("night")
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Injects are in order, and expected times are those of the simulation, whatever is asked for.
    #[test]
    fn any_wish_makes_a_drill_that_holds_together(
        seed in 0u64..1_000_000,
        archetypes in proptest::sample::subsequence(library(), 2..=6),
        goals in proptest::sample::subsequence(Goal::ALL.to_vec(), 0..=3),
        kind in prop_oneof![Just(Kind::Walkthrough), Just(Kind::Tabletop), Just(Kind::Functional)],
        when in prop_oneof![Just(When::Any), Just(When::Night), Just(When::ShiftChange), Just(When::Holiday)],
        incidents in 1u32..=2,
        minutes in 60i64..=180,
    ) {
        let mut wish = wish("desk.toml");
        wish.ask = Ask { seed, archetypes, goals: goals.clone(), when, incidents, ..wish.ask };
        (wish.kind, wish.length, wish.replications) = (kind, Length::from_secs(60 * minutes), 24);
        let document = desk();
        let made = make(&document, &wish, &()).unwrap_or_else(|error| {
            // Whatever takes longer says how long, and then it has the room.
            let said = error.to_string();
            let needed = said.split_once("write `--length ").and_then(|(_, rest)| rest.split_once("m`"));
            let needed: i64 = needed.and_then(|(minutes, _)| minutes.parse().ok()).expect("the length that is needed");
            assert!(needed > minutes, "{said}");
            wish.length = Length::from_secs(60 * needed);
            make(&document, &wish, &()).expect("a drill")
        });
        check_drill(&made.drill);
        check_played(&made);
        let pack = pack(&made, &document, false).expect("a pack");
        check_secrets(&made.drill, &pack);
        check_events_list(&made.drill, text(&pack, "facilitator/msel.csv"));
        // The clocks of story and exercise translate both ways at every delivery.
        for inject in made.drill.injects.iter().filter(|inject| inject.is_planned()) {
            let there = made.drill.story_second(inject.offset_s as f64);
            prop_assert!((there - inject.story_s as f64).abs() < 1e-6);
            // What players do in the minute after a delivery has taken a minute.
            let minute = made.drill.story_second(inject.offset_s as f64 + 60.0) - inject.story_s as f64;
            let next = made.drill.injects.iter().filter(|next| next.is_planned() && next.offset_s > inject.offset_s);
            let soon = next.clone().any(|next| next.offset_s <= inject.offset_s + 60);
            prop_assert!(soon || (minute - 60.0).abs() < 1e-6, "{minute}");
        }
    }
}

/// The pack in docs/example-drill is what the program makes. `UPDATE_DOCS=1` writes it anew.
#[test]
fn the_example_in_the_documentation_is_what_is_made() {
    let document = shipped("playbook");
    let mut wish = wish("playbook.toml");
    wish.ask = Ask {
        archetypes: only("datacentre-power"),
        services: vec!["platform".to_owned()],
        goals: vec![Goal::Paging, Goal::SecondaryAbsent, Goal::DecisionGate],
        when: When::Night,
        seed: 7,
        ..wish.ask
    };
    (wish.date, wish.replications) = (Some("2026-05-14T09:00".to_owned()), 500);
    // As the command of docs/drills.md has it.
    let given = serde_json::json!({
        "service": ["platform"],
        "when": "night",
        "rehearse": ["paging", "secondary-absent", "decision-gate"],
        "archetype": ["datacentre-power"],
        "date": "2026-05-14T09:00",
        "replications": 500,
        "seed": 7,
    });
    wish.options = given.as_object().expect("an object").clone();
    let (_, pack) = made(&document, &wish);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/example-drill");
    let update = std::env::var_os("UPDATE_DOCS").is_some();
    for (path, bytes) in &pack.files {
        let file = folder.join(path);
        if update {
            fs::create_dir_all(file.parent().expect("a folder")).expect("made");
            fs::write(&file, bytes).expect("written");
        }
        let there = fs::read(&file).unwrap_or_default();
        assert!(
            there == *bytes,
            "{path} differs: UPDATE_DOCS=1 cargo test --release --test drill example"
        );
    }
    assert_eq!(
        contents(&folder).len(),
        pack.files.len(),
        "a file too many in docs/example-drill"
    );
}

// ---- the command line ----

struct Desk {
    home: tempfile::TempDir,
}

impl Desk {
    fn with_pack(arguments: &str) -> Desk {
        let desk = Desk {
            home: tempfile::tempdir().expect("a folder"),
        };
        desk.says("init desk", 0);
        desk.says(
            &format!("drill desk.toml --out pack --replications 60 --threads 2 {arguments}"),
            0,
        );
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_escalade"));
        command
            .current_dir(self.home.path())
            .args(arguments.split_whitespace())
            .stdin(Stdio::null());
        command
    }

    /// What it says on both channels, and that it ends with that code.
    fn says(&self, arguments: &str, code: i32) -> (String, String) {
        let Output { status, stdout, stderr } = self.command(arguments).output().expect("started");
        let (out, err) = (
            String::from_utf8_lossy(&stdout).into_owned(),
            String::from_utf8_lossy(&stderr).into_owned(),
        );
        assert_eq!(status.code(), Some(code), "escalade {arguments}\n{out}\n{err}");
        assert!(!err.contains("panicked"), "{err}");
        let long: Vec<&str> = out.lines().filter(|line| line.chars().count() > 80).collect();
        assert!(long.is_empty(), "{long:?}");
        (out, err)
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }
}

fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        match path.is_dir() {
            true => found.extend(contents(&path)),
            false => drop(found.insert(path.clone(), fs::read(&path).expect("a file"))),
        }
    }
    found
}

#[test]
fn a_pack_is_made_again_in_place_and_never_over_something_else() {
    let desk = Desk::with_pack("--archetype ddos");
    let before = contents(&desk.path("pack"));
    desk.says("drill desk.toml --out pack --replications 60 --archetype ddos", 0);
    assert!(before == contents(&desk.path("pack")));
    fs::write(desk.path("pack/facilitator/my-notes.txt"), "mine").expect("written");
    let (_, err) = desk.says("drill desk.toml --out pack --replications 60", 2);
    assert!(
        err.contains("facilitator/my-notes.txt") && err.contains("move it away"),
        "{err}"
    );
    assert_eq!(desk.read("pack/facilitator/my-notes.txt"), "mine");
    desk.says("run desk.toml --replications 2 --out results --quiet", 0);
    let (_, err) = desk.says("drill desk.toml --out results --replications 60", 2);
    assert!(err.contains("is the output of another escalade command"), "{err}");
    let (_, err) = desk.says("run desk.toml --replications 2 --out pack", 2);
    assert!(err.contains("is the output of another escalade command"), "{err}");
}

/// A pack says how it was asked for, and that is enough to make it anew.
#[test]
fn a_pack_is_made_again_from_itself() {
    let desk = Desk::with_pack(
        "--severity Sev1 --service app,network --when night --rehearse paging,communications --archetype ddos,database-failover \
         --incidents 2 --apart 20m --kind functional --length 3h --date 2026-05-14T09:00 --candidate sooner --seed 3 --staged",
    );
    let drill: Value = serde_json::from_str(&desk.read("pack/facilitator/drill.json")).expect("JSON");
    let options = drill["options"].as_object().expect("an object");
    let names: Vec<&str> = options.keys().map(String::as_str).collect();
    assert_eq!(
        names.join(" "),
        "severity service when rehearse incidents apart archetype kind length date candidate replications seed staged"
    );
    fs::create_dir(desk.path("anew")).expect("made");
    fs::copy(desk.path("pack/facilitator/scenario.toml"), desk.path("anew/desk.toml")).expect("copied");
    let mut again = desk.command("drill anew/desk.toml --out again --quiet");
    for (name, value) in options {
        again.arg(format!("--{name}"));
        match value {
            Value::Bool(_) => &mut again,
            Value::Array(all) => again.arg(all.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(",")),
            Value::String(text) => again.arg(text),
            other => again.arg(other.to_string()),
        };
    }
    assert!(again.status().expect("started").success());
    let relative = |folder: &str| -> Vec<(PathBuf, Vec<u8>)> {
        let home = desk.path(folder);
        let files = contents(&home).into_iter();
        files
            .map(|(path, bytes)| (path.strip_prefix(&home).expect("below").to_owned(), bytes))
            .collect()
    };
    assert!(relative("pack") == relative("again"));
}

#[test]
fn what_cannot_be_rehearsed_is_said_and_nothing_is_written() {
    let desk = Desk {
        home: tempfile::tempdir().expect("a folder"),
    };
    desk.says("init desk", 0);
    for (arguments, says) in [
        (
            "--service mail",
            "no service is called `mail`; the scenario has app, network",
        ),
        ("--severity Sev7", "no severity is called `Sev7`"),
        (
            "--archetype fire",
            "no archetype is called `fire`; there are bad-deploy",
        ),
        ("--at yesterday", "`yesterday` is not a date"),
        (
            "--at 2026-03-29T02:30",
            "there is no `2026-03-29T02:30` in Europe/Berlin",
        ),
        (
            "--at 2020-01-01T00:00",
            "lies outside of the scenario's run, which is from 2026-03-02T00:00:00+01:00 to 2026-04-06T01:00:00+02:00",
        ),
        ("--at 2026-04-06T01:00", "lies outside of the scenario's run"),
        ("--date 2026-03-29T02:30", "there is no `2026-03-29T02:30`"),
        ("--candidate x", "no candidate is called `x`"),
        ("--library nowhere", "cannot read nowhere"),
        (
            "--archetype ddos --length 10m",
            "a tabletop exercise of 10 min has no room for its script: write `--length ",
        ),
        (
            "--archetype silent-corruption --kind functional --length 60m",
            "a functional exercise of 1 h has no room for its script: write `--length 8",
        ),
    ] {
        let (_, err) = desk.says(&format!("drill desk.toml --out pack --replications 20 {arguments}"), 2);
        assert!(err.contains(says), "{arguments}: {err}");
        assert!(!desk.path("pack").exists());
    }
    let (_, err) = desk.says("drill play pack", 2);
    assert!(err.contains("is not a pack that can be opened"), "{err}");
}

#[test]
fn an_own_archetype_is_taken_from_a_folder() {
    let desk = Desk {
        home: tempfile::tempdir().expect("a folder"),
    };
    desk.says("init desk", 0);
    fs::create_dir(desk.path("own")).expect("made");
    let original = include_str!("../scenarios/incidents/bad-deploy.toml");
    fs::write(desk.path("own/flood.toml"), original.replace("Bad deploy", "Flood")).expect("written");
    let (out, _) = desk.says(
        "drill desk.toml --library own --archetype flood --replications 20 --out pack",
        0,
    );
    assert!(out.contains("Flood"), "{out}");
    fs::write(desk.path("own/flood.toml"), original.replace("sigma", "sigmar")).expect("written");
    let (_, err) = desk.says(
        "drill desk.toml --library own --archetype flood --replications 20 --out pack2",
        2,
    );
    assert!(
        err.contains("own/flood.toml:1") && err.contains("unknown field `sigmar`"),
        "{err}"
    );
}

#[test]
fn a_drill_without_a_keyboard_runs_to_its_end_and_is_not_played_twice() {
    let desk = Desk::with_pack("--archetype bad-deploy --at 2026-03-11T10:20");
    let (out, err) = desk.says("drill play pack --speed 10000", 0);
    assert!(
        out.contains("The exercise is over") && err.contains("next: `escalade drill score pack`"),
        "{out}{err}"
    );
    let (_, err) = desk.says("drill play pack --speed 10000", 2);
    assert!(err.contains("is over; --again begins anew"), "{err}");
    desk.says("drill play pack --speed 10000 --again", 0);
    assert!(desk.path("pack/run/play.1.jsonl").exists());
    let (_, err) = desk.says("drill play pack --again --webhook http://192.0.2.1/", 2);
    assert!(err.contains("is not this machine"), "{err}");
}

#[test]
fn a_pack_of_another_form_is_to_be_made_again() {
    let desk = Desk::with_pack("--archetype bad-deploy");
    fs::write(desk.path("pack/facilitator/drill.json"), "{\"format\": 3}").expect("written");
    let (_, err) = desk.says("drill play pack", 2);
    assert!(
        err.contains("the pack has the form 3, and this version reads 4: make it again"),
        "{err}"
    );
}

#[test]
fn a_team_is_scored_against_its_model_and_the_patch_is_a_candidate() {
    let desk = Desk::with_pack("--archetype database-failover --at 2026-03-11T10:20 --date 2026-05-14T09:00");
    let observed = "milestone,observed_at,number,role,note,rating\n\
                    engaged,+00:03:00,1,,,\nresponded,2026-05-14T09:05:00+02:00,1,,,\nescalated_2,+01:20:00,,,,\n\
                    resolved,+09:00:00,,,,\n,+00:10:00,,,two people had it,\nobjective:2,,,,,M\n";
    fs::write(desk.path("observed.csv"), observed).expect("written");
    let (out, _) = desk.says("drill score pack observed.csv --out report --record drills.toml", 0);
    assert!(
        out.contains("slower than the model") && out.contains("2. ") && out.contains(": M, performed with major"),
        "{out}"
    );
    let report = desk.read("report/after-action.md");
    for says in [
        "1. In five lines",
        "two people had it",
        "calls into question",
        "Improvement plan",
        "proposal.toml",
    ] {
        assert!(report.contains(says), "{says}: {report}");
    }
    let patched = desk.read("desk.toml") + &desk.read("report/proposal.toml");
    let document = Document::parse("desk.toml", patched);
    assert!(!document.problems().any_error(), "{:?}", document.problems());
    let name = document.scenarios().last().expect("a candidate").0.to_owned();
    assert!(name.starts_with("after-drill-"));
    let changes = document.differences(&name);
    assert!(
        changes
            .iter()
            .any(|change| change.path.to_string().contains("L1.diagnosis")),
        "{changes:?}"
    );
    // The record holds it once, as it was scored last, and a plan reads it.
    let first = desk.read("drills.toml");
    fs::write(
        desk.path("drills.toml"),
        format!("# ours\n{}", first.replace("score = ", "score = 0.001 # ")),
    )
    .expect("written");
    desk.says("drill score pack observed.csv --out report --record drills.toml", 0);
    let record = desk.read("drills.toml");
    assert_eq!(record.matches("[[drills]]").count(), 1, "{record}");
    assert!(record.contains("date = \"2026-05-14\"") && record.contains("archetype = \"database-failover\""));
    assert_eq!(record, format!("# ours\n{first}"));
}

/// What was not due when a drill was stopped is neither good nor bad, and the drill has not been held.
#[test]
fn a_drill_that_was_stopped_is_judged_as_far_as_it_was_played() {
    let desk = Desk::with_pack("--archetype database-failover --at 2026-03-11T10:20 --date 2026-05-14T09:00");
    let drill: Value = serde_json::from_str(&desk.read("pack/facilitator/drill.json")).expect("JSON");
    let started = format!(
        "{{\"t\":0.0,\"wall\":\"2026-05-14T07:00:00Z\",\"event\":\"started\",\"drill\":{}}}\n",
        drill["id"]
    );
    let entry = |t: f64, more: &str| format!("{{\"t\":{t:?},\"wall\":\"2026-05-14T07:00:00Z\",{more}}}\n");
    let delivered = entry(120.0, "\"event\":\"delivered\",\"number\":\"1\"");
    let stopped = entry(130.0, "\"event\":\"stopped\"");
    fs::create_dir(desk.path("pack/run")).expect("made");
    fs::write(
        desk.path("pack/run/observed.csv"),
        "milestone,observed_at\nengaged,+00:01:00\n",
    )
    .expect("written");
    for log in [
        format!("{started}{delivered}"),
        format!("{started}{delivered}{stopped}"),
    ] {
        fs::write(desk.path("pack/run/play.jsonl"), &log).expect("written");
        let (_, err) = desk.says("drill score pack --out report --record drills.toml", 2);
        assert!(err.contains("stopped at 2 min") && err.contains("drills.toml"), "{err}");
        assert!(!desk.path("drills.toml").exists() && !desk.path("report").exists());
        let (out, _) = desk.says("drill score pack --out report", 0);
        assert!(out.starts_with("The drill was stopped at 2 min"), "{out}");
        assert!(out.contains("not played") && !out.contains("not reached"), "{out}");
        let report = desk.read("report/after-action.md");
        assert!(report.contains("The drill was stopped at 2 min"), "{report}");
        let plan = desk.read("report/improvement-plan.csv");
        assert_eq!(plan.lines().count(), 1, "{plan}");
        let manifest: Value = serde_json::from_str(&desk.read("report/manifest.json")).expect("JSON");
        assert_eq!(manifest["points"], 1.0);
        fs::remove_dir_all(desk.path("report")).expect("there");
    }
    // What was due by then is judged, and what was observed later says that it went on.
    let late = entry(5400.0, "\"event\":\"stopped\"");
    fs::write(desk.path("pack/run/play.jsonl"), format!("{started}{delivered}{late}")).expect("written");
    let (out, _) = desk.says("drill score pack --out report", 0);
    assert!(out.contains("not reached"), "{out}");
    fs::write(
        desk.path("pack/run/play.jsonl"),
        format!("{started}{delivered}{stopped}"),
    )
    .expect("written");
    fs::write(
        desk.path("observed.csv"),
        "milestone,observed_at\nengaged,+00:01:00\nresolved,+01:00:00\n",
    )
    .expect("written");
    let (out, _) = desk.says("drill score pack observed.csv --out report --record drills.toml", 0);
    assert!(!out.contains("stopped") && !out.contains("not played"), "{out}");
    // Nothing observed is nothing to score.
    fs::write(desk.path("observed.csv"), "milestone,observed_at\n").expect("written");
    let (_, err) = desk.says("drill score pack observed.csv --out report --record drills.toml", 2);
    assert!(err.contains("nothing but its first line"), "{err}");
}

/// Slow acknowledgements and decisions lengthen what the scenario says of them, where it says it.
#[test]
fn paging_and_gates_are_corrected_where_the_scenario_has_them() {
    let desk = Desk {
        home: tempfile::tempdir().expect("a folder"),
    };
    let scenarios = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    for (name, arguments, observed, path, old) in [
        (
            "on-call",
            "--archetype bad-deploy --at 2026-03-12T02:20",
            "paged,+00:00:00,,,,\nacknowledged,+00:20:00,,,,\nresolved,+02:00:00,,,,\n",
            "on_call.acknowledges.asleep.delay",
            "{ lognormal = { median = \"6m\", sigma = 0.8 } }",
        ),
        (
            "change-gates",
            "--archetype ddos --at 2026-04-07T10:20 --rehearse paging",
            "gate_requested,+01:00:00,,,,\ngate_decided,+03:00:00,,,,\nresolved,+04:00:00,,,,\n",
            "roles.change-manager.reaction",
            "{ lognormal = { median = \"8m\", sigma = 0.8 } }",
        ),
    ] {
        let file = scenarios.join(format!("{name}.toml"));
        let make = format!(
            "drill {} --out {name} --replications 200 --threads 2 {arguments}",
            file.display()
        );
        desk.says(&make, 0);
        fs::write(
            desk.path("o.csv"),
            format!("milestone,observed_at,number,role,note,rating\n{observed}"),
        )
        .expect("written");
        desk.says(&format!("drill score {name} o.csv --out report"), 0);
        let patch = desk.read("report/proposal.toml");
        assert!(
            patch.contains(&format!("set.{path} = ")) && patch.contains(&format!("# Old: {old}")),
            "{patch}"
        );
        let text = fs::read_to_string(&file).expect("a scenario") + "\n" + &patch;
        let document = Document::parse("patched.toml", text);
        assert!(!document.problems().any_error(), "{:?}", document.problems());
    }
}

/// Two services, of which only the second tier repairs one, and nobody of that tier at night.
const EDGE: &str = "\
name = \"edge\"
[run]
start = \"2026-03-02\"
horizon = \"4w\"
[severities.Sev1]
resolve = \"8h\"
[services.shop]
arrivals.rate = \"2/day\"
[services.edge]
arrivals.rate = \"2/day\"
needs_at_least = \"L2\"
[tiers.L1]
work = { exponential = \"10m\" }
[tiers.L2]
work = { exponential = \"10m\" }
[teams.desk]
tier = \"L1\"
headcount = 3
[teams.experts]
tier = \"L2\"
shifts.day = { headcount = 2, hours = { \"Mon-Fri\" = \"09:00-18:00\" } }
[roles.boss]
duty = \"commander\"
team = \"experts\"
";

#[test]
fn tickets_come_to_the_team_of_their_service_and_nobody_holds_a_role_off_duty() {
    let document = Document::parse("edge.toml", EDGE);
    let mut wish = wish("edge.toml");
    wish.ask.archetypes = only("ddos");
    wish.ask.services = vec!["edge".to_owned()];
    let card = "participants/cards/incident-commander.md";
    for (at, holds) in [
        ("2026-03-10T02:20", "Boss: nobody of experts is on duty at that hour"),
        ("2026-03-10T10:20", "Boss: whoever of experts is free first"),
    ] {
        wish.at = Some(at.to_owned());
        let (made, pack) = made(&document, &wish);
        check_all(&made, &pack);
        assert!(text(&pack, card).contains(holds), "{}", text(&pack, card));
        let table = text(&pack, "exports/tickets-servicenow.csv");
        for row in csv::Reader::from_reader(table.as_bytes()).records() {
            assert_eq!(&row.expect("a row")[11], "experts");
        }
        let alerts: Value = serde_json::from_str(text(&pack, "exports/alerts-opsgenie.json")).expect("JSON");
        assert_eq!(alerts[0]["responders"][0]["name"], "experts");
    }
    // The playbook's worst skip the desk, by a route.
    let mut wish = self::wish("playbook.toml");
    (wish.ask.archetypes, wish.replications) = (only("datacentre-power"), 24);
    let made = make(&shipped("playbook"), &wish, &()).expect("a drill");
    let first = made.drill.stories[0].first_team.clone();
    assert_ne!(first, "desk");
}

#[test]
fn a_team_is_the_one_that_can_repair_and_has_one_drill_a_month_with_those_held() {
    let desk = Desk {
        home: tempfile::tempdir().expect("a folder"),
    };
    let plan = |scenario: &str| -> (Vec<csv::StringRecord>, String) {
        fs::write(desk.path("edge.toml"), scenario).expect("written");
        let arguments = "drill plan edge.toml --quarter 2026-Q2 --per-month 2 --out plan --threads 2";
        desk.says(arguments, 0);
        let table = desk.read("plan/plan.csv");
        let rows = csv::Reader::from_reader(table.as_bytes())
            .records()
            .collect::<Result<_, _>>();
        (rows.expect("rows"), desk.read("plan/drills.ics"))
    };
    let (rows, calendar) = plan(EDGE);
    assert!(rows.iter().any(|row| &row[2] == "edge"), "{rows:?}");
    assert!(
        rows.iter().all(|row| &row[2] != "edge" || &row[9] == "experts"),
        "{rows:?}"
    );
    // The plan of another scenario does not take the place of this one's in anybody's calendar.
    let ids = |calendar: &str| -> Vec<String> {
        let ids = calendar.lines().filter(|line| line.starts_with("UID:"));
        ids.map(str::to_owned).collect()
    };
    let (_, other) = plan(&EDGE.replace("8h", "6h"));
    assert!(
        ids(&calendar).iter().all(|id| !ids(&other).contains(id)),
        "{calendar} {other}"
    );
    assert_eq!(ids(&calendar), ids(&plan(EDGE).1));
    // The experts have had one in May.
    let held = "[[drills]]\ndate = \"2026-05-05\"\ndrill = \"x\"\nservice = \"edge\"\narchetype = \"ddos\"\n\
                when = \"office\"\nseverity = \"Sev1\"\n";
    fs::write(desk.path("drills.toml"), held).expect("written");
    let (rows, _) = plan(EDGE);
    let may: Vec<_> = rows.iter().filter(|row| row[0].starts_with("2026-05")).collect();
    assert!(!may.is_empty() && may.iter().all(|row| &row[9] == "desk"), "{may:?}");
}

#[test]
fn a_plan_leaves_out_whoever_comes_from_nights() {
    let desk = Desk {
        home: tempfile::tempdir().expect("a folder"),
    };
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/on-call.toml");
    let plan = format!(
        "drill plan {} --quarter 2027-Q1 --per-month 1 --out plan --threads 2",
        file.display()
    );
    desk.says(&plan, 0);
    let text = desk.read("plan/plan.csv");
    let rows: Vec<csv::StringRecord> = csv::Reader::from_reader(text.as_bytes())
        .records()
        .collect::<Result<_, _>>()
        .expect("rows");
    assert_eq!(rows.len(), 3, "{text}");
    for row in &rows {
        let (team, resting) = (&row[9], row[10].split(' ').collect::<Vec<_>>());
        // This week's and last week's, of both schedules: two of the six are fresh.
        assert_eq!((team, resting.len()), ("payments", 4), "{row:?}");
    }
}

#[test]
fn an_observation_that_cannot_be_is_refused_with_its_line() {
    let desk = Desk::with_pack("--archetype bad-deploy --at 2026-03-11T10:20");
    let head = "milestone,observed_at,number,role,note,rating\n";
    for (rows, says) in [
        (
            "acknowledged,+00:03:00,,,,\nengaged,+00:02:00,,,,\n",
            "o.csv:2: acknowledged at +00:03:00 cannot be after engaged at +00:02:00 (line 3)",
        ),
        (
            "detected,+00:03:00,,,,\nengaged,+00:02:00,,,,\n",
            "o.csv:2: detected at +00:03:00 cannot be after engaged",
        ),
        (
            "gate_decided,+00:03:00,,,,\ngate_requested,+00:04:00,,,,\n",
            "o.csv:3: gate_requested at +00:04:00 cannot be after gate_decided",
        ),
        ("resolved,soon,,,,\n", "o.csv:2: `soon` is not a time of the exercise"),
        (
            "solved,+00:03:00,,,,\n",
            "o.csv:2: `solved` is not a milestone; there are detected, paged",
        ),
        (
            "paged,+00:10:00,,,,\nengaged,+00:05:00,,,,\n",
            "o.csv:2: paged at +00:10:00 cannot be after engaged at +00:05:00 (line 3)",
        ),
        ("2:resolved,+00:03:00,,,,\n", "o.csv:2: `2:resolved` is not a milestone"),
        ("0:resolved,+00:03:00,,,,\n", "o.csv:2: `0:resolved` is not a milestone"),
        (
            "01:resolved,+00:03:00,,,,\n",
            "o.csv:2: `01:resolved` is not a milestone",
        ),
        (":resolved,+00:03:00,,,,\n", "o.csv:2: `:resolved` is not a milestone"),
        (
            "objective:1,,,,,good\n",
            "o.csv:2: `good` is not a rating: write P, S, M or U",
        ),
        (
            "objective:9,,,,,P\n",
            "o.csv:2: `objective:9` is none of the 3 objectives",
        ),
    ] {
        fs::write(desk.path("o.csv"), format!("{head}{rows}")).expect("written");
        let (_, err) = desk.says("drill score pack o.csv --out report", 2);
        assert!(err.contains(says), "{rows}: {err}");
        assert!(!desk.path("report").exists());
    }
    fs::write(desk.path("o.csv"), "a,b\n1,2\n").expect("written");
    let (_, err) = desk.says("drill score pack o.csv", 2);
    assert!(err.contains("o.csv:1: the column `milestone` is missing"), "{err}");
    // The first incident may be called by its number.
    fs::write(desk.path("o.csv"), format!("{head}1:resolved,+03:00:00,,,,\n")).expect("written");
    let (out, _) = desk.says("drill score pack o.csv --out report", 0);
    let resolved = out.lines().find(|line| line.starts_with("resolved "));
    assert!(resolved.is_some_and(|line| line.contains("3 h")), "{out}");
}

#[test]
fn nothing_of_an_incident_is_observed_before_it_has_begun() {
    let desk = Desk::with_pack("--incidents 2 --apart 15m --at 2026-03-11T10:20");
    let head = "milestone,observed_at,number,role,note,rating\n";
    fs::write(desk.path("o.csv"), format!("{head}2:engaged,+00:01:00,,,,\n")).expect("written");
    let (_, err) = desk.says("drill score pack o.csv --out report", 2);
    let says = "o.csv:2: 2:engaged at +00:01:00 lies before the first symptom of incident 2, +00:15:00";
    assert!(err.contains(says), "{err}");
    fs::write(desk.path("o.csv"), format!("{head}2:engaged,+00:15:00,,,,\n")).expect("written");
    desk.says("drill score pack o.csv --out report", 0);
    let drill: Drill = serde_json::from_str(&desk.read("pack/facilitator/drill.json")).expect("a drill");
    let session = Session::new(&drill, Vec::new()).expect("its own log");
    let second = drill
        .injects
        .iter()
        .find(|inject| inject.incident == 2)
        .expect("a symptom");
    let begins = second.offset_s as f64;
    let refused = session.may_see("2:engaged", begins - 1.0);
    assert_eq!(
        refused,
        Err("incident 2 has not begun; i changes the incident".to_owned())
    );
    assert_eq!(session.may_see("2:engaged", begins), Ok(()));
}

/// What is used if something does not come is used for that alone.
#[test]
fn a_contingency_waits_for_what_it_is_for_and_for_nothing_else() {
    let document = shipped("playbook");
    let mut wish = wish("playbook.toml");
    wish.ask.archetypes = only("datacentre-power");
    wish.ask.services = vec!["platform".into()];
    wish.at = Some("2026-05-07T02:20".to_owned());
    let (made, pack) = made(&document, &wish);
    check_all(&made, &pack);
    let drill = &made.drill;
    let due = |row: &Inject, seen: &[String]| {
        let mut session = Session::new(drill, Vec::new()).expect("an empty log");
        for milestone in seen.iter().cloned() {
            session.add(0.0, String::new(), What::Seen { milestone });
        }
        let due = session.due(row.offset_s as f64);
        due.iter().any(|inject| inject.number == row.number)
    };
    let rows: Vec<&Inject> = drill.injects.iter().filter(|inject| !inject.is_planned()).collect();
    assert!(rows.len() >= 2, "{rows:?}");
    for row in &rows {
        assert!(due(row, &[]), "{}", row.number);
        // Nobody has to write down that it began, or whatever else its inject asks for.
        assert!(!due(row, &row.late), "{}", row.number);
    }
    // Whoever works on it has it: no page is asked for any more.
    let asks = |row: &&&Inject| row.late == ["acknowledged"];
    let page = rows.iter().find(asks).expect("an acknowledgement is expected");
    assert!(!due(page, &["engaged".to_owned()]));
    let session = |seen: &str| {
        let mut session = Session::new(drill, Vec::new()).expect("an empty log");
        let milestone = seen.to_owned();
        session.add(0.0, String::new(), What::Seen { milestone });
        session
    };
    assert!(session("engaged").may_see("detected", 60.0).is_err());
    assert!(session("engaged").may_see("paged", 60.0).is_err());
    assert!(session("detected").may_see("engaged", 60.0).is_ok());
}

#[test]
fn a_plan_covers_services_archetypes_and_hours_and_remembers() {
    let desk = Desk {
        home: tempfile::tempdir().expect("a folder"),
    };
    desk.says("init desk", 0);
    desk.says(
        "drill plan desk.toml --quarter 2026-Q2 --per-month 2 --out plan --threads 2",
        0,
    );
    let rows = |path: &str| -> Vec<csv::StringRecord> {
        let text = desk.read(path);
        csv::Reader::from_reader(text.as_bytes())
            .records()
            .collect::<Result<_, _>>()
            .expect("rows")
    };
    let plan = rows("plan/plan.csv");
    assert!(plan.len() >= 3, "{plan:?}");
    for column in [2, 3, 4, 5] {
        let mut values: Vec<&str> = plan.iter().map(|row| &row[column]).collect();
        values.sort_unstable();
        values.dedup();
        assert!(values.len() >= 2, "column {column} is always {values:?}");
    }
    assert!(
        plan.iter().any(|row| &row[4] == "night" && &row[6] == "true"),
        "a night a year, announced"
    );
    assert!(
        plan.iter().any(|row| &row[4] == "office" && &row[6] == "false"),
        "an hour of work a year, unannounced"
    );
    let mut months: Vec<(String, String)> = plan
        .iter()
        .map(|row| (row[0][..7].to_owned(), row[9].to_owned()))
        .collect();
    months.sort_unstable();
    let teams = months.len();
    months.dedup();
    assert_eq!(months.len(), teams, "a team twice in a month: {plan:?}");
    for row in &plan {
        let date: escalade::time::Date = row[0].parse().expect("a date");
        assert!(
            (1..=3).contains(&date.weekday().index()) && row[0].starts_with("2026-0"),
            "{row:?}"
        );
    }
    let calendar = desk.read("plan/drills.ics");
    let events = ical::IcalParser::new(calendar.as_bytes())
        .next()
        .expect("one")
        .expect("well formed")
        .events;
    assert_eq!(events.len(), plan.iter().filter(|row| &row[6] == "true").count());
    // A gap in the numbers would announce what is not announced.
    for (index, event) in events.iter().enumerate() {
        let summary = event.properties.iter().find(|one| one.name == "SUMMARY");
        let summary = summary.and_then(|one| one.value.clone());
        assert_eq!(summary, Some(format!("[DRILL] 2026-Q2 no. {}", index + 1)));
    }
    assert!(
        library().iter().all(|one| !calendar.contains(&one.id)),
        "the calendar gives the kind away"
    );
    // What was just rehearsed does not come first again.
    let first = &plan[0];
    let record = format!(
        "[[drills]]\ndate = \"2026-03-20\"\ndrill = \"x\"\nservice = \"{}\"\narchetype = \"{}\"\nwhen = \"{}\"\nseverity = \"{}\"\n",
        &first[2], &first[3], &first[4], &first[5]
    );
    fs::write(desk.path("drills.toml"), record).expect("written");
    desk.says(
        "drill plan desk.toml --quarter 2026-Q2 --per-month 2 --out plan --threads 2",
        0,
    );
    let again = rows("plan/plan.csv");
    assert_ne!(
        [&again[0][2], &again[0][3], &again[0][4]],
        [&first[2], &first[3], &first[4]]
    );
    fs::write(desk.path("drills.toml"), "[[drills]]\ndate = 1\n").expect("written");
    let (_, err) = desk.says("drill plan desk.toml --quarter 2026-Q2", 2);
    assert!(err.contains("drills.toml:2: "), "{err}");
    desk.says("drill plan desk.toml --quarter summer", 2);
}

/// Whatever names the scenario has, a shell makes of a plan's command the drill that is planned, by the candidate's policy.
#[test]
#[cfg(unix)]
fn a_command_of_a_plan_makes_the_drill_that_it_plans() {
    let desk = Desk {
        home: tempfile::tempdir().expect("a folder"),
    };
    let text = starter("desk")
        .replace("[services.app]", "[services.\"app, web\"]")
        .replace("[services.network]", "[services.\"it's, net\"]")
        .replace("[candidates.sooner]", "[candidates.\"sooner, cheaper\"]");
    fs::write(desk.path("my desk.toml"), text).expect("written");
    let mut planning = desk.command("drill plan --quarter 2026-Q2 --out plan --threads 2 --quiet");
    planning.args(["my desk.toml", "--candidate", "sooner, cheaper"]);
    assert!(planning.status().expect("started").success());
    let plan = desk.read("plan/plan.csv");
    let rows: Vec<csv::StringRecord> = csv::Reader::from_reader(plan.as_bytes())
        .records()
        .collect::<Result<_, _>>()
        .expect("rows");
    let row = rows.first().expect("a drill");
    let program = Path::new(env!("CARGO_BIN_EXE_escalade"));
    let command = row[11].split(" --out ").next().expect("a command");
    let made = Command::new("/bin/sh")
        .current_dir(desk.home.path())
        .env("PATH", program.parent().expect("a folder"))
        .args(["-c", &format!("{command} --replications 20 --out made")])
        .output()
        .expect("a shell");
    assert!(made.status.success(), "{}: {made:?}", &row[11]);
    let drill: Value = serde_json::from_str(&desk.read("made/facilitator/drill.json")).expect("JSON");
    assert_eq!(drill["source"]["candidate"], "sooner, cheaper");
    assert_eq!(drill["stories"][0]["service"], row[2]);
    assert_eq!(drill["stories"][0]["archetype"], row[3]);
}

#[cfg(unix)]
mod in_a_terminal {
    use super::drill_support::terminal::Terminal;
    use super::*;
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::thread;

    /// A whole drill: keys record times, a note is typed, the run is stopped by Ctrl-C and goes on, alerts are posted.
    #[test]
    fn a_whole_drill_is_played_stopped_and_played_on() {
        let desk = Desk::with_pack("--archetype ddos --at 2026-03-11T10:20");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let server = thread::spawn(move || {
            let mut posted = Vec::new();
            for _ in 0..2 {
                let (mut stream, _) = listener.accept().expect("a client");
                let (mut request, mut part) = (String::new(), [0; 4096]);
                while !request.ends_with("}") || request.matches('{').count() != request.matches('}').count() {
                    let count = stream.read(&mut part).expect("bytes");
                    request += &String::from_utf8_lossy(&part[..count]);
                }
                stream
                    .write_all(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n")
                    .expect("answered");
                posted.push(request);
            }
            posted
        });
        let play = format!("drill play pack --speed 40 --webhook http://127.0.0.1:{port}/v2/enqueue");
        let mut terminal = Terminal::start(&mut desk.command(&play));
        terminal.wait_for("Keys: h help");
        terminal.wait_for("1  alert");
        terminal.wait_for("webhook: posted, 202");
        terminal.press("a");
        terminal.wait_for("acknowledged");
        terminal.press("w");
        terminal.wait_for("engaged");
        terminal.press("w");
        terminal.wait_for("engaged has been recorded already");
        terminal.press("n");
        terminal.wait_for("note, ended by return:");
        terminal.press("two people hadx\u{7f} it\r");
        terminal.wait_for("noted");
        terminal.press("h");
        terminal.wait_for("customers can work again");
        terminal.press("s");
        terminal.wait_for("2  alert");
        terminal.wait_for("webhook: posted, 202");
        terminal.interrupt();
        terminal.wait_for("stopped; the same command goes on from here");
        let (status, _) = terminal.end();
        assert_eq!(status.code(), Some(130));
        let posted = server.join().expect("served");
        assert!(
            posted
                .iter()
                .all(|request| request.contains("\"event_action\":\"trigger\"")),
            "{posted:?}"
        );

        let mut terminal = Terminal::start(&mut desk.command("drill play pack --speed 40"));
        terminal.wait_for("goes on at +00:0");
        // From here on by leaps, until everything has been delivered.
        terminal.press("r");
        terminal.wait_for("responded");
        terminal.press("p");
        terminal.wait_for("paused; any key goes on");
        terminal.press(" ");
        let planned = desk
            .read("pack/facilitator/msel.csv")
            .lines()
            .filter(|line| !line.contains(",contingency,"))
            .count()
            - 1;
        for number in 3..=planned {
            terminal.press("s");
            terminal.wait_for(&format!(" {number}  "));
        }
        terminal.press("x");
        terminal.wait_for("resolved");
        terminal.press("m");
        terminal.wait_for("mitigated cannot come after resolved");
        terminal.press("u");
        terminal.wait_for("resolved taken back");
        terminal.press("mx");
        terminal.wait_for("resolved");
        terminal.press("q");
        let (status, seen) = terminal.end();
        assert!(status.success(), "{seen}");
        assert!(
            !seen.contains("1  alert"),
            "the first inject was delivered before the interruption"
        );

        let observed = desk.read("pack/run/observed.csv");
        for key in ["acknowledged,", "engaged,", "responded,", "mitigated,", "resolved,"] {
            assert_eq!(
                observed.lines().filter(|line| line.starts_with(key)).count(),
                1,
                "{key} {observed}"
            );
        }
        assert!(observed.contains("two people had it"), "{observed}");
        let (out, _) = desk.says("drill score pack", 0);
        assert!(out.contains("in all: "), "{out}");
    }

    /// A log whose last line was cut off by a power failure is gone on with.
    #[test]
    fn a_log_that_was_cut_off_is_gone_on_with() {
        let desk = Desk::with_pack("--archetype bad-deploy --at 2026-03-11T10:20");
        desk.says("drill play pack --speed 10000", 0);
        let log = desk.read("pack/run/play.jsonl");
        let lines: Vec<&str> = log.lines().collect();
        let cut = lines[..4].join("\n") + "\n" + &lines[4][..lines[4].len() / 2];
        fs::write(desk.path("pack/run/play.jsonl"), cut).expect("written");
        let (out, _) = desk.says("drill play pack --speed 10000", 0);
        assert!(
            out.contains("goes on at") && out.contains("The exercise is over"),
            "{out}"
        );
        let log = desk.read("pack/run/play.jsonl");
        assert!(
            log.lines().filter(|line| line.contains("\"delivered\"")).count() >= 10,
            "{log}"
        );
    }
}
