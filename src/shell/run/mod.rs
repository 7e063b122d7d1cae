//! Running a runbook: phase by phase under one supervisor, each step held against what the page says.
//!
//! Steps run on Linux alone: only there a process becomes the parent of all its orphans, without which nobody could
//! promise that none is left.

#[cfg(target_os = "linux")]
mod clock;
#[cfg(target_os = "linux")]
mod descendants;
#[cfg(target_os = "linux")]
mod engine;
#[cfg(target_os = "linux")]
mod handle;
#[cfg(target_os = "linux")]
mod place;
pub mod sign;
#[cfg(target_os = "linux")]
pub mod supervisor;
#[cfg(target_os = "linux")]
mod talk;

#[cfg(target_os = "linux")]
pub use engine::run;

#[cfg(not(target_os = "linux"))]
use crate::runs::evidence::Run;
use crate::runs::redact::Secrets;
use crate::runs::target::Target;
use crate::runs::{Phase, Runbook, Step};
#[cfg(not(target_os = "linux"))]
use crate::shell::Error;
use crate::shell::process::{self, Start};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Where programs are found, if a target says nothing else.
pub(crate) const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// What a run needs.
pub struct Setup<'s> {
    /// The runbook.
    pub runbook: &'s Runbook,
    /// Where it runs.
    pub target: (&'s str, &'s Target),
    /// Values of its secrets, by name.
    pub secrets: &'s [(String, String)],
    /// How they are found in outputs.
    pub hidden: &'s Secrets,
    /// The repository.
    pub root: &'s Path,
    /// Only phases that read.
    pub diagnose: bool,
    /// Whether somebody asked to stop.
    pub stopped: &'s Stopped,
}

/// What happens while it runs.
pub enum Event<'e> {
    /// A step begins.
    Begins(&'e Step),
    /// It runs for so long, and has just written a line.
    Runs(Duration, Option<&'e str>),
    /// It has ended after so long; why it failed.
    Ends(Duration, Option<&'e str>),
    /// The steps of a phase follow because one has failed, or at the end.
    Turns(Phase),
}

/// Counts how often Ctrl-C was pressed, or somebody else asked this process to end.
#[derive(Clone, Debug, Default)]
pub struct Stopped {
    asked: Arc<AtomicBool>,
    times: Arc<AtomicUsize>,
}

impl Stopped {
    /// Listens from now on.
    ///
    /// # Errors
    /// When the system refuses.
    #[cfg(target_os = "linux")]
    pub fn listen() -> std::io::Result<Self> {
        let out = Self::default();
        // SIGHUP, SIGINT, SIGTERM: the terminal is closed, Ctrl-C, `kill`.
        for signal in [1, 2, 15] {
            signal_hook::flag::register(signal, out.asked.clone())?;
        }
        Ok(out)
    }

    /// Whether somebody has asked since this was asked last.
    pub fn again(&self) -> bool {
        let asked = self.asked.swap(false, Ordering::SeqCst);
        if asked {
            self.times.fetch_add(1, Ordering::SeqCst);
        }
        asked
    }

    /// Whether somebody has asked at all.
    pub fn ever(&self) -> bool {
        self.times.load(Ordering::SeqCst) > 0 || self.asked.load(Ordering::SeqCst)
    }
}

/// The time, as in evidence: `2026-11-20T03:15:02Z`.
#[expect(clippy::disallowed_methods, reason = "the clock is read here, once a run")]
pub fn now() -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    stamp(seconds)
}

/// Seconds since 1970 as a time in UTC.
fn stamp(seconds: u64) -> String {
    let date = crate::base::Date::from_unix(i64::try_from(seconds).unwrap_or(0));
    let (hour, minute, second) = (seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60);
    format!("{date}T{hour:02}:{minute:02}:{second:02}Z")
}

/// Runs a runbook.
///
/// # Errors
/// On this system always: steps run on Linux alone.
#[cfg(not(target_os = "linux"))]
pub fn run(_: &Setup<'_>, _: Run, _: &mut dyn FnMut(&Event<'_>)) -> Result<Run, Error> {
    Err(Error::new(
        "run",
        "a step",
        "runbooks run on Linux alone: nowhere else can it be promised that none is left",
    ))
}

/// The version of the bash that runs steps, as it says itself: `5.2.15(1)-release`.
pub fn bash_version() -> Option<String> {
    let command = ["bash", "-c", "printf %s \"$BASH_VERSION\""];
    let timeout = Duration::from_secs(10);
    let ran =
        process::run(Start { command: &command, folder: Path::new("/"), variables: &[], input: "", timeout });
    ran.ok().map(|ran| ran.stdout).filter(|version| !version.is_empty() && version.len() < 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_in_utc() {
        assert_eq!(stamp(0), "1970-01-01T00:00:00Z");
        // `date -ud @1795144502 +%FT%TZ`
        assert_eq!(stamp(1_795_144_502), "2026-11-20T03:15:02Z");
    }

    #[test]
    fn whoever_asks_to_stop_is_heard_once_and_remembered() {
        let stopped = Stopped::default();
        assert!(!stopped.again() && !stopped.ever());
        stopped.asked.store(true, Ordering::SeqCst);
        assert!(stopped.ever() && stopped.again() && !stopped.again() && stopped.ever());
    }
}
