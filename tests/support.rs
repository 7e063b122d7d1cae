//! What several test modules share.

use oathbook::base::{LineIndex, RelPath};
use oathbook::diag::Diagnostic;
use oathbook::pipeline::{self, Checked, Settings};
use oathbook::world::{MemoryWorld, World};
use std::path::{Path, PathBuf};

/// Checks everything in a world, as `oathbook check` does at its root, against a base if there is one; with the pedantic checks, and
/// with what only time turns wrong.
pub fn check_change(
    world: &MemoryWorld,
    base: Option<&MemoryWorld>,
    (pedantic, due): (bool, bool),
) -> Vec<Checked> {
    let changed = base.map(|base| changed(base, world)).unwrap_or_default();
    let base = base.map(|base| (base as &dyn World, changed.as_slice()));
    let settings = Settings { pedantic, base, due, ..Settings::default() };
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

/// Says that a test, or a part of one, cannot run here, past the harness's capture, so that it is seen though the test
/// passes. In CI (`CI=true`, or `OATHBOOK_NO_SKIP`) a skip fails, unless `OATHBOOK_MAY_SKIP` names it: a tool that is
/// missing there for a day would otherwise be missing for good. `tests/run` has the list.
pub fn skip(name: &str, reason: &str) {
    let line = format!("skipped: {name}: {reason}\n");
    // Nobody is left to tell if standard error is closed.
    let _ = std::io::Write::write_all(&mut std::io::stderr(), line.as_bytes());
    let variable = |name: &str| std::env::var(name).unwrap_or_default();
    let strict = variable("CI") == "true" || !variable("OATHBOOK_NO_SKIP").is_empty();
    let named = variable("OATHBOOK_MAY_SKIP");
    assert!(may_skip(name, strict, &named), "{line}OATHBOOK_MAY_SKIP does not name it");
}

fn may_skip(name: &str, strict: bool, named: &str) -> bool {
    !strict || named.split_whitespace().any(|one| one == name)
}

#[test]
fn a_skip_that_ci_did_not_name_fails() {
    assert!(may_skip("java", false, ""));
    assert!(!may_skip("java", true, ""));
    assert!(!may_skip("java", true, "javascript corpus-books"));
    assert!(may_skip("java", true, "corpus-books\n java"));
}

#[test]
fn no_test_skips_by_itself() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let own = ["\"", "skipped: "].concat();
    for file in rust_files(&tests).into_iter().filter(|file| !file.ends_with("support.rs")) {
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(!text.contains(&own), "{} skips without `support::skip`", file.display());
    }
}

/// Public books, repositories and test suites: a folder of this name in `$OATHBOOK_CORPORA` or in `../shared/corpora`.
pub fn corpus(name: &str) -> Option<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let named = std::env::var_os("OATHBOOK_CORPORA").map(PathBuf::from);
    let places = named.into_iter().chain([here.join("../shared/corpora")]);
    let found = places.map(|root| root.join(name)).find(|path| path.is_dir());
    if found.is_none() {
        skip(&format!("corpus-{name}"), &format!("put a checkout into $OATHBOOK_CORPORA/{name}"));
    }
    found
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
