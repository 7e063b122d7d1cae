//! Runbooks against what their last run left.

use super::{Known, Runs};
use crate::base::lasting;
use crate::diag::{ClaimKind, Group, Place, Qualifier, Qualifiers, Severity, Strength, Verdict, code};
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;
use crate::evidence::reviews::Reviews;
use crate::markdown::Front;
use crate::model::Page;
use crate::runs::evidence::{Evidence, Run};
use crate::runs::standing::Standing;
use std::time::Duration;

pub(super) static CHECK: Check = Check {
    code: code::RUN_EVIDENCE,
    group: Group::Broken,
    severity: None,
    title: "the last run of a runbook failed, is of another state of it, or is not to be believed",
    doc: include_str!("run-evidence.md"),
    fix: None,
    seen_in: None,
    run,
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for known in &cx.of::<Runs>().list {
        let Some(page) = cx.site().pages.get(known.page) else { continue };
        let refused = refused(cx, known, findings);
        if known.runbook.steps.is_empty() {
            continue;
        }
        let place = claimed(&page.doc.facts.front, page);
        let verdict = match judge(cx, (known, page), &place, findings) {
            _ if refused => Verdict::Contradicted(CHECK.code),
            verdict => verdict,
        };
        let judged = (verdict, Strength::Run, qualifiers(known));
        findings.claim_by((known.page, page), ClaimKind::Run, &place, &known.runbook.stem, judged);
    }
}

/// What narrows what the last run proves.
fn qualifiers(known: &Known) -> Qualifiers {
    let none = Qualifiers::default();
    match &known.standing {
        Standing::Never => none,
        Standing::Changed(_) => none.with(Qualifier::Stale),
        Standing::Failed { file } => of_size(known, *file),
        Standing::Passed { file, late, .. } => of_size(known, *file).with_if(late.is_some(), Qualifier::Due),
    }
}

/// Evidence whose size has another name than those that are known is no evidence of production either.
fn of_size(known: &Known, file: usize) -> Qualifiers {
    let evidence = known.files.get(file).and_then(|file| file.evidence.as_ref().ok());
    let size = evidence.map(|evidence| evidence.run().target.size.as_str());
    match size {
        None | Some("production") => Qualifiers::default(),
        Some("synthetic") => Qualifiers::default().with(Qualifier::Synthetic),
        Some(_) => Qualifiers::default().with(Qualifier::SmallerThanProduction),
    }
}

/// Where a page says that it runs.
fn claimed(front: &Front, page: &Page) -> Place {
    front.place_of("targets").or(front.place.as_ref()).cloned().unwrap_or_else(|| page.place())
}

/// Files that are no evidence of this runbook; whether there are any.
fn refused(cx: &Context<'_>, known: &Known, findings: &mut Findings) -> bool {
    let mut any = false;
    for file in &known.files {
        let why = match &file.evidence {
            Err(refusal) => refusal.to_string(),
            Ok(_) if cx.config.run.signers.is_some() && !file.signed => {
                "this evidence is not signed, and book.toml sets `run.signers`".into()
            }
            Ok(_) => continue,
        };
        any = true;
        let help = "remove it and run the runbook again; `oathbook evidence verify` looks at signatures, too";
        findings.push(findings.found(&Place::whole(file.path.clone()), "refused", why).help(help));
    }
    any
}

/// What is wrong with how a runbook stands, if anything is.
struct Wrong {
    subject: &'static str,
    /// Whether it is wrong in every run, and not only at night.
    always: bool,
    message: String,
    help: &'static str,
}

fn judge(
    cx: &Context<'_>,
    (known, page): (&Known, &Page),
    place: &Place,
    findings: &mut Findings,
) -> Verdict {
    let (verdict, wrong) = match &known.standing {
        Standing::Never => {
            let says = cx.due && known.runbook.verify_every.is_some();
            let message = "this runbook says how often it has to run, and never did".to_owned();
            let wrong = Wrong { subject: "due", always: false, message, help: "run it" };
            (Verdict::NotJudged("it never ran: `oathbook run` does"), says.then_some(wrong))
        }
        Standing::Changed(day) => {
            let message = format!("its steps have changed since it ran on {day}");
            let wrong = Wrong { subject: "changed", always: false, message, help: "run it again" };
            (Verdict::NotJudged("its steps have changed since it ran"), Some(wrong))
        }
        Standing::Failed { file } | Standing::Passed { file, .. } => {
            let evidence = known.files.get(*file).and_then(|file| file.evidence.as_ref().ok());
            let Some(run) = evidence.map(Evidence::run) else {
                return Verdict::NotJudged("its evidence cannot be read");
            };
            match wrong_of_run(cx, known, run) {
                Some(wrong) => (Verdict::Contradicted(CHECK.code), Some(wrong)),
                None => (Verdict::Proven(proof(run).into()), None),
            }
        }
    };
    if let Some(wrong) = wrong {
        let help = format!("{}: `oathbook run {} --target NAME`", wrong.help, page.source);
        let mut found = findings.found(place, wrong.subject, wrong.message).help(help);
        found.owner = cx.of::<Reviews>().owners.get(known.page).cloned().flatten().map(Into::into);
        found.severity = if wrong.always || cx.due { Severity::Error } else { Severity::Warning };
        findings.push(found);
    }
    verdict
}

/// What is wrong with a run of the steps as they are.
fn wrong_of_run(cx: &Context<'_>, known: &Known, run: &Run) -> Option<Wrong> {
    let (target, day) = (&run.target.name, day(run));
    let Standing::Passed { missed, late, .. } = &known.standing else {
        let (step, why) = run.failure().unwrap_or_default();
        let first = why.lines().next().unwrap_or("");
        let message = format!("its last run on {target}, of {day}, failed: step `{step}`: {first}");
        let help = "mend the runbook or what it works on, and run it again";
        return Some(Wrong { subject: "failed", always: true, message, help });
    };
    if let Some(name) = missed {
        let message = format!("its last run on {target}, of {day}, did not meet `{name}`");
        let help = "mend what takes too long, or say what is really promised, and run it again";
        return Some(Wrong { subject: "missed", always: true, message, help });
    }
    // Only a nightly run fails because time has passed.
    let days = late.filter(|_| cx.due)?;
    let message = if days < 0 {
        format!("its evidence is of {day}, which is yet to come")
    } else {
        let every = known.runbook.verify_every.unwrap_or(0);
        format!("it ran last on {day}, {days} days longer ago than `verify-every: {every}d` allows")
    };
    Some(Wrong { subject: "due", always: true, message, help: "run it again" })
}

fn day(run: &Run) -> String {
    run.day().map_or_else(String::new, |day| day.to_string())
}

/// What a page is held against.
fn proof(run: &Run) -> String {
    let took = lasting::told(Duration::from_millis(run.ms));
    let size = &run.target.size;
    let qualifier = if size == "production" { String::new() } else { format!(", demonstrated: {size}") };
    format!("its run on {} of {}, in {took}{qualifier}", run.target.name, day(run))
}
