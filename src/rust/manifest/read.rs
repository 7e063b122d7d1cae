//! The one reader of `Cargo.toml`: from its text to what it states, with places. Nothing is inherited yet, and no other
//! file is looked at.
//!
//! <https://doc.rust-lang.org/cargo/reference/manifest.html>

use crate::base::{LineIndex, Span};
use std::collections::BTreeMap;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

/// A word of a manifest, and where it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Word {
    /// Without quotes.
    pub text: String,
    /// With its quotes.
    pub span: Span,
}

/// Why a manifest cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// Begins with the line.
    pub message: String,
    /// Where.
    pub span: Span,
}

/// What a manifest states.
#[derive(Clone, Debug, Default)]
pub struct Manifest {
    /// `[package]`.
    pub package: Option<PackageTable>,
    /// `[workspace]`.
    pub workspace: Option<WorkspaceTable>,
    /// `[lib]`.
    pub library: Option<TargetTable>,
    /// `[[bin]]`.
    pub programs: Vec<TargetTable>,
    /// All dependencies, whatever they are for and on whatever platform, in the order of the text.
    pub dependencies: Vec<Declared>,
    /// `[features]`, in the order of the text.
    pub features: Vec<(Word, Vec<String>)>,
}

/// `[package]`.
#[derive(Clone, Debug, Default)]
pub struct PackageTable {
    /// `name`.
    pub name: Word,
    /// The key of it.
    pub key: Span,
    /// The folder of the workspace, where the package names it.
    pub workspace: Option<String>,
    /// The keys of [`FIELDS`].
    pub fields: BTreeMap<&'static str, Field>,
}

/// The value of a key that a workspace can hand down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Field {
    /// Stated here.
    Own(String),
    /// `key.workspace = true`.
    Inherited,
}

/// `[workspace]`.
#[derive(Clone, Debug, Default)]
pub struct WorkspaceTable {
    /// Paths and globs.
    pub members: Vec<Word>,
    /// Paths.
    pub exclude: Vec<String>,
    /// `[workspace.package]`.
    pub fields: BTreeMap<&'static str, Field>,
    /// `[workspace.dependencies]`.
    pub dependencies: Vec<Declared>,
}

/// `[lib]` or a `[[bin]]`.
#[derive(Clone, Debug, Default)]
pub struct TargetTable {
    /// `name`, and its key.
    pub name: Option<(Span, String)>,
    /// `path`.
    pub path: Option<String>,
}

/// What a dependency is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum For {
    /// `[dependencies]`.
    Code,
    /// `[dev-dependencies]`.
    Tests,
    /// `[build-dependencies]`.
    Build,
}

/// One line of `[dependencies]` and of the tables like it.
#[derive(Clone, Debug)]
pub struct Declared {
    /// Its key.
    pub key: Word,
    /// What for.
    pub purpose: For,
    /// `cfg(unix)` of `[target.'cfg(unix)'.dependencies]`.
    pub platform: Option<String>,
    /// `package`, where it has another name than the key.
    pub package: Option<String>,
    /// `path`.
    pub path: Option<String>,
    /// The version asked for; empty for none.
    pub version: String,
    /// Features asked for.
    pub features: Vec<String>,
    /// `default-features`, where it is stated.
    pub default_features: Option<bool>,
    /// Whether a feature has to turn it on.
    pub optional: bool,
    /// Whether the workspace says the rest.
    pub inherited: bool,
}

/// The keys of `[package]` that Cargo hands to programs as `CARGO_PKG_…`, and the edition.
pub const FIELDS: &[&str] = &[
    "name",
    "version",
    "description",
    "license",
    "repository",
    "homepage",
    "rust-version",
    "authors",
    "edition",
];

impl Manifest {
    /// Reads a manifest.
    ///
    /// # Errors
    /// It is no TOML, or a package in it has no name.
    pub fn parse(text: &str) -> Result<Self, Broken> {
        let at = |range: Option<std::ops::Range<usize>>, message: &str| {
            let span = range.map_or_else(Span::default, Span::from);
            let line = LineIndex::new(text).position(text, span.start).line;
            Broken { message: format!("line {line}: {message}"), span }
        };
        let table = DeTable::parse(text).map_err(|error| at(error.span(), error.message()))?;
        let manifest = Self::of(table.get_ref());
        match (table.get_ref().get_key_value("package"), &manifest.package) {
            (Some((key, _)), None) => Err(at(Some(key.span()), "the package has no `name`")),
            _ => Ok(manifest),
        }
    }

    /// What can be read of a text that may be no manifest, or half of one.
    pub fn recover(text: &str) -> Self {
        Self::of(DeTable::parse_recoverable(text).0.get_ref())
    }

    fn of(root: &DeTable<'_>) -> Self {
        let mut dependencies = Vec::new();
        all_dependencies(root, None, &mut dependencies);
        for (platform, value) in entries(root, "target") {
            if let Some(table) = value.get_ref().as_table() {
                all_dependencies(table, Some(platform.get_ref()), &mut dependencies);
            }
        }
        dependencies.sort_by_key(|one| one.key.span);
        let mut features: Vec<(Word, Vec<String>)> =
            entries(root, "features").map(|(key, value)| (word(key), texts(value.get_ref()))).collect();
        features.sort_by_key(|(key, _)| key.span);
        let programs = root.get("bin").and_then(|bins| bins.get_ref().as_array());
        let tables = programs.into_iter().flatten().filter_map(|bin| bin.get_ref().as_table());
        Self {
            package: table(root, "package").and_then(package),
            workspace: table(root, "workspace").map(workspace),
            library: table(root, "lib").map(target),
            programs: tables.map(target).collect(),
            dependencies,
            features,
        }
    }

    /// Its dependencies and those of its workspace's table.
    pub fn all_dependencies(&self) -> impl Iterator<Item = &Declared> {
        self.dependencies.iter().chain(self.workspace.iter().flat_map(|workspace| &workspace.dependencies))
    }
}

/// `[profile]` and `[patch]` of a manifest as TOML, so that what its workspace has compiled already serves another.
/// Patches by path are left out: their paths are the workspace's.
///
/// # Errors
/// It is no TOML.
pub fn profiles(text: &str) -> Result<String, Broken> {
    let broken = |message: String| Broken { message, span: Span::default() };
    let mut table: toml::Table = toml::from_str(text).map_err(|error| broken(error.message().to_owned()))?;
    table.retain(|key, _| matches!(key, "profile" | "patch"));
    let sources = table.get_mut("patch").and_then(toml::Value::as_table_mut);
    for (_, patches) in sources.into_iter().flatten() {
        if let Some(patches) = patches.as_table_mut() {
            patches.retain(|_, patch| patch.get("path").is_none());
        }
    }
    toml::to_string(&table).map_err(|error| broken(error.to_string()))
}

fn word(key: &Spanned<DeString<'_>>) -> Word {
    Word { text: key.get_ref().to_string(), span: key.span().into() }
}

fn table<'t, 'i>(root: &'t DeTable<'i>, key: &str) -> Option<&'t DeTable<'i>> {
    root.get(key)?.get_ref().as_table()
}

fn entries<'t, 'i>(
    root: &'t DeTable<'i>,
    key: &str,
) -> impl Iterator<Item = (&'t Spanned<DeString<'i>>, &'t Spanned<DeValue<'i>>)> {
    table(root, key).into_iter().flatten()
}

fn text(table: &DeTable<'_>, key: &str) -> Option<String> {
    table.get(key)?.get_ref().as_str().map(str::to_owned)
}

fn flag(table: &DeTable<'_>, key: &str) -> Option<bool> {
    table.get(key)?.get_ref().as_bool()
}

fn words(value: &DeValue<'_>) -> Vec<Word> {
    let list = value.as_array().into_iter().flatten();
    let word = |one: &Spanned<DeValue<'_>>| {
        Some(Word { text: one.get_ref().as_str()?.to_owned(), span: one.span().into() })
    };
    list.filter_map(word).collect()
}

fn texts(value: &DeValue<'_>) -> Vec<String> {
    words(value).into_iter().map(|word| word.text).collect()
}

fn package(table: &DeTable<'_>) -> Option<PackageTable> {
    let (key, name) = table.get_key_value("name")?;
    let name = Word { text: name.get_ref().as_str()?.to_owned(), span: name.span().into() };
    let workspace = text(table, "workspace");
    Some(PackageTable { name, key: key.span().into(), workspace, fields: fields(table) })
}

fn fields(table: &DeTable<'_>) -> BTreeMap<&'static str, Field> {
    let field = |key: &&'static str| {
        let value = match table.get(*key)?.get_ref() {
            DeValue::Table(inner) => inner.contains_key("workspace").then_some(Field::Inherited)?,
            list @ DeValue::Array(_) => Field::Own(texts(list).join(":")),
            other => Field::Own(other.as_str()?.to_owned()),
        };
        Some((*key, value))
    };
    FIELDS.iter().filter_map(field).collect()
}

fn workspace(table: &DeTable<'_>) -> WorkspaceTable {
    let list = |key: &str| table.get(key).map(|value| words(value.get_ref())).unwrap_or_default();
    let declared =
        entries(table, "dependencies").map(|(key, value)| declared(key, value.get_ref(), For::Code));
    let mut dependencies: Vec<Declared> = declared.collect();
    dependencies.sort_by_key(|one| one.key.span);
    WorkspaceTable {
        members: list("members"),
        exclude: list("exclude").into_iter().map(|word| word.text).collect(),
        fields: self::table(table, "package").map(fields).unwrap_or_default(),
        dependencies,
    }
}

fn target(table: &DeTable<'_>) -> TargetTable {
    let name = table.get_key_value("name");
    let name = name.and_then(|(key, value)| Some((key.span().into(), value.get_ref().as_str()?.to_owned())));
    TargetTable { name, path: text(table, "path") }
}

fn all_dependencies(table: &DeTable<'_>, platform: Option<&DeString<'_>>, out: &mut Vec<Declared>) {
    let tables = [
        ("dependencies", For::Code),
        ("dev-dependencies", For::Tests),
        ("dev_dependencies", For::Tests),
        ("build-dependencies", For::Build),
        ("build_dependencies", For::Build),
    ];
    for (name, purpose) in tables {
        for (key, value) in entries(table, name) {
            let platform = platform.map(ToString::to_string);
            out.push(Declared { platform, ..declared(key, value.get_ref(), purpose) });
        }
    }
}

fn declared(key: &Spanned<DeString<'_>>, value: &DeValue<'_>, purpose: For) -> Declared {
    let empty = DeTable::new();
    let table = value.as_table().unwrap_or(&empty);
    let version = value.as_str().map(str::to_owned).or_else(|| text(table, "version"));
    Declared {
        key: word(key),
        purpose,
        platform: None,
        package: text(table, "package"),
        path: text(table, "path"),
        version: version.unwrap_or_default(),
        features: table.get("features").map(|list| texts(list.get_ref())).unwrap_or_default(),
        default_features: flag(table, "default-features").or_else(|| flag(table, "default_features")),
        optional: flag(table, "optional").unwrap_or(false),
        inherited: flag(table, "workspace").unwrap_or(false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_that_toml_allows_is_read() {
        let texts = [
            "[[bin]]\nname = \"b\"\npath = \"x.rs\"\n[package]\nname = \"p\"\n[dependencies]\nd = \"1\"\n",
            "bin = [{ name = 'b', path = 'x.rs' }]\npackage.name = 'p'\ndependencies = { d = '1' }\n",
            "package = { 'name' = '''p''' }\n[dependencies.d]\nversion = \"\\u0031\"\n[[\"bin\"]]\n\"name\"='b'\npath = \"\"\"x.rs\"\"\"",
        ];
        for text in texts {
            let read = Manifest::parse(text).unwrap();
            assert_eq!(read.package.unwrap().name.text, "p", "{text}");
            let [bin] = read.programs.as_slice() else { panic!("{text}") };
            assert_eq!((bin.name.as_ref().unwrap().1.as_str(), bin.path.as_deref()), ("b", Some("x.rs")));
            let [dependency] = read.dependencies.as_slice() else { panic!("{text}") };
            assert_eq!((dependency.key.text.as_str(), dependency.version.as_str()), ("d", "1"));
        }
    }

    #[test]
    fn places_are_those_of_the_text() {
        let text = "[features]\nb = []\n\"a\" = [\"b\"]\n[package]\nname = 'p'\n[target.'cfg(unix)'.dev-dependencies]\nx.workspace = true\n";
        let read = Manifest::parse(text).unwrap();
        let at = |span: Span| &text[span.range()];
        let package = read.package.unwrap();
        assert_eq!((at(package.key), at(package.name.span)), ("name", "'p'"));
        let features: Vec<&str> = read.features.iter().map(|(key, _)| at(key.span)).collect();
        assert_eq!(features, ["b", "\"a\""]);
        let [one] = read.dependencies.as_slice() else { panic!() };
        assert_eq!((at(one.key.span), one.purpose, one.inherited), ("x", For::Tests, true));
        assert_eq!(one.platform.as_deref(), Some("cfg(unix)"));
    }

    #[test]
    fn what_is_no_manifest_is_told_with_its_line_and_half_of_one_is_recovered() {
        let told = |text: &str| Manifest::parse(text).unwrap_err().message;
        assert!(told("[package]\nname = \"p\nversion = \"1\"\n").starts_with("line 2: "));
        assert_eq!(told("\n[package]\nversion = \"1\"\n"), "line 2: the package has no `name`");
        assert_eq!(told("package = 1"), "line 1: the package has no `name`");
        let half = Manifest::recover("[package]\nname = \"p\"\nversion = \n[dependencies]\nd = \"1\"\n");
        assert_eq!(half.package.unwrap().name.text, "p");
        assert_eq!(half.dependencies.len(), 1);
        assert!(Manifest::parse("").unwrap().package.is_none());
    }

    #[test]
    fn profiles_and_patches_are_handed_on_without_paths() {
        let text = "[profile.dev.package.\"*\"]\nopt-level = 1\n[dependencies]\na = \"1\"\n[patch.crates-io]\nb = { path = \"b\" }\nc = { git = \"u\" }\n[profile.release]\nlto = true\n";
        let made: toml::Table = toml::from_str(&profiles(text).unwrap()).unwrap();
        let expected: toml::Table = toml::from_str(
            "[profile.dev.package.\"*\"]\nopt-level = 1\n[profile.release]\nlto = true\n[patch.crates-io.c]\ngit = \"u\"\n",
        )
        .unwrap();
        assert_eq!(made, expected);
        assert_eq!(profiles("[package]\nname = \"a\"\n").unwrap(), "");
        assert!(profiles("[").is_err());
    }
}
