//! Languages that nobody knows.

use super::{Check, Findings, Subject};
use crate::diag::{Group, nearest};
use crate::highlight;
use crate::model::Mode;

pub(super) static CHECK: Check = Check {
    code: "code-language",
    group: Group::Suspect,
    severity: None,
    title: "a code block names a language that is not known",
    doc: include_str!("doc.md"),
    run,
};

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    // Forges colour several hundred languages, more than are known here.
    if subject.site.mode == Mode::Forge {
        return;
    }
    for (_, page) in subject.pages() {
        for block in page.doc.facts.code.iter().filter(|block| !block.known) {
            let near = nearest(&block.language, highlight::names());
            let help = near.map_or_else(
                || "the code is shown without colours; write `text` if that is meant".to_owned(),
                |near| format!("did you mean `{near}`? The code is shown without colours"),
            );
            let found = findings.found(&block.place, block.language.clone(), format!("`{}` is no language that can be coloured", block.language));
            findings.push(found.help(help));
        }
    }
}
