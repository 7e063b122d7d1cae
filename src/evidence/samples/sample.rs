//! Samples that `oathbook test` compiled or ran.

use crate::diag::{ClaimKind, Group, Qualifier, Qualifiers, Verdict, code};
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;
use crate::evidence::samples::Samples;
use crate::evidence::samples::{self, Outcome};

pub(super) static CHECK: Check = Check {
    code: code::SAMPLE,
    group: Group::Broken,
    severity: None,
    title: "a block of code does not compile, or does not do what the page says",
    doc: include_str!("sample.md"),
    fix: None,
    seen_in: None,
    run,
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    let known = cx.of::<Samples>();
    for tested in samples::on_pages(cx.site()) {
        let page = &cx.site().pages[tested.page];
        let result = known.record.results.get(&(page.source.clone(), tested.fingerprint()));
        let verdict = match result {
            None => Verdict::NotJudged("not tested: `oathbook test` does"),
            Some(_) if !known.holds => Verdict::NotJudged("stale: the code has changed since it was tested"),
            Some((day, Outcome::Passed)) => Verdict::Proven(match &known.record.ground {
                Some((folders, ground)) if !folders.is_empty() => {
                    format!("its test on {day}, with the code {:.8}", ground.to_string()).into()
                }
                _ => format!("its test on {day}").into(),
            }),
            Some((_, Outcome::Failed(line, said))) => {
                let subject = format!("{} {}", tested.sort.name(), tested.fingerprint());
                let first = said.lines().next().unwrap_or("");
                let found = findings.found(&tested.code.line(*line), subject, first.to_owned());
                let rest = said.lines().skip(1).collect::<Vec<_>>().join(" | ");
                let help = "mend the block or the code; `ignore` takes a block of Rust out";
                let help = if rest.is_empty() { help.to_owned() } else { format!("it said: {rest}; {help}") };
                findings.push(found.help(help));
                Verdict::Contradicted(CHECK.code)
            }
        };
        let about = format!("a block of {}", tested.code.language);
        let kind = ClaimKind::Sample;
        let is_stale = result.is_some() && !known.holds;
        let qualifiers = Qualifiers::default().with_if(is_stale, Qualifier::Stale);
        let judged = (verdict, kind.strength(), qualifiers);
        findings.claim_by((tested.page, page), kind, &tested.code.place, &about, judged);
    }
}
