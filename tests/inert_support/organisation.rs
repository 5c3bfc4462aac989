//! The organisations themselves.

use super::Draw;
use escalade::scenario::{Document, Level, Problem};

/// A scenario as lines, `path = value`.
#[derive(Debug, Clone, PartialEq)]
pub struct Organisation {
    pub lines: Vec<String>,
}

macro_rules! say {
    ($organisation:expr, $($text:tt)*) => { $organisation.lines.push(format!($($text)*)) };
}

/// Tables whose rows stand or fall as a whole.
const WHOLE: [&str; 10] = [
    "rules",
    "routes",
    "gates",
    "changes",
    "escalation_policies",
    "roles",
    "people",
    "schedules",
    "kinds",
    "incidents",
];

/// How often something is left out before another organisation is tried.
const REPAIRS: usize = 30;

impl Organisation {
    pub fn text(&self) -> String {
        self.lines.join("\n") + "\n"
    }

    /// With a candidate called `inert` that sets these lines.
    pub fn with_candidate(&self, patch: &str) -> String {
        let mut text = self.text();
        text += "candidates.inert.description = \"Nothing is different.\"\n";
        for line in patch.lines().map(str::trim).filter(|line| !line.is_empty()) {
            text += &format!("candidates.inert.set.{line}\n");
        }
        text
    }

    /// What a line says; `None` if there is no such line.
    pub fn value(&self, path: &str) -> Option<&str> {
        self.lines
            .iter()
            .find_map(|line| line.strip_prefix(path)?.strip_prefix(" = "))
    }

    /// Whether a line says anything at this path or below it.
    pub fn has(&self, path: &str) -> bool {
        self.lines.iter().any(|line| is_within(path_of(line), path))
    }

    /// Whether any line says this.
    pub fn says(&self, text: &str) -> bool {
        self.lines.iter().any(|line| line.contains(text))
    }

    /// Whether any of the rules says this.
    pub fn rules_say(&self, text: &str) -> bool {
        self.lines
            .iter()
            .any(|line| line.starts_with("rules.") && line.contains(text))
    }

    /// The names in a table, in their order.
    pub fn names(&self, table: &str) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for line in &self.lines {
            let name = path_of(line)
                .strip_prefix(table)
                .and_then(|rest| rest.strip_prefix('.')?.split('.').next());
            if let Some(name) = name.filter(|name| !names.iter().any(|known| known == name)) {
                names.push(name.to_owned());
            }
        }
        names
    }

    /// Leaves out what stands at these paths or below them; `*` is any one key.
    pub fn without(&mut self, paths: &[&str]) {
        let is_meant = |line: &str, path: &str| {
            let (mut keys, mut wanted) = (path_of(line).split('.'), path.split('.'));
            wanted.all(|wanted| keys.next().is_some_and(|key| wanted == "*" || wanted == key))
        };
        self.lines.retain(|line| !paths.iter().any(|path| is_meant(line, path)));
    }

    /// Leaves out what a problem is about; `false` if nothing that may go is.
    fn drop(&mut self, problem: &Problem) -> bool {
        let Some(path) = problem.path() else { return false };
        let mut keys: Vec<&str> = path.keys().collect();
        if keys.first().is_some_and(|table| WHOLE.contains(table)) {
            keys.truncate(2);
        }
        while keys.len() >= 2 {
            let (path, before) = (keys.join("."), self.lines.len());
            let is_above = |line: &str| path.starts_with(line) && path[line.len()..].starts_with('.');
            self.lines
                .retain(|line| !is_within(path_of(line), &path) && !is_above(path_of(line)));
            if self.lines.len() < before {
                return true;
            }
            keys.pop();
        }
        false
    }

    /// Leaves out what the language refuses; `None` if what is left is no organisation.
    pub fn repaired(mut self) -> Option<Organisation> {
        for _ in 0..REPAIRS {
            let document = Document::parse("random.toml", self.text());
            let errors: Vec<&Problem> = of_errors(&document).collect();
            if errors.is_empty() {
                return Some(self);
            }
            // One at a time: what comes first is often why the others come.
            if !self.drop(errors[0]) {
                return None;
            }
        }
        None
    }
}

pub fn of_errors(document: &Document) -> impl Iterator<Item = &Problem> {
    document
        .problems()
        .iter()
        .filter(|problem| problem.level == Level::Error)
}

fn path_of(line: &str) -> &str {
    line.split(" = ").next().unwrap_or(line)
}

fn is_within(path: &str, above: &str) -> bool {
    path.strip_prefix(above)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// A list as TOML has it.
pub fn list<T: AsRef<str>>(of: &[T]) -> String {
    let quoted: Vec<String> = of.iter().map(|one| format!("\"{}\"", one.as_ref())).collect();
    format!("[{}]", quoted.join(", "))
}

/// Shares that add to 1.
fn mix(draw: &mut Draw, names: &[String]) -> String {
    let mut left = 100;
    let mut shares = Vec::new();
    for (index, name) in names.iter().enumerate() {
        let share = if index + 1 == names.len() {
            left
        } else {
            draw.between(0, left)
        };
        left -= share;
        shares.push(format!("{name} = {:.2}", f64::from(share) / 100.0));
    }
    format!("{{ {} }}", shares.join(", "))
}

const HOURS: [&str; 8] = [
    "{ Mon-Sun = \"06:00-14:00\" }",
    "{ Mon-Sun = \"14:00-22:00\" }",
    "{ Mon-Sun = \"22:00-06:00\" }",
    "{ Mon-Fri = \"08:00-16:00\" }",
    "{ Mon-Fri = \"09:00-12:00, 12:30-17:00\", Sat = \"10:00-14:00\" }",
    "{ Mon-Sun = \"00:00-00:00\" }",
    "{ Mon-Wed = \"20:00-04:00\", Thu-Sun = \"12:00-20:00\" }",
    "\"24x7\"",
];

const CALENDARS: [&str; 3] = ["office", "nights", "24x7"];

const KINDS: [&str; 7] = [
    "resolve",
    "first_response",
    "mitigate",
    "update",
    "next_response",
    "own",
    "acknowledge",
];

/// What the parts of an organisation call each other.
#[derive(Debug, Default)]
struct Names {
    severities: Vec<String>,
    services: Vec<String>,
    customers: Vec<String>,
    tiers: Vec<String>,
    teams: Vec<String>,
    people: Vec<String>,
    schedules: Vec<String>,
    policies: Vec<String>,
    roles: Vec<String>,
    gates: Vec<String>,
}

/// Names of some of these, as many as are drawn.
fn names(draw: &mut Draw, of: &[&str], least: u32) -> Vec<String> {
    let many = draw.between(least, of.len() as u32) as usize;
    of[..many].iter().map(|name| (*name).to_owned()).collect()
}

/// Draws an organisation, not always one that the language admits: see [`Organisation::repaired`].
pub fn organisation(draw: &mut Draw) -> Organisation {
    let mut to = Organisation { lines: Vec::new() };
    let mut known = Names {
        severities: names(draw, &["S1", "S2", "S3", "S4"], 1),
        services: names(draw, &["mail", "phone", "alerts"], 1),
        tiers: names(draw, &["L1", "L2", "L3"], 1),
        ..Names::default()
    };
    if draw.chance(0.5) {
        known.customers = names(draw, &["gold", "standard"], 1);
    }
    let day = run(&mut to, draw);
    promises(&mut to, draw, &known);
    demand(&mut to, draw, &known);
    work(&mut to, draw, &mut known);
    if draw.chance(0.6) {
        people(&mut to, draw, &mut known, day);
    }
    process(&mut to, draw, &mut known);
    customers(&mut to, draw, &known);
    triage(&mut to, draw, &known);
    faults(&mut to, draw, &known);
    learning(&mut to, draw, &known);
    rules(&mut to, draw, &known);
    to
}

/// The days on which it begins and goes on.
fn run(to: &mut Organisation, draw: &mut Draw) -> (&'static str, &'static str) {
    let (day, next, hour, zone) = draw.pick(&[
        ("2026-03-28", "2026-03-29", "T20:00", "Europe/Berlin"),
        ("2026-10-24", "2026-10-25", "T12:00", "Europe/Berlin"),
        ("2026-03-07", "2026-03-08", "T18:00", "America/New_York"),
        ("2026-03-02", "2026-03-03", "", "UTC"),
        ("2026-03-30", "2026-03-31", "", "Europe/Berlin"),
    ]);
    say!(to, "name = \"random\"");
    say!(to, "run.start = \"{day}{hour}\"");
    say!(to, "run.zone = \"{zone}\"");
    say!(to, "run.replications = 1");
    say!(to, "run.seed = {}", draw.between(1, 1_000_000));
    say!(to, "run.horizon = \"{}h\"", draw.pick(&[12, 24, 48, 72]));
    say!(to, "run.warm_up = \"{}h\"", draw.pick(&[0, 0, 6, 24]));
    say!(to, "run.drain = \"{}h\"", draw.pick(&[0, 12, 48, 120]));
    say!(to, "run.business_calendar = \"office\"");
    say!(
        to,
        "calendars.office.hours = {{ Mon-Fri = \"09:00-12:30, 13:00-17:00\" }}"
    );
    say!(to, "calendars.office.holidays = [\"2026-03-30\"]");
    say!(to, "calendars.nights.zone = \"America/New_York\"");
    say!(to, "calendars.nights.hours = {{ Mon-Sun = \"22:00-06:00\" }}");
    say!(
        to,
        "calendars.board.hours = {{ Mon-Fri = \"10:00-10:30, 15:00-15:30\" }}"
    );
    if draw.chance(0.3) {
        say!(to, "first_reply = {}", draw.time(1, 15));
    }
    (day, next)
}

fn target(to: &mut Organisation, draw: &mut Draw, at: &str, kind: &str, longest_m: u32) {
    let within = match draw.chance(0.75) {
        true => draw.time(5, longest_m),
        false => draw.pick(&["\"2bh\"", "\"4bh\"", "\"1bd\""]).to_owned(),
    };
    if draw.chance(0.5) {
        say!(to, "{at}.{kind} = {within}");
        return;
    }
    say!(to, "{at}.{kind}.within = {within}");
    if draw.chance(0.4) {
        say!(to, "{at}.{kind}.calendar = \"{}\"", draw.pick(&CALENDARS));
    }
    if draw.chance(0.2) && kind != "acknowledge" {
        let pauses = draw.pick(&[
            "true",
            "false",
            "[\"customer\"]",
            "[\"vendor\"]",
            "[\"customer\", \"vendor\"]",
        ]);
        say!(to, "{at}.{kind}.pauses = {pauses}");
    }
    if draw.chance(0.3) {
        say!(
            to,
            "{at}.{kind}.on_severity_change = \"{}\"",
            draw.pick(&["retroactive", "restart"])
        );
    }
    if draw.chance(0.2) {
        say!(to, "{at}.{kind}.on_lower = \"{}\"", draw.pick(&["keep", "forgive"]));
    }
    if kind == "resolve" && draw.chance(0.4) {
        say!(to, "{at}.{kind}.on_reopen = \"{}\"", draw.pick(&["resume", "restart"]));
    }
    if kind == "update" && draw.chance(0.4) {
        say!(
            to,
            "{at}.{kind}.until = \"{}\"",
            draw.pick(&["mitigation", "resolution"])
        );
    }
}

fn targets(to: &mut Organisation, draw: &mut Draw, at: &str) {
    for (kind, share, longest_m) in [
        ("first_response", 0.8, 400),
        ("update", 0.35, 400),
        ("mitigate", 0.35, 900),
        ("resolve", 0.85, 2000),
        ("acknowledge", 0.2, 60),
        ("next_response", 0.2, 400),
        ("own", 0.25, 900),
    ] {
        if draw.chance(share) {
            target(to, draw, at, kind, longest_m);
        }
    }
    if !to.has(at) {
        say!(to, "{at}.resolve = \"4h\"");
    }
}

fn promises(to: &mut Organisation, draw: &mut Draw, known: &Names) {
    for severity in &known.severities {
        targets(to, draw, &format!("severities.{severity}"));
    }
    let many = known.customers.len();
    for (number, customer) in known.customers.iter().enumerate() {
        let share = if many == 1 { 1.0 } else { [0.3, 0.7][number] };
        say!(to, "customer_tiers.{customer}.share = {share:.1}");
        if draw.chance(0.4) {
            say!(
                to,
                "customer_tiers.{customer}.factor = {}",
                draw.pick(&["0.5", "1.5", "2.0"])
            );
        }
        if draw.chance(0.3) {
            let severity = draw.pick(&known.severities);
            say!(
                to,
                "customer_tiers.{customer}.targets.{severity}.resolve = {}",
                draw.time(20, 900)
            );
        }
    }
}

fn arrivals(to: &mut Organisation, draw: &mut Draw, at: &str, a_day: f64) {
    match draw.between(0, 2) {
        0 => say!(to, "{at}.rate = \"{:.3}/h\"", a_day / 24.0),
        1 => {
            say!(to, "{at}.per_week = {:.1}", a_day * 7.0);
            say!(to, "{at}.by_weekday = [1.2, 1.0, 1.0, 1.0, 0.9, 0.6, 0.5]");
            say!(
                to,
                "{at}.by_hour = [1, 1, 1, 1, 1, 2, 3, 6, 9, 11, 11, 9, 8, 9, 10, 10, 9, 6, 4, 3, 3, 2, 2, 1]"
            );
        }
        _ => say!(to, "{at}.rate = \"{:.0}/day\"", a_day.max(1.0)),
    }
    if draw.chance(0.25) {
        say!(to, "{at}.day_variance = {}", draw.pick(&["0.02", "0.3"]));
    }
}

fn demand(to: &mut Organisation, draw: &mut Draw, known: &Names) {
    let many = known.services.len();
    let a_day = f64::from(draw.between(10, 60));
    let shared = draw.chance(0.3);
    if shared {
        arrivals(to, draw, "arrivals", a_day);
    }
    for (number, service) in known.services.iter().enumerate() {
        let at = format!("services.{service}");
        let share = [&[1.0][..], &[0.7, 0.3], &[0.5, 0.3, 0.2]][many - 1][number];
        match shared {
            true => say!(to, "{at}.share = {share:.1}"),
            false => arrivals(to, draw, &format!("{at}.arrivals"), a_day * share),
        }
        if known.severities.len() > 1 {
            say!(to, "{at}.mix = {}", mix(draw, &known.severities));
        }
        if known.tiers.len() > 1 && draw.chance(0.15) {
            say!(to, "{at}.starts_at = \"{}\"", draw.pick(&known.tiers));
        }
        if known.tiers.len() > 1 && draw.chance(0.15) {
            say!(to, "{at}.needs_at_least = \"{}\"", draw.pick(&known.tiers));
        }
        if draw.chance(0.2) {
            say!(to, "{at}.work_factor = {}", draw.pick(&["0.5", "1.3"]));
        }
        if draw.chance(0.2) {
            say!(to, "{at}.kind = \"alert\"");
        }
        if draw.chance(0.15) {
            say!(to, "{at}.needs = [\"{service}\"]");
        }
        if draw.chance(0.15) {
            say!(to, "{at}.patience.wait = {}", draw.law(10, 600));
        }
        if draw.chance(0.15) {
            let severity = draw.pick(&known.severities);
            targets(to, draw, &format!("{at}.targets.{severity}"));
        }
    }
    if draw.chance(0.2) {
        let ticket = |draw: &mut Draw, number: u32| {
            let (service, severity) = (draw.pick(&known.services), draw.pick(&known.severities));
            let at = draw.time(10, 3000);
            format!("{{ id = \"x{number}\", at = {at}, service = \"{service}\", severity = \"{severity}\" }}")
        };
        let tickets: Vec<String> = (0..draw.between(1, 4)).map(|number| ticket(draw, number)).collect();
        say!(to, "tickets = [{}]", tickets.join(", "));
    }
}

fn work(to: &mut Organisation, draw: &mut Draw, known: &mut Names) {
    for (number, tier) in known.tiers.iter().enumerate() {
        let at = format!("tiers.{tier}");
        say!(to, "{at}.work = {}", draw.law(5, 60 * (number as u32 + 1)));
        if draw.chance(0.5) {
            say!(to, "{at}.diagnosis = {}", draw.law(3, 20));
        }
        if let Some(next) = known.tiers.get(number + 1) {
            say!(to, "{at}.escalates.{next} = {:.2}", draw.share(0.05, 0.6));
        }
        if draw.chance(0.1) {
            let severity = draw.pick(&known.severities);
            target(to, draw, &format!("{at}.own"), &severity, 900);
        }
    }
    let mut tiers = known.tiers.clone();
    if draw.chance(0.6) {
        tiers.push(draw.pick(&known.tiers));
    }
    known.teams = (0..tiers.len()).map(|number| format!("t{number}")).collect();
    for (number, team) in known.teams.iter().enumerate() {
        let mates: Vec<String> = (0..tiers.len())
            .filter(|other| *other != number && tiers[*other] == tiers[number])
            .map(|other| format!("t{other}"))
            .collect();
        say!(to, "teams.{team}.tier = \"{}\"", tiers[number]);
        crew(to, draw, &format!("teams.{team}"));
        desk(to, draw, known, &format!("teams.{team}"), &mates);
    }
    if draw.chance(0.5) {
        for (key, value) in [
            ("shift_end", "\"cold\"".to_owned()),
            ("overlap", draw.time(1, 15)),
            ("context_loss", "0.8".to_owned()),
            ("escalation_notes", draw.time(1, 10)),
            ("escalation_loss", "0.2".to_owned()),
            ("rejected", "0.2".to_owned()),
            ("reject_work", draw.time(1, 10)),
        ] {
            if draw.chance(0.4) {
                say!(to, "handoff.{key} = {value}");
            }
        }
    }
    if draw.chance(0.3) {
        let speed = draw.pick(&["{ amdahl = { parallel = 0.6 } }", "{ linear = true }"]);
        say!(to, "swarming.speed = {speed}");
        say!(to, "swarming.join_work = \"{}m\"", draw.pick(&[0, 3]));
    }
}

/// Who is there, and when.
fn crew(to: &mut Organisation, draw: &mut Draw, at: &str) {
    if draw.chance(0.35) {
        say!(to, "{at}.headcount = {}", draw.between(1, 4));
    } else {
        for shift in &["early", "late", "night"][..draw.between(1, 3) as usize] {
            say!(to, "{at}.shifts.{shift}.headcount = {}", draw.between(1, 3));
            say!(to, "{at}.shifts.{shift}.hours = {}", draw.pick(&HOURS));
            if draw.chance(0.15) {
                say!(to, "{at}.shifts.{shift}.zone = \"America/New_York\"");
            }
            if draw.chance(0.15) {
                say!(to, "{at}.shifts.{shift}.holidays = \"office\"");
            }
            if draw.chance(0.1) {
                say!(to, "{at}.shifts.{shift}.training.time_constant = \"2d\"");
            }
        }
    }
    if draw.chance(0.7) {
        say!(
            to,
            "{at}.shift_end = \"{}\"",
            draw.pick(&["finish", "hand-off", "hold"])
        );
    }
    if draw.chance(0.3) {
        say!(to, "{at}.max_overtime = \"{}m\"", draw.pick(&[0, 20, 60, 180]));
    }
    if draw.chance(0.35) {
        say!(to, "{at}.shrinkage.absent = {}", draw.pick(&["0.0", "0.1", "0.3"]));
        say!(to, "{at}.shrinkage.breaks = {}", draw.pick(&["0.1", "0.25"]));
        if draw.chance(0.5) {
            say!(to, "{at}.shrinkage.break_count = {}", draw.between(1, 4));
            say!(to, "{at}.shrinkage.break_slip = \"{}m\"", draw.pick(&[0, 10, 45]));
        }
    }
    if draw.chance(0.2) {
        say!(to, "{at}.proficiency = {}", draw.pick(&["0.8", "1.2"]));
    }
    if draw.chance(0.2) {
        say!(to, "{at}.proficiency_spread = 0.2");
    }
}

/// How tickets find them.
fn desk(to: &mut Organisation, draw: &mut Draw, known: &Names, at: &str, mates: &[String]) {
    if draw.chance(0.7) {
        let discipline = draw.pick(&["fifo", "severity", "severity-customer", "deadline", "ageing"]);
        say!(to, "{at}.discipline = \"{discipline}\"");
        if discipline == "ageing" && draw.chance(0.5) {
            say!(to, "{at}.ageing_step = {}", draw.time(10, 600));
        }
    }
    if draw.chance(0.35) {
        say!(to, "{at}.preemption.switch_cost = {}", draw.time(1, 15));
        if draw.chance(0.5) {
            say!(to, "{at}.preemption.resume = \"{}\"", draw.pick(&["owner", "team"]));
        }
        if draw.chance(0.4) {
            say!(to, "{at}.preemption.by = [\"{}\"]", draw.pick(&known.severities));
        }
    } else if draw.chance(0.4) {
        say!(to, "{at}.concurrency.most = {}", draw.between(2, 4));
        if draw.chance(0.5) {
            say!(to, "{at}.concurrency.slowdown = {:.2}", draw.share(0.0, 1.0));
        }
        if draw.chance(0.4) {
            say!(
                to,
                "{at}.concurrency.exclusive = [\"{}\"]",
                draw.pick(&known.severities)
            );
        }
    }
    if draw.chance(0.15) {
        say!(to, "{at}.preference = {}", list(&draw.some(&known.services)));
    }
    if draw.chance(0.5) {
        let modes = ["longest-idle", "least-loaded", "round-robin", "best-skill"];
        say!(to, "{at}.routing.mode = \"{}\"", draw.pick(&modes));
        if draw.chance(0.35) {
            say!(to, "{at}.routing.assign = \"push\"");
            if draw.chance(0.5) {
                say!(to, "{at}.routing.holds = {}", draw.between(1, 4));
            }
            if draw.chance(0.5) {
                say!(to, "{at}.routing.return_after = {}", draw.time(10, 300));
            }
        }
        if draw.chance(0.2) {
            say!(to, "{at}.routing.follow_the_sun = true");
        }
        if draw.chance(0.3) {
            say!(to, "{at}.routing.sticky = true");
            say!(to, "{at}.routing.sticky_wait = {}", draw.time(5, 120));
        }
    }
    if !mates.is_empty() && draw.chance(0.5) {
        say!(to, "{at}.overflow.to = \"{}\"", draw.pick(mates));
        say!(to, "{at}.overflow.after = \"{}m\"", draw.pick(&[0, 5, 30, 120]));
        if draw.chance(0.3) {
            say!(to, "{at}.overflow.move = true");
        }
    }
    if draw.chance(0.15) {
        say!(to, "{at}.places = {}", draw.between(0, 8));
        if !mates.is_empty() && draw.chance(0.5) {
            say!(to, "{at}.when_full = \"overflow\"");
        }
    }
    if draw.chance(0.15) {
        let severity = draw.pick(&known.severities);
        target(to, draw, &format!("{at}.own"), &severity, 900);
    }
}

fn people(to: &mut Organisation, draw: &mut Draw, known: &mut Names, (day, next): (&str, &str)) {
    if draw.chance(0.5) {
        say!(to, "teams.board.tier = \"{}\"", known.tiers[known.tiers.len() - 1]);
        say!(to, "teams.board.headcount = {}", draw.between(0, 2));
    }
    known.people = names(draw, &["ana", "ben", "cy", "dee"], 2);
    let mut homes = known.teams.clone();
    if to.has("teams.board") {
        homes.push("board".to_owned());
    }
    for person in &known.people {
        let team = draw.pick(&homes);
        say!(to, "people.{person}.team = \"{team}\"");
        if to.has(&format!("teams.{team}.shifts")) && draw.chance(0.8) {
            say!(to, "people.{person}.shift = \"early\"");
        }
        if draw.chance(0.25) {
            say!(to, "people.{person}.zone = \"America/New_York\"");
        }
        if draw.chance(0.2) {
            say!(to, "people.{person}.leave = [{{ from = \"{day}\", to = \"{next}\" }}]");
        }
        if draw.chance(0.2) {
            say!(to, "people.{person}.proficiency = {}", draw.pick(&["0.7", "1.4"]));
        }
    }
    if draw.chance(0.4) {
        let service = draw.pick(&known.services);
        say!(to, "services.{service}.primary = \"{}\"", draw.pick(&known.people));
        say!(to, "services.{service}.secondary = \"{}\"", draw.pick(&known.people));
        if draw.chance(0.5) {
            say!(to, "services.{service}.overload = {}", draw.between(1, 5));
        }
    }
    known.schedules = names(draw, &["first", "second", "manager"], 1);
    for schedule in &known.schedules {
        let at = format!("schedules.{schedule}");
        say!(to, "{at}.members = {}", list(&draw.some(&known.people)));
        say!(to, "{at}.turn = \"{}h\"", draw.pick(&[12, 24, 168]));
        if draw.chance(0.2) {
            say!(to, "{at}.restriction = {{ Mon-Sun = \"18:00-08:00\" }}");
        }
        if draw.chance(0.2) {
            let person = draw.pick(&known.people);
            say!(
                to,
                "{at}.overrides = [{{ person = \"{person}\", from = \"{day}T18:00\", to = \"{next}T12:00\" }}]"
            );
        }
        if draw.chance(0.2) {
            say!(to, "{at}.cover = \"next\"");
        }
        if draw.chance(0.25) {
            let (delay, never) = (draw.law(1, 15), draw.pick(&["0.0", "0.1", "0.5"]));
            say!(to, "{at}.acknowledges = {{ delay = {delay}, never = {never} }}");
        }
    }
    policies(to, draw, known);
    if draw.chance(0.5) {
        for (key, value) in [
            ("get_to_desk", draw.time(1, 20)),
            ("get_to_desk_at_night", draw.time(1, 30)),
            ("fatigue", "0.1".to_owned()),
            ("rest_after", "1".to_owned()),
            ("rest", "\"3h\"".to_owned()),
            ("night", "\"22:00-08:00\"".to_owned()),
        ] {
            if draw.chance(0.4) {
                say!(to, "on_call.{key} = {value}");
            }
        }
    }
}

fn policies(to: &mut Organisation, draw: &mut Draw, known: &mut Names) {
    known.policies = names(draw, &["ladder", "other"], 1);
    let mut paged = known.schedules.clone();
    paged.push(known.people[0].clone());
    for policy in &known.policies {
        let at = format!("escalation_policies.{policy}");
        let level = |draw: &mut Draw| {
            let (targets, timeout) = (list(&draw.some(&paged)), draw.time(3, 20));
            let mode = draw.pick(&["", "", ", mode = \"sequential\", gap = \"1m\""]);
            format!("{{ targets = {targets}, timeout = {timeout}{mode} }}")
        };
        let levels: Vec<String> = (0..draw.between(1, 3)).map(|_| level(draw)).collect();
        say!(to, "{at}.levels = [{}]", levels.join(", "));
        say!(to, "{at}.repeats = {}", draw.between(0, 2));
        if draw.chance(0.6) {
            say!(to, "{at}.last_resort = \"{}\"", draw.pick(&paged));
            if draw.chance(0.6) {
                say!(to, "{at}.last_resort_every = {}", draw.time(5, 30));
            }
        }
        if draw.chance(0.2) {
            say!(to, "{at}.late_ack = \"void\"");
        }
        if draw.chance(0.3) {
            say!(to, "{at}.ack_timeout = {}", draw.time(20, 200));
        }
        if draw.chance(0.2) {
            say!(to, "{at}.severity = \"{}\"", draw.pick(&known.severities));
        }
        if draw.chance(0.25) {
            say!(to, "{at}.group.by = \"{}\"", draw.pick(&["service", "policy"]));
            say!(to, "{at}.group.wait = \"{}m\"", draw.pick(&[0, 1, 10]));
            if draw.chance(0.4) {
                say!(to, "{at}.group.interval = \"15m\"");
            }
        }
        if draw.chance(0.2) {
            say!(to, "{at}.snooze.share = 0.3");
            say!(to, "{at}.snooze.lasts = {}", draw.time(10, 60));
        }
    }
}

fn role(to: &mut Organisation, draw: &mut Draw, known: &Names, name: &str, duty: Option<&str>) {
    let at = format!("roles.{name}");
    match known.schedules.is_empty() || draw.chance(0.6) {
        true if to.has("teams.board") && draw.chance(0.7) => say!(to, "{at}.team = \"board\""),
        true => say!(to, "{at}.team = \"{}\"", draw.pick(&known.teams)),
        false => say!(to, "{at}.schedule = \"{}\"", draw.pick(&known.schedules)),
    }
    if let Some(duty) = duty {
        say!(to, "{at}.duty = \"{duty}\"");
    }
    if draw.chance(0.5) {
        say!(to, "{at}.reaction = {}", draw.law(1, 20));
    }
    if duty.is_none() && draw.chance(0.5) {
        say!(to, "{at}.work = {}", draw.law(2, 15));
    }
}

fn process(to: &mut Organisation, draw: &mut Draw, known: &mut Names) {
    for name in ["boss", "deputy"] {
        if draw.chance(0.5) {
            role(to, draw, known, name, None);
            known.roles.push(name.to_owned());
        }
    }
    if draw.chance(0.3) {
        role(to, draw, known, "commander", Some("commander"));
        if draw.chance(0.5) {
            say!(to, "roles.commander.owner_penalty = {}", draw.pick(&["0.5", "1.0"]));
        }
    }
    if draw.chance(0.2) {
        role(to, draw, known, "scribe", Some("scribe"));
    }
    if draw.chance(0.3) {
        say!(to, "communications.update_work = {}", draw.law(2, 10));
        if draw.chance(0.5) {
            role(to, draw, known, "writer", None);
            say!(to, "communications.by = \"writer\"");
        }
        if draw.chance(0.4) {
            say!(to, "communications.lead_time = {}", draw.time(1, 10));
        }
        if draw.chance(0.4) {
            say!(to, "communications.brief_work = {}", draw.law(2, 20));
        }
        if draw.chance(0.4) {
            say!(to, "communications.misses = \"once\"");
        }
    }
    if !known.roles.is_empty() {
        known.gates = names(draw, &["gate", "bar"], 0);
    }
    for gate in &known.gates {
        let at = format!("gates.{gate}");
        say!(to, "{at}.approvers = {}", list(&draw.some(&known.roles)));
        match draw.chance(0.25) {
            true => say!(to, "{at}.meeting = {{ calendar = \"board\", cutoff = \"1h\" }}"),
            false => say!(to, "{at}.decision_work = {}", draw.law(1, 15)),
        }
        if draw.chance(0.3) {
            say!(to, "{at}.parallel = \"{}\"", draw.pick(&["all", "any"]));
        }
        if draw.chance(0.4) {
            say!(to, "{at}.p_decline = {}", draw.pick(&["0.1", "0.5"]));
        }
        if draw.chance(0.5) {
            say!(to, "{at}.timeout = \"{}\"", draw.pick(&["20m", "2h", "1bh"]));
            let on_timeout = draw.pick(&["approve", "decline", "wait", "deputy"]);
            say!(to, "{at}.on_timeout = \"{on_timeout}\"");
            if on_timeout == "deputy" {
                say!(to, "{at}.deputy = \"{}\"", draw.pick(&known.roles));
            }
        }
        if draw.chance(0.5) {
            say!(to, "{at}.blocks = \"{}\"", draw.pick(&["work", "release"]));
        }
        if draw.chance(0.3) {
            say!(to, "{at}.rework = {}", draw.law(5, 30));
        }
        if draw.chance(0.3) {
            say!(to, "{at}.escalate_to = \"{}\"", draw.pick(&known.roles));
        }
    }
    if draw.chance(0.3) {
        say!(to, "changes.fixes.share = {:.2}", draw.share(0.05, 0.4));
        if !known.gates.is_empty() && draw.chance(0.7) {
            say!(to, "changes.fixes.gate = \"{}\"", draw.pick(&known.gates));
        }
        if draw.chance(0.4) {
            say!(to, "changes.fixes.release = {}", draw.law(3, 20));
        }
        if draw.chance(0.4) {
            say!(to, "changes.fixes.record = {}", draw.law(2, 10));
        }
    }
    if draw.chance(0.4) {
        say!(to, "workaround.share = {:.2}", draw.share(0.1, 0.8));
        if draw.chance(0.5) {
            say!(to, "workaround.after = {:.2}", draw.share(0.0, 1.0));
        }
        if draw.chance(0.3) {
            say!(to, "workaround.resolve_on = \"mitigation\"");
        }
    }
}

fn customers(to: &mut Organisation, draw: &mut Draw, known: &Names) {
    if draw.chance(0.4) {
        say!(to, "pending.share = {:.2}", draw.share(0.1, 0.6));
        say!(to, "pending.wait = {}", draw.law(20, 1500));
        for (key, value) in [
            ("again", "0.3"),
            ("after", "0.3"),
            ("never", "0.2"),
            ("reminders", "{ after = [\"6h\", \"1d\"], share = 0.5 }"),
            ("close_after", "\"1d\""),
        ] {
            if draw.chance(0.3) {
                say!(to, "pending.{key} = {value}");
            }
        }
    }
    if draw.chance(0.25) {
        say!(to, "vendor_waits.share = {:.2}", draw.share(0.1, 0.5));
        say!(to, "vendor_waits.wait = {}", draw.law(20, 600));
        if draw.chance(0.3) {
            say!(to, "vendor_waits.again = 0.3");
        }
    }
    if draw.chance(0.4) {
        say!(to, "reopening.share = {:.2}", draw.share(0.1, 0.5));
        say!(to, "reopening.delay = {}", draw.law(10, 900));
        if draw.chance(0.4) {
            say!(to, "reopening.at_most = {}", draw.between(1, 3));
        }
        if draw.chance(0.4) {
            say!(to, "reopening.work_factor = 0.6");
        }
    }
    if draw.chance(0.2) {
        say!(to, "patience.wait = {}", draw.law(20, 3000));
        if draw.chance(0.5) {
            say!(to, "patience.share = {:.2}", draw.share(0.2, 0.9));
        }
    }
    if draw.chance(0.3) {
        say!(to, "chasers.every = {}", draw.law(60, 600));
        say!(to, "chasers.work = {}", draw.law(1, 6));
        if draw.chance(0.5) {
            say!(to, "chasers.after = {}", draw.time(30, 600));
        }
        if draw.chance(0.3) {
            say!(to, "chasers.at_most = {}", draw.between(1, 5));
        }
    }
    if known.severities.len() > 1 && draw.chance(0.25) {
        say!(to, "drift.per_hour = {:.2}", draw.share(0.01, 0.1));
        if draw.chance(0.5) {
            say!(to, "drift.at_reopening = 0.3");
        }
    }
}

fn triage(to: &mut Organisation, draw: &mut Draw, known: &Names) {
    let seen = draw.chance(0.35);
    if seen {
        say!(to, "attributes.source = {{ monitoring = 0.3, portal = 0.7 }}");
        say!(to, "attributes.keyword = {{ outage = 0.3, question = 0.7 }}");
        say!(to, "attributes.impact = {{ high = 0.2, medium = 0.3, low = 0.5 }}");
        say!(to, "attributes.urgency = {{ high = 0.3, medium = 0.3, low = 0.4 }}");
        if draw.chance(0.6) {
            let severity = draw.pick(&known.severities);
            say!(
                to,
                "triage.rules.outage = {{ if = {{ keyword = [\"outage\"] }}, severity = \"{severity}\" }}"
            );
        }
        if draw.chance(0.3) {
            say!(to, "triage.matrix = \"itil\"");
        }
    }
    if draw.chance(0.4) {
        for severity in &known.severities {
            say!(to, "triage.confusion.{severity} = {}", mix(draw, &known.severities));
        }
    }
    if draw.chance(0.2) {
        say!(to, "triage.manual.team = \"{}\"", draw.pick(&known.teams));
        say!(to, "triage.manual.work = {}", draw.law(1, 8));
        if seen && draw.chance(0.5) {
            say!(to, "triage.manual.if = {{ source = [\"portal\"] }}");
        }
    }
    if draw.chance(0.35) {
        let (over, under) = (draw.share(0.0, 1.0), draw.share(0.0, 1.0));
        say!(to, "triage.override.over = {over:.2}");
        say!(to, "triage.override.under = {under:.2}");
        if draw.chance(0.4) {
            say!(to, "triage.override.wrong = 0.2");
        }
        if draw.chance(0.4) {
            say!(to, "triage.override.work = {}", draw.time(1, 5));
        }
    }
}

fn faults(to: &mut Organisation, draw: &mut Draw, known: &Names) {
    if !draw.chance(0.35) {
        return;
    }
    let at = "incidents.fault";
    say!(to, "{at}.at = [\"{}h\"]", draw.pick(&[2, 5, 20]));
    say!(to, "{at}.service = \"{}\"", draw.pick(&known.services));
    say!(to, "{at}.severity = \"{}\"", draw.pick(&known.severities));
    match draw.between(0, 2) {
        0 => {
            let many = draw.pick(&["{ fixed = 8 }", "{ poisson = 10.0 }", "{ geometric = 12.0 }"]);
            say!(to, "{at}.children.count = {many}");
            say!(to, "{at}.children.delay = {}", draw.law(10, 120));
        }
        1 => {
            say!(to, "{at}.children.per_hour = {}", draw.between(2, 8));
            say!(to, "{at}.lasts = {}", draw.law(60, 400));
        }
        _ => say!(to, "{at}.children.after = [\"2m\", \"5m\", \"30m\", \"90m\"]"),
    }
    if draw.chance(0.5) {
        say!(to, "{at}.children.services = {}", mix(draw, &known.services));
    }
    if draw.chance(0.5) {
        say!(to, "{at}.children.mix = {}", mix(draw, &known.severities));
    }
    if draw.chance(0.6) {
        say!(to, "{at}.declared.tickets = {}", draw.between(1, 5));
        if draw.chance(0.5) {
            say!(to, "{at}.declared.touch = {:.2}", draw.share(0.0, 0.5));
        }
        if draw.chance(0.5) {
            say!(to, "{at}.declared.monitoring = {}", draw.law(5, 60));
        }
    }
    if draw.chance(0.7) {
        say!(to, "{at}.linking.share = {:.2}", draw.share(0.0, 1.0));
        for (key, value) in [
            ("delay", draw.law(1, 30)),
            ("after_work", "0.5".to_owned()),
            ("close_work", draw.law(1, 4)),
            ("clocks", "\"parent\"".to_owned()),
        ] {
            if draw.chance(0.4) {
                say!(to, "{at}.linking.{key} = {value}");
            }
        }
    }
    if draw.chance(0.3) {
        say!(
            to,
            "{at}.status_page = {{ deflect = 0.5, after = \"10m\", half_life = \"15m\" }}"
        );
    }
}

fn learning(to: &mut Organisation, draw: &mut Draw, known: &Names) {
    if draw.chance(0.3) {
        say!(to, "kinds.cards.share = {:.2}", draw.share(0.05, 0.9));
        if draw.chance(0.6) {
            say!(to, "kinds.cards.problem.fix = {}", draw.law(30, 300));
            if draw.chance(0.4) {
                say!(to, "kinds.cards.problem.team = \"{}\"", draw.pick(&known.teams));
            }
            if !known.gates.is_empty() && draw.chance(0.4) {
                say!(to, "kinds.cards.problem.gate = \"{}\"", draw.pick(&known.gates));
            }
        }
        if draw.chance(0.7) {
            say!(to, "knowledge.articles.p_write = {}", draw.pick(&["0.2", "0.8"]));
            say!(to, "knowledge.articles.work = {}", draw.law(5, 40));
            for (key, value) in [
                ("review_delay", "\"6h\""),
                ("p_shift", "0.4"),
                ("p_deflect", "0.3"),
                ("half_life", "\"10d\""),
                ("renew_after", "\"12h\""),
            ] {
                if draw.chance(0.4) {
                    say!(to, "knowledge.articles.{key} = {value}");
                }
            }
        }
        if draw.chance(0.4) {
            say!(to, "knowledge.learning.rate = 0.9");
        }
    }
    if draw.chance(0.35) {
        say!(to, "reviews.severity = {}", list(&draw.some(&known.severities)));
        say!(to, "reviews.due = \"{}\"", draw.pick(&["6h", "2d", "1bd"]));
        say!(to, "reviews.work = {}", draw.law(20, 240));
        if draw.chance(0.5) {
            say!(to, "reviews.people = {}", draw.between(1, 4));
        }
        if draw.chance(0.5) {
            say!(to, "reviews.team = \"{}\"", draw.pick(&known.teams));
        }
        if draw.chance(0.5) {
            say!(to, "reviews.p_root = 1.0");
        }
    }
}

fn clock(draw: &mut Draw, least_m: u32, most_m: u32) -> String {
    if draw.chance(0.7) {
        return draw.time(least_m, most_m);
    }
    let after = draw.pick(&["1bh", "2bh", "30m", "3h"]);
    let more = draw.pick(&[
        "",
        ", calendar = \"nights\"",
        ", with_target = true",
        ", count_pending = true",
    ]);
    format!("{{ after = \"{after}\"{more} }}")
}

/// How many triggers there are.
pub const TRIGGERS: u32 = 24;

/// When a rule comes: any trigger of the language, most often a share of a target.
pub fn any_trigger(draw: &mut Draw, teams: &[String], severities: &[String]) -> String {
    let number = draw.between(0, TRIGGERS + 1) % TRIGGERS;
    trigger(draw, number, teams, severities)
}

/// When a rule comes: every trigger of the language, by number.
pub fn trigger(draw: &mut Draw, number: u32, teams: &[String], severities: &[String]) -> String {
    let kind = draw.pick(&KINDS);
    match number {
        0 => format!(
            "{{ consumed = {{ of = \"{kind}\", share = {:.2} }} }}",
            draw.share(0.1, 1.4)
        ),
        1 => format!("{{ left = {{ of = \"{kind}\", time = {} }} }}", draw.time(5, 120)),
        2 => format!("{{ breached = \"{kind}\" }}"),
        3 => format!("{{ unacknowledged = {} }}", draw.time(3, 40)),
        4 => format!("{{ no_update = {} }}", clock(draw, 30, 400)),
        5 => format!("{{ pending = {} }}", clock(draw, 60, 900)),
        6 => format!("{{ reassignments = {} }}", draw.between(1, 3)),
        7 => format!("{{ reopenings = {} }}", draw.between(1, 2)),
        8 => format!("{{ chasers = {} }}", draw.between(1, 2)),
        9 => format!("{{ linked = {} }}", draw.between(1, 4)),
        10 => format!("{{ severity_raised = {{ to = \"{}\" }} }}", draw.pick(severities)),
        11 => "{ severity_raised = {} }".to_owned(),
        12 => "{ severity_lowered = {} }".to_owned(),
        13 => {
            let team = draw.pick(teams);
            let (many, hysteresis) = (draw.between(1, 6), draw.between(1, 2));
            format!("{{ queue_length = {{ team = \"{team}\", at_least = {many}, hysteresis = {hysteresis} }} }}")
        }
        14 => {
            let team = draw.pick(teams);
            format!(
                "{{ queue_age = {{ team = \"{team}\", at_least = {} }} }}",
                draw.time(10, 300)
            )
        }
        15 => format!("{{ in_queue = {} }}", clock(draw, 5, 200)),
        16 => format!("{{ in_team = {} }}", clock(draw, 20, 400)),
        17 => format!("{{ in_tier = {} }}", clock(draw, 20, 400)),
        18 => format!("{{ with_owner = {} }}", clock(draw, 10, 300)),
        19 => "{ declared = true }".to_owned(),
        20 => "{ mitigated = true }".to_owned(),
        21 => "{ resolved = true }".to_owned(),
        22 => "{ reopened = true }".to_owned(),
        _ => "{ created = true }".to_owned(),
    }
}

/// What a rule may ask for.
pub fn condition(draw: &mut Draw, teams: &[String], severities: &[String]) -> String {
    match draw.between(0, 12) {
        0..=2 => format!("severity = {}", list(&draw.some(severities))),
        3 | 4 => format!("team = {}", list(&draw.some(teams))),
        5 => "open = \"office\"".to_owned(),
        6 => "hours = { Mon-Fri = \"08:00-18:00\" }".to_owned(),
        7 => format!("owned = {}", draw.chance(0.5)),
        8 => format!("answered = {}", draw.chance(0.5)),
        9 => "no_flags = [\"f1\"]".to_owned(),
        10 => "reassignments = { at_most = 1 }".to_owned(),
        11 => format!("consumed = {{ of = \"resolve\", below = {:.2} }}", draw.share(0.3, 2.0)),
        _ => "not_breached = [\"resolve\"]".to_owned(),
    }
}

/// How often a rule fires, as lines of it.
pub fn firing(draw: &mut Draw, teams: &[String], severities: &[String]) -> Vec<String> {
    let mut lines = Vec::new();
    let one = |draw: &mut Draw| condition(draw, teams, severities);
    for (share, line) in [
        (0.15, format!("max = {}", draw.between(1, 4))),
        (0.1, format!("cooldown = {}", draw.time(10, 300))),
        (0.1, format!("fires = \"{}\"", draw.pick(&["once", "each"]))),
        (0.15, format!("every = {}", draw.time(10, 200))),
        (0.12, "hold = true".to_owned()),
        (0.12, format!("unless.{}", one(draw))),
        (0.12, format!("while.{}", one(draw))),
        (0.3, format!("if.{}", one(draw))),
    ] {
        if draw.chance(share) {
            lines.push(line);
        }
    }
    lines
}

fn action(to: &Organisation, draw: &mut Draw, known: &Names) -> String {
    let mut actions = vec![
        "{ alert = \"lead\" }".to_owned(),
        "{ raise = 1 }".to_owned(),
        "{ lower = 1 }".to_owned(),
        format!("{{ transfer = \"{}\" }}", draw.pick(&known.tiers)),
        format!(
            "{{ transfer = {{ to = \"{}\", handoff = \"cold\" }} }}",
            draw.pick(&known.teams)
        ),
        format!("{{ set_priority = {} }}", draw.pick(&[1, 2, -1])),
        format!("{{ flag = \"{}\" }}", draw.pick(&["f1", "f2"])),
        "{ close = \"gone\" }".to_owned(),
        format!(
            "{{ add_responders = {{ count = {}, from = \"{}\" }} }}",
            draw.between(1, 2),
            draw.pick(&known.teams)
        ),
        format!("{{ involve = {{ teams = [\"{}\"] }} }}", draw.pick(&known.teams)),
    ];
    if !known.schedules.is_empty() {
        let schedule = draw.pick(&known.schedules);
        actions.push(format!("{{ notify = {} }}", list(&draw.some(&known.schedules))));
        actions.push(format!(
            "{{ notify = {{ schedules = [\"{schedule}\"], inform = true }} }}"
        ));
        let page = format!("{{ page = \"{}\" }}", draw.pick(&known.policies));
        actions.extend([page.clone(), page]);
    }
    if !known.roles.is_empty() {
        actions.push(format!("{{ escalate_to = \"{}\" }}", draw.pick(&known.roles)));
    }
    if !known.gates.is_empty() {
        let gate = format!("{{ open_gate = \"{}\" }}", draw.pick(&known.gates));
        actions.extend([gate.clone(), gate]);
    }
    if to.has("roles.commander") {
        actions.push("{ assign_commander = true }".to_owned());
    }
    if to.has("communications") {
        actions.extend(["{ brief = true }".to_owned(), "{ update = true }".to_owned()]);
    }
    if to.says(".secondary = ") {
        actions.push("{ to_secondary = true }".to_owned());
    }
    draw.pick(&actions)
}

fn rules(to: &mut Organisation, draw: &mut Draw, known: &Names) {
    if draw.chance(0.3) {
        let (severity, tier) = (draw.pick(&known.severities), draw.pick(&known.tiers));
        say!(
            to,
            "routes.some = {{ if = {{ severity = [\"{severity}\"] }}, to = \"{tier}\" }}"
        );
    }
    for number in 0..draw.between(0, 8) {
        let when = any_trigger(draw, &known.teams, &known.severities);
        say!(to, "rules.r{number}.when = {when}");
        let actions: Vec<String> = (0..draw.pick(&[1, 1, 2])).map(|_| action(to, draw, known)).collect();
        say!(to, "rules.r{number}.then = [{}]", actions.join(", "));
        for line in firing(draw, &known.teams, &known.severities) {
            say!(to, "rules.r{number}.{line}");
        }
        if draw.chance(0.1) {
            say!(to, "rules.r{number}.stop = true");
        }
        if draw.chance(0.1) {
            say!(to, "rules.r{number}.group = \"warnings\"");
            say!(to, "rules.r{number}.on_jump = \"highest\"");
        }
    }
    if !known.policies.is_empty() && draw.chance(0.6) {
        say!(
            to,
            "rules.page.when = {}",
            draw.pick(&["{ created = true }", "{ in_queue = \"5m\" }"])
        );
        say!(
            to,
            "rules.page.then = [{{ page = \"{}\" }}]",
            draw.pick(&known.policies)
        );
    }
}
