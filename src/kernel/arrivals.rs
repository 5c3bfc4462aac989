//! Arrivals: each service's tickets as a sorted stream, and what is drawn for a ticket when it comes.
//!
//! A service's tickets are numbered 0, 1, 2, … and every number of a ticket comes from its own stream, keyed by service and
//! number. So what a ticket is does not depend on what any candidate does, nor on the other services. The gaps and the
//! class are drawn for a few tickets at a time: the blocks are independent, so the processor overlaps them.

use super::storms::{Coming, Storms};
use super::tickets::Family;
use crate::model::{CustomerTierId, Flow, Model, Population, ServiceDemand, ServiceId, SeverityId, TIERS_MAX, TierId};
use crate::random::{Key, Purpose, Stream, category, halves, ln, open01, open01_32};
use crate::time::Instant;

const BATCH: usize = 32;
/// Bits of a ticket's number within its service in its entity.
pub(super) const NUMBER_BITS: u32 = 40;
/// Service number of tickets written out, in entities.
pub(super) const SCRIPTED: u64 = (1 << 24) - 1;

/// What makes a ticket.
#[derive(Debug, Clone, Copy)]
pub struct Newcomer {
    pub entity: u64,
    pub scripted: Option<u32>,
    pub service: ServiceId,
    pub true_severity: SeverityId,
    pub reported: SeverityId,
    pub customer: CustomerTierId,
    /// One bit a tier that would hand it on, and the highest one: the tier that can solve it.
    pub path: u8,
    /// Lowest tier that its service's tickets need, and the word of its first work there.
    pub first_tier: TierId,
    pub first_work: u64,
    /// Whether it is one of a fault's.
    pub family: Family,
    /// Whether somebody reads it before it is routed.
    pub read_first: bool,
}

/// What comes at the instant of the next arrival.
#[derive(Debug, Clone, Copy)]
pub enum Arrival {
    /// A ticket.
    Ticket(Newcomer),
    /// Nobody: a status page spared this ticket of a fault.
    Spared(Newcomer),
    /// No ticket: this alert of a fault joined its open parent.
    Joined(Newcomer),
    /// Nobody: the fault was over.
    Nobody,
}

#[derive(Debug, Clone, Copy, Default)]
struct Drawn {
    at: i64,
    true_severity: u8,
    path: u8,
    first_work: u64,
}

/// One service's stream of arrivals.
#[derive(Debug)]
struct Source {
    service: usize,
    drawn: [Drawn; BATCH],
    used: usize,
    /// Number of the first ticket of the batch after this one.
    number: u64,
    course: Course,
}

/// How much of a flow's cumulated rate has gone by.
#[derive(Debug)]
pub(super) struct Course {
    position_ms: f64,
    segment: usize,
    factor_day: u32,
    factor: f64,
}

impl Default for Course {
    fn default() -> Course {
        Course {
            position_ms: 0.0,
            segment: 0,
            factor_day: u32::MAX,
            factor: 1.0,
        }
    }
}

const NEVER: i64 = i64::MAX;

/// All streams of one replication.
#[derive(Debug, Default)]
pub struct Arrivals {
    sources: Vec<Source>,
    /// When each source's next ticket comes, then the scripted ones', then what comes of faults if there are any.
    next: Vec<i64>,
    scripted: usize,
    first: usize,
    pub(super) storms: Storms,
}

impl Arrivals {
    /// Goes back to the start, for a replication.
    pub fn begin(&mut self, model: &Model, key: Key, replication: u32) {
        self.sources.clear();
        self.next.clear();
        for (service, demand) in model.population.services.iter().enumerate() {
            if let Some(flow) = &demand.flow {
                let mut source = Source::new(service);
                source.refill(&model.population, flow, key, replication);
                self.next.push(source.drawn[0].at);
                self.sources.push(source);
            }
        }
        self.scripted = 0;
        self.next
            .push(model.population.scripted.first().map_or(NEVER, |ticket| ticket.at.ms()));
        if !model.population.incidents.is_empty() {
            self.storms.begin(model, key, replication);
            self.next.push(self.storms.next_at());
        }
        self.choose();
    }

    /// When the next ticket comes.
    #[inline]
    pub fn next_at(&self) -> i64 {
        self.next[self.first]
    }

    #[inline]
    fn choose(&mut self) {
        if self.next.len() == 2 {
            self.first = usize::from(self.next[1] < self.next[0]);
            return;
        }
        self.first = 0;
        for (index, &at) in self.next.iter().enumerate().skip(1) {
            if at < self.next[self.first] {
                self.first = index;
            }
        }
    }

    /// Takes the next ticket, or what was to be one.
    #[inline]
    pub fn take(&mut self, model: &Model, key: Key, replication: u32) -> Arrival {
        let arrival = match self.sources.get_mut(self.first) {
            Some(source) => {
                let service = source.service;
                let drawn = source.drawn[source.used];
                let entity = (service as u64) << NUMBER_BITS | (source.number - (BATCH - source.used) as u64);
                source.used += 1;
                if source.used == BATCH
                    && let Some(flow) = &model.population.services[service].flow
                {
                    source.refill(&model.population, flow, key, replication);
                }
                self.next[self.first] = source.drawn[source.used].at;
                Arrival::Ticket(draw_ticket(&model.population, key, replication, drawn, service, entity))
            }
            None => self.take_other(model, key, replication),
        };
        self.choose();
        arrival
    }

    /// The next ticket written out, or what comes of a fault.
    #[cold]
    #[inline(never)]
    fn take_other(&mut self, model: &Model, key: Key, replication: u32) -> Arrival {
        let arrival = match self.first == self.sources.len() {
            true => Arrival::Ticket(self.take_scripted(model, key, replication)),
            false => self.take_of_fault(model, key, replication),
        };
        if let Some(next) = self.next.get_mut(self.sources.len() + 1) {
            *next = self.storms.next_at();
        }
        arrival
    }

    fn take_scripted(&mut self, model: &Model, key: Key, replication: u32) -> Newcomer {
        let (index, now) = (self.scripted, Instant::from_ms(self.next[self.first]));
        self.scripted += 1;
        let later = model.population.scripted.get(self.scripted);
        self.next[self.first] = later.map_or(NEVER, |ticket| ticket.at.ms());
        let mut newcomer = scripted_ticket(&model.population, key, replication, index);
        if let Some(kind) = model.population.scripted[index].incident {
            let (fault, begins) = self.storms.of_ticket(model, kind, now, key, replication);
            newcomer.family = match begins {
                true => Family::Parent(fault),
                false => Family::Child(fault),
            };
        }
        newcomer
    }

    fn take_of_fault(&mut self, model: &Model, key: Key, replication: u32) -> Arrival {
        let coming = self.storms.take(model, key, replication);
        let (fault, entity, family) = match coming {
            Coming::Parent(fault, entity) => (fault, entity, Family::Parent(fault)),
            Coming::Child(fault, entity) | Coming::Spared(fault, entity) | Coming::Joined(fault, entity) => {
                (fault, entity, Family::Child(fault))
            }
            Coming::Nothing => return Arrival::Nobody,
        };
        let kind = self.storms.faults[fault as usize].kind;
        let newcomer = ticket_of_fault(&model.population, key, replication, kind.index(), entity, family);
        match coming {
            Coming::Spared(..) => Arrival::Spared(newcomer),
            Coming::Joined(..) => Arrival::Joined(newcomer),
            _ => Arrival::Ticket(newcomer),
        }
    }
}

impl Source {
    fn new(service: usize) -> Source {
        Source {
            service,
            drawn: [Drawn::default(); BATCH],
            used: 0,
            number: 0,
            course: Course::default(),
        }
    }

    /// Draws the next batch: gaps, classes and first work, each from the ticket's own streams.
    #[inline(never)]
    fn refill(&mut self, population: &Population, flow: &Flow, key: Key, replication: u32) {
        let mut gaps = [0.0; BATCH];
        let entity = (self.service as u64) << NUMBER_BITS | self.number;
        let demand = &population.services[self.service];
        for (index, (gap, drawn)) in gaps.iter_mut().zip(&mut self.drawn).enumerate() {
            let entity = entity + index as u64;
            let [gap_word, class] = Stream::new(key, Purpose::TICKET_CORE, replication, entity).block(0);
            *gap = open01(gap_word);
            *drawn = draw_class(population, demand, &demand.severities, class, key, replication, entity);
        }
        for gap in &mut gaps {
            *gap = -ln(*gap);
        }
        for (index, gap) in gaps.into_iter().enumerate() {
            self.drawn[index].at = self.course.advance(gap, flow, key, replication);
        }
        self.number += BATCH as u64;
        self.used = 0;
    }
}

impl Course {
    /// Inversion of the cumulated rate: moves on until it has grown by `gap`.
    #[inline(always)]
    pub(super) fn advance(&mut self, gap: f64, flow: &Flow, key: Key, replication: u32) -> i64 {
        let mut left = gap;
        while let Some(segment) = flow.segments.get(self.segment) {
            if let Some(law) = &flow.day_factor
                && segment.day != self.factor_day
            {
                let entity = u64::from(flow.factor_group) << 32 | u64::from(segment.day);
                let word = Stream::new(key, Purpose::DAY_FACTOR, replication, entity).block(0)[0];
                self.factor = law.draw(open01(word));
                self.factor_day = segment.day;
            }
            let rate = segment.rate * self.factor;
            let mass = (segment.until_ms - self.position_ms) * rate;
            if left < mass {
                self.position_ms += left / rate;
                return self.position_ms as i64;
            }
            left -= mass;
            self.position_ms = segment.until_ms;
            self.segment += 1;
        }
        NEVER
    }
}

/// Severity, path and first work of a ticket.
#[inline(always)]
fn draw_class(
    population: &Population,
    demand: &ServiceDemand,
    severities: &[f64],
    class: u64,
    key: Key,
    replication: u32,
    entity: u64,
) -> Drawn {
    let [severity_word, ability_word] = halves(class);
    let severity = SeverityId::new(category(severities, open01_32(severity_word)));
    let from = demand.needs_at_least;
    let path = path(
        population,
        from,
        severity,
        open01_32(ability_word),
        key,
        replication,
        entity,
    );
    Drawn {
        at: NEVER,
        true_severity: severity.index() as u8,
        path,
        first_work: first_work(from, path, key, replication, entity),
    }
}

/// The word of a ticket's first work at the lowest tier that it needs: solving if that tier can, else diagnosis.
#[inline(always)]
fn first_work(tier: TierId, path: u8, key: Key, replication: u32, entity: u64) -> u64 {
    let number = tier.index() as u8;
    let purpose = match path >> number {
        1 => Purpose::work(number),
        _ => Purpose::diagnosis(number),
    };
    Stream::new(key, purpose, replication, entity).block(0)[0]
}

#[inline(always)]
fn draw_ticket(
    population: &Population,
    key: Key,
    replication: u32,
    drawn: Drawn,
    service: usize,
    entity: u64,
) -> Newcomer {
    let demand = &population.services[service];
    let true_severity = SeverityId::new(drawn.true_severity as usize);
    let customer = customer(demand, key, replication, entity);
    let who = Who {
        entity,
        service: ServiceId::new(service),
        customer,
        truth: true_severity,
        says: [None; 4],
    };
    let (reported, read_first) = report(population, key, replication, who);
    Newcomer {
        entity,
        scripted: None,
        service: who.service,
        true_severity,
        reported,
        customer,
        path: drawn.path,
        first_tier: demand.needs_at_least,
        first_work: drawn.first_work,
        family: Family::Alone,
        read_first,
    }
}

/// What triage may look at.
#[derive(Clone, Copy)]
struct Who {
    entity: u64,
    service: ServiceId,
    customer: CustomerTierId,
    truth: SeverityId,
    /// Attributes that are written.
    says: [Option<u16>; 4],
}

/// The first reported severity, and whether somebody reads the ticket before it is routed.
#[inline(always)]
fn report(population: &Population, key: Key, replication: u32, who: Who) -> (SeverityId, bool) {
    if population.triage.reads() {
        return read(population, key, replication, who);
    }
    match &population.triage.confusion {
        None => (who.truth, false),
        Some(rows) => (confuse(rows, key, replication, who.entity, who.truth), false),
    }
}

#[inline]
fn confuse(rows: &[Vec<f64>], key: Key, replication: u32, entity: u64, severity: SeverityId) -> SeverityId {
    let word = Stream::new(key, Purpose::TRIAGE, replication, entity).block(0)[0];
    SeverityId::new(category(&rows[severity.index()], open01(word)))
}

/// Triage that looks at what the ticket says of itself.
#[inline(never)]
fn read(population: &Population, key: Key, replication: u32, who: Who) -> (SeverityId, bool) {
    let triage = &population.triage;
    let stream = Stream::new(key, Purpose::ATTRIBUTES, replication, who.entity);
    let ([source, keyword], [impact, urgency]) = (stream.block(0), stream.block(1));
    let attributes = &population.services[who.service.index()].attributes;
    let mut says = attributes.draw(who.truth, [source, keyword, impact, urgency].map(open01));
    let [source, keyword, impact, urgency] = who.says;
    says.source = source.unwrap_or(says.source);
    says.keyword = keyword.unwrap_or(says.keyword);
    says.impact = impact.map_or(says.impact, |level| level as u8);
    says.urgency = urgency.map_or(says.urgency, |level| level as u8);
    let customer = who.customer.index();
    let (nominal, matched) = match &triage.nominal {
        Some(nominal) => nominal.severity(who.service, customer, says, who.truth),
        None => (who.truth, false),
    };
    let reported = match triage.rows(says.source) {
        Some(rows) => confuse(rows, key, replication, who.entity, nominal),
        None => nominal,
    };
    let read_first = triage.manual.as_ref().is_some_and(|manual| {
        manual.conditions.hold(who.service, customer, says) && !(manual.only_unmatched && matched)
    });
    (reported, read_first)
}

#[inline]
fn customer(demand: &ServiceDemand, key: Key, replication: u32, entity: u64) -> CustomerTierId {
    if demand.customers.len() == 1 {
        return CustomerTierId::new(0);
    }
    let word = Stream::new(key, Purpose::CUSTOMER, replication, entity).block(0)[0];
    CustomerTierId::new(category(&demand.customers, open01(word)))
}

/// Walks the ladder from the lowest tier that the service's tickets need: at each tier one draw says whether it can solve
/// the ticket, and if not, which tier is next.
#[inline(always)]
fn path(
    population: &Population,
    from: TierId,
    severity: SeverityId,
    ability: f64,
    key: Key,
    replication: u32,
    entity: u64,
) -> u8 {
    let choices = population.ladder.above(from, severity);
    let path = 1u8 << from.index();
    match choices.iter().find(|(cumulated, _)| ability < *cumulated) {
        None => path,
        Some(&(_, next)) => climb(
            population,
            next,
            path,
            severity,
            Stream::new(key, Purpose::ABILITY, replication, entity),
        ),
    }
}

/// The path above the lowest tier, which could not solve the ticket.
#[inline(never)]
fn climb(population: &Population, first: TierId, path: u8, severity: SeverityId, ability: Stream) -> u8 {
    let (mut path, mut tier) = (path | 1 << first.index(), first);
    for step in 0.. {
        let choices = population.ladder.above(tier, severity);
        if choices.is_empty() {
            break;
        }
        let words = ability.block(step / 2);
        let u = open01(words[(step % 2) as usize]);
        let Some(&(_, next)) = choices.iter().find(|(cumulated, _)| u < *cumulated) else {
            break;
        };
        tier = next;
        path |= 1 << next.index();
    }
    path
}

#[cold]
#[inline(never)]
fn scripted_ticket(population: &Population, key: Key, replication: u32, index: usize) -> Newcomer {
    let written = &population.scripted[index];
    let entity = SCRIPTED << NUMBER_BITS | index as u64;
    let class = Stream::new(key, Purpose::TICKET_CORE, replication, entity).block(0)[1];
    let demand = &population.services[written.service.index()];
    let drawn = draw_class(population, demand, &demand.severities, class, key, replication, entity);
    let random = draw_ticket(population, key, replication, drawn, written.service.index(), entity);
    let true_severity = written.severity.unwrap_or(random.true_severity);
    let customer = written.customer.unwrap_or(random.customer);
    let who = Who {
        entity,
        service: written.service,
        customer,
        truth: true_severity,
        says: written.says,
    };
    let (read, read_first) = report(population, key, replication, who);
    let reported = match (written.reported, written.severity) {
        (Some(reported), _) => reported,
        // Rules read a ticket that is written out; people make no mistakes about it that are not written.
        (None, Some(_)) if population.triage.nominal.is_some() => read,
        (None, Some(severity)) => severity,
        (None, None) => read,
    };
    // Ladders of tickets written out have a rung at every tier below the one that can solve them.
    let path = written
        .able_from
        .map_or(random.path, |tier| ((1u16 << (tier.index() + 1)) - 1) as u8);
    const { assert!(TIERS_MAX == 8, "a path is one byte") };
    Newcomer {
        scripted: Some(index as u32),
        true_severity,
        reported,
        customer,
        path,
        first_work: first_work(random.first_tier, path, key, replication, entity),
        read_first,
        ..random
    }
}

/// A ticket that comes of a fault: in the parent's service, or one of those that the children are spread over.
fn ticket_of_fault(
    population: &Population,
    key: Key,
    replication: u32,
    kind: usize,
    entity: u64,
    family: Family,
) -> Newcomer {
    let incident = &population.incidents[kind];
    let children = incident
        .children
        .as_ref()
        .filter(|_| matches!(family, Family::Child(_)));
    let service = match children {
        Some(children) => {
            let word = Stream::new(key, Purpose::STORM, replication, entity).block(0)[1];
            category(&children.services, open01(word))
        }
        None => incident.service.index(),
    };
    let demand = &population.services[service];
    let severities = children.and_then(|children| children.severities.as_ref());
    let class = Stream::new(key, Purpose::TICKET_CORE, replication, entity).block(0)[1];
    let severities = severities.unwrap_or(&demand.severities);
    let mut drawn = draw_class(population, demand, severities, class, key, replication, entity);
    if let (None, Some(severity)) = (children, incident.severity) {
        // The parent's severity decides which tiers can solve it.
        let [_, ability] = halves(class);
        let from = demand.needs_at_least;
        let path = path(population, from, severity, open01_32(ability), key, replication, entity);
        drawn = Drawn {
            true_severity: severity.index() as u8,
            path,
            first_work: first_work(from, path, key, replication, entity),
            ..drawn
        };
    }
    Newcomer {
        family,
        ..draw_ticket(population, key, replication, drawn, service, entity)
    }
}
