//! Rotas: whose turn it is at an instant.
//!
//! The rule on paper is a [`RotaPlan`]: layers of turns in local wall time, hours in which a layer applies, overrides, and
//! what happens while somebody is away. A [`Rota`] is what it comes to over a run: a table of who is on duty from when,
//! which knows neither dates nor zones. Members are numbers that the caller chose; what being on duty means is not known
//! here.

use super::calendar::Calendar;
use super::civil::{TimeOfDay, Weekday};
use super::instant::Instant;
use super::misread::Misread;
use super::origin::Origin;
use super::weekly::WeeklyHours;
use super::zone::Zone;
use std::str::FromStr;

const MINUTE_MS: i64 = 60_000;
const MINUTES_A_DAY: i64 = 24 * 60;

/// When a turn passes on: at a time of day, on a certain weekday if one is named. Written `Mon 09:00` or `09:00`.
///
/// ```
/// use escalade::time::HandoffTime;
/// assert!("Mon 09:00".parse::<HandoffTime>().is_ok());
/// assert_eq!("Mon 9".parse::<HandoffTime>().unwrap_err().help, "write it like `Mon 09:00` or `09:00`");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HandoffTime {
    weekday: Option<Weekday>,
    time: TimeOfDay,
}

impl FromStr for HandoffTime {
    type Err = Misread;

    fn from_str(text: &str) -> Result<HandoffTime, Misread> {
        let wrong = || {
            Misread::new(
                format!("`{text}` is not a time of handoff"),
                "write it like `Mon 09:00` or `09:00`",
            )
        };
        let (day, time) = match text.trim().split_once(' ') {
            Some((day, time)) => (Some(day), time),
            None => (None, text),
        };
        let weekday = day.map(str::parse).transpose().map_err(|_| wrong())?;
        let time: TimeOfDay = time.trim().parse().map_err(|_| wrong())?;
        match time == TimeOfDay::END {
            true => Err(wrong()),
            false => Ok(HandoffTime { weekday, time }),
        }
    }
}

/// Turns in a fixed order: one layer of a rota.
#[derive(Clone, Debug)]
pub struct RotaLayer {
    /// Members in the order of their turns; one that is listed twice has two turns a round. Not empty.
    pub members: Vec<u32>,
    /// Length of a turn in minutes of wall time, at least 1: a week is a week, with a change of the clocks in it or not.
    pub turn_minutes: u32,
    /// When turns begin; `None`: at the time of day of the start.
    pub handoff: Option<HandoffTime>,
    /// From when on the layer applies: the first member has the turn in which it lies.
    pub start: Instant,
    /// Zone of the wall times.
    pub zone: Zone,
    /// Hours in which the layer applies; turns pass on outside of them too. `None`: always.
    pub hours: Option<WeeklyHours>,
}

/// A member on duty `[from, until)`, above all layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RotaOverride {
    /// Who.
    pub member: u32,
    /// From.
    pub from: Instant,
    /// Until.
    pub until: Instant,
}

/// Who stands in for a member who is away.
#[derive(Clone, Debug, Default)]
pub enum StandIn {
    /// Nobody.
    #[default]
    Nobody,
    /// The next member of the same layer who is not away.
    Next,
    /// Whoever another rota has on duty, if they are not away.
    Other(Rota),
}

/// The rule of a rota.
#[derive(Clone, Debug, Default)]
pub struct RotaPlan {
    /// Layers; a later one wins where it applies.
    pub layers: Vec<RotaLayer>,
    /// Overrides; the last of two that overlap wins.
    pub overrides: Vec<RotaOverride>,
    /// Who stands in for whoever is away.
    pub stand_in: StandIn,
}

/// Who is on duty when: instants in order, each with who is on duty from then on.
///
/// ```
/// use escalade::time::{Instant, Origin, RotaLayer, RotaPlan, StandIn, Zone};
/// let zone = Zone::utc();
/// let origin = Origin::read("2026-03-02T02:00", &zone)?;
/// let layer = RotaLayer {
///     members: vec![7, 8],
///     turn_minutes: 24 * 60,
///     handoff: Some("02:10".parse()?),
///     start: Instant::START,
///     zone,
///     hours: None,
/// };
/// let plan = RotaPlan { layers: vec![layer], ..RotaPlan::default() };
/// let rota = plan.lay_out(&origin, Instant::from_ms(86_400_000), &|_, _| false);
/// assert_eq!(rota.who(Instant::from_ms(599_999)), Some(7));
/// assert_eq!(rota.who(Instant::from_ms(600_000)), Some(8));
/// # Ok::<(), escalade::time::Misread>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rota(Vec<(Instant, Option<u32>)>);

impl Rota {
    /// Whoever is on duty at an instant. Before the table nobody, beyond it whoever was last.
    #[inline]
    pub fn who(&self, at: Instant) -> Option<u32> {
        let after = self.0.partition_point(|(from, _)| *from <= at);
        after.checked_sub(1).and_then(|index| self.0[index].1)
    }

    /// Changes of duty in order: from when, and who.
    pub fn changes(&self) -> &[(Instant, Option<u32>)] {
        &self.0
    }

    /// Stretches `[from, until)` of `[START, end)` in which none of these rotas has anybody on duty.
    pub fn gaps<'a>(rotas: impl IntoIterator<Item = &'a Rota>, end: Instant) -> Vec<(Instant, Instant)> {
        let rotas: Vec<&Rota> = rotas.into_iter().collect();
        let mut instants: Vec<Instant> = rotas
            .iter()
            .flat_map(|rota| rota.0.iter().map(|(from, _)| *from))
            .collect();
        instants.push(Instant::START);
        instants.retain(|at| Instant::START <= *at && *at < end);
        instants.sort_unstable();
        instants.dedup();
        let mut gaps: Vec<(Instant, Instant)> = Vec::new();
        for (index, from) in instants.iter().enumerate() {
            if rotas.iter().any(|rota| rota.who(*from).is_some()) {
                continue;
            }
            let until = instants.get(index + 1).copied().unwrap_or(end);
            match gaps.last_mut() {
                Some(last) if last.1 == *from => last.1 = until,
                _ => gaps.push((*from, until)),
            }
        }
        gaps
    }
}

/// A layer over a run: when each turn begins, and when the layer applies.
struct Laid<'a> {
    layer: &'a RotaLayer,
    /// Turns in order, with the place of their member in the layer's list.
    turns: Vec<(Instant, usize)>,
    hours: Calendar,
}

impl Laid<'_> {
    /// Place in the list of the member whose turn it is, if the layer applies.
    fn turn_at(&self, at: Instant) -> Option<usize> {
        let begun = self.turns.partition_point(|(from, _)| *from <= at);
        let applies = at >= self.layer.start && self.hours.is_open(at);
        self.turns[..begun].last().filter(|_| applies).map(|(_, place)| *place)
    }
}

impl RotaPlan {
    /// The table from the start of the run up to `until` (as [`Calendar::compile`] allows). `is_away` says whether a member
    /// is away at an instant, and must not change within a stretch of the table that it does not know of: see
    /// [`lay_out_around`](RotaPlan::lay_out_around).
    pub fn lay_out(&self, origin: &Origin, until: Instant, is_away: &dyn Fn(u32, Instant) -> bool) -> Rota {
        self.lay_out_around(origin, until, is_away, &[])
    }

    /// The same, where `edges` are the instants at which somebody goes away or comes back.
    pub fn lay_out_around(
        &self,
        origin: &Origin,
        until: Instant,
        is_away: &dyn Fn(u32, Instant) -> bool,
        edges: &[Instant],
    ) -> Rota {
        let laid: Vec<Laid> = self.layers.iter().map(|layer| lay_out(layer, origin, until)).collect();
        let mut instants = vec![Instant::START];
        for layer in &laid {
            instants.push(layer.layer.start);
            instants.extend(layer.turns.iter().map(|(from, _)| *from));
            let hours = layer.layer.hours.as_ref().map(|_| layer.hours.intervals());
            instants.extend(hours.into_iter().flatten().flat_map(|(from, until)| [from, until]));
        }
        instants.extend(self.overrides.iter().flat_map(|over| [over.from, over.until]));
        instants.extend(edges);
        if let StandIn::Other(other) = &self.stand_in {
            instants.extend(other.0.iter().map(|(from, _)| *from));
        }
        instants.retain(|at| (Instant::START..until).contains(at));
        instants.sort_unstable();
        instants.dedup();
        let mut table: Vec<(Instant, Option<u32>)> = Vec::new();
        for at in instants {
            let who = self.on_duty(&laid, at, is_away);
            if table.last().is_none_or(|(_, last)| *last != who) {
                table.push((at, who));
            }
        }
        Rota(table)
    }

    fn on_duty(&self, laid: &[Laid], at: Instant, is_away: &dyn Fn(u32, Instant) -> bool) -> Option<u32> {
        let turn = laid.iter().rev().find_map(|layer| Some((layer, layer.turn_at(at)?)));
        let override_ = self
            .overrides
            .iter()
            .rev()
            .find(|over| over.from <= at && at < over.until);
        let regular = turn.map(|(layer, place)| layer.layer.members[place]);
        let who = override_.map(|over| over.member).or(regular)?;
        if !is_away(who, at) {
            return Some(who);
        }
        match &self.stand_in {
            StandIn::Nobody => None,
            StandIn::Other(other) => other.who(at).filter(|other| !is_away(*other, at)),
            StandIn::Next => {
                let (layer, place) = turn?;
                let members = &layer.layer.members;
                let in_turn = (0..members.len()).map(|step| members[(place + step) % members.len()]);
                in_turn
                    .into_iter()
                    .find(|member| *member != who && !is_away(*member, at))
            }
        }
    }
}

fn lay_out<'a>(layer: &'a RotaLayer, origin: &Origin, until: Instant) -> Laid<'a> {
    let hours = match &layer.hours {
        Some(hours) => Calendar::compile(&layer.zone, hours, &[], origin, until),
        None => Calendar::always(),
    };
    let turns = if layer.members.len() < 2 {
        vec![(layer.start, 0)]
    } else {
        turns(layer, origin, until)
    };
    Laid { layer, turns, hours }
}

/// The turns that reach into the run. The first one is that in which the layer starts.
fn turns(layer: &RotaLayer, origin: &Origin, until: Instant) -> Vec<(Instant, usize)> {
    let turn = i64::from(layer.turn_minutes.max(1));
    let started = origin.local_in(&layer.zone, layer.start);
    let minute = i64::from(started.hour) * 60 + i64::from(started.minute);
    let (weekday, first) = match layer.handoff {
        Some(handoff) => (handoff.weekday, i64::from(handoff.time.minutes())),
        None => (None, minute),
    };
    let mut back = i64::from(first > minute);
    while weekday.is_some_and(|weekday| started.date.plus_days(-back).weekday() != weekday) {
        back += 1;
    }
    let anchor = started.date.plus_days(-back);
    let begins = |number: i64| {
        let minutes = first + number * turn;
        let (day, of_day) = (minutes.div_euclid(MINUTES_A_DAY), minutes.rem_euclid(MINUTES_A_DAY));
        let time = TimeOfDay::new((of_day / 60) as u8, (of_day % 60) as u8).unwrap_or(TimeOfDay::MIDNIGHT);
        origin.first(&layer.zone, anchor.plus_days(day), time)
    };
    // Turns may be shorter than the time from one such handoff to the next.
    let mut first_turn = (back * MINUTES_A_DAY + minute - first) / turn;
    while begins(first_turn) > layer.start {
        first_turn -= 1;
    }
    while begins(first_turn + 1) <= layer.start {
        first_turn += 1;
    }
    let passed = (Instant::START - layer.start).ms() / (turn * MINUTE_MS);
    let mut number = first_turn + (passed - 2).max(0);
    let mut turns = Vec::new();
    loop {
        let from = begins(number);
        if from >= until {
            return turns;
        }
        let place = (number - first_turn) % layer.members.len() as i64;
        turns.push((from, place as usize));
        number += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000;

    fn berlin() -> Zone {
        "Europe/Berlin".parse().expect("a zone")
    }

    fn origin(text: &str) -> Origin {
        Origin::read(text, &berlin()).expect("a start")
    }

    fn layer(members: &[u32], turn_minutes: u32, handoff: Option<&str>) -> RotaLayer {
        RotaLayer {
            members: members.to_vec(),
            turn_minutes,
            handoff: handoff.map(|text| text.parse().expect("a handoff")),
            start: Instant::START,
            zone: berlin(),
            hours: None,
        }
    }

    fn plan(layers: Vec<RotaLayer>) -> RotaPlan {
        RotaPlan {
            layers,
            ..RotaPlan::default()
        }
    }

    /// The table in local time, as `from who`.
    fn by_hand(rota: &Rota, origin: &Origin) -> Vec<String> {
        let line = |(from, who): &(Instant, Option<u32>)| match who {
            Some(who) => format!("{} {who}", origin.iso(*from)),
            None => format!("{} -", origin.iso(*from)),
        };
        rota.changes().iter().map(line).collect()
    }

    const WEEK: u32 = 7 * 24 * 60;

    #[test]
    fn turns_of_a_week_change_at_the_wall_clock_over_a_change_of_the_clocks() {
        let origin = origin("2026-03-18");
        let until = origin.read_instant("2026-04-07", &berlin()).expect("written here");
        let rota = plan(vec![layer(&[0, 1, 2], WEEK, Some("Mon 09:00"))]).lay_out(&origin, until, &|_, _| false);
        assert_eq!(
            by_hand(&rota, &origin),
            [
                "2026-03-18T00:00:00+01:00 0",
                "2026-03-23T09:00:00+01:00 1",
                "2026-03-30T09:00:00+02:00 2",
                "2026-04-06T09:00:00+02:00 0",
            ]
        );
        let week = rota.changes()[2].0 - rota.changes()[1].0;
        assert_eq!(week.ms(), 167 * HOUR, "the week of the change is an hour shorter");
    }

    #[test]
    fn a_handoff_in_the_gap_comes_after_it_and_one_that_exists_twice_comes_first() {
        let spring = origin("2026-03-28T12:00");
        let until = spring
            .read_instant("2026-03-29T12:00", &berlin())
            .expect("written here");
        let rota = plan(vec![layer(&[0, 1], 1440, Some("02:30"))]).lay_out(&spring, until, &|_, _| false);
        assert_eq!(
            by_hand(&rota, &spring),
            ["2026-03-28T12:00:00+01:00 0", "2026-03-29T03:00:00+02:00 1"]
        );
        let autumn = origin("2026-10-24T12:00");
        let until = autumn
            .read_instant("2026-10-25T12:00", &berlin())
            .expect("written here");
        let rota = plan(vec![layer(&[0, 1], 1440, Some("02:30"))]).lay_out(&autumn, until, &|_, _| false);
        assert_eq!(
            by_hand(&rota, &autumn),
            ["2026-10-24T12:00:00+02:00 0", "2026-10-25T02:30:00+02:00 1"]
        );
    }

    #[test]
    fn restricted_layers_follow_the_sun_and_turns_go_on_outside_their_hours() {
        let origin = origin("2026-03-02");
        let until = origin.read_instant("2026-03-04", &berlin()).expect("written here");
        let days = RotaLayer {
            hours: Some("daily 08:00-20:00".parse().expect("hours")),
            ..layer(&[1, 2], 1440, Some("08:00"))
        };
        let always = layer(&[0], 1440, None);
        let rota = plan(vec![always, days.clone()]).lay_out(&origin, until, &|_, _| false);
        assert_eq!(
            by_hand(&rota, &origin),
            [
                "2026-03-02T00:00:00+01:00 0",
                "2026-03-02T08:00:00+01:00 2",
                "2026-03-02T20:00:00+01:00 0",
                "2026-03-03T08:00:00+01:00 1",
                "2026-03-03T20:00:00+01:00 0",
            ],
            "member 1 had the turn of the night before, of which no hour was the layer's"
        );
        let alone = plan(vec![days]).lay_out(&origin, until, &|_, _| false);
        let gaps = Rota::gaps([&alone], until);
        assert_eq!(gaps.len(), 3);
        assert_eq!(
            gaps.iter().map(|(from, until)| (*until - *from).ms()).sum::<i64>(),
            24 * HOUR
        );
        assert_eq!(Rota::gaps([&alone, &rota], until), []);
    }

    #[test]
    fn the_last_override_wins_and_turns_start_again_after_it() {
        let origin = origin("2026-03-02");
        let at = |hour: i64| Instant::from_ms(hour * HOUR);
        let over = |member, from, until| RotaOverride {
            member,
            from: at(from),
            until: at(until),
        };
        let plan = RotaPlan {
            overrides: vec![over(5, 10, 20), over(6, 15, 30)],
            ..plan(vec![layer(&[0, 1], 1440, None)])
        };
        let rota = plan.lay_out(&origin, at(48), &|_, _| false);
        let found: Vec<(i64, Option<u32>)> = rota
            .changes()
            .iter()
            .map(|(from, who)| (from.ms() / HOUR, *who))
            .collect();
        assert_eq!(found, [(0, Some(0)), (10, Some(5)), (15, Some(6)), (30, Some(1))]);
    }

    #[test]
    fn who_is_away_is_stood_in_for_as_the_plan_says() {
        let origin = origin("2026-03-02");
        let at = |hour: i64| Instant::from_ms(hour * HOUR);
        let away = |who: u32, now: Instant| (who == 0 && now < at(12)) || (who == 1 && now < at(6));
        let edges = [at(6), at(12)];
        let table = |stand_in: StandIn| {
            let plan = RotaPlan {
                stand_in,
                ..plan(vec![layer(&[0, 1, 2], 1440, None)])
            };
            let rota = plan.lay_out_around(&origin, at(24), &away, &edges);
            rota.changes()
                .iter()
                .map(|(from, who)| (from.ms() / HOUR, *who))
                .collect::<Vec<_>>()
        };
        assert_eq!(table(StandIn::Nobody), [(0, None), (12, Some(0))]);
        assert_eq!(table(StandIn::Next), [(0, Some(2)), (6, Some(1)), (12, Some(0))]);
        let other = plan(vec![layer(&[1], 1440, None)]).lay_out(&origin, at(24), &|_, _| false);
        assert_eq!(table(StandIn::Other(other)), [(0, None), (6, Some(1)), (12, Some(0))]);
    }

    #[test]
    fn a_rota_that_started_years_ago_is_where_it_would_be() {
        let now = origin("2026-03-02T12:00");
        let long_ago = now.read_instant("2020-01-06T09:00", &berlin()).expect("written here");
        let layer = RotaLayer {
            start: long_ago,
            ..layer(&[0, 1, 2, 3, 4], WEEK, Some("Mon 09:00"))
        };
        let rota = plan(vec![layer]).lay_out(&now, Instant::from_ms(HOUR), &|_, _| false);
        // 321 weeks lie between the two Mondays.
        assert_eq!(rota.who(Instant::START), Some(321 % 5));
    }

    #[test]
    fn the_first_member_has_the_turn_in_which_the_layer_starts_however_short_turns_are() {
        for (start, turn, handoff) in [
            ("2026-03-02", 720, "08:00"),
            ("2026-03-05T22:00", 720, "08:00"),
            ("2026-03-05T10:00", 1440, "Mon 09:00"),
            ("2026-03-05T10:00", WEEK, "Mon 09:00"),
            ("2026-03-05T10:00", 480, "06:00"),
        ] {
            let origin = origin(start);
            let rota = plan(vec![layer(&[0, 1, 2, 3], turn, Some(handoff))]);
            let rota = rota.lay_out(&origin, Instant::from_ms(30 * 24 * HOUR), &|_, _| false);
            assert_eq!(rota.who(Instant::START), Some(0), "{start} {turn} {handoff}");
            assert_eq!(rota.changes()[1].1, Some(1), "{start} {turn} {handoff}");
        }
    }

    #[test]
    fn a_layer_applies_from_its_start_on() {
        let origin = origin("2026-03-02");
        let late = RotaLayer {
            start: Instant::from_ms(5 * HOUR),
            ..layer(&[3, 4], 1440, None)
        };
        let rota = plan(vec![late]).lay_out(&origin, Instant::from_ms(48 * HOUR), &|_, _| false);
        let found: Vec<(i64, Option<u32>)> = rota
            .changes()
            .iter()
            .map(|(from, who)| (from.ms() / HOUR, *who))
            .collect();
        assert_eq!(found, [(0, None), (5, Some(3)), (29, Some(4))]);
    }
}
