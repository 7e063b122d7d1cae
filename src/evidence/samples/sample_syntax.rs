//! Blocks of JSON, YAML and TOML that are none.

use crate::diag::{ClaimKind, Group, Qualifiers, Strength, Verdict, code};
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;
use crate::evidence::samples::data::{self, Format, Reading};

pub(super) static CHECK: Check = Check {
    code: code::SAMPLE_SYNTAX,
    group: Group::Suspect,
    severity: None,
    title: "a block of JSON, YAML or TOML is none",
    doc: include_str!("sample-syntax.md"),
    fix: None,
    seen_in: None,
    run,
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for (id, page) in cx.pages() {
        for code in &page.doc.facts.code {
            let (Some(format), Some(sample)) = (Format::of(&code.language), code.sample.as_deref()) else {
                continue;
            };
            if data::named(sample).is_some() || sample.words.iter().any(|word| word == "ignore") {
                continue;
            }
            let verdict = match data::read(format, &sample.text) {
                Reading::Fine => Verdict::Proven(format!("a parser of {}", format.name()).into()),
                Reading::Open(reason) => Verdict::NotJudged(reason),
                Reading::Wrong(line, words) => {
                    let about = sample.text.lines().nth(line).unwrap_or("").trim().to_owned();
                    let message = format!("this is not {}: {words}", format.name());
                    let help = "mend it, put `...` where something is left out, or say `text` in place of the language";
                    findings.push(findings.found(&code.line(line), about, message).help(help));
                    Verdict::Contradicted(CHECK.code)
                }
            };
            let about = format!("a block of {}", format.name());
            let judged = (verdict, Strength::Shape, Qualifiers::default());
            findings.claim_by((id, page), ClaimKind::Sample, &code.place, &about, judged);
        }
    }
}
