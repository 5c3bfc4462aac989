//! Properties: what holds in every scenario, whatever is written in it.
//!
//! Random scenarios with every feature of the language are played, everything is logged, and the log must obey the laws
//! below. `PROPTEST_CASES=1000 cargo test --release --test properties` looks longer, `PROPTEST_RNG_SEED=7` elsewhere; a
//! failure prints the scenario and its seed. Single timelines are `timelines`, agreement with theory is `verification`.

mod properties_support;

use escalade::experiment::tables::{Results, TicketRow};
use escalade::experiment::{RunOptions, run};
use escalade::kernel::Interruption;
use escalade::model::{AgentId, Model, ShiftEnd, TargetKind};
use properties_support::clocks::Life;
use properties_support::log::{Entry, Log, Mark, What};
use properties_support::scenarios::{Case, Plan, Staffing, plans, simple_teams};
use properties_support::{Verdict, for_all, model, play, read};
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use std::collections::{BTreeMap, BTreeSet};

/// Plays two replications of the base and asks something of each log.
fn in_every_replication(property: impl Fn(&Model, &Log<true>) -> Verdict) {
    for_all(plans(), |plan| {
        let case = plan.case();
        let model = model(&read(&case.text), "base");
        for replication in 0..2 {
            let (world, log) = play::<true>(&model, case.seed, replication);
            world.audit(&model).map_err(|why| told(&case, why))?;
            property(&model, &log).map_err(|error| told(&case, format!("replication {replication}: {error}")))?;
        }
        Ok(())
    });
}

fn told(case: &Case, why: impl std::fmt::Display) -> TestCaseError {
    TestCaseError::fail(format!("{why}\n{case:?}"))
}

fn results(case: &Case, threads: usize, traced: bool) -> Result<Results, TestCaseError> {
    let options = RunOptions {
        seed: Some(case.seed),
        threads: Some(threads),
        tickets: traced,
        events: traced,
        trace_replications: 3,
        ..RunOptions::default()
    };
    run(&read(&case.text), &options, &()).map_err(|error| told(case, error))
}

/// Who works on what, followed through a log.
#[derive(Default)]
struct Hands {
    ticket_of: BTreeMap<AgentId, u32>,
}

impl Hands {
    fn follow(&mut self, ticket: u32, what: &What) -> Verdict {
        match what {
            What::Started(agent) => {
                let before = self.ticket_of.insert(*agent, ticket);
                prop_assert_eq!(before, None, "{:?} starts {} while at work", agent, ticket);
                let hands = self.ticket_of.values().filter(|other| **other == ticket).count();
                prop_assert_eq!(hands, 1, "{} is worked on by several", ticket);
            }
            // Work that waits in somebody's line is handed off too: nobody's hands were on it.
            What::Interrupted(agent, Interruption::HandedOff) if self.ticket_of.get(agent) != Some(&ticket) => {}
            What::Interrupted(agent, _) | What::Resolved(agent) | What::Moves(_, Some(agent), None) => {
                let before = self.ticket_of.remove(agent);
                prop_assert_eq!(before, Some(ticket), "{:?} lets go of what they do not hold", agent);
            }
            _ => {}
        }
        Ok(())
    }

    fn at_work(&self, model: &Model, team: usize) -> usize {
        let agents = &model.teams[team].agents;
        self.ticket_of
            .keys()
            .filter(|agent| agents.contains(&agent.index()))
            .count()
    }
}

#[test]
fn created_is_solved_plus_open_at_every_instant() {
    in_every_replication(|model, log| {
        let mut open = 0usize;
        let mut waiting = vec![0usize; model.teams.len()];
        let mut hands = Hands::default();
        for entry in &log.entries {
            hands.follow(entry.ticket, &entry.what)?;
            match &entry.what {
                What::Created | What::Reopened => open += 1,
                What::Resolved(_) => open -= 1,
                What::Queued => waiting[entry.team] += 1,
                What::LeftQueue => waiting[entry.team] -= 1,
                What::Mark(mark) => {
                    prop_assert_eq!(mark.open, open, "open at {:?}", entry.at);
                    let [queued, in_line, in_work, pending, _] = mark.phases;
                    prop_assert_eq!(queued + in_line + in_work + pending, open);
                    prop_assert_eq!(in_work, hands.ticket_of.len());
                    prop_assert_eq!(mark.desks.iter().map(|desk| desk.held).sum::<usize>(), open);
                    for (team, desk) in mark.desks.iter().enumerate() {
                        prop_assert_eq!(desk.waiting, waiting[team], "queue of team {} at {:?}", team, entry.at);
                        prop_assert_eq!(desk.at_work, hands.at_work(model, team));
                    }
                }
                _ => {}
            }
        }
        let ended: BTreeSet<u32> = log.ends.iter().map(|end| end.ticket.number).collect();
        prop_assert_eq!(ended.len(), log.ends.len(), "a ticket ended twice");
        prop_assert_eq!(ended.len(), log.created.len(), "a ticket was lost");
        Ok(())
    });
}

#[test]
fn nobody_works_two_tickets_at_once() {
    in_every_replication(|_, log| {
        let mut hands = Hands::default();
        log.entries
            .iter()
            .try_for_each(|entry| hands.follow(entry.ticket, &entry.what))
    });
}

/// Duty of everybody who works in shifts, as it was seen.
fn duties(log: &Log<true>) -> BTreeMap<AgentId, Vec<(i64, i64)>> {
    let mut duties: BTreeMap<AgentId, Vec<(i64, i64)>> = BTreeMap::new();
    for entry in &log.entries {
        if let What::OnDuty(agent, starts) = entry.what {
            let own = duties.entry(agent).or_default();
            match starts {
                true => own.push((entry.at.ms(), i64::MAX)),
                false => own.last_mut().expect("a shift starts before it ends").1 = entry.at.ms(),
            }
        }
    }
    duties
}

#[test]
fn duty_is_within_the_shifts_that_are_written() {
    in_every_replication(|model, log| {
        for (agent, duties) in duties(log) {
            let crew = &model.crews[model.agents[agent.index()].crew.index()];
            for (from, until) in duties {
                let written = crew
                    .shifts
                    .iter()
                    .any(|(starts, ends)| from == starts.ms().max(0) && (until == ends.ms() || until == i64::MAX));
                prop_assert!(
                    written && !crew.always,
                    "{:?} is on duty from {} to {}",
                    agent,
                    from,
                    until
                );
            }
        }
        Ok(())
    });
}

/// Until when somebody may work who starts at an instant: to the end of the shift, and on overtime as far as the team's
/// rule goes; who is still there when their next shift begins goes on.
fn latest_end(duties: &[(i64, i64)], start: i64, overtime: i64) -> Option<i64> {
    let place = duties
        .iter()
        .position(|(from, until)| *from <= start && start < *until)?;
    let mut latest = duties[place].1;
    for (from, until) in &duties[place + 1..] {
        if *from > latest.saturating_add(overtime) {
            break;
        }
        latest = *until;
    }
    Some(latest.saturating_add(overtime))
}

#[test]
fn nobody_works_outside_their_shifts_except_on_overtime_within_its_limit() {
    in_every_replication(|model, log| {
        let duties = duties(log);
        let mut latest: BTreeMap<AgentId, i64> = BTreeMap::new();
        for entry in &log.entries {
            let at = entry.at.ms();
            match &entry.what {
                What::Started(agent) => {
                    let person = model.agents[agent.index()];
                    if model.crews[person.crew.index()].always {
                        continue;
                    }
                    let overtime = match model.teams[person.team.index()].shift_end {
                        ShiftEnd::Finish(limit) => limit.ms(),
                        ShiftEnd::HandOff | ShiftEnd::Hold => 0,
                    };
                    let own = duties.get(agent).map_or(&[][..], Vec::as_slice);
                    let end = latest_end(own, at, overtime);
                    prop_assert!(end.is_some(), "{:?} starts {} off duty at {}", agent, entry.ticket, at);
                    latest.insert(*agent, end.unwrap_or(at));
                }
                What::Interrupted(agent, _) | What::Resolved(agent) | What::Moves(_, Some(agent), None) => {
                    if let Some(latest) = latest.remove(agent) {
                        prop_assert!(at <= latest, "{:?} worked until {}, not {}", agent, at, latest);
                    }
                }
                _ => {}
            }
        }
        Ok(())
    });
}

#[test]
fn every_verdict_deadline_and_lateness_is_what_the_targets_say() {
    in_every_replication(|model, log| {
        for end in &log.ends {
            let life = Life::of(model, end, log.of(end.ticket.number));
            for (kind, expected, found) in [
                ("first_response", life.response(), end.outcome.first_response),
                ("resolve", life.resolve(), end.outcome.resolve),
            ] {
                let found = found.map(|verdict| (verdict.breached, verdict.late.ms(), verdict.due.map(|due| due.ms())));
                let wanted = expected
                    .as_ref()
                    .map(|clock| (clock.breached, clock.late_ms, clock.due_ms));
                prop_assert_eq!(found, wanted, "{} of ticket {}: {:?}", kind, end.ticket.number, life);
            }
        }
        Ok(())
    });
}

#[test]
fn a_breach_is_recorded_exactly_when_the_clock_reaches_its_target() {
    in_every_replication(|model, log| {
        for end in &log.ends {
            let number = end.ticket.number;
            let life = Life::of(model, end, log.of(number));
            for (kind, expected) in [
                (TargetKind::FirstResponse, life.response()),
                (TargetKind::Resolve, life.resolve()),
            ] {
                let Some(expected) = expected else { continue };
                let seen = log.of(number).filter(|entry| entry.what == What::Breached(kind));
                let seen: Vec<i64> = seen.map(|entry| entry.at.ms()).collect();
                prop_assert_eq!(&seen, &expected.breaches, "{} of {}: {:?}", kind.name(), number, life);
            }
        }
        Ok(())
    });
}

#[test]
fn time_waiting_for_the_customer_is_booked_as_such() {
    in_every_replication(|model, log| {
        for end in &log.ends {
            let life = Life::of(model, end, log.of(end.ticket.number));
            prop_assert_eq!(end.ticket.pending_ms, life.pending_ms(), "ticket {}", end.ticket.number);
        }
        Ok(())
    });
}

#[test]
fn a_paused_clock_cannot_breach() {
    in_every_replication(|model, log| {
        let mut waiting: BTreeMap<u32, i64> = BTreeMap::new();
        for entry in &log.entries {
            match &entry.what {
                What::Interrupted(_, Interruption::Asked) => drop(waiting.insert(entry.ticket, entry.at.ms())),
                What::Answered => drop(waiting.remove(&entry.ticket)),
                What::Breached(TargetKind::Resolve) => {
                    let ticket = &log.created[entry.ticket as usize - 1];
                    let every_target_pauses = (0..model.names.severities.len()).all(|severity| {
                        let severity = escalade::model::SeverityId::new(severity);
                        let target = model
                            .targets
                            .get(TargetKind::Resolve, severity, ticket.service, ticket.customer);
                        target.is_none_or(|target| target.pauses)
                    });
                    // A question that is asked on the deadline comes too late; a raise may find a deadline in the past.
                    let paused_since = waiting.get(&entry.ticket).filter(|since| **since < entry.at.ms());
                    let raised = log
                        .of(entry.ticket)
                        .any(|other| other.at == entry.at && matches!(other.what, What::Severity(_)));
                    let wrong = every_target_pauses && paused_since.is_some() && !raised;
                    prop_assert!(!wrong, "ticket {} breached at {:?}", entry.ticket, entry.at);
                }
                _ => {}
            }
        }
        Ok(())
    });
}

#[test]
fn the_first_response_is_the_first_start_and_the_first_words() {
    in_every_replication(|model, log| {
        for end in &log.ends {
            let number = end.ticket.number;
            let life = Life::of(model, end, log.of(number));
            let found = end.ticket.first_response.map(|at| at.ms());
            prop_assert_eq!(found, life.first_response(), "ticket {}", number);
            let told: Vec<_> = log
                .of(number)
                .filter(|entry| matches!(entry.what, What::Responded(_)))
                .collect();
            prop_assert_eq!(
                told.len(),
                usize::from(found.is_some()),
                "ticket {} responded to",
                number
            );
        }
        Ok(())
    });
}

#[test]
fn touch_time_is_the_time_in_somebodys_hands() {
    in_every_replication(|model, log| {
        // An overlap is spent by two: it is not in the log of the one who leaves.
        let overlaps = model.handoff.overlap.ms() > 0 && !model.handoff.cold;
        for end in log.ends.iter().filter(|end| end.closed) {
            let (mut since, mut touched) = (None, 0);
            for entry in log.of(end.ticket.number) {
                match entry.what {
                    What::Started(_) => since = Some(entry.at.ms()),
                    What::Interrupted(..) | What::Resolved(_) | What::Moves(..) => {
                        touched += since.take().map_or(0, |since| entry.at.ms() - since);
                    }
                    _ => {}
                }
            }
            let more = end.ticket.touch_ms - touched;
            prop_assert!(
                more == 0 || (overlaps && more % model.handoff.overlap.ms() == 0),
                "{}",
                end.ticket.number
            );
        }
        Ok(())
    });
}

#[test]
fn no_team_has_an_idle_person_while_tickets_wait() {
    in_every_replication(|model, log| {
        let mut waiting = vec![0usize; model.teams.len()];
        let mut on_duty: Vec<bool> = model
            .agents
            .iter()
            .map(|agent| model.crews[agent.crew.index()].always)
            .collect();
        let mut hands = Hands::default();
        // Breaks are not in the log: where there are any, the marks must do.
        let takes_breaks = |team: usize| {
            model
                .crews
                .iter()
                .any(|crew| crew.team.index() == team && crew.breaks.is_some())
        };
        let mut before = None;
        for entry in &log.entries {
            if before.is_some_and(|before| before < entry.at) {
                for (team, waiting) in waiting.iter().enumerate().filter(|(team, _)| !takes_breaks(*team)) {
                    let agents = model.teams[team].agents.clone();
                    let idle =
                        agents.filter(|agent| on_duty[*agent] && !hands.ticket_of.contains_key(&AgentId::new(*agent)));
                    prop_assert!(
                        idle.count() == 0 || *waiting == 0,
                        "team {} idles before {:?}",
                        team,
                        entry.at
                    );
                }
            }
            before = Some(entry.at);
            hands.follow(entry.ticket, &entry.what)?;
            match &entry.what {
                What::Queued => waiting[entry.team] += 1,
                What::LeftQueue => waiting[entry.team] -= 1,
                What::OnDuty(agent, starts) => on_duty[agent.index()] = *starts,
                What::Mark(mark) => nobody_idles(model, mark, &on_duty, &hands, takes_breaks)?,
                _ => {}
            }
        }
        Ok(())
    });
}

fn nobody_idles(
    model: &Model,
    mark: &Mark,
    on_duty: &[bool],
    hands: &Hands,
    takes_breaks: impl Fn(usize) -> bool,
) -> Verdict {
    for (team, desk) in mark.desks.iter().enumerate() {
        prop_assert!(
            desk.idle == 0 || desk.waiting == 0,
            "team {} idles: {:?}",
            model.names.teams[team],
            desk
        );
    }
    for (ticket, team, owner) in &mark.in_line {
        let there = on_duty[owner.index()] && !hands.ticket_of.contains_key(owner);
        prop_assert!(
            !there || takes_breaks(*team),
            "{:?} idles while {} waits for them",
            owner,
            ticket
        );
    }
    Ok(())
}

/// Candidates that decide everything otherwise.
fn other_policies(plan: &Plan) -> String {
    let mut text = String::new();
    for (name, discipline, people) in [("more", "fifo", 5), ("fewer", "deadline", 1)] {
        text += &format!("[candidates.{name}]\n");
        for team in 0..plan.teams.len() {
            text += &format!("set.teams.t{team} = {{ headcount = {people}, discipline = \"{discipline}\" }}\n");
        }
    }
    let highest = plan.tiers.len();
    text += &format!("[candidates.straight_up]\nset.routes.all = {{ to = \"L{highest}\" }}\n");
    text += "[candidates.strict]\n";
    for severity in 1..=plan.severities.len() {
        text += &format!(
            "set.severities.S{severity} = {{ resolve = \"{severity}0m\", first_response = \"{severity}m\" }}\n"
        );
    }
    text += "[candidates.watched]\nset.rules.another = { when = { in_queue = \"7m\" }, then = [{ raise = 1 }] }\n";
    text
}

fn born(row: &TicketRow) -> impl PartialEq + std::fmt::Debug {
    let names = [
        &row.service,
        &row.customer_tier,
        &row.true_severity,
        &row.first_severity,
        &row.able_from,
    ];
    (row.ticket.clone(), row.created, names.map(String::clone))
}

#[test]
fn two_candidates_see_the_same_tickets_field_for_field() {
    for_all(plans(), |plan| {
        let case = plan.case_with(&other_policies(&plan));
        let results = results(&case, 1, true)?;
        let until = model(&read(&case.text), "base").window.until;
        for replication in 0..3 {
            let of = |candidate: usize| {
                let rows = results
                    .tickets
                    .iter()
                    .filter(move |row| (row.candidate, row.replication) == (candidate, replication));
                rows.map(born).collect::<Vec<_>>()
            };
            let rows = |candidate: usize| {
                let in_window = |row: &&TicketRow| {
                    (row.candidate, row.replication) == (candidate, replication) && row.created < until
                };
                results.tickets.iter().filter(in_window).count()
            };
            let (base, measured) = (of(0), rows(0));
            for candidate in 1..results.candidates.len() {
                let other = of(candidate);
                // Once everything measured is settled, a candidate stops: the others may see more of the drain.
                let both = base.len().min(other.len());
                prop_assert_eq!(&base[..both], &other[..both], "{}", results.candidates[candidate].name);
                prop_assert_eq!(rows(candidate), measured, "{}", results.candidates[candidate].name);
            }
        }
        Ok(())
    });
}

#[test]
fn identical_candidates_differ_by_exactly_nothing() {
    for_all(plans(), |plan| {
        let case = plan.case_with("[candidates.same]\n[candidates.same_too]\nset.first_reply = \"0s\"\n");
        if plan.first_reply_s != 0 {
            return Ok(());
        }
        let results = results(&case, 1, false)?;
        prop_assert!(!results.comparison.is_empty());
        for row in &results.comparison {
            prop_assert!(row.difference.is_none_or(|difference| difference == 0.0), "{:?}", row);
            prop_assert!(row.difference.is_none() || row.verdict == "identical", "{:?}", row);
        }
        let of = |candidate| {
            let rows = results.summary.iter().filter(move |row| row.candidate == candidate);
            rows.map(|row| {
                format!(
                    "{:?}",
                    (row.metric, row.by, &row.group, row.estimate, row.low, row.high, row.n)
                )
            })
            .collect::<Vec<_>>()
        };
        same_rows(&of(0), &of(1))?;
        same_rows(&of(0), &of(2))?;
        Ok(())
    });
}

#[test]
fn one_two_and_eight_threads_give_the_same_bytes() {
    for_all(plans(), |plan| {
        let case = plan.case_with(&other_policies(&plan));
        let one = format!("{:?}", results(&case, 1, true)?);
        for threads in [2, 8] {
            let many = format!("{:?}", results(&case, threads, true)?);
            prop_assert!(one == many, "{} threads", threads);
        }
        Ok(())
    });
}

/// Every row that is about one candidate, by its name.
fn about(results: &Results, name: &str) -> Vec<String> {
    let index = results
        .candidates
        .iter()
        .position(|candidate| candidate.name == name)
        .expect(name);
    let mut rows = Vec::new();
    let mut keep = |candidate: usize, text: String| {
        if candidate == index {
            rows.push(text.replace(&format!("candidate: {candidate},"), ""));
        }
    };
    results
        .summary
        .iter()
        .for_each(|row| keep(row.candidate, format!("{row:?}")));
    results
        .replication_rows
        .iter()
        .for_each(|row| keep(row.candidate, format!("{row:?}")));
    results
        .timeline
        .iter()
        .for_each(|row| keep(row.candidate, format!("{row:?}")));
    results
        .tickets
        .iter()
        .for_each(|row| keep(row.candidate, format!("{row:?}")));
    results
        .events
        .iter()
        .for_each(|row| keep(row.candidate, format!("{row:?}")));
    let with_base = results.comparison.iter().filter(|row| row.against == 0);
    with_base.for_each(|row| keep(row.candidate, format!("{row:?}")));
    rows
}

/// The first row that two lists do not share.
fn same_rows(one: &[String], other: &[String]) -> Verdict {
    for (one, other) in one.iter().zip(other) {
        prop_assert_eq!(one, other);
    }
    prop_assert_eq!(one.len(), other.len());
    Ok(())
}

#[test]
fn the_order_of_the_candidates_changes_nobodys_numbers() {
    for_all(plans(), |plan| {
        let candidates = other_policies(&plan);
        let mut tables: Vec<String> = candidates.split("[candidates.").skip(1).map(String::from).collect();
        tables.reverse();
        let turned: String = tables.iter().map(|table| format!("[candidates.{table}")).collect();
        let (as_written, turned) = (
            results(&plan.case_with(&candidates), 1, true)?,
            results(&plan.case_with(&turned), 1, true)?,
        );
        for candidate in &as_written.candidates {
            same_rows(&about(&as_written, &candidate.name), &about(&turned, &candidate.name))?;
        }
        Ok(())
    });
}

#[test]
fn watching_changes_nothing() {
    for_all(plans(), |plan| {
        let case = plan.case();
        let compiled = model(&read(&case.text), "base");
        let (_, watched) = play::<true>(&compiled, case.seed, 0);
        let (_, unwatched) = play::<false>(&compiled, case.seed, 0);
        // Once everything measured is settled the run ends with its next event, and a breach is one: what comes after the
        // window is compared of the measured tickets only.
        let until = compiled.window.until;
        let story = |log: &mut dyn Iterator<Item = &Entry>, measured: &dyn Fn(u32) -> bool| -> Vec<Entry> {
            let entries = log.filter(|entry| !matches!(entry.what, What::Breached(_)));
            entries
                .filter(|entry| entry.at <= until || measured(entry.ticket))
                .cloned()
                .collect()
        };
        let measured: BTreeSet<u32> = watched
            .created
            .iter()
            .filter(|one| one.measured)
            .map(|one| one.number)
            .collect();
        let measured = |ticket: u32| measured.contains(&ticket);
        let with = story(&mut watched.entries.iter(), &measured);
        let without = story(&mut unwatched.entries.iter(), &measured);
        for (with, without) in with.iter().zip(&without) {
            prop_assert_eq!(with, without);
        }
        prop_assert_eq!(with.len(), without.len());
        let verdicts = |log: &[properties_support::log::End]| -> Vec<_> {
            let verdicts = log.iter().filter(|end| end.ticket.measured).map(|end| {
                let outcome = [
                    end.outcome.first_response,
                    end.outcome.resolve,
                    end.outcome.truly().first_response,
                    end.outcome.truly().resolve,
                ];
                (
                    end.ticket.number,
                    outcome.map(|verdict| verdict.map(|verdict| (verdict.breached, verdict.late))),
                )
            });
            verdicts.collect()
        };
        prop_assert_eq!(verdicts(&watched.ends), verdicts(&unwatched.ends));
        let (with, without) = (results(&case, 1, true)?, results(&case, 1, false)?);
        let untraced = Results {
            tickets: Vec::new(),
            events: Vec::new(),
            ..with
        };
        prop_assert!(
            format!("{untraced:?}") == format!("{without:?}"),
            "a traced run differs"
        );
        Ok(())
    });
}

#[test]
fn rules_that_never_fire_change_nothing() {
    for_all(plans(), |mut plan| {
        plan.rules.clear();
        let never = "[rules.late]\nwhen = { in_tier = \"900d\" }\nthen = [{ raise = 1 }, { transfer = \"t0\" }]\n\
                     [rules.later]\nwhen = { in_queue = { after = \"900d\", calendar = \"office\" } }\nthen = [{ alert = \"x\" }]\n\
                     [rules.off]\nwhen = { created = true }\nthen = [{ raise = 1 }]\nenabled = false\n";
        let (without, with) = (plan.case(), plan.case_with(never));
        // Which of two teams is served first at one instant is nobody's business: each ticket's own story is compared.
        let stories = |case: &Case| {
            let mut entries = play::<true>(&model(&read(&case.text), "base"), case.seed, 0).1.entries;
            entries.sort_by_key(|entry| entry.ticket);
            entries
        };
        for (one, other) in stories(&without).iter().zip(&stories(&with)) {
            prop_assert_eq!(one, other);
        }
        prop_assert_eq!(stories(&without).len(), stories(&with).len());
        let (without, with) = (results(&without, 1, true)?, results(&with, 1, true)?);
        // What is measured of rules that warn, or of severities that may be wrong, has no rows where neither can be.
        let named: BTreeSet<&str> = without.summary.iter().map(|row| row.metric).collect();
        let metric = |row: &str| Some(row.split_once("metric: \"")?.1.split_once('"')?.0.to_owned());
        let is_new = |row: &str| metric(row).is_some_and(|metric| !named.contains(metric.as_str()));
        let rows = |results: &Results| -> Vec<String> {
            let mut rows = about(results, "base");
            rows.retain(|row| !row.contains("by: \"rule\"") && !row.contains("by: \"true_severity\"") && !is_new(row));
            rows.sort_unstable();
            rows
        };
        same_rows(&rows(&without), &rows(&with))?;
        Ok(())
    });
}

/// Metrics whose numerator and denominator count things that each belong to one group.
const COUNTED: [&str; 14] = [
    "tickets_created",
    "breach_rate_first_response",
    "breach_rate_update",
    "breach_rate_resolve",
    "true_breach_rate_first_response",
    "true_breach_rate_resolve",
    "censored_share_first_response",
    "censored_share_resolve",
    "escalation_rate",
    "needless_escalation_share",
    "reopen_rate",
    "severity_accuracy_share",
    "override_rate",
    "first_contact_resolution_share",
];

#[test]
fn counts_of_the_groups_add_up_to_all() {
    for_all(plans(), |plan| {
        let results = results(&plan.case(), 1, false)?;
        for metric in COUNTED {
            for by in ["severity", "true_severity", "service", "customer_tier"] {
                for replication in 0..results.replications {
                    let rows = || {
                        let of_it = results.replication_rows.iter();
                        of_it.filter(move |row| row.metric == metric && row.replication == replication)
                    };
                    let sum = |by: &str| {
                        let rows = rows().filter(|row| row.by == by);
                        rows.fold((0.0, 0.0), |sum, row| (sum.0 + row.numerator, sum.1 + row.denominator))
                    };
                    if !rows().any(|row| row.by == by) {
                        // Left out where it says nothing: no customer tiers, or a severity that is always true.
                        prop_assert!(
                            by == "customer_tier" || by == "true_severity",
                            "{} has no {}",
                            metric,
                            by
                        );
                        continue;
                    }
                    let (all, groups) = (sum("all"), sum(by));
                    prop_assert_eq!(groups.0, all.0, "{} by {}", metric, by);
                    // A plain count is a count a replication.
                    prop_assert!(groups.1 == all.1 || metric == "tickets_created", "{} by {}", metric, by);
                }
            }
        }
        Ok(())
    });
}

/// A quantile as it is defined: the value of rank ⌈qN⌉.
fn quantile_of(mut values: Vec<i64>, q: f64) -> Option<f64> {
    values.sort_unstable();
    let rank = (q * values.len() as f64).ceil().max(1.0) as usize;
    values.get(rank - 1).map(|ms| *ms as f64 / 1000.0)
}

#[test]
fn quantiles_of_each_group_are_those_of_its_tickets() {
    for_all(plans(), |plan| {
        let case = plan.case();
        let results = results(&case, 1, true)?;
        let window = model(&read(&case.text), "base").window;
        let of_group = |by: &str, ticket: &TicketRow| match by {
            "severity" => Some(ticket.severity.clone()),
            "true_severity" => Some(ticket.true_severity.clone()),
            "service" => Some(ticket.service.clone()),
            "customer_tier" => Some(ticket.customer_tier.clone()),
            "team" => Some(ticket.team.clone()),
            "all" => Some(String::new()),
            _ => None,
        };
        for (metric, q) in [("time_to_resolve_p50_s", 0.5), ("time_to_resolve_p90_s", 0.9)] {
            let rows = results.replication_rows.iter();
            for row in rows.filter(|row| row.candidate == 0 && row.replication < 3 && row.metric == metric) {
                let mine = results.tickets.iter().filter(|ticket| {
                    ticket.candidate == 0 && ticket.replication == row.replication && window.contains(ticket.created)
                });
                let mine = mine.filter(|ticket| of_group(row.by, ticket).is_some_and(|group| *group == *row.group));
                let times: Vec<i64> = mine
                    .filter_map(|ticket| Some((ticket.resolved? - ticket.created).ms()))
                    .collect();
                if row.by == "support_tier" {
                    continue;
                }
                prop_assert_eq!(row.denominator, times.len() as f64, "{:?}", row);
                let (found, exact) = (row.value, quantile_of(times, q));
                prop_assert_eq!(found.is_some(), exact.is_some());
                let off = (found.unwrap_or(0.0) - exact.unwrap_or(0.0)).abs();
                prop_assert!(off <= 0.005_001 * exact.unwrap_or(0.0), "{:?} is not {:?}", row, exact);
            }
        }
        Ok(())
    });
}

#[test]
fn more_people_in_one_fifo_team_lengthen_no_tickets_first_response() {
    for_all((simple_teams(), 1u32..3), |(plan, more)| {
        let Staffing::Headcount(people) = plan.teams[0].staffing else {
            return Ok(());
        };
        let people = people + more;
        let case = plan.case_with(&format!("[candidates.more]\nset.teams.t0.headcount = {people}\n"));
        let results = results(&case, 1, true)?;
        let until = model(&read(&case.text), "base").window.until;
        let rows = |candidate| {
            let rows = results
                .tickets
                .iter()
                .filter(move |row| row.candidate == candidate && row.created < until);
            rows.map(|row| ((row.replication, row.ticket.clone()), row.first_response))
        };
        let more: BTreeMap<_, _> = rows(1).collect();
        for (ticket, before) in rows(0) {
            let after = more.get(&ticket).copied().flatten();
            if let Some(before) = before {
                prop_assert!(
                    after.is_some_and(|after| after <= before),
                    "{:?}: {:?}, {:?}",
                    ticket,
                    before,
                    after
                );
            }
        }
        Ok(())
    });
}
