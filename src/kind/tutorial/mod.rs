//! A lesson for a newcomer, from nothing to a first success.

use super::PageKind;

/// The kind.
pub static KIND: PageKind = PageKind {
    name: "tutorial",
    about: "A lesson for a newcomer, from nothing to a first success.",
    fields: &[],
    headings: &[&["What you need"]],
    template: include_str!("page.md"),
    doc: include_str!("doc.md"),
};
