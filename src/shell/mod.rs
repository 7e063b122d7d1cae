//! All input and output: disk, git, processes, the clock, writing, serving.

pub mod disk;
pub mod failure;
pub mod git;
pub mod http;
pub mod links;
pub mod probe;
pub mod process;
pub mod progress;
pub mod run;
pub mod samples;
pub mod sandbox;
pub mod serve;
pub mod watch;
pub mod write;

use std::fmt;
use std::path::{Path, PathBuf};

/// Something the machine refused.
#[derive(Debug)]
pub struct Error {
    /// What was tried, as in `write`.
    pub action: &'static str,
    /// On what.
    pub path: PathBuf,
    /// The system's words.
    pub cause: String,
    /// Whether the user can mend it: a folder that holds something else, a template that does not render.
    pub users: bool,
}

impl Error {
    /// An error with the system's words.
    pub fn new(action: &'static str, path: impl AsRef<Path>, cause: impl fmt::Display) -> Self {
        Self { action, path: path.as_ref().to_owned(), cause: cause.to_string(), users: false }
    }

    /// An error that another process said in whole.
    pub fn said(words: impl Into<String>) -> Self {
        Self { action: "", path: PathBuf::new(), cause: words.into(), users: false }
    }

    /// The same, as something that the user can mend.
    #[must_use]
    pub fn for_the_user(self) -> Self {
        Self { users: true, ..self }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.action.is_empty() {
            return f.write_str(&self.cause);
        }
        write!(f, "cannot {} {}: {}", self.action, self.path.display(), self.cause)
    }
}

/// mdBook's environment variables.
pub fn overrides() -> Vec<(String, String)> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .filter(|(name, _)| name.starts_with("MDBOOK_"))
        .collect()
}

/// Seconds since 1970.
#[expect(clippy::disallowed_methods, reason = "the clock is read here and nowhere else")]
pub fn now() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(0)
}

/// A number that nobody can guess, of the system's random ones.
pub fn random() -> u64 {
    use std::hash::{BuildHasher as _, Hasher as _};
    std::hash::RandomState::new().build_hasher().finish()
}

/// Today's date in UTC.
pub fn today() -> crate::base::Date {
    crate::base::Date::from_unix(now())
}
