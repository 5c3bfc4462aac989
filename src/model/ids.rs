//! Dense ids: indices into the model's tables, in the order of the scenario file.
//!
//! An id is made by `new` at compile time and only ever used to index; there is no arithmetic on ids.

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident: $repr:ty,)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name($repr);

        impl $name {
            /// The id of the `index`th row. The model checked that it fits.
            #[inline]
            pub const fn new(index: usize) -> $name {
                debug_assert!(index <= <$repr>::MAX as usize);
                $name(index as $repr)
            }

            /// The row.
            #[inline]
            pub const fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

ids! {
    /// A severity; 0 is the most severe.
    SeverityId: u8,
    /// A service.
    ServiceId: u16,
    /// A customer tier; a scenario without any has one unnamed.
    CustomerTierId: u8,
    /// A support tier; 0 is the lowest.
    TierId: u8,
    /// A team.
    TeamId: u16,
    /// A person, numbered through all teams.
    AgentId: u32,
    /// A group of people who share hours and team.
    CrewId: u16,
    /// A person written out by name.
    PersonId: u32,
    /// A compiled calendar.
    CalendarId: u16,
    /// An escalation rule.
    RuleId: u16,
    /// An on-call schedule.
    ScheduleId: u16,
    /// An escalation policy: levels of pages.
    PolicyId: u16,
    /// A decision gate.
    GateId: u16,
    /// A role: who commands, communicates, is told.
    RoleId: u16,
    /// A kind of change.
    ChangeId: u16,
    /// A kind of ticket.
    KindId: u16,
    /// A kind of incident.
    IncidentId: u16,
}

impl CalendarId {
    /// The calendar that is always open.
    pub const ALWAYS: CalendarId = CalendarId(0);
}

impl SeverityId {
    /// Whether this severity is at least as severe as `bar`.
    #[inline]
    pub const fn is_at_least(self, bar: SeverityId) -> bool {
        self.0 <= bar.0
    }

    /// What stands below every severity of a scenario.
    pub const BELOW_ALL: SeverityId = SeverityId(u8::MAX);

    /// Whether this severity is more severe than `other`.
    #[inline]
    pub const fn is_above(self, other: SeverityId) -> bool {
        self.0 < other.0
    }
}
