//! Links, anchors and images inside the site, and places in code that pages point at.

pub(super) mod anchor;
pub(super) mod bare_url;
pub(super) mod file_link;
pub(super) mod image;
pub(super) mod image_alt;
pub(super) mod link_extension;
pub(super) mod link_text;
pub(super) mod page_link;
pub(super) mod redirect;
pub(super) mod undefined_reference;
pub(super) mod unsafe_address;

use super::check::Check;
use super::{Context, Evidence, Reads};

/// Links inside the site, their fragments, images. What they lead to is known with the pages.
pub struct Links;

impl Evidence for Links {
    const NAME: &'static str = "links";
    const READS: &'static [Reads] = &[Reads::Sources, Reads::Records];
    const CHECKS: &'static [&'static Check] = &[
        &page_link::CHECK,
        &anchor::CHECK,
        &image::CHECK,
        &file_link::CHECK,
        &link_extension::CHECK,
        &undefined_reference::CHECK,
        &redirect::CHECK,
        &unsafe_address::CHECK,
        &image_alt::CHECK,
        &bare_url::CHECK,
        &link_text::CHECK,
    ];

    fn read(_: &Context<'_>) -> Self {
        Self
    }
}
