//! The runbooks of a site, each with its evidence.

use super::convention::{self, Runbook};
use super::shelf;
use super::standing::{File, Standing, standing};
use crate::base::RelPath;
use crate::config::Config;
use crate::model::{PageId, Site};
use crate::world::World;
use std::collections::BTreeMap;

/// A page that is a runbook of the convention.
#[derive(Debug)]
pub struct Known {
    /// The page.
    pub page: PageId,
    /// What of it runs.
    pub runbook: Runbook,
    /// Its evidence, by time.
    pub files: Vec<File>,
    /// How it stands.
    pub standing: Standing,
    /// Another page of the same stem, whose evidence would be mixed with its own.
    pub twin: Option<RelPath>,
}

/// The runbooks of a site. A runbook of prose alone is none of these.
pub fn read(world: &dyn World, config: &Config, site: &Site) -> Vec<Known> {
    let pages = site.pages.iter().enumerate();
    let concerned =
        pages.filter(|(_, page)| page.kind.as_deref() == Some("runbook") && convention::concerns(&page.doc));
    let mut stems: BTreeMap<String, RelPath> = BTreeMap::new();
    let mut out = Vec::new();
    for (id, page) in concerned {
        let runbook = convention::read(&page.source, &page.doc);
        let files = shelf::files(world, config, &runbook.stem);
        let standing = standing(&runbook, &files, world.today());
        let twin = stems.get(&runbook.stem).cloned();
        stems.entry(runbook.stem.clone()).or_insert_with(|| page.source.clone());
        out.push(Known { page: id, runbook, files, standing, twin });
    }
    out
}
