//! Case files: what the rarer features know of a ticket, by row of the ticket table. They exist only where a scenario uses
//! such a feature, so that a plain ticket's row stays small.

use super::Run;
use super::agenda::Stamp;
use super::command::Command;
use super::customers::Waiting;
use super::drift::Drifting;
use super::gates::Gates;
use super::incident::OfFault;
use super::involve::Involved;
use super::learning::Known;
use super::messages::Messages;
use super::mitigation::Solving;
use super::observe::Observe;
use super::occasions::Occasions;
use super::paging::Paging;
use super::refusal::Refusal;
use super::rules::Memory;
use super::swarm::Swarm;
use super::tasks::Errand;
use super::tickets::Slot;
use super::vendors::Vendors;
use crate::model::{AgentId, Hands, RuleId, SeverityId, TargetKind, TeamId};
use crate::time::Instant;

/// One ticket's (or task's) case file.
#[derive(Debug, Clone)]
pub(super) struct Case {
    /// What the row is for, if it is a task.
    pub errand: Errand,
    /// What rules remember of it.
    pub rules: Memory,
    /// Flags that rules have set, one bit each.
    pub flags: u32,
    /// Since when its page has gone unacknowledged.
    pub unacknowledged_since: Option<Instant>,
    /// Its pages.
    pub paging: Paging,
    /// Its clocks of acknowledgements, later responses and visits.
    pub clocks: Occasions,
    /// By kind of target: the zone of the owner as the clock started.
    pub zones: [u16; TargetKind::COUNT],
    /// Pages sent for it.
    pub pages: u16,
    /// Times that its customer asked again.
    pub chasers: u16,
    /// Tickets linked to it.
    pub linked: u32,
    /// It is a major incident: declared, or commanded.
    pub major: bool,
    /// Gates that hold it up.
    pub gated: u8,
    /// A workaround is in place: since when.
    pub workaround: Option<Instant>,
    /// Its gates.
    pub gates: Gates,
    /// How far its fix is.
    pub fix: Solving,
    /// Messages about it.
    pub messages: Messages,
    /// Who commands it.
    pub command: Command,
    /// What it is about.
    pub known: Known,
    /// Its customer's waiting.
    pub waiting: Waiting,
    /// Its waits for vendors.
    pub vendors: Vendors,
    /// How its true severity worsens.
    pub drifting: Drifting,
    /// What its severity is to be if it comes back.
    pub severity_on_return: Option<SeverityId>,
    /// What it is to a fault.
    pub of_fault: OfFault,
    /// Who works on it together with its owner.
    pub swarm: Swarm,
    /// Teams that have a part of it.
    pub involved: Involved,
    /// The task of reading it.
    pub reading: Option<u32>,
    /// Where a rule sent it, and how, while it was being read.
    pub sent: Option<(TeamId, Hands, RuleId)>,
    /// Teams that have had it.
    pub visited: Vec<TeamId>,
    /// Teams that have sent it back.
    pub refused: Vec<TeamId>,
    /// Whether its team accepts it.
    pub refusal: Refusal,
    /// Who gave it away in the middle of things, and when.
    pub given: Option<(AgentId, Instant)>,
    /// Validity of the end of its wait for one person.
    pub given_back: Stamp,
    /// It came back, and goes to whoever solved it if they can take it.
    pub sticks: bool,
    /// It waited for one person in vain, and is for whoever is free.
    pub for_whoever_is_free: bool,
}

impl Default for Case {
    fn default() -> Case {
        Case {
            errand: Errand::NONE,
            rules: Memory::default(),
            flags: 0,
            unacknowledged_since: None,
            paging: Paging::default(),
            clocks: Occasions::default(),
            zones: [0; TargetKind::COUNT],
            pages: 0,
            chasers: 0,
            linked: 0,
            major: false,
            gated: 0,
            workaround: None,
            gates: Gates::default(),
            fix: Solving::NEW,
            messages: Messages::NEW,
            command: Command::default(),
            known: Known::default(),
            waiting: Waiting::NEW,
            vendors: Vendors::default(),
            drifting: Drifting::NEW,
            severity_on_return: None,
            of_fault: OfFault::NEW,
            swarm: Swarm::default(),
            involved: Involved::default(),
            reading: None,
            sent: None,
            visited: Vec::new(),
            refused: Vec::new(),
            refusal: Refusal::None,
            given: None,
            given_back: Stamp::NONE,
            sticks: false,
            for_whoever_is_free: false,
        }
    }
}

impl Case {
    /// Forgets everything, keeps the memory. Every field is named, so that the compiler sees one that is forgotten.
    #[rustfmt::skip]
    fn clear(&mut self) {
        let Case {
            errand, rules, flags, unacknowledged_since, paging, pages, chasers, linked, major, gated, workaround, gates, fix,
            messages, command, known, waiting, drifting, of_fault, swarm, involved, reading, sent, visited, refused, refusal, given,
            given_back, sticks, for_whoever_is_free, clocks, zones, vendors, severity_on_return,
        } = self;
        rules.clear();
        gates.clear();
        paging.clear();
        swarm.clear();
        involved.clear();
        visited.clear();
        refused.clear();
        *errand = Errand::NONE;
        (*flags, *pages, *chasers, *linked, *gated) = (0, 0, 0, 0, 0);
        (*major, *sticks, *for_whoever_is_free) = (false, false, false);
        (*unacknowledged_since, *workaround, *sent) = (None, None, None);
        (*given, *severity_on_return, *reading) = (None, None, None);
        *fix = Solving::NEW;
        *messages = Messages::NEW;
        command.clear();
        *known = Known::default();
        *waiting = Waiting::NEW;
        *drifting = Drifting::NEW;
        *of_fault = OfFault::NEW;
        *refusal = Refusal::None;
        *given_back = Stamp::NONE;
        *clocks = Occasions::default();
        *zones = [0; TargetKind::COUNT];
        *vendors = Vendors::default();
    }
}

impl<O: Observe> Run<'_, O> {
    /// The case file of a row.
    #[inline]
    pub(super) fn case(&mut self, slot: Slot) -> &mut Case {
        if self.world.cases.len() <= slot {
            self.make_room_for_cases(slot);
        }
        &mut self.world.cases[slot]
    }

    #[cold]
    #[inline(never)]
    fn make_room_for_cases(&mut self, slot: Slot) {
        self.world.cases.resize_with(slot + 1, Case::default);
    }

    /// Opens an empty case file for a new row.
    #[inline]
    pub(super) fn open_case(&mut self, slot: Slot) {
        if self.model.uses.cases {
            self.case(slot).clear();
        }
    }
}
