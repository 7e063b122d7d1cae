//! The process that does what its sandboxed parent may not: it is told once what it may do, reads nothing of the
//! repository, and does it when it is asked.
//!
//! It is this program again, started with a hidden command. Both talk in lines of JSON over its standard input and output.
//! When the parent ends, however it ends, the input closes: the broker tidies the staging folder and ends, too.

use crate::shell::{Error, serve::desktop, write};
use serde::{Deserialize, Serialize};
use std::ffi::OsString;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// The hidden command that starts one.
pub const COMMAND: &str = "__broker";

/// What a broker may do.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Grants {
    /// The place of a site that it may exchange.
    pub site: Option<PathBuf>,
    /// Files that it may write, as the user named them.
    pub reports: Vec<PathBuf>,
    /// The folder whose files it may show in the writer's editor, and that it may open a browser.
    pub desktop: Option<PathBuf>,
}

#[derive(Serialize, Deserialize)]
enum Request {
    /// Put the site of that name in the staging folder in the old one's place.
    Exchange(String),
    /// Write so many bytes, which follow, to the report of that number.
    Report(usize, u64),
    Edit(PathBuf, u32),
    Browse(String),
}

#[derive(Serialize, Deserialize)]
struct Answer {
    done: bool,
    cause: String,
    users: bool,
}

/// A running broker; it ends when it is dropped, and is waited for.
pub struct Broker {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Broker {
    /// Starts one; none where this program cannot start itself, and then nothing is to be limited.
    #[expect(clippy::disallowed_methods, reason = "this program is started here as its own broker")]
    pub fn start(grants: &Grants) -> Option<Self> {
        let mut child = Command::new(std::env::current_exe().ok()?)
            .arg(COMMAND)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .ok()?;
        let (mut input, output) = (child.stdin.take()?, child.stdout.take()?);
        let said = serde_json::to_string(grants).ok()?;
        writeln!(input, "{said}").ok()?;
        Some(Self { child, input: Some(input), output: BufReader::new(output) })
    }

    /// Puts a staged site in its place.
    ///
    /// # Errors
    /// When the disk refuses, or the broker is gone.
    pub fn exchange(&mut self, fresh: &OsString) -> Result<(), Error> {
        self.ask(&Request::Exchange(fresh.to_string_lossy().into_owned()), &[])
    }

    /// Writes the report of a number.
    ///
    /// # Errors
    /// As [`write::named`].
    pub fn report(&mut self, number: usize, bytes: &[u8]) -> Result<(), Error> {
        self.ask(&Request::Report(number, bytes.len() as u64), bytes)
    }

    /// Opens a file at a line in the writer's editor; whether one was started.
    pub fn edit(&mut self, file: &Path, line: u32) -> bool {
        self.ask(&Request::Edit(file.to_owned(), line), &[]).is_ok()
    }

    /// Shows an address in a browser; whether one was started.
    pub fn browse(&mut self, address: &str) -> bool {
        self.ask(&Request::Browse(address.to_owned()), &[]).is_ok()
    }

    fn ask(&mut self, request: &Request, bytes: &[u8]) -> Result<(), Error> {
        let gone = |cause: std::io::Error| Error::new("ask", "the broker", cause);
        let Some(input) = &mut self.input else {
            return Err(Error::new("ask", "the broker", "it has ended"));
        };
        let said = serde_json::to_string(request).map_err(|cause| gone(cause.into()))?;
        writeln!(input, "{said}")
            .and_then(|()| input.write_all(bytes))
            .and_then(|()| input.flush())
            .map_err(gone)?;
        let mut line = String::new();
        self.output.read_line(&mut line).map_err(gone)?;
        let answer: Answer = serde_json::from_str(&line).map_err(|cause| gone(cause.into()))?;
        match answer {
            Answer { done: true, .. } => Ok(()),
            Answer { cause, users, .. } => Err(Error { users, ..Error::said(cause) }),
        }
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        // Its input ends, so it does; waiting for it leaves no folder that it has yet to tidy.
        self.input = None;
        let _ = self.child.wait();
    }
}

/// The broker's side: does what it is asked until its input ends. Whether all that was said could be understood.
pub fn serve() -> bool {
    let mut input = BufReader::new(std::io::stdin().lock());
    let mut line = String::new();
    let Some(grants) =
        input.read_line(&mut line).ok().and_then(|_| serde_json::from_str::<Grants>(&line).ok())
    else {
        return false;
    };
    loop {
        line.clear();
        if !input.read_line(&mut line).is_ok_and(|read| read > 0) {
            break;
        }
        let Ok(request) = serde_json::from_str::<Request>(&line) else { return false };
        let answer = match act(&grants, request, &mut input) {
            Ok(()) => Answer { done: true, cause: String::new(), users: false },
            Err(error) => Answer { done: false, cause: error.to_string(), users: error.users },
        };
        let Ok(said) = serde_json::to_string(&answer) else { return false };
        let mut out = std::io::stdout().lock();
        if writeln!(out, "{said}").and_then(|()| out.flush()).is_err() {
            break;
        }
    }
    grants.site.as_deref().map(write::tidy);
    true
}

fn act(grants: &Grants, request: Request, input: &mut impl std::io::BufRead) -> Result<(), Error> {
    let refused = |what: &str| Err(Error::new("do", what, "the broker was not told that it may"));
    match request {
        Request::Exchange(fresh) => match &grants.site {
            Some(out) => write::exchange(out, fresh.as_ref()),
            None => refused("exchange"),
        },
        Request::Report(number, size) => {
            let mut bytes = Vec::new();
            let read = input.take(size).read_to_end(&mut bytes);
            read.map_err(|cause| Error::new("read", "a report", cause))?;
            match grants.reports.get(number) {
                Some(file) => write::named(file, &bytes),
                None => refused("report"),
            }
        }
        Request::Edit(file, line) => match &grants.desktop {
            Some(root) if file.starts_with(root) && desktop::edit(&file, line) => Ok(()),
            _ => refused("edit"),
        },
        Request::Browse(address) => {
            let ours = grants.desktop.is_some() && address.starts_with("http://");
            if ours && desktop::browse(&address) { Ok(()) } else { refused("browse") }
        }
    }
}
