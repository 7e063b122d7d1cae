//! `docs.lock`: what pages were held against, one sorted line each, so that two branches that stamp different pages
//! merge without a conflict.
//!
//! It is TOML. Lines are written by `oathbook review` and `oathbook update`, and hold no dates and no revisions: the same
//! state of a repository gives the same file.

use super::{Context, Evidence, Reads};
use crate::base::{Fingerprint, RelPath, Span};
use crate::config::Config;
use crate::world::World;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

/// The file's name; it lies in the folder of `book.toml`, or where a run without one begins.
pub const FILE: &str = "docs.lock";

const HEAD: &str =
    "# What pages were held against, and who looked. Written by `oathbook review` and `oathbook update`.\n";

/// All that is recorded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lock {
    /// By page (with `#` and a section's id), then what it is bound to.
    pub bindings: BTreeMap<(String, String), Stamp>,
    /// By the words of the fact.
    pub outputs: BTreeMap<String, Captured>,
    /// What is wrong with the file, and where.
    pub problems: Vec<(String, Span)>,
}

/// A binding as it was when somebody looked last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The signature of what it is bound to.
    pub signature: Fingerprint,
    /// The rest of it.
    pub body: Fingerprint,
    /// The page's section.
    pub page: Fingerprint,
    /// Who looked, and why nothing had to be changed; none where the page was.
    pub reviewed: Option<(String, String)>,
}

/// A captured output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Captured {
    /// What it was made from.
    pub from: Fingerprint,
    /// What was written.
    pub output: Fingerprint,
}

/// Where the lock of a project lies.
pub fn path(config: &Config) -> RelPath {
    config.root.join(FILE).unwrap_or_else(|_| RelPath::root())
}

/// Reads the lock of a project; one that is not there is empty.
pub fn read(world: &dyn World, config: &Config) -> Lock {
    world.text(&path(config)).map(|text| Lock::parse(&text)).unwrap_or_default()
}

impl Lock {
    /// Reads a lock's text; what cannot be read is passed over and told.
    pub fn parse(text: &str) -> Self {
        let mut lock = Self::default();
        let mut at = 0;
        let mut table = "";
        for line in text.split_inclusive('\n') {
            let span = Span::new(at, at + line.trim_end().len());
            at += line.len();
            match line.trim() {
                "" => {}
                line if line.starts_with('#') => {}
                "[bindings]" => table = "bindings",
                "[outputs]" => table = "outputs",
                line => {
                    if lock.line(table, line).is_none() {
                        lock.problems.push((format!("`{}` is no line of a lock", first(line)), span));
                    }
                }
            }
        }
        lock
    }

    fn line(&mut self, table: &str, line: &str) -> Option<()> {
        let parsed = line.parse::<toml::Table>().ok()?;
        let (key, value) = parsed.iter().next()?;
        let text = |name: &str| value.get(name).and_then(toml::Value::as_str);
        let print = |name: &str| text(name).and_then(Fingerprint::parse);
        match table {
            "bindings" => {
                let (page, target) = key.split_once(" -> ")?;
                let reviewed =
                    text("role").zip(text("reason")).map(|(by, reason)| (by.to_owned(), reason.to_owned()));
                let stamp = Stamp {
                    signature: print("signature")?,
                    body: print("body")?,
                    page: print("page")?,
                    reviewed,
                };
                self.bindings.insert((page.to_owned(), target.to_owned()), stamp);
            }
            "outputs" => {
                self.outputs.insert(key.clone(), Captured { from: print("from")?, output: print("output")? });
            }
            _ => return None,
        }
        Some(())
    }

    /// The file's text.
    pub fn text(&self) -> String {
        let mut out = String::from(HEAD);
        if !self.bindings.is_empty() {
            out.push_str("\n[bindings]\n");
        }
        for ((page, target), stamp) in &self.bindings {
            out.push_str(&binding_line(page, target, stamp));
        }
        if !self.outputs.is_empty() {
            out.push_str("\n[outputs]\n");
        }
        for (key, Captured { from, output }) in &self.outputs {
            let _ = writeln!(out, "{} = {{ from = \"{from}\", output = \"{output}\" }}", quoted(key));
        }
        out
    }

    /// Whether nothing is recorded.
    pub fn is_empty(&self) -> bool {
        self.bindings.is_empty() && self.outputs.is_empty()
    }
}

fn binding_line(page: &str, target: &str, stamp: &Stamp) -> String {
    let Stamp { signature, body, page: section, reviewed } = stamp;
    let mut out = format!(
        "{} = {{ signature = \"{signature}\", body = \"{body}\", page = \"{section}\"",
        quoted(&format!("{page} -> {target}"))
    );
    if let Some((by, reason)) = reviewed {
        let _ = write!(out, ", role = {}, reason = {}", quoted(by), quoted(reason));
    }
    out.push_str(" }\n");
    out
}

/// Where the lines of bindings stand in a lock's text.
#[derive(Clone, Debug, Default)]
pub struct Lines {
    /// By the line's key as it is written.
    by_key: HashMap<String, Span>,
}

impl Lines {
    /// Of a lock's text.
    pub fn of(text: &str) -> Self {
        let mut lines = Self::default();
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            if let Some(key) = key_of(line) {
                let span = Span::new(at, at + line.trim_end().len());
                lines.by_key.entry(key.to_owned()).or_insert(span);
            }
            at += line.len();
        }
        lines
    }

    /// The line of a binding; the file's beginning if there is none.
    pub fn get(&self, page: &str, target: &str) -> Span {
        self.by_key.get(&quoted(&format!("{page} -> {target}"))).copied().unwrap_or_default()
    }
}

/// The string of TOML that begins a line, quotes included.
fn key_of(line: &str) -> Option<&str> {
    let rest = line.strip_prefix('"')?;
    let mut escaped = false;
    let end = rest.find(|c| {
        let ends = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        ends
    })?;
    line.get(..end + 2)
}

/// A basic string of TOML.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

fn first(line: &str) -> String {
    line.chars().take(60).collect()
}

impl Evidence for Lock {
    const NAME: &'static str = "lock";
    const READS: &'static [Reads] = &[Reads::Records];

    fn read(cx: &Context<'_>) -> Self {
        read(cx.world, cx.config)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_survives_writing_and_reading() {
        let print = |text: &str| Fingerprint::of(text.as_bytes());
        let mut lock = Lock::default();
        let stamp = |reviewed| Stamp { signature: print("a"), body: print("b"), page: print("c"), reviewed };
        lock.bindings.insert(("b.md#x".into(), "src/a.rs#A".into()), stamp(None));
        let odd = Some(("team \"a\"".to_owned(), "line\none \\ two".to_owned()));
        lock.bindings.insert(("a \"q\".md".into(), "src/**".into()), stamp(odd));
        lock.outputs.insert("x --help from src/**".into(), Captured { from: print("d"), output: print("e") });
        let text = lock.text();
        assert_eq!(Lock::parse(&text), lock);
        assert_eq!(text.lines().count(), 8);
        let lines = Lines::of(&text);
        let line = |page: &str, target: &str| &text[lines.get(page, target).range()];
        assert!(line("b.md#x", "src/a.rs#A").starts_with("\"b.md#x -> src/a.rs#A\" = {"));
        assert!(line("a \"q\".md", "src/**").starts_with("\"a \\\"q\\\".md -> src/**\" = {"));
        assert_eq!(line("b.md", "src/a.rs#A"), "");
    }

    #[test]
    fn what_is_no_line_is_told_and_the_rest_is_read() {
        let text = "[bindings]\n<<<<<<< ours\n\"a.md -> b\" = { signature = \"x\" }\n[outputs]\nx\n";
        let lock = Lock::parse(text);
        assert!(lock.is_empty());
        assert_eq!(lock.problems.len(), 3);
        assert_eq!(&text[lock.problems[0].1.range()], "<<<<<<< ours");
    }
}
