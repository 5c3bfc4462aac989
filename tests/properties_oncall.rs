//! Properties of paging: what holds for every ladder over every rota, whatever people answer.
//!
//! Random scenarios of one team with schedules, restricted ones among them, and one escalation policy are played, and every
//! page must obey the laws below. `PROPTEST_CASES` and `PROPTEST_RNG_SEED` as for the other properties.

mod properties_support;

use escalade::kernel::{Happening, Observe, Ticket, World, replicate};
use escalade::model::{AgentId, Model, PageTarget};
use escalade::time::Instant;
use properties_support::{Verdict, for_all, model, read};
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use std::collections::{BTreeMap, BTreeSet};

/// One level: targets, timeout in minutes, gap in minutes (0: all at once).
type LevelPlan = (Vec<usize>, u32, u32);

#[derive(Debug, Clone)]
struct Plan {
    /// Members of each schedule, whether it is restricted to the day, its turn in hours.
    schedules: Vec<(Vec<usize>, bool, u32)>,
    levels: Vec<LevelPlan>,
    repeats: u32,
    void: bool,
    last_resort: Option<usize>,
    ack_timeout: bool,
    /// What tickets have in common that share a page: (by, wait, interval, repeat) in minutes.
    group: Option<(&'static str, u32, u32, u32)>,
    /// Share of the acknowledgements that are put off.
    snooze: Option<f64>,
    never: f64,
    on_duty: u32,
    seed: u64,
}

const PEOPLE: usize = 5;
const SCHEDULES: usize = 3;

fn plans() -> impl Strategy<Value = Plan> {
    let schedule = (prop::collection::vec(0..PEOPLE, 1..4), any::<bool>(), 1..60u32);
    let level = (prop::collection::vec(0..SCHEDULES, 1..4), 1..20u32, 0..5u32);
    let by = prop::sample::select(vec!["service", "policy"]);
    let group = prop::option::of((by, 0..15u32, 0..20u32, 0..90u32));
    (
        prop::collection::vec(schedule, SCHEDULES),
        prop::collection::vec(level, 1..4),
        0..3u32,
        any::<bool>(),
        prop::option::of(0..PEOPLE),
        any::<bool>(),
        (0.0..1.0f64, group, prop::option::of(0.0..0.9f64)),
        (0..2u32, 0..1000u64),
    )
        .prop_map(
            |(schedules, levels, repeats, void, last_resort, ack_timeout, (never, group, snooze), (on_duty, seed))| {
                Plan {
                    schedules,
                    levels,
                    repeats,
                    void,
                    last_resort,
                    ack_timeout,
                    group,
                    snooze,
                    never,
                    on_duty,
                    seed,
                }
            },
        )
}

impl Plan {
    fn text(&self) -> String {
        let mut text = String::from(
            "name = \"pages\"\nrun = { start = \"2026-03-27\", zone = \"Europe/Berlin\", horizon = \"5d\", drain = \"3d\" }\n\
             [severities.Sev1]\n[services.alerts]\nkind = \"alert\"\narrivals.rate = \"1/h\"\n\
             [tiers.L1]\nwork = { exponential = \"40m\" }\n[teams.ops]\ntier = \"L1\"\n[teams.desk]\ntier = \"L1\"\n",
        );
        text += &format!("headcount = {}\n[people]\n", self.on_duty);
        for person in 0..PEOPLE {
            let leave = if person == 0 {
                ", leave = [{ from = \"2026-03-28\", to = \"2026-03-29\" }]"
            } else {
                ""
            };
            text += &format!("p{person} = {{ team = \"ops\"{leave} }}\n");
        }
        for (number, (members, restricted, turn)) in self.schedules.iter().enumerate() {
            let members: Vec<String> = members.iter().map(|member| format!("\"p{member}\"")).collect();
            text += &format!(
                "[schedules.s{number}]\nmembers = [{}]\nturn = \"{turn}h\"\n",
                members.join(", ")
            );
            if *restricted {
                text += "restriction = { daily = \"08:00-20:00\" }\n";
            }
            if number == 0 {
                text += "cover = \"next\"\n";
            }
        }
        text += "[escalation_policies.ladder]\nlevels = [\n";
        for (targets, timeout, gap) in &self.levels {
            let targets: Vec<String> = targets.iter().map(|target| format!("\"s{target}\"")).collect();
            let mode = match gap {
                0 => String::new(),
                gap => format!(", mode = \"sequential\", gap = \"{gap}m\""),
            };
            text += &format!(
                "{{ targets = [{}], timeout = \"{timeout}m\"{mode} }},\n",
                targets.join(", ")
            );
        }
        let late = if self.void { "void" } else { "counts" };
        text += &format!("]\nrepeats = {}\nlate_ack = \"{late}\"\n", self.repeats);
        if let Some(person) = self.last_resort {
            text += &format!("last_resort = \"p{person}\"\n");
        }
        if self.ack_timeout {
            text += "ack_timeout = \"30m\"\n";
        }
        if let Some((by, wait, interval, repeat)) = self.group {
            text += &format!("group = {{ by = \"{by}\", wait = \"{wait}m\"");
            for (key, minutes) in [("interval", interval), ("repeat", repeat)]
                .iter()
                .filter(|(_, minutes)| *minutes > 0)
            {
                text += &format!(", {key} = \"{minutes}m\"");
            }
            text += " }\n";
        }
        if let Some(share) = self.snooze {
            text += &format!("snooze = {{ share = {share:?}, lasts = \"20m\" }}\n");
        }
        for state in ["free", "busy", "awake", "asleep", "paged"] {
            text += &format!("[on_call.acknowledges.{state}]\nnever = {:?}\n", self.never);
        }
        text + "[rules.page]\nwhen = { created = true }\nthen = [{ page = \"ladder\" }]\n"
    }

    /// Most pages of one ladder: every target of every level in every round, the last resort, and whoever acknowledged last.
    fn most_pages(&self) -> usize {
        let targets: usize = self.levels.iter().map(|(targets, _, _)| targets.len()).sum();
        targets * (self.repeats as usize + 1) + 2
    }
}

/// Everything about pages, by ticket.
#[derive(Default)]
struct Pages {
    seen: BTreeMap<u32, Vec<(Instant, Happening)>>,
    /// The same in the order of their happening, and resolutions.
    order: Vec<(Instant, u32, Option<Happening>)>,
}

impl Observe for Pages {
    fn happened(&mut self, now: Instant, ticket: &Ticket, what: &Happening) {
        self.seen.entry(ticket.number).or_default().push((now, *what));
        self.order.push((now, ticket.number, Some(*what)));
    }

    fn resolved(&mut self, now: Instant, ticket: &Ticket, _agent: AgentId) {
        self.order.push((now, ticket.number, None));
    }
}

fn in_every_run(property: impl Fn(&Plan, &Model, &Pages) -> Verdict) {
    for_all(plans(), |plan| {
        let text = plan.text();
        let model = model(&read(&text), "base");
        let (mut world, mut pages) = (World::new(), Pages::default());
        replicate(&model, plan.seed, 0, &mut world, &mut pages);
        let told = |why: String| TestCaseError::fail(format!("{why}\n{text}"));
        world.audit(&model).map_err(told)?;
        prop_assert!(!pages.seen.is_empty(), "no ticket pages in\n{}", text);
        property(&plan, &model, &pages).map_err(|error| told(error.to_string()))
    });
}

#[test]
fn only_whom_the_rota_has_on_call_is_paged() {
    in_every_run(|plan, model, pages| {
        for (at, what) in pages.seen.values().flatten() {
            let Happening::Paged { agent, schedule, .. } = what else {
                continue;
            };
            match schedule {
                Some(schedule) => {
                    let on_call = model.on_call.schedules[schedule.index()].on_call(*at);
                    prop_assert_eq!(on_call, Some(*agent), "at {:?}", at);
                    prop_assert!(!model.on_call.is_away(*agent, *at), "{:?} is on leave", agent);
                }
                // The last resort by name, or whoever acknowledged before.
                None => prop_assert!(plan.last_resort.is_some() || plan.ack_timeout || plan.snooze.is_some()),
            }
        }
        Ok(())
    });
}

#[test]
fn an_acknowledgement_ends_all_that_is_pending() {
    in_every_run(|_, _, pages| {
        for (ticket, seen) in &pages.seen {
            let mut over = false;
            for (at, what) in seen {
                match what {
                    Happening::LadderStarted { .. } | Happening::CalledToo { .. } => over = false,
                    Happening::Acknowledged { .. } => {
                        prop_assert!(!over, "{} is acknowledged twice, at {:?}", ticket, at);
                        over = true;
                    }
                    Happening::Paged { .. } | Happening::PageTimeout { .. } | Happening::Uncovered { .. } => {
                        prop_assert!(!over, "{} pages at {:?}, after its acknowledgement", ticket, at);
                    }
                    _ => {}
                }
            }
        }
        Ok(())
    });
}

#[test]
fn a_ladder_never_pages_more_than_its_levels_and_tries() {
    in_every_run(|plan, _, pages| {
        // Tickets that share a page share a ladder, which goes on for another one of them.
        let whose = |ticket: u32| if plan.group.is_some() { 0 } else { ticket };
        let mut sent: BTreeMap<u32, usize> = BTreeMap::new();
        for (_, ticket, what) in &pages.order {
            let sent = sent.entry(whose(*ticket)).or_default();
            match what {
                Some(Happening::LadderStarted { .. }) => *sent = 0,
                Some(Happening::Paged { .. }) => *sent += 1,
                _ => {}
            }
            prop_assert!(*sent <= plan.most_pages(), "{} pages for {}", sent, ticket);
        }
        Ok(())
    });
}

#[test]
fn who_acknowledges_was_paged_for_that_ticket() {
    in_every_run(|plan, _, pages| {
        // The page of a group is that of all its tickets.
        for (ticket, seen) in pages.seen.iter().filter(|_| plan.group.is_none()) {
            let mut paged: BTreeSet<AgentId> = BTreeSet::new();
            for (_, what) in seen {
                match what {
                    Happening::Paged { agent, .. } => drop(paged.insert(*agent)),
                    Happening::Acknowledged { agent, .. } => {
                        prop_assert!(paged.contains(agent), "{:?} acknowledges {} unasked", agent, ticket);
                    }
                    _ => {}
                }
            }
        }
        Ok(())
    });
}

#[test]
fn an_acknowledgement_is_that_of_all_tickets_that_share_the_page() {
    in_every_run(|plan, _, pages| {
        if plan.group.is_none() {
            return Ok(());
        }
        let mut called = BTreeSet::new();
        let (mut owed, mut since) = (BTreeSet::new(), Instant::START);
        for (at, ticket, what) in &pages.order {
            if *at > since {
                prop_assert!(owed.is_empty(), "{:?} share a page and are not acknowledged", owed);
                since = *at;
            }
            match what {
                Some(Happening::Paged { .. } | Happening::CalledToo { .. }) => drop(called.insert(*ticket)),
                Some(Happening::Acknowledged { level, .. }) => {
                    called.remove(ticket);
                    owed.remove(ticket);
                    if level.is_some() {
                        owed = std::mem::take(&mut called);
                    }
                }
                None => {
                    called.remove(ticket);
                }
                Some(_) => {}
            }
        }
        Ok(())
    });
}

#[test]
fn a_target_that_is_a_person_is_paged_unless_away() {
    in_every_run(|plan, model, _| {
        let Some(PageTarget::Person(agent)) = model.on_call.policies[0].last_resort else {
            return Ok(());
        };
        let end = model.window.until.ms();
        for at in (0..end).step_by(3_600_000).map(Instant::from_ms) {
            let found = model.on_call.resolve(PageTarget::Person(agent), at);
            prop_assert_eq!(found.is_none(), model.on_call.is_away(agent, at));
        }
        prop_assert!(plan.last_resort.is_some());
        Ok(())
    });
}
