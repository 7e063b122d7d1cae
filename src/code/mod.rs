//! Typed names of code: what a file declares that documentation may cite, in any language that is read.
//!
//! A name has a kind (a flag, a variable of the environment, a route …), the spelling that documentation uses, and
//! the set that it belongs to (the struct of its flags, the enum of its variants). Reading is per file and by syntax
//! alone: nothing is resolved, no other file is looked at, and every reader is total.

mod calls;
mod case;
mod data;
#[cfg(feature = "languages")]
mod languages;
mod manifest;
mod rust;
mod sets;
mod tasks;
mod tokens;

pub use sets::{LISTED, Names, is_listed};

use crate::base::{RelPath, Span};

/// What sort of thing a name is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NameKind {
    /// A public type, trait or class.
    Type,
    /// A public function, method or macro.
    Function,
    /// A public constant or static.
    Constant,
    /// A variant of an enum.
    Variant,
    /// A field of a struct.
    Field,
    /// A value that an option or a serialised enum takes.
    Choice,
    /// A key of a serialised format.
    Key,
    /// A long option of a command line, with its dashes.
    Flag,
    /// A subcommand.
    Command,
    /// A program that the repository makes.
    Program,
    /// A variable of the environment.
    Variable,
    /// A metric.
    Metric,
    /// A path that a server answers.
    Route,
    /// A cargo feature.
    Feature,
    /// A package that the repository declares.
    Package,
    /// A package that it depends on.
    Dependency,
    /// A task of a build tool: a script, a recipe, a target.
    Task,
    /// A key of a configuration file that the repository holds.
    Setting,
    /// A file that the code looks for by name.
    Lookup,
    /// A string of the code that reads like a key, a code or an option.
    Literal,
    /// A file or folder of the repository.
    File,
}

impl NameKind {
    /// All kinds.
    pub const ALL: [Self; 21] = [
        Self::Type,
        Self::Function,
        Self::Constant,
        Self::Variant,
        Self::Field,
        Self::Choice,
        Self::Key,
        Self::Flag,
        Self::Command,
        Self::Program,
        Self::Variable,
        Self::Metric,
        Self::Route,
        Self::Feature,
        Self::Package,
        Self::Dependency,
        Self::Task,
        Self::Setting,
        Self::Lookup,
        Self::Literal,
        Self::File,
    ];

    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Type => "type",
            Self::Function => "function",
            Self::Constant => "constant",
            Self::Variant => "variant",
            Self::Field => "field",
            Self::Choice => "value",
            Self::Key => "key",
            Self::Flag => "flag",
            Self::Command => "subcommand",
            Self::Program => "program",
            Self::Variable => "environment variable",
            Self::Metric => "metric",
            Self::Route => "route",
            Self::Feature => "feature",
            Self::Package => "package",
            Self::Dependency => "dependency",
            Self::Task => "task",
            Self::Setting => "setting",
            Self::Lookup => "file name",
            Self::Literal => "text",
            Self::File => "file",
        }
    }
}

/// One declared name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// What it is.
    pub kind: NameKind,
    /// As documentation spells it: `--no-color`, `NO_COLOR`, `Limits`, `/search/{id}`.
    pub text: String,
    /// The set that it belongs to, by the name of the type, table or router that holds it; empty for none.
    pub set: String,
    /// The bytes that spell it in the source, which may be a field's name or an attribute's value.
    pub span: Span,
    /// The whole declaration.
    pub whole: Span,
    /// Whether help and reference leave it out on purpose.
    pub hidden: bool,
}

impl Name {
    /// With its set: `Limits::max`.
    pub fn qualified(&self) -> String {
        if self.set.is_empty() { self.text.clone() } else { format!("{}::{}", self.set, self.text) }
    }

    /// What makes two declarations the same name. Where the set is part of the spelling it counts; a key or a flag
    /// is the same one in a struct of another name.
    pub fn identity(&self) -> (NameKind, String) {
        let member = matches!(
            self.kind,
            NameKind::Function | NameKind::Constant | NameKind::Variant | NameKind::Field | NameKind::Type
        );
        (self.kind, if member { self.qualified() } else { self.text.clone() })
    }
}

/// Files larger than this are data, not code that people document.
const LARGEST: usize = 4 << 20;

/// Whether a file of this name can declare names.
pub fn is_read(path: &RelPath) -> bool {
    language(path).is_some()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Language {
    Rust,
    Cargo,
    PackageJson,
    PyProject,
    GoMod,
    Targets,
    Toml,
    Yaml,
    #[cfg(feature = "languages")]
    Grammar(languages::Grammar),
}

fn language(path: &RelPath) -> Option<Language> {
    Some(match (path.file_name(), path.extension().unwrap_or("")) {
        ("Cargo.toml", _) => Language::Cargo,
        ("package.json", _) => Language::PackageJson,
        ("pyproject.toml", _) => Language::PyProject,
        ("go.mod", _) => Language::GoMod,
        ("Makefile" | "makefile" | "GNUmakefile" | "justfile" | "Justfile" | ".justfile", _) => {
            Language::Targets
        }
        (_, "rs") => Language::Rust,
        (_, "toml") => Language::Toml,
        (_, "yml" | "yaml") => Language::Yaml,
        #[cfg(feature = "languages")]
        (_, extension) => Language::Grammar(languages::grammar(extension)?),
        #[cfg(not(feature = "languages"))]
        _ => return None,
    })
}

/// A name as `kebab-case`.
pub fn kebab(name: &str) -> String {
    case::Case::Kebab.apply(name)
}

/// The names that a file declares, in the order of its text; none for a language that is not read.
pub fn names(path: &RelPath, text: &str) -> Vec<Name> {
    if text.len() > LARGEST {
        return Vec::new();
    }
    let mut out = match language(path) {
        Some(Language::Rust) => rust::names(text),
        Some(Language::Cargo) => manifest::cargo(text),
        Some(Language::PackageJson) => tasks::package_json(text),
        Some(Language::PyProject) => tasks::pyproject(text),
        Some(Language::GoMod) => tasks::go_mod(text),
        Some(Language::Targets) => tasks::targets(text),
        #[cfg(feature = "languages")]
        Some(Language::Grammar(grammar)) => languages::names(grammar, text),
        Some(Language::Toml) => data::toml(path, text),
        Some(Language::Yaml) => data::yaml(path, text),
        None => Vec::new(),
    };
    // A single letter, or nothing, is no name that a page could cite.
    out.retain(|name| name.text.trim_matches(['-', '_', '/']).len() > 1);
    out.sort_by(|a, b| (a.span, a.kind, &a.text).cmp(&(b.span, b.kind, &b.text)));
    out.dedup_by(|a, b| a.kind == b.kind && a.text == b.text && a.set == b.set);
    out
}

/// Whether a string reads like a key, a code or an option: several words in lower case, joined by `-`, `_` or `.`.
fn reads_like_a_key(text: &str) -> bool {
    let words: Vec<&str> = text.trim_start_matches('-').split(['-', '_', '.']).collect();
    let plain = |word: &&str| word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    (6..=48).contains(&text.len())
        && words.len() > 1
        && words.iter().all(|word| !word.is_empty())
        && words.iter().all(plain)
        && words
            .iter()
            .filter(|word| word.len() > 1 && word.starts_with(|c: char| c.is_ascii_lowercase()))
            .count()
            > 1
}

/// The other spellings that source may have for a name: `--no-color` is made from `no_color`, `no-color`, `NoColor`.
pub fn spellings(name: &str) -> Vec<String> {
    use case::Case;
    let bare = name.trim_start_matches('-');
    let all = [Case::Same, Case::Kebab, Case::Snake, Case::Camel, Case::Pascal, Case::Screaming];
    let mut out: Vec<String> = all.iter().map(|case| case.apply(bare)).collect();
    out.retain(|form| form.len() > 1);
    out.sort_unstable();
    out.dedup();
    out
}

/// A file's text with blanks for its comments, where its language is read; else the text as it is.
pub fn without_comments(path: &RelPath, text: &str) -> String {
    match language(path) {
        Some(Language::Rust) => tokens::Tokens::read(text).without_comments(),
        #[cfg(feature = "languages")]
        Some(Language::Grammar(grammar)) => {
            languages::without_comments(grammar, text).unwrap_or_else(|| text.to_owned())
        }
        _ => text.to_owned(),
    }
}
