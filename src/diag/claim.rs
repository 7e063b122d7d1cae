//! What pages state, and what became of it.

use super::{Place, Qualifier, Qualifiers, Strength};
use crate::base::RelPath;
use std::sync::Arc;

/// What sort of statement a claim is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ClaimKind {
    /// A link leads to a page or file of the site.
    Link,
    /// An element of a diagram stands for something in the repository.
    Diagram,
    /// A link's fragment names an id of its target.
    Anchor,
    /// An image is there.
    Image,
    /// A quoted file or part of a file is there.
    Include,
    /// A reference-style link has a definition.
    Reference,
    /// A page has the front matter and headings of its kind.
    Structure,
    /// A link leaves the site.
    External,
    /// A name of the code is declared there.
    Name,
    /// A list names every member of a set.
    List,
    /// A recorded API document says what the code says.
    Api,
    /// A value that a page states is the code's.
    Fact,
    /// A page has seen the code that it tells of.
    Binding,
    /// A page was looked at no longer ago than it says.
    Review,
    /// A block of code compiles, runs, or is what it says it is.
    Sample,
    /// A runbook does what it says when it runs.
    Run,
    /// An alert that a page is for has a rule.
    Alert,
    /// Somebody can be reached in every minute.
    Oncall,
    /// A resolved incident was reviewed.
    Incident,
    /// A check box or a criterion of success holds, by the proofs that are named for it.
    Criterion,
    /// A failure has an answer, an objective can be met, and what ships is what is declared about recovery.
    Recovery,
}

impl ClaimKind {
    /// The lower-case name used in output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Link => "link",
            Self::Diagram => "diagram",
            Self::Anchor => "anchor",
            Self::Image => "image",
            Self::Include => "include",
            Self::Reference => "reference",
            Self::Structure => "structure",
            Self::External => "external",
            Self::Name => "name",
            Self::List => "list",
            Self::Api => "api",
            Self::Fact => "fact",
            Self::Binding => "binding",
            Self::Review => "review",
            Self::Sample => "sample",
            Self::Run => "run",
            Self::Alert => "alert",
            Self::Oncall => "oncall",
            Self::Incident => "incident",
            Self::Criterion => "criterion",
            Self::Recovery => "recovery",
        }
    }

    /// How claims of this sort are judged, unless their check says otherwise.
    pub fn strength(self) -> Strength {
        match self {
            Self::Run => Strength::Run,
            Self::External => Strength::Probed,
            Self::Sample => Strength::Tested,
            Self::List
            | Self::Api
            | Self::Fact
            | Self::Oncall
            | Self::Incident
            | Self::Recovery
            | Self::Criterion
            | Self::Binding
            | Self::Review => Strength::Bound,
            Self::Anchor | Self::Include | Self::Reference | Self::Name | Self::Diagram | Self::Alert => {
                Strength::Resolved
            }
            Self::Link | Self::Image => Strength::Linked,
            Self::Structure => Strength::Shape,
        }
    }
}

/// What became of a claim.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// A check looked and it holds; what it was held against.
    Proven(Arc<str>),
    /// A check looked and it does not hold; the code of its diagnostic.
    Contradicted(&'static str),
    /// No check could look; why not.
    NotJudged(&'static str),
}

impl Verdict {
    /// The name used in output.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Proven(_) => "proven",
            Self::Contradicted(_) => "contradicted",
            Self::NotJudged(_) => "not judged",
        }
    }
}

/// One statement of one page, and its verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The page that states it.
    pub page: RelPath,
    /// Where, as the author wrote it.
    pub place: Place,
    /// What sort of statement.
    pub kind: ClaimKind,
    /// What it is about: a link's target, a name.
    pub subject: Arc<str>,
    /// What became of it.
    pub verdict: Verdict,
    /// By what means it was judged, or would be.
    pub strength: Strength,
    /// What narrows the verdict.
    pub qualifiers: Qualifiers,
}

impl Claim {
    /// Whether it is proven, but not on what production is.
    pub fn is_demonstrated(&self) -> bool {
        let narrowed = [Qualifier::Synthetic, Qualifier::SmallerThanProduction];
        matches!(self.verdict, Verdict::Proven(_)) && narrowed.iter().any(|one| self.qualifiers.has(*one))
    }
}

/// Claims counted by verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Tally {
    /// Held against something and found true.
    pub proven: u32,
    /// Of these, what is demonstrated: proven with invented data, or on less than production has.
    pub demonstrated: u32,
    /// Found untrue.
    pub contradicted: u32,
    /// Not looked at.
    pub not_judged: u32,
}

impl Tally {
    /// Counts one more.
    pub fn add(&mut self, claim: &Claim) {
        self.demonstrated += u32::from(claim.is_demonstrated());
        match claim.verdict {
            Verdict::Proven(_) => self.proven += 1,
            Verdict::Contradicted(_) => self.contradicted += 1,
            Verdict::NotJudged(_) => self.not_judged += 1,
        }
    }

    /// Counts those of another tally, too.
    pub fn join(&mut self, other: Self) {
        let Self { proven, demonstrated, contradicted, not_judged } = other;
        self.proven += proven;
        self.demonstrated += demonstrated;
        self.contradicted += contradicted;
        self.not_judged += not_judged;
    }

    /// ` (3 of them demonstrated)`, where there are such.
    pub fn demonstrated_words(&self) -> String {
        if self.demonstrated == 0 {
            String::new()
        } else {
            format!(" ({} of them demonstrated)", self.demonstrated)
        }
    }
}
