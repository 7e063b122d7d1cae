//! Captured output: what a program wrote when `oathbook update --exec` ran it last. `check` runs nothing; it compares the
//! fingerprint of what the program is made from with the recorded one.

use super::request::Output;
use super::search::Search;
use super::{Fact, Facts, NoAnswer, Outcome, wrap};
use crate::base::{Fingerprint, Glob, RelPath};
use crate::evidence::lock::{Captured, Lock};
use crate::rust::outline::{OutlineItem, outline};
use crate::rust::token::tokens;
use crate::world::World;
use std::collections::{BTreeMap, BTreeSet};

/// A captured output on a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capture {
    /// What was run.
    pub output: Output,
    /// Whether the page still says what is so.
    pub state: State,
}

/// What is known of a captured output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// What the program is made from has not changed, and the page holds what it wrote.
    Holds,
    /// It was never recorded.
    Never,
    /// The page holds another text than the one recorded.
    Edited,
    /// The program is made from something else now.
    Outdated,
}

/// The fingerprint of what a command is made from now.
pub(super) fn producing(
    world: &dyn World,
    search: &Search<'_>,
    output: &Output,
) -> Result<Fingerprint, NoAnswer> {
    let parts = match &output.from {
        Some(from) => of_globs(world, search, from)?,
        None if is_help(&output.command) => search.of_clap.get_or_init(|| of_clap(world, search)).clone(),
        None => Vec::new(),
    };
    if parts.is_empty() {
        let message = match &output.from {
            Some(from) => format!("no file matches `{from}`"),
            None => format!("nothing says what `{}` is made from", output.command),
        };
        let help = "write `output COMMAND from src/cli/** Cargo.toml`; without it, only `--help` of a program that uses clap's derives is known";
        return Err(NoAnswer { message, help: help.into() });
    }
    Ok(Fingerprint::of_parts(parts.iter().map(String::as_bytes)))
}

fn is_help(command: &str) -> bool {
    let last = command.split_whitespace().last().unwrap_or("");
    matches!(last, "--help" | "-h") || command.split_whitespace().any(|word| word == "help")
}

/// Bytes of a file that are read for a step.
const BYTES_OF_A_STEP: usize = 64;

fn of_globs(world: &dyn World, search: &Search<'_>, from: &str) -> Result<Vec<String>, NoAnswer> {
    let globs: Vec<&str> = from.split([' ', ',']).filter(|glob| !glob.is_empty()).collect();
    if let Some(wrong) = globs.iter().find(|glob| RelPath::parse(glob).is_err()) {
        let help = "write globs from the repository's root".into();
        return Err(NoAnswer { message: format!("`{wrong}` leads out of the repository"), help });
    }
    let globs: Vec<Glob> = globs.into_iter().map(Glob::new).collect();
    let fits = |file: &&RelPath| globs.iter().any(|glob| glob.matches(file.as_str()));
    let gave_up = || NoAnswer {
        message: "gave up here: the outputs of all pages are made from too many files".into(),
        help: "name fewer files behind `from`".into(),
    };
    if !search.captured.take((search.files().len() * globs.len()) as u64) {
        return Err(gave_up());
    }
    let mut out = Vec::new();
    for file in search.files().iter().filter(fits) {
        let Ok(text) = world.text(file) else { continue };
        if !search.captured.take((text.len() / BYTES_OF_A_STEP) as u64) {
            return Err(gave_up());
        }
        out.push(format!("{file}\n{}", meaning(file, &text)));
    }
    Ok(out)
}

/// A file's text without what does not matter: of Rust the tokens with their documentation, which becomes help.
fn meaning(file: &RelPath, text: &str) -> String {
    if file.extension() != Some("rs") {
        return text.lines().map(|line| format!("{}\n", line.trim_end())).collect();
    }
    let mut out = String::new();
    for item in &outline(text).items {
        if !item
            .attributes
            .iter()
            .any(|attribute| attribute.path == "cfg" && text[attribute.arguments.range()].contains("test"))
        {
            spell(text, item, &mut out);
        }
    }
    out
}

fn spell(text: &str, item: &OutlineItem, out: &mut String) {
    let text = &text[item.span.range()];
    for token in tokens(text).list {
        out.push_str(&text[token.range()]);
        out.push('\n');
    }
}

/// The items that clap makes a command line of, in all of the repository, and the constants beside them.
fn of_clap(world: &dyn World, search: &Search<'_>) -> Vec<String> {
    const DERIVES: &[&str] = &["Parser", "Args", "Subcommand", "ValueEnum"];
    let files = search.files().iter().filter(|file| file.extension() == Some("rs"));
    let read =
        |file: &RelPath| -> Option<String> {
            let text = world.text(file).ok()?;
            if !DERIVES.iter().any(|derive| text.contains(derive)) {
                return None;
            }
            let found = outline(&text);
            let derives = |item: &OutlineItem| {
                item.attributes.iter().any(|attribute| {
                    attribute.path == "derive"
                        && text[attribute.span.range()]
                            .split(|c: char| !(c.is_alphanumeric() || c == '_'))
                            .any(|word| DERIVES.contains(&word))
                })
            };
            let mut out = String::new();
            let mut named = BTreeSet::new();
            for item in found.items.iter().filter(|item| derives(item)) {
                spell(&text, item, &mut out);
                let own = &text[item.span.range()];
                named.extend(own.split(|c: char| !(c.is_alphanumeric() || c == '_')).map(str::to_owned));
            }
            if out.is_empty() {
                return None;
            }
            // `after_help = EXAMPLES`.
            for item in found.items.iter().filter(|item| {
                item.kind == crate::rust::outline::ItemKind::Const && named.contains(&item.name)
            }) {
                spell(&text, item, &mut out);
            }
            Some(format!("{file}\n{out}"))
        };
    let files: Vec<&RelPath> = files.collect();
    crate::base::parallel_map(&files, |file| read(file)).into_iter().flatten().collect()
}

/// Holds a page's block against the lock.
pub(super) fn judge(
    output: &Output,
    written: &str,
    now: &Result<Fingerprint, NoAnswer>,
    lock: &Lock,
) -> Outcome {
    let from = match now {
        Ok(from) => from,
        Err(no_answer) => return Outcome::Unclear(no_answer.clone()),
    };
    let state = match lock.outputs.get(&output.key()) {
        None => State::Never,
        Some(captured) if captured.output != fingerprint(&wrap::unwrap(written)) => State::Edited,
        Some(captured) if captured.from != *from => State::Outdated,
        Some(_) => State::Holds,
    };
    Outcome::Captured(Capture { output: output.clone(), state })
}

fn fingerprint(output: &str) -> Fingerprint {
    let lines: Vec<&str> = output.lines().map(str::trim_end).collect();
    Fingerprint::of(lines.join("\n").trim_end().as_bytes())
}

/// The files that change when a command wrote something: pages, and the lock.
///
/// # Errors
/// Why it cannot be recorded.
pub fn record(
    world: &dyn World,
    facts: &Facts,
    lock_path: &RelPath,
    output: &Output,
    wrote: &str,
) -> Result<Vec<(RelPath, String)>, String> {
    let wrote = wrote.trim_end();
    if wrote.trim().is_empty() {
        return Err("it wrote nothing".into());
    }
    let plain = without_colour(wrote);
    let of_this =
        |fact: &&Fact| matches!(&fact.outcome, Outcome::Captured(capture) if capture.output == *output);
    let mut by_file: BTreeMap<&RelPath, BTreeSet<crate::base::Span>> = BTreeMap::new();
    for fact in facts.list.iter().filter(of_this) {
        by_file.entry(&fact.value.file).or_default().insert(fact.value.span);
    }
    let mut out = Vec::new();
    for (file, spans) in by_file {
        let mut text = world.text(file).map_err(|error| format!("`{file}` cannot be read: {error}"))?;
        for span in spans.into_iter().rev() {
            // The page may have been written since its facts were read.
            let Some(old) = text.get(span.range()).map(str::to_owned) else {
                return Err(format!("`{file}` has changed meanwhile; run it again"));
            };
            text.replace_range(span.range(), &wrap::wrap(&old, &plain, Some("text")));
        }
        out.push((file.clone(), text));
    }
    let search = Search::new(world, Vec::new());
    let from = producing(world, &search, output).map_err(|no_answer| no_answer.message)?;
    let mut lock = world.text(lock_path).map(|text| Lock::parse(&text)).unwrap_or_default();
    lock.outputs.insert(output.key(), Captured { from, output: fingerprint(&plain) });
    out.push((lock_path.clone(), lock.text()));
    Ok(out)
}

/// A text without the terminal's colours (ECMA-48 control sequences).
fn without_colour(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '\u{1b}' && chars.peek() == Some(&'[') {
            chars.next();
            chars.by_ref().find(|next| ('@'..='~').contains(next));
        } else if c != '\r' {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::MemoryWorld;

    fn print(text: &str) -> Fingerprint {
        let world = MemoryWorld::new().with("src/cli.rs", text).with("src/other.rs", "fn other() { Parser }");
        let output = Output { command: "x --help".into(), from: None };
        producing(&world, &Search::new(&world, Vec::new()), &output).unwrap()
    }

    #[test]
    fn help_is_made_from_clap_s_items_and_not_from_what_runs() {
        let text = "const EXAMPLES: &str = \"a\";\n/// Words.\n#[derive(clap::Args)]\n#[command(after_help = EXAMPLES)]\nstruct A { /// One.\n one: u8 }\nfn run() { 1 }";
        let same = ["fn run() { 1 }", "fn run() { 2 } // x"];
        assert_eq!(print(text), print(&text.replace(same[0], same[1])));
        for (old, new) in
            [("One.", "Two."), ("\"a\"", "\"b\""), ("one: u8", "one: u16"), ("Words.", "Other.")]
        {
            assert_ne!(print(text), print(&text.replace(old, new)), "{old}");
        }
    }

    #[test]
    fn an_output_without_known_sources_is_unclear() {
        let world = MemoryWorld::new().with("src/a.rs", "fn f() {}");
        let search = Search::new(&world, Vec::new());
        for (command, from) in
            [("x --list", None), ("x --help", None), ("x", Some("nope/**")), ("x", Some("../y"))]
        {
            let output = Output { command: command.into(), from: from.map(str::to_owned) };
            assert!(producing(&world, &search, &output).is_err(), "{command} {from:?}");
        }
        assert_eq!(without_colour("\u{1b}[1ma\u{1b}[0m b"), "a b");
    }
}
