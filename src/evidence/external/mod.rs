//! Links that leave the site: what their hosts said when `oathbook linkcheck` asked them, kept with the day on which
//! it did. `check` reads the record and asks nobody.
//!
//! One answer proves little: hosts are down for an hour, and refuse programs. A link that was there before is a finding
//! only after it failed on several days; one that a change adds is asked at once, and has to answer.

pub(super) mod external_link;

mod address;
mod fragment;
pub mod record;

pub use address::Address;
pub use fragment::{is_shown_by_scripts, names as has_fragment};
pub use record::{Answer, Links, Record, Seen, file};

use super::check::Check;
use super::{Context, Evidence, Reads};
use crate::config::Config;
use crate::markdown::Link;
use crate::model::{PageId, Site, Target};

/// A web address on a page.
#[derive(Clone, Debug)]
pub struct External<'s> {
    /// The page.
    pub page: PageId,
    /// The link.
    pub link: &'s Link,
    /// The address with its fragment, as it is asked and recorded.
    pub url: String,
    /// The address without it.
    pub address: Address,
    /// The fragment.
    pub fragment: Option<String>,
    /// Why nobody asks for it, if so.
    pub not_asked: Option<&'static str>,
}

/// All web addresses on the pages of a site.
pub fn on_pages<'s>(site: &'s Site, config: &Config) -> Vec<External<'s>> {
    let excluded: Vec<regex_lite::Regex> =
        config.linkcheck.exclude.iter().filter_map(|pattern| regex_lite::Regex::new(pattern).ok()).collect();
    let mut out = Vec::new();
    for (page, one) in site.pages.iter().enumerate() {
        for (link, target) in one.doc.facts.links.iter().zip(&one.targets) {
            if *target != Target::External {
                continue;
            }
            let Some((address, fragment)) = Address::parse(&link.target) else { continue };
            let fragment = fragment.filter(|fragment| !fragment.is_empty());
            let url = match &fragment {
                Some(fragment) => format!("{address}#{fragment}"),
                None => address.to_string(),
            };
            let not_asked = match address.not_asked() {
                Some(reason) => Some(reason),
                None if excluded.iter().any(|pattern| pattern.is_match(&url)) => {
                    Some("`linkcheck.exclude` leaves it out")
                }
                None => None,
            };
            out.push(External { page, link, url, address, fragment, not_asked });
        }
    }
    out
}

impl Evidence for Links {
    const NAME: &'static str = "external";
    const READS: &'static [Reads] = &[Reads::Records];
    const BROUGHT_BY: Option<&'static str> = Some("linkcheck");
    const CHECKS: &'static [&'static Check] = &[&external_link::CHECK];

    fn read(cx: &Context<'_>) -> Self {
        cx.asked.cloned().unwrap_or_else(|| Self::recorded(cx.world, cx.config))
    }
}
