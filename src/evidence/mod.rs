//! Evidence: one folder holds one sort whole: what it reads, how it judges, the pages of its checks, what `update` does
//! for it.
//!
//! To add a sort: write its folder with an `impl Evidence`, and add one line to the list below.

pub mod alerts;
mod allow;
pub mod api;
pub mod api_changes;
mod baseline;
pub mod bindings;
pub mod capacity;
pub mod check;
pub mod code_links;
mod context;
pub mod criteria;
pub mod diagrams;
pub mod external;
pub mod facts;
pub mod incidents;
pub mod includes;
pub mod links;
pub mod lists;
pub mod lock;
pub mod mentions;
pub mod names;
pub mod oncall;
pub mod recovery;
mod report;
pub mod reviews;
pub mod runs;
pub mod samples;
pub mod settings;
mod shelf;
pub mod structure;
mod update;

pub use baseline::{Baseline, Known};
pub use context::{Base, Context, Evidence, Pages, Parts, Reads};
pub use report::Report;
pub use update::{Make, Run, Update};

use crate::base::RelPath;
use crate::config::Config;
use crate::world::{Guarded, World};
use check::Check;
use std::borrow::Borrow;
use std::sync::OnceLock;

/// A world in which a project's pages read no private file, but for what its book.toml names and the records of that.
pub fn guarded<'w>(world: &'w dyn World, config: impl Borrow<Config> + Sync + 'w) -> Guarded<'w> {
    let is_evidence = move |file: &RelPath| {
        let config = config.borrow();
        config.names(file) || config.apis.iter().any(|api| api.probe_file() == *file)
    };
    Guarded::new(world, is_evidence)
}

/// A sort that is in the list, and so has a place for what was read.
pub trait Held: Evidence {
    /// Its place.
    fn cell(gathered: &Gathered) -> &OnceLock<Self>;
}

/// A sort of evidence, for those who go through all.
pub struct Sort {
    /// Its name.
    pub name: &'static str,
    /// Its checks.
    pub checks: &'static [&'static Check],
    /// What `update --only` calls its records.
    pub records: Option<&'static str>,
    /// What it and its checks read beside book.toml and pages.
    pub reads: &'static [Reads],
    /// Whether `update --exec` runs commands for it.
    pub executes: bool,
    /// The command that brings its records by running or asking something.
    pub brought_by: Option<&'static str>,
    /// Commands whose output is recorded.
    pub runs: fn(&Context<'_>) -> Vec<Run>,
    /// Records that are out of date.
    pub updates: fn(&Context<'_>) -> Result<Vec<Update>, String>,
    /// Reads it, if nobody has asked for it.
    pub read: fn(&Context<'_>),
}

/// Declares the list: each sort gets a place in [`Gathered`] and a line in [`SORTS`].
macro_rules! sorts {
    ($($cell:ident: $sort:ty,)*) => {
        /// What was read, each sort in its place once somebody asked for it.
        #[derive(Default)]
        pub struct Gathered { $($cell: OnceLock<$sort>,)* }

        $(impl Held for $sort {
            fn cell(gathered: &Gathered) -> &OnceLock<Self> {
                &gathered.$cell
            }
        })*

        /// All sorts of evidence. `update` goes through them in this order: what later ones read, earlier ones may write.
        pub static SORTS: &[Sort] = &[$(Sort {
            name: <$sort>::NAME,
            checks: <$sort>::CHECKS,
            records: <$sort>::RECORDS,
            reads: <$sort>::READS,
            executes: <$sort>::EXECUTES,
            brought_by: <$sort>::BROUGHT_BY,
            runs: <$sort>::runs,
            updates: <$sort>::updates,
            read: |cx| { cx.of::<$sort>(); },
        },)*];
    };
}

sorts! {
    links: links::Links,
    code_links: code_links::CodeLinks,
    includes: includes::Includes,
    structure: structure::Structure,
    settings: settings::Settings,
    apis: api::Apis,
    api_changes: api_changes::ApiChanges,
    mentions: mentions::Mentions,
    diagrams: diagrams::Diagrams,
    names: names::Names,
    lists: lists::Lists,
    alerts: alerts::Alerts,
    facts: facts::Facts,
    lock: lock::Lock,
    bindings: bindings::Bindings,
    samples: samples::Samples,
    external: external::Links,
    reviews: reviews::Reviews,
    capacity: capacity::Capacity,
    oncall: oncall::Oncall,
    incidents: incidents::Incidents,
    runs: runs::Runs,
    recovery: recovery::Recovery,
    criteria: criteria::Criteria,
}

impl Gathered {
    /// What was read of a sort, if somebody asked for it.
    pub fn got<E: Held>(&self) -> Option<&E> {
        E::cell(self).get()
    }
}
