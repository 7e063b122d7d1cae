//! One question to the reader, and its answer.

use super::dialect::Dialect;
use super::mark::Found;
use super::session::Session;
use super::written::write;
use crate::base::{Memo, RelPath};
use crate::diag::Place;
use crate::rust::manifest::{
    Declared, Manifest, Packages, Resolved, major_of, manifest, nearest_manifest, resolve_features,
};
use crate::rust::outline::{ItemKind, Outline};
use crate::rust::tree::{Code, ItemId};
use crate::world::World;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use utoipa::openapi::OpenApi;

/// What to read.
#[derive(Clone, Debug)]
pub struct Request {
    /// A folder inside the service's package, or one that holds packages.
    pub folder: RelPath,
    /// The package, where the folder holds several.
    pub package: Option<String>,
    /// The document's root: the path of a type with `derive(OpenApi)`, or of a function that returns a document or a router.
    pub root: Option<String>,
    /// Features of the package that are on, besides its defaults.
    pub features: Vec<String>,
    /// Whether the package's default features are on.
    pub default_features: bool,
}

impl Request {
    /// Everything that a folder says by itself.
    pub fn new(folder: RelPath) -> Self {
        Self { folder, package: None, root: None, features: Vec::new(), default_features: true }
    }
}

/// A value that could not be evaluated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hole {
    /// A word for the reason; the reference lists them.
    pub reason: &'static str,
    /// Where it is written.
    pub place: Place,
    /// What is missing, one sentence without a full stop.
    pub message: String,
    /// Where the document would have it, as JSON pointers; empty where that is not known either.
    pub pointers: Vec<String>,
}

/// A possible root of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Root {
    /// Its path, crate first.
    pub path: String,
    /// Where it is declared.
    pub place: Place,
}

/// How much was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Annotated items that the document is made of.
    pub annotations: usize,
    /// Those of them that have no hole.
    pub resolved: usize,
    /// Operations in the document.
    pub operations: usize,
    /// Schemas in the document.
    pub schemas: usize,
}

/// The answer.
#[derive(Clone, Debug, Default)]
pub struct Extraction {
    /// The document, keys in the order in which utoipa writes them; nothing where there is no root.
    pub document: Option<Value>,
    /// JSON pointers to where their values are written. A pointer that is missing has the place of the nearest one above.
    pub provenance: BTreeMap<String, Place>,
    /// What could not be evaluated.
    pub holes: Vec<Hole>,
    /// What is likely wrong with the service's annotations.
    pub findings: Vec<crate::diag::Problem>,
    /// How much was read.
    pub counts: Counts,
    /// The root that was taken, or all there are where one has to be chosen.
    pub roots: Vec<Root>,
    /// Why there is no document.
    pub failure: Option<String>,
    /// The package, and its version of utoipa.
    pub package: Option<(String, String)>,
    /// The files that were read, for whoever watches them.
    pub files: BTreeSet<RelPath>,
}

/// What is worth keeping between two readings.
#[derive(Default)]
pub struct Cache {
    outlines: Memo<Outline>,
}

impl Cache {
    /// Ends a round: what was not asked for in the last `rounds` rounds is forgotten.
    pub fn end_round(&self, rounds: u64) {
        self.outlines.end_round(rounds);
    }
}

/// The stack of the thread that reads, in bytes: syn and the interpreter recurse.
const STACK: usize = 256 << 20;

/// Reads a service's document.
pub fn extract(world: &dyn World, request: &Request, cache: &Cache) -> Extraction {
    std::thread::scope(|scope| {
        let builder = std::thread::Builder::new().stack_size(STACK);
        match builder.spawn_scoped(scope, || read(world, request, cache)) {
            Ok(thread) => thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            Err(_) => read(world, request, cache),
        }
    })
}

fn fail(message: impl Into<String>) -> Extraction {
    Extraction { failure: Some(message.into()), ..Extraction::default() }
}

fn read(world: &dyn World, request: &Request, cache: &Cache) -> Extraction {
    let folder = match package_folder(world, request) {
        Ok(folder) => folder,
        Err(failure) => return *failure,
    };
    let packages = Packages::load(world, &folder);
    let named = request.package.as_deref().and_then(|name| packages.named(name));
    let Some(package) = named.or_else(|| packages.at(&folder)) else {
        return fail(match packages.problems.first() {
            Some(problem) => problem.message.clone(),
            None => format!("no package in {folder}; choose one with --package"),
        });
    };
    let features = resolve_features(&packages, package, &request.features, request.default_features);
    let name = packages.list[package].name.clone();
    let Some((dialect, version)) = dialect(&packages, &features) else {
        return fail(format!("the package `{name}` does not depend on utoipa"));
    };
    if version.is_empty() {
        return fail(format!(
            "`{name}` takes the version of utoipa from its workspace, whose manifest is not below the repository's root"
        ));
    }
    if !matches!(dialect.major, 5 | 6) {
        return fail(format!(
            "`{name}` uses utoipa {version}; versions 5 and 6 are read exactly, others not at all: \
             record the document of its own generator instead"
        ));
    }
    let code = Code::load(world, &packages, package, &features, &cache.outlines);
    // A book may have several services, each of which ends a round.
    cache.outlines.end_round(16);
    let fields: Vec<_> = code.crates.iter().map(|one| packages.list[one.package].fields.clone()).collect();
    let folders: Vec<_> = code.crates.iter().map(|one| packages.list[one.package].folder.clone()).collect();
    let mut session = Session::new(world, &code, &dialect, &fields, &folders);
    for binding in ["utoipa-axum", "utoipa-actix-web"] {
        if let Some(versions) = packages.lock.packages.get(binding)
            && let Some((version, _)) = versions.first()
        {
            session.locked.insert(binding.to_owned(), version.clone());
        }
    }
    let on = features.packages.get(&package);
    let all = packages.list[package].features.keys().map(String::as_str);
    let off: Vec<&str> =
        all.filter(|name| *name != "default" && !on.is_some_and(|on| on.contains(*name))).collect();
    let mut extraction = answer(&session, request, &off);
    extraction.holes.extend(code.gave_up().map(|problem| Hole {
        reason: "gave-up",
        place: problem.place,
        message: problem.message,
        pointers: Vec::new(),
    }));
    extraction.package = Some((name, version));
    extraction.files = crate::rust::tree::files(&code);
    extraction
}

/// The folder of the package: the nearest manifest, the named member, or the only package below that uses utoipa.
fn package_folder(world: &dyn World, request: &Request) -> Result<RelPath, Box<Extraction>> {
    let failed = |message: String| Err(Box::new(fail(message)));
    if let Some(near) = nearest_manifest(world, &request.folder) {
        if let Some(name) = &request.package {
            let packages = Packages::load(world, &near);
            if let Some(index) = packages.named(name) {
                return Ok(packages.list[index].folder.clone());
            }
        } else {
            match manifest(world, &near) {
                Ok(Some(Manifest { package: Some(_), .. })) => return Ok(near),
                Err(problem) => return failed(problem.message),
                Ok(_) => {}
            }
        }
    }
    let mut found: Vec<(RelPath, String)> = Vec::new();
    let mut unread: Vec<String> = Vec::new();
    for file in world.files(&request.folder) {
        if file.file_name() != "Cargo.toml" {
            continue;
        }
        match manifest(world, &file.parent()) {
            Ok(read) => {
                let Some(read) = read else { continue };
                let Some(name) = read.package.as_ref().map(|package| &package.name.text) else { continue };
                match &request.package {
                    Some(wanted) if wanted == name => return Ok(file.parent()),
                    None if uses_utoipa(&read) => found.push((file.parent(), name.clone())),
                    _ => {}
                }
            }
            Err(problem) => unread.push(problem.message),
        }
    }
    match (found.as_slice(), &request.package) {
        ([(folder, _)], _) => Ok(folder.clone()),
        ([], _) if !unread.is_empty() => failed(unread.join("; ")),
        ([], Some(name)) => failed(format!("no package `{name}` was found here")),
        ([], None) => failed("no package that depends on utoipa was found here".to_owned()),
        (several, _) => {
            let names: Vec<&str> = several.iter().map(|(_, name)| name.as_str()).collect();
            let list = names.join(", ");
            failed(format!("several packages depend on utoipa; choose one with --package: {list}"))
        }
    }
}

/// Whether a package depends on utoipa or on one of its companions.
fn uses_utoipa(manifest: &Manifest) -> bool {
    let companion = |name: &str| name == "utoipa" || name.starts_with("utoipa-");
    let uses = |one: &Declared| companion(one.package.as_ref().unwrap_or(&one.key.text));
    manifest.dependencies.iter().any(uses)
}

fn dialect(packages: &Packages, features: &Resolved) -> Option<(Dialect, String)> {
    let wanted = packages
        .list
        .iter()
        .enumerate()
        .filter(|(index, _)| features.packages.contains_key(index))
        .flat_map(|(_, package)| &package.dependencies)
        .find(|dependency| dependency.package == "utoipa")?;
    let version = match packages.lock.version("utoipa", &wanted.version) {
        Some(version) => version.to_owned(),
        None => wanted.version.trim_start_matches(['^', '=', '~', ' ']).to_owned(),
    };
    let major = major_of(&version).parse().unwrap_or(0);
    let locked = |name: &str, dependency: &str| {
        packages
            .lock
            .packages
            .get(name)
            .into_iter()
            .flatten()
            .any(|(_, needs)| needs.iter().any(|n| n == dependency))
    };
    let asked =
        |name: &str, feature: &str| features.foreign.get(name).is_some_and(|set| set.contains(feature));
    let dialect = Dialect {
        major,
        features: features.foreign.get("utoipa").cloned().unwrap_or_default(),
        // serde_json needs indexmap only for this feature, whoever asks for it.
        json_order: locked("serde_json", "indexmap") || asked("serde_json", "preserve_order"),
        ..Dialect::default()
    };
    Some((dialect, version))
}

fn answer(session: &Session<'_>, request: &Request, off: &[&str]) -> Extraction {
    let mut extraction = Extraction::default();
    let roots = match &request.root {
        Some(path) => named_root(session, path).into_iter().collect(),
        None => roots(session),
    };
    extraction.roots = roots
        .iter()
        .map(|id| Root { path: session.code.full_name(*id), place: session.item_place(*id) })
        .collect();
    let root = match roots.as_slice() {
        [root] => *root,
        [] => {
            extraction.failure = Some(match &request.root {
                Some(path) => format!("the root `{path}` was not found"),
                None => {
                    let message =
                        "no type with `derive(OpenApi)` and no router that carries a document was found";
                    if off.is_empty() {
                        message.to_owned()
                    } else {
                        format!("{message}; features that are off (--features): {}", off.join(", "))
                    }
                }
            });
            return extraction;
        }
        _ => {
            let list: Vec<&str> = extraction.roots.iter().map(|root| root.path.as_str()).collect();
            let list = list.join("\n  ");
            extraction.failure = Some(format!("several documents; choose one with --root:\n  {list}"));
            return extraction;
        }
    };
    match session.root_document(root) {
        Some(document) => finish(session, document, &mut extraction),
        None => {
            finish(session, OpenApi::default(), &mut extraction);
            extraction.document = None;
            extraction.failure =
                Some(format!("no document could be made of `{}`", session.code.full_name(root)));
        }
    }
    extraction
}

fn named_root(session: &Session<'_>, path: &str) -> Option<ItemId> {
    let mut parts: Vec<String> = path.split("::").map(str::to_owned).collect();
    for krate in &session.code.crates {
        if parts.first() == Some(&krate.name) {
            parts[0] = "crate".to_owned();
        }
        if let Some(found) = session.root_by_path(krate.root, &parts) {
            return Some(found);
        }
    }
    // A bare name anywhere, if there is only one.
    let mut found = session.code.items.iter().enumerate().filter(|(_, item)| item.outline.name == path);
    match (found.next(), found.next()) {
        (Some((index, _)), None) => Some(ItemId(u32::try_from(index).ok()?)),
        _ => None,
    }
}

/// Types with `derive(OpenApi)` and functions that make a document, without those that another one uses.
fn roots(session: &Session<'_>) -> Vec<ItemId> {
    let ids = || (0..session.code.items.len()).filter_map(|index| u32::try_from(index).ok().map(ItemId));
    let types: Vec<ItemId> = ids()
        .filter(|id| {
            let kind = session.code.item(*id).outline.kind;
            matches!(kind, ItemKind::Struct | ItemKind::Enum) && session.derives(*id, "OpenApi")
        })
        .collect();
    let nested: BTreeSet<String> = types.iter().flat_map(|id| nested_names(session, *id)).collect();
    let name = |id: &ItemId| session.code.item(*id).outline.name.clone();
    let makers: Vec<ItemId> = ids().filter(|id| makes_document(session, *id)).collect();
    // A function that another maker calls, and a type that a maker starts from, are parts.
    let bodies: Vec<(ItemId, BTreeSet<&str>)> =
        makers.iter().map(|id| (*id, words(session.code.item(*id).text()))).collect();
    let used = |id: &ItemId| {
        let own = name(id);
        bodies.iter().any(|(other, words)| other != id && words.contains(own.as_str()))
    };
    let mut found: Vec<ItemId> = makers.iter().copied().filter(|id| !used(id)).collect();
    found.extend(types.iter().copied().filter(|id| !nested.contains(&name(id)) && !used(id)));
    let public = session.code.crates.first().map_or(0, |krate| krate.package);
    let own: Vec<ItemId> = found
        .iter()
        .copied()
        .filter(|id| session.code.krate(session.code.item(*id).module).package == public)
        .collect();
    match (own.is_empty(), found.is_empty()) {
        (false, _) => own,
        (true, false) => found,
        (true, true) => types,
    }
}

fn words(text: &str) -> BTreeSet<&str> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty()).collect()
}

/// Whether a function's text says that it returns a router with a document, or takes the document out of one.
fn makes_document(session: &Session<'_>, id: ItemId) -> bool {
    let item = session.code.item(id);
    if item.outline.kind != ItemKind::Function || item.outline.has_attribute("test") || item.parent.is_some()
    {
        return false;
    }
    let Some(body) = item.outline.body else { return false };
    let head = item.source.text.get(item.outline.span.start as usize..body.start as usize).unwrap_or("");
    let (taken, returned) = head.rsplit_once("->").unwrap_or((head, ""));
    // A function that is given the router only passes it on.
    if ["OpenApiRouter", "UtoipaApp"].iter().any(|name| taken.contains(name) && !returned.contains(name)) {
        return false;
    }
    let text = item.source.text.get(body.range()).unwrap_or("");
    returned.contains("OpenApiRouter")
        || returned.contains("UtoipaApp")
        || (text.contains("OpenApiRouter") && text.contains("into_openapi"))
        // One document put together of several.
        || (taken.trim_end().ends_with("()") && text.contains("merge_from(") && text.contains("::openapi()"))
        || (text.contains("split_for_parts")
            && ["OpenApiRouter", "routes!", "into_utoipa_app"].iter().any(|name| text.contains(name)))
}

fn nested_names(session: &Session<'_>, id: ItemId) -> Vec<String> {
    use super::grammar::openapi::OpenApiAttribute;
    let Some(parsed) = session.derive_input(id) else { return Vec::new() };
    let Ok(attribute) = OpenApiAttribute::of(&parsed.input.attrs) else { return Vec::new() };
    let last = |path: &syn::Path| path.segments.last().map(|last| last.ident.to_string());
    attribute.nest.iter().filter_map(|nest| last(&nest.api.path)).collect()
}

fn finish(session: &Session<'_>, document: OpenApi, extraction: &mut Extraction) {
    let marks = session.marks.borrow();
    let (value, found) = write(document, session.dialect, &marks);
    let Found { origins, holes } = found;
    extraction.provenance = origins;
    extraction.holes = marks
        .holes
        .iter()
        .enumerate()
        .map(|(index, missing)| Hole {
            reason: missing.reason,
            place: missing.place.clone(),
            message: missing.message.clone(),
            pointers: holes.get(&index).cloned().unwrap_or_default(),
        })
        .collect();
    extraction.holes.sort_by(|a, b| (&a.place, a.reason).cmp(&(&b.place, b.reason)));
    drop(marks);
    let names = value.pointer("/components/schemas").and_then(Value::as_object);
    let names = names.map(|map| map.keys().cloned().collect()).unwrap_or_default();
    extraction.findings = session.survey(&names);
    let marks = session.marks.borrow();
    let annotated: BTreeSet<ItemId> = session.annotations.borrow().iter().map(|(id, _)| *id).collect();
    let broken: BTreeSet<ItemId> = marks.holes.iter().filter_map(|hole| hole.owner).collect();
    let count =
        |pointer: &str| value.pointer(pointer).and_then(Value::as_object).map_or(0, serde_json::Map::len);
    let operations = value.get("paths").and_then(Value::as_object).map_or(0, |paths| {
        let methods = super::grammar::path::METHODS;
        let of = |item: &Value| {
            item.as_object().map_or(0, |map| map.keys().filter(|key| methods.contains(&key.as_str())).count())
        };
        paths.values().map(of).sum()
    });
    extraction.counts = Counts {
        annotations: annotated.len(),
        resolved: annotated.difference(&broken).count(),
        operations,
        schemas: count("/components/schemas"),
    };
    extraction.document = Some(value);
}

impl Session<'_> {
    /// The document of a root.
    fn root_document(&self, root: ItemId) -> Option<OpenApi> {
        match self.code.item(root).outline.kind {
            ItemKind::Function => self.within(root, "root", || self.document_of_function(root)),
            _ if self.derives(root, "OpenApi") => self.derived_document(root),
            _ => None,
        }
    }

    fn document_of_function(&self, root: ItemId) -> Option<OpenApi> {
        let own = super::types::Ty::Tuple(Vec::new());
        self.document_of_call(root, &own)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::MemoryWorld;

    const CODE: &str = "#[derive(utoipa::OpenApi)]\npub struct Api;\n";

    fn answered(world: &MemoryWorld, folder: &str, package: Option<&str>) -> Result<String, String> {
        let folder = RelPath::parse(folder).unwrap();
        let request = Request { package: package.map(str::to_owned), ..Request::new(folder) };
        let found = extract(world, &request, &Cache::default());
        found.failure.map_or_else(|| Ok(found.package.unwrap().0), Err)
    }

    #[test]
    fn packages_are_found_however_their_manifests_are_written() {
        let world = MemoryWorld::new()
            .with("services/a/Cargo.toml", "[[bin]]\nname = \"a-tool\"\npath = 'src/a.rs'\n[ package ]\n\"name\" = 'a'\n[dependencies]\nrender = { package = 'utoipa', version = '6' }\n")
            .with("services/a/src/a.rs", "fn main() {}")
            .with("services/a/src/lib.rs", CODE)
            .with("services/b/Cargo.toml", "package = { name = \"b\" }\n# utoipa is not used\n")
            .with("services/b/src/lib.rs", "");
        assert_eq!(answered(&world, "services", Some("a")), Ok("a".into()));
        assert_eq!(answered(&world, "services", None), Ok("a".into()));
        assert_eq!(answered(&world, "services/a/src", None), Ok("a".into()));
        assert_eq!(answered(&world, "services", Some("c")), Err("no package `c` was found here".into()));
    }

    #[test]
    fn a_manifest_that_cannot_be_read_is_named() {
        let world = MemoryWorld::new().with("services/a/Cargo.toml", "[package]\nname = a\n");
        for (folder, package) in [("services", None), ("services", Some("a")), ("services/a", None)] {
            let message = answered(&world, folder, package).unwrap_err();
            assert!(message.starts_with("`services/a/Cargo.toml` cannot be read: line 2: "), "{message}");
        }
    }
}
