//! Mistakes in oathbook's own tables.

use super::{Check, Findings, Subject};
use crate::config::MistakeKind;
use crate::diag::Group;

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
        let help = near.map_or_else(|| "`oathbook explain` lists the checks".to_owned(), |near| format!("did you mean `{near}`?"));
        let place = crate::diag::Place::whole(subject.config.file.clone().unwrap_or_else(crate::base::RelPath::root));
        findings.push(findings.found(&place, code.clone(), format!("there is no check `{code}`")).help(help));
    }
}
