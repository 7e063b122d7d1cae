//! What is done when a service, its data or its site is lost, and what is promised about it.

use super::{Field, PageKind, Shape};

/// The kind.
pub static KIND: PageKind = PageKind {
    name: "recovery-plan",
    about: "What is done when a service, its data or its site is lost, and what is promised about it.",
    fields: &[Field { name: "owner", shape: Shape::Text }],
    headings: &[&["Declare", "Recover", "Afterwards"]],
    template: include_str!("page.md"),
    doc: include_str!("doc.md"),
};
