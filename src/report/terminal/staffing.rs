//! A staffing plan for people: the head counts, where they stand, what is beside them, in 80 columns.

use super::figures::{Estimate, Format, Unit as Measured, count, duration};
use super::grid::{FIXED_SPACE, width, wrap_text};
use super::style::{Ink, Style};
use crate::experiment::staffing::{Appraisal, Asked, Shown, Staffing, Standing, Unit};
use crate::report::screen::reach;

/// The whole plan as text of at most `most` columns (the least is 60), ending in a line's end.
pub fn staffing(found: &Staffing, most: usize, style: Style) -> String {
    let most = most.max(60);
    let page = Page { found, most, style };
    let mut lines = page.targets();
    match &found.plan {
        Some(plan) => {
            lines.extend(page.plan(plan));
            lines.extend(page.standings(plan));
            lines.extend(page.runners_up(plan));
            lines.extend(page.one_less());
            lines.extend(page.higher(plan));
            lines.extend(page.budget(plan));
        }
        None => lines.extend(page.out_of_reach()),
    }
    lines.push(String::new());
    lines.extend(page.footer());
    lines.join("\n") + "\n"
}

struct Page<'a> {
    found: &'a Staffing,
    most: usize,
    style: Style,
}

impl Page<'_> {
    fn title(&self, text: &str) -> [String; 2] {
        [String::new(), self.style.paint(Ink::Bold, text)]
    }

    fn say(&self, text: &str, indent: usize) -> Vec<String> {
        let lines = wrap_text(text, self.most - 2, indent).into_iter();
        lines.map(|line| format!("  {line}")).collect()
    }

    /// The targets with the numbers by which the rest speaks of them.
    fn targets(&self) -> Vec<String> {
        let mut lines = vec![self.style.paint(Ink::Bold, "Targets")];
        for (place, target) in self.found.targets.iter().enumerate() {
            lines.extend(self.say(&format!("{}  {}", place + 1, target.text), 3));
        }
        lines
    }

    /// `4,892 EUR` or `163 h`.
    fn money(&self, amount: f64) -> String {
        let unit = self.found.currency.as_deref().unwrap_or("h");
        format!(
            "{}{}{FIXED_SPACE}{unit}",
            if amount <= -0.5 { "−" } else { "" },
            whole(amount.abs())
        )
    }

    fn plan(&self, plan: &Appraisal) -> Vec<String> {
        let of_what = self.found.currency.as_deref().unwrap_or("hours");
        let mut rows = vec![
            ["team/shift", "now", "plan", "may be", "each", "a month"]
                .map(str::to_owned)
                .to_vec(),
        ];
        for (unit, heads) in self.found.units.iter().zip(&plan.heads) {
            if unit.max == 0 && unit.current == 0 {
                continue;
            }
            rows.push(vec![
                name(unit),
                unit.current.to_string(),
                heads.to_string(),
                may_be(unit),
                whole(unit.head_cost),
                whole(unit.head_cost * f64::from(*heads)),
            ]);
        }
        for (team, people, cost) in self.by_name() {
            let heads = people.to_string();
            let row = [
                format!("{team}, by name"),
                heads.clone(),
                heads,
                "as is".to_owned(),
                String::new(),
                whole(cost),
            ];
            rows.push(row.to_vec());
        }
        let named: u32 = self.found.named.iter().map(|people| people.people).sum();
        let sum = |heads: &[u32]| (heads.iter().sum::<u32>() + named).to_string();
        let (now, then) = (sum(&self.found.current.heads), sum(&plan.heads));
        rows.push(vec![
            "all".to_owned(),
            now,
            then,
            String::new(),
            String::new(),
            whole(plan.cost),
        ]);
        let title = format!("{}; {of_what} a month", opening(plan, self.found.confidence));
        let mut lines: Vec<String> = self.title(&title).into();
        lines.extend(table(&rows, self.most));
        let change = plan.cost - self.found.current.cost;
        let sign = if change > 0.5 { "+" } else { "" };
        let text = format!("against now: {sign}{} a month", self.money(change));
        lines.extend(self.say(&text, 2));
        if let Some(whole) = plan.whole_cost {
            let text = format!("with overtime and penalties {}", self.figure_of_money(whole));
            let now = self
                .found
                .current
                .whole_cost
                .map(|now| format!("; now {}", self.figure_of_money(now)));
            lines.extend(self.say(&(text + &now.unwrap_or_default()), 2));
        }
        lines
    }

    /// People by name: team, how many, what they cost a month.
    fn by_name(&self) -> Vec<(&str, u32, f64)> {
        let mut teams: Vec<(&str, u32, f64)> = Vec::new();
        for named in &self.found.named {
            match teams.iter_mut().find(|(team, _, _)| *team == named.team_name) {
                Some((_, people, cost)) => {
                    *people += named.people;
                    *cost += named.cost;
                }
                None => teams.push((&named.team_name, named.people, named.cost)),
            }
        }
        teams
    }

    fn figure_of_money(&self, (estimate, low, high): (f64, Option<f64>, Option<f64>)) -> String {
        let half = low
            .zip(high)
            .map(|(low, high)| format!("±{}", whole(0.5 * (high - low))));
        let unit = self.found.currency.as_deref().unwrap_or_default();
        format!(
            "{}{FIXED_SPACE}{}{FIXED_SPACE}{unit}",
            whole(estimate),
            half.unwrap_or("±?".to_owned())
        )
    }

    fn standings(&self, plan: &Appraisal) -> Vec<String> {
        let replications = plan.standings.first().map_or(0, |standing| standing.replications);
        let fresh = match plan.status {
            crate::experiment::staffing::Status::Confirmed => "fresh replications",
            _ => "replications",
        };
        let title = format!(
            "Where it stands, by {} {fresh}, 95 % intervals",
            count(replications as u64)
        );
        let mut rows = vec![
            ["target", "asked", "found", "interval", "slack", "now"]
                .map(str::to_owned)
                .to_vec(),
        ];
        for (place, target) in self.found.targets.iter().enumerate() {
            let (standing, now) = (plan.standings.get(place), self.found.current.standings.get(place));
            rows.push(vec![
                (place + 1).to_string()
                    + &target
                        .figure
                        .as_ref()
                        .map(|figure| format!(": {figure}"))
                        .unwrap_or_default(),
                format!("{} {}", target.bound.sign(), figure(target, target.level)),
                standing.map_or("–".to_owned(), |standing| figure(target, standing.estimate)),
                standing.map_or(String::new(), |standing| interval(target, standing)),
                standing.map_or(String::new(), |standing| slack(target, standing.slack)),
                now.map_or("–".to_owned(), |now| figure(target, now.estimate)),
            ]);
        }
        let mut lines: Vec<String> = self.title(&title).into();
        lines.extend(table(&rows, self.most));
        lines
    }

    fn runners_up(&self, plan: &Appraisal) -> Vec<String> {
        if self.found.runners_up.is_empty() {
            return Vec::new();
        }
        let mut lines: Vec<String> = self.title("Next to it").into();
        for other in &self.found.runners_up {
            let more = other.cost - plan.cost;
            let sign = if more > 0.5 { "+" } else { "" };
            let changes = self.changes(&plan.heads, &other.heads);
            let text = format!(
                "{changes}: {sign}{} a month; {}",
                self.money(more),
                other.status.words()
            );
            lines.extend(self.say(&text, 2));
        }
        lines
    }

    /// `+1 desk/late, −1 desk/early`.
    fn changes(&self, from: &[u32], to: &[u32]) -> String {
        let changed = self
            .found
            .units
            .iter()
            .zip(from.iter().zip(to))
            .filter(|(_, (from, to))| from != to);
        let one = |(unit, (from, to)): (&Unit, (&u32, &u32))| {
            let (sign, size) = if to > from {
                ('+', to - from)
            } else {
                ('−', from - to)
            };
            format!("{sign}{size}{FIXED_SPACE}{}", unit.name())
        };
        let parts: Vec<String> = changed.map(one).collect();
        if parts.is_empty() {
            "the same heads".to_owned()
        } else {
            parts.join(", ")
        }
    }

    fn one_less(&self) -> Vec<String> {
        if self.found.one_less.is_empty() {
            return Vec::new();
        }
        let mut lines: Vec<String> = self.title("One person less, and what breaks").into();
        // The worst first, places of which the same is to be said together: each is named once.
        let mut said: Vec<(Option<usize>, bool)> = Vec::new();
        for one in &self.found.one_less {
            if !said.contains(&(one.breaks, one.overloaded)) {
                said.push((one.breaks, one.overloaded));
            }
        }
        for what in said {
            let those = self.found.one_less.iter();
            let those = those.filter(|one| (one.breaks, one.overloaded) == what);
            let (breaks, overloaded) = what;
            let places = those.map(|one| {
                let name = self.found.units[one.unit].name();
                match breaks {
                    Some(target) => {
                        let at = figure(&self.found.targets[target], one.standings[target].estimate);
                        format!("{name} ({at})")
                    }
                    None => name,
                }
            });
            let places = any_of(places.collect());
            let broken = match breaks {
                Some(target) => {
                    let of = &self.found.targets[target];
                    format!(
                        "breaks target {} ({} {})",
                        target + 1,
                        of.bound.sign(),
                        figure(of, of.level)
                    )
                }
                None => "breaks no target, by these replications".to_owned(),
            };
            let but = match (overloaded, breaks) {
                (false, _) => "",
                (true, Some(_)) => ", and leaves the team more work than time: its backlog has no bound",
                (true, None) => ", but leaves the team more work than time: its backlog has no bound",
            };
            lines.extend(self.say(&format!("one less at {places} {broken}{but}"), 2));
        }
        lines
    }

    fn higher(&self, plan: &Appraisal) -> Vec<String> {
        let mut lines: Vec<String> = self
            .title("What more would cost, by the replications of the search")
            .into();
        for one in &self.found.higher {
            let target = &self.found.targets[one.target];
            let level = figure_fine(target, one.level);
            let text = match &one.plan {
                Some((_, more)) if *more < 0.5 => "met by the plan already, but not confirmed at that".to_owned(),
                Some((heads, more)) => format!("{}: +{} a month", self.changes(&plan.heads, heads), self.money(*more)),
                None => "no plan found: more people hardly help".to_owned(),
            };
            lines.extend(self.say(
                &format!("target {} {} {level}: {text}", one.target + 1, target.bound.sign()),
                2,
            ));
        }
        lines
    }

    fn budget(&self, plan: &Appraisal) -> Vec<String> {
        let Some(budget) = &self.found.budget else {
            return Vec::new();
        };
        let mut lines: Vec<String> = self
            .title(&format!("Within a budget of {} a month", self.money(budget.amount)))
            .into();
        let Some(buys) = &budget.buys else {
            lines.extend(self.say("the plan is within it", 2));
            return lines;
        };
        let over = plan.cost - budget.amount;
        lines.extend(self.say(&format!("the plan costs {} more", self.money(over)), 2));
        let within = if buys.cost <= budget.amount {
            "the budget buys"
        } else {
            "the least that can be had"
        };
        let text = format!(
            "{within}: {}, {} a month",
            self.changes(&plan.heads, &buys.heads),
            self.money(buys.cost)
        );
        lines.extend(self.say(&text, 2));
        for (place, (target, standing)) in self.found.targets.iter().zip(&buys.standings).enumerate() {
            let missed = if standing.slack < 0.0 { "missed" } else { "met" };
            let text = format!(
                "target {}: {} {}, {missed}",
                place + 1,
                figure(target, standing.estimate),
                interval(target, standing)
            );
            lines.extend(self.say(&text, 2));
        }
        lines
    }

    fn out_of_reach(&self) -> Vec<String> {
        let mut lines: Vec<String> = self.title("No plan meets all targets").into();
        for one in &self.found.out_of_reach {
            let target = &self.found.targets[one.target];
            let text = format!(
                "target {} is out of reach: with the most people everywhere it stands at {} {}, and {} {} is asked",
                one.target + 1,
                figure(target, one.standing.estimate),
                interval(target, &one.standing),
                target.bound.sign(),
                figure(target, target.level)
            );
            lines.extend(self.say(&text, 2));
            for why in &one.why {
                lines.extend(self.say(&format!("  – {why}"), 4));
            }
        }
        lines
    }

    fn footer(&self) -> Vec<String> {
        let found = self.found;
        let text = format!(
            "{} plans tried in {} replications, seed {}. The search finds good plans and proves none the best.",
            count(found.plans as u64),
            count(found.replications),
            found.seed
        );
        let mut lines = wrap_text(&text, self.most, 0);
        for warning in &found.warnings {
            lines.extend(wrap_text(&format!("warning: {warning}"), self.most, 2));
        }
        lines
    }
}

fn opening(plan: &Appraisal, confidence: f64) -> String {
    use crate::experiment::staffing::Status;
    let sure = format!("{}{FIXED_SPACE}%", trimmed(100.0 * confidence));
    match plan.status {
        Status::Confirmed => {
            format!("Meets all targets ({sure} sure), at the least cost found").replace(FIXED_SPACE, " ")
        }
        _ => "Not shown to meet all targets; the likeliest".to_owned(),
    }
}

/// `team/shift`, with the skills where they differ.
fn name(unit: &Unit) -> String {
    match unit.skills.is_empty() {
        true => unit.name(),
        false => format!("{} ({})", unit.name(), unit.skills.join(", ")),
    }
}

/// `one, another or a third`.
fn any_of(places: Vec<String>) -> String {
    match places.as_slice() {
        [all @ .., last] if !all.is_empty() => format!("{} or {last}", all.join(", ")),
        _ => places.concat(),
    }
}

fn may_be(unit: &Unit) -> String {
    let most = if unit.max_written {
        unit.max.to_string()
    } else {
        "…".to_owned()
    };
    format!("{} to {most}", unit.min)
}

fn whole(amount: f64) -> String {
    count(amount.round().max(0.0) as u64)
}

/// At most two decimals, none that are zero.
fn trimmed(number: f64) -> String {
    let text = format!("{number:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A target's figure: with the digits that its distance from certainty asks for.
fn figure(target: &Asked, value: f64) -> String {
    match target.shown {
        Shown::Share => format!("{:.*} %", decimals(target.level), 100.0 * value),
        Shown::Seconds => duration(value, 0.0),
        Shown::Number => plain(value),
    }
}

fn figure_fine(target: &Asked, value: f64) -> String {
    match target.shown {
        Shown::Share => format!("{:.*} %", decimals(value), 100.0 * value),
        _ => figure(target, value),
    }
}

/// One digit more than the distance from 0 or 1 has, in percent.
fn decimals(level: f64) -> usize {
    match level.min(1.0 - level) {
        rest if rest >= 0.0095 => 1,
        rest if rest >= 0.000_95 => 2,
        _ => 3,
    }
}

fn plain(value: f64) -> String {
    let alone = Estimate { value, interval: None };
    match value.abs() {
        size if size >= 1000.0 => Format::of(Measured::Money, [alone]).figure(Some(alone)).value,
        _ => trimmed(value),
    }
}

fn interval(target: &Asked, standing: &Standing) -> String {
    match standing.low.zip(standing.high) {
        Some((low, high)) => {
            let number = |value: f64| figure(target, value).replace(" %", "");
            format!("[{}, {}]", number(low), number(high))
        }
        None => "[?]".to_owned(),
    }
}

/// With its sign; of shares in percentage points.
fn slack(target: &Asked, slack: f64) -> String {
    let sign = if slack < 0.0 { "−" } else { "+" };
    let size = slack.abs();
    match target.shown {
        Shown::Share => format!("{sign}{:.*} pp", decimals(target.level) + 1, 100.0 * size),
        Shown::Seconds => format!("{sign}{}", duration(size, 0.0)),
        Shown::Number => format!("{sign}{}", plain(size)),
    }
}

/// Rows in columns: the first at the left, the others at the right; the first is wrapped if all do not fit.
fn table(rows: &[Vec<String>], most: usize) -> Vec<String> {
    let columns = rows.first().map_or(0, Vec::len);
    let widest = |column: usize| rows.iter().map(|row| width(&row[column])).max().unwrap_or(0);
    let others: usize = (1..columns).map(|column| widest(column) + 2).sum();
    let first = widest(0).min(most.saturating_sub(others + 2).max(8));
    let mut lines = Vec::new();
    for row in rows {
        let mut names = wrap_at_marks(&row[0], first).into_iter();
        let name = names.next().unwrap_or_default();
        let mut line = format!("  {name}{}", " ".repeat(first.saturating_sub(width(&name))));
        for (column, text) in row.iter().enumerate().skip(1) {
            line.push_str(&" ".repeat(2 + widest(column) - width(text)));
            line.push_str(text);
        }
        lines.push(line.trim_end().to_owned());
        lines.extend(names.map(|more| format!("    {more}")));
    }
    lines
}

/// A name in pieces of at most so many columns.
fn wrap_at_marks(name: &str, most: usize) -> Vec<String> {
    let (mut pieces, mut rest) = (Vec::new(), name);
    while width(rest) > most {
        let most = reach(rest, most);
        let cut = rest[..most].rfind(['/', '-', ' ', '_']).map_or(most, |at| at + 1);
        let (piece, after) = rest.split_at(cut);
        pieces.push(piece.to_owned());
        rest = after;
    }
    pieces.push(rest.to_owned());
    pieces
}
