//! What a plan of recovery states, as claims: of the page that shows it, or of the file that declares it.

use super::declared::Declared;
use super::{FAILURES, Plan, Recovery};
use crate::base::lasting;
use crate::diag::{Claim, ClaimKind, Group, Place, Problem, Qualifiers, Verdict, code};
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;

pub(super) static CHECK: Check = Check {
    code: code::RECOVERY_PLAN,
    group: Group::Broken,
    severity: None,
    title: "a failure of a service has no runbook, or too few copies are kept",
    doc: include_str!("recovery-plan.md"),
    fix: None,
    seen_in: Some("src/evidence/recovery/plan.rs"),
    run,
};

/// Something that is stated, where, and what became of it.
#[derive(Clone, Debug)]
pub(super) struct Stated {
    subject: String,
    place: Place,
    verdict: Verdict,
}

fn run(cx: &Context<'_>, findings: &mut Findings) {
    let recovery = cx.of::<Recovery>();
    findings.hand_on(&recovery.problems);
    let shown = cx.pages().find(|(_, page)| page.kind.as_deref() == Some("recovery-plan"));
    let kind = ClaimKind::Recovery;
    for Stated { subject, place, verdict } in recovery.claims.iter().cloned() {
        if let Some(page) = shown {
            findings.claim(page, kind, &place, &subject, verdict);
            continue;
        }
        findings.recorded.push(Claim {
            page: place.file.clone(),
            place,
            kind,
            subject: subject.into(),
            verdict,
            strength: kind.strength(),
            qualifiers: Qualifiers::default(),
        });
    }
}

/// What a plan states, with the problems that were found.
pub(super) fn of(
    cx: &Context<'_>,
    (declared, plan): (&Declared, &Plan),
    problems: &[Problem],
) -> Vec<Stated> {
    let mut stating = Stating { cx, declared, plan, problems, out: Vec::new() };
    stating.cells();
    stating.objectives();
    stating.shipped();
    stating.schedules();
    stating.drills();
    stating.out
}

struct Stating<'s> {
    cx: &'s Context<'s>,
    declared: &'s Declared,
    plan: &'s Plan,
    problems: &'s [Problem],
    out: Vec<Stated>,
}

fn proven(what: impl Into<String>) -> Verdict {
    Verdict::Proven(what.into().into())
}

impl Stating<'_> {
    fn state(&mut self, subject: String, place: Place, verdict: Verdict) {
        self.out.push(Stated { subject, place, verdict });
    }

    /// What contradicts a subject. A problem is about it, or about a part of it: `search.database.rpo`.
    fn wrong(&self, codes: &[&'static str], subject: &str) -> Option<Verdict> {
        let is_of = |problem: &&Problem| {
            let rest = problem.subject.strip_prefix(subject);
            codes.contains(&problem.code) && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        self.problems.iter().find(is_of).map(|problem| Verdict::Contradicted(problem.code))
    }

    fn cells(&mut self) {
        for (service, cells) in &self.plan.rows {
            for ((failure, _), cell) in FAILURES.iter().zip(cells) {
                let subject = format!("{service}.{failure}");
                let place = self.declared.place(&format!("plan.{subject}"));
                let codes = [code::RECOVERY_PLAN, code::RECOVERY_OBJECTIVE];
                let runbook = cell.as_ref().and_then(|cell| self.cx.site().pages.get(cell.runbook));
                let verdict = match (self.wrong(&codes, &subject), runbook) {
                    (Some(verdict), _) => verdict,
                    (None, Some(page)) => proven(page.source.as_str()),
                    (None, None) => Verdict::NotJudged("its runbook is not in this build"),
                };
                self.state(subject, place, verdict);
            }
        }
    }

    fn objectives(&mut self) {
        let codes = [code::RECOVERY_OBJECTIVE];
        if self.plan.rto.is_some() {
            let wrong = self.wrong(&codes, "objectives.rto");
            let verdict = match wrong.or_else(|| self.wrong(&codes, "objectives.rto-parts")) {
                Some(verdict) => verdict,
                None if self.plan.shares.is_empty() => {
                    Verdict::NotJudged("the plan does not say what the time is spent on")
                }
                None => proven("its parts take no more together"),
            };
            self.state("objectives.rto".into(), self.declared.place("objectives.rto"), verdict);
        }
        if self.plan.rpo.is_some() {
            let worst = self.plan.worst.as_ref().map(|worst| lasting::told(worst.time)).unwrap_or_default();
            let verdict = self.wrong(&codes, "objectives.rpo");
            let verdict = verdict.unwrap_or_else(|| proven(format!("at most {worst} can be lost")));
            self.state("objectives.rpo".into(), self.declared.place("objectives.rpo"), verdict);
        }
    }

    fn shipped(&mut self) {
        if self.declared.node("shipped").is_none() {
            return;
        }
        let drift = self.problems.iter().find(|problem| problem.code == code::RECOVERY_DRIFT);
        let verdict = drift
            .map_or_else(|| proven("the files that ship"), |problem| Verdict::Contradicted(problem.code));
        self.state("shipped".into(), self.declared.place("shipped"), verdict);
    }

    fn schedules(&mut self) {
        for one in &self.plan.schedules {
            let subject = format!("{}.{}", one.name, one.subject);
            let verdict = match self.wrong(&[code::RECOVERY_DUE], &subject) {
                Some(verdict) => verdict,
                None if self.cx.due => {
                    proven(one.last.map_or_else(String::new, |day| format!("passed on {day}")))
                }
                None => Verdict::NotJudged("`check --due` alone judges what a day makes late"),
            };
            self.state(subject, one.place.clone(), verdict);
        }
    }

    fn drills(&mut self) {
        for held in &self.plan.held {
            let (name, day) = (&held.drill.drill, held.drill.started.get(..10).unwrap_or(""));
            let of_file = |problem: &&Problem| {
                let codes = [code::RECOVERY_LESSON, code::RECOVERY_OPERATOR];
                codes.contains(&problem.code) && problem.place.file == held.file
            };
            let verdict = match (self.problems.iter().find(of_file), &held.drill.operator) {
                (Some(problem), _) => Verdict::Contradicted(problem.code),
                (None, None) => Verdict::NotJudged("a machine ran it, and nobody held it"),
                (None, Some(operator)) => proven(format!("held by {operator}")),
            };
            self.state(format!("drills.{name}.{day}"), Place::whole(held.file.clone()), verdict);
        }
    }
}
