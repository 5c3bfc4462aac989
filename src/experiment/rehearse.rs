//! Rehearsals: one model, many replications, and what happened to its scripted tickets in each.
//!
//! Where a run measures everything, a rehearsal follows a few tickets that were written into the scenario, an incident for a
//! drill, through the organisation as it is at that moment. Before each replication the caller may set what belongs to those
//! tickets (how long the repair takes this time); afterwards it reads the trace. Results come in replication order, so the
//! bytes do not depend on the number of threads.

use super::{RunError, Watch};
use crate::kernel::{World, replicate};
use crate::measure::Trace;
use crate::model::Model;
use rayon::prelude::*;

/// How often, with which numbers and on how many threads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rehearsal {
    /// Seed of the random streams.
    pub seed: u64,
    /// Replications, numbered from 0.
    pub replications: u32,
    /// Threads; `None`: as many as there are cores.
    pub threads: Option<usize>,
}

/// Plays a model's scripted tickets. `prepare` may change what is written of them, for the replication of the number that it
/// is given, but not how many there are nor when they come; `see` makes a result of each trace, which holds scripted tickets
/// only.
///
/// Errors: [`RunError::Interrupted`] once the watcher says so, [`RunError::Threads`].
pub fn rehearse<T: Send>(
    model: &Model,
    rehearsal: Rehearsal,
    prepare: impl Fn(&mut Model, u32) + Sync,
    see: impl Fn(&Trace) -> T + Sync,
    watch: &dyn Watch,
) -> Result<Vec<T>, RunError> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(rehearsal.threads.unwrap_or(0))
        .build()
        .map_err(|error| RunError::Threads(error.to_string()))?;
    watch.planned(u64::from(rehearsal.replications));
    let play_one = |(model, world): &mut (Model, World), number: u32| {
        if watch.interrupted() {
            return Err(RunError::Interrupted);
        }
        prepare(model, number);
        let mut trace = Trace::of_scripted(model);
        replicate(model, rehearsal.seed, number, world, &mut trace);
        watch.played(1);
        Ok(see(&trace))
    };
    pool.install(|| {
        (0..rehearsal.replications)
            .into_par_iter()
            .with_max_len(8)
            .map_init(|| (model.clone(), World::new()), play_one)
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::compile;
    use crate::scenario::{Document, Problems, starter};

    fn model() -> Model {
        let text = starter("desk")
            + "\n[[tickets]]\nid = \"fire\"\nat = \"9d\"\nseverity = \"Sev1\"\nwork = { L1 = \"7m\" }\n";
        let document = Document::parse("desk.toml", text);
        compile(document.base().expect("sound"), &mut Problems::new()).expect("sound")
    }

    fn resolved(threads: usize) -> Vec<(usize, i64)> {
        let rehearsal = Rehearsal {
            seed: 3,
            replications: 40,
            threads: Some(threads),
        };
        let prepare = |model: &mut Model, number: u32| {
            model.population.scripted[0].work[0] = Some(crate::time::Length::from_secs(60 * i64::from(1 + number % 3)));
        };
        let see = |trace: &Trace| {
            let resolved = trace.events.iter().find(|event| event.activity == "resolved");
            let names: Vec<_> = trace.events.iter().filter(|event| event.ticket != "fire").collect();
            (
                names.len() + trace.tickets.len(),
                resolved.map_or(-1, |event| event.at.ms()),
            )
        };
        rehearse(&model(), rehearsal, prepare, see, &()).expect("played")
    }

    #[test]
    fn a_rehearsal_sees_its_scripted_tickets_only_and_the_same_ones_on_any_number_of_threads() {
        let one = resolved(1);
        assert_eq!(one, resolved(3));
        assert!(one.iter().all(|(seen, at)| *seen == 1 && *at > 0));
    }

    #[test]
    fn what_is_set_before_a_replication_is_what_is_played_in_it() {
        let starts = resolved(2);
        // Five people are on duty at that hour: nobody waits in most replications, and the work is what was set.
        let at = 9 * 86_400_000;
        let shares = (0..3).map(|k| {
            starts
                .iter()
                .skip(k)
                .step_by(3)
                .filter(|(_, end)| end - at == 60_000 * (k as i64 + 1))
                .count()
        });
        assert!(shares.sum::<usize>() > 20, "{starts:?}");
    }
}
