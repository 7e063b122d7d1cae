//! git, through its own program: which files it tracks, and a commit's files as a world.
//!
//! A library for git's objects would bring about 200 crates for what three commands answer; the decision page
//! `git-objects` has the figures. The repository is a stranger's, its configuration too: no command that could start a
//! filter, a hook, a pager, a signature's checker or a transport is used, see [`command`].

mod command;
mod commit;
mod history;
mod objects;
mod work_tree;

pub use commit::commit;
pub use history::{commits_of, first_parents, last_changes, merge_base, resolve};
pub use objects::GitWorld;
pub(crate) use objects::entries as folder_entries;
pub(crate) use work_tree::{Entry as IndexEntry, entries as index_entries, paths as listed_paths};
pub use work_tree::{Tracked, changed, ignored, tracked};

use std::fmt;

/// Why git has no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What is wrong, and what to do.
    pub words: String,
    /// Whether the question was wrong (a revision that does not exist), and not the machine.
    pub users: bool,
}

impl Refusal {
    fn machine(words: impl Into<String>) -> Self {
        Self { words: words.into(), users: false }
    }

    fn usage(words: impl Into<String>) -> Self {
        Self { words: words.into(), users: true }
    }
}

impl std::error::Error for Refusal {}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)
    }
}
