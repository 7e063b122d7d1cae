//! `oathbook review`: shows what changed in the code that a page is bound to, and records the answer.

use super::session::Session;
use super::{Context, Exit, print_bytes, push_line};
use crate::base::{LinePairs, RelPath, plain, plain_line};
use crate::evidence::bindings::{self, Binding, Bindings, State};
use crate::evidence::lock::{self, Lock, Stamp};
use crate::evidence::reviews::Reviews;
use crate::pipeline::Opened;
use crate::report::count;
use crate::rust::pin::Pin;
use crate::shell::{disk::DiskWorld, git, write};
use crate::world::World;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  oathbook review                   list the pages whose code has changed since they were read
  oathbook review docs/limits.md    show what changed; a page that was edited since is recorded
  oathbook review docs/limits.md --unchanged \"only a type parameter was renamed\" --role docs-team";

/// Arguments of `review`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct ReviewArguments {
    /// The pages, from the current folder or from the repository's root.
    pages: Vec<PathBuf>,
    /// The page is right as it is: why. Kept in docs.lock, and shown on the pull request.
    #[arg(long, value_name = "REASON")]
    unchanged: Option<String>,
    /// Who says so: a team or a role [default: the page's `owner`].
    #[arg(long, value_name = "ROLE", requires = "unchanged")]
    role: Option<String>,
    /// The folder of the book.
    #[arg(long, value_name = "DIR", default_value = ".")]
    dir: PathBuf,
}

/// Commits that are looked through for what a page was held against.
const MOST_COMMITS: usize = 200;

pub(super) fn review(context: &Context, arguments: &ReviewArguments) -> Exit {
    let session = match Session::open_to_write(context, &arguments.dir) {
        Ok(session) => session,
        Err(exit) => return exit,
    };
    let (world, root) = (&session.world, &session.root);
    if arguments.unchanged.as_ref().is_some_and(|reason| reason.trim().is_empty()) {
        context.error("a reason has words");
        return Exit::Usage;
    }
    let mut wanted = BTreeSet::new();
    for page in &arguments.pages {
        let written = page.to_string_lossy();
        let candidates = [root.join(&written), RelPath::parse(&written)];
        match candidates.into_iter().flatten().find(|path| world.kind(path).is_some()) {
            Some(path) => wanted.insert(path),
            None => {
                context.error(&format!("there is no page `{written}`"));
                return Exit::Usage;
            }
        };
    }
    let mut exit = Exit::Clean;
    let mut known = BTreeSet::new();
    for project in session.projects() {
        let opened = session.opened(&project);
        let bindings = &opened.of::<Bindings>().list;
        known.extend(bindings.iter().map(|one| opened.site().pages[one.page].source.clone()));
        let done = if wanted.is_empty() {
            list(bindings)
        } else {
            answer(context, arguments, world, &opened, &wanted)
        };
        exit = exit.and(done);
    }
    for page in wanted.difference(&known) {
        context.error(&format!("`{page}` says of no code that it tells of it; add `source: [src/file.rs#Item]` to its front matter"));
        exit = exit.and(Exit::Usage);
    }
    exit
}

/// What is to be looked at, a line each.
fn list(bindings: &[Binding]) -> Exit {
    let mut out = String::new();
    for binding in bindings {
        let what = match &binding.state {
            State::Holds => continue,
            State::Never(_) => "never recorded: `oathbook update`",
            State::Signature(_) => "its signature has changed",
            State::Body(_) => "its body has changed",
            State::Moved { .. } => "it has moved: `oathbook check --fix`",
            State::Gone(_) => "it is gone",
            State::GaveUp => "it was not looked for to the end: `oathbook check` says why",
        };
        push_line(&mut out, &format!("{} -> {}: {what}", binding.key, binding.target));
    }
    let exit = if out.is_empty() { Exit::Clean } else { Exit::Findings };
    exit.and(print_bytes(out.as_bytes()))
}

/// Shows each change of some pages and records what is said of them.
fn answer(
    context: &Context,
    arguments: &ReviewArguments,
    world: &DiskWorld,
    opened: &Opened<'_>,
    wanted: &BTreeSet<RelPath>,
) -> Exit {
    let held = opened.of::<Lock>();
    let mut lock = held.clone();
    let mut exit = Exit::Clean;
    let mut stamped = 0;
    for binding in &opened.of::<Bindings>().list {
        let page = &opened.site().pages[binding.page];
        let Some(now) = binding.now().filter(|_| wanted.contains(&page.source)) else { continue };
        let old = held.bindings.get(&(binding.key.clone(), binding.target.clone()));
        if let Some(old) = old {
            let shown = show(context, world, binding, old);
            exit = exit.and(print_bytes(shown.as_bytes()));
        }
        let owner = opened.of::<Reviews>().owners.get(binding.page).cloned().flatten();
        match said(context, arguments, binding, old, owner) {
            Said::Edited => bindings::stamp(&mut lock, binding, now, None),
            Said::Unchanged(role, reason) => bindings::stamp(&mut lock, binding, now, Some((role, reason))),
            Said::Wrong(message) => {
                context.error(&message);
                return Exit::Usage;
            }
            Said::Nothing => {
                exit = exit.and(Exit::Findings);
                continue;
            }
        }
        stamped += 1;
    }
    if stamped > 0 {
        let file = lock::path(opened.config());
        if let Err(error) = write::below(world.root(), &file, lock.text().as_bytes()) {
            return context.refused(&error);
        }
        context.say(&format!("{} recorded in {file}", count(stamped, "review")));
    }
    exit
}

enum Said {
    /// The page was edited since it was recorded last, or never recorded.
    Edited,
    /// Who says why nothing has to be changed.
    Unchanged(String, String),
    /// It cannot be taken.
    Wrong(String),
    /// Nothing was said.
    Nothing,
}

fn said(
    context: &Context,
    arguments: &ReviewArguments,
    binding: &Binding,
    old: Option<&Stamp>,
    owner: Option<String>,
) -> Said {
    let edited = old.is_none_or(|old| old.page != binding.section);
    if let Some(reason) = &arguments.unchanged {
        let Some(role) = arguments.role.clone().or(owner) else {
            return Said::Wrong(
                "say who says so: `--role docs-team`, or `owner` in the page's front matter".into(),
            );
        };
        return Said::Unchanged(role, reason.clone());
    }
    if edited {
        context.say(&format!("{}: edited since, so recorded", binding.key));
        return Said::Edited;
    }
    if !std::io::stdin().is_terminal() || context.global.quiet {
        context.say(&format!(
            "{}: edit it and run this again, or say why it is right as it is: `--unchanged REASON`",
            binding.key
        ));
        return Said::Nothing;
    }
    let reason = ask(&format!("Why is {} right as it is? (Enter leaves it open) ", binding.key));
    if reason.is_empty() {
        return Said::Nothing;
    }
    let role = arguments.role.clone().or(owner).unwrap_or_else(|| ask("Who says so (a team or a role)? "));
    if role.is_empty() { Said::Nothing } else { Said::Unchanged(role, reason) }
}

/// One line from the terminal; nothing when there is none.
fn ask(question: &str) -> String {
    let mut err = std::io::stderr();
    let _ = write!(err, "{}", plain_line(question));
    let _ = err.flush();
    let mut line = String::new();
    match std::io::stdin().read_line(&mut line) {
        Ok(_) => line.trim().to_owned(),
        Err(_) => String::new(),
    }
}

/// What changed since the page was held against the code.
fn show(context: &Context, world: &DiskWorld, binding: &Binding, old: &Stamp) -> String {
    let what = if matches!(binding.state, State::Signature(_)) { "signature" } else { "body" };
    let head = format!("{} tells of {}; its {what} has changed", binding.key, binding.target);
    let mut out = format!("{}\n", context.bold(&plain_line(&head)));
    if let Some((role, reason)) = &old.reviewed {
        push_line(&mut out, &format!("  last time {role} said: {reason}"));
    }
    let was = Pin { signature: old.signature, body: old.body };
    match (before(world, &binding.target, &was), bindings::text_of(world, &binding.target)) {
        (Some((commit, Some(text))), Some(now)) => {
            let _ = writeln!(out, "  since {}:", &commit[..commit.len().min(10)]);
            out.push_str(&difference(&text, &now, context.colour));
        }
        (Some((commit, None)), _) => {
            let path = binding.target.split(['#', '*']).next().unwrap_or("");
            let short = &commit[..commit.len().min(10)];
            push_line(&mut out, &format!("  `git diff {short} -- {path}` shows it"));
        }
        _ => out.push_str(
            "  what it was is not in the history here, so what it is now is all there is to read\n",
        ),
    }
    out
}

/// The newest commit in which a target was what is recorded, and its text then.
fn before(world: &DiskWorld, target: &str, was: &Pin) -> Option<(String, Option<String>)> {
    let path = target.split(['#', '*']).next().unwrap_or("");
    let path = if path.is_empty() { "." } else { path };
    let commits = git::commits_of(world.root(), path, MOST_COMMITS).ok()?;
    let first = git::GitWorld::open(world.root(), commits.first()?, world.today()).ok()?;
    commits.iter().find_map(|commit| {
        let then = first.at(commit).ok()?;
        (bindings::pin_of(&then, target).as_ref() == Some(was)).then(|| {
            (commit.clone(), (!target.contains('*')).then(|| bindings::text_of(&then, target)).flatten())
        })
    })
}

/// Lines that are shown around a changed one.
const AROUND: usize = 3;

/// The lines that differ, with those around them.
fn difference(old: &str, new: &str, colour: bool) -> String {
    let pairs = LinePairs::of(old, new);
    let new_lines: Vec<&str> = new.lines().collect();
    let mut lines: Vec<(char, &str)> = Vec::new();
    let mut at = 0;
    for (number, line) in (1..).zip(old.lines()) {
        match pairs.kept(number) {
            Some(same) => {
                let same = same as usize - 1;
                lines.extend(new_lines[at.min(same)..same].iter().map(|line| ('+', *line)));
                lines.push((' ', line));
                at = same + 1;
            }
            None => lines.push(('-', line)),
        }
    }
    lines.extend(new_lines[at.min(new_lines.len())..].iter().map(|line| ('+', *line)));
    let near = |at: usize| {
        let from = at.saturating_sub(AROUND);
        lines[from..(at + AROUND + 1).min(lines.len())].iter().any(|(mark, _)| *mark != ' ')
    };
    let mut out = String::new();
    let mut skipped = false;
    for (at, (mark, line)) in lines.iter().enumerate() {
        if !near(at) {
            skipped = true;
            continue;
        }
        if std::mem::take(&mut skipped) && !out.is_empty() {
            out.push_str("    …\n");
        }
        let (on, off) = match (colour, mark) {
            (true, '+') => ("\x1b[32m", "\x1b[0m"),
            (true, '-') => ("\x1b[31m", "\x1b[0m"),
            _ => ("", ""),
        };
        let _ = writeln!(out, "  {on}{mark} {}{off}", plain(line));
    }
    out
}
