//! The programs and subcommands that the repository itself makes: a flag behind another program's name is not ours.

use super::Sides;
use crate::base::RelPath;
use crate::code::{self, NameKind};
use crate::world::World;
use std::collections::HashSet;

/// Own programs, and all that may stand first in a command of ours.
pub(super) struct Programs {
    names: HashSet<String>,
}

/// Words that start a program of the repository's without its name.
const RUNNERS: &[&str] = &[
    "cargo", "npx", "uvx", "pipx", "poetry", "uv", "python", "python3", "go", "node", "deno", "bun", "yarn",
    "pnpm", "npm",
];

/// Reads the manifests of the head and, where they differ, of the base.
pub(super) fn of(sides: Sides<'_>) -> Programs {
    let mut names = HashSet::new();
    let manifest = |file: &&RelPath| {
        matches!(
            file.file_name(),
            "Cargo.toml" | "package.json" | "pyproject.toml" | "setup.py" | "setup.cfg" | "go.mod"
        )
    };
    let all = sides.head.tracked(&RelPath::root());
    let mut read = |world: &dyn World, file: &RelPath| {
        let Ok(text) = world.text(file) else { return };
        for name in code::names(file, &text) {
            if matches!(name.kind, NameKind::Program | NameKind::Package) {
                names.insert(name.text);
            }
        }
    };
    for file in all.iter().filter(manifest) {
        read(sides.head, file);
    }
    for file in sides.changed.iter().filter(manifest) {
        read(sides.base, file);
    }
    // Go's programs are named by their folders, other languages' often by a file of the first level.
    for file in &all {
        let mut parts = file.as_str().split('/');
        if let (Some("cmd" | "bin"), Some(name)) = (parts.next(), parts.next()) {
            names.insert(name.split('.').next().unwrap_or(name).to_owned());
        }
    }
    Programs { names }
}

impl Programs {
    /// Whether one of the words before a flag is a program of ours, with nothing foreign in between.
    pub fn own(&self, words: &[&str]) -> bool {
        let program = |word: &str| {
            let word = word.trim_start_matches(['$', '>', '%', '(']).trim_matches(['`', '"', '\'']);
            word.rsplit(['/', '\\']).next().unwrap_or(word).trim_end_matches(".exe").to_owned()
        };
        let mut rest = words.iter().skip_while(|word| {
            matches!(
                **word,
                "$" | ">" | "%" | "#" | "sudo" | "exec" | "time" | "-" | "run:" | "command:" | "RUN" | "CMD"
            ) || word.contains('=') && !word.starts_with('-')
        });
        let Some(first) = rest.next() else { return false };
        let first = program(first);
        if self.names.contains(&first) {
            return true;
        }
        if !RUNNERS.contains(&first.as_str()) {
            return false;
        }
        // `cargo run -- --flag`, `npx tool --flag`, `python -m tool --flag`, `cargo tool --flag`.
        let rest: Vec<&str> = rest.copied().collect();
        rest.contains(&"--")
            || rest.iter().any(|word| self.names.contains(&program(word)))
                && !matches!(
                    rest.first().copied(),
                    Some("install" | "add" | "build" | "update" | "uninstall")
                )
            || rest.first().is_some_and(|word| self.names.contains(&format!("{first}-{word}")))
    }

    /// Whether a word is a program of ours.
    pub fn is_program(&self, word: &str) -> bool {
        self.names.contains(word)
    }
}
