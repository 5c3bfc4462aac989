//! `escalade drill play PACK`: a terminal for the facilitator.
//!
//! Shows what is due, takes times and notes by single keys, and writes every one of them down at once, so that a run that
//! was stopped, by a key, by Ctrl-C or by an empty battery, goes on from where it was.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant as Stopwatch};

use clap::{Args, ValueEnum};

use super::super::exit::Failure;
use super::super::{interrupt, output};
use super::keys::{Keys, Pressed};
use super::webhook::Endpoint;
use crate::drill::archetype::InjectKind;
use crate::drill::exercise::{Drill, Inject};
use crate::drill::msel::delivered;
use crate::drill::offset::offset;
use crate::drill::pack::Opened;
use crate::drill::pack::organisation;
use crate::drill::payload::{self, Delivery, Webhook};
use crate::drill::play::{KEYS, Session, What};
use crate::report::screen::{FIXED_SPACE, fitted};
use crate::scenario::Document;

/// Run a drill from its pack
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The pack's folder
    pack: PathBuf,
    /// So many seconds of the exercise a second
    #[arg(long, value_name = "X", default_value_t = 1.0, value_parser = speed)]
    speed: f64,
    /// The log, and beside it observed.csv [default: PACK/run/play.jsonl]
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
    /// Begin anew; an earlier log is kept under another name
    #[arg(long)]
    again: bool,
    /// Post alerts there when they are due: http://127.0.0.1:PORT/PATH
    #[arg(long, value_name = "URL")]
    webhook: Option<String>,
    /// The form of what is posted
    #[arg(long, value_enum, default_value_t = Form::Pagerduty, requires = "webhook")]
    form: Form,
    /// Post to another machine than this one
    #[arg(long, requires = "webhook")]
    allow_host: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Form {
    /// PagerDuty Events API v2
    Pagerduty,
    /// Alertmanager webhook, version 4
    Alertmanager,
}

fn speed(text: &str) -> Result<f64, String> {
    let speed = text
        .parse::<f64>()
        .ok()
        .filter(|speed| (0.1..=10_000.0).contains(speed));
    speed.ok_or_else(|| "write a number from 0.1 to 10000".to_owned())
}

/// How often the clock and the keyboard are looked at.
const TICK: Duration = Duration::from_millis(100);

/// Opens a pack.
pub(super) fn open(pack: &Path) -> Result<Opened, Failure> {
    let read = |path: &str| fs::read_to_string(pack.join(path));
    Opened::open(pack, read).map_err(|error| Failure::Wrong(error.to_string()))
}

/// Runs the drill.
pub(super) fn play(arguments: &Arguments) -> Result<(), Failure> {
    let opened = open(&arguments.pack)?;
    let endpoint = arguments
        .webhook
        .as_deref()
        .map(|url| Endpoint::read(url, arguments.allow_host));
    let endpoint = endpoint.transpose().map_err(Failure::Wrong)?;
    let log = arguments
        .log
        .clone()
        .unwrap_or_else(|| arguments.pack.join("run").join("play.jsonl"));
    let (session, file) = begin(&opened.drill, &log, arguments.again)?;
    interrupt::listen();
    let document = Document::parse("scenario.toml", opened.scenario.as_str());
    let organisation = organisation(&document, &opened.drill.source.candidate);
    let alerts = payload::deliveries(&opened.drill, &organisation);
    let mut player = Player {
        drill: &opened.drill,
        alerts,
        endpoint,
        form: match arguments.form {
            Form::Pagerduty => Webhook::Pagerduty,
            Form::Alertmanager => Webhook::Alertmanager,
        },
        clock: Clock::at(session.position(), arguments.speed),
        session,
        file,
        observed: log.with_file_name("observed.csv"),
        keys: Keys::take(),
        incident: 1,
        note: None,
        shown: String::new(),
    };
    let done = player.run();
    let observed = player.observed.clone();
    drop(player); // gives the terminal back before the last words
    match done? {
        Outcome::Ended => {
            let pack = arguments.pack.display();
            output::note(&format!(
                "{} is written; next: `escalade drill score {pack}`",
                observed.display()
            ));
            Ok(())
        }
        Outcome::Stopped => {
            output::note("stopped; the same command goes on from here");
            if interrupt::asked() {
                Err(Failure::Stopped)
            } else {
                Ok(())
            }
        }
    }
}

/// The log's session and the file to add to.
fn begin<'a>(drill: &'a Drill, log: &Path, again: bool) -> Result<(Session<'a>, File), Failure> {
    let failed = |error: std::io::Error| Failure::Failed(format!("cannot write {}: {error}", log.display()));
    if again && log.exists() {
        let kept = (1..)
            .map(|number| log.with_extension(format!("{number}.jsonl")))
            .find(|path| !path.exists());
        if let Some(kept) = kept {
            fs::rename(log, kept).map_err(failed)?;
        }
    }
    if let Some(folder) = log.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    let before = match fs::read_to_string(log) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(Failure::Wrong(format!("cannot read {}: {error}", log.display()))),
    };
    let wrong = |why: String| Failure::Wrong(format!("{}: {why}; --again begins anew", log.display()));
    let session = Session::read(drill, &before).map_err(wrong)?;
    if session.is_over() {
        return Err(Failure::Wrong(format!(
            "{} is of a drill that is over; --again begins anew",
            log.display()
        )));
    }
    let mut file = OpenOptions::new().create(true).append(true).open(log).map_err(failed)?;
    if !before.is_empty() && !before.ends_with('\n') {
        file.write_all(b"\n").map_err(failed)?;
    }
    Ok((session, file))
}

/// The exercise's clock.
struct Clock {
    at: f64,
    since: Option<Stopwatch>,
    speed: f64,
}

impl Clock {
    fn at(at: f64, speed: f64) -> Clock {
        Clock { at, since: None, speed }
    }

    #[expect(clippy::disallowed_methods, reason = "an exercise runs by the clock on the wall")]
    fn start(&mut self) {
        self.since = Some(Stopwatch::now());
    }

    fn stop(&mut self) {
        self.at = self.now();
        self.since = None;
    }

    fn now(&self) -> f64 {
        self.at
            + self
                .since
                .map_or(0.0, |since| since.elapsed().as_secs_f64() * self.speed)
    }

    fn leap(&mut self, to: f64) {
        let runs = self.since.is_some();
        self.at = to.max(self.now());
        self.since = None;
        if runs {
            self.start();
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the log says when things happened on the wall")]
fn wall() -> String {
    jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// How a run ends.
enum Outcome {
    Ended,
    Stopped,
}

struct Player<'a> {
    drill: &'a Drill,
    alerts: Vec<Delivery>,
    endpoint: Option<Endpoint>,
    form: Webhook,
    session: Session<'a>,
    clock: Clock,
    file: File,
    observed: PathBuf,
    keys: Keys,
    /// The incident that keys record for.
    incident: usize,
    /// A note that is being written.
    note: Option<String>,
    /// The line of state that stands on the screen; empty if none does.
    shown: String,
}

impl Player<'_> {
    fn run(&mut self) -> Result<Outcome, Failure> {
        let opening = self.opening();
        self.say(&opening)?;
        self.log(What::Started {
            drill: self.drill.id.clone(),
        })?;
        self.clock.start();
        loop {
            if interrupt::asked() {
                return self.close(What::Stopped);
            }
            for inject in self.session.due(self.clock.now()) {
                self.deliver(inject)?;
            }
            // Without a keyboard there is nobody to say that it is over.
            if self.session.all_delivered() && !self.keys.is_terminal() {
                return self.close(What::Ended);
            }
            if let Some(what) = self.key()? {
                return self.close(what);
            }
            self.status()?;
        }
    }

    fn opening(&self) -> String {
        let drill = self.drill;
        let begin = match self.session.is_new() {
            true => format!("{}, {}", drill.name(), drill.kind.word()),
            false => format!("{} goes on at {}", drill.name(), offset(self.session.position())),
        };
        format!("{begin}. Keys: h help, n note, s to the next inject, p pause, u undo, q quit.\n")
    }

    fn deliver(&mut self, inject: &Inject) -> Result<(), Failure> {
        let mut text = format!(
            "\n{} {}{FIXED_SPACE} {}{FIXED_SPACE} to the {} (from {}, {})\n   {}\n",
            offset(self.clock.now()),
            inject.number,
            inject.kind.to_string().replace('_', " "),
            inject.to.label().to_lowercase(),
            inject.from,
            inject.method,
            delivered(self.drill, inject)
        );
        if !inject.expected_action.is_empty() {
            text += &format!("   expected: {}\n", inject.expected_action);
        }
        if !inject.truth.is_empty() {
            text += &format!("   truth: {}\n", inject.truth);
        }
        let posted = self.post(inject);
        if let Some(posted) = &posted {
            text += &format!("   webhook: {posted}\n");
        }
        self.say(&text)?;
        self.log(What::Delivered {
            number: inject.number.clone(),
            posted,
        })
    }

    /// Alerts go to the webhook; that nobody answers there is said and stops nothing.
    fn post(&self, inject: &Inject) -> Option<String> {
        let endpoint = self.endpoint.as_ref().filter(|_| inject.kind == InjectKind::Alert)?;
        let alert = self.alerts.iter().find(|alert| alert.reference == inject.reference)?;
        Some(match endpoint.post(&payload::webhook(alert, self.form, self.drill)) {
            Ok(code) => format!("posted, {code}"),
            Err(why) => format!("not posted: {why}"),
        })
    }

    /// What a key asks for; an ending, if it ends the run.
    fn key(&mut self) -> Result<Option<What>, Failure> {
        let letter = match self.keys.next(TICK) {
            Pressed::Key(letter) => letter,
            Pressed::Nothing | Pressed::End => return Ok(None),
        };
        if self.note.is_some() {
            self.write_note(letter)?;
            return Ok(None);
        }
        match letter {
            'q' if self.session.all_delivered() => return Ok(Some(What::Ended)),
            'q' => return Ok(Some(What::Stopped)),
            'n' => {
                self.note = Some(String::new());
                self.say("note, ended by return: ")?;
            }
            's' => {
                if let Some(next) = self.session.next() {
                    self.clock.leap(next.offset_s as f64);
                }
            }
            'p' => self.pause()?,
            'u' => self.undo()?,
            'h' | '?' => self.say(&help(self.drill))?,
            'i' => {
                self.incident = self.incident % self.drill.stories.len().max(1) + 1;
                self.say(&format!("keys record for incident {}\n", self.incident))?;
            }
            letter => self.see(letter)?,
        }
        Ok(None)
    }

    fn see(&mut self, letter: char) -> Result<(), Failure> {
        let drill = self.drill;
        let found = KEYS
            .iter()
            .find(|(key, milestone)| *key == letter && drill.knows(*milestone));
        let Some((_, milestone)) = found else {
            return Ok(());
        };
        let key = milestone.key(self.incident);
        match self.session.may_see(&key, self.clock.now()) {
            Err(why) => self.say(&format!("{why}\n")),
            Ok(()) => {
                self.say(&format!("{} {key}\n", offset(self.clock.now())))?;
                self.log(What::Seen { milestone: key })
            }
        }
    }

    fn undo(&mut self) -> Result<(), Failure> {
        let Some(milestone) = self.session.last_seen() else {
            return self.say("nothing has been recorded\n");
        };
        self.say(&format!("{milestone} taken back\n"))?;
        self.log(What::Undone { milestone })
    }

    fn write_note(&mut self, letter: char) -> Result<(), Failure> {
        match letter {
            '\n' | '\r' => {
                let text = self.note.take().unwrap_or_default();
                if text.trim().is_empty() {
                    return self.say("no note\n");
                }
                self.say(&format!("\n{} noted\n", offset(self.clock.now())))?;
                return self.log(What::Note { text });
            }
            '\u{7f}' | '\u{8}' => drop(self.note.as_mut().and_then(String::pop)),
            letter if letter.is_control() => {}
            letter => {
                if let Some(note) = &mut self.note {
                    note.push(letter);
                }
            }
        }
        if self.keys.is_terminal() {
            let note = self.note.as_deref().unwrap_or_default();
            output::terminal(&format!("\r\u{1b}[Knote, ended by return: {note}"))?;
        }
        Ok(())
    }

    /// Stands still until a key is pressed.
    fn pause(&mut self) -> Result<(), Failure> {
        self.clock.stop();
        self.say("paused; any key goes on\n")?;
        while !interrupt::asked() {
            if self.keys.next(TICK) != Pressed::Nothing {
                break;
            }
        }
        self.clock.start();
        Ok(())
    }

    fn status(&mut self) -> Result<(), Failure> {
        let status = self.session.status(self.clock.now());
        if !self.keys.is_terminal() || self.note.is_some() || status == self.shown {
            return Ok(());
        }
        output::terminal(&format!("\r\u{1b}[K{status}"))?;
        self.shown = status;
        Ok(())
    }

    fn say(&mut self, text: &str) -> Result<(), Failure> {
        self.shown.clear();
        let clear = if self.keys.is_terminal() { "\r\u{1b}[K" } else { "" };
        output::terminal(&format!("{clear}{}", fitted(text)))
    }

    fn log(&mut self, what: What) -> Result<(), Failure> {
        let line = self.session.add(self.clock.now(), wall(), what);
        let written = self
            .file
            .write_all(line.as_bytes())
            .and_then(|()| self.file.sync_data());
        written.map_err(|error| Failure::Failed(format!("the log cannot be written: {error}")))?;
        self.write_observed()
    }

    fn write_observed(&self) -> Result<(), Failure> {
        let failed = |why: String| Failure::Failed(format!("cannot write {}: {why}", self.observed.display()));
        let csv = self.session.observed_csv().map_err(|error| failed(error.to_string()))?;
        let beside = self.observed.with_extension("csv.new");
        let written = fs::write(&beside, csv).and_then(|()| fs::rename(&beside, &self.observed));
        written.map_err(|error| failed(error.to_string()))
    }

    fn close(&mut self, what: What) -> Result<Outcome, Failure> {
        self.clock.stop();
        let outcome = if what == What::Ended {
            Outcome::Ended
        } else {
            Outcome::Stopped
        };
        self.log(what)?;
        self.say("")?;
        Ok(outcome)
    }
}

fn help(drill: &Drill) -> String {
    let mut text = String::from("\nKeys that record the time of a milestone:\n");
    for (key, milestone) in KEYS.iter().filter(|(_, milestone)| drill.knows(*milestone)) {
        text += &format!("  {key}  {}\n", milestone.label());
    }
    text + "n note, s to the next inject, p pause, u undo the last, i next incident, q quit (goes on later)\n"
}
