//! The packages of a workspace and what they depend on inside the repository.

use super::lock::Lock;
use super::members::{is_excluded, named};
use super::read::{Declared, Field, For, Manifest, WorkspaceTable};
use crate::base::{RelPath, Span};
use crate::diag::Place;
use crate::rust::cfg::Cfg;
use crate::world::{PathKind, ReadError, World};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// A library or program of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The crate's name in code.
    pub name: String,
    /// Its root file.
    pub root: RelPath,
    /// Whether it is the library.
    pub library: bool,
}

/// One line of `[dependencies]`, after inheritance.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dependency {
    /// The name as the manifest's features write it.
    pub key: String,
    /// The package's name.
    pub package: String,
    /// Where it lies, if it is part of the repository.
    pub path: Option<RelPath>,
    /// The version asked for.
    pub version: String,
    /// Features asked for.
    pub features: Vec<String>,
    /// Whether its default features are wanted.
    pub default_features: bool,
    /// Whether a feature has to turn it on.
    pub optional: bool,
}

impl Dependency {
    /// The crate's name in code.
    pub fn extern_name(&self) -> String {
        self.key.replace('-', "_")
    }
}

/// One `Cargo.toml` with `[package]`, after inheritance from its workspace.
#[derive(Clone, Debug)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Where its manifest says the name.
    pub name_at: Span,
    /// Where it lies.
    pub folder: RelPath,
    /// Whether it is the package at the workspace's root or a member of it.
    pub member: bool,
    /// `version`, `description`, `authors` (joined by `:`), `license` and the other keys that Cargo hands to programs
    /// as `CARGO_PKG_…`, by the part of the name after that; empty where they are not stated.
    pub fields: BTreeMap<&'static str, String>,
    /// The language edition, `2015` where none is given.
    pub edition: String,
    /// Library first.
    pub targets: Vec<Target>,
    /// Normal dependencies of this platform.
    pub dependencies: Vec<Dependency>,
    /// `[features]`.
    pub features: BTreeMap<String, Vec<String>>,
}

/// The packages of a repository that have to do with each other.
#[derive(Clone, Debug, Default)]
pub struct Packages {
    /// All that were read, by folder.
    pub list: Vec<Package>,
    /// `Cargo.lock`, if there is one.
    pub lock: Lock,
    /// Manifests that could not be read.
    pub problems: Vec<Unread>,
}

/// A source or a manifest that cannot be read, or not to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// What is wrong: in the manifest, or in the one that names it.
    pub place: Place,
    /// A sentence that names the file, without a full stop.
    pub message: String,
}

impl Packages {
    /// Reads the manifest of `folder` (or of the nearest folder above that has one), its workspace and everything they
    /// depend on inside the repository.
    pub fn load(world: &dyn World, folder: &RelPath) -> Self {
        let mut loader = Loader { world, problems: Vec::new(), known: BTreeMap::new() };
        let Some(start) = nearest_manifest(world, folder) else { return Self::default() };
        let root = loader.workspace_of(&start);
        let manifest = root.as_ref().and_then(|root| loader.manifest(root));
        let workspace = manifest.and_then(|manifest| manifest.workspace.clone());
        let root = root.unwrap_or_else(|| start.clone());
        let members = match &workspace {
            Some(workspace) => loader.members(&root, workspace),
            None => BTreeSet::from([root.clone()]),
        };
        let workspace = workspace.unwrap_or_default();
        let mut queue: Vec<RelPath> = members.iter().cloned().collect();
        queue.push(start);
        let mut seen = BTreeSet::new();
        let mut list = Vec::new();
        while let Some(next) = queue.pop() {
            if !seen.insert(next.clone()) {
                continue;
            }
            if let Some(mut package) = loader.package(&next, &root, &workspace) {
                package.member = members.contains(&next);
                queue.extend(package.dependencies.iter().filter_map(|one| one.path.clone()));
                list.push(package);
            }
        }
        list.sort_by(|a: &Package, b| a.folder.cmp(&b.folder));
        let lock = root.join("Cargo.lock").ok().and_then(|path| world.text(&path).ok());
        let lock = lock.map(|text| Lock::parse(&text)).unwrap_or_default();
        Self { list, lock, problems: loader.problems }
    }

    /// The dependencies of a package by its index; none of one that is not there.
    pub fn dependencies_of(&self, index: usize) -> &[Dependency] {
        self.list.get(index).map_or(&[], |package| &package.dependencies)
    }

    /// The index of a package by name.
    pub fn named(&self, name: &str) -> Option<usize> {
        self.list.iter().position(|package| package.name == name)
    }

    /// The index of the package that lies in a folder.
    pub fn at(&self, folder: &RelPath) -> Option<usize> {
        self.list.iter().position(|package| package.folder == *folder)
    }
}

/// The nearest folder at or above `folder` with a `Cargo.toml`.
pub fn nearest_manifest(world: &dyn World, folder: &RelPath) -> Option<RelPath> {
    let mut folder = folder.clone();
    loop {
        if has_manifest(world, &folder) {
            return Some(folder);
        }
        if folder.is_root() {
            return None;
        }
        folder = folder.parent();
    }
}

fn has_manifest(world: &dyn World, folder: &RelPath) -> bool {
    folder.join("Cargo.toml").is_ok_and(|manifest| world.kind(&manifest) == Some(PathKind::File))
}

/// Reads the manifest of a folder; none if it has none.
///
/// # Errors
/// It cannot be read.
pub fn manifest(world: &dyn World, folder: &RelPath) -> Result<Option<Manifest>, Unread> {
    let Ok(file) = folder.join("Cargo.toml") else { return Ok(None) };
    let problem = |span: Span, why: String| Unread {
        message: format!("`{file}` cannot be read: {why}"),
        place: Place { file: file.clone(), span },
    };
    match world.text(&file) {
        Ok(text) => Manifest::parse(&text).map(Some).map_err(|broken| problem(broken.span, broken.message)),
        Err(ReadError::Missing) => Ok(None),
        Err(error) => Err(problem(Span::default(), error.to_string())),
    }
}

struct Loader<'w> {
    world: &'w dyn World,
    problems: Vec<Unread>,
    known: BTreeMap<RelPath, Option<Rc<Manifest>>>,
}

impl Loader<'_> {
    /// The manifest of a folder; what is wrong with it is told once.
    fn manifest(&mut self, folder: &RelPath) -> Option<Rc<Manifest>> {
        if let Some(known) = self.known.get(folder) {
            return known.clone();
        }
        let read = manifest(self.world, folder).unwrap_or_else(|problem| {
            self.problems.push(problem);
            None
        });
        let read = read.map(Rc::new);
        self.known.insert(folder.clone(), read.clone());
        read
    }

    /// The folder of the workspace that a package belongs to.
    fn workspace_of(&mut self, package: &RelPath) -> Option<RelPath> {
        let mut folder = package.clone();
        loop {
            if has_manifest(self.world, &folder) {
                let manifest = self.manifest(&folder)?;
                if manifest.workspace.is_some() {
                    return Some(folder);
                }
                let named = manifest.package.as_ref().and_then(|own| own.workspace.as_ref());
                if let (Some(named), true) = (named, folder == *package) {
                    return folder.join(named).ok();
                }
            }
            if folder.is_root() {
                return None;
            }
            folder = folder.parent();
        }
    }

    /// The folders of the members of a workspace: its root, what `members` names, and what these depend on by path
    /// below the root.
    fn members(&mut self, root: &RelPath, workspace: &WorkspaceTable) -> BTreeSet<RelPath> {
        let mut queue = vec![root.clone()];
        for member in &workspace.members {
            for folder in named(self.world, root, member) {
                if !has_manifest(self.world, &folder)
                    && let Ok(file) = root.join("Cargo.toml")
                {
                    let message = format!("the member `{}` of `{file}` has no Cargo.toml", member.text);
                    self.problems.push(Unread { place: Place { file, span: member.span }, message });
                } else if !is_excluded(root, workspace, &folder) {
                    queue.push(folder);
                }
            }
        }
        let mut found = BTreeSet::new();
        while let Some(folder) = queue.pop() {
            if !found.insert(folder.clone()) {
                continue;
            }
            let Some(manifest) = self.manifest(&folder) else { continue };
            let paths = manifest.dependencies.iter().filter_map(|one| path_of(one, &folder, root, workspace));
            let inside = |path: &RelPath| {
                path.below(root).is_some()
                    && !is_excluded(root, workspace, path)
                    && has_manifest(self.world, path)
            };
            queue.extend(paths.filter(inside));
        }
        found
    }

    fn package(&mut self, folder: &RelPath, root: &RelPath, workspace: &WorkspaceTable) -> Option<Package> {
        let manifest = self.manifest(folder)?;
        let own = manifest.package.as_ref()?;
        let text = |key: &str| {
            let field = match own.fields.get(key) {
                Some(Field::Inherited) => workspace.fields.get(key),
                other => other,
            };
            if let Some(Field::Own(text)) = field { text.clone() } else { String::new() }
        };
        let keys = super::read::FIELDS.iter().filter(|key| **key != "edition");
        let mut fields: BTreeMap<&'static str, String> = keys.map(|key| (*key, text(key))).collect();
        if fields.get("version").is_some_and(String::is_empty) {
            fields.insert("version", "0.0.0".to_owned());
        }
        let edition = match text("edition") {
            edition if edition.is_empty() => "2015".to_owned(),
            edition => edition,
        };
        let normal = |one: &&Declared| {
            one.purpose == For::Code && one.platform.as_deref().is_none_or(is_this_platform)
        };
        Some(Package {
            targets: targets(self.world, folder, &manifest, &own.name.text),
            dependencies: manifest
                .dependencies
                .iter()
                .filter(normal)
                .map(|one| dependency(one, folder, root, workspace))
                .collect(),
            features: manifest.features.iter().map(|(key, list)| (key.text.clone(), list.clone())).collect(),
            folder: folder.clone(),
            member: false,
            name: own.name.text.clone(),
            name_at: own.name.span,
            fields,
            edition,
        })
    }
}

/// Where a dependency lies.
fn path_of(one: &Declared, folder: &RelPath, root: &RelPath, workspace: &WorkspaceTable) -> Option<RelPath> {
    if one.inherited {
        let shared = workspace.dependencies.iter().find(|shared| shared.key.text == one.key.text)?;
        return root.join(shared.path.as_ref()?).ok();
    }
    folder.join(one.path.as_ref()?).ok()
}

/// Documents are read for the platform that most services run on.
fn is_this_platform(platform: &str) -> bool {
    let inner = platform.strip_prefix("cfg(").and_then(|text| text.strip_suffix(')'));
    inner.map_or(platform == "x86_64-unknown-linux-gnu", |text| Cfg::default().holds(text))
}

fn dependency(one: &Declared, folder: &RelPath, root: &RelPath, workspace: &WorkspaceTable) -> Dependency {
    let shared =
        workspace.dependencies.iter().find(|shared| one.inherited && shared.key.text == one.key.text);
    let said = shared.unwrap_or(one);
    let mut features = one.features.clone();
    features.extend(shared.into_iter().flat_map(|shared| shared.features.iter().cloned()));
    // The workspace's word counts, but a member may turn the defaults on again.
    let again = shared.is_some() && one.default_features == Some(true);
    Dependency {
        key: one.key.text.clone(),
        package: said.package.clone().unwrap_or_else(|| one.key.text.clone()),
        path: path_of(one, folder, root, workspace),
        version: said.version.clone(),
        features,
        default_features: said.default_features.unwrap_or(true) || again,
        optional: one.optional,
    }
}

fn targets(world: &dyn World, folder: &RelPath, manifest: &Manifest, name: &str) -> Vec<Target> {
    let is_file = |path: &RelPath| world.kind(path) == Some(PathKind::File);
    let mut found: Vec<Target> = Vec::new();
    let lib = manifest.library.as_ref();
    let crate_name = name.replace('-', "_");
    if let Ok(root) = folder.join(lib.and_then(|lib| lib.path.as_deref()).unwrap_or("src/lib.rs"))
        && is_file(&root)
    {
        let name = lib.and_then(|lib| lib.name.as_ref());
        let name = name.map_or_else(|| crate_name.clone(), |(_, name)| name.replace('-', "_"));
        found.push(Target { name, root, library: true });
    }
    let mut add = |name: String, root: Option<RelPath>| {
        if let Some(root) = root.filter(is_file)
            && !found.iter().any(|target| target.root == root)
        {
            found.push(Target { name: name.replace('-', "_"), root, library: false });
        }
    };
    for bin in &manifest.programs {
        let name = bin.name.as_ref().map_or_else(|| crate_name.clone(), |(_, name)| name.clone());
        let at = |path: &str| folder.join(path).ok().filter(is_file);
        let root = match &bin.path {
            Some(path) => at(path),
            None => at(&format!("src/bin/{name}.rs"))
                .or_else(|| at(&format!("src/bin/{name}/main.rs")))
                .or_else(|| at("src/main.rs")),
        };
        add(name, root);
    }
    add(crate_name, folder.join("src/main.rs").ok());
    if let Ok(bins) = folder.join("src/bin") {
        for file in world.files(&bins) {
            let below = file.below(&bins).map_or(0, |path| path.depth());
            if below == 0 && file.extension() == Some("rs") {
                add(file.stem().to_owned(), Some(file.clone()));
            } else if below == 1 && file.file_name() == "main.rs" {
                add(file.parent().file_name().to_owned(), Some(file.clone()));
            }
        }
    }
    found
}
