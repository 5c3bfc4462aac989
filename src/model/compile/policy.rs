//! Policy: routes and rules, names looked up and conditions turned into masks.

use super::super::{
    Action, Conditions, Measured, Route, RouteTo, Rule, SeverityId, TargetKind, TeamId, TierId, Trigger,
};
use super::{Compiler, listed};
use crate::scenario::{self, Named};

impl Compiler<'_> {
    pub(super) fn conditions(&self, condition: &scenario::Condition) -> Conditions {
        let teams = self.written.teams.iter().map(|(name, team)| {
            let tier = condition.tier.as_ref().is_none_or(|tiers| tiers.contains(&team.tier));
            let named = condition.team.as_ref().is_none_or(|teams| teams.contains(name));
            tier && named
        });
        Conditions {
            severities: listed(condition.severity.as_deref(), &self.names.severities),
            services: listed(condition.service.as_deref(), &self.names.services),
            customers: listed(condition.customer_tier.as_deref(), &self.names.customer_tiers),
            teams: teams.collect(),
            open: condition.open.as_deref().map(|name| self.calendar(name)),
        }
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

    pub(super) fn routes(&self) -> Vec<Route> {
        let routes = self.written.routes.values();
        routes
            .filter_map(|route| {
                Some(Route {
                    conditions: self.conditions(&route.if_),
                    to: self.destination(&route.to)?,
                })
            })
            .collect()
    }

    pub(super) fn rules(&mut self) -> Vec<Rule> {
        let written: &Named<scenario::Rule> = &self.written.rules;
        let mut rules = Vec::with_capacity(written.len());
        self.names.rules.clear();
        for (name, rule) in written.iter().filter(|(_, rule)| rule.enabled != Some(false)) {
            let Some(trigger) = self.trigger(&rule.when, &format!("rules.{name}.when")) else {
                continue;
            };
            let actions = rule.then.iter().filter_map(|action| self.action(action)).collect();
            rules.push(Rule {
                trigger,
                conditions: self.conditions(&rule.if_),
                actions,
            });
            self.names.rules.push(name.clone());
        }
        rules
    }

    pub(super) fn trigger(&mut self, trigger: &scenario::Trigger, path: &str) -> Option<Trigger> {
        let kind = |kind: &scenario::TargetKind| match kind {
            scenario::TargetKind::FirstResponse => TargetKind::FirstResponse,
            scenario::TargetKind::Update => TargetKind::Update,
            scenario::TargetKind::Resolve => TargetKind::Resolve,
        };
        Some(match trigger {
            scenario::Trigger::Consumed { of, share } => Trigger::Consumed(kind(of), *share),
            scenario::Trigger::Left { of, time } => {
                Trigger::Left(kind(of), self.written_time(time, path)?.on_calendar())
            }
            scenario::Trigger::InQueue(clock) => self.elapsed(Measured::InQueue, clock, path)?,
            scenario::Trigger::InTeam(clock) => self.elapsed(Measured::InTeam, clock, path)?,
            scenario::Trigger::InTier(clock) => self.elapsed(Measured::InTier, clock, path)?,
            scenario::Trigger::WithOwner(clock) => self.elapsed(Measured::WithOwner, clock, path)?,
            scenario::Trigger::Created(_) => Trigger::Created,
        })
    }

    pub(super) fn elapsed(&mut self, measured: Measured, clock: &scenario::Clock, path: &str) -> Option<Trigger> {
        let (text, calendar) = match clock {
            scenario::Clock::Plain(text) => (text, None),
            scenario::Clock::Detailed(detail) => (&detail.after, detail.calendar.as_deref()),
        };
        let (amount, calendar) = self.on_calendar(text, calendar, path)?;
        Some(Trigger::Elapsed(measured, amount, calendar))
    }

    pub(super) fn action(&self, action: &scenario::Action) -> Option<Action> {
        let severity = |name: &str| self.written.severities.get_index_of(name).map(SeverityId::new);
        Some(match action {
            scenario::Action::Alert(_) => Action::Alert,
            scenario::Action::Transfer(to) => match self.destination(to)? {
                RouteTo::Tier(tier) => Action::TransferToTier(tier),
                RouteTo::Team(team) => Action::TransferToTeam(team),
            },
            scenario::Action::Raise(scenario::Raise::Steps(steps)) => Action::RaiseBy((*steps).min(255) as u8),
            scenario::Action::Raise(scenario::Raise::To(name)) => Action::RaiseTo(severity(name)?),
            scenario::Action::Lower(scenario::Raise::Steps(steps)) => Action::LowerBy((*steps).min(255) as u8),
            scenario::Action::Lower(scenario::Raise::To(name)) => Action::LowerTo(severity(name)?),
        })
    }
}
