//! Lists that pages declare to be complete, and lists that a change makes incomplete.

mod declared;
pub(super) mod declared_list;
pub(super) mod incomplete_list;

use super::check::Check;
use super::{Context, Evidence, Reads};
pub use declared::{DeclaredList, ListOutcome};

/// Lists that pages declare to be complete.
pub struct Lists {
    /// By page and place.
    pub list: Vec<DeclaredList>,
}

impl Evidence for Lists {
    const NAME: &'static str = "lists";
    const READS: &'static [Reads] = &[Reads::Sources, Reads::Base];
    const CHECKS: &'static [&'static Check] = &[&incomplete_list::CHECK, &declared_list::CHECK];

    fn read(cx: &Context<'_>) -> Self {
        let declaring = cx.site().pages.iter().filter(|page| page.doc.facts.declares_lists);
        Self { list: declaring.flat_map(|page| declared::declared_lists(cx.world, &page.source)).collect() }
    }
}
