//! A recorded API document is not what the code says.

use super::{Check, Findings, Subject};
use crate::diag::{Claim, ClaimKind, Group, Verdict};

pub(super) static CHECK: Check = Check {
    code: "openapi-stale",
    group: Group::Broken,
    severity: None,
    title: "a recorded API document is not what the code says",
    doc: include_str!("doc.md"),
    run,
};

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    findings.of_apis(subject);
    for api in subject.apis {
        let file = &api.config.document;
        for compared in &api.compared {
            let verdict = if compared.hole {
                Verdict::NotJudged("a part of it could not be read from the source")
            } else if compared.equal {
                Verdict::Proven(format!("recorded in {file}").into())
            } else {
                Verdict::Contradicted(CHECK.code)
            };
            findings.recorded.push(Claim {
                page: file.clone(),
                place: compared.place.clone(),
                kind: ClaimKind::Api,
                subject: compared.name.as_str().into(),
                verdict,
            });
        }
    }
}
