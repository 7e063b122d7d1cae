//! What a repository holds that a diagram can show: crates, services of Docker Compose, workloads of Kubernetes, tags of
//! API documents; and whether what an element is bound to is among it.

use super::diagrams::Standing;
use crate::base::RelPath;
use crate::code;
use crate::diag::{Place, nearest};
use crate::diagram::graph::Binding;
use crate::openapi::{self, Document, Format, Node};
use crate::rust;
use crate::rust::manifest::{self, Package, Packages, Unread};
use crate::world::{PathKind, World};
use std::collections::{BTreeMap, BTreeSet};

/// Kinds of inventories.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Way {
    /// Packages of the Cargo workspace.
    Crates,
    /// Services of Docker Compose files.
    Compose,
    /// Workloads of Kubernetes manifests.
    Kubernetes,
    /// Tags of recorded OpenAPI documents.
    OpenApi,
}

impl Way {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Crates, Self::Compose, Self::Kubernetes, Self::OpenApi];

    /// As configuration names it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Crates => "crates",
            Self::Compose => "compose",
            Self::Kubernetes => "kubernetes",
            Self::OpenApi => "openapi",
        }
    }

    /// As messages say it.
    pub fn said(self) -> &'static str {
        match self {
            Self::Crates => "crate",
            Self::Compose => "Compose service",
            Self::Kubernetes => "Kubernetes workload",
            Self::OpenApi => "API tag",
        }
    }

    /// The keys of bindings to it.
    pub fn keys(self) -> &'static [&'static str] {
        match self {
            Self::Crates => &["src", "item"],
            Self::Compose => &["compose"],
            Self::Kubernetes => &["k8s"],
            Self::OpenApi => &["openapi"],
        }
    }
}

/// One thing that could be drawn.
#[derive(Clone, Debug)]
pub struct Stock {
    /// What it is.
    pub way: Way,
    /// Its name, as a binding would say it.
    pub name: String,
    /// Where it is defined.
    pub place: Place,
    /// Whether an element is bound to it.
    pub drawn: bool,
    /// Why it is left out, if the configuration says so.
    pub left_out: Option<String>,
}

/// What a repository holds, as far as bindings and configuration ask.
pub struct Inventory<'w> {
    world: &'w dyn World,
    root: RelPath,
    packages: Vec<Package>,
    /// Manifests of packages that cannot be read.
    pub unread: Vec<Unread>,
    /// Services by file.
    compose: BTreeMap<RelPath, Vec<(String, Place)>>,
    /// Workloads by file, as `Kind/name`.
    workloads: BTreeMap<RelPath, Vec<(String, Place)>>,
    documents: BTreeMap<RelPath, Document>,
}

/// The kinds of Kubernetes that run something.
const WORKLOADS: &[&str] = &["Deployment", "StatefulSet", "DaemonSet", "CronJob", "Job"];

/// A path as written, from the repository's root or else from the project's.
pub(super) fn locate(world: &dyn World, root: &RelPath, path: &str) -> Option<RelPath> {
    let path = path.trim_end_matches('/');
    let from = [RelPath::root(), root.clone()];
    from.into_iter().filter_map(|folder| folder.join(path).ok()).find(|path| world.kind(path).is_some())
}

impl<'w> Inventory<'w> {
    /// Reads what is asked for.
    pub fn read(world: &'w dyn World, root: &RelPath, ways: &BTreeSet<Way>, bound: &[&Binding]) -> Self {
        let mut inventory = Self {
            world,
            root: root.clone(),
            packages: Vec::new(),
            unread: Vec::new(),
            compose: BTreeMap::new(),
            workloads: BTreeMap::new(),
            documents: BTreeMap::new(),
        };
        let has = |key: &str| bound.iter().any(|binding| binding.key == key);
        if ways.contains(&Way::Crates) || has("item") {
            (inventory.packages, inventory.unread) = packages(world, root);
        }
        let named = |key: &str| {
            let files = bound.iter().filter(|binding| binding.key == key);
            files
                .filter_map(|binding| locate(world, root, binding.value.split('#').next()?))
                .collect::<BTreeSet<_>>()
        };
        let mut compose = named("compose");
        let mut manifests = named("k8s");
        if ways.contains(&Way::Compose) || ways.contains(&Way::Kubernetes) {
            for file in world
                .tracked(root)
                .into_iter()
                .filter(|file| matches!(file.extension(), Some("yml" | "yaml")))
            {
                let stem = file.stem();
                if stem.starts_with("docker-compose") || stem.starts_with("compose") {
                    compose.insert(file);
                } else if ways.contains(&Way::Kubernetes) && !hidden(&file) {
                    manifests.insert(file);
                }
            }
        }
        inventory.compose =
            compose.into_iter().filter_map(|file| Some((file.clone(), services(world, &file)?))).collect();
        let found = manifests.into_iter().filter_map(|file| Some((file.clone(), workloads(world, &file)?)));
        inventory.workloads = found.collect();
        if ways.contains(&Way::OpenApi) || has("openapi") {
            inventory.read_documents(bound);
        }
        inventory
    }

    fn read_documents(&mut self, bound: &[&Binding]) {
        let mut files: BTreeSet<RelPath> = BTreeSet::new();
        for folder in [RelPath::root(), self.root.clone()].iter().filter_map(|root| root.join("openapi").ok())
        {
            if self.world.kind(&folder) == Some(PathKind::Folder) {
                files.extend(self.world.files(&folder));
            }
        }
        let named = bound.iter().filter(|binding| binding.key == "openapi");
        files.extend(
            named.filter_map(|binding| locate(self.world, &self.root, binding.value.split('#').next()?)),
        );
        for file in files.into_iter().filter(|file| matches!(file.extension(), Some("json" | "yaml" | "yml")))
        {
            if let Ok(text) = self.world.text(&file) {
                self.documents.insert(file.clone(), Document::parse(&file, &text));
            }
        }
    }

    /// Everything that could be drawn, and whether it is.
    pub fn stocks(
        &self,
        ways: &BTreeSet<Way>,
        bound: &[&Binding],
        left_out: &BTreeMap<String, String>,
    ) -> Vec<Stock> {
        let mut stocks = Vec::new();
        for way in ways {
            for (name, place, drawn) in self.of(*way, bound) {
                let reason = [format!("{} {name}", way.name()), name.clone()]
                    .iter()
                    .find_map(|key| left_out.get(key).cloned());
                stocks.push(Stock { way: *way, name, place, drawn, left_out: reason });
            }
        }
        stocks
    }

    fn of(&self, way: Way, bound: &[&Binding]) -> Vec<(String, Place, bool)> {
        let values = |key: &'static str| {
            bound.iter().filter(move |binding| binding.key == key).map(|binding| binding.value.as_str())
        };
        match way {
            Way::Crates => self
                .packages
                .iter()
                .map(|package| {
                    let library = package.name.replace('-', "_");
                    let by_item = values("item").any(|item| item.split("::").next() == Some(&library));
                    let by_folder =
                        values("src").filter_map(|src| locate(self.world, &self.root, src)).any(|path| {
                            // The package at the root holds all others, which does not draw it.
                            if package.folder.is_root() {
                                owner(&self.packages, &path) == Some(&package.folder)
                            } else {
                                path.below(&package.folder).is_some()
                            }
                        });
                    (package.name.clone(), place_of(package), by_item || by_folder)
                })
                .collect(),
            Way::Compose => self.named("compose", &self.compose, bound),
            Way::Kubernetes => self.named("k8s", &self.workloads, bound),
            Way::OpenApi => self
                .documents
                .iter()
                .flat_map(|(file, document)| {
                    let drawn = values("openapi").filter_map(|value| {
                        Some((self.document(value.split('#').next()?)?, value.split_once('#')?.1))
                    });
                    let drawn: BTreeSet<&str> = drawn
                        .filter(|(of, _)| of == file)
                        .filter_map(|(_, part)| part.strip_prefix("tag:"))
                        .collect();
                    let whole = values("openapi")
                        .any(|value| !value.contains('#') && self.document(value).as_ref() == Some(file));
                    tags(document)
                        .into_iter()
                        .map(|(tag, place)| {
                            let shown = whole || drawn.contains(tag.as_str());
                            (format!("{}#tag:{tag}", file.stem()), place, shown)
                        })
                        .collect::<Vec<_>>()
                })
                .collect(),
        }
    }

    fn named(
        &self,
        key: &str,
        files: &BTreeMap<RelPath, Vec<(String, Place)>>,
        bound: &[&Binding],
    ) -> Vec<(String, Place, bool)> {
        let values = bound
            .iter()
            .filter(|binding| binding.key == key)
            .filter_map(|binding| binding.value.split_once('#'));
        let drawn: BTreeSet<(RelPath, &str)> =
            values.filter_map(|(file, part)| Some((locate(self.world, &self.root, file)?, part))).collect();
        let all =
            files.iter().flat_map(|(file, parts)| parts.iter().map(move |(name, place)| (file, name, place)));
        all.map(|(file, name, place)| {
            (format!("{file}#{name}"), place.clone(), drawn.contains(&(file.clone(), name.as_str())))
        })
        .collect()
    }

    /// Whether what a binding names is there.
    pub fn judge(&self, binding: &Binding) -> Standing {
        let value = binding.value.as_str();
        match binding.key.as_str() {
            "src" => match locate(self.world, &self.root, value) {
                Some(path) => Standing::There(path.to_string()),
                None => gone(
                    format!("there is no file or folder `{value}`"),
                    "correct the path: it is relative to the repository's root",
                ),
            },
            "item" => self.item(value),
            "openapi" => self.api(value),
            "compose" => self.part(value, &self.compose, "service"),
            "k8s" => self.part(value, &self.workloads, "workload"),
            _ => Standing::NotJudged("no check knows this sort of binding"),
        }
    }

    /// `file#name`
    fn part(&self, value: &str, files: &BTreeMap<RelPath, Vec<(String, Place)>>, what: &str) -> Standing {
        let (file, name) = value.split_once('#').unwrap_or((value, ""));
        let Some(path) = locate(self.world, &self.root, file) else {
            return gone(
                format!("there is no file `{file}`"),
                "correct the path: it is relative to the repository's root",
            );
        };
        let Some(parts) = files.get(&path) else {
            return gone(format!("`{file}` is not read as YAML with a {what}"), "name another file");
        };
        if parts.iter().any(|(known, _)| known == name) {
            return Standing::There(format!("{path}#{name}"));
        }
        let near = nearest(name, parts.iter().map(|(known, _)| known.as_str()));
        let help = near.map_or_else(
            || format!("it has: {}", list(parts.iter().map(|(name, _)| name.as_str()))),
            |near| format!("did you mean `{near}`?"),
        );
        Standing::Gone(format!("`{file}` has no {what} `{name}`"), help)
    }

    /// The document of a name: a file of the folder `openapi`, or a path.
    fn document(&self, name: &str) -> Option<RelPath> {
        let by_path = locate(self.world, &self.root, name).filter(|path| self.documents.contains_key(path));
        by_path.or_else(|| self.documents.keys().find(|file| file.stem() == name).cloned())
    }

    fn api(&self, value: &str) -> Standing {
        let (name, part) = value.split_once('#').unwrap_or((value, ""));
        let Some(document) = self.document(name).and_then(|file| self.documents.get(&file)) else {
            let help = format!("known are: {}", list(self.documents.keys().map(RelPath::stem)));
            return Standing::Gone(format!("there is no API document `{name}`"), help);
        };
        let (there, known): (bool, Vec<String>) = match part.split_once(':') {
            None if part.is_empty() => (true, Vec::new()),
            None => (document.at(part).is_some(), Vec::new()),
            Some(("tag", tag)) => {
                let tags: Vec<String> = tags(document).into_iter().map(|(name, _)| name).collect();
                (tags.iter().any(|known| known == tag), tags)
            }
            Some(("operation", wanted)) => {
                let names: Vec<String> = document
                    .operations()
                    .iter()
                    .flat_map(|operation| [operation.id().unwrap_or_default().to_owned(), operation.name()])
                    .filter(|name| !name.is_empty())
                    .collect();
                (names.iter().any(|name| name == wanted), names)
            }
            Some(("schema", wanted)) => {
                let names: Vec<String> =
                    document.schemas().iter().map(|(entry, _)| entry.key.to_string()).collect();
                (names.iter().any(|name| name == wanted), names)
            }
            Some(_) => {
                return gone(
                    format!("`{part}` is no part of an API document"),
                    "write `tag:`, `operation:`, `schema:` or a JSON pointer after the `#`",
                );
            }
        };
        if there {
            return Standing::There(value.to_owned());
        }
        let wanted = part.split_once(':').map_or(part, |(_, wanted)| wanted);
        let help = match nearest(wanted, known.iter().map(String::as_str)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("it has: {}", list(known.iter().map(String::as_str))),
        };
        Standing::Gone(format!("the API document `{name}` has no `{part}`"), help)
    }

    /// `gateway::router`: a module or an item of a package.
    fn item(&self, value: &str) -> Standing {
        let mut parts = value.split("::");
        let library = parts.next().unwrap_or_default();
        let Some(package) = self.packages.iter().find(|package| package.name.replace('-', "_") == library)
        else {
            if !self.unread.is_empty() {
                return Standing::NotJudged("a Cargo.toml of the workspace cannot be read");
            }
            let known: Vec<String> =
                self.packages.iter().map(|package| package.name.replace('-', "_")).collect();
            let near = nearest(library, known.iter().map(String::as_str));
            let help = near.map_or_else(
                || format!("the repository has: {}", list(known.iter().map(String::as_str))),
                |near| format!("did you mean `{near}`?"),
            );
            return Standing::Gone(format!("there is no crate `{library}`"), help);
        };
        let mut rest: Vec<&str> = parts.collect();
        let Ok(mut folder) = package.folder.join("src") else {
            return Standing::NotJudged("the crate has no source folder");
        };
        let at = |path: &str, folder: &RelPath| {
            folder.join(path).ok().filter(|path| self.world.kind(path) == Some(PathKind::File))
        };
        let mut file = at("lib.rs", &folder).or_else(|| at("main.rs", &folder));
        while let Some(name) = rest.first() {
            let Some(next) =
                at(&format!("{name}.rs"), &folder).or_else(|| at(&format!("{name}/mod.rs"), &folder))
            else {
                break;
            };
            file = Some(next);
            folder = match folder.join(name) {
                Ok(folder) => folder,
                Err(_) => break,
            };
            rest.remove(0);
        }
        let Some(file) = file else {
            return Standing::NotJudged("the crate has no source file that is read");
        };
        if rest.is_empty() {
            return Standing::There(file.to_string());
        }
        let text = self.world.text(&file).unwrap_or_default();
        let wanted = rest.join("::");
        let items = rust::items(&text);
        if items.iter().any(|item| item.path == wanted) {
            return Standing::There(format!("{file}: {wanted}"));
        }
        if has_word(&code::without_comments(&file, &text), rest[rest.len() - 1]) {
            return Standing::NotJudged("the item is made by a macro, or exported from elsewhere");
        }
        let near = nearest(&wanted, items.iter().map(|item| item.path.as_str()));
        let help = near.map_or_else(
            || "correct the path, or bind to the file with `src`".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        Standing::Gone(format!("`{file}` has no item `{wanted}`"), help)
    }
}

fn gone(message: String, help: &str) -> Standing {
    Standing::Gone(message, help.to_owned())
}

fn list<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let mut names: Vec<&str> = names.collect();
    let more = names.len().saturating_sub(12);
    names.truncate(12);
    match (names.is_empty(), more) {
        (true, _) => "none".to_owned(),
        (_, 0) => names.join(", "),
        _ => format!("{} and {more} more", names.join(", ")),
    }
}

/// Files that tools keep for themselves: workflows of forges, tests' data.
fn hidden(file: &RelPath) -> bool {
    file.as_str().split('/').any(|part| part.starts_with('.') || part == "tests" || part == "testdata")
}

/// The packages of the Cargo workspaces at the repository's and the project's root, and the manifests that cannot be read.
pub(super) fn packages(world: &dyn World, root: &RelPath) -> (Vec<Package>, Vec<Unread>) {
    let mut out: Vec<Package> = Vec::new();
    let mut unread: Vec<Unread> = Vec::new();
    for folder in BTreeSet::from([RelPath::root(), root.clone()]) {
        // Only what lies there: a workspace around the project is at the repository's root.
        if manifest::nearest_manifest(world, &folder).as_ref() != Some(&folder) {
            continue;
        }
        let found = Packages::load(world, &folder);
        let missing = found
            .list
            .into_iter()
            .filter(|package| package.member && !out.iter().any(|known| known.folder == package.folder));
        let missing: Vec<Package> = missing.collect();
        out.extend(missing);
        let fresh: Vec<Unread> = found.problems.into_iter().filter(|one| !unread.contains(one)).collect();
        unread.extend(fresh);
    }
    out.sort_by(|a, b| a.folder.cmp(&b.folder));
    (out, unread)
}

/// Where a package's manifest says its name.
fn place_of(package: &Package) -> Place {
    let file = package.folder.join("Cargo.toml").unwrap_or_else(|_| package.folder.clone());
    Place { file, span: package.name_at }
}

/// The folder of the package that holds a path: the longest.
fn owner<'p>(packages: &'p [Package], path: &RelPath) -> Option<&'p RelPath> {
    let holding =
        packages.iter().map(|package| &package.folder).filter(|folder| path.below(folder).is_some());
    holding.max_by_key(|folder| folder.as_str().len())
}

/// The services of a Compose file.
pub(super) fn services(world: &dyn World, file: &RelPath) -> Option<Vec<(String, Place)>> {
    let text = world.text(file).ok()?;
    let tree = openapi::read(file, &text, 0, Format::Yaml);
    let services = tree.root.get("services")?;
    Some(services.entries().map(|entry| (entry.key.to_string(), entry.place.clone())).collect())
}

/// The workloads of a manifest with any number of documents.
pub(super) fn workloads(world: &dyn World, file: &RelPath) -> Option<Vec<(String, Place)>> {
    let text = world.text(file).ok()?;
    if !text.contains("kind:") {
        return None;
    }
    let mut out = Vec::new();
    for (start, part) in documents(&text) {
        let tree = openapi::read(file, part, start, Format::Yaml);
        if let Some((kind, name)) = identity(&tree.root).filter(|(kind, _)| WORKLOADS.contains(kind)) {
            out.push((format!("{kind}/{name}"), tree.root.place.clone()));
        }
    }
    (!out.is_empty()).then_some(out)
}

/// The documents of a YAML text, and where each begins.
pub(super) fn documents(text: &str) -> Vec<(usize, &str)> {
    let mut parts = Vec::new();
    let (mut begin, mut at) = (0, 0);
    for line in text.split_inclusive('\n') {
        if line.trim_end() == "---" {
            parts.push((begin, &text[begin..at]));
            begin = at + line.len();
        }
        at += line.len();
    }
    parts.push((begin, &text[begin..]));
    parts.retain(|(_, part)| !part.trim().is_empty());
    parts
}

/// The kind and the name of a Kubernetes object.
pub(super) fn identity(node: &Node) -> Option<(&str, &str)> {
    node.get("apiVersion")?;
    Some((node.get_text("kind")?, node.get("metadata")?.get_text("name")?))
}

/// The tags of a document: those it declares, and those its operations carry.
fn tags(document: &Document) -> Vec<(String, Place)> {
    let mut tags: Vec<(String, Place)> = Vec::new();
    let declared = document.top().get("tags");
    for tag in declared.iter().flat_map(crate::openapi::At::items) {
        if let Some(name) = tag.node.get_text("name") {
            tags.push((name.to_owned(), tag.node.place.clone()));
        }
    }
    for operation in document.operations() {
        for tag in operation.tags() {
            if !tags.iter().any(|(known, _)| known == tag) {
                tags.push((tag.to_owned(), operation.at.node.place.clone()));
            }
        }
    }
    tags
}

/// The name by which code names a folder or file: a package's, or a module's; none where that is not known.
pub(super) fn module_name(world: &dyn World, path: &RelPath) -> Option<String> {
    if let Some(package) = manifest::manifest(world, path).ok()?.and_then(|manifest| manifest.package) {
        return Some(package.name.text.replace('-', "_"));
    }
    let rust =
        path.extension() == Some("rs") || world.files(path).iter().any(|file| file.extension() == Some("rs"));
    let name = if path.file_name() == "mod.rs" || path.file_name() == "lib.rs" {
        path.parent().file_name().to_owned()
    } else {
        path.stem().to_owned()
    };
    rust.then_some(name)
}

/// The Rust code of a file or folder without its comments, at most 4 MB of it.
pub(super) fn code_of(world: &dyn World, path: &RelPath) -> String {
    let files = if world.kind(path) == Some(PathKind::File) { vec![path.clone()] } else { world.files(path) };
    let mut out = String::new();
    for file in files.into_iter().filter(|file| file.extension() == Some("rs")) {
        if out.len() < 4 << 20 {
            out.push_str(&code::without_comments(&file, &world.text(&file).unwrap_or_default()));
        }
    }
    out
}

/// Whether a word stands in a text by itself.
pub(super) fn has_word(text: &str, word: &str) -> bool {
    let part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    !word.is_empty()
        && text.match_indices(word).any(|(at, _)| {
            !part(text[..at].chars().next_back()) && !part(text[at + word.len()..].chars().next())
        })
}
