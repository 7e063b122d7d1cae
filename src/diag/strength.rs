//! How a claim was judged, and what narrows it: the two tables from which the handbook's page of verdicts is made.

use serde::Serialize;

/// By what means a claim was judged, the strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Strength {
    /// It was done, and its evidence was kept.
    Run,
    /// Something that runs was asked.
    Probed,
    /// Code of the page was compiled or executed.
    Tested,
    /// It is held against the code's own value, text or fingerprint.
    Bound,
    /// What it names was looked up, and is declared.
    Resolved,
    /// What it leads to is there.
    Linked,
    /// It has the form that it must have.
    Shape,
}

impl Strength {
    /// All, the strongest first.
    pub const ALL: &[Self] =
        &[Self::Run, Self::Probed, Self::Tested, Self::Bound, Self::Resolved, Self::Linked, Self::Shape];

    /// The lower-case name used in output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::Probed => "probed",
            Self::Tested => "tested",
            Self::Bound => "bound",
            Self::Resolved => "resolved",
            Self::Linked => "linked",
            Self::Shape => "shape",
        }
    }

    /// What it means, for the handbook.
    pub fn means(self) -> &'static str {
        match self {
            Self::Run => "It was done, and what was seen is kept as evidence: a runbook ran.",
            Self::Probed => "Something that runs was asked: a service answered a request, a host a link.",
            Self::Tested => "Code of the page was compiled or executed.",
            Self::Bound => {
                "It equals the code's own value, text or fingerprint: facts, lists, recorded API documents, bindings."
            }
            Self::Resolved => {
                "What it names was looked up and is declared: anchors, names, quoted parts, elements of diagrams."
            }
            Self::Linked => "What it leads to is there: pages, files, pictures.",
            Self::Shape => {
                "It has the form that it must have: front matter, headings, data that a parser reads."
            }
        }
    }
}

/// What narrows a verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Qualifier {
    /// With invented data or in an invented place.
    Synthetic,
    /// On less than production has.
    SmallerThanProduction,
    /// The time after which it has to be judged again is over.
    Due,
    /// What it is about has changed since it was judged.
    Stale,
}

impl Qualifier {
    /// All.
    pub const ALL: &[Self] = &[Self::Synthetic, Self::SmallerThanProduction, Self::Due, Self::Stale];

    /// The name used in output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Synthetic => "synthetic",
            Self::SmallerThanProduction => "smaller-than-production",
            Self::Due => "due",
            Self::Stale => "stale",
        }
    }

    /// What it means, for the handbook.
    pub fn means(self) -> &'static str {
        match self {
            Self::Synthetic => {
                "With invented data or in an invented place. What is proven so is called *demonstrated*."
            }
            Self::SmallerThanProduction => {
                "On less than production has. What is proven so is called *demonstrated*."
            }
            Self::Due => {
                "The time after which it has to be judged again is over. Only `check --due` turns it into a finding."
            }
            Self::Stale => "What it is about has changed since it was judged, so it is not judged now.",
        }
    }
}

/// A set of qualifiers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Qualifiers(u8);

impl Qualifiers {
    /// With one more.
    #[must_use]
    pub fn with(self, one: Qualifier) -> Self {
        Self(self.0 | 1 << one as u8)
    }

    /// With one more, if it is meant.
    #[must_use]
    pub fn with_if(self, is_meant: bool, one: Qualifier) -> Self {
        if is_meant { self.with(one) } else { self }
    }

    /// Whether one is among them.
    pub fn has(self, one: Qualifier) -> bool {
        self.0 & (1 << one as u8) != 0
    }

    /// Those that are among them.
    pub fn list(self) -> impl Iterator<Item = Qualifier> {
        Qualifier::ALL.iter().copied().filter(move |one| self.has(*one))
    }
}
