//! Lists that say what they list.

use super::{DeclaredList, ListOutcome};
use crate::diag::{ClaimKind, Diagnostic, Group, Place, Verdict, code};
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;
use crate::evidence::lists::Lists;
use std::collections::BTreeMap;

pub(super) static CHECK: Check = Check {
    code: code::DECLARED_LIST,
    group: Group::Broken,
    severity: None,
    title: "a list that says what it lists lacks a member of it",
    doc: include_str!("declared-list.md"),
    fix: None,
    seen_in: None,
    run,
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    let ids: BTreeMap<_, _> = cx.pages().map(|(id, page)| (&page.source, (id, page))).collect();
    for list in &cx.of::<Lists>().list {
        let Some(page) = ids.get(&list.place.file) else { continue };
        let found = diagnose(findings, list);
        let verdict = match &list.outcome {
            _ if !found.is_empty() => Verdict::Contradicted(CHECK.code),
            ListOutcome::Held { all, .. } => Verdict::Proven(format!("all {all} members in the code").into()),
            _ => Verdict::NotJudged("nothing to hold it against"),
        };
        findings.claim(*page, ClaimKind::List, &list.place, &list.what, verdict);
        for diagnostic in found {
            findings.push(diagnostic);
        }
    }
}

fn diagnose(findings: &Findings, list: &DeclaredList) -> Vec<Diagnostic> {
    let DeclaredList { place, what, outcome } = list;
    let one = |message: String, help: String| vec![findings.found(place, what.clone(), message).help(help)];
    match outcome {
        ListOutcome::NoFile(path) => one(
            format!("the list declares members of `{path}`, which is no file of the repository"),
            "write the path from the repository's root".into(),
        ),
        ListOutcome::NoSet(file, near) => {
            let set = what.split_once('#').map_or("", |(_, set)| set);
            let help = match near {
                Some(near) => format!("did you mean `{file}#{near}`?"),
                None => "name an enum, a struct or a table of that file after `#`".to_owned(),
            };
            one(format!("`{file}` declares no set `{set}` that could be listed"), help)
        }
        ListOutcome::NoList => {
            one("no list follows".into(), "put the remark right before a list, a table or a block".into())
        }
        ListOutcome::Held { missing, end, .. } => {
            let lacks = |(name, at): &(String, Place)| {
                findings
                    .found(place, format!("{what} {name}"), format!("the list of `{what}` lacks `{name}`"))
                    .related(at.clone(), "declared here")
                    .related(Place { file: place.file.clone(), span: *end }, "the list ends here")
                    .help("add an entry that begins with it, or shows it as code")
            };
            missing.iter().map(lacks).collect()
        }
    }
}
