//! What will be done, by whom, until when, and how success is told.

use super::{Field, PageKind, Shape};

/// The kind.
pub static KIND: PageKind = PageKind {
    name: "plan",
    about: "What will be done, by whom, until when, and how success is told.",
    fields: &[Field { name: "owner", shape: Shape::Text }],
    headings: &[&["Goal", "Steps", "Success criteria"]],
    template: include_str!("page.md"),
    doc: include_str!("doc.md"),
};
