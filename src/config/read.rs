//! Reading `book.toml` with a place for every key.

use super::{Allow, Checks, Config, Diagrams, Html, KEYS, Key, Kind, Level, OWN_TABLES, Owner, SiteTable};
use crate::base::{ADDRESS_HELP, Date, RelPath, Span, refused};
use crate::diag::{Place, Problem, Severity, code, nearest};
use std::collections::{BTreeMap, BTreeSet};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Keys whose values become addresses on pages.
const ADDRESSES: &[&str] = &[
    "output.html.git-repository-url",
    "output.html.edit-url-template",
    "output.html.site-url",
    "output.html.additional-css",
    "output.html.additional-js",
    "site.address",
    "site.image",
];

/// Old addresses and where they lead now.
const REDIRECTS: &str = "output.html.redirect";

/// The value of a known key.
#[derive(Clone, Debug)]
pub(super) enum Found {
    Text(String),
    Bool(bool),
    Integer(i64),
    Texts(Vec<String>),
    Table(Vec<(String, String, Span)>),
    Tables(Vec<Vec<(String, String, Span)>>),
    Other,
}

pub(super) struct Reader<'r> {
    file: &'r RelPath,
    pub(super) values: BTreeMap<String, (Found, Span)>,
    mistakes: Vec<Problem>,
    preprocessors: Vec<String>,
    /// Default preprocessors that are named although they are off by default.
    named: Vec<String>,
    /// Whether oathbook's tables were met at top level, and below `preprocessor.oathbook`.
    mounts: [Option<Span>; 2],
}

/// Reads the text of `file`, the `book.toml` of the book whose folder is `root`. `overrides` are mdBook's
/// environment variables (`MDBOOK_BOOK__TITLE`), which win. A file with mistakes is read as far as it goes.
pub fn read(
    file: Option<&RelPath>,
    root: &RelPath,
    text: &str,
    overrides: &[(String, String)],
) -> (Config, Vec<Problem>) {
    let nowhere = RelPath::root();
    let mut reader = Reader {
        file: file.unwrap_or(&nowhere),
        values: BTreeMap::new(),
        mistakes: Vec::new(),
        preprocessors: Vec::new(),
        named: Vec::new(),
        mounts: [None; 2],
    };
    let (table, errors) = DeTable::parse_recoverable(text);
    // What follows the first mistake is read by guessing, and so would be what is said of it.
    if let Some(error) = errors.first() {
        let span = error.span().map_or(Span::default(), Span::from);
        reader.fatal("book.toml", format!("not TOML: {}", error.message()), None, span);
    }
    if errors.is_empty() {
        reader.top(table.get_ref());
        reader.both_mounts();
    }
    reader.environment(overrides);
    reader.addresses();
    let mut config = reader.config(root);
    config.file = file.cloned();
    (config, reader.mistakes)
}

/// Whether a dotted path is a key's, `*` standing for one part.
fn names(pattern: &str, path: &str) -> bool {
    let (mut pattern, mut path) = (pattern.split('.'), path.split('.'));
    loop {
        match (pattern.next(), path.next()) {
            (None, None) => return true,
            (Some(want), Some(got)) if want == "*" || want == got => {}
            _ => return false,
        }
    }
}

/// Whether a key's pattern has more parts below a path.
fn leads_to(path: &str, pattern: &str) -> bool {
    let parts = path.split('.').count();
    let above: Vec<&str> = pattern.split('.').take(parts).collect();
    pattern.split('.').count() > parts && names(&above.join("."), path)
}

fn find(path: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.path == path).or_else(|| KEYS.iter().find(|key| names(key.path, path)))
}

fn text_of(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Datetime(date) => Some(date.to_string()),
        _ => None,
    }
}

fn span_of<T>(value: &Spanned<T>) -> Span {
    value.span().into()
}

impl Reader<'_> {
    pub(super) fn place(&self, span: Span) -> Place {
        Place { file: self.file.clone(), span }
    }

    pub(super) fn fatal(&mut self, subject: &str, message: String, help: Option<String>, span: Span) {
        self.note(code::CONFIGURATION, subject, message, help, span);
    }

    fn note(&mut self, code: &'static str, subject: &str, message: String, help: Option<String>, span: Span) {
        let problem = Problem::new(code, &self.place(span), subject, message);
        self.mistakes.push(problem.help(help.unwrap_or_default()));
    }

    fn top(&mut self, table: &DeTable<'_>) {
        for (key, value) in table {
            let (name, span) = (key.get_ref().as_ref(), span_of(key));
            match (name, value.get_ref()) {
                ("output", DeValue::Table(outputs)) => self.outputs(outputs),
                ("preprocessor", DeValue::Table(preprocessors)) => self.preprocessors(preprocessors),
                ("book" | "build" | "rust", DeValue::Table(inner)) => self.table(name, inner),
                (name, _) if OWN_TABLES.contains(&name) => {
                    self.mounts[0].get_or_insert(span);
                    self.own(name, key, value);
                }
                ("book" | "build" | "rust" | "output" | "preprocessor", _) => self.no_table(name, value),
                _ => {
                    let tables = ["book", "build", "rust", "output", "preprocessor"].into_iter();
                    let help = nearest(name, tables.chain(OWN_TABLES.iter().copied()))
                        .map(|near| format!("did you mean `[{near}]`?"));
                    let help = help.or_else(|| {
                        Some("mdBook 0.5 refuses to build a book with an unknown table; remove it".into())
                    });
                    self.note(
                        code::CONFIGURATION_KEY,
                        name,
                        format!("`{name}` is neither mdBook's nor oathbook's"),
                        help,
                        span,
                    );
                }
            }
        }
    }

    fn table(&mut self, prefix: &str, table: &DeTable<'_>) {
        for (key, value) in table {
            let path = format!("{prefix}.{}", key.get_ref());
            match (find(&path), value.get_ref()) {
                (Some(known), _) => self.value(known, &path, span_of(key), value),
                (None, DeValue::Table(inner)) if KEYS.iter().any(|key| leads_to(&path, key.path)) => {
                    self.table(&path, inner)
                }
                (None, _) if KEYS.iter().any(|key| leads_to(&path, key.path)) => self.no_table(&path, value),
                (None, _) => self.unknown(&path, span_of(key)),
            }
        }
    }

    /// A value where keys lead on.
    fn no_table(&mut self, path: &str, value: &Spanned<DeValue<'_>>) {
        let below = KEYS.iter().find_map(|key| {
            let next = key.path.split('.').nth(path.split('.').count())?;
            leads_to(path, key.path).then_some((next, key))
        });
        let deeper = |key: &Key| key.path.split('.').count() > path.split('.').count() + 1;
        let help = below.map(|(next, key)| match next {
            "*" if deeper(key) => format!("write tables such as `[{path}.NAME]`"),
            "*" => format!("write a table `[{path}]` of names, each {}", key.kind.describe()),
            next => format!("write a table `[{path}]` with keys such as `{next}`"),
        });
        let message = format!("`{path}` must be a table, not a value of type {}", value.get_ref().type_str());
        let own = OWN_TABLES.contains(&path.split('.').next().unwrap_or(path));
        let kind = if own { code::CONFIGURATION } else { code::CONFIGURATION_KEY };
        self.note(kind, path, message, help, span_of(value));
    }

    fn unknown(&mut self, path: &str, span: Span) {
        let own = OWN_TABLES.contains(&path.split('.').next().unwrap_or(path));
        // Only the last part may be misspelled: `output.html.serach` is no `output.html.cname`.
        let (parent, last) = path.rsplit_once('.').unwrap_or(("", path));
        let siblings = KEYS.iter().filter_map(|key| {
            let below = key.path.split('.').nth(parent.split('.').count())?;
            (leads_to(parent, key.path) && below != "*").then_some(below)
        });
        let near = nearest(last, siblings)
            .map(|name| if parent.is_empty() { name.to_owned() } else { format!("{parent}.{name}") });
        let help = near.map(|near| format!("did you mean `{near}`?"));
        if own {
            return self.fatal(path, format!("`{path}` is no key of oathbook"), help, span);
        }
        let effect = if path.starts_with("output.html") {
            "mdBook 0.5 then drops the whole [output.html] table; oathbook ignores only this key"
        } else {
            "mdBook 0.5 refuses to build a book with it"
        };
        self.note(
            code::CONFIGURATION_KEY,
            path,
            format!("`{path}` is no key of mdBook 0.5"),
            Some(help.unwrap_or_else(|| effect.to_owned())),
            span,
        );
    }

    fn value(&mut self, key: &Key, path: &str, span: Span, value: &Spanned<DeValue<'_>>) {
        if let Owner::Removed(what) = key.owner {
            return self.note(
                code::CONFIGURATION_KEY,
                path,
                format!("`{path}` has no effect: {what}"),
                Some("remove it".into()),
                span,
            );
        }
        if path.starts_with("output.html.playpen") && !path.ends_with("playpen") {
            return self.playpen(path, value);
        }
        if path == "output.html.playpen" {
            let help = Some("rename the table to `[output.html.playground]`".into());
            self.note(
                code::CONFIGURATION_KEY,
                path,
                format!("`{path}` is the old name of `output.html.playground`"),
                help,
                span,
            );
            if let DeValue::Table(inner) = value.get_ref() {
                inner
                    .iter()
                    .for_each(|(key, value)| self.playpen(&format!("{path}.{}", key.get_ref()), value));
            }
            return;
        }
        match convert(key.kind, value.get_ref()) {
            Some(found) => drop(self.values.insert(path.to_owned(), (found, span_of(value)))),
            None => {
                let found = match value.get_ref() {
                    DeValue::String(text) => format!("\"{text}\""),
                    other => format!("a value of type {}", other.type_str()),
                };
                let message = format!("`{path}` must be {}, not {found}", key.kind.describe());
                let fatal = key.owner == Owner::Oathbook;
                let kind = if fatal { code::CONFIGURATION } else { code::CONFIGURATION_KEY };
                self.note(kind, path, message, None, span_of(value));
            }
        }
    }

    fn playpen(&mut self, path: &str, value: &Spanned<DeValue<'_>>) {
        let renamed = path.replacen("playpen", "playground", 1);
        if let Some(found) = find(&renamed).and_then(|key| convert(key.kind, value.get_ref())) {
            self.values.insert(renamed, (found, span_of(value)));
        }
    }

    fn outputs(&mut self, outputs: &DeTable<'_>) {
        for (key, value) in outputs {
            let name = key.get_ref().as_ref();
            match (name, value.get_ref()) {
                ("html", DeValue::Table(inner)) => self.table("output.html", inner),
                ("html", _) => self.no_table("output.html", value),
                ("markdown", _) => {}
                (_, DeValue::Table(inner)) => self.command("output", name, inner, span_of(key)),
                _ => self.unknown(&format!("output.{name}"), span_of(key)),
            }
        }
    }

    fn preprocessors(&mut self, preprocessors: &DeTable<'_>) {
        for (key, value) in preprocessors {
            let name = key.get_ref().as_ref();
            let DeValue::Table(inner) = value.get_ref() else {
                self.unknown(&format!("preprocessor.{name}"), span_of(key));
                continue;
            };
            match name {
                "oathbook" => self.mounted(inner),
                "links" | "index" => self.named.push(name.to_owned()),
                _ => {
                    self.preprocessors.push(name.to_owned());
                    self.command("preprocessor", name, inner, span_of(key));
                }
            }
        }
    }

    /// oathbook's tables inside mdBook's.
    fn mounted(&mut self, table: &DeTable<'_>) {
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "renderers" | "command" | "optional" | "before" | "after" => {}
                name => {
                    self.mounts[1].get_or_insert(span_of(key));
                    self.own(name, key, value);
                }
            }
        }
    }

    fn own(&mut self, name: &str, key: &Spanned<toml::de::DeString<'_>>, value: &Spanned<DeValue<'_>>) {
        match (find(name), value.get_ref()) {
            (Some(known), _) => self.value(known, name, span_of(key), value),
            (None, DeValue::Table(inner)) if OWN_TABLES.contains(&name) => self.table(name, inner),
            (None, _) if OWN_TABLES.contains(&name) => self.no_table(name, value),
            _ => {
                let help =
                    nearest(name, OWN_TABLES.iter().copied()).map(|near| format!("did you mean `{near}`?"));
                self.fatal(name, format!("`{name}` is no table of oathbook"), help, span_of(key));
            }
        }
    }

    fn command(&mut self, what: &str, name: &str, table: &DeTable<'_>, span: Span) {
        let command = table.get("command").and_then(|value| text_of(value.get_ref()));
        let command = command.unwrap_or_else(|| format!("mdbook-{name}"));
        let (effect, help) = if what == "output" {
            (
                "its output is not made",
                "oathbook writes the HTML site; run the other renderer with mdBook if you need it",
            )
        } else {
            (
                "what it would change on the pages is missing",
                "nothing that a book names is ever started, so that books by strangers can be built",
            )
        };
        let message = format!("`{command}` is not started: {effect}");
        self.note(code::FOREIGN_COMMAND, &format!("{what}.{name}"), message, Some(help.into()), span);
    }

    fn both_mounts(&mut self) {
        if let [Some(_), Some(span)] = self.mounts {
            let message =
                "oathbook's tables stand at top level and below `[preprocessor.oathbook]`".to_owned();
            let help = "keep one: below `[preprocessor.oathbook]` while mdBook still builds the book, else at top level";
            self.fatal("preprocessor.oathbook", message, Some(help.into()), span);
        }
    }

    fn environment(&mut self, overrides: &[(String, String)]) {
        for (name, value) in overrides {
            let Some(path) = name.strip_prefix("MDBOOK_") else { continue };
            let path = path.to_lowercase().replace("__", ".").replace('_', "-");
            let Some(key) = find(&path) else { continue };
            let parsed = match (key.kind, value.as_str()) {
                (Kind::Bool, "true") => Found::Bool(true),
                (Kind::Bool, "false") => Found::Bool(false),
                (Kind::Text | Kind::Choice(_), text) => Found::Text(text.trim_matches('"').to_owned()),
                (Kind::Texts, text) => match serde_json::from_str(text) {
                    Ok(list) => Found::Texts(list),
                    Err(_) => Found::Texts(vec![text.to_owned()]),
                },
                _ => continue,
            };
            self.values.insert(path, (parsed, Span::default()));
        }
    }

    /// Leaves addresses out that no page may hold, so that nothing further on has to think of them.
    fn addresses(&mut self) {
        let mut found = Vec::new();
        for (path, (value, span)) in &mut self.values {
            let mut keep = |name: &str, address: &str, span: Span| {
                let scheme = refused(address);
                found.extend(scheme.map(|scheme| (path.clone(), name.to_owned(), scheme, span)));
                scheme.is_none()
            };
            match value {
                Found::Text(text) if ADDRESSES.contains(&path.as_str()) && !keep("", text, *span) => {
                    *value = Found::Other;
                }
                Found::Texts(list) if ADDRESSES.contains(&path.as_str()) => {
                    list.retain(|address| keep("", address, *span));
                }
                Found::Table(pairs) if path == REDIRECTS => {
                    pairs.retain(|(from, to, span)| keep(from, to, *span));
                }
                _ => {}
            }
        }
        for (path, name, scheme, span) in found {
            let what =
                if name.is_empty() { format!("`{path}` is") } else { format!("`{name}` is redirected to") };
            let message = format!("{what} an address of `{scheme}:`, which stands on no page");
            let subject = if name.is_empty() { path } else { name };
            self.note(code::UNSAFE_ADDRESS, &subject, message, Some(ADDRESS_HELP.into()), span);
        }
    }

    pub(super) fn text(&self, path: &str) -> Option<String> {
        match self.values.get(path) {
            Some((Found::Text(text), _)) => Some(text.clone()),
            _ => None,
        }
    }

    pub(super) fn integer(&self, path: &str) -> Option<i64> {
        match self.values.get(path) {
            Some((Found::Integer(number), _)) => Some(*number),
            _ => None,
        }
    }

    /// Where a key is written.
    pub(super) fn span(&self, path: &str) -> Span {
        self.values.get(path).map_or(Span::default(), |(_, span)| *span)
    }

    fn flag(&self, path: &str, default: bool) -> bool {
        match self.values.get(path) {
            Some((Found::Bool(value), _)) => *value,
            _ => default,
        }
    }

    pub(super) fn texts(&self, path: &str) -> Vec<String> {
        match self.values.get(path) {
            Some((Found::Texts(list), _)) => list.clone(),
            _ => Vec::new(),
        }
    }

    pub(super) fn pairs(&self, path: &str) -> Vec<(String, String, Span)> {
        match self.values.get(path) {
            Some((Found::Table(pairs), _)) => pairs.clone(),
            _ => Vec::new(),
        }
    }

    fn config(&mut self, root: &RelPath) -> Config {
        let src = self.text("book.src").unwrap_or_else(|| "src".into());
        let src = root.join(&src).unwrap_or_else(|leaves| {
            let span = self.values.get("book.src").map_or(Span::default(), |(_, span)| *span);
            let message = format!("`book.src` leads out of the repository: {}", leaves.0);
            self.fatal("book.src", message, None, span);
            root.clone()
        });
        let language = self.text("book.language").unwrap_or_else(|| "en".into());
        let defaults = self.flag("build.use-default-preprocessors", true);
        let named = |name: &str| defaults || self.named.iter().any(|known| known == name);
        let mut config = Config {
            file: None,
            root: root.clone(),
            title: self.text("book.title"),
            authors: self.texts("book.authors"),
            description: self.text("book.description"),
            src,
            rtl: self
                .text("book.text-direction")
                .map_or_else(|| is_rtl(&language), |direction| direction == "rtl"),
            language,
            watch: self.texts("build.extra-watch-dirs"),
            create_missing: self.flag("build.create-missing", true),
            build_dir: self.text("build.build-dir").unwrap_or_else(|| "book".into()),
            directives: named("links"),
            readme_is_index: named("index"),
            edition: self.text("rust.edition"),
            html: self.html(),
            site: self.site(),
            kinds: self
                .pairs("kinds")
                .into_iter()
                .map(|(glob, kind, span)| (glob, kind, Some(self.place(span))))
                .collect(),
            preprocessors: self.preprocessors.clone(),
            other_outputs: self.mistakes.iter().any(|mistake| {
                mistake.code == code::FOREIGN_COMMAND && mistake.subject.starts_with("output.")
            }),
            checks: self.checks(root),
            apis: self.apis(root),
            diagrams: self.diagrams(),
            linkcheck: self.linkcheck(),
            samples: self.samples(),
            run: self.run(),
            alerts: self.alerts(),
            reviews: self.pairs("reviews.every").into_iter().map(|(kind, every, _)| (kind, every)).collect(),
            incidents: self.incidents(),
            capacity: self.capacity(),
            criteria: self.text("criteria.file"),
            oncall: self.oncall(),
            named: BTreeSet::new(),
        };
        config.named = self.named_paths(&config);
        config
    }

    /// Each text of the file as a path: a record or a document that the book names may be one that git ignores.
    fn named_paths(&self, config: &Config) -> BTreeSet<RelPath> {
        let mut texts = vec![config.linkcheck.record.clone(), config.samples.record.clone()];
        for (found, _) in self.values.values() {
            match found {
                Found::Text(text) => texts.push(text.clone()),
                Found::Texts(list) => texts.extend(list.iter().cloned()),
                Found::Table(pairs) => texts.extend(pairs.iter().map(|(_, text, _)| text.clone())),
                Found::Tables(tables) => {
                    texts.extend(tables.iter().flatten().map(|(_, text, _)| text.clone()));
                }
                Found::Bool(_) | Found::Integer(_) | Found::Other => {}
            }
        }
        let named = texts.iter().filter_map(|text| config.root.join(text).ok());
        let recorded = config.apis.iter().map(|api| api.document.clone());
        named.chain(recorded).filter(|path| !path.is_root()).collect()
    }

    fn diagrams(&self) -> Diagrams {
        let inventory = self.values.iter().filter_map(|(path, (found, _))| {
            let Found::Text(text) = found else { return None };
            Some((path.strip_prefix("diagrams.inventory.")?.to_owned(), text.clone()))
        });
        let left_out = self.pairs("diagrams.leave-out").into_iter();
        Diagrams {
            folder: self.text("diagrams.folder").unwrap_or_else(|| "diagrams".into()),
            inventory: inventory.collect(),
            leave_out: left_out.map(|(name, reason, _)| (name, reason)).collect(),
        }
    }

    fn html(&self) -> Html {
        let html = |key: &str| format!("output.html.{key}");
        let text = |key: &str| self.text(&html(key));
        let flag = |key: &str, default| self.flag(&html(key), default);
        let redirects = self.pairs(REDIRECTS).into_iter();
        Html {
            smart_punctuation: flag("smart-punctuation", true),
            definition_lists: flag("definition-lists", true),
            admonitions: flag("admonitions", true),
            mathjax: flag("mathjax-support", false),
            css: self.texts(&html("additional-css")),
            js: self.texts(&html("additional-js")),
            no_section_label: flag("no-section-label", false),
            repository: text("git-repository-url"),
            edit: text("edit-url-template"),
            input_404: text("input-404"),
            site_url: text("site-url"),
            cname: text("cname"),
            hidelines: self
                .pairs(&html("code.hidelines"))
                .into_iter()
                .map(|(key, value, _)| (key, value))
                .collect(),
            runnable: flag("playground.runnable", true),
            editable: flag("playground.editable", false),
            print: flag("print.enable", true),
            search: flag("search.enable", true),
            theme: text("theme"),
            redirects: redirects.map(|(from, to, span)| (from, to, Some(self.place(span)))).collect(),
        }
    }

    fn site(&self) -> SiteTable {
        SiteTable {
            address: self.text("site.address").map(|text| text.trim_end_matches('/').to_owned()),
            theme: self.text("site.theme"),
            image: self.text("site.image"),
            markdown: self.flag("site.markdown", true),
            last_changed: self.flag("site.last-changed", false),
            internal: self.texts("site.internal"),
            allow_files: self.texts("site.allow-files"),
        }
    }

    fn checks(&mut self, root: &RelPath) -> Checks {
        let mut checks = Checks::default();
        let levels: Vec<(String, String, Span)> = self
            .values
            .iter()
            .filter_map(|(path, (found, span))| match (path.strip_prefix("checks."), found) {
                (Some(code), Found::Text(level)) if code != "baseline" => {
                    Some((code.to_owned(), level.clone(), *span))
                }
                _ => None,
            })
            .collect();
        for (code, level, span) in levels {
            checks.level_places.insert(code.clone(), self.place(span));
            let level = match level.as_str() {
                "error" => Level::On(Severity::Error),
                "warning" => Level::On(Severity::Warning),
                "note" => Level::On(Severity::Note),
                _ => Level::Off,
            };
            checks.levels.insert(code, level);
        }
        if self.flag("checks.pedantic", false) {
            checks.levels.entry("pedantic".into()).or_insert(Level::On(Severity::Warning));
        }
        checks.baseline = self.text("checks.baseline").and_then(|path| root.join(&path).ok());
        if let Some((Found::Tables(tables), span)) = self.values.get("checks.allow").cloned() {
            for table in tables {
                checks.allow.extend(self.allow(&table, span));
            }
        }
        checks
    }

    fn allow(&mut self, table: &[(String, String, Span)], all: Span) -> Option<Allow> {
        let rule = table.iter().find(|(key, ..)| key == "rule").or(table.first());
        let span = rule.map_or(all, |(_, _, span)| *span);
        for (key, _, at) in table {
            if !["rule", "page", "reason", "until"].contains(&key.as_str()) {
                let help = nearest(key, ["rule", "page", "reason", "until"])
                    .map(|near| format!("did you mean `{near}`?"));
                self.fatal(key, format!("`{key}` is no key of `[[checks.allow]]`"), help, *at);
            }
        }
        let get = |name: &str| {
            table.iter().find(|(key, ..)| key == name).map(|(_, value, span)| (value.clone(), *span))
        };
        let Some((code, _)) = get("rule") else {
            self.fatal(
                "checks.allow",
                "`[[checks.allow]]` needs `rule`, the code of a check".into(),
                None,
                span,
            );
            return None;
        };
        let reason = get("reason").map(|(reason, _)| reason).unwrap_or_default();
        if reason.trim().is_empty() {
            let help = Some("say why the finding is accepted; a reader of the file will ask".into());
            self.fatal("checks.allow", format!("allowing `{code}` needs a `reason`"), help, span);
        }
        let until = get("until").and_then(|(until, at)| match until.parse::<Date>() {
            Ok(date) => Some(date),
            Err(message) => {
                self.fatal("checks.allow", message, None, at);
                None
            }
        });
        let page = get("page").map_or_else(|| "**".to_owned(), |(page, _)| page);
        Some(Allow { code, page, reason, until, place: Some(self.place(span)) })
    }
}

fn convert(kind: Kind, value: &DeValue<'_>) -> Option<Found> {
    match (kind, value) {
        (Kind::Text, DeValue::String(text)) => Some(Found::Text(text.to_string())),
        (Kind::Choice(choices), DeValue::String(text)) if choices.contains(&text.as_ref()) => {
            Some(Found::Text(text.to_string()))
        }
        (Kind::Bool, DeValue::Boolean(value)) => Some(Found::Bool(*value)),
        (Kind::Integer, DeValue::Integer(number)) => {
            let digits = number.as_str().replace('_', "");
            i64::from_str_radix(&digits, number.radix()).ok().map(Found::Integer)
        }
        (Kind::Any, _) => Some(Found::Other),
        (Kind::Texts, DeValue::Array(list)) => {
            list.iter().map(|item| text_of(item.get_ref())).collect::<Option<_>>().map(Found::Texts)
        }
        // mdBook accepts one text where it wants a list of authors or files in many books of old.
        (Kind::Texts, DeValue::String(text)) => Some(Found::Texts(vec![text.to_string()])),
        (Kind::TextTable, DeValue::Table(table)) => pairs(table).map(Found::Table),
        (Kind::Tables, DeValue::Array(list)) => {
            let table = |item: &Spanned<DeValue<'_>>| match item.get_ref() {
                DeValue::Table(table) => pairs(table),
                _ => None,
            };
            list.iter().map(table).collect::<Option<_>>().map(Found::Tables)
        }
        _ => None,
    }
}

fn pairs(table: &DeTable<'_>) -> Option<Vec<(String, String, Span)>> {
    table
        .iter()
        .map(|(key, value)| Some((key.get_ref().to_string(), text_of(value.get_ref())?, span_of(key))))
        .collect()
}

/// Languages written right to left (mdBook's list).
fn is_rtl(language: &str) -> bool {
    let base = language.split(['-', '_']).next().unwrap_or("");
    matches!(
        base,
        "ar" | "ara"
            | "arc"
            | "ae"
            | "ave"
            | "egy"
            | "he"
            | "heb"
            | "nqo"
            | "pal"
            | "phn"
            | "sam"
            | "syc"
            | "syr"
            | "fa"
            | "per"
            | "fas"
            | "ku"
            | "kur"
            | "ur"
            | "urd"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> (Config, Vec<Problem>) {
        read(Some(&RelPath::parse("book.toml").unwrap()), &RelPath::root(), text, &[])
    }

    #[test]
    fn foreign_and_old_keys_are_findings_and_the_rest_is_kept() {
        let (config, mistakes) = read_text(
            "[book]\ntitle = \"T\"\nmultilingual = false\n[output.html]\nsite-urll = \"/x/\"\nmathjax-support = true\n[output.html.playpen]\neditable = true\n[preprocessor.mermaid]\ncommand = \"rm -rf\"\n[output.epub]\n[extra]\n",
        );
        assert_eq!(config.title.as_deref(), Some("T"));
        assert!(config.html.mathjax && config.html.editable);
        let subjects: Vec<&str> = mistakes.iter().map(|m| m.subject.as_str()).collect();
        for wanted in [
            "book.multilingual",
            "output.html.site-urll",
            "output.html.playpen",
            "preprocessor.mermaid",
            "output.epub",
            "extra",
        ] {
            assert!(subjects.contains(&wanted), "{wanted} in {subjects:?}");
        }
        assert!(mistakes.iter().all(|m| m.code != code::CONFIGURATION));
        let near = mistakes.iter().find(|m| m.subject == "output.html.site-urll").unwrap();
        assert_eq!(near.help.as_deref(), Some("did you mean `output.html.site-url`?"));
    }

    #[test]
    fn own_tables_are_strict_and_stand_in_one_place() {
        let (config, mistakes) = read_text(
            "[preprocessor.oathbook]\nrenderers = []\n[preprocessor.oathbook.checks]\npage-link = \"warning\"\n",
        );
        assert!(mistakes.is_empty(), "{mistakes:?}");
        assert_eq!(config.checks.levels["page-link"], Level::On(Severity::Warning));
        let (_, mistakes) = read_text(
            "[checks]\npedantic = 3\n[[checks.allow]]\nrule = \"anchor\"\nuntil = \"soon\"\n[preprocessor.oathbook.checks]\nanchor = \"no\"\n",
        );
        assert_eq!(mistakes.iter().filter(|m| m.code == code::CONFIGURATION).count(), 5, "{mistakes:#?}");
    }

    #[test]
    fn a_value_in_the_place_of_a_table_is_told_as_that() {
        let (_, mistakes) = read_text(
            "rust = 1\n[output]\nhtml = []\n[diagrams]\ninventory = [\"crates\"]\n[preprocessor.oathbook]\nsite = true\nopenapi = \"x\"\n[samples]\n[book]\ntitel = \"T\"\n",
        );
        let told: Vec<(&str, &str)> =
            mistakes.iter().map(|m| (m.message.as_str(), m.help.as_deref().unwrap_or(""))).collect();
        for wanted in [
            (
                "`rust` must be a table, not a value of type integer",
                "write a table `[rust]` with keys such as `edition`",
            ),
            (
                "`diagrams.inventory` must be a table, not a value of type array",
                "write a table `[diagrams.inventory]` of names, each \"auto\" or \"on\" or \"off\"",
            ),
            (
                "`openapi` must be a table, not a value of type string",
                "write tables such as `[openapi.NAME]`",
            ),
            ("`book.titel` is no key of mdBook 0.5", "did you mean `book.title`?"),
        ] {
            assert!(told.contains(&wanted), "{told:#?}");
        }
        for path in ["output.html", "site"] {
            assert!(
                told.iter().any(|(message, _)| message.starts_with(&format!("`{path}` must be a table"))),
                "{told:#?}"
            );
        }
        for mistake in &mistakes {
            let help = mistake.help.as_deref().unwrap_or("");
            assert!(!help.contains(&format!("did you mean `{}`", mistake.subject)), "{mistake:?}");
        }
    }

    #[test]
    fn broken_toml_has_a_place() {
        let (_, mistakes) = read_text("[book]\ntitle = \n");
        assert_eq!(mistakes[0].code, code::CONFIGURATION);
        assert!(mistakes[0].place.span.start >= 12);
    }

    #[test]
    fn environment_variables_win() {
        let overrides = [
            ("MDBOOK_BOOK__TITLE".to_owned(), "Other".to_owned()),
            ("MDBOOK_OUTPUT__HTML__MATHJAX_SUPPORT".to_owned(), "true".to_owned()),
        ];
        let (config, _) = read(None, &RelPath::root(), "[book]\ntitle = \"T\"\n", &overrides);
        assert_eq!(config.title.as_deref(), Some("Other"));
        assert!(config.html.mathjax);
    }
}
