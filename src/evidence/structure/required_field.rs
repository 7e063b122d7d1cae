//! Front matter that a page's kind requires.

use crate::base::Date;
use crate::diag::{ClaimKind, Group, Verdict, code, nearest};
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;
use crate::kind::{self, Field, PageKind, Shape};
use crate::markdown::{Front, Value};
use crate::model::{Mode, Page};

pub(super) static CHECK: Check = Check {
    code: code::REQUIRED_FIELD,
    group: Group::Broken,
    severity: None,
    title: "a page lacks front matter that its kind requires",
    doc: include_str!("required-field.md"),
    fix: None,
    seen_in: None,
    run,
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    if cx.site().mode == Mode::Forge {
        return;
    }
    for (id, page) in cx.pages() {
        let Some(name) = &page.kind else { continue };
        let front = &page.doc.facts.front;
        let Some(kind) = kind::find(name) else {
            // A kind given by folder is reported once, in book.toml.
            let Some(place) = front.place_of("kind").cloned() else { continue };
            let near = nearest(name, kind::ALL.iter().map(|kind| kind.name));
            let names: Vec<&str> = kind::ALL.iter().map(|kind| kind.name).collect();
            let help = near.map_or_else(
                || format!("kinds are {}", names.join(", ")),
                |near| format!("did you mean `{near}`?"),
            );
            findings.push(
                findings.found(&place, name.clone(), format!("there is no page kind `{name}`")).help(help),
            );
            continue;
        };
        for field in kind.fields {
            let verdict = match wrong(front, field) {
                Some(message) => {
                    findings.push(diagnose(findings, page, kind, field, message));
                    Verdict::Contradicted(CHECK.code)
                }
                None => Verdict::Proven(format!("the kind {}", kind.name).into()),
            };
            let place = front.place.clone().unwrap_or_else(|| page.place());
            findings.claim((id, page), ClaimKind::Structure, &place, field.name, verdict);
        }
    }
}

fn wrong(front: &Front, field: &Field) -> Option<String> {
    let Some(value) = front.get(field.name) else { return Some(format!("`{}` is missing", field.name)) };
    let right = match (field.shape, value) {
        (Shape::Text, Value::Text(text)) => !text.trim().is_empty(),
        (Shape::Date, Value::Text(text)) => text.parse::<Date>().is_ok(),
        (Shape::OneOf(choices), Value::Text(text)) => choices.contains(&text.as_str()),
        (Shape::Texts, Value::List(list)) => {
            !list.is_empty() && list.iter().all(|item| matches!(item, Value::Text(_)))
        }
        _ => false,
    };
    (!right).then(|| format!("`{}` must be {}", field.name, field.shape.describe()))
}

fn diagnose(
    findings: &Findings,
    page: &Page,
    kind: &PageKind,
    field: &Field,
    message: String,
) -> crate::diag::Diagnostic {
    let front = &page.doc.facts.front;
    let place = front.place_of(field.name).or(front.place.as_ref()).cloned().unwrap_or_else(|| page.place());
    findings
        .found(&place, field.name, format!("{message} on a page of kind {}", kind.name))
        .help(format!("`oathbook new {}` writes a page with all that the kind requires", kind.name))
}
