//! `[openapi.NAME]`: API documents, where they come from, and what is said of them.

use super::read::{Found, Reader};
use crate::base::{RelPath, Span};
use crate::diag::{Place, nearest};
use std::collections::BTreeMap;

/// An API document of the repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Api {
    /// The table's name.
    pub name: String,
    /// Where the table's first key is written.
    pub place: Place,
    /// `document`: the recorded document, from the repository's root.
    pub document: RelPath,
    /// `sources`, in the order written: documents merge, overlays change what came before them.
    pub sources: Vec<ApiSource>,
    /// `rate-limits`: an operation's id, `tag:NAME` or `default`, the limit as written, and where.
    pub rate_limits: Vec<(String, String, Place)>,
    /// `error-codes`: the schema whose enum holds the error codes.
    pub error_codes: Option<String>,
    /// `error-catalogue`: the page that explains each code, from the repository's root.
    pub error_catalogue: Option<RelPath>,
    /// `coverage-page`: the page that `oathbook openapi coverage` writes, from the repository's root.
    pub coverage_page: Option<RelPath>,
}

/// What yields an API document, or changes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ApiSourceKind {
    /// Rust source with utoipa's annotations; the folder of a package or workspace.
    Utoipa,
    /// A document in JSON or YAML.
    File,
    /// `@openapi` YAML in comments; a glob over files.
    Comments,
    /// An OpenAPI Overlay.
    Overlay,
    /// The output of a command, as `oathbook update --exec` recorded it.
    Command,
}

/// One source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiSource {
    /// What it is.
    pub kind: ApiSourceKind,
    /// Its path, glob or command, as written.
    pub value: String,
    /// Its other keys, as written.
    pub options: BTreeMap<String, String>,
    /// Where it is written.
    pub place: Place,
}

/// Each sort of source, by its key, and the other keys it may have.
const SOURCES: &[(&str, ApiSourceKind, &[&str])] = &[
    ("utoipa", ApiSourceKind::Utoipa, &["package", "root", "features"]),
    ("file", ApiSourceKind::File, &[]),
    ("comments", ApiSourceKind::Comments, &[]),
    ("overlay", ApiSourceKind::Overlay, &[]),
    ("command", ApiSourceKind::Command, &["inputs", "record"]),
];

impl Reader<'_> {
    /// The tables below `openapi`, by name.
    pub(super) fn apis(&mut self, root: &RelPath) -> Vec<Api> {
        let mut names: BTreeMap<String, Span> = BTreeMap::new();
        for (path, (_, span)) in &self.values {
            if let Some((name, _)) = path.strip_prefix("openapi.").and_then(|rest| rest.rsplit_once('.')) {
                let first = names.entry(name.to_owned()).or_insert(*span);
                *first = (*first).min(*span);
            }
        }
        names.into_iter().filter_map(|(name, span)| self.api(&name, span, root)).collect()
    }

    fn api(&mut self, name: &str, span: Span, root: &RelPath) -> Option<Api> {
        if !name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')) {
            let message = format!("`{name}` cannot be the name of an API document");
            self.fatal(name, message, Some("use letters, digits, `-` and `_`".into()), span);
            return None;
        }
        let key = |key: &str| format!("openapi.{name}.{key}");
        let tables = match self.values.get(&key("sources")) {
            Some((Found::Tables(tables), _)) => tables.clone(),
            _ => Vec::new(),
        };
        if tables.is_empty() {
            let help = Some("for example `sources = [{ file = \"api.yaml\" }]`".into());
            self.fatal(&key("sources"), format!("`[openapi.{name}]` has no `sources`"), help, span);
        }
        let sources = tables.iter().filter_map(|table| self.api_source(table, span)).collect();
        let document = self.text(&key("document")).unwrap_or_else(|| format!("openapi/{name}.json"));
        let document = self.inside(&key("document"), &document, root);
        let mut path = |name: &str| {
            let text = self.text(&key(name))?;
            Some(self.inside(&key(name), &text, root))
        };
        let error_catalogue = path("error-catalogue");
        let coverage_page = path("coverage-page");
        let limits = self.pairs(&key("rate-limits"));
        Some(Api {
            name: name.to_owned(),
            place: self.place(span),
            document,
            sources,
            rate_limits: limits
                .into_iter()
                .map(|(key, value, span)| (key, value, self.place(span)))
                .collect(),
            error_codes: self.text(&key("error-codes")),
            error_catalogue,
            coverage_page,
        })
    }

    /// A path below the folder of `book.toml`; one that leads out of the repository is a mistake.
    fn inside(&mut self, key: &str, path: &str, root: &RelPath) -> RelPath {
        root.join(path).unwrap_or_else(|leaves| {
            let span = self.values.get(key).map_or(Span::default(), |(_, span)| *span);
            self.fatal(key, format!("`{key}` leads out of the repository: {}", leaves.0), None, span);
            root.clone()
        })
    }

    fn api_source(&mut self, table: &[(String, String, Span)], all: Span) -> Option<ApiSource> {
        let span = table.first().map_or(all, |(_, _, span)| *span);
        let words: Vec<&str> = SOURCES.iter().map(|(word, ..)| *word).collect();
        let named: Vec<_> = table.iter().filter(|(key, ..)| words.contains(&key.as_str())).collect();
        let [(word, value, at)] = named.as_slice() else {
            let message = format!("a source has exactly one of the keys {}", words.join(", "));
            self.fatal("openapi.sources", message, None, span);
            return None;
        };
        let (_, kind, options) = SOURCES.iter().find(|(name, ..)| name == word)?;
        for (key, _, at) in table.iter().filter(|(key, ..)| key != word && !options.contains(&key.as_str())) {
            let help = nearest(key, options.iter().copied()).map(|near| format!("did you mean `{near}`?"));
            self.fatal(key, format!("`{key}` is no key of a source `{word}`"), help, *at);
        }
        let options = table.iter().filter(|(key, ..)| options.contains(&key.as_str()));
        let options: BTreeMap<String, String> =
            options.map(|(key, value, _)| (key.clone(), value.clone())).collect();
        if *kind == ApiSourceKind::Command && !options.contains_key("inputs") {
            let message =
                "a source `command` needs `inputs`, the files that its output is made of".to_owned();
            let help = Some("globs with blanks between them: when one of the files changes, the recorded document is out of date".into());
            self.fatal("openapi.sources", message, help, *at);
        }
        Some(ApiSource { kind: *kind, value: value.clone(), options, place: self.place(*at) })
    }
}
