//! Services × failures → runbook and objectives; and how many copies there are.

use super::Cell;
use super::declared::{Declared, value_of};
use crate::base::{RelPath, lasting};
use crate::diag::{Nearest, Problem, code};
use crate::evidence::context::Context;
use crate::openapi::node::Node;
use std::time::Duration;

/// Failures that each service must have an answer to: as they are declared, and as they are told.
pub const FAILURES: &[(&str, &str)] = &[
    ("database", "Database"),
    ("application", "Application"),
    ("infrastructure", "Infrastructure"),
    ("data-corruption", "Data corruption"),
];

/// The rows of the plan; `shown` if a page shows it, so that there must be one.
pub(super) fn rows(
    cx: &Context<'_>,
    declared: &Declared,
    (shown, hidden): (bool, &mut Vec<(String, String)>),
    problems: &mut Vec<Problem>,
) -> Vec<(String, Vec<Option<Cell>>)> {
    let Some(plan) = declared.node("plan") else {
        if shown || declared.node("objectives").is_some() {
            let message = "it declares no `plan`: services, and the runbook for each of their failures";
            let place = declared.place("");
            problems.push(Problem::new(code::RECOVERY_PLAN, &place, "plan", message));
        }
        return Vec::new();
    };
    let mut out = Vec::new();
    for service in plan.entries() {
        let name = service.key.as_ref();
        let known = |key: &str| FAILURES.iter().any(|(failure, _)| *failure == key);
        for other in service.node.entries().filter(|entry| !known(&entry.key)) {
            let message = format!("`{}` is no failure that a plan answers", other.key);
            let all: Vec<&str> = FAILURES.iter().map(|(failure, _)| *failure).collect();
            let subject = format!("{name}.{}", other.key);
            let found = Problem::new(code::RECOVERY_PLAN, &other.place, subject, message);
            problems.push(found.help(format!("failures are {}", all.join(", "))));
        }
        let cells = FAILURES.iter().map(|(failure, _)| match service.node.get(failure) {
            Some(node) if is_hidden(cx, node) => {
                hidden.push((name.to_owned(), (*failure).to_owned()));
                None
            }
            Some(node) => cell(cx, (declared, node), (name, failure), problems),
            None => {
                let message = format!("`{name}` has no runbook for the failure `{failure}`");
                let subject = format!("{name}.{failure}");
                let found = Problem::new(code::RECOVERY_PLAN, &service.place, subject, message);
                problems.push(found.help("write one, and name it here by its path"));
                None
            }
        });
        out.push((name.to_owned(), cells.collect()));
    }
    let service = declared.value("service");
    if let Some(service) = service.filter(|service| !out.iter().any(|(name, _)| *name == service.text)) {
        let message = format!("`service` is `{}`, and the plan has no row for it", service.text);
        problems.push(Problem::new(code::RECOVERY_PLAN, service.place, "service", message));
    }
    out
}

/// Whether a cell names a page that is left out of this build because only the team sees it.
fn is_hidden(cx: &Context<'_>, node: &Node) -> bool {
    let path = node.get("runbook").unwrap_or(node).text().and_then(|path| RelPath::parse(path).ok());
    path.is_some_and(|path| {
        cx.site().internal.contains(&path) && !cx.pages().any(|(_, page)| page.source == path)
    })
}

fn cell(
    cx: &Context<'_>,
    (declared, node): (&Declared, &Node),
    (service, failure): (&str, &str),
    problems: &mut Vec<Problem>,
) -> Option<Cell> {
    let name = format!("{service}.{failure}");
    let mut refuse = |node: &Node, message: String, help: String| {
        problems.push(Problem::new(code::RECOVERY_PLAN, &node.place, name.clone(), message).help(help));
    };
    let Some((at, path)) =
        node.get("runbook").or(Some(node)).and_then(|runbook| Some((runbook, runbook.text()?)))
    else {
        let help = "write it as `{ runbook: PATH, rto: 1h, rpo: 15m }`, or as the path alone";
        refuse(node, format!("`{name}` names no runbook"), help.into());
        return None;
    };
    let mut time = |key: &str| -> Option<Duration> {
        let own = node.get(key).and_then(|own| value_of(own, key));
        let Some(own) = own else { return declared.time(&format!("objectives.{key}"))?.ok() };
        let read = lasting::work(&own.text);
        if read.is_none() {
            let help = "write it as `15m` or `1h`".to_owned();
            refuse(node, format!("`{key}` of `{name}` is no time: `{}`", own.text), help);
        }
        read
    };
    let (rto, rpo) = (time("rto"), time("rpo"));
    let found = cx.pages().find(|(_, page)| page.source.as_str() == path);
    match found {
        Some((id, page)) if page.kind.as_deref() == Some("runbook") => {
            Some(Cell { runbook: id, rto, rpo, place: at.place.clone() })
        }
        Some(_) => {
            let help = "give it `kind: runbook`, or name the page that says what to do".to_owned();
            refuse(at, format!("{path} is no runbook"), help);
            None
        }
        None => {
            let known = cx.pages().filter(|(_, page)| page.kind.as_deref() == Some("runbook"));
            let near = Nearest::default();
            let near = near.find("runbooks", path, known.map(|(_, page)| page.source.as_str()));
            let help = near.map_or_else(
                || "paths are those of pages, from the repository's root".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            refuse(at, format!("`{path}` is no page of the book"), help);
            None
        }
    }
}

/// Two copies of the data beside the data, one of them off-site, one that whoever writes it cannot delete.
pub(super) fn copies(declared: &Declared, problems: &mut Vec<Problem>) {
    let Some(repositories) = declared.node("repositories") else { return };
    let is = |one: &Node, key: &str| one.get(key).and_then(Node::bool) == Some(true);
    let list = repositories.list();
    let wrong = [
        ("copies", list.len() < 2, "there are fewer than two repositories: one fault takes the only copy"),
        ("off-site", !list.iter().any(|one| is(one, "off-site")), "no repository is off-site"),
        (
            "immutable",
            !list.iter().any(|one| is(one, "immutable")),
            "no repository is immutable: whoever writes backups can delete all of them",
        ),
    ];
    for (subject, _, message) in wrong.into_iter().filter(|(_, wrong, _)| *wrong) {
        let place = declared.place("repositories");
        problems.push(Problem::new(code::RECOVERY_PLAN, &place, subject, message));
    }
    for one in list {
        let name = one.get_text("name").unwrap_or("?");
        if one.get_text("cipher").is_none_or(|cipher| cipher == "none") {
            let message = format!("the repository `{name}` is not encrypted");
            problems.push(Problem::new(code::RECOVERY_PLAN, &one.place, format!("{name}.cipher"), message));
        }
    }
}
