//! Names that Rust code makes by calls: clap's builder, variables of the environment, routes, metrics, and files
//! that are looked for by name.

use super::tokens::{TokenKind as Token, Tokens};
use super::{Name, NameKind};
use crate::base::Span;

/// Reads all calls outside of `tests`, which are ranges of tokens.
pub(super) fn read(tokens: &Tokens<'_>, tests: &[(usize, usize)], out: &mut Vec<Name>) {
    let clap = (0..tokens.list.len()).any(|at| matches!(tokens.word(at), "clap" | "structopt"));
    let mut skip = tests.iter().copied().peekable();
    let mut at = 0;
    // The brackets that are open here.
    let mut open: Vec<usize> = Vec::new();
    while at < tokens.list.len() {
        if let Some((from, to)) = skip.peek().copied()
            && at >= from
        {
            skip.next();
            at = at.max(to);
            continue;
        }
        match tokens.list[at].kind {
            Token::Word => {
                let inside =
                    open.last().map_or(at..at, |from| from + 1..tokens.close(*from, tokens.list.len()));
                call(tokens, at, clap, inside, out);
            }
            Token::Text => literal(tokens, at, out),
            Token::Open(_) => open.push(at),
            Token::Close => drop(open.pop()),
            _ => {}
        }
        at += 1;
    }
}

/// A string that reads like a key, a code or an option: `max_results`, `output.html.theme`, `--no-color`.
fn literal(tokens: &Tokens<'_>, at: usize, out: &mut Vec<Name>) {
    if let Some(text) = tokens.text(at).filter(|text| super::reads_like_a_key(text)) {
        let span = tokens.span(at);
        out.push(Name {
            kind: NameKind::Literal,
            text: text.to_owned(),
            set: String::new(),
            span,
            whole: span,
            hidden: false,
        });
    }
}

/// The string literal that is the first argument of the call or macro at a name, and its token.
fn first<'s>(tokens: &Tokens<'s>, at: usize) -> Option<(&'s str, usize)> {
    let open = at + 1 + usize::from(tokens.mark(at + 1) == b'!');
    if !matches!(tokens.open(open), b'(' | b'[') {
        return None;
    }
    let at = open + 1 + usize::from(tokens.mark(open + 1) == b'&');
    tokens.text(at).map(|text| (text, at))
}

/// Reads the call at a token; `inside` are the tokens between the brackets around it.
fn call(tokens: &Tokens<'_>, at: usize, clap: bool, inside: std::ops::Range<usize>, out: &mut Vec<Name>) {
    let method = at > 0 && tokens.mark(at - 1) == b'.';
    let path = |word: &str| at > 2 && tokens.mark(at - 1) == b':' && tokens.word(at - 3) == word;
    let name = tokens.word(at);
    let Some((text, literal)) = first(tokens, at) else { return };
    let mut push = |kind, text: String| {
        // A builder's option is the whole chain that makes it, its help included.
        let whole = match kind {
            NameKind::Flag => tokens.range(inside.start, inside.end),
            _ => tokens.range(at, tokens.after(at + 1 + usize::from(tokens.mark(at + 1) == b'!'))),
        };
        let hidden = kind == NameKind::Flag
            && inside
                .clone()
                .any(|at| matches!(tokens.word(at), "hide" | "hidden") && tokens.word(at + 2) != "false");
        out.push(Name { kind, text, set: String::new(), span: tokens.span(literal), whole, hidden });
    };
    match name {
        "long" if method && clap && is_word(text) => {
            push(NameKind::Flag, format!("--{}", text.trim_start_matches('-')));
        }
        "env" if method && clap && is_variable(text) => push(NameKind::Variable, text.to_owned()),
        "with_name" if path("SubCommand") && is_word(text) => push(NameKind::Command, text.to_owned()),
        "new" if path("Command") && clap && is_word(text) && !runs(tokens, at) => {
            push(NameKind::Command, text.to_owned());
        }
        "from_usage" | "arg_from_usage" | "args_from_usage" => usage(text, tokens.span(literal), out),
        "env" | "option_env" if tokens.mark(at + 1) == b'!' && !given_by_cargo(text) => {
            push(NameKind::Variable, text.to_owned());
        }
        "var" | "var_os" if !method && is_variable(text) => push(NameKind::Variable, text.to_owned()),
        _ => served(tokens, at, &path, text, &mut push),
    }
}

/// Routes, metrics and files.
fn served(
    tokens: &Tokens<'_>,
    at: usize,
    path: &dyn Fn(&str) -> bool,
    text: &str,
    push: &mut dyn FnMut(NameKind, String),
) {
    match tokens.word(at) {
        "route" | "nest" | "nest_service" | "route_service" | "resource" | "scope"
            if text.starts_with('/') =>
        {
            push(NameKind::Route, text.to_owned());
        }
        "get" | "post" | "put" | "delete" | "patch" | "head"
            if text.starts_with('/') && at > 1 && tokens.open(at - 1) == b'[' =>
        {
            push(NameKind::Route, text.to_owned());
        }
        "counter"
        | "gauge"
        | "histogram"
        | "increment_counter"
        | "register_counter"
        | "register_int_counter"
        | "register_int_counter_vec"
        | "register_counter_vec"
        | "register_gauge"
        | "register_gauge_vec"
        | "register_int_gauge"
        | "register_int_gauge_vec"
        | "register_histogram"
        | "register_histogram_vec"
            if tokens.mark(at + 1) == b'!' && is_word(text) =>
        {
            push(NameKind::Metric, text.to_owned());
        }
        "new" if METRICS.iter().any(|kind| path(kind)) && is_word(text) => {
            push(NameKind::Metric, text.to_owned());
        }
        "join" | "push" | "new" | "from" | "exists" | "open" if is_file_name(text) => {
            push(NameKind::Lookup, text.to_owned());
        }
        _ => {}
    }
}

const METRICS: &[&str] = &[
    "Counter",
    "IntCounter",
    "Gauge",
    "IntGauge",
    "Histogram",
    "CounterVec",
    "IntCounterVec",
    "Opts",
    "HistogramOpts",
];

/// Whether `Command::new` starts a process: a chain with `.arg(…)`, `.output()` and the like takes no `Arg`.
fn runs(tokens: &Tokens<'_>, at: usize) -> bool {
    let mut at = tokens.after(at + 1);
    while tokens.mark(at) == b'.' {
        let word = tokens.word(at + 1);
        if matches!(
            word,
            "output" | "status" | "spawn" | "stdin" | "stdout" | "stderr" | "current_dir" | "env" | "envs"
        ) {
            return true;
        }
        if matches!(word, "arg" | "args") {
            let open = at + 2;
            let inside = open + 1..tokens.close(open, tokens.list.len());
            return !inside.into_iter().any(|at| matches!(tokens.word(at), "Arg" | "arg"));
        }
        if matches!(word, "about" | "version" | "author" | "subcommand" | "long_about") {
            return false;
        }
        at = tokens.after(at + 2);
    }
    false
}

/// clap 2's usage strings: `-p, --port=[port] 'Use another port'`, one a line.
fn usage(text: &str, span: Span, out: &mut Vec<Name>) {
    for line in text.lines() {
        let head = line.split('\'').next().unwrap_or("");
        for part in head.split([' ', ',', '=', '[', '<']) {
            if part.strip_prefix("--").is_some_and(is_word) {
                out.push(Name {
                    kind: NameKind::Flag,
                    text: part.to_owned(),
                    set: String::new(),
                    span,
                    whole: span,
                    hidden: false,
                });
            }
        }
    }
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

fn is_variable(text: &str) -> bool {
    text.len() > 1 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// Variables that cargo sets for build scripts and crates: nobody sets them by hand.
fn given_by_cargo(text: &str) -> bool {
    text.starts_with("CARGO_") || text == "OUT_DIR" || !is_variable(text)
}

/// `.dir_colors`, `Default.tmTheme`, `netlify.toml`: a name with a dot and letters after it, no pattern or address.
fn is_file_name(text: &str) -> bool {
    let name = text.rsplit('/').next().unwrap_or(text);
    let plain = |text: &str| {
        text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b' '))
    };
    let Some((stem, extension)) = name.rsplit_once('.') else { return false };
    let dotfile = stem.is_empty() && extension.len() >= 3;
    (dotfile || !stem.is_empty() && (2..=12).contains(&extension.len()))
        && plain(name)
        && extension.bytes().all(|b| b.is_ascii_alphabetic() || dotfile && b == b'_')
}
