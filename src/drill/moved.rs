//! The same organisation, its run begun at another time.
//!
//! A drill is played in the days around its moment, and a quarter is planned that may lie outside of the run. What the
//! scenario counts from the start of its run without a date, the turns of rotas and the first days of people who learn,
//! goes on being counted from where it was.

use crate::scenario::{Scenario, Schedule};
use crate::time::{Instant, Local, Misread, Origin, Written, Zone};

/// The scenario with another start, local time of the run. `origin` is its start as written.
pub(super) fn moved(scenario: &Scenario, origin: &Origin, start: &str) -> Result<(Scenario, Origin), Misread> {
    let new = Origin::read(start, origin.zone())?;
    let mut moved = scenario.clone();
    moved.run.start = start.to_owned();
    for schedule in moved.schedules.values_mut() {
        pin(schedule, origin, &new);
    }
    let began = wall(&origin.local(Instant::START));
    let teams = moved.teams.values_mut();
    let of_teams = teams.flat_map(|team| {
        let shifts = team.shifts.values_mut().map(|shift| &mut shift.training);
        shifts.chain([&mut team.training])
    });
    let of_people = moved.people.values_mut().map(|person| &mut person.training);
    for training in of_teams.chain(of_people).flatten() {
        training.since.get_or_insert_with(|| began.clone());
    }
    Ok((moved, new))
}

/// `2026-03-02T08:00:00`.
pub(super) fn wall(local: &Local) -> String {
    format!(
        "{}T{:02}:{:02}:{:02}",
        local.date, local.hour, local.minute, local.second
    )
}

/// Writes down when a schedule's rotations began, whole rounds earlier if the new start lies before that.
fn pin(schedule: &mut Schedule, origin: &Origin, new: &Origin) {
    if schedule.start.is_some() {
        return;
    }
    let zone =
        |text: Option<&str>, usual: &Zone| text.and_then(|text| text.parse().ok()).unwrap_or_else(|| usual.clone());
    let of_schedule = zone(schedule.zone.as_deref(), origin.zone());
    let earlier = origin
        .instant(new.timestamp(Instant::START))
        .map_or(0, Instant::ms)
        .min(0);
    let begin = |zone: &Zone, members: usize, turn: Option<&str>| {
        let mut local = origin.local_in(zone, Instant::START);
        let round = turn.unwrap_or("1w").parse::<Written>().ok().and_then(Written::elapsed);
        let days = round.map_or(0, |turn| turn.ms() * members as i64 / 86_400_000);
        if earlier < 0 && days > 0 {
            let rounds = -earlier / 86_400_000 / days + 1;
            local.date = local.date.plus_days(-rounds * days);
        }
        wall(&local)
    };
    for layer in schedule.layers.values_mut().filter(|layer| layer.start.is_none()) {
        let turn = layer.turn.as_deref().or(schedule.turn.as_deref());
        let zone = zone(layer.zone.as_deref(), &of_schedule);
        layer.start = Some(begin(&zone, layer.members.len(), turn));
    }
    schedule.start = Some(begin(&of_schedule, schedule.members.len(), schedule.turn.as_deref()));
}
