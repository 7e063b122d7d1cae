//! Lines and items of code that pages point at and that are not there.

use crate::diag::{ClaimKind, Group, Severity, Verdict, code};
use crate::evidence::check::{Check, Findings};
use crate::evidence::code_links::CodeLinks;
use crate::evidence::code_links::Outcome;
use crate::evidence::context::Context;

pub(super) static CHECK: Check = Check {
    code: code::CODE_LINK,
    group: Group::Broken,
    severity: None,
    title: "a page points at a line or an item of code that is not there",
    doc: include_str!("code-link.md"),
    fix: Some("where it is sure"),
    seen_in: None,
    run,
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for link in &cx.of::<CodeLinks>().list {
        let Some(page) = cx.site().pages.get(link.page) else { continue };
        let file = link.subject.split(['#', ':']).next().unwrap_or("");
        let (message, help) = match &link.outcome {
            Outcome::There => {
                let verdict = Verdict::Proven(link.subject.as_str().into());
                findings.claim((link.page, page), ClaimKind::Link, &link.place, &link.subject, verdict);
                continue;
            }
            Outcome::NoLine(lines) => (
                format!("`{}` points behind the end of the file, which has {lines} lines", link.subject),
                "point at an item (`#Name`), which does not move".to_owned(),
            ),
            Outcome::NoItem(near) => (
                format!(
                    "`{file}` declares no `{}`",
                    link.subject.split_once('#').map_or("", |(_, name)| name)
                ),
                near.as_ref().map_or_else(
                    || "name an item of the file".to_owned(),
                    |near| format!("did you mean `#{near}`?"),
                ),
            ),
            Outcome::NoFile => (
                format!("there is no `{file}` in this repository"),
                "correct the path, or name a tag or commit that has it".to_owned(),
            ),
            Outcome::Shifted(now) => (
                format!("this change moves the line that `{}` means to {now}", link.subject),
                "`check --fix` writes the new number; an item (`#Name`) would not move".to_owned(),
            ),
            Outcome::Rewritten => (
                format!("this change takes away the line that `{}` means", link.subject),
                "point at what does its work now".to_owned(),
            ),
        };
        let mut found = findings.found(&link.place, link.subject.clone(), message).help(help);
        if matches!(link.outcome, Outcome::Shifted(_) | Outcome::Rewritten) {
            found.severity = Severity::Warning;
        }
        if let Outcome::Shifted(now) = link.outcome
            && let Some(new) = renumbered(&link.subject, now)
        {
            found = found.fix("write the new number", link.place.clone(), new);
        }
        findings.push(found);
        findings.claim(
            (link.page, page),
            ClaimKind::Link,
            &link.place,
            &link.subject,
            Verdict::Contradicted(CHECK.code),
        );
    }
}

/// `L10-L20` moved to 14 is `L14-L24`.
fn renumbered(subject: &str, now: u32) -> Option<String> {
    let Some((_, fragment)) = subject.split_once('#') else { return Some(now.to_string()) };
    let mut numbers = fragment.split('-').map(|part| part.strip_prefix('L')?.parse::<u32>().ok());
    match (numbers.next()??, numbers.next()) {
        (_, None) => Some(format!("L{now}")),
        (from, Some(to)) => Some(format!("L{now}-L{}", to?.checked_sub(from)? + now)),
    }
}
