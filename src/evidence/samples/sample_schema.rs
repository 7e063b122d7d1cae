//! Blocks of data that name a schema or an operation.

use crate::diag::{ClaimKind, Group, Qualifiers, Strength, Verdict, code};
use crate::evidence::api::Apis;
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;
use crate::evidence::samples::Samples;
use crate::evidence::samples::data::{self, Format, Held, Named, Reading};
use crate::markdown::{CodeFact, Sample};
use crate::model::Page;

pub(super) static CHECK: Check = Check {
    code: code::SAMPLE_SCHEMA,
    group: Group::Broken,
    severity: None,
    title: "a block of data does not fit the schema or the operation that it names",
    doc: include_str!("sample-schema.md"),
    fix: None,
    seen_in: None,
    run,
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for (id, page) in cx.pages() {
        for code in &page.doc.facts.code {
            let Some(sample) = code.sample.as_deref() else { continue };
            let (Some(named), Some(format)) = (data::named(sample), Format::of(&code.language)) else {
                continue;
            };
            let what = match &named {
                Named::Schema(path) => path.clone(),
                Named::Operation(id, None) => id.clone(),
                Named::Operation(id, Some(status)) => format!("{id} {status}"),
            };
            let verdict = match held(cx, page, code, sample, format, &named) {
                Ok(wrong) if wrong.is_empty() => Verdict::Proven(what.as_str().into()),
                Ok(wrong) => {
                    for (line, words) in wrong {
                        let found = findings.found(&code.line(line), format!("{what} {words}"), words);
                        findings.push(found.help(format!("the block says that it fits `{what}`")));
                    }
                    Verdict::Contradicted(CHECK.code)
                }
                Err(why) => {
                    let message = format!("the block cannot be held against `{what}`: {why}");
                    let help = "write `schema=FILE`, from the page's folder, or `operation=ID` and `response=STATUS`";
                    findings.push(findings.found(&code.place, what.clone(), message).help(help));
                    Verdict::Contradicted(CHECK.code)
                }
            };
            let judged = (verdict, Strength::Shape, Qualifiers::default());
            findings.claim_by((id, page), ClaimKind::Sample, &code.place, &what, judged);
        }
    }
}

fn held(
    cx: &Context<'_>,
    page: &Page,
    code: &CodeFact,
    sample: &Sample,
    format: Format,
    named: &Named,
) -> Held {
    if let Reading::Wrong(line, words) = data::read(format, &sample.text) {
        return Ok(vec![(line, format!("this is not {}: {words}", format.name()))]);
    }
    match named {
        Named::Operation(id, response) => {
            data::fits_operation(code, &sample.text, &cx.of::<Apis>().list, id, response.as_deref())
        }
        Named::Schema(written) => {
            let path = data::schema_path(&page.source, written);
            let schema = path.and_then(|path| cx.of::<Samples>().schemas.get(&path)?.as_ref());
            data::fits_schema(code, &sample.text, schema.ok_or("there is no such file")?)
        }
    }
}
