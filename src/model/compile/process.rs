//! Roles, gates, changes, communication, reviews and kinds: names looked up, defaults filled in.

use super::super::{
    Articles, CalendarId, ChangeKind, Communications, Gate, GateId, Holder, Learning, Limit, Meetings, OnTimeout,
    Problem, Process, Reviews, Role, RoleId, ServiceId, SeverityId, Shares, TeamId, TicketKind, Workaround, defaults,
};
use super::Compiler;
use crate::random::Sampler;
use crate::scenario::{self, Duty, Named, ShareBySeverity};
use crate::time::{Length, Worked};

impl Compiler<'_> {
    pub(super) fn process(&mut self) -> Process {
        let written = self.written;
        let roles = self.compile_roles();
        let with = |duty: Duty| {
            let place = written.roles.values().position(|role| role.duty == Some(duty));
            place.map(RoleId::new)
        };
        let changes = written.changes.values().map(|change| (&change.share, &change.service));
        let kinds = written.kinds.values().map(|kind| (&kind.share, &kind.service));
        let (change_of, kind_of) = (self.split(changes.collect()), self.split(kinds.collect()));
        let knowledge = written.knowledge.as_ref();
        Process {
            roles,
            commander: with(Duty::Commander),
            scribe: with(Duty::Scribe),
            gates: self.compile_gates(),
            changes: self.changes(),
            change_of,
            communications: self.communications(),
            workaround: self.workaround(),
            reviews: self.reviews(),
            kinds: self.kinds(),
            kind_of,
            articles: self.articles(),
            learning: knowledge
                .and_then(|knowledge| knowledge.learning.as_ref())
                .map(|learning| Learning::of_rate(learning.rate, learning.floor.unwrap_or(defaults::LEARNING_FLOOR))),
        }
    }

    /// Rows of a table as shares of each service's tickets of each severity.
    fn split(&self, rows: Vec<(&ShareBySeverity, &Option<Vec<String>>)>) -> Shares {
        let shares: Vec<Vec<f64>> = rows.iter().map(|(share, _)| self.shares(share)).collect();
        let sizes = [self.names.services.len(), self.names.severities.len(), rows.len()];
        Shares::fill(sizes, |service: ServiceId, severity: SeverityId, row| {
            let name = &self.names.services[service.index()];
            match rows[row].1.as_ref().is_none_or(|services| services.contains(name)) {
                true => shares[row][severity.index()],
                false => 0.0,
            }
        })
    }

    fn law_if(&mut self, law: &Option<scenario::Law>, path: &str) -> Option<Sampler> {
        law.as_ref().and_then(|law| self.law(law, path))
    }

    fn team_named(&self, name: &Option<String>) -> Option<TeamId> {
        let place = self.written.teams.get_index_of(name.as_ref()?)?;
        Some(TeamId::new(place))
    }

    fn gate_named(&self, name: &Option<String>) -> Option<GateId> {
        self.gate(name.as_ref()?)
    }

    fn limit(&mut self, text: &Option<String>, calendar: &Option<String>, path: &str) -> Option<Limit> {
        let (within, calendar) = self.on_calendar(text.as_deref()?, calendar.as_deref(), path)?;
        Some(Limit { within, calendar })
    }

    fn compile_roles(&mut self) -> Vec<Role> {
        let written: &Named<scenario::Role> = &self.written.roles;
        let mut roles = Vec::with_capacity(written.len());
        for (name, role) in written {
            let path = format!("roles.{name}");
            let schedule = role.schedule.as_deref().and_then(|name| self.schedule(name));
            let holder = match (self.team_named(&role.team), schedule) {
                (Some(team), _) => Holder::Team(team),
                (None, Some(schedule)) => Holder::Schedule(schedule),
                (None, None) => Holder::Team(TeamId::new(0)),
            };
            roles.push(Role {
                name: name.clone(),
                holder,
                reaction: self.law_if(&role.reaction, &format!("{path}.reaction")),
                page_again: self.length_or(
                    role.page_again.as_deref(),
                    &format!("{path}.page_again"),
                    defaults::PAGE_AGAIN,
                ),
                work: self.law_if(&role.work, &format!("{path}.work")),
                owner_penalty: role.owner_penalty.unwrap_or(defaults::OWNER_PENALTY),
                until_mitigation: role.until != Some(scenario::Until::Resolution),
            });
        }
        roles
    }

    fn compile_gates(&mut self) -> Vec<Gate> {
        let written: &Named<scenario::Gate> = &self.written.gates;
        let mut gates = Vec::with_capacity(written.len());
        for (name, gate) in written {
            gates.push(self.one_gate(name, gate));
        }
        gates
    }

    fn one_gate(&mut self, name: &str, gate: &scenario::Gate) -> Gate {
        let path = format!("gates.{name}");
        let approvers: Vec<RoleId> = gate.approvers.iter().filter_map(|role| self.role(role)).collect();
        let deputy = gate.deputy.as_ref().and_then(|role| self.role(role));
        let decision_work = self.law_if(&gate.decision_work, &format!("{path}.decision_work"));
        let deputy_work = self.law_if(&gate.deputy_work, &format!("{path}.deputy_work"));
        Gate {
            name: name.to_owned(),
            needed: needed(gate.parallel, approvers.len()),
            approvers,
            deputy_work: deputy_work.or_else(|| decision_work.clone()),
            decision_work,
            p_decline: gate.p_decline.unwrap_or(0.0),
            timeout: self.limit(&gate.timeout, &gate.calendar, &format!("{path}.timeout")),
            on_timeout: match (gate.on_timeout, deputy) {
                (Some(scenario::OnTimeout::Deputy), Some(deputy)) => OnTimeout::Deputy(deputy),
                (Some(scenario::OnTimeout::Approve), _) => OnTimeout::Approve,
                (Some(scenario::OnTimeout::Decline), _) => OnTimeout::Decline,
                (Some(scenario::OnTimeout::Deputy | scenario::OnTimeout::Wait) | None, _) => OnTimeout::Wait,
            },
            deputy_timeout: self.limit(&gate.deputy_timeout, &gate.calendar, &format!("{path}.deputy_timeout")),
            meetings: self.meetings(gate.meeting.as_ref(), &path),
            blocks_work: gate.blocks != Some(scenario::Blocks::Release),
            rework: self.law_if(&gate.rework, &format!("{path}.rework")),
            max_rounds: gate.max_rounds.unwrap_or(defaults::GATE_ROUNDS),
            escalate_to: gate.escalate_to.as_ref().and_then(|role| self.role(role)),
        }
    }

    fn meetings(&mut self, meeting: Option<&scenario::Meeting>, path: &str) -> Option<Meetings> {
        let meeting = meeting?;
        let calendar = self.calendar(&meeting.calendar);
        let cutoff = meeting.cutoff.as_deref();
        let cutoff = self.length_or(cutoff, &format!("{path}.meeting.cutoff"), Length::ZERO);
        let openings = self.calendars[calendar.index()].intervals();
        Some(Meetings::new(openings.map(|(from, _)| from).collect(), cutoff))
    }

    fn changes(&mut self) -> Vec<ChangeKind> {
        let written: &Named<scenario::ChangeKind> = &self.written.changes;
        let mut changes = Vec::with_capacity(written.len());
        for (name, change) in written {
            let path = format!("changes.{name}");
            changes.push(ChangeKind {
                name: name.clone(),
                gate: self.gate_named(&change.gate),
                release: self.law_if(&change.release, &format!("{path}.release")),
                record: self.law_if(&change.record, &format!("{path}.record")),
            });
        }
        changes
    }

    fn communications(&mut self) -> Option<Communications> {
        let written = self.written.communications.as_ref()?;
        let update_work = self.law(&written.update_work, "communications.update_work")?;
        let brief_work = self.law_if(&written.brief_work, "communications.brief_work");
        let mean = Length::from_ms(update_work.mean().round() as i64);
        Some(Communications {
            by: written.by.as_ref().and_then(|role| self.role(role)),
            brief_work: brief_work.unwrap_or_else(|| update_work.clone()),
            update_work,
            lead_time: self.length_or(written.lead_time.as_deref(), "communications.lead_time", mean),
            misses_once: written.misses == Some(scenario::Misses::Once),
        })
    }

    fn workaround(&mut self) -> Option<Workaround> {
        let written = self.written.workaround.as_ref();
        let scripted = self
            .written
            .tickets
            .iter()
            .any(|ticket| ticket.workaround_after.is_some());
        match written {
            None => scripted.then(|| Workaround {
                share: vec![0.0; self.names.severities.len()],
                after: defaults::WORKAROUND_AFTER,
                resolves: false,
            }),
            Some(written) => Some(Workaround {
                share: self.shares(&written.share),
                after: written.after.unwrap_or(defaults::WORKAROUND_AFTER),
                resolves: written.resolve_on == Some(scenario::ResolveOn::Mitigation),
            }),
        }
    }

    fn reviews(&mut self) -> Option<Reviews> {
        let written = self.written.reviews.as_ref()?;
        let severities = self.names.severities.clone();
        let mut due = Vec::with_capacity(severities.len());
        for severity in &severities {
            let text = match &written.due {
                scenario::TimeBySeverity::All(text) => Some(text.clone()),
                scenario::TimeBySeverity::By(times) => times.get(severity).or_else(|| times.get("other")).cloned(),
            };
            let limit = self.limit(&text, &written.calendar, "reviews.due");
            due.push(limit.unwrap_or(Limit {
                within: Worked::from_ms(0),
                calendar: CalendarId::ALWAYS,
            }));
        }
        Some(Reviews {
            of: super::listed(Some(&written.severity), &severities),
            due,
            work: self.laws(&written.work, "reviews.work"),
            people: written.people.unwrap_or(defaults::REVIEWERS),
            team: self.team_named(&written.team),
            p_root: written.p_root.unwrap_or(defaults::ROOT_FOUND),
            scribe_saves: written.scribe_saves.unwrap_or(defaults::SCRIBE_SAVES),
        })
    }

    fn kinds(&mut self) -> Vec<TicketKind> {
        let written: &Named<scenario::TicketKind> = &self.written.kinds;
        let articles = self
            .written
            .knowledge
            .as_ref()
            .and_then(|knowledge| knowledge.articles.as_ref());
        let mut kinds = Vec::with_capacity(written.len());
        for (name, kind) in written {
            let path = format!("kinds.{name}.problem.fix");
            let problem = kind.problem.as_ref().map(|problem| Problem {
                fix: self.law_if(&problem.fix, &path),
                team: self.team_named(&problem.team),
                gate: self.gate_named(&problem.gate),
                effect: problem.effect.unwrap_or(defaults::FIX_EFFECT),
                p_effective: problem.p_effective.unwrap_or(1.0),
            });
            kinds.push(TicketKind {
                name: name.clone(),
                problem,
                article: articles.is_some_and(|articles| articles.live.contains(name)),
            });
        }
        kinds
    }

    fn articles(&mut self) -> Option<Articles> {
        let written = self.written.knowledge.as_ref()?.articles.as_ref()?;
        let path = "knowledge.articles";
        let half_life = match written.half_life.as_deref() {
            Some(text) => self.length(text, &format!("{path}.half_life")),
            None => None,
        };
        let renewal = match self.optional_length(written.renew_after.as_deref(), &format!("{path}.renew_after")) {
            Some(after) => {
                let (law, key) = match &written.renew_work {
                    Some(law) => (law, "renew_work"),
                    None => (&written.work, "work"),
                };
                Some((after, self.law(law, &format!("{path}.{key}"))?))
            }
            None => None,
        };
        Some(Articles {
            p_write: written.p_write,
            work: self.law(&written.work, &format!("{path}.work"))?,
            review_delay: self.length_or(
                written.review_delay.as_deref(),
                &format!("{path}.review_delay"),
                Length::ZERO,
            ),
            p_find: written.p_find.unwrap_or(defaults::ARTICLE_FOUND),
            saves: written.saves.unwrap_or(defaults::ARTICLE_SAVES),
            p_shift: written.p_shift.unwrap_or(0.0),
            p_deflect: written.p_deflect.unwrap_or(0.0),
            half_life,
            renewal,
        })
    }
}

fn needed(parallel: Option<scenario::Parallel>, approvers: usize) -> u32 {
    match parallel {
        Some(scenario::Parallel::Count(count)) => count,
        Some(scenario::Parallel::Word(scenario::ParallelWord::Any)) => 1,
        Some(scenario::Parallel::Word(scenario::ParallelWord::All)) | None => approvers as u32,
    }
}
