//! The runbooks of a site, each with its evidence.

pub(super) mod run_convention;
pub(super) mod run_evidence;

use super::check::Check;
use super::{Context, Evidence, Reads};
use crate::base::RelPath;
use crate::model::PageId;
use crate::runs::convention::{self, Runbook};
use crate::runs::standing::{File, Standing, standing};
use crate::runs::store;
use std::collections::BTreeMap;

/// The runbooks of a site that run. A runbook of prose alone is none of these.
pub struct Runs {
    /// In the order of the pages.
    pub list: Vec<Known>,
}

impl Evidence for Runs {
    const NAME: &'static str = "runs";
    const READS: &'static [Reads] = &[Reads::Sources, Reads::Records];
    const BROUGHT_BY: Option<&'static str> = Some("run");
    const CHECKS: &'static [&'static Check] = &[&run_convention::CHECK, &run_evidence::CHECK];

    fn read(cx: &Context<'_>) -> Self {
        Self { list: known(cx) }
    }
}

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

fn known(cx: &Context<'_>) -> Vec<Known> {
    let concerned = cx
        .pages()
        .filter(|(_, page)| page.kind.as_deref() == Some("runbook") && convention::concerns(&page.doc));
    let mut stems: BTreeMap<String, RelPath> = BTreeMap::new();
    let mut out = Vec::new();
    for (page, one) in concerned {
        let runbook = convention::read(&one.source, &one.doc);
        let files = store::files(cx.world, cx.config, &runbook.stem);
        let standing = standing(&runbook, &files, cx.today);
        let twin = stems.get(&runbook.stem).cloned();
        stems.entry(runbook.stem.clone()).or_insert_with(|| one.source.clone());
        out.push(Known { page, runbook, files, standing, twin });
    }
    out
}
