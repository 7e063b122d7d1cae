//! What a repository holds that a diagram can show: crates, services of Docker Compose, workloads of Kubernetes, tags of
//! API documents; and whether what an element is bound to is among it.

use super::Standing;
use crate::base::{RelPath, beginning};
use crate::code;
use crate::diag::{Nearest, Place};
use crate::diagram::graph::Binding;
use crate::evidence::shelf::Shelf;
use crate::openapi::{self, Document, Format, Node};
use crate::rust::manifest::{self, Package, Packages, Unread};
use crate::world::{PathKind, World};
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::rc::Rc;

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
    /// Packages by the name of their library, the first of each.
    libraries: BTreeMap<String, usize>,
    /// Manifests of packages that cannot be read.
    pub unread: Vec<Unread>,
    /// Services by file.
    compose: BTreeMap<RelPath, Parts>,
    /// Workloads by file, as `Kind/name`.
    workloads: BTreeMap<RelPath, Parts>,
    documents: BTreeMap<RelPath, Described>,
    /// Documents by their file's stem, the first of each.
    stems: BTreeMap<String, RelPath>,
    shelf: Shelf<'w>,
    near: Nearest,
    /// The words of files of Rust.
    code: RefCell<HashMap<RelPath, Rc<Code>>>,
}

/// What a file defines, in order, and by name.
struct Parts {
    list: Vec<(String, Place)>,
    names: BTreeSet<String>,
}

impl Parts {
    fn of(list: Vec<(String, Place)>) -> Self {
        let names = list.iter().map(|(name, _)| name.clone()).collect();
        Self { list, names }
    }
}

/// An API document, with the names of its parts once somebody asks.
struct Described {
    document: Document,
    tags: OnceCell<BTreeSet<String>>,
    operations: OnceCell<BTreeSet<String>>,
    schemas: OnceCell<BTreeSet<String>>,
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
            libraries: BTreeMap::new(),
            unread: Vec::new(),
            compose: BTreeMap::new(),
            workloads: BTreeMap::new(),
            documents: BTreeMap::new(),
            stems: BTreeMap::new(),
            shelf: Shelf::new(world),
            near: Nearest::default(),
            code: RefCell::default(),
        };
        let has = |key: &str| bound.iter().any(|binding| binding.key == key);
        if ways.contains(&Way::Crates) || has("item") {
            (inventory.packages, inventory.unread) = packages(world, root);
            for (at, package) in inventory.packages.iter().enumerate() {
                inventory.libraries.entry(library(package)).or_insert(at);
            }
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
        let found = compose.into_iter().filter_map(|file| {
            let parts = Parts::of(services(world, &file)?);
            Some((file, parts))
        });
        inventory.compose = found.collect();
        let found = manifests.into_iter().filter_map(|file| {
            let parts = Parts::of(workloads(world, &file)?);
            Some((file, parts))
        });
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
                self.stems.entry(file.stem().to_owned()).or_insert_with(|| file.clone());
                let document = Document::parse(&file, &text);
                let (tags, operations, schemas) = (OnceCell::new(), OnceCell::new(), OnceCell::new());
                self.documents.insert(file, Described { document, tags, operations, schemas });
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
            Way::Crates => {
                let items: BTreeSet<&str> =
                    values("item").filter_map(|item| item.split("::").next()).collect();
                let folders = self.drawn_folders(values("src"));
                let drawn = |package: &Package| {
                    items.contains(library(package).as_str()) || folders.contains(&package.folder)
                };
                let packages = self.packages.iter();
                packages.map(|package| (package.name.clone(), place_of(package), drawn(package))).collect()
            }
            Way::Compose => self.named("compose", &self.compose, bound),
            Way::Kubernetes => self.named("k8s", &self.workloads, bound),
            Way::OpenApi => self.tags(values("openapi")),
        }
    }

    /// The tags of all documents.
    fn tags<'v>(&self, values: impl Iterator<Item = &'v str>) -> Vec<(String, Place, bool)> {
        let (mut whole, mut drawn) = (BTreeSet::new(), BTreeSet::new());
        for value in values {
            let (name, part) = value.split_once('#').map_or((value, None), |(name, part)| (name, Some(part)));
            let Some(file) = self.document(name) else { continue };
            match part {
                None => {
                    whole.insert(file);
                }
                Some(part) => {
                    drawn.extend(part.strip_prefix("tag:").map(|tag| (file, tag)));
                }
            }
        }
        let mut out = Vec::new();
        for (file, described) in &self.documents {
            for (tag, place) in tags(&described.document) {
                let shown = whole.contains(file) || drawn.contains(&(file.clone(), tag.as_str()));
                out.push((format!("{}#tag:{tag}", file.stem()), place, shown));
            }
        }
        out
    }

    /// Folders of packages that elements are bound to by their sources. The package at the root holds all others, which
    /// does not draw it.
    fn drawn_folders<'v>(&self, values: impl Iterator<Item = &'v str>) -> BTreeSet<RelPath> {
        let folders: BTreeSet<&RelPath> = self.packages.iter().map(|package| &package.folder).collect();
        let mut out = BTreeSet::new();
        for path in values.filter_map(|src| locate(self.world, &self.root, src)) {
            let mut owned = false;
            let mut at = path;
            while !at.is_root() {
                owned |= folders.contains(&at);
                if !out.insert(at.clone()) {
                    owned = true;
                    break;
                }
                at = at.parent();
            }
            if !owned {
                out.insert(RelPath::root());
            }
        }
        out
    }

    fn named(
        &self,
        key: &str,
        files: &BTreeMap<RelPath, Parts>,
        bound: &[&Binding],
    ) -> Vec<(String, Place, bool)> {
        let values = bound
            .iter()
            .filter(|binding| binding.key == key)
            .filter_map(|binding| binding.value.split_once('#'));
        let drawn: BTreeSet<(RelPath, &str)> =
            values.filter_map(|(file, part)| Some((locate(self.world, &self.root, file)?, part))).collect();
        let all = files
            .iter()
            .flat_map(|(file, parts)| parts.list.iter().map(move |(name, place)| (file, name, place)));
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
    fn part(&self, value: &str, files: &BTreeMap<RelPath, Parts>, what: &str) -> Standing {
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
        if parts.names.contains(name) {
            return Standing::There(format!("{path}#{name}"));
        }
        let names = || parts.list.iter().map(|(known, _)| known.as_str());
        let near = self.near.find(&format!("{what} of {path}"), name, names());
        let help = near
            .map_or_else(|| format!("it has: {}", list(names())), |near| format!("did you mean `{near}`?"));
        Standing::Gone(format!("`{file}` has no {what} `{name}`"), help)
    }

    /// The document of a name: a file of the folder `openapi`, or a path.
    fn document(&self, name: &str) -> Option<RelPath> {
        let by_path = locate(self.world, &self.root, name).filter(|path| self.documents.contains_key(path));
        by_path.or_else(|| self.stems.get(name).cloned())
    }

    fn api(&self, value: &str) -> Standing {
        let (name, part) = value.split_once('#').unwrap_or((value, ""));
        let Some(described) = self.document(name).and_then(|file| self.documents.get(&file)) else {
            let help = format!("known are: {}", list(self.documents.keys().map(RelPath::stem)));
            return Standing::Gone(format!("there is no API document `{name}`"), help);
        };
        let none = BTreeSet::new();
        let (sort, wanted) = part.split_once(':').unwrap_or(("", part));
        let known = match sort {
            "" if !part.contains(':') => &none,
            "tag" => described.tags(),
            "operation" => described.operations(),
            "schema" => described.schemas(),
            _ => {
                return gone(
                    format!("`{part}` is no part of an API document"),
                    "write `tag:`, `operation:`, `schema:` or a JSON pointer after the `#`",
                );
            }
        };
        let pointed = sort.is_empty() && (part.is_empty() || described.document.at(part).is_some());
        if pointed || known.contains(wanted) {
            return Standing::There(value.to_owned());
        }
        let help =
            match self.near.find(&format!("{sort} of {name}"), wanted, known.iter().map(String::as_str)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("it has: {}", list(known.iter().map(String::as_str))),
            };
        Standing::Gone(format!("the API document `{name}` has no `{part}`"), help)
    }

    /// The words of a file of Rust, split once.
    fn words(&self, file: &RelPath, text: &str) -> Rc<Code> {
        let mut known = self.code.borrow_mut();
        let code = known
            .entry(file.clone())
            .or_insert_with(|| Rc::new(Code::of(code::without_comments(file, text))));
        Rc::clone(code)
    }

    /// `gateway::router`: a module or an item of a package.
    fn item(&self, value: &str) -> Standing {
        let mut parts = value.split("::");
        let library = parts.next().unwrap_or_default();
        let Some(package) = self.libraries.get(library).and_then(|at| self.packages.get(*at)) else {
            if !self.unread.is_empty() {
                return Standing::NotJudged("a Cargo.toml of the workspace cannot be read");
            }
            let known = || self.libraries.keys().map(String::as_str);
            let help = self.near.find("libraries", library, known()).map_or_else(
                || format!("the repository has: {}", list(known())),
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
        let Ok(source) = self.shelf.file(&file) else {
            return Standing::NotJudged("the crate has no source file that is read");
        };
        let wanted = rest.join("::");
        let items = source.items().list();
        if source.items().named(&wanted).is_some_and(|item| item.path == wanted) {
            return Standing::There(format!("{file}: {wanted}"));
        }
        if self.words(&file, source.text()).has_word(rest.last().copied().unwrap_or_default()) {
            return Standing::NotJudged("the item is made by a macro, or exported from elsewhere");
        }
        let near = self.near.find(file.as_str(), &wanted, items.iter().map(|item| item.path.as_str()));
        let help = near.map_or_else(
            || "correct the path, or bind to the file with `src`".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        Standing::Gone(format!("`{file}` has no item `{wanted}`"), help)
    }
}

impl Described {
    fn tags(&self) -> &BTreeSet<String> {
        self.tags.get_or_init(|| tags(&self.document).into_iter().map(|(name, _)| name).collect())
    }

    /// Ids and names of operations.
    fn operations(&self) -> &BTreeSet<String> {
        self.operations.get_or_init(|| {
            let operations = self.document.operations();
            let names = operations
                .iter()
                .flat_map(|operation| [operation.id().unwrap_or_default().to_owned(), operation.name()]);
            names.filter(|name| !name.is_empty()).collect()
        })
    }

    fn schemas(&self) -> &BTreeSet<String> {
        self.schemas
            .get_or_init(|| self.document.schemas().iter().map(|(entry, _)| entry.key.to_string()).collect())
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
    let (mut known, mut told) = (BTreeSet::new(), BTreeSet::new());
    for folder in BTreeSet::from([RelPath::root(), root.clone()]) {
        // Only what lies there: a workspace around the project is at the repository's root.
        if manifest::nearest_manifest(world, &folder).as_ref() != Some(&folder) {
            continue;
        }
        let found = Packages::load(world, &folder);
        let members = found.list.into_iter().filter(|package| package.member);
        out.extend(members.filter(|package| known.insert(package.folder.clone())));
        unread.extend(
            found.problems.into_iter().filter(|one| told.insert((one.place.clone(), one.message.clone()))),
        );
    }
    out.sort_by(|a, b| a.folder.cmp(&b.folder));
    (out, unread)
}

/// The name by which code names a package's library.
fn library(package: &Package) -> String {
    package.name.replace('-', "_")
}

/// Where a package's manifest says its name.
fn place_of(package: &Package) -> Place {
    let file = package.folder.join("Cargo.toml").unwrap_or_else(|_| package.folder.clone());
    Place { file, span: package.name_at }
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
    let mut known = HashSet::new();
    let declared = document.top().get("tags");
    for tag in declared.iter().flat_map(crate::openapi::At::items) {
        if let Some(name) = tag.node.get_text("name") {
            known.insert(name.to_owned());
            tags.push((name.to_owned(), tag.node.place.clone()));
        }
    }
    for operation in document.operations() {
        for tag in operation.tags() {
            if known.insert(tag.to_owned()) {
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
pub(super) fn code_of(world: &dyn World, path: &RelPath) -> Code {
    let files = if world.kind(path) == Some(PathKind::File) { vec![path.clone()] } else { world.files(path) };
    let mut out = String::new();
    for file in files.into_iter().filter(|file| file.extension() == Some("rs")) {
        if out.len() < 4 << 20 {
            out.push_str(&code::without_comments(&file, &world.text(&file).unwrap_or_default()));
        }
    }
    Code::of(out)
}

/// A text that is asked for words.
pub(super) struct Code {
    text: String,
    asked: Cell<u32>,
    /// Made when many are asked for: cutting a text into its words costs about as much as searching it this often.
    words: OnceCell<HashSet<String>>,
}

/// Searches before a text is cut into words; a model of people has two or three relations for each element.
const SEARCHES: u32 = 16;

impl Code {
    pub fn of(text: String) -> Self {
        Self { text, asked: Cell::new(0), words: OnceCell::new() }
    }

    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Whether a word stands in it by itself.
    pub fn has_word(&self, word: &str) -> bool {
        self.asked.set(self.asked.get().saturating_add(1));
        if self.asked.get() <= SEARCHES || !word.chars().all(is_word) {
            return has_word(&self.text, word);
        }
        let cut = || self.text.split(|c| !is_word(c)).filter(|word| !word.is_empty()).map(str::to_owned);
        self.words.get_or_init(|| cut().collect()).contains(word)
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Names of Kubernetes are no longer, in bytes (RFC 1123).
const LONGEST_NAME: usize = 253;

/// Which of these names of workloads stand in a text by themselves.
pub(super) fn spelled<'n>(text: &str, names: &'n BTreeSet<String>) -> BTreeSet<&'n str> {
    let mut found = BTreeSet::new();
    let mut before = false;
    for (at, c) in text.char_indices() {
        if is_word(c)
            && !std::mem::replace(&mut before, is_word(c))
            && let Some(rest) = text.get(at..)
        {
            // It ends where a word does.
            let ends = beginning(rest, LONGEST_NAME).char_indices().map(|(at, c)| at + c.len_utf8());
            let parts = ends.filter_map(|end| rest.split_at_checked(end));
            let whole = parts.filter(|(_, behind)| !behind.starts_with(is_word));
            found.extend(whole.filter_map(|(name, _)| names.get(name)).map(String::as_str));
        }
        before = is_word(c);
    }
    found
}

/// Whether a word stands in a text by itself.
fn has_word(text: &str, word: &str) -> bool {
    let part = |c: Option<char>| c.is_some_and(is_word);
    !word.is_empty()
        && text.match_indices(word).any(|(at, _)| {
            !part(text[..at].chars().next_back()) && !part(text[at + word.len()..].chars().next())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_found_by_itself_alone_however_often_a_text_was_asked() {
        let code = Code::of("use store::Index; // stored re-store".to_owned());
        for _ in 0..2 * SEARCHES {
            assert!(code.has_word("store") && code.has_word("Index") && code.has_word("re-store"));
            assert!(!code.has_word("sto") && !code.has_word("Ind") && !code.has_word("e-store"));
        }
    }
}
