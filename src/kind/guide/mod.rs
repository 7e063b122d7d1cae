//! How to reach one goal, for a reader who knows the basics.

use super::PageKind;

/// The kind.
pub static KIND: PageKind = PageKind {
    name: "guide",
    about: "How to reach one goal, for a reader who knows the basics.",
    fields: &[],
    headings: &[],
    template: include_str!("page.md"),
    doc: include_str!("doc.md"),
};
