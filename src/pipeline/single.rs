//! One page alone, without its site: what `oathbook run` reads while everything else may be broken.

use super::load::{configure, options};
use super::{Project, Settings, projects};
use crate::base::RelPath;
use crate::config::Config;
use crate::diag::Problem;
use crate::evidence;
use crate::highlight::Colourless;
use crate::markdown::{self, Doc, Input};
use crate::model;
use crate::world::{ReadError, World};

/// A page and its configuration.
pub struct Single {
    /// The configuration.
    pub config: Config,
    /// What reading it said.
    pub mistakes: Vec<Problem>,
    /// The page.
    pub doc: Doc,
    /// Its kind.
    pub kind: Option<String>,
}

/// Reads one page as its project does.
///
/// # Errors
/// When it cannot be read.
pub fn single(world: &dyn World, source: &RelPath, settings: Settings<'_>) -> Result<Single, ReadError> {
    let project = project_of(world, source);
    let (config, mistakes) = configure(world, &project, settings);
    let guarded = evidence::guarded(world, &config);
    let world: &dyn World = &guarded;
    let text = world.text(source)?;
    let options = options(&config, project.mode, false);
    let doc = markdown::parse(&Input {
        file: source,
        text: &text,
        options: &options,
        highlighter: &Colourless,
        world,
    });
    let below = source.below(&config.src).unwrap_or_else(|| source.clone());
    let kind = model::page_kind(&doc, &below, &config);
    drop(guarded);
    Ok(Single { config, mistakes, doc, kind })
}

/// The innermost book that holds a file, or the folder's Markdown.
fn project_of(world: &dyn World, source: &RelPath) -> Project {
    let mut folder = source.parent();
    loop {
        let is_book = |name: &str| folder.join(name).is_ok_and(|path| world.kind(&path).is_some());
        if is_book("book.toml") || is_book("src/SUMMARY.md") {
            let found = projects(world, &folder).into_iter().next();
            return found.unwrap_or(Project { root: folder, mode: model::Mode::Book, without: Vec::new() });
        }
        if folder.is_root() {
            return Project { root: folder, mode: model::Mode::Forge, without: Vec::new() };
        }
        folder = folder.parent();
    }
}
