//! Names that this change removed and pages still cite.

use crate::code::NameKind;
use crate::diag::{ClaimKind, Diagnostic, Edit, Fix, Group, Place, Severity, Verdict, code};
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;
use crate::evidence::names::Names;
use crate::evidence::names::{Citation, Removed, Sureness};
use std::collections::BTreeMap;

pub(super) static CHECK: Check = Check {
    code: code::REMOVED_NAME,
    group: Group::Broken,
    severity: None,
    title: "the change removes or renames something that a page still cites",
    doc: include_str!("removed-name.md"),
    fix: None,
    seen_in: None,
    run,
};

/// More citations on one page than this are not shown one by one.
const SHOWN: usize = 5;

fn run(cx: &Context<'_>, findings: &mut Findings) {
    let Some(change) = cx.of::<Names>().change.as_ref() else { return };
    let ids: BTreeMap<_, _> = cx.pages().map(|(id, page)| (&page.source, (id, page))).collect();
    for removed in &change.removed {
        let mut by_page: BTreeMap<_, Vec<&Citation>> = BTreeMap::new();
        for citation in &removed.citations {
            by_page.entry(&citation.place.file).or_default().push(citation);
        }
        for (source, citations) in by_page {
            let Some(page) = ids.get(source) else { continue };
            let diagnostic = diagnose(findings, removed, &citations);
            if citations.iter().all(|citation| citation.sureness == Sureness::Likely) {
                findings.hint(diagnostic);
                continue;
            }
            let name = &removed.declared.name.text;
            for citation in &citations {
                let verdict = Verdict::Contradicted(CHECK.code);
                findings.claim(*page, ClaimKind::Name, &citation.place, name, verdict);
            }
            findings.push(diagnostic);
        }
    }
    for file in &change.gave_up {
        let message =
            format!("gave up looking through `{file}`: the change takes away too many names that it spells");
        let place = Place::whole(file.clone());
        let found = findings.found(&place, "gave up", message);
        findings.push(found.help("check it in smaller changes; what was found before is reported"));
    }
}

fn diagnose(findings: &Findings, removed: &Removed, citations: &[&Citation]) -> Diagnostic {
    let name = &removed.declared.name;
    let page = citations.first().map_or_else(String::new, |citation| citation.place.file.to_string());
    let what = if name.kind == NameKind::File && removed.declared.file.extension().is_none() {
        "folder"
    } else {
        name.kind.name()
    };
    let message = match &removed.renamed {
        Some(new) => format!(
            "this change renames the {what} `{}` to `{new}`, and `{page}` still cites the old name",
            name.text
        ),
        None => format!("this change removes the {what} `{}`, and `{page}` still cites it", name.text),
    };
    let mut out =
        findings.found(&removed.place, format!("{} {} in {page}", name.kind.name(), name.text), message);
    if citations.iter().all(|citation| citation.sureness == Sureness::Likely) {
        out.severity = Severity::Warning;
    }
    for citation in citations.iter().take(SHOWN) {
        out = out.related(citation.place.clone(), "cited here");
    }
    let more = citations.len().saturating_sub(SHOWN);
    let help = match (&removed.renamed, more) {
        (Some(new), _) => format!("write `{new}` there"),
        (None, 0) => "mend the page with the change, or say there since when it is gone".to_owned(),
        (None, more) => {
            format!("mend the page with the change ({more} more places), or say there since when it is gone")
        }
    };
    let out = out.help(help);
    let Some(new) = &removed.renamed else { return out };
    // `python setup.py develop` does not mean the file of that name in another folder: a path is mended only where it is
    // written in full and nothing runs it.
    if name.kind == NameKind::File && citations.iter().any(|citation| citation.sureness != Sureness::Exact) {
        return out;
    }
    let edits =
        citations.iter().map(|citation| Edit { place: citation.place.clone(), replacement: new.clone() });
    Diagnostic { fix: Some(Fix { title: format!("write `{new}`"), edits: edits.collect() }), ..out }
}
