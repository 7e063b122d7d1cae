//! Whether a piece of code on a page cites a name, and how sure that is.
//!
//! What keeps this right is what it leaves out: single common words, placeholders, names behind another program's
//! name, variables that belong to nobody, and pages or lines that tell of the past.

use super::Declared;
use super::page::tells_of_the_past;
use super::programs::Programs;
use crate::base::{LineIndex, RelPath, Span};
use crate::code::NameKind;
use crate::markdown::Cited;
use crate::world::World;
use std::cell::RefCell;
use std::collections::HashMap;

/// How sure it is that a page is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sureness {
    /// NameKind and spelling fit, in inline code.
    Exact,
    /// They fit, and what is cited is the argument of an interpreter, whose folder nobody knows.
    Argument,
    /// They fit in a code block, or something is left to doubt.
    Likely,
}

/// A page, while its citations are looked for.
pub(super) struct Context<'c> {
    pub page: &'c RelPath,
    pub pieces: &'c [Cited],
    pub programs: &'c Programs,
    pub head: &'c dyn World,
    /// Whether the names are gone from the head, or there.
    pub gone: bool,
    /// Of each piece, whether its heading or its line tells of the past.
    pub past: Vec<bool>,
    /// Whether a block names a program of ours, once that was asked.
    pub ours: RefCell<HashMap<u32, bool>>,
}

/// Pieces of code that are longer than this, in bytes, are not looked at: nobody cites a name in them.
pub(super) const LONGEST_PIECE: usize = 10_000;

/// Lines that continue a command which are read for its beginning.
const MOST_CONTINUED: usize = 50;

/// Of each piece, whether its heading or its line tells of the past.
pub(super) fn past(text: &str, pieces: &[Cited]) -> Vec<bool> {
    let index = LineIndex::new(text);
    let mut headings: HashMap<*const u8, bool> = HashMap::new();
    let mut lines: HashMap<u32, bool> = HashMap::new();
    let of_piece = |piece: &Cited| {
        let heading = headings.entry(piece.section.as_ptr());
        let first = index.position(text, piece.span.start).line;
        let last = index.position(text, piece.span.end).line;
        let mut line =
            |line: u32| *lines.entry(line).or_insert_with(|| tells_of_the_past(index.line(text, line)));
        *heading.or_insert_with(|| tells_of_the_past(&piece.section)) || (first..=last).any(&mut line)
    };
    pieces.iter().map(of_piece).collect()
}

/// The text that a page must hold to cite a name.
pub(super) fn needle(declared: &Declared) -> &str {
    let text = declared.name.text.as_str();
    match declared.name.kind {
        // The constant part of a route is enough to look closer.
        NameKind::Route => text.split(['{', ':', '<', '*']).next().unwrap_or(text).trim_end_matches('/'),
        NameKind::File => text.rsplit('/').next().unwrap_or(text),
        _ => text,
    }
}

/// Where a page cites a name, of the pieces that spell its needle: the bytes that spell it.
pub(super) fn citations(
    declared: &Declared,
    context: &Context<'_>,
    pieces: &[usize],
) -> Vec<(Span, Sureness)> {
    let mut out = Vec::new();
    for at in pieces.iter().copied().filter(|at| !context.past[*at]) {
        let piece = &context.pieces[at];
        let Some((range, sureness)) = cited_in(declared, context, at) else { continue };
        let start = piece.span.start as usize + range.start;
        let sureness = if piece.block.is_some() { Sureness::Likely } else { sureness };
        out.push((Span::new(start, start + range.len()), sureness));
    }
    out
}

type Hit = Option<(std::ops::Range<usize>, Sureness)>;

fn cited_in(declared: &Declared, context: &Context<'_>, at: usize) -> Hit {
    let piece = &context.pieces[at];
    let text = piece.text.as_str();
    let name = declared.name.text.as_str();
    match declared.name.kind {
        NameKind::Flag => flag(name, context, at),
        NameKind::Variable => variable(declared, piece),
        NameKind::Type | NameKind::Variant | NameKind::Function | NameKind::Constant | NameKind::Field => {
            item(declared, piece, is_compound(name))
        }
        NameKind::Key => key(declared, piece),
        NameKind::Choice | NameKind::Metric => {
            let found = word(text, name).filter(|_| is_compound(name))?;
            Some((
                found,
                if declared.name.kind == NameKind::Metric { Sureness::Exact } else { Sureness::Likely },
            ))
        }
        NameKind::Feature => feature(name, piece),
        NameKind::Command => command(name, context, at),
        NameKind::Task => task(name, piece),
        NameKind::Route => route(name, piece),
        NameKind::Lookup => lookup(name, piece),
        NameKind::File => file(declared, context, at),
        NameKind::Setting => setting(declared, piece),
        NameKind::Literal => literal(name, piece),
        // That a package is no longer depended on, or was renamed, leaves its name right in most sentences.
        NameKind::Dependency | NameKind::Package | NameKind::Program => None,
    }
}

/// The first place where `name` stands alone: no letter, digit, `_` or `-` touches it, and no placeholder's bracket.
pub(super) fn word(text: &str, name: &str) -> Option<std::ops::Range<usize>> {
    let touches = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    let step = name.chars().next()?.len_utf8();
    let mut from = 0;
    while let Some(at) = text[from..].find(name).map(|at| at + from) {
        let end = at + name.len();
        let (before, after) = (text[..at].chars().next_back(), text[end..].chars().next());
        let placeholder = before == Some('<') && after == Some('>');
        if !before.is_some_and(touches) && !after.is_some_and(touches) && !placeholder {
            return Some(at..end);
        }
        from = at + step;
    }
    None
}

/// What a string like `output.html.input-404` or `--base-url` is called as a field: its last part, where that is more
/// than a common word.
pub(super) fn field_of(name: &str) -> &str {
    let last = name.rsplit('.').next().unwrap_or(name).trim_start_matches('-');
    if is_compound(last) { last } else { name }
}

/// Several words in one: `no_color`, `NoColor`, `no-color`. A single common word names too much.
pub(super) fn is_compound(name: &str) -> bool {
    let inner = name.trim_matches(['_', '-']);
    let humps = inner
        .chars()
        .zip(inner.chars().skip(1))
        .filter(|(a, b)| a.is_lowercase() && b.is_uppercase())
        .count();
    humps > 0 || inner.contains(['_', '-']) && inner.len() > 4
}

fn flag(name: &str, context: &Context<'_>, at: usize) -> Hit {
    let piece = &context.pieces[at];
    let text = piece.text.as_str();
    let found = word(text, name)?;
    // What stands before the flag on its command line, continued lines above included.
    let mut continued: Vec<&str> = Vec::new();
    let mut above = at;
    while let Some(line) = above.checked_sub(1).map(|at| &context.pieces[at])
        && piece.block.is_some()
        && line.block == piece.block
        && line.text.trim_end().ends_with('\\')
    {
        above -= 1;
        continued.push(line.text.trim_end().trim_end_matches('\\'));
        if continued.len() > MOST_CONTINUED {
            return None;
        }
    }
    let mut before: String = continued.into_iter().rev().collect();
    before.push_str(&text[..found.start]);
    let segment = before.rsplit(['|', ';', '&']).next().unwrap_or("");
    let words: Vec<&str> = segment.split_whitespace().collect();
    let bare = words.iter().all(|word| word.starts_with(['-', '[', '<', '+'])) || words.is_empty();
    if context.programs.own(&words) || words.first().is_some_and(|word| context.programs.is_program(word)) {
        return Some((found, Sureness::Exact));
    }
    if !bare {
        return None;
    }
    if piece.block.is_none() {
        return Some((found, Sureness::Exact));
    }
    // A line of `--help` output: an option, then words about it.
    let listed = text.trim_start().starts_with('-') && text.starts_with([' ', '\t', '-']);
    let ours = || {
        let block = piece.block.unwrap_or(u32::MAX);
        let names_ours = || {
            let of_block = context.pieces.iter().filter(|other| other.block == piece.block);
            of_block
                .flat_map(|other| other.text.split_whitespace())
                .any(|word| context.programs.is_program(word))
        };
        *context.ours.borrow_mut().entry(block).or_insert_with(names_ours)
    };
    (listed || ours()).then_some((found, Sureness::Likely))
}

/// Variables that many programs read alike, or that a system, a forge or a tool chain sets: naming one says nothing
/// of who reads it here.
pub(super) fn is_everybodys(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "NO_COLOR",
        "FORCE_COLOR",
        "CLICOLOR",
        "CLICOLOR_FORCE",
        "COLORTERM",
        "LS_COLORS",
        "PATH",
        "HOME",
        "USER",
        "SHELL",
        "EDITOR",
        "VISUAL",
        "PAGER",
        "TERM",
        "LANG",
        "TZ",
        "CI",
        "TMPDIR",
        "PWD",
        "RUST_LOG",
        "RUST_BACKTRACE",
        "RUSTFLAGS",
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "NO_PROXY",
        "ALL_PROXY",
        "PORT",
        "HOST",
        "DEBUG",
        "NODE_ENV",
        "PYTHONPATH",
        "GOPATH",
        "GOROOT",
        "JAVA_HOME",
        "DISPLAY",
        "LD_LIBRARY_PATH",
        "SOURCE_DATE_EPOCH",
        "DATABASE_URL",
        "CC",
        "CXX",
        "CFLAGS",
        "COLUMNS",
    ];
    const PREFIXES: &[&str] = &[
        "GITHUB_", "RUNNER_", "GITLAB_", "CI_", "TRAVIS", "APPVEYOR", "CARGO_", "XDG_", "LC_", "AWS_",
        "DEPLOY_", "DOCKER_", "npm_", "CIRCLE", "ACTIONS_", "INPUT_", "RUSTC", "RUSTUP_", "SSH_", "GIT_",
        "GPG_",
    ];
    NAMES.contains(&name) || PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

fn variable(declared: &Declared, piece: &Cited) -> Hit {
    let name = declared.name.text.as_str();
    if is_everybodys(name) || !name.contains('_') {
        return None;
    }
    let found = word(&piece.text, name)?;
    // What a build or a forge's file sets is often an example of how anybody would.
    let read = super::page::is_source(&declared.file);
    match (read, piece.block) {
        (true, _) => Some((found, Sureness::Exact)),
        (false, None) => Some((found, Sureness::Likely)),
        (false, Some(_)) => None,
    }
}

/// `Type`, `Type::member`, `path::to::item`, `member()`, `item!`.
fn item(declared: &Declared, piece: &Cited, compound: bool) -> Hit {
    let name = declared.name.text.as_str();
    let text = piece.text.as_str();
    let found = word(text, name)?;
    let before = &text[..found.start];
    let after = &text[found.end..];
    let owner = before.strip_suffix("::").or_else(|| before.strip_suffix('.'));
    let last =
        owner.map(|owner| owner.rsplit(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or(""));
    let set = declared.name.set.as_str();
    if let Some(owner) = last {
        // `Other::new` is not ours, whatever its name.
        let ours = if set.is_empty() {
            owner.chars().next().is_some_and(char::is_lowercase) && compound
        } else {
            owner == set
        };
        return ours.then_some((found, Sureness::Exact));
    }
    // A page that only shows how an item of this name could look does not cite ours.
    if piece.block.is_some() {
        let declares = [
            "fn ",
            "struct ",
            "enum ",
            "let ",
            "const ",
            "trait ",
            "type ",
            "class ",
            "def ",
            "function ",
            "var ",
        ];
        return (compound && !declares.iter().any(|word| before.ends_with(word)))
            .then_some((found, Sureness::Likely));
    }
    let called = after.starts_with("()") || after.starts_with('!');
    let alone = before.is_empty() && (after.is_empty() || called || after.starts_with('('));
    if !compound || !alone {
        return None;
    }
    let member =
        matches!(declared.name.kind, NameKind::Field | NameKind::Variant) || !set.is_empty() && !called;
    Some((found, if member { Sureness::Likely } else { Sureness::Exact }))
}

/// `max_results`, `limits.max_results`, `"max_results": 3`, `max_results = 3`.
fn key(declared: &Declared, piece: &Cited) -> Hit {
    let name = declared.name.text.as_str();
    let found = word(&piece.text, name).filter(|_| is_compound(name))?;
    let text = piece.text.as_str();
    let after = text[found.end..].trim_start_matches('"').trim_start();
    let assigned = after.starts_with([':', '=']) && !after.starts_with("::") && !after.starts_with("==");
    if piece.block.is_some() {
        let data = matches!(
            piece.language.as_str(),
            "toml" | "json" | "json5" | "jsonc" | "yaml" | "yml" | "ron" | ""
        );
        return (data && assigned).then_some((found, Sureness::Likely));
    }
    let before = &text[..found.start];
    let dotted = before.ends_with('.') || before.is_empty() || before == "\"" || before == "'";
    (dotted && (after.is_empty() || assigned)).then_some((found, Sureness::Exact))
}

/// A string is cited where it is all of the inline code, or is given a value there.
fn literal(name: &str, piece: &Cited) -> Hit {
    let rest = piece.text.trim().strip_prefix(name)?;
    let found = word(&piece.text, name).filter(|_| piece.block.is_none())?;
    (rest.is_empty() || rest.starts_with([' ', '=', ':'])).then_some((found, Sureness::Likely))
}

fn feature(name: &str, piece: &Cited) -> Hit {
    let found = word(&piece.text, name)?;
    let before = piece.text[..found.start].trim_end_matches(['"', '\'', ',', ' ', '=']);
    let listed =
        before.ends_with("features") || before.ends_with("--features") || before.ends_with("features = [");
    let alone = piece.block.is_none() && found.len() == piece.text.trim().len() && is_compound(name);
    match () {
        () if listed => Some((found, Sureness::Exact)),
        () if alone => Some((found, Sureness::Likely)),
        () => None,
    }
}

/// `program command`, or the command alone where its name is compound.
fn command(name: &str, context: &Context<'_>, at: usize) -> Hit {
    let piece = &context.pieces[at];
    let found = word(&piece.text, name)?;
    let words: Vec<&str> = piece.text[..found.start].split_whitespace().collect();
    let program = words.iter().rev().find(|word| !word.starts_with('-'));
    if program.is_some_and(|word| context.programs.is_program(word.trim_start_matches(['$', '>', '`']))) {
        return Some((found, Sureness::Exact));
    }
    let alone = piece.block.is_none() && found.len() == piece.text.trim().len() && is_compound(name);
    alone.then_some((found, Sureness::Likely))
}

/// `make build-docs`, `npm run lint`, `just test`.
fn task(name: &str, piece: &Cited) -> Hit {
    let found = word(&piece.text, name)?;
    let before: Vec<&str> = piece.text[..found.start].split_whitespace().collect();
    let runs = matches!(
        before.as_slice(),
        [.., "make" | "just" | "task" | "invoke" | "nox" | "tox" | "rake" | "yarn" | "pnpm"]
            | [.., "npm" | "pnpm" | "yarn" | "bun", "run"]
    );
    runs.then_some((found, Sureness::Exact))
}

/// A route's path, alone or behind a method, a host or a base path; parameters match whatever they are called.
fn route(name: &str, piece: &Cited) -> Hit {
    let segments = |path: &str| -> Vec<String> {
        let parameter = |part: &str| part.starts_with([':', '{', '<', '*', '$']);
        path.trim_matches('/')
            .split('/')
            .map(|part| if parameter(part) { "{}".to_owned() } else { part.to_owned() })
            .collect()
    };
    let wanted = segments(name);
    let constant = wanted.iter().filter(|part| *part != "{}" && part.len() > 2).count();
    if constant == 0 {
        return None;
    }
    let mut from = 0;
    for token in piece.text.split([' ', '"', '\'', '?', ',', '`', '(', ')']) {
        let at = from;
        from += token.len() + 1;
        let Some(slash) = token.find("://").map_or_else(
            || token.starts_with('/').then_some(0),
            |scheme| token[scheme + 3..].find('/').map(|slash| scheme + 3 + slash),
        ) else {
            continue;
        };
        let path = segments(&token[slash..]);
        let same = path.len() == wanted.len()
            && path.iter().zip(&wanted).all(|(a, b)| a == b || b == "{}" && !a.is_empty());
        if same {
            let sureness = if constant > 1 || piece.text.trim().contains(' ') {
                Sureness::Exact
            } else {
                Sureness::Likely
            };
            return Some((at + slash..at + token.len(), sureness));
        }
    }
    None
}

/// A file that the code looked for by name, as in `~/.dir_colors`.
fn lookup(name: &str, piece: &Cited) -> Hit {
    let last = name.rsplit('/').next().unwrap_or(name);
    // A file that is everybody's (`config.toml`) may be cited for any reason.
    let own = last.starts_with('.') || is_compound(last.split('.').next().unwrap_or(""));
    let found = word(&piece.text, name).filter(|_| own && piece.block.is_none())?;
    let before = &piece.text[..found.start];
    (before.is_empty() || before.ends_with('/')).then_some((found, Sureness::Likely))
}

/// A file or folder of the repository, by its path from the root or from the page.
fn file(declared: &Declared, context: &Context<'_>, at: usize) -> Hit {
    let piece = &context.pieces[at];
    let gone = &declared.file;
    let mut from = 0;
    for token in piece.text.split([' ', '"', '\'', ',', '(', ')', '`', '=', '\t']) {
        let start = from;
        from += token.len() + 1;
        let path = token.split_once(['#', ':']).map_or(token, |(path, _)| path).trim_end_matches(['/', '.']);
        if path.is_empty()
            || path.contains(['*', '<', '{', '$', '~'])
            || token.contains("://")
            || path.starts_with('/')
        {
            continue;
        }
        let script = start > 0 && runs_scripts(piece.text[..start].trim_end());
        if !piece.text.is_empty() && piece.block.is_some() && !script && !token.starts_with("./") {
            continue;
        }
        let written = path.trim_start_matches("./");
        let there = |path: &RelPath| context.head.kind(path).is_some();
        let from_root = RelPath::parse(path).ok();
        let from_page = context.page.parent().join(path).ok();
        let still = from_root.as_ref().is_some_and(there) || from_page.as_ref().is_some_and(there);
        if still == context.gone {
            continue;
        }
        let span = start..start + path.len();
        let same = from_root.as_ref() == Some(gone) || from_page.as_ref() == Some(gone);
        if same && (written.contains('/') || is_folder(gone) && is_compound(written) && piece.block.is_none())
        {
            // A folder of one level may be anybody's; so may a block's.
            let sureness = match () {
                () if !written.contains('/') => Sureness::Likely,
                () if script => Sureness::Argument,
                () => Sureness::Exact,
            };
            return Some((span, sureness));
        }
        if script && gone.as_str().rsplit('/').next() == Some(written.rsplit('/').next().unwrap_or(written)) {
            return Some((span, Sureness::Likely));
        }
    }
    None
}

fn is_folder(path: &RelPath) -> bool {
    path.extension().is_none()
}

fn runs_scripts(before: &str) -> bool {
    let last = before.split_whitespace().next_back().unwrap_or("");
    matches!(
        last,
        "bash" | "sh" | "zsh" | "python" | "python3" | "node" | "ruby" | "perl" | "source" | "pwsh"
    )
}

/// A key of a configuration file that the repository offers as a sample.
fn setting(declared: &Declared, piece: &Cited) -> Hit {
    let file = declared.file.as_str().to_ascii_lowercase();
    let sample = ["example", "sample", "default", "template"].iter().any(|word| file.contains(word));
    let hidden = file.split('/').any(|part| part.starts_with('.'));
    let name = declared.name.text.as_str();
    let found = word(&piece.text, name).filter(|_| sample && !hidden && is_compound(name))?;
    (piece.block.is_none() && found.len() == piece.text.trim().len()).then_some((found, Sureness::Likely))
}
