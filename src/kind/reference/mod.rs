//! Facts to look up: complete, dry, in a fixed order.

use super::PageKind;

/// The kind.
pub static KIND: PageKind = PageKind {
    name: "reference",
    about: "Facts to look up: complete, dry, in a fixed order.",
    fields: &[],
    headings: &[],
    template: include_str!("page.md"),
    doc: include_str!("doc.md"),
};
