//! Page kinds: what a guide, a runbook or a decision must hold. One folder each: `mod.rs` says what is required,
//! `page.md` is what `oathbook new` writes, `doc.md` is its page of the reference.

mod capacity_plan;
mod decision;
mod guide;
mod known_issue;
mod oncall;
mod plan;
mod postmortem;
mod recovery_plan;
mod reference;
mod runbook;
mod tutorial;

/// A kind of page.
#[derive(Debug)]
pub struct PageKind {
    /// As in `kind: runbook`.
    pub name: &'static str,
    /// One sentence for lists.
    pub about: &'static str,
    /// Front matter that must be there.
    pub fields: &'static [Field],
    /// Sets of headings; one set must be there, all of it, in any order.
    pub headings: &'static [&'static [&'static str]],
    /// What `oathbook new` writes; `{title}` and `{date}` are filled in.
    pub template: &'static str,
    /// Its page of the reference.
    pub doc: &'static str,
}

/// A key of front matter that a kind requires.
#[derive(Debug)]
pub struct Field {
    /// The key.
    pub name: &'static str,
    /// What it must be.
    pub shape: Shape,
}

/// What a front matter value must be.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// Text that is not empty.
    Text,
    /// A date, as in 2026-11-23.
    Date,
    /// One of these.
    OneOf(&'static [&'static str]),
    /// A list of texts with at least one entry.
    Texts,
}

impl Shape {
    /// For messages.
    pub fn describe(self) -> String {
        match self {
            Self::Text => "text".into(),
            Self::Date => "a date like 2026-11-23".into(),
            Self::OneOf(choices) => format!("one of {}", choices.join(", ")),
            Self::Texts => "a list of texts".into(),
        }
    }
}

/// All kinds, in the order of the reference.
pub static ALL: &[&PageKind] = &[
    &guide::KIND,
    &tutorial::KIND,
    &reference::KIND,
    &runbook::KIND,
    &decision::KIND,
    &known_issue::KIND,
    &postmortem::KIND,
    &plan::KIND,
    &recovery_plan::KIND,
    &oncall::KIND,
    &capacity_plan::KIND,
];

/// The kind of that name.
pub fn find(name: &str) -> Option<&'static PageKind> {
    ALL.iter().copied().find(|kind| kind.name == name)
}
