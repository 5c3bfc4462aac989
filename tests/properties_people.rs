//! Properties of people: what holds however a team gives its tickets out, whoever has which skill, and whoever joins whom.
//!
//! Random scenarios of routing, skills, overflow, waiting places, conversations at once, swarms and ping-pong are played, and
//! an observer asks at each event and at each full hour whether the laws below hold. `PROPTEST_CASES=1000 cargo test
//! --release --test properties_people` looks longer.

mod properties_support;

use escalade::kernel::{Happening, Interruption, Observe, Outcome, Scene, Ticket, World, replicate};
use escalade::model::{AgentId, Model, RuleId, ServiceId, TeamId};
use escalade::scenario::Document;
use escalade::time::Instant;
use properties_support::{for_all, model};
use proptest::option::weighted;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::TestCaseError;
use std::collections::{BTreeMap, BTreeSet};

/// A ticket in a queue, as the observer follows it.
#[derive(Debug, Clone, Copy)]
struct Waiting {
    team: TeamId,
    service: ServiceId,
    since: Instant,
    /// It came from outside of the team, so that the team's places count for it.
    is_new: bool,
    /// It came back, and may wait for whoever solved it.
    sticks: bool,
}

/// Follows everybody and everything, and writes down what must not be.
struct Watch<'a> {
    model: &'a Model,
    works_on: BTreeMap<AgentId, BTreeSet<u32>>,
    on_duty: BTreeSet<AgentId>,
    waiting: BTreeMap<u32, Waiting>,
    wrong: Vec<String>,
    /// Everything that was seen, in short.
    trail: Vec<(i64, u32, u8, u32)>,
}

impl<'a> Watch<'a> {
    fn new(model: &'a Model) -> Watch<'a> {
        let always = model.crews.iter().filter(|crew| crew.always);
        Watch {
            model,
            works_on: BTreeMap::new(),
            on_duty: always.flat_map(|crew| crew.agents.clone()).map(AgentId::new).collect(),
            waiting: BTreeMap::new(),
            wrong: Vec::new(),
            trail: Vec::new(),
        }
    }

    fn note(&mut self, at: Instant, ticket: &Ticket, what: u8, who: usize) {
        self.trail.push((at.ms(), ticket.number, what, who as u32));
    }

    fn lets_go(&mut self, agent: AgentId, ticket: u32) {
        self.works_on.entry(agent).or_default().remove(&ticket);
    }

    fn is_able(&self, agent: AgentId, service: ServiceId) -> bool {
        let team = &self.model.teams[self.model.agents[agent.index()].team.index()];
        let lanes = team.lanes.as_ref();
        lanes.is_none_or(|lanes| lanes.grade(agent.index() - team.agents.start, lanes.of(service)) > 0.0)
    }

    /// At work on a ticket, or on a task that nobody tells of: as far as the observer knows, free.
    fn free(&self, team: TeamId) -> impl Iterator<Item = AgentId> + '_ {
        let people = self.model.teams[team.index()].agents.clone().map(AgentId::new);
        people.filter(|agent| self.on_duty.contains(agent) && self.works_on.get(agent).is_none_or(BTreeSet::is_empty))
    }

    fn nobody_is_free_for(&mut self, now: Instant, scene: &Scene) {
        for (number, waiting) in self.waiting.clone() {
            if waiting.sticks {
                continue;
            }
            let plan = &self.model.teams[waiting.team.index()];
            let helper = plan
                .overflow
                .filter(|overflow| overflow.after.is_some_and(|after| waiting.since + after <= now));
            let teams = [Some(waiting.team), helper.map(|overflow| overflow.to)];
            for team in teams.into_iter().flatten() {
                // Whoever is on a task only shows in the head count.
                let idle = scene.desks[team.index()].ledger.idle as usize;
                let free: Vec<AgentId> = self.free(team).collect();
                let able = free
                    .iter()
                    .filter(|agent| self.is_able(**agent, waiting.service))
                    .count();
                if idle == free.len() && able > 0 {
                    self.wrong.push(format!(
                        "{number} waits at {now:?} while somebody of team {} is free",
                        team.index()
                    ));
                }
            }
        }
        for (index, team) in self.model.teams.iter().enumerate() {
            let Some(places) = team.places else { continue };
            let taken = self
                .waiting
                .values()
                .filter(|waiting| waiting.team.index() == index && waiting.is_new)
                .count();
            if taken > places.count {
                let who: Vec<_> = self
                    .waiting
                    .iter()
                    .filter(|(_, waiting)| waiting.team.index() == index)
                    .collect();
                self.wrong
                    .push(format!("{taken} wait at {now:?} in {} places: {who:?}", places.count));
            }
        }
    }
}

impl Observe for Watch<'_> {
    fn queued(&mut self, now: Instant, ticket: &Ticket, again: bool) {
        self.note(now, ticket, 1, ticket.team.index());
        let waiting = Waiting {
            team: ticket.team,
            service: ticket.service,
            since: now,
            is_new: !again && ticket.reopenings() == 0,
            sticks: ticket.reopenings() > 0 && self.model.teams[ticket.team.index()].routing.sticky.is_some(),
        };
        self.waiting.insert(ticket.number, waiting);
    }

    fn left_queue(&mut self, now: Instant, ticket: &Ticket, taken: bool) {
        self.note(now, ticket, 2, usize::from(taken));
        if self.waiting.remove(&ticket.number).is_none() {
            self.wrong
                .push(format!("{} leaves a queue twice at {now:?}", ticket.number));
        }
    }

    fn started(&mut self, now: Instant, ticket: &Ticket, agent: AgentId, _first: bool) {
        self.note(now, ticket, 3, agent.index());
        if self.waiting.contains_key(&ticket.number) {
            self.wrong.push(format!("{} is begun in the queue", ticket.number));
        }
        if self.model.agents[agent.index()].team != ticket.team || !self.is_able(agent, ticket.service) {
            self.wrong
                .push(format!("{agent:?} works on {}, and is not able to", ticket.number));
        }
        let talks = self.works_on.entry(agent).or_default();
        talks.insert(ticket.number);
        let most = match &self.model.teams[ticket.team.index()].concurrency {
            Some(concurrency) if concurrency.exclusive[ticket.severity.index()] => 1,
            Some(concurrency) => concurrency.most as usize,
            None => 1,
        };
        if talks.len() > most {
            let message = format!("{agent:?} works on {talks:?} at {now:?}, at most {most}");
            self.wrong.push(message);
        }
    }

    fn interrupted(&mut self, now: Instant, ticket: &Ticket, agent: AgentId, _why: Interruption) {
        self.note(now, ticket, 4, agent.index());
        self.lets_go(agent, ticket.number);
    }

    fn moves(&mut self, now: Instant, ticket: &Ticket, to: TeamId, agent: Option<AgentId>, by: Option<RuleId>) {
        self.note(now, ticket, 5, to.index());
        if let (Some(agent), None) = (agent, by) {
            self.lets_go(agent, ticket.number);
        }
    }

    fn happened(&mut self, now: Instant, ticket: &Ticket, what: &Happening) {
        if *what == Happening::TurnedAway {
            self.note(now, ticket, 6, ticket.team.index());
        }
    }

    fn resolved(&mut self, now: Instant, ticket: &Ticket, agent: AgentId) {
        self.note(now, ticket, 7, agent.index());
        self.lets_go(agent, ticket.number);
    }

    fn closed(&mut self, now: Instant, ticket: &Ticket, _outcome: &Outcome) {
        self.note(now, ticket, 8, 0);
        if self.waiting.contains_key(&ticket.number) {
            self.wrong.push(format!("{} is closed in the queue", ticket.number));
        }
    }

    fn on_duty(&mut self, _now: Instant, agent: AgentId, starts: bool) {
        match starts {
            true => self.on_duty.insert(agent),
            false => self.on_duty.remove(&agent),
        };
    }

    fn mark(&mut self, now: Instant, scene: &Scene) {
        self.nobody_is_free_for(now, scene);
    }
}

/// What a team may have, as lines of its table.
fn habits(other: &'static str) -> impl Strategy<Value = String> {
    let routing = select(vec![
        "",
        "routing.mode = \"least-loaded\"\n",
        "routing.mode = \"round-robin\"\n",
        "routing.mode = \"best-skill\"\n",
        "routing.follow_the_sun = true\n",
        "routing = { sticky = true, sticky_wait = \"20m\" }\n",
    ]);
    let overflow = weighted(0.5, (select(vec!["0s", "10m", "1h"]), any::<bool>())).prop_map(move |overflow| {
        overflow.map_or(String::new(), |(after, moves)| {
            // Two teams that move what they have to each other at once would never end.
            let moves = moves && after != "0s";
            format!("overflow = {{ to = \"{other}\", after = \"{after}\", move = {moves} }}\n")
        })
    });
    let places =
        weighted(0.3, 0..4u32).prop_map(|places| places.map_or(String::new(), |places| format!("places = {places}\n")));
    let busy = select(vec![
        "",
        "preemption = { switch_cost = \"5m\" }\n",
        "preemption = { switch_cost = \"5m\", resume = \"team\" }\n",
        "concurrency = { most = 3, exclusive = [\"Sev1\"] }\n",
        "concurrency = { most = 2, slowdown = 0.0 }\n",
    ]);
    let order = select(vec!["fifo", "severity", "deadline", "ageing"]);
    let preference = select(vec![
        "",
        "preference = [\"net\"]\n",
        "preference = [\"data\", \"net\"]\n",
    ]);
    let end = select(vec!["finish", "hand-off", "hold"]);
    (routing, overflow, places, busy, order, preference, end).prop_map(
        |(routing, overflow, places, busy, order, likes, end)| {
            format!("discipline = \"{order}\"\nshift_end = \"{end}\"\n{routing}{overflow}{places}{busy}{likes}")
        },
    )
}

/// The people of a team of two shifts, as tables; some with skills of their own.
fn people(team: &'static str) -> impl Strategy<Value = String> {
    let skills = || {
        select(vec![
            "",
            "skills = [\"net\"]\n",
            "skills = [\"net\", \"data\"]\n",
            "skills = { net = 0.5, data = 1.5 }\nproficiency = 0.8\n",
            "skills = { data = 2.0 }\ntraining = { start = 0.4 }\n",
        ])
    };
    (1..4u32, 0..3u32, skills(), skills(), any::<bool>()).prop_map(move |(early, late, of_early, of_late, named)| {
        let mut text = format!(
            "[teams.{team}.shifts.early]\nheadcount = {early}\nhours = {{ \"Mon-Sun\" = \"06:00-15:00\" }}\n{of_early}\
             [teams.{team}.shifts.late]\nheadcount = {late}\nhours = {{ \"Mon-Sun\" = \"14:00-23:00\" }}\n{of_late}"
        );
        if named {
            text += &format!(
                "[people.all-rounder-{team}]\nteam = \"{team}\"\nshift = \"late\"\nskills = [\"net\", \"data\"]\n\
                 leave = [{{ from = \"2026-03-03\", to = \"2026-03-03\" }}]\n"
            );
        }
        text
    })
}

fn rules() -> impl Strategy<Value = String> {
    let rule = |name: &'static str, when: &'static str, then: &'static str| {
        weighted(0.4, Just(())).prop_map(move |written| match written {
            Some(()) => format!("[rules.{name}]\nwhen = {when}\nthen = [{then}]\n"),
            None => String::new(),
        })
    };
    (
        rule(
            "join",
            "{ with_owner = \"10m\" }",
            "{ add_responders = { count = 2, from = \"second\" } }",
        ),
        rule(
            "together",
            "{ created = true }",
            "{ add_responders = { count = 1, from = \"b\" } }",
        ),
        rule("over", "{ in_queue = \"40m\" }", "{ transfer = \"second\" }"),
        rule(
            "call",
            "{ in_team = \"30m\" }",
            "{ involve = { teams = [\"b\", \"second\"] } }",
        ),
        rule("up", "{ in_queue = \"15m\" }", "{ raise = 1 }"),
    )
        .prop_map(|(join, together, over, call, up)| join + &together + &over + &call + &up)
}

fn scenarios() -> impl Strategy<Value = (u64, String)> {
    let teams = (people("a"), people("b"), habits("b"), habits("a"));
    let rates = (1..12u32, 1..8u32, 1..6u32);
    let more = select(vec![
        "",
        "[handoff]\nrejected = 0.3\n",
        "[handoff]\nshift_end = \"cold\"\n",
    ]);
    let reopening = select(vec!["", "[reopening]\nshare = 0.3\ndelay = { exponential = \"1h\" }\n"]);
    (any::<u32>(), teams, rates, rules(), more, reopening, 0..4u32).prop_map(
        |(seed, (of_a, of_b, a, b), (desk, net, data), rules, more, reopening, second)| {
            let text = format!(
                "name = \"people\"\n\
                 run = {{ start = \"2026-03-02T08:00\", horizon = \"2d\", drain = \"2d\", replications = 1 }}\n\
                 [severities]\nSev1 = {{ resolve = \"4h\" }}\nSev2 = {{ resolve = \"8h\" }}\nSev3 = {{}}\n\
                 [services.desk]\narrivals.rate = \"{desk}/h\"\nmix = {{ Sev1 = 0.1, Sev2 = 0.3, Sev3 = 0.6 }}\n\
                 [services.net]\narrivals.rate = \"{net}/h\"\nneeds = [\"net\"]\nmix = {{ Sev1 = 0.2, Sev2 = 0.3, Sev3 = 0.5 }}\n\
                 [services.data]\narrivals.rate = \"{data}/h\"\nneeds = [\"data\"]\nmix = {{ Sev2 = 0.5, Sev3 = 0.5 }}\n\
                 [tiers.L1]\nwork = {{ exponential = \"12m\" }}\nescalates.L2 = 0.2\n\
                 [tiers.L2]\nwork = {{ exponential = \"30m\" }}\n\
                 {of_a}{of_b}\
                 [teams.a]\ntier = \"L1\"\n{a}[teams.b]\ntier = \"L1\"\n{b}\
                 [teams.second]\ntier = \"L2\"\nheadcount = {second}\n{rules}{more}{reopening}"
            );
            (u64::from(seed), text)
        },
    )
}

#[test]
fn people_work_what_they_can_as_much_as_they_can_and_nothing_waits_for_nobody() {
    for_all(scenarios(), |(seed, text)| {
        let document = Document::parse("people.toml", text.as_str());
        if document.problems().any_error() {
            // Nobody of either team has a skill that is needed: the check says so, and there is nothing to play.
            return Ok(());
        }
        let model = model(&document, "base");
        let mut world = World::new();
        let mut watch = Watch::new(&model);
        replicate(&model, seed, 0, &mut world, &mut watch);
        let told = |why: String| TestCaseError::fail(format!("seed {seed}: {why}\n{text}"));
        world.audit(&model).map_err(told)?;
        if let Some(wrong) = watch.wrong.first() {
            let number = wrong
                .split(' ')
                .find_map(|word| word.trim_matches(|c: char| !c.is_ascii_digit()).parse::<u32>().ok());
            let trail: Vec<_> = watch
                .trail
                .iter()
                .filter(|(_, ticket, _, _)| wrong.contains(&format!("({ticket},")) || Some(*ticket) == number)
                .collect();
            return Err(told(format!("{wrong}; {trail:?}")));
        }
        let mut again = Watch::new(&model);
        replicate(&model, seed, 0, &mut world, &mut again);
        prop_assert_eq!(
            watch.trail,
            again.trail,
            "a second run in a used world differs: seed {}\n{}",
            seed,
            text
        );
        Ok(())
    });
}
