//! What is read of a repository beside its pages: manifests, owners, the lock, git's lists, code.

use super::{parts, text};
use crate::base::{RelPath, Span};
use crate::code;
use crate::evidence::lock::{Lines, Lock};
use crate::evidence::reviews::owners::CodeOwners;
use crate::rust::manifest::{self, Manifest, Packages, resolve_features};
use crate::shell::git;
use crate::world::MemoryWorld;

/// Parts separated by NUL bytes: `Cargo.toml`, those of two folders below, and `Cargo.lock`.
pub fn manifest(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let mut world =
        MemoryWorld::new().with("a/src/lib.rs", "").with("src/main.rs", "").with("b/c/src/x.rs", "");
    for (name, part) in
        ["Cargo.toml", "a/Cargo.toml", "b/c/Cargo.toml", "Cargo.lock"].into_iter().zip(parts(text))
    {
        world.set(name, part);
        match Manifest::parse(part) {
            Ok(found) => {
                assert_manifest(&found, part);
                // What can be read of a whole text is all of it.
                assert_eq!(format!("{found:?}"), format!("{:?}", Manifest::recover(part)));
            }
            Err(broken) => assert!(part.get(broken.span.range()).is_some(), "{broken:?}"),
        }
        assert_manifest(&Manifest::recover(part), part);
        if let Ok(profiles) = manifest::profiles(part) {
            assert_eq!(manifest::profiles(&profiles), Ok(profiles.clone()));
        }
    }
    for folder in ["", "a", "b/c/src"] {
        let Ok(folder) = RelPath::parse(folder) else { continue };
        let packages = Packages::load(&world, &folder);
        for (index, package) in packages.list.iter().enumerate() {
            resolve_features(&packages, index, &["x".to_owned()], true);
            packages.lock.version(&package.name, "1");
        }
    }
}

fn assert_manifest(manifest: &Manifest, text: &str) {
    let mut spans: Vec<Span> = manifest.all_dependencies().map(|one| one.key.span).collect();
    spans.extend(manifest.features.iter().map(|(key, _)| key.span));
    spans.extend(manifest.package.iter().flat_map(|package| [package.key, package.name.span]));
    spans.extend(manifest.workspace.iter().flat_map(|one| one.members.iter().map(|member| member.span)));
    for span in spans {
        assert!(text.get(span.range()).is_some(), "{span:?}");
    }
}

/// `CODEOWNERS`.
pub fn owners(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let owners = CodeOwners::parse(text);
    for file in ["README.md", "docs/a.md", "docs/api/b c.md", "x/[a].md", "a/b/c/d/e/f/g.md"] {
        owners.of(file);
        // The last rule that matches says who owns, whatever stands before it.
        let last = CodeOwners::parse(&format!("{text}\n* @last @two\n"));
        assert_eq!(last.of(file).as_deref(), Some("@last, @two"));
    }
}

/// `docs.lock`: what is read is written, and read the same.
pub fn lock(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let lock = Lock::parse(text);
    for (message, span) in &lock.problems {
        assert!(text.get(span.range()).is_some(), "{message}");
    }
    let written = lock.text();
    assert_eq!(Lock::parse(&written), Lock { problems: Vec::new(), ..lock.clone() });
    let lines = Lines::of(&written);
    for (page, target) in lock.bindings.keys() {
        let line = written.get(lines.get(page, target).range()).unwrap_or("");
        let alone = Lock::parse(&format!("[bindings]\n{line}\n"));
        let key = (page.clone(), target.clone());
        assert_eq!(alone.bindings.get(&key), lock.bindings.get(&key));
    }
    let _ = Lines::of(text);
}

/// What git answers: a folder of a commit, the index, and a list of paths. What is read is written as git would, and read
/// the same.
pub fn tree(bytes: &[u8]) {
    for length in [20, 32] {
        let entries = git::folder_entries(bytes, length);
        let mut written = Vec::new();
        for entry in &entries {
            assert!(entry.object.len() == 2 * length && !(entry.folder && entry.link));
            let mode = if entry.folder { "40000" } else { "120000" };
            let mode = if entry.folder || entry.link { mode } else { "100644" };
            written.extend_from_slice(format!("{mode} {}\0", entry.name).as_bytes());
            written.extend(entry.object.as_bytes().chunks(2).filter_map(byte));
        }
        assert_eq!(git::folder_entries(&written, length), entries);
    }
    let index = git::index_entries(bytes);
    let mut written = Vec::new();
    for (path, entry) in &index {
        let git::IndexEntry { object, modified: (seconds, nanos), inode, size, flags, mode, settled } = entry;
        let stage = i32::from(!settled);
        written.extend_from_slice(format!(
            "{mode} {object} {stage}\t{path}\0  ctime: 0:0\n  mtime: {seconds}:{nanos}\n  dev: 0\tino: {inode}\n  uid: 0\tgid: 0\n  size: {size}\tflags: {flags:x}\n"
        ).as_bytes());
    }
    assert_eq!(git::index_entries(&written), index);
    let paths = git::listed_paths(bytes);
    let listed: Vec<&str> = paths.iter().map(RelPath::as_str).collect();
    assert_eq!(git::listed_paths(listed.join("\0").as_bytes()), paths);
    assert!(paths.iter().all(|path| !path.as_str().split('/').any(|part| matches!(part, "" | "." | ".."))));
}

fn byte(digits: &[u8]) -> Option<u8> {
    u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

/// A name for each language whose names are read.
const LANGUAGES: &[&str] = &[
    "a.go",
    "a.py",
    "a.ts",
    "a.tsx",
    "a.js",
    "a.rs",
    "Cargo.toml",
    "package.json",
    "pyproject.toml",
    "go.mod",
    "Makefile",
    "justfile",
    "a.toml",
    "a.yaml",
];

/// Code in every language whose names are read; the first byte chooses.
pub fn names(bytes: &[u8]) {
    let Some((first, rest)) = bytes.split_first() else { return };
    let Some(text) = text(rest) else { return };
    let Some(name) = LANGUAGES.get(usize::from(*first) % LANGUAGES.len()) else { return };
    let Ok(path) = RelPath::parse(name) else { return };
    for found in code::names(&path, text) {
        assert!(text.get(found.span.range()).is_some(), "{found:?}");
        assert!(text.get(found.whole.range()).is_some(), "{found:?}");
        assert!(code::spellings(&found.text).iter().all(|form| form.len() > 1));
    }
    let bare = code::without_comments(&path, text);
    assert!(bare.len() <= text.len(), "{name}");
}
