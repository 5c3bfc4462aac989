//! The observation trace of chosen replications: rows of `tickets` and `events`.

use super::tables::{EventRow, Results, TicketRow};
use super::{Candidate, RunError, RunOptions, Watch};
use crate::kernel::{Verdict, World, replicate};
use crate::measure::{Trace, TraceTicket};
use crate::model::Model;

/// Plays the traced replications once more, watching everything.
pub(super) fn add(
    results: &mut Results,
    candidates: &[Candidate],
    options: &RunOptions,
    seed: u64,
    watch: &dyn Watch,
) -> Result<(), RunError> {
    let traced = options.trace_replications.clamp(1, results.replications);
    let mut world = World::new();
    for (index, candidate) in candidates.iter().enumerate() {
        for replication in 0..traced {
            if watch.interrupted() {
                return Err(RunError::Interrupted);
            }
            let mut trace = Trace::new(&candidate.model);
            replicate(&candidate.model, seed, replication, &mut world, &mut trace);
            if options.events {
                results.events.extend(events(&trace, index, replication));
            }
            if options.tickets {
                let mut tickets: Vec<&TraceTicket> = trace.tickets.iter().collect();
                tickets.sort_by_key(|ticket| ticket.ticket.number);
                let rows = tickets
                    .into_iter()
                    .map(|ticket| row(&candidate.model, ticket, index, replication));
                results.tickets.extend(rows);
            }
        }
    }
    Ok(())
}

fn events<'a>(trace: &'a Trace, candidate: usize, replication: u32) -> impl Iterator<Item = EventRow> + 'a {
    trace.events.iter().map(move |event| EventRow {
        candidate,
        replication,
        ticket: event.ticket.clone(),
        at: event.at,
        activity: event.activity.clone(),
        resource: event.resource.clone(),
    })
}

fn row(model: &Model, traced: &TraceTicket, candidate: usize, replication: u32) -> TicketRow {
    let (names, ticket, outcome) = (&model.names, &traced.ticket, &traced.outcome);
    let breached = |verdict: &Option<Verdict>| verdict.and_then(|verdict| verdict.breached);
    let due = |verdict: &Option<Verdict>| verdict.and_then(|verdict| verdict.due);
    TicketRow {
        candidate,
        replication,
        ticket: traced.name.clone(),
        service: names.services[ticket.service.index()].clone(),
        customer_tier: names.customer_tiers[ticket.customer.index()].clone(),
        true_severity: names.severities[ticket.true_severity.index()].clone(),
        first_severity: names.severities[ticket.first_severity.index()].clone(),
        severity: names.severities[ticket.severity.index()].clone(),
        able_from: names.tiers[ticket.able_from().index()].clone(),
        created: ticket.created,
        first_response: ticket.first_response,
        worked_around: ticket.mitigated.filter(|_| ticket.worked_around),
        resolved: ticket.resolved,
        first_response_due: due(&outcome.first_response),
        resolve_due: due(&outcome.resolve),
        mitigate_due: due(&outcome.mitigate),
        first_response_breached: breached(&outcome.first_response),
        resolve_breached: breached(&outcome.resolve),
        mitigate_breached: breached(&outcome.mitigate),
        pending_ms: ticket.pending_ms,
        touch_ms: ticket.touch_ms,
        escalations: u32::from(ticket.escalations),
        reassignments: ticket.changes_of_hands(),
        group_changes: u32::from(ticket.reassignments),
        owner_changes: u32::from(ticket.owner_changes),
        handoffs: u32::from(ticket.handoffs),
        preemptions: u32::from(ticket.preemptions),
        updates_due: ticket.updates_due,
        updates_missed: ticket.updates_missed,
        reopenings: u32::from(ticket.reopenings()),
        team: names.teams[ticket.team.index()].clone(),
        state: traced.state(),
    }
}
