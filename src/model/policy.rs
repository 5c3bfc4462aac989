//! Routes and rules as tables: triggers, conditions and actions are enums of plain data, one variant a row.
//!
//! Adding a trigger, condition or action: a variant in the scenario's `policy`, its arm in `compile`, and here; then the
//! one `match` over it in `kernel::rules`.

use super::clocks::TargetKind;
use super::ids::{CalendarId, RuleId, SeverityId, TeamId, TierId};
use crate::time::Worked;

/// What a rule waits for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Trigger {
    /// A share of a target is used up.
    Consumed(TargetKind, f64),
    /// Only this much of a target is left.
    Left(TargetKind, Worked),
    /// A time of a kind has passed.
    Elapsed(Measured, Worked, CalendarId),
    /// The ticket is created.
    Created,
}

/// Which time a rule measures, and so when it is armed anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Measured {
    /// Since entering the team's queue, while in it.
    InQueue,
    /// Since coming to the team.
    InTeam,
    /// Since coming to the tier.
    InTier,
    /// Since the owner's first work.
    WithOwner,
}

impl Measured {
    /// All of them.
    pub const ALL: [Measured; 4] = [
        Measured::InQueue,
        Measured::InTeam,
        Measured::InTier,
        Measured::WithOwner,
    ];
}

/// Conditions; a set bit admits the value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conditions {
    /// Reported severities admitted.
    pub severities: Vec<bool>,
    /// Services admitted.
    pub services: Vec<bool>,
    /// Customer tiers admitted.
    pub customers: Vec<bool>,
    /// Teams admitted (tiers folded in).
    pub teams: Vec<bool>,
    /// A calendar that must be open.
    pub open: Option<CalendarId>,
}

/// What a rule does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Counted and traced.
    Alert,
    /// To the team of a tier.
    TransferToTier(TierId),
    /// To a team.
    TransferToTeam(TeamId),
    /// So many steps more severe.
    RaiseBy(u8),
    /// To a severity, if it is more severe.
    RaiseTo(SeverityId),
    /// So many steps less severe.
    LowerBy(u8),
    /// To a severity, if it is less severe.
    LowerTo(SeverityId),
}

/// An escalation rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// Its trigger.
    pub trigger: Trigger,
    /// Its conditions.
    pub conditions: Conditions,
    /// Its actions, in order.
    pub actions: Vec<Action>,
}

/// Where a new ticket enters.
#[derive(Debug, Clone, PartialEq)]
pub struct Route {
    /// Which tickets.
    pub conditions: Conditions,
    /// Tier or team.
    pub to: RouteTo,
}

/// Target of a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RouteTo {
    /// The team that works a tier for the ticket's service.
    Tier(TierId),
    /// A team.
    Team(TeamId),
}

/// All rules, with what the kernel needs to skip those that cannot matter.
#[derive(Debug, Clone, Default)]
pub struct RuleSet {
    /// In the order of the file.
    pub rules: Vec<Rule>,
    /// Rules that wait for an instant, in the order of the file.
    pub timed: Vec<RuleId>,
    /// Rules on creation.
    pub on_created: Vec<RuleId>,
    /// Rules to arm anew by what is measured, one bit a rule, 64 a word.
    pub rearm: [Vec<u64>; 4],
    /// Share rules by target kind, to arm anew when its clock restarts.
    pub of_kind: [Vec<u64>; 3],
}

impl RuleSet {
    /// Builds the indexes of a list of rules.
    pub fn of(rules: Vec<Rule>) -> RuleSet {
        let words = rules.len().div_ceil(64);
        let mut set = RuleSet {
            rearm: [0; 4].map(|_| vec![0; words]),
            of_kind: [0; 3].map(|_| vec![0; words]),
            ..RuleSet::default()
        };
        for (index, rule) in rules.iter().enumerate() {
            let (word, bit) = (index / 64, 1u64 << (index % 64));
            match rule.trigger {
                Trigger::Created => set.on_created.push(RuleId::new(index)),
                Trigger::Consumed(kind, _) | Trigger::Left(kind, _) => set.of_kind[kind as usize][word] |= bit,
                Trigger::Elapsed(measured, _, _) => set.rearm[measured as usize][word] |= bit,
            }
            if rule.trigger != Trigger::Created {
                set.timed.push(RuleId::new(index));
            }
        }
        set.rules = rules;
        set
    }

    /// Words of a ticket's set of spent rules.
    pub fn words(&self) -> usize {
        self.rules.len().div_ceil(64)
    }

    /// Whether there are no rules at all.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }
}
