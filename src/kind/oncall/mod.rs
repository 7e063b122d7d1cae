//! Who is on call, and what they do when they are called.

use super::{Field, PageKind, Shape};

/// The kind.
pub static KIND: PageKind = PageKind {
    name: "oncall",
    about: "Who is on call, and what they do when they are called.",
    fields: &[Field { name: "owner", shape: Shape::Text }],
    headings: &[&["When you are called", "Hand over"]],
    template: include_str!("page.md"),
    doc: include_str!("doc.md"),
};
