//! What a change does to the claims of a repository's pages.

use super::{Claim, ClaimKind, Verdict};
use crate::base::RelPath;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A claim without its place, which moves with every edit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ClaimKey {
    /// The page that states it.
    pub page: RelPath,
    /// What sort of statement.
    pub kind: ClaimKind,
    /// What it is about.
    pub subject: Arc<str>,
}

/// The difference of two ledgers; a claim that is stated several times is in a list as often.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LedgerDifference {
    /// Proven before, and no longer.
    pub lost: Vec<ClaimKey>,
    /// Proven now, and not before.
    pub gained: Vec<ClaimKey>,
    /// Contradicted now, and not before.
    pub contradicted: Vec<ClaimKey>,
}

impl LedgerDifference {
    /// What lies between two lists of claims.
    pub fn of<'c>(before: impl Iterator<Item = &'c Claim>, after: impl Iterator<Item = &'c Claim>) -> Self {
        let mut counts: BTreeMap<ClaimKey, [i64; 2]> = BTreeMap::new();
        let mut count = |claim: &Claim, step: i64| {
            let key =
                ClaimKey { page: claim.page.clone(), kind: claim.kind, subject: Arc::clone(&claim.subject) };
            let entry = counts.entry(key).or_default();
            match &claim.verdict {
                Verdict::Proven(_) => entry[0] += step,
                Verdict::Contradicted(_) => entry[1] += step,
                Verdict::NotJudged(_) => {}
            }
        };
        before.for_each(|claim| count(claim, -1));
        after.for_each(|claim| count(claim, 1));
        let mut out = Self::default();
        for (key, [proven, contradicted]) in counts {
            let often = |list: &mut Vec<ClaimKey>, times: i64| list.extend((0..times).map(|_| key.clone()));
            often(&mut out.lost, -proven);
            often(&mut out.gained, proven);
            often(&mut out.contradicted, contradicted);
        }
        out
    }

    /// `2 proven claims lost, 5 gained, 1 newly contradicted`.
    pub fn counts(&self) -> String {
        let Self { lost, gained, contradicted } = self;
        let claims = if lost.len() == 1 { "claim" } else { "claims" };
        format!(
            "{} proven {claims} lost, {} gained, {} newly contradicted",
            lost.len(),
            gained.len(),
            contradicted.len()
        )
    }

    /// Whether both ledgers say the same.
    pub fn is_empty(&self) -> bool {
        self.lost.is_empty() && self.gained.is_empty() && self.contradicted.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::{Place, Qualifiers, Strength};

    #[test]
    fn claims_are_lost_gained_and_contradicted_as_often_as_they_are_stated() {
        let page = RelPath::parse("a.md").unwrap();
        let claim = |subject: &str, verdict: Verdict| Claim {
            page: page.clone(),
            place: Place::whole(page.clone()),
            kind: ClaimKind::Fact,
            subject: subject.into(),
            verdict,
            strength: Strength::Bound,
            qualifiers: Qualifiers::default(),
        };
        let proven = || Verdict::Proven("x".into());
        let before = [
            claim("a", proven()),
            claim("a", proven()),
            claim("b", proven()),
            claim("c", Verdict::Contradicted("fact")),
        ];
        let after = [
            claim("a", proven()),
            claim("b", Verdict::Contradicted("fact")),
            claim("c", Verdict::Contradicted("fact")),
            claim("d", proven()),
        ];
        let difference = LedgerDifference::of(before.iter(), after.iter());
        let names = |list: &[ClaimKey]| list.iter().map(|key| key.subject.to_string()).collect::<Vec<_>>();
        assert_eq!(names(&difference.lost), ["a", "b"]);
        assert_eq!(names(&difference.gained), ["d"]);
        assert_eq!(names(&difference.contradicted), ["b"]);
        assert_eq!(difference.counts(), "2 proven claims lost, 1 gained, 1 newly contradicted");
    }
}
