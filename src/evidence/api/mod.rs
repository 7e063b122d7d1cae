//! API documents: what their sources say now, what is recorded of them, and where the two differ.

mod addresses;
pub mod against;
pub(super) mod api_contract;
pub mod coverage;
pub(super) mod openapi_stale;
pub mod probe;
mod update;

use super::check::Check;
use super::{Context, Evidence, Reads, Run, Update};
use crate::base::{Glob, RelPath};
use crate::config::{self, ApiSource, ApiSourceKind, Config};
use crate::diag::{Group, Place, Problem, code};
use crate::openapi::Document;
use crate::openapi::lint::{Codes, Score, lint};
use crate::openapi::node::{self, Node, Value};
use crate::openapi::source::{self, Source};
use crate::openapi::utoipa::{Cache, Request};
use crate::world::{ReadError, World};
use probe::Stood;

/// One API of the book.
#[derive(Debug)]
pub struct Api {
    /// As configured.
    pub config: config::Api,
    /// What the sources say now, rate limits applied; its places are in the sources.
    pub document: Document,
    /// What is recorded, if anything is.
    pub recorded: Option<Recorded>,
    /// Whether a record is kept: not where the recorded file is itself the only source.
    pub is_recorded: bool,
    /// Why the document is not fit to be recorded, if it is not.
    pub obstacle: Option<Problem>,
    /// What is wrong: with the sources, with the document, between it and the record.
    pub problems: Vec<Problem>,
    /// Operations and components that were held against the record, and whether they are there alike.
    pub compared: Vec<Compared>,
    /// Pointers to what could not be read from the sources; what is recorded there is kept.
    pub holes: Vec<String>,
    /// What the rules of documentation found, with how much is covered.
    pub scores: Vec<Score>,
    /// What was seen of a running service, if that is recorded.
    pub probe: Option<Probe>,
}

/// The record of a contract probe.
#[derive(Debug)]
pub struct Probe {
    /// Its file.
    pub file: RelPath,
    /// What was seen; none if the file cannot be read.
    pub evidence: Option<probe::Evidence>,
    /// How each operation stands to it.
    pub standing: Vec<Stood>,
}

/// The recorded document.
#[derive(Debug)]
pub struct Recorded {
    /// Its text.
    pub text: String,
    /// Read.
    pub document: Document,
}

/// An operation or a component, held against the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    /// `GET /pets`, `schemas Pet`.
    pub name: String,
    /// Where the source says it.
    pub place: Place,
    /// Whether the record says the same.
    pub equal: bool,
    /// Whether a part of it could not be read.
    pub hole: bool,
}

/// A value that the sources and the record do not say alike.
#[derive(Clone, Debug)]
pub struct Difference {
    /// Where in the document.
    pub pointer: String,
    /// What the record says, and where; none if it says nothing.
    pub recorded: Option<(String, Place)>,
    /// What the sources say, and where; none if they say nothing.
    pub now: Option<(String, Place)>,
}

/// Checks of sources whose findings say that the document is not whole.
const STOP: &[&str] =
    &[code::OPENAPI_SYNTAX, code::OPENAPI_SOURCE, code::OPENAPI_CONFLICT, code::OPENAPI_STALE];

/// Differences that are told one by one; a document that is quite another is not listed value by value.
const MOST_TOLD: usize = 20;

/// Differences that are looked for.
const MOST_FOUND: usize = 2_000;

/// Reads all APIs of a book; `cache` remembers what their sources say.
pub fn apis(world: &dyn World, config: &Config, cache: &Cache) -> Vec<Api> {
    if config.apis.is_empty() {
        return Vec::new();
    }
    let files = std::cell::OnceCell::new();
    let all = || files.get_or_init(|| world.tracked(&config.root)).as_slice();
    config.apis.iter().map(|api| read(world, config, api, (&all, cache))).collect()
}

/// Files below the folder of `book.toml` that one of several globs, with blanks between them, matches.
pub(super) fn matching<'f>(config: &Config, files: &dyn Fn() -> &'f [RelPath], globs: &str) -> Vec<RelPath> {
    let globs: Vec<Glob> = globs.split_whitespace().map(Glob::new).collect();
    let fits = |file: &&RelPath| {
        let below = file.below(&config.root);
        below.is_some_and(|below| globs.iter().any(|glob| glob.matches(below.as_str())))
    };
    files().iter().filter(fits).cloned().collect()
}

/// The sources of an API as the readers of `openapi` want them.
pub fn sources<'f>(
    config: &Config,
    api: &config::Api,
    files: &dyn Fn() -> &'f [RelPath],
    problems: &mut Vec<Problem>,
) -> Vec<source::Configured> {
    let mut commands = 0;
    let mut out = Vec::new();
    for source in &api.sources {
        let ApiSource { kind, value, options, place } = source;
        let mut path = |text: &str| {
            config.root.join(text).map_err(|leaves| {
                let message = format!("`{}` leads out of the repository", leaves.0);
                problems.push(Problem::new(code::OPENAPI_SOURCE, place, text, message));
            })
        };
        let source = match kind {
            ApiSourceKind::File => path(value).map(Source::File),
            ApiSourceKind::Overlay => path(value).map(Source::Overlay),
            ApiSourceKind::Comments => Ok(Source::Comments(matching(config, files, value))),
            ApiSourceKind::Command => {
                commands += 1;
                let number = if commands > 1 { format!("-{commands}") } else { String::new() };
                let name = format!("openapi/{}.output{number}.json", api.name);
                let record = path(options.get("record").unwrap_or(&name));
                let inputs = options.get("inputs").map_or("", String::as_str);
                let inputs = matching(config, files, inputs);
                record.map(|record| Source::Command { command: value.clone(), record, inputs })
            }
            ApiSourceKind::Utoipa => path(value).map(|folder| {
                let features = options.get("features").map_or("", String::as_str);
                let features = features.split([',', ' ']).filter(|name| !name.is_empty());
                Source::Utoipa(Request {
                    package: options.get("package").cloned(),
                    root: options.get("root").cloned(),
                    features: features.map(str::to_owned).collect(),
                    ..Request::new(folder)
                })
            }),
        };
        if let Ok(source) = source {
            out.push((source, place.clone()));
        }
    }
    out
}

fn read<'f>(
    world: &dyn World,
    config: &Config,
    api: &config::Api,
    (files, cache): (&dyn Fn() -> &'f [RelPath], &Cache),
) -> Api {
    let mut problems = Vec::new();
    let sources = sources(config, api, files, &mut problems);
    let (mut document, holes) = source::assemble(world, &sources, cache);
    problems.append(&mut document.problems);
    if document.root.map().is_none() && problems.is_empty() {
        let message = "the sources hold no OpenAPI document, which is an object";
        problems.push(Problem::new(code::OPENAPI_SOURCE, &document.root.place, &*api.name, message));
    }
    source::limit(&mut document, &api.rate_limits, &mut problems);
    problems.extend(addresses::problems(&document));
    let obstacle = problems.iter().find(|problem| STOP.contains(&problem.code)).cloned();
    let is_source =
        |(source, _): &source::Configured| matches!(source, Source::File(file) if *file == api.document);
    let is_recorded = !sources.iter().any(is_source);
    let mut out = Api {
        config: api.clone(),
        document,
        recorded: None,
        is_recorded,
        obstacle,
        problems,
        compared: Vec::new(),
        holes,
        scores: Vec::new(),
        probe: None,
    };
    if out.is_recorded && out.document.root.map().is_some() {
        out.compare(world);
    }
    out.judge(world);
    out.probe = probe(world, &out);
    out
}

/// What is recorded of a running service; no file is no record.
fn probe(world: &dyn World, api: &Api) -> Option<Probe> {
    let file = api.config.probe_file();
    let text = match world.text(&file) {
        Err(ReadError::Missing) => return None,
        other => other.ok(),
    };
    let evidence = text.and_then(|text| probe::Evidence::parse(&text));
    let standing = evidence.as_ref().map(|evidence| evidence.standing(&api.document)).unwrap_or_default();
    Some(Probe { file, evidence, standing })
}

impl Api {
    /// What `oathbook update` writes.
    pub fn text(&self) -> String {
        self.document.root.to_json() + "\n"
    }

    /// Whether there is something to record, and it is not recorded.
    pub fn is_stale(&self) -> bool {
        let same = |recorded: &Recorded| recorded.document.root.same(&self.document.root);
        self.is_recorded && self.document.root.map().is_some() && !self.recorded.as_ref().is_some_and(same)
    }

    fn compare(&mut self, world: &dyn World) {
        const CODE: &str = code::OPENAPI_STALE;
        let file = &self.config.document.clone();
        let text = match world.text(file) {
            Ok(text) => text,
            Err(ReadError::Missing) => {
                let message = format!("`{file}` is not recorded");
                let problem = Problem::new(CODE, &self.config.place, file.as_str(), message);
                self.problems.push(problem.help("`oathbook update` writes it"));
                return;
            }
            Err(error) => {
                let message = format!("`{file}` cannot be read: {error}");
                self.problems.push(Problem::new(
                    code::OPENAPI_SOURCE,
                    &self.config.place,
                    file.as_str(),
                    message,
                ));
                return;
            }
        };
        let mut document = Document::parse(file, &text);
        self.problems.append(&mut document.problems);
        self.keep(&document);
        self.compared = compared(&self.document, &document, &self.holes);
        let found = differences(&document.root, &self.document.root);
        for difference in found.iter().take(MOST_TOLD) {
            self.problems.push(difference.problem(&document, &self.document));
        }
        if found.len() > MOST_TOLD {
            let message =
                format!("{} more differences between the code and `{file}`", found.len() - MOST_TOLD);
            let problem = Problem::new(CODE, &Place::whole(file.clone()), file.as_str(), message);
            self.problems.push(problem.help("`oathbook openapi check` lists them all"));
        }
        self.recorded = Some(Recorded { text, document });
    }

    /// Keeps what is recorded where the sources could not be read, so that a hole is closed once and by hand.
    fn keep(&mut self, recorded: &Document) {
        for pointer in &self.holes {
            let Some((above, last)) = pointer.rsplit_once('/') else { continue };
            let (Some(old), Some(place)) = (recorded.root.at(pointer), recorded.root.place_at(pointer))
            else {
                continue;
            };
            let last = last.replace("~1", "/").replace("~0", "~");
            let map = self.document.root.at_mut(above).and_then(Node::map_mut);
            if let Some(map) = map {
                map.insert(&last, place.clone(), old.clone());
            }
        }
    }

    /// Applies the rules of documentation.
    fn judge(&mut self, world: &dyn World) {
        let catalogue = self.config.error_catalogue.as_ref();
        let text = catalogue.and_then(|page| Some((page.to_string(), world.text(page).ok()?)));
        let codes = self.config.error_codes.as_ref().map(|schema| Codes {
            schema,
            catalogue: text.as_ref().map(|(page, text)| (page.clone(), text.as_str())),
        });
        // Of a document that was not read as a whole, most of what the rules miss is there.
        if self.obstacle.is_some() {
            return;
        }
        self.scores = lint(&self.document, codes.as_ref());
        self.problems.extend(self.scores.iter().flat_map(|score| score.gaps.iter().cloned()));
        let coverage = coverage::problems(world, self);
        self.problems.extend(coverage);
    }

    /// Where the record and the sources differ, in the order of the sources.
    pub fn differences(&self) -> Vec<Difference> {
        let recorded = self.recorded.as_ref();
        recorded.map(|recorded| differences(&recorded.document.root, &self.document.root)).unwrap_or_default()
    }
}

impl Difference {
    /// `recorded "a", now "b"`.
    pub fn words(&self) -> String {
        match (&self.recorded, &self.now) {
            (Some((old, _)), Some((new, _))) => format!("recorded {old}, now {new}"),
            (Some((old, _)), None) => format!("recorded {old}, and the code no longer says it"),
            (None, Some((new, _))) => format!("not recorded, now {new}"),
            (None, None) => String::new(),
        }
    }

    fn problem(&self, recorded: &Document, now: &Document) -> Problem {
        let message = format!("`{}`: {}", self.pointer, self.words());
        let old = self.recorded.as_ref().map(|(_, place)| place.clone());
        let old = old.unwrap_or_else(|| above(recorded, &self.pointer));
        let new = self.now.as_ref().map(|(_, place)| place.clone());
        let new = new.unwrap_or_else(|| above(now, &self.pointer));
        Problem::new(code::OPENAPI_STALE, &old, &*self.pointer, message)
            .related(&new, "the code says so here")
            .help("`oathbook update` records what the code says")
    }
}

/// The place of the nearest part above a pointer that is there.
fn above(document: &Document, pointer: &str) -> Place {
    let mut pointer = pointer;
    loop {
        if let Some(place) = document.place(pointer) {
            return place.clone();
        }
        pointer = pointer.rsplit_once('/').map_or("", |(above, _)| above);
    }
}

/// Where two values differ, as deep as they can be told apart.
pub fn differences(recorded: &Node, now: &Node) -> Vec<Difference> {
    let mut out = Vec::new();
    differ(Some((recorded, &recorded.place)), Some((now, &now.place)), String::new(), &mut out);
    out
}

type Side<'n> = Option<(&'n Node, &'n Place)>;

fn differ(recorded: Side<'_>, now: Side<'_>, pointer: String, out: &mut Vec<Difference>) {
    if out.len() >= MOST_FOUND {
        return;
    }
    if let (Some((old, _)), Some((new, _))) = (recorded, now) {
        match (&old.value, &new.value) {
            (Value::Map(old), Value::Map(new)) => {
                for entry in new {
                    let before = old.entry(&entry.key).map(|entry| (&entry.node, &entry.place));
                    differ(before, Some((&entry.node, &entry.place)), node::join(&pointer, &entry.key), out);
                }
                for entry in old.iter().filter(|entry| new.get(&entry.key).is_none()) {
                    differ(Some((&entry.node, &entry.place)), None, node::join(&pointer, &entry.key), out);
                }
                return;
            }
            (Value::List(old), Value::List(new)) => {
                for at in 0..old.len().max(new.len()) {
                    let before = old.get(at).map(|node| (node, &node.place));
                    let after = new.get(at).map(|node| (node, &node.place));
                    differ(before, after, format!("{pointer}/{at}"), out);
                }
                return;
            }
            _ if old.same(new) => return,
            _ => {}
        }
    }
    let tell = |(node, place): (&Node, &Place)| (show(node), place.clone());
    out.push(Difference { pointer, recorded: recorded.map(tell), now: now.map(tell) });
}

/// A value on one line, cut short.
fn show(node: &Node) -> String {
    let line = match &node.value {
        Value::Map(map) => return format!("an object of {} fields", map.len()),
        Value::List(list) => return format!("a list of {} items", list.len()),
        _ => node.to_line(),
    };
    if line.chars().count() <= 80 {
        return format!("`{line}`");
    }
    format!("`{}…`", line.chars().take(79).collect::<String>())
}

/// Every operation and component of the sources, and whether the record says the same.
fn compared(now: &Document, recorded: &Document, holes: &[String]) -> Vec<Compared> {
    let hole = |pointer: &str| {
        let below = |hole: &String| {
            hole.strip_prefix(pointer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        holes.iter().any(below)
    };
    let equal = |pointer: &str, node: &Node| recorded.root.at(pointer).is_some_and(|old| old.same(node));
    let mut out = Vec::new();
    for operation in now.operations().into_iter().chain(now.webhooks()) {
        let equal = equal(&operation.at.pointer, operation.at.node);
        let hole = hole(&operation.at.pointer);
        out.push(Compared { name: operation.name(), place: operation.place.clone(), equal, hole });
    }
    for (kind, components) in now.top().get("components").iter().flat_map(crate::openapi::At::entries) {
        for (entry, at) in components.entries() {
            let name = format!("{} {}", kind.key, entry.key);
            let (equal, hole) = (equal(&at.pointer, at.node), hole(&at.pointer));
            out.push(Compared { name, place: entry.place.clone(), equal, hole });
        }
    }
    out
}

/// The API documents of a book. They are read without its pages.
pub struct Apis {
    /// In the order of book.toml.
    pub list: Vec<Api>,
}

impl Evidence for Apis {
    const NAME: &'static str = "api";
    const READS: &'static [Reads] = &[Reads::Sources, Reads::Records];
    const EXECUTES: bool = true;
    const CHECKS: &'static [&'static Check] = &[
        &Check::seen::<Self>(
            code::OPENAPI_SYNTAX,
            Group::Broken,
            "an API document cannot be read",
            include_str!("openapi-syntax.md"),
            "src/openapi",
        ),
        &Check::seen::<Self>(
            code::OPENAPI_SOURCE,
            Group::Broken,
            "a source of an API document is missing or wrong",
            include_str!("openapi-source.md"),
            "src/openapi/source",
        ),
        &Check::seen::<Self>(
            code::OPENAPI_CONFLICT,
            Group::Broken,
            "two sources of an API document contradict each other",
            include_str!("openapi-conflict.md"),
            "src/openapi/source/merge.rs",
        ),
        &openapi_stale::CHECK,
        &Check::seen::<Self>(
            code::OPENAPI_STRUCTURE,
            Group::Broken,
            "an API document is not as the specification wants it",
            include_str!("openapi-structure.md"),
            "src/openapi/lint",
        ),
        &Check::seen::<Self>(
            code::OPENAPI_REFERENCE,
            Group::Broken,
            "a `$ref` of an API document leads nowhere",
            include_str!("openapi-reference.md"),
            "src/openapi/lint/names.rs",
        ),
        &Check::seen::<Self>(
            code::OPENAPI_PATH,
            Group::Broken,
            "a path of an API document does not fit its parameters, or is there twice",
            include_str!("openapi-path.md"),
            "src/openapi/lint/names.rs",
        ),
        &Check::seen::<Self>(
            code::OPENAPI_SECURITY_SCHEME,
            Group::Broken,
            "an operation names a security scheme that is not declared",
            include_str!("openapi-security-scheme.md"),
            "src/openapi/lint/security.rs",
        ),
        &Check::seen::<Self>(
            code::OPENAPI_EXAMPLE,
            Group::Broken,
            "an example or a default does not fit its schema",
            include_str!("openapi-example.md"),
            "src/openapi/lint/values.rs",
        ),
        &Check::seen::<Self>(
            code::OPENAPI_COVERAGE,
            Group::Broken,
            "an API is documented less completely than its page states",
            include_str!("openapi-coverage.md"),
            "src/evidence/api/coverage.rs",
        ),
        &api_contract::CHECK,
        &Check::seen::<Self>(
            code::OPENAPI_ROUTE,
            Group::Broken,
            "an operation is routed at another path or method than its annotation says",
            include_str!("openapi-route.md"),
            "src/openapi/utoipa/survey/mod.rs",
        ),
        &Check::seen::<Self>(
            code::OPENAPI_SCHEMA_NAME,
            Group::Broken,
            "two types have one name in an API document",
            include_str!("openapi-schema-name.md"),
            "src/openapi/utoipa/survey/names.rs",
        ),
        &Check::seen::<Self>(
            code::OPENAPI_NULLABLE,
            Group::Broken,
            "a schema forbids null where the code allows it",
            include_str!("openapi-nullable.md"),
            "src/openapi/utoipa/lower/component.rs",
        ),
        &Check::seen::<Self>(
            code::OPENAPI_UNREGISTERED,
            Group::Suspect,
            "a handler that is annotated and routed is in no API document",
            include_str!("openapi-unregistered.md"),
            "src/openapi/utoipa/survey/mod.rs",
        ),
        &Check::seen::<Self>(
            code::OPENAPI_UNROUTED,
            Group::Suspect,
            "an operation of an API document is routed nowhere",
            include_str!("openapi-unrouted.md"),
            "src/openapi/utoipa/survey/mod.rs",
        ),
        &Check::seen::<Self>(
            code::OPENAPI_STATUS,
            Group::Suspect,
            "a handler answers with a status that no response documents",
            include_str!("openapi-status.md"),
            "src/openapi/utoipa/survey/bodies.rs",
        ),
        &Check::seen::<Self>(
            code::OPENAPI_EXTRACTOR,
            Group::Suspect,
            "what a handler takes is not documented",
            include_str!("openapi-extractor.md"),
            "src/openapi/utoipa/survey/bodies.rs",
        ),
        &Check::seen::<Self>(
            code::OPENAPI_CODE,
            Group::Suspect,
            "source of an API document could not be read",
            include_str!("openapi-code.md"),
            "src/openapi/utoipa/survey/mod.rs",
        ),
        &Check::seen::<Self>(
            code::OPENAPI_OVERLAY,
            Group::Suspect,
            "an action of an overlay has no effect",
            include_str!("openapi-overlay.md"),
            "src/openapi/source",
        ),
        &Check::seen::<Self>(
            code::OPENAPI_HOLE,
            Group::Suspect,
            "a part of an API document could not be read from its source",
            include_str!("openapi-hole.md"),
            "src/openapi/source/rust.rs",
        ),
        &Check::seen::<Self>(
            code::OPENAPI_OPERATION_ID,
            Group::Suspect,
            "an operation has no id, or not one of its own",
            include_str!("openapi-operation-id.md"),
            "src/openapi/lint/names.rs",
        ),
        &Check::seen::<Self>(
            code::OPENAPI_SCHEMA,
            Group::Suspect,
            "a schema contradicts itself, or says what its version cannot say",
            include_str!("openapi-schema.md"),
            "src/openapi/lint/schemas.rs",
        ),
        &Check::seen::<Self>(
            code::OPENAPI_UNUSED_COMPONENT,
            Group::Suspect,
            "nothing uses a component of an API document",
            include_str!("openapi-unused-component.md"),
            "src/openapi/lint/names.rs",
        ),
        &Check::seen::<Self>(
            code::OPENAPI_DESCRIPTION,
            Group::Pedantic,
            "an operation has no summary or no description",
            include_str!("openapi-description.md"),
            "src/openapi/lint/complete.rs",
        ),
        &Check::seen::<Self>(
            code::OPENAPI_BODY_SCHEMA,
            Group::Pedantic,
            "a request or an answer of success has no schema",
            include_str!("openapi-body-schema.md"),
            "src/openapi/lint/complete.rs",
        ),
        &Check::seen::<Self>(
            code::OPENAPI_FIELD_DESCRIPTION,
            Group::Pedantic,
            "a parameter or a field has no description",
            include_str!("openapi-field-description.md"),
            "src/openapi/lint/complete.rs",
        ),
        &Check::seen::<Self>(
            code::OPENAPI_SECURITY,
            Group::Pedantic,
            "an operation does not say who may call it, or what strangers are answered",
            include_str!("openapi-security.md"),
            "src/openapi/lint/security.rs",
        ),
        &Check::seen::<Self>(
            code::OPENAPI_RATE_LIMIT,
            Group::Pedantic,
            "an operation does not say how often it may be called",
            include_str!("openapi-rate-limit.md"),
            "src/openapi/lint/complete.rs",
        ),
        &Check::seen::<Self>(
            code::OPENAPI_ERROR_RESPONSE,
            Group::Pedantic,
            "an error of an operation has no description or no schema",
            include_str!("openapi-error-response.md"),
            "src/openapi/lint/complete.rs",
        ),
        &Check::seen::<Self>(
            code::OPENAPI_ERROR_CODE,
            Group::Pedantic,
            "an error code is not explained",
            include_str!("openapi-error-code.md"),
            "src/openapi/lint/complete.rs",
        ),
        &Check::seen::<Self>(
            code::OPENAPI_METADATA,
            Group::Pedantic,
            "an API document lacks its licence, contact, servers or description",
            include_str!("openapi-metadata.md"),
            "src/openapi/lint/complete.rs",
        ),
        &Check::seen::<Self>(
            code::OPENAPI_TAG,
            Group::Pedantic,
            "a tag of an API document is not declared, not described or not used",
            include_str!("openapi-tag.md"),
            "src/openapi/lint/names.rs",
        ),
        &Check::seen::<Self>(
            code::OPENAPI_UNANNOTATED,
            Group::Pedantic,
            "a routed handler has no annotation",
            include_str!("openapi-unannotated.md"),
            "src/openapi/utoipa/survey/mod.rs",
        ),
    ];
    const RECORDS: Option<&'static str> = Some("openapi");

    fn problems<'c>(cx: &'c Context<'_>) -> Vec<&'c Problem> {
        cx.of::<Self>().list.iter().flat_map(|api| &api.problems).collect()
    }

    fn read(cx: &Context<'_>) -> Self {
        Self { list: apis(cx.world, cx.config, cx.services) }
    }

    fn runs(cx: &Context<'_>) -> Vec<Run> {
        update::runs(cx)
    }

    fn updates(cx: &Context<'_>) -> Result<Vec<Update>, String> {
        update::updates(cx)
    }
}
