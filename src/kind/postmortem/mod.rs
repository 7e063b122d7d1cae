//! What happened in an incident, and what changes because of it.

use super::{Field, PageKind, Shape};

/// The kind.
pub static KIND: PageKind = PageKind {
    name: "postmortem",
    about: "What happened in an incident, and what changes because of it.",
    fields: &[Field { name: "date", shape: Shape::Date }, Field { name: "severity", shape: Shape::Text }],
    headings: &[&["Summary", "Impact", "Timeline", "Contributing factors", "Where we got lucky", "Actions"]],
    template: include_str!("page.md"),
    doc: include_str!("doc.md"),
};
