//! What a draw is for: the one list of purposes and their numbers.
//!
//! A purpose is a part of the counter of every number drawn for it (see `philox`), so its number belongs to the bytes a
//! version promises: a number is never reused and never renumbered. A purpose that is no longer drawn keeps its line. A
//! new kind of draw gets a new line, which changes no number of any other.

/// What a stream's numbers are for; one purpose for each group of draws that belong together.
///
/// Purposes that exist once for every support tier come from [`Purpose::work`] and [`Purpose::diagnosis`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(transparent)]
pub struct Purpose(u16);

impl Purpose {
    /// The time from one arrival to the next.
    pub const ARRIVAL_GAPS: Purpose = Purpose(1);
    /// What a ticket is: service, customer tier, severities, who is able to solve it.
    pub const TICKET_CORE: Purpose = Purpose(2);
    /// How much busier than planned a day is.
    pub const DAY_FACTOR: Purpose = Purpose(3);
    /// Which support tier is able to solve the ticket.
    pub const ABILITY: Purpose = Purpose(4);
    /// Waits for the customer: whether, and how long.
    pub const PENDING: Purpose = Purpose(5);
    /// Whether and when a resolved ticket comes back.
    pub const REOPENING: Purpose = Purpose(6);
    /// Whether an agent corrects the reported severity at first touch.
    pub const OVERRIDE: Purpose = Purpose(7);
    /// Who is absent from a shift.
    pub const ABSENCE: Purpose = Purpose(8);
    /// How long triage takes and whether it errs.
    pub const TRIAGE: Purpose = Purpose(9);
    /// Whether and when a page is acknowledged.
    pub const PAGE: Purpose = Purpose(10);
    /// How long an approver takes at a decision gate, and what they say.
    pub const GATE: Purpose = Purpose(11);
    /// Storms: when an incident spawns many tickets, and how many.
    pub const STORM: Purpose = Purpose(12);
    /// How long a customer waits before giving up.
    pub const PATIENCE: Purpose = Purpose(13);
    /// What belongs to the customer, whatever the number of their tickets.
    pub const CUSTOMER: Purpose = Purpose(14);
    /// When a customer without news contacts again.
    pub const CHASER: Purpose = Purpose(40);
    /// When the true severity worsens.
    pub const DRIFT: Purpose = Purpose(41);
    /// Whether and when a reminded customer answers.
    pub const REMINDER: Purpose = Purpose(42);
    /// What a ticket says of itself: source, class of words, impact, urgency.
    pub const ATTRIBUTES: Purpose = Purpose(43);
    /// When faults begin and how long they last.
    pub const FAULT: Purpose = Purpose(44);
    /// Whether and when a ticket of a fault is recognised as one, and whether a status page spares it.
    pub const LINK: Purpose = Purpose(45);
    /// Whether whoever acknowledges a page puts it off.
    pub const SNOOZE: Purpose = Purpose(46);
    /// Waits for a vendor: whether, and how long.
    pub const VENDOR: Purpose = Purpose(47);
    /// Whether a workaround is found on the way to the fix.
    pub const WORKAROUND: Purpose = Purpose(60);
    /// Which kind of change a fix is, how much work its release and its record take.
    pub const CHANGE: Purpose = Purpose(61);
    /// How much work a message is.
    pub const MESSAGE: Purpose = Purpose(62);
    /// How long it takes to reach whoever holds a role.
    pub const REACTION: Purpose = Purpose(63);
    /// How much work a hierarchical escalation is.
    pub const NOTICE: Purpose = Purpose(64);
    /// How much work a review is, what it finds, what the fix takes and whether it works.
    pub const REVIEW: Purpose = Purpose(65);
    /// What a ticket is about, and what its article does for it.
    pub const KIND: Purpose = Purpose(66);

    /// Which incident a drill rehearses, where and when.
    pub const DRILL_CHOICE: Purpose = Purpose(1024);
    /// How long the repair of a rehearsed incident takes.
    pub const DRILL_REPAIR: Purpose = Purpose(1025);
    /// How proficient a person is.
    pub const PROFICIENCY: Purpose = Purpose(50);
    /// Whether a team accepts a ticket that it gets from another.
    pub const REJECTION: Purpose = Purpose(51);

    /// A sweep's design: where its points lie, which dimension is which entity. Nothing of the simulation.
    pub const DESIGN: Purpose = Purpose(20);
    /// Resampling of replications by the estimators of a sweep. Nothing of the simulation.
    pub const RESAMPLING: Purpose = Purpose(21);
    /// Redrawn inputs: what a fitted law or rate could have been as well.
    pub const INPUTS: Purpose = Purpose(22);

    const WORK: u16 = 256;
    const DIAGNOSIS: u16 = 512;

    /// How much work the ticket takes at a support tier: number 256 + `tier`.
    pub const fn work(tier: u8) -> Purpose {
        Purpose(Self::WORK + tier as u16)
    }

    /// How long a support tier needs to see that it is not able: number 512 + `tier`.
    pub const fn diagnosis(tier: u8) -> Purpose {
        Purpose(Self::DIAGNOSIS + tier as u16)
    }

    /// The purpose's number, the top 16 bits of the counter.
    pub const fn number(self) -> u16 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_purpose_keeps_the_number_it_was_given() {
        let numbers = [
            Purpose::ARRIVAL_GAPS,
            Purpose::TICKET_CORE,
            Purpose::DAY_FACTOR,
            Purpose::ABILITY,
            Purpose::PENDING,
            Purpose::REOPENING,
            Purpose::OVERRIDE,
            Purpose::ABSENCE,
            Purpose::TRIAGE,
            Purpose::PAGE,
            Purpose::GATE,
            Purpose::STORM,
            Purpose::PATIENCE,
            Purpose::CUSTOMER,
        ]
        .map(Purpose::number);
        assert_eq!(numbers, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]);
        let of_demand = [
            Purpose::CHASER,
            Purpose::DRIFT,
            Purpose::REMINDER,
            Purpose::ATTRIBUTES,
            Purpose::FAULT,
            Purpose::LINK,
            Purpose::VENDOR,
        ];
        assert_eq!(of_demand.map(Purpose::number), [40, 41, 42, 43, 44, 45, 47]);
        assert_eq!(Purpose::SNOOZE.number(), 46);
        assert_eq!(
            [Purpose::PROFICIENCY, Purpose::REJECTION].map(Purpose::number),
            [50, 51]
        );
        let of_the_process = [
            Purpose::WORKAROUND,
            Purpose::CHANGE,
            Purpose::MESSAGE,
            Purpose::REACTION,
            Purpose::NOTICE,
            Purpose::REVIEW,
            Purpose::KIND,
        ];
        assert_eq!(of_the_process.map(Purpose::number), [60, 61, 62, 63, 64, 65, 66]);
        assert_eq!(Purpose::DRILL_CHOICE.number(), 1024);
        assert_eq!(Purpose::DRILL_REPAIR.number(), 1025);
        let of_experiments = [Purpose::DESIGN, Purpose::RESAMPLING, Purpose::INPUTS].map(Purpose::number);
        assert_eq!(of_experiments, [20, 21, 22]);
        assert_eq!(Purpose::work(3).number(), 259);
        assert_eq!(Purpose::diagnosis(3).number(), 515);
    }

    #[test]
    fn purposes_of_all_tiers_are_distinct() {
        assert!(Purpose::work(0) > Purpose::LINK);
        assert!(Purpose::work(u8::MAX) < Purpose::diagnosis(0));
        assert!(Purpose::diagnosis(u8::MAX) < Purpose::DRILL_CHOICE);
    }
}
