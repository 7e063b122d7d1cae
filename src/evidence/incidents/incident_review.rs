//! Reviews that are owed, or that do not count.

use super::{Incidents, Reviewed};
use crate::diag::{Claim, ClaimKind, Group, Qualifier, Qualifiers, Verdict, code};
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;
use crate::incident::{Record, Standing};

pub(super) static CHECK: Check = Check {
    code: code::INCIDENT_REVIEW,
    group: Group::Broken,
    severity: None,
    title: "an incident was not reviewed in time, or its review does not count",
    doc: include_str!("incident-review.md"),
    fix: None,
    seen_in: Some("src/evidence/incidents/reviews.rs"),
    run,
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    let incidents = cx.of::<Incidents>();
    findings.hand_on(&incidents.problems);
    for (record, review) in incidents.records.iter().zip(&incidents.reviews) {
        if let Some(claim) = claim(cx, record, review) {
            findings.recorded.push(claim);
        }
    }
}

/// That a resolved incident was reviewed.
fn claim(cx: &Context<'_>, record: &Record, review: &Reviewed) -> Option<Claim> {
    let page = review.page.and_then(|page| cx.site().pages.get(page));
    let mut late = false;
    let verdict = match &review.standing {
        Standing::Open | Standing::Duplicate => return None,
        Standing::Done => {
            let by = page.map_or_else(|| "its log".to_owned(), |page| page.source.to_string());
            Verdict::Proven(format!("reviewed in {by}").into())
        }
        Standing::None => Verdict::Proven("there is a reason for no review".into()),
        Standing::Flawed(_) => Verdict::Contradicted(CHECK.code),
        Standing::Owed(_, day) => {
            late = *day < cx.today;
            match (late, cx.due) {
                (false, _) => Verdict::NotJudged("there is still time for its review"),
                (true, true) => Verdict::Contradicted(CHECK.code),
                (true, false) => Verdict::NotJudged("`oathbook check --due` judges what is late"),
            }
        }
    };
    let qualifiers =
        Qualifiers::default().with_if(record.synthetic, Qualifier::Synthetic).with_if(late, Qualifier::Due);
    Some(Claim {
        page: record.file.clone(),
        place: record.place.clone(),
        kind: ClaimKind::Incident,
        subject: record.id.as_str().into(),
        verdict,
        strength: ClaimKind::Incident.strength(),
        qualifiers,
    })
}
