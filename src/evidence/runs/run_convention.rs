//! Runbooks that could not run, or not as they are meant.

use super::Runs;
use crate::diag::{Group, Place, code};
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;
use crate::markdown::Front;

pub(super) static CHECK: Check = Check {
    code: code::RUN_CONVENTION,
    group: Group::Broken,
    severity: None,
    title: "a runbook breaks the convention by which it runs",
    doc: include_str!("run-convention.md"),
    fix: None,
    seen_in: None,
    run,
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for known in &cx.of::<Runs>().list {
        findings.hand_on(&known.runbook.problems);
        let Some(page) = cx.site().pages.get(known.page) else { continue };
        if let Some(twin) = &known.twin {
            let message =
                format!("a second runbook is called `{}`: their evidence would be mixed", known.runbook.stem);
            let found = findings.found(&page.place(), known.runbook.stem.clone(), message);
            findings
                .push(found.related(Place::whole(twin.clone()), "the first").help("rename one of the files"));
        }
    }
    required(cx, findings);
}

/// Tasks that book.toml requires runbooks for.
fn required(cx: &Context<'_>, findings: &mut Findings) {
    let task = |front: &Front| front.text("task").map(str::to_owned);
    let runbooks = cx.site().pages.iter().filter(|page| page.kind.as_deref() == Some("runbook"));
    let tasks: Vec<String> = runbooks.filter_map(|page| task(&page.doc.facts.front)).collect();
    for wanted in &cx.config.run.required {
        if tasks.contains(wanted) {
            continue;
        }
        let Some(file) = &cx.config.file else { continue };
        let message = format!("no runbook has `task: {wanted}`, which `run.required` names");
        let found = findings.found(&Place::whole(file.clone()), format!("required {wanted}"), message);
        findings.push(found.help("write the runbook, or take the task out of `run.required`"));
    }
}
