//! Links to things of an API.

use crate::diag::{ClaimKind, Group, Verdict, code};
use crate::evidence::api::Api;
use crate::evidence::api::Apis;
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;
use crate::openapi::codes::codes;
use std::collections::BTreeMap;

pub(super) static CHECK: Check = Check {
    code: code::API_LINK,
    group: Group::Broken,
    severity: None,
    title: "a link names an operation, a schema or an error code that no API document has",
    doc: include_str!("api-link.md"),
    fix: None,
    seen_in: None,
    run,
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    if cx.of::<Apis>().list.is_empty() {
        return;
    }
    let names = names(&cx.of::<Apis>().list);
    for (id, page) in cx.pages() {
        for link in &page.doc.facts.links {
            let Some(name) = link.target.strip_prefix("api:") else { continue };
            let verdict = match names.get(name) {
                Some(what) => Verdict::Proven(what.as_str().into()),
                None => {
                    let place = link.target_place.as_ref().unwrap_or(&link.place);
                    let message = format!("no API document has `{name}`");
                    let near = findings.near.find("api", name, names.keys().map(String::as_str));
                    let help = near.map_or_else(
                        || "write `api:` and an operation's id, a schema's name or an error code".to_owned(),
                        |near| format!("did you mean `api:{near}`?"),
                    );
                    findings.push(findings.found(place, link.target.clone(), message).help(help));
                    Verdict::Contradicted(CHECK.code)
                }
            };
            findings.claim((id, page), ClaimKind::Api, &link.place, &link.target, verdict);
        }
    }
}

/// What a link can name, alone or after the document's name, and what it is.
fn names(apis: &[Api]) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    for api in apis {
        let of = &api.config.name;
        let mut add = |name: &str, what: String| {
            out.entry(format!("{of}/{name}")).or_insert_with(|| what.clone());
            out.entry(name.to_owned()).or_insert(what);
        };
        for operation in api.document.all_operations() {
            if let Some(id) = operation.id() {
                add(id, format!("{} of {of}", operation.name()));
            }
        }
        for (entry, _) in api.document.schemas() {
            add(&entry.key, format!("a schema of {of}"));
        }
        for code in api.config.error_codes.iter().flat_map(|schema| codes(&api.document, schema)) {
            add(&code.name, format!("an error code of {of}"));
        }
    }
    out
}
