//! What a sort of evidence is handed, and what others found, on demand.

use super::check::Check;
use super::external::record::Links;
use super::samples::record::Record;
use super::update::{Run, Update};
use super::{Gathered, Held};
use crate::base::{Date, RelPath};
use crate::config::Config;
use crate::diag::Problem;
use crate::model::{Page, PageId, Site};
use crate::openapi::utoipa::Cache;
use crate::world::World;

/// One sort of evidence: what the repository states of something, held against what is so. The value is what was read;
/// the checks judge it.
///
/// Whoever needs a sort asks the context for it, and it is read when it is asked for first. A sort that asks for
/// itself, even by way of others, would wait for itself for ever; [`Context::of`] ends such a run with a panic that
/// names it, and a test reads every sort.
pub trait Evidence: Sized + Send + Sync + 'static {
    /// Its name, as a search finds its folder.
    const NAME: &'static str;
    /// The checks that judge it.
    const CHECKS: &'static [&'static Check] = &[];
    /// What `oathbook update --only` calls the records that it keeps, if it keeps some.
    const RECORDS: Option<&'static str> = None;
    /// What it and its checks read beside book.toml and pages; a test watches them on the handbook.
    const READS: &'static [Reads] = &[];
    /// Whether `update --exec` runs commands for it.
    const EXECUTES: bool = false;
    /// The command that brings its records by running or asking something; `check` reads them alone.
    const BROUGHT_BY: Option<&'static str> = None;

    /// Reads what is stated, and what is so.
    fn read(cx: &Context<'_>) -> Self;

    /// What was wrong when it was read, each with the code of the check that reports it.
    fn problems<'c>(_: &'c Context<'_>) -> Vec<&'c Problem> {
        Vec::new()
    }

    /// Commands whose output is recorded: only `update --exec` runs them.
    fn runs(_: &Context<'_>) -> Vec<Run> {
        Vec::new()
    }

    /// The records that are not what they would be if they were made now.
    ///
    /// # Errors
    /// Why a record cannot be made, for people.
    fn updates(_: &Context<'_>) -> Result<Vec<Update>, String> {
        Ok(Vec::new())
    }
}

/// What a sort of evidence reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reads {
    /// Code, configuration of services, diagrams: files of the repository that are no pages.
    Sources,
    /// What oathbook keeps: locks, recorded documents, evidence.
    Records,
    /// The revision that `--base` names.
    Base,
}

impl Reads {
    /// For the handbook.
    pub fn describe(self) -> &'static str {
        match self {
            Self::Sources => "sources",
            Self::Records => "records",
            Self::Base => "the base",
        }
    }
}

/// A base revision, and the files that differ from it, sorted.
#[derive(Clone, Copy)]
pub struct Base<'c> {
    /// The repository as it was.
    pub world: &'c dyn World,
    /// Files that are there on one side only, or not the same.
    pub changed: &'c [RelPath],
}

/// What every sort may look at.
#[derive(Clone, Copy)]
pub struct Context<'c> {
    /// The repository, without what is private or hidden.
    pub world: &'c dyn World,
    /// The revision under whose eyes the run is, where there is one.
    pub base: Option<Base<'c>>,
    /// The project's book.toml.
    pub config: &'c Config,
    /// What reading it said.
    pub mistakes: &'c [Problem],
    /// The date of the run.
    pub today: Date,
    /// Whether what only time turns wrong counts in this run.
    pub due: bool,
    /// What `test` found just now; without it, what it recorded.
    pub tested: Option<&'c Record>,
    /// What `linkcheck` learned just now; without it, what it recorded.
    pub asked: Option<&'c Links>,
    /// What is known of the sources of API documents.
    pub services: &'c Cache,
    /// Reads the pages, when they are asked for first.
    pub(super) pages: &'c dyn Pages,
    pub(super) gathered: &'c Gathered,
    /// The sorts that are being read; one that asks for itself would wait for ever.
    pub(super) chain: Option<&'c Chain<'c>>,
}

/// Whoever reads the pages of a project, when they are asked for first.
pub trait Pages: Sync {
    /// The pages, linked up.
    fn site(&self) -> &Site;
}

/// The parts of a context that are made when they are asked for.
pub struct Parts<'c> {
    /// Reads the pages, when they are asked for first.
    pub pages: &'c dyn Pages,
    /// Where what was read is kept.
    pub gathered: &'c Gathered,
}

/// The sorts that are being read, the innermost first.
pub(super) struct Chain<'c> {
    name: &'static str,
    within: Option<&'c Chain<'c>>,
}

impl<'c> Context<'c> {
    /// A context on a project; `base`, `tested` and `asked` are set afterwards where there are such.
    pub fn new(
        world: &'c dyn World,
        (config, mistakes): (&'c Config, &'c [Problem]),
        services: &'c Cache,
        Parts { pages, gathered }: Parts<'c>,
    ) -> Self {
        let today = world.today();
        Self {
            world,
            base: None,
            config,
            mistakes,
            today,
            due: false,
            tested: None,
            asked: None,
            services,
            pages,
            gathered,
            chain: None,
        }
    }

    /// The pages, linked up.
    pub fn site(&self) -> &'c Site {
        self.pages.site()
    }

    /// Pages with their ids.
    pub fn pages(&self) -> impl Iterator<Item = (PageId, &'c Page)> + use<'c> {
        self.site().pages.iter().enumerate()
    }

    /// A sort of evidence; read now, if nobody has asked for it.
    ///
    /// # Panics
    /// When a sort asks for itself.
    pub fn of<E: Held>(&self) -> &'c E {
        let cell = E::cell(self.gathered);
        if let Some(known) = cell.get() {
            return known;
        }
        let mut outer = self.chain;
        while let Some(chain) = outer {
            assert!(chain.name != E::NAME, "the evidence `{}` asks for itself", E::NAME);
            outer = chain.within;
        }
        cell.get_or_init(|| {
            let chain = Chain { name: E::NAME, within: self.chain };
            E::read(&Context { chain: Some(&chain), ..*self })
        })
    }
}
