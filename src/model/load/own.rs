//! Work of the organisation's own that comes with tickets whatever their queues do: reading them, approving and recording
//! their changes, reviewing them.
//!
//! What depends on how long tickets are open is only named: [`Beside`].

use super::{Book, Tally, Who, of_choice, shares};
use crate::model::ids::{CustomerTierId, TeamId};
use crate::model::policy::Action;
use crate::model::process::{Gate, Holder};
use crate::model::{Model, TargetKind, TriageConditions};

/// Work beside the tickets' own that no mean is known of: how much comes depends on how long tickets are open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beside {
    /// Updates and briefs.
    Messages,
    /// Answers to customers who ask again.
    Chasers,
    /// Commanding incidents, and taking notes.
    Command,
    /// Decisions and notices that rules ask roles for.
    Roles,
    /// Articles, and fixes of problems.
    Lessons,
}

impl Beside {
    /// All that a model has of it.
    pub(super) fn of(model: &Model) -> Vec<Beside> {
        let process = &model.process;
        let acts = |is: fn(&Action) -> bool| model.rules.rules.iter().flat_map(|rule| &rule.actions).any(is);
        let mut found = Vec::new();
        let asked = acts(|action| matches!(action, Action::Update | Action::Brief));
        if process.communications.is_some() && (asked || model.targets.any(TargetKind::Update)) {
            found.push(Beside::Messages);
        }
        if model.population.chasers.is_some() {
            found.push(Beside::Chasers);
        }
        if acts(|action| matches!(action, Action::AssignCommander)) {
            found.push(Beside::Command);
        }
        if acts(|action| matches!(action, Action::OpenGate(_) | Action::EscalateTo(_))) {
            found.push(Beside::Roles);
        }
        if process.articles.is_some() || process.kinds.iter().any(|kind| kind.problem.is_some()) {
            found.push(Beside::Lessons);
        }
        found
    }
}

impl Book<'_> {
    /// Reading of tickets before they are routed.
    pub(super) fn read(&self, who: Who, share: f64, tally: &mut Tally) {
        let (population, triage) = (&self.model.population, &self.model.population.triage);
        let Some(manual) = &triage.manual else { return };
        let service = &population.services[who.service.index()];
        let customer = who
            .scripted
            .and_then(|ticket| ticket.customer)
            .map(CustomerTierId::index);
        let admits = |conditions: &TriageConditions, customer, says| conditions.hold(who.service, customer, says);
        let mut read = 0.0;
        for (customer, of_customer) in of_choice(customer, &shares(&service.customers)) {
            for (says, of_says) in service.attributes.combinations(who.severity) {
                let matched = triage.nominal.as_ref().is_some_and(|nominal| {
                    let mut rules = nominal.rules.iter();
                    rules.any(|(conditions, _)| admits(conditions, customer, says))
                });
                if admits(&manual.conditions, customer, says) && !(manual.only_unmatched && matched) {
                    read += of_customer * of_says;
                }
            }
        }
        self.book_work(who, manual.team, share * read * manual.work.mean(), tally);
    }

    /// What follows the solution of a share of tickets by a team.
    pub(super) fn follow(&self, who: Who, team: TeamId, share: f64, tally: &mut Tally) {
        let process = &self.model.process;
        for (kind, of_kind) in process.change_of.each(who.service, who.severity) {
            let change = &process.changes[kind];
            let works = [&change.release, &change.record].into_iter().flatten();
            let work: f64 = works.map(|law| law.mean()).sum();
            self.book_work(who, team, share * of_kind * work, tally);
            if let Some(gate) = change.gate {
                self.decide(who, process.gate(gate), team, share * of_kind, tally);
            }
        }
        let Some(reviews) = &process.reviews else { return };
        let reviewed = self.reported_in_the_end(who).into_iter().enumerate();
        let reviewed: f64 = reviewed
            .filter(|(severity, _)| reviews.of[*severity])
            .map(|(_, part)| part)
            .sum();
        let work = reviews.work[who.severity.index()].mean();
        self.book_work(who, reviews.team.unwrap_or(team), share * reviewed * work, tally);
    }

    /// Decisions at a gate, and the rework of what was declined.
    fn decide(&self, who: Who, gate: &Gate, owner: TeamId, share: f64, tally: &mut Tally) {
        let all = gate.needed as usize == gate.approvers.len();
        let passes = match all {
            true => libm::pow(1.0 - gate.p_decline, gate.approvers.len() as f64),
            false => 1.0 - gate.p_decline,
        };
        let requests: f64 = (0..gate.max_rounds)
            .map(|round| libm::pow(1.0 - passes, f64::from(round)))
            .sum();
        if let Some(rework) = &gate.rework {
            self.book_work(who, owner, share * (requests - 1.0) * rework.mean(), tally);
        }
        let Some(work) = gate.decision_work.as_ref().filter(|_| gate.meetings.is_none()) else {
            return;
        };
        let each = f64::from(gate.needed) / gate.approvers.len().max(1) as f64;
        for role in &gate.approvers {
            if let Holder::Team(team) = self.model.process.role(*role).holder {
                self.book_work(who, team, share * requests * each * work.mean(), tally);
            }
        }
    }

    /// Shares of the severities that tickets are reported with once the first agent has looked at them.
    fn reported_in_the_end(&self, who: Who) -> Vec<f64> {
        let (population, triage) = (&self.model.population, &self.model.population.triage);
        let truth = who.severity.index();
        let service = &population.services[who.service.index()];
        let mut law = vec![0.0; population.severities];
        for (customer, of_customer) in of_choice(None, &shares(&service.customers)) {
            let drawn = triage.reported(
                &service.attributes,
                who.service,
                customer,
                who.severity,
                population.severities,
            );
            for (reported, of_report) in drawn.into_iter().enumerate() {
                let corrected = match reported.cmp(&truth) {
                    _ if !triage.corrects() => 0.0,
                    std::cmp::Ordering::Less => triage.corrects_over,
                    std::cmp::Ordering::Equal => 0.0,
                    std::cmp::Ordering::Greater => triage.corrects_under,
                };
                law[reported] += of_customer * of_report * (1.0 - corrected);
                law[truth] += of_customer * of_report * corrected;
            }
        }
        law
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{DESK, close, of};
    use super::*;

    /// Six tickets an hour of 20 minutes, a quarter of them S1.
    fn a_week(more: &str) -> f64 {
        of(&format!("{DESK}{more}")).teams[0].offered_h / 168.0
    }

    #[test]
    fn what_is_read_reviewed_approved_and_recorded_is_work_too() {
        close(a_week(""), 2.0);
        let manual = "[triage.manual]\nteam = \"L1\"\nwork = { deterministic = \"2m\" }\n";
        close(a_week(manual), 2.0 + 6.0 * 2.0 / 60.0);
        // Nine tenths of S1, and a tenth of S2, say that they are an outage: nobody has to read those.
        let words = "[attributes.keyword]\noutage = { S1 = 0.9, S2 = 0.1 }\nelse = { S1 = 0.1, S2 = 0.9 }\n\
            [triage.rules.outage]\nif = { keyword = [\"outage\"] }\nseverity = \"S1\"\n";
        let unmatched = 1.5 * 0.1 + 4.5 * 0.9;
        let rest = format!("{words}{manual}only_unmatched = true\n");
        close(a_week(&rest), 2.0 + unmatched * 2.0 / 60.0);
        let reviews = "[reviews]\nseverity = [\"S1\"]\ndue = \"5d\"\nwork = { deterministic = \"1h\" }\n";
        close(a_week(reviews), 2.0 + 1.5);
    }

    #[test]
    fn a_request_that_is_declined_is_made_and_decided_again() {
        // Half of S1 are changes: 10 min of decision, half declined, two requests at most, 20 min of rework; 6 min of record.
        let change = "[roles.boss]\nteam = \"L1\"\n[gates.go]\napprovers = [\"boss\"]\n\
            decision_work = { deterministic = \"10m\" }\np_decline = 0.5\nmax_rounds = 2\n\
            rework = { deterministic = \"20m\" }\nblocks = \"release\"\n\
            [changes.fix]\nshare = { S1 = 0.5 }\ngate = \"go\"\nrecord = { deterministic = \"6m\" }\n";
        close(a_week(change), 2.0 + 0.75 * (1.5 * 10.0 + 0.5 * 20.0 + 6.0) / 60.0);
    }

    #[test]
    fn what_grows_with_the_time_that_tickets_are_open_is_named() {
        assert_eq!(of(DESK).beside, []);
        let chasers =
            "[chasers]\nafter = \"4h\"\nevery = { exponential = \"1d\" }\nwork = { deterministic = \"3m\" }\n";
        assert_eq!(of(&format!("{DESK}{chasers}")).beside, [Beside::Chasers]);
    }
}
