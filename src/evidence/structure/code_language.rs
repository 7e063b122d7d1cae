//! Languages that nobody knows.

use crate::diag::{Group, code, nearest};
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;
use crate::highlight;
use crate::markdown::CodeFact;
use crate::model::Mode;
use std::collections::BTreeMap;

pub(super) static CHECK: Check = Check {
    code: code::CODE_LANGUAGE,
    group: Group::Suspect,
    severity: None,
    title: "a code block names a language that is not known",
    doc: include_str!("code-language.md"),
    fix: None,
    seen_in: None,
    run,
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    // Forges colour several hundred languages, more than are known here.
    if cx.site().mode == Mode::Forge {
        return;
    }
    // One finding for each language: a book that uses one everywhere has one thing to decide.
    let mut by_language: BTreeMap<&str, (&CodeFact, usize)> = BTreeMap::new();
    for (_, page) in cx.pages() {
        for block in page.doc.facts.code.iter().filter(|block| !block.known) {
            by_language.entry(&block.language).or_insert((block, 0)).1 += 1;
        }
    }
    for (language, (first, count)) in by_language {
        let help = nearest(language, highlight::names()).map_or_else(
            || "the code is shown without colours; write `text` if that is meant".to_owned(),
            |near| format!("did you mean `{near}`? The code is shown without colours"),
        );
        let more = if count > 1 { format!("; {count} blocks name it") } else { String::new() };
        let message = format!("`{language}` is no language that can be coloured{more}");
        findings.push(findings.found(&first.place, language, message).help(help));
    }
}
