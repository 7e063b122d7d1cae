//! The other two hundred languages: syntect's parser with two-face's grammars (bat's collection).
//!
//! syntect's own class generator writes 12 bytes of HTML per byte of code; mapping scopes to twelve classes and
//! merging neighbours writes under 2.

use super::{Class, Run, Runs};
use std::sync::LazyLock;
use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxReference, SyntaxSet};

/// Loading takes 3 ms, so it waits for the first block that needs it.
static SYNTAXES: LazyLock<SyntaxSet> = LazyLock::new(two_face::syntax::extra_newlines);

/// Longer code is left plain: at 1 MB/s a hostile block of 10 MB would hold a build for ten seconds.
const LONGEST: usize = 200_000;

/// A minified line can keep a regular expression busy for seconds.
const LONGEST_LINE: usize = 2_000;

/// Names that documents use and the grammars do not, with what they mean.
const ALIASES: &[(&str, &str)] = &[
    ("batch", "bat"),
    ("cmd", "bat"),
    ("elisp", "el"),
    ("emacs-lisp", "el"),
    ("erlang", "erl"),
    ("haskell", "hs"),
    ("jinja", "jinja2"),
    ("jl", "julia"),
    ("md", "markdown"),
    ("mdx", "markdown"),
    ("nushell", "nu"),
    ("objective-c", "objc"),
    ("octave", "matlab"),
    ("powershell", "ps1"),
    ("pwsh", "ps1"),
    ("rmd", "markdown"),
    ("sass", "scss"),
    ("vim", "viml"),
    ("vimscript", "viml"),
    ("viml", "vim"),
    ("asm", "s"),
    ("nasm", "asm"),
    ("x86asm", "asm"),
    ("ocaml", "ml"),
    ("fsharp", "fs"),
    ("clojure", "clj"),
    ("perl", "pl"),
    ("fortran", "f90"),
    ("racket", "rkt"),
    ("wat", "wast"),
];

fn syntax(language: &str) -> Option<&'static SyntaxReference> {
    let find = |name: &str| SYNTAXES.find_syntax_by_token(name);
    find(language).or_else(|| {
        let (_, name) = ALIASES.iter().find(|(alias, _)| *alias == language)?;
        find(name)
    })
}

/// Whether a grammar goes by that name.
pub(super) fn knows(language: &str) -> bool {
    ALIASES.iter().any(|(alias, _)| *alias == language) || syntax(language).is_some()
}

/// The runs of `code`, or none for a language without a grammar.
pub(super) fn highlight(language: &str, code: &str) -> Option<Vec<Run>> {
    let syntax = syntax(language)?;
    let mut runs = Runs::default();
    if code.len() <= LONGEST {
        let mut state = ParseState::new(syntax);
        let mut stack = ScopeStack::new();
        let mut start = 0;
        for line in code.split_inclusive('\n') {
            parse_line(&mut state, &mut stack, line, start, &mut runs);
            start += line.len();
        }
    }
    runs.push(code.len(), None);
    Some(runs.0)
}

fn parse_line(state: &mut ParseState, stack: &mut ScopeStack, line: &str, start: usize, runs: &mut Runs) {
    if line.len() > LONGEST_LINE {
        return runs.push(start + line.len(), None);
    }
    let Ok(operations) = state.parse_line(line, &SYNTAXES) else {
        return runs.push(start + line.len(), None);
    };
    for (at, operation) in operations {
        if at > 0 {
            runs.push(start + at, class_of(stack.as_slice()));
        }
        // A broken grammar may pop an empty stack; the text is then plain, nothing worse.
        let _ = stack.apply(&operation);
    }
    runs.push(start + line.len(), class_of(stack.as_slice()));
}

/// The class of the innermost scope that has one.
fn class_of(scopes: &[Scope]) -> Option<Class> {
    static TABLE: LazyLock<Vec<(Scope, Option<Class>)>> = LazyLock::new(|| {
        let rows: &[(&str, Option<Class>)] = &[
            ("comment", Some(Class::Comment)),
            ("punctuation.definition.comment", Some(Class::Comment)),
            ("string", Some(Class::String)),
            ("punctuation.definition.string", Some(Class::String)),
            ("constant.character.escape", Some(Class::String)),
            ("constant", Some(Class::Number)),
            ("keyword.operator", None),
            ("keyword", Some(Class::Keyword)),
            ("storage.type.function", Some(Class::Keyword)),
            ("storage", Some(Class::Keyword)),
            ("entity.name.function", Some(Class::Function)),
            ("support.function", Some(Class::Function)),
            ("variable.function", Some(Class::Function)),
            ("entity.name.tag", Some(Class::Type)),
            ("entity.other.attribute-name", Some(Class::Key)),
            ("entity.name", Some(Class::Type)),
            ("support.type", Some(Class::Type)),
            ("support.class", Some(Class::Type)),
            ("variable.parameter", None),
            ("variable.other", None),
            ("variable", Some(Class::Variable)),
            ("meta.annotation", Some(Class::Meta)),
            ("meta.preprocessor", Some(Class::Meta)),
            ("markup.inserted", Some(Class::Inserted)),
            ("markup.deleted", Some(Class::Deleted)),
            ("markup.heading", Some(Class::Keyword)),
        ];
        let parse =
            |(name, class): &(&str, Option<Class>)| Scope::new(name).ok().map(|scope| (scope, *class));
        rows.iter().filter_map(parse).collect()
    });
    scopes.iter().rev().find_map(|scope| {
        let (_, class) = TABLE.iter().find(|(prefix, _)| prefix.is_prefix_of(*scope))?;
        Some(*class)
    })?
}
