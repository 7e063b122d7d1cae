//! Something that is wrong, as whoever sees it says it.

use super::{Place, Related};

/// Something that is wrong, made where it is seen, with the code of the check that reports it. What it weighs (group,
/// severity, title) stands with the check; a check whose problems are all seen elsewhere is a row of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The check's code, of the table [`code`](super::code).
    pub code: &'static str,
    /// One sentence without a full stop.
    pub message: String,
    /// Where.
    pub place: Place,
    /// What else to look at, and why.
    pub related: Vec<Related>,
    /// What to do.
    pub help: Option<String>,
    /// What it is about, without line numbers: a key, a name, a pointer.
    pub subject: String,
}

impl Problem {
    /// A problem without related places or help.
    pub fn new(
        code: &'static str,
        place: &Place,
        subject: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            code,
            message: message.into(),
            place: place.clone(),
            related: Vec::new(),
            help: None,
            subject: subject.into(),
        }
    }

    /// Adds help; an empty one is none.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into()).filter(|help| !help.is_empty());
        self
    }

    /// Adds a related place.
    #[must_use]
    pub fn related(mut self, place: &Place, why: impl Into<String>) -> Self {
        self.related.push(Related { place: place.clone(), message: why.into() });
        self
    }
}
