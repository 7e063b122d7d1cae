//! What the change under review does to callers of an API.

use crate::diag::{Group, Severity, code};
use crate::evidence::api_changes::ApiChange;
use crate::evidence::api_changes::ApiChanges;
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;
use crate::openapi::diff::{Class, Side};

pub(super) static CHECK: Check = Check {
    code: code::API_CHANGE,
    group: Group::Broken,
    severity: None,
    title: "the change breaks callers of an API, or may",
    doc: include_str!("api-change.md"),
    fix: None,
    seen_in: None,
    run,
};

/// Operations that a finding names before it only counts them.
const NAMED: usize = 5;

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for changed in &cx.of::<ApiChanges>().list {
        let change = &changed.change;
        let class = change.rule.class;
        let who = match change.rule.side {
            Side::Request => ", for those who call",
            Side::Response => ", for those who read the answer",
            Side::Neither => "",
        };
        let message = format!("{}{who}: {}", class.name(), change.message);
        let subject = format!("{} {} {}", changed.api, change.rule.id, change.subject);
        let mut found = findings.found(&change.head, subject, message);
        found.class = Some(class.name());
        found.severity = match class {
            Class::Breaking => Severity::Error,
            Class::Risky => Severity::Warning,
            Class::Compatible => Severity::Note,
        };
        for place in &changed.mentions {
            found = found.related(place.clone(), "this page tells of it");
        }
        let help = help(changed);
        findings.push(found.help(help));
    }
}

/// Where it was, whom it reaches, and what to do.
fn help(changed: &ApiChange) -> String {
    let change = &changed.change;
    let shown: Vec<&str> = change.operations.iter().take(NAMED).map(String::as_str).collect();
    let more = change.operations.len() - shown.len();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let reaches =
        if shown.is_empty() { String::new() } else { format!(", reaches {}{more}", shown.join(", ")) };
    let now = match change.rule.class {
        Class::Compatible => "",
        _ => "; keep the old way beside the new one, or announce it",
    };
    format!("`{}`, before at {}{reaches}{now}", change.rule.id, changed.before)
}
