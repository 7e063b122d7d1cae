//! Which projects a folder holds, and which Markdown belongs to whom.

use super::Project;
use crate::base::RelPath;
use crate::config;
use crate::model::{Mode, is_markdown, is_readme};
use crate::world::World;
use std::collections::BTreeSet;

/// Configuration files of other generators.
const MARKS: &[&str] = &[
    "mkdocs.yml",
    "mkdocs.yaml",
    "zensical.toml",
    "docusaurus.config.js",
    "docusaurus.config.ts",
    "docusaurus.config.mjs",
    "astro.config.mjs",
    "astro.config.ts",
    "astro.config.js",
    "_config.yml",
    "_config.yaml",
    "hugo.toml",
    "hugo.yaml",
    "hugo.yml",
    "conf.py",
    "antora.yml",
    "_quarto.yml",
    "gatsby-config.js",
    "next.config.js",
    "next.config.mjs",
    "sidebars.js",
    "sidebars.ts",
    "_sidebar.md",
    "mix.exs",
    "myst.yml",
    ".readthedocs.yaml",
    ".readthedocs.yml",
    "book.json",
    "rspress.config.ts",
    "eleventy.config.js",
    "nuxt.config.ts",
];

/// The projects at `root`: a book if there is one, else the folder's Markdown and every book below it.
pub fn projects(world: &dyn World, root: &RelPath) -> Vec<Project> {
    let has = |folder: &RelPath, name: &str| folder.join(name).is_ok_and(|path| world.kind(&path).is_some());
    if has(root, "book.toml") || has(root, "src/SUMMARY.md") {
        return vec![Project { root: root.clone(), mode: Mode::Book, without: Vec::new() }];
    }
    let mut books: Vec<RelPath> = Vec::new();
    for file in world.tracked(root) {
        // A configuration without pages beside it is a test's or a template's.
        let with_summary = || {
            let (config, _) =
                config::read(Some(&file), &file.parent(), &world.text(&file).unwrap_or_default(), &[]);
            has(&config.src, "SUMMARY.md")
        };
        let book = file.file_name() == "book.toml" && !is_test_data(&file) && with_summary();
        if book && !books.iter().any(|outer| file.below(outer).is_some()) {
            books.push(file.parent());
        }
    }
    let mut out = vec![Project { root: root.clone(), mode: Mode::Forge, without: books.clone() }];
    out.extend(books.into_iter().map(|root| Project { root, mode: Mode::Book, without: Vec::new() }));
    out
}

/// Whether a file lies in a folder of inputs for tests or of other people's code: its Markdown is nobody's
/// documentation here.
pub(super) fn is_test_data(file: &RelPath) -> bool {
    const FOLDERS: &[&str] = &[
        "test",
        "tests",
        "__tests__",
        "testdata",
        "test-data",
        "test_data",
        "fixtures",
        "__fixtures__",
        "snapshots",
        "__snapshots__",
        "benchmark",
        "benchmarks",
        "vendor",
        "third_party",
        "thirdparty",
        "node_modules",
    ];
    let folder = file.parent();
    is_markdown(file)
        && !is_readme(file)
        && folder.as_str().split('/').any(|part| FOLDERS.contains(&part.to_ascii_lowercase().as_str()))
        || file.file_name() == "book.toml" && folder.as_str().split('/').any(|part| FOLDERS.contains(&part))
}

/// Folders whose Markdown another generator turns into a site, by its configuration file; relative links to files
/// are the same there, addresses and ids are not.
pub(super) fn generated(world: &dyn World, project: &Project, files: &[RelPath]) -> Vec<RelPath> {
    if project.mode == Mode::Book {
        return Vec::new();
    }
    let mut out: Vec<RelPath> =
        files.iter().filter(|file| MARKS.contains(&file.file_name())).map(RelPath::parent).collect();
    // Docusaurus is often set up in `website/` for pages in `docs/` beside it.
    let beside: Vec<RelPath> = files
        .iter()
        .filter(|file| file.file_name().starts_with("docusaurus.config."))
        .filter_map(|file| file.parent().parent().join("docs").ok())
        .collect();
    out.extend(beside);
    let zola = |file: &&RelPath| matches!(file.file_name(), "config.toml" | "config.yaml" | "config.yml");
    let with_content =
        |folder: &RelPath| folder.join("content").is_ok_and(|content| world.kind(&content).is_some());
    out.extend(files.iter().filter(zola).map(RelPath::parent).filter(with_content));
    // VitePress and VuePress keep their configuration in a hidden folder, DocC its pages in folders by extension.
    let mut folders: BTreeSet<RelPath> = BTreeSet::new();
    for file in files.iter().filter(|file| is_markdown(file)) {
        let mut folder = file.parent();
        while folders.insert(folder.clone()) && !folder.is_root() {
            folder = folder.parent();
        }
    }
    let hidden = |folder: &RelPath| {
        [".vitepress", ".vuepress"]
            .iter()
            .any(|name| folder.join(name).is_ok_and(|path| world.kind(&path).is_some()))
    };
    out.extend(folders.into_iter().filter(|folder| folder.extension() == Some("docc") || hidden(folder)));
    out.sort_unstable();
    out.dedup();
    out
}
