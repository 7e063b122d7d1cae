//! Minutes in which nobody can be reached.

use super::{Oncall, told};
use crate::diag::{Claim, ClaimKind, Group, Place, Qualifiers, Verdict, code};
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;
use crate::oncall::Gap;

pub(super) static CHECK: Check = Check {
    code: code::ONCALL_GAP,
    group: Group::Broken,
    severity: None,
    title: "nobody can be reached at a level for some time",
    doc: include_str!("oncall-gap.md"),
    fix: None,
    seen_in: None,
    run,
};

/// Gaps of a level that are told; one person away each weekend makes fifty.
const MOST_TOLD: usize = 10;

fn run(cx: &Context<'_>, findings: &mut Findings) {
    let oncall = cx.of::<Oncall>();
    let Some(file) = &oncall.file else { return };
    for one in &oncall.coverage {
        let layer = oncall.roster.layers.iter().find(|layer| layer.level == one.level);
        let place = layer.map_or_else(|| Place::whole(file.clone()), |layer| layer.place.clone());
        for (number, gap) in one.gaps.iter().take(MOST_TOLD).enumerate() {
            let more = one.gaps.len() - MOST_TOLD.min(one.gaps.len());
            let rest = if number + 1 == MOST_TOLD && more > 0 {
                format!(", and {more} times more")
            } else {
                String::new()
            };
            let message = format!(
                "nobody can be reached at level {} from {} to {}{rest}",
                gap.level,
                told(gap.from),
                told(gap.to)
            );
            let mut found =
                findings.found(&place, format!("level {} {}", gap.level, told(gap.from)), message);
            if let Some(absence) = absence(oncall, gap) {
                found = found.related(absence, "away then");
            }
            findings.push(
                found.help("let somebody stand in with an override, or declare the gap with its reason"),
            );
        }
        let weeks = cx.config.oncall.weeks;
        let verdict = if one.gaps.is_empty() {
            Verdict::Proven(
                format!("{} minutes, {} of them meant to be open", one.covered + one.declared, one.declared)
                    .into(),
            )
        } else {
            Verdict::Contradicted(CHECK.code)
        };
        findings.recorded.push(Claim {
            page: file.clone(),
            place: place.clone(),
            kind: ClaimKind::Oncall,
            subject: format!("level {}, {weeks} weeks from {}", one.level, cx.today).into(),
            verdict,
            strength: ClaimKind::Oncall.strength(),
            qualifiers: Qualifiers::default(),
        });
    }
}

/// The absence that makes a gap.
fn absence(oncall: &Oncall, gap: &Gap) -> Option<Place> {
    let mut absences = oncall.roster.absences.iter();
    let found = absences.find(|one| gap.away.contains(&one.person) && one.from < gap.to && one.to > gap.from);
    found.map(|absence| absence.place.clone())
}
