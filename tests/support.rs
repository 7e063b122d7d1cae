//! What several test modules share.

use oathbook::base::{LineIndex, RelPath};
use oathbook::diag::Diagnostic;
use oathbook::pipeline::{self, Checked, Settings};
use oathbook::world::{MemoryWorld, World};
use std::path::{Path, PathBuf};

/// Checks everything in a world, as `oathbook check` does at its root, against a base if there is one.
pub fn check_change(world: &MemoryWorld, base: Option<&MemoryWorld>, pedantic: bool) -> Vec<Checked> {
    let changed = base.map(|base| changed(base, world)).unwrap_or_default();
    let base = base.map(|base| (base as &dyn World, changed.as_slice()));
    let settings = Settings { pedantic, base, ..Settings::default() };
    let projects = pipeline::projects(world, &RelPath::root());
    projects.iter().map(|project| pipeline::run(world, project, settings)).collect()
}

/// The files that differ between two worlds.
pub fn changed(base: &MemoryWorld, head: &MemoryWorld) -> Vec<RelPath> {
    let mut all = base.files(&RelPath::root());
    all.extend(head.files(&RelPath::root()));
    all.sort_unstable();
    all.dedup();
    all.retain(|file| base.read(file).ok() != head.read(file).ok());
    all
}

/// `error[code] file:line:column: message`, and related places and help below it.
pub fn show(world: &dyn World, diagnostic: &Diagnostic) -> String {
    let position = |place: &oathbook::diag::Place| {
        let text = world
            .read(&place.file)
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .unwrap_or_default();
        let at = LineIndex::new(&text).position(&text, place.span.start);
        format!("{}:{}:{}", place.file, at.line, at.column)
    };
    let head = format!(
        "{}[{}] {}: {}",
        diagnostic.severity.name(),
        diagnostic.code,
        position(&diagnostic.primary),
        diagnostic.message
    );
    diagnostic
        .related
        .iter()
        .fold(head, |head, related| format!("{head}\n  {}: {}", position(&related.place), related.message))
}

/// The site of a book: every text artifact by its address.
pub fn build(
    world: &dyn World,
    root: &RelPath,
    overrides: &[(String, String)],
) -> std::collections::BTreeMap<String, String> {
    use oathbook::pipeline::Project;
    use oathbook::render::{Artifact, Renderer, Theme};
    let project = Project { root: root.clone(), mode: oathbook::model::Mode::Book, without: Vec::new() };
    let checked = pipeline::run(world, &project, Settings { overrides, render: true, ..Settings::default() });
    let theme = Theme::load(&checked.config, world).unwrap();
    let renderer = Renderer::new(checked.subject(), &theme, world);
    let output = renderer.output();
    let text = |(name, artifact): (&String, &Artifact)| {
        let bytes = renderer.render(name, artifact).unwrap_or_else(|error| panic!("{name}: {error}"));
        Some((name.clone(), String::from_utf8(bytes.into_owned()).ok()?))
    };
    output.iter().filter_map(text).collect()
}

/// The site of the book in a folder.
pub fn build_dir(dir: &Path, overrides: &[(String, String)]) -> std::collections::BTreeMap<String, String> {
    let day = oathbook::base::Date::from_days(20_000);
    let (world, root) = oathbook::shell::disk::DiskWorld::open(dir, None, day).unwrap();
    build(&world, &root, overrides)
}

/// Whether every test runs whole, as under `tests/run --full`; otherwise a long one runs a sample.
pub fn full() -> bool {
    std::env::var_os("OATHBOOK_FULL").is_some_and(|value| !value.is_empty())
}

/// Where public books and repositories for tests are kept; without them a test says that it skips.
pub fn corpora() -> Option<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let named = std::env::var_os("OATHBOOK_CORPORA").map(PathBuf::from);
    named.into_iter().chain([here.join("../shared/corpora")]).find(|path| path.is_dir())
}

/// The Rust files below a folder, sorted.
pub fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut out = Vec::new();
    let mut left = vec![folder.to_owned()];
    while let Some(folder) = left.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            match path.extension() {
                _ if path.is_dir() => left.push(path),
                Some(extension) if extension == "rs" => out.push(path),
                _ => {}
            }
        }
    }
    out.sort_unstable();
    out
}
