//! Properties of waiting customers and of incidents: what holds whatever is written of them.
//!
//! Random scenarios with patience, chasers, reminders, drift, triage by people and storms are played and logged. Like
//! `properties`, whose laws hold here too as far as `World::audit` knows them.

use escalade::kernel::{Family, Happening, Leaving, Observe, Outcome, Ticket, World, replicate};
use escalade::model::{AgentId, Model, TargetKind, compile};
use escalade::scenario::{Document, Problems, render};
use escalade::time::Instant;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestRunner};
use std::collections::{BTreeMap, BTreeSet};

const REPLICATIONS: u32 = 2;

/// What was seen of one replication.
#[derive(Default)]
struct Log {
    created: Vec<Ticket>,
    resolved: usize,
    reopened: usize,
    left: usize,
    /// Closed or cut off, with when.
    ends: Vec<(Instant, bool, Ticket, Outcome)>,
    /// Tickets whose severity has changed, so that another target was in force.
    changed: BTreeSet<u32>,
    /// Tickets that are linked now.
    linked: BTreeSet<u32>,
    /// When each fault's parent was solved last, and when the fault was over.
    parents_solved: BTreeMap<u32, Instant>,
    over: BTreeMap<u32, Instant>,
    /// Occasional clocks that were decided, by ticket and kind: how many, and how many of them breached; and breaches seen.
    decided: BTreeMap<(u32, &'static str), (u32, u32)>,
    breaches: BTreeMap<(u32, &'static str), u32>,
    wrong: Vec<String>,
}

fn fault_of(ticket: &Ticket) -> Option<u32> {
    match ticket.family {
        Family::Alone => None,
        Family::Parent(fault) | Family::Child(fault) => Some(fault),
    }
}

impl Observe for Log {
    const SEES_BREACHES: bool = true;

    fn created(&mut self, _now: Instant, ticket: &Ticket) {
        self.created.push(*ticket);
    }

    fn started(&mut self, now: Instant, ticket: &Ticket, _agent: AgentId, _first: bool) {
        if self.linked.contains(&ticket.number) {
            self.wrong
                .push(format!("{} is linked and worked on at {now:?}", ticket.number));
        }
    }

    fn resolved(&mut self, now: Instant, ticket: &Ticket, _agent: AgentId) {
        self.resolved += 1;
        if let (Family::Parent(fault), false) = (ticket.family, self.linked.contains(&ticket.number)) {
            self.parents_solved.insert(fault, now);
        }
        if self.linked.remove(&ticket.number) {
            let fault = fault_of(ticket).expect("only tickets of faults are linked");
            match self.parents_solved.get(&fault) {
                Some(solved) if *solved <= now => {}
                solved => self
                    .wrong
                    .push(format!("{} at {now:?}, its parent {solved:?}", ticket.number)),
            }
        }
    }

    fn breached(&mut self, _now: Instant, ticket: &Ticket, kind: TargetKind) {
        *self.breaches.entry((ticket.number, kind.name())).or_default() += 1;
    }

    fn severity_changed(&mut self, _now: Instant, ticket: &Ticket) {
        self.changed.insert(ticket.number);
    }

    fn reopened(&mut self, _now: Instant, _ticket: &Ticket) {
        self.reopened += 1;
    }

    fn left(&mut self, now: Instant, ticket: &Ticket) {
        self.left += 1;
        self.linked.remove(&ticket.number);
        if ticket.left == Some(Leaving::Impatient) && ticket.first_response.is_some() {
            self.wrong
                .push(format!("{} left at {now:?} after an answer", ticket.number));
        }
        // What was linked to it is not any more.
        if let Family::Parent(fault) = ticket.family {
            let of_fault = |number: &u32| {
                let child = &self.created[*number as usize - 1];
                fault_of(child) == Some(fault)
            };
            let freed: Vec<u32> = self.linked.iter().copied().filter(of_fault).collect();
            freed.iter().for_each(|number| {
                self.linked.remove(number);
            });
        }
    }

    fn happened(&mut self, now: Instant, ticket: &Ticket, what: &Happening) {
        match what {
            Happening::Linked { .. } => drop(self.linked.insert(ticket.number)),
            Happening::ClockDecided { kind, verdict, .. } => {
                let (all, late) = self.decided.entry((ticket.number, kind.name())).or_default();
                *all += 1;
                *late += u32::from(verdict.is_some_and(|verdict| verdict.breached == Some(true)));
            }
            Happening::Restored { .. } => drop(self.over.insert(fault_of(ticket).unwrap_or(u32::MAX), now)),
            _ => {}
        }
    }

    fn closed(&mut self, now: Instant, ticket: &Ticket, outcome: &Outcome) {
        self.ends.push((now, true, *ticket, *outcome));
    }

    fn cut_off(&mut self, now: Instant, ticket: &Ticket, outcome: &Outcome) {
        self.ends.push((now, false, *ticket, *outcome));
    }
}

fn model(text: &str) -> Model {
    let document = Document::parse("random.toml", text);
    let told = |problems: &Problems| format!("{}\n{text}", render(&document, problems, false));
    assert!(!document.problems().any_error(), "{}", told(document.problems()));
    let mut problems = Problems::new();
    let scenario = document.base().expect("a scenario without errors can be read");
    compile(scenario, &mut problems).unwrap_or_else(|| panic!("{}", told(&problems)))
}

fn play(model: &Model, seed: u64, replication: u32) -> (World, Log) {
    let (mut world, mut log) = (World::new(), Log::default());
    replicate(model, seed, replication, &mut world, &mut log);
    (world, log)
}

/// Text that is there or not.
fn maybe(text: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    prop_oneof![1 => Just(String::new()), 2 => text]
}

fn minutes(most: u32) -> impl Strategy<Value = String> {
    prop_oneof![
        (1..most).prop_map(|mean| format!("{{ exponential = \"{mean}m\" }}")),
        (0..most).prop_map(|value| format!("{{ deterministic = \"{value}m\" }}")),
    ]
}

fn customers() -> impl Strategy<Value = String> {
    let patience = (minutes(120), 0.2..=1.0f64)
        .prop_map(|(wait, share)| format!("[patience]\nwait = {wait}\nshare = {share:.2}\n"));
    let chasers = (minutes(90), minutes(10), prop::option::of(0u32..90)).prop_map(|(every, work, after)| {
        let after = after.map_or(String::new(), |after| format!("after = \"{after}m\"\n"));
        // A contact every instant would never end.
        let every = every.replace("\"0m\"", "\"30m\"");
        format!("[chasers]\nevery = {every}\nwork = {work}\nat_most = 5\n{after}")
    });
    let pending = (
        0.0..0.8f64,
        minutes(600),
        0.0..0.6f64,
        prop::option::of(1u32..900),
        any::<bool>(),
    )
        .prop_map(|(share, wait, never, close, reminders)| {
            let close = close.map_or(String::new(), |close| format!("close_after = \"{close}m\"\n"));
            let reminders = match reminders {
                true => "reminders = { after = [\"1h\", \"3h\"], share = 0.5, answer = { exponential = \"20m\" } }\n",
                false => "",
            };
            format!("[pending]\nshare = {share:.2}\nagain = 0.3\nwait = {wait}\nnever = {never:.2}\n{close}{reminders}")
        });
    let drift = Just("[drift]\nper_hour = { S2 = 0.3, S3 = 0.1 }\nat_reopening = 0.3\n".to_owned());
    let vendors = (0.0..0.8f64, minutes(300))
        .prop_map(|(share, wait)| format!("[vendor_waits]\nshare = {share:.2}\nagain = 0.2\nwait = {wait}\n"));
    let reopening = Just("[reopening]\nshare = 0.2\ndelay.exponential = \"2h\"\n".to_owned());
    (
        maybe(patience),
        maybe(chasers),
        maybe(pending),
        maybe(drift),
        maybe(reopening),
        maybe(vendors),
    )
        .prop_map(|(a, b, c, d, e, f)| [a, b, c, d, e, f].concat())
}

fn triage() -> impl Strategy<Value = String> {
    maybe((minutes(10), any::<bool>()).prop_map(|(work, forms)| {
        let rules = match forms {
            true => "matrix = \"itil\"\n",
            false => "otherwise = \"S2\"\n",
        };
        format!(
            "[attributes]\nsource = {{ portal = 0.5, phone = 0.5 }}\nimpact = {{ high = 0.2, medium = 0.3, low = 0.5 }}\n\
             urgency = {{ high = 0.2, low = 0.8 }}\n[triage]\n{rules}override = {{ over = 0.5, under = 0.5, work = \"2m\" }}\n\
             manual = {{ team = \"desk\", work = {work}, if = {{ source = [\"phone\"] }} }}\n"
        )
    }))
}

fn incident(page: bool) -> impl Strategy<Value = String> {
    let children = prop_oneof![
        (0.5..15.0f64, minutes(90)).prop_map(|(mean, delay)| format!("count.geometric = {mean:.1}\ndelay = {delay}")),
        (0.5..15.0f64).prop_map(|mean| format!("count.poisson = {mean:.1}")),
        (1.0..20.0f64).prop_map(|rate| format!("per_hour = {rate:.1}")),
    ];
    let linking = (0.0..=1.0f64, minutes(30), 0.0..=1.0f64, prop::option::of(minutes(5)), any::<bool>()).prop_map(
        |(share, delay, after_work, close, own)| {
            let close = close.map_or(String::new(), |work| format!("close_work = {work}\n"));
            let clocks = if own { "own" } else { "parent" };
            format!("[incidents.outage.linking]\nshare = {share:.2}\ndelay = {delay}\nafter_work = {after_work:.2}\nclocks = \"{clocks}\"\n{close}")
        },
    );
    let declared = (1u32..6, 0.0..0.5f64)
        .prop_map(|(tickets, touch)| format!("declared = {{ tickets = {tickets}, touch = {touch:.2} }}\n"));
    (children, maybe(linking), maybe(declared), any::<bool>(), 0.1..0.5f64).prop_map(
        move |(children, linking, declared, ends, rate)| {
            let page = match page {
                true => "status_page = { after = \"5m\", deflect = 0.5, half_life = \"10m\" }\ndedup = true\n",
                false => "",
            };
            format!(
                "[incidents.outage]\narrivals.rate = \"{rate:.2}/h\"\nservice = \"mail\"\nlasts.exponential = \"5h\"\n\
                 ends_with_parent = {ends}\n{page}{declared}[incidents.outage.children]\n{children}\n\
                 services = {{ mail = 0.5, phone = 0.5 }}\n{linking}"
            )
        },
    )
}

fn scenario(page: bool) -> impl Strategy<Value = (String, u64)> {
    let staffing = (
        1u32..4,
        prop::sample::select(vec!["fifo", "severity", "deadline", "ageing"]),
        any::<bool>(),
    );
    (customers(), triage(), maybe(incident(page)), staffing, any::<u32>()).prop_map(
        |(customers, triage, incident, (people, discipline, shifts), seed)| {
            let staff = match shifts {
                true => format!("shifts.day = {{ headcount = {people}, hours = {{ \"Mon-Sun\" = \"06:00-20:00\" }} }}\nshift_end = \"hand-off\""),
                false => format!("headcount = {people}"),
            };
            // A file in which nothing brings about what a rule waits for is refused.
            let of = |table: &str, rule: &'static str| if customers.contains(table) { rule } else { "" };
            let rules = of("[chasers]", "[rules.twice]\nwhen = { chasers = 2 }\nthen = [{ raise = 1 }, { set_priority = 1 }]\n").to_owned()
                + of("[pending", "[rules.forgotten]\nwhen = { pending = \"5h\" }\nthen = [{ close = \"no answer\" }]\n");
            let pauses = if customers.contains("[vendor") { "[\"customer\", \"vendor\"]" } else { "true" };
            let soon = "[rules.soon]\nwhen = { consumed = { of = \"next_response\", share = 0.5 } }\nthen = [{ set_priority = 1 }]\n";
            let writes = ["[chasers]", "[pending", "[reopening]"].iter().any(|key| customers.contains(key));
            let soon = if writes { soon } else { "" };
            let text = format!(
                "name = \"random\"\nrun = {{ start = \"2026-03-02\", horizon = \"30h\", warm_up = \"2h\", drain = \"20h\" }}\n\
                 [calendars.long]\nhours = {{ \"Mon-Sun\" = \"05:00-23:00\" }}\n\
                 [severities]\nS1 = {{ first_response = \"20m\", update = \"40m\", resolve = \"2h\", own = \"31m 7s\", next_response = \"13m 3s\" }}\n\
                 S2 = {{ first_response = \"40m\", resolve = {{ within = \"4h\", on_severity_change = \"restart\" }}, own = {{ within = \"55m 11s\", calendar = \"long\", zone = \"owner\" }} }}\n\
                 S3 = {{ resolve = {{ within = \"8h\", pauses = {pauses}, on_reopen = \"restart\", sla_unit = \"cycle\" }}, next_response = \"40m 5s\" }}\n\
                 [services.mail]\narrivals.rate = \"2/h\"\nmix = {{ S1 = 0.1, S2 = 0.4, S3 = 0.5 }}\n\
                 [services.phone]\narrivals.rate = \"1/h\"\nmix = {{ S1 = 0.2, S2 = 0.4, S3 = 0.4 }}\n\
                 [tiers.L1]\nwork.exponential = \"20m\"\nescalates.L2 = 0.2\n[tiers.L2]\nwork.exponential = \"40m\"\nown = {{ S3 = {{ within = \"3h 1s\", pauses = {pauses} }} }}\n\
                 [teams.desk]\ntier = \"L1\"\ndiscipline = \"{discipline}\"\n{staff}\n\
                 [teams.second]\ntier = \"L2\"\nheadcount = 1\nzone = \"Asia/Singapore\"\ndiscipline = \"severity\"\npreemption = {{}}\n\
                 {rules}\
                 [rules.late_team]\nwhen = {{ breached = \"own\" }}\nthen = [{{ set_priority = 1 }}]\n\
                 {soon}\
                 [rules.up]\nwhen = {{ in_queue = \"3h\" }}\nthen = [{{ transfer = \"L2\" }}]\n\
                 {customers}{triage}{incident}"
            );
            (text, u64::from(seed))
        },
    )
}

fn for_all(strategy: impl Strategy<Value = (String, u64)>, property: impl Fn(&str, u64) -> Result<(), TestCaseError>) {
    let variable = |name| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let mut runner = TestRunner::new(Config {
        cases: variable("PROPTEST_CASES").map_or(24, |cases: u64| cases as u32),
        rng_seed: RngSeed::Fixed(variable("PROPTEST_RNG_SEED").unwrap_or(1)),
        max_shrink_iters: 100,
        failure_persistence: None,
        ..Config::default()
    });
    let played = runner.run(&strategy, |(text, seed)| {
        property(&text, seed).map_err(|error| TestCaseError::fail(format!("{error}\nseed {seed}\n{text}")))
    });
    if let Err(error) = played {
        panic!("{error}");
    }
}

fn in_every_replication(property: impl Fn(&Log) -> Result<(), TestCaseError>) {
    for_all(scenario(true), |text, seed| {
        let model = model(text);
        (0..REPLICATIONS).try_for_each(|replication| {
            let (world, log) = play(&model, seed, replication);
            world.audit(&model).map_err(TestCaseError::fail)?;
            prop_assert!(log.wrong.is_empty(), "{}", log.wrong.join("\n"));
            property(&log)
        })
    });
}

#[test]
fn created_is_resolved_plus_left_plus_open() {
    in_every_replication(|log| {
        let open = log
            .ends
            .iter()
            .filter(|(_, closed, ticket, _)| !closed && ticket.is_open())
            .count();
        prop_assert_eq!(log.created.len() + log.reopened, log.resolved + log.left + open);
        let ended: BTreeSet<u32> = log.ends.iter().map(|(_, _, ticket, _)| ticket.number).collect();
        prop_assert_eq!((ended.len(), log.ends.len()), (log.created.len(), log.created.len()));
        Ok(())
    });
}

#[test]
fn the_clocks_of_a_ticket_that_was_left_are_void_or_were_breached_before() {
    in_every_replication(|log| {
        for (at, _, ticket, outcome) in log.ends.iter().filter(|(_, _, ticket, _)| ticket.left.is_some()) {
            prop_assert!(outcome.voided);
            for verdict in [outcome.first_response, outcome.resolve].into_iter().flatten() {
                let met_before = verdict.breached == Some(false);
                let answered = ticket.first_response.is_some_and(|response| response <= *at);
                prop_assert!(
                    !met_before || answered,
                    "{} was left unanswered and met a target",
                    ticket.number
                );
                if verdict.breached == Some(true) && !log.changed.contains(&ticket.number) {
                    prop_assert!(
                        verdict.due.is_none_or(|due| due < *at),
                        "{}: {verdict:?} at {at:?}",
                        ticket.number
                    );
                }
            }
        }
        Ok(())
    });
}

#[test]
fn each_visit_to_a_team_is_decided_once_and_as_its_breach_was_seen() {
    for_all(scenario(true), |text, seed| {
        let model = model(text);
        let (_, log) = play(&model, seed, 0);
        for (_, _, ticket, _) in &log.ends {
            let of = |kind| log.decided.get(&(ticket.number, kind)).copied().unwrap_or_default();
            let visits = 1 + u32::from(ticket.reassignments + ticket.overflows + ticket.reopenings());
            let (own, _) = of("own");
            // One that waits to be read has not been received by anybody; one whose clocks are void has no more.
            prop_assert!(
                own == visits || (own < visits && (text.contains("[triage]") || ticket.voided.is_some())),
                "{} has {} visits, {} clocks",
                ticket.number,
                visits,
                own
            );
            for kind in ["own", "next_response"] {
                let seen = log.breaches.get(&(ticket.number, kind)).copied().unwrap_or_default();
                let (_, late) = of(kind);
                prop_assert!(
                    seen == late || log.changed.contains(&ticket.number),
                    "{} of {}: {} breaches seen, {} late",
                    kind,
                    ticket.number,
                    seen,
                    late
                );
            }
        }
        Ok(())
    });
}

/// Linked tickets are never worked on and end with their parent: the log checks it as it is written.
#[test]
fn a_linked_ticket_rests_until_its_parent_is_solved() {
    in_every_replication(|log| {
        for (_, closed, ticket, _) in &log.ends {
            prop_assert!(
                !(ticket.linked && *closed) || ticket.left.is_some(),
                "{} is closed and linked",
                ticket.number
            );
        }
        Ok(())
    });
}

#[test]
fn a_fault_breeds_the_same_tickets_under_every_policy_until_it_is_mitigated() {
    for_all(scenario(false), |text, seed| {
        let more_people = text.replace(
            "[teams.second]\ntier = \"L2\"\nheadcount = 1",
            "[teams.second]\ntier = \"L2\"\nheadcount = 3",
        );
        let [base, other] = [text.to_owned(), more_people].map(|text| model(&text));
        for replication in 0..REPLICATIONS {
            let [base, other] = [&base, &other].map(|model| play(model, seed, replication).1);
            let bred = |log: &Log| -> BTreeMap<u64, (u32, Instant)> {
                let of_fault = |ticket: &Ticket| Some((ticket.entity, (fault_of(ticket)?, ticket.created)));
                log.created.iter().filter_map(of_fault).collect()
            };
            for (one, two) in [(&base, &other), (&other, &base)] {
                let theirs = bred(two);
                let last = two.ends.iter().map(|(at, ..)| *at).max().unwrap_or(Instant::LAST);
                for (entity, (fault, at)) in bred(one) {
                    match theirs.get(&entity) {
                        Some(same) => prop_assert_eq!(same, &(fault, at)),
                        None => {
                            let over = two.over.get(&fault).copied().unwrap_or(last);
                            prop_assert!(over <= at, "a ticket of fault {fault} came at {at:?} for one alone");
                        }
                    }
                }
            }
        }
        Ok(())
    });
}
