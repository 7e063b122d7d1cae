//! The module trees of the crates that a package is built from: what each module declares and imports.

use super::cfg::Cfg;
use super::expand::{self, Expansion};
use super::manifest::{Packages, Resolved, Unread};
use super::outline::{ItemKind, Outline, OutlineItem, block_items, outline};
use super::token::{TokenKind, Tokens, tokens};
use crate::base::{Fingerprint, Memo, RelPath, Span, Steps};
use crate::diag::Place;
use crate::world::{PathKind, World};
use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;
use std::sync::Arc;

/// Text that items come from: a file, or what a macro made.
#[derive(Debug)]
pub struct Source {
    /// The text.
    pub text: Arc<str>,
    /// The file; of a macro's output the file of the call.
    pub file: RelPath,
    /// Where a macro was called, if one made the text.
    pub call: Option<Span>,
}

impl Source {
    /// The place of a range as its author wrote it.
    pub fn place(&self, span: Span) -> Place {
        Place { file: self.file.clone(), span: self.call.unwrap_or(span) }
    }
}

/// Index of a module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ModuleId(pub u32);

/// Index of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ItemId(pub u32);

/// Index of a crate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CrateId(pub u32);

/// An item and where it stands.
#[derive(Clone, Debug)]
pub struct Item {
    /// The module that holds it.
    pub module: ModuleId,
    /// Its text's source.
    pub source: Arc<Source>,
    /// What the outline says.
    pub outline: Arc<OutlineItem>,
    /// Of a method the `impl` or `trait`.
    pub parent: Option<ItemId>,
}

impl Item {
    /// Its text, attributes included.
    pub fn text(&self) -> &str {
        self.source.text.get(self.outline.span.range()).unwrap_or("")
    }

    /// Where it stands.
    pub fn place(&self) -> Place {
        self.source.place(self.outline.span)
    }
}

/// What a name stands for inside a module, before imports are followed.
#[derive(Clone, Debug)]
pub(super) enum Entry {
    Module(ModuleId),
    Item(ItemId),
    Import { path: Vec<String> },
}

/// A module.
#[derive(Debug)]
pub struct Module {
    /// The crate.
    pub krate: CrateId,
    /// What encloses it.
    pub parent: Option<ModuleId>,
    /// Its name; of a crate's root the crate's.
    pub name: String,
    /// `crate::a::b`, without the first part.
    pub path: Vec<String>,
    pub(super) names: HashMap<String, Vec<Entry>>,
    pub(super) globs: Vec<Vec<String>>,
    /// The last `macro_rules!` of each name.
    pub(super) macros: HashMap<String, ItemId>,
    /// It stands for a function's body: names that it does not know are looked for around it.
    pub block: bool,
    /// Where it is declared; of a crate's root the root file.
    pub place: Place,
}

/// A crate.
#[derive(Debug)]
pub struct Crate {
    /// The package it belongs to.
    pub package: usize,
    /// The name in code.
    pub name: String,
    /// The root module.
    pub root: ModuleId,
    /// The root file.
    pub file: RelPath,
    /// Crates it can name: local ones, or `None` for those from outside.
    pub externs: HashMap<String, Option<CrateId>>,
    /// What is set while it is built.
    pub cfg: Cfg,
}

/// All modules and items of a package and of what it depends on inside the repository.
#[derive(Debug, Default)]
pub struct Code {
    /// The package's own crates first.
    pub crates: Vec<Crate>,
    /// All modules.
    pub modules: Vec<Module>,
    /// All items.
    pub items: Vec<Item>,
    /// `impl` blocks.
    pub impls: Vec<ItemId>,
    /// What could not be read.
    pub problems: Vec<Unread>,
    /// Macro calls at item position that no `macro_rules!` of the repository explains.
    pub opaque: Vec<ItemId>,
    /// Functions whose body declares items or imports, and the module that stands for it.
    pub blocks: HashMap<ItemId, ModuleId>,
    /// Every `macro_rules!` of a crate by its name.
    pub(super) macros: HashMap<(CrateId, String), Vec<ItemId>>,
    pub(super) search: RefCell<super::resolve::Search>,
    /// The tokens of the macros that were called.
    definitions: RefCell<HashMap<ItemId, Rc<Tokens>>>,
    matched: Matched,
}

/// The steps that matching and writing macros takes.
#[derive(Debug)]
struct Matched(Steps);

impl Default for Matched {
    fn default() -> Self {
        Self(Steps::new(MOST_MATCHED))
    }
}

/// Tokens that all calls of macros may look at.
const MOST_MATCHED: u64 = 10_000_000;

/// Bytes that deeply nested macro calls may make.
const MOST_EXPANDED: u64 = 1 << 18;

/// Items a macro may make before it counts as running away.
const MOST_EXPANSIONS: u64 = 20_000;

/// Items that a package and all it depends on in the repository may declare. A module costs [`MODULE`] of them: `#[path]`
/// can name one file from many places, and each of those doubles what is below. The largest service that was met has
/// 60,000 items.
const MOST_ITEMS: u64 = 1_000_000;

/// What reading a module's file costs, in items.
const MODULE: u64 = 20;

/// Functions inside of functions that are looked into.
const DEEPEST_BODY: usize = 8;

impl Code {
    /// Reads the crates of `package` and of the local packages it uses.
    pub fn load(
        world: &dyn World,
        packages: &Packages,
        package: usize,
        features: &Resolved,
        memo: &Memo<Outline>,
    ) -> Self {
        let mut builder = Builder {
            world,
            memo,
            code: Self::default(),
            pending: Vec::new(),
            files: Vec::new(),
            expansions: Steps::new(8 * MOST_EXPANSIONS),
            expanded: Steps::new(MOST_EXPANDED),
            items: Steps::new(MOST_ITEMS),
            told: false,
        };
        let mut order: Vec<usize> = vec![package];
        order.extend(features.packages.keys().copied().filter(|one| *one != package));
        let mut libraries = HashMap::new();
        for index in &order {
            let cfg = Cfg::new(features.packages.get(index).cloned().unwrap_or_default());
            for target in &packages.list[*index].targets {
                if !target.library && *index != package {
                    continue;
                }
                let id = builder.krate(*index, &target.name, &target.root, &cfg);
                if target.library {
                    libraries.insert(*index, id);
                }
            }
        }
        builder.externs(packages, features, &libraries);
        builder.expand_all();
        builder.code
    }

    /// An item.
    pub fn item(&self, id: ItemId) -> &Item {
        &self.items[id.0 as usize]
    }

    /// A module.
    pub fn module(&self, id: ModuleId) -> &Module {
        &self.modules[id.0 as usize]
    }

    /// The crate of a module.
    pub fn krate(&self, module: ModuleId) -> &Crate {
        &self.crates[self.module(module).krate.0 as usize]
    }

    /// `crate_name::module::Item`.
    pub fn full_name(&self, id: ItemId) -> String {
        let item = self.item(id);
        let module = self.module(item.module);
        let mut parts = vec![self.krate(item.module).name.clone()];
        parts.extend(module.path.iter().cloned());
        parts.push(item.outline.name.clone());
        parts.join("::")
    }

    /// What a call of a `macro_rules!` stands for; the steps of all calls together are bounded.
    pub fn expand(&self, definition: ItemId, input: &str) -> Expansion {
        let item = self.item(definition);
        let krate = self.module(item.module).krate;
        let rules = item.outline.body.and_then(|body| item.source.text.get(body.range())).unwrap_or("");
        let mut known = self.definitions.borrow_mut();
        let read = known.entry(definition).or_insert_with(|| Rc::new(tokens(rules)));
        let read = Rc::clone(read);
        drop(known);
        expand::macro_rules(rules, &read, input, krate, &self.matched.0)
    }

    /// Adds an item that is not in a module's names, such as one declared inside a function.
    pub fn adopt(&mut self, module: ModuleId, source: Arc<Source>, outline: Arc<OutlineItem>) -> ItemId {
        let id = ItemId(u32::try_from(self.items.len()).unwrap_or(u32::MAX));
        self.items.push(Item { module, source, outline, parent: None });
        id
    }
}

struct Builder<'w> {
    world: &'w dyn World,
    memo: &'w Memo<Outline>,
    code: Code,
    pending: Vec<(ModuleId, ItemId, usize)>,
    /// Files being read, to notice a cycle of `#[path]`.
    files: Vec<RelPath>,
    expansions: Steps,
    /// Bytes that macros inside of macros made.
    expanded: Steps,
    items: Steps,
    /// Whether it was said that the items are too many.
    told: bool,
}

/// What a module's items are read with.
struct Reading<'r> {
    source: &'r Arc<Source>,
    /// The folder in which `mod x;` looks.
    folder: RelPath,
    cfg: &'r Cfg,
    depth: usize,
}

impl Builder<'_> {
    fn krate(&mut self, package: usize, name: &str, root: &RelPath, cfg: &Cfg) -> CrateId {
        let id = CrateId(number(self.code.crates.len()));
        let module = self.module(id, None, name, Place::whole(root.clone()));
        self.code.crates.push(Crate {
            package,
            name: name.to_owned(),
            root: module,
            file: root.clone(),
            externs: HashMap::new(),
            cfg: cfg.clone(),
        });
        let whole = Place::whole(root.clone());
        self.file(module, root, &root.parent(), cfg, &whole);
        id
    }

    fn module(&mut self, krate: CrateId, parent: Option<ModuleId>, name: &str, place: Place) -> ModuleId {
        let id = ModuleId(number(self.code.modules.len()));
        let mut path = parent.map(|parent| self.code.module(parent).path.clone()).unwrap_or_default();
        if parent.is_some() {
            path.push(name.to_owned());
        }
        self.code.modules.push(Module {
            krate,
            parent,
            name: name.to_owned(),
            path,
            names: HashMap::new(),
            globs: Vec::new(),
            macros: HashMap::new(),
            block: false,
            place,
        });
        id
    }

    fn problem(&mut self, place: Place, message: impl Into<String>) {
        self.code.problems.push(Unread { place, message: message.into() });
    }

    /// Whether so many more items may be read; where they may not, that is said once.
    fn spend(&mut self, items: u64, place: &Place) -> bool {
        let more = self.items.take(items);
        if !more && !self.told {
            self.told = true;
            let most = self.items.most();
            self.problem(
                place.clone(),
                format!("gave up here: the package has more than {most} items, or modules of the same file"),
            );
        }
        more
    }

    fn file(&mut self, module: ModuleId, file: &RelPath, folder: &RelPath, cfg: &Cfg, place: &Place) {
        if !self.spend(MODULE, place) {
            return;
        }
        if self.files.contains(file) || self.files.len() > 256 {
            self.problem(place.clone(), format!("`{file}` includes itself as a module"));
            return;
        }
        let text = match self.world.text(file) {
            Ok(text) => text,
            Err(error) => {
                self.problem(place.clone(), format!("cannot read `{file}`: {error}"));
                return;
            }
        };
        let outline = self.memo.get_or_make(Fingerprint::of(text.as_bytes()), || outline(&text));
        let source = Arc::new(Source { text: text.into(), file: file.clone(), call: None });
        self.files.push(file.clone());
        let reading = Reading { source: &source, folder: folder.clone(), cfg, depth: 0 };
        let enabled = enabled(&source.text, &outline.attributes, cfg);
        if enabled {
            self.items(module, &outline.items, &reading);
        }
        self.files.pop();
    }

    fn items(&mut self, module: ModuleId, items: &[Arc<OutlineItem>], reading: &Reading<'_>) {
        for item in items {
            if !self.spend(1, &reading.source.place(item.span)) {
                return;
            }
            if enabled(&reading.source.text, &item.attributes, reading.cfg) {
                self.item(module, item, reading);
            }
        }
    }

    fn item(&mut self, module: ModuleId, item: &Arc<OutlineItem>, reading: &Reading<'_>) {
        match item.kind {
            ItemKind::Module => self.child_module(module, item, reading),
            ItemKind::Use => self.imports(module, item, reading.source),
            ItemKind::ExternCrate => {
                let text = reading.source.text.get(item.span.range()).unwrap_or("");
                let name = text.trim_end_matches(';').rsplit(' ').next().unwrap_or("").to_owned();
                let path = vec![String::new(), item.name.clone()];
                self.name(module, &name, Entry::Import { path });
            }
            _ => {
                let id = self.code.adopt(module, Arc::clone(reading.source), Arc::clone(item));
                match item.kind {
                    ItemKind::Impl => {
                        self.methods(id, reading);
                        self.code.impls.push(id);
                    }
                    ItemKind::Trait => {
                        self.name(module, &item.name, Entry::Item(id));
                        self.methods(id, reading);
                    }
                    ItemKind::MacroCall => self.pending.push((module, id, reading.depth)),
                    ItemKind::MacroRules => self.macro_rules(module, id),
                    ItemKind::Function => {
                        self.name(module, &item.name, Entry::Item(id));
                        self.function_body(module, id, reading);
                    }
                    _ => self.name(module, &item.name, Entry::Item(id)),
                }
            }
        }
    }

    fn macro_rules(&mut self, module: ModuleId, id: ItemId) {
        let outline = Arc::clone(&self.code.item(id).outline);
        let (krate, name) = (self.code.module(module).krate, &outline.name);
        self.code.modules[module.0 as usize].macros.insert(name.clone(), id);
        if outline.has_attribute("macro_export") {
            let root = self.code.krate(module).root;
            self.code.modules[root.0 as usize].macros.insert(name.clone(), id);
        }
        self.code.macros.entry((krate, name.clone())).or_default().push(id);
        self.name(module, name, Entry::Item(id));
    }

    /// Methods of an `impl` become items of their own, without a name in the module.
    fn methods(&mut self, parent: ItemId, reading: &Reading<'_>) {
        let item = self.code.item(parent).clone();
        for child in &item.outline.children {
            if enabled(&item.source.text, &child.attributes, reading.cfg) {
                let id = self.code.adopt(item.module, Arc::clone(&item.source), Arc::clone(child));
                self.code.items[id.0 as usize].parent = Some(parent);
                self.function_body(item.module, id, reading);
            }
        }
    }

    /// Items and imports inside a function, where the body has to do with API documents.
    fn function_body(&mut self, module: ModuleId, id: ItemId, reading: &Reading<'_>) {
        let item = self.code.item(id);
        let Some(body) = item.outline.body else { return };
        let text = item.source.text.get(body.range()).unwrap_or("");
        let concerned = ["utoipa", "OpenApi", "ToSchema", "openapi"].iter().any(|word| text.contains(word));
        let declares = ["use ", "struct ", "enum ", "const ", "fn "].iter().any(|word| text.contains(word));
        if !concerned || !declares {
            return;
        }
        if reading.depth > DEEPEST_BODY {
            let place = item.place();
            return self.problem(
                place,
                format!("functions inside of functions deeper than {DEEPEST_BODY} are not read"),
            );
        }
        let found = block_items(&item.source.text, body);
        if found.is_empty() {
            return;
        }
        let krate = self.code.module(module).krate;
        let (name, place) = (item.outline.name.clone(), item.place());
        let block = self.module(krate, Some(module), &name, place);
        self.code.modules[block.0 as usize].block = true;
        self.code.blocks.insert(id, block);
        let items: Vec<Arc<OutlineItem>> = found.into_iter().map(Arc::new).collect();
        let inner = Reading {
            source: reading.source,
            folder: reading.folder.clone(),
            cfg: reading.cfg,
            depth: reading.depth + 1,
        };
        self.items(block, &items, &inner);
    }

    fn name(&mut self, module: ModuleId, name: &str, entry: Entry) {
        self.code.modules[module.0 as usize].names.entry(name.to_owned()).or_default().push(entry);
    }

    fn child_module(&mut self, parent: ModuleId, item: &Arc<OutlineItem>, reading: &Reading<'_>) {
        let krate = self.code.module(parent).krate;
        let place = reading.source.place(item.span);
        let module = self.module(krate, Some(parent), &item.name, place.clone());
        self.name(parent, &item.name, Entry::Module(module));
        let named = path_attribute(&reading.source.text, item, reading.cfg);
        if item.body.is_some() {
            let folder = reading.folder.join(named.as_deref().unwrap_or(&item.name));
            let folder = folder.unwrap_or_else(|_| reading.folder.clone());
            let inner = Reading { source: reading.source, folder, cfg: reading.cfg, depth: reading.depth };
            self.items(module, &item.children, &inner);
            return;
        }
        let found = match named {
            // `#[path]` is relative to the file's own folder.
            Some(path) => reading.source.file.parent().join(&path).ok().map(|file| {
                let folder = file.parent();
                (file, folder)
            }),
            None => module_file(self.world, &reading.folder, &item.name),
        };
        match found {
            Some((file, folder)) if self.world.kind(&file) == Some(PathKind::File) => {
                self.file(module, &file, &folder, reading.cfg, &place);
            }
            _ => self.problem(place, format!("no file for the module `{}`", item.name)),
        }
    }

    fn imports(&mut self, module: ModuleId, item: &OutlineItem, source: &Source) {
        let text = source.text.get(item.span.range()).unwrap_or("");
        for leaf in use_leaves(text) {
            let Leaf { path, name } = leaf;
            match name {
                Some(name) => self.name(module, &name, Entry::Import { path }),
                None => self.code.modules[module.0 as usize].globs.push(path),
            }
        }
    }

    fn externs(&mut self, packages: &Packages, features: &Resolved, libraries: &HashMap<usize, CrateId>) {
        for at in 0..self.code.crates.len() {
            let package = self.code.crates[at].package;
            let mut externs = HashMap::new();
            for dependency in &packages.list[package].dependencies {
                if !features.used.contains(&(package, dependency.key.clone())) {
                    continue;
                }
                let local = dependency.path.as_ref().and_then(|path| packages.at(path));
                let id = local.and_then(|local| libraries.get(&local).copied());
                let name = id.filter(|_| dependency.key == dependency.package).map_or_else(
                    || dependency.extern_name(),
                    |id| self.code.crates[id.0 as usize].name.clone(),
                );
                externs.insert(name, id);
            }
            if let Some(own) = libraries.get(&package).filter(|own| own.0 as usize != at) {
                externs.insert(self.code.crates[own.0 as usize].name.clone(), Some(*own));
            }
            self.code.crates[at].externs = externs;
        }
    }

    /// Expands macro calls, those that expansions bring included, until none is left.
    fn expand_all(&mut self) {
        let mut at = 0;
        let mut told = false;
        while at < self.pending.len() {
            let (module, call, depth) = self.pending[at];
            at += 1;
            let more = self.expansions.take(1);
            let many = self.expansions.taken() > MOST_EXPANSIONS || self.expanded.spent();
            // One macro that runs away does not keep the others from being read.
            if depth > expand::DEEPEST || (many && depth > 4) || !more {
                if !told {
                    let place = self.code.item(call).place();
                    self.problem(place, "gave up here: the macro expands without end, or to too much");
                }
                told = true;
                continue;
            }
            self.expand(module, call, depth);
        }
    }

    fn expand(&mut self, module: ModuleId, call: ItemId, depth: usize) {
        let item = self.code.item(call).clone();
        let cfg = self.code.krate(module).cfg.clone();
        let body = item.outline.body.and_then(|body| item.source.text.get(body.range())).unwrap_or("");
        let name = item.outline.name.rsplit("::").next().unwrap_or("").to_owned();
        let text = match name.as_str() {
            "cfg_if" => Some(expand::cfg_if(body, &cfg)),
            "include" => {
                let path = body.trim().trim_matches(['"', ',']).to_owned();
                let file = item.source.file.parent().join(&path).ok();
                if let Some(file) = file.filter(|file| self.world.kind(file) == Some(PathKind::File)) {
                    let folder = file.parent();
                    self.file(module, &file, &folder, &cfg, &item.place());
                }
                return;
            }
            _ => match self.code.find_macro(module, &item.outline.name) {
                Some(definition) => match self.code.expand(definition, body) {
                    Expansion::Made(text) => Some(text),
                    Expansion::NoRule => None,
                    Expansion::GaveUp => {
                        let message = "gave up here: the macro makes too much, or takes too long to match";
                        return self.problem(item.place(), message);
                    }
                },
                None => None,
            },
        };
        let Some(text) = text else {
            self.code.opaque.push(call);
            return;
        };
        if depth > 4 {
            self.expanded.take(text.len() as u64);
        }
        let made = outline(&text);
        let call = item.source.call.unwrap_or(item.outline.span);
        let source = Arc::new(Source { text: text.into(), file: item.source.file.clone(), call: Some(call) });
        let folder = item.source.file.parent();
        let reading = Reading { source: &source, folder, cfg: &cfg, depth: depth + 1 };
        self.items(module, &made.items, &reading);
    }
}

fn number(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// Whether all `#[cfg(…)]` among attributes hold.
pub(super) fn enabled(text: &str, attributes: &[super::outline::OutlineAttribute], cfg: &Cfg) -> bool {
    attributes.iter().filter(|attribute| attribute.path == "cfg").all(|attribute| {
        let arguments = text.get(attribute.arguments.range()).unwrap_or("");
        let inside = arguments.trim().strip_prefix("cfg").unwrap_or(arguments).trim();
        let inside = inside.strip_prefix('(').and_then(|text| text.strip_suffix(')')).unwrap_or(inside);
        cfg.holds(inside)
    })
}

fn path_attribute(text: &str, item: &OutlineItem, cfg: &Cfg) -> Option<String> {
    item.attributes.iter().find_map(|attribute| {
        let arguments = text.get(attribute.arguments.range())?;
        match attribute.path.as_str() {
            "path" => arguments.split('"').nth(1).map(str::to_owned),
            "cfg_attr" => {
                let (predicate, rest) = arguments.rsplit_once("path")?;
                let predicate = predicate.trim().strip_prefix("cfg_attr").unwrap_or(predicate).trim();
                let predicate = predicate.strip_prefix('(')?.trim_end().strip_suffix(',')?;
                let path = rest.split('"').nth(1)?;
                cfg.holds(predicate).then(|| path.to_owned())
            }
            _ => None,
        }
    })
}

fn module_file(world: &dyn World, folder: &RelPath, name: &str) -> Option<(RelPath, RelPath)> {
    let inner = folder.join(name).ok()?;
    [format!("{name}.rs"), format!("{name}/mod.rs")].iter().find_map(|path| {
        let file = folder.join(path).ok()?;
        (world.kind(&file) == Some(PathKind::File)).then(|| (file, inner.clone()))
    })
}

/// One name that a `use` brings; without a name it is a glob.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaf {
    /// The path; a leading `::` is an empty first part.
    pub path: Vec<String>,
    /// The name it gets here.
    pub name: Option<String>,
}

/// What a `use` item (attributes and visibility included) imports.
pub fn use_leaves(text: &str) -> Vec<Leaf> {
    let tokens = tokens(text);
    let word = |at: usize| tokens.list.get(at).map_or("", |token| &text[token.range()]);
    let mut at = 0;
    while at < tokens.list.len() && word(at) != "use" {
        at += match tokens.list[at].kind {
            TokenKind::Open(_) => (tokens.partner[at] as usize).max(at) - at + 1,
            _ => 1,
        };
    }
    let mut found = Vec::new();
    tree_leaves(text, &tokens, at + 1, tokens.list.len(), &[], &mut found, 0);
    found
}

fn tree_leaves(
    text: &str,
    tokens: &super::token::Tokens,
    mut at: usize,
    end: usize,
    prefix: &[String],
    found: &mut Vec<Leaf>,
    depth: usize,
) {
    let word = |at: usize| tokens.list.get(at).map_or("", |token| &text[token.range()]);
    while at < end && depth < 32 {
        let mut path = prefix.to_vec();
        let mut name = None;
        let mut whole = false;
        while at < end {
            match tokens.list[at].kind {
                TokenKind::Word if word(at) == "as" => {
                    name = Some(plain(word(at + 1)));
                    at += 1;
                }
                TokenKind::Word => path.push(plain(word(at))),
                TokenKind::Mark(b':') if path.is_empty() => path.push(String::new()),
                TokenKind::Mark(b'*') => {
                    found.push(Leaf { path: path.clone(), name: None });
                    whole = true;
                }
                TokenKind::Open(_) => {
                    let close = (tokens.partner[at] as usize).min(end);
                    tree_leaves(text, tokens, at + 1, close, &path, found, depth + 1);
                    at = close;
                    whole = true;
                }
                TokenKind::Mark(b',' | b';') => break,
                _ => {}
            }
            at += 1;
        }
        at += 1;
        if !whole && path.len() > prefix.len() {
            if path.last().is_some_and(|last| last == "self") && path.len() > 1 {
                path.pop();
            }
            let name = name.or_else(|| path.last().cloned());
            if name.as_deref() != Some("_") {
                found.push(Leaf { path, name });
            }
        }
    }
}

fn plain(word: &str) -> String {
    word.strip_prefix("r#").unwrap_or(word).to_owned()
}

/// The names of modules' files and folders that were looked at, for a watcher.
pub fn files(code: &Code) -> BTreeSet<RelPath> {
    code.items.iter().map(|item| item.source.file.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn use_trees_are_taken_apart() {
        let leaves = use_leaves("#[cfg(x)] pub(in a) use ::a::{self, b as c, d::{e, f::*}}, _x as _;");
        let text: Vec<String> = leaves
            .iter()
            .map(|leaf| format!("{}={}", leaf.path.join("::"), leaf.name.as_deref().unwrap_or("*")))
            .collect();
        assert_eq!(text, ["::a=a", "::a::b=c", "::a::d::e=e", "::a::d::f=*"]);
    }
}
