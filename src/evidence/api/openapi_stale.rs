//! A recorded API document is not what the code says.

use crate::diag::{Claim, ClaimKind, Group, Qualifiers, Verdict, code};
use crate::evidence::api::Apis;
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::{Context, Evidence as _};

pub(super) static CHECK: Check = Check {
    code: code::OPENAPI_STALE,
    group: Group::Broken,
    severity: None,
    title: "a recorded API document is not what the code says",
    doc: include_str!("openapi-stale.md"),
    fix: None,
    seen_in: None,
    run,
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    findings.hand_on(Apis::problems(cx));
    for api in &cx.of::<Apis>().list {
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
                strength: ClaimKind::Api.strength(),
                qualifiers: Qualifiers::default(),
            });
        }
    }
}
