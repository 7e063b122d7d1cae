//! A sandbox around what reads a stranger's repository: no sockets, no program but git, and writing only where the command
//! writes by its nature.
//!
//! It is a second wall. The first is that no code asks for more; this one holds where that code is wrong. On Linux it is
//! made of Landlock (paths) and seccomp (system calls), as far as the kernel has them; elsewhere there is none, and
//! `oathbook --version --verbose` says so. What a sandboxed process may not do itself and a user has asked for — putting the
//! finished site in the old one's place, a report, the writer's editor — a [`broker`] does, which was started before.

pub mod broker;
#[cfg(target_os = "linux")]
mod linux;

use std::path::PathBuf;

/// What a process still may do.
#[derive(Clone, Debug, Default)]
pub struct Limits {
    /// Folders below which it writes, and files.
    pub write: Vec<PathBuf>,
}

/// What was applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// Whether writing is limited.
    pub writes: Wall,
    /// Whether starting programs is limited.
    pub programs: Wall,
    /// Whether sockets are refused.
    pub sockets: Wall,
}

/// One wall of the sandbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wall {
    /// It stands.
    Stands,
    /// It does not, and why.
    Missing(String),
}

impl std::fmt::Display for Wall {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Stands => f.write_str("limited"),
            Self::Missing(why) => write!(f, "not limited: {why}"),
        }
    }
}

/// Limits this process and all that it starts from now on. To be called before any thread is started.
#[cfg(target_os = "linux")]
pub fn apply(limits: &Limits) -> Applied {
    linux::apply(limits)
}

/// Limits this process and all that it starts from now on: on this system nothing can be limited.
#[cfg(not(target_os = "linux"))]
pub fn apply(_: &Limits) -> Applied {
    let missing = || Wall::Missing("there is no sandbox for this system".into());
    Applied { writes: missing(), programs: missing(), sockets: missing() }
}
