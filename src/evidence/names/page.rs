//! Which files are documentation, records of the past, or code of our own.

use crate::base::RelPath;
use crate::model::is_markdown;

/// Whether a page tells of the past (a changelog, a decision, a migration guide, a blog post, the pages of an old
/// version), so that it may name what is gone.
pub fn is_record(page: &RelPath) -> bool {
    const NAMES: &[&str] = &[
        "changelog",
        "changes",
        "history",
        "news",
        "release",
        "migrat",
        "upgrad",
        "breaking",
        "whatsnew",
        "roadmap",
        "what-s-new",
        "whats-new",
        "announce",
        "postmortem",
        "deprecat",
    ];
    const FOLDERS: &[&str] = &[
        "blog",
        "posts",
        "_posts",
        "rfcs",
        "rfc",
        "adr",
        "adrs",
        "decisions",
        "archive",
        "archived",
        "old",
        "legacy",
        "changes",
        "changelogs",
        "releases",
        "news",
        "newsfragments",
        "versioned_docs",
        "postmortems",
        "proposals",
        "keps",
        ".changeset",
        "changelog.d",
        "release-notes",
        "releasenotes",
        "migrations",
        "migration",
    ];
    let path = page.as_str().to_ascii_lowercase();
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", &path));
    NAMES.iter().any(|word| name.contains(word))
        || folder.split('/').any(|part| FOLDERS.contains(&part) || is_version(part))
        || is_version(name.trim_end_matches(".md"))
}

/// `v1`, `0.12`, `v2.x`: a folder or page for one version.
fn is_version(part: &str) -> bool {
    let number = part.strip_prefix('v').unwrap_or(part);
    number.starts_with(|c: char| c.is_ascii_digit())
        && number.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'x'))
        && (part.starts_with('v') || part.contains('.'))
}

/// Words on a line, or in the heading above it, that say the name is gone or another's.
pub(super) fn tells_of_the_past(line: &str) -> bool {
    const WORDS: &[&str] = &[
        "removed",
        "deprecated",
        "renamed",
        "formerly",
        "previously",
        "no longer",
        "replaced",
        "used to be",
        "obsolete",
        "legacy",
        "prior to",
        "before version",
        "was called",
        "changelog",
        "migrat",
        "upgrading",
        "breaking change",
    ];
    let line = line.to_lowercase();
    WORDS.iter().any(|word| line.contains(word))
}

const FOREIGN: &[&str] = &[
    "vendor",
    "third_party",
    "thirdparty",
    "node_modules",
    "target",
    "dist",
    ".git",
    "__snapshots__",
    "snapshots",
];
const TESTS: &[&str] = &[
    "tests",
    "test",
    "testdata",
    "test_data",
    "test-data",
    "fixtures",
    "__fixtures__",
    "__tests__",
    "benches",
    "fuzz",
    "testsuite",
];

fn within(file: &RelPath, folders: &[&str]) -> bool {
    let folder = file.as_str().rsplit_once('/').map_or("", |(folder, _)| folder);
    folder.split('/').any(|part| folders.contains(&part))
}

/// Whether a file declares names that people cite: neither a test's nor somebody else's.
pub(super) fn is_own_code(file: &RelPath) -> bool {
    !within(file, FOREIGN) && !within(file, TESTS)
}

/// Whether a file's path may be cited: data of tests is not.
pub(super) fn is_own_file(file: &RelPath) -> bool {
    !within(file, FOREIGN)
}

/// Whether a file is prose: what it says proves nothing about the code.
pub(super) fn is_prose(file: &RelPath) -> bool {
    let name = file.file_name();
    is_markdown(file)
        || matches!(
            file.extension(),
            Some(
                "rst" | "txt" | "adoc" | "asciidoc" | "org" | "html" | "1" | "5" | "7" | "mdx" | "po" | "svg"
            )
        )
        || name.starts_with("LICENSE")
        || name.starts_with("CHANGELOG")
}

/// Whether what a file declares could be listed on a page: code, and manifests of packages.
pub(super) fn is_source_or_manifest(file: &RelPath) -> bool {
    is_source(file)
        || matches!(
            file.file_name(),
            "Cargo.toml" | "package.json" | "pyproject.toml" | "Makefile" | "justfile"
        )
}

/// Whether a file is code by its name: not data, not a script of the build.
pub(super) fn is_source(file: &RelPath) -> bool {
    matches!(
        file.extension(),
        Some(
            "rs" | "py"
                | "pyi"
                | "go"
                | "ts"
                | "tsx"
                | "mts"
                | "cts"
                | "js"
                | "jsx"
                | "mjs"
                | "cjs"
                | "vue"
                | "svelte"
                | "c"
                | "h"
                | "cc"
                | "cpp"
                | "hpp"
                | "cxx"
                | "java"
                | "kt"
                | "kts"
                | "scala"
                | "swift"
                | "rb"
                | "php"
                | "cs"
                | "fs"
                | "ex"
                | "exs"
                | "erl"
                | "hs"
                | "ml"
                | "lua"
                | "pl"
                | "dart"
                | "zig"
                | "nim"
                | "jl"
                | "r"
                | "sql"
                | "proto"
                | "graphql"
        )
    )
}
