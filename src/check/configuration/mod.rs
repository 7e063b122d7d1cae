//! Mistakes in oathbook's own tables.

use super::{Check, Findings, Subject};
use crate::base::RelPath;
use crate::config::MistakeKind;
use crate::diag::{Group, Place};
use crate::kind;

pub(super) static CHECK: Check = Check {
    code: "configuration",
    group: Group::Broken,
    severity: None,
    title: "book.toml cannot be read, or oathbook's tables hold a mistake",
    doc: include_str!("doc.md"),
    run,
};

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    super::configuration_key::report(subject, findings, MistakeKind::Fatal);
    for code in subject.config.checks.levels.keys() {
        let known = super::find(code).is_some() || ["broken", "suspect", "pedantic"].contains(&code.as_str());
        if known {
            continue;
        }
        let near = crate::diag::nearest(code, super::ALL.iter().map(|check| check.code));
        let help = near.map_or_else(
            || "`oathbook explain` lists the checks".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        let nowhere = || Place::whole(subject.config.file.clone().unwrap_or_else(RelPath::root));
        let place = subject.config.checks.level_places.get(code).cloned().unwrap_or_else(nowhere);
        findings.push(findings.found(&place, code.clone(), format!("there is no check `{code}`")).help(help));
    }
    for (_, name, place) in &subject.config.kinds {
        let Some(place) = place.as_ref().filter(|_| kind::find(name).is_none()) else { continue };
        let near = crate::diag::nearest(name, kind::ALL.iter().map(|kind| kind.name));
        let help = near.map_or_else(
            || "`oathbook new --help` lists the kinds".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        findings
            .push(findings.found(place, name.clone(), format!("there is no page kind `{name}`")).help(help));
    }
}
