//! A fault that is known and not mended yet, and what to do until it is.

use super::{Field, PageKind, Shape};

/// The kind.
pub static KIND: PageKind = PageKind {
    name: "known-issue",
    about: "A fault that is known and not mended yet, and what to do until it is.",
    fields: &[
        Field { name: "owner", shape: Shape::Text },
        Field { name: "since", shape: Shape::Date },
        Field { name: "symptoms", shape: Shape::Texts },
    ],
    headings: &[&["What happens", "Until it is mended"]],
    template: include_str!("page.md"),
    doc: include_str!("doc.md"),
};
