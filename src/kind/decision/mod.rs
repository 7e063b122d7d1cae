//! What was decided, why, and what was turned down.

use super::{Field, PageKind, Shape};

/// The kind.
pub static KIND: PageKind = PageKind {
    name: "decision",
    about: "What was decided, why, and what was turned down.",
    fields: &[
        Field { name: "status", shape: Shape::OneOf(&["proposed", "accepted", "superseded", "rejected"]) },
        Field { name: "date", shape: Shape::Date },
    ],
    headings: &[&["Context", "Decision", "Consequences"]],
    template: include_str!("page.md"),
    doc: include_str!("doc.md"),
};
