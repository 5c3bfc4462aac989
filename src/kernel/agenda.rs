//! The agenda: what is to happen, earliest first.
//!
//! An event is 16 bytes, most significant first: instant (48 bits), rank (4), sequence (40), kind within the rank (4),
//! whom (32). One integer comparison is therefore the whole tie rule (time, rank of the kind, order of scheduling; after
//! that, what goes by a number of its own, as the tickets' rules do). Nothing is ever removed: who schedules keeps the stamp
//! that it gets back, and an event whose stamp is no longer kept is stale.
//!
//! Only the events of the present span, little more than an hour, are kept in order, in a heap; later ones lie in their
//! span's list until it comes. Most of what is planned for later is stale by then, or the run is over.
//!
//! Arrivals, dispatch and sampling are not in here: arrivals are sorted streams, the other two have no event.

use crate::time::Instant;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $byte:literal,)*) => {
        /// What can happen. The high digit is the rank at one instant: work that is done *on* its deadline has met it, a
        /// customer's answer comes before the timer that would have closed the ticket, and nobody is given work on
        /// half-updated queues. Kinds of one rank run in the order in which they were scheduled.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(u8)]
        pub enum Kind {
            $($(#[$doc])* $name = $byte,)*
        }

        impl Kind {
            /// The kind of a byte that was one.
            const fn of(byte: u8) -> Kind {
                match byte {
                    $($byte => Kind::$name,)*
                    _ => Kind::Timer,
                }
            }
        }
    };
}

kinds! {
    /// A crew's shift ends: at `b` of `[a, b)` people are off.
    ShiftEnd = 0x00,
    /// Overtime has reached its limit.
    OvertimeEnd = 0x01,
    /// A break ends.
    BreakEnd = 0x02,
    /// A crew's shift starts.
    ShiftStart = 0x10,
    /// A break is due.
    BreakStart = 0x11,
    /// A break cannot be put off any longer.
    BreakForced = 0x12,
    /// Somebody has rested after a night on call, later than their shift began.
    RestEnd = 0x13,
    /// The customer answers.
    Answer = 0x20,
    /// A resolved ticket comes back.
    Reopen = 0x21,
    /// A customer has waited long enough.
    Leaving = 0x22,
    /// A ticket's true severity worsens.
    Drift = 0x23,
    /// A customer without news asks again.
    Chaser = 0x24,
    /// A page is acknowledged.
    Acknowledgement = 0x32,
    /// Somebody acknowledges a page for what is asked of their role.
    RoleAcknowledges = 0x33,
    /// An approver has decided.
    DecisionMade = 0x30,
    /// A board meets and decides.
    BoardMeets = 0x31,
    /// A stretch of work is done.
    WorkDone = 0x40,
    /// An agent corrects the severity.
    Correction = 0x41,
    /// A workaround is in place.
    Workaround = 0x42,
    /// Somebody who joined a ticket has been briefed.
    Joined = 0x43,
    /// A target is reached unmet (scheduled only for observers that want to see it).
    Breach = 0x50,
    /// A rule's time has come.
    Timer = 0x60,
    /// A customer who has been asked is reminded.
    Reminder = 0x62,
    /// A customer has not answered for too long.
    Unanswered = 0x63,
    /// Monitoring sees a fault.
    Declared = 0x64,
    /// A ticket is recognised as one of an incident's.
    Link = 0x65,
    /// A ticket has waited long enough to be offered to a team that helps.
    Overflow = 0x66,
    /// A ticket has waited long enough for its person to go back to the team.
    GivenBack = 0x67,
    /// The oldest ticket of a queue may have reached the age that a rule watches for.
    QueueAge = 0x61,
    /// What was asked of a role reaches whoever holds it.
    RoleReached = 0x68,
    /// A request at a gate has waited as long as it may.
    GateTimeout = 0x69,
    /// The work of an update is to begin.
    UpdateDue = 0x6A,
    /// A review is to be done by now.
    ReviewDue = 0x6B,
    /// Somebody has begun a ticket of which a brief is wanted.
    BriefOwed = 0x6C,
    /// A level of an escalation policy has not been acknowledged in time, or its next target is to be paged.
    PageDue = 0x6D,
    /// Tickets that share a page are to be paged for.
    GroupDue = 0x6E,
    /// A ticket that was acknowledged long ago is still open.
    AckTimeout = 0x6F,
    /// Somebody on call has got to their desk.
    AtDesk = 0x14,
}

/// Proof of having scheduled an event; the event is stale once nobody keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp(u32);

impl Stamp {
    /// The stamp of no event (sequence numbers start at 1).
    pub const NONE: Stamp = Stamp(0);
}

/// An event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Event(u128);

const _: () = assert!(size_of::<Event>() == 16);

impl Event {
    fn new(at: Instant, kind: Kind, sequence: u64, whom: u32) -> Event {
        debug_assert!(at.ms() >= 0 && at <= Instant::LAST && sequence < 1 << 40);
        let (rank, low) = (kind as u128 >> 4, kind as u128 & 0xF);
        Event((at.ms() as u128) << 80 | rank << 76 | (sequence as u128) << 36 | low << 32 | whom as u128)
    }

    /// Whether it comes after the breaches of its instant.
    #[inline]
    pub fn is_after_breaches(self) -> bool {
        (self.0 >> 76) as u8 & 0xF > Kind::Breach as u8 >> 4
    }

    /// When.
    #[inline]
    pub fn at(self) -> Instant {
        Instant::from_ms((self.0 >> 80) as i64)
    }

    /// Whether it is of this kind.
    #[inline]
    pub fn is(self, kind: Kind) -> bool {
        self.byte() == kind as u8
    }

    #[inline]
    fn byte(self) -> u8 {
        (self.0 >> 72) as u8 & 0xF0 | (self.0 >> 32) as u8 & 0xF
    }

    /// What.
    #[inline]
    pub fn kind(self) -> Kind {
        Kind::of(self.byte())
    }

    /// Its stamp.
    #[inline]
    pub fn stamp(self) -> Stamp {
        Stamp(self.number())
    }

    /// The number by which it was scheduled, if it was by one.
    #[inline]
    pub fn number(self) -> u32 {
        (self.0 >> 36) as u32
    }

    /// Whom it is about: a slot, an agent or a crew, by kind.
    #[inline]
    pub fn whom(self) -> usize {
        self.0 as u32 as usize
    }
}

/// Sequence numbers of what goes by a number of its own come after all that go by the order of scheduling.
const NUMBERED: u64 = 1 << 39;

/// Length of a span as a power of two, in ms: an hour and ten minutes.
const SPAN_BITS: u32 = 22;

/// Pending events.
#[derive(Debug, Default)]
pub struct Agenda {
    /// Those of the present span and of spans that are over, in order.
    heap: BinaryHeap<Reverse<Event>>,
    /// Those of each later span, in no order.
    later: Vec<Vec<Event>>,
    /// Number of events in all later spans.
    waiting: usize,
    /// The present span.
    span: usize,
    /// Events after this never come, ms.
    last: i64,
    sequence: u64,
}

impl Agenda {
    /// Forgets everything, keeps the memory. Nothing after `last` will ever be asked for.
    pub fn begin(&mut self, last: Instant) {
        self.heap.clear();
        self.later.iter_mut().for_each(Vec::clear);
        let spans = span_of(last) + 1;
        if self.later.len() < spans {
            self.later.resize_with(spans, Vec::new);
        }
        (self.waiting, self.span, self.last, self.sequence) = (0, 0, last.ms(), 0);
    }

    /// Schedules an event. An instant past the last one never comes.
    #[inline]
    pub fn schedule(&mut self, at: Instant, kind: Kind, whom: usize) -> Stamp {
        self.sequence += 1;
        self.put(Event::new(at, kind, self.sequence, whom as u32));
        Stamp(self.sequence as u32)
    }

    /// Schedules an event that comes, of those of its rank, in the order of `number`, after what goes by the order of
    /// scheduling: when it was scheduled does not matter. It has no stamp.
    #[inline]
    pub fn schedule_by_number(&mut self, number: u32, at: Instant, kind: Kind, whom: usize) {
        self.put(Event::new(at, kind, NUMBERED | u64::from(number), whom as u32));
    }

    #[inline]
    fn put(&mut self, event: Event) {
        let span = span_of(event.at());
        if span <= self.span {
            self.heap.push(Reverse(event));
        } else if event.at().ms() <= self.last {
            self.put_by(span, event);
        }
    }

    /// An event of a later span, which becomes the present one if nothing is left to do before it.
    fn put_by(&mut self, span: usize, event: Event) {
        self.later[span].push(event);
        self.waiting += 1;
        if self.heap.is_empty() {
            self.turn_to_next_span();
        }
    }

    /// The present span is over: the next one in which there is anything.
    #[inline(never)]
    fn turn_to_next_span(&mut self) {
        while self.heap.is_empty() && self.waiting > 0 {
            self.span += 1;
            let events = &mut self.later[self.span];
            self.waiting -= events.len();
            self.heap.extend(events.drain(..).map(Reverse));
        }
    }

    /// When the next event is due, if there is one.
    #[inline]
    pub fn next_at(&self) -> Option<Instant> {
        self.heap.peek().map(|event| event.0.at())
    }

    /// Takes the next event.
    #[inline]
    pub fn take(&mut self) -> Option<Event> {
        let event = self.heap.pop();
        if self.heap.is_empty() && self.waiting > 0 {
            self.turn_to_next_span();
        }
        event.map(|event| event.0)
    }
}

#[inline]
fn span_of(at: Instant) -> usize {
    (at.ms() >> SPAN_BITS) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    const END: Instant = Instant::from_ms(1 << 40);

    #[test]
    fn events_of_one_instant_run_in_the_order_of_their_rank_then_of_scheduling() {
        let mut agenda = Agenda::default();
        agenda.begin(END);
        let at = Instant::from_ms(5);
        agenda.schedule(at, Kind::Timer, 1);
        agenda.schedule(at, Kind::WorkDone, 2);
        agenda.schedule(at, Kind::WorkDone, 3);
        agenda.schedule(at, Kind::ShiftEnd, 4);
        agenda.schedule(Instant::from_ms(4), Kind::Timer, 5);
        let order: Vec<usize> = std::iter::from_fn(|| agenda.take()).map(Event::whom).collect();
        assert_eq!(order, [5, 4, 2, 3, 1]);
    }

    #[test]
    fn kinds_of_one_rank_run_in_the_order_of_scheduling() {
        let mut agenda = Agenda::default();
        agenda.begin(END);
        let at = Instant::from_ms(5);
        agenda.schedule(at, Kind::QueueAge, 1);
        agenda.schedule(at, Kind::Timer, 2);
        agenda.schedule(at, Kind::ShiftStart, 3);
        agenda.schedule(at, Kind::OvertimeEnd, 4);
        let order: Vec<Event> = std::iter::from_fn(|| agenda.take()).collect();
        let kinds = [Kind::OvertimeEnd, Kind::ShiftStart, Kind::QueueAge, Kind::Timer];
        assert_eq!(order.iter().map(|event| event.kind()).collect::<Vec<_>>(), kinds);
    }

    #[test]
    fn an_event_gives_back_what_was_scheduled() {
        let mut agenda = Agenda::default();
        agenda.begin(END);
        let stamp = agenda.schedule(END, Kind::Breach, u32::MAX as usize);
        let event = agenda.take().expect("one was scheduled");
        assert_eq!((event.at(), event.kind(), event.stamp()), (END, Kind::Breach, stamp));
        assert_eq!(event.whom(), u32::MAX as usize);
    }

    #[test]
    fn what_is_scheduled_for_any_span_from_any_span_comes_in_order_and_nothing_after_the_last_instant() {
        let mut agenda = Agenda::default();
        for last in [1 << 30, 1 << 26] {
            agenda.begin(Instant::from_ms(last));
            let mut state = 1u64;
            let mut draw = move |below: i64| {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                (state >> 20) as i64 % below
            };
            let (mut expected, mut now, mut taken) = (std::collections::BTreeSet::new(), 0, 0);
            loop {
                for _ in 0..if taken < 2_000 { draw(4) } else { 0 } {
                    let reach = [1, 60_000, 10_000_000, 1 << 31][draw(4) as usize];
                    let at = now + draw(reach);
                    let stamp = agenda.schedule(Instant::from_ms(at), Kind::WorkDone, 0);
                    if at <= last {
                        expected.insert((at, stamp.0));
                    }
                }
                assert_eq!(agenda.next_at().map(Instant::ms), expected.first().map(|first| first.0));
                let Some(event) = agenda.take() else {
                    if taken >= 2_000 {
                        break;
                    }
                    continue;
                };
                assert_eq!(expected.pop_first(), Some((event.at().ms(), event.stamp().0)));
                (now, taken) = (event.at().ms(), taken + 1);
            }
        }
    }
}
