//! A running service answers otherwise than its document says.

use crate::diag::{Claim, ClaimKind, Group, Place, Qualifier, Qualifiers, Severity, Strength, Verdict, code};
use crate::evidence::api::Apis;
use crate::evidence::api::probe::Standing;
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;

pub(super) static CHECK: Check = Check {
    code: code::API_CONTRACT,
    group: Group::Broken,
    severity: None,
    title: "a running service answers otherwise than its document says",
    doc: include_str!("api-contract.md"),
    fix: None,
    seen_in: None,
    run,
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for api in &cx.of::<Apis>().list {
        let Some(probe) = &api.probe else { continue };
        let file = &probe.file;
        let Some(evidence) = &probe.evidence else {
            let message = format!("`{file}` is no record of a contract probe");
            let found = findings.found(&Place::whole(file.clone()), file.as_str(), message);
            findings.push(found.help("`oathbook test --api URL --record` writes it"));
            continue;
        };
        let date = evidence.date;
        for stood in &probe.standing {
            let name = &stood.operation;
            let verdict = match &stood.standing {
                None => Verdict::NotJudged("the running service was not asked"),
                Some(Standing::Changed) => {
                    let message =
                        format!("`{name}` says something else since the service was probed on {date}");
                    let mut found = findings.found(&stood.place, name.as_str(), message);
                    found.severity = Severity::Warning;
                    findings.push(found.help("`oathbook test --api URL --record` probes the service again"));
                    Verdict::NotJudged("it changed since the running service was asked")
                }
                Some(Standing::Holds(probed)) if probed.contradictions > 0 => {
                    let message = format!(
                        "the service that was probed on {date} does not answer `{name}` as documented"
                    );
                    let found = findings.found(&stood.place, name.as_str(), message);
                    findings.push(found.help("`oathbook test --api URL` shows the answers"));
                    Verdict::Contradicted(CHECK.code)
                }
                Some(Standing::Holds(probed)) => {
                    Verdict::Proven(format!("answered {} on {date}", probed.responses.join(", ")).into())
                }
            };
            findings.recorded.push(Claim {
                page: file.clone(),
                place: stood.place.clone(),
                kind: ClaimKind::Api,
                subject: name.as_str().into(),
                verdict,
                strength: Strength::Probed,
                qualifiers: Qualifiers::default()
                    .with_if(matches!(stood.standing, Some(Standing::Changed)), Qualifier::Stale),
            });
        }
    }
}
