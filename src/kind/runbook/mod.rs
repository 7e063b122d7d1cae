//! What to do when something happens, for the person on call.

use super::{Field, PageKind, Shape};

/// The kind.
pub static KIND: PageKind = PageKind {
    name: "runbook",
    about: "What to do when something happens, for the person on call.",
    fields: &[Field { name: "owner", shape: Shape::Text }],
    headings: &[
        &["Meaning", "Impact", "Diagnosis", "Mitigation"],
        &["Preconditions", "Steps", "Verify", "Rollback", "Cleanup"],
    ],
    template: include_str!("page.md"),
    doc: include_str!("doc.md"),
};
