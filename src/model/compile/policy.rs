//! Policy: routes and rules, names looked up and conditions turned into masks and tests.

use super::super::{
    Action, CalendarId, Change, Conditions, Counted, Elapsed, Firing, GateId, Hands, Measured, PolicyId, Responders,
    RoleId, Route, RouteTo, Rule, Runs, ScheduleId, SeverityId, TargetKind, TeamId, Test, TierId, Trigger,
};
use super::{Compiler, listed};
use crate::scenario::{self, HandoffKind, Named, OnJump, Path};
use crate::time::{Calendar, Length, Share};

/// Most flags of a scenario: the bits of a ticket's set.
const FLAGS_MAX: usize = 32;

impl Compiler<'_> {
    pub(super) fn conditions(&mut self, condition: &scenario::Condition, path: &Path) -> Conditions {
        let teams = self.written.teams.iter().map(|(name, team)| {
            let tier = condition.tier.as_ref().is_none_or(|tiers| tiers.contains(&team.tier));
            let named = condition.team.as_ref().is_none_or(|teams| teams.contains(name));
            tier && named
        });
        let teams = teams.collect();
        let mut open: Vec<CalendarId> = condition
            .open
            .as_deref()
            .map(|name| self.calendar(name))
            .into_iter()
            .collect();
        open.extend(self.hours_of(condition, path));
        Conditions {
            severities: listed(condition.severity.as_deref(), &self.names.severities),
            services: listed(condition.service.as_deref(), &self.names.services),
            customers: listed(condition.customer_tier.as_deref(), &self.names.customer_tiers),
            teams,
            open,
            tests: self.tests(condition, path),
        }
    }

    /// The hours of a condition as a calendar without a name.
    fn hours_of(&mut self, condition: &scenario::Condition, path: &Path) -> Option<CalendarId> {
        let hours = condition.hours.as_ref()?;
        let weekly = self.weekly(hours, &path.to_string())?;
        let zone = match condition.zone.as_deref() {
            Some(text) => super::calendars::zone(text, &path.key("zone").to_string(), self.problems)?,
            None => self.origin.zone().clone(),
        };
        let calendar = Calendar::compile(&zone, &weekly, &[], &self.origin, self.table_end());
        self.calendars.push(calendar);
        self.names.calendars.push("those hours".into());
        Some(CalendarId::new(self.calendars.len() - 1))
    }

    fn tests(&mut self, condition: &scenario::Condition, path: &Path) -> Vec<Test> {
        let truths = [
            condition.owned.map(Test::Owned),
            condition.answered.map(Test::Answered),
            condition.pending.map(Test::Pending),
            condition.major.map(Test::Major),
            condition.gated.map(Test::Gated),
            condition.workaround.map(Test::Workaround),
        ];
        let mut tests: Vec<Test> = truths.into_iter().flatten().collect();
        let counts = [
            (&condition.reassignments, Counted::Reassignments),
            (&condition.reopenings, Counted::Reopenings),
            (&condition.linked, Counted::Linked),
            (&condition.pages, Counted::Pages),
            (&condition.chasers, Counted::Chasers),
        ];
        tests.extend(counts.into_iter().filter_map(|(count, counted)| {
            let (least, most) = match count.as_ref()? {
                scenario::Count::AtLeast(least) => (*least, u32::MAX),
                scenario::Count::Between(bounds) => (bounds.at_least.unwrap_or(0), bounds.at_most.unwrap_or(u32::MAX)),
            };
            Some(Test::Count(counted, least, most))
        }));
        if let Some(used) = &condition.consumed {
            let (least, below) = (used.at_least.unwrap_or(0.0), used.below.unwrap_or(f64::INFINITY));
            tests.push(Test::Consumed(kind(used.of), least, below));
        }
        for (kinds, wanted) in [(&condition.breached, true), (&condition.not_breached, false)] {
            let kinds = kinds.iter().flatten();
            tests.extend(kinds.map(|of| Test::Breached(kind(*of), wanted)));
        }
        for (flags, wanted) in [(&condition.flags, true), (&condition.no_flags, false)] {
            for flag in flags.iter().flatten() {
                tests.push(Test::Flag(self.flag(flag, path), wanted));
            }
        }
        tests
    }

    /// The number of a flag, which exists as soon as somebody names it.
    fn flag(&mut self, name: &str, path: &Path) -> u8 {
        let known = self.names.flags.iter().position(|flag| flag == name);
        let place = known.unwrap_or_else(|| {
            self.names.flags.push(name.to_owned());
            self.names.flags.len() - 1
        });
        if place == FLAGS_MAX {
            let message = format!("more than {FLAGS_MAX} flags");
            self.problems.error("E910", path, message);
        }
        place.min(FLAGS_MAX - 1) as u8
    }

    /// A tier or a team by name; a tier wins where both have it.
    pub(super) fn destination(&self, name: &str) -> Option<RouteTo> {
        let tier = self
            .written
            .tiers
            .get_index_of(name)
            .map(|tier| RouteTo::Tier(TierId::new(tier)));
        tier.or_else(|| {
            self.written
                .teams
                .get_index_of(name)
                .map(|team| RouteTo::Team(TeamId::new(team)))
        })
    }

    pub(super) fn routes(&mut self) -> Vec<Route> {
        let written = self.written;
        let mut routes = Vec::with_capacity(written.routes.len());
        for (name, route) in &written.routes {
            let conditions = self.conditions(&route.if_, &Path::from(["routes", name, "if"]));
            routes.extend(self.destination(&route.to).map(|to| Route { conditions, to }));
        }
        routes
    }

    pub(super) fn rules(&mut self) -> Vec<Rule> {
        let written: &Named<scenario::Rule> = &self.written.rules;
        let mut rules = Vec::with_capacity(written.len());
        let groups: Vec<&String> = written.values().filter_map(|rule| rule.group.as_ref()).collect();
        self.names.rules.clear();
        for (name, rule) in written.iter().filter(|(_, rule)| rule.enabled != Some(false)) {
            let path = Path::from(["rules", name]);
            let Some(trigger) = self.trigger(&rule.when, &path.key("when").to_string()) else {
                continue;
            };
            let then = path.key("then");
            let mut actions = Vec::with_capacity(rule.then.len());
            for action in &rule.then {
                actions.extend(self.action(action, &then));
            }
            rules.push(Rule {
                trigger,
                conditions: self.conditions(&rule.if_, &path.key("if")),
                firing: self.firing(rule, &groups, &path),
                actions,
            });
            self.names.rules.push(name.clone());
        }
        rules
    }

    fn firing(&mut self, rule: &scenario::Rule, groups: &[&String], path: &Path) -> Firing {
        let every = rule.every.as_deref();
        let at_most = match (rule.max, rule.fires_once()) {
            (Some(most), false) => most,
            (_, true) => 1,
            (None, false) => u32::MAX,
        };
        let highest = rule.on_jump == Some(OnJump::Highest);
        let group = rule.group.as_ref().filter(|_| highest);
        Firing {
            once: rule.fires == Some(scenario::Fires::Once),
            each: rule.fires == Some(scenario::Fires::Each),
            every: every.and_then(|text| self.length(text, &path.key("every").to_string())),
            at_most,
            cooldown: self.length_or(
                rule.cooldown.as_deref(),
                &path.key("cooldown").to_string(),
                Length::ZERO,
            ),
            hold: rule.hold == Some(true),
            unless: rule
                .unless
                .as_ref()
                .map(|conditions| self.conditions(conditions, &path.key("unless"))),
            only_while: rule
                .while_
                .as_ref()
                .map(|conditions| self.conditions(conditions, &path.key("while"))),
            stops: rule.stop == Some(true),
            group: group.and_then(|name| Some(groups.iter().position(|group| *group == name)? as u16)),
        }
    }

    pub(super) fn trigger(&mut self, trigger: &scenario::Trigger, path: &str) -> Option<Trigger> {
        use scenario::Trigger as Written;
        Some(match trigger {
            Written::Consumed { of, share } => Trigger::Consumed(kind(*of), Share::from_f64(*share)?),
            Written::Breached(of) => Trigger::Consumed(kind(*of), Share::ONE),
            Written::Left { of, time } => Trigger::Left(kind(*of), self.written_time(time, path)?.on_calendar()),
            Written::InQueue(clock) => self.elapsed(Measured::InQueue, clock, path)?,
            Written::InTeam(clock) => self.elapsed(Measured::InTeam, clock, path)?,
            Written::InTier(clock) => self.elapsed(Measured::InTier, clock, path)?,
            Written::WithOwner(clock) => self.elapsed(Measured::WithOwner, clock, path)?,
            Written::Unacknowledged(clock) => self.elapsed(Measured::Unacknowledged, clock, path)?,
            Written::NoUpdate(clock) => self.elapsed(Measured::NoUpdate, clock, path)?,
            Written::Pending(clock) => self.elapsed(Measured::Pending, clock, path)?,
            Written::Reassignments(count) => Trigger::Reassignments(*count),
            Written::Reopenings(count) => Trigger::Reopenings(*count),
            Written::Chasers(count) => Trigger::Chasers(*count),
            Written::Linked(count) => Trigger::Linked(*count),
            Written::SeverityRaised(change) => Trigger::SeverityRaised(self.change(change)),
            Written::SeverityLowered(change) => Trigger::SeverityLowered(self.change(change)),
            Written::QueueLength {
                team,
                at_least,
                hysteresis,
            } => {
                let below = at_least.saturating_sub(hysteresis.unwrap_or(1)).max(1);
                Trigger::QueueLength(self.team_called(team)?, *at_least, below)
            }
            Written::QueueAge { team, at_least } => {
                Trigger::QueueAge(self.team_called(team)?, self.length(at_least, path)?)
            }
            Written::Created(_) => Trigger::Created,
            Written::Declared(_) => Trigger::Declared,
            Written::Mitigated(_) => Trigger::Mitigated,
            Written::Resolved(_) => Trigger::Resolved,
            Written::Reopened(_) => Trigger::Reopened,
        })
    }

    fn team_called(&self, name: &str) -> Option<TeamId> {
        self.written.teams.get_index_of(name).map(TeamId::new)
    }

    fn severity(&self, name: &str) -> Option<SeverityId> {
        self.written.severities.get_index_of(name).map(SeverityId::new)
    }

    fn change(&self, change: &scenario::Change) -> Change {
        let severity = |name: &Option<String>| name.as_deref().and_then(|name| self.severity(name));
        Change {
            from: severity(&change.from),
            to: severity(&change.to),
        }
    }

    pub(super) fn elapsed(&mut self, measured: Measured, clock: &scenario::Clock, path: &str) -> Option<Trigger> {
        let plain;
        let detail = match clock {
            scenario::Clock::Detailed(detail) => detail,
            scenario::Clock::Plain(after) => {
                plain = scenario::ClockDetail {
                    after: after.clone(),
                    calendar: None,
                    with_target: None,
                    count_pending: None,
                };
                &plain
            }
        };
        let (amount, calendar) = self.on_calendar(&detail.after, detail.calendar.as_deref(), path)?;
        let elapsed = Elapsed {
            measured,
            on: match detail.with_target {
                Some(true) => Runs::WithTarget,
                _ => Runs::On(calendar),
            },
            counts_pending: match measured {
                Measured::Pending | Measured::Unacknowledged => true,
                _ => detail.count_pending == Some(true),
            },
        };
        Some(Trigger::Elapsed(elapsed, amount))
    }

    pub(super) fn action(&mut self, action: &scenario::Action, path: &Path) -> Option<Action> {
        use scenario::Action as Written;
        Some(match action {
            Written::Alert(_) => Action::Alert,
            Written::Notify(notify) => {
                let (schedules, inform) = match notify {
                    scenario::Notify::Schedules(schedules) => (schedules, false),
                    scenario::Notify::Detailed(detail) => (&detail.schedules, detail.inform == Some(true)),
                };
                let ids = schedules.iter().filter_map(|name| self.schedule(name)).collect();
                Action::Notify(ids, inform)
            }
            Written::Page(policy) => Action::Page(self.escalation_policy(policy)?),
            Written::Transfer(transfer) => {
                let hands = match transfer {
                    scenario::Transfer::To(_) => Hands::Usual,
                    scenario::Transfer::Detailed(detail) => match detail.handoff {
                        None => Hands::Usual,
                        Some(HandoffKind::Warm) => Hands::Warm,
                        Some(HandoffKind::Cold) => Hands::Cold,
                    },
                };
                match self.destination(transfer.to())? {
                    RouteTo::Tier(tier) => Action::TransferToTier(tier, hands),
                    RouteTo::Team(team) => Action::TransferToTeam(team, hands),
                }
            }
            Written::ToSecondary(_) => Action::ToSecondary,
            Written::Raise(scenario::Raise::Steps(steps)) => Action::RaiseBy((*steps).min(255) as u8),
            Written::Raise(scenario::Raise::To(name)) => Action::RaiseTo(self.severity(name)?),
            Written::Lower(scenario::Raise::Steps(steps)) => Action::LowerBy((*steps).min(255) as u8),
            Written::Lower(scenario::Raise::To(name)) => Action::LowerTo(self.severity(name)?),
            Written::AddResponders { count, from, else_page } => {
                let called = else_page.as_ref().and_then(|name| self.schedule(name));
                let team = self.team_called(from).map(|team| Responders::Team(team, called));
                Action::AddResponders(*count, team.or_else(|| self.schedule(from).map(Responders::Schedule))?)
            }
            Written::EscalateTo(role) => Action::EscalateTo(self.role(role)?),
            Written::AssignCommander(_) => Action::AssignCommander,
            Written::OpenGate(gate) => Action::OpenGate(self.gate(gate)?),
            Written::Brief(_) => Action::Brief,
            Written::Update(_) => Action::Update,
            Written::Involve { teams, need } => {
                let ids = teams.iter().filter_map(|name| self.team_called(name)).collect();
                Action::Involve(ids, *need == Some(scenario::Need::All))
            }
            Written::SetPriority(steps) => Action::SetPriority(*steps),
            Written::Flag(name) => Action::Flag(self.flag(name, path)),
            Written::Close(_) => Action::Close,
        })
    }

    pub(super) fn schedule(&self, name: &str) -> Option<ScheduleId> {
        self.written.schedules.get_index_of(name).map(ScheduleId::new)
    }

    fn escalation_policy(&self, name: &str) -> Option<PolicyId> {
        self.written.escalation_policies.get_index_of(name).map(PolicyId::new)
    }

    pub(super) fn role(&self, name: &str) -> Option<RoleId> {
        self.written.roles.get_index_of(name).map(RoleId::new)
    }

    pub(super) fn gate(&self, name: &str) -> Option<GateId> {
        self.written.gates.get_index_of(name).map(GateId::new)
    }
}

pub(super) fn kind(kind: scenario::TargetKind) -> TargetKind {
    match kind {
        scenario::TargetKind::FirstResponse => TargetKind::FirstResponse,
        scenario::TargetKind::Update => TargetKind::Update,
        scenario::TargetKind::Mitigate => TargetKind::Mitigate,
        scenario::TargetKind::Resolve => TargetKind::Resolve,
        scenario::TargetKind::Acknowledge => TargetKind::Acknowledge,
        scenario::TargetKind::NextResponse => TargetKind::NextResponse,
        scenario::TargetKind::Own => TargetKind::Own,
    }
}
