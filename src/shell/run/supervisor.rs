//! The process under which all steps of a run live: this program again, started with a hidden command.
//!
//! It is the sub-reaper of everything that steps start, and holds a pipe to its parent. When that ends, however it ends,
//! the supervisor ends all descendants and itself. Both talk in lines of JSON over its standard input and output.

use super::descendants::{self, Process};
use super::talk::{Answer, Ended, Piece, Request, Script};
use crate::shell::write;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, PidfdFlags, pidfd_open};
use std::collections::HashSet;
use std::io::Write as _;
use std::os::fd::{AsFd as _, OwnedFd};
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The hidden command that starts one.
pub const COMMAND: &str = "__supervise";

/// Output of a step that is compared, from its beginning: 1 MiB.
pub(super) const HEAD: usize = 1 << 20;

/// Output of a step that is kept of its end: 64 KiB.
const TAIL: usize = 1 << 16;

/// From the request to end to the end by force.
const GRACE: Duration = Duration::from_secs(1);

/// How often children that have ended are waited for while a step runs.
const REAPS: Duration = Duration::from_millis(20);

/// How often the parent hears of a step that runs.
const PULSE: Duration = Duration::from_millis(200);

/// One of the two outputs of a step.
#[derive(Default)]
struct Stream {
    pipe: Option<OwnedFd>,
    head: Vec<u8>,
    tail: Vec<u8>,
    bytes: u64,
}

impl Stream {
    /// Of the end of a pipe that is read without waiting.
    fn new(pipe: Option<OwnedFd>) -> Self {
        if let Some(pipe) = &pipe {
            let flags = rustix::fs::fcntl_getfl(pipe).unwrap_or(rustix::fs::OFlags::empty());
            // Where it cannot be set, a read waits for more, and the time limit is only kept between two of them.
            let _ = rustix::fs::fcntl_setfl(pipe, flags | rustix::fs::OFlags::NONBLOCK);
        }
        Self { pipe, ..Self::default() }
    }

    /// Takes what is there, 4 MiB at most, so that whoever writes without end does not keep the clock from being seen.
    fn take(&mut self, piece: &mut [u8]) {
        for _ in 0..64 {
            let Some(pipe) = &self.pipe else { return };
            match rustix::io::read(pipe, &mut *piece) {
                Ok(0) => self.pipe = None,
                Ok(read) => self.keep(piece.get(..read).unwrap_or_default()),
                Err(rustix::io::Errno::INTR) => {}
                Err(rustix::io::Errno::AGAIN) => return,
                Err(_) => self.pipe = None,
            }
        }
    }

    fn keep(&mut self, piece: &[u8]) {
        self.bytes += piece.len() as u64;
        let room = HEAD.saturating_sub(self.head.len()).min(piece.len());
        let (first, rest) = piece.split_at(room);
        self.head.extend_from_slice(first);
        self.tail.extend_from_slice(rest);
        if self.tail.len() > 4 * TAIL {
            self.tail.drain(..self.tail.len() - TAIL);
        }
    }

    fn piece(&self) -> Piece {
        let tail = self.tail.get(self.tail.len().saturating_sub(TAIL)..).unwrap_or_default();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Piece { bytes: self.bytes, head: text(&self.head), tail: text(tail) }
    }

    /// The last whole line, if it is no longer than 1,000 bytes.
    fn last_line(&self) -> Option<&[u8]> {
        let all = if self.tail.is_empty() { &self.head } else { &self.tail };
        let end = all.iter().rposition(|byte| *byte == b'\n')?;
        let before = all.get(..end)?;
        let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        before.get(start..).filter(|line| line.len() <= 1_000 && (start > 0 || self.tail.is_empty()))
    }
}

struct Supervisor {
    input: OwnedFd,
    /// What was read of the parent's and is no whole line yet.
    unread: Vec<u8>,
    /// The parent is gone.
    alone: bool,
    /// Outputs of what earlier steps left running: read, so that it is not ended by writing, and forgotten.
    left: Vec<Stream>,
    /// What earlier steps left running.
    known: HashSet<Process>,
    piece: Vec<u8>,
    /// Where steps work.
    folder: Option<PathBuf>,
}

/// The supervisor's side: runs what it is asked to until its input ends. Whether all that was said could be understood.
pub fn serve() -> bool {
    let Ok(input) = std::io::stdin().as_fd().try_clone_to_owned() else { return false };
    let mut supervisor = Supervisor {
        input,
        unread: Vec::new(),
        alone: false,
        left: Vec::new(),
        known: HashSet::new(),
        piece: vec![0; 1 << 16],
        folder: None,
    };
    let ready = descendants::adopt_orphans().map_err(|error| error.to_string());
    say(&ready.map_or_else(Answer::Refused, |()| Answer::Ready));
    let mut understood = true;
    while !supervisor.alone {
        match supervisor.next(None) {
            Some(Request::Run(script)) => {
                let answer = supervisor.run(&script);
                say(&answer);
            }
            Some(Request::Stop) => {}
            Some(Request::End) => break,
            None => understood = supervisor.alone,
        }
        if !understood {
            break;
        }
    }
    if supervisor.alone {
        descendants::kill(None, &HashSet::new());
        // Nobody else takes away the databases and keys that steps made until the next run.
        supervisor.folder.as_deref().map(write::empty);
    } else {
        descendants::end(GRACE);
        say(&Answer::Gone);
    }
    understood
}

/// Tells the parent; one that is gone hears nothing.
fn say(answer: &Answer) {
    let Ok(mut line) = serde_json::to_string(answer) else { return };
    line.push('\n');
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(line.as_bytes()).and_then(|()| out.flush());
}

impl Supervisor {
    /// The parent's next request; none when it is gone, when it cannot be understood, or when `wait` is over.
    fn next(&mut self, wait: Option<Duration>) -> Option<Request> {
        loop {
            if let Some(end) = self.unread.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.unread.drain(..=end).collect();
                return serde_json::from_slice(&line).ok();
            }
            let ready = self.poll(&[], wait);
            if ready.first() != Some(&true) {
                if wait.is_some() {
                    return None;
                }
                continue;
            }
            match rustix::io::read(&self.input, &mut *self.piece) {
                Ok(0) => {
                    self.alone = true;
                    return None;
                }
                Ok(read) => self.unread.extend_from_slice(self.piece.get(..read).unwrap_or_default()),
                Err(rustix::io::Errno::INTR | rustix::io::Errno::AGAIN) => {}
                Err(_) => {
                    self.alone = true;
                    return None;
                }
            }
        }
    }

    /// Waits for the parent, for what steps left running, and for others; which of the parent and the others are ready.
    fn poll(&mut self, others: &[&OwnedFd], wait: Option<Duration>) -> Vec<bool> {
        let (count, input) = (1 + others.len(), &self.input);
        let mut all = vec![PollFd::new(input, PollFlags::IN)];
        all.extend(others.iter().map(|other| PollFd::new(*other, PollFlags::IN)));
        let pipes = self.left.iter().filter_map(|stream| stream.pipe.as_ref());
        all.extend(pipes.map(|pipe| PollFd::new(pipe, PollFlags::IN)));
        let wait = wait.and_then(|wait| Timespec::try_from(wait).ok());
        // A signal ends the wait early, which is no error.
        let _ = poll(&mut all, wait.as_ref());
        let ready = all.iter().take(count).map(|one| !one.revents().is_empty()).collect();
        drop(all);
        for stream in &mut self.left {
            stream.take(&mut self.piece);
            // Nobody asks for it.
            stream.head.clear();
            stream.tail.clear();
        }
        self.left.retain(|stream| stream.pipe.is_some());
        ready
    }

    fn run(&mut self, script: &Script) -> Answer {
        self.known = descendants::alive(None).into_iter().collect();
        self.folder = Some(script.folder.clone());
        let mut child = match start(script) {
            Ok(child) => child,
            Err(error) => return Answer::Refused(format!("bash cannot be started: {error}")),
        };
        let begin = Instant::now();
        let shell = descendants::line(child.id());
        let mut out = Stream::new(child.stdout.take().map(OwnedFd::from));
        let mut err = Stream::new(child.stderr.take().map(OwnedFd::from));
        let limit = Duration::from_millis(script.timeout_ms);
        let (timed_out, stopped) = self.wait(&mut child, (&mut out, &mut err), (begin, limit));
        let status = child.wait().ok();
        out.take(&mut self.piece);
        err.take(&mut self.piece);
        let mut left = Vec::new();
        for process in descendants::alive(None) {
            if self.known.insert(process) {
                left.push(descendants::settled_program(process, &shell));
            }
        }
        let ended = Ended {
            exit: status.and_then(|status| status.code()),
            signal: status.and_then(|status| status.signal()),
            timed_out,
            stopped,
            stdout: out.piece(),
            stderr: err.piece(),
            left,
        };
        self.left.extend([out, err].into_iter().filter(|stream| stream.pipe.is_some()));
        Answer::Ended(Box::new(ended))
    }

    /// Waits for the end of a step, and brings it about when its time is up or the parent asks; whether it did either.
    fn wait(
        &mut self,
        child: &mut Child,
        (out, err): (&mut Stream, &mut Stream),
        (begin, limit): (Instant, Duration),
    ) -> (bool, bool) {
        let number = child.id();
        let pid = i32::try_from(number).ok().and_then(Pid::from_raw);
        let watch = pid.and_then(|pid| pidfd_open(pid, PidfdFlags::empty()).ok());
        let (mut timed_out, mut stopped) = (false, false);
        let mut ending: Option<Instant> = None;
        let mut told = Instant::now();
        loop {
            let fds: Vec<&OwnedFd> =
                [out.pipe.as_ref(), err.pipe.as_ref(), watch.as_ref()].into_iter().flatten().collect();
            let pause = if ending.is_some() || watch.is_none() {
                Duration::from_millis(5)
            } else {
                REAPS.min(limit.saturating_sub(begin.elapsed()))
            };
            let asked = self.poll(&fds, Some(pause)).first() == Some(&true);
            out.take(&mut self.piece);
            err.take(&mut self.piece);
            if asked && let Some(Request::Stop) = self.next(Some(Duration::ZERO)) {
                stopped = true;
            }
            if self.alone {
                descendants::kill(Some(number), &HashSet::new());
                return (timed_out, true);
            }
            descendants::reap(number);
            timed_out |= ending.is_none() && begin.elapsed() >= limit;
            let over = matches!(child.try_wait(), Ok(Some(_)) | Err(_));
            match ending {
                None if over && !timed_out && !stopped => return (false, false),
                None if timed_out || stopped => {
                    descendants::signal(&self.of_step(number), rustix::process::Signal::TERM);
                    ending = Some(Instant::now());
                }
                Some(since) if since.elapsed() >= GRACE => {
                    descendants::kill(Some(number), &self.known.clone());
                    return (timed_out, stopped);
                }
                Some(_) if over && self.of_step(number).is_empty() => return (timed_out, stopped),
                _ => {}
            }
            if told.elapsed() >= PULSE {
                told = Instant::now();
                if let Some(line) = out.last_line().or_else(|| err.last_line()) {
                    say(&Answer::Line(String::from_utf8_lossy(line).into_owned()));
                }
            }
        }
    }

    /// What the step that runs has started, itself included.
    fn of_step(&self, child: u32) -> Vec<Process> {
        descendants::alive(Some(child)).into_iter().filter(|process| !self.known.contains(process)).collect()
    }
}

fn start(script: &Script) -> std::io::Result<Child> {
    #[expect(clippy::disallowed_methods, reason = "steps of runbooks are started here and nowhere else")]
    let mut bash = Command::new("bash");
    bash.args(["-euo", "pipefail", "-c", &script.code]);
    bash.env_clear().envs(script.variables.iter().map(|(name, value)| (name, value)));
    bash.current_dir(&script.folder).process_group(0);
    bash.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()
}
