//! Who owns a page, and when it is to be read again.

pub mod owners;
pub(super) mod review_due;

use super::check::Check;
use super::{Context, Evidence, Reads};
use owners::Duty;

/// Who answers for each page, and when it is to be read again.
pub struct Reviews {
    /// Who answers for each page, by its id.
    pub owners: Vec<Option<String>>,
    /// Pages that say how often they are to be read.
    pub duties: Vec<Duty>,
}

impl Evidence for Reviews {
    const NAME: &'static str = "reviews";
    const READS: &'static [Reads] = &[Reads::Sources];
    const CHECKS: &'static [&'static Check] = &[&review_due::CHECK];

    fn read(cx: &Context<'_>) -> Self {
        let owners = owners::owners(cx.world, cx.site());
        let duties = owners::duties(cx.site(), cx.config, &owners);
        Self { owners, duties }
    }
}
