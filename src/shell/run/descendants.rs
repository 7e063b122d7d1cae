//! Everything that a process started, and what that started: also what left its group or its session, because a process
//! that is a sub-reaper becomes the parent of all its orphans (`man 2 PR_SET_CHILD_SUBREAPER`).

use rustix::process::{Pid, Signal, WaitOptions, getpid, kill_process, waitpid};
use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

/// A process as it is told from a later one of the same number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Process {
    number: i32,
    /// Ticks since the machine started, when it began.
    begin: u64,
}

/// Becomes the parent of all orphans below.
///
/// # Errors
/// When the kernel refuses.
pub(super) fn adopt_orphans() -> std::io::Result<()> {
    Ok(rustix::process::set_child_subreaper(Some(getpid()))?)
}

struct Entry {
    process: Process,
    parent: i32,
    ended: bool,
}

/// Descendants that run; those that have ended are waited for, except `child`, for which somebody else waits.
pub(super) fn alive(child: Option<u32>) -> Vec<Process> {
    let mut below: HashMap<i32, Vec<Entry>> = HashMap::new();
    for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        let number = entry.file_name().to_str().and_then(|name| name.parse::<i32>().ok());
        if let Some(entry) = number.and_then(read) {
            below.entry(entry.parent).or_default().push(entry);
        }
    }
    let own = getpid().as_raw_nonzero().get();
    let mut out = Vec::new();
    let mut next = vec![own];
    while let Some(parent) = next.pop() {
        for entry in below.remove(&parent).into_iter().flatten() {
            let number = entry.process.number;
            next.push(number);
            if !entry.ended {
                out.push(entry.process);
            } else if parent == own && child.and_then(|child| i32::try_from(child).ok()) != Some(number) {
                // Nobody else does; where it is gone already, that is as well.
                let _ = Pid::from_raw(number).map(|pid| waitpid(Some(pid), WaitOptions::NOHANG));
            }
        }
    }
    out.sort_unstable();
    out
}

/// Waits for our own children that have ended, except `child`: a script that waits until a process is gone would else see it
/// for ever. The list is that of the only thread of a supervisor; where the kernel has none, all processes are looked at.
pub(super) fn reap(child: u32) {
    let Some(children) = read_text("/proc/thread-self/children") else {
        alive(Some(child));
        return;
    };
    let others = children.split_whitespace().filter_map(|number| number.parse::<i32>().ok());
    for number in others.filter(|number| u32::try_from(*number) != Ok(child)) {
        // One that still runs is none of those.
        let _ = Pid::from_raw(number).map(|pid| waitpid(Some(pid), WaitOptions::NOHANG));
    }
}

/// `man 5 proc_pid_stat`: number, name in parentheses, state, parent, …, begin as the 22nd.
fn read(number: i32) -> Option<Entry> {
    let stat = read_text(&format!("/proc/{number}/stat"))?;
    // A name may hold blanks and parentheses.
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_whitespace();
    let state = fields.next()?;
    let parent = fields.next()?.parse().ok()?;
    let begin = fields.nth(17)?.parse().ok()?;
    Some(Entry { process: Process { number, begin }, parent, ended: matches!(state, "Z" | "X") })
}

fn read_text(path: &str) -> Option<String> {
    let bytes = std::fs::File::open(path).and_then(|file| {
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut std::io::Read::take(file, 4_096), &mut bytes).map(|_| bytes)
    });
    bytes.ok().map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// The command line of a process by its number; empty where it shows none.
pub(super) fn line(number: impl std::fmt::Display) -> String {
    let line = read_text(&format!("/proc/{number}/cmdline")).unwrap_or_default();
    line.trim_end_matches('\0').replace('\0', " ")
}

/// How long a process that a shell has just made may still be the shell's twin. A busy machine takes milliseconds from
/// `fork` to `exec`; a subshell stays the twin, and its step waits this long in vain.
const TO_EXEC: Duration = Duration::from_millis(200);

/// The program that a process of a step runs: one that still shows the line of the step's shell is asked again.
pub(super) fn settled_program(process: Process, shell: &str) -> String {
    let begin = Instant::now();
    while !shell.is_empty() && line(process.number) == shell && begin.elapsed() < TO_EXEC {
        std::thread::sleep(Duration::from_millis(1));
    }
    program(process)
}

/// The command line of a process, as far as 200 characters; its name where it shows none.
fn program(process: Process) -> String {
    let line = line(process.number);
    let line = if line.is_empty() {
        read_text(&format!("/proc/{}/comm", process.number)).unwrap_or_default().trim().to_owned()
    } else {
        line
    };
    line.chars().take(200).collect()
}

/// Sends a signal to processes.
pub(super) fn signal(processes: &[Process], signal: Signal) {
    for process in processes {
        let same = read(process.number).is_some_and(|entry| entry.process == *process);
        if let Some(pid) = Pid::from_raw(process.number).filter(|_| same) {
            // It may have ended meanwhile.
            let _ = kill_process(pid, signal);
        }
    }
}

/// Ends all descendants but those to be kept, at once: they are stopped first, so that none can start another meanwhile.
pub(super) fn kill(child: Option<u32>, kept: &HashSet<Process>) {
    let others =
        || -> Vec<Process> { alive(child).into_iter().filter(|process| !kept.contains(process)).collect() };
    let mut stopped = 0;
    for _ in 0..50 {
        let now = others();
        signal(&now, Signal::STOP);
        if now.len() == stopped {
            break;
        }
        stopped = now.len();
    }
    let begin = Instant::now();
    loop {
        let now = others();
        if now.is_empty() || begin.elapsed() > Duration::from_secs(5) {
            return;
        }
        signal(&now, Signal::KILL);
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Asks all descendants to end, and ends those that have not after `grace`.
pub(super) fn end(grace: Duration) {
    signal(&alive(None), Signal::TERM);
    let begin = Instant::now();
    while !alive(None).is_empty() && begin.elapsed() < grace {
        std::thread::sleep(Duration::from_millis(10));
    }
    kill(None, &HashSet::new());
}
