//! How long what there is will do, and what is done before it does not.

use super::{Field, PageKind, Shape};

/// The kind.
pub static KIND: PageKind = PageKind {
    name: "capacity-plan",
    about: "How long what there is will do, and what is done before it does not.",
    fields: &[Field { name: "owner", shape: Shape::Text }],
    headings: &[&["Assumptions", "How it is scaled"]],
    template: include_str!("page.md"),
    doc: include_str!("doc.md"),
};
